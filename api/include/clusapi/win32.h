/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The part of the Win32 world that clusapi.h and resapi.h need: integer and string types, error
 * codes, access rights, the last error of a thread, and a few helpers for strings of 16-bit
 * units. Names, sizes and values are those of Windows on a 64-bit machine. Only declarations and
 * inline functions are here; nothing in this file holds data.
 *
 * Text is UTF-16 in the byte order of the machine. WCHAR is char16_t, so a literal is written
 * u"web". Where the compiler's wchar_t has 16 bits (gcc -fshort-wchar) WCHAR is wchar_t instead,
 * and L"web" works as it does on Windows; the binary interface is the same in both cases. With
 * -fshort-wchar the wcs* functions of the C library must not be used, since they still expect
 * 32-bit units: that is what the lstr*W helpers below are for.
 */
#ifndef CLUSAPI_WIN32_H
#define CLUSAPI_WIN32_H

#include <stddef.h>
#include <stdint.h>

#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#else
#ifndef __cplusplus
#include <uchar.h>
#endif
typedef char16_t WCHAR;
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Calling conventions: Linux has one. */
#define WINAPI
#define CALLBACK

#define VOID  void
#define CONST const

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif

/* Integers. DWORD and LONG have 32 bits although long has 64. */
typedef char CHAR;
typedef uint8_t UCHAR;
typedef uint8_t BYTE;
typedef uint8_t BOOLEAN;
typedef uint16_t WORD;
typedef uint16_t USHORT;
typedef int16_t SHORT;
typedef int INT;
typedef unsigned int UINT;
typedef int BOOL;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uint64_t DWORD64;
typedef intptr_t LONG_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef int32_t HRESULT;
typedef DWORD ACCESS_MASK;
typedef ACCESS_MASK REGSAM;
typedef DWORD SECURITY_INFORMATION;

/* Pointers. */
typedef void *PVOID;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef BOOL *PBOOL;
typedef BOOL *LPBOOL;
typedef WORD *PWORD;
typedef WORD *LPWORD;
typedef INT *PINT;
typedef INT *LPINT;
typedef LONG *PLONG;
typedef LONG *LPLONG;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;
typedef char *LPSTR;
typedef const char *LPCSTR;
typedef WCHAR *PWSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *PCWSTR;
typedef const WCHAR *LPCWSTR;
typedef PVOID PSECURITY_DESCRIPTOR;

/* Handles. They are opaque values: never look behind one. */
typedef void *HANDLE;
typedef HANDLE *PHANDLE;
typedef HANDLE HLOCAL;
typedef struct HKEY__ *HKEY;
typedef HKEY *PHKEY;

#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

/* 100-nanosecond steps since the start of 1601 (UTC), in two halves. Aligned to 4 bytes. */
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _GUID {
    DWORD Data1;
    WORD Data2;
    WORD Data3;
    BYTE Data4[8];
} GUID;

/* The head of a self-relative security descriptor; the four DWORDs are byte offsets from it. */
typedef struct _SECURITY_DESCRIPTOR_RELATIVE {
    BYTE Revision;
    BYTE Sbz1;
    WORD Control;
    DWORD Owner;
    DWORD Group;
    DWORD Sacl;
    DWORD Dacl;
} SECURITY_DESCRIPTOR_RELATIVE, *PISECURITY_DESCRIPTOR_RELATIVE;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

#define MAX_PATH 260

/* Types of values, and what a key is opened for. */
#define REG_NONE                0
#define REG_SZ                  1
#define REG_EXPAND_SZ           2
#define REG_BINARY              3
#define REG_DWORD               4
#define REG_DWORD_BIG_ENDIAN    5
#define REG_MULTI_SZ            7
#define REG_QWORD               11

#define REG_OPTION_NON_VOLATILE 0x00000000
#define REG_CREATED_NEW_KEY     0x00000001
#define REG_OPENED_EXISTING_KEY 0x00000002

#define KEY_QUERY_VALUE         0x00000001
#define KEY_SET_VALUE           0x00000002
#define KEY_CREATE_SUB_KEY      0x00000004
#define KEY_ENUMERATE_SUB_KEYS  0x00000008
#define KEY_NOTIFY              0x00000010
#define KEY_READ                0x00020019
#define KEY_WRITE               0x00020006
#define KEY_ALL_ACCESS          0x000F003F

