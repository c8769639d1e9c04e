/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of preferred owners, locations of a group with small scores, and of possible owners: a
 * location of -INFINITY is for each node that a resource may not be on. Locations with rules, patterns
 * and sets are an administrator's, and stay as they are.
 */
#include "act.h"
#include "edit.h"
#include "move.h"

static gboolean is_opt_in(const ClPcmkAct *act)
{
    const char *symmetric = cl_xml_nvpair_value(cl_xml_at(act->cib, "configuration/crm_config"),
                                                "cluster_property_set", "symmetric-cluster");
    return symmetric != NULL && !cl_xml_text_is_true(symmetric);
}

static void add_location(ClPcmkAct *act, const char *what, const char *id, const ClPcmkNode *node,
                         const char *score)
{
    g_autofree char *own =
        cl_edit_new_id(act->cib, "clusapi-%s-%s-%s", what, id, node->object.name);
    cl_edit_add(cl_edit_section(act->cib, "constraints"), "rsc_location", "id", own, "rsc", id,
                "node", node->object.name, "score", score, NULL);
}

/* A location for one node and one resource or group, in any role. */
static gboolean is_plain(const xmlNode *location, const char *id)
{
    return cl_xml_is(location, "rsc_location") && g_strcmp0(cl_xml_get(location, "rsc"), id) == 0 &&
           cl_xml_get(location, "node") != NULL && cl_xml_get(location, "role") == NULL &&
           !cl_pcmk_move_is(location);
}

/* --- Preferred owners ------------------------------------------------------------------------- */

static gboolean check_list(const ClPcmkAct *act, GError **error)
{
    for (gsize i = 0; i < act->action->n_others; i++) {
        for (gsize k = 0; k < i; k++) {
            if (act->others[k] == act->others[i]) {
                return cl_fail(error, ERROR_INVALID_PARAMETER, "a node is there twice");
            }
        }
        if (act->others[i] == NULL) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "a node is missing");
        }
    }
    return TRUE;
}

static gboolean is_the_list(const ClPcmkAct *act, const ClPcmkGroup *group)
{
    gboolean same = group->preferred->len == act->action->n_others;
    for (guint i = 0; same && i < group->preferred->len; i++) {
        same = group->preferred->pdata[i] == act->others[i];
    }
    return same;
}

/* Where nodes have to be named to be possible at all they stay named. */
static void drop_preferences(ClPcmkAct *act, const ClPcmkGroup *group)
{
    gboolean opt_in = is_opt_in(act);
    xmlNode *next = NULL;
    for (xmlNode *at = cl_xml_first(cl_edit_section(act->cib, "constraints"), NULL); at != NULL;
         at = next) {
        next = cl_xml_next(at, NULL);
        if (!is_plain(at, group->xml_id) || cl_edit_score(cl_xml_get(at, "score")) <= 0) {
            continue;
        }
        if (opt_in) {
            cl_edit_set(at, "score", "0");
        } else {
            cl_edit_remove(at);
        }
    }
}

static gboolean prefers_by_rule(const ClPcmkAct *act, const ClPcmkGroup *group)
{
    const xmlNode *constraints = cl_xml_at(act->cib, "configuration/constraints");
    for (const xmlNode *at = cl_xml_first(constraints, "rsc_location"); at != NULL;
         at = cl_xml_next(at, "rsc_location")) {
        gboolean ours = g_strcmp0(cl_xml_get(at, "rsc"), group->xml_id) == 0;
        for (const xmlNode *rule = cl_xml_first(at, "rule"); ours && rule != NULL;
             rule = cl_xml_next(rule, "rule")) {
            if (!cl_pcmk_move_is(at) && cl_edit_score(cl_xml_get(rule, "score")) > 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* That somebody prefers another node is no reason to go there at once. */
gboolean cl_pcmk_set_preferred_owners(ClPcmkAct *act, GError **error)
{
    const ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    gsize n = act->action->n_others;
    if (!cl_pcmk_check_plain(group, error) || !check_list(act, error)) {
        return FALSE;
    }
    if (is_the_list(act, group)) {
        return TRUE;
    }
    if (group->resources->len == 0) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "a group without resources prefers nothing");
    }
    if (prefers_by_rule(act, group)) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "a rule says what the group prefers");
    }
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    drop_preferences(act, group);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *score = g_strdup_printf("%" G_GSIZE_FORMAT, n - i);
        add_location(act, "preferred", group->xml_id, (ClPcmkNode *)act->others[i], score);
    }
    if (cl_pcmk_has_active(group) && n > 0) {
        cl_pcmk_hold(act, group, element, group->node);
    }
    return TRUE;
}

/* --- Possible owners -------------------------------------------------------------------------- */

static gboolean drop_bans(ClPcmkAct *act, const char *id, const ClPcmkNode *node)
{
    gboolean any = FALSE;
    xmlNode *next = NULL;
    for (xmlNode *at = cl_xml_first(cl_edit_section(act->cib, "constraints"), NULL); at != NULL;
         at = next) {
        next = cl_xml_next(at, NULL);
        if (is_plain(at, id) && g_strcmp0(cl_xml_get(at, "node"), node->object.name) == 0 &&
            cl_edit_score(cl_xml_get(at, "score")) <= -CL_EDIT_INFINITY) {
            cl_edit_remove(at);
            any = TRUE;
        }
    }
    return any;
}

/* What was said of the whole group is so of the others still. */
static gboolean allow(ClPcmkAct *act, const ClPcmkResource *resource, const ClPcmkNode *node)
{
    const ClPcmkGroup *group = resource->group;
    gboolean any = drop_bans(act, resource->xml_id, node);
    if (group->shape != CL_PCMK_GROUP || !drop_bans(act, group->xml_id, node)) {
        return any;
    }
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *member = group->resources->pdata[i];
        if (member != resource) {
            (void)drop_bans(act, member->xml_id, node);
            add_location(act, "possible", member->xml_id, node, "-INFINITY");
        }
    }
    return TRUE;
}

gboolean cl_pcmk_add_possible_owner(ClPcmkAct *act, GError **error)
{
    const ClPcmkResource *resource = (ClPcmkResource *)act->object;
    const ClPcmkNode *node = (ClPcmkNode *)act->others[0];
    if (node == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a node is missing");
    }
    if (cl_pcmk_is_possible(resource, node)) {
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "it is a possible owner");
    }
    if (!cl_pcmk_check_plain(resource->group, error)) {
        return FALSE;
    }
    gboolean allowed = allow(act, resource, node);
    if (is_opt_in(act)) {
        add_location(act, "possible", resource->xml_id, node, "0");
    } else if (!allowed) {
        return cl_fail(error, ERROR_NOT_SUPPORTED,
                       "a rule, a pattern or a set keeps the resource from the node");
    }
    return TRUE;
}

gboolean cl_pcmk_remove_possible_owner(ClPcmkAct *act, GError **error)
{
    const ClPcmkResource *resource = (ClPcmkResource *)act->object;
    const ClPcmkNode *node = (ClPcmkNode *)act->others[0];
    if (node == NULL || !cl_pcmk_is_possible(resource, node)) {
        return cl_fail(error, ERROR_CLUSTER_NODE_NOT_FOUND, "it is no possible owner");
    }
    if (!cl_pcmk_check_plain(resource->group, error)) {
        return FALSE;
    }
    if ((resource->active || cl_pcmk_is_pending(resource)) && resource->node == node) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is not offline there");
    }
    add_location(act, "possible", resource->xml_id, node, "-INFINITY");
    return TRUE;
}
