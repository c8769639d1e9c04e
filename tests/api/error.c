/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of api/error.c: GErrors that carry Win32 codes, their names, the last error of a thread.
 */
#include "error.h"

#include <string.h>

static void test_fail(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(cl_fail(&error, ERROR_GROUP_NOT_FOUND, "no group %s", "web"));
    g_assert_error(error, CL_ERROR, ERROR_GROUP_NOT_FOUND);
    g_assert_cmpstr(error->message, ==, "no group web");
    g_assert_false(cl_fail(NULL, ERROR_GROUP_NOT_FOUND, "nobody asks"));
}

static void test_take(void)
{
    GError *error = NULL;

    g_assert_cmpuint(cl_error_take(NULL), ==, ERROR_SUCCESS);
    cl_fail(&error, ERROR_ACCESS_DENIED, "no");
    g_assert_cmpuint(cl_error_take(error), ==, ERROR_ACCESS_DENIED);
}

static void test_foreign(void)
{
    g_assert_cmpuint(cl_error_take(g_error_new_literal(G_FILE_ERROR, G_FILE_ERROR_IO, "broken")),
                     ==, ERROR_GEN_FAILURE);
    g_assert_cmpuint(cl_error_take(g_error_new_literal(CL_ERROR, 0, "a mistake")), ==,
                     ERROR_GEN_FAILURE);
}

static void measure(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                    const char *message, gpointer data)
{
    g_assert_true(g_utf8_validate(message, -1, NULL));
    *(gsize *)data = strlen(message);
}

static void test_long_message(void)
{
    g_autoptr(GString) name = g_string_new(NULL);
    gsize logged = 0;
    GError *error = NULL;
    guint handler = g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, measure, &logged);

    for (guint i = 0; i < 1 << 18; i++) {
        g_string_append(name, "\u4e00");
    }
    cl_fail(&error, ERROR_GROUP_NOT_FOUND, "no group %s", name->str);
    g_assert_cmpuint(cl_error_take(error), ==, ERROR_GROUP_NOT_FOUND);
    g_assert_cmpuint(logged, >, 100);
    g_assert_cmpuint(logged, <, 1000);
    g_log_remove_handler("clusapi", handler);
}

static void test_raise(void)
{
    GError *error = NULL;

    cl_fail(&error, ERROR_TIMEOUT, "late");
    g_assert_cmpuint(cl_error_raise(error), ==, ERROR_TIMEOUT);
    g_assert_cmpuint(GetLastError(), ==, ERROR_TIMEOUT);
}

static gpointer last_error_of_thread(gpointer data)
{
    DWORD first = GetLastError();

    SetLastError(GPOINTER_TO_UINT(data));
    return GUINT_TO_POINTER(first);
}

static void test_threads(void)
{
    GThread *thread;

    SetLastError(5);
    thread = g_thread_new("other", last_error_of_thread, GUINT_TO_POINTER(6));
    g_assert_cmpuint(GPOINTER_TO_UINT(g_thread_join(thread)), ==, 0);
    g_assert_cmpuint(GetLastError(), ==, 5);
}

static void test_names(void)
{
    g_assert_cmpstr(cl_error_name(ERROR_SUCCESS), ==, "ERROR_SUCCESS");
    g_assert_cmpstr(cl_error_name(ERROR_MORE_DATA), ==, "ERROR_MORE_DATA");
    g_assert_cmpstr(cl_error_name(EPT_S_NOT_REGISTERED), ==, "EPT_S_NOT_REGISTERED");
    g_assert_cmpstr(cl_error_name(5962), ==, "ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS");
    g_assert_null(cl_error_name(7));
    g_assert_null(cl_error_name(G_MAXUINT32));
}

/* Reads the header itself, so that a code added there is not forgotten in the table. */
static void test_complete(void)
{
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..", "api", "include",
                                                  "clusapi", "win32.h", NULL);
    g_autoptr(GRegex) define =
        g_regex_new("^#define ((?:ERROR|RPC|EPT)_\\w+) +(\\d+)$", G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *header = NULL;
    guint codes = 0;

    if (!g_file_get_contents(path, &header, NULL, NULL)) {
        g_test_skip("G_TEST_SRCDIR does not say where the source is");
        return;
    }
    g_regex_match(define, header, 0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_autofree char *name = g_match_info_fetch(match, 1);
        g_autofree char *code = g_match_info_fetch(match, 2);

        g_assert_cmpstr(cl_error_name((DWORD)g_ascii_strtoull(code, NULL, 10)), ==, name);
        codes++;
    }
    g_assert_cmpuint(codes, >, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/a refusal carries its Win32 code", test_fail);
    g_test_add_func("/error/taking an error gives its code", test_take);
    g_test_add_func("/error/an error of another domain is a general failure", test_foreign);
    g_test_add_func("/error/a long message is logged in part", test_long_message);
    g_test_add_func("/error/raising sets the last error", test_raise);
    g_test_add_func("/error/each thread has its own last error", test_threads);
    g_test_add_func("/error/codes have names", test_names);
    g_test_add_func("/error/every code of the header has its name", test_complete);
    return g_test_run();
}
