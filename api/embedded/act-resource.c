/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of resources: online, offline, fail, restart, and their change of group. Runs within a
 * change, on its thread.
 */
#include "act-machine.h"
#include "events.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS |                                              \
     CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE |                                      \
     CLUSAPI_RESOURCE_ONLINE_NECESSARY_FOR_QUORUM | CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE |   \
     CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE)
#define OFFLINE_FLAGS                                                                              \
    (CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS |                                             \
     CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION |                                             \
     CLUSAPI_RESOURCE_OFFLINE_DO_NOT_UPDATE_PERSISTENT_STATE)

/* The group of the resource that acts, in memory, and the resource there. */
static gboolean load(const ClAct *act, ClMachineGroup *group, guint *ret_index, GError **error)
{
    ClRows rows = cl_rows_query(act->reader, "SELECT group_number FROM resource WHERE number = ?",
                                "i", act->number);
    gint64 number = cl_rows_next(&rows) ? cl_rows_number(&rows, 0, 0, G_MAXINT64) : 0;
    return cl_rows_end(&rows, error) && cl_machine_group_load(act->change, number, group, error) &&
           (cl_machine_index(group, act->number, ret_index) ||
            cl_embedded_fail_gone(CL_KIND_RESOURCE, error));
}

static gboolean check_settled(const ClMachineGroup *group, const ClMachineResource *resource,
                              GError **error)
{
    return (!cl_machine_is_pending(resource) && !cl_machine_is_moving(group)) ||
           cl_fail(error, ERROR_INVALID_STATE, "the resource is pending");
}

/* --- Online ----------------------------------------------------------------------------------- */

static gboolean check_place(const ClAct *act, ClMachineGroup *group, ClMachineResource *resource,
                            GError **error)
{
    gboolean excepted = resource->is_quorum && group->owner_state == ClusterNodePaused;
    gboolean ignores = act->action->flags & CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE;
    if (!excepted && !cl_act_check_node(act, group->owner, error)) {
        return FALSE;
    }
    if (!resource->possible) {
        return cl_fail(error, ERROR_NODE_CANT_HOST_RESOURCE,
                       "the node is no possible owner of the resource");
    }
    return ignores || cl_machine_has_active(group) ||
           cl_act_check_conflict(act, group->number, group->owner, error);
}

/* With the flag, a group of which nothing runs goes to where it can. */
static gboolean find_place(const ClAct *act, ClMachineGroup *group, ClMachineResource *resource,
                           gint64 *ret_node, GError **error)
{
    gboolean ignores = act->action->flags & CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE;
    gboolean is_good =
        resource->possible && group->owner_state == ClusterNodeUp && (ignores || !group->shut_out);
    *ret_node = 0;
    return !(act->action->flags & CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE) ||
           cl_machine_has_active(group) || is_good ||
           cl_machine_find_node(act->change, group->number, group->owner,
                                ignores ? CL_PLACE_BEST_BESIDE_ANY : CL_PLACE_BEST, ret_node,
                                error);
}

static gboolean bring_online(const ClAct *act, ClMachineGroup *group, guint index, GError **error)
{
    ClMachineResource *resource = cl_machine_at(group, index);
    gint64 node;
    if (!find_place(act, group, resource, &node, error) ||
        (node == 0 && !check_place(act, group, resource, error)) ||
        (!(act->action->flags & CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE) &&
         !cl_machine_put_persistent(group, resource, TRUE, error)) ||
        (node != 0 && !cl_machine_arrive(group, node, 0, error))) {
        return FALSE;
    }
    guint32 wants =
        act->action->flags & CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE ? CL_WANT_ANYWHERE : 0;
    return cl_machine_request_online(group, cl_machine_at(group, index), wants, error);
}

/* What gave up since a provider failed for good is told so; it wants no more. */
static guint32 result_of(const ClMachineResource *resource)
{
    if (resource->state == ClusterResourceOnline) {
        return ERROR_SUCCESS;
    }
    gboolean gave_up = resource->wanted == 0 && !cl_machine_is_active(resource) &&
                       resource->last_status == ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED;
    return gave_up ? ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED : ERROR_IO_PENDING;
}

