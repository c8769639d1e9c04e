/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of clusapi/linux.h, but for the scope of calls, which is in call.c.
 */
#include <clusapi/linux.h>

#include <string.h>

#include "object.h"
#include "property-list.h"
#include "text.h"

#define LONGEST_TIMEOUT (24 * 60 * 60 * 1000)

DWORD ClusapiSetTimeout(HCLUSTER hCluster, DWORD dwMilliseconds)
{
    if (dwMilliseconds == 0 || dwMilliseconds > LONGEST_TIMEOUT) {
        return ERROR_INVALID_PARAMETER;
    }
    ClCluster *cluster = cl_handle_acquire(CL_HANDLE_CLUSTER, hCluster);
    if (cluster == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    g_atomic_int_set((gint *)&cluster->timeout_ms, (gint)dwMilliseconds);
    cl_handle_release(hCluster);
    return ERROR_SUCCESS;
}

DWORD ClusapiGetBackendName(HCLUSTER hCluster, LPWSTR lpszName, LPDWORD lpcchName)
{
    ClCluster *cluster = cl_handle_acquire(CL_HANDLE_CLUSTER, hCluster);
    if (cluster == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = lpcchName == NULL
                     ? ERROR_INVALID_PARAMETER
                     : cl_text_copy_out(cluster->session->backend->name, lpszName, lpcchName);
    cl_handle_release(hCluster);
    return code;
}

DWORD ClusapiGetGrantedAccess(HCLUSTER hCluster, LPDWORD lpdwAccess)
{
    if (lpdwAccess == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    ClCluster *cluster = cl_handle_acquire(CL_HANDLE_CLUSTER, hCluster);
    if (cluster == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    *lpdwAccess = cl_access_to_mask(cluster->session->granted);
    cl_handle_release(hCluster);
    return ERROR_SUCCESS;
}

typedef struct {
    const ClSession *session;
    CLUSAPI_HANDLE_COUNTS *counts;
} Count;

static DWORD *counter(CLUSAPI_HANDLE_COUNTS *counts, ClHandleType type)
{
    switch (type) {
    case CL_HANDLE_CLUSTER:
        return &counts->cCluster;
    case CL_HANDLE_NODE:
        return &counts->cNode;
    case CL_HANDLE_GROUP:
        return &counts->cGroup;
    case CL_HANDLE_RESOURCE:
        return &counts->cResource;
    case CL_HANDLE_NETWORK:
        return &counts->cNetwork;
    case CL_HANDLE_NETINTERFACE:
        return &counts->cNetInterface;
    default:
        return &counts->cEnum;
    }
}

static void count_one(ClHandleType type, gpointer data, gpointer user_data)
{
    const Count *count = user_data;
    /* These belong to no single cluster. */
    if (type == CL_HANDLE_CALL || type == CL_HANDLE_CHANGE || type == CL_HANDLE_EVENT) {
        return;
    }
    const ClCluster *cluster = type == CL_HANDLE_CLUSTER ? data : ((ClChild *)data)->cluster;
    if (cluster->session == count->session) {
        (*counter(count->counts, type))++;
    }
}

DWORD ClusapiGetHandleCounts(HCLUSTER hCluster, CLUSAPI_HANDLE_COUNTS *pCounts)
{
    if (pCounts == NULL || pCounts->dwVersion != 1) {
        return ERROR_INVALID_PARAMETER;
    }
    ClCluster *cluster = cl_handle_acquire(CL_HANDLE_CLUSTER, hCluster);
    if (cluster == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    *pCounts = (CLUSAPI_HANDLE_COUNTS){.dwVersion = 1};
    Count count = {cluster->session, pCounts};
    cl_handle_foreach(count_one, &count);
    cl_handle_release(hCluster);
    return ERROR_SUCCESS;
}

DWORD ClusapiGetConfiguredClusters(LPWSTR lpszNames, LPDWORD lpcchNames)
{
    GError *error = NULL;
    g_auto(GStrv) names = NULL;
    if (lpcchNames == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_backend_configured(&names, &error)) {
        return cl_error_take(error);
    }
    gsize needed = 1;
    for (char **name = names; *name != NULL; name++) {
        needed += cl_text_wide_length(*name) + 1;
    }
    DWORD room = *lpcchNames;
    *lpcchNames = (DWORD)needed;
    if (lpszNames == NULL) {
        return ERROR_SUCCESS;
    }
    if (room < needed) {
        return ERROR_MORE_DATA;
    }
    WCHAR *end = lpszNames;
    for (char **name = names; *name != NULL; name++) {
        end = cl_text_put_wide(*name, end);
        *end++ = 0;
    }
    *end = 0;
    return ERROR_SUCCESS;
}

G_STATIC_ASSERT(sizeof(ClPropertyListReader) <= sizeof(CLUSAPI_PROPERTY_CURSOR));

DWORD ClusapiPropertyListNext(const void *pPropertyList, DWORD cbPropertyListSize,
                              CLUSAPI_PROPERTY_CURSOR *pCursor, CLUSAPI_PROPERTY *pProperty)
{
    const CLUSAPI_PROPERTY_CURSOR start = {{0}};
    if (pPropertyList == NULL || pCursor == NULL || pProperty == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    ClPropertyListReader reader;
    memcpy(&reader, pCursor, sizeof reader);
    if (memcmp(pCursor, &start, sizeof start) == 0 &&
        !cl_property_list_reader_init(&reader, pPropertyList, cbPropertyListSize)) {
        return ERROR_INVALID_DATA;
    }
    if (reader.list != pPropertyList || reader.size != cbPropertyListSize ||
        reader.offset > reader.size) {
        return ERROR_INVALID_PARAMETER;
    }
    ClPropertyValue value;
    DWORD code = cl_property_list_reader_next(&reader, &value);
    if (code == ERROR_SUCCESS) {
        *pProperty = (CLUSAPI_PROPERTY){.pszName = (LPCWSTR)value.name,
                                        .dwSyntax = value.syntax,
                                        .pbData = value.data,
                                        .cbData = value.size,
                                        .dwIndex = value.index};
    }
    memcpy(pCursor, &reader, sizeof reader);
    return code;
}

static DWORD append(void *list, DWORD room, LPDWORD size, const char *name,
                    const ClPropertyValue *value)
{
    if (value->data == NULL && value->size > 0) {
        return ERROR_INVALID_PARAMETER;
    }
    gsize now = *size;
    DWORD code = cl_property_list_append(list, room, &now, name, value);
    if (code == ERROR_SUCCESS) {
        *size = (DWORD)now;
    }
    return code;
}

DWORD ClusapiPropertyListAdd(void *pPropertyList, DWORD cbRoom, LPDWORD lpcbPropertyList,
                             LPCWSTR pszName, DWORD dwSyntax, const void *pbData, DWORD cbData)
{
    GError *error = NULL;
    g_autofree char *name = NULL;
    if (lpcbPropertyList == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_text_from_wide(pszName, &name, &error)) {
        return cl_error_take(error);
    }
    return append(pPropertyList, cbRoom, lpcbPropertyList, name,
                  &(ClPropertyValue){.syntax = dwSyntax, .data = pbData, .size = cbData});
}

DWORD ClusapiPropertyListAddValue(void *pPropertyList, DWORD cbRoom, LPDWORD lpcbPropertyList,
                                  DWORD dwSyntax, const void *pbData, DWORD cbData)
{
    if (lpcbPropertyList == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    return append(pPropertyList, cbRoom, lpcbPropertyList, NULL,
                  &(ClPropertyValue){.syntax = dwSyntax, .data = pbData, .size = cbData});
}

DWORD ClusapiUtf8ToWide(const char *pszUtf8, LPWSTR lpszWide, LPDWORD lpcch)
{
    if (pszUtf8 == NULL || lpcch == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_text_is_valid(pszUtf8)) {
        return ERROR_NO_UNICODE_TRANSLATION;
    }
    return cl_text_copy_out(pszUtf8, lpszWide, lpcch);
}

DWORD ClusapiWideToUtf8(LPCWSTR lpszWide, DWORD cchWide, char *pszUtf8, size_t *pcb)
{
    if (lpszWide == NULL || pcb == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    gsize units = cchWide;
    if (cchWide == (DWORD)-1) {
        for (units = 0; lpszWide[units] != 0;) {
            units++;
        }
    }
    g_autofree char *text = cl_text_from_units(lpszWide, units);
    gsize length = strlen(text);
    gsize room = *pcb;
    *pcb = length;
    if (pszUtf8 == NULL) {
        return ERROR_SUCCESS;
    }
    if (room <= length) {
        return ERROR_MORE_DATA;
    }
    memcpy(pszUtf8, text, length + 1);
    return ERROR_SUCCESS;
}

const char *ClusapiErrorName(DWORD dwError)
{
    return cl_error_name(dwError);
}
