/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ports: what they give, how their calls stand, and registering at them.
 */
#include "client-notify-internal.h"

#include "batch.h"

#include <string.h>

#define VERSION_TWO 2

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
    g_autoptr(ClTold) told = g_new0(ClTold, 1);
    const GPtrArray *filters = row[1].rows;
    const ClNdrValue *filter = filters && filters->len == 1 ? filters->pdata[0] : NULL;
    told->key = (guint32)row[0].number;
    told->event.object_type = filter ? (guint32)filter[0].number : 0;
    told->event.filter_flag = filter ? filter[1].number : 0;
    guint64 flag = told->event.filter_flag;
    if (flag == 0 || (flag & (flag - 1)) != 0 || cl_told_is_lost(&told->event)) {
        g_queue_push_tail(&notifier->queue,
                          cl_told_cluster(CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2));
        return;
    }
    told->data = row[2].bytes ? data_of(&told->event, row[2].bytes) : NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(told->texts); i++) {
        told->texts[i] = text_of(&row[4 + i]);
    }
    if (g_hash_table_contains(notifier->subscriptions, GUINT_TO_POINTER(told->key))) {
        g_queue_push_tail(&notifier->queue, cl_told_finish(g_steal_pointer(&told)));
    }
}

static void queue_events(ClRemotePort *port)
{
    const GPtrArray *rows = port->values[1].rows;
    cl_notifier_lock(port->notifier);
    for (guint i = 0; rows && i < rows->len; i++) {
        queue_event(port->notifier, rows->pdata[i]);
    }
    cl_notifier_unlock(port->notifier);
}

/* Its name is the path of the key that the batches are watched from. */
static void queue_batch(ClRemotePort *port)
{
    ClNotifier *notifier = port->notifier;
    ClTold *told = g_new0(ClTold, 1);
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
    cl_notifier_lock(notifier);
    const ClSubscription *subscription =
        g_hash_table_lookup(notifier->subscriptions, GUINT_TO_POINTER(port->key));
    if (subscription) {
        told->texts[2] = g_strdup(subscription->object->name);
        g_queue_push_tail(&notifier->queue, cl_told_finish(told));
    } else {
        cl_told_free(told);
    }
    cl_notifier_unlock(notifier);
}

/* --- Ports -------------------------------------------------------------------------------------- */

void cl_port_free(ClRemotePort *port)
{
    cl_ndr_clear(port->values, G_N_ELEMENTS(port->values));
    g_free(port);
}

/* With the lock held. */
void cl_port_drop(ClRemotePort *port)
{
    port->is_dropped = TRUE;
    if (!port->is_standing) {
        cl_port_free(port);
    }
}

/* With the lock held: takes a port that failed out of its place. */
static void port_lose(ClRemotePort *port)
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
        cl_notifier_work(notifier);
    }
    cl_port_free(port);
}

static void answered(const GError *error, gpointer user_data);

static gboolean port_stand(ClRemotePort *port, GError **error)
{
    const ClCall call = {g_get_monotonic_time() + CL_NOTIFY_SEND_US, NULL};
    cl_ndr_clear(port->values, G_N_ELEMENTS(port->values));
    port->values[0].handle = port->handle;
    return cl_association_begin(port->link->association, port->method, port->values, answered, port,
                                &call, error);
}

/* With the lock held: a port whose call does not stand. TRUE if it is still of use. */
static gboolean port_go_on(ClRemotePort *port, gboolean has_failed)
{
    ClNotifier *notifier = port->notifier;
    port->is_standing = FALSE;
    if (port->is_dropped || notifier->stopping) {
        cl_port_free(port);
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
    ClRemotePort *port = user_data;
    ClNotifier *notifier = port->notifier;
    gboolean has_failed = error || port->values[3].number != ERROR_SUCCESS;
    cl_notifier_lock(notifier);
    gboolean goes_on = port_go_on(port, has_failed);
    cl_notifier_unlock(notifier);
    if (!goes_on) {
        return;
    }
    (port->key == 0 ? queue_events : queue_batch)(port);
    cl_notifier_tell(notifier);
    if (!port_stand(port, NULL)) {
        cl_notifier_lock(notifier);
        (void)port_go_on(port, TRUE);
        cl_notifier_unlock(notifier);
    }
}

static ClRemotePort *port_new(ClNotifier *notifier, const ClRemote *remote, guint32 key,
                              const ClContextHandle *handle)
{
    ClRemotePort *port = g_new0(ClRemotePort, 1);
    port->notifier = notifier;
    port->link = remote->link;
    port->generation = remote->link->generation;
    port->key = key;
    port->method = cl_method(key == 0 ? CL_OP_GetNotifyV2 : CL_OP_GetBatchNotification);
    port->handle = *handle;
    return port;
}

ClRemotePort *cl_port_open(ClNotifier *notifier, ClRemote *remote, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateNotifyV2);
    return cl_remote_call(remote, &method, error)
               ? port_new(notifier, remote, 0, &method.values[2].handle)
               : NULL;
}

