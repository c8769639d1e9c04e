/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tree as a table. Each row is an entry of a kind of directory: a file, a link or a directory
 * with a name of its own, or one entry for each of something. Another attribute file is another row
 * in layout.c. The table is constant; numbers of rows are part of inode numbers.
 */
#pragma once

#include "enumerator.h"
#include "show.h"
#include "store.h"

#include <sys/stat.h>

G_BEGIN_DECLS

/* Kinds of directories. */
typedef enum {
    FS_DIR_NONE,
    FS_DIR_ROOT,
    FS_DIR_CLUSTER,
    FS_DIR_CLUSTER_PROPERTIES,
    FS_DIR_GROUPS,
    FS_DIR_GROUP,
    FS_DIR_GROUP_RESOURCES,
    FS_DIR_GROUP_OWNERS,
    FS_DIR_GROUP_PROPERTIES,
    FS_DIR_NETWORKS,
    FS_DIR_NETWORK,
    FS_DIR_NETWORK_INTERFACES,
    FS_DIR_NETWORK_PROPERTIES,
    FS_DIR_NODES,
    FS_DIR_NODE,
    FS_DIR_NODE_GROUPS,
    FS_DIR_NODE_INTERFACES,
    FS_DIR_NODE_PROPERTIES,
    FS_DIR_RESOURCES,
    FS_DIR_RESOURCE,
    FS_DIR_RESOURCE_DEPENDENCIES,
    FS_DIR_RESOURCE_DEPENDENTS,
    FS_DIR_RESOURCE_OWNERS,
    FS_DIR_RESOURCE_PROPERTIES,
    FS_DIR_INTERFACES,
    FS_DIR_INTERFACE,
    FS_DIR_INTERFACE_PROPERTIES,
    FS_DIR_TYPES,
    FS_DIR_TYPE,
    FS_DIR_TYPE_NODES,
    FS_DIR_TYPE_RESOURCES,
    FS_DIR_TYPE_PROPERTIES,
    FS_DIR_GROUPSETS,
    FS_DIR_GROUPSET,
    FS_DIR_GROUPSET_GROUPS,
    FS_DIR_GROUPSET_PROPERTIES,
    FS_DIR_KEY,
    FS_DIR_KEY_VALUES,
    FS_DIR_KEY_TYPES,
    FS_DIRS
} FsDirectory;

typedef enum {
    FS_ROW_DIRECTORY,    /* a directory with a name of its own */
    FS_ROW_FILE,         /* shows something of the object */
    FS_ROW_EVENTS,       /* a file that tells changes as they come; it is not listed */
    FS_ROW_LINK,         /* leads to one object */
    FS_ROW_OBJECTS,      /* a directory for each object */
    FS_ROW_RELATION,     /* a link for each related object */
    FS_ROW_KEYS,         /* a directory for each subkey */
    FS_ROW_VALUES,       /* a file for each value of a key */
    FS_ROW_VALUE_TYPES,  /* likewise, with its type */
    FS_ROW_PROPERTIES,   /* a file for each property */
    FS_ROW_CLUSTERS,     /* a directory for each cluster */
    FS_ROW_CLUSTER_NAMES /* a link for each other name of a cluster */
} FsRowType;

typedef struct {
    FsDirectory parent;
    const char *name; /* NULL where there is an entry for each of something */
    FsRowType type;
    FsDirectory directory;    /* of directories: which kind it is */
    const FsEnumerator *each; /* objects and relations */
    FsShow show;              /* files: the text; links: the name of the object it leads to */
    FsKind to;                /* links: the kind of that object */
    gboolean constant;        /* the text never changes while the object exists */
    gboolean lines;           /* the text is a list, one a line, and empty for an empty one */
    gboolean untold;          /* no notification tells when the text changes */
    FsStore store;            /* files that can be written: what that does; NULL for others */
    FsStoreUse use;           /* how they are written; of directories, what can be done in them */
} FsRow;

/* A row; NULL if there is no such number. Row 0 is the root directory. */
const FsRow *fs_layout_row(guint number);
guint fs_layout_number(const FsRow *row);

/* The rows of a directory, which follow each other. */
const FsRow *fs_layout_entries(FsDirectory directory, guint *ret_count);

/* The entry of that name of its own; NULL if there is none. */
const FsRow *fs_layout_find(FsDirectory directory, const char *name);

/* The last row of a directory, which is that of an entry for each of something if it has one. */
const FsRow *fs_layout_last(FsDirectory directory);

/* The row by which a directory itself is an entry of another. */
const FsRow *fs_layout_self(FsDirectory directory);

/* The kind of the object whose number is in the inode numbers of a row. */
FsKind fs_layout_kind(const FsRow *row);

/* How many directories an entry of that row lies below its cluster's directory. */
guint fs_layout_depth(const FsRow *row);

/* The permissions to write that a row's inodes have where the cluster can be changed. */
mode_t fs_layout_write_mode(const FsRow *row);

/* The type and permissions of a row's inodes. */
mode_t fs_layout_mode(const FsRow *row);

G_END_DECLS
