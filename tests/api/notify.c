/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notification ports through the public functions, on an embedded cluster that this process and
 * another one change.
 */
#include "fixture.h"

#include <clusapi/linux.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than any change takes. */
#define PATIENCE 5000

static const char definition[] = "[cluster]\nname=c\n[node n]\n[node m]\n[resource-type T]\n"
                                 "[group g]\nowner=n\n[resource r]\ngroup=g\ntype=T\n"
                                 "[group other]\n";

static HCLUSTER open_cluster(const Fixture *fixture)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    g_assert_nonnull(cluster);
    return cluster;
}

/* The next event of a port of version 1 is this one. */
static void expect(HCHANGE port, DWORD filter, const char *name, DWORD_PTR key)
{
    DWORD_PTR got_key = 0;
    DWORD got = 0, size = 100;
    WCHAR buffer[100];
    g_assert_cmpuint(GetClusterNotify(port, &got_key, &got, buffer, &size, PATIENCE), ==, 0);
    g_autofree char *text = narrow(buffer);
    g_assert_cmphex(got, ==, filter);
    g_assert_cmpstr(text, ==, name);
    g_assert_cmpuint(got_key, ==, key);
}

static void expect_none(HCHANGE port, DWORD ms)
{
    DWORD_PTR key;
    DWORD filter;
    g_assert_cmpuint(GetClusterNotify(port, &key, &filter, NULL, NULL, ms), ==, WAIT_TIMEOUT);
}

static void test_version_1(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    HGROUP other = OpenClusterGroup(cluster, u"other");
    HRESOURCE resource = OpenClusterResource(cluster, u"r");
    HCHANGE port = CreateClusterNotifyPort(
        INVALID_HANDLE_VALUE, cluster, CLUSTER_CHANGE_GROUP_STATE | CLUSTER_CHANGE_GROUP_ADDED, 1);
    g_assert_nonnull(port);
    g_assert_cmpuint(RegisterClusterNotify(port, CLUSTER_CHANGE_RESOURCE_STATE, resource, 2), ==,
                     0);
    g_assert_cmpuint(RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_PROPERTY, group, 3), ==, 0);
    g_assert_cmpuint(RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_STATE, resource, 3), ==,
                     ERROR_INVALID_HANDLE);
    expect_none(port, 0);
    g_assert_cmpuint(OnlineClusterGroup(group, NULL), ==, 0);
    expect(port, CLUSTER_CHANGE_RESOURCE_STATE, "r", 2);
    expect(port, CLUSTER_CHANGE_GROUP_STATE, "g", 1);
    /* Only what was asked for of that one object. */
    g_assert_cmpuint(SetClusterGroupName(other, u"renamed"), ==, 0);
    g_assert_cmpuint(SetClusterGroupName(group, u"g2"), ==, 0);
    expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, "g2", 3);
    CloseClusterGroup(CreateClusterGroup(cluster, u"new"));
    expect(port, CLUSTER_CHANGE_GROUP_ADDED, "new", 1);
    expect_none(port, 50);
    g_assert_true(CloseClusterNotifyPort(port));
    DWORD_PTR key;
    DWORD filter;
    g_assert_cmpuint(GetClusterNotify(port, &key, &filter, NULL, NULL, 0), ==,
                     ERROR_INVALID_HANDLE);
    CloseCluster(cluster);
}

static void test_duplicates_and_room(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    HCHANGE port = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, 0, 0);
    DWORD_PTR key;
    DWORD filter, size = 1;
    WCHAR small[1];
    g_assert_nonnull(port);
    g_assert_true(CreateClusterNotifyPort(port, cluster, CLUSTER_CHANGE_GROUP_PROPERTY, 1) == port);
    g_assert_cmpuint(RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_PROPERTY, group, 2), ==, 0);
    g_assert_null(CreateClusterNotifyPort(port, INVALID_HANDLE_VALUE, 1, 0));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(SetClusterGroupName(group, u"h"), ==, 0);
    g_assert_cmpuint(GetClusterNotify(port, &key, &filter, small, &size, PATIENCE), ==,
                     ERROR_MORE_DATA);
    g_assert_cmpuint(size, ==, 1);
    expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, "h", 1);
    expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, "h", 2);
    expect_none(port, 20);
    CloseClusterNotifyPort(port);
    CloseCluster(cluster);
}

