/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notification ports of clients, of both versions, and the calls that wait at them.
 */
#pragma once

#include "held.h"
#include "watch.h"

G_BEGIN_DECLS

typedef struct {
    ClusapidWatched watched;
    ClusapidWatch *watch;
    grefcount references;
    HCHANGE change;
    guint version;
    int descriptor;
    gboolean is_closed;
    ClusapidHeld held;
    GMutex lock;
    GQueue states; /* under lock: events of the service's own */
} ClusapidNotifyPort;

/* An event of version 1 that the service puts into a port. */
typedef struct {
    DWORD key;
    DWORD filter;
    LPWSTR name;
} ClusapidStateEvent;

/* The last error for NULL. */
ClusapidNotifyPort *clusapid_notify_port_new(ClusapidWatch *watch, guint version);

/* When no call uses it any more. */
void clusapid_notify_port_free(gpointer port);

/* Tells all that is there to a call, or has it wait. */
DWORD clusapid_notify_port_get(ClusapidNotifyPort *port, ClusapidCall *call);

/* Ends the calls that wait. */
void clusapid_notify_port_unblock(ClusapidNotifyPort *port);
void clusapid_notify_port_close(ClusapidNotifyPort *port);

/* Tells an event; any thread. Takes the @name. */
void clusapid_notify_port_put(ClusapidNotifyPort *port, DWORD key, DWORD filter, LPWSTR name);

G_END_DECLS
