/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bind, and the tokens that follow it until the client is known. What a token is worth is found
 * out on another thread: files are read for it, and who else is served must not wait for that. Until
 * then nothing more is read of this client.
 */
#include "server-internal.h"

#include <string.h>

/* The offer of features at the time of the bind, 6cb71c2c-9812-4540-... ([MS-RPCE] 2.2.2.14). */
static const guint8 features[] = {0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45};

struct ClTokenStep {
    ClPeer *peer; /* a reference */
    ClMessage *message;
    GMutex lock;       /* for handing over */
    gint is_abandoned; /* atomic: the client has gone */
    gboolean ok;
    guint16 why_not; /* what to refuse a bind with */
    GBytes *token;
};

/* --- Answers ------------------------------------------------------------------------------------ */

static void refuse_bind(ClPeer *peer, guint32 call, guint16 reason)
{
    const ClPdu pdu = {
        .header = {.type = CL_PDU_BIND_NAK, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = call},
        .reason = reason};
    cl_pdu_append(peer->output, &pdu, NULL);
    cl_peer_flush(peer);
    cl_peer_drop(peer, "its bind is refused");
}

static void refuse_alter(ClPeer *peer, guint32 call)
{
    const ClPdu pdu = {.header = {.type = CL_PDU_FAULT,
                                  .flags = CL_PDU_FIRST | CL_PDU_LAST | CL_PDU_DID_NOT_EXECUTE,
                                  .call = call},
                       .status = ERROR_ACCESS_DENIED};
    cl_pdu_append(peer->output, &pdu, NULL);
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
        peer->expires = cl_security_expires(peer->security);
    }
    peer->has_arrived = known;
    known = known && (!service->arrived || service->arrived(peer, peer->server->user_data));
    peer->state = known ? CL_PEER_BOUND : CL_PEER_REFUSED;
    if (known) {
        cl_wire_set_stub_max(peer->wire, peer->server->limits.message_size);
    }
}

static void answer_bind(ClPeer *peer, const ClMessage *message, GBytes *token)
{
    const ClPdu *asked = &message->pdu;
    ClPdu pdu = {.header = {.type = asked->header.type == CL_PDU_BIND ? CL_PDU_BIND_ACK
                                                                      : CL_PDU_ALTER_CONTEXT_RESP,
                            .flags = CL_PDU_FIRST | CL_PDU_LAST,
                            .call = asked->header.call},
                 .max_send = cl_peer_pdu_size(peer),
                 .max_receive = cl_peer_pdu_size(peer),
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
    cl_pdu_append(peer->output, &pdu, token);
}

/* --- Tokens ------------------------------------------------------------------------------------- */

/* One step of the exchange of tokens. A failure is the client's. */
static gboolean take_token(ClTokenStep *step, GError **error)
{
    ClPeer *peer = step->peer;
    const ClPdu *pdu = &step->message->pdu;
    step->why_not = CL_NAK_AUTHENTICATION;
    if (!peer->security) {
        peer->security = cl_security_new_server(pdu->auth_type, pdu->auth_level,
                                                &peer->options->acceptor, error);
        peer->security_context = pdu->auth_context;
    }
    if (!peer->security) {
        return FALSE;
    }
    step->why_not = CL_NAK_CHECKSUM;
    if (pdu->auth_context != peer->security_context) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "another security context");
    }
    return cl_security_step(peer->security, step->message->token, &step->token, error);
}

/* What one thread wrote another is about to read; sanitizers do not know that queues see to that. */
static void hand_over(ClTokenStep *step)
{
    g_mutex_lock(&step->lock);
    g_mutex_unlock(&step->lock);
}

static void look_at(ClServer *server, ClTokenStep *step)
{
    g_autoptr(GError) error = NULL;
    hand_over(step);
    if (!g_atomic_int_get(&step->is_abandoned)) {
        step->ok = take_token(step, &error);
    }
    if (error) {
        g_debug("a client is not who it says: %s", error->message);
    }
    hand_over(step);
    g_async_queue_push(server->stepped, step);
    g_source_set_ready_time(server->wake, 0);
}

/* Until it is given the server instead of a step. */
static gpointer look_at_all(gpointer data)
{
    ClServer *server = data;
    gpointer step;
    while ((step = g_async_queue_pop(server->tokens)) != server) {
        look_at(server, step);
    }
    return NULL;
}

/* With one more thread if all are busy. Where there are none to be had it is done here. */
static void push_step(ClServer *server, ClTokenStep *step)
{
    if (g_async_queue_length(server->tokens) >= 0 && server->n_log_ons < CL_SERVER_LOG_ONS) {
        GThread *thread = g_thread_try_new("log-on", look_at_all, server, NULL);
        server->log_ons[server->n_log_ons] = thread;
        server->n_log_ons += thread ? 1 : 0;
    }
    if (server->n_log_ons > 0) {
        g_async_queue_push(server->tokens, step);
    } else {
        look_at(server, step);
    }
}

