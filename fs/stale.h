/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of the kernel's entries a change makes stale, and the notices that drop them. To be used on
 * one thread of each cluster: some wait for requests that are not yet answered.
 */
#pragma once

#include "event-text.h"
#include "layout.h"
#include "mount.h"

G_BEGIN_DECLS

typedef struct {
    FsMount *mount;
    FsCluster *cluster; /* NULL: the root */
} FsStale;

/* Drops what the kernel has of an inode: attributes, the target of a link, a listing. FALSE if it
 * does not know the inode. */
gboolean fs_stale_drop_inode(const FsStale *stale, guint64 ino);

/* The name will be looked up again. */
void fs_stale_drop_entry(const FsStale *stale, guint64 parent, const char *name);

/* A directory with all that is in it. */
void fs_stale_drop_tree(const FsStale *stale, guint64 parent, const char *name);

/* The inode number of what a row says of an object. */
guint64 fs_stale_ino(const FsStale *stale, const FsRow *row, guint object, guint second);

/* Drops all that a change touched. */
void fs_stale_drop_changed(const FsStale *stale, const FsEvent *event);

G_END_DECLS
