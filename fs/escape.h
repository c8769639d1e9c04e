/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of objects as file names, and back. What a file name cannot hold is written %XX, byte by
 * byte: `/`, `%`, control characters, unpaired surrogates (in their three-byte form), and the whole
 * of "." and "..". A name that is then longer than 255 bytes is cut and ends in `%~` and a tag: the
 * object's id, or a digest of the name where there is no id. Each name has one file name only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FS_NAME_BYTES 255

/* The file name of @name (transfer full). @id NULL: the object has none. An empty name is "%~" and
 * the tag. */
char *fs_escape(const char *name, const char *id);

/* The file name of @name that ends in `%~` and @tag whatever its length, for a second thing of the
 * same name (transfer full). */
char *fs_escape_tagged(const char *name, const char *tag);

/* What a file name stands for: its name, or the tag of one that was cut; the other is set to NULL.
 * FALSE when fs_escape gives such a file name for nothing. A tag may still be none. */
gboolean fs_unescape(const char *file, char **ret_name, char **ret_tag);

G_END_DECLS
