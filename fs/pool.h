/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that have to wait. Each cluster has a bounded number of threads of its own, so that one
 * that hangs takes none from the others; each request is answered exactly once: by its thread, or,
 * if that does not come back, by its deadline or by an interrupt.
 */
#pragma once

#include "request.h"

G_BEGIN_DECLS

FsPool *fs_pool_new(FsMount *mount);

/* Cancels what is still under way and waits a moment for it. FALSE if some thread did not come
 * back, and then nothing that it may use must be freed. */
gboolean fs_pool_stop(FsPool *pool);

/* After a stop that returned TRUE. */
void fs_pool_free(FsPool *pool);

/* The following are for the thread that reads requests only. */

/* Takes over a request, which will be answered. The handler has said whose it is. */
void fs_pool_take(FsPool *pool, fuse_req_t req, const FsRequest *request);

/* When the first deadline passes, by g_get_monotonic_time(); G_MAXINT64 if nothing is waiting. */
gint64 fs_pool_deadline(FsPool *pool);

/* Answers what is past its deadline. */
void fs_pool_expire(FsPool *pool);

G_END_DECLS
