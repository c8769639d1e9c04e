/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine from end to end, over a Unix socket and over TCP: a server with a service of its own
 * for the test, and clients in the same process.
 */
#include "rpc/association.h"
#include "rpc/server.h"

#include "text.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *directory;
    char *path;
    guint16 port;
    ClServer *server;
    GThread *thread;
    GMainContext *context;
    ClRequest *held; /* the thread's */
    gint arrived, left, run_down;
    gboolean slow;
} Bench;

/* --- The service -------------------------------------------------------------------------------- */

static gboolean arrived(G_GNUC_UNUSED ClPeer *peer, gpointer user_data)
{
    Bench *bench = user_data;
    g_atomic_int_inc(&bench->arrived);
    return TRUE;
}

static void left(G_GNUC_UNUSED ClPeer *peer, gpointer user_data)
{
    Bench *bench = user_data;
    g_atomic_int_inc(&bench->left);
}

static void run_down(gpointer data)
{
    Bench *bench = data;
    g_atomic_int_inc(&bench->run_down);
}

static LPWSTR copy(LPCWSTR text)
{
    g_autofree char *utf8 = NULL;
    gboolean ok = cl_text_from_wide(text, &utf8, NULL);
    g_assert_true(ok);
    return cl_ndr_text(utf8);
}

