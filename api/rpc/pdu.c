/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reader that runs over the end says so once, after the last member; what it gave is 0 then.
 */
#include "pdu.h"

#include <string.h>

#define RPC_VERSION     5
#define LITTLE_ENDIAN_8 0x10

/* Before the stub of a request or response. */
#define STUB_OFFSET 24
#define STUB_ALIGN  16

/* 8a885d04-1ceb-11c9-9fe8-08002b104860 */
const ClSyntax cl_syntax_ndr = {{0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08,
                                 0x00, 0x2b, 0x10, 0x48, 0x60},
                                2};

gboolean cl_syntax_equal(const ClSyntax *a, const ClSyntax *b)
{
    return memcmp(a->uuid, b->uuid, sizeof a->uuid) == 0 && a->version == b->version;
}

/* --- Reading ------------------------------------------------------------------------------------ */

typedef struct {
    const guint8 *bytes;
    gsize size;
    gsize at;
    gboolean over;
} Reader;

static guint64 take(Reader *reader, gsize size)
{
    guint64 value = 0;
    if (size > reader->size - reader->at) {
        reader->at = reader->size;
        reader->over = TRUE;
        return 0;
    }
    for (gsize i = 0; i < size; i++) {
        value |= (guint64)reader->bytes[reader->at + i] << (8 * i);
    }
    reader->at += size;
    return value;
}

static void skip(Reader *reader, gsize size)
{
    gsize rest = reader->size - reader->at;
    reader->over |= size > rest;
    reader->at += MIN(size, rest);
}

static guint8 take8(Reader *reader)
{
    return (guint8)take(reader, 1);
}

static guint16 take16(Reader *reader)
{
    return (guint16)take(reader, 2);
}

static guint32 take32(Reader *reader)
{
    return (guint32)take(reader, 4);
}

static void skip_to(Reader *reader, gsize alignment)
{
    skip(reader, (alignment - reader->at % alignment) % alignment);
}

static ClSyntax take_syntax(Reader *reader)
{
    ClSyntax syntax;
    for (gsize i = 0; i < sizeof syntax.uuid; i++) {
        syntax.uuid[i] = take8(reader);
    }
    syntax.version = take32(reader);
    return syntax;
}

gboolean cl_pdu_read_header(const guint8 *bytes, ClPduHeader *ret_header, GError **error)
{
    Reader reader = {bytes, CL_PDU_HEADER_SIZE, 0, FALSE};
    guint8 major = take8(&reader);
    guint8 minor = take8(&reader);
    ClPduHeader header = {.type = take8(&reader), .flags = take8(&reader)};
    guint8 integers = take8(&reader);
    skip(&reader, 3);
    header.size = take16(&reader);
    header.token_size = take16(&reader);
    header.call = take32(&reader);
    if (major != RPC_VERSION || minor > 1) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "RPC %u.%u is not spoken here", major, minor);
    }
    if ((integers & 0xf0) != LITTLE_ENDIAN_8) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a big-endian PDU");
    }
    gsize least = CL_PDU_HEADER_SIZE + (header.token_size ? CL_PDU_TRAILER_SIZE : 0);
    if (header.size < least + header.token_size) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU of %u bytes", header.size);
    }
    *ret_header = header;
    return TRUE;
}

static gboolean read_contexts(Reader *reader, ClPdu *pdu, GError **error)
{
    guint n = take8(reader);
    skip(reader, 3);
    if (n == 0 || n > CL_PDU_CONTEXTS_MAX) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a bind with %u contexts", n);
    }
    for (guint i = 0; i < n; i++) {
        ClPduContext *context = &pdu->contexts[i];
        context->id = take16(reader);
        context->n_transfers = take8(reader);
        (void)take8(reader);
        context->interface = take_syntax(reader);
        if (context->n_transfers > CL_PDU_CONTEXTS_MAX) {
            return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a context with %u syntaxes",
                           context->n_transfers);
        }
        for (guint j = 0; j < context->n_transfers; j++) {
            context->transfers[j] = take_syntax(reader);
        }
    }
    pdu->n_contexts = n;
    return TRUE;
}

static gboolean read_results(Reader *reader, ClPdu *pdu, GError **error)
{
    skip(reader, take16(reader)); /* the secondary address */
    skip_to(reader, 4);
    guint n = take8(reader);
    skip(reader, 3);
    if (n > CL_PDU_CONTEXTS_MAX) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "an answer with %u contexts", n);
    }
    for (guint i = 0; i < n; i++) {
        pdu->results[i].result = take16(reader);
        pdu->results[i].reason = take16(reader);
        pdu->results[i].transfer = take_syntax(reader);
    }
    pdu->n_results = n;
    return TRUE;
}

static void read_sizes(Reader *reader, ClPdu *pdu)
{
    pdu->max_send = take16(reader);
    pdu->max_receive = take16(reader);
    pdu->group = take32(reader);
}

