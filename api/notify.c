/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of notification ports, of both versions.
 */
#include <clusapi/linux.h>

#include "notify-port.h"
#include "notify-v1.h"
#include "text.h"

/* --- Registering ------------------------------------------------------------------------------ */

/* Of each object type of version 2: its kind, its flags, and which says that its handle closed. */
static const struct {
    guint32 object_type;
    ClKind kind;
    guint64 all;
    guint64 close;
} types[] = {
    {CLUSTER_OBJECT_TYPE_CLUSTER, CL_KIND_CLUSTER, CLUSTER_CHANGE_CLUSTER_ALL_V2,
     CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_GROUP, CL_KIND_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2,
     CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_RESOURCE, CL_KIND_RESOURCE, CLUSTER_CHANGE_RESOURCE_ALL_V2,
     CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, CL_KIND_CLUSTER, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2, 0},
    {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CL_KIND_NETINTERFACE,
     CLUSTER_CHANGE_NETINTERFACE_ALL_V2, CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_NETWORK, CL_KIND_NETWORK, CLUSTER_CHANGE_NETWORK_ALL_V2,
     CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_NODE, CL_KIND_NODE, CLUSTER_CHANGE_NODE_ALL_V2,
     CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_REGISTRY, CL_KIND_KEY, CLUSTER_CHANGE_REGISTRY_ALL_V2,
     CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2},
    {CLUSTER_OBJECT_TYPE_QUORUM, CL_KIND_CLUSTER, CLUSTER_CHANGE_QUORUM_ALL_V2, 0},
    {CLUSTER_OBJECT_TYPE_GROUPSET, CL_KIND_GROUPSET, CLUSTER_CHANGE_GROUPSET_ALL_V2,
     CLUSTER_CHANGE_GROUPSET_HANDLE_CLOSE_v2},
    {CLUSTER_OBJECT_TYPE_SHARED_VOLUME, CL_KIND_CLUSTER, CLUSTER_CHANGE_SHARED_VOLUME_ALL_V2, 0},
};

static gboolean find_type(const NOTIFY_FILTER_AND_TYPE *filter, gsize *ret_index, GError **error)
{
    guint64 flags = (guint64)filter->FilterFlags;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (types[i].object_type == filter->dwObjectType && flags != 0 &&
            (flags & ~types[i].all) == 0) {
            *ret_index = i;
            return TRUE;
        }
    }
    return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown object type or flags");
}

static gboolean read_filter(const NOTIFY_FILTER_AND_TYPE *filter, ClPortFilter *ret_filter,
                            GError **error)
{
    gsize type;
    if (!find_type(filter, &type, error)) {
        return FALSE;
    }
    guint64 flags = (guint64)filter->FilterFlags;
    *ret_filter = (ClPortFilter){.object_type = filter->dwObjectType,
                                 .flags = flags & ~types[type].close,
                                 .close_flag = flags & types[type].close};
    return TRUE;
}

static gboolean register_v1(ClPort *port, const ClUse *use, DWORD filter, DWORD_PTR key,
                            GError **error)
{
    const ClPortFilter wanted = {.v1 = filter,
                                 .close_flag = filter & (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE};
    if (filter == 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "an empty filter");
    }
    return cl_port_register(port, use, use->object, &wanted, 1, key, error);
}

/* --- Ports ------------------------------------------------------------------------------------ */

/* What a port is to be made with, or to gain. */
typedef struct {
    guint version;
    DWORD v1;
    const NOTIFY_FILTER_AND_TYPE *v2;
    DWORD n_v2;
    DWORD_PTR key;
} Wanted;

static gboolean read_filters(const Wanted *wanted, GArray *filters, GError **error)
{
    if (wanted->v2 == NULL && wanted->n_v2 > 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no filters");
    }
    for (DWORD i = 0; i < wanted->n_v2; i++) {
        ClPortFilter filter;
        if (!read_filter(&wanted->v2[i], &filter, error)) {
            return FALSE;
        }
        g_array_append_val(filters, filter);
    }
    return TRUE;
}

