/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What objects have by their kind, and what the API answers for one that is not there.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* Whether objects of the kind have all these facts, CL_FACT bits; else ERROR_INVALID_FUNCTION. */
gboolean cl_kind_check_facts(ClKind kind, guint32 wanted, GError **error);

/* Whether open() opens such objects by name. */
gboolean cl_kind_is_opened(ClKind kind);

/* What opening a missing one fails with, and using a deleted one; 0 for kinds that are not opened. */
DWORD cl_kind_missing(ClKind kind);
DWORD cl_kind_gone(ClKind kind);

/* Set that as an error and return FALSE. */
gboolean cl_kind_fail_missing(ClKind kind, const char *name, GError **error);
gboolean cl_kind_fail_gone(ClKind kind, GError **error);

G_END_DECLS