/* What lies between the header and the stub or the trailer. */
static gboolean read_body(Reader *reader, ClPdu *pdu, GError **error)
{
    switch (pdu->header.type) {
    case CL_PDU_BIND:
    case CL_PDU_ALTER_CONTEXT:
        read_sizes(reader, pdu);
        return read_contexts(reader, pdu, error);
    case CL_PDU_BIND_ACK:
    case CL_PDU_ALTER_CONTEXT_RESP:
        read_sizes(reader, pdu);
        return read_results(reader, pdu, error);
    case CL_PDU_BIND_NAK:
        pdu->reason = take16(reader);
        return TRUE;
    case CL_PDU_REQUEST:
        pdu->hint = take32(reader);
        pdu->context = take16(reader);
        pdu->opnum = take16(reader);
        skip(reader, pdu->header.flags & CL_PDU_OBJECT ? 16 : 0);
        break;
    case CL_PDU_RESPONSE:
        pdu->hint = take32(reader);
        pdu->context = take16(reader);
        (void)take16(reader);
        break;
    case CL_PDU_FAULT:
        pdu->hint = take32(reader);
        pdu->context = take16(reader);
        (void)take16(reader);
        pdu->status = take32(reader);
        (void)take32(reader);
        break;
    case CL_PDU_AUTH3:
        (void)take32(reader);
        return TRUE;
    case CL_PDU_SHUTDOWN:
    case CL_PDU_CO_CANCEL:
    case CL_PDU_ORPHANED:
        return TRUE;
    default:
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU of type %u", pdu->header.type);
    }
    pdu->stub = reader->at;
    pdu->stub_size = reader->size - reader->at;
    return TRUE;
}

static gboolean read_trailer(const guint8 *bytes, ClPdu *pdu, GError **error)
{
    gsize at = (gsize)pdu->header.size - pdu->header.token_size - CL_PDU_TRAILER_SIZE;
    Reader reader = {bytes + at, CL_PDU_TRAILER_SIZE, 0, FALSE};
    pdu->auth_type = take8(&reader);
    pdu->auth_level = take8(&reader);
    pdu->pad = take8(&reader);
    (void)take8(&reader);
    pdu->auth_context = take32(&reader);
    pdu->token = at + CL_PDU_TRAILER_SIZE;
    if (at < CL_PDU_HEADER_SIZE || (pdu->stub && pdu->pad > pdu->stub_size)) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a padding of %u bytes", pdu->pad);
    }
    return TRUE;
}

gboolean cl_pdu_read(const guint8 *bytes, gsize size, ClPdu *ret_pdu, GError **error)
{
    ClPdu *pdu = ret_pdu;
    memset(pdu, 0, sizeof *pdu);
    if (size < CL_PDU_HEADER_SIZE || !cl_pdu_read_header(bytes, &pdu->header, error)) {
        return size >= CL_PDU_HEADER_SIZE ||
               cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU of %" G_GSIZE_FORMAT " bytes", size);
    }
    if (pdu->header.size != size) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU of another size than its header says");
    }
    gsize end = size;
    if (pdu->header.token_size > 0) {
        end -= (gsize)pdu->header.token_size + CL_PDU_TRAILER_SIZE;
    }
    Reader reader = {bytes, end, CL_PDU_HEADER_SIZE, FALSE};
    if (!read_body(&reader, pdu, error)) {
        return FALSE;
    }
    /* AUTH3 has four bytes of no meaning, which some leave out. */
    if (reader.over && pdu->header.type != CL_PDU_AUTH3) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU that ends early");
    }
    return pdu->header.token_size == 0 || read_trailer(bytes, pdu, error);
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void put(GByteArray *out, guint64 value, gsize size)
{
    guint8 bytes[8] = {0};
    for (gsize i = 0; i < size; i++) {
        bytes[i] = (guint8)(value >> (8 * i));
    }
    g_byte_array_append(out, bytes, (guint)size);
}

static void align_from(GByteArray *out, guint begin, guint alignment)
{
    put(out, 0, (alignment - (out->len - begin) % alignment) % alignment);
}

static void put_syntax(GByteArray *out, const ClSyntax *syntax)
{
    g_byte_array_append(out, syntax->uuid, sizeof syntax->uuid);
    put(out, syntax->version, 4);
}

static void put_header(GByteArray *out, const ClPdu *pdu)
{
    put(out, RPC_VERSION, 2);
    put(out, pdu->header.type, 1);
    put(out, pdu->header.flags, 1);
    put(out, LITTLE_ENDIAN_8, 4);
    put(out, 0, 4); /* both sizes, when they are known */
    put(out, pdu->header.call, 4);
}

