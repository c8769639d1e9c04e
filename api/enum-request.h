/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be asked of enumerate(), and which properties of an item are wanted. No state.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* Whether objects of a kind have a common property of that name. */
typedef gboolean (*ClHasProperty)(ClKind kind, const char *name, gboolean read_only);

/* ERROR_INVALID_FUNCTION for a kind without lists, ERROR_INVALID_PARAMETER for what cannot be asked. */
gboolean cl_enum_request_check(ClKind kind, const ClEnumRequest *request, ClHasProperty has,
                               GError **error);

/* Those of @all that a request's @names want, with "*" all (transfer full); taken out of @all. */
GPtrArray *cl_enum_request_take(GPtrArray *all, const char *const *names);

G_END_DECLS
