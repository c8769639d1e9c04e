/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Property lists: the writer goes over the properties twice, first to measure and then to fill one
 * block; the reader walks through bytes that it does not trust and copies nothing but what it is
 * asked for. No state beyond the caller's reader; any thread may call any of these.
 */
#include "property-list.h"

#include "text.h"

#include <string.h>

/* Lists are little-endian everywhere, and so is text inside of them. */
G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

typedef struct {
    guint8 *data; /* NULL: only measure */
    gsize size;
} Writer;

/* ---- writing ---- */

static void put_bytes(Writer *writer, const void *data, gsize size)
{
    if (writer->data != NULL && size > 0) {
        memcpy(writer->data + writer->size, data, size);
    }
    writer->size += size;
}

static void put_dword(Writer *writer, guint32 value)
{
    put_bytes(writer, &value, sizeof value);
}

static void put_text(Writer *writer, const char *text)
{
    static const WCHAR nul = 0;

    if (writer->data != NULL) {
        cl_text_put_wide(text, (WCHAR *)(writer->data + writer->size));
    }
    writer->size += cl_text_wide_length(text) * sizeof(WCHAR);
    put_bytes(writer, &nul, sizeof nul);
}

static void put_texts(Writer *writer, char *const *texts)
{
    static const WCHAR nul = 0;

    for (; *texts != NULL; texts++) {
        /* An empty string would be the end of the list. */
        if (**texts != '\0') {
            put_text(writer, *texts);
        }
    }
    put_bytes(writer, &nul, sizeof nul);
}

/* Begins a value whose size end_value() fills in. Returns where it begins. */
static gsize begin_value(Writer *writer, guint32 syntax)
{
    put_dword(writer, syntax);
    put_dword(writer, 0);
    return writer->size;
}

static void end_value(Writer *writer, gsize begin)
{
    static const guint8 zeros[4];
    guint32 size = (guint32)(writer->size - begin);

    if (writer->data != NULL) {
        memcpy(writer->data + begin - sizeof size, &size, sizeof size);
    }
    put_bytes(writer, zeros, -writer->size % sizeof zeros);
}

static void put_text_value(Writer *writer, guint32 syntax, const char *text)
{
    gsize begin = begin_value(writer, syntax);

    put_text(writer, text);
    end_value(writer, begin);
}

static void put_number_value(Writer *writer, guint32 syntax, guint64 number, gsize size)
{
    gsize begin = begin_value(writer, syntax);

    put_bytes(writer, &number, size); /* its lower bytes come first */
    end_value(writer, begin);
}

/* The bytes of a number of @format, 0 if it is no number. */
static gsize number_size(CLUSTER_PROPERTY_FORMAT format)
{
    switch (format) {
    case CLUSPROP_FORMAT_WORD:
        return 2;
    case CLUSPROP_FORMAT_DWORD:
    case CLUSPROP_FORMAT_LONG:
        return 4;
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
    case CLUSPROP_FORMAT_LARGE_INTEGER:
    case CLUSPROP_FORMAT_FILETIME:
        return 8;
    default:
        return 0;
    }
}

static void put_property(Writer *writer, const ClProperty *property)
{
    guint32 syntax = CLUSPROP_SYNTAX_VALUE(CLUSPROP_TYPE_LIST_VALUE, property->format);
    gsize number = number_size(property->format);
    gsize begin;

    if (number > 0) {
        put_number_value(writer, syntax, property->number, number);
    } else if (property->format == CLUSPROP_FORMAT_EXPAND_SZ) {
        put_text_value(writer, syntax, property->text);
        put_text_value(writer, CLUSPROP_SYNTAX_LIST_VALUE_EXPANDED_SZ,
                       property->expanded != NULL ? property->expanded : property->text);
    } else if (property->format == CLUSPROP_FORMAT_SZ ||
               property->format == CLUSPROP_FORMAT_EXPANDED_SZ) {
        put_text_value(writer, syntax, property->text);
    } else {
        begin = begin_value(writer, syntax);
        if (property->format == CLUSPROP_FORMAT_MULTI_SZ) {
            put_texts(writer, property->texts);
        } else {
            put_bytes(writer, g_bytes_get_data(property->bytes, NULL),
                      g_bytes_get_size(property->bytes));
        }
        end_value(writer, begin);
    }
}

