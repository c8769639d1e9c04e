/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The resource types that a cluster has without being told, and what a definition's objects get
 * where the file says nothing: ids, numbers, states. One thread at a time.
 */
#include "definition-internal.h"
#include "definition-value.h"
#include "text.h"

static const struct {
    const char *name;
    guint32 resource_class, subclass, characteristics;
    const char *requires; /* another built-in type */
} built_in[] = {
    {"IP Address", CLUS_RESCLASS_NETWORK, CLUS_RESSUBCLASS_NETWORK_INTERNET_PROTOCOL, 0, NULL},
    {"IPv6 Address", CLUS_RESCLASS_NETWORK, CLUS_RESSUBCLASS_NETWORK_INTERNET_PROTOCOL, 0, NULL},
    {"Network Name", 0, 0, CLUS_CHAR_DELETE_REQUIRES_ALL_NODES, NULL},
    {"Physical Disk", CLUS_RESCLASS_STORAGE, CLUS_RESSUBCLASS_STORAGE_SHARED_BUS, CLUS_CHAR_QUORUM,
     NULL},
    {"File Share Witness", 0, 0, CLUS_CHAR_QUORUM, NULL},
    {"File Server", 0, 0, 0, "Network Name"},
    {"Print Spooler", 0, 0, CLUS_CHAR_SINGLE_GROUP_INSTANCE, "Network Name"},
    {"DHCP Service", 0, 0, CLUS_CHAR_SINGLE_GROUP_INSTANCE, "IP Address"},
    {"Distributed File System", 0, 0, 0, "Network Name"},
    {"Generic Application", 0, 0, 0, NULL},
    {"Generic Script", 0, 0, 0, NULL},
    {"Generic Service", 0, 0, 0, NULL},
};

static ClDefined *find_type(const ClDefinition *definition, const char *name)
{
    g_autofree char *key = cl_text_fold(name);

    for (guint i = 0; i < definition->types->len; i++) {
        ClDefined *type = definition->types->pdata[i];

        if (g_strcmp0(type->key, key) == 0) {
            return type;
        }
    }
    return NULL;
}

static void add_type(ClDefinition *definition, gsize index)
{
    ClDefinedResourceType *type =
        cl_definition_add(definition, CL_KIND_RESOURCE_TYPE, g_strdup(built_in[index].name));
    ClDefined *required =
        built_in[index].requires != NULL ? find_type(definition, built_in[index].requires) : NULL;

    type->object.key = cl_text_fold(built_in[index].name);
    type->display_name = g_strdup(built_in[index].name);
    type->resource_class = built_in[index].resource_class;
    type->subclass = built_in[index].subclass;
    type->characteristics = built_in[index].characteristics;
    if (required != NULL) {
        type->requires = g_ptr_array_new();
        g_ptr_array_add(type->requires, required);
    }
}

void cl_definition_add_types(ClDefinition *definition)
{
    for (gsize i = 0; i < G_N_ELEMENTS(built_in); i++) {
        if (find_type(definition, built_in[i].name) == NULL) {
            add_type(definition, i);
        }
    }
}

/* Whether the file says 0; that is a mistake, and not to be hidden by a number of our own. */
static gboolean is_zero(const ClDefined *object, const char *key)
{
    const ClLineEntry *entry = cl_line_section_find(object->section, key);
    guint64 number;

    return entry != NULL && cl_value_parse_number(entry->value, 0, &number);
}

static void complete_nodes(ClDefinition *definition)
{
    g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);
    guint32 next = 1;

    for (guint i = 0; i < definition->nodes->len; i++) {
        ClDefinedNode *node = definition->nodes->pdata[i];

        g_hash_table_add(used, GUINT_TO_POINTER(node->node_id));
    }
    for (guint i = 0; i < definition->nodes->len; i++) {
        ClDefinedNode *node = definition->nodes->pdata[i];

        if (node->node_id == 0 && !is_zero(&node->object, "node-id")) {
            while (g_hash_table_contains(used, GUINT_TO_POINTER(next))) {
                next++;
            }
            node->node_id = next++;
        }
        g_free(node->object.id);
        node->object.id = g_strdup_printf("%u", node->node_id);
    }
}

