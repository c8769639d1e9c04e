/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SQLite's result codes as errors of the cluster API. Owns nothing; runs on the thread that has
 * the connection.
 */
#include "sqlite-error.h"

static DWORD code_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
        return ERROR_FILE_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return ERROR_TIMEOUT;
    case SQLITE_INTERRUPT:
        return ERROR_OPERATION_ABORTED;
    case SQLITE_FULL:
        return ERROR_DISK_FULL;
    case SQLITE_READONLY:
        return ERROR_WRITE_PROTECT;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERROR_ACCESS_DENIED;
    case SQLITE_CANTOPEN:
        return ERROR_OPEN_FAILED;
    case SQLITE_IOERR:
        return result == SQLITE_IOERR_NOMEM ? ERROR_NOT_ENOUGH_MEMORY : ERROR_IO_DEVICE;
    case SQLITE_NOMEM:
        return ERROR_NOT_ENOUGH_MEMORY;
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
        return ERROR_INVALID_DATA;
    default:
        return ERROR_GEN_FAILURE;
    }
}

gboolean cl_sqlite_fail(sqlite3 *db, int result, const char *doing, GError **error)
{
    return cl_fail(error, code_of(result), "could not %s: %s", doing,
                   db ? sqlite3_errmsg(db) : sqlite3_errstr(result));
}

gboolean cl_sqlite_execute(sqlite3 *db, const char *sql, GError **error)
{
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return result == SQLITE_OK || cl_sqlite_fail(db, result, "run a statement", error);
}
