/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the public handles stand for: a session (one connection of a back end), the instances of a
 * cluster handle that share it, and the objects and enumerations opened from an instance. Closing
 * an instance closes all that was opened from it; the session ends with its last instance and the
 * last call in progress.
 */
#pragma once

#include <clusapi.h>
#include <pthread.h>

#include "backend.h"
#include "handle.h"

G_BEGIN_DECLS

typedef struct {
    gint refs; /* atomic */
    const ClBackend *backend;
    ClConnection *connection;
    ClAccess granted; /* READ or ALL */
} ClSession;

typedef struct ClChild ClChild;

/* What an HCLUSTER is. */
typedef struct {
    gint refs; /* atomic */
    ClSession *session;
    guint timeout_ms;     /* atomic */
    pthread_mutex_t lock; /* of the children's list */
    ClChild *children;
    gboolean closed;
    gint registered; /* atomic: a notification port may have registrations for the handle */
} ClCluster;

/* The head of everything that belongs to an instance. */
struct ClChild {
    ClCluster *cluster; /* owned */
    gpointer handle;
    ClHandleType type;
    gint registered; /* atomic; as of ClCluster */
    ClChild *previous, *next;
};

/* What an enumeration of a key found, and from which index on it is still good; registry.c guards
 * it. */
typedef struct {
    GPtrArray *replies;
    guint32 index;
} ClKeyList;

/* What an HNODE, HGROUP, HGROUPSET, HRESOURCE, HNETWORK, HNETINTERFACE or HKEY is. */
typedef struct {
    ClChild child;
    ClKind kind;
    ClObject *object;
    ClAccess granted;
    ClKeyList lists[2]; /* of a key: subkeys, values */
} ClOpenObject;

/* What one public function uses: a handle's target, held until cl_use_end(). */
typedef struct {
    gconstpointer handle;
    ClCluster *cluster;
    const ClBackend *backend;
    ClConnection *connection;
    const ClObject *object; /* NULL: the cluster itself */
    ClKind kind;
    ClAccess granted;
    ClCall call;
} ClUse;

/* Begins to use a handle of an object of @kind (or of the cluster) with at least @needed access.
 * ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED, ERROR_OPERATION_ABORTED when the call was cancelled,
 * and ERROR_TIMEOUT when it may not wait on a back end whose calls of that class can. */
gboolean cl_use_begin(ClUse *use, ClKind kind, gconstpointer handle, ClAccess needed,
                      GError **error);
void cl_use_end(ClUse *use);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClUse, cl_use_end)
#define CL_USE_INIT                                                                                \
    {                                                                                              \
        NULL, NULL, NULL, NULL, NULL, 0, 0,                                                        \
        {                                                                                          \
            0, NULL                                                                                \
        }                                                                                          \
    }

/* A second handle of a call that has one already (a host node, a move's target): it must be open,
 * of @kind, and of the same cluster. NULL is allowed and gives NULL. */
gboolean cl_use_begin_other(ClUse *use, ClKind kind, gconstpointer handle, const ClUse *first,
                            ClAccess needed, GError **error);

ClSession *cl_session_ref(ClSession *session);
void cl_session_unref(ClSession *session);

/* Connects and makes the first instance. */
gboolean cl_cluster_connect(const ClTarget *target, ClAccess wanted, HCLUSTER *ret_handle,
                            ClAccess *ret_granted, GError **error);

/* Another instance of the cluster that @kind's handle was opened from. */
gpointer cl_cluster_from(ClKind kind, gconstpointer handle);

/* Puts a child of @cluster into the handle table; consumes @child by @destroy also when that
 * fails. @child's head is filled in here. */
gpointer cl_child_publish(ClCluster *cluster, ClHandleType type, ClChild *child,
                          GDestroyNotify destroy, GError **error);

/* Gives an open object of the back end a handle, as a child of the instance in @use; closes the
 * object if that fails. */
gpointer cl_object_publish(const ClUse *use, ClKind kind, ClObject *object, ClAccess granted,
                           GError **error);

/* Closes a child's handle; FALSE when it was not open. */
gboolean cl_child_close(ClHandleType type, gconstpointer handle);

/* Ends a child's hold on its instance; for the destroy functions. */
void cl_child_detach(ClChild *child);

/* Windows' access mask to an access: ERROR_INVALID_PARAMETER for a malformed one. */
gboolean cl_access_from_mask(DWORD mask, ClAccess *ret_access, GError **error);
DWORD cl_access_to_mask(ClAccess access);

/* The bodies that the families share; they set the last error. */
gpointer cl_object_open(ClKind kind, HCLUSTER cluster, LPCWSTR name, DWORD access, DWORD *granted);
BOOL cl_object_close(ClKind kind, gconstpointer handle);
gboolean cl_object_query(ClKind kind, gconstpointer handle, guint32 facts, ClFacts *ret_facts,
                         GError **error);
/* A state that a back end told. That it is not known (-1) is no failure, and the last error says so. */
int cl_known_state(gint32 state);
/* The state alone; -1 with the last error. */
int cl_object_state(ClKind kind, gconstpointer handle);
DWORD cl_object_id(ClKind kind, gconstpointer handle, LPWSTR id, LPDWORD cch);

ClHandleType cl_handle_type_of(ClKind kind);

G_END_DECLS
