/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * registry(): the cluster database, read from one state of it, and changed by several commands as
 * one. Any thread runs it.
 */
#include "registry.h"

#include "events.h"
#include "security-descriptor.h"
#include "settle.h"
#include "text.h"

/* How much one reading may bring, in bytes. */
#define READ_MAX (64 * 1024 * 1024)

static gboolean find_sub(ClReader *reader, const ClObject *key, const char *sub, char **ret_path,
                         ClPlace *ret_place, GError **error)
{
    return cl_registry_join(key ? key->path : "", sub, ret_path, error) &&
           cl_registry_find(reader, *ret_path, ret_place, NULL, error);
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* One reply for each command: the value, or why there is none. */
static gboolean read_one(ClReader *reader, const ClObject *key, const ClRegistryCommand *command,
                         GPtrArray *replies, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = NULL;
    g_autoptr(GError) missing = NULL;
    ClPlace place;
    guint32 type = 0;
    if (!find_sub(reader, key, command->key, &path, &place, &missing)) {
        if (!g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND) &&
            !g_error_matches(missing, CL_ERROR, ERROR_INVALID_PARAMETER)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return FALSE;
        }
        g_ptr_array_add(replies,
                        cl_registry_reply_new(CLUSREG_READ_ERROR, command->key, command->value,
                                              (guint32)missing->code, NULL));
        return TRUE;
    }
    if (!cl_registry_read_value(reader, &place, command->value, &type, &data, error)) {
        return FALSE;
    }
    g_ptr_array_add(replies, cl_registry_reply_new(data ? CLUSREG_READ_VALUE : CLUSREG_READ_ERROR,
                                                   command->key, command->value,
                                                   data ? type : ERROR_FILE_NOT_FOUND, data));
    return TRUE;
}

static gboolean read_all(ClReader *reader, const ClObject *key, const ClRegistryWork *work,
                         GPtrArray *replies, GError **error)
{
    gsize size = 0;
    for (gsize i = 0; i < work->n_commands; i++) {
        if (!read_one(reader, key, &work->commands[i], replies, error)) {
            return FALSE;
        }
        size += cl_registry_command_size(replies->pdata[i]);
        if (size > READ_MAX) {
            return cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "the values are too much at once");
        }
    }
    return TRUE;
}