static void put_format(Writer *writer, const ClProperty *property)
{
    put_number_value(writer, CLUSPROP_SYNTAX_LIST_VALUE_WORD, property->format, sizeof(WORD));
}

typedef void (*PutValues)(Writer *writer, const ClProperty *property);

static void put_list(Writer *writer, const GPtrArray *properties, PutValues put_values)
{
    put_dword(writer, properties->len);
    for (guint i = 0; i < properties->len; i++) {
        const ClProperty *property = g_ptr_array_index(properties, i);

        put_text_value(writer, CLUSPROP_SYNTAX_NAME, property->name);
        put_values(writer, property);
        put_dword(writer, CLUSPROP_SYNTAX_ENDMARK);
    }
}

static GBytes *build_list(const GPtrArray *properties, PutValues put_values)
{
    Writer writer = {NULL, 0};

    put_list(&writer, properties, put_values);
    writer = (Writer){g_malloc(writer.size), 0};
    put_list(&writer, properties, put_values);
    return g_bytes_new_take(writer.data, writer.size);
}

GBytes *cl_property_list_build(const GPtrArray *properties)
{
    return build_list(properties, put_property);
}

GBytes *cl_property_list_build_formats(const GPtrArray *properties)
{
    return build_list(properties, put_format);
}

GBytes *cl_property_list_build_names(const GPtrArray *properties)
{
    g_autofree char **names = g_new0(char *, (gsize)properties->len + 1);
    Writer writer = {NULL, 0};

    for (guint i = 0; i < properties->len; i++) {
        names[i] = ((const ClProperty *)g_ptr_array_index(properties, i))->name;
    }
    put_texts(&writer, names);
    writer = (Writer){g_malloc(writer.size), 0};
    put_texts(&writer, names);
    return g_bytes_new_take(writer.data, writer.size);
}

/* ---- reading ---- */

/* By bytes, because nothing is known about the buffer's address. */
static guint32 get_dword(const guint8 *data)
{
    guint32 value;

    memcpy(&value, data, sizeof value);
    return value;
}

static gboolean is_nul(const guint8 *data)
{
    return data[0] == 0 && data[1] == 0;
}

