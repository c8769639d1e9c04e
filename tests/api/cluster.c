/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which cluster a name means, creating one, and what is told of it. One thread; each test has a
 * directory of its own for the configuration.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

static Fixture *demo;

/* Makes clusters.conf of @text the configuration. */
static void configure(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(demo->directory, "clusters.conf", NULL);
    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
    g_setenv("CLUSAPI_CONF", path, TRUE);
}

static void configure_demo(void)
{
    g_autofree char *text = g_strdup_printf("[global]\nlocal=second\n"
                                            "[first]\nbackend=embedded\naddress=%s\n"
                                            "[second]\naddress=%s\n"
                                            "[relative]\naddress=x.cluster\n"
                                            "[strange]\nbackend=no-such\naddress=/x\n"
                                            "[escape]\nbackend=../evil\naddress=/x\n",
                                            demo->path, demo->path);
    configure(text);
}

static void assert_opens(LPCWSTR name, const char *cluster_name)
{
    WCHAR text[64];
    DWORD length = G_N_ELEMENTS(text);
    HCLUSTER cluster = OpenCluster(name);
    g_assert_nonnull(cluster);
    g_assert_cmpuint(GetClusterInformation(cluster, text, &length, NULL), ==, ERROR_SUCCESS);
    g_autofree char *got = narrow(text);
    g_assert_cmpstr(got, ==, cluster_name);
    CloseCluster(cluster);
}

static void assert_does_not_open(LPCWSTR name, DWORD code)
{
    SetLastError(ERROR_SUCCESS);
    g_assert_null(OpenCluster(name));
    g_assert_cmpuint(GetLastError(), ==, code);
}

static void test_path(void)
{
    configure("");
    assert_opens(demo->wide, "demo");
    assert_does_not_open(u"/no/such/file.cluster", ERROR_FILE_NOT_FOUND);
    assert_does_not_open(u"/", ERROR_INVALID_DATA);
}

static void test_section(void)
{
    configure_demo();
    assert_opens(u"first", "demo");
    assert_opens(u"FIRST", "demo");
    assert_does_not_open(u"relative", ERROR_INVALID_DATA);
    assert_does_not_open(u"strange", ERROR_MOD_NOT_FOUND);
    assert_does_not_open(u"escape", ERROR_MOD_NOT_FOUND);
    assert_does_not_open(u"global", RPC_S_SERVER_UNAVAILABLE);
    assert_does_not_open(u"elsewhere.example.com", RPC_S_SERVER_UNAVAILABLE);
    assert_does_not_open(u"", ERROR_INVALID_NAME);
}

static void test_local(void)
{
    configure_demo();
    assert_opens(NULL, "demo");
    g_setenv("CLUSAPI_LOCAL", demo->path, TRUE);
    configure("");
    assert_opens(NULL, "demo");
    g_setenv("CLUSAPI_LOCAL", "/no/such/file", TRUE);
    assert_does_not_open(NULL, ERROR_FILE_NOT_FOUND);
    g_unsetenv("CLUSAPI_LOCAL");
    if (!g_file_test("/var/lib/clusapi/local.cluster", G_FILE_TEST_EXISTS)) {
        assert_does_not_open(NULL, EPT_S_NOT_REGISTERED);
    }
}

static void test_bad_configuration(void)
{
    configure("this is no key file\n");
    assert_does_not_open(u"first", ERROR_INVALID_DATA);
    /* A path needs no configuration. */
    assert_opens(demo->wide, "demo");
    g_setenv("CLUSAPI_LOCAL", demo->path, TRUE);
    assert_opens(NULL, "demo");
    g_unsetenv("CLUSAPI_LOCAL");
    g_setenv("CLUSAPI_CONF", "/no/such/clusters.conf", TRUE);
    assert_does_not_open(u"first", RPC_S_SERVER_UNAVAILABLE);
}

/* Which would never end. */
static void test_configuration_is_a_file(void)
{
    g_autofree char *fifo = g_build_filename(demo->directory, "fifo", NULL);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_setenv("CLUSAPI_CONF", fifo, TRUE);
    assert_does_not_open(u"first", ERROR_INVALID_DATA);
    g_setenv("CLUSAPI_CONF", "/dev/zero", TRUE);
    assert_does_not_open(u"first", ERROR_INVALID_DATA);
}

