/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A layer over SQLite's own VFS. It serves calls that may not wait: a page that the kernel would
 * first have to fetch from a disk or a server is not read, and the statement ends with SQLITE_BUSY.
 * And it tells without a system call whether a file has changed.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The name to open files with; NULL (SQLite's default) where the layer is not possible. */
const char *cl_vfs_name(void);

/* Whether the calling thread's reads must find what they read in memory. */
void cl_vfs_require_warm(gboolean warm);

/* The header of the write-ahead log's index, which every commit changes, by whichever process. */
typedef struct {
    guint32 words[12];
} ClVfsStamp;

/* As long as the stamp stays the same the file's content does. FALSE if there is none now: the
 * file has no log, or a commit is being published. */
gboolean cl_vfs_stamp(sqlite3 *db, ClVfsStamp *ret_stamp);

G_END_DECLS
