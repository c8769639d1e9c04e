/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which registration is told of which event: one object or all, flags, keys of the database with
 * and without what is below, handles that are closed; and how much room an event needs. One thread.
 */
#include "notify-setup.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\n[node n1]\n[node n2]\n"                                                 \
    "[network lan]\n" TEST_ID(                                                                     \
        "21") "role=internal\naddress=10.0.0.0/24\npriority=1\n"                                   \
              "[network san]\n" TEST_ID(                                                           \
                  "22") "role=internal\naddress=10.1.0.0/24\npriority=2\n"                         \
                        "[interface i1]\n" TEST_ID(                                                \
                            "31") "node=n1\nnetwork=lan\naddress=10.0.0.1\n"                       \
                                  "[interface i2]\n" TEST_ID(                                      \
                                      "32") "node=n2\nnetwork=lan\naddress=10.0.0.2\n"             \
                                            "[resource-type T]\n[resource-type U]\n"               \
                                            "[group g]\n" TEST_ID(                                 \
                                                "01") "owner=n1\n"                                 \
                                                      "[resource a]\n" TEST_ID(                    \
                                                          "11") "group=g\ntype=T\nstate=offline\n" \
                                                                "[group h]\n" TEST_ID(             \
                                                                    "02") "owner=n1\n"             \
                                                                          "[resource "             \
                                                                          "b]\n" TEST_ID(          \
                                                                              "12") "group="       \
                                                                                    "h\ntype="     \
                                                                                    "U\nstate="    \
                                                                                    "offline\n"

#define ALL(TYPE) CLUSTER_OBJECT_TYPE_##TYPE, CLUSTER_CHANGE_##TYPE##_ALL_V2

static HCHANGE empty_port(void)
{
    HCHANGE port =
        CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, NULL, 0, 0);
    g_assert_nonnull(port);
    return port;
}

static void watch(HCHANGE port, DWORD type, LONGLONG flags, HANDLE object, DWORD_PTR key)
{
    NOTIFY_FILTER_AND_TYPE filter = {type, flags};
    IS(RegisterClusterNotifyV2(port, filter, object, key), ERROR_SUCCESS);
}

/* A registration for the end of what the test does, which is told last. */
static void expect(const Cluster *c, HCHANGE port, const char *lines)
{
    g_autofree char *got = events_v2(port, root_of(c));
    g_assert_cmpstr(got, ==, lines);
}

static void watch_end(const Cluster *c, HCHANGE port)
{
    watch(port, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_NAME_V2, c->handle, 0);
}

static void online(const Cluster *c, const char *resource)
{
    IS(OnlineClusterResource(resource_of(c, resource)), ERROR_SUCCESS);
}

/* --- One object --------------------------------------------------------------------------------- */

static void test_one_group(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    HGROUP group = group_of(c, "h");
    watch(port, ALL(GROUP), group, 1);
    watch_end(c, port);
    IS(SetClusterGroupName(group_of(c, "g"), u"G"), ERROR_SUCCESS);
    IS(SetClusterGroupName(group, u"H"), ERROR_SUCCESS);
    g_assert_nonnull(CreateClusterResource(group_of(c, "g"), u"c", u"T", 0));
    g_assert_nonnull(CreateClusterResource(group, u"d", u"T", 0));
    online(c, "a");
    online(c, "b");
    IS(MoveClusterGroup(group_of(c, "g"), node_of(c, "n2")), ERROR_SUCCESS);
    IS(ChangeClusterResourceGroup(resource_of(c, "c"), group), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group_of(c, "g")), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group), ERROR_SUCCESS);
    expect(c, port,
           "GROUP COMMON_PROPERTY id=#02 parent=1 name=H {Name=H}\n"
           "GROUP RESOURCE_GAINED id=#02 parent=1 name=H ={?}\n"
           "GROUP RESOURCE_ADDED id={d} parent=1 name=d =#02\n"
           "GROUP STATE id=#02 parent=1 name=H =3\n"
           "GROUP RESOURCE_GAINED id=#02 parent=1 name=H ={?}\n"
           "GROUP RESOURCE_LOST id=#02 parent=1 name=H =#12\n"
           "GROUP RESOURCE_LOST id=#02 parent=1 name=H ={?}\n"
           "GROUP RESOURCE_LOST id=#02 parent=1 name=H ={d}\n"
           "GROUP DELETED id=#02 parent=1 name=H\n");
    CloseClusterNotifyPort(port);
}

