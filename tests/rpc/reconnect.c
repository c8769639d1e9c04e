/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A client whose server goes away and comes back: what was open is used on, what was registered is
 * told, and that events may be missing is, too. The server is $CLUSAPID.
 */
#include "served.h"

#include <clusapi/linux.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define IS(call, code) g_assert_cmpuint((DWORD)(call), ==, (DWORD)(code))
#define PATIENCE       20000

static const char definition[] =
    "[cluster]\nname=lab\n"
    "[node n1]\n[node n2]\n"
    "[group web]\nowner=n1\n"
    "[group mail]\nowner=n1\n"
    "[resource web-a]\ngroup=web\ntype=Generic Application\nstate=offline\n";

static HCLUSTER connect_to(const Served *served)
{
    HCLUSTER cluster = OpenCluster(served->wide_socket);
    g_assert_nonnull(cluster);
    return cluster;
}

static CLUSTER_GROUP_STATE state_of(HGROUP group)
{
    return GetClusterGroupState(group, NULL, NULL);
}

/* --- Calls -------------------------------------------------------------------------------------- */

static void test_calls(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HCLUSTER local = OpenCluster(served->fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    HGROUP same = OpenClusterGroup(local, u"web");
    DWORD granted;
    HRESOURCE resource = OpenClusterResourceEx(cluster, u"web-a", GENERIC_READ, &granted);
    HKEY key = GetClusterKey(cluster, KEY_ALL_ACCESS);
    g_assert_nonnull(group);
    g_assert_nonnull(resource);
    g_assert_nonnull(key);
    /* By its id, whatever it is called meanwhile. */
    (void)served_stop(served, SIGKILL);
    IS(SetClusterGroupName(same, u"www"), ERROR_SUCCESS);
    served_start(served);
    g_assert_cmpint(state_of(group), !=, ClusterGroupStateUnknown);
    g_assert_cmpint(GetClusterResourceState(resource, NULL, NULL, NULL, NULL), !=,
                    ClusterResourceStateUnknown);
    IS(ClusterRegSetValue(key, u"a", REG_SZ, (const BYTE *)u"b", 4), ERROR_SUCCESS);
    IS(SetClusterGroupName(group, u"web"), ERROR_SUCCESS);
    /* One that was deleted meanwhile. */
    HGROUP mail = OpenClusterGroup(cluster, u"mail");
    HGROUP same_mail = OpenClusterGroup(local, u"mail");
    (void)served_stop(served, SIGKILL);
    IS(DeleteClusterGroup(same_mail), ERROR_SUCCESS);
    served_start(served);
    g_assert_cmpint(state_of(mail), ==, ClusterGroupStateUnknown);
    IS(GetLastError(), ERROR_GROUP_NOT_AVAILABLE);
    g_assert_cmpint(state_of(group), !=, ClusterGroupStateUnknown);
    CloseCluster(local);
    CloseCluster(cluster);
}

/* The code that told of the loss, at once, and all is well when it is back. */
static void test_away(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    (void)served_stop(served, SIGKILL);
    for (guint i = 0; i < 3; i++) {
        g_assert_cmpint(state_of(group), ==, ClusterGroupStateUnknown);
        DWORD code = GetLastError();
        g_assert_true(code == RPC_S_CALL_FAILED || code == RPC_S_CALL_FAILED_DNE);
    }
    served_start(served);
    g_assert_cmpint(state_of(group), !=, ClusterGroupStateUnknown);
    CloseCluster(cluster);
}

/* A server that hangs is waited for no longer than the call may take. */
static void test_hanging(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    g_assert_cmpint(kill(served->pid, SIGSTOP), ==, 0);
    HCLUSCALL call = ClusapiBeginCall(300);
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpint(state_of(group), ==, ClusterGroupStateUnknown);
    IS(GetLastError(), ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 2 * G_USEC_PER_SEC);
    g_assert_true(ClusapiEndCall(call));
    g_assert_cmpint(kill(served->pid, SIGCONT), ==, 0);
    g_assert_cmpint(state_of(group), !=, ClusterGroupStateUnknown);
    CloseCluster(cluster);
}

/* To close has no time limit of the caller's: many handles take no longer than one. */
static void test_closing(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HGROUP groups[20];
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        groups[i] = OpenClusterGroup(cluster, u"web");
        g_assert_nonnull(groups[i]);
    }
    HGROUP other = OpenClusterGroup(cluster, u"mail");
    g_assert_cmpint(kill(served->pid, SIGSTOP), ==, 0);
    gint64 begin = g_get_monotonic_time();
    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        g_assert_true(CloseClusterGroup(groups[i]));
    }
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 5 * G_USEC_PER_SEC);
    g_assert_cmpint(kill(served->pid, SIGCONT), ==, 0);
    g_assert_cmpint(state_of(other), !=, ClusterGroupStateUnknown);
    CloseCluster(cluster);
}

/* --- Events ------------------------------------------------------------------------------------- */

