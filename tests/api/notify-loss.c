/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * More events than a port or the file keeps: what was lost is told once, where it is missing, and
 * afterwards the stream goes on. The changes are paced by a reader that keeps up.
 */
#include "registry-setup.h"

#include <sqlite3.h>
#include <string.h>

#define PATIENCE 30000
#define BATCHES  10
#define IN_BATCH 10000
#define TOTAL    (BATCHES * IN_BATCH)
/* What a port holds, and the file. */
#define ROOM 65536

static const char definition[] = "[cluster]\nname=c\n[node n]\n";

/* Values with numbers for names, as one change. */
static void set_numbers(HKEY key, guint from, guint to)
{
    HREGBATCH batch = NULL;
    IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
    for (guint i = from; i < to; i++) {
        WCHAR name[12];
        g_autofree char *text = g_strdup_printf("%u", i);
        for (gsize k = 0; k <= strlen(text); k++) {
            name[k] = (WCHAR)text[k];
        }
        IS(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, name, REG_NONE, NULL, 0), 0);
    }
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
}

/* The number of the next event, or -1 if it tells of a loss. */
static gint64 next(HCHANGE port)
{
    WCHAR id[20];
    DWORD size = 20;
    DWORD_PTR key;
    NOTIFY_FILTER_AND_TYPE got = {0, 0};
    IS(GetClusterNotifyV2(port, &key, &got, NULL, NULL, id, &size, NULL, NULL, NULL, NULL, NULL,
                          NULL, PATIENCE),
       ERROR_SUCCESS);
    g_assert_cmpuint(key, ==, 7);
    if (got.dwObjectType == CLUSTER_OBJECT_TYPE_CLUSTER) {
        g_assert_cmphex((guint64)got.FilterFlags, ==, CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
        return -1;
    }
    g_assert_cmpuint(got.dwObjectType, ==, CLUSTER_OBJECT_TYPE_REGISTRY);
    g_autofree char *text = narrow(id);
    return g_ascii_strtoll(text, NULL, 10);
}

/* The same of version 1, which tells no numbers. */
static DWORD next_v1(HCHANGE port)
{
    DWORD_PTR key;
    DWORD filter = 0;
    IS(GetClusterNotify(port, &key, &filter, NULL, NULL, PATIENCE), ERROR_SUCCESS);
    g_assert_cmpuint(key, ==, 8);
    return filter;
}

static HCHANGE port_of(const Cluster *c)
{
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_REGISTRY,
                                     CLUSTER_CHANGE_REGISTRY_VALUE_V2};
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, &filter, 1, 7);
    g_assert_nonnull(port);
    return port;
}

static void run_batch(HKEY root, HCHANGE quick, guint from, guint to)
{
    set_numbers(root, from, to);
    for (guint i = from; i < to; i++) {
        g_assert_cmpint(next(quick), ==, i);
    }
}

static void test_slow_reader(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HCHANGE slow = port_of(c);
    HCHANGE slow_v1 =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, c->handle, CLUSTER_CHANGE_REGISTRY_VALUE, 8);
    HCHANGE quick = port_of(c);
    for (guint i = 0; i < BATCHES; i++) {
        run_batch(root, quick, i * IN_BATCH, (i + 1) * IN_BATCH);
    }
    for (guint i = 0; i < ROOM; i++) {
        g_assert_cmpint(next(slow), ==, i);
        g_assert_cmphex(next_v1(slow_v1), ==, CLUSTER_CHANGE_REGISTRY_VALUE);
    }
    g_assert_cmpint(next(slow), ==, -1);
    g_assert_cmphex(next_v1(slow_v1), ==, CLUSTER_CHANGE_CLUSTER_RECONNECT);
    run_batch(root, quick, TOTAL, TOTAL + 100);
    for (guint i = TOTAL; i < TOTAL + 100; i++) {
        g_assert_cmpint(next(slow), ==, i);
        g_assert_cmphex(next_v1(slow_v1), ==, CLUSTER_CHANGE_REGISTRY_VALUE);
    }
    CloseClusterNotifyPort(quick);
    CloseClusterNotifyPort(slow);
    CloseClusterNotifyPort(slow_v1);
}

/* One that wakes up in between: the loss is told where it is, between what came before and what
 * came when there was room again. */
