/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the embedded back end on files that are missing, foreign, damaged, locked or not
 * permitted: each gives the right error, or at least an error, and never a crash or a hang.
 */
#include "embedded-file.h"

#include "embedded/schema.h"
#include "embedded/store.h"
#include "handle.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKEND (&cl_backend_embedded)

/* Damaged copies: with -m slow, and otherwise. */
#define FLIPS       2000
#define FLIPS_QUICK 400

/* --- Walking through everything ---------------------------------------------------------------- */

/* Codes that reading a damaged file may give: nothing else may come out of it. */
static void check_code(const GError *error)
{
    static const guint codes[] = {1,    8,    13,   1392, 1117, 1306, 1460, 5002, 5006, 5007,
                                  5012, 5013, 5035, 5036, 5042, 5043, 5045, 5047, 5078, 110};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if ((guint)error->code == codes[i]) {
            return;
        }
    }
    g_error("unexpected error %d: %s", error->code, error->message);
}

static void walk_object(ClConnection *connection, const ClObject *object)
{
    ClCall call = embedded_call(10000);
    for (guint bit = 0; bit < 16; bit++) {
        g_auto(ClFacts) facts = {0};
        g_autoptr(GError) error = NULL;
        if (!BACKEND->query(connection, object, 1u << bit, &call, &facts, &error)) {
            check_code(error);
        }
    }
    for (ClPropertySet set = CL_PROPERTIES_COMMON; set <= CL_PROPERTIES_PRIVATE_OF_RESOURCE;
         set++) {
        g_autoptr(GPtrArray) properties = NULL;
        g_autoptr(GError) error = NULL;
        if (!BACKEND->properties(connection, object, set, &call, &properties, &error)) {
            check_code(error);
        }
    }
    for (guint32 bit = 1; object && bit <= 4; bit *= 2) {
        ClEnumRequest request = {.types = bit};
        g_autoptr(ClItems) items = NULL;
        g_autoptr(GError) error = NULL;
        if (!BACKEND->enumerate(connection, object, &request, &call, &items, &error) &&
            error->code != ERROR_INVALID_PARAMETER) {
            check_code(error);
        }
    }
}

static void walk_items(ClConnection *connection, ClKind kind, const ClItems *items)
{
    for (guint i = 0; i < cl_items_count(items); i++) {
        ClCall call = embedded_call(10000);
        ClObject *object;
        ClAccess granted;
        g_autoptr(GError) error = NULL;
        if (BACKEND->open(connection, kind, cl_items_name(items, i), CL_ACCESS_READ, &call, &object,
                          &granted, &error)) {
            walk_object(connection, object);
            BACKEND->close(connection, object);
        } else {
            check_code(error);
        }
    }
}

static void walk(ClConnection *connection)
{
    static const struct {
        guint32 types;
        ClKind kind;
    } lists[] = {{CLUSTER_ENUM_NODE, CL_KIND_NODE},
                 {CLUSTER_ENUM_RESTYPE, CL_KIND_RESOURCE_TYPE},
                 {CLUSTER_ENUM_RESOURCE, CL_KIND_RESOURCE},
                 {CLUSTER_ENUM_GROUP, CL_KIND_GROUP},
                 {CLUSTER_ENUM_NETWORK, CL_KIND_NETWORK},
                 {CLUSTER_ENUM_NETINTERFACE, CL_KIND_NETINTERFACE},
                 {CLUSTER_ENUM_INTERNAL_NETWORK, CL_KIND_NETWORK}};
    walk_object(connection, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        ClCall call = embedded_call(10000);
        gboolean details = lists[i].types & (CLUSTER_ENUM_GROUP | CLUSTER_ENUM_RESOURCE);
        const char *const all[] = {"*", NULL};
        ClEnumRequest request = {
            .types = lists[i].types, .details = details, .common = all, .ro_common = all};
        g_autoptr(ClItems) items = NULL, bare = NULL;
        g_autoptr(GError) error = NULL, other = NULL;
        if (!BACKEND->enumerate(connection, NULL, &request, &call, &items, &error)) {
            check_code(error);
        }
        request.details = FALSE;
        if (BACKEND->enumerate(connection, NULL, &request, &call, &bare, &other)) {
            walk_items(connection, lists[i].kind, bare);
        } else {
            check_code(other);
        }
    }
}

