/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster's file as a whole: copying it while it is in use, making one from such a copy, and doing
 * away with it. Keeps no state; any thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act.h"
#include "check.h"
#include "create.h"
#include "settle.h"
#include "sqlite-error.h"

/* Pages between two looks at whether the call shall go on. */
#define STEP_PAGES 256

/* What a backup is called in a directory. */
#define BACKUP_NAME "backup.cluster"

/* --- Copying ---------------------------------------------------------------------------------- */

typedef struct {
    sqlite3 *from;
    const ClCall *call; /* NULL: as long as it takes */
} Copy;

static gboolean copy_pages(const Copy *copy, sqlite3_backup *backup, GError **error)
{
    int result = SQLITE_OK;
    while (result == SQLITE_OK) {
        if (copy->call && !cl_call_may_wait(copy->call, error)) {
            return FALSE;
        }
        result = sqlite3_backup_step(backup, STEP_PAGES);
    }
    return result == SQLITE_DONE || cl_sqlite_fail(copy->from, result, "copy the cluster", error);
}

/* Fills the file that is being made. The log that the copy says it has begins when it is opened. */
static gboolean fill_with_copy(sqlite3 *to, gconstpointer data, GError **error)
{
    const Copy *copy = data;
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", copy->from, "main");
    if (!backup) {
        return cl_sqlite_fail(to, sqlite3_errcode(to), "begin the copy", error);
    }
    gboolean copied = copy_pages(copy, backup, error);
    int result = sqlite3_backup_finish(backup);
    if (copied && result != SQLITE_OK) {
        return cl_sqlite_fail(to, result, "end the copy", error);
    }
    return copied;
}

/* --- Backup ----------------------------------------------------------------------------------- */

/* Where a backup is: the file itself, or a file of a fixed name in a directory (transfer full). */
static char *backup_path(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? g_build_filename(path, BACKUP_NAME, NULL)
                                                 : g_canonicalize_filename(path, NULL);
}

/* The reader's transaction is one moment, however long the copying takes. */
gboolean cl_embedded_back_up(ClConnection *store, const char *path, const ClCall *call,
                             GError **error)
{
    if (!path || !*path) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a backup needs a path");
    }
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    g_autofree char *target = backup_path(path);
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    gint64 clusters;
    if (!reader || !cl_reader_begin(reader, error) ||
        !cl_rows_one(reader, error, &clusters, 0, "SELECT count(*) FROM cluster", "")) {
        return FALSE;
    }
    Copy copy = {cl_reader_database(reader), call};
    return (clusters == 1 || cl_embedded_fail_gone(CL_KIND_CLUSTER, error)) &&
           cl_embedded_make(target, fill_with_copy, &copy, FALSE, error);
}

/* --- Restoring -------------------------------------------------------------------------------- */

/* Nobody has a backup open, so it needs neither log nor locks, nor a directory that can be
 * written. */
static gboolean open_backup(const char *path, sqlite3 **ret_db, GError **error)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    g_autofree char *uri = g_strconcat("file://", escaped, "?immutable=1", NULL);
    sqlite3 *db = NULL;
    int result = sqlite3_open_v2(
        uri, &db,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (result != SQLITE_OK) {
        cl_sqlite_fail(db, result, "open the backup", error);
        sqlite3_close(db);
        return FALSE;
    }
    *ret_db = db;
    return TRUE;
}

/* What stands in its log is not in the file itself, so a cluster in use is no backup. */
static gboolean check_backup(const char *path, GError **error)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autoptr(GPtrArray) findings = NULL;
    struct stat info;
    if (stat(log, &info) == 0 && info.st_size > 0) {
        return cl_fail(error, ERROR_BUSY, "%s is a cluster in use, not a backup", path);
    }
    if (!cl_embedded_check(path, FALSE, &findings, error)) {
        return FALSE;
    }
    return findings->len == 0 || cl_fail(error, ERROR_FILE_CORRUPT, "%s is damaged: %s", path,
                                         ((ClFinding *)findings->pdata[0])->text);
}

gboolean cl_embedded_restore(const char *path, const char *backup, gboolean overwrite,
                             GError **error)
{
    g_autofree char *source = backup_path(backup);
    sqlite3 *db;
    if (!check_backup(source, error) || !open_backup(source, &db, error)) {
        return FALSE;
    }
    Copy copy = {db, NULL};
    gboolean made = cl_embedded_make(path, fill_with_copy, &copy, overwrite, error) &&
                    cl_embedded_make_log(path, error);
    sqlite3_close(db);
    return made;
}

/* --- Destroying ------------------------------------------------------------------------------- */

/* Those who have the file open see an empty one, and then that it is gone. */
static gboolean empty(ClChange *change, GError **error)
{
    static const char *const statements[] = {
        "UPDATE cluster SET quorum_resource = NULL, quorum_device = '', quorum_max_log_size = 0",
        "DELETE FROM dependency",
        "DELETE FROM group_dependency",
        "DELETE FROM object WHERE kind = 1",
        "DELETE FROM object WHERE kind IN (2, 3, 8)",
        "DELETE FROM object WHERE kind = 6",
        "DELETE FROM object WHERE kind IN (4, 5)",
        "DELETE FROM registry_value",
        "DELETE FROM registry_key",
        "DELETE FROM cluster",
        "DELETE FROM object",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        if (!cl_rows_run(cl_change_reader(change), error, statements[i], "")) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean remove_file(const char *path, const char *suffix, GError **error)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);
    return unlink(name) == 0 || errno == ENOENT ||
           cl_fail(error, ERROR_ACCESS_DENIED, "could not remove %s: %s", name, g_strerror(errno));
}

/* The log goes last: as long as it is there nobody makes another cluster of the name. */
static gboolean remove_files(const char *path, GError **error)
{
    return remove_file(path, "", error) && remove_file(path, "-shm", error) &&
           remove_file(path, "-wal", error);
}

gboolean cl_embedded_destroy(ClConnection *store, const ClCall *call, GError **error)
{
    const char *path = cl_store_path(store);
    g_autofree char *directory = g_path_get_dirname(path);
    if (faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "no right to remove %s", path);
    }
    /* Removed before the commit: who waits for it to change something finds no file then. */
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    return change && empty(change, error) && remove_files(path, error) &&
           cl_change_commit(change, error) && remove_file(path, "-signal", error);
}
