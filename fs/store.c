/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The values that can be written. No data of its own; any thread may call, within its call's scope.
 */
#include "store.h"

#include "errors.h"
#include "escape.h"
#include "property-set.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <string.h>

DWORD fs_store_status(DWORD code)
{
    return code == ERROR_IO_PENDING || code == ERROR_RESOURCE_PROPERTIES_STORED ? ERROR_SUCCESS
                                                                                : code;
}

/* Calls a function that takes the object's handle and a text. */
typedef DWORD (*SetText)(gpointer handle, LPCWSTR text);

static DWORD set_text(gpointer handle, SetText set, const char *value)
{
    g_autofree LPWSTR wide = NULL;
    DWORD status = fs_wide_from_utf8(value, &wide);

    return status == ERROR_SUCCESS ? fs_store_status(set(handle, wide)) : FS_STATUS_ERRNO(EILSEQ);
}

static DWORD set_cluster_name(gpointer handle, LPCWSTR text)
{
    return SetClusterName(handle, text);
}

static DWORD set_group_name(gpointer handle, LPCWSTR text)
{
    return SetClusterGroupName(handle, text);
}

static DWORD set_resource_name(gpointer handle, LPCWSTR text)
{
    return SetClusterResourceName(handle, text);
}

static DWORD set_network_name(gpointer handle, LPCWSTR text)
{
    return SetClusterNetworkName(handle, text);
}

static DWORD set_expression(gpointer handle, LPCWSTR text)
{
    return SetClusterResourceDependencyExpression(handle, text);
}

static DWORD set_group_dependencies(gpointer handle, LPCWSTR text)
{
    return SetGroupDependencyExpression(handle, text);
}

static DWORD set_groupset_dependencies(gpointer handle, LPCWSTR text)
{
    return SetClusterGroupSetDependencyExpression(handle, text);
}

DWORD fs_store_group_dependencies(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_group_dependencies, value);
}

DWORD fs_store_groupset_dependencies(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_groupset_dependencies, value);
}

DWORD fs_store_cluster_name(const FsObject *object, const char *value)
{
    return set_text(object->cluster, set_cluster_name, value);
}

DWORD fs_store_group_name(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_group_name, value);
}

DWORD fs_store_resource_name(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_resource_name, value);
}

DWORD fs_store_network_name(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_network_name, value);
}

DWORD fs_store_dependency_expression(const FsObject *object, const char *value)
{
    return set_text(object->handle, set_expression, value);
}

/* --- States ----------------------------------------------------------------------------------- */

DWORD fs_store_group_state(const FsObject *object, const char *value)
{
    if (strcmp(value, "online") == 0) {
        return fs_store_status(OnlineClusterGroup(object->handle, NULL));
    }
    if (strcmp(value, "offline") == 0) {
        return fs_store_status(OfflineClusterGroup(object->handle));
    }
    return FS_STATUS_ERRNO(EINVAL);
}

DWORD fs_store_resource_state(const FsObject *object, const char *value)
{
    if (strcmp(value, "online") == 0) {
        return fs_store_status(OnlineClusterResource(object->handle));
    }
    if (strcmp(value, "offline") == 0) {
        return fs_store_status(OfflineClusterResource(object->handle));
    }
    if (strcmp(value, "failed") == 0) {
        return fs_store_status(FailClusterResource(object->handle));
    }
    return FS_STATUS_ERRNO(EINVAL);
}

/* One that is down starts, one that is paused goes on, and one that is up is. */
static DWORD bring_node_up(HNODE node)
{
    CLUSTER_NODE_STATE state = GetClusterNodeState(node);
    if (state == ClusterNodeStateUnknown && GetLastError() != ERROR_SUCCESS) {
        return GetLastError();
    }
    switch (state) {
    case ClusterNodeUp:
        return ERROR_SUCCESS;
    case ClusterNodePaused:
        return fs_store_status(ResumeClusterNodeEx(node, FailbackGroupsPerPolicy, 0));
    default:
        return fs_store_status(ClusapiSetNodeState(node, ClusterNodeUp));
    }
}

DWORD fs_store_node_state(const FsObject *object, const char *value)
{
    if (strcmp(value, "up") == 0) {
        return bring_node_up(object->handle);
    }
    if (strcmp(value, "paused") == 0) {
        return fs_store_status(PauseClusterNode(object->handle));
    }
    if (strcmp(value, "drained") == 0) {
        return fs_store_status(PauseClusterNodeEx(object->handle, TRUE, 0, NULL));
    }
    if (strcmp(value, "down") == 0) {
        return fs_store_status(ClusapiSetNodeState(object->handle, ClusterNodeDown));
    }
    return FS_STATUS_ERRNO(EINVAL);
}

