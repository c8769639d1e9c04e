/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * registry(): values of the cluster database, read and changed, several steps as one. Any thread
 * runs it.
 */
#include "registry.h"
#include "events.h"
#include "schema.h"
#include "text.h"
#include <string.h>

/* Of a value, in bytes; and of a value's name, in 16-bit units. */
#define DATA_MAX       (1024 * 1024)
#define NAME_MAX_UNITS 16383

/* --- Commands --------------------------------------------------------------------------------- */

void cl_registry_command_free(gpointer data)
{
    ClRegistryCommand *command = data;
    g_free((gpointer)command->key);
    g_free((gpointer)command->value);
    g_clear_pointer(&command->data, g_bytes_unref);
    g_free(command);
}

static ClRegistryCommand *new_reply(CLUSTER_REG_COMMAND what, const char *key, const char *value,
                                    guint32 type, GBytes *data)
{
    ClRegistryCommand *reply = g_new0(ClRegistryCommand, 1);
    reply->command = what;
    reply->key = g_strdup(key);
    reply->value = g_strdup(value);
    reply->type = type;
    reply->data = data ? g_bytes_ref(data) : NULL;
    return reply;
}

#define FORMAT "a(issuay)"

GBytes *cl_registry_commands_encode(const ClRegistryCommand *commands, gsize n)
{
    g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(FORMAT));
    for (gsize i = 0; i < n; i++) {
        gsize size = 0;
        const void *data = commands[i].data ? g_bytes_get_data(commands[i].data, &size) : NULL;
        GVariant *bytes = g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, data, size, 1);
        g_variant_builder_add(&builder, "(issu@ay)", (gint32)commands[i].command, commands[i].key,
                              commands[i].value ? commands[i].value : "", commands[i].type, bytes);
    }
    g_autoptr(GVariant) all = g_variant_ref_sink(g_variant_builder_end(&builder));
    return g_variant_get_data_as_bytes(all);
}

GPtrArray *cl_registry_commands_decode(GBytes *data)
{
    g_autoptr(GVariant) all =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(FORMAT), data, FALSE));
    g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func(cl_registry_command_free);
    if (!g_variant_is_normal_form(all)) {
        return NULL;
    }
    for (gsize i = 0; i < g_variant_n_children(all); i++) {
        gint32 command;
        const char *key, *value;
        guint32 type;
        GVariant *raw;
        g_autoptr(GVariant) child = g_variant_get_child_value(all, i);
        g_variant_get(child, "(i&s&su@ay)", &command, &key, &value, &type, &raw);
        g_autoptr(GVariant) bytes = raw;
        g_autoptr(GBytes) contents = g_variant_get_data_as_bytes(bytes);
        g_ptr_array_add(commands,
                        new_reply((CLUSTER_REG_COMMAND)command, key, value, type, contents));
    }
    return g_steal_pointer(&commands);
}

/* --- Reading ---------------------------------------------------------------------------------- */

/* What a value is; @ret_data NULL if there is none. */
static gboolean read_value(ClReader *reader, gint64 key, const char *name, guint32 *ret_type,
                           GBytes **ret_data, GError **error)
{
    g_autofree char *folded = cl_text_fold(name);
    ClRows rows = cl_rows_query(reader,
                                "SELECT type, data FROM registry_value WHERE registry_key = ?"
                                " AND key = ?",
                                "is", key, folded);
    *ret_data = NULL;
    if (cl_rows_next(&rows)) {
        *ret_type = (guint32)cl_rows_number(&rows, 0, 0, G_MAXUINT32);
        *ret_data = cl_rows_bytes(&rows, 1);
    }
    return cl_rows_end(&rows, error);
}

static gboolean find_sub(ClReader *reader, const ClObject *key, const char *sub, char **ret_path,
                         gint64 *ret_number, GError **error)
{
    return cl_registry_join(key ? key->path : "", sub, ret_path, error) &&
           cl_registry_find(reader, *ret_path, ret_number, error);
}

/* One reply for each command: the value, or why there is none. */
static gboolean read_one(ClReader *reader, const ClObject *key, const ClRegistryCommand *command,
                         GPtrArray *replies, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = NULL;
    g_autoptr(GError) missing = NULL;
    gint64 number;
    guint32 type = 0;
    if (!find_sub(reader, key, command->key, &path, &number, &missing)) {
        if (!g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND) &&
            !g_error_matches(missing, CL_ERROR, ERROR_INVALID_PARAMETER)) {
            g_propagate_error(error, g_steal_pointer(&missing));
            return FALSE;
        }
        g_ptr_array_add(replies, new_reply(CLUSREG_READ_ERROR, command->key, command->value,
                                           (guint32)missing->code, NULL));
        return TRUE;
    }
    if (!read_value(reader, number, command->value, &type, &data, error)) {
        return FALSE;
    }
    g_ptr_array_add(replies,
                    data ? new_reply(CLUSREG_READ_VALUE, command->key, command->value, type, data)
                         : new_reply(CLUSREG_READ_ERROR, command->key, command->value,
                                     ERROR_FILE_NOT_FOUND, NULL));
    return TRUE;
}

