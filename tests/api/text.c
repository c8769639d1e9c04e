/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of api/text.c: the coder, the copy-out rule and case folding. One thread.
 */
#include "text.h"

#include <string.h>

/* Short texts go another way than long ones, which begin at 96 units with the NUL. */
#define TEN   "0123456789"
#define TEN_W u"0123456789"

/* A text and its code units; both ways give the other. */
typedef struct {
    const char *text;
    const WCHAR *wide;
} Pair;

static const Pair pairs[] = {
    {"", u""},
    {"web", u"web"},
    {"a name of more than eight bytes", u"a name of more than eight bytes"},
    {TEN TEN TEN TEN TEN TEN TEN TEN TEN "12345",
     TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W u"12345"},
    {TEN TEN TEN TEN TEN TEN TEN TEN TEN "123456",
     TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W TEN_W u"123456"},
    {"eight by\xC3\xA4"
     "eight by",
     u"eight by\u00E4eight by"},
    {"\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF", u"\x007F\x0080\x07FF\x0800\xFFFF"},
    {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", u"\xD800\xDC00\xDBFF\xDFFF"},
    {"x\xF0\x9F\x98\x80y", u"x\xD83D\xDE00y"},
};

static gsize units_of(const WCHAR *wide)
{
    return (gsize)lstrlenW(wide);
}

static void test_from_wide(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        g_assert_true(cl_text_from_wide(pairs[i].wide, &text, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(text, ==, pairs[i].text);
    }
}

static void test_to_wide(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        gsize units = units_of(pairs[i].wide);
        g_autofree WCHAR *wide = g_new0(WCHAR, units + 1);

        g_assert_cmpuint(cl_text_wide_length(pairs[i].text), ==, units);
        g_assert_true(cl_text_put_wide(pairs[i].text, wide) == wide + units);
        g_assert_cmpmem(wide, units * 2, pairs[i].wide, units * 2);
    }
}

static void test_every_code_point(void)
{
    for (gunichar c = 1; c < 0x110000; c++) {
        g_autofree char *text = NULL;
        WCHAR wide[2];
        gsize units = c < 0x10000 ? 1 : 2;
        char expected[8] = "";

        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        g_unichar_to_utf8(c, expected);
        g_assert_true(cl_text_put_wide(expected, wide) == wide + units);
        text = cl_text_from_units(wide, units);
        g_assert_cmpstr(text, ==, expected);
    }
}

static void test_null_refused(void)
{
    g_autoptr(GError) error = NULL;
    char *text = (char *)"untouched";

    g_assert_false(cl_text_from_wide(NULL, &text, &error));
    g_assert_error(error, CL_ERROR, ERROR_INVALID_PARAMETER);
    g_assert_cmpstr(text, ==, "untouched");
}

static const WCHAR *const unpaired[] = {
    u"\xD800", u"\xDC00", u"\xDC00\xD800", u"\xD800x", u"x\xDFFF", u"\xD800\xD800\xDC00",
};

static void test_unpaired_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(unpaired); i++) {
        g_autoptr(GError) error = NULL;
        char *text = NULL;

        g_assert_false(cl_text_from_wide(unpaired[i], &text, &error));
        g_assert_error(error, CL_ERROR, ERROR_NO_UNICODE_TRANSLATION);
        g_assert_null(text);
    }
}

static void test_unpaired_kept(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(unpaired); i++) {
        gsize units = units_of(unpaired[i]);
        g_autofree char *text = cl_text_from_units(unpaired[i], units);
        WCHAR wide[4];

        g_assert_cmpuint(cl_text_wide_length(text), ==, units);
        g_assert_true(cl_text_put_wide(text, wide) == wide + units);
        g_assert_cmpmem(wide, units * 2, unpaired[i], units * 2);
    }
    {
        g_autofree char *text = cl_text_from_units(u"\xD800", 1);

        g_assert_cmpstr(text, ==, "\xED\xA0\x80");
    }
}

static void test_units_at_odd_address(void)
{
    guint8 buffer[sizeof(WCHAR) * 3 + 1];
    g_autofree char *text = NULL;

    memcpy(buffer + 1, u"w\u00E9b", sizeof(WCHAR) * 3);
    text = cl_text_from_units((const WCHAR *)(const void *)(buffer + 1), 3);
    g_assert_cmpstr(text, ==,
                    "w\xC3\xA9"
                    "b");
}

/* Truncated, overlong, too large and stray bytes: each becomes one U+FFFD. */
static void test_damaged_text(void)
{
    static const char *const damaged[] = {
        "\x80",
        "\xC3",
        "\xC0\x80",
        "\xE0\x80\x80",
        "\xE2\x82",
        "\xF0\x80\x80\x80",
        "\xF0\x9F\x98",
        "\xF4\x90\x80\x80",
        "\xF8\x88\x80\x80\x80",
        "\xFF",
        "a\xE2\x82z",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(damaged); i++) {
        /* on the heap, so that reading past the end is seen */
        g_autofree char *text = g_strdup(damaged[i]);
        gsize units = strlen(text);
        g_autofree WCHAR *wide = g_new(WCHAR, units);
        g_autofree char *folded = cl_text_fold(text);

        g_assert_cmpuint(cl_text_wide_length(text), ==, units);
        g_assert_true(cl_text_put_wide(text, wide) == wide + units);
        for (gsize j = 0; j < units; j++) {
            g_assert_cmpuint(wide[j], ==, (guint8)text[j] < 0x80 ? (guint8)text[j] : 0xFFFD);
        }
        g_assert_cmpstr(folded, ==, text);
    }
}

