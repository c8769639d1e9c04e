/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "held.h"

typedef struct {
    ClusapidHeld *held;
    ClRequest *request;
    gulong handler;
} Waiter;

static void remove_waiter(ClusapidHeld *held, Waiter *waiter)
{
    g_queue_remove(&held->calls, waiter);
    if (held->calls.length == 0) {
        held->emptied(held->owner);
    }
}

/* The waiter ends with the cancellable, which ends with its request. */
static void on_cancelled(G_GNUC_UNUSED GCancellable *cancellable, gpointer user_data)
{
    Waiter *waiter = user_data;
    remove_waiter(waiter->held, waiter);
    cl_request_fail(waiter->request, ERROR_OPERATION_ABORTED);
}

DWORD clusapid_hold(ClusapidHeld *held, ClusapidCall *call)
{
    GCancellable *cancellable = cl_request_cancellable(call->request);
    if (g_cancellable_is_cancelled(cancellable)) {
        call->fault = ERROR_OPERATION_ABORTED;
        return ERROR_OPERATION_ABORTED;
    }
    Waiter *waiter = g_new0(Waiter, 1);
    waiter->held = held;
    waiter->request = call->request;
    waiter->handler = g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), waiter, g_free);
    g_queue_push_tail(&held->calls, waiter);
    call->is_held = TRUE;
    return ERROR_SUCCESS;
}

ClRequest *clusapid_held_first(const ClusapidHeld *held)
{
    const Waiter *waiter = g_queue_peek_head((GQueue *)&held->calls);
    return waiter ? waiter->request : NULL;
}

void clusapid_held_answer(ClusapidHeld *held, DWORD status)
{
    Waiter *waiter = g_queue_peek_head(&held->calls);
    ClRequest *request = waiter->request;
    remove_waiter(held, waiter);
    /* Frees the waiter. */
    g_cancellable_disconnect(cl_request_cancellable(request), waiter->handler);
    cl_request_values(request)[cl_request_method(request)->n_parameters - 1].number = status;
    cl_request_reply(request);
}

void clusapid_held_end(ClusapidHeld *held, DWORD status)
{
    while (clusapid_held_first(held) != NULL) {
        clusapid_held_answer(held, status);
    }
}
