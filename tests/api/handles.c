/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Handles: each public function with each kind of bad handle, lifetimes, and access. One cluster
 * for all tests of this file; one thread.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

static Fixture *fixture;

/* A call of one function with @handle and otherwise good arguments; its error code. */
typedef DWORD (*Call)(gpointer handle);

#define CODE(name, ...)                                                                            \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        return (DWORD)name(handle, ##__VA_ARGS__);                                                 \
    }
#define HANDLE_OF(name, ...)                                                                       \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_null(name(handle, ##__VA_ARGS__));                                                \
        return GetLastError();                                                                     \
    }
#define STATE_OF(name, ...)                                                                        \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_cmpint(name(handle, ##__VA_ARGS__), ==, -1);                                      \
        return GetLastError();                                                                     \
    }
#define BOOL_OF(name, ...)                                                                         \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_false(name(handle, ##__VA_ARGS__));                                               \
        return GetLastError();                                                                     \
    }
#define COUNT_OF(name)                                                                             \
    static DWORD call_##name(gpointer handle)                                                      \
    {                                                                                              \
        SetLastError(ERROR_SUCCESS);                                                               \
        g_assert_cmpuint(name(handle), ==, 0);                                                     \
        return GetLastError();                                                                     \
    }

static WCHAR text[1000], text2[1000];
static DWORD length, length2, number;
static BYTE bytes[4000];

static DWORD call_CloseCluster(gpointer handle)
{
    SetLastError(ERROR_SUCCESS);
    g_assert_true(CloseCluster(handle));
    return GetLastError();
}

CODE(GetClusterInformation, text, &length, NULL)
CODE(GetClusterQuorumResource, text, &length, text2, &length2, &number)
HANDLE_OF(ClusterOpenEnum, CLUSTER_ENUM_ALL)
HANDLE_OF(ClusterOpenEnumEx, CLUSTER_ENUM_ALL, NULL)
CODE(ClusterControl, NULL, CLUSCTL_CLUSTER_GET_COMMON_PROPERTIES, NULL, 0, bytes, sizeof bytes,
     &number)
HANDLE_OF(OpenClusterNode, u"node1")
HANDLE_OF(OpenClusterNodeEx, u"node1", GENERIC_READ, &number)
HANDLE_OF(OpenClusterNodeById, 1)
HANDLE_OF(OpenClusterGroup, u"web")
HANDLE_OF(OpenClusterGroupEx, u"web", GENERIC_READ, &number)
HANDLE_OF(OpenClusterResource, u"web")
HANDLE_OF(OpenClusterResourceEx, u"web", GENERIC_READ, &number)
HANDLE_OF(OpenClusterNetwork, u"public")
HANDLE_OF(OpenClusterNetworkEx, u"public", GENERIC_READ, &number)
HANDLE_OF(OpenClusterNetInterface, u"node1 - public")
HANDLE_OF(OpenClusterNetInterfaceEx, u"node1 - public", GENERIC_READ, &number)
CODE(GetClusterNetInterface, u"node1", u"public", text, &length)
HANDLE_OF(ClusterGroupOpenEnumEx, NULL, 0, NULL, 0, 0)
HANDLE_OF(ClusterResourceOpenEnumEx, NULL, 0, NULL, 0, 0)
HANDLE_OF(ClusterResourceTypeOpenEnum, u"IP Address", CLUSTER_RESOURCE_TYPE_ENUM_ALL)
CODE(ClusterResourceTypeControl, u"IP Address", NULL, CLUSCTL_RESOURCE_TYPE_GET_COMMON_PROPERTIES,
     NULL, 0, bytes, sizeof bytes, &number)
HANDLE_OF(ClusterNetInterfaceOpenEnum, NULL, NULL)
CODE(ClusapiSetTimeout, 1000)
CODE(ClusapiGetBackendName, text, &length)
CODE(ClusapiGetGrantedAccess, &number)
static DWORD call_ClusapiGetHandleCounts(gpointer handle)
{
    CLUSAPI_HANDLE_COUNTS counts = {.dwVersion = 1};
    return ClusapiGetHandleCounts(handle, &counts);
}

