/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of dependencies between resources. Run within a change, on its thread.
 */
#include "act.h"
#include "events.h"
#include "expression.h"
#include "schema.h"

/* How long a chain of dependencies may be. */
#define DEPTH_MAX 100

/* --- What may depend on what ------------------------------------------------------------------ */

typedef struct {
    gint64 group, state;
    gboolean is_quorum;
} Resource;

static gboolean read_resource(ClReader *reader, gint64 number, Resource *resource, GError **error)
{
    ClRows rows = cl_rows_query(reader,
                                "SELECT group_number, state, EXISTS (SELECT 1 FROM cluster"
                                " WHERE quorum_resource = ?1) FROM resource WHERE number = ?1",
                                "i", number);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        resource->group = cl_rows_number(&rows, 0, 1, G_MAXINT64);
        resource->state = cl_rows_number(&rows, 1, 0, G_MAXINT32);
        resource->is_quorum = cl_rows_number(&rows, 2, 0, 1) == 1;
    }
    return cl_rows_end(&rows, error) && (found || cl_embedded_fail_gone(CL_KIND_RESOURCE, error));
}

/* How far the longest chain goes down from @from, and whether it comes by @to. */
static gboolean walk(ClReader *reader, gint64 from, gint64 to, gboolean down, gint64 *ret_depth,
                     gboolean *ret_reaches, GError **error)
{
    static const char downwards[] =
        "WITH RECURSIVE chain (number, depth) AS (SELECT ?1, 0 UNION SELECT d.provider,"
        " c.depth + 1 FROM chain c JOIN dependency d ON d.resource = c.number WHERE c.depth < ?3)"
        " SELECT max(depth), max(number = ?2) FROM chain";
    static const char upwards[] =
        "WITH RECURSIVE chain (number, depth) AS (SELECT ?1, 0 UNION SELECT d.resource,"
        " c.depth + 1 FROM chain c JOIN dependency d ON d.provider = c.number WHERE c.depth < ?3)"
        " SELECT max(depth), max(number = ?2) FROM chain";
    ClRows rows =
        cl_rows_query(reader, down ? downwards : upwards, "iii", from, to, (gint64)DEPTH_MAX + 1);
    if (cl_rows_next(&rows)) {
        *ret_depth = cl_rows_number(&rows, 0, 0, G_MAXINT64);
        *ret_reaches = cl_rows_number(&rows, 1, 0, 1) == 1;
    }
    return cl_rows_end(&rows, error);
}

static gboolean check_shape(ClReader *reader, gint64 dependent, gint64 provider, GError **error)
{
    gint64 below = 0, above = 0;
    gboolean circle = FALSE, unused = FALSE;
    if (!walk(reader, provider, dependent, TRUE, &below, &circle, error) ||
        !walk(reader, dependent, 0, FALSE, &above, &unused, error)) {
        return FALSE;
    }
    if (circle) {
        return cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "the provider depends on it");
    }
    return below + above + 1 <= DEPTH_MAX ||
           cl_fail(error, ERROR_DEPENDENCY_TREE_TOO_COMPLEX, "the chain is too long");
}

static gboolean check_addition(ClReader *reader, gint64 dependent, gint64 provider, GError **error)
{
    Resource a = {0}, b = {0};
    gint64 exists;
    if (dependent == provider) {
        return cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "a resource cannot depend on itself");
    }
    if (!read_resource(reader, dependent, &a, error) ||
        !read_resource(reader, provider, &b, error) ||
        !cl_rows_one(reader, error, &exists, 0,
                     "SELECT 1 FROM dependency WHERE resource = ? AND provider = ?", "ii",
                     dependent, provider)) {
        return FALSE;
    }
    if (a.group != b.group) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the provider is in another group");
    }
    if (a.is_quorum) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_ALLOWED, "the quorum resource cannot depend");
    }
    if (exists) {
        return cl_fail(error, ERROR_DEPENDENCY_ALREADY_EXISTS, "it depends on it already");
    }
    if (a.state == ClusterResourceOnlinePending ||
        (a.state == ClusterResourceOnline && b.state != ClusterResourceOnline)) {
        return cl_fail(error, ERROR_RESOURCE_ONLINE, "the dependent is online");
    }
    return check_shape(reader, dependent, provider, error);
}

/* --- Telling ---------------------------------------------------------------------------------- */

