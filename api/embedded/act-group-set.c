/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of group sets: their members, and what groups and sets depend on. machine-place.c obeys
 * them. Run within a change, on its thread.
 */
#include "act.h"
#include "events.h"
#include "expression.h"

/* Who leads to whom. A set leads to its members, since they are what others wait for; and a member
 * to what its set depends on. */
#define EDGES                                                                                      \
    "WITH RECURSIVE edge (a, b) AS (SELECT dependent, provider FROM group_dependency UNION ALL"    \
    " SELECT group_set, group_number FROM group_set_member UNION ALL"                              \
    " SELECT m.group_number, d.provider FROM group_set_member m JOIN group_dependency d"           \
    " ON d.dependent = m.group_set), reach (n) AS (SELECT b FROM edge WHERE a = ?1 UNION"          \
    " SELECT e.b FROM reach r JOIN edge e ON e.a = r.n) "

/* --- Telling ---------------------------------------------------------------------------------- */

/* There is an event for what a set depends on; of a group, that its properties are others. */
static gboolean emit_dependencies(const ClAct *act, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (act->kind == CL_KIND_GROUP) {
        g_autoptr(GBytes) data = cl_event_no_properties();
        return cl_event_of(act->change, CL_KIND_GROUP, act->number,
                           CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2, data, error);
    }
    if (!cl_dependency_expression(act->reader, act->number, &facts, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) text = cl_event_text(facts.dependency_expression);
    return cl_event_of(act->change, CL_KIND_GROUPSET, act->number,
                       CLUSTER_CHANGE_GROUPSET_DEPENDENCIES_V2, text, error);
}

static gboolean kind_of(ClReader *reader, gint64 number, ClKind *ret_kind, GError **error)
{
    gint64 kind;
    if (!cl_rows_one(reader, error, &kind, 0, "SELECT kind FROM object WHERE number = ?", "i",
                     number)) {
        return FALSE;
    }
    *ret_kind = (ClKind)kind;
    return TRUE;
}

/* The ids of what depends on a set, to those who watch it. */
static gboolean emit_dependents(const ClAct *act, gint64 provider, GError **error)
{
    ClKind kind;
    if (!kind_of(act->reader, provider, &kind, error)) {
        return FALSE;
    }
    if (kind != CL_KIND_GROUPSET) {
        return TRUE;
    }
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    ClRows rows = cl_rows_query(act->reader,
                                "SELECT o.id FROM group_dependency d JOIN object o ON o.number ="
                                " d.dependent WHERE d.provider = ? ORDER BY d.dependent",
                                "i", provider);
    while (cl_rows_next(&rows)) {
        g_strv_builder_add(builder, cl_rows_text(&rows, 0));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    g_auto(GStrv) ids = g_strv_builder_end(builder);
    g_autoptr(GBytes) data = cl_event_texts((const char *const *)ids);
    return cl_event_of(act->change, CL_KIND_GROUPSET, provider,
                       CLUSTER_CHANGE_GROUPSET_DEPENDENTS_V2, data, error);
}

static gboolean has(const GArray *numbers, gint64 number)
{
    for (guint i = 0; numbers && i < numbers->len; i++) {
        if (g_array_index(numbers, gint64, i) == number) {
            return TRUE;
        }
    }
    return FALSE;
}

/* @but: those that are told nothing, since nothing has changed for them; or NULL. */
static gboolean emit_all_dependents(const ClAct *act, const GArray *providers, const GArray *but,
                                    GError **error)
{
    for (guint i = 0; i < providers->len; i++) {
        gint64 provider = g_array_index(providers, gint64, i);
        if (!has(but, provider) && !emit_dependents(act, provider, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Circles ---------------------------------------------------------------------------------- */

/* Whether @number, as things stand in this change, would wait for itself. */
static gboolean check_no_circle(const ClAct *act, gint64 number, GError **error)
{
    gint64 found;
    if (!cl_rows_one(act->reader, error, &found, 0,
                     EDGES "SELECT 1 FROM reach WHERE n = ?1 LIMIT 1", "i", number)) {
        return FALSE;
    }
    return !found || cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "it would depend on itself");
}

/* The same of a set and of each of its members. */
static gboolean check_no_circles(const ClAct *act, GError **error)
{
    g_autoptr(GArray) members = cl_rows_all(
        act->reader, error, "SELECT group_number FROM group_set_member WHERE group_set = ?", "i",
        act->number);
    if (!members || !check_no_circle(act, act->number, error)) {
        return FALSE;
    }
    for (guint i = 0; i < members->len; i++) {
        if (!check_no_circle(act, g_array_index(members, gint64, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Members ---------------------------------------------------------------------------------- */

static gboolean set_of(const ClAct *act, gint64 *ret_set, GError **error)
{
    return cl_rows_one(act->reader, error, ret_set, 0,
                       "SELECT group_set FROM group_set_member WHERE group_number = ?", "i",
                       act->number);
}

static gboolean emit_member(const ClAct *act, gint64 set, guint64 flag, GError **error)
{
    g_autofree char *id = cl_event_id_of(act->change, act->number, error);
    g_autoptr(GBytes) data = id ? cl_event_text(id) : NULL;
    return id && cl_event_of(act->change, CL_KIND_GROUPSET, set, flag, data, error);
}

gboolean cl_act_add_to_group_set(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 set;
    (void)ret_result;
    if (!set_of(act, &set, error)) {
        return FALSE;
    }
    if (set != 0) {
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "the group is in a set already");
    }
    return cl_rows_run(act->reader, error,
                       "INSERT INTO group_set_member (group_number, group_set) VALUES (?, ?)", "ii",
                       act->number, act->others[0]) &&
           check_no_circle(act, act->number, error) &&
           emit_member(act, act->others[0], CLUSTER_CHANGE_GROUPSET_GROUP_ADDED, error);
}

gboolean cl_act_remove_from_group_set(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 set;
    (void)ret_result;
    if (!set_of(act, &set, error)) {
        return FALSE;
    }
    if (set == 0) {
        return cl_fail(error, ERROR_GROUPSET_NOT_FOUND, "the group is in no set");
    }
    return cl_rows_run(act->reader, error, "DELETE FROM group_set_member WHERE group_number = ?",
                       "i", act->number) &&
           emit_member(act, set, CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED, error);
}

/* --- Dependencies ----------------------------------------------------------------------------- */

static gboolean depends(const ClAct *act, gint64 provider, gboolean *ret_depends, GError **error)
{
    gint64 found;
    if (!cl_rows_one(act->reader, error, &found, 0,
                     "SELECT 1 FROM group_dependency WHERE dependent = ? AND provider = ?", "ii",
                     act->number, provider)) {
        return FALSE;
    }
    *ret_depends = found == 1;
    return TRUE;
}

static gboolean insert(const ClAct *act, gint64 provider, gint64 clause, GError **error)
{
    gboolean exists;
    if (provider == act->number) {
        return cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "it cannot depend on itself");
    }
    if (!depends(act, provider, &exists, error)) {
        return FALSE;
    }
    if (exists) {
        return cl_fail(error, ERROR_DEPENDENCY_ALREADY_EXISTS, "it depends on it already");
    }
    return cl_rows_run(act->reader, error,
                       "INSERT INTO group_dependency (dependent, provider, clause)"
                       " VALUES (?, ?, ?)",
                       "iii", act->number, provider, clause);
}

gboolean cl_act_add_group_dependency(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 last;
    (void)ret_result;
    return cl_rows_one(act->reader, error, &last, 0,
                       "SELECT max(clause) FROM group_dependency WHERE dependent = ?", "i",
                       act->number) &&
           insert(act, act->others[0], last + 1, error) && check_no_circles(act, error) &&
           emit_dependencies(act, error) && emit_dependents(act, act->others[0], error);
}

gboolean cl_act_remove_group_dependency(const ClAct *act, guint32 *ret_result, GError **error)
{
    gboolean exists;
    (void)ret_result;
    if (!depends(act, act->others[0], &exists, error)) {
        return FALSE;
    }
    if (!exists) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND, "it does not depend on it");
    }
    return cl_rows_run(act->reader, error,
                       "DELETE FROM group_dependency WHERE dependent = ? AND provider = ?", "ii",
                       act->number, act->others[0]) &&
           emit_dependencies(act, error) && emit_dependents(act, act->others[0], error);
}

/* In an expression of a group a name is a group's, or else a set's; in one of a set the other way
 * round. */
static gboolean find_provider(const ClAct *act, const char *name, gint64 *ret_number,
                              GError **error)
{
    ClKind second = act->kind == CL_KIND_GROUP ? CL_KIND_GROUPSET : CL_KIND_GROUP;
    return cl_embedded_find(act->reader, act->kind, name, ret_number, NULL) ||
           cl_embedded_find(act->reader, second, name, ret_number, NULL) ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "there is no \"%s\"", name);
}

static gboolean insert_clauses(const ClAct *act, const GPtrArray *clauses, GArray *providers,
                               GError **error)
{
    for (guint i = 0; i < clauses->len; i++) {
        const GPtrArray *names = clauses->pdata[i];
        for (guint k = 0; k < names->len; k++) {
            gint64 provider;
            if (!find_provider(act, names->pdata[k], &provider, error) ||
                !insert(act, provider, (gint64)i + 1, error)) {
                return FALSE;
            }
            g_array_append_val(providers, provider);
        }
    }
    return TRUE;
}

gboolean cl_act_set_group_dependency_expression(const ClAct *act, guint32 *ret_result,
                                                GError **error)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) clauses =
        cl_expression_parse(act->action->text ? act->action->text : "", &why);
    g_autoptr(GArray) after = g_array_new(FALSE, FALSE, sizeof(gint64));
    (void)ret_result;
    if (!clauses) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s", why);
    }
    g_autoptr(GArray) before =
        cl_rows_all(act->reader, error, "SELECT provider FROM group_dependency WHERE dependent = ?",
                    "i", act->number);
    return before &&
           cl_rows_run(act->reader, error, "DELETE FROM group_dependency WHERE dependent = ?", "i",
                       act->number) &&
           insert_clauses(act, clauses, after, error) && check_no_circles(act, error) &&
           emit_dependencies(act, error) && emit_all_dependents(act, before, after, error) &&
           emit_all_dependents(act, after, before, error);
}

/* --- Deleting ----------------------------------------------------------------------------------- */

static gboolean leave_set(const ClAct *act, GError **error)
{
    gint64 set;
    guint32 unused;
    return set_of(act, &set, error) &&
           (set == 0 || cl_act_remove_from_group_set(act, &unused, error));
}

static gboolean emit_all_dependencies(const ClAct *act, const GArray *dependents, GError **error)
{
    for (guint i = 0; i < dependents->len; i++) {
        ClAct one = {.change = act->change, .reader = act->reader};
        one.number = g_array_index(dependents, gint64, i);
        if (!kind_of(act->reader, one.number, &one.kind, error) ||
            !emit_dependencies(&one, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_group_relations_end(ClChange *change, ClKind kind, gint64 number, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    ClAct act = {.change = change, .reader = reader, .kind = kind, .number = number};
    g_autoptr(GArray) providers = cl_rows_all(
        reader, error, "SELECT provider FROM group_dependency WHERE dependent = ?", "i", number);
    g_autoptr(GArray) dependents =
        providers
            ? cl_rows_all(reader, error,
                          "SELECT dependent FROM group_dependency WHERE provider = ?", "i", number)
            : NULL;
    return dependents && (kind != CL_KIND_GROUP || leave_set(&act, error)) &&
           cl_rows_run(reader, error,
                       "DELETE FROM group_dependency WHERE dependent = ?1 OR provider = ?1", "i",
                       number) &&
           emit_all_dependents(&act, providers, NULL, error) &&
           emit_all_dependencies(&act, dependents, error);
}
