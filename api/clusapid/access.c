/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "access.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define GROUPS_MAX  65536

static gboolean is_of_network(const char *name)
{
    return strchr(name, '\\') != NULL || strchr(name + 1, '@') != NULL;
}

/* The lookups of libc want room for texts; what needs more than this is no user here. */
static gboolean find_user(const char *name, uid_t *ret_uid)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    struct passwd entry, *found = NULL;
    if (getpwnam_r(name, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found) {
        return FALSE;
    }
    *ret_uid = found->pw_uid;
    return TRUE;
}

static gboolean find_group(const char *name, gid_t *ret_gid)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    struct group entry, *found = NULL;
    if (getgrnam_r(name, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found) {
        return FALSE;
    }
    *ret_gid = found->gr_gid;
    return TRUE;
}

gboolean clusapid_access_is_name(const char *name)
{
    uid_t uid;
    gid_t gid;
    if (strcmp(name, "*") == 0 || (*name != '\0' && is_of_network(name))) {
        return TRUE;
    }
    return *name == '@' ? find_group(name + 1, &gid) : find_user(name, &uid);
}

/* --- Clients of this host ----------------------------------------------------------------------- */

static gboolean is_in_group(uid_t uid, gid_t gid, gid_t wanted)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    g_autofree gid_t *groups = g_new(gid_t, GROUPS_MAX);
    struct passwd entry, *found = NULL;
    int n = GROUPS_MAX;
    if (gid == wanted) {
        return TRUE;
    }
    if (getpwuid_r(uid, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found ||
        getgrouplist(found->pw_name, found->pw_gid, groups, &n) < 0) {
        return FALSE;
    }
    for (int i = 0; i < n; i++) {
        if (groups[i] == wanted) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_local_name(const ClPeer *peer, const char *name)
{
    uid_t uid;
    gid_t gid;
    if (strcmp(name, "*") == 0) {
        return TRUE;
    }
    if (*name == '@') {
        return find_group(name + 1, &gid) && is_in_group(cl_peer_uid(peer), cl_peer_gid(peer), gid);
    }
    return !is_of_network(name) && find_user(name, &uid) && uid == cl_peer_uid(peer);
}

gboolean clusapid_access_is_one_of(const ClPeer *peer, const char *const *names)
{
    const char *known = cl_peer_name(peer);
    for (guint i = 0; names[i]; i++) {
        if (cl_peer_is_local(peer)) {
            if (is_local_name(peer, names[i])) {
                return TRUE;
            }
        } else if (known && is_of_network(names[i]) && g_ascii_strcasecmp(names[i], known) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}
