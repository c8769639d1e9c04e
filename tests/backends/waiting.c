/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Limits and cancelling of calls, through the public API on the hostile back end. $HOSTILE_CLUSTER
 * names a cluster on it, $HOSTILE_CONTROL the file with its orders (see hostile.c), which each test
 * writes. The main thread makes the calls, another cancels them.
 */
#include "families.h"

static HCLUSTER open_hostile(void)
{
    g_autofree WCHAR *name = to_wide(g_getenv("HOSTILE_CLUSTER"));
    HCLUSTER cluster = OpenCluster(name);
    g_assert_nonnull(cluster);
    return cluster;
}

static void order(const char *orders)
{
    g_autoptr(GError) error = NULL;
    g_file_set_contents(g_getenv("HOSTILE_CONTROL"), orders, -1, &error);
    g_assert_no_error(error);
}

/* Opens a group that is ordered to wait, and asserts the error and about when it came. */
static void assert_takes(HCLUSTER cluster, DWORD code, gint64 least, gint64 most)
{
    gint64 begin = g_get_monotonic_time();
    HGROUP group = OpenClusterGroup(cluster, u"web");
    DWORD error = group != NULL ? ERROR_SUCCESS : GetLastError();
    gint64 took = (g_get_monotonic_time() - begin) / 1000;
    g_assert_cmpuint(error, ==, code);
    g_assert_cmpint(took, >=, least);
    g_assert_cmpint(took, <=, most);
    if (group != NULL) {
        CloseClusterGroup(group);
    }
}

static void test_handle_limit(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    g_assert_cmpuint(ClusapiSetTimeout(cluster, 200), ==, ERROR_SUCCESS);
    order("open group/web hang");
    assert_takes(cluster, ERROR_TIMEOUT, 190, 400);
    order("open group/web delay 50");
    assert_takes(cluster, ERROR_SUCCESS, 45, 190);
    CloseCluster(cluster);
}

static void test_scope_limit(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    order("open group/web hang");
    HCLUSCALL call = ClusapiBeginCall(150);
    assert_takes(cluster, ERROR_TIMEOUT, 140, 350);
    assert_takes(cluster, ERROR_TIMEOUT, 0, 50);
    g_assert_true(ClusapiEndCall(call));
    CloseCluster(cluster);
}

static void test_no_wait(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    BOOL before = ClusapiSetNoWait(TRUE);
    g_assert_false(before);
    assert_takes(cluster, ERROR_TIMEOUT, 0, 50);
    g_assert_true(ClusapiSetNoWait(FALSE));
    assert_takes(cluster, ERROR_SUCCESS, 0, 500);
    HCLUSCALL call = ClusapiBeginCall(0);
    assert_takes(cluster, ERROR_TIMEOUT, 0, 50);
    g_assert_true(ClusapiEndCall(call));
    CloseCluster(cluster);
}

typedef struct {
    HCLUSCALL call;
    gint64 cancelled;
} Canceller;

static gpointer cancel_soon(gpointer data)
{
    Canceller *canceller = data;
    g_usleep(100000);
    canceller->cancelled = g_get_monotonic_time();
    g_assert_true(ClusapiCancelCall(canceller->call));
    return NULL;
}

static void test_cancel(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    order("open group/web hang");
    Canceller canceller = {ClusapiBeginCall(INFINITE), 0};
    GThread *thread = g_thread_new("canceller", cancel_soon, &canceller);
    assert_takes(cluster, ERROR_OPERATION_ABORTED, 90, 2000);
    gint64 end = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_cmpint((end - canceller.cancelled) / 1000, <=, 100);
    g_assert_true(ClusapiEndCall(canceller.call));
    g_assert_false(ClusapiCancelCall(canceller.call));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_HANDLE);
    CloseCluster(cluster);
}

static void test_failures(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    HGROUP group = OpenClusterGroup(cluster, u"web");
    g_assert_nonnull(group);
    order("open group/mail fail 5925\nquery group/web fail 1722\nenumerate * fail 70");
    g_assert_null(OpenClusterGroup(cluster, u"mail"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_CLUSTER_NO_QUORUM);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, RPC_S_SERVER_UNAVAILABLE);
    g_assert_null(ClusterOpenEnum(cluster, CLUSTER_ENUM_NODE));
    g_assert_cmpuint(GetLastError(), ==, ERROR_SHARING_PAUSED);
    order("");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), !=, ClusterGroupStateUnknown);
    CloseClusterGroup(group);
    CloseCluster(cluster);
}

/* Whoever asks can tell it from a failure, whatever had failed before. */
static void test_unknown(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    HGROUP group = OpenClusterGroup(cluster, u"web");
    HRESOURCE resource = OpenClusterResource(cluster, u"web-ip");
    HNODE node = OpenClusterNode(cluster, u"node1");
    WCHAR owner[64];
    DWORD size = G_N_ELEMENTS(owner);
    g_assert_true(group != NULL && resource != NULL && node != NULL);
    order("query * unknown");
    SetLastError(ERROR_FILE_NOT_FOUND);
    g_assert_cmpint(GetClusterGroupState(group, owner, &size), ==, ClusterGroupStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, ERROR_SUCCESS);
    g_assert_cmpuint(size, >, 0);
    SetLastError(ERROR_FILE_NOT_FOUND);
    g_assert_cmpint(GetClusterResourceState(resource, NULL, NULL, NULL, NULL), ==,
                    ClusterResourceStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, ERROR_SUCCESS);
    SetLastError(ERROR_FILE_NOT_FOUND);
    g_assert_cmpint(GetClusterNodeState(node), ==, ClusterNodeStateUnknown);
    g_assert_cmpuint(GetLastError(), ==, ERROR_SUCCESS);
    order("");
    CloseClusterNode(node);
    CloseClusterResource(resource);
    CloseClusterGroup(group);
    CloseCluster(cluster);
}

