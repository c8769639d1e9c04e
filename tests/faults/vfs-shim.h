/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A VFS between SQLite and the system that fails a chosen call, or loses the power: what was
 * written and not synced is then on the disk in part, as it happens. It must be installed before
 * anything else opens a database, and serves one process with one thread that writes.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the shim SQLite's default VFS. */
void vfs_shim_install(void);

/* From now on the @n-th call (from 1) that reaches the disk fails with SQLite's @code; 0: none. */
void vfs_shim_fail(guint n, int code);
/* How many such calls there were since. */
guint vfs_shim_calls(void);

/* From now on remembers what is not synced of the files whose names begin with @path, which are as
 * they are on the disk now. At the @n-th call the power goes: the files as a disk may hold them
 * then are written to @image and what follows the name, and the process exits with @status. */
void vfs_shim_lose_power(const char *path, const char *image, guint n, guint32 seed, int status);

G_END_DECLS
