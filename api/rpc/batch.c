/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch.h"

#include "text.h"

#include <string.h>

#define VERSION 1u

static void command_free(gpointer data)
{
    ClRegistryCommand *command = data;
    g_free((gpointer)command->key);
    g_free((gpointer)command->value);
    g_clear_pointer(&command->data, g_bytes_unref);
    g_free(command);
}

GPtrArray *cl_batch_commands_new(void)
{
    return g_ptr_array_new_with_free_func(command_free);
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void put_number(GByteArray *bytes, guint32 number)
{
    const guint32 little = GUINT32_TO_LE(number);
    g_byte_array_append(bytes, (const guint8 *)&little, sizeof little);
}

static void put(GByteArray *bytes, CLUSTER_REG_COMMAND command, guint32 type, const char *name,
                GBytes *data)
{
    gsize units = cl_text_wide_length(name) + 1;
    gsize size = 0;
    const guint8 *content = data ? g_bytes_get_data(data, &size) : NULL;
    g_autofree WCHAR *wide = g_new(WCHAR, units);
    *cl_text_put_wide(name, wide) = 0;
    put_number(bytes, command);
    put_number(bytes, type);
    put_number(bytes, (guint32)(units * sizeof *wide));
    g_byte_array_append(bytes, (const guint8 *)wide, (guint)(units * sizeof *wide));
    put_number(bytes, (guint32)size);
    if (size > 0) {
        g_byte_array_append(bytes, content, (guint)size);
    }
    if (size % 2 != 0) {
        g_byte_array_append(bytes, (const guint8 *)"", 1);
    }
}

typedef enum {
    ON_KEY,
    ON_VALUE,
    UNKNOWN
} Sort;

static Sort sort_of(guint32 command)
{
    switch (command) {
    case CLUSREG_CREATE_KEY:
    case CLUSREG_DELETE_KEY:
    case CLUSREG_READ_KEY:
    case CLUSREG_CONDITION_KEY_EXISTS:
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        return ON_KEY;
    case CLUSREG_SET_VALUE:
    case CLUSREG_DELETE_VALUE:
    case CLUSREG_VALUE_DELETED:
    case CLUSREG_READ_VALUE:
    case CLUSREG_READ_ERROR:
    case CLUSREG_CONDITION_EXISTS:
    case CLUSREG_CONDITION_NOT_EXISTS:
    case CLUSREG_CONDITION_IS_EQUAL:
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
    case CLUSREG_CONDITION_IS_GREATER_THAN:
    case CLUSREG_CONDITION_IS_LESS_THAN:
        return ON_VALUE;
    default:
        return UNKNOWN;
    }
}

/* Where the cursor is after a command; NULL: nowhere (borrowed). */
static const char *moved(const ClRegistryCommand *command, const char *cursor)
{
    return command->command == CLUSREG_CREATE_KEY || command->command == CLUSREG_READ_KEY
               ? command->key
           : command->command == CLUSREG_DELETE_KEY ? NULL
                                                    : cursor;
}

static void put_command(GByteArray *bytes, const ClRegistryCommand *command, const char **cursor,
                        CLUSTER_REG_COMMAND mover)
{
    gboolean on_value = sort_of(command->command) == ON_VALUE;
    if (on_value && (!*cursor || !cl_text_equal(*cursor, command->key))) {
        put(bytes, mover, 0, command->key, NULL);
        *cursor = command->key;
    }
    put(bytes, command->command, command->type, on_value ? command->value : command->key,
        on_value ? command->data : NULL);
    *cursor = moved(command, *cursor);
}

/* A key that is created where it is there already does nothing but move the cursor. */
gboolean cl_batch_encode(const ClRegistryCommand *commands, gsize n_commands, GBytes **ret_bytes,
                         GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    const char *cursor = "";
    put_number(bytes, VERSION);
    for (gsize i = 0; i < n_commands; i++) {
        if (sort_of(commands[i].command) == UNKNOWN) {
            return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "a batch has no command %d",
                           commands[i].command);
        }
        put_command(bytes, &commands[i], &cursor, CLUSREG_CREATE_KEY);
    }
    *ret_bytes = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
    return TRUE;
}

