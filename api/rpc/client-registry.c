/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * registry(): single steps by the methods of values, several as a batch.
 */
#include "client.h"

#include "batch.h"
#include "security-descriptor.h"
#include "text.h"

#include <string.h>

#define ROOM_FIRST 4096u
#define ROOM_MAX   ((guint32)CL_NDR_ARRAY_MAX)
#define ASKED_MAX  8

/* What one key may have; more is no list any more but a server that never ends. */
#define ENTRIES_MAX 1000000u

typedef struct {
    const ClObject *key;
    const ClRegistryWork *work;
    GPtrArray *replies;
    gint failed;
} Registry;

static ClRegistryCommand *add_reply(GPtrArray *replies, CLUSTER_REG_COMMAND what, const char *key,
                                    const char *value, guint32 type, GBytes *data)
{
    ClRegistryCommand *reply = g_new0(ClRegistryCommand, 1);
    reply->command = what;
    reply->key = g_strdup(key);
    reply->value = g_strdup(value);
    reply->type = type;
    reply->data = data ? g_bytes_ref(data) : NULL;
    g_ptr_array_add(replies, reply);
    return reply;
}

/* --- Changing ----------------------------------------------------------------------------------- */

static gboolean is_here(const ClRegistryCommand *command, CLUSTER_REG_COMMAND what)
{
    return command->command == what && *command->key == '\0';
}

static gboolean set_value(ClRemote *remote, Registry *registry, GError **error)
{
    const ClRegistryCommand *command = registry->work->commands;
    g_auto(ClMethodCall) method = CL_METHOD(SetValue);
    g_autoptr(GBytes) none = g_bytes_new(NULL, 0);
    cl_method_put_text(&method, 1, command->value);
    method.values[2].number = command->type;
    cl_method_put_bytes(&method, 3, command->data ? command->data : none);
    return cl_remote_call_on(remote, registry->key, &method, error);
}

static gboolean delete_value(ClRemote *remote, Registry *registry, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(DeleteValue);
    cl_method_put_text(&method, 1, registry->work->commands[1].value);
    return cl_remote_call_on(remote, registry->key, &method, error);
}

static gboolean set_security(ClRemote *remote, Registry *registry, GError **error)
{
    const ClRegistryCommand *command = registry->work->commands;
    g_auto(ClMethodCall) method = CL_METHOD(SetKeySecurity);
    gsize size = command->data ? g_bytes_get_size(command->data) : 0;
    method.values[1].number = command->type;
    method.values[2].rows = cl_ndr_rows_new(&cl_ndr_security);
    ClNdrValue *descriptor = cl_ndr_row_add(method.values[2].rows, &cl_ndr_security);
    descriptor[0].bytes = command->data ? g_bytes_ref(command->data) : NULL;
    descriptor[1].number = size;
    descriptor[2].number = size;
    return cl_remote_call_on(remote, registry->key, &method, error);
}

/* The protocol numbers the commands from 1, with those that only move the cursor among them. */
static gint which_failed(const ClRegistryWork *work, GBytes *bytes, gint number)
{
    g_autoptr(GPtrArray) sent = NULL;
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    gint index = -1;
    if (number <= 0 || !cl_batch_decode(data, size, &sent, NULL) || number > (gint)sent->len) {
        return -1;
    }
    /* What was put between is created, and no command of the caller's where it was put. */
    for (gint i = 0; i < number && index + 1 < (gint)work->n_commands; i++) {
        const ClRegistryCommand *on_wire = sent->pdata[i];
        const ClRegistryCommand *next = &work->commands[index + 1];
        index += on_wire->command == next->command || i + 1 == number;
    }
    return index;
}

