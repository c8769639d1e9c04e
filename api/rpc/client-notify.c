/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscribe(): one notification port on the server for all subscriptions of a connection, and one
 * port of batches for each that watches batches. For each port one call stands, which the server
 * answers when there is something; its answer comes on the link's own thread.
 *
 * What is to be told is queued under the connection's lock, and told without by whoever finds that
 * nobody does: the link's thread mostly, else a worker, which also reconnects when it was a
 * standing call that noticed that the server is gone. A thread that called to reconnect tells
 * nothing itself: it may hold locks of its own.
 *
 * The protocol cannot take a registration back, so events of subscriptions that are gone are dropped
 * here; when those are many, the port is made anew.
 */
#include "client.h"

#include "batch.h"
#include "text.h"

#include <string.h>

#define SEND_US     (5 * G_USEC_PER_SEC)
#define TRY_US      (20 * G_USEC_PER_SEC)
#define PAUSE_US    (1 * G_USEC_PER_SEC)
#define PAUSE_MAX   (30 * G_USEC_PER_SEC)
#define GONE_MAX    256
#define VERSION_TWO 2

/* A port on the server with the call that stands for it. Whoever takes it out of its place drops
 * it; then it is freed when its call is answered, which is at the latest when its link ends. */
typedef struct {
    ClNotifier *notifier;
    ClLink *link; /* as long as its call may be answered */
    guint generation;
    guint32 key; /* of its subscription; 0: the port of all */
    const ClMethod *method;
    ClContextHandle handle;
    gboolean is_standing, is_dropped; /* under the lock */
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
} Port;

struct ClSubscription {
    guint32 key;
    ClObject *object; /* owned; NULL: all of the cluster */
    guint32 object_type;
    guint64 flags;
    ClNotify notify;
    gpointer user_data;
    /* under the lock */
    guint generation; /* of the link where it is registered; 0: nowhere */
    Port *batches;    /* of batches, else NULL */
};

/* What is to be told. */
typedef struct {
    guint32 key; /* 0: to all */
    ClEvent event;
    char *texts[4];
    GBytes *data;
    GPtrArray *commands;
} Told;

/* All under the connection's lock. */
struct ClNotifier {
    ClConnection *connection;
    GHashTable *subscriptions; /* by key */
    guint32 last_key;
    guint gone; /* registrations of the port that nobody has any more */
    Port *port;
    gboolean making_port;
    GQueue queue; /* Told */
    GThread *teller;
    ClSubscription *telling;
    gboolean has_left; /* the one being told unsubscribed itself */
    GThread *worker;
    gboolean is_working;
    gboolean needs_link; /* the worker is to reconnect */
    gboolean is_unwell;  /* the last attempt to reconnect failed */
    gboolean stopping;
    GCancellable *stop;
};

static void work_later(ClNotifier *notifier);

static void lock(const ClNotifier *notifier)
{
    g_mutex_lock(&notifier->connection->lock);
}

static void unlock(const ClNotifier *notifier)
{
    g_mutex_unlock(&notifier->connection->lock);
}

/* --- What is told ------------------------------------------------------------------------------- */

static void told_free(gpointer data)
{
    Told *told = data;
    for (gsize i = 0; i < G_N_ELEMENTS(told->texts); i++) {
        g_free(told->texts[i]);
    }
    g_clear_pointer(&told->data, g_bytes_unref);
    g_clear_pointer(&told->commands, g_ptr_array_unref);
    g_free(told);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Told, told_free)

/* Its texts are set by then. */
static Told *told_finish(Told *told)
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

static Told *told_cluster(guint64 flag)
{
    Told *told = g_new0(Told, 1);
    told->event.object_type = CLUSTER_OBJECT_TYPE_CLUSTER;
    told->event.filter_flag = flag;
    return told_finish(told);
}

static gboolean is_lost(const ClEvent *event)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
           event->filter_flag == CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2;
}

static void subscription_free(const ClNotifier *notifier, ClSubscription *subscription)
{
    cl_remote_object_unref(notifier->connection, subscription->object);
    g_free(subscription);
}

/* With the lock held, which is let go meanwhile. */
static void tell_one(ClNotifier *notifier, ClSubscription *subscription, const ClEvent *event)
{
    notifier->telling = subscription;
    unlock(notifier);
    subscription->notify(event, subscription->user_data);
    lock(notifier);
    notifier->telling = NULL;
    gboolean has_left = notifier->has_left;
    notifier->has_left = FALSE;
    g_cond_broadcast(&notifier->connection->changed);
    if (has_left) {
        unlock(notifier);
        subscription_free(notifier, subscription);
        lock(notifier);
    }
}

