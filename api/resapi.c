/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public readers of property lists. They look at the caller's list in place and give copies
 * that come from malloc(), since LocalFree is free() under another name. No state; any thread.
 */
#include <resapi.h>

#include "property-list.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    LPCVOID list;
    DWORD size;
    LPCWSTR name;
    CLUSTER_PROPERTY_FORMAT format;
} Wanted;

static gsize length_of(const char16_t *name)
{
    const guint8 *p = (const guint8 *)name;

    while (p[0] != 0 || p[1] != 0) {
        p += sizeof *name;
    }
    return (gsize)(p - (const guint8 *)name) / sizeof *name;
}

static gboolean has_name(const ClPropertyValue *value, const char *name)
{
    g_autofree char *other = cl_text_from_units(value->name, length_of(value->name));

    return cl_text_equal(other, name);
}

/* The first value of the wanted format of the first property of that name. */
static DWORD find_value(const Wanted *wanted, ClPropertyValue *ret_value)
{
    g_autofree char *name = NULL;
    ClPropertyListReader reader;
    ClPropertyValue value;
    gboolean found = FALSE;
    DWORD status;

    if (wanted->list == NULL || wanted->name == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_property_list_reader_init(&reader, wanted->list, wanted->size)) {
        return ERROR_INVALID_DATA;
    }
    name = cl_text_from_units(wanted->name, length_of(wanted->name));
    while ((status = cl_property_list_reader_next(&reader, &value)) == ERROR_SUCCESS) {
        if (value.index == 0) {
            if (found) {
                return ERROR_INVALID_DATA;
            }
            found = has_name(&value, name);
        }
        if (found && (value.syntax & 0xFFFF) == (guint32)wanted->format) {
            *ret_value = value;
            return ERROR_SUCCESS;
        }
    }
    return status == ERROR_NO_MORE_ITEMS && !found ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_DATA;
}

/* A copy with @nuls more bytes of zero at the end. */
static DWORD copy_value(const ClPropertyValue *value, gsize nuls, void **ret_copy)
{
    guint8 *copy = malloc((gsize)value->size + nuls + 1); /* not 0 bytes, which may be NULL */

    if (copy == NULL) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    memcpy(copy, value->data, value->size);
    memset(copy + value->size, 0, nuls);
    *ret_copy = copy;
    return ERROR_SUCCESS;
}

/* How many NULs are at the end of a value that is text; -1 if it is none. */
static int nuls_at_end(const ClPropertyValue *value)
{
    int nuls = 0;

    if (value->size % sizeof(WCHAR) != 0) {
        return -1;
    }
    while (nuls < 2 && (gsize)(nuls + 1) * sizeof(WCHAR) <= value->size) {
        const guint8 *unit = value->data + value->size - (gsize)(nuls + 1) * sizeof(WCHAR);

        if (unit[0] != 0 || unit[1] != 0) {
            break;
        }
        nuls++;
    }
    return nuls;
}

static DWORD find_text(const Wanted *wanted, LPWSTR *text)
{
    ClPropertyValue value;
    void *copy;
    DWORD status;

    if (text == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    status = find_value(wanted, &value);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (nuls_at_end(&value) < 1) {
        return ERROR_INVALID_DATA;
    }
    status = copy_value(&value, 0, &copy);
    if (status == ERROR_SUCCESS) {
        *text = copy;
    }
    return status;
}

static DWORD find_number(const Wanted *wanted, void *number, gsize size)
{
    ClPropertyValue value;
    DWORD status;

    if (number == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    status = find_value(wanted, &value);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (value.size != size) {
        return ERROR_INVALID_DATA;
    }
    memcpy(number, value.data, size);
    return ERROR_SUCCESS;
}

DWORD WINAPI ResUtilFindSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                   LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_SZ};

    return find_text(&wanted, pszPropertyValue);
}

DWORD WINAPI ResUtilFindExpandSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                         LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_EXPAND_SZ};

    return find_text(&wanted, pszPropertyValue);
}

DWORD WINAPI ResUtilFindExpandedSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                           LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName,
                     CLUSPROP_FORMAT_EXPANDED_SZ};

    return find_text(&wanted, pszPropertyValue);
}

DWORD WINAPI ResUtilFindMultiSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                        LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue,
                                        LPDWORD pcbPropertyValueSize)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_MULTI_SZ};
    ClPropertyValue value;
    void *copy;
    gsize missing;
    DWORD status;

    if (pszPropertyValue == NULL || pcbPropertyValueSize == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    status = find_value(&wanted, &value);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (nuls_at_end(&value) < 1) {
        return ERROR_INVALID_DATA;
    }
    missing = nuls_at_end(&value) == 1 ? sizeof(WCHAR) : 0;
    status = copy_value(&value, missing, &copy);
    if (status == ERROR_SUCCESS) {
        *pszPropertyValue = copy;
        *pcbPropertyValueSize = value.size + (DWORD)missing;
    }
    return status;
}

DWORD WINAPI ResUtilFindBinaryProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                       LPCWSTR pszPropertyName, LPBYTE *pbPropertyValue,
                                       LPDWORD pcbPropertyValueSize)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_BINARY};
    ClPropertyValue value;
    void *copy;
    DWORD status;

    if (pbPropertyValue == NULL || pcbPropertyValueSize == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    status = find_value(&wanted, &value);
    if (status == ERROR_SUCCESS) {
        status = copy_value(&value, 0, &copy);
    }
    if (status == ERROR_SUCCESS) {
        *pbPropertyValue = copy;
        *pcbPropertyValueSize = value.size;
    }
    return status;
}

DWORD WINAPI ResUtilFindDwordProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                      LPCWSTR pszPropertyName, LPDWORD pdwPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_DWORD};

    return find_number(&wanted, pdwPropertyValue, sizeof *pdwPropertyValue);
}

DWORD WINAPI ResUtilFindLongProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                     LPCWSTR pszPropertyName, LPLONG plPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_LONG};

    return find_number(&wanted, plPropertyValue, sizeof *plPropertyValue);
}

DWORD WINAPI ResUtilFindULargeIntegerProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                              LPCWSTR pszPropertyName,
                                              ULARGE_INTEGER *plPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName,
                     CLUSPROP_FORMAT_ULARGE_INTEGER};

    return find_number(&wanted, plPropertyValue, sizeof *plPropertyValue);
}

DWORD WINAPI ResUtilFindFileTimeProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                         LPCWSTR pszPropertyName, LPFILETIME pftPropertyValue)
{
    Wanted wanted = {pPropertyList, cbPropertyListSize, pszPropertyName, CLUSPROP_FORMAT_FILETIME};

    return find_number(&wanted, pftPropertyValue, sizeof *pftPropertyValue);
}

HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
    free(hMem);
    return NULL;
}