/* Connects to whatever @path is and reads all of it. */
static guint walk_file(const char *path)
{
    ClConnection *connection;
    guint code = embedded_file_connect(path, CL_ACCESS_READ, &connection);
    if (code == 0) {
        walk(connection);
        BACKEND->disconnect(connection);
    }
    return code;
}

/* --- Files that are no clusters ----------------------------------------------------------------- */

static void check_refused(const char *path, guint code)
{
    ClConnection *connection;
    g_assert_cmpuint(embedded_file_connect(path, CL_ACCESS_READ, &connection), ==, code);
    g_assert_cmpuint(embedded_file_connect(path, CL_ACCESS_MAXIMUM, &connection), ==, code);
}

static void test_missing(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *missing = g_build_filename(file->directory, "missing", NULL);
    g_autofree char *below = g_build_filename(file->path, "below", NULL);
    check_refused(missing, ERROR_FILE_NOT_FOUND);
    check_refused(below, ERROR_FILE_NOT_FOUND);
    g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
}

static void test_not_regular(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *fifo = g_build_filename(file->directory, "fifo", NULL);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    check_refused(fifo, ERROR_INVALID_DATA);
    check_refused(file->directory, ERROR_INVALID_DATA);
    check_refused("/dev/zero", ERROR_INVALID_DATA);
}

static void test_no_database(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *text = g_build_filename(file->directory, "text", NULL);
    g_autofree char *content = g_strnfill(100000, 'x');
    g_assert_true(g_file_set_contents(text, content, -1, NULL));
    check_refused(text, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(text, "", 0, NULL));
    check_refused(text, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(text, "x", 1, NULL));
    check_refused(text, ERROR_INVALID_DATA);
}

static void test_foreign_tables(void)
{
    static const struct {
        const char *sql;
        guint code;
    } rows[] = {
        {"PRAGMA application_id = 1", ERROR_INVALID_DATA},
        {"PRAGMA user_version = 0", ERROR_INVALID_DATA},
        {"PRAGMA user_version = 3", ERROR_REVISION_MISMATCH},
        {"CREATE VIEW v AS SELECT 1", ERROR_FILE_CORRUPT},
        {"CREATE TABLE more (a)", ERROR_FILE_CORRUPT},
        {"DROP TABLE property", ERROR_FILE_CORRUPT},
        {"CREATE TRIGGER t AFTER INSERT ON node BEGIN SELECT 1; END", ERROR_FILE_CORRUPT},
        {"DROP TABLE node; CREATE VIEW node AS WITH RECURSIVE c (number) AS (SELECT 1 UNION ALL"
         " SELECT number + 1 FROM c) SELECT number, 0 AS state FROM c",
         ERROR_FILE_CORRUPT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(EmbeddedFile) file = embedded_file_new();
        embedded_file_execute(file, rows[i].sql);
        check_refused(file->path, rows[i].code);
    }
}

/* --- Damage ------------------------------------------------------------------------------------- */

static void write_copy(const EmbeddedFile *file, const char *data, gsize size)
{
    g_autofree char *wal = g_strconcat(file->path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(file->path, "-shm", NULL);
    g_remove(wal);
    g_remove(shm);
    g_remove(file->path);
    g_assert_true(g_file_set_contents_full(file->path, data, (gssize)size, G_FILE_SET_CONTENTS_NONE,
                                           0600, NULL));
}

static void load(const EmbeddedFile *file, char **ret_data, gsize *ret_size)
{
    embedded_file_checkpoint(file);
    g_assert_true(g_file_get_contents(file->path, ret_data, ret_size, NULL));
}

static void test_truncated(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *data = NULL;
    gsize size;
    load(file, &data, &size);
    g_assert_cmpuint(walk_file(file->path), ==, 0);
    for (gsize cut = 0; cut < size; cut += 4096) {
        write_copy(file, data, cut);
        walk_file(file->path);
        write_copy(file, data, cut + 100);
        walk_file(file->path);
    }
    write_copy(file, data, 4096);
    g_assert_cmpuint(walk_file(file->path), ==, ERROR_FILE_CORRUPT);
}

/* Most pages are nearly empty, so half of the flips go for bytes that are not 0. */
static void flip(GRand *random, char *data, gsize size)
{
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)size);
    if (g_rand_boolean(random)) {
        while (data[at] == 0) {
            at = (at + 1) % size;
        }
    }
    data[at] ^= (char)(1 << g_rand_int_range(random, 0, 8));
}

