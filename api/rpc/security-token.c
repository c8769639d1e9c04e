/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tokens of the authentication exchange, looked at before a GSSAPI mechanism is: what the peer sends
 * has to be whole, so that the mechanism's own parser meets no surprise, and what either side sends
 * tells what was negotiated, which GSSAPI does not.
 */
#include "security-internal.h"

#include <string.h>

#include "error.h"

/* --- NTLM ([MS-NLMP] 2.2.1) -------------------------------------------------------------------- */

#define NTLM_SIGNATURE     "NTLMSSP" /* and its NUL */
#define NTLM_NEGOTIATE     1
#define NTLM_CHALLENGE     2
#define NTLM_AUTHENTICATE  3
#define NTLM_SIGN          0x00000010
#define NTLM_SEAL          0x00000020
#define NTLM_EXTENDED      0x00080000
#define NTLM_128           0x20000000
#define NTLM_KEY_EXCHANGE  0x40000000
#define NTLM_V1_RESPONSE   24 /* bytes */
#define NTLM_V2_MIN        48 /* bytes: proof, fixed part, the end of the list of pairs */
#define NTLM_CHALLENGE_MIN 32

typedef struct {
    const guint8 *data;
    gsize size;
} Span;

static guint32 u32_at(Span span, gsize at)
{
    guint32 little;

    memcpy(&little, span.data + at, sizeof little);
    return GUINT32_FROM_LE(little);
}

static guint16 u16_at(Span span, gsize at)
{
    return (guint16)(span.data[at] | span.data[at + 1] << 8);
}

static gboolean is_ntlm(Span token)
{
    return token.size >= 12 && memcmp(token.data, NTLM_SIGNATURE, sizeof NTLM_SIGNATURE) == 0;
}

/* The field described at @at lies inside the message. */
static gboolean field_fits(Span token, gsize at)
{
    guint16 size = u16_at(token, at);

    return size == 0 || ((guint64)u32_at(token, at + 4) + size <= token.size);
}

static gboolean check_answer(Span token, GError **error)
{
    enum {
        LM = 12,
        NT = 20,
        DOMAIN = 28,
        USER = 36,
        WORKSTATION = 44,
        KEY = 52,
        END = 64
    };

    if (token.size < END) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a short message");
    }
    for (gsize at = LM; at <= KEY; at += 8) {
        if (!field_fits(token, at)) {
            return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a field outside of the message");
        }
    }
    if (u16_at(token, USER) == 0) {
        return cl_fail(error, ERROR_LOGON_FAILURE, "NTLM: nobody logs on without a name");
    }
    /* The mechanism would take it for any domain, and the name would be ambiguous. */
    if (u16_at(token, DOMAIN) == 0) {
        return cl_fail(error, ERROR_LOGON_FAILURE, "NTLM: a user without a domain");
    }
    if (u16_at(token, NT) <= NTLM_V1_RESPONSE) {
        return cl_fail(error, ERROR_LOGON_FAILURE, "NTLM: version 1 is not accepted");
    }
    if (u16_at(token, NT) < NTLM_V2_MIN) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a short response");
    }
    /* The mechanism takes sixteen bytes of whatever is there. */
    if (u16_at(token, KEY) != CL_NTLM_KEY_SIZE &&
        (u16_at(token, KEY) != 0 || (u32_at(token, 60) & NTLM_KEY_EXCHANGE) != 0)) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: no session key");
    }
    return TRUE;
}

static gboolean check_challenge(Span token, GError **error)
{
    enum {
        TARGET = 12,
        INFORMATION = 40,
        END = 48
    };

    if (token.size < NTLM_CHALLENGE_MIN || !field_fits(token, TARGET) ||
        (token.size >= END && !field_fits(token, INFORMATION))) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a field outside of the challenge");
    }
    return TRUE;
}

static gboolean view_ntlm(Span token, gboolean foreign, ClTokenView *view, GError **error)
{
    switch (u32_at(token, 8)) {
    case NTLM_NEGOTIATE:
        return TRUE;
    case NTLM_CHALLENGE:
        if (!check_challenge(token, error)) {
            return FALSE;
        }
        view->ntlm_flags = u32_at(token, 20);
        return TRUE;
    case NTLM_AUTHENTICATE:
        view->ntlm_answered = TRUE;
        return !foreign || check_answer(token, error);
    default:
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a message of an unknown type");
    }
}

GBytes *cl_ntlm_add_version(GBytes *token)
{
    enum {
        OLD = 32,
        WHOLE = 40
    };
    Span span;
    guint8 *data;

    span.data = g_bytes_get_data(token, &span.size);
    if (!is_ntlm(span) || u32_at(span, 8) != NTLM_NEGOTIATE || span.size < OLD ||
        span.size >= WHOLE) {
        return g_bytes_ref(token);
    }
    data = g_malloc0(WHOLE);
    memcpy(data, span.data, span.size);
    return g_bytes_new_take(data, WHOLE);
}

