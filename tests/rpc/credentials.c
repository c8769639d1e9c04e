/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Credentials files: what is read, and what is refused without a word of its content. */
#include "rpc/credentials.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

static char *directory;

static char *put(const char *text, gssize size, int mode)
{
    char *path = g_build_filename(directory, "credentials", NULL);

    g_unlink(path);
    g_assert_true(g_file_set_contents_full(path, text, size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_assert_cmpint(g_chmod(path, (mode_t)mode), ==, 0);
    return path;
}

static void assert_refused(const char *path, DWORD code, const char *part)
{
    g_autoptr(GError) error = NULL;
    ClCredentials *loaded = cl_credentials_load(path, &error);

    g_assert_null(loaded);
    g_assert_error(error, CL_ERROR, (int)code);
    g_test_message("%s", error->message);
    g_assert_null(strstr(error->message, "hushed"));
    if (part != NULL && strstr(error->message, part) == NULL) {
        g_error("'%s' does not say '%s'", error->message, part);
    }
}

static void a_file_is_read(void)
{
    static const struct {
        const char *text;
        const char *domain;
        const char *password;
    } files[] = {
        {"user=bob\ndomain=CLUSTER\npassword=pass word=#1\n", "CLUSTER", "pass word=#1"},
        {"# mine\r\n\r\nuser = bob \r\ndomain\t=\r\npassword= x \r\n", "", " x "},
        {"password=x\nuser=bob", "", "x"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = put(files[i].text, -1, 0600);
        g_autoptr(GError) error = NULL;
        g_autoptr(ClCredentials) loaded = cl_credentials_load(path, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(loaded->user, ==, "bob");
        g_assert_cmpstr(loaded->domain, ==, files[i].domain);
        g_assert_cmpstr(loaded->password, ==, files[i].password);
    }
}

static void nonsense_is_refused_by_line(void)
{
    static const struct {
        const char *text;
        const char *part;
    } files[] = {
        {"", "no user"},
        {"user=bob\n", "no password"},
        {"user=bob\npassword=\n", "no password"},
        {"user=\npassword=hushed\n", "no user"},
        {"user=bob\n\nhushed\n", "line 3"},
        {"user=bob\npasswort=hushed\n", "line 2"},
        {"user=bob\npassword=hushed\npassword=hushed\n", "line 3"},
        {"user=D\\bob\npassword=hushed\n", "backslash"},
        {"user=bob\npassword=hushed\xff\n", "UTF-8"},
    };
    g_autofree char *nul = put("user=bob\npassword=hushed\0more\n", 30, 0600);

    assert_refused(nul, ERROR_INVALID_DATA, "NUL");
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = put(files[i].text, -1, 0600);

        assert_refused(path, ERROR_INVALID_DATA, files[i].part);
    }
}

static void a_huge_file_is_refused(void)
{
    g_autofree char *fill = g_strnfill(CL_CREDENTIALS_MAX + 1, '\n');
    g_autofree char *path = put(fill, -1, 0600);
    g_autoptr(GString) most = g_string_new("user=bob\npassword=hushed\n");

    assert_refused(path, ERROR_INVALID_DATA, "longer");
    while (most->len < CL_CREDENTIALS_MAX) {
        g_string_append_c(most, '\n');
    }
    {
        g_autofree char *full = put(most->str, -1, 0400);
        g_autoptr(ClCredentials) loaded = cl_credentials_load(full, NULL);

        g_assert_nonnull(loaded);
    }
}

static void what_others_may_use_is_refused(void)
{
    static const int modes[] = {0640, 0604, 0620, 0602, 0610, 0601, 0666, 0777};

    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        g_autofree char *path = put("user=bob\npassword=hushed\n", -1, modes[i]);

        assert_refused(path, ERROR_ACCESS_DENIED, "chmod 600");
    }
}

static void what_is_no_file_is_refused(void)
{
    g_autofree char *path = put("user=bob\npassword=hushed\n", -1, 0600);
    g_autofree char *link = g_build_filename(directory, "link", NULL);
    g_autofree char *pipe = g_build_filename(directory, "pipe", NULL);
    g_autofree char *none = g_build_filename(directory, "none", NULL);

    g_assert_cmpint(symlink(path, link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    assert_refused(link, ERROR_ACCESS_DENIED, "symbolic link");
    assert_refused(pipe, ERROR_ACCESS_DENIED, "not a regular file");
    assert_refused(directory, ERROR_ACCESS_DENIED, "not a regular file");
    assert_refused(none, ERROR_FILE_NOT_FOUND, NULL);
    g_unlink(link);
    g_unlink(pipe);
}

static void what_another_owns_is_refused(void)
{
    g_autofree char *path = put("user=bob\npassword=hushed\n", -1, 0600);

    if (geteuid() != 0) {
        g_test_skip("only root can give a file away");
        return;
    }
    g_assert_cmpint(chown(path, 12345, (gid_t)-1), ==, 0);
    assert_refused(path, ERROR_ACCESS_DENIED, "another user");
}

int main(int argc, char **argv)
{
    g_autofree char *path = NULL;
    int result;

    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("clusapi-credentials-XXXXXX", NULL);
    g_assert_nonnull(directory);
    path = g_build_filename(directory, "credentials", NULL);
    g_test_add_func("/credentials/a-file-is-read", a_file_is_read);
    g_test_add_func("/credentials/nonsense-is-refused-by-line", nonsense_is_refused_by_line);
    g_test_add_func("/credentials/a-huge-file-is-refused", a_huge_file_is_refused);
    g_test_add_func("/credentials/what-others-may-use-is-refused", what_others_may_use_is_refused);
    g_test_add_func("/credentials/what-is-no-file-is-refused", what_is_no_file_is_refused);
    g_test_add_func("/credentials/what-another-owns-is-refused", what_another_owns_is_refused);
    result = g_test_run();
    g_unlink(path);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
    g_free(directory);
    return result;
}