static void test_handle_close(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    HCHANGE port = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster,
                                           (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE, 1);
    g_assert_cmpuint(
        RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_STATE | (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE,
                              group, 2),
        ==, 0);
    CloseClusterGroup(group);
    expect(port, (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE, "g", 2);
    CloseCluster(cluster);
    expect(port, (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE, "", 1);
    expect_none(port, 0);
    CloseClusterNotifyPort(port);
}

static void test_version_2(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    HNODE node = OpenClusterNode(cluster, u"m");
    NOTIFY_FILTER_AND_TYPE filters[] = {
        {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_OWNER_NODE_V2}};
    NOTIFY_FILTER_AND_TYPE bad = {CLUSTER_OBJECT_TYPE_GROUP, 0x100000}, got = {0, 0};
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, filters, 1, 9);
    DWORD_PTR key = 0;
    WCHAR id[50], parent[50], name[50], type[50], data[50];
    DWORD id_size = 50, parent_size = 50, name_size = 50, type_size = 50, size = sizeof data;
    g_assert_nonnull(port);
    g_assert_cmpuint(RegisterClusterNotifyV2(port, bad, group, 0), ==, ERROR_INVALID_PARAMETER);
    g_assert_null(CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, &bad, 1, 0));
    g_assert_cmpuint(MoveClusterGroup(group, node), ==, 0);
    g_assert_cmpuint(GetClusterNotifyV2(port, &key, &got, (BYTE *)data, &size, id, &id_size, parent,
                                        &parent_size, name, &name_size, type, &type_size, PATIENCE),
                     ==, 0);
    g_autofree char *owner = narrow(data);
    g_autofree char *text = narrow(name);
    g_autofree char *parent_id = narrow(parent);
    g_assert_cmpuint(key, ==, 9);
    g_assert_cmpuint(got.dwObjectType, ==, CLUSTER_OBJECT_TYPE_GROUP);
    g_assert_cmpint(got.FilterFlags, ==, CLUSTER_CHANGE_GROUP_OWNER_NODE_V2);
    g_assert_cmpstr(owner, ==, "2");
    g_assert_cmpstr(parent_id, ==, "2");
    g_assert_cmpstr(text, ==, "g");
    g_assert_cmpuint(id_size, ==, 36);
    g_assert_cmpuint(GetClusterNotifyV2(port, &key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                        NULL, NULL, NULL, 20),
                     ==, WAIT_TIMEOUT);
    CloseClusterNotifyPort(port);
    CloseCluster(cluster);
}

static void test_event(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster, CLUSTER_CHANGE_GROUP_PROPERTY, 1);
    HANDLE event = NULL, again = NULL;
    g_assert_cmpuint(GetNotifyEventHandle(port, &event), ==, 0);
    g_assert_cmpuint(GetNotifyEventHandle(port, &again), ==, 0);
    g_assert_true(event == again && event != NULL);
    struct pollfd ready = {ClusapiEventDescriptor(event), POLLIN, 0};
    g_assert_cmpint(ready.fd, >=, 0);
    g_assert_cmpint(poll(&ready, 1, 0), ==, 0);
    g_assert_cmpuint(SetClusterGroupName(group, u"h"), ==, 0);
    g_assert_cmpint(poll(&ready, 1, PATIENCE), ==, 1);
    expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, "h", 1);
    g_assert_cmpint(poll(&ready, 1, 0), ==, 0);
    CloseClusterNotifyPort(port);
    g_assert_cmpint(ClusapiEventDescriptor(event), ==, -1);
    CloseCluster(cluster);
}

/* A mark comes behind what was done before it, also by another connection, and before what is done
 * after it. */
