/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-server.h"

#include "../api/fixture.h"

#include <string.h>

typedef struct {
    gatomicrefcount references;
    ClContextHandle handle;
    guint kind;
    gpointer data;
    GDestroyNotify rundown;
} Context;

struct ClPeer {
    gpointer data;
    ClusapidRole role;
    gboolean owns_service;
    GMutex lock;
    GPtrArray *contexts; /* under lock */
    guint limit;
    guint8 last;
    GPtrArray *requests;
};

struct ClRequest {
    ClPeer *peer;
    FakeCall *call; /* NULL: nobody looks at it any more */
    const ClMethod *method;
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX];
    GByteArray *stub;
    GCancellable *cancellable;
    GPtrArray *held;
};

/* --- Handles ------------------------------------------------------------------------------------ */

static void context_unref(gpointer data)
{
    Context *context = data;
    if (g_atomic_ref_count_dec(&context->references)) {
        context->rundown(context->data);
        g_free(context);
    }
}

static Context *find(const ClPeer *peer, const ClContextHandle *handle)
{
    for (guint i = 0; i < peer->contexts->len; i++) {
        Context *context = peer->contexts->pdata[i];
        if (memcmp(&context->handle, handle, sizeof *handle) == 0) {
            return context;
        }
    }
    return NULL;
}

gboolean cl_context_new(ClRequest *request, guint kind, gpointer data, GDestroyNotify rundown,
                        ClContextHandle *ret_handle)
{
    ClPeer *peer = request->peer;
    g_assert_nonnull(data);
    g_mutex_lock(&peer->lock);
    gboolean room = peer->contexts->len < peer->limit;
    if (room) {
        Context *context = g_new0(Context, 1);
        *context = (Context){.kind = kind, .data = data, .rundown = rundown};
        g_atomic_ref_count_init(&context->references);
        context->handle.bytes[4] = ++peer->last;
        *ret_handle = context->handle;
        g_ptr_array_add(peer->contexts, context);
    }
    g_mutex_unlock(&peer->lock);
    return room;
}

gpointer cl_context_find(ClRequest *request, const ClContextHandle *handle, guint kind,
                         guint *ret_kind)
{
    g_mutex_lock(&request->peer->lock);
    Context *context = find(request->peer, handle);
    if (context && (kind == 0 || context->kind == kind)) {
        g_atomic_ref_count_inc(&context->references);
        g_ptr_array_add(request->held, context);
    } else {
        context = NULL;
    }
    g_mutex_unlock(&request->peer->lock);
    if (context && ret_kind) {
        *ret_kind = context->kind;
    }
    return context ? context->data : NULL;
}

gboolean cl_context_close(ClRequest *request, const ClContextHandle *handle, guint kind)
{
    g_mutex_lock(&request->peer->lock);
    Context *context = find(request->peer, handle);
    if (context && context->kind == kind) {
        guint index = 0;
        g_assert_true(g_ptr_array_find(request->peer->contexts, context, &index));
        (void)g_ptr_array_steal_index(request->peer->contexts, index);
    } else {
        context = NULL;
    }
    g_mutex_unlock(&request->peer->lock);
    if (context) {
        context_unref(context);
    }
    return context != NULL;
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
    return request->cancellable;
}

gpointer cl_peer_data(const ClPeer *peer)
{
    return peer->data;
}

void cl_peer_set_data(ClPeer *peer, gpointer data)
{
    peer->data = data;
}

/* All of them are root's. */
gboolean cl_peer_is_local(const ClPeer *peer)
{
    (void)peer;
    return TRUE;
}

uid_t cl_peer_uid(const ClPeer *peer)
{
    (void)peer;
    return 0;
}

const char *cl_peer_name(const ClPeer *peer)
{
    (void)peer;
    return NULL;
}

/* Over the bytes, which it returns, so that every answer is one that can be sent and read. */
static GByteArray *recode(const ClMethod *method, gboolean out, ClNdrValue *from, ClNdrValue *to)
{
    GByteArray *stub = g_byte_array_new();
    g_autoptr(GError) error = NULL;
    (void)cl_ndr_encode(method->parameters, method->n_parameters, out, from, stub, &error);
    g_assert_no_error(error);
    /* Where a count that went in is not one of the answer. */
    for (guint i = 0; i < method->n_parameters; i++) {
        to[i].number = from[i].number;
    }
    (void)cl_ndr_decode(method->parameters, method->n_parameters, out, stub->data, stub->len, to,
                        &error);
    g_assert_no_error(error);
    return stub;
}

