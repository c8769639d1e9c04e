/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs that take groups online and offline: by the target-role of a group, or of a primitive that
 * is alone. What runs on one node only of a clone is banned from there, and let back.
 */
#include "act.h"
#include "edit.h"
#include "move.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_ONLINE_SYNCHRONOUS |              \
     CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE | CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE)

/* Pacemaker always takes the best node; what must not be together it never puts together. */
#define MEANT_FLAGS (ONLINE_FLAGS & ~(guint32)CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE)

#define ROLE        "target-role"

/* --- What a group is in the CIB --------------------------------------------------------------- */

static void drop_temporary(xmlNode *element)
{
    xmlNode *next = NULL;
    for (xmlNode *set = cl_xml_first(element, "meta_attributes"); set != NULL; set = next) {
        const char *id = cl_xml_get(set, "id");
        next = cl_xml_next(set, "meta_attributes");
        if (id != NULL && (g_str_has_prefix(id, CL_PCMK_RESTART_PREFIX) ||
                           g_str_has_prefix(id, CL_PCMK_DESTROY_PREFIX))) {
            cl_edit_remove(set);
        }
    }
}

/* Whatever was wished for single resources is so no more. */
void cl_pcmk_set_role(ClPcmkAct *act, xmlNode *element, const char *role)
{
    cl_edit_set_meta(act->cib, element, ROLE, role);
    drop_temporary(element);
    for (xmlNode *at = cl_xml_first(element, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
        if (cl_xml_is(at, "primitive") || cl_xml_is(at, "group")) {
            cl_edit_drop_meta(at, ROLE);
            drop_temporary(at);
        }
    }
}

/* Replicas are not told apart by any constraint. */
static gboolean check_single(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    guint n = 0;
    for (guint i = 0; i < act->model->groups->len; i++) {
        const ClPcmkGroup *other = act->model->groups->pdata[i];
        n += g_strcmp0(other->xml_id, group->xml_id) == 0 ? 1 : 0;
    }
    return n == 1 || cl_fail(error, ERROR_NOT_SUPPORTED,
                             "the replicas of a bundle are started and stopped together");
}

/* --- Instances of clones ---------------------------------------------------------------------- */

static xmlNode *find_ban(const ClPcmkAct *act, const char *clone, const ClPcmkNode *node)
{
    xmlNode *at = cl_xml_first(cl_xml_at(act->cib, "configuration/constraints"), "rsc_location");
    while (at != NULL && !(g_strcmp0(cl_xml_get(at, "rsc"), clone) == 0 &&
                           g_strcmp0(cl_xml_get(at, "node"), node->object.name) == 0 &&
                           cl_xml_get(at, "role") == NULL &&
                           cl_edit_score(cl_xml_get(at, "score")) <= -CL_EDIT_INFINITY)) {
        at = cl_xml_next(at, "rsc_location");
    }
    return at;
}

static void ban(ClPcmkAct *act, const char *clone, const ClPcmkNode *node)
{
    if (find_ban(act, clone, node) != NULL) {
        return;
    }
    g_autofree char *id =
        cl_edit_new_id(act->cib, "clusapi-offline-%s-%s", clone, node->object.name);
    cl_edit_add(cl_edit_section(act->cib, "constraints"), "rsc_location", "id", id, "rsc", clone,
                "node", node->object.name, "score", "-INFINITY", NULL);
}

/* If the clone as a whole is to be stopped, its other instances stay so each by itself. */
static void let_back(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *clone)
{
    const char *role = cl_xml_nvpair_value(clone, "meta_attributes", ROLE);
    xmlNode *banned = NULL;
    for (guint i = 0; g_strcmp0(role, "Stopped") == 0 && i < act->model->nodes->len; i++) {
        const ClPcmkNode *other = act->model->nodes->pdata[i];
        if (other != group->node) {
            ban(act, group->xml_id, other);
        }
    }
    cl_pcmk_set_role(act, clone, "Started");
    while ((banned = find_ban(act, group->xml_id, group->node)) != NULL) {
        cl_edit_remove(banned);
    }
}

/* --- Online ----------------------------------------------------------------------------------- */

/* Somewhere it must be able to run. */
static gboolean check_any_node(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    gboolean paused = FALSE;
    for (guint i = 0; i < act->model->nodes->len; i++) {
        const ClPcmkNode *node = act->model->nodes->pdata[i];
        gboolean can = cl_pcmk_can_host(group, node);
        if (can && node->object.state == ClusterNodeUp) {
            return TRUE;
        }
        paused = paused || (can && node->object.state == ClusterNodePaused);
    }
    return paused ? cl_fail(error, ERROR_SHARING_PAUSED, "all nodes that can have it are paused")
                  : cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "no node that can have it is up");
}

