/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A notification port: a queue of events that registrations fill and readers empty. A registration
 * belongs to its port, holds its session, and ends with the handle it was made for.
 */
#pragma once

#include "notify-queue.h"
#include "object.h"

G_BEGIN_DECLS

typedef struct ClPort ClPort;

/* What a registration is for: flags of version 2, or bits of version 1. */
typedef struct {
    guint32 object_type;
    guint64 flags;
    guint32 v1;         /* 0 in version 2 */
    guint64 close_flag; /* tells, as a flag of its version, that the handle was closed; 0: no */
} ClPortFilter;

/* A new port in the handle table; both versions have the same type of handle. */
HCHANGE cl_port_open(guint version, GError **error);

/* Uses a port until cl_handle_release(); ERROR_INVALID_HANDLE if it is none of the version. */
ClPort *cl_port_acquire(HCHANGE handle, guint version, GError **error);

/* Closes a port of either version: its readers wake up and fail. FALSE if it was not open. */
gboolean cl_port_close(HCHANGE handle);

/* Registers for @object of the cluster in @use, NULL being all of it, until the handle of @use is
 * closed: for all of the filters or, on failure, for none. */
gboolean cl_port_register(ClPort *port, const ClUse *use, const ClObject *object,
                          const ClPortFilter *filters, gsize n_filters, DWORD_PTR key,
                          GError **error);

/* Puts an event of no type with the key behind those of all that happened before. */
gboolean cl_port_mark(ClPort *port, const ClUse *use, DWORD_PTR key, GError **error);

ClNotifyQueue *cl_port_queue(const ClPort *port);

/* The handle of its event, made when it is first asked for; what it stands for is the queue. */
HANDLE cl_port_event(ClPort *port, GError **error);

/* An object's or a cluster's handle that something was registered for was closed. Not to be called
 * while locks are held. */
void cl_port_handle_closed(gconstpointer handle);

G_END_DECLS
