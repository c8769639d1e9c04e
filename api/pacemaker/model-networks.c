/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Networks and their interfaces: Corosync's links as the local node sees them.
 */
#include <gio/gio.h>
#include <string.h>

#include "identity.h"
#include "model.h"

/* The first address of the subnet that an address is in; "" if it is none. */
static char *subnet_of(const char *address, guint prefix)
{
    g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(address);
    if (!inet || prefix == 0 || prefix > g_inet_address_get_native_size(inet) * 8) {
        return g_strdup("");
    }
    guint8 bytes[16] = {0};
    gsize size = g_inet_address_get_native_size(inet);
    memcpy(bytes, g_inet_address_to_bytes(inet), size);
    for (gsize i = 0; i < size; i++) {
        guint left = prefix > i * 8 ? MIN(prefix - (guint)i * 8, 8) : 0;
        bytes[i] &= (guint8)(0xff00u >> left);
    }
    g_autoptr(GInetAddress) network =
        g_inet_address_new_from_bytes(bytes, g_inet_address_get_family(inet));
    return g_inet_address_to_string(network);
}

static gint32 interface_state(const ClPcmkCorosyncFacts *corosync, const ClPcmkMember *member,
                              const ClPcmkLink *link)
{
    if (!corosync->running || !member->member) {
        return ClusterNetInterfaceUnavailable;
    }
    if (member->local) {
        return link->carrier ? ClusterNetInterfaceUp : ClusterNetInterfaceFailed;
    }
    return link->connected ? ClusterNetInterfaceUp : ClusterNetInterfaceUnreachable;
}

/* Among the nodes that are there: all, some or none of the others are reached. */
static gint32 network_state(const ClPcmkCorosyncFacts *corosync, guint number)
{
    guint others = 0;
    guint reached = 0;
    gboolean carrier = TRUE;
    for (guint i = 0; corosync->members && i < corosync->members->len; i++) {
        const ClPcmkMember *member = corosync->members->pdata[i];
        const ClPcmkLink *link = &member->links[number];
        if (member->local) {
            carrier = link->carrier;
        } else if (member->member && link->configured) {
            others++;
            reached += link->connected;
        }
    }
    return !corosync->running  ? ClusterNetworkUnavailable
           : !carrier          ? ClusterNetworkDown
           : reached == others ? ClusterNetworkUp
           : reached > 0       ? ClusterNetworkPartitioned
                               : ClusterNetworkDown;
}

static ClPcmkNetwork *add_network(ClPcmkModel *model, guint number)
{
    g_autofree char *name = g_strdup_printf("link%u", number);
    g_autofree char *id = cl_pcmk_identity(xmlDocGetRootElement(model->cib), CL_KIND_NETWORK, name);
    ClPcmkNetwork *network = g_new0(ClPcmkNetwork, 1);
    cl_pcmk_model_enter(model, &network->object, CL_KIND_NETWORK, name, id);
    network->link = number;
    network->interfaces = g_ptr_array_new();
    network->object.state = network_state(model->corosync, number);
    g_ptr_array_add(model->networks, network);
    return network;
}

static void add_interface(ClPcmkModel *model, ClPcmkNetwork *network, const ClPcmkMember *member)
{
    const ClPcmkLink *link = &member->links[network->link];
    g_autofree char *nodeid = g_strdup_printf("%u", member->nodeid);
    ClPcmkNode *node = (ClPcmkNode *)cl_pcmk_model_find_id(model, CL_KIND_NODE, nodeid);
    if (!node) {
        return;
    }
    g_autofree char *name = g_strdup_printf("%s - %s", node->object.name, network->object.name);
    g_autofree char *id =
        cl_pcmk_identity(xmlDocGetRootElement(model->cib), CL_KIND_NETINTERFACE, name);
    ClPcmkInterface *interface = g_new0(ClPcmkInterface, 1);
    cl_pcmk_model_enter(model, &interface->object, CL_KIND_NETINTERFACE, name, id);
    interface->node = node;
    interface->network = network;
    interface->address = g_strdup(link->address ? link->address : "");
    interface->object.state = interface_state(model->corosync, member, link);
    g_ptr_array_add(network->interfaces, interface);
    g_ptr_array_add(model->interfaces, interface);
}

static void fill_network(ClPcmkModel *model, ClPcmkNetwork *network)
{
    const GPtrArray *members = model->corosync->members;
    for (guint i = 0; i < members->len; i++) {
        const ClPcmkMember *member = members->pdata[i];
        const ClPcmkLink *link = &member->links[network->link];
        if (link->configured) {
            add_interface(model, network, member);
        }
        if (link->configured && link->prefix > 0 && !network->address) {
            network->prefix = link->prefix;
            network->address = subnet_of(link->address, link->prefix);
        }
    }
    if (!network->address) {
        network->address = g_strdup("");
    }
}

static gboolean is_configured(const ClPcmkModel *model, guint number)
{
    const GPtrArray *members = model->corosync->members;
    for (guint i = 0; members && i < members->len; i++) {
        if (((const ClPcmkMember *)members->pdata[i])->links[number].configured) {
            return TRUE;
        }
    }
    return FALSE;
}

void cl_pcmk_model_add_networks(ClPcmkModel *model)
{
    for (guint number = 0; number < CL_PCMK_LINKS_MAX; number++) {
        if (is_configured(model, number)) {
            fill_network(model, add_network(model, number));
        }
    }
}