static void test_flipped(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    g_autofree char *data = NULL;
    gsize size;
    load(file, &data, &size);
    for (guint i = g_test_slow() ? FLIPS : FLIPS_QUICK; i > 0; i--) {
        g_autofree char *copy = g_memdup2(data, size);
        for (gint n = g_rand_int_range(random, 1, 8); n > 0; n--) {
            flip(random, copy, size);
        }
        write_copy(file, copy, size);
        walk_file(file->path);
    }
}

/* What SQLite takes for sound and a cluster cannot hold. */
static void test_impossible_values(void)
{
    static const char *const statements[] = {
        "UPDATE resource_group SET owner = 99",
        "UPDATE resource_group SET owner = 40, type = -1, flags = -5",
        "UPDATE resource SET state = 77",
        "UPDATE resource SET type = 999, group_number = 998",
        "UPDATE node SET state = -1",
        "UPDATE node SET drain_status = 9, drain_target = 77",
        "UPDATE netinterface SET node = number + 1000, state = 1000",
        "UPDATE object SET name = CAST(X'ff41' AS TEXT)",
        "UPDATE object SET name = CAST(X'410042' AS TEXT)",
        "UPDATE object SET id = CAST(X'c0af' AS TEXT) || number",
        "UPDATE property SET value = X'41' WHERE format = 3",
        "UPDATE property SET value = 'text', format = 2",
        "UPDATE property SET format = 5, value = X'ff00'",
        "UPDATE property SET format = 5, value = X'41'",
        "UPDATE property SET format = 60000",
        "UPDATE property SET value = zeroblob(70000000) WHERE format = 1",
        "UPDATE property SET name = ''",
        "DELETE FROM cluster",
        "DELETE FROM object",
        "DELETE FROM node",
        "INSERT INTO preferred_owner VALUES (40, 7, 98), (40, 8, 41)",
        "INSERT INTO dependency (resource, clause, provider) VALUES (50, 0, 50), (50, 1, 99)",
        "UPDATE cluster SET quorum_resource = 99, quorum_max_log_size = -1",
        "UPDATE network_address SET prefix = -7, address = ''",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(statements); i++) {
        if (!g_test_slow() && strstr(statements[i], "zeroblob")) {
            continue;
        }
        g_autoptr(EmbeddedFile) file = embedded_file_new();
        embedded_file_execute(file, statements[i]);
        g_assert_cmpuint(walk_file(file->path), ==, 0);
    }
}

static void test_bad_state_is_corrupt(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    ClConnection *connection;
    ClObject *object;
    ClAccess granted;
    ClCall call = embedded_call(1000);
    g_auto(ClFacts) facts = {0};
    g_autoptr(GError) error = NULL;
    embedded_file_execute(file, "UPDATE resource SET state = 77 WHERE number = 51");
    g_assert_cmpuint(embedded_file_connect(file->path, CL_ACCESS_READ, &connection), ==, 0);
    g_assert_true(BACKEND->open(connection, CL_KIND_GROUP, "web", CL_ACCESS_READ, &call, &object,
                                &granted, NULL));
    g_assert_false(BACKEND->query(connection, object, CL_FACT_STATE, &call, &facts, &error));
    g_assert_error(error, CL_ERROR, ERROR_FILE_CORRUPT);
    BACKEND->close(connection, object);
    BACKEND->disconnect(connection);
}