static void test_one_of_each(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    g_assert_nonnull(CreateClusterGroupSet(c->handle, u"s"));
    HGROUPSET set = CreateClusterGroupSet(c->handle, u"t");
    watch(port, ALL(RESOURCE), resource_of(c, "b"), 1);
    watch(port, ALL(NODE), node_of(c, "n2"), 1);
    watch(port, ALL(NETWORK), network_of(c, "san"), 1);
    watch(port, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_ALL_V2,
          OpenClusterNetInterface(c->handle, u"i2"), 1);
    watch(port, ALL(GROUPSET), set, 1);
    IS(RegisterClusterResourceTypeNotifyV2(port, c->handle, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2,
                                           u"u", 1),
       ERROR_SUCCESS);
    watch_end(c, port);
    IS(SetClusterResourceName(resource_of(c, "a"), u"A"), ERROR_SUCCESS);
    IS(SetClusterResourceName(resource_of(c, "b"), u"B"), ERROR_SUCCESS);
    IS(PauseClusterNode(node_of(c, "n1")), ERROR_SUCCESS);
    IS(PauseClusterNode(node_of(c, "n2")), ERROR_SUCCESS);
    IS(SetClusterNetworkName(network_of(c, "lan"), u"LAN"), ERROR_SUCCESS);
    IS(SetClusterNetworkName(network_of(c, "san"), u"SAN"), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(node_of(c, "n1"), ClusterNodeDown), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(node_of(c, "n2"), ClusterNodeDown), ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(OpenClusterGroupSet(c->handle, u"s"), group_of(c, "g")),
       ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(set, group_of(c, "h")), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group_of(c, "g")), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group_of(c, "h")), ERROR_SUCCESS);
    IS(DeleteClusterResourceType(c->handle, u"T"), ERROR_SUCCESS);
    IS(DeleteClusterResourceType(c->handle, u"U"), ERROR_SUCCESS);
    expect(c, port,
           "RESOURCE COMMON_PROPERTY id=#12 parent=#02 name=B type=U {Name=B}\n"
           "NODE STATE id=2 name=n2 =2\n"
           "NETWORK COMMON_PROPERTY id=#22 name=SAN {Name=SAN}\n"
           "NODE GROUP_GAINED id=2 name=n2 =#01\n"
           "NODE GROUP_GAINED id=2 name=n2 =#02\n"
           "NODE STATE id=2 name=n2 =1\n"
           "NETINTERFACE STATE id=#32 parent=2 name=i2 =0\n"
           "GROUPSET GROUP_ADDED id={t} name=t =#02\n"
           "RESOURCE DELETED id=#12 parent=#02 name=B type=U =#02\n"
           "GROUPSET GROUP_REMOVED id={t} name=t =#02\n"
           "RESOURCE_TYPE DELETED name=U\n");
    CloseClusterNotifyPort(port);
}

