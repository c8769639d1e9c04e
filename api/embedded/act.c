/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * act(): finds the verb, and carries it out as one change. Any thread runs it.
 */
#include "act.h"

#include "machine.h"
#include "settle.h"

typedef struct {
    ClVerb verb;
    ClKind kind;
    ClActFunction run;
    ClKind other;   /* the kind of each of the others */
    gsize n_others; /* how many there must be, or with @up_to how many there may be */
    gboolean up_to;
} Verb;

#define ANY_NUMBER G_MAXSIZE

/* Each owner of an act-*.c adds the rows of its verbs. */
static const Verb verbs[] = {
    {CL_ACT_ONLINE, CL_KIND_GROUP, cl_act_online_group, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_OFFLINE, CL_KIND_GROUP, cl_act_offline_group, 0, 0, FALSE},
    {CL_ACT_MOVE, CL_KIND_GROUP, cl_act_move, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_CANCEL, CL_KIND_GROUP, cl_act_cancel, 0, 0, FALSE},
    {CL_ACT_ONLINE, CL_KIND_RESOURCE, cl_act_online_resource, 0, 0, FALSE},
    {CL_ACT_OFFLINE, CL_KIND_RESOURCE, cl_act_offline_resource, 0, 0, FALSE},
    {CL_ACT_FAIL, CL_KIND_RESOURCE, cl_act_fail, 0, 0, FALSE},
    {CL_ACT_RESTART, CL_KIND_RESOURCE, cl_act_restart, 0, 0, FALSE},
    {CL_ACT_CHANGE_GROUP, CL_KIND_RESOURCE, cl_act_change_group, CL_KIND_GROUP, 1, FALSE},
    {CL_ACT_PAUSE, CL_KIND_NODE, cl_act_pause, CL_KIND_NODE, 1, TRUE},
    {CL_ACT_RESUME, CL_KIND_NODE, cl_act_resume, 0, 0, FALSE},
    {CL_ACT_SET_NODE_STATE, CL_KIND_NODE, cl_act_set_node_state, 0, 0, FALSE},
    {CL_ACT_DESTROY, CL_KIND_GROUP, cl_act_destroy_group, 0, 0, FALSE},
    {CL_ACT_EVICT, CL_KIND_NODE, cl_act_evict, 0, 0, FALSE},
    {CL_ACT_SET_PREFERRED_OWNERS, CL_KIND_GROUP, cl_act_set_preferred_owners, CL_KIND_NODE,
     ANY_NUMBER, TRUE},
    {CL_ACT_ADD_POSSIBLE_OWNER, CL_KIND_RESOURCE, cl_act_add_possible_owner, CL_KIND_NODE, 1,
     FALSE},
    {CL_ACT_REMOVE_POSSIBLE_OWNER, CL_KIND_RESOURCE, cl_act_remove_possible_owner, CL_KIND_NODE, 1,
     FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_RESOURCE, cl_act_add_dependency, CL_KIND_RESOURCE, 1, FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_RESOURCE, cl_act_remove_dependency, CL_KIND_RESOURCE, 1,
     FALSE},
    {CL_ACT_TEST_DEPENDENCY, CL_KIND_RESOURCE, cl_act_test_dependency, CL_KIND_RESOURCE, 1, FALSE},
    {CL_ACT_SET_DEPENDENCY_EXPRESSION, CL_KIND_RESOURCE, cl_act_set_dependency_expression, 0, 0,
     FALSE},
    {CL_ACT_SET_QUORUM, CL_KIND_RESOURCE, cl_act_set_quorum, 0, 0, FALSE},
    {CL_ACT_SET_NETWORK_PRIORITY_ORDER, CL_KIND_CLUSTER, cl_act_set_network_priority_order,
     CL_KIND_NETWORK, ANY_NUMBER, TRUE},
    {CL_ACT_UPGRADE, CL_KIND_CLUSTER, cl_act_upgrade, 0, 0, FALSE},
    {CL_ACT_SYNC_DATABASE, CL_KIND_CLUSTER, cl_act_sync_database, 0, 0, FALSE},
    {CL_ACT_ADD_TO_GROUP_SET, CL_KIND_GROUP, cl_act_add_to_group_set, CL_KIND_GROUPSET, 1, FALSE},
    {CL_ACT_REMOVE_FROM_GROUP_SET, CL_KIND_GROUP, cl_act_remove_from_group_set, 0, 0, FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUP, cl_act_add_group_dependency, CL_KIND_GROUP, 1, FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUP, cl_act_add_group_dependency, CL_KIND_GROUPSET, 1, FALSE},
    {CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUPSET, cl_act_add_group_dependency, CL_KIND_GROUPSET, 1,
     FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUP, cl_act_remove_group_dependency, CL_KIND_GROUP, 1,
     FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUP, cl_act_remove_group_dependency, CL_KIND_GROUPSET, 1,
     FALSE},
    {CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUPSET, cl_act_remove_group_dependency, CL_KIND_GROUPSET,
     1, FALSE},
    {CL_ACT_SET_DEPENDENCY_EXPRESSION, CL_KIND_GROUP, cl_act_set_group_dependency_expression, 0, 0,
     FALSE},
    {CL_ACT_SET_DEPENDENCY_EXPRESSION, CL_KIND_GROUPSET, cl_act_set_group_dependency_expression, 0,
     0, FALSE},
};

