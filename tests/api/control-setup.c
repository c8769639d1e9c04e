/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "control-setup.h"

#include "embedded/check.h"

#define KIND(word, Handle, Name, open_call)                                                        \
    static gpointer open_##word(HCLUSTER cluster)                                                  \
    {                                                                                              \
        return open_call;                                                                          \
    }                                                                                              \
    static DWORD control_##word(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size, \
                                LPVOID out, DWORD out_size, LPDWORD returned)                      \
    {                                                                                              \
        return Cluster##Name##Control((Handle)handle, host, code, in, in_size, out, out_size,      \
                                      returned);                                                   \
    }
KIND(node, HNODE, Node, OpenClusterNodeEx(cluster, u"n2", MAXIMUM_ALLOWED, NULL))
KIND(group, HGROUP, Group, OpenClusterGroupEx(cluster, u"g", MAXIMUM_ALLOWED, NULL))
KIND(resource, HRESOURCE, Resource, OpenClusterResourceEx(cluster, u"r", MAXIMUM_ALLOWED, NULL))
KIND(network, HNETWORK, Network, OpenClusterNetworkEx(cluster, u"lan", MAXIMUM_ALLOWED, NULL))
KIND(interface, HNETINTERFACE, NetInterface,
     OpenClusterNetInterfaceEx(cluster, u"n1 - lan", MAXIMUM_ALLOWED, NULL))
KIND(set, HGROUPSET, GroupSet, OpenClusterGroupSet(cluster, CONTROL_SET))
KIND(cluster, HCLUSTER, , cluster)

static DWORD control_type(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size,
                          LPVOID out, DWORD out_size, LPDWORD returned)
{
    return ClusterResourceTypeControl(handle, CONTROL_TYPE, host, code, in, in_size, out, out_size,
                                      returned);
}

const ControlKind control_kinds[N_CONTROL_KINDS] = {
    {"cluster", CLUS_OBJECT_CLUSTER, open_cluster, control_cluster},
    {"node", CLUS_OBJECT_NODE, open_node, control_node},
    {"group", CLUS_OBJECT_GROUP, open_group, control_group},
    {"resource", CLUS_OBJECT_RESOURCE, open_resource, control_resource},
    {"resource type", CLUS_OBJECT_RESOURCE_TYPE, open_cluster, control_type},
    {"network", CLUS_OBJECT_NETWORK, open_network, control_network},
    {"interface", CLUS_OBJECT_NETINTERFACE, open_interface, control_interface},
    {"group set", CLUS_OBJECT_GROUPSET, open_set, control_set},
};

void control_open(HCLUSTER cluster, gpointer handles[N_CONTROL_KINDS])
{
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        handles[i] = control_kinds[i].open(cluster);
        g_assert_true(handles[i] != NULL || control_kinds[i].object == CLUS_OBJECT_GROUPSET);
    }
}

DWORD control_code(const ControlKind *kind, DWORD function)
{
    return kind->object << CLUSCTL_OBJECT_SHIFT | function;
}

Cluster *control_cluster_new(void)
{
    Cluster *cluster = cluster_new(CONTROL_DEFINITION);
    HGROUPSET set = CreateClusterGroupSet(cluster->handle, CONTROL_SET);
    g_assert_nonnull(set);
    CloseClusterGroupSet(set);
    return cluster;
}

HCLUSTER control_reader(const Cluster *cluster)
{
    HCLUSTER reader = OpenClusterEx(cluster->fixture->wide, GENERIC_READ, NULL);
    g_assert_nonnull(reader);
    return reader;
}

void list_add(BYTE *list, DWORD room, DWORD *size, const char *name, DWORD syntax, const void *data,
              DWORD data_size)
{
    g_autofree WCHAR *text = wide(name);
    IS(ClusapiPropertyListAdd(list, room, size, text, syntax, data, data_size), ERROR_SUCCESS);
}

void list_add_text(BYTE *list, DWORD room, DWORD *size, const char *name, const char *text)
{
    g_autofree WCHAR *value = wide(text);
    list_add(list, room, size, name, CLUSPROP_SYNTAX_LIST_VALUE_SZ, value,
             ((DWORD)lstrlenW(value) + 1) * sizeof(WCHAR));
}