static gboolean execute_batch(ClRemote *remote, Registry *registry, GError **error)
{
    const ClRegistryWork *work = registry->work;
    g_auto(ClMethodCall) method = CL_METHOD(ExecuteBatch);
    g_autoptr(GBytes) bytes = NULL;
    if (!cl_batch_encode(work->commands, work->n_commands, &bytes, error)) {
        return FALSE;
    }
    method.values[1].number = g_bytes_get_size(bytes);
    method.values[2].bytes = g_bytes_ref(bytes);
    if (cl_remote_call_on(remote, registry->key, &method, error)) {
        return TRUE;
    }
    if (remote->is_answer) {
        registry->failed = which_failed(work, bytes, (gint)(guint32)method.values[3].number);
    }
    return FALSE;
}

static gboolean execute(ClRemote *remote, Registry *registry, GError **error)
{
    const ClRegistryWork *work = registry->work;
    const ClRegistryCommand *commands = work->commands;
    if (!(work->flags & CL_REGISTRY_BATCH) && work->n_commands == 1) {
        if (is_here(&commands[0], CLUSREG_SET_VALUE)) {
            return set_value(remote, registry, error);
        }
        if (is_here(&commands[0], CLUSREG_SET_KEY_SECURITY)) {
            return set_security(remote, registry, error);
        }
    }
    if (!(work->flags & CL_REGISTRY_BATCH) && work->n_commands == 2 &&
        is_here(&commands[0], CLUSREG_CONDITION_EXISTS) &&
        is_here(&commands[1], CLUSREG_DELETE_VALUE)) {
        return delete_value(remote, registry, error);
    }
    return execute_batch(remote, registry, error);
}

/* --- Reading values ----------------------------------------------------------------------------- */

/* What a server says of a value that is too large for the room: how much it takes. */
static gboolean wants_more(const ClRemote *remote, guint32 result, guint64 needed, guint32 *room)
{
    if (!remote->is_answer || result != ERROR_MORE_DATA || needed <= *room || needed > ROOM_MAX) {
        return FALSE;
    }
    *room = (guint32)needed;
    return TRUE;
}

static gboolean take_value(const ClMethodCall *method, guint data, guint64 size, GBytes **ret_data,
                           GError **error)
{
    GBytes *bytes = method->values[data].bytes;
    if (!bytes || g_bytes_get_size(bytes) < size) {
        return cl_fail_stub(error, "less data than it says");
    }
    *ret_data = g_bytes_new_from_bytes(bytes, 0, size);
    return TRUE;
}

static gboolean query_value(ClRemote *remote, const ClObject *key, const char *name,
                            guint32 *ret_type, GBytes **ret_data, GError **error)
{
    guint32 room = ROOM_FIRST;
    for (guint times = 0;; times++) {
        g_auto(ClMethodCall) method = CL_METHOD(QueryValue);
        g_autoptr(GError) failed = NULL;
        cl_method_put_text(&method, 1, name);
        method.values[4].number = room;
        if (cl_remote_read(remote, key, &method, &failed)) {
            *ret_type = (guint32)method.values[2].number;
            return take_value(&method, 3, method.values[5].number, ret_data, error);
        }
        if (times == ASKED_MAX ||
            !wants_more(remote, method.result, method.values[5].number, &room)) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return FALSE;
        }
    }
}

