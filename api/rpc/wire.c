/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fragments of several messages may come by turns, so each is kept by its call until its last one.
 */
#include "wire.h"

#include <string.h>

struct ClWire {
    ClWireLimits limits;
    guint16 max_send, max_receive;
    ClSecurity *security;
    guint32 security_context;
    GByteArray *input;
    gsize done;        /* bytes of it that are used up */
    guint64 n_pdus;    /* that were cut out of it */
    GHashTable *parts; /* ClMessage by call */
    gsize held;        /* bytes of their stubs */
};

void cl_message_free(ClMessage *message)
{
    g_clear_pointer(&message->stub, g_byte_array_unref);
    g_clear_pointer(&message->token, g_bytes_unref);
    g_free(message);
}

ClWire *cl_wire_new(const ClWireLimits *limits)
{
    ClWire *wire = g_new0(ClWire, 1);
    wire->limits = *limits;
    wire->max_send = wire->max_receive = CL_PDU_SIZE_MIN;
    wire->input = g_byte_array_new();
    wire->parts =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)(gpointer)cl_message_free);
    return wire;
}

void cl_wire_free(ClWire *wire)
{
    g_byte_array_unref(wire->input);
    g_hash_table_unref(wire->parts);
    g_free(wire);
}

void cl_wire_set_sizes(ClWire *wire, guint16 max_send, guint16 max_receive)
{
    wire->max_send = max_send;
    wire->max_receive = max_receive;
}

void cl_wire_set_stub_max(ClWire *wire, gsize stub_max)
{
    wire->limits.stub_max = stub_max;
}

void cl_wire_set_security(ClWire *wire, ClSecurity *security, guint32 context)
{
    wire->security = security;
    wire->security_context = context;
}

/* --- Reading ------------------------------------------------------------------------------------ */

void cl_wire_take(ClWire *wire, const void *bytes, gsize size)
{
    if (wire->done > 0) {
        g_byte_array_remove_range(wire->input, 0, (guint)wire->done);
        wire->done = 0;
    }
    g_byte_array_append(wire->input, bytes, (guint)size);
}

/* The size of the PDU that begins now, as far as it is known. */
static gsize next_size(const ClWire *wire, ClPduHeader *ret_header, GError **error)
{
    const guint8 *bytes = wire->input->data + wire->done;
    if (wire->input->len - wire->done < CL_PDU_HEADER_SIZE) {
        return CL_PDU_HEADER_SIZE;
    }
    return cl_pdu_read_header(bytes, ret_header, error) ? ret_header->size : 0;
}

gboolean cl_wire_has_part(const ClWire *wire)
{
    return wire->done < wire->input->len || g_hash_table_size(wire->parts) > 0;
}

guint64 cl_wire_n_pdus(const ClWire *wire)
{
    return wire->n_pdus;
}

static gboolean has_stub(guint8 type)
{
    return type == CL_PDU_REQUEST || type == CL_PDU_RESPONSE || type == CL_PDU_FAULT;
}

/* A fault may come from one who cannot protect it any more; all that it does is end a call. */
static gboolean must_be_protected(guint8 type)
{
    return type == CL_PDU_REQUEST || type == CL_PDU_RESPONSE;
}

static gboolean open_pdu(ClWire *wire, guint8 *bytes, ClPdu *pdu, GError **error)
{
    if (!wire->security || cl_security_level(wire->security) < CL_LEVEL_INTEGRITY ||
        (pdu->header.token_size == 0 && !must_be_protected(pdu->header.type))) {
        return TRUE;
    }
    if (pdu->header.token_size == 0 || pdu->auth_context != wire->security_context ||
        pdu->auth_type != cl_security_type(wire->security) ||
        pdu->auth_level != cl_security_level(wire->security)) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "a PDU that is not protected as was agreed");
    }
    return cl_security_open(wire->security, bytes, pdu->header.size, pdu->stub, pdu->stub_size,
                            pdu->header.token_size, error);
}

/* What the fragment belongs to (borrowed). */
static ClMessage *find_part(ClWire *wire, const ClPdu *pdu, GError **error)
{
    gpointer key = GUINT_TO_POINTER(pdu->header.call);
    ClMessage *part = g_hash_table_lookup(wire->parts, key);
    gboolean first = (pdu->header.flags & CL_PDU_FIRST) != 0;
    if (first == (part != NULL) ||
        (part && (part->pdu.header.type != pdu->header.type || part->pdu.context != pdu->context ||
                  part->pdu.opnum != pdu->opnum))) {
        cl_fail(error, RPC_S_PROTOCOL_ERROR, "a fragment out of its order");
        return NULL;
    }
    if (!part && g_hash_table_size(wire->parts) >= wire->limits.calls_max) {
        cl_fail(error, RPC_S_PROTOCOL_ERROR, "too many calls at once");
        return NULL;
    }
    if (!part) {
        part = g_new0(ClMessage, 1);
        part->stub = g_byte_array_new();
        g_hash_table_insert(wire->parts, key, part);
    }
    return part;
}

