/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

const ClContextHandle some_handle = {{1, 2, 3}};

static gboolean arrived(G_GNUC_UNUSED ClPeer *peer, G_GNUC_UNUSED gpointer data)
{
    return TRUE;
}

static void left(G_GNUC_UNUSED ClPeer *peer, G_GNUC_UNUSED gpointer data)
{
}

/* What every script needs answered: whatever is opened is there. */
static guint32 usual(const ClMethod *method, ClNdrValue *values)
{
    guint last = method->n_parameters - 1;
    if (method->parameters[last].type == CL_NDR_HANDLE) {
        values[last].handle = some_handle;
    }
    if (strcmp(method->name, "OpenClusterEx") == 0) {
        values[1].number = GENERIC_ALL;
    } else if (g_str_has_suffix(method->name, "Ex") && g_str_has_prefix(method->name, "Open")) {
        values[2].number = GENERIC_ALL;
    } else if (g_str_has_prefix(method->name, "Get") && g_str_has_suffix(method->name, "Id")) {
        values[1].text = cl_ndr_text("an id");
    }
    return 0;
}

static gboolean serve(ClRequest *request, G_GNUC_UNUSED gboolean may_wait, gpointer user_data)
{
    Bench *bench = user_data;
    const ClMethod *method = cl_request_method(request);
    ClNdrValue *values = cl_request_values(request);
    guint32 code = usual(method, values);
    Script script = g_atomic_pointer_get(&bench->script);
    if (script) {
        code = script(method->name, values);
    }
    if (code == HELD) {
        g_ptr_array_add(bench->held, request);
    } else if (code != 0) {
        cl_request_fail(request, code);
    } else {
        cl_request_reply(request);
    }
    return TRUE;
}

static const ClService service = {arrived, left, serve};

static gpointer run(gpointer data)
{
    Bench *bench = data;
    g_main_context_push_thread_default(bench->context);
    cl_server_run(bench->server);
    for (guint i = 0; i < bench->held->len; i++) {
        cl_request_fail(bench->held->pdata[i], ERROR_SHUTDOWN_IN_PROGRESS);
    }
    cl_server_free(bench->server);
    g_main_context_pop_thread_default(bench->context);
    return NULL;
}

ClCall within(guint ms)
{
    return (ClCall){g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND, NULL};
}

ClCall soon(void)
{
    return within(5000);
}

gboolean try_connect(Bench *bench, GError **error)
{
    g_autoptr(ClTarget) target = cl_target_new(cl_backend_module(), NULL, bench->path);
    const ClCall call = soon();
    ClAccess granted;
    return cl_backend_module()->connect(target, CL_ACCESS_ALL, &call, &bench->connection, &granted,
                                        error);
}

Bench *bench_new_unconnected(Script script)
{
    static const ClServerLimits limits = {.peers = 10,
                                          .handles = 100,
                                          .calls = 50,
                                          .message_size = 1024 * 1024,
                                          .bind_seconds = 5,
                                          .workers = 1};
    static const ClListenOptions options = {&cl_interface_clusapi, {NULL, NULL}, CL_LEVEL_PRIVACY};
    Bench *bench = g_new0(Bench, 1);
    bench->directory = g_dir_make_tmp("clusapi-rpc-XXXXXX", NULL);
    bench->path = g_build_filename(bench->directory, "socket", NULL);
    bench->script = script;
    bench->held = g_ptr_array_new();
    bench->context = g_main_context_new();
    g_main_context_push_thread_default(bench->context);
    bench->server = cl_server_new(&limits, &service, bench);
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(bench->path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    g_assert_true(g_socket_bind(socket, address, TRUE, NULL));
    g_assert_true(g_socket_listen(socket, NULL));
    cl_server_listen(bench->server, socket, &options);
    g_main_context_pop_thread_default(bench->context);
    bench->thread = g_thread_new("server", run, bench);
    return bench;
}

Bench *bench_new(Script script)
{
    Bench *bench = bench_new_unconnected(script);
    g_autoptr(GError) error = NULL;
    try_connect(bench, &error);
    g_assert_no_error(error);
    return bench;
}

void bench_stop(Bench *bench)
{
    if (bench->thread) {
        cl_server_stop(bench->server);
        g_thread_join(g_steal_pointer(&bench->thread));
    }
}

void bench_free(Bench *bench)
{
    cl_backend_module()->disconnect(bench->connection);
    bench_stop(bench);
    g_main_context_unref(bench->context);
    g_ptr_array_unref(bench->held);
    g_unlink(bench->path);
    g_rmdir(bench->directory);
    g_free(bench->directory);
    g_free(bench->path);
    g_free(bench);
}
