/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The enumerations of the API in one form: what a directory lists one object after another. An
 * FsEnumerator is a constant description; FsEnumeration is one that was opened, a snapshot that
 * belongs to whoever opened it and may be read by one thread at a time.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

typedef struct FsEnumerator FsEnumerator;
typedef struct FsEnumeration FsEnumeration;

/* All objects of a kind in the cluster. */
extern const FsEnumerator fs_all_groups, fs_all_networks, fs_all_nodes, fs_all_resources,
    fs_all_interfaces, fs_all_types, fs_all_groupsets, fs_internal_networks;
/* What an object is related to. */
extern const FsEnumerator fs_resources_of_group, fs_owners_of_group, fs_interfaces_of_network,
    fs_groups_of_node, fs_interfaces_of_node, fs_dependencies_of_resource,
    fs_dependents_of_resource, fs_owners_of_resource, fs_nodes_of_type, fs_resources_of_type,
    fs_groups_of_groupset;

/* The kind of the objects that are listed. */
FsKind fs_enumerator_kind(const FsEnumerator *enumerator);

DWORD fs_enumeration_open(const FsEnumerator *enumerator, const FsObject *object,
                          FsEnumeration **ret_enumeration);
void fs_enumeration_close(FsEnumeration *enumeration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FsEnumeration, fs_enumeration_close)

guint fs_enumeration_count(const FsEnumeration *enumeration);

/* An item, with the memory for reading it; kept from one item to the next. */
typedef struct {
    GString *name;
    GString *id; /* stays empty where the API tells none */
    gpointer buffer;
    DWORD room; /* of the buffer, in bytes */
} FsItem;

void fs_item_init(FsItem *item);
void fs_item_clear(FsItem *item);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FsItem, fs_item_clear)

DWORD fs_enumeration_item(const FsEnumeration *enumeration, guint index, FsItem *item);

/* Whether @object is in the list of @of, without listing what may be long. Both are open; @name is
 * that of @object. ERROR_NOT_FOUND if it is not. */
DWORD fs_enumerator_check(const FsEnumerator *enumerator, const FsObject *of,
                          const FsObject *object, const char *name);

G_END_DECLS