/* The same of every function that changes something. */
static void test_acting(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    HGROUP group = OpenClusterGroup(cluster, u"mail");
    g_assert_nonnull(group);
    g_assert_cmpuint(ClusapiSetTimeout(cluster, 150), ==, ERROR_SUCCESS);
    order("act:* group/mail hang\ncreate * hang\nrename * hang\nremove * hang\n"
          "set_properties * hang\nsubscribe * hang");
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_STATE_V2};
    BYTE list[4] = {0};
    g_assert_cmpuint(OnlineClusterGroup(group, NULL), ==, ERROR_TIMEOUT);
    g_assert_cmpuint(SetClusterGroupName(group, u"x"), ==, ERROR_TIMEOUT);
    g_assert_cmpuint(DeleteClusterGroup(group), ==, ERROR_TIMEOUT);
    g_assert_cmpuint(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list,
                                         sizeof list, NULL, 0, NULL),
                     ==, ERROR_TIMEOUT);
    g_assert_null(CreateClusterGroup(cluster, u"x"));
    g_assert_cmpuint(GetLastError(), ==, ERROR_TIMEOUT);
    g_assert_null(CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, &filter, 1, 0));
    g_assert_cmpuint(GetLastError(), ==, ERROR_TIMEOUT);
    g_assert_false(ClusapiSetNoWait(TRUE));
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(OfflineClusterGroup(group), ==, ERROR_TIMEOUT);
    g_assert_cmpint((g_get_monotonic_time() - begin) / 1000, <=, 50);
    g_assert_true(ClusapiSetNoWait(FALSE));
    order("act:online * fail 5925\nrename * fail 70");
    g_assert_cmpuint(OnlineClusterGroup(group, NULL), ==, ERROR_CLUSTER_NO_QUORUM);
    g_assert_cmpuint(SetClusterGroupName(group, u"x"), ==, ERROR_SHARING_PAUSED);
    order("");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOffline);
    CloseCluster(cluster);
}

static void test_acting_cancelled(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    HGROUP group = OpenClusterGroup(cluster, u"mail");
    order("act:move * hang");
    Canceller canceller = {ClusapiBeginCall(INFINITE), 0};
    GThread *thread = g_thread_new("canceller", cancel_soon, &canceller);
    g_assert_cmpuint(MoveClusterGroup(group, NULL), ==, ERROR_OPERATION_ABORTED);
    gint64 end = g_get_monotonic_time();
    g_thread_join(thread);
    g_assert_cmpint((end - canceller.cancelled) / 1000, <=, 100);
    g_assert_true(ClusapiEndCall(canceller.call));
    order("");
    CloseCluster(cluster);
}

/* A lost answer: it failed for the caller, and was done. */
static void test_lost_answer(void)
{
    order("");
    HCLUSTER cluster = open_hostile();
    order("create group/lost done 1726\nremove group/lost done 1726");
    g_assert_null(CreateClusterGroup(cluster, u"lost"));
    g_assert_cmpuint(GetLastError(), ==, RPC_S_CALL_FAILED);
    HGROUP group = OpenClusterGroup(cluster, u"lost");
    g_assert_nonnull(group);
    g_assert_cmpuint(DeleteClusterGroup(group), ==, RPC_S_CALL_FAILED);
    g_assert_cmpuint(DeleteClusterGroup(group), ==, ERROR_GROUP_NOT_AVAILABLE);
    order("");
    CloseCluster(cluster);
}

static void test_connect(void)
{
    g_autofree WCHAR *name = to_wide(g_getenv("HOSTILE_CLUSTER"));
    order("connect cluster fail 1753");
    g_assert_null(OpenCluster(name));
    g_assert_cmpuint(GetLastError(), ==, EPT_S_NOT_REGISTERED);
    order("connect cluster hang");
    HCLUSCALL call = ClusapiBeginCall(100);
    g_assert_null(OpenCluster(name));
    g_assert_cmpuint(GetLastError(), ==, ERROR_TIMEOUT);
    g_assert_true(ClusapiEndCall(call));
    order("");
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/waiting/a handle's limit bounds a call", test_handle_limit);
    g_test_add_func("/waiting/a scope bounds all its calls together", test_scope_limit);
    g_test_add_func("/waiting/a call that may not wait is refused at once", test_no_wait);
    g_test_add_func("/waiting/another thread cancels a call within 100 ms", test_cancel);
    g_test_add_func("/waiting/a back end's errors arrive as they are", test_failures);
    g_test_add_func("/waiting/that a state is not known is no failure", test_unknown);
    g_test_add_func("/waiting/connecting is bounded too", test_connect);
    g_test_add_func("/waiting/changes are bounded too", test_acting);
    g_test_add_func("/waiting/changes are cancelled within 100 ms", test_acting_cancelled);
    g_test_add_func("/waiting/a change may be done though its answer is lost", test_lost_answer);
    return g_test_run();
}
