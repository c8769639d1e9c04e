/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bodies that the functions which change something share: they check handles, access, flags and
 * buffers, call the back end's operation, and give back the Win32 code.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* One call of act(). What is left out is 0. */
typedef struct {
    ClVerb verb;
    gboolean reads; /* it changes nothing, so any access suffices */
    DWORD flags;
    DWORD known_flags; /* others are ERROR_INVALID_PARAMETER */
    guint64 number;
    gboolean has_text;
    LPCWSTR text;
    const void *in; /* a property list, or NULL with 0 */
    DWORD in_size;
    ClKind other_kind;
    const gconstpointer *others; /* handles; a NULL one is bad but with @others_optional */
    gsize n_others;
    gboolean others_optional; /* a NULL handle is left out */
    gboolean others_read;     /* that they may be read suffices: they are only named */
} ClActing;

DWORD cl_acting_run(ClKind kind, gconstpointer handle, const ClActing *acting);

DWORD cl_acting_rename(ClKind kind, gconstpointer handle, LPCWSTR name);
DWORD cl_acting_remove(ClKind kind, gconstpointer handle);

/* Creates an object and gives a handle of it with all access; NULL with the last error. @handle is
 * that of the cluster, or of the group that a resource is to be in. @what needs neither parent nor
 * name. */
gpointer cl_acting_create(ClKind handle_kind, gconstpointer handle, LPCWSTR name, ClNewObject what);

G_END_DECLS
