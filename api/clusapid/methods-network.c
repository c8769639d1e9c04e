/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Networks and network interfaces.
 */
#include "wire-states.h"

#include "call.h"

/* As the protocol bounds it. */
#define NETWORKS_MAX 1000

CLUSAPID_OPEN(open_network, open_network_ex, CLUSAPID_NETWORK, HNETWORK, OpenClusterNetworkEx)
CLUSAPID_CLOSE(close_network, CLUSAPID_NETWORK)
CLUSAPID_STATE(get_state, CLUSAPID_NETWORK, HNETWORK, GetClusterNetworkState)
CLUSAPID_WITH_TEXT(set_name, CLUSAPID_NETWORK, HNETWORK, SetClusterNetworkName)
CLUSAPID_GET_TEXT(get_id, CLUSAPID_NETWORK, HNETWORK, GetClusterNetworkId)

static void close_networks(HNETWORK *networks, guint n_networks)
{
    for (guint i = 0; i < n_networks; i++) {
        CloseClusterNetwork(networks[i]);
    }
    g_free(networks);
}

static DWORD set_priority_order(ClusapidCall *call)
{
    const GPtrArray *ids = call->values[1].rows;
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    guint n_wanted = ids ? ids->len : 0;
    guint n = 0;
    if (code != ERROR_SUCCESS || n_wanted > NETWORKS_MAX) {
        return code != ERROR_SUCCESS ? code : ERROR_INVALID_PARAMETER;
    }
    HNETWORK *networks = g_new0(HNETWORK, n_wanted + 1);
    while (n < n_wanted && code == ERROR_SUCCESS) {
        networks[n] = OpenClusterNetworkEx(cluster, ids->pdata[n], MAXIMUM_ALLOWED, NULL);
        code = networks[n] ? ERROR_SUCCESS : GetLastError();
        n += networks[n] != NULL;
    }
    if (code == ERROR_SUCCESS) {
        code = SetClusterNetworkPriorityOrder(cluster, n, networks);
    }
    close_networks(networks, n);
    return code;
}

/* --- Interfaces --------------------------------------------------------------------------------- */

static int wire_state(HNETINTERFACE interface)
{
    int state = (int)GetClusterNetInterfaceState(interface);
    return state == -1 ? -1 : (int)clusapid_wire_state((DWORD)state);
}

CLUSAPID_OPEN(open_interface, open_interface_ex, CLUSAPID_NETINTERFACE, HNETINTERFACE,
              OpenClusterNetInterfaceEx)
CLUSAPID_CLOSE(close_interface, CLUSAPID_NETINTERFACE)
CLUSAPID_STATE(get_interface_state, CLUSAPID_NETINTERFACE, HNETINTERFACE, wire_state)
CLUSAPID_CONTROL_TEXT(get_interface_id, CLUSAPID_NETINTERFACE, HNETINTERFACE,
                      ClusterNetInterfaceControl, CLUSCTL_NETINTERFACE_GET_ID)

static DWORD find_interface(ClusapidCall *call)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    do {
        code = GetClusterNetInterface(cluster, call->values[0].text, call->values[1].text,
                                      name.text, &name.size);
    } while (clusapid_text_again(code, &name, 1));
    if (code == ERROR_SUCCESS) {
        clusapid_text_give(&name, &call->values[2]);
    }
    return code;
}

static const ClusapidRow rows[] = {
    {CL_OP_OpenNetwork, open_network},
    {CL_OP_CloseNetwork, close_network},
    {CL_OP_GetNetworkState, get_state},
    {CL_OP_SetNetworkName, set_name},
    {CL_OP_GetNetworkId, get_id},
    {CL_OP_SetNetworkPriorityOrder, set_priority_order},
    {CL_OP_OpenNetInterface, open_interface},
    {CL_OP_CloseNetInterface, close_interface},
    {CL_OP_GetNetInterfaceState, get_interface_state},
    {CL_OP_GetNetInterface, find_interface},
    {CL_OP_GetNetInterfaceId, get_interface_id},
    {CL_OP_OpenNetworkEx, open_network_ex},
    {CL_OP_OpenNetInterfaceEx, open_interface_ex},
};

CLUSAPID_FAMILY(clusapid_network_methods, rows);