gboolean cl_ntlm_flags_suffice(guint32 flags, ClAuthLevel level, GError **error)
{
    guint32 needed = level == CL_LEVEL_CONNECT
                         ? 0
                         : NTLM_SIGN | NTLM_EXTENDED | NTLM_128 | NTLM_KEY_EXCHANGE |
                               (level == CL_LEVEL_PRIVACY ? NTLM_SEAL : 0);

    return (flags & needed) == needed ||
           cl_fail(error, RPC_S_SEC_PKG_ERROR,
                   "NTLM: the peer has only weak protection to offer (flags %08x)", flags);
}

/* --- SPNEGO ([RFC4178]), DER -------------------------------------------------------------------- */

#define TAG_INIT       0x60
#define TAG_RESPONSE   0xA1
#define TAG_SEQUENCE   0x30
#define TAG_OID        0x06
#define TAG_OCTETS     0x04
#define TAG_ENUMERATED 0x0A
#define TAG_FIELD(n)   (0xA0 + (n))

/* Takes the next element off @from, if it has that tag and all of its bytes are there. */
static gboolean take(Span *from, guint8 tag, Span *ret_content)
{
    gsize length, head = 2;

    if (from->size < 2 || from->data[0] != tag) {
        return FALSE;
    }
    length = from->data[1];
    if (length >= 0x80) {
        gsize bytes = length & 0x7F;

        if (bytes == 0 || bytes > 4 || from->size < 2 + bytes) {
            return FALSE;
        }
        length = 0;
        for (gsize i = 0; i < bytes; i++) {
            length = length << 8 | from->data[2 + i];
        }
        head += bytes;
    }
    if (length > from->size - head) {
        return FALSE;
    }
    *ret_content = (Span){from->data + head, length};
    from->data += head + length;
    from->size -= head + length;
    return TRUE;
}

/* The fields of either kind of token, in their order, each at most once. */
typedef struct {
    Span field[5];
} Fields;

static gboolean take_fields(Span *from, Fields *ret_fields)
{
    Span sequence;

    if (!take(from, TAG_SEQUENCE, &sequence) || from->size != 0) {
        return FALSE;
    }
    for (guint n = 0; n < G_N_ELEMENTS(ret_fields->field); n++) {
        take(&sequence, (guint8)TAG_FIELD(n), &ret_fields->field[n]);
    }
    return sequence.size == 0;
}

/* What @field wraps; an absent one is fine and gives an empty span. */
static gboolean unwrap(Span field, guint8 tag, Span *ret_content)
{
    *ret_content = (Span){NULL, 0};
    return field.data == NULL || (take(&field, tag, ret_content) && field.size == 0);
}

static gboolean parse_init(Span token, Span *ret_mech_token)
{
    static const guint8 spnego[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};
    Fields fields = {0};
    Span body, oid, choice;

    return take(&token, TAG_INIT, &body) && token.size == 0 && take(&body, TAG_OID, &oid) &&
           oid.size == sizeof spnego && memcmp(oid.data, spnego, sizeof spnego) == 0 &&
           take(&body, TAG_FIELD(0), &choice) && body.size == 0 && take_fields(&choice, &fields) &&
           unwrap(fields.field[2], TAG_OCTETS, ret_mech_token);
}

static gboolean parse_response(Span token, Span *ret_mech_token, ClTokenView *view)
{
    Fields fields = {0};
    Span body, state, mic;

    if (!take(&token, TAG_RESPONSE, &body) || token.size != 0 || !take_fields(&body, &fields) ||
        !unwrap(fields.field[0], TAG_ENUMERATED, &state) ||
        !unwrap(fields.field[2], TAG_OCTETS, ret_mech_token) ||
        !unwrap(fields.field[3], TAG_OCTETS, &mic) || fields.field[4].data != NULL) {
        return FALSE;
    }
    view->accepted = state.size == 1 && state.data[0] == 0;
    view->has_mic = mic.data != NULL;
    /* The mechanism compares sixteen bytes, however many there are. */
    return mic.data == NULL || mic.size >= CL_NTLM_TOKEN_SIZE;
}

gboolean cl_token_view(ClAuthType type, GBytes *token, gboolean foreign, ClTokenView *view,
                       GError **error)
{
    Span whole, inner;

    view->has_mic = FALSE;
    view->accepted = FALSE;
    view->has_mech_token = FALSE;
    whole.data = g_bytes_get_data(token, &whole.size);
    inner = whole;
    if (whole.size == 0 || whole.size > CL_SECURITY_TOKEN_MAX) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "a token of %zu bytes", whole.size);
    }
    if (type == CL_AUTH_KERBEROS) {
        return TRUE;
    }
    /* Windows leaves SPNEGO out where it has nothing but NTLM to offer. */
    if (type == CL_AUTH_SPNEGO && !is_ntlm(whole)) {
        if (!parse_init(whole, &inner) && !parse_response(whole, &inner, view)) {
            return cl_fail(error, RPC_S_SEC_PKG_ERROR, "SPNEGO: a token that is garbage");
        }
    } else if (!is_ntlm(whole)) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM: a token that is garbage");
    }
    view->has_mech_token = inner.size > 0;
    return inner.size == 0 || !is_ntlm(inner) || view_ntlm(inner, foreign, view, error);
}