/* They are joined, since a library may keep something for a thread until that ends. */
void cl_server_end_log_ons(ClServer *server)
{
    for (guint i = 0; i < server->n_log_ons; i++) {
        g_async_queue_push(server->tokens, server);
    }
    for (guint i = 0; i < server->n_log_ons; i++) {
        g_thread_join(server->log_ons[i]);
    }
}

static void begin_step(ClPeer *peer, ClMessage *message)
{
    ClTokenStep *step = g_new0(ClTokenStep, 1);
    step->peer = peer;
    step->message = message;
    g_mutex_init(&step->lock);
    cl_peer_ref(peer);
    peer->step = step;
    hand_over(step);
    push_step(peer->server, step);
}

void cl_peer_abandon_step(ClPeer *peer)
{
    if (peer->step) {
        g_atomic_int_set(&peer->step->is_abandoned, TRUE);
    }
}

static void finish_bind(ClPeer *peer, const ClTokenStep *step)
{
    const ClPdu *pdu = &step->message->pdu;
    guint16 most = cl_peer_pdu_size(peer);
    if (!step->ok) {
        refuse_bind(peer, pdu->header.call, step->why_not);
        return;
    }
    answer_bind(peer, step->message, step->token);
    cl_wire_set_sizes(peer->wire, MIN(most, pdu->max_receive), most);
}

static void finish_alter(ClPeer *peer, const ClTokenStep *step)
{
    if (step->ok) {
        answer_bind(peer, step->message, step->token);
        return;
    }
    peer->state = CL_PEER_REFUSED;
    refuse_alter(peer, step->message->pdu.header.call);
}

static void step_free(ClTokenStep *step)
{
    cl_message_free(step->message);
    g_clear_pointer(&step->token, g_bytes_unref);
    g_mutex_clear(&step->lock);
    cl_peer_unref(step->peer);
    g_free(step);
}

/* To an auth3 there is no answer; that it was wrong shows with the next call. */
void cl_peer_take_back(ClTokenStep *step)
{
    ClPeer *peer = step->peer;
    hand_over(step);
    peer->step = NULL;
    if (!peer->socket) {
        step_free(step);
        return;
    }
    if (step->ok && cl_security_is_complete(peer->security)) {
        arrive(peer);
    }
    switch (step->message->pdu.header.type) {
    case CL_PDU_BIND:
        finish_bind(peer, step);
        break;
    case CL_PDU_ALTER_CONTEXT:
        finish_alter(peer, step);
        break;
    default:
        if (peer->state == CL_PEER_AUTHENTICATING) {
            peer->state = CL_PEER_REFUSED;
        }
        break;
    }
    cl_peer_go_on(peer);
    step_free(step);
}

/* --- PDUs --------------------------------------------------------------------------------------- */

void cl_peer_take_bind(ClPeer *peer, ClMessage *message)
{
    g_autoptr(ClMessage) mine = message;
    const ClPdu *pdu = &message->pdu;
    guint16 most = cl_peer_pdu_size(peer);
    if (pdu->max_receive < CL_PDU_SIZE_MIN) {
        refuse_bind(peer, pdu->header.call, CL_NAK_PROTOCOL_VERSION);
        return;
    }
    peer->wants_header_signing = (pdu->header.flags & CL_PDU_HEADER_SIGNING) != 0;
    peer->state = CL_PEER_AUTHENTICATING;
    if (message->token) {
        begin_step(peer, g_steal_pointer(&mine));
        return;
    }
    answer_bind(peer, message, NULL);
    cl_wire_set_sizes(peer->wire, MIN(most, pdu->max_receive), most);
    arrive(peer);
}

void cl_peer_take_alter(ClPeer *peer, ClMessage *message)
{
    g_autoptr(ClMessage) mine = message;
    if (message->token && peer->state == CL_PEER_AUTHENTICATING) {
        begin_step(peer, g_steal_pointer(&mine));
    } else if (message->token && peer->state == CL_PEER_REFUSED) {
        refuse_alter(peer, message->pdu.header.call);
    } else {
        answer_bind(peer, message, NULL);
    }
}

void cl_peer_take_auth3(ClPeer *peer, ClMessage *message)
{
    g_autoptr(ClMessage) mine = message;
    if (peer->state == CL_PEER_AUTHENTICATING && message->token) {
        begin_step(peer, g_steal_pointer(&mine));
    } else {
        peer->state = CL_PEER_REFUSED;
    }
}