/* The parts of it that are wanted. */
static gboolean read_security(ClReader *reader, const ClPlace *place, guint32 parts,
                              GPtrArray *replies, GError **error)
{
    const guint32 known = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
                          DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION;
    g_autoptr(GBytes) whole = NULL;
    if (!cl_security_are_parts(parts)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown parts of a descriptor");
    }
    if (!cl_registry_get_security(reader, place, &whole, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) wanted = cl_security_merge(NULL, whole, parts & known);
    g_ptr_array_add(replies,
                    cl_registry_reply_new(CLUSREG_SET_KEY_SECURITY, "", "", parts, wanted));
    return TRUE;
}

static gboolean read_work(ClReader *reader, const ClObject *key, const ClRegistryWork *work,
                          GPtrArray *replies, GError **error)
{
    ClPlace place;
    if (!cl_registry_find_open(reader, key, &place, error)) {
        return FALSE;
    }
    switch (work->request) {
    case CL_REGISTRY_ENUM_KEYS:
        return cl_registry_list_keys(reader, &place, replies, error);
    case CL_REGISTRY_ENUM_VALUES:
        return cl_registry_list_values(reader, &place, replies, error);
    case CL_REGISTRY_GET_SECURITY:
        return read_security(reader, &place, work->n_commands > 0 ? work->commands[0].type : 0,
                             replies, error);
    default:
        return read_all(reader, key, work, replies, error);
    }
}

/* --- Conditions --------------------------------------------------------------------------------- */

static gboolean holds(ClReader *reader, const ClPlace *place, const ClRegistryCommand *command,
                      gboolean *ret_holds, GError **error)
{
    g_autoptr(GBytes) data = NULL;
    guint32 type = 0;
    switch (command->command) {
    case CLUSREG_CONDITION_KEY_EXISTS:
        *ret_holds = place != NULL;
        return TRUE;
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        *ret_holds = place == NULL;
        return TRUE;
    default:
        break;
    }
    if (place && !cl_registry_read_value(reader, place, command->value, &type, &data, error)) {
        return FALSE;
    }
    *ret_holds = cl_registry_condition_holds(command, type, data);
    return TRUE;
}

static gboolean check_condition(ClReader *reader, const char *path,
                                const ClRegistryCommand *command, GError **error)
{
    g_autoptr(GError) missing = NULL;
    ClPlace place;
    gboolean it_holds;
    gboolean exists = cl_registry_find(reader, path, &place, NULL, &missing);
    if (!exists && !g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return FALSE;
    }
    return holds(reader, exists ? &place : NULL, command, &it_holds, error) &&
           (it_holds || cl_fail(error, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED,
                                "a condition does not hold"));
}

/* --- Changing ----------------------------------------------------------------------------------- */

/* One that is there is left as it is, stored or not. */
static gboolean create_key(ClChange *change, const char *path, GError **error)
{
    ClPlace place;
    g_autoptr(GError) missing = NULL;
    if (cl_registry_find(cl_change_reader(change), path, &place, NULL, &missing)) {
        return TRUE;
    }
    if (!g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return FALSE;
    }
    return cl_registry_make(change, path, &place, error);
}

static gboolean execute(ClChange *change, const ClObject *key, const ClRegistryCommand *command,
                        GError **error)
{
    g_autofree char *path = NULL;
    if (!cl_registry_join(key ? key->path : "", command->key, &path, error)) {
        return FALSE;
    }
    switch (command->command) {
    case CLUSREG_SET_VALUE:
        return cl_registry_set_value(change, path, command, error);
    case CLUSREG_DELETE_VALUE:
        return cl_registry_delete_value(change, path, command->value, error);
    case CLUSREG_CREATE_KEY:
        return create_key(change, path, error);
    case CLUSREG_DELETE_KEY:
        return cl_registry_delete_tree(change, path, error);
    case CLUSREG_SET_KEY_SECURITY:
        return cl_registry_set_security(change, path, command->data, command->type, error);
    case CLUSREG_CONDITION_EXISTS:
    case CLUSREG_CONDITION_NOT_EXISTS:
    case CLUSREG_CONDITION_IS_EQUAL:
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
    case CLUSREG_CONDITION_IS_GREATER_THAN:
    case CLUSREG_CONDITION_IS_LESS_THAN:
    case CLUSREG_CONDITION_KEY_EXISTS:
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        return check_condition(cl_change_reader(change), path, command, error);
    default:
        return cl_fail(error, ERROR_INVALID_PARAMETER, "command %d changes nothing",
                       command->command);
    }
}

/* --- What is told of a batch -------------------------------------------------------------------- */

typedef struct {
    GPtrArray *commands; /* NULL: nobody is to be told */
    gsize size;
} Told;

static gboolean tell(Told *told, CLUSTER_REG_COMMAND what, const ClRegistryCommand *command,
                     guint32 type, GBytes *data, GError **error)
{
    ClRegistryCommand *told_of =
        cl_registry_reply_new(what, command->key, command->value, type, data);
    g_ptr_array_add(told->commands, told_of);
    told->size += cl_registry_command_size(told_of);
    return told->size <= CL_REGISTRY_BATCH_MAX ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "the batch is too large");
}

/* Before a value is set or deleted, what it was. */
static gboolean tell_old(ClReader *reader, const ClObject *key, const ClRegistryCommand *command,
                         Told *told, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = NULL;
    ClPlace place;
    guint32 type = 0;
    /* A key that is not there is for the command itself to fail with. */
    if (!find_sub(reader, key, command->key, &path, &place, NULL)) {
        return TRUE;
    }
    return cl_registry_read_value(reader, &place, command->value, &type, &data, error) &&
           (!data || tell(told, CLUSREG_VALUE_DELETED, command, type, data, error));
}

/* Conditions change nothing. */
static gboolean note(ClReader *reader, const ClObject *key, const ClRegistryCommand *command,
                     Told *told, GError **error)
{
    if (!told->commands) {
        return TRUE;
    }
    switch (command->command) {
    case CLUSREG_SET_VALUE:
    case CLUSREG_DELETE_VALUE:
        return tell_old(reader, key, command, told, error) &&
               tell(told, command->command, command, command->type, command->data, error);
    case CLUSREG_CREATE_KEY:
    case CLUSREG_DELETE_KEY:
    case CLUSREG_SET_KEY_SECURITY:
        return tell(told, command->command, command, command->type, command->data, error);
    default:
        return TRUE;
    }
}

