/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public enumerators of the cluster, nodes, groups, resources, networks and network
 * interfaces (those of resource types are in resource-type.c). Each takes its whole snapshot when
 * it is opened; items are then served from memory.
 */
#include "enumeration.h"

#include "text.h"

typedef struct {
    ClChild child;
    ClItems *items;
} Enumeration;

static void destroy_enumeration(gpointer data)
{
    Enumeration *enumeration = data;
    cl_items_free(enumeration->items);
    cl_child_detach(&enumeration->child);
    g_free(enumeration);
}

gpointer cl_enum_publish(const ClUse *use, ClHandleType type, ClItems *items, GError **error)
{
    Enumeration *enumeration = g_new0(Enumeration, 1);
    enumeration->items = items;
    return cl_child_publish(use->cluster, type, &enumeration->child, destroy_enumeration, error);
}

const ClItems *cl_enum_acquire(ClHandleType type, gconstpointer handle)
{
    const Enumeration *enumeration = cl_handle_acquire(type, handle);
    return enumeration != NULL ? enumeration->items : NULL;
}

DWORD cl_enum_count(ClHandleType type, gconstpointer handle)
{
    const ClItems *items = cl_enum_acquire(type, handle);
    if (items == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return 0;
    }
    DWORD count = cl_items_count(items);
    cl_handle_release(handle);
    return count;
}

DWORD cl_enum_close(ClHandleType type, gconstpointer handle)
{
    return cl_child_close(type, handle) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

static DWORD copy_item(const ClItems *items, DWORD index, LPDWORD ret_type, LPWSTR name,
                       LPDWORD cch)
{
    if (index >= cl_items_count(items)) {
        return ERROR_NO_MORE_ITEMS;
    }
    DWORD code = cl_text_copy_out(cl_items_name(items, index), name, cch);
    if (code == ERROR_SUCCESS && ret_type != NULL) {
        *ret_type = cl_items_type(items, index);
    }
    return code;
}

DWORD cl_enum_item(ClHandleType type, gconstpointer handle, DWORD index, LPDWORD ret_type,
                   LPWSTR name, LPDWORD cch)
{
    const ClItems *items = cl_enum_acquire(type, handle);
    if (items == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code =
        cch == NULL ? ERROR_INVALID_PARAMETER : copy_item(items, index, ret_type, name, cch);
    cl_handle_release(handle);
    return code;
}

gpointer cl_enum_open(ClKind kind, gconstpointer handle, ClHandleType type,
                      const ClEnumRequest *request)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClItems *items;
    gpointer result = NULL;
    if (cl_use_begin(&use, kind, handle, CL_ACCESS_READ, &error) &&
        use.backend->enumerate(use.connection, use.object, request, &use.call, &items, &error)) {
        result = cl_enum_publish(&use, type, items, &error);
    }
    if (result == NULL) {
        cl_error_raise(error);
    }
    return result;
}

static gpointer refuse(DWORD code)
{
    SetLastError(code);
    return NULL;
}

/* These two may not be combined with anything. */
static gboolean is_alone(DWORD types)
{
    const DWORD lonely = CLUSTER_ENUM_INTERNAL_NETWORK | CLUSTER_ENUM_SHARED_VOLUME_RESOURCE;
    return (types & lonely) == 0 || (types & (types - 1)) == 0;
}

HCLUSENUM ClusterOpenEnum(HCLUSTER hCluster, DWORD dwType)
{
    const DWORD known = CLUSTER_ENUM_ALL | CLUSTER_ENUM_CAPACITY_NODE |
                        CLUSTER_ENUM_SHARED_VOLUME_GROUP | CLUSTER_ENUM_SHARED_VOLUME_RESOURCE |
                        CLUSTER_ENUM_INTERNAL_NETWORK;
    ClEnumRequest request = {.types = dwType};
    if (dwType == 0 || (dwType & ~known) != 0 || !is_alone(dwType)) {
        return refuse(ERROR_INVALID_PARAMETER);
    }
    return cl_enum_open(CL_KIND_CLUSTER, hCluster, CL_HANDLE_ENUM, &request);
}

DWORD ClusterGetEnumCount(HCLUSENUM hEnum)
{
    return cl_enum_count(CL_HANDLE_ENUM, hEnum);
}

DWORD ClusterEnum(HCLUSENUM hEnum, DWORD dwIndex, LPDWORD lpdwType, LPWSTR lpszName,
                  LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_ENUM, hEnum, dwIndex, lpdwType, lpszName, lpcchName);
}

DWORD ClusterCloseEnum(HCLUSENUM hEnum)
{
    return cl_enum_close(CL_HANDLE_ENUM, hEnum);
}

HNODEENUM ClusterNodeOpenEnum(HNODE hNode, DWORD dwType)
{
    ClEnumRequest request = {.types = dwType};
    return cl_enum_open(CL_KIND_NODE, hNode, CL_HANDLE_NODE_ENUM, &request);
}

