/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs that move a group, by a location that move.c removes when the group has arrived, and what
 * keeps it there afterwards.
 */
#include <string.h>

#include "act.h"
#include "edit.h"
#include "move.h"

#define MOVE_FLAGS                                                                                 \
    (CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS |                                                   \
     CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED |        \
     CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START | CLUSAPI_GROUP_MOVE_FAILBACK |                        \
     CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE)

/* A group that cannot be where it was moved goes where it can, which Pacemaker finds. */
#define MEANT_FLAGS                                                                                \
    (CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED |                \
     CLUSAPI_GROUP_MOVE_FAILBACK)

/* More than what groups are worth where they are, less than INFINITY, under which nothing counts. */
#define ELSEWHERE  "500000"

#define STICKINESS "resource-stickiness"

/* --- What keeps a group ------------------------------------------------------------------------- */

static gboolean is_of(const ClPcmkGroup *group, const char *id)
{
    gboolean is = g_strcmp0(group->xml_id, id) == 0;
    for (guint i = 0; !is && i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        is = g_strcmp0(resource->xml_id, id) == 0;
    }
    return is;
}

/* How much locations of the group and of its resources are for a node. */
static gint64 liking_for(const ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node)
{
    gint64 sum = 0;
    const xmlNode *constraints = cl_xml_at(act->cib, "configuration/constraints");
    for (const xmlNode *at = cl_xml_first(constraints, "rsc_location"); at != NULL;
         at = cl_xml_next(at, "rsc_location")) {
        if (is_of(group, cl_xml_get(at, "rsc")) &&
            g_strcmp0(cl_xml_get(at, "node"), node->object.name) == 0 && !cl_pcmk_move_is(at)) {
            gint64 score = cl_edit_score(cl_xml_get(at, "score"));
            sum = MIN(sum + MAX(score, 0), CL_EDIT_INFINITY);
        }
    }
    return sum;
}

/* As Pacemaker finds it: of the resource, else of its group, else the default. */
static gint64 stickiness_of(const ClPcmkAct *act, const xmlNode *group,
                            const ClPcmkResource *resource)
{
    const xmlNode *own = cl_edit_find(act->cib, "primitive", resource->xml_id);
    const char *value = cl_xml_nvpair_value(own, "meta_attributes", STICKINESS);
    if (value == NULL) {
        value = cl_xml_nvpair_value(group, "meta_attributes", STICKINESS);
    }
    if (value == NULL) {
        value = cl_xml_nvpair_value(cl_xml_at(act->cib, "configuration/rsc_defaults"),
                                    "meta_attributes", STICKINESS);
    }
    return cl_edit_score(value);
}

static gint64 stickiness_of_all(const ClPcmkAct *act, const ClPcmkGroup *group,
                                const xmlNode *element)
{
    gint64 sum = 0;
    for (guint i = 0; i < group->resources->len; i++) {
        gint64 one = stickiness_of(act, element, group->resources->pdata[i]);
        sum = MIN(sum + MAX(one, 0), CL_EDIT_INFINITY);
    }
    return sum;
}

/* Whoever set it for this group or one of its resources wants it so. */
static gboolean is_decided(const ClPcmkAct *act, const ClPcmkGroup *group, const xmlNode *element)
{
    const xmlNode *pair = cl_xml_nvpair(element, "meta_attributes", STICKINESS);
    gboolean decided = pair != NULL && !g_str_has_prefix(cl_xml_get(pair, "id") ?: "", "clusapi-");
    for (guint i = 0; !decided && i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        const xmlNode *own = cl_edit_find(act->cib, "primitive", resource->xml_id);
        decided = own != element && cl_xml_nvpair(own, "meta_attributes", STICKINESS) != NULL;
    }
    return decided;
}

/* Without stickiness Pacemaker puts a group wherever fewest resources are, at each change of anything;
 * with too little of it, where the group prefers to be. Then what was moved there would go back. */
void cl_pcmk_hold(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element,
                  const ClPcmkNode *node)
{
    gint64 here = node != NULL ? liking_for(act, group, node) : 0;
    gint64 needed = 1;
    for (guint i = 0; i < act->model->nodes->len; i++) {
        const ClPcmkNode *other = act->model->nodes->pdata[i];
        gint64 there = other != node ? liking_for(act, group, other) : 0;
        needed = there < CL_EDIT_INFINITY ? MAX(needed, there - here + 1) : needed;
    }
    if (is_decided(act, group, element) || stickiness_of_all(act, group, element) >= needed) {
        return;
    }
    g_autofree char *value = g_strdup_printf("%" G_GINT64_FORMAT, needed);
    cl_edit_drop_meta(element, STICKINESS);
    g_autofree char *id = cl_edit_new_id(act->cib, "clusapi-hold-%s", group->xml_id);
    cl_edit_set_meta(act->cib, element, STICKINESS, value);
    cl_edit_set((xmlNode *)cl_xml_nvpair(element, "meta_attributes", STICKINESS), "id", id);
}

