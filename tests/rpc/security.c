/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Security contexts that talk to each other, by every mechanism, at every level. */
#include <clusapi/win32.h>
#include <glib/gstdio.h>
#include <string.h>

#include "error.h"
#include "security-setup.h"

static const Way ways[] = {
    {"ntlm/privacy", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"ntlm/integrity", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE},
    {"ntlm/privacy-without-headers", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, FALSE},
    {"spnego-ntlm/privacy", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-ntlm/integrity", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE},
    {"kerberos/privacy", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
    {"kerberos/integrity", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE},
    {"kerberos/privacy-without-headers", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY,
     FALSE},
    {"kerberos/integrity-without-headers", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY,
     FALSE},
    {"spnego-kerberos/privacy", CL_AUTH_SPNEGO, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-kerberos/integrity", CL_AUTH_SPNEGO, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE},
};

static const Way ntlm = {"", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE};
static const Way kerberos = {"", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE};

#define assert_refused(result, error, win32)                                                       \
    do {                                                                                           \
        g_assert_false(result);                                                                    \
        g_assert_error(error, CL_ERROR, win32);                                                    \
        g_test_message("%s", (error)->message);                                                    \
        g_clear_error(&(error));                                                                   \
    } while (0)

/* --- What works --------------------------------------------------------------------------------- */

static void pass_pdu(ClSecurity *from, ClSecurity *to, const Way *way, gsize stub_size)
{
    g_autoptr(GError) error = NULL;
    guint seed = (guint)g_test_rand_int();
    Pdu pdu = setup_pdu(from, stub_size, seed);

    if (stub_size > 0) {
        g_assert_cmpint(setup_is_plain(&pdu, seed), ==, way->level == CL_LEVEL_INTEGRITY);
    }
    g_assert_cmpuint(pdu.data[0], ==, 0x55); /* headers are never encrypted */
    setup_open(to, &pdu, &error);
    g_assert_no_error(error);
    g_assert_true(setup_is_plain(&pdu, seed));
    g_free(pdu.data);
}

static void pdus_pass_both_ways(gconstpointer data)
{
    const Way *way = data;
    Pair pair;

    if (!setup_is_possible(way)) {
        return;
    }
    pair = setup_pair(way);
    g_assert_cmpint(cl_security_mechanism(pair.client), ==, way->mechanism);
    g_assert_cmpint(cl_security_mechanism(pair.server), ==, way->mechanism);
    g_assert_null(cl_security_peer(pair.client));
    g_assert_cmpstr(cl_security_peer(pair.server), ==,
                    way->mechanism == CL_AUTH_NTLM ? NTLM_DOMAIN "\\" NTLM_USER
                                                   : "alice@" KDC_REALM);
    for (guint i = 0; i < 400; i++) {
        gboolean from_client = g_test_rand_bit();

        pass_pdu(from_client ? pair.client : pair.server, from_client ? pair.server : pair.client,
                 way, (gsize)g_test_rand_int_range(0, 300) * 16);
    }
    setup_pair_clear(&pair);
}

static void connect_level_has_no_tokens(void)
{
    g_autoptr(GError) error = NULL;
    Way way = ntlm;
    Pair pair;
    Pdu pdu;

    way.level = CL_LEVEL_CONNECT;
    pair = setup_pair(&way);
    pdu = setup_pdu(pair.client, 32, 1);
    g_assert_cmpuint(pdu.token_size, ==, 0);
    g_assert_true(setup_is_plain(&pdu, 1));
    g_assert_true(setup_open(pair.server, &pdu, &error));
    g_free(pdu.data);
    setup_pair_clear(&pair);
}

/* As Windows' clients do where they have nothing but NTLM. */
static void spnego_takes_bare_ntlm(void)
{
    Way bare = ntlm;
    g_autoptr(GError) error = NULL;
    Pair pair;

    pair.client = setup_client(&bare, NTLM_PASSWORD, NULL);
    bare.type = CL_AUTH_SPNEGO;
    pair.server = setup_server(&bare, NULL);
    setup_exchange(&pair, &error);
    g_assert_no_error(error);
    pass_pdu(pair.client, pair.server, &bare, 64);
    pass_pdu(pair.server, pair.client, &bare, 64);
    setup_pair_clear(&pair);
}

/* What is handed on after the end: SPNEGO's last word, and nothing else. */
static void the_last_word_is_heard(void)
{
    static const guint8 words[][9] = {
        {0xa1, 0x07, 0x30, 0x05, 0xa0, 0x03, 0x0a, 0x01, 0x00}, /* accept-completed */
        {0xa1, 0x07, 0x30, 0x05, 0xa0, 0x03, 0x0a, 0x01, 0x02}, /* reject */
        {0xa1, 0x07, 0x30, 0x05, 0xa0, 0x03, 0x0a, 0x02, 0x00}, /* too long */
    };
    const Way spnego = {"", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE};

    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GBytes) word = g_bytes_new(words[i], sizeof words[i]);
        g_autoptr(GBytes) out = NULL;
        g_autoptr(GError) error = NULL;
        Pair pair = setup_pair(&spnego);

        if (i == 0) {
            g_assert_true(cl_security_step(pair.client, word, &out, &error));
            g_assert_null(out);
            pass_pdu(pair.client, pair.server, &spnego, 16);
            assert_refused(cl_security_step(pair.server, word, &out, &error), error,
                           RPC_S_SEC_PKG_ERROR);
        } else {
            assert_refused(cl_security_step(pair.client, word, &out, &error), error,
                           RPC_S_SEC_PKG_ERROR);
            g_assert_false(cl_security_is_complete(pair.client));
        }
        setup_pair_clear(&pair);
    }
}

static void kerberos_takes_a_password(void)
{
    g_autoptr(ClCredentials) good = cl_credentials_new("alice", "cluster.test", KDC_PASSWORD, NULL);
    g_autoptr(ClCredentials) bad = cl_credentials_new("alice", "cluster.test", "wrong", NULL);
    g_autoptr(ClCredentials) stranger = cl_credentials_new("eve", "cluster.test", "x", NULL);
    const ClCredentials *refused[] = {bad, stranger};
    g_autoptr(GError) error = NULL;
    Pair pair;

    if (!setup_is_possible(&kerberos)) {
        return;
    }
    pair.client = cl_security_new_client(kerberos.type, kerberos.level, KDC_HOST, good, &error);
    g_assert_no_error(error);
    cl_security_set_header_signing(pair.client, TRUE);
    pair.server = setup_server(&kerberos, NULL);
    setup_exchange(&pair, &error);
    g_assert_no_error(error);
    pass_pdu(pair.client, pair.server, &kerberos, 64);
    setup_pair_clear(&pair);
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GBytes) token = NULL;
        g_autoptr(ClSecurity) client =
            cl_security_new_client(kerberos.type, kerberos.level, KDC_HOST, refused[i], &error);

        assert_refused(client != NULL && cl_security_step(client, NULL, &token, &error), error,
                       ERROR_LOGON_FAILURE);
    }
}

