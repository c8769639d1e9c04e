/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of dependencies. Within a <group> each resource depends on those before it, which no
 * verb changes; beside that an order constraint of one resource or group on another is a dependency.
 * One on any of several has no place in the model, and is refused.
 */
#include "act.h"
#include "edit.h"
#include "expression.h"

/* Both kinds have a list of what they depend on, of objects of their own kind. */
static const GPtrArray *providers_of(const ClPcmkObject *object)
{
    return object->kind == CL_KIND_GROUP ? ((const ClPcmkGroup *)object)->providers
                                         : ((const ClPcmkResource *)object)->providers;
}

static const char *xml_id_of(const ClPcmkObject *object)
{
    return object->kind == CL_KIND_GROUP ? ((const ClPcmkGroup *)object)->xml_id
                                         : ((const ClPcmkResource *)object)->xml_id;
}

static const ClPcmkGroup *group_of(const ClPcmkObject *object)
{
    return object->kind == CL_KIND_GROUP ? (const ClPcmkGroup *)object
                                         : ((const ClPcmkResource *)object)->group;
}

/* Whether @from depends on @to, over any number of others. */
static gboolean reaches(const ClPcmkObject *from, const ClPcmkObject *to, GHashTable *seen)
{
    const GPtrArray *providers = providers_of(from);
    if (from == to) {
        return TRUE;
    }
    for (guint i = 0; g_hash_table_add(seen, (gpointer)from) && i < providers->len; i++) {
        const ClPcmkObject *provider = providers->pdata[i];
        if (!g_hash_table_contains(seen, provider) && reaches(provider, to, seen)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean depends(const ClPcmkObject *dependent, const ClPcmkObject *provider)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    return reaches(dependent, provider, seen);
}

/* --- What may depend on what -------------------------------------------------------------------- */

static gboolean check_online(const ClPcmkObject *dependent, const ClPcmkObject *provider,
                             GError **error)
{
    if (dependent->kind == CL_KIND_GROUP) {
        return TRUE;
    }
    gboolean refused =
        dependent->state == ClusterResourceOnlinePending ||
        (dependent->state == ClusterResourceOnline && provider->state != ClusterResourceOnline);
    return !refused || cl_fail(error, ERROR_RESOURCE_ONLINE, "the dependent is online");
}

static gboolean check_addition(const ClPcmkObject *dependent, const ClPcmkObject *provider,
                               GError **error)
{
    gboolean within = dependent->kind == CL_KIND_RESOURCE;
    if (dependent == provider) {
        return cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "it cannot depend on itself");
    }
    if (within && group_of(dependent) != group_of(provider)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the provider is in another group");
    }
    if (depends(dependent, provider)) {
        return cl_fail(error, ERROR_DEPENDENCY_ALREADY_EXISTS, "it depends on it already");
    }
    if (depends(provider, dependent)) {
        return cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "the provider depends on it");
    }
    if (group_of(dependent)->resources->len == 0 || group_of(provider)->resources->len == 0) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "a group without resources depends on nothing");
    }
    return check_online(dependent, provider, error) &&
           cl_pcmk_check_plain(group_of(dependent), error) &&
           cl_pcmk_check_plain(group_of(provider), error);
}

/* --- Constraints ------------------------------------------------------------------------------ */

static void add_order(ClPcmkAct *act, const ClPcmkObject *dependent, const ClPcmkObject *provider)
{
    const char *first = xml_id_of(provider);
    const char *then = xml_id_of(dependent);
    g_autofree char *id = cl_edit_new_id(act->cib, "clusapi-order-%s-%s", then, first);
    cl_edit_add(cl_edit_section(act->cib, "constraints"), "rsc_order", "id", id, "first", first,
                "then", then, "kind", "Mandatory", NULL);
}

static gboolean drop_order(ClPcmkAct *act, const ClPcmkObject *dependent,
                           const ClPcmkObject *provider, GError **error)
{
    gboolean any = FALSE;
    xmlNode *next = NULL;
    for (xmlNode *at = cl_xml_first(cl_edit_section(act->cib, "constraints"), "rsc_order");
         at != NULL; at = next) {
        next = cl_xml_next(at, "rsc_order");
        if (g_strcmp0(cl_xml_get(at, "first"), xml_id_of(provider)) == 0 &&
            g_strcmp0(cl_xml_get(at, "then"), xml_id_of(dependent)) == 0) {
            cl_edit_remove(at);
            any = TRUE;
        }
    }
    return any || cl_fail(error, ERROR_NOT_SUPPORTED,
                          "the order in a group, or a set of constraints, makes it depend");
}

