/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Creating, renaming and deleting, through the public API: each documented code that an embedded
 * cluster can give. One thread; each test has a file of its own.
 */
#include "acting-setup.h"

#include <string.h>

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\nquorum=witness\nquorum-type=node-and-witness-majority\n"                \
    "[node n1]\n[node n2]\n[node n3]\n"                                                            \
    "[network lan]\nrole=internal-and-client\naddress=10.0.0.0/24\npriority=1\n"                   \
    "[network san]\nrole=internal\naddress=10.1.0.0/24\npriority=2\n"                              \
    "[resource-type T]\n"                                                                          \
    "[resource-type Lonely]\ncharacteristics=single-cluster-instance\n"                            \
    "[resource-type Once]\ncharacteristics=single-group-instance\n"                                \
    "[resource-type Everywhere]\ncharacteristics=delete-requires-all-nodes\n"                      \
    "[resource-type Bound]\nnodes=n1;n2\n"                                                         \
    "[group core]\nowner=n1\ntype=core-cluster\ncore=true\n"                                       \
    "[resource witness]\ngroup=core\ntype=File Share Witness\nstate=online\n"                      \
    "[resource core-name]\ngroup=core\ntype=T\nstate=offline\ncore=true\n"                         \
    "[group g]\nowner=n1\npreferred-owners=n1;n2\n"                                                \
    "[resource a]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[resource b]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[a]\n"                               \
    "[resource on]\ngroup=g\ntype=T\nstate=online\n"                                               \
    "[resource bad]\ngroup=g\ntype=T\nstate=failed\n"                                              \
    "[resource all]\ngroup=g\ntype=Everywhere\nstate=offline\n"                                    \
    "[group empty]\nowner=n1\n"

static void get_id(HGROUP group, WCHAR id[64])
{
    DWORD size = 0;
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_GET_ID, NULL, 0, id, 64 * sizeof(WCHAR),
                           &size),
       ERROR_SUCCESS);
}

/* --- Groups ------------------------------------------------------------------------------------- */

static void test_new_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    WCHAR node[64];
    DWORD length = G_N_ELEMENTS(node);
    HGROUP group = CreateClusterGroup(c->handle, u"new");
    g_assert_nonnull(group);
    g_assert_cmpint(GetClusterGroupState(group, node, &length), ==, ClusterGroupOffline);
    g_autofree char *owner = narrow(node);
    g_autofree char *resources = contents_of(group, CLUSTER_GROUP_ENUM_CONTAINS);
    g_autofree char *nodes = contents_of(group, CLUSTER_GROUP_ENUM_NODES);
    g_assert_cmpstr(owner, ==, "n1");
    g_assert_cmpstr(resources, ==, "");
    g_assert_cmpstr(nodes, ==, "");
    IS(group_number(group, CLUSCTL_GROUP_GET_RO_COMMON_PROPERTIES, u"GroupType"),
       ClusGroupTypeUnknown);
    IS(group_number(group, CLUSCTL_GROUP_GET_COMMON_PROPERTIES, u"PersistentState"), 0);
    /* It has all access. */
    IS(SetClusterGroupName(group, u"newer"), ERROR_SUCCESS);
    CloseClusterGroup(group_of(c, "newer"));
    IS(DeleteClusterGroup(group), ERROR_SUCCESS);
    g_assert_true(CloseClusterGroup(group));
}

