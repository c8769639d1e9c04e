/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the tree, and what follows from it. All constant; any thread may call.
 */
#include "layout.h"

#include <string.h>

#define ROW(type, directory, each, show, to, constant, lines, store, use)                          \
    type, directory, each, show, to, constant, lines, FALSE, store, use
#define FILE_ROW(show, constant, lines, store, use)                                                \
    ROW(FS_ROW_FILE, FS_DIR_NONE, NULL, show, FS_CLUSTER, constant, lines, store, use)
#define CHANGEABLE(parent, name, kind, use)                                                        \
    {                                                                                              \
        parent, name, ROW(FS_ROW_DIRECTORY, kind, NULL, NULL, FS_CLUSTER, TRUE, FALSE, NULL, use)  \
    }
#define DIRECTORY(parent, name, kind) CHANGEABLE(parent, name, kind, FS_STORE_NONE)
#define LIVE(parent, name, show)                                                                   \
    {                                                                                              \
        parent, name, FILE_ROW(show, FALSE, FALSE, NULL, FS_STORE_NONE)                            \
    }
#define UNTOLD(parent, name, show, lines)                                                          \
    {                                                                                              \
        parent, name, FS_ROW_FILE, FS_DIR_NONE, NULL, show, FS_CLUSTER, FALSE, lines, TRUE, NULL,  \
            FS_STORE_NONE                                                                          \
    }
#define OF_KEY(parent, name, type, directory, use)                                                 \
    {                                                                                              \
        parent, name, type, directory, NULL, NULL, FS_CLUSTER, FALSE, FALSE, FALSE, NULL, use      \
    }
#define WRITABLE(parent, name, show, store)                                                        \
    {                                                                                              \
        parent, name, FILE_ROW(show, FALSE, FALSE, store, FS_STORE_ONCE)                           \
    }
#define LIST(parent, name, show, store)                                                            \
    {                                                                                              \
        parent, name, FILE_ROW(show, FALSE, TRUE, store, FS_STORE_GATHERED)                        \
    }
#define EXPRESSION(parent, show, store)                                                            \
    {                                                                                              \
        parent, "dependency_expression", FILE_ROW(show, FALSE, FALSE, store, FS_STORE_GATHERED)    \
    }
#define CONSTANT(parent, name, show)                                                               \
    {                                                                                              \
        parent, name, FILE_ROW(show, TRUE, FALSE, NULL, FS_STORE_NONE)                             \
    }
#define EVENTS(parent)                                                                             \
    {                                                                                              \
        parent, "events",                                                                          \
            ROW(FS_ROW_EVENTS, FS_DIR_NONE, NULL, fs_show_nothing, FS_CLUSTER, FALSE, TRUE, NULL,  \
                FS_STORE_NONE)                                                                     \
    }
#define LINK(parent, name, show, to)                                                               \
    {                                                                                              \
        parent, name,                                                                              \
            ROW(FS_ROW_LINK, FS_DIR_NONE, NULL, show, to, FALSE, FALSE, NULL, FS_STORE_NONE)       \
    }
#define OBJECTS(parent, kind, each)                                                                \
    {                                                                                              \
        parent, NULL,                                                                              \
            ROW(FS_ROW_OBJECTS, kind, &each, NULL, FS_CLUSTER, TRUE, FALSE, NULL, FS_STORE_NONE)   \
    }
#define RELATION(parent, each)                                                                     \
    {                                                                                              \
        parent, NULL,                                                                              \
            ROW(FS_ROW_RELATION, FS_DIR_NONE, &each, NULL, FS_CLUSTER, FALSE, FALSE, NULL,         \
                FS_STORE_NONE)                                                                     \
    }
#define PROPERTIES(parent)                                                                         \
    {                                                                                              \
        parent, NULL,                                                                              \
            ROW(FS_ROW_PROPERTIES, FS_DIR_NONE, NULL, NULL, FS_CLUSTER, FALSE, FALSE, NULL,        \
                FS_STORE_GATHERED)                                                                 \
    }

