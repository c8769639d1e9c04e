/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of notifying: one notification port on the server for all subscriptions of a connection,
 * and one port of batches for each that watches batches. For each port one call stands, which the
 * server answers when there is something; its answer comes on the link's own thread.
 *
 * What is to be told is queued under the connection's lock, and told without by whoever finds that
 * nobody does: the link's thread mostly, else a worker, which also reconnects when it was a standing
 * call that noticed that the server is gone. A thread that called to reconnect tells nothing itself:
 * it may hold locks of its own.
 */
#pragma once

#include "client.h"

G_BEGIN_DECLS

/* A port on the server with the call that stands for it. Whoever takes it out of its place drops
 * it; then it is freed when its call is answered, which is at the latest when its link ends. */
typedef struct {
    ClNotifier *notifier;
    ClLink *link; /* as long as its call may be answered */
    guint generation;
    guint32 key; /* of its subscription; 0: the port of all */
    const ClMethod *method;
    ClContextHandle handle;
    gboolean is_standing, is_dropped; /* under the lock */
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
} ClRemotePort;

struct ClSubscription {
    guint32 key;
    ClObject *object; /* owned; NULL: all of the cluster */
    guint32 object_type;
    guint64 flags;
    ClNotify notify;
    gpointer user_data;
    /* under the lock */
    guint generation;      /* of the link where it is registered; 0: nowhere */
    ClRemotePort *batches; /* of batches, else NULL */
};

/* What is to be told. */
typedef struct {
    guint32 key; /* 0: to all */
    ClEvent event;
    char *texts[4]; /* id, parent's id, name, type */
    GBytes *data;
    GPtrArray *commands;
} ClTold;

/* All under the connection's lock. */
struct ClNotifier {
    ClConnection *connection;
    GHashTable *subscriptions; /* by key */
    guint32 last_key;
    guint gone; /* registrations of the port that nobody has any more */
    ClRemotePort *port;
    gboolean making_port;
    GQueue queue; /* ClTold */
    GThread *teller;
    ClSubscription *telling;
    gboolean has_left; /* the one being told unsubscribed itself */
    GThread *worker;
    gboolean is_working;
    gboolean needs_link; /* the worker is to reconnect */
    gboolean is_unwell;  /* the last attempt to reconnect failed */
    gboolean stopping;
    GCancellable *stop;
};

/* How long sending, and what has no caller, may take. */
#define CL_NOTIFY_SEND_US (5 * G_USEC_PER_SEC)

void cl_notifier_lock(const ClNotifier *notifier);
void cl_notifier_unlock(const ClNotifier *notifier);

gboolean cl_subscription_is_for_batches(const ClSubscription *subscription);
void cl_subscription_free(const ClNotifier *notifier, ClSubscription *subscription);

/* --- Telling (client-tell.c) -------------------------------------------------------------------- */

void cl_told_free(gpointer told);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClTold, cl_told_free)

/* Makes the event of what is set; texts that are missing are empty. */
ClTold *cl_told_finish(ClTold *told);
/* An event of the cluster, to all. */
ClTold *cl_told_cluster(guint64 flag);
gboolean cl_told_is_lost(const ClEvent *event);

/* Tells what is queued unless somebody does. */
void cl_notifier_tell(ClNotifier *notifier);

/* With the lock held: has the worker do what there is to do. */
void cl_notifier_work(ClNotifier *notifier);

/* --- Ports (client-port.c) ---------------------------------------------------------------------- */

/* A new port on the server, whose call does not stand yet. */
ClRemotePort *cl_port_open(ClNotifier *notifier, ClRemote *remote, GError **error);
void cl_port_free(ClRemotePort *port);

/* With the lock held. */
void cl_port_drop(ClRemotePort *port);

/* With the lock held: puts it in its place, unless there is one of a later link. */
gboolean cl_port_install(ClNotifier *notifier, ClRemotePort *port);
/* Has the call of a port that was installed stand; on failure it is no more. */
gboolean cl_port_stand_first(ClNotifier *notifier, ClRemotePort *port, GError **error);

/* Closes those on the server. */
void cl_port_close(ClRemote *remote, const ClContextHandle *handle);
void cl_port_close_batches(ClRemote *remote, const ClContextHandle *handle);

/* Registers a subscription, of which @subscription may be a copy, at a port of the same link. */
gboolean cl_notifier_register(ClNotifier *notifier, ClRemote *remote, const ClRemotePort *port,
                              const ClSubscription *subscription, GError **error);

G_END_DECLS
