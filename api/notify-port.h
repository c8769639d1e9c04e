/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A notification port: a queue of events that registrations fill and readers empty. A registration
 * belongs to its port, holds its session, and ends with the handle it was made for.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

typedef struct ClPort ClPort;

/* What waits in a port; texts are never NULL. */
typedef struct {
    DWORD_PTR key;
    guint32 object_type; /* of version 2 */
    guint64 flag;        /* one CLUSTER_CHANGE_..._V2, or of version 1 one CLUSTER_CHANGE_ */
    char *id, *parent_id, *name, *type;
    GBytes *data;
} ClPortEvent;

/* One version 2 filter, or the version 1 bits of which @object_type and @flags bring some about. */
typedef struct {
    guint32 object_type;
    guint64 flags;
    guint32 v1; /* the CLUSTER_CHANGE_ bits wanted; 0 in version 2 */
} ClPortFilter;

ClPort *cl_port_new(guint version);

/* Puts a port into the handle table and takes it out; both versions have the same type. */
HCHANGE cl_port_publish(ClPort *port, GError **error);
ClPort *cl_port_acquire(HCHANGE handle);
guint cl_port_version(const ClPort *port);

/* Closes the port: its readers wake up and fail. FALSE if it was not open. */
gboolean cl_port_close(HCHANGE handle);

/* Registers for the object or cluster in @use, or (@object not NULL) an object of the back end
 * that is the use's no handle. @close_flag is the HANDLE_CLOSE bit to tell, 0 for none. */
gboolean cl_port_register(ClPort *port, const ClUse *use, const ClObject *object,
                          const ClPortFilter *filter, guint64 close_flag, DWORD_PTR key,
                          GError **error);

/* The next event stays the port's until it is taken. */
typedef gboolean (*ClPortTake)(const ClPortEvent *event, gpointer data);

/* Waits at most @ms for an event and shows it to @take, which says whether it is taken.
 * ERROR_SUCCESS, WAIT_TIMEOUT, ERROR_INVALID_HANDLE when the port was closed, or
 * ERROR_OPERATION_ABORTED. */
DWORD cl_port_get(ClPort *port, DWORD ms, ClPortTake take, gpointer data);

/* The descriptor that is readable while events wait. */
int cl_port_descriptor(const ClPort *port);

/* The handle of its event, made when it is first asked for. */
HANDLE cl_port_event(ClPort *port, GError **error);

/* An object's or a cluster's handle is being closed. Cheap while nothing is registered. */
void cl_port_handle_closed(gconstpointer handle);

G_END_DECLS
