/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Open files. An FsFile holds a handle on its object from open to release, and the text that a
 * reader is in the middle of. It is counted, since a read that was interrupted may outlive the
 * release on another thread; the handle is closed by the release all the same.
 */
#pragma once

#include "place.h"
#include "request.h"

G_BEGIN_DECLS

FsFile *fs_file_ref(FsFile *file);
void fs_file_unref(FsFile *file);

/* Closes the handle; and gives up the reference. */
void fs_file_release(FsFile *file);

/* TRUE if the kernel may keep what it read. */
gboolean fs_file_is_constant(const FsFile *file);

/* The size of what a read would now give. */
DWORD fs_file_size(FsMount *mount, FsFile *file, gsize *ret_size);

G_END_DECLS