static void finish(GByteArray *out, guint begin, gsize token_size)
{
    guint size = out->len - begin;
    g_assert(size <= G_MAXUINT16);
    out->data[begin + 8] = (guint8)size;
    out->data[begin + 9] = (guint8)(size >> 8);
    out->data[begin + 10] = (guint8)token_size;
    out->data[begin + 11] = (guint8)(token_size >> 8);
}

static void put_trailer(GByteArray *out, const ClPdu *pdu)
{
    put(out, pdu->auth_type, 1);
    put(out, pdu->auth_level, 1);
    put(out, pdu->pad, 1);
    put(out, 0, 1);
    put(out, pdu->auth_context, 4);
}

static void put_sizes(GByteArray *out, const ClPdu *pdu)
{
    put(out, pdu->max_send, 2);
    put(out, pdu->max_receive, 2);
    put(out, pdu->group, 4);
}

static void put_contexts(GByteArray *out, const ClPdu *pdu)
{
    put(out, pdu->n_contexts, 4);
    for (guint i = 0; i < pdu->n_contexts; i++) {
        const ClPduContext *context = &pdu->contexts[i];
        put(out, context->id, 2);
        put(out, context->n_transfers, 2);
        put_syntax(out, &context->interface);
        for (guint j = 0; j < context->n_transfers; j++) {
            put_syntax(out, &context->transfers[j]);
        }
    }
}

static void put_results(GByteArray *out, guint begin, const ClPdu *pdu)
{
    put(out, 1, 2); /* an empty secondary address, with its NUL */
    put(out, 0, 1);
    align_from(out, begin, 4);
    put(out, pdu->n_results, 4);
    for (guint i = 0; i < pdu->n_results; i++) {
        put(out, pdu->results[i].result, 2);
        put(out, pdu->results[i].reason, 2);
        put_syntax(out, &pdu->results[i].transfer);
    }
}

static void put_body(GByteArray *out, guint begin, const ClPdu *pdu)
{
    switch (pdu->header.type) {
    case CL_PDU_BIND:
    case CL_PDU_ALTER_CONTEXT:
        put_sizes(out, pdu);
        put_contexts(out, pdu);
        break;
    case CL_PDU_BIND_ACK:
    case CL_PDU_ALTER_CONTEXT_RESP:
        put_sizes(out, pdu);
        put_results(out, begin, pdu);
        break;
    case CL_PDU_BIND_NAK:
        put(out, pdu->reason, 2);
        put(out, 1, 1); /* one version, 5.0 */
        put(out, RPC_VERSION, 2);
        break;
    case CL_PDU_FAULT:
        put(out, pdu->hint, 4);
        put(out, pdu->context, 4);
        put(out, pdu->status, 4);
        put(out, 0, 4);
        break;
    case CL_PDU_AUTH3:
        put(out, 0, 4);
        break;
    default:
        break;
    }
}

void cl_pdu_append(GByteArray *out, const ClPdu *pdu, GBytes *token)
{
    guint begin = out->len;
    gsize size = 0;
    put_header(out, pdu);
    put_body(out, begin, pdu);
    if (token) {
        gconstpointer data = g_bytes_get_data(token, &size);
        ClPdu padded = *pdu;
        guint end = out->len;
        align_from(out, begin, 4);
        padded.pad = (guint8)(out->len - end);
        put_trailer(out, &padded);
        g_byte_array_append(out, data, (guint)size);
    }
    finish(out, begin, size);
}

gsize cl_pdu_room(gsize pdu_size, gsize token_size)
{
    gsize room = pdu_size - STUB_OFFSET;
    if (token_size > 0) {
        room -= CL_PDU_TRAILER_SIZE + token_size;
        room -= room % STUB_ALIGN;
    }
    return room;
}

void cl_pdu_append_stub(GByteArray *out, ClPdu *pdu, const guint8 *stub, gsize size,
                        gsize token_size)
{
    guint begin = out->len;
    put_header(out, pdu);
    put(out, pdu->hint, 4);
    put(out, pdu->context, 2);
    put(out, pdu->header.type == CL_PDU_REQUEST ? pdu->opnum : 0, 2);
    pdu->stub = out->len - begin;
    g_byte_array_append(out, stub, (guint)size);
    if (token_size > 0) {
        guint end = out->len;
        for (guint i = end - begin - (guint)pdu->stub; i % STUB_ALIGN != 0; i++) {
            put(out, 0, 1);
        }
        pdu->pad = (guint8)(out->len - end);
        put_trailer(out, pdu);
        pdu->token = out->len - begin;
        g_byte_array_set_size(out, out->len + (guint)token_size);
        memset(out->data + begin + pdu->token, 0, token_size);
    }
    pdu->stub_size = size + pdu->pad;
    pdu->header.size = (guint16)(out->len - begin);
    pdu->header.token_size = (guint16)token_size;
    finish(out, begin, token_size);
}