/* The flags of one registration choose; each of several tells its own copy, in order. */
static void test_flags(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    HGROUP group = group_of(c, "g");
    DWORD_PTR key = 0;
    watch(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_STATE_V2, group, 1);
    watch(port, CLUSTER_OBJECT_TYPE_GROUP,
          CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_GROUP_STATE_V2, c->handle, 2);
    watch(port, ALL(GROUP), group, 3);
    IS(SetClusterGroupName(group, u"G"), ERROR_SUCCESS);
    online(c, "a");
    IS(SetClusterGroupName(group_of(c, "h"), u"H"), ERROR_SUCCESS);
    static const struct {
        DWORD_PTR key;
        LONGLONG flag;
    } expected[] = {
        {2, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2}, {3, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2},
        {1, CLUSTER_CHANGE_GROUP_STATE_V2},           {2, CLUSTER_CHANGE_GROUP_STATE_V2},
        {3, CLUSTER_CHANGE_GROUP_STATE_V2},           {2, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        NOTIFY_FILTER_AND_TYPE got = {0, 0};
        IS(GetClusterNotifyV2(port, &key, &got, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                              NULL, NULL, PATIENCE),
           ERROR_SUCCESS);
        g_assert_cmpuint(key, ==, expected[i].key);
        g_assert_cmphex((guint64)got.FilterFlags, ==, (guint64)expected[i].flag);
        g_assert_cmpuint(got.dwObjectType, ==, CLUSTER_OBJECT_TYPE_GROUP);
    }
    g_assert_null(event_v2(port, 20));
    CloseClusterNotifyPort(port);
}

/* What happened before a registration is not told. */
static void test_since(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    IS(SetClusterGroupName(group_of(c, "g"), u"one"), ERROR_SUCCESS);
    watch(port, ALL(GROUP), c->handle, 1);
    IS(SetClusterGroupName(group_of(c, "one"), u"two"), ERROR_SUCCESS);
    watch(port, ALL(RESOURCE), c->handle, 1);
    IS(SetClusterResourceName(resource_of(c, "a"), u"A"), ERROR_SUCCESS);
    watch_end(c, port);
    expect(c, port,
           "GROUP COMMON_PROPERTY id=#01 parent=1 name=two {Name=two}\n"
           "RESOURCE COMMON_PROPERTY id=#11 parent=#01 name=A type=T {Name=A}\n");
    CloseClusterNotifyPort(port);
}

/* --- Keys of the database ----------------------------------------------------------------------- */

static void change_keys(HKEY root)
{
    set_dword(root, "v", 1);
    set_dword(open_key(root, "Top"), "v", 1);
    set_dword(open_key(root, "Top\\Mid"), "v", 1);
    set_dword(open_key(root, "Top\\Mid\\Low"), "v", 1);
    set_dword(open_key(root, "Top\\Middle"), "v", 1);
    IS(ClusterRegCloseKey(new_key(root, "Top\\Mid\\New")), ERROR_SUCCESS);
    IS(ClusterRegDeleteKey(root, u"Top\\Mid\\New"), ERROR_SUCCESS);
}

static void test_keys(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY root = root_of(c);
    IS(ClusterRegCloseKey(new_key(root, "Top\\Mid\\Low")), ERROR_SUCCESS);
    IS(ClusterRegCloseKey(new_key(root, "Top\\Middle")), ERROR_SUCCESS);
    HCHANGE alone = empty_port();
    HCHANGE below = empty_port();
    HCHANGE all = empty_port();
    HKEY mid = open_key(root, "top\\MID");
    const LONGLONG both = CLUSTER_CHANGE_REGISTRY_VALUE_V2 | CLUSTER_CHANGE_REGISTRY_NAME_V2;
    watch(alone, CLUSTER_OBJECT_TYPE_REGISTRY, both, mid, 1);
    watch(below, CLUSTER_OBJECT_TYPE_REGISTRY, both | CLUSTER_CHANGE_REGISTRY_SUBTREE_V2, mid, 1);
    watch(all, CLUSTER_OBJECT_TYPE_REGISTRY,
          CLUSTER_CHANGE_REGISTRY_VALUE_V2 | CLUSTER_CHANGE_REGISTRY_SUBTREE_V2, root, 1);
    watch_end(c, alone);
    watch_end(c, all);
    change_keys(root);
    expect(c, alone,
           "REGISTRY VALUE id=v name=Top\\Mid\n"
           "REGISTRY NAME id=New name=Top\\Mid\\New\n"
           "REGISTRY NAME id=New name=Top\\Mid\\New\n");
    expect(c, all,
           "REGISTRY VALUE id=v\n"
           "REGISTRY VALUE id=v name=Top\n"
           "REGISTRY VALUE id=v name=Top\\Mid\n"
           "REGISTRY VALUE id=v name=Top\\Mid\\Low\n"
           "REGISTRY VALUE id=v name=Top\\Middle\n"
           "REGISTRY NAME id=New name=Top\\Mid\\New\n"
           "REGISTRY NAME id=New name=Top\\Mid\\New\n");
    static const char *const expected[] = {
        "REGISTRY VALUE id=v name=Top\\Mid",
        "REGISTRY VALUE id=v name=Top\\Mid\\Low",
        "REGISTRY NAME id=New name=Top\\Mid\\New",
        "REGISTRY NAME id=New name=Top\\Mid\\New",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *line = event_v2(below, PATIENCE);
        g_assert_cmpstr(line, ==, expected[i]);
    }
    g_assert_null(event_v2(below, 20));
    /* Its own end, with all above; and it is told again when it is there again. */
    HREGBATCH batch = NULL;
    IS(ClusterRegCreateBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"Top", 0, NULL, 0), ERROR_SUCCESS);
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
    set_dword(new_key(root, "Top\\Mid"), "v", 2);
    static const char *const again[] = {
        "REGISTRY NAME id=Low name=Top\\Mid\\Low",
        "REGISTRY NAME id=Mid name=Top\\Mid",
        "REGISTRY NAME id=Mid name=Top\\Mid",
        "REGISTRY VALUE id=v name=Top\\Mid",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(again); i++) {
        g_autofree char *line = event_v2(below, PATIENCE);
        g_assert_cmpstr(line, ==, again[i]);
    }
    CloseClusterNotifyPort(alone);
    CloseClusterNotifyPort(below);
    CloseClusterNotifyPort(all);
}

