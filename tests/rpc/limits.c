/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one client may make the server keep, and for how long: whoever it is not known to be.
 */
#include "bench.h"

#include "rpc/wire.h"

#include <gio/gunixsocketaddress.h>

/* Long enough that nobody is dropped for being slow. */
#define LONG_S 60

static ClServerLimits patient_limits(void)
{
    ClServerLimits limits = bench_limits;
    limits.bind_seconds = LONG_S;
    return limits;
}

static GSocket *connect_raw(const Bench *bench)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(bench->path);
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    g_assert_true(g_socket_connect(socket, address, NULL, NULL));
    g_socket_set_timeout(socket, 10);
    return socket;
}

static void put_bind(GByteArray *stream)
{
    const ClPdu bind = {
        .header = {.type = CL_PDU_BIND, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 1},
        .max_send = CL_PDU_SIZE_MAX,
        .max_receive = CL_PDU_SIZE_MAX,
        .n_contexts = 1,
        .contexts = {{0, cl_interface_clusapi.syntax, 1, {cl_syntax_ndr}}}};
    cl_pdu_append(stream, &bind, NULL);
}

/* A fragment of a request that never ends. */
static void put_fragment(GByteArray *stream, guint32 call, gboolean first)
{
    static const guint8 stub[1024];
    ClPdu pdu = {
        .header = {.type = CL_PDU_REQUEST, .flags = first ? CL_PDU_FIRST : 0, .call = call}};
    cl_pdu_append_stub(stream, &pdu, stub, sizeof stub, 0);
}

/* Sends fragments of several requests, of so many bytes each, until it is shown out; how many bytes
 * that took. */
static gsize send_fragments(GSocket *socket, guint calls, gsize each)
{
    gsize sent = 0;
    for (gsize at = 0; at < each; at += 1024) {
        g_autoptr(GByteArray) stream = g_byte_array_new();
        for (guint call = 0; call < calls; call++) {
            put_fragment(stream, 2 + call, at == 0);
        }
        for (gsize done = 0; done < stream->len;) {
            gssize size = g_socket_send(socket, (const char *)stream->data + done,
                                        stream->len - done, NULL, NULL);
            if (size <= 0) {
                return sent;
            }
            done += (gsize)size;
            sent += (gsize)size;
        }
    }
    return sent;
}

/* --- Tests -------------------------------------------------------------------------------------- */

/* Before a bind, nobody knows for whom it would be kept. */
static void test_unknown(void)
{
    const ClServerLimits limits = patient_limits();
    g_autoptr(Bench) bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GSocket) socket = connect_raw(bench);
    g_assert_cmpuint(send_fragments(socket, 4, 800000), <, 2000000);
}

static void test_together(void)
{
    const ClServerLimits limits = patient_limits();
    g_autoptr(Bench) bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GSocket) socket = connect_raw(bench);
    g_autoptr(GByteArray) bind = g_byte_array_new();
    put_bind(bind);
    g_assert_cmpint(g_socket_send(socket, (const char *)bind->data, bind->len, NULL, NULL), ==,
                    bind->len);
    gsize sent = send_fragments(socket, 4, limits.message_size - 1024);
    g_assert_cmpuint(sent, >=, limits.message_size);
    g_assert_cmpuint(sent, <, 2 * limits.message_size);
}

