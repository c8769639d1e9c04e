/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client: its stream, its time, and who it is.
 */
#include "server-internal.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define RECEIVE_SIZE 65536
/* Who does not take its answers is asked nothing more until it does. */
#define OUTPUT_MAX (1024 * 1024)
/* What Windows sends over TCP. */
#define PDU_SIZE_TCP 5840
/* Of the requests of one that is not known: they are refused whatever is in them. */
#define UNKNOWN_STUB_MAX 65536

guint16 cl_peer_pdu_size(const ClPeer *peer)
{
    return peer->is_local ? CL_PDU_SIZE_MAX : PDU_SIZE_TCP;
}

/* --- Life --------------------------------------------------------------------------------------- */

void cl_peer_ref(ClPeer *peer)
{
    peer->references++;
}

void cl_peer_unref(ClPeer *peer)
{
    if (--peer->references > 0) {
        return;
    }
    if (peer->has_arrived && peer->server->service.left) {
        peer->server->service.left(peer, peer->server->user_data);
    }
    g_array_unref(peer->groups);
    g_hash_table_unref(peer->calls);
    g_hash_table_unref(peer->handles);
    g_byte_array_unref(peer->output);
    cl_wire_free(peer->wire);
    g_clear_pointer(&peer->security, cl_security_free);
    g_mutex_clear(&peer->lock);
    g_free(peer);
}

void cl_peer_drop(ClPeer *peer, const char *why)
{
    g_autoptr(GList) calls = NULL;
    if (!peer->socket) {
        return;
    }
    g_debug("a client goes: %s", why);
    (void)epoll_ctl(peer->server->epoll, EPOLL_CTL_DEL, g_socket_get_fd(peer->socket), NULL);
    (void)g_socket_close(peer->socket, NULL);
    g_clear_object(&peer->socket);
    g_hash_table_remove(peer->server->peers, peer);
    cl_peer_abandon_step(peer);
    calls = g_hash_table_get_values(peer->calls);
    for (const GList *each = calls; each; each = each->next) {
        g_cancellable_cancel(cl_request_cancellable(each->data));
    }
    cl_peer_run_down(peer);
    cl_peer_unref(peer);
}

/* --- Time --------------------------------------------------------------------------------------- */

static gboolean is_in_use(ClPeer *peer)
{
    g_mutex_lock(&peer->lock);
    gboolean in_use = g_hash_table_size(peer->handles) > 0;
    g_mutex_unlock(&peer->lock);
    return in_use || g_hash_table_size(peer->calls) > 0;
}

static gsize output_waiting(const ClPeer *peer)
{
    return peer->output->len - peer->sent;
}

/* Nothing more is read or begun: of a client that is being looked at, has as many calls as it may, or
 * has to take its answers first. */
static gboolean is_full(const ClPeer *peer)
{
    return output_waiting(peer) > OUTPUT_MAX || peer->step ||
           g_hash_table_size(peer->calls) >= peer->server->limits.calls;
}

/* When it is to be dropped, and why; G_MAXINT64: as things are, never. Who is not read from is not
 * slow to speak; but it may be slow to take its answers. */
static gint64 end_of(ClPeer *peer, const char **ret_why)
{
    const ClServerLimits *limits = &peer->server->limits;
    gint64 patience = limits->bind_seconds * G_USEC_PER_SEC;
    *ret_why = "too slow";
    if (peer->state != CL_PEER_BOUND) {
        return peer->came + patience;
    }
    if (output_waiting(peer) > 0 || (cl_wire_has_part(peer->wire) && !is_full(peer))) {
        return peer->since + patience;
    }
    if (peer->has_expired) {
        *ret_why = "what it logged on with has expired";
        return peer->expires + patience;
    }
    *ret_why = "idle";
    return limits->idle_seconds > 0 && !is_in_use(peer)
               ? peer->since + limits->idle_seconds * G_USEC_PER_SEC
               : G_MAXINT64;
}

gint64 cl_peer_due(ClPeer *peer)
{
    const char *why;
    gint64 end = end_of(peer, &why);
    return peer->has_expired ? end : MIN(end, peer->expires);
}