/* Rows of one parent stay together. The order is that of a listing. */
static const FsRow rows[] = {
    DIRECTORY(FS_DIR_NONE, NULL, FS_DIR_ROOT),

    {FS_DIR_ROOT, NULL,
     ROW(FS_ROW_CLUSTERS, FS_DIR_CLUSTER, NULL, NULL, FS_CLUSTER, TRUE, FALSE, NULL,
         FS_STORE_NONE)},
    {FS_DIR_ROOT, NULL,
     ROW(FS_ROW_CLUSTER_NAMES, FS_DIR_NONE, NULL, NULL, FS_CLUSTER, TRUE, FALSE, NULL,
         FS_STORE_NONE)},

    WRITABLE(FS_DIR_CLUSTER, "name", fs_show_cluster_name, fs_store_cluster_name),
    CONSTANT(FS_DIR_CLUSTER, "id", fs_show_cluster_id),
    LIVE(FS_DIR_CLUSTER, "version", fs_show_version),
    CONSTANT(FS_DIR_CLUSTER, "backend", fs_show_backend),
    CONSTANT(FS_DIR_CLUSTER, "access", fs_show_access),
    LIVE(FS_DIR_CLUSTER, "quorum", fs_show_quorum),
    LIST(FS_DIR_CLUSTER, "network_priority", fs_show_network_priority, fs_store_network_priority),
    UNTOLD(FS_DIR_CLUSTER, "handles", fs_show_handles, FALSE),
    UNTOLD(FS_DIR_CLUSTER, "last_error", fs_show_last_error, TRUE),
    EVENTS(FS_DIR_CLUSTER),
    CHANGEABLE(FS_DIR_CLUSTER, "groups", FS_DIR_GROUPS, FS_STORE_MAKE),
    CHANGEABLE(FS_DIR_CLUSTER, "networks", FS_DIR_NETWORKS, FS_STORE_RENAME),
    DIRECTORY(FS_DIR_CLUSTER, "nodes", FS_DIR_NODES),
    CHANGEABLE(FS_DIR_CLUSTER, "resources", FS_DIR_RESOURCES, FS_STORE_REMOVE),
    DIRECTORY(FS_DIR_CLUSTER, "interfaces", FS_DIR_INTERFACES),
    DIRECTORY(FS_DIR_CLUSTER, "types", FS_DIR_TYPES),
    CHANGEABLE(FS_DIR_CLUSTER, "groupsets", FS_DIR_GROUPSETS, FS_STORE_MAKE),
    OF_KEY(FS_DIR_CLUSTER, "registry", FS_ROW_DIRECTORY, FS_DIR_KEY, FS_STORE_KEYS),
    DIRECTORY(FS_DIR_CLUSTER, "properties", FS_DIR_CLUSTER_PROPERTIES),
    PROPERTIES(FS_DIR_CLUSTER_PROPERTIES),

    OBJECTS(FS_DIR_GROUPS, FS_DIR_GROUP, fs_all_groups),
    LIVE(FS_DIR_GROUP, "cluster", fs_show_cluster),
    WRITABLE(FS_DIR_GROUP, "name", fs_show_name, fs_store_group_name),
    CONSTANT(FS_DIR_GROUP, "id", fs_show_id),
    WRITABLE(FS_DIR_GROUP, "state", fs_show_group_state, fs_store_group_state),
    WRITABLE(FS_DIR_GROUP, "owner", fs_show_group_owner, fs_store_group_owner),
    LIVE(FS_DIR_GROUP, "type", fs_show_group_type),
    LIST(FS_DIR_GROUP, "preferred_order", fs_show_preferred_order, fs_store_preferred_order),
    EXPRESSION(FS_DIR_GROUP, fs_show_group_dependencies, fs_store_group_dependencies),
    {FS_DIR_GROUP, "create-resource",
     FILE_ROW(fs_show_nothing, FALSE, TRUE, fs_store_new_resource, FS_STORE_ONCE)},
    LINK(FS_DIR_GROUP, "node", fs_show_group_owner, FS_NODE),
    CHANGEABLE(FS_DIR_GROUP, "resources", FS_DIR_GROUP_RESOURCES, FS_STORE_MEMBERS),
    CHANGEABLE(FS_DIR_GROUP, "preferred_owners", FS_DIR_GROUP_OWNERS, FS_STORE_LINKS),
    EVENTS(FS_DIR_GROUP),
    DIRECTORY(FS_DIR_GROUP, "properties", FS_DIR_GROUP_PROPERTIES),
    RELATION(FS_DIR_GROUP_RESOURCES, fs_resources_of_group),
    RELATION(FS_DIR_GROUP_OWNERS, fs_owners_of_group),
    PROPERTIES(FS_DIR_GROUP_PROPERTIES),

    OBJECTS(FS_DIR_NETWORKS, FS_DIR_NETWORK, fs_all_networks),
    LIVE(FS_DIR_NETWORK, "cluster", fs_show_cluster),
    WRITABLE(FS_DIR_NETWORK, "name", fs_show_name, fs_store_network_name),
    CONSTANT(FS_DIR_NETWORK, "id", fs_show_id),
    LIVE(FS_DIR_NETWORK, "state", fs_show_network_state),
    WRITABLE(FS_DIR_NETWORK, "role", fs_show_network_role, fs_store_network_role),
    LIVE(FS_DIR_NETWORK, "address", fs_show_address),
    DIRECTORY(FS_DIR_NETWORK, "interfaces", FS_DIR_NETWORK_INTERFACES),
    EVENTS(FS_DIR_NETWORK),
    DIRECTORY(FS_DIR_NETWORK, "properties", FS_DIR_NETWORK_PROPERTIES),
    RELATION(FS_DIR_NETWORK_INTERFACES, fs_interfaces_of_network),
    PROPERTIES(FS_DIR_NETWORK_PROPERTIES),

    OBJECTS(FS_DIR_NODES, FS_DIR_NODE, fs_all_nodes),
    LIVE(FS_DIR_NODE, "cluster", fs_show_cluster),
    LIVE(FS_DIR_NODE, "name", fs_show_name),
    CONSTANT(FS_DIR_NODE, "id", fs_show_id),
    WRITABLE(FS_DIR_NODE, "state", fs_show_node_state, fs_store_node_state),
    DIRECTORY(FS_DIR_NODE, "groups", FS_DIR_NODE_GROUPS),
    DIRECTORY(FS_DIR_NODE, "interfaces", FS_DIR_NODE_INTERFACES),
    EVENTS(FS_DIR_NODE),
    DIRECTORY(FS_DIR_NODE, "properties", FS_DIR_NODE_PROPERTIES),
    RELATION(FS_DIR_NODE_GROUPS, fs_groups_of_node),
    RELATION(FS_DIR_NODE_INTERFACES, fs_interfaces_of_node),
    PROPERTIES(FS_DIR_NODE_PROPERTIES),

    OBJECTS(FS_DIR_RESOURCES, FS_DIR_RESOURCE, fs_all_resources),
    LIVE(FS_DIR_RESOURCE, "cluster", fs_show_cluster),
    WRITABLE(FS_DIR_RESOURCE, "name", fs_show_name, fs_store_resource_name),
    CONSTANT(FS_DIR_RESOURCE, "id", fs_show_id),
    WRITABLE(FS_DIR_RESOURCE, "state", fs_show_resource_state, fs_store_resource_state),
    LIVE(FS_DIR_RESOURCE, "owner", fs_show_resource_owner),
    CONSTANT(FS_DIR_RESOURCE, "type", fs_show_resource_type),
    EXPRESSION(FS_DIR_RESOURCE, fs_show_dependency_expression, fs_store_dependency_expression),
    LINK(FS_DIR_RESOURCE, "group", fs_follow_resource_group, FS_GROUP),
    LINK(FS_DIR_RESOURCE, "node", fs_show_resource_owner, FS_NODE),
    CHANGEABLE(FS_DIR_RESOURCE, "dependencies", FS_DIR_RESOURCE_DEPENDENCIES, FS_STORE_LINKS),
    DIRECTORY(FS_DIR_RESOURCE, "dependents", FS_DIR_RESOURCE_DEPENDENTS),
    CHANGEABLE(FS_DIR_RESOURCE, "possible_owners", FS_DIR_RESOURCE_OWNERS, FS_STORE_LINKS),
    EVENTS(FS_DIR_RESOURCE),
    DIRECTORY(FS_DIR_RESOURCE, "properties", FS_DIR_RESOURCE_PROPERTIES),
    RELATION(FS_DIR_RESOURCE_DEPENDENCIES, fs_dependencies_of_resource),
    RELATION(FS_DIR_RESOURCE_DEPENDENTS, fs_dependents_of_resource),
    RELATION(FS_DIR_RESOURCE_OWNERS, fs_owners_of_resource),
    PROPERTIES(FS_DIR_RESOURCE_PROPERTIES),

    OBJECTS(FS_DIR_INTERFACES, FS_DIR_INTERFACE, fs_all_interfaces),
    LIVE(FS_DIR_INTERFACE, "cluster", fs_show_cluster),
    LIVE(FS_DIR_INTERFACE, "name", fs_show_name),
    CONSTANT(FS_DIR_INTERFACE, "id", fs_show_id),
    LIVE(FS_DIR_INTERFACE, "state", fs_show_interface_state),
    LIVE(FS_DIR_INTERFACE, "address", fs_show_address),
    LINK(FS_DIR_INTERFACE, "node", fs_follow_interface_node, FS_NODE),
    LINK(FS_DIR_INTERFACE, "network", fs_follow_interface_network, FS_NETWORK),
    EVENTS(FS_DIR_INTERFACE),
    DIRECTORY(FS_DIR_INTERFACE, "properties", FS_DIR_INTERFACE_PROPERTIES),
    PROPERTIES(FS_DIR_INTERFACE_PROPERTIES),

    OBJECTS(FS_DIR_TYPES, FS_DIR_TYPE, fs_all_types),
    CONSTANT(FS_DIR_TYPE, "name", fs_show_type_name),
    DIRECTORY(FS_DIR_TYPE, "nodes", FS_DIR_TYPE_NODES),
    DIRECTORY(FS_DIR_TYPE, "resources", FS_DIR_TYPE_RESOURCES),
    DIRECTORY(FS_DIR_TYPE, "properties", FS_DIR_TYPE_PROPERTIES),
    RELATION(FS_DIR_TYPE_NODES, fs_nodes_of_type),
    RELATION(FS_DIR_TYPE_RESOURCES, fs_resources_of_type),
    PROPERTIES(FS_DIR_TYPE_PROPERTIES),

    OBJECTS(FS_DIR_GROUPSETS, FS_DIR_GROUPSET, fs_all_groupsets),
    LIVE(FS_DIR_GROUPSET, "cluster", fs_show_cluster_name),
    LIVE(FS_DIR_GROUPSET, "name", fs_show_name),
    CONSTANT(FS_DIR_GROUPSET, "id", fs_show_id),
    UNTOLD(FS_DIR_GROUPSET, "state", fs_show_groupset_state, FALSE),
    EXPRESSION(FS_DIR_GROUPSET, fs_show_groupset_dependencies, fs_store_groupset_dependencies),
    CHANGEABLE(FS_DIR_GROUPSET, "groups", FS_DIR_GROUPSET_GROUPS, FS_STORE_LINKS),
    EVENTS(FS_DIR_GROUPSET),
    DIRECTORY(FS_DIR_GROUPSET, "properties", FS_DIR_GROUPSET_PROPERTIES),
    RELATION(FS_DIR_GROUPSET_GROUPS, fs_groups_of_groupset),
    PROPERTIES(FS_DIR_GROUPSET_PROPERTIES),

    OF_KEY(FS_DIR_KEY, ".values", FS_ROW_DIRECTORY, FS_DIR_KEY_VALUES, FS_STORE_VALUES),
    OF_KEY(FS_DIR_KEY, ".types", FS_ROW_DIRECTORY, FS_DIR_KEY_TYPES, FS_STORE_VALUES),
    OF_KEY(FS_DIR_KEY, NULL, FS_ROW_KEYS, FS_DIR_KEY, FS_STORE_KEYS),
    OF_KEY(FS_DIR_KEY_VALUES, NULL, FS_ROW_VALUES, FS_DIR_NONE, FS_STORE_GATHERED),
    OF_KEY(FS_DIR_KEY_TYPES, NULL, FS_ROW_VALUE_TYPES, FS_DIR_NONE, FS_STORE_ONCE),
};

