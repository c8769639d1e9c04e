/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One table says of each change which files, links and directories of the object it touches, and
 * what else there is to it. An entry among many is dropped by its name; of a directory of few all
 * go at once. Inode numbers are computed, so one that the kernel does not know costs one call.
 */
#include "stale.h"

#include "compat.h"
#include "escape.h"
#include "layout.h"
#include "stale-registry.h"

#include <errno.h>
#include <string.h>

/* --- Notices ---------------------------------------------------------------------------------- */

static struct fuse_session *session_of(const FsStale *stale)
{
    return g_atomic_pointer_get(&stale->mount->session);
}

gboolean fs_stale_drop_inode(const FsStale *stale, guint64 ino)
{
    struct fuse_session *session = session_of(stale);

    return session != NULL && fuse_lowlevel_notify_inval_inode(session, ino, 0, 0) == 0;
}

/* Where the kernel knows how, a directory that somebody is in stays where it is. */
void fs_stale_drop_entry(const FsStale *stale, guint64 parent, const char *name)
{
    struct fuse_session *session = session_of(stale);

    if (session != NULL && fs_expire_entry(session, parent, name, strlen(name)) == -ENOSYS) {
        (void)fuse_lowlevel_notify_inval_entry(session, parent, name, strlen(name));
    }
}

void fs_stale_drop_tree(const FsStale *stale, guint64 parent, const char *name)
{
    struct fuse_session *session = session_of(stale);

    if (session != NULL) {
        (void)fuse_lowlevel_notify_inval_entry(session, parent, name, strlen(name));
    }
}

/* --- Inodes ----------------------------------------------------------------------------------- */

guint64 fs_stale_ino(const FsStale *stale, const FsRow *row, guint object, guint second)
{
    const FsNode node = {stale->cluster->number, fs_layout_number(row), object, second};

    return fs_node_pack(&node);
}

/* The directory that holds all objects of a kind. */
static const FsRow *collection_of(FsKind kind)
{
    return fs_layout_find(FS_DIR_CLUSTER, fs_kind_collection(kind));
}

/* The row of an object's directory. */
static const FsRow *row_of(FsKind kind)
{
    guint count;

    return kind == FS_CLUSTER ? fs_layout_self(FS_DIR_CLUSTER)
                              : fs_layout_entries(collection_of(kind)->directory, &count);
}

static guint64 directory_of(const FsStale *stale, FsKind kind, guint number)
{
    return fs_stale_ino(stale, row_of(kind), number, 0);
}

/* The objects of a kind and how they are listed. */
static void drop_collection(const FsStale *stale, FsKind kind, const char *name)
{
    guint64 ino = fs_stale_ino(stale, collection_of(kind), 0, 0);

    if (fs_stale_drop_inode(stale, ino) && name != NULL) {
        fs_stale_drop_entry(stale, ino, name);
    }
}

/* A file, a link or a directory of an object's own. */
static void drop_own(const FsStale *stale, FsKind kind, guint number, const char *name)
{
    const FsRow *row = fs_layout_find(row_of(kind)->directory, name);

    if (row == NULL) {
        return;
    }
    (void)fs_stale_drop_inode(stale, fs_stale_ino(stale, row, number, 0));
    if (row->type == FS_ROW_DIRECTORY) {
        fs_stale_drop_tree(stale, directory_of(stale, kind, number), name);
    }
}

/* A property that says in other words what an event tells. */
static void drop_property(const FsStale *stale, FsKind kind, guint number, const char *name)
{
    const FsRow *row = fs_layout_find(row_of(kind)->directory, "properties");
    guint second = fs_ids_find(stale->mount->names, name);
    guint count;

    if (second != 0) {
        (void)fs_stale_drop_inode(
            stale, fs_stale_ino(stale, fs_layout_entries(row->directory, &count), number, second));
    }
}

/* A link among many to another object, by each name that it had; and the list of them. */
static void drop_related(const FsStale *stale, FsKind kind, guint number, const char *directory,
                         guint other)
{
    const FsRow *row = fs_layout_find(row_of(kind)->directory, directory);
    guint64 ino = fs_stale_ino(stale, row, number, 0);
    g_auto(GStrv) names = fs_ids_names(stale->cluster->ids, other);
    guint count;

    if (number == 0 || !fs_stale_drop_inode(stale, ino)) {
        return;
    }
    for (char **name = names; *name != NULL; name++) {
        fs_stale_drop_entry(stale, ino, *name);
    }
    if (*names != NULL) {
        (void)fs_stale_drop_inode(
            stale, fs_stale_ino(stale, fs_layout_entries(row->directory, &count), number, other));
    }
}

