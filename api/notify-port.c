/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One lock guards the lists of all ports and their registrations. It is never held across a call
 * into a back end, nor taken by what a back end calls, so that unsubscribing cannot wait for
 * itself. After fork() the child has no ports.
 */
#include "notify-port.h"

#include "notify-v1.h"

#define QUEUE_MAX 65536

typedef struct {
    ClNotifyQueue *queue; /* owned, as the session */
    gconstpointer handle;
    ClSession *session;
    ClPortFilter filter;
    DWORD_PTR key;
    char *id, *name; /* to tell when the handle is closed */
    guint n_subscriptions;
    ClSubscription *subscriptions[CL_V1_TYPES];
} Registration;

struct ClPort {
    guint version;
    ClNotifyQueue *queue;     /* owned */
    GPtrArray *registrations; /* Registration; this and the rest under the lock */
    HANDLE event;
    gboolean closed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GPtrArray *ports; /* ClPort, under the lock; NULL before the first */

/* --- Forking ---------------------------------------------------------------------------------- */

static void lock_for_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void unlock_after_fork(void)
{
    pthread_mutex_unlock(&lock);
}

/* What the parent has is no longer reachable here, and stays as it is. */
static void forget_in_child(void)
{
    ports = NULL;
    pthread_mutex_unlock(&lock);
}

static void set_up_once(void)
{
    pthread_atfork(lock_for_fork, unlock_after_fork, forget_in_child);
}

/* --- What a back end tells -------------------------------------------------------------------- */

static void put_v1(const Registration *registration, const ClEvent *event)
{
    guint32 bits = cl_v1_bits_of(registration->filter.v1, event);
    for (guint32 bit = 1; bits != 0; bit <<= 1) {
        if ((bits & bit) != 0) {
            cl_notify_queue_put(registration->queue,
                                cl_notify_event_new(registration->key, bit, event));
            bits &= ~bit;
        }
    }
}

/* On the back end's thread. That events were lost is told to each registration, asked for or not. */
static void notify(const ClEvent *event, gpointer user_data)
{
    const Registration *registration = user_data;
    if (event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
        event->filter_flag == CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2) {
        cl_notify_queue_lose(registration->queue, registration->key);
    } else if (registration->filter.v1 != 0) {
        put_v1(registration, event);
    } else {
        cl_notify_queue_put(registration->queue,
                            cl_notify_event_new(registration->key, event->filter_flag, event));
    }
}

/* --- Registrations ---------------------------------------------------------------------------- */

/* No event of it comes in once this has returned. */
static void unsubscribe(Registration *registration)
{
    ClSession *session = registration->session;
    for (guint i = 0; i < registration->n_subscriptions; i++) {
        session->backend->unsubscribe(session->connection, registration->subscriptions[i]);
    }
    registration->n_subscriptions = 0;
}

static void registration_free(gpointer data)
{
    Registration *registration = data;
    unsubscribe(registration);
    cl_session_unref(registration->session);
    cl_notify_queue_unref(registration->queue);
    g_free(registration->id);
    g_free(registration->name);
    g_free(registration);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Registration, registration_free)

static gboolean subscribe(Registration *registration, const ClUse *use, const ClObject *object,
                          guint32 object_type, guint64 flags, GError **error)
{
    if (flags == 0) {
        return TRUE;
    }
    if (use->backend->subscribe == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster tells no changes");
    }
    if (!use->backend->subscribe(
            use->connection, object, object_type, flags, notify, registration, &use->call,
            &registration->subscriptions[registration->n_subscriptions], error)) {
        return FALSE;
    }
    registration->n_subscriptions++;
    return TRUE;
}

static gboolean subscribe_all(Registration *registration, const ClUse *use, const ClObject *object,
                              GError **error)
{
    const ClPortFilter *filter = &registration->filter;
    if (filter->v1 == 0) {
        return subscribe(registration, use, object, filter->object_type, filter->flags, error);
    }
    for (gsize i = 0; i < CL_V1_TYPES; i++) {
        if (!subscribe(registration, use, object, cl_v1_types[i],
                       cl_v1_flags(filter->v1, cl_v1_types[i]), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* When the handle is closed the object can no longer be asked. A key has no name then. */
static gboolean read_name(Registration *registration, const ClUse *use, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (registration->filter.close_flag == 0 || use->object == NULL || use->kind == CL_KIND_KEY) {
        registration->id = g_strdup("");
        registration->name = g_strdup("");
        return TRUE;
    }
    if (!use->backend->query(use->connection, use->object, CL_FACT_NAME | CL_FACT_ID, &use->call,
                             &facts, error)) {
        return FALSE;
    }
    registration->id = g_steal_pointer(&facts.id);
    registration->name = g_steal_pointer(&facts.name);
    return TRUE;
}

static Registration *registration_new(const ClPort *port, const ClUse *use, const ClObject *object,
                                      const ClPortFilter *filter, DWORD_PTR key, GError **error)
{
    g_autoptr(Registration) registration = g_new0(Registration, 1);
    registration->queue = cl_notify_queue_ref(port->queue);
    registration->handle = use->handle;
    registration->session = cl_session_ref(use->cluster->session);
    registration->filter = *filter;
    registration->key = key;
    if (!read_name(registration, use, error) || !subscribe_all(registration, use, object, error)) {
        return NULL;
    }
    return g_steal_pointer(&registration);
}

/* Whoever closes the handle from now on looks for registrations. FALSE if it was closed before. */
static gboolean mark_handle(const ClUse *use)
{
    gpointer data = cl_handle_acquire(cl_handle_type_of(use->kind), use->handle);
    if (data == NULL) {
        return FALSE;
    }
    g_atomic_int_set(use->kind == CL_KIND_CLUSTER ? &((ClCluster *)data)->registered
                                                  : &((ClOpenObject *)data)->child.registered,
                     TRUE);
    cl_handle_release(use->handle);
    return TRUE;
}

/* Takes the new ones unless the port was closed meanwhile. */
static gboolean add_registrations(ClPort *port, GPtrArray *made, GError **error)
{
    pthread_mutex_lock(&lock);
    gboolean closed = port->closed;
    if (!closed) {
        g_ptr_array_extend_and_steal(port->registrations, g_ptr_array_ref(made));
    }
    pthread_mutex_unlock(&lock);
    return !closed || cl_fail(error, ERROR_INVALID_HANDLE, "the port was closed");
}

gboolean cl_port_register(ClPort *port, const ClUse *use, const ClObject *object,
                          const ClPortFilter *filters, gsize n_filters, DWORD_PTR key,
                          GError **error)
{
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(registration_free);
    for (gsize i = 0; i < n_filters; i++) {
        Registration *registration = registration_new(port, use, object, &filters[i], key, error);
        if (registration == NULL) {
            return FALSE;
        }
        g_ptr_array_add(made, registration);
    }
    if (!mark_handle(use)) {
        return cl_fail(error, ERROR_INVALID_HANDLE, "the handle was closed");
    }
    if (!add_registrations(port, made, error)) {
        return FALSE;
    }
    /* Who closed the handle after it was marked may have looked too early. */
    if (!mark_handle(use)) {
        cl_port_handle_closed(use->handle);
    }
    return TRUE;
}

typedef struct {
    ClNotifyQueue *queue; /* owned */
    DWORD_PTR key;
} Mark;

/* On the back end's thread, mostly. */
static void put_mark(gpointer data)
{
    Mark *mark = data;
    const ClEvent none = {.id = "", .parent_id = "", .name = "", .type = ""};
    cl_notify_queue_put(mark->queue, cl_notify_event_new(mark->key, 0, &none));
    cl_notify_queue_unref(mark->queue);
    g_free(mark);
}

gboolean cl_port_mark(ClPort *port, const ClUse *use, DWORD_PTR key, GError **error)
{
    if (use->backend->mark == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster keeps no order of changes");
    }
    Mark *mark = g_new(Mark, 1);
    *mark = (Mark){cl_notify_queue_ref(port->queue), key};
    if (use->backend->mark(use->connection, put_mark, mark, &use->call, error)) {
        return TRUE;
    }
    cl_notify_queue_unref(mark->queue);
    g_free(mark);
    return FALSE;
}

/* Takes the registrations of a handle out of their ports; with the lock held. */
static void take_registrations(gconstpointer handle, GPtrArray *taken)
{
    for (guint i = 0; ports != NULL && i < ports->len; i++) {
        GPtrArray *registrations = ((ClPort *)ports->pdata[i])->registrations;
        for (guint k = 0; k < registrations->len;) {
            const Registration *registration = registrations->pdata[k];
            if (registration->handle == handle) {
                g_ptr_array_add(taken, g_ptr_array_steal_index(registrations, k));
            } else {
                k++;
            }
        }
    }
}

/* The last event of a registration. */
static void tell_closed(const Registration *registration)
{
    const ClPortFilter *filter = &registration->filter;
    const ClEvent event = {.object_type = filter->object_type,
                           .id = registration->id,
                           .parent_id = "",
                           .name = registration->name,
                           .type = ""};
    if (filter->close_flag != 0) {
        cl_notify_queue_put(registration->queue,
                            cl_notify_event_new(registration->key, filter->close_flag, &event));
    }
}

void cl_port_handle_closed(gconstpointer handle)
{
    g_autoptr(GPtrArray) taken = g_ptr_array_new_with_free_func(registration_free);
    pthread_mutex_lock(&lock);
    take_registrations(handle, taken);
    pthread_mutex_unlock(&lock);
    for (guint i = 0; i < taken->len; i++) {
        unsubscribe(taken->pdata[i]);
        tell_closed(taken->pdata[i]);
    }
}

/* --- Ports ------------------------------------------------------------------------------------ */

static void port_free(gpointer data)
{
    ClPort *port = data;
    cl_notify_queue_unref(port->queue);
    g_ptr_array_unref(port->registrations);
    g_free(port);
}

static ClPort *port_new(guint version)
{
    ClNotifyQueue *queue =
        cl_notify_queue_new(QUEUE_MAX, version == 1 ? (guint64)CLUSTER_CHANGE_CLUSTER_RECONNECT
                                                    : CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2);
    if (queue == NULL) {
        return NULL;
    }
    ClPort *port = g_new0(ClPort, 1);
    port->version = version;
    port->queue = queue;
    port->registrations = g_ptr_array_new_with_free_func(registration_free);
    return port;
}

HCHANGE cl_port_open(guint version, GError **error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_once);
    ClPort *port = port_new(version);
    HCHANGE handle = port != NULL ? cl_handle_new(CL_HANDLE_CHANGE, port, port_free) : NULL;
    if (handle == NULL) {
        if (port != NULL) {
            port_free(port);
        }
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no more handles or files");
        return NULL;
    }
    pthread_mutex_lock(&lock);
    if (ports == NULL) {
        ports = g_ptr_array_new();
    }
    g_ptr_array_add(ports, port);
    pthread_mutex_unlock(&lock);
    return handle;
}

ClPort *cl_port_acquire(HCHANGE handle, guint version, GError **error)
{
    ClPort *port = cl_handle_acquire(CL_HANDLE_CHANGE, handle);
    if (port != NULL && port->version == version) {
        return port;
    }
    if (port != NULL) {
        cl_handle_release(handle);
    }
    cl_fail(error, ERROR_INVALID_HANDLE, "%p is not an open port of version %u", handle, version);
    return NULL;
}

ClNotifyQueue *cl_port_queue(const ClPort *port)
{
    return port->queue;
}

static void close_event(HANDLE event)
{
    if (event != NULL && cl_handle_take(CL_HANDLE_EVENT, event) != NULL) {
        cl_handle_release(event);
    }
}

/* Those who wait return at once; what the registrations hold may take a moment to end. */
gboolean cl_port_close(HCHANGE handle)
{
    ClPort *port = cl_handle_take(CL_HANDLE_CHANGE, handle);
    if (port == NULL) {
        return FALSE;
    }
    cl_notify_queue_close(port->queue);
    pthread_mutex_lock(&lock);
    g_ptr_array_remove(ports, port);
    port->closed = TRUE;
    GPtrArray *registrations = port->registrations;
    port->registrations = g_ptr_array_new();
    pthread_mutex_unlock(&lock);
    g_ptr_array_unref(registrations);
    close_event(port->event);
    cl_handle_release(handle);
    return TRUE;
}

HANDLE cl_port_event(ClPort *port, GError **error)
{
    pthread_mutex_lock(&lock);
    if (port->event == NULL && !port->closed) {
        port->event =
            cl_handle_new(CL_HANDLE_EVENT, cl_notify_queue_ref(port->queue), cl_notify_queue_unref);
        if (port->event == NULL) {
            cl_notify_queue_unref(port->queue);
        }
    }
    HANDLE event = port->event;
    gboolean closed = port->closed;
    pthread_mutex_unlock(&lock);
    if (event == NULL || closed) {
        cl_fail(error, closed ? ERROR_INVALID_HANDLE : ERROR_NOT_ENOUGH_MEMORY,
                closed ? "the port was closed" : "no more handles");
        return NULL;
    }
    return event;
}