/* The next event, as its key, type and flag. */
static char *next(HCHANGE port)
{
    DWORD_PTR key;
    NOTIFY_FILTER_AND_TYPE got = {0, 0};
    DWORD code = GetClusterNotifyV2(port, &key, &got, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                    NULL, NULL, NULL, PATIENCE);
    return code != ERROR_SUCCESS
               ? g_strdup_printf("code %u", code)
               : g_strdup_printf("%u: %u/%" G_GINT64_MODIFIER "x", (guint)key,
                                 (guint)got.dwObjectType, (guint64)got.FilterFlags);
}

static void expect(HCHANGE port, guint key, DWORD type, guint64 flag)
{
    g_autofree char *wanted =
        g_strdup_printf("%u: %u/%" G_GINT64_MODIFIER "x", key, (guint)type, flag);
    g_autofree char *got = next(port);
    g_assert_cmpstr(got, ==, wanted);
}

static HCHANGE port_of(HCLUSTER cluster, DWORD type, guint64 flags, DWORD_PTR key)
{
    NOTIFY_FILTER_AND_TYPE filter = {type, (LONGLONG)flags};
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, &filter, 1, key);
    g_assert_nonnull(port);
    return port;
}

/* Nobody calls meanwhile: that the server is away is noticed all the same. */
static void test_events(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HCLUSTER local = OpenCluster(served->fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    HGROUP same = OpenClusterGroup(local, u"web");
    HCHANGE of_cluster =
        port_of(cluster, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_ALL_V2, 1);
    HCHANGE of_groups = port_of(cluster, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2, 2);
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_GROUP,
                                     CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2};
    IS(RegisterClusterNotifyV2(of_cluster, filter, group, 3), ERROR_SUCCESS);
    IS(SetClusterGroupName(same, u"www"), ERROR_SUCCESS);
    expect(of_groups, 2, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
    expect(of_cluster, 3, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
    (void)served_stop(served, SIGKILL);
    expect(of_cluster, 1, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_STATE_V2);
    served_start(served);
    expect(of_groups, 2, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    for (guint i = 0; i < 2; i++) {
        g_autofree char *got = next(of_cluster);
        g_assert_true(g_str_equal(got, "1: 1/1") || g_str_equal(got, "3: 1/200"));
    }
    IS(SetClusterGroupName(same, u"web"), ERROR_SUCCESS);
    expect(of_groups, 2, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
    expect(of_cluster, 3, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
    CloseClusterNotifyPort(of_groups);
    CloseClusterNotifyPort(of_cluster);
    CloseCluster(local);
    CloseCluster(cluster);
}

static void test_batches(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HKEY key = GetClusterKey(cluster, KEY_ALL_ACCESS);
    HREGBATCHPORT port;
    HREGBATCHNOTIFICATION notification;
    IS(ClusterRegCreateBatchNotifyPort(key, &port), ERROR_SUCCESS);
    (void)served_stop(served, SIGTERM);
    served_start(served);
    IS(ClusterRegGetBatchNotification(port, &notification), ERROR_NOTIFY_ENUM_DIR);
    for (guint i = 0; i < 2; i++) {
        HREGBATCH batch;
        CLUSTER_BATCH_COMMAND command;
        IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
        IS(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_BINARY, "x", 1), 0);
        IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
        IS(ClusterRegGetBatchNotification(port, &notification), ERROR_SUCCESS);
        IS(ClusterRegBatchReadCommand(notification, &command), ERROR_SUCCESS);
        IS(ClusterRegBatchCloseNotification(notification), ERROR_SUCCESS);
    }
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_SUCCESS);
    CloseCluster(cluster);
}

/* --- Killed in the middle ----------------------------------------------------------------------- */

typedef struct {
    HGROUP group;
    HKEY key;
    DWORD code;
} Call;

static gpointer read_once(gpointer data)
{
    Call *call = data;
    call->code = state_of(call->group) != ClusterGroupStateUnknown ? ERROR_SUCCESS : GetLastError();
    return NULL;
}

static gpointer write_once(gpointer data)
{
    Call *call = data;
    call->code = (DWORD)ClusterRegSetValue(call->key, u"a", REG_SZ, (const BYTE *)u"written", 16);
    return NULL;
}

/* The server has been sent the call, and will not answer it. */
static void kill_during(Served *served, GThreadFunc function, Call *call)
{
    g_assert_cmpint(kill(served->pid, SIGSTOP), ==, 0);
    GThread *thread = g_thread_new("call", function, call);
    g_usleep(100 * 1000);
    /* Its connection ends when there is somebody again to connect to. */
    GPid killed = served->pid;
    int status;
    g_autofree char *socket = g_strconcat(served->socket, ".before", NULL);
    g_assert_cmpint(g_rename(served->socket, socket), ==, 0);
    g_autofree char *lock = g_strconcat(served->socket, ".lock", NULL);
    g_assert_cmpint(g_unlink(lock), ==, 0);
    served_start(served);
    g_assert_cmpint(kill(killed, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(killed, &status, 0), ==, killed);
    g_thread_join(thread);
    g_unlink(socket);
}

/* It is made again elsewhere, and its caller notices nothing. */
static void test_killed(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    Call call = {OpenClusterGroup(cluster, u"web"), GetClusterKey(cluster, KEY_ALL_ACCESS),
                 ERROR_INVALID_STATE};
    WCHAR text[16] = {0};
    DWORD size = sizeof text;
    g_assert_nonnull(call.group);
    g_assert_nonnull(call.key);
    kill_during(served, read_once, &call);
    IS(call.code, ERROR_SUCCESS);
    call.code = ERROR_INVALID_STATE;
    kill_during(served, write_once, &call);
    IS(call.code, ERROR_SUCCESS);
    IS(ClusterRegQueryValue(call.key, u"a", NULL, (LPBYTE)text, &size), ERROR_SUCCESS);
    g_assert_cmpmem(text, size, u"written", 16);
    CloseCluster(cluster);
}

/* While nobody can be reached the call says so, and the value is the former one or the new one. */
static void test_killed_for_good(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    HCLUSTER local = OpenCluster(served->fixture->wide);
    HKEY key = GetClusterKey(local, KEY_READ);
    Call call = {NULL, GetClusterKey(cluster, KEY_ALL_ACCESS), ERROR_SUCCESS};
    HCHANGE port = port_of(cluster, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_ALL_V2, 1);
    WCHAR text[16] = {0};
    DWORD size = sizeof text;
    g_assert_cmpint(kill(served->pid, SIGSTOP), ==, 0);
    GThread *thread = g_thread_new("call", write_once, &call);
    g_usleep(100 * 1000);
    (void)served_stop(served, SIGKILL);
    g_thread_join(thread);
    IS(call.code, RPC_S_CALL_FAILED);
    DWORD code = (DWORD)ClusterRegQueryValue(key, u"a", NULL, (LPBYTE)text, &size);
    g_assert_true(code == ERROR_FILE_NOT_FOUND || (code == ERROR_SUCCESS && size == 16));
    expect(port, 1, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_STATE_V2);
    served_start(served);
    expect(port, 1, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_RECONNECT_V2);
    (void)write_once(&call);
    IS(call.code, ERROR_SUCCESS);
    CloseClusterNotifyPort(port);
    CloseCluster(local);
    CloseCluster(cluster);
}

/* --- Many at once ------------------------------------------------------------------------------- */

typedef struct {
    HGROUP group;
    gint stop;
    gint good, bad;
} Caller;

static gpointer call_on(gpointer data)
{
    Caller *caller = data;
    while (!g_atomic_int_get(&caller->stop)) {
        g_atomic_int_inc(state_of(caller->group) != ClusterGroupStateUnknown ? &caller->good
                                                                             : &caller->bad);
        g_usleep(1000);
    }
    return NULL;
}

static void test_many(void)
{
    g_autoptr(Served) served = served_new(fixture_new(definition));
    HCLUSTER cluster = connect_to(served);
    Caller callers[8] = {0};
    GThread *threads[8];
    HCHANGE port = port_of(cluster, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_ALL_V2, 1);
    for (guint i = 0; i < G_N_ELEMENTS(callers); i++) {
        callers[i].group = OpenClusterGroup(cluster, u"web");
        threads[i] = g_thread_new("caller", call_on, &callers[i]);
    }
    for (guint i = 0; i < 8; i++) {
        g_usleep(100 * 1000);
        (void)served_stop(served, i % 2 != 0 ? SIGKILL : SIGTERM);
        served_start(served);
    }
    g_usleep(200 * 1000);
    for (guint i = 0; i < G_N_ELEMENTS(callers); i++) {
        gint good = g_atomic_int_get(&callers[i].good);
        while (g_atomic_int_get(&callers[i].good) == good) {
            g_usleep(1000);
        }
        g_atomic_int_set(&callers[i].stop, TRUE);
        g_thread_join(threads[i]);
        g_test_message("%d good, %d bad", callers[i].good, callers[i].bad);
    }
    CloseClusterNotifyPort(port);
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reconnect/what is open is used on", test_calls);
    g_test_add_func("/reconnect/a server that is away is told of", test_away);
    g_test_add_func("/reconnect/a server that hangs is not waited for", test_hanging);
    g_test_add_func("/reconnect/closing at a server that hangs", test_closing);
    g_test_add_func("/reconnect/events go on, and the gap is told", test_events);
    g_test_add_func("/reconnect/batches go on, and the gap is told", test_batches);
    g_test_add_func("/reconnect/killed in the middle of a call", test_killed);
    g_test_add_func("/reconnect/killed for good in the middle of a write", test_killed_for_good);
    g_test_add_func("/reconnect/many callers at once", test_many);
    return g_test_run();
}