/* The first reader goes on with the file that it has; a second one would see another. */
static void test_replaced(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *data = NULL;
    gsize size;
    ClConnection *connection;
    ClCall call = embedded_call(1000);
    g_autoptr(GError) error = NULL;
    load(file, &data, &size);
    g_assert_cmpuint(embedded_file_connect(file->path, CL_ACCESS_READ, &connection), ==, 0);
    ClReader *first = cl_store_borrow(connection, &call, NULL);
    g_autofree char *moved = g_build_filename(file->directory, "moved", NULL);
    g_assert_cmpint(g_rename(file->path, moved), ==, 0);
    g_assert_null(cl_store_borrow(connection, &call, &error));
    g_assert_error(error, CL_ERROR, ERROR_FILE_NOT_FOUND);
    g_clear_error(&error);
    write_copy(file, data, size);
    g_assert_null(cl_store_borrow(connection, &call, &error));
    g_assert_error(error, CL_ERROR, ERROR_FILE_CORRUPT);
    cl_reader_return(first);
    walk(connection);
    BACKEND->disconnect(connection);
}

/* --- Permissions, locks, processes --------------------------------------------------------------- */

static guint connect_as_nobody(const char *path, ClAccess wanted, ClAccess *ret_granted)
{
    ClConnection *connection;
    ClTarget target = {.backend = BACKEND, .address = (char *)path};
    ClCall call = embedded_call(1000);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(seteuid(65534), ==, 0);
    gboolean ok = BACKEND->connect(&target, wanted, &call, &connection, ret_granted, &error);
    if (ok) {
        walk(connection);
        BACKEND->disconnect(connection);
    }
    g_assert_cmpint(seteuid(0), ==, 0);
    return ok ? 0 : (guint)error->code;
}

