/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch-port.h"

#include "batch-format.h"
#include "session.h"

#include <clusapi/linux.h>

#define LOOK_MS 50

static void port_unref(ClusapidBatchPort *port)
{
    if (g_ref_count_dec(&port->references)) {
        g_free(port);
    }
}

/* --- Batches ------------------------------------------------------------------------------------ */

static GByteArray *read_batch(HREGBATCHNOTIFICATION notification)
{
    GByteArray *bytes = clusapid_batch_new();
    CLUSTER_BATCH_COMMAND command;
    while (ClusterRegBatchReadCommand(notification, &command) == ERROR_SUCCESS &&
           bytes->len <= CL_NDR_ARRAY_MAX) {
        clusapid_batch_add(bytes, (DWORD)command.Command, command.dwOptions, command.wzName,
                           command.lpData, command.cbData);
    }
    return bytes;
}

/* ERROR_TIMEOUT if there is none. One that no call can carry is lost to the client. */
static DWORD take_batch(const ClusapidBatchPort *port, ClRequest *request)
{
    ClNdrValue *values = cl_request_values(request);
    HREGBATCHNOTIFICATION notification;
    BOOL before = ClusapiSetNoWait(TRUE);
    DWORD code = (DWORD)ClusterRegGetBatchNotification(port->port, &notification);
    (void)ClusapiSetNoWait(before);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    GByteArray *bytes = read_batch(notification);
    (void)ClusterRegBatchCloseNotification(notification);
    if (bytes->len > CL_NDR_ARRAY_MAX) {
        g_byte_array_unref(bytes);
        return ERROR_NOTIFY_ENUM_DIR;
    }
    values[1].number = bytes->len;
    values[2].bytes = g_byte_array_free_to_bytes(bytes);
    return ERROR_SUCCESS;
}

/* --- Calls that wait ---------------------------------------------------------------------------- */

static void look(ClusapidBatchPort *port)
{
    ClRequest *request;
    DWORD code = ERROR_SUCCESS;
    while (code != ERROR_TIMEOUT && (request = clusapid_held_first(&port->held))) {
        code = take_batch(port, request);
        if (code != ERROR_TIMEOUT) {
            clusapid_held_answer(&port->held, code);
        }
    }
}

static gboolean on_time(gpointer user_data)
{
    ClusapidService *service = user_data;
    g_autoptr(GList) ports = g_list_copy(service->batch_ports);
    for (const GList *each = ports; each; each = each->next) {
        ClusapidBatchPort *port = each->data;
        g_ref_count_inc(&port->references);
    }
    for (const GList *each = ports; each; each = each->next) {
        look(each->data);
        port_unref(each->data);
    }
    return G_SOURCE_CONTINUE;
}

static void stop_watching(gpointer data)
{
    ClusapidService *service = ((ClusapidBatchPort *)data)->service;
    service->batch_ports = g_list_remove(service->batch_ports, data);
    if (service->batch_ports == NULL && service->batch_timer != NULL) {
        g_source_destroy(service->batch_timer);
        g_clear_pointer(&service->batch_timer, g_source_unref);
    }
}

static void start_watching(ClusapidBatchPort *port)
{
    ClusapidService *service = port->service;
    service->batch_ports = g_list_prepend(service->batch_ports, port);
    if (service->batch_timer == NULL) {
        service->batch_timer = g_timeout_source_new(LOOK_MS);
        g_source_set_callback(service->batch_timer, on_time, service, NULL);
        g_source_attach(service->batch_timer, service->context);
    }
}

/* --- Ports -------------------------------------------------------------------------------------- */

ClusapidBatchPort *clusapid_batch_port_new(ClusapidService *service, HREGBATCHPORT handle)
{
    ClusapidBatchPort *port = g_new0(ClusapidBatchPort, 1);
    g_ref_count_init(&port->references);
    port->service = service;
    port->port = handle;
    port->held = (ClusapidHeld){.emptied = stop_watching, .owner = port};
    return port;
}

void clusapid_batch_port_close(ClusapidBatchPort *port)
{
    if (!port->is_closed) {
        g_ref_count_inc(&port->references);
        port->is_closed = TRUE;
        clusapid_held_end(&port->held, ERROR_NO_MORE_ITEMS);
        (void)ClusterRegCloseBatchNotifyPort(port->port);
        port_unref(port);
    }
}

void clusapid_batch_port_free(gpointer data)
{
    ClusapidBatchPort *port = data;
    clusapid_batch_port_close(port);
    port_unref(port);
}

DWORD clusapid_batch_port_get(ClusapidBatchPort *port, ClusapidCall *call)
{
    gboolean is_first = clusapid_held_first(&port->held) == NULL;
    DWORD code = ERROR_TIMEOUT;
    if (port->is_closed) {
        return ERROR_NO_MORE_ITEMS;
    }
    if (is_first) {
        code = take_batch(port, call->request);
    }
    if (code != ERROR_TIMEOUT) {
        return code;
    }
    code = clusapid_hold(&port->held, call);
    if (code == ERROR_SUCCESS && is_first) {
        start_watching(port);
    }
    return code;
}