BOOL_OF(CloseClusterNode)
HANDLE_OF(GetClusterFromNode)
STATE_OF(GetClusterNodeState)
static DWORD call_GetClusterNodeId(gpointer handle)
{
    /* NULL means the local node here. */
    return handle == NULL ? ERROR_INVALID_HANDLE : GetClusterNodeId(handle, text, &length);
}
HANDLE_OF(ClusterNodeOpenEnum, CLUSTER_NODE_ENUM_ALL)
HANDLE_OF(ClusterNodeOpenEnumEx, CLUSTER_NODE_ENUM_ALL, NULL)
CODE(ClusterNodeControl, NULL, CLUSCTL_NODE_GET_NAME, NULL, 0, bytes, sizeof bytes, &number)

BOOL_OF(CloseClusterGroup)
HANDLE_OF(GetClusterFromGroup)
STATE_OF(GetClusterGroupState, text, &length)
HANDLE_OF(ClusterGroupOpenEnum, CLUSTER_GROUP_ENUM_ALL)
CODE(ClusterGroupControl, NULL, CLUSCTL_GROUP_GET_NAME, NULL, 0, bytes, sizeof bytes, &number)

BOOL_OF(CloseClusterResource)
HANDLE_OF(GetClusterFromResource)
STATE_OF(GetClusterResourceState, text, &length, text2, &length2)
CODE(GetClusterResourceDependencyExpression, text, &length)
BOOL_OF(GetClusterResourceNetworkName, text, &length)
HANDLE_OF(ClusterResourceOpenEnum, CLUSTER_RESOURCE_ENUM_ALL)
CODE(ClusterResourceControl, NULL, CLUSCTL_RESOURCE_GET_NAME, NULL, 0, bytes, sizeof bytes, &number)

BOOL_OF(CloseClusterNetwork)
HANDLE_OF(GetClusterFromNetwork)
STATE_OF(GetClusterNetworkState)
CODE(GetClusterNetworkId, text, &length)
HANDLE_OF(ClusterNetworkOpenEnum, CLUSTER_NETWORK_ENUM_ALL)
CODE(ClusterNetworkControl, NULL, CLUSCTL_NETWORK_GET_NAME, NULL, 0, bytes, sizeof bytes, &number)

BOOL_OF(CloseClusterNetInterface)
HANDLE_OF(GetClusterFromNetInterface)
STATE_OF(GetClusterNetInterfaceState)
CODE(ClusterNetInterfaceControl, NULL, CLUSCTL_NETINTERFACE_GET_NAME, NULL, 0, bytes, sizeof bytes,
     &number)

CODE(ClusterEnum, 0, &number, text, &length)
CODE(ClusterCloseEnum)
COUNT_OF(ClusterGetEnumCount)
static DWORD call_ClusterEnumEx(gpointer handle)
{
    DWORD size = sizeof bytes;
    return ClusterEnumEx(handle, 0, (PCLUSTER_ENUM_ITEM)(gpointer)bytes, &size);
}
CODE(ClusterCloseEnumEx)
COUNT_OF(ClusterGetEnumCountEx)
CODE(ClusterNodeEnum, 0, &number, text, &length)
CODE(ClusterNodeCloseEnum)
COUNT_OF(ClusterNodeGetEnumCount)
static DWORD call_ClusterNodeEnumEx(gpointer handle)
{
    DWORD size = sizeof bytes;
    return ClusterNodeEnumEx(handle, 0, (PCLUSTER_ENUM_ITEM)(gpointer)bytes, &size);
}
CODE(ClusterNodeCloseEnumEx)
COUNT_OF(ClusterNodeGetEnumCountEx)
CODE(ClusterGroupEnum, 0, &number, text, &length)
CODE(ClusterGroupCloseEnum)
COUNT_OF(ClusterGroupGetEnumCount)
static DWORD call_ClusterGroupEnumEx(gpointer handle)
{
    DWORD size = sizeof bytes;
    return ClusterGroupEnumEx(handle, 0, (PCLUSTER_GROUP_ENUM_ITEM)(gpointer)bytes, &size);
}
CODE(ClusterGroupCloseEnumEx)
COUNT_OF(ClusterGroupGetEnumCountEx)
CODE(ClusterResourceEnum, 0, &number, text, &length)
CODE(ClusterResourceCloseEnum)
COUNT_OF(ClusterResourceGetEnumCount)
static DWORD call_ClusterResourceEnumEx(gpointer handle)
{
    DWORD size = sizeof bytes;
    return ClusterResourceEnumEx(handle, 0, (PCLUSTER_RESOURCE_ENUM_ITEM)(gpointer)bytes, &size);
}
CODE(ClusterResourceCloseEnumEx)
COUNT_OF(ClusterResourceGetEnumCountEx)
CODE(ClusterResourceTypeEnum, 0, &number, text, &length)
CODE(ClusterResourceTypeCloseEnum)
COUNT_OF(ClusterResourceTypeGetEnumCount)
CODE(ClusterNetworkEnum, 0, &number, text, &length)
CODE(ClusterNetworkCloseEnum)
COUNT_OF(ClusterNetworkGetEnumCount)
CODE(ClusterNetInterfaceEnum, 0, text, &length)
CODE(ClusterNetInterfaceCloseEnum)
BOOL_OF(ClusapiEndCall)
BOOL_OF(ClusapiCancelCall)

