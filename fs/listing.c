/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading of directories. A snapshot of a directory of objects does not change once made; it is kept
 * while the kernel reads it in pieces, in a table whose lock is never held across a call. Any thread
 * may call.
 */
#include "listing.h"

#include "errors.h"
#include "escape.h"
#include "place.h"
#include "properties.h"
#include "registry-tree.h"
#include "request.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>

/* Beyond so many entries a snapshot's memory is worth giving back at once. */
#define LARGE 4096

/* How many listings are under way at most, and how long one that is not read on is kept. */
#define KEPT_MAX 64
#define IDLE_US  (10 * G_USEC_PER_SEC)

/* A position: the number of its snapshot above, that of the next entry below. Programs may take it
 * for a signed number of 32 bits. */
#define INDEX_BITS  24
#define INDEX_MASK  ((1U << INDEX_BITS) - 1)
#define NUMBER_MASK 0x7fU

/* What a directory held; for one whose entries are all in the layout nothing is set. */
typedef struct {
    gatomicrefcount references;
    guint number;
    guint count;
    const FsRow *row; /* of the entries, or the first row of several */
    FsEnumeration *enumeration;
    GPtrArray *properties;
    GPtrArray *names; /* of subkeys or values */
    GArray *clusters;
} Snapshot;

typedef struct {
    fuse_ino_t ino;
    Snapshot *snapshot; /* NULL: nothing is kept here */
    gint64 used;
} Kept;

struct FsListings {
    GMutex lock;
    guint last_number;
    Kept kept[KEPT_MAX];
};

