/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What each action is told as: type, flag, ids, names and data of each event, in their order, and
 * nothing else. One thread; each action has a cluster of its own.
 */
#include "notify-setup.h"

#include <string.h>

/* clang-format off */
#define DEFINITION \
    "[cluster]\nname=test\nquorum=q\nquorum-type=node-and-witness-majority\n" \
    "[node n1]\n" \
    "[node n2]\n" \
    "[node n3]\n" \
    "[network lan]\n" TEST_ID("21") "role=internal-and-client\naddress=10.0.0.0/24\npriority=1\n" \
    "[network san]\n" TEST_ID("22") "role=internal\naddress=10.1.0.0/24\npriority=2\n" \
    "[interface i1]\n" TEST_ID("31") "node=n1\nnetwork=lan\naddress=10.0.0.1\n" \
    "[interface i2]\n" TEST_ID("32") "node=n2\nnetwork=lan\naddress=10.0.0.2\n" \
    "[interface i3]\n" TEST_ID("33") "node=n3\nnetwork=lan\naddress=10.0.0.3\n" \
    "[interface i4]\n" TEST_ID("34") "node=n1\nnetwork=san\naddress=10.1.0.1\n" \
    "[interface i5]\n" TEST_ID("35") "node=n2\nnetwork=san\naddress=10.1.0.2\nstate=unreachable\n" \
    "[resource-type T]\nnodes=n1;n2\n" \
    "[resource-type U]\nnodes=n1\n" \
    "[group g]\n" TEST_ID("01") "owner=n1\n" \
    "[resource a]\n" TEST_ID("11") "group=g\ntype=T\nstate=offline\n" \
    "[resource b]\n" TEST_ID("12") "group=g\ntype=T\nstate=offline\ndepends-on=[a]\n" \
    "[group h]\n" TEST_ID("02") "owner=n1\n" \
    "[resource q]\n" TEST_ID("13") "group=h\ntype=File Share Witness\nstate=online\n" \
    "[group slow]\n" TEST_ID("03") "owner=n1\n" \
    "[resource s]\n" TEST_ID("14") "group=slow\ntype=T\nstate=offline\nprivate.OnlineDelay=dword:300\nprivate.OfflineDelay=dword:300\n" \
    "[group empty]\n" TEST_ID("04") "owner=n2\n"
/* clang-format on */

/* The cluster of the action at hand. */
static Cluster *c;
static HKEY root;

static void done(DWORD code)
{
    g_assert_true(code == ERROR_SUCCESS || code == ERROR_IO_PENDING ||
                  code == ERROR_RESOURCE_PROPERTIES_STORED);
}

/* --- Groups ------------------------------------------------------------------------------------- */

static void create_group(void)
{
    g_assert_nonnull(CreateClusterGroup(c->handle, u"new"));
}

static void create_typed_group(void)
{
    CLUSTER_CREATE_GROUP_INFO info = {CLUSTER_CREATE_GROUP_INFO_VERSION_1, ClusGroupTypeFileServer};
    g_assert_nonnull(CreateClusterGroupEx(c->handle, u"new", &info));
}

static void delete_group(void)
{
    done(DeleteClusterGroup(group_of(c, "empty")));
}

static void destroy_group(void)
{
    done(DestroyClusterGroup(group_of(c, "g")));
}

static void rename_group(void)
{
    done(SetClusterGroupName(group_of(c, "g"), u"G2"));
}

static void prefer_nodes(void)
{
    HNODE nodes[] = {node_of(c, "n3"), node_of(c, "n1")};
    done(SetClusterGroupNodeList(group_of(c, "g"), 2, nodes));
}

static void prefer_none(void)
{
    done(SetClusterGroupNodeList(group_of(c, "g"), 0, NULL));
}

static void online_group(void)
{
    done(OnlineClusterGroup(group_of(c, "g"), NULL));
}

static void offline_group(void)
{
    done(OfflineClusterGroup(group_of(c, "g")));
}

static void move_group(void)
{
    done(MoveClusterGroup(group_of(c, "g"), node_of(c, "n2")));
}

