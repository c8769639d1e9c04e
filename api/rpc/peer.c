/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One client: its stream, the bind, and who it is.
 */
#include "server-internal.h"

#include "fault.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define RECEIVE_SIZE 65536
/* Who does not take its answers is asked nothing more until it does. */
#define OUTPUT_MAX (1024 * 1024)
/* What Windows sends over TCP. */
#define PDU_SIZE_TCP 5840
/* Why a bind is refused ([C706] 12.6.3.1, [MS-RPCE] 2.2.2.5). */
#define NAK_PROTOCOL_VERSION 4
#define NAK_AUTHENTICATION   8

/* The offer of features at the time of the bind, 6cb71c2c-9812-4540-... ([MS-RPCE] 2.2.2.14). */
static const guint8 features[] = {0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45};

static guint16 pdu_size_of(const ClPeer *peer)
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
    calls = g_hash_table_get_values(peer->calls);
    for (const GList *each = calls; each; each = each->next) {
        g_cancellable_cancel(cl_request_cancellable(each->data));
    }
    cl_peer_run_down(peer);
    cl_peer_unref(peer);
}

void cl_peer_check_time(ClPeer *peer, gint64 now)
{
    const ClServerLimits *limits = &peer->server->limits;
    gint64 silent = (now - peer->since) / G_USEC_PER_SEC;
    g_mutex_lock(&peer->lock);
    gboolean in_use = g_hash_table_size(peer->handles) > 0;
    g_mutex_unlock(&peer->lock);
    in_use = in_use || g_hash_table_size(peer->calls) > 0;
    if (peer->state != CL_PEER_BOUND || cl_wire_has_part(peer->wire)) {
        if (silent >= limits->bind_seconds) {
            cl_peer_drop(peer, "too slow");
        }
    } else if (limits->idle_seconds > 0 && !in_use && silent >= limits->idle_seconds) {
        cl_peer_drop(peer, "idle");
    }
}

/* --- Output ------------------------------------------------------------------------------------- */

/* Reading goes on as long as there is room for answers. */
static void update_events(ClPeer *peer)
{
    gsize waiting = peer->output->len - peer->sent;
    gboolean full =
        waiting > OUTPUT_MAX || g_hash_table_size(peer->calls) >= peer->server->limits.calls;
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
}

static void send_pdu(ClPeer *peer, const ClPdu *pdu, GBytes *token)
{
    cl_pdu_append(peer->output, pdu, token);
}

/* --- The bind ----------------------------------------------------------------------------------- */

static void refuse_bind(ClPeer *peer, guint32 call, guint16 reason)
{
    const ClPdu pdu = {
        .header = {.type = CL_PDU_BIND_NAK, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = call},
        .reason = reason};
    send_pdu(peer, &pdu, NULL);
    cl_peer_flush(peer);
    cl_peer_drop(peer, "its bind is refused");
}

static gboolean offers_ndr(const ClPduContext *context)
{
    for (guint i = 0; i < context->n_transfers; i++) {
        if (cl_syntax_equal(&context->transfers[i], &cl_syntax_ndr)) {
            return TRUE;
        }
    }
    return FALSE;
}

static ClPduResult result_of(ClPeer *peer, const ClPduContext *context)
{
    const ClSyntax *offered = &context->transfers[0];
    if (context->n_transfers == 1 && memcmp(offered->uuid, features, sizeof features) == 0) {
        return (ClPduResult){.result = CL_BIND_FEATURES};
    }
    if (!cl_syntax_equal(&context->interface, &peer->options->interface->syntax)) {
        return (ClPduResult){CL_BIND_REFUSED, CL_BIND_REASON_INTERFACE, {{0}, 0}};
    }
    if (!offers_ndr(context) || context->id >= 64) {
        return (ClPduResult){CL_BIND_REFUSED, CL_BIND_REASON_TRANSFER, {{0}, 0}};
    }
    peer->contexts |= G_GUINT64_CONSTANT(1) << context->id;
    return (ClPduResult){CL_BIND_ACCEPTED, CL_BIND_REASON_NONE, cl_syntax_ndr};
}

/* Nobody, or somebody who is not known well enough, may bind, but calls nothing. */
static void arrive(ClPeer *peer)
{
    const ClService *service = &peer->server->service;
    gboolean known =
        peer->is_local || peer->options->level_min == CL_LEVEL_NONE ||
        (peer->security && cl_security_level(peer->security) >= peer->options->level_min);
    if (known && peer->security) {
        cl_wire_set_security(peer->wire, peer->security, peer->security_context);
        cl_security_set_header_signing(peer->security, peer->wants_header_signing);
    }
    peer->has_arrived = known;
    known = known && (!service->arrived || service->arrived(peer, peer->server->user_data));
    peer->state = known ? CL_PEER_BOUND : CL_PEER_REFUSED;
}

/* One step of the exchange of tokens. A failure is the client's. */
static gboolean take_token(ClPeer *peer, const ClMessage *message, GBytes **ret_token)
{
    const ClPdu *pdu = &message->pdu;
    g_autoptr(GError) error = NULL;
    if (!peer->security) {
        peer->security = cl_security_new_server(pdu->auth_type, pdu->auth_level,
                                                &peer->options->acceptor, &error);
        peer->security_context = pdu->auth_context;
    }
    if (!peer->security || pdu->auth_context != peer->security_context ||
        !cl_security_step(peer->security, message->token, ret_token, &error)) {
        g_debug("a client is not who it says: %s", error ? error->message : "another context");
        return FALSE;
    }
    if (cl_security_is_complete(peer->security)) {
        arrive(peer);
    }
    return TRUE;
}