static guint status_index(const ClMethod *method)
{
    const ClNdrMember *last = &method->parameters[method->n_parameters - 1];
    if (last->type != CL_NDR_HANDLE) {
        return method->n_parameters - 1;
    }
    return method->n_parameters - (g_str_has_prefix(method->name, "OpenCluster") ? 2 : 3);
}

/* Where $RPC_RECORD_DIR is set, of each method the call that went best and is the largest, for others
 * to judge. */
static void record(const FakeCall *call, const GByteArray *in, const GByteArray *out)
{
    static struct {
        gboolean succeeded;
        gsize size;
    } best[256];
    const char *directory = g_getenv("RPC_RECORD_DIR");
    const GByteArray *stubs[] = {in, out};
    const char *const endings[] = {"in", "out"};
    gboolean succeeded = call->values[status_index(call->method)].number == ERROR_SUCCESS;
    gsize size = in->len + out->len, *of = &best[call->method->opnum].size;
    if (directory == NULL || best[call->method->opnum].succeeded > succeeded ||
        (best[call->method->opnum].succeeded == succeeded && *of >= size)) {
        return;
    }
    best[call->method->opnum].succeeded = succeeded;
    *of = size;
    for (gsize i = 0; i < G_N_ELEMENTS(stubs); i++) {
        g_autofree char *path =
            g_strdup_printf("%s/%s.%s", directory, call->method->name, endings[i]);
        g_autoptr(GError) error = NULL;
        (void)g_file_set_contents(path, (const char *)stubs[i]->data, stubs[i]->len, &error);
        g_assert_no_error(error);
    }
}

static void finish(ClRequest *request, guint32 fault)
{
    FakeCall *call = request->call;
    if (call != NULL) {
        if (fault == 0) {
            g_autoptr(GByteArray) out =
                recode(request->method, TRUE, request->values, call->values);
            record(call, request->stub, out);
        }
        call->fault = fault;
        call->is_answered = TRUE;
        call->request = NULL;
    }
    g_ptr_array_remove_fast(request->peer->requests, request);
    cl_ndr_clear(request->values, request->method->n_parameters);
    g_ptr_array_unref(request->held);
    g_byte_array_unref(request->stub);
    g_object_unref(request->cancellable);
    g_free(request);
}

void cl_request_reply(ClRequest *request)
{
    finish(request, 0);
}

void cl_request_fail(ClRequest *request, guint32 code)
{
    g_assert_cmpuint(code, !=, 0);
    finish(request, code);
}

/* --- Clients ------------------------------------------------------------------------------------ */

static ClusapidRole role_of(ClPeer *peer, gpointer role_data)
{
    g_assert_null(role_data);
    return peer->role;
}

static FakeClient *arrive(ClusapidService *service, ClusapidRole role)
{
    FakeClient *client = g_new0(FakeClient, 1);
    ClPeer *peer = g_new0(ClPeer, 1);
    client->service = service;
    client->peer = peer;
    peer->role = role;
    peer->limit = 200;
    g_mutex_init(&peer->lock);
    peer->contexts = g_ptr_array_new_with_free_func(context_unref);
    peer->requests = g_ptr_array_new();
    g_assert_cmpint(clusapid_calls.arrived(peer, service), ==, role != CLUSAPID_NOBODY);
    return client;
}

FakeClient *fake_client_new(const char *path, ClusapidRole role)
{
    const ClusapidOptions options = {.cluster = path, .role = role_of};
    FakeClient *client = arrive(clusapid_service_new(&options), role);
    client->peer->owns_service = TRUE;
    return client;
}

FakeClient *fake_client_again(const FakeClient *client, ClusapidRole role)
{
    return arrive(client->service, role);
}

void fake_client_free(FakeClient *client)
{
    ClPeer *peer = client->peer;
    while (peer->requests->len > 0) {
        ClRequest *request = peer->requests->pdata[0];
        g_cancellable_cancel(request->cancellable);
    }
    g_ptr_array_unref(peer->contexts);
    g_ptr_array_unref(peer->requests);
    if (peer->owns_service) {
        clusapid_service_free(client->service);
    }
    g_mutex_clear(&peer->lock);
    g_free(peer);
    g_free(client);
}