static void assert_texts(const WCHAR *multi, gsize units, const char *joined)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) texts = NULL;
    g_autofree char *found = NULL;

    g_assert_true(cl_text_strv_from_multi_sz(multi, (DWORD)units * 2, &texts, &error));
    g_assert_no_error(error);
    found = g_strjoinv("|", texts);
    g_assert_cmpstr(found, ==, joined);
}

static void test_multi_sz(void)
{
    assert_texts(u"a\0bc\0", 6, "a|bc");
    assert_texts(u"\u00E4\0", 3, "\xC3\xA4");
    assert_texts(u"a\0\0\0", 5, "a");
}

static void test_multi_sz_empty(void)
{
    assert_texts(u"", 1, "");
    assert_texts(u"\0", 2, "");
}

static void test_multi_sz_refused(void)
{
    static const struct {
        const WCHAR *multi;
        DWORD cb;
        gint code;
    } cases[] = {
        {NULL, 0, ERROR_INVALID_PARAMETER},
        {NULL, 4, ERROR_INVALID_PARAMETER},
        {u"", 0, ERROR_INVALID_PARAMETER},
        {u"a\0", 5, ERROR_INVALID_PARAMETER},
        {u"a", 2, ERROR_INVALID_PARAMETER},
        {u"a", 4, ERROR_INVALID_PARAMETER},
        {u"a\0b", 8, ERROR_INVALID_PARAMETER},
        {u"a\0\0b\0", 12, ERROR_INVALID_PARAMETER},
        {u"\0b\0", 8, ERROR_INVALID_PARAMETER},
        {u"\xD800\0", 6, ERROR_NO_UNICODE_TRANSLATION},
        {u"\xDC00\xD800\0", 8, ERROR_NO_UNICODE_TRANSLATION},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        char **texts = NULL;

        g_assert_false(cl_text_strv_from_multi_sz(cases[i].multi, cases[i].cb, &texts, &error));
        g_assert_error(error, CL_ERROR, cases[i].code);
        g_assert_null(texts);
    }
}

static void test_copy_out(void)
{
    WCHAR buffer[4] = {9, 9, 9, 9};
    DWORD cch = 4;

    g_assert_cmpuint(cl_text_copy_out("web", buffer, &cch), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cch, ==, 3);
    g_assert_cmpmem(buffer, sizeof buffer, u"web", 8);
}

static void test_copy_out_too_small(void)
{
    for (DWORD room = 0; room < 4; room++) {
        WCHAR buffer[4] = {9, 9, 9, 9};
        DWORD cch = room;

        g_assert_cmpuint(cl_text_copy_out("web", buffer, &cch), ==, ERROR_MORE_DATA);
        g_assert_cmpuint(cch, ==, 3);
        g_assert_cmpuint(buffer[0], ==, 9);
    }
}