/* Who did not ask for the cluster's being reached again is told that events may be lost. */
static const ClEvent *event_for(const ClSubscription *subscription, const Told *told,
                                const Told *lost)
{
    const ClEvent *event = &told->event;
    if (told->key != 0 || is_lost(event)) {
        return event;
    }
    if (subscription->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
        subscription->flags & event->filter_flag) {
        return event;
    }
    return event->filter_flag == CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 ? &lost->event : NULL;
}

static void tell(ClNotifier *notifier, const Told *told)
{
    g_autoptr(Told) lost = told_cluster(CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
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
static void tell_queued(ClNotifier *notifier)
{
    Told *told;
    lock(notifier);
    if (notifier->teller) {
        unlock(notifier);
        return;
    }
    notifier->teller = g_thread_self();
    while ((told = g_queue_pop_head(&notifier->queue))) {
        tell(notifier, told);
        told_free(told);
    }
    notifier->teller = NULL;
    unlock(notifier);
}

gboolean cl_notifier_is_telling(ClNotifier *notifier)
{
    return notifier->teller == g_thread_self();
}

void cl_notifier_set_well(ClNotifier *notifier, gboolean is_well)
{
    lock(notifier);
    gboolean is_news = is_well || !notifier->is_unwell;
    notifier->is_unwell = !is_well;
    if (is_news && g_hash_table_size(notifier->subscriptions) > 0) {
        g_queue_push_tail(&notifier->queue,
                          told_cluster(is_well ? CLUSTER_CHANGE_CLUSTER_RECONNECT_V2
                                               : CLUSTER_CHANGE_CLUSTER_STATE_V2));
        work_later(notifier);
    }
    unlock(notifier);
}

/* --- What a port gives -------------------------------------------------------------------------- */

/* A text may be missing where the event has none. */
static char *text_of(const ClNdrValue *value)
{
    char *text = NULL;
    return value->text && cl_ndr_take_text(value, &text, NULL) ? text : g_strdup("");
}

/* The state of a network interface is numbered as on the wire. */
static GBytes *data_of(const ClEvent *event, GBytes *data)
{
    guint32 state;
    if (event->object_type != CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE ||
        event->filter_flag != CLUSTER_CHANGE_NETINTERFACE_STATE_V2 ||
        g_bytes_get_size(data) != sizeof state) {
        return g_bytes_ref(data);
    }
    memcpy(&state, g_bytes_get_data(data, NULL), sizeof state);
    gint32 translated = cl_netinterface_state_from_wire(state);
    return g_bytes_new(&translated, sizeof translated);
}

/* With the lock held. What is no event tells that one was lost. */
static void queue_event(ClNotifier *notifier, const ClNdrValue *row)
{
    g_autoptr(Told) told = g_new0(Told, 1);
    const GPtrArray *filters = row[1].rows;
    const ClNdrValue *filter = filters && filters->len == 1 ? filters->pdata[0] : NULL;
    told->key = (guint32)row[0].number;
    told->event.object_type = filter ? (guint32)filter[0].number : 0;
    told->event.filter_flag = filter ? filter[1].number : 0;
    guint64 flag = told->event.filter_flag;
    if (flag == 0 || (flag & (flag - 1)) != 0 || is_lost(&told->event)) {
        g_queue_push_tail(&notifier->queue,
                          told_cluster(CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2));
        return;
    }
    told->data = row[2].bytes ? data_of(&told->event, row[2].bytes) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(told->texts); i++) {
        told->texts[i] = text_of(&row[4 + i]);
    }
    if (g_hash_table_contains(notifier->subscriptions, GUINT_TO_POINTER(told->key))) {
        g_queue_push_tail(&notifier->queue, told_finish(g_steal_pointer(&told)));
    }
}

static void queue_events(Port *port)
{
    const GPtrArray *rows = port->values[1].rows;
    lock(port->notifier);
    for (guint i = 0; rows && i < rows->len; i++) {
        queue_event(port->notifier, rows->pdata[i]);
    }
    unlock(port->notifier);
}

/* Its name is the path of the key that the batches are watched from. */
static void queue_batch(Port *port)
{
    ClNotifier *notifier = port->notifier;
    Told *told = g_new0(Told, 1);
    gsize size = 0;
    gconstpointer data =
        port->values[2].bytes ? g_bytes_get_data(port->values[2].bytes, &size) : NULL;
    told->key = port->key;
    if (cl_batch_decode(data, size, &told->commands, NULL)) {
        told->event.object_type = CLUSTER_OBJECT_TYPE_REGISTRY;
        told->event.filter_flag = CL_CHANGE_BATCH;
    } else {
        told->event.object_type = CLUSTER_OBJECT_TYPE_CLUSTER;
        told->event.filter_flag = CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2;
    }
    lock(notifier);
    const ClSubscription *subscription =
        g_hash_table_lookup(notifier->subscriptions, GUINT_TO_POINTER(port->key));
    if (subscription) {
        told->texts[2] = g_strdup(subscription->object->name);
        g_queue_push_tail(&notifier->queue, told_finish(told));
    } else {
        told_free(told);
    }
    unlock(notifier);
}

/* --- Ports -------------------------------------------------------------------------------------- */

static void port_free(Port *port)
{
    cl_ndr_clear(port->values, G_N_ELEMENTS(port->values));
    g_free(port);
}

/* With the lock held. */
static void port_drop(Port *port)
{
    port->is_dropped = TRUE;
    if (!port->is_standing) {
        port_free(port);
    }
}

/* With the lock held: takes a port that failed out of its place. */
static void port_lose(Port *port)
{
    ClNotifier *notifier = port->notifier;
    ClSubscription *subscription =
        g_hash_table_lookup(notifier->subscriptions, GUINT_TO_POINTER(port->key));
    if (notifier->port == port) {
        notifier->port = NULL;
    } else if (subscription && subscription->batches == port) {
        subscription->batches = NULL;
    }
    if (notifier->connection->link->generation <= port->generation) {
        notifier->needs_link = TRUE;
        work_later(notifier);
    }
    port_free(port);
}

static void answered(const GError *error, gpointer user_data);

static gboolean port_stand(Port *port, GError **error)
{
    const ClCall call = {g_get_monotonic_time() + SEND_US, NULL};
    cl_ndr_clear(port->values, G_N_ELEMENTS(port->values));
    port->values[0].handle = port->handle;
    return cl_association_begin(port->link->association, port->method, port->values, answered, port,
                                &call, error);
}

/* With the lock held: a port whose call does not stand. TRUE if it is still of use. */
static gboolean port_go_on(Port *port, gboolean has_failed)
{
    ClNotifier *notifier = port->notifier;
    port->is_standing = FALSE;
    if (port->is_dropped || notifier->stopping) {
        port_free(port);
        return FALSE;
    }
    if (has_failed || port->generation < notifier->connection->link->generation) {
        port_lose(port);
        return FALSE;
    }
    port->is_standing = TRUE;
    return TRUE;
}

/* On the link's thread, which the link outlives; the link may not be the connection's yet. */
static void answered(const GError *error, gpointer user_data)
{
    Port *port = user_data;
    ClNotifier *notifier = port->notifier;
    gboolean has_failed = error || port->values[3].number != ERROR_SUCCESS;
    lock(notifier);
    gboolean goes_on = port_go_on(port, has_failed);
    unlock(notifier);
    if (!goes_on) {
        return;
    }
    (port->key == 0 ? queue_events : queue_batch)(port);
    tell_queued(notifier);
    if (!port_stand(port, NULL)) {
        lock(notifier);
        (void)port_go_on(port, TRUE);
        unlock(notifier);
    }
}

static Port *port_new(ClNotifier *notifier, const ClRemote *remote, guint32 key,
                      const ClContextHandle *handle)
{
    Port *port = g_new0(Port, 1);
    port->notifier = notifier;
    port->link = remote->link;
    port->generation = remote->link->generation;
    port->key = key;
    port->method = cl_method(key == 0 ? CL_OP_GetNotifyV2 : CL_OP_GetBatchNotification);
    port->handle = *handle;
    return port;
}

static Port *open_port(ClNotifier *notifier, ClRemote *remote, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateNotifyV2);
    return cl_remote_call(remote, &method, error)
               ? port_new(notifier, remote, 0, &method.values[2].handle)
               : NULL;
}