static void test_new_group_refused(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    CLUSTER_CREATE_GROUP_INFO info = {CLUSTER_CREATE_GROUP_INFO_VERSION_1, ClusGroupTypeDhcpServer};
    WCHAR id[64];
    get_id(group_of(c, "g"), id);
    NONE(CreateClusterGroup(c->handle, u"G"), ERROR_OBJECT_ALREADY_EXISTS);
    NONE(CreateClusterGroup(c->handle, id), ERROR_OBJECT_ALREADY_EXISTS);
    NONE(CreateClusterGroup(c->handle, u""), ERROR_INVALID_NAME);
    NONE(CreateClusterGroup(c->handle, u" \t\r\n"), ERROR_INVALID_NAME);
    NONE(CreateClusterGroup(c->handle, NULL), ERROR_INVALID_PARAMETER);
    HGROUP typed = CreateClusterGroupEx(c->handle, u"typed", &info);
    g_assert_nonnull(typed);
    IS(group_number(typed, CLUSCTL_GROUP_GET_RO_COMMON_PROPERTIES, u"GroupType"),
       ClusGroupTypeDhcpServer);
    info.dwVersion = 2;
    NONE(CreateClusterGroupEx(c->handle, u"other", &info), ERROR_INVALID_PARAMETER);
    static const CLUSGROUP_TYPE reserved[] = {ClusGroupTypeCoreCluster,
                                              ClusGroupTypeAvailableStorage,
                                              ClusGroupTypeSharedVolume, ClusGroupTypeStoragePool};
    for (gsize i = 0; i < G_N_ELEMENTS(reserved); i++) {
        info = (CLUSTER_CREATE_GROUP_INFO){CLUSTER_CREATE_GROUP_INFO_VERSION_1, reserved[i]};
        NONE(CreateClusterGroupEx(c->handle, u"other", &info), ERROR_INVALID_PARAMETER);
    }
    NONE(OpenClusterGroup(c->handle, u"other"), ERROR_GROUP_NOT_FOUND);
}

static void test_delete_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP empty = group_of(c, "empty");
    IS(DeleteClusterGroup(group_of(c, "g")), ERROR_DIR_NOT_EMPTY);
    IS(DeleteClusterGroup(group_of(c, "core")), ERROR_CORE_RESOURCE);
    IS(DeleteClusterGroup(empty), ERROR_SUCCESS);
    NONE(OpenClusterGroup(c->handle, u"empty"), ERROR_GROUP_NOT_FOUND);
    /* A new one of that name is another. */
    HGROUP again = CreateClusterGroup(c->handle, u"empty");
    g_assert_nonnull(again);
    IS(DeleteClusterGroup(empty), ERROR_GROUP_NOT_AVAILABLE);
}

static void test_destroy_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HRESOURCE resource = resource_of(c, "on");
    IS(DestroyClusterGroup(group_of(c, "core")), ERROR_CORE_RESOURCE);
    IS(DestroyClusterGroup(group), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group), ERROR_GROUP_NOT_AVAILABLE);
    g_assert_cmpint(GetClusterResourceState(resource, NULL, NULL, NULL, NULL), ==,
                    ClusterResourceStateUnknown);
    IS(GetLastError(), ERROR_RESOURCE_NOT_AVAILABLE);
    NONE(OpenClusterResource(c->handle, u"a"), ERROR_RESOURCE_NOT_FOUND);
}

static void test_deleted_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "empty");
    HNODE node = node_of(c, "n1");
    WCHAR id[64];
    DWORD size;
    IS(DeleteClusterGroup(group), ERROR_SUCCESS);
    IS(DeleteClusterGroup(group), ERROR_GROUP_NOT_AVAILABLE);
    IS(DestroyClusterGroup(group), ERROR_GROUP_NOT_AVAILABLE);
    IS(SetClusterGroupName(group, u"x"), ERROR_GROUP_NOT_AVAILABLE);
    IS(SetClusterGroupNodeList(group, 1, &node), ERROR_GROUP_NOT_AVAILABLE);
    IS(OnlineClusterGroup(group, NULL), ERROR_GROUP_NOT_AVAILABLE);
    IS(OfflineClusterGroup(group), ERROR_GROUP_NOT_AVAILABLE);
    IS(MoveClusterGroup(group, node), ERROR_GROUP_NOT_AVAILABLE);
    IS(CancelClusterGroupOperation(group, 0), ERROR_GROUP_NOT_AVAILABLE);
    NONE(CreateClusterResource(group, u"x", u"T", 0), ERROR_GROUP_NOT_AVAILABLE);
    NONE(ClusterGroupOpenEnum(group, CLUSTER_GROUP_ENUM_ALL), ERROR_GROUP_NOT_AVAILABLE);
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_GET_ID, NULL, 0, id, sizeof id, &size),
       ERROR_GROUP_NOT_AVAILABLE);
    IS(ChangeClusterResourceGroup(resource_of(c, "a"), group), ERROR_GROUP_NOT_AVAILABLE);
    g_assert_true(CloseClusterGroup(group));
}

