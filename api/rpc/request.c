/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls from their request to their answer, and the handles that clients hold.
 */
#include "server-internal.h"

#include "fault.h"

#include <string.h>

typedef struct {
    gatomicrefcount references;
    guint8 bytes[sizeof(ClContextHandle)];
    guint kind;
    gpointer data;
    GDestroyNotify rundown;
} Context;

struct ClRequest {
    ClPeer *peer; /* a reference */
    const ClMethod *method;
    guint32 call;
    guint16 context;
    guint32 fault;       /* 0: the values are the answer */
    gboolean is_working; /* on a thread, or it was */
    GMutex lock;
    GCancellable *cancellable; /* made when it is asked for; under lock */
    GPtrArray *held;           /* Contexts that it uses; under lock */
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
};

/* --- Context handles ---------------------------------------------------------------------------- */

static void context_unref(gpointer data)
{
    Context *context = data;
    if (g_atomic_ref_count_dec(&context->references)) {
        if (context->rundown) {
            context->rundown(context->data);
        }
        g_free(context);
    }
}

static guint hash_handle(gconstpointer key)
{
    guint64 number;
    memcpy(&number, (const guint8 *)key + 4, sizeof number);
    return (guint)number;
}

static gboolean equal_handles(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(ClContextHandle)) == 0;
}

void cl_peer_init_handles(ClPeer *peer)
{
    peer->handles = g_hash_table_new_full(hash_handle, equal_handles, NULL, context_unref);
    peer->last_handle = (guint64)g_random_int() << 32;
}

void cl_peer_run_down(ClPeer *peer)
{
    g_autoptr(GHashTable) handles = NULL;
    g_mutex_lock(&peer->lock);
    handles = g_steal_pointer(&peer->handles);
    cl_peer_init_handles(peer);
    g_mutex_unlock(&peer->lock);
}

gboolean cl_context_new(ClRequest *request, guint kind, gpointer data, GDestroyNotify rundown,
                        ClContextHandle *ret_handle)
{
    ClPeer *peer = request->peer;
    gboolean room;
    g_mutex_lock(&peer->lock);
    room = g_hash_table_size(peer->handles) < peer->server->limits.handles;
    if (room) {
        Context *context = g_new0(Context, 1);
        guint64 number = GUINT64_TO_LE(++peer->last_handle);
        guint64 salt = (guint64)g_random_int() << 32 | g_random_int();
        g_atomic_ref_count_init(&context->references);
        memcpy(context->bytes + 4, &number, sizeof number);
        memcpy(context->bytes + 12, &salt, sizeof salt);
        context->kind = kind;
        context->data = data;
        context->rundown = rundown;
        g_hash_table_insert(peer->handles, context->bytes, context);
        memcpy(ret_handle->bytes, context->bytes, sizeof ret_handle->bytes);
    }
    g_mutex_unlock(&peer->lock);
    return room;
}

gpointer cl_context_find(ClRequest *request, const ClContextHandle *handle, guint kind,
                         guint *ret_kind)
{
    ClPeer *peer = request->peer;
    g_mutex_lock(&peer->lock);
    Context *context = g_hash_table_lookup(peer->handles, handle->bytes);
    if (context && (kind == 0 || context->kind == kind)) {
        g_atomic_ref_count_inc(&context->references);
    } else {
        context = NULL;
    }
    g_mutex_unlock(&peer->lock);
    if (!context) {
        return NULL;
    }
    g_mutex_lock(&request->lock);
    if (!request->held) {
        request->held = g_ptr_array_new_with_free_func(context_unref);
    }
    g_ptr_array_add(request->held, context);
    g_mutex_unlock(&request->lock);
    if (ret_kind) {
        *ret_kind = context->kind;
    }
    return context->data;
}

gboolean cl_context_close(ClRequest *request, const ClContextHandle *handle, guint kind)
{
    ClPeer *peer = request->peer;
    Context *closed = NULL;
    g_mutex_lock(&peer->lock);
    Context *context = g_hash_table_lookup(peer->handles, handle->bytes);
    if (context && context->kind == kind) {
        g_hash_table_steal(peer->handles, handle->bytes);
        closed = context;
    }
    g_mutex_unlock(&peer->lock);
    if (closed) {
        context_unref(closed);
    }
    return closed != NULL;
}

/* --- Requests ----------------------------------------------------------------------------------- */

ClPeer *cl_request_peer(const ClRequest *request)
{
    return request->peer;
}

const ClMethod *cl_request_method(const ClRequest *request)
{
    return request->method;
}

ClNdrValue *cl_request_values(ClRequest *request)
{
    return request->values;
}

GCancellable *cl_request_cancellable(ClRequest *request)
{
    g_mutex_lock(&request->lock);
    if (!request->cancellable) {
        request->cancellable = g_cancellable_new();
    }
    g_mutex_unlock(&request->lock);
    return request->cancellable;
}

/* What one thread wrote another one is about to read, or has been given to read. The queues between
 * them see to that, too, but of these sanitizers know nothing. */
static void hand_over(ClRequest *request)
{
    g_mutex_lock(&request->lock);
    g_mutex_unlock(&request->lock);
}

static void request_free(ClRequest *request)
{
    cl_ndr_clear(request->values, request->method->n_parameters);
    g_clear_pointer(&request->held, g_ptr_array_unref);
    g_clear_object(&request->cancellable);
    g_mutex_clear(&request->lock);
    cl_peer_unref(request->peer);
    g_free(request);
}

