/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Groups and resources: what the CIB has, in its order, each with what the status says of it.
 */
#include <string.h>

#include "empty-group.h"
#include "identity.h"
#include "model.h"
#include "xml.h"

/* Adding in progress. */
typedef struct {
    ClPcmkModel *model;
    GHashTable *status;  /* id in the CIB to GPtrArray of <resource> */
    GHashTable *history; /* id in the CIB to GPtrArray of <resource_history> */
    GHashTable *records; /* id in the CIB to GPtrArray of <lrm_resource>, of the CIB's status */
} Adding;

/* --- Looking up --------------------------------------------------------------------------------- */

/* Without the number of an instance: "web:0". */
static char *plain_id(const char *id)
{
    const char *colon = strrchr(id, ':');
    gboolean numbered = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);
    return numbered ? g_strndup(id, (gsize)(colon - id)) : g_strdup(id);
}

static void file_under(GHashTable *table, const xmlNode *node)
{
    const char *id = cl_xml_get(node, "id");
    g_autofree char *plain = plain_id(id ? id : "");
    GPtrArray *list = g_hash_table_lookup(table, plain);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(table, g_steal_pointer(&plain), list);
    }
    g_ptr_array_add(list, (gpointer)node);
}

/* All elements of that name below, which may be in each other. */
static void file_all(GHashTable *table, const xmlNode *below, const char *name)
{
    for (xmlNode *at = cl_xml_first(below, NULL); at; at = cl_xml_next(at, NULL)) {
        if (cl_xml_is(at, name)) {
            file_under(table, at);
        } else {
            file_all(table, at, name);
        }
    }
}

static void unref_list(gpointer list)
{
    g_ptr_array_unref(list);
}

static GHashTable *file_of(const xmlNode *below, const char *name)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_list);
    file_all(table, below, name);
    return table;
}

static gboolean runs_on(const xmlNode *status, const ClPcmkNode *node)
{
    return cl_xml_child_with(status, "node", "name", node->object.name) != NULL;
}

/* What the status says of a primitive; in a clone of the instance on that node. */
static const xmlNode *status_of(const Adding *adding, const char *xml_id, const ClPcmkNode *node)
{
    const GPtrArray *list = g_hash_table_lookup(adding->status, xml_id);
    for (guint i = 0; list && i < list->len; i++) {
        if (!node || runs_on(list->pdata[i], node)) {
            return list->pdata[i];
        }
    }
    return NULL;
}

static ClPcmkNode *node_named(const ClPcmkModel *model, const char *name)
{
    return name ? (ClPcmkNode *)cl_pcmk_model_find(model, CL_KIND_NODE, name) : NULL;
}

/* --- States --------------------------------------------------------------------------------------- */

/* The target-role that an element or one around it in the CIB gives. */
static gboolean is_wanted(const ClPcmkModel *model, const xmlNode *element)
{
    const xmlNode *settings =
        cl_xml_at(xmlDocGetRootElement(model->cib), "configuration/crm_config");
    if (cl_xml_text_is_true(
            cl_xml_nvpair_value(settings, "cluster_property_set", "stop-all-resources"))) {
        return FALSE;
    }
    for (; element && !cl_xml_is(element, "resources"); element = element->parent) {
        const char *role = cl_xml_nvpair_value(element, "meta_attributes", "target-role");
        if (role) {
            return g_ascii_strcasecmp(role, "Stopped") != 0;
        }
    }
    return TRUE;
}

/* The word for what is under way: "Starting", "Stopping", "Promoting", ... */
static gint32 pending_state(const xmlNode *status)
{
    static const struct {
        const char *begin;
        gint32 state;
    } words[] = {{"Start", ClusterResourceOnlinePending},
                 {"Promot", ClusterResourceOnlinePending},
                 {"Migrat", ClusterResourceOnlinePending},
                 {"Stop", ClusterResourceOfflinePending},
                 {"Demot", ClusterResourceOfflinePending}};
    const char *role = cl_xml_get(status, "role");
    const char *pending = cl_xml_get(status, "pending");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (pending && g_str_has_prefix(pending, words[i].begin)) {
            return words[i].state;
        }
    }
    if (g_strcmp0(role, "Starting") == 0) {
        return ClusterResourceOnlinePending;
    }
    return g_strcmp0(role, "Stopping") == 0 ? ClusterResourceOfflinePending
                                            : ClusterResourceStateUnknown;
}

static gboolean has_given_up(const ClPcmkResource *resource)
{
    for (guint i = 0; i < resource->fail_counts->len; i++) {
        const ClPcmkFailCount *count = resource->fail_counts->pdata[i];
        if (count->count >= G_MAXUINT32) {
            return TRUE;
        }
    }
    return FALSE;
}

