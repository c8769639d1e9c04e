/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of a cluster's file as statements that find what breaks them. Constant data; the SQL
 * functions run on the thread that has the connection and trust no value.
 */
#include "check-rules.h"
#include "definition-internal.h"
#include "sqlite-error.h"
#include "text.h"

#include <string.h>

/* An object of one kind without its row, and a row without its object. */
#define KIND(kind, table)                                                                          \
    {"SELECT quote(name) FROM object WHERE kind = " #kind                                          \
     " AND number NOT IN (SELECT number FROM " table ")",                                          \
     "the object %s is not in the table " table, NULL},                                            \
    {                                                                                              \
        "SELECT number FROM " table                                                                \
        " WHERE number NOT IN (SELECT number FROM object WHERE kind = " #kind ")",                 \
            "number %s of the table " table " is no such object", NULL                             \
    }

/* What the tables' own constraints say; integrity_check knows them only where it may write. */
#define DWORD_RANGE "BETWEEN 0 AND 4294967295"
#define VALUES(table, good)                                                                        \
    {                                                                                              \
        "SELECT count(*) FROM " table " WHERE NOT (" good ") HAVING count(*) > 0",                 \
            "%s rows of the table " table " hold impossible values", NULL                          \
    }

const ClCheckRule cl_check_rules[] = {
    {"PRAGMA integrity_check(100)", "SQLite: %s", "REINDEX"},
    {"SELECT \"table\", rowid, parent FROM pragma_foreign_key_check",
     "a row of %s (%s) refers to something that is not in %s", NULL},
    {"SELECT count(*) FROM cluster HAVING count(*) <> 1", "the table cluster has %s rows", NULL},
    KIND(1, "resource"),
    KIND(2, "resource_type"),
    KIND(3, "resource_group"),
    KIND(4, "node"),
    KIND(5, "network"),
    KIND(6, "netinterface"),
    KIND(7, "cluster"),
    KIND(8, "group_set"),
    VALUES("object", "kind BETWEEN 1 AND 8 AND (kind = 7) = (number = 0) AND id <> ''"),
    VALUES("cluster", "number = 0 AND quorum_max_log_size " DWORD_RANGE),
    VALUES("node", "state BETWEEN 0 AND 3 AND drain_status BETWEEN 0 AND 3"),
    VALUES("resource_group",
           "persistent_state IN (0, 1) AND type " DWORD_RANGE " AND flags " DWORD_RANGE),
    VALUES("resource_type", "class " DWORD_RANGE " AND subclass " DWORD_RANGE
                            " AND characteristics " DWORD_RANGE " AND flags " DWORD_RANGE),
    VALUES("resource", "state IN (1, 2, 3, 4, 129, 130) AND persistent_state IN (0, 1) AND"
                       " separate_monitor IN (0, 1) AND flags " DWORD_RANGE),
    VALUES("dependency", "provider <> resource"),
    VALUES("network", "role BETWEEN 0 AND 3 AND priority >= 1"),
    VALUES("network_address", "prefix BETWEEN 0 AND 128"),
    VALUES("netinterface", "state BETWEEN 0 AND 3 AND dhcp_enabled IN (0, 1)"),
    VALUES("property", "private IN (0, 1) AND key <> '' AND format BETWEEN 0 AND 65535"),
    {"SELECT number FROM object WHERE NOT cl_text(name) OR NOT cl_text(id) OR NOT cl_text(key)",
     "object %s has a name that is not UTF-8", NULL},
    {"SELECT object, quote(CAST(name AS BLOB)) FROM property WHERE NOT cl_text(name) OR NOT"
     " cl_text(key) OR format IN (3, 4) AND NOT cl_text(value)",
     "the property %s of object %s is not UTF-8", NULL},
    {"SELECT quote(name) FROM object WHERE key IS NOT cl_fold(name)", "%s is not found by its name",
     "UPDATE object SET key = cl_fold(name)"
     " WHERE key IS NOT cl_fold(name)"},
    {"SELECT quote(name) FROM object WHERE kind = 2 AND id IS NOT cl_fold(name)",
     "the resource type %s has an id that is not its key",
     "UPDATE object SET id = cl_fold(name) WHERE kind = 2 AND id IS NOT cl_fold(name)"},
    {"SELECT object, quote(name) FROM property WHERE key IS NOT cl_fold(name)",
     "of object %s the property %s is not found by its name",
     "UPDATE property SET key = cl_fold(name) WHERE key IS NOT cl_fold(name)"},
    {"SELECT quote(name), cl_name_fault(kind, name) FROM object"
     " WHERE cl_name_fault(kind, name) IS NOT NULL",
     "%s is no possible name: it %s", NULL},
    {"SELECT quote(name), quote(id) FROM object WHERE kind NOT IN (2, 4) AND NOT cl_guid(id)",
     "%s has the id %s, which is no GUID", NULL},
    {"SELECT quote(name), quote(id) FROM object WHERE kind = 4 AND (id GLOB '*[^0-9]*' OR"
     " id GLOB '0*' OR CAST(id AS INTEGER) NOT BETWEEN 1 AND 4294967295)",
     "the node %s has the id %s, which is no number", NULL},
    {"SELECT quote(a.name), quote(b.name) FROM object a JOIN object b ON a.kind = b.kind"
     " AND a.key = b.id AND a.number <> b.number",
     "the name %s is the id of %s", NULL},
    {"SELECT quote(n.name) FROM object n JOIN object c ON c.kind = 7 AND n.kind = 4"
     " AND n.key = c.key",
     "the node %s has the cluster's name", NULL},
    {"SELECT quote(a.name), quote(b.name) FROM dependency d JOIN resource r ON r.number ="
     " d.resource JOIN resource p ON p.number = d.provider JOIN object a ON a.number = r.number"
     " JOIN object b ON b.number = p.number WHERE r.group_number <> p.group_number",
     "%s depends on %s, which is in another group", NULL},
    {"SELECT quote(o.name) FROM cluster c JOIN object o ON o.number = c.quorum_resource JOIN"
     " resource r ON r.number = c.quorum_resource JOIN resource_type t ON t.number = r.type"
     " WHERE t.characteristics & 1 = 0",
     "%s is of a type that cannot be the quorum", NULL},
    {"SELECT quorum_max_log_size FROM cluster WHERE (quorum_resource IS NULL) <>"
     " (quorum_max_log_size = 0) OR quorum_resource IS NULL AND quorum_device <> ''",
     "the quorum's resource, device and log size (%s) do not fit together", NULL},
    {"SELECT object, quote(name) FROM property WHERE CASE WHEN format IN (2, 6, 7, 10, 11, 12)"
     " THEN typeof(value) <> 'integer' WHEN format IN (3, 4) THEN typeof(value) <> 'text'"
     " ELSE typeof(value) <> 'blob' END",
     "of object %s the property %s has a value of another format", NULL},
    {"SELECT object, quote(name) FROM property WHERE format = 5 AND typeof(value) = 'blob' AND"
     " length(value) > 0 AND (substr(value, -1) <> x'00' OR instr(value, x'0000') > 0 OR"
     " substr(value, 1, 1) = x'00' OR NOT cl_texts(value))",
     "of object %s the property %s is no list of texts", NULL},
    {"SELECT network, quote(address) FROM network_address WHERE NOT cl_address(address) OR"
     " prefix > 32 AND instr(address, ':') = 0",
     "network %s has the impossible address %s", NULL},
    {"SELECT netinterface, quote(address) FROM netinterface_address WHERE NOT cl_address(address)",
     "interface %s has the impossible address %s", NULL},
};
const gsize cl_check_n_rules = G_N_ELEMENTS(cl_check_rules);