/* Which handle a function takes. */
typedef enum {
    TAKES_CLUSTER,
    TAKES_NODE,
    TAKES_GROUP,
    TAKES_RESOURCE,
    TAKES_NETWORK,
    TAKES_NETINTERFACE,
    TAKES_ENUM,
    TAKES_ENUM_EX,
    TAKES_NODE_ENUM,
    TAKES_NODE_ENUM_EX,
    TAKES_GROUP_ENUM,
    TAKES_GROUP_ENUM_EX,
    TAKES_RESOURCE_ENUM,
    TAKES_RESOURCE_ENUM_EX,
    TAKES_RESOURCE_TYPE_ENUM,
    TAKES_NETWORK_ENUM,
    TAKES_NETINTERFACE_ENUM,
    TAKES_CALL,
    N_KINDS
} Kind;

#define ROW(name, kind)                                                                            \
    {                                                                                              \
#name, call_##name, kind                                                                   \
    }
static const struct {
    const char *name;
    Call call;
    Kind takes;
} functions[] = {
    ROW(GetClusterInformation, TAKES_CLUSTER),
    ROW(GetClusterQuorumResource, TAKES_CLUSTER),
    ROW(ClusterOpenEnum, TAKES_CLUSTER),
    ROW(ClusterOpenEnumEx, TAKES_CLUSTER),
    ROW(ClusterControl, TAKES_CLUSTER),
    ROW(OpenClusterNode, TAKES_CLUSTER),
    ROW(OpenClusterNodeEx, TAKES_CLUSTER),
    ROW(OpenClusterNodeById, TAKES_CLUSTER),
    ROW(OpenClusterGroup, TAKES_CLUSTER),
    ROW(OpenClusterGroupEx, TAKES_CLUSTER),
    ROW(OpenClusterResource, TAKES_CLUSTER),
    ROW(OpenClusterResourceEx, TAKES_CLUSTER),
    ROW(OpenClusterNetwork, TAKES_CLUSTER),
    ROW(OpenClusterNetworkEx, TAKES_CLUSTER),
    ROW(OpenClusterNetInterface, TAKES_CLUSTER),
    ROW(OpenClusterNetInterfaceEx, TAKES_CLUSTER),
    ROW(GetClusterNetInterface, TAKES_CLUSTER),
    ROW(ClusterGroupOpenEnumEx, TAKES_CLUSTER),
    ROW(ClusterResourceOpenEnumEx, TAKES_CLUSTER),
    ROW(ClusterResourceTypeOpenEnum, TAKES_CLUSTER),
    ROW(ClusterResourceTypeControl, TAKES_CLUSTER),
    ROW(ClusterNetInterfaceOpenEnum, TAKES_CLUSTER),
    ROW(ClusapiSetTimeout, TAKES_CLUSTER),
    ROW(ClusapiGetBackendName, TAKES_CLUSTER),
    ROW(ClusapiGetGrantedAccess, TAKES_CLUSTER),
    ROW(ClusapiGetHandleCounts, TAKES_CLUSTER),
    ROW(CloseCluster, TAKES_CLUSTER),
    ROW(GetClusterFromNode, TAKES_NODE),
    ROW(GetClusterNodeState, TAKES_NODE),
    ROW(GetClusterNodeId, TAKES_NODE),
    ROW(ClusterNodeOpenEnum, TAKES_NODE),
    ROW(ClusterNodeOpenEnumEx, TAKES_NODE),
    ROW(ClusterNodeControl, TAKES_NODE),
    ROW(CloseClusterNode, TAKES_NODE),
    ROW(GetClusterFromGroup, TAKES_GROUP),
    ROW(GetClusterGroupState, TAKES_GROUP),
    ROW(ClusterGroupOpenEnum, TAKES_GROUP),
    ROW(ClusterGroupControl, TAKES_GROUP),
    ROW(CloseClusterGroup, TAKES_GROUP),
    ROW(GetClusterFromResource, TAKES_RESOURCE),
    ROW(GetClusterResourceState, TAKES_RESOURCE),
    ROW(GetClusterResourceDependencyExpression, TAKES_RESOURCE),
    ROW(GetClusterResourceNetworkName, TAKES_RESOURCE),
    ROW(ClusterResourceOpenEnum, TAKES_RESOURCE),
    ROW(ClusterResourceControl, TAKES_RESOURCE),
    ROW(CloseClusterResource, TAKES_RESOURCE),
    ROW(GetClusterFromNetwork, TAKES_NETWORK),
    ROW(GetClusterNetworkState, TAKES_NETWORK),
    ROW(GetClusterNetworkId, TAKES_NETWORK),
    ROW(ClusterNetworkOpenEnum, TAKES_NETWORK),
    ROW(ClusterNetworkControl, TAKES_NETWORK),
    ROW(CloseClusterNetwork, TAKES_NETWORK),
    ROW(GetClusterFromNetInterface, TAKES_NETINTERFACE),
    ROW(GetClusterNetInterfaceState, TAKES_NETINTERFACE),
    ROW(ClusterNetInterfaceControl, TAKES_NETINTERFACE),
    ROW(CloseClusterNetInterface, TAKES_NETINTERFACE),
    ROW(ClusterEnum, TAKES_ENUM),
    ROW(ClusterGetEnumCount, TAKES_ENUM),
    ROW(ClusterCloseEnum, TAKES_ENUM),
    ROW(ClusterEnumEx, TAKES_ENUM_EX),
    ROW(ClusterGetEnumCountEx, TAKES_ENUM_EX),
    ROW(ClusterCloseEnumEx, TAKES_ENUM_EX),
    ROW(ClusterNodeEnum, TAKES_NODE_ENUM),
    ROW(ClusterNodeGetEnumCount, TAKES_NODE_ENUM),
    ROW(ClusterNodeCloseEnum, TAKES_NODE_ENUM),
    ROW(ClusterNodeEnumEx, TAKES_NODE_ENUM_EX),
    ROW(ClusterNodeGetEnumCountEx, TAKES_NODE_ENUM_EX),
    ROW(ClusterNodeCloseEnumEx, TAKES_NODE_ENUM_EX),
    ROW(ClusterGroupEnum, TAKES_GROUP_ENUM),
    ROW(ClusterGroupGetEnumCount, TAKES_GROUP_ENUM),
    ROW(ClusterGroupCloseEnum, TAKES_GROUP_ENUM),
    ROW(ClusterGroupEnumEx, TAKES_GROUP_ENUM_EX),
    ROW(ClusterGroupGetEnumCountEx, TAKES_GROUP_ENUM_EX),
    ROW(ClusterGroupCloseEnumEx, TAKES_GROUP_ENUM_EX),
    ROW(ClusterResourceEnum, TAKES_RESOURCE_ENUM),
    ROW(ClusterResourceGetEnumCount, TAKES_RESOURCE_ENUM),
    ROW(ClusterResourceCloseEnum, TAKES_RESOURCE_ENUM),
    ROW(ClusterResourceEnumEx, TAKES_RESOURCE_ENUM_EX),
    ROW(ClusterResourceGetEnumCountEx, TAKES_RESOURCE_ENUM_EX),
    ROW(ClusterResourceCloseEnumEx, TAKES_RESOURCE_ENUM_EX),
    ROW(ClusterResourceTypeEnum, TAKES_RESOURCE_TYPE_ENUM),
    ROW(ClusterResourceTypeGetEnumCount, TAKES_RESOURCE_TYPE_ENUM),
    ROW(ClusterResourceTypeCloseEnum, TAKES_RESOURCE_TYPE_ENUM),
    ROW(ClusterNetworkEnum, TAKES_NETWORK_ENUM),
    ROW(ClusterNetworkGetEnumCount, TAKES_NETWORK_ENUM),
    ROW(ClusterNetworkCloseEnum, TAKES_NETWORK_ENUM),
    ROW(ClusterNetInterfaceEnum, TAKES_NETINTERFACE_ENUM),
    ROW(ClusterNetInterfaceCloseEnum, TAKES_NETINTERFACE_ENUM),
    ROW(ClusapiEndCall, TAKES_CALL),
    ROW(ClusapiCancelCall, TAKES_CALL),
};