/* To talk does not make known. */
static void test_talking(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    const ClEndpoint endpoint = {
        .host = "127.0.0.1", .port = bench->port, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(ClAssociation) association = cl_association_open(&endpoint, &call, NULL);
    gint64 begin = g_get_monotonic_time();
    guint32 code = ERROR_ACCESS_DENIED;
    g_assert_nonnull(association);
    while (code == ERROR_ACCESS_DENIED && g_get_monotonic_time() - begin < 20 * G_USEC_PER_SEC) {
        g_auto(Ask) ask = asking("GetClusterName");
        g_usleep(200000);
        code = answer_of(association, &ask, 5000);
    }
    g_assert_cmpuint(code, !=, ERROR_ACCESS_DENIED);
    g_assert_cmpint(g_get_monotonic_time() - begin, >=,
                    (bench_limits.bind_seconds - 1) * G_USEC_PER_SEC);
}

/* Those who say nothing keep nobody out. */
static void test_silent(void)
{
    ClServerLimits limits = patient_limits();
    GSocket *silent[6];
    limits.peers = 3;
    g_autoptr(Bench) bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) first = bench_connect(bench);
    for (guint i = 0; i < G_N_ELEMENTS(silent); i++) {
        silent[i] = connect_raw(bench);
    }
    g_autoptr(ClAssociation) second = bench_connect(bench);
    g_autoptr(ClAssociation) third = bench_connect(bench);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_cmpuint(answer_of(first, &ask, 5000), ==, ERROR_SUCCESS);
    g_assert_cmpuint(answer_of(second, &ask, 5000), ==, ERROR_SUCCESS);
    g_assert_cmpuint(answer_of(third, &ask, 5000), ==, ERROR_SUCCESS);
    /* Those who are known stay. */
    const ClEndpoint endpoint = {.path = bench->path, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_assert_null(cl_association_open(&endpoint, &call, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(silent); i++) {
        g_object_unref(silent[i]);
    }
}

#define QUESTIONS 40

static void ask_much(GSocket *socket)
{
    const ClMethod *method = cl_method_named("CreateEnum");
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {{.number = 20000}};
    g_autoptr(GByteArray) stream = g_byte_array_new();
    g_autoptr(GByteArray) stub = g_byte_array_new();
    gboolean ok =
        cl_ndr_encode(method->parameters, method->n_parameters, FALSE, values, stub, NULL);
    g_assert_true(ok);
    put_bind(stream);
    for (guint i = 0; i < QUESTIONS; i++) {
        ClPdu pdu = {
            .header = {.type = CL_PDU_REQUEST, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 2 + i},
            .opnum = method->opnum};
        cl_pdu_append_stub(stream, &pdu, stub->data, stub->len, 0);
    }
    gssize sent = g_socket_send(socket, (const char *)stream->data, stream->len, NULL, NULL);
    g_assert_cmpint(sent, ==, stream->len);
}

/* Of one who does not take its answers no more questions are answered until it does. */
static void test_answers(void)
{
    const ClWireLimits wire_limits = {64 * 1024 * 1024, 8};
    const ClServerLimits limits = patient_limits();
    g_autoptr(Bench) bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GSocket) socket = connect_raw(bench);
    g_autoptr(ClWire) wire = cl_wire_new(&wire_limits);
    guint n = 0;
    cl_wire_set_sizes(wire, CL_PDU_SIZE_MIN, CL_PDU_SIZE_MAX);
    ask_much(socket);
    /* Another's call is answered after all that this one was going to make the server do. */
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    g_usleep(300000);
    g_assert_cmpint(g_atomic_int_get(&bench->enumerated), >, 0);
    g_assert_cmpint(g_atomic_int_get(&bench->enumerated), <, QUESTIONS / 4);
    while (n < 1 + QUESTIONS) {
        char buffer[65536];
        ClMessage *message = NULL;
        gssize size = g_socket_receive(socket, buffer, sizeof buffer, NULL, NULL);
        g_assert_cmpint(size, >, 0);
        cl_wire_take(wire, buffer, (gsize)size);
        while (cl_wire_next(wire, &message, NULL) && message) {
            n++;
            cl_message_free(message);
        }
    }
    g_assert_cmpint(g_atomic_int_get(&bench->enumerated), ==, QUESTIONS);
}

/* And it is not waited for for ever, even if it holds a handle. */
static void test_no_taker(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GSocket) socket = connect_raw(bench);
    ask_much(socket);
    for (guint i = 0; i < 1000 && g_atomic_int_get(&bench->left) == 0; i++) {
        g_usleep(10000);
    }
    g_assert_cmpint(g_atomic_int_get(&bench->left), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/requests of who is not known", test_unknown);
    g_test_add_func("/limits/requests that are not complete", test_together);
    g_test_add_func("/limits/talking is not logging on", test_talking);
    g_test_add_func("/limits/silent clients make room", test_silent);
    g_test_add_func("/limits/answers that are not taken", test_answers);
    g_test_add_func("/limits/a client that takes no answers goes", test_no_taker);
    return g_test_run();
}
