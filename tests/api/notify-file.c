/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watching when the files do not stay: the side file is deleted, the cluster is deleted and made
 * anew, or goes away for a while; a writer dies before it signals; a watcher that may not write.
 * The test itself is the other program, with --kill and --watch.
 */
#include "notify-setup.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded/create.h"
#include "embedded/definition.h"

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n" TEST_ID("01");
static const char *program;

/* --- Dying ------------------------------------------------------------------------------------- */

static gboolean dies_at_signal;

/* In the place of libc's for the library in this program: kills it at its first signal. */
ssize_t pwrite(int file, const void *data, size_t size, off_t offset)
{
    if (dies_at_signal) {
        g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", file);
        g_autofree char *path = g_file_read_link(link, NULL);
        if (path != NULL && g_str_has_suffix(path, "-signal")) {
            raise(SIGKILL);
        }
    }
    return (ssize_t)syscall(SYS_pwrite64, file, data, size, offset);
}

static int change_and_die(const char *path, const char *new_name)
{
    g_autofree WCHAR *name = wide(path);
    g_autofree WCHAR *text = wide(new_name);
    HCLUSTER cluster = OpenCluster(name);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    dies_at_signal = TRUE;
    (void)SetClusterGroupName(group, text);
    return 1;
}

static void expect(HCHANGE port, const char *line)
{
    g_autofree char *got = event_v2(port, PATIENCE);
    g_assert_cmpstr(got, ==, line);
}

static void test_killed(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCHANGE port = port_v2(c->handle);
    const char *arguments[] = {program, "--kill", c->fixture->path, "new", NULL};
    GPid child;
    int status;
    g_assert_true(g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    gint64 begin = g_get_monotonic_time();
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=new {Name=new}");
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 1500000);
    CloseClusterNotifyPort(port);
}

/* --- The side file ------------------------------------------------------------------------------ */

static void rename_in_turn(HGROUP group, guint i)
{
    IS(SetClusterGroupName(group, i % 2 == 0 ? u"x" : u"g"), ERROR_SUCCESS);
}

static int compare(gconstpointer a, gconstpointer b)
{
    return (int)(*(const gint64 *)a - *(const gint64 *)b);
}

/* Both who watches and who writes have lost it; it is there again with the next change. */
static void test_side_file(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    HGROUP group = OpenClusterGroup(other, u"g");
    HCHANGE port = port_v2(c->handle);
    g_autofree char *signal_path = g_strconcat(c->fixture->path, "-signal", NULL);
    g_autofree char *moved = g_strconcat(signal_path, "-moved", NULL);
    gint64 times[20];
    for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
        if (i % 4 == 1) {
            g_assert_cmpint(g_unlink(signal_path), ==, 0);
        } else if (i % 4 == 3) {
            g_assert_cmpint(g_rename(signal_path, moved), ==, 0);
        }
        gint64 begin = g_get_monotonic_time();
        rename_in_turn(group, i);
        g_autofree char *line = event_v2(port, PATIENCE);
        g_assert_nonnull(line);
        times[i] = g_get_monotonic_time() - begin;
    }
    qsort(times, G_N_ELEMENTS(times), sizeof *times, compare);
    g_test_message("half of the changes took %d us, the slowest %d us", (int)times[10],
                   (int)times[19]);
    /* The look once a second would make it half a second on average. */
    g_assert_cmpint(times[10], <, 100000);
    g_assert_cmpint(times[16], <, 300000);
    CloseClusterNotifyPort(port);
    CloseCluster(other);
}

/* One that nobody may follow: a link in its place is not written through. */
static void test_side_link(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCHANGE port = port_v2(c->handle);
    g_autofree char *signal_path = g_strconcat(c->fixture->path, "-signal", NULL);
    g_autofree char *victim = g_strconcat(c->fixture->path, "-victim", NULL);
    g_autofree char *content = NULL;
    g_assert_true(g_file_set_contents(victim, "mine", -1, NULL));
    (void)g_unlink(signal_path);
    g_assert_cmpint(symlink(victim, signal_path), ==, 0);
    rename_in_turn(group_of(c, "g"), 0);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=x {Name=x}");
    g_assert_true(g_file_get_contents(victim, &content, NULL, NULL));
    g_assert_cmpstr(content, ==, "mine");
    CloseClusterNotifyPort(port);
}

