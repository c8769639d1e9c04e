/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs check before they change anything, and how groups and resources are found in the CIB
 * that is edited.
 */
#include <string.h>

#include "acl.h"
#include "act.h"
#include "edit.h"
#include "property-list.h"

/* --- Arguments -------------------------------------------------------------------------------- */

gboolean cl_pcmk_check_flags(const ClPcmkAct *act, guint32 known, guint32 meant, GError **error)
{
    guint32 flags = act->action->flags;
    if (flags & ~known) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown flags 0x%x", flags & ~known);
    }
    return !(flags & ~meant) ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "flags 0x%x have no meaning here", flags & ~meant);
}

gboolean cl_pcmk_check_input(const ClPcmkAct *act, const GPtrArray *resources, GError **error)
{
    gsize size = 0;
    gconstpointer data = act->action->in ? g_bytes_get_data(act->action->in, &size) : NULL;
    g_autoptr(GPtrArray) properties = NULL;
    if (size == 0) {
        return TRUE;
    }
    if (!cl_property_list_parse(data, size, &properties, error)) {
        return FALSE;
    }
    for (guint i = 0; i < resources->len; i++) {
        const ClPcmkResource *resource = resources->pdata[i];
        if (cl_properties_find(properties, resource->type) != NULL) {
            return cl_fail(error, ERROR_NOT_SUPPORTED, "a resource of type %s cannot be told how",
                           resource->type);
        }
    }
    return TRUE;
}

/* --- States ----------------------------------------------------------------------------------- */

gboolean cl_pcmk_is_pending(const ClPcmkResource *resource)
{
    return resource->object.state == ClusterResourceOnlinePending ||
           resource->object.state == ClusterResourceOfflinePending ||
           resource->object.state == ClusterResourcePending;
}

