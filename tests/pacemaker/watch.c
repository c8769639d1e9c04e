/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Subscriptions that are told slower than the cluster changes: one of them holds up the thread that
 * tells all. On a recorded CIB, to which groups are added. No cluster.
 */
#include "pacemaker/watch.h"

#include <glib/gstdio.h>

#include "pacemaker/engine-internal.h"
#include "pacemaker/xml.h"

#define WAITING_MAX 64 /* models that wait to be told */

static const char cib_text[] =
    "<cib crm_feature_set=\"3.16.1\" validate-with=\"pacemaker-3.9\" admin_epoch=\"0\" epoch=\"7\""
    " num_updates=\"3\" have-quorum=\"1\"><configuration><crm_config>"
    "<cluster_property_set id=\"options\"><nvpair id=\"o1\" name=\"stonith-enabled\""
    " value=\"false\"/></cluster_property_set></crm_config><nodes><node id=\"1\" uname=\"n1\"/>"
    "</nodes><resources><primitive id=\"first\" class=\"ocf\" provider=\"pacemaker\""
    " type=\"Dummy\"/></resources><constraints/></configuration><status/></cib>";

static char *file;

/* --- The cluster -------------------------------------------------------------------------------- */

typedef struct {
    ClPcmkEngine *engine;
    ClConnection connection;
    GPtrArray *models; /* all that were published, each with a reference of its own */
    guint n_groups;    /* that were added */
} Cluster;

static Cluster *cluster_new(void)
{
    const ClCall call = {g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND, NULL};
    GError *error = NULL;
    Cluster *cluster = g_new0(Cluster, 1);
    cluster->engine = cl_pcmk_engine_ref(file, &call, &error);
    g_assert_no_error(error);
    cluster->connection = (ClConnection){cluster->engine, CL_ACCESS_READ};
    cluster->models = g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_model_unref);
    return cluster;
}

static void cluster_free(Cluster *cluster)
{
    cl_pcmk_watch_end();
    g_ptr_array_unref(cluster->models);
    cl_pcmk_engine_unref(cluster->engine);
    g_free(cluster);
}

/* "g1", "g2", ...; one that is called "brief" is there in one model alone. */
static gboolean add_group(ClPcmkEngine *engine, gpointer name, GError **error)
{
    xmlNode *resources = cl_xml_at(engine->kept, "configuration/resources");
    xmlNode *former = cl_xml_child_with(resources, "primitive", "id", "brief");
    (void)error;
    if (former) {
        xmlUnlinkNode(former);
        xmlFreeNode(former);
    }
    xmlNode *added = xmlNewChild(resources, NULL, (const xmlChar *)"primitive", NULL);
    (void)xmlSetProp(added, (const xmlChar *)"id", name);
    (void)xmlSetProp(added, (const xmlChar *)"class", (const xmlChar *)"ocf");
    (void)xmlSetProp(added, (const xmlChar *)"provider", (const xmlChar *)"pacemaker");
    (void)xmlSetProp(added, (const xmlChar *)"type", (const xmlChar *)"Dummy");
    cl_pcmk_publish_outdate(engine);
    cl_pcmk_publish_now(engine);
    return TRUE;
}

static void publish(Cluster *cluster, const char *name)
{
    const ClCall call = {g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND, NULL};
    g_autofree char *numbered = name ? NULL : g_strdup_printf("g%u", ++cluster->n_groups);
    g_assert_true(cl_pcmk_engine_run(cluster->engine, add_group, name ? (gpointer)name : numbered,
                                     NULL, &call, NULL));
    g_ptr_array_add(cluster->models, cl_pcmk_engine_model(cluster->engine));
}

static void publish_many(Cluster *cluster, guint n)
{
    for (guint i = 0; i < n; i++) {
        publish(cluster, NULL);
    }
}

/* Of those that were published; the engine and the thread have some of them. */
static guint n_kept(const Cluster *cluster)
{
    guint n = 0;
    for (guint i = 0; i < cluster->models->len; i++) {
        ClPcmkModel *model = cluster->models->pdata[i];
        n += !g_atomic_ref_count_compare(&model->references, 1);
    }
    return n;
}

/* --- Who subscribes ----------------------------------------------------------------------------- */

typedef struct {
    Cluster *cluster;
    ClSubscription *subscription;
    GMutex lock; /* guards the rest */
    GCond changed;
    GPtrArray *told; /* names of groups that were added, and "lost" */
    gint may_take;   /* events until it holds the thread up; negative: it never does */
    gboolean waits;
} Listener;

static gboolean is(const ClEvent *event, guint64 flag)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER && event->filter_flag == flag;
}