/* Parts of a security descriptor, as SECURITY_INFORMATION. */
#define OWNER_SECURITY_INFORMATION            0x00000001U
#define GROUP_SECURITY_INFORMATION            0x00000002U
#define DACL_SECURITY_INFORMATION             0x00000004U
#define SACL_SECURITY_INFORMATION             0x00000008U
#define UNPROTECTED_SACL_SECURITY_INFORMATION 0x10000000U
#define UNPROTECTED_DACL_SECURITY_INFORMATION 0x20000000U
#define PROTECTED_SACL_SECURITY_INFORMATION   0x40000000U
#define PROTECTED_DACL_SECURITY_INFORMATION   0x80000000U

/* Access rights that the Open...Ex functions understand. */
#define GENERIC_READ    0x80000000U
#define GENERIC_WRITE   0x40000000U
#define GENERIC_EXECUTE 0x20000000U
#define GENERIC_ALL     0x10000000U
#define MAXIMUM_ALLOWED 0x02000000U

/* Waiting: a time in milliseconds, and the answers of functions that wait. */
#define INFINITE      0xFFFFFFFFU
#define WAIT_OBJECT_0 0
#define WAIT_TIMEOUT  258
#define WAIT_FAILED   0xFFFFFFFFU

#define S_OK          ((HRESULT)0)

/* General error codes. */
#define NO_ERROR                          0
#define ERROR_SUCCESS                     0
#define ERROR_INVALID_FUNCTION            1
#define ERROR_FILE_NOT_FOUND              2
#define ERROR_PATH_NOT_FOUND              3
#define ERROR_TOO_MANY_OPEN_FILES         4
#define ERROR_ACCESS_DENIED               5
#define ERROR_INVALID_HANDLE              6
#define ERROR_NOT_ENOUGH_MEMORY           8
#define ERROR_BAD_FORMAT                  11
#define ERROR_INVALID_DATA                13
#define ERROR_WRITE_PROTECT               19
#define ERROR_GEN_FAILURE                 31
#define ERROR_LOCK_VIOLATION              33
#define ERROR_HANDLE_EOF                  38
#define ERROR_NOT_SUPPORTED               50
#define ERROR_DUP_NAME                    52
#define ERROR_BAD_NETPATH                 53
#define ERROR_SHARING_PAUSED              70
#define ERROR_FILE_EXISTS                 80
#define ERROR_INVALID_PARAMETER           87
#define ERROR_OPEN_FAILED                 110
#define ERROR_DISK_FULL                   112
#define ERROR_INVALID_TARGET_HANDLE       114
#define ERROR_CALL_NOT_IMPLEMENTED        120
#define ERROR_INSUFFICIENT_BUFFER         122
#define ERROR_INVALID_NAME                123
#define ERROR_INVALID_LEVEL               124
#define ERROR_MOD_NOT_FOUND               126
#define ERROR_PROC_NOT_FOUND              127
#define ERROR_DIR_NOT_EMPTY               145
#define ERROR_BUSY                        170
#define ERROR_ALREADY_EXISTS              183
#define ERROR_MORE_DATA                   234
#define ERROR_NO_MORE_ITEMS               259
#define ERROR_ASSERTION_FAILURE           668
#define ERROR_OPERATION_ABORTED           995
#define ERROR_IO_PENDING                  997
#define ERROR_KEY_DELETED                 1018
#define ERROR_NOTIFY_ENUM_DIR             1022
#define ERROR_CIRCULAR_DEPENDENCY         1059
#define ERROR_NO_UNICODE_TRANSLATION      1113
#define ERROR_SHUTDOWN_IN_PROGRESS        1115
#define ERROR_IO_DEVICE                   1117
#define ERROR_NOT_FOUND                   1168
#define ERROR_CONNECTION_REFUSED          1225
#define ERROR_NETWORK_UNREACHABLE         1231
#define ERROR_HOST_UNREACHABLE            1232
#define ERROR_SERVER_SHUTDOWN_IN_PROGRESS 1255
#define ERROR_REVISION_MISMATCH           1306
#define ERROR_LOGON_FAILURE               1326
#define ERROR_INVALID_SECURITY_DESCR      1338
#define ERROR_INTERNAL_ERROR              1359
#define ERROR_SPECIAL_GROUP               1372
#define ERROR_FILE_CORRUPT                1392
#define ERROR_NO_SYSTEM_RESOURCES         1450
#define ERROR_TIMEOUT                     1460

/* Errors of the protocol that carries a call to another machine or to the local service. */
#define RPC_S_INVALID_BINDING       1702
#define RPC_S_UNKNOWN_IF            1717
#define RPC_S_SERVER_UNAVAILABLE    1722
#define RPC_S_SERVER_TOO_BUSY       1723
#define RPC_S_CALL_FAILED           1726
#define RPC_S_CALL_FAILED_DNE       1727
#define RPC_S_PROTOCOL_ERROR        1728
#define RPC_S_STRING_TOO_LONG       1743
#define RPC_S_PROCNUM_OUT_OF_RANGE  1745
#define RPC_S_UNKNOWN_AUTHN_SERVICE 1747
#define EPT_S_NOT_REGISTERED        1753
#define RPC_X_SS_IN_NULL_CONTEXT    1775
#define RPC_X_BAD_STUB_DATA         1783
#define RPC_S_SEC_PKG_ERROR         1825

