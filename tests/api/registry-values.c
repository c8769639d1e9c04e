/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What values and names of the cluster database can be, how they fit into buffers, and lists of
 * them that change while they are read.
 */
#include "registry-setup.h"

#include <string.h>

static const char definition[] = "[cluster]\nname=c\n[node n]\n";

/* --- Types and sizes ---------------------------------------------------------------------------- */

/* A value is bytes: its size need not be that of its type, and texts need no NUL. */
static void test_any_bytes(void)
{
    static const DWORD types[] = {REG_NONE,  REG_SZ,    REG_EXPAND_SZ,        REG_BINARY,
                                  REG_DWORD, REG_QWORD, REG_DWORD_BIG_ENDIAN, REG_MULTI_SZ};
    static const BYTE bytes[] = {0xff, 0, 0xdc, 0, 0xd8, 1, 2, 3, 4};
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        for (DWORD size = 0; size <= sizeof bytes; size++) {
            IS(ClusterRegSetValue(root, u"v", types[i], size > 0 ? bytes : NULL, size),
               ERROR_SUCCESS);
            check_value(root, "v", types[i], bytes, size);
        }
    }
    static const DWORD unknown[] = {6, 8, 9, 10, 12, 0x10000, 0xffffffff};
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++) {
        IS(ClusterRegSetValue(root, u"v", unknown[i], bytes, 4), ERROR_INVALID_PARAMETER);
    }
    check_value(root, "v", REG_MULTI_SZ, bytes, sizeof bytes);
}

static void test_large_values(void)
{
    const DWORD mega = 1024 * 1024;
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    g_autofree BYTE *data = g_malloc(mega + 1);
    for (DWORD i = 0; i <= mega; i++) {
        data[i] = (BYTE)(i * 7 + (i >> 12));
    }
    IS(ClusterRegSetValue(root, u"v", REG_BINARY, data, mega), ERROR_SUCCESS);
    check_value(root, "v", REG_BINARY, data, mega);
    IS(ClusterRegSetValue(root, u"v", REG_BINARY, data, mega + 1), ERROR_INVALID_PARAMETER);
    /* Nothing is read of what says to be larger than it can be. */
    IS(ClusterRegSetValue(root, u"v", REG_BINARY, data, 0xffffffff), ERROR_INVALID_PARAMETER);
    check_value(root, "v", REG_BINARY, data, mega);
    DWORD largest = 0;
    IS(ClusterRegQueryInfoKey(root, NULL, NULL, NULL, NULL, &largest, NULL, NULL), ERROR_SUCCESS);
    g_assert_cmpuint(largest, ==, mega);
}

static char *text_of(gsize length, const char *unit)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++) {
        g_string_append(text, unit);
    }
    return g_strdup(text->str);
}

static void test_names(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    g_autofree char *longest = text_of(16383, "x");
    g_autofree char *pairs = text_of(8191, "\xf0\x9f\x8c\x8d");
    g_autofree char *long_key = text_of(255, "k");
    g_autofree char *too_long = text_of(16384, "x");
    g_autofree char *too_long_key = text_of(256, "k");
    g_autofree char *pairs_key = text_of(128, "\xf0\x9f\x8c\x8d");
    g_autofree WCHAR *name = wide(too_long);
    HKEY none = NULL;
    set_dword(root, longest, 1);
    check_dword(root, longest, 1);
    /* Lengths are those of 16-bit units. */
    set_dword(root, pairs, 2);
    check_dword(root, pairs, 2);
    IS(ClusterRegSetValue(root, name, REG_NONE, NULL, 0), ERROR_INVALID_PARAMETER);
    DWORD length = 0, values = 0, key_length = 0;
    set_dword(root, "\xc3\xa4", 4);
    check_dword(root, "\xc3\x84", 4);
    IS(ClusterRegCloseKey(new_key(root, long_key)), ERROR_SUCCESS);
    IS(ClusterRegQueryInfoKey(root, NULL, &key_length, &values, &length, NULL, NULL, NULL),
       ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 16383);
    g_assert_cmpuint(key_length, ==, 255);
    g_assert_cmpuint(values, ==, 4);
    g_autofree WCHAR *wide_key = wide(too_long_key);
    g_autofree WCHAR *wide_pairs = wide(pairs_key);
    IS(ClusterRegCreateKey(root, wide_key, 0, KEY_READ, NULL, &none, NULL),
       ERROR_INVALID_PARAMETER);
    IS(ClusterRegCreateKey(root, wide_pairs, 0, KEY_READ, NULL, &none, NULL),
       ERROR_INVALID_PARAMETER);
    /* A value's name may have backslashes, a key's may have all else. */
    set_dword(root, "a\\b\\", 3);
    check_dword(root, "A\\B\\", 3);
    static const char *const odd[] = {".", "..", " ", "/", "a/b", "\n", "%00", "@", "*?\"<>|"};
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        HKEY key = new_key(root, odd[i]);
        set_dword(key, odd[i], (DWORD)i);
        check_dword(open_key(root, odd[i]), odd[i], (DWORD)i);
    }
    /* Case is kept as it was first given. */
    IS(ClusterRegCloseKey(new_key(root, "MiXed\\KEY")), ERROR_SUCCESS);
    IS(ClusterRegCloseKey(new_key(root, "mixed\\key\\Low")), ERROR_SUCCESS);
    g_autofree char *below = keys_of(open_key(root, "mixed"));
    g_assert_cmpstr(below, ==, "KEY");
    HKEY mixed = open_key(root, "MIXED");
    set_dword(mixed, "NaMe", 1);
    set_dword(mixed, "name", 2);
    check_dword(mixed, "NAME", 2);
    g_autofree char *all = values_of(mixed);
    g_assert_cmpstr(all, ==, "NaMe");
}

