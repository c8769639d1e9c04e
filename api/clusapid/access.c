/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>

/* The lookups of libc want room for texts; what needs more than this is no name here. */
#define BUFFER_SIZE 65536

static void clear(gpointer data)
{
    g_free(((ClusapidName *)data)->name);
}

GArray *clusapid_names_new(void)
{
    GArray *names = g_array_new(FALSE, TRUE, sizeof(ClusapidName));
    g_array_set_clear_func(names, clear);
    return names;
}

static gboolean is_of_network(const char *text)
{
    return strchr(text, '\\') != NULL || strchr(text + 1, '@') != NULL;
}

static gboolean find_user(const char *text, guint32 *ret_id)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    struct passwd entry, *found = NULL;
    if (getpwnam_r(text, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found) {
        return FALSE;
    }
    *ret_id = found->pw_uid;
    return TRUE;
}

static gboolean find_group(const char *text, guint32 *ret_id)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    struct group entry, *found = NULL;
    if (getgrnam_r(text, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found) {
        return FALSE;
    }
    *ret_id = found->gr_gid;
    return TRUE;
}

gboolean clusapid_names_add(GArray *names, const char *text)
{
    ClusapidName name = {.type = CLUSAPID_EVERYBODY};
    if (*text == '\0') {
        return FALSE;
    }
    if (is_of_network(text)) {
        name.type = CLUSAPID_OF_NETWORK;
        name.name = g_strdup(text);
    } else if (*text == '@') {
        name.type = CLUSAPID_GROUP;
    } else if (strcmp(text, "*") != 0) {
        name.type = CLUSAPID_USER;
    }
    if ((name.type == CLUSAPID_GROUP && !find_group(text + 1, &name.id)) ||
        (name.type == CLUSAPID_USER && !find_user(text, &name.id))) {
        return FALSE;
    }
    g_array_append_val(names, name);
    return TRUE;
}

static gboolean is_one(const ClusapidName *name, const ClPeer *peer)
{
    const char *known = cl_peer_name(peer);
    switch (name->type) {
    case CLUSAPID_EVERYBODY:
        return cl_peer_is_local(peer);
    case CLUSAPID_USER:
        return cl_peer_is_local(peer) && cl_peer_uid(peer) == name->id;
    case CLUSAPID_GROUP:
        return cl_peer_is_in_group(peer, name->id);
    default:
        return !cl_peer_is_local(peer) && known && g_ascii_strcasecmp(name->name, known) == 0;
    }
}

gboolean clusapid_names_have(const GArray *names, const ClPeer *peer)
{
    for (guint i = 0; i < names->len; i++) {
        if (is_one(&g_array_index(names, ClusapidName, i), peer)) {
            return TRUE;
        }
    }
    return FALSE;
}