static gboolean register_all(ClPort *port, HCLUSTER cluster, const Wanted *wanted, GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    g_autoptr(GArray) filters = g_array_new(FALSE, FALSE, sizeof(ClPortFilter));
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, cluster, CL_ACCESS_READ, error)) {
        return FALSE;
    }
    if (wanted->version == 1) {
        return register_v1(port, &use, wanted->v1, wanted->key, error);
    }
    return read_filters(wanted, filters, error) &&
           cl_port_register(port, &use, NULL, (const ClPortFilter *)(gpointer)filters->data,
                            filters->len, wanted->key, error);
}

static HCHANGE add_to_port(HCHANGE change, HCLUSTER cluster, const Wanted *wanted, GError **error)
{
    ClPort *port = cl_port_acquire(change, wanted->version, error);
    if (port == NULL) {
        return NULL;
    }
    gboolean registered = register_all(port, cluster, wanted, error);
    cl_handle_release(change);
    return registered ? change : NULL;
}

static HCHANGE new_port(HCLUSTER cluster, const Wanted *wanted, GError **error)
{
    HCHANGE change = cl_port_open(wanted->version, error);
    if (change == NULL || cluster == INVALID_HANDLE_VALUE) {
        return change;
    }
    if (add_to_port(change, cluster, wanted, error) == NULL) {
        cl_port_close(change);
        return NULL;
    }
    return change;
}

static HCHANGE create(HCHANGE change, HCLUSTER cluster, const Wanted *wanted)
{
    GError *error = NULL;
    HCHANGE result = NULL;
    if (change == INVALID_HANDLE_VALUE) {
        result = new_port(cluster, wanted, &error);
    } else if (cluster == INVALID_HANDLE_VALUE) {
        cl_fail(&error, ERROR_INVALID_PARAMETER, "an existing port needs a cluster");
    } else {
        result = add_to_port(change, cluster, wanted, &error);
    }
    if (result == NULL) {
        cl_error_raise(error);
    }
    return result;
}

HCHANGE CreateClusterNotifyPort(HCHANGE hChange, HCLUSTER hCluster, DWORD dwFilter,
                                DWORD_PTR dwNotifyKey)
{
    return create(hChange, hCluster, &(Wanted){.version = 1, .v1 = dwFilter, .key = dwNotifyKey});
}

HCHANGE CreateClusterNotifyPortV2(HCHANGE hChange, HCLUSTER hCluster,
                                  PNOTIFY_FILTER_AND_TYPE Filters, DWORD dwFilterCount,
                                  DWORD_PTR dwNotifyKey)
{
    return create(
        hChange, hCluster,
        &(Wanted){.version = 2, .v2 = Filters, .n_v2 = dwFilterCount, .key = dwNotifyKey});
}

BOOL CloseClusterNotifyPort(HCHANGE hChange)
{
    if (!cl_port_close(hChange)) {
        SetLastError(ERROR_INVALID_HANDLE);
    }
    return TRUE;
}

DWORD RegisterClusterNotify(HCHANGE hChange, DWORD dwFilterType, HANDLE hObject,
                            DWORD_PTR dwNotifyKey)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClPort *port = cl_port_acquire(hChange, 1, &error);
    if (port == NULL) {
        return cl_error_take(error);
    }
    gboolean registered =
        cl_use_begin(&use, cl_v1_kind(dwFilterType), hObject, CL_ACCESS_READ, &error) &&
        register_v1(port, &use, dwFilterType, dwNotifyKey, &error);
    cl_handle_release(hChange);
    return registered ? ERROR_SUCCESS : cl_error_take(error);
}

static gboolean is_cluster(HANDLE object)
{
    gboolean is = cl_handle_acquire(CL_HANDLE_CLUSTER, object) != NULL;
    if (is) {
        cl_handle_release(object);
    }
    return is;
}

/* A cluster's handle asks for all objects of the type, another for one object. */
static gboolean register_v2(ClPort *port, const NOTIFY_FILTER_AND_TYPE *filter, HANDLE object,
                            DWORD_PTR key, GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    ClPortFilter wanted;
    gsize type;
    return find_type(filter, &type, error) && read_filter(filter, &wanted, error) &&
           cl_use_begin(&use, is_cluster(object) ? CL_KIND_CLUSTER : types[type].kind, object,
                        CL_ACCESS_READ, error) &&
           cl_port_register(port, &use, use.object, &wanted, 1, key, error);
}

