/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties of an object as text: what the files in its properties/ hold. FsProperties is a
 * snapshot of all of them, immutable once read; it belongs to its reader.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

typedef struct {
    char *name;
    char *file; /* its file name, which no other property of the object has */
    char *text; /* without the newline that ends a file */
} FsProperty;

/* All properties, as FsProperty (transfer full): common ones, then private ones. */
DWORD fs_properties_read(const FsObject *object, GPtrArray **ret_properties);

/* The first of them with that name, or the one with that file name; ERROR_NOT_FOUND if the object
 * has none. Appended to @out. */
DWORD fs_property_read(const FsObject *object, const char *name, GString *out);
DWORD fs_property_read_file(const FsObject *object, const char *file, GString *out);

/* A DWORD among the common ones, such as the role of a network. */
DWORD fs_property_read_dword(const FsObject *object, const char *name, DWORD *ret_value);

/* A value as text, appended to @out. */
DWORD fs_property_format(const CLUSAPI_PROPERTY *value, GString *out);

G_END_DECLS
