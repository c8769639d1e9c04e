/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the filesystem speaks of failures. Inside the daemon a status is a Win32 code as the library
 * gave it, 0 for success; a failure that only a filesystem has is an errno in the range that Win32
 * leaves to applications (bit 29). errors.c holds the one table from these to errno.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

G_BEGIN_DECLS

#define FS_STATUS_APPLICATION 0x20000000U
#define FS_STATUS_ERRNO(e)    (FS_STATUS_APPLICATION | (DWORD)(e))

/* The errno for a status; @open_file: a missing object is one that an open file was on. */
int fs_errno_from_status(DWORD status, gboolean open_file);

/* TRUE for the codes that say that the object, or what it names, does not exist. */
gboolean fs_status_is_missing(DWORD status);

/* Logs a failure unless this kind of failure of this object was logged already. @uid: of the
 * caller; @object: what it was about. Ordinary answers (ENOENT, EINTR, ...) are not logged. */
void fs_status_log(DWORD status, const char *object, unsigned uid);

/* Logs, likewise once, why a cluster cannot be opened; the lack of its file too. */
void fs_status_log_cluster(DWORD status, const char *cluster);

/* Keeps a failure for the user who caused it; the last one of each of some hundred users. */
void fs_errors_note(DWORD status, const char *object, unsigned uid);

/* The user whose request this thread is busy with. */
void fs_errors_set_user(unsigned uid);

/* That user's last failure, as "CODE<TAB>NAME<TAB>what it was about"; nothing if there was none.
 * Appended to @out. */
void fs_errors_show(GString *out);

G_END_DECLS
