/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a call may go on. Apart from call.c, since what serves clusters has this of its own, but
 * must not have thread scopes beside those of the library.
 */
#include "call.h"

#include "error.h"

gboolean cl_call_may_wait(const ClCall *call, GError **error)
{
    if (call->cancellable != NULL && g_cancellable_is_cancelled(call->cancellable)) {
        return cl_fail(error, ERROR_OPERATION_ABORTED, "the call was cancelled");
    }
    if (call->deadline == 0 || g_get_monotonic_time() >= call->deadline) {
        return cl_fail(error, ERROR_TIMEOUT, "the call would take longer than it may");
    }
    return TRUE;
}
