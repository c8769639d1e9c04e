/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One mount: its settings and all that its requests share. Made by main before the first request
 * and unchanged until the last; what is behind the pointers has locks of its own.
 */
#pragma once

#include "cluster.h"

#include <sys/types.h>

G_BEGIN_DECLS

typedef struct FsPool FsPool;
struct FsCoherence;
struct FsListings;
struct fuse_session;

typedef struct FsMount {
    uid_t uid; /* of all files */
    gid_t gid;
    mode_t umask;
    guint timeout_ms; /* for one request */
    guint spin_us;    /* how long the spinner goes on after a request */
    time_t time;      /* of all files: when it was mounted */
    FsClusters *clusters;
    FsIds *names; /* of properties */
    FsPool *pool;
    struct fuse_session *session;
    struct FsCoherence
        *root; /* of the root, which belongs to no cluster; NULL before the session */
    gboolean root_stopped;
    gint epoch;        /* atomic; of coherence.c */
    GMutex lock;       /* of the following */
    GHashTable *files; /* FsFile that the kernel has open */
    struct FsListings *listings;
} FsMount;

/* With room for settings, which the caller fills in. */
FsMount *fs_mount_new(const char *source, guint timeout_ms);

/* The session that serves it. */
void fs_mount_begin(FsMount *mount, struct fuse_session *session);

/* Stops all that sends notices to the kernel, while requests are still read. */
void fs_mount_stop(FsMount *mount);

/* After the session's end, also frees what the kernel never released. */
void fs_mount_free(FsMount *mount);

/* An open file that the kernel is about to be given, and that it gives back. */
void fs_mount_add_file(FsMount *mount, gpointer file);
void fs_mount_remove_file(FsMount *mount, gpointer file);

G_END_DECLS