/* A value that cannot be read is told as such, unless nothing can be read. */
static gboolean read_one(ClRemote *remote, Registry *registry, GPtrArray *replies, GError **error)
{
    const ClRegistryCommand *command = registry->work->commands;
    g_autoptr(GBytes) data = NULL;
    g_autoptr(GError) failed = NULL;
    guint32 type;
    if (query_value(remote, registry->key, command->value, &type, &data, &failed)) {
        add_reply(replies, CLUSREG_READ_VALUE, command->key, command->value, type, data);
        return TRUE;
    }
    if (remote->is_answer && g_error_matches(failed, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        add_reply(replies, CLUSREG_READ_ERROR, command->key, command->value, ERROR_FILE_NOT_FOUND,
                  NULL);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

/* The replies are in the order of the commands; those that tell the key may be among them. */
static gboolean take_replies(const ClRegistryWork *work, GBytes *bytes, GPtrArray *replies,
                             GError **error)
{
    g_autoptr(GPtrArray) told = NULL;
    gsize size = 0;
    gconstpointer data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    if (!cl_batch_decode(data, size, &told, error)) {
        return FALSE;
    }
    if (told->len != work->n_commands) {
        return cl_fail_stub(error, "not as many replies as commands");
    }
    for (guint i = 0; i < told->len; i++) {
        const ClRegistryCommand *reply = told->pdata[i];
        if (reply->command != CLUSREG_READ_VALUE && reply->command != CLUSREG_READ_ERROR) {
            return cl_fail_stub(error, "a command that is no reply");
        }
        add_reply(replies, reply->command, work->commands[i].key, work->commands[i].value,
                  reply->type, reply->command == CLUSREG_READ_VALUE ? reply->data : NULL);
    }
    return TRUE;
}

static gboolean read_several(ClRemote *remote, Registry *registry, GPtrArray *replies,
                             GError **error)
{
    const ClRegistryWork *work = registry->work;
    guint32 flags = work->flags & ~(guint32)CL_REGISTRY_BATCH;
    g_autoptr(GBytes) bytes = cl_batch_encode_reads(work->commands, work->n_commands);
    g_auto(ClMethodCall)
        method = {.opnum = flags != 0 ? CL_OP_ExecuteReadBatchEx : CL_OP_ExecuteReadBatch};
    guint out = flags != 0 ? 5 : 4;
    if (work->n_commands == 0) {
        return TRUE;
    }
    method.values[1].number = g_bytes_get_size(bytes);
    method.values[2].bytes = g_bytes_ref(bytes);
    method.values[3].number = flags;
    return cl_remote_call_on(remote, registry->key, &method, error) &&
           take_replies(work, method.values[out].bytes, replies, error);
}

static gboolean read_values(ClRemote *remote, Registry *registry, GPtrArray *replies,
                            GError **error)
{
    const ClRegistryWork *work = registry->work;
    return work->n_commands == 1 && *work->commands[0].key == '\0'
               ? read_one(remote, registry, replies, error)
               : read_several(remote, registry, replies, error);
}

/* --- Lists -------------------------------------------------------------------------------------- */

static gboolean is_end(const ClRemote *remote, const GError *error)
{
    return remote->is_answer && g_error_matches(error, CL_ERROR, ERROR_NO_MORE_ITEMS);
}

static gboolean enum_key(ClRemote *remote, Registry *registry, guint32 index, GPtrArray *replies,
                         gboolean *ret_end, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(EnumKey);
    g_autoptr(GError) failed = NULL;
    g_autofree char *name = NULL;
    method.values[1].number = index;
    if (!cl_remote_read(remote, registry->key, &method, &failed)) {
        *ret_end = is_end(remote, failed);
        if (!*ret_end) {
            g_propagate_error(error, g_steal_pointer(&failed));
        }
        return *ret_end;
    }
    if (!cl_method_take_text(&method, 2, &name, error)) {
        return FALSE;
    }
    add_reply(replies, CLUSREG_READ_KEY, name, "", 0, NULL)->write_time = method.values[3].number;
    return TRUE;
}

static gboolean add_value(const ClMethodCall *method, GPtrArray *replies, GError **error)
{
    g_autofree char *name = NULL;
    g_autoptr(GBytes) data = NULL;
    if (!cl_method_take_text(method, 2, &name, error) ||
        !take_value(method, 4, method->values[5].number, &data, error)) {
        return FALSE;
    }
    add_reply(replies, CLUSREG_READ_VALUE, "", name, (guint32)method->values[3].number, data);
    return TRUE;
}

static gboolean enum_value(ClRemote *remote, Registry *registry, guint32 index, GPtrArray *replies,
                           gboolean *ret_end, GError **error)
{
    guint32 room = ROOM_FIRST;
    for (guint times = 0;; times++) {
        g_auto(ClMethodCall) method = CL_METHOD(EnumValue);
        g_autoptr(GError) failed = NULL;
        method.values[1].number = index;
        method.values[5].number = room;
        if (cl_remote_read(remote, registry->key, &method, &failed)) {
            return add_value(&method, replies, error);
        }
        *ret_end = is_end(remote, failed);
        if (*ret_end) {
            return TRUE;
        }
        if (times == ASKED_MAX ||
            !wants_more(remote, method.result, method.values[6].number, &room)) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return FALSE;
        }
    }
}

typedef gboolean (*Enum)(ClRemote *remote, Registry *registry, guint32 index, GPtrArray *replies,
                         gboolean *ret_end, GError **error);

static gboolean list(ClRemote *remote, Registry *registry, Enum each, GPtrArray *replies,
                     GError **error)
{
    gboolean end = FALSE;
    for (guint32 index = 0; !end && index < ENTRIES_MAX; index++) {
        if (!each(remote, registry, index, replies, &end, error)) {
            return FALSE;
        }
    }
    return end || cl_fail_stub(error, "a list without an end");
}

/* --- Security ----------------------------------------------------------------------------------- */

static gboolean get_security(ClRemote *remote, Registry *registry, GPtrArray *replies,
                             GError **error)
{
    const ClRegistryCommand *command = registry->work->commands;
    g_auto(ClMethodCall) method = CL_METHOD(GetKeySecurity);
    method.values[1].number = command->type;
    method.values[2].rows = cl_ndr_rows_new(&cl_ndr_security);
    ClNdrValue *descriptor = cl_ndr_row_add(method.values[2].rows, &cl_ndr_security);
    descriptor[0].bytes = g_bytes_new(NULL, 0);
    descriptor[1].number = CL_SECURITY_MAX;
    if (!cl_remote_call_on(remote, registry->key, &method, error)) {
        return FALSE;
    }
    const GPtrArray *rows = method.values[2].rows;
    descriptor = rows && rows->len == 1 ? rows->pdata[0] : NULL;
    if (!descriptor || !descriptor[0].bytes) {
        return cl_fail_stub(error, "no security descriptor");
    }
    add_reply(replies, CLUSREG_SET_KEY_SECURITY, "", "", command->type, descriptor[0].bytes);
    return TRUE;
}

/* --- All ---------------------------------------------------------------------------------------- */

static gboolean work_once(ClRemote *remote, gpointer data, GError **error)
{
    Registry *registry = data;
    g_autoptr(GPtrArray) replies = cl_batch_commands_new();
    gboolean done;
    registry->failed = -1;
    switch (registry->work->request) {
    case CL_REGISTRY_READ:
        done = read_values(remote, registry, replies, error);
        break;
    case CL_REGISTRY_ENUM_KEYS:
        done = list(remote, registry, enum_key, replies, error);
        break;
    case CL_REGISTRY_ENUM_VALUES:
        done = list(remote, registry, enum_value, replies, error);
        break;
    case CL_REGISTRY_GET_SECURITY:
        done = get_security(remote, registry, replies, error);
        break;
    default:
        done = execute(remote, registry, error);
        break;
    }
    if (done) {
        registry->replies = g_steal_pointer(&replies);
    }
    return done;
}

gboolean cl_remote_registry(ClConnection *connection, const ClObject *key,
                            const ClRegistryWork *work, const ClCall *call, GPtrArray **ret_replies,
                            gint *ret_failed, GError **error)
{
    Registry registry = {key, work, NULL, -1};
    gboolean done = cl_remote_run(connection, call, work_once, &registry, error);
    *ret_failed = registry.failed;
    if (done) {
        *ret_replies = registry.replies;
    }
    return done;
}