/* Four bytes of UTF-8 are two units: the length in bytes must not decide. */
static void test_copy_out_counts_units(void)
{
    WCHAR buffer[3];
    DWORD cch = 3;

    g_assert_cmpuint(cl_text_copy_out("\xF0\x9F\x98\x80", buffer, &cch), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cch, ==, 2);
    g_assert_cmpmem(buffer, sizeof buffer, u"\xD83D\xDE00", 6);
    cch = 2;
    g_assert_cmpuint(cl_text_copy_out("\xF0\x9F\x98\x80", buffer, &cch), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(cch, ==, 2);
}

static void test_copy_out_null(void)
{
    WCHAR buffer[1] = {9};
    DWORD cch = 77;

    g_assert_cmpuint(cl_text_copy_out("web", NULL, &cch), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cch, ==, 3);
    g_assert_cmpuint(cl_text_copy_out("web", NULL, NULL), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cl_text_copy_out("web", buffer, NULL), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(buffer[0], ==, 9);
    cch = 1;
    g_assert_cmpuint(cl_text_copy_out(NULL, buffer, &cch), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cch, ==, 0);
    g_assert_cmpuint(buffer[0], ==, 0);
}

static void test_bytes_copy_out(void)
{
    guint8 buffer[4] = {9, 9, 9, 9};
    DWORD cb = 0;

    g_assert_cmpuint(cl_bytes_copy_out("abc", 3, buffer, 3, &cb), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cb, ==, 3);
    g_assert_cmpmem(buffer, 4, "abc\x09", 4);
    g_assert_cmpuint(cl_bytes_copy_out("wxyz!", 5, buffer, 4, &cb), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(cb, ==, 5);
    g_assert_cmpmem(buffer, 4, "abc\x09", 4);
    g_assert_cmpuint(cl_bytes_copy_out("abc", 3, NULL, 0, &cb), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cb, ==, 3);
    g_assert_cmpuint(cl_bytes_copy_out(NULL, 0, buffer, 4, &cb), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cb, ==, 0);
    g_assert_cmpuint(cl_bytes_copy_out("z", 1, buffer, 4, NULL), ==, ERROR_SUCCESS);
    g_assert_cmpuint(buffer[0], ==, 'z');
}

/* Names that are the same, beside names that only look so. */
static void test_equal(void)
{
    static const struct {
        const char *a;
        const char *b;
        gboolean equal;
    } cases[] = {
        {"", "", TRUE},
        {"Web-1", "wEB-1", TRUE},
        {"web", "webb", FALSE},
        {"@[`{", "`{@[", FALSE},
        {"\xC3\x84rger", "\xC3\xA4RGER", TRUE}, /* A umlaut */
        {"\xC3\x9F", "\xE1\xBA\x9E", TRUE},     /* sharp s, capital sharp s */
        {"\xC3\x9F", "ss", FALSE},              /* would be full folding */
        {"\xE2\x84\xAA", "k", TRUE},            /* Kelvin sign */
        {"\xC5\xBF", "S", TRUE},                /* long s */
        {"\xC4\xB0", "i", FALSE},               /* dotted capital I */
        {"\xC4\xB1", "I", FALSE},               /* dotless i */
        {"\xC4\xB1", "\xC4\xB0", FALSE},
        {"\xCF\x82", "\xCE\xA3", TRUE},                 /* final sigma */
        {"\xCD\x85", "\xCE\x99", TRUE},                 /* iota below, Iota */
        {"\xCD\x85", "\xE1\xBE\xBE", TRUE},             /* iota below, prosgegrammeni */
        {"\xE2\x85\xA0", "\xE2\x85\xB0", TRUE},         /* Roman one */
        {"\xE2\x92\xB6", "\xE2\x93\x90", TRUE},         /* circled A */
        {"\xEA\xAD\xB0", "\xE1\x8E\xA0", TRUE},         /* Cherokee A */
        {"\xF0\x90\x90\x80", "\xF0\x90\x90\xA8", TRUE}, /* Deseret, beyond 16 bits */
        {"\xED\xA0\x80", "\xED\xA0\x81", FALSE},        /* unpaired surrogates */
        {"\xC3", "\xC4", FALSE},                        /* no characters */
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *a = cl_text_fold(cases[i].a);
        g_autofree char *b = cl_text_fold(cases[i].b);

        g_assert_cmpint(cl_text_equal(cases[i].a, cases[i].b), ==, cases[i].equal);
        g_assert_cmpint(cl_text_equal(cases[i].b, cases[i].a), ==, cases[i].equal);
        g_assert_cmpint(strcmp(a, b) == 0, ==, cases[i].equal);
    }
}

/* Also shows that no folded text outgrows its room: the buffer is exactly sized on the heap. */
static void test_fold_twice(void)
{
    for (gunichar c = 1; c < 0x110000; c++) {
        char text[8] = "";
        g_autofree char *once = NULL;
        g_autofree char *twice = NULL;

        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        g_unichar_to_utf8(c, text);
        once = cl_text_fold(text);
        twice = cl_text_fold(once);
        g_assert_cmpstr(once, ==, twice);
        g_assert_true(cl_text_equal(text, once));
        g_assert_cmpuint(strlen(once), <=, strlen(text) + strlen(text) / 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/units become UTF-8", test_from_wide);
    g_test_add_func("/text/UTF-8 becomes units", test_to_wide);
    g_test_add_func("/text/every code point comes back as it was", test_every_code_point);
    g_test_add_func("/text/NULL is refused", test_null_refused);
    g_test_add_func("/text/unpaired surrogates of a caller are refused", test_unpaired_refused);
    g_test_add_func("/text/unpaired surrogates of a wire are kept", test_unpaired_kept);
    g_test_add_func("/text/units may lie at an odd address", test_units_at_odd_address);
    g_test_add_func("/text/bytes that are no UTF-8 are shown as U+FFFD", test_damaged_text);
    g_test_add_func("/text/a MULTI_SZ becomes a vector", test_multi_sz);
    g_test_add_func("/text/an empty MULTI_SZ is one or two NULs", test_multi_sz_empty);
    g_test_add_func("/text/what is no MULTI_SZ is refused", test_multi_sz_refused);
    g_test_add_func("/text/a buffer that fits exactly is filled", test_copy_out);
    g_test_add_func("/text/a buffer too small is left alone and told the length",
                    test_copy_out_too_small);
    g_test_add_func("/text/room is counted in units, not in bytes", test_copy_out_counts_units);
    g_test_add_func("/text/NULL asks for the length or skips", test_copy_out_null);
    g_test_add_func("/text/bytes are copied out by the same rule", test_bytes_copy_out);
    g_test_add_func("/text/names compare by simple case folding", test_equal);
    g_test_add_func("/text/folding twice changes nothing more", test_fold_twice);
    return g_test_run();
}
