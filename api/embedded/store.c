/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster's file and its pool of SQLite connections. A ClConnection is shared by all threads,
 * only its idle list under a mutex; a ClReader belongs to one thread between borrow and return,
 * and to the pool otherwise.
 *
 * Nothing here opens the file itself, since closing it again would drop SQLite's POSIX locks.
 */
#include "store-internal.h"

#include "schema.h"
#include "sqlite-error.h"
#include "vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* So many idle readers stay open; each may hold 2 MiB of pages. */
#define IDLE_MAX 4
#define PRAGMAS                                                                                    \
    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"              \
    "PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;"                                       \
    "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
#define LENGTH_MAX    (64 * 1024 * 1024)
#define BUSY_STEP_US  5000
#define PROGRESS_STEP 20000
/* What a call that may not wait may compute at most: only a malicious file needs more. */
#define COMPUTE_MAX_US (2 * G_USEC_PER_SEC)

struct ClConnection {
    char *path; /* absolute */
    ClAccess access;
    dev_t device; /* of the file that was opened first */
    ino_t inode;
    gboolean immutable;
    gboolean writable;    /* by this process, whatever the access */
    pthread_mutex_t lock; /* which sanitizers know, unlike GMutex */
    ClReader *idle;       /* under lock */
    guint n_idle;         /* under lock */
    pthread_mutex_t change_lock;
    ClWatch *watch;
    void (*end_watch)(ClWatch *watch);
    int signal;            /* descriptor of the side file, -1: none; under change_lock */
    ClConnection *settler; /* of one opened for reading; set under change_lock */
};

/* --- Waiting ---------------------------------------------------------------------------------- */

static gboolean is_cancelled(const ClCall *call)
{
    return call && call->cancellable && g_cancellable_is_cancelled(call->cancellable);
}

/* SQLite asks whether to try again for a lock that another process holds. */
static int wait_for_lock(void *data, int tries)
{
    const ClReader *reader = data;
    const ClCall *call = reader->call;
    (void)tries;
    if (!call || call->deadline == 0 || is_cancelled(call)) {
        return 0;
    }
    gint64 left = call->deadline - g_get_monotonic_time();
    if (left <= 0) {
        return 0;
    }
    g_usleep((gulong)MIN(left, BUSY_STEP_US));
    return 1;
}

/* SQLite asks now and then whether a long statement shall go on. */
static int stop_computing(void *data)
{
    ClReader *reader = data;
    const ClCall *call = reader->call;
    if (is_cancelled(call)) {
        return 1;
    }
    gint64 now = g_get_monotonic_time();
    if (reader->compute_until == 0) {
        reader->compute_until = call && call->deadline ? call->deadline : now + COMPUTE_MAX_US;
    }
    return now > reader->compute_until;
}

gboolean cl_reader_fail(ClReader *reader, int result, const char *doing, GError **error)
{
    int primary = result & 0xff;
    if (is_cancelled(reader->call) &&
        (primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_INTERRUPT)) {
        return cl_fail(error, ERROR_OPERATION_ABORTED, "the call was cancelled");
    }
    if (primary == SQLITE_INTERRUPT) {
        return cl_fail(error, ERROR_TIMEOUT, "it took too long to %s", doing);
    }
    if (primary == SQLITE_ERROR || primary == SQLITE_TOOBIG) {
        return cl_fail(error, ERROR_FILE_CORRUPT, "could not %s: %s", doing,
                       sqlite3_errmsg(reader->db));
    }
    return cl_sqlite_fail(reader->db, result, doing, error);
}

/* --- Opening ---------------------------------------------------------------------------------- */

static gboolean fail_errno(int number, const char *path, GError **error)
{
    DWORD code = number == ENOENT || number == ENOTDIR ? ERROR_FILE_NOT_FOUND
                 : number == EACCES || number == EPERM ? ERROR_ACCESS_DENIED
                                                       : ERROR_OPEN_FAILED;
    return cl_fail(error, code, "could not open %s: %s", path, g_strerror(number));
}

