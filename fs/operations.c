/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfuse's operations: each decodes a request and has it answered at once, or handed to the pool
 * when a call would have to wait. All run on the thread that reads requests.
 *
 * An operation that is missing answers ENOSYS, after which the kernel does not ask again for the
 * life of the mount. That is wanted of extended attributes, lseek and copy_file_range, where it
 * saves requests; some that change something are here only to refuse in plainer words.
 */
#include "operations.h"

#include "coherence.h"
#include "errors.h"
#include "file.h"
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static void run(fuse_req_t req, FsRequest *request)
{
    FsAnswer answer = {0};
    DWORD status;

    request->mount = fuse_req_userdata(req);
    request->uid = fuse_req_ctx(req)->uid;
    request->epoch = fs_coherence_epoch(request->mount);
    fs_errors_set_user(request->uid);
    status = request->handler(request, &answer);
    if (status == ERROR_TIMEOUT) {
        fs_pool_take(request->mount->pool, req, request);
    } else {
        fs_answer_send(req, request, status, &answer);
    }
}

static gpointer handle_of(const struct fuse_file_info *fi)
{
    return fi != NULL ? (gpointer)(uintptr_t)fi->fh : NULL;
}

static void unwant(struct fuse_conn_info *connection, unsigned capability)
{
    connection->want &= ~capability;
}

static void want(struct fuse_conn_info *connection, unsigned capability)
{
    connection->want |= connection->capable & capability;
}

/* The kernel holds back what it sends in the background beyond this number: releases, and reads
 * ahead. A cluster that hangs must not use it up for the others. */
#define BACKGROUND_MAX 4096

/* Attributes come with every listing, so that a long one costs the same for each entry as a short
 * one. Splicing costs more than copying a few bytes. */
static void op_init(void *data, struct fuse_conn_info *connection)
{
    (void)data;
    want(connection, FUSE_CAP_READDIRPLUS);
    want(connection, FUSE_CAP_PARALLEL_DIROPS);
    want(connection, FUSE_CAP_ATOMIC_O_TRUNC);
    want(connection, FUSE_CAP_CACHE_SYMLINKS);
    unwant(connection, FUSE_CAP_READDIRPLUS_AUTO);
    unwant(connection, FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE | FUSE_CAP_SPLICE_MOVE);
    unwant(connection, FUSE_CAP_ASYNC_READ | FUSE_CAP_ASYNC_DIO);
    connection->max_read = FS_READ_MAX;
    connection->max_background = BACKGROUND_MAX;
    connection->congestion_threshold = BACKGROUND_MAX;
    unwant(connection, FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_HANDLE_KILLPRIV);
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    FsRequest request = {
        .handler = fs_handle_lookup, .what = "lookup", .ino = parent, .name = (char *)name};

    run(req, &request);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_getattr, .what = "stat", .ino = ino};

    request.file = handle_of(fi);
    run(req, &request);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
    FsRequest request = {.handler = fs_handle_readlink, .what = "readlink", .ino = ino};

    run(req, &request);
}

/* That a file is cut to nothing as it is opened changes nothing by itself. */
static void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_open, .what = "open", .ino = ino};

    request.writes = (fi->flags & O_ACCMODE) != O_RDONLY || (fi->flags & O_TRUNC) != 0;
    request.changes = request.writes;
    run(req, &request);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                    struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_read, .what = "read", .ino = ino};

    request.size = size;
    request.offset = offset;
    request.file = handle_of(fi);
    if (fs_file_is_events(request.file)) {
        FsWatch *watch = fs_clusters_watch_of(fs_file_place(request.file)->cluster);

        fs_watch_read(watch, req, fs_file_reader(request.file), size,
                      (fi->flags & O_NONBLOCK) != 0);
        return;
    }
    run(req, &request);
}

static void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    FsMount *mount = fuse_req_userdata(req);

    (void)ino;
    fs_mount_remove_file(mount, handle_of(fi));
    fs_file_release(handle_of(fi));
    fuse_reply_err(req, 0);
}

