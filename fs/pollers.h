/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who polls what. A key names what a file says, such as the state of a certain object; changes are
 * counted by key, so that a file knows whether there was one since it was read. One handle is kept
 * for each open file, the newest: those before it mean the same. Any thread may call.
 */
#pragma once

#include "compat.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct FsPollers FsPollers;

FsPollers *fs_pollers_new(void);
void fs_pollers_free(FsPollers *pollers);

/* How often what @key names has changed. */
guint64 fs_pollers_count(FsPollers *pollers, const char *key);

/* Tells @handle, which is taken, when @key changes next, or with NULL anything at all. @file only
 * tells one open file from another. */
void fs_pollers_add(FsPollers *pollers, gconstpointer file, const char *key,
                    struct fuse_pollhandle *handle);
void fs_pollers_remove(FsPollers *pollers, gconstpointer file);

/* Counts a change of each of the keys, char *, and tells who polls them and who polls anything; with
 * NULL all keys may have changed. */
void fs_pollers_wake(FsPollers *pollers, const GPtrArray *keys);

G_END_DECLS
