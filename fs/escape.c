/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Escaping of names. Pure functions without data; any thread may call.
 */
#include "escape.h"

#include <string.h>

/* A tag longer than this is replaced by its digest, so that something of the name remains. */
#define TAG_BYTES    64
#define DIGEST_BYTES 32

/* The bytes of the well-formed UTF-8 character at @text; 0 if there is none. */
static gsize character_bytes(const char *text)
{
    gunichar character = g_utf8_get_char_validated(text, -1);

    if (character == (gunichar)-1 || character == (gunichar)-2) {
        return 0;
    }
    return (gsize)(g_utf8_next_char(text) - text);
}

/* C0, DEL and C1 (which UTF-8 writes as two bytes) would act on a terminal. */
static gboolean must_escape(const char *text, gsize bytes)
{
    guchar c = (guchar)text[0];

    if (bytes == 0 || c < 0x20 || c == 0x7f || c == '/' || c == '%') {
        return TRUE;
    }
    return c == 0xc2 && (guchar)text[1] < 0xa0;
}

static GString *escape_all(const char *name)
{
    GString *out = g_string_sized_new(strlen(name) + 16);

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return g_string_append(out, name[1] == '\0' ? "%2E" : "%2E%2E");
    }
    while (*name != '\0') {
        gsize bytes = character_bytes(name);

        if (must_escape(name, bytes)) {
            gsize count = MAX(bytes, 1);

            for (gsize i = 0; i < count; i++) {
                g_string_append_printf(out, "%%%02X", (guchar)name[i]);
            }
            name += count;
        } else {
            g_string_append_len(out, name, (gssize)bytes);
            name += bytes;
        }
    }
    return out;
}

/* The longest part of @escaped up to @limit bytes that ends between characters and escapes. */
static gsize cut(const char *escaped, gsize limit)
{
    gsize end = 0;

    while (escaped[end] != '\0') {
        gsize step = escaped[end] == '%' ? 3 : MAX(character_bytes(escaped + end), 1);

        if (end + step > limit) {
            break;
        }
        end += step;
    }
    return end;
}

static char *make_digest(const char *name)
{
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);

    digest[DIGEST_BYTES] = '\0';
    return digest;
}

/* An id is a GUID or a number; anything else that comes is made safe and short in the same way. */
static char *make_tag(const char *name, const char *id)
{
    g_autoptr(GString) escaped = NULL;

    if (id == NULL || *id == '\0') {
        return make_digest(name);
    }
    escaped = escape_all(id);
    if (escaped->len != strlen(id) || escaped->len > TAG_BYTES) {
        return make_digest(id);
    }
    return g_strdup(id);
}

static char *add_tag(GString *escaped, const char *tag)
{
    g_string_truncate(escaped, cut(escaped->str, FS_NAME_BYTES - 2 - strlen(tag)));
    g_string_append(escaped, "%~");
    g_string_append(escaped, tag);
    return g_strdup(escaped->str);
}

char *fs_escape_tagged(const char *name, const char *tag)
{
    g_autoptr(GString) escaped = escape_all(name);

    return add_tag(escaped, tag);
}

char *fs_escape(const char *name, const char *id)
{
    g_autoptr(GString) escaped = escape_all(name);
    g_autofree char *tag = NULL;

    if (escaped->len > 0 && escaped->len <= FS_NAME_BYTES) {
        return g_string_free(g_steal_pointer(&escaped), FALSE);
    }
    tag = make_tag(name, id);
    return add_tag(escaped, tag);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes every %XX of @file; NULL if a % is followed by anything else, or stands for NUL. */
static char *undo_escapes(const char *file)
{
    g_autoptr(GString) out = g_string_sized_new(strlen(file));

    while (*file != '\0') {
        int high, low;

        if (*file != '%') {
            g_string_append_c(out, *file++);
            continue;
        }
        high = hex_value(file[1]);
        low = high < 0 ? -1 : hex_value(file[2]);
        if (low < 0 || high + low == 0) {
            return NULL;
        }
        g_string_append_c(out, (char)(high << 4 | low));
        file += 3;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_surrogate(const char *text, guchar first, guchar last)
{
    guchar second = (guchar)text[0] == 0xed ? (guchar)text[1] : 0;

    return second >= first && second <= last && ((guchar)text[2] & 0xc0) == 0x80;
}

/* UTF-8 that may hold unpaired surrogates; a pair would be another spelling of a character. */
static gboolean is_text(const char *text)
{
    while (*text != '\0') {
        gsize bytes = character_bytes(text);

        if (bytes == 0) {
            if (!is_surrogate(text, 0xa0, 0xbf)) {
                return FALSE;
            }
            if (is_surrogate(text, 0xa0, 0xaf) && is_surrogate(text + 3, 0xb0, 0xbf)) {
                return FALSE;
            }
            bytes = 3;
        }
        text += bytes;
    }
    return TRUE;
}

gboolean fs_unescape(const char *file, char **ret_name, char **ret_tag)
{
    const char *mark = strstr(file, "%~");
    g_autofree char *name = NULL;
    g_autoptr(GString) again = NULL;

    if (mark != NULL) {
        if (mark[2] == '\0' || strchr(mark + 2, '%') != NULL) {
            return FALSE;
        }
        *ret_name = NULL;
        *ret_tag = g_strdup(mark + 2);
        return TRUE;
    }
    name = undo_escapes(file);
    if (name == NULL || !is_text(name)) {
        return FALSE;
    }
    again = escape_all(name);
    if (strcmp(again->str, file) != 0 || *name == '\0' || again->len > FS_NAME_BYTES) {
        return FALSE;
    }
    *ret_name = g_steal_pointer(&name);
    *ret_tag = NULL;
    return TRUE;
}
