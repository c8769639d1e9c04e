/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of api/property-list.c and property.c: lists of every format written and read, and foreign
 * bytes, each in a heap block of its exact size so that a look beyond the end is seen.
 */
#include "property-list.h"

#include "text.h"

#include <clusapi/linux.h>
#include <string.h>

/* The worked example of the format: Priority = DWORD 2000, Description = SZ "web". */
static const guint8 example[] = {
    0x02, 0x00, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x12, 0x00, 0x00, 0x00, 0x50, 0x00, 0x72,
    0x00, 0x69, 0x00, 0x6f, 0x00, 0x72, 0x00, 0x69, 0x00, 0x74, 0x00, 0x79, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x02, 0x00, 0x01, 0x00, 0x04, 0x00, 0x00, 0x00, 0xd0, 0x07, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x18, 0x00, 0x00, 0x00, 0x44, 0x00, 0x65, 0x00,
    0x73, 0x00, 0x63, 0x00, 0x72, 0x00, 0x69, 0x00, 0x70, 0x00, 0x74, 0x00, 0x69, 0x00, 0x6f,
    0x00, 0x6e, 0x00, 0x00, 0x00, 0x03, 0x00, 0x01, 0x00, 0x08, 0x00, 0x00, 0x00, 0x77, 0x00,
    0x65, 0x00, 0x62, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static void add_bytes(GPtrArray *properties, const char *name, CLUSTER_PROPERTY_FORMAT format,
                      const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    g_ptr_array_add(properties, cl_property_new_bytes(name, format, bytes));
}

static void add_number(GPtrArray *properties, const char *name, CLUSTER_PROPERTY_FORMAT format,
                       guint64 number)
{
    g_ptr_array_add(properties, cl_property_new_number(name, format, number));
}

/* A property of every format, with sizes that need every padding. */
static GPtrArray *every_format(void)
{
    static const char *const texts[] = {"one", "zw\xC3\xB6lf", "\xF0\x9F\x98\x80", NULL};
    GPtrArray *properties = cl_properties_new();
    ClProperty *property;

    add_bytes(properties, "Unknown", CLUSPROP_FORMAT_UNKNOWN, "12345");
    add_bytes(properties, "Binary", CLUSPROP_FORMAT_BINARY, "1");
    add_bytes(properties, "Empty", CLUSPROP_FORMAT_BINARY, "");
    add_bytes(properties, "Security", CLUSPROP_FORMAT_SECURITY_DESCRIPTOR, "12");
    add_bytes(properties, "List", CLUSPROP_FORMAT_PROPERTY_LIST, "123");
    add_bytes(properties, "User", CLUSPROP_FORMAT_USER, "1234");
    add_number(properties, "Dword", CLUSPROP_FORMAT_DWORD, G_MAXUINT32);
    add_number(properties, "Word", CLUSPROP_FORMAT_WORD, 0x1234);
    add_number(properties, "Long", CLUSPROP_FORMAT_LONG, (guint64)-5);
    add_number(properties, "Ularge", CLUSPROP_FORMAT_ULARGE_INTEGER, G_MAXUINT64);
    add_number(properties, "Large", CLUSPROP_FORMAT_LARGE_INTEGER, (guint64)G_MININT64);
    add_number(properties, "Time", CLUSPROP_FORMAT_FILETIME, 0x0123456789ABCDEF);
    g_ptr_array_add(properties, cl_property_new_text("Sz", CLUSPROP_FORMAT_SZ, "a \xC3\xA4"));
    g_ptr_array_add(properties, cl_property_new_text("No text", CLUSPROP_FORMAT_SZ, ""));
    property = cl_property_new_text("Path", CLUSPROP_FORMAT_EXPAND_SZ, "%HOME%");
    property->expanded = g_strdup("/root");
    g_ptr_array_add(properties, property);
    g_ptr_array_add(properties, cl_property_new_texts("Multi", texts));
    g_ptr_array_add(properties, cl_property_new_texts("None", NULL));
    return properties;
}

static void assert_same(const GPtrArray *a, const GPtrArray *b)
{
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const ClProperty *x = g_ptr_array_index(a, i);
        const ClProperty *y = g_ptr_array_index(b, i);

        g_assert_cmpstr(x->name, ==, y->name);
        g_assert_cmpstr(x->expanded, ==, y->expanded);
        g_assert_true(cl_property_equal(x, y));
    }
}

