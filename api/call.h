/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One call of a public function as the back ends see it: until when it may take, and what cancels
 * it. Both come from the calling thread's HCLUSCALL if it has begun one, else from the cluster
 * handle.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
    gint64 deadline;           /* g_get_monotonic_time(); 0: may not wait at all */
    GCancellable *cancellable; /* borrowed, NULL: cannot be cancelled */
} ClCall;

/* The call that this thread is about to make on a handle whose own time limit is @timeout_ms. */
ClCall cl_call_now(guint timeout_ms);

/* TRUE while the call may go on waiting; else sets ERROR_TIMEOUT or ERROR_OPERATION_ABORTED. */
gboolean cl_call_may_wait(const ClCall *call, GError **error);

G_END_DECLS
