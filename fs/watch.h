/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watching a cluster: one thread takes its notifications from a port of the library, keeps the last
 * of them as lines for readers of `events`, wakes who polls `state` and `owner`, and tells what the
 * kernel has to forget.
 */
#pragma once

#include "compat.h"
#include "mount.h"
#include "pollers.h"

G_BEGIN_DECLS

typedef struct FsWatch FsWatch;

/* Begins to watch; a status. It may be that a cluster tells no changes. What is given must outlive
 * it. */
DWORD fs_watch_new(struct FsCoherence *coherence, HCLUSTER handle, FsWatch **ret_watch);

/* Answers who still waits, and ends; nobody waits any more after this. */
void fs_watch_stop(FsWatch *watch);

/* After it was stopped. */
void fs_watch_free(FsWatch *watch);

/* Answers a write, of @size bytes, or with @is_write FALSE a close, after the kernel has forgotten
 * what it changed. */
void fs_watch_reply(FsWatch *watch, fuse_req_t req, gboolean is_write, size_t size);

/* The place of a reader of `events`: everything from now on, of all objects or of that with the id
 * (of a group also of its resources). Belongs to the open file. */
typedef struct {
    guint64 next;  /* line */
    GString *rest; /* what is left of a line that did not fit; NULL: nothing */
    char *id;      /* NULL: all */
} FsEventReader;

void fs_event_reader_clear(FsEventReader *reader);

void fs_watch_begin_reading(FsWatch *watch, FsEventReader *reader);

/* Answers a read of `events` with whole lines: now if there are any, else when there are or when it
 * is interrupted; EAGAIN with @nonblock. The reader must live until the answer. */
void fs_watch_read(FsWatch *watch, fuse_req_t req, FsEventReader *reader, size_t size,
                   gboolean nonblock);

/* Whether lines wait for the reader. */
gboolean fs_watch_is_readable(FsWatch *watch, const FsEventReader *reader);

/* Who polls files of the cluster; by the keys of fs_event_key(). */
FsPollers *fs_watch_pollers(FsWatch *watch);

G_END_DECLS
