/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscribe(): one thread for the process compares each model with the one before and tells all
 * subscriptions what happened. The engine only puts models into its queue. Models that come faster
 * than they can be told are told as one difference, behind a word that events were lost.
 *
 * The lock guards the queue, the list of subscriptions, and which of them is being told; it is not
 * held while one is told. A subscription belongs to the list, and to the thread while it is told.
 */
#include "watch.h"

#include "difference.h"
#include "event.h"
#include "text.h"

/* Models that wait to be told. */
#define QUEUE_MAX 64

struct ClSubscription {
    ClEventFilter filter;
    guint64 since; /* the number of the model that was there when it began */
    ClNotify notify;
    gpointer user_data;
};

typedef struct {
    ClPcmkModel *model;
    gboolean follows_loss; /* the one before it was left out */
} Waiting;

typedef struct {
    ClPcmkEngine *engine;
    GThread *thread;
    GMutex lock;
    GCond changed;
    GQueue queue;      /* Waiting */
    guint64 newest;    /* the number of what was queued last */
    ClPcmkModel *told; /* of the thread */
    gboolean stopping;
    GPtrArray *subscriptions;
    guint next; /* in the list: who is looked at next while an event is told */
    ClSubscription *telling;
    gboolean has_left; /* the one being told unsubscribed itself */
} Watch;

static GMutex beginning; /* guards the_watch */
static Watch *the_watch;

static void subscription_free(ClSubscription *subscription)
{
    cl_event_filter_clear(&subscription->filter);
    g_free(subscription);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClSubscription, subscription_free)

/* --- Telling ------------------------------------------------------------------------------------ */

static gboolean concerns(const ClSubscription *subscription, const ClEvent *event)
{
    return event->sequence > subscription->since &&
           cl_event_filter_takes(&subscription->filter, event);
}

/* With the lock held, which is let go while the one is told. */
static void tell_one(Watch *watch, ClSubscription *subscription, const ClEvent *event)
{
    watch->telling = subscription;
    g_mutex_unlock(&watch->lock);
    subscription->notify(event, subscription->user_data);
    g_mutex_lock(&watch->lock);
    watch->telling = NULL;
    if (watch->has_left) {
        watch->has_left = FALSE;
        subscription_free(subscription);
    }
    g_cond_broadcast(&watch->changed);
}

/* Who leaves the list meanwhile moves `next` back. */
static void tell(const ClEvent *event, gpointer user_data)
{
    Watch *watch = user_data;
    g_mutex_lock(&watch->lock);
    for (watch->next = 0; watch->next < watch->subscriptions->len;) {
        ClSubscription *subscription = watch->subscriptions->pdata[watch->next++];
        if (concerns(subscription, event)) {
            tell_one(watch, subscription, event);
        }
    }
    g_mutex_unlock(&watch->lock);
}

static void tell_lost(Watch *watch, const ClPcmkModel *model)
{
    const ClEvent event = {.object_type = CLUSTER_OBJECT_TYPE_CLUSTER,
                           .filter_flag = CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2,
                           .sequence = model->number,
                           .id = "",
                           .parent_id = "",
                           .name = "",
                           .type = ""};
    tell(&event, watch);
}

/* --- The thread --------------------------------------------------------------------------------- */

static void waiting_free(gpointer data)
{
    Waiting *waiting = data;
    cl_pcmk_model_unref(waiting->model);
    g_free(waiting);
}

/* The next model, or NULL at the end. */
static Waiting *take(Watch *watch)
{
    g_mutex_lock(&watch->lock);
    while (!watch->stopping && g_queue_is_empty(&watch->queue)) {
        g_cond_wait(&watch->changed, &watch->lock);
    }
    Waiting *waiting = watch->stopping ? NULL : g_queue_pop_head(&watch->queue);
    g_mutex_unlock(&watch->lock);
    return waiting;
}

static gpointer run(gpointer data)
{
    Watch *watch = data;
    Waiting *waiting;
    while ((waiting = take(watch))) {
        if (waiting->follows_loss) {
            tell_lost(watch, waiting->model);
        }
        cl_pcmk_differences(watch->told, waiting->model, tell, watch);
        cl_pcmk_model_unref(watch->told);
        watch->told = cl_pcmk_model_ref(waiting->model);
        waiting_free(waiting);
    }
    return NULL;
}

