/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "security-setup.h"

#include <glib/gstdio.h>
#include <string.h>

Kdc *setup_kdc;
ClAcceptor setup_acceptor;

static char *directory;
static char *users;

void setup_begin(void)
{
    g_autoptr(GError) error = NULL;

    directory = g_dir_make_tmp("clusapi-security-XXXXXX", NULL);
    g_assert_nonnull(directory);
    users = g_build_filename(directory, "users", NULL);
    g_assert_true(g_file_set_contents_full(
        users, "# who may log on\n" NTLM_DOMAIN ":" NTLM_USER ":" NTLM_PASSWORD "\n", -1,
        G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    setup_kdc = kdc_start(directory);
    setup_acceptor.ntlm_users = users;
    setup_acceptor.keytab = setup_kdc != NULL ? kdc_keytab(setup_kdc) : NULL;
    cl_acceptor_prepare(&setup_acceptor, &error);
    g_assert_no_error(error);
    if (setup_kdc != NULL) {
        kdc_log_on(setup_kdc, "alice");
    }
}

void setup_end(void)
{
    GDir *entries;
    const char *name;

    kdc_stop(setup_kdc);
    entries = g_dir_open(directory, 0, NULL);
    while ((name = g_dir_read_name(entries)) != NULL) {
        g_autofree char *path = g_build_filename(directory, name, NULL);

        g_unlink(path);
    }
    g_dir_close(entries);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
    g_free(users);
    g_free(directory);
}

gboolean setup_is_possible(const Way *way)
{
    if (way->mechanism == CL_AUTH_KERBEROS && setup_kdc == NULL) {
        g_test_skip("no KDC is installed (krb5-kdc, krb5-admin-server)");
        return FALSE;
    }
    return TRUE;
}

ClSecurity *setup_client(const Way *way, const char *password, GError **error)
{
    g_autoptr(ClCredentials) credentials = NULL;
    ClSecurity *client;

    if (way->mechanism == CL_AUTH_NTLM) {
        credentials = cl_credentials_new(NTLM_USER, NTLM_DOMAIN, password, error);
        g_assert_nonnull(credentials);
    }
    client = cl_security_new_client(way->type, way->level, KDC_HOST, credentials, error);
    if (client != NULL) {
        cl_security_set_header_signing(client, way->header_signing);
    }
    return client;
}

ClSecurity *setup_server(const Way *way, GError **error)
{
    ClSecurity *server = cl_security_new_server(way->type, way->level, &setup_acceptor, error);

    if (server != NULL) {
        cl_security_set_header_signing(server, way->header_signing);
    }
    return server;
}

gboolean setup_exchange(Pair *pair, GError **error)
{
    g_autoptr(GBytes) token = NULL;

    if (!cl_security_step(pair->client, NULL, &token, error)) {
        return FALSE;
    }
    while (token != NULL) {
        g_autoptr(GBytes) answer = NULL;

        if (!cl_security_step(pair->server, token, &answer, error)) {
            return FALSE;
        }
        g_clear_pointer(&token, g_bytes_unref);
        if (answer != NULL && !cl_security_step(pair->client, answer, &token, error)) {
            return FALSE;
        }
    }
    g_assert_true(cl_security_is_complete(pair->client));
    g_assert_true(cl_security_is_complete(pair->server));
    return TRUE;
}

Pair setup_pair(const Way *way)
{
    g_autoptr(GError) error = NULL;
    Pair pair;

    pair.client = setup_client(way, NTLM_PASSWORD, &error);
    g_assert_no_error(error);
    pair.server = setup_server(way, &error);
    g_assert_no_error(error);
    setup_exchange(&pair, &error);
    g_assert_no_error(error);
    return pair;
}

void setup_pair_clear(Pair *pair)
{
    g_clear_pointer(&pair->client, cl_security_free);
    g_clear_pointer(&pair->server, cl_security_free);
}

static guint8 stub_byte(gsize at, guint seed)
{
    return (guint8)(at * 7 + seed);
}

Pdu setup_pdu(ClSecurity *from, gsize stub_size, guint seed)
{
    g_autoptr(GError) error = NULL;
    Pdu pdu = {.stub_size = stub_size, .token_size = cl_security_token_size(from, stub_size)};

    pdu.size = HEADER_SIZE + stub_size + TRAILER_SIZE + pdu.token_size;
    pdu.data = g_malloc(pdu.size); /* exactly as long, for the sanitizer */
    memset(pdu.data, 0x55, pdu.size);
    for (gsize i = 0; i < stub_size; i++) {
        pdu.data[HEADER_SIZE + i] = stub_byte(i, seed);
    }
    cl_security_protect(from, pdu.data, pdu.size, HEADER_SIZE, stub_size, pdu.token_size, &error);
    g_assert_no_error(error);
    return pdu;
}

gboolean setup_open(ClSecurity *to, Pdu *pdu, GError **error)
{
    return cl_security_open(to, pdu->data, pdu->size, HEADER_SIZE, pdu->stub_size, pdu->token_size,
                            error);
}

gboolean setup_is_plain(const Pdu *pdu, guint seed)
{
    for (gsize i = 0; i < pdu->stub_size; i++) {
        if (pdu->data[HEADER_SIZE + i] != stub_byte(i, seed)) {
            return FALSE;
        }
    }
    return TRUE;
}