/* --- Objects ---------------------------------------------------------------------------------- */

/* An id that never went to the kernel has no number. */
static guint number_of(const FsStale *stale, const char *id)
{
    g_autofree char *lower = g_ascii_strdown(id, -1);
    guint number = fs_ids_find(stale->cluster->ids, id);

    return number != 0 ? number : fs_ids_find(stale->cluster->ids, lower);
}

/* The number of the object whose id is the event's data. */
static guint number_in_data(const FsStale *stale, const FsEvent *event)
{
    g_autoptr(GString) id = g_string_new(NULL);

    return fs_event_text(event, id) ? number_of(stale, id->str) : 0;
}

/* Calls @each with the number of every object in a list; of those that the kernel does not know
 * nothing is to be dropped. */
typedef void (*Each)(const FsStale *stale, guint number);

static void for_each(const FsStale *stale, const FsEnumerator *enumerator, FsKind kind,
                     const char *id, Each each)
{
    HCLUSTER handle = g_atomic_pointer_get(&stale->cluster->handle);
    g_auto(FsObject) object = {0};
    g_autoptr(FsEnumeration) enumeration = NULL;
    g_auto(FsItem) item;

    fs_item_init(&item);
    if (fs_object_open(handle, kind, id, &object) != ERROR_SUCCESS ||
        fs_enumeration_open(enumerator, &object, &enumeration) != ERROR_SUCCESS) {
        return;
    }
    for (guint i = 0; i < fs_enumeration_count(enumeration); i++) {
        g_auto(FsObject) other = {0};
        DWORD status = fs_enumeration_item(enumeration, i, &item);

        if (status == ERROR_SUCCESS && item.id->len == 0) {
            status = fs_object_open(handle, fs_enumerator_kind(enumerator), item.name->str, &other);
            status = status == ERROR_SUCCESS ? fs_object_id(&other, item.id) : status;
        }
        if (status == ERROR_SUCCESS && number_of(stale, item.id->str) != 0) {
            each(stale, number_of(stale, item.id->str));
        }
    }
}

/* --- What there is to a change besides the object's own --------------------------------------- */

static void drop_owner_of_resource(const FsStale *stale, guint number)
{
    drop_own(stale, FS_RESOURCE, number, "owner");
    drop_own(stale, FS_RESOURCE, number, "node");
}

/* A group's resources are where it is. */
static void group_moved(const FsStale *stale, const FsEvent *event, guint number)
{
    (void)number;
    for_each(stale, &fs_resources_of_group, FS_GROUP, event->id, drop_owner_of_resource);
}

static void group_added(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_collection(stale, FS_GROUP, NULL);
    drop_related(stale, FS_NODE, number_of(stale, event->parent), "groups", number);
}

static void drop_groups_of_set(const FsStale *stale, guint number)
{
    drop_own(stale, FS_GROUPSET, number, "groups");
}

/* Which sets a group was in is not told. */
static void drop_sets(const FsStale *stale)
{
    for_each(stale, &fs_all_groupsets, FS_CLUSTER, "", drop_groups_of_set);
}

static void group_deleted(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_sets(stale);
    drop_related(stale, FS_NODE, number_of(stale, event->parent), "groups", number);
}

static void resource_in_group(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_related(stale, FS_GROUP, number, "resources", number_in_data(stale, event));
}

/* Told by the group, of the resource. */
static void resource_added(const FsStale *stale, const FsEvent *event, guint number)
{
    HCLUSTER handle = g_atomic_pointer_get(&stale->cluster->handle);
    g_auto(FsObject) resource = {0};
    g_autoptr(GString) type = g_string_new(NULL);

    drop_collection(stale, FS_RESOURCE, NULL);
    drop_related(stale, FS_GROUP, number_in_data(stale, event), "resources", number);
    if (fs_object_open(handle, FS_RESOURCE, event->id, &resource) == ERROR_SUCCESS &&
        fs_show_resource_type(&resource, type) == ERROR_SUCCESS) {
        drop_related(stale, FS_TYPE, number_of(stale, type->str), "resources", number);
    }
}

static void resource_deleted(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_related(stale, FS_GROUP, number_of(stale, event->parent), "resources", number);
    drop_related(stale, FS_TYPE, number_of(stale, event->type), "resources", number);
}

