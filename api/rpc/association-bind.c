/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bind, and the tokens that follow it until both sides know each other.
 */
#include "association-internal.h"

#include "dial.h"
#include "fault.h"
#include "log-on.h"

/* Reads the next message while nobody else uses the association. */
static ClMessage *await_message(ClAssociation *association, const ClCall *call, GError **error)
{
    ClMessage *message = NULL;
    while (cl_wire_next(association->wire, &message, error) && !message) {
        g_autoptr(GError) failed = NULL;
        if (!cl_association_wait(association, G_IO_IN, call, error)) {
            return NULL;
        }
        gssize size =
            g_socket_receive_with_blocking(association->socket, (char *)association->buffer,
                                           CL_ASSOCIATION_BUFFER, FALSE, NULL, &failed);
        if (size < 0 && g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
            continue;
        }
        if (size <= 0) {
            cl_fail(error, RPC_S_SERVER_UNAVAILABLE, "%s",
                    size == 0 ? "the server closed the connection" : failed->message);
            return NULL;
        }
        cl_wire_take(association->wire, association->buffer, (gsize)size);
    }
    return message;
}

static gboolean send_bind(ClAssociation *association, ClPduType type, const ClEndpoint *endpoint,
                          GBytes *token, const ClCall *call, GError **error)
{
    guint16 most = cl_dial_pdu_size(endpoint);
    g_autoptr(GByteArray) out = g_byte_array_new();
    gsize sent;
    ClPdu pdu = {
        .header = {.type = type, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 1},
        .max_send = most,
        .max_receive = most,
        .n_contexts = 1,
        .contexts = {{CL_ASSOCIATION_CONTEXT, endpoint->interface->syntax, 1, {cl_syntax_ndr}}}};
    if (association->security) {
        pdu.header.flags |= type != CL_PDU_AUTH3 ? CL_PDU_HEADER_SIGNING : 0;
        pdu.auth_type = endpoint->auth;
        pdu.auth_level = endpoint->level;
        pdu.auth_context = CL_ASSOCIATION_SECURITY;
    }
    cl_pdu_append(out, &pdu, token);
    return cl_association_send(association, out, call, &sent, error);
}

/* NTLM's answer is refused without a reason, and not by everybody with the same code. */
static guint32 code_of_fault(const ClAssociation *association, guint32 status)
{
    guint32 code = cl_win32_from_fault(status);
    return association->in_doubt && (code == ERROR_ACCESS_DENIED || code == RPC_S_SEC_PKG_ERROR)
               ? ERROR_LOGON_FAILURE
               : code;
}

static DWORD code_of_refusal(guint16 reason)
{
    switch (reason) {
    case CL_NAK_AUTHENTICATION:
        return RPC_S_UNKNOWN_AUTHN_SERVICE;
    case CL_NAK_CHECKSUM:
        return RPC_S_SEC_PKG_ERROR;
    default:
        return RPC_S_UNKNOWN_IF;
    }
}

static gboolean check_ack(ClAssociation *association, const ClEndpoint *endpoint,
                          const ClMessage *message, GError **error)
{
    const ClPdu *pdu = &message->pdu;
    if (pdu->header.type == CL_PDU_BIND_NAK) {
        return cl_fail(error, code_of_refusal(pdu->reason), "the server refuses the bind: %u",
                       pdu->reason);
    }
    if (pdu->header.type == CL_PDU_FAULT) {
        return cl_fail(error, code_of_fault(association, pdu->status),
                       "the server refuses the bind: 0x%08x", pdu->status);
    }
    if (pdu->header.type == CL_PDU_ALTER_CONTEXT_RESP) {
        return TRUE;
    }
    if (pdu->header.type != CL_PDU_BIND_ACK || pdu->n_results < 1 ||
        pdu->results[0].result != CL_BIND_ACCEPTED || pdu->max_receive < CL_PDU_SIZE_MIN) {
        return cl_fail(error, RPC_S_UNKNOWN_IF, "the server does not serve clusters");
    }
    guint16 most = cl_dial_pdu_size(endpoint);
    cl_wire_set_sizes(association->wire, MIN(most, pdu->max_receive), most);
    if (association->security && (pdu->header.flags & CL_PDU_HEADER_SIGNING)) {
        cl_security_set_header_signing(association->security, TRUE);
    }
    return TRUE;
}

/* Sends a token and awaits what the server says to it (transfer full). */
static ClMessage *exchange(ClAssociation *association, const ClEndpoint *endpoint, GBytes *token,
                           const ClCall *call, GError **error)
{
    if (!send_bind(association, CL_PDU_ALTER_CONTEXT, endpoint, token, call, error)) {
        return NULL;
    }
    g_autoptr(ClMessage) message = await_message(association, call, error);
    return message && check_ack(association, endpoint, message, error) ? g_steal_pointer(&message)
                                                                       : NULL;
}

/* One token after the other until both sides are content. Of SPNEGO the server has the last word, for
 * which AUTH3, that is not answered, has no room. */
static gboolean authenticate(ClAssociation *association, const ClEndpoint *endpoint,
                             ClMessage *message, const ClCall *call, GError **error)
{
    ClSecurity *security = association->security;
    g_autoptr(ClMessage) last = message;
    while (last->token || !cl_security_is_complete(security)) {
        g_autoptr(GBytes) token = NULL;
        if (!last->token) {
            return cl_fail(error, RPC_S_SEC_PKG_ERROR, "the server sends no token");
        }
        if (!cl_security_step(security, last->token, &token, error)) {
            return FALSE;
        }
        if (!token) {
            break;
        }
        association->in_doubt = endpoint->credentials && endpoint->auth != CL_AUTH_KERBEROS;
        if (endpoint->auth != CL_AUTH_SPNEGO && cl_security_is_complete(security)) {
            return send_bind(association, CL_PDU_AUTH3, endpoint, token, call, error);
        }
        cl_message_free(g_steal_pointer(&last));
        last = exchange(association, endpoint, token, call, error);
        if (!last) {
            return FALSE;
        }
    }
    association->in_doubt = FALSE;
    return TRUE;
}

gboolean cl_association_bind(ClAssociation *association, const ClEndpoint *endpoint,
                             const ClCall *call, GError **error)
{
    g_autoptr(GBytes) token = NULL;
    if (endpoint->auth != CL_AUTH_NONE) {
        association->security = cl_log_on(endpoint, call, &token, error);
        if (!association->security) {
            return FALSE;
        }
    }
    if (!send_bind(association, CL_PDU_BIND, endpoint, token, call, error)) {
        return FALSE;
    }
    g_autoptr(ClMessage) message = await_message(association, call, error);
    if (!message || !check_ack(association, endpoint, message, error)) {
        return FALSE;
    }
    if (!association->security) {
        return TRUE;
    }
    if (!authenticate(association, endpoint, g_steal_pointer(&message), call, error)) {
        return FALSE;
    }
    cl_wire_set_security(association->wire, association->security, CL_ASSOCIATION_SECURITY);
    return TRUE;
}
