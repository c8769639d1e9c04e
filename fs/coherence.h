/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel keeps of a cluster, and the thread that makes it forget what a change touched. It
 * is the only one that sends such notices, since some of them wait for requests that are not yet
 * answered; so nobody waits for it but answers to writes, which it sends itself.
 */
#pragma once

#include "compat.h"
#include "event-text.h"
#include "request.h"

G_BEGIN_DECLS

typedef struct FsCoherence FsCoherence;

/* Begins the thread; NULL if there is none to be had. @cluster NULL: for the root. */
FsCoherence *fs_coherence_new(FsMount *mount, FsCluster *cluster);

/* Sends what waits, and ends; answers are sent at once from then on. Somebody has to read requests
 * meanwhile: a notice may wait for one. */
void fs_coherence_stop(FsCoherence *coherence);

/* After it was stopped. */
void fs_coherence_free(FsCoherence *coherence);

/* How many changes have been told so far, of all clusters. What is asked for after this is at least
 * as new as they are. */
guint fs_coherence_epoch(const FsMount *mount);

/* Something changed: what the kernel has of it is dropped. */
void fs_coherence_take(FsCoherence *coherence, const FsEvent *event);

/* What was told with an answer may have been old when it was sent. */
void fs_coherence_doubt(FsCoherence *coherence, const FsRequest *request, const FsAnswer *answer);

/* Answers a write, of @size bytes, or with @is_write FALSE a close, after everything that was taken
 * before. */
void fs_coherence_reply(FsCoherence *coherence, fuse_req_t req, gboolean is_write, size_t size);

G_END_DECLS
