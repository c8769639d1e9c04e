/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of a dependency expression: "([a] or [b]) and [c]". The caller owns what it gets; no
 * state.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The clauses of @text, each a GPtrArray of the names in brackets (transfer full); a clause's
 * members are alternatives. An empty text has no clause. "and" and "or" in any case; blanks
 * between tokens as one likes; "and" and "or" mix only with parentheses. NULL with the reason in
 * @ret_why if it is malformed. */
GPtrArray *cl_expression_parse(const char *text, char **ret_why);

G_END_DECLS