static void close_port(ClRemote *remote, const ClContextHandle *handle)
{
    g_auto(ClMethodCall) unblock = CL_METHOD(UnblockGetNotifyCall);
    g_auto(ClMethodCall) method = CL_METHOD(CloseNotify);
    unblock.values[0].handle = *handle;
    method.values[0].handle = *handle;
    if (!cl_association_is_broken(remote->link->association)) {
        (void)cl_remote_call(remote, &unblock, NULL);
        (void)cl_remote_call(remote, &method, NULL);
    }
}

static void close_batches(ClRemote *remote, const ClContextHandle *handle)
{
    g_auto(ClMethodCall) method = CL_METHOD(CloseBatchPort);
    method.values[0].handle = *handle;
    if (!cl_association_is_broken(remote->link->association)) {
        (void)cl_remote_call(remote, &method, NULL);
    }
}

/* --- Registering -------------------------------------------------------------------------------- */

/* What a client must not ask for, since it tells it itself. */
static guint64 own_flags(guint32 object_type)
{
    switch (object_type) {
    case CLUSTER_OBJECT_TYPE_CLUSTER:
        return CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 | CLUSTER_CHANGE_CLUSTER_STATE_V2 |
               CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_GROUP:
        return CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_RESOURCE:
        return CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE:
        return CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NETWORK:
        return CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_NODE:
        return CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2;
    case CLUSTER_OBJECT_TYPE_REGISTRY:
        return CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2;
    default:
        return 0;
    }
}