gboolean cl_pcmk_check_place(const ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node,
                             GError **error)
{
    if (node == NULL) {
        return group->object.state == ClusterGroupOnline || check_any_node(act, group, error);
    }
    return cl_pcmk_check_node(node, error) &&
           (cl_pcmk_can_host(group, node) ||
            cl_fail(error, ERROR_NODE_CANT_HOST_RESOURCE,
                    "the node is no possible owner of all resources"));
}

static gboolean online_instance(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element,
                                const ClPcmkNode *node, GError **error)
{
    if (node != NULL && node != group->node) {
        return cl_fail(error, ERROR_NODE_CANT_HOST_RESOURCE,
                       "what a clone has on one node stays there");
    }
    if (!cl_pcmk_check_node(group->node, error)) {
        return FALSE;
    }
    let_back(act, group, element);
    return TRUE;
}

static gboolean bring_online(ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node,
                             GError **error)
{
    gboolean there = node == group->node && group->object.state == ClusterGroupOnline;
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    if (group->shape == CL_PCMK_CLONE) {
        return online_instance(act, group, element, node, error);
    }
    if ((!there && !cl_pcmk_check_place(act, group, node, error)) ||
        (group->shape == CL_PCMK_BUNDLE && !check_single(act, group, error))) {
        return FALSE;
    }
    cl_pcmk_set_role(act, element, "Started");
    if (node != NULL && !there) {
        cl_pcmk_begin_move(act, group, element, node);
    } else {
        cl_pcmk_go_to_owner(act, group, element);
    }
    return TRUE;
}

gboolean cl_pcmk_online_group(ClPcmkAct *act, GError **error)
{
    ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    ClPcmkNode *node = act->action->n_others > 0 ? (ClPcmkNode *)act->others[0] : NULL;
    if (!cl_pcmk_check_flags(act, ONLINE_FLAGS, MEANT_FLAGS, error) ||
        !cl_pcmk_check_input(act, group->resources, error) || !cl_pcmk_check_idle(group, error) ||
        (!(act->action->flags & CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS) &&
         !cl_pcmk_check_managed(group, error))) {
        return FALSE;
    }
    if (group->resources->len == 0) {
        return TRUE;
    }
    if (!bring_online(act, group, node, error)) {
        return FALSE;
    }
    for (guint i = 0; i < group->resources->len; i++) {
        cl_pcmk_request_clean(act, group->resources->pdata[i]);
    }
    gboolean done = group->object.state == ClusterGroupOnline && (!node || node == group->node);
    act->result = done ? ERROR_SUCCESS : ERROR_IO_PENDING;
    return TRUE;
}

/* --- Offline ---------------------------------------------------------------------------------- */

static gboolean take_offline(ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    if (group->shape == CL_PCMK_CLONE) {
        const char *role = cl_xml_nvpair_value(element, "meta_attributes", ROLE);
        if (g_strcmp0(role, "Stopped") != 0) {
            ban(act, group->xml_id, group->node);
        }
        return TRUE;
    }
    if (group->shape == CL_PCMK_BUNDLE && !check_single(act, group, error)) {
        return FALSE;
    }
    cl_pcmk_set_role(act, element, "Stopped");
    (void)cl_pcmk_drop_moves(act, group);
    if (cl_pcmk_has_active(group)) {
        cl_pcmk_owner_keep(act->cib, group->xml_id, NULL);
    }
    return TRUE;
}

gboolean cl_pcmk_offline_group(ClPcmkAct *act, GError **error)
{
    ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    guint32 known = CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS;
    if (!cl_pcmk_check_flags(act, known, known, error) ||
        !cl_pcmk_check_input(act, group->resources, error) || !cl_pcmk_check_idle(group, error) ||
        (act->action->flags == 0 && !cl_pcmk_check_managed(group, error))) {
        return FALSE;
    }
    if (group->resources->len > 0 && !take_offline(act, group, error)) {
        return FALSE;
    }
    act->result = cl_pcmk_has_active(group) ? ERROR_IO_PENDING : ERROR_SUCCESS;
    return TRUE;
}
