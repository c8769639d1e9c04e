/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A key that the kernel knows has a number; of others nothing is to be dropped.
 */
#include "stale-registry.h"

#include "layout.h"
#include "registry.h"

#include <string.h>

/* The directory of a key. */
static guint64 key_of(const FsStale *stale, guint number)
{
    const FsRow *row = number != 0 ? fs_layout_last(FS_DIR_KEY) : fs_layout_self(FS_DIR_KEY);

    return fs_stale_ino(stale, row, number, 0);
}

/* FALSE if the kernel does not know the key. */
static gboolean find_key(const FsStale *stale, const char *path, guint *ret_number)
{
    *ret_number = *path != '\0' ? fs_counted_find(stale->cluster->keys, path) : 0;
    return *ret_number != 0 || *path == '\0';
}

static const char *const value_directories[] = {FS_KEY_VALUES, FS_KEY_TYPES};

/* All values of a key at once. */
static void drop_values(const FsStale *stale, guint number)
{
    for (gsize i = 0; i < G_N_ELEMENTS(value_directories); i++) {
        const char *name = value_directories[i];
        const FsRow *row = fs_layout_find(FS_DIR_KEY, name);

        if (fs_stale_drop_inode(stale, fs_stale_ino(stale, row, number, 0))) {
            fs_stale_drop_tree(stale, key_of(stale, number), name);
        }
    }
}

/* One value of a key, and its type. */
static void drop_value(const FsStale *stale, guint number, const char *name)
{
    g_autofree char *file = fs_value_file(name);
    guint second = fs_counted_find(stale->cluster->values, name);

    for (gsize i = 0; i < G_N_ELEMENTS(value_directories); i++) {
        const FsRow *row = fs_layout_find(FS_DIR_KEY, value_directories[i]);
        guint64 ino = fs_stale_ino(stale, row, number, 0);

        if (!fs_stale_drop_inode(stale, ino) || second == 0) {
            continue;
        }
        fs_stale_drop_entry(stale, ino, file);
        (void)fs_stale_drop_inode(
            stale, fs_stale_ino(stale, fs_layout_last(row->directory), number, second));
    }
}

/* A key that was made, or deleted with all that was in it. */
static void drop_key(const FsStale *stale, const char *path)
{
    const char *end = strrchr(path, '\\');
    g_autofree char *parent = end != NULL ? g_strndup(path, (gsize)(end - path)) : g_strdup("");
    g_autofree char *file = fs_key_file(end != NULL ? end + 1 : path);
    guint number;

    if (find_key(stale, parent, &number) && fs_stale_drop_inode(stale, key_of(stale, number))) {
        fs_stale_drop_tree(stale, key_of(stale, number), file);
    }
}

void fs_stale_drop_registry(const FsStale *stale, const FsEvent *event)
{
    guint number;

    if (event->flag == CLUSTER_CHANGE_REGISTRY_NAME_V2) {
        drop_key(stale, event->name);
    } else if (event->flag == CLUSTER_CHANGE_REGISTRY_VALUE_V2 &&
               find_key(stale, event->name, &number)) {
        drop_value(stale, number, event->id);
    }
}

/* --- Objects ---------------------------------------------------------------------------------- */

/* The key that has one for each object of a kind; NULL: there are none. */
static const char *collection_of(FsKind kind)
{
    switch (kind) {
    case FS_GROUP:
        return "Groups";
    case FS_NETWORK:
        return "Networks";
    case FS_NODE:
        return "Nodes";
    case FS_RESOURCE:
        return "Resources";
    case FS_INTERFACE:
        return "NetworkInterfaces";
    case FS_TYPE:
        return "ResourceTypes";
    default:
        return NULL;
    }
}

/* Values of an object's key, and those of the one with its private properties. */
static void drop_object(const FsStale *stale, const char *path)
{
    g_autofree char *parameters = fs_key_path(path, "Parameters");
    guint number;

    if (find_key(stale, path, &number)) {
        drop_values(stale, number);
    }
    if (find_key(stale, parameters, &number)) {
        drop_values(stale, number);
    }
}

void fs_stale_drop_object_keys(const FsStale *stale, FsKind kind, const char *id,
                               gboolean is_listed)
{
    const char *collection = collection_of(kind);
    g_autofree char *path = collection != NULL ? fs_key_path(collection, id) : g_strdup("");

    if (collection == NULL && kind != FS_CLUSTER) {
        return;
    }
    if (is_listed && collection != NULL) {
        drop_key(stale, path);
    }
    drop_object(stale, path);
}

void fs_stale_drop_all_keys(const FsStale *stale)
{
    g_autoptr(GArray) numbers = fs_counted_numbers(stale->cluster->keys);
    const guint root = 0;

    g_array_append_val(numbers, root);
    for (guint i = 0; i < numbers->len; i++) {
        guint number = g_array_index(numbers, guint, i);

        if (fs_stale_drop_inode(stale, key_of(stale, number))) {
            drop_values(stale, number);
        }
    }
}
