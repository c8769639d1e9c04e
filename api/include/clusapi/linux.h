/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Linux callers of the cluster API need beyond clusapi.h: a limit on how long calls may take,
 * cancelling a call of another thread, what is behind a cluster handle, and help with text.
 * None of these exists on Windows; where one has a counterpart there, it is named.
 *
 * Every function may be called from any thread. One that returns a DWORD gives the error code
 * itself; the others set the last error where they can fail.
 */
#ifndef CLUSAPI_LINUX_H
#define CLUSAPI_LINUX_H

#include <clusapi.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* --- How long calls may take ------------------------------------------------------------------ */

/** The time limit of a new cluster handle, in milliseconds. */
#define CLUSAPI_DEFAULT_TIMEOUT 30000

/**
 * Sets how long a call through this cluster handle, and through any object handle opened from it,
 * may take. Calls that need longer fail with ERROR_TIMEOUT. Instances that GetClusterFrom* makes
 * begin with the limit of the handle that they were made from.
 *
 * @hCluster        an open cluster handle.
 * @dwMilliseconds  1 to 86,400,000 (a day).
 * Returns ERROR_SUCCESS, ERROR_INVALID_HANDLE, or ERROR_INVALID_PARAMETER for another time.
 * Thread rule: applies to calls that begin after it returned.
 */
DWORD ClusapiSetTimeout(HCLUSTER hCluster, DWORD dwMilliseconds);

/** A scope of calls on one thread, made by ClusapiBeginCall. */
typedef struct _HCLUSCALL *HCLUSCALL;

/**
 * Begins a scope: until ClusapiEndCall, all API calls of the calling thread together may take
 * @dwMilliseconds, and another thread may cancel them by the returned handle. A scope replaces the
 * time limit of the cluster handles; scopes do not nest.
 *
 * @dwMilliseconds  the limit for the whole scope; 0 means that no call may wait for anything (a
 *                  network, another process): one that would have to fails with ERROR_TIMEOUT at
 *                  once. INFINITE leaves the limits of the cluster handles in force.
 * Returns the scope's handle, or NULL with the last error ERROR_INVALID_STATE (the thread has a
 * scope already) or ERROR_NOT_ENOUGH_MEMORY. End it on the same thread with ClusapiEndCall.
 */
HCLUSCALL ClusapiBeginCall(DWORD dwMilliseconds);

/**
 * Ends the calling thread's scope.
 *
 * @hCall  what ClusapiBeginCall returned on this thread.
 * Returns TRUE, or FALSE with ERROR_INVALID_HANDLE if it is not this thread's scope.
 */
BOOL ClusapiEndCall(HCLUSCALL hCall);

/**
 * Cancels a scope from any thread: the call in progress, if any, and every later call in the scope
 * that asks a cluster fail with ERROR_OPERATION_ABORTED; the call in progress returns within 100 ms.
 * What it had changed by then stays changed. The counterpart of CancelSynchronousIo, without its race: the
 * scope is named, not the thread.
 *
 * @hCall  a scope's handle; may have been ended meanwhile.
 * Returns TRUE, or FALSE with ERROR_INVALID_HANDLE when the scope has ended.
 */
BOOL ClusapiCancelCall(HCLUSCALL hCall);

/**
 * Lets the calling thread's API calls wait or not, without a scope's handle: while it is TRUE,
 * each call that would have to wait fails with ERROR_TIMEOUT at once, as in a scope of 0 ms.
 * Ignored inside a scope.
 *
 * @bNoWait  TRUE: may not wait.
 * Returns what it was before.
 */
BOOL ClusapiSetNoWait(BOOL bNoWait);

/* --- What is behind a handle ------------------------------------------------------------------- */

