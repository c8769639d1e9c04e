/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several threads at one port: each event is taken once; and ports, clusters and keys that are
 * closed while others register, wait and change. In the latter the results do not matter beyond
 * being documented ones; the sanitizers watch.
 */
#include "registry-setup.h"

#include <stdatomic.h>
#include <string.h>

#define PATIENCE 20000

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n[group h]\n";

/* --- Sharing the events ------------------------------------------------------------------------- */

#define N_READERS 4
#define N_EVENTS  2000

static atomic_uint times_taken[N_EVENTS];

/* Each reader sees numbers that grow. */
static gpointer take_events(gpointer port)
{
    guint n = 0;
    gint64 last = -1;
    for (;;) {
        WCHAR id[20];
        DWORD size = 20;
        DWORD_PTR key;
        NOTIFY_FILTER_AND_TYPE got;
        DWORD code = GetClusterNotifyV2(port, &key, &got, NULL, NULL, id, &size, NULL, NULL, NULL,
                                        NULL, NULL, NULL, INFINITE);
        if (code == ERROR_INVALID_HANDLE) {
            return GUINT_TO_POINTER(n);
        }
        IS(code, ERROR_SUCCESS);
        g_autofree char *text = narrow(id);
        gint64 number = g_ascii_strtoll(text, NULL, 10);
        g_assert_cmpint(number, >, last);
        g_assert_cmpint(number, <, N_EVENTS);
        atomic_fetch_add(&times_taken[number], 1);
        last = number;
        n++;
    }
}

static void set_many(HKEY key, guint from, guint to)
{
    HREGBATCH batch = NULL;
    IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
    for (guint i = from; i < to; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);
        g_autofree WCHAR *text = wide(name);
        IS(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, text, REG_NONE, NULL, 0), 0);
    }
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
}

static gboolean all_taken(void)
{
    for (guint i = 0; i < N_EVENTS; i++) {
        if (atomic_load(&times_taken[i]) == 0) {
            return FALSE;
        }
    }
    return TRUE;
}

static void test_readers(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_REGISTRY,
                                     CLUSTER_CHANGE_REGISTRY_VALUE_V2};
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, &filter, 1, 1);
    GThread *threads[N_READERS];
    HKEY root = root_of(c);
    guint sum = 0;
    for (guint i = 0; i < N_READERS; i++) {
        threads[i] = g_thread_new("reader", take_events, port);
    }
    for (guint i = 0; i < N_EVENTS; i += 20) {
        set_many(root, i, i + 20);
    }
    gint64 until = g_get_monotonic_time() + PATIENCE * 1000;
    while (!all_taken() && g_get_monotonic_time() < until) {
        g_usleep(1000);
    }
    CloseClusterNotifyPort(port);
    for (guint i = 0; i < N_READERS; i++) {
        sum += GPOINTER_TO_UINT(g_thread_join(threads[i]));
    }
    g_assert_cmpuint(sum, ==, N_EVENTS);
    for (guint i = 0; i < N_EVENTS; i++) {
        g_assert_cmpuint(atomic_load(&times_taken[i]), ==, 1);
    }
}

/* --- Closing ------------------------------------------------------------------------------------ */

#define N_SHARED  4
#define N_THREADS 6

static Fixture *fixture;
static atomic_bool over;
static atomic_uint registered, told, refused;

/* What all threads use, and put others in the place of. */
static _Atomic(gpointer) clusters[N_SHARED], groups[N_SHARED], keys[N_SHARED], ports[N_SHARED],
    old_ports[N_SHARED], batch_ports[N_SHARED];

static gpointer some(_Atomic(gpointer) *from, GRand *random)
{
    return atomic_load(&from[g_rand_int_range(random, 0, N_SHARED)]);
}

/* Puts @handle in the place of another, which is returned. */
static gpointer swap(_Atomic(gpointer) *in, GRand *random, gpointer handle)
{
    return atomic_exchange(&in[g_rand_int_range(random, 0, N_SHARED)], handle);
}

