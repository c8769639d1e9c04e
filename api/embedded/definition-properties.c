/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The properties in a definition: keys property.NAME and private.NAME. Properties belong to their
 * object; one thread at a time.
 */
#include "definition-internal.h"
#include "definition-value.h"
#include "property-table.h"
#include "text.h"

#include <string.h>

#define COMMON_PREFIX  "property."
#define PRIVATE_PREFIX "private."

static const struct {
    const char *prefix;
    CLUSTER_PROPERTY_FORMAT format;
} formats[] = {
    {"dword", CLUSPROP_FORMAT_DWORD},
    {"word", CLUSPROP_FORMAT_WORD},
    {"long", CLUSPROP_FORMAT_LONG},
    {"qword", CLUSPROP_FORMAT_ULARGE_INTEGER},
    {"int64", CLUSPROP_FORMAT_LARGE_INTEGER},
    {"filetime", CLUSPROP_FORMAT_FILETIME},
    {"sz", CLUSPROP_FORMAT_SZ},
    {"expand-sz", CLUSPROP_FORMAT_EXPAND_SZ},
    {"multi-sz", CLUSPROP_FORMAT_MULTI_SZ},
    {"binary", CLUSPROP_FORMAT_BINARY},
    {"security-descriptor", CLUSPROP_FORMAT_SECURITY_DESCRIPTOR},
};

gboolean cl_definition_is_property(const char *key)
{
    return g_str_has_prefix(key, COMMON_PREFIX) || g_str_has_prefix(key, PRIVATE_PREFIX);
}

static const char *format_word(CLUSTER_PROPERTY_FORMAT format)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (formats[i].format == format) {
            return formats[i].prefix;
        }
    }
    return "other";
}

/* Takes the format off the front of *@value; FALSE if there is none. */
gboolean cl_definition_split_format(const char **value, CLUSTER_PROPERTY_FORMAT *ret_format)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        gsize length = strlen(formats[i].prefix);

        if (strncmp(*value, formats[i].prefix, length) == 0 && (*value)[length] == ':') {
            *value += length + 1;
            *ret_format = formats[i].format;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean parse_signed(const char *value, gint64 min, gint64 max, guint64 *ret_number)
{
    gint64 number;

    if (!g_ascii_string_to_signed(value, 10, min, max, &number, NULL)) {
        return FALSE;
    }
    *ret_number = (guint64)number;
    return TRUE;
}

static gboolean parse_number(CLUSTER_PROPERTY_FORMAT format, const char *value, guint64 *ret_number)
{
    switch (format) {
    case CLUSPROP_FORMAT_WORD:
        return cl_value_parse_number(value, G_MAXUINT16, ret_number);
    case CLUSPROP_FORMAT_DWORD:
        return cl_value_parse_number(value, G_MAXUINT32, ret_number);
    case CLUSPROP_FORMAT_LONG:
        return parse_signed(value, G_MININT32, G_MAXINT32, ret_number);
    case CLUSPROP_FORMAT_LARGE_INTEGER:
        return parse_signed(value, G_MININT64, G_MAXINT64, ret_number);
    default:
        return cl_value_parse_number(value, G_MAXUINT64, ret_number);
    }
}

static ClProperty *number_property(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                   const char *value, char **ret_why)
{
    guint64 number;

    if (!parse_number(format, value, &number)) {
        *ret_why = g_strdup_printf("\"%s\" is no %s number", value, format_word(format));
        return NULL;
    }
    return cl_property_new_number(name, format, number);
}

static ClProperty *text_property(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                 const char *value, char **ret_why)
{
    g_autofree char *text = cl_line_decode(value, ret_why);

    return text != NULL ? cl_property_new_text(name, format, text) : NULL;
}

static ClProperty *list_property(const char *name, const char *value, char **ret_why)
{
    g_auto(GStrv) list = cl_line_decode_list(value, ret_why);

    for (char **item = list; item != NULL && *item != NULL; item++) {
        if (**item == '\0') {
            *ret_why = g_strdup("a multi-sz cannot hold an empty string");
            return NULL;
        }
    }
    return list != NULL ? cl_property_new_texts(name, (const char *const *)list) : NULL;
}

static ClProperty *bytes_property(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                  const char *value, char **ret_why)
{
    g_autoptr(GByteArray) array = g_byte_array_new();
    g_autoptr(GBytes) bytes = NULL;

    for (const char *at = value; *at != '\0'; at += 2) {
        int high = g_ascii_xdigit_value(at[0]);
        int low = high >= 0 ? g_ascii_xdigit_value(at[1]) : -1;
        guint8 byte;

        if (low < 0) {
            *ret_why = g_strdup("bytes are pairs of hexadecimal digits");
            return NULL;
        }
        byte = (guint8)(high * 16 + low);
        g_byte_array_append(array, &byte, 1);
    }
    bytes = g_byte_array_free_to_bytes(g_steal_pointer(&array));
    return cl_property_new_bytes(name, format, bytes);
}

ClProperty *cl_definition_parse_value(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                      const char *value, char **ret_why)
{
    switch (format) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
        return text_property(name, format, value, ret_why);
    case CLUSPROP_FORMAT_MULTI_SZ:
        return list_property(name, value, ret_why);
    case CLUSPROP_FORMAT_BINARY:
    case CLUSPROP_FORMAT_SECURITY_DESCRIPTOR:
        return bytes_property(name, format, value, ret_why);
    default:
        return number_property(name, format, value, ret_why);
    }
}

