/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Copies of requests, and the sending of answers. Each belongs to one thread at a time.
 */
#include "request.h"

#include "errors.h"
#include "file.h"
#include "layout.h"
#include "listing.h"
#include "sections.h"

#include <errno.h>
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
    if (ret_copy->listing != NULL) {
        fs_listing_ref(ret_copy->listing);
    }
}

void fs_request_clear(FsRequest *copy)
{
    g_clear_pointer(&copy->name, g_free);
    g_clear_pointer(&copy->text, g_free);
    g_clear_pointer(&copy->new_name, g_free);
    g_clear_pointer(&copy->bytes, g_bytes_unref);
    g_clear_pointer(&copy->file, fs_file_unref);
    g_clear_pointer(&copy->listing, fs_listing_unref);
}

void fs_answer_clear(FsAnswer *answer)
{
    g_clear_pointer(&answer->link, g_free);
    g_clear_pointer(&answer->file, fs_file_release);
    g_clear_pointer(&answer->listing, fs_listing_unref);
    g_clear_pointer(&answer->bytes, g_bytes_unref);
}

/* If the opener was interrupted meanwhile the kernel will never release what it was given. */
static void send_file(fuse_req_t req, FsMount *mount, FsAnswer *answer)
{
    struct fuse_file_info fi = {.fh = (uint64_t)(uintptr_t)answer->file,
                                .noflush = !fs_file_gathers(answer->file)};

    fi.direct_io = !fs_file_is_constant(answer->file);
    fi.nonseekable = fs_file_is_events(answer->file);
    fi.keep_cache = !fi.direct_io;
    fs_mount_add(mount, mount->files, answer->file);
    if (fuse_reply_open(req, &fi) == -ENOENT) {
        fs_mount_remove(mount, mount->files, answer->file);
    } else {
        answer->file = NULL;
    }
}

static void send_listing(fuse_req_t req, FsMount *mount, FsAnswer *answer)
{
    struct fuse_file_info fi = {.fh = (uint64_t)(uintptr_t)answer->listing};

    fs_mount_add(mount, mount->listings, answer->listing);
    if (fuse_reply_open(req, &fi) == -ENOENT) {
        fs_mount_remove(mount, mount->listings, answer->listing);
    } else {
        answer->listing = NULL;
    }
}

static void send_success(fuse_req_t req, FsMount *mount, FsAnswer *answer)
{
    switch (answer->type) {
    case FS_ANSWER_DONE:
        fuse_reply_err(req, 0);
        break;
    case FS_ANSWER_WRITTEN:
        fuse_reply_write(req, answer->length);
        break;
    case FS_ANSWER_ENTRY:
        fuse_reply_entry(req, &answer->entry);
        break;
    case FS_ANSWER_ATTRIBUTES:
        fuse_reply_attr(req, &answer->entry.attr, answer->entry.attr_timeout);
        break;
    case FS_ANSWER_LINK:
        fuse_reply_readlink(req, answer->link);
        break;
    case FS_ANSWER_FILE:
        send_file(req, mount, answer);
        break;
    case FS_ANSWER_LISTING:
        send_listing(req, mount, answer);
        break;
    case FS_ANSWER_BYTES:
        fuse_reply_buf(req, (const char *)g_bytes_get_data(answer->bytes, NULL) + answer->start,
                       answer->length);
        break;
    default:
        fuse_reply_err(req, EIO);
    }
}

/* What a request was about, as far as that is known without asking: an object by its id
 * (transfer full). */
static char *describe(const FsRequest *request)
{
    FsNode node = fs_node_unpack(request->ino);
    const FsRow *row = fs_layout_row(node.row);
    GString *text = g_string_new(request->what);
    g_autofree char *id = NULL;

    if (request->cluster != NULL) {
        id = fs_ids_text(request->cluster->ids, node.object);
        g_string_append_printf(text, " cluster %s",
                               request->cluster->key != NULL ? request->cluster->key
                                                             : FS_NAME_LOCAL);
    }
    if (id != NULL) {
        g_string_append_printf(text, " %s %s", fs_kind_collection(fs_layout_kind(row)), id);
    }
    if (row != NULL && row->name != NULL) {
        g_string_append_printf(text, " %s", row->name);
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

void fs_answer_send(fuse_req_t req, const FsRequest *request, DWORD status, FsAnswer *answer)
{
    if (status == ERROR_SUCCESS) {
        send_success(req, request->mount, answer);
    } else {
        log_failure(request, status);
        fuse_reply_err(req, fs_errno_from_status(status, request->file != NULL));
    }
    fs_answer_clear(answer);
}
