/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the server share: server.c has the sockets, peer.c one client's stream,
 * peer-bind.c its bind, request.c calls and context handles.
 */
#pragma once

#include "server.h"
#include "wire.h"

G_BEGIN_DECLS

/* Threads that find out who clients are, at most. */
#define CL_SERVER_LOG_ONS 4

/* A socket in the server's epoll set. */
typedef struct ClWatched {
    void (*ready)(struct ClWatched *watched, guint32 events);
} ClWatched;

struct ClServer {
    ClServerLimits limits;
    ClService service;
    gpointer user_data;
    GMainContext *context;
    GMainLoop *loop;
    int epoll;
    GSource *ready; /* of the epoll set */
    GSource *tick;  /* when a client's time may be over */
    GPtrArray *listeners;
    GHashTable *peers; /* a set; each holds a reference */
    GThreadPool *workers;
    GAsyncQueue *tokens; /* ClTokenSteps for the threads that follow */
    GThread *log_ons[CL_SERVER_LOG_ONS];
    guint n_log_ons;       /* that run */
    GAsyncQueue *answered; /* requests that other threads answered */
    GAsyncQueue *stepped;  /* ClTokenSteps that are done */
    GSource *wake;         /* takes both */
};

typedef struct ClTokenStep ClTokenStep;

typedef enum {
    CL_PEER_NEW, /* has not said what it wants */
    CL_PEER_AUTHENTICATING,
    CL_PEER_BOUND,
    CL_PEER_REFUSED /* may call nothing */
} ClPeerState;

struct ClPeer {
    ClWatched watched;
    gint references; /* the server's thread only */
    ClServer *server;
    GSocket *socket; /* NULL: gone */
    const ClListenOptions *options;
    gboolean is_local;
    uid_t uid;
    gid_t gid;
    GArray *groups; /* gid_t, supplementary ones */
    ClPeerState state;
    ClWire *wire;
    ClSecurity *security;
    guint32 security_context;
    gboolean wants_header_signing;
    ClTokenStep *step; /* under way: nothing is read meanwhile, and the security is its thread's */
    gint64 expires;    /* when what it logged on with does */
    gboolean has_expired; /* it calls nothing any more */
    guint64 contexts;     /* presentation contexts that were accepted, a bit each */
    GByteArray *output;
    gsize sent;        /* of it */
    guint32 events;    /* that epoll tells */
    gboolean taking;   /* messages, which may be answered meanwhile */
    gint64 came;       /* when it connected */
    gint64 since;      /* of the last complete message, or of what it took of its answers */
    GHashTable *calls; /* ClRequest by call */
    gpointer data;
    gboolean has_arrived;

    GMutex lock;
    GHashTable *handles; /* Context by the bytes of its handle; under lock */
    guint64 last_handle; /* under lock */
};

/* peer.c */
ClPeer *cl_peer_new(ClServer *server, GSocket *socket, const ClListenOptions *options);
void cl_peer_ref(ClPeer *peer);
void cl_peer_unref(ClPeer *peer);
/* Ends the connection; what is under way is cancelled. */
void cl_peer_drop(ClPeer *peer, const char *why);
/* Sends what is in its output as far as that is possible now. */
void cl_peer_flush(ClPeer *peer);
/* The same, and takes up what has come and had to wait, as long as there is room for answers. */
void cl_peer_go_on(ClPeer *peer);
/* Drops it if it has been silent, or there, for too long; and when to look again. */
void cl_peer_check_time(ClPeer *peer, gint64 now);
gint64 cl_peer_due(ClPeer *peer);
guint16 cl_peer_pdu_size(const ClPeer *peer);

/* peer-bind.c: PDUs of the bind, which they take */
void cl_peer_take_bind(ClPeer *peer, ClMessage *message);
void cl_peer_take_alter(ClPeer *peer, ClMessage *message);
void cl_peer_take_auth3(ClPeer *peer, ClMessage *message);
/* Takes one up again whose token was looked at. */
void cl_peer_take_back(ClTokenStep *step);
/* Waits for the threads that look at tokens, once all clients are gone. */
void cl_server_end_log_ons(ClServer *server);
/* Nobody is interested in it any more. */
void cl_peer_abandon_step(ClPeer *peer);

/* server.c: at that time a client has to be looked at. */
void cl_server_expect(ClServer *server, gint64 due);

/* request.c */
void cl_request_begin(ClPeer *peer, const ClMessage *message);
void cl_request_cancel(ClPeer *peer, guint32 call);
/* Ends it if it waits for something to happen. */
void cl_request_expire(ClPeer *peer, guint32 call);
void cl_request_work(gpointer data, gpointer user_data);
/* What another thread answered. */
void cl_request_take_back(ClRequest *request);
/* On the server's thread: sends the answer and frees the request. */
void cl_request_finish(ClRequest *request);
void cl_peer_run_down(ClPeer *peer);
void cl_peer_init_handles(ClPeer *peer);

G_END_DECLS