static gboolean emit_batch(ClChange *change, const ClObject *key, const Told *told, GError **error)
{
    if (!told->commands || told->commands->len == 0) {
        return TRUE;
    }
    g_autoptr(GBytes) data = cl_registry_commands_encode(told->commands);
    return cl_event_emit(change, CLUSTER_OBJECT_TYPE_REGISTRY, CL_CHANGE_BATCH, NULL, NULL,
                         key ? key->path : "", NULL, data, error);
}

static gboolean change_work(ClConnection *store, const ClObject *key, const ClRegistryWork *work,
                            const ClCall *call, gint *ret_failed, GError **error)
{
    ClPlace place;
    g_autoptr(GPtrArray) commands = cl_registry_commands_new();
    Told told = {.commands = work->flags & CL_REGISTRY_BATCH ? commands : NULL};
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_registry_find_open(cl_change_reader(change), key, &place, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < work->n_commands; i++) {
        if (!note(cl_change_reader(change), key, &work->commands[i], &told, error) ||
            !execute(change, key, &work->commands[i], error)) {
            *ret_failed = (gint)i;
            return FALSE;
        }
    }
    return emit_batch(change, key, &told, error) && cl_change_commit(change, error);
}

gboolean cl_embedded_registry(ClConnection *store, const ClObject *key, const ClRegistryWork *work,
                              const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                              GError **error)
{
    g_autoptr(GPtrArray) replies = cl_registry_commands_new();
    *ret_failed = -1;
    if (work->request == CL_REGISTRY_EXECUTE) {
        if (!change_work(store, key, work, call, ret_failed, error)) {
            return FALSE;
        }
    } else {
        g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
        if (!reader || !cl_reader_begin(reader, error) ||
            !read_work(reader, key, work, replies, error)) {
            return FALSE;
        }
    }
    *ret_replies = g_steal_pointer(&replies);
    return TRUE;
}

/* --- Facts -------------------------------------------------------------------------------------- */

static void measure(const GPtrArray *replies, gboolean keys, ClFacts *facts)
{
    for (guint i = 0; i < replies->len; i++) {
        const ClRegistryCommand *reply = replies->pdata[i];
        guint32 length = (guint32)cl_text_wide_length(keys ? reply->key : reply->value);
        guint32 size = reply->data ? (guint32)g_bytes_get_size(reply->data) : 0;
        if (keys) {
            facts->key.longest_subkey = MAX(facts->key.longest_subkey, length);
        } else {
            facts->key.longest_value = MAX(facts->key.longest_value, length);
            facts->key.largest_value = MAX(facts->key.largest_value, size);
        }
    }
}

static gboolean measure_key(ClReader *reader, const ClPlace *place, ClFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) keys = cl_registry_commands_new();
    g_autoptr(GPtrArray) values = cl_registry_commands_new();
    g_autoptr(GBytes) security = NULL;
    gint64 written;
    if (!cl_registry_list_keys(reader, place, keys, error) ||
        !cl_registry_list_values(reader, place, values, error) ||
        !cl_registry_get_security(reader, place, &security, error) ||
        !cl_rows_one(reader, error, &written, 0,
                     "SELECT written FROM registry_key WHERE number = ?", "i", place->stored)) {
        return FALSE;
    }
    facts->key.n_subkeys = keys->len;
    facts->key.n_values = values->len;
    facts->key.write_time = (guint64)written;
    facts->key.security_size = (guint32)g_bytes_get_size(security);
    measure(keys, TRUE, facts);
    measure(values, FALSE, facts);
    return TRUE;
}

gboolean cl_registry_query(ClReader *reader, const ClObject *key, guint32 facts, ClFacts *ret_facts,
                           GError **error)
{
    ClPlace place;
    if (facts & ~(guint32)(CL_FACT_NAME | CL_FACT_KEY)) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "keys have no such fact");
    }
    if (!cl_registry_find_open(reader, key, &place, error) ||
        ((facts & CL_FACT_KEY) && !measure_key(reader, &place, ret_facts, error))) {
        return FALSE;
    }
    if (facts & CL_FACT_NAME) {
        ret_facts->name = g_strdup(key ? key->path : "");
    }
    return TRUE;
}
