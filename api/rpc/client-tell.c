/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Telling events, and the worker that reconnects for those who wait for them.
 */
#include "client-notify-internal.h"

#define TRY_US    (20 * G_USEC_PER_SEC)
#define PAUSE_US  (1 * G_USEC_PER_SEC)
#define PAUSE_MAX (30 * G_USEC_PER_SEC)

void cl_told_free(gpointer data)
{
    ClTold *told = data;
    for (gsize i = 0; i < G_N_ELEMENTS(told->texts); i++) {
        g_free(told->texts[i]);
    }
    g_clear_pointer(&told->data, g_bytes_unref);
    g_clear_pointer(&told->commands, g_ptr_array_unref);
    g_free(told);
}
/* Its texts are set by then. */
ClTold *cl_told_finish(ClTold *told)
{
    for (gsize i = 0; i < G_N_ELEMENTS(told->texts); i++) {
        if (!told->texts[i]) {
            told->texts[i] = g_strdup("");
        }
    }
    told->event.id = told->texts[0];
    told->event.parent_id = told->texts[1];
    told->event.name = told->texts[2];
    told->event.type = told->texts[3];
    told->event.data = told->data;
    told->event.commands = told->commands;
    return told;
}

ClTold *cl_told_cluster(guint64 flag)
{
    ClTold *told = g_new0(ClTold, 1);
    told->event.object_type = CLUSTER_OBJECT_TYPE_CLUSTER;
    told->event.filter_flag = flag;
    return cl_told_finish(told);
}

gboolean cl_told_is_lost(const ClEvent *event)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
           event->filter_flag == CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2;
}

/* With the lock held, which is let go meanwhile. */
static void tell_one(ClNotifier *notifier, ClSubscription *subscription, const ClEvent *event)
{
    notifier->telling = subscription;
    cl_notifier_unlock(notifier);
    subscription->notify(event, subscription->user_data);
    cl_notifier_lock(notifier);
    notifier->telling = NULL;
    gboolean has_left = notifier->has_left;
    notifier->has_left = FALSE;
    g_cond_broadcast(&notifier->connection->changed);
    if (has_left) {
        cl_notifier_unlock(notifier);
        cl_subscription_free(notifier, subscription);
        cl_notifier_lock(notifier);
    }
}

/* Who did not ask for the cluster's being reached again is told that events may be lost. */
static const ClEvent *event_for(const ClSubscription *subscription, const ClTold *told,
                                const ClTold *lost)
{
    const ClEvent *event = &told->event;
    if (told->key != 0 || cl_told_is_lost(event)) {
        return event;
    }
    if (subscription->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
        subscription->flags & event->filter_flag) {
        return event;
    }
    return event->filter_flag == CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 ? &lost->event : NULL;
}

