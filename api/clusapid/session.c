/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "session.h"

#include "batch-port.h"
#include "notify-port.h"

/* How often who waits looks whether its client is still there. */
#define LOOK_US (50 * G_TIME_SPAN_MILLISECOND)

/* --- The cluster -------------------------------------------------------------------------------- */

/* With the lock held, which is let go meanwhile: opening may take long. */
static void open_cluster(ClusapidService *service, ClusapidRole role)
{
    ClusapidCluster *cluster = &service->clusters[role];
    DWORD wanted = role == CLUSAPID_ADMINISTRATOR ? MAXIMUM_ALLOWED : GENERIC_READ;
    DWORD granted = 0;
    cluster->is_opening = TRUE;
    g_mutex_unlock(&service->lock);
    HCLUSTER handle = OpenClusterEx(service->cluster, wanted, &granted);
    DWORD code = handle == NULL ? GetLastError() : ERROR_SUCCESS;
    g_mutex_lock(&service->lock);
    cluster->granted = granted;
    cluster->code = code;
    cluster->is_opening = FALSE;
    cluster->n_tries++;
    g_atomic_pointer_set(&cluster->handle, handle);
    g_cond_broadcast(&service->opened);
}

/* With the lock held: how the try of another call ends; not longer than this call's client is there. */
static DWORD await_cluster(const ClusapidCall *call)
{
    ClusapidService *service = call->service;
    const ClusapidCluster *cluster = &service->clusters[call->role];
    GCancellable *cancellable = cl_request_cancellable(call->request);
    guint before = cluster->n_tries;
    while (cluster->n_tries == before && !g_cancellable_is_cancelled(cancellable)) {
        (void)g_cond_wait_until(&service->opened, &service->lock, g_get_monotonic_time() + LOOK_US);
    }
    return cluster->n_tries == before ? (DWORD)ERROR_OPERATION_ABORTED : cluster->code;
}

DWORD clusapid_cluster(ClusapidCall *call, HCLUSTER *ret_cluster)
{
    ClusapidService *service = call->service;
    ClusapidCluster *cluster = &service->clusters[call->role];
    HCLUSTER handle = g_atomic_pointer_get(&cluster->handle);
    DWORD code = ERROR_SUCCESS;
    if (handle == NULL) {
        g_mutex_lock(&service->lock);
        if (cluster->handle == NULL && cluster->is_opening) {
            code = call->may_wait ? await_cluster(call) : (DWORD)ERROR_TIMEOUT;
        } else if (cluster->handle == NULL) {
            open_cluster(service, call->role);
            code = cluster->code;
        }
        handle = cluster->handle;
        g_mutex_unlock(&service->lock);
    }
    *ret_cluster = handle;
    return code;
}

void clusapid_close_clusters(ClusapidService *service)
{
    for (guint i = 0; i < G_N_ELEMENTS(service->clusters); i++) {
        if (service->clusters[i].handle != NULL) {
            CloseCluster(service->clusters[i].handle);
        }
    }
}

DWORD clusapid_grant(ClusapidCall *call, DWORD wanted, DWORD *ret_granted)
{
    const DWORD changes = GENERIC_ALL | GENERIC_WRITE | GENERIC_EXECUTE | CLUSAPI_CHANGE_ACCESS;
    const DWORD reads = GENERIC_READ | CLUSAPI_READ_ACCESS;
    HCLUSTER cluster;
    if (wanted == 0 || (wanted & ~(changes | reads | MAXIMUM_ALLOWED)) != 0 ||
        ((wanted & CLUSAPI_CHANGE_ACCESS) != 0 && (wanted & CLUSAPI_READ_ACCESS) == 0)) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD code = clusapid_cluster(call, &cluster);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    DWORD most = call->service->clusters[call->role].granted;
    if ((wanted & changes) != 0 && most != GENERIC_ALL) {
        return ERROR_ACCESS_DENIED;
    }
    *ret_granted =
        (wanted & changes) != 0 || (wanted & MAXIMUM_ALLOWED) != 0 ? most : (DWORD)GENERIC_READ;
    return ERROR_SUCCESS;
}

/* --- Handles ------------------------------------------------------------------------------------ */

static void forget(G_GNUC_UNUSED gpointer data)
{
}

#define RUNDOWN(name, type, function)                                                              \
    static void name(gpointer data)                                                                \
    {                                                                                              \
        (void)function((type)data);                                                                \
    }

RUNDOWN(close_node, HNODE, CloseClusterNode)
RUNDOWN(close_group, HGROUP, CloseClusterGroup)
RUNDOWN(close_resource, HRESOURCE, CloseClusterResource)
RUNDOWN(close_network, HNETWORK, CloseClusterNetwork)
RUNDOWN(close_netinterface, HNETINTERFACE, CloseClusterNetInterface)
RUNDOWN(close_groupset, HGROUPSET, CloseClusterGroupSet)
RUNDOWN(close_key, HKEY, ClusterRegCloseKey)

GDestroyNotify clusapid_rundown(ClusapidKind kind)
{
    static const GDestroyNotify rundowns[] = {
        [CLUSAPID_CLUSTER] = forget,
        [CLUSAPID_NODE] = close_node,
        [CLUSAPID_GROUP] = close_group,
        [CLUSAPID_RESOURCE] = close_resource,
        [CLUSAPID_NETWORK] = close_network,
        [CLUSAPID_NETINTERFACE] = close_netinterface,
        [CLUSAPID_GROUPSET] = close_groupset,
        [CLUSAPID_KEY] = close_key,
        [CLUSAPID_NOTIFY_PORT] = clusapid_notify_port_free,
        [CLUSAPID_BATCH_PORT] = clusapid_batch_port_free,
    };
    return rundowns[kind];
}

gpointer clusapid_object(ClusapidCall *call, guint parameter, ClusapidKind kind)
{
    gpointer object =
        cl_context_find(call->request, &call->values[parameter].handle, (guint)kind, NULL);
    if (object == NULL) {
        call->fault = ERROR_INVALID_HANDLE;
    }
    return object;
}

DWORD clusapid_give(ClusapidCall *call, guint parameter, ClusapidKind kind, gpointer object)
{
    ClContextHandle *handle = &call->values[parameter].handle;
    if (!cl_context_new(call->request, (guint)kind, object, clusapid_rundown(kind), handle)) {
        clusapid_rundown(kind)(object);
        return ERROR_NO_SYSTEM_RESOURCES;
    }
    return ERROR_SUCCESS;
}

DWORD clusapid_opened(ClusapidCall *call, guint parameter, ClusapidKind kind, gpointer object)
{
    return object ? clusapid_give(call, parameter, kind, object) : GetLastError();
}

DWORD clusapid_close(ClusapidCall *call, ClusapidKind kind)
{
    ClContextHandle *handle = &call->values[0].handle;
    if (!cl_context_close(call->request, handle, (guint)kind)) {
        call->fault = ERROR_INVALID_HANDLE;
        return ERROR_INVALID_HANDLE;
    }
    *handle = (ClContextHandle){{0}};
    return ERROR_SUCCESS;
}
