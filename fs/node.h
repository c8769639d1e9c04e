/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inode numbers, and the numbers of what they name. An inode number is computed from what it
 * stands for and says it all again, so nothing is kept for an inode and FORGET has nothing to do.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an inode number says, from its highest bits down: 8 + 8 + 24 + 24. The root is 1. */
typedef struct {
    guint cluster; /* number of the cluster, 0 for what lies outside of all */
    guint row;     /* of the layout, 0 for the root only */
    guint object;  /* number of the object's id, 0 for what belongs to the cluster itself */
    guint second; /* number of the id that a link in a relation leads to, or of a property's name */
} FsNode;

#define FS_ROOT_INO     1
#define FS_CLUSTERS_MAX 255
#define FS_NUMBER_MAX   0xffffffU

guint64 fs_node_pack(const FsNode *node);
FsNode fs_node_unpack(guint64 ino);

/* A table of texts and their numbers, from 1; a number is never given to another text. */
typedef struct FsIds FsIds;

FsIds *fs_ids_new(void);
void fs_ids_free(FsIds *ids);

/* The number of a text, which it is given if it has none; 0 when no number is left. */
guint fs_ids_number(FsIds *ids, const char *text);

/* The number of a text, 0 if it was given none; and the highest number that was given. */
guint fs_ids_find(FsIds *ids, const char *text);
guint fs_ids_last(FsIds *ids);

/* The text of a number (transfer full); NULL if it has none. */
char *fs_ids_text(FsIds *ids, guint number);

/* The file name under which what has the number was last shown (transfer full); NULL if it never
 * was. */
void fs_ids_set_name(FsIds *ids, guint number, const char *name);
char *fs_ids_name(FsIds *ids, guint number);

/* All file names under which it was shown since the last fs_ids_reset_name(), the newest first
 * (transfer full): it may be shown by a new name before it is told that it was renamed. */
char **fs_ids_names(FsIds *ids, guint number);
void fs_ids_reset_name(FsIds *ids, guint number, const char *name);

G_END_DECLS
