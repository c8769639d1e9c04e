/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscribe(): one thread for each connection waits for the side file that writers touch, lets
 * happen what is due, and passes on what the event table has gained. A second after the log was
 * written it looks once more, for a writer that died between its commit and its signal. It begins
 * with the first subscription, sleeps while there is none, and ends with the connection.
 *
 * The lock guards the list of subscriptions, which of them is being told, and the position; no lock
 * is held while one is told. A subscription belongs to the list, and to the thread while it is
 * told.
 */
#include "embedded.h"
#include "registry.h"
#include "change.h"
#include "events.h"
#include "settle.h"
#include "text.h"
#include "watch-read.h"
#include "watch-signal.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define LOOK_MS   1000  /* after the log was written */
#define REST_MS   60000 /* while nothing is written, for what nothing tells of */
#define GLANCE_MS 20    /* where nothing tells of changes */
#define RETRY_MS  200   /* what failed is tried again */
#define AGAIN_MS  5     /* between two times that something due is made to happen */
#define READ_MS   5000
#define SETTLE_MS 200

struct ClSubscription {
    ClEventFilter filter;
    gint64 since; /* events after this one */
    ClNotify notify;
    gpointer user_data;
};

/* Of mark(). */
typedef struct {
    gint64 after; /* all events up to this one are told before */
    ClMarked done;
    gpointer user_data;
} Mark;

struct ClWatch {
    ClConnection *store;
    pthread_t thread;
    int wake;
    gint stopping; /* atomic */
    GCancellable *stop;

    /* of the thread */
    ClSignalWatch signal;
    int timer;            /* until something is due, which goes on while the machine sleeps */
    gboolean was_written; /* the log; readers may see it only from now on */
    gboolean is_well;
    gint64 settle_after; /* on the boot-time clock */

    pthread_mutex_t lock;
    pthread_cond_t told;
    gint64 position; /* the last event that was read */
    GPtrArray *subscriptions;
    guint next; /* in the list: who is looked at next while an event is told */
    ClSubscription *telling;
    gboolean has_left; /* the one being told unsubscribed itself */
    GArray *marks;
};

static void subscription_free(ClSubscription *subscription)
{
    cl_event_filter_clear(&subscription->filter);
    g_free(subscription);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClSubscription, subscription_free)

/* --- Whom an event concerns ------------------------------------------------------------------- */

/* Those since it began. */
static gboolean concerns(const ClSubscription *subscription, const ClEvent *event)
{
    return (event->sequence == 0 || (gint64)event->sequence > subscription->since) &&
           cl_event_filter_takes(&subscription->filter, event);
}

/* --- Telling ---------------------------------------------------------------------------------- */

/* With the lock held, which is let go while the one is told. */
static void tell_one(ClWatch *watch, ClSubscription *subscription, ClEventRow *row)
{
    watch->telling = subscription;
    pthread_mutex_unlock(&watch->lock);
    if (cl_event_row_complete(row)) {
        subscription->notify(&row->event, subscription->user_data);
    }
    pthread_mutex_lock(&watch->lock);
    watch->telling = NULL;
    if (watch->has_left) {
        watch->has_left = FALSE;
        subscription_free(subscription);
    }
    pthread_cond_broadcast(&watch->told);
}

/* Who leaves the list meanwhile moves `next` back. */
static void tell(ClWatch *watch, ClEventRow *row)
{
    pthread_mutex_lock(&watch->lock);
    if (row->event.sequence > 0) {
        watch->position = (gint64)row->event.sequence;
    }
    for (watch->next = 0; watch->next < watch->subscriptions->len;) {
        ClSubscription *subscription = watch->subscriptions->pdata[watch->next++];
        if (concerns(subscription, &row->event)) {
            tell_one(watch, subscription, row);
        }
    }
    pthread_mutex_unlock(&watch->lock);
}

static void tell_cluster(ClWatch *watch, guint64 flag)
{
    ClEventRow row = {.event = {.object_type = CLUSTER_OBJECT_TYPE_CLUSTER,
                                .filter_flag = flag,
                                .id = "",
                                .parent_id = "",
                                .name = "",
                                .type = ""}};
    tell(watch, &row);
}