/* --- Who does not get in ------------------------------------------------------------------------ */

static void a_wrong_password_is_a_logon_failure(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Pair pair = {setup_client(data, "Baumeister 8", &error), setup_server(data, NULL)};

    assert_refused(setup_exchange(&pair, &error), error, ERROR_LOGON_FAILURE);
    g_assert_false(cl_security_is_complete(pair.server));
    g_assert_null(cl_security_peer(pair.server));
    /* Nor does it get another try. */
    assert_refused(setup_exchange(&pair, &error), error, RPC_S_SEC_PKG_ERROR);
    setup_pair_clear(&pair);
}

static void an_unknown_user_is_a_logon_failure(void)
{
    static const struct {
        const char *user;
        const char *domain;
    } names[] = {{"eve", NTLM_DOMAIN}, {NTLM_USER, "OTHER"}, {NTLM_USER, ""}, {"bob@x", ""}};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(ClCredentials) credentials =
            cl_credentials_new(names[i].user, names[i].domain, NTLM_PASSWORD, NULL);
        g_autoptr(GError) error = NULL;
        Pair pair = {cl_security_new_client(ntlm.type, ntlm.level, KDC_HOST, credentials, &error),
                     setup_server(&ntlm, NULL)};

        g_assert_no_error(error);
        assert_refused(setup_exchange(&pair, &error), error, ERROR_LOGON_FAILURE);
        setup_pair_clear(&pair);
    }
}

