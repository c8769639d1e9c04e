/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-port.h"
#include "session.h"

/* What dwVersion has to be. */
#define VERSION_2 2

/* --- Ports -------------------------------------------------------------------------------------- */

static DWORD create_port(ClusapidCall *call, guint version)
{
    return clusapid_opened(call, 2, CLUSAPID_NOTIFY_PORT,
                           clusapid_notify_port_new(call->service->watch, version));
}

static DWORD create_v1(ClusapidCall *call)
{
    return create_port(call, 1);
}

static DWORD create_v2(ClusapidCall *call)
{
    return create_port(call, 2);
}

/* The calls that wait there keep it: they have to end first. */
static DWORD close_port(ClusapidCall *call)
{
    ClusapidNotifyPort *port = clusapid_object(call, 0, CLUSAPID_NOTIFY_PORT);
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    clusapid_notify_port_close(port);
    return clusapid_close(call, CLUSAPID_NOTIFY_PORT);
}

static DWORD unblock(ClusapidCall *call)
{
    ClusapidNotifyPort *port = clusapid_object(call, 0, CLUSAPID_NOTIFY_PORT);
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    clusapid_notify_port_unblock(port);
    return ERROR_SUCCESS;
}

static DWORD get_from(ClusapidCall *call, guint version)
{
    ClusapidNotifyPort *port = clusapid_object(call, 0, CLUSAPID_NOTIFY_PORT);
    return port && port->version == version ? clusapid_notify_port_get(port, call)
                                            : ERROR_INVALID_HANDLE;
}

static DWORD get_v1(ClusapidCall *call)
{
    return get_from(call, 1);
}

static DWORD get_v2(ClusapidCall *call)
{
    return get_from(call, 2);
}

static ClusapidNotifyPort *port_of(ClusapidCall *call, guint version)
{
    ClusapidNotifyPort *port = clusapid_object(call, 0, CLUSAPID_NOTIFY_PORT);
    return port && port->version == version ? port : NULL;
}

/* --- Version 1 ---------------------------------------------------------------------------------- */