/* --- The cluster's file ------------------------------------------------------------------------- */

static gint64 processor_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static const char *const parts[] = {"", "-wal", "-shm"};

static void make_anew(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(ClDefinition) parsed = NULL;
    cl_definition_parse(definition, strlen(definition), &parsed, &mistakes, &error);
    g_assert_no_error(error);
    gboolean made = cl_embedded_create(path, parsed, FALSE, &error);
    g_assert_no_error(error);
    g_assert_true(made);
}

/* It is told once that the cluster is gone; another in its place is another cluster. */
static void test_deleted(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCHANGE port = port_v2(c->handle);
    HCHANGE one = port_v1(c->handle);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_strconcat(c->fixture->path, parts[i], NULL);
        (void)g_unlink(path);
    }
    expect(port, "CLUSTER STATE");
    g_autofree char *line = event_v1(one, PATIENCE);
    g_assert_cmpstr(line, ==, "CLUSTER_STATE ");
    gint64 before = processor_time();
    g_assert_null(event_v2(port, 500));
    g_assert_cmpint(processor_time() - before, <, 150000);
    make_anew(c->fixture->path);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    g_assert_nonnull(other);
    HCHANGE other_port = port_v2(other);
    HGROUP group = OpenClusterGroup(other, u"g");
    rename_in_turn(group, 0);
    expect(other_port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=x {Name=x}");
    before = processor_time();
    g_assert_null(event_v2(port, 500));
    g_assert_cmpint(processor_time() - before, <, 150000);
    CloseClusterNotifyPort(other_port);
    CloseCluster(other);
    CloseClusterNotifyPort(one);
    CloseClusterNotifyPort(port);
}

/* The port of the old one may stay when its cluster is closed, and take the new one. */
static void test_taken_anew(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCLUSTER old = OpenCluster(c->fixture->wide);
    HCHANGE port = port_v2(old);
    (void)g_unlink(c->fixture->path);
    expect(port, "CLUSTER STATE");
    CloseCluster(old);
    /* Each of its registrations says that its handle is closed. */
    DWORD_PTR key;
    while (GetClusterNotifyV2(port, &key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                              NULL, NULL, 0) == ERROR_SUCCESS) {
    }
    for (gsize i = 1; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_strconcat(c->fixture->path, parts[i], NULL);
        (void)g_unlink(path);
    }
    make_anew(c->fixture->path);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2};
    g_assert_true(CreateClusterNotifyPortV2(port, other, &filter, 1, 1) == port);
    rename_in_turn(OpenClusterGroup(other, u"g"), 0);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=x {Name=x}");
    CloseClusterNotifyPort(port);
    CloseCluster(other);
}

/* One that comes back is told so. Meanwhile it can be read, but not changed: where it is now its log
 * does not belong to it. */
static void test_away(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCHANGE port = port_v2(c->handle);
    HGROUP group = group_of(c, "g");
    g_autofree char *away = g_strconcat(c->fixture->path, "-away", NULL);
    rename_in_turn(group, 0);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=x {Name=x}");
    g_assert_cmpint(g_rename(c->fixture->path, away), ==, 0);
    expect(port, "CLUSTER STATE");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), !=, ClusterGroupStateUnknown);
    IS(SetClusterGroupName(group, u"lost"), ERROR_FILE_NOT_FOUND);
    g_assert_cmpint(g_rename(away, c->fixture->path), ==, 0);
    expect(port, "CLUSTER RECONNECT");
    rename_in_turn(group, 1);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=g {Name=g}");
    CloseClusterNotifyPort(port);
}

/* --- At rest ------------------------------------------------------------------------------------ */

/* How often threads of this process but the one that asks have slept so far. */
static guint64 sleeps(void)
{
    g_autoptr(GDir) tasks = g_dir_open("/proc/self/task", 0, NULL);
    guint64 n = 0;
    for (const char *task = g_dir_read_name(tasks); task != NULL; task = g_dir_read_name(tasks)) {
        g_autofree char *path = g_strdup_printf("/proc/self/task/%s/status", task);
        g_autofree char *text = NULL;
        gboolean is_own = atoi(task) == (int)syscall(SYS_gettid);
        if (!is_own && g_file_get_contents(path, &text, NULL, NULL)) {
            const char *at = strstr(text, "\nvoluntary_ctxt_switches:");
            n += at != NULL ? g_ascii_strtoull(strchr(at, ':') + 1, NULL, 10) : 0;
        }
    }
    return n;
}

