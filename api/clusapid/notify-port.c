/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-port.h"

#include "notify-events.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Events of the service's own that wait in a port. */
#define STATES_MAX 1024

struct ClusapidWatch {
    int epoll;
    int nudge; /* readable: look at all ports */
    GSource *source;
    GList *waiting; /* ports that calls wait at */
};

/* --- Ports that calls wait at ------------------------------------------------------------------- */

static void port_unref(ClusapidNotifyPort *port)
{
    if (!g_ref_count_dec(&port->references)) {
        return;
    }
    ClusapidStateEvent *event;
    while ((event = g_queue_pop_head(&port->states))) {
        g_free(event->name);
        g_free(event);
    }
    g_mutex_clear(&port->lock);
    g_free(port);
}

/* Answers what can be. The port may go with its last call. */
static void look(ClusapidNotifyPort *port)
{
    ClRequest *request;
    DWORD code = ERROR_SUCCESS;
    g_ref_count_inc(&port->references);
    while (code != WAIT_TIMEOUT && (request = clusapid_held_first(&port->held))) {
        code = clusapid_notify_events_take(port, request);
        if (code != WAIT_TIMEOUT) {
            clusapid_held_answer(&port->held, code);
        }
    }
    port_unref(port);
}

static void look_at_all(const ClusapidWatch *watch)
{
    g_autoptr(GList) ports = g_list_copy(watch->waiting);
    for (const GList *each = ports; each; each = each->next) {
        ClusapidNotifyPort *port = each->data;
        g_ref_count_inc(&port->references);
    }
    for (const GList *each = ports; each; each = each->next) {
        look(each->data);
        port_unref(each->data);
    }
}

/* One at a time, as others may go with it. */
static gboolean on_ready(G_GNUC_UNUSED gint fd, G_GNUC_UNUSED GIOCondition condition,
                         gpointer user_data)
{
    const ClusapidWatch *watch = user_data;
    struct epoll_event event;
    guint64 nudges;
    if (epoll_wait(watch->epoll, &event, 1, 0) != 1) {
        return G_SOURCE_CONTINUE;
    }
    if (event.data.ptr != NULL) {
        look(event.data.ptr);
    } else if (read(watch->nudge, &nudges, sizeof nudges) == sizeof nudges) {
        look_at_all(watch);
    }
    return G_SOURCE_CONTINUE;
}

ClusapidWatch *clusapid_watch_new(GMainContext *context)
{
    ClusapidWatch *watch = g_new0(ClusapidWatch, 1);
    struct epoll_event event = {.events = EPOLLIN};
    watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch->nudge = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watch->epoll < 0 || watch->nudge < 0 ||
        epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->nudge, &event) != 0) {
        g_error("no events can be waited for: %s", g_strerror(errno));
    }
    watch->source = g_unix_fd_source_new(watch->epoll, G_IO_IN);
    g_source_set_callback(watch->source, (GSourceFunc)(gpointer)on_ready, watch, NULL);
    g_source_attach(watch->source, context);
    return watch;
}

void clusapid_watch_free(ClusapidWatch *watch)
{
    g_source_destroy(watch->source);
    g_source_unref(watch->source);
    close(watch->nudge);
    close(watch->epoll);
    g_list_free(watch->waiting);
    g_free(watch);
}

static void stop_watching(gpointer data)
{
    ClusapidNotifyPort *port = data;
    port->watch->waiting = g_list_remove(port->watch->waiting, port);
    if (!port->is_closed) {
        (void)epoll_ctl(port->watch->epoll, EPOLL_CTL_DEL, port->descriptor, NULL);
    }
}

static DWORD start_watching(ClusapidNotifyPort *port)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = port};
    if (epoll_ctl(port->watch->epoll, EPOLL_CTL_ADD, port->descriptor, &event) != 0) {
        return ERROR_NO_SYSTEM_RESOURCES;
    }
    port->watch->waiting = g_list_prepend(port->watch->waiting, port);
    return ERROR_SUCCESS;
}

/* --- Ports -------------------------------------------------------------------------------------- */

static HCHANGE open_port(guint version)
{
    return version == 1
               ? CreateClusterNotifyPort(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, 0, 0)
               : CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, INVALID_HANDLE_VALUE, NULL, 0, 0);
}

ClusapidNotifyPort *clusapid_notify_port_new(ClusapidWatch *watch, guint version)
{
    HANDLE event;
    HCHANGE change = open_port(version);
    if (change == NULL) {
        return NULL;
    }
    DWORD code = GetNotifyEventHandle(change, &event);
    int descriptor = code == ERROR_SUCCESS ? ClusapiEventDescriptor(event) : -1;
    if (descriptor < 0) {
        CloseClusterNotifyPort(change);
        SetLastError(code != ERROR_SUCCESS ? code : ERROR_NO_SYSTEM_RESOURCES);
        return NULL;
    }
    ClusapidNotifyPort *port = g_new0(ClusapidNotifyPort, 1);
    g_ref_count_init(&port->references);
    port->watch = watch;
    port->version = version;
    port->change = change;
    port->descriptor = descriptor;
    port->held = (ClusapidHeld){.emptied = stop_watching, .owner = port};
    g_mutex_init(&port->lock);
    return port;
}

/* Its descriptor goes with the port, so nobody may wait there any more. */
void clusapid_notify_port_close(ClusapidNotifyPort *port)
{
    if (!port->is_closed) {
        g_ref_count_inc(&port->references);
        clusapid_held_end(&port->held, ERROR_NO_MORE_ITEMS);
        port->is_closed = TRUE;
        CloseClusterNotifyPort(port->change);
        port_unref(port);
    }
}

void clusapid_notify_port_free(gpointer data)
{
    ClusapidNotifyPort *port = data;
    clusapid_notify_port_close(port);
    port_unref(port);
}

void clusapid_notify_port_unblock(ClusapidNotifyPort *port)
{
    g_ref_count_inc(&port->references);
    clusapid_held_end(&port->held, ERROR_INVALID_FUNCTION);
    port_unref(port);
}

/* Who came first is told first. */
DWORD clusapid_notify_port_get(ClusapidNotifyPort *port, ClusapidCall *call)
{
    gboolean is_first = clusapid_held_first(&port->held) == NULL;
    DWORD code = ERROR_SUCCESS;
    if (port->is_closed) {
        return ERROR_NO_MORE_ITEMS;
    }
    if (is_first) {
        code = clusapid_notify_events_take(port, call->request);
        if (code != WAIT_TIMEOUT) {
            return code;
        }
        code = start_watching(port);
        if (code != ERROR_SUCCESS) {
            return code;
        }
    }
    code = clusapid_hold(&port->held, call);
    if (code != ERROR_SUCCESS && is_first) {
        stop_watching(port);
    }
    return code;
}

void clusapid_notify_port_put(ClusapidNotifyPort *port, DWORD key, DWORD filter, LPWSTR name)
{
    const guint64 nudge = 1;
    gboolean has_room;
    g_mutex_lock(&port->lock);
    has_room = port->states.length < STATES_MAX;
    if (has_room) {
        ClusapidStateEvent *event = g_new0(ClusapidStateEvent, 1);
        *event = (ClusapidStateEvent){key, filter, name};
        g_queue_push_tail(&port->states, event);
    }
    g_mutex_unlock(&port->lock);
    if (!has_room) {
        g_free(name);
    } else if (write(port->watch->nudge, &nudge, sizeof nudge) != sizeof nudge) {
        g_debug("no nudge");
    }
}