/* The kernel needs none, and then keeps what it lists until it is told to forget it. */
static void op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    (void)ino;
    (void)fi;
    fuse_reply_err(req, ENOSYS);
}

static void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                       struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_readdir,
                         .what = "list",
                         .ino = ino,
                         .size = size,
                         .offset = offset,
                         .plus = FALSE};

    (void)fi;
    run(req, &request);
}

static void op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
                           struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_readdir,
                         .what = "list",
                         .ino = ino,
                         .size = size,
                         .offset = offset,
                         .plus = TRUE};

    (void)fi;
    run(req, &request);
}

static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
    struct statvfs stat = {.f_bsize = 4096, .f_frsize = 4096, .f_namemax = 255};

    (void)ino;
    fuse_reply_statfs(req, &stat);
}

/* Inode numbers are computed; only those of the cluster database count on something. */
static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t count)
{
    fs_place_forget(fuse_req_userdata(req), ino, count);
    fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count, struct fuse_forget_data *forgets)
{
    for (size_t i = 0; i < count; i++) {
        fs_place_forget(fuse_req_userdata(req), forgets[i].ino, forgets[i].nlookup);
    }
    fuse_reply_none(req);
}

/* The events that a poll of a file sees now. */
static unsigned events_of(FsFile *file, FsWatch *watch)
{
    if (fs_file_is_events(file)) {
        return fs_watch_is_readable(watch, fs_file_reader(file)) ? POLLIN | POLLRDNORM : 0;
    }
    if (fs_file_key(file) != NULL && fs_file_has_changed(file)) {
        return POLLIN | POLLRDNORM | POLLPRI | POLLERR;
    }
    return POLLIN | POLLRDNORM;
}

/* Content is ready at any time, but that of events; a change of state wakes as in sysfs. The handle
 * is kept before the state is looked at, so that what happens in between wakes it. */
static void op_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
                    struct fuse_pollhandle *handle)
{
    FsMount *mount = fuse_req_userdata(req);
    FsFile *file = handle_of(fi);
    gboolean wakes = fs_file_is_events(file) || fs_file_key(file) != NULL;
    FsWatch *watch = NULL;

    (void)ino;
    if (wakes) {
        (void)fs_cluster_watch(mount->clusters, fs_file_place(file)->cluster, &watch);
    }
    if (handle != NULL && watch != NULL) {
        fs_pollers_add(fs_watch_pollers(watch), file, fs_file_key(file), handle);
    } else if (handle != NULL) {
        fuse_pollhandle_destroy(handle);
    }
    fuse_reply_poll(req, watch != NULL ? events_of(file, watch) : POLLIN | POLLRDNORM);
}

static void op_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int command, void *argument,
                     struct fuse_file_info *fi, unsigned flags, const void *in, size_t in_size,
                     size_t out_size)
{
    (void)ino;
    (void)command;
    (void)argument;
    (void)fi;
    (void)flags;
    (void)in;
    (void)in_size;
    (void)out_size;
    fuse_reply_err(req, ENOTTY);
}

static void op_flush(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
    FsRequest request = {.handler = fs_handle_flush, .what = "close", .ino = ino, .changes = TRUE};

    request.file = handle_of(fi);
    run(req, &request);
}

static void op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync, struct fuse_file_info *fi)
{
    (void)ino;
    (void)datasync;
    (void)fi;
    fuse_reply_err(req, 0);
}

/* Owners, modes and times follow from the mount. */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr, int to_set,
                       struct fuse_file_info *fi)
{
    FsRequest request = {
        .handler = fs_handle_truncate, .what = "truncate", .ino = ino, .changes = TRUE};
    const int times = FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_CTIME;

