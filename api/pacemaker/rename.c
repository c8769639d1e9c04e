/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rename(): another id for a group or a resource, with all that refers to it, or another name for the
 * cluster, each as one change. Objects keep their ids of the API by identity.h. Any thread calls it;
 * edits run on the engine's.
 */
#include "create.h"

#include <string.h>

#include "edit.h"
#include "empty-group.h"
#include "identity.h"
#include "move.h"
#include "text.h"

#define OPTIONS "cib-bootstrap-options"

static void rename_element(ClPcmkRenaming *renaming, xmlNode *element)
{
    g_autofree char *former = g_strdup(cl_xml_get(element, "id"));
    cl_edit_set(element, "id", renaming->name);
    cl_edit_rename_references(renaming->act.cib, former, renaming->name);
}

static void keep_identity(const ClPcmkRenaming *renaming, const ClPcmkObject *object)
{
    cl_pcmk_identity_keep(renaming->act.cib, object->kind, object->name, renaming->name,
                          object->id);
}

static void keep_owner(const ClPcmkRenaming *renaming, const ClPcmkGroup *group)
{
    xmlNode *cib = renaming->act.cib;
    g_autofree char *node = g_strdup(cl_pcmk_owner(cib, group->xml_id));
    cl_pcmk_owner_keep(cib, group->xml_id, NULL);
    cl_pcmk_owner_keep(cib, renaming->name, node);
}

/* --- Resources -------------------------------------------------------------------------------- */

/* Pacemaker knows what runs by its id. One that is alone gives its name to its group. */
static gboolean rename_resource(ClPcmkRenaming *renaming, const ClPcmkResource *resource,
                                GError **error)
{
    ClPcmkAct *act = &renaming->act;
    if (!cl_pcmk_check_plain(resource->group, error)) {
        return FALSE;
    }
    if (resource->active || cl_pcmk_is_pending(resource)) {
        return cl_fail(error, ERROR_RESOURCE_ONLINE, "the resource is not offline");
    }
    xmlNode *element = cl_pcmk_resource_element(act, resource, error);
    if (element == NULL) {
        return FALSE;
    }
    cl_pcmk_request_forget(act, resource);
    rename_element(renaming, element);
    keep_identity(renaming, &resource->object);
    if (resource->group->shape == CL_PCMK_PRIMITIVE) {
        keep_identity(renaming, &resource->group->object);
        keep_owner(renaming, resource->group);
    }
    return TRUE;
}

/* --- Groups ----------------------------------------------------------------------------------- */

static gboolean rename_group(ClPcmkRenaming *renaming, const ClPcmkGroup *group, GError **error)
{
    ClPcmkAct *act = &renaming->act;
    if (group->shape == CL_PCMK_PRIMITIVE) {
        return rename_resource(renaming, group->resources->pdata[0], error);
    }
    if (!cl_pcmk_check_plain(group, error)) {
        return FALSE;
    }
    keep_owner(renaming, group);
    if (cl_pcmk_empty_group_exists(act->cib, group->object.name)) {
        xmlNode *opened = cl_pcmk_empty_group_open(act->cib, group->object.name);
        cl_edit_set(opened, "id", renaming->name);
        cl_pcmk_empty_group_close(act->cib, opened);
        keep_identity(renaming, &group->object);
        return TRUE;
    }
    xmlNode *element = cl_pcmk_group_element(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    rename_element(renaming, element);
    keep_identity(renaming, &group->object);
    return TRUE;
}

/* --- The cluster ------------------------------------------------------------------------------ */

static gboolean is_host_label(const char *name)
{
    gsize length = strlen(name);
    gsize usual = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return length > 0 && usual == length && name[0] != '-' && name[length - 1] != '-' &&
           strspn(name, "0123456789") < length;
}

/* Corosync's own name for it is in its file. */
static gboolean rename_cluster(ClPcmkRenaming *renaming, GError **error)
{
    ClPcmkAct *act = &renaming->act;
    if (cl_text_wide_length(renaming->name) > MAX_CLUSTERNAME_LENGTH) {
        return cl_fail(error, RPC_S_STRING_TOO_LONG, "the name is longer than %d",
                       MAX_CLUSTERNAME_LENGTH);
    }
    if (!is_host_label(renaming->name) ||
        cl_pcmk_model_find(act->model, CL_KIND_NODE, renaming->name) != NULL) {
        return cl_fail(error, ERROR_INVALID_NAME,
                       "it is 1 to 63 letters, digits and hyphens, and no node's name");
    }
    const xmlNode *options = cl_xml_at(act->cib, "configuration/crm_config");
    xmlNode *pair = (xmlNode *)cl_xml_nvpair(options, "cluster_property_set", "cluster-name");
    if (pair != NULL) {
        cl_edit_set(pair, "value", renaming->name);
    } else {
        cl_edit_set_property(act->cib, OPTIONS, "cluster-name", renaming->name);
    }
    cl_pcmk_identity_keep(act->cib, CL_KIND_CLUSTER, act->model->name, renaming->name,
                          act->model->id);
    act->result = ERROR_RESOURCE_PROPERTIES_STORED;
    return TRUE;
}

/* --- The operation ---------------------------------------------------------------------------- */

gboolean cl_pcmk_rename_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkRenaming *renaming = data;
    ClPcmkAct *act = &renaming->act;
    if (!cl_pcmk_act_begin(act, cib, model, error)) {
        return FALSE;
    }
    if (act->kind == CL_KIND_CLUSTER) {
        return rename_cluster(renaming, error);
    }
    if (act->kind != CL_KIND_GROUP && act->kind != CL_KIND_RESOURCE) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not renamed",
                       act->kind);
    }
    if (strcmp(renaming->name, act->object->name) == 0) {
        return TRUE;
    }
    if (!cl_pcmk_check_name(cib, model, renaming->name, act->object, ERROR_ALREADY_EXISTS, error)) {
        return FALSE;
    }
    gboolean done = act->kind == CL_KIND_GROUP
                        ? rename_group(renaming, (ClPcmkGroup *)act->object, error)
                        : rename_resource(renaming, (ClPcmkResource *)act->object, error);
    return done && cl_pcmk_check_requests(act, error);
}

gboolean cl_pcmk_rename(ClConnection *connection, const ClObject *object, const char *name,
                        const ClCall *call, guint32 *ret_result, GError **error)
{
    static const ClAction none;
    g_autofree char *user = NULL;
    if (!cl_pcmk_caller(call, &user, error)) {
        return FALSE;
    }
    ClPcmkRenaming renaming = {.name = name,
                               .act = {.action = &none,
                                       .kind = cl_pcmk_kind(object),
                                       .id = object ? object->id : NULL,
                                       .user = user,
                                       .now = g_get_real_time()}};
    g_autoptr(GError) failure = NULL;
    gboolean done = cl_pcmk_engine_change(connection->engine, cl_pcmk_rename_edit, &renaming, user,
                                          call, error);
    if (done &&
        !cl_pcmk_controller_ask(connection->engine, renaming.act.requests, call, &failure)) {
        g_debug("the history of the former name stays: %s", failure->message);
    }
    if (done) {
        *ret_result = renaming.act.result;
    }
    cl_pcmk_act_clear(&renaming.act);
    return done;
}
