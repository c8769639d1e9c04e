/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening and reading of files. The lock of a file guards only the pointer to its text; it is never
 * held across a call. Any thread may call.
 */
#include "file.h"

#include "errors.h"
#include "event-text.h"

#include <errno.h>
#include <string.h>

/* The longest value that is gathered. */
#define GATHERED_MAX ((gsize)2 * 1024 * 1024)

struct FsFile {
    gatomicrefcount references;
    FsPlace place;
    FsObject object;
    gboolean released; /* set by the release, read by the last unref */
    GMutex lock;
    GBytes *text;         /* NULL until the first read */
    GByteArray *gathered; /* NULL until the first write */
    gsize stored;         /* so much of it is stored, or was refused */
    DWORD spoiled;        /* why what was gathered is gone; told by the next close */
    gboolean writes;
    gboolean created;
    FsEventReader reader;
    char *key;    /* of what it says, for pollers; NULL: it is never polled */
    guint64 seen; /* changes to that, under lock */
};

FsFile *fs_file_ref(FsFile *file)
{
    g_atomic_ref_count_inc(&file->references);
    return file;
}

void fs_file_unref(FsFile *file)
{
    if (!g_atomic_ref_count_dec(&file->references)) {
        return;
    }
    if (file->released) {
        file->object.handle = NULL;
    }
    fs_object_close(&file->object);
    g_clear_pointer(&file->text, g_bytes_unref);
    g_clear_pointer(&file->gathered, g_byte_array_unref);
    fs_event_reader_clear(&file->reader);
    g_free(file->key);
    g_mutex_clear(&file->lock);
    g_free(file);
}

void fs_file_release(FsFile *file)
{
    /* A reader on another thread may still look at the object, so it stays as it is; the handle in
     * it is only a value, and the library knows that it is closed. */
    FsObject handle = {.kind = file->object.kind, .handle = file->object.handle};
    FsWatch *watch = fs_clusters_watch_of(file->place.cluster);

    if (watch != NULL && (file->key != NULL || fs_file_is_events(file))) {
        fs_pollers_remove(fs_watch_pollers(watch), file);
    }
    fs_object_close(&handle);
    file->released = TRUE;
    fs_file_unref(file);
}

gboolean fs_file_is_constant(const FsFile *file)
{
    return file->place.row->constant;
}

DWORD fs_file_size(FsMount *mount, FsFile *file, gsize *ret_size)
{
    g_autoptr(GString) text = g_string_new(NULL);
    DWORD status = fs_place_show(mount, &file->place, &file->object, text);

    if (status == ERROR_SUCCESS) {
        *ret_size = text->len;
    }
    return status;
}

static gboolean is_polled(const FsRow *row)
{
    return row->type == FS_ROW_FILE &&
           (strcmp(row->name, "state") == 0 || strcmp(row->name, "owner") == 0);
}

/* How often what it says has changed is noted before it is read, so that no change is missed. */
static void note_changes(FsFile *file)
{
    FsWatch *watch = fs_clusters_watch_of(file->place.cluster);
    guint64 changes;

    if (file->key == NULL || watch == NULL) {
        return;
    }
    changes = fs_pollers_count(fs_watch_pollers(watch), file->key);
    g_mutex_lock(&file->lock);
    file->seen = changes;
    g_mutex_unlock(&file->lock);
}

/* An `events` file begins with what comes after it was opened. That nothing can be watched keeps
 * nobody from reading a state. */
static DWORD begin_watching(FsMount *mount, FsFile *file)
{
    const FsRow *row = file->place.row;
    FsCluster *cluster = file->place.cluster;
    g_autofree char *id = NULL;
    FsWatch *watch;
    DWORD status;

    if (row->type != FS_ROW_EVENTS && !is_polled(row)) {
        return ERROR_SUCCESS;
    }
    if (row->type != FS_ROW_EVENTS) {
        id = fs_ids_text(cluster->ids, file->place.node.object);
        file->key = id != NULL ? fs_event_key(id, row->name) : NULL;
        note_changes(file);
        return ERROR_SUCCESS;
    }
    status = fs_cluster_watch(mount->clusters, cluster, &watch);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (fs_layout_kind(row) != FS_CLUSTER) {
        file->reader.id = fs_ids_text(cluster->ids, file->place.node.object);
    }
    fs_watch_begin_reading(watch, &file->reader);
    return ERROR_SUCCESS;
}

gboolean fs_file_is_events(const FsFile *file)
{
    return file->place.row->type == FS_ROW_EVENTS;
}

FsEventReader *fs_file_reader(FsFile *file)
{
    return &file->reader;
}

const char *fs_file_key(const FsFile *file)
{
    return file->key;
}

gboolean fs_file_has_changed(FsFile *file)
{
    FsWatch *watch = fs_clusters_watch_of(file->place.cluster);
    guint64 changes = watch != NULL ? fs_pollers_count(fs_watch_pollers(watch), file->key) : 0;
    gboolean changed;

    g_mutex_lock(&file->lock);
    changed = changes != file->seen;
    g_mutex_unlock(&file->lock);
    return changed;
}

