/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Batches of registry commands, and ports at which they are told.
 */
#include "batch-format.h"
#include "batch-port.h"

/* --- Changing ----------------------------------------------------------------------------------- */

/* Adds all commands; the number of one that fails, counted from 1, or 0. */
static DWORD fill_batch(HREGBATCH batch, GBytes *bytes, guint32 *ret_failed)
{
    g_auto(ClusapidBatchCommand) command = {0};
    ClusapidBatch reader;
    DWORD code = clusapid_batch_begin(&reader, bytes) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    for (guint32 n = 1; code == ERROR_SUCCESS; n++) {
        code = clusapid_batch_next(&reader, &command);
        if (code == ERROR_SUCCESS) {
            code = (DWORD)ClusterRegBatchAddCommand(batch, (CLUSTER_REG_COMMAND)command.command,
                                                    command.name, command.type, command.data,
                                                    command.size);
        }
        *ret_failed = code == ERROR_SUCCESS || code == ERROR_NO_MORE_ITEMS ? 0 : n;
    }
    return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}

static DWORD execute(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    HREGBATCH batch;
    guint32 failed = 0;
    INT index = -1;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = (DWORD)ClusterRegCreateBatch(key, &batch);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    code = fill_batch(batch, call->values[2].bytes, &failed);
    if (code != ERROR_SUCCESS) {
        (void)ClusterRegCloseBatch(batch, FALSE, NULL);
    } else {
        code = (DWORD)ClusterRegCloseBatch(batch, TRUE, &index);
        failed = code == ERROR_SUCCESS ? 0 : (guint32)(index + 1);
    }
    call->values[3].number = failed;
    return code;
}

/* --- Reading ------------------------------------------------------------------------------------ */

/* Keys are named from the key of the batch on; a value is one of the key that was named last. The
 * commands that name keys are part of the answer. */
static DWORD fill_read_batch(HREGREADBATCH batch, GBytes *bytes, GPtrArray *keys)
{
    g_auto(ClusapidBatchCommand) command = {0};
    g_autofree LPWSTR key = g_new0(WCHAR, 1);
    ClusapidBatch reader;
    DWORD code = clusapid_batch_begin(&reader, bytes) ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
    while (code == ERROR_SUCCESS &&
           (code = clusapid_batch_next(&reader, &command)) == ERROR_SUCCESS) {
        if (command.command == CLUSREG_READ_KEY) {
            g_free(key);
            key = clusapid_text_copy(command.name);
            g_ptr_array_add(keys, clusapid_text_copy(command.name));
        } else if (command.command == CLUSREG_READ_VALUE) {
            code = (DWORD)ClusterRegReadBatchAddCommand(batch, key, command.name);
            g_ptr_array_add(keys, NULL);
        } else {
            code = ERROR_INVALID_PARAMETER;
        }
    }
    return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}

static DWORD write_reply(HREGREADBATCHREPLY reply, const GPtrArray *keys, GByteArray *bytes)
{
    for (guint i = 0; i < keys->len; i++) {
        CLUSTER_READ_BATCH_COMMAND command;
        if (keys->pdata[i] != NULL) {
            clusapid_batch_add(bytes, CLUSREG_READ_KEY, 0, keys->pdata[i], NULL, 0);
            continue;
        }
        DWORD code = (DWORD)ClusterRegReadBatchReplyNextCommand(reply, &command);
        if (code != ERROR_SUCCESS) {
            return code;
        }
        clusapid_batch_add(bytes, (DWORD)command.Command, command.dwOptions, command.wzValueName,
                           command.lpData, command.cbData);
        if (bytes->len > CL_NDR_ARRAY_MAX) {
            return ERROR_NOT_ENOUGH_MEMORY;
        }
    }
    return ERROR_SUCCESS;
}

static DWORD read_all(HKEY key, GBytes *request, GByteArray *bytes)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    HREGREADBATCH batch;
    HREGREADBATCHREPLY reply;
    DWORD code = (DWORD)ClusterRegCreateReadBatch(key, &batch);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    code = fill_read_batch(batch, request, keys);
    if (code != ERROR_SUCCESS) {
        (void)ClusterRegCloseReadBatch(batch, NULL);
        return code;
    }
    code = (DWORD)ClusterRegCloseReadBatch(batch, &reply);
    if (code == ERROR_SUCCESS) {
        code = write_reply(reply, keys, bytes);
        (void)ClusterRegCloseReadBatchReply(reply);
    }
    return code;
}

/* The answer is in the parameter @first, which is its size, and the next. */
static DWORD execute_read(ClusapidCall *call, guint first)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    GByteArray *bytes = clusapid_batch_new();
    DWORD code = read_all(key, call->values[2].bytes, bytes);
    if (code != ERROR_SUCCESS) {
        g_byte_array_unref(bytes);
        return code;
    }
    call->values[first].number = bytes->len;
    call->values[first + 1].bytes = g_byte_array_free_to_bytes(bytes);
    return ERROR_SUCCESS;
}

static DWORD read_batch(ClusapidCall *call)
{
    return execute_read(call, 3);
}

/* The library ignores flags. */
static DWORD read_batch_ex(ClusapidCall *call)
{
    return execute_read(call, 4);
}

/* --- Ports -------------------------------------------------------------------------------------- */

static DWORD create_port(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    HREGBATCHPORT handle;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = (DWORD)ClusterRegCreateBatchNotifyPort(key, &handle);
    return code != ERROR_SUCCESS ? code
                                 : clusapid_opened(call, 1, CLUSAPID_BATCH_PORT,
                                                   clusapid_batch_port_new(call->service, handle));
}

static DWORD get_batch(ClusapidCall *call)
{
    ClusapidBatchPort *port = clusapid_object(call, 0, CLUSAPID_BATCH_PORT);
    return port ? clusapid_batch_port_get(port, call) : ERROR_INVALID_HANDLE;
}

/* The calls that wait there keep it: they have to end first. */
static DWORD close_port(ClusapidCall *call)
{
    ClusapidBatchPort *port = clusapid_object(call, 0, CLUSAPID_BATCH_PORT);
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    clusapid_batch_port_close(port);
    return clusapid_close(call, CLUSAPID_BATCH_PORT);
}

static const ClusapidRow rows[] = {
    {CL_OP_ExecuteBatch, execute},           {CL_OP_CreateBatchPort, create_port},
    {CL_OP_GetBatchNotification, get_batch}, {CL_OP_CloseBatchPort, close_port},
    {CL_OP_ExecuteReadBatch, read_batch},    {CL_OP_ExecuteReadBatchEx, read_batch_ex},
};

CLUSAPID_FAMILY(clusapid_batch_methods, rows);
