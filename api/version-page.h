/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A number that the service shares with the clients of its host, in a file beside its socket: it changes
 * before and after anything that is read changes, and is odd meanwhile. So a client knows, without
 * asking, that an answer which it was given is still what it would be given now. While it is 0 the
 * cluster has no such number, as an embedded one, which others change too.
 *
 * The service holds a write lock on the file as long as it lives: one that nobody holds was left behind,
 * and tells nothing. Who may only read the file cannot hold it.
 */
#pragma once

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

G_BEGIN_DECLS

/* Appended to the socket's path. */
#define CL_VERSION_SUFFIX ".version"
#define CL_VERSION_SIZE   sizeof(guint64)

/* Of the service, for back ends: guint64 *; NULL where it could not make the file. */
#define CL_VERSION_SYMBOL "clusapid_version"

/* Once before a change and once after it; on one thread. */
static inline void cl_version_step(guint64 *version)
{
    (void)__atomic_fetch_add(version, 1, __ATOMIC_SEQ_CST);
}

/* Of the whole file; for F_OFD_SETLK and F_OFD_GETLK. */
static inline struct flock cl_version_lock(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

static inline gboolean cl_version_is_steady(guint64 version)
{
    return version != 0 && version % 2 == 0;
}

G_END_DECLS