/* The same in version 1, where the bit for what is below comes with others. */
static void test_keys_v1(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY root = root_of(c);
    HKEY top = new_key(root, "Top");
    HKEY low = new_key(root, "Top\\Low");
    HCHANGE port = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, 0, 0);
    g_assert_nonnull(port);
    IS(RegisterClusterNotify(port, CLUSTER_CHANGE_REGISTRY_VALUE, top, 1), ERROR_SUCCESS);
    IS(RegisterClusterNotify(port, CLUSTER_CHANGE_REGISTRY_VALUE | CLUSTER_CHANGE_REGISTRY_SUBTREE,
                             top, 2),
       ERROR_SUCCESS);
    set_dword(low, "v", 1);
    set_dword(top, "v", 1);
    static const DWORD_PTR keys[] = {2, 1, 2};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        WCHAR name[20];
        DWORD length = 20, filter = 0;
        DWORD_PTR key = 0;
        IS(GetClusterNotify(port, &key, &filter, name, &length, PATIENCE), ERROR_SUCCESS);
        g_autofree char *text = narrow(name);
        g_assert_cmphex(filter, ==, CLUSTER_CHANGE_REGISTRY_VALUE);
        g_assert_cmpuint(key, ==, keys[i]);
        g_assert_cmpstr(text, ==, i == 0 ? "Top\\Low" : "Top");
    }
    g_assert_null(event_v1(port, 20));
    CloseClusterNotifyPort(port);
}

/* --- Closing handles ---------------------------------------------------------------------------- */

static void expect_closed(HCHANGE port, DWORD type, LONGLONG flag, const char *name)
{
    NOTIFY_FILTER_AND_TYPE got = {0, 0};
    DWORD_PTR key = 0;
    WCHAR text[50];
    DWORD length = 50;
    IS(GetClusterNotifyV2(port, &key, &got, NULL, NULL, NULL, NULL, NULL, NULL, text, &length, NULL,
                          NULL, PATIENCE),
       ERROR_SUCCESS);
    g_autofree char *utf8 = narrow(text);
    g_assert_cmpuint(got.dwObjectType, ==, type);
    g_assert_cmphex((guint64)got.FilterFlags, ==, (guint64)flag);
    g_assert_cmpstr(utf8, ==, name);
}

