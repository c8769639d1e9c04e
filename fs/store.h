/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What writing to the files of an object does: one function for each row of the layout that can be
 * written. Each is given the object, open with GENERIC_ALL, and the value without the newline that
 * ends it, and returns a status; that something was accepted and goes on, or was stored to take
 * effect later, is a success.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

typedef DWORD (*FsStore)(const FsObject *object, const char *value);

/* How a row is changed. */
typedef enum {
    FS_STORE_NONE,
    FS_STORE_ONCE,     /* file: one write is one value */
    FS_STORE_GATHERED, /* file: writes from the start on are gathered, and stored when it is closed */
    FS_STORE_MAKE,     /* directory of objects: mkdir, rmdir, mv */
    FS_STORE_REMOVE,   /* directory of objects: rmdir, mv */
    FS_STORE_RENAME,   /* directory of objects: mv */
    FS_STORE_LINKS,    /* directory of links: ln -s, rm */
    FS_STORE_KEYS,     /* directory of keys: mkdir, rmdir */
    FS_STORE_VALUES,   /* directory of values or types: new files; of values: rm */
    FS_STORE_MEMBERS   /* directory of links: mv to that of another object */
} FsStoreUse;

DWORD fs_store_cluster_name(const FsObject *object, const char *value);
DWORD fs_store_network_priority(const FsObject *object, const char *value);
DWORD fs_store_group_state(const FsObject *object, const char *value);
DWORD fs_store_group_owner(const FsObject *object, const char *value);
DWORD fs_store_group_name(const FsObject *object, const char *value);
DWORD fs_store_group_dependencies(const FsObject *object, const char *value);
DWORD fs_store_groupset_dependencies(const FsObject *object, const char *value);
DWORD fs_store_preferred_order(const FsObject *object, const char *value);
DWORD fs_store_new_resource(const FsObject *object, const char *value);
DWORD fs_store_resource_state(const FsObject *object, const char *value);
DWORD fs_store_resource_name(const FsObject *object, const char *value);
DWORD fs_store_dependency_expression(const FsObject *object, const char *value);
DWORD fs_store_node_state(const FsObject *object, const char *value);
DWORD fs_store_network_name(const FsObject *object, const char *value);
DWORD fs_store_network_role(const FsObject *object, const char *value);

/* A status in which the library accepted something is success. */
DWORD fs_store_status(DWORD code);

G_END_DECLS