/* Paths go through 512 keys at most. */
static void test_depth(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HKEY none = NULL;
    g_autofree char *most = text_of(511, "d\\");
    g_autofree char *path = g_strconcat(most, "e", NULL);
    g_autofree char *too_deep = g_strconcat(path, "\\f", NULL);
    g_autofree WCHAR *wide_deep = wide(too_deep);
    HKEY key = new_key(root, path);
    set_dword(key, "v", 1);
    check_dword(open_key(root, path), "v", 1);
    IS(ClusterRegCreateKey(root, wide_deep, 0, KEY_READ, NULL, &none, NULL),
       ERROR_INVALID_PARAMETER);
    IS(ClusterRegCreateKey(key, u"f", 0, KEY_READ, NULL, &none, NULL), ERROR_INVALID_PARAMETER);
    IS(try_key(root, too_deep), ERROR_INVALID_PARAMETER);
    /* What the top has is inherited all the way. */
    DWORD size = 0, own = 0;
    IS(ClusterRegGetKeySecurity(root, 7, NULL, &own), ERROR_SUCCESS);
    IS(ClusterRegGetKeySecurity(key, 7, NULL, &size), ERROR_SUCCESS);
    g_assert_cmpuint(size, ==, own);
    HREGBATCH batch;
    IS(ClusterRegCreateBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"D", 0, NULL, 0), ERROR_SUCCESS);
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
    IS(try_value(key, "v"), ERROR_KEY_DELETED);
    IS(try_key(root, "d"), ERROR_FILE_NOT_FOUND);
}

/* --- Buffers ------------------------------------------------------------------------------------ */

static void test_room_for_data(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    BYTE buffer[8];
    DWORD type, size;
    IS(ClusterRegSetValue(root, u"v", REG_BINARY, (const BYTE *)"abcd", 4), ERROR_SUCCESS);
    for (DWORD room = 0; room < 4; room++) {
        memset(buffer, 'x', sizeof buffer);
        type = 0;
        size = room;
        IS(ClusterRegQueryValue(root, u"v", &type, buffer, &size), ERROR_MORE_DATA);
        g_assert_cmpuint(size, ==, 4);
        g_assert_cmpuint(type, ==, REG_BINARY);
        g_assert_cmpmem(buffer, 8, "xxxxxxxx", 8);
    }
    size = 4;
    IS(ClusterRegQueryValue(root, u"v", &type, buffer, &size), ERROR_SUCCESS);
    g_assert_cmpmem(buffer, 8, "abcdxxxx", 8);
    /* Without a buffer the size alone; without either the type. */
    size = 0;
    IS(ClusterRegQueryValue(root, u"v", NULL, NULL, &size), ERROR_SUCCESS);
    g_assert_cmpuint(size, ==, 4);
    type = 0;
    IS(ClusterRegQueryValue(root, u"v", &type, NULL, NULL), ERROR_SUCCESS);
    g_assert_cmpuint(type, ==, REG_BINARY);
    IS(ClusterRegQueryValue(root, u"v", NULL, buffer, NULL), ERROR_INVALID_PARAMETER);
    /* What is missing leaves all as it was. */
    type = 77;
    size = 5;
    IS(ClusterRegQueryValue(root, u"none", &type, buffer, &size), ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(type, ==, 77);
    g_assert_cmpuint(size, ==, 5);
}

static void test_room_for_names(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY key = new_key(root_of(c), "K");
    WCHAR name[10];
    BYTE buffer[8];
    DWORD type = 0, length, size;
    IS(ClusterRegCloseKey(new_key(key, "Four")), ERROR_SUCCESS);
    set_dword(key, "Value", 1);
    for (DWORD room = 0; room < 5; room++) {
        length = room;
        IS(ClusterRegEnumKey(key, 0, name, &length, NULL), ERROR_MORE_DATA);
        g_assert_cmpuint(length, ==, 4);
    }
    length = 5;
    IS(ClusterRegEnumKey(key, 0, name, &length, NULL), ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 4);
    g_assert_cmpmem(name, 10, u"Four", 10);
    length = 0;
    IS(ClusterRegEnumKey(key, 0, NULL, &length, NULL), ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 4);
    IS(ClusterRegEnumKey(key, 0, name, NULL, NULL), ERROR_INVALID_PARAMETER);
    length = 5;
    size = sizeof buffer;
    IS(ClusterRegEnumValue(key, 0, name, &length, &type, buffer, &size), ERROR_MORE_DATA);
    g_assert_cmpuint(length, ==, 5);
    length = 6;
    size = 3;
    IS(ClusterRegEnumValue(key, 0, name, &length, &type, buffer, &size), ERROR_MORE_DATA);
    g_assert_cmpuint(size, ==, 4);
    g_assert_cmpuint(type, ==, REG_DWORD);
    length = 6;
    IS(ClusterRegEnumValue(key, 0, name, &length, &type, buffer, NULL), ERROR_INVALID_PARAMETER);
    length = 6;
    IS(ClusterRegEnumValue(key, 0, name, &length, NULL, NULL, NULL), ERROR_SUCCESS);
    IS(ClusterRegEnumValue(key, 0, NULL, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegEnumKey(key, 0xffffffff, name, &length, NULL), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegEnumKey(NULL, 0, name, &length, NULL), ERROR_INVALID_HANDLE);
}

/* --- Enumerating while it changes --------------------------------------------------------------- */

static DWORD value_at(HKEY key, DWORD index, char **ret_name)
{
    WCHAR name[20];
    DWORD length = G_N_ELEMENTS(name);
    DWORD code = ClusterRegEnumValue(key, index, name, &length, NULL, NULL, NULL);
    g_free(*ret_name);
    *ret_name = code == ERROR_SUCCESS ? narrow(name) : NULL;
    return code;
}

static void fill(HKEY key)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        set_dword(key, names[i], (DWORD)i);
        IS(ClusterRegCloseKey(new_key(key, names[i])), ERROR_SUCCESS);
    }
}