G_STATIC_ASSERT(G_N_ELEMENTS(rows) <= 256);

const FsRow *fs_layout_row(guint number)
{
    return number < G_N_ELEMENTS(rows) ? &rows[number] : NULL;
}

guint fs_layout_number(const FsRow *row)
{
    return (guint)(row - rows);
}

const FsRow *fs_layout_entries(FsDirectory directory, guint *ret_count)
{
    guint first = 0;
    guint count = 0;

    while (first < G_N_ELEMENTS(rows) && rows[first].parent != directory) {
        first++;
    }
    while (first + count < G_N_ELEMENTS(rows) && rows[first + count].parent == directory) {
        count++;
    }
    *ret_count = count;
    return &rows[first];
}

const FsRow *fs_layout_last(FsDirectory directory)
{
    guint count;
    const FsRow *entries = fs_layout_entries(directory, &count);

    return &entries[count - 1];
}

const FsRow *fs_layout_find(FsDirectory directory, const char *name)
{
    guint count;
    const FsRow *entries = fs_layout_entries(directory, &count);

    for (guint i = 0; i < count; i++) {
        if (entries[i].name != NULL && strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

const FsRow *fs_layout_self(FsDirectory directory)
{
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].directory == directory) {
            return &rows[i];
        }
    }
    return NULL;
}

