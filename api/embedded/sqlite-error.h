/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SQLite's result codes as errors of the cluster API. Owns nothing; runs on the thread that has
 * the connection.
 */
#pragma once

#include "error.h"
#include <sqlite3.h>

G_BEGIN_DECLS

/* Sets @error to what @result (primary or extended) means; @db may be NULL, else its message is
 * added. @doing completes "could not ...". Returns FALSE. */
gboolean cl_sqlite_fail(sqlite3 *db, int result, const char *doing, GError **error);

/* Runs statements that give no rows. */
gboolean cl_sqlite_execute(sqlite3 *db, const char *sql, GError **error);

G_END_DECLS
