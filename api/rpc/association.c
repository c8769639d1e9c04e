/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who waits for an answer reads, one at a time, for everybody: each message goes to the call that it
 * belongs to, and the others are woken. The thread of begun calls reads when nobody else does.
 *
 * Requests are protected and sent one at a time, so that they arrive in the order of their protection;
 * whose turn it is is waited for no longer than the call may take. No call into the network with the
 * lock held.
 */
#include "association-internal.h"

#include "dial.h"
#include "fault.h"

#include <poll.h>
#include <string.h>

#define STUB_MAX   (64 * 1024 * 1024)
#define CALLS_MAX  1024
#define FIRST_CALL 2 /* the bind is 1 */
/* As long as one poll may take. */
#define WAIT_MAX_US (G_MAXINT * G_TIME_SPAN_MILLISECOND)
/* The rest of a PDU that has begun comes at once, or its sender is of no use. */
#define STALL_US (250 * G_TIME_SPAN_MILLISECOND)

typedef struct {
    guint32 number;
    const ClMethod *method;
    ClNdrValue *values;
    ClMessage *answer;
    GError *error;
    gboolean done;
    ClAnswered answered; /* NULL: somebody waits for it */
    gpointer user_data;
} Call;

static void call_clear(Call *call)
{
    g_clear_pointer(&call->answer, cl_message_free);
    g_clear_error(&call->error);
}

/* --- Waiting ------------------------------------------------------------------------------------ */

/* With the lock held: wakes who waits for something to change. */
static void wake_all(ClAssociation *association)
{
    if (association->waiters > 0) {
        g_cond_broadcast(&association->changed);
    }
}

/* With the lock held: somebody else reads, or sends. */
static gboolean wait_for_change(ClAssociation *association, const ClCall *call, GError **error)
{
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    /* A cancellation wakes nobody here; it is looked for often enough. */
    gint64 until = call->deadline;
    if (call->cancellable) {
        until = MIN(until, g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND);
    }
    association->waiters++;
    g_cond_wait_until(&association->changed, &association->lock, until);
    association->waiters--;
    return TRUE;
}

/* --- Sending ------------------------------------------------------------------------------------ */

gboolean cl_association_wait(ClAssociation *association, GIOCondition condition, const ClCall *call,
                             GError **error)
{
    gint64 rest = call->deadline - g_get_monotonic_time();
    gint64 limit = call->deadline == G_MAXINT64 ? -1 : CLAMP(rest, 0, WAIT_MAX_US);
    g_autoptr(GError) failed = NULL;
    if (g_socket_condition_timed_wait(association->socket, condition, limit, call->cancellable,
                                      &failed)) {
        return TRUE;
    }
    if (g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
        return cl_fail(error, ERROR_TIMEOUT, "the server does not answer");
    }
    if (g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        return cl_fail(error, ERROR_OPERATION_ABORTED, "cancelled");
    }
    return cl_fail(error, RPC_S_CALL_FAILED, "%s", failed->message);
}

