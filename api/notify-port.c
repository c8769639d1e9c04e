/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Locks: `registry` guards the lists of all ports and their registrations, a port's own lock its
 * queue. A back end's thread takes only the latter, so that unsubscribing under the former cannot
 * wait for itself.
 */
#include "notify-port.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define QUEUE_MAX    65536
#define WAIT_STEP_US 50000

typedef struct {
    ClPort *port; /* which outlives it */
    gconstpointer handle;
    ClSession *session; /* owned */
    ClSubscription *subscription;
    ClPortFilter filter;
    guint64 close_flag;
    DWORD_PTR key;
} Registration;

struct ClPort {
    guint version;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    GQueue events; /* ClPortEvent */
    gboolean lost;
    gboolean closed;
    int descriptor;
    HANDLE event;
    GPtrArray *registrations; /* under registry */
};

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static GPtrArray *ports;     /* under registry */
static gint n_registrations; /* atomic */

/* --- Events ----------------------------------------------------------------------------------- */

static void event_free(gpointer data)
{
    ClPortEvent *event = data;
    g_free(event->id);
    g_free(event->parent_id);
    g_free(event->name);
    g_free(event->type);
    g_clear_pointer(&event->data, g_bytes_unref);
    g_free(event);
}

static void set_descriptor(ClPort *port, gboolean on)
{
    guint64 value = 1;
    ssize_t done = on ? write(port->descriptor, &value, sizeof value)
                      : read(port->descriptor, &value, sizeof value);
    if (done != sizeof value && errno != EAGAIN) {
        g_debug("a port's event could not be set");
    }
}

static ClPortEvent *new_event(DWORD_PTR key, guint32 object_type, guint64 flag)
{
    ClPortEvent *event = g_new0(ClPortEvent, 1);
    event->key = key;
    event->object_type = object_type;
    event->flag = flag;
    event->id = g_strdup("");
    event->parent_id = g_strdup("");
    event->name = g_strdup("");
    event->type = g_strdup("");
    return event;
}

/* What finds no place any more is told as lost once there is place again. */
static void queue_event(ClPort *port, ClPortEvent *event)
{
    pthread_mutex_lock(&port->lock);
    if (port->closed || port->lost || port->events.length >= QUEUE_MAX) {
        port->lost = !port->closed;
        pthread_mutex_unlock(&port->lock);
        event_free(event);
        return;
    }
    g_queue_push_tail(&port->events, event);
    if (port->events.length == 1) {
        set_descriptor(port, TRUE);
    }
    pthread_cond_broadcast(&port->filled);
    pthread_mutex_unlock(&port->lock);
}