static void test_reader_without_write_permission(void)
{
    if (geteuid() != 0) {
        g_test_skip("only root can become somebody else");
        return;
    }
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autofree char *wal = g_strconcat(file->path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(file->path, "-shm", NULL);
    ClAccess granted = CL_ACCESS_ALL;
    g_assert_cmpint(g_chmod(file->directory, 0755), ==, 0);
    g_assert_cmpint(g_chmod(file->path, 0644) | g_chmod(wal, 0644) | g_chmod(shm, 0644), ==, 0);
    g_assert_cmpuint(connect_as_nobody(file->path, CL_ACCESS_MAXIMUM, &granted), ==, 0);
    g_assert_cmpuint(granted, ==, CL_ACCESS_READ);
    g_assert_cmpuint(connect_as_nobody(file->path, CL_ACCESS_ALL, &granted), ==,
                     ERROR_ACCESS_DENIED);
    g_assert_cmpint(g_chmod(file->path, 0600), ==, 0);
    g_assert_cmpuint(connect_as_nobody(file->path, CL_ACCESS_READ, &granted), ==,
                     ERROR_ACCESS_DENIED);
}

static void test_granted_access(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    ClTarget target = {.backend = BACKEND, .address = file->path};
    ClCall call = embedded_call(1000);
    ClConnection *connection;
    ClObject *object;
    ClAccess granted;
    g_autoptr(GError) error = NULL;
    g_assert_true(BACKEND->connect(&target, CL_ACCESS_READ, &call, &connection, &granted, NULL));
    g_assert_cmpuint(granted, ==, CL_ACCESS_READ);
    g_assert_false(BACKEND->open(connection, CL_KIND_GROUP, "web", CL_ACCESS_ALL, &call, &object,
                                 &granted, &error));
    g_assert_error(error, CL_ERROR, ERROR_ACCESS_DENIED);
    g_assert_true(BACKEND->open(connection, CL_KIND_GROUP, "web", CL_ACCESS_MAXIMUM, &call, &object,
                                &granted, NULL));
    g_assert_cmpuint(granted, ==, CL_ACCESS_READ);
    BACKEND->close(connection, object);
    BACKEND->disconnect(connection);
}

static gpointer cancel_soon(gpointer cancellable)
{
    g_usleep(50000);
    g_cancellable_cancel(cancellable);
    return NULL;
}

/* Tries to connect to a locked file and tells how long that took. */
static guint connect_locked(const char *path, ClCall call, gint64 *ret_ms)
{
    ClTarget target = {.backend = BACKEND, .address = (char *)path};
    ClConnection *connection;
    ClAccess granted;
    g_autoptr(GError) error = NULL;
    gint64 begin = g_get_monotonic_time();
    g_assert_false(BACKEND->connect(&target, CL_ACCESS_READ, &call, &connection, &granted, &error));
    *ret_ms = (g_get_monotonic_time() - begin) / 1000;
    return (guint)error->code;
}

static void test_locked(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    sqlite3 *db;
    gint64 ms;
    sqlite3_open(file->path, &db);
    g_assert_cmpint(sqlite3_exec(db,
                                 "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
                                 "UPDATE node SET state = 0; COMMIT",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    g_assert_cmpuint(connect_locked(file->path, embedded_call(0), &ms), ==, ERROR_TIMEOUT);
    g_assert_cmpint(ms, <, 50);
    g_assert_cmpuint(connect_locked(file->path, embedded_call(200), &ms), ==, ERROR_TIMEOUT);
    g_assert_cmpint(ms, >=, 190);
    g_assert_cmpint(ms, <, 1000);
    ClCall call = embedded_call(10000);
    call.cancellable = cancellable;
    GThread *thread = g_thread_new("cancel", cancel_soon, cancellable);
    g_assert_cmpuint(connect_locked(file->path, call, &ms), ==, ERROR_OPERATION_ABORTED);
    g_assert_cmpint(ms, <, 150);
    g_thread_join(thread);
    sqlite3_close(db);
}

static gpointer use_connection(gpointer connection)
{
    for (guint i = 0; i < 5; i++) {
        walk(connection);
    }
    return NULL;
}

static void test_threads(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    GThread *threads[8];
    ClConnection *connection;
    g_assert_cmpuint(embedded_file_connect(file->path, CL_ACCESS_READ, &connection), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("walk", use_connection, connection);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    BACKEND->disconnect(connection);
}

static void test_forked(void)
{
    g_autoptr(EmbeddedFile) file = embedded_file_new();
    gpointer handle = cl_handle_new(CL_HANDLE_CLUSTER, file, NULL);
    ClConnection *connection;
    int status = 0;
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        guint code = embedded_file_connect(file->path, CL_ACCESS_READ, &connection);
        _exit(code == ERROR_NOT_SUPPORTED ? 0 : 1);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    if (cl_handle_take(CL_HANDLE_CLUSTER, handle)) {
        cl_handle_release(handle);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name, function) g_test_add_func("/embedded-damage/" name, function)
    TEST("a missing file is not made", test_missing);
    TEST("only regular files are opened", test_not_regular);
    TEST("what is no database is refused", test_no_database);
    TEST("another database, version or table is refused", test_foreign_tables);
    TEST("a truncated file gives errors", test_truncated);
    TEST("a file with flipped bits gives errors", test_flipped);
    TEST("impossible values give errors", test_impossible_values);
    TEST("an impossible state is corruption", test_bad_state_is_corrupt);
    TEST("a replaced file is not mixed with the old one", test_replaced);
    TEST("a reader needs no write permission", test_reader_without_write_permission);
    TEST("access is granted as wanted and possible", test_granted_access);
    TEST("a locked file is waited for no longer than allowed", test_locked);
    TEST("many threads share a connection", test_threads);
    TEST("a forked child cannot connect", test_forked);
    return g_test_run();
}