static void test_handle_close(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    HCHANGE port = empty_port();
    HGROUP group = OpenClusterGroup(other, u"g");
    HGROUP twin = OpenClusterGroup(other, u"g");
    HNODE node = OpenClusterNode(other, u"n1");
    HRESOURCE resource = OpenClusterResource(other, u"a");
    HNETWORK network = OpenClusterNetwork(other, u"lan");
    HNETINTERFACE interface = OpenClusterNetInterface(other, u"i1");
    HKEY key = GetClusterKey(other, KEY_READ);
    watch(port, ALL(GROUP), group, 1);
    watch(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2, twin, 1);
    watch(port, ALL(NODE), node, 1);
    watch(port, ALL(RESOURCE), resource, 1);
    watch(port, ALL(NETWORK), network, 1);
    watch(port, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_ALL_V2,
          interface, 1);
    watch(port, ALL(REGISTRY), key, 1);
    watch(port, ALL(CLUSTER), other, 1);
    g_assert_true(CloseClusterGroup(group));
    expect_closed(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2, "g");
    /* From now on that registration is silent, and the other handle goes its own way. */
    IS(SetClusterGroupName(group_of(c, "g"), u"G"), ERROR_SUCCESS);
    g_assert_true(CloseClusterGroup(twin));
    expect_closed(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2, "g");
    g_assert_true(CloseClusterNode(node));
    expect_closed(port, CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2, "n1");
    g_assert_true(CloseClusterResource(resource));
    expect_closed(port, CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2, "a");
    g_assert_true(CloseClusterNetwork(network));
    expect_closed(port, CLUSTER_OBJECT_TYPE_NETWORK, CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2, "lan");
    g_assert_true(CloseClusterNetInterface(interface));
    expect_closed(port, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
                  CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2, "i1");
    IS(ClusterRegCloseKey(key), ERROR_SUCCESS);
    expect_closed(port, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2, "");
    CloseCluster(other);
    expect_closed(port, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2, "");
    IS(SetClusterGroupName(group_of(c, "G"), u"g"), ERROR_SUCCESS);
    g_assert_null(event_v2(port, 50));
    CloseClusterNotifyPort(port);
}

/* With a cluster's handle those of its objects close. */
static void test_cluster_closed(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    HCHANGE port = empty_port();
    watch(port, ALL(GROUP), OpenClusterGroup(other, u"g"), 1);
    watch(port, ALL(CLUSTER), other, 1);
    CloseCluster(other);
    expect_closed(port, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2, "");
    expect_closed(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2, "g");
    g_assert_null(event_v2(port, 20));
    /* The port takes another cluster. */
    watch(port, ALL(GROUP), c->handle, 1);
    IS(SetClusterGroupName(group_of(c, "g"), u"G"), ERROR_SUCCESS);
    g_autofree char *line = event_v2(port, PATIENCE);
    g_assert_cmpstr(line, ==, "GROUP COMMON_PROPERTY id=#01 parent=1 name=G {Name=G}");
    CloseClusterNotifyPort(port);
}

/* --- What is refused ---------------------------------------------------------------------------- */

static void refuse(HCHANGE port, DWORD type, LONGLONG flags, HANDLE object, DWORD code)
{
    NOTIFY_FILTER_AND_TYPE filter = {type, flags};
    IS(RegisterClusterNotifyV2(port, filter, object, 0), code);
}

