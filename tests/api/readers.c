/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may only look: what is due has happened for them, too, as far as they may write the file, and
 * else they see it as it was left. The test itself is the other program, with --look.
 */
#include "acting-setup.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded/settle.h"

#define NOBODY   65534
#define SLOW_MS  400 /* as long as a busy machine may take for what comes before */
#define PATIENCE 5000

static const char definition[] =
    "[cluster]\nname=test\n[node n1]\n[resource-type Slow]\nprivate.OnlineDelay=dword:400\n"
    "[group g]\nowner=n1\n[resource r]\ngroup=g\ntype=Slow\n";
static const char *program;

/* Begins what somebody else will see the end of. */
static Cluster *cluster_begun(void)
{
    Cluster *c = cluster_new(definition);
    IS(OnlineClusterGroup(group_of(c, "g"), NULL), ERROR_IO_PENDING);
    return c;
}

static void open_for_reading(Cluster *c)
{
    CloseCluster(c->handle);
    c->handle = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    g_assert_nonnull(c->handle);
}

/* Nobody has to be running, nor to change anything, for a state to be right. */
static void test_states(void)
{
    g_autoptr(Cluster) c = cluster_begun();
    open_for_reading(c);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnlinePending);
    await_state(c, "r", ClusterResourceOnline);
    NONE(CreateClusterGroup(c->handle, u"new"), ERROR_ACCESS_DENIED);
}

static void test_events(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, reading, CLUSTER_CHANGE_RESOURCE_STATE, 0);
    DWORD_PTR key;
    DWORD filter;
    g_assert_nonnull(port);
    IS(OnlineClusterGroup(group_of(c, "g"), NULL), ERROR_IO_PENDING);
    CloseCluster(c->handle);
    c->handle = NULL;
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, PATIENCE), ERROR_SUCCESS);
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, PATIENCE), ERROR_SUCCESS);
    g_assert_true(CloseClusterNotifyPort(port));
    CloseCluster(reading);
}

/* Many at once find the same thing due, and first have to open the file for writing. */
static gpointer read_state(gpointer data)
{
    Cluster *c = data;
    return GINT_TO_POINTER(state_of(c, "r"));
}

static void test_threads(void)
{
    g_autoptr(Cluster) c = cluster_begun();
    GThread *threads[8];
    open_for_reading(c);
    g_usleep(2 * SLOW_MS * 1000);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("reader", read_state, c);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_assert_cmpint(GPOINTER_TO_INT(g_thread_join(threads[i])), ==, ClusterResourceOnline);
    }
}

/* A file in the place of the one that was opened is none of theirs. */
static void test_replaced(void)
{
    g_autoptr(Cluster) c = cluster_begun();
    g_autofree char *away = g_strconcat(c->fixture->path, "-away", NULL);
    g_autofree char *content = NULL;
    gsize size;
    open_for_reading(c);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnlinePending);
    g_assert_cmpint(g_rename(c->fixture->path, away), ==, 0);
    g_assert_true(g_file_set_contents(c->fixture->path, "mine", -1, NULL));
    g_usleep(2 * SLOW_MS * 1000);
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOnlinePending);
    g_assert_true(g_file_get_contents(c->fixture->path, &content, &size, NULL));
    g_assert_cmpmem(content, size, "mine", 4);
}

/* The time when the side file was written last. */
static gint64 time_of_signal(const Cluster *c)
{
    g_autofree char *path = g_strconcat(c->fixture->path, "-signal", NULL);
    struct stat info;
    g_assert_cmpint(stat(path, &info), ==, 0);
    return (gint64)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

/* Who finds nothing left to do wakes nobody. */
static void test_signal(void)
{
    g_autoptr(Cluster) c = cluster_begun();
    g_autoptr(GError) error = NULL;
    const ClCall call = {g_get_monotonic_time() + PATIENCE * 1000, NULL};
    ClConnection *store;
    g_assert_true(cl_store_open(c->fixture->path, CL_ACCESS_READ, &call, &store, &error));
    gint64 begun = time_of_signal(c);
    g_usleep(2 * SLOW_MS * 1000);
    g_assert_true(cl_settle(store, &call, &error));
    gint64 done = time_of_signal(c);
    g_assert_cmpint(done, >, begun);
    g_usleep(SLOW_MS * 1000);
    g_assert_true(cl_settle(store, &call, &error));
    g_assert_cmpint(time_of_signal(c), ==, done);
    g_assert_no_error(error);
    cl_store_close(store);
}

/* --- Rights ------------------------------------------------------------------------------------- */

/* As somebody who is not the owner: the state is the exit status. */
static int look_as_nobody(const char *path)
{
    g_autofree WCHAR *name = wide(path);
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0) {
        return 1;
    }
    HCLUSTER cluster = OpenClusterEx(name, GENERIC_READ, NULL);
    HRESOURCE resource = OpenClusterResourceEx(cluster, u"r", GENERIC_READ, NULL);
    int state = GetClusterResourceState(resource, NULL, NULL, NULL, NULL);
    CloseClusterResource(resource);
    CloseCluster(cluster);
    return state;
}

static int look(const Cluster *c)
{
    const char *const arguments[] = {program, "--look", c->fixture->path, NULL};
    int status;
    g_assert_true(g_spawn_sync(NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                               NULL, &status, NULL));
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void allow(const Cluster *c, const char *part, int mode)
{
    g_autofree char *path = g_strconcat(c->fixture->path, part, NULL);
    g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void test_rights(void)
{
    if (getuid() != 0) {
        g_test_skip("only root can become somebody else");
        return;
    }
    g_autoptr(Cluster) c = cluster_begun();
    g_assert_cmpint(g_chmod(c->fixture->directory, 0755), ==, 0);
    allow(c, "", 0644);
    allow(c, "-wal", 0644);
    allow(c, "-shm", 0644);
    g_usleep(2 * SLOW_MS * 1000);
    g_assert_cmpint(look(c), ==, ClusterResourceOnlinePending);
    allow(c, "", 0666);
    g_assert_cmpint(look(c), ==, ClusterResourceOnlinePending);
    allow(c, "-shm", 0666);
    g_assert_cmpint(look(c), ==, ClusterResourceOnlinePending);
    allow(c, "-wal", 0666);
    g_assert_cmpint(look(c), ==, ClusterResourceOnline);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--look") == 0) {
        return look_as_nobody(argv[2]);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/readers/what is due is seen", test_states);
    g_test_add_func("/readers/what is due is told", test_events);
    g_test_add_func("/readers/what is due is seen by many at once", test_threads);
    g_test_add_func("/readers/another file is left alone", test_replaced);
    g_test_add_func("/readers/who does nothing wakes nobody", test_signal);
    g_test_add_func("/readers/without the right to write", test_rights);
    return g_test_run();
}
