/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See handles-table.h. What the functions write goes into buffers here; one thread.
 */
#include "handles-calls.h"

#include <clusapi/linux.h>
#include <string.h>

/* Second handles of the functions that take two: of the same cluster as the first. */
static HNODE node2;
static HGROUP group2;
static HRESOURCE resource2;
static HNETWORK network2;

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

/* --- Functions that change something ---------------------------------------------------------- */

CODE(SetClusterName, u"renamed")
CODE(DestroyCluster, NULL, NULL, FALSE)
CODE(ClusterUpgradeFunctionalLevel, FALSE, NULL, NULL)
CODE(ClusterSetAccountAccess, u"S-1-5-32-544", CLUSAPI_READ_ACCESS, 0)
static DWORD call_CreateClusterNameAccount(gpointer handle)
{
    CREATE_CLUSTER_NAME_ACCOUNT config = {.dwVersion = 1};
    return CreateClusterNameAccount(handle, &config, NULL, NULL);
}
static DWORD call_SetClusterNetworkPriorityOrder(gpointer handle)
{
    return SetClusterNetworkPriorityOrder(handle, 1, &network2);
}
HANDLE_OF(AddClusterNode, u"node9", NULL, NULL)
HANDLE_OF(CreateClusterGroup, u"another group")
HANDLE_OF(CreateClusterGroupEx, u"another group", NULL)
CODE(CreateClusterResourceType, u"Another Type", u"Another", u"another.dll", 1000, 1000)
CODE(DeleteClusterResourceType, u"Print Spooler")
CODE(ClusterResourceTypeControlAsUser, u"IP Address", NULL,
     CLUSCTL_RESOURCE_TYPE_SET_COMMON_PROPERTIES, bytes, 4, NULL, 0, &number)

CODE(PauseClusterNode)
CODE(PauseClusterNodeEx, TRUE, 0, node2)
CODE(ResumeClusterNode)
CODE(ResumeClusterNodeEx, FailbackGroupsImmediately, 0)
CODE(EvictClusterNode)
static DWORD call_EvictClusterNodeEx(gpointer handle)
{
    HRESULT cleanup;
    return EvictClusterNodeEx(handle, 1000, &cleanup);
}
CODE(ClusapiSetNodeState, ClusterNodeDown)

HANDLE_OF(CreateClusterResource, u"another resource", u"Generic Service", 0)
CODE(DeleteClusterGroup)
CODE(DestroyClusterGroup)
CODE(SetClusterGroupName, u"renamed")
static DWORD call_SetClusterGroupNodeList(gpointer handle)
{
    return SetClusterGroupNodeList(handle, 1, &node2);
}
CODE(OnlineClusterGroup, node2)
CODE(OnlineClusterGroupEx, node2, 0, NULL, 0)
CODE(OfflineClusterGroup)
CODE(OfflineClusterGroupEx, 0, NULL, 0)
CODE(MoveClusterGroup, node2)
CODE(MoveClusterGroupEx, node2, 0, NULL, 0)
CODE(CancelClusterGroupOperation, 0)

CODE(DeleteClusterResource)
CODE(SetClusterResourceName, u"renamed")
CODE(OnlineClusterResource)
CODE(OnlineClusterResourceEx, 0, NULL, 0)
CODE(OfflineClusterResource)
CODE(OfflineClusterResourceEx, 0, NULL, 0)
CODE(FailClusterResource)
CODE(RestartClusterResource, 0)
CODE(ChangeClusterResourceGroup, group2)
CODE(AddClusterResourceNode, node2)
CODE(RemoveClusterResourceNode, node2)
CODE(AddClusterResourceDependency, resource2)
CODE(RemoveClusterResourceDependency, resource2)
BOOL_OF(CanResourceBeDependent, resource2)
CODE(SetClusterResourceDependencyExpression, u"")
CODE(SetClusterQuorumResource, NULL, 0)
CODE(AddResourceToClusterSharedVolumes)
CODE(RemoveResourceFromClusterSharedVolumes)
CODE(ClusterResourceControlAsUser, NULL, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, bytes, 4, NULL, 0,
     &number)
CODE(SetClusterNetworkName, u"renamed")

