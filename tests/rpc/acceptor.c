/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file of users that NTLM knows: its lines, what replaces it, and who gets in by it. */
#include <clusapi/win32.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <malloc.h>
#include <string.h>

#include "error.h"
#include "rpc/security.h"

static char *directory;
static char *path;

static gboolean prepare(const char *text, GError **error)
{
    const ClAcceptor acceptor = {NULL, path};

    g_unlink(path);
    g_assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    return cl_acceptor_prepare(&acceptor, error);
}

/* Tokens go back and forth until somebody has had enough; the server's code, 0: logged on. */
static int log_on(const char *user, const char *domain, const char *password)
{
    const ClAcceptor acceptor = {NULL, path};
    g_autoptr(ClCredentials) credentials = cl_credentials_new(user, domain, password, NULL);
    g_autoptr(ClSecurity) client =
        cl_security_new_client(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, "localhost", credentials, NULL);
    g_autoptr(ClSecurity) server =
        cl_security_new_server(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, &acceptor, NULL);
    g_autoptr(GBytes) token = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_nonnull(client);
    g_assert_nonnull(server);
    g_assert_true(cl_security_step(client, NULL, &token, NULL));
    while (token != NULL) {
        g_autoptr(GBytes) answer = NULL;

        if (!cl_security_step(server, token, &answer, &error)) {
            return error->code;
        }
        g_clear_pointer(&token, g_bytes_unref);
        if (answer != NULL) {
            g_assert_true(cl_security_step(client, answer, &token, NULL));
        }
    }
    g_assert_true(cl_security_is_complete(server));
    return 0;
}

static void lines_are_users(void)
{
    g_autoptr(GError) error = NULL;

    prepare(
        "# who\r\n\nNORTH:anna:with:colon\r\nSOUTH:anna: blank \nNORTH:j\xc3\xb6rg:\xe2\x82\xac\n"
        "NORTH:otto:\xe2\x82\xac\nNORTH:hash:{NT}a4f49c406510bdcab6824ee7c30fd852\n",
        &error);
    g_assert_no_error(error);
    g_assert_cmpint(log_on("anna", "NORTH", "with:colon"), ==, 0);
    g_assert_cmpint(log_on("ANNA", "NORTH", "with:colon"), ==, 0);
    g_assert_cmpint(log_on("anna", "SOUTH", " blank "), ==, 0);
    g_assert_cmpint(log_on("otto", "NORTH", "\xe2\x82\xac"), ==, 0);
    g_assert_cmpint(log_on("j\xc3\xb6rg", "NORTH", "\xe2\x82\xac"), ==, 0);
    g_assert_cmpint(log_on("hash", "NORTH", "Password"), ==, 0);
    g_assert_cmpint(log_on("anna", "NORTH", " blank "), ==, ERROR_LOGON_FAILURE);
    g_assert_cmpint(log_on("anna", "SOUTH", "blank"), ==, ERROR_LOGON_FAILURE);
    g_assert_cmpint(log_on("hash", "NORTH", "password"), ==, ERROR_LOGON_FAILURE);
    g_assert_cmpint(log_on("hash", "NORTH", "a4f49c406510bdcab6824ee7c30fd852"), ==,
                    ERROR_LOGON_FAILURE);
}