/* It is told so by its next call, and by those that wait for something to happen. */
static void expire(ClPeer *peer)
{
    g_autoptr(GList) calls = g_hash_table_get_keys(peer->calls);
    peer->has_expired = TRUE;
    for (const GList *each = calls; each && peer->socket; each = each->next) {
        cl_request_expire(peer, GPOINTER_TO_UINT(each->data));
    }
}

void cl_peer_check_time(ClPeer *peer, gint64 now)
{
    const char *why;
    cl_peer_ref(peer);
    if (now >= peer->expires && !peer->has_expired) {
        expire(peer);
    }
    if (now >= end_of(peer, &why)) {
        cl_peer_drop(peer, why);
    }
    cl_peer_unref(peer);
}

/* --- Output ------------------------------------------------------------------------------------- */

/* Reading goes on as long as there is room for answers. */
static void update_events(ClPeer *peer)
{
    gsize waiting = output_waiting(peer);
    gboolean full = is_full(peer);
    guint32 events = (full ? 0 : EPOLLIN) | (waiting > 0 ? EPOLLOUT : 0);
    struct epoll_event event = {.events = events, .data.ptr = &peer->watched};
    if (peer->socket && events != peer->events) {
        peer->events = events;
        (void)epoll_ctl(peer->server->epoll, EPOLL_CTL_MOD, g_socket_get_fd(peer->socket), &event);
    }
}

void cl_peer_flush(ClPeer *peer)
{
    while (peer->socket && peer->sent < peer->output->len) {
        g_autoptr(GError) error = NULL;
        gssize sent =
            g_socket_send_with_blocking(peer->socket, (const char *)peer->output->data + peer->sent,
                                        peer->output->len - peer->sent, FALSE, NULL, &error);
        if (sent > 0) {
            peer->sent += (gsize)sent;
            peer->since = g_get_monotonic_time();
        } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
            break;
        } else {
            cl_peer_drop(peer, error ? error->message : "nothing can be sent");
            return;
        }
    }
    if (peer->sent == peer->output->len) {
        g_byte_array_set_size(peer->output, 0);
        peer->sent = 0;
    }
    update_events(peer);
    cl_server_expect(peer->server, cl_peer_due(peer));
}

/* --- Input -------------------------------------------------------------------------------------- */

/* Takes the message. */
static void take_message(ClPeer *peer, ClMessage *message)
{
    g_autoptr(ClMessage) mine = message;
    switch (message->pdu.header.type) {
    case CL_PDU_BIND:
        if (peer->state == CL_PEER_NEW) {
            cl_peer_take_bind(peer, g_steal_pointer(&mine));
            return;
        }
        break;
    case CL_PDU_ALTER_CONTEXT:
        if (peer->state != CL_PEER_NEW) {
            cl_peer_take_alter(peer, g_steal_pointer(&mine));
            return;
        }
        break;
    case CL_PDU_AUTH3:
        if (peer->state != CL_PEER_NEW) {
            cl_peer_take_auth3(peer, g_steal_pointer(&mine));
            return;
        }
        break;
    case CL_PDU_REQUEST:
        if (peer->state != CL_PEER_NEW) {
            cl_request_begin(peer, message);
            return;
        }
        break;
    case CL_PDU_CO_CANCEL:
    case CL_PDU_ORPHANED:
        cl_request_cancel(peer, message->pdu.header.call);
        return;
    default:
        break;
    }
    cl_peer_drop(peer, "a PDU that has no place here");
}

/* Whether there was anything. */
static gboolean take_messages(ClPeer *peer)
{
    gboolean any = FALSE;
    if (peer->taking) {
        return FALSE;
    }
    peer->taking = TRUE;
    while (peer->socket && !is_full(peer)) {
        g_autoptr(GError) error = NULL;
        ClMessage *message;
        if (!cl_wire_next(peer->wire, &message, &error)) {
            cl_peer_drop(peer, error->message);
            break;
        }
        if (!message) {
            break;
        }
        any = TRUE;
        peer->since = g_get_monotonic_time();
        take_message(peer, message);
    }
    peer->taking = FALSE;
    return any;
}

