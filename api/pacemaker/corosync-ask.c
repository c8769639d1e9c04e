/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All facts, asked for as they are now. */
#include "corosync-session.h"

#include <stdlib.h>
#include <string.h>

#define NODES "nodelist.node."

/* --- The map of the configuration --------------------------------------------------------------- */

/* NULL: there is none, or it is no text. */
static char *text_at(ClPcmkSession *session, const char *key)
{
    char *value = NULL;
    if (cmap_get_string(session->cmap, key, &value) != CS_OK) {
        return NULL;
    }
    char *copy = g_strdup(value);
    free(value);
    return copy;
}

static ClPcmkMember *member_at(GHashTable *positions, guint position)
{
    ClPcmkMember *member = g_hash_table_lookup(positions, GUINT_TO_POINTER(position));
    if (member == NULL) {
        member = g_new0(ClPcmkMember, 1);
        member->votes = 1;
        g_hash_table_insert(positions, GUINT_TO_POINTER(position), member);
    }
    return member;
}

/* "nodelist.node.POSITION.FIELD" */
static void take_key(ClPcmkSession *session, GHashTable *positions, const char *key)
{
    char *end;
    guint64 position = g_ascii_strtoull(key + strlen(NODES), &end, 10);
    const char *field = *end == '.' ? end + 1 : "";
    ClPcmkMember *member = member_at(positions, (guint)position);
    if (strcmp(field, "nodeid") == 0) {
        (void)cmap_get_uint32(session->cmap, key, &member->nodeid);
    } else if (strcmp(field, "quorum_votes") == 0) {
        (void)cmap_get_uint32(session->cmap, key, &member->votes);
    } else if (strcmp(field, "name") == 0) {
        g_free(member->name);
        member->name = text_at(session, key);
    } else if (strncmp(field, "ring", 4) == 0 && g_ascii_isdigit(field[4]) &&
               strcmp(field + 5, "_addr") == 0 && field[4] - '0' < CL_PCMK_LINKS_MAX) {
        ClPcmkLink *link = &member->links[field[4] - '0'];
        g_free(link->address);
        link->address = text_at(session, key);
        link->configured = link->address != NULL;
    }
}

static gint by_nodeid(gconstpointer a, gconstpointer b)
{
    const ClPcmkMember *first = *(const ClPcmkMember *const *)a;
    const ClPcmkMember *second = *(const ClPcmkMember *const *)b;
    return first->nodeid < second->nodeid ? -1 : first->nodeid > second->nodeid;
}

static void complete(ClPcmkMember *member, guint32 local)
{
    member->local = member->nodeid == local;
    for (guint i = 0; i < CL_PCMK_LINKS_MAX; i++) {
        member->links[i].carrier = TRUE;
        if (member->name == NULL && member->links[i].configured) {
            member->name = g_strdup(member->links[i].address);
        }
    }
    if (member->name == NULL) {
        member->name = g_strdup_printf("%u", member->nodeid);
    }
}

static ClPcmkSessionResult ask_nodes(ClPcmkSession *session, ClPcmkCorosyncFacts *facts)
{
    cmap_iter_handle_t iterator;
    char key[CMAP_KEYNAME_MAXLEN + 1];
    gsize length;
    cmap_value_types_t type;
    cs_error_t error = cmap_iter_init(session->cmap, NODES, &iterator);
    if (error != CS_OK) {
        return cl_pcmk_session_result(error);
    }
    g_autoptr(GHashTable) positions = g_hash_table_new(NULL, NULL);
    while ((error = cmap_iter_next(session->cmap, iterator, key, &length, &type)) == CS_OK) {
        take_key(session, positions, key);
    }
    (void)cmap_iter_finalize(session->cmap, iterator);
    GHashTableIter at;
    gpointer member;
    g_hash_table_iter_init(&at, positions);
    while (g_hash_table_iter_next(&at, NULL, &member)) {
        complete(member, session->local);
        g_ptr_array_add(facts->members, member);
    }
    g_ptr_array_sort(facts->members, by_nodeid);
    return error == CS_ERR_NO_SECTIONS ? CL_PCMK_SESSION_OK : cl_pcmk_session_result(error);
}

/* --- Who is there, and how they vote ------------------------------------------------------------ */

static void ask_member(ClPcmkSession *session, ClPcmkMember *member)
{
    g_autofree char *key = g_strdup_printf("runtime.members.%u.status", member->nodeid);
    g_autofree char *status = text_at(session, key);
    struct votequorum_info info;
    member->member = g_strcmp0(status, "joined") == 0;
    if (session->has_votes && votequorum_getinfo(session->votes, member->nodeid, &info) == CS_OK) {
        member->votes = info.node_votes;
    }
}

