/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading of property lists. No data of its own; any thread may call.
 */
#include "properties.h"

#include "errors.h"
#include "escape.h"

#include <string.h>

static const DWORD sets[] = {CLCTL_GET_COMMON_PROPERTIES, CLCTL_GET_RO_COMMON_PROPERTIES,
                             CLCTL_GET_PRIVATE_PROPERTIES, CLCTL_GET_RO_PRIVATE_PROPERTIES};

static void property_free(gpointer data)
{
    FsProperty *property = data;

    g_free(property->name);
    g_free(property->file);
    g_free(property->text);
    g_free(property);
}

static guint64 read_integer(const CLUSAPI_PROPERTY *value)
{
    guint64 number = 0;

    memcpy(&number, value->pbData, MIN(value->cbData, sizeof number));
    return GUINT64_FROM_LE(number);
}

static DWORD format_text(const CLUSAPI_PROPERTY *value, GString *out)
{
    LPCWSTR text = (LPCWSTR)(gconstpointer)value->pbData;
    DWORD length = 0;

    while (length < value->cbData / sizeof(WCHAR) && text[length] != 0) {
        length++;
    }
    return fs_utf8_append(out, text, length);
}

/* One string a line. Only the end of the list ends it, so an empty string in the middle shows. */
static DWORD format_multi_text(const CLUSAPI_PROPERTY *value, GString *out)
{
    LPCWSTR text = (LPCWSTR)(gconstpointer)value->pbData;
    DWORD count = value->cbData / (DWORD)sizeof(WCHAR);
    DWORD start = 0;
    DWORD status = ERROR_SUCCESS;

    while (count > 0 && text[count - 1] == 0) {
        count--;
    }
    for (DWORD i = 0; i <= count && count > 0 && status == ERROR_SUCCESS; i++) {
        if (i == count || text[i] == 0) {
            if (start > 0) {
                g_string_append_c(out, '\n');
            }
            status = fs_utf8_append(out, text + start, i - start);
            start = i + 1;
        }
    }
    return status;
}

static DWORD format_bytes(const CLUSAPI_PROPERTY *value, GString *out)
{
    for (DWORD i = 0; i < value->cbData; i++) {
        g_string_append_printf(out, "%02x", value->pbData[i]);
    }
    return ERROR_SUCCESS;
}

/* FILETIME counts 100 ns from 1601; 0 means that there is no such time. */
static DWORD format_time(const CLUSAPI_PROPERTY *value, GString *out)
{
    guint64 ticks = read_integer(value);
    g_autoptr(GDateTime) time = NULL;
    g_autofree char *text = NULL;

    if (ticks == 0) {
        return ERROR_SUCCESS;
    }
    time =
        g_date_time_new_from_unix_utc((gint64)(ticks / 10000000) - G_GINT64_CONSTANT(11644473600));
    if (time == NULL) {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, ticks);
        return ERROR_SUCCESS;
    }
    text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
    g_string_append_printf(out, "%s.%07uZ", text, (guint)(ticks % 10000000));
    return ERROR_SUCCESS;
}

DWORD fs_property_format(const CLUSAPI_PROPERTY *value, GString *out)
{
    guint64 number;

    switch (value->dwSyntax & 0xffff) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
    case CLUSPROP_FORMAT_EXPANDED_SZ:
        return format_text(value, out);
    case CLUSPROP_FORMAT_MULTI_SZ:
        return format_multi_text(value, out);
    case CLUSPROP_FORMAT_FILETIME:
        return format_time(value, out);
    case CLUSPROP_FORMAT_WORD:
    case CLUSPROP_FORMAT_DWORD:
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, read_integer(value));
        return ERROR_SUCCESS;
    case CLUSPROP_FORMAT_LONG:
        g_string_append_printf(out, "%d", (gint32)read_integer(value));
        return ERROR_SUCCESS;
    case CLUSPROP_FORMAT_LARGE_INTEGER:
        number = read_integer(value);
        g_string_append_printf(out, "%" G_GINT64_FORMAT, (gint64)number);
        return ERROR_SUCCESS;
    default:
        return format_bytes(value, out);
    }
}

/* What a walk through the lists looks for; a NULL name is every property. */
typedef struct {
    LPCWSTR name;
    gboolean found;
    /* Called for each value that matches. */
    DWORD (*take)(const CLUSAPI_PROPERTY *value, gpointer data);
    gpointer data;
} Walk;

static gboolean matches(const Walk *walk, const CLUSAPI_PROPERTY *value)
{
    return walk->name == NULL || lstrcmpW(walk->name, value->pszName) == 0;
}

/* An EXPAND_SZ comes with its expanded form, which is not what was stored. */
static gboolean is_extra(const CLUSAPI_PROPERTY *value)
{
    return value->dwIndex > 0 && (value->dwSyntax & 0xffff) == CLUSPROP_FORMAT_EXPANDED_SZ;
}

static DWORD walk_list(const GByteArray *list, Walk *walk)
{
    CLUSAPI_PROPERTY_CURSOR cursor = {{0}};
    CLUSAPI_PROPERTY value;
    DWORD status;

    if (list->len == 0) {
        return ERROR_SUCCESS;
    }
    while ((status = ClusapiPropertyListNext(list->data, list->len, &cursor, &value)) ==
           ERROR_SUCCESS) {
        if (matches(walk, &value) && !is_extra(&value)) {
            walk->found = TRUE;
            status = walk->take(&value, walk->data);
            if (status != ERROR_SUCCESS) {
                return status;
            }
        }
    }
    return status == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : status;
}