/* Only regular files: opening a FIFO would hang, and a device may do anything. */
static gboolean stat_file(const char *path, struct stat *ret_info, GError **error)
{
    if (stat(path, ret_info) != 0) {
        return fail_errno(errno, path, error);
    }
    if (!S_ISREG(ret_info->st_mode)) {
        return cl_fail(error, ERROR_INVALID_DATA, "%s is not a regular file", path);
    }
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0) {
        return fail_errno(errno, path, error);
    }
    return TRUE;
}

/* What the write-ahead log holds is part of the cluster, so a file with one is not immutable. */
static gboolean has_log(const char *path)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    struct stat info;
    return stat(log, &info) == 0 && info.st_size > 0;
}

static gboolean find_access(ClConnection *store, ClAccess wanted, GError **error)
{
    struct statvfs file_system;
    gboolean read_only =
        statvfs(store->path, &file_system) == 0 && (file_system.f_flag & ST_RDONLY) != 0;
    gboolean writable = !read_only && faccessat(AT_FDCWD, store->path, W_OK, AT_EACCESS) == 0;
    if (wanted == CL_ACCESS_ALL && !writable) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "no right to write %s", store->path);
    }
    store->access = writable && wanted != CL_ACCESS_READ ? CL_ACCESS_ALL : CL_ACCESS_READ;
    store->immutable = read_only && !has_log(store->path);
    store->writable = writable;
    return TRUE;
}

static int open_database(const ClConnection *store, sqlite3 **ret_db)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    flags |= store->access == CL_ACCESS_ALL ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (!store->immutable) {
        return sqlite3_open_v2(store->path, ret_db, flags, cl_vfs_name());
    }
    g_autofree char *escaped = g_uri_escape_string(store->path, "/", FALSE);
    g_autofree char *uri = g_strconcat("file://", escaped, "?immutable=1", NULL);
    return sqlite3_open_v2(uri, ret_db, flags | SQLITE_OPEN_URI, cl_vfs_name());
}

static gboolean configure(ClReader *reader, GError **error)
{
    sqlite3 *db = reader->db;
    int on = 1;
    sqlite3_busy_handler(db, wait_for_lock, reader);
    sqlite3_progress_handler(db, PROGRESS_STEP, stop_computing, reader);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    int result = sqlite3_exec(db, PRAGMAS, NULL, NULL, NULL);
    if (result == SQLITE_NOTADB) {
        return cl_fail(error, ERROR_INVALID_DATA, "%s is not a database", reader->store->path);
    }
    gboolean no_log = (result & 0xff) == SQLITE_CANTOPEN || (result & 0xff) == SQLITE_READONLY;
    if (no_log && reader->store->access == CL_ACCESS_READ) {
        return cl_fail(error, ERROR_ACCESS_DENIED,
                       "%s can be read without write permission only while its -wal and -shm files"
                       " exist and are readable",
                       reader->store->path);
    }
    if (result != SQLITE_OK) {
        return cl_reader_fail(reader, result, "open the file", error);
    }
    return cl_schema_check(db, error);
}

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

static void reader_free(ClReader *reader)
{
    for (gsize i = 0; i < CL_SQL_N; i++) {
        sqlite3_finalize(reader->statements[i]);
    }
    g_hash_table_unref(reader->queries);
    sqlite3_close(reader->db);
    cl_recent_free(reader->recent);
    g_free(reader);
}

static ClReader *reader_open(ClConnection *store, const ClCall *call, GError **error)
{
    ClReader *reader = g_new0(ClReader, 1);
    reader->store = store;
    reader->call = call;
    reader->recent = cl_recent_new();
    reader->queries = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    cl_vfs_require_warm(call->deadline == 0);
    int result = open_database(store, &reader->db);
    gboolean ok = result == SQLITE_OK ? configure(reader, error)
                                      : cl_reader_fail(reader, result, "open the file", error);
    if (!ok) {
        cl_vfs_require_warm(FALSE);
        reader_free(reader);
        return NULL;
    }
    return reader;
}

