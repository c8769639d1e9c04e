/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions that create, change and delete resources.
 */
#include "acting.h"
#include "text.h"

#define ONLINE_FLAGS                                                                               \
    (CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS |                                              \
     CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE |                                      \
     CLUSAPI_RESOURCE_ONLINE_NECESSARY_FOR_QUORUM | CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE |   \
     CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE)
#define OFFLINE_FLAGS                                                                              \
    (CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS |                                             \
     CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION |                                             \
     CLUSAPI_RESOURCE_OFFLINE_DO_NOT_UPDATE_PERSISTENT_STATE)

HRESOURCE CreateClusterResource(HGROUP hGroup, LPCWSTR lpszResourceName, LPCWSTR lpszResourceType,
                                DWORD dwFlags)
{
    GError *error = NULL;
    g_autofree char *type = NULL;
    if ((dwFlags & ~(DWORD)CLUSTER_RESOURCE_VALID_FLAGS) != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (!cl_text_from_wide(lpszResourceType, &type, &error)) {
        cl_error_raise(error);
        return NULL;
    }
    return cl_acting_create(
        CL_KIND_GROUP, hGroup, lpszResourceName,
        (ClNewObject){.kind = CL_KIND_RESOURCE, .type = type, .flags = dwFlags});
}

DWORD DeleteClusterResource(HRESOURCE hResource)
{
    return cl_acting_remove(CL_KIND_RESOURCE, hResource);
}

DWORD SetClusterResourceName(HRESOURCE hResource, LPCWSTR lpszResourceName)
{
    return cl_acting_rename(CL_KIND_RESOURCE, hResource, lpszResourceName);
}

DWORD FailClusterResource(HRESOURCE hResource)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource, &(ClActing){.verb = CL_ACT_FAIL});
}

DWORD RestartClusterResource(HRESOURCE hResource, DWORD dwFlags)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_RESTART, .flags = dwFlags});
}

DWORD OnlineClusterResource(HRESOURCE hResource)
{
    return OnlineClusterResourceEx(hResource, 0, NULL, 0);
}

DWORD OnlineClusterResourceEx(HRESOURCE hResource, DWORD dwOnlineFlags, PBYTE lpInBuffer,
                              DWORD cbInBufferSize)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_ONLINE,
                                     .flags = dwOnlineFlags,
                                     .known_flags = ONLINE_FLAGS,
                                     .in = lpInBuffer,
                                     .in_size = cbInBufferSize});
}

DWORD OfflineClusterResource(HRESOURCE hResource)
{
    return OfflineClusterResourceEx(hResource, 0, NULL, 0);
}

DWORD OfflineClusterResourceEx(HRESOURCE hResource, DWORD dwOfflineFlags, PBYTE lpInBuffer,
                               DWORD cbInBufferSize)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_OFFLINE,
                                     .flags = dwOfflineFlags,
                                     .known_flags = OFFLINE_FLAGS,
                                     .in = lpInBuffer,
                                     .in_size = cbInBufferSize});
}

/* Verbs with one other object that must be there. */
static DWORD run_with(HRESOURCE resource, ClVerb verb, ClKind kind, gconstpointer other)
{
    return cl_acting_run(
        CL_KIND_RESOURCE, resource,
        &(ClActing){.verb = verb, .other_kind = kind, .others = &other, .n_others = 1});
}

DWORD ChangeClusterResourceGroup(HRESOURCE hResource, HGROUP hGroup)
{
    return run_with(hResource, CL_ACT_CHANGE_GROUP, CL_KIND_GROUP, hGroup);
}

DWORD AddClusterResourceNode(HRESOURCE hResource, HNODE hNode)
{
    return run_with(hResource, CL_ACT_ADD_POSSIBLE_OWNER, CL_KIND_NODE, hNode);
}

DWORD RemoveClusterResourceNode(HRESOURCE hResource, HNODE hNode)
{
    return run_with(hResource, CL_ACT_REMOVE_POSSIBLE_OWNER, CL_KIND_NODE, hNode);
}

DWORD AddClusterResourceDependency(HRESOURCE hResource, HRESOURCE hDependsOn)
{
    return run_with(hResource, CL_ACT_ADD_DEPENDENCY, CL_KIND_RESOURCE, hDependsOn);
}

DWORD RemoveClusterResourceDependency(HRESOURCE hResource, HRESOURCE hDependsOn)
{
    return run_with(hResource, CL_ACT_REMOVE_DEPENDENCY, CL_KIND_RESOURCE, hDependsOn);
}

BOOL CanResourceBeDependent(HRESOURCE hResource, HRESOURCE hResourceDependent)
{
    gconstpointer others[] = {hResourceDependent};
    DWORD code = cl_acting_run(CL_KIND_RESOURCE, hResource,
                               &(ClActing){.verb = CL_ACT_TEST_DEPENDENCY,
                                           .reads = TRUE,
                                           .other_kind = CL_KIND_RESOURCE,
                                           .others = others,
                                           .n_others = 1});
    if (code != ERROR_SUCCESS) {
        SetLastError(code);
    }
    return code == ERROR_SUCCESS;
}

DWORD SetClusterResourceDependencyExpression(HRESOURCE hResource, LPCWSTR lpszDependencyExpression)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_SET_DEPENDENCY_EXPRESSION,
                                     .has_text = TRUE,
                                     .text = lpszDependencyExpression});
}

DWORD AddResourceToClusterSharedVolumes(HRESOURCE hResource)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_ADD_TO_SHARED_VOLUMES});
}

DWORD RemoveResourceFromClusterSharedVolumes(HRESOURCE hResource)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_REMOVE_FROM_SHARED_VOLUMES});
}

DWORD SetClusterQuorumResource(HRESOURCE hResource, LPCWSTR lpszDeviceName, DWORD dwMaxQuoLogSize)
{
    return cl_acting_run(CL_KIND_RESOURCE, hResource,
                         &(ClActing){.verb = CL_ACT_SET_QUORUM,
                                     .has_text = lpszDeviceName != NULL,
                                     .text = lpszDeviceName,
                                     .number = dwMaxQuoLogSize});
}
