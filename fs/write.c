/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writing to files: the handlers of write, flush and setattr. A value that one write brings is
 * stored at once; what is gathered is stored when the file is closed. Any thread may call.
 */
#include "errors.h"
#include "file.h"
#include "layout.h"
#include "property-set.h"
#include "registry.h"

#include <errno.h>
#include <string.h>

/* The longest value that one write brings. */
#define ONCE_MAX 4096

/* The bytes as text without the newline that ends it (transfer full). */
static DWORD take_text(const char *bytes, gsize size, gboolean one_line, char **ret_text)
{
    if (size > 0 && bytes[size - 1] == '\n') {
        size--;
    }
    if (memchr(bytes, '\0', size) != NULL || (one_line && memchr(bytes, '\n', size) != NULL)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    if (!g_utf8_validate_len(bytes, size, NULL)) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    *ret_text = g_strndup(bytes, size);
    return ERROR_SUCCESS;
}

static DWORD store(FsMount *mount, FsFile *file, const char *text)
{
    const FsPlace *place = fs_file_place(file);
    const FsObject *object = fs_file_object(file);
    g_autofree char *name = NULL;

    if (place->row->type == FS_ROW_VALUE_TYPES) {
        name = fs_counted_text(place->cluster->values, place->node.second);
        return name != NULL ? fs_value_store_type(object, name, (const guint8 *)text, strlen(text))
                            : FS_STATUS_ERRNO(ESTALE);
    }
    if (place->row->type != FS_ROW_PROPERTIES) {
        return place->row->store(object, text);
    }
    name = fs_ids_text(mount->names, place->node.second);
    return name != NULL ? fs_property_set_file(object, name, text) : FS_STATUS_ERRNO(ESTALE);
}

static DWORD write_once(FsRequest *request, FsAnswer *answer)
{
    g_autofree char *text = NULL;
    gsize size;
    const char *bytes = g_bytes_get_data(request->bytes, &size);
    DWORD status;

    /* Appending says nothing about where: each write is a value of its own. */
    if ((request->offset != 0 && !request->appends) || size > ONCE_MAX) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    status = take_text(bytes, size, TRUE, &text);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    status = *text != '\0' ? store(request->mount, request->file, text) : FS_STATUS_ERRNO(EINVAL);
    if (status == ERROR_SUCCESS) {
        fs_file_forget_text(request->file);
        answer->type = FS_ANSWER_WRITTEN;
        answer->length = size;
        answer->changed = TRUE;
    }
    return status;
}

static DWORD gather(FsRequest *request, FsAnswer *answer)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(request->bytes, &size);

    answer->type = FS_ANSWER_WRITTEN;
    answer->length = size;
    return fs_file_gather(request->file, (gsize)request->offset, bytes, size);
}

DWORD fs_handle_write(FsRequest *request, FsAnswer *answer)
{
    const FsPlace *place = fs_file_place(request->file);

    request->cluster = place->cluster;
    return place->row->use == FS_STORE_ONCE ? write_once(request, answer) : gather(request, answer);
}

static DWORD store_gathered(FsMount *mount, FsFile *file, const GByteArray *gathered)
{
    const FsPlace *place = fs_file_place(file);
    g_autofree char *text = NULL;
    g_autofree char *name = NULL;
    DWORD status;

    if (place->row->type == FS_ROW_VALUES) {
        name = fs_counted_text(place->cluster->values, place->node.second);
        return name != NULL ? fs_value_store(fs_file_object(file), name, gathered->data,
                                             gathered->len, fs_file_was_created(file))
                            : FS_STATUS_ERRNO(ESTALE);
    }
    status = take_text((const char *)gathered->data, gathered->len, FALSE, &text);
    return status == ERROR_SUCCESS ? store(mount, file, text) : status;
}

/* Each descriptor that is closed flushes; only the first one after a write has something to store.
 * What could not be stored is told, and not tried again. */
DWORD fs_handle_flush(FsRequest *request, FsAnswer *answer)
{
    g_autoptr(GByteArray) gathered = NULL;
    DWORD status;

    request->cluster = fs_file_place(request->file)->cluster;
    answer->type = FS_ANSWER_CLOSED;
    status = fs_file_gathered(request->file, &gathered);
    if (gathered == NULL) {
        return status;
    }
    status = store_gathered(request->mount, request->file, gathered);
    /* The thread that reads requests only finds out that it has to wait. */
    if (status != ERROR_TIMEOUT) {
        fs_file_note_stored(request->file, gathered->len);
        fs_file_forget_text(request->file);
        answer->changed = TRUE;
    }
    return status;
}

/* To cut a file to nothing is how a shell begins to write it, and changes nothing by itself; what an
 * open file has gathered is gone. */
DWORD fs_handle_truncate(FsRequest *request, FsAnswer *answer)
{
    FsPlace place;
    DWORD status = fs_place_find(request->mount, request->ino, &place);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = place.cluster;
    if (fs_layout_write_mode(place.row) == 0 || !S_ISREG(fs_layout_mode(place.row)) ||
        !fs_cluster_may_change(place.cluster)) {
        return FS_STATUS_ERRNO(EACCES);
    }
    if (request->size != 0) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    if (request->file != NULL) {
        fs_file_drop_gathered(request->file);
    }
    return fs_handle_getattr(request, answer);
}
