/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Copies of requests, and the sending of answers. Each belongs to one thread at a time.
 */
#include "request.h"

#include "coherence.h"
#include "errors.h"
#include "file.h"
#include "layout.h"
#include "place.h"
#include "registry.h"
#include "sections.h"
#include "watch.h"

#include <errno.h>
#include <linux/fuse.h>
#include <string.h>

void fs_request_copy(const FsRequest *request, FsRequest *ret_copy)
{
    *ret_copy = *request;
    ret_copy->name = g_strdup(request->name);
    ret_copy->text = g_strdup(request->text);
    ret_copy->new_name = g_strdup(request->new_name);
    ret_copy->bytes = request->bytes != NULL ? g_bytes_ref(request->bytes) : NULL;
    if (ret_copy->file != NULL) {
        fs_file_ref(ret_copy->file);
    }
}

void fs_request_clear(FsRequest *copy)
{
    g_clear_pointer(&copy->name, g_free);
    g_clear_pointer(&copy->text, g_free);
    g_clear_pointer(&copy->new_name, g_free);
    g_clear_pointer(&copy->bytes, g_bytes_unref);
    g_clear_pointer(&copy->file, fs_file_unref);
}

/* Each entry with attributes in a part of a listing. */
static void forget_entries(FsMount *mount, const FsAnswer *answer)
{
    const char *at = g_bytes_get_data(answer->bytes, NULL);
    const char *end = at + answer->length;

    while (at + FUSE_NAME_OFFSET_DIRENTPLUS < end) {
        struct fuse_direntplus entry;

        memcpy(&entry, at, FUSE_NAME_OFFSET_DIRENTPLUS);
        fs_place_forget(mount, entry.entry_out.nodeid, 1);
        at += FUSE_DIRENTPLUS_SIZE(&entry);
    }
}

/* The kernel did not get it. */
static void forget(FsAnswer *answer)
{
    FsMount *mount = g_steal_pointer(&answer->holder);

    if (mount != NULL && answer->type == FS_ANSWER_ENTRIES) {
        forget_entries(mount, answer);
    } else if (mount != NULL) {
        fs_place_forget(mount, answer->entry.ino, 1);
    }
}

void fs_answer_clear(FsAnswer *answer)
{
    forget(answer);
    g_clear_pointer(&answer->link, g_free);
    g_clear_pointer(&answer->file, fs_file_release);
    g_clear_pointer(&answer->bytes, g_bytes_unref);
}

static void describe_file(FsFile *file, struct fuse_file_info *fi)
{
    *fi =
        (struct fuse_file_info){.fh = (uint64_t)(uintptr_t)file, .noflush = !fs_file_gathers(file)};
    fi->direct_io = !fs_file_is_constant(file);
    fi->nonseekable = fs_file_is_events(file);
    fi->keep_cache = !fi->direct_io;
}

/* If the opener was interrupted meanwhile the kernel will never release what it was given. */
static void send_file(fuse_req_t req, FsMount *mount, FsAnswer *answer)
{
    struct fuse_file_info fi;
    int result;

    describe_file(answer->file, &fi);
    fs_mount_add_file(mount, answer->file);
    result = answer->type == FS_ANSWER_CREATED ? fuse_reply_create(req, &answer->entry, &fi)
                                               : fuse_reply_open(req, &fi);
    if (result == -ENOENT) {
        fs_mount_remove_file(mount, answer->file);
    } else {
        answer->file = NULL;
        answer->holder = NULL;
    }
}

static void send_entry(fuse_req_t req, FsAnswer *answer)
{
    if (fuse_reply_entry(req, &answer->entry) != -ENOENT) {
        answer->holder = NULL;
    }
}

static void send_bytes(fuse_req_t req, FsAnswer *answer)
{
    const char *bytes = g_bytes_get_data(answer->bytes, NULL);

    if (fuse_reply_buf(req, bytes + answer->start, answer->length) != -ENOENT) {
        answer->holder = NULL;
    }
}

/* What a write changed the kernel forgets before the write is answered, if the cluster tells. */
static void send_change(fuse_req_t req, const FsRequest *request, const FsAnswer *answer)
{
    FsWatch *watch = request->cluster != NULL ? fs_clusters_watch_of(request->cluster) : NULL;
    gboolean is_write = answer->type == FS_ANSWER_WRITTEN;

    if (answer->changed && watch != NULL) {
        fs_watch_reply(watch, req, is_write, answer->length);
    } else if (is_write) {
        fuse_reply_write(req, answer->length);
    } else {
        fuse_reply_err(req, 0);
    }
}