static gboolean list_keys(ClReader *reader, gint64 key, GPtrArray *replies, GError **error)
{
    ClRows rows = cl_rows_query(reader,
                                "SELECT name, written FROM registry_key WHERE parent = ?1 AND"
                                " number <> ?1 ORDER BY key",
                                "i", key);
    while (cl_rows_next(&rows)) {
        ClRegistryCommand *reply = new_reply(CLUSREG_READ_KEY, cl_rows_text(&rows, 0), "", 0, NULL);
        reply->write_time = (guint64)cl_rows_number(&rows, 1, 0, G_MAXINT64);
        g_ptr_array_add(replies, reply);
    }
    return cl_rows_end(&rows, error);
}

static gboolean list_values(ClReader *reader, gint64 key, GPtrArray *replies, GError **error)
{
    ClRows rows = cl_rows_query(reader,
                                "SELECT name, type, data FROM registry_value WHERE registry_key = ?"
                                " ORDER BY key",
                                "i", key);
    while (cl_rows_next(&rows)) {
        g_autoptr(GBytes) data = cl_rows_bytes(&rows, 2);
        g_ptr_array_add(replies,
                        new_reply(CLUSREG_READ_VALUE, "", cl_rows_text(&rows, 0),
                                  (guint32)cl_rows_number(&rows, 1, 0, G_MAXUINT32), data));
    }
    return cl_rows_end(&rows, error);
}

/* A key without a descriptor of its own has the empty one, which restricts nobody. */
static gboolean get_security(ClReader *reader, gint64 key, GPtrArray *replies, GError **error)
{
    static const guint8 none[] = {1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    g_autoptr(GBytes) security = NULL;
    ClRows rows =
        cl_rows_query(reader, "SELECT security FROM registry_key WHERE number = ?", "i", key);
    if (cl_rows_next(&rows)) {
        security = cl_rows_bytes(&rows, 0);
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (!security) {
        security = g_bytes_new_static(none, sizeof none);
    }
    g_ptr_array_add(replies, new_reply(CLUSREG_SET_KEY_SECURITY, "", "", 0, security));
    return TRUE;
}

static gboolean read_work(ClReader *reader, const ClObject *key, const ClRegistryWork *work,
                          GPtrArray *replies, GError **error)
{
    gint64 number;
    if (!cl_registry_find_open(reader, key, &number, error)) {
        return FALSE;
    }
    switch (work->request) {
    case CL_REGISTRY_ENUM_KEYS:
        return list_keys(reader, number, replies, error);
    case CL_REGISTRY_ENUM_VALUES:
        return list_values(reader, number, replies, error);
    case CL_REGISTRY_GET_SECURITY:
        return get_security(reader, number, replies, error);
    default:
        break;
    }
    for (gsize i = 0; i < work->n_commands; i++) {
        if (!read_one(reader, key, &work->commands[i], replies, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Changing --------------------------------------------------------------------------------- */

static gboolean check_value(const ClRegistryCommand *command, GError **error)
{
    static const guint32 types[] = {REG_NONE,     REG_SZ,    REG_EXPAND_SZ,
                                    REG_BINARY,   REG_DWORD, REG_DWORD_BIG_ENDIAN,
                                    REG_MULTI_SZ, REG_QWORD};
    gsize size = command->data ? g_bytes_get_size(command->data) : 0;
    gboolean known = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        known = known || types[i] == command->type;
    }
    if (!known || size > DATA_MAX || cl_text_wide_length(command->value) > NAME_MAX_UNITS) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a value that cannot be stored");
    }
    return TRUE;
}

static gboolean touch(ClChange *change, gint64 key, GError **error)
{
    return cl_rows_run(cl_change_reader(change), error,
                       "UPDATE registry_key SET written = ? WHERE number = ?", "ii",
                       cl_change_time(change), key);
}

static gboolean set_value(ClChange *change, const char *path, const ClRegistryCommand *command,
                          GError **error)
{
    g_autofree char *folded = cl_text_fold(command->value);
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    gboolean made;
    gint64 key;
    return check_value(command, error) && cl_registry_make(change, path, &key, &made, error) &&
           cl_rows_run(cl_change_reader(change), error,
                       "INSERT OR REPLACE INTO registry_value (registry_key, key, name, type, data)"
                       " VALUES (?, ?, ?, ?, ?)",
                       "issib", key, folded, command->value, (gint64)command->type,
                       command->data ? command->data : empty) &&
           touch(change, key, error) &&
           cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_VALUE_V2, command->value, error);
}

static gboolean delete_value(ClChange *change, const char *path, const ClRegistryCommand *command,
                             GError **error)
{
    g_autofree char *folded = cl_text_fold(command->value);
    g_autoptr(GError) missing = NULL;
    ClReader *reader = cl_change_reader(change);
    gint64 key;
    if (!cl_registry_find(reader, path, &key, &missing)) {
        if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
            return TRUE;
        }
        g_propagate_error(error, g_steal_pointer(&missing));
        return FALSE;
    }
    if (!cl_rows_run(reader, error, "DELETE FROM registry_value WHERE registry_key = ? AND key = ?",
                     "is", key, folded)) {
        return FALSE;
    }
    return cl_reader_changes(reader) == 0 ||
           (touch(change, key, error) &&
            cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_VALUE_V2, command->value,
                             error));
}

static gboolean set_security(ClChange *change, const char *path, const ClRegistryCommand *command,
                             GError **error)
{
    gint64 key;
    gboolean made;
    return cl_registry_make(change, path, &key, &made, error) &&
           cl_rows_run(cl_change_reader(change), error,
                       "UPDATE registry_key SET security = ? WHERE number = ?", "bi", command->data,
                       key) &&
           cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2, NULL, error);
}