/**
 * The name of the back end that serves a cluster handle: "embedded", "rpc" or the name of another
 * back end module.
 *
 * @lpszName, @lpcchName  buffer and its room in characters, as everywhere in clusapi.h.
 * Returns ERROR_SUCCESS, ERROR_MORE_DATA, ERROR_INVALID_HANDLE or ERROR_INVALID_PARAMETER.
 */
DWORD ClusapiGetBackendName(HCLUSTER hCluster, LPWSTR lpszName, LPDWORD lpcchName);

/**
 * The access that a cluster handle was granted: GENERIC_READ or GENERIC_ALL.
 *
 * @lpdwAccess  receives it; not NULL.
 * Returns ERROR_SUCCESS, ERROR_INVALID_HANDLE or ERROR_INVALID_PARAMETER.
 */
DWORD ClusapiGetGrantedAccess(HCLUSTER hCluster, LPDWORD lpdwAccess);

/** Open handles of one cluster connection, by kind. */
typedef struct CLUSAPI_HANDLE_COUNTS {
    DWORD dwVersion; /**< 1, set by the caller */
    DWORD cCluster;  /**< instances: OpenCluster and GetClusterFrom* */
    DWORD cNode;
    DWORD cGroup;
    DWORD cResource;
    DWORD cNetwork;
    DWORD cNetInterface;
    DWORD cEnum; /**< enumerations of every kind */
} CLUSAPI_HANDLE_COUNTS;

/**
 * Counts the handles that this process has open on the connection behind a cluster handle: its
 * own, those of all instances that GetClusterFrom* made of it, and all objects opened from them.
 *
 * @pCounts  dwVersion must be 1; the rest is filled in.
 * Returns ERROR_SUCCESS, ERROR_INVALID_HANDLE or ERROR_INVALID_PARAMETER.
 */
DWORD ClusapiGetHandleCounts(HCLUSTER hCluster, CLUSAPI_HANDLE_COUNTS *pCounts);

/**
 * Gives the descriptor of an event.
 *
 * @hEvent  from GetNotifyEventHandle
 *
 * Returns a descriptor that poll finds readable while the port has events, or -1 and the last error
 * ERROR_INVALID_HANDLE. It belongs to the port: it is to be neither read nor closed, and ends with
 * the port.
 */
int ClusapiEventDescriptor(HANDLE hEvent);

/**
 * Gives a descriptor of a port of batches.
 *
 * @hBatchNotify  from ClusterRegCreateBatchNotifyPort
 *
 * Returns a descriptor that poll finds readable while ClusterRegGetBatchNotification has something to
 * give, or -1 and the last error ERROR_INVALID_HANDLE or ERROR_NO_SYSTEM_RESOURCES. It belongs to the
 * port: it is to be neither read nor closed, and ends with the port.
 */
int ClusapiBatchPortDescriptor(HREGBATCHPORT hBatchNotify);

/**
 * Gives what a group depends on: groups and group sets, as SetGroupDependencyExpression takes it.
 *
 * @hGroup           the group; not NULL
 * @lpszExpression, @lpcchExpression  buffer and its room in characters; the first may be NULL; the
 *                   text is empty if the group depends on nothing, and names by id
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_INVALID_PARAMETER, ERROR_GROUP_NOT_AVAILABLE 5012,
 * ERROR_CALL_NOT_IMPLEMENTED where a cluster does not tell it, or a code that is common to all
 * functions. Windows has no such function; CLUSCTL_GROUP_GET_PROVIDER_GROUPS tells the groups, but
 * not how they are joined.
 */
DWORD ClusapiGetGroupDependencyExpression(HGROUP hGroup, LPWSTR lpszExpression,
                                          LPDWORD lpcchExpression);

/**
 * Gives what a group set depends on, as SetClusterGroupSetDependencyExpression takes it.
 *
 * @hGroupSet        the group set; not NULL
 * @lpszExpression, @lpcchExpression  as of ClusapiGetGroupDependencyExpression
 *
 * Returns as ClusapiGetGroupDependencyExpression, but ERROR_GROUPSET_NOT_AVAILABLE 5994 for a set
 * that was deleted.
 */
