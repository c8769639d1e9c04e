/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscribe(): one thread for each connection that has subscriptions waits for the side file that
 * writers touch, lets happen what is due, and passes on what the event table has gained. It looks
 * at least once a second, for a writer that died between its commit and its signal.
 *
 * The lock guards the list of subscriptions and which of them is being told; no lock is held while
 * one is. A subscription belongs to the list and to who is told until both let go.
 */
#include "embedded.h"
#include "registry.h"
#include "schema.h"
#include "change.h"
#include "settle.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_MS      1000
#define READ_MS      5000
#define CHUNK        512
#define MINIMUM_WAIT 1

struct ClSubscription {
    ClKind kind;
    char *id;   /* NULL: of all objects */
    char *path; /* of a key; NULL: all keys */
    guint32 object_type;
    guint64 flags;
    gint64 since; /* events after this one */
    ClNotify notify;
    gpointer user_data;
};

struct ClWatch {
    ClConnection *store;
    pthread_t thread;
    int stop;
    int inotify;
    int descriptor;   /* of the inotify watch, -1: none */
    gint64 position;  /* the last event that was read; of the thread */
    gboolean is_well; /* of the thread */
    pthread_mutex_t lock;
    pthread_cond_t told;
    GPtrArray *subscriptions;
    ClSubscription *telling;
};

/* --- Telling ---------------------------------------------------------------------------------- */

/* A batch is told to whoever watches a key above or at that of the batch. */
static gboolean is_at(const ClSubscription *subscription, const ClEvent *event)
{
    gsize length = subscription->path ? strlen(subscription->path) : 0;
    gboolean below = (subscription->flags & CLUSTER_CHANGE_REGISTRY_SUBTREE_V2) != 0 ||
                     event->filter_flag == CL_CHANGE_BATCH;
    g_autofree char *path = NULL;
    if (!subscription->path || (length == 0 && below)) {
        return TRUE;
    }
    path = cl_text_fold(event->name);
    return strncmp(path, subscription->path, length) == 0 &&
           (path[length] == '\0' || (below && path[length] == '\\'));
}

static gboolean concerns(const ClSubscription *subscription, const ClEvent *event)
{
    return event->object_type == subscription->object_type &&
           (event->filter_flag & subscription->flags) != 0 &&
           (event->sequence == 0 || (gint64)event->sequence > subscription->since) &&
           (event->object_type == CLUSTER_OBJECT_TYPE_REGISTRY
                ? is_at(subscription, event)
                : !subscription->id || g_ascii_strcasecmp(subscription->id, event->id) == 0);
}

/* Those that were there when it began; whoever comes meanwhile starts later in any case. */
static void tell(ClWatch *watch, const ClEvent *event)
{
    pthread_mutex_lock(&watch->lock);
    for (guint i = 0; i < watch->subscriptions->len; i++) {
        ClSubscription *subscription = watch->subscriptions->pdata[i];
        if (!concerns(subscription, event)) {
            continue;
        }
        watch->telling = subscription;
        pthread_mutex_unlock(&watch->lock);
        subscription->notify(event, subscription->user_data);
        pthread_mutex_lock(&watch->lock);
        /* It or an earlier one may have left the list. */
        if (i >= watch->subscriptions->len || watch->subscriptions->pdata[i] != subscription) {
            guint at;
            i = g_ptr_array_find(watch->subscriptions, subscription, &at) ? at : i - 1;
        }
        watch->telling = NULL;
        pthread_cond_broadcast(&watch->told);
    }
    pthread_mutex_unlock(&watch->lock);
}

static void tell_cluster(ClWatch *watch, guint64 flag)
{
    ClEvent event = {.object_type = CLUSTER_OBJECT_TYPE_CLUSTER,
                     .filter_flag = flag,
                     .id = "",
                     .parent_id = "",
                     .name = "",
                     .type = ""};
    tell(watch, &event);
}

/* --- Reading ---------------------------------------------------------------------------------- */

typedef struct {
    ClEvent event;
    char *texts[4];
    GBytes *data;
    GPtrArray *commands;
} Row;

static void row_clear(gpointer item)
{
    Row *row = item;
    for (gsize i = 0; i < G_N_ELEMENTS(row->texts); i++) {
        g_free(row->texts[i]);
    }
    g_clear_pointer(&row->data, g_bytes_unref);
    g_clear_pointer(&row->commands, g_ptr_array_unref);
}

