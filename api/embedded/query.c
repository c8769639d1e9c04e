/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * query(): facts about the cluster or one object. The facts belong to the caller; any thread runs
 * it, with a reader of its own.
 */
#include "embedded.h"
#include "kinds.h"
#include "registry.h"
#include "settle.h"
#include "schema.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the statements CL_SQL_FACTS_OF_... give, as far as the kind has it. */
enum {
    COLUMN_NAME,
    COLUMN_ID,
    COLUMN_FLAGS,
    COLUMN_CHARACTERISTICS,
    COLUMN_CLASS,
    COLUMN_SUBCLASS,
    COLUMN_GROUP_TYPE,
    COLUMN_TYPE,
    COLUMN_STATE_CHANGED,
    COLUMN_NODE,
    COLUMN_NETWORK,
    COLUMN_DOMAIN
};

#define OF_EVERY_OBJECT (CL_FACT_NAME | CL_FACT_ID | CL_FACT_FLAGS | CL_FACT_CHARACTERISTICS)

static const struct {
    ClKind kind;
    ClSql sql;
} kinds[] = {
    {CL_KIND_CLUSTER, CL_SQL_FACTS_OF_CLUSTER},
    {CL_KIND_NODE, CL_SQL_FACTS_OF_NODE},
    {CL_KIND_GROUP, CL_SQL_FACTS_OF_GROUP},
    {CL_KIND_RESOURCE, CL_SQL_FACTS_OF_RESOURCE},
    {CL_KIND_RESOURCE_TYPE, CL_SQL_FACTS_OF_RESOURCE_TYPE},
    {CL_KIND_NETWORK, CL_SQL_FACTS_OF_NETWORK},
    {CL_KIND_NETINTERFACE, CL_SQL_FACTS_OF_NETINTERFACE},
    {CL_KIND_GROUPSET, CL_SQL_FACTS_OF_GROUP_SET},
};

/* Those that read_row() answers, all from one row. */
#define FROM_ROW                                                                                   \
    (OF_EVERY_OBJECT | CL_FACT_TYPE | CL_FACT_CLASS | CL_FACT_PLACE | CL_FACT_STATE_CHANGE_TIME |  \
     CL_FACT_FQDN)

/* --- Facts in the object's row ---------------------------------------------------------------- */

static void read_numbers(ClRows *rows, guint32 wanted, ClFacts *facts)
{
    if (wanted & CL_FACT_FLAGS) {
        facts->flags = (guint32)cl_rows_number(rows, COLUMN_FLAGS, 0, G_MAXUINT32);
    }
    if (wanted & CL_FACT_CHARACTERISTICS) {
        facts->characteristics =
            (guint32)cl_rows_number(rows, COLUMN_CHARACTERISTICS, 0, G_MAXUINT32);
    }
    if (wanted & CL_FACT_CLASS) {
        facts->resource_class = (guint32)cl_rows_number(rows, COLUMN_CLASS, 0, G_MAXUINT32);
        facts->resource_subclass = (guint32)cl_rows_number(rows, COLUMN_SUBCLASS, 0, G_MAXUINT32);
    }
    if (wanted & CL_FACT_STATE_CHANGE_TIME) {
        facts->state_change_time =
            (guint64)cl_rows_number(rows, COLUMN_STATE_CHANGED, 0, G_MAXINT64);
    }
}

static char *fqdn_of(ClRows *rows)
{
    g_autofree char *name = g_strdup(cl_rows_text(rows, COLUMN_NAME));
    const char *domain = cl_rows_text(rows, COLUMN_DOMAIN);
    return domain[0] ? g_strconcat(name, ".", domain, NULL) : g_steal_pointer(&name);
}

static void read_texts(ClRows *rows, ClKind kind, guint32 wanted, ClFacts *facts)
{
    if (wanted & CL_FACT_NAME) {
        facts->name = g_strdup(cl_rows_text(rows, COLUMN_NAME));
    }
    if (wanted & CL_FACT_ID) {
        facts->id = g_strdup(cl_rows_text(rows, COLUMN_ID));
    }
    if (wanted & CL_FACT_TYPE && kind == CL_KIND_GROUP) {
        facts->group_type = (guint32)cl_rows_number(rows, COLUMN_GROUP_TYPE, 0, G_MAXUINT32);
    } else if (wanted & CL_FACT_TYPE) {
        facts->type = g_strdup(cl_rows_text(rows, COLUMN_TYPE));
    }
    if (wanted & CL_FACT_PLACE) {
        facts->node = g_strdup(cl_rows_text(rows, COLUMN_NODE));
        facts->network = g_strdup(cl_rows_text(rows, COLUMN_NETWORK));
    }
    if (wanted & CL_FACT_FQDN) {
        facts->fqdn = fqdn_of(rows);
    }
}

