/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was acknowledged survives the loss of power, and a failure of any call that reaches the disk
 * is a clean error that loses and changes nothing. The programs that lose power are this one again.
 * $FAULTS_SECONDS says how long each test goes on.
 */
#include "actor.h"
#include "vfs-shim.h"

#include "embedded/check.h"
#include "embedded/create.h"
#include "embedded/definition.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define POWER_LOST 77

static char *directory;
static const char *program;

static gint64 deadline(void)
{
    const char *seconds = g_getenv("FAULTS_SECONDS");
    return g_get_monotonic_time() + (seconds ? atoi(seconds) : 10) * G_USEC_PER_SEC;
}

static char *path_of(const char *name)
{
    return g_build_filename(directory, name, NULL);
}

static void make_cluster(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClDefinition) definition = NULL;
    cl_definition_parse(actor_definition, strlen(actor_definition), &definition, NULL, &error);
    g_assert_no_error(error);
    cl_embedded_create(path, definition, TRUE, &error);
    g_assert_no_error(error);
}

static HCLUSTER open_cluster(const char *path)
{
    g_autofree gunichar2 *wide = g_utf8_to_utf16(path, -1, NULL, NULL, NULL);
    return OpenCluster((const WCHAR *)wide);
}

/* The file is whole, nothing acknowledged is missing, and nothing hangs. */
static void check_cluster(const char *path, const char *journal_path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = NULL;
    g_autofree char *journal = NULL;
    cl_embedded_check(path, FALSE, &findings, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        g_test_message("%s", ((ClFinding *)findings->pdata[i])->text);
    }
    g_assert_cmpuint(findings->len, ==, 0);
    HCLUSTER cluster = open_cluster(path);
    g_assert_nonnull(cluster);
    g_assert_true(actor_wait_settled(cluster, 10));
    if (g_file_get_contents(journal_path, &journal, NULL, NULL)) {
        g_autofree char *why = actor_check(cluster, journal);
        g_assert_cmpstr(why, ==, NULL);
    }
    CloseCluster(cluster);
}

static void remove_files(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-signal", "-journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(path, suffixes[i], NULL);
        g_unlink(name);
    }
}

/* --- Power ------------------------------------------------------------------------------------ */

static void lose_power_once(const char *file, const char *image, const char *journal, guint32 seed)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    /* Early and late, and also at the start of the log after it was put into the file; the first
     * call opens the file, before which there is nothing to lose. */
    g_autofree char *n = g_strdup_printf("%d", g_rand_int_range(random, 2, 3000));
    g_autofree char *seed_text = g_strdup_printf("%u", seed);
    const char *arguments[] = {program, "--lose", file, image, journal, n, seed_text, NULL};
    int status;
    remove_files(image);
    g_unlink(journal);
    g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                 &error);
    g_assert_no_error(error);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, POWER_LOST);
    check_cluster(image, journal);
}

static void test_power(void)
{
    g_autofree char *file = path_of("power.cluster");
    g_autofree char *image = path_of("image.cluster");
    g_autofree char *journal = path_of("power.journal");
    gint64 until = deadline();
    guint losses = 0;
    guint32 seed = (guint32)g_test_rand_int();
    while (g_get_monotonic_time() < until) {
        remove_files(file);
        make_cluster(file);
        lose_power_once(file, image, journal, seed++);
        losses++;
    }
    g_test_message("the power was lost %u times", losses);
    g_assert_cmpuint(losses, >, 0);
}

static int lose(char **arguments)
{
    int journal = open(arguments[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    guint32 seed = (guint32)strtoul(arguments[4], NULL, 10);
    vfs_shim_lose_power(arguments[0], arguments[1], (guint)atoi(arguments[3]), seed, POWER_LOST);
    HCLUSTER cluster = open_cluster(arguments[0]);
    if (journal < 0 || cluster == NULL) {
        return 2;
    }
    actor_run(cluster, 1, seed, 0, journal);
    return 3;
}

/* --- The n-th call ---------------------------------------------------------------------------- */

#define SCENARIO_STEPS 12

/* Returns whether the scenario came to its end without reaching the n-th call. */
static gboolean fail_call(const char *file, const char *journal_path, guint n, int code)
{
    int journal;
    remove_files(file);
    g_unlink(journal_path);
    vfs_shim_fail(0, SQLITE_OK);
    make_cluster(file);
    journal = open(journal_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    g_assert_cmpint(journal, >=, 0);
    vfs_shim_fail(n, code);
    HCLUSTER cluster = open_cluster(file);
    if (cluster != NULL) {
        actor_run(cluster, 1, 7, SCENARIO_STEPS, journal);
        CloseCluster(cluster);
    } else {
        g_assert_cmpuint(GetLastError(), !=, ERROR_SUCCESS);
    }
    gboolean over = vfs_shim_calls() < n;
    vfs_shim_fail(0, SQLITE_OK);
    close(journal);
    check_cluster(file, journal_path);
    return over;
}

static void test_calls(void)
{
    static const int codes[] = {SQLITE_IOERR, SQLITE_FULL, SQLITE_NOMEM};
    g_autofree char *file = path_of("calls.cluster");
    g_autofree char *journal = path_of("calls.journal");
    gint64 until = deadline();
    guint n = 1;
    gboolean over = FALSE;
    /* Every call; when there is no time for all of them, the rest in wider and wider steps. */
    while (!over) {
        over = fail_call(file, journal, n, codes[n % G_N_ELEMENTS(codes)]);
        n += g_get_monotonic_time() < until ? 1 : 1 + n / 8;
    }
    g_test_message("%u calls", n);
    g_assert_cmpuint(n, >, 100);
}

int main(int argc, char **argv)
{
    vfs_shim_install();
    if (argc == 7 && strcmp(argv[1], "--lose") == 0) {
        return lose(argv + 2);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("faults-XXXXXX", NULL);
    g_test_add_func("/faults/power", test_power);
    g_test_add_func("/faults/calls", test_calls);
    int status = g_test_run();
    static const char *const names[] = {"power.cluster", "image.cluster", "calls.cluster",
                                        "power.journal", "calls.journal"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = path_of(names[i]);
        remove_files(path);
    }
    g_rmdir(directory);
    g_free(directory);
    return status;
}