gboolean cl_association_send(ClAssociation *association, const GByteArray *out, const ClCall *call,
                             gsize *ret_sent, GError **error)
{
    *ret_sent = 0;
    while (*ret_sent < out->len) {
        g_autoptr(GError) failed = NULL;
        gssize sent =
            g_socket_send_with_blocking(association->socket, (const char *)out->data + *ret_sent,
                                        out->len - *ret_sent, FALSE, NULL, &failed);
        if (sent > 0) {
            *ret_sent += (gsize)sent;
        } else if (!g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
            return cl_fail(error, RPC_S_CALL_FAILED_DNE, "%s",
                           failed ? failed->message : "nothing was sent");
        } else if (!cl_association_wait(association, G_IO_OUT, call, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Being broken ------------------------------------------------------------------------------- */

static void finish_call(ClAssociation *association, Call *call)
{
    g_hash_table_remove(association->calls, GUINT_TO_POINTER(call->number));
    call->done = TRUE;
    if (call->answered) {
        g_queue_push_tail(&association->answered, call);
    }
}

/* With the lock held: every call has failed. Takes @error. */
static void break_locked(ClAssociation *association, GError *error)
{
    g_autoptr(GList) calls = g_hash_table_get_values(association->calls);
    if (association->broken) {
        g_error_free(error);
    } else {
        association->broken = error;
    }
    for (const GList *each = calls; each; each = each->next) {
        Call *call = each->data;
        call->error = g_error_new(CL_ERROR, RPC_S_CALL_FAILED, "the connection is lost: %s",
                                  association->broken->message);
        finish_call(association, call);
    }
    (void)g_socket_shutdown(association->socket, TRUE, TRUE, NULL);
    wake_all(association);
}

static void break_off(ClAssociation *association, GError *error)
{
    g_mutex_lock(&association->lock);
    break_locked(association, error);
    g_mutex_unlock(&association->lock);
}

gboolean cl_association_is_broken(ClAssociation *association)
{
    g_mutex_lock(&association->lock);
    gboolean broken = association->broken != NULL;
    g_mutex_unlock(&association->lock);
    return broken;
}

gboolean cl_association_is_there(ClAssociation *association)
{
    /* Its end, and errors, are told of without being asked for. */
    struct pollfd end = {.fd = g_socket_get_fd(association->socket)};
    return !cl_association_is_broken(association) && poll(&end, 1, 0) == 0;
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* AUTH3 has no answer of its own. To some servers what follows one that they refused is no part of the
 * protocol; others deny access, for which there may be another reason. */
static void end_logon(ClAssociation *association, ClMessage *message)
{
    ClPdu *pdu = &message->pdu;
    if (pdu->header.type == CL_PDU_FAULT && pdu->status == CL_FAULT_PROTOCOL) {
        pdu->status = ERROR_LOGON_FAILURE;
    }
    association->in_doubt = FALSE;
}

/* With the lock held; takes the message. A server that answers what nobody asked may have mixed up
 * all of its answers. That it would like to close shows when it does. */
static gboolean deliver(ClAssociation *association, ClMessage *message, GError **error)
{
    g_autoptr(ClMessage) mine = message;
    if (association->in_doubt) {
        end_logon(association, message);
    }
    gpointer number = GUINT_TO_POINTER(message->pdu.header.call);
    guint8 type = message->pdu.header.type;
    if (type == CL_PDU_SHUTDOWN) {
        return TRUE;
    }
    if (type != CL_PDU_RESPONSE && type != CL_PDU_FAULT) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "a PDU of type %u that has no place here",
                       type);
    }
    if (g_hash_table_remove(association->left, number)) {
        return TRUE;
    }
    Call *call = g_hash_table_lookup(association->calls, number);
    if (!call) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "an answer to a call that there is not");
    }
    if (type == CL_PDU_RESPONSE && message->pdu.context != CL_ASSOCIATION_CONTEXT) {
        return cl_fail(error, RPC_S_PROTOCOL_ERROR, "an answer in a context that there is not");
    }
    call->answer = g_steal_pointer(&mine);
    finish_call(association, call);
    return TRUE;
}

/* Takes what came and gives it to whom it belongs; an error ends the association. */
static gboolean take(ClAssociation *association, gsize size, GError **error)
{
    ClWire *wire = association->wire;
    gboolean ok = TRUE;
    ClMessage *message = NULL;
    g_mutex_lock(&association->lock);
    gboolean had_part = cl_wire_has_part(wire);
    guint64 n_pdus = cl_wire_n_pdus(wire);
    cl_wire_take(wire, association->buffer, size);
    do {
        ok = cl_wire_next(wire, &message, error) &&
             (!message || deliver(association, message, error));
    } while (ok && message);
    if (!had_part || cl_wire_n_pdus(wire) != n_pdus) {
        association->progress = g_get_monotonic_time();
    }
    g_mutex_unlock(&association->lock);
    return ok;
}

/* Reads once. FALSE: nothing was read in time, with the reason, or the association is broken. */
static gboolean read_once(ClAssociation *association, const ClCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    if (!cl_association_wait(association, G_IO_IN, call, error)) {
        return FALSE;
    }
    gssize size = g_socket_receive_with_blocking(association->socket, (char *)association->buffer,
                                                 CL_ASSOCIATION_BUFFER, FALSE, NULL, &failed);
    if (size < 0 && g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
        return TRUE;
    }
    if (size <= 0) {
        return cl_fail(error, RPC_S_CALL_FAILED, "%s",
                       size == 0 ? "the server closed the connection" : failed->message);
    }
    return take(association, (gsize)size, error);
}

static gboolean is_patience(const GError *error)
{
    return g_error_matches(error, CL_ERROR, ERROR_TIMEOUT) ||
           g_error_matches(error, CL_ERROR, ERROR_OPERATION_ABORTED);
}

/* With the lock held, which it gives up meanwhile: reads, as the one that does. Patience that is
 * over is the caller's error, all else breaks the association. */
static gboolean read_as_one(ClAssociation *association, const ClCall *call, GError **error)
{
    g_autoptr(GError) failed = NULL;
    association->reading = TRUE;
    g_mutex_unlock(&association->lock);
    gboolean ok = read_once(association, call, &failed);
    g_mutex_lock(&association->lock);
    association->reading = FALSE;
    wake_all(association);
    if (!ok && !is_patience(failed)) {
        break_locked(association, g_steal_pointer(&failed));
        return TRUE;
    }
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&failed));
    }
    return ok;
}