/* Those up to an event. */
static void tell_marks(ClWatch *watch, gint64 until)
{
    pthread_mutex_lock(&watch->lock);
    for (guint i = 0; i < watch->marks->len;) {
        Mark mark = g_array_index(watch->marks, Mark, i);
        if (mark.after > until) {
            i++;
            continue;
        }
        g_array_remove_index(watch->marks, i);
        pthread_mutex_unlock(&watch->lock);
        mark.done(mark.user_data);
        pthread_mutex_lock(&watch->lock);
    }
    pthread_mutex_unlock(&watch->lock);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static gint64 get_position(ClWatch *watch)
{
    pthread_mutex_lock(&watch->lock);
    gint64 position = watch->position;
    pthread_mutex_unlock(&watch->lock);
    return position;
}

/* With the lock held. Numbers from @last on are given again, and count for all. */
static void go_back(ClWatch *watch, gint64 last)
{
    for (guint i = 0; i < watch->subscriptions->len; i++) {
        ClSubscription *subscription = watch->subscriptions->pdata[i];
        subscription->since = MIN(subscription->since, last);
    }
}

/* Numbers are given one after the other, so a gap is what was forgotten since; and they go back
 * when an older state of the file was restored. */
static void tell_chunk(ClWatch *watch, const ClEventChunk *chunk, gint64 position)
{
    gint64 first = chunk->rows->len > 0
                       ? (gint64)g_array_index(chunk->rows, ClEventRow, 0).event.sequence
                       : chunk->last + 1;
    if (first != position + 1) {
        pthread_mutex_lock(&watch->lock);
        watch->position = first - 1;
        if (chunk->last < position) {
            go_back(watch, chunk->last);
        }
        pthread_mutex_unlock(&watch->lock);
        tell_cluster(watch, CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    }
    for (guint i = 0; i < chunk->rows->len; i++) {
        tell(watch, &g_array_index(chunk->rows, ClEventRow, i));
    }
}

static ClCall call_of(const ClWatch *watch, int ms)
{
    return (ClCall){g_get_monotonic_time() + ms * 1000, watch->stop};
}

/* Whoever is told may want a reader, too: it is given back before. */
static gboolean read_some(ClWatch *watch, gint64 position, ClEventChunk *chunk, GError **error)
{
    ClCall call = call_of(watch, READ_MS);
    if (!cl_store_check(watch->store, error)) {
        return FALSE;
    }
    g_autoptr(ClReader) reader = cl_store_borrow(watch->store, &call, error);
    return reader && cl_event_chunk_read(reader, position, chunk, error);
}

static void set_well(ClWatch *watch, gboolean is_well)
{
    if (watch->is_well != is_well) {
        watch->is_well = is_well;
        tell_cluster(watch, is_well ? CLUSTER_CHANGE_CLUSTER_RECONNECT_V2
                                    : CLUSTER_CHANGE_CLUSTER_STATE_V2);
    }
}

static gboolean read_events(ClWatch *watch, gint64 *ret_due)
{
    gboolean more = TRUE;
    while (more && !g_atomic_int_get(&watch->stopping)) {
        g_auto(ClEventChunk) chunk = cl_event_chunk_new();
        g_autoptr(GError) error = NULL;
        gint64 position = get_position(watch);
        if (!read_some(watch, position, &chunk, &error)) {
            g_debug("the cluster cannot be watched: %s", error->message);
            return g_error_matches(error, CL_ERROR, ERROR_OPERATION_ABORTED);
        }
        set_well(watch, TRUE);
        tell_chunk(watch, &chunk, position);
        tell_marks(watch, chunk.more ? get_position(watch) : chunk.last);
        more = chunk.more;
        *ret_due = chunk.due;
    }
    return TRUE;
}

/* Makes happen what is due; returns when the next is. Without the right or the room to write it
 * waits for somebody else to do it, or for a while. */
static gint64 settle(ClWatch *watch, gint64 due)
{
    g_autoptr(GError) error = NULL;
    ClCall call = call_of(watch, SETTLE_MS);
    if (!cl_store_settles(watch->store)) {
        return G_MAXINT64;
    }
    if (due > cl_boot_time() || watch->settle_after > cl_boot_time()) {
        return MAX(due, watch->settle_after);
    }
    gboolean settled = cl_settle(watch->store, &call, &error);
    if (!settled) {
        g_debug("what is due could not be done: %s", error->message);
    }
    watch->settle_after = cl_boot_time() + (settled ? AGAIN_MS : RETRY_MS) * 1000;
    return settled ? cl_boot_time() : watch->settle_after;
}

/* --- The thread ------------------------------------------------------------------------------- */

static int wait_time(gint64 due, int most)
{
    gint64 left = due == G_MAXINT64 ? most : (due - cl_boot_time() + 999) / 1000;
    return (int)CLAMP(left, 0, most);
}

static void set_timer(const ClWatch *watch, gint64 due)
{
    struct itimerspec at = {0};
    if (due != G_MAXINT64) {
        at.it_value.tv_sec = due / G_USEC_PER_SEC;
        at.it_value.tv_nsec = due % G_USEC_PER_SEC * 1000;
    }
    (void)timerfd_settime(watch->timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* How long to wait after it, in milliseconds. */
static int look(ClWatch *watch)
{
    gint64 due = G_MAXINT64;
    gboolean armed = cl_signal_watch_arm(&watch->signal);
    watch->was_written = cl_signal_watch_drain_log(&watch->signal);
    if (!read_events(watch, &due)) {
        set_well(watch, FALSE);
        tell_marks(watch, G_MAXINT64);
        return RETRY_MS;
    }
    due = settle(watch, due);
    set_timer(watch, due);
    gboolean rests = cl_signal_watch_sees_all(&watch->signal) && !watch->was_written;
    return wait_time(due, !armed ? GLANCE_MS : rests ? REST_MS : LOOK_MS);
}

enum {
    WAKE,
    SIGNAL,
    TIMER,
    LOG,
    N_FILES
};

/* When a wait of some milliseconds ends; -1: never. */
static gint64 end_of(int ms)
{
    return ms < 0 ? -1 : g_get_monotonic_time() + ms * (gint64)1000;
}

static int left_until(gint64 end)
{
    return end < 0 ? -1 : (int)(MAX(end - g_get_monotonic_time() + 999, 0) / 1000);
}

/* While it is not well writers do not wake it, so that it tries at its own pace. That the log is
 * written is no reason to look yet, but not to wait for longer than a second. */
static void wait_for_change(ClWatch *watch, int ms, gboolean listens)
{
    struct pollfd files[N_FILES] = {
        [WAKE] = {watch->wake, POLLIN, 0},
        [SIGNAL] = {listens ? watch->signal.inotify : -1, POLLIN, 0},
        [TIMER] = {listens ? watch->timer : -1, POLLIN, 0},
        [LOG] = {listens && ms > LOOK_MS ? watch->signal.log_inotify : -1, POLLIN, 0}};
    gint64 end = end_of(ms);
    guint64 count;
    if (poll(files, G_N_ELEMENTS(files), ms) == 1 && files[LOG].revents != 0) {
        files[LOG].fd = -1;
        end = MIN(end, end_of(LOOK_MS));
        (void)poll(files, G_N_ELEMENTS(files), left_until(end));
    }
    if ((files[WAKE].revents & POLLIN) && read(watch->wake, &count, sizeof count) < 0) {
        g_debug("the watch was woken for nothing");
    }
    cl_signal_watch_drain(&watch->signal);
}

static gboolean is_wanted(ClWatch *watch)
{
    pthread_mutex_lock(&watch->lock);
    gboolean wanted = watch->subscriptions->len > 0;
    pthread_mutex_unlock(&watch->lock);
    return wanted;
}

static void *run(void *data)
{
    ClWatch *watch = data;
    while (!g_atomic_int_get(&watch->stopping)) {
        if (is_wanted(watch)) {
            int ms = look(watch);
            wait_for_change(watch, ms, watch->is_well);
        } else {
            watch->is_well = TRUE;
            tell_marks(watch, G_MAXINT64);
            wait_for_change(watch, -1, FALSE);
        }
    }
    tell_marks(watch, G_MAXINT64);
    return NULL;
}

static void wake(ClWatch *watch)
{
    const guint64 one = 1;
    if (write(watch->wake, &one, sizeof one) != sizeof one) {
        g_debug("the watch could not be woken");
    }
}

/* Signals to the process are the business of the caller's threads. */
static gboolean start(ClWatch *watch)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&watch->thread, NULL, run, watch);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

static void watch_free(ClWatch *watch)
{
    if (watch->wake >= 0) {
        close(watch->wake);
    }
    if (watch->timer >= 0) {
        close(watch->timer);
    }
    cl_signal_watch_clear(&watch->signal);
    g_object_unref(watch->stop);
    pthread_cond_destroy(&watch->told);
    pthread_mutex_destroy(&watch->lock);
    g_ptr_array_unref(watch->subscriptions);
    g_array_unref(watch->marks);
    g_free(watch);
}

static void end_watch(ClWatch *watch)
{
    g_atomic_int_set(&watch->stopping, TRUE);
    g_cancellable_cancel(watch->stop);
    wake(watch);
    pthread_join(watch->thread, NULL);
    watch_free(watch);
}

static ClWatch *begin_watch(ClConnection *store, GError **error)
{
    ClWatch *watch = g_new0(ClWatch, 1);
    watch->store = store;
    watch->is_well = TRUE;
    watch->wake = eventfd(0, EFD_CLOEXEC);
    watch->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    watch->stop = g_cancellable_new();
    watch->subscriptions = g_ptr_array_new();
    watch->marks = g_array_new(FALSE, FALSE, sizeof(Mark));
    cl_signal_watch_init(&watch->signal, cl_store_signal_path(cl_store_path(store)),
                         cl_store_path(store));
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->told, NULL);
    if (watch->wake < 0 || watch->timer < 0 || !start(watch)) {
        watch_free(watch);
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "the cluster cannot be watched");
        return NULL;
    }
    return watch;
}

static ClWatch *take_watch(ClConnection *store, GError **error)
{
    static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&beginning);
    ClWatch *watch = cl_store_watch(store);
    if (!watch) {
        watch = begin_watch(store, error);
        if (watch) {
            cl_store_set_watch(store, watch, end_watch);
        }
    }
    pthread_mutex_unlock(&beginning);
    return watch;
}

