/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making the file of an embedded cluster: written under another name in the same directory, synced,
 * and then given its name in one step, so that a crash leaves it whole or not there. Keeps no
 * state; runs on the caller's thread.
 */
#include "create.h"
#include "schema.h"
#include "sqlite-error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of the file while it is made; nobody else opens it. */
#define MAKING "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"

static gboolean fail_errno(const char *doing, const char *path, int number, GError **error)
{
    DWORD code = ERROR_OPEN_FAILED;

    switch (number) {
    case ENOENT:
    case ENOTDIR:
        code = ERROR_PATH_NOT_FOUND;
        break;
    case EACCES:
    case EPERM:
        code = ERROR_ACCESS_DENIED;
        break;
    case EROFS:
        code = ERROR_WRITE_PROTECT;
        break;
    case EEXIST:
        code = ERROR_ALREADY_EXISTS;
        break;
    case ENOSPC:
    case EDQUOT:
        code = ERROR_DISK_FULL;
        break;
    case EIO:
        code = ERROR_IO_DEVICE;
        break;
    default:
        break;
    }
    return cl_fail(error, code, "could not %s %s: %s", doing, path, g_strerror(number));
}

static gboolean exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}

/* The umask applies to the file made here; SQLite gives its log and index the same mode. */
static gboolean make_empty(const char *path, GError **error)
{
    int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0640);

    if (file < 0) {
        return fail_errno("make", path, errno, error);
    }
    close(file);
    return TRUE;
}

static gboolean sync_path(const char *path, int flags, GError **error)
{
    int file = open(path, flags | O_CLOEXEC);

    if (file < 0) {
        return fail_errno("open", path, errno, error);
    }
    if (fsync(file) != 0) {
        int number = errno;

        close(file);
        return fail_errno("sync", path, number, error);
    }
    close(file);
    return TRUE;
}

static gboolean open_database(const char *path, sqlite3 **ret_db, GError **error)
{
    sqlite3 *db = NULL;
    int result = sqlite3_open_v2(
        path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

    if (result != SQLITE_OK) {
        cl_sqlite_fail(db, result, "open the file", error);
        sqlite3_close(db);
        return FALSE;
    }
    *ret_db = db;
    return TRUE;
}

static gboolean fill_with_definition(sqlite3 *db, gconstpointer definition, GError **error)
{
    return cl_sqlite_execute(db, "BEGIN", error) && cl_schema_create(db, error) &&
           cl_definition_write(definition, db, error) && cl_sqlite_execute(db, "COMMIT", error) &&
           cl_sqlite_execute(db, "PRAGMA journal_mode = WAL", error);
}

/* Makes the whole file; when its connection is closed all is in the one file. */
static gboolean make_file(const char *path, ClFill fill, gconstpointer data, GError **error)
{
    sqlite3 *db;
    gboolean filled;
    int result;

    if (!make_empty(path, error) || !open_database(path, &db, error)) {
        return FALSE;
    }
    filled = cl_sqlite_execute(db, MAKING, error) && fill(db, data, error);
    result = sqlite3_close(db);
    if (filled && result != SQLITE_OK) {
        return cl_sqlite_fail(NULL, result, "close the file", error);
    }
    return filled && sync_path(path, O_RDONLY, error);
}

static void remove_file(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);

        unlink(name);
    }
}

/* The log of another file with this name would be taken for ours, and ours damaged by it. */
static gboolean check_left_over(const char *path, GError **error)
{
    static const char *const suffixes[] = {"", "-wal", "-journal"};

    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);

        if (exists(name)) {
            return cl_fail(error, ERROR_ALREADY_EXISTS, "%s exists", name);
        }
    }
    return TRUE;
}

/* Only the single user of a database can leave the mode with a write-ahead log; this also puts all
 * of the log into the file, which then is whole until it is replaced. */
static gboolean retire_database(const char *path, GError **error)
{
    sqlite3 *db;
    int result;

    if (!open_database(path, &db, error)) {
        return FALSE;
    }
    result = sqlite3_exec(db,
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE;"
                          "BEGIN EXCLUSIVE; COMMIT",
                          NULL, NULL, NULL);
    sqlite3_close(db);
    if ((result & 0xff) == SQLITE_BUSY || (result & 0xff) == SQLITE_LOCKED) {
        return cl_fail(error, ERROR_BUSY, "%s is in use", path);
    }
    /* What is no database, or a damaged one, is replaced as it is. */
    return TRUE;
}

static gboolean retire(const char *path, GError **error)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
    struct stat info;

    if (lstat(path, &info) == 0) {
        if (!S_ISREG(info.st_mode)) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "%s is not a regular file", path);
        }
        if (!retire_database(path, error)) {
            return FALSE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);

        if (unlink(name) != 0 && errno != ENOENT) {
            return fail_errno("remove", name, errno, error);
        }
    }
    return TRUE;
}

/* Not every file system has both ways of taking a name only when it is free. */
static int rename_to_free(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
    return link(from, to) == 0 ? unlink(from) : -1;
}

static gboolean put_in_place(const char *made, const char *path, gboolean overwrite, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);

    if (overwrite ? !retire(path, error) : !check_left_over(path, error)) {
        return FALSE;
    }
    if ((overwrite ? rename(made, path) : rename_to_free(made, path)) != 0) {
        return fail_errno("make", path, errno, error);
    }
    return sync_path(directory, O_RDONLY | O_DIRECTORY, error);
}

/* The log and its index stay when they are closed, so that a reader who cannot write the directory
 * finds them. */
gboolean cl_embedded_make_log(const char *path, GError **error)
{
    sqlite3 *db;
    gboolean made;
    int on = 1;

    if (!open_database(path, &db, error)) {
        return FALSE;
    }
    sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    made = cl_sqlite_execute(db, "SELECT 1 FROM cluster", error);
    sqlite3_close(db);
    return made;
}

gboolean cl_embedded_make(const char *path, ClFill fill, gconstpointer data, gboolean overwrite,
                          GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_autofree char *directory = g_path_get_dirname(whole);
    g_autofree char *unique = g_uuid_string_random();
    g_autofree char *made = g_strdup_printf("%s/.%s.new", directory, unique);

    if (!overwrite && !check_left_over(whole, error)) {
        return FALSE;
    }
    if (!make_file(made, fill, data, error) || !put_in_place(made, whole, overwrite, error)) {
        remove_file(made);
        return FALSE;
    }
    return TRUE;
}

gboolean cl_embedded_create(const char *path, const ClDefinition *definition, gboolean overwrite,
                            GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);

    return cl_embedded_make(whole, fill_with_definition, definition, overwrite, error) &&
           cl_embedded_make_log(whole, error);
}
