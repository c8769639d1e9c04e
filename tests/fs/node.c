/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of fs/node.c and of what fs/layout.c promises of inode numbers. One thread.
 */
#include "node.h"

#include "errors.h"
#include "layout.h"

#include <errno.h>
#include <string.h>

static void test_numbers_say_what_they_were_made_of(void)
{
    FsNode node = {.cluster = 255, .row = 254, .object = FS_NUMBER_MAX, .second = 1};
    FsNode again = fs_node_unpack(fs_node_pack(&node));

    g_assert_cmpmem(&node, sizeof node, &again, sizeof again);
    node = (FsNode){0};
    g_assert_cmpuint(fs_node_pack(&node), ==, FS_ROOT_INO);
    again = fs_node_unpack(FS_ROOT_INO);
    g_assert_cmpmem(&node, sizeof node, &again, sizeof again);
}

static char *guid(guint i)
{
    return g_strdup_printf("%08x-0000-4000-8000-%012x", i, i * 7);
}

static void test_ids_keep_their_numbers(void)
{
    FsIds *ids = fs_ids_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < 20000; i++) {
        g_autofree char *text = i % 3 == 0 ? g_strdup_printf("%u", i) : guid(i);
        guint number = fs_ids_number(ids, text);
        g_autofree char *back = fs_ids_text(ids, number);

        g_assert_cmpuint(number, >, 0);
        g_assert_cmpstr(back, ==, text);
        g_assert_true(g_hash_table_add(seen, GUINT_TO_POINTER(number)));
    }
    for (guint i = 0; i < 20000; i++) {
        g_autofree char *text = i % 3 == 0 ? g_strdup_printf("%u", i) : guid(i);

        g_assert_true(g_hash_table_contains(seen, GUINT_TO_POINTER(fs_ids_number(ids, text))));
    }
    g_assert_null(fs_ids_text(ids, 0));
    g_assert_null(fs_ids_text(ids, FS_NUMBER_MAX));
    fs_ids_free(ids);
}

static void test_guids_come_back_as_they_were(void)
{
    static const char *const texts[] = {
        "04499e60-8e5f-4137-9aa5-c2bb291519ef",   "04499E60-8E5F-4137-9AA5-C2BB291519EF",
        "{04499e60-8e5f-4137-9aa5-c2bb291519ef}", "04499e60-8e5f-4137-9aa5-c2bb291519e",
        "04499e60-8e5f-4137-9aa5-c2bb291519eff",  "04499e6008e5f-4137-9aa5-c2bb291519ef",
        "00000000-0000-0000-0000-000000000000",   "",
    };
    FsIds *ids = fs_ids_new();

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        guint number = fs_ids_number(ids, texts[i]);
        g_autofree char *back = fs_ids_text(ids, number);

        g_assert_cmpstr(back, ==, texts[i]);
        for (gsize j = 0; j < i; j++) {
            g_assert_cmpuint(fs_ids_number(ids, texts[j]), !=, number);
        }
    }
    fs_ids_free(ids);
}

static void check_names(FsIds *ids, guint number, const char *expected)
{
    g_auto(GStrv) names = fs_ids_names(ids, number);
    g_autofree char *joined = g_strjoinv(" ", names);
    g_autofree char *name = fs_ids_name(ids, number);

    g_assert_cmpstr(joined, ==, expected);
    g_assert_cmpstr(name, ==, names[0]);
}

static void test_all_names_since_the_last_are_kept(void)
{
    FsIds *ids = fs_ids_new();
    guint number = fs_ids_number(ids, "web");
    guint other = fs_ids_number(ids, "other");

    check_names(ids, number, "");
    fs_ids_set_name(ids, number, "web");
    fs_ids_set_name(ids, number, "web");
    check_names(ids, number, "web");
    fs_ids_set_name(ids, other, "other");
    fs_ids_set_name(ids, number, "we");
    fs_ids_set_name(ids, number, "webs");
    check_names(ids, number, "webs we web");
    fs_ids_set_name(ids, number, "web");
    check_names(ids, number, "web webs we");
    fs_ids_reset_name(ids, number, "shop");
    check_names(ids, number, "shop");
    check_names(ids, other, "other");
    /* The oldest are forgotten, and so are the bytes of all that was replaced. */
    for (guint i = 0; i < 100000; i++) {
        g_autofree char *name = g_strdup_printf("name %u", i);

        fs_ids_set_name(ids, number, name);
    }
    check_names(ids, number,
                "name 99999 name 99998 name 99997 name 99996 name 99995 name 99994 name 99993 "
                "name 99992");
    check_names(ids, other, "other");
    fs_ids_free(ids);
}

