/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of an object say and where its links lead: one function for each row of the
 * layout. Each is given the open object and appends to @out: the text of a file without the newline
 * that ends it, or the name of the object that a link leads to.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

typedef DWORD (*FsShow)(const FsObject *object, GString *out);

/* The word for a state of an object of that kind, or its number. Appended to @out. */
void fs_show_state_word(FsKind kind, gint32 state, GString *out);

DWORD fs_show_cluster_name(const FsObject *object, GString *out);
DWORD fs_show_cluster_id(const FsObject *object, GString *out);
DWORD fs_show_version(const FsObject *object, GString *out);
DWORD fs_show_backend(const FsObject *object, GString *out);
DWORD fs_show_access(const FsObject *object, GString *out);
DWORD fs_show_quorum(const FsObject *object, GString *out);
DWORD fs_show_network_priority(const FsObject *object, GString *out);
DWORD fs_show_handles(const FsObject *object, GString *out);
/* Of the user whose request it is. */
DWORD fs_show_last_error(const FsObject *object, GString *out);
/* Of files that are only written. */
DWORD fs_show_nothing(const FsObject *object, GString *out);

DWORD fs_show_cluster(const FsObject *object, GString *out);
DWORD fs_show_name(const FsObject *object, GString *out);
DWORD fs_show_id(const FsObject *object, GString *out);
DWORD fs_show_type_name(const FsObject *object, GString *out);

DWORD fs_show_group_state(const FsObject *object, GString *out);
DWORD fs_show_group_owner(const FsObject *object, GString *out);
DWORD fs_show_group_type(const FsObject *object, GString *out);
DWORD fs_show_group_dependencies(const FsObject *object, GString *out);
DWORD fs_show_preferred_order(const FsObject *object, GString *out);
DWORD fs_show_network_state(const FsObject *object, GString *out);
DWORD fs_show_network_role(const FsObject *object, GString *out);
DWORD fs_show_address(const FsObject *object, GString *out);
DWORD fs_show_node_state(const FsObject *object, GString *out);
DWORD fs_show_resource_state(const FsObject *object, GString *out);
DWORD fs_show_resource_owner(const FsObject *object, GString *out);
DWORD fs_show_resource_type(const FsObject *object, GString *out);
DWORD fs_show_dependency_expression(const FsObject *object, GString *out);
/* Of a group set: as that of a group, but of its groups. */
DWORD fs_show_groupset_state(const FsObject *object, GString *out);
DWORD fs_show_groupset_dependencies(const FsObject *object, GString *out);
DWORD fs_show_interface_state(const FsObject *object, GString *out);

/* Links. */
DWORD fs_follow_resource_group(const FsObject *object, GString *out);
DWORD fs_follow_interface_node(const FsObject *object, GString *out);
DWORD fs_follow_interface_network(const FsObject *object, GString *out);

G_END_DECLS
