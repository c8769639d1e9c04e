/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * remove(), and destroying a group with all it holds, each as one change. What refers to a resource
 * goes with it; what Pacemaker knows of it is forgotten. Any thread calls it; edits run on the
 * engine's.
 */
#include "remove.h"

#include "acl.h"
#include "edit.h"
#include "empty-group.h"
#include "engine-internal.h"
#include "identity.h"
#include "kinds.h"
#include "move.h"
#include "registry.h"

/* --- Deleting --------------------------------------------------------------------------------- */

void cl_pcmk_group_lost(ClPcmkAct *act, xmlNode *parent)
{
    if (cl_xml_is(parent, "group") && cl_xml_first(parent, "primitive") == NULL) {
        g_autofree char *name = g_strdup(cl_xml_get(parent, "id"));
        cl_edit_drop_references(act->cib, name);
        cl_pcmk_empty_group_close(act->cib, parent);
    }
}

static void delete_resource(ClPcmkAct *act, const ClPcmkResource *resource, xmlNode *element)
{
    xmlNode *parent = element->parent;
    cl_pcmk_request_forget(act, resource);
    cl_edit_drop_references(act->cib, resource->xml_id);
    cl_pcmk_identity_forget(act->cib, CL_KIND_RESOURCE, resource->object.name);
    cl_pcmk_registry_forget(act->cib, CL_KIND_RESOURCE, resource->object.id);
    if (resource->group->shape == CL_PCMK_PRIMITIVE) {
        cl_pcmk_owner_keep(act->cib, resource->xml_id, NULL);
        cl_pcmk_identity_forget(act->cib, CL_KIND_GROUP, resource->group->object.name);
        cl_pcmk_registry_forget(act->cib, CL_KIND_GROUP, resource->group->object.id);
    }
    cl_edit_remove(element);
    cl_pcmk_group_lost(act, parent);
}

void cl_pcmk_delete_group(ClPcmkAct *act, const ClPcmkGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        xmlNode *element = cl_edit_find(act->cib, "primitive", resource->xml_id);
        if (element != NULL) {
            delete_resource(act, resource, element);
        }
    }
    cl_pcmk_empty_group_remove(act->cib, group->object.name);
    cl_pcmk_owner_keep(act->cib, group->xml_id, NULL);
    cl_pcmk_identity_forget(act->cib, CL_KIND_GROUP, group->object.name);
    cl_pcmk_registry_forget(act->cib, CL_KIND_GROUP, group->object.id);
}

/* --- What stands in the way ------------------------------------------------------------------- */

/* Members of a <group> that come after it only lose one of those before them; what a constraint names
 * would lose what it waits for. */
static gboolean check_dependents(const ClPcmkAct *act, const char *id, const xmlNode *element,
                                 GError **error)
{
    static const struct {
        const char *constraint, *attribute;
    } providers[] = {{"rsc_order", "first"}, {"rsc_colocation", "with-rsc"}};
    const xmlNode *constraints = cl_xml_at(act->cib, "configuration/constraints");
    for (gsize i = 0; i < G_N_ELEMENTS(providers); i++) {
        if (cl_xml_child_with(constraints, providers[i].constraint, providers[i].attribute, id)) {
            return cl_fail(error, ERROR_DEPENDENT_RESOURCE_EXISTS, "something depends on \"%s\"",
                           id);
        }
    }
    return cl_edit_find_user(act->cib, element) == NULL ||
           cl_fail(error, ERROR_DEPENDENT_RESOURCE_EXISTS, "something else uses a part of \"%s\"",
                   id);
}

static gboolean remove_resource(ClPcmkAct *act, GError **error)
{
    const ClPcmkResource *resource = (ClPcmkResource *)act->object;
    xmlNode *element = cl_pcmk_check_plain(resource->group, error)
                           ? cl_pcmk_resource_element(act, resource, error)
                           : NULL;
    if (element == NULL || !check_dependents(act, resource->xml_id, element, error)) {
        return FALSE;
    }
    if (resource->active || cl_pcmk_is_pending(resource)) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is not offline");
    }
    delete_resource(act, resource, element);
    return TRUE;
}