DWORD ClusapiGetGroupSetDependencyExpression(HGROUPSET hGroupSet, LPWSTR lpszExpression,
                                             LPDWORD lpcchExpression);

/**
 * Puts a mark into a notification port: an event of no type (dwObjectType, FilterFlags or the
 * filter of version 1 are 0) that comes after the events of everything that was done to the
 * cluster before, by this process or, as far as it was acknowledged, by another. Who has taken the
 * mark has seen them all.
 *
 * @hChange      the port, of either version; not NULL
 * @hCluster     the cluster, for which something is registered at the port; not NULL
 * @dwNotifyKey  the key that the mark comes with
 *
 * Returns 0, and then the mark comes in any case, also when the cluster cannot be read any more;
 * ERROR_CALL_NOT_IMPLEMENTED where the cluster keeps no order of its changes, or a code that is
 * common to all functions. When the port is full the mark comes as an event that tells a loss, with
 * the same key. Any thread may call.
 */
DWORD ClusapiMarkNotifyPort(HCHANGE hChange, HCLUSTER hCluster, DWORD_PTR dwNotifyKey);

/**
 * Lets a node of a simulated cluster crash, or start again.
 *
 * @hNode   the node, opened with GENERIC_ALL; not NULL
 * @eState  ClusterNodeDown: it crashes, and its groups fail over; ClusterNodeUp: it starts
 *
 * Returns 0, ERROR_INVALID_PARAMETER for another state, ERROR_CALL_NOT_IMPLEMENTED where nodes are
 * real ones, ERROR_NODE_NOT_AVAILABLE 5036, or a code that is common to all functions. Only an
 * embedded cluster has such nodes.
 */
DWORD ClusapiSetNodeState(HNODE hNode, CLUSTER_NODE_STATE eState);

/* --- Configured clusters ------------------------------------------------------------------------ */

/**
 * The names of the clusters that clusters.conf configures (its sections but [global]), as a
 * MULTI_SZ. A missing file has none.
 *
 * @lpszNames    receives the names; NULL to ask for the size.
 * @lpcchNames   in: the room in characters; out: the characters needed or written, with all NULs.
 * Returns ERROR_SUCCESS, ERROR_MORE_DATA, ERROR_INVALID_PARAMETER (no @lpcchNames),
 * ERROR_ACCESS_DENIED when the file may not be read, or ERROR_INVALID_DATA when it cannot be parsed.
 */
DWORD ClusapiGetConfiguredClusters(LPWSTR lpszNames, LPDWORD lpcchNames);

/* --- Property lists ------------------------------------------------------------------------------ */

/** One value of a property list; see ClusapiPropertyListNext. All pointers lead into the list. */
typedef struct CLUSAPI_PROPERTY {
    LPCWSTR pszName;    /**< the property's name */
    DWORD dwSyntax;     /**< CLUSPROP_SYNTAX_* */
    const BYTE *pbData; /**< the value; aligned to 4 if the list is */
    DWORD cbData;       /**< its bytes, without padding */
    DWORD dwIndex;      /**< which value of its property, from 0 */
} CLUSAPI_PROPERTY;

/** A place in a property list. Set all of it to zero before the first ClusapiPropertyListNext. */
typedef struct CLUSAPI_PROPERTY_CURSOR {
    DWORD_PTR reserved[6];
} CLUSAPI_PROPERTY_CURSOR;

/**
 * Walks through a property list. Windows has the C++ class CClusPropList for this.
 *
 * @pPropertyList, @cbPropertyListSize  the list and its bytes.
 * @pCursor    all zero before the first call, otherwise as the last call left it.
 * @pProperty  receives the next value.
 * Returns ERROR_SUCCESS; ERROR_NO_MORE_ITEMS after the last; ERROR_INVALID_DATA when the list is
 * malformed there; ERROR_INVALID_PARAMETER for a NULL pointer, or a cursor of another list.
 */
