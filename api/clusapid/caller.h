/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In whose name the calling thread acts: a back end that knows users of its own (Pacemaker's ACLs) asks
 * for it by the symbol that the program exports.
 */
#pragma once

#include "rpc/server.h"

G_BEGIN_DECLS

/* From here to the end of its call a thread acts for @peer; NULL: for the service again. */
void clusapid_caller_set(const ClPeer *peer);

/* See ClServiceCaller in backend.h. */
char *clusapid_caller(void);

G_END_DECLS
