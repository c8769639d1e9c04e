/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster's file and its pool of SQLite connections. A ClConnection is shared by all threads; a
 * ClReader is one SQLite connection with its prepared statements, borrowed by one thread at a
 * time and owned by the pool.
 */
#pragma once

#include "backend.h"
#include "recent.h"
#include "statements.h"
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct ClReader ClReader;

/* Opens the cluster in the file @path. @wanted that this process cannot have is
 * ERROR_ACCESS_DENIED. */
gboolean cl_store_open(const char *path, ClAccess wanted, const ClCall *call,
                       ClConnection **ret_store, GError **error);

/* All readers must have been given back. */
void cl_store_close(ClConnection *store);

/* CL_ACCESS_READ or CL_ACCESS_ALL. */
ClAccess cl_store_access(const ClConnection *store);

/* Whether this process may commit what is due: through the connection itself or, where that was
 * opened for reading, through a second one, which settle.c keeps here and which is closed with the
 * first. */
gboolean cl_store_settles(const ClConnection *store);
ClConnection *cl_store_settler(ClConnection *store);
void cl_store_set_settler(ClConnection *store, ClConnection *settler);

/* Lends the calling thread a reader that obeys @call, which must live until it is given back. */
ClReader *cl_store_borrow(ClConnection *store, const ClCall *call, GError **error);

/* Gives the reader back and ends its transaction. */
void cl_reader_return(ClReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClReader, cl_reader_return)

/* Takes the right to change the file, for one thread of this process at a time: ERROR_TIMEOUT or
 * ERROR_OPERATION_ABORTED when it cannot be had in time. For change.c. */
gboolean cl_store_lock(ClConnection *store, const ClCall *call, GError **error);
void cl_store_unlock(ClConnection *store);

/* Tells the other processes, by the side file that they watch, that the file has changed. */
void cl_store_signal(ClConnection *store);

/* The path of the file (borrowed), and of its side file (transfer full). */
const char *cl_store_path(const ClConnection *store);
char *cl_store_signal_path(const char *path);

/* Fails when another file has taken the place of the one that was opened, or none. */
gboolean cl_store_check(const ClConnection *store, GError **error);

/* The watch of the connection, which watch.c keeps here; it ends when the store is closed. */
typedef struct ClWatch ClWatch;
ClWatch *cl_store_watch(ClConnection *store);
void cl_store_set_watch(ClConnection *store, ClWatch *watch, void (*end)(ClWatch *watch));

/* What the reader found lately and is still true; NULL when that cannot be told now. To be asked
 * for before the statement whose result it shall keep. */
ClRecent *cl_reader_recent(ClReader *reader);

/* From now on the reader's statements see one state of the file. */
gboolean cl_reader_begin(ClReader *reader, GError **error);

/* The same for one that changes the file: no other process changes it until the end.
 * cl_reader_commit() ends it; otherwise giving the reader back undoes it. */
gboolean cl_reader_begin_change(ClReader *reader, GError **error);
gboolean cl_reader_commit(ClReader *reader, GError **error);

/* A prepared statement being run. Use: begin, bind, next until FALSE (or as often as wanted), end.
 * Values are checked as they are read; a wrong one makes next() stop and end() fail with
 * ERROR_FILE_CORRUPT. */
typedef struct {
    ClReader *reader;
    sqlite3_stmt *statement; /* NULL if it could not be prepared */
    int result;
    gboolean damaged;
} ClRows;

ClRows cl_rows_begin(ClReader *reader, ClSql sql);
/* Begins with the first parameter bound. */
ClRows cl_rows_of(ClReader *reader, ClSql sql, gint64 number);
/* Begins a statement that stands where it is used; @sql is a constant, by whose address it is kept
 * prepared. @types has a letter for each parameter: i gint64, s text or NULL, b GBytes or NULL. */
ClRows cl_rows_query(ClReader *reader, const char *sql, const char *types, ...);
/* Runs such a statement to its end. */
gboolean cl_rows_run(ClReader *reader, GError **error, const char *sql, const char *types, ...);
/* The first column of the first row, a number; @missing if there is no row or it is NULL. */
gboolean cl_rows_one(ClReader *reader, GError **error, gint64 *ret_number, gint64 missing,
                     const char *sql, const char *types, ...);
/* The first column of all rows, as gint64 (transfer full). */
GArray *cl_rows_all(ClReader *reader, GError **error, const char *sql, const char *types, ...);

/* The connection itself, for copying the file as a whole. */
sqlite3 *cl_reader_database(ClReader *reader);

/* How many rows the last statement that was run changed, and the number of the row it inserted. */
gint64 cl_reader_changes(ClReader *reader);
gint64 cl_reader_last_number(ClReader *reader);

void cl_rows_bind_number(ClRows *rows, int parameter, gint64 number);
/* @text must live until the end. */
void cl_rows_bind_text(ClRows *rows, int parameter, const char *text);
gboolean cl_rows_next(ClRows *rows);
gboolean cl_rows_end(ClRows *rows, GError **error);

gint64 cl_rows_number(ClRows *rows, int column, gint64 min, gint64 max);
/* Valid until the next step; "" if it is damaged. */
const char *cl_rows_text(ClRows *rows, int column);
/* The bytes of a BLOB (transfer full); NULL where the column is NULL. */
GBytes *cl_rows_bytes(ClRows *rows, int column);
gboolean cl_rows_is_null(ClRows *rows, int column);
/* For a value that is itself impossible. */
void cl_rows_damaged(ClRows *rows);

G_END_DECLS
