/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "registry-reply.h"

#include <string.h>

#include "event.h"
#include "text.h"

/* --- Replies ------------------------------------------------------------------------------------ */

void cl_registry_command_free(gpointer data)
{
    ClRegistryCommand *command = data;
    g_free((gpointer)command->key);
    g_free((gpointer)command->value);
    g_clear_pointer(&command->data, g_bytes_unref);
    g_free(command);
}

GPtrArray *cl_registry_commands_new(void)
{
    return g_ptr_array_new_with_free_func(cl_registry_command_free);
}

ClRegistryCommand *cl_registry_reply_new(CLUSTER_REG_COMMAND what, const char *key,
                                         const char *value, guint32 type, GBytes *data)
{
    ClRegistryCommand *reply = g_new0(ClRegistryCommand, 1);
    reply->command = what;
    reply->key = g_strdup(key);
    reply->value = g_strdup(value ? value : "");
    reply->type = type;
    reply->data = data ? g_bytes_ref(data) : NULL;
    return reply;
}

/* --- From a property to a value ----------------------------------------------------------------- */

static guint32 type_of(CLUSTER_PROPERTY_FORMAT format)
{
    switch (format) {
    case CLUSPROP_FORMAT_DWORD:
    case CLUSPROP_FORMAT_LONG:
    case CLUSPROP_FORMAT_WORD:
        return REG_DWORD;
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
    case CLUSPROP_FORMAT_LARGE_INTEGER:
    case CLUSPROP_FORMAT_FILETIME:
        return REG_QWORD;
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPANDED_SZ:
        return REG_SZ;
    case CLUSPROP_FORMAT_EXPAND_SZ:
        return REG_EXPAND_SZ;
    case CLUSPROP_FORMAT_MULTI_SZ:
        return REG_MULTI_SZ;
    default:
        return REG_BINARY;
    }
}

static GBytes *data_of(const ClProperty *property)
{
    static const char *const none[] = {NULL};
    guint32 number = GUINT32_TO_LE((guint32)property->number);
    guint64 large = GUINT64_TO_LE(property->number);
    switch (type_of(property->format)) {
    case REG_DWORD:
        return g_bytes_new(&number, sizeof number);
    case REG_QWORD:
        return g_bytes_new(&large, sizeof large);
    case REG_SZ:
    case REG_EXPAND_SZ:
        return cl_event_text(property->text ? property->text : "");
    case REG_MULTI_SZ:
        return cl_event_texts(property->texts ? (const char *const *)property->texts : none);
    default:
        return property->bytes ? g_bytes_ref(property->bytes) : g_bytes_new(NULL, 0);
    }
}

void cl_registry_add_properties(const GPtrArray *properties, GPtrArray *replies)
{
    for (guint i = 0; i < properties->len; i++) {
        const ClProperty *property = properties->pdata[i];
        g_autoptr(GBytes) data = data_of(property);
        g_ptr_array_add(replies, cl_registry_reply_new(CLUSREG_READ_VALUE, "", property->name,
                                                       type_of(property->format), data));
    }
}

/* --- From a value to a property ----------------------------------------------------------------- */

/* A text may lack its NUL, but has none within. */
static char *take_text(GBytes *data)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(data, &size);
    gsize units = size / sizeof(WCHAR);
    if (size % sizeof(WCHAR) != 0) {
        return NULL;
    }
    if (units > 0 && bytes[size - 1] == 0 && bytes[size - 2] == 0) {
        units--;
    }
    for (gsize i = 0; i < units; i++) {
        if (bytes[2 * i] == 0 && bytes[2 * i + 1] == 0) {
            return NULL;
        }
    }
    return cl_text_from_units((const WCHAR *)(gconstpointer)bytes, units);
}

static ClProperty *take_texts(const char *name, GBytes *data)
{
    gsize size;
    const WCHAR *units = g_bytes_get_data(data, &size);
    g_auto(GStrv) texts =
        size % sizeof(WCHAR) == 0 ? cl_text_strv_from_units(units, size / sizeof(WCHAR)) : NULL;
    return texts ? cl_property_new_texts(name, (const char *const *)texts) : NULL;
}

