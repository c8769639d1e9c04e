/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What follows when a resource fails: its restart on the same node, the failover of its group, a
 * later try. Runs within a change, on its thread.
 */
#include "machine-internal.h"

/* Of a FILETIME. */
#define MS_UNITS   G_GINT64_CONSTANT(10000)
#define HOUR_UNITS G_GINT64_CONSTANT(36000000000)

/* Two counters of a row with the beginning of their period. */
static gboolean read_count(ClMachineGroup *group, const char *sql, gint64 number, gint64 period,
                           gint64 *ret_count, gint64 *ret_since, GError **error)
{
    gint64 now = cl_change_time(group->change);
    gint64 count = 0, since = 0;
    ClRows rows = cl_rows_query(cl_change_reader(group->change), sql, "i", number);
    if (cl_rows_next(&rows)) {
        count = cl_rows_number(&rows, 0, 0, G_MAXINT64);
        since = cl_rows_number(&rows, 1, G_MININT64, G_MAXINT64);
    }
    gboolean over = count == 0 || since > now || now - since > period;
    *ret_count = over ? 0 : count;
    *ret_since = over ? now : since;
    return cl_rows_end(&rows, error);
}

/* --- Restart ---------------------------------------------------------------------------------- */

/* Counts one restart more, if the threshold and the node allow it. */
static gboolean may_restart(ClMachineGroup *group, gint64 resource, gboolean *ret_may,
                            GError **error)
{
    guint32 threshold, period;
    gint64 count, since;
    *ret_may = FALSE;
    if (group->owner_state != ClusterNodeUp) {
        return TRUE;
    }
    if (!cl_machine_number(group->change, resource, "restartthreshold", 3, &threshold, error) ||
        !cl_machine_number(group->change, resource, "restartperiod", 900000, &period, error) ||
        !read_count(group, "SELECT restarts, restarts_since FROM resource WHERE number = ?",
                    resource, period * MS_UNITS, &count, &since, error)) {
        return FALSE;
    }
    *ret_may = count < threshold;
    return !*ret_may ||
           cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource SET restarts = ?, restarts_since = ? WHERE number = ?",
                       "iii", count + 1, since, resource);
}

gboolean cl_machine_restart_later(ClMachineGroup *group, ClMachineResource *resource,
                                  GError **error)
{
    guint32 delay;
    return cl_machine_number(group->change, resource->number, "restartdelay", 500, &delay, error) &&
           cl_machine_put_row(group, resource, CL_ROW_WELL, delay, error);
}

/* --- Failover --------------------------------------------------------------------------------- */

static gboolean count_nodes(ClMachineGroup *group, gint64 *ret_n, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(group->change), "SELECT count(*) FROM node", "");
    *ret_n = cl_rows_next(&rows) ? cl_rows_number(&rows, 0, 0, G_MAXINT64) : 0;
    return cl_rows_end(&rows, error);
}

/* Without a threshold each other node has its turn once. */
static gboolean read_failovers(ClMachineGroup *group, gint64 *ret_left, gint64 *ret_count,
                               gint64 *ret_since, GError **error)
{
    guint32 threshold, period;
    gint64 nodes;
    if (!cl_machine_number(group->change, group->number, "failoverthreshold", G_MAXUINT32,
                           &threshold, error) ||
        !cl_machine_number(group->change, group->number, "failoverperiod", 6, &period, error) ||
        !count_nodes(group, &nodes, error) ||
        !read_count(group, "SELECT failovers, failovers_since FROM resource_group WHERE number = ?",
                    group->number, period * HOUR_UNITS, ret_count, ret_since, error)) {
        return FALSE;
    }
    *ret_left = (threshold == G_MAXUINT32 ? nodes - 1 : (gint64)threshold) - *ret_count;
    return TRUE;
}

static gboolean fail_over(ClMachineGroup *group, gboolean *ret_moves, GError **error)
{
    gint64 left, count, since, node = 0;
    if (!read_failovers(group, &left, &count, &since, error) ||
        (left > 0 && !cl_machine_find_node(group->change, group->number, group->owner,
                                           CL_PLACE_NEXT, &node, error))) {
        return FALSE;
    }
    *ret_moves = node != 0;
    return !*ret_moves ||
           (cl_rows_run(cl_change_reader(group->change), error,
                        "UPDATE resource_group SET failovers = ?, failovers_since = ?"
                        " WHERE number = ?",
                        "iii", count + 1, since, group->number) &&
            cl_machine_begin_move(group, node, CL_MOVE_FAILOVER, FALSE, error));
}

/* --- All -------------------------------------------------------------------------------------- */

static gboolean try_much_later(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    guint32 period;
    if (!cl_machine_number(group->change, resource->number, "retryperiodonfailure", 3600000,
                           &period, error)) {
        return FALSE;
    }
    return period == G_MAXUINT32 ||
           cl_machine_put_row(group, resource, CL_ROW_FAILING, period, error);
}

/* What has arrived and fails goes back, if whoever moved it said so. */
static gboolean may_return(ClMachineGroup *group, gboolean *ret_may, GError **error)
{
    gint32 state = ClusterNodeDown;
    *ret_may = FALSE;
    if (group->move_to != 0 || group->move_from == 0 ||
        !(group->move_flags & CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR)) {
        return TRUE;
    }
    if (!cl_machine_node_state(group->change, group->move_from, &state, error)) {
        return FALSE;
    }
    *ret_may = state == ClusterNodeUp;
    return TRUE;
}

static gboolean recover(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    guint32 action;
    gboolean may;
    if (!may_return(group, &may, error)) {
        return FALSE;
    }
    if (may) {
        return cl_machine_begin_move(group, group->move_from, 0, FALSE, error);
    }
    if (!cl_machine_number(group->change, resource->number, "restartaction",
                           ClusterResourceRestartNotify, &action, error)) {
        return FALSE;
    }
    if (action == ClusterResourceDontRestart) {
        return TRUE;
    }
    if (!may_restart(group, resource->number, &may, error)) {
        return FALSE;
    }
    if (may) {
        return cl_machine_restart_later(group, resource, error);
    }
    if (action == ClusterResourceRestartNotify && !fail_over(group, &may, error)) {
        return FALSE;
    }
    return may || try_much_later(group, resource, error);
}

gboolean cl_machine_fail(ClMachineGroup *group, ClMachineResource *resource, guint32 code,
                         GError **error)
{
    gboolean went_off = resource->wanted == ClusterResourceOffline ||
                        resource->state == ClusterResourceOfflinePending;
    if (!cl_machine_end(group, resource, ClusterResourceFailed, code, error)) {
        return FALSE;
    }
    if (went_off) {
        return TRUE;
    }
    return cl_machine_want(group, resource, 0, 0, error) &&
           (cl_machine_is_moving(group) || recover(group, resource, error));
}
