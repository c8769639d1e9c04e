/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command line of clusfs.
 */
#pragma once

#include "compat.h"

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct {
    char *source; /* with the following as given, until they are resolved */
    char *mountpoint;
    gboolean foreground;
    gboolean debug;
    gboolean help;
    gboolean version;
    guint timeout_ms;
    guint spin_us;
    uid_t uid;
    gid_t gid;
    mode_t umask;
    struct fuse_args args; /* for fuse_session_new: the options that libfuse and mount(2) know */
} FsOptions;

/* Reads the command line; FALSE after it has said on stderr what is wrong with it. */
gboolean fs_options_parse(int argc, char **argv, FsOptions *ret_options);
void fs_options_clear(FsOptions *options);

/* Makes the paths absolute, since the daemon leaves the directory it was started in, and completes
 * args. FALSE after it has said on stderr what is wrong. */
gboolean fs_options_resolve(FsOptions *options);

void fs_options_print_help(const char *program);

G_END_DECLS
