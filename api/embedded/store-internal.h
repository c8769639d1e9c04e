/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What store.c lends and rows.c reads with.
 */
#pragma once

#include "store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

struct ClReader {
    ClConnection *store;
    sqlite3 *db;
    ClReader *next;     /* in the idle list */
    const ClCall *call; /* while borrowed */
    gint64 compute_until;
    gboolean in_transaction;
    gboolean in_change;
    sqlite3_stmt *statements[CL_SQL_N];
    GHashTable *queries; /* const char * to sqlite3_stmt * */
    ClRecent *recent;
};

/* Sets the error of a statement that ended with that result of SQLite's; returns FALSE. */
gboolean cl_reader_fail(ClReader *reader, int result, const char *what, GError **error);

G_END_DECLS