static void test_marks(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HCLUSTER other = open_cluster(fixture);
    HGROUP group = OpenClusterGroup(other, u"g");
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster, CLUSTER_CHANGE_GROUP_PROPERTY, 1);
    for (guint i = 0; i < 50; i++) {
        g_autofree char *first = g_strdup_printf("a%u", i);
        g_autofree char *second = g_strdup_printf("b%u", i);
        g_autofree WCHAR *first_wide = wide(first);
        g_autofree WCHAR *second_wide = wide(second);
        g_assert_cmpuint(SetClusterGroupName(group, first_wide), ==, 0);
        g_assert_cmpuint(ClusapiMarkNotifyPort(port, cluster, 100 + i), ==, 0);
        g_assert_cmpuint(SetClusterGroupName(group, second_wide), ==, 0);
        expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, first, 1);
        /* Between the two or behind both. */
        DWORD_PTR key = 0;
        DWORD filter = 1, size = 100;
        WCHAR buffer[100];
        g_assert_cmpuint(GetClusterNotify(port, &key, &filter, buffer, &size, PATIENCE), ==, 0);
        if (key == 1) {
            expect(port, 0, "", 100 + i);
        } else {
            g_assert_cmpuint(key, ==, 100 + i);
            g_assert_cmpuint(filter, ==, 0);
            expect(port, CLUSTER_CHANGE_GROUP_PROPERTY, second, 1);
        }
    }
    /* It comes also when nothing has happened, and to a port that watches nothing. */
    HCHANGE empty = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, 0, 0);
    g_assert_cmpuint(ClusapiMarkNotifyPort(port, cluster, 7), ==, 0);
    expect(port, 0, "", 7);
    g_assert_cmpuint(ClusapiMarkNotifyPort(empty, cluster, 8), ==, 0);
    expect(empty, 0, "", 8);
    g_assert_cmpuint(ClusapiMarkNotifyPort((HCHANGE)(gpointer)cluster, cluster, 0), ==,
                     ERROR_INVALID_HANDLE);
    CloseClusterNotifyPort(empty);
    CloseClusterNotifyPort(port);
    CloseCluster(other);
    CloseCluster(cluster);
}

static gpointer close_soon(gpointer port)
{
    g_usleep(100000);
    CloseClusterNotifyPort(port);
    return NULL;
}

static void test_close_while_waiting(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster, CLUSTER_CHANGE_GROUP_PROPERTY, 1);
    GThread *thread = g_thread_new("close", close_soon, port);
    DWORD_PTR key;
    DWORD filter;
    g_assert_cmpuint(GetClusterNotify(port, &key, &filter, NULL, NULL, INFINITE), ==,
                     ERROR_INVALID_HANDLE);
    g_thread_join(thread);
    CloseCluster(cluster);
}

/* --- Another process -------------------------------------------------------------------------- */

#define CHANGES 40

/* Renames the group; the names say when. */
static int change(const char *path)
{
    g_autofree WCHAR *name = wide(path);
    HCLUSTER cluster = OpenCluster(name);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    for (guint i = 0; i < CHANGES; i++) {
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, g_get_monotonic_time());
        g_autofree WCHAR *new_name = wide(text);
        if (SetClusterGroupName(group, new_name) != ERROR_SUCCESS) {
            return 1;
        }
        g_usleep(10000);
    }
    CloseCluster(cluster);
    return 0;
}

static const char *program;

static int compare(gconstpointer a, gconstpointer b)
{
    return (int)(*(const gint64 *)a - *(const gint64 *)b);
}

static void test_other_process(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_cluster(fixture);
    HCHANGE port =
        CreateClusterNotifyPort(INVALID_HANDLE_VALUE, cluster, CLUSTER_CHANGE_GROUP_PROPERTY, 1);
    const char *arguments[] = {program, "--change", fixture->path, NULL};
    gint64 times[CHANGES];
    GPid child;
    g_assert_true(g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    for (guint i = 0; i < CHANGES; i++) {
        DWORD_PTR key;
        DWORD filter, size = 100;
        WCHAR buffer[100];
        g_assert_cmpuint(GetClusterNotify(port, &key, &filter, buffer, &size, PATIENCE), ==, 0);
        g_autofree char *text = narrow(buffer);
        times[i] = g_get_monotonic_time() - g_ascii_strtoll(text, NULL, 10);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    qsort(times, CHANGES, sizeof *times, compare);
    g_test_message("half of the changes took %d us, the slowest %d us", (int)times[CHANGES / 2],
                   (int)times[CHANGES - 1]);
    /* The look once a second would make it half a second on average. */
    g_assert_cmpint(times[CHANGES / 2], <, 50000);
    CloseClusterNotifyPort(port);
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--change") == 0) {
        return change(argv[2]);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify/version-1", test_version_1);
    g_test_add_func("/notify/duplicates-and-room", test_duplicates_and_room);
    g_test_add_func("/notify/handle-close", test_handle_close);
    g_test_add_func("/notify/version-2", test_version_2);
    g_test_add_func("/notify/event", test_event);
    g_test_add_func("/notify/marks", test_marks);
    g_test_add_func("/notify/close-while-waiting", test_close_while_waiting);
    g_test_add_func("/notify/other-process", test_other_process);
    return g_test_run();
}
