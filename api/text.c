/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small coder between UTF-16 and UTF-8 in its generalised form, which can also hold unpaired
 * surrogates. Bytes that are no UTF-8 (from a damaged store) count as one character each, are
 * shown as U+FFFD outside and kept inside. Nothing here has state; any thread may call it.
 */
#include "text.h"

#include <string.h>

/* What decode() makes of a byte that is not part of a character: this plus the byte. */
#define NO_CHARACTER          0x110000
#define REPLACEMENT_CHARACTER 0xFFFD

static inline gboolean is_high_surrogate(guint32 code)
{
    return (code & 0xFFFFFC00) == 0xD800;
}

static inline gboolean is_low_surrogate(guint32 code)
{
    return (code & 0xFFFFFC00) == 0xDC00;
}

static inline gboolean is_continuation(guint8 byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decodes the character at @p. A NUL is no continuation, so it never reads beyond one. */
static const guint8 *decode(const guint8 *p, guint32 *ret_code)
{
    guint32 code;

    if (p[0] < 0x80) {
        *ret_code = p[0];
        return p + 1;
    }
    if (p[0] >= 0xC2 && p[0] < 0xE0 && is_continuation(p[1])) {
        *ret_code = (guint32)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
        return p + 2;
    }
    if ((p[0] & 0xF0) == 0xE0 && is_continuation(p[1]) && is_continuation(p[2])) {
        code = (guint32)(p[0] & 0x0F) << 12 | (guint32)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
        if (code >= 0x800) {
            *ret_code = code;
            return p + 3;
        }
    }
    if ((p[0] & 0xF8) == 0xF0 && is_continuation(p[1]) && is_continuation(p[2]) &&
        is_continuation(p[3])) {
        code = (guint32)(p[0] & 0x07) << 18 | (guint32)(p[1] & 0x3F) << 12 |
               (guint32)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
        if (code >= 0x10000 && code < 0x110000) {
            *ret_code = code;
            return p + 4;
        }
    }
    *ret_code = NO_CHARACTER + p[0];
    return p + 1;
}

/* The bytes that encode() writes for @code. */
static inline gsize encoded_size(guint32 code)
{
    if (code < 0x80 || code >= NO_CHARACTER) {
        return 1;
    }
    return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static guint8 *encode(guint32 code, guint8 *p)
{
    switch (encoded_size(code)) {
    case 1:
        *p++ = (guint8)code; /* also gives back a byte that was no character */
        break;
    case 2:
        *p++ = (guint8)(0xC0 | code >> 6);
        *p++ = (guint8)(0x80 | (code & 0x3F));
        break;
    case 3:
        *p++ = (guint8)(0xE0 | code >> 12);
        *p++ = (guint8)(0x80 | (code >> 6 & 0x3F));
        *p++ = (guint8)(0x80 | (code & 0x3F));
        break;
    default:
        *p++ = (guint8)(0xF0 | code >> 18);
        *p++ = (guint8)(0x80 | (code >> 12 & 0x3F));
        *p++ = (guint8)(0x80 | (code >> 6 & 0x3F));
        *p++ = (guint8)(0x80 | (code & 0x3F));
        break;
    }
    return p;
}

/* By bytes, because text in a property list may lie at any address. */
static inline guint32 unit_at(const WCHAR *wide, gsize index)
{
    WCHAR unit;

    memcpy(&unit, (const guint8 *)wide + index * sizeof unit, sizeof unit);
    return unit;
}

/* The code point that begins at *@index, which moves behind it. */
static guint32 next_code_point(const WCHAR *wide, gsize units, gsize *index)
{
    guint32 code = unit_at(wide, (*index)++);
    guint32 low;

    if (is_high_surrogate(code) && *index < units) {
        low = unit_at(wide, *index);
        if (is_low_surrogate(low)) {
            (*index)++;
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    return code;
}

static gboolean check_surrogates(const WCHAR *wide, gsize units, GError **error)
{
    gsize index = 0;

    while (index < units) {
        guint32 code = next_code_point(wide, units, &index);

        if (is_high_surrogate(code) || is_low_surrogate(code)) {
            return cl_fail(error, ERROR_NO_UNICODE_TRANSLATION, "unpaired surrogate at unit %zu",
                           index - 1);
        }
    }
    return TRUE;
}

char *cl_text_from_units(const WCHAR *wide, gsize units)
{
    gsize size = 0;
    gsize index = 0;
    guint8 *text;
    guint8 *p;

    while (index < units) {
        size += encoded_size(next_code_point(wide, units, &index));
    }
    text = g_malloc(size + 1);
    p = text;
    for (index = 0; index < units;) {
        p = encode(next_code_point(wide, units, &index), p);
    }
    *p = 0;
    return (char *)text;
}

/* The commonest case in one pass: a short text that is ASCII; else NULL. */
static char *narrow(LPCWSTR wide)
{
    char text[96];
    gsize units = 0;

    while (units < sizeof text && wide[units] < 0x80) {
        text[units] = (char)wide[units];
        if (wide[units++] == 0) {
            return g_memdup2(text, units);
        }
    }
    return NULL;
}

gboolean cl_text_from_wide(LPCWSTR wide, char **ret_text, GError **error)
{
    gsize units = 0;
    char *text;

    if (wide == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "text is NULL");
    }
    text = narrow(wide);
    if (text == NULL) {
        while (wide[units] != 0) {
            units++;
        }
        if (!check_surrogates(wide, units, error)) {
            return FALSE;
        }
        text = cl_text_from_units(wide, units);
    }
    *ret_text = text;
    return TRUE;
}

/* How many units from @begin on are before the next NUL; @units if there is none. */
static gsize find_nul(const WCHAR *wide, gsize begin, gsize units)
{
    gsize index = begin;

    while (index < units && unit_at(wide, index) != 0) {
        index++;
    }
    return index - begin;
}

char **cl_text_strv_from_units(const WCHAR *multi, gsize units)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    gsize index = 0;
    gsize length;

    if (units == 0 || unit_at(multi, units - 1) != 0 ||
        (units > 1 && unit_at(multi, units - 2) != 0)) {
        return NULL;
    }
    while (index < units && (length = find_nul(multi, index, units)) > 0) {
        g_ptr_array_add(
            texts, cl_text_from_units((const WCHAR *)((const guint8 *)multi + index * 2), length));
        index += length + 1;
    }
    /* What follows the end of the list would be lost. */
    for (; index < units; index++) {
        if (unit_at(multi, index) != 0) {
            return NULL;
        }
    }
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&texts), FALSE);
}