static void note(DWORD code, atomic_uint *counter)
{
    g_assert_true(code == ERROR_SUCCESS || code == ERROR_INVALID_HANDLE || code == WAIT_TIMEOUT ||
                  code == ERROR_NO_MORE_ITEMS || code == ERROR_TIMEOUT ||
                  code == ERROR_OPERATION_ABORTED || code == ERROR_NOTIFY_ENUM_DIR ||
                  code == ERROR_ALREADY_EXISTS || code == ERROR_OBJECT_ALREADY_EXISTS);
    atomic_fetch_add(code == ERROR_SUCCESS ? counter : &refused, 1);
}

static void close_some(GRand *random)
{
    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        CloseCluster(swap(clusters, random, OpenCluster(fixture->wide)));
        break;
    case 1:
        CloseClusterGroup(swap(groups, random, OpenClusterGroup(some(clusters, random), u"g")));
        break;
    case 2:
        ClusterRegCloseKey(
            swap(keys, random, GetClusterKey(some(clusters, random), MAXIMUM_ALLOWED)));
        break;
    case 3: {
        HCHANGE port =
            CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, NULL, 0, 0);
        CloseClusterNotifyPort(swap(ports, random, port));
        break;
    }
    case 4: {
        HCHANGE port = CreateClusterNotifyPort(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, 0, 0);
        CloseClusterNotifyPort(swap(old_ports, random, port));
        break;
    }
    default: {
        HREGBATCHPORT port = NULL;
        note((DWORD)ClusterRegCreateBatchNotifyPort(some(keys, random), &port), &registered);
        (void)ClusterRegCloseBatchNotifyPort(swap(batch_ports, random, port));
    }
    }
}

static void register_some(GRand *random)
{
    const NOTIFY_FILTER_AND_TYPE group = {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2};
    const NOTIFY_FILTER_AND_TYPE key = {CLUSTER_OBJECT_TYPE_REGISTRY,
                                        CLUSTER_CHANGE_REGISTRY_ALL_V2};
    switch (g_rand_int_range(random, 0, 5)) {
    case 0:
        note(RegisterClusterNotifyV2(some(ports, random), group, some(groups, random), 1),
             &registered);
        break;
    case 1:
        note(RegisterClusterNotifyV2(some(ports, random), group, some(clusters, random), 2),
             &registered);
        break;
    case 2:
        note(RegisterClusterNotifyV2(some(ports, random), key, some(keys, random), 3), &registered);
        break;
    case 3:
        note(RegisterClusterNotify(some(old_ports, random),
                                   CLUSTER_CHANGE_GROUP_PROPERTY |
                                       (DWORD)CLUSTER_CHANGE_HANDLE_CLOSE,
                                   some(groups, random), 4),
             &registered);
        break;
    default: {
        HANDLE event = NULL;
        note(GetNotifyEventHandle(some(ports, random), &event), &registered);
        (void)ClusapiEventDescriptor(event);
    }
    }
}

static void read_batch(HREGBATCHPORT port)
{
    HREGBATCHNOTIFICATION notification = NULL;
    CLUSTER_BATCH_COMMAND command;
    DWORD code = (DWORD)ClusterRegGetBatchNotification(port, &notification);
    note(code, &told);
    if (code == ERROR_SUCCESS) {
        note((DWORD)ClusterRegBatchReadCommand(notification, &command), &told);
        note((DWORD)ClusterRegBatchCloseNotification(notification), &told);
    }
}

static void read_some(GRand *random)
{
    DWORD_PTR key;
    DWORD filter, length = 300;
    WCHAR name[300];
    NOTIFY_FILTER_AND_TYPE got;
    HCLUSCALL call = ClusapiBeginCall((DWORD)g_rand_int_range(random, 0, 5));
    switch (g_rand_int_range(random, 0, 3)) {
    case 0:
        note(GetClusterNotify(some(old_ports, random), &key, &filter, name, &length, 5), &told);
        break;
    case 1:
        note(GetClusterNotifyV2(some(ports, random), &key, &got, NULL, NULL, NULL, NULL, NULL, NULL,
                                name, &length, NULL, NULL, INFINITE),
             &told);
        break;
    default:
        read_batch(some(batch_ports, random));
    }
    ClusapiEndCall(call);
}