/* Whether @data is one NUL-terminated string and nothing else. */
static gboolean is_text(const guint8 *data, gsize size)
{
    if (size < sizeof(WCHAR) || size % sizeof(WCHAR) != 0 || !is_nul(data + size - sizeof(WCHAR))) {
        return FALSE;
    }
    for (gsize i = 0; i < size - sizeof(WCHAR); i += sizeof(WCHAR)) {
        if (is_nul(data + i)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_property_list_reader_init(ClPropertyListReader *reader, const void *list, gsize size)
{
    if (list == NULL || size < sizeof(guint32)) {
        return FALSE;
    }
    *reader = (ClPropertyListReader){
        .list = list,
        .size = size,
        .offset = sizeof(guint32),
        .properties_left = get_dword(list),
    };
    return TRUE;
}

/* Reads the syntax at the reader's place without moving on. */
static gboolean peek_syntax(const ClPropertyListReader *reader, guint32 *ret_syntax)
{
    if (reader->size - reader->offset < sizeof *ret_syntax) {
        return FALSE;
    }
    *ret_syntax = get_dword(reader->list + reader->offset);
    return TRUE;
}

/* Reads the value at the reader's place and moves behind its padding. */
static gboolean read_value(ClPropertyListReader *reader, ClPropertyValue *ret_value)
{
    const guint8 *head = reader->list + reader->offset;
    gsize left = reader->size - reader->offset;
    gsize size;
    gsize padded;

    if (left < 2 * sizeof(guint32)) {
        return FALSE;
    }
    left -= 2 * sizeof(guint32);
    size = get_dword(head + sizeof(guint32));
    padded = (size + 3) & ~(gsize)3; /* of a 32-bit size: cannot overflow */
    if (padded > left) {
        return FALSE;
    }
    ret_value->syntax = get_dword(head);
    ret_value->data = head + 2 * sizeof(guint32);
    ret_value->size = (guint32)size;
    reader->offset += 2 * sizeof(guint32) + padded;
    return TRUE;
}

static gboolean read_name(ClPropertyListReader *reader)
{
    ClPropertyListReader next = *reader;
    ClPropertyValue value;

    if (!read_value(&next, &value) || value.syntax != CLUSPROP_SYNTAX_NAME ||
        value.size <= sizeof(WCHAR) || !is_text(value.data, value.size)) {
        return FALSE;
    }
    next.name = (const char16_t *)value.data;
    next.value_index = 0;
    next.properties_left--;
    *reader = next;
    return TRUE;
}

DWORD cl_property_list_reader_next(ClPropertyListReader *reader, ClPropertyValue *ret_value)
{
    ClPropertyValue value;
    guint32 syntax;

    if (reader->name != NULL) {
        if (!peek_syntax(reader, &syntax)) {
            return ERROR_INVALID_DATA;
        }
        if (syntax == CLUSPROP_SYNTAX_ENDMARK && reader->value_index > 0) {
            reader->offset += sizeof syntax;
            reader->name = NULL;
        }
    }
    if (reader->name == NULL) {
        if (reader->properties_left == 0) {
            return ERROR_NO_MORE_ITEMS;
        }
        if (!read_name(reader)) {
            return ERROR_INVALID_DATA;
        }
    }
    /* A property has at least one value, and another name only after its end mark. */
    if (!peek_syntax(reader, &syntax) || syntax == CLUSPROP_SYNTAX_ENDMARK ||
        syntax == CLUSPROP_SYNTAX_NAME || !read_value(reader, &value)) {
        return ERROR_INVALID_DATA;
    }
    value.name = reader->name;
    value.index = reader->value_index++;
    *ret_value = value;
    return ERROR_SUCCESS;
}

static guint64 get_number(const ClPropertyValue *value)
{
    guint64 number = 0;

    memcpy(&number, value->data, value->size);
    return number;
}

static char *get_text(const guint8 *data, gsize size)
{
    return cl_text_from_units((const WCHAR *)data, size / sizeof(WCHAR) - 1);
}

static ClProperty *parse_texts(const char *name, const ClPropertyValue *value)
{
    g_auto(GStrv) texts = NULL;

    if (value->size % sizeof(WCHAR) == 0) {
        texts = cl_text_strv_from_units((const WCHAR *)value->data, value->size / sizeof(WCHAR));
    }
    return texts != NULL ? cl_property_new_texts(name, (const char *const *)texts) : NULL;
}

/* The property that begins with @value; NULL if the value does not fit its format. */
static ClProperty *parse_value(const char *name, const ClPropertyValue *value)
{
    CLUSTER_PROPERTY_FORMAT format = (CLUSTER_PROPERTY_FORMAT)(value->syntax & 0xFFFF);
    gsize number = number_size(format);
    g_autofree char *text = NULL;
    g_autoptr(GBytes) bytes = NULL;

    if (number > 0) {
        return value->size == number ? cl_property_new_number(name, format, get_number(value))
                                     : NULL;
    }
    switch (format) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
    case CLUSPROP_FORMAT_EXPANDED_SZ:
        if (!is_text(value->data, value->size)) {
            return NULL;
        }
        text = get_text(value->data, value->size);
        return cl_property_new_text(name, format, text);
    case CLUSPROP_FORMAT_MULTI_SZ:
        return parse_texts(name, value);
    default:
        bytes = g_bytes_new(value->data, value->size);
        return cl_property_new_bytes(name, format, bytes);
    }
}

/* A value after a property's first: only the expanded form of a text is kept. */
static gboolean parse_further_value(ClProperty *property, const ClPropertyValue *value)
{
    if (property->format != CLUSPROP_FORMAT_EXPAND_SZ || property->expanded != NULL ||
        value->syntax != CLUSPROP_SYNTAX_LIST_VALUE_EXPANDED_SZ) {
        return TRUE;
    }
    if (!is_text(value->data, value->size)) {
        return FALSE;
    }
    property->expanded = get_text(value->data, value->size);
    return TRUE;
}

static gboolean parse_next(GPtrArray *properties, const ClPropertyListReader *reader,
                           const ClPropertyValue *value)
{
    gsize name_units = 0;
    g_autofree char *name = NULL;
    ClProperty *property;

    if (value->index > 0) {
        return parse_further_value(g_ptr_array_index(properties, properties->len - 1), value);
    }
    while (!is_nul((const guint8 *)reader->name + name_units * sizeof(WCHAR))) {
        name_units++;
    }
    name = cl_text_from_units(reader->name, name_units);
    property = parse_value(name, value);
    if (property != NULL) {
        g_ptr_array_add(properties, property);
    }
    return property != NULL;
}

gboolean cl_property_list_parse(const void *list, gsize size, GPtrArray **ret_properties,
                                GError **error)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    ClPropertyListReader reader;
    ClPropertyValue value;
    DWORD status;

    if (!cl_property_list_reader_init(&reader, list, size)) {
        return cl_fail(error, ERROR_INVALID_DATA, "property list of %zu bytes has no count", size);
    }
    while ((status = cl_property_list_reader_next(&reader, &value)) == ERROR_SUCCESS) {
        if (!parse_next(properties, &reader, &value)) {
            return cl_fail(error, ERROR_INVALID_DATA,
                           "a value of syntax 0x%08x in a property list does not fit its format",
                           value.syntax);
        }
    }
    if (status != ERROR_NO_MORE_ITEMS) {
        return cl_fail(error, ERROR_INVALID_DATA, "property list is malformed at byte %zu",
                       reader.offset);
    }
    *ret_properties = g_steal_pointer(&properties);
    return TRUE;
}

/* ---- appending ---- */

static gboolean is_value(const ClPropertyValue *value)
{
    g_autoptr(ClProperty) property = NULL;

    if (value->syntax == CLUSPROP_SYNTAX_ENDMARK || value->syntax == CLUSPROP_SYNTAX_NAME) {
        return FALSE;
    }
    property = parse_value("", value);
    return property != NULL;
}

/* Whether the list ends with a property, so that another value can take its end mark's place. */
static gboolean ends_with_property(const guint8 *list, gsize size)
{
    static const gsize smallest = 4 + 12 + 8 + 4; /* count, name of one unit, value, end mark */

    return size >= smallest &&
           (list == NULL ||
            (get_dword(list) > 0 && get_dword(list + size - 4) == CLUSPROP_SYNTAX_ENDMARK));
}

static void put_appended(Writer *writer, const char *name, const ClPropertyValue *value)
{
    gsize begin;

    if (name != NULL) {
        put_text_value(writer, CLUSPROP_SYNTAX_NAME, name);
    }
    begin = begin_value(writer, value->syntax);
    put_bytes(writer, value->data, value->size);
    end_value(writer, begin);
    put_dword(writer, CLUSPROP_SYNTAX_ENDMARK);
}

/* Begins an empty list, or counts the property that will be added. */
static void put_count(Writer *writer, guint32 added)
{
    guint32 count = 0;

    if (writer->size == 0) {
        put_dword(writer, 0);
    }
    if (writer->data != NULL) {
        count = get_dword(writer->data) + added;
        memcpy(writer->data, &count, sizeof count);
    }
}

DWORD cl_property_list_append(guint8 *list, gsize room, gsize *size, const char *name,
                              const ClPropertyValue *value)
{
    gsize begin = name != NULL ? *size : *size - 4; /* over the end mark */
    Writer writer = {NULL, MAX(begin, 4)};

    if (*size % 4 != 0 || (name == NULL && !ends_with_property(list, *size)) || !is_value(value) ||
        (name != NULL && *name == '\0')) {
        return ERROR_INVALID_PARAMETER;
    }
    put_appended(&writer, name, value);
    if (writer.size > G_MAXUINT32) {
        return ERROR_INVALID_PARAMETER;
    }
    if (list != NULL) {
        if (*size > room || writer.size > room) {
            return ERROR_MORE_DATA;
        }
        writer = (Writer){list, begin};
        put_count(&writer, name != NULL);
        put_appended(&writer, name, value);
    }
    *size = writer.size;
    return ERROR_SUCCESS;
}
