/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From inode numbers to objects and attributes. Nothing is kept between calls; any thread may call.
 */
#include "place.h"

#include "errors.h"
#include "escape.h"
#include "properties.h"
#include "registry.h"

#include <errno.h>
#include <string.h>

DWORD fs_place_find(FsMount *mount, fuse_ino_t ino, FsPlace *ret_place)
{
    FsPlace place = {.node = fs_node_unpack(ino)};

    place.row = fs_layout_row(place.node.row);
    if (place.node.row != 0) {
        place.cluster = fs_clusters_get(mount->clusters, place.node.cluster);
    }
    if (place.row == NULL || (place.node.row != 0 && place.cluster == NULL)) {
        return FS_STATUS_ERRNO(ESTALE);
    }
    *ret_place = place;
    return ERROR_SUCCESS;
}

static DWORD open_number(FsMount *mount, FsCluster *cluster, FsKind kind, guint number,
                         DWORD access, FsObject *ret_object)
{
    g_autofree char *id = NULL;
    HCLUSTER handle;
    DWORD status = fs_cluster_open(mount->clusters, cluster, &handle);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (kind == FS_KEY) {
        id = number != 0 ? fs_counted_text(cluster->keys, number) : g_strdup("");
    } else if (kind != FS_CLUSTER) {
        id = fs_ids_text(cluster->ids, number);
    }
    if (kind != FS_CLUSTER && id == NULL) {
        return FS_STATUS_ERRNO(ESTALE);
    }
    return fs_object_open_as(handle, kind, id, access, ret_object);
}

DWORD fs_place_open(FsMount *mount, const FsPlace *place, FsObject *ret_object)
{
    return fs_place_open_as(mount, place, GENERIC_READ, ret_object);
}

DWORD fs_place_open_as(FsMount *mount, const FsPlace *place, DWORD access, FsObject *ret_object)
{
    return open_number(mount, place->cluster, fs_layout_kind(place->row), place->node.object,
                       access, ret_object);
}

/* The second number of a property's place is that of its file name. */
static DWORD show_property(FsMount *mount, const FsPlace *place, const FsObject *object,
                           GString *out)
{
    g_autofree char *file = fs_ids_text(mount->names, place->node.second);

    return file != NULL ? fs_property_read_file(object, file, out) : FS_STATUS_ERRNO(ESTALE);
}

/* The second number of a value's place is that of its name. */
static DWORD show_value(const FsPlace *place, const FsObject *key, GString *out)
{
    g_autofree char *name = fs_counted_text(place->cluster->values, place->node.second);

    if (name == NULL) {
        return FS_STATUS_ERRNO(ESTALE);
    }
    return place->row->type == FS_ROW_VALUES ? fs_value_show(key, name, out)
                                             : fs_value_show_type(key, name, out);
}

DWORD fs_place_show(FsMount *mount, const FsPlace *place, const FsObject *object, GString *out)
{
    DWORD status;

    if (place->row->type == FS_ROW_VALUES || place->row->type == FS_ROW_VALUE_TYPES) {
        return show_value(place, object, out);
    }
    status = place->row->type == FS_ROW_PROPERTIES ? show_property(mount, place, object, out)
                                                   : place->row->show(object, out);

    if (status == ERROR_SUCCESS && (!place->row->lines || out->len > 0)) {
        g_string_append_c(out, '\n');
    }
    return status;
}

void fs_place_append_target(const FsRow *row, FsKind to, const char *file, GString *out)
{
    for (guint i = fs_layout_depth(row); i > 0; i--) {
        g_string_append(out, "../");
    }
    g_string_append(out, fs_kind_collection(to));
    g_string_append_c(out, '/');
    g_string_append(out, file);
}

/* A link of an object's own, such as that from a resource to its group. */
static DWORD follow_link(FsMount *mount, const FsPlace *place, GString *out)
{
    g_auto(FsObject) object = {0};
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *file = NULL;
    DWORD status = fs_place_open(mount, place, &object);

    if (status == ERROR_SUCCESS) {
        status = place->row->show(&object, name);
    }
    if (status == ERROR_SUCCESS && name->len == 0) {
        status = ERROR_NOT_FOUND;
    }
    if (status == ERROR_SUCCESS) {
        status = fs_object_file_name(object.cluster, place->row->to, name->str, &file);
    }
    if (status == ERROR_SUCCESS) {
        fs_place_append_target(place->row, place->row->to, file, out);
    }
    return status;
}

/* A link among several; it names the other object by number. */
static DWORD follow_relation(FsMount *mount, const FsPlace *place, GString *out)
{
    g_auto(FsObject) object = {0};
    g_autoptr(GString) name = g_string_new(NULL);
    g_autofree char *id = fs_ids_text(place->cluster->ids, place->node.second);
    g_autofree char *file = NULL;
    FsKind kind = fs_enumerator_kind(place->row->each);
    DWORD status =
        open_number(mount, place->cluster, kind, place->node.second, GENERIC_READ, &object);

    if (status == ERROR_SUCCESS) {
        status = fs_object_name(&object, name);
    }
    if (status == ERROR_SUCCESS) {
        file = fs_escape(name->str, id);
        fs_place_append_target(place->row, kind, file, out);
    }
    return status;
}

DWORD fs_place_follow(FsMount *mount, const FsPlace *place, GString *out)
{
    g_autofree char *directory = NULL;

    switch (place->row->type) {
    case FS_ROW_LINK:
        return follow_link(mount, place, out);
    case FS_ROW_RELATION:
        return follow_relation(mount, place, out);
    case FS_ROW_CLUSTER_NAMES:
        directory = fs_cluster_directory(mount->clusters, place->cluster);
        g_string_append(out, directory);
        return ERROR_SUCCESS;
    default:
        return FS_STATUS_ERRNO(EINVAL);
    }
}

