/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-queue.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How often a thread that waits looks whether its call was cancelled. */
#define WAIT_STEP_US 50000

struct ClNotifyQueue {
    gint refs; /* atomic */
    guint room;
    guint64 lost_flag;
    int descriptor;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    GQueue events;    /* ClNotifyEvent */
    GHashTable *lost; /* keys of events that found no place since */
    gboolean closed;
};

/* --- Events ----------------------------------------------------------------------------------- */

ClNotifyEvent *cl_notify_event_new(DWORD_PTR key, guint64 flag, const ClEvent *from)
{
    ClNotifyEvent *event = g_new(ClNotifyEvent, 1);
    event->key = key;
    event->object_type = from->object_type;
    event->flag = flag;
    event->id = g_strdup(from->id);
    event->parent_id = g_strdup(from->parent_id);
    event->name = g_strdup(from->name);
    event->type = g_strdup(from->type);
    event->data = from->data ? g_bytes_ref(from->data) : NULL;
    return event;
}

static void event_free(gpointer data)
{
    ClNotifyEvent *event = data;
    g_free(event->id);
    g_free(event->parent_id);
    g_free(event->name);
    g_free(event->type);
    g_clear_pointer(&event->data, g_bytes_unref);
    g_free(event);
}

static ClNotifyEvent *lost_event(const ClNotifyQueue *queue, DWORD_PTR key)
{
    const ClEvent lost = {.object_type = CLUSTER_OBJECT_TYPE_CLUSTER,
                          .id = "",
                          .parent_id = "",
                          .name = "",
                          .type = ""};
    return cl_notify_event_new(key, queue->lost_flag, &lost);
}

static gboolean is_lost(const ClNotifyQueue *queue, const ClNotifyEvent *event)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER && event->flag == queue->lost_flag;
}

/* --- Queues ----------------------------------------------------------------------------------- */

ClNotifyQueue *cl_notify_queue_new(guint room, guint64 lost_flag)
{
    pthread_condattr_t attributes;
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (descriptor < 0) {
        return NULL;
    }
    ClNotifyQueue *queue = g_new0(ClNotifyQueue, 1);
    queue->refs = 1;
    queue->room = room;
    queue->lost_flag = lost_flag;
    queue->descriptor = descriptor;
    queue->lost = g_hash_table_new(NULL, NULL);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    return queue;
}

ClNotifyQueue *cl_notify_queue_ref(ClNotifyQueue *queue)
{
    g_atomic_int_inc(&queue->refs);
    return queue;
}

void cl_notify_queue_unref(gpointer data)
{
    ClNotifyQueue *queue = data;
    if (!g_atomic_int_dec_and_test(&queue->refs)) {
        return;
    }
    g_queue_clear_full(&queue->events, event_free);
    g_hash_table_unref(queue->lost);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    close(queue->descriptor);
    g_free(queue);
}

int cl_notify_queue_descriptor(const ClNotifyQueue *queue)
{
    return queue->descriptor;
}

/* --- Putting; with the lock held --------------------------------------------------------------- */

static gboolean is_empty(const ClNotifyQueue *queue)
{
    return queue->events.length == 0 && g_hash_table_size(queue->lost) == 0;
}

static void set_descriptor(const ClNotifyQueue *queue, gboolean readable)
{
    guint64 value = 1;
    ssize_t done = readable ? write(queue->descriptor, &value, sizeof value)
                            : read(queue->descriptor, &value, sizeof value);
    if (done != sizeof value && errno != EAGAIN) {
        g_debug("the event of a port could not be set");
    }
}

static void push(ClNotifyQueue *queue, ClNotifyEvent *event)
{
    if (is_empty(queue)) {
        set_descriptor(queue, TRUE);
    }
    g_queue_push_tail(&queue->events, event);
    pthread_cond_broadcast(&queue->filled);
}

static void tell_lost(ClNotifyQueue *queue)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, queue->lost);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_queue_push_tail(&queue->events, lost_event(queue, GPOINTER_TO_SIZE(key)));
    }
    g_hash_table_remove_all(queue->lost);
}

