/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text at the public edge: 16-bit code units outside, UTF-8 inside; the copy-out rule of Windows
 * buffers; and the one place where names are folded for comparison.
 *
 * An unpaired surrogate is refused from callers. One that came over a wire is kept inside as its
 * three-byte form (ED A0..BF xx) and goes out unchanged.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* Whether @text is UTF-8, unpaired surrogates in their three-byte form included. */
gboolean cl_text_is_valid(const char *text);

/* Caller's text to UTF-8 (transfer full). ERROR_INVALID_PARAMETER for NULL,
 * ERROR_NO_UNICODE_TRANSLATION for unpaired surrogates. */
gboolean cl_text_from_wide(LPCWSTR wide, char **ret_text, GError **error);

/* A MULTI_SZ of @cb bytes to a NULL-terminated vector; ERROR_INVALID_PARAMETER if it has an odd
 * size, does not end in two NULs (an empty list may be one) or has something after its end;
 * ERROR_NO_UNICODE_TRANSLATION for unpaired surrogates. */
gboolean cl_text_strv_from_multi_sz(LPCWSTR multi, DWORD cb, char ***ret_texts, GError **error);

/* The same for text from a wire, at any address: keeps unpaired surrogates (transfer full); NULL
 * if it is no MULTI_SZ. */
char **cl_text_strv_from_units(const WCHAR *multi, gsize units);

/* The code units that @text takes, without a NUL. */
gsize cl_text_wide_length(const char *text);

/* Writes the code units of @text, without a NUL, to @wide, which has room for them. Returns the
 * position after the last. */
WCHAR *cl_text_put_wide(const char *text, WCHAR *wide);

/* Decodes @units code units at any address to UTF-8, keeping unpaired surrogates (transfer full). */
char *cl_text_from_units(const WCHAR *wide, gsize units);

/* The copy-out rule: *@cch is the room in code units with the NUL, and becomes the length without
 * it. Returns ERROR_SUCCESS, ERROR_MORE_DATA, or ERROR_INVALID_PARAMETER where a buffer has no
 * @cch. A NULL @buffer asks for the length alone; both NULL skip the item. @text NULL is "". */
DWORD cl_text_copy_out(const char *text, LPWSTR buffer, LPDWORD cch);

/* The same for bytes: @buffer has @room for them, *@cb becomes the size needed or written and may
 * be left out. */
DWORD cl_bytes_copy_out(const void *data, gsize size, void *buffer, DWORD room, LPDWORD cb);

/* Simple case folding, code point by code point: equal results mean equal names (transfer full). */
char *cl_text_fold(const char *text);

/* Whether two names are the same without regard to case. */
gboolean cl_text_equal(const char *a, const char *b);

G_END_DECLS