static gboolean register_type(ClRemote *remote, const Port *port,
                              const ClSubscription *subscription, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(AddNotifyResourceTypeV2);
    g_autofree char *name = cl_remote_name(remote->connection, subscription->object);
    method.values[0].handle = port->handle;
    method.values[1].number = subscription->flags;
    method.values[2].number = subscription->key;
    cl_method_put_text(&method, 3, name);
    method.values[4].number = VERSION_TWO;
    return cl_remote_call(remote, &method, error);
}

static gboolean register_at(ClRemote *remote, const Port *port, const ClSubscription *subscription,
                            GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(AddNotifyV2);
    guint64 flags = subscription->flags & ~own_flags(subscription->object_type);
    if (flags == 0) {
        return TRUE;
    }
    if (cl_remote_kind(subscription->object) == CL_KIND_RESOURCE_TYPE) {
        return register_type(remote, port, subscription, error);
    }
    method.values[0].handle = port->handle;
    method.values[2].rows = cl_ndr_rows_new(&cl_ndr_filter);
    ClNdrValue *filter = cl_ndr_row_add(method.values[2].rows, &cl_ndr_filter);
    filter[0].number = subscription->object_type;
    filter[1].number = flags;
    method.values[3].number = subscription->key;
    method.values[4].number = VERSION_TWO;
    method.values[5].number = subscription->object != NULL;
    return cl_remote_handle(remote, subscription->object, &method.values[1].handle, error) &&
           cl_remote_call(remote, &method, error);
}

/* With the lock held: the subscription of that key, or NULL when it has ended. */
static ClSubscription *find(const ClNotifier *notifier, guint32 key)
{
    return g_hash_table_lookup(notifier->subscriptions, GUINT_TO_POINTER(key));
}

/* Puts a port of batches in its place, where its call is to stand; FALSE if there is none any more. */
static gboolean install_batches(ClNotifier *notifier, Port *port)
{
    lock(notifier);
    ClSubscription *subscription = find(notifier, port->key);
    if (subscription && subscription->batches) {
        port_drop(subscription->batches);
    }
    if (subscription) {
        subscription->batches = port;
        port->is_standing = TRUE;
    }
    unlock(notifier);
    return subscription != NULL;
}

/* A port of its own; @subscription may be a copy. */
static gboolean register_batches(ClNotifier *notifier, ClRemote *remote,
                                 const ClSubscription *subscription, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateBatchPort);
    if (!cl_remote_call_on(remote, subscription->object, &method, error)) {
        return FALSE;
    }
    Port *port = port_new(notifier, remote, subscription->key, &method.values[1].handle);
    if (!install_batches(notifier, port)) {
        port_free(port);
        close_batches(remote, &method.values[1].handle);
        return TRUE;
    }
    if (port_stand(port, error)) {
        return TRUE;
    }
    lock(notifier);
    ClSubscription *mine = find(notifier, subscription->key);
    if (mine && mine->batches == port) {
        mine->batches = NULL;
    }
    port_free(port);
    unlock(notifier);
    return FALSE;
}

