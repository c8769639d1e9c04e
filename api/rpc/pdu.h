/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PDUs of connection-oriented DCE/RPC ([C706] 12.6, [MS-RPCE] 2.2.2), one at a time, as bytes.
 * Only little-endian ones: nobody sends others. Whatever they hold, reading stays within them.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

typedef enum {
    CL_PDU_REQUEST = 0,
    CL_PDU_RESPONSE = 2,
    CL_PDU_FAULT = 3,
    CL_PDU_BIND = 11,
    CL_PDU_BIND_ACK = 12,
    CL_PDU_BIND_NAK = 13,
    CL_PDU_ALTER_CONTEXT = 14,
    CL_PDU_ALTER_CONTEXT_RESP = 15,
    CL_PDU_AUTH3 = 16,
    CL_PDU_SHUTDOWN = 17,
    CL_PDU_CO_CANCEL = 18,
    CL_PDU_ORPHANED = 19
} ClPduType;

enum {
    CL_PDU_FIRST = 0x01,
    CL_PDU_LAST = 0x02,
    CL_PDU_HEADER_SIGNING = 0x04, /* bind, alter_context and their answers */
    CL_PDU_CANCEL = 0x04,         /* request and answers */
    CL_PDU_DID_NOT_EXECUTE = 0x20,
    CL_PDU_OBJECT = 0x80
};

#define CL_PDU_HEADER_SIZE  16
#define CL_PDU_TRAILER_SIZE 8 /* before a token */
/* What every implementation takes ([C706] 12.6.3.1), and the most that there can be. */
#define CL_PDU_SIZE_MIN 1432
#define CL_PDU_SIZE_MAX 65528
/* Contexts and transfer syntaxes that one bind may offer. */
#define CL_PDU_CONTEXTS_MAX 8

typedef struct {
    guint8 uuid[16]; /* as on the wire */
    guint32 version; /* minor above, major below */
} ClSyntax;

extern const ClSyntax cl_syntax_ndr;

gboolean cl_syntax_equal(const ClSyntax *a, const ClSyntax *b);

typedef struct {
    guint16 id;
    ClSyntax interface;
    guint n_transfers;
    ClSyntax transfers[CL_PDU_CONTEXTS_MAX];
} ClPduContext;

/* The answer to one context: 0 accepted, 2 refused; 3 flags of bind-time features. */
typedef enum {
    CL_BIND_ACCEPTED = 0,
    CL_BIND_REFUSED = 2,
    CL_BIND_FEATURES = 3
} ClBindResult;

enum {
    CL_BIND_REASON_NONE = 0,
    CL_BIND_REASON_INTERFACE = 1, /* not supported */
    CL_BIND_REASON_TRANSFER = 2
};

typedef struct {
    guint16 result;
    guint16 reason;
    ClSyntax transfer;
} ClPduResult;

/* Why a whole bind is refused ([C706] 12.6.3.1, [MS-RPCE] 2.2.2.5). */
enum {
    CL_NAK_PROTOCOL_VERSION = 4,
    CL_NAK_AUTHENTICATION = 8, /* of that type there is none */
    CL_NAK_CHECKSUM = 9        /* nor is the client who it says */
};

typedef struct {
    guint8 type;
    guint8 flags;
    guint16 size;
    guint16 token_size;
    guint32 call;
} ClPduHeader;

/* One PDU; what its type does not have is 0. */
typedef struct {
    ClPduHeader header;

    /* The security trailer, if header.token_size is not 0. */
    guint8 auth_type, auth_level, pad;
    guint32 auth_context;
    gsize token; /* offset */

    guint16 max_send, max_receive; /* bind and its answer, from the sender's side */
    guint32 group;
    guint n_contexts; /* bind */
    ClPduContext contexts[CL_PDU_CONTEXTS_MAX];
    guint n_results; /* bind_ack */
    ClPduResult results[CL_PDU_CONTEXTS_MAX];

    guint16 reason;  /* bind_nak */
    guint16 context; /* request, response, fault */
    guint16 opnum;   /* request */
    guint32 hint;    /* request, response: how much stub is to come in all */
    guint32 status;  /* fault */
    gsize stub;      /* offset and size, with the padding before the trailer */
    gsize stub_size;
} ClPdu;

/* The first CL_PDU_HEADER_SIZE bytes: how long the PDU is. RPC_S_PROTOCOL_ERROR for what is none. */
gboolean cl_pdu_read_header(const guint8 *bytes, ClPduHeader *ret_header, GError **error);

/* A whole PDU, of the size that its header says. */
gboolean cl_pdu_read(const guint8 *bytes, gsize size, ClPdu *ret_pdu, GError **error);

/* Appends a PDU that carries no stub: bind, bind_ack, bind_nak, alter_context and its answer, auth3,
 * fault, as @pdu says; @token may be NULL. Sizes and offsets in @pdu are ignored. */
void cl_pdu_append(GByteArray *out, const ClPdu *pdu, GBytes *token);

/* Appends a request or response with a piece of a stub and, with @token_size not 0, room for a token
 * behind it. Sets in @pdu what cl_pdu_read() would. The stub is padded to 16 bytes then. */
void cl_pdu_append_stub(GByteArray *out, ClPdu *pdu, const guint8 *stub, gsize size,
                        gsize token_size);

/* What a stub of that size takes before a trailer. */
#define CL_PDU_PADDED(size) (((size) + 15) & ~(gsize)15)

/* How much of a stub fits into a PDU of at most @pdu_size bytes. */
gsize cl_pdu_room(gsize pdu_size, gsize token_size);

G_END_DECLS
