/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every public function that takes a handle, called with a handle and otherwise good arguments; and
 * an open handle of every kind. For tests that do the same with all functions, in one thread.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

/* Which handle a function takes. */
typedef enum {
    TAKES_CLUSTER,
    TAKES_NODE,
    TAKES_GROUP,
    TAKES_RESOURCE,
    TAKES_NETWORK,
    TAKES_NETINTERFACE,
    TAKES_ENUM,
    TAKES_ENUM_EX,
    TAKES_NODE_ENUM,
    TAKES_NODE_ENUM_EX,
    TAKES_GROUP_ENUM,
    TAKES_GROUP_ENUM_EX,
    TAKES_RESOURCE_ENUM,
    TAKES_RESOURCE_ENUM_EX,
    TAKES_RESOURCE_TYPE_ENUM,
    TAKES_NETWORK_ENUM,
    TAKES_NETINTERFACE_ENUM,
    TAKES_CALL,
    TAKES_BATCH,
    TAKES_READ_BATCH,
    TAKES_READ_BATCH_REPLY,
    TAKES_NOTIFICATION,
    TAKES_BATCH_PORT,
    TAKES_KEY,   /* after what belongs to it */
    TAKES_EVENT, /* of the port, and closed with it */
    TAKES_PORT,
    TAKES_GROUPSET,
    TAKES_GROUPSET_ENUM,
    N_KINDS
} Kind;

/* A call of one function with @handle; its error code. */
typedef struct {
    const char *name;
    DWORD (*call)(gpointer handle);
    Kind takes;
    gboolean changes; /* needs GENERIC_ALL */
} HandleFunction;

guint n_handle_functions(void);
const HandleFunction *handle_function(guint index);

/* Asserts that the call is refused with ERROR_INVALID_HANDLE. */
void assert_refused(guint function, gpointer handle);

/* One open handle of each kind; [TAKES_CLUSTER] is the cluster they come from. */
typedef struct {
    gpointer handles[N_KINDS];
} Handles;

/* Of a copy of the demo cluster. Closing ends the scope, the cluster with all that came from it, and
 * the port, which is of no one cluster. */
Handles handles_open(LPCWSTR name);
void handles_close(Handles *all);
/* Closes one of them; not the cluster's nor the scope's. */
void handle_close(Kind kind, gpointer handle);
