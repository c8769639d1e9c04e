/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

CLUSAPID_OPEN(open_node, open_node_ex, CLUSAPID_NODE, HNODE, OpenClusterNodeEx)
CLUSAPID_CLOSE(close_node, CLUSAPID_NODE)
CLUSAPID_STATE(get_state, CLUSAPID_NODE, HNODE, GetClusterNodeState)
CLUSAPID_GET_TEXT(get_id, CLUSAPID_NODE, HNODE, GetClusterNodeId)

CLUSAPID_SIMPLE(pause_node, CLUSAPID_NODE, HNODE, PauseClusterNode)
CLUSAPID_SIMPLE(resume, CLUSAPID_NODE, HNODE, ResumeClusterNode)
CLUSAPID_SIMPLE(evict, CLUSAPID_NODE, HNODE, EvictClusterNode)

static DWORD pause_ex(ClusapidCall *call)
{
    HNODE node = clusapid_object(call, 0, CLUSAPID_NODE);
    return node ? PauseClusterNodeEx(node, call->values[1].number != 0,
                                     (DWORD)call->values[2].number, NULL)
                : ERROR_INVALID_HANDLE;
}

static DWORD pause_to_target(ClusapidCall *call)
{
    HNODE node = clusapid_object(call, 0, CLUSAPID_NODE);
    HNODE target = node ? clusapid_object(call, 2, CLUSAPID_NODE) : NULL;
    return target ? PauseClusterNodeEx(node, TRUE, (DWORD)call->values[1].number, target)
                  : ERROR_INVALID_HANDLE;
}

static DWORD resume_ex(ClusapidCall *call)
{
    HNODE node = clusapid_object(call, 0, CLUSAPID_NODE);
    return node ? ResumeClusterNodeEx(node,
                                      (CLUSTER_NODE_RESUME_FAILBACK_TYPE)call->values[1].number,
                                      (DWORD)call->values[2].number)
                : ERROR_INVALID_HANDLE;
}

static const ClusapidRow rows[] = {
    {CL_OP_GetNodeId, get_id},       {CL_OP_OpenNode, open_node},
    {CL_OP_CloseNode, close_node},   {CL_OP_GetNodeState, get_state},
    {CL_OP_PauseNode, pause_node},   {CL_OP_ResumeNode, resume},
    {CL_OP_EvictNode, evict},        {CL_OP_OpenNodeEx, open_node_ex},
    {CL_OP_PauseNodeEx, pause_ex},   {CL_OP_PauseNodeWithDrainTarget, pause_to_target},
    {CL_OP_ResumeNodeEx, resume_ex},
};

CLUSAPID_FAMILY(clusapid_node_methods, rows);
