/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What becomes of handles when another process deletes or renames their objects, and arguments at
 * the edge, through the public functions. Each test has a cluster of its own; one thread.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <sqlite3.h>
#include <string.h>

#include "fixture.h"

typedef struct {
    Fixture *fixture;
    HCLUSTER cluster;
} Demo;

static void set_up(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    demo->fixture = fixture_new_demo();
    demo->cluster = OpenCluster(demo->fixture->wide);
    g_assert_nonnull(demo->cluster);
}

static void tear_down(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    CloseCluster(demo->cluster);
    fixture_free(demo->fixture);
}

/* As another process that changes the file. */
static void execute(const Demo *demo, const char *sql)
{
    sqlite3 *db;
    g_assert_cmpint(sqlite3_open(demo->fixture->path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static DWORD last_error_of(gboolean failed)
{
    return failed ? GetLastError() : ERROR_SUCCESS;
}

/* --- Deleted ---------------------------------------------------------------------------------- */

#define DELETE(table, kind, name)                                                                  \
    "DELETE FROM " table " WHERE number = (SELECT number FROM object WHERE kind = " kind           \
    " AND name = '" name "'); DELETE FROM object WHERE kind = " kind " AND name = '" name "';"

static WCHAR text[200];
static BYTE bytes[20000];

typedef DWORD (*Control)(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size,
                         LPVOID out, DWORD out_size, LPDWORD returned);
#define CONTROL(word, Name)                                                                        \
    static DWORD control_##word(gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size, \
                                LPVOID out, DWORD out_size, LPDWORD returned)                      \
    {                                                                                              \
        return Cluster##Name##Control(handle, host, code, in, in_size, out, out_size, returned);   \
    }
CONTROL(node, Node)
CONTROL(group, Group)
CONTROL(resource, Resource)
CONTROL(network, Network)
CONTROL(interface, NetInterface)

/* Every code that each kind of object knows. */
static void assert_controls_give(Control control, gpointer handle, DWORD object, DWORD expected)
{
    static const DWORD functions[] = {CLCTL_GET_CHARACTERISTICS,
                                      CLCTL_GET_FLAGS,
                                      CLCTL_GET_NAME,
                                      CLCTL_GET_ID,
                                      CLCTL_ENUM_COMMON_PROPERTIES,
                                      CLCTL_GET_COMMON_PROPERTIES,
                                      CLCTL_GET_RO_COMMON_PROPERTIES,
                                      CLCTL_GET_COMMON_PROPERTY_FMTS,
                                      CLCTL_ENUM_PRIVATE_PROPERTIES,
                                      CLCTL_GET_PRIVATE_PROPERTIES,
                                      CLCTL_GET_RO_PRIVATE_PROPERTIES,
                                      CLCTL_GET_PRIVATE_PROPERTY_FMTS};
    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
        DWORD code = object << CLUSCTL_OBJECT_SHIFT | functions[i];
        g_assert_cmpuint(control(handle, NULL, code, NULL, 0, bytes, sizeof bytes, NULL), ==,
                         expected);
    }
}

static void test_deleted_group(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    HGROUP group = OpenClusterGroup(demo->cluster, u"empty");
    execute(demo, DELETE("resource_group", "3", "empty"));
    g_assert_cmpuint(last_error_of(GetClusterGroupState(group, NULL, NULL) == -1), ==,
                     ERROR_GROUP_NOT_AVAILABLE);
    g_assert_cmpuint(last_error_of(ClusterGroupOpenEnum(group, CLUSTER_GROUP_ENUM_ALL) == NULL), ==,
                     ERROR_GROUP_NOT_AVAILABLE);
    assert_controls_give(control_group, group, CLUS_OBJECT_GROUP, ERROR_GROUP_NOT_AVAILABLE);
    g_assert_cmpuint(
        ClusterGroupControl(group, NULL, CLUSCTL_GROUP_QUERY_DELETE, NULL, 0, NULL, 0, NULL), ==,
        ERROR_GROUP_NOT_AVAILABLE);
    HCLUSTER instance = GetClusterFromGroup(group);
    g_assert_nonnull(instance);
    CloseCluster(instance);
    g_assert_true(CloseClusterGroup(group));
}

static void test_deleted_resource(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    DWORD length = G_N_ELEMENTS(text);
    HRESOURCE resource = OpenClusterResource(demo->cluster, u"archive-job");
    execute(demo, DELETE("resource", "1", "archive-job"));
    g_assert_cmpuint(last_error_of(GetClusterResourceState(resource, NULL, NULL, NULL, NULL) == -1),
                     ==, ERROR_RESOURCE_NOT_AVAILABLE);
    g_assert_cmpuint(GetClusterResourceDependencyExpression(resource, text, &length), ==,
                     ERROR_RESOURCE_NOT_AVAILABLE);
    g_assert_cmpuint(last_error_of(!GetClusterResourceNetworkName(resource, text, &length)), ==,
                     ERROR_RESOURCE_NOT_AVAILABLE);
    g_assert_cmpuint(
        last_error_of(ClusterResourceOpenEnum(resource, CLUSTER_RESOURCE_ENUM_ALL) == NULL), ==,
        ERROR_RESOURCE_NOT_AVAILABLE);
    assert_controls_give(control_resource, resource, CLUS_OBJECT_RESOURCE,
                         ERROR_RESOURCE_NOT_AVAILABLE);
}

static void test_deleted_node(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    DWORD length = G_N_ELEMENTS(text);
    HNODE node = OpenClusterNode(demo->cluster, u"node5");
    execute(demo, "DELETE FROM netinterface WHERE node = (SELECT number FROM object WHERE kind = 4"
                  " AND name = 'node5');" DELETE("node", "4", "node5"));
    g_assert_cmpuint(last_error_of(GetClusterNodeState(node) == -1), ==, ERROR_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(GetClusterNodeId(node, text, &length), ==, ERROR_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(last_error_of(ClusterNodeOpenEnum(node, CLUSTER_NODE_ENUM_ALL) == NULL), ==,
                     ERROR_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(
        last_error_of(ClusterNodeOpenEnumEx(node, CLUSTER_NODE_ENUM_ALL, NULL) == NULL), ==,
        ERROR_NODE_NOT_AVAILABLE);
    assert_controls_give(control_node, node, CLUS_OBJECT_NODE, ERROR_NODE_NOT_AVAILABLE);
    HGROUP group = OpenClusterGroup(demo->cluster, u"web");
    g_assert_cmpuint(
        ClusterGroupControl(group, node, CLUSCTL_GROUP_GET_NAME, NULL, 0, bytes, 100, NULL), ==,
        ERROR_NODE_NOT_AVAILABLE);
}

static void test_deleted_network(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    DWORD length = G_N_ELEMENTS(text);
    HNETWORK network = OpenClusterNetwork(demo->cluster, u"lab");
    HNETINTERFACE interface = OpenClusterNetInterface(demo->cluster, u"node4 - lab");
    g_assert_nonnull(interface);
    execute(demo, "DELETE FROM netinterface WHERE network = (SELECT number FROM object"
                  " WHERE kind = 5 AND name = 'lab');"
                  "DELETE FROM object WHERE kind = 6 AND number NOT IN"
                  " (SELECT number FROM netinterface);" DELETE("network", "5", "lab"));
    g_assert_cmpuint(last_error_of(GetClusterNetworkState(network) == -1), ==,
                     ERROR_NETWORK_NOT_AVAILABLE);
    g_assert_cmpuint(GetClusterNetworkId(network, text, &length), ==, ERROR_NETWORK_NOT_AVAILABLE);
    g_assert_cmpuint(
        last_error_of(ClusterNetworkOpenEnum(network, CLUSTER_NETWORK_ENUM_ALL) == NULL), ==,
        ERROR_NETWORK_NOT_AVAILABLE);
    assert_controls_give(control_network, network, CLUS_OBJECT_NETWORK,
                         ERROR_NETWORK_NOT_AVAILABLE);
    g_assert_cmpuint(last_error_of(GetClusterNetInterfaceState(interface) == -1), ==,
                     ERROR_CLUSTER_NETINTERFACE_NOT_FOUND);
    assert_controls_give(control_interface, interface, CLUS_OBJECT_NETINTERFACE,
                         ERROR_CLUSTER_NETINTERFACE_NOT_FOUND);
}

/* A new object of the same name is another one. */
static void test_made_again(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    HGROUP old = OpenClusterGroup(demo->cluster, u"empty");
    execute(
        demo,
        DELETE(
            "resource_group", "3",
            "empty") "INSERT INTO object (kind, id, name, key) VALUES (3, 'f', 'empty', 'empty');"
                     "INSERT INTO resource_group (number, owner)"
                     " SELECT last_insert_rowid(), min(number) FROM node");
    g_assert_cmpuint(last_error_of(GetClusterGroupState(old, NULL, NULL) == -1), ==,
                     ERROR_GROUP_NOT_AVAILABLE);
    HGROUP new = OpenClusterGroup(demo->cluster, u"empty");
    g_assert_cmpint(GetClusterGroupState(new, NULL, NULL), ==, ClusterGroupOffline);
}

static void test_renamed(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    HGROUP group = OpenClusterGroup(demo->cluster, u"empty");
    HCLUSENUM list = ClusterOpenEnum(demo->cluster, CLUSTER_ENUM_GROUP);
    DWORD count = ClusterGetEnumCount(list);
    execute(demo, "UPDATE object SET name = 'Filled', key = 'filled'"
                  " WHERE kind = 3 AND name = 'empty'");
    g_assert_cmpuint(
        ClusterGroupControl(group, NULL, CLUSCTL_GROUP_GET_NAME, NULL, 0, text, sizeof text, NULL),
        ==, ERROR_SUCCESS);
    g_autofree char *name = narrow(text);
    g_assert_cmpstr(name, ==, "Filled");
    g_assert_null(OpenClusterGroup(demo->cluster, u"empty"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_GROUP_NOT_FOUND);
    /* The list is as it was. */
    g_assert_cmpuint(ClusterGetEnumCount(list), ==, count);
    gboolean listed = FALSE;
    for (DWORD i = 0; i < count; i++) {
        DWORD length = G_N_ELEMENTS(text);
        DWORD code = ClusterEnum(list, i, NULL, text, &length);
        listed = listed || (code == ERROR_SUCCESS && memcmp(text, u"empty", sizeof u"empty") == 0);
    }
    g_assert_true(listed);
}

/* --- Arguments -------------------------------------------------------------------------------- */

static void test_hosts(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        LPCWSTR name;
        DWORD code;
    } rows[] = {{u"node1", ERROR_SUCCESS},
                {u"node3", ERROR_SUCCESS}, /* paused */
                {u"node4", ERROR_HOST_NODE_NOT_AVAILABLE},
                {u"node5", ERROR_HOST_NODE_NOT_AVAILABLE}};
    HGROUP group = OpenClusterGroup(demo->cluster, u"empty");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        HNODE host = OpenClusterNode(demo->cluster, rows[i].name);
        g_assert_cmpuint(
            ClusterGroupControl(group, host, CLUSCTL_GROUP_GET_NAME, NULL, 0, bytes, 100, NULL), ==,
            rows[i].code);
        g_assert_cmpuint(
            ClusterGroupControl(group, host, CLUSCTL_GROUP_QUERY_DELETE, NULL, 0, NULL, 0, NULL),
            ==, rows[i].code);
    }
}

static DWORD interface_of(const Demo *demo, LPCWSTR node, LPCWSTR network)
{
    DWORD length = G_N_ELEMENTS(text);
    return GetClusterNetInterface(demo->cluster, node, network, text, &length);
}

static void test_interface_of(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    g_assert_cmpuint(interface_of(demo, u"NODE1", u"Public"), ==, ERROR_SUCCESS);
    g_assert_cmpuint(interface_of(demo, u"node4", u"public"), ==,
                     ERROR_CLUSTER_NETINTERFACE_NOT_FOUND);
    g_assert_cmpuint(interface_of(demo, u"no", u"public"), ==, ERROR_CLUSTER_NODE_NOT_FOUND);
    g_assert_cmpuint(interface_of(demo, u"node1", u"no"), ==, ERROR_CLUSTER_NETWORK_NOT_FOUND);
    g_assert_cmpuint(interface_of(demo, u"", u"public"), ==, ERROR_CLUSTER_NODE_NOT_FOUND);
    g_assert_cmpuint(interface_of(demo, u"node1", u""), ==, ERROR_CLUSTER_NETWORK_NOT_FOUND);
    g_assert_cmpuint(interface_of(demo, NULL, u"public"), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(interface_of(demo, u"node1", NULL), ==, ERROR_INVALID_PARAMETER);
}

static void test_shared_volumes(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    DWORD returned;
    g_assert_cmpuint(ClusterControl(demo->cluster, NULL, CLUSCTL_CLUSTER_GET_SHARED_VOLUME_ID, NULL,
                                    0, bytes, sizeof bytes, &returned),
                     ==, ERROR_CLUSTER_NOT_SHARED_VOLUME);
}

static void test_last_error_left_alone(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    DWORD state;
    DWORD length = G_N_ELEMENTS(text);
    SetLastError(77);
    g_assert_cmpuint(GetNodeClusterState(u"elsewhere", &state), ==, RPC_S_SERVER_UNAVAILABLE);
    g_assert_cmpuint(GetNodeClusterState(NULL, &state), ==, ERROR_SUCCESS);
    (void)GetClusterNodeId(NULL, text, &length);
    g_assert_cmpuint(interface_of(demo, u"no", u"no"), ==, ERROR_CLUSTER_NODE_NOT_FOUND);
    g_assert_cmpuint(GetLastError(), ==, 77);
}

static void test_long_names(Demo *demo, G_GNUC_UNUSED gconstpointer data)
{
    const gsize length = 1 << 20;
    g_autofree WCHAR *name = g_new(WCHAR, length + 1);
    for (gsize i = 0; i < length; i++) {
        name[i] = (WCHAR)(0x4e00 + i % 256);
    }
    name[length] = 0;
    g_assert_null(OpenClusterGroup(demo->cluster, name));
    g_assert_cmpuint(GetLastError(), ==, ERROR_GROUP_NOT_FOUND);
    g_assert_null(OpenCluster(name));
    g_assert_cmpuint(GetLastError(), ==, RPC_S_SERVER_UNAVAILABLE);
}

static void test_bad_cursor(void)
{
    static const DWORD list[2];
    CLUSAPI_PROPERTY_CURSOR cursor = {{0}};
    CLUSAPI_PROPERTY property;
    g_assert_cmpuint(ClusapiPropertyListNext(list, sizeof list, &cursor, &property), ==,
                     ERROR_NO_MORE_ITEMS);
    for (gsize i = 0; i < G_N_ELEMENTS(cursor.reserved); i++) {
        CLUSAPI_PROPERTY_CURSOR bad = cursor;
        bad.reserved[i] = G_MAXSIZE / 2;
        /* Whatever it says of the list, nothing is read beyond that. */
        (void)ClusapiPropertyListNext(list, sizeof list, &bad, &property);
    }
    g_assert_cmpuint(ClusapiPropertyListNext(list, 4, &cursor, &property), ==,
                     ERROR_INVALID_PARAMETER);
}

#define TEST(name, function) g_test_add(name, Demo, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/objects/a deleted group is not available", test_deleted_group);
    TEST("/objects/a deleted resource is not available", test_deleted_resource);
    TEST("/objects/a deleted node is not available", test_deleted_node);
    TEST("/objects/a deleted network and its interfaces are not available", test_deleted_network);
    TEST("/objects/a handle never names a new object of the same name", test_made_again);
    TEST("/objects/a rename disturbs neither handles nor lists", test_renamed);
    TEST("/arguments/a control runs only on a host that is up", test_hosts);
    TEST("/arguments/an interface needs a node and a network", test_interface_of);
    TEST("/arguments/there are no shared volumes", test_shared_volumes);
    TEST("/arguments/functions that return a code leave the last error alone",
         test_last_error_left_alone);
    TEST("/arguments/a megabyte is a name like others", test_long_names);
    g_test_add_func("/arguments/a bad cursor reads nothing it should not", test_bad_cursor);
    return g_test_run();
}