/* Of a full queue the newest that waits is replaced. */
static void published(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data)
{
    (void)before;
    Watch *watch = data;
    g_mutex_lock(&watch->lock);
    if (model->number > watch->newest) {
        Waiting *waiting = g_new(Waiting, 1);
        *waiting = (Waiting){cl_pcmk_model_ref((ClPcmkModel *)model), FALSE};
        if (g_queue_get_length(&watch->queue) >= QUEUE_MAX) {
            waiting_free(g_queue_pop_tail(&watch->queue));
            waiting->follows_loss = TRUE;
        }
        g_queue_push_tail(&watch->queue, waiting);
        watch->newest = model->number;
        g_cond_broadcast(&watch->changed);
    }
    g_mutex_unlock(&watch->lock);
}

/* What is published before it watches is the newest afterwards. */
static Watch *begin_watch(ClPcmkEngine *engine)
{
    Watch *watch = g_new0(Watch, 1);
    watch->engine = engine;
    watch->subscriptions = g_ptr_array_new();
    g_mutex_init(&watch->lock);
    g_cond_init(&watch->changed);
    g_queue_init(&watch->queue);
    watch->told = cl_pcmk_engine_model(engine);
    watch->newest = watch->told->number;
    cl_pcmk_engine_watch(engine, published, watch);
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    published(NULL, model, watch);
    watch->thread = g_thread_new("clusapi-notify", run, watch);
    return watch;
}

/* The last subscription has left; nobody else has the watch. */
static void end_watch(Watch *watch)
{
    cl_pcmk_engine_unwatch(watch->engine, watch);
    g_mutex_lock(&watch->lock);
    watch->stopping = TRUE;
    g_cond_broadcast(&watch->changed);
    g_mutex_unlock(&watch->lock);
    g_thread_join(watch->thread);
    g_queue_clear_full(&watch->queue, waiting_free);
    cl_pcmk_model_unref(watch->told);
    g_ptr_array_unref(watch->subscriptions);
    g_cond_clear(&watch->changed);
    g_mutex_clear(&watch->lock);
    g_free(watch);
}

void cl_pcmk_watch_end(void)
{
    g_mutex_lock(&beginning);
    Watch *watch = g_steal_pointer(&the_watch);
    g_mutex_unlock(&beginning);
    if (watch) {
        end_watch(watch);
    }
}

/* --- Subscriptions ------------------------------------------------------------------------------ */

/* Events of resource types have no id, but their name. */
static gboolean set_object(ClConnection *connection, const ClObject *object, ClEventFilter *filter,
                           guint64 *ret_since, GError **error)
{
    const ClPcmkObject *found;
    if (object && object->path) {
        filter->path = cl_text_fold(object->path);
        object = NULL;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, object, &found, error);
    if (model && found) {
        cl_event_filter_set_id(filter,
                               found->kind == CL_KIND_RESOURCE_TYPE ? found->key : found->id);
    }
    if (model) {
        *ret_since = model->number;
    }
    return model != NULL;
}

static Watch *take_watch(ClConnection *connection)
{
    g_mutex_lock(&beginning);
    if (!the_watch) {
        the_watch = begin_watch(connection->engine);
    }
    Watch *watch = the_watch;
    g_mutex_unlock(&beginning);
    return watch;
}

gboolean cl_pcmk_subscribe(ClConnection *connection, const ClObject *object, guint32 object_type,
                           guint64 filter_flags, ClNotify notify, gpointer user_data,
                           const ClCall *call, ClSubscription **ret_subscription, GError **error)
{
    (void)call;
    g_autoptr(ClSubscription) subscription = g_new0(ClSubscription, 1);
    subscription->filter.object_type = object_type;
    subscription->filter.flags = filter_flags;
    subscription->notify = notify;
    subscription->user_data = user_data;
    Watch *watch = take_watch(connection);
    if (!set_object(connection, object, &subscription->filter, &subscription->since, error)) {
        return FALSE;
    }
    g_mutex_lock(&watch->lock);
    g_ptr_array_add(watch->subscriptions, subscription);
    g_mutex_unlock(&watch->lock);
    *ret_subscription = g_steal_pointer(&subscription);
    return TRUE;
}

void cl_pcmk_unsubscribe(ClConnection *connection, ClSubscription *subscription)
{
    Watch *watch = take_watch(connection);
    guint at;
    g_mutex_lock(&watch->lock);
    if (g_ptr_array_find(watch->subscriptions, subscription, &at)) {
        g_ptr_array_remove_index(watch->subscriptions, at);
        if (at < watch->next) {
            watch->next--;
        }
    }
    /* Within its own callback it cannot wait for its end, and is freed after it. */
    gboolean is_own = watch->telling == subscription && g_thread_self() == watch->thread;
    if (is_own) {
        watch->has_left = TRUE;
    }
    while (watch->telling == subscription && !is_own) {
        g_cond_wait(&watch->changed, &watch->lock);
    }
    g_mutex_unlock(&watch->lock);
    if (!is_own) {
        subscription_free(subscription);
    }
}