/* One open handle of each kind; [TAKES_CLUSTER] is the cluster they come from. */
typedef struct {
    gpointer handles[N_KINDS];
} Handles;

static Handles open_all(void)
{
    Handles all;
    gpointer *h = all.handles;
    h[TAKES_CLUSTER] = OpenCluster(fixture->wide);
    HCLUSTER cluster = h[TAKES_CLUSTER];
    h[TAKES_NODE] = OpenClusterNode(cluster, u"node1");
    h[TAKES_GROUP] = OpenClusterGroup(cluster, u"web");
    h[TAKES_RESOURCE] = OpenClusterResource(cluster, u"web");
    h[TAKES_NETWORK] = OpenClusterNetwork(cluster, u"public");
    length = G_N_ELEMENTS(text);
    g_assert_cmpuint(GetClusterNetInterface(cluster, u"node1", u"public", text, &length), ==, 0);
    h[TAKES_NETINTERFACE] = OpenClusterNetInterface(cluster, text);
    h[TAKES_ENUM] = ClusterOpenEnum(cluster, CLUSTER_ENUM_ALL);
    h[TAKES_ENUM_EX] = ClusterOpenEnumEx(cluster, CLUSTER_ENUM_ALL, NULL);
    h[TAKES_NODE_ENUM] = ClusterNodeOpenEnum(h[TAKES_NODE], CLUSTER_NODE_ENUM_ALL);
    h[TAKES_NODE_ENUM_EX] = ClusterNodeOpenEnumEx(h[TAKES_NODE], CLUSTER_NODE_ENUM_ALL, NULL);
    h[TAKES_GROUP_ENUM] = ClusterGroupOpenEnum(h[TAKES_GROUP], CLUSTER_GROUP_ENUM_ALL);
    h[TAKES_GROUP_ENUM_EX] = ClusterGroupOpenEnumEx(cluster, NULL, 0, NULL, 0, 0);
    h[TAKES_RESOURCE_ENUM] = ClusterResourceOpenEnum(h[TAKES_RESOURCE], CLUSTER_RESOURCE_ENUM_ALL);
    h[TAKES_RESOURCE_ENUM_EX] = ClusterResourceOpenEnumEx(cluster, NULL, 0, NULL, 0, 0);
    h[TAKES_RESOURCE_TYPE_ENUM] =
        ClusterResourceTypeOpenEnum(cluster, u"IP Address", CLUSTER_RESOURCE_TYPE_ENUM_ALL);
    h[TAKES_NETWORK_ENUM] = ClusterNetworkOpenEnum(h[TAKES_NETWORK], CLUSTER_NETWORK_ENUM_ALL);
    h[TAKES_NETINTERFACE_ENUM] = ClusterNetInterfaceOpenEnum(cluster, NULL, NULL);
    h[TAKES_CALL] = ClusapiBeginCall(10000);
    for (guint i = 0; i < N_KINDS; i++) {
        g_assert_nonnull(h[i]);
    }
    return all;
}