static void take_row(ClRows *rows, GArray *events)
{
    Row row = {0};
    row.event.sequence = (guint64)cl_rows_number(rows, 0, 1, G_MAXINT64);
    row.event.object_type = (guint32)cl_rows_number(rows, 1, 0, G_MAXUINT32);
    row.event.filter_flag = (guint64)cl_rows_number(rows, 2, G_MININT64, G_MAXINT64);
    for (int i = 0; i < 4; i++) {
        row.texts[i] = g_strdup(cl_rows_text(rows, 3 + i));
    }
    row.data = cl_rows_bytes(rows, 7);
    row.event.id = row.texts[0];
    row.event.parent_id = row.texts[1];
    row.event.name = row.texts[2];
    row.event.type = row.texts[3];
    row.event.data = row.data;
    if (row.event.filter_flag == CL_CHANGE_BATCH && row.data) {
        row.commands = cl_registry_commands_decode(row.data);
        row.event.commands = row.commands;
    }
    g_array_append_val(events, row);
}

static GArray *read_chunk(ClReader *reader, gint64 position, GError **error)
{
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(events, row_clear);
    ClRows rows = cl_rows_query(reader,
                                "SELECT sequence, object_type, flag, id, parent_id, name, type,"
                                " data FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
                                "ii", position, (gint64)CHUNK);
    while (cl_rows_next(&rows)) {
        take_row(&rows, events);
    }
    return cl_rows_end(&rows, error) ? g_steal_pointer(&events) : NULL;
}

static void tell_chunk(ClWatch *watch, const GArray *events)
{
    /* Numbers are given one after the other, so a gap is what was forgotten since. */
    if ((gint64)g_array_index(events, Row, 0).event.sequence > watch->position + 1) {
        tell_cluster(watch, CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    }
    for (guint i = 0; i < events->len; i++) {
        const Row *row = &g_array_index(events, Row, i);
        watch->position = (gint64)row->event.sequence;
        tell(watch, &row->event);
    }
}

static ClCall bounded_call(void)
{
    return (ClCall){.deadline = g_get_monotonic_time() + READ_MS * 1000};
}

static gboolean read_events(ClWatch *watch, gint64 *ret_due, GError **error)
{
    ClCall call = bounded_call();
    guint length = CHUNK;
    while (length == CHUNK) {
        g_autoptr(ClReader) reader = cl_settled_borrow(watch->store, &call, error);
        g_autoptr(GArray) events = reader ? read_chunk(reader, watch->position, error) : NULL;
        if (!events || !cl_settle_due(reader, ret_due, error)) {
            return FALSE;
        }
        length = events->len;
        /* Whoever is told may want a reader, too. */
        cl_reader_return(g_steal_pointer(&reader));
        if (length > 0) {
            tell_chunk(watch, events);
        }
    }
    return TRUE;
}

/* A file that another keeps locked is not lost. */
static void look(ClWatch *watch, gint64 *ret_due)
{
    g_autoptr(GError) error = NULL;
    *ret_due = G_MAXINT64;
    if (read_events(watch, ret_due, &error)) {
        if (!watch->is_well) {
            watch->is_well = TRUE;
            tell_cluster(watch, CLUSTER_CHANGE_CLUSTER_RECONNECT_V2);
        }
    } else if (watch->is_well && !g_error_matches(error, CL_ERROR, ERROR_TIMEOUT)) {
        watch->is_well = FALSE;
        tell_cluster(watch, CLUSTER_CHANGE_CLUSTER_STATE_V2);
    }
}

/* --- Waiting ---------------------------------------------------------------------------------- */

/* The side file may not be there yet, or be another one by now. */
static void watch_file(ClWatch *watch)
{
    if (watch->descriptor < 0) {
        g_autofree char *path = cl_store_signal_path(cl_store_path(watch->store));
        watch->descriptor =
            inotify_add_watch(watch->inotify, path, IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF);
    }
}

static void drain(ClWatch *watch)
{
    char buffer[4096] __attribute__((aligned(8)));
    ssize_t size;
    while ((size = read(watch->inotify, buffer, sizeof buffer)) > 0) {
        for (char *at = buffer; at < buffer + size;) {
            const struct inotify_event *event = (const struct inotify_event *)(gpointer)at;
            if (event->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) {
                watch->descriptor = -1;
            }
            at += sizeof *event + event->len;
        }
    }
}

static int wait_time(gint64 due)
{
    gint64 left = due == G_MAXINT64 ? LOOK_MS : (due - cl_boot_time()) / 1000 + 1;
    return (int)CLAMP(left, MINIMUM_WAIT, LOOK_MS);
}

static void *run(void *data)
{
    ClWatch *watch = data;
    struct pollfd files[] = {{watch->stop, POLLIN, 0}, {watch->inotify, POLLIN, 0}};
    do {
        gint64 due;
        watch_file(watch);
        look(watch, &due);
        (void)poll(files, G_N_ELEMENTS(files), wait_time(due));
        drain(watch);
    } while (!(files[0].revents & POLLIN));
    return NULL;
}

/* --- Beginning and ending --------------------------------------------------------------------- */

static void watch_free(ClWatch *watch)
{
    if (watch->stop >= 0) {
        close(watch->stop);
    }
    if (watch->inotify >= 0) {
        close(watch->inotify);
    }
    pthread_cond_destroy(&watch->told);
    pthread_mutex_destroy(&watch->lock);
    g_ptr_array_unref(watch->subscriptions);
    g_free(watch);
}

static void end_watch(ClWatch *watch)
{
    const guint64 one = 1;
    if (write(watch->stop, &one, sizeof one) != sizeof one) {
        g_debug("the watch could not be stopped");
    }
    pthread_join(watch->thread, NULL);
    watch_free(watch);
}

static gboolean last_event(ClConnection *store, const ClCall *call, gint64 *ret_last,
                           GError **error)
{
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    return reader && cl_rows_one(reader, error, ret_last, 0,
                                 "SELECT seq FROM sqlite_sequence WHERE name = 'event'", "");
}

static ClWatch *begin_watch(ClConnection *store, gint64 position, GError **error)
{
    ClWatch *watch = g_new0(ClWatch, 1);
    watch->store = store;
    watch->position = position;
    watch->is_well = TRUE;
    watch->descriptor = -1;
    watch->stop = eventfd(0, EFD_CLOEXEC);
    watch->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    watch->subscriptions = g_ptr_array_new();
    pthread_mutex_init(&watch->lock, NULL);
    pthread_cond_init(&watch->told, NULL);
    watch_file(watch);
    if (watch->stop < 0 || watch->inotify < 0 ||
        pthread_create(&watch->thread, NULL, run, watch) != 0) {
        watch_free(watch);
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "the cluster cannot be watched");
        return NULL;
    }
    return watch;
}