/* The hashes are impacket's, of as many 'x': around the blocks of MD4, of 32 characters each. */
static void passwords_have_any_length(void)
{
    static const struct {
        guint length;
        const char *hash;
    } known[] = {
        {1, "a9f0dd57e1edab5bb55a9ac0a99c15ec"},   {27, "0ae2ac07ba42fb76e0d9e5852d00e83f"},
        {28, "e4e10a22597efd64ad85ec18c948cbf2"},  {31, "59c7fe1adebc59dcb0f513cbed87eb92"},
        {32, "59c1f6430d9d1aea6d9212f4cb6ea3ea"},  {59, "4ccdaf5b8534ffc158b96e55669314a3"},
        {60, "889359447c0a6a784f8736e76326ce51"},  {64, "b1b3356e5e05046ffe6d3f87ae2f8c12"},
        {100, "c16e1f599bba2bab447a15fa2ca8aabb"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *password = g_strnfill(known[i].length, 'x');
        g_autofree char *other = g_strnfill(known[i].length + 1, 'x');
        g_autofree char *text = g_strdup_printf("D:u:{NT}%s\n", known[i].hash);

        g_assert_true(prepare(text, NULL));
        g_assert_cmpint(log_on("u", "D", password), ==, 0);
        g_assert_cmpint(log_on("u", "D", other), ==, ERROR_LOGON_FAILURE);
    }
}

/* Whoever may knock could take the memory away otherwise. */
static void logons_leave_no_memory_behind(void)
{
    gsize before = 0;

    g_assert_true(prepare("D:u:one\n", NULL));
    for (guint i = 0; i < 600; i++) {
        if (i == 100) {
            before = mallinfo2().uordblks;
        }
        log_on("u", "D", i % 2 == 0 ? "one" : "two");
    }
    g_assert_cmpuint(mallinfo2().uordblks, <=, before + 500 * 8);
}

static void a_reload_counts_at_once(void)
{
    g_autofree char *before = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(prepare("D:u:one\nD:gone:x\n", NULL));
    before = g_strdup(g_getenv("NTLM_USER_FILE"));
    g_assert_cmpint(log_on("gone", "D", "x"), ==, 0);
    prepare("D:u:two\n", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(g_getenv("NTLM_USER_FILE"), ==, before);
    g_assert_cmpint(log_on("u", "D", "two"), ==, 0);
    g_assert_cmpint(log_on("u", "D", "one"), ==, ERROR_LOGON_FAILURE);
    g_assert_cmpint(log_on("gone", "D", "x"), ==, ERROR_LOGON_FAILURE);
}

static void a_bad_file_changes_nothing(void)
{
    static const char *const lines[] = {
        "D:u",           "D:u:",           ":u:hushed",      "D::hushed",
        "D\\x:u:hushed", "D:u:{NT}hushed", "D:u\xff:hushed", "D:u:hushed\xff"};

    g_assert_true(prepare("D:u:one\n", NULL));
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *text = g_strdup_printf("D:u:other\n%s\n", lines[i]);
        g_autoptr(GError) error = NULL;

        g_assert_false(prepare(text, &error));
        g_assert_error(error, CL_ERROR, ERROR_INVALID_DATA);
        g_assert_nonnull(strstr(error->message, "line 2"));
        g_assert_null(strstr(error->message, "hushed"));
        g_assert_cmpint(log_on("u", "D", "one"), ==, 0);
    }
}

static void a_public_file_is_refused(void)
{
    const ClAcceptor users = {NULL, path};
    const ClAcceptor keytab = {path, NULL};
    g_autoptr(GError) error = NULL;

    g_assert_true(prepare("D:u:one\n", NULL));
    g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    g_assert_false(cl_acceptor_prepare(&users, &error));
    g_assert_error(error, CL_ERROR, ERROR_ACCESS_DENIED);
    g_clear_error(&error);
    g_assert_false(cl_acceptor_prepare(&keytab, &error));
    g_assert_error(error, CL_ERROR, ERROR_ACCESS_DENIED);
    g_assert_cmpint(log_on("u", "D", "one"), ==, 0);
}

/* --- Answers that a careful server does not take ------------------------------------------------ */

static void put_field(guint8 *message, gsize at, guint16 size, guint32 offset)
{
    guint16 small = GUINT16_TO_LE(size);
    guint32 large = GUINT32_TO_LE(offset);

    memcpy(message + at, &small, 2);
    memcpy(message + at + 2, &small, 2);
    memcpy(message + at + 4, &large, 4);
}

/* The code for a client's answer in which one field is another. */
static int answer_with(gsize at, guint16 size, guint32 offset)
{
    const ClAcceptor acceptor = {NULL, path};
    g_autoptr(ClCredentials) credentials = cl_credentials_new("u", "D", "one", NULL);
    g_autoptr(ClSecurity) client =
        cl_security_new_client(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, "localhost", credentials, NULL);
    g_autoptr(ClSecurity) server =
        cl_security_new_server(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, &acceptor, NULL);
    g_autoptr(GBytes) first = NULL, challenge = NULL, answer = NULL, altered = NULL, last = NULL;
    g_autoptr(GError) error = NULL;
    guint8 *data;
    gsize length;

    g_assert_true(cl_security_step(client, NULL, &first, NULL));
    g_assert_true(cl_security_step(server, first, &challenge, NULL));
    g_assert_true(cl_security_step(client, challenge, &answer, NULL));
    data = g_memdup2(g_bytes_get_data(answer, &length), g_bytes_get_size(answer));
    put_field(data, at, size, offset);
    altered = g_bytes_new_take(data, length);
    g_assert_false(cl_security_step(server, altered, &last, &error));
    g_assert_cmpint(error->domain, ==, CL_ERROR);
    g_test_message("%s", error->message);
    return error->code;
}

static void weak_answers_are_refused(void)
{
    g_assert_true(prepare("D:u:one\n", NULL));
    g_assert_cmpint(answer_with(20, 0, 72), ==, ERROR_LOGON_FAILURE);  /* no response */
    g_assert_cmpint(answer_with(20, 24, 72), ==, ERROR_LOGON_FAILURE); /* of NTLMv1 */
    g_assert_cmpint(answer_with(20, 40, 72), ==, RPC_S_SEC_PKG_ERROR); /* too short */
    g_assert_cmpint(answer_with(28, 0, 72), ==, ERROR_LOGON_FAILURE);  /* no domain */
    g_assert_cmpint(answer_with(36, 0, 72), ==, ERROR_LOGON_FAILURE);  /* no user */
    g_assert_cmpint(answer_with(52, 0, 72), ==, RPC_S_SEC_PKG_ERROR);  /* no key */
    g_assert_cmpint(answer_with(52, 8, 72), ==, RPC_S_SEC_PKG_ERROR);  /* half a key */
    for (gsize at = 12; at <= 52; at += 8) {
        g_assert_cmpint(answer_with(at, 16, 0xfffffff8), ==, RPC_S_SEC_PKG_ERROR);
        g_assert_cmpint(answer_with(at, 0xffff, 72), ==, RPC_S_SEC_PKG_ERROR);
    }
}

int main(int argc, char **argv)
{
    int result;

    /* The mechanism compares names in the locale's encoding. */
    setlocale(LC_ALL, "C.UTF-8");
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("clusapi-acceptor-XXXXXX", NULL);
    g_assert_nonnull(directory);
    path = g_build_filename(directory, "users", NULL);
    g_test_add_func("/acceptor/lines-are-users", lines_are_users);
    g_test_add_func("/acceptor/passwords-have-any-length", passwords_have_any_length);
    /* A sanitizer's memory is its own. */
    if (g_strcmp0(g_getenv("CLUSAPI_SANITIZE"), "none") == 0) {
        g_test_add_func("/acceptor/logons-leave-no-memory-behind", logons_leave_no_memory_behind);
    }
    g_test_add_func("/acceptor/a-reload-counts-at-once", a_reload_counts_at_once);
    g_test_add_func("/acceptor/a-bad-file-changes-nothing", a_bad_file_changes_nothing);
    g_test_add_func("/acceptor/a-public-file-is-refused", a_public_file_is_refused);
    g_test_add_func("/acceptor/weak-answers-are-refused", weak_answers_are_refused);
    result = g_test_run();
    g_unlink(path);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
    g_free(path);
    g_free(directory);
    return result;
}
