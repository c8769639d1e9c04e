/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parsing of the command line with libfuse's parser, which knows the conventions of mount(8). Runs
 * once, before any thread is made.
 */
#include "options.h"

#include "operations.h"

#include <errno.h>
#include <fuse_opt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_MS 10000
#define DEFAULT_SPIN_US    200
#define SPIN_US_MAX        100000

/* As they were given; NULL where they were not. */
typedef struct {
    char *source;
    char *mountpoint;
    int foreground;
    int debug;
    int help;
    int version;
    char *timeout;
    char *spin;
    char *uid;
    char *gid;
    char *umask;
} Given;

enum {
    KEY_REFUSED = 1,
    KEY_IGNORED
};

#define GIVEN(template, field)                                                                     \
    {                                                                                              \
        template, offsetof(Given, field), 1                                                        \
    }

static const struct fuse_opt specification[] = {
    GIVEN("-f", foreground),
    GIVEN("-d", debug),
    GIVEN("debug", debug),
    GIVEN("-h", help),
    GIVEN("--help", help),
    GIVEN("-V", version),
    GIVEN("--version", version),
    GIVEN("timeout=%s", timeout),
    GIVEN("spin=%s", spin),
    GIVEN("uid=%s", uid),
    GIVEN("gid=%s", gid),
    GIVEN("umask=%s", umask),
    FUSE_OPT_KEY("fsname=", KEY_IGNORED),
    FUSE_OPT_KEY("subtype=", KEY_IGNORED),
    FUSE_OPT_KEY("default_permissions", KEY_IGNORED),
    FUSE_OPT_KEY("-s", KEY_REFUSED),
    FUSE_OPT_KEY("clone_fd", KEY_REFUSED),
    FUSE_OPT_KEY("auto_unmount", KEY_REFUSED),
    FUSE_OPT_KEY("blkdev", KEY_REFUSED),
    FUSE_OPT_KEY("max_read=", KEY_REFUSED),
    FUSE_OPT_END,
};

static int take_option(void *data, const char *argument, int key, struct fuse_args *rest)
{
    Given *given = data;

    (void)rest;
    switch (key) {
    case KEY_IGNORED:
        return 0;
    case KEY_REFUSED:
        fprintf(stderr, "clusfs: option %s is not offered\n", argument);
        return -1;
    case FUSE_OPT_KEY_NONOPT:
        if (given->source == NULL) {
            given->source = g_strdup(argument);
        } else if (given->mountpoint == NULL) {
            given->mountpoint = g_strdup(argument);
        } else {
            fprintf(stderr, "clusfs: one argument too many: %s\n", argument);
            return -1;
        }
        return 0;
    default:
        return 1;
    }
}

static void given_clear(Given *given)
{
    g_free(given->source);
    g_free(given->mountpoint);
    free(given->timeout);
    free(given->spin);
    free(given->uid);
    free(given->gid);
    free(given->umask);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Given, given_clear)

/* A number from 0 to @max; @text NULL leaves the default. */
static gboolean parse_number(const char *name, const char *text, guint base, guint64 max,
                             guint64 *number)
{
    if (text == NULL || g_ascii_string_to_unsigned(text, base, 0, max, number, NULL)) {
        return TRUE;
    }
    fprintf(stderr, "clusfs: %s=%s: not a number from 0 to %" G_GUINT64_FORMAT "\n", name, text,
            max);
    return FALSE;
}

/* Seconds, with a fraction if wanted. */
static gboolean parse_timeout(const char *text, guint *ret_ms)
{
    char *end = NULL;
    double seconds;

    if (text == NULL) {
        return TRUE;
    }
    seconds = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds >= 0.1 && seconds <= 86400)) {
        fprintf(stderr, "clusfs: timeout=%s: not a time from 0.1 to 86400 seconds\n", text);
        return FALSE;
    }
    *ret_ms = (guint)(seconds * 1000);
    return TRUE;
}

static gboolean take_numbers(const Given *given, FsOptions *options)
{
    guint64 spin = DEFAULT_SPIN_US;
    guint64 uid = getuid();
    guint64 gid = getgid();
    guint64 mask = 0;

    options->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (!parse_timeout(given->timeout, &options->timeout_ms) ||
        !parse_number("spin", given->spin, 10, SPIN_US_MAX, &spin) ||
        !parse_number("uid", given->uid, 10, G_MAXUINT32 - 1, &uid) ||
        !parse_number("gid", given->gid, 10, G_MAXUINT32 - 1, &gid) ||
        !parse_number("umask", given->umask, 8, 0777, &mask)) {
        return FALSE;
    }
    options->spin_us = (guint)spin;
    options->uid = (uid_t)uid;
    options->gid = (gid_t)gid;
    options->umask = (mode_t)mask;
    return TRUE;
}

