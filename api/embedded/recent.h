/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one reader found lately: numbers of names and ids, and states. It is true as long as the
 * file has not changed, and of a fixed size. Used by one thread at a time.
 */
#pragma once

#include "backend.h"
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct ClRecent ClRecent;

ClRecent *cl_recent_new(void);
void cl_recent_free(ClRecent *recent);

/* Forgets everything if the file has changed; FALSE if that cannot be told now. */
gboolean cl_recent_check(ClRecent *recent, sqlite3 *db);

gboolean cl_recent_number(const ClRecent *recent, ClKind kind, const char *key, gint64 *ret_number);
void cl_recent_keep_number(ClRecent *recent, ClKind kind, const char *key, gint64 number);

/* Owners are borrowed when kept and copied when told; NULL where a kind has none. */
gboolean cl_recent_state(const ClRecent *recent, ClKind kind, gint64 number, gint32 *ret_state,
                         char **ret_owner_node, char **ret_owner_group);
void cl_recent_keep_state(ClRecent *recent, ClKind kind, gint64 number, gint32 state,
                          const char *owner_node, const char *owner_group);

/* When something is due next, on the boot-time clock. */
gboolean cl_recent_due(const ClRecent *recent, gint64 *ret_due);
void cl_recent_keep_due(ClRecent *recent, gint64 due);

G_END_DECLS
