/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * create(): groups, which are only names until they have a resource, and resources, each as one change.
 * What is new is offline until somebody takes it online. Any thread calls it; edits run on the engine's.
 */
#include "create.h"

#include <string.h>

#include "agents.h"
#include "edit.h"
#include "empty-group.h"
#include "identity.h"
#include "kinds.h"
#include "registry.h"

/* Pacemaker watches only what it is told to: as often as the agent advises, or so. */
#define MONITOR_INTERVAL "10s"

/* Names are ids in the CIB, of which there is one space for all that it has, and in which case counts;
 * among objects of a kind it does not. */
gboolean cl_pcmk_check_name(const xmlNode *cib, const ClPcmkModel *model, const char *name,
                            const ClPcmkObject *but, DWORD taken, GError **error)
{
    if (!cl_edit_is_id(name)) {
        return cl_fail(error, ERROR_INVALID_NAME, "\"%s\" can be no id in the CIB", name);
    }
    const ClPcmkObject *group = cl_pcmk_model_find(model, CL_KIND_GROUP, name);
    const ClPcmkObject *resource = cl_pcmk_model_find(model, CL_KIND_RESOURCE, name);
    gboolean free = (group == NULL || group == but) && (resource == NULL || resource == but) &&
                    cl_edit_find(cib, NULL, name) == NULL && !cl_pcmk_empty_group_exists(cib, name);
    return free || cl_fail(error, taken, "\"%s\" is in use", name);
}

/* What had the name before, and is called otherwise now, has the id that goes with it. */
static void give_identity(xmlNode *cib, const ClPcmkModel *model, const ClNewObject *what)
{
    g_autofree char *usual = cl_pcmk_identity(cib, what->kind, what->name);
    if (cl_pcmk_model_find_id(model, what->kind, usual) != NULL) {
        g_autofree char *random = g_uuid_string_random();
        cl_pcmk_identity_keep(cib, what->kind, what->name, what->name, random);
    }
}

/* --- Groups ----------------------------------------------------------------------------------- */

static gboolean create_group(const ClNewObject *what, xmlNode *cib, GError **error)
{
    if (what->group_type != ClusGroupTypeUnknown) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "groups have no types");
    }
    cl_pcmk_empty_group_add(cib, what->name);
    return TRUE;
}

xmlNode *cl_pcmk_group_for_members(ClPcmkAct *act, const ClPcmkGroup *group, GError **error)
{
    if (group->shape != CL_PCMK_GROUP) {
        (void)cl_fail(error, ERROR_NOT_SUPPORTED,
                      "a primitive that is alone, a clone or a bundle takes no resources");
        return NULL;
    }
    if (!cl_pcmk_empty_group_exists(act->cib, group->object.name)) {
        return cl_pcmk_group_element(act, group, error);
    }
    return cl_pcmk_empty_group_open(act->cib, group->object.name);
}

/* --- Resources -------------------------------------------------------------------------------- */

static xmlNode *add_primitive(xmlNode *cib, xmlNode *group, const char *name, const char *type,
                              const char *interval)
{
    g_auto(GStrv) parts = g_strsplit(type, ":", 3);
    guint n = g_strv_length(parts);
    xmlNode *primitive = cl_edit_add(group, "primitive", "id", name, "class", parts[0], "provider",
                                     n > 2 ? parts[1] : NULL, "type", parts[n - 1], NULL);
    cl_edit_set_meta(cib, primitive, "target-role", "Stopped");
    xmlNode *operations = cl_edit_add(primitive, "operations", NULL);
    g_autofree char *id = cl_edit_new_id(cib, "%s-monitor-%s", name, interval);
    cl_edit_add(operations, "op", "id", id, "name", "monitor", "interval", interval, NULL);
    return primitive;
}

static gboolean check_type(const ClPcmkModel *model, const char *type, const char **ret_type,
                           GError **error)
{
    const ClPcmkObject *found = cl_pcmk_model_find(model, CL_KIND_RESOURCE_TYPE, type);
    if (found == NULL && cl_pcmk_agents_has_unit(type)) {
        *ret_type = type;
        return TRUE;
    }
    if (found == NULL || strchr(found->name, ':') == NULL) {
        return cl_fail(error, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND, "there is no type \"%s\"",
                       type);
    }
    *ret_type = found->name;
    return TRUE;
}