static void send_fault(ClPeer *peer, guint32 call, guint16 context, guint32 code, gboolean executed)
{
    const ClPdu pdu = {
        .header = {.type = CL_PDU_FAULT,
                   .flags = CL_PDU_FIRST | CL_PDU_LAST | (executed ? 0 : CL_PDU_DID_NOT_EXECUTE),
                   .call = call},
        .context = context,
        .status = cl_fault_from_win32(code)};
    cl_pdu_append(peer->output, &pdu, NULL);
}

static gboolean send_answer(ClRequest *request, GError **error)
{
    const ClPdu pdu = {.header = {.type = CL_PDU_RESPONSE, .call = request->call},
                       .context = request->context};
    g_autoptr(GByteArray) stub = g_byte_array_new();
    return cl_ndr_encode(request->method->parameters, request->method->n_parameters, TRUE,
                         request->values, stub, error) &&
           cl_wire_put(request->peer->wire, &pdu, stub->data, stub->len, request->peer->output,
                       error);
}

void cl_request_finish(ClRequest *request)
{
    ClPeer *peer = request->peer;
    g_autoptr(GError) error = NULL;
    g_hash_table_remove(peer->calls, GUINT_TO_POINTER(request->call));
    if (peer->socket && request->fault == 0 && !send_answer(request, &error)) {
        g_debug("%s cannot be answered: %s", request->method->name, error->message);
        request->fault = (guint32)error->code;
    }
    if (peer->has_expired && request->fault == ERROR_OPERATION_ABORTED) {
        request->fault = RPC_S_SEC_PKG_ERROR;
    }
    if (peer->socket && request->fault != 0) {
        send_fault(peer, request->call, request->context, request->fault, TRUE);
    }
    if (peer->socket) {
        peer->since = g_get_monotonic_time();
        cl_peer_go_on(peer);
    }
    request_free(request);
}

static void answer(ClRequest *request)
{
    ClServer *server = request->peer->server;
    if (g_main_context_is_owner(server->context)) {
        cl_request_finish(request);
    } else {
        hand_over(request);
        g_async_queue_push(server->answered, request);
        g_source_set_ready_time(server->wake, 0);
    }
}

void cl_request_take_back(ClRequest *request)
{
    hand_over(request);
}

void cl_request_reply(ClRequest *request)
{
    answer(request);
}

void cl_request_fail(ClRequest *request, guint32 code)
{
    request->fault = code;
    answer(request);
}

void cl_request_work(gpointer data, gpointer user_data)
{
    ClRequest *request = data;
    ClServer *server = user_data;
    hand_over(request);
    if (!server->service.call(request, TRUE, server->user_data)) {
        cl_request_fail(request, ERROR_INTERNAL_ERROR);
    }
}

static guint32 why_not(const ClPeer *peer, const ClMessage *message, const ClMethod *method)
{
    if (peer->state != CL_PEER_BOUND) {
        return ERROR_ACCESS_DENIED;
    }
    if (message->pdu.context >= 64 || !(peer->contexts >> message->pdu.context & 1)) {
        return RPC_S_UNKNOWN_IF;
    }
    if (g_hash_table_contains(peer->calls, GUINT_TO_POINTER(message->pdu.header.call))) {
        return RPC_S_PROTOCOL_ERROR;
    }
    /* What was received last is this. */
    if (peer->since >= peer->expires) {
        return RPC_S_SEC_PKG_ERROR;
    }
    return method ? ERROR_SUCCESS : RPC_S_PROCNUM_OUT_OF_RANGE;
}

void cl_request_begin(ClPeer *peer, const ClMessage *message)
{
    const ClMethod *method = peer->options->interface->method(message->pdu.opnum);
    guint32 call = message->pdu.header.call;
    guint32 code = why_not(peer, message, method);
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
    g_autoptr(GError) error = NULL;
    if (code == ERROR_SUCCESS &&
        !cl_ndr_decode(method->parameters, method->n_parameters, FALSE, message->stub->data,
                       message->stub->len, values, &error)) {
        g_debug("%s: %s", method->name, error->message);
        code = (guint32)error->code;
        cl_ndr_clear(values, method->n_parameters);
    }
    if (code != ERROR_SUCCESS) {
        send_fault(peer, call, message->pdu.context, code, FALSE);
        return;
    }
    ClRequest *request = g_new0(ClRequest, 1);
    request->peer = peer;
    request->method = method;
    request->call = call;
    request->context = message->pdu.context;
    memcpy(request->values, values, sizeof values);
    g_mutex_init(&request->lock);
    cl_peer_ref(peer);
    g_hash_table_insert(peer->calls, GUINT_TO_POINTER(call), request);
    if (!peer->server->service.call(request, FALSE, peer->server->user_data)) {
        request->is_working = TRUE;
        hand_over(request);
        g_thread_pool_push(peer->server->workers, request, NULL);
    }
}

void cl_request_cancel(ClPeer *peer, guint32 call)
{
    ClRequest *request = g_hash_table_lookup(peer->calls, GUINT_TO_POINTER(call));
    if (request) {
        g_cancellable_cancel(cl_request_cancellable(request));
    }
}

/* What works has begun in time. */
void cl_request_expire(ClPeer *peer, guint32 call)
{
    const ClRequest *request = g_hash_table_lookup(peer->calls, GUINT_TO_POINTER(call));
    if (request && !request->is_working) {
        cl_request_cancel(peer, call);
    }
}
