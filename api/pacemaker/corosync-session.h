/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What corosync-session.c and corosync-ask.c share. */
#pragma once

#include <corosync/cfg.h>
#include <corosync/cmap.h>
#include <corosync/quorum.h>
#include <corosync/votequorum.h>

#include "corosync-internal.h"

G_BEGIN_DECLS

struct ClPcmkSession {
    cmap_handle_t cmap, stats;
    quorum_handle_t quorum;
    votequorum_handle_t votes;
    corosync_cfg_handle_t cfg;
    gboolean has_cmap, has_stats, has_quorum, has_votes, has_cfg;
    gboolean is_free; /* no quorum is kept: there always is one */
    guint32 local;
    guint32 device_votes; /* when all was asked last */
    int fds[CL_PCMK_SESSION_FDS];
    GHashTable *tracked; /* keys of the statistics map */
    gboolean told;       /* of a change, since it was asked last */
};

ClPcmkSessionResult cl_pcmk_session_result(cs_error_t error);

G_END_DECLS
