/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The nodes: those of the status, with what the CIB and Corosync have of them; and those that only
 * Corosync knows.
 */
#include <string.h>
#include <unistd.h>

#include "model.h"
#include "text.h"
#include "xml.h"

/* Corosync and Pacemaker have it, and the DC has not let it join yet. */
static gboolean is_joining(const ClPcmkModel *model, const char *uuid)
{
    const xmlNode *states = cl_xml_first(xmlDocGetRootElement(model->cib), "status");
    const xmlNode *state = cl_xml_child_with(states, "node_state", "id", uuid);
    const char *there = cl_xml_get(state, "in_ccm");
    /* Later versions say since when. */
    gboolean online =
        g_strcmp0(cl_xml_get(state, "crmd"), "online") == 0 || cl_xml_number(state, "crmd", 0) > 0;
    return (cl_xml_text_is_true(there) || cl_xml_number(state, "in_ccm", 0) > 0) && online &&
           g_strcmp0(cl_xml_get(state, "join"), "member") != 0;
}

static gint32 state_of(const ClPcmkModel *model, const xmlNode *status, const char *uuid)
{
    gboolean online = cl_xml_is_true(status, "online");
    if (cl_xml_is_true(status, "pending") ||
        (!online && g_strcmp0(cl_xml_get(status, "type"), "member") == 0 &&
         is_joining(model, uuid))) {
        return ClusterNodeJoining;
    }
    if (!online) {
        return ClusterNodeDown;
    }
    return cl_xml_is_true(status, "standby") || cl_xml_is_true(status, "standby_onfail")
               ? ClusterNodePaused
               : ClusterNodeUp;
}

static const ClPcmkMember *member_of(const ClPcmkModel *model, guint32 nodeid)
{
    const GPtrArray *members = model->corosync->members;
    for (guint i = 0; members && nodeid != 0 && i < members->len; i++) {
        const ClPcmkMember *member = members->pdata[i];
        if (member->nodeid == nodeid) {
            return member;
        }
    }
    return NULL;
}

static gboolean is_local(const ClPcmkModel *model, const ClPcmkNode *node,
                         const ClPcmkMember *member)
{
    char host[256] = "";
    if (model->corosync->running) {
        return member && member->local;
    }
    (void)gethostname(host, sizeof host - 1);
    return cl_text_equal(host, node->object.name);
}

static ClPcmkNode *add_node(ClPcmkModel *model, const char *name, const char *uuid, guint32 nodeid)
{
    ClPcmkNode *node = g_new0(ClPcmkNode, 1);
    const ClPcmkMember *member = member_of(model, nodeid);
    cl_pcmk_model_enter(model, &node->object, CL_KIND_NODE, name, uuid);
    node->uuid = g_strdup(uuid);
    node->nodeid = nodeid;
    node->votes = member ? member->votes : 0;
    node->object.element = cl_xml_child_with(
        cl_xml_at(xmlDocGetRootElement(model->cib), "configuration/nodes"), "node", "id", uuid);
    g_ptr_array_add(model->nodes, node);
    if (is_local(model, node, member)) {
        model->local = node;
    }
    return node;
}

/* 0 for what is none: of clusters older than Corosync 2. */
static guint32 nodeid_of(const char *uuid)
{
    guint64 nodeid = 0;
    return g_ascii_string_to_unsigned(uuid, 10, 1, G_MAXUINT32, &nodeid, NULL) ? (guint32)nodeid
                                                                               : 0;
}

static void add_from_status(ClPcmkModel *model, const xmlNode *status)
{
    const char *name = cl_xml_get(status, "name");
    const char *uuid = cl_xml_get(status, "id");
    gboolean remote = g_strcmp0(cl_xml_get(status, "type"), "remote") == 0;
    if (!name || !*name || !uuid || cl_pcmk_model_find_id(model, CL_KIND_NODE, uuid)) {
        return;
    }
    ClPcmkNode *node = add_node(model, name, uuid, remote ? 0 : nodeid_of(uuid));
    node->remote = remote;
    node->guest = cl_xml_get(status, "id_as_resource") != NULL;
    node->standby = cl_xml_is_true(status, "standby");
    node->maintenance = cl_xml_is_true(status, "maintenance");
    node->n_running = (guint)cl_xml_number(status, "resources_running", 0);
    node->object.state = model->connected ? state_of(model, status, uuid) : ClusterNodeStateUnknown;
}

/* Of Corosync's list, and not yet in the CIB. */
static void add_from_corosync(ClPcmkModel *model, const ClPcmkMember *member)
{
    g_autofree char *uuid = g_strdup_printf("%u", member->nodeid);
    if (cl_pcmk_model_find_id(model, CL_KIND_NODE, uuid) || !member->name) {
        return;
    }
    ClPcmkNode *node = add_node(model, member->name, uuid, member->nodeid);
    node->object.state = model->connected ? ClusterNodeDown : ClusterNodeStateUnknown;
}

/* Remote ones last. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const ClPcmkNode *left = *(const ClPcmkNode *const *)a;
    const ClPcmkNode *right = *(const ClPcmkNode *const *)b;
    if (left->remote != right->remote) {
        return left->remote ? 1 : -1;
    }
    if (left->nodeid != right->nodeid) {
        return left->nodeid < right->nodeid ? -1 : 1;
    }
    return strcmp(left->object.name, right->object.name);
}

void cl_pcmk_model_add_nodes(ClPcmkModel *model, const ClPcmkSources *sources)
{
    const xmlNode *nodes = cl_xml_first(sources->status, "nodes");
    const GPtrArray *members = model->corosync->members;
    for (xmlNode *at = cl_xml_first(nodes, "node"); at; at = cl_xml_next(at, "node")) {
        add_from_status(model, at);
    }
    for (guint i = 0; members && i < members->len; i++) {
        add_from_corosync(model, members->pdata[i]);
    }
    g_ptr_array_sort(model->nodes, compare);
}