static gboolean read_row(ClReader *reader, gsize index, gint64 number, guint32 wanted,
                         ClFacts *facts, GError **error)
{
    ClRows rows = cl_rows_of(reader, kinds[index].sql, number);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        read_numbers(&rows, wanted, facts);
        read_texts(&rows, kinds[index].kind, wanted, facts);
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    return found || cl_embedded_fail_gone(kinds[index].kind, error);
}

/* --- Dependencies ----------------------------------------------------------------------------- */

/* The alternatives "[a] or [b]" of one clause, in brackets where the grammar wants them. */
static void append_clause(GString *expression, const GString *clause, gboolean alone,
                          gboolean first, gboolean several)
{
    gboolean bracketed = !alone && (first || several);
    g_string_append_printf(expression, "%s%s%s%s", first ? "" : " and ", bracketed ? "(" : "",
                           clause->str, bracketed ? ")" : "");
}

/* Joins @clauses (GString) and tells from the " or " which hold several. */
static char *join_clauses(const GPtrArray *clauses)
{
    GString *expression = g_string_new(NULL);
    for (guint i = 0; i < clauses->len; i++) {
        const GString *clause = g_ptr_array_index(clauses, i);
        append_clause(expression, clause, clauses->len == 1, i == 0,
                      strstr(clause->str, " or ") != NULL);
    }
    return g_string_free(expression, FALSE);
}

static void free_string(gpointer string)
{
    g_string_free(string, TRUE);
}

gboolean cl_dependency_expression(ClReader *reader, gint64 number, ClFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) clauses = g_ptr_array_new_with_free_func(free_string);
    GString *current = NULL;
    gint64 last = 0;
    ClRows rows = cl_rows_of(reader, CL_SQL_DEPENDENCIES, number);
    while (cl_rows_next(&rows)) {
        gint64 clause = cl_rows_number(&rows, 0, G_MININT64, G_MAXINT64);
        if (!current || clause != last) {
            current = g_string_new(NULL);
            g_ptr_array_add(clauses, current);
        } else {
            g_string_append(current, " or ");
        }
        g_string_append_printf(current, "[%s]", cl_rows_text(&rows, 1));
        last = clause;
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    facts->dependency_expression = join_clauses(clauses);
    return TRUE;
}

static gboolean read_network_name(ClReader *reader, gint64 number, ClFacts *facts, GError **error)
{
    ClRows rows = cl_rows_of(reader, CL_SQL_NETWORK_NAME, number);
    g_autofree char *name = cl_rows_next(&rows) ? g_strdup(cl_rows_text(&rows, 0)) : NULL;
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (!name) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND,
                       "the resource depends on no network name");
    }
    facts->network_name = g_steal_pointer(&name);
    return TRUE;
}

static gboolean read_required(ClReader *reader, ClKind kind, gint64 number, ClFacts *facts,
                              GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    ClRows rows = cl_rows_of(
        reader, kind == CL_KIND_RESOURCE ? CL_SQL_REQUIRED_OF_RESOURCE : CL_SQL_REQUIRED_OF_TYPE,
        number);
    while (cl_rows_next(&rows)) {
        g_strv_builder_add(builder, cl_rows_text(&rows, 0));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    facts->required_types = g_strv_builder_end(builder);
    return TRUE;
}

/* --- The cluster ------------------------------------------------------------------------------ */

static void tell_version(ClFacts *facts)
{
    facts->version.major = 10;
    facts->version.minor = 0;
    facts->version.build = CL_SCHEMA_VERSION;
    facts->version.vendor = g_strdup("libclusapi embedded cluster");
    facts->version.csd = g_strdup("");
    facts->version.highest = CLUSTER_MAKE_VERSION(NT12_MAJOR_VERSION, 0);
    facts->version.lowest = CLUSTER_MAKE_VERSION(NT12_MAJOR_VERSION, 0);
    facts->version.flags = 0;
}

static gboolean read_quorum(ClReader *reader, ClFacts *facts, GError **error)
{
    ClRows rows = cl_rows_begin(reader, CL_SQL_QUORUM);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        gboolean none = cl_rows_is_null(&rows, 3);
        facts->quorum.resource = g_strdup(none ? "" : cl_rows_text(&rows, 0));
        facts->quorum.device = g_strdup(cl_rows_text(&rows, 1));
        facts->quorum.max_log_size = (guint32)cl_rows_number(&rows, 2, 0, G_MAXUINT32);
    }
    return cl_rows_end(&rows, error) && (found || cl_embedded_fail_gone(CL_KIND_CLUSTER, error));
}

/* How well a node fits to be the local one. */
typedef enum {
    FIT_NONE,
    FIT_EXISTS,
    FIT_UP,
    FIT_HOST,
    FIT_CONFIGURED
} Fit;

static Fit fit_of(const char *key, gint64 state, const char *configured, const char *host)
{
    gsize label = host ? strcspn(host, ".") : 0;
    if (configured && strcmp(key, configured) == 0) {
        return FIT_CONFIGURED;
    }
    if (host && (strcmp(key, host) == 0 ||
                 (label && strlen(key) == label && strncmp(key, host, label) == 0))) {
        return FIT_HOST;
    }
    return state == ClusterNodeUp ? FIT_UP : FIT_EXISTS;
}