static void move_empty(void)
{
    done(MoveClusterGroup(group_of(c, "empty"), node_of(c, "n3")));
}

static void online_slow(void)
{
    done(OnlineClusterGroup(group_of(c, "slow"), NULL));
    await_state(c, "s", ClusterResourceOnline);
}

static void cancel_slow(void)
{
    HGROUP group = group_of(c, "slow");
    done(MoveClusterGroup(group, node_of(c, "n2")));
    done(CancelClusterGroupOperation(group, 0));
    await_state(c, "s", ClusterResourceOnline);
}

/* --- Resources ---------------------------------------------------------------------------------- */

static void create_resource(void)
{
    g_assert_nonnull(CreateClusterResource(group_of(c, "g"), u"new", u"t", 0));
}

static void delete_resource(void)
{
    done(DeleteClusterResource(resource_of(c, "b")));
}

static void rename_resource(void)
{
    done(SetClusterResourceName(resource_of(c, "a"), u"A2"));
}

static void online_resource(void)
{
    done(OnlineClusterResource(resource_of(c, "b")));
}

static void offline_resource(void)
{
    done(OfflineClusterResource(resource_of(c, "a")));
}

static void fail_resource(void)
{
    done(FailClusterResource(resource_of(c, "a")));
}

static void change_group(void)
{
    done(ChangeClusterResourceGroup(resource_of(c, "s"), group_of(c, "empty")));
}

static void add_owner(void)
{
    done(AddClusterResourceNode(resource_of(c, "a"), node_of(c, "n2")));
}

static void remove_owner(void)
{
    done(RemoveClusterResourceNode(resource_of(c, "a"), node_of(c, "n2")));
}

static void add_c(void)
{
    g_assert_nonnull(CreateClusterResource(group_of(c, "g"), u"c", u"T", 0));
}

static void add_dependency(void)
{
    done(AddClusterResourceDependency(resource_of(c, "c"), resource_of(c, "a")));
}

static void remove_dependency(void)
{
    done(RemoveClusterResourceDependency(resource_of(c, "b"), resource_of(c, "a")));
}

static void set_expression(void)
{
    done(SetClusterResourceDependencyExpression(resource_of(c, "b"), u"[c] or [a]"));
}

/* --- Resource types ----------------------------------------------------------------------------- */

static void create_type(void)
{
    done(CreateClusterResourceType(c->handle, u"New", u"New", u"new.dll", 5000, 60000));
}

static void delete_type(void)
{
    done(DeleteClusterResourceType(c->handle, u"u"));
}

/* --- Nodes -------------------------------------------------------------------------------------- */

static void add_node(void)
{
    g_assert_nonnull(AddClusterNode(c->handle, u"n4", NULL, NULL));
}

static void evict_node(void)
{
    done(EvictClusterNode(node_of(c, "n2")));
}

static void pause_node(void)
{
    done(PauseClusterNode(node_of(c, "n2")));
}

static void resume_node(void)
{
    done(ResumeClusterNode(node_of(c, "n2")));
}

static void drain_node(void)
{
    done(PauseClusterNodeEx(node_of(c, "n2"), TRUE, 0, NULL));
}

static void fail_back(void)
{
    done(ResumeClusterNodeEx(node_of(c, "n2"), FailbackGroupsImmediately, 0));
}

static void crash_node(void)
{
    done(ClusapiSetNodeState(node_of(c, "n1"), ClusterNodeDown));
}

static void start_node(void)
{
    done(ClusapiSetNodeState(node_of(c, "n1"), ClusterNodeUp));
}

/* --- Networks, the cluster ---------------------------------------------------------------------- */

static void rename_network(void)
{
    done(SetClusterNetworkName(network_of(c, "lan"), u"LAN 2"));
}

static void rename_cluster(void)
{
    done(SetClusterName(c->handle, u"other"));
}

static void order_networks(void)
{
    HNETWORK networks[] = {network_of(c, "san"), network_of(c, "lan")};
    done(SetClusterNetworkPriorityOrder(c->handle, 2, networks));
}

