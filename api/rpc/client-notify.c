/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * subscribe() and unsubscribe(). The protocol cannot take a registration back, so events of
 * subscriptions that are gone are dropped here; when those are many, the port is made anew.
 */
#include "client-notify-internal.h"

#define GONE_MAX 256

void cl_notifier_lock(const ClNotifier *notifier)
{
    g_mutex_lock(&notifier->connection->lock);
}

void cl_notifier_unlock(const ClNotifier *notifier)
{
    g_mutex_unlock(&notifier->connection->lock);
}

gboolean cl_subscription_is_for_batches(const ClSubscription *subscription)
{
    return subscription->flags == CL_CHANGE_BATCH;
}

void cl_subscription_free(const ClNotifier *notifier, ClSubscription *subscription)
{
    cl_remote_object_unref(notifier->connection, subscription->object);
    g_free(subscription);
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
    ClRemotePort *port = cl_port_open(notifier, remote, error);
    gboolean done = FALSE;
    cl_notifier_lock(notifier);
    gboolean installed = port && cl_port_install(notifier, port);
    cl_notifier_unlock(notifier);
    if (installed) {
        done = cl_port_stand_first(notifier, port, error);
    } else if (port) {
        cl_port_free(port);
        cl_fail(error, RPC_S_CALL_FAILED_DNE, "the server was replaced meanwhile");
    }
    cl_notifier_lock(notifier);
    notifier->making_port = FALSE;
    g_cond_broadcast(&notifier->connection->changed);
    cl_notifier_unlock(notifier);
    return done;
}

/* The handle of the port of this link. */
static gboolean ensure_port(ClNotifier *notifier, ClRemote *remote, ClRemotePort *ret_port,
                            GError **error)
{
    for (;;) {
        cl_notifier_lock(notifier);
        if (!await_port(notifier, remote, error)) {
            cl_notifier_unlock(notifier);
            return FALSE;
        }
        gboolean is_there =
            notifier->port && notifier->port->generation == remote->link->generation;
        if (is_there) {
            ret_port->handle = notifier->port->handle;
        }
        notifier->making_port = !is_there;
        cl_notifier_unlock(notifier);
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
    ClRemotePort port = {0};
    cl_notifier_lock(notifier);
    gboolean is_registered = subscription->generation == remote->link->generation;
    cl_notifier_unlock(notifier);
    if (is_registered) {
        return TRUE;
    }
    return (cl_subscription_is_for_batches(subscription) ||
            ensure_port(notifier, remote, &port, error)) &&
           cl_notifier_register(notifier, remote, &port, subscription, error);
}

/* It is in the table before it is registered, so that no event of it finds nobody. */
static void enter(ClNotifier *notifier, ClSubscription *subscription)
{
    cl_notifier_lock(notifier);
    do {
        subscription->key = ++notifier->last_key;
    } while (subscription->key == 0 ||
             g_hash_table_contains(notifier->subscriptions, GUINT_TO_POINTER(subscription->key)));
    g_hash_table_insert(notifier->subscriptions, GUINT_TO_POINTER(subscription->key), subscription);
    cl_notifier_unlock(notifier);
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
        cl_port_drop(g_steal_pointer(&subscription->batches));
    } else if (subscription->generation != 0) {
        notifier->gone++;
    }
    if (g_hash_table_size(notifier->subscriptions) == 0 && notifier->port) {
        leaving->port = notifier->port->generation == leaving->generation;
        leaving->port_handle = notifier->port->handle;
        notifier->gone = 0;
        cl_port_drop(g_steal_pointer(&notifier->port));
    }
}

static void close_ports(ClConnection *connection, const Leaving *leaving)
{
    const ClCall call = {g_get_monotonic_time() + CL_NOTIFY_SEND_US, NULL};
    ClRemote remote = {connection, cl_link_acquire(connection), &call, FALSE, FALSE};
    if (remote.link->generation == leaving->generation && leaving->batches) {
        cl_port_close_batches(&remote, &leaving->batches_handle);
    }
    if (remote.link->generation == leaving->generation && leaving->port) {
        cl_port_close(&remote, &leaving->port_handle);
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
    cl_notifier_lock(notifier);
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
        cl_notifier_work(notifier);
    }
    cl_notifier_unlock(notifier);
    if (!is_told) {
        cl_subscription_free(notifier, subscription);
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
    cl_notifier_lock(notifier);
    notifier->stopping = TRUE;
    GThread *worker = g_steal_pointer(&notifier->worker);
    cl_notifier_unlock(notifier);
    g_cancellable_cancel(notifier->stop);
    if (worker) {
        g_thread_join(worker);
    }
}

void cl_notifier_free(ClNotifier *notifier)
{
    g_queue_clear_full(&notifier->queue, cl_told_free);
    g_hash_table_unref(notifier->subscriptions);
    g_object_unref(notifier->stop);
    g_free(notifier);
}