/* --- Calls -------------------------------------------------------------------------------------- */

/* What makes no sense may have been another call's, so the next one is not trusted either. */
static gboolean decode(ClAssociation *association, const Call *call, GError **error)
{
    const ClMessage *answer = call->answer;
    GError *failed = NULL;
    if (call->error) {
        g_propagate_error(error, g_error_copy(call->error));
        return FALSE;
    }
    if (answer->pdu.header.type == CL_PDU_FAULT) {
        return cl_fail(error, cl_win32_from_fault(answer->pdu.status), "%s: fault 0x%08x",
                       call->method->name, answer->pdu.status);
    }
    if (cl_ndr_decode(call->method->parameters, call->method->n_parameters, TRUE,
                      answer->stub->data, answer->stub->len, call->values, &failed)) {
        return TRUE;
    }
    break_off(association, g_error_copy(failed));
    g_propagate_error(error, failed);
    return FALSE;
}

static gboolean take_turn(ClAssociation *association, const ClCall *call, GError **error)
{
    gboolean ok = TRUE;
    g_mutex_lock(&association->lock);
    while (ok && association->writing) {
        ok = wait_for_change(association, call, error);
    }
    association->writing = association->writing || ok;
    g_mutex_unlock(&association->lock);
    return ok;
}

static void end_turn(ClAssociation *association)
{
    g_mutex_lock(&association->lock);
    association->writing = FALSE;
    wake_all(association);
    g_mutex_unlock(&association->lock);
}

/* As far as that is possible at once. */
static void send_orphaned(ClAssociation *association, guint32 number)
{
    const ClCall now = {0};
    const ClPdu pdu = {
        .header = {.type = CL_PDU_ORPHANED, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = number}};
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    gsize sent;
    cl_pdu_append(out, &pdu, NULL);
    if (!take_turn(association, &now, NULL)) {
        return;
    }
    gboolean ok = cl_association_send(association, out, &now, &sent, &error);
    if (!ok && sent > 0) {
        break_off(association, g_steal_pointer(&error));
    }
    end_turn(association);
}

/* In its turn: numbers the call and makes its PDUs. */
static gboolean enter(ClAssociation *association, Call *call, const GByteArray *stub,
                      GByteArray *out, GError **error)
{
    gboolean ok = FALSE;
    g_mutex_lock(&association->lock);
    if (association->broken) {
        cl_fail(error, RPC_S_CALL_FAILED_DNE, "the connection is lost: %s",
                association->broken->message);
    } else if (g_hash_table_size(association->calls) + g_hash_table_size(association->left) >=
               CALLS_MAX) {
        cl_fail(error, RPC_S_SERVER_TOO_BUSY, "too many calls at once");
    } else {
        do {
            call->number = association->last_call++;
        } while (g_hash_table_contains(association->calls, GUINT_TO_POINTER(call->number)));
        const ClPdu pdu = {.header = {.type = CL_PDU_REQUEST, .call = call->number},
                           .context = CL_ASSOCIATION_CONTEXT,
                           .opnum = call->method->opnum};
        ok = cl_wire_put(association->wire, &pdu, stub->data, stub->len, out, error);
        if (ok) {
            g_hash_table_insert(association->calls, GUINT_TO_POINTER(call->number), call);
        }
    }
    g_mutex_unlock(&association->lock);
    return ok;
}