/* Walks and parses a list in a block of its exact size; returns whether both took it. */
static gboolean is_valid(const guint8 *list, gsize size)
{
    g_autofree guint8 *copy = g_memdup2(list, size);
    g_autoptr(GPtrArray) properties = NULL;
    g_autoptr(GError) error = NULL;
    ClPropertyListReader reader;
    ClPropertyValue value;
    DWORD status = ERROR_INVALID_DATA;

    if (cl_property_list_reader_init(&reader, copy, size)) {
        while ((status = cl_property_list_reader_next(&reader, &value)) == ERROR_SUCCESS) {
            g_assert_true(value.data >= copy && value.data + value.size <= copy + size);
        }
    }
    if (!cl_property_list_parse(copy, size, &properties, &error)) {
        g_assert_error(error, CL_ERROR, ERROR_INVALID_DATA);
        g_assert_null(properties);
        return FALSE;
    }
    g_assert_cmpuint(status, ==, ERROR_NO_MORE_ITEMS);
    return TRUE;
}

static void test_example_built(void)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GBytes) list = NULL;

    add_number(properties, "Priority", CLUSPROP_FORMAT_DWORD, 2000);
    g_ptr_array_add(properties, cl_property_new_text("Description", CLUSPROP_FORMAT_SZ, "web"));
    list = cl_property_list_build(properties);
    g_assert_cmpuint(sizeof example, ==, 100);
    g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), example, sizeof example);
}

/* ---- appending ---- */

static DWORD add(guint8 *list, gsize room, gsize *size, const char *name, guint32 syntax,
                 const void *data, gsize bytes)
{
    ClPropertyValue value = {.syntax = syntax, .data = data, .size = (guint32)bytes};

    return cl_property_list_append(list, room, size, name, &value);
}

/* Both ways of building give the same bytes, and measuring the same size. */
static void test_example_appended(void)
{
    guint8 list[sizeof example];
    gsize size = 0;
    gsize measured = 0;
    guint32 number = 2000;
    static const char16_t text[] = u"web";

    memset(list, 0xEE, sizeof list);
    for (guint i = 0; i < 2; i++) {
        guint8 *to = i == 0 ? NULL : list;
        gsize *sizes = i == 0 ? &measured : &size;
        gsize room = i == 0 ? 0 : sizeof list;

        g_assert_cmpuint(add(to, room, sizes, "Priority", CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number,
                             sizeof number),
                         ==, ERROR_SUCCESS);
        g_assert_cmpuint(
            add(to, room, sizes, "Description", CLUSPROP_SYNTAX_LIST_VALUE_SZ, text, sizeof text),
            ==, ERROR_SUCCESS);
    }
    g_assert_cmpuint(measured, ==, sizeof example);
    g_assert_cmpmem(list, size, example, sizeof example);
}

