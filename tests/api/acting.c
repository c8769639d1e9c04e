/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bringing online and offline, moving, pausing, failing, through the public API: each documented
 * code that an embedded cluster can give; and what all functions that change something have in
 * common. One thread; each test has a file of its own.
 */
#include "acting-setup.h"

#include <string.h>

#define NODES "[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n"

/* The resource slow takes 300 ms each way; the other resources take no time. */
#define DEFINITION                                                                                 \
    NODES "[resource-type T]\n[resource-type Once]\ncharacteristics=single-group-instance\n"       \
          "[group core]\nowner=n1\ntype=core-cluster\ncore=true\n"                                 \
          "[group disks]\nowner=n1\ntype=available-storage\ncore=true\n"                           \
          "[resource core-name]\ngroup=core\ntype=T\nstate=offline\ncore=true\n"                   \
          "[group g]\nowner=n1\npreferred-owners=n1;n2\n"                                          \
          "[resource r]\ngroup=g\ntype=T\nstate=offline\n"                                         \
          "[resource top]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[r]\n"                       \
          "[group h]\nowner=n1\n"                                                                  \
          "[resource slow]\ngroup=h\ntype=T\nstate=offline\n"                                      \
          "private.OnlineDelay=dword:300\nprivate.OfflineDelay=dword:300\n"                        \
          "[group k]\nowner=n2\n"                                                                  \
          "[resource once]\ngroup=k\ntype=Once\nstate=offline\n"                                   \
          "[group paused]\nowner=n3\n"                                                             \
          "[resource p]\ngroup=paused\ntype=T\nstate=offline\n"

/* --- Groups ------------------------------------------------------------------------------------- */

static void test_group_online(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    IS(OnlineClusterGroup(group, NULL), ERROR_SUCCESS);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOnline);
    IS(OnlineClusterGroup(group, NULL), ERROR_SUCCESS);
    IS(group_number(group, CLUSCTL_GROUP_GET_COMMON_PROPERTIES, u"PersistentState"), 1);
    IS(OfflineClusterGroup(group), ERROR_SUCCESS);
    IS(OfflineClusterGroup(group), ERROR_SUCCESS);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOffline);
    IS(group_number(group, CLUSCTL_GROUP_GET_COMMON_PROPERTIES, u"PersistentState"), 0);
    IS(OnlineClusterGroup(group, node_of(c, "n2")), ERROR_SUCCESS);
    await_owner(c, "g", "n2");
    g_assert_cmpint(state_of(c, "top"), ==, ClusterResourceOnline);
}

static void test_group_pending(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "h");
    IS(OnlineClusterGroup(group, NULL), ERROR_IO_PENDING);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupPending);
    IS(OnlineClusterGroup(group, NULL), ERROR_INVALID_STATE);
    IS(OfflineClusterGroup(group), ERROR_INVALID_STATE);
    IS(MoveClusterGroup(group, node_of(c, "n2")), ERROR_INVALID_STATE);
    await_state(c, "slow", ClusterResourceOnline);
    IS(OfflineClusterGroup(group), ERROR_IO_PENDING);
    g_assert_cmpint(state_of(c, "slow"), ==, ClusterResourceOfflinePending);
    await_state(c, "slow", ClusterResourceOffline);
}

static void test_group_online_refused(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HNODE n3 = node_of(c, "n3");
    IS(OnlineClusterGroup(group_of(c, "disks"), NULL), ERROR_SPECIAL_GROUP);
    IS(OfflineClusterGroup(group_of(c, "disks")), ERROR_SPECIAL_GROUP);
    IS(OnlineClusterGroup(group_of(c, "core"), NULL), ERROR_SUCCESS);
    IS(OfflineClusterGroup(group_of(c, "core")), ERROR_SUCCESS);
    IS(PauseClusterNode(n3), ERROR_SUCCESS);
    IS(OnlineClusterGroup(group_of(c, "paused"), NULL), ERROR_SHARING_PAUSED);
    IS(OnlineClusterGroup(group, n3), ERROR_SHARING_PAUSED);
    IS(OnlineClusterResource(resource_of(c, "p")), ERROR_SHARING_PAUSED);
    IS(OfflineClusterGroup(group_of(c, "paused")), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(n3, ClusterNodeDown), ERROR_SUCCESS);
    IS(OnlineClusterGroup(group, n3), ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOffline);
}