static const HandleFunction functions[] = {
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
    CHANGES(SetClusterName, TAKES_CLUSTER),
    CHANGES(DestroyCluster, TAKES_CLUSTER),
    CHANGES(ClusterUpgradeFunctionalLevel, TAKES_CLUSTER),
    CHANGES(ClusterSetAccountAccess, TAKES_CLUSTER),
    CHANGES(CreateClusterNameAccount, TAKES_CLUSTER),
    CHANGES(SetClusterNetworkPriorityOrder, TAKES_CLUSTER),
    CHANGES(AddClusterNode, TAKES_CLUSTER),
    CHANGES(CreateClusterGroup, TAKES_CLUSTER),
    CHANGES(CreateClusterGroupEx, TAKES_CLUSTER),
    CHANGES(CreateClusterResourceType, TAKES_CLUSTER),
    CHANGES(DeleteClusterResourceType, TAKES_CLUSTER),
    CHANGES(ClusterResourceTypeControlAsUser, TAKES_CLUSTER),
    CHANGES(PauseClusterNode, TAKES_NODE),
    CHANGES(PauseClusterNodeEx, TAKES_NODE),
    CHANGES(ResumeClusterNode, TAKES_NODE),
    CHANGES(ResumeClusterNodeEx, TAKES_NODE),
    CHANGES(EvictClusterNode, TAKES_NODE),
    CHANGES(EvictClusterNodeEx, TAKES_NODE),
    CHANGES(ClusapiSetNodeState, TAKES_NODE),
    CHANGES(CreateClusterResource, TAKES_GROUP),
    CHANGES(DeleteClusterGroup, TAKES_GROUP),
    CHANGES(DestroyClusterGroup, TAKES_GROUP),
    CHANGES(SetClusterGroupName, TAKES_GROUP),
    CHANGES(SetClusterGroupNodeList, TAKES_GROUP),
    CHANGES(OnlineClusterGroup, TAKES_GROUP),
    CHANGES(OnlineClusterGroupEx, TAKES_GROUP),
    CHANGES(OfflineClusterGroup, TAKES_GROUP),
    CHANGES(OfflineClusterGroupEx, TAKES_GROUP),
    CHANGES(MoveClusterGroup, TAKES_GROUP),
    CHANGES(MoveClusterGroupEx, TAKES_GROUP),
    CHANGES(CancelClusterGroupOperation, TAKES_GROUP),
    CHANGES(DeleteClusterResource, TAKES_RESOURCE),
    CHANGES(SetClusterResourceName, TAKES_RESOURCE),
    CHANGES(OnlineClusterResource, TAKES_RESOURCE),
    CHANGES(OnlineClusterResourceEx, TAKES_RESOURCE),
    CHANGES(OfflineClusterResource, TAKES_RESOURCE),
    CHANGES(OfflineClusterResourceEx, TAKES_RESOURCE),
    CHANGES(FailClusterResource, TAKES_RESOURCE),
    CHANGES(RestartClusterResource, TAKES_RESOURCE),
    CHANGES(ChangeClusterResourceGroup, TAKES_RESOURCE),
    CHANGES(AddClusterResourceNode, TAKES_RESOURCE),
    CHANGES(RemoveClusterResourceNode, TAKES_RESOURCE),
    CHANGES(AddClusterResourceDependency, TAKES_RESOURCE),
    CHANGES(RemoveClusterResourceDependency, TAKES_RESOURCE),
    CHANGES(SetClusterResourceDependencyExpression, TAKES_RESOURCE),
    CHANGES(SetClusterQuorumResource, TAKES_RESOURCE),
    CHANGES(AddResourceToClusterSharedVolumes, TAKES_RESOURCE),
    CHANGES(RemoveResourceFromClusterSharedVolumes, TAKES_RESOURCE),
    CHANGES(ClusterResourceControlAsUser, TAKES_RESOURCE),
    CHANGES(SetClusterNetworkName, TAKES_NETWORK),
    ROW(CanResourceBeDependent, TAKES_RESOURCE),
};

guint n_handle_functions(void)
{
    return (guint)G_N_ELEMENTS(functions) + n_more_handle_functions;
}

const HandleFunction *handle_function(guint index)
{
    return index < G_N_ELEMENTS(functions)
               ? &functions[index]
               : &more_handle_functions[index - G_N_ELEMENTS(functions)];
}

Handles handles_open(LPCWSTR name)
{
    Handles all;
    gpointer *h = all.handles;
    h[TAKES_CLUSTER] = OpenCluster(name);
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
    node2 = OpenClusterNode(cluster, u"node2");
    group2 = OpenClusterGroup(cluster, u"mail");
    resource2 = OpenClusterResource(cluster, u"web-disk");
    network2 = OpenClusterNetwork(cluster, u"cluster");
    more_handles_open(&all);
    for (guint i = 0; i < N_KINDS; i++) {
        g_assert_nonnull(h[i]);
    }
    return all;
}

/* The kinds that are closed by the only function with Close in its name that takes them, or by the
 * last. */
static void close_by_code(Kind kind, gpointer handle)
{
    const HandleFunction *closing = NULL;
    for (guint i = 0; i < n_handle_functions(); i++) {
        const HandleFunction *function = handle_function(i);
        if (function->takes == kind && strstr(function->name, "Close") != NULL) {
            closing = function;
        }
    }
    g_assert_nonnull(closing);
    g_assert_cmpuint(closing->call(handle), ==, ERROR_SUCCESS);
}

/* How a handle of each kind is closed; the cluster's and the scope's are closed by handles_close(). */
void handle_close(Kind kind, gpointer handle)
{
    switch (kind) {
    case TAKES_CLUSTER:
    case TAKES_CALL:
    case TAKES_EVENT:
        break;
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
    case TAKES_NETINTERFACE:
        g_assert_true(CloseClusterNetInterface(handle));
        break;
    case TAKES_GROUPSET:
        g_assert_true(CloseClusterGroupSet(handle));
        break;
    default:
        close_by_code(kind, handle);
        break;
    }
}

void handles_close(Handles *all)
{
    ClusapiEndCall(all->handles[TAKES_CALL]);
    CloseCluster(all->handles[TAKES_CLUSTER]);
    CloseClusterNotifyPort(all->handles[TAKES_PORT]);
}

void assert_refused(guint function, gpointer handle)
{
    length = length2 = G_N_ELEMENTS(text);
    DWORD code = handle_function(function)->call(handle);
    if (code != ERROR_INVALID_HANDLE) {
        g_error("%s(%p) gives %u", handle_function(function)->name, handle, code);
    }
}