static void set_quorum(void)
{
    done(SetClusterQuorumResource(resource_of(c, "q"), u"disk", 1024));
}

static void no_quorum(void)
{
    done(SetClusterQuorumResource(resource_of(c, "q"), NULL, 0));
}

static void offline_quorum(void)
{
    done(OfflineClusterResource(resource_of(c, "q")));
}

/* --- Properties --------------------------------------------------------------------------------- */

static DWORD list_of(BYTE *list, LPCWSTR text, LPCWSTR number)
{
    DWORD size = 0, value = 7;
    if (text != NULL) {
        IS(ClusapiPropertyListAdd(list, 500, &size, text, CLUSPROP_SYNTAX_LIST_VALUE_SZ, u"hi", 6),
           ERROR_SUCCESS);
    }
    if (number != NULL) {
        IS(ClusapiPropertyListAdd(list, 500, &size, number, CLUSPROP_SYNTAX_LIST_VALUE_DWORD,
                                  &value, 4),
           ERROR_SUCCESS);
    }
    return size;
}

#define SETTER(function, NAME, Control, ...)                                                       \
    static void common_##function(void)                                                            \
    {                                                                                              \
        BYTE list[500];                                                                            \
        DWORD size = list_of(list, u"Description", NULL);                                          \
        done(Control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_VALIDATE_COMMON_PROPERTIES, list, size,   \
                     NULL, 0, NULL));                                                              \
        done(Control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_SET_COMMON_PROPERTIES, list, size, NULL,  \
                     0, NULL));                                                                    \
    }                                                                                              \
    static void private_##function(void)                                                           \
    {                                                                                              \
        BYTE list[500];                                                                            \
        DWORD size = list_of(list, u"Text", u"Number");                                            \
        done(Control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_VALIDATE_PRIVATE_PROPERTIES, list, size,  \
                     NULL, 0, NULL));                                                              \
        done(Control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_SET_PRIVATE_PROPERTIES, list, size, NULL, \
                     0, NULL));                                                                    \
    }
SETTER(of_cluster, CLUSTER, ClusterControl, c->handle)
SETTER(of_group, GROUP, ClusterGroupControl, group_of(c, "g"))
SETTER(of_resource, RESOURCE, ClusterResourceControl, resource_of(c, "a"))
SETTER(of_type, RESOURCE_TYPE, ClusterResourceTypeControl, c->handle, u"T")
SETTER(of_node, NODE, ClusterNodeControl, node_of(c, "n1"))
SETTER(of_network, NETWORK, ClusterNetworkControl, network_of(c, "lan"))
SETTER(of_interface, NETINTERFACE, ClusterNetInterfaceControl,
       OpenClusterNetInterface(c->handle, u"i1"))

/* --- Group sets --------------------------------------------------------------------------------- */

static void create_sets(void)
{
    g_assert_nonnull(CreateClusterGroupSet(c->handle, u"set"));
    g_assert_nonnull(CreateClusterGroupSet(c->handle, u"base"));
}

static HGROUPSET set_of(LPCWSTR name)
{
    HGROUPSET set = OpenClusterGroupSet(c->handle, name);
    g_assert_nonnull(set);
    return set;
}

static void add_to_set(void)
{
    done(ClusterAddGroupToGroupSet(set_of(u"set"), group_of(c, "empty")));
}

static void remove_from_set(void)
{
    done(ClusterRemoveGroupFromGroupSet(group_of(c, "empty")));
}

static void relate_sets(void)
{
    done(AddClusterGroupSetDependency(set_of(u"set"), set_of(u"base")));
    done(AddClusterGroupToGroupSetDependency(group_of(c, "g"), set_of(u"set")));
    done(AddClusterGroupDependency(group_of(c, "g"), group_of(c, "slow")));
}

static void prepare_related(void)
{
    create_sets();
    relate_sets();
    add_to_set();
}

static void delete_set(void)
{
    done(DeleteClusterGroupSet(set_of(u"set")));
}

/* --- The database ------------------------------------------------------------------------------- */

