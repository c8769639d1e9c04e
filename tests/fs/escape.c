/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of fs/escape.c: names of objects as file names, and back. One thread.
 */
#include "escape.h"

#include <string.h>

#define ID "04499e60-8e5f-4137-9aa5-c2bb291519ef"

static const struct {
    const char *name;
    const char *file;
} pairs[] = {
    {"web", "web"},
    {"spaces in the name", "spaces in the name"},
    {"-rf", "-rf"},
    {".", "%2E"},
    {"..", "%2E%2E"},
    {"...", "..."},
    {".hidden", ".hidden"},
    {"a/b", "a%2Fb"},
    {"100%", "100%25"},
    {"%41", "%2541"},
    {"%~" ID, "%25~" ID},
    {"two\nlines", "two%0Alines"},
    {"\x7f", "%7F"},
    {"\xc2\x85", "%C2%85"},
    {"Stra\xc3\x9f"
     "e",
     "Stra\xc3\x9f"
     "e"},
    {"\xf0\x9d\x84\x9e", "\xf0\x9d\x84\x9e"},
    {"\xed\xa0\x80x", "%ED%A0%80x"},
    {"\xed\xb0\x80\xed\xa0\x80", "%ED%B0%80%ED%A0%80"},
};

static void test_there_and_back(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *file = fs_escape(pairs[i].name, ID);
        g_autofree char *name = NULL;
        g_autofree char *tag = NULL;

        g_assert_cmpstr(file, ==, pairs[i].file);
        g_assert_true(fs_unescape(file, &name, &tag));
        g_assert_cmpstr(name, ==, pairs[i].name);
        g_assert_null(tag);
    }
}

/* Each would be a second file name of something. */
static void test_other_spellings_stand_for_nothing(void)
{
    static const char *const files[] = {
        "",
        ".",
        "..",
        "a/b",
        "%",
        "%4",
        "%41",
        "%2f",
        "%2g",
        "a%",
        "%00",
        "\n",
        "%2E%2Ex",
        "%2Ex",
        "%~",
        "a%~b%2Fc",
        "%ED%A0%80%ED%B0%80",
        "\xed\xa0\x80",
        "\xff",
        "%FF",
        "%C3%9F",
        "%C3",
        "\xc3",
        "%ED%A0",
        "%ED",
        "\x7f",
        "%20",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        char *name = NULL;
        char *tag = NULL;

        g_autofree char *shown = g_strescape(files[i], NULL);

        g_test_message("%s", shown);
        g_assert_false(fs_unescape(files[i], &name, &tag));
    }
}

/* Fills with a character of several bytes, so that a cut may hit its middle. */
static char *long_name(const char *character, gsize count, const char *end)
{
    GString *name = g_string_new(NULL);

    for (gsize i = 0; i < count; i++) {
        g_string_append(name, character);
    }
    g_string_append(name, end);
    return g_string_free(name, FALSE);
}

static void test_long_names_end_in_the_id(void)
{
    static const char *const characters[] = {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9d\x84\x9e",
                                             "/", "%"};

    for (gsize i = 0; i < G_N_ELEMENTS(characters); i++) {
        g_autofree char *name = long_name(characters[i], 300, "");
        g_autofree char *file = fs_escape(name, ID);
        g_autofree char *unescaped = NULL;
        g_autofree char *tag = NULL;

        g_assert_cmpuint(strlen(file), <=, FS_NAME_BYTES);
        g_assert_cmpuint(strlen(file), >, FS_NAME_BYTES - 4);
        g_assert_true(g_utf8_validate(file, -1, NULL));
        g_assert_true(g_str_has_suffix(file, "%~" ID));
        g_assert_true(fs_unescape(file, &unescaped, &tag));
        g_assert_null(unescaped);
        g_assert_cmpstr(tag, ==, ID);
    }
}

static void test_255_bytes_are_not_cut(void)
{
    g_autofree char *fits = long_name("a", 255, "");
    g_autofree char *too_long = long_name("a", 256, "");
    g_autofree char *file_that_fits = fs_escape(fits, ID);
    g_autofree char *cut_file = fs_escape(too_long, ID);

    g_assert_cmpstr(file_that_fits, ==, fits);
    g_assert_cmpuint(strlen(cut_file), ==, 255);
    g_assert_nonnull(strstr(cut_file, "%~"));
}

static void test_long_names_without_id_differ(void)
{
    g_autofree char *one = long_name("a", 300, "1");
    g_autofree char *two = long_name("a", 300, "2");
    g_autofree char *file_one = fs_escape(one, NULL);
    g_autofree char *file_two = fs_escape(two, "");
    g_autofree char *again = fs_escape(one, NULL);

    g_assert_cmpstr(file_one, !=, file_two);
    g_assert_cmpstr(file_one, ==, again);
    g_assert_cmpuint(strlen(file_one), <=, FS_NAME_BYTES);
}

static void test_hostile_ids_do_no_harm(void)
{
    static const char *const ids[] = {"../../etc", "a%b", "line\nbreak", "."};
    g_autofree char *name = long_name("a", 300, "");

    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autofree char *file = fs_escape(name, ids[i]);

        g_assert_null(strchr(file, '/'));
        g_assert_null(strchr(file, '\n'));
        g_assert_cmpuint(strlen(file), <=, FS_NAME_BYTES);
    }
}

static void test_an_empty_name_has_a_file_name(void)
{
    g_autofree char *file = fs_escape("", ID);

    g_assert_cmpstr(file, ==, "%~" ID);
}

static void test_a_second_of_a_name_is_tagged(void)
{
    g_autofree char *file = fs_escape_tagged("Name", "private");
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;

    g_assert_cmpstr(file, ==, "Name%~private");
    g_assert_true(fs_unescape(file, &name, &tag));
    g_assert_cmpstr(tag, ==, "private");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/escape/there and back", test_there_and_back);
    g_test_add_func("/escape/other spellings stand for nothing",
                    test_other_spellings_stand_for_nothing);
    g_test_add_func("/escape/long names end in the id", test_long_names_end_in_the_id);
    g_test_add_func("/escape/255 bytes are not cut", test_255_bytes_are_not_cut);
    g_test_add_func("/escape/long names without id differ", test_long_names_without_id_differ);
    g_test_add_func("/escape/hostile ids do no harm", test_hostile_ids_do_no_harm);
    g_test_add_func("/escape/an empty name has a file name", test_an_empty_name_has_a_file_name);
    g_test_add_func("/escape/a second of a name is tagged", test_a_second_of_a_name_is_tagged);
    return g_test_run();
}
