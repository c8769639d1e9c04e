/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Enumeration handles: a snapshot that an enumerator took when it was opened.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* Makes a handle of @type for @items, which it takes; NULL with @error. */
gpointer cl_enum_publish(const ClUse *use, ClHandleType type, ClItems *items, GError **error);

/* Enumerates what @handle's object has and makes a handle of it; NULL with the last error. */
gpointer cl_enum_open(ClKind kind, gconstpointer handle, ClHandleType type,
                      const ClEnumRequest *request);

/* The items behind a handle, until cl_handle_release(); NULL if it is not open. */
const ClItems *cl_enum_acquire(ClHandleType type, gconstpointer handle);

DWORD cl_enum_count(ClHandleType type, gconstpointer handle);
DWORD cl_enum_close(ClHandleType type, gconstpointer handle);

/* Name and type bit (NULL: not wanted) of an item. */
DWORD cl_enum_item(ClHandleType type, gconstpointer handle, DWORD index, LPDWORD ret_type,
                   LPWSTR name, LPDWORD cch);

G_END_DECLS