static void end(Handles *all)
{
    ClusapiEndCall(all->handles[TAKES_CALL]);
    CloseCluster(all->handles[TAKES_CLUSTER]);
}

static void assert_refused(guint function, gpointer handle)
{
    length = length2 = G_N_ELEMENTS(text);
    DWORD code = functions[function].call(handle);
    if (code != ERROR_INVALID_HANDLE) {
        g_error("%s(%p) gives %u", functions[function].name, handle, code);
    }
}

static void test_null(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        assert_refused(i, NULL);
        assert_refused(i, (gpointer)(gssize)-1);
    }
}

static void test_wrong_kind(void)
{
    Handles all = open_all();
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        for (guint kind = 0; kind < N_KINDS; kind++) {
            if (kind != functions[i].takes) {
                assert_refused(i, all.handles[kind]);
            }
        }
    }
    end(&all);
}

static void test_invented(void)
{
    Handles all = open_all();
    int local = 0;
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        guint64 real = (guint64)(gsize)all.handles[functions[i].takes];
        assert_refused(i, &local);
        assert_refused(i, (gpointer)1);
        assert_refused(i, (gpointer)G_MAXSIZE);
        for (guint bit = 0; bit < 64; bit++) {
            assert_refused(i, (gpointer)(gsize)(real ^ (UINT64_C(1) << bit)));
        }
        for (guint n = 0; n < 1000; n++) {
            guint64 value = (guint64)g_test_rand_int() << 32 | (guint32)g_test_rand_int();
            assert_refused(i, (gpointer)(gsize)value);
        }
    }
    end(&all);
}

