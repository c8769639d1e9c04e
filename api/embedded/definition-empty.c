/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The definition of the cluster that CreateCluster makes. The caller owns what it gets; no state.
 */
#include "definition-internal.h"
#include "text.h"

static gpointer add(ClDefinition *definition, ClKind kind, const char *name)
{
    ClDefined *object = cl_definition_add(definition, kind, g_strdup(name));

    object->key = cl_text_fold(name);
    return object;
}

static gboolean check_host_name(const char *name, GError **error)
{
    const char *fault = cl_definition_host_name_fault(name);

    return fault == NULL || cl_fail(error, ERROR_INVALID_NAME, "the name \"%s\" %s", name, fault);
}

static gboolean add_nodes(ClDefinition *definition, const char *const *nodes, GError **error)
{
    const ClDefined *cluster = &cl_definition_cluster(definition)->object;
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);

    for (gsize i = 0; nodes[i] != NULL; i++) {
        ClDefined *node;

        if (!check_host_name(nodes[i], error)) {
            return FALSE;
        }
        node = add(definition, CL_KIND_NODE, nodes[i]);
        if (g_str_equal(node->key, cluster->key)) {
            return cl_fail(error, ERROR_INVALID_NAME, "cluster and node are both named \"%s\"",
                           nodes[i]);
        }
        if (!g_hash_table_add(keys, node->key)) {
            return cl_fail(error, ERROR_CLUSTER_NODE_EXISTS, "two nodes are named \"%s\"",
                           nodes[i]);
        }
    }
    return definition->nodes->len > 0 ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "a cluster needs a node");
}

