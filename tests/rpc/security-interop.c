/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our server and clients that nobody here wrote: Samba's and impacket's, by security-peer.py. */
#include <gio/gio.h>
#include <string.h>

#include "security-setup.h"

#define PDUS 20

typedef struct {
    const char *name;
    const char *implementation;
    Way way;
} Case;

/* Samba's bindings seal without a header; its Kerberos cannot be told to seal at all. */
static const Case cases[] = {
    {"samba/ntlm-integrity", "samba", {"", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE}},
    {"samba/ntlm-privacy", "samba", {"", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE}},
    {"samba/spnego-ntlm-integrity",
     "samba",
     {"", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE}},
    {"samba/spnego-ntlm-privacy",
     "samba",
     {"", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE}},
    {"samba/kerberos-integrity",
     "samba",
     {"", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE}},
    {"samba/spnego-kerberos-integrity",
     "samba",
     {"", CL_AUTH_SPNEGO, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE}},
    {"impacket/ntlm-integrity",
     "impacket",
     {"", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE}},
    {"impacket/ntlm-privacy", "impacket", {"", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE}},
};

typedef struct {
    GSubprocess *process;
    GDataInputStream *from;
} Peer;

static Peer start_peer(const Case *test, const char *password)
{
    g_autofree char *script =
        g_test_build_filename(G_TEST_DIST, "..", "rpc", "security-peer.py", NULL);
    g_autofree char *type = g_strdup_printf("%d", test->way.type);
    g_autofree char *level = g_strdup_printf("%d", test->way.level);
    gboolean by_kerberos = test->way.mechanism == CL_AUTH_KERBEROS;
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autoptr(GError) error = NULL;
    Peer peer;

    /* AddressSanitizer and Samba's allocator do not go together. */
    g_subprocess_launcher_unsetenv(launcher, "LD_PRELOAD");
    peer.process = g_subprocess_launcher_spawn(
        launcher, &error, "/usr/bin/python3", script, test->implementation, type, level, KDC_HOST,
        by_kerberos ? "alice" : NTLM_USER, by_kerberos ? KDC_REALM : NTLM_DOMAIN, password, NULL);
    g_assert_no_error(error);
    peer.from = g_data_input_stream_new(g_subprocess_get_stdout_pipe(peer.process));
    return peer;
}

static void end_peer(Peer *peer)
{
    g_output_stream_close(g_subprocess_get_stdin_pipe(peer->process), NULL, NULL);
    g_subprocess_wait(peer->process, NULL, NULL);
    g_object_unref(peer->from);
    g_object_unref(peer->process);
}

static char *hex(const guint8 *data, gsize size)
{
    GString *text = g_string_new(size == 0 ? "-" : "");

    for (gsize i = 0; i < size; i++) {
        g_string_append_printf(text, "%02x", data[i]);
    }
    return g_string_free(text, FALSE);
}

static gsize unhex(const char *text, guint8 *ret_data, gsize size)
{
    gsize length = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;

    g_assert_cmpuint(length, <=, size);
    for (gsize i = 0; i < length; i++) {
        ret_data[i] = (guint8)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                               g_ascii_xdigit_value(text[2 * i + 1]));
    }
    return length;
}

/* The peer's answer to a line; NULL if it has ended. */
static char *ask(Peer *peer, const char *format, ...) G_GNUC_PRINTF(2, 3);

static char *ask(Peer *peer, const char *format, ...)
{
    GOutputStream *to = g_subprocess_get_stdin_pipe(peer->process);
    g_autoptr(GError) error = NULL;
    g_autofree char *line = NULL;
    va_list arguments;
    char *answer;

    va_start(arguments, format);
    line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_output_stream_write_all(to, line, strlen(line), NULL, NULL, NULL);
    g_output_stream_write_all(to, "\n", 1, NULL, NULL, NULL);
    answer = g_data_input_stream_read_line(peer->from, NULL, NULL, &error);
    g_assert_no_error(error);
    if (answer != NULL && g_str_has_prefix(answer, "error ")) {
        g_error("%s", answer);
    }
    return answer;
}

