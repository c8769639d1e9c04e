/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an association is: association.c has its calls, association-bind.c how it begins.
 */
#pragma once

#include "association.h"
#include "wire.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of who reads, in bytes. */
#define CL_ASSOCIATION_BUFFER 65536
/* What its one presentation context and its one security context are named by. */
#define CL_ASSOCIATION_CONTEXT  0
#define CL_ASSOCIATION_SECURITY 1

struct ClAssociation {
    GSocket *socket;
    ClSecurity *security;
    GMutex lock;
    GCond changed;
    ClWire *wire;       /* under lock */
    GHashTable *calls;  /* Call by number, under lock */
    GHashTable *left;   /* numbers of calls that are answered to nobody, under lock */
    GQueue answered;    /* begun calls that are done, under lock */
    guint32 last_call;  /* under lock */
    gboolean reading;   /* somebody reads, under lock */
    gint64 progress;    /* when a PDU came, or the first part of one; under lock */
    guint waiters;      /* for changed; under lock */
    gboolean writing;   /* somebody sends, under lock */
    gboolean in_doubt;  /* NTLM's answer is out, and not known to be right; under lock */
    GError *broken;     /* under lock */
    gboolean closing;   /* under lock */
    GThread *thread;    /* of begun calls, started with the first; under lock */
    GCancellable *wake; /* ends its reading */
    guint8 *buffer;     /* of who reads */
};

/* Until the socket is ready. A timeout or cancellation is the caller's, anything else is the end of
 * the connection. */
gboolean cl_association_wait(ClAssociation *association, GIOCondition condition, const ClCall *call,
                             GError **error);

/* @ret_sent: what the peer may have. */
gboolean cl_association_send(ClAssociation *association, const GByteArray *out, const ClCall *call,
                             gsize *ret_sent, GError **error);

/* Binds and authenticates one that nobody else uses yet. */
gboolean cl_association_bind(ClAssociation *association, const ClEndpoint *endpoint,
                             const ClCall *call, GError **error);

G_END_DECLS