static void test_waking_reader(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    /* The first to register is told first: what the other has, it has, too. */
    HCHANGE slow = port_of(c);
    HCHANGE quick = port_of(c);
    const guint most = 7 * IN_BATCH;
    for (guint i = 0; i < most; i += IN_BATCH) {
        run_batch(root, quick, i, i + IN_BATCH);
    }
    /* Half of it must be gone before more is taken. */
    for (guint i = 0; i < ROOM / 2 - 1; i++) {
        g_assert_cmpint(next(slow), ==, i);
    }
    run_batch(root, quick, most, most + 10);
    g_assert_cmpint(next(slow), ==, ROOM / 2 - 1);
    run_batch(root, quick, most + 10, most + 20);
    for (guint i = ROOM / 2; i < ROOM; i++) {
        g_assert_cmpint(next(slow), ==, i);
    }
    g_assert_cmpint(next(slow), ==, -1);
    for (guint i = most + 10; i < most + 20; i++) {
        g_assert_cmpint(next(slow), ==, i);
    }
    CloseClusterNotifyPort(quick);
    CloseClusterNotifyPort(slow);
}

/* The file keeps as many; of one change that tells more the beginning is lost. */
static void test_too_much_at_once(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HCHANGE port = port_of(c);
    const guint all = ROOM + 4000;
    gint64 last = -1;
    guint lost = 0;
    set_numbers(root, 0, all);
    while (last != (gint64)all - 1) {
        gint64 number = next(port);
        if (number < 0) {
            /* Never twice without an event between. */
            g_assert_true(lost == 0 || last >= 0);
            lost++;
            last = -2;
            continue;
        }
        g_assert_true(number == last + 1 || last == -2);
        last = number;
    }
    g_assert_cmpuint(lost, >=, 1);
    g_assert_cmpuint(lost, <=, 3);
    set_numbers(root, all, all + 10);
    for (guint i = all; i < all + 10; i++) {
        g_assert_cmpint(next(port), ==, i);
    }
    CloseClusterNotifyPort(port);
}

/* Two registrations of one port: the loss is told for the key of each that lost something. */
static void test_keys_of_losses(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    NOTIFY_FILTER_AND_TYPE filters[] = {
        {CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_VALUE_V2},
        {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2}};
    HCHANGE slow = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, filters, 1, 1);
    g_assert_true(CreateClusterNotifyPortV2(slow, c->handle, filters + 1, 1, 2) == slow);
    HCHANGE quick = port_of(c);
    for (guint i = 0; i < 7; i++) {
        run_batch(root, quick, i * IN_BATCH, (i + 1) * IN_BATCH);
    }
    guint lost = 0;
    DWORD_PTR key;
    NOTIFY_FILTER_AND_TYPE got;
    while (GetClusterNotifyV2(slow, &key, &got, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                              NULL, NULL, 0) == ERROR_SUCCESS) {
        g_assert_cmpuint(key, ==, 1);
        lost += got.dwObjectType == CLUSTER_OBJECT_TYPE_CLUSTER;
    }
    g_assert_cmpuint(lost, ==, 1);
    CloseClusterNotifyPort(slow);
    CloseClusterNotifyPort(quick);
}

/* All of one file into another, which stays the same file. */
static void copy_file(const char *from, const char *to)
{
    sqlite3 *source, *target;
    g_assert_cmpint(sqlite3_open(from, &source), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_open(to, &target), ==, SQLITE_OK);
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    g_assert_nonnull(backup);
    g_assert_cmpint(sqlite3_backup_step(backup, -1), ==, SQLITE_DONE);
    g_assert_cmpint(sqlite3_backup_finish(backup), ==, SQLITE_OK);
    sqlite3_close(source);
    sqlite3_close(target);
}

/* An older state of the file gives numbers of events again that were told before. */
static void test_older_state(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HCHANGE port = port_of(c);
    HCHANGE port_v1 =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, c->handle, CLUSTER_CHANGE_REGISTRY_VALUE, 8);
    g_autofree char *saved = g_strconcat(c->fixture->path, "-saved", NULL);
    run_batch(root, port, 0, 10);
    copy_file(c->fixture->path, saved);
    run_batch(root, port, 10, 30);
    for (guint i = 0; i < 30; i++) {
        g_assert_cmphex(next_v1(port_v1), ==, CLUSTER_CHANGE_REGISTRY_VALUE);
    }
    copy_file(saved, c->fixture->path);
    g_assert_cmpint(next(port), ==, -1);
    g_assert_cmphex(next_v1(port_v1), ==, CLUSTER_CHANGE_CLUSTER_RECONNECT);
    run_batch(root, port, 40, 45);
    g_assert_cmphex(next_v1(port_v1), ==, CLUSTER_CHANGE_REGISTRY_VALUE);
    CloseClusterNotifyPort(port_v1);
    CloseClusterNotifyPort(port);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify-loss/a reader that sleeps", test_slow_reader);
    g_test_add_func("/notify-loss/a reader that wakes up", test_waking_reader);
    g_test_add_func("/notify-loss/more than the file keeps", test_too_much_at_once);
    g_test_add_func("/notify-loss/keys", test_keys_of_losses);
    g_test_add_func("/notify-loss/an older state of the file", test_older_state);
    return g_test_run();
}
