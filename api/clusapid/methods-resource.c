/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

/* --- Opening, making, deleting ------------------------------------------------------------------ */

CLUSAPID_OPEN(open_resource, open_resource_ex, CLUSAPID_RESOURCE, HRESOURCE, OpenClusterResourceEx)
CLUSAPID_CLOSE(close_resource, CLUSAPID_RESOURCE)

static DWORD create_resource(ClusapidCall *call)
{
    const ClNdrValue *values = call->values;
    HGROUP group = clusapid_object(call, 0, CLUSAPID_GROUP);
    if (group == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    HRESOURCE resource =
        CreateClusterResource(group, values[1].text, values[2].text, (DWORD)values[3].number);
    return clusapid_opened(call, 6, CLUSAPID_RESOURCE, resource);
}

CLUSAPID_SIMPLE(delete_resource, CLUSAPID_RESOURCE, HRESOURCE, DeleteClusterResource)

/* --- What it is --------------------------------------------------------------------------------- */

static DWORD get_state(ClusapidCall *call)
{
    ClusapidText texts[] = {CLUSAPID_TEXT, CLUSAPID_TEXT};
    HRESOURCE resource = clusapid_object(call, 0, CLUSAPID_RESOURCE);
    CLUSTER_RESOURCE_STATE state = ClusterResourceStateUnknown;
    DWORD code = ERROR_INVALID_HANDLE;
    if (resource != NULL) {
        do {
            state = GetClusterResourceState(resource, texts[0].text, &texts[0].size, texts[1].text,
                                            &texts[1].size);
            code = state == ClusterResourceStateUnknown ? GetLastError() : ERROR_SUCCESS;
        } while (clusapid_text_again(code, texts, G_N_ELEMENTS(texts)));
    }
    if (code == ERROR_SUCCESS) {
        call->values[1].number = (DWORD)state;
        clusapid_text_give(&texts[0], &call->values[2]);
        clusapid_text_give(&texts[1], &call->values[3]);
    }
    clusapid_text_clear(&texts[0]);
    clusapid_text_clear(&texts[1]);
    return code;
}

static DWORD network_name(HRESOURCE resource, LPWSTR text, LPDWORD size)
{
    return GetClusterResourceNetworkName(resource, text, size) ? ERROR_SUCCESS : GetLastError();
}

CLUSAPID_WITH_TEXT(set_name, CLUSAPID_RESOURCE, HRESOURCE, SetClusterResourceName)
CLUSAPID_CONTROL_TEXT(get_id, CLUSAPID_RESOURCE, HRESOURCE, ClusterResourceControl,
                      CLUSCTL_RESOURCE_GET_ID)
CLUSAPID_CONTROL_TEXT(get_type, CLUSAPID_RESOURCE, HRESOURCE, ClusterResourceControl,
                      CLUSCTL_RESOURCE_GET_RESOURCE_TYPE)
CLUSAPID_GET_TEXT(find_network_name, CLUSAPID_RESOURCE, HRESOURCE, network_name)

/* That there is none is no failure of the method: it gives no text then. */
static DWORD get_network_name(ClusapidCall *call)
{
    DWORD code = find_network_name(call);
    return code == ERROR_DEPENDENCY_NOT_FOUND ? ERROR_SUCCESS : code;
}

/* --- What it does ------------------------------------------------------------------------------- */

CLUSAPID_SIMPLE(fail, CLUSAPID_RESOURCE, HRESOURCE, FailClusterResource)
CLUSAPID_SIMPLE(online, CLUSAPID_RESOURCE, HRESOURCE, OnlineClusterResource)
CLUSAPID_SIMPLE(offline, CLUSAPID_RESOURCE, HRESOURCE, OfflineClusterResource)
CLUSAPID_WITH_FLAGS(online_ex, CLUSAPID_RESOURCE, HRESOURCE, OnlineClusterResourceEx)
CLUSAPID_WITH_FLAGS(offline_ex, CLUSAPID_RESOURCE, HRESOURCE, OfflineClusterResourceEx)

static DWORD restart(ClusapidCall *call)
{
    HRESOURCE resource = clusapid_object(call, 0, CLUSAPID_RESOURCE);
    return resource ? RestartClusterResource(resource, (DWORD)call->values[1].number)
                    : ERROR_INVALID_HANDLE;
}

/* --- What it depends on, and where it may be ---------------------------------------------------- */

static DWORD test_dependency(HRESOURCE resource, HRESOURCE provider)
{
    return CanResourceBeDependent(resource, provider) ? ERROR_SUCCESS : GetLastError();
}

CLUSAPID_PAIR(add_dependency, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_RESOURCE, HRESOURCE,
              AddClusterResourceDependency)
CLUSAPID_PAIR(remove_dependency, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_RESOURCE, HRESOURCE,
              RemoveClusterResourceDependency)
CLUSAPID_PAIR(can_depend, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_RESOURCE, HRESOURCE,
              test_dependency)
CLUSAPID_WITH_TEXT(set_expression, CLUSAPID_RESOURCE, HRESOURCE,
                   SetClusterResourceDependencyExpression)
CLUSAPID_GET_TEXT(get_expression, CLUSAPID_RESOURCE, HRESOURCE,
                  GetClusterResourceDependencyExpression)
CLUSAPID_PAIR(add_node, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_NODE, HNODE, AddClusterResourceNode)
CLUSAPID_PAIR(remove_node, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_NODE, HNODE,
              RemoveClusterResourceNode)
CLUSAPID_PAIR(change_group, CLUSAPID_RESOURCE, HRESOURCE, CLUSAPID_GROUP, HGROUP,
              ChangeClusterResourceGroup)

/* The library knows no flags. */
static DWORD change_group_ex(ClusapidCall *call)
{
    if (call->values[2].number != 0) {
        return clusapid_object(call, 0, CLUSAPID_RESOURCE) &&
                       clusapid_object(call, 1, CLUSAPID_GROUP)
                   ? ERROR_CALL_NOT_IMPLEMENTED
                   : ERROR_INVALID_HANDLE;
    }
    return change_group(call);
}

/* --- Shared volumes ----------------------------------------------------------------------------- */

static DWORD change_shared(ClusapidCall *call)
{
    HRESOURCE resource = clusapid_object(call, 0, CLUSAPID_RESOURCE);
    guint64 state = call->values[1].number;
    if (resource == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (state > 1) {
        return ERROR_INVALID_PARAMETER;
    }
    return state == 1 ? AddResourceToClusterSharedVolumes(resource)
                      : RemoveResourceFromClusterSharedVolumes(resource);
}

/* No function of the library names a volume. */
static DWORD refuse_volume(ClusapidCall *call)
{
    return clusapid_object(call, 0, CLUSAPID_RESOURCE) ? ERROR_CALL_NOT_IMPLEMENTED
                                                       : ERROR_INVALID_HANDLE;
}

static const ClusapidRow rows[] = {
    {CL_OP_OpenResource, open_resource},
    {CL_OP_CreateResource, create_resource},
    {CL_OP_DeleteResource, delete_resource},
    {CL_OP_CloseResource, close_resource},
    {CL_OP_GetResourceState, get_state},
    {CL_OP_SetResourceName, set_name},
    {CL_OP_GetResourceId, get_id},
    {CL_OP_GetResourceType, get_type},
    {CL_OP_FailResource, fail},
    {CL_OP_OnlineResource, online},
    {CL_OP_OfflineResource, offline},
    {CL_OP_AddResourceDependency, add_dependency},
    {CL_OP_RemoveResourceDependency, remove_dependency},
    {CL_OP_CanResourceBeDependent, can_depend},
    {CL_OP_AddResourceNode, add_node},
    {CL_OP_RemoveResourceNode, remove_node},
    {CL_OP_ChangeResourceGroup, change_group},
    {CL_OP_SetResourceDependencyExpression, set_expression},
    {CL_OP_GetResourceDependencyExpression, get_expression},
    {CL_OP_GetResourceNetworkName, get_network_name},
    {CL_OP_OpenResourceEx, open_resource_ex},
    {CL_OP_ChangeCsvState, change_shared},
    {CL_OP_OnlineResourceEx, online_ex},
    {CL_OP_OfflineResourceEx, offline_ex},
    {CL_OP_RestartResource, restart},
    {CL_OP_ChangeCsvStateEx, refuse_volume},
    {CL_OP_ChangeResourceGroupEx, change_group_ex},
};

CLUSAPID_FAMILY(clusapid_resource_methods, rows);