static void an_expired_ticket_is_no_use(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) token = NULL;
    g_autoptr(ClSecurity) client = NULL;

    if (!setup_is_possible(&kerberos)) {
        return;
    }
    kdc_log_on(setup_kdc, "carol");
    g_usleep(KDC_EXPIRED_US);
    client = setup_client(&kerberos, NULL, &error);
    assert_refused(client != NULL && cl_security_step(client, NULL, &token, &error), error,
                   RPC_S_SEC_PKG_ERROR);
    kdc_log_off(setup_kdc);
    g_clear_pointer(&client, cl_security_free);
    client = setup_client(&kerberos, NULL, &error);
    assert_refused(client != NULL && cl_security_step(client, NULL, &token, &error), error,
                   RPC_S_SEC_PKG_ERROR);
    kdc_log_on(setup_kdc, "alice");
}

static void an_unknown_service_has_no_ticket(void)
{
    static const char *const hosts[] = {"node9.cluster.test", "elsewhere.cluster.test"};

    if (!setup_is_possible(&kerberos)) {
        return;
    }
    /* Of the second the KDC knows, the server does not. */
    for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autoptr(GError) error = NULL;
        Pair pair = {cl_security_new_client(kerberos.type, kerberos.level, hosts[i], NULL, &error),
                     setup_server(&kerberos, NULL)};

        g_assert_no_error(error);
        assert_refused(setup_exchange(&pair, &error), error, RPC_S_SEC_PKG_ERROR);
        setup_pair_clear(&pair);
    }
}

static void a_server_offers_only_what_it_has(void)
{
    const ClAcceptor nothing = {NULL, NULL};
    const ClAcceptor only_ntlm = {NULL, setup_acceptor.ntlm_users};
    g_autoptr(GError) error = NULL;
    Pair pair;

    assert_refused(cl_security_new_server(CL_AUTH_SPNEGO, CL_LEVEL_PRIVACY, &nothing, &error),
                   error, RPC_S_UNKNOWN_AUTHN_SERVICE);
    assert_refused(cl_security_new_server(CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, &only_ntlm, &error),
                   error, RPC_S_UNKNOWN_AUTHN_SERVICE);
    assert_refused(cl_security_new_server(68, CL_LEVEL_PRIVACY, &only_ntlm, &error), error,
                   RPC_S_UNKNOWN_AUTHN_SERVICE);
    assert_refused(cl_security_new_server(CL_AUTH_NTLM, 4, &only_ntlm, &error), error,
                   ERROR_NOT_SUPPORTED);
    assert_refused(cl_security_new_client(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, KDC_HOST, NULL, &error),
                   error, ERROR_INVALID_PARAMETER);
    if (setup_kdc == NULL) {
        return;
    }
    pair.client = cl_security_new_client(CL_AUTH_SPNEGO, CL_LEVEL_PRIVACY, KDC_HOST, NULL, &error);
    g_assert_no_error(error);
    pair.server = cl_security_new_server(CL_AUTH_SPNEGO, CL_LEVEL_PRIVACY, &only_ntlm, &error);
    g_assert_no_error(error);
    assert_refused(setup_exchange(&pair, &error), error, RPC_S_SEC_PKG_ERROR);
    setup_pair_clear(&pair);
}