static gboolean take_names(Given *given, FsOptions *options)
{
    if (given->source == NULL || given->mountpoint == NULL) {
        fprintf(stderr, "clusfs: usage: clusfs [options] SOURCE MOUNTPOINT\n");
        return FALSE;
    }
    options->source = g_steal_pointer(&given->source);
    options->mountpoint = g_steal_pointer(&given->mountpoint);
    return TRUE;
}

gboolean fs_options_parse(int argc, char **argv, FsOptions *ret_options)
{
    g_auto(Given) given = {0};
    FsOptions options = {.args = FUSE_ARGS_INIT(argc, argv)};
    gboolean good = fuse_opt_parse(&options.args, &given, specification, take_option) == 0;

    options.help = given.help != 0;
    options.version = given.version != 0;
    options.debug = given.debug != 0;
    options.foreground = given.foreground != 0 || options.debug;
    if (good && !options.help && !options.version) {
        good = take_numbers(&given, &options) && take_names(&given, &options);
    }
    if (!good) {
        fs_options_clear(&options);
        return FALSE;
    }
    *ret_options = options;
    return TRUE;
}

static gboolean make_absolute(char **path)
{
    char *real = realpath(*path, NULL);

    if (real == NULL) {
        fprintf(stderr, "clusfs: %s: %s\n", *path, g_strerror(errno));
        return FALSE;
    }
    g_free(*path);
    *path = g_strdup(real);
    free(real);
    return TRUE;
}

/* libfuse would make the root of the tree whatever the mount point is. */
static gboolean check_directory(const char *path)
{
    struct stat stat_of;
    int error = stat(path, &stat_of) < 0 ? errno : S_ISDIR(stat_of.st_mode) ? 0 : ENOTDIR;

    if (error != 0) {
        fprintf(stderr, "clusfs: %s: %s%s\n", path, g_strerror(error),
                error == ENOTCONN ? " (a dead mount; remove it with `umount -l')" : "");
    }
    return error == 0;
}

/* The library reads the file again and again, and takes its name as it is. */
static gboolean make_configuration_absolute(void)
{
    const char *path = g_getenv("CLUSAPI_CONF");
    g_autofree char *absolute = NULL;

    if (path == NULL || *path == '\0' || *path == '/') {
        return TRUE;
    }
    absolute = g_canonicalize_filename(path, NULL);
    return g_setenv("CLUSAPI_CONF", absolute, TRUE);
}

/* What the kernel shows of the mount. An unnamed one would be taken for the device /dev/fuse. */
static gboolean add_own_options(FsOptions *options)
{
    g_autofree char *fsname = g_strdup_printf("fsname=%s", options->source);
    char *escaped = NULL;
    gboolean added = fuse_opt_add_opt_escaped(&escaped, fsname) == 0 &&
                     fuse_opt_add_arg(&options->args, "-o") == 0 &&
                     fuse_opt_add_arg(&options->args, escaped) == 0 &&
                     fuse_opt_add_arg(&options->args,
                                      "-osubtype=clusfs,default_permissions,max_read=" G_STRINGIFY(
                                          FS_READ_MAX)) == 0;

    free(escaped);
    if (added && options->debug) {
        added = fuse_opt_add_arg(&options->args, "-d") == 0;
    }
    return added;
}

gboolean fs_options_resolve(FsOptions *options)
{
    gboolean is_path = strchr(options->source, '/') != NULL;

    return make_absolute(&options->mountpoint) && check_directory(options->mountpoint) &&
           (!is_path || make_absolute(&options->source)) && make_configuration_absolute() &&
           add_own_options(options);
}

void fs_options_clear(FsOptions *options)
{
    g_clear_pointer(&options->source, g_free);
    g_clear_pointer(&options->mountpoint, g_free);
    fuse_opt_free_args(&options->args);
}

void fs_options_print_help(const char *program)
{
    printf("Usage: %s [options] SOURCE MOUNTPOINT\n"
           "\n"
           "Mounts clusters as a filesystem. SOURCE is one of\n"
           "    local    the cluster of this host\n"
           "    none     every cluster that is configured\n"
           "    NAME     a cluster that clusters.conf configures\n"
           "    PATH     an embedded cluster file\n"
           "\n"
           "Options\n"
           "    -f                  stay in the foreground, log to stderr\n"
           "    -d                  as -f, and show every request\n"
           "    -h, --help          show this help\n"
           "    -V, --version       show the version\n"
           "    -o timeout=SECONDS  what has to wait for a cluster takes no longer (10)\n"
           "    -o spin=USEC        keep a processor awake after a request (200; 0: never)\n"
           "    -o uid=N, gid=N     owner of all files (who mounts)\n"
           "    -o umask=OCTAL      permissions to take away (0)\n"
           "    -o allow_other      let other users in, as the modes allow\n"
           "    -o ro,nodev,...     options of mount(8)\n"
           "\n"
           "Unmount with umount MOUNTPOINT.\n",
           program);
}
