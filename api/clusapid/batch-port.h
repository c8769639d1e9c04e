/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ports of clients at which committed batches are told, and the calls that wait at them.
 */
#pragma once

#include "held.h"
#include "watch.h"

G_BEGIN_DECLS

typedef struct {
    ClusapidWatched watched;
    ClusapidService *service;
    grefcount references;
    HREGBATCHPORT port;
    int descriptor;
    gboolean is_closed;
    ClusapidHeld held;
} ClusapidBatchPort;

/* Takes the port; the last error for NULL. */
ClusapidBatchPort *clusapid_batch_port_new(ClusapidService *service, HREGBATCHPORT port);
void clusapid_batch_port_free(gpointer port);

/* Tells the next batch to a call, or has it wait. */
DWORD clusapid_batch_port_get(ClusapidBatchPort *port, ClusapidCall *call);

/* Ends the calls that wait. */
void clusapid_batch_port_close(ClusapidBatchPort *port);

G_END_DECLS
