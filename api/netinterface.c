/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of network interfaces.
 */
#include "object.h"
#include "text.h"

HNETINTERFACE OpenClusterNetInterface(HCLUSTER hCluster, LPCWSTR lpszInterfaceName)
{
    return cl_object_open(CL_KIND_NETINTERFACE, hCluster, lpszInterfaceName, GENERIC_ALL, NULL);
}

HNETINTERFACE OpenClusterNetInterfaceEx(HCLUSTER hCluster, LPCWSTR lpszInterfaceName,
                                        DWORD dwDesiredAccess, DWORD *lpdwGrantedAccess)
{
    return cl_object_open(CL_KIND_NETINTERFACE, hCluster, lpszInterfaceName, dwDesiredAccess,
                          lpdwGrantedAccess);
}

BOOL CloseClusterNetInterface(HNETINTERFACE hNetInterface)
{
    return cl_object_close(CL_KIND_NETINTERFACE, hNetInterface);
}

HCLUSTER GetClusterFromNetInterface(HNETINTERFACE hNetInterface)
{
    return cl_cluster_from(CL_KIND_NETINTERFACE, hNetInterface);
}

CLUSTER_NETINTERFACE_STATE GetClusterNetInterfaceState(HNETINTERFACE hNetInterface)
{
    return (CLUSTER_NETINTERFACE_STATE)cl_object_state(CL_KIND_NETINTERFACE, hNetInterface);
}

/* The one interface of a node on a network. */
static gboolean find_interface(HCLUSTER cluster, LPCWSTR wide_node, LPCWSTR wide_network,
                               ClItems **ret_items, GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    g_autofree char *node = NULL;
    g_autofree char *network = NULL;
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, cluster, CL_ACCESS_READ, error) ||
        !cl_text_from_wide(wide_node, &node, error) ||
        !cl_text_from_wide(wide_network, &network, error)) {
        return FALSE;
    }
    /* To an enumeration an empty name would mean any. */
    if (*node == '\0' || *network == '\0') {
        return cl_fail(
            error, *node == '\0' ? ERROR_CLUSTER_NODE_NOT_FOUND : ERROR_CLUSTER_NETWORK_NOT_FOUND,
            "an empty name names nothing");
    }
    ClEnumRequest request = {.types = CLUSTER_ENUM_NETINTERFACE, .node = node, .network = network};
    return use.backend->enumerate(use.connection, NULL, &request, &use.call, ret_items, error);
}

DWORD GetClusterNetInterface(HCLUSTER hCluster, LPCWSTR lpszNodeName, LPCWSTR lpszNetworkName,
                             LPWSTR lpszInterfaceName, LPDWORD lpcchInterfaceName)
{
    GError *error = NULL;
    g_autoptr(ClItems) items = NULL;
    if (lpcchInterfaceName == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!find_interface(hCluster, lpszNodeName, lpszNetworkName, &items, &error)) {
        return cl_error_take(error);
    }
    if (cl_items_count(items) == 0) {
        return ERROR_CLUSTER_NETINTERFACE_NOT_FOUND;
    }
    return cl_text_copy_out(cl_items_name(items, 0), lpszInterfaceName, lpcchInterfaceName);
}
