/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "caller.h"
#include "session.h"

#include <clusapi/linux.h>

/* --- Calls -------------------------------------------------------------------------------------- */

/* A method that gives a handle gives it last, after the status and rpc_status; all others give the
 * status last. */
static guint status_parameter(const ClMethod *method)
{
    const ClNdrMember *last = &method->parameters[method->n_parameters - 1];
    if (last->type != CL_NDR_HANDLE) {
        return method->n_parameters - 1;
    }
    return method->n_parameters -
           (method->opnum == CL_OP_OpenCluster || method->opnum == CL_OP_OpenClusterEx ? 2 : 3);
}

/* Before it is called again. */
static void clear_outputs(const ClMethod *method, ClNdrValue *values)
{
    for (guint i = 0; i < method->n_parameters; i++) {
        if (!method->parameters[i].in) {
            cl_ndr_clear(&values[i], 1);
        }
    }
}

static void cancel(G_GNUC_UNUSED GCancellable *cancellable, gpointer scope)
{
    (void)ClusapiCancelCall(scope);
}

/* On a thread that may wait, but not for a client that is gone. */
static DWORD run_waiting(ClusapidCall *call, ClusapidMethod function)
{
    GCancellable *cancellable = cl_request_cancellable(call->request);
    HCLUSCALL scope = ClusapiBeginCall(INFINITE);
    if (scope == NULL) {
        return GetLastError();
    }
    gulong id = g_cancellable_connect(cancellable, G_CALLBACK(cancel), scope, NULL);
    DWORD code = function(call);
    g_cancellable_disconnect(cancellable, id);
    (void)ClusapiEndCall(scope);
    return code;
}

static DWORD run_at_once(ClusapidCall *call, ClusapidMethod function)
{
    BOOL before = ClusapiSetNoWait(TRUE);
    DWORD code = function(call);
    (void)ClusapiSetNoWait(before);
    return code;
}

static gboolean take_call(ClRequest *request, gboolean may_wait, gpointer user_data)
{
    ClusapidService *service = user_data;
    const ClMethod *method = cl_request_method(request);
    ClusapidMethod function = service->methods[method->opnum];
    ClusapidCall call = {.service = service,
                         .request = request,
                         .values = cl_request_values(request),
                         .role =
                             (ClusapidRole)GPOINTER_TO_UINT(cl_peer_data(cl_request_peer(request))),
                         .may_wait = may_wait};
    clusapid_caller_set(cl_request_peer(request));
    DWORD code = may_wait ? run_waiting(&call, function) : run_at_once(&call, function);
    clusapid_caller_set(NULL);
    if (call.is_held) {
        return TRUE;
    }
    if (call.fault != ERROR_SUCCESS) {
        cl_request_fail(request, call.fault);
        return TRUE;
    }
    if (code == ERROR_TIMEOUT && !may_wait) {
        clear_outputs(method, call.values);
        return FALSE;
    }
    call.values[status_parameter(method)].number = code;
    cl_request_reply(request);
    return TRUE;
}

/* --- Clients ------------------------------------------------------------------------------------ */

static gboolean take_peer(ClPeer *peer, gpointer user_data)
{
    const ClusapidService *service = user_data;
    ClusapidRole role = service->role(peer, service->role_data);
    cl_peer_set_data(peer, GUINT_TO_POINTER(role));
    return role == CLUSAPID_READER || role == CLUSAPID_ADMINISTRATOR;
}

const ClService clusapid_calls = {.arrived = take_peer, .call = take_call};

/* --- The service -------------------------------------------------------------------------------- */

static gboolean read_name(const char *name, LPWSTR *ret_wide)
{
    DWORD size = 0;
    if (name == NULL) {
        return TRUE;
    }
    if (ClusapiUtf8ToWide(name, NULL, &size) != ERROR_SUCCESS) {
        return FALSE;
    }
    *ret_wide = g_new0(WCHAR, ++size);
    return ClusapiUtf8ToWide(name, *ret_wide, &size) == ERROR_SUCCESS;
}

static void find_methods(ClusapidService *service)
{
    static const ClusapidFamily *const families[] = {
        &clusapid_cluster_methods,  &clusapid_group_methods,         &clusapid_group_set_methods,
        &clusapid_resource_methods, &clusapid_resource_type_methods, &clusapid_node_methods,
        &clusapid_network_methods,  &clusapid_registry_methods,      &clusapid_batch_methods,
        &clusapid_control_methods,  &clusapid_enum_methods,          &clusapid_notify_methods,
    };
    for (guint i = 0; i < G_N_ELEMENTS(service->methods); i++) {
        service->methods[i] = clusapid_refuse;
    }
    for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
        for (guint j = 0; j < families[i]->n_rows; j++) {
            service->methods[families[i]->rows[j].opnum] = families[i]->rows[j].function;
        }
    }
}

ClusapidService *clusapid_service_new(const ClusapidOptions *options)
{
    LPWSTR cluster = NULL;
    if (!read_name(options->cluster, &cluster)) {
        g_free(cluster);
        return NULL;
    }
    ClusapidService *service = g_new0(ClusapidService, 1);
    service->cluster = cluster;
    service->role = options->role;
    service->role_data = options->role_data;
    service->context = g_main_context_ref_thread_default();
    service->watch = clusapid_watch_new(service->context);
    g_mutex_init(&service->lock);
    g_cond_init(&service->opened);
    find_methods(service);
    return service;
}

void clusapid_service_free(ClusapidService *service)
{
    clusapid_watch_free(service->watch);
    clusapid_close_clusters(service);
    g_mutex_clear(&service->lock);
    g_cond_clear(&service->opened);
    g_main_context_unref(service->context);
    g_free(service->cluster);
    g_free(service);
}
