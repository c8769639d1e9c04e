/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * registry(): the cluster database, read from the newest model without waiting, and changed by several
 * commands as one change of the CIB. Any thread runs it.
 */
#include "registry.h"

#include "agents.h"
#include "security-descriptor.h"
#include "text.h"

/* --- Looking ------------------------------------------------------------------------------------ */

typedef struct {
    ClPcmkModel *model;
    ClPcmkRegistry *registry;
    ClPcmkView view;
} Look;

static void look_clear(Look *look)
{
    g_clear_pointer(&look->registry, cl_pcmk_registry_unref);
    g_clear_pointer(&look->model, cl_pcmk_model_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static Look look_at(ClConnection *connection)
{
    Look look = {.model = cl_pcmk_engine_model(connection->engine)};
    look.registry = cl_pcmk_registry_of(look.model);
    look.view = (ClPcmkView){.model = look.model, .registry = look.registry};
    return look;
}

static ClObject *new_key(const char *path, const ClPcmkKeyPlace *place)
{
    ClObject *object = g_new0(ClObject, 1);
    object->kind = CL_KIND_KEY;
    object->id = cl_pcmk_registry_identity(place);
    object->path = g_strdup(path);
    return object;
}

gboolean cl_pcmk_registry_open(ClConnection *connection, const char *path, ClAccess wanted,
                               const ClCall *call, ClObject **ret_key, ClAccess *ret_granted,
                               GError **error)
{
    ClPcmkKeyPlace place;
    g_autofree char *checked = NULL;
    g_autofree char *proper = NULL;
    ClAccess granted = wanted == CL_ACCESS_MAXIMUM ? connection->granted : wanted;
    (void)call;
    if ((granted == CL_ACCESS_ALL && !cl_pcmk_check_access(connection, error)) ||
        !cl_registry_join("", path, &checked, error)) {
        return FALSE;
    }
    g_auto(Look) look = look_at(connection);
    if (!cl_pcmk_registry_find(&look.view, checked, &place, &proper, error)) {
        return FALSE;
    }
    *ret_key = new_key(proper, &place);
    *ret_granted = granted;
    return TRUE;
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* One reply for each command: the value, or why there is none. */
static ClRegistryCommand *read_one(const ClPcmkView *view, const ClObject *key,
                                   const ClRegistryCommand *command)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = NULL;
    g_autoptr(GError) missing = NULL;
    ClPcmkKeyPlace place;
    guint32 type = 0;
    if (!cl_registry_join(key ? key->path : "", command->key, &path, &missing) ||
        !cl_pcmk_registry_find(view, path, &place, NULL, &missing)) {
        return cl_registry_reply_new(CLUSREG_READ_ERROR, command->key, command->value,
                                     (guint32)missing->code, NULL);
    }
    cl_pcmk_registry_read(view, &place, command->value, &type, &data);
    return cl_registry_reply_new(data ? CLUSREG_READ_VALUE : CLUSREG_READ_ERROR, command->key,
                                 command->value, data ? type : ERROR_FILE_NOT_FOUND, data);
}

/* The parts of it that are wanted. */
static GPtrArray *read_security(const ClPcmkKeyPlace *place, guint32 parts, GError **error)
{
    const guint32 known = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
                          DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION;
    if (!cl_security_are_parts(parts)) {
        (void)cl_fail(error, ERROR_INVALID_PARAMETER, "unknown parts of a descriptor");
        return NULL;
    }
    g_autoptr(GBytes) whole = cl_pcmk_registry_security(place);
    g_autoptr(GBytes) wanted = cl_security_merge(NULL, whole, parts & known);
    GPtrArray *replies = cl_registry_commands_new();
    g_ptr_array_add(replies,
                    cl_registry_reply_new(CLUSREG_SET_KEY_SECURITY, "", "", parts, wanted));
    return replies;
}

static GPtrArray *read_work(const ClPcmkView *view, const ClObject *key, const ClRegistryWork *work,
                            GError **error)
{
    ClPcmkKeyPlace place;
    if (!cl_pcmk_registry_find_open(view, key, &place, error)) {
        return NULL;
    }
    switch (work->request) {
    case CL_REGISTRY_ENUM_KEYS:
        return cl_pcmk_registry_keys(view, &place);
    case CL_REGISTRY_ENUM_VALUES:
        return cl_pcmk_registry_values(view, &place);
    case CL_REGISTRY_GET_SECURITY:
        return read_security(&place, work->n_commands > 0 ? work->commands[0].type : 0, error);
    default:
        break;
    }
    GPtrArray *replies = cl_registry_commands_new();
    for (gsize i = 0; i < work->n_commands; i++) {
        g_ptr_array_add(replies, read_one(view, key, &work->commands[i]));
    }
    return replies;
}

/* --- Changing ----------------------------------------------------------------------------------- */

static void unref_agent(gpointer agent)
{
    cl_pcmk_agent_unref(agent);
}

/* The agent that checks a value, if it is a property of a resource or of the cluster. */
static gboolean prepare_one(ClConnection *connection, const ClPcmkView *view, const char *path,
                            const ClCall *call, GHashTable *agents, GError **error)
{
    ClPcmkKeyPlace place;
    ClPcmkAgent *agent;
    if (!cl_pcmk_registry_find(view, path, &place, NULL, NULL) ||
        place.type != CL_PCMK_KEY_PARAMETERS ||
        (place.kind != CL_KIND_RESOURCE && place.kind != CL_KIND_CLUSTER)) {
        return TRUE;
    }
    const char *type =
        place.kind == CL_KIND_RESOURCE ? ((const ClPcmkResource *)place.object)->type : NULL;
    if (g_hash_table_contains(agents, type ? type : CL_PCMK_AGENT_OF_CLUSTER)) {
        return TRUE;
    }
    if (!cl_pcmk_agent_for_changes(connection->engine, type, call, &agent, error)) {
        return FALSE;
    }
    g_hash_table_insert(agents, g_strdup(type ? type : CL_PCMK_AGENT_OF_CLUSTER), agent);
    return TRUE;
}

static gboolean prepare(ClConnection *connection, const ClObject *key, const ClRegistryWork *work,
                        const ClCall *call, GHashTable *agents, GError **error)
{
    g_auto(Look) look = look_at(connection);
    for (gsize i = 0; i < work->n_commands; i++) {
        const ClRegistryCommand *command = &work->commands[i];
        g_autofree char *path = NULL;
        if ((command->command == CLUSREG_SET_VALUE || command->command == CLUSREG_DELETE_VALUE) &&
            cl_registry_join(key ? key->path : "", command->key, &path, NULL) &&
            !prepare_one(connection, &look.view, path, call, agents, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean change_work(ClConnection *connection, ClPcmkRegistryChange *change,
                            const ClCall *call, GError **error)
{
    g_autoptr(GHashTable) agents =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_agent);
    g_autofree char *user = NULL;
    change->agents = agents;
    change->failed = -1;
    return cl_pcmk_caller(call, &user, error) &&
           prepare(connection, change->key, change->work, call, agents, error) &&
           cl_pcmk_engine_change(connection->engine, cl_pcmk_registry_edit, change, user, call,
                                 error);
}

gboolean cl_pcmk_registry(ClConnection *connection, const ClObject *key, const ClRegistryWork *work,
                          const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                          GError **error)
{
    *ret_failed = -1;
    if (work->request == CL_REGISTRY_EXECUTE) {
        ClPcmkRegistryChange change = {.key = key, .work = work};
        gboolean done = change_work(connection, &change, call, error);
        *ret_failed = change.failed;
        if (done) {
            *ret_replies = cl_registry_commands_new();
        }
        return done;
    }
    g_auto(Look) look = look_at(connection);
    GPtrArray *replies = read_work(&look.view, key, work, error);
    if (replies) {
        *ret_replies = replies;
    }
    return replies != NULL;
}

/* --- Keys as objects ---------------------------------------------------------------------------- */

gboolean cl_pcmk_registry_create(ClConnection *connection, const ClNewObject *what,
                                 const ClCall *call, ClObject **ret_object, GError **error)
{
    const ClRegistryCommand commands[] = {
        {.command = CLUSREG_CREATE_KEY, .key = what->name, .value = ""},
        {.command = CLUSREG_SET_KEY_SECURITY,
         .key = what->name,
         .value = "",
         .type = what->security ? cl_security_parts(what->security) : 0,
         .data = what->security}};
    const ClRegistryWork work = {
        .request = CL_REGISTRY_EXECUTE, .commands = commands, .n_commands = what->security ? 2 : 1};
    ClPcmkRegistryChange change = {.key = what->parent, .work = &work, .must_be_new = TRUE};
    g_autofree char *path = NULL;
    g_autofree char *proper = NULL;
    ClPcmkKeyPlace place;
    if (!cl_registry_join(what->parent ? what->parent->path : "", what->name, &path, error) ||
        !change_work(connection, &change, call, error)) {
        return FALSE;
    }
    g_auto(Look) look = look_at(connection);
    if (!cl_pcmk_registry_find(&look.view, path, &place, &proper, NULL)) {
        return cl_fail(error, ERROR_KEY_DELETED, "the key was deleted again");
    }
    *ret_object = new_key(proper, &place);
    return TRUE;
}

/* Only a key without others below it is deleted so. */
gboolean cl_pcmk_registry_remove(ClConnection *connection, const ClObject *key, const ClCall *call,
                                 GError **error)
{
    const ClRegistryCommand command = {.command = CLUSREG_DELETE_KEY, .key = "", .value = ""};
    const ClRegistryWork work = {
        .request = CL_REGISTRY_EXECUTE, .commands = &command, .n_commands = 1};
    ClPcmkRegistryChange change = {.key = key, .work = &work, .must_be_lone = TRUE};
    return change_work(connection, &change, call, error);
}

/* --- Facts -------------------------------------------------------------------------------------- */

static void measure_keys(const GPtrArray *keys, ClFacts *facts)
{
    facts->key.n_subkeys = keys->len;
    for (guint i = 0; i < keys->len; i++) {
        guint32 length =
            (guint32)cl_text_wide_length(((const ClRegistryCommand *)keys->pdata[i])->key);
        facts->key.longest_subkey = MAX(facts->key.longest_subkey, length);
    }
}

static void measure_values(const GPtrArray *values, ClFacts *facts)
{
    facts->key.n_values = values->len;
    for (guint i = 0; i < values->len; i++) {
        const ClRegistryCommand *value = values->pdata[i];
        guint32 length = (guint32)cl_text_wide_length(value->value);
        guint32 size = (guint32)g_bytes_get_size(value->data);
        facts->key.longest_value = MAX(facts->key.longest_value, length);
        facts->key.largest_value = MAX(facts->key.largest_value, size);
    }
}

static void measure(const ClPcmkView *view, const ClPcmkKeyPlace *place, ClFacts *facts)
{
    g_autoptr(GPtrArray) keys = cl_pcmk_registry_keys(view, place);
    g_autoptr(GPtrArray) values = cl_pcmk_registry_values(view, place);
    g_autoptr(GBytes) security = cl_pcmk_registry_security(place);
    measure_keys(keys, facts);
    measure_values(values, facts);
    facts->key.write_time = place->key ? place->key->written : 0;
    facts->key.security_size = (guint32)g_bytes_get_size(security);
}

gboolean cl_pcmk_registry_query(ClConnection *connection, const ClObject *key, guint32 facts,
                                ClFacts *ret_facts, GError **error)
{
    ClPcmkKeyPlace place;
    if (facts & ~(guint32)(CL_FACT_NAME | CL_FACT_KEY)) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "keys have no such fact");
    }
    g_auto(Look) look = look_at(connection);
    if (!cl_pcmk_registry_find_open(&look.view, key, &place, error)) {
        return FALSE;
    }
    if (facts & CL_FACT_KEY) {
        measure(&look.view, &place, ret_facts);
    }
    if (facts & CL_FACT_NAME) {
        ret_facts->name = g_strdup(key ? key->path : "");
    }
    return TRUE;
}