static void change_some(GRand *random)
{
    g_autofree char *name = g_strdup_printf("n%u", g_rand_int_range(random, 0, 1000));
    g_autofree WCHAR *text = wide(name);
    HREGBATCH batch = NULL;
    if (g_rand_boolean(random)) {
        note(SetClusterGroupName(some(groups, random), text), &told);
    } else if (ClusterRegCreateBatch(some(keys, random), &batch) == ERROR_SUCCESS) {
        (void)ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, text, REG_NONE, NULL, 0);
        note((DWORD)ClusterRegCloseBatch(batch, TRUE, NULL), &told);
    }
}

static gpointer work(gpointer data)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(GPOINTER_TO_UINT(data));
    while (!atomic_load(&over)) {
        switch (g_rand_int_range(random, 0, 8)) {
        case 0:
            close_some(random);
            break;
        case 1:
        case 2:
        case 3:
            register_some(random);
            break;
        case 4:
            change_some(random);
            break;
        default:
            read_some(random);
        }
    }
    return NULL;
}

static void test_closing(void)
{
    GThread *threads[N_THREADS];
    fixture = fixture_new(definition);
    for (guint i = 0; i < N_THREADS; i++) {
        threads[i] = g_thread_new("work", work, GUINT_TO_POINTER(g_test_rand_int()));
    }
    g_usleep(3 * G_USEC_PER_SEC);
    atomic_store(&over, TRUE);
    for (guint i = 0; i < N_THREADS; i++) {
        g_thread_join(threads[i]);
    }
    for (guint i = 0; i < N_SHARED; i++) {
        CloseClusterNotifyPort(atomic_load(&ports[i]));
        CloseCluster(atomic_load(&clusters[i]));
        CloseClusterNotifyPort(atomic_load(&old_ports[i]));
    }
    g_test_message("%u registered, %u told, %u refused", atomic_load(&registered),
                   atomic_load(&told), atomic_load(&refused));
    g_assert_cmpuint(atomic_load(&registered), >, 0);
    g_assert_cmpuint(atomic_load(&told), >, 0);
    fixture_free(fixture);
}

/* --- A port that closes as its objects do ------------------------------------------------------- */

static gpointer close_port(gpointer port)
{
    CloseClusterNotifyPort(port);
    return NULL;
}

static gpointer close_group(gpointer group)
{
    CloseClusterGroup(group);
    return NULL;
}

static gpointer rename_group(gpointer group)
{
    (void)SetClusterGroupName(group, u"x");
    (void)SetClusterGroupName(group, u"g");
    return NULL;
}

static void test_close_at_once(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    const NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2};
    HGROUP writing = group_of(c, "g");
    for (guint i = 0; i < 100; i++) {
        HGROUP group = OpenClusterGroup(c->handle, u"h");
        HCHANGE port =
            CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, NULL, 0, 0);
        IS(RegisterClusterNotifyV2(port, filter, group, 1), ERROR_SUCCESS);
        IS(RegisterClusterNotifyV2(port, filter, c->handle, 2), ERROR_SUCCESS);
        GThread *threads[] = {g_thread_new("port", close_port, port),
                              g_thread_new("group", close_group, group),
                              g_thread_new("rename", rename_group, writing)};
        for (gsize k = 0; k < G_N_ELEMENTS(threads); k++) {
            g_thread_join(threads[k]);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notify-threads/each event is taken once", test_readers);
    g_test_add_func("/notify-threads/ports and objects that close", test_closing);
    g_test_add_func("/notify-threads/at once", test_close_at_once);
    return g_test_run();
}