/* --- Subscriptions ---------------------------------------------------------------------------- */

/* Events of resource types have no id, but their name. */
static gboolean read_id(ClReader *reader, const ClObject *object, ClSubscription *subscription,
                        GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    ClRows rows = cl_rows_query(reader, "SELECT id, key FROM object WHERE number = ?", "i",
                                cl_embedded_number(object));
    gboolean found = cl_rows_next(&rows);
    if (found) {
        cl_event_filter_set_id(&subscription->filter,
                               cl_rows_text(&rows, kind == CL_KIND_RESOURCE_TYPE));
    }
    return cl_rows_end(&rows, error) && (found || cl_embedded_fail_gone(kind, error));
}

/* What happened before, and of which object. */
static gboolean read_present(ClConnection *store, const ClObject *object,
                             ClSubscription *subscription, const ClCall *call, GError **error)
{
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    ClPlace place;
    if (!reader || !cl_reader_begin(reader, error)) {
        return FALSE;
    }
    if (object && object->path) {
        if (!cl_registry_find_open(reader, object, &place, error)) {
            return FALSE;
        }
        subscription->filter.path = cl_text_fold(object->path);
    } else if (object && !read_id(reader, object, subscription, error)) {
        return FALSE;
    }
    return cl_rows_one(reader, error, &subscription->since, 0, "SELECT max(sequence) FROM event",
                       "");
}