/* A value after the first: as an EXPAND_SZ has one, and any property may. */
static void test_values_appended(void)
{
    guint8 list[512];
    gsize size = 0;
    g_autoptr(GPtrArray) properties = NULL;
    static const char16_t raw[] = u"%HOME%", expanded[] = u"/root";
    ClPropertyListReader reader;
    ClPropertyValue value;

    g_assert_cmpuint(
        add(list, sizeof list, &size, NULL, CLUSPROP_SYNTAX_LIST_VALUE_SZ, raw, sizeof raw), ==,
        ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(add(list, sizeof list, &size, "Path", CLUSPROP_SYNTAX_LIST_VALUE_EXPAND_SZ,
                         raw, sizeof raw),
                     ==, ERROR_SUCCESS);
    g_assert_cmpuint(add(list, sizeof list, &size, NULL, CLUSPROP_SYNTAX_LIST_VALUE_EXPANDED_SZ,
                         expanded, sizeof expanded),
                     ==, ERROR_SUCCESS);
    g_assert_cmpuint(
        add(list, sizeof list, &size, "Void", CLUSPROP_SYNTAX_LIST_VALUE_BINARY, NULL, 0), ==,
        ERROR_SUCCESS);
    g_assert_true(cl_property_list_parse(list, size, &properties, NULL));
    g_assert_cmpuint(properties->len, ==, 2);
    g_assert_cmpstr(((ClProperty *)properties->pdata[0])->text, ==, "%HOME%");
    g_assert_cmpstr(((ClProperty *)properties->pdata[0])->expanded, ==, "/root");
    g_assert_true(cl_property_list_reader_init(&reader, list, size));
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpuint(value.index, ==, 1);
    g_assert_cmpuint(value.size, ==, sizeof expanded);
}

/* What cannot be appended changes neither the list nor its size. */
static void test_append_refused(void)
{
    guint8 list[64], before[64];
    gsize size = 0;
    guint32 number = 7;
    static const struct {
        guint32 syntax;
        const char *data;
        gsize size;
    } bad[] = {
        {CLUSPROP_SYNTAX_LIST_VALUE_DWORD, "123", 3},
        {CLUSPROP_SYNTAX_LIST_VALUE_WORD, "1234", 4},
        {CLUSPROP_SYNTAX_LIST_VALUE_ULARGE_INTEGER, "1234", 4},
        {CLUSPROP_SYNTAX_LIST_VALUE_FILETIME, "", 0},
        {CLUSPROP_SYNTAX_LIST_VALUE_SZ, "", 0},
        {CLUSPROP_SYNTAX_LIST_VALUE_SZ, "a\0b\0", 4},
        {CLUSPROP_SYNTAX_LIST_VALUE_SZ, "\0\0a\0\0\0", 6},
        {CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ, "a\0\0\0", 4},
        {CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ, "\0\0\0", 3},
        {CLUSPROP_SYNTAX_ENDMARK, "", 0},
        {CLUSPROP_SYNTAX_NAME, "a\0\0\0", 4},
    };

    g_assert_cmpuint(add(list, sizeof list, &size, "N", CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number,
                         sizeof number),
                     ==, ERROR_SUCCESS);
    memcpy(before, list, size);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        gsize now = size;

        g_test_message("row %u", i);
        g_assert_cmpuint(add(list, sizeof list, &now, "M", bad[i].syntax, bad[i].data, bad[i].size),
                         ==, ERROR_INVALID_PARAMETER);
        g_assert_cmpuint(now, ==, size);
    }
    g_assert_cmpuint(
        add(list, sizeof list, &size, "", CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, sizeof number),
        ==, ERROR_INVALID_PARAMETER);
    for (gsize room = size; room < size + 32; room++) {
        gsize now = size;
        DWORD status = add(list, room, &now, "M", CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4);

        g_assert_cmpuint(status, ==, room < size + 28 ? ERROR_MORE_DATA : ERROR_SUCCESS);
        if (status != ERROR_SUCCESS) {
            g_assert_cmpuint(now, ==, size);
            g_assert_cmpmem(list, size, before, size);
        } else {
            g_assert_cmpuint(now, ==, size + 28);
            memcpy(list, before, size);
        }
    }
}

/* An empty list of texts is one NUL or two, and comes back empty. */
static void test_empty_multi(void)
{
    for (gsize bytes = 2; bytes <= 4; bytes += 2) {
        guint8 list[64];
        gsize size = 0;
        g_autoptr(GPtrArray) properties = NULL;

        g_assert_cmpuint(add(list, sizeof list, &size, "None", CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ,
                             "\0\0\0\0", bytes),
                         ==, ERROR_SUCCESS);
        g_assert_true(cl_property_list_parse(list, size, &properties, NULL));
        g_assert_null(((ClProperty *)properties->pdata[0])->texts[0]);
    }
}