/* --- The verbs -------------------------------------------------------------------------------- */

gboolean cl_pcmk_add_dependency(ClPcmkAct *act, GError **error)
{
    if (act->others[0] == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the provider is missing");
    }
    if (!check_addition(act->object, act->others[0], error)) {
        return FALSE;
    }
    if (act->action->verb == CL_ACT_ADD_DEPENDENCY) {
        add_order(act, act->object, act->others[0]);
    }
    return TRUE;
}

gboolean cl_pcmk_remove_dependency(ClPcmkAct *act, GError **error)
{
    const GPtrArray *providers = providers_of(act->object);
    if (!g_ptr_array_find((GPtrArray *)providers, act->others[0], NULL)) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND, "it does not depend on it");
    }
    return cl_pcmk_check_plain(group_of(act->object), error) &&
           cl_pcmk_check_plain(group_of(act->others[0]), error) &&
           drop_order(act, act->object, act->others[0], error);
}

/* The object that a name in an expression is for, which may be there once. */
static ClPcmkObject *find_provider(const ClPcmkAct *act, const char *name, const GPtrArray *wanted,
                                   GError **error)
{
    ClPcmkObject *provider = cl_pcmk_model_find(act->model, act->kind, name);
    if (provider == NULL) {
        (void)cl_fail(error, ERROR_INVALID_PARAMETER, "it cannot depend on \"%s\"", name);
        return NULL;
    }
    if (provider == act->object) {
        (void)cl_fail(error, ERROR_CIRCULAR_DEPENDENCY, "it cannot depend on itself");
        return NULL;
    }
    if (act->kind == CL_KIND_RESOURCE && group_of(provider) != group_of(act->object)) {
        (void)cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is in another group", name);
        return NULL;
    }
    if (g_ptr_array_find((GPtrArray *)wanted, provider, NULL)) {
        (void)cl_fail(error, ERROR_DEPENDENCY_ALREADY_EXISTS, "it names \"%s\" twice", name);
        return NULL;
    }
    return provider;
}

static gboolean read_clauses(const ClPcmkAct *act, const GPtrArray *clauses, GPtrArray *wanted,
                             GError **error)
{
    gboolean alternatives = FALSE;
    for (guint i = 0; i < clauses->len; i++) {
        const GPtrArray *names = clauses->pdata[i];
        alternatives = alternatives || names->len > 1;
        for (guint k = 0; k < names->len; k++) {
            ClPcmkObject *provider = find_provider(act, names->pdata[k], wanted, error);
            if (provider == NULL) {
                return FALSE;
            }
            g_ptr_array_add(wanted, provider);
        }
    }
    return !alternatives ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "nothing depends on one of several");
}

/* What is so already stays, in whatever way it is said. */
gboolean cl_pcmk_set_dependency_expression(ClPcmkAct *act, GError **error)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) clauses =
        cl_expression_parse(act->action->text ? act->action->text : "", &why);
    g_autoptr(GPtrArray) wanted = g_ptr_array_new();
    const GPtrArray *providers = providers_of(act->object);
    if (clauses == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s", why);
    }
    if (!read_clauses(act, clauses, wanted, error)) {
        return FALSE;
    }
    for (guint i = 0; i < providers->len; i++) {
        if (!g_ptr_array_find(wanted, providers->pdata[i], NULL) &&
            !(cl_pcmk_check_plain(group_of(providers->pdata[i]), error) &&
              drop_order(act, act->object, providers->pdata[i], error))) {
            return FALSE;
        }
    }
    for (guint i = 0; i < wanted->len; i++) {
        if (g_ptr_array_find((GPtrArray *)providers, wanted->pdata[i], NULL)) {
            continue;
        }
        if (!check_addition(act->object, wanted->pdata[i], error)) {
            return FALSE;
        }
        add_order(act, act->object, wanted->pdata[i]);
    }
    return TRUE;
}
