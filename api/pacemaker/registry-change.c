/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands on the cluster database as one edit of the CIB: all of them, or none. */
#include "registry.h"

#include <string.h>

#include "agents.h"
#include "properties.h"
#include "security-descriptor.h"
#include "text.h"

/* Those of FILETIME: 100 ns since 1601. */
static guint64 time_now(void)
{
    return ((guint64)g_get_real_time() + G_GUINT64_CONSTANT(11644473600000000)) * 10;
}

/* --- Keys --------------------------------------------------------------------------------------- */

static gboolean create_key(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                           const char *path, GError **error)
{
    ClPcmkKeyPlace place;
    if (cl_pcmk_registry_find(view, path, &place, NULL, NULL)) {
        return !change->must_be_new ||
               cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "the key is there");
    }
    return cl_pcmk_registry_make(view, path, &place, error);
}

/* One that is not there is no error. */
static gboolean delete_key(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                           const char *path, GError **error)
{
    ClPcmkKeyPlace place;
    if (!cl_pcmk_registry_find(view, path, &place, NULL, NULL)) {
        return TRUE;
    }
    if (place.type != CL_PCMK_KEY_PLAIN) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the key goes with the object that it is of");
    }
    if (change->must_be_lone && place.key->keys->len > 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the key holds others");
    }
    place.key->parent->written = view->now;
    cl_pcmk_key_remove(place.key);
    return TRUE;
}

/* What is not set stays as it was, also when it was inherited. */
static gboolean set_security(const ClPcmkView *view, const char *path,
                             const ClRegistryCommand *command, GError **error)
{
    ClPcmkKeyPlace place;
    if (!command->data || !cl_security_are_parts(command->type)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown parts of a descriptor");
    }
    if (!cl_pcmk_registry_find(view, path, &place, NULL, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) former = cl_pcmk_registry_security(&place);
    g_autoptr(GBytes) merged = cl_security_merge(former, command->data, command->type);
    if (!merged) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no security descriptor");
    }
    if (!cl_pcmk_registry_make(view, path, &place, error)) {
        return FALSE;
    }
    g_clear_pointer(&place.key->security, g_bytes_unref);
    place.key->security = g_steal_pointer(&merged);
    return TRUE;
}

/* --- Values ------------------------------------------------------------------------------------- */

/* Common properties are set by the control functions alone. */
static gboolean check_shown(const ClPcmkKeyPlace *place, const char *name, GError **error)
{
    gboolean is_shown =
        (place->type == CL_PCMK_KEY_OBJECT && cl_pcmk_row_find(place->kind, name)) ||
        (place->type == CL_PCMK_KEY_ROOT && cl_pcmk_row_find(CL_KIND_CLUSTER, name));
    return !is_shown ||
           cl_fail(error, ERROR_ACCESS_DENIED, "%s is a property, which is not set here", name);
}

/* A value of Parameters is the property itself. */
static gboolean set_property(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                             const ClPcmkKeyPlace *place, ClProperty *property, GError **error)
{
    g_autoptr(GPtrArray) list = cl_properties_new();
    ClObject object = {.kind = place->kind, .id = place->object ? place->object->id : NULL};
    ClPcmkPropertyChange set = {
        .object = place->object ? &object : NULL, .set = CL_PROPERTIES_PRIVATE, .properties = list};
    g_ptr_array_add(list, property);
    if (place->kind == CL_KIND_CLUSTER && change->agents) {
        set.agent = g_hash_table_lookup(change->agents, CL_PCMK_AGENT_OF_CLUSTER);
    }
    if (place->kind == CL_KIND_RESOURCE) {
        set.type = ((const ClPcmkResource *)place->object)->type;
        set.agent = change->agents ? g_hash_table_lookup(change->agents, set.type) : NULL;
        if (!set.agent) {
            return cl_fail(error, ERROR_RESOURCE_NOT_AVAILABLE, "the resource is another one now");
        }
    }
    return cl_pcmk_properties_edit(view->cib, view->model, &set, error);
}

