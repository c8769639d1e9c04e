/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Handles: each public function with each kind of bad handle, lifetimes, and access. One cluster
 * for all tests of this file; one thread.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "handles-table.h"

static Fixture *fixture;

static WCHAR text[1000];
static DWORD length, number;
static BYTE bytes[4000];

static void test_null(void)
{
    for (guint i = 0; i < n_handle_functions(); i++) {
        assert_refused(i, NULL);
        assert_refused(i, (gpointer)(gssize)-1);
    }
}

static void test_wrong_kind(void)
{
    Handles all = handles_open(fixture->wide);
    for (guint i = 0; i < n_handle_functions(); i++) {
        for (guint kind = 0; kind < N_KINDS; kind++) {
            if (kind != handle_function(i)->takes) {
                assert_refused(i, all.handles[kind]);
            }
        }
    }
    handles_close(&all);
}

static void test_invented(void)
{
    Handles all = handles_open(fixture->wide);
    int local = 0;
    for (guint i = 0; i < n_handle_functions(); i++) {
        guint64 real = (guint64)(gsize)all.handles[handle_function(i)->takes];
        assert_refused(i, &local);
        assert_refused(i, (gpointer)1);
        assert_refused(i, (gpointer)G_MAXSIZE);
        for (guint bit = 0; bit < 64; bit++) {
            assert_refused(i, (gpointer)(gsize)(real ^ (UINT64_C(1) << bit)));
        }
        for (guint n = 0; n < 1000; n++) {
            guint64 value = (guint64)g_test_rand_int() << 32 | (guint32)g_test_rand_int();
            assert_refused(i, (gpointer)(gsize)value);
        }
    }
    handles_close(&all);
}

static void test_after_close_cluster(void)
{
    Handles all = handles_open(fixture->wide);
    handles_close(&all);
    for (guint i = 0; i < n_handle_functions(); i++) {
        assert_refused(i, all.handles[handle_function(i)->takes]);
    }
}

static void test_closed(void)
{
    Handles all = handles_open(fixture->wide);
    for (guint kind = 0; kind < N_KINDS; kind++) {
        handle_close(kind, all.handles[kind]);
    }
    for (guint i = 0; i < n_handle_functions(); i++) {
        Kind takes = handle_function(i)->takes;
        if (takes != TAKES_CLUSTER && takes != TAKES_CALL) {
            assert_refused(i, all.handles[takes]);
        }
    }
    handles_close(&all);
}

static void test_in_forked_child(void)
{
    Handles all = handles_open(fixture->wide);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        for (guint i = 0; i < n_handle_functions(); i++) {
            if (handle_function(i)->takes != TAKES_CALL &&
                handle_function(i)->call(all.handles[handle_function(i)->takes]) !=
                    ERROR_INVALID_HANDLE) {
                _exit(1);
            }
        }
        SetLastError(ERROR_SUCCESS);
        ClusapiEndCall(all.handles[TAKES_CALL]);
        gboolean refused = OpenCluster(fixture->wide) == NULL;
        _exit(refused && GetLastError() == ERROR_NOT_SUPPORTED ? 0 : 2);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    length = G_N_ELEMENTS(text);
    g_assert_cmpuint(GetClusterInformation(all.handles[TAKES_CLUSTER], text, &length, NULL), ==, 0);
    handles_close(&all);
}

/* Another handle of the same kind in use shows that a closed one's slot is not confused with it. */
static void test_stale_after_reuse(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP old = OpenClusterGroup(cluster, u"web");
    g_assert_true(CloseClusterGroup(old));
    for (guint i = 0; i < 1000; i++) {
        HGROUP group = OpenClusterGroup(cluster, u"web");
        g_assert_true(group != old);
        g_assert_cmpint(GetClusterGroupState(old, NULL, NULL), ==, ClusterGroupStateUnknown);
        g_assert_false(CloseClusterGroup(old));
        g_assert_true(CloseClusterGroup(group));
    }
    CloseCluster(cluster);
}

static void assert_named_demo(HCLUSTER cluster)
{
    length = G_N_ELEMENTS(text);
    g_assert_cmpuint(GetClusterInformation(cluster, text, &length, NULL), ==, ERROR_SUCCESS);
    g_autofree char *name = narrow(text);
    g_assert_cmpstr(name, ==, "demo");
}