gboolean cl_store_check(const ClConnection *store, GError **error)
{
    struct stat info;
    return stat_file(store->path, &info, error) &&
           ((info.st_dev == store->device && info.st_ino == store->inode) ||
            cl_fail(error, ERROR_FILE_CORRUPT, "%s is another file than when it was opened",
                    store->path));
}

/* A reader more on a file that may have been replaced by another since. */
static ClReader *reader_open_again(ClConnection *store, const ClCall *call, GError **error)
{
    return cl_store_check(store, error) ? reader_open(store, call, error) : NULL;
}

static void store_free(ClConnection *store)
{
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->change_lock);
    if (store->signal >= 0) {
        close(store->signal);
    }
    g_free(store->path);
    g_free(store);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClConnection, store_free)

gboolean cl_store_open(const char *path, ClAccess wanted, const ClCall *call,
                       ClConnection **ret_store, GError **error)
{
    g_autoptr(ClConnection) store = g_new0(ClConnection, 1);
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->change_lock, NULL);
    store->signal = -1;
    store->path = g_canonicalize_filename(path, NULL);
    struct stat info;
    if (!stat_file(store->path, &info, error) || !find_access(store, wanted, error)) {
        return FALSE;
    }
    store->device = info.st_dev;
    store->inode = info.st_ino;
    ClReader *reader = reader_open(store, call, error);
    if (!reader) {
        return FALSE;
    }
    cl_reader_return(reader);
    *ret_store = g_steal_pointer(&store);
    return TRUE;
}

ClWatch *cl_store_watch(ClConnection *store)
{
    return g_atomic_pointer_get(&store->watch);
}

void cl_store_set_watch(ClConnection *store, ClWatch *watch, void (*end)(ClWatch *watch))
{
    store->end_watch = end;
    g_atomic_pointer_set(&store->watch, watch);
}

void cl_store_close(ClConnection *store)
{
    if (store->watch) {
        store->end_watch(store->watch);
    }
    if (store->settler) {
        cl_store_close(store->settler);
    }
    for (ClReader *reader = store->idle; reader;) {
        ClReader *next = reader->next;
        reader_free(reader);
        reader = next;
    }
    store_free(store);
}

ClAccess cl_store_access(const ClConnection *store)
{
    return store->access;
}

gboolean cl_store_settles(const ClConnection *store)
{
    return store->writable;
}

ClConnection *cl_store_settler(ClConnection *store)
{
    return store->access == CL_ACCESS_ALL ? store : g_atomic_pointer_get(&store->settler);
}

void cl_store_set_settler(ClConnection *store, ClConnection *settler)
{
    g_atomic_pointer_set(&store->settler, settler);
}

/* --- Changing --------------------------------------------------------------------------------- */

/* How often a thread that waits looks whether it was cancelled. */
#define LOCK_STEP_NS 20000000

gboolean cl_store_lock(ClConnection *store, const ClCall *call, GError **error)
{
    while (pthread_mutex_trylock(&store->change_lock) != 0) {
        struct timespec until;
        if (!cl_call_may_wait(call, error)) {
            return FALSE;
        }
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOCK_STEP_NS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_mutex_clocklock(&store->change_lock, CLOCK_MONOTONIC, &until) == 0) {
            return TRUE;
        }
    }
    return TRUE;
}

void cl_store_unlock(ClConnection *store)
{
    pthread_mutex_unlock(&store->change_lock);
}

char *cl_store_signal_path(const char *path)
{
    return g_strconcat(path, "-signal", NULL);
}

const char *cl_store_path(const ClConnection *store)
{
    return store->path;
}

