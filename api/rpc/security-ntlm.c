/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NTLM's protection of PDUs ([MS-NLMP] 3.4, extended session security with key exchange): the
 * GSSAPI mechanism signs and seals one and the same buffer only, while DCE/RPC signs the PDU and
 * seals the stub in it. The keys and the RC4 state of either direction are the context's own.
 *
 * RC4 is written out: GLib has none, and twenty lines need no library. MD5 and HMAC are GLib's.
 */
#include "security-internal.h"

#include <string.h>

#include "error.h"

#define CHECKSUM_SIZE 8
#define TOKEN_VERSION 1

/* The magic constants are hashed with their NUL. */
#define CLIENT_SIGN "session key to client-to-server signing key magic constant"
#define CLIENT_SEAL "session key to client-to-server sealing key magic constant"
#define SERVER_SIGN "session key to server-to-client signing key magic constant"
#define SERVER_SEAL "session key to server-to-client sealing key magic constant"

typedef struct {
    guint8 state[256];
    guint8 i, j;
} Rc4;

typedef struct {
    GHmac *signer; /* keyed; copied for each PDU */
    Rc4 rc4;
    guint32 sequence;
} Direction;

struct ClNtlm {
    Direction send;
    Direction receive;
};

static void rc4_init(Rc4 *rc4, const guint8 key[CL_NTLM_KEY_SIZE])
{
    guint8 j = 0;

    for (int i = 0; i < 256; i++) {
        rc4->state[i] = (guint8)i;
    }
    for (int i = 0; i < 256; i++) {
        guint8 swapped = rc4->state[i];

        j = (guint8)(j + swapped + key[i % CL_NTLM_KEY_SIZE]);
        rc4->state[i] = rc4->state[j];
        rc4->state[j] = swapped;
    }
    rc4->i = 0;
    rc4->j = 0;
}

static void rc4_crypt(Rc4 *rc4, guint8 *data, gsize size)
{
    guint8 *state = rc4->state;
    guint8 i = rc4->i;
    guint8 j = rc4->j;

    for (gsize at = 0; at < size; at++) {
        guint8 a, b;

        a = state[++i];
        j = (guint8)(j + a);
        b = state[j];
        state[i] = b;
        state[j] = a;
        data[at] ^= state[(guint8)(a + b)];
    }
    rc4->i = i;
    rc4->j = j;
}

static void derive(const guint8 key[CL_NTLM_KEY_SIZE], const char *magic,
                   guint8 ret_key[CL_NTLM_KEY_SIZE])
{
    GChecksum *md5 = g_checksum_new(G_CHECKSUM_MD5);
    gsize size = CL_NTLM_KEY_SIZE;

    g_checksum_update(md5, key, CL_NTLM_KEY_SIZE);
    g_checksum_update(md5, (const guchar *)magic, (gssize)strlen(magic) + 1);
    g_checksum_get_digest(md5, ret_key, &size);
    g_checksum_free(md5);
}

static void direction_init(Direction *direction, const guint8 key[CL_NTLM_KEY_SIZE],
                           gboolean server, guint32 first)
{
    guint8 derived[CL_NTLM_KEY_SIZE];

    derive(key, server ? SERVER_SIGN : CLIENT_SIGN, derived);
    direction->signer = g_hmac_new(G_CHECKSUM_MD5, derived, sizeof derived);
    derive(key, server ? SERVER_SEAL : CLIENT_SEAL, derived);
    rc4_init(&direction->rc4, derived);
    direction->sequence = first;
    explicit_bzero(derived, sizeof derived);
}

ClNtlm *cl_ntlm_new(const guint8 key[CL_NTLM_KEY_SIZE], const ClNtlmStart *start)
{
    ClNtlm *ntlm = g_new0(ClNtlm, 1);

    direction_init(&ntlm->send, key, start->server, start->first_sent);
    direction_init(&ntlm->receive, key, !start->server, start->first_received);
    return ntlm;
}

void cl_ntlm_free(ClNtlm *ntlm)
{
    if (ntlm == NULL) {
        return;
    }
    g_hmac_unref(ntlm->send.signer);
    g_hmac_unref(ntlm->receive.signer);
    explicit_bzero(ntlm, sizeof *ntlm);
    g_free(ntlm);
}

static void put_u32(guint8 *at, guint32 value)
{
    guint32 little = GUINT32_TO_LE(value);

    memcpy(at, &little, sizeof little);
}

/* The checksum of the PDU before encryption, not yet encrypted itself, goes to the middle of the
 * token. */
static void make_token(const Direction *direction, const ClPdu *pdu,
                       guint8 ret_token[CL_NTLM_TOKEN_SIZE])
{
    guint8 digest[CL_NTLM_KEY_SIZE];
    guint8 sequence[4];
    gsize size = sizeof digest;
    GHmac *signer = g_hmac_copy(direction->signer);

    put_u32(sequence, direction->sequence);
    g_hmac_update(signer, sequence, sizeof sequence);
    g_hmac_update(signer, pdu->start, (gssize)(cl_pdu_token(pdu) - pdu->start));
    g_hmac_get_digest(signer, digest, &size);
    g_hmac_unref(signer);
    put_u32(ret_token, TOKEN_VERSION);
    memcpy(ret_token + 4, digest, CHECKSUM_SIZE);
    memcpy(ret_token + 12, sequence, sizeof sequence);
}

void cl_ntlm_protect(ClNtlm *ntlm, const ClPdu *pdu, gboolean seal)
{
    guint8 *token = cl_pdu_token(pdu);

    make_token(&ntlm->send, pdu, token);
    if (seal) {
        rc4_crypt(&ntlm->send.rc4, cl_pdu_stub(pdu), pdu->stub_size);
    }
    rc4_crypt(&ntlm->send.rc4, token + 4, CHECKSUM_SIZE);
    ntlm->send.sequence++;
}

/* In a time that does not tell where they differ. */
static gboolean is_equal(const guint8 *a, const guint8 *b, gsize size)
{
    guint8 difference = 0;

    for (gsize i = 0; i < size; i++) {
        difference |= a[i] ^ b[i];
    }
    return difference == 0;
}

gboolean cl_ntlm_open(ClNtlm *ntlm, const ClPdu *pdu, gboolean seal, GError **error)
{
    guint8 expected[CL_NTLM_TOKEN_SIZE];

    if (seal) {
        rc4_crypt(&ntlm->receive.rc4, cl_pdu_stub(pdu), pdu->stub_size);
    }
    make_token(&ntlm->receive, pdu, expected);
    rc4_crypt(&ntlm->receive.rc4, expected + 4, CHECKSUM_SIZE);
    if (!is_equal(expected, cl_pdu_token(pdu), sizeof expected)) {
        return cl_fail(error, ERROR_ACCESS_DENIED,
                       "the signature of PDU %u is wrong: altered, repeated or out of order",
                       ntlm->receive.sequence);
    }
    ntlm->receive.sequence++;
    return TRUE;
}
