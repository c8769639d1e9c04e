/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One association, seen from one side, as a stream of bytes: PDUs are cut out of what came, opened
 * by its security, and put together to messages; messages are cut into PDUs and protected. It reads
 * and writes nothing itself, so that client, server and tests are alike. One thread at a time.
 */
#pragma once

#include "pdu.h"
#include "rpc/security.h"

G_BEGIN_DECLS

typedef struct ClWire ClWire;

/* A request, response or fault with its whole stub; or any other PDU. */
typedef struct {
    ClPdu pdu; /* of its last fragment; offsets mean nothing any more */
    GByteArray *stub;
    GBytes *token; /* of PDUs that carry one of the exchange of tokens */
} ClMessage;

void cl_message_free(ClMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClMessage, cl_message_free)

/* What a peer may make this side keep. */
typedef struct {
    gsize stub_max;  /* of one message, and of all that are not complete, in bytes */
    guint calls_max; /* messages whose fragments are still to come */
} ClWireLimits;

/* Until it is told more, PDUs are at most CL_PDU_SIZE_MIN bytes. */
ClWire *cl_wire_new(const ClWireLimits *limits);
void cl_wire_free(ClWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClWire, cl_wire_free)

/* How large PDUs to the peer, and from it, may be. */
void cl_wire_set_sizes(ClWire *wire, guint16 max_send, guint16 max_receive);

/* Another limit than it began with. */
void cl_wire_set_stub_max(ClWire *wire, gsize stub_max);

/* From now on requests and their answers are protected (borrowed); those that are not, or in another
 * way, are refused. @context is what the trailer names it by. */
void cl_wire_set_security(ClWire *wire, ClSecurity *security, guint32 context);

/* Adds bytes that came. */
void cl_wire_take(ClWire *wire, const void *bytes, gsize size);

/* Whether a message has begun that is not complete, and how many PDUs have come. */
gboolean cl_wire_has_part(const ClWire *wire);
guint64 cl_wire_n_pdus(const ClWire *wire);

/* The next message, NULL if more bytes are needed. After an error the association is of no use:
 * RPC_S_PROTOCOL_ERROR, ERROR_ACCESS_DENIED for what is not protected as it must be, or what
 * security says. */
gboolean cl_wire_next(ClWire *wire, ClMessage **ret_message, GError **error);

/* Appends a request or response, by type, call, context and opnum of @pdu, in as many PDUs as it
 * takes. */
gboolean cl_wire_put(ClWire *wire, const ClPdu *pdu, const guint8 *stub, gsize size,
                     GByteArray *out, GError **error);

G_END_DECLS