/* The call is no more among those that are answered. FALSE if it was answered before. */
static gboolean leave(ClAssociation *association, Call *call)
{
    g_mutex_lock(&association->lock);
    gboolean left = g_hash_table_remove(association->calls, GUINT_TO_POINTER(call->number));
    g_mutex_unlock(&association->lock);
    return left;
}

/* A request that went out in part can neither be completed nor taken back, and one that was protected
 * has its place in the order. */
static gboolean give_up(ClAssociation *association, Call *call, gsize sent, GError *failed,
                        GError **error)
{
    gboolean left = leave(association, call);
    if (sent > 0 || association->security || !is_patience(failed)) {
        break_off(association, g_error_copy(failed));
    }
    if (!left) {
        /* Whoever broke the association has finished it, which is told in the usual way. */
        g_error_free(failed);
        return TRUE;
    }
    g_propagate_error(error, failed);
    return FALSE;
}

static gboolean send_call(ClAssociation *association, Call *call, const ClCall *limits,
                          GError **error)
{
    g_autoptr(GByteArray) stub = g_byte_array_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    GError *failed = NULL;
    gsize sent = 0;
    if (!cl_call_may_wait(limits, error) ||
        !cl_ndr_encode(call->method->parameters, call->method->n_parameters, FALSE, call->values,
                       stub, error) ||
        !take_turn(association, limits, error)) {
        return FALSE;
    }
    gboolean ok = enter(association, call, stub, out, error);
    if (ok && !cl_association_send(association, out, limits, &sent, &failed)) {
        ok = give_up(association, call, sent, failed, error);
    }
    end_turn(association);
    return ok;
}

/* With the lock held: what comes is late, and comes too slowly for anybody. */
static gboolean is_stalled(const ClAssociation *association)
{
    return cl_wire_has_part(association->wire) &&
           g_get_monotonic_time() - association->progress >= STALL_US;
}

/* With the lock held: nobody waits for it any more. */
static void give_up_waiting(ClAssociation *association, const Call *call)
{
    g_hash_table_remove(association->calls, GUINT_TO_POINTER(call->number));
    g_hash_table_add(association->left, GUINT_TO_POINTER(call->number));
    if (is_stalled(association)) {
        break_locked(association, g_error_new(CL_ERROR, RPC_S_CALL_FAILED,
                                              "the server stops in the middle of a PDU"));
    }
}

static gboolean await(ClAssociation *association, Call *call, const ClCall *limits, GError **error)
{
    gboolean ok = TRUE;
    g_mutex_lock(&association->lock);
    while (ok && !call->done) {
        ok = association->reading ? wait_for_change(association, limits, error)
                                  : read_as_one(association, limits, error);
    }
    if (!ok && call->done) {
        g_clear_error(error);
        ok = TRUE;
    }
    if (!ok) {
        give_up_waiting(association, call);
    }
    g_mutex_unlock(&association->lock);
    return ok;
}

gboolean cl_association_call(ClAssociation *association, const ClMethod *method, ClNdrValue *values,
                             const ClCall *call, GError **error)
{
    Call mine = {.method = method, .values = values};
    if (!send_call(association, &mine, call, error)) {
        return FALSE;
    }
    gboolean ok = await(association, &mine, call, error);
    if (!ok) {
        send_orphaned(association, mine.number);
    }
    ok = ok && decode(association, &mine, error);
    call_clear(&mine);
    return ok;
}

/* --- Begun calls -------------------------------------------------------------------------------- */

static void answer(ClAssociation *association, Call *call)
{
    g_autoptr(GError) error = NULL;
    (void)decode(association, call, &error);
    call->answered(error, call->user_data);
    call_clear(call);
    g_free(call);
}