/* By NTLM, whose two sides agree on what it protects, in the exchange; else with the first PDU. */
static void a_weaker_client_is_refused(gconstpointer data)
{
    const Way *strong = data;
    Way weak = *strong;
    g_autoptr(GError) error = NULL;
    Pair pair;

    if (!setup_is_possible(strong)) {
        return;
    }
    weak.level = CL_LEVEL_INTEGRITY;
    pair.client = setup_client(&weak, NTLM_PASSWORD, NULL);
    pair.server = setup_server(strong, NULL);
    if (strong->mechanism == CL_AUTH_NTLM) {
        assert_refused(setup_exchange(&pair, &error), error, RPC_S_SEC_PKG_ERROR);
    } else {
        Pdu pdu;

        setup_exchange(&pair, &error);
        g_assert_no_error(error);
        pdu = setup_pdu(pair.client, 64, 1);
        assert_refused(setup_open(pair.server, &pdu, &error), error, ERROR_ACCESS_DENIED);
        g_free(pdu.data);
    }
    setup_pair_clear(&pair);
}

/* --- What is refused of PDUs -------------------------------------------------------------------- */

/* Where a change has to be noticed: without header signing Kerberos does not cover headers. */
static gboolean is_covered(const Way *way, const Pdu *pdu, gsize at)
{
    return way->header_signing || way->mechanism == CL_AUTH_NTLM ||
           (at >= HEADER_SIZE && at < HEADER_SIZE + pdu->stub_size) ||
           at >= pdu->size - pdu->token_size;
}

static gboolean alter_one(const Way *way, gsize at)
{
    g_autoptr(GError) error = NULL;
    Pair pair = setup_pair(way);
    Pdu pdu = setup_pdu(pair.server, 16, 3);
    gboolean is_inside = at < pdu.size;

    if (is_inside && is_covered(way, &pdu, at)) {
        pdu.data[at] ^= (guint8)(1 << at % 8);
        if (setup_open(pair.client, &pdu, &error)) {
            g_error("%s: byte %zu of %zu may be altered", way->name, at, pdu.size);
        }
        g_assert_error(error, CL_ERROR, ERROR_ACCESS_DENIED);
        g_clear_error(&error);
        /* And it is over: what is right is refused as well. */
        pdu.data[at] ^= (guint8)(1 << at % 8);
        g_assert_false(setup_open(pair.client, &pdu, &error));
    }
    g_free(pdu.data);
    setup_pair_clear(&pair);
    return is_inside;
}

static void an_altered_byte_is_refused(gconstpointer data)
{
    if (!setup_is_possible(data)) {
        return;
    }
    for (gsize at = 0; alter_one(data, at); at++) {
    }
}

static void order_is_kept(gconstpointer data)
{
    static const guint orders[][3] = {{0, 0, 0}, {1, 0, 0}, {0, 2, 1}, {0, 1, 0}};
    const Way *way = data;

    if (!setup_is_possible(way)) {
        return;
    }
    for (guint order = 0; order < G_N_ELEMENTS(orders); order++) {
        g_autoptr(GError) error = NULL;
        Pair pair = setup_pair(way);
        Pdu pdus[3];
        guint expected = 0;

        for (guint i = 0; i < 3; i++) {
            pdus[i] = setup_pdu(pair.client, 32, i);
        }
        for (guint i = 0; i < 3 && error == NULL; i++) {
            Pdu copy = pdus[orders[order][i]];

            copy.data = g_memdup2(copy.data, copy.size);
            g_assert_cmpint(setup_open(pair.server, &copy, &error), ==,
                            orders[order][i] == expected);
            expected++;
            g_free(copy.data);
        }
        assert_refused(error == NULL, error, ERROR_ACCESS_DENIED);
        for (guint i = 0; i < 3; i++) {
            g_free(pdus[i].data);
        }
        setup_pair_clear(&pair);
    }
}