DWORD RegisterClusterNotifyV2(HCHANGE hChange, NOTIFY_FILTER_AND_TYPE Filter, HANDLE hObject,
                              DWORD_PTR dwNotifyKey)
{
    GError *error = NULL;
    ClPort *port = cl_port_acquire(hChange, 2, &error);
    if (port == NULL) {
        return cl_error_take(error);
    }
    gboolean registered = register_v2(port, &Filter, hObject, dwNotifyKey, &error);
    cl_handle_release(hChange);
    return registered ? ERROR_SUCCESS : cl_error_take(error);
}

static gboolean register_type(ClPort *port, const ClUse *use, LONGLONG flags, LPCWSTR wide,
                              DWORD_PTR key, GError **error)
{
    const NOTIFY_FILTER_AND_TYPE wanted = {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, flags};
    g_autofree char *name = NULL;
    ClObject *type = NULL;
    ClAccess granted;
    ClPortFilter filter;
    if (!read_filter(&wanted, &filter, error) || !cl_text_from_wide(wide, &name, error) ||
        !use->backend->open(use->connection, CL_KIND_RESOURCE_TYPE, name, CL_ACCESS_READ,
                            &use->call, &type, &granted, error)) {
        return FALSE;
    }
    gboolean registered = cl_port_register(port, use, type, &filter, 1, key, error);
    use->backend->close(use->connection, type);
    return registered;
}

DWORD RegisterClusterResourceTypeNotifyV2(HCHANGE hChange, HCLUSTER hCluster, LONGLONG Flags,
                                          LPCWSTR resTypeName, DWORD_PTR dwNotifyKey)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClPort *port = cl_port_acquire(hChange, 2, &error);
    if (port == NULL) {
        return cl_error_take(error);
    }
    gboolean registered = cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_READ, &error) &&
                          register_type(port, &use, Flags, resTypeName, dwNotifyKey, &error);
    cl_handle_release(hChange);
    return registered ? ERROR_SUCCESS : cl_error_take(error);
}

DWORD ClusapiMarkNotifyPort(HCHANGE hChange, HCLUSTER hCluster, DWORD_PTR dwNotifyKey)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClPort *port = cl_handle_acquire(CL_HANDLE_CHANGE, hChange);
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    gboolean marked = cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_READ, &error) &&
                      cl_port_mark(port, &use, dwNotifyKey, &error);
    cl_handle_release(hChange);
    return marked ? ERROR_SUCCESS : cl_error_take(error);
}

/* --- Getting ---------------------------------------------------------------------------------- */

/* Where an event is to go; code is what copying it out gave. */
typedef struct {
    DWORD_PTR *key;
    DWORD *filter;
    NOTIFY_FILTER_AND_TYPE *filter_v2;
    BYTE *data;
    LPDWORD data_size;
    struct {
        LPWSTR text;
        LPDWORD size;
    } id, parent, name, type;
    DWORD code;
} Target;

static void worse(Target *target, DWORD code)
{
    if (target->code == ERROR_SUCCESS) {
        target->code = code;
    }
}

static void copy_data(Target *target, GBytes *bytes)
{
    gsize size = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    if (target->data == NULL && target->data_size == NULL) {
        return;
    }
    if (target->data_size == NULL) {
        worse(target, ERROR_INVALID_PARAMETER);
    } else if (target->data == NULL) {
        *target->data_size = (DWORD)size;
    } else {
        worse(target,
              cl_bytes_copy_out(data, size, target->data, *target->data_size, target->data_size));
    }
}

static gboolean take_v1(const ClNotifyEvent *event, gpointer data)
{
    Target *target = data;
    target->code = cl_text_copy_out(event->name, target->name.text, target->name.size);
    if (target->code == ERROR_SUCCESS) {
        *target->key = event->key;
        *target->filter = (DWORD)event->flag;
    }
    return target->code == ERROR_SUCCESS;
}