static void create_key(void)
{
    IS(ClusterRegCloseKey(new_key(root, "Top\\Mid")), ERROR_SUCCESS);
    IS(ClusterRegCloseKey(new_key(root, "top\\mid")), ERROR_SUCCESS);
}

static void change_values(void)
{
    HKEY key = open_key(root, "top\\MID");
    set_dword(key, "One", 1);
    set_dword(key, "", 1);
    IS(ClusterRegDeleteValue(key, u"one"), ERROR_SUCCESS);
    IS(ClusterRegDeleteValue(key, u"one"), ERROR_FILE_NOT_FOUND);
}

static void change_security(void)
{
    BYTE owner[] = {1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    0, 0, 0, 0,    1,  1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    IS(ClusterRegSetKeySecurity(open_key(root, "top"), 1, owner), ERROR_SUCCESS);
}

static void delete_key(void)
{
    IS(ClusterRegDeleteKey(root, u"top\\mid"), ERROR_SUCCESS);
}

static void run_batch(void)
{
    HREGBATCH batch = NULL;
    DWORD one = 1;
    IS(ClusterRegCreateBatch(root, &batch), ERROR_SUCCESS);
    ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"New", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &one, 4);
    ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_VALUE, u"none", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"Top", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"Top", 0, NULL, 0);
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
}

/* --- Nothing ------------------------------------------------------------------------------------ */

static void refused(void)
{
    BYTE list[500];
    DWORD size = list_of(list, u"Name", NULL);
    HKEY key = NULL;
    IS(DeleteClusterGroup(group_of(c, "g")), ERROR_DIR_NOT_EMPTY);
    IS(SetClusterGroupName(group_of(c, "g"), u"h"), ERROR_ALREADY_EXISTS);
    IS(DeleteClusterResource(resource_of(c, "a")), ERROR_DEPENDENT_RESOURCE_EXISTS);
    IS(ClusterGroupControl(group_of(c, "g"), NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list, size,
                           NULL, 0, NULL),
       ERROR_RESOURCE_PROPERTY_UNCHANGEABLE);
    IS(ClusterRegCreateKey(root, u"Groups\\x", 0, KEY_READ, NULL, &key, NULL), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteKey(root, u"none"), ERROR_FILE_NOT_FOUND);
    NONE(CreateClusterGroup(c->handle, u"g"), ERROR_OBJECT_ALREADY_EXISTS);
    IS(ResumeClusterNode(node_of(c, "n1")), ERROR_CLUSTER_NODE_NOT_PAUSED);
}

static void nothing(void)
{
    done(OnlineClusterResource(resource_of(c, "q")));
    done(OfflineClusterGroup(group_of(c, "g")));
}

/* --- The table ---------------------------------------------------------------------------------- */

static void two(void (*first)(void), void (*second)(void))
{
    first();
    second();
}

static void move_running(void)
{
    two(online_group, move_group);
}

static void drained(void)
{
    two(move_running, drain_node);
}

static void crashed(void)
{
    two(online_group, crash_node);
}

typedef struct {
    const char *name;
    void (*prepare)(void); /* before somebody watches */
    void (*act)(void);
    const char *v2, *v1;
} Row;

static const Row rows[] = {
#include "notify-events.inc"
};

static void test_row(gconstpointer data)
{
    const Row *row = data;
    c = cluster_new(DEFINITION);
    root = root_of(c);
    if (row->prepare != NULL) {
        row->prepare();
    }
    HCHANGE one = port_v1(c->handle);
    HCHANGE two_port = port_v2(c->handle);
    row->act();
    g_autofree char *v2 = events_v2(two_port, root);
    g_autofree char *v1 = events_v1(one, root);
    if (g_getenv("SHOW_EVENTS") != NULL) {
        g_print("@@ %s\n%s@v1\n%s", row->name, v2, v1);
    } else {
        g_assert_cmpstr(v2, ==, row->v2);
        g_assert_cmpstr(v1, ==, row->v1);
    }
    CloseClusterNotifyPort(one);
    CloseClusterNotifyPort(two_port);
    cluster_free(c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/notify-events/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], test_row);
    }
    return g_test_run();
}
