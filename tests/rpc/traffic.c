/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server among clients that are broken, slow or gone: whatever they send, it serves the others,
 * and in the end nothing of them is left. $TRAFFIC_SECONDS says for how long, default 3.
 */
#include "bench.h"

#include "rpc/wire.h"

#include <gio/gunixsocketaddress.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define THREADS 4

#define CROWD   1000

/* A few clients are refused for a moment when many come at once. */
static const ClServerLimits limits = {.peers = CROWD + 100,
                                      .handles = 100,
                                      .calls = 8,
                                      .message_size = 1024 * 1024,
                                      .bind_seconds = 2,
                                      .idle_seconds = 2,
                                      .workers = 4};

static GSocket *connect_raw(const Bench *bench)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(bench->path);
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    g_socket_set_timeout(socket, 5);
    while (!g_socket_connect(socket, address, NULL, NULL)) {
        g_usleep(1000);
    }
    return socket;
}

/* --- What valid clients send -------------------------------------------------------------------- */

static void add_call(ClWire *wire, GByteArray *stream, guint32 number, const char *name,
                     const ClNdrValue *values)
{
    const ClMethod *method = cl_method_named(name);
    const ClPdu pdu = {.header = {.type = CL_PDU_REQUEST, .call = number}, .opnum = method->opnum};
    g_autoptr(GByteArray) stub = g_byte_array_new();
    gboolean ok =
        cl_ndr_encode(method->parameters, method->n_parameters, FALSE, values, stub, NULL);
    g_assert_true(ok && cl_wire_put(wire, &pdu, stub->data, stub->len, stream, NULL));
}

/* A bind and some calls, among them one of several fragments. */
static GByteArray *session(void)
{
    const ClWireLimits wire_limits = {1024 * 1024, 8};
    const ClPdu bind = {
        .header = {.type = CL_PDU_BIND, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 1},
        .max_send = 5840,
        .max_receive = 5840,
        .n_contexts = 1,
        .contexts = {{0, cl_interface_clusapi.syntax, 1, {cl_syntax_ndr}}}};
    g_autoptr(ClWire) wire = cl_wire_new(&wire_limits);
    GByteArray *stream = g_byte_array_new();
    g_auto(Ask) name = asking("GetClusterName");
    g_auto(Ask) open = asking("OpenGroup");
    g_auto(Ask) state = asking("GetGroupState");
    g_auto(Ask) set = asking("SetValue");
    open.values[0].text = wire_text(u"g");
    set.values[1].text = wire_text(u"value");
    set.values[3].bytes = g_bytes_new_take(g_malloc0(4000), 4000);
    set.values[4].number = 4000;
    cl_pdu_append(stream, &bind, NULL);
    add_call(wire, stream, 2, "GetClusterName", name.values);
    add_call(wire, stream, 3, "OpenGroup", open.values);
    add_call(wire, stream, 4, "GetGroupState", state.values);
    add_call(wire, stream, 5, "SetValue", set.values);
    return stream;
}

/* --- Clients that are not ----------------------------------------------------------------------- */

static void mutate(GByteArray *stream, GRand *chance)
{
    guint n = (guint)g_rand_int_range(chance, 0, 8);
    for (guint i = 0; i < n; i++) {
        gint32 at = g_rand_int_range(chance, 0, (gint32)stream->len);
        stream->data[at] = (guint8)g_rand_int(chance);
    }
    if (g_rand_int_range(chance, 0, 4) == 0) {
        g_byte_array_set_size(stream, (guint)g_rand_int_range(chance, 1, (gint32)stream->len));
    }
}

static GByteArray *noise(GRand *chance)
{
    GByteArray *stream = g_byte_array_new();
    g_byte_array_set_size(stream, (guint)g_rand_int_range(chance, 2, 2000));
    for (guint i = 0; i < stream->len; i++) {
        stream->data[i] = (guint8)g_rand_int(chance);
    }
    return stream;
}

static void send_and_go(const Bench *bench, const GByteArray *stream, gboolean reads)
{
    g_autoptr(GSocket) socket = connect_raw(bench);
    char buffer[4096];
    gsize sent = 0;
    while (sent < stream->len) {
        gssize n = g_socket_send(socket, (const char *)stream->data + sent, stream->len - sent,
                                 NULL, NULL);
        if (n <= 0) {
            break;
        }
        sent += (gsize)n;
    }
    if (reads && g_socket_shutdown(socket, FALSE, TRUE, NULL)) {
        while (g_socket_receive(socket, buffer, sizeof buffer, NULL, NULL) > 0) {
            continue;
        }
    }
    (void)g_socket_close(socket, NULL);
}

typedef struct {
    const Bench *bench;
    guint32 seed;
    gint64 end;
    guint clients;
} Sender;

static gpointer send_on(gpointer data)
{
    Sender *sender = data;
    g_autoptr(GRand) chance = g_rand_new_with_seed(sender->seed);
    while (g_get_monotonic_time() < sender->end) {
        g_autoptr(GByteArray) stream =
            g_rand_int_range(chance, 0, 8) == 0 ? noise(chance) : session();
        mutate(stream, chance);
        send_and_go(sender->bench, stream, g_rand_boolean(chance));
        sender->clients++;
    }
    return NULL;
}