static void test_after_close_cluster(void)
{
    Handles all = open_all();
    end(&all);
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        assert_refused(i, all.handles[functions[i].takes]);
    }
}

static void test_closed(void)
{
    Handles all = open_all();
    /* The closing functions come last among their kind, so each closes its handle here. */
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        gboolean closes = strstr(functions[i].name, "Close") != NULL ||
                          strstr(functions[i].name, "EndCall") != NULL;
        if (closes && functions[i].takes != TAKES_CLUSTER && functions[i].takes != TAKES_CALL) {
            gpointer handle = all.handles[functions[i].takes];
            if (functions[i].takes <= TAKES_NETINTERFACE) {
                switch (functions[i].takes) {
                case TAKES_NODE:
                    g_assert_true(CloseClusterNode(handle));
                    break;
                case TAKES_GROUP:
                    g_assert_true(CloseClusterGroup(handle));
                    break;
                case TAKES_RESOURCE:
                    g_assert_true(CloseClusterResource(handle));
                    break;
                case TAKES_NETWORK:
                    g_assert_true(CloseClusterNetwork(handle));
                    break;
                default:
                    g_assert_true(CloseClusterNetInterface(handle));
                    break;
                }
            } else {
                g_assert_cmpuint(functions[i].call(handle), ==, ERROR_SUCCESS);
            }
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
        if (functions[i].takes != TAKES_CLUSTER && functions[i].takes != TAKES_CALL) {
            assert_refused(i, all.handles[functions[i].takes]);
        }
    }
    end(&all);
}

static void test_in_forked_child(void)
{
    Handles all = open_all();
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        for (guint i = 0; i < G_N_ELEMENTS(functions); i++) {
            if (functions[i].takes != TAKES_CALL &&
                functions[i].call(all.handles[functions[i].takes]) != ERROR_INVALID_HANDLE) {
                _exit(1);
            }
        }
        SetLastError(ERROR_SUCCESS);
        ClusapiEndCall(all.handles[TAKES_CALL]);
        gboolean refused = OpenCluster(fixture->wide) == NULL;
        _exit(refused && GetLastError() == ERROR_NOT_SUPPORTED ? 0 : 2);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    length = G_N_ELEMENTS(text);
    g_assert_cmpuint(GetClusterInformation(all.handles[TAKES_CLUSTER], text, &length, NULL), ==, 0);
    end(&all);
}

/* Another handle of the same kind in use shows that a closed one's slot is not confused with it. */
static void test_stale_after_reuse(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP old = OpenClusterGroup(cluster, u"web");
    g_assert_true(CloseClusterGroup(old));
    for (guint i = 0; i < 1000; i++) {
        HGROUP group = OpenClusterGroup(cluster, u"web");
        g_assert_true(group != old);
        g_assert_cmpint(GetClusterGroupState(old, NULL, NULL), ==, ClusterGroupStateUnknown);
        g_assert_false(CloseClusterGroup(old));
        g_assert_true(CloseClusterGroup(group));
    }
    CloseCluster(cluster);
}