/* Through the public functions: text of the caller, and their own checks. */
static void test_public_builder(void)
{
    BYTE list[128];
    DWORD size = 0;
    DWORD number = 5;
    static const WCHAR unpaired[] = {0xD800, 0};

    g_assert_cmpuint(ClusapiPropertyListAdd(list, sizeof list, &size, u"N",
                                            CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_SUCCESS);
    g_assert_cmpuint(size, ==, 32);
    g_assert_cmpuint(ClusapiPropertyListAddValue(list, sizeof list, &size,
                                                 CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_SUCCESS);
    g_assert_cmpuint(size, ==, 44);
    g_assert_cmpuint(ClusapiPropertyListAdd(list, sizeof list, &size, unpaired,
                                            CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_NO_UNICODE_TRANSLATION);
    g_assert_cmpuint(ClusapiPropertyListAdd(list, sizeof list, NULL, u"N",
                                            CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusapiPropertyListAdd(list, sizeof list, &size, NULL,
                                            CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusapiPropertyListAdd(list, sizeof list, &size, u"N",
                                            CLUSPROP_SYNTAX_LIST_VALUE_DWORD, NULL, 4),
                     ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusapiPropertyListAddValue(list, sizeof list, NULL,
                                                 CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &number, 4),
                     ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(size, ==, 44);
}

static void test_example_read(void)
{
    ClPropertyListReader reader;
    ClPropertyValue value;

    g_assert_true(cl_property_list_reader_init(&reader, example, sizeof example));
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(value.name, u"Priority"), ==, 0);
    g_assert_cmpuint(value.syntax, ==, CLUSPROP_SYNTAX_LIST_VALUE_DWORD);
    g_assert_cmpmem(value.data, value.size, "\xD0\x07\0\0", 4);
    g_assert_cmpuint(value.index, ==, 0);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(value.name, u"Description"), ==, 0);
    g_assert_cmpmem(value.data, value.size, u"web", 8);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_NO_MORE_ITEMS);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_NO_MORE_ITEMS);
}

static void test_round_trip(void)
{
    g_autoptr(GPtrArray) properties = every_format();
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    g_autoptr(GPtrArray) parsed = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(cl_property_list_parse(g_bytes_get_data(list, NULL), g_bytes_get_size(list),
                                         &parsed, &error));
    g_assert_no_error(error);
    assert_same(properties, parsed);
    again = cl_property_list_build(parsed);
    g_assert_true(g_bytes_equal(list, again));
}

static void test_odd_address(void)
{
    g_autoptr(GPtrArray) properties = every_format();
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    gsize size = g_bytes_get_size(list);
    g_autofree guint8 *block = g_malloc(size + 1);
    g_autoptr(GPtrArray) parsed = NULL;

    memcpy(block + 1, g_bytes_get_data(list, NULL), size);
    g_assert_true(cl_property_list_parse(block + 1, size, &parsed, NULL));
    assert_same(properties, parsed);
}

static void test_empty(void)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GPtrArray) parsed = NULL;
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    g_autoptr(GBytes) names = cl_property_list_build_names(properties);

    g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), "\0\0\0\0", 4);
    g_assert_cmpmem(g_bytes_get_data(names, NULL), g_bytes_get_size(names), "\0\0", 2);
    g_assert_true(cl_property_list_parse("\0\0\0\0", 4, &parsed, NULL));
    g_assert_cmpuint(parsed->len, ==, 0);
}

