/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine from end to end, client and server in one process.
 */
#include "bench.h"

#include "text.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* --- Tests -------------------------------------------------------------------------------------- */

static void test_call(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    g_autofree char *name = cl_text_from_units(ask.values[0].text, 9);
    g_assert_cmpstr(name, ==, "a cluster");
    g_assert_cmpuint(ask.values[1].text[0], ==, 0);
    g_assert_cmpuint(ask.values[2].number, ==, 0);
    g_auto(Ask) other = asking("CreateResourceType");
    other.values[3].number = 40;
    other.values[4].number = 2;
    ASK(&other);
    g_assert_cmpuint(other.values[6].number, ==, 42);
    g_auto(Ask) none = asking("PauseNode");
    g_assert_cmpuint(answer_of(association, &none, 5000), ==, ERROR_CALL_NOT_IMPLEMENTED);
    ASK(&other);
}

static void test_large(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) ask = asking("CreateEnum");
    ask.values[0].number = 20000;
    ASK(&ask);
    g_assert_cmpuint(ask.values[1].rows->len, ==, 20000);
    const ClNdrValue *last = ask.values[1].rows->pdata[19999];
    g_assert_cmpuint(last[0].number, ==, 19999);
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = wire_text(u"name");
    set.values[4].number = 1000000;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(1000000), 1000000);
    ASK(&set);
    g_assert_cmpuint(set.values[6].number, ==, 1000000);
    /* More than the server takes ends the connection, and nothing else. */
    g_bytes_unref(set.values[3].bytes);
    set.values[4].number = 8000000;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(8000000), 8000000);
    guint32 code = answer_of(association, &set, 5000);
    g_assert_true(code == RPC_S_CALL_FAILED || code == RPC_S_CALL_FAILED_DNE);
    g_assert_true(cl_association_is_broken(association));
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, RPC_S_CALL_FAILED_DNE);
    g_autoptr(ClAssociation) again = bench_connect(bench);
    g_assert_cmpuint(answer_of(again, &ask, 5000), ==, ERROR_SUCCESS);
}

static void test_handles(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    ClAssociation *association = bench_connect(bench);
    ClContextHandle handle = {{0}};
    for (guint i = 0; i < bench_limits.handles + 2; i++) {
        g_auto(Ask) open = asking("OpenGroup");
        open.values[0].text = wire_text(u"g");
        ASK(&open);
        g_assert_cmpuint(open.values[1].number, ==,
                         i < bench_limits.handles ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY);
        handle = i == 0 ? open.values[3].handle : handle;
    }
    g_auto(Ask) state = asking("GetGroupState");
    state.values[0].handle = handle;
    ASK(&state);
    g_assert_cmpuint(state.values[1].number, ==, 4);
    g_auto(Ask) close = asking("CloseGroup");
    close.values[0].handle = handle;
    ASK(&close);
    g_assert_cmpint(g_atomic_int_get(&bench->run_down), ==, 1);
    g_assert_cmpuint(answer_of(association, &state, 5000), ==, ERROR_INVALID_HANDLE);
    state.values[0].handle = (ClContextHandle){{1, 2, 3}};
    g_assert_cmpuint(answer_of(association, &state, 5000), ==, ERROR_INVALID_HANDLE);
    cl_association_close(association);
    for (guint i = 0; i < 500 && g_atomic_int_get(&bench->left) == 0; i++) {
        g_usleep(10000);
    }
    g_assert_cmpint(g_atomic_int_get(&bench->left), ==, 1);
    g_assert_cmpint(g_atomic_int_get(&bench->run_down), ==, (int)bench_limits.handles);
}

typedef struct {
    ClAssociation *association;
    guint number;
} Worker;

static gpointer work(gpointer data)
{
    const Worker *worker = data;
    for (guint i = 0; i < 200; i++) {
        g_auto(Ask) ask = asking("CreateResourceType");
        ask.values[3].number = worker->number;
        ask.values[4].number = i;
        g_assert_cmpuint(answer_of(worker->association, &ask, 20000), ==, ERROR_SUCCESS);
        g_assert_cmpuint(ask.values[6].number, ==, worker->number + i);
    }
    return NULL;
}

static void answered(const GError *error, gpointer user_data)
{
    gint *code = user_data;
    g_atomic_int_set(code, error ? error->code : 1);
}

static void test_threads(gconstpointer slow)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    bench->slow = GPOINTER_TO_INT(slow);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) held = asking("GetNotifyV2");
    const ClCall call = within(5000);
    gint code = 0;
    g_assert_true(
        cl_association_begin(association, held.method, held.values, answered, &code, &call, NULL));
    Worker workers[12];
    GThread *threads[G_N_ELEMENTS(workers)];
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        workers[i] = (Worker){association, i * 1000};
        threads[i] = g_thread_new("client", work, &workers[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        g_thread_join(threads[i]);
    }
    g_assert_cmpint(g_atomic_int_get(&code), ==, 0);
    ClRequest *request = g_atomic_pointer_get(&bench->held);
    g_atomic_pointer_set(&bench->held, NULL);
    cl_request_reply(request);
    for (guint i = 0; i < 500 && g_atomic_int_get(&code) == 0; i++) {
        g_usleep(10000);
    }
    g_assert_cmpint(g_atomic_int_get(&code), ==, 1);
}