static void snapshot_unref(Snapshot *snapshot)
{
    gboolean large = snapshot->count >= LARGE;

    if (!g_atomic_ref_count_dec(&snapshot->references)) {
        return;
    }
    g_clear_pointer(&snapshot->enumeration, fs_enumeration_close);
    g_clear_pointer(&snapshot->properties, g_ptr_array_unref);
    g_clear_pointer(&snapshot->names, g_ptr_array_unref);
    g_clear_pointer(&snapshot->clusters, g_array_unref);
    g_free(snapshot);
    if (large) {
        malloc_trim(0);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Snapshot, snapshot_unref)

FsListings *fs_listings_new(void)
{
    FsListings *listings = g_new0(FsListings, 1);

    g_mutex_init(&listings->lock);
    return listings;
}

void fs_listings_free(FsListings *listings)
{
    for (guint i = 0; i < KEPT_MAX; i++) {
        g_clear_pointer(&listings->kept[i].snapshot, snapshot_unref);
    }
    g_mutex_clear(&listings->lock);
    g_free(listings);
}

/* --- What is kept ----------------------------------------------------------------------------- */

/* The snapshot that a position belongs to; NULL if it is not kept any more. */
static Snapshot *find_kept(FsListings *listings, fuse_ino_t ino, guint number)
{
    Snapshot *found = NULL;

    g_mutex_lock(&listings->lock);
    for (guint i = 0; i < KEPT_MAX && found == NULL; i++) {
        Kept *kept = &listings->kept[i];

        if (kept->snapshot != NULL && kept->ino == ino && kept->snapshot->number == number) {
            found = kept->snapshot;
            kept->used = g_get_monotonic_time();
            g_atomic_ref_count_inc(&found->references);
        }
    }
    g_mutex_unlock(&listings->lock);
    return found;
}

/* A place that is free, or the one that was used longest ago. With the lock held. */
static Kept *find_place(FsListings *listings)
{
    Kept *place = &listings->kept[0];

    for (guint i = 0; i < KEPT_MAX && place->snapshot != NULL; i++) {
        Kept *kept = &listings->kept[i];

        if (kept->snapshot == NULL || kept->used < place->used) {
            place = kept;
        }
    }
    return place;
}

/* Takes a reference to what is kept from now on. */
static void keep(FsListings *listings, fuse_ino_t ino, Snapshot *snapshot)
{
    Snapshot *old;
    Kept *place;

    g_mutex_lock(&listings->lock);
    place = find_place(listings);
    old = place->snapshot;
    g_atomic_ref_count_inc(&snapshot->references);
    *place = (Kept){ino, snapshot, g_get_monotonic_time()};
    g_mutex_unlock(&listings->lock);
    if (old != NULL) {
        snapshot_unref(old);
    }
}

/* Gives up one that was read to its end, or those that nobody reads on. */
static void give_up(FsListings *listings, const Snapshot *read)
{
    g_autoptr(GPtrArray) old = g_ptr_array_new_with_free_func((GDestroyNotify)snapshot_unref);
    gint64 now = g_get_monotonic_time();

    g_mutex_lock(&listings->lock);
    for (guint i = 0; i < KEPT_MAX; i++) {
        Kept *kept = &listings->kept[i];

        if (kept->snapshot != NULL &&
            (kept->snapshot == read || kept->used < now - (gint64)IDLE_US)) {
            g_ptr_array_add(old, g_steal_pointer(&kept->snapshot));
        }
    }
    g_mutex_unlock(&listings->lock);
}

static guint next_number(FsListings *listings)
{
    guint number;

    g_mutex_lock(&listings->lock);
    number = listings->last_number++ % NUMBER_MASK + 1;
    g_mutex_unlock(&listings->lock);
    return number;
}

/* --- Snapshots -------------------------------------------------------------------------------- */

static DWORD take_of_object(FsMount *mount, const FsPlace *place, Snapshot *snapshot)
{
    g_auto(FsObject) object = {0};
    DWORD status = fs_place_open(mount, place, &object);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (snapshot->row->type == FS_ROW_PROPERTIES) {
        status = fs_properties_read(&object, &snapshot->properties);
        snapshot->count = status == ERROR_SUCCESS ? snapshot->properties->len : 0;
    } else {
        status = fs_enumeration_open(snapshot->row->each, &object, &snapshot->enumeration);
        snapshot->count = status == ERROR_SUCCESS ? fs_enumeration_count(snapshot->enumeration) : 0;
    }
    return status;
}

static gboolean is_of_layout(const Snapshot *snapshot)
{
    return snapshot->clusters == NULL && snapshot->names == NULL && snapshot->row->name != NULL;
}

static DWORD take_snapshot(FsMount *mount, const FsPlace *place, Snapshot **ret_snapshot)
{
    g_autoptr(Snapshot) snapshot = g_new0(Snapshot, 1);
    DWORD status = ERROR_SUCCESS;

    g_atomic_ref_count_init(&snapshot->references);
    snapshot->row = fs_layout_entries(place->row->directory, &snapshot->count);
    if (place->row->directory == FS_DIR_ROOT) {
        snapshot->clusters = fs_clusters_list(mount->clusters);
        snapshot->count = snapshot->clusters->len;
    } else if (fs_registry_is_directory(place->row->directory)) {
        status = fs_registry_names(mount, place, &snapshot->names);
        /* What is in it besides them comes first. */
        snapshot->count += status == ERROR_SUCCESS ? snapshot->names->len - 1 : 0;
    } else if (snapshot->row->name == NULL) {
        snapshot->count = 0;
        status = take_of_object(mount, place, snapshot);
    }
    if (status == ERROR_SUCCESS) {
        snapshot->number = is_of_layout(snapshot) ? 0 : next_number(mount->listings);
        *ret_snapshot = g_steal_pointer(&snapshot);
    }
    return status;
}

/* That of the piece before, or the present. */
static DWORD snapshot_to_read(FsRequest *request, const FsPlace *place, Snapshot **ret_snapshot,
                              gboolean *ret_is_kept)
{
    guint number = (guint)(request->offset >> INDEX_BITS) & NUMBER_MASK;

    *ret_snapshot = number != 0 ? find_kept(request->mount->listings, request->ino, number) : NULL;
    *ret_is_kept = *ret_snapshot != NULL;
    return *ret_is_kept ? ERROR_SUCCESS : take_snapshot(request->mount, place, ret_snapshot);
}

/* One reading of a directory: what is needed for several entries, and the entries so far. */
typedef struct {
    FsRequest *request;
    const FsPlace *place; /* of the directory */
    const Snapshot *snapshot;
    FsItem item;
    FsObject object; /* the directory's own, opened when the first file needs it */
    gboolean is_open;
    char *buffer;
    gsize used;
    /* The entry being made. */
    char *name;
    FsPlace entry;
    gsize size;
    gboolean has_size; /* else the kernel is told only that the entry exists */
} Reading;

static void reading_clear(Reading *reading)
{
    fs_item_clear(&reading->item);
    fs_object_close(&reading->object);
    g_free(reading->buffer);
    g_free(reading->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static gboolean must_stop(DWORD status)
{
    return status == ERROR_TIMEOUT || status == ERROR_OPERATION_ABORTED;
}

static DWORD size_of_file(Reading *reading)
{
    FsMount *mount = reading->request->mount;
    g_autoptr(GString) text = NULL;
    DWORD status = ERROR_SUCCESS;

    if (!reading->is_open) {
        status = fs_place_open(mount, reading->place, &reading->object);
        reading->is_open = status == ERROR_SUCCESS;
    }
    if (status == ERROR_SUCCESS) {
        text = g_string_new(NULL);
        status = fs_place_show(mount, &reading->entry, &reading->object, text);
        reading->size = text->len;
    }
    return status;
}

/* An entry of the layout. A file that cannot be shown is listed all the same. */
static DWORD make_fixed(Reading *reading, guint index)
{
    const FsRow *row = &reading->snapshot->row[index];
    DWORD status = ERROR_SUCCESS;

    /* Who reads all that is listed would wait for ever. */
    if (row->type == FS_ROW_EVENTS) {
        return ERROR_NOT_FOUND;
    }
    reading->name = g_strdup(row->name);
    reading->entry = fs_place_child(reading->place, row);
    if (!reading->request->plus) {
        return ERROR_SUCCESS;
    }
    if (row->type == FS_ROW_FILE) {
        status = size_of_file(reading);
    } else {
        status = fs_place_size(reading->request->mount, &reading->entry, &reading->size);
    }
    if (must_stop(status)) {
        return status;
    }
    reading->has_size = status == ERROR_SUCCESS;
    return ERROR_SUCCESS;
}

static DWORD make_property(Reading *reading, guint index)
{
    const FsProperty *property = g_ptr_array_index(reading->snapshot->properties, index);

    reading->name = g_strdup(property->file);
    reading->entry = fs_place_child(reading->place, reading->snapshot->row);
    reading->entry.node.second = fs_ids_number(reading->request->mount->names, property->file);
    reading->size = strlen(property->text) + 1;
    reading->has_size = TRUE;
    return reading->entry.node.second != 0 ? ERROR_SUCCESS : FS_STATUS_ERRNO(EOVERFLOW);
}

static DWORD make_cluster(Reading *reading, guint index)
{
    const FsRootEntry *root = &g_array_index(reading->snapshot->clusters, FsRootEntry, index);
    FsMount *mount = reading->request->mount;
    g_autofree char *target = NULL;

    reading->name = g_strdup(root->name);
    reading->entry = fs_place_root_entry(root);
    reading->has_size = TRUE;
    if (root->is_link) {
        target = fs_cluster_directory(mount->clusters, root->cluster);
        reading->size = strlen(target);
    }
    return ERROR_SUCCESS;
}

/* Most enumerations tell only names; the id, which the inode number is made of, is asked for. */
static DWORD find_id(Reading *reading)
{
    g_auto(FsObject) object = {0};
    FsKind kind = fs_enumerator_kind(reading->snapshot->row->each);
    FsItem *item = &reading->item;
    HCLUSTER handle;
    DWORD status;

    if (item->id->len > 0) {
        return ERROR_SUCCESS;
    }
    if (kind == FS_TYPE) {
        g_string_assign(item->id, item->name->str);
        return ERROR_SUCCESS;
    }
    status = fs_cluster_open(reading->request->mount->clusters, reading->place->cluster, &handle);
    if (status == ERROR_SUCCESS) {
        status = fs_object_open(handle, kind, item->name->str, &object);
    }
    return status == ERROR_SUCCESS ? fs_object_id(&object, item->id) : status;
}

/* An object, or a link to one. */
static DWORD make_object(Reading *reading, guint index)
{
    const FsRow *row = reading->snapshot->row;
    FsKind kind = fs_enumerator_kind(row->each);
    FsItem *item = &reading->item;
    DWORD status = fs_enumeration_item(reading->snapshot->enumeration, index, item);
    guint number;

    if (status == ERROR_SUCCESS) {
        status = find_id(reading);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    number = fs_ids_number(reading->place->cluster->ids, item->id->str);
    if (number == 0) {
        return FS_STATUS_ERRNO(EOVERFLOW);
    }
    reading->name = fs_escape(item->name->str, kind == FS_TYPE ? NULL : item->id->str);
    fs_ids_set_name(reading->place->cluster->ids, number, reading->name);
    reading->entry = fs_place_child(reading->place, row);
    reading->has_size = TRUE;
    if (row->type == FS_ROW_RELATION) {
        g_autoptr(GString) target = g_string_new(NULL);

        reading->entry.node.second = number;
        fs_place_append_target(row, kind, reading->name, target);
        reading->size = target->len;
    } else {
        reading->entry.node.object = number;
    }
    return ERROR_SUCCESS;
}

/* What is in a key besides its subkeys, and then those; or a value. */
static DWORD make_of_key(Reading *reading, guint index)
{
    const Snapshot *snapshot = reading->snapshot;
    guint fixed = snapshot->count - snapshot->names->len;
    DWORD status;

    if (index < fixed) {
        status = make_fixed(reading, index);
        if (status == ERROR_SUCCESS) {
            fs_place_hold(&reading->entry);
        }
        return status;
    }
    status = fs_registry_entry(reading->place, snapshot->names->pdata[index - fixed],
                               &reading->entry, &reading->name);
    if (status == ERROR_SUCCESS && S_ISREG(fs_layout_mode(reading->entry.row))) {
        status = size_of_file(reading);
        if (status != ERROR_SUCCESS) {
            fs_place_forget(reading->request->mount, fs_node_pack(&reading->entry.node), 1);
        }
    }
    reading->has_size = TRUE;
    return status;
}

static DWORD make_entry(Reading *reading, guint index)
{
    g_clear_pointer(&reading->name, g_free);
    reading->size = 0;
    reading->has_size = FALSE;
    if (reading->snapshot->names != NULL) {
        return make_of_key(reading, index);
    }
    switch (reading->snapshot->row->type) {
    case FS_ROW_CLUSTERS:
        return make_cluster(reading, index);
    case FS_ROW_OBJECTS:
    case FS_ROW_RELATION:
        return make_object(reading, index);
    case FS_ROW_PROPERTIES:
        return make_property(reading, index);
    default:
        return make_fixed(reading, index);
    }
}

/* Adds an entry; FALSE if there is no room left for it. @index: that of the next one. */
static gboolean add_entry(Reading *reading, const char *name, const struct fuse_entry_param *entry,
                          guint64 index)
{
    guint64 position = (guint64)reading->snapshot->number << INDEX_BITS | index;
    char *end = reading->buffer + reading->used;
    size_t room = reading->request->size - reading->used;
    size_t need;

    if (reading->request->plus) {
        need = fuse_add_direntry_plus(NULL, end, room, name, entry, (off_t)position);
    } else {
        need = fuse_add_direntry(NULL, end, room, name, &entry->attr, (off_t)position);
    }
    if (need > room) {
        return FALSE;
    }
    reading->used += need;
    return TRUE;
}

static gboolean add_dots(Reading *reading, guint64 index)
{
    struct fuse_entry_param entry = {.attr.st_mode = S_IFDIR};

    entry.attr.st_ino =
        index == 0 ? fs_node_pack(&reading->place->node) : fs_place_parent(reading->place);
    return add_entry(reading, index == 0 ? "." : "..", &entry, index + 1);
}

static gboolean add_made(Reading *reading, guint64 index)
{
    struct fuse_entry_param entry = {.attr_timeout = fs_place_timeout(&reading->entry),
                                     .entry_timeout = fs_place_name_timeout(&reading->entry)};

    gboolean added;

    fs_place_stat(reading->request->mount, &reading->entry, reading->size, &entry.attr);
    entry.ino = reading->has_size ? entry.attr.st_ino : 0;
    added = add_entry(reading, reading->name, &entry, index + 1);
    /* The kernel counts what it was given with attributes. */
    if (reading->snapshot->names != NULL && (!added || !reading->request->plus || entry.ino == 0)) {
        fs_place_forget(reading->request->mount, entry.attr.st_ino, 1);
    }
    return added;
}

/* An entry whose object is gone meanwhile is left out. */
static DWORD read_entries(Reading *reading)
{
    guint64 index = (guint64)reading->request->offset & INDEX_MASK;

    for (; index < (guint64)reading->snapshot->count + 2; index++) {
        DWORD status = ERROR_SUCCESS;

        if (index < 2) {
            if (!add_dots(reading, index)) {
                break;
            }
            continue;
        }
        status = make_entry(reading, (guint)(index - 2));
        if (fs_status_is_missing(status)) {
            continue;
        }
        if (status != ERROR_SUCCESS) {
            return reading->used > 0 ? ERROR_SUCCESS : status;
        }
        if (!add_made(reading, index)) {
            break;
        }
    }
    return ERROR_SUCCESS;
}

/* The kernel reads on until there is nothing more. */
static void note_reading(const FsRequest *request, const Reading *reading, Snapshot *snapshot,
                         gboolean is_kept)
{
    FsListings *listings = request->mount->listings;

    give_up(listings, reading->used == 0 ? snapshot : NULL);
    if (reading->used > 0 && !is_kept && !is_of_layout(snapshot)) {
        keep(listings, request->ino, snapshot);
    }
}

DWORD fs_handle_readdir(FsRequest *request, FsAnswer *answer)
{
    FsPlace place;
    g_autoptr(Snapshot) snapshot = NULL;
    g_auto(Reading) reading = {.request = request, .place = &place};
    gboolean is_kept;
    DWORD status = fs_place_find(request->mount, request->ino, &place);

    fs_item_init(&reading.item);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = place.cluster;
    if (place.row->directory == FS_DIR_NONE) {
        return FS_STATUS_ERRNO(ENOTDIR);
    }
    status = snapshot_to_read(request, &place, &snapshot, &is_kept);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    reading.snapshot = snapshot;
    reading.buffer = g_malloc(request->size);
    status = read_entries(&reading);
    if (status == ERROR_SUCCESS) {
        note_reading(request, &reading, snapshot, is_kept);
        answer->type = FS_ANSWER_ENTRIES;
        answer->length = reading.used;
        answer->holder = snapshot->names != NULL && request->plus ? request->mount : NULL;
        answer->bytes = g_bytes_new_take(g_steal_pointer(&reading.buffer), request->size);
    }
    return status;
}