void list_add_number(BYTE *list, DWORD room, DWORD *size, const char *name, DWORD number)
{
    list_add(list, room, size, name, CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, sizeof number);
}

static void append_output(GByteArray *all, const ControlKind *kind, gpointer handle, DWORD function)
{
    static BYTE out[256 * 1024];
    DWORD size = 0;
    DWORD code =
        kind->control(handle, NULL, control_code(kind, function), NULL, 0, out, sizeof out, &size);
    g_assert_cmpuint(code, !=, ERROR_MORE_DATA);
    g_assert_cmpuint(code, !=, ERROR_FILE_CORRUPT);
    g_byte_array_append(all, (const guint8 *)&code, sizeof code);
    g_byte_array_append(all, out, code == ERROR_SUCCESS ? size : 0);
}

GBytes *control_snapshot(const gpointer handles[N_CONTROL_KINDS])
{
    static const DWORD functions[] = {
        CLCTL_GET_CHARACTERISTICS,
        CLCTL_GET_FLAGS,
        CLCTL_GET_NAME,
        CLCTL_GET_ID,
        CLCTL_GET_FQDN,
        CLCTL_GET_COMMON_PROPERTIES,
        CLCTL_GET_RO_COMMON_PROPERTIES,
        CLCTL_GET_PRIVATE_PROPERTIES,
        CLCTL_GET_RO_PRIVATE_PROPERTIES,
        CLCTL_GET_STATE_CHANGE_TIME,
        CLCTL_GET_REGISTRY_CHECKPOINTS,
        CLCTL_GET_CRYPTO_CHECKPOINTS,
        CLCTL_QUERY_MAINTENANCE_MODE,
        CLCTL_GROUPSET_GET_GROUPS,
    };
    GByteArray *all = g_byte_array_new();
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        for (gsize k = 0; handles[i] != NULL && k < G_N_ELEMENTS(functions); k++) {
            append_output(all, &control_kinds[i], handles[i], functions[k]);
        }
    }
    return g_byte_array_free_to_bytes(all);
}

void control_check_file(const Cluster *cluster)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(cl_embedded_check(cluster->fixture->path, FALSE, &findings, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        g_test_message("%s", ((ClFinding *)findings->pdata[i])->text);
    }
    g_assert_cmpuint(findings->len, ==, 0);
}

void control_assert_same(GBytes *before, const gpointer handles[N_CONTROL_KINDS])
{
    g_autoptr(GBytes) after = control_snapshot(handles);
    g_assert_true(g_bytes_equal(before, after));
}

DWORD resource_send(HRESOURCE resource, DWORD code, const void *in, gsize size)
{
    return ClusterResourceControl(resource, NULL, code, (LPVOID)in, (DWORD)size, NULL, 0, NULL);
}

DWORD resource_send_text(HRESOURCE resource, DWORD code, const char *text)
{
    g_autofree WCHAR *input = wide(text);
    return resource_send(resource, code, input, ((gsize)lstrlenW(input) + 1) * sizeof(WCHAR));
}

void assert_texts(HRESOURCE resource, DWORD code, const char *expected)
{
    WCHAR texts[4096] = {0};
    DWORD size = 0;
    g_autoptr(GString) all = g_string_new(NULL);
    IS(ClusterResourceControl(resource, NULL, code, NULL, 0, texts, sizeof texts, &size),
       ERROR_SUCCESS);
    for (const WCHAR *text = texts; *text != 0; text += lstrlenW(text) + 1) {
        g_autofree char *utf8 = narrow(text);
        g_string_append_printf(all, "%s%s", all->len > 0 ? ";" : "", utf8);
    }
    g_assert_cmpstr(all->str, ==, expected);
}

DWORD set_maintenance(HRESOURCE resource, BOOL on)
{
    CLUS_MAINTENANCE_MODE_INFO info = {on};
    return resource_send(resource, CLUSCTL_RESOURCE_SET_MAINTENANCE_MODE, &info, sizeof info);
}
