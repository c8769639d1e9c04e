/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions that add, pause, resume and evict nodes.
 */
#include <clusapi/linux.h>

#include "acting.h"

#define PAUSE_FLAGS                                                                                \
    (CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR | CLUSAPI_NODE_AVOID_PLACEMENT |       \
     CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE)

static BOOL tell(PCLUSTER_SETUP_PROGRESS_CALLBACK progress, PVOID argument,
                 CLUSTER_SETUP_PHASE phase, CLUSTER_SETUP_PHASE_TYPE type, LPCWSTR node,
                 DWORD percent, DWORD code)
{
    return progress == NULL ||
           progress(argument, phase, type,
                    code == ERROR_SUCCESS ? ClusterSetupPhaseInformational : ClusterSetupPhaseFatal,
                    percent, node, code);
}

HNODE AddClusterNode(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                     PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback, PVOID pvCallbackArg)
{
    HNODE node;
    DWORD code = ERROR_SUCCESS;
    if (!tell(pfnProgressCallback, pvCallbackArg, ClusterSetupPhaseAddNodeToCluster,
              ClusterSetupPhaseStart, lpszNodeName, 0, ERROR_SUCCESS)) {
        SetLastError(ERROR_OPERATION_ABORTED);
        return NULL;
    }
    node = cl_acting_create(CL_KIND_CLUSTER, hCluster, lpszNodeName,
                            (ClNewObject){.kind = CL_KIND_NODE});
    if (node == NULL) {
        code = GetLastError();
    }
    (void)tell(pfnProgressCallback, pvCallbackArg, ClusterSetupPhaseNodeUp, ClusterSetupPhaseEnd,
               lpszNodeName, 100, code);
    if (node == NULL) {
        SetLastError(code);
    }
    return node;
}

DWORD PauseClusterNode(HNODE hNode)
{
    return cl_acting_run(CL_KIND_NODE, hNode, &(ClActing){.verb = CL_ACT_PAUSE});
}

DWORD PauseClusterNodeEx(HNODE hNode, BOOL bDrainNode, DWORD dwPauseFlags, HNODE hNodeDrainTarget)
{
    gconstpointer others[] = {bDrainNode ? hNodeDrainTarget : NULL};
    return cl_acting_run(CL_KIND_NODE, hNode,
                         &(ClActing){.verb = CL_ACT_PAUSE,
                                     .flags = bDrainNode ? dwPauseFlags : 0,
                                     .known_flags = PAUSE_FLAGS,
                                     .number = bDrainNode != FALSE,
                                     .other_kind = CL_KIND_NODE,
                                     .others = others,
                                     .n_others = 1,
                                     .others_optional = TRUE});
}

DWORD ResumeClusterNode(HNODE hNode)
{
    return ResumeClusterNodeEx(hNode, DoNotFailbackGroups, 0);
}

DWORD ResumeClusterNodeEx(HNODE hNode, CLUSTER_NODE_RESUME_FAILBACK_TYPE eResumeFailbackType,
                          DWORD dwResumeFlagsReserved)
{
    if ((DWORD)eResumeFailbackType > FailbackGroupsPerPolicy) {
        return ERROR_INVALID_PARAMETER;
    }
    return cl_acting_run(CL_KIND_NODE, hNode,
                         &(ClActing){.verb = CL_ACT_RESUME,
                                     .flags = dwResumeFlagsReserved,
                                     .number = (guint64)eResumeFailbackType});
}

DWORD EvictClusterNode(HNODE hNode)
{
    return EvictClusterNodeEx(hNode, INFINITE, NULL);
}

DWORD EvictClusterNodeEx(HNODE hNode, DWORD dwTimeOut, HRESULT *phrCleanupStatus)
{
    DWORD code =
        cl_acting_run(CL_KIND_NODE, hNode, &(ClActing){.verb = CL_ACT_EVICT, .number = dwTimeOut});
    if (phrCleanupStatus != NULL &&
        (code == ERROR_SUCCESS || code == ERROR_CLUSTER_EVICT_WITHOUT_CLEANUP)) {
        *phrCleanupStatus = code == ERROR_SUCCESS ? 0 : (HRESULT)(0x80070000U | code);
    }
    return code;
}

DWORD ClusapiSetNodeState(HNODE hNode, CLUSTER_NODE_STATE eState)
{
    if (eState != ClusterNodeUp && eState != ClusterNodeDown) {
        return ERROR_INVALID_PARAMETER;
    }
    return cl_acting_run(CL_KIND_NODE, hNode,
                         &(ClActing){.verb = CL_ACT_SET_NODE_STATE, .number = (guint64)eState});
}