static void replace(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

static void queue_copy(const Registration *registration, const ClEvent *from, guint64 flag)
{
    ClPortEvent *event = new_event(registration->key, from->object_type, flag);
    replace(&event->id, from->id);
    replace(&event->parent_id, from->parent_id);
    replace(&event->name, from->name);
    replace(&event->type, from->type);
    event->data = from->data ? g_bytes_ref(from->data) : NULL;
    queue_event(registration->port, event);
}

/* --- Version 1 -------------------------------------------------------------------------------- */

/* Which events of version 2 a bit of version 1 stands for. */
static const struct {
    guint32 bit;
    guint32 object_type;
    guint64 flags;
} v1_bits[] = {
    {CLUSTER_CHANGE_NODE_STATE, CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_STATE_V2},
    {CLUSTER_CHANGE_NODE_DELETED, CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_DELETED_V2},
    {CLUSTER_CHANGE_NODE_ADDED, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_NODE_ADDED_V2},
    {CLUSTER_CHANGE_NODE_PROPERTY, CLUSTER_OBJECT_TYPE_NODE,
     CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_NODE_PRIVATE_PROPERTY_V2},
    {CLUSTER_CHANGE_RESOURCE_STATE, CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_STATE_V2},
    {CLUSTER_CHANGE_RESOURCE_DELETED, CLUSTER_OBJECT_TYPE_RESOURCE,
     CLUSTER_CHANGE_RESOURCE_DELETED_V2},
    {CLUSTER_CHANGE_RESOURCE_ADDED, CLUSTER_OBJECT_TYPE_GROUP,
     CLUSTER_CHANGE_GROUP_RESOURCE_ADDED_V2},
    {CLUSTER_CHANGE_RESOURCE_PROPERTY, CLUSTER_OBJECT_TYPE_RESOURCE,
     CLUSTER_CHANGE_RESOURCE_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_RESOURCE_PRIVATE_PROPERTY_V2 |
         CLUSTER_CHANGE_RESOURCE_OWNER_GROUP_V2 | CLUSTER_CHANGE_RESOURCE_DEPENDENCIES_V2 |
         CLUSTER_CHANGE_RESOURCE_DEPENDENTS_V2 | CLUSTER_CHANGE_RESOURCE_POSSIBLE_OWNERS_V2},
    {CLUSTER_CHANGE_GROUP_STATE, CLUSTER_OBJECT_TYPE_GROUP,
     CLUSTER_CHANGE_GROUP_STATE_V2 | CLUSTER_CHANGE_GROUP_OWNER_NODE_V2},
    {CLUSTER_CHANGE_GROUP_DELETED, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_DELETED_V2},
    {CLUSTER_CHANGE_GROUP_ADDED, CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2},
    {CLUSTER_CHANGE_GROUP_PROPERTY, CLUSTER_OBJECT_TYPE_GROUP,
     CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2 |
         CLUSTER_CHANGE_GROUP_PREFERRED_OWNERS_V2 | CLUSTER_CHANGE_GROUP_RESOURCE_GAINED_V2 |
         CLUSTER_CHANGE_GROUP_RESOURCE_LOST_V2},
    {CLUSTER_CHANGE_RESOURCE_TYPE_DELETED, CLUSTER_OBJECT_TYPE_RESOURCE_TYPE,
     CLUSTER_CHANGE_RESOURCE_TYPE_DELETED_V2},
    {CLUSTER_CHANGE_RESOURCE_TYPE_ADDED, CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_RESOURCE_TYPE_ADDED_V2},
    {CLUSTER_CHANGE_RESOURCE_TYPE_PROPERTY, CLUSTER_OBJECT_TYPE_RESOURCE_TYPE,
     CLUSTER_CHANGE_RESOURCE_TYPE_COMMON_PROPERTY_V2 |
         CLUSTER_CHANGE_RESOURCE_TYPE_PRIVATE_PROPERTY_V2 |
         CLUSTER_CHANGE_RESOURCE_TYPE_POSSIBLE_OWNERS_V2},
    {CLUSTER_CHANGE_NETWORK_STATE, CLUSTER_OBJECT_TYPE_NETWORK, CLUSTER_CHANGE_NETWORK_STATE_V2},
    {CLUSTER_CHANGE_NETWORK_DELETED, CLUSTER_OBJECT_TYPE_NETWORK,
     CLUSTER_CHANGE_NETWORK_DELETED_V2},
    {CLUSTER_CHANGE_NETWORK_ADDED, CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_NETWORK_ADDED_V2},
    {CLUSTER_CHANGE_NETWORK_PROPERTY, CLUSTER_OBJECT_TYPE_NETWORK,
     CLUSTER_CHANGE_NETWORK_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_NETWORK_PRIVATE_PROPERTY_V2},
    {CLUSTER_CHANGE_NETINTERFACE_STATE, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
     CLUSTER_CHANGE_NETINTERFACE_STATE_V2},
    {CLUSTER_CHANGE_NETINTERFACE_DELETED, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
     CLUSTER_CHANGE_NETINTERFACE_DELETED_V2},
    {CLUSTER_CHANGE_NETINTERFACE_ADDED, CLUSTER_OBJECT_TYPE_NODE,
     CLUSTER_CHANGE_NODE_NETINTERFACE_ADDED_V2},
    {CLUSTER_CHANGE_NETINTERFACE_PROPERTY, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
     CLUSTER_CHANGE_NETINTERFACE_COMMON_PROPERTY_V2 |
         CLUSTER_CHANGE_NETINTERFACE_PRIVATE_PROPERTY_V2},
    {CLUSTER_CHANGE_REGISTRY_NAME, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_NAME_V2},
    {CLUSTER_CHANGE_REGISTRY_ATTRIBUTES, CLUSTER_OBJECT_TYPE_REGISTRY,
     CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2},
    {CLUSTER_CHANGE_REGISTRY_VALUE, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_VALUE_V2},
    {CLUSTER_CHANGE_CLUSTER_RECONNECT, CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 | CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2},
    {CLUSTER_CHANGE_CLUSTER_STATE, CLUSTER_OBJECT_TYPE_CLUSTER, CLUSTER_CHANGE_CLUSTER_STATE_V2},
    {CLUSTER_CHANGE_CLUSTER_PROPERTY, CLUSTER_OBJECT_TYPE_CLUSTER,
     CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2 | CLUSTER_CHANGE_CLUSTER_PRIVATE_PROPERTY_V2 |
         CLUSTER_CHANGE_CLUSTER_RENAME_V2},
    {CLUSTER_CHANGE_QUORUM_STATE, CLUSTER_OBJECT_TYPE_QUORUM, CLUSTER_CHANGE_QUORUM_STATE_V2},
};

static guint64 v1_flags(guint32 bits, guint32 object_type)
{
    guint64 flags = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(v1_bits); i++) {
        if ((bits & v1_bits[i].bit) != 0 && v1_bits[i].object_type == object_type) {
            flags |= v1_bits[i].flags;
        }
    }
    return flags;
}

