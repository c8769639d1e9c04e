/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch-port.h"

#include "batch-format.h"
#include "session.h"

#include <clusapi/linux.h>

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

/* Answers what can be. The port may go with its last call. */
static void look(ClusapidWatched *watched)
{
    ClusapidBatchPort *port = (ClusapidBatchPort *)(gpointer)watched;
    ClRequest *request;
    DWORD code = ERROR_SUCCESS;
    g_ref_count_inc(&port->references);
    while (code != ERROR_TIMEOUT && (request = clusapid_held_first(&port->held))) {
        code = take_batch(port, request);
        if (code != ERROR_TIMEOUT) {
            clusapid_held_answer(&port->held, code);
        }
    }
    port_unref(port);
}

static void stop_watching(gpointer data)
{
    ClusapidBatchPort *port = data;
    clusapid_watch_remove(port->service->watch, &port->watched,
                          port->is_closed ? -1 : port->descriptor);
}

/* --- Ports -------------------------------------------------------------------------------------- */

ClusapidBatchPort *clusapid_batch_port_new(ClusapidService *service, HREGBATCHPORT handle)
{
    int descriptor = ClusapiBatchPortDescriptor(handle);
    if (descriptor < 0) {
        DWORD code = GetLastError();
        (void)ClusterRegCloseBatchNotifyPort(handle);
        SetLastError(code);
        return NULL;
    }
    ClusapidBatchPort *port = g_new0(ClusapidBatchPort, 1);
    g_ref_count_init(&port->references);
    port->watched.ready = look;
    port->descriptor = descriptor;
    port->service = service;
    port->port = handle;
    port->held = (ClusapidHeld){.emptied = stop_watching, .owner = port};
    return port;
}

void clusapid_batch_port_close(ClusapidBatchPort *port)
{
    if (!port->is_closed) {
        g_ref_count_inc(&port->references);
        clusapid_held_end(&port->held, ERROR_NO_MORE_ITEMS);
        port->is_closed = TRUE;
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
    DWORD code;
    if (port->is_closed) {
        return ERROR_NO_MORE_ITEMS;
    }
    if (is_first) {
        code = take_batch(port, call->request);
        if (code != ERROR_TIMEOUT) {
            return code;
        }
        if (!clusapid_watch_add(port->service->watch, &port->watched, port->descriptor)) {
            return ERROR_NO_SYSTEM_RESOURCES;
        }
    }
    code = clusapid_hold(&port->held, call);
    if (code != ERROR_SUCCESS && is_first) {
        stop_watching(port);
    }
    return code;
}
