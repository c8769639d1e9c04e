/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Ex enumerators, whose items are structures with the text and property lists that they point
 * to behind them in the caller's buffer.
 */
#include <string.h>

#include "enumeration.h"
#include "property-list.h"
#include "text.h"

/* A caller's buffer that an item is laid out in. With no base it only counts. */
typedef struct {
    guint8 *base;
    gsize used;
} Layout;

typedef void (*FillItem)(Layout *layout, const ClItems *items, guint index);

static gpointer place(Layout *layout, gsize size)
{
    gsize start = (layout->used + 7) & ~(gsize)7;
    layout->used = start + size;
    return layout->base != NULL ? layout->base + start : NULL;
}

static LPWSTR place_text(Layout *layout, const char *text, DWORD *ret_size)
{
    gsize length = text != NULL ? cl_text_wide_length(text) : 0;
    *ret_size = (DWORD)((length + 1) * sizeof(WCHAR));
    WCHAR *wide = place(layout, *ret_size);
    if (wide != NULL) {
        *(text != NULL ? cl_text_put_wide(text, wide) : wide) = 0;
    }
    return wide;
}

static PVOID place_properties(Layout *layout, const GPtrArray *properties, DWORD *ret_size)
{
    *ret_size = 0;
    if (properties == NULL) {
        return NULL;
    }
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    gsize size;
    const void *data = g_bytes_get_data(list, &size);
    gpointer target = place(layout, size);
    if (target != NULL) {
        memcpy(target, data, size);
    }
    *ret_size = (DWORD)size;
    return target;
}

static void fill_cluster_item(Layout *layout, const ClItems *items, guint index)
{
    CLUSTER_ENUM_ITEM item = {.dwVersion = 1, .dwType = cl_items_type(items, index)};
    gpointer target = place(layout, sizeof item);
    item.lpszId = place_text(layout, cl_items_id(items, index), &item.cbId);
    item.lpszName = place_text(layout, cl_items_name(items, index), &item.cbName);
    if (target != NULL) {
        memcpy(target, &item, sizeof item);
    }
}

static void fill_group_item(Layout *layout, const ClItems *items, guint index)
{
    const ClItemDetails *details = cl_items_details(items, index);
    CLUSTER_GROUP_ENUM_ITEM item = {
        .dwVersion = 1, .state = (CLUSTER_GROUP_STATE)details->state, .dwFlags = details->flags};
    gpointer target = place(layout, sizeof item);
    item.lpszId = place_text(layout, cl_items_id(items, index), &item.cbId);
    item.lpszName = place_text(layout, cl_items_name(items, index), &item.cbName);
    item.lpszOwnerNode = place_text(layout, details->owner_node, &item.cbOwnerNode);
    item.pProperties = place_properties(layout, details->common, &item.cbProperties);
    item.pRoProperties = place_properties(layout, details->ro_common, &item.cbRoProperties);
    if (target != NULL) {
        memcpy(target, &item, sizeof item);
    }
}

static void fill_resource_item(Layout *layout, const ClItems *items, guint index)
{
    const ClItemDetails *details = cl_items_details(items, index);
    CLUSTER_RESOURCE_ENUM_ITEM item = {.dwVersion = 1};
    gpointer target = place(layout, sizeof item);
    item.lpszId = place_text(layout, cl_items_id(items, index), &item.cbId);
    item.lpszName = place_text(layout, cl_items_name(items, index), &item.cbName);
    item.lpszOwnerGroupName = place_text(layout, details->owner_group, &item.cbOwnerGroupName);
    item.lpszOwnerGroupId = place_text(layout, details->owner_group_id, &item.cbOwnerGroupId);
    item.pProperties = place_properties(layout, details->common, &item.cbProperties);
    item.pRoProperties = place_properties(layout, details->ro_common, &item.cbRoProperties);
    if (target != NULL) {
        memcpy(target, &item, sizeof item);
    }
}