static gint32 state_of(const ClPcmkModel *model, const ClPcmkResource *resource,
                       const xmlNode *status)
{
    gint32 pending = pending_state(status);
    if (!model->connected) {
        return ClusterResourceStateUnknown;
    }
    if (resource->blocked) {
        return ClusterResourceFailed;
    }
    if (pending != ClusterResourceStateUnknown) {
        return pending;
    }
    if (resource->failed) {
        return ClusterResourceFailed;
    }
    return resource->active ? ClusterResourceOnline : ClusterResourceOffline;
}

/* Pacemaker counts resources that cannot start no more as stopped. */
static void read_state(Adding *adding, ClPcmkResource *resource, const xmlNode *status)
{
    const char *role = cl_xml_get(status, "role");
    const xmlNode *place = cl_xml_first(status, "node");
    resource->role = g_strdup(role ? role : "Stopped");
    resource->active = cl_xml_is_true(status, "active") && strcmp(resource->role, "Stopped") != 0;
    resource->blocked = cl_xml_is_true(status, "blocked");
    resource->managed = !status || cl_xml_is_true(status, "managed");
    resource->wanted = is_wanted(adding->model, resource->object.element);
    resource->failed = cl_xml_is_true(status, "failed") ||
                       (!resource->active && resource->wanted && has_given_up(resource));
    resource->node = node_named(adding->model, cl_xml_get(place, "name"));
    resource->object.state = state_of(adding->model, resource, status);
}

/* --- History ------------------------------------------------------------------------------------ */

#define FILETIME_OF_UNIX G_GUINT64_CONSTANT(116444736000000000)

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

static ClPcmkNode *node_of_record(const Adding *adding, const xmlNode *record)
{
    const xmlNode *state = record->parent->parent ? record->parent->parent->parent : NULL;
    return node_named(adding->model, cl_xml_get(state, "uname"));
}

static void read_records(const Adding *adding, ClPcmkResource *resource, const ClPcmkNode *only)
{
    const GPtrArray *records = g_hash_table_lookup(adding->records, resource->xml_id);
    gint64 newest = 0;
    const xmlNode *best = NULL;
    ClPcmkNode *where = NULL;
    for (guint i = 0; records && i < records->len; i++) {
        ClPcmkNode *node = node_of_record(adding, records->pdata[i]);
        for (xmlNode *at = cl_xml_first(records->pdata[i], "lrm_rsc_op");
             at && (!only || node == only); at = cl_xml_next(at, "lrm_rsc_op")) {
            gint64 when = cl_xml_number(at, "last-rc-change", 0);
            if (changes_state(at) && when > 0 && tells_more(at, best)) {
                best = at;
                where = node;
            }
            newest = changes_state(at) ? MAX(newest, when) : newest;
        }
    }
    resource->changed = newest > 0 ? (guint64)newest * 10 * G_USEC_PER_SEC + FILETIME_OF_UNIX : 0;
    if (!resource->node) {
        resource->node = where;
    }
}

static guint64 count_of(const char *text)
{
    guint64 count =
        text && strcmp(text, "INFINITY") != 0 ? g_ascii_strtoull(text, NULL, 10) : G_MAXUINT64;
    return count >= 1000000 ? G_MAXUINT64 : count;
}

static void read_fail_counts(const Adding *adding, ClPcmkResource *resource, const ClPcmkNode *only)
{
    const GPtrArray *list = g_hash_table_lookup(adding->history, resource->xml_id);
    for (guint i = 0; list && i < list->len; i++) {
        const xmlNode *history = list->pdata[i];
        const char *count = cl_xml_get(history, "fail-count");
        ClPcmkNode *node = node_named(adding->model, cl_xml_get(history->parent, "name"));
        if (count && node && (!only || node == only)) {
            ClPcmkFailCount *failed = g_new(ClPcmkFailCount, 1);
            *failed = (ClPcmkFailCount){node, count_of(count)};
            g_ptr_array_add(resource->fail_counts, failed);
        }
    }
}

/* --- Resources ------------------------------------------------------------------------------------ */

/* A primitive or the template that it is made from. */
static const xmlNode *described(const ClPcmkModel *model, const xmlNode *primitive)
{
    const char *template = cl_xml_get(primitive, "template");
    return template ? cl_xml_child_with(
                          cl_xml_at(xmlDocGetRootElement(model->cib), "configuration/resources"),
                          "template", "id", template)
                    : primitive;
}