static void assert_named_demo(HCLUSTER cluster)
{
    length = G_N_ELEMENTS(text);
    g_assert_cmpuint(GetClusterInformation(cluster, text, &length, NULL), ==, ERROR_SUCCESS);
    g_autofree char *name = narrow(text);
    g_assert_cmpstr(name, ==, "demo");
}

static void test_instances_in_every_order(void)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (guint o = 0; o < G_N_ELEMENTS(orders); o++) {
        HCLUSTER instances[3];
        instances[0] = OpenCluster(fixture->wide);
        HGROUP group = OpenClusterGroup(instances[0], u"web");
        HNETWORK network = OpenClusterNetwork(instances[0], u"public");
        instances[1] = GetClusterFromGroup(group);
        instances[2] = GetClusterFromNetwork(network);
        for (guint i = 0; i < 3; i++) {
            for (guint rest = i; rest < 3; rest++) {
                assert_named_demo(instances[orders[o][rest]]);
            }
            g_assert_true(CloseCluster(instances[orders[o][i]]));
            gboolean original_open = instances[0] != NULL;
            if (orders[o][i] == 0) {
                instances[0] = NULL;
                original_open = FALSE;
            }
            g_assert_true((GetClusterGroupState(group, NULL, NULL) != -1) == original_open);
            g_assert_true((GetClusterNetworkState(network) != -1) == original_open);
        }
        g_assert_false(CloseClusterGroup(group));
        g_assert_false(CloseClusterNetwork(network));
    }
}

static void test_objects_of_an_instance_are_its_own(void)
{
    HCLUSTER first = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(first, u"web");
    HCLUSTER second = GetClusterFromGroup(group);
    HGROUP other = OpenClusterGroup(second, u"web");
    CloseCluster(second);
    g_assert_cmpint(GetClusterGroupState(other, NULL, NULL), ==, -1);
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_HANDLE);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), !=, -1);
    CloseCluster(first);
}

static void test_clusters_do_not_mix(void)
{
    g_autoptr(Fixture) another = fixture_new_demo();
    HCLUSTER one = OpenCluster(fixture->wide);
    HCLUSTER two = OpenCluster(another->wide);
    HGROUP group = OpenClusterGroup(one, u"web");
    HNODE node = OpenClusterNode(two, u"node1");
    DWORD size;
    g_assert_cmpuint(ClusterGroupControl(group, node, CLUSCTL_GROUP_GET_NAME, NULL, 0, bytes,
                                         sizeof bytes, &size),
                     ==, ERROR_INVALID_HANDLE);
    CloseCluster(one);
    CloseCluster(two);
}

static void test_counts(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    HCLUSTER instance = GetClusterFromGroup(group);
    HCLUSENUM list = ClusterOpenEnum(instance, CLUSTER_ENUM_NODE);
    g_assert_nonnull(list);
    CLUSAPI_HANDLE_COUNTS counts = {.dwVersion = 1};
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &counts), ==, ERROR_SUCCESS);
    g_assert_cmpuint(counts.cCluster, ==, 2);
    g_assert_cmpuint(counts.cGroup, ==, 1);
    g_assert_cmpuint(counts.cEnum, ==, 1);
    g_assert_cmpuint(counts.cNode + counts.cResource + counts.cNetwork + counts.cNetInterface, ==,
                     0);
    CloseCluster(instance);
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &counts), ==, ERROR_SUCCESS);
    g_assert_cmpuint(counts.cCluster, ==, 1);
    g_assert_cmpuint(counts.cEnum, ==, 0);
    CloseCluster(cluster);
}

