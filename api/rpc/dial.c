/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dial.h"

#include "epm.h"
#include "pdu.h"

#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

/* What Windows sends over TCP. */
#define PDU_SIZE_TCP 5840
/* When nothing came for so long the other side is asked whether it is there, so often. */
#define KEEPALIVE_AFTER_S 60
#define KEEPALIVE_EACH_S  10
#define KEEPALIVE_TIMES   6
/* How soon a busy server is asked again. */
#define BUSY_US 2000

guint16 cl_dial_pdu_size(const ClEndpoint *endpoint)
{
    return endpoint->path ? CL_PDU_SIZE_MAX : PDU_SIZE_TCP;
}

void cl_dial_set_options(GSocket *socket)
{
    (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_AFTER_S, NULL);
    (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EACH_S, NULL);
    (void)g_socket_set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_TIMES, NULL);
    g_socket_set_keepalive(socket, TRUE);
}

static GSocket *try_path(const char *path, GError **error)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
    if (!socket) {
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    return g_socket_connect(socket, address, NULL, error) ? g_steal_pointer(&socket) : NULL;
}

static DWORD code_of(const GError *failed)
{
    if (g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
        g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
        return EPT_S_NOT_REGISTERED;
    }
    return g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED)
               ? ERROR_ACCESS_DENIED
               : RPC_S_SERVER_UNAVAILABLE;
}

/* When too many connect at once the kernel says so, and it has to be tried again. */
static GSocket *dial_path(const char *path, const ClCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    GSocket *socket = try_path(path, &failed);
    while (!socket && g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        if (!cl_call_may_wait(call, error)) {
            return NULL;
        }
        g_usleep(BUSY_US);
        g_clear_error(&failed);
        socket = try_path(path, &failed);
    }
    if (!socket) {
        cl_fail(error, code_of(failed), "%s: %s", path, failed->message);
    }
    return socket;
}

/* --- TCP ---------------------------------------------------------------------------------------- */

typedef struct {
    GSocketConnection *connection;
    GError *error;
    gboolean done;
    GCancellable *cancellable;
} Dialing;

static void dialed(GObject *source, GAsyncResult *result, gpointer user_data)
{
    Dialing *dialing = user_data;
    dialing->connection =
        g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(source), result, &dialing->error);
    dialing->done = TRUE;
}

static gboolean is_late(gpointer user_data)
{
    Dialing *dialing = user_data;
    g_cancellable_cancel(dialing->cancellable);
    return G_SOURCE_CONTINUE;
}

static void forward(G_GNUC_UNUSED GCancellable *from, gpointer user_data)
{
    g_cancellable_cancel(user_data);
}

/* Names are resolved, and addresses tried, in a main context of its own until the deadline. */
static void dial_in_context(const ClEndpoint *endpoint, guint16 port, const ClCall *call,
                            Dialing *dialing)
{
    gint64 rest = (call->deadline - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND + 1;
    GMainContext *context = g_main_context_new();
    g_main_context_push_thread_default(context);
    GSocketClient *client = g_socket_client_new();
    GSource *timer = g_timeout_source_new((guint)CLAMP(rest, 0, G_MAXINT));
    gulong forwarded = call->cancellable
                           ? g_cancellable_connect(call->cancellable, G_CALLBACK(forward),
                                                   dialing->cancellable, NULL)
                           : 0;
    g_socket_client_set_enable_proxy(client, FALSE);
    g_source_set_callback(timer, is_late, dialing, NULL);
    g_source_attach(timer, context);
    g_socket_client_connect_to_host_async(client, endpoint->host, port, dialing->cancellable,
                                          dialed, dialing);
    while (!dialing->done) {
        g_main_context_iteration(context, TRUE);
    }
    if (forwarded != 0) {
        g_cancellable_disconnect(call->cancellable, forwarded);
    }
    g_source_destroy(timer);
    g_source_unref(timer);
    g_object_unref(client);
    g_main_context_pop_thread_default(context);
    g_main_context_unref(context);
}

static GSocket *dial_host(const ClEndpoint *endpoint, guint16 port, const ClCall *call,
                          GError **error)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    Dialing dialing = {.cancellable = cancellable};
    dial_in_context(endpoint, port, call, &dialing);
    g_autoptr(GError) failed = dialing.error;
    if (!dialing.connection) {
        if (cl_call_may_wait(call, error)) {
            cl_fail(error, RPC_S_SERVER_UNAVAILABLE, "%s: %s", endpoint->host, failed->message);
        }
        return NULL;
    }
    GSocket *socket = g_object_ref(g_socket_connection_get_socket(dialing.connection));
    /* Taken out of the connection, which would close it. */
    int fd = dup(g_socket_get_fd(socket));
    g_object_unref(socket);
    g_object_unref(dialing.connection);
    socket = fd >= 0 ? g_socket_new_from_fd(fd, &dialing.error) : NULL;
    if (!socket) {
        g_clear_error(&dialing.error);
        cl_fail(error, ERROR_NO_SYSTEM_RESOURCES, "no descriptor is left");
        return NULL;
    }
    g_socket_set_blocking(socket, FALSE);
    cl_dial_set_options(socket);
    return socket;
}

GSocket *cl_dial(const ClEndpoint *endpoint, const ClCall *call, GError **error)
{
    if (!cl_call_may_wait(call, error)) {
        return NULL;
    }
    guint16 port = endpoint->port;
    if (endpoint->path) {
        return dial_path(endpoint->path, call, error);
    }
    if (port == 0 && !cl_epm_map(endpoint->host, endpoint->interface, call, &port, error)) {
        return NULL;
    }
    return dial_host(endpoint, port, call, error);
}
