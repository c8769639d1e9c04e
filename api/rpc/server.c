/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All sockets are in one epoll set, which is one source of the main context: the cost of a call does
 * not grow with the number of clients.
 */
#include "server-internal.h"

#include "dial.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>

#define EVENTS_AT_ONCE 64

typedef struct {
    ClWatched watched;
    ClServer *server;
    GSocket *socket;
    gboolean is_resting; /* until the next second, as nobody could be accepted */
    ClListenOptions options;
} Listener;

/* --- Sockets ------------------------------------------------------------------------------------ */

/* Of those that are not known yet the one that came first; NULL if all are. */
static ClPeer *find_unknown(const ClServer *server)
{
    ClPeer *oldest = NULL;
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, server->peers);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        ClPeer *peer = key;
        if (peer->state != CL_PEER_BOUND && (!oldest || peer->came < oldest->came)) {
            oldest = peer;
        }
    }
    return oldest;
}

static void make_room(const ClServer *server)
{
    ClPeer *unknown;
    while (g_hash_table_size(server->peers) > server->limits.peers &&
           (unknown = find_unknown(server))) {
        cl_peer_drop(unknown, "others want to come");
    }
}

static gboolean on_ready(G_GNUC_UNUSED gint fd, G_GNUC_UNUSED GIOCondition condition,
                         gpointer user_data)
{
    ClServer *server = user_data;
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = epoll_wait(server->epoll, events, EVENTS_AT_ONCE, 0);
    for (int i = 0; i < n; i++) {
        ClWatched *watched = events[i].data.ptr;
        watched->ready(watched, events[i].events);
    }
    /* Not before: each of them may be among the events. */
    make_room(server);
    return G_SOURCE_CONTINUE;
}

static void add_peer(Listener *listener, GSocket *socket)
{
    ClServer *server = listener->server;
    g_socket_set_blocking(socket, FALSE);
    if (g_socket_get_family(socket) != G_SOCKET_FAMILY_UNIX) {
        cl_dial_set_options(socket);
    }
    if (g_hash_table_size(server->peers) >= server->limits.peers && !find_unknown(server)) {
        g_debug("a client is refused, there are %u", server->limits.peers);
        return;
    }
    ClPeer *peer = cl_peer_new(server, socket, &listener->options);
    struct epoll_event event = {.events = peer->events, .data.ptr = &peer->watched};
    g_hash_table_add(server->peers, peer);
    if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, g_socket_get_fd(socket), &event) != 0) {
        cl_peer_drop(peer, "no epoll");
        return;
    }
    cl_server_expect(server, cl_peer_due(peer));
}

static void watch_listener(Listener *listener, gboolean on)
{
    struct epoll_event event = {.events = on ? EPOLLIN : 0, .data.ptr = &listener->watched};
    listener->is_resting = !on;
    (void)epoll_ctl(listener->server->epoll, EPOLL_CTL_MOD, g_socket_get_fd(listener->socket),
                    &event);
}

/* One at a time: who is known already comes in between. */
static void on_connection(ClWatched *watched, G_GNUC_UNUSED guint32 events)
{
    Listener *listener = (Listener *)(gpointer)watched;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket = g_socket_accept(listener->socket, NULL, &error);
    if (socket) {
        add_peer(listener, socket);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        g_warning("no client can be accepted: %s", error->message);
        watch_listener(listener, FALSE);
        cl_server_expect(listener->server, g_get_monotonic_time() + G_USEC_PER_SEC);
    }
}

static void listener_free(gpointer data)
{
    Listener *listener = data;
    g_object_unref(listener->socket);
    g_free((char *)listener->options.acceptor.keytab);
    g_free((char *)listener->options.acceptor.ntlm_users);
    g_free(listener);
}

void cl_server_listen(ClServer *server, GSocket *socket, const ClListenOptions *options)
{
    Listener *listener = g_new0(Listener, 1);
    listener->watched.ready = on_connection;
    listener->server = server;
    listener->socket = g_object_ref(socket);
    listener->options.interface = options->interface;
    listener->options.level_min = options->level_min;
    listener->options.acceptor.keytab = g_strdup(options->acceptor.keytab);
    listener->options.acceptor.ntlm_users = g_strdup(options->acceptor.ntlm_users);
    g_socket_set_blocking(socket, FALSE);
    g_ptr_array_add(server->listeners, listener);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listener->watched};
    (void)epoll_ctl(server->epoll, EPOLL_CTL_ADD, g_socket_get_fd(socket), &event);
}

void cl_server_set_level(ClServer *server, ClAuthLevel level_min)
{
    for (guint i = 0; i < server->listeners->len; i++) {
        Listener *listener = server->listeners->pdata[i];
        listener->options.level_min = level_min;
    }
}

