/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs of groups, resources and nodes check before the state machine goes on. Runs within
 * a change, on its thread.
 */
#include "act-machine.h"

gboolean cl_act_check_flags(const ClAct *act, guint32 valid, GError **error)
{
    return !(act->action->flags & ~valid) ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "unknown flags 0x%x",
                   act->action->flags & ~valid);
}

gboolean cl_act_check_idle(ClMachineGroup *group, GError **error)
{
    g_autofree char *node = NULL, *unused = NULL;
    gint32 state;
    if (!cl_state_read(cl_change_reader(group->change), CL_KIND_GROUP, group->number, &state, &node,
                       &unused, error)) {
        return FALSE;
    }
    return (state != ClusterGroupPending && !cl_machine_is_moving(group)) ||
           cl_fail(error, ERROR_INVALID_STATE, "the group is pending");
}

gboolean cl_act_check_unlocked(ClMachineGroup *group, gboolean moves, GError **error)
{
    gboolean locked;
    return cl_machine_is_locked(group, moves, &locked, error) &&
           (!locked || cl_fail(error, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, "the group is locked"));
}

gboolean cl_act_check_node(const ClAct *act, gint64 node, GError **error)
{
    gint32 state;
    if (!cl_machine_node_state(act->change, node, &state, error)) {
        return FALSE;
    }
    if (state == ClusterNodePaused) {
        return cl_fail(error, ERROR_SHARING_PAUSED, "the node is paused");
    }
    return state == ClusterNodeUp ||
           cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "the node is not up");
}

gboolean cl_act_check_conflict(const ClAct *act, gint64 group, gint64 node, GError **error)
{
    gboolean conflict;
    return cl_machine_has_conflict(act->change, group, node, &conflict, error) &&
           (!conflict || cl_fail(error, ERROR_NODE_CANT_HOST_RESOURCE,
                                 "a group that this one avoids runs on the node"));
}

gboolean cl_act_put_group_persistent(ClMachineGroup *group, gboolean persistent, GError **error)
{
    if (!cl_rows_run(cl_change_reader(group->change), error,
                     "UPDATE resource_group SET persistent_state = ? WHERE number = ?", "ii",
                     (gint64)persistent, group->number)) {
        return FALSE;
    }
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (!cl_machine_put_persistent(group, cl_machine_at(group, i), persistent, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_act_advance(ClMachineGroup *group, GError **error)
{
    return cl_machine_advance(group->change, error) && cl_machine_group_reload(group, error);
}

gboolean cl_act_all_have(const ClMachineGroup *group, gint32 state)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (cl_machine_at(group, i)->state != state) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_act_request_offline(ClMachineGroup *group, ClMachineResource *resource, guint32 flags,
                                GError **error)
{
    if (cl_machine_is_active(resource)) {
        return cl_machine_want(group, resource, ClusterResourceOffline, flags, error);
    }
    return cl_machine_drop_row(group, resource, error) &&
           cl_machine_put_last_status(group, resource, ERROR_SUCCESS, error) &&
           cl_machine_want(group, resource, 0, 0, error) &&
           cl_machine_put_state(group, resource, ClusterResourceOffline, error);
}
