/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of groups: online, offline, move, cancel. Each says what is wanted, lets the state
 * machine go on, and tells whether that was all (0) or work goes on (ERROR_IO_PENDING). Runs within
 * a change, on its thread.
 */
#include "act-machine.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_ONLINE_SYNCHRONOUS |              \
     CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE | CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE)
#define MOVE_FLAGS                                                                                 \
    (CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS |                                                   \
     CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED |        \
     CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START | CLUSAPI_GROUP_MOVE_FAILBACK |                        \
     CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE)

static gint64 destination_of(const ClAct *act)
{
    return act->n_others > 0 ? act->others[0] : 0;
}

/* Of the groups that every cluster has only the one with its name and address goes online and
 * offline as a group. */
static gboolean check_ordinary(const ClMachineGroup *group, GError **error)
{
    gint64 type;
    if (!(group->flags & CLUS_FLAG_CORE)) {
        return TRUE;
    }
    return cl_rows_one(cl_change_reader(group->change), error, &type, ClusGroupTypeUnknown,
                       "SELECT type FROM resource_group WHERE number = ?", "i", group->number) &&
           (type == ClusGroupTypeCoreCluster ||
            cl_fail(error, ERROR_SPECIAL_GROUP, "the group is one that every cluster has"));
}

/* --- Online ----------------------------------------------------------------------------------- */

static gboolean is_good_place(ClMachineGroup *group, gboolean *ret_good, GError **error)
{
    gboolean can, conflict;
    if (!cl_machine_can_host(group->change, group->number, group->owner, &can, error) ||
        !cl_machine_has_conflict(group->change, group->number, group->owner, &conflict, error)) {
        return FALSE;
    }
    *ret_good = can && !conflict && group->owner_state == ClusterNodeUp;
    return TRUE;
}

/* Where the group is to be online: @node, where it is, or with the flag where it is best off. */
static gboolean choose_place(const ClAct *act, ClMachineGroup *group, gint64 *node, GError **error)
{
    gboolean ignores = act->action->flags & CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE;
    ClMachinePlace place = ignores ? CL_PLACE_BEST_BESIDE_ANY : CL_PLACE_BEST;
    gboolean good = TRUE;
    gint64 best = 0;
    if (*node != 0) {
        return TRUE;
    }
    if (act->action->flags & CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE &&
        !is_good_place(group, &good, error)) {
        return FALSE;
    }
    if (!good &&
        !cl_machine_find_node(act->change, group->number, group->owner, place, &best, error)) {
        return FALSE;
    }
    *node = best != 0 ? best : group->owner;
    return TRUE;
}

static gboolean check_place(const ClAct *act, gint64 node, gboolean ignores, GError **error)
{
    gboolean can;
    if (!cl_act_check_node(act, node, error) ||
        !cl_machine_can_host(act->change, act->number, node, &can, error)) {
        return FALSE;
    }
    if (!can) {
        return cl_fail(error, ERROR_NODE_CANT_HOST_RESOURCE,
                       "the node is no possible owner of all resources");
    }
    return ignores || cl_act_check_conflict(act, act->number, node, error);
}

static gboolean bring_online(ClMachineGroup *group, gint64 node, gboolean ignores, GError **error)
{
    if (node != group->owner) {
        guint32 flags = ignores ? CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE : 0;
        return cl_machine_begin_move(group, node, flags, FALSE, error);
    }
    return cl_machine_restore(group, ignores ? CL_WANT_ANYWHERE : 0, error);
}

