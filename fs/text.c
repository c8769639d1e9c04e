/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conversion of text. No data of its own; any thread may call.
 */
#include "text.h"

/* Enough for ids and for all names but extraordinary ones. */
#define USUAL_CHARACTERS 128

/* A text that grows faster than it can be fetched is given up. */
#define ATTEMPTS 8

DWORD fs_wide_from_utf8(const char *text, LPWSTR *ret_wide)
{
    g_autofree LPWSTR wide = NULL;
    DWORD room = (DWORD)strlen(text) + 1; /* UTF-16 never has more units than UTF-8 has bytes */
    DWORD status;

    wide = g_new(WCHAR, room);
    status = ClusapiUtf8ToWide(text, wide, &room);
    if (status == ERROR_SUCCESS) {
        *ret_wide = g_steal_pointer(&wide);
    }
    return status;
}

DWORD fs_utf8_append(GString *out, LPCWSTR wide, DWORD characters)
{
    gsize before = out->len;
    size_t room;
    DWORD status;

    if (characters == (DWORD)-1) {
        characters = (DWORD)lstrlenW(wide);
    }
    room = (size_t)characters * 3 + 1;
    g_string_set_size(out, before + room);
    status = ClusapiWideToUtf8(wide, characters, out->str + before, &room);
    g_string_truncate(out, status == ERROR_SUCCESS ? before + room : before);
    return status;
}

DWORD fs_utf8_append_filled(GString *out, FsFill fill, gconstpointer of)
{
    WCHAR usual[USUAL_CHARACTERS];
    g_autofree LPWSTR large = NULL;
    LPWSTR buffer = usual;
    DWORD room = USUAL_CHARACTERS;
    DWORD status = ERROR_MORE_DATA;

    for (guint attempt = 0; attempt < ATTEMPTS; attempt++) {
        DWORD length = room;

        status = fill(of, buffer, &length);
        if (status == ERROR_SUCCESS) {
            return fs_utf8_append(out, buffer, length);
        }
        if (status != ERROR_MORE_DATA) {
            return status;
        }
        room = length + 1;
        g_free(large);
        large = g_new(WCHAR, room);
        buffer = large;
    }
    return status;
}