/* A group that was empty was offline. */
static gboolean create_resource(ClPcmkCreation *creation, GError **error)
{
    ClPcmkAct *act = &creation->act;
    const ClPcmkGroup *group = (ClPcmkGroup *)act->object;
    const char *type = NULL;
    if (!check_type(act->model, creation->what->type, &type, error)) {
        return FALSE;
    }
    gboolean first = group->resources->len == 0;
    xmlNode *element = cl_pcmk_group_for_members(act, group, error);
    if (element == NULL) {
        return FALSE;
    }
    add_primitive(act->cib, element, creation->what->name, type,
                  creation->interval ? creation->interval : MONITOR_INTERVAL);
    if (first) {
        cl_edit_set_meta(act->cib, element, "target-role", "Stopped");
    }
    return TRUE;
}

/* --- The operation ---------------------------------------------------------------------------- */

gboolean cl_pcmk_create_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data, GError **error)
{
    ClPcmkCreation *creation = data;
    const ClNewObject *what = creation->what;
    if (!cl_pcmk_act_begin(&creation->act, cib, model, error) ||
        !cl_pcmk_check_name(cib, model, what->name, NULL, ERROR_OBJECT_ALREADY_EXISTS, error)) {
        return FALSE;
    }
    give_identity(cib, model, what);
    cl_pcmk_registry_forget_lost(cib, model);
    return what->kind == CL_KIND_GROUP ? create_group(what, cib, error)
                                       : create_resource(creation, error);
}

static gboolean check_kind(const ClNewObject *what, GError **error)
{
    if (what->kind != CL_KIND_GROUP && what->kind != CL_KIND_RESOURCE) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not created",
                       what->kind);
    }
    gboolean complete = what->kind == CL_KIND_GROUP ||
                        (what->parent && what->parent->kind == CL_KIND_GROUP && what->type);
    return complete ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "a resource needs a group and a type");
}

/* How long an agent may take to tell. */
#define PATIENCE_MS 1000

/* What the agent advises; NULL: it does not tell. */
static char *interval_of(ClConnection *connection, const ClNewObject *what, const ClCall *call)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    g_autoptr(ClPcmkAgent) agent = NULL;
    gint64 patience = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    const ClCall soon = {MIN(call->deadline, patience), call->cancellable};
    const ClPcmkObject *type = what->kind == CL_KIND_RESOURCE
                                   ? cl_pcmk_model_find(model, CL_KIND_RESOURCE_TYPE, what->type)
                                   : NULL;
    return type && cl_pcmk_agent_get(connection->engine, type->name, &soon, &agent, NULL)
               ? g_strdup(agent->interval)
               : NULL;
}

gboolean cl_pcmk_create(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                        ClObject **ret_object, GError **error)
{
    static const ClAction none;
    if (what->kind == CL_KIND_KEY) {
        return cl_pcmk_registry_create(connection, what, call, ret_object, error);
    }
    g_autofree char *user = NULL;
    if (!check_kind(what, error) || !cl_pcmk_caller(call, &user, error)) {
        return FALSE;
    }
    g_autofree char *interval = interval_of(connection, what, call);
    ClPcmkCreation creation = {
        .what = what, .interval = interval, .act = {.action = &none, .now = g_get_real_time()}};
    if (what->kind == CL_KIND_RESOURCE) {
        creation.act.kind = CL_KIND_GROUP;
        creation.act.id = what->parent->id;
    }
    gboolean done = cl_pcmk_engine_change(connection->engine, cl_pcmk_create_edit, &creation, user,
                                          call, error);
    cl_pcmk_act_clear(&creation.act);
    if (!done) {
        return FALSE;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    const ClPcmkObject *found = cl_pcmk_model_find(model, what->kind, what->name);
    if (found == NULL) {
        return cl_fail(error, cl_kind_gone(what->kind), "it was deleted again meanwhile");
    }
    *ret_object = cl_pcmk_object_new(found);
    return TRUE;
}
