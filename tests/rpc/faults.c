/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connections that fail under a client and its server: reset at every byte of a sealed conversation,
 * and slowed down to a byte now and then. Calls end with a code that says so, in time, and of what is
 * gone nothing stays. $RESETS_STEP: not at every byte but at every so many, default 1.
 */
#include "bench.h"
#include "relay.h"
#include "security-setup.h"

#include <string.h>

static const ClServerLimits limits = {.peers = 50,
                                      .handles = 100,
                                      .calls = 8,
                                      .message_size = 1024 * 1024,
                                      .bind_seconds = 1,
                                      .workers = 4};

static ClAssociation *connect_through(const Relay *relay, guint ms, GError **error)
{
    const ClCall call = within(ms);
    g_autoptr(ClCredentials) credentials =
        cl_credentials_new(NTLM_USER, NTLM_DOMAIN, NTLM_PASSWORD, NULL);
    const ClEndpoint endpoint = {.host = "127.0.0.1",
                                 .port = relay_port(relay),
                                 .interface = &cl_interface_clusapi,
                                 .auth = CL_AUTH_NTLM,
                                 .level = CL_LEVEL_PRIVACY,
                                 .credentials = credentials};
    return cl_association_open(&endpoint, &call, error);
}

static gint64 ms_since(gint64 begin)
{
    return (g_get_monotonic_time() - begin) / G_TIME_SPAN_MILLISECOND;
}

/* What came has left with all that it had. */
static void check_gone(Bench *bench)
{
    for (guint i = 0; i < 1000; i++) {
        if (g_atomic_int_get(&bench->arrived) == g_atomic_int_get(&bench->left)) {
            break;
        }
        g_usleep(10000);
    }
    g_assert_cmpint(g_atomic_int_get(&bench->arrived), ==, g_atomic_int_get(&bench->left));
    g_assert_cmpint(g_atomic_int_get(&bench->opened), ==, g_atomic_int_get(&bench->run_down));
}

/* --- Resets ------------------------------------------------------------------------------------- */

#define PATIENCE_MS 10000
#define FRAGMENTED  6000 /* bytes: two fragments */

static guint32 open_group(ClAssociation *association)
{
    g_auto(Ask) open = asking("OpenGroup");
    open.values[0].text = wire_text(u"g");
    return answer_of(association, &open, PATIENCE_MS);
}

static guint32 set_value(ClAssociation *association)
{
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = wire_text(u"name");
    set.values[4].number = FRAGMENTED;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(FRAGMENTED), FRAGMENTED);
    guint32 code = answer_of(association, &set, PATIENCE_MS);
    g_assert_true(code != ERROR_SUCCESS || set.values[6].number == FRAGMENTED);
    return code;
}

static guint32 list(ClAssociation *association)
{
    g_auto(Ask) ask = asking("CreateEnum");
    ask.values[0].number = FRAGMENTED / 70;
    guint32 code = answer_of(association, &ask, PATIENCE_MS);
    g_assert_true(code != ERROR_SUCCESS || ask.values[1].rows->len == FRAGMENTED / 70);
    return code;
}

/* Until a call fails; TRUE if none does. */
static gboolean converse(const Relay *relay)
{
    static guint32 (*const calls[])(ClAssociation *) = {open_group, set_value, list, open_group};
    g_autoptr(GError) error = NULL;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(ClAssociation) association = connect_through(relay, PATIENCE_MS, &error);
    guint32 code = ERROR_SUCCESS;
    if (!association) {
        g_assert_error(error, CL_ERROR, RPC_S_SERVER_UNAVAILABLE);
        g_assert_cmpint(ms_since(begin), <, PATIENCE_MS / 2);
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(calls) && code == ERROR_SUCCESS; i++) {
        code = calls[i](association);
    }
    if (code != ERROR_SUCCESS) {
        g_assert_true(code == RPC_S_CALL_FAILED || code == RPC_S_CALL_FAILED_DNE);
        g_assert_true(cl_association_is_broken(association));
        g_assert_cmpuint(open_group(association), ==, RPC_S_CALL_FAILED_DNE);
    }
    g_assert_cmpint(ms_since(begin), <, PATIENCE_MS / 2);
    return code == ERROR_SUCCESS;
}

typedef struct {
    const Bench *bench;
    guint first, step;
    guint total[2];
} Resetter;

static gpointer reset_at(gpointer data)
{
    const Resetter *resetter = data;
    g_autoptr(Relay) relay = relay_new(resetter->bench->port);
    for (RelayWay way = RELAY_TO_SERVER; way <= RELAY_TO_CLIENT; way++) {
        for (guint at = resetter->first; at < resetter->total[way]; at += resetter->step) {
            relay_reset_after(relay, way, at);
            gboolean complete = converse(relay);
            g_assert_false(complete);
        }
    }
    return NULL;
}

static guint step(void)
{
    const char *text = g_getenv("RESETS_STEP");
    return text ? (guint)g_ascii_strtoull(text, NULL, 10) : 1;
}

