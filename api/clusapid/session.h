/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster that is served, and what the service keeps of it. All clients of one role share one
 * handle of it: their own handles are the engine's, each with an object that was opened from there.
 */
#pragma once

#include "call.h"
#include "watch.h"

G_BEGIN_DECLS

/* The cluster as one role has it open; by the first call that needs it. */
typedef struct {
    HCLUSTER handle; /* atomic */
    DWORD granted;
    DWORD code; /* how the last try ended */
    guint n_tries;
    gboolean is_opening;
} ClusapidCluster;

struct ClusapidService {
    LPWSTR cluster; /* NULL: that of this host */
    ClusapidRole (*role)(ClPeer *peer, gpointer role_data);
    gpointer role_data;
    GMainContext *context;
    GMutex lock;  /* guards clusters, which are opened without it */
    GCond opened; /* or not: a try is over */
    ClusapidCluster clusters[CLUSAPID_ADMINISTRATOR + 1]; /* by role */
    ClusapidWatch *watch;
    ClusapidMethod methods[256];
};

void clusapid_close_clusters(ClusapidService *service);

G_END_DECLS
