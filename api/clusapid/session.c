/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "session.h"

#include "batch-port.h"
#include "notify-port.h"

/* --- The cluster -------------------------------------------------------------------------------- */

static DWORD open_cluster(ClusapidService *service, ClusapidRole role)
{
    DWORD wanted = role == CLUSAPID_ADMINISTRATOR ? MAXIMUM_ALLOWED : GENERIC_READ;
    HCLUSTER handle = OpenClusterEx(service->cluster, wanted, &service->clusters[role].granted);
    if (handle == NULL) {
        return GetLastError();
    }
    g_atomic_pointer_set(&service->clusters[role].handle, handle);
    return ERROR_SUCCESS;
}

DWORD clusapid_cluster(ClusapidCall *call, HCLUSTER *ret_cluster)
{
    ClusapidService *service = call->service;
    HCLUSTER handle = g_atomic_pointer_get(&service->clusters[call->role].handle);
    DWORD code = ERROR_SUCCESS;
    if (handle == NULL) {
        if (call->may_wait) {
            g_mutex_lock(&service->lock);
        } else if (!g_mutex_trylock(&service->lock)) {
            return ERROR_TIMEOUT;
        }
        if (service->clusters[call->role].handle == NULL) {
            code = open_cluster(service, call->role);
        }
        handle = service->clusters[call->role].handle;
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
