/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "acting-setup.h"

#include <resapi.h>

#define PATIENCE_US (2 * G_USEC_PER_SEC)
#define STEP_US     2000

Cluster *cluster_new(const char *definition)
{
    Cluster *cluster = g_new0(Cluster, 1);
    cluster->fixture = fixture_new(definition);
    cluster->handle = OpenCluster(cluster->fixture->wide);
    g_assert_nonnull(cluster->handle);
    return cluster;
}

void cluster_free(Cluster *cluster)
{
    CloseCluster(cluster->handle);
    fixture_free(cluster->fixture);
    g_free(cluster);
}

#define OPENER(function, Handle, Name, access)                                                     \
    Handle function(const Cluster *cluster, const char *name)                                      \
    {                                                                                              \
        g_autofree WCHAR *text = wide(name);                                                       \
        Handle handle = OpenCluster##Name##Ex(cluster->handle, text, access, NULL);                \
        g_assert_nonnull(handle);                                                                  \
        return handle;                                                                             \
    }
OPENER(node_of, HNODE, Node, GENERIC_ALL)
OPENER(group_of, HGROUP, Group, GENERIC_ALL)
OPENER(resource_of, HRESOURCE, Resource, GENERIC_ALL)
OPENER(network_of, HNETWORK, Network, GENERIC_ALL)
OPENER(read_node, HNODE, Node, GENERIC_READ)
OPENER(read_group, HGROUP, Group, GENERIC_READ)
OPENER(read_resource, HRESOURCE, Resource, GENERIC_READ)

CLUSTER_RESOURCE_STATE state_of(const Cluster *cluster, const char *resource)
{
    HRESOURCE handle = read_resource(cluster, resource);
    CLUSTER_RESOURCE_STATE state = GetClusterResourceState(handle, NULL, NULL, NULL, NULL);
    CloseClusterResource(handle);
    return state;
}

void await_state(const Cluster *cluster, const char *resource, CLUSTER_RESOURCE_STATE state)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (state_of(cluster, resource) != state && g_get_monotonic_time() < until) {
        g_usleep(STEP_US);
    }
    g_assert_cmpint(state_of(cluster, resource), ==, state);
}

static char *owner_of(const Cluster *cluster, const char *group)
{
    WCHAR node[64];
    DWORD length = G_N_ELEMENTS(node);
    HGROUP handle = read_group(cluster, group);
    g_assert_cmpint(GetClusterGroupState(handle, node, &length), !=, ClusterGroupStateUnknown);
    CloseClusterGroup(handle);
    return narrow(node);
}

void await_owner(const Cluster *cluster, const char *group, const char *owner)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    g_autofree char *found = owner_of(cluster, group);
    while (!g_str_equal(found, owner) && g_get_monotonic_time() < until) {
        g_usleep(STEP_US);
        g_free(found);
        found = owner_of(cluster, group);
    }
    g_assert_cmpstr(found, ==, owner);
}

#define ENUMERATION(function, Handle, Name, List)                                                  \
    char *function(Handle handle, DWORD type)                                                      \
    {                                                                                              \
        g_autoptr(GString) names = g_string_new(NULL);                                             \
        List list = Cluster##Name##OpenEnum(handle, type);                                         \
        g_assert_nonnull(list);                                                                    \
        for (DWORD i = 0; i < Cluster##Name##GetEnumCount(list); i++) {                            \
            WCHAR text[256];                                                                       \
            DWORD length = G_N_ELEMENTS(text);                                                     \
            DWORD found;                                                                           \
            IS(Cluster##Name##Enum(list, i, &found, text, &length), ERROR_SUCCESS);                \
            g_autofree char *name = narrow(text);                                                  \
            g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", name);                         \
        }                                                                                          \
        IS(Cluster##Name##CloseEnum(list), ERROR_SUCCESS);                                         \
        return g_strdup(names->str);                                                               \
    }
ENUMERATION(contents_of, HGROUP, Group, HGROUPENUM)
ENUMERATION(relations_of, HRESOURCE, Resource, HRESENUM)

DWORD group_number(HGROUP group, DWORD code, LPCWSTR name)
{
    BYTE list[4096];
    DWORD size = 0;
    DWORD number = 0;
    IS(ClusterGroupControl(group, NULL, code, NULL, 0, list, sizeof list, &size), ERROR_SUCCESS);
    IS(ResUtilFindDwordProperty(list, size, name, &number), ERROR_SUCCESS);
    return number;
}