static gboolean is_for_batches(const ClSubscription *subscription)
{
    return subscription->flags == CL_CHANGE_BATCH;
}

static gboolean register_one(ClNotifier *notifier, ClRemote *remote, const Port *port,
                             const ClSubscription *subscription, GError **error)
{
    if (!(is_for_batches(subscription) ? register_batches(notifier, remote, subscription, error)
                                       : register_at(remote, port, subscription, error))) {
        return FALSE;
    }
    lock(notifier);
    ClSubscription *mine = find(notifier, subscription->key);
    if (mine) {
        mine->generation = remote->link->generation;
    }
    unlock(notifier);
    return TRUE;
}

/* With the lock held: installs a port, unless there is one of a later link. Its call stands already
 * in so far as nobody drops it before it does. */
static gboolean install(ClNotifier *notifier, Port *port)
{
    if (notifier->port && notifier->port->generation >= port->generation) {
        return FALSE;
    }
    if (notifier->port) {
        port_drop(notifier->port);
    }
    notifier->port = port;
    port->is_standing = TRUE;
    return TRUE;
}

/* A port that was installed; on failure it is no more. */
static gboolean stand_first(ClNotifier *notifier, Port *port, GError **error)
{
    if (port_stand(port, error)) {
        return TRUE;
    }
    lock(notifier);
    if (notifier->port == port) {
        notifier->port = NULL;
    }
    port_free(port);
    unlock(notifier);
    return FALSE;
}

/* A failure is one after which the subscription is of no use there, as its object is not. */
static gboolean is_gone(const ClRemote *remote, const GError *error)
{
    return remote->is_answer && !cl_reconnect_is_wanted(remote, error);
}

static GPtrArray *snapshot(ClNotifier *notifier)
{
    GPtrArray *keys = g_ptr_array_new();
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, notifier->subscriptions);
    while (g_hash_table_iter_next(&each, &key, NULL)) {
        g_ptr_array_add(keys, key);
    }
    return keys;
}