gboolean cl_act_online_resource(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint index;
    if (!cl_act_check_flags(act, ONLINE_FLAGS, error) || !load(act, &group, &index, error) ||
        !check_settled(&group, cl_machine_at(&group, index), error) ||
        (!(act->action->flags & CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS) &&
         !cl_act_check_unlocked(&group, FALSE, error))) {
        return FALSE;
    }
    ClMachineResource *resource = cl_machine_at(&group, index);
    if (resource->state == ClusterResourceOnline && resource->wanted == 0) {
        return act->action->flags & CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE ||
               cl_machine_put_persistent(&group, resource, TRUE, error);
    }
    if (!bring_online(act, &group, index, error) || !cl_act_advance(&group, error)) {
        return FALSE;
    }
    *ret_result = result_of(cl_machine_at(&group, index));
    return TRUE;
}

/* --- Offline ---------------------------------------------------------------------------------- */

/* Whoever was to come online because of it does no more. */
static gboolean forget_dependents(ClMachineGroup *group, guint provider, guint depth,
                                  GError **error)
{
    for (guint i = 0; depth > 0 && i < group->links->len; i++) {
        const ClMachineLink *link = &g_array_index(group->links, ClMachineLink, i);
        ClMachineResource *dependent = cl_machine_at(group, link->dependent);
        gboolean waits = link->provider == provider && !cl_machine_is_active(dependent) &&
                         dependent->wanted == ClusterResourceOnline;
        if (waits && (!cl_machine_want(group, dependent, 0, 0, error) ||
                      !forget_dependents(group, link->dependent, depth - 1, error))) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_act_offline_resource(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint32 flags = act->action->flags;
    guint index;
    if (!cl_act_check_flags(act, OFFLINE_FLAGS, error) || !load(act, &group, &index, error) ||
        !check_settled(&group, cl_machine_at(&group, index), error) ||
        (!(flags & CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS) &&
         !cl_act_check_unlocked(&group, FALSE, error))) {
        return FALSE;
    }
    ClMachineResource *resource = cl_machine_at(&group, index);
    g_autoptr(GPtrArray) input = NULL;
    guint32 forced;
    if (!cl_act_read_input(act, &input, error) ||
        !cl_act_take_input(act, input, resource->number, &forced, error) ||
        (!(flags & CLUSAPI_RESOURCE_OFFLINE_DO_NOT_UPDATE_PERSISTENT_STATE) &&
         !cl_machine_put_persistent(&group, resource, FALSE, error)) ||
        !forget_dependents(&group, index, cl_machine_count(&group), error) ||
        !cl_act_request_offline(&group, resource,
                                (flags & CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION) | forced,
                                error) ||
        !cl_act_advance(&group, error)) {
        return FALSE;
    }
    resource = cl_machine_at(&group, index);
    *ret_result = resource->state == ClusterResourceOffline ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

/* --- Fail and restart ------------------------------------------------------------------------- */

gboolean cl_act_fail(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint index;
    (void)ret_result;
    if (!load(act, &group, &index, error)) {
        return FALSE;
    }
    ClMachineResource *resource = cl_machine_at(&group, index);
    if (!cl_machine_is_active(resource)) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is not online");
    }
    return cl_machine_fail(&group, resource, ERROR_RESOURCE_FAILED, error) &&
           cl_machine_step(&group, error);
}

gboolean cl_act_restart(const ClAct *act, guint32 *ret_result, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint index;
    if (!cl_act_check_flags(act, 0, error) || !load(act, &group, &index, error) ||
        !check_settled(&group, cl_machine_at(&group, index), error) ||
        !cl_act_check_unlocked(&group, FALSE, error)) {
        return FALSE;
    }
    ClMachineResource *resource = cl_machine_at(&group, index);
    gboolean persistent = resource->persistent;
    if ((persistent && !check_place(act, &group, resource, error)) ||
        !cl_act_request_offline(&group, resource, CL_WANT_AGAIN, error) ||
        (persistent && !cl_machine_is_active(resource) &&
         !cl_machine_request_online(&group, resource, CL_WANT_RECOVERY, error)) ||
        !cl_act_advance(&group, error)) {
        return FALSE;
    }
    gint32 goal = persistent ? ClusterResourceOnline : ClusterResourceOffline;
    gboolean done = cl_machine_at(&group, index)->state == goal && !cl_machine_is_busy(&group);
    *ret_result = done ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}