DWORD fs_store_group_owner(const FsObject *object, const char *value)
{
    g_auto(FsObject) node = {0};
    DWORD status = fs_object_open_as(object->cluster, FS_NODE, value, GENERIC_ALL, &node);

    /* The name of a node that is not there is a bad value, no missing file. */
    if (status == ERROR_CLUSTER_NODE_NOT_FOUND || status == ERROR_NO_UNICODE_TRANSLATION) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    return status == ERROR_SUCCESS ? fs_store_status(MoveClusterGroup(object->handle, node.handle))
                                   : status;
}

DWORD fs_store_network_role(const FsObject *object, const char *value)
{
    static const char *const words[] = {"none", "internal", "client", "internal-and-client"};

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(value, words[i]) == 0) {
            g_autofree char *number = g_strdup_printf("%zu", i);

            return fs_property_set(object, "Role", number);
        }
    }
    return FS_STATUS_ERRNO(EINVAL);
}

/* --- Lists ------------------------------------------------------------------------------------ */

static void object_clear(gpointer data)
{
    fs_object_close(data);
}

/* Opens the object that a list shows so: by its file name, which has its name or its id. */
static DWORD open_line(HCLUSTER cluster, FsKind kind, const char *line, FsObject *ret_object)
{
    g_autofree char *name = NULL;
    g_autofree char *id = NULL;

    return fs_unescape(line, &name, &id)
               ? fs_object_open_as(cluster, kind, name != NULL ? name : id, GENERIC_ALL, ret_object)
               : FS_STATUS_ERRNO(EINVAL);
}

/* Opens the objects of the lines. */
static DWORD open_lines(const FsObject *of, FsKind kind, const char *value, GArray **ret_objects,
                        GPtrArray **ret_handles)
{
    g_autoptr(GArray) objects = g_array_new(FALSE, FALSE, sizeof(FsObject));
    g_autoptr(GPtrArray) handles = g_ptr_array_new();
    g_auto(GStrv) lines = g_strsplit(value, "\n", -1);

    g_array_set_clear_func(objects, object_clear);
    for (char **line = lines; *line != NULL && *value != '\0'; line++) {
        FsObject object;
        DWORD status = open_line(of->cluster, kind, *line, &object);

        if (status != ERROR_SUCCESS) {
            return fs_status_is_missing(status) ? FS_STATUS_ERRNO(EINVAL) : status;
        }
        g_array_append_val(objects, object);
        g_ptr_array_add(handles, object.handle);
    }
    *ret_objects = g_steal_pointer(&objects);
    *ret_handles = g_steal_pointer(&handles);
    return ERROR_SUCCESS;
}

DWORD fs_store_preferred_order(const FsObject *object, const char *value)
{
    g_autoptr(GArray) objects = NULL;
    g_autoptr(GPtrArray) handles = NULL;
    DWORD status = open_lines(object, FS_NODE, value, &objects, &handles);

    return status == ERROR_SUCCESS
               ? fs_store_status(SetClusterGroupNodeList(object->handle, handles->len,
                                                         (HNODE *)(gpointer)handles->pdata))
               : status;
}

DWORD fs_store_network_priority(const FsObject *object, const char *value)
{
    g_autoptr(GArray) objects = NULL;
    g_autoptr(GPtrArray) handles = NULL;
    DWORD status = open_lines(object, FS_NETWORK, value, &objects, &handles);

    return status == ERROR_SUCCESS
               ? fs_store_status(SetClusterNetworkPriorityOrder(
                     object->cluster, handles->len, (HNETWORK *)(gpointer)handles->pdata))
               : status;
}

/* TYPE, a tab, NAME. */
DWORD fs_store_new_resource(const FsObject *object, const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, "\t", 2);
    g_autofree LPWSTR type = NULL;
    g_autofree LPWSTR name = NULL;
    HRESOURCE resource;
    DWORD status;

    if (g_strv_length(parts) != 2) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    if (fs_wide_from_utf8(parts[0], &type) != ERROR_SUCCESS ||
        fs_wide_from_utf8(parts[1], &name) != ERROR_SUCCESS) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    resource = CreateClusterResource(object->handle, name, type, 0);
    if (resource != NULL) {
        CloseClusterResource(resource);
        return ERROR_SUCCESS;
    }
    status = GetLastError();
    return status == ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND ? FS_STATUS_ERRNO(EINVAL) : status;
}