DWORD ClusterNodeGetEnumCount(HNODEENUM hNodeEnum)
{
    return cl_enum_count(CL_HANDLE_NODE_ENUM, hNodeEnum);
}

DWORD ClusterNodeEnum(HNODEENUM hNodeEnum, DWORD dwIndex, LPDWORD lpdwType, LPWSTR lpszName,
                      LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_NODE_ENUM, hNodeEnum, dwIndex, lpdwType, lpszName, lpcchName);
}

DWORD ClusterNodeCloseEnum(HNODEENUM hNodeEnum)
{
    return cl_enum_close(CL_HANDLE_NODE_ENUM, hNodeEnum);
}

HGROUPENUM ClusterGroupOpenEnum(HGROUP hGroup, DWORD dwType)
{
    ClEnumRequest request = {.types = dwType};
    return cl_enum_open(CL_KIND_GROUP, hGroup, CL_HANDLE_GROUP_ENUM, &request);
}

DWORD ClusterGroupGetEnumCount(HGROUPENUM hGroupEnum)
{
    return cl_enum_count(CL_HANDLE_GROUP_ENUM, hGroupEnum);
}

DWORD ClusterGroupEnum(HGROUPENUM hGroupEnum, DWORD dwIndex, LPDWORD lpdwType,
                       LPWSTR lpszResourceName, LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_GROUP_ENUM, hGroupEnum, dwIndex, lpdwType, lpszResourceName,
                        lpcchName);
}

DWORD ClusterGroupCloseEnum(HGROUPENUM hGroupEnum)
{
    return cl_enum_close(CL_HANDLE_GROUP_ENUM, hGroupEnum);
}

HRESENUM ClusterResourceOpenEnum(HRESOURCE hResource, DWORD dwType)
{
    ClEnumRequest request = {.types = dwType};
    return cl_enum_open(CL_KIND_RESOURCE, hResource, CL_HANDLE_RESOURCE_ENUM, &request);
}

DWORD ClusterResourceGetEnumCount(HRESENUM hResEnum)
{
    return cl_enum_count(CL_HANDLE_RESOURCE_ENUM, hResEnum);
}

DWORD ClusterResourceEnum(HRESENUM hResEnum, DWORD dwIndex, LPDWORD lpdwType, LPWSTR lpszName,
                          LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_RESOURCE_ENUM, hResEnum, dwIndex, lpdwType, lpszName, lpcchName);
}

DWORD ClusterResourceCloseEnum(HRESENUM hResEnum)
{
    return cl_enum_close(CL_HANDLE_RESOURCE_ENUM, hResEnum);
}

HNETWORKENUM ClusterNetworkOpenEnum(HNETWORK hNetwork, DWORD dwType)
{
    ClEnumRequest request = {.types = dwType};
    return cl_enum_open(CL_KIND_NETWORK, hNetwork, CL_HANDLE_NETWORK_ENUM, &request);
}

DWORD ClusterNetworkGetEnumCount(HNETWORKENUM hNetworkEnum)
{
    return cl_enum_count(CL_HANDLE_NETWORK_ENUM, hNetworkEnum);
}

DWORD ClusterNetworkEnum(HNETWORKENUM hNetworkEnum, DWORD dwIndex, LPDWORD lpdwType,
                         LPWSTR lpszName, LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_NETWORK_ENUM, hNetworkEnum, dwIndex, lpdwType, lpszName,
                        lpcchName);
}

DWORD ClusterNetworkCloseEnum(HNETWORKENUM hNetworkEnum)
{
    return cl_enum_close(CL_HANDLE_NETWORK_ENUM, hNetworkEnum);
}

HNETINTERFACEENUM ClusterNetInterfaceOpenEnum(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                                              LPCWSTR lpszNetworkName)
{
    GError *error = NULL;
    g_autofree char *node = NULL;
    g_autofree char *network = NULL;
    if ((lpszNodeName != NULL && !cl_text_from_wide(lpszNodeName, &node, &error)) ||
        (lpszNetworkName != NULL && !cl_text_from_wide(lpszNetworkName, &network, &error))) {
        return refuse(cl_error_take(error));
    }
    ClEnumRequest request = {.types = CLUSTER_ENUM_NETINTERFACE, .node = node, .network = network};
    return cl_enum_open(CL_KIND_CLUSTER, hCluster, CL_HANDLE_NETINTERFACE_ENUM, &request);
}

DWORD ClusterNetInterfaceEnum(HNETINTERFACEENUM hNetInterfaceEnum, DWORD dwIndex, LPWSTR lpszName,
                              LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_NETINTERFACE_ENUM, hNetInterfaceEnum, dwIndex, NULL, lpszName,
                        lpcchName);
}

DWORD ClusterNetInterfaceCloseEnum(HNETINTERFACEENUM hNetInterfaceEnum)
{
    return cl_enum_close(CL_HANDLE_NETINTERFACE_ENUM, hNetInterfaceEnum);
}
