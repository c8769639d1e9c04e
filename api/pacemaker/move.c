/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What there is only until something has happened: finding it, how far it has come as a model shows it,
 * and removing it. No state.
 */
#include "move.h"

#include <string.h>

#include "act.h"
#include "edit.h"
#include "remove.h"

/* --- What there is ---------------------------------------------------------------------------- */

static gboolean has_prefix(const xmlNode *element, const char *prefix)
{
    const char *id = cl_xml_get(element, "id");
    return id != NULL && g_str_has_prefix(id, prefix);
}

gboolean cl_pcmk_move_is(const xmlNode *location)
{
    return cl_xml_is(location, "rsc_location") &&
           (has_prefix(location, CL_PCMK_MOVE_PREFIX) || has_prefix(location, "cli-prefer-"));
}

const char *cl_pcmk_owner(const xmlNode *cib, const char *group)
{
    g_autofree char *name = g_strconcat(CL_PCMK_OWNER_PREFIX, group, NULL);
    return cl_edit_property(cib, CL_PCMK_OWNERS, name);
}

void cl_pcmk_owner_keep(xmlNode *cib, const char *group, const char *node)
{
    g_autofree char *name = g_strconcat(CL_PCMK_OWNER_PREFIX, group, NULL);
    cl_edit_set_property(cib, CL_PCMK_OWNERS, name, node);
}

/* The group that a property is for, or NULL. */
static const char *owned_group(const xmlNode *property)
{
    const char *name = cl_xml_is(property, "nvpair") ? cl_xml_get(property, "name") : NULL;
    gboolean is = name != NULL && g_str_has_prefix(name, CL_PCMK_OWNER_PREFIX);
    return is ? name + strlen(CL_PCMK_OWNER_PREFIX) : NULL;
}

static const xmlNode *node_expression(const xmlNode *location, const char *operation)
{
    for (const xmlNode *rule = cl_xml_first(location, "rule"); rule != NULL;
         rule = cl_xml_next(rule, "rule")) {
        const xmlNode *expression = cl_xml_child_with(rule, "expression", "operation", operation);
        if (expression != NULL && !g_str_has_prefix(cl_xml_get(rule, "score") ?: "", "-")) {
            return expression;
        }
    }
    return NULL;
}

const char *cl_pcmk_move_target(const xmlNode *location)
{
    const char *node = cl_xml_get(location, "node");
    return node != NULL ? node : cl_xml_get(node_expression(location, "eq"), "value");
}

/* Where the group was, of a move to anywhere else. */
static const char *source_of(const xmlNode *location)
{
    const xmlNode *away = node_expression(location, "ne");
    const xmlNode *rule = cl_xml_first(location, "rule");
    return cl_xml_get(away != NULL ? away : cl_xml_first(rule, "expression"), "value");
}

static gboolean is_temporary(const xmlNode *element)
{
    return owned_group(element) != NULL ||
           (cl_xml_is(element, "rsc_location") && has_prefix(element, CL_PCMK_MOVE_PREFIX)) ||
           (cl_xml_is(element, "meta_attributes") && (has_prefix(element, CL_PCMK_RESTART_PREFIX) ||
                                                      has_prefix(element, CL_PCMK_DESTROY_PREFIX)));
}