static void test_group_move(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HNODE n3 = node_of(c, "n3");
    IS(MoveClusterGroup(group, node_of(c, "n1")), ERROR_SUCCESS);
    await_owner(c, "g", "n1");
    IS(OnlineClusterResource(resource_of(c, "r")), ERROR_SUCCESS);
    IS(MoveClusterGroup(group, NULL), ERROR_SUCCESS);
    await_owner(c, "g", "n2");
    /* What was online is so there, and nothing else. */
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnline);
    g_assert_cmpint(state_of(c, "top"), ==, ClusterResourceOffline);
    IS(PauseClusterNode(n3), ERROR_SUCCESS);
    IS(MoveClusterGroup(group, n3), ERROR_SHARING_PAUSED);
    IS(ClusapiSetNodeState(n3, ClusterNodeDown), ERROR_SUCCESS);
    IS(MoveClusterGroup(group, n3), ERROR_HOST_NODE_NOT_AVAILABLE);
    await_owner(c, "g", "n2");
}

static void test_move_to_evicted(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNODE n3 = node_of(c, "n3");
    IS(EvictClusterNode(n3), ERROR_SUCCESS);
    IS(MoveClusterGroup(group_of(c, "g"), n3), ERROR_CLUSTER_NODE_NOT_FOUND);
}

static void test_cancel(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "h");
    IS(CancelClusterGroupOperation(group, 0), ERROR_INVALID_STATE);
    IS(CancelClusterGroupOperation(group, 1), ERROR_INVALID_PARAMETER);
    IS(OnlineClusterGroup(group, NULL), ERROR_IO_PENDING);
    await_state(c, "slow", ClusterResourceOnline);
    IS(MoveClusterGroup(group, node_of(c, "n2")), ERROR_IO_PENDING);
    DWORD code = CancelClusterGroupOperation(group, 0);
    g_assert_true(code == ERROR_IO_PENDING || code == ERROR_SUCCESS);
    await_state(c, "slow", ClusterResourceOnline);
    await_owner(c, "h", "n1");
}

/* --- Resources ---------------------------------------------------------------------------------- */

static void test_resource(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE r = resource_of(c, "r");
    HRESOURCE top = resource_of(c, "top");
    IS(OnlineClusterResource(top), ERROR_SUCCESS);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnline);
    IS(OnlineClusterResource(top), ERROR_SUCCESS);
    IS(OfflineClusterResource(r), ERROR_SUCCESS);
    g_assert_cmpint(state_of(c, "top"), ==, ClusterResourceOffline);
    IS(OfflineClusterResource(r), ERROR_SUCCESS);
    IS(FailClusterResource(r), ERROR_INVALID_STATE);
    IS(OnlineClusterResource(r), ERROR_SUCCESS);
    IS(FailClusterResource(r), ERROR_SUCCESS);
    IS(RestartClusterResource(r, 1), ERROR_INVALID_PARAMETER);
}

static void test_resource_best_node(void)
{
    g_autoptr(Cluster) c =
        cluster_new("[cluster]\nname=test\nproperty.ClusterEnforcedAntiAffinity=dword:1\n"
                    "[node n1]\nstate=paused\n[node n2]\n[node n3]\nstate=down\n[resource-type T]\n"
                    "[group g]\nowner=n1\nproperty.AntiAffinityClassNames=web\n"
                    "[resource r]\ngroup=g\ntype=T\nstate=offline\n"
                    "[group other]\nowner=n2\nproperty.AntiAffinityClassNames=web\n"
                    "[resource o]\ngroup=other\ntype=T\nstate=online\n");
    HRESOURCE r = resource_of(c, "r");
    const DWORD best = CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE;
    IS(OnlineClusterResource(r), ERROR_SHARING_PAUSED);
    IS(OnlineClusterResourceEx(r, best, NULL, 0), ERROR_SHARING_PAUSED);
    await_owner(c, "g", "n1");
    IS(OnlineClusterResourceEx(r, best | CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE, NULL, 0),
       ERROR_SUCCESS);
    await_owner(c, "g", "n2");
    IS(OfflineClusterResource(r), ERROR_SUCCESS);
    /* There it stays as long as it is the only one that is up. */
    IS(OnlineClusterResourceEx(r, best, NULL, 0), ERROR_NODE_CANT_HOST_RESOURCE);
    IS(ResumeClusterNode(node_of(c, "n1")), ERROR_SUCCESS);
    IS(OnlineClusterResourceEx(r, best, NULL, 0), ERROR_SUCCESS);
    await_owner(c, "g", "n1");
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnline);
}