static void open_group(Bench *bench, ClRequest *request, ClNdrValue *values)
{
    gboolean ok = cl_context_new(request, 1, bench, run_down, &values[3].handle);
    values[1].number = ok ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

/* As many rows as the name of the type has in its number. */
static void create_enum(ClNdrValue *values)
{
    values[1].rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    for (guint i = 0; i < values[0].number; i++) {
        g_autofree char *name = g_strdup_printf("the name of object number %u", i);
        ClNdrValue *row = cl_ndr_row_add(values[1].rows, &cl_ndr_enum_entry);
        row[0].number = i;
        row[1].text = cl_ndr_text(name);
    }
}

static gboolean serve(ClRequest *request, gboolean may_wait, gpointer user_data)
{
    Bench *bench = user_data;
    ClNdrValue *values = cl_request_values(request);
    const char *name = cl_request_method(request)->name;
    if (bench->slow && !may_wait) {
        return FALSE;
    }
    if (strcmp(name, "GetClusterName") == 0) {
        values[0].text = cl_ndr_text("a cluster");
        values[1].text = cl_ndr_text("");
    } else if (strcmp(name, "OpenGroup") == 0) {
        open_group(bench, request, values);
    } else if (strcmp(name, "GetGroupState") == 0) {
        if (cl_context_find(request, &values[0].handle, 1, NULL) != bench) {
            cl_request_fail(request, ERROR_INVALID_HANDLE);
            return TRUE;
        }
        values[1].number = 4;
    } else if (strcmp(name, "CloseGroup") == 0) {
        gboolean ok = cl_context_close(request, &values[0].handle, 1);
        values[1].number = ok ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
        memset(&values[0].handle, 0, sizeof values[0].handle);
    } else if (strcmp(name, "CreateEnum") == 0) {
        create_enum(values);
    } else if (strcmp(name, "SetGroupName") == 0) {
        values[3].number = (guint32)values[1].text[0];
    } else if (strcmp(name, "CreateResourceType") == 0) {
        values[6].number = values[3].number + values[4].number;
    } else if (strcmp(name, "GetNotifyV2") == 0) {
        g_atomic_pointer_set(&bench->held, request);
        return TRUE;
    } else if (strcmp(name, "SetValue") == 0) {
        values[6].number = g_bytes_get_size(values[3].bytes);
    } else {
        cl_request_fail(request, ERROR_CALL_NOT_IMPLEMENTED);
        return TRUE;
    }
    cl_request_reply(request);
    return TRUE;
}

static const ClService service = {arrived, left, serve};

/* --- A server and its clients ------------------------------------------------------------------- */

static gpointer run(gpointer data)
{
    Bench *bench = data;
    g_main_context_push_thread_default(bench->context);
    cl_server_run(bench->server);
    cl_server_free(bench->server);
    g_main_context_pop_thread_default(bench->context);
    return NULL;
}

static GSocket *listening(GSocketAddress *address)
{
    g_autoptr(GError) error = NULL;
    GSocket *socket = g_socket_new(g_socket_address_get_family(address), G_SOCKET_TYPE_STREAM,
                                   G_SOCKET_PROTOCOL_DEFAULT, &error);
    g_assert_no_error(error);
    g_socket_bind(socket, address, TRUE, &error);
    g_assert_no_error(error);
    g_socket_listen(socket, &error);
    g_assert_no_error(error);
    return socket;
}

static const ClServerLimits usual = {.peers = 50,
                                     .handles = 10,
                                     .calls = 8,
                                     .message_size = 4 * 1024 * 1024,
                                     .bind_seconds = 2,
                                     .workers = 4};

static Bench *bench_new(const ClServerLimits *limits)
{
    Bench *bench = g_new0(Bench, 1);
    const ClListenOptions options = {&cl_interface_clusapi, {NULL, NULL}, CL_LEVEL_PRIVACY};
    bench->directory = g_dir_make_tmp("clusapi-rpc-XXXXXX", NULL);
    bench->path = g_build_filename(bench->directory, "socket", NULL);
    bench->context = g_main_context_new();
    g_main_context_push_thread_default(bench->context);
    bench->server = cl_server_new(limits, &service, bench);
    g_autoptr(GSocketAddress) path = g_unix_socket_address_new(bench->path);
    g_autoptr(GSocketAddress) loopback = g_inet_socket_address_new_from_string("127.0.0.1", 0);
    g_autoptr(GSocket) unix_socket = listening(path);
    g_autoptr(GSocket) tcp_socket = listening(loopback);
    g_autoptr(GSocketAddress) bound = g_socket_get_local_address(tcp_socket, NULL);
    bench->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    cl_server_listen(bench->server, unix_socket, &options);
    cl_server_listen(bench->server, tcp_socket, &options);
    g_main_context_pop_thread_default(bench->context);
    bench->thread = g_thread_new("server", run, bench);
    return bench;
}

static void bench_free(Bench *bench)
{
    if (bench->held) {
        cl_request_fail(bench->held, ERROR_SHUTDOWN_IN_PROGRESS);
    }
    cl_server_stop(bench->server);
    g_thread_join(bench->thread);
    g_main_context_unref(bench->context);
    g_unlink(bench->path);
    g_rmdir(bench->directory);
    g_free(bench->directory);
    g_free(bench->path);
    g_free(bench);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)

static ClCall within(guint ms)
{
    return (ClCall){g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND, NULL};
}

static ClAssociation *connect_to(const Bench *bench)
{
    const ClEndpoint endpoint = {.path = bench->path, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(GError) error = NULL;
    ClAssociation *association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    g_assert_nonnull(association);
    return association;
}

typedef struct {
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
    const ClMethod *method;
} Ask;

static void ask_clear(Ask *ask)
{
    cl_ndr_clear(ask->values, ask->method->n_parameters);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ask, ask_clear)

static Ask asking(const char *method)
{
    Ask ask = {.method = cl_method_named(method)};
    g_assert_nonnull(ask.method);
    return ask;
}

/* The Win32 code of the call. */
static guint32 answer_of(ClAssociation *association, Ask *ask, guint ms)
{
    const ClCall call = within(ms);
    g_autoptr(GError) error = NULL;
    gboolean ok = cl_association_call(association, ask->method, ask->values, &call, &error);
    g_assert_true(ok == (error == NULL));
    return ok ? ERROR_SUCCESS : (guint32)error->code;
}

#define ASK(ask) g_assert_cmpuint(answer_of(association, ask, 5000), ==, ERROR_SUCCESS)

/* --- Tests -------------------------------------------------------------------------------------- */

static void test_call(void)
{
    g_autoptr(Bench) bench = bench_new(&usual);
    g_autoptr(ClAssociation) association = connect_to(bench);
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
    g_autoptr(Bench) bench = bench_new(&usual);
    g_autoptr(ClAssociation) association = connect_to(bench);
    g_auto(Ask) ask = asking("CreateEnum");
    ask.values[0].number = 20000;
    ASK(&ask);
    g_assert_cmpuint(ask.values[1].rows->len, ==, 20000);
    const ClNdrValue *last = ask.values[1].rows->pdata[19999];
    g_assert_cmpuint(last[0].number, ==, 19999);
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = copy(u"name");
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
    g_autoptr(ClAssociation) again = connect_to(bench);
    g_assert_cmpuint(answer_of(again, &ask, 5000), ==, ERROR_SUCCESS);
}

static void test_handles(void)
{
    g_autoptr(Bench) bench = bench_new(&usual);
    ClAssociation *association = connect_to(bench);
    ClContextHandle handle = {{0}};
    for (guint i = 0; i < usual.handles + 2; i++) {
        g_auto(Ask) open = asking("OpenGroup");
        open.values[0].text = copy(u"g");
        ASK(&open);
        g_assert_cmpuint(open.values[1].number, ==,
                         i < usual.handles ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY);
        handle = i == 0 ? open.values[3].handle : handle;
    }
    g_auto(Ask) state = asking("GetGroupState");
    state.values[0].handle = handle;
    ASK(&state);
    g_assert_cmpuint(state.values[1].number, ==, 4);
    g_auto(Ask) close = asking("CloseGroup");
    close.values[0].handle = handle;
    ASK(&close);
    g_assert_cmpint(bench->run_down, ==, 1);
    g_assert_cmpuint(answer_of(association, &state, 5000), ==, ERROR_INVALID_HANDLE);
    state.values[0].handle = (ClContextHandle){{1, 2, 3}};
    g_assert_cmpuint(answer_of(association, &state, 5000), ==, ERROR_INVALID_HANDLE);
    cl_association_close(association);
    for (guint i = 0; i < 500 && g_atomic_int_get(&bench->left) == 0; i++) {
        g_usleep(10000);
    }
    g_assert_cmpint(bench->left, ==, 1);
    g_assert_cmpint(bench->run_down, ==, (int)usual.handles);
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
    g_autoptr(Bench) bench = bench_new(&usual);
    bench->slow = GPOINTER_TO_INT(slow);
    g_autoptr(ClAssociation) association = connect_to(bench);
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
    bench->held = NULL;
    cl_request_reply(request);
    for (guint i = 0; i < 500 && g_atomic_int_get(&code) == 0; i++) {
        g_usleep(10000);
    }
    g_assert_cmpint(code, ==, 1);
}

static void test_patience(void)
{
    g_autoptr(Bench) bench = bench_new(&usual);
    g_autoptr(ClAssociation) association = connect_to(bench);
    g_auto(Ask) held = asking("GetNotifyV2");
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(answer_of(association, &held, 200), ==, ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 2000000);
    g_assert_cmpint(g_get_monotonic_time() - begin, >=, 190000);
    /* The server has heard of it. */
    for (guint i = 0; i < 500 && !bench->held; i++) {
        g_usleep(10000);
    }
    GCancellable *cancellable = cl_request_cancellable(bench->held);
    for (guint i = 0; i < 500 && !g_cancellable_is_cancelled(cancellable); i++) {
        g_usleep(10000);
    }
    g_assert_true(g_cancellable_is_cancelled(cancellable));
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    ClRequest *request = bench->held;
    bench->held = NULL;
    cl_request_reply(request);
    ASK(&ask);
}

static void test_lost(void)
{
    Bench *bench = bench_new(&usual);
    g_autoptr(ClAssociation) association = connect_to(bench);
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
    g_assert_true(code == RPC_S_CALL_FAILED || code == ERROR_SHUTDOWN_IN_PROGRESS);
    guint32 status = answer_of(association, &ask, 5000);
    g_assert_true(status == RPC_S_CALL_FAILED || status == RPC_S_CALL_FAILED_DNE);
}

/* Without security nobody calls anything over the network. */
static void test_nobody(void)
{
    g_autoptr(Bench) bench = bench_new(&usual);
    const ClEndpoint endpoint = {
        .host = "127.0.0.1", .port = bench->port, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(bench->arrived, ==, 0);
    const ClEndpoint none = {.host = "127.0.0.1", .port = 1, .interface = &cl_interface_clusapi};
    g_assert_null(cl_association_open(&none, &call, &error));
    g_assert_error(error, CL_ERROR, RPC_S_SERVER_UNAVAILABLE);
}

/* One that says nothing, or half of something, is shown out. */
static void test_slow(void)
{
    g_autoptr(Bench) bench = bench_new(&usual);
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
    g_test_add_func("/engine/a server that goes", test_lost);
    g_test_add_func("/engine/nobody", test_nobody);
    g_test_add_func("/engine/slow clients", test_slow);
    return g_test_run();
}