/* --- The location ------------------------------------------------------------------------------- */

void cl_pcmk_add_until(ClPcmkAct *act, xmlNode *rule)
{
    g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(act->now / G_USEC_PER_SEC);
    g_autoptr(GDateTime) until = g_date_time_add_hours(now, 1);
    g_autofree char *end = g_date_time_format(until, "%Y-%m-%d %H:%M:%SZ");
    g_autofree char *id = cl_edit_new_id(act->cib, "%s-until", cl_xml_get(rule, "id"));
    cl_edit_add(rule, "date_expression", "id", id, "operation", "lt", "end", end, NULL);
}

void cl_pcmk_stop_for_now(ClPcmkAct *act, xmlNode *element, const char *prefix)
{
    char *id = cl_edit_new_id(act->cib, "%s%s", prefix, cl_xml_get(element, "id"));
    xmlNode *set = cl_edit_add(element, "meta_attributes", "id", id, "score", "INFINITY", NULL);
    g_ptr_array_add(act->begun, id);
    g_autofree char *rule_id = cl_edit_new_id(act->cib, "%s-rule", id);
    xmlNode *rule =
        cl_edit_add(set, "rule", "id", rule_id, "score", "0", "boolean-op", "and", NULL);
    cl_pcmk_add_until(act, rule);
    g_autofree char *pair = cl_edit_new_id(act->cib, "%s-role", id);
    cl_edit_add(set, "nvpair", "id", pair, "name", "target-role", "value", "Stopped", NULL);
}

static void add_rule(ClPcmkAct *act, xmlNode *location, const char *score, const char *operation,
                     const ClPcmkNode *node)
{
    g_autofree char *id = cl_edit_new_id(act->cib, "%s-rule", cl_xml_get(location, "id"));
    xmlNode *rule =
        cl_edit_add(location, "rule", "id", id, "score", score, "boolean-op", "and", NULL);
    g_autofree char *expression = cl_edit_new_id(act->cib, "%s-node", id);
    cl_edit_add(rule, "expression", "id", expression, "attribute", "#uname", "operation", operation,
                "value", node->object.name, NULL);
    cl_pcmk_add_until(act, rule);
}

/* Ours, and what `crm_resource --move` left: the last word counts. */
gboolean cl_pcmk_drop_moves(ClPcmkAct *act, const ClPcmkGroup *group)
{
    xmlNode *next = NULL;
    gboolean any = FALSE;
    for (xmlNode *at = cl_xml_first(cl_edit_section(act->cib, "constraints"), "rsc_location");
         at != NULL; at = next) {
        next = cl_xml_next(at, "rsc_location");
        if (cl_pcmk_move_is(at) && g_strcmp0(cl_xml_get(at, "rsc"), group->xml_id) == 0) {
            cl_edit_remove(at);
            any = TRUE;
        }
    }
    return any;
}

/* Nothing outweighs INFINITY but its opposite. */
static gboolean is_tied(const ClPcmkAct *act, const ClPcmkGroup *group, const xmlNode *element,
                        const ClPcmkNode *node)
{
    return stickiness_of_all(act, group, element) >= CL_EDIT_INFINITY ||
           liking_for(act, group, node) >= CL_EDIT_INFINITY;
}

void cl_pcmk_begin_move(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element,
                        const ClPcmkNode *node)
{
    const ClPcmkNode *from = cl_pcmk_has_active(group) ? group->node : NULL;
    (void)cl_pcmk_drop_moves(act, group);
    g_autofree char *id = cl_edit_new_id(act->cib, CL_PCMK_MOVE_PREFIX "%s", group->xml_id);
    xmlNode *location = cl_edit_add(cl_edit_section(act->cib, "constraints"), "rsc_location", "id",
                                    id, "rsc", group->xml_id, NULL);
    gboolean tied = from != NULL && from != node && is_tied(act, group, element, from);
    if (node != NULL) {
        add_rule(act, location, "INFINITY", "eq", node);
    } else if (!tied) {
        add_rule(act, location, ELSEWHERE, "ne", from);
    }
    if (tied) {
        add_rule(act, location, "-INFINITY", "eq", from);
    }
    g_ptr_array_add(act->begun, g_steal_pointer(&id));
    cl_pcmk_owner_keep(act->cib, group->xml_id, NULL);
    cl_pcmk_hold(act, group, element, node);
}

/* --- Move --------------------------------------------------------------------------------------- */

static gboolean is_candidate(const ClPcmkGroup *group, const ClPcmkNode *node)
{
    return node != group->node && node->object.state == ClusterNodeUp &&
           cl_pcmk_can_host(group, node);
}

/* One that it prefers to where it is, or NULL. */
static ClPcmkNode *find_preferred(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->preferred->len; i++) {
        ClPcmkNode *node = group->preferred->pdata[i];
        if (node == group->node) {
            return NULL;
        }
        if (is_candidate(group, node)) {
            return node;
        }
    }
    return NULL;
}