/* A thread that slept begins where the first subscription does. */
static void add(ClWatch *watch, ClSubscription *subscription)
{
    pthread_mutex_lock(&watch->lock);
    gboolean is_first = watch->subscriptions->len == 0;
    if (is_first) {
        watch->position = subscription->since;
    }
    g_ptr_array_add(watch->subscriptions, subscription);
    pthread_mutex_unlock(&watch->lock);
    if (is_first) {
        wake(watch);
    }
}

gboolean cl_embedded_subscribe(ClConnection *store, const ClObject *object, guint32 object_type,
                               guint64 filter_flags, ClNotify notify, gpointer user_data,
                               const ClCall *call, ClSubscription **ret_subscription,
                               GError **error)
{
    g_autoptr(ClSubscription) subscription = g_new0(ClSubscription, 1);
    subscription->filter.object_type = object_type;
    subscription->filter.flags = filter_flags;
    subscription->notify = notify;
    subscription->user_data = user_data;
    if (!read_present(store, object, subscription, call, error)) {
        return FALSE;
    }
    ClWatch *watch = take_watch(store, error);
    if (!watch) {
        return FALSE;
    }
    add(watch, subscription);
    *ret_subscription = g_steal_pointer(&subscription);
    return TRUE;
}

void cl_embedded_unsubscribe(ClConnection *store, ClSubscription *subscription)
{
    ClWatch *watch = cl_store_watch(store);
    guint at;
    pthread_mutex_lock(&watch->lock);
    if (g_ptr_array_find(watch->subscriptions, subscription, &at)) {
        g_ptr_array_remove_index(watch->subscriptions, at);
        if (at < watch->next) {
            watch->next--;
        }
    }
    /* Within its own callback it cannot wait for its end, and is freed after it. */
    gboolean is_own =
        watch->telling == subscription && pthread_equal(pthread_self(), watch->thread);
    if (is_own) {
        watch->has_left = TRUE;
    }
    while (watch->telling == subscription && !is_own) {
        pthread_cond_wait(&watch->told, &watch->lock);
    }
    pthread_mutex_unlock(&watch->lock);
    if (!is_own) {
        subscription_free(subscription);
    }
}

gboolean cl_embedded_mark(ClConnection *store, ClMarked done, gpointer user_data,
                          const ClCall *call, GError **error)
{
    Mark mark = {0, done, user_data};
    ClWatch *watch = cl_store_watch(store);
    g_autoptr(ClReader) reader = watch ? cl_store_borrow(store, call, error) : NULL;
    if (!watch) {
        done(user_data);
        return TRUE;
    }
    if (!reader ||
        !cl_rows_one(reader, error, &mark.after, 0, "SELECT max(sequence) FROM event", "")) {
        return FALSE;
    }
    pthread_mutex_lock(&watch->lock);
    g_array_append_val(watch->marks, mark);
    pthread_mutex_unlock(&watch->lock);
    wake(watch);
    return TRUE;
}