DWORD fs_handle_open(FsRequest *request, FsAnswer *answer)
{
    FsPlace place;
    FsObject object;
    FsFile *file;
    DWORD status = fs_place_find(request->mount, request->ino, &place);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = place.cluster;
    if (!S_ISREG(fs_layout_mode(place.row))) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    if (request->writes && fs_layout_write_mode(place.row) == 0) {
        return FS_STATUS_ERRNO(EACCES);
    }
    status = fs_place_open_as(request->mount, &place, request->writes ? GENERIC_ALL : GENERIC_READ,
                              &object);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    file = g_new0(FsFile, 1);
    g_atomic_ref_count_init(&file->references);
    g_mutex_init(&file->lock);
    file->place = place;
    file->object = object;
    file->writes = request->writes;
    file->created = request->creates;
    status = begin_watching(request->mount, file);
    if (status != ERROR_SUCCESS) {
        fs_file_release(file);
        return status;
    }
    answer->type = FS_ANSWER_FILE;
    answer->file = file;
    return ERROR_SUCCESS;
}

const FsPlace *fs_file_place(const FsFile *file)
{
    return &file->place;
}

const FsObject *fs_file_object(const FsFile *file)
{
    return &file->object;
}

gboolean fs_file_was_created(const FsFile *file)
{
    return file->created;
}

gboolean fs_file_gathers(const FsFile *file)
{
    return file->writes && file->place.row->use == FS_STORE_GATHERED;
}

/* With the lock held. */
static void drop_gathered(FsFile *file, DWORD spoiled)
{
    g_clear_pointer(&file->gathered, g_byte_array_unref);
    file->stored = 0;
    file->spoiled = spoiled;
}

DWORD fs_file_gather(FsFile *file, gsize offset, const guint8 *bytes, gsize size)
{
    DWORD status = ERROR_SUCCESS;

    g_mutex_lock(&file->lock);
    if (offset == 0 && (file->gathered == NULL || file->stored == file->gathered->len)) {
        drop_gathered(file, ERROR_SUCCESS);
        file->gathered = g_byte_array_new();
    }
    if (file->gathered == NULL && file->spoiled != ERROR_SUCCESS) {
        status = file->spoiled; /* the kernel cuts long writes: the caller sees only the last */
    } else if (file->gathered == NULL || offset != file->gathered->len) {
        status = FS_STATUS_ERRNO(EINVAL);
    } else if (size > GATHERED_MAX - offset) {
        status = FS_STATUS_ERRNO(EFBIG);
    } else {
        g_byte_array_append(file->gathered, bytes, (guint)size);
    }
    if (status != ERROR_SUCCESS) {
        drop_gathered(file, status);
    }
    g_mutex_unlock(&file->lock);
    return status;
}

DWORD fs_file_gathered(FsFile *file, GByteArray **ret_gathered)
{
    DWORD status;

    g_mutex_lock(&file->lock);
    status = file->spoiled;
    file->spoiled = ERROR_SUCCESS;
    *ret_gathered = NULL;
    if (file->gathered != NULL && file->gathered->len > file->stored) {
        *ret_gathered = g_byte_array_sized_new(file->gathered->len);
        g_byte_array_append(*ret_gathered, file->gathered->data, file->gathered->len);
    }
    g_mutex_unlock(&file->lock);
    return status;
}

void fs_file_note_stored(FsFile *file, gsize length)
{
    g_mutex_lock(&file->lock);
    if (file->gathered != NULL) {
        file->stored = MIN(length, file->gathered->len);
    }
    g_mutex_unlock(&file->lock);
}

void fs_file_drop_gathered(FsFile *file)
{
    g_mutex_lock(&file->lock);
    drop_gathered(file, ERROR_SUCCESS);
    g_mutex_unlock(&file->lock);
}

void fs_file_forget_text(FsFile *file)
{
    g_mutex_lock(&file->lock);
    g_clear_pointer(&file->text, g_bytes_unref);
    g_mutex_unlock(&file->lock);
}

static GBytes *get_text(FsFile *file)
{
    GBytes *text;

    g_mutex_lock(&file->lock);
    text = file->text != NULL ? g_bytes_ref(file->text) : NULL;
    g_mutex_unlock(&file->lock);
    return text;
}

static void set_text(FsFile *file, GBytes *text)
{
    GBytes *old;

    g_mutex_lock(&file->lock);
    old = file->text;
    file->text = g_bytes_ref(text);
    g_mutex_unlock(&file->lock);
    g_clear_pointer(&old, g_bytes_unref);
}

static DWORD render(FsMount *mount, FsFile *file, GBytes **ret_text)
{
    GString *text = g_string_new(NULL);
    DWORD status = fs_place_show(mount, &file->place, &file->object, text);

    if (status != ERROR_SUCCESS) {
        g_string_free(text, TRUE);
        return status;
    }
    *ret_text = g_string_free_to_bytes(text);
    set_text(file, *ret_text);
    return ERROR_SUCCESS;
}

/* A read at the start sees the present; one further on continues what that one began. */
DWORD fs_handle_read(FsRequest *request, FsAnswer *answer)
{
    FsFile *file = request->file;
    gsize offset = (gsize)request->offset;
    GBytes *text = offset > 0 ? get_text(file) : NULL;
    gsize length;

    request->cluster = file->place.cluster;
    if (text == NULL) {
        DWORD status;

        note_changes(file);
        status = render(request->mount, file, &text);

        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    length = g_bytes_get_size(text);
    answer->type = FS_ANSWER_BYTES;
    answer->bytes = text;
    answer->start = MIN(offset, length);
    answer->length = MIN(request->size, length - answer->start);
    return ERROR_SUCCESS;
}