static void test_refused(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    HCHANGE one = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, c->handle, 1, 0);
    HGROUP group = group_of(c, "g");
    DWORD_PTR key;
    DWORD filter;
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, 0, group, ERROR_INVALID_PARAMETER);
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, 0x400, group, ERROR_INVALID_PARAMETER);
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, G_MININT64, group, ERROR_INVALID_PARAMETER);
    refuse(port, CLUSTER_OBJECT_TYPE_NONE, 1, group, ERROR_INVALID_PARAMETER);
    refuse(port, 99, 1, group, ERROR_INVALID_PARAMETER);
    refuse(port, CLUSTER_OBJECT_TYPE_NODE, 1, group, ERROR_INVALID_HANDLE);
    refuse(port, CLUSTER_OBJECT_TYPE_QUORUM, 1, group, ERROR_INVALID_HANDLE);
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, 1, NULL, ERROR_INVALID_HANDLE);
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, 1, port, ERROR_INVALID_HANDLE);
    refuse(one, CLUSTER_OBJECT_TYPE_GROUP, 1, group, ERROR_INVALID_HANDLE);
    refuse(NULL, CLUSTER_OBJECT_TYPE_GROUP, 1, group, ERROR_INVALID_HANDLE);
    IS(RegisterClusterResourceTypeNotifyV2(port, c->handle, 1, u"none", 0),
       ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    IS(RegisterClusterResourceTypeNotifyV2(port, c->handle, 0x40, u"T", 0),
       ERROR_INVALID_PARAMETER);
    IS(RegisterClusterResourceTypeNotifyV2(port, c->handle, 1, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(RegisterClusterNotify(one, 0, c->handle, 0), ERROR_INVALID_PARAMETER);
    IS(RegisterClusterNotify(one, CLUSTER_CHANGE_GROUP_STATE, c->handle, 0), ERROR_INVALID_HANDLE);
    IS(RegisterClusterNotify(one, CLUSTER_CHANGE_NODE_STATE, group, 0), ERROR_INVALID_HANDLE);
    IS(RegisterClusterNotify(one, CLUSTER_CHANGE_CLUSTER_PROPERTY, group, 0), ERROR_INVALID_HANDLE);
    IS(RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_STATE, group, 0), ERROR_INVALID_HANDLE);
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, 0), ERROR_INVALID_HANDLE);
    IS(GetClusterNotify(one, NULL, &filter, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(GetClusterNotify(one, &key, NULL, NULL, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(GetNotifyEventHandle(one, NULL), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterNotifyPort(one, INVALID_HANDLE_VALUE, 1, 0), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterNotifyPort(port, c->handle, 1, 0), ERROR_INVALID_HANDLE);
    NONE(CreateClusterNotifyPort(INVALID_HANDLE_VALUE, c->handle, 0, 0), ERROR_INVALID_PARAMETER);
    NONE(CreateClusterNotifyPort(INVALID_HANDLE_VALUE, NULL, 1, 0), ERROR_INVALID_HANDLE);
    NONE(CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, NULL, 1, 0),
         ERROR_INVALID_PARAMETER);
    /* One that is bad among several: none of them. */
    NOTIFY_FILTER_AND_TYPE filters[] = {{ALL(GROUP)}, {CLUSTER_OBJECT_TYPE_NODE, 0}};
    NONE(CreateClusterNotifyPortV2(port, c->handle, filters, 2, 0), ERROR_INVALID_PARAMETER);
    /* An object that is gone. */
    HGROUP gone = CreateClusterGroup(c->handle, u"gone");
    IS(DeleteClusterGroup(gone), ERROR_SUCCESS);
    refuse(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_STATE_V2, gone,
           ERROR_GROUP_NOT_AVAILABLE);
    IS(SetClusterGroupName(group, u"G"), ERROR_SUCCESS);
    g_assert_null(event_v2(port, 50));
    CloseClusterNotifyPort(one);
    g_assert_true(CloseClusterNotifyPort(one));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_HANDLE);
    IS(GetClusterNotify(one, &key, &filter, NULL, NULL, INFINITE), ERROR_INVALID_HANDLE);
    CloseClusterNotifyPort(port);
}

/* Who may only read may watch. */
static void test_for_reading(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    HCHANGE port = port_v2(reading);
    HCHANGE one = port_v1(reading);
    IS(SetClusterGroupName(group_of(c, "g"), u"G"), ERROR_SUCCESS);
    g_autofree char *line = event_v2(port, PATIENCE);
    g_autofree char *line_v1 = event_v1(one, PATIENCE);
    g_assert_cmpstr(line, ==, "GROUP COMMON_PROPERTY id=#01 parent=1 name=G {Name=G}");
    g_assert_cmpstr(line_v1, ==, "GROUP_PROPERTY G");
    CloseClusterNotifyPort(port);
    CloseClusterNotifyPort(one);
    CloseCluster(reading);
}

/* --- Room --------------------------------------------------------------------------------------- */

/* What does not fit leaves the event where it is, and says how much it takes. */
static void test_room(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = empty_port();
    watch(port, CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_DELETED_V2, c->handle, 5);
    IS(DeleteClusterResource(resource_of(c, "a")), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "b")), ERROR_SUCCESS);
    WCHAR id[37], parent[37], name[2], type[2];
    WCHAR data[37];
    DWORD sizes[5];
    DWORD_PTR key = 0;
    NOTIFY_FILTER_AND_TYPE got = {77, 77};
    static const DWORD needed[5] = {sizeof data, 36, 36, 1, 1};
    for (gsize small = 0; small < 5; small++) {
        for (gsize i = 0; i < 5; i++) {
            sizes[i] = needed[i] + (i > 0) - (i == small);
        }
        IS(GetClusterNotifyV2(port, &key, &got, (BYTE *)data, &sizes[0], id, &sizes[1], parent,
                              &sizes[2], name, &sizes[3], type, &sizes[4], PATIENCE),
           ERROR_MORE_DATA);
        g_assert_cmpmem(sizes, sizeof sizes, needed, sizeof needed);
        g_assert_cmpuint(key, ==, 0);
        g_assert_cmpuint(got.dwObjectType, ==, 77);
    }
    for (gsize i = 0; i < 5; i++) {
        sizes[i] = needed[i] + (i > 0);
    }
    IS(GetClusterNotifyV2(port, &key, &got, (BYTE *)data, &sizes[0], id, &sizes[1], parent,
                          &sizes[2], name, &sizes[3], type, &sizes[4], 0),
       ERROR_SUCCESS);
    g_assert_cmpmem(sizes, sizeof sizes, needed, sizeof needed);
    g_assert_cmpuint(key, ==, 5);
    g_assert_cmpmem(name, 4, u"a", 4);
    g_assert_cmpmem(type, 4, u"T", 4);
    g_assert_cmpmem(data, sizeof data, parent, sizeof parent);
    /* Sizes alone take it, as nothing asks for more. */
    IS(GetClusterNotifyV2(port, &key, NULL, NULL, &sizes[0], NULL, &sizes[1], NULL, &sizes[2], NULL,
                          &sizes[3], NULL, &sizes[4], PATIENCE),
       ERROR_SUCCESS);
    g_assert_cmpmem(sizes, sizeof sizes, needed, sizeof needed);
    IS(GetClusterNotifyV2(port, &key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                          NULL, 0),
       WAIT_TIMEOUT);
    IS(GetClusterNotifyV2(port, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                          NULL, 0),
       ERROR_INVALID_PARAMETER);
    CloseClusterNotifyPort(port);
}

