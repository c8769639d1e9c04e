/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The objects of a cluster in one form, whatever their kind: opening, closing, asking. An FsObject
 * holds the API handle of one open object; it belongs to whoever opened it.
 */
#pragma once

#include "node.h"
#include "text.h"

#include <clusapi.h>

G_BEGIN_DECLS

typedef enum {
    FS_CLUSTER,
    FS_GROUP,
    FS_NETWORK,
    FS_NODE,
    FS_RESOURCE,
    FS_INTERFACE,
    FS_TYPE, /* has neither a handle nor an id: its name stands for both */
    FS_GROUPSET,
    FS_KEY /* of the cluster database: its path stands for a name, and it has no controls */
} FsKind;

typedef struct {
    FsKind kind;
    HCLUSTER cluster; /* borrowed from the mount */
    gpointer handle;  /* NULL for the cluster and for types */
    LPWSTR name;      /* of a type only */
} FsObject;

/* Opens an object for reading by its name or id. */
DWORD fs_object_open(HCLUSTER cluster, FsKind kind, const char *name, FsObject *ret_object);
/* The same with another access: GENERIC_ALL to change it. */
DWORD fs_object_open_as(HCLUSTER cluster, FsKind kind, const char *name, DWORD access,
                        FsObject *ret_object);
void fs_object_close(FsObject *object);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FsObject, fs_object_close)

/* Name and id; the id of a type is its name. Appended to @out. */
DWORD fs_object_name(const FsObject *object, GString *out);
DWORD fs_object_id(const FsObject *object, GString *out);

/* The file name of an object of the cluster known by name (transfer full). */
DWORD fs_object_file_name(HCLUSTER cluster, FsKind kind, const char *name, char **ret_file);

/* Another instance of the object's cluster handle, made from the object's own handle. */
HCLUSTER fs_object_cluster(const FsObject *object);

/* A control code, without the kind of object in it: its output, and its output as text. */
DWORD fs_object_control(const FsObject *object, DWORD code, GByteArray **ret_out);
DWORD fs_object_control_text(const FsObject *object, DWORD code, GString *out);

/* A control code that takes input, without the kind of object in it. */
DWORD fs_object_set(const FsObject *object, DWORD code, gpointer in, gsize size);

/* The collection that holds all objects of a kind, such as "groups". */
const char *fs_kind_collection(FsKind kind);

G_END_DECLS
