/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys and values of the cluster database. Sizes of names are told in units without a NUL, as the
 * library does.
 */
#include "call.h"

#include <string.h>

/* As much of a descriptor as the library may look at, which takes no size. */
#define SECURITY_MAX (128 * 1024)

/* --- Keys --------------------------------------------------------------------------------------- */

static DWORD open_root(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : clusapid_opened(call, 3, CLUSAPID_KEY,
                                 GetClusterKey(cluster, (REGSAM)call->values[0].number));
}

static DWORD open_key(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    HKEY opened;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = (DWORD)ClusterRegOpenKey(key, call->values[1].text, (REGSAM)call->values[2].number,
                                          &opened);
    return code != ERROR_SUCCESS ? code : clusapid_give(call, 5, CLUSAPID_KEY, opened);
}

/* A descriptor in a buffer that nothing in it can lead out of (transfer full); NULL if it is too
 * large or missing. */
static gpointer copy_security(const ClNdrValue *members)
{
    DWORD size;
    gconstpointer data = clusapid_bytes(&members[0], &size);
    if (size == 0 || size > SECURITY_MAX) {
        return NULL;
    }
    gpointer copy = g_malloc0(SECURITY_MAX);
    memcpy(copy, data, size);
    return copy;
}

static DWORD create_key(ClusapidCall *call)
{
    ClNdrValue *values = call->values;
    const ClNdrValue *given = values[4].rows ? values[4].rows->pdata[0] : NULL;
    const ClNdrValue *security = given ? given[1].rows->pdata[0] : NULL;
    g_autofree gpointer descriptor = security ? copy_security(security) : NULL;
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, descriptor, FALSE};
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    HKEY created;
    DWORD disposition = 0;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (security != NULL && security[0].bytes != NULL && descriptor == NULL) {
        return ERROR_INVALID_SECURITY_DESCR;
    }
    DWORD code = (DWORD)ClusterRegCreateKey(
        key, values[1].text, (DWORD)values[2].number, (REGSAM)values[3].number,
        descriptor ? &attributes : NULL, &created, &disposition);
    if (code == ERROR_SUCCESS) {
        values[5].number = disposition;
        code = clusapid_give(call, 8, CLUSAPID_KEY, created);
    }
    return code;
}

CLUSAPID_CLOSE(close_key, CLUSAPID_KEY)
CLUSAPID_WITH_TEXT(delete_key, CLUSAPID_KEY, HKEY, (DWORD)ClusterRegDeleteKey)

static guint64 time_of(const FILETIME *time)
{
    return (guint64)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

static DWORD enum_key(ClusapidCall *call)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    FILETIME time;
    DWORD code;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    do {
        code = (DWORD)ClusterRegEnumKey(key, (DWORD)call->values[1].number, name.text, &name.size,
                                        &time);
    } while (clusapid_text_again(code, &name, 1));
    if (code == ERROR_SUCCESS) {
        clusapid_text_give(&name, &call->values[2]);
        call->values[3].number = time_of(&time);
    }
    return code;
}

static DWORD query_key(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    DWORD numbers[6];
    FILETIME time;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = (DWORD)ClusterRegQueryInfoKey(key, &numbers[0], &numbers[1], &numbers[2],
                                               &numbers[3], &numbers[4], &numbers[5], &time);
    if (code == ERROR_SUCCESS) {
        for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
            call->values[i + 1].number = numbers[i];
        }
        call->values[7].number = time_of(&time);
    }
    return code;
}

/* --- Values ------------------------------------------------------------------------------------- */

static DWORD set_value(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    DWORD size;
    const BYTE *data = clusapid_bytes(&call->values[3], &size);
    return key ? ClusterRegSetValue(key, call->values[1].text, (DWORD)call->values[2].number, data,
                                    size)
               : ERROR_INVALID_HANDLE;
}

CLUSAPID_WITH_TEXT(delete_value, CLUSAPID_KEY, HKEY, ClusterRegDeleteValue)

