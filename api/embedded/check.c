/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Checking the file of an embedded cluster. The file is not trusted: cl_schema_check() compares its
 * tables before anything in it is used. Keeps no state; runs on the caller's thread.
 */
#include "check.h"
#include "check-rules.h"
#include "schema.h"
#include "sqlite-error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* How long to wait for another process that writes. */
#define PATIENCE_MS 10000
/* More of one kind than anybody reads. */
#define MAX_FINDINGS_OF_RULE 100

static void finding_free(gpointer data)
{
    ClFinding *finding = data;

    g_free(finding->text);
    g_free(finding);
}

/* Control characters of names would break the line; other bytes stay as they are. */
static void add_finding(GPtrArray *findings, const char *text)
{
    static char kept[130];
    ClFinding *finding = g_new0(ClFinding, 1);
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        for (int i = 0; i < 128; i++) {
            kept[i] = (char)(i + 128);
        }
        kept[128] = '"';
        g_once_init_leave(&ready, 1);
    }
    finding->text = g_strescape(text, kept);
    g_ptr_array_add(findings, finding);
}

static gboolean has_finding(const GPtrArray *findings, const char *text)
{
    for (guint i = 0; i < findings->len; i++) {
        if (g_str_equal(((ClFinding *)findings->pdata[i])->text, text)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_read_only(const char *path)
{
    struct statvfs file_system;
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    struct stat info;

    return statvfs(path, &file_system) == 0 && (file_system.f_flag & ST_RDONLY) != 0 &&
           (stat(log, &info) != 0 || info.st_size == 0);
}

static gboolean check_file(const char *path, GError **error)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        return cl_fail(error, errno == EACCES ? ERROR_ACCESS_DENIED : ERROR_FILE_NOT_FOUND,
                       "%s: %s", path, g_strerror(errno));
    }
    return S_ISREG(info.st_mode) ||
           cl_fail(error, ERROR_INVALID_DATA, "%s is not a regular file", path);
}

/* Never makes the file; a file system that cannot be written needs no log. */
static gboolean open_file(const char *path, gboolean repair, sqlite3 **ret_db, GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL);
    g_autofree char *escaped = g_uri_escape_string(whole, "/", FALSE);
    g_autofree char *uri =
        g_strconcat("file://", escaped, !repair && is_read_only(whole) ? "?immutable=1" : "", NULL);
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (repair ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    int on = 1;
    int result = sqlite3_open_v2(uri, ret_db, flags, NULL);

    if (result != SQLITE_OK) {
        return cl_sqlite_fail(*ret_db, result, "open the file", error);
    }
    sqlite3_busy_timeout(*ret_db, PATIENCE_MS);
    sqlite3_db_config(*ret_db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_file_control(*ret_db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    result = sqlite3_exec(*ret_db,
                          "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                          "PRAGMA mmap_size = 0; SELECT count(*) FROM sqlite_schema",
                          NULL, NULL, NULL);
    if (result == SQLITE_NOTADB) {
        return cl_fail(error, ERROR_INVALID_DATA, "%s is not a cluster file", path);
    }
    if (result != SQLITE_OK) {
        return cl_sqlite_fail(*ret_db, result, "open the file", error);
    }
    return cl_schema_check(*ret_db, error) && cl_check_add_functions(*ret_db, error);
}

static const char *column(sqlite3_stmt *statement, int index)
{
    const char *text = (const char *)sqlite3_column_text(statement, index);

    return text != NULL ? text : "?";
}

/* Damage can make a statement fail, which is a finding, too; a lock that stays is an error. */
static gboolean report_failure(sqlite3 *db, int result, GPtrArray *findings, GError **error)
{
    int primary = result & 0xff;
    g_autofree char *text = NULL;

    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_NOMEM ||
        primary == SQLITE_IOERR) {
        return cl_sqlite_fail(db, result, "check the file", error);
    }
    text = g_strdup_printf("SQLite: %s", sqlite3_errmsg(db));
    if (!has_finding(findings, text)) {
        add_finding(findings, text);
    }
    return TRUE;
}

/* The %s of a rule's format, one after the other, from the columns of its row. */
static char *describe(const ClCheckRule *rule, sqlite3_stmt *statement)
{
    g_auto(GStrv) parts = g_strsplit(rule->format, "%s", -1);
    GString *text = g_string_new(parts[0]);

    for (int i = 1; parts[i] != NULL; i++) {
        g_string_append(text, column(statement, i - 1));
        g_string_append(text, parts[i]);
    }
    return g_string_free(text, FALSE);
}

static gboolean run_rule(sqlite3 *db, const ClCheckRule *rule, GPtrArray *findings, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, rule->find, -1, &statement, NULL);
    guint n = 0;

    if (result == SQLITE_OK) {
        while (n++ < MAX_FINDINGS_OF_RULE && (result = sqlite3_step(statement)) == SQLITE_ROW) {
            if (strcmp(column(statement, 0), "ok") != 0) {
                g_autofree char *text = describe(rule, statement);

                add_finding(findings, text);
            }
        }
    }
    sqlite3_finalize(statement);
    return result == SQLITE_ROW || result == SQLITE_DONE ||
           report_failure(db, result, findings, error);
}

/* --- Circles -------------------------------------------------------------------------------------- */

/* Calls @visit with each pair of numbers that @sql gives; a parameter is bound to @number. */
typedef void (*Visit)(gint64 first, gint64 second, gpointer data);

static int each_pair(sqlite3 *db, const char *sql, gint64 number, Visit visit, gpointer data)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (result == SQLITE_OK) {
        sqlite3_bind_int64(statement, 1, number);
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            visit(sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1), data);
        }
    }
    sqlite3_finalize(statement);
    return result;
}