static gboolean store_value(const ClPcmkView *view, const char *path,
                            const ClRegistryCommand *command, GError **error)
{
    ClPcmkKeyPlace place;
    if (!cl_text_is_valid(command->value)) {
        return cl_fail(error, ERROR_NO_UNICODE_TRANSLATION, "no name of a value");
    }
    if (!cl_pcmk_registry_make(view, path, &place, error)) {
        return FALSE;
    }
    cl_pcmk_key_set(place.key, command->value, command->type, command->data);
    place.key->written = view->now;
    return TRUE;
}

static gboolean set_value(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                          const char *path, const ClRegistryCommand *command, GError **error)
{
    ClPcmkKeyPlace place;
    if (!cl_registry_check_value(command, CL_PCMK_REGISTRY_DATA_MAX, error) ||
        !cl_pcmk_registry_find(view, path, &place, NULL, error) ||
        !check_shown(&place, command->value, error)) {
        return FALSE;
    }
    if (place.type != CL_PCMK_KEY_PARAMETERS) {
        return store_value(view, path, command, error);
    }
    ClProperty *property = cl_registry_property_of(command, NULL);
    return property ? set_property(view, change, &place, property, error)
                    : cl_fail(error, ERROR_INVALID_PARAMETER, "no property can have this value");
}

/* One that is not there is no error. */
static gboolean delete_value(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                             const char *path, const ClRegistryCommand *command, GError **error)
{
    ClPcmkKeyPlace place;
    g_autoptr(GBytes) data = NULL;
    guint32 type;
    if (!cl_pcmk_registry_find(view, path, &place, NULL, error) ||
        !check_shown(&place, command->value, error)) {
        return FALSE;
    }
    if (place.type == CL_PCMK_KEY_PARAMETERS) {
        cl_pcmk_registry_read(view, &place, command->value, &type, &data);
        return !data ||
               set_property(view, change, &place,
                            cl_property_new_text(command->value, CLUSPROP_FORMAT_SZ, ""), error);
    }
    if (place.key && cl_pcmk_key_unset(place.key, command->value)) {
        place.key->written = view->now;
    }
    return TRUE;
}

/* --- Conditions --------------------------------------------------------------------------------- */

static gboolean check_condition(const ClPcmkView *view, const char *path,
                                const ClRegistryCommand *command, GError **error)
{
    ClPcmkKeyPlace place;
    g_autoptr(GBytes) data = NULL;
    guint32 type = 0;
    gboolean holds;
    gboolean exists = cl_pcmk_registry_find(view, path, &place, NULL, NULL);
    if (command->command == CLUSREG_CONDITION_KEY_EXISTS) {
        holds = exists;
    } else if (command->command == CLUSREG_CONDITION_KEY_NOT_EXISTS) {
        holds = !exists;
    } else {
        if (exists) {
            cl_pcmk_registry_read(view, &place, command->value, &type, &data);
        }
        holds = cl_registry_condition_holds(command, type, data);
    }
    return holds || cl_fail(error, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED,
                            "a condition does not hold");
}

/* --- Objects that are gone ---------------------------------------------------------------------- */

/* Those whose objects others delete, too. Networks are there as long as Corosync runs. */
static const struct {
    ClKind kind;
    const char *name;
} holders[] = {{CL_KIND_GROUP, "Groups"}, {CL_KIND_NODE, "Nodes"}, {CL_KIND_RESOURCE, "Resources"}};

/* What was kept for objects that Pacemaker's own tools have deleted: else it would be that of the next
 * one of the name. Whether there was any. */
static gboolean forget_lost(ClPcmkRegistry *registry, const ClPcmkModel *model)
{
    gboolean found = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(holders); i++) {
        const ClPcmkKey *of_kind = cl_pcmk_key_child(registry->root, holders[i].name);
        for (guint j = of_kind ? of_kind->keys->len : 0; j > 0; j--) {
            ClPcmkKey *key = of_kind->keys->pdata[j - 1];
            if (!cl_pcmk_model_find_id(model, holders[i].kind, key->name)) {
                cl_pcmk_key_remove(key);
                found = TRUE;
            }
        }
    }
    return found;
}