/* Numbers keep the format that the property has so far. */
static ClProperty *take_number(const char *name, CLUSTER_PROPERTY_FORMAT format, GBytes *data)
{
    guint32 number;
    guint64 large;
    gsize size;
    const void *bytes = g_bytes_get_data(data, &size);
    if (size == sizeof number) {
        memcpy(&number, bytes, sizeof number);
        number = GUINT32_FROM_LE(number);
        if (format == CLUSPROP_FORMAT_WORD && number > G_MAXUINT16) {
            return NULL;
        }
        large = format == CLUSPROP_FORMAT_LONG ? (guint64)(gint32)number : number;
    } else {
        memcpy(&large, bytes, sizeof large);
        large = GUINT64_FROM_LE(large);
    }
    return cl_property_new_number(name, format, large);
}

static gboolean has_size(GBytes *data, gsize size)
{
    return g_bytes_get_size(data) == size;
}

/* NULL for what no property can be. @format is that of the type, or the one it had. */
static ClProperty *make_property(const ClRegistryCommand *command, CLUSTER_PROPERTY_FORMAT format,
                                 GBytes *data)
{
    g_autofree char *text = NULL;
    switch (command->type) {
    case REG_DWORD:
        return has_size(data, 4) ? take_number(command->value, format, data) : NULL;
    case REG_QWORD:
        return has_size(data, 8) ? take_number(command->value, format, data) : NULL;
    case REG_SZ:
    case REG_EXPAND_SZ:
        text = take_text(data);
        return text ? cl_property_new_text(command->value, format, text) : NULL;
    case REG_MULTI_SZ:
        return take_texts(command->value, data);
    case REG_BINARY:
        return cl_property_new_bytes(command->value, format, data);
    default:
        return NULL;
    }
}

static CLUSTER_PROPERTY_FORMAT format_of(guint32 type)
{
    switch (type) {
    case REG_DWORD:
        return CLUSPROP_FORMAT_DWORD;
    case REG_QWORD:
        return CLUSPROP_FORMAT_ULARGE_INTEGER;
    case REG_SZ:
        return CLUSPROP_FORMAT_SZ;
    case REG_EXPAND_SZ:
        return CLUSPROP_FORMAT_EXPAND_SZ;
    case REG_MULTI_SZ:
        return CLUSPROP_FORMAT_MULTI_SZ;
    default:
        return CLUSPROP_FORMAT_BINARY;
    }
}

ClProperty *cl_registry_property_of(const ClRegistryCommand *command, const ClProperty *former)
{
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    CLUSTER_PROPERTY_FORMAT format = former && type_of(former->format) == command->type
                                         ? former->format
                                         : format_of(command->type);
    return make_property(command, format, command->data ? command->data : empty);
}

/* --- Conditions --------------------------------------------------------------------------------- */

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

gboolean cl_registry_condition_holds(const ClRegistryCommand *command, guint32 type, GBytes *data)
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

/* --- What may be stored ------------------------------------------------------------------------- */

gboolean cl_registry_check_value(const ClRegistryCommand *command, gsize size_max, GError **error)
{
    gsize size = command->data ? g_bytes_get_size(command->data) : 0;
    gboolean known = FALSE;
    switch (command->type) {
    case REG_NONE:
    case REG_SZ:
    case REG_EXPAND_SZ:
    case REG_BINARY:
    case REG_DWORD:
    case REG_DWORD_BIG_ENDIAN:
    case REG_MULTI_SZ:
    case REG_QWORD:
        known = TRUE;
        break;
    default:
        break;
    }
    if (!known || size > size_max ||
        cl_text_wide_length(command->value) > CL_REGISTRY_VALUE_NAME_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a value that cannot be stored");
    }
    return TRUE;
}

/* --- Paths -------------------------------------------------------------------------------------- */

/* The name of a resource type may have backslashes of its own, also next to each other and at its
 * end, but not in front. */
static gboolean may_be_empty(char **parts, guint i)
{
    return i > 1 && cl_text_equal(parts[0], "ResourceTypes");
}

gboolean cl_registry_join(const char *path, const char *sub, char **ret_path, GError **error)
{
    g_autofree char *joined = *sub == '\0'    ? g_strdup(path)
                              : *path == '\0' ? g_strdup(sub)
                                              : g_strconcat(path, "\\", sub, NULL);
    g_auto(GStrv) parts = g_strsplit(joined, "\\", -1);
    if (g_strv_length(parts) > CL_REGISTRY_DEPTH_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the path is too deep");
    }
    for (guint i = 0; parts[i]; i++) {
        if (parts[i][0] == '\0' && !may_be_empty(parts, i)) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no path of keys", sub);
        }
    }
    *ret_path = g_steal_pointer(&joined);
    return TRUE;
}