static void test_resets(void)
{
    Bench *bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(Relay) relay = relay_new(bench->port);
    Resetter resetters[2];
    GThread *threads[G_N_ELEMENTS(resetters)];
    gboolean complete = converse(relay);
    guint descriptors = count_descriptors();
    guint n_threads = count_threads();
    g_assert_true(complete);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        resetters[i] = (Resetter){
            bench,
            i * step(),
            step() * G_N_ELEMENTS(threads),
            {relay_passed(relay, RELAY_TO_SERVER), relay_passed(relay, RELAY_TO_CLIENT)}};
        threads[i] = g_thread_new("resetter", reset_at, &resetters[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    g_test_message("%u and %u bytes", resetters[0].total[0], resetters[0].total[1]);
    g_assert_cmpuint(resetters[0].total[RELAY_TO_SERVER], >, FRAGMENTED);
    g_assert_cmpuint(resetters[0].total[RELAY_TO_CLIENT], >, FRAGMENTED);
    complete = converse(relay);
    g_assert_true(complete);
    check_gone(bench);
    g_assert_cmpint(g_atomic_int_get(&bench->opened), >, 0);
    g_assert_cmpuint(count_descriptors(), <=, descriptors);
    /* The server has a few for those who log on. */
    g_assert_cmpuint(count_threads(), <=, n_threads + 4);
    bench_free(bench);
}

/* --- Slowness ----------------------------------------------------------------------------------- */

typedef struct {
    guint pause_ms, patience_ms;
} Slowness;

static const Slowness slownesses[] = {{50, 300}, {1000, 2500}};

/* It answers, but would take minutes to. */
static void test_slow_server(gconstpointer data)
{
    const Slowness *slow = data;
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(Relay) relay = relay_new(bench->port);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = connect_through(relay, 5000, &error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_no_error(error);
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_SUCCESS);
    relay_slow_down(relay, RELAY_TO_CLIENT, slow->pause_ms * 1000);
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(answer_of(association, &ask, slow->patience_ms), ==, ERROR_TIMEOUT);
    g_assert_cmpint(ms_since(begin), >=, slow->patience_ms - 10);
    g_assert_cmpint(ms_since(begin), <, slow->patience_ms + 700);
    /* No other call is to wait for it. */
    g_assert_true(cl_association_is_broken(association));
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, RPC_S_CALL_FAILED_DNE);
    g_clear_pointer(&association, cl_association_close);
    begin = g_get_monotonic_time();
    association = connect_through(relay, slow->patience_ms, &error);
    g_assert_null(association);
    g_assert_error(error, CL_ERROR, ERROR_TIMEOUT);
    g_assert_cmpint(ms_since(begin), <, slow->patience_ms + 700);
}

/* A call that takes long is no reason to end the connection. */
static void test_patience(void)
{
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(Relay) relay = relay_new(bench->port);
    g_autoptr(ClAssociation) association = connect_through(relay, 5000, NULL);
    g_auto(Ask) held = asking("GetNotifyV2");
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_nonnull(association);
    g_assert_cmpuint(answer_of(association, &held, 400), ==, ERROR_TIMEOUT);
    g_assert_false(cl_association_is_broken(association));
    ASK(&ask);
}

typedef struct {
    const Bench *bench;
    gint stop;
    gint64 longest_ms;
} Other;

static gpointer call_on(gpointer data)
{
    Other *other = data;
    g_autoptr(ClAssociation) association = bench_connect(other->bench);
    while (!g_atomic_int_get(&other->stop)) {
        g_auto(Ask) ask = asking("GetClusterName");
        gint64 begin = g_get_monotonic_time();
        ASK(&ask);
        other->longest_ms = MAX(other->longest_ms, ms_since(begin));
        g_usleep(1000);
    }
    return NULL;
}

/* The server shows it out, be it in the bind or in a call, and nobody else notices. */
static void test_slow_client(gconstpointer data)
{
    const Slowness *slow = data;
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(Relay) relay = relay_new(bench->port);
    g_autoptr(GError) error = NULL;
    Other other = {.bench = bench};
    GThread *thread = g_thread_new("other", call_on, &other);
    g_autoptr(ClAssociation) association = connect_through(relay, 5000, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(open_group(association), ==, ERROR_SUCCESS);
    relay_slow_down(relay, RELAY_TO_SERVER, slow->pause_ms * 1000);
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(open_group(association), ==, RPC_S_CALL_FAILED);
    g_assert_cmpint(ms_since(begin), >=, 1000);
    g_assert_cmpint(ms_since(begin), <, 4500);
    g_clear_pointer(&association, cl_association_close);
    begin = g_get_monotonic_time();
    association = connect_through(relay, 8000, &error);
    g_assert_null(association);
    g_assert_error(error, CL_ERROR, RPC_S_SERVER_UNAVAILABLE);
    g_assert_cmpint(ms_since(begin), >=, 1000);
    g_assert_cmpint(ms_since(begin), <, 4500);
    g_atomic_int_set(&other.stop, TRUE);
    g_thread_join(thread);
    g_assert_cmpint(other.longest_ms, <, 900);
    check_gone(bench);
    g_assert_cmpint(g_atomic_int_get(&bench->opened), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    setup_begin();
    g_test_add_func("/faults/reset at every byte", test_resets);
    g_test_add_func("/faults/patience with a server that is busy", test_patience);
    for (gsize i = 0; i < G_N_ELEMENTS(slownesses); i++) {
        const Slowness *slow = &slownesses[i];
        g_autofree char *server =
            g_strdup_printf("/faults/a server's byte each %u ms", slow->pause_ms);
        g_autofree char *client =
            g_strdup_printf("/faults/a client's byte each %u ms", slow->pause_ms);
        g_test_add_data_func(server, slow, test_slow_server);
        g_test_add_data_func(client, slow, test_slow_client);
    }
    int status = g_test_run();
    setup_end();
    return status;
}