static void group_of_node(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_related(stale, FS_NODE, number, "groups", number_in_data(stale, event));
}

static void drop_interfaces_of_network(const FsStale *stale, guint number)
{
    drop_own(stale, FS_NETWORK, number, "interfaces");
}

/* Of which network it is is not told. */
static void interface_changed(const FsStale *stale, const FsEvent *event, guint number)
{
    (void)number;
    drop_collection(stale, FS_INTERFACE, NULL);
    drop_own(stale, FS_NODE, number_of(stale, event->parent), "interfaces");
    drop_own(stale, FS_NODE, number_in_data(stale, event), "interfaces");
    for_each(stale, &fs_all_networks, FS_CLUSTER, "", drop_interfaces_of_network);
}

static void network_added(const FsStale *stale, const FsEvent *event, guint number)
{
    (void)event;
    (void)number;
    drop_collection(stale, FS_NETWORK, NULL);
}

static void type_added(const FsStale *stale, const FsEvent *event, guint number)
{
    (void)event;
    (void)number;
    drop_collection(stale, FS_TYPE, NULL);
}

/* The whole cluster: what nobody is in at once, and of the rest what is kept of each object. */
static void drop_all(const FsStale *stale, const FsEvent *event, guint number)
{
    static const FsKind kinds[] = {FS_GROUP,     FS_NETWORK, FS_NODE,    FS_RESOURCE,
                                   FS_INTERFACE, FS_TYPE,    FS_GROUPSET};
    g_autofree char *name = fs_cluster_directory(stale->mount->clusters, stale->cluster);
    guint last = fs_ids_last(stale->cluster->ids);

    (void)event;
    (void)number;
    fs_stale_drop_tree(stale, FS_ROOT_INO, name);
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
        const FsRow *row = row_of(kinds[k]);
        guint count;
        const FsRow *rows = fs_layout_entries(row->directory, &count);

        drop_collection(stale, kinds[k], NULL);
        for (guint i = 1; i <= last; i++) {
            if (!fs_stale_drop_inode(stale, fs_stale_ino(stale, row, i, 0))) {
                continue;
            }
            for (guint j = 0; j < count; j++) {
                drop_own(stale, kinds[k], i, rows[j].name);
            }
        }
    }
    fs_stale_drop_all_keys(stale);
}

/* --- Names ------------------------------------------------------------------------------------ */

static void drop_group_of_resource(const FsStale *stale, guint number)
{
    drop_own(stale, FS_RESOURCE, number, "group");
}

static void drop_network_of_interface(const FsStale *stale, guint number)
{
    drop_own(stale, FS_INTERFACE, number, "network");
    drop_property(stale, FS_INTERFACE, number, "Network");
}

static void drop_dependencies(const FsStale *stale, guint number)
{
    drop_own(stale, FS_RESOURCE, number, "dependencies");
    drop_own(stale, FS_RESOURCE, number, "dependency_expression");
}

static void drop_dependents(const FsStale *stale, guint number)
{
    drop_own(stale, FS_RESOURCE, number, "dependents");
}

/* Everything that led to the object by its old name. */
static void drop_links_to(const FsStale *stale, FsKind kind, const FsEvent *event, guint number)
{
    guint parent = number_of(stale, event->parent);

    switch (kind) {
    case FS_GROUP:
        drop_related(stale, FS_NODE, parent, "groups", number);
        drop_sets(stale);
        for_each(stale, &fs_resources_of_group, kind, event->id, drop_group_of_resource);
        break;
    case FS_RESOURCE:
        drop_related(stale, FS_GROUP, parent, "resources", number);
        drop_related(stale, FS_TYPE, number_of(stale, event->type), "resources", number);
        for_each(stale, &fs_dependents_of_resource, kind, event->id, drop_dependencies);
        for_each(stale, &fs_dependencies_of_resource, kind, event->id, drop_dependents);
        drop_own(stale, FS_CLUSTER, 0, "quorum");
        break;
    case FS_NETWORK:
        for_each(stale, &fs_interfaces_of_network, kind, event->id, drop_network_of_interface);
        drop_own(stale, FS_CLUSTER, 0, "network_priority");
        break;
    default:
        break;
    }
}

