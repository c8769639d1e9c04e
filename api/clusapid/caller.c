/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "caller.h"

#include <gmodule.h>
#include <pwd.h>
#include <string.h>

#include "backend.h"

/* The lookups of libc want room for texts; what needs more than this is no name here. */
#define BUFFER_SIZE 65536

static __thread const ClPeer *thread_peer;

void clusapid_caller_set(const ClPeer *peer)
{
    thread_peer = peer;
}

/* By any name that it has, root is root. */
static char *name_of_user(uid_t uid)
{
    g_autofree char *buffer = g_malloc(BUFFER_SIZE);
    struct passwd entry, *found = NULL;
    if (uid == 0) {
        return NULL;
    }
    if (getpwuid_r(uid, &entry, buffer, BUFFER_SIZE, &found) != 0 || !found) {
        return g_strdup(CL_CALLER_NOBODY);
    }
    return g_strdup(found->pw_name);
}

/* With its domain or realm, so that nobody of the network is taken for a user of this host. */
static char *name_of_network(const char *name)
{
    return g_strdup(name && strpbrk(name, "@\\") ? name : CL_CALLER_NOBODY);
}

G_MODULE_EXPORT char *clusapid_caller(void)
{
    const ClPeer *peer = thread_peer;
    if (!peer) {
        return NULL;
    }
    return cl_peer_is_local(peer) ? name_of_user(cl_peer_uid(peer))
                                  : name_of_network(cl_peer_name(peer));
}