static void test_rename_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    WCHAR before[64], after[64], other[64];
    get_id(group, before);
    get_id(group_of(c, "empty"), other);
    IS(SetClusterGroupName(group, u"Empty"), ERROR_ALREADY_EXISTS);
    IS(SetClusterGroupName(group, other), ERROR_ALREADY_EXISTS);
    IS(SetClusterGroupName(group, u""), ERROR_INVALID_NAME);
    IS(SetClusterGroupName(group, NULL), ERROR_INVALID_PARAMETER);
    IS(SetClusterGroupName(group, u"G"), ERROR_SUCCESS);
    IS(SetClusterGroupName(group, u"a/b\n"), ERROR_SUCCESS);
    get_id(group, after);
    g_assert_cmpint(lstrcmpW(before, after), ==, 0);
    CloseClusterGroup(group_of(c, "A/B\n"));
    NONE(OpenClusterGroup(c->handle, u"g"), ERROR_GROUP_NOT_FOUND);
}

/* --- Resources ---------------------------------------------------------------------------------- */

static void test_new_resource(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "empty");
    HRESOURCE resource = CreateClusterResource(group, u"new", u"t", 0);
    g_assert_nonnull(resource);
    g_assert_cmpint(state_of(c, "new"), ==, ClusterResourceOffline);
    g_autofree char *owners = relations_of(resource, CLUSTER_RESOURCE_ENUM_NODES);
    g_autofree char *resources = contents_of(group, CLUSTER_GROUP_ENUM_CONTAINS);
    g_assert_cmpstr(owners, ==, "n1;n2;n3");
    g_assert_cmpstr(resources, ==, "new");
    IS(OnlineClusterResource(resource), ERROR_SUCCESS);
    g_assert_cmpint(state_of(c, "new"), ==, ClusterResourceOnline);
    g_assert_nonnull(
        CreateClusterResource(group, u"apart", u"T", CLUSTER_RESOURCE_SEPARATE_MONITOR));
}

static void test_new_resource_refused(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "empty");
    NONE(CreateClusterResource(group, u"new", u"T", 2), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterResource(group, u"new", u"nothing", 0),
         ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    NONE(CreateClusterResource(group, u"new", NULL, 0), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterResource(group, NULL, u"T", 0), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterResource(group, u"A", u"T", 0), ERROR_OBJECT_ALREADY_EXISTS);
    NONE(CreateClusterResource(group, u" ", u"T", 0), ERROR_INVALID_NAME);
    g_assert_nonnull(CreateClusterResource(group, u"one", u"Lonely", 0));
    NONE(CreateClusterResource(group_of(c, "g"), u"two", u"Lonely", 0),
         ERROR_CLUSTER_SINGLETON_RESOURCE);
    g_assert_nonnull(CreateClusterResource(group, u"once", u"Once", 0));
    NONE(CreateClusterResource(group, u"twice", u"Once", 0),
         ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE);
    g_assert_nonnull(CreateClusterResource(group_of(c, "g"), u"twice", u"Once", 0));
}

static void test_delete_resource(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    IS(DeleteClusterResource(resource_of(c, "a")), ERROR_DEPENDENT_RESOURCE_EXISTS);
    IS(DeleteClusterResource(resource_of(c, "on")), ERROR_INVALID_STATE);
    IS(DeleteClusterResource(resource_of(c, "witness")), ERROR_QUORUM_RESOURCE);
    IS(DeleteClusterResource(resource_of(c, "core-name")), ERROR_CORE_RESOURCE);
    IS(ClusapiSetNodeState(node_of(c, "n3"), ClusterNodeDown), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "all")), ERROR_ALL_NODES_NOT_AVAILABLE);
    IS(ClusapiSetNodeState(node_of(c, "n3"), ClusterNodeUp), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "all")), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "bad")), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "b")), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "a")), ERROR_SUCCESS);
    NONE(OpenClusterResource(c->handle, u"a"), ERROR_RESOURCE_NOT_FOUND);
}

