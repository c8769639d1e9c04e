/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control functions. Their parameters come in one order: the object, for some the name of a type,
 * for some a node, and then those of every control.
 */
#include "call.h"

/* A code that changes something. */
#define MODIFIES 0x00400000u

typedef struct {
    HNODE host;
    DWORD code;
    LPVOID in;
    DWORD in_size;
    LPVOID out;
    DWORD room;
    DWORD size; /* that was given, or is needed */
} Control;

typedef DWORD (*Carry)(ClusapidCall *call, gpointer object, Control *control);

/* What a client asks for is not all allocated. */
static void begin(Control *control, const ClNdrValue *parameters)
{
    control->code = (DWORD)parameters[0].number;
    control->in = clusapid_bytes(&parameters[1], &control->in_size);
    control->room = (DWORD)MIN(parameters[4].number, CL_NDR_ARRAY_MAX);
    control->out = control->room > 0 ? g_malloc(control->room) : NULL;
}

/* These may be asked with no room at all ([MS-CMRP] 3.1.4.3.1). */
static gboolean needs_no_room(DWORD code)
{
    return code == CLUSCTL_RESOURCE_GET_FLAGS || code == CLUSCTL_RESOURCE_GET_CLASS_INFO;
}

/* With success the size is what was given, also to who gave no room for it. */
static DWORD finish(const Control *control, DWORD code, ClNdrValue *parameters)
{
    gboolean fits = control->size <= control->room;
    if (code == ERROR_SUCCESS && fits) {
        parameters[3].bytes = g_bytes_new(control->out, control->size);
        parameters[5].number = control->size;
    } else if (code == ERROR_SUCCESS && !needs_no_room(control->code)) {
        code = ERROR_MORE_DATA;
    }
    parameters[6].number = code == ERROR_SUCCESS || code == ERROR_MORE_DATA ? control->size : 0;
    return code;
}

static DWORD carry_out(ClusapidCall *call, ClusapidKind kind, guint first, int host, Carry carry)
{
    Control control = {0};
    gpointer object = clusapid_object(call, 0, kind);
    if (object != NULL && host >= 0) {
        control.host = clusapid_object(call, (guint)host, CLUSAPID_NODE);
    }
    if (object == NULL || (host >= 0 && control.host == NULL)) {
        return ERROR_INVALID_HANDLE;
    }
    begin(&control, &call->values[first]);
    DWORD code = carry(call, object, &control);
    code = finish(&control, code, &call->values[first]);
    g_free(control.out);
    return code;
}

/* --- Kinds -------------------------------------------------------------------------------------- */

#define CARRY(name, type, function)                                                                \
    static DWORD name(G_GNUC_UNUSED ClusapidCall *call, gpointer object, Control *control)         \
    {                                                                                              \
        return function((type)object, control->host, control->code, control->in, control->in_size, \
                        control->out, control->room, &control->size);                              \
    }

CARRY(of_node, HNODE, ClusterNodeControl)
CARRY(of_group, HGROUP, ClusterGroupControl)
CARRY(of_groupset, HGROUPSET, ClusterGroupSetControl)
CARRY(of_resource, HRESOURCE, ClusterResourceControl)
CARRY(of_network, HNETWORK, ClusterNetworkControl)
CARRY(of_interface, HNETINTERFACE, ClusterNetInterfaceControl)

/* All clients of one role use the same handle of the library, so what this one was granted counts
 * here. Stopping a cluster is a change, too. */
static DWORD get_cluster(ClusapidCall *call, gpointer granted, DWORD code, HCLUSTER *ret_cluster)
{
    gboolean modifies = (code & MODIFIES) != 0 || code == CLUSCTL_CLUSTER_SHUTDOWN;
    if (modifies && GPOINTER_TO_UINT(granted) != GENERIC_ALL) {
        return ERROR_ACCESS_DENIED;
    }
    return clusapid_cluster(call, ret_cluster);
}

static DWORD of_cluster(ClusapidCall *call, gpointer object, Control *control)
{
    HCLUSTER cluster;
    DWORD code = get_cluster(call, object, control->code, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : ClusterControl(cluster, control->host, control->code, control->in,
                                control->in_size, control->out, control->room, &control->size);
}

static DWORD of_type(ClusapidCall *call, gpointer object, Control *control)
{
    HCLUSTER cluster;
    DWORD code = get_cluster(call, object, control->code, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : ClusterResourceTypeControl(cluster, call->values[1].text, control->host,
                                            control->code, control->in, control->in_size,
                                            control->out, control->room, &control->size);
}

#define CONTROL(method, kind, carry)                                                               \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        return carry_out(call, kind, 1, -1, carry);                                                \
    }                                                                                              \
    static DWORD method##_on_node(ClusapidCall *call)                                              \
    {                                                                                              \
        return carry_out(call, kind, 2, 1, carry);                                                 \
    }

CONTROL(control_cluster, CLUSAPID_CLUSTER, of_cluster)
CONTROL(control_node, CLUSAPID_NODE, of_node)
CONTROL(control_group, CLUSAPID_GROUP, of_group)
CONTROL(control_groupset, CLUSAPID_GROUPSET, of_groupset)
CONTROL(control_resource, CLUSAPID_RESOURCE, of_resource)
CONTROL(control_network, CLUSAPID_NETWORK, of_network)
CONTROL(control_interface, CLUSAPID_NETINTERFACE, of_interface)

static DWORD control_type(ClusapidCall *call)
{
    return carry_out(call, CLUSAPID_CLUSTER, 2, -1, of_type);
}

static DWORD control_type_on_node(ClusapidCall *call)
{
    return carry_out(call, CLUSAPID_CLUSTER, 3, 2, of_type);
}

static const ClusapidRow rows[] = {
    {CL_OP_NodeResourceControl, control_resource_on_node},
    {CL_OP_ResourceControl, control_resource},
    {CL_OP_NodeResourceTypeControl, control_type_on_node},
    {CL_OP_ResourceTypeControl, control_type},
    {CL_OP_NodeGroupControl, control_group_on_node},
    {CL_OP_GroupControl, control_group},
    {CL_OP_NodeNodeControl, control_node_on_node},
    {CL_OP_NodeControl, control_node},
    {CL_OP_NodeNetworkControl, control_network_on_node},
    {CL_OP_NetworkControl, control_network},
    {CL_OP_NodeNetInterfaceControl, control_interface_on_node},
    {CL_OP_NetInterfaceControl, control_interface},
    {CL_OP_NodeClusterControl, control_cluster_on_node},
    {CL_OP_ClusterControl, control_cluster},
    {CL_OP_NodeGroupSetControl, control_groupset_on_node},
    {CL_OP_GroupSetControl, control_groupset},
};

CLUSAPID_FAMILY(clusapid_control_methods, rows);
