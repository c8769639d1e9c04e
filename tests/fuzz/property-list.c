/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for property lists: walks through the input, parses it, and what could be parsed
 * must come back the same from a list built of it, all at once or value by value. Run by libFuzzer,
 * or by driver.c.
 */
#include "property-list.h"
#include "target.h"

#include <clusapi/linux.h>
#include <string.h>

static void check(gboolean ok)
{
    if (!ok) {
        g_error("a property list did not come back as it was");
    }
}

static volatile guint8 touched;

/* Touches every byte that the reader gives out, for the sanitizers to see. */
static DWORD walk(const guint8 *list, gsize size)
{
    ClPropertyListReader reader;
    ClPropertyValue value;
    DWORD status;

    if (!cl_property_list_reader_init(&reader, list, size)) {
        return ERROR_INVALID_DATA;
    }
    while ((status = cl_property_list_reader_next(&reader, &value)) == ERROR_SUCCESS) {
        const guint8 *name = (const guint8 *)value.name;

        while (name[0] != 0 || name[1] != 0) {
            name += 2;
        }
        for (guint32 i = 0; i < value.size; i++) {
            touched ^= value.data[i];
        }
        check(name < value.data && value.data + value.size <= list + size);
    }
    return status;
}

static void compare(const GPtrArray *a, const GPtrArray *b)
{
    check(a->len == b->len);
    for (guint i = 0; i < a->len; i++) {
        const ClProperty *x = g_ptr_array_index(a, i);
        const ClProperty *y = g_ptr_array_index(b, i);

        check(strcmp(x->name, y->name) == 0 && cl_property_equal(x, y));
    }
}

/* Adds one value as it stands in another list; first only measures. */
static DWORD append(GByteArray *list, const ClPropertyValue *value)
{
    DWORD size = list->len;
    DWORD status =
        value->index == 0
            ? ClusapiPropertyListAdd(NULL, 0, &size, (LPCWSTR)value->name, value->syntax,
                                     value->data, value->size)
            : ClusapiPropertyListAddValue(NULL, 0, &size, value->syntax, value->data, value->size);
    DWORD room = size;
    if (status != ERROR_SUCCESS) {
        return status;
    }
    size = list->len;
    g_byte_array_set_size(list, room);
    status = value->index == 0
                 ? ClusapiPropertyListAdd(list->data, room, &size, (LPCWSTR)value->name,
                                          value->syntax, value->data, value->size)
                 : ClusapiPropertyListAddValue(list->data, room, &size, value->syntax, value->data,
                                               value->size);
    check(status == ERROR_SUCCESS && size == room);
    return status;
}

static gboolean same_name(const char16_t *a, const char16_t *b)
{
    const guint8 *p = (const guint8 *)a;
    const guint8 *q = (const guint8 *)b;

    while (p[0] == q[0] && p[1] == q[1]) {
        if (p[0] == 0 && p[1] == 0) {
            return TRUE;
        }
        p += 2;
        q += 2;
    }
    return FALSE;
}

static void compare_walks(const guint8 *a, gsize a_size, const guint8 *b, gsize b_size)
{
    ClPropertyListReader x, y;
    ClPropertyValue v, w;
    DWORD status;

    check(cl_property_list_reader_init(&x, a, a_size) &&
          cl_property_list_reader_init(&y, b, b_size));
    do {
        status = cl_property_list_reader_next(&x, &v);
        check(cl_property_list_reader_next(&y, &w) == status);
        check(status != ERROR_SUCCESS ||
              (v.syntax == w.syntax && v.index == w.index && v.size == w.size &&
               memcmp(v.data, w.data, v.size) == 0 && same_name(v.name, w.name)));
    } while (status == ERROR_SUCCESS);
}

/* A list that is whole, copied value by value, has the same values. Names with unpaired surrogates
 * and further values that do not fit their syntax are read but not written. */
static void copy_values(const guint8 *list, gsize size)
{
    g_autoptr(GByteArray) copy = g_byte_array_new();
    ClPropertyListReader reader;
    ClPropertyValue value;

    check(cl_property_list_reader_init(&reader, list, size));
    while (cl_property_list_reader_next(&reader, &value) == ERROR_SUCCESS) {
        DWORD status = append(copy, &value);

        if (status != ERROR_SUCCESS) {
            check(status == ERROR_NO_UNICODE_TRANSLATION ||
                  (status == ERROR_INVALID_PARAMETER && value.index > 0));
            return;
        }
    }
    if (copy->len > 0) {
        compare_walks(list, size, copy->data, copy->len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) first = NULL;
    g_autoptr(GPtrArray) second = NULL;
    g_autoptr(GBytes) built = NULL;
    g_autoptr(GBytes) formats = NULL;
    g_autoptr(GBytes) names = NULL;
    g_autoptr(GError) error = NULL;
    DWORD status = walk(data, size);
    gboolean ok = cl_property_list_parse(data, size, &first, &error);

    check(ok == (error == NULL));
    if (!ok) {
        return 0;
    }
    check(status == ERROR_NO_MORE_ITEMS);
    copy_values(data, size);
    built = cl_property_list_build(first);
    check(cl_property_list_parse(g_bytes_get_data(built, NULL), g_bytes_get_size(built), &second,
                                 NULL));
    compare(first, second);
    formats = cl_property_list_build_formats(first);
    check(walk(g_bytes_get_data(formats, NULL), g_bytes_get_size(formats)) == ERROR_NO_MORE_ITEMS);
    names = cl_property_list_build_names(first);
    return 0;
}
