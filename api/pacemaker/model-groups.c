/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The groups of the CIB, in its order, with their resources; and what runs though the CIB has it no
 * more.
 */
#include <string.h>

#include "empty-group.h"
#include "identity.h"
#include "model-internal.h"
#include "xml.h"

/* --- Lists by id -------------------------------------------------------------------------------- */

char *cl_pcmk_plain_id(const char *id)
{
    const char *colon = strrchr(id, ':');
    gboolean numbered = colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1);
    return numbered ? g_strndup(id, (gsize)(colon - id)) : g_strdup(id);
}

static void unref_list(gpointer list)
{
    g_ptr_array_unref(list);
}

GHashTable *cl_pcmk_lists_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_list);
}

void cl_pcmk_lists_add(GHashTable *lists, const char *key, gconstpointer object)
{
    GPtrArray *list = g_hash_table_lookup(lists, key);
    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(lists, g_strdup(key), list);
    }
    g_ptr_array_add(list, (gpointer)object);
}

/* All elements of that name below, which are not in each other. */
static void file_all(GHashTable *lists, const xmlNode *below, const char *name)
{
    for (xmlNode *at = cl_xml_first(below, NULL); at; at = cl_xml_next(at, NULL)) {
        const char *id = cl_xml_get(at, "id");
        if (!cl_xml_is(at, name)) {
            file_all(lists, at, name);
        } else if (id) {
            g_autofree char *plain = cl_pcmk_plain_id(id);
            cl_pcmk_lists_add(lists, plain, at);
        }
    }
}

static GHashTable *file_of(const xmlNode *below, const char *name)
{
    GHashTable *lists = cl_pcmk_lists_new();
    file_all(lists, below, name);
    return lists;
}

/* --- Groups ------------------------------------------------------------------------------------- */

static ClPcmkGroup *add_group(ClPcmkAdding *adding, const xmlNode *element, ClPcmkShape shape,
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
    group->wanted = element && cl_pcmk_model_is_wanted(adding, element);
    g_ptr_array_add(model->groups, group);
    return group;
}

static gint32 group_state(const ClPcmkModel *model, const ClPcmkGroup *group)
{
    guint online = 0;
    gboolean failed = FALSE, pending = FALSE, unknown = !model->connected;
    for (guint i = 0; i < group->resources->len; i++) {
        gint32 state = ((const ClPcmkResource *)group->resources->pdata[i])->object.state;
        online += state == ClusterResourceOnline;
        failed |= state == ClusterResourceFailed;
        pending |= state == ClusterResourceOnlinePending || state == ClusterResourceOfflinePending;
        unknown |= state == ClusterResourceStateUnknown;
    }
    return failed                            ? ClusterGroupFailed
           : pending                         ? ClusterGroupPending
           : unknown                         ? ClusterGroupStateUnknown
           : online == 0                     ? ClusterGroupOffline
           : online == group->resources->len ? ClusterGroupOnline
                                             : ClusterGroupPartialOnline;
}

/* Where something of it is active, and not within something else of it; else where something was
 * last. */
static ClPcmkNode *group_node(const ClPcmkGroup *group)
{
    ClPcmkNode *within = NULL;
    ClPcmkNode *last = NULL;
    guint64 newest = 0;
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->active && resource->node) {
            if (!resource->node->guest) {
                return resource->node;
            }
            within = within ? within : resource->node;
        } else if (resource->node && resource->changed >= newest && !resource->node->guest) {
            newest = resource->changed;
            last = resource->node;
        }
    }
    return within ? within : last;
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
        if (!resource->node || cl_pcmk_model_is_nowhere(resource)) {
            resource->node = group->node;
        }
    }
}

static void add_plain(ClPcmkAdding *adding, const xmlNode *element, const char *id)
{
    gboolean alone = cl_xml_is(element, "primitive");
    ClPcmkGroup *group =
        add_group(adding, element, alone ? CL_PCMK_PRIMITIVE : CL_PCMK_GROUP, id, id);
    for (xmlNode *at = alone ? (xmlNode *)element : cl_xml_first(element, "primitive"); at;
         at = alone ? NULL : cl_xml_next(at, "primitive")) {
        const char *own = cl_xml_get(at, "id");
        if (own) {
            const ClPcmkNew new = {.element = at,
                                   .xml_id = own,
                                   .name = own,
                                   .status = cl_pcmk_model_status_of(adding, own, NULL)};
            cl_pcmk_model_add_resource(adding, group, &new);
        }
    }
    finish_group(adding->model, group, NULL);
}

