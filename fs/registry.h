/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database through the library: keys and values by name, and values as the content of
 * files. Nothing is kept; any thread may call, within its call's scope.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* Of the default value, which has no name, and of what a key has besides its subkeys. */
#define FS_VALUE_DEFAULT "@"
#define FS_KEY_VALUES    ".values"
#define FS_KEY_TYPES     ".types"

/* Names as file names and back (transfer full). What a file name stands for may depend on what
 * there is: of one that was cut the name is looked for among @names. NULL if it is none. */
char *fs_key_file(const char *name);
char *fs_value_file(const char *name);
char *fs_key_name(const char *file, const GPtrArray *names);
char *fs_value_name(const char *file, const GPtrArray *names);

/* The path of a subkey (transfer full). */
char *fs_key_path(const char *path, const char *name);

/* The names of all subkeys and of all values of an open key (transfer full). */
DWORD fs_keys_list(const FsObject *key, GPtrArray **ret_names);
DWORD fs_values_list(const FsObject *key, GPtrArray **ret_names);

/* What the file of a value, and that of its type, holds, with its last newline if it has one.
 * Appended to @out. */
DWORD fs_value_show(const FsObject *key, const char *name, GString *out);
DWORD fs_value_show_type(const FsObject *key, const char *name, GString *out);

/* Stores a value in the form in which it is shown; with @is_new one that is empty gets the type that
 * fits. Or stores another type. EINVAL as status for what is no such value or type. */
DWORD fs_value_store(const FsObject *key, const char *name, const guint8 *bytes, gsize size,
                     gboolean is_new);
DWORD fs_value_store_type(const FsObject *key, const char *name, const guint8 *bytes, gsize size);

/* Makes a value without type or content, and deletes one. */
DWORD fs_value_create(const FsObject *key, const char *name);
DWORD fs_value_delete(const FsObject *key, const char *name);

/* Makes and deletes a subkey of a key: by name, in the cluster database itself. ENOTEMPTY as status
 * for one that has subkeys. */
DWORD fs_key_create(const FsObject *key, const char *name);
DWORD fs_key_delete(const FsObject *key, const char *name);

G_END_DECLS
