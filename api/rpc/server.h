/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The server's side of the engine: listening sockets, their clients, calls, and the context handles
 * that clients hold. What the methods mean is the service's: it is given each call with its
 * parameters, and answers it when it can. One thread reads and writes for all clients.
 */
#pragma once

#include "methods.h"
#include "security.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct ClServer ClServer;
typedef struct ClPeer ClPeer;       /* one client's connection */
typedef struct ClRequest ClRequest; /* one call of a method */

/* What each client may use. */
typedef struct {
    guint peers;        /* connections at once, of all clients; who is not known yet makes room */
    guint handles;      /* context handles of one */
    guint calls;        /* calls of one that are not answered yet */
    gsize message_size; /* of a request, in bytes */
    guint idle_seconds; /* without a call or a handle, until it is disconnected; 0: for ever */
    guint bind_seconds; /* until it must be known, and until a request that has begun is complete */
    guint workers;      /* threads for calls that wait, of all clients */
} ClServerLimits;

/* What a connection is accepted with. */
typedef struct {
    const ClInterface *interface;
    ClAcceptor acceptor;   /* of sockets that are no Unix sockets */
    ClAuthLevel level_min; /* a lower one is refused; CL_LEVEL_NONE: anybody may come */
} ClListenOptions;

/* What the service does. All but @call on the server's own thread. */
typedef struct {
    /* A client is known from here on; FALSE: it may call nothing. */
    gboolean (*arrived)(ClPeer *peer, gpointer user_data);
    /* After its last context handle was run down. */
    void (*left)(ClPeer *peer, gpointer user_data);
    /* Carries out a call, and answers it now or later, from any thread. Without @may_wait it is on
     * the server's thread, and returns FALSE having done nothing if it would have to wait: then it
     * is called again on a thread that may. */
    gboolean (*call)(ClRequest *request, gboolean may_wait, gpointer user_data);
} ClService;

ClServer *cl_server_new(const ClServerLimits *limits, const ClService *service, gpointer user_data);

/* Ends what is there still: the service's calls are waited for. */
void cl_server_free(ClServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClServer, cl_server_free)

/* Accepts clients of a socket that listens (kept until the server ends), be it one that was handed
 * down by whoever started the process. */
void cl_server_listen(ClServer *server, GSocket *socket, const ClListenOptions *options);

/* Another level_min for who comes from now on; on the server's thread. */
void cl_server_set_level(ClServer *server, ClAuthLevel level_min);

/* Serves in the thread-default main context of the caller until cl_server_stop(), which may be called
 * from anywhere. */
void cl_server_run(ClServer *server);
void cl_server_stop(ClServer *server);

/* --- Clients ------------------------------------------------------------------------------------ */

/* Whose connection it is: over a Unix socket as the kernel says, else a name by NTLM or Kerberos,
 * NULL for nobody. */
gboolean cl_peer_is_local(const ClPeer *peer);
uid_t cl_peer_uid(const ClPeer *peer);
const char *cl_peer_name(const ClPeer *peer);

/* Whether the process that connected over a Unix socket was in a group then. */
gboolean cl_peer_is_in_group(const ClPeer *peer, gid_t gid);

/* The service's own. */
void cl_peer_set_data(ClPeer *peer, gpointer data);
gpointer cl_peer_data(const ClPeer *peer);

/* --- Context handles ---------------------------------------------------------------------------- */

/* A new one of a @kind of the service's; @rundown is called with @data when it is closed or its
 * client goes away. FALSE: the client has too many; nothing is called then. Any thread. */
gboolean cl_context_new(ClRequest *request, guint kind, gpointer data, GDestroyNotify rundown,
                        ClContextHandle *ret_handle);

/* The data of a handle of that kind, or of any kind for @kind 0 with the kind in @ret_kind, which
 * may be NULL; NULL if there is none. It stays until the request is answered, whatever happens to
 * the handle. Any thread. */
gpointer cl_context_find(ClRequest *request, const ClContextHandle *handle, guint kind,
                         guint *ret_kind);

/* Closes a handle; FALSE if there is none of that kind. */
gboolean cl_context_close(ClRequest *request, const ClContextHandle *handle, guint kind);

/* --- Calls -------------------------------------------------------------------------------------- */

ClPeer *cl_request_peer(const ClRequest *request);
const ClMethod *cl_request_method(const ClRequest *request);

/* Its parameters, in the order of the method's; those that are given back are set here. */
ClNdrValue *cl_request_values(ClRequest *request);

/* Cancelled when its client is gone or takes it back. */
GCancellable *cl_request_cancellable(ClRequest *request);

/* Answers it, and forgets it: with the values, or with a fault of that Win32 code. Any thread. */
void cl_request_reply(ClRequest *request);
void cl_request_fail(ClRequest *request, guint32 code);

G_END_DECLS