static DWORD add_cluster(ClusapidCall *call)
{
    /* These are made where the client is. */
    const DWORD of_clients = CLUSTER_CHANGE_HANDLE_CLOSE | CLUSTER_CHANGE_CLUSTER_STATE |
                             CLUSTER_CHANGE_CLUSTER_RECONNECT;
    DWORD filter = (DWORD)call->values[2].number & ~of_clients;
    ClusapidNotifyPort *port = port_of(call, 1);
    HCLUSTER cluster;
    if (port == NULL || clusapid_object(call, 1, CLUSAPID_CLUSTER) == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = clusapid_cluster(call, &cluster);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    return CreateClusterNotifyPort(port->change, cluster, filter, call->values[3].number)
               ? ERROR_SUCCESS
               : GetLastError();
}

static DWORD add_key(ClusapidCall *call)
{
    const DWORD of_keys = CLUSTER_CHANGE_REGISTRY_NAME | CLUSTER_CHANGE_REGISTRY_ATTRIBUTES |
                          CLUSTER_CHANGE_REGISTRY_VALUE;
    DWORD filter = (DWORD)call->values[3].number & of_keys;
    ClusapidNotifyPort *port = port_of(call, 1);
    HKEY key = port ? clusapid_object(call, 1, CLUSAPID_KEY) : NULL;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (filter == 0) {
        return ERROR_INVALID_PARAMETER;
    }
    if (call->values[4].number != 0) {
        filter |= CLUSTER_CHANGE_REGISTRY_SUBTREE;
    }
    return RegisterClusterNotify(port->change, filter, key, call->values[2].number);
}

/* What a state is told by: one number for one state, never 0. */
static guint32 mix(guint32 hash, gconstpointer data, gsize size)
{
    const guint8 *bytes = data;
    for (gsize i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

static guint32 mix_state(int state, const ClusapidText *texts, guint n_texts)
{
    guint32 hash = mix(2166136261u, &state, sizeof state);
    for (guint i = 0; i < n_texts; i++) {
        hash = mix(hash, texts[i].text, (gsize)lstrlenW(texts[i].text) * sizeof(WCHAR));
        hash = mix(hash, "", 1);
    }
    return hash != 0 ? hash : 1;
}

static DWORD number_of_group(gpointer group, guint32 *ret_number)
{
    g_auto(ClusapidText) node = CLUSAPID_TEXT;
    int state;
    DWORD code;
    do {
        state = (int)GetClusterGroupState(group, node.text, &node.size);
        code = state == -1 ? GetLastError() : ERROR_SUCCESS;
    } while (clusapid_text_again(code, &node, 1));
    *ret_number = code == ERROR_SUCCESS ? mix_state(state, &node, 1) : 0;
    return code;
}

static DWORD number_of_resource(gpointer resource, guint32 *ret_number)
{
    g_auto(ClusapidText) node = CLUSAPID_TEXT;
    int state;
    DWORD code;
    do {
        state = (int)GetClusterResourceState(resource, node.text, &node.size, NULL, NULL);
        code = state == -1 ? GetLastError() : ERROR_SUCCESS;
    } while (clusapid_text_again(code, &node, 1));
    *ret_number = code == ERROR_SUCCESS ? mix_state(state, &node, 1) : 0;
    return code;
}

#define NUMBER(name, type, function)                                                               \
    static DWORD name(gpointer object, guint32 *ret_number)                                        \
    {                                                                                              \
        int state = (int)function((type)object);                                                   \
        *ret_number = state == -1 ? 0 : mix_state(state, NULL, 0);                                 \
        return state == -1 ? GetLastError() : ERROR_SUCCESS;                                       \
    }

NUMBER(number_of_node, HNODE, GetClusterNodeState)
NUMBER(number_of_network, HNETWORK, GetClusterNetworkState)
NUMBER(number_of_interface, HNETINTERFACE, GetClusterNetInterfaceState)

#define NAME(method, type, function, control)                                                      \
    static DWORD method(gpointer object, LPWSTR text, DWORD room, LPDWORD size)                    \
    {                                                                                              \
        return function((type)object, NULL, control, NULL, 0, text, room, size);                   \
    }

NAME(name_of_node, HNODE, ClusterNodeControl, CLUSCTL_NODE_GET_NAME)
NAME(name_of_group, HGROUP, ClusterGroupControl, CLUSCTL_GROUP_GET_NAME)
NAME(name_of_resource, HRESOURCE, ClusterResourceControl, CLUSCTL_RESOURCE_GET_NAME)
NAME(name_of_network, HNETWORK, ClusterNetworkControl, CLUSCTL_NETWORK_GET_NAME)
NAME(name_of_interface, HNETINTERFACE, ClusterNetInterfaceControl, CLUSCTL_NETINTERFACE_GET_NAME)

/* Objects whose events version 1 can be asked for one by one. */
typedef struct {
    ClusapidKind kind;
    DWORD filter; /* all of its bits */
    DWORD state;  /* the one of its state */
    DWORD (*number)(gpointer object, guint32 *ret_number);
    DWORD (*name)(gpointer object, LPWSTR text, DWORD room, LPDWORD size);
} Watched;

static const Watched watched_node = {CLUSAPID_NODE, 0x0000000F, CLUSTER_CHANGE_NODE_STATE,
                                     number_of_node, name_of_node};
static const Watched watched_group = {CLUSAPID_GROUP, 0x0000F000, CLUSTER_CHANGE_GROUP_STATE,
                                      number_of_group, name_of_group};
static const Watched watched_resource = {CLUSAPID_RESOURCE, 0x00000F00,
                                         CLUSTER_CHANGE_RESOURCE_STATE, number_of_resource,
                                         name_of_resource};
static const Watched watched_network = {CLUSAPID_NETWORK, 0x00F00000, CLUSTER_CHANGE_NETWORK_STATE,
                                        number_of_network, name_of_network};
static const Watched watched_interface = {CLUSAPID_NETINTERFACE, 0x0F000000,
                                          CLUSTER_CHANGE_NETINTERFACE_STATE, number_of_interface,
                                          name_of_interface};

static DWORD register_object(ClusapidCall *call, const Watched *watched, gpointer *ret_object)
{
    DWORD filter = (DWORD)call->values[2].number & watched->filter;
    ClusapidNotifyPort *port = port_of(call, 1);
    gpointer object = port ? clusapid_object(call, 1, watched->kind) : NULL;
    if (object == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    *ret_object = object;
    return filter == 0
               ? ERROR_INVALID_PARAMETER
               : RegisterClusterNotify(port->change, filter, object, call->values[3].number);
}

static DWORD add_object(ClusapidCall *call, const Watched *watched)
{
    gpointer object;
    guint32 number = 0;
    DWORD code = register_object(call, watched, &object);
    /* It is registered: without a number it can only be told its state again. */
    if (code == ERROR_SUCCESS && watched->number(object, &number) == ERROR_SUCCESS) {
        call->values[4].number = number;
    }
    return code;
}

static DWORD get_name(const Watched *watched, gpointer object, ClusapidText *name)
{
    DWORD code;
    do {
        DWORD bytes = name->room * (DWORD)sizeof(WCHAR);
        code = watched->name(object, name->text, bytes, &bytes);
        name->size = bytes / (DWORD)sizeof(WCHAR);
    } while (clusapid_text_again(code, name, 1));
    return code;
}

/* A state that is another than the client knew is told. What may have to wait comes before it is
 * registered, but for the state, which could change meanwhile: one that cannot be had is told, too. */
static DWORD add_object_again(ClusapidCall *call, const Watched *watched)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    const ClNdrValue *values = call->values;
    gpointer object = clusapid_object(call, 1, watched->kind);
    guint32 number = 0;
    DWORD code = object ? get_name(watched, object, &name) : ERROR_INVALID_HANDLE;
    if (code == ERROR_SUCCESS) {
        code = register_object(call, watched, &object);
    }
    if (code == ERROR_SUCCESS && (values[2].number & watched->state) != 0 &&
        (watched->number(object, &number) != ERROR_SUCCESS || number != values[4].number)) {
        clusapid_notify_port_put(port_of(call, 1), (DWORD)values[3].number, watched->state,
                                 g_steal_pointer(&name.text));
    }
    return code;
}

#define WATCHED(name)                                                                              \
    static DWORD add_##name(ClusapidCall *call)                                                    \
    {                                                                                              \
        return add_object(call, &watched_##name);                                                  \
    }                                                                                              \
    static DWORD add_##name##_again(ClusapidCall *call)                                            \
    {                                                                                              \
        return add_object_again(call, &watched_##name);                                            \
    }

WATCHED(node)
WATCHED(group)
WATCHED(resource)
WATCHED(network)
WATCHED(interface)

/* --- Version 2 ---------------------------------------------------------------------------------- */

/* These events are made where the client is. */
static LONGLONG without_own(DWORD object_type, LONGLONG flags)
{
    switch (object_type) {
    case CLUSTER_OBJECT_TYPE_CLUSTER:
        return flags & ~(CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 | CLUSTER_CHANGE_CLUSTER_STATE_V2 |
                         CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2);
    case CLUSTER_OBJECT_TYPE_GROUP:
        return flags & ~CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_RESOURCE:
        return flags & ~CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE:
        return flags & ~CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NETWORK:
        return flags & ~CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NODE:
        return flags & ~CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_REGISTRY:
        return flags & ~CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_GROUPSET:
        return flags & ~CLUSTER_CHANGE_GROUPSET_HANDLE_CLOSE_v2;
    default:
        return flags;
    }
}

static DWORD add_v2(ClusapidCall *call)
{
    const ClNdrValue *values = call->values;
    const ClNdrValue *members = values[2].rows->pdata[0];
    DWORD object_type = (DWORD)members[0].number;
    NOTIFY_FILTER_AND_TYPE filter = {object_type,
                                     without_own(object_type, (LONGLONG)members[1].number)};
    ClusapidNotifyPort *port = port_of(call, 2);
    guint kind = 0;
    HANDLE object = cl_context_find(call->request, &values[1].handle, 0, &kind);
    DWORD code = ERROR_SUCCESS;
    if (object == NULL) {
        call->fault = ERROR_INVALID_HANDLE;
    }
    if (port == NULL || object == NULL || kind == CLUSAPID_NOTIFY_PORT ||
        kind == CLUSAPID_BATCH_PORT || (values[5].number == 0 && kind != CLUSAPID_CLUSTER)) {
        return ERROR_INVALID_HANDLE;
    }
    if (values[4].number != VERSION_2) {
        return ERROR_INVALID_PARAMETER;
    }
    if (kind == CLUSAPID_CLUSTER) {
        code = clusapid_cluster(call, (HCLUSTER *)&object);
    }
    return code != ERROR_SUCCESS
               ? code
               : RegisterClusterNotifyV2(port->change, filter, object, values[3].number);
}

static DWORD add_type_v2(ClusapidCall *call)
{
    const ClNdrValue *values = call->values;
    ClusapidNotifyPort *port = port_of(call, 2);
    HCLUSTER cluster;
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (values[4].number != VERSION_2) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : RegisterClusterResourceTypeNotifyV2(port->change, cluster,
                                                     (LONGLONG)values[1].number, values[3].text,
                                                     values[2].number);
}

static const ClusapidRow rows[] = {
    {CL_OP_CreateNotify, create_v1},
    {CL_OP_CloseNotify, close_port},
    {CL_OP_AddNotifyCluster, add_cluster},
    {CL_OP_AddNotifyNode, add_node},
    {CL_OP_AddNotifyGroup, add_group},
    {CL_OP_AddNotifyResource, add_resource},
    {CL_OP_AddNotifyKey, add_key},
    {CL_OP_ReAddNotifyNode, add_node_again},
    {CL_OP_ReAddNotifyGroup, add_group_again},
    {CL_OP_ReAddNotifyResource, add_resource_again},
    {CL_OP_GetNotify, get_v1},
    {CL_OP_AddNotifyNetwork, add_network},
    {CL_OP_ReAddNotifyNetwork, add_network_again},
    {CL_OP_AddNotifyNetInterface, add_interface},
    {CL_OP_ReAddNotifyNetInterface, add_interface_again},
    {CL_OP_UnblockGetNotifyCall, unblock},
    {CL_OP_CreateNotifyV2, create_v2},
    {CL_OP_AddNotifyV2, add_v2},
    {CL_OP_GetNotifyV2, get_v2},
    {CL_OP_GetNotifyAsync, get_v1},
    {CL_OP_AddNotifyResourceTypeV2, add_type_v2},
};

CLUSAPID_FAMILY(clusapid_notify_methods, rows);