static void test_bad_text(void)
{
    static const WCHAR lone[] = {'a', 0xd800, 'b', 0};
    configure("");
    assert_does_not_open(lone, ERROR_NO_UNICODE_TRANSLATION);
    HCLUSTER cluster = OpenCluster(demo->wide);
    g_assert_null(OpenClusterGroup(cluster, lone));
    g_assert_cmpuint(GetLastError(), ==, ERROR_NO_UNICODE_TRANSLATION);
    g_assert_null(OpenClusterGroup(cluster, NULL));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_PARAMETER);
    CloseCluster(cluster);
}

static void test_configured(void)
{
    WCHAR names[200];
    DWORD length = 0;
    configure_demo();
    g_assert_cmpuint(ClusapiGetConfiguredClusters(NULL, &length), ==, ERROR_SUCCESS);
    DWORD small = length - 1;
    g_assert_cmpuint(ClusapiGetConfiguredClusters(names, &small), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(small, ==, length);
    g_assert_cmpuint(ClusapiGetConfiguredClusters(names, &length), ==, ERROR_SUCCESS);
    static const WCHAR expected[] = u"first\0second\0relative\0strange\0escape\0";
    g_assert_cmpmem(names, length * sizeof(WCHAR), expected, sizeof expected);
}

static void test_information(void)
{
    configure("");
    HCLUSTER cluster = OpenCluster(demo->wide);
    CLUSTERVERSIONINFO info = {.dwVersionInfoSize = sizeof info};
    WCHAR name[5];
    DWORD length = 5;
    g_assert_cmpuint(GetClusterInformation(cluster, name, &length, &info), ==, ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 4);
    g_assert_cmpuint(info.MajorVersion, >=, 6);
    g_assert_cmpuint(info.szVendorId[0], !=, 0);
    length = 4;
    name[0] = 'x';
    g_assert_cmpuint(GetClusterInformation(cluster, name, &length, NULL), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(length, ==, 4);
    length = 0;
    g_assert_cmpuint(GetClusterInformation(cluster, NULL, &length, NULL), ==, ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 4);
    g_assert_cmpuint(GetClusterInformation(cluster, name, NULL, NULL), ==, ERROR_INVALID_PARAMETER);
    info.dwVersionInfoSize = 268;
    info.dwFlags = 77;
    length = 5;
    g_assert_cmpuint(GetClusterInformation(cluster, name, &length, &info), ==, ERROR_SUCCESS);
    g_assert_cmpuint(info.dwFlags, ==, 77);
    info.dwVersionInfoSize = 100;
    g_assert_cmpuint(GetClusterInformation(cluster, name, &length, &info), ==,
                     ERROR_INVALID_PARAMETER);
    CloseCluster(cluster);
}

static void test_node_cluster_state(void)
{
    DWORD state = 77;
    configure_demo();
    g_assert_cmpuint(GetNodeClusterState(NULL, &state), ==, ERROR_SUCCESS);
    g_assert_cmpuint(state, ==, ClusterStateRunning);
    g_assert_cmpuint(GetNodeClusterState(u"node1", &state), ==, ERROR_SUCCESS);
    g_assert_cmpuint(state, ==, ClusterStateRunning);
    g_assert_cmpuint(GetNodeClusterState(u"node4", &state), ==, ERROR_SUCCESS);
    g_assert_cmpuint(state, ==, ClusterStateNotRunning);
    g_assert_cmpuint(GetNodeClusterState(NULL, NULL), ==, ERROR_INVALID_PARAMETER);
    state = 77;
    g_assert_cmpuint(GetNodeClusterState(u"elsewhere", &state), ==, RPC_S_SERVER_UNAVAILABLE);
    g_assert_cmpuint(state, ==, 77);
    g_setenv("CLUSAPI_LOCAL", "/no/such/file", TRUE);
    g_assert_cmpuint(GetNodeClusterState(NULL, &state), ==, ERROR_SUCCESS);
    g_assert_cmpuint(state, ==, ClusterStateNotConfigured);
    g_unsetenv("CLUSAPI_LOCAL");
}

static void test_local_node_id(void)
{
    WCHAR id[16];
    DWORD length = G_N_ELEMENTS(id);
    configure_demo();
    g_setenv("CLUSAPI_NODE", "node2", TRUE);
    g_assert_cmpuint(GetClusterNodeId(NULL, id, &length), ==, ERROR_SUCCESS);
    g_autofree char *text = narrow(id);
    g_assert_cmpstr(text, ==, "2");
    g_unsetenv("CLUSAPI_NODE");
}

static WCHAR *file_in_directory(const char *name)
{
    g_autofree char *path = g_build_filename(demo->directory, name, NULL);
    return wide(path);
}

static PCWSTR two_nodes[] = {u"alpha", u"beta"};

static void test_create(void)
{
    g_autofree WCHAR *path = file_in_directory("made.cluster");
    CLUSTER_IP_ENTRY address = {u"192.0.2.10", 24};
    CREATE_CLUSTER_CONFIG config = {.dwVersion = CREATE_CLUSTER_VERSION,
                                    .lpszClusterName = path,
                                    .cNodes = 2,
                                    .ppszNodeNames = two_nodes,
                                    .cIpEntries = 1,
                                    .pIpEntries = &address};
    configure("");
    HCLUSTER cluster = CreateCluster(&config, NULL, NULL);
    g_assert_nonnull(cluster);
    HNODE node = OpenClusterNodeById(cluster, 2);
    g_assert_cmpint(GetClusterNodeState(node), ==, ClusterNodeUp);
    HGROUP group = OpenClusterGroup(cluster, u"Cluster Group");
    g_assert_nonnull(group);
    g_assert_null(OpenClusterNodeById(cluster, 3));
    g_assert_cmpuint(GetLastError(), ==, ERROR_CLUSTER_NODE_NOT_FOUND);
    CloseCluster(cluster);
    assert_opens(path, "made");
    g_assert_null(CreateCluster(&config, NULL, NULL));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ALREADY_EXISTS);
}

static void test_create_local(void)
{
    g_autofree char *path = g_build_filename(demo->directory, "local.cluster", NULL);
    CREATE_CLUSTER_CONFIG config = {.dwVersion = CREATE_CLUSTER_VERSION,
                                    .lpszClusterName = u"mine",
                                    .cNodes = 2,
                                    .ppszNodeNames = two_nodes,
                                    .fEmptyCluster = TRUE};
    configure("");
    g_setenv("CLUSAPI_LOCAL", path, TRUE);
    HCLUSTER cluster = CreateCluster(&config, NULL, NULL);
    g_assert_nonnull(cluster);
    CloseCluster(cluster);
    assert_opens(NULL, "mine");
    g_unsetenv("CLUSAPI_LOCAL");
}

static void assert_create_fails(CREATE_CLUSTER_CONFIG config, DWORD code)
{
    g_autofree char *file = g_build_filename(demo->directory, "refused.cluster", NULL);
    g_setenv("CLUSAPI_LOCAL", file, TRUE);
    SetLastError(ERROR_SUCCESS);
    g_assert_null(CreateCluster(&config, NULL, NULL));
    g_assert_cmpuint(GetLastError(), ==, code);
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    g_unsetenv("CLUSAPI_LOCAL");
}

static void test_create_refuses(void)
{
    static PCWSTR twins[] = {u"alpha", u"ALPHA"};
    static PCWSTR no_label[] = {u"not a label"};
    CREATE_CLUSTER_CONFIG good = {.dwVersion = CREATE_CLUSTER_VERSION,
                                  .lpszClusterName = u"refused",
                                  .cNodes = 2,
                                  .ppszNodeNames = two_nodes};
    configure("");
    CREATE_CLUSTER_CONFIG bad = good;
    bad.dwVersion = 1;
    assert_create_fails(bad, ERROR_INVALID_PARAMETER);
    bad = good;
    bad.cNodes = 0;
    assert_create_fails(bad, ERROR_INVALID_PARAMETER);
    bad = good;
    bad.lpszClusterName = u"no label";
    assert_create_fails(bad, ERROR_INVALID_NAME);
    bad.lpszClusterName = u"beta";
    assert_create_fails(bad, ERROR_INVALID_NAME);
    bad = good;
    bad.ppszNodeNames = twins;
    assert_create_fails(bad, ERROR_CLUSTER_NODE_EXISTS);
    bad = good;
    bad.cNodes = 1;
    bad.ppszNodeNames = no_label;
    assert_create_fails(bad, ERROR_INVALID_NAME);
    SetLastError(ERROR_SUCCESS);
    g_assert_null(CreateCluster(NULL, NULL, NULL));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_PARAMETER);
}

