/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NTLM's hash of passwords: MD4 ([RFC1320]) of UTF-16. No library that is here anyway has MD4 any
 * longer, and the mechanism's own takes half a millisecond and leaks eight kilobytes each time.
 */
#include "security-internal.h"

#include <string.h>

#define BLOCK 64

static guint32 rotate(guint32 value, guint bits)
{
    return value << bits | value >> (32 - bits);
}

static guint32 choose(guint32 x, guint32 y, guint32 z)
{
    return (x & y) | (~x & z);
}

static guint32 majority(guint32 x, guint32 y, guint32 z)
{
    return (x & y) | (x & z) | (y & z);
}

static guint32 parity(guint32 x, guint32 y, guint32 z)
{
    return x ^ y ^ z;
}

typedef struct {
    guint32 (*mix)(guint32, guint32, guint32);
    guint32 constant;
    guint8 bits[4];
    guint8 order[16];
} Round;

static const Round rounds[3] = {
    {choose, 0, {3, 7, 11, 19}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
    {majority, 0x5a827999, {3, 5, 9, 13}, {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}},
    {parity, 0x6ed9eba1, {3, 9, 11, 15}, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}},
};

static void md4_block(guint32 state[4], const guint8 *block)
{
    guint32 words[16];
    guint32 a = state[0], b = state[1], c = state[2], d = state[3];

    memcpy(words, block, sizeof words);
    for (guint r = 0; r < G_N_ELEMENTS(rounds); r++) {
        const Round *round = &rounds[r];

        for (guint i = 0; i < 16; i++) {
            guint32 sum =
                a + round->mix(b, c, d) + GUINT32_FROM_LE(words[round->order[i]]) + round->constant;

            a = d;
            d = c;
            c = b;
            b = rotate(sum, round->bits[i % 4]);
        }
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    explicit_bzero(words, sizeof words);
}

static void md4(const guint8 *data, gsize size, guint8 ret_hash[CL_NTLM_KEY_SIZE])
{
    guint32 state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    guint64 bits = GUINT64_TO_LE((guint64)size * 8);
    guint8 last[2 * BLOCK] = {0};
    gsize rest = size % BLOCK;
    gsize padded = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;

    for (gsize at = 0; at + BLOCK <= size; at += BLOCK) {
        md4_block(state, data + at);
    }
    memcpy(last, data + size - rest, rest);
    last[rest] = 0x80;
    memcpy(last + padded - 8, &bits, sizeof bits);
    for (gsize at = 0; at < padded; at += BLOCK) {
        md4_block(state, last + at);
    }
    explicit_bzero(last, sizeof last);
    for (guint i = 0; i < 4; i++) {
        state[i] = GUINT32_TO_LE(state[i]);
    }
    memcpy(ret_hash, state, CL_NTLM_KEY_SIZE);
}

gboolean cl_nt_hash(const char *password, guint8 ret_hash[CL_NTLM_KEY_SIZE])
{
    glong count = 0;
    gunichar2 *wide = g_utf8_to_utf16(password, -1, NULL, &count, NULL);

    if (wide == NULL) {
        return FALSE;
    }
    for (glong i = 0; i < count; i++) {
        wide[i] = GUINT16_TO_LE(wide[i]);
    }
    md4((const guint8 *)wide, (gsize)count * sizeof *wide, ret_hash);
    explicit_bzero(wide, (gsize)count * sizeof *wide);
    g_free(wide);
    return TRUE;
}
