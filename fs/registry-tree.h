/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database as directories: keys, values and types of values. A place in it counts on the
 * numbers that it is made of, until fs_place_forget().
 */
#pragma once

#include "place.h"
#include "registry.h"
#include "request.h"

G_BEGIN_DECLS

/* Whether a directory is a key, or holds the values of one or their types. */
gboolean fs_registry_is_directory(FsDirectory directory);

/* The names of all subkeys or values (transfer full). */
DWORD fs_registry_names(FsMount *mount, const FsPlace *directory, GPtrArray **ret_names);

/* The place of a name in a directory, and its file name (transfer full). EOVERFLOW as status when
 * there are no numbers left. */
DWORD fs_registry_entry(const FsPlace *directory, const char *name, FsPlace *ret_place,
                        char **ret_file);

/* What a file name stands for; FALSE in @ret_exact if it is written in another case. */
DWORD fs_registry_lookup(FsMount *mount, const FsPlace *directory, const char *file,
                         FsPlace *ret_place, gboolean *ret_exact);

/* Make and delete what a file name in a directory stands for: keys, values. */
DWORD fs_registry_mkdir(FsMount *mount, const FsPlace *directory, const char *file);
DWORD fs_registry_rmdir(FsMount *mount, const FsPlace *directory, const char *file);
DWORD fs_registry_create(FsMount *mount, const FsPlace *directory, const char *file);
DWORD fs_registry_unlink(FsMount *mount, const FsPlace *directory, const char *file);

G_END_DECLS
