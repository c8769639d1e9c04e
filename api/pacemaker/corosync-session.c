/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections to Corosync's services, and what changed as they tell it. */
#include "corosync-session.h"

#include <errno.h>

#define TRACK_ALL (CMAP_TRACK_ADD | CMAP_TRACK_DELETE | CMAP_TRACK_MODIFY)

ClPcmkSessionResult cl_pcmk_session_result(cs_error_t error)
{
    switch (error) {
    case CS_OK:
        return CL_PCMK_SESSION_OK;
    case CS_ERR_TRY_AGAIN:
    case CS_ERR_BUSY:
    case CS_ERR_QUEUE_FULL:
    case CS_ERR_TIMEOUT:
        return CL_PCMK_SESSION_AGAIN;
    default:
        return CL_PCMK_SESSION_LOST;
    }
}

/* --- Told --------------------------------------------------------------------------------------- */

static void on_key(cmap_handle_t handle, cmap_track_handle_t track, gint32 event, const char *key,
                   struct cmap_notify_value value, struct cmap_notify_value former, void *data)
{
    (void)handle;
    (void)track;
    (void)event;
    (void)key;
    (void)value;
    (void)former;
    ((ClPcmkSession *)data)->told = TRUE;
}

static void on_quorum(quorum_handle_t handle, guint32 quorate, struct quorum_ring_id ring,
                      guint32 n_members, const guint32 *members)
{
    const void *context;
    (void)quorate;
    (void)ring;
    (void)n_members;
    (void)members;
    if (quorum_context_get(handle, &context) == CS_OK) {
        ((ClPcmkSession *)context)->told = TRUE;
    }
}

static void on_nodes(quorum_handle_t handle, struct quorum_ring_id ring, guint32 n_members,
                     const guint32 *members, guint32 n_joined, const guint32 *joined,
                     guint32 n_left, const guint32 *left)
{
    (void)n_joined;
    (void)joined;
    (void)n_left;
    (void)left;
    on_quorum(handle, 0, ring, n_members, members);
}

static void on_expected(votequorum_handle_t handle, guint64 context, guint32 expected)
{
    (void)handle;
    (void)expected;
    ((ClPcmkSession *)(gsize)context)->told = TRUE;
}

/* --- Connecting --------------------------------------------------------------------------------- */

static gboolean open_map(ClPcmkSession *session)
{
    static const char *const prefixes[] = {"nodelist.", "runtime.members.", "quorum.", "totem."};
    cmap_track_handle_t track;
    if (cmap_initialize(&session->cmap) != CS_OK) {
        return FALSE;
    }
    session->has_cmap = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
        if (cmap_track_add(session->cmap, prefixes[i], TRACK_ALL | CMAP_TRACK_PREFIX, on_key,
                           session, &track) != CS_OK) {
            return FALSE;
        }
    }
    session->has_stats = cmap_initialize_map(&session->stats, CMAP_MAP_STATS) == CS_OK;
    return session->has_stats;
}

static gboolean open_quorum(ClPcmkSession *session)
{
    quorum_model_v1_data_t model = {QUORUM_MODEL_V1, on_quorum, on_nodes};
    guint32 type;
    if (quorum_model_initialize(&session->quorum, QUORUM_MODEL_V1, (quorum_model_data_t *)&model,
                                &type, session) != CS_OK) {
        return FALSE;
    }
    session->has_quorum = TRUE;
    session->is_free = type == QUORUM_FREE;
    return session->is_free || quorum_trackstart(session->quorum, CS_TRACK_CHANGES) == CS_OK;
}

/* There is none where Corosync has no quorum to keep. */
static gboolean open_votes(ClPcmkSession *session)
{
    votequorum_callbacks_t callbacks = {.votequorum_expectedvotes_notify_fn = on_expected};
    if (session->is_free) {
        return TRUE;
    }
    session->has_votes = votequorum_initialize(&session->votes, &callbacks) == CS_OK;
    return session->has_votes &&
           votequorum_trackstart(session->votes, (gsize)session, CS_TRACK_CHANGES) == CS_OK;
}

static gboolean open_configuration(ClPcmkSession *session)
{
    const corosync_cfg_callbacks_t callbacks = {NULL};
    session->has_cfg = corosync_cfg_initialize(&session->cfg, &callbacks) == CS_OK;
    return session->has_cfg && corosync_cfg_local_get(session->cfg, &session->local) == CS_OK;
}