/* Errors of the cluster API. */
#define ERROR_DEPENDENT_RESOURCE_EXISTS                5001
#define ERROR_DEPENDENCY_NOT_FOUND                     5002
#define ERROR_DEPENDENCY_ALREADY_EXISTS                5003
#define ERROR_RESOURCE_NOT_ONLINE                      5004
#define ERROR_HOST_NODE_NOT_AVAILABLE                  5005
#define ERROR_RESOURCE_NOT_AVAILABLE                   5006
#define ERROR_RESOURCE_NOT_FOUND                       5007
#define ERROR_SHUTDOWN_CLUSTER                         5008
#define ERROR_CANT_EVICT_ACTIVE_NODE                   5009
#define ERROR_OBJECT_ALREADY_EXISTS                    5010
#define ERROR_OBJECT_IN_LIST                           5011
#define ERROR_GROUP_NOT_AVAILABLE                      5012
#define ERROR_GROUP_NOT_FOUND                          5013
#define ERROR_GROUP_NOT_ONLINE                         5014
#define ERROR_HOST_NODE_NOT_RESOURCE_OWNER             5015
#define ERROR_HOST_NODE_NOT_GROUP_OWNER                5016
#define ERROR_RESOURCE_ONLINE                          5019
#define ERROR_QUORUM_RESOURCE                          5020
#define ERROR_NOT_QUORUM_CAPABLE                       5021
#define ERROR_CLUSTER_SHUTTING_DOWN                    5022
#define ERROR_INVALID_STATE                            5023
#define ERROR_RESOURCE_PROPERTIES_STORED               5024
#define ERROR_NOT_QUORUM_CLASS                         5025
#define ERROR_CORE_RESOURCE                            5026
#define ERROR_QUORUM_RESOURCE_ONLINE_FAILED            5027
#define ERROR_NETWORK_NOT_AVAILABLE                    5035
#define ERROR_NODE_NOT_AVAILABLE                       5036
#define ERROR_ALL_NODES_NOT_AVAILABLE                  5037
#define ERROR_RESOURCE_FAILED                          5038
#define ERROR_CLUSTER_INVALID_NODE                     5039
#define ERROR_CLUSTER_NODE_EXISTS                      5040
#define ERROR_CLUSTER_NODE_NOT_FOUND                   5042
#define ERROR_CLUSTER_LOCAL_NODE_NOT_FOUND             5043
#define ERROR_CLUSTER_NETWORK_EXISTS                   5044
#define ERROR_CLUSTER_NETWORK_NOT_FOUND                5045
#define ERROR_CLUSTER_NETINTERFACE_NOT_FOUND           5047
#define ERROR_CLUSTER_INVALID_REQUEST                  5048
#define ERROR_CLUSTER_NODE_DOWN                        5050
#define ERROR_CLUSTER_INVALID_NETWORK                  5054
#define ERROR_CLUSTER_NODE_UP                          5056
#define ERROR_CLUSTER_NODE_NOT_PAUSED                  5058
#define ERROR_CLUSTER_NETWORK_NOT_INTERNAL             5060
#define ERROR_CLUSTER_LAST_INTERNAL_NETWORK            5066
#define ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS           5067
#define ERROR_INVALID_OPERATION_ON_QUORUM              5068
#define ERROR_DEPENDENCY_NOT_ALLOWED                   5069
#define ERROR_CLUSTER_NODE_PAUSED                      5070
#define ERROR_NODE_CANT_HOST_RESOURCE                  5071
#define ERROR_CLUSTER_NODE_NOT_READY                   5072
#define ERROR_CLUSTER_NODE_SHUTTING_DOWN               5073
#define ERROR_CLUSTER_INCOMPATIBLE_VERSIONS            5075
#define ERROR_CLUSTER_MAXNUM_OF_RESOURCES_EXCEEDED     5076
#define ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND          5078
#define ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED            5079
#define ERROR_CLUSTER_RESNAME_NOT_FOUND                5080
#define ERROR_CLUSTER_OWNER_NOT_IN_PREFLIST            5082
#define ERROR_RESMON_INVALID_STATE                     5084
#define ERROR_RESOURCE_PROPERTY_UNCHANGEABLE           5089
#define ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH      5895
#define ERROR_CLUSTER_EVICT_WITHOUT_CLEANUP            5896
#define ERROR_CLUSTER_PARAMETER_MISMATCH               5897
#define ERROR_CLUSTER_CANT_CREATE_DUP_CLUSTER_NAME     5900
#define ERROR_CLUSTER_GROUP_MOVING                     5908
#define ERROR_CLUSTER_RESOURCE_TYPE_BUSY               5909
#define ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS          5913
#define ERROR_CLUSTER_NO_QUORUM                        5925
#define ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP         5928
#define ERROR_DEPENDENCY_TREE_TOO_COMPLEX              5929
#define ERROR_CLUSTER_NOT_INSTALLED                    5932
#define ERROR_CLUSTER_MAX_NODES_IN_CLUSTER             5934
#define ERROR_CLUSTER_SINGLETON_RESOURCE               5940
#define ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE         5941
#define ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED         5942
#define ERROR_CLUSTER_GROUP_BUSY                       5944
#define ERROR_CLUSTER_NOT_SHARED_VOLUME                5945
#define ERROR_CLUSTER_USE_SHARED_VOLUMES_API           5948
#define ERROR_CLUSTER_INVALID_NODE_WEIGHT              5954
#define ERROR_CLUSTER_GROUP_QUEUED                     5959
#define ERROR_CLUSTER_RESOURCE_LOCKED_STATUS           5960
#define ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS           5962
#define ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED 5989
#define ERROR_GROUPSET_NOT_AVAILABLE                   5994
#define ERROR_GROUPSET_NOT_FOUND                       5995
#define ERROR_GROUPSET_CANT_PROVIDE                    5996

