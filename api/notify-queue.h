/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The queue of a notification port: events in their order, taken by any number of threads, with a
 * descriptor that is readable while there are some. It is bounded: what finds no place is told as
 * lost, once for each key, where it is missing. Any thread may call any of these.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

typedef struct ClNotifyQueue ClNotifyQueue;

/* Texts are never NULL. */
typedef struct {
    DWORD_PTR key;
    guint32 object_type; /* of version 2 */
    guint64 flag;        /* one CLUSTER_CHANGE_..._V2, or of version 1 one CLUSTER_CHANGE_ */
    char *id, *parent_id, *name, *type;
    GBytes *data; /* may be NULL */
} ClNotifyEvent;

/* A copy of @from with another key and flag. */
ClNotifyEvent *cl_notify_event_new(DWORD_PTR key, guint64 flag, const ClEvent *from);

/* @room: how many events may wait; @lost_flag: what tells that some were lost. NULL when there is
 * no descriptor to be had. */
ClNotifyQueue *cl_notify_queue_new(guint room, guint64 lost_flag);
ClNotifyQueue *cl_notify_queue_ref(ClNotifyQueue *queue);
void cl_notify_queue_unref(gpointer queue);

/* Takes the event. */
void cl_notify_queue_put(ClNotifyQueue *queue, ClNotifyEvent *event);

/* Events with the key were lost on their way. */
void cl_notify_queue_lose(ClNotifyQueue *queue, DWORD_PTR key);

/* Shows the first event, which stays the queue's if it returns FALSE. */
typedef gboolean (*ClNotifyTake)(const ClNotifyEvent *event, gpointer data);

/* Waits at most @ms for an event and shows it to @take. ERROR_SUCCESS, WAIT_TIMEOUT,
 * ERROR_INVALID_HANDLE when the queue was closed, or ERROR_OPERATION_ABORTED. */
DWORD cl_notify_queue_get(ClNotifyQueue *queue, DWORD ms, ClNotifyTake take, gpointer data);

/* Those who wait return at once, and nothing comes in any more. */
void cl_notify_queue_close(ClNotifyQueue *queue);

int cl_notify_queue_descriptor(const ClNotifyQueue *queue);

G_END_DECLS
