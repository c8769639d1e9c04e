/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statements and their rows, whose values are checked: what is in a file may be anything.
 */
#include "store-internal.h"

#include <stdarg.h>

ClRows cl_rows_begin(ClReader *reader, ClSql sql)
{
    ClRows rows = {reader, reader->statements[sql], SQLITE_OK, FALSE};
    if (!rows.statement) {
        rows.result = sqlite3_prepare_v3(reader->db, cl_sql_text(sql), -1,
                                         SQLITE_PREPARE_PERSISTENT, &rows.statement, NULL);
        reader->statements[sql] = rows.statement;
    }
    return rows;
}

static void bind_one(sqlite3_stmt *statement, int parameter, char type, va_list *values)
{
    if (type == 'i') {
        sqlite3_bind_int64(statement, parameter, va_arg(*values, gint64));
    } else if (type == 's') {
        sqlite3_bind_text(statement, parameter, va_arg(*values, const char *), -1, SQLITE_STATIC);
    } else {
        GBytes *bytes = va_arg(*values, GBytes *);
        gsize size = 0;
        const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
        if (bytes) {
            sqlite3_bind_blob64(statement, parameter, size > 0 ? data : "", size, SQLITE_STATIC);
        } else {
            sqlite3_bind_null(statement, parameter);
        }
    }
}

static ClRows begin_query(ClReader *reader, const char *sql, const char *types, va_list *values)
{
    ClRows rows = {reader, g_hash_table_lookup(reader->queries, sql), SQLITE_OK, FALSE};
    if (!rows.statement) {
        rows.result = sqlite3_prepare_v3(reader->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                         &rows.statement, NULL);
        if (rows.statement) {
            g_hash_table_insert(reader->queries, (gpointer)sql, rows.statement);
        }
    }
    for (int i = 0; rows.statement && types[i]; i++) {
        bind_one(rows.statement, i + 1, types[i], values);
    }
    return rows;
}

ClRows cl_rows_query(ClReader *reader, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    ClRows rows = begin_query(reader, sql, types, &values);
    va_end(values);
    return rows;
}

gboolean cl_rows_run(ClReader *reader, GError **error, const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    ClRows rows = begin_query(reader, sql, types, &values);
    va_end(values);
    while (cl_rows_next(&rows)) {
        continue;
    }
    return cl_rows_end(&rows, error);
}

gboolean cl_rows_one(ClReader *reader, GError **error, gint64 *ret_number, gint64 missing,
                     const char *sql, const char *types, ...)
{
    va_list values;
    va_start(values, types);
    ClRows rows = begin_query(reader, sql, types, &values);
    va_end(values);
    gboolean found = cl_rows_next(&rows) && !cl_rows_is_null(&rows, 0);
    gint64 number = found ? cl_rows_number(&rows, 0, G_MININT64, G_MAXINT64) : missing;
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    *ret_number = number;
    return TRUE;
}

GArray *cl_rows_all(ClReader *reader, GError **error, const char *sql, const char *types, ...)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    va_list values;
    va_start(values, types);
    ClRows rows = begin_query(reader, sql, types, &values);
    va_end(values);
    while (cl_rows_next(&rows)) {
        gint64 number = cl_rows_number(&rows, 0, G_MININT64, G_MAXINT64);
        g_array_append_val(numbers, number);
    }
    return cl_rows_end(&rows, error) ? g_steal_pointer(&numbers) : NULL;
}

sqlite3 *cl_reader_database(ClReader *reader)
{
    return reader->db;
}

gint64 cl_reader_changes(ClReader *reader)
{
    return sqlite3_changes64(reader->db);
}

gint64 cl_reader_last_number(ClReader *reader)
{
    return sqlite3_last_insert_rowid(reader->db);
}

ClRows cl_rows_of(ClReader *reader, ClSql sql, gint64 number)
{
    ClRows rows = cl_rows_begin(reader, sql);
    cl_rows_bind_number(&rows, 1, number);
    return rows;
}

void cl_rows_bind_number(ClRows *rows, int parameter, gint64 number)
{
    if (rows->statement) {
        sqlite3_bind_int64(rows->statement, parameter, number);
    }
}

void cl_rows_bind_text(ClRows *rows, int parameter, const char *text)
{
    if (rows->statement) {
        sqlite3_bind_text(rows->statement, parameter, text, -1, SQLITE_STATIC);
    }
}

gboolean cl_rows_next(ClRows *rows)
{
    if (!rows->statement || rows->damaged) {
        return FALSE;
    }
    rows->result = sqlite3_step(rows->statement);
    return rows->result == SQLITE_ROW;
}

gboolean cl_rows_end(ClRows *rows, GError **error)
{
    gboolean failed =
        rows->result != SQLITE_ROW && rows->result != SQLITE_DONE && rows->result != SQLITE_OK;
    if (failed) {
        cl_reader_fail(rows->reader, rows->result, "read the cluster's file", error);
    }
    if (rows->statement) {
        sqlite3_reset(rows->statement);
    }
    if (!failed && rows->damaged) {
        return cl_fail(error, ERROR_FILE_CORRUPT, "%s holds an impossible value",
                       cl_store_path(rows->reader->store));
    }
    return !failed;
}

gint64 cl_rows_number(ClRows *rows, int column, gint64 min, gint64 max)
{
    gint64 number = sqlite3_column_int64(rows->statement, column);
    if (sqlite3_column_type(rows->statement, column) != SQLITE_INTEGER || number < min ||
        number > max) {
        rows->damaged = TRUE;
        return min;
    }
    return number;
}

const char *cl_rows_text(ClRows *rows, int column)
{
    if (sqlite3_column_type(rows->statement, column) == SQLITE_TEXT) {
        const char *text = (const char *)sqlite3_column_text(rows->statement, column);
        int size = sqlite3_column_bytes(rows->statement, column);
        if (text && strlen(text) == (gsize)size && g_utf8_validate(text, size, NULL)) {
            return text;
        }
    }
    rows->damaged = TRUE;
    return "";
}

GBytes *cl_rows_bytes(ClRows *rows, int column)
{
    int type = sqlite3_column_type(rows->statement, column);
    if (type == SQLITE_BLOB) {
        const void *data = sqlite3_column_blob(rows->statement, column);
        return g_bytes_new(data, (gsize)sqlite3_column_bytes(rows->statement, column));
    }
    if (type != SQLITE_NULL) {
        rows->damaged = TRUE;
    }
    return NULL;
}

gboolean cl_rows_is_null(ClRows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

void cl_rows_damaged(ClRows *rows)
{
    rows->damaged = TRUE;
}
