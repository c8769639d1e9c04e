/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of objects in a change: what they may be, and that none is taken.
 */
#pragma once

#include "change.h"

G_BEGIN_DECLS

/* ERROR_INVALID_NAME for what no object of the kind can be called; else @taken when another object
 * of the kind but @but has it as its name or id. */
gboolean cl_names_check(ClChange *change, ClKind kind, const char *name, gint64 but, DWORD taken,
                        GError **error);

G_END_DECLS