typedef struct {
    guint calls;
    DWORD last_percent, last_status;
    BOOL go_on;
} Told;

static BOOL WINAPI listen(PVOID argument, CLUSTER_SETUP_PHASE phase, CLUSTER_SETUP_PHASE_TYPE type,
                          CLUSTER_SETUP_PHASE_SEVERITY severity, DWORD percent, PCWSTR name,
                          DWORD status)
{
    Told *told = argument;
    (void)phase, (void)type, (void)severity, (void)name;
    told->calls++;
    told->last_percent = percent;
    told->last_status = status;
    return told->go_on;
}

static void test_create_tells(void)
{
    g_autofree WCHAR *path = file_in_directory("told.cluster");
    CREATE_CLUSTER_CONFIG config = {.dwVersion = CREATE_CLUSTER_VERSION,
                                    .lpszClusterName = path,
                                    .cNodes = 2,
                                    .ppszNodeNames = two_nodes};
    configure("");
    Told told = {.go_on = FALSE};
    g_assert_null(CreateCluster(&config, listen, &told));
    g_assert_cmpuint(GetLastError(), ==, ERROR_OPERATION_ABORTED);
    assert_does_not_open(path, ERROR_FILE_NOT_FOUND);
    told = (Told){.go_on = TRUE};
    HCLUSTER cluster = CreateCluster(&config, listen, &told);
    g_assert_nonnull(cluster);
    g_assert_cmpuint(told.calls, >=, 3);
    g_assert_cmpuint(told.last_percent, ==, 100);
    g_assert_cmpuint(told.last_status, ==, ERROR_SUCCESS);
    CloseCluster(cluster);
}