    if ((to_set & FUSE_SET_ATTR_SIZE) == 0 ||
        (to_set & (FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) != 0 ||
        ((to_set & times) != 0 && (to_set & FUSE_SET_ATTR_SIZE) == 0)) {
        fuse_reply_err(req, EPERM);
        return;
    }
    request.size = (size_t)attr->st_size;
    request.file = handle_of(fi);
    run(req, &request);
}

static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode, dev_t dev)
{
    (void)parent;
    (void)name;
    (void)mode;
    (void)dev;
    fuse_reply_err(req, EPERM);
}

/* A request that changes the entry of that name in a directory. */
static FsRequest change_of(FsHandler handler, const char *what, fuse_ino_t parent, const char *name)
{
    return (FsRequest){
        .handler = handler, .what = what, .changes = TRUE, .ino = parent, .name = (char *)name};
}

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode)
{
    FsRequest request = change_of(fs_handle_mkdir, "mkdir", parent, name);

    (void)mode;
    run(req, &request);
}

static void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    FsRequest request = change_of(fs_handle_rmdir, "rmdir", parent, name);

    run(req, &request);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
    FsRequest request = change_of(fs_handle_unlink, "unlink", parent, name);

    run(req, &request);
}

static void op_symlink(fuse_req_t req, const char *link, fuse_ino_t parent, const char *name)
{
    FsRequest request = change_of(fs_handle_symlink, "symlink", parent, name);

    request.text = (char *)link;
    run(req, &request);
}

/* Two objects cannot change names in one step. That the new name is taken the cluster tells. */
static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name, fuse_ino_t new_parent,
                      const char *new_name, unsigned int flags)
{
    FsRequest request = change_of(fs_handle_rename, "rename", parent, name);

    if ((flags & ~(unsigned)RENAME_NOREPLACE) != 0) {
        fuse_reply_err(req, EINVAL);
        return;
    }
    request.new_ino = new_parent;
    request.new_name = (char *)new_name;
    run(req, &request);
}

static void op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t new_parent, const char *new_name)
{
    (void)ino;
    (void)new_parent;
    (void)new_name;
    fuse_reply_err(req, EPERM);
}

static void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
                      struct fuse_file_info *fi)
{
    FsRequest request = change_of(fs_handle_create, "create", parent, name);

    (void)mode;
    (void)fi;
    request.writes = TRUE;
    run(req, &request);
}

static void op_write(fuse_req_t req, fuse_ino_t ino, const char *bytes, size_t size, off_t offset,
                     struct fuse_file_info *fi)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, size);
    FsRequest request = {.handler = fs_handle_write, .what = "write", .ino = ino, .changes = TRUE};

    request.bytes = copy;
    request.offset = offset;
    request.appends = (fi->flags & O_APPEND) != 0;
    request.file = handle_of(fi);
    run(req, &request);
}

static void op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
                         struct fuse_file_info *fi)
{
    (void)ino;
    (void)mode;
    (void)offset;
    (void)length;
    (void)fi;
    fuse_reply_err(req, EBADF);
}

const struct fuse_lowlevel_ops fs_operations = {
    .init = op_init,
    .lookup = op_lookup,
    .forget = op_forget,
    .getattr = op_getattr,
    .setattr = op_setattr,
    .readlink = op_readlink,
    .mknod = op_mknod,
    .mkdir = op_mkdir,
    .unlink = op_unlink,
    .rmdir = op_rmdir,
    .symlink = op_symlink,
    .rename = op_rename,
    .link = op_link,
    .open = op_open,
    .read = op_read,
    .write = op_write,
    .flush = op_flush,
    .release = op_release,
    .fsync = op_fsync,
    .opendir = op_opendir,
    .readdir = op_readdir,
    .fsyncdir = op_fsync,
    .statfs = op_statfs,
    .create = op_create,
    .ioctl = op_ioctl,
    .poll = op_poll,
    .forget_multi = op_forget_multi,
    .fallocate = op_fallocate,
    .readdirplus = op_readdirplus,
};