static gboolean remove_group(ClPcmkAct *act, GError **error)
{
    const ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    if (group->resources->len > 0 || !cl_pcmk_empty_group_exists(act->cib, group->object.name)) {
        return cl_fail(error, ERROR_DIR_NOT_EMPTY, "the group has resources");
    }
    cl_pcmk_delete_group(act, group);
    return TRUE;
}

/* --- Destroying ------------------------------------------------------------------------------- */

static gboolean check_destruction(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        const xmlNode *element = cl_pcmk_resource_element(act, resource, error);
        if (element == NULL || !check_dependents(act, resource->xml_id, element, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* When it is offline the service deletes it in its own name: for who could do so himself. */
static gboolean check_rights(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    xmlNode *cib = xmlDocGetRootElement(act->model->cib);
    xmlNode *copy = cl_xml_copy(cib);
    g_autoptr(GPtrArray) requests =
        g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
    ClPcmkAct trial = {.cib = copy, .model = act->model, .user = act->user, .requests = requests};
    cl_pcmk_delete_group(&trial, group);
    gboolean may = cl_pcmk_acl_check_change(cib, copy, act->user, error) &&
                   cl_pcmk_check_requests(&trial, error);
    cl_xml_free(copy);
    return may;
}

gboolean cl_pcmk_destroy_group(ClPcmkAct *act, GError **error)
{
    const ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    if (!cl_pcmk_check_plain(group, error) || !check_destruction(act, group, error)) {
        return FALSE;
    }
    if (!cl_pcmk_has_active(group)) {
        cl_pcmk_delete_group(act, group);
        return TRUE;
    }
    xmlNode *element =
        cl_pcmk_check_managed(group, error) ? cl_pcmk_group_element(act, group, error) : NULL;
    if (element == NULL || !check_rights(act, group, error)) {
        return FALSE;
    }
    /* Stopped in order first, as long as that takes; whichever service sees it stopped deletes it. */
    cl_pcmk_set_role(act, element, "Started");
    cl_pcmk_stop_for_now(act, element, CL_PCMK_DESTROY_PREFIX);
    act->result = ERROR_IO_PENDING;
    return TRUE;
}

/* --- The operation ---------------------------------------------------------------------------- */

gboolean cl_pcmk_remove_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkAct *act = data;
    if (!cl_pcmk_act_begin(act, cib, model, error)) {
        return FALSE;
    }
    switch (act->kind) {
    case CL_KIND_GROUP:
        return remove_group(act, error) && cl_pcmk_check_requests(act, error);
    case CL_KIND_RESOURCE:
        return remove_resource(act, error) && cl_pcmk_check_requests(act, error);
    default:
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not deleted",
                       act->kind);
    }
}

/* That nodes still know something of it is no reason to say that it is there. */
gboolean cl_pcmk_remove(ClConnection *connection, const ClObject *object, const ClCall *call,
                        GError **error)
{
    ClAction none = {0};
    g_autofree char *user = NULL;
    if (cl_pcmk_kind(object) == CL_KIND_KEY) {
        return cl_pcmk_registry_remove(connection, object, call, error);
    }
    if (!cl_pcmk_caller(call, &user, error)) {
        return FALSE;
    }
    g_auto(ClPcmkAct) act = {.action = &none,
                             .kind = cl_pcmk_kind(object),
                             .id = object ? object->id : NULL,
                             .user = user,
                             .now = g_get_real_time()};
    g_autoptr(GError) failure = NULL;
    if (!cl_pcmk_engine_change(connection->engine, cl_pcmk_remove_edit, &act, user, call, error)) {
        return FALSE;
    }
    if (!cl_pcmk_controller_ask(connection->engine, act.requests, call, &failure)) {
        g_debug("the history of what was deleted stays: %s", failure->message);
    }
    return TRUE;
}