static char *own_host(void)
{
    char host[256] = "";
    if (gethostname(host, sizeof(host) - 1) != 0 || !g_utf8_validate(host, -1, NULL)) {
        return NULL;
    }
    return cl_text_fold(host);
}

static char *configured_node(void)
{
    const char *name = secure_getenv("CLUSAPI_NODE");
    return name && g_utf8_validate(name, -1, NULL) ? cl_text_fold(name) : NULL;
}

static gboolean read_local_node(ClReader *reader, ClFacts *facts, GError **error)
{
    g_autofree char *configured = configured_node();
    g_autofree char *host = own_host();
    g_autofree char *node = NULL;
    Fit best = FIT_NONE;
    ClRows rows = cl_rows_begin(reader, CL_SQL_NODES);
    while (cl_rows_next(&rows)) {
        const char *name = cl_rows_text(&rows, 0);
        gint64 state = cl_rows_number(&rows, 2, 0, ClusterNodeJoining);
        Fit fit = fit_of(cl_rows_text(&rows, 1), state, configured, host);
        if (fit > best) {
            best = fit;
            g_free(node);
            node = g_strdup(name);
        }
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (!node) {
        return cl_fail(error, ERROR_CLUSTER_LOCAL_NODE_NOT_FOUND, "the cluster has no nodes");
    }
    facts->node = g_steal_pointer(&node);
    return TRUE;
}

gboolean cl_embedded_local_node(ClReader *reader, gint64 *ret_number, GError **error)
{
    g_auto(ClFacts) facts = {0};
    return read_local_node(reader, &facts, error) &&
           cl_embedded_find(reader, CL_KIND_NODE, facts.node, ret_number, error);
}

/* --- All -------------------------------------------------------------------------------------- */

static gboolean read_of_resource(ClReader *reader, ClKind kind, gint64 number, guint32 wanted,
                                 ClFacts *facts, GError **error)
{
    return (!(wanted & CL_FACT_DEPENDENCY_EXPRESSION) ||
            cl_dependency_expression(reader, number, facts, error)) &&
           (!(wanted & CL_FACT_NETWORK_NAME) || read_network_name(reader, number, facts, error)) &&
           (!(wanted & CL_FACT_REQUIRED_DEPENDENCIES) ||
            read_required(reader, kind, number, facts, error));
}

static gboolean read_of_cluster(ClReader *reader, guint32 wanted, ClFacts *facts, GError **error)
{
    if (wanted & CL_FACT_VERSION) {
        tell_version(facts);
    }
    return (!(wanted & CL_FACT_QUORUM) || read_quorum(reader, facts, error)) &&
           (!(wanted & CL_FACT_LOCAL_NODE) || read_local_node(reader, facts, error));
}

/* Facts that are lists cannot tell a deleted object from one without, so its row is read too. */
#define LISTS (CL_FACT_DEPENDENCY_EXPRESSION | CL_FACT_NETWORK_NAME | CL_FACT_REQUIRED_DEPENDENCIES)

static gboolean read_facts(ClReader *reader, gsize index, gint64 number, guint32 wanted,
                           ClFacts *facts, GError **error)
{
    gboolean single = (wanted & (wanted - 1)) == 0 && !(wanted & LISTS);
    if (!single && !cl_reader_begin(reader, error)) {
        return FALSE;
    }
    ClKind kind = kinds[index].kind;
    if (wanted & CL_FACT_STATE && !cl_state_read(reader, kind, number, &facts->state,
                                                 &facts->owner_node, &facts->owner_group, error)) {
        return FALSE;
    }
    return (!(wanted & (FROM_ROW | LISTS)) ||
            read_row(reader, index, number, wanted, facts, error)) &&
           read_of_resource(reader, kind, number, wanted, facts, error) &&
           read_of_cluster(reader, wanted, facts, error);
}

gboolean cl_embedded_query(ClConnection *store, const ClObject *object, guint32 facts,
                           const ClCall *call, ClFacts *ret_facts, GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    gsize index = 0;
    while (index < G_N_ELEMENTS(kinds) && kinds[index].kind != kind) {
        index++;
    }
    if (kind == CL_KIND_KEY) {
        g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
        return reader && cl_reader_begin(reader, error) &&
               cl_registry_query(reader, object, facts, ret_facts, error);
    }
    if (!cl_kind_check_facts(kind, facts, error)) {
        return FALSE;
    }
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    if (!reader) {
        return FALSE;
    }
    ClFacts found = {0};
    if (!read_facts(reader, index, cl_embedded_number(object), facts, &found, error)) {
        cl_facts_clear(&found);
        return FALSE;
    }
    *ret_facts = found;
    return TRUE;
}