/* From a copy, since the subscription may end meanwhile. */
static gboolean register_key(ClNotifier *notifier, ClRemote *remote, const Port *port, gpointer key,
                             GError **error)
{
    g_autoptr(GError) failed = NULL;
    lock(notifier);
    const ClSubscription *subscription = g_hash_table_lookup(notifier->subscriptions, key);
    ClSubscription copy = {0};
    if (subscription) {
        copy = *subscription;
        copy.object = cl_remote_object_ref(subscription->object);
    }
    unlock(notifier);
    if (!subscription) {
        return TRUE;
    }
    gboolean done = register_one(notifier, remote, port, &copy, &failed);
    cl_remote_object_unref(notifier->connection, copy.object);
    if (!done && !is_gone(remote, failed)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    return TRUE;
}

gboolean cl_notifier_register_all(ClNotifier *notifier, ClRemote *remote, GError **error)
{
    lock(notifier);
    g_autoptr(GPtrArray) keys = snapshot(notifier);
    unlock(notifier);
    if (keys->len == 0) {
        return TRUE;
    }
    Port *port = open_port(notifier, remote, error);
    if (!port) {
        return FALSE;
    }
    for (guint i = 0; i < keys->len; i++) {
        if (!register_key(notifier, remote, port, keys->pdata[i], error)) {
            port_free(port);
            return FALSE;
        }
    }
    lock(notifier);
    gboolean installed = install(notifier, port);
    notifier->gone = 0;
    unlock(notifier);
    if (!installed) {
        port_free(port);
        return TRUE;
    }
    return stand_first(notifier, port, error);
}

/* --- The worker --------------------------------------------------------------------------------- */

static gboolean take_need(ClNotifier *notifier, guint *ret_generation)
{
    lock(notifier);
    gboolean needs = notifier->needs_link && !notifier->stopping &&
                     g_hash_table_size(notifier->subscriptions) > 0;
    *ret_generation = notifier->connection->link->generation;
    unlock(notifier);
    return needs;
}

/* The new link may have failed already, before it was the connection's. */
static void satisfy(ClNotifier *notifier)
{
    GHashTableIter each;
    gpointer subscription;
    gboolean needs_port = FALSE;
    lock(notifier);
    g_hash_table_iter_init(&each, notifier->subscriptions);
    while (g_hash_table_iter_next(&each, NULL, &subscription)) {
        needs_port = needs_port || !is_for_batches(subscription);
    }
    notifier->needs_link = needs_port && !notifier->port;
    unlock(notifier);
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
        if (cl_reconnect(notifier->connection, generation, &call)) {
            satisfy(notifier);
        } else {
            tell_queued(notifier);
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
        tell_queued(notifier);
        lock(notifier);
        gboolean has_queue = !g_queue_is_empty(&notifier->queue) && !notifier->teller;
        gboolean has_need = notifier->needs_link && g_hash_table_size(notifier->subscriptions) > 0;
        more = !notifier->stopping && (has_queue || has_need);
        notifier->is_working = more;
        unlock(notifier);
    }
    return NULL;
}

/* With the lock held. A worker that has ended is waited for by the next. */
static void work_later(ClNotifier *notifier)
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

/* --- Subscribing -------------------------------------------------------------------------------- */

/* With the lock held, which is let go to wait: the port of this link is there, or this thread is to
 * make it. */
static gboolean await_port(ClNotifier *notifier, const ClRemote *remote, GError **error)
{
    while (notifier->making_port) {
        gint64 until =
            MIN(remote->call->deadline, g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND);
        if (!cl_call_may_wait(remote->call, error)) {
            return FALSE;
        }
        g_cond_wait_until(&notifier->connection->changed, &notifier->connection->lock, until);
    }
    return TRUE;
}

static gboolean make_port(ClNotifier *notifier, ClRemote *remote, GError **error)
{
    Port *port = open_port(notifier, remote, error);
    gboolean done = FALSE;
    lock(notifier);
    gboolean installed = port && install(notifier, port);
    unlock(notifier);
    if (installed) {
        done = stand_first(notifier, port, error);
    } else if (port) {
        port_free(port);
        cl_fail(error, RPC_S_CALL_FAILED_DNE, "the server was replaced meanwhile");
    }
    lock(notifier);
    notifier->making_port = FALSE;
    g_cond_broadcast(&notifier->connection->changed);
    unlock(notifier);
    return done;
}

/* The handle of the port of this link. */
static gboolean ensure_port(ClNotifier *notifier, ClRemote *remote, Port *ret_port, GError **error)
{
    for (;;) {
        lock(notifier);
        if (!await_port(notifier, remote, error)) {
            unlock(notifier);
            return FALSE;
        }
        gboolean is_there =
            notifier->port && notifier->port->generation == remote->link->generation;
        if (is_there) {
            ret_port->handle = notifier->port->handle;
        }
        notifier->making_port = !is_there;
        unlock(notifier);
        if (is_there) {
            return TRUE;
        }
        if (!make_port(notifier, remote, error)) {
            return FALSE;
        }
    }
}

/* Who reconnected may have registered it with the others. */
static gboolean subscribe_once(ClRemote *remote, gpointer data, GError **error)
{
    ClSubscription *subscription = data;
    ClNotifier *notifier = remote->connection->notifier;
    Port port = {0};
    lock(notifier);
    gboolean is_registered = subscription->generation == remote->link->generation;
    unlock(notifier);
    if (is_registered) {
        return TRUE;
    }
    return (is_for_batches(subscription) || ensure_port(notifier, remote, &port, error)) &&
           register_one(notifier, remote, &port, subscription, error);
}

/* It is in the table before it is registered, so that no event of it finds nobody. */
static void enter(ClNotifier *notifier, ClSubscription *subscription)
{
    lock(notifier);
    do {
        subscription->key = ++notifier->last_key;
    } while (subscription->key == 0 ||
             g_hash_table_contains(notifier->subscriptions, GUINT_TO_POINTER(subscription->key)));
    g_hash_table_insert(notifier->subscriptions, GUINT_TO_POINTER(subscription->key), subscription);
    unlock(notifier);
}

gboolean cl_remote_subscribe(ClConnection *connection, const ClObject *object, guint32 object_type,
                             guint64 filter_flags, ClNotify notify, gpointer user_data,
                             const ClCall *call, ClSubscription **ret_subscription, GError **error)
{
    if ((filter_flags & CL_CHANGE_BATCH) != 0 &&
        (filter_flags != CL_CHANGE_BATCH || cl_remote_kind(object) != CL_KIND_KEY)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "batches are those of a key alone");
    }
    ClSubscription *subscription = g_new0(ClSubscription, 1);
    subscription->object = cl_remote_object_ref(object);
    subscription->object_type = object_type;
    subscription->flags = filter_flags;
    subscription->notify = notify;
    subscription->user_data = user_data;
    enter(connection->notifier, subscription);
    if (!cl_remote_run(connection, call, subscribe_once, subscription, error)) {
        cl_remote_unsubscribe(connection, subscription);
        return FALSE;
    }
    *ret_subscription = subscription;
    return TRUE;
}

