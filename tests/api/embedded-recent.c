/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What another process commits is seen by the next call, though answers are kept. The writer is a
 * child that is forked before any cluster is open, and is told what to do through a pipe.
 */
#include <clusapi.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

typedef struct {
    Fixture *fixture;
    pid_t writer;
    int to_writer, from_writer;
    HCLUSTER cluster;
} Setup;

/* Executes each line of SQL as a transaction and answers with a byte. */
static G_GNUC_NORETURN void write_for(const char *path, int in, int out)
{
    sqlite3 *db;
    FILE *lines = fdopen(in, "r");
    char line[1000];
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        _exit(1);
    }
    while (fgets(line, sizeof line, lines) != NULL) {
        char answer = sqlite3_exec(db, line, NULL, NULL, NULL) == SQLITE_OK ? 'y' : 'n';
        if (write(out, &answer, 1) != 1) {
            _exit(2);
        }
    }
    sqlite3_close(db);
    _exit(0);
}

static Setup *setup_new(void)
{
    Setup *setup = g_new0(Setup, 1);
    int to[2], from[2];
    setup->fixture = fixture_new_demo();
    g_assert_cmpint(pipe(to), ==, 0);
    g_assert_cmpint(pipe(from), ==, 0);
    setup->writer = fork();
    if (setup->writer == 0) {
        close(to[1]);
        close(from[0]);
        write_for(setup->fixture->path, to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    setup->to_writer = to[1];
    setup->from_writer = from[0];
    setup->cluster = OpenCluster(setup->fixture->wide);
    g_assert_nonnull(setup->cluster);
    return setup;
}

static void setup_free(Setup *setup)
{
    int status;
    CloseCluster(setup->cluster);
    close(setup->to_writer);
    close(setup->from_writer);
    g_assert_cmpint(waitpid(setup->writer, &status, 0), ==, setup->writer);
    g_assert_cmpint(status, ==, 0);
    fixture_free(setup->fixture);
    g_free(setup);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)

static void change(const Setup *setup, const char *sql)
{
    g_autofree char *line = g_strconcat(sql, "\n", NULL);
    char answer;
    g_assert_cmpint(write(setup->to_writer, line, strlen(line)), ==, (gssize)strlen(line));
    g_assert_cmpint(read(setup->from_writer, &answer, 1), ==, 1);
    g_assert_cmpint(answer, ==, 'y');
}

#define NUMBER_OF(kind, name)                                                                      \
    "(SELECT number FROM object WHERE kind = " #kind " AND name = '" name "')"

static void test_states(void)
{
    g_autoptr(Setup) setup = setup_new();
    HRESOURCE resource = OpenClusterResource(setup->cluster, u"web-ip");
    for (guint i = 0; i < 1000; i++) {
        gboolean online = i % 2 == 0;
        change(setup, online
                          ? "UPDATE resource SET state = 2 WHERE number = " NUMBER_OF(1, "web-ip")
                          : "UPDATE resource SET state = 3 WHERE number = " NUMBER_OF(1, "web-ip"));
        for (guint again = 0; again < 2; again++) {
            g_assert_cmpint(GetClusterResourceState(resource, NULL, NULL, NULL, NULL), ==,
                            online ? ClusterResourceOnline : ClusterResourceOffline);
        }
    }
}

static void test_owner(void)
{
    g_autoptr(Setup) setup = setup_new();
    HGROUP group = OpenClusterGroup(setup->cluster, u"web");
    WCHAR node[64];
    for (guint i = 0; i < 100; i++) {
        DWORD length = G_N_ELEMENTS(node);
        change(setup, i % 2 == 0 ? "UPDATE resource_group SET owner = " NUMBER_OF(4, "node2")
                                 : "UPDATE resource_group SET owner = " NUMBER_OF(4, "node1"));
        g_assert_cmpint(GetClusterGroupState(group, node, &length), !=, -1);
        g_autofree char *text = narrow(node);
        g_assert_cmpstr(text, ==, i % 2 == 0 ? "node2" : "node1");
    }
}

static void test_names(void)
{
    g_autoptr(Setup) setup = setup_new();
    for (guint i = 0; i < 100; i++) {
        HGROUP group = OpenClusterGroup(setup->cluster, u"empty");
        g_assert_nonnull(group);
        CloseClusterGroup(group);
        change(setup,
               "UPDATE object SET name = 'void', key = 'void' WHERE kind = 3 AND key = 'empty'");
        g_assert_null(OpenClusterGroup(setup->cluster, u"empty"));
        g_assert_cmpuint(GetLastError(), ==, ERROR_GROUP_NOT_FOUND);
        group = OpenClusterGroup(setup->cluster, u"VOID");
        g_assert_nonnull(group);
        CloseClusterGroup(group);
        change(setup,
               "UPDATE object SET name = 'empty', key = 'empty' WHERE kind = 3 AND key = 'void'");
    }
}

static void test_deleted(void)
{
    g_autoptr(Setup) setup = setup_new();
    HGROUP group = OpenClusterGroup(setup->cluster, u"empty");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOffline);
    change(setup, "PRAGMA foreign_keys = ON");
    change(setup, "DELETE FROM object WHERE kind = 3 AND key = 'empty'");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, ERROR_GROUP_NOT_AVAILABLE);
    g_assert_null(OpenClusterGroup(setup->cluster, u"empty"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_GROUP_NOT_FOUND);
}

/* The log begins anew after a checkpoint, and with it the index that tells of changes. */
static void test_checkpoints(void)
{
    g_autoptr(Setup) setup = setup_new();
    HNODE node = OpenClusterNode(setup->cluster, u"node2");
    for (guint i = 0; i < 200; i++) {
        change(setup, i % 2 == 0
                          ? "UPDATE node SET state = 2 WHERE number = " NUMBER_OF(4, "node2")
                          : "UPDATE node SET state = 0 WHERE number = " NUMBER_OF(4, "node2"));
        if (i % 3 == 0) {
            change(setup, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        g_assert_cmpint(GetClusterNodeState(node), ==,
                        i % 2 == 0 ? ClusterNodePaused : ClusterNodeUp);
        if (i % 5 == 0) {
            change(setup, "PRAGMA wal_checkpoint(RESTART)");
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recent/a state that another process changed is seen", test_states);
    g_test_add_func("/recent/an owner that another process changed is seen", test_owner);
    g_test_add_func("/recent/a name that another process changed is seen", test_names);
    g_test_add_func("/recent/an object that another process deleted is gone", test_deleted);
    g_test_add_func("/recent/changes between checkpoints are seen", test_checkpoints);
    return g_test_run();
}