void cl_pcmk_registry_forget_lost(xmlNode *cib, const ClPcmkModel *model)
{
    g_autoptr(ClPcmkRegistry) registry = cl_pcmk_registry_parse(cib);
    if (forget_lost(registry, model)) {
        (void)cl_pcmk_registry_write(cib, registry, NULL);
    }
}

void cl_pcmk_registry_forget(xmlNode *cib, ClKind kind, const char *id)
{
    g_autoptr(ClPcmkRegistry) registry = cl_pcmk_registry_parse(cib);
    for (gsize i = 0; i < G_N_ELEMENTS(holders); i++) {
        ClPcmkKey *of_kind =
            holders[i].kind == kind ? cl_pcmk_key_child(registry->root, holders[i].name) : NULL;
        ClPcmkKey *key = of_kind ? cl_pcmk_key_child(of_kind, id) : NULL;
        if (key) {
            cl_pcmk_key_remove(key);
            (void)cl_pcmk_registry_write(cib, registry, NULL);
        }
    }
}

/* --- All of them -------------------------------------------------------------------------------- */

static gboolean execute(const ClPcmkView *view, const ClPcmkRegistryChange *change,
                        const ClRegistryCommand *command, GError **error)
{
    g_autofree char *path = NULL;
    if (!cl_registry_join(change->key ? change->key->path : "", command->key, &path, error)) {
        return FALSE;
    }
    switch (command->command) {
    case CLUSREG_SET_VALUE:
        return set_value(view, change, path, command, error);
    case CLUSREG_DELETE_VALUE:
        return delete_value(view, change, path, command, error);
    case CLUSREG_CREATE_KEY:
        return create_key(view, change, path, error);
    case CLUSREG_DELETE_KEY:
        return delete_key(view, change, path, error);
    case CLUSREG_SET_KEY_SECURITY:
        return set_security(view, path, command, error);
    case CLUSREG_CONDITION_EXISTS:
    case CLUSREG_CONDITION_NOT_EXISTS:
    case CLUSREG_CONDITION_IS_EQUAL:
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
    case CLUSREG_CONDITION_IS_GREATER_THAN:
    case CLUSREG_CONDITION_IS_LESS_THAN:
    case CLUSREG_CONDITION_KEY_EXISTS:
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        return check_condition(view, path, command, error);
    default:
        return cl_fail(error, ERROR_INVALID_PARAMETER, "command %d changes nothing",
                       command->command);
    }
}

static gboolean changes_something(const ClRegistryWork *work)
{
    for (gsize i = 0; i < work->n_commands; i++) {
        switch (work->commands[i].command) {
        case CLUSREG_SET_VALUE:
        case CLUSREG_DELETE_VALUE:
        case CLUSREG_CREATE_KEY:
        case CLUSREG_DELETE_KEY:
        case CLUSREG_SET_KEY_SECURITY:
            return TRUE;
        default:
            break;
        }
    }
    return FALSE;
}

/* So that all nodes tell of it as one. */
static void note_batch(ClPcmkRegistry *registry, const char *path)
{
    registry->n_batches++;
    g_ptr_array_add(registry->batches, g_strdup(path));
    if (registry->batches->len > CL_PCMK_BATCHES) {
        g_ptr_array_remove_index(registry->batches, 0);
    }
}

gboolean cl_pcmk_registry_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                               GError **error)
{
    ClPcmkRegistryChange *change = data;
    const ClRegistryWork *work = change->work;
    g_autoptr(ClPcmkRegistry) registry = cl_pcmk_registry_parse(cib);
    const ClPcmkView view = {model, registry, cib, time_now()};
    ClPcmkKeyPlace place;
    change->failed = -1;
    if (!cl_pcmk_registry_find_open(&view, change->key, &place, error)) {
        return FALSE;
    }
    (void)forget_lost(registry, model);
    for (gsize i = 0; i < work->n_commands; i++) {
        if (!execute(&view, change, &work->commands[i], error)) {
            change->failed = (gint)i;
            return FALSE;
        }
    }
    if (work->flags & CL_REGISTRY_BATCH && changes_something(work)) {
        note_batch(registry, change->key ? change->key->path : "");
    }
    return cl_pcmk_registry_write(cib, registry, error);
}
