/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench.h"

#include "text.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

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

LPWSTR wire_text(LPCWSTR text)
{
    g_autofree char *utf8 = NULL;
    gboolean ok = cl_text_from_wide(text, &utf8, NULL);
    g_assert_true(ok);
    return cl_ndr_text(utf8);
}

static void open_group(Bench *bench, ClRequest *request, ClNdrValue *values)
{
    gboolean ok = cl_context_new(request, 1, bench, run_down, &values[3].handle);
    if (ok) {
        g_atomic_int_inc(&bench->opened);
    }
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

void bench_hold(Bench *bench, ClRequest *request)
{
    ClRequest *former;
    do {
        former = g_atomic_pointer_get(&bench->held);
    } while (!g_atomic_pointer_compare_and_exchange(&bench->held, former, request));
    if (former) {
        cl_request_fail(former, ERROR_SHUTDOWN_IN_PROGRESS);
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
        g_atomic_int_inc(&bench->enumerated);
    } else if (strcmp(name, "SetGroupName") == 0) {
        values[3].number = (guint32)values[1].text[0];
    } else if (strcmp(name, "CreateResourceType") == 0) {
        values[6].number = values[3].number + values[4].number;
    } else if (strcmp(name, "GetNotifyV2") == 0) {
        bench_hold(bench, request);
        return TRUE;
    } else if (strcmp(name, "ResumeNode") == 0) {
        g_usleep(BENCH_SLEEP_US); /* nobody is served meanwhile */
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

const ClServerLimits bench_limits = {.peers = 50,
                                     .handles = 10,
                                     .calls = 8,
                                     .message_size = 4 * 1024 * 1024,
                                     .bind_seconds = 2,
                                     .workers = 4};

Bench *bench_new(const ClServerLimits *limits, const ClAcceptor *acceptor, ClAuthLevel level)
{
    Bench *bench = g_new0(Bench, 1);
    const ClListenOptions options = {&cl_interface_clusapi,
                                     acceptor ? *acceptor : (ClAcceptor){NULL, NULL}, level};
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

void bench_free(Bench *bench)
{
    bench_hold(bench, NULL);
    cl_server_stop(bench->server);
    g_thread_join(bench->thread);
    g_main_context_unref(bench->context);
    g_unlink(bench->path);
    g_rmdir(bench->directory);
    g_free(bench->directory);
    g_free(bench->path);
    g_free(bench);
}
ClCall within(guint ms)
{
    return (ClCall){g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND, NULL};
}

ClAssociation *bench_connect(const Bench *bench)
{
    const ClEndpoint endpoint = {.path = bench->path, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(GError) error = NULL;
    ClAssociation *association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    g_assert_nonnull(association);
    return association;
}

void ask_clear(Ask *ask)
{
    cl_ndr_clear(ask->values, ask->method->n_parameters);
}
Ask asking(const char *method)
{
    Ask ask = {.method = cl_method_named(method)};
    g_assert_nonnull(ask.method);
    return ask;
}

guint32 answer_of(ClAssociation *association, Ask *ask, guint ms)
{
    const ClCall call = within(ms);
    g_autoptr(GError) error = NULL;
    gboolean ok = cl_association_call(association, ask->method, ask->values, &call, &error);
    g_assert_true(ok == (error == NULL));
    return ok ? ERROR_SUCCESS : (guint32)error->code;
}