GBytes *cl_batch_encode_reads(const ClRegistryCommand *commands, gsize n_commands)
{
    GByteArray *bytes = g_byte_array_new();
    const char *cursor = "";
    put_number(bytes, VERSION);
    for (gsize i = 0; i < n_commands; i++) {
        ClRegistryCommand command = commands[i];
        command.type = 0;
        command.data = NULL;
        put_command(bytes, &command, &cursor, CLUSREG_READ_KEY);
    }
    return g_byte_array_free_to_bytes(bytes);
}

/* --- Reading ------------------------------------------------------------------------------------ */

typedef struct {
    const guint8 *bytes;
    gsize left;
} Reader;

static gboolean take(Reader *reader, gpointer number_or_null, gsize size)
{
    if (size > reader->left) {
        return FALSE;
    }
    if (number_or_null) {
        memcpy(number_or_null, reader->bytes, size);
    }
    reader->bytes += size;
    reader->left -= size;
    return TRUE;
}

static gboolean take_number(Reader *reader, guint32 *ret_number)
{
    if (!take(reader, ret_number, sizeof *ret_number)) {
        return FALSE;
    }
    *ret_number = GUINT32_FROM_LE(*ret_number);
    return TRUE;
}

/* A text with its one NUL, which is at its end. */
static gboolean take_name(Reader *reader, char **ret_name)
{
    guint32 size;
    if (!take_number(reader, &size) || size < sizeof(WCHAR) || size % sizeof(WCHAR) != 0 ||
        size > reader->left) {
        return FALSE;
    }
    gsize units = size / sizeof(WCHAR);
    for (gsize i = 0; i < units; i++) {
        WCHAR unit;
        memcpy(&unit, reader->bytes + i * sizeof unit, sizeof unit);
        if ((unit == 0) != (i + 1 == units)) {
            return FALSE;
        }
    }
    *ret_name = cl_text_from_units((const WCHAR *)reader->bytes, units - 1);
    return take(reader, NULL, size);
}

static gboolean take_data(Reader *reader, GBytes **ret_data)
{
    guint32 size;
    if (!take_number(reader, &size) || size > reader->left) {
        return FALSE;
    }
    *ret_data = g_bytes_new(reader->bytes, size);
    (void)take(reader, NULL, size);
    /* The padding of the last one may be left out. */
    return size % 2 == 0 || reader->left == 0 || take(reader, NULL, 1);
}

/* @cursor is the key for commands on values; NULL: nowhere. */
static ClRegistryCommand *take_command(Reader *reader, const char *cursor)
{
    guint32 number;
    guint32 type;
    g_autofree char *name = NULL;
    g_autoptr(GBytes) data = NULL;
    if (!take_number(reader, &number) || !take_number(reader, &type) || !take_name(reader, &name) ||
        !take_data(reader, &data)) {
        return NULL;
    }
    Sort sort = sort_of(number);
    if (sort == UNKNOWN || (sort == ON_VALUE && !cursor)) {
        return NULL;
    }
    ClRegistryCommand *command = g_new0(ClRegistryCommand, 1);
    command->command = (CLUSTER_REG_COMMAND)number;
    command->type = type;
    command->key = sort == ON_KEY ? g_steal_pointer(&name) : g_strdup(cursor);
    command->value = sort == ON_KEY ? g_strdup("") : g_steal_pointer(&name);
    command->data = sort == ON_KEY ? NULL : g_steal_pointer(&data);
    return command;
}

gboolean cl_batch_decode(gconstpointer bytes, gsize size, GPtrArray **ret_commands, GError **error)
{
    Reader reader = {bytes, size};
    g_autoptr(GPtrArray) commands = cl_batch_commands_new();
    g_autofree char *cursor = g_strdup("");
    guint32 version;
    gboolean ok = take_number(&reader, &version) && version == VERSION;
    while (ok && reader.left > 0) {
        ClRegistryCommand *command = take_command(&reader, cursor);
        ok = command != NULL;
        if (!ok) {
            break;
        }
        const char *next = moved(command, cursor);
        if (next != cursor) {
            g_free(cursor);
            cursor = g_strdup(next);
        }
        if (command->command == CLUSREG_READ_KEY) {
            command_free(command);
        } else {
            g_ptr_array_add(commands, command);
        }
    }
    if (!ok) {
        return cl_fail(error, RPC_X_BAD_STUB_DATA, "a batch that is none");
    }
    *ret_commands = g_steal_pointer(&commands);
    return TRUE;
}