#pragma GCC visibility push(default)

/**
 * Gives the last error of the calling thread: the code that a function of this library stored when
 * it returned NULL, FALSE or a state of -1.
 *
 * Returns a Win32 error code, 0 in a thread that has had none. Functions that succeed, and
 * functions that return their error code, need not reset it. Each thread has its own.
 * Mirrors Windows' GetLastError.
 */
DWORD WINAPI GetLastError(void);

/**
 * Sets the last error of the calling thread.
 *
 * @dwErrCode  any Win32 error code
 *
 * Mirrors Windows' SetLastError.
 */
void WINAPI SetLastError(DWORD dwErrCode);

/**
 * Frees memory that a function of this library allocated for its caller (see resapi.h).
 *
 * @hMem  the pointer as it was given, or NULL, which does nothing; invalid afterwards
 *
 * Returns NULL. It is free() under its Windows name. Mirrors Windows' LocalFree.
 */
HLOCAL WINAPI LocalFree(HLOCAL hMem);

#pragma GCC visibility pop

/**
 * Counts the 16-bit units of a string.
 *
 * @lpString  NUL-terminated string, or NULL
 *
 * Returns the length without the NUL; 0 for NULL. Mirrors Windows' lstrlenW.
 */
static inline int lstrlenW(LPCWSTR lpString)
{
    int length = 0;

    while (lpString != NULL && lpString[length] != 0) {
        length++;
    }
    return length;
}

/**
 * Compares two strings unit by unit.
 *
 * @lpString1, @lpString2  NUL-terminated strings, or NULL, which sorts before every string
 *
 * Returns less than, equal to or more than 0. Zero means equality, as on Windows; the order is that
 * of the numbers of the units, where Windows' lstrcmpW sorts by the user's language.
 */
static inline int lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    if (lpString1 == NULL || lpString2 == NULL) {
        return (lpString1 != NULL) - (lpString2 != NULL);
    }
    while (*lpString1 != 0 && *lpString1 == *lpString2) {
        lpString1++;
        lpString2++;
    }
    return (int)*lpString1 - (int)*lpString2;
}

/**
 * Copies as much of a string as fits, always with a terminating NUL. It may cut a surrogate pair.
 *
 * @lpString1   destination of iMaxLength units
 * @lpString2   NUL-terminated source, which does not overlap the destination
 * @iMaxLength  units that fit, including the NUL
 *
 * Returns lpString1, or NULL when an argument is NULL or iMaxLength is less than 1.
 * Mirrors Windows' lstrcpynW.
 */
static inline LPWSTR lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
{
    int i;

    if (lpString1 == NULL || lpString2 == NULL || iMaxLength < 1) {
        return NULL;
    }
    for (i = 0; i < iMaxLength - 1 && lpString2[i] != 0; i++) {
        lpString1[i] = lpString2[i];
    }
    lpString1[i] = 0;
    return lpString1;
}

#ifdef __cplusplus
}
#endif

#endif
