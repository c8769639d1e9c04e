/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readers of property lists from Windows' resapi.h: each finds one property by name in a list
 * that a control function filled in (clusapi.h describes the format) and gives its value. The
 * rest of resapi.h, for writing resource DLLs, has no place on Linux. These functions only read the
 * memory that they are given; they use no cluster and no handle and may be called from any thread.
 *
 * Parameters common to all of them:
 * @pPropertyList       the list; the caller's, not changed; need not be aligned; not NULL
 * @cbPropertyListSize  its size in bytes; nothing beyond it is read, whatever the list says
 * @pszPropertyName     name of the property, in any case; the caller's; not NULL
 *
 * Return codes common to all of them:
 *   0   ERROR_SUCCESS            the value was found and stored
 *   2   ERROR_FILE_NOT_FOUND     the list has no property of that name
 *   8   ERROR_NOT_ENOUGH_MEMORY
 *   13  ERROR_INVALID_DATA       the list is malformed, or the property has no value of that format
 *   87  ERROR_INVALID_PARAMETER  an argument is NULL
 * Output parameters are written on success only. A property with several values gives the first of
 * the format asked for. Memory that a function allocates is freed with LocalFree.
 */
#ifndef RESAPI_H
#define RESAPI_H

#include <clusapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/**
 * Finds a property that is a string (CLUSPROP_FORMAT_SZ).
 *
 * @pszPropertyValue  receives a copy, NUL-terminated, to be freed with LocalFree; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindSzProperty.
 */
DWORD WINAPI ResUtilFindSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                   LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue);

/**
 * Finds a property that is a string with names of environment variables that are not replaced
 * (CLUSPROP_FORMAT_EXPAND_SZ).
 *
 * @pszPropertyValue  receives a copy, NUL-terminated, to be freed with LocalFree; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindExpandSzProperty.
 */
DWORD WINAPI ResUtilFindExpandSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                         LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue);

/**
 * Finds a property that is a string whose environment variables the cluster has replaced
 * (CLUSPROP_FORMAT_EXPANDED_SZ, the second value of such a property).
 *
 * @pszPropertyValue  receives a copy, NUL-terminated, to be freed with LocalFree; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindExpandedSzProperty.
 */
DWORD WINAPI ResUtilFindExpandedSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                           LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue);

/**
 * Finds a property that is a list of strings (CLUSPROP_FORMAT_MULTI_SZ).
 *
 * @pszPropertyValue      receives a copy, to be freed with LocalFree; not NULL. Each string ends in
 *                        a NUL, and one more NUL ends the list, also when the value lacks it
 * @pcbPropertyValueSize  receives the size of the copy in bytes with all NULs; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindMultiSzProperty.
 */
DWORD WINAPI ResUtilFindMultiSzProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                        LPCWSTR pszPropertyName, LPWSTR *pszPropertyValue,
                                        LPDWORD pcbPropertyValueSize);

/**
 * Finds a property that is bytes (CLUSPROP_FORMAT_BINARY).
 *
 * @pbPropertyValue       receives a copy, to be freed with LocalFree; not NULL. The copy is
 *                        never NULL, even when it has 0 bytes
 * @pcbPropertyValueSize  receives its size in bytes; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindBinaryProperty.
 */
DWORD WINAPI ResUtilFindBinaryProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                       LPCWSTR pszPropertyName, LPBYTE *pbPropertyValue,
                                       LPDWORD pcbPropertyValueSize);

/**
 * Finds a property that is an unsigned 32-bit number (CLUSPROP_FORMAT_DWORD).
 *
 * @pdwPropertyValue  receives the value; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindDwordProperty.
 */
DWORD WINAPI ResUtilFindDwordProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                      LPCWSTR pszPropertyName, LPDWORD pdwPropertyValue);

/**
 * Finds a property that is a signed 32-bit number (CLUSPROP_FORMAT_LONG).
 *
 * @plPropertyValue  receives the value; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindLongProperty.
 */
DWORD WINAPI ResUtilFindLongProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                     LPCWSTR pszPropertyName, LPLONG plPropertyValue);

/**
 * Finds a property that is an unsigned 64-bit number (CLUSPROP_FORMAT_ULARGE_INTEGER).
 *
 * @plPropertyValue  receives the value; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindULargeIntegerProperty.
 */
DWORD WINAPI ResUtilFindULargeIntegerProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                              LPCWSTR pszPropertyName,
                                              ULARGE_INTEGER *plPropertyValue);

/**
 * Finds a property that is a time (CLUSPROP_FORMAT_FILETIME).
 *
 * @pftPropertyValue  receives the value; not NULL
 *
 * Returns a code of the list above. Mirrors Windows' ResUtilFindFileTimeProperty.
 */
DWORD WINAPI ResUtilFindFileTimeProperty(const PVOID pPropertyList, DWORD cbPropertyListSize,
                                         LPCWSTR pszPropertyName, LPFILETIME pftPropertyValue);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