static void test_expand(void)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GBytes) list = NULL;
    ClPropertyListReader reader;
    ClPropertyValue value;

    g_ptr_array_add(properties, cl_property_new_text("Path", CLUSPROP_FORMAT_EXPAND_SZ, "%A%"));
    list = cl_property_list_build(properties);
    g_assert_true(cl_property_list_reader_init(&reader, g_bytes_get_data(list, NULL),
                                               g_bytes_get_size(list)));
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpuint(value.syntax, ==, 0x00010004);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_SUCCESS);
    g_assert_cmpuint(value.syntax, ==, 0x00010008);
    g_assert_cmpuint(value.index, ==, 1);
    g_assert_cmpmem(value.data, value.size, u"%A%", 8);
    g_assert_cmpuint(cl_property_list_reader_next(&reader, &value), ==, ERROR_NO_MORE_ITEMS);
}

static void test_empty_strings_left_out(void)
{
    static const char *const texts[] = {"a", "", "b", NULL};
    static const char *const kept[] = {"a", "b", NULL};
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GPtrArray) parsed = NULL;
    g_autoptr(GBytes) list = NULL;

    g_ptr_array_add(properties, cl_property_new_texts("Multi", texts));
    list = cl_property_list_build(properties);
    g_assert_true(cl_property_list_parse(g_bytes_get_data(list, NULL), g_bytes_get_size(list),
                                         &parsed, NULL));
    g_assert_true(g_strv_equal((const char *const *)((ClProperty *)parsed->pdata[0])->texts, kept));
}

static void test_formats(void)
{
    static const guint8 expected[] = {
        1,    0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, /* name */
        0x0B, 0, 1, 0, 2, 0, 0, 0, 4, 0, 0, 0,               /* WORD: EXPAND_SZ */
        0,    0, 0, 0,
    };
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GBytes) list = NULL;

    g_ptr_array_add(properties, cl_property_new_text("P", CLUSPROP_FORMAT_EXPAND_SZ, "text"));
    list = cl_property_list_build_formats(properties);
    g_assert_cmpmem(g_bytes_get_data(list, NULL), g_bytes_get_size(list), expected,
                    sizeof expected);
}

static void test_names(void)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GBytes) names = NULL;

    add_number(properties, "B\xC3\xA4", CLUSPROP_FORMAT_DWORD, 1);
    add_number(properties, "A", CLUSPROP_FORMAT_DWORD, 1);
    names = cl_property_list_build_names(properties);
    g_assert_cmpmem(g_bytes_get_data(names, NULL), g_bytes_get_size(names), u"B\u00E4\0A\0", 12);
}

static void test_cut(void)
{
    g_autoptr(GPtrArray) properties = every_format();
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    const guint8 *data = g_bytes_get_data(list, NULL);
    gsize size = g_bytes_get_size(list);

    /* The last end mark is needed by parsing alone as much as by walking. */
    for (gsize cut = 0; cut < size; cut++) {
        g_assert_false(is_valid(data, cut));
    }
    g_assert_true(is_valid(data, size));
}

static void test_flipped(void)
{
    g_autoptr(GPtrArray) properties = every_format();
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    gsize size = g_bytes_get_size(list);
    g_autofree guint8 *data = g_memdup2(g_bytes_get_data(list, NULL), size);

    for (gsize i = 0; i < size; i++) {
        for (guint bit = 0; bit < 9; bit++) {
            guint8 flip = bit < 8 ? (guint8)(1 << bit) : 0xFF;

            data[i] ^= flip;
            (void)is_valid(data, size);
            data[i] ^= flip;
        }
    }
}

static void test_random(void)
{
    guint8 data[128];

    for (guint round = 0; round < 20000; round++) {
        gsize size = (gsize)g_test_rand_int_range(0, sizeof data);

        for (gsize i = 0; i < size; i++) {
            data[i] = (guint8)g_test_rand_int_range(0, 256);
        }
        if (size >= 16) {
            /* Past the first hurdles: a small count and the head of a name. */
            memcpy(data, "\x03\0\0\0\x03\0\x04\0\x04\0\0\0x\0\0\0", 16);
        }
        (void)is_valid(data, size);
    }
}

typedef struct {
    const char *what;
    guint8 list[48];
    gsize size;
} Malformed;

