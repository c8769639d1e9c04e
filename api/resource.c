/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of resources.
 */
#include "object.h"
#include "text.h"

HRESOURCE OpenClusterResource(HCLUSTER hCluster, LPCWSTR lpszResourceName)
{
    return cl_object_open(CL_KIND_RESOURCE, hCluster, lpszResourceName, GENERIC_ALL, NULL);
}

HRESOURCE OpenClusterResourceEx(HCLUSTER hCluster, LPCWSTR lpszResourceName, DWORD dwDesiredAccess,
                                DWORD *lpdwGrantedAccess)
{
    return cl_object_open(CL_KIND_RESOURCE, hCluster, lpszResourceName, dwDesiredAccess,
                          lpdwGrantedAccess);
}

BOOL CloseClusterResource(HRESOURCE hResource)
{
    return cl_object_close(CL_KIND_RESOURCE, hResource);
}

HCLUSTER GetClusterFromResource(HRESOURCE hResource)
{
    return cl_cluster_from(CL_KIND_RESOURCE, hResource);
}

/* Both names are looked at before a code is chosen, so that one call tells both lengths. */
static DWORD copy_owners(const ClFacts *facts, LPWSTR node, LPDWORD cch_node, LPWSTR group,
                         LPDWORD cch_group)
{
    DWORD node_code = cl_text_copy_out(facts->owner_node, node, cch_node);
    DWORD group_code = cl_text_copy_out(facts->owner_group, group, cch_group);
    return node_code != ERROR_SUCCESS ? node_code : group_code;
}

CLUSTER_RESOURCE_STATE GetClusterResourceState(HRESOURCE hResource, LPWSTR lpszNodeName,
                                               LPDWORD lpcchNodeName, LPWSTR lpszGroupName,
                                               LPDWORD lpcchGroupName)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (!cl_object_query(CL_KIND_RESOURCE, hResource, CL_FACT_STATE, &facts, &error)) {
        cl_error_raise(error);
        return ClusterResourceStateUnknown;
    }
    DWORD code = copy_owners(&facts, lpszNodeName, lpcchNodeName, lpszGroupName, lpcchGroupName);
    if (code != ERROR_SUCCESS) {
        SetLastError(code);
        return ClusterResourceStateUnknown;
    }
    return (CLUSTER_RESOURCE_STATE)cl_known_state(facts.state);
}

DWORD GetClusterResourceDependencyExpression(HRESOURCE hResource, LPWSTR lpszDependencyExpression,
                                             LPDWORD lpcchDependencyExpression)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (lpcchDependencyExpression == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_object_query(CL_KIND_RESOURCE, hResource, CL_FACT_DEPENDENCY_EXPRESSION, &facts,
                         &error)) {
        return cl_error_take(error);
    }
    return cl_text_copy_out(facts.dependency_expression, lpszDependencyExpression,
                            lpcchDependencyExpression);
}

BOOL GetClusterResourceNetworkName(HRESOURCE hResource, LPWSTR lpBuffer, LPDWORD nSize)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    DWORD code = ERROR_INVALID_PARAMETER;
    if (nSize != NULL) {
        code = cl_object_query(CL_KIND_RESOURCE, hResource, CL_FACT_NETWORK_NAME, &facts, &error)
                   ? cl_text_copy_out(facts.network_name, lpBuffer, nSize)
                   : cl_error_take(error);
    }
    if (code != ERROR_SUCCESS) {
        SetLastError(code);
    }
    return code == ERROR_SUCCESS;
}
