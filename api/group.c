/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of groups.
 */
#include "object.h"
#include "text.h"

HGROUP OpenClusterGroup(HCLUSTER hCluster, LPCWSTR lpszGroupName)
{
    return cl_object_open(CL_KIND_GROUP, hCluster, lpszGroupName, GENERIC_ALL, NULL);
}

HGROUP OpenClusterGroupEx(HCLUSTER hCluster, LPCWSTR lpszGroupName, DWORD dwDesiredAccess,
                          DWORD *lpdwGrantedAccess)
{
    return cl_object_open(CL_KIND_GROUP, hCluster, lpszGroupName, dwDesiredAccess,
                          lpdwGrantedAccess);
}

BOOL CloseClusterGroup(HGROUP hGroup)
{
    return cl_object_close(CL_KIND_GROUP, hGroup);
}

HCLUSTER GetClusterFromGroup(HGROUP hGroup)
{
    return cl_cluster_from(CL_KIND_GROUP, hGroup);
}

CLUSTER_GROUP_STATE GetClusterGroupState(HGROUP hGroup, LPWSTR lpszNodeName, LPDWORD lpcchNodeName)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (!cl_object_query(CL_KIND_GROUP, hGroup, CL_FACT_STATE, &facts, &error)) {
        cl_error_raise(error);
        return ClusterGroupStateUnknown;
    }
    DWORD code = cl_text_copy_out(facts.owner_node, lpszNodeName, lpcchNodeName);
    if (code != ERROR_SUCCESS) {
        SetLastError(code);
        return ClusterGroupStateUnknown;
    }
    return (CLUSTER_GROUP_STATE)cl_known_state(facts.state);
}
