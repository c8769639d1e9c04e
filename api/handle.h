/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The handle table. A handle value names a slot, its generation and the kind of thing behind it;
 * it is checked, never dereferenced. Slots are never given back to the system, so a stale or
 * invented value can always be looked at. Looking a handle up takes no lock.
 *
 * Any thread may call any of these. After fork() every handle of the parent is invalid in the
 * child.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    CL_HANDLE_NONE,
    CL_HANDLE_CLUSTER,
    CL_HANDLE_NODE,
    CL_HANDLE_GROUP,
    CL_HANDLE_RESOURCE,
    CL_HANDLE_NETWORK,
    CL_HANDLE_NETINTERFACE,
    CL_HANDLE_ENUM,
    CL_HANDLE_ENUM_EX,
    CL_HANDLE_NODE_ENUM,
    CL_HANDLE_NODE_ENUM_EX,
    CL_HANDLE_GROUP_ENUM,
    CL_HANDLE_GROUP_ENUM_EX,
    CL_HANDLE_RESOURCE_ENUM,
    CL_HANDLE_RESOURCE_ENUM_EX,
    CL_HANDLE_NETWORK_ENUM,
    CL_HANDLE_NETINTERFACE_ENUM,
    CL_HANDLE_RESOURCE_TYPE_ENUM,
    CL_HANDLE_CALL,
    CL_HANDLE_GROUPSET,
    CL_HANDLE_GROUPSET_ENUM,
    CL_HANDLE_KEY,
    CL_HANDLE_REG_BATCH,
    CL_HANDLE_REG_READ_BATCH,
    CL_HANDLE_REG_READ_BATCH_REPLY,
    CL_HANDLE_REG_BATCH_PORT,
    CL_HANDLE_REG_BATCH_NOTIFICATION,
    CL_HANDLE_CHANGE, /* notification ports */
    CL_HANDLE_EVENT,  /* the events of notification ports */
    CL_HANDLE_N_TYPES
} ClHandleType;

/* Puts @data into the table and returns its handle, never 0 or -1; NULL when the table is full.
 * @destroy runs when the handle is closed and its last user is done. */
gpointer cl_handle_new(ClHandleType type, gpointer data, GDestroyNotify destroy);

/* The data behind @handle, kept alive until cl_handle_release(); NULL if the handle is not an open
 * one of this @type. */
gpointer cl_handle_acquire(ClHandleType type, gconstpointer handle);
void cl_handle_release(gconstpointer handle);

/* Closes @handle: from now on nobody can acquire it. Returns its data, which the caller lets go
 * with cl_handle_release(); NULL if it was not open. */
gpointer cl_handle_take(ClHandleType type, gconstpointer handle);

/* Whether nobody uses a handle but the one who took it; once true it stays so. */
gboolean cl_handle_is_alone(gconstpointer handle);

/* Calls @visit for the data of each open handle; what is opened or closed meanwhile may be missed. */
typedef void (*ClHandleVisit)(ClHandleType type, gpointer data, gpointer user_data);
void cl_handle_foreach(ClHandleVisit visit, gpointer user_data);

/* Whether this process is a fork()ed child of one that had handles open. */
gboolean cl_handle_forked(void);

G_END_DECLS