/* Who watches what nobody changes sleeps; and hears of it when somebody does. */
static void test_rest(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCHANGE port = port_v2(c->handle);
    HGROUP group = group_of(c, "g");
    rename_in_turn(group, 0);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=x {Name=x}");
    /* Until the look after the last writing is over. */
    g_usleep(2500000);
    guint64 before = sleeps();
    g_usleep(3000000);
    g_assert_cmpuint(sleeps() - before, ==, 0);
    gint64 begin = g_get_monotonic_time();
    rename_in_turn(group, 1);
    expect(port, "GROUP COMMON_PROPERTY id=#01 parent=1 name=g {Name=g}");
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 500000);
    CloseClusterNotifyPort(port);
}

/* --- Without the right to write ----------------------------------------------------------------- */

#define NOBODY 65534

/* As somebody who may only read, if that is to be had: says when it watches, and what it sees. */
static int watch_as_nobody(const char *path)
{
    g_autofree WCHAR *name = wide(path);
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) {
        return 77;
    }
    HCLUSTER cluster = OpenClusterEx(name, GENERIC_READ, NULL);
    if (cluster == NULL) {
        return 2;
    }
    HCHANGE port = port_v2(cluster);
    printf("ready\n");
    fflush(stdout);
    for (guint i = 0; i < 10; i++) {
        g_autofree char *line = event_v2(port, PATIENCE);
        printf("%s\n", line != NULL ? line : "nothing");
        fflush(stdout);
    }
    CloseClusterNotifyPort(port);
    CloseCluster(cluster);
    return 0;
}

static void read_line(FILE *file, char *line, int size)
{
    g_assert_nonnull(fgets(line, size, file));
}

static void test_nobody(void)
{
    if (getuid() != 0) {
        g_test_skip("only root can become somebody else");
        return;
    }
    g_autoptr(Cluster) c = cluster_new(definition);
    HGROUP group = group_of(c, "g");
    const char *arguments[] = {program, "--watch", c->fixture->path, NULL};
    GPid child;
    int output, status;
    char line[200];
    gint64 times[10];
    g_assert_cmpint(g_chmod(c->fixture->directory, 0755), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *path = g_strconcat(c->fixture->path, parts[i], NULL);
        (void)g_chmod(path, 0644);
    }
    g_assert_true(g_spawn_async_with_pipes(NULL, (char **)arguments, NULL,
                                           G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child, NULL,
                                           &output, NULL, NULL));
    FILE *file = fdopen(output, "r");
    read_line(file, line, sizeof line);
    g_assert_cmpstr(line, ==, "ready\n");
    for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
        gint64 begin = g_get_monotonic_time();
        rename_in_turn(group, i);
        read_line(file, line, sizeof line);
        times[i] = g_get_monotonic_time() - begin;
        g_assert_true(g_str_has_prefix(line, "GROUP COMMON_PROPERTY id=#01 parent=1 name="));
    }
    fclose(file);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    qsort(times, G_N_ELEMENTS(times), sizeof *times, compare);
    g_assert_cmpint(times[5], <, 100000);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--kill") == 0) {
        return change_and_die(argv[2], argv[3]);
    }
    if (argc == 3 && strcmp(argv[1], "--watch") == 0) {
        return watch_as_nobody(argv[2]);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify-file/killed before the signal", test_killed);
    g_test_add_func("/notify-file/side file", test_side_file);
    g_test_add_func("/notify-file/a link for a side file", test_side_link);
    g_test_add_func("/notify-file/deleted and made anew", test_deleted);
    g_test_add_func("/notify-file/a port that stays", test_taken_anew);
    g_test_add_func("/notify-file/away and back", test_away);
    g_test_add_func("/notify-file/at rest it sleeps", test_rest);
    g_test_add_func("/notify-file/without the right to write", test_nobody);
    return g_test_run();
}
