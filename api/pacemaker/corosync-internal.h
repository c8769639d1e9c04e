/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of corosync.h: a session is the connections to Corosync's services; all of it is used on
 * the thread that follows Corosync alone, since a call may take as long as Corosync likes.
 */
#pragma once

#include <poll.h>

#include "corosync.h"

G_BEGIN_DECLS

typedef struct ClPcmkSession ClPcmkSession;

/* What a call on a session came to. */
typedef enum {
    CL_PCMK_SESSION_OK,
    CL_PCMK_SESSION_AGAIN, /* Corosync is busy with something: ask again soon */
    CL_PCMK_SESSION_LOST   /* it is gone */
} ClPcmkSessionResult;

#define CL_PCMK_SESSION_FDS 4

/* NULL: Corosync is not there, or this process may not ask it. */
ClPcmkSession *cl_pcmk_session_new(void);
void cl_pcmk_session_free(ClPcmkSession *session);

/* What to poll for, CL_PCMK_SESSION_FDS of them; and what is to be done then. @ret_told: something
 * changed. */
void cl_pcmk_session_poll(const ClPcmkSession *session, struct pollfd *fds);
ClPcmkSessionResult cl_pcmk_session_dispatch(ClPcmkSession *session, const struct pollfd *fds,
                                             gboolean *ret_told);

/* Asks for all facts but those of the local network interfaces, into new @facts. */
ClPcmkSessionResult cl_pcmk_session_ask(ClPcmkSession *session, ClPcmkCorosyncFacts *facts);

/* Whether the quorum device votes otherwise than when all was asked for last. One call, so that it can be
 * asked often. */
ClPcmkSessionResult cl_pcmk_session_ask_device(ClPcmkSession *session, gboolean *ret_changed);

/* Follows the links of these nodes. */
ClPcmkSessionResult cl_pcmk_session_track_links(ClPcmkSession *session,
                                                const ClPcmkCorosyncFacts *facts);

/* Prefix and carrier of the local node's links. */
void cl_pcmk_links_add_local(ClPcmkCorosyncFacts *facts);

/* A socket that becomes readable when a network interface or an address of the host changes; -1: there
 * is none. */
int cl_pcmk_links_open(void);
void cl_pcmk_links_drain(int fd);

G_END_DECLS