static void test_resource_pending(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE slow = resource_of(c, "slow");
    IS(OnlineClusterResource(slow), ERROR_IO_PENDING);
    g_assert_cmpint(state_of(c, "slow"), ==, ClusterResourceOnlinePending);
    IS(OnlineClusterResource(slow), ERROR_INVALID_STATE);
    IS(OfflineClusterResource(slow), ERROR_INVALID_STATE);
    IS(DeleteClusterResource(slow), ERROR_INVALID_STATE);
    await_state(c, "slow", ClusterResourceOnline);
    IS(RestartClusterResource(slow, 0), ERROR_IO_PENDING);
    g_assert_cmpint(state_of(c, "slow"), !=, ClusterResourceOnline);
    await_state(c, "slow", ClusterResourceOnline);
}

static void test_failed_provider(void)
{
    g_autoptr(Cluster) c =
        cluster_new(NODES "[resource-type T]\n[group g]\nowner=n1\n"
                          "[resource r]\ngroup=g\ntype=T\nstate=offline\n"
                          "private.OnlineOutcomes=fail\nproperty.RestartAction=0\n"
                          "[resource top]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[r]\n");
    IS(OnlineClusterResource(resource_of(c, "top")), ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceFailed);
    IS(OfflineClusterResource(resource_of(c, "r")), ERROR_SUCCESS);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOffline);
}

static void test_change_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE top = resource_of(c, "top");
    IS(ChangeClusterResourceGroup(top, group_of(c, "g")), ERROR_ALREADY_EXISTS);
    IS(OnlineClusterResource(top), ERROR_SUCCESS);
    IS(ChangeClusterResourceGroup(top, group_of(c, "k")), ERROR_RESOURCE_ONLINE);
    IS(ChangeClusterResourceGroup(top, group_of(c, "h")), ERROR_SUCCESS);
    g_autofree char *g = contents_of(group_of(c, "g"), CLUSTER_GROUP_ENUM_CONTAINS);
    g_autofree char *h = contents_of(group_of(c, "h"), CLUSTER_GROUP_ENUM_CONTAINS);
    g_assert_cmpstr(g, ==, "");
    g_assert_cmpstr(h, ==, "r;top;slow");
    HRESOURCE twice = CreateClusterResource(group_of(c, "h"), u"twice", u"Once", 0);
    g_assert_nonnull(twice);
    IS(ChangeClusterResourceGroup(twice, group_of(c, "k")), ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE);
    IS(ChangeClusterResourceGroup(top, NULL), ERROR_INVALID_HANDLE);
}

static void test_change_group_owner(void)
{
    g_autoptr(Cluster) c =
        cluster_new(NODES "[resource-type T]\n[group g]\nowner=n1\n[group k]\nowner=n2\n"
                          "[resource r]\ngroup=g\ntype=T\nstate=offline\npossible-owners=n1\n");
    IS(ChangeClusterResourceGroup(resource_of(c, "r"), group_of(c, "k")),
       ERROR_HOST_NODE_NOT_RESOURCE_OWNER);
}

/* --- Nodes -------------------------------------------------------------------------------------- */

static void test_pause(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNODE n1 = node_of(c, "n1");
    HNODE n3 = node_of(c, "n3");
    IS(ResumeClusterNode(n1), ERROR_CLUSTER_NODE_NOT_PAUSED);
    IS(PauseClusterNode(n1), ERROR_SUCCESS);
    IS(PauseClusterNode(n1), ERROR_SUCCESS);
    g_assert_cmpint(GetClusterNodeState(n1), ==, ClusterNodePaused);
    await_owner(c, "g", "n1");
    IS(ResumeClusterNodeEx(n1, 3, 0), ERROR_INVALID_PARAMETER);
    IS(ResumeClusterNodeEx(n1, DoNotFailbackGroups, 1), ERROR_INVALID_PARAMETER);
    IS(ResumeClusterNode(n1), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(n3, ClusterNodeDown), ERROR_SUCCESS);
    IS(PauseClusterNode(n3), ERROR_CLUSTER_NODE_DOWN);
    IS(ResumeClusterNode(n3), ERROR_CLUSTER_NODE_DOWN);
    IS(ClusapiSetNodeState(n3, ClusterNodePaused), ERROR_INVALID_PARAMETER);
    IS(ClusapiSetNodeState(n3, ClusterNodeUp), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(n3, ClusterNodeUp), ERROR_SUCCESS);
}

