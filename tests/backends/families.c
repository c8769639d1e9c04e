/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See families.h. Any thread may call these; they keep nothing.
 */
#include "families.h"

#define FAMILY(word, Name, Handle)                                                                 \
    static gpointer open_##word(HCLUSTER cluster, LPCWSTR name)                                    \
    {                                                                                              \
        return OpenCluster##Name(cluster, name);                                                   \
    }                                                                                              \
    static gpointer open_##word##_ex(HCLUSTER cluster, LPCWSTR name, DWORD desired,                \
                                     DWORD *granted)                                               \
    {                                                                                              \
        return OpenCluster##Name##Ex(cluster, name, desired, granted);                             \
    }                                                                                              \
    static BOOL close_##word(gpointer handle)                                                      \
    {                                                                                              \
        return CloseCluster##Name(handle);                                                         \
    }                                                                                              \
    static HCLUSTER cluster_of_##word(gpointer handle)                                             \
    {                                                                                              \
        return GetClusterFrom##Name(handle);                                                       \
    }                                                                                              \
    static DWORD control_##word(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size, \
                                LPVOID out, DWORD out_size, LPDWORD returned)                      \
    {                                                                                              \
        return Cluster##Name##Control(handle, host, code, in, in_size, out, out_size, returned);   \
    }

FAMILY(node, Node, HNODE)
FAMILY(group, Group, HGROUP)
FAMILY(resource, Resource, HRESOURCE)
FAMILY(network, Network, HNETWORK)
FAMILY(interface, NetInterface, HNETINTERFACE)

#define FUNCTIONS(word)                                                                            \
    open_##word, open_##word##_ex, close_##word, cluster_of_##word, control_##word

const Family families[N_FAMILIES] = {
    {"node", CLUSTER_ENUM_NODE, CLUS_OBJECT_NODE, ERROR_CLUSTER_NODE_NOT_FOUND, FUNCTIONS(node)},
    {"group", CLUSTER_ENUM_GROUP, CLUS_OBJECT_GROUP, ERROR_GROUP_NOT_FOUND, FUNCTIONS(group)},
    {"resource", CLUSTER_ENUM_RESOURCE, CLUS_OBJECT_RESOURCE, ERROR_RESOURCE_NOT_FOUND,
     FUNCTIONS(resource)},
    {"network", CLUSTER_ENUM_NETWORK, CLUS_OBJECT_NETWORK, ERROR_CLUSTER_NETWORK_NOT_FOUND,
     FUNCTIONS(network)},
    {"interface", CLUSTER_ENUM_NETINTERFACE, CLUS_OBJECT_NETINTERFACE,
     ERROR_CLUSTER_NETINTERFACE_NOT_FOUND, FUNCTIONS(interface)},
};

#define ENUMERATOR(word, Prefix)                                                                   \
    static DWORD count_##word(gpointer handle)                                                     \
    {                                                                                              \
        return Prefix##GetEnumCount(handle);                                                       \
    }                                                                                              \
    static DWORD item_##word(gpointer handle, DWORD index, LPDWORD type, LPWSTR name, LPDWORD cch) \
    {                                                                                              \
        return Prefix##Enum(handle, index, type, name, cch);                                       \
    }                                                                                              \
    static DWORD close_enum_##word(gpointer handle)                                                \
    {                                                                                              \
        return Prefix##CloseEnum(handle);                                                          \
    }

#define OBJECT_ENUMERATOR(word, Prefix)                                                            \
    static gpointer enumerate_##word(gpointer parent, G_GNUC_UNUSED LPCWSTR name, DWORD type)      \
    {                                                                                              \
        return Prefix##OpenEnum(parent, type);                                                     \
    }                                                                                              \
    ENUMERATOR(word, Prefix)

OBJECT_ENUMERATOR(cluster, Cluster)
OBJECT_ENUMERATOR(node, ClusterNode)
OBJECT_ENUMERATOR(group, ClusterGroup)
OBJECT_ENUMERATOR(resource, ClusterResource)
OBJECT_ENUMERATOR(network, ClusterNetwork)

