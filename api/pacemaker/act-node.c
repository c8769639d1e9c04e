/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of nodes. Paused is standby, which takes everything away from a node; what was there is
 * remembered in a property, so that it can be brought back. A node is evicted when it is down and
 * Corosync does not know it any more.
 */
#include "act.h"
#include "edit.h"
#include "registry.h"

#define PAUSE_FLAGS                                                                                \
    (CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR | CLUSAPI_NODE_AVOID_PLACEMENT |       \
     CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE)

/* What cannot go elsewhere is stopped. */
#define MEANT_FLAGS (CLUSAPI_NODE_AVOID_PLACEMENT | CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE)

#define DRAINED     "clusapi-drained"

static xmlNode *node_element(const ClPcmkAct *act, const ClPcmkNode *node, GError **error)
{
    xmlNode *element =
        cl_xml_child_with(cl_xml_at(act->cib, "configuration/nodes"), "node", "id", node->uuid);
    if (element == NULL) {
        (void)cl_fail(error, ERROR_NODE_NOT_AVAILABLE, "Pacemaker does not know the node yet");
    }
    return element;
}

/* What can be elsewhere, and is here. */
static GPtrArray *groups_on(const ClPcmkAct *act, const ClPcmkNode *node)
{
    GPtrArray *groups = g_ptr_array_new();
    for (guint i = 0; i < act->model->groups->len; i++) {
        ClPcmkGroup *group = act->model->groups->pdata[i];
        gboolean moves = group->shape == CL_PCMK_GROUP || group->shape == CL_PCMK_PRIMITIVE;
        if (moves && group->node == node && cl_pcmk_has_active(group)) {
            g_ptr_array_add(groups, group);
        }
    }
    return groups;
}

/* --- Pause ------------------------------------------------------------------------------------ */

static gboolean has_other_up(const ClPcmkAct *act, const ClPcmkNode *node)
{
    for (guint i = 0; i < act->model->nodes->len; i++) {
        const ClPcmkNode *other = act->model->nodes->pdata[i];
        if (other != node && other->object.state == ClusterNodeUp) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean check_drain(const ClPcmkAct *act, const ClPcmkNode *node, const ClPcmkNode *target,
                            GError **error)
{
    if (node->object.state == ClusterNodePaused && node->n_running > 0) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS,
                       "the node is being drained already");
    }
    if (target == node) {
        return cl_fail(error, ERROR_INVALID_TARGET_HANDLE, "a node cannot be drained to itself");
    }
    if (target != NULL && target->object.state != ClusterNodeUp) {
        return cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "the target is not up");
    }
    return has_other_up(act, node) ||
           cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "no other node is up");
}

/* One word an id, in the order of the CIB. */
static void remember(ClPcmkAct *act, const ClPcmkNode *node, const GPtrArray *groups)
{
    g_autofree char *name = g_strdup_printf(DRAINED "-%s", node->uuid);
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < groups->len; i++) {
        const ClPcmkGroup *group = groups->pdata[i];
        g_string_append_printf(ids, "%s%s", i > 0 ? " " : "", group->xml_id);
    }
    cl_edit_set_property(act->cib, DRAINED, name, ids->len > 0 ? ids->str : NULL);
}

static gboolean move_all(ClPcmkAct *act, const GPtrArray *groups, const ClPcmkNode *target,
                         GError **error)
{
    for (guint i = 0; target != NULL && i < groups->len; i++) {
        const ClPcmkGroup *group = groups->pdata[i];
        xmlNode *element = cl_pcmk_group_element(act, group, error);
        if (element == NULL) {
            return FALSE;
        }
        if (cl_pcmk_can_host(group, target)) {
            cl_pcmk_begin_move(act, group, element, target);
        }
    }
    return TRUE;
}

static gboolean drain(ClPcmkAct *act, const ClPcmkNode *node, const ClPcmkNode *target,
                      GError **error)
{
    xmlNode *element = node_element(act, node, error);
    g_autoptr(GPtrArray) groups = groups_on(act, node);
    if (element == NULL || !move_all(act, groups, target, error)) {
        return FALSE;
    }
    if (node->object.state != ClusterNodePaused) {
        remember(act, node, groups);
        cl_edit_set_node_attribute(act->cib, element, "standby", "on");
    }
    act->result = node->n_running > 0 ? ERROR_IO_PENDING : ERROR_SUCCESS;
    return TRUE;
}

gboolean cl_pcmk_pause(ClPcmkAct *act, GError **error)
{
    const ClPcmkNode *node = (ClPcmkNode *)act->object;
    gboolean drains = act->action->number != 0;
    ClPcmkNode *target = drains && act->action->n_others > 0 ? (ClPcmkNode *)act->others[0] : NULL;
    if (drains && !cl_pcmk_check_flags(act, PAUSE_FLAGS, MEANT_FLAGS, error)) {
        return FALSE;
    }
    if (node->object.state != ClusterNodeUp && node->object.state != ClusterNodePaused) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "the node is not up");
    }
    if (!drains && node->n_running > 0 && node->object.state == ClusterNodeUp) {
        return cl_fail(error, ERROR_NOT_SUPPORTED,
                       "a node in standby keeps nothing: pause it with draining");
    }
    return (!drains || check_drain(act, node, target, error)) && drain(act, node, target, error);
}

/* --- Resume ----------------------------------------------------------------------------------- */

