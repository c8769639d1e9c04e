/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules between the objects of a definition: nodes and numbers, interfaces and networks,
 * resources and where they run, the quorum. Only looks at the definition, whose references may be
 * NULL where the file was wrong.
 */
#include "definition-internal.h"

#include <string.h>

/* Checks that no number is given twice; @line_of is the key that gives it. */
static void check_number(GHashTable *seen, guint32 number, const ClDefined *object, const char *key,
                         GPtrArray *mistakes)
{
    const ClDefined *other = g_hash_table_lookup(seen, GUINT_TO_POINTER(number));

    if (number == 0) {
        cl_mistakes_add(mistakes, cl_defined_line(object, key), "%s begins at 1", key);
    } else if (other != NULL) {
        cl_mistakes_add(mistakes, cl_defined_line(object, key), "line %u has %s %u already",
                        cl_defined_line(other, key), key, number);
    } else {
        g_hash_table_insert(seen, GUINT_TO_POINTER(number), (gpointer)object);
    }
}

static void check_nodes(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    if (definition->nodes->len == 0) {
        cl_mistakes_add(mistakes, 0, "a cluster needs a [node LABEL]");
    }
    for (guint i = 0; i < definition->nodes->len; i++) {
        const ClDefinedNode *node = definition->nodes->pdata[i];

        check_number(seen, node->node_id, &node->object, "node-id", mistakes);
    }
}

static void check_networks(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < definition->networks->len; i++) {
        const ClDefinedNetwork *network = definition->networks->pdata[i];

        check_number(seen, network->priority, &network->object, "priority", mistakes);
    }
}

static gboolean network_holds(const ClDefinedNetwork *network, const char *text)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

    if (network->addresses == NULL || *network->addresses == NULL) {
        return TRUE;
    }
    for (char **subnet = network->addresses; *subnet != NULL; subnet++) {
        g_autoptr(GInetAddressMask) mask = g_inet_address_mask_new_from_string(*subnet, NULL);

        if (g_inet_address_mask_matches(mask, address)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_active(const ClDefinedNode *node)
{
    return node->state == ClusterNodeUp || node->state == ClusterNodePaused;
}

static void check_interface(const ClDefinedInterface *interface, GPtrArray *mistakes)
{
    char **addresses = interface->addresses;

    for (; addresses != NULL && *addresses != NULL; addresses++) {
        if (interface->network != NULL && !network_holds(interface->network, *addresses)) {
            cl_mistakes_add(mistakes, cl_defined_line(&interface->object, "address"),
                            "%s lies outside of the network", *addresses);
        }
    }
    if (interface->node != NULL && !is_active(interface->node) &&
        interface->state != ClusterNetInterfaceUnavailable) {
        cl_mistakes_add(mistakes, cl_defined_line(&interface->object, "state"),
                        "an interface of a node that is down or joining is unavailable");
    }
}

static void check_interfaces(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < definition->interfaces->len; i++) {
        ClDefinedInterface *interface = definition->interfaces->pdata[i];
        g_autofree char *place =
            g_strdup_printf("%p %p", (void *)interface->node, (void *)interface->network);
        const ClDefined *other = g_hash_table_lookup(places, place);

        check_interface(interface, mistakes);
        if (interface->node == NULL || interface->network == NULL) {
            continue;
        }
        if (other != NULL) {
            cl_mistakes_add(mistakes, interface->object.section->line,
                            "the node has an interface on this network already, in line %u",
                            cl_defined_line(other, ""));
            continue;
        }
        g_hash_table_insert(places, g_steal_pointer(&place), interface);
    }
}

/* A cluster has one group of each of the two types that it makes itself. */
static void check_groups(const ClDefinition *definition, GPtrArray *mistakes)
{
    const ClDefined *own[] = {NULL, NULL};

    for (guint i = 0; i < definition->groups->len; i++) {
        const ClDefinedGroup *group = definition->groups->pdata[i];
        gsize slot = group->type - ClusGroupTypeCoreCluster;

        if (group->type != ClusGroupTypeCoreCluster &&
            group->type != ClusGroupTypeAvailableStorage) {
            continue;
        }
        if (own[slot] != NULL) {
            cl_mistakes_add(mistakes, cl_defined_line(&group->object, "type"),
                            "line %u has the one group of this type",
                            cl_defined_line(own[slot], "type"));
        }
        own[slot] = &group->object;
    }
}

static gboolean holds(const GPtrArray *array, gconstpointer item)
{
    return array == NULL || g_ptr_array_find((GPtrArray *)array, item, NULL);
}

static gboolean is_running(const ClDefinedResource *resource)
{
    return resource->state != ClusterResourceOffline && resource->state != ClusterResourceFailed;
}

static void check_place(const ClDefinedResource *resource, GPtrArray *mistakes)
{
    const ClDefinedNode *owner = resource->group != NULL ? resource->group->owner : NULL;
    guint line = cl_defined_line(&resource->object, "state");

    if (owner == NULL || !is_running(resource)) {
        return;
    }
    if (!is_active(owner)) {
        cl_mistakes_add(mistakes, line,
                        "on a node that is down or joining, a resource is offline "
                        "or failed");
    }
    if (!holds(resource->possible_owners, owner) ||
        (resource->type != NULL && !holds(resource->type->nodes, owner))) {
        cl_mistakes_add(mistakes, line,
                        "the group's owner is no possible owner, so the resource "
                        "is offline or failed");
    }
}

static void check_possible_owners(const ClDefinedResource *resource, GPtrArray *mistakes)
{
    const GPtrArray *owners = resource->possible_owners;

    for (guint i = 0; owners != NULL && resource->type != NULL && i < owners->len; i++) {
        const ClDefined *node = owners->pdata[i];

        if (!holds(resource->type->nodes, node)) {
            cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "possible-owners"),
                            "\"%s\" cannot run resources of this type", node->name);
        }
    }
}

