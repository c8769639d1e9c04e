/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model.h"

#include <libxml/globals.h>
#include <string.h>

#include "empty-group.h"
#include "identity.h"
#include "text.h"
#include "xml.h"

/* --- Finding -------------------------------------------------------------------------------------- */

ClPcmkObject *cl_pcmk_model_find_id(const ClPcmkModel *model, ClKind kind, const char *id)
{
    GHashTable *table = kind <= CL_KIND_CLUSTER ? model->by_id[kind] : NULL;
    g_autofree char *lower = g_ascii_strdown(id, -1);
    return table ? g_hash_table_lookup(table, lower) : NULL;
}

ClPcmkObject *cl_pcmk_model_find(const ClPcmkModel *model, ClKind kind, const char *name)
{
    GHashTable *table = kind <= CL_KIND_CLUSTER ? model->by_key[kind] : NULL;
    g_autofree char *key = cl_text_fold(name);
    ClPcmkObject *found = table ? g_hash_table_lookup(table, key) : NULL;
    return found ? found : cl_pcmk_model_find_id(model, kind, name);
}

ClPcmkNode *cl_pcmk_model_node_of_uuid(const ClPcmkModel *model, const char *uuid)
{
    for (guint i = 0; uuid && i < model->nodes->len; i++) {
        ClPcmkNode *node = model->nodes->pdata[i];
        if (strcmp(node->uuid, uuid) == 0) {
            return node;
        }
    }
    return NULL;
}

/* With a clone there is one for each node; elsewhere the node does not matter. */
ClPcmkResource *cl_pcmk_model_resource_of_xml(const ClPcmkModel *model, const char *xml_id,
                                              const ClPcmkNode *node)
{
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        if (strcmp(resource->xml_id, xml_id) == 0 &&
            (resource->group->shape != CL_PCMK_CLONE || !node || resource->group->node == node)) {
            return resource;
        }
    }
    return NULL;
}

const GPtrArray *cl_pcmk_model_all(const ClPcmkModel *model, ClKind kind)
{
    switch (kind) {
    case CL_KIND_NODE:
        return model->nodes;
    case CL_KIND_GROUP:
        return model->groups;
    case CL_KIND_RESOURCE:
        return model->resources;
    case CL_KIND_RESOURCE_TYPE:
        return model->types;
    case CL_KIND_NETWORK:
        return model->networks;
    case CL_KIND_NETINTERFACE:
        return model->interfaces;
    default:
        return NULL;
    }
}

GHashTable *cl_pcmk_model_nodes_by_name(const ClPcmkModel *model)
{
    GHashTable *nodes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < model->nodes->len; i++) {
        ClPcmkNode *node = model->nodes->pdata[i];
        g_hash_table_insert(nodes, node->object.name, node);
    }
    return nodes;
}

/* --- Building ------------------------------------------------------------------------------------- */