static ClPcmkGroup *find_group(const ClPcmkAct *act, const char *xml_id)
{
    for (guint i = 0; i < act->model->groups->len; i++) {
        ClPcmkGroup *group = act->model->groups->pdata[i];
        if (g_strcmp0(group->xml_id, xml_id) == 0) {
            return group;
        }
    }
    return NULL;
}

/* All that draining took away, and that is still elsewhere and can come. */
static gboolean fail_back(ClPcmkAct *act, const ClPcmkNode *node, const char *drained,
                          GError **error)
{
    g_auto(GStrv) ids = g_strsplit(drained, " ", -1);
    for (char **id = ids; *id != NULL; id++) {
        const ClPcmkGroup *group = find_group(act, *id);
        gboolean comes = group && group->node != node && cl_pcmk_has_active(group) &&
                         cl_pcmk_can_host(group, node);
        xmlNode *element = comes ? cl_pcmk_group_element(act, group, error) : NULL;
        if (comes && element == NULL) {
            return FALSE;
        }
        if (comes) {
            cl_pcmk_begin_move(act, group, element, node);
        }
    }
    return TRUE;
}

/* Standby until the node is started again, which Pacemaker's own command can ask for, is no part of the
 * configuration. */
static void end_until_reboot(ClPcmkAct *act, const ClPcmkNode *node)
{
    const xmlNode *state =
        cl_xml_child_with(cl_xml_first(act->cib, "status"), "node_state", "id", node->uuid);
    if (cl_xml_nvpair(cl_xml_first(state, "transient_attributes"), "instance_attributes",
                      "standby") != NULL) {
        ClPcmkRequest *request = cl_pcmk_request_new(act, CL_PCMK_UNSET, node, NULL);
        request->resource = g_strdup("standby");
        g_ptr_array_add(act->requests, request);
    }
}

/* By policy: what a group prefers and how much it sticks to where it is decide by themselves. */
gboolean cl_pcmk_resume(ClPcmkAct *act, GError **error)
{
    const ClPcmkNode *node = (ClPcmkNode *)act->object;
    if (act->action->number > FailbackGroupsPerPolicy) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown kind of failback");
    }
    if (!cl_pcmk_check_flags(act, 0, 0, error)) {
        return FALSE;
    }
    if (node->object.state != ClusterNodePaused) {
        return node->object.state == ClusterNodeUp
                   ? cl_fail(error, ERROR_CLUSTER_NODE_NOT_PAUSED, "the node is not paused")
                   : cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "the node is not up");
    }
    g_autofree char *name = g_strdup_printf(DRAINED "-%s", node->uuid);
    g_autofree char *drained = g_strdup(cl_edit_property(act->cib, DRAINED, name) ?: "");
    xmlNode *element = node_element(act, node, error);
    if (element == NULL || (act->action->number == FailbackGroupsImmediately &&
                            !fail_back(act, node, drained, error))) {
        return FALSE;
    }
    cl_edit_set_node_attribute(act->cib, element, "standby", NULL);
    end_until_reboot(act, node);
    cl_edit_set_property(act->cib, DRAINED, name, NULL);
    return TRUE;
}

/* --- Evict ------------------------------------------------------------------------------------ */

static gboolean check_gone(const ClPcmkAct *act, const ClPcmkNode *node, GError **error)
{
    const GPtrArray *members = act->model->corosync->members;
    if (node->object.state != ClusterNodeDown) {
        return cl_fail(error, ERROR_CANT_EVICT_ACTIVE_NODE, "the node is not down");
    }
    if (node->remote) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "a remote node is a resource");
    }
    for (guint i = 0; i < members->len; i++) {
        const ClPcmkMember *member = members->pdata[i];
        if (member->nodeid == node->nodeid) {
            return cl_fail(error, ERROR_NOT_SUPPORTED,
                           "the node is in corosync.conf, from which Pacemaker would add it again");
        }
    }
    return TRUE;
}

static void drop_where(xmlNode *parent, const char *name, const char *attribute, const char *value)
{
    xmlNode *next = NULL;
    for (xmlNode *at = cl_xml_first(parent, name); at != NULL; at = next) {
        next = cl_xml_next(at, name);
        if (g_strcmp0(cl_xml_get(at, attribute), value) == 0) {
            cl_edit_remove(at);
        }
    }
}

/* It leaves every list. Rules that name it mean nothing from then on. */
gboolean cl_pcmk_evict(ClPcmkAct *act, GError **error)
{
    const ClPcmkNode *node = (ClPcmkNode *)act->object;
    g_autofree char *drained = g_strdup_printf(DRAINED "-%s", node->uuid);
    if (!check_gone(act, node, error)) {
        return FALSE;
    }
    drop_where(cl_xml_at(act->cib, "configuration/nodes"), "node", "id", node->uuid);
    drop_where(cl_xml_at(act->cib, "status"), "node_state", "id", node->uuid);
    drop_where(cl_xml_at(act->cib, "configuration/constraints"), "rsc_location", "node",
               node->object.name);
    cl_edit_set_property(act->cib, DRAINED, drained, NULL);
    cl_pcmk_registry_forget(act->cib, CL_KIND_NODE, node->object.id);
    g_ptr_array_add(act->requests, cl_pcmk_request_new(act, CL_PCMK_FORGET, node, NULL));
    return TRUE;
}