static DWORD query_value(ClusapidCall *call)
{
    ClNdrValue *values = call->values;
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    DWORD type = 0;
    DWORD room = (DWORD)values[4].number;
    DWORD size = room;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (room > CL_NDR_ARRAY_MAX) {
        call->fault = ERROR_INVALID_PARAMETER;
        return ERROR_INVALID_PARAMETER;
    }
    g_autofree LPBYTE data = g_malloc(MAX(room, 1));
    DWORD code = (DWORD)ClusterRegQueryValue(key, values[1].text, &type, data, &size);
    if (code == ERROR_SUCCESS) {
        values[3].bytes = g_bytes_new(data, size);
    }
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        values[2].number = type;
        values[5].number = size;
    }
    return code;
}

/* Name and data are wanted together, so room for the name has to be found first. */
static DWORD read_value(HKEY key, DWORD index, ClusapidText *name, DWORD *type, LPBYTE data,
                        DWORD room, DWORD *size)
{
    DWORD code;
    do {
        *size = room;
        code = ClusterRegEnumValue(key, index, name->text, &name->size, type, data, size);
    } while (*size <= room && clusapid_text_again(code, name, 1));
    return code;
}

/* Where the data does not fit, the client has to come again with as much room as TotalSize says;
 * what is sent has the size that it asked for. */
static DWORD enum_value(ClusapidCall *call)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    ClNdrValue *values = call->values;
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    DWORD room = (DWORD)values[5].number;
    DWORD type = 0, size = 0;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (room > CL_NDR_ARRAY_MAX) {
        call->fault = ERROR_INVALID_PARAMETER;
        return ERROR_INVALID_PARAMETER;
    }
    g_autofree LPBYTE data = g_malloc(MAX(room, 1));
    DWORD code = read_value(key, (DWORD)values[1].number, &name, &type, data, room, &size);
    if (code == ERROR_SUCCESS) {
        clusapid_text_give(&name, &values[2]);
        values[3].number = type;
        values[4].bytes = g_bytes_new(data, size);
        values[5].number = size;
    }
    values[6].number = code == ERROR_SUCCESS || code == ERROR_MORE_DATA ? size : 0;
    return code;
}

/* --- Security ----------------------------------------------------------------------------------- */

static DWORD set_security(ClusapidCall *call)
{
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    g_autofree gpointer descriptor = copy_security(call->values[2].rows->pdata[0]);
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    return descriptor
               ? (DWORD)ClusterRegSetKeySecurity(key, (DWORD)call->values[1].number, descriptor)
               : ERROR_INVALID_PARAMETER;
}

/* What does not fit gives ERROR_INSUFFICIENT_BUFFER, with the room that is needed. */
static DWORD get_security(ClusapidCall *call)
{
    ClNdrValue *members = call->values[2].rows->pdata[0];
    HKEY key = clusapid_object(call, 0, CLUSAPID_KEY);
    DWORD room = (DWORD)MIN(members[1].number, SECURITY_MAX);
    DWORD size = room;
    if (key == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    g_autofree gpointer data = g_malloc(MAX(room, 1));
    DWORD code = (DWORD)ClusterRegGetKeySecurity(key, (DWORD)call->values[1].number, data, &size);
    if (code == ERROR_TIMEOUT) {
        return code;
    }
    g_clear_pointer(&members[0].bytes, g_bytes_unref);
    members[2].number = 0;
    if (code == ERROR_SUCCESS) {
        members[0].bytes = g_bytes_new(data, size);
        members[2].number = size;
    } else if (code == ERROR_MORE_DATA) {
        members[1].number = size;
        code = ERROR_INSUFFICIENT_BUFFER;
    }
    return code;
}

static const ClusapidRow rows[] = {
    {CL_OP_GetRootKey, open_root},
    {CL_OP_CreateKey, create_key},
    {CL_OP_OpenKey, open_key},
    {CL_OP_EnumKey, enum_key},
    {CL_OP_SetValue, set_value},
    {CL_OP_DeleteValue, delete_value},
    {CL_OP_QueryValue, query_value},
    {CL_OP_DeleteKey, delete_key},
    {CL_OP_EnumValue, enum_value},
    {CL_OP_CloseKey, close_key},
    {CL_OP_QueryInfoKey, query_key},
    {CL_OP_SetKeySecurity, set_security},
    {CL_OP_GetKeySecurity, get_security},
};

CLUSAPID_FAMILY(clusapid_registry_methods, rows);
