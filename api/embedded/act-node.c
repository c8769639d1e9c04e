/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of nodes: pause, with draining; resume, with failing back; and what only a cluster
 * without real nodes has, their crash and start. Runs within a change, on its thread.
 */
#include "act-machine.h"
#include "events.h"

#define PAUSE_FLAGS                                                                                \
    (CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR | CLUSAPI_NODE_AVOID_PLACEMENT |       \
     CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE)

/* The numbers of groups that @sql finds for a node. */
static GArray *groups_of(const ClAct *act, const char *sql, GError **error)
{
    ClRows rows = cl_rows_query(act->reader, sql, "i", act->number);
    return cl_machine_numbers(&rows, error);
}

/* --- Pause ------------------------------------------------------------------------------------ */

static gboolean has_other_up(const ClAct *act, gboolean *ret_has, GError **error)
{
    ClRows rows =
        cl_rows_query(act->reader, "SELECT 1 FROM node WHERE number <> ? AND state = 0 LIMIT 1",
                      "i", act->number);
    *ret_has = cl_rows_next(&rows);
    return cl_rows_end(&rows, error);
}

static gboolean is_draining(const ClAct *act, gboolean *ret_is, GError **error)
{
    ClRows rows = cl_rows_query(
        act->reader, "SELECT 1 FROM node WHERE number = ? AND drain_status = 1", "i", act->number);
    *ret_is = cl_rows_next(&rows);
    return cl_rows_end(&rows, error);
}

static gboolean check_drain(const ClAct *act, gint64 target, GError **error)
{
    gboolean draining, has_other;
    gint32 state = ClusterNodeUp;
    if (!is_draining(act, &draining, error) || !has_other_up(act, &has_other, error) ||
        (target != 0 && !cl_machine_node_state(act->change, target, &state, error))) {
        return FALSE;
    }
    if (draining) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS,
                       "the node is being drained already");
    }
    if (target == act->number) {
        return cl_fail(error, ERROR_INVALID_TARGET_HANDLE, "a node cannot be drained to itself");
    }
    if (state != ClusterNodeUp) {
        return cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "the target is not up");
    }
    return has_other || cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "no other node is up");
}

/* What can go begins to. */
static gboolean drain(const ClAct *act, gint64 target, guint32 *ret_result, GError **error)
{
    ClMachineDrain what = {act->number, target, act->action->flags};
    gboolean moves;
    if (!cl_machine_put_drain(act->change, act->number, NodeDrainStatusInProgress, target,
                              what.flags, error) ||
        !cl_machine_drain_groups(act->change, &what, &moves, error) ||
        !cl_machine_advance(act->change, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_query(
        act->reader, "SELECT 1 FROM node WHERE number = ? AND drain_status = 2", "i", act->number);
    *ret_result = cl_rows_next(&rows) ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return cl_rows_end(&rows, error);
}

gboolean cl_act_pause(const ClAct *act, guint32 *ret_result, GError **error)
{
    gboolean drains = act->action->number != 0;
    gint64 target = drains && act->n_others > 0 ? act->others[0] : 0;
    gint32 state;
    if ((drains && !cl_act_check_flags(act, PAUSE_FLAGS, error)) ||
        !cl_machine_node_state(act->change, act->number, &state, error)) {
        return FALSE;
    }
    if (state != ClusterNodeUp && state != ClusterNodePaused) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "the node is not up");
    }
    if ((drains && !check_drain(act, target, error)) ||
        (state == ClusterNodeUp &&
         !cl_machine_put_node_state(act->change, act->number, ClusterNodePaused, error))) {
        return FALSE;
    }
    return !drains || drain(act, target, ret_result, error);
}

/* --- Resume ----------------------------------------------------------------------------------- */

/* What has not left yet stays. */
static gboolean end_drain(const ClAct *act, GError **error)
{
    g_autoptr(GArray) groups = groups_of(
        act, "SELECT number FROM resource_group WHERE owner = ? AND move_to IS NOT NULL", error);
    for (guint i = 0; groups && i < groups->len; i++) {
        g_auto(ClMachineGroup) group = {0};
        if (!cl_machine_group_load(act->change, g_array_index(groups, gint64, i), &group, error)) {
            return FALSE;
        }
        if (group.move_flags & CL_MOVE_DRAIN && !cl_machine_cancel_move(&group, error)) {
            return FALSE;
        }
    }
    return groups &&
           cl_machine_put_drain(act->change, act->number, NodeDrainStatusNotInitiated, 0, 0, error);
}