static void test_instances_in_every_order(void)
{
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (guint o = 0; o < G_N_ELEMENTS(orders); o++) {
        HCLUSTER instances[3];
        instances[0] = OpenCluster(fixture->wide);
        HGROUP group = OpenClusterGroup(instances[0], u"web");
        HNETWORK network = OpenClusterNetwork(instances[0], u"public");
        instances[1] = GetClusterFromGroup(group);
        instances[2] = GetClusterFromNetwork(network);
        for (guint i = 0; i < 3; i++) {
            for (guint rest = i; rest < 3; rest++) {
                assert_named_demo(instances[orders[o][rest]]);
            }
            g_assert_true(CloseCluster(instances[orders[o][i]]));
            gboolean original_open = instances[0] != NULL;
            if (orders[o][i] == 0) {
                instances[0] = NULL;
                original_open = FALSE;
            }
            g_assert_true((GetClusterGroupState(group, NULL, NULL) != -1) == original_open);
            g_assert_true((GetClusterNetworkState(network) != -1) == original_open);
        }
        g_assert_false(CloseClusterGroup(group));
        g_assert_false(CloseClusterNetwork(network));
    }
}

static void test_objects_of_an_instance_are_its_own(void)
{
    HCLUSTER first = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(first, u"web");
    HCLUSTER second = GetClusterFromGroup(group);
    HGROUP other = OpenClusterGroup(second, u"web");
    CloseCluster(second);
    g_assert_cmpint(GetClusterGroupState(other, NULL, NULL), ==, -1);
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_HANDLE);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), !=, -1);
    CloseCluster(first);
}

static void test_clusters_do_not_mix(void)
{
    g_autoptr(Fixture) another = fixture_new_demo();
    HCLUSTER one = OpenCluster(fixture->wide);
    HCLUSTER two = OpenCluster(another->wide);
    HGROUP group = OpenClusterGroup(one, u"web");
    HNODE node = OpenClusterNode(two, u"node1");
    DWORD size;
    g_assert_cmpuint(ClusterGroupControl(group, node, CLUSCTL_GROUP_GET_NAME, NULL, 0, bytes,
                                         sizeof bytes, &size),
                     ==, ERROR_INVALID_HANDLE);
    CloseCluster(one);
    CloseCluster(two);
}

static void test_counts(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    HCLUSTER instance = GetClusterFromGroup(group);
    HCLUSENUM list = ClusterOpenEnum(instance, CLUSTER_ENUM_NODE);
    g_assert_nonnull(list);
    CLUSAPI_HANDLE_COUNTS counts = {.dwVersion = 1};
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &counts), ==, ERROR_SUCCESS);
    g_assert_cmpuint(counts.cCluster, ==, 2);
    g_assert_cmpuint(counts.cGroup, ==, 1);
    g_assert_cmpuint(counts.cEnum, ==, 1);
    g_assert_cmpuint(counts.cNode + counts.cResource + counts.cNetwork + counts.cNetInterface, ==,
                     0);
    CloseCluster(instance);
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &counts), ==, ERROR_SUCCESS);
    g_assert_cmpuint(counts.cCluster, ==, 1);
    g_assert_cmpuint(counts.cEnum, ==, 0);
    CloseCluster(cluster);
}