static gpointer enumerate_type(gpointer parent, LPCWSTR name, DWORD type)
{
    return ClusterResourceTypeOpenEnum(parent, name, type);
}
ENUMERATOR(type, ClusterResourceType)

#define ENUM_FUNCTIONS(word) enumerate_##word, count_##word, item_##word, close_enum_##word

const Enumerator cluster_enumerator = {
    "cluster",
    {CLUSTER_ENUM_NODE, CLUSTER_ENUM_RESTYPE, CLUSTER_ENUM_RESOURCE, CLUSTER_ENUM_GROUP,
     CLUSTER_ENUM_NETWORK, CLUSTER_ENUM_NETINTERFACE, CLUSTER_ENUM_SHARED_VOLUME_RESOURCE,
     (DWORD)CLUSTER_ENUM_INTERNAL_NETWORK, 0},
    TRUE,
    ENUM_FUNCTIONS(cluster)};

const Enumerator type_enumerator = {
    "type",
    {CLUSTER_RESOURCE_TYPE_ENUM_NODES, CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES, 0},
    FALSE,
    ENUM_FUNCTIONS(type)};

static const Enumerator object_enumerators[] = {
    {"node",
     {CLUSTER_NODE_ENUM_NETINTERFACES, CLUSTER_NODE_ENUM_GROUPS, CLUSTER_NODE_ENUM_PREFERRED_GROUPS,
      0},
     FALSE,
     ENUM_FUNCTIONS(node)},
    {"group",
     {CLUSTER_GROUP_ENUM_CONTAINS, CLUSTER_GROUP_ENUM_NODES, 0},
     FALSE,
     ENUM_FUNCTIONS(group)},
    {"resource",
     {CLUSTER_RESOURCE_ENUM_DEPENDS, CLUSTER_RESOURCE_ENUM_PROVIDES, CLUSTER_RESOURCE_ENUM_NODES,
      0},
     TRUE,
     ENUM_FUNCTIONS(resource)},
    {"network", {CLUSTER_NETWORK_ENUM_NETINTERFACES, 0}, FALSE, ENUM_FUNCTIONS(network)},
};

const Enumerator *family_enumerator(const Family *family)
{
    gsize index = (gsize)(family - families);
    return index < G_N_ELEMENTS(object_enumerators) ? &object_enumerators[index] : NULL;
}

WCHAR *to_wide(const char *text)
{
    DWORD length = 0;
    g_assert_cmpuint(ClusapiUtf8ToWide(text, NULL, &length), ==, ERROR_SUCCESS);
    WCHAR *wide = g_new(WCHAR, ++length);
    g_assert_cmpuint(ClusapiUtf8ToWide(text, wide, &length), ==, ERROR_SUCCESS);
    return wide;
}

char *to_utf8(const WCHAR *text)
{
    gsize size = 0;
    g_assert_cmpuint(ClusapiWideToUtf8(text, (DWORD)-1, NULL, &size), ==, ERROR_SUCCESS);
    char *utf8 = g_malloc(++size);
    g_assert_cmpuint(ClusapiWideToUtf8(text, (DWORD)-1, utf8, &size), ==, ERROR_SUCCESS);
    return utf8;
}

GPtrArray *enumerator_names(const Enumerator *enumerator, gpointer parent, LPCWSTR name, DWORD bits)
{
    gpointer handle = enumerator->open(parent, name, bits);
    if (handle == NULL) {
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    DWORD count = enumerator->count(handle);
    for (DWORD i = 0; i < count; i++) {
        DWORD type = 0;
        DWORD length = 0;
        g_assert_cmpuint(enumerator->item(handle, i, &type, NULL, &length), ==, ERROR_SUCCESS);
        g_autofree WCHAR *text = g_new(WCHAR, ++length);
        g_assert_cmpuint(enumerator->item(handle, i, &type, text, &length), ==, ERROR_SUCCESS);
        g_assert_cmphex(type & ~bits, ==, 0);
        g_ptr_array_add(names, to_utf8(text));
    }
    g_assert_cmpuint(enumerator->close(handle), ==, ERROR_SUCCESS);
    return names;
}