FsKind fs_layout_kind(const FsRow *row)
{
    while (row->type != FS_ROW_OBJECTS && row->directory != FS_DIR_KEY &&
           row->parent > FS_DIR_ROOT) {
        row = fs_layout_self(row->parent);
    }
    if (row->directory == FS_DIR_KEY) {
        return FS_KEY;
    }
    return row->type == FS_ROW_OBJECTS ? fs_enumerator_kind(row->each) : FS_CLUSTER;
}

guint fs_layout_depth(const FsRow *row)
{
    guint depth = 0;

    while (row->parent > FS_DIR_CLUSTER) {
        row = fs_layout_self(row->parent);
        depth++;
    }
    return depth;
}

mode_t fs_layout_mode(const FsRow *row)
{
    switch (row->type) {
    case FS_ROW_FILE:
    case FS_ROW_EVENTS:
    case FS_ROW_PROPERTIES:
    case FS_ROW_VALUES:
    case FS_ROW_VALUE_TYPES:
        return S_IFREG | 0444;
    case FS_ROW_LINK:
    case FS_ROW_RELATION:
    case FS_ROW_CLUSTER_NAMES:
        return S_IFLNK | 0777;
    default:
        return S_IFDIR | 0555;
    }
}

mode_t fs_layout_write_mode(const FsRow *row)
{
    return row->use != FS_STORE_NONE && (row->type != FS_ROW_FILE || row->store != NULL) ? 0200 : 0;
}