static void collect_below(xmlNode *parent, GPtrArray *found)
{
    for (xmlNode *at = cl_xml_first(parent, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
        if (is_temporary(at)) {
            g_ptr_array_add(found, at);
        } else if (cl_xml_is(at, "primitive") || cl_xml_is(at, "group") || cl_xml_is(at, "clone") ||
                   cl_xml_is(at, "master") || cl_xml_is(at, "bundle")) {
            collect_below(at, found);
        }
    }
}

char *cl_pcmk_move_key(const xmlNode *element)
{
    g_autoptr(GString) key = g_string_new(cl_xml_get(element, "id"));
    for (const xmlNode *rule = cl_xml_first(element, "rule"); rule != NULL;
         rule = cl_xml_next(rule, "rule")) {
        for (const xmlNode *at = cl_xml_first(rule, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
            const char *what = cl_xml_get(at, cl_xml_is(at, "expression") ? "value" : "end");
            g_string_append_printf(key, " %s %s", cl_xml_get(at, "operation"), what);
        }
    }
    return g_string_free(g_steal_pointer(&key), FALSE);
}

GPtrArray *cl_pcmk_move_collect(const xmlNode *cib)
{
    GPtrArray *found = g_ptr_array_new();
    collect_below(cl_xml_at(cib, "configuration/resources"), found);
    collect_below(cl_xml_at(cib, "configuration/constraints"), found);
    collect_below(cl_xml_child_with(cl_xml_at(cib, "configuration/crm_config"),
                                    "cluster_property_set", "id", CL_PCMK_OWNERS),
                  found);
    return found;
}

/* --- How far it is ---------------------------------------------------------------------------- */

/* Real time, or the end of time. */
static gint64 end_of(const xmlNode *element)
{
    const xmlNode *until = cl_xml_at(element, "rule/date_expression");
    const char *text = cl_xml_get(until, "end");
    g_autoptr(GDateTime) end = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
    return end ? g_date_time_to_unix(end) * G_USEC_PER_SEC : G_MAXINT64;
}

static const ClPcmkGroup *find_group(const ClPcmkModel *model, const char *xml_id)
{
    for (guint i = 0; xml_id != NULL && i < model->groups->len; i++) {
        const ClPcmkGroup *group = model->groups->pdata[i];
        if (g_strcmp0(group->xml_id, xml_id) == 0) {
            return group;
        }
    }
    return NULL;
}

static gboolean is_busy(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        if (cl_pcmk_is_pending(group->resources->pdata[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean restarts(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        for (const xmlNode *set = cl_xml_first(resource->object.element, "meta_attributes");
             set != NULL; set = cl_xml_next(set, "meta_attributes")) {
            if (has_prefix(set, CL_PCMK_RESTART_PREFIX)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* All that is to run runs where it should. */
static gboolean has_arrived(const ClPcmkGroup *group, const ClPcmkNode *target, const char *source)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        const char *at = resource->node ? resource->node->object.name : NULL;
        gboolean there = target != NULL ? resource->node == target : g_strcmp0(at, source) != 0;
        if (resource->active ? !there : resource->wanted) {
            return FALSE;
        }
    }
    return TRUE;
}

/* There; or everywhere, or where nothing can stop it. */
static gboolean has_failed(const ClPcmkGroup *group, const ClPcmkNode *target)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->blocked || (resource->failed && !resource->active)) {
            return TRUE;
        }
        for (guint k = 0; k < resource->fail_counts->len; k++) {
            const ClPcmkFailCount *failures = resource->fail_counts->pdata[k];
            if (failures->node == target && failures->count > 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static ClPcmkVerdict judge_move(const ClPcmkModel *model, const xmlNode *location)
{
    const ClPcmkGroup *group = find_group(model, cl_xml_get(location, "rsc"));
    const char *name = cl_pcmk_move_target(location);
    const ClPcmkNode *target =
        name ? (ClPcmkNode *)cl_pcmk_model_find(model, CL_KIND_NODE, name) : NULL;
    if (group == NULL || (!group->wanted && !cl_pcmk_has_active(group))) {
        return CL_PCMK_OVER;
    }
    if (is_busy(group) || restarts(group)) {
        return CL_PCMK_GOES_ON;
    }
    if (has_arrived(group, target, source_of(location)) && (target != NULL || name == NULL)) {
        return CL_PCMK_OVER;
    }
    if (name != NULL && (target == NULL || target->object.state != ClusterNodeUp)) {
        return CL_PCMK_OVER;
    }
    return has_failed(group, target) ? CL_PCMK_FAILED : CL_PCMK_STUCK;
}

static ClPcmkVerdict judge_restart(const ClPcmkModel *model, const char *xml_id)
{
    const ClPcmkResource *resource = cl_pcmk_model_resource_of_xml(model, xml_id, NULL);
    if (resource == NULL || resource->blocked) {
        return CL_PCMK_OVER;
    }
    if (cl_pcmk_is_pending(resource)) {
        return CL_PCMK_GOES_ON;
    }
    return resource->active ? CL_PCMK_STUCK : CL_PCMK_OVER;
}

static gboolean is_blocked(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->blocked) {
            return TRUE;
        }
    }
    return FALSE;
}

static ClPcmkVerdict judge_destruction(const ClPcmkModel *model, const char *xml_id)
{
    const ClPcmkGroup *group = find_group(model, xml_id);
    if (group == NULL || !cl_pcmk_has_active(group) || is_blocked(group)) {
        return CL_PCMK_OVER;
    }
    return is_busy(group) ? CL_PCMK_GOES_ON : CL_PCMK_STUCK;
}

static ClPcmkVerdict judge_owner(const ClPcmkModel *model, const xmlNode *property)
{
    const ClPcmkGroup *group = find_group(model, owned_group(property));
    gboolean meant = group != NULL && !cl_pcmk_has_active(group) &&
                     cl_pcmk_model_node_of_uuid(model, cl_xml_get(property, "value")) != NULL;
    return meant ? CL_PCMK_GOES_ON : CL_PCMK_OVER;
}

ClPcmkVerdict cl_pcmk_move_judge(const ClPcmkModel *model, const xmlNode *element, gint64 now)
{
    const char *owner = cl_xml_get(element->parent, "id");
    if (owned_group(element) != NULL) {
        return judge_owner(model, element);
    }
    if (now >= end_of(element)) {
        return CL_PCMK_OVER;
    }
    if (has_prefix(element, CL_PCMK_RESTART_PREFIX)) {
        return judge_restart(model, owner);
    }
    return has_prefix(element, CL_PCMK_DESTROY_PREFIX) ? judge_destruction(model, owner)
                                                       : judge_move(model, element);
}

/* --- The edit --------------------------------------------------------------------------------- */

static gboolean is_among(const char *const *keys, const xmlNode *element)
{
    g_autofree char *key = cl_pcmk_move_key(element);
    return keys == NULL || g_strv_contains(keys, key);
}

/* A group that is to go and cannot be stopped stays as it was. */
static void end(ClPcmkAct *act, xmlNode *element)
{
    const ClPcmkGroup *group = has_prefix(element, CL_PCMK_DESTROY_PREFIX)
                                   ? find_group(act->model, cl_xml_get(element->parent, "id"))
                                   : NULL;
    if (group != NULL && !cl_pcmk_has_active(group)) {
        cl_pcmk_delete_group(act, group);
    } else if (owned_group(element) != NULL) {
        g_autofree char *owned = g_strdup(owned_group(element));
        cl_pcmk_owner_keep(act->cib, owned, NULL);
    } else {
        cl_edit_remove(element);
    }
}

gboolean cl_pcmk_move_tidy(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkTidying *tidying = data;
    g_autoptr(GPtrArray) found = cl_pcmk_move_collect(cib);
    (void)error;
    g_clear_pointer(&tidying->requests, g_ptr_array_unref);
    tidying->requests = g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
    ClPcmkAct act = {.cib = cib, .model = model, .requests = tidying->requests};
    /* Moves first: of a group that is deleted they go with it. */
    for (guint i = found->len; i > 0; i--) {
        xmlNode *element = found->pdata[i - 1];
        ClPcmkVerdict verdict = is_among(tidying->keys, element)
                                    ? cl_pcmk_move_judge(model, element, tidying->now)
                                    : CL_PCMK_GOES_ON;
        if (verdict == CL_PCMK_OVER || (verdict != CL_PCMK_GOES_ON && !tidying->patient)) {
            end(&act, element);
        }
    }
    return TRUE;
}