static void test_patience(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) held = asking("GetNotifyV2");
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(answer_of(association, &held, 200), ==, ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 2000000);
    g_assert_cmpint(g_get_monotonic_time() - begin, >=, 190000);
    /* The server has heard of it. */
    for (guint i = 0; i < 500 && !g_atomic_pointer_get(&bench->held); i++) {
        g_usleep(10000);
    }
    GCancellable *cancellable = cl_request_cancellable(g_atomic_pointer_get(&bench->held));
    for (guint i = 0; i < 500 && !g_cancellable_is_cancelled(cancellable); i++) {
        g_usleep(10000);
    }
    g_assert_true(g_cancellable_is_cancelled(cancellable));
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    ClRequest *request = g_atomic_pointer_get(&bench->held);
    g_atomic_pointer_set(&bench->held, NULL);
    cl_request_reply(request);
    ASK(&ask);
}

static gpointer call_slowly(gpointer data)
{
    Worker *worker = data;
    g_auto(Ask) resume = asking("ResumeNode");
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = wire_text(u"name");
    set.values[4].number = 3000000;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(3000000), 3000000);
    if (worker->number == 0) {
        g_assert_cmpuint(answer_of(worker->association, &resume, 20000), ==, ERROR_SUCCESS);
    } else {
        g_assert_cmpuint(answer_of(worker->association, &set, 20000), ==, ERROR_SUCCESS);
    }
    return NULL;
}

/* While one call cannot send, the server being busy, the patience of another ends when it should. */
static void test_patience_to_send(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    Worker workers[] = {{association, 0}, {association, 1}};
    GThread *threads[G_N_ELEMENTS(workers)];
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        threads[i] = g_thread_new("client", call_slowly, &workers[i]);
        g_usleep(200000);
    }
    g_auto(Ask) ask = asking("GetClusterName");
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(answer_of(association, &ask, 100), ==, ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, BENCH_SLEEP_US / 2);
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        g_thread_join(threads[i]);
    }
    ASK(&ask);
}

static void test_lost(void)
{
    Bench *bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    g_auto(Ask) held = asking("GetNotifyV2");
    const ClCall call = within(5000);
    gint code = 0;
    g_assert_true(
        cl_association_begin(association, held.method, held.values, answered, &code, &call, NULL));
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    bench_free(bench);
    for (guint i = 0; i < 500 && g_atomic_int_get(&code) == 0; i++) {
        g_usleep(10000);
    }
    int told = g_atomic_int_get(&code);
    g_assert_true(told == RPC_S_CALL_FAILED || told == ERROR_SHUTDOWN_IN_PROGRESS);
    guint32 status = answer_of(association, &ask, 5000);
    g_assert_true(status == RPC_S_CALL_FAILED || status == RPC_S_CALL_FAILED_DNE);
}

/* Without security nobody calls anything over the network. */
static void test_nobody(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    const ClEndpoint endpoint = {
        .host = "127.0.0.1", .port = bench->port, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(g_atomic_int_get(&bench->arrived), ==, 0);
    const ClEndpoint none = {.host = "127.0.0.1", .port = 1, .interface = &cl_interface_clusapi};
    g_assert_null(cl_association_open(&none, &call, &error));
    g_assert_error(error, CL_ERROR, RPC_S_SERVER_UNAVAILABLE);
}

/* One that says nothing, or half of something, is shown out. */
static void test_slow(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, NULL, CL_LEVEL_PRIVACY);
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(bench->path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    char byte;
    g_assert_true(g_socket_connect(socket, address, NULL, NULL));
    g_assert_cmpint(g_socket_send(socket, "\x05", 1, NULL, NULL), ==, 1);
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpint(g_socket_receive(socket, &byte, 1, NULL, NULL), ==, 0);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 5 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/a call and its answer", test_call);
    g_test_add_func("/engine/large messages", test_large);
    g_test_add_func("/engine/context handles", test_handles);
    g_test_add_data_func("/engine/threads, answered at once", GINT_TO_POINTER(FALSE), test_threads);
    g_test_add_data_func("/engine/threads, answered by others", GINT_TO_POINTER(TRUE),
                         test_threads);
    g_test_add_func("/engine/patience ends", test_patience);
    g_test_add_func("/engine/patience ends while another sends", test_patience_to_send);
    g_test_add_func("/engine/a server that goes", test_lost);
    g_test_add_func("/engine/nobody", test_nobody);
    g_test_add_func("/engine/slow clients", test_slow);
    return g_test_run();
}