static void send_success(fuse_req_t req, const FsRequest *request, FsAnswer *answer)
{
    switch (answer->type) {
    case FS_ANSWER_DONE:
        fuse_reply_err(req, 0);
        break;
    case FS_ANSWER_WRITTEN:
    case FS_ANSWER_CLOSED:
        send_change(req, request, answer);
        break;
    case FS_ANSWER_ENTRY:
        send_entry(req, answer);
        break;
    case FS_ANSWER_ATTRIBUTES:
        fuse_reply_attr(req, &answer->entry.attr, answer->entry.attr_timeout);
        break;
    case FS_ANSWER_LINK:
        fuse_reply_readlink(req, answer->link);
        break;
    case FS_ANSWER_FILE:
    case FS_ANSWER_CREATED:
        send_file(req, request->mount, answer);
        break;
    case FS_ANSWER_BYTES:
    case FS_ANSWER_ENTRIES:
        send_bytes(req, answer);
        break;
    default:
        fuse_reply_err(req, EIO);
    }
}

/* The file name of a property or of a value of the database (transfer full); NULL for all else. */
static char *name_of_second(const FsRequest *request, const FsRow *row, guint second)
{
    g_autofree char *value = NULL;

    if (row->type == FS_ROW_PROPERTIES) {
        return fs_ids_text(request->mount->names, second);
    }
    if (request->cluster != NULL &&
        (row->type == FS_ROW_VALUES || row->type == FS_ROW_VALUE_TYPES)) {
        value = fs_counted_text(request->cluster->values, second);
    }
    return value != NULL ? fs_value_file(value) : NULL;
}

/* What a request was about, as far as that is known without asking: an object by the name that it
 * was last seen with, and its id (transfer full). */
static char *describe(const FsRequest *request)
{
    FsNode node = fs_node_unpack(request->ino);
    const FsRow *row = fs_layout_row(node.row);
    GString *text = g_string_new(request->what);
    g_autofree char *id = NULL;
    g_autofree char *name = NULL;
    g_autofree char *second = NULL;

    if (request->cluster != NULL) {
        id = fs_ids_text(request->cluster->ids, node.object);
        name = fs_ids_name(request->cluster->ids, node.object);
        g_string_append_printf(text, " cluster %s",
                               request->cluster->key != NULL ? request->cluster->key
                                                             : FS_NAME_LOCAL);
    }
    if (request->cluster != NULL && row != NULL && fs_layout_kind(row) == FS_KEY) {
        g_free(name);
        name = fs_counted_text(request->cluster->keys, node.object);
        g_string_append_printf(text, " registry %s", name != NULL ? name : "");
    } else if (id != NULL) {
        g_string_append_printf(text, " %s %s %s", fs_kind_collection(fs_layout_kind(row)),
                               name != NULL ? name : "", id);
    }
    if (row != NULL && row->name != NULL) {
        g_string_append_printf(text, " %s", row->name);
    }
    second = row != NULL ? name_of_second(request, row, node.second) : NULL;
    if (second != NULL) {
        g_string_append_printf(text, " %s %s", fs_layout_self(row->parent)->name, second);
    }
    if (request->name != NULL) {
        g_string_append_printf(text, " name %s", request->name);
    }
    return g_string_free(text, FALSE);
}

static void log_failure(const FsRequest *request, DWORD status)
{
    g_autofree char *object = NULL;

    if (fs_status_is_missing(status) && !request->changes) {
        return;
    }
    object = describe(request);
    fs_status_log(status, object, request->uid);
    if (request->changes) {
        fs_errors_note(status, object, request->uid);
    }
}

/* What the kernel keeps may have changed while it was on its way; and where no changes are told it
 * is to keep nothing. The root is told of no changes. */
static void check_answer(const FsRequest *request, const FsAnswer *answer)
{
    FsMount *mount = request->mount;
    FsCluster *cluster = request->cluster;
    FsCoherence *coherence =
        cluster != NULL ? fs_clusters_coherence_of(cluster) : g_atomic_pointer_get(&mount->root);
    const FsRow *row = fs_layout_row(fs_node_unpack(request->ino).row);
    gboolean told =
        cluster != NULL && fs_clusters_watch_of(cluster) != NULL && row != NULL && !row->untold;
    gboolean keeps_anyway =
        answer->type == FS_ANSWER_ENTRIES || (answer->type == FS_ANSWER_LINK && cluster != NULL);

    if (coherence != NULL && (told ? fs_coherence_epoch(mount) != request->epoch : keeps_anyway)) {
        fs_coherence_doubt(coherence, request, answer);
    }
}

void fs_answer_send(fuse_req_t req, const FsRequest *request, DWORD status, FsAnswer *answer)
{
    if (status == ERROR_SUCCESS) {
        send_success(req, request, answer);
        check_answer(request, answer);
    } else {
        log_failure(request, status);
        fuse_reply_err(req, fs_errno_from_status(status, request->file != NULL));
    }
    fs_answer_clear(answer);
}
