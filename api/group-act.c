/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions that create, change, move and delete groups.
 */
#include "acting.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_ONLINE_SYNCHRONOUS |              \
     CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE | CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE)
#define MOVE_FLAGS                                                                                 \
    (CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS |                                                   \
     CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED |        \
     CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START | CLUSAPI_GROUP_MOVE_FAILBACK |                        \
     CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE)
#define MOVE_EXCLUSIVE                                                                             \
    (CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS | CLUSAPI_GROUP_MOVE_QUEUE_ENABLED)

HGROUP CreateClusterGroup(HCLUSTER hCluster, LPCWSTR lpszGroupName)
{
    return CreateClusterGroupEx(hCluster, lpszGroupName, NULL);
}

/* The types of groups that a cluster makes itself. */
static gboolean is_reserved(CLUSGROUP_TYPE type)
{
    return type == ClusGroupTypeCoreCluster || type == ClusGroupTypeAvailableStorage ||
           type == ClusGroupTypeSharedVolume || type == ClusGroupTypeStoragePool;
}

HGROUP CreateClusterGroupEx(HCLUSTER hCluster, LPCWSTR lpszGroupName,
                            PCLUSTER_CREATE_GROUP_INFO pGroupInfo)
{
    ClNewObject what = {.kind = CL_KIND_GROUP, .group_type = ClusGroupTypeUnknown};
    if (pGroupInfo != NULL) {
        if (pGroupInfo->dwVersion != CLUSTER_CREATE_GROUP_INFO_VERSION_1 ||
            is_reserved(pGroupInfo->groupType)) {
            SetLastError(ERROR_INVALID_PARAMETER);
            return NULL;
        }
        what.group_type = (guint32)pGroupInfo->groupType;
    }
    return cl_acting_create(CL_KIND_CLUSTER, hCluster, lpszGroupName, what);
}

DWORD DeleteClusterGroup(HGROUP hGroup)
{
    return cl_acting_remove(CL_KIND_GROUP, hGroup);
}

DWORD DestroyClusterGroup(HGROUP hGroup)
{
    return cl_acting_run(CL_KIND_GROUP, hGroup, &(ClActing){.verb = CL_ACT_DESTROY});
}

DWORD SetClusterGroupName(HGROUP hGroup, LPCWSTR lpszGroupName)
{
    return cl_acting_rename(CL_KIND_GROUP, hGroup, lpszGroupName);
}

DWORD SetClusterGroupNodeList(HGROUP hGroup, DWORD NodeCount, HNODE NodeList[])
{
    if (NodeList == NULL && NodeCount > 0) {
        return ERROR_INVALID_PARAMETER;
    }
    return cl_acting_run(CL_KIND_GROUP, hGroup,
                         &(ClActing){.verb = CL_ACT_SET_PREFERRED_OWNERS,
                                     .other_kind = CL_KIND_NODE,
                                     .others = (const gconstpointer *)NodeList,
                                     .n_others = NodeCount,
                                     .others_read = TRUE});
}

/* Verbs with an optional node and a property list. */
static DWORD run_with_node(HGROUP group, HNODE node, ClActing acting, PBYTE in, DWORD in_size)
{
    gconstpointer others[] = {node};
    acting.other_kind = CL_KIND_NODE;
    acting.others = others;
    acting.n_others = 1;
    acting.others_optional = TRUE;
    acting.in = in;
    acting.in_size = in_size;
    return cl_acting_run(CL_KIND_GROUP, group, &acting);
}

DWORD OnlineClusterGroup(HGROUP hGroup, HNODE hDestinationNode)
{
    return OnlineClusterGroupEx(hGroup, hDestinationNode, 0, NULL, 0);
}

DWORD OnlineClusterGroupEx(HGROUP hGroup, HNODE hDestinationNode, DWORD dwOnlineFlags,
                           PBYTE lpInBuffer, DWORD cbInBufferSize)
{
    ClActing acting = {.verb = CL_ACT_ONLINE, .flags = dwOnlineFlags, .known_flags = ONLINE_FLAGS};
    return run_with_node(hGroup, hDestinationNode, acting, lpInBuffer, cbInBufferSize);
}

DWORD OfflineClusterGroup(HGROUP hGroup)
{
    return OfflineClusterGroupEx(hGroup, 0, NULL, 0);
}

DWORD OfflineClusterGroupEx(HGROUP hGroup, DWORD dwOfflineFlags, PBYTE lpInBuffer,
                            DWORD cbInBufferSize)
{
    return cl_acting_run(CL_KIND_GROUP, hGroup,
                         &(ClActing){.verb = CL_ACT_OFFLINE,
                                     .flags = dwOfflineFlags,
                                     .known_flags = CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS,
                                     .in = lpInBuffer,
                                     .in_size = cbInBufferSize});
}

DWORD MoveClusterGroup(HGROUP hGroup, HNODE hDestinationNode)
{
    return MoveClusterGroupEx(hGroup, hDestinationNode, 0, NULL, 0);
}

DWORD MoveClusterGroupEx(HGROUP hGroup, HNODE hDestinationNode, DWORD dwMoveFlags, PBYTE lpInBuffer,
                         DWORD cbInBufferSize)
{
    ClActing acting = {.verb = CL_ACT_MOVE, .flags = dwMoveFlags, .known_flags = MOVE_FLAGS};
    if ((dwMoveFlags & MOVE_EXCLUSIVE) == MOVE_EXCLUSIVE) {
        acting.known_flags &= ~(DWORD)MOVE_EXCLUSIVE;
    }
    return run_with_node(hGroup, hDestinationNode, acting, lpInBuffer, cbInBufferSize);
}

DWORD CancelClusterGroupOperation(HGROUP hGroup, DWORD dwCancelFlags_RESERVED)
{
    return cl_acting_run(CL_KIND_GROUP, hGroup,
                         &(ClActing){.verb = CL_ACT_CANCEL, .flags = dwCancelFlags_RESERVED});
}
