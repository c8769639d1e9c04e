/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between the UTF-8 of the filesystem and the 16-bit text of the API. Results belong to the caller.
 */
#pragma once

#include <clusapi/linux.h>
#include <glib.h>

G_BEGIN_DECLS

/* A function of the API that fills a buffer of characters by the rule of clusapi.h. */
typedef DWORD (*FsFill)(gconstpointer of, LPWSTR buffer, LPDWORD characters);

/* UTF-8 to the API's text; ERROR_NO_UNICODE_TRANSLATION if it is none. */
DWORD fs_wide_from_utf8(const char *text, LPWSTR *ret_wide);

/* Appends @characters of @wide ((DWORD)-1: up to its NUL) to @out. */
DWORD fs_utf8_append(GString *out, LPCWSTR wide, DWORD characters);

/* Calls @fill until its buffer is large enough, and appends the text to @out. */
DWORD fs_utf8_append_filled(GString *out, FsFill fill, gconstpointer of);

G_END_DECLS