static gboolean fail_back_all(const ClAct *act, const GArray *groups, GError **error)
{
    ClMachineFailBack how = act->action->number == FailbackGroupsPerPolicy ? CL_FAIL_BACK_BY_POLICY
                                                                           : CL_FAIL_BACK_ANYWAY;
    for (guint i = 0; i < groups->len; i++) {
        if (!cl_machine_fail_back(act->change, g_array_index(groups, gint64, i), act->number, how,
                                  error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Immediately: all that draining took away. By policy: of those, and of those that prefer the node,
 * the ones that may fail back by themselves. */
static gboolean fail_back(const ClAct *act, GError **error)
{
    static const char all[] = "SELECT number FROM resource_group WHERE drained_from = ?";
    static const char allowed[] =
        "SELECT g.number FROM resource_group g JOIN property a ON a.object = g.number AND"
        " a.private = 0 AND a.key = 'autofailbacktype' AND a.value = 1 WHERE g.drained_from = ?";
    gboolean by_policy = act->action->number == FailbackGroupsPerPolicy;
    if (act->action->number == DoNotFailbackGroups) {
        return TRUE;
    }
    g_autoptr(GArray) drained = groups_of(act, by_policy ? allowed : all, error);
    g_autoptr(GArray) preferring =
        drained && by_policy ? cl_machine_prefer_node(act->change, act->number, error) : NULL;
    return drained && fail_back_all(act, drained, error) &&
           (!by_policy || (preferring && fail_back_all(act, preferring, error)));
}

gboolean cl_act_resume(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint32 state;
    (void)ret_result;
    if (act->action->number > FailbackGroupsPerPolicy) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown kind of failback");
    }
    if (!cl_act_check_flags(act, 0, error) ||
        !cl_machine_node_state(act->change, act->number, &state, error)) {
        return FALSE;
    }
    if (state != ClusterNodePaused) {
        return state == ClusterNodeUp
                   ? cl_fail(error, ERROR_CLUSTER_NODE_NOT_PAUSED, "the node is not paused")
                   : cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "the node is not up");
    }
    return cl_machine_put_node_state(act->change, act->number, ClusterNodeUp, error) &&
           end_drain(act, error) && fail_back(act, error) &&
           cl_rows_run(act->reader, error,
                       "UPDATE resource_group SET drained_from = NULL WHERE drained_from = ?", "i",
                       act->number);
}

/* --- Crash and start -------------------------------------------------------------------------- */

/* A node that was paused when it crashed is so when it is back. */
static gboolean remember_pause(const ClAct *act, gboolean paused, GError **error)
{
    return paused ? cl_rows_run(act->reader, error,
                                "INSERT OR REPLACE INTO property (object, private, key, name,"
                                " format, value) VALUES (?, 0, 'pausedwhendown', 'PausedWhenDown',"
                                " 2, 1)",
                                "i", act->number)
                  : cl_rows_run(act->reader, error,
                                "DELETE FROM property WHERE object = ? AND private = 0 AND"
                                " key = 'pausedwhendown'",
                                "i", act->number);
}

static gboolean go_down(const ClAct *act, gint32 state, GError **error)
{
    return remember_pause(act, state == ClusterNodePaused, error) &&
           cl_machine_put_node_state(act->change, act->number, ClusterNodeDown, error) &&
           cl_machine_put_drain(act->change, act->number, NodeDrainStatusNotInitiated, 0, 0, error);
}

static gboolean crash(const ClAct *act, gint32 state, GError **error)
{
    return go_down(act, state, error) &&
           cl_machine_leave_node(act->change, act->number, FALSE, error);
}

static gboolean start(const ClAct *act, GError **error)
{
    guint32 paused;
    if (!cl_machine_number(act->change, act->number, "pausedwhendown", 0, &paused, error) ||
        !remember_pause(act, FALSE, error)) {
        return FALSE;
    }
    return cl_machine_put_node_state(act->change, act->number,
                                     paused ? ClusterNodePaused : ClusterNodeUp, error) &&
           (paused || cl_machine_return_to_node(act->change, act->number, error));
}

gboolean cl_act_set_node_state(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint32 state;
    (void)ret_result;
    if (act->action->number != ClusterNodeUp && act->action->number != ClusterNodeDown) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a node can be made up or down only");
    }
    if (!cl_machine_node_state(act->change, act->number, &state, error)) {
        return FALSE;
    }
    gboolean runs = state == ClusterNodeUp || state == ClusterNodePaused;
    if (act->action->number == ClusterNodeUp) {
        return runs || start(act, error);
    }
    return state == ClusterNodeDown || crash(act, state, error);
}

/* --- The end of all --------------------------------------------------------------------------- */

static gboolean take_all_offline(ClChange *change, GError **error)
{
    g_autoptr(GArray) groups =
        cl_rows_all(cl_change_reader(change), error, "SELECT number FROM resource_group", "");
    for (guint i = 0; groups && i < groups->len; i++) {
        if (!cl_machine_terminate_group(change, g_array_index(groups, gint64, i), error)) {
            return FALSE;
        }
    }
    return groups != NULL;
}

static gboolean take_down(ClChange *change, gint64 node, GError **error)
{
    ClAct act = {.change = change, .reader = cl_change_reader(change), .number = node};
    gint32 state;
    if (!cl_machine_node_state(change, node, &state, error)) {
        return FALSE;
    }
    return state == ClusterNodeDown || go_down(&act, state, error);
}

gboolean cl_act_shut_down(ClChange *change, GError **error)
{
    g_autoptr(GArray) nodes = NULL;
    if (!take_all_offline(change, error) ||
        !(nodes = cl_rows_all(cl_change_reader(change), error, "SELECT number FROM node", ""))) {
        return FALSE;
    }
    for (guint i = 0; i < nodes->len; i++) {
        if (!take_down(change, g_array_index(nodes, gint64, i), error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < nodes->len; i++) {
        if (!cl_machine_leave_node(change, g_array_index(nodes, gint64, i), FALSE, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