/* As the local node has it: another may see a device that this one does not. */
static guint32 device_votes_in(const struct votequorum_info *info)
{
    return info->flags & VOTEQUORUM_INFO_QDEVICE_CAST_VOTE ? info->qdevice_votes : 0;
}

ClPcmkSessionResult cl_pcmk_session_ask_device(ClPcmkSession *session, gboolean *ret_changed)
{
    struct votequorum_info info;
    if (!session->has_votes) {
        *ret_changed = FALSE;
        return CL_PCMK_SESSION_OK;
    }
    cs_error_t error = votequorum_getinfo(session->votes, session->local, &info);
    if (error == CS_OK) {
        *ret_changed = device_votes_in(&info) != session->device_votes;
    }
    return cl_pcmk_session_result(error);
}

static ClPcmkSessionResult ask_quorum(ClPcmkSession *session, ClPcmkCorosyncFacts *facts)
{
    int quorate = 0;
    struct votequorum_info info;
    for (guint i = 0; i < facts->members->len; i++) {
        ask_member(session, facts->members->pdata[i]);
    }
    if (session->is_free) {
        facts->quorate = TRUE;
        return CL_PCMK_SESSION_OK;
    }
    cs_error_t error = quorum_getquorate(session->quorum, &quorate);
    if (error == CS_OK) {
        error = votequorum_getinfo(session->votes, session->local, &info);
    }
    if (error != CS_OK) {
        return cl_pcmk_session_result(error);
    }
    facts->quorate = quorate != 0;
    facts->expected_votes = info.highest_expected;
    facts->total_votes = info.total_votes;
    facts->device_votes = session->device_votes = device_votes_in(&info);
    return CL_PCMK_SESSION_OK;
}

/* --- Links -------------------------------------------------------------------------------------- */

static void take_address(ClPcmkLink *link, const char *address)
{
    if (link->configured && *address != '\0') {
        g_free(link->address);
        link->address = g_strndup(address, CFG_MAX_HOST_LEN);
    }
}

/* Without knet there is one link, which is as the membership. */
static void links_as_membership(ClPcmkMember *member)
{
    for (guint i = 0; i < CL_PCMK_LINKS_MAX; i++) {
        member->links[i].enabled = member->links[i].configured;
        member->links[i].connected =
            member->links[i].configured && (member->member || member->local);
    }
}

static void ask_links(ClPcmkSession *session, ClPcmkMember *member, ClPcmkMember *local)
{
    struct corosync_cfg_node_status_v1 status;
    links_as_membership(member);
    if (member->local || corosync_cfg_node_status_get(session->cfg, member->nodeid,
                                                      CFG_NODE_STATUS_V1, &status) != CS_OK) {
        return;
    }
    for (guint i = 0; i < MIN(CL_PCMK_LINKS_MAX, CFG_MAX_LINKS); i++) {
        ClPcmkLink *link = &member->links[i];
        link->enabled = link->configured && status.link_status[i].enabled;
        link->connected = link->enabled && status.link_status[i].connected;
        take_address(link, status.link_status[i].dst_ipaddr);
        if (local != NULL) {
            take_address(&local->links[i], status.link_status[i].src_ipaddr);
        }
    }
}

static void ask_all_links(ClPcmkSession *session, ClPcmkCorosyncFacts *facts)
{
    ClPcmkMember *local = NULL;
    g_autofree char *transport = text_at(session, "totem.transport");
    gboolean is_knet = transport == NULL || strcmp(transport, "knet") == 0;
    for (guint i = 0; i < facts->members->len; i++) {
        ClPcmkMember *member = facts->members->pdata[i];
        local = member->local ? member : local;
    }
    for (guint i = 0; i < facts->members->len; i++) {
        if (is_knet) {
            ask_links(session, facts->members->pdata[i], local);
        } else {
            links_as_membership(facts->members->pdata[i]);
        }
    }
}

ClPcmkSessionResult cl_pcmk_session_ask(ClPcmkSession *session, ClPcmkCorosyncFacts *facts)
{
    facts->running = TRUE;
    facts->cluster_name = text_at(session, "totem.cluster_name");
    facts->device_model = text_at(session, "quorum.device.model");
    facts->device_host = text_at(session, "quorum.device.net.host");
    ClPcmkSessionResult result = ask_nodes(session, facts);
    if (result == CL_PCMK_SESSION_OK) {
        result = ask_quorum(session, facts);
    }
    if (result == CL_PCMK_SESSION_OK) {
        ask_all_links(session, facts);
    }
    return result;
}