/* --- Clones ------------------------------------------------------------------------------------- */

/* What a clone is made of: its <group>, or itself with the one <primitive> in it. */
static const xmlNode *members_of(const xmlNode *clone)
{
    const xmlNode *inner = cl_xml_first(clone, "group");
    return inner ? inner : clone;
}

/* Any instance of a primitive, best one that runs nowhere. */
static const xmlNode *sibling_of(const ClPcmkAdding *adding, const char *xml_id)
{
    const GPtrArray *list = g_hash_table_lookup(adding->status, xml_id);
    for (guint i = 0; list && i < list->len; i++) {
        if (!cl_xml_first(list->pdata[i], "node")) {
            return list->pdata[i];
        }
    }
    return list ? list->pdata[0] : NULL;
}

static void add_instance(ClPcmkAdding *adding, const xmlNode *clone, const char *id,
                         ClPcmkNode *node)
{
    g_autofree char *name = g_strconcat(id, "@", node->object.name, NULL);
    ClPcmkGroup *group = add_group(adding, clone, CL_PCMK_CLONE, id, name);
    for (xmlNode *at = cl_xml_first(members_of(clone), "primitive"); at;
         at = cl_xml_next(at, "primitive")) {
        const char *own = cl_xml_get(at, "id");
        if (own) {
            g_autofree char *placed = g_strconcat(own, "@", node->object.name, NULL);
            const ClPcmkNew new = {.element = at,
                                   .xml_id = own,
                                   .name = placed,
                                   .place = node,
                                   .status = cl_pcmk_model_status_of(adding, own, node),
                                   .sibling = sibling_of(adding, own)};
            cl_pcmk_model_add_resource(adding, group, &new);
        }
    }
    finish_group(adding->model, group, node);
}