/* All that came have left, and nothing is kept of them. */
static void check_gone(Bench *bench)
{
    bench_hold(bench, NULL);
    for (guint i = 0; i < 1000; i++) {
        if (g_atomic_int_get(&bench->arrived) == g_atomic_int_get(&bench->left)) {
            return;
        }
        g_usleep(10000);
    }
    g_assert_cmpint(g_atomic_int_get(&bench->arrived), ==, g_atomic_int_get(&bench->left));
}

static gint64 seconds(void)
{
    const char *text = g_getenv("TRAFFIC_SECONDS");
    return text ? g_ascii_strtoll(text, NULL, 10) : 3;
}

static void test_random(void)
{
    Bench *bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    guint32 seed = g_random_int();
    Sender senders[THREADS];
    GThread *threads[THREADS];
    guint clients = 0;
    gint64 end = g_get_monotonic_time() + seconds() * G_USEC_PER_SEC;
    g_test_message("seed %u", seed);
    for (guint i = 0; i < THREADS; i++) {
        senders[i] = (Sender){bench, seed + i, end, 0};
        threads[i] = g_thread_new("sender", send_on, &senders[i]);
    }
    while (g_get_monotonic_time() < end) {
        g_auto(Ask) ask = asking("GetClusterName");
        ASK(&ask);
        g_usleep(1000);
    }
    for (guint i = 0; i < THREADS; i++) {
        g_thread_join(threads[i]);
        clients += senders[i].clients;
    }
    g_test_message("%u clients", clients);
    g_assert_cmpuint(clients, >, 20);
    cl_association_close(g_steal_pointer(&association));
    check_gone(bench);
    bench_free(bench);
}

/* Both ends of all connections are in this process. */
static gboolean has_descriptors(guint n)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return FALSE;
    }
    limit.rlim_cur = MIN(MAX(limit.rlim_cur, n), limit.rlim_max);
    return limit.rlim_cur >= n && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Half of a crowd vanishes with its handles, the other half is served on. */
static void test_crowd(void)
{
    if (!has_descriptors(2 * CROWD + 200)) {
        g_test_skip("too few descriptors are allowed (ulimit -Hn)");
        return;
    }
    Bench *bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    ClAssociation *crowd[CROWD];
    for (guint i = 0; i < G_N_ELEMENTS(crowd); i++) {
        ClAssociation *association = crowd[i] = bench_connect(bench);
        g_auto(Ask) open = asking("OpenGroup");
        open.values[0].text = wire_text(u"g");
        ASK(&open);
        g_assert_cmpuint(open.values[1].number, ==, ERROR_SUCCESS);
    }
    for (guint i = 0; i < G_N_ELEMENTS(crowd); i += 2) {
        cl_association_close(crowd[i]);
    }
    for (guint i = 1; i < G_N_ELEMENTS(crowd); i += 2) {
        ClAssociation *association = crowd[i];
        g_auto(Ask) ask = asking("GetClusterName");
        ASK(&ask);
        cl_association_close(association);
    }
    check_gone(bench);
    g_assert_cmpint(g_atomic_int_get(&bench->run_down), ==, G_N_ELEMENTS(crowd));
    bench_free(bench);
}

/* The connection is reset at every byte of a session. */
static void test_every_byte(void)
{
    Bench *bench = bench_new(&limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GByteArray) whole = session();
    for (guint size = 1; size < MIN(whole->len, 600); size++) {
        g_autoptr(GByteArray) part = g_byte_array_new();
        g_byte_array_append(part, whole->data, size);
        send_and_go(bench, part, FALSE);
    }
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    cl_association_close(g_steal_pointer(&association));
    check_gone(bench);
    bench_free(bench);
}

/* What had to wait for a call that ends is answered, too, be it a refusal. */
static void test_waiting(void)
{
    ClServerLimits one_call = limits;
    const ClWireLimits wire_limits = {65536, 8};
    one_call.calls = 1;
    Bench *bench = bench_new(&one_call, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GByteArray) stream = session();
    g_autoptr(ClWire) wire = cl_wire_new(&wire_limits);
    const ClPdu unknown = {.header = {.type = CL_PDU_REQUEST, .call = 9}, .opnum = 999};
    gboolean ok = cl_wire_put(wire, &unknown, (const guint8 *)"", 0, stream, NULL);
    g_assert_true(ok);
    bench->slow = TRUE;
    g_autoptr(GSocket) socket = connect_raw(bench);
    gssize sent = g_socket_send(socket, (const char *)stream->data, stream->len, NULL, NULL);
    g_assert_cmpint(sent, ==, stream->len);
    cl_wire_set_sizes(wire, 5840, 5840);
    for (guint32 call = 0; call != 9;) {
        char buffer[4096];
        ClMessage *message = NULL;
        gssize n = g_socket_receive(socket, buffer, sizeof buffer, NULL, NULL);
        g_assert_cmpint(n, >, 0);
        cl_wire_take(wire, buffer, (gsize)n);
        while (cl_wire_next(wire, &message, NULL) && message) {
            call = message->pdu.header.call;
            cl_message_free(message);
        }
    }
    (void)g_socket_close(socket, NULL);
    check_gone(bench);
    bench_free(bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/traffic/random", test_random);
    g_test_add_func("/traffic/a crowd of which half vanishes", test_crowd);
    g_test_add_func("/traffic/gone at every byte", test_every_byte);
    g_test_add_func("/traffic/more calls than may be under way", test_waiting);
    return g_test_run();
}