static void *run(void *data)
{
    ClAssociation *association = data;
    /* What ends or breaks it wakes who reads. */
    const ClCall limits = {G_MAXINT64, association->wake};
    g_mutex_lock(&association->lock);
    while (!association->closing || !g_queue_is_empty(&association->answered)) {
        Call *call = g_queue_pop_head(&association->answered);
        if (call) {
            g_mutex_unlock(&association->lock);
            answer(association, call);
            g_mutex_lock(&association->lock);
        } else if (association->reading || association->broken) {
            association->waiters++;
            g_cond_wait(&association->changed, &association->lock);
            association->waiters--;
        } else {
            (void)read_as_one(association, &limits, NULL);
        }
    }
    g_mutex_unlock(&association->lock);
    return NULL;
}

static gboolean ensure_thread(ClAssociation *association, GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_mutex_lock(&association->lock);
    if (!association->thread) {
        association->thread = g_thread_try_new("clusapi-rpc", run, association, &failed);
    }
    g_mutex_unlock(&association->lock);
    return !failed || cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "%s", failed->message);
}

gboolean cl_association_begin(ClAssociation *association, const ClMethod *method,
                              ClNdrValue *values, ClAnswered answered, gpointer user_data,
                              const ClCall *call, GError **error)
{
    Call *begun = g_new0(Call, 1);
    *begun =
        (Call){.method = method, .values = values, .answered = answered, .user_data = user_data};
    /* That it could not be sent may be told by the thread already, then it is begun. */
    if (!ensure_thread(association, error)) {
        g_free(begun);
        return FALSE;
    }
    if (!send_call(association, begun, call, error)) {
        g_free(begun);
        return FALSE;
    }
    return TRUE;
}

/* --- Beginning and end -------------------------------------------------------------------------- */

static ClAssociation *association_new(GSocket *socket)
{
    const ClWireLimits limits = {STUB_MAX, CALLS_MAX};
    ClAssociation *association = g_new0(ClAssociation, 1);
    association->socket = socket;
    association->wire = cl_wire_new(&limits);
    cl_wire_set_sizes(association->wire, CL_PDU_SIZE_MIN, CL_PDU_SIZE_MAX);
    association->calls = g_hash_table_new(NULL, NULL);
    association->left = g_hash_table_new(NULL, NULL);
    association->last_call = FIRST_CALL;
    association->wake = g_cancellable_new();
    association->buffer = g_malloc(CL_ASSOCIATION_BUFFER);
    g_queue_init(&association->answered);
    g_mutex_init(&association->lock);
    g_cond_init(&association->changed);
    return association;
}

/* No call was made on it yet, so none can have failed. */
static void say_unavailable(GError *error)
{
    if (g_error_matches(error, CL_ERROR, RPC_S_CALL_FAILED) ||
        g_error_matches(error, CL_ERROR, RPC_S_CALL_FAILED_DNE)) {
        error->code = RPC_S_SERVER_UNAVAILABLE;
    }
}

ClAssociation *cl_association_open(const ClEndpoint *endpoint, const ClCall *call, GError **error)
{
    GError *failed = NULL;
    GSocket *socket = cl_dial(endpoint, call, &failed);
    g_autoptr(ClAssociation) association = socket ? association_new(socket) : NULL;
    if (association && cl_association_bind(association, endpoint, call, &failed)) {
        return g_steal_pointer(&association);
    }
    say_unavailable(failed);
    g_propagate_error(error, failed);
    return NULL;
}

void cl_association_close(ClAssociation *association)
{
    g_mutex_lock(&association->lock);
    association->closing = TRUE;
    break_locked(association, g_error_new(CL_ERROR, RPC_S_CALL_FAILED, "closed"));
    g_mutex_unlock(&association->lock);
    g_cancellable_cancel(association->wake);
    if (association->thread) {
        g_thread_join(association->thread);
    }
    g_object_unref(association->socket);
    g_object_unref(association->wake);
    g_clear_pointer(&association->security, cl_security_free);
    g_clear_error(&association->broken);
    g_hash_table_unref(association->calls);
    g_hash_table_unref(association->left);
    cl_wire_free(association->wire);
    g_mutex_clear(&association->lock);
    g_cond_clear(&association->changed);
    g_free(association->buffer);
    g_free(association);
}