/* A kind of object, or a back end, need not have every set. */
static gboolean has_no_such_set(DWORD status)
{
    return status == ERROR_INVALID_FUNCTION || status == ERROR_NOT_SUPPORTED ||
           status == ERROR_CALL_NOT_IMPLEMENTED;
}

/* Walks through the sets in turn; a search ends with the set that has the name. */
static DWORD walk_sets(const FsObject *object, guint count, Walk *walk)
{
    for (guint i = 0; i < count; i++) {
        g_autoptr(GByteArray) list = NULL;
        DWORD status = fs_object_control(object, sets[i], &list);

        if (status == ERROR_SUCCESS) {
            status = walk_list(list, walk);
        } else if (has_no_such_set(status)) {
            status = ERROR_SUCCESS;
        }
        if (status != ERROR_SUCCESS || (walk->name != NULL && walk->found)) {
            return status;
        }
    }
    return walk->name != NULL ? ERROR_NOT_FOUND : ERROR_SUCCESS;
}

/* A further value of a property is a further line. */
static DWORD take_text(const CLUSAPI_PROPERTY *value, gpointer data)
{
    GString *out = data;

    if (value->dwIndex > 0) {
        g_string_append_c(out, '\n');
    }
    return fs_property_format(value, out);
}

static DWORD take_property(const CLUSAPI_PROPERTY *value, gpointer data)
{
    GPtrArray *properties = data;
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    FsProperty *property;
    DWORD status;

    if (value->dwIndex > 0 && properties->len > 0) {
        property = g_ptr_array_index(properties, properties->len - 1);
        g_string_append(text, property->text);
        status = take_text(value, text);
        g_free(property->text);
        property->text = g_strdup(text->str);
        return status;
    }
    status = fs_utf8_append(name, value->pszName, (DWORD)-1);
    if (status == ERROR_SUCCESS) {
        status = fs_property_format(value, text);
    }
    if (status == ERROR_SUCCESS) {
        property = g_new0(FsProperty, 1);
        property->name = g_string_free(g_steal_pointer(&name), FALSE);
        property->text = g_string_free(g_steal_pointer(&text), FALSE);
        g_ptr_array_add(properties, property);
    }
    return status;
}

static DWORD take_dword(const CLUSAPI_PROPERTY *value, gpointer data)
{
    if (value->cbData != sizeof(DWORD)) {
        return ERROR_INVALID_DATA;
    }
    *(DWORD *)data = (DWORD)read_integer(value);
    return ERROR_SUCCESS;
}

/* A resource's private property may have the name of a common one, as "Name" of a network name. */
static void choose_files(GPtrArray *properties)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < properties->len; i++) {
        FsProperty *property = g_ptr_array_index(properties, i);

        property->file = fs_escape(property->name, NULL);
        if (g_hash_table_contains(taken, property->file)) {
            g_free(property->file);
            property->file = fs_escape_tagged(property->name, "private");
        }
        g_hash_table_add(taken, property->file);
    }
}

DWORD fs_properties_read(const FsObject *object, GPtrArray **ret_properties)
{
    g_autoptr(GPtrArray) properties = g_ptr_array_new_with_free_func(property_free);
    Walk walk = {.take = take_property, .data = properties};
    DWORD status = walk_sets(object, G_N_ELEMENTS(sets), &walk);

    if (status == ERROR_SUCCESS) {
        choose_files(properties);
        *ret_properties = g_steal_pointer(&properties);
    }
    return status;
}

DWORD fs_property_read(const FsObject *object, const char *name, GString *out)
{
    g_autofree LPWSTR wide = NULL;
    Walk walk = {.take = take_text, .data = out};
    DWORD status = fs_wide_from_utf8(name, &wide);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    walk.name = wide;
    return walk_sets(object, G_N_ELEMENTS(sets), &walk);
}

/* Only a file name with a tag needs to be looked for among all. */
DWORD fs_property_read_file(const FsObject *object, const char *file, GString *out)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;
    g_autoptr(GPtrArray) properties = NULL;
    DWORD status;

    if (!fs_unescape(file, &name, &tag)) {
        return ERROR_NOT_FOUND;
    }
    if (name != NULL) {
        return fs_property_read(object, name, out);
    }
    status = fs_properties_read(object, &properties);
    for (guint i = 0; status == ERROR_SUCCESS && i < properties->len; i++) {
        const FsProperty *property = g_ptr_array_index(properties, i);

        if (strcmp(property->file, file) == 0) {
            g_string_append(out, property->text);
            return ERROR_SUCCESS;
        }
    }
    return status == ERROR_SUCCESS ? ERROR_NOT_FOUND : status;
}

DWORD fs_property_read_dword(const FsObject *object, const char *name, DWORD *ret_value)
{
    g_autofree LPWSTR wide = NULL;
    Walk walk = {.take = take_dword, .data = ret_value};
    DWORD status = fs_wide_from_utf8(name, &wide);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    walk.name = wide;
    return walk_sets(object, 2, &walk);
}
