/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of fs/told.c. One thread.
 */
#include "told.h"

typedef struct {
    FsTold *told;
    FsToldFile file;
} Setup;

static void set_up(Setup *setup, gconstpointer data)
{
    (void)data;
    setup->told = fs_told_new();
}

static void tear_down(Setup *setup, gconstpointer data)
{
    (void)data;
    fs_told_free(setup->told);
}

static void assert_is(Setup *setup, guint64 ino, gsize size, guint64 version, gboolean has_text)
{
    g_assert_true(fs_told_find(setup->told, ino, &setup->file));
    g_assert_cmpuint(setup->file.size, ==, size);
    g_assert_cmpuint(setup->file.version, ==, version);
    g_assert_cmpint(setup->file.has_text, ==, has_text);
}

static void test_text(Setup *setup, gconstpointer data)
{
    (void)data;
    g_assert_false(fs_told_find(setup->told, 1, &setup->file));
    fs_told_text(setup->told, 1, 2);
    g_assert_false(fs_told_find(setup->told, 1, &setup->file));
    fs_told_size(setup->told, 1, 5, 2);
    assert_is(setup, 1, 5, 2, FALSE);
    fs_told_text(setup->told, 1, 2);
    assert_is(setup, 1, 5, 2, TRUE);
    fs_told_size(setup->told, 1, 5, 2);
    assert_is(setup, 1, 5, 2, TRUE);
}

static void test_other_version(Setup *setup, gconstpointer data)
{
    (void)data;
    fs_told_size(setup->told, 1, 5, 2);
    fs_told_text(setup->told, 1, 2);
    /* Of a later size the text may be another, however long it is. */
    fs_told_size(setup->told, 1, 5, 4);
    assert_is(setup, 1, 5, 4, FALSE);
    fs_told_text(setup->told, 1, 6);
    assert_is(setup, 1, 5, 6, TRUE);
    fs_told_size(setup->told, 1, 9, 4);
    assert_is(setup, 1, 9, 4, FALSE);
}

static void test_nothing_known(Setup *setup, gconstpointer data)
{
    (void)data;
    fs_told_size(setup->told, 1, 5, 2);
    fs_told_size(setup->told, 1, 5, 0);
    g_assert_false(fs_told_find(setup->told, 1, &setup->file));
    fs_told_size(setup->told, 1, 5, 2);
    fs_told_forget(setup->told, 1);
    g_assert_false(fs_told_find(setup->told, 1, &setup->file));
    fs_told_size(setup->told, 1, (gsize)G_MAXUINT32 + 1, 2);
    g_assert_false(fs_told_find(setup->told, 1, &setup->file));
}

static void test_empty(Setup *setup, gconstpointer data)
{
    (void)data;
    fs_told_size(setup->told, 1, 0, 2);
    assert_is(setup, 1, 0, 2, TRUE);
}

static void test_full(Setup *setup, gconstpointer data)
{
    (void)data;
    for (guint64 ino = 0; ino < 300000; ino++) {
        fs_told_size(setup->told, ino << 32 | ino, ino, 2);
        assert_is(setup, ino << 32 | ino, ino, 2, ino == 0);
    }
    g_assert_false(fs_told_find(setup->told, 1ULL << 32 | 1, &setup->file));
}

#define TEST(path, test) g_test_add(path, Setup, NULL, set_up, test, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("/told/the kernel has a text once it was given it", test_text);
    TEST("/told/at another version it has none", test_other_version);
    TEST("/told/without a version nothing is known", test_nothing_known);
    TEST("/told/there is nothing to be read of an empty file", test_empty);
    TEST("/told/so much and no more is kept", test_full);
    return g_test_run();
}