static void delete_value(HKEY key, const char *name)
{
    g_autofree WCHAR *text = wide(name);
    IS(ClusterRegDeleteValue(key, text), ERROR_SUCCESS);
}

static void test_changing_lists(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY key = new_key(root_of(c), "K");
    g_autofree char *name = NULL;
    WCHAR text[4];
    DWORD length = 4, index = 0;
    /* While the index grows nothing shifts. */
    fill(key);
    for (index = 0; value_at(key, index, &name) == ERROR_SUCCESS; index++) {
        delete_value(key, name);
    }
    g_assert_cmpuint(index, ==, 5);
    g_assert_cmpuint(count_values(key), ==, 0);
    /* An index that is asked for again is of the list as it is then. */
    fill(key);
    for (index = 0; value_at(key, index, &name) == ERROR_SUCCESS;) {
        if (name[0] != 'b') {
            delete_value(key, name);
        } else {
            index++;
        }
    }
    g_autofree char *left = values_of(key);
    g_assert_cmpstr(left, ==, "b");
    /* From the end on. */
    fill(key);
    for (index = 5; index-- > 0;) {
        IS(value_at(key, index, &name), ERROR_SUCCESS);
        delete_value(key, name);
    }
    g_assert_cmpuint(count_values(key), ==, 0);
    /* One that did not fit stays the same until it was given, with its data. */
    fill(key);
    IS(value_at(key, 0, &name), ERROR_SUCCESS);
    length = 1;
    IS(ClusterRegEnumValue(key, 1, text, &length, NULL, NULL, NULL), ERROR_MORE_DATA);
    delete_value(key, "a");
    BYTE data[4];
    DWORD size = 0, type;
    length = 4;
    IS(ClusterRegEnumValue(key, 1, text, &length, &type, NULL, &size), ERROR_SUCCESS);
    g_assert_cmpuint(text[0], ==, 'b');
    length = 4;
    IS(ClusterRegEnumValue(key, 1, text, &length, &type, data, &size), ERROR_SUCCESS);
    g_assert_cmpuint(text[0], ==, 'b');
    IS(value_at(key, 1, &name), ERROR_SUCCESS);
    g_assert_cmpstr(name, ==, "c");
    /* The same of keys, which go by batch or call. */
    for (index = 0; length = 4, ClusterRegEnumKey(key, index, text, &length, NULL) == 0;) {
        if (text[0] != 'd') {
            IS(ClusterRegDeleteKey(key, text), ERROR_SUCCESS);
        } else {
            index++;
        }
    }
    g_autofree char *keys = keys_of(key);
    g_assert_cmpstr(keys, ==, "d");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry-values/any bytes", test_any_bytes);
    g_test_add_func("/registry-values/large values", test_large_values);
    g_test_add_func("/registry-values/names", test_names);
    g_test_add_func("/registry-values/depth", test_depth);
    g_test_add_func("/registry-values/room for data", test_room_for_data);
    g_test_add_func("/registry-values/room for names", test_room_for_names);
    g_test_add_func("/registry-values/lists that change", test_changing_lists);
    return g_test_run();
}