/* Checks single-instance types; @seen has the first resource of a type, or of a type in a group. */
static void check_single(GHashTable *seen, ClDefinedResource *resource, GPtrArray *mistakes)
{
    guint32 characteristics = resource->type->characteristics;
    gboolean cluster = (characteristics & CLUS_CHAR_SINGLE_CLUSTER_INSTANCE) != 0;
    g_autofree char *place = NULL;
    const ClDefined *first;

    if (!cluster && (characteristics & CLUS_CHAR_SINGLE_GROUP_INSTANCE) == 0) {
        return;
    }
    place =
        g_strdup_printf("%p %p", (void *)resource->type, cluster ? NULL : (void *)resource->group);
    first = g_hash_table_lookup(seen, place);
    if (first == NULL) {
        g_hash_table_insert(seen, g_steal_pointer(&place), resource);
        return;
    }
    cl_mistakes_add(mistakes, cl_defined_line(&resource->object, "type"),
                    "a %s has one resource of this type at most; it is in line %u",
                    cluster ? "cluster" : "group", cl_defined_line(first, "type"));
}

static guint64 number_of(const ClDefined *object, const char *name, guint64 preset)
{
    const ClProperty *property = cl_properties_find(object->common, name);

    return property != NULL ? property->number : preset;
}

static void check_periods(const ClDefined *resource, GPtrArray *mistakes)
{
    static const char retry[] = "property.RetryPeriodOnFailure";
    gboolean given = cl_defined_has(resource, retry);

    if (number_of(resource, "RetryPeriodOnFailure", 3600000) <
        number_of(resource, "RestartPeriod", 900000)) {
        cl_mistakes_add(mistakes,
                        cl_defined_line(resource, given ? retry : "property.RestartPeriod"),
                        "RetryPeriodOnFailure is shorter than RestartPeriod");
    }
}

static void check_resources(const ClDefinition *definition, GPtrArray *mistakes)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < definition->resources->len; i++) {
        ClDefinedResource *resource = definition->resources->pdata[i];

        check_place(resource, mistakes);
        check_periods(&resource->object, mistakes);
        check_possible_owners(resource, mistakes);
        if (resource->type != NULL) {
            check_single(seen, resource, mistakes);
        }
    }
}

/* Why the quorum resource, device and log size do not make that type; NULL: they do. Static. */
static const char *quorum_fault(const ClDefinedCluster *cluster)
{
    gboolean device = cluster->quorum_device != NULL && *cluster->quorum_device != '\0';
    guint32 size = cluster->quorum_max_log_size;

    switch (cluster->quorum_type) {
    case CL_QUORUM_NODE_MAJORITY:
        return cluster->quorum != NULL || device || size != 0
                   ? "node-majority has no quorum resource, no device and log size 0"
                   : NULL;
    case CL_QUORUM_NODE_AND_DISK_MAJORITY:
        return cluster->quorum == NULL || !device || size != 0x400
                   ? "node-and-disk-majority has a quorum resource, a device and log size 1024"
                   : NULL;
    case CL_QUORUM_NODE_AND_WITNESS_MAJORITY:
        return cluster->quorum == NULL || device || size != 0x400
                   ? "node-and-witness-majority has a quorum resource, no device and log size 1024"
                   : NULL;
    default:
        return cluster->quorum == NULL || size == 0 || size == 0x400
                   ? "disk-only has a quorum resource and a log size that is not 0 or 1024"
                   : NULL;
    }
}

static void check_quorum(const ClDefinition *definition, GPtrArray *mistakes)
{
    const ClDefinedCluster *cluster = cl_definition_cluster(definition);
    const ClDefinedResource *quorum = cluster->quorum;
    const char *fault = quorum_fault(cluster);
    const char *key = cl_defined_has(&cluster->object, "quorum-type") ? "quorum-type" : "quorum";

    /* A reference that leads nowhere has been reported. */
    if (fault != NULL && (quorum != NULL || !cl_defined_has(&cluster->object, "quorum"))) {
        cl_mistakes_add(mistakes, cl_defined_line(&cluster->object, key), "%s", fault);
    }
    if (quorum != NULL && quorum->type != NULL &&
        (quorum->type->characteristics & CLUS_CHAR_QUORUM) == 0) {
        cl_mistakes_add(mistakes, cl_defined_line(&cluster->object, "quorum"),
                        "resources of the type \"%s\" cannot be the quorum",
                        quorum->type->object.name);
    }
}

void cl_definition_check_rules(const ClDefinition *definition, GPtrArray *mistakes)
{
    check_nodes(definition, mistakes);
    check_networks(definition, mistakes);
    check_interfaces(definition, mistakes);
    check_groups(definition, mistakes);
    check_resources(definition, mistakes);
    check_quorum(definition, mistakes);
}
