/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of api/resapi.c: each reader finds its format, and gives the documented error otherwise.
 */
#include <resapi.h>

#include "property-list.h"

#include <string.h>

typedef struct {
    guint8 *data; /* a block of the list's exact size */
    DWORD size;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer user_data)
{
    static const char *const texts[] = {"one", "two", NULL};
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_autoptr(GBytes) bytes = g_bytes_new_static("\1\2\3", 3);
    g_autoptr(GBytes) list = NULL;
    ClProperty *path = cl_property_new_text("Path", CLUSPROP_FORMAT_EXPAND_SZ, "%HOME%");

    (void)user_data;
    path->expanded = g_strdup("/root");
    g_ptr_array_add(properties, path);
    g_ptr_array_add(properties, cl_property_new_text("Sz\xC3\xA4", CLUSPROP_FORMAT_SZ, "web"));
    g_ptr_array_add(properties, cl_property_new_texts("Multi", texts));
    g_ptr_array_add(properties, cl_property_new_texts("None", NULL));
    g_ptr_array_add(properties, cl_property_new_bytes("Bytes", CLUSPROP_FORMAT_BINARY, bytes));
    g_ptr_array_add(properties, cl_property_new_bytes("Void", CLUSPROP_FORMAT_BINARY, NULL));
    g_ptr_array_add(properties, cl_property_new_number("Dword", CLUSPROP_FORMAT_DWORD, 2000));
    g_ptr_array_add(properties, cl_property_new_number("Long", CLUSPROP_FORMAT_LONG, (guint64)-7));
    g_ptr_array_add(properties,
                    cl_property_new_number("Large", CLUSPROP_FORMAT_ULARGE_INTEGER, G_MAXUINT64));
    g_ptr_array_add(properties, cl_property_new_number("Time", CLUSPROP_FORMAT_FILETIME,
                                                       G_GUINT64_CONSTANT(0x0000000200000001)));
    list = cl_property_list_build(properties);
    fixture->size = (DWORD)g_bytes_get_size(list);
    fixture->data = g_memdup2(g_bytes_get_data(list, NULL), fixture->size);
}

static void tear_down(Fixture *fixture, gconstpointer user_data)
{
    (void)user_data;
    g_free(fixture->data);
}

static void assert_text(LPWSTR text, LPCWSTR expected)
{
    g_assert_cmpint(lstrcmpW(text, expected), ==, 0);
    g_assert_null(LocalFree(text));
}

static void test_texts(Fixture *f, gconstpointer user_data)
{
    LPWSTR text;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindSzProperty(f->data, f->size, u"Sz\u00E4", &text), ==, 0);
    assert_text(text, u"web");
    g_assert_cmpuint(ResUtilFindExpandSzProperty(f->data, f->size, u"Path", &text), ==, 0);
    assert_text(text, u"%HOME%");
    g_assert_cmpuint(ResUtilFindExpandedSzProperty(f->data, f->size, u"Path", &text), ==, 0);
    assert_text(text, u"/root");
}

static void test_multi(Fixture *f, gconstpointer user_data)
{
    LPWSTR texts;
    DWORD size;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindMultiSzProperty(f->data, f->size, u"Multi", &texts, &size), ==, 0);
    g_assert_cmpmem(texts, size, u"one\0two\0", 18);
    LocalFree(texts);
}

static void test_multi_completed(Fixture *f, gconstpointer user_data)
{
    LPWSTR texts;
    DWORD size;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindMultiSzProperty(f->data, f->size, u"None", &texts, &size), ==, 0);
    g_assert_cmpmem(texts, size, "\0\0\0\0", 4);
    LocalFree(texts);
}

static void test_bytes(Fixture *f, gconstpointer user_data)
{
    LPBYTE bytes;
    DWORD size;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindBinaryProperty(f->data, f->size, u"Bytes", &bytes, &size), ==, 0);
    g_assert_cmpmem(bytes, size, "\1\2\3", 3);
    LocalFree(bytes);
    g_assert_cmpuint(ResUtilFindBinaryProperty(f->data, f->size, u"Void", &bytes, &size), ==, 0);
    g_assert_nonnull(bytes);
    g_assert_cmpuint(size, ==, 0);
    LocalFree(bytes);
}

static void test_numbers(Fixture *f, gconstpointer user_data)
{
    DWORD dword;
    LONG number;
    ULARGE_INTEGER large;
    FILETIME when;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, u"Dword", &dword), ==, 0);
    g_assert_cmpuint(dword, ==, 2000);
    g_assert_cmpuint(ResUtilFindLongProperty(f->data, f->size, u"Long", &number), ==, 0);
    g_assert_cmpint(number, ==, -7);
    g_assert_cmpuint(ResUtilFindULargeIntegerProperty(f->data, f->size, u"Large", &large), ==, 0);
    g_assert_cmpuint(large.QuadPart, ==, G_MAXUINT64);
    g_assert_cmpuint(ResUtilFindFileTimeProperty(f->data, f->size, u"Time", &when), ==, 0);
    g_assert_cmpuint(when.dwLowDateTime, ==, 1);
    g_assert_cmpuint(when.dwHighDateTime, ==, 2);
}