/* The text of a value; NULL if it is not text, not UTF-8 or holds a NUL. */
static const char *good_text(sqlite3_value *value)
{
    const char *text;

    if (sqlite3_value_type(value) != SQLITE_TEXT) {
        return NULL;
    }
    text = (const char *)sqlite3_value_text(value);
    return text != NULL && g_utf8_validate(text, sqlite3_value_bytes(value), NULL) ? text : NULL;
}

static void fold(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = good_text(values[0]);

    (void)n;
    if (text != NULL) {
        sqlite3_result_text(context, cl_text_fold(text), -1, g_free);
    }
}

static void is_text(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    sqlite3_result_int(context, good_text(values[0]) != NULL);
}

/* A blob of texts that each end in a NUL. */
static void is_texts(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *at = sqlite3_value_blob(values[0]);
    const char *end = at + sqlite3_value_bytes(values[0]);
    gboolean good = TRUE;

    (void)n;
    while (good && at < end) {
        gsize length = strnlen(at, (gsize)(end - at));

        good = g_utf8_validate(at, (gssize)length, NULL);
        at += length + 1;
    }
    sqlite3_result_int(context, good);
}

static void is_guid(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = good_text(values[0]);
    g_autofree char *lower = text != NULL ? g_ascii_strdown(text, -1) : NULL;

    (void)n;
    sqlite3_result_int(context,
                       text != NULL && g_uuid_string_is_valid(text) && g_str_equal(text, lower));
}

static void is_address(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = good_text(values[0]);
    g_autoptr(GInetAddress) address = text != NULL ? g_inet_address_new_from_string(text) : NULL;

    (void)n;
    sqlite3_result_int(context, address != NULL);
}

static void name_fault(sqlite3_context *context, int n, sqlite3_value **values)
{
    int kind = sqlite3_value_int(values[0]);
    const char *name = good_text(values[1]);
    const char *fault = name != NULL ? cl_definition_name_fault((ClKind)kind, name) : NULL;

    (void)n;
    if (fault != NULL) {
        sqlite3_result_text(context, fault, -1, SQLITE_STATIC);
    }
}

gboolean cl_check_add_functions(sqlite3 *db, GError **error)
{
    static const struct {
        const char *name;
        int parameters;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"cl_fold", 1, fold},    {"cl_text", 1, is_text},       {"cl_texts", 1, is_texts},
        {"cl_guid", 1, is_guid}, {"cl_address", 1, is_address}, {"cl_name_fault", 2, name_fault},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
        int result = sqlite3_create_function(db, functions[i].name, functions[i].parameters,
                                             SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                             NULL, functions[i].function, NULL, NULL);

        if (result != SQLITE_OK) {
            return cl_sqlite_fail(db, result, "prepare the check", error);
        }
    }
    return TRUE;
}
