/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A fuzz target for property lists: walks through the input, parses it, and what could be parsed
 * must come back the same from a list built of it. Run by libFuzzer, or by driver.c.
 */
#include "property-list.h"
#include "target.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) first = NULL;
    g_autoptr(GPtrArray) second = NULL;
    g_autoptr(GBytes) built = NULL;
    g_autoptr(GBytes) formats = NULL;
    g_autoptr(GBytes) names = NULL;
    DWORD status = walk(data, size);

    if (!cl_property_list_parse(data, size, &first, NULL)) {
        return 0;
    }
    check(status == ERROR_NO_MORE_ITEMS);
    built = cl_property_list_build(first);
    check(cl_property_list_parse(g_bytes_get_data(built, NULL), g_bytes_get_size(built), &second,
                                 NULL));
    compare(first, second);
    formats = cl_property_list_build_formats(first);
    check(walk(g_bytes_get_data(formats, NULL), g_bytes_get_size(formats)) == ERROR_NO_MORE_ITEMS);
    names = cl_property_list_build_names(first);
    return 0;
}
