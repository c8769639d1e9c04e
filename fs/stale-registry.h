/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which entries of `registry/` a change makes stale: of a key or a value that entry, of an object
 * what its keys show of it. For the thread that stale.h is for.
 */
#pragma once

#include "stale.h"

G_BEGIN_DECLS

/* A key or a value. */
void fs_stale_drop_registry(const FsStale *stale, const FsEvent *event);

/* What is shown of an object; with @is_listed it may be new or gone. */
void fs_stale_drop_object_keys(const FsStale *stale, FsKind kind, const char *id,
                               gboolean is_listed);

/* What is kept of every key. */
void fs_stale_drop_all_keys(const FsStale *stale);

G_END_DECLS