static void test_drain(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNODE n1 = node_of(c, "n1");
    HNODE n2 = node_of(c, "n2");
    HNODE n3 = node_of(c, "n3");
    IS(OnlineClusterGroup(group_of(c, "h"), NULL), ERROR_IO_PENDING);
    await_state(c, "slow", ClusterResourceOnline);
    IS(PauseClusterNodeEx(n1, TRUE, 8, NULL), ERROR_INVALID_PARAMETER);
    IS(PauseClusterNodeEx(n1, TRUE, 0, n1), ERROR_INVALID_TARGET_HANDLE);
    IS(ClusapiSetNodeState(n3, ClusterNodeDown), ERROR_SUCCESS);
    IS(PauseClusterNodeEx(n1, TRUE, 0, n3), ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpint(GetClusterNodeState(n1), ==, ClusterNodeUp);
    IS(PauseClusterNodeEx(n1, TRUE, 0, n2), ERROR_IO_PENDING);
    IS(PauseClusterNodeEx(n1, TRUE, 0, n2), ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS);
    await_owner(c, "h", "n2");
    await_owner(c, "g", "n2");
    await_state(c, "slow", ClusterResourceOnline);
    IS(PauseClusterNodeEx(n2, TRUE, 0, NULL), ERROR_CLUSTER_NODE_DOWN);
    DWORD code = ResumeClusterNodeEx(n1, FailbackGroupsImmediately, 0);
    g_assert_true(code == ERROR_SUCCESS || code == ERROR_IO_PENDING);
    await_owner(c, "g", "n1");
    await_owner(c, "h", "n1");
    /* Flags and target count only when draining. */
    IS(PauseClusterNodeEx(n2, FALSE, 8, n2), ERROR_SUCCESS);
}

/* --- What all have in common -------------------------------------------------------------------- */

static void test_flags(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP g = group_of(c, "g");
    HRESOURCE r = resource_of(c, "r");
    IS(OnlineClusterGroupEx(g, NULL, 0x10, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(OfflineClusterGroupEx(g, 2, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(MoveClusterGroupEx(g, NULL, 0x40, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(MoveClusterGroupEx(
           g, NULL, CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED,
           NULL, 0),
       ERROR_INVALID_PARAMETER);
    IS(OnlineClusterResourceEx(r, 0x10, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(OfflineClusterResourceEx(r, 8, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(OnlineClusterResourceEx(r, CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE, NULL, 0),
       ERROR_SUCCESS);
    IS(OfflineClusterResourceEx(r, CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION, NULL, 0),
       ERROR_SUCCESS);
}

/* A property list that names what the resources of a type shall do. */
static DWORD build_input(BYTE *list, DWORD room)
{
    DWORD size = 0;
    DWORD how = 2;
    IS(ClusapiPropertyListAdd(list, room, &size, u"Virtual Machine",
                              CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &how, sizeof how),
       ERROR_SUCCESS);
    return size;
}

static void test_input(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP g = group_of(c, "g");
    HRESOURCE r = resource_of(c, "r");
    BYTE list[128];
    DWORD size = build_input(list, sizeof list);
    IS(OnlineClusterGroupEx(g, NULL, 0, list, size), ERROR_SUCCESS);
    IS(MoveClusterGroupEx(g, node_of(c, "n2"), 0, list, size), ERROR_SUCCESS);
    IS(OfflineClusterGroupEx(g, 0, list, size), ERROR_SUCCESS);
    IS(OnlineClusterResourceEx(r, 0, list, size), ERROR_SUCCESS);
    IS(OnlineClusterGroupEx(g, NULL, 0, list, size - 4), ERROR_INVALID_DATA);
    IS(OfflineClusterGroupEx(g, 0, list, 3), ERROR_INVALID_DATA);
    IS(MoveClusterGroupEx(g, NULL, 0, list, 5), ERROR_INVALID_DATA);
    IS(OnlineClusterResourceEx(r, 0, list, size - 1), ERROR_INVALID_DATA);
    IS(OfflineClusterResourceEx(r, 0, NULL, 4), ERROR_INVALID_PARAMETER);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnline);
}

/* A second handle must be of the same cluster; 6, and nothing has happened. */
static void test_foreign_handles(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    g_autoptr(Cluster) d = cluster_new(DEFINITION);
    HNODE node = node_of(d, "n2");
    HGROUP group = group_of(c, "g");
    HRESOURCE top = resource_of(c, "top");
    HRESOURCE other = resource_of(d, "r");
    HNODE nodes[] = {node_of(c, "n1"), node};
    IS(OnlineClusterGroup(group, node), ERROR_INVALID_HANDLE);
    IS(MoveClusterGroup(group, node), ERROR_INVALID_HANDLE);
    IS(MoveClusterGroupEx(group, node, 0, NULL, 0), ERROR_INVALID_HANDLE);
    IS(SetClusterGroupNodeList(group, 2, nodes), ERROR_INVALID_HANDLE);
    IS(PauseClusterNodeEx(nodes[0], TRUE, 0, node), ERROR_INVALID_HANDLE);
    IS(ChangeClusterResourceGroup(top, group_of(d, "h")), ERROR_INVALID_HANDLE);
    IS(AddClusterResourceNode(top, node), ERROR_INVALID_HANDLE);
    IS(RemoveClusterResourceNode(top, node), ERROR_INVALID_HANDLE);
    IS(AddClusterResourceDependency(top, other), ERROR_INVALID_HANDLE);
    IS(RemoveClusterResourceDependency(top, other), ERROR_INVALID_HANDLE);
    g_assert_false(CanResourceBeDependent(top, other));
    IS(GetLastError(), ERROR_INVALID_HANDLE);
    IS(ClusterGroupControl(group, node, CLUSCTL_GROUP_GET_FLAGS, NULL, 0, NULL, 0, NULL),
       ERROR_INVALID_HANDLE);
    await_owner(c, "g", "n1");
    g_assert_cmpint(GetClusterNodeState(nodes[0]), ==, ClusterNodeUp);
}

/* A second handle needs all access where the function changes its object, too. */
static void test_second_access(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNODE node = read_node(c, "n2");
    HRESOURCE r = resource_of(c, "r");
    IS(OnlineClusterGroup(group_of(c, "g"), node), ERROR_ACCESS_DENIED);
    IS(MoveClusterGroup(group_of(c, "g"), node), ERROR_ACCESS_DENIED);
    IS(PauseClusterNodeEx(node_of(c, "n1"), TRUE, 0, node), ERROR_ACCESS_DENIED);
    IS(ChangeClusterResourceGroup(r, read_group(c, "h")), ERROR_ACCESS_DENIED);
    IS(AddClusterResourceNode(r, node), ERROR_ACCESS_DENIED);
    IS(RemoveClusterResourceNode(r, node), ERROR_ACCESS_DENIED);
    IS(AddClusterResourceDependency(r, read_resource(c, "top")), ERROR_ACCESS_DENIED);
    IS(RemoveClusterResourceDependency(resource_of(c, "top"), read_resource(c, "r")),
       ERROR_ACCESS_DENIED);
    NONE(CreateClusterResource(read_group(c, "g"), u"new", u"T", 0), ERROR_ACCESS_DENIED);
}

/* What is written waits for the disk, so a call that may not wait is refused at once. */
static void test_no_wait(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    g_assert_false(ClusapiSetNoWait(TRUE));
    IS(OnlineClusterGroup(group, NULL), ERROR_TIMEOUT);
    IS(SetClusterGroupName(group, u"other"), ERROR_TIMEOUT);
    IS(DeleteClusterGroup(group), ERROR_TIMEOUT);
    NONE(CreateClusterGroup(c->handle, u"new"), ERROR_TIMEOUT);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOffline);
    g_assert_true(ClusapiSetNoWait(FALSE));
    HCLUSCALL call = ClusapiBeginCall(1000);
    g_assert_true(ClusapiCancelCall(call));
    IS(OnlineClusterGroup(group, NULL), ERROR_OPERATION_ABORTED);
    g_assert_true(ClusapiEndCall(call));
    IS(OnlineClusterGroup(group, NULL), ERROR_SUCCESS);
}

/* What an embedded cluster cannot mean. */
static void test_not_supported(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    CREATE_CLUSTER_NAME_ACCOUNT account = {.dwVersion = 1, .lpszClusterName = u"test"};
    HRESOURCE r = resource_of(c, "r");
    IS(AddResourceToClusterSharedVolumes(r), ERROR_CALL_NOT_IMPLEMENTED);
    IS(RemoveResourceFromClusterSharedVolumes(r), ERROR_CALL_NOT_IMPLEMENTED);
    IS(CreateClusterNameAccount(c->handle, &account, NULL, NULL), ERROR_CALL_NOT_IMPLEMENTED);
    IS(CreateClusterNameAccount(c->handle, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    IS(SetClusterServiceAccountPassword(u"test", u"secret", 0, NULL, NULL),
       ERROR_CALL_NOT_IMPLEMENTED);
}

/* In the caller's name is the same where a cluster knows no users. */
static void test_as_user(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE r = resource_of(c, "r");
    WCHAR one[64], two[64];
    DWORD size = 0;
    BYTE list[128];
    DWORD length = build_input(list, sizeof list);
    IS(ClusterResourceControl(r, NULL, CLUSCTL_RESOURCE_GET_ID, NULL, 0, one, sizeof one, &size),
       ERROR_SUCCESS);
    IS(ClusterResourceControlAsUser(r, NULL, CLUSCTL_RESOURCE_GET_ID, NULL, 0, two, sizeof two,
                                    &size),
       ERROR_SUCCESS);
    g_assert_cmpmem(one, size, two, size);
    IS(ClusterResourceControlAsUser(r, NULL, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, list, length,
                                    NULL, 0, NULL),
       ERROR_SUCCESS);
    IS(ClusterResourceTypeControlAsUser(c->handle, u"T", NULL,
                                        CLUSCTL_RESOURCE_TYPE_SET_PRIVATE_PROPERTIES, list, length,
                                        NULL, 0, NULL),
       ERROR_SUCCESS);
    IS(ClusterResourceTypeControlAsUser(c->handle, u"nothing", NULL,
                                        CLUSCTL_RESOURCE_TYPE_GET_CLASS_INFO, NULL, 0, NULL, 0,
                                        NULL),
       ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/acting/a group goes online and offline", test_group_online);
    g_test_add_func("/acting/a pending group refuses more", test_group_pending);
    g_test_add_func("/acting/a group goes online only where it may", test_group_online_refused);
    g_test_add_func("/acting/a group moves", test_group_move);
    g_test_add_func("/acting/no group moves to a node that has left", test_move_to_evicted);
    g_test_add_func("/acting/a move is cancelled", test_cancel);
    g_test_add_func("/acting/a resource goes online and offline", test_resource);
    g_test_add_func("/acting/a resource goes online where it is best", test_resource_best_node);
    g_test_add_func("/acting/a pending resource refuses more", test_resource_pending);
    g_test_add_func("/acting/a provider that fails is told", test_failed_provider);
    g_test_add_func("/acting/a resource changes its group", test_change_group);
    g_test_add_func("/acting/a resource goes only to where it can run", test_change_group_owner);
    g_test_add_func("/acting/nodes are paused and resumed", test_pause);
    g_test_add_func("/acting/nodes are drained", test_drain);
    g_test_add_func("/acting/unknown flags are refused", test_flags);
    g_test_add_func("/acting/input is a property list", test_input);
    g_test_add_func("/acting/handles of different clusters do not mix", test_foreign_handles);
    g_test_add_func("/acting/second handles need access, too", test_second_access);
    g_test_add_func("/acting/calls that may not wait are refused", test_no_wait);
    g_test_add_func("/acting/what has no meaning says so", test_not_supported);
    g_test_add_func("/acting/controls in the caller's name", test_as_user);
    return g_test_run();
}