static gboolean add_fragment(ClWire *wire, const guint8 *bytes, const ClPdu *pdu,
                             ClMessage **ret_message, GError **error)
{
    ClMessage *part = find_part(wire, pdu, error);
    gsize size = pdu->stub_size - pdu->pad;
    if (!part) {
        return FALSE;
    }
    if (size > wire->limits.stub_max || wire->held > wire->limits.stub_max - size) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR,
                       "messages of more than %" G_GSIZE_FORMAT " bytes", wire->limits.stub_max);
    }
    part->pdu = *pdu;
    g_byte_array_append(part->stub, bytes + pdu->stub, (guint)size);
    wire->held += size;
    if (pdu->header.flags & CL_PDU_LAST) {
        gpointer key = GUINT_TO_POINTER(pdu->header.call);
        g_hash_table_steal(wire->parts, key);
        wire->held -= part->stub->len;
        *ret_message = part;
    }
    return TRUE;
}

static ClMessage *message_of(const guint8 *bytes, const ClPdu *pdu)
{
    ClMessage *message = g_new0(ClMessage, 1);
    message->pdu = *pdu;
    if (pdu->header.token_size > 0) {
        message->token = g_bytes_new(bytes + pdu->token, pdu->header.token_size);
    }
    return message;
}

static gboolean take_pdu(ClWire *wire, guint8 *bytes, gsize size, ClMessage **ret_message,
                         GError **error)
{
    ClPdu pdu;
    if (!cl_pdu_read(bytes, size, &pdu, error)) {
        return FALSE;
    }
    if (!has_stub(pdu.header.type)) {
        *ret_message = message_of(bytes, &pdu);
        return TRUE;
    }
    return open_pdu(wire, bytes, &pdu, error) &&
           add_fragment(wire, bytes, &pdu, ret_message, error);
}

gboolean cl_wire_next(ClWire *wire, ClMessage **ret_message, GError **error)
{
    *ret_message = NULL;
    while (!*ret_message) {
        ClPduHeader header;
        gsize size = next_size(wire, &header, error);
        if (size == 0) {
            return FALSE;
        }
        gsize rest = wire->input->len - wire->done;
        if (rest >= CL_PDU_HEADER_SIZE && size > wire->max_receive) {
            return cl_fail(error, RPC_S_PROTOCOL_ERROR,
                           "a PDU of %" G_GSIZE_FORMAT " bytes where %u were agreed", size,
                           wire->max_receive);
        }
        if (rest < size || rest < CL_PDU_HEADER_SIZE) {
            return TRUE;
        }
        guint8 *bytes = wire->input->data + wire->done;
        wire->done += size;
        wire->n_pdus++;
        if (!take_pdu(wire, bytes, size, ret_message, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Writing ------------------------------------------------------------------------------------ */

static gsize token_size_for(ClWire *wire, gsize stub_size)
{
    return wire->security ? cl_security_token_size(wire->security, stub_size) : 0;
}

static gboolean put_fragment(ClWire *wire, ClPdu *pdu, const guint8 *stub, gsize size,
                             GByteArray *out, GError **error)
{
    guint begin = out->len;
    gsize token_size = token_size_for(wire, CL_PDU_PADDED(size));
    cl_pdu_append_stub(out, pdu, stub, size, token_size);
    return token_size == 0 ||
           cl_security_protect(wire->security, out->data + begin, pdu->header.size, pdu->stub,
                               pdu->stub_size, token_size, error);
}

gboolean cl_wire_put(ClWire *wire, const ClPdu *pdu, const guint8 *stub, gsize size,
                     GByteArray *out, GError **error)
{
    ClPdu fragment = *pdu;
    gsize token_size = token_size_for(wire, wire->max_send);
    gsize room = cl_pdu_room(wire->max_send, token_size);
    fragment.header.flags |= CL_PDU_FIRST;
    if (token_size > 0) {
        fragment.auth_type = cl_security_type(wire->security);
        fragment.auth_level = cl_security_level(wire->security);
        fragment.auth_context = wire->security_context;
    }
    gsize at = 0;
    do {
        gsize piece = MIN(room, size - at);
        fragment.header.flags |= at + piece == size ? CL_PDU_LAST : 0;
        fragment.hint = (guint32)(size - at);
        if (!put_fragment(wire, &fragment, stub + at, piece, out, error)) {
            return FALSE;
        }
        fragment.header.flags &= (guint8)~CL_PDU_FIRST;
        at += piece;
    } while (at < size);
    return TRUE;
}