static void test_read_only_handles(void)
{
    DWORD granted = 0;
    HCLUSTER cluster = OpenClusterEx(fixture->wide, GENERIC_READ, &granted);
    g_assert_cmpuint(granted, ==, GENERIC_READ);
    g_assert_null(OpenClusterGroup(cluster, u"web"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    g_assert_null(OpenClusterNodeEx(cluster, u"node1", GENERIC_ALL, &granted));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    HGROUP group = OpenClusterGroupEx(cluster, u"web", MAXIMUM_ALLOWED, &granted);
    g_assert_nonnull(group);
    g_assert_cmpuint(granted, ==, GENERIC_READ);
    BYTE list[4] = {0};
    g_assert_cmpuint(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list, 4,
                                         NULL, 0, &number),
                     ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(
        ClusterControl(cluster, NULL, CLUSCTL_CLUSTER_SHUTDOWN, NULL, 0, NULL, 0, &number), ==,
        ERROR_ACCESS_DENIED);
    HCLUSTER instance = GetClusterFromGroup(group);
    g_assert_null(OpenClusterGroup(instance, u"web"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    CloseCluster(instance);
    CloseCluster(cluster);
}

/* With a handle that may only read, every function that changes something is refused, and no other
 * for that reason. */
static void test_read_only_functions(void)
{
    HCLUSTER cluster = OpenClusterEx(fixture->wide, GENERIC_READ, NULL);
    gpointer handles[N_KINDS] = {
        [TAKES_CLUSTER] = cluster,
        [TAKES_NODE] = OpenClusterNodeEx(cluster, u"node1", GENERIC_READ, NULL),
        [TAKES_GROUP] = OpenClusterGroupEx(cluster, u"web", GENERIC_READ, NULL),
        [TAKES_RESOURCE] = OpenClusterResourceEx(cluster, u"web", GENERIC_READ, NULL),
        [TAKES_NETWORK] = OpenClusterNetworkEx(cluster, u"public", GENERIC_READ, NULL),
        [TAKES_KEY] = GetClusterKey(cluster, KEY_READ),
    };
    guint changing = 0;
    for (guint i = 0; i < n_handle_functions(); i++) {
        if (handle_function(i)->changes) {
            g_test_message("%s", handle_function(i)->name);
            g_assert_nonnull(handles[handle_function(i)->takes]);
            g_assert_cmpuint(handle_function(i)->call(handles[handle_function(i)->takes]), ==,
                             ERROR_ACCESS_DENIED);
            changing++;
        }
    }
    g_assert_cmpuint(changing, >, 40);
    CloseCluster(cluster);
}

static void test_access_masks(void)
{
    static const struct {
        DWORD mask, granted, error;
    } rows[] = {
        {GENERIC_READ, GENERIC_READ, 0},
        {GENERIC_ALL, GENERIC_ALL, 0},
        {MAXIMUM_ALLOWED, GENERIC_ALL, 0},
        {GENERIC_READ | GENERIC_ALL, GENERIC_ALL, 0},
        {GENERIC_READ | MAXIMUM_ALLOWED, GENERIC_ALL, 0},
        {CLUSAPI_READ_ACCESS, GENERIC_READ, 0},
        {CLUSAPI_READ_ACCESS | CLUSAPI_CHANGE_ACCESS, GENERIC_ALL, 0},
        {CLUSAPI_CHANGE_ACCESS, 0, ERROR_INVALID_PARAMETER},
        {0, 0, ERROR_INVALID_PARAMETER},
        {0x00010000, 0, ERROR_INVALID_PARAMETER},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        DWORD granted = 0;
        HCLUSTER cluster = OpenClusterEx(fixture->wide, rows[i].mask, &granted);
        g_assert_true((cluster != NULL) == (rows[i].error == 0));
        if (cluster != NULL) {
            g_assert_cmpuint(granted, ==, rows[i].granted);
            CloseCluster(cluster);
        } else {
            g_assert_cmpuint(GetLastError(), ==, rows[i].error);
        }
    }
}

/* A sanitizer keeps freed memory on purpose; it finds leaks itself. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PAIRS        20000
#define LIMIT_GROWTH FALSE
#else
#define PAIRS        1000000
#define LIMIT_GROWTH TRUE
#endif

static gsize resident_kilobytes(void)
{
    g_autofree char *status = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    return g_ascii_strtoull(strstr(status, "VmRSS:") + strlen("VmRSS:"), NULL, 10);
}

static void test_million_pairs_leave_no_memory(void)
{
    HCLUSTER cluster = OpenCluster(fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    gsize before = 0;
    for (guint i = 0; i < PAIRS + 1000; i++) {
        if (i == 1000) {
            before = resident_kilobytes();
        }
        HGROUP another = OpenClusterGroup(cluster, u"web");
        HCLUSTER instance = GetClusterFromGroup(group);
        CloseCluster(instance);
        CloseClusterGroup(another);
    }
    /* valgrind has memory of its own. */
    if (LIMIT_GROWTH && g_getenv("CLUSAPI_VALGRIND") == NULL) {
        g_assert_cmpuint(resident_kilobytes(), <=, before + 256);
    }
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture = fixture_new_demo();
    g_test_add_func("/handles/a null handle is refused by every function", test_null);
    g_test_add_func("/handles/a handle of another kind is refused by every function",
                    test_wrong_kind);
    g_test_add_func("/handles/an invented handle is refused by every function", test_invented);
    g_test_add_func("/handles/a closed handle is refused by every function", test_closed);
    g_test_add_func("/handles/closing a cluster closes all that came from it",
                    test_after_close_cluster);
    g_test_add_func("/handles/a forked child has none", test_in_forked_child);
    g_test_add_func("/handles/a stale handle never names what took its place",
                    test_stale_after_reuse);
    g_test_add_func("/handles/instances may be closed in every order",
                    test_instances_in_every_order);
    g_test_add_func("/handles/an instance owns what was opened from it",
                    test_objects_of_an_instance_are_its_own);
    g_test_add_func("/handles/those of different clusters do not mix", test_clusters_do_not_mix);
    g_test_add_func("/handles/are counted by kind", test_counts);
    g_test_add_func("/access/a read-only handle changes nothing", test_read_only_handles);
    g_test_add_func(
        "/access/a read-only handle is refused by every function that changes something",
        test_read_only_functions);
    g_test_add_func("/access/masks are granted as documented", test_access_masks);
    g_test_add_func("/handles/a million pairs of open and close leave memory where it was",
                    test_million_pairs_leave_no_memory);
    int result = g_test_run();
    fixture_free(fixture);
    return result;
}