/* Numbers by their value, all else byte by byte. */
static int compare(guint32 type, GBytes *a, GBytes *b)
{
    gsize a_size, b_size;
    const guint8 *x = g_bytes_get_data(a, &a_size);
    const guint8 *y = g_bytes_get_data(b, &b_size);
    if ((type == REG_DWORD || type == REG_QWORD) && a_size == b_size) {
        for (gsize i = a_size; i > 0; i--) {
            if (x[i - 1] != y[i - 1]) {
                return x[i - 1] < y[i - 1] ? -1 : 1;
            }
        }
        return 0;
    }
    return g_bytes_compare(a, b);
}

static gboolean holds_of_value(const ClRegistryCommand *command, guint32 type, GBytes *data)
{
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    GBytes *wanted = command->data ? command->data : empty;
    gboolean same_type = data && type == command->type;
    int order = data ? compare(type, data, wanted) : 0;
    switch (command->command) {
    case CLUSREG_CONDITION_EXISTS:
        return data != NULL;
    case CLUSREG_CONDITION_NOT_EXISTS:
        return data == NULL;
    case CLUSREG_CONDITION_IS_EQUAL:
        return same_type && order == 0;
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
        return data && !(same_type && order == 0);
    case CLUSREG_CONDITION_IS_GREATER_THAN:
        return same_type && order > 0;
    default:
        return same_type && order < 0;
    }
}

static gboolean check_condition(ClChange *change, const char *path,
                                const ClRegistryCommand *command, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    g_autoptr(GError) missing = NULL;
    g_autoptr(GBytes) data = NULL;
    guint32 type = 0;
    gint64 key;
    gboolean exists = cl_registry_find(reader, path, &key, &missing);
    gboolean holds;
    if (!exists && !g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return FALSE;
    }
    if (exists &&
        !read_value(reader, key, command->value ? command->value : "", &type, &data, error)) {
        return FALSE;
    }
    if (command->command == CLUSREG_CONDITION_KEY_EXISTS) {
        holds = exists;
    } else if (command->command == CLUSREG_CONDITION_KEY_NOT_EXISTS) {
        holds = !exists;
    } else {
        holds = holds_of_value(command, type, data);
    }
    return holds || cl_fail(error, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED,
                            "a condition does not hold");
}

static gboolean execute(ClChange *change, const ClObject *key, const ClRegistryCommand *command,
                        GError **error)
{
    g_autofree char *path = NULL;
    gboolean made;
    gint64 number;
    if (!cl_registry_join(key ? key->path : "", command->key, &path, error)) {
        return FALSE;
    }
    switch (command->command) {
    case CLUSREG_SET_VALUE:
        return set_value(change, path, command, error);
    case CLUSREG_DELETE_VALUE:
        return delete_value(change, path, command, error);
    case CLUSREG_CREATE_KEY:
        return cl_registry_make(change, path, &number, &made, error);
    case CLUSREG_DELETE_KEY:
        return cl_registry_delete_tree(change, path, error);
    case CLUSREG_SET_KEY_SECURITY:
        return set_security(change, path, command, error);
    case CLUSREG_CONDITION_EXISTS:
    case CLUSREG_CONDITION_NOT_EXISTS:
    case CLUSREG_CONDITION_IS_EQUAL:
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
    case CLUSREG_CONDITION_IS_GREATER_THAN:
    case CLUSREG_CONDITION_IS_LESS_THAN:
    case CLUSREG_CONDITION_KEY_EXISTS:
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        return check_condition(change, path, command, error);
    default:
        return cl_fail(error, ERROR_INVALID_PARAMETER, "command %d changes nothing",
                       command->command);
    }
}

