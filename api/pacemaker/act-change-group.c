/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verb that puts a resource into another group: its primitive becomes the last of the other
 * <group>. What was before and after it in its own stays there.
 */
#include "act.h"
#include "create.h"
#include "edit.h"
#include "remove.h"

static gboolean check_states(const ClPcmkResource *resource, const ClPcmkGroup *to, GError **error)
{
    if (to->move != NULL || resource->group->move != NULL) {
        return cl_fail(error, ERROR_INVALID_STATE, "the group moves");
    }
    gboolean there =
        to->resources->len == 0 || !cl_pcmk_has_active(to) || to->node == resource->node;
    if (cl_pcmk_is_pending(resource)) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is pending");
    }
    if (resource->active && !there) {
        return cl_fail(error, ERROR_RESOURCE_ONLINE,
                       "the groups are on different nodes, and the resource is online");
    }
    return !cl_pcmk_has_active(to) || cl_pcmk_is_possible(resource, to->node) ||
           cl_fail(error, ERROR_HOST_NODE_NOT_RESOURCE_OWNER,
                   "the group's node is no possible owner of the resource");
}

/* It is wanted as before, whatever its new group is. */
gboolean cl_pcmk_change_group(ClPcmkAct *act, GError **error)
{
    const ClPcmkResource *resource = (ClPcmkResource *)act->object;
    const ClPcmkGroup *to = (ClPcmkGroup *)act->others[0];
    if (to == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the group is missing");
    }
    if (resource->group == to) {
        return cl_fail(error, ERROR_ALREADY_EXISTS, "the resource is in that group already");
    }
    if (!cl_pcmk_check_plain(resource->group, error) || !check_states(resource, to, error) ||
        !cl_pcmk_check_managed(resource->group, error) || !cl_pcmk_check_managed(to, error)) {
        return FALSE;
    }
    xmlNode *element = cl_pcmk_resource_element(act, resource, error);
    if (element == NULL) {
        return FALSE;
    }
    xmlNode *from = element->parent;
    xmlNode *group = cl_pcmk_group_for_members(act, to, error);
    if (group == NULL) {
        return FALSE;
    }
    xmlUnlinkNode(element);
    xmlAddChild(group, element);
    cl_edit_set_meta(act->cib, element, "target-role", resource->wanted ? "Started" : "Stopped");
    cl_pcmk_group_lost(act, from);
    return TRUE;
}