static void test_read_only_handles(void)
{
    DWORD granted = 0;
    HCLUSTER cluster = OpenClusterEx(fixture->wide, GENERIC_READ, &granted);
    g_assert_cmpuint(granted, ==, GENERIC_READ);
    g_assert_null(OpenClusterGroup(cluster, u"web"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    g_assert_null(OpenClusterNodeEx(cluster, u"node1", GENERIC_ALL, &granted));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    HGROUP group = OpenClusterGroupEx(cluster, u"web", MAXIMUM_ALLOWED, &granted);
    g_assert_nonnull(group);
    g_assert_cmpuint(granted, ==, GENERIC_READ);
    BYTE list[4] = {0};
    g_assert_cmpuint(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list, 4,
                                         NULL, 0, &number),
                     ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(
        ClusterControl(cluster, NULL, CLUSCTL_CLUSTER_SHUTDOWN, NULL, 0, NULL, 0, &number), ==,
        ERROR_ACCESS_DENIED);
    HCLUSTER instance = GetClusterFromGroup(group);
    g_assert_null(OpenClusterGroup(instance, u"web"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    CloseCluster(instance);
    CloseCluster(cluster);
}

static void test_access_masks(void)
{
    static const struct {
        DWORD mask, granted, error;
    } rows[] = {
        {GENERIC_READ, GENERIC_READ, 0},
        {GENERIC_ALL, GENERIC_ALL, 0},
        {MAXIMUM_ALLOWED, GENERIC_ALL, 0},
        {GENERIC_READ | GENERIC_ALL, GENERIC_ALL, 0},
        {GENERIC_READ | MAXIMUM_ALLOWED, GENERIC_ALL, 0},
        {CLUSAPI_READ_ACCESS, GENERIC_READ, 0},
        {CLUSAPI_READ_ACCESS | CLUSAPI_CHANGE_ACCESS, GENERIC_ALL, 0},
        {CLUSAPI_CHANGE_ACCESS, 0, ERROR_INVALID_PARAMETER},
        {0, 0, ERROR_INVALID_PARAMETER},
        {0x00010000, 0, ERROR_INVALID_PARAMETER},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        DWORD granted = 0;
        HCLUSTER cluster = OpenClusterEx(fixture->wide, rows[i].mask, &granted);
        g_assert_true((cluster != NULL) == (rows[i].error == 0));
        if (cluster != NULL) {
            g_assert_cmpuint(granted, ==, rows[i].granted);
            CloseCluster(cluster);
        } else {
            g_assert_cmpuint(GetLastError(), ==, rows[i].error);
        }
    }
}

/* A sanitizer keeps freed memory on purpose; it finds leaks itself. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PAIRS        20000
#define LIMIT_GROWTH FALSE
#else
#define PAIRS        1000000
#define LIMIT_GROWTH TRUE
#endif

static gsize resident_kilobytes(void)
{
    g_autofree char *status = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    return g_ascii_strtoull(strstr(status, "VmRSS:") + strlen("VmRSS:"), NULL, 10);
}

static void test_million_pairs_leave_no_memory(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    gsize before = 0;
    for (guint i = 0; i < PAIRS + 1000; i++) {
        if (i == 1000) {
            before = resident_kilobytes();
        }
        HGROUP another = OpenClusterGroup(cluster, u"web");
        HCLUSTER instance = GetClusterFromGroup(group);
        CloseCluster(instance);
        CloseClusterGroup(another);
    }
    /* valgrind has memory of its own. */
    if (LIMIT_GROWTH && g_getenv("CLUSAPI_VALGRIND") == NULL) {
        g_assert_cmpuint(resident_kilobytes(), <=, before + 256);
    }
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture = fixture_new_demo();
    g_test_add_func("/handles/a null handle is refused by every function", test_null);
    g_test_add_func("/handles/a handle of another kind is refused by every function",
                    test_wrong_kind);
    g_test_add_func("/handles/an invented handle is refused by every function", test_invented);
    g_test_add_func("/handles/a closed handle is refused by every function", test_closed);
    g_test_add_func("/handles/closing a cluster closes all that came from it",
                    test_after_close_cluster);
    g_test_add_func("/handles/a forked child has none", test_in_forked_child);
    g_test_add_func("/handles/a stale handle never names what took its place",
                    test_stale_after_reuse);
    g_test_add_func("/handles/instances may be closed in every order",
                    test_instances_in_every_order);
    g_test_add_func("/handles/an instance owns what was opened from it",
                    test_objects_of_an_instance_are_its_own);
    g_test_add_func("/handles/those of different clusters do not mix", test_clusters_do_not_mix);
    g_test_add_func("/handles/are counted by kind", test_counts);
    g_test_add_func("/access/a read-only handle changes nothing", test_read_only_handles);
    g_test_add_func("/access/masks are granted as documented", test_access_masks);
    g_test_add_func("/handles/a million pairs of open and close leave memory where it was",
                    test_million_pairs_leave_no_memory);
    int result = g_test_run();
    fixture_free(fixture);
    return result;
}