void cl_port_close(ClRemote *remote, const ClContextHandle *handle)
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

void cl_port_close_batches(ClRemote *remote, const ClContextHandle *handle)
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

static gboolean register_type(ClRemote *remote, const ClRemotePort *port,
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

static gboolean register_at(ClRemote *remote, const ClRemotePort *port,
                            const ClSubscription *subscription, GError **error)
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
static gboolean install_batches(ClNotifier *notifier, ClRemotePort *port)
{
    cl_notifier_lock(notifier);
    ClSubscription *subscription = find(notifier, port->key);
    if (subscription && subscription->batches) {
        cl_port_drop(subscription->batches);
    }
    if (subscription) {
        subscription->batches = port;
        port->is_standing = TRUE;
    }
    cl_notifier_unlock(notifier);
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
    ClRemotePort *port = port_new(notifier, remote, subscription->key, &method.values[1].handle);
    if (!install_batches(notifier, port)) {
        cl_port_free(port);
        cl_port_close_batches(remote, &method.values[1].handle);
        return TRUE;
    }
    if (port_stand(port, error)) {
        return TRUE;
    }
    cl_notifier_lock(notifier);
    ClSubscription *mine = find(notifier, subscription->key);
    if (mine && mine->batches == port) {
        mine->batches = NULL;
    }
    cl_port_free(port);
    cl_notifier_unlock(notifier);
    return FALSE;
}

gboolean cl_notifier_register(ClNotifier *notifier, ClRemote *remote, const ClRemotePort *port,
                              const ClSubscription *subscription, GError **error)
{
    if (!(cl_subscription_is_for_batches(subscription)
              ? register_batches(notifier, remote, subscription, error)
              : register_at(remote, port, subscription, error))) {
        return FALSE;
    }
    cl_notifier_lock(notifier);
    ClSubscription *mine = find(notifier, subscription->key);
    if (mine) {
        mine->generation = remote->link->generation;
    }
    cl_notifier_unlock(notifier);
    return TRUE;
}

/* With the lock held: installs a port, unless there is one of a later link. Its call stands already
 * in so far as nobody drops it before it does. */
gboolean cl_port_install(ClNotifier *notifier, ClRemotePort *port)
{
    if (notifier->port && notifier->port->generation >= port->generation) {
        return FALSE;
    }
    if (notifier->port) {
        cl_port_drop(notifier->port);
    }
    notifier->port = port;
    port->is_standing = TRUE;
    return TRUE;
}

/* A port that was installed; on failure it is no more. */
gboolean cl_port_stand_first(ClNotifier *notifier, ClRemotePort *port, GError **error)
{
    if (port_stand(port, error)) {
        return TRUE;
    }
    cl_notifier_lock(notifier);
    if (notifier->port == port) {
        notifier->port = NULL;
    }
    cl_port_free(port);
    cl_notifier_unlock(notifier);
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
static gboolean register_key(ClNotifier *notifier, ClRemote *remote, const ClRemotePort *port,
                             gpointer key, GError **error)
{
    g_autoptr(GError) failed = NULL;
    cl_notifier_lock(notifier);
    const ClSubscription *subscription = g_hash_table_lookup(notifier->subscriptions, key);
    ClSubscription copy = {0};
    if (subscription) {
        copy = *subscription;
        copy.object = cl_remote_object_ref(subscription->object);
    }
    cl_notifier_unlock(notifier);
    if (!subscription) {
        return TRUE;
    }
    gboolean done = cl_notifier_register(notifier, remote, port, &copy, &failed);
    cl_remote_object_unref(notifier->connection, copy.object);
    if (!done && !is_gone(remote, failed)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    return TRUE;
}

gboolean cl_notifier_register_all(ClNotifier *notifier, ClRemote *remote, GError **error)
{
    cl_notifier_lock(notifier);
    g_autoptr(GPtrArray) keys = snapshot(notifier);
    cl_notifier_unlock(notifier);
    if (keys->len == 0) {
        return TRUE;
    }
    ClRemotePort *port = cl_port_open(notifier, remote, error);
    if (!port) {
        return FALSE;
    }
    for (guint i = 0; i < keys->len; i++) {
        if (!register_key(notifier, remote, port, keys->pdata[i], error)) {
            cl_port_free(port);
            return FALSE;
        }
    }
    cl_notifier_lock(notifier);
    gboolean installed = cl_port_install(notifier, port);
    notifier->gone = 0;
    cl_notifier_unlock(notifier);
    if (!installed) {
        cl_port_free(port);
        return TRUE;
    }
    return cl_port_stand_first(notifier, port, error);
}