static DWORD size_of_text(FsMount *mount, const FsPlace *place, GString *text)
{
    g_auto(FsObject) object = {0};
    DWORD status = fs_place_open(mount, place, &object);

    return status == ERROR_SUCCESS ? fs_place_show(mount, place, &object, text) : status;
}

DWORD fs_place_size(FsMount *mount, const FsPlace *place, gsize *ret_size)
{
    mode_t mode = fs_layout_mode(place->row);
    g_autoptr(GString) text = NULL;
    DWORD status;

    if (S_ISDIR(mode)) {
        *ret_size = 0;
        return ERROR_SUCCESS;
    }
    text = g_string_new(NULL);
    status = S_ISLNK(mode) ? fs_place_follow(mount, place, text) : size_of_text(mount, place, text);
    if (status == ERROR_SUCCESS) {
        *ret_size = text->len;
    }
    return status;
}

void fs_place_stat(const FsMount *mount, const FsPlace *place, gsize size, struct stat *ret_stat)
{
    mode_t mode = fs_layout_mode(place->row);

    if (place->cluster != NULL && fs_cluster_may_change(place->cluster)) {
        mode |= fs_layout_write_mode(place->row);
    }
    memset(ret_stat, 0, sizeof *ret_stat);
    ret_stat->st_ino = fs_node_pack(&place->node);
    ret_stat->st_mode = S_ISLNK(mode) ? mode : mode & ~(mount->umask & 0777);
    ret_stat->st_nlink = 1; /* of a directory: not known */
    ret_stat->st_uid = mount->uid;
    ret_stat->st_gid = mount->gid;
    ret_stat->st_size = (off_t)size;
    ret_stat->st_blksize = 4096;
    ret_stat->st_blocks = (blkcnt_t)((size + 511) / 512);
    ret_stat->st_atim.tv_sec = mount->time;
    ret_stat->st_mtim.tv_sec = mount->time;
    ret_stat->st_ctim.tv_sec = mount->time;
}

static gboolean is_told(const FsPlace *place)
{
    return place->cluster != NULL && fs_clusters_watch_of(place->cluster) != NULL;
}

double fs_place_timeout(const FsPlace *place)
{
    return place->row->constant || (is_told(place) && !place->row->untold) ? FS_TIMEOUT
                                                                           : FS_TIMEOUT_LIVE;
}

/* Names of the layout never change, but with their directory. */
double fs_place_name_timeout(const FsPlace *place)
{
    return place->row->type != FS_ROW_CLUSTER_NAMES && is_told(place) ? FS_TIMEOUT
                                                                      : FS_TIMEOUT_ROOT;
}

/* The root of the database and its directory have no number of their own. */
static gboolean is_counted(const FsPlace *place)
{
    return place->cluster != NULL && fs_layout_kind(place->row) == FS_KEY;
}

void fs_place_hold(const FsPlace *place)
{
    if (is_counted(place)) {
        fs_counted_hold(place->cluster->keys, place->node.object);
        fs_counted_hold(place->cluster->values, place->node.second);
    }
}

void fs_place_forget(FsMount *mount, guint64 ino, guint64 count)
{
    FsPlace place;

    if (fs_place_find(mount, ino, &place) == ERROR_SUCCESS && is_counted(&place)) {
        fs_counted_drop(place.cluster->keys, place.node.object, count);
        fs_counted_drop(place.cluster->values, place.node.second, count);
    }
}

FsPlace fs_place_child(const FsPlace *parent, const FsRow *row)
{
    FsPlace child = *parent;

    child.row = row;
    child.node.row = fs_layout_number(row);
    child.node.second = 0;
    return child;
}

FsPlace fs_place_root_entry(const FsRootEntry *entry)
{
    FsPlace place = {.cluster = entry->cluster};
    guint count;
    const FsRow *rows = fs_layout_entries(FS_DIR_ROOT, &count);

    for (guint i = 0; i < count; i++) {
        if ((rows[i].type == FS_ROW_CLUSTER_NAMES) == entry->is_link) {
            place.row = &rows[i];
        }
    }
    place.node.row = fs_layout_number(place.row);
    place.node.cluster = entry->cluster->number;
    return place;
}

/* The number of the key above a key; that of the root is 0. */
static guint key_above(const FsPlace *place)
{
    g_autofree char *path = fs_counted_text(place->cluster->keys, place->node.object);
    char *end = path != NULL ? strrchr(path, '\\') : NULL;

    if (end == NULL) {
        return 0;
    }
    *end = '\0';
    return fs_counted_find(place->cluster->keys, path);
}

/* Of a directory in a key or of a subkey: the key, which has a row of its own if it is the root. */
static guint64 parent_in_key(const FsPlace *place)
{
    FsNode node = place->node;

    node.object = place->row->type == FS_ROW_KEYS ? key_above(place) : node.object;
    node.second = 0;
    node.row = fs_layout_number(node.object != 0 ? fs_layout_last(FS_DIR_KEY)
                                                 : fs_layout_self(FS_DIR_KEY));
    return fs_node_pack(&node);
}

guint64 fs_place_parent(const FsPlace *place)
{
    FsNode node = place->node;

    if (place->row->parent <= FS_DIR_ROOT) {
        return FS_ROOT_INO;
    }
    if (place->row->parent == FS_DIR_KEY) {
        return parent_in_key(place);
    }
    node.row = fs_layout_number(fs_layout_self(place->row->parent));
    if (place->row->type == FS_ROW_OBJECTS) {
        node.object = 0;
    }
    node.second = 0;
    return fs_node_pack(&node);
}