/* An object that the kernel was told by another name, too. */
static void check_name(const FsStale *stale, FsKind kind, const FsEvent *event, guint number)
{
    g_auto(GStrv) names = fs_ids_names(stale->cluster->ids, number);
    g_autofree char *name = fs_escape(event->name, event->id);

    if (*names == NULL || (names[1] == NULL && strcmp(*names, name) == 0)) {
        return;
    }
    drop_own(stale, kind, number, "name");
    for (char **old = names; *old != NULL; old++) {
        drop_collection(stale, kind, *old);
    }
    drop_links_to(stale, kind, event, number);
    fs_ids_reset_name(stale->cluster->ids, number, name);
}

/* That a set was made is told as a change of its properties; and only networks of some roles have
 * a priority. */
static void properties_changed(const FsStale *stale, const FsEvent *event, guint number)
{
    (void)number;
    if (event->object_type == CLUSTER_OBJECT_TYPE_GROUPSET) {
        drop_collection(stale, FS_GROUPSET, NULL);
    } else if (event->object_type == CLUSTER_OBJECT_TYPE_NETWORK) {
        drop_own(stale, FS_CLUSTER, 0, "network_priority");
    }
}

/* Every object has a file with the name. */
static void cluster_renamed(const FsStale *stale, const FsEvent *event, guint number)
{
    drop_all(stale, event, number);
    (void)fs_stale_drop_inode(stale, FS_ROOT_INO);
}

static void set_depends(const FsStale *stale, G_GNUC_UNUSED const FsEvent *event, guint number)
{
    drop_property(stale, FS_GROUPSET, number, "DependencyExpression");
}

/* --- The table -------------------------------------------------------------------------------- */

typedef void (*More)(const FsStale *stale, const FsEvent *event, guint number);

typedef struct {
    DWORD object_type;
    guint64 flags;
    FsKind kind;
    const char *own[4];
    More more;
} Touched;

#define OF(TYPE, flag, ...)                                                                        \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_##TYPE, CLUSTER_CHANGE_##TYPE##_##flag##_V2, __VA_ARGS__               \
    }
#define PROPERTIES(TYPE, prefix, ...)                                                              \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_##TYPE,                                                                \
            CLUSTER_CHANGE_##prefix##_COMMON_PROPERTY_V2 |                                         \
                CLUSTER_CHANGE_##prefix##_PRIVATE_PROPERTY_V2,                                     \
            __VA_ARGS__, properties_changed                                                        \
    }
#define INTERFACE(flag, ...)                                                                       \
    {                                                                                              \
        CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_##flag##_V2,            \
            __VA_ARGS__                                                                            \
    }