/* Pacemaker's names differ by case; the first of two that do not for us is found by name. */
void cl_pcmk_model_enter(ClPcmkModel *model, ClPcmkObject *object, ClKind kind, const char *name,
                         const char *id)
{
    object->kind = kind;
    object->name = g_utf8_make_valid(name, -1);
    object->key = cl_text_fold(object->name);
    object->id = g_strdup(id);
    if (!model->by_key[kind]) {
        model->by_key[kind] = g_hash_table_new(g_str_hash, g_str_equal);
        model->by_id[kind] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    if (!g_hash_table_contains(model->by_key[kind], object->key)) {
        g_hash_table_insert(model->by_key[kind], object->key, object);
    }
    g_hash_table_replace(model->by_id[kind], g_ascii_strdown(id, -1), object);
}

static void clear_object(ClPcmkObject *object)
{
    g_free(object->name);
    g_free(object->id);
    g_free(object->key);
}

static void free_node(gpointer data)
{
    ClPcmkNode *node = data;
    clear_object(&node->object);
    g_free(node->uuid);
    g_free(node);
}

static void free_group(gpointer data)
{
    ClPcmkGroup *group = data;
    clear_object(&group->object);
    g_free(group->xml_id);
    g_ptr_array_unref(group->resources);
    g_ptr_array_unref(group->preferred);
    g_ptr_array_unref(group->providers);
    g_free(group);
}

static void free_resource(gpointer data)
{
    ClPcmkResource *resource = data;
    clear_object(&resource->object);
    g_free(resource->xml_id);
    g_free(resource->type);
    g_free((gpointer)resource->role);
    g_ptr_array_unref(resource->possible);
    g_ptr_array_unref(resource->providers);
    g_ptr_array_unref(resource->fail_counts);
    g_free(resource);
}

static void free_type(gpointer data)
{
    ClPcmkType *type = data;
    clear_object(&type->object);
    g_ptr_array_unref(type->resources);
    g_free(type);
}

static void free_network(gpointer data)
{
    ClPcmkNetwork *network = data;
    clear_object(&network->object);
    g_free(network->address);
    g_ptr_array_unref(network->interfaces);
    g_free(network);
}

static void free_interface(gpointer data)
{
    ClPcmkInterface *interface = data;
    clear_object(&interface->object);
    g_free(interface->address);
    g_free(interface);
}

static const xmlNode *root_of(const ClPcmkModel *model)
{
    return xmlDocGetRootElement(model->cib);
}

/* A setting of the cluster, from whichever set has it. */
static const char *setting(const ClPcmkModel *model, const char *name)
{
    return cl_xml_nvpair_value(cl_xml_at(root_of(model), "configuration/crm_config"),
                               "cluster_property_set", name);
}

static char *valid(const char *text)
{
    return g_utf8_make_valid(text ? text : "", -1);
}

/* Of one that is configured; of other models than "net" no host is known. */
static char *witness_of(const ClPcmkCorosyncFacts *corosync)
{
    const char *model = corosync->device_model;
    g_autofree char *text = model && corosync->device_host
                                ? g_strconcat(model, ":", corosync->device_host, NULL)
                                : g_strdup(model);
    return valid(text);
}

static gint32 witness_state_of(const ClPcmkModel *model)
{
    const ClPcmkCorosyncFacts *corosync = model->corosync;
    gboolean has_device = *model->witness != '\0';
    if (has_device && !corosync->running) {
        return ClusterResourceStateUnknown;
    }
    if (!model->quorate) {
        return ClusterResourceOffline;
    }
    return has_device && corosync->device_votes == 0 ? ClusterResourceFailed
                                                     : ClusterResourceOnline;
}

static void read_cluster(ClPcmkModel *model, const ClPcmkSources *sources)
{
    const xmlNode *root = root_of(model);
    const ClPcmkCorosyncFacts *corosync = model->corosync;
    const char *name = setting(model, "cluster-name");
    const xmlNode *dc = cl_xml_at(sources->status, "summary/current_dc");
    model->name = valid(name && *name ? name : corosync->cluster_name);
    model->id = cl_pcmk_identity(root, CL_KIND_CLUSTER, model->name);
    model->version = valid(setting(model, "dc-version"));
    model->dc = cl_xml_get(dc, "name") ? valid(cl_xml_get(dc, "name")) : NULL;
    model->admin_epoch = (int)cl_xml_number(root, "admin_epoch", 0);
    model->epoch = (int)cl_xml_number(root, "epoch", 0);
    model->num_updates = (int)cl_xml_number(root, "num_updates", 0);
    model->quorate = corosync->running ? corosync->quorate : cl_xml_is_true(root, "have-quorum");
    model->witness = witness_of(corosync);
    model->witness_state = witness_state_of(model);
}

/* Without the data that Pacemaker has with each node on the engine's thread: whichever thread frees
 * the tree would leave that behind. */
static xmlDoc *copy_of(xmlNode *cib)
{
    xmlRegisterNodeFunc on_node = xmlRegisterNodeDefaultValue;
    xmlRegisterNodeDefaultValue = NULL;
    xmlNode *copy = cl_xml_copy(cib);
    cl_pcmk_empty_groups_show(copy);
    xmlRegisterNodeDefaultValue = on_node;
    return copy->doc;
}

ClPcmkModel *cl_pcmk_model_new(const ClPcmkSources *sources)
{
    static gint number;
    ClPcmkModel *model = g_new0(ClPcmkModel, 1);
    g_atomic_ref_count_init(&model->references);
    model->number = (guint64)g_atomic_int_add(&number, 1) + 1;
    model->cib = copy_of(sources->cib);
    model->corosync = cl_pcmk_corosync_facts_ref(sources->corosync);
    model->connected = sources->connected;
    model->nodes = g_ptr_array_new_with_free_func(free_node);
    model->groups = g_ptr_array_new_with_free_func(free_group);
    model->resources = g_ptr_array_new_with_free_func(free_resource);
    model->types = g_ptr_array_new_with_free_func(free_type);
    model->networks = g_ptr_array_new_with_free_func(free_network);
    model->interfaces = g_ptr_array_new_with_free_func(free_interface);
    read_cluster(model, sources);
    cl_pcmk_model_add_nodes(model, sources);
    cl_pcmk_model_add_groups(model, sources);
    cl_pcmk_model_add_relations(model, sources);
    cl_pcmk_model_add_types(model, sources);
    cl_pcmk_model_add_networks(model);
    return model;
}

ClPcmkModel *cl_pcmk_model_ref(ClPcmkModel *model)
{
    g_atomic_ref_count_inc(&model->references);
    return model;
}

void cl_pcmk_model_unref(ClPcmkModel *model)
{
    if (!model || !g_atomic_ref_count_dec(&model->references)) {
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(model->by_key); i++) {
        g_clear_pointer(&model->by_key[i], g_hash_table_unref);
        g_clear_pointer(&model->by_id[i], g_hash_table_unref);
    }
    g_ptr_array_unref(model->nodes);
    g_ptr_array_unref(model->groups);
    g_ptr_array_unref(model->resources);
    g_ptr_array_unref(model->types);
    g_ptr_array_unref(model->networks);
    g_ptr_array_unref(model->interfaces);
    cl_pcmk_corosync_facts_unref(model->corosync);
    xmlFreeDoc(model->cib);
    g_free(model->name);
    g_free(model->id);
    g_free(model->version);
    g_free(model->dc);
    g_free(model->witness);
    g_free(model);
}
