/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of nodes.
 */
#include <string.h>

#include "object.h"
#include "text.h"

HNODE OpenClusterNode(HCLUSTER hCluster, LPCWSTR lpszNodeName)
{
    return cl_object_open(CL_KIND_NODE, hCluster, lpszNodeName, GENERIC_ALL, NULL);
}

HNODE OpenClusterNodeEx(HCLUSTER hCluster, LPCWSTR lpszNodeName, DWORD dwDesiredAccess,
                        DWORD *lpdwGrantedAccess)
{
    return cl_object_open(CL_KIND_NODE, hCluster, lpszNodeName, dwDesiredAccess, lpdwGrantedAccess);
}

HNODE OpenClusterNodeById(HCLUSTER hCluster, UINT nNodeId)
{
    /* A node's id is its number in decimal, and an id opens an object as its name does. Another
     * node may have that number for a name, so what was opened is looked at. */
    g_autofree char *id = g_strdup_printf("%u", nNodeId);
    WCHAR wide[16];
    *cl_text_put_wide(id, wide) = 0;
    HNODE node = cl_object_open(CL_KIND_NODE, hCluster, wide, GENERIC_ALL, NULL);
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (node == NULL) {
        return NULL;
    }
    if (!cl_object_query(CL_KIND_NODE, node, CL_FACT_ID, &facts, &error) ||
        (strcmp(facts.id, id) != 0 &&
         !cl_fail(&error, ERROR_CLUSTER_NODE_NOT_FOUND, "no node has the id %s", id))) {
        CloseClusterNode(node);
        cl_error_raise(error);
        return NULL;
    }
    return node;
}

BOOL CloseClusterNode(HNODE hNode)
{
    return cl_object_close(CL_KIND_NODE, hNode);
}

HCLUSTER GetClusterFromNode(HNODE hNode)
{
    return cl_cluster_from(CL_KIND_NODE, hNode);
}

CLUSTER_NODE_STATE GetClusterNodeState(HNODE hNode)
{
    return (CLUSTER_NODE_STATE)cl_object_state(CL_KIND_NODE, hNode);
}

/* The id of the node that answers for the cluster of this host. */
static DWORD local_node_id(LPWSTR id, LPDWORD cch)
{
    DWORD granted;
    HCLUSTER cluster = OpenClusterEx(NULL, GENERIC_READ, &granted);
    if (cluster == NULL) {
        return GetLastError();
    }
    DWORD code;
    g_auto(ClFacts) facts = {0};
    GError *error = NULL;
    if (!cl_object_query(CL_KIND_CLUSTER, cluster, CL_FACT_LOCAL_NODE, &facts, &error)) {
        code = cl_error_take(error);
    } else {
        g_autofree WCHAR *name = g_new(WCHAR, cl_text_wide_length(facts.node) + 1);
        *cl_text_put_wide(facts.node, name) = 0;
        HNODE node = OpenClusterNodeEx(cluster, name, GENERIC_READ, &granted);
        code = node != NULL ? cl_object_id(CL_KIND_NODE, node, id, cch) : GetLastError();
    }
    CloseCluster(cluster);
    return code;
}

DWORD GetClusterNodeId(HNODE hNode, LPWSTR lpszNodeId, LPDWORD lpcchName)
{
    if (lpcchName == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (hNode != NULL) {
        return cl_object_id(CL_KIND_NODE, hNode, lpszNodeId, lpcchName);
    }
    DWORD last = GetLastError();
    DWORD code = local_node_id(lpszNodeId, lpcchName);
    SetLastError(last);
    return code;
}
