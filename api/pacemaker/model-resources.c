/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One resource: its type, its state out of the status, and its history.
 */
#include <string.h>

#include "attributes.h"
#include "edit.h"
#include "identity.h"
#include "model-internal.h"
#include "xml.h"

static ClPcmkNode *node_named(const ClPcmkAdding *adding, const char *name)
{
    return name ? g_hash_table_lookup(adding->nodes, name) : NULL;
}

/* --- States ------------------------------------------------------------------------------------- */

/* The target-role that an element, or one around it, or the defaults give. */
gboolean cl_pcmk_model_is_wanted(const ClPcmkAdding *adding, const xmlNode *element)
{
    const char *role = element ? cl_pcmk_meta(element, "target-role") : NULL;
    return !adding->stopped && (!role || g_ascii_strcasecmp(role, "Stopped") != 0);
}

/* Whether a set of ours has it stopped for a while. */
static gboolean is_overruled(const xmlNode *element)
{
    for (; element && !cl_xml_is(element, "resources"); element = element->parent) {
        for (xmlNode *at = cl_xml_first(element, CL_PCMK_META); at;
             at = cl_xml_next(at, CL_PCMK_META)) {
            const char *id = cl_xml_get(at, "id");
            if (id && g_str_has_prefix(id, CL_PCMK_OWN_SETS)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* The status knows what rules make of it. */
static gboolean is_wanted(const ClPcmkAdding *adding, const ClPcmkResource *resource,
                          const ClPcmkNew *new)
{
    const xmlNode *element = new->element ? new->element : resource->group->object.element;
    const xmlNode *any = new->status ? new->status : new->sibling;
    const char *role = cl_xml_get(any, "target_role");
    if (!any || !new->element || is_overruled(element)) {
        return cl_pcmk_model_is_wanted(adding, element);
    }
    return !adding->stopped && (!role || g_ascii_strcasecmp(role, "Stopped") != 0);
}

/* The status has what is under way in place of a role. */
static gint32 pending_state(const char *role)
{
    static const struct {
        const char *role;
        gint32 state;
    } pending[] = {{"Starting", ClusterResourceOnlinePending},
                   {"Promoting", ClusterResourceOnlinePending},
                   {"Migrating", ClusterResourceOnlinePending},
                   {"Stopping", ClusterResourceOfflinePending},
                   {"Demoting", ClusterResourceOfflinePending}};
    for (gsize i = 0; i < G_N_ELEMENTS(pending); i++) {
        if (g_strcmp0(role, pending[i].role) == 0) {
            return pending[i].state;
        }
    }
    return ClusterResourceStateUnknown;
}

static gboolean is_active(const xmlNode *status)
{
    return cl_xml_is_true(status, "active") &&
           g_strcmp0(cl_xml_get(status, "role"), "Stopped") != 0;
}

/* On a node that is down a resource is no more than believed to run, until that is fenced; then it is
 * started elsewhere, if somebody manages it. */
static gint32 active_state(const ClPcmkAdding *adding, const xmlNode *status)
{
    gboolean any = FALSE;
    for (xmlNode *at = cl_xml_first(status, "node"); at; at = cl_xml_next(at, "node")) {
        const ClPcmkNode *node = node_named(adding, cl_xml_get(at, "name"));
        if (node && node->object.state != ClusterNodeDown) {
            return ClusterResourceOnline;
        }
        any = TRUE;
    }
    return !any                                ? ClusterResourceOnline
           : cl_xml_is_true(status, "managed") ? ClusterResourceOnlinePending
                                               : ClusterResourceStateUnknown;
}

static gint32 state_of_status(const ClPcmkAdding *adding, const xmlNode *status)
{
    gint32 pending = pending_state(cl_xml_get(status, "role"));
    if (cl_xml_is_true(status, "blocked")) {
        return ClusterResourceFailed;
    }
    if (pending != ClusterResourceStateUnknown) {
        return pending;
    }
    if (cl_xml_is_true(status, "failed")) {
        return ClusterResourceFailed;
    }
    return is_active(status) ? active_state(adding, status) : ClusterResourceOffline;
}

/* How much a state says of several instances on one node. */
static guint weight_of(gint32 state)
{
    switch (state) {
    case ClusterResourceFailed:
        return 4;
    case ClusterResourceOnlinePending:
    case ClusterResourceOfflinePending:
        return 3;
    case ClusterResourceOnline:
        return 2;
    case ClusterResourceOffline:
        return 0;
    default:
        return 1;
    }
}

static gboolean runs_on(const xmlNode *status, const ClPcmkNode *node)
{
    return cl_xml_child_with(status, "node", "name", node->object.name) != NULL;
}

static gboolean is_meant(const xmlNode *status, const char *xml_id, const ClPcmkNode *node)
{
    return node ? runs_on(status, node)
                : strcmp(cl_xml_get(status, "id"), xml_id) == 0 &&
                      !cl_xml_is_true(status, "orphaned");
}

const xmlNode *cl_pcmk_model_status_of(const ClPcmkAdding *adding, const char *xml_id,
                                       const ClPcmkNode *node)
{
    const GPtrArray *list = g_hash_table_lookup(adding->status, xml_id);
    const xmlNode *found = NULL;
    guint most = 0;
    for (guint i = 0; list && i < list->len; i++) {
        if (!is_meant(list->pdata[i], xml_id, node)) {
            continue;
        }
        guint weight = weight_of(state_of_status(adding, list->pdata[i]));
        if (!found || weight > most) {
            found = list->pdata[i];
            most = weight;
        }
    }
    return found;
}

static gboolean has_given_up(const ClPcmkResource *resource)
{
    for (guint i = 0; i < resource->fail_counts->len; i++) {
        if (((const ClPcmkFailCount *)resource->fail_counts->pdata[i])->given_up) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_pcmk_model_is_contained(const ClPcmkResource *resource)
{
    return resource->group->shape == CL_PCMK_BUNDLE && resource->object.element;
}

gboolean cl_pcmk_model_is_nowhere(const ClPcmkResource *resource)
{
    return !resource->active && strcmp(resource->role, "Stopped") == 0 &&
           !cl_pcmk_model_is_contained(resource);
}

/* Where it is active; of several nodes one that is up. */
static ClPcmkNode *place_of(const ClPcmkAdding *adding, const xmlNode *status)
{
    ClPcmkNode *place = NULL;
    for (xmlNode *at = cl_xml_first(status, "node"); at; at = cl_xml_next(at, "node")) {
        ClPcmkNode *node = node_named(adding, cl_xml_get(at, "name"));
        if (node && (!place || place->object.state == ClusterNodeDown)) {
            place = node;
        }
    }
    return place;
}

/* What is blocked Pacemaker does not manage either, but only until its failure is cleaned up; that is
 * managed which nobody has said is not. */
static gboolean is_managed(const ClPcmkAdding *adding, const ClPcmkNew *new)
{
    const xmlNode *status = new->status ? new->status : new->sibling;
    if (!status || cl_xml_is_true(status, "managed") || !cl_xml_is_true(status, "blocked")) {
        return !status || cl_xml_is_true(status, "managed");
    }
    const ClPcmkNode *node = place_of(adding, status);
    const char *managed = new->element ? cl_pcmk_meta(new->element, "is-managed") : NULL;
    const char *maintenance = new->element ? cl_pcmk_meta(new->element, "maintenance") : NULL;
    return (!managed || cl_xml_text_is_true(managed)) && !cl_xml_text_is_true(maintenance) &&
           !adding->maintenance && !(node && node->maintenance);
}

/* What cannot be started any more Pacemaker counts as stopped. */
static void read_state(const ClPcmkAdding *adding, ClPcmkResource *resource, const ClPcmkNew *new)
{
    const xmlNode *status = new->status;
    const char *role = cl_xml_get(status, "role");
    gint32 state = state_of_status(adding, status);
    resource->role = g_utf8_make_valid(role ? role : "Stopped", -1);
    resource->active = is_active(status);
    resource->blocked = cl_xml_is_true(status, "blocked");
    resource->managed = is_managed(adding, new);
    resource->wanted = is_wanted(adding, resource, new);
    resource->node = new->place ? new->place : place_of(adding, status);
    if (state == ClusterResourceOffline && resource->wanted && has_given_up(resource)) {
        state = ClusterResourceFailed;
    }
    resource->failed = state == ClusterResourceFailed || cl_xml_is_true(status, "failed");
    resource->object.state = adding->model->connected ? state : ClusterResourceStateUnknown;
}

/* --- History ------------------------------------------------------------------------------------ */

#define FILETIME_OF_UNIX G_GUINT64_CONSTANT(116444736000000000)
#define FILETIME_LATEST  ((G_MAXINT64 - FILETIME_OF_UNIX) / 10 / G_USEC_PER_SEC)

/* What an operation did, not what a look found. */
static gboolean changes_state(const xmlNode *operation)
{
    static const char *const tasks[] = {"start", "stop", "promote", "demote", "migrate_from", NULL};
    const char *task = cl_xml_get(operation, "operation");
    return task && g_strv_contains(tasks, task);
}

/* Which of two operations tells more of where something is: one that is still under way, else the
 * later one; within a second one that has not stopped it. */
static gboolean tells_more(const xmlNode *operation, const xmlNode *than)
{
    gboolean pending = cl_xml_number(operation, "op-status", 0) == -1;
    gboolean other_pending = cl_xml_number(than, "op-status", 0) == -1;
    gint64 when = cl_xml_number(operation, "last-rc-change", 0);
    gint64 other_when = cl_xml_number(than, "last-rc-change", 0);
    if (!than || pending != other_pending) {
        return !than || pending;
    }
    return when > other_when ||
           (when == other_when && g_strcmp0(cl_xml_get(operation, "operation"), "stop") != 0);
}

/* The node that an element of the CIB's status is about. */
static ClPcmkNode *node_around(const ClPcmkAdding *adding, const xmlNode *record)
{
    while (record && !cl_xml_is(record, "node_state")) {
        record = record->parent;
    }
    return node_named(adding, cl_xml_get(record, "uname"));
}

/* When it changed, and where it was then. */
static void read_records(const ClPcmkAdding *adding, ClPcmkResource *resource,
                         const ClPcmkNode *place)
{
    const GPtrArray *records = g_hash_table_lookup(adding->records, resource->xml_id);
    gint64 newest = 0;
    const xmlNode *best = NULL;
    for (guint i = 0; records && i < records->len; i++) {
        gboolean meant = !place || node_around(adding, records->pdata[i]) == place;
        for (xmlNode *at = cl_xml_first(records->pdata[i], "lrm_rsc_op"); at && meant;
             at = cl_xml_next(at, "lrm_rsc_op")) {
            gint64 when = cl_xml_number(at, "last-rc-change", 0);
            if (changes_state(at) && when > 0 && (guint64)when <= FILETIME_LATEST) {
                newest = MAX(newest, when);
                best = tells_more(at, best) ? at : best;
            }
        }
    }
    resource->changed = newest > 0 ? (guint64)newest * 10 * G_USEC_PER_SEC + FILETIME_OF_UNIX : 0;
    if (!resource->node) {
        resource->node = node_around(adding, best);
    }
}

static guint64 count_of(const char *text)
{
    guint64 count =
        text && strcmp(text, "INFINITY") != 0 ? g_ascii_strtoull(text, NULL, 10) : G_MAXUINT64;
    return count >= CL_EDIT_INFINITY ? G_MAXUINT64 : count;
}

/* A resource that has failed as often as is allowed is not tried on that node again. */
static void read_fail_counts(const ClPcmkAdding *adding, ClPcmkResource *resource,
                             const ClPcmkNode *place)
{
    const GPtrArray *list = g_hash_table_lookup(adding->history, resource->xml_id);
    for (guint i = 0; list && i < list->len; i++) {
        const xmlNode *history = list->pdata[i];
        const char *count = cl_xml_get(history, "fail-count");
        gint64 threshold = cl_xml_number(history, "migration-threshold", CL_EDIT_INFINITY);
        ClPcmkNode *node = node_named(adding, cl_xml_get(history->parent, "name"));
        if (count && node && (!place || node == place)) {
            ClPcmkFailCount *failed = g_new(ClPcmkFailCount, 1);
            *failed = (ClPcmkFailCount){.node = node, .count = count_of(count)};
            failed->given_up = threshold > 0 && failed->count >= (guint64)threshold;
            g_ptr_array_add(resource->fail_counts, failed);
        }
    }
}

/* --- Adding ------------------------------------------------------------------------------------- */

/* Of a primitive, or of the template that it is made from. */
static char *type_of(const ClPcmkAdding *adding, const ClPcmkNew *new)
{
    const char *template = cl_xml_get(new->element, "template");
    const xmlNode *described =
        template ? g_hash_table_lookup(adding->templates, template) : new->element;
    const char *agent = cl_xml_get(new->status, "resource_agent");
    const char *class = cl_xml_get(described, "class");
    const char *provider = cl_xml_get(described, "provider");
    const char *type = cl_xml_get(described, "type");
    if (!class || !type) {
        return g_utf8_make_valid(agent ? agent : "", -1);
    }
    g_autofree char *text =
        provider ? g_strjoin(":", class, provider, type, NULL) : g_strjoin(":", class, type, NULL);
    return g_utf8_make_valid(text, -1);
}

ClPcmkResource *cl_pcmk_model_add_resource(ClPcmkAdding *adding, ClPcmkGroup *group,
                                           const ClPcmkNew *new)
{
    ClPcmkModel *model = adding->model;
    g_autofree char *id =
        cl_pcmk_identity(xmlDocGetRootElement(model->cib), CL_KIND_RESOURCE, new->name);
    ClPcmkResource *resource = g_new0(ClPcmkResource, 1);
    cl_pcmk_model_enter(model, &resource->object, CL_KIND_RESOURCE, new->name, id);
    resource->object.element = new->element;
    resource->group = group;
    resource->xml_id = g_strdup(new->xml_id);
    resource->type = type_of(adding, new);
    resource->possible = g_ptr_array_new();
    resource->providers = g_ptr_array_new();
    resource->fail_counts = g_ptr_array_new_with_free_func(g_free);
    read_fail_counts(adding, resource, new->place);
    read_state(adding, resource, new);
    read_records(adding, resource, new->place);
    g_ptr_array_add(group->resources, resource);
    g_ptr_array_add(model->resources, resource);
    return resource;
}