typedef struct {
    GHashTable *waiting; /* resource to the number of its providers that are not settled */
    GArray *settled;     /* gint64, whose dependents are still to be looked at */
} Circles;

static void note_waiting(gint64 resource, gint64 providers, gpointer data)
{
    Circles *circles = data;

    g_hash_table_insert(circles->waiting, GSIZE_TO_POINTER((gsize)resource),
                        GSIZE_TO_POINTER((gsize)providers));
}

static void note_settled(gint64 resource, gint64 unused, gpointer data)
{
    Circles *circles = data;

    (void)unused;
    g_array_append_val(circles->settled, resource);
}

static void settle_one(gint64 resource, gint64 unused, gpointer data)
{
    Circles *circles = data;
    gpointer key = GSIZE_TO_POINTER((gsize)resource);
    gsize left = GPOINTER_TO_SIZE(g_hash_table_lookup(circles->waiting, key));

    (void)unused;
    if (left > 1) {
        g_hash_table_insert(circles->waiting, key, GSIZE_TO_POINTER(left - 1));
    } else if (g_hash_table_remove(circles->waiting, key)) {
        g_array_append_val(circles->settled, resource);
    }
}

/* What waits for what: pairs of numbers (a, b), and how many there are of each a. */
typedef struct {
    const char *waiting; /* each a with the number of its pairs */
    const char *settled; /* each b that is no a */
    const char *waiters; /* the a of a b */
    const char *finding; /* after the number of those that are left */
} Waits;

static const Waits resources = {
    "SELECT resource, count(*) FROM dependency WHERE ?1 = ?1 GROUP BY resource",
    "SELECT DISTINCT provider, 0 FROM dependency WHERE provider NOT IN (SELECT resource FROM"
    " dependency) AND ?1 = ?1",
    "SELECT resource, 0 FROM dependency WHERE provider = ?1",
    "resources depend on themselves through others"};

/* A set waits for its groups, and these for what it depends on. */
#define EDGES                                                                                      \
    "WITH edge (a, b) AS (SELECT dependent, provider FROM group_dependency UNION ALL"              \
    " SELECT group_set, group_number FROM group_set_member UNION ALL"                              \
    " SELECT m.group_number, d.provider FROM group_set_member m JOIN group_dependency d"           \
    " ON d.dependent = m.group_set) "

static const Waits groups = {
    EDGES "SELECT a, count(*) FROM edge WHERE ?1 = ?1 GROUP BY a",
    EDGES "SELECT DISTINCT b, 0 FROM edge WHERE b NOT IN (SELECT a FROM edge) AND ?1 = ?1",
    EDGES "SELECT a, 0 FROM edge WHERE b = ?1",
    "groups and group sets wait for themselves through others"};