/* One's own PDU is not the peer's. */
static void an_echo_is_refused(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    Pair pair;
    Pdu pdu;

    if (!setup_is_possible(data)) {
        return;
    }
    pair = setup_pair(data);
    pdu = setup_pdu(pair.client, 32, 1);
    assert_refused(setup_open(pair.client, &pdu, &error), error, ERROR_ACCESS_DENIED);
    g_free(pdu.data);
    setup_pair_clear(&pair);
}

static void bad_sizes_are_refused(gconstpointer data)
{
    if (!setup_is_possible(data)) {
        return;
    }
    for (guint i = 0; i < 7; i++) {
        g_autoptr(GError) error = NULL;
        Pair pair = setup_pair(data);
        Pdu pdu = setup_pdu(pair.client, 32, 1);
        gsize sizes[][4] = {
            {pdu.size, HEADER_SIZE, pdu.size, pdu.token_size},
            {pdu.size, G_MAXSIZE, 32, pdu.token_size},
            {pdu.size, HEADER_SIZE, G_MAXSIZE - 8, pdu.token_size},
            {pdu.size, HEADER_SIZE, 32, G_MAXSIZE - 8},
            {pdu.size, HEADER_SIZE, 32, pdu.token_size - 1},
            {pdu.size, HEADER_SIZE, 32, 0},
            {0, HEADER_SIZE, 32, pdu.token_size},
        };

        assert_refused(cl_security_open(pair.server, pdu.data, sizes[i][0], sizes[i][1],
                                        sizes[i][2], sizes[i][3], &error),
                       error, ERROR_ACCESS_DENIED);
        g_free(pdu.data);
        setup_pair_clear(&pair);
    }
}

static void nothing_is_protected_before_the_end(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClSecurity) server = setup_server(&ntlm, NULL);
    guint8 pdu[64] = {0};

    g_assert_cmpuint(cl_security_token_size(server, 16), ==, 0);
    assert_refused(cl_security_open(server, pdu, sizeof pdu, 24, 16, 16, &error), error,
                   ERROR_ACCESS_DENIED);
}

/* --- Garbage ------------------------------------------------------------------------------------ */

static void feed(ClSecurity *to, const guint8 *data, gsize size)
{
    g_autoptr(GBytes) token = g_bytes_new(data, size);
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GError) error = NULL;

    if (cl_security_step(to, token, &out, &error)) {
        g_assert_no_error(error);
    } else {
        g_assert_nonnull(error);
        g_assert_null(out);
    }
}

static void random_tokens_are_refused(void)
{
    static const ClAuthType types[] = {CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_AUTH_KERBEROS};
    static const char *const starts[] = {
        "", "NTLMSSP\0\1\0\0\0", "NTLMSSP\0\3\0\0\0", "\x60", "\xa1", "\x6e"};
    static const gsize sizes[] = {0, 12, 12, 1, 1, 1};

    for (guint i = 0; i < 3000; i++) {
        ClAuthType type = types[i % 3];
        guint start = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(starts));
        gsize size = sizes[start] + (gsize)g_test_rand_int_range(0, 200);
        g_autofree guint8 *data = g_malloc(size + 1);
        g_autoptr(ClSecurity) server = NULL;

        if (type == CL_AUTH_KERBEROS && setup_kdc == NULL) {
            continue;
        }
        for (gsize at = 0; at < size; at++) {
            data[at] = (guint8)g_test_rand_int();
        }
        memcpy(data, starts[start], sizes[start]);
        server = cl_security_new_server(type, CL_LEVEL_PRIVACY, &setup_acceptor, NULL);
        feed(server, data, size);
        g_assert_false(cl_security_is_complete(server));
    }
}

/* Mostly right tokens reach farther: the @number-th is altered or cut. Returns FALSE if the exchange
 * has no such token. */
