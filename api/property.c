/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties in memory. A property belongs to whoever made it or to the array that it was put
 * into. Nothing here is locked: while several threads look at a property none may change it.
 */
#include "property.h"

#include "text.h"

#include <string.h>

static ClProperty *property_new(const char *name, CLUSTER_PROPERTY_FORMAT format)
{
    ClProperty *property = g_new0(ClProperty, 1);

    property->name = g_strdup(name);
    property->format = format;
    return property;
}

/* Equal numbers of one format are equal in all 64 bits, whatever the caller left in the upper. */
static guint64 fit_number(CLUSTER_PROPERTY_FORMAT format, guint64 value)
{
    switch (format) {
    case CLUSPROP_FORMAT_WORD:
        return (guint16)value;
    case CLUSPROP_FORMAT_DWORD:
        return (guint32)value;
    case CLUSPROP_FORMAT_LONG:
        return (guint64)(gint64)(gint32)value;
    default:
        return value;
    }
}

ClProperty *cl_property_new_number(const char *name, CLUSTER_PROPERTY_FORMAT format, guint64 value)
{
    ClProperty *property = property_new(name, format);

    property->number = fit_number(format, value);
    return property;
}

ClProperty *cl_property_new_text(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                 const char *value)
{
    ClProperty *property = property_new(name, format);

    property->text = g_strdup(value != NULL ? value : "");
    return property;
}

ClProperty *cl_property_new_texts(const char *name, const char *const *values)
{
    static const char *const none[] = {NULL};
    ClProperty *property = property_new(name, CLUSPROP_FORMAT_MULTI_SZ);

    property->texts = g_strdupv((char **)(values != NULL ? values : none));
    return property;
}

ClProperty *cl_property_new_bytes(const char *name, CLUSTER_PROPERTY_FORMAT format, GBytes *value)
{
    ClProperty *property = property_new(name, format);

    property->bytes = value != NULL ? g_bytes_ref(value) : g_bytes_new(NULL, 0);
    return property;
}

void cl_property_free(ClProperty *property)
{
    if (property == NULL) {
        return;
    }
    g_free(property->name);
    g_free(property->text);
    g_strfreev(property->texts);
    g_clear_pointer(&property->bytes, g_bytes_unref);
    g_free(property->expanded);
    g_free(property);
}

static void free_element(gpointer property)
{
    cl_property_free(property);
}

GPtrArray *cl_properties_new(void)
{
    return g_ptr_array_new_with_free_func(free_element);
}

ClProperty *cl_properties_find(const GPtrArray *properties, const char *name)
{
    for (guint i = 0; i < properties->len; i++) {
        ClProperty *property = g_ptr_array_index(properties, i);

        if (cl_text_equal(property->name, name)) {
            return property;
        }
    }
    return NULL;
}

gboolean cl_property_equal(const ClProperty *a, const ClProperty *b)
{
    if (a->format != b->format) {
        return FALSE;
    }
    switch (a->format) {
    case CLUSPROP_FORMAT_DWORD:
    case CLUSPROP_FORMAT_WORD:
    case CLUSPROP_FORMAT_LONG:
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
    case CLUSPROP_FORMAT_LARGE_INTEGER:
    case CLUSPROP_FORMAT_FILETIME:
        return a->number == b->number;
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
    case CLUSPROP_FORMAT_EXPANDED_SZ:
        return strcmp(a->text, b->text) == 0;
    case CLUSPROP_FORMAT_MULTI_SZ:
        return g_strv_equal((const gchar *const *)a->texts, (const gchar *const *)b->texts);
    default:
        return g_bytes_equal(a->bytes, b->bytes);
    }
}
