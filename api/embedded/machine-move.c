/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moving a group: what is online goes offline, the owner changes, and what is persistently online
 * comes online there. Runs within a change, on its thread.
 */
#include "events.h"
#include "machine-internal.h"

#define QUEUED (guint32) CLUSGRP_STATUS_WAITING_IN_QUEUE_FOR_MOVE

static gboolean put_move(ClMachineGroup *group, gint64 to, gint64 from, guint32 flags,
                         GError **error)
{
    group->move_to = to;
    group->move_from = from;
    group->move_flags = flags;
    group->progressed = TRUE;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource_group SET move_to = nullif(?, 0), move_from = nullif(?, 0),"
                       " move_flags = ? WHERE number = ?",
                       "iiii", to, from, (gint64)flags, group->number);
}

gboolean cl_machine_begin_move(ClMachineGroup *group, gint64 to, guint32 flags, gboolean queued,
                               GError **error)
{
    guint32 others = group->status & ~QUEUED;
    return cl_machine_put_status(group, queued ? others | QUEUED : others, error) &&
           put_move(group, to, group->owner, flags, error);
}

/* What was to go offline stays, or comes back when it is down. */
gboolean cl_machine_cancel_move(ClMachineGroup *group, GError **error)
{
    gboolean moving = cl_machine_is_moving(group);
    if (!cl_machine_put_status(group, group->status & ~QUEUED, error) ||
        !put_move(group, 0, 0, 0, error)) {
        return FALSE;
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        ClMachineResource *resource = cl_machine_at(group, i);
        gboolean stays = moving && (resource->state == ClusterResourceOnline ||
                                    resource->state == ClusterResourceOnlinePending);
        if ((stays || resource->wanted == 0) && !cl_machine_want(group, resource, 0, 0, error)) {
            return FALSE;
        }
    }
    return !moving || cl_machine_restore(group, 0, error);
}

/* --- Arriving --------------------------------------------------------------------------------- */

static gboolean emit_owner(ClMachineGroup *group, gint64 from, gint64 to, GError **error)
{
    g_autofree char *group_id = cl_event_id_of(group->change, group->number, error);
    g_autofree char *node_id = group_id ? cl_event_id_of(group->change, to, error) : NULL;
    if (!node_id) {
        return FALSE;
    }
    g_autoptr(GBytes) group_data = cl_event_text(group_id);
    g_autoptr(GBytes) node_data = cl_event_text(node_id);
    return cl_event_of(group->change, CL_KIND_NODE, from, CLUSTER_CHANGE_NODE_GROUP_LOST_V2,
                       group_data, error) &&
           cl_event_of(group->change, CL_KIND_NODE, to, CLUSTER_CHANGE_NODE_GROUP_GAINED_V2,
                       group_data, error) &&
           cl_event_of(group->change, CL_KIND_GROUP, group->number,
                       CLUSTER_CHANGE_GROUP_OWNER_NODE_V2, node_data, error);
}

/* Where a group went because its node is being drained, it knows the way back. */
static gboolean put_owner(ClMachineGroup *group, gint64 to, guint32 flags, GError **error)
{
    gboolean drains = flags & CL_MOVE_DRAIN;
    gboolean keeps = drains || flags & CL_MOVE_FAILOVER;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource_group SET owner = ?1, moved = ?2, drained_from ="
                       " CASE WHEN NOT ?3 OR drained_from = ?1 THEN NULL WHEN ?4 THEN"
                       " coalesce(drained_from, owner) ELSE drained_from END WHERE number = ?5",
                       "iiiii", to, cl_change_time(group->change), (gint64)keeps, (gint64)drains,
                       group->number) &&
           cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource SET restarts = 0 WHERE group_number = ?", "i",
                       group->number);
}

/* After a failover, groups of priority 0 stay as they are. */
static gboolean may_start(ClMachineGroup *group, guint32 flags, gboolean *ret_may, GError **error)
{
    guint32 priority = 1;
    if (flags & CL_MOVE_FAILOVER &&
        !cl_machine_number(group->change, group->number, "priority", 2000, &priority, error)) {
        return FALSE;
    }
    *ret_may = priority != 0;
    return TRUE;
}

gboolean cl_machine_arrive(ClMachineGroup *group, gint64 to, guint32 flags, GError **error)
{
    gint64 from = group->owner;
    gboolean starts;
    if (!cl_change_touch_group(group->change, group->number, error) ||
        !cl_machine_put_status(group, group->status & ~QUEUED, error) ||
        !put_owner(group, to, flags, error) || !put_move(group, 0, from, flags, error) ||
        !emit_owner(group, from, to, error) || !cl_machine_group_reload(group, error) ||
        !may_start(group, flags, &starts, error)) {
        return FALSE;
    }
    group->progressed = TRUE;
    guint32 wants = flags & CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE ? CL_WANT_ANYWHERE : 0;
    return !starts || cl_machine_restore(group, wants, error);
}