static DWORD copy_item(const ClItems *items, DWORD index, FillItem fill, gpointer buffer,
                       LPDWORD size)
{
    if (index >= cl_items_count(items)) {
        return ERROR_NO_MORE_ITEMS;
    }
    Layout layout = {NULL, 0};
    fill(&layout, items, index);
    if (layout.used > G_MAXUINT32) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    DWORD room = buffer != NULL ? *size : 0;
    *size = (DWORD)layout.used;
    if (room < layout.used) {
        return ERROR_MORE_DATA;
    }
    layout = (Layout){buffer, 0};
    fill(&layout, items, index);
    return ERROR_SUCCESS;
}

static DWORD get_item(ClHandleType type, gconstpointer handle, DWORD index, FillItem fill,
                      gpointer buffer, LPDWORD size)
{
    const ClItems *items = cl_enum_acquire(type, handle);
    if (items == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code =
        size == NULL ? ERROR_INVALID_PARAMETER : copy_item(items, index, fill, buffer, size);
    cl_handle_release(handle);
    return code;
}

HCLUSENUMEX ClusterOpenEnumEx(HCLUSTER hCluster, DWORD dwType, PVOID pOptions)
{
    const DWORD known = CLUSTER_ENUM_ALL | CLUSTER_ENUM_CAPACITY_NODE |
                        CLUSTER_ENUM_SHARED_VOLUME_GROUP | CLUSTER_ENUM_INTERNAL_NETWORK;
    ClEnumRequest request = {.types = dwType};
    gboolean alone =
        (dwType & CLUSTER_ENUM_INTERNAL_NETWORK) == 0 || dwType == CLUSTER_ENUM_INTERNAL_NETWORK;
    if (pOptions != NULL || dwType == 0 || (dwType & ~known) != 0 || !alone) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return cl_enum_open(CL_KIND_CLUSTER, hCluster, CL_HANDLE_ENUM_EX, &request);
}

DWORD ClusterGetEnumCountEx(HCLUSENUMEX hClusterEnum)
{
    return cl_enum_count(CL_HANDLE_ENUM_EX, hClusterEnum);
}

DWORD ClusterEnumEx(HCLUSENUMEX hClusterEnum, DWORD dwIndex, PCLUSTER_ENUM_ITEM pItem,
                    LPDWORD cbItem)
{
    return get_item(CL_HANDLE_ENUM_EX, hClusterEnum, dwIndex, fill_cluster_item, pItem, cbItem);
}

DWORD ClusterCloseEnumEx(HCLUSENUMEX hClusterEnum)
{
    return cl_enum_close(CL_HANDLE_ENUM_EX, hClusterEnum);
}

HNODEENUMEX ClusterNodeOpenEnumEx(HNODE hNode, DWORD dwType, PVOID pOptions)
{
    const DWORD known = CLUSTER_NODE_ENUM_ALL | CLUSTER_NODE_ENUM_PREFERRED_GROUPS;
    ClEnumRequest request = {.types = dwType};
    if (pOptions != NULL || (dwType & ~known) != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return cl_enum_open(CL_KIND_NODE, hNode, CL_HANDLE_NODE_ENUM_EX, &request);
}

DWORD ClusterNodeGetEnumCountEx(HNODEENUMEX hNodeEnum)
{
    return cl_enum_count(CL_HANDLE_NODE_ENUM_EX, hNodeEnum);
}

DWORD ClusterNodeEnumEx(HNODEENUMEX hNodeEnum, DWORD dwIndex, PCLUSTER_ENUM_ITEM pItem,
                        LPDWORD cbItem)
{
    return get_item(CL_HANDLE_NODE_ENUM_EX, hNodeEnum, dwIndex, fill_cluster_item, pItem, cbItem);
}

DWORD ClusterNodeCloseEnumEx(HNODEENUMEX hNodeEnum)
{
    return cl_enum_close(CL_HANDLE_NODE_ENUM_EX, hNodeEnum);
}

/* Property names as a caller gives them: a MULTI_SZ, or nothing. */
static gboolean wanted_names(LPCWSTR names, DWORD size, char ***ret_names, GError **error)
{
    if (names == NULL && size == 0) {
        *ret_names = NULL;
        return TRUE;
    }
    return cl_text_strv_from_multi_sz(names, size, ret_names, error);
}

static gpointer open_with_properties(HCLUSTER cluster, guint32 types, ClHandleType type,
                                     LPCWSTR names, DWORD size, LPCWSTR ro_names, DWORD ro_size)
{
    GError *error = NULL;
    g_auto(GStrv) common = NULL;
    g_auto(GStrv) ro_common = NULL;
    if (!wanted_names(names, size, &common, &error) ||
        !wanted_names(ro_names, ro_size, &ro_common, &error)) {
        cl_error_raise(error);
        return NULL;
    }
    ClEnumRequest request = {.types = types,
                             .details = TRUE,
                             .common = (const char *const *)common,
                             .ro_common = (const char *const *)ro_common};
    return cl_enum_open(CL_KIND_CLUSTER, cluster, type, &request);
}

HGROUPENUMEX ClusterGroupOpenEnumEx(HCLUSTER hCluster, LPCWSTR lpszProperties, DWORD cbProperties,
                                    LPCWSTR lpszRoProperties, DWORD cbRoProperties, DWORD dwFlags)
{
    if (dwFlags != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return open_with_properties(hCluster, CLUSTER_ENUM_GROUP, CL_HANDLE_GROUP_ENUM_EX,
                                lpszProperties, cbProperties, lpszRoProperties, cbRoProperties);
}

DWORD ClusterGroupGetEnumCountEx(HGROUPENUMEX hGroupEnumEx)
{
    return cl_enum_count(CL_HANDLE_GROUP_ENUM_EX, hGroupEnumEx);
}

DWORD ClusterGroupEnumEx(HGROUPENUMEX hGroupEnumEx, DWORD dwIndex, PCLUSTER_GROUP_ENUM_ITEM pItem,
                         LPDWORD cbItem)
{
    return get_item(CL_HANDLE_GROUP_ENUM_EX, hGroupEnumEx, dwIndex, fill_group_item, pItem, cbItem);
}

DWORD ClusterGroupCloseEnumEx(HGROUPENUMEX hGroupEnumEx)
{
    return cl_enum_close(CL_HANDLE_GROUP_ENUM_EX, hGroupEnumEx);
}

HRESENUMEX ClusterResourceOpenEnumEx(HCLUSTER hCluster, LPCWSTR lpszProperties, DWORD cbProperties,
                                     LPCWSTR lpszRoProperties, DWORD cbRoProperties, DWORD dwFlags)
{
    if (dwFlags != 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return open_with_properties(hCluster, CLUSTER_ENUM_RESOURCE, CL_HANDLE_RESOURCE_ENUM_EX,
                                lpszProperties, cbProperties, lpszRoProperties, cbRoProperties);
}

DWORD ClusterResourceGetEnumCountEx(HRESENUMEX hResourceEnumEx)
{
    return cl_enum_count(CL_HANDLE_RESOURCE_ENUM_EX, hResourceEnumEx);
}

DWORD ClusterResourceEnumEx(HRESENUMEX hResourceEnumEx, DWORD dwIndex,
                            PCLUSTER_RESOURCE_ENUM_ITEM pItem, LPDWORD cbItem)
{
    return get_item(CL_HANDLE_RESOURCE_ENUM_EX, hResourceEnumEx, dwIndex, fill_resource_item, pItem,
                    cbItem);
}

DWORD ClusterResourceCloseEnumEx(HRESENUMEX hResourceEnumEx)
{
    return cl_enum_close(CL_HANDLE_RESOURCE_ENUM_EX, hResourceEnumEx);
}