static gboolean mutate(const Way *way, guint number)
{
    g_autoptr(GBytes) token = NULL;
    g_autoptr(GError) error = NULL;
    Pair pair = {setup_client(way, NTLM_PASSWORD, NULL), setup_server(way, NULL)};
    ClSecurity *to = pair.server;
    gboolean found = FALSE;

    cl_security_step(pair.client, NULL, &token, &error);
    g_assert_no_error(error);
    for (guint at = 0; token != NULL; at++) {
        g_autoptr(GBytes) in = g_steal_pointer(&token);

        if (at == number) {
            gsize size;
            g_autofree guint8 *data = g_bytes_unref_to_data(g_steal_pointer(&in), &size);

            found = TRUE;
            for (int changes = g_test_rand_int_range(0, 4); changes >= 0; changes--) {
                data[g_test_rand_int_range(0, (gint32)size)] = (guint8)g_test_rand_int();
            }
            if (g_test_rand_int_range(0, 4) == 0) {
                size = (gsize)g_test_rand_int_range(0, (gint32)size);
            }
            in = g_bytes_new(data, size);
        }
        if (!cl_security_step(to, in, &token, &error)) {
            g_assert_true(found);
            break;
        }
        to = to == pair.server ? pair.client : pair.server;
    }
    setup_pair_clear(&pair);
    return found;
}

static void mutated_tokens_do_no_harm(gconstpointer data)
{
    if (!setup_is_possible(data)) {
        return;
    }
    for (guint number = 0; mutate(data, number); number++) {
        for (guint i = 0; i < 300; i++) {
            mutate(data, number);
        }
    }
}

/* --- Wiring ------------------------------------------------------------------------------------- */

static void add_for(const char *name, const Way *way, GTestDataFunc function)
{
    g_autofree char *path = g_strdup_printf("/security/%s/%s", way->name, name);

    g_test_add_data_func(path, way, function);
}

static void add_tests(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        add_for("pdus-pass-both-ways", &ways[i], pdus_pass_both_ways);
        add_for("an-altered-byte-is-refused", &ways[i], an_altered_byte_is_refused);
        add_for("order-is-kept", &ways[i], order_is_kept);
        add_for("an-echo-is-refused", &ways[i], an_echo_is_refused);
        add_for("bad-sizes-are-refused", &ways[i], bad_sizes_are_refused);
        if (ways[i].level == CL_LEVEL_PRIVACY) {
            add_for("a-weaker-client-is-refused", &ways[i], a_weaker_client_is_refused);
        }
        add_for("mutated-tokens-do-no-harm", &ways[i], mutated_tokens_do_no_harm);
        if (ways[i].mechanism == CL_AUTH_NTLM) {
            add_for("a-wrong-password-is-a-logon-failure", &ways[i],
                    a_wrong_password_is_a_logon_failure);
        }
    }
    g_test_add_func("/security/connect-level-has-no-tokens", connect_level_has_no_tokens);
    g_test_add_func("/security/spnego-takes-bare-ntlm", spnego_takes_bare_ntlm);
    g_test_add_func("/security/the-last-word-is-heard", the_last_word_is_heard);
    g_test_add_func("/security/kerberos-takes-a-password", kerberos_takes_a_password);
    g_test_add_func("/security/an-unknown-user-is-a-logon-failure",
                    an_unknown_user_is_a_logon_failure);
    g_test_add_func("/security/an-unknown-service-has-no-ticket", an_unknown_service_has_no_ticket);
    g_test_add_func("/security/a-server-offers-only-what-it-has", a_server_offers_only_what_it_has);
    g_test_add_func("/security/nothing-is-protected-before-the-end",
                    nothing_is_protected_before_the_end);
    g_test_add_func("/security/random-tokens-are-refused", random_tokens_are_refused);
    g_test_add_func("/security/an-expired-ticket-is-no-use", an_expired_ticket_is_no_use);
}

int main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    setup_begin();
    add_tests();
    result = g_test_run();
    setup_end();
    return result;
}