/* What a batch port is told before a value is set or deleted: what it was. */
static gboolean note_old(ClReader *reader, const ClObject *key, const ClRegistryCommand *command,
                         GPtrArray *told, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = NULL;
    guint32 type = 0;
    gint64 number;
    if ((command->command == CLUSREG_SET_VALUE || command->command == CLUSREG_DELETE_VALUE) &&
        find_sub(reader, key, command->key, &path, &number, NULL)) {
        if (!read_value(reader, number, command->value, &type, &data, error)) {
            return FALSE;
        }
        if (data) {
            g_ptr_array_add(
                told, new_reply(CLUSREG_VALUE_DELETED, command->key, command->value, type, data));
        }
    }
    g_ptr_array_add(told, new_reply(command->command, command->key, command->value, command->type,
                                    command->data));
    return TRUE;
}

static gboolean emit_batch(ClChange *change, const ClObject *key, const GPtrArray *told,
                           GError **error)
{
    g_autofree ClRegistryCommand *commands = g_new0(ClRegistryCommand, told->len);
    for (guint i = 0; i < told->len; i++) {
        commands[i] = *(ClRegistryCommand *)told->pdata[i];
    }
    g_autoptr(GBytes) data = cl_registry_commands_encode(commands, told->len);
    return cl_event_emit(change, CLUSTER_OBJECT_TYPE_REGISTRY, CL_CHANGE_BATCH, NULL, NULL,
                         key ? key->path : "", NULL, data, error);
}

static gboolean change_work(ClConnection *store, const ClObject *key, const ClRegistryWork *work,
                            const ClCall *call, gint *ret_failed, GError **error)
{
    gint64 number;
    g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(cl_registry_command_free);
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_registry_find_open(cl_change_reader(change), key, &number, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < work->n_commands; i++) {
        *ret_failed = (gint)i;
        if (((work->flags & CL_REGISTRY_BATCH) &&
             !note_old(cl_change_reader(change), key, &work->commands[i], told, error)) ||
            !execute(change, key, &work->commands[i], error)) {
            return FALSE;
        }
    }
    *ret_failed = -1;
    return (told->len == 0 || emit_batch(change, key, told, error)) &&
           cl_change_commit(change, error);
}

gboolean cl_embedded_registry(ClConnection *store, const ClObject *key, const ClRegistryWork *work,
                              const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                              GError **error)
{
    g_autoptr(GPtrArray) replies = g_ptr_array_new_with_free_func(cl_registry_command_free);
    *ret_failed = -1;
    if (work->request == CL_REGISTRY_EXECUTE) {
        if (!change_work(store, key, work, call, ret_failed, error)) {
            return FALSE;
        }
    } else {
        g_autoptr(ClReader) reader = cl_registry_borrow(store, call, error);
        if (!reader || !cl_reader_begin(reader, error) ||
            !read_work(reader, key, work, replies, error)) {
            return FALSE;
        }
    }
    *ret_replies = g_steal_pointer(&replies);
    return TRUE;
}

/* --- Facts ------------------------------------------------------------------------------------ */

static void measure_names(GPtrArray *replies, gboolean keys, ClFacts *facts)
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

gboolean cl_registry_query(ClReader *reader, const ClObject *key, guint32 facts, ClFacts *ret_facts,
                           GError **error)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(cl_registry_command_free);
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(cl_registry_command_free);
    g_autoptr(GPtrArray) security = g_ptr_array_new_with_free_func(cl_registry_command_free);
    gint64 number, written;
    if (!cl_registry_find_open(reader, key, &number, error)) {
        return FALSE;
    }
    if (facts & CL_FACT_NAME) {
        ret_facts->name = g_strdup(key->path);
    }
    if (!(facts & CL_FACT_KEY)) {
        return TRUE;
    }
    if (!list_keys(reader, number, keys, error) || !list_values(reader, number, values, error) ||
        !get_security(reader, number, security, error) ||
        !cl_rows_one(reader, error, &written, 0,
                     "SELECT written FROM registry_key WHERE number = ?", "i", number)) {
        return FALSE;
    }
    ret_facts->key.n_subkeys = keys->len;
    ret_facts->key.n_values = values->len;
    ret_facts->key.write_time = (guint64)written;
    ret_facts->key.security_size =
        (guint32)g_bytes_get_size(((ClRegistryCommand *)security->pdata[0])->data);
    measure_names(keys, TRUE, ret_facts);
    measure_names(values, FALSE, ret_facts);
    return TRUE;
}
