/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of networks.
 */
#include "object.h"
#include "text.h"

HNETWORK OpenClusterNetwork(HCLUSTER hCluster, LPCWSTR lpszNetworkName)
{
    return cl_object_open(CL_KIND_NETWORK, hCluster, lpszNetworkName, GENERIC_ALL, NULL);
}

HNETWORK OpenClusterNetworkEx(HCLUSTER hCluster, LPCWSTR lpszNetworkName, DWORD dwDesiredAccess,
                              DWORD *lpdwGrantedAccess)
{
    return cl_object_open(CL_KIND_NETWORK, hCluster, lpszNetworkName, dwDesiredAccess,
                          lpdwGrantedAccess);
}

BOOL CloseClusterNetwork(HNETWORK hNetwork)
{
    return cl_object_close(CL_KIND_NETWORK, hNetwork);
}

HCLUSTER GetClusterFromNetwork(HNETWORK hNetwork)
{
    return cl_cluster_from(CL_KIND_NETWORK, hNetwork);
}

CLUSTER_NETWORK_STATE GetClusterNetworkState(HNETWORK hNetwork)
{
    return (CLUSTER_NETWORK_STATE)cl_object_state(CL_KIND_NETWORK, hNetwork);
}

DWORD GetClusterNetworkId(HNETWORK hNetwork, LPWSTR lpszNetworkId, LPDWORD lpcchName)
{
    return cl_object_id(CL_KIND_NETWORK, hNetwork, lpszNetworkId, lpcchName);
}
