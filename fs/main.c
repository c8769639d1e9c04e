/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clusfs: mounts clusters as a filesystem. Wires the parts together: command line, background,
 * cluster, session, loop, end.
 */
#include "errors.h"
#include "loop.h"
#include "mount.h"
#include "operations.h"
#include "options.h"
#include "pool.h"
#include "service.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Exit status, as that of mount(8). */
enum {
    EXIT_USAGE = 1,
    EXIT_MOUNT = 32
};

/* What is allocated for a long listing goes back to the system when it is freed, and threads share
 * their memory instead of each keeping some. */
static void set_up_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_TRIM_THRESHOLD, 512 * 1024);
    mallopt(M_ARENA_MAX, 2);
}

static FsMount *mount_new(const FsOptions *options)
{
    FsMount *mount = fs_mount_new(options->source, options->timeout_ms);

    mount->uid = options->uid;
    mount->gid = options->gid;
    mount->umask = options->umask;
    mount->spin_us = options->spin_us;
    return mount;
}

static gboolean open_source(FsMount *mount, const FsOptions *options)
{
    DWORD status = fs_clusters_open_source(mount->clusters);
    const char *name = ClusapiErrorName(status);

    if (status == ERROR_NOT_FOUND && strchr(options->source, '/') == NULL) {
        fprintf(stderr, "clusfs: %s: neither configured nor the absolute path of a cluster file\n",
                options->source);
    } else if (status != ERROR_SUCCESS) {
        fprintf(stderr, "clusfs: %s: cannot open the cluster: error %u (%s), %s\n", options->source,
                status, name != NULL ? name : "unknown",
                g_strerror(fs_errno_from_status(status, FALSE)));
    }
    return status == ERROR_SUCCESS;
}

static gboolean serve(FsMount *mount)
{
    int result;

    fs_service_ready();
    result = fs_loop_run(mount);
    fs_service_stopping();
    if (result < 0) {
        g_warning("cannot read requests: %s", g_strerror(-result));
    }
    return result >= 0;
}

/* Ends the mount. If a call hangs that was cancelled, its memory stays with it. */
static void finish(FsMount *mount, struct fuse_session *session)
{
    gboolean stopped = fs_pool_stop(mount->pool);

    fs_mount_stop(mount);
    fuse_session_unmount(session);
    if (!stopped) {
        _exit(EXIT_SUCCESS);
    }
    fuse_session_destroy(session);
}

/* libfuse is what finds out that an option is unknown. */
static int run_session(FsMount *mount, FsOptions *options)
{
    struct fuse_session *session =
        fuse_session_new(&options->args, &fs_operations, sizeof fs_operations, mount);
    gboolean good;

    if (session == NULL) {
        return EXIT_USAGE;
    }
    fs_mount_begin(mount, session);
    if (fuse_session_mount(session, options->mountpoint) != 0) {
        fuse_session_destroy(session);
        return EXIT_MOUNT;
    }
    good = serve(mount);
    finish(mount, session);
    return good ? EXIT_SUCCESS : EXIT_MOUNT;
}

/* Handles of the library do not survive a fork, so that comes first. */
static int run(FsOptions *options)
{
    FsMount *mount;
    int status;

    fs_service_log_start();
    if (!fs_options_resolve(options)) {
        return EXIT_MOUNT;
    }
    if (!options->foreground && !fs_service_detach()) {
        fprintf(stderr, "clusfs: cannot go to the background: %s\n", g_strerror(errno));
        return EXIT_MOUNT;
    }
    fs_loop_block_signals();
    set_up_memory();
    mount = mount_new(options);
    status = open_source(mount, options) ? run_session(mount, options) : EXIT_MOUNT;
    fs_mount_free(mount);
    return status;
}

int main(int argc, char **argv)
{
    FsOptions options;
    int status = EXIT_SUCCESS;

    if (!fs_options_parse(argc, argv, &options)) {
        return EXIT_USAGE;
    }
    if (options.help) {
        fs_options_print_help(argv[0]);
    } else if (options.version) {
        printf("clusfs %s\nlibfuse %s\n", CLUSFS_VERSION, fuse_pkgversion());
    } else {
        status = run(&options);
    }
    fs_options_clear(&options);
    return status;
}