static void listen_to(const ClEvent *event, gpointer data)
{
    Listener *listener = data;
    gboolean lost = is(event, CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    g_mutex_lock(&listener->lock);
    if (lost || is(event, CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2)) {
        g_ptr_array_add(listener->told, g_strdup(lost ? "lost" : event->name));
        g_cond_broadcast(&listener->changed);
        while (listener->may_take == 0) {
            listener->waits = TRUE;
            g_cond_broadcast(&listener->changed);
            g_cond_wait(&listener->changed, &listener->lock);
        }
        listener->waits = FALSE;
        listener->may_take -= listener->may_take > 0;
    }
    g_mutex_unlock(&listener->lock);
}

static Listener *listener_new(Cluster *cluster, const char *group, gint may_take)
{
    const ClCall call = {g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND, NULL};
    GError *error = NULL;
    Listener *listener = g_new0(Listener, 1);
    listener->cluster = cluster;
    g_mutex_init(&listener->lock);
    g_cond_init(&listener->changed);
    listener->told = g_ptr_array_new_with_free_func(g_free);
    listener->may_take = may_take;
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(cluster->engine);
    const ClPcmkObject *found = group ? cl_pcmk_model_find(model, CL_KIND_GROUP, group) : NULL;
    ClObject object = {.kind = CL_KIND_GROUP, .id = found ? found->id : NULL};
    (void)cl_pcmk_subscribe(&cluster->connection, found ? &object : NULL,
                            found ? CLUSTER_OBJECT_TYPE_GROUP : CLUSTER_OBJECT_TYPE_CLUSTER,
                            found ? CLUSTER_CHANGE_GROUP_ALL_V2 : CLUSTER_CHANGE_CLUSTER_ALL_V2,
                            listen_to, listener, &call, &listener->subscription, &error);
    g_assert_no_error(error);
    return listener;
}

/* Lets it go on for so many events; negative: from now on. */
static void release(Listener *listener, gint may_take)
{
    g_mutex_lock(&listener->lock);
    listener->may_take = may_take;
    listener->waits = FALSE;
    g_cond_broadcast(&listener->changed);
    g_mutex_unlock(&listener->lock);
}

static void await_held(Listener *listener)
{
    gint64 end = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
    g_mutex_lock(&listener->lock);
    while (!listener->waits) {
        g_assert_true(g_cond_wait_until(&listener->changed, &listener->lock, end));
    }
    g_mutex_unlock(&listener->lock);
}

/* Waits until so much was told, and a little longer, for what should not be. */
static void await_told(Listener *listener, guint n)
{
    gint64 end = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
    g_mutex_lock(&listener->lock);
    while (listener->told->len < n) {
        g_assert_true(g_cond_wait_until(&listener->changed, &listener->lock, end));
    }
    g_mutex_unlock(&listener->lock);
    g_usleep(50 * 1000);
}

static gpointer leave(gpointer data)
{
    Listener *listener = data;
    cl_pcmk_unsubscribe(&listener->cluster->connection, listener->subscription);
    return NULL;
}

static void listener_free(Listener *listener)
{
    g_ptr_array_unref(listener->told);
    g_cond_clear(&listener->changed);
    g_mutex_clear(&listener->lock);
    g_free(listener);
}

/* "g1" to the last, with "lost" where events were; @losses ends with 0: it is told before that group. */
static void assert_told(Listener *listener, guint first, guint last, const guint *losses)
{
    guint at = 0;
    g_mutex_lock(&listener->lock);
    for (guint i = first; i <= last; i++) {
        g_autofree char *name = g_strdup_printf("g%u", i);
        if (*losses == i) {
            g_assert_cmpuint(at, <, listener->told->len);
            g_assert_cmpstr(listener->told->pdata[at++], ==, "lost");
            losses++;
        }
        g_assert_cmpuint(at, <, listener->told->len);
        g_assert_cmpstr(listener->told->pdata[at++], ==, name);
    }
    g_assert_cmpuint(at, ==, listener->told->len);
    g_assert_cmpuint(*losses, ==, 0);
    g_mutex_unlock(&listener->lock);
}

/* --- Tests -------------------------------------------------------------------------------------- */

static void test_in_time(void)
{
    static const guint none[] = {0};
    Cluster *cluster = cluster_new();
    Listener *slow = listener_new(cluster, NULL, 0);
    Listener *quick = listener_new(cluster, NULL, -1);
    publish(cluster, NULL);
    await_held(slow);
    publish_many(cluster, WAITING_MAX);
    release(slow, -1);
    await_told(quick, WAITING_MAX + 1);
    assert_told(slow, 1, WAITING_MAX + 1, none);
    assert_told(quick, 1, WAITING_MAX + 1, none);
    (void)leave(slow);
    (void)leave(quick);
    listener_free(slow);
    listener_free(quick);
    cluster_free(cluster);
}

/* The 64 that wait are one each, but the last, which has all that is missing since the one before. */
static void test_lost(void)
{
    static const guint losses[] = {1 + WAITING_MAX, 0};
    Cluster *cluster = cluster_new();
    Listener *slow = listener_new(cluster, NULL, 0);
    Listener *quick = listener_new(cluster, NULL, -1);
    Listener *of_object = listener_new(cluster, "first", -1);
    publish(cluster, NULL);
    await_held(slow);
    publish_many(cluster, WAITING_MAX + 100);
    publish(cluster, "brief");
    publish_many(cluster, 100);
    g_assert_cmpuint(n_kept(cluster), <=, WAITING_MAX + 3);
    Listener *late = listener_new(cluster, NULL, -1);
    /* Behind the loss, as soon as there is room. */
    release(slow, 1);
    await_held(slow);
    publish(cluster, NULL);
    release(slow, -1);
    guint last = WAITING_MAX + 202;
    await_told(late, 1);
    assert_told(slow, 1, last, losses);
    assert_told(quick, 1, last, losses);
    assert_told(late, last, last, losses + 1);
    g_assert_cmpuint(of_object->told->len, ==, 1);
    g_assert_cmpstr(of_object->told->pdata[0], ==, "lost");
    g_assert_cmpuint(n_kept(cluster), <=, 3);
    /* And then as ever. */
    publish_many(cluster, 3);
    await_told(late, 4);
    assert_told(slow, 1, last + 3, losses);
    assert_told(late, last, last + 3, losses + 1);
    Listener *listeners[] = {late, of_object, quick, slow};
    for (guint i = 0; i < G_N_ELEMENTS(listeners); i++) {
        (void)leave(listeners[i]);
        listener_free(listeners[i]);
    }
    cluster_free(cluster);
}

/* The first loss still waits to be told when there is another. */
static void test_lost_again(void)
{
    static const guint losses[] = {1 + WAITING_MAX, 1 + WAITING_MAX + 10 + 10, 0};
    Cluster *cluster = cluster_new();
    Listener *slow = listener_new(cluster, NULL, 0);
    publish(cluster, NULL);
    await_held(slow);
    publish_many(cluster, WAITING_MAX + 10);
    release(slow, 10);
    await_held(slow);
    publish_many(cluster, 20);
    g_assert_cmpuint(n_kept(cluster), <=, WAITING_MAX + 3);
    release(slow, -1);
    guint last = 1 + WAITING_MAX + 10 + 20;
    await_told(slow, last + 2);
    assert_told(slow, 1, last, losses);
    (void)leave(slow);
    listener_free(slow);
    cluster_free(cluster);
}

/* Who leaves while much waits to be told is told nothing afterwards, and nothing is left behind. */
static void test_left(void)
{
    Cluster *cluster = cluster_new();
    Listener *slow = listener_new(cluster, NULL, 0);
    publish(cluster, NULL);
    await_held(slow);
    publish_many(cluster, WAITING_MAX + 10);
    Listener *quick = listener_new(cluster, NULL, -1);
    (void)leave(quick);
    GThread *thread = g_thread_new("leave", leave, slow);
    g_usleep(50 * 1000);
    release(slow, -1);
    g_thread_join(thread);
    guint n_told = slow->told->len;
    g_usleep(50 * 1000);
    g_assert_cmpuint(slow->told->len, ==, n_told);
    g_assert_cmpuint(quick->told->len, ==, 0);
    listener_free(slow);
    listener_free(quick);
    cl_pcmk_watch_end();
    g_assert_cmpuint(n_kept(cluster), <=, 1);
    cluster_free(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = g_dir_make_tmp("clusapi-watch-XXXXXX", NULL);
    g_assert_nonnull(directory);
    file = g_build_filename(directory, "cib.xml", NULL);
    g_assert_true(g_file_set_contents(file, cib_text, -1, NULL));
    g_test_add_func("/watch/what waits is told one by one", test_in_time);
    g_test_add_func("/watch/that events were lost is told once, where they were", test_lost);
    g_test_add_func("/watch/and again", test_lost_again);
    g_test_add_func("/watch/one who leaves is told nothing more", test_left);
    int status = g_test_run();
    (void)g_unlink(file);
    (void)g_rmdir(directory);
    g_free(file);
    return status;
}