static const Malformed malformed[] = {
    {"a property is missing", {1, 0, 0, 0}, 4},
    {"more properties than can be", {255, 255, 255, 255, 0, 0, 0, 0}, 8},
    {"the name's syntax is not NAME",
     {1, 0, 0, 0, 3, 0, 1, 0, 4, 0, 0, 0, 'P', 0, 0, 0,
      2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0,   0, 0, 0},
     32},
    {"the name's size is odd",
     {1, 0, 0, 0, 3, 0, 4, 0, 3, 0, 0, 0, 'P', 0, 0, 0,
      2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0,   0, 0, 0},
     32},
    {"the name has no NUL",
     {1, 0, 0, 0, 3, 0, 4, 0, 2, 0, 0, 0, 'P', 0, 0, 0,
      2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0,   0, 0, 0},
     32},
    {"the name is empty",
     {1, 0, 0, 0, 3, 0, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0,
      2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0},
     32},
    {"the name has a NUL inside",
     {1, 0, 0, 0, 3, 0, 4, 0, 8, 0, 0, 0, 'P', 0, 0, 0, 'Q', 0,
      0, 0, 2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0,   0, 0, 0, 0,   0},
     36},
    {"the name's size is 4 GB",
     {1, 0, 0, 0, 3, 0, 4, 0, 255, 255, 255, 255, 'P', 0, 0, 0,
      2, 0, 1, 0, 4, 0, 0, 0, 1,   0,   0,   0,   0,   0, 0, 0},
     32},
    {"the value's size is 4 GB",
     {1, 0, 0, 0, 3,   0,   4,   0,   4, 0, 0, 0, 'P', 0, 0, 0,
      1, 0, 1, 0, 253, 255, 255, 255, 1, 0, 0, 0, 0,   0, 0, 0},
     32},
    {"the property has no value",
     {1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, 0, 0, 0, 0},
     20},
    {"the end mark is missing",
     {1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, 2, 0, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0},
     28},
    {"a name comes before the end mark",
     {1, 0, 0, 0, 3, 0, 4, 0, 4,   0, 0, 0, 'P', 0, 0, 0,
      3, 0, 4, 0, 4, 0, 0, 0, 'Q', 0, 0, 0, 0,   0, 0, 0},
     32},
    {"the padding is beyond the end",
     {1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1},
     25},
};

static void test_malformed(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(malformed); i++) {
        g_test_message("%s", malformed[i].what);
        g_assert_false(is_valid(malformed[i].list, malformed[i].size));
    }
}