void fake_client_limit(FakeClient *client, guint handles)
{
    client->peer->limit = handles;
}

guint fake_client_handles(const FakeClient *client)
{
    return client->peer->contexts->len;
}

/* --- Calls -------------------------------------------------------------------------------------- */

typedef struct {
    ClRequest *request;
    ClusapidService *service;
} Work;

static gpointer work(gpointer data)
{
    const Work *of = data;
    g_assert_true(clusapid_calls.call(of->request, TRUE, of->service));
    return NULL;
}

FakeCall *fake_call_values(FakeClient *client, const ClMethod *method, ClNdrValue *values)
{
    FakeCall *call = g_new0(FakeCall, 1);
    ClRequest *request = g_new0(ClRequest, 1);
    call->method = request->method = method;
    call->request = request;
    request->call = call;
    request->peer = client->peer;
    request->cancellable = g_cancellable_new();
    request->held = g_ptr_array_new_with_free_func(context_unref);
    g_ptr_array_add(client->peer->requests, request);
    request->stub = recode(method, FALSE, values, request->values);
    cl_ndr_clear(values, method->n_parameters);
    for (guint i = 0; i < method->n_parameters; i++) {
        if (!method->parameters[i].in) {
            request->values[i].number = 0;
        }
    }
    if (!clusapid_calls.call(request, FALSE, client->service)) {
        Work of = {request, client->service};
        call->had_to_wait = TRUE;
        g_thread_join(g_thread_new("worker", work, &of));
    }
    return call;
}

static void read_value(char what, va_list *arguments, ClNdrValue *value)
{
    gconstpointer data;
    switch (what) {
    case 's':
        value->text = wide(va_arg(*arguments, const char *));
        break;
    case 'u':
        value->number = va_arg(*arguments, guint64);
        break;
    case 'h':
        value->handle = *va_arg(*arguments, const ClContextHandle *);
        break;
    case 'b':
        data = va_arg(*arguments, gconstpointer);
        value->bytes = g_bytes_new(data, va_arg(*arguments, gsize));
        break;
    case 'r':
        value->rows = va_arg(*arguments, GPtrArray *);
        break;
    default:
        g_assert_cmpint(what, ==, '0');
    }
}

FakeCall *fake_call(FakeClient *client, const char *name, const char *format, ...)
{
    const ClMethod *method = cl_method_named(name);
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
    va_list arguments;
    g_assert_nonnull(method);
    va_start(arguments, format);
    for (guint i = 0; i < method->n_parameters; i++) {
        if (method->parameters[i].in) {
            read_value(*format++, &arguments, &values[i]);
        }
    }
    va_end(arguments);
    g_assert_cmpint(*format, ==, 0);
    return fake_call_values(client, method, values);
}

void fake_call_free(FakeCall *call)
{
    if (call->request != NULL) {
        call->request->call = NULL;
    }
    cl_ndr_clear(call->values, call->method->n_parameters);
    g_free(call);
}

void fake_call_cancel(FakeCall *call)
{
    g_cancellable_cancel(call->request->cancellable);
}

void fake_call_wait(FakeCall *call)
{
    gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (!call->is_answered && g_get_monotonic_time() < until) {
        (void)g_main_context_iteration(NULL, FALSE);
        g_usleep(500);
    }
    g_assert_true(call->is_answered);
}

guint fake_status(const FakeCall *call)
{
    g_assert_true(call->is_answered);
    g_assert_cmpuint(call->fault, ==, 0);
    return (guint)call->values[status_index(call->method)].number;
}

const ClContextHandle *fake_handle(const FakeCall *call)
{
    for (guint i = 0; i < call->method->n_parameters; i++) {
        if (call->method->parameters[i].type == CL_NDR_HANDLE && call->method->parameters[i].out) {
            return &call->values[i].handle;
        }
    }
    g_assert_not_reached();
}

char *fake_text(const FakeCall *call, guint parameter)
{
    LPCWSTR text = call->values[parameter].text;
    return text ? narrow(text) : NULL;
}