/* The side file is there from the first change on; making it now loses no time at that. */
static void make_signal(ClConnection *store, const ClCall *call)
{
    if (cl_store_access(store) == CL_ACCESS_ALL && cl_store_lock(store, call, NULL)) {
        cl_store_signal(store);
        cl_store_unlock(store);
    }
}

static gboolean take_watch(ClConnection *store, const ClCall *call, gint64 position,
                           ClWatch **ret_watch, GError **error)
{
    static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;
    ClWatch *watch;
    make_signal(store, call);
    pthread_mutex_lock(&beginning);
    watch = cl_store_watch(store);
    if (!watch) {
        watch = begin_watch(store, position, error);
        if (watch) {
            cl_store_set_watch(store, watch, end_watch);
        }
    }
    pthread_mutex_unlock(&beginning);
    *ret_watch = watch;
    return watch != NULL;
}

static gboolean read_id(ClConnection *store, const ClObject *object, const ClCall *call,
                        char **ret_id, GError **error)
{
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    if (!reader) {
        return FALSE;
    }
    /* Events of resource types have no id, but their name. */
    ClRows rows = cl_rows_query(reader, "SELECT id FROM object WHERE number = ?", "i",
                                cl_embedded_number(object));
    gboolean found = cl_rows_next(&rows);
    *ret_id = found ? g_strdup(cl_rows_text(&rows, 0)) : NULL;
    return cl_rows_end(&rows, error) &&
           (found || cl_embedded_fail_gone(cl_embedded_kind(object), error));
}

static void subscription_free(ClSubscription *subscription)
{
    g_free(subscription->id);
    g_free(subscription->path);
    g_free(subscription);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClSubscription, subscription_free)

gboolean cl_embedded_subscribe(ClConnection *store, const ClObject *object, guint32 object_type,
                               guint64 filter_flags, ClNotify notify, gpointer user_data,
                               const ClCall *call, ClSubscription **ret_subscription,
                               GError **error)
{
    g_autoptr(ClSubscription) subscription = g_new0(ClSubscription, 1);
    ClWatch *watch;
    subscription->kind = cl_embedded_kind(object);
    subscription->object_type = object_type;
    subscription->flags = filter_flags;
    subscription->notify = notify;
    subscription->user_data = user_data;
    if (object && object->path) {
        subscription->path = cl_text_fold(object->path);
    }
    if ((object && !object->path && !read_id(store, object, call, &subscription->id, error)) ||
        !last_event(store, call, &subscription->since, error) ||
        !take_watch(store, call, subscription->since, &watch, error)) {
        return FALSE;
    }
    pthread_mutex_lock(&watch->lock);
    g_ptr_array_add(watch->subscriptions, subscription);
    pthread_mutex_unlock(&watch->lock);
    *ret_subscription = g_steal_pointer(&subscription);
    return TRUE;
}

void cl_embedded_unsubscribe(ClConnection *store, ClSubscription *subscription)
{
    ClWatch *watch = cl_store_watch(store);
    pthread_mutex_lock(&watch->lock);
    g_ptr_array_remove(watch->subscriptions, subscription);
    while (watch->telling == subscription && !pthread_equal(pthread_self(), watch->thread)) {
        pthread_cond_wait(&watch->told, &watch->lock);
    }
    pthread_mutex_unlock(&watch->lock);
    subscription_free(subscription);
}