static void test_deleted_resource(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE r = resource_of(c, "bad");
    HRESOURCE other = resource_of(c, "a");
    HNODE node = node_of(c, "n1");
    IS(DeleteClusterResource(r), ERROR_SUCCESS);
    IS(DeleteClusterResource(r), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(SetClusterResourceName(r, u"x"), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(OnlineClusterResource(r), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(OfflineClusterResource(r), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(FailClusterResource(r), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(RestartClusterResource(r, 0), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(ChangeClusterResourceGroup(r, group_of(c, "empty")), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(AddClusterResourceNode(r, node), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(RemoveClusterResourceNode(r, node), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(AddClusterResourceDependency(r, other), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(AddClusterResourceDependency(other, r), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(RemoveClusterResourceDependency(r, other), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(SetClusterResourceDependencyExpression(r, u""), ERROR_RESOURCE_NOT_AVAILABLE);
    IS(SetClusterQuorumResource(r, NULL, 0x400), ERROR_RESOURCE_NOT_AVAILABLE);
    NONE(ClusterResourceOpenEnum(r, CLUSTER_RESOURCE_ENUM_ALL), ERROR_RESOURCE_NOT_AVAILABLE);
    g_assert_false(CanResourceBeDependent(r, other));
    IS(GetLastError(), ERROR_RESOURCE_NOT_AVAILABLE);
    g_assert_true(CloseClusterResource(r));
}

static void test_rename_resource(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE resource = resource_of(c, "a");
    IS(SetClusterResourceName(resource, u"B"), ERROR_ALREADY_EXISTS);
    IS(SetClusterResourceName(resource, u"\n"), ERROR_INVALID_NAME);
    IS(SetClusterResourceName(resource, NULL), ERROR_INVALID_PARAMETER);
    IS(SetClusterResourceName(resource, u"A"), ERROR_SUCCESS);
    IS(SetClusterResourceName(resource, u"first"), ERROR_SUCCESS);
    g_autofree char *providers = relations_of(resource_of(c, "b"), CLUSTER_RESOURCE_ENUM_DEPENDS);
    g_assert_cmpstr(providers, ==, "first");
}

/* --- Resource types ----------------------------------------------------------------------------- */

static void test_types(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCLUSTER h = c->handle;
    IS(CreateClusterResourceType(h, u"New", u"A new one", u"new.so", 5000, 60000), ERROR_SUCCESS);
    IS(CreateClusterResourceType(h, u"NEW", u"Again", u"new.so", 5000, 60000),
       ERROR_ALREADY_EXISTS);
    IS(CreateClusterResourceType(h, u"\\x", u"", u"x.so", 5000, 60000), ERROR_INVALID_NAME);
    IS(CreateClusterResourceType(h, u"", u"", u"x.so", 5000, 60000), ERROR_INVALID_NAME);
    IS(CreateClusterResourceType(h, u"x", u"", u"x.so", 5000, 9), ERROR_INVALID_PARAMETER);
    IS(CreateClusterResourceType(h, NULL, u"", u"x.so", 5000, 60000), ERROR_INVALID_PARAMETER);
    IS(CreateClusterResourceType(h, u"x", NULL, u"x.so", 5000, 60000), ERROR_INVALID_PARAMETER);
    IS(CreateClusterResourceType(h, u"x", u"", NULL, 5000, 60000), ERROR_INVALID_PARAMETER);
    HRESOURCE resource = CreateClusterResource(group_of(c, "empty"), u"new", u"New", 0);
    g_assert_nonnull(resource);
    IS(DeleteClusterResourceType(h, u"New"), ERROR_DIR_NOT_EMPTY);
    IS(DeleteClusterResource(resource), ERROR_SUCCESS);
    IS(DeleteClusterResourceType(h, u"new"), ERROR_SUCCESS);
    IS(DeleteClusterResourceType(h, u"New"), ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    IS(DeleteClusterResourceType(h, NULL), ERROR_INVALID_PARAMETER);
}

/* --- The cluster and its networks --------------------------------------------------------------- */

static void test_rename_cluster(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    WCHAR name[80];
    DWORD length = G_N_ELEMENTS(name);
    IS(SetClusterName(c->handle, u"other"), ERROR_RESOURCE_PROPERTIES_STORED);
    IS(GetClusterInformation(c->handle, name, &length, NULL), ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(name, u"other"), ==, 0);
    IS(SetClusterName(c->handle, u"N2"), ERROR_INVALID_NAME);
    IS(SetClusterName(c->handle, u"two words"), ERROR_INVALID_NAME);
    IS(SetClusterName(c->handle, u""), ERROR_INVALID_NAME);
    IS(SetClusterName(c->handle, NULL), ERROR_INVALID_PARAMETER);
    for (gsize i = 0; i < 64; i++) {
        name[i] = u'x';
    }
    name[64] = 0;
    IS(SetClusterName(c->handle, name), RPC_S_STRING_TOO_LONG);
    name[63] = 0;
    IS(SetClusterName(c->handle, name), ERROR_RESOURCE_PROPERTIES_STORED);
}

static void test_rename_network(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNETWORK network = network_of(c, "lan");
    IS(SetClusterNetworkName(network, u"SAN"), ERROR_OBJECT_ALREADY_EXISTS);
    IS(SetClusterNetworkName(network, u""), ERROR_INVALID_NAME);
    IS(SetClusterNetworkName(network, NULL), ERROR_INVALID_PARAMETER);
    IS(SetClusterNetworkName(network, u"office"), ERROR_SUCCESS);
    g_assert_true(CloseClusterNetwork(network_of(c, "Office")));
}

/* --- Nodes -------------------------------------------------------------------------------------- */

static BOOL CALLBACK count_calls(PVOID argument, G_GNUC_UNUSED CLUSTER_SETUP_PHASE phase,
                                 G_GNUC_UNUSED CLUSTER_SETUP_PHASE_TYPE type,
                                 G_GNUC_UNUSED CLUSTER_SETUP_PHASE_SEVERITY severity,
                                 G_GNUC_UNUSED DWORD percent, G_GNUC_UNUSED PCWSTR name,
                                 G_GNUC_UNUSED DWORD status)
{
    ++*(guint *)argument;
    return TRUE;
}

static BOOL CALLBACK stop(PVOID argument, G_GNUC_UNUSED CLUSTER_SETUP_PHASE phase,
                          G_GNUC_UNUSED CLUSTER_SETUP_PHASE_TYPE type,
                          G_GNUC_UNUSED CLUSTER_SETUP_PHASE_SEVERITY severity,
                          G_GNUC_UNUSED DWORD percent, G_GNUC_UNUSED PCWSTR name,
                          G_GNUC_UNUSED DWORD status)
{
    (void)argument;
    return FALSE;
}

static void test_add_node(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    WCHAR id[16];
    DWORD length = G_N_ELEMENTS(id);
    guint calls = 0;
    HNODE node = AddClusterNode(c->handle, u"n4", count_calls, &calls);
    g_assert_nonnull(node);
    g_assert_cmpuint(calls, >=, 2);
    g_assert_cmpint(GetClusterNodeState(node), ==, ClusterNodeUp);
    IS(GetClusterNodeId(node, id, &length), ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(id, u"4"), ==, 0);
    NONE(AddClusterNode(c->handle, u"N4", NULL, NULL), ERROR_CLUSTER_NODE_EXISTS);
    NONE(AddClusterNode(c->handle, u"Test", NULL, NULL), ERROR_CLUSTER_NODE_EXISTS);
    NONE(AddClusterNode(c->handle, u"two words", NULL, NULL), ERROR_INVALID_NAME);
    NONE(AddClusterNode(c->handle, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    NONE(AddClusterNode(c->handle, u"n5", stop, NULL), ERROR_OPERATION_ABORTED);
    NONE(OpenClusterNode(c->handle, u"n5"), ERROR_CLUSTER_NODE_NOT_FOUND);
    /* It can own what is there. */
    IS(MoveClusterGroup(group_of(c, "g"), node), ERROR_SUCCESS);
    await_owner(c, "g", "n4");
}

static void test_evict_node(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNODE node = node_of(c, "n1");
    HRESULT cleanup = 77;
    IS(EvictClusterNodeEx(node, 1000, &cleanup), ERROR_SUCCESS);
    g_assert_cmpint(cleanup, ==, 0);
    NONE(OpenClusterNode(c->handle, u"n1"), ERROR_CLUSTER_NODE_NOT_FOUND);
    g_autofree char *owners = contents_of(group_of(c, "g"), CLUSTER_GROUP_ENUM_NODES);
    g_autofree char *possible = relations_of(resource_of(c, "a"), CLUSTER_RESOURCE_ENUM_NODES);
    g_assert_cmpstr(owners, ==, "n2");
    g_assert_cmpstr(possible, ==, "n2;n3");
    await_owner(c, "g", "n2");
    g_assert_cmpint(state_of(c, "on"), ==, ClusterResourceOnline);
    IS(EvictClusterNode(node), ERROR_NODE_NOT_AVAILABLE);
    IS(PauseClusterNode(node), ERROR_NODE_NOT_AVAILABLE);
    IS(ResumeClusterNode(node), ERROR_NODE_NOT_AVAILABLE);
    IS(ClusapiSetNodeState(node, ClusterNodeDown), ERROR_NODE_NOT_AVAILABLE);
    g_assert_cmpint(GetClusterNodeState(node), ==, ClusterNodeStateUnknown);
    IS(GetLastError(), ERROR_NODE_NOT_AVAILABLE);
    IS(EvictClusterNode(node_of(c, "n3")), ERROR_SUCCESS);
    IS(EvictClusterNode(node_of(c, "n2")), ERROR_CANT_EVICT_ACTIVE_NODE);
    g_assert_true(CloseClusterNode(node));
}

/* The destination is evicted while a group is on its way to it: it goes to another node or stays. */
static void check_redirected(const char *definition, DWORD flags, const char *owner)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HGROUP group = group_of(c, "g");
    HNODE destination = node_of(c, "n2");
    IS(MoveClusterGroupEx(group, destination, flags, NULL, 0), ERROR_IO_PENDING);
    IS(EvictClusterNode(destination), ERROR_SUCCESS);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupPending);
    await_owner(c, "g", owner);
    await_state(c, "r", ClusterResourceOnline);
    await_state(c, "base", ClusterResourceOnline);
}

static void test_evict_destination(void)
{
#define SLOW                                                                                       \
    "[resource-type T]\nprivate.OnlineDelay=dword:300\nprivate.OfflineDelay=dword:300\n"           \
    "[group g]\nowner=n1\n[resource base]\ngroup=g\ntype=T\nstate=online\n"                        \
    "[resource r]\ngroup=g\ntype=T\nstate=online\ndepends-on=[base]\n"
    check_redirected("[cluster]\nname=test\n[node n1]\n[node n2]\n" SLOW, 0, "n1");
    check_redirected("[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n" SLOW, 0, "n3");
    check_redirected("[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n" SLOW,
                     CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR, "n1");
#undef SLOW
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/acting/groups are created", test_new_group);
    g_test_add_func("/acting/groups that cannot be are refused", test_new_group_refused);
    g_test_add_func("/acting/groups are deleted", test_delete_group);
    g_test_add_func("/acting/groups are destroyed with what they hold", test_destroy_group);
    g_test_add_func("/acting/a deleted group's handle says so", test_deleted_group);
    g_test_add_func("/acting/groups are renamed", test_rename_group);
    g_test_add_func("/acting/resources are created", test_new_resource);
    g_test_add_func("/acting/resources that cannot be are refused", test_new_resource_refused);
    g_test_add_func("/acting/resources are deleted", test_delete_resource);
    g_test_add_func("/acting/a deleted resource's handle says so", test_deleted_resource);
    g_test_add_func("/acting/resources are renamed", test_rename_resource);
    g_test_add_func("/acting/resource types come and go", test_types);
    g_test_add_func("/acting/the cluster is renamed", test_rename_cluster);
    g_test_add_func("/acting/networks are renamed", test_rename_network);
    g_test_add_func("/acting/nodes are added", test_add_node);
    g_test_add_func("/acting/nodes are evicted", test_evict_node);
    g_test_add_func("/acting/the destination of a move is evicted", test_evict_destination);
    return g_test_run();
}