static void answer_bind(ClPeer *peer, const ClMessage *message, GBytes *token)
{
    const ClPdu *asked = &message->pdu;
    ClPdu pdu = {.header = {.type = asked->header.type == CL_PDU_BIND ? CL_PDU_BIND_ACK
                                                                      : CL_PDU_ALTER_CONTEXT_RESP,
                            .flags = CL_PDU_FIRST | CL_PDU_LAST,
                            .call = asked->header.call},
                 .max_send = pdu_size_of(peer),
                 .max_receive = pdu_size_of(peer),
                 .group = 1,
                 .auth_type = asked->auth_type,
                 .auth_level = asked->auth_level,
                 .auth_context = asked->auth_context,
                 .n_results = asked->n_contexts};
    if (asked->header.token_size > 0) {
        pdu.header.flags |= asked->header.flags & CL_PDU_HEADER_SIGNING;
    }
    for (guint i = 0; i < asked->n_contexts; i++) {
        pdu.results[i] = result_of(peer, &asked->contexts[i]);
    }
    send_pdu(peer, &pdu, token);
}

static void take_bind(ClPeer *peer, const ClMessage *message)
{
    const ClPdu *pdu = &message->pdu;
    guint16 most = pdu_size_of(peer);
    g_autoptr(GBytes) token = NULL;
    if (pdu->max_receive < CL_PDU_SIZE_MIN) {
        refuse_bind(peer, pdu->header.call, NAK_PROTOCOL_VERSION);
        return;
    }
    peer->wants_header_signing = (pdu->header.flags & CL_PDU_HEADER_SIGNING) != 0;
    peer->state = CL_PEER_AUTHENTICATING;
    if (message->token && !take_token(peer, message, &token)) {
        refuse_bind(peer, pdu->header.call, NAK_AUTHENTICATION);
        return;
    }
    answer_bind(peer, message, token);
    cl_wire_set_sizes(peer->wire, MIN(most, pdu->max_receive), most);
    if (!message->token) {
        arrive(peer);
    }
}

static void take_alter(ClPeer *peer, const ClMessage *message)
{
    g_autoptr(GBytes) token = NULL;
    if (message->token && peer->state == CL_PEER_AUTHENTICATING &&
        !take_token(peer, message, &token)) {
        peer->state = CL_PEER_REFUSED;
    }
    if (peer->state == CL_PEER_REFUSED && message->token) {
        const ClPdu pdu = {.header = {.type = CL_PDU_FAULT,
                                      .flags = CL_PDU_FIRST | CL_PDU_LAST | CL_PDU_DID_NOT_EXECUTE,
                                      .call = message->pdu.header.call},
                           .status = ERROR_ACCESS_DENIED};
        send_pdu(peer, &pdu, NULL);
        return;
    }
    answer_bind(peer, message, token);
}

/* Nobody waits for an answer to it; that it was wrong shows with the next call. */
static void take_auth3(ClPeer *peer, const ClMessage *message)
{
    g_autoptr(GBytes) token = NULL;
    if (peer->state != CL_PEER_AUTHENTICATING || !message->token ||
        !take_token(peer, message, &token) || peer->state == CL_PEER_AUTHENTICATING) {
        peer->state = CL_PEER_REFUSED;
    }
}

/* --- Input -------------------------------------------------------------------------------------- */

static void take_message(ClPeer *peer, const ClMessage *message)
{
    switch (message->pdu.header.type) {
    case CL_PDU_BIND:
        if (peer->state == CL_PEER_NEW) {
            take_bind(peer, message);
            return;
        }
        break;
    case CL_PDU_ALTER_CONTEXT:
        if (peer->state != CL_PEER_NEW) {
            take_alter(peer, message);
            return;
        }
        break;
    case CL_PDU_AUTH3:
        if (peer->state != CL_PEER_NEW) {
            take_auth3(peer, message);
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

void cl_peer_take_messages(ClPeer *peer)
{
    if (peer->taking) {
        return;
    }
    peer->taking = TRUE;
    while (peer->socket && g_hash_table_size(peer->calls) < peer->server->limits.calls) {
        g_autoptr(GError) error = NULL;
        ClMessage *message;
        if (!cl_wire_next(peer->wire, &message, &error)) {
            cl_peer_drop(peer, error->message);
            break;
        }
        if (!message) {
            break;
        }
        peer->since = g_get_monotonic_time();
        take_message(peer, message);
        cl_message_free(message);
    }
    peer->taking = FALSE;
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
    cl_peer_take_messages(peer);
}

static void on_peer(ClWatched *watched, guint32 events)
{
    ClPeer *peer = (ClPeer *)(gpointer)watched;
    cl_peer_ref(peer);
    if (peer->socket && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
        receive(peer);
    }
    if (peer->socket) {
        cl_peer_flush(peer);
    }
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
    const ClWireLimits limits = {server->limits.message_size, server->limits.calls};
    ClPeer *peer = g_new0(ClPeer, 1);
    peer->watched.ready = on_peer;
    peer->references = 1;
    peer->server = server;
    peer->socket = g_object_ref(socket);
    peer->options = options;
    peer->groups = g_array_new(FALSE, FALSE, sizeof(gid_t));
    peer->is_local = g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX && find_credentials(peer);
    peer->wire = cl_wire_new(&limits);
    cl_wire_set_sizes(peer->wire, CL_PDU_SIZE_MIN, pdu_size_of(peer));
    peer->output = g_byte_array_new();
    peer->events = EPOLLIN;
    peer->since = g_get_monotonic_time();
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