/* Where a verb has several rows for a kind, the kind of the other object decides. */
static const Verb *find_verb(const ClAction *action, ClKind kind)
{
    const Verb *found = NULL;
    ClKind other = action->n_others > 0 ? cl_embedded_kind(action->others[0]) : 0;
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (verbs[i].verb == action->verb && verbs[i].kind == kind &&
            (found == NULL || verbs[i].other == other)) {
            found = &verbs[i];
        }
    }
    return found;
}

static gboolean take_others(const Verb *verb, const ClAction *action, gint64 *numbers,
                            GError **error)
{
    gboolean fits =
        verb->up_to ? action->n_others <= verb->n_others : action->n_others == verb->n_others;
    if (!fits) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "wrong number of objects");
    }
    for (gsize i = 0; i < action->n_others; i++) {
        if (action->others[i] && cl_embedded_kind(action->others[i]) != verb->other) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "an object of the wrong kind");
        }
        numbers[i] = action->others[i] ? cl_embedded_number(action->others[i]) : 0;
    }
    return TRUE;
}

/* A second object that is gone: of a node, that it is no member any more. */
static gboolean check_other(const ClAct *act, ClKind kind, gint64 number, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (cl_embedded_check_exists(act->reader, kind, number, &failure)) {
        return TRUE;
    }
    if (g_error_matches(failure, CL_ERROR, ERROR_NODE_NOT_AVAILABLE)) {
        return cl_fail(error, ERROR_CLUSTER_NODE_NOT_FOUND, "the node is no member any more");
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean check_objects(const ClAct *act, const Verb *verb, GError **error)
{
    if (act->kind != CL_KIND_CLUSTER &&
        !cl_embedded_check_exists(act->reader, act->kind, act->number, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < act->n_others; i++) {
        if (act->others[i] != 0 && !check_other(act, verb->other, act->others[i], error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* What changes nothing needs no right to. */
static gboolean test(ClConnection *store, const ClObject *object, const Verb *verb,
                     const ClAction *action, const gint64 *others, const ClCall *call,
                     GError **error)
{
    guint32 result = ERROR_SUCCESS;
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    ClAct act = {.reader = reader,
                 .kind = cl_embedded_kind(object),
                 .number = cl_embedded_number(object),
                 .action = action,
                 .others = others,
                 .n_others = action->n_others};
    return reader && cl_reader_begin(reader, error) && check_objects(&act, verb, error) &&
           verb->run(&act, &result, error);
}

gboolean cl_embedded_act(ClConnection *store, const ClObject *object, const ClAction *action,
                         const ClCall *call, guint32 *ret_result, GError **error)
{
    if (cl_embedded_kind(object) == CL_KIND_CLUSTER && action->verb == CL_ACT_BACK_UP) {
        return cl_embedded_back_up(store, action->text, call, error);
    }
    if (cl_embedded_kind(object) == CL_KIND_CLUSTER && action->verb == CL_ACT_DESTROY) {
        return cl_embedded_destroy(store, call, error);
    }
    const Verb *verb = find_verb(action, cl_embedded_kind(object));
    if (verb == NULL || verb->run == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "verb %u has no meaning for this object",
                       action->verb);
    }
    g_autofree gint64 *others = g_new0(gint64, action->n_others);
    if (!take_others(verb, action, others, error)) {
        return FALSE;
    }
    if (action->verb == CL_ACT_TEST_DEPENDENCY || action->verb == CL_ACT_SYNC_DATABASE ||
        action->verb == CL_ACT_UPGRADE) {
        return test(store, object, verb, action, others, call, error);
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (change == NULL) {
        return FALSE;
    }
    guint32 result = ERROR_SUCCESS;
    ClAct act = {.change = change,
                 .reader = cl_change_reader(change),
                 .kind = cl_embedded_kind(object),
                 .number = cl_embedded_number(object),
                 .action = action,
                 .others = others,
                 .n_others = action->n_others};
    if (!check_objects(&act, verb, error) || !verb->run(&act, &result, error) ||
        !cl_machine_advance(change, error) || !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_result = result;
    if (verb->run == cl_act_online_group && action->flags & CLUSAPI_GROUP_ONLINE_SYNCHRONOUS &&
        result == ERROR_IO_PENDING) {
        g_clear_pointer(&change, cl_change_free);
        return cl_act_await_group(store, cl_embedded_number(object), call, ret_result, error);
    }
    return TRUE;
}