static void tell(ClNotifier *notifier, const ClTold *told)
{
    g_autoptr(ClTold) lost = cl_told_cluster(CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    g_autofree gpointer *keys = NULL;
    guint n = 1;
    if (told->key == 0) {
        keys = g_hash_table_get_keys_as_array(notifier->subscriptions, &n);
    }
    for (guint i = 0; i < n; i++) {
        ClSubscription *subscription = g_hash_table_lookup(
            notifier->subscriptions, keys ? keys[i] : GUINT_TO_POINTER(told->key));
        const ClEvent *event = subscription ? event_for(subscription, told, lost) : NULL;
        if (event) {
            tell_one(notifier, subscription, event);
        }
    }
}

/* Tells what is queued unless somebody does. */
void cl_notifier_tell(ClNotifier *notifier)
{
    ClTold *told;
    cl_notifier_lock(notifier);
    if (notifier->teller) {
        cl_notifier_unlock(notifier);
        return;
    }
    notifier->teller = g_thread_self();
    while ((told = g_queue_pop_head(&notifier->queue))) {
        tell(notifier, told);
        cl_told_free(told);
    }
    notifier->teller = NULL;
    cl_notifier_unlock(notifier);
}

gboolean cl_notifier_is_telling(ClNotifier *notifier)
{
    return notifier->teller == g_thread_self();
}

void cl_notifier_set_well(ClNotifier *notifier, gboolean is_well)
{
    cl_notifier_lock(notifier);
    gboolean is_news = is_well || !notifier->is_unwell;
    notifier->is_unwell = !is_well;
    if (is_news && g_hash_table_size(notifier->subscriptions) > 0) {
        g_queue_push_tail(&notifier->queue,
                          cl_told_cluster(is_well ? CLUSTER_CHANGE_CLUSTER_RECONNECT_V2
                                                  : CLUSTER_CHANGE_CLUSTER_STATE_V2));
        cl_notifier_work(notifier);
    }
    cl_notifier_unlock(notifier);
}

/* --- The worker --------------------------------------------------------------------------------- */

static gboolean take_need(ClNotifier *notifier, guint *ret_generation)
{
    cl_notifier_lock(notifier);
    gboolean needs = notifier->needs_link && !notifier->stopping &&
                     g_hash_table_size(notifier->subscriptions) > 0;
    *ret_generation = notifier->connection->link->generation;
    cl_notifier_unlock(notifier);
    return needs;
}

/* The new link may have failed already, before it was the connection's. */
static void satisfy(ClNotifier *notifier)
{
    GHashTableIter each;
    gpointer subscription;
    gboolean needs_port = FALSE;
    cl_notifier_lock(notifier);
    g_hash_table_iter_init(&each, notifier->subscriptions);
    while (g_hash_table_iter_next(&each, NULL, &subscription)) {
        needs_port = needs_port || !cl_subscription_is_for_batches(subscription);
    }
    notifier->needs_link = needs_port && !notifier->port;
    cl_notifier_unlock(notifier);
}

/* Until somebody stops it; TRUE if nobody has. */
static gboolean pause_for(ClNotifier *notifier, gint64 us)
{
    GPollFD fd;
    if (!g_cancellable_make_pollfd(notifier->stop, &fd)) {
        g_usleep((gulong)MIN(us, G_USEC_PER_SEC));
        return TRUE;
    }
    (void)g_poll(&fd, 1, (gint)(us / 1000));
    g_cancellable_release_fd(notifier->stop);
    return !g_cancellable_is_cancelled(notifier->stop);
}

static void restore(ClNotifier *notifier)
{
    guint generation;
    gint64 pause = PAUSE_US;
    while (take_need(notifier, &generation)) {
        const ClCall call = {g_get_monotonic_time() + TRY_US, notifier->stop};
        if (cl_reconnect(notifier->connection, generation, &call, NULL)) {
            satisfy(notifier);
        } else {
            cl_notifier_tell(notifier);
            (void)pause_for(notifier, pause);
            pause = MIN(2 * pause, PAUSE_MAX);
        }
    }
}

/* Until there is nothing to do, which is told under the lock. */
static gpointer work(gpointer data)
{
    ClNotifier *notifier = data;
    gboolean more = TRUE;
    while (more) {
        restore(notifier);
        cl_notifier_tell(notifier);
        cl_notifier_lock(notifier);
        gboolean has_queue = !g_queue_is_empty(&notifier->queue) && !notifier->teller;
        gboolean has_need = notifier->needs_link && g_hash_table_size(notifier->subscriptions) > 0;
        more = !notifier->stopping && (has_queue || has_need);
        notifier->is_working = more;
        cl_notifier_unlock(notifier);
    }
    return NULL;
}

/* With the lock held. A worker that has ended is waited for by the next. */
void cl_notifier_work(ClNotifier *notifier)
{
    if (notifier->is_working || notifier->stopping) {
        return;
    }
    if (notifier->worker) {
        g_thread_join(notifier->worker);
    }
    notifier->worker = g_thread_try_new("clusapi-rpc-work", work, notifier, NULL);
    notifier->is_working = notifier->worker != NULL;
}
