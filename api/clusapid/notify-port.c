/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-port.h"

#include "notify-events.h"

#include <clusapi/linux.h>
/* Events of the service's own that wait in a port. */
#define STATES_MAX 1024

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
static void look(ClusapidWatched *watched)
{
    ClusapidNotifyPort *port = (ClusapidNotifyPort *)(gpointer)watched;
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

static void stop_watching(gpointer data)
{
    ClusapidNotifyPort *port = data;
    clusapid_watch_remove(port->watch, &port->watched, port->is_closed ? -1 : port->descriptor);
}

static DWORD start_watching(ClusapidNotifyPort *port)
{
    return clusapid_watch_add(port->watch, &port->watched, port->descriptor)
               ? ERROR_SUCCESS
               : ERROR_NO_SYSTEM_RESOURCES;
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
    port->watched.ready = look;
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
    gboolean has_room;
    g_mutex_lock(&port->lock);
    has_room = port->states.length < STATES_MAX;
    if (has_room) {
        ClusapidStateEvent *event = g_new0(ClusapidStateEvent, 1);
        *event = (ClusapidStateEvent){key, filter, name};
        g_queue_push_tail(&port->states, event);
    }
    g_mutex_unlock(&port->lock);
    if (has_room) {
        clusapid_watch_nudge(port->watch);
    } else {
        g_free(name);
    }
}