static void check_row(const FsRow *row)
{
    guint count;
    gboolean has_name = row->type == FS_ROW_DIRECTORY || row->type == FS_ROW_FILE ||
                        row->type == FS_ROW_EVENTS || row->type == FS_ROW_LINK;

    g_assert_cmpint(row->name != NULL, ==, has_name);
    g_assert_cmpint(row->show != NULL, ==, has_name && row->type != FS_ROW_DIRECTORY);
    g_assert_true(row->store == NULL || row->use == FS_STORE_ONCE || row->use == FS_STORE_GATHERED);
    g_assert_cmpint(row->each != NULL, ==,
                    row->type == FS_ROW_OBJECTS || row->type == FS_ROW_RELATION);
    g_assert_cmpint(row->directory != FS_DIR_NONE, ==, S_ISDIR(fs_layout_mode(row)));
    g_assert_nonnull(fs_layout_self(row->parent));
    if (row->directory != FS_DIR_NONE) {
        fs_layout_entries(row->directory, &count);
        g_assert_cmpuint(count, >, 0);
    }
    if (has_name) {
        g_assert_true(fs_layout_find(row->parent, row->name) == row);
    }
}

static void test_the_table_is_sound(void)
{
    guint rows = 0;
    guint of_directories = 0;

    while (fs_layout_row(rows) != NULL) {
        if (rows > 0) {
            check_row(fs_layout_row(rows));
        }
        rows++;
    }
    g_assert_cmpuint(rows, <=, 256);
    for (guint directory = FS_DIR_ROOT; directory < FS_DIRS; directory++) {
        guint count;

        fs_layout_entries((FsDirectory)directory, &count);
        of_directories += count;
    }
    /* Rows of a directory follow each other: none is left over. */
    g_assert_cmpuint(of_directories, ==, rows - 1);
}

static void test_no_code_becomes_enosys(void)
{
    for (DWORD code = 1; code < 20000; code++) {
        int error = fs_errno_from_status(code, FALSE);

        g_assert_cmpint(error, >, 0);
        g_assert_cmpint(error, !=, ENOSYS);
    }
    g_assert_cmpint(fs_errno_from_status(ERROR_GROUP_NOT_FOUND, FALSE), ==, ENOENT);
    g_assert_cmpint(fs_errno_from_status(ERROR_GROUP_NOT_AVAILABLE, TRUE), ==, ENODEV);
    g_assert_cmpint(fs_errno_from_status(ERROR_ACCESS_DENIED, TRUE), ==, EACCES);
    g_assert_cmpint(fs_errno_from_status(ERROR_CLUSTER_NO_QUORUM, TRUE), ==, EROFS);
    g_assert_cmpint(fs_errno_from_status(ERROR_SHARING_PAUSED, TRUE), ==, EAGAIN);
    g_assert_cmpint(fs_errno_from_status(ERROR_TIMEOUT, TRUE), ==, ETIMEDOUT);
    g_assert_cmpint(fs_errno_from_status(ERROR_OPERATION_ABORTED, TRUE), ==, EINTR);
    g_assert_cmpint(fs_errno_from_status(RPC_S_SERVER_UNAVAILABLE, TRUE), ==, EHOSTUNREACH);
    g_assert_cmpint(fs_errno_from_status(FS_STATUS_ERRNO(EOVERFLOW), FALSE), ==, EOVERFLOW);
    g_assert_cmpint(fs_errno_from_status(ERROR_SUCCESS, FALSE), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node/numbers say what they were made of",
                    test_numbers_say_what_they_were_made_of);
    g_test_add_func("/node/ids keep their numbers", test_ids_keep_their_numbers);
    g_test_add_func("/node/GUIDs come back as they were", test_guids_come_back_as_they_were);
    g_test_add_func("/node/all names since the last are kept",
                    test_all_names_since_the_last_are_kept);
    g_test_add_func("/layout/the table is sound", test_the_table_is_sound);
    g_test_add_func("/errors/no code becomes ENOSYS", test_no_code_becomes_enosys);
    return g_test_run();
}