/* Where it goes when its destination is not there; 0: nowhere. */
static gboolean find_other(ClMachineGroup *group, gint64 *ret_to, GError **error)
{
    gboolean returns = group->move_flags & CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR &&
                       group->owner_state == ClusterNodeUp;
    *ret_to = 0;
    return returns || cl_machine_find_node(group->change, group->number, group->owner,
                                           CL_PLACE_BEST, ret_to, error);
}

/* The node that it was to go to may be gone meanwhile. */
static gboolean arrive_somewhere(ClMachineGroup *group, GError **error)
{
    gint64 to = group->move_to;
    gint32 state;
    if (!cl_machine_node_state(group->change, to, &state, error) ||
        (state != ClusterNodeUp && !find_other(group, &to, error))) {
        return FALSE;
    }
    return to == 0 ? cl_machine_cancel_move(group, error)
                   : cl_machine_arrive(group, to, group->move_flags, error);
}

gboolean cl_machine_redirect_move(ClMachineGroup *group, GError **error)
{
    gint64 to = 0;
    if (!cl_machine_is_queued(group) && !find_other(group, &to, error)) {
        return FALSE;
    }
    return to == 0 ? cl_machine_cancel_move(group, error)
                   : cl_machine_begin_move(group, to, group->move_flags, FALSE, error);
}

/* --- Steps ------------------------------------------------------------------------------------ */

static gboolean stop_for_move(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    gboolean runs =
        resource->state == ClusterResourceOnline || resource->state == ClusterResourceOnlinePending;
    if (runs) {
        guint32 flags = resource->wanted_flags & CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION;
        return resource->wanted == ClusterResourceOffline ||
               cl_machine_want(group, resource, ClusterResourceOffline,
                               resource->wanted == 0 ? flags : 0, error);
    }
    return (cl_machine_is_pending(resource) || cl_machine_drop_row(group, resource, error)) &&
           cl_machine_want(group, resource, 0, 0, error);
}

/* Nothing else goes on in the group. */
static gboolean is_quiet(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        const ClMachineResource *resource = cl_machine_at(group, i);
        if (cl_machine_is_pending(resource) || resource->wanted != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean has_alarm(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        const ClMachineResource *resource = cl_machine_at(group, i);
        if (resource->row == CL_ROW_WELL && !cl_machine_is_pending(resource) &&
            resource->state != ClusterResourceFailed) {
            return TRUE;
        }
    }
    return FALSE;
}

/* So that somebody looks when the hour has come. */
static gboolean set_alarm(ClMachineGroup *group, guint64 wait, GError **error)
{
    ClMachineResource *alarm = cl_machine_free_row(group);
    return has_alarm(group) || !alarm || cl_machine_put_row(group, alarm, CL_ROW_WELL, wait, error);
}

/* When its turn comes: the node is there, nothing else goes on, it is not locked, the hour is
 * right. */
static gboolean step_queue(ClMachineGroup *group, GError **error)
{
    gboolean ignores = group->move_flags & CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS;
    gboolean locked = FALSE;
    gint32 state;
    guint64 wait = 0;
    if (!cl_machine_node_state(group->change, group->move_to, &state, error) ||
        !cl_machine_is_locked(group, TRUE, &locked, error) ||
        (group->move_flags & CLUSAPI_GROUP_MOVE_FAILBACK &&
         !cl_machine_failback_wait(group->change, group->number, &wait, error))) {
        return FALSE;
    }
    if (state != ClusterNodeUp) {
        return cl_machine_cancel_move(group, error);
    }
    if (wait > 0) {
        return set_alarm(group, wait, error);
    }
    return !is_quiet(group) || (locked && !ignores) ||
           cl_machine_begin_move(group, group->move_to, group->move_flags, FALSE, error);
}

gboolean cl_machine_is_locked(ClMachineGroup *group, gboolean moves, gboolean *ret_locked,
                              GError **error)
{
    guint32 from_moving = 0;
    if (moves && !cl_machine_number(group->change, group->number, "lockedfrommoving", 0,
                                    &from_moving, error)) {
        return FALSE;
    }
    *ret_locked = group->status & CLUSGRP_STATUS_LOCKED_MODE || from_moving != 0;
    return TRUE;
}

/* What arrived has settled. */
static gboolean step_settled(ClMachineGroup *group, GError **error)
{
    return cl_machine_put_status(group, group->status & ~QUEUED, error) &&
           (group->move_from == 0 || cl_machine_is_busy(group) || put_move(group, 0, 0, 0, error));
}

gboolean cl_machine_step_move(ClMachineGroup *group, GError **error)
{
    if (group->move_to == 0) {
        return step_settled(group, error);
    }
    if (cl_machine_is_queued(group)) {
        return step_queue(group, error);
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (!stop_for_move(group, cl_machine_at(group, i), error)) {
            return FALSE;
        }
    }
    return cl_machine_has_active(group) || arrive_somewhere(group, error);
}
