/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Control codes: checking them, and answering the standard ones from a back end's facts and
 * properties.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* The buffers of a control call, as the caller gave them. */
typedef struct {
    DWORD code;
    gconstpointer in;
    DWORD in_size;
    gpointer out;
    DWORD out_size;
    LPDWORD bytes_returned; /* may be NULL */
    gboolean as_user;       /* in the caller's name */
} ClControlBuffers;

/* Whether the code is one for objects of @kind, and the access that it needs. */
gboolean cl_control_check(ClKind kind, DWORD code, ClAccess *ret_needed, GError **error);

/* Carries out a control on what @use holds. Returns the Win32 code for the caller. */
DWORD cl_control_run(const ClUse *use, HNODE host, const ClControlBuffers *buffers);

G_END_DECLS