/* The network of an address: its bits after the prefix are zero. NULL: the prefix is too long. */
static char *subnet_of(GInetAddress *address, guint prefix)
{
    gsize size = g_inet_address_get_native_size(address);
    g_autofree guint8 *bytes = g_memdup2(g_inet_address_to_bytes(address), size);
    g_autoptr(GInetAddress) subnet = NULL;
    g_autofree char *text = NULL;

    if (prefix > size * 8) {
        return NULL;
    }
    for (gsize bit = prefix; bit < size * 8; bit++) {
        bytes[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
    }
    subnet = g_inet_address_new_from_bytes(bytes, g_inet_address_get_family(address));
    text = g_inet_address_to_string(subnet);
    return g_strdup_printf("%s/%u", text, prefix);
}

static ClDefinedNetwork *find_network(const ClDefinition *definition, const char *subnet)
{
    for (guint i = 0; i < definition->networks->len; i++) {
        ClDefinedNetwork *network = definition->networks->pdata[i];

        if (g_str_equal(network->addresses[0], subnet)) {
            return network;
        }
    }
    return NULL;
}

static void add_interfaces(ClDefinition *definition, ClDefinedNetwork *network)
{
    for (guint i = 0; i < definition->nodes->len; i++) {
        ClDefinedNode *node = definition->nodes->pdata[i];
        g_autofree char *name = g_strdup_printf("%s - %s", node->object.name, network->object.name);
        ClDefinedInterface *interface = add(definition, CL_KIND_NETINTERFACE, name);

        interface->node = node;
        interface->network = network;
    }
}

static void add_network(ClDefinition *definition, char *subnet)
{
    g_autofree char *name = g_strdup_printf("Cluster Network %u", definition->networks->len + 1);
    ClDefinedNetwork *network = add(definition, CL_KIND_NETWORK, name);

    network->addresses = g_new0(char *, 2);
    network->addresses[0] = subnet;
    add_interfaces(definition, network);
}

static ClDefinedResource *add_resource(ClDefinition *definition, const char *type, const char *name)
{
    ClDefinedResource *resource = add(definition, CL_KIND_RESOURCE, name);

    for (guint i = 0; i < definition->types->len; i++) {
        ClDefinedResourceType *candidate = definition->types->pdata[i];

        if (g_str_equal(candidate->object.name, type)) {
            resource->type = candidate;
        }
    }
    resource->group = definition->groups->pdata[0];
    resource->state = ClusterResourceOnline;
    resource->core = TRUE;
    return resource;
}

static void set_private(ClDefinedResource *resource, const char *name, const char *text)
{
    g_ptr_array_add(resource->object.private, cl_property_new_text(name, CLUSPROP_FORMAT_SZ, text));
}

static ClDefinedResource *add_address_resource(ClDefinition *definition, GInetAddress *address,
                                               guint prefix)
{
    gboolean old = g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV4;
    g_autofree char *text = g_inet_address_to_string(address);
    g_autofree char *subnet = subnet_of(address, prefix);
    g_autofree char *name =
        definition->resources->len == 1
            ? g_strdup("Cluster IP Address")
            : g_strdup_printf("Cluster IP Address %u", definition->resources->len);
    ClDefinedResource *resource =
        add_resource(definition, old ? "IP Address" : "IPv6 Address", name);

    set_private(resource, "Address", text);
    set_private(resource, "Network", find_network(definition, subnet)->object.name);
    g_ptr_array_add(resource->object.private,
                    cl_property_new_number("PrefixLength", CLUSPROP_FORMAT_DWORD, prefix));
    return resource;
}

/* Cluster Name is online as long as one of its addresses is. */
static void add_core(ClDefinition *definition)
{
    const char *cluster = cl_definition_cluster(definition)->object.name;
    ClDefinedGroup *core = add(definition, CL_KIND_GROUP, "Cluster Group");
    ClDefinedGroup *storage = add(definition, CL_KIND_GROUP, "Available Storage");

    core->type = ClusGroupTypeCoreCluster;
    storage->type = ClusGroupTypeAvailableStorage;
    core->core = storage->core = TRUE;
    set_private(add_resource(definition, "Network Name", "Cluster Name"), "Name", cluster);
}

static gboolean add_address(ClDefinition *definition, const ClDefinedAddress *entry,
                            gboolean core_group, GError **error)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(entry->address);
    g_autofree char *subnet = address != NULL ? subnet_of(address, entry->prefix) : NULL;

    if (subnet == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s/%u is no address with its prefix",
                       entry->address, entry->prefix);
    }
    if (find_network(definition, subnet) == NULL) {
        add_network(definition, g_steal_pointer(&subnet));
    }
    if (core_group) {
        ClDefinedResource *name = definition->resources->pdata[0];
        ClDefinedResource *resource = add_address_resource(definition, address, entry->prefix);

        if (name->clauses == NULL) {
            name->clauses = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
            g_ptr_array_add(name->clauses, g_ptr_array_new());
        }
        g_ptr_array_add(name->clauses->pdata[0], resource);
    }
    return TRUE;
}

gboolean cl_definition_new_empty(const char *name, const char *const *nodes,
                                 const ClDefinedAddress *addresses, gsize n_addresses,
                                 gboolean core_group, ClDefinition **ret_definition, GError **error)
{
    g_autoptr(ClDefinition) definition = cl_definition_new();
    g_autoptr(GPtrArray) mistakes = cl_mistakes_new();

    if (!check_host_name(name, error)) {
        return FALSE;
    }
    add(definition, CL_KIND_CLUSTER, name);
    if (!add_nodes(definition, nodes, error)) {
        return FALSE;
    }
    cl_definition_add_types(definition);
    if (core_group) {
        add_core(definition);
    }
    for (gsize i = 0; i < n_addresses; i++) {
        if (!add_address(definition, &addresses[i], core_group, error)) {
            return FALSE;
        }
    }
    cl_definition_complete(definition);
    cl_definition_check_names(definition, mistakes);
    cl_definition_check_rules(definition, mistakes);
    cl_definition_check_dependencies(definition, mistakes);
    if (mistakes->len > 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s",
                       ((ClMistake *)mistakes->pdata[0])->text);
    }
    *ret_definition = g_steal_pointer(&definition);
    return TRUE;
}