static void complete_networks(ClDefinition *definition)
{
    g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);
    guint32 next = 1;

    for (guint i = 0; i < definition->networks->len; i++) {
        ClDefinedNetwork *network = definition->networks->pdata[i];

        g_hash_table_add(used, GUINT_TO_POINTER(network->priority));
    }
    for (guint i = 0; i < definition->networks->len; i++) {
        ClDefinedNetwork *network = definition->networks->pdata[i];

        if (network->priority == 0 && !is_zero(&network->object, "priority")) {
            while (g_hash_table_contains(used, GUINT_TO_POINTER(next))) {
                next++;
            }
            network->priority = next++;
        }
    }
}

static void complete_interfaces(ClDefinition *definition)
{
    for (guint i = 0; i < definition->interfaces->len; i++) {
        ClDefinedInterface *interface = definition->interfaces->pdata[i];
        gboolean active = interface->node != NULL && (interface->node->state == ClusterNodeUp ||
                                                      interface->node->state == ClusterNodePaused);

        if (!cl_defined_has(&interface->object, "state")) {
            interface->state = active ? ClusterNetInterfaceUp : ClusterNetInterfaceUnavailable;
        }
    }
}

static ClDefinedNode *default_owner(const ClDefinition *definition)
{
    for (guint i = 0; i < definition->nodes->len; i++) {
        ClDefinedNode *node = definition->nodes->pdata[i];

        if (node->state == ClusterNodeUp) {
            return node;
        }
    }
    return definition->nodes->len > 0 ? definition->nodes->pdata[0] : NULL;
}

static void complete_groups(ClDefinition *definition)
{
    ClDefinedNode *owner = default_owner(definition);

    for (guint i = 0; i < definition->groups->len; i++) {
        ClDefinedGroup *group = definition->groups->pdata[i];

        if (group->owner == NULL && !cl_defined_has(&group->object, "owner")) {
            group->owner = owner;
        }
    }
}

/* What somebody once asked for: all but what is offline or on its way there is to be online. */
static void complete_resources(ClDefinition *definition)
{
    for (guint i = 0; i < definition->resources->len; i++) {
        ClDefinedResource *resource = definition->resources->pdata[i];
        ClDefinedGroup *group = resource->group;

        if (!cl_defined_has(&resource->object, "persistent-state")) {
            resource->persistent_state = resource->state == ClusterResourceOnline ||
                                         resource->state == ClusterResourceOnlinePending ||
                                         resource->state == ClusterResourceFailed;
        }
        if (group != NULL && !cl_defined_has(&group->object, "persistent-state")) {
            group->persistent_state |= resource->persistent_state;
        }
    }
}

static void complete_cluster(ClDefinition *definition)
{
    ClDefinedCluster *cluster = cl_definition_cluster(definition);
    gboolean device = cluster->quorum_device != NULL && *cluster->quorum_device != '\0';

    if (!cl_defined_has(&cluster->object, "quorum-type")) {
        if (cluster->quorum == NULL) {
            cluster->quorum_type = CL_QUORUM_NODE_MAJORITY;
        } else if (cluster->quorum_max_log_size != 0 && cluster->quorum_max_log_size != 0x400) {
            cluster->quorum_type = CL_QUORUM_DISK_ONLY;
        } else {
            cluster->quorum_type =
                device ? CL_QUORUM_NODE_AND_DISK_MAJORITY : CL_QUORUM_NODE_AND_WITNESS_MAJORITY;
        }
    }
    if (!cl_defined_has(&cluster->object, "quorum-max-log-size")) {
        static const guint32 sizes[] = {0, 0x400, 0x400, 0x1000};

        cluster->quorum_max_log_size = sizes[cluster->quorum_type];
    }
}

static void complete_object(ClDefined *object)
{
    if (object->id == NULL) {
        object->id =
            object->kind == CL_KIND_RESOURCE_TYPE ? g_strdup(object->key) : g_uuid_string_random();
    }
    if (object->description != NULL && *object->description != '\0') {
        g_ptr_array_add(object->common, cl_property_new_text("Description", CLUSPROP_FORMAT_SZ,
                                                             object->description));
    }
}

void cl_definition_complete(ClDefinition *definition)
{
    complete_nodes(definition);
    complete_networks(definition);
    complete_interfaces(definition);
    complete_groups(definition);
    complete_resources(definition);
    complete_cluster(definition);
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        GPtrArray *objects = cl_definition_objects(definition, cl_section_kinds[i].kind);

        for (guint j = 0; cl_section_kinds[i].kind != CL_KIND_KEY && j < objects->len; j++) {
            complete_object(objects->pdata[j]);
        }
    }
}
