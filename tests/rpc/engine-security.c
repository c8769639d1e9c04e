/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine over TCP, in each way to log on.
 */
#include "bench.h"
#include "security-setup.h"

#include "rpc/wire.h"

#include <string.h>

static const Way ways[] = {
    {"ntlm-sign", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE},
    {"ntlm-seal", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-ntlm-seal", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"kerberos-sign", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE},
    {"kerberos-seal", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-kerberos-seal", CL_AUTH_SPNEGO, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
};

static ClAssociation *log_on(const Bench *bench, const Way *way, const char *password,
                             GError **error)
{
    const ClCall call = within(10000);
    g_autoptr(ClCredentials) credentials = NULL;
    if (way->mechanism == CL_AUTH_NTLM) {
        credentials = cl_credentials_new(NTLM_USER, NTLM_DOMAIN, password, NULL);
    } else {
        kdc_log_on(setup_kdc, "alice");
    }
    const ClEndpoint endpoint = {.host = "127.0.0.1",
                                 .port = bench->port,
                                 .interface = &cl_interface_clusapi,
                                 .service_host = KDC_HOST,
                                 .auth = way->type,
                                 .level = way->level,
                                 .credentials = credentials};
    return cl_association_open(&endpoint, &call, error);
}

static void test_way(gconstpointer data)
{
    const Way *way = data;
    g_autoptr(GError) error = NULL;
    if (!setup_is_possible(way)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, way->level);
    g_autoptr(ClAssociation) association = log_on(bench, way, NTLM_PASSWORD, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 50; i++) {
        g_auto(Ask) ask = asking("GetClusterName");
        ASK(&ask);
    }
    /* Many fragments both ways. */
    g_auto(Ask) list = asking("CreateEnum");
    list.values[0].number = 3000;
    ASK(&list);
    g_assert_cmpuint(list.values[1].rows->len, ==, 3000);
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = wire_text(u"name");
    set.values[4].number = 100001;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(100001), 100001);
    ASK(&set);
    g_assert_cmpuint(set.values[6].number, ==, 100001);
    g_assert_cmpint(bench->arrived, ==, 1);
}

static void test_wrong_password(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = log_on(bench, &ways[1], "not it", &error);
    /* What the last token was worth the server says with the first answer. */
    if (association) {
        g_auto(Ask) ask = asking("GetClusterName");
        g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    }
    g_assert_cmpint(bench->arrived, ==, 0);
    g_clear_pointer(&association, cl_association_close);
    association = log_on(bench, &ways[2], "not it", &error);
    g_assert_null(association);
    g_assert_error(error, CL_ERROR, ERROR_LOGON_FAILURE);
    g_assert_cmpint(bench->arrived, ==, 0);
}

/* A level below what the server wants gets in, but calls nothing. */
static void test_weak(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = log_on(bench, &ways[0], NTLM_PASSWORD, &error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_no_error(error);
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(bench->arrived, ==, 0);
}

/* --- By hand ------------------------------------------------------------------------------------ */

/* A client that logs on by NTLM, sealed, and then sends what it likes. */
typedef struct {
    GSocket *socket;
    ClWire *wire;
    ClSecurity *security;
} Hand;

static void hand_clear(Hand *hand)
{
    g_object_unref(hand->socket);
    cl_wire_free(hand->wire);
    cl_security_free(hand->security);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hand, hand_clear)

static void hand_send(const Hand *hand, const GByteArray *bytes)
{
    gssize n = g_socket_send(hand->socket, (const char *)bytes->data, bytes->len, NULL, NULL);
    g_assert_cmpint(n, ==, (gssize)bytes->len);
}

/* The next message, NULL when the server has closed the connection. */
static ClMessage *hand_receive(Hand *hand)
{
    for (;;) {
        char buffer[4096];
        ClMessage *message = NULL;
        g_autoptr(GError) error = NULL;
        gboolean ok = cl_wire_next(hand->wire, &message, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        if (message) {
            return message;
        }
        gssize n = g_socket_receive(hand->socket, buffer, sizeof buffer, NULL, NULL);
        if (n <= 0) {
            return NULL;
        }
        cl_wire_take(hand->wire, buffer, (gsize)n);
    }
}

static void hand_bind(Hand *hand, ClPduType type, GBytes *token)
{
    const ClPdu pdu = {.header = {.type = type, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 1},
                       .auth_type = CL_AUTH_NTLM,
                       .auth_level = CL_LEVEL_PRIVACY,
                       .auth_context = 1,
                       .max_send = 5840,
                       .max_receive = 5840,
                       .n_contexts = 1,
                       .contexts = {{0, cl_interface_clusapi.syntax, 1, {cl_syntax_ndr}}}};
    g_autoptr(GByteArray) out = g_byte_array_new();
    cl_pdu_append(out, &pdu, token);
    hand_send(hand, out);
}

static Hand log_on_by_hand(const Bench *bench)
{
    const ClWireLimits limits = {65536, 8};
    Hand hand = {0};
    g_autoptr(ClCredentials) credentials =
        cl_credentials_new(NTLM_USER, NTLM_DOMAIN, NTLM_PASSWORD, NULL);
    g_autoptr(GSocketAddress) address =
        g_inet_socket_address_new_from_string("127.0.0.1", bench->port);
    g_autoptr(GBytes) first = NULL;
    g_autoptr(GBytes) last = NULL;
    hand.socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    g_socket_set_timeout(hand.socket, 10);
    gboolean connected = g_socket_connect(hand.socket, address, NULL, NULL);
    g_assert_true(connected);
    hand.wire = cl_wire_new(&limits);
    cl_wire_set_sizes(hand.wire, 5840, 5840);
    hand.security =
        cl_security_new_client(CL_AUTH_NTLM, CL_LEVEL_PRIVACY, "127.0.0.1", credentials, NULL);
    gboolean begun = cl_security_step(hand.security, NULL, &first, NULL);
    g_assert_true(begun);
    hand_bind(&hand, CL_PDU_BIND, first);
    g_autoptr(ClMessage) ack = hand_receive(&hand);
    g_assert_nonnull(ack);
    gboolean ended = cl_security_step(hand.security, ack->token, &last, NULL);
    g_assert_true(ended);
    hand_bind(&hand, CL_PDU_AUTH3, last);
    return hand;
}

/* A call of GetClusterName, which takes nothing; protected if the wire is. */
static GByteArray *call_by_hand(Hand *hand)
{
    const ClPdu pdu = {.header = {.type = CL_PDU_REQUEST, .call = 2},
                       .opnum = cl_method_named("GetClusterName")->opnum};
    GByteArray *out = g_byte_array_new();
    gboolean ok = cl_wire_put(hand->wire, &pdu, (const guint8 *)"", 0, out, NULL);
    g_assert_true(ok);
    return out;
}

static guint answer_by_hand(Hand *hand)
{
    g_autoptr(ClMessage) message = hand_receive(hand);
    return message ? message->pdu.header.type : G_MAXUINT;
}

/* Once it was agreed on, what is not protected is answered by the end of the connection. */
static void test_unprotected(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_auto(Hand) hand = log_on_by_hand(bench);
    g_autoptr(GByteArray) call = call_by_hand(&hand);
    hand_send(&hand, call);
    g_assert_cmpuint(answer_by_hand(&hand), ==, G_MAXUINT);
}

static void test_replayed(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_auto(Hand) hand = log_on_by_hand(bench);
    cl_wire_set_security(hand.wire, hand.security, 1);
    g_autoptr(GByteArray) call = call_by_hand(&hand);
    hand_send(&hand, call);
    g_assert_cmpuint(answer_by_hand(&hand), ==, CL_PDU_RESPONSE);
    hand_send(&hand, call);
    g_assert_cmpuint(answer_by_hand(&hand), ==, G_MAXUINT);
}

/* In the header, the stub, the trailer or the token; not in those of its bytes that mean nothing. */
static void test_altered(void)
{
    static const guint places[] = {20, 22, 30, 40, 50, 60};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
        g_auto(Hand) hand = log_on_by_hand(bench);
        cl_wire_set_security(hand.wire, hand.security, 1);
        g_autoptr(GByteArray) call = call_by_hand(&hand);
        call->data[places[i] % call->len] ^= 0x10;
        hand_send(&hand, call);
        g_assert_cmpuint(answer_by_hand(&hand), ==, G_MAXUINT);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    setup_begin();
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *path = g_strconcat("/engine-security/", ways[i].name, NULL);
        g_test_add_data_func(path, &ways[i], test_way);
    }
    g_test_add_func("/engine-security/a wrong password", test_wrong_password);
    g_test_add_func("/engine-security/too weak", test_weak);
    g_test_add_func("/engine-security/not protected", test_unprotected);
    g_test_add_func("/engine-security/replayed", test_replayed);
    g_test_add_func("/engine-security/altered", test_altered);
    int status = g_test_run();
    setup_end();
    return status;
}
