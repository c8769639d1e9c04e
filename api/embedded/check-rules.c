/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of a cluster's file as statements that find what breaks them. Constant data; the SQL
 * functions run on the thread that has the connection and trust no value.
 */
#include "check-rules.h"
#include "definition-internal.h"
#include "security-descriptor.h"
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

/* The folded names that registry-place.c has for the keys that hold those of objects. */
#define KEYS_OF_KINDS                                                                              \
    "WHEN 1 THEN 'resources' WHEN 2 THEN 'resourcetypes' WHEN 3 THEN 'groups' WHEN 4 THEN 'nodes'" \
    " WHEN 5 THEN 'networks' WHEN 6 THEN 'networkinterfaces'"

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
    VALUES("node", "state BETWEEN 0 AND 3 AND drain_status BETWEEN 0 AND 3 AND"
                   " pause_flags " DWORD_RANGE),
    VALUES("resource_group",
           "persistent_state IN (0, 1) AND type " DWORD_RANGE " AND flags " DWORD_RANGE
           " AND status " DWORD_RANGE " AND move_flags " DWORD_RANGE " AND failovers >= 0"),
    VALUES("resource_type", "class " DWORD_RANGE " AND subclass " DWORD_RANGE
                            " AND characteristics " DWORD_RANGE " AND flags " DWORD_RANGE),
    VALUES("resource", "state IN (1, 2, 3, 4, 129, 130) AND persistent_state IN (0, 1) AND"
                       " separate_monitor IN (0, 1) AND flags " DWORD_RANGE
                       " AND coalesce(wanted, 2) IN (2, 3) AND wanted_flags " DWORD_RANGE
                       " AND restarts >= 0 AND attempts >= 0 AND last_status " DWORD_RANGE),
    VALUES("transition", "outcome IN (0, 1)"),
    VALUES("dependency", "provider <> resource"),
    VALUES("group_dependency", "provider <> dependent"),
    VALUES("network", "role BETWEEN 0 AND 3 AND priority >= 1"),
    VALUES("network_address", "prefix BETWEEN 0 AND 128"),
    VALUES("netinterface", "state BETWEEN 0 AND 3 AND dhcp_enabled IN (0, 1)"),
    VALUES("property", "private IN (0, 1) AND key <> '' AND format BETWEEN 0 AND 65535"),
    VALUES("registry_key", "(key = '') = (number = 1)"),
    VALUES("registry_value", "type IN (0, 1, 2, 3, 4, 5, 7, 11)"),
    /* A flag is one bit, the highest, too. */
    VALUES("event", "sequence > 0 AND object_type " DWORD_RANGE " AND flag <> 0 AND (flag ="
                    " -9223372036854775808 OR flag > 0 AND flag & (flag - 1) = 0)"),
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
    {"SELECT s.name, max(o.number) FROM sqlite_sequence s, object o WHERE s.name = 'object' GROUP "
     "BY"
     " s.name HAVING max(o.number) > s.seq UNION ALL SELECT s.name, max(k.number) FROM"
     " sqlite_sequence s, registry_key k WHERE s.name = 'registry_key' GROUP BY s.name HAVING"
     " max(k.number) > s.seq",
     "in the table %s numbers up to %s could be given again",
     "UPDATE sqlite_sequence SET seq = max(seq, CASE name WHEN 'object' THEN (SELECT max(number)"
     " FROM object) ELSE (SELECT max(number) FROM registry_key) END)"},
    {"SELECT network, quote(address) FROM network_address WHERE NOT cl_address(address) OR"
     " prefix > 32 AND instr(address, ':') = 0",
     "network %s has the impossible address %s", NULL},
    {"SELECT netinterface, quote(address) FROM netinterface_address WHERE NOT cl_address(address)",
     "interface %s has the impossible address %s", NULL},

    /* What goes on. */
    {"SELECT quote(o.name) FROM resource r JOIN object o ON o.number = r.number WHERE r.state IN"
     " (129, 130) AND NOT EXISTS (SELECT 1 FROM transition t WHERE t.resource = r.number AND"
     " t.due IS NOT NULL)",
     "%s is pending, and nothing ends that",
     "INSERT OR REPLACE INTO transition (resource, outcome, begun, due, boot_id) SELECT number,"
     " state = 129, 0, 0, '' FROM resource r WHERE state IN (129, 130) AND NOT EXISTS (SELECT 1 "
     "FROM"
     " transition t WHERE t.resource = r.number AND t.due IS NOT NULL)"},
    {"SELECT resource FROM transition WHERE NOT cl_text(boot_id)",
     "what resource %s waits for has a boot that is not UTF-8", NULL},
    {"SELECT quote(o.name), quote(m.name) FROM resource r JOIN object o ON o.number = r.number JOIN"
     " resource_group g ON g.number = r.group_number JOIN node n ON n.number = g.owner JOIN object "
     "m"
     " ON m.number = n.number WHERE r.state IN (2, 129, 130) AND n.state NOT IN (0, 2)",
     "%s is online or pending on %s, which does not run", NULL},
    {"SELECT quote(o.name), quote(m.name) FROM resource r JOIN object o ON o.number = r.number JOIN"
     " resource_group g ON g.number = r.group_number JOIN object m ON m.number = g.owner WHERE"
     " r.state IN (2, 129, 130) AND NOT EXISTS (SELECT 1 FROM possible_owner p WHERE p.resource ="
     " r.number AND p.node = g.owner)",
     "%s is online or pending on %s, which is none of its possible owners", NULL},
    {"SELECT quote(o.name) FROM resource_group g JOIN object o ON o.number = g.number WHERE"
     " g.status & 4 AND g.move_to IS NULL",
     "the group %s waits to move nowhere",
     "UPDATE resource_group SET status = status & ~4 WHERE status & 4 AND move_to IS NULL"},
    {"SELECT quote(o.name) FROM node n JOIN object o ON o.number = n.number WHERE n.state <> 2 AND"
     " (n.drain_status <> 0 OR n.pause_flags <> 0)",
     "the node %s is not paused and has a drain",
     "UPDATE node SET drain_status = 0, drain_target = NULL, pause_flags = 0 WHERE state <> 2"},
    {"SELECT count(*) FROM event WHERE NOT cl_text(id) OR NOT cl_text(parent_id) OR NOT"
     " cl_text(name) OR NOT cl_text(type) HAVING count(*) > 0",
     "%s events have a text that is not UTF-8", NULL},

    /* Groups of groups. */
    {"SELECT quote(a.name), quote(b.name) FROM group_dependency d JOIN object a ON a.number ="
     " d.dependent JOIN object b ON b.number = d.provider WHERE a.kind NOT IN (3, 8) OR b.kind NOT"
     " IN (3, 8)",
     "%s depends on %s, which only groups and group sets can", NULL},

    /* The cluster database. UNION drops what was seen before, so a circle ends. */
    {"SELECT count(*) FROM registry_key WHERE number = 1 AND parent = 1 HAVING count(*) <> 1",
     "the cluster database has %s roots", NULL},
    {"WITH RECURSIVE reached (number) AS (SELECT 1 UNION SELECT k.number FROM reached r JOIN"
     " registry_key k ON k.parent = r.number) SELECT quote(name), number FROM registry_key WHERE"
     " number NOT IN (SELECT number FROM reached)",
     "the key %s (%s) is not below the root", NULL},
    {"SELECT number FROM registry_key WHERE NOT cl_text(name) OR NOT cl_text(key) UNION ALL SELECT"
     " registry_key FROM registry_value WHERE NOT cl_text(name) OR NOT cl_text(key)",
     "the key %s or a value of it has a name that is not UTF-8", NULL},
    {"SELECT quote(name), number FROM registry_key WHERE number <> 1 AND (name = '' OR object IS"
     " NULL AND (instr(name, '\\') > 0 OR length(name) > 255))",
     "the key %s (%s) has an impossible name", NULL},
    {"SELECT quote(name) FROM registry_key WHERE number <> 1 AND key IS NOT cl_fold(name)",
     "the key %s is not found by its name",
     "UPDATE registry_key SET key = cl_fold(name) WHERE number <> 1 AND key IS NOT cl_fold(name)"},
    {"SELECT quote(k.name), quote(v.name) FROM registry_value v JOIN registry_key k ON k.number ="
     " v.registry_key WHERE v.key IS NOT cl_fold(v.name)",
     "of the key %s the value %s is not found by its name",
     "UPDATE registry_value SET key = cl_fold(name) WHERE key IS NOT cl_fold(name)"},
    {"SELECT quote(name) FROM registry_key WHERE security IS NOT NULL AND NOT "
     "cl_security(security)",
     "the security of the key %s is no security descriptor", NULL},
    {"SELECT quote(k.name), quote(o.name) FROM registry_key k JOIN object o ON o.number = k.object"
     " LEFT JOIN registry_key p ON p.number = k.parent WHERE NOT coalesce(p.parent = 1 AND p.number"
     " <> 1 AND p.key = CASE o.kind " KEYS_OF_KINDS " END AND k.key = cl_fold(CASE o.kind WHEN 2"
     " THEN o.name ELSE o.id END), 0)",
     "the key %s is not where that of %s is", NULL},
    {"SELECT quote(k.name) FROM registry_key p JOIN registry_key k ON k.parent = p.number WHERE"
     " p.parent = 1 AND p.number <> 1 AND k.object IS NULL AND EXISTS (SELECT 1 FROM (SELECT 1 AS"
     " kind UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6) WHERE p.key"
     " = CASE kind " KEYS_OF_KINDS " END)",
     "the key %s is of no object", NULL},
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

static void is_security(sqlite3_context *context, int n, sqlite3_value **values)
{
    const void *data = sqlite3_value_blob(values[0]);
    gsize size = (gsize)sqlite3_value_bytes(values[0]);
    g_autoptr(GBytes) taken = data != NULL ? cl_security_take(data, size) : NULL;

    (void)n;
    sqlite3_result_int(context, taken != NULL);
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
        {"cl_fold", 1, fold},
        {"cl_text", 1, is_text},
        {"cl_texts", 1, is_texts},
        {"cl_guid", 1, is_guid},
        {"cl_address", 1, is_address},
        {"cl_name_fault", 2, name_fault},
        {"cl_security", 1, is_security},
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