static void add_property(ClDefined *object, const ClLineEntry *entry, GPtrArray *mistakes,
                         ClProperty *property)
{
    gboolean common = g_str_has_prefix(entry->key, COMMON_PREFIX);
    GPtrArray *properties = common ? object->common : object->private;

    if (cl_properties_find(properties, property->name) != NULL) {
        cl_mistakes_add(mistakes, entry->line,
                        "%s: the section has this property already, "
                        "in another case",
                        entry->key);
        cl_property_free(property);
        return;
    }
    g_ptr_array_add(properties, property);
}

/* A name is common or private, with one exception of Windows: the private Name of a Network Name
 * resource is the host name that it gives. */
static gboolean is_common_only(ClKind kind, const char *name)
{
    return cl_common_property_find(kind, name) != NULL &&
           !(kind == CL_KIND_RESOURCE && cl_text_equal(name, "Name"));
}

static void read_private(ClDefined *object, const ClLineEntry *entry, GPtrArray *mistakes)
{
    const char *name = entry->key + strlen(PRIVATE_PREFIX);
    const char *value = entry->value;
    CLUSTER_PROPERTY_FORMAT format = CLUSPROP_FORMAT_SZ;
    g_autofree char *why = NULL;
    ClProperty *property;

    if (*name == '\0') {
        cl_mistakes_add(mistakes, entry->line, "%s: the property has no name", entry->key);
        return;
    }
    if (is_common_only(object->kind, name)) {
        cl_mistakes_add(mistakes, entry->line, "%s is the name of a common property", entry->key);
        return;
    }
    cl_definition_split_format(&value, &format);
    property = cl_definition_parse_value(name, format, value, &why);
    if (property == NULL) {
        cl_mistakes_add(mistakes, entry->line, "%s: %s", entry->key, why);
        return;
    }
    add_property(object, entry, mistakes, property);
}

/* Why the definition cannot give that common property; NULL: it can. Static. */
static const char *common_fault(const ClDefined *object, const ClCommonProperty *common)
{
    if (common == NULL) {
        return "there is no such common property; others are private.NAME";
    }
    if (common->source == CL_SOURCE_COLUMN && !common->read_only) {
        return "it follows from the section's other keys";
    }
    if (common->source != CL_SOURCE_STORED) {
        return "it cannot be set";
    }
    if (g_str_equal(common->name, "Description") && cl_defined_has(object, "description")) {
        return "the section has description= too";
    }
    return NULL;
}

static void read_common(ClDefined *object, const ClLineEntry *entry, GPtrArray *mistakes)
{
    const char *name = entry->key + strlen(COMMON_PREFIX);
    const ClCommonProperty *common = cl_common_property_find(object->kind, name);
    const char *fault = common_fault(object, common);
    const char *value = entry->value;
    CLUSTER_PROPERTY_FORMAT format;
    g_autofree char *why = NULL;
    ClProperty *property;

    if (fault != NULL) {
        cl_mistakes_add(mistakes, entry->line, "%s: %s", entry->key, fault);
        return;
    }
    format = common->format;
    if (cl_definition_split_format(&value, &format) && format != common->format) {
        cl_mistakes_add(mistakes, entry->line, "%s is a %s, not a %s", entry->key,
                        format_word(common->format), format_word(format));
        return;
    }
    property = cl_definition_parse_value(common->name, format, value, &why);
    if (property == NULL) {
        cl_mistakes_add(mistakes, entry->line, "%s: %s", entry->key, why);
        return;
    }
    if (format == CLUSPROP_FORMAT_DWORD && property->number != common->number &&
        (property->number < common->min || property->number > common->max)) {
        cl_mistakes_add(mistakes, entry->line,
                        "%s is from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, entry->key,
                        common->min, common->max);
    }
    add_property(object, entry, mistakes, property);
}

void cl_definition_read_property(ClDefined *object, const ClLineEntry *entry, GPtrArray *mistakes)
{
    if (g_str_has_prefix(entry->key, COMMON_PREFIX)) {
        read_common(object, entry, mistakes);
    } else {
        read_private(object, entry, mistakes);
    }
}