static gboolean has_instance(const ClPcmkAdding *adding, const xmlNode *clone,
                             const ClPcmkNode *node)
{
    for (xmlNode *at = cl_xml_first(members_of(clone), "primitive"); at;
         at = cl_xml_next(at, "primitive")) {
        const char *own = cl_xml_get(at, "id");
        if (own && cl_pcmk_model_status_of(adding, own, node)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Within a bundle there is what the bundle is for; anything else only if the status shows it. */
static void add_clone(ClPcmkAdding *adding, const xmlNode *clone, const char *id)
{
    for (guint i = 0; i < adding->model->nodes->len; i++) {
        ClPcmkNode *node = adding->model->nodes->pdata[i];
        if (!g_hash_table_contains(adding->contained, node->object.name) ||
            has_instance(adding, clone, node)) {
            add_instance(adding, clone, id, node);
        }
    }
}

/* --- Bundles ------------------------------------------------------------------------------------ */

/* The node that a replica is: that of the resource by which it is reached. */
static ClPcmkNode *node_within(const ClPcmkAdding *adding, const xmlNode *replica)
{
    for (xmlNode *at = cl_xml_first(replica, "resource"); at; at = cl_xml_next(at, "resource")) {
        const char *id = cl_xml_get(at, "id");
        ClPcmkNode *node = id ? g_hash_table_lookup(adding->nodes, id) : NULL;
        if (node && node->remote) {
            return node;
        }
    }
    return NULL;
}

/* The address, the container, the remote node in it, and the primitive that the bundle is for. */
static void add_replica(ClPcmkAdding *adding, const xmlNode *replica, const xmlNode *bundle,
                        const char *id)
{
    const char *number = cl_xml_get(replica, "id") ? cl_xml_get(replica, "id") : "0";
    g_autofree char *name = g_strconcat(id, "@", number, NULL);
    ClPcmkGroup *group = add_group(adding, bundle, CL_PCMK_BUNDLE, id, name);
    for (xmlNode *at = cl_xml_first(replica, "resource"); at; at = cl_xml_next(at, "resource")) {
        const char *own = cl_xml_get(at, "id");
        g_autofree char *plain = cl_pcmk_plain_id(own ? own : "");
        g_autofree char *placed = g_strconcat(plain, "@", number, NULL);
        const xmlNode *element = cl_xml_child_with(bundle, "primitive", "id", plain);
        const ClPcmkNew new = {.element = element,
                               .xml_id = element ? plain : own,
                               .name = element ? placed : own,
                               .place = element ? node_within(adding, replica) : NULL,
                               .status = at};
        if (own) {
            cl_pcmk_model_add_resource(adding, group, &new);
        }
    }
    finish_group(adding->model, group, NULL);
}

/* The status alone knows how many there are. */
static void add_bundle(ClPcmkAdding *adding, const xmlNode *status, const xmlNode *bundle,
                       const char *id)
{
    const xmlNode *shown = cl_xml_child_with(cl_xml_first(status, "resources"), "bundle", "id", id);
    for (xmlNode *at = cl_xml_first(shown, "replica"); at; at = cl_xml_next(at, "replica")) {
        add_replica(adding, at, bundle, id);
    }
}

/* --- All ---------------------------------------------------------------------------------------- */

static void add_element(ClPcmkAdding *adding, const xmlNode *status, const xmlNode *element)
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

/* What the CIB has no more, while it runs: a group of one that nobody wants. */
static void add_orphans(ClPcmkAdding *adding, const xmlNode *status)
{
    const xmlNode *resources = cl_xml_first(status, "resources");
    for (xmlNode *at = cl_xml_first(resources, "resource"); at; at = cl_xml_next(at, "resource")) {
        const char *id = cl_xml_get(at, "id");
        if (id && cl_xml_is_true(at, "orphaned") && cl_xml_is_true(at, "active") &&
            !cl_pcmk_model_find(adding->model, CL_KIND_RESOURCE, id) &&
            !cl_pcmk_model_find(adding->model, CL_KIND_GROUP, id)) {
            ClPcmkGroup *group = add_group(adding, NULL, CL_PCMK_PRIMITIVE, id, id);
            const ClPcmkNew new = {.xml_id = id, .name = id, .status = at};
            cl_pcmk_model_add_resource(adding, group, &new)->wanted = FALSE;
            finish_group(adding->model, group, NULL);
        }
    }
}

static void add_empty(ClPcmkAdding *adding)
{
    const xmlNode *root = xmlDocGetRootElement(adding->model->cib);
    g_auto(GStrv) empty = cl_pcmk_empty_groups(root);
    for (char **name = empty; *name; name++) {
        ClPcmkGroup *group = add_group(adding, NULL, CL_PCMK_GROUP, *name, *name);
        group->object.element = cl_pcmk_empty_group_shown(root, *name);
        finish_group(adding->model, group, NULL);
    }
}

static GHashTable *templates_of(const xmlNode *resources)
{
    GHashTable *templates = g_hash_table_new(g_str_hash, g_str_equal);
    for (xmlNode *at = cl_xml_first(resources, "template"); at; at = cl_xml_next(at, "template")) {
        if (cl_xml_get(at, "id")) {
            g_hash_table_insert(templates, (gpointer)cl_xml_get(at, "id"), at);
        }
    }
    return templates;
}

static GHashTable *contained_in(const xmlNode *resources)
{
    GHashTable *contained = cl_pcmk_lists_new();
    for (xmlNode *at = cl_xml_first(resources, "bundle"); at; at = cl_xml_next(at, "bundle")) {
        file_all(contained, at, "resource");
    }
    return contained;
}

static gboolean is_set(const xmlNode *root, const char *option)
{
    return cl_xml_text_is_true(cl_xml_nvpair_value(cl_xml_at(root, "configuration/crm_config"),
                                                   "cluster_property_set", option));
}

void cl_pcmk_model_add_groups(ClPcmkModel *model, const ClPcmkSources *sources)
{
    const xmlNode *root = xmlDocGetRootElement(model->cib);
    const xmlNode *resources = cl_xml_at(root, "configuration/resources");
    g_autoptr(GHashTable) nodes = cl_pcmk_model_nodes_by_name(model);
    const xmlNode *shown = cl_xml_first(sources->status, "resources");
    g_autoptr(GHashTable) status = file_of(shown, "resource");
    g_autoptr(GHashTable) contained = contained_in(shown);
    g_autoptr(GHashTable) history =
        file_of(cl_xml_first(sources->status, "node_history"), "resource_history");
    g_autoptr(GHashTable) records = file_of(cl_xml_first(root, "status"), "lrm_resource");
    g_autoptr(GHashTable) templates = templates_of(resources);
    ClPcmkAdding adding = {.model = model,
                           .nodes = nodes,
                           .status = status,
                           .history = history,
                           .records = records,
                           .templates = templates,
                           .contained = contained,
                           .stopped = is_set(root, "stop-all-resources"),
                           .maintenance = is_set(root, "maintenance-mode")};
    for (xmlNode *at = cl_xml_first(resources, NULL); at; at = cl_xml_next(at, NULL)) {
        add_element(&adding, sources->status, at);
    }
    add_orphans(&adding, sources->status);
    add_empty(&adding);
}