static void queue_v1(const Registration *registration, const ClEvent *event)
{
    for (gsize i = 0; i < G_N_ELEMENTS(v1_bits); i++) {
        if ((registration->filter.v1 & v1_bits[i].bit) != 0 &&
            v1_bits[i].object_type == event->object_type &&
            (v1_bits[i].flags & event->filter_flag) != 0) {
            queue_copy(registration, event, v1_bits[i].bit);
        }
    }
}

/* On the back end's thread. */
static void notify(const ClEvent *event, gpointer user_data)
{
    const Registration *registration = user_data;
    if (registration->filter.v1 != 0) {
        queue_v1(registration, event);
    } else {
        queue_copy(registration, event, event->filter_flag);
    }
}

/* --- Registrations ---------------------------------------------------------------------------- */

static void registration_free(gpointer data)
{
    Registration *registration = data;
    ClSession *session = registration->session;
    if (registration->subscription != NULL) {
        session->backend->unsubscribe(session->connection, registration->subscription);
        g_atomic_int_add(&n_registrations, -1);
    }
    cl_session_unref(session);
    g_free(registration);
}

static gboolean subscribe(Registration *registration, const ClUse *use, const ClObject *object,
                          guint32 object_type, guint64 flags, GError **error)
{
    const ClBackend *backend = use->backend;
    if (backend->subscribe == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster tells no changes");
    }
    if (!backend->subscribe(use->connection, object, object_type, flags, notify, registration,
                            &use->call, &registration->subscription, error)) {
        return FALSE;
    }
    g_atomic_int_inc(&n_registrations);
    return TRUE;
}

static gboolean register_one(ClPort *port, const ClUse *use, const ClObject *object,
                             const ClPortFilter *filter, guint64 close_flag, DWORD_PTR key,
                             GError **error)
{
    Registration *registration = g_new0(Registration, 1);
    registration->port = port;
    registration->handle = use->handle;
    registration->session = cl_session_ref(use->cluster->session);
    registration->filter = *filter;
    registration->close_flag = close_flag;
    registration->key = key;
    if (filter->flags != 0 &&
        !subscribe(registration, use, object, filter->object_type, filter->flags, error)) {
        registration_free(registration);
        return FALSE;
    }
    if (filter->flags == 0) {
        g_atomic_int_inc(&n_registrations);
    }
    pthread_mutex_lock(&registry);
    g_ptr_array_add(port->registrations, registration);
    pthread_mutex_unlock(&registry);
    return TRUE;
}

