/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Open files. An FsFile holds a handle on its object from open to release, and the text that a
 * reader is in the middle of. It is counted, since a read that was interrupted may outlive the
 * release on another thread; the handle is closed by the release all the same.
 */
#pragma once

#include "place.h"
#include "request.h"
#include "watch.h"

G_BEGIN_DECLS

FsFile *fs_file_ref(FsFile *file);
void fs_file_unref(FsFile *file);

/* Closes the handle; and gives up the reference. */
void fs_file_release(FsFile *file);

/* TRUE if the kernel may keep what it read. */
gboolean fs_file_is_constant(const FsFile *file);

const FsPlace *fs_file_place(const FsFile *file);
const FsObject *fs_file_object(const FsFile *file);

/* Whether opening it made it. */
gboolean fs_file_was_created(const FsFile *file);

/* Whether closing it stores what was gathered. */
gboolean fs_file_gathers(const FsFile *file);

/* Takes what a write brings into what was gathered: it must go on where the last one ended, or, if
 * that has been stored, begin anew. A failure, which is returned as a status, drops everything, so
 * that no part of a value is taken for the whole. */
DWORD fs_file_gather(FsFile *file, gsize offset, const guint8 *bytes, gsize size);

/* A copy of what was gathered (transfer full), NULL if all of it is stored; returns, once, why a
 * value was dropped. What is stored stays: another descriptor of the same open file may go on. */
DWORD fs_file_gathered(FsFile *file, GByteArray **ret_gathered);
void fs_file_note_stored(FsFile *file, gsize length);
void fs_file_drop_gathered(FsFile *file);

/* The next read sees the present. */
void fs_file_forget_text(FsFile *file);

/* Whether it is an `events` file, and its place among them. */
gboolean fs_file_is_events(const FsFile *file);
FsEventReader *fs_file_reader(FsFile *file);

/* The key of what a poll of the file waits for (borrowed); NULL if the file never wakes anybody. And
 * whether that has changed since the file was last read from the start. */
const char *fs_file_key(const FsFile *file);
gboolean fs_file_has_changed(FsFile *file);

/* The size of what a read would now give. */
DWORD fs_file_size(FsMount *mount, FsFile *file, gsize *ret_size);

G_END_DECLS