static char *type_of(const ClPcmkModel *model, const xmlNode *primitive, const xmlNode *status)
{
    const xmlNode *element = described(model, primitive);
    const char *agent = cl_xml_get(status, "resource_agent");
    const char *class = cl_xml_get(element, "class");
    const char *provider = cl_xml_get(element, "provider");
    const char *type = cl_xml_get(element, "type");
    if (!class || !type) {
        return g_utf8_make_valid(agent ? agent : "", -1);
    }
    g_autofree char *text =
        provider ? g_strjoin(":", class, provider, type, NULL) : g_strjoin(":", class, type, NULL);
    return g_utf8_make_valid(text, -1);
}

/* @instance: the node of a clone, else NULL. @name: with its place. */
static void add_resource(Adding *adding, ClPcmkGroup *group, const xmlNode *element,
                         const char *xml_id, const char *name, const xmlNode *status,
                         const ClPcmkNode *instance)
{
    ClPcmkModel *model = adding->model;
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    g_autofree char *id = cl_pcmk_identity(root, CL_KIND_RESOURCE, name);
    ClPcmkResource *resource = g_new0(ClPcmkResource, 1);
    cl_pcmk_model_enter(model, &resource->object, CL_KIND_RESOURCE, name, id);
    resource->object.element = element;
    resource->group = group;
    resource->xml_id = g_strdup(xml_id);
    resource->type = type_of(model, element, status);
    resource->possible = g_ptr_array_new();
    resource->providers = g_ptr_array_new();
    resource->fail_counts = g_ptr_array_new_with_free_func(g_free);
    read_fail_counts(adding, resource, instance);
    read_state(adding, resource, status);
    read_records(adding, resource, instance);
    g_ptr_array_add(group->resources, resource);
    g_ptr_array_add(model->resources, resource);
}

/* --- Groups --------------------------------------------------------------------------------------- */

static ClPcmkGroup *add_group(Adding *adding, const xmlNode *element, ClPcmkShape shape,
                              const char *xml_id, const char *name)
{
    ClPcmkModel *model = adding->model;
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    g_autofree char *id = cl_pcmk_identity(root, CL_KIND_GROUP, name);
    ClPcmkGroup *group = g_new0(ClPcmkGroup, 1);
    cl_pcmk_model_enter(model, &group->object, CL_KIND_GROUP, name, id);
    group->object.element = element;
    group->shape = shape;
    group->xml_id = g_strdup(xml_id);
    group->resources = g_ptr_array_new();
    group->preferred = g_ptr_array_new();
    group->providers = g_ptr_array_new();
    group->wanted = element && is_wanted(model, element);
    g_ptr_array_add(model->groups, group);
    return group;
}

static gint32 group_state(const ClPcmkModel *model, const ClPcmkGroup *group)
{
    guint online = 0;
    gboolean failed = FALSE;
    gboolean pending = FALSE;
    for (guint i = 0; i < group->resources->len; i++) {
        gint32 state = ((const ClPcmkResource *)group->resources->pdata[i])->object.state;
        online += state == ClusterResourceOnline;
        failed |= state == ClusterResourceFailed;
        pending |= state == ClusterResourceOnlinePending || state == ClusterResourceOfflinePending;
    }
    return !model->connected                 ? ClusterGroupStateUnknown
           : failed                          ? ClusterGroupFailed
           : pending                         ? ClusterGroupPending
           : online == 0                     ? ClusterGroupOffline
           : online == group->resources->len ? ClusterGroupOnline
                                             : ClusterGroupPartialOnline;
}

/* Where something of it is active; else where something was last. */
static ClPcmkNode *group_node(const ClPcmkGroup *group)
{
    ClPcmkNode *last = NULL;
    guint64 newest = 0;
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->active && resource->node) {
            return resource->node;
        }
        if (resource->node && resource->changed >= newest) {
            newest = resource->changed;
            last = resource->node;
        }
    }
    return last;
}

static void finish_group(const ClPcmkModel *model, ClPcmkGroup *group, ClPcmkNode *instance)
{
    group->node = instance ? instance : group_node(group);
    group->object.state = group_state(model, group);
    group->managed = TRUE;
    for (guint i = 0; i < group->resources->len; i++) {
        ClPcmkResource *resource = group->resources->pdata[i];
        group->managed = group->managed && resource->managed;
        group->n_active += resource->active;
        if (!resource->active) {
            resource->node = group->node;
        }
    }
}

static void add_plain(Adding *adding, const xmlNode *element, const char *id)
{
    gboolean alone = cl_xml_is(element, "primitive");
    ClPcmkGroup *group =
        add_group(adding, element, alone ? CL_PCMK_PRIMITIVE : CL_PCMK_GROUP, id, id);
    for (xmlNode *at = alone ? (xmlNode *)element : cl_xml_first(element, "primitive"); at;
         at = alone ? NULL : cl_xml_next(at, "primitive")) {
        const char *own = cl_xml_get(at, "id");
        if (own) {
            add_resource(adding, group, at, own, own, status_of(adding, own, NULL), NULL);
        }
    }
    finish_group(adding->model, group, NULL);
}

