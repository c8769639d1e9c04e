/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

/* More than there are nodes in any cluster. */
#define NODES_MAX 1024

/* --- Opening, making, deleting ------------------------------------------------------------------ */

CLUSAPID_OPEN(open_group, open_group_ex, CLUSAPID_GROUP, HGROUP, OpenClusterGroupEx)
CLUSAPID_CLOSE(close_group, CLUSAPID_GROUP)

static DWORD create_group(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : clusapid_opened(call, 3, CLUSAPID_GROUP,
                                 CreateClusterGroup(cluster, call->values[0].text));
}

static DWORD create_group_ex(ClusapidCall *call)
{
    const GPtrArray *given = call->values[1].rows;
    CLUSTER_CREATE_GROUP_INFO info = {0};
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    if (given != NULL) {
        const ClNdrValue *members = given->pdata[0];
        info.dwVersion = (DWORD)members[0].number;
        info.groupType = (CLUSGROUP_TYPE)members[1].number;
    }
    HGROUP group = CreateClusterGroupEx(cluster, call->values[0].text, given ? &info : NULL);
    return clusapid_opened(call, 4, CLUSAPID_GROUP, group);
}

static DWORD delete_group(ClusapidCall *call)
{
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    if (group == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    return call->values[1].number != 0 ? DestroyClusterGroup(group) : DeleteClusterGroup(group);
}

/* --- What it is --------------------------------------------------------------------------------- */

static DWORD get_state(ClusapidCall *call)
{
    g_auto(ClusapidText) node = CLUSAPID_TEXT;
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    CLUSTER_GROUP_STATE state;
    DWORD code;
    if (group == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    do {
        state = GetClusterGroupState(group, node.text, &node.size);
        code = state == ClusterGroupStateUnknown ? GetLastError() : ERROR_SUCCESS;
    } while (clusapid_text_again(code, &node, 1));
    if (code == ERROR_SUCCESS) {
        call->values[1].number = (DWORD)state;
        clusapid_text_give(&node, &call->values[2]);
    }
    return code;
}

CLUSAPID_WITH_TEXT(set_name, CLUSAPID_GROUP, HGROUP, SetClusterGroupName)
CLUSAPID_CONTROL_TEXT(get_id, CLUSAPID_GROUP, HGROUP, ClusterGroupControl, CLUSCTL_GROUP_GET_ID)

/* --- Preferred owners --------------------------------------------------------------------------- */

static void close_nodes(HNODE *nodes, guint n_nodes)
{
    for (guint i = 0; i < n_nodes; i++) {
        CloseClusterNode(nodes[i]);
    }
    g_free(nodes);
}

static DWORD set_nodes(HCLUSTER cluster, HGROUP group, const GPtrArray *ids)
{
    DWORD code = ERROR_SUCCESS;
    HNODE *nodes = g_new0(HNODE, ids->len + 1);
    guint n = 0;
    for (; code == ERROR_SUCCESS && n < ids->len; n++) {
        nodes[n] = OpenClusterNodeEx(cluster, ids->pdata[n], MAXIMUM_ALLOWED, NULL);
        if (nodes[n] == NULL) {
            code = GetLastError();
            break;
        }
    }
    if (code == ERROR_SUCCESS) {
        code = SetClusterGroupNodeList(group, n, nodes);
    }
    close_nodes(nodes, n);
    return code == ERROR_CLUSTER_NODE_NOT_FOUND ? ERROR_ASSERTION_FAILURE : code;
}

static DWORD set_node_list(ClusapidCall *call)
{
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    DWORD size;
    LPCWSTR list = clusapid_bytes(&call->values[1], &size);
    g_autoptr(GPtrArray) ids = clusapid_texts(list, size / sizeof *list);
    HCLUSTER cluster;
    if (group == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (ids->len > NODES_MAX) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD code = clusapid_cluster(call, &cluster);
    return code == ERROR_SUCCESS ? set_nodes(cluster, group, ids) : code;
}

/* --- What it does ------------------------------------------------------------------------------- */

static DWORD go_online(HGROUP group)
{
    return OnlineClusterGroup(group, NULL);
}

static DWORD go_online_ex(HGROUP group, DWORD flags, PBYTE data, DWORD size)
{
    return OnlineClusterGroupEx(group, NULL, flags, data, size);
}

static DWORD move_anywhere(HGROUP group)
{
    return MoveClusterGroup(group, NULL);
}

static DWORD move_anywhere_ex(HGROUP group, DWORD flags, PBYTE data, DWORD size)
{
    return MoveClusterGroupEx(group, NULL, flags, data, size);
}

CLUSAPID_SIMPLE(online, CLUSAPID_GROUP, HGROUP, go_online)
CLUSAPID_SIMPLE(offline, CLUSAPID_GROUP, HGROUP, OfflineClusterGroup)
CLUSAPID_SIMPLE(move, CLUSAPID_GROUP, HGROUP, move_anywhere)
CLUSAPID_PAIR(move_to_node, CLUSAPID_GROUP, HGROUP, CLUSAPID_NODE, HNODE, MoveClusterGroup)
CLUSAPID_WITH_FLAGS(online_ex, CLUSAPID_GROUP, HGROUP, go_online_ex)
CLUSAPID_WITH_FLAGS(offline_ex, CLUSAPID_GROUP, HGROUP, OfflineClusterGroupEx)
CLUSAPID_WITH_FLAGS(move_ex, CLUSAPID_GROUP, HGROUP, move_anywhere_ex)

static DWORD move_to_node_ex(ClusapidCall *call)
{
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    HNODE node = group ? clusapid_object(call, 1, CLUSAPID_NODE) : NULL;
    DWORD size;
    PBYTE data = clusapid_bytes(&call->values[3], &size);
    return node ? MoveClusterGroupEx(group, node, (DWORD)call->values[2].number, data, size)
                : ERROR_INVALID_HANDLE;
}

static DWORD cancel_operation(ClusapidCall *call)
{
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    return group ? CancelClusterGroupOperation(group, (DWORD)call->values[1].number)
                 : ERROR_INVALID_HANDLE;
}

static const ClusapidRow rows[] = {
    {CL_OP_OpenGroup, open_group},
    {CL_OP_CreateGroup, create_group},
    {CL_OP_DeleteGroup, delete_group},
    {CL_OP_CloseGroup, close_group},
    {CL_OP_GetGroupState, get_state},
    {CL_OP_SetGroupName, set_name},
    {CL_OP_GetGroupId, get_id},
    {CL_OP_OnlineGroup, online},
    {CL_OP_OfflineGroup, offline},
    {CL_OP_MoveGroup, move},
    {CL_OP_MoveGroupToNode, move_to_node},
    {CL_OP_SetGroupNodeList, set_node_list},
    {CL_OP_OpenGroupEx, open_group_ex},
    {CL_OP_CreateGroupEx, create_group_ex},
    {CL_OP_OnlineGroupEx, online_ex},
    {CL_OP_OfflineGroupEx, offline_ex},
    {CL_OP_MoveGroupEx, move_ex},
    {CL_OP_MoveGroupToNodeEx, move_to_node_ex},
    {CL_OP_CancelClusterGroupOperation, cancel_operation},
};

CLUSAPID_FAMILY(clusapid_group_methods, rows);