DWORD ClusapiPropertyListNext(const void *pPropertyList, DWORD cbPropertyListSize,
                              CLUSAPI_PROPERTY_CURSOR *pCursor, CLUSAPI_PROPERTY *pProperty);

/**
 * Adds a property with one value to a property list in the caller's memory; for the buffers that
 * control functions and the Ex functions take. Windows has the C++ class CClusPropList for this.
 *
 * @pPropertyList     where the list is; NULL to learn its size alone
 * @cbRoom            the bytes there
 * @lpcbPropertyList  in: the bytes of the list, 0 to begin one; out: its bytes with the property
 * @pszName           the property's name; the caller's; not empty, not NULL
 * @dwSyntax          of the value: CLUSPROP_SYNTAX_LIST_VALUE_SZ and so on
 * @pbData, @cbData   the value, copied; strings with their NULs, a MULTI_SZ with the last one too;
 *                    may be NULL with 0
 * Returns ERROR_SUCCESS; ERROR_MORE_DATA when there is not enough room;
 * ERROR_NO_UNICODE_TRANSLATION for a name with unpaired surrogates; ERROR_INVALID_PARAMETER for a
 * value that does not fit its syntax, a list that cannot be one, and a NULL pointer. After an error
 * nothing has changed.
 */
DWORD ClusapiPropertyListAdd(void *pPropertyList, DWORD cbRoom, LPDWORD lpcbPropertyList,
                             LPCWSTR pszName, DWORD dwSyntax, const void *pbData, DWORD cbData);

/**
 * Adds a further value to the last property of a list that ClusapiPropertyListAdd makes.
 *
 * @pPropertyList, @cbRoom, @lpcbPropertyList, @dwSyntax, @pbData, @cbData  as there
 * Returns as there; ERROR_INVALID_PARAMETER also for a list without a property.
 */
DWORD ClusapiPropertyListAddValue(void *pPropertyList, DWORD cbRoom, LPDWORD lpcbPropertyList,
                                  DWORD dwSyntax, const void *pbData, DWORD cbData);

/* --- Text ------------------------------------------------------------------------------------------ */

/**
 * UTF-8 to the 16-bit text of the API.
 *
 * @pszUtf8   NUL-terminated.
 * @lpszWide  receives the text with its NUL; NULL to ask for the size.
 * @lpcch     in: the room in characters with the NUL; out: the length without it.
 * Returns ERROR_SUCCESS, ERROR_MORE_DATA, ERROR_INVALID_PARAMETER, or ERROR_NO_UNICODE_TRANSLATION
 * when @pszUtf8 is not UTF-8. The three-byte form of an unpaired surrogate is taken.
 */
DWORD ClusapiUtf8ToWide(const char *pszUtf8, LPWSTR lpszWide, LPDWORD lpcch);

/**
 * The 16-bit text of the API to UTF-8.
 *
 * @lpszWide  the text.
 * @cchWide   its characters, or (DWORD)-1 when it ends in a NUL.
 * @pszUtf8   receives the UTF-8 with a NUL; NULL to ask for the size.
 * @pcb       in: the room in bytes with the NUL; out: the length without it.
 * Returns ERROR_SUCCESS, ERROR_MORE_DATA or ERROR_INVALID_PARAMETER. An unpaired surrogate becomes
 * its three-byte form; the text ends at its first NUL, whatever @cchWide is.
 */
DWORD ClusapiWideToUtf8(LPCWSTR lpszWide, DWORD cchWide, char *pszUtf8, size_t *pcb);

/**
 * The symbolic name of a Win32 error code that this library can give, such as
 * "ERROR_GROUP_NOT_FOUND".
 *
 * Returns a constant string, or NULL for a code that it does not know.
 */
const char *ClusapiErrorName(DWORD dwError);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