void cl_peer_go_on(ClPeer *peer)
{
    do {
        cl_peer_flush(peer);
    } while (peer->socket && take_messages(peer));
}

static void receive(ClPeer *peer)
{
    guint8 buffer[RECEIVE_SIZE];
    g_autoptr(GError) error = NULL;
    gssize size = g_socket_receive_with_blocking(peer->socket, (char *)buffer, sizeof buffer, FALSE,
                                                 NULL, &error);
    if (size < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        return;
    }
    if (size <= 0) {
        cl_peer_drop(peer, size == 0 ? "it closed the connection" : error->message);
        return;
    }
    if (!cl_wire_has_part(peer->wire)) {
        peer->since = g_get_monotonic_time();
    }
    cl_wire_take(peer->wire, buffer, (gsize)size);
}

static void on_peer(ClWatched *watched, guint32 events)
{
    ClPeer *peer = (ClPeer *)(gpointer)watched;
    cl_peer_ref(peer);
    if (peer->socket && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        receive(peer);
    }
    cl_peer_go_on(peer);
    cl_peer_unref(peer);
}

/* The kernel says how much room it takes where there is too little. */
static gboolean find_groups(ClPeer *peer)
{
    int fd = g_socket_get_fd(peer->socket);
    socklen_t size = 0;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) != 0 && errno != ERANGE) {
        return FALSE;
    }
    g_array_set_size(peer->groups, size / (guint)sizeof(gid_t));
    return size == 0 || getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer->groups->data, &size) == 0;
}

static gboolean find_credentials(ClPeer *peer)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(g_socket_get_fd(peer->socket), SOL_SOCKET, SO_PEERCRED, &credentials, &size) !=
        0) {
        return FALSE;
    }
    peer->uid = credentials.uid;
    peer->gid = credentials.gid;
    return find_groups(peer);
}

ClPeer *cl_peer_new(ClServer *server, GSocket *socket, const ClListenOptions *options)
{
    const ClWireLimits limits = {MIN(server->limits.message_size, UNKNOWN_STUB_MAX),
                                 server->limits.calls};
    ClPeer *peer = g_new0(ClPeer, 1);
    peer->watched.ready = on_peer;
    peer->references = 1;
    peer->server = server;
    peer->socket = g_object_ref(socket);
    peer->options = options;
    peer->groups = g_array_new(FALSE, FALSE, sizeof(gid_t));
    peer->is_local = g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX && find_credentials(peer);
    peer->wire = cl_wire_new(&limits);
    cl_wire_set_sizes(peer->wire, CL_PDU_SIZE_MIN, cl_peer_pdu_size(peer));
    peer->output = g_byte_array_new();
    peer->events = EPOLLIN;
    peer->came = g_get_monotonic_time();
    peer->since = peer->came;
    peer->expires = G_MAXINT64;
    peer->calls = g_hash_table_new(NULL, NULL);
    g_mutex_init(&peer->lock);
    cl_peer_init_handles(peer);
    return peer;
}

/* --- What the service asks ---------------------------------------------------------------------- */

gboolean cl_peer_is_local(const ClPeer *peer)
{
    return peer->is_local;
}

uid_t cl_peer_uid(const ClPeer *peer)
{
    return peer->uid;
}

gboolean cl_peer_is_in_group(const ClPeer *peer, gid_t gid)
{
    gboolean found = peer->is_local && peer->gid == gid;
    for (guint i = 0; i < peer->groups->len; i++) {
        found = found || g_array_index(peer->groups, gid_t, i) == gid;
    }
    return found;
}

const char *cl_peer_name(const ClPeer *peer)
{
    return peer->security ? cl_security_peer(peer->security) : NULL;
}

void cl_peer_set_data(ClPeer *peer, gpointer data)
{
    peer->data = data;
}

gpointer cl_peer_data(const ClPeer *peer)
{
    return peer->data;
}
