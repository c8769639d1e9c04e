/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an inode number stands for, and its attributes.
 */
#pragma once

#include "compat.h"
#include "layout.h"
#include "mount.h"

G_BEGIN_DECLS

/* How long the kernel may keep what it was told, in seconds: what it is told to forget when it
 * changes, until then; names in the root, and those of a cluster that tells no changes; and sizes
 * that nobody tells of, just long enough that opening a file in a loop does not ask each time. */
#define FS_TIMEOUT      60.0
#define FS_TIMEOUT_ROOT 1.0
#define FS_TIMEOUT_LIVE 0.01

typedef struct {
    FsNode node;
    const FsRow *row;
    FsCluster *cluster; /* NULL for the root */
} FsPlace;

/* ESTALE as status for a number that was never given out. */
DWORD fs_place_find(FsMount *mount, fuse_ino_t ino, FsPlace *ret_place);

/* Opens the object that a place belongs to, and the cluster before if it is not open. */
DWORD fs_place_open(FsMount *mount, const FsPlace *place, FsObject *ret_object);

/* The same to change it. */
DWORD fs_place_open_as(FsMount *mount, const FsPlace *place, DWORD access, FsObject *ret_object);

/* What a file of that place says, with its last newline; @object is open. Appended to @out. */
DWORD fs_place_show(FsMount *mount, const FsPlace *place, const FsObject *object, GString *out);

/* Where a link of that place leads; opens what it needs. Appended to @out. */
DWORD fs_place_follow(FsMount *mount, const FsPlace *place, GString *out);

/* The target of a link of that row to the object with that file name. Appended to @out. */
void fs_place_append_target(const FsRow *row, FsKind to, const char *file, GString *out);

/* The size of a file or link; 0 of a directory, without any call. */
DWORD fs_place_size(FsMount *mount, const FsPlace *place, gsize *ret_size);

/* Attributes of a place whose size is known, and for how long they hold. */
void fs_place_stat(const FsMount *mount, const FsPlace *place, gsize size, struct stat *ret_stat);
double fs_place_timeout(const FsPlace *place);

/* For how long the name of a place holds. */
double fs_place_name_timeout(const FsPlace *place);

/* A place of the cluster database counts on its numbers: once more, and so many times no more. Of
 * other places nothing is counted. */
void fs_place_hold(const FsPlace *place);
void fs_place_forget(FsMount *mount, guint64 ino, guint64 count);

/* What lies in the directory @parent under another row: the same object's, @row's. */
FsPlace fs_place_child(const FsPlace *parent, const FsRow *row);

/* The place of a name in the root. All links to a cluster by one of its names have one number: any
 * other case of a name is one, and nothing may be kept for each that somebody tries. */
FsPlace fs_place_root_entry(const FsRootEntry *entry);

/* The inode number of the directory that a directory lies in. */
guint64 fs_place_parent(const FsPlace *place);

G_END_DECLS