/* --- Unsubscribing ------------------------------------------------------------------------------ */

/* What of the server's is to be closed with a subscription. */
typedef struct {
    gboolean port, batches;
    ClContextHandle port_handle, batches_handle;
    guint generation;
} Leaving;

/* With the lock held. */
static void take_ports(ClNotifier *notifier, ClSubscription *subscription, Leaving *leaving)
{
    leaving->generation = notifier->connection->link->generation;
    if (subscription->batches) {
        leaving->batches = subscription->batches->generation == leaving->generation;
        leaving->batches_handle = subscription->batches->handle;
        port_drop(g_steal_pointer(&subscription->batches));
    } else if (subscription->generation != 0) {
        notifier->gone++;
    }
    if (g_hash_table_size(notifier->subscriptions) == 0 && notifier->port) {
        leaving->port = notifier->port->generation == leaving->generation;
        leaving->port_handle = notifier->port->handle;
        notifier->gone = 0;
        port_drop(g_steal_pointer(&notifier->port));
    }
}

static void close_ports(ClConnection *connection, const Leaving *leaving)
{
    const ClCall call = {g_get_monotonic_time() + SEND_US, NULL};
    ClRemote remote = {connection, cl_link_acquire(connection), &call, FALSE, FALSE};
    if (remote.link->generation == leaving->generation && leaving->batches) {
        close_batches(&remote, &leaving->batches_handle);
    }
    if (remote.link->generation == leaving->generation && leaving->port) {
        close_port(&remote, &leaving->port_handle);
    }
    cl_link_release(connection, remote.link);
}

/* Too many registrations that nobody has: a new server's port knows only those that are left, which
 * a new link gives. */
static gboolean is_crowded(const ClNotifier *notifier)
{
    return notifier->gone > GONE_MAX + g_hash_table_size(notifier->subscriptions);
}

void cl_remote_unsubscribe(ClConnection *connection, ClSubscription *subscription)
{
    ClNotifier *notifier = connection->notifier;
    Leaving leaving = {0};
    lock(notifier);
    g_hash_table_remove(notifier->subscriptions, GUINT_TO_POINTER(subscription->key));
    take_ports(notifier, subscription, &leaving);
    gboolean is_own = notifier->teller == g_thread_self();
    while (notifier->telling == subscription && !is_own) {
        g_cond_wait(&connection->changed, &connection->lock);
    }
    gboolean is_told = notifier->telling == subscription;
    notifier->has_left = notifier->has_left || is_told;
    if (is_crowded(notifier)) {
        notifier->gone = 0;
        notifier->needs_link = TRUE;
        work_later(notifier);
    }
    unlock(notifier);
    if (!is_told) {
        subscription_free(notifier, subscription);
    }
    if (leaving.port || leaving.batches) {
        close_ports(connection, &leaving);
    }
}

/* --- Beginning and end -------------------------------------------------------------------------- */

ClNotifier *cl_notifier_new(ClConnection *connection)
{
    ClNotifier *notifier = g_new0(ClNotifier, 1);
    notifier->connection = connection;
    notifier->subscriptions = g_hash_table_new(NULL, NULL);
    notifier->stop = g_cancellable_new();
    g_queue_init(&notifier->queue);
    return notifier;
}

void cl_notifier_stop(ClNotifier *notifier)
{
    lock(notifier);
    notifier->stopping = TRUE;
    GThread *worker = g_steal_pointer(&notifier->worker);
    unlock(notifier);
    g_cancellable_cancel(notifier->stop);
    if (worker) {
        g_thread_join(worker);
    }
}

void cl_notifier_free(ClNotifier *notifier)
{
    g_queue_clear_full(&notifier->queue, told_free);
    g_hash_table_unref(notifier->subscriptions);
    g_object_unref(notifier->stop);
    g_free(notifier);
}