/* --- Waiting ------------------------------------------------------------------------------------ */

static void test_time(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = port_v1(c->handle);
    DWORD_PTR key;
    DWORD filter;
    gint64 begin = g_get_monotonic_time();
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, 60), WAIT_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, >=, 60000);
    /* A scope of the thread limits it, the handle's own time limit does not. */
    IS(ClusapiSetTimeout(c->handle, 1), ERROR_SUCCESS);
    begin = g_get_monotonic_time();
    HCLUSCALL call = ClusapiBeginCall(60);
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, INFINITE), WAIT_TIMEOUT);
    g_assert_true(ClusapiEndCall(call));
    g_assert_cmpint(g_get_monotonic_time() - begin, >=, 60000);
    call = ClusapiBeginCall(0);
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, INFINITE), WAIT_TIMEOUT);
    g_assert_true(ClusapiEndCall(call));
    CloseClusterNotifyPort(port);
}

static gpointer close_soon(gpointer port)
{
    g_usleep(50000);
    CloseClusterNotifyPort(port);
    return NULL;
}

/* Who polls the descriptor wakes when the port is closed, too. */
static void test_poll_and_close(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCHANGE port = port_v2(c->handle);
    HANDLE event = NULL;
    IS(GetNotifyEventHandle(port, &event), ERROR_SUCCESS);
    /* A descriptor of our own outlives the port's. */
    struct pollfd ready = {dup(ClusapiEventDescriptor(event)), POLLIN, 0};
    GThread *thread = g_thread_new("close", close_soon, port);
    g_assert_cmpint(poll(&ready, 1, PATIENCE), ==, 1);
    g_thread_join(thread);
    IS(GetNotifyEventHandle(port, &event), ERROR_INVALID_HANDLE);
    close(ready.fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify-filters/one group", test_one_group);
    g_test_add_func("/notify-filters/one of each", test_one_of_each);
    g_test_add_func("/notify-filters/flags", test_flags);
    g_test_add_func("/notify-filters/since", test_since);
    g_test_add_func("/notify-filters/keys", test_keys);
    g_test_add_func("/notify-filters/keys of version 1", test_keys_v1);
    g_test_add_func("/notify-filters/handles that close", test_handle_close);
    g_test_add_func("/notify-filters/a cluster that closes", test_cluster_closed);
    g_test_add_func("/notify-filters/refused", test_refused);
    g_test_add_func("/notify-filters/for reading", test_for_reading);
    g_test_add_func("/notify-filters/room", test_room);
    g_test_add_func("/notify-filters/time", test_time);
    g_test_add_func("/notify-filters/poll", test_poll_and_close);
    return g_test_run();
}