static gboolean emit_expression(const ClAct *act, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (!cl_dependency_expression(act->reader, act->number, &facts, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) text = cl_event_text(facts.dependency_expression);
    return cl_event_of(act->change, CL_KIND_RESOURCE, act->number,
                       CLUSTER_CHANGE_RESOURCE_DEPENDENCIES_V2, text, error);
}

gboolean cl_dependents_emit(ClChange *change, gint64 provider, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT o.id FROM dependency d JOIN object o ON o.number ="
                                " d.resource WHERE d.provider = ? ORDER BY d.resource",
                                "i", provider);
    while (cl_rows_next(&rows)) {
        g_strv_builder_add(builder, cl_rows_text(&rows, 0));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    g_auto(GStrv) ids = g_strv_builder_end(builder);
    g_autoptr(GBytes) data = cl_event_texts((const char *const *)ids);
    return cl_event_of(change, CL_KIND_RESOURCE, provider, CLUSTER_CHANGE_RESOURCE_DEPENDENTS_V2,
                       data, error);
}

/* --- The verbs -------------------------------------------------------------------------------- */

gboolean cl_act_test_dependency(const ClAct *act, guint32 *ret_result, GError **error)
{
    (void)ret_result;
    return check_addition(act->reader, act->number, act->others[0], error);
}

gboolean cl_act_add_dependency(const ClAct *act, guint32 *ret_result, GError **error)
{
    (void)ret_result;
    return check_addition(act->reader, act->number, act->others[0], error) &&
           cl_change_touch_group_of(act->change, act->number, error) &&
           cl_rows_run(act->reader, error,
                       "INSERT INTO dependency (resource, provider, clause) SELECT ?1, ?2,"
                       " coalesce((SELECT max(clause) FROM dependency WHERE resource = ?1), 0) + 1",
                       "ii", act->number, act->others[0]) &&
           emit_expression(act, error) && cl_dependents_emit(act->change, act->others[0], error);
}

gboolean cl_act_remove_dependency(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 members, online;
    (void)ret_result;
    if (!cl_rows_one(act->reader, error, &members, 0,
                     "SELECT count(*) FROM dependency WHERE resource = ?1 AND clause ="
                     " (SELECT clause FROM dependency WHERE resource = ?1 AND provider = ?2)",
                     "ii", act->number, act->others[0]) ||
        !cl_rows_one(act->reader, error, &online, 0,
                     "SELECT r.state IN (2, 129, 130) AND p.state = 2 FROM resource r"
                     " JOIN resource p ON p.number = ?2 WHERE r.number = ?1",
                     "ii", act->number, act->others[0])) {
        return FALSE;
    }
    if (members == 0) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND, "it does not depend on it");
    }
    if (members > 1 && online) {
        return cl_fail(error, ERROR_RESOURCE_ONLINE, "both are online");
    }
    return cl_change_touch_group_of(act->change, act->number, error) &&
           cl_rows_run(act->reader, error,
                       "DELETE FROM dependency WHERE resource = ? AND provider = ?", "ii",
                       act->number, act->others[0]) &&
           emit_expression(act, error) && cl_dependents_emit(act->change, act->others[0], error);
}

/* --- Expressions ------------------------------------------------------------------------------ */

/* Adds one member of a clause; those of all clauses so far are in @seen. */
static gboolean add_member(const ClAct *act, const Resource *dependent, const char *name,
                           gint64 clause, GArray *seen, gboolean *any_online, GError **error)
{
    Resource provider = {0};
    gint64 number;
    g_autoptr(GError) missing = NULL;
    if (!cl_embedded_find(act->reader, CL_KIND_RESOURCE, name, &number, &missing)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s", missing->message);
    }
    if (number == act->number) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "it names the resource itself");
    }
    for (guint i = 0; i < seen->len; i++) {
        if (g_array_index(seen, gint64, i) == number) {
            return cl_fail(error, ERROR_DEPENDENCY_ALREADY_EXISTS, "it names \"%s\" twice", name);
        }
    }
    g_array_append_val(seen, number);
    if (!read_resource(act->reader, number, &provider, error)) {
        return FALSE;
    }
    if (provider.group != dependent->group) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is in another group", name);
    }
    if (provider.is_quorum) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_ALLOWED, "\"%s\" is the quorum resource", name);
    }
    *any_online = *any_online || provider.state == ClusterResourceOnline;
    return check_shape(act->reader, act->number, number, error) &&
           cl_rows_run(act->reader, error,
                       "INSERT INTO dependency (resource, provider, clause) VALUES (?, ?, ?)",
                       "iii", act->number, number, clause);
}

static gboolean add_clauses(const ClAct *act, const Resource *dependent, const GPtrArray *clauses,
                            GArray *seen, GError **error)
{
    for (guint i = 0; i < clauses->len; i++) {
        const GPtrArray *names = clauses->pdata[i];
        gboolean any_online = FALSE;
        for (guint k = 0; k < names->len; k++) {
            if (!add_member(act, dependent, names->pdata[k], (gint64)i + 1, seen, &any_online,
                            error)) {
                return FALSE;
            }
        }
        if (dependent->state == ClusterResourceOnline && !any_online) {
            return cl_fail(error, ERROR_RESOURCE_ONLINE,
                           "the dependent is online, and what it should depend on is not");
        }
    }
    return TRUE;
}

static gboolean has(const GArray *numbers, gint64 number)
{
    for (guint i = 0; i < numbers->len; i++) {
        if (g_array_index(numbers, gint64, i) == number) {
            return TRUE;
        }
    }
    return FALSE;
}

/* To those that are in one of the lists alone. */
static gboolean emit_all_but(const ClAct *act, const GArray *providers, const GArray *but,
                             GError **error)
{
    for (guint i = 0; i < providers->len; i++) {
        gint64 provider = g_array_index(providers, gint64, i);
        if (!has(but, provider) && !cl_dependents_emit(act->change, provider, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_act_set_dependency_expression(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) clauses =
        cl_expression_parse(act->action->text ? act->action->text : "", &why);
    g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(gint64));
    Resource dependent = {0};
    (void)ret_result;
    if (!clauses) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s", why);
    }
    if (!read_resource(act->reader, act->number, &dependent, error)) {
        return FALSE;
    }
    if (dependent.is_quorum && clauses->len > 0) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_ALLOWED, "the quorum resource cannot depend");
    }
    if (dependent.state == ClusterResourceOnlinePending) {
        return cl_fail(error, ERROR_RESOURCE_ONLINE, "the dependent is on its way online");
    }
    g_autoptr(GArray) before = cl_rows_all(
        act->reader, error, "SELECT provider FROM dependency WHERE resource = ?", "i", act->number);
    return before && cl_change_touch_group_of(act->change, act->number, error) &&
           cl_rows_run(act->reader, error, "DELETE FROM dependency WHERE resource = ?", "i",
                       act->number) &&
           add_clauses(act, &dependent, clauses, seen, error) && emit_expression(act, error) &&
           emit_all_but(act, before, seen, error) && emit_all_but(act, seen, before, error);
}