static const Touched touched[] = {
    OF(CLUSTER, GROUP_ADDED, FS_GROUP, {NULL}, group_added),
    OF(CLUSTER, NETWORK_ADDED, FS_NETWORK, {NULL}, network_added),
    OF(CLUSTER, NODE_ADDED, FS_NODE, {NULL}, drop_all),
    OF(CLUSTER, RESOURCE_TYPE_ADDED, FS_TYPE, {NULL}, type_added),
    PROPERTIES(CLUSTER, CLUSTER, FS_CLUSTER, {"properties", "network_priority", "quorum"}),
    OF(CLUSTER, LOST_NOTIFICATIONS, FS_CLUSTER, {NULL}, drop_all),
    OF(CLUSTER, RECONNECT, FS_CLUSTER, {NULL}, drop_all),
    OF(CLUSTER, RENAME, FS_CLUSTER, {"name", "properties"}, cluster_renamed),
    OF(CLUSTER, UPGRADED, FS_CLUSTER, {"version"}, NULL),
    OF(QUORUM, STATE, FS_CLUSTER, {"quorum"}, NULL),

    OF(GROUP, DELETED, FS_GROUP, {NULL}, group_deleted),
    PROPERTIES(GROUP, GROUP, FS_GROUP, {"properties", "type", "dependency_expression"}),
    OF(GROUP, STATE, FS_GROUP, {"state"}, NULL),
    OF(GROUP, OWNER_NODE, FS_GROUP, {"owner", "node"}, group_moved),
    OF(GROUP, PREFERRED_OWNERS, FS_GROUP, {"preferred_owners", "preferred_order"}, NULL),
    OF(GROUP, RESOURCE_ADDED, FS_RESOURCE, {NULL}, resource_added),
    OF(GROUP, RESOURCE_GAINED, FS_GROUP, {NULL}, resource_in_group),
    OF(GROUP, RESOURCE_LOST, FS_GROUP, {NULL}, resource_in_group),

    OF(RESOURCE, DELETED, FS_RESOURCE, {NULL}, resource_deleted),
    PROPERTIES(RESOURCE, RESOURCE, FS_RESOURCE, {"properties"}),
    OF(RESOURCE, STATE, FS_RESOURCE, {"state"}, NULL),
    OF(RESOURCE, OWNER_GROUP, FS_RESOURCE, {"group", "owner", "node"}, NULL),
    OF(RESOURCE, DEPENDENCIES, FS_RESOURCE, {"dependencies", "dependency_expression"}, NULL),
    OF(RESOURCE, DEPENDENTS, FS_RESOURCE, {"dependents"}, NULL),
    OF(RESOURCE, POSSIBLE_OWNERS, FS_RESOURCE, {"possible_owners"}, NULL),

    OF(RESOURCE_TYPE, DELETED, FS_TYPE, {NULL}, NULL),
    PROPERTIES(RESOURCE_TYPE, RESOURCE_TYPE, FS_TYPE, {"properties"}),
    OF(RESOURCE_TYPE, POSSIBLE_OWNERS, FS_TYPE, {"nodes"}, NULL),

    OF(NETWORK, DELETED, FS_NETWORK, {NULL}, NULL),
    PROPERTIES(NETWORK, NETWORK, FS_NETWORK, {"properties", "role", "address"}),
    OF(NETWORK, STATE, FS_NETWORK, {"state"}, NULL),

    {CLUSTER_OBJECT_TYPE_GROUPSET, CLUSTER_CHANGE_GROUPSET_DELETED_v2, FS_GROUPSET, {NULL}, NULL},
    PROPERTIES(GROUPSET, GROUPSET, FS_GROUPSET, {"properties"}),
    OF(GROUPSET, DEPENDENCIES, FS_GROUPSET, {"dependency_expression"}, set_depends),
    {CLUSTER_OBJECT_TYPE_GROUPSET,
     CLUSTER_CHANGE_GROUPSET_GROUP_ADDED | CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED,
     FS_GROUPSET,
     {"groups"},
     NULL},

    INTERFACE(DELETED, FS_INTERFACE, {NULL}, interface_changed),
    PROPERTIES(NETWORK_INTERFACE, NETINTERFACE, FS_INTERFACE, {"properties", "address"}),
    INTERFACE(STATE, FS_INTERFACE, {"state"}, NULL),

    OF(NODE, NETINTERFACE_ADDED, FS_INTERFACE, {NULL}, interface_changed),
    OF(NODE, DELETED, FS_NODE, {NULL}, drop_all),
    PROPERTIES(NODE, NODE, FS_NODE, {"properties"}),
    OF(NODE, STATE, FS_NODE, {"state"}, NULL),
    OF(NODE, GROUP_GAINED, FS_NODE, {NULL}, group_of_node),
    OF(NODE, GROUP_LOST, FS_NODE, {NULL}, group_of_node),
};

static void drop_touched(const FsStale *stale, const Touched *of, const FsEvent *event)
{
    guint number = of->kind == FS_CLUSTER ? 0 : number_of(stale, fs_event_id(event));
    gboolean known = of->kind == FS_CLUSTER || number != 0;
    FsKind deleted;

    fs_stale_drop_object_keys(stale, of->kind, fs_event_id(event), of->own[0] == NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(of->own) && known && of->own[i] != NULL; i++) {
        drop_own(stale, of->kind, number, of->own[i]);
    }
    if (known && of->own[0] != NULL && strcmp(of->own[0], "state") == 0) {
        drop_property(stale, of->kind, number, "StatusInformation");
        drop_property(stale, of->kind, number, "LastOperationStatusCode");
    }
    if (of->more != NULL) {
        of->more(stale, event, number);
    }
    if (fs_event_deletes(event, &deleted)) {
        g_autofree char *name = fs_escape(event->name, deleted == FS_TYPE ? NULL : event->id);

        drop_collection(stale, deleted, name);
    } else if (number != 0 && of->kind != FS_TYPE) {
        check_name(stale, of->kind, event, number);
    }
}

void fs_stale_drop_changed(const FsStale *stale, const FsEvent *event)
{
    if (session_of(stale) == NULL) {
        return;
    }
    if (event->object_type == CLUSTER_OBJECT_TYPE_REGISTRY) {
        fs_stale_drop_registry(stale, event);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(touched); i++) {
        if (touched[i].object_type == event->object_type && (touched[i].flags & event->flag) != 0) {
            drop_touched(stale, &touched[i], event);
        }
    }
}