gboolean cl_text_strv_from_multi_sz(LPCWSTR multi, DWORD cb, char ***ret_texts, GError **error)
{
    g_auto(GStrv) texts = NULL;

    if (multi == NULL || cb % sizeof(WCHAR) != 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER,
                       "a list of strings is NULL or has an odd size");
    }
    if (!check_surrogates(multi, cb / sizeof(WCHAR), error)) {
        return FALSE;
    }
    texts = cl_text_strv_from_units(multi, cb / sizeof(WCHAR));
    if (texts == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER,
                       "a list of strings does not end where its size says");
    }
    *ret_texts = g_steal_pointer(&texts);
    return TRUE;
}

/* How many of the @size bytes are ASCII before the first that is not. */
static gsize ascii_run(const guint8 *text, gsize size)
{
    gsize run = 0;
    guint64 word;

    while (size - run >= sizeof word) {
        memcpy(&word, text + run, sizeof word);
        if ((word & G_GUINT64_CONSTANT(0x8080808080808080)) != 0) {
            break;
        }
        run += sizeof word;
    }
    while (run < size && text[run] < 0x80) {
        run++;
    }
    return run;
}

static gsize wide_length(const guint8 *text, gsize size)
{
    const guint8 *end = text + size;
    gsize units = 0;
    guint32 code;

    while (text < end) {
        gsize run = ascii_run(text, (gsize)(end - text));

        units += run;
        text += run;
        while (text < end && *text >= 0x80) {
            text = decode(text, &code);
            units += code >= 0x10000 && code < NO_CHARACTER ? 2 : 1;
        }
    }
    return units;
}