static gboolean register_v1(ClPort *port, const ClUse *use, const ClObject *object,
                            const ClPortFilter *filter, guint64 close_flag, DWORD_PTR key,
                            GError **error)
{
    static const guint32 types[] = {
        CLUSTER_OBJECT_TYPE_CLUSTER,  CLUSTER_OBJECT_TYPE_GROUP,
        CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_OBJECT_TYPE_RESOURCE_TYPE,
        CLUSTER_OBJECT_TYPE_NETWORK,  CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
        CLUSTER_OBJECT_TYPE_NODE,     CLUSTER_OBJECT_TYPE_REGISTRY,
        CLUSTER_OBJECT_TYPE_QUORUM};
    gboolean first = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        ClPortFilter one = {types[i], v1_flags(filter->v1, types[i]), filter->v1};
        if (types[i] == CLUSTER_OBJECT_TYPE_REGISTRY &&
            (filter->v1 & CLUSTER_CHANGE_REGISTRY_SUBTREE) != 0 && one.flags != 0) {
            one.flags |= CLUSTER_CHANGE_REGISTRY_SUBTREE_V2;
        }
        if (one.flags == 0) {
            continue;
        }
        if (!register_one(port, use, object, &one, first ? close_flag : 0, key, error)) {
            return FALSE;
        }
        first = FALSE;
    }
    /* Only the closing of the handle is wanted. */
    return !first || register_one(port, use, object, &(ClPortFilter){0, 0, filter->v1}, close_flag,
                                  key, error);
}

gboolean cl_port_register(ClPort *port, const ClUse *use, const ClObject *object,
                          const ClPortFilter *filter, guint64 close_flag, DWORD_PTR key,
                          GError **error)
{
    return filter->v1 != 0 ? register_v1(port, use, object, filter, close_flag, key, error)
                           : register_one(port, use, object, filter, close_flag, key, error);
}

/* Takes the registrations of a handle out of their ports; with the lock held. */
static void take_registrations(gconstpointer handle, GPtrArray *taken)
{
    for (guint i = 0; ports != NULL && i < ports->len; i++) {
        GPtrArray *registrations = ((ClPort *)ports->pdata[i])->registrations;
        for (guint k = registrations->len; k > 0; k--) {
            Registration *registration = registrations->pdata[k - 1];
            if (registration->handle == handle) {
                g_ptr_array_add(taken, g_ptr_array_steal_index(registrations, k - 1));
            }
        }
    }
}

void cl_port_handle_closed(gconstpointer handle)
{
    if (g_atomic_int_get(&n_registrations) == 0) {
        return;
    }
    g_autoptr(GPtrArray) taken = g_ptr_array_new();
    pthread_mutex_lock(&registry);
    take_registrations(handle, taken);
    for (guint i = 0; i < taken->len; i++) {
        Registration *registration = taken->pdata[i];
        if (registration->close_flag != 0) {
            queue_event(registration->port,
                        new_event(registration->key, registration->filter.object_type,
                                  registration->close_flag));
        }
    }
    pthread_mutex_unlock(&registry);
    for (guint i = 0; i < taken->len; i++) {
        Registration *registration = taken->pdata[i];
        if (registration->subscription == NULL) {
            g_atomic_int_add(&n_registrations, -1);
        }
        registration_free(registration);
    }
}

/* --- Ports ------------------------------------------------------------------------------------ */