static void test_scopes(void)
{
    configure("");
    HCLUSTER cluster = OpenCluster(demo->wide);
    HCLUSCALL scope = ClusapiBeginCall(5000);
    g_assert_nonnull(scope);
    g_assert_null(ClusapiBeginCall(5000));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_STATE);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    g_assert_nonnull(group);
    g_assert_true(ClusapiCancelCall(scope));
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, ERROR_OPERATION_ABORTED);
    assert_does_not_open(demo->wide, ERROR_OPERATION_ABORTED);
    g_assert_true(ClusapiEndCall(scope));
    g_assert_false(ClusapiCancelCall(scope));
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), !=, ClusterGroupStateUnknown);
    CloseCluster(cluster);
}

static void test_timeouts_are_checked(void)
{
    configure("");
    HCLUSTER cluster = OpenCluster(demo->wide);
    g_assert_cmpuint(ClusapiSetTimeout(cluster, 0), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusapiSetTimeout(cluster, INFINITE), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusapiSetTimeout(cluster, 1), ==, ERROR_SUCCESS);
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo = fixture_new_demo();
    g_test_add_func("/names/a path opens the file", test_path);
    g_test_add_func("/names/a section opens what it says", test_section);
    g_test_add_func("/names/null opens the local cluster", test_local);
    g_test_add_func("/names/a bad configuration is told", test_bad_configuration);
    g_test_add_func("/names/a configuration that is no file is refused",
                    test_configuration_is_a_file);
    g_test_add_func("/names/bad text is refused", test_bad_text);
    g_test_add_func("/names/configured clusters are listed", test_configured);
    g_test_add_func("/cluster/tells its name and version", test_information);
    g_test_add_func("/cluster/a node's cluster state needs no handle", test_node_cluster_state);
    g_test_add_func("/cluster/the local node has an id", test_local_node_id);
    g_test_add_func("/create/makes a cluster and opens it", test_create);
    g_test_add_func("/create/makes the local cluster for a plain name", test_create_local);
    g_test_add_func("/create/refuses what is wrong and leaves nothing", test_create_refuses);
    g_test_add_func("/create/tells of its progress and can be stopped", test_create_tells);
    g_test_add_func("/calls/a cancelled scope refuses calls until it ends", test_scopes);
    g_test_add_func("/calls/a time limit is between a millisecond and a day",
                    test_timeouts_are_checked);
    int result = g_test_run();
    fixture_free(demo);
    return result;
}