gboolean cl_pcmk_has_active(const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        if (resource->active || cl_pcmk_is_pending(resource)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_pcmk_check_idle(const ClPcmkGroup *group, GError **error)
{
    return group->object.state != ClusterGroupPending ||
           cl_fail(error, ERROR_INVALID_STATE, "the group is pending");
}

/* What Pacemaker does not manage it neither starts nor stops. */
gboolean cl_pcmk_check_managed(const ClPcmkGroup *group, GError **error)
{
    return group->managed || group->resources->len == 0 ||
           cl_fail(error, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS,
                   "the group has resources that are not managed");
}

gboolean cl_pcmk_check_node(const ClPcmkNode *node, GError **error)
{
    if (node->object.state == ClusterNodePaused) {
        return cl_fail(error, ERROR_SHARING_PAUSED, "the node is paused");
    }
    return node->object.state == ClusterNodeUp ||
           cl_fail(error, ERROR_HOST_NODE_NOT_AVAILABLE, "the node is not up");
}

gboolean cl_pcmk_is_possible(const ClPcmkResource *resource, const ClPcmkNode *node)
{
    return g_ptr_array_find(resource->possible, node, NULL);
}

gboolean cl_pcmk_can_host(const ClPcmkGroup *group, const ClPcmkNode *node)
{
    for (guint i = 0; i < group->resources->len; i++) {
        if (!cl_pcmk_is_possible(group->resources->pdata[i], node)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Elements --------------------------------------------------------------------------------- */

xmlNode *cl_pcmk_group_element(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    static const char *const names[] = {
        [CL_PCMK_GROUP] = "group",
        [CL_PCMK_PRIMITIVE] = "primitive",
        [CL_PCMK_CLONE] = NULL,
        [CL_PCMK_BUNDLE] = "bundle",
    };
    xmlNode *element = cl_edit_find(act->cib, names[group->shape], group->xml_id);
    if (element == NULL) {
        (void)cl_fail(error, ERROR_GROUP_NOT_AVAILABLE, "the group is gone");
    }
    return element;
}

xmlNode *cl_pcmk_resource_element(const ClPcmkAct *act, const ClPcmkResource *resource,
                                  GError **error)
{
    xmlNode *element = cl_edit_find(act->cib, "primitive", resource->xml_id);
    if (element == NULL) {
        (void)cl_fail(error, ERROR_NOT_SUPPORTED, "the resource is implied by a bundle");
    }
    return element;
}

gboolean cl_pcmk_check_plain(const ClPcmkGroup *group, GError **error)
{
    return group->shape == CL_PCMK_GROUP || group->shape == CL_PCMK_PRIMITIVE ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "the group is a part of a clone or bundle");
}

/* --- Failures --------------------------------------------------------------------------------- */

static gboolean has_failed(const ClPcmkResource *resource, const ClPcmkNode *node)
{
    for (guint i = 0; i < resource->fail_counts->len; i++) {
        const ClPcmkFailCount *failures = resource->fail_counts->pdata[i];
        if (failures->node == node && failures->count > 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What a node's history has of a resource: instances of a clone may be numbered there. */
static const xmlNode *find_history(const xmlNode *cib, const ClPcmkNode *node, const char *xml_id)
{
    const xmlNode *state =
        cl_xml_child_with(cl_xml_first(cib, "status"), "node_state", "id", node->uuid);
    const xmlNode *list = cl_xml_at(state, "lrm/lrm_resources");
    const xmlNode *history = cl_xml_child_with(list, "lrm_resource", "id", xml_id);
    gsize length = strlen(xml_id);
    for (const xmlNode *at = cl_xml_first(list, "lrm_resource"); history == NULL && at != NULL;
         at = cl_xml_next(at, "lrm_resource")) {
        const char *id = cl_xml_get(at, "id");
        history = id && strncmp(id, xml_id, length) == 0 && id[length] == ':' ? at : NULL;
    }
    return history;
}

static gboolean has_failures(const xmlNode *history)
{
    for (const xmlNode *at = cl_xml_first(history, "lrm_rsc_op"); at != NULL;
         at = cl_xml_next(at, "lrm_rsc_op")) {
        const char *id = cl_xml_get(at, "id");
        if (id != NULL && g_str_has_suffix(id, "_last_failure_0")) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A remote node is reached by the node that runs its connection, a resource of its name. */
static char *router_of(const ClPcmkModel *model, const ClPcmkNode *node)
{
    const ClPcmkResource *connection =
        node->remote ? cl_pcmk_model_resource_of_xml(model, node->object.name, NULL) : NULL;
    return connection && connection->node ? g_strdup(connection->node->object.name) : NULL;
}

ClPcmkRequest *cl_pcmk_request_new(const ClPcmkAct *act, ClPcmkWhat what, const ClPcmkNode *node,
                                   const ClPcmkResource *resource)
{
    ClPcmkRequest *request = g_new0(ClPcmkRequest, 1);
    request->what = what;
    request->node = g_strdup(node->object.name);
    request->router = router_of(act->model, node);
    request->nodeid = node->nodeid;
    request->remote = node->remote;
    request->online =
        node->object.state == ClusterNodeUp || node->object.state == ClusterNodePaused;
    if (resource != NULL) {
        const xmlNode *history = find_history(act->cib, node, resource->xml_id);
        g_auto(GStrv) parts = g_strsplit(resource->type, ":", 3);
        guint n = g_strv_length(parts);
        request->resource = g_strdup(history ? cl_xml_get(history, "id") : resource->xml_id);
        request->standard = g_strdup(n > 0 ? parts[0] : "");
        request->provider = n > 2 ? g_strdup(parts[1]) : NULL;
        request->agent = g_strdup(n > 1 ? parts[n - 1] : "");
        request->history = history != NULL;
    }
    return request;
}

/* Of what runs there the history stays: without it it would look offline until it was probed. */
void cl_pcmk_request_clean(ClPcmkAct *act, const ClPcmkResource *resource)
{
    for (guint i = 0; i < act->model->nodes->len; i++) {
        const ClPcmkNode *node = act->model->nodes->pdata[i];
        const xmlNode *history = find_history(act->cib, node, resource->xml_id);
        gboolean runs = resource->active && resource->node == node && !resource->failed;
        if (has_failed(resource, node) || (!runs && has_failures(history))) {
            ClPcmkRequest *request = cl_pcmk_request_new(act, CL_PCMK_CLEAN, node, resource);
            request->history = history != NULL && !runs && has_failures(history);
            g_ptr_array_add(act->requests, request);
        }
    }
}

gboolean cl_pcmk_check_requests(const ClPcmkAct *act, GError **error)
{
    return cl_pcmk_acl_check(xmlDocGetRootElement(act->model->cib), act->requests, act->user,
                             error);
}

void cl_pcmk_request_forget(ClPcmkAct *act, const ClPcmkResource *resource)
{
    for (guint i = 0; i < act->model->nodes->len; i++) {
        const ClPcmkNode *node = act->model->nodes->pdata[i];
        if (find_history(act->cib, node, resource->xml_id) != NULL || has_failed(resource, node)) {
            g_ptr_array_add(act->requests, cl_pcmk_request_new(act, CL_PCMK_CLEAN, node, resource));
        }
    }
}