static void add_instance(Adding *adding, const xmlNode *clone, const char *id, ClPcmkNode *node)
{
    g_autofree char *name = g_strconcat(id, "@", node->object.name, NULL);
    ClPcmkGroup *group = add_group(adding, clone, CL_PCMK_CLONE, id, name);
    const xmlNode *members = cl_xml_first(clone, "group");
    if (!members) {
        members = clone;
    }
    for (xmlNode *at = cl_xml_first(members, "primitive"); at; at = cl_xml_next(at, "primitive")) {
        const char *own = cl_xml_get(at, "id");
        if (own) {
            g_autofree char *placed = g_strconcat(own, "@", node->object.name, NULL);
            add_resource(adding, group, at, own, placed, status_of(adding, own, node), node);
        }
    }
    finish_group(adding->model, group, node);
}

/* Remote nodes have an instance only where the status shows one. */
static void add_clone(Adding *adding, const xmlNode *clone, const char *id)
{
    const xmlNode *inner = cl_xml_first(clone, "group");
    const xmlNode *first = cl_xml_first(inner ? inner : clone, "primitive");
    const char *own = cl_xml_get(first, "id");
    for (guint i = 0; own && i < adding->model->nodes->len; i++) {
        ClPcmkNode *node = adding->model->nodes->pdata[i];
        if (!node->remote || status_of(adding, own, node)) {
            add_instance(adding, clone, id, node);
        }
    }
}

static const xmlNode *bundle_status(const xmlNode *status, const char *id)
{
    return cl_xml_child_with(cl_xml_first(status, "resources"), "bundle", "id", id);
}

/* The address, the container, the remote node in it, and the primitive that the bundle is for. */
static void add_bundle(Adding *adding, const xmlNode *status, const xmlNode *bundle, const char *id)
{
    const xmlNode *shown = bundle_status(status, id);
    for (xmlNode *at = cl_xml_first(shown, "replica"); at; at = cl_xml_next(at, "replica")) {
        const char *number = cl_xml_get(at, "id");
        g_autofree char *name = g_strconcat(id, "@", number ? number : "0", NULL);
        ClPcmkGroup *group = add_group(adding, bundle, CL_PCMK_BUNDLE, id, name);
        for (xmlNode *each = cl_xml_first(at, "resource"); each;
             each = cl_xml_next(each, "resource")) {
            const char *own = cl_xml_get(each, "id");
            g_autofree char *plain = plain_id(own ? own : "");
            g_autofree char *placed = g_strconcat(plain, "@", number ? number : "0", NULL);
            const xmlNode *element = cl_xml_child_with(bundle, "primitive", "id", plain);
            if (own) {
                add_resource(adding, group, element, element ? plain : own, element ? placed : own,
                             each, NULL);
            }
        }
        finish_group(adding->model, group, NULL);
    }
}

static void add_element(Adding *adding, const xmlNode *status, const xmlNode *element)
{
    const char *id = cl_xml_get(element, "id");
    if (!id) {
        return;
    }
    if (cl_xml_is(element, "primitive") || cl_xml_is(element, "group")) {
        add_plain(adding, element, id);
    } else if (cl_xml_is(element, "clone") || cl_xml_is(element, "master")) {
        add_clone(adding, element, id);
    } else if (cl_xml_is(element, "bundle")) {
        add_bundle(adding, status, element, id);
    }
}

void cl_pcmk_model_add_groups(ClPcmkModel *model, const ClPcmkSources *sources)
{
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    const xmlNode *resources = cl_xml_at(root, "configuration/resources");
    g_autoptr(GHashTable) status = file_of(cl_xml_first(sources->status, "resources"), "resource");
    g_autoptr(GHashTable) history =
        file_of(cl_xml_first(sources->status, "node_history"), "resource_history");
    g_autoptr(GHashTable) records = file_of(cl_xml_first(root, "status"), "lrm_resource");
    Adding adding = {model, status, history, records};
    for (xmlNode *at = cl_xml_first(resources, NULL); at; at = cl_xml_next(at, NULL)) {
        add_element(&adding, sources->status, at);
    }
    g_auto(GStrv) empty = cl_pcmk_empty_groups(root);
    for (char **name = empty; *name; name++) {
        finish_group(model, add_group(&adding, NULL, CL_PCMK_GROUP, *name, *name), NULL);
    }
}
