/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch-format.h"

#include <string.h>

#define VERSION 1

void clusapid_batch_command_clear(ClusapidBatchCommand *command)
{
    g_clear_pointer(&command->name, g_free);
}

static gboolean take_number(ClusapidBatch *batch, DWORD *ret_number)
{
    guint32 number;
    if (batch->size - batch->at < sizeof number) {
        return FALSE;
    }
    memcpy(&number, batch->data + batch->at, sizeof number);
    batch->at += sizeof number;
    *ret_number = GUINT32_FROM_LE(number);
    return TRUE;
}

/* It has to end in its only NUL. */
static gboolean take_name(ClusapidBatch *batch, LPWSTR *ret_name)
{
    DWORD size;
    if (!take_number(batch, &size) || size < sizeof(WCHAR) || size % sizeof(WCHAR) != 0 ||
        size > batch->size - batch->at) {
        return FALSE;
    }
    LPWSTR name = g_memdup2(batch->data + batch->at, size);
    batch->at += size;
    gsize units = size / sizeof *name;
    for (gsize i = 0; i < units; i++) {
        if ((name[i] == 0) != (i + 1 == units)) {
            g_free(name);
            return FALSE;
        }
    }
    *ret_name = name;
    return TRUE;
}

static gboolean take_data(ClusapidBatch *batch, ClusapidBatchCommand *command)
{
    if (!take_number(batch, &command->size) || command->size > batch->size - batch->at) {
        return FALSE;
    }
    command->data = batch->data + batch->at;
    batch->at += command->size;
    /* To an even place; at the end it may be left out. */
    batch->at += command->size % 2 != 0 && batch->at < batch->size;
    return TRUE;
}

gboolean clusapid_batch_begin(ClusapidBatch *batch, GBytes *bytes)
{
    DWORD version;
    *batch = (ClusapidBatch){0};
    if (bytes != NULL) {
        batch->data = g_bytes_get_data(bytes, &batch->size);
    }
    return take_number(batch, &version) && version == VERSION;
}

DWORD clusapid_batch_next(ClusapidBatch *batch, ClusapidBatchCommand *command)
{
    clusapid_batch_command_clear(command);
    if (batch->at == batch->size) {
        return ERROR_NO_MORE_ITEMS;
    }
    return take_number(batch, &command->command) && take_number(batch, &command->type) &&
                   take_name(batch, &command->name) && take_data(batch, command)
               ? ERROR_SUCCESS
               : ERROR_INVALID_PARAMETER;
}

static void put_number(GByteArray *bytes, guint32 number)
{
    number = GUINT32_TO_LE(number);
    g_byte_array_append(bytes, (const guint8 *)&number, sizeof number);
}

GByteArray *clusapid_batch_new(void)
{
    GByteArray *bytes = g_byte_array_new();
    put_number(bytes, VERSION);
    return bytes;
}

void clusapid_batch_add(GByteArray *bytes, DWORD command, DWORD type, LPCWSTR name,
                        gconstpointer data, DWORD size)
{
    static const WCHAR empty[] = {0};
    LPCWSTR text = name ? name : empty;
    guint32 length = ((guint32)lstrlenW(text) + 1) * (guint32)sizeof *text;
    put_number(bytes, command);
    put_number(bytes, type);
    put_number(bytes, length);
    g_byte_array_append(bytes, (const guint8 *)text, length);
    put_number(bytes, size);
    if (size > 0) {
        g_byte_array_append(bytes, data, size);
    }
    if (size % 2 != 0) {
        g_byte_array_append(bytes, (const guint8 *)"", 1);
    }
}