/* Lists that can be walked, whose value is not what its format says. */
static void test_unfit(void)
{
    static const struct {
        guint8 format;
        guint8 size;
        const char *data;
    } cases[] = {
        {CLUSPROP_FORMAT_DWORD, 0, ""},
        {CLUSPROP_FORMAT_DWORD, 3, "123"},
        {CLUSPROP_FORMAT_DWORD, 8, "12345678"},
        {CLUSPROP_FORMAT_LONG, 2, "12"},
        {CLUSPROP_FORMAT_WORD, 4, "1234"},
        {CLUSPROP_FORMAT_ULARGE_INTEGER, 4, "1234"},
        {CLUSPROP_FORMAT_FILETIME, 7, "1234567"},
        {CLUSPROP_FORMAT_SZ, 0, ""},
        {CLUSPROP_FORMAT_SZ, 1, ""},
        {CLUSPROP_FORMAT_SZ, 2, "a"},
        {CLUSPROP_FORMAT_SZ, 6, "a\0\0\0\0"},
        {CLUSPROP_FORMAT_EXPAND_SZ, 3, "a\0"},
        {CLUSPROP_FORMAT_MULTI_SZ, 0, ""},
        {CLUSPROP_FORMAT_MULTI_SZ, 5, "a\0\0\0"},
        {CLUSPROP_FORMAT_MULTI_SZ, 4, "a\0\0"},
        {CLUSPROP_FORMAT_MULTI_SZ, 8, "\0\0a\0\0\0\0"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint8 list[36] = {1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0};
        gsize padded = ALIGN_CLUSPROP((gsize)cases[i].size);

        list[16] = cases[i].format;
        list[18] = CLUSPROP_TYPE_LIST_VALUE;
        list[20] = cases[i].size;
        memcpy(list + 24, cases[i].data, cases[i].size);
        g_assert_false(is_valid(list, 28 + padded));
    }
}

static void test_several_values(void)
{
    static const guint8 list[] = {
        1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, 2, 0, 1, 0, 4, 0,
        0, 0, 7, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0,   0, 9, 8, 7, 6, 0, 0, 0, 0,
    };
    g_autoptr(GPtrArray) parsed = NULL;

    g_assert_true(cl_property_list_parse(list, sizeof list, &parsed, NULL));
    g_assert_cmpuint(parsed->len, ==, 1);
    g_assert_cmpuint(((ClProperty *)parsed->pdata[0])->number, ==, 7);
}

static void test_find(void)
{
    g_autoptr(GPtrArray) properties = every_format();

    g_assert_cmpstr(cl_properties_find(properties, "dWORD")->name, ==, "Dword");
    g_assert_null(cl_properties_find(properties, "Dwor"));
}

static void test_equal(void)
{
    g_autoptr(ClProperty) a = cl_property_new_number("A", CLUSPROP_FORMAT_LONG, 0xFFFFFFFF);
    g_autoptr(ClProperty) b = cl_property_new_number("B", CLUSPROP_FORMAT_LONG, G_MAXUINT64);
    g_autoptr(ClProperty) c = cl_property_new_number("A", CLUSPROP_FORMAT_DWORD, 0xFFFFFFFF);
    g_autoptr(ClProperty) d = cl_property_new_text("A", CLUSPROP_FORMAT_SZ, "x");
    g_autoptr(ClProperty) e = cl_property_new_text("A", CLUSPROP_FORMAT_SZ, "X");

    g_assert_true(cl_property_equal(a, b));
    g_assert_false(cl_property_equal(a, c));
    g_assert_false(cl_property_equal(d, e));
    g_assert_true(cl_property_equal(d, d));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/property-list/the worked example is built", test_example_built);
    g_test_add_func("/property-list/the worked example is read", test_example_read);
    g_test_add_func("/property-list/every format comes back as it was", test_round_trip);
    g_test_add_func("/property-list/a list may lie at an odd address", test_odd_address);
    g_test_add_func("/property-list/an empty list is its count", test_empty);
    g_test_add_func("/property-list/EXPAND_SZ is written as two values", test_expand);
    g_test_add_func("/property-list/empty strings do not end a MULTI_SZ",
                    test_empty_strings_left_out);
    g_test_add_func("/property-list/the list of formats has WORDs", test_formats);
    g_test_add_func("/property-list/the list of names is a MULTI_SZ", test_names);
    g_test_add_func("/property-list/a list cut anywhere is refused", test_cut);
    g_test_add_func("/property-list/no flipped bit leads out of the list", test_flipped);
    g_test_add_func("/property-list/no random bytes lead out of the list", test_random);
    g_test_add_func("/property-list/malformed lists are refused", test_malformed);
    g_test_add_func("/property-list/values that do not fit their format are refused", test_unfit);
    g_test_add_func("/property-list/of several values the first counts", test_several_values);
    g_test_add_func("/property/names are found without regard to case", test_find);
    g_test_add_func("/property/equal means the same format and value", test_equal);
    g_test_add_func("/property-list/appended, the worked example comes out", test_example_appended);
    g_test_add_func("/property-list/further values are appended", test_values_appended);
    g_test_add_func("/property-list/what cannot be appended changes nothing", test_append_refused);
    g_test_add_func("/property-list/an empty list of texts has two forms", test_empty_multi);
    g_test_add_func("/property-list/callers build lists", test_public_builder);
    return g_test_run();
}