ClPort *cl_port_new(guint version)
{
    pthread_condattr_t attributes;
    ClPort *port = g_new0(ClPort, 1);
    port->version = version;
    port->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    port->registrations = g_ptr_array_new();
    pthread_mutex_init(&port->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&port->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    return port;
}

static void port_free(gpointer data)
{
    ClPort *port = data;
    g_queue_clear_full(&port->events, event_free);
    g_ptr_array_unref(port->registrations);
    pthread_cond_destroy(&port->filled);
    pthread_mutex_destroy(&port->lock);
    if (port->descriptor >= 0) {
        close(port->descriptor);
    }
    g_free(port);
}

HCHANGE cl_port_publish(ClPort *port, GError **error)
{
    HCHANGE handle =
        port->descriptor >= 0 ? cl_handle_new(CL_HANDLE_CHANGE, port, port_free) : NULL;
    if (handle == NULL) {
        port_free(port);
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no more handles or files");
        return NULL;
    }
    pthread_mutex_lock(&registry);
    if (ports == NULL) {
        ports = g_ptr_array_new();
    }
    g_ptr_array_add(ports, port);
    pthread_mutex_unlock(&registry);
    return handle;
}

ClPort *cl_port_acquire(HCHANGE handle)
{
    return cl_handle_acquire(CL_HANDLE_CHANGE, handle);
}

guint cl_port_version(const ClPort *port)
{
    return port->version;
}

gboolean cl_port_close(HCHANGE handle)
{
    ClPort *port = cl_handle_take(CL_HANDLE_CHANGE, handle);
    g_autoptr(GPtrArray) registrations = NULL;
    HANDLE event;
    if (port == NULL) {
        return FALSE;
    }
    pthread_mutex_lock(&registry);
    g_ptr_array_remove(ports, port);
    registrations = port->registrations;
    port->registrations = g_ptr_array_new();
    pthread_mutex_unlock(&registry);
    for (guint i = 0; i < registrations->len; i++) {
        Registration *registration = registrations->pdata[i];
        if (registration->subscription == NULL) {
            g_atomic_int_add(&n_registrations, -1);
        }
        registration_free(registration);
    }
    pthread_mutex_lock(&port->lock);
    port->closed = TRUE;
    event = port->event;
    pthread_cond_broadcast(&port->filled);
    pthread_mutex_unlock(&port->lock);
    if (event != NULL && cl_handle_take(CL_HANDLE_EVENT, event) != NULL) {
        cl_handle_release(event);
    }
    cl_handle_release(handle);
    return TRUE;
}

int cl_port_descriptor(const ClPort *port)
{
    return port->descriptor;
}

HANDLE cl_port_event(ClPort *port, GError **error)
{
    pthread_mutex_lock(&port->lock);
    if (port->event == NULL) {
        port->event = cl_handle_new(CL_HANDLE_EVENT, port, NULL);
    }
    HANDLE event = port->event;
    pthread_mutex_unlock(&port->lock);
    if (event == NULL) {
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no more handles");
    }
    return event;
}

/* --- Taking ----------------------------------------------------------------------------------- */

/* With the lock held: until @until at most, looking now and then whether the call was cancelled. */
static DWORD wait_for_event(ClPort *port, gint64 until, GCancellable *cancellable)
{
    while (port->events.length == 0 && !port->lost) {
        gint64 now = g_get_monotonic_time();
        gint64 next = cancellable != NULL ? MIN(until, now + WAIT_STEP_US) : until;
        if (port->closed) {
            return ERROR_INVALID_HANDLE;
        }
        if (cancellable != NULL && g_cancellable_is_cancelled(cancellable)) {
            return ERROR_OPERATION_ABORTED;
        }
        if (now >= until) {
            return WAIT_TIMEOUT;
        }
        if (next == G_MAXINT64) {
            pthread_cond_wait(&port->filled, &port->lock);
        } else {
            struct timespec time = {next / G_USEC_PER_SEC, next % G_USEC_PER_SEC * 1000};
            pthread_cond_timedwait(&port->filled, &port->lock, &time);
        }
    }
    return port->closed ? ERROR_INVALID_HANDLE : ERROR_SUCCESS;
}

static gint64 until_of(DWORD ms, const ClCall *call)
{
    gint64 until = ms == INFINITE ? G_MAXINT64 : g_get_monotonic_time() + (gint64)ms * 1000;
    /* Only what the thread has bounded itself counts, not the time limit of a handle. */
    return call->cancellable != NULL || call->deadline == 0 ? MIN(until, call->deadline) : until;
}

/* That events were lost comes after those that were not. */
static void queue_lost(ClPort *port)
{
    guint64 flag = port->version == 1 ? (guint64)CLUSTER_CHANGE_CLUSTER_RECONNECT
                                      : CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2;
    port->lost = FALSE;
    g_queue_push_tail(&port->events, new_event(0, CLUSTER_OBJECT_TYPE_CLUSTER, flag));
}

DWORD cl_port_get(ClPort *port, DWORD ms, ClPortTake take, gpointer data)
{
    ClCall call = cl_call_now(G_MAXINT);
    pthread_mutex_lock(&port->lock);
    DWORD code = wait_for_event(port, until_of(ms, &call), call.cancellable);
    ClPortEvent *taken = NULL;
    if (code == ERROR_SUCCESS) {
        if (port->events.length == 0) {
            queue_lost(port);
        }
        if (take(g_queue_peek_head(&port->events), data)) {
            taken = g_queue_pop_head(&port->events);
        }
        if (port->events.length == 0 && !port->lost) {
            set_descriptor(port, FALSE);
        }
    }
    pthread_mutex_unlock(&port->lock);
    if (taken != NULL) {
        event_free(taken);
    }
    return code;
}