/* --- The server --------------------------------------------------------------------------------- */

/* Rounded up, so that however many clients there are this is at most once a second. */
void cl_server_expect(ClServer *server, gint64 due)
{
    gint64 now = g_source_get_ready_time(server->tick);
    gint64 then = due == G_MAXINT64 ? -1 : (due / G_USEC_PER_SEC + 1) * G_USEC_PER_SEC;
    if (then != -1 && (now == -1 || then < now)) {
        g_source_set_ready_time(server->tick, then);
    }
}

static gboolean on_tick(gpointer user_data)
{
    ClServer *server = user_data;
    g_autoptr(GList) peers = g_hash_table_get_keys(server->peers);
    gint64 now = g_get_monotonic_time();
    gint64 next = G_MAXINT64;
    g_source_set_ready_time(server->tick, -1);
    for (const GList *each = peers; each; each = each->next) {
        if (g_hash_table_contains(server->peers, each->data)) {
            cl_peer_check_time(each->data, now);
        }
        if (g_hash_table_contains(server->peers, each->data)) {
            next = MIN(next, cl_peer_due(each->data));
        }
    }
    cl_server_expect(server, next);
    for (guint i = 0; i < server->listeners->len; i++) {
        Listener *listener = server->listeners->pdata[i];
        if (listener->is_resting) {
            watch_listener(listener, TRUE);
        }
    }
    return G_SOURCE_CONTINUE;
}

static gboolean take_answered(gpointer user_data)
{
    ClServer *server = user_data;
    ClRequest *request;
    ClTokenStep *step;
    g_source_set_ready_time(server->wake, -1);
    while ((step = g_async_queue_try_pop(server->stepped))) {
        cl_peer_take_back(step);
    }
    while ((request = g_async_queue_try_pop(server->answered))) {
        cl_request_take_back(request);
        cl_request_finish(request);
    }
    return G_SOURCE_CONTINUE;
}

static gboolean dispatch_wake(G_GNUC_UNUSED GSource *source, GSourceFunc callback,
                              gpointer user_data)
{
    return callback(user_data);
}

static GSourceFuncs wake_functions = {.dispatch = dispatch_wake};

static GSource *attach(ClServer *server, GSource *source, GSourceFunc callback)
{
    g_source_set_callback(source, callback, server, NULL);
    g_source_attach(source, server->context);
    return source;
}

ClServer *cl_server_new(const ClServerLimits *limits, const ClService *service, gpointer user_data)
{
    ClServer *server = g_new0(ClServer, 1);
    server->limits = *limits;
    server->service = *service;
    server->user_data = user_data;
    server->context = g_main_context_ref_thread_default();
    server->loop = g_main_loop_new(server->context, FALSE);
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->epoll < 0) {
        g_error("no epoll: %s", g_strerror(errno));
    }
    server->listeners = g_ptr_array_new_with_free_func(listener_free);
    server->peers = g_hash_table_new(NULL, NULL);
    server->workers =
        g_thread_pool_new(cl_request_work, server, (gint)limits->workers, FALSE, NULL);
    server->tokens = g_async_queue_new();
    server->answered = g_async_queue_new();
    server->stepped = g_async_queue_new();
    server->ready = attach(server, g_unix_fd_source_new(server->epoll, G_IO_IN),
                           (GSourceFunc)(gpointer)on_ready);
    server->tick = attach(server, g_source_new(&wake_functions, sizeof(GSource)), on_tick);
    server->wake = attach(server, g_source_new(&wake_functions, sizeof(GSource)), take_answered);
    return server;
}

static void destroy_source(GSource *source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

void cl_server_free(ClServer *server)
{
    g_autoptr(GList) peers = g_hash_table_get_keys(server->peers);
    for (const GList *each = peers; each; each = each->next) {
        cl_peer_drop(each->data, "the server ends");
    }
    cl_server_end_log_ons(server);
    g_thread_pool_free(server->workers, FALSE, TRUE);
    (void)take_answered(server);
    destroy_source(server->ready);
    destroy_source(server->tick);
    destroy_source(server->wake);
    g_ptr_array_unref(server->listeners);
    g_hash_table_unref(server->peers);
    g_async_queue_unref(server->answered);
    g_async_queue_unref(server->stepped);
    g_async_queue_unref(server->tokens);
    close(server->epoll);
    g_main_loop_unref(server->loop);
    g_main_context_unref(server->context);
    g_free(server);
}

void cl_server_run(ClServer *server)
{
    g_main_loop_run(server->loop);
}

void cl_server_stop(ClServer *server)
{
    g_main_loop_quit(server->loop);
}