/* The best other node for what runs nowhere: one that it prefers, else one with little to do. */
static ClPcmkNode *find_best(const ClPcmkAct *act, const ClPcmkGroup *group)
{
    ClPcmkNode *best = NULL;
    for (guint i = 0; best == NULL && i < group->preferred->len; i++) {
        ClPcmkNode *node = group->preferred->pdata[i];
        best = is_candidate(group, node) ? node : NULL;
    }
    if (best != NULL) {
        return best;
    }
    for (guint i = 0; i < act->model->nodes->len; i++) {
        ClPcmkNode *node = act->model->nodes->pdata[i];
        if (is_candidate(group, node) && (best == NULL || node->n_running < best->n_running)) {
            best = node;
        }
    }
    return best;
}

static gboolean check_target(const ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node,
                             GError **error)
{
    if (node == NULL) {
        return find_best(act, group) != NULL ||
               cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE,
                       "there is no other node that can have the group");
    }
    return cl_pcmk_check_node(node, error) &&
           (cl_pcmk_can_host(group, node) ||
            cl_fail(error, ERROR_HOST_NODE_NOT_GROUP_OWNER,
                    "the node is no possible owner of all resources"));
}

/* With the flag, a group that is busy goes when it can: that is how locations are. */
static gboolean check_group(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    guint32 flags = act->action->flags;
    guint32 both = CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED;
    if ((flags & both) == both) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "flags that exclude each other");
    }
    if (!cl_pcmk_check_plain(group, error) || !cl_pcmk_check_input(act, group->resources, error)) {
        return FALSE;
    }
    return flags & CLUSAPI_GROUP_MOVE_QUEUE_ENABLED ||
           (cl_pcmk_check_idle(group, error) &&
            (flags & CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS ||
             cl_pcmk_check_managed(group, error)));
}

/* What failed on the node that somebody chose shall be tried there again. */
static void clean_all(ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node)
{
    for (guint i = 0; node != NULL && i < group->resources->len; i++) {
        cl_pcmk_request_clean(act, group->resources->pdata[i]);
    }
}

/* One that is offline, and to stay so, only belongs to another node from then on. */
static gboolean give_away(ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node)
{
    cl_pcmk_owner_keep(act->cib, group->xml_id, node->uuid);
    return TRUE;
}

/* Of what runs Pacemaker finds the best other place. */
static gboolean move(ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node,
                     GError **error)
{
    gboolean active = cl_pcmk_has_active(group);
    if (!check_target(act, group, node, error)) {
        return FALSE;
    }
    if (!active) {
        node = node != NULL ? node : find_best(act, group);
    }
    if (!active && !group->wanted) {
        return give_away(act, group, node);
    }
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    cl_pcmk_begin_move(act, group, element, node);
    clean_all(act, group, node);
    act->result = ERROR_IO_PENDING;
    return TRUE;
}

gboolean cl_pcmk_move_group(ClPcmkAct *act, GError **error)
{
    ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    ClPcmkNode *node = act->action->n_others > 0 ? (ClPcmkNode *)act->others[0] : NULL;
    if (!cl_pcmk_check_flags(act, MOVE_FLAGS, MEANT_FLAGS, error)) {
        return FALSE;
    }
    if (node != NULL && node == group->node && group->object.state != ClusterGroupPending) {
        (void)cl_pcmk_drop_moves(act, group);
        return TRUE;
    }
    if (!check_group(act, group, error)) {
        return FALSE;
    }
    if (act->action->flags & CLUSAPI_GROUP_MOVE_FAILBACK && node == NULL) {
        node = find_preferred(group);
        return node == NULL || move(act, group, node, error);
    }
    return move(act, group, node, error);
}

void cl_pcmk_go_to_owner(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element)
{
    const char *uuid = cl_pcmk_owner(act->cib, group->xml_id);
    const ClPcmkNode *node = uuid ? cl_pcmk_model_node_of_uuid(act->model, uuid) : NULL;
    gboolean can = node != NULL && !cl_pcmk_has_active(group) &&
                   node->object.state == ClusterNodeUp && cl_pcmk_can_host(group, node);
    cl_pcmk_owner_keep(act->cib, group->xml_id, NULL);
    if (can) {
        cl_pcmk_begin_move(act, group, element, node);
    }
}

/* What has begun to stop would start where it prefers to be: it is to be where it was. */
gboolean cl_pcmk_cancel_move(ClPcmkAct *act, GError **error)
{
    ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    gboolean moves = group->move != NULL && group->moving_to != group->node;
    gboolean pending = group->object.state == ClusterGroupPending;
    if (!cl_pcmk_check_flags(act, 0, 0, error)) {
        return FALSE;
    }
    if (!moves) {
        return cl_fail(error, ERROR_INVALID_STATE, "the group does not move");
    }
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    (void)cl_pcmk_drop_moves(act, group);
    if (pending && group->node != NULL) {
        cl_pcmk_begin_move(act, group, element, group->node);
    }
    act->result = pending ? ERROR_IO_PENDING : ERROR_SUCCESS;
    return TRUE;
}