static gboolean take_v2(const ClNotifyEvent *event, gpointer data)
{
    Target *target = data;
    target->code = ERROR_SUCCESS;
    worse(target, cl_text_copy_out(event->id, target->id.text, target->id.size));
    worse(target, cl_text_copy_out(event->parent_id, target->parent.text, target->parent.size));
    worse(target, cl_text_copy_out(event->name, target->name.text, target->name.size));
    worse(target, cl_text_copy_out(event->type, target->type.text, target->type.size));
    copy_data(target, event->data);
    if (target->code != ERROR_SUCCESS) {
        return FALSE;
    }
    *target->key = event->key;
    if (target->filter_v2 != NULL) {
        target->filter_v2->dwObjectType = event->object_type;
        target->filter_v2->FilterFlags = (LONGLONG)event->flag;
    }
    return TRUE;
}

static DWORD get(HCHANGE change, guint version, DWORD ms, ClNotifyTake take, Target *target)
{
    GError *error = NULL;
    ClPort *port = cl_port_acquire(change, version, &error);
    if (port == NULL) {
        return cl_error_take(error);
    }
    DWORD code = cl_notify_queue_get(cl_port_queue(port), ms, take, target);
    cl_handle_release(change);
    return code != ERROR_SUCCESS ? code : target->code;
}

DWORD GetClusterNotify(HCHANGE hChange, DWORD_PTR *lpdwNotifyKey, LPDWORD lpdwFilterType,
                       LPWSTR lpszName, LPDWORD lpcchName, DWORD dwMilliseconds)
{
    Target target = {.key = lpdwNotifyKey, .filter = lpdwFilterType, .name = {lpszName, lpcchName}};
    if (lpdwNotifyKey == NULL || lpdwFilterType == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    return get(hChange, 1, dwMilliseconds, take_v1, &target);
}

DWORD GetClusterNotifyV2(HCHANGE hChange, DWORD_PTR *lpdwNotifyKey,
                         PNOTIFY_FILTER_AND_TYPE pFilterAndType, BYTE *buffer,
                         LPDWORD lpbBufferSize, LPWSTR lpszObjectId, LPDWORD lpcchObjectId,
                         LPWSTR lpszParentId, LPDWORD lpcchParentId, LPWSTR lpszName,
                         LPDWORD lpcchName, LPWSTR lpszType, LPDWORD lpcchType,
                         DWORD dwMilliseconds)
{
    Target target = {.key = lpdwNotifyKey,
                     .filter_v2 = pFilterAndType,
                     .data = buffer,
                     .data_size = lpbBufferSize,
                     .id = {lpszObjectId, lpcchObjectId},
                     .parent = {lpszParentId, lpcchParentId},
                     .name = {lpszName, lpcchName},
                     .type = {lpszType, lpcchType}};
    if (lpdwNotifyKey == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    return get(hChange, 2, dwMilliseconds, take_v2, &target);
}

/* A port of either version. */
static gboolean get_event(HCHANGE change, HANDLE *ret_event, GError **error)
{
    ClPort *port = cl_handle_acquire(CL_HANDLE_CHANGE, change);
    if (port == NULL) {
        return cl_fail(error, ERROR_INVALID_HANDLE, "%p is not an open port", change);
    }
    HANDLE event = cl_port_event(port, error);
    cl_handle_release(change);
    if (event != NULL) {
        *ret_event = event;
    }
    return event != NULL;
}

DWORD GetNotifyEventHandle(HCHANGE hChange, HANDLE *lphTargetEvent)
{
    GError *error = NULL;
    if (lphTargetEvent == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    return get_event(hChange, lphTargetEvent, &error) ? ERROR_SUCCESS : cl_error_take(error);
}

int ClusapiEventDescriptor(HANDLE hEvent)
{
    const ClNotifyQueue *queue = cl_handle_acquire(CL_HANDLE_EVENT, hEvent);
    if (queue == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return -1;
    }
    int descriptor = cl_notify_queue_descriptor(queue);
    cl_handle_release(hEvent);
    return descriptor;
}
