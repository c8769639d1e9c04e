/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the keys of an object show of it: its key the common properties, the key Parameters below
 * the private ones, which are set and deleted there, too. Runs with a reader, or within a change.
 */
#include "events.h"
#include "registry.h"
#include "schema.h"
#include "text.h"

#include <string.h>

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

static void add_values(const GPtrArray *properties, GPtrArray *replies)
{
    for (guint i = 0; i < properties->len; i++) {
        const ClProperty *property = properties->pdata[i];
        g_autoptr(GBytes) data = data_of(property);
        g_ptr_array_add(replies, cl_registry_reply_new(CLUSREG_READ_VALUE, "", property->name,
                                                       type_of(property->format), data));
    }
}

static gboolean add_set(ClReader *reader, const ClPlace *place, ClPropertySet set,
                        GPtrArray *replies, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (!cl_properties_read(reader, place->kind, place->object, set, &properties, error)) {
        return FALSE;
    }
    add_values(properties, replies);
    return TRUE;
}

/* What the cluster is known by, whatever its name. */
static gboolean add_instance(ClReader *reader, GPtrArray *replies, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    if (!cl_properties_read(reader, CL_KIND_CLUSTER, CL_SCHEMA_CLUSTER, CL_PROPERTIES_RO_COMMON,
                            &properties, error)) {
        return FALSE;
    }
    g_ptr_array_add(one, (gpointer)cl_properties_find(properties, CL_REGISTRY_INSTANCE));
    add_values(one, replies);
    return TRUE;
}

gboolean cl_registry_object_values(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                   GError **error)
{
    g_autoptr(GPtrArray) own = NULL;
    switch (place->type) {
    case CL_PLACE_OBJECT:
        return add_set(reader, place, CL_PROPERTIES_RO_COMMON, replies, error) &&
               add_set(reader, place, CL_PROPERTIES_COMMON, replies, error);
    case CL_PLACE_PARAMETERS:
        /* What a resource has from its type is not stored with it, and so not shown. */
        if (!cl_properties_read_own(reader, place->object, &own, error)) {
            return FALSE;
        }
        add_values(own, replies);
        return TRUE;
    case CL_PLACE_ROOT:
        return add_instance(reader, replies, error);
    default:
        return TRUE;
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
static ClProperty *property_of(const ClRegistryCommand *command, CLUSTER_PROPERTY_FORMAT format,
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

gboolean cl_registry_set_property(ClChange *change, const ClPlace *place,
                                  const ClRegistryCommand *command, GError **error)
{
    guint32 result;
    g_autoptr(GPtrArray) own = NULL;
    g_autoptr(GPtrArray) list = cl_properties_new();
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    CLUSTER_PROPERTY_FORMAT format = format_of(command->type);
    if (!cl_properties_read_own(cl_change_reader(change), place->object, &own, error)) {
        return FALSE;
    }
    const ClProperty *former = cl_properties_find(own, command->value);
    if (former && type_of(former->format) == command->type) {
        format = former->format;
    }
    ClProperty *property = property_of(command, format, command->data ? command->data : empty);
    if (!property) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no property can have this value");
    }
    g_ptr_array_add(list, property);
    return cl_properties_set(change, place->kind, place->object, CL_PROPERTIES_PRIVATE, list,
                             &result, error);
}

gboolean cl_registry_unset_property(ClChange *change, const ClPlace *place, const char *name,
                                    gboolean *ret_was_there, GError **error)
{
    return cl_properties_unset(change, place->kind, place->object, name, ret_was_there, error);
}