/* FALSE after a skip: that implementation is not installed. */
static gboolean exchange(Peer *peer, ClSecurity *server, GError **error)
{
    g_autofree char *token = ask(peer, "step -");
    guint8 buffer[CL_SECURITY_TOKEN_MAX];

    if (token == NULL) {
        g_test_skip("not installed (python3-samba, python3-impacket)");
        return FALSE;
    }
    while (strcmp(token, "-") != 0) {
        g_autoptr(GBytes) in = g_bytes_new(buffer, unhex(token, buffer, sizeof buffer));
        g_autoptr(GBytes) out = NULL;
        g_autofree char *answer = NULL;

        if (!cl_security_step(server, in, &out, error)) {
            return FALSE;
        }
        if (out == NULL) {
            break;
        }
        answer = hex(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
        g_free(token);
        token = ask(peer, "step %s", answer);
    }
    return TRUE;
}

typedef struct {
    Peer *peer;
    ClSecurity *server;
    gboolean seal;
    gsize header_size;
    gsize trailer_size;
} Session;

/* From the server to the peer. */
static void send_pdu(const Session *session, gsize stub_size)
{
    gsize token_size = cl_security_token_size(session->server, stub_size);
    gsize signed_size = session->header_size + stub_size + session->trailer_size;
    g_autofree guint8 *pdu = g_malloc(signed_size + token_size);
    g_autofree char *stub = NULL, *whole = NULL, *token = NULL, *answer = NULL, *plain = NULL;
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < signed_size; i++) {
        pdu[i] = (guint8)g_test_rand_int();
    }
    plain = hex(pdu + session->header_size, stub_size);
    cl_security_protect(session->server, pdu, signed_size + token_size, session->header_size,
                        stub_size, token_size, &error);
    g_assert_no_error(error);
    stub = hex(pdu + session->header_size, stub_size);
    whole = hex(pdu, signed_size);
    token = hex(pdu + signed_size, token_size);
    answer =
        ask(session->peer, "%s %s %s %s", session->seal ? "unseal" : "check", stub, whole, token);
    g_assert_cmpstr(answer, ==, session->seal ? plain : "ok");
}

/* From the peer to the server. */
static void receive_pdu(const Session *session, gsize stub_size)
{
    gsize signed_size = session->header_size + stub_size + session->trailer_size;
    g_autofree guint8 *pdu = g_malloc(signed_size + 256);
    g_autofree guint8 *plain = NULL;
    g_autofree char *stub = NULL, *whole = NULL, *answer = NULL;
    g_auto(GStrv) words = NULL;
    g_autoptr(GError) error = NULL;
    gsize token_size;

    for (gsize i = 0; i < signed_size; i++) {
        pdu[i] = (guint8)g_test_rand_int();
    }
    plain = g_memdup2(pdu, signed_size);
    stub = hex(pdu + session->header_size, stub_size);
    whole = hex(pdu, signed_size);
    answer = ask(session->peer, "%s %s %s", session->seal ? "seal" : "sign", stub, whole);
    words = g_strsplit(answer, " ", 2);
    if (session->seal) {
        unhex(words[0], pdu + session->header_size, stub_size);
    }
    token_size = unhex(words[session->seal], pdu + signed_size, 256);
    g_assert_cmpuint(token_size, ==, cl_security_token_size(session->server, stub_size));
    cl_security_open(session->server, pdu, signed_size + token_size, session->header_size,
                     stub_size, token_size, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(pdu, signed_size, plain, signed_size);
}

static void a_foreign_client_talks_to_us(gconstpointer data)
{
    const Case *test = data;
    gboolean by_kerberos = test->way.mechanism == CL_AUTH_KERBEROS;
    g_autoptr(GError) error = NULL;
    g_autoptr(ClSecurity) server = NULL;
    Session session = {.seal = test->way.level == CL_LEVEL_PRIVACY};
    Peer peer;

    if (!setup_is_possible(&test->way)) {
        return;
    }
    peer = start_peer(test, by_kerberos ? KDC_PASSWORD : NTLM_PASSWORD);
    server = setup_server(&test->way, NULL);
    if (!exchange(&peer, server, &error)) {
        g_assert_no_error(error);
        end_peer(&peer);
        return;
    }
    g_assert_true(cl_security_is_complete(server));
    g_assert_cmpstr(cl_security_peer(server), ==,
                    by_kerberos ? "alice@" KDC_REALM : NTLM_DOMAIN "\\" NTLM_USER);
    session.peer = &peer;
    session.server = server;
    if (!session.seal || strcmp(test->implementation, "impacket") == 0) {
        session.header_size = HEADER_SIZE;
        session.trailer_size = TRAILER_SIZE;
    }
    for (guint i = 0; i < PDUS; i++) {
        gsize stub_size = (gsize)g_test_rand_int_range(1, 100) * 16;

        (g_test_rand_bit() ? send_pdu : receive_pdu)(&session, stub_size);
    }
    end_peer(&peer);
}

static void a_wrong_password_is_refused(gconstpointer data)
{
    const Case *test = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(ClSecurity) server = setup_server(&test->way, NULL);
    Peer peer = start_peer(test, "wrong");

    if (exchange(&peer, server, &error)) {
        g_error("it gets in");
    }
    if (error != NULL) {
        g_assert_cmpint(error->code, ==, 1326);
    }
    g_assert_false(cl_security_is_complete(server));
    end_peer(&peer);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    setup_begin();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *talks = g_strdup_printf("/interop/%s/talks-to-us", cases[i].name);
        g_autofree char *wrong = g_strdup_printf("/interop/%s/a-wrong-password", cases[i].name);

        g_test_add_data_func(talks, &cases[i], a_foreign_client_talks_to_us);
        if (cases[i].way.mechanism == CL_AUTH_NTLM) {
            g_test_add_data_func(wrong, &cases[i], a_wrong_password_is_refused);
        }
    }
    result = g_test_run();
    setup_end();
    return result;
}
