/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Opening and reading of files. The lock of a file guards only the pointer to its text; it is never
 * held across a call. Any thread may call.
 */
#include "file.h"

#include "errors.h"

struct FsFile {
    gatomicrefcount references;
    FsPlace place;
    FsObject object;
    gboolean released; /* set by the release, read by the last unref */
    GMutex lock;
    GBytes *text; /* NULL until the first read */
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
    g_mutex_clear(&file->lock);
    g_free(file);
}

void fs_file_release(FsFile *file)
{
    /* A reader on another thread may still look at the object, so it stays as it is; the handle in
     * it is only a value, and the library knows that it is closed. */
    FsObject handle = {.kind = file->object.kind, .handle = file->object.handle};

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
    status = fs_place_open(request->mount, &place, &object);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    file = g_new0(FsFile, 1);
    g_atomic_ref_count_init(&file->references);
    g_mutex_init(&file->lock);
    file->place = place;
    file->object = object;
    answer->type = FS_ANSWER_FILE;
    answer->file = file;
    return ERROR_SUCCESS;
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
        DWORD status = render(request->mount, file, &text);

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