/* Takes away what waits for nothing, again and again; what is left goes in circles. */
static gboolean check_circles(sqlite3 *db, const Waits *waits, GPtrArray *findings, GError **error)
{
    g_autoptr(GHashTable) waiting = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) settled = g_array_new(FALSE, FALSE, sizeof(gint64));
    Circles circles = {waiting, settled};
    int result = each_pair(db, waits->waiting, 0, note_waiting, &circles);

    if (result == SQLITE_DONE) {
        result = each_pair(db, waits->settled, 0, note_settled, &circles);
    }
    while (result == SQLITE_DONE && settled->len > 0) {
        gint64 provider = g_array_index(settled, gint64, settled->len - 1);

        g_array_set_size(settled, settled->len - 1);
        result = each_pair(db, waits->waiters, provider, settle_one, &circles);
    }
    if (result != SQLITE_DONE) {
        return report_failure(db, result, findings, error);
    }
    if (g_hash_table_size(waiting) > 0) {
        g_autofree char *text =
            g_strdup_printf("%u %s", g_hash_table_size(waiting), waits->finding);

        add_finding(findings, text);
    }
    return TRUE;
}

static gboolean check_journal(sqlite3 *db, GPtrArray *findings, GError **error)
{
    static const ClCheckRule rule = {"SELECT journal_mode FROM pragma_journal_mode WHERE"
                                     " journal_mode NOT IN ('wal', 'off')",
                                     "the file is in the journal mode %s, not wal", NULL};

    /* A file that is opened as immutable says "off" or "delete", whatever it is. */
    return sqlite3_uri_boolean(sqlite3_db_filename(db, "main"), "immutable", 0) ||
           run_rule(db, &rule, findings, error);
}

/* --- All of it -------------------------------------------------------------------------------------- */

static gboolean run_rules(sqlite3 *db, GPtrArray *findings, gboolean *needs_repair, GError **error)
{
    for (gsize i = 0; i < cl_check_n_rules; i++) {
        guint before = findings->len;

        if (!run_rule(db, &cl_check_rules[i], findings, error)) {
            return FALSE;
        }
        needs_repair[i] = findings->len > before && cl_check_rules[i].repair != NULL;
    }
    return check_circles(db, &resources, findings, error) &&
           check_circles(db, &groups, findings, error) && check_journal(db, findings, error);
}

/* A repair that fails undoes itself; the second look shows what is still wrong. */
static void repair_rules(sqlite3 *db, const gboolean *needs_repair)
{
    for (gsize i = 0; i < cl_check_n_rules; i++) {
        if (needs_repair[i]) {
            g_autofree char *sql =
                g_strdup_printf("BEGIN IMMEDIATE; %s; COMMIT", cl_check_rules[i].repair);

            if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
                sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
            }
        }
    }
    sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL,
                 NULL);
}

static gboolean repair_and_check_again(sqlite3 *db, GPtrArray *findings, gboolean *needs_repair,
                                       GError **error)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(finding_free);

    repair_rules(db, needs_repair);
    if (!run_rules(db, left, needs_repair, error)) {
        return FALSE;
    }
    for (guint i = 0; i < findings->len; i++) {
        ClFinding *finding = findings->pdata[i];

        finding->repaired = !has_finding(left, finding->text);
    }
    return TRUE;
}

static gboolean check_database(sqlite3 *db, gboolean repair, GPtrArray *findings, GError **error)
{
    g_autofree gboolean *needs_repair = g_new0(gboolean, cl_check_n_rules);

    return run_rules(db, findings, needs_repair, error) &&
           (!repair || repair_and_check_again(db, findings, needs_repair, error));
}

gboolean cl_embedded_check(const char *path, gboolean repair, GPtrArray **ret_findings,
                           GError **error)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
    sqlite3 *db = NULL;
    g_autoptr(GError) failure = NULL;
    gboolean checked = check_file(path, &failure) && open_file(path, repair, &db, &failure) &&
                       check_database(db, repair, findings, &failure);

    sqlite3_close(db);
    if (!checked && !g_error_matches(failure, CL_ERROR, ERROR_FILE_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    /* So damaged that not even the tables can be listed. */
    if (!checked) {
        add_finding(findings, failure->message);
    }
    *ret_findings = g_steal_pointer(&findings);
    return TRUE;
}