static gboolean find_descriptors(ClPcmkSession *session)
{
    session->fds[0] = session->fds[1] = session->fds[2] = session->fds[3] = -1;
    return cmap_fd_get(session->cmap, &session->fds[0]) == CS_OK &&
           cmap_fd_get(session->stats, &session->fds[1]) == CS_OK &&
           quorum_fd_get(session->quorum, &session->fds[2]) == CS_OK &&
           (!session->has_votes || votequorum_fd_get(session->votes, &session->fds[3]) == CS_OK);
}

ClPcmkSession *cl_pcmk_session_new(void)
{
    ClPcmkSession *session = g_new0(ClPcmkSession, 1);
    session->tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (open_map(session) && open_quorum(session) && open_votes(session) &&
        open_configuration(session) && find_descriptors(session)) {
        return session;
    }
    cl_pcmk_session_free(session);
    return NULL;
}

void cl_pcmk_session_free(ClPcmkSession *session)
{
    if (session->has_cfg) {
        (void)corosync_cfg_finalize(session->cfg);
    }
    if (session->has_votes) {
        (void)votequorum_finalize(session->votes);
    }
    if (session->has_quorum) {
        (void)quorum_finalize(session->quorum);
    }
    if (session->has_stats) {
        (void)cmap_finalize(session->stats);
    }
    if (session->has_cmap) {
        (void)cmap_finalize(session->cmap);
    }
    g_hash_table_unref(session->tracked);
    g_free(session);
}

/* --- Following ---------------------------------------------------------------------------------- */

void cl_pcmk_session_poll(const ClPcmkSession *session, struct pollfd *fds)
{
    for (guint i = 0; i < CL_PCMK_SESSION_FDS; i++) {
        fds[i] = (struct pollfd){.fd = session->fds[i], .events = POLLIN};
    }
}

static cs_error_t dispatch(ClPcmkSession *session, guint which)
{
    switch (which) {
    case 0:
        return cmap_dispatch(session->cmap, CS_DISPATCH_ALL);
    case 1:
        return cmap_dispatch(session->stats, CS_DISPATCH_ALL);
    case 2:
        return quorum_dispatch(session->quorum, CS_DISPATCH_ALL);
    default:
        return votequorum_dispatch(session->votes, CS_DISPATCH_ALL);
    }
}

ClPcmkSessionResult cl_pcmk_session_dispatch(ClPcmkSession *session, const struct pollfd *fds,
                                             gboolean *ret_told)
{
    session->told = FALSE;
    for (guint i = 0; i < CL_PCMK_SESSION_FDS; i++) {
        if ((fds[i].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) {
            return CL_PCMK_SESSION_LOST;
        }
        if ((fds[i].revents & POLLIN) != 0 &&
            cl_pcmk_session_result(dispatch(session, i)) == CL_PCMK_SESSION_LOST) {
            return CL_PCMK_SESSION_LOST;
        }
    }
    *ret_told = session->told;
    return CL_PCMK_SESSION_OK;
}

/* A key that does not exist yet is followed as well. Corosync looks for changes of these each 1.5
 * seconds by itself. */
static ClPcmkSessionResult track(ClPcmkSession *session, guint32 nodeid, guint link)
{
    char *key = g_strdup_printf("stats.knet.node%u.link%u.connected", nodeid, link);
    cmap_track_handle_t handle;
    if (!g_hash_table_add(session->tracked, key)) {
        return CL_PCMK_SESSION_OK;
    }
    cs_error_t error =
        cmap_track_add(session->stats, key, CMAP_TRACK_MODIFY, on_key, session, &handle);
    if (error != CS_OK) {
        g_hash_table_remove(session->tracked, key);
    }
    return cl_pcmk_session_result(error);
}

ClPcmkSessionResult cl_pcmk_session_track_links(ClPcmkSession *session,
                                                const ClPcmkCorosyncFacts *facts)
{
    ClPcmkSessionResult result = CL_PCMK_SESSION_OK;
    for (guint i = 0; i < facts->members->len; i++) {
        const ClPcmkMember *member = facts->members->pdata[i];
        for (guint link = 0; link < CL_PCMK_LINKS_MAX && result == CL_PCMK_SESSION_OK; link++) {
            if (!member->local && member->links[link].configured) {
                result = track(session, member->nodeid, link);
            }
        }
    }
    return result;
}
