/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of clusters: opening, what they are called and what they run on. Closing is
 * in object.c, creating in create-cluster.c.
 */
#include <string.h>

#include "object.h"
#include "text.h"

static HCLUSTER open_cluster(LPCWSTR wide_name, DWORD mask, ClAccess *ret_granted, GError **error)
{
    g_autofree char *name = NULL;
    g_autoptr(ClTarget) target = NULL;
    ClAccess wanted;
    HCLUSTER cluster;
    if (!cl_access_from_mask(mask, &wanted, error) ||
        (wide_name != NULL && !cl_text_from_wide(wide_name, &name, error)) ||
        !cl_backend_resolve(name, &target, error) ||
        !cl_cluster_connect(target, wanted, &cluster, ret_granted, error)) {
        return NULL;
    }
    return cluster;
}

HCLUSTER OpenClusterEx(LPCWSTR lpszClusterName, DWORD dwDesiredAccess, DWORD *lpdwGrantedAccess)
{
    GError *error = NULL;
    ClAccess granted;
    HCLUSTER cluster = open_cluster(lpszClusterName, dwDesiredAccess, &granted, &error);
    if (cluster == NULL) {
        cl_error_raise(error);
        return NULL;
    }
    if (lpdwGrantedAccess != NULL) {
        *lpdwGrantedAccess = cl_access_to_mask(granted);
    }
    return cluster;
}

HCLUSTER OpenCluster(LPCWSTR lpszClusterName)
{
    return OpenClusterEx(lpszClusterName, GENERIC_ALL, NULL);
}

/* Copies what fits, as the fields of the structure have a fixed size. */
static void put_fixed(const char *text, WCHAR *field, gsize room)
{
    gsize length = cl_text_wide_length(text);
    g_autofree WCHAR *wide = g_new(WCHAR, length + 1);
    cl_text_put_wide(text, wide);
    length = MIN(length, room - 1);
    memcpy(field, wide, length * sizeof(WCHAR));
    field[length] = 0;
}

static void put_version(const ClFacts *facts, LPCLUSTERVERSIONINFO info)
{
    info->MajorVersion = facts->version.major;
    info->MinorVersion = facts->version.minor;
    info->BuildNumber = facts->version.build;
    put_fixed(facts->version.vendor, info->szVendorId, G_N_ELEMENTS(info->szVendorId));
    put_fixed(facts->version.csd, info->szCSDVersion, G_N_ELEMENTS(info->szCSDVersion));
    if (info->dwVersionInfoSize == sizeof(CLUSTERVERSIONINFO)) {
        info->dwClusterHighestVersion = facts->version.highest;
        info->dwClusterLowestVersion = facts->version.lowest;
        info->dwFlags = facts->version.flags;
        info->dwReserved = 0;
    }
}

DWORD GetClusterInformation(HCLUSTER hCluster, LPWSTR lpszClusterName, LPDWORD lpcchClusterName,
                            LPCLUSTERVERSIONINFO lpClusterInfo)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (lpcchClusterName == NULL ||
        (lpClusterInfo != NULL && lpClusterInfo->dwVersionInfoSize != sizeof(CLUSTERVERSIONINFO) &&
         lpClusterInfo->dwVersionInfoSize != sizeof(CLUSTERVERSIONINFO_NT4))) {
        return ERROR_INVALID_PARAMETER;
    }
    guint32 wanted = CL_FACT_NAME | (lpClusterInfo != NULL ? CL_FACT_VERSION : 0);
    if (!cl_object_query(CL_KIND_CLUSTER, hCluster, wanted, &facts, &error)) {
        return cl_error_take(error);
    }
    DWORD code = cl_text_copy_out(facts.name, lpszClusterName, lpcchClusterName);
    if (code == ERROR_SUCCESS && lpClusterInfo != NULL) {
        put_version(&facts, lpClusterInfo);
    }
    return code;
}

DWORD GetClusterQuorumResource(HCLUSTER hCluster, LPWSTR lpszResourceName,
                               LPDWORD lpcchResourceName, LPWSTR lpszDeviceName,
                               LPDWORD lpcchDeviceName, LPDWORD lpdwMaxQuorumLogSize)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (lpszResourceName == NULL || lpcchResourceName == NULL || lpszDeviceName == NULL ||
        lpcchDeviceName == NULL || lpdwMaxQuorumLogSize == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_object_query(CL_KIND_CLUSTER, hCluster, CL_FACT_QUORUM, &facts, &error)) {
        return cl_error_take(error);
    }
    DWORD resource_code =
        cl_text_copy_out(facts.quorum.resource, lpszResourceName, lpcchResourceName);
    DWORD device_code = cl_text_copy_out(facts.quorum.device, lpszDeviceName, lpcchDeviceName);
    if (resource_code != ERROR_SUCCESS || device_code != ERROR_SUCCESS) {
        return resource_code != ERROR_SUCCESS ? resource_code : device_code;
    }
    *lpdwMaxQuorumLogSize = facts.quorum.max_log_size;
    return ERROR_SUCCESS;
}

/* What a failure to find or to open a cluster says about a host. */
static DWORD state_after_failure(DWORD code, DWORD *ret_state)
{
    switch (code) {
    case EPT_S_NOT_REGISTERED:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        *ret_state = ClusterStateNotConfigured;
        return ERROR_SUCCESS;
    case ERROR_INVALID_DATA:
    case ERROR_FILE_CORRUPT:
    case ERROR_REVISION_MISMATCH:
        *ret_state = ClusterStateNotRunning;
        return ERROR_SUCCESS;
    default:
        return code;
    }
}

/* Whether @name is a node of @cluster that is up; a node that is not runs no service. */
static DWORD state_of_node(HCLUSTER cluster, LPCWSTR name, DWORD *ret_state)
{
    HNODE node = OpenClusterNodeEx(cluster, name, GENERIC_READ, NULL);
    if (node == NULL) {
        return GetLastError();
    }
    CLUSTER_NODE_STATE state = GetClusterNodeState(node);
    DWORD code = state == ClusterNodeStateUnknown ? GetLastError() : ERROR_SUCCESS;
    CloseClusterNode(node);
    if (code == ERROR_SUCCESS) {
        *ret_state = state == ClusterNodeDown ? ClusterStateNotRunning : ClusterStateRunning;
    }
    return code;
}

static DWORD state_of_host(LPCWSTR name, DWORD *ret_state)
{
    HCLUSTER cluster = OpenClusterEx(name, GENERIC_READ, NULL);
    if (cluster == NULL) {
        return state_after_failure(GetLastError(), ret_state);
    }
    CloseCluster(cluster);
    *ret_state = ClusterStateRunning;
    return ERROR_SUCCESS;
}

/* A node of this host's own cluster is known there; any other host is asked itself. */
static DWORD state_of_name(LPCWSTR name, DWORD *ret_state)
{
    HCLUSTER local = name != NULL ? OpenClusterEx(NULL, GENERIC_READ, NULL) : NULL;
    DWORD code = ERROR_CLUSTER_NODE_NOT_FOUND;
    if (local != NULL) {
        code = state_of_node(local, name, ret_state);
        CloseCluster(local);
    }
    return code == ERROR_CLUSTER_NODE_NOT_FOUND ? state_of_host(name, ret_state) : code;
}

DWORD GetNodeClusterState(LPCWSTR lpszNodeName, DWORD *pdwClusterState)
{
    if (pdwClusterState == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD last = GetLastError();
    DWORD code = state_of_name(lpszNodeName, pdwClusterState);
    SetLastError(last);
    return code;
}