static void test_case(Fixture *f, gconstpointer user_data)
{
    LPWSTR text;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindSzProperty(f->data, f->size, u"sZ\u00C4", &text), ==, 0);
    LocalFree(text);
}

static void test_not_found(Fixture *f, gconstpointer user_data)
{
    DWORD number = 5;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, u"Dwor", &number), ==,
                     ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, u"", &number), ==,
                     ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(number, ==, 5);
}

static void test_other_format(Fixture *f, gconstpointer user_data)
{
    DWORD number = 5;
    LPWSTR text = NULL;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, u"Long", &number), ==,
                     ERROR_INVALID_DATA);
    g_assert_cmpuint(ResUtilFindSzProperty(f->data, f->size, u"Path", &text), ==,
                     ERROR_INVALID_DATA);
    g_assert_cmpuint(ResUtilFindExpandedSzProperty(f->data, f->size, u"Sz\u00E4", &text), ==,
                     ERROR_INVALID_DATA);
    g_assert_cmpuint(number, ==, 5);
    g_assert_null(text);
}

static void test_null(Fixture *f, gconstpointer user_data)
{
    DWORD number;
    LPBYTE bytes;
    LPWSTR text;

    (void)user_data;
    g_assert_cmpuint(ResUtilFindDwordProperty(NULL, f->size, u"Dword", &number), ==, 87);
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, NULL, &number), ==, 87);
    g_assert_cmpuint(ResUtilFindDwordProperty(f->data, f->size, u"Dword", NULL), ==, 87);
    g_assert_cmpuint(ResUtilFindSzProperty(f->data, f->size, u"Dword", NULL), ==, 87);
    g_assert_cmpuint(ResUtilFindBinaryProperty(f->data, f->size, u"Bytes", NULL, &number), ==, 87);
    g_assert_cmpuint(ResUtilFindBinaryProperty(f->data, f->size, u"Bytes", &bytes, NULL), ==, 87);
    g_assert_cmpuint(ResUtilFindMultiSzProperty(f->data, f->size, u"Multi", NULL, &number), ==, 87);
    g_assert_cmpuint(ResUtilFindMultiSzProperty(f->data, f->size, u"Multi", &text, NULL), ==, 87);
    g_assert_null(LocalFree(NULL));
}

/* The last property is looked for, so that all of the list is read. */
static void test_cut(Fixture *f, gconstpointer user_data)
{
    (void)user_data;
    for (DWORD size = 0; size < f->size; size++) {
        g_autofree guint8 *cut = g_malloc(MAX(size, 1));
        FILETIME when;
        DWORD number;

        memcpy(cut, f->data, size);
        g_assert_cmpuint(ResUtilFindDwordProperty(cut, size, u"Missing", &number), ==,
                         ERROR_INVALID_DATA);
        /* Everything is there but the end mark: the value itself can be told. */
        g_assert_cmpuint(ResUtilFindFileTimeProperty(cut, size, u"Time", &when), ==,
                         size >= f->size - 4 ? ERROR_SUCCESS : ERROR_INVALID_DATA);
    }
}

static void test_unfit(Fixture *f, gconstpointer user_data)
{
    static guint8 number_of_eight[] = {1, 0, 0, 0, 3, 0, 4, 0, 4, 0, 0, 0, 'P', 0, 0, 0, 2, 0,
                                       1, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7,   8, 0, 0, 0, 0};
    static guint8 text_without_nul[] = {1, 0, 0, 0, 3, 0, 4, 0, 4,   0, 0, 0, 'P', 0, 0, 0,
                                        3, 0, 1, 0, 2, 0, 0, 0, 'x', 0, 0, 0, 0,   0, 0, 0};
    DWORD number;
    LPWSTR text;

    (void)f;
    (void)user_data;
    g_assert_cmpuint(
        ResUtilFindDwordProperty(number_of_eight, sizeof number_of_eight, u"P", &number), ==,
        ERROR_INVALID_DATA);
    g_assert_cmpuint(ResUtilFindSzProperty(text_without_nul, sizeof text_without_nul, u"P", &text),
                     ==, ERROR_INVALID_DATA);
}

static void add(const char *path, void (*test)(Fixture *fixture, gconstpointer user_data))
{
    g_test_add(path, Fixture, NULL, set_up, test, tear_down);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("/resapi/texts are found and copied", test_texts);
    add("/resapi/a list of strings comes with its size", test_multi);
    add("/resapi/a list of strings always ends in two NULs", test_multi_completed);
    add("/resapi/bytes are never NULL, even none", test_bytes);
    add("/resapi/numbers and times are found", test_numbers);
    add("/resapi/names compare without regard to case", test_case);
    add("/resapi/a name that is not there is not found", test_not_found);
    add("/resapi/another format is invalid data", test_other_format);
    add("/resapi/NULL is an invalid parameter", test_null);
    add("/resapi/a list cut anywhere is invalid data", test_cut);
    add("/resapi/a value that does not fit is invalid data", test_unfit);
    return g_test_run();
}
