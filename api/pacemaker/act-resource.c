/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs that take resources online and offline, fail and restart them.
 */
#include "act.h"
#include "edit.h"
#include "move.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS |                                              \
     CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE |                                      \
     CLUSAPI_RESOURCE_ONLINE_NECESSARY_FOR_QUORUM | CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE |   \
     CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE)
#define OFFLINE_FLAGS                                                                              \
    (CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS |                                             \
     CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION |                                             \
     CLUSAPI_RESOURCE_OFFLINE_DO_NOT_UPDATE_PERSISTENT_STATE)

/* What is to be is what Pacemaker does: there is no state beside the one that persists. */
#define MEANT_ONLINE                                                                               \
    (CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS | CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE)

#define ROLE "target-role"

static gboolean check_settled(const ClPcmkResource *resource, GError **error)
{
    return !cl_pcmk_is_pending(resource) ||
           cl_fail(error, ERROR_INVALID_STATE, "the resource is pending");
}

static gboolean check_managed(const ClPcmkResource *resource, GError **error)
{
    return resource->managed ||
           cl_fail(error, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, "the resource is not managed");
}

static gboolean check_input(const ClPcmkAct *act, ClPcmkResource *resource, GError **error)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, resource);
    return cl_pcmk_check_input(act, one, error);
}

/* What is alone in a group that is no <group> goes with it. */
static gboolean is_its_group(const ClPcmkResource *resource)
{
    return resource->group->shape != CL_PCMK_GROUP && resource->group->resources->len == 1;
}

static gboolean check_own(const ClPcmkResource *resource, GError **error)
{
    return resource->group->shape == CL_PCMK_GROUP ||
           cl_fail(error, ERROR_NOT_SUPPORTED,
                   "the resource is started and stopped with all that a clone or bundle has");
}

/* As the group's verb, without what only groups have. */
static gboolean act_on_group(ClPcmkAct *act, ClPcmkActFunction verb, GError **error)
{
    ClPcmkObject *resource = act->object;
    const ClAction *whole = act->action;
    ClAction action = {.verb = whole->verb, .in = whole->in};
    act->action = &action;
    act->object = &((ClPcmkResource *)resource)->group->object;
    gboolean done = verb(act, error);
    act->action = whole;
    act->object = resource;
    return done;
}

/* --- Online ----------------------------------------------------------------------------------- */

/* Those before it in the group go first, or it could not start. */
static gboolean want_members(ClPcmkAct *act, const ClPcmkResource *resource, GError **error)
{
    const GPtrArray *members = resource->group->resources;
    for (guint i = 0; i < members->len; i++) {
        const ClPcmkResource *member = members->pdata[i];
        xmlNode *element = cl_pcmk_resource_element(act, member, error);
        if (element == NULL) {
            return FALSE;
        }
        if (member == resource || !member->wanted) {
            cl_edit_set_meta(act->cib, element, ROLE, "Started");
        }
        cl_pcmk_request_clean(act, member);
        if (member == resource) {
            return TRUE;
        }
    }
    return cl_fail(error, ERROR_RESOURCE_NOT_AVAILABLE, "the resource is in no group");
}

static gboolean want_all(ClPcmkAct *act, const ClPcmkResource *resource, GError **error)
{
    xmlNode *group = cl_pcmk_group_element(act, resource->group, error);
    if (group == NULL || !want_members(act, resource, error)) {
        return FALSE;
    }
    cl_pcmk_go_to_owner(act, resource->group, group);
    return TRUE;
}

gboolean cl_pcmk_online_resource(ClPcmkAct *act, GError **error)
{
    ClPcmkResource *resource = (ClPcmkResource *)act->object;
    if (!cl_pcmk_check_flags(act, ONLINE_FLAGS, MEANT_ONLINE, error) ||
        !check_settled(resource, error) || !check_input(act, resource, error) ||
        (!(act->action->flags & CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS) &&
         !check_managed(resource, error))) {
        return FALSE;
    }
    if (is_its_group(resource)) {
        return act_on_group(act, cl_pcmk_online_group, error);
    }
    gboolean is_online = resource->object.state == ClusterResourceOnline;
    if (!check_own(resource, error) ||
        (!is_online && !cl_pcmk_check_place(act, resource->group, NULL, error)) ||
        !want_all(act, resource, error)) {
        return FALSE;
    }
    act->result = is_online ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

/* --- Offline ---------------------------------------------------------------------------------- */

gboolean cl_pcmk_offline_resource(ClPcmkAct *act, GError **error)
{
    ClPcmkResource *resource = (ClPcmkResource *)act->object;
    guint32 meant = CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS;
    if (!cl_pcmk_check_flags(act, OFFLINE_FLAGS, meant, error) || !check_settled(resource, error) ||
        !check_input(act, resource, error) ||
        (!(act->action->flags & meant) && !check_managed(resource, error))) {
        return FALSE;
    }
    if (is_its_group(resource)) {
        return act_on_group(act, cl_pcmk_offline_group, error);
    }
    xmlNode *element =
        check_own(resource, error) ? cl_pcmk_resource_element(act, resource, error) : NULL;
    if (element == NULL) {
        return FALSE;
    }
    cl_pcmk_set_role(act, element, "Stopped");
    act->result = resource->active ? ERROR_IO_PENDING : ERROR_SUCCESS;
    return TRUE;
}

/* --- Fail and restart ------------------------------------------------------------------------- */

gboolean cl_pcmk_fail_resource(ClPcmkAct *act, GError **error)
{
    ClPcmkResource *resource = (ClPcmkResource *)act->object;
    if (!resource->active || resource->node == NULL) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is not online");
    }
    if (cl_pcmk_resource_element(act, resource, error) == NULL) {
        return FALSE;
    }
    g_ptr_array_add(act->requests,
                    cl_pcmk_request_new(act, CL_PCMK_FAIL, resource->node, resource));
    return TRUE;
}

/* While all of its group is stopped nothing keeps the group where it is. */
static gboolean restart_active(ClPcmkAct *act, const ClPcmkResource *resource, GError **error)
{
    xmlNode *element = cl_pcmk_resource_element(act, resource, error);
    xmlNode *group = element ? cl_pcmk_group_element(act, resource->group, error) : NULL;
    if (group == NULL) {
        return FALSE;
    }
    cl_pcmk_stop_for_now(act, element, CL_PCMK_RESTART_PREFIX);
    cl_pcmk_begin_move(act, resource->group, group, resource->node);
    return TRUE;
}

gboolean cl_pcmk_restart_resource(ClPcmkAct *act, GError **error)
{
    ClPcmkResource *resource = (ClPcmkResource *)act->object;
    if (!cl_pcmk_check_flags(act, 0, 0, error) || !check_settled(resource, error) ||
        !check_managed(resource, error) || !cl_pcmk_check_plain(resource->group, error)) {
        return FALSE;
    }
    if (!resource->wanted) {
        act->result = resource->active ? ERROR_IO_PENDING : ERROR_SUCCESS;
        return TRUE;
    }
    if (resource->active && !restart_active(act, resource, error)) {
        return FALSE;
    }
    cl_pcmk_request_clean(act, resource);
    act->result = ERROR_IO_PENDING;
    return TRUE;
}