gboolean cl_act_online_group(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint32 flags = act->action->flags;
    gint64 node = destination_of(act);
    if (!cl_act_check_flags(act, ONLINE_FLAGS, error) ||
        !cl_machine_group_load(act->change, act->number, &group, error) ||
        !check_ordinary(&group, error) || !cl_act_check_idle(&group, error) ||
        (!(flags & CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS) &&
         !cl_act_check_unlocked(&group, FALSE, error)) ||
        !choose_place(act, &group, &node, error)) {
        return FALSE;
    }
    gboolean there = node == group.owner && cl_act_all_have(&group, ClusterResourceOnline);
    gboolean ignores = flags & CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE;
    if ((!there && !check_place(act, node, ignores, error)) ||
        !cl_act_put_group_persistent(&group, TRUE, error) ||
        !bring_online(&group, node, ignores, error) || !cl_act_advance(&group, error)) {
        return FALSE;
    }
    gboolean done = group.owner == node && cl_act_all_have(&group, ClusterResourceOnline);
    *ret_result = done ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

/* How often somebody who waits looks. */
#define LOOK_US 20000

static gboolean look(ClConnection *store, gint64 number, const ClCall *call, gboolean *ret_busy,
                     guint32 *ret_result, GError **error)
{
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    g_auto(ClMachineGroup) group = {0};
    if (!change || !cl_machine_group_load(change, number, &group, error) ||
        !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_busy = cl_machine_is_busy(&group);
    *ret_result =
        cl_act_all_have(&group, ClusterResourceOnline) ? ERROR_SUCCESS : ERROR_RESOURCE_FAILED;
    return TRUE;
}

/* What was accepted stays so when the caller's time is over. */
gboolean cl_act_await_group(ClConnection *store, gint64 group, const ClCall *call,
                            guint32 *ret_result, GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean busy = TRUE;
    guint32 result = ERROR_IO_PENDING;
    while (busy && cl_call_may_wait(call, NULL)) {
        if (!look(store, group, call, &busy, &result, &failure)) {
            break;
        }
        if (busy) {
            g_usleep(LOOK_US);
        }
    }
    if (failure && !g_error_matches(failure, CL_ERROR, ERROR_TIMEOUT) &&
        !g_error_matches(failure, CL_ERROR, ERROR_OPERATION_ABORTED)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *ret_result = busy ? ERROR_IO_PENDING : result;
    return TRUE;
}

/* --- Offline ---------------------------------------------------------------------------------- */

static gboolean request_all_offline(const ClAct *act, ClMachineGroup *group, GError **error)
{
    g_autoptr(GPtrArray) input = NULL;
    if (!cl_act_read_input(act, &input, error)) {
        return FALSE;
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        ClMachineResource *resource = cl_machine_at(group, i);
        guint32 flags;
        if (!cl_act_take_input(act, input, resource->number, &flags, error) ||
            !cl_act_request_offline(group, resource, flags, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_act_offline_group(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    if (!cl_act_check_flags(act, CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS, error) ||
        !cl_machine_group_load(act->change, act->number, &group, error) ||
        !check_ordinary(&group, error) || !cl_act_check_idle(&group, error) ||
        (act->action->flags == 0 && !cl_act_check_unlocked(&group, FALSE, error)) ||
        !cl_act_put_group_persistent(&group, FALSE, error)) {
        return FALSE;
    }
    if (!request_all_offline(act, &group, error) || !cl_act_advance(&group, error)) {
        return FALSE;
    }
    *ret_result =
        cl_act_all_have(&group, ClusterResourceOffline) ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

/* --- Move ------------------------------------------------------------------------------------- */

/* A group that fails back goes to a node that it prefers, or is where it belongs. */
static gboolean choose_preferred(const ClAct *act, ClMachineGroup *group, gint64 *node,
                                 GError **error)
{
    gboolean prefers = FALSE;
    if (*node != 0 &&
        !cl_machine_prefers(act->change, group->number, *node, group->owner, &prefers, error)) {
        return FALSE;
    }
    *node = prefers ? *node : group->owner;
    return TRUE;
}

static gboolean choose_destination(const ClAct *act, ClMachineGroup *group, gint64 *node,
                                   GError **error)
{
    gboolean ignores = act->action->flags & CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE;
    ClMachinePlace place = ignores ? CL_PLACE_BEST_BESIDE_ANY : CL_PLACE_BEST;
    if (!cl_machine_find_node(act->change, group->number, group->owner, place, node, error)) {
        return FALSE;
    }
    if (act->action->flags & CLUSAPI_GROUP_MOVE_FAILBACK) {
        return choose_preferred(act, group, node, error);
    }
    return *node != 0 || cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE,
                                 "there is no other node that can have the group");
}

/* What is offline, and shall be, is in nobody's way. */
static gboolean has_wanted(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (cl_machine_at(group, i)->persistent) {
            return TRUE;
        }
    }
    return cl_machine_has_active(group);
}

static gboolean check_destination(const ClAct *act, ClMachineGroup *group, gint64 node,
                                  GError **error)
{
    gboolean can;
    if (!cl_act_check_node(act, node, error) ||
        !cl_machine_can_host(act->change, act->number, node, &can, error)) {
        return FALSE;
    }
    if (!can) {
        return cl_fail(error, ERROR_HOST_NODE_NOT_GROUP_OWNER,
                       "the node is no possible owner of all resources");
    }
    return act->action->flags & CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE || !has_wanted(group) ||
           cl_act_check_conflict(act, act->number, node, error);
}

/* One that fails back does so in its hours. */
static gboolean waits_for_hour(const ClAct *act, gboolean *ret_waits, GError **error)
{
    guint64 wait = 0;
    if (act->action->flags & CLUSAPI_GROUP_MOVE_FAILBACK &&
        !cl_machine_failback_wait(act->change, act->number, &wait, error)) {
        return FALSE;
    }
    *ret_waits = wait > 0;
    return TRUE;
}

/* With the flag, a group that may not move now does so when it may. */
static gboolean must_queue(const ClAct *act, ClMachineGroup *group, gboolean *ret_queue,
                           GError **error)
{
    g_autoptr(GError) failure = NULL;
    gboolean ignores = act->action->flags & CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS;
    gboolean free = cl_act_check_idle(group, &failure) &&
                    (ignores || cl_act_check_unlocked(group, TRUE, &failure));
    gboolean queues = act->action->flags & CLUSAPI_GROUP_MOVE_QUEUE_ENABLED &&
                      !cl_machine_is_moving(group) &&
                      (g_error_matches(failure, CL_ERROR, ERROR_INVALID_STATE) ||
                       g_error_matches(failure, CL_ERROR, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS));
    *ret_queue = TRUE;
    if (free) {
        return waits_for_hour(act, ret_queue, error);
    }
    if (queues) {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* What its resources are told stays with them until they go offline. */
static gboolean instruct(const ClAct *act, ClMachineGroup *group, GError **error)
{
    g_autoptr(GPtrArray) input = NULL;
    if (!cl_act_read_input(act, &input, error)) {
        return FALSE;
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        ClMachineResource *resource = cl_machine_at(group, i);
        guint32 flags;
        if (!cl_act_take_input(act, input, resource->number, &flags, error) ||
            (resource->wanted == 0 && !cl_machine_want(group, resource, 0, flags, error))) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check_move_flags(const ClAct *act, GError **error)
{
    guint32 both = CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED;
    return cl_act_check_flags(act, MOVE_FLAGS, error) &&
           ((act->action->flags & both) != both ||
            cl_fail(error, ERROR_INVALID_PARAMETER, "flags that exclude each other"));
}

static gboolean begin_move(const ClAct *act, ClMachineGroup *group, gint64 node, gboolean queue,
                           guint32 *ret_result, GError **error)
{
    if (!instruct(act, group, error) ||
        !cl_machine_begin_move(group, node, act->action->flags, queue, error) ||
        !cl_act_advance(group, error)) {
        return FALSE;
    }
    gboolean done = group->owner == node && !cl_machine_is_busy(group);
    *ret_result = done ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

gboolean cl_act_move(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    gint64 node = destination_of(act);
    gboolean queue;
    if (!check_move_flags(act, error) ||
        !cl_machine_group_load(act->change, act->number, &group, error)) {
        return FALSE;
    }
    if (node == group.owner && !cl_machine_is_moving(&group)) {
        return group.move_to == 0 || cl_machine_cancel_move(&group, error);
    }
    if (!must_queue(act, &group, &queue, error) ||
        (node == 0 && !choose_destination(act, &group, &node, error)) ||
        (destination_of(act) != 0 && !check_destination(act, &group, node, error))) {
        return FALSE;
    }
    return node == group.owner || begin_move(act, &group, node, queue, ret_result, error);
}

gboolean cl_act_cancel(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    if (!cl_act_check_flags(act, 0, error) ||
        !cl_machine_group_load(act->change, act->number, &group, error)) {
        return FALSE;
    }
    if (group.move_to == 0) {
        return cl_fail(error, ERROR_INVALID_STATE, "the group does not move");
    }
    if (!cl_machine_cancel_move(&group, error) || !cl_act_advance(&group, error)) {
        return FALSE;
    }
    *ret_result = cl_machine_is_busy(&group) ? ERROR_IO_PENDING : ERROR_SUCCESS;
    return TRUE;
}