/* A queue that ran full takes nothing until half of it was read; what was lost is told there. */
static gboolean has_room(ClNotifyQueue *queue)
{
    if (g_hash_table_size(queue->lost) == 0) {
        return queue->events.length < queue->room;
    }
    if (queue->events.length > queue->room / 2) {
        return FALSE;
    }
    tell_lost(queue);
    return TRUE;
}

void cl_notify_queue_put(ClNotifyQueue *queue, ClNotifyEvent *event)
{
    pthread_mutex_lock(&queue->lock);
    gboolean taken = !queue->closed && has_room(queue);
    if (taken) {
        push(queue, event);
    } else if (!queue->closed) {
        g_hash_table_add(queue->lost, GSIZE_TO_POINTER(event->key));
    }
    pthread_mutex_unlock(&queue->lock);
    if (!taken) {
        event_free(event);
    }
}

/* Whether the last that was put says so already. */
static gboolean is_told(const ClNotifyQueue *queue, DWORD_PTR key)
{
    for (const GList *at = queue->events.tail; at && is_lost(queue, at->data); at = at->prev) {
        if (((const ClNotifyEvent *)at->data)->key == key) {
            return TRUE;
        }
    }
    return g_hash_table_contains(queue->lost, GSIZE_TO_POINTER(key));
}

void cl_notify_queue_lose(ClNotifyQueue *queue, DWORD_PTR key)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->closed && !is_told(queue, key)) {
        push(queue, lost_event(queue, key));
    }
    pthread_mutex_unlock(&queue->lock);
}

void cl_notify_queue_close(ClNotifyQueue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = TRUE;
    /* Who polls the descriptor wakes, too. */
    set_descriptor(queue, TRUE);
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->lock);
}

/* --- Taking ----------------------------------------------------------------------------------- */

static void wait_until(ClNotifyQueue *queue, gint64 until)
{
    struct timespec time = {until / G_USEC_PER_SEC, until % G_USEC_PER_SEC * 1000};
    if (until == G_MAXINT64) {
        pthread_cond_wait(&queue->filled, &queue->lock);
    } else {
        pthread_cond_timedwait(&queue->filled, &queue->lock, &time);
    }
}

/* With the lock held. */
static DWORD wait_for_event(ClNotifyQueue *queue, gint64 until, GCancellable *cancellable)
{
    while (!queue->closed && is_empty(queue)) {
        gint64 now = g_get_monotonic_time();
        if (cancellable != NULL && g_cancellable_is_cancelled(cancellable)) {
            return ERROR_OPERATION_ABORTED;
        }
        if (now >= until) {
            return WAIT_TIMEOUT;
        }
        wait_until(queue, cancellable != NULL ? MIN(until, now + WAIT_STEP_US) : until);
    }
    return queue->closed ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

/* What the thread has bounded itself counts, but not the time limit of a cluster's handle. */
static gint64 until_of(DWORD ms, const ClCall *call)
{
    gint64 until = ms == INFINITE ? G_MAXINT64 : g_get_monotonic_time() + (gint64)ms * 1000;
    return call->cancellable != NULL || call->deadline == 0 ? MIN(until, call->deadline) : until;
}

DWORD cl_notify_queue_get(ClNotifyQueue *queue, DWORD ms, ClNotifyTake take, gpointer data)
{
    ClCall call = cl_call_now(G_MAXUINT);
    ClNotifyEvent *taken = NULL;
    pthread_mutex_lock(&queue->lock);
    DWORD code = wait_for_event(queue, until_of(ms, &call), call.cancellable);
    if (code == ERROR_SUCCESS) {
        if (queue->events.length == 0) {
            tell_lost(queue);
        }
        if (take(g_queue_peek_head(&queue->events), data)) {
            taken = g_queue_pop_head(&queue->events);
        }
        if (is_empty(queue)) {
            set_descriptor(queue, FALSE);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    if (taken != NULL) {
        event_free(taken);
    }
    return code;
}