static WCHAR *put_code_point(guint32 code, WCHAR *wide)
{
    if (code >= NO_CHARACTER) {
        *wide++ = REPLACEMENT_CHARACTER;
    } else if (code >= 0x10000) {
        *wide++ = (WCHAR)(0xD800 + ((code - 0x10000) >> 10));
        *wide++ = (WCHAR)(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
        *wide++ = (WCHAR)code;
    }
    return wide;
}

static WCHAR *put_wide(const guint8 *text, gsize size, WCHAR *wide)
{
    const guint8 *end = text + size;
    guint32 code;

    while (text < end) {
        gsize run = ascii_run(text, (gsize)(end - text));

        for (gsize i = 0; i < run; i++) {
            wide[i] = text[i];
        }
        text += run;
        wide += run;
        while (text < end && *text >= 0x80) {
            text = decode(text, &code);
            wide = put_code_point(code, wide);
        }
    }
    return wide;
}

gsize cl_text_wide_length(const char *text)
{
    return wide_length((const guint8 *)text, strlen(text));
}

WCHAR *cl_text_put_wide(const char *text, WCHAR *wide)
{
    return put_wide((const guint8 *)text, strlen(text), wide);
}

DWORD cl_text_copy_out(const char *text, LPWSTR buffer, LPDWORD cch)
{
    const guint8 *bytes = (const guint8 *)(text != NULL ? text : "");
    gsize size;
    gsize length;

    if (cch == NULL) {
        return buffer == NULL ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    }
    size = strlen((const char *)bytes);
    /* A text never takes more units than bytes: mostly its length need not be known before. */
    length = buffer != NULL && size < *cch ? size : wide_length(bytes, size);
    if (buffer != NULL && length < *cch) {
        WCHAR *end = put_wide(bytes, size, buffer);

        *end = 0;
        *cch = (DWORD)(end - buffer);
        return ERROR_SUCCESS;
    }
    *cch = (DWORD)MIN(length, G_MAXUINT32);
    return buffer == NULL ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

DWORD cl_bytes_copy_out(const void *data, gsize size, void *buffer, DWORD room, LPDWORD cb)
{
    if (cb != NULL) {
        *cb = (DWORD)MIN(size, G_MAXUINT32);
    }
    if (buffer == NULL) {
        return ERROR_SUCCESS;
    }
    if (size > room) {
        return ERROR_MORE_DATA;
    }
    if (size > 0) {
        memcpy(buffer, data, size);
    }
    return ERROR_SUCCESS;
}

/* Where lower(upper(c)) by GLib's tables does not put two code points together exactly when
 * Unicode's simple case folding (C and S of CaseFolding.txt) does. */
static const struct {
    guint32 first, last, distance;
} fold_exceptions[] = {
    {0x0130, 0x0131, 0},      /* dotted capital I and dotless i equal nothing else */
    {0x0345, 0x0345, 0x0074}, /* combining iota below is a small iota */
    {0x2160, 0x216F, 0x0010}, /* Roman numerals */
    {0x2170, 0x217F, 0},      {0x24B6, 0x24CF, 0x001A}, /* circled letters */
    {0x24D0, 0x24E9, 0},
};

static inline guint32 fold_ascii(guint32 code)
{
    return code >= 'A' && code <= 'Z' ? code | 0x20 : code;
}

static guint32 fold_code_point(guint32 code)
{
    if (code < 0x80) {
        return fold_ascii(code);
    }
    if (code >= NO_CHARACTER) {
        return code;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(fold_exceptions); i++) {
        if (code >= fold_exceptions[i].first && code <= fold_exceptions[i].last) {
            return code + fold_exceptions[i].distance;
        }
    }
    return g_unichar_tolower(g_unichar_toupper(code));
}

char *cl_text_fold(const char *text)
{
    const guint8 *p = (const guint8 *)text;
    gsize size = strlen(text);
    /* Folding makes at most three bytes of two. */
    guint8 *folded = g_malloc(size + size / 2 + 1);
    guint8 *end = folded;
    guint32 code;

    while (*p != 0) {
        if (*p < 0x80) {
            *end++ = (guint8)fold_ascii(*p++);
            continue;
        }
        p = decode(p, &code);
        end = encode(fold_code_point(code), end);
    }
    *end = 0;
    return (char *)folded;
}

gboolean cl_text_equal(const char *a, const char *b)
{
    const guint8 *p = (const guint8 *)a;
    const guint8 *q = (const guint8 *)b;
    guint32 code_p;
    guint32 code_q;

    if (strcmp(a, b) == 0) {
        return TRUE;
    }
    for (;;) {
        if (*p < 0x80 && *q < 0x80) {
            if (fold_ascii(*p) != fold_ascii(*q)) {
                return FALSE;
            }
            if (*p == 0) {
                return TRUE;
            }
            p++;
            q++;
            continue;
        }
        p = decode(p, &code_p);
        q = decode(q, &code_q);
        if (fold_code_point(code_p) != fold_code_point(code_q)) {
            return FALSE;
        }
    }
}

gboolean cl_text_is_valid(const char *text)
{
    const guint8 *p = (const guint8 *)text;
    while (*p != 0) {
        guint32 code;
        p = decode(p, &code);
        if (code >= NO_CHARACTER) {
            return FALSE;
        }
    }
    return TRUE;
}
