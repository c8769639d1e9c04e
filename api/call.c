/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The scope of calls on a thread. A scope is reference-counted by its handle, so that another
 * thread can cancel it while it ends.
 */
#include "call.h"

#include <clusapi/linux.h>

#include "error.h"
#include "handle.h"

typedef struct {
    GCancellable *cancellable;
    gint64 deadline; /* 0: may not wait; G_MAXINT64: as the cluster handle says */
    HCLUSCALL handle;
} Scope;

static __thread Scope *thread_scope;
static __thread BOOL thread_no_wait;

static void free_scope(gpointer data)
{
    Scope *scope = data;
    g_object_unref(scope->cancellable);
    g_free(scope);
}

ClCall cl_call_now(guint timeout_ms)
{
    const Scope *scope = thread_scope;
    if (scope != NULL && scope->deadline != G_MAXINT64) {
        return (ClCall){scope->deadline, scope->cancellable};
    }
    if (scope == NULL && thread_no_wait) {
        return (ClCall){0, NULL};
    }
    gint64 deadline = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
    return (ClCall){deadline, scope != NULL ? scope->cancellable : NULL};
}

HCLUSCALL ClusapiBeginCall(DWORD dwMilliseconds)
{
    if (thread_scope != NULL) {
        SetLastError(ERROR_INVALID_STATE);
        return NULL;
    }
    Scope *scope = g_new0(Scope, 1);
    scope->cancellable = g_cancellable_new();
    if (dwMilliseconds == INFINITE) {
        scope->deadline = G_MAXINT64;
    } else if (dwMilliseconds > 0) {
        scope->deadline = g_get_monotonic_time() + (gint64)dwMilliseconds * 1000;
    }
    scope->handle = cl_handle_new(CL_HANDLE_CALL, scope, free_scope);
    if (scope->handle == NULL) {
        free_scope(scope);
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    thread_scope = scope;
    return scope->handle;
}

BOOL ClusapiEndCall(HCLUSCALL hCall)
{
    if (thread_scope == NULL || thread_scope->handle != hCall) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    /* After a fork the child's scope is no longer in the table, but it is still this thread's. */
    if (cl_handle_take(CL_HANDLE_CALL, hCall) != NULL) {
        cl_handle_release(hCall);
    }
    thread_scope = NULL;
    return TRUE;
}

BOOL ClusapiCancelCall(HCLUSCALL hCall)
{
    Scope *scope = cl_handle_acquire(CL_HANDLE_CALL, hCall);
    if (scope == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    g_cancellable_cancel(scope->cancellable);
    cl_handle_release(hCall);
    return TRUE;
}

BOOL ClusapiSetNoWait(BOOL bNoWait)
{
    BOOL before = thread_no_wait;
    thread_no_wait = bNoWait != FALSE;
    return before;
}