/* Made with the rights of the file itself, so that its other writers can signal, too. */
static int open_signal(const ClConnection *store)
{
    g_autofree char *path = cl_store_signal_path(store->path);
    struct stat info;
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 && errno == ENOENT && stat(store->path, &info) == 0) {
        file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                    info.st_mode & 0666);
        if (file >= 0 &&
            (fchmod(file, info.st_mode & 0666) != 0 || fchown(file, (uid_t)-1, info.st_gid) != 0)) {
            g_debug("could not give %s the rights of its cluster", path);
        }
    }
    return file;
}

/* Whoever watches has another file, or waits for one, when this one lost its name. */
static gboolean has_name(const ClConnection *store)
{
    g_autofree char *path = cl_store_signal_path(store->path);
    struct stat own, named;
    return fstat(store->signal, &own) == 0 && lstat(path, &named) == 0 &&
           own.st_dev == named.st_dev && own.st_ino == named.st_ino;
}

/* Without the side file watchers notice a little later, so no failure here is one of the change. */
void cl_store_signal(ClConnection *store)
{
    if (store->signal >= 0 && !has_name(store)) {
        close(store->signal);
        store->signal = -1;
    }
    if (store->signal < 0) {
        store->signal = open_signal(store);
    }
    if (store->signal >= 0 && pwrite(store->signal, "", 1, 0) != 1) {
        g_debug("could not signal a change of %s", store->path);
    }
}

/* --- Lending ---------------------------------------------------------------------------------- */

ClReader *cl_store_borrow(ClConnection *store, const ClCall *call, GError **error)
{
    if (is_cancelled(call)) {
        cl_fail(error, ERROR_OPERATION_ABORTED, "the call was cancelled");
        return NULL;
    }
    pthread_mutex_lock(&store->lock);
    ClReader *reader = store->idle;
    if (reader) {
        store->idle = reader->next;
        store->n_idle--;
    }
    pthread_mutex_unlock(&store->lock);
    if (!reader) {
        return reader_open_again(store, call, error);
    }
    cl_vfs_require_warm(call->deadline == 0);
    reader->call = call;
    reader->compute_until = 0;
    return reader;
}

/* A transaction may see an older state than the stamp that is read now. */
ClRecent *cl_reader_recent(ClReader *reader)
{
    return !reader->in_transaction && cl_recent_check(reader->recent, reader->db) ? reader->recent
                                                                                  : NULL;
}

gboolean cl_reader_begin(ClReader *reader, GError **error)
{
    ClRows rows = cl_rows_begin(reader, CL_SQL_BEGIN);
    cl_rows_next(&rows);
    reader->in_transaction = cl_rows_end(&rows, error);
    return reader->in_transaction;
}

gboolean cl_reader_begin_change(ClReader *reader, GError **error)
{
    reader->in_transaction = cl_rows_run(reader, error, "BEGIN IMMEDIATE", "");
    reader->in_change = reader->in_transaction;
    return reader->in_transaction;
}

gboolean cl_reader_commit(ClReader *reader, GError **error)
{
    if (!cl_rows_run(reader, error, "COMMIT", "")) {
        return FALSE;
    }
    reader->in_transaction = FALSE;
    reader->in_change = FALSE;
    return TRUE;
}

/* Some failures have undone the change already. */
static void end_transaction(ClReader *reader)
{
    if (!sqlite3_get_autocommit(reader->db)) {
        cl_rows_run(reader, NULL, reader->in_change ? "ROLLBACK" : "COMMIT", "");
    }
    reader->in_transaction = FALSE;
    reader->in_change = FALSE;
}

void cl_reader_return(ClReader *reader)
{
    ClConnection *store = reader->store;
    reader->call = NULL;
    if (reader->in_transaction) {
        end_transaction(reader);
    }
    cl_vfs_require_warm(FALSE);
    gboolean keep = sqlite3_get_autocommit(reader->db);
    pthread_mutex_lock(&store->lock);
    keep = keep && store->n_idle < IDLE_MAX;
    if (keep) {
        reader->next = store->idle;
        store->idle = reader;
        store->n_idle++;
    }
    pthread_mutex_unlock(&store->lock);
    if (!keep) {
        reader_free(reader);
    }
}
