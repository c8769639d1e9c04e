/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many threads that open, use and close the same and each other's handles. The results do not
 * matter beyond being documented ones; the sanitizers watch.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <stdatomic.h>

#include "fixture.h"

#define N_THREADS 6
#define N_SHARED  8

static Fixture *fixture;
static _Atomic(gpointer) clusters[N_SHARED];
static _Atomic(gpointer) groups[N_SHARED];
static atomic_uint good, refused;

static void note(gboolean done)
{
    if (done) {
        atomic_fetch_add(&good, 1);
    } else {
        DWORD code = GetLastError();
        g_assert_true(code == ERROR_INVALID_HANDLE || code == ERROR_TIMEOUT);
        atomic_fetch_add(&refused, 1);
    }
}

static void step(GRand *random)
{
    guint at = (guint)g_rand_int_range(random, 0, N_SHARED);
    switch (g_rand_int_range(random, 0, 8)) {
    case 0:
        CloseCluster(atomic_exchange(&clusters[at], OpenCluster(fixture->wide)));
        break;
    case 1:
        CloseClusterGroup(
            atomic_exchange(&groups[at], OpenClusterGroup(atomic_load(&clusters[at]), u"web")));
        break;
    case 2: {
        HCLUSTER instance = GetClusterFromGroup(atomic_load(&groups[at]));
        note(instance != NULL);
        CloseCluster(instance);
        break;
    }
    case 3: {
        HCLUSENUM list = ClusterOpenEnum(atomic_load(&clusters[at]), CLUSTER_ENUM_ALL);
        note(list != NULL);
        if (list != NULL && g_rand_boolean(random)) {
            ClusterCloseEnum(list);
        }
        break;
    }
    case 4: {
        CLUSAPI_HANDLE_COUNTS counts = {.dwVersion = 1};
        (void)ClusapiGetHandleCounts(atomic_load(&clusters[at]), &counts);
        break;
    }
    default: {
        WCHAR node[64];
        DWORD length = G_N_ELEMENTS(node);
        note(GetClusterGroupState(atomic_load(&groups[at]), node, &length) != -1);
        break;
    }
    }
}

static gpointer work(gpointer data)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(GPOINTER_TO_UINT(data));
    gint64 end = g_get_monotonic_time() + 2 * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < end) {
        step(random);
    }
    return NULL;
}

static void test_threads(void)
{
    GThread *threads[N_THREADS];
    for (guint i = 0; i < N_THREADS; i++) {
        threads[i] = g_thread_new("work", work, GUINT_TO_POINTER(g_test_rand_int()));
    }
    for (guint i = 0; i < N_THREADS; i++) {
        g_thread_join(threads[i]);
    }
    for (guint i = 0; i < N_SHARED; i++) {
        CloseCluster(atomic_load(&clusters[i]));
    }
    g_assert_cmpuint(atomic_load(&good), >, 0);
    g_assert_cmpuint(atomic_load(&refused), >, 0);
}

static gpointer set_and_get(gpointer data)
{
    for (guint i = 0; i < 10000; i++) {
        SetLastError(GPOINTER_TO_UINT(data));
        g_assert_cmpuint(GetLastError(), ==, GPOINTER_TO_UINT(data));
    }
    return NULL;
}

static void test_last_error_per_thread(void)
{
    SetLastError(7);
    GThread *one = g_thread_new("one", set_and_get, GUINT_TO_POINTER(1));
    GThread *two = g_thread_new("two", set_and_get, GUINT_TO_POINTER(2));
    g_thread_join(one);
    g_thread_join(two);
    g_assert_cmpuint(GetLastError(), ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture = fixture_new_demo();
    g_test_add_func("/threads/share handles and close each other's", test_threads);
    g_test_add_func("/threads/each has a last error of its own", test_last_error_per_thread);
    int result = g_test_run();
    fixture_free(fixture);
    return result;
}
