/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mount.clusfs and mount.fuse.clusfs: what mount(8) runs for the types clusfs and fuse.clusfs.
 * Translates mount's command line into that of the daemon clusfs, leaves out what belongs to fstab
 * alone, runs the daemon, which goes to the background when the mount stands, and tells how that
 * ended. One thread; main() owns the request.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glib.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit statuses of mount(8). */
enum {
    EXIT_USAGE = 1,
    EXIT_SYSTEM = 2,
    EXIT_MOUNT = 32
};

typedef struct {
    const char *name_space; /* -N, or NULL */
    char *source;
    char *directory;
    GPtrArray *options; /* char *, as libfuse reads them */
    gboolean sloppy;
    gboolean fake;
    gboolean verbose;
} Request;

/* For fstab, mount(8) and systemd; and what means nothing where no access time is kept. */
static const char *const fstab_options[] = {
    "defaults", "auto",   "noauto",   "nofail",     "_netdev",    "bootwait",      "nobootwait",
    "user",     "nouser", "users",    "nousers",    "owner",      "noowner",       "group",
    "nogroup",  "silent", "loud",     "comment",    "helper",     "uhelper",       "mand",
    "nomand",   "atime",  "diratime", "nodiratime", "relatime",   "norelatime",    "strictatime",
    "lazytime", "quiet",  "iversion", "noiversion", "nolazytime", "nostrictatime", NULL};

/* What the daemon takes; with -s everything else is left out. */
static const char *const daemon_options[] = {
    "timeout",    "spin",        "uid",        "gid",
    "umask",      "allow_other", "allow_root", "default_permissions",
    "fsname",     "subtype",     "context",    "fscontext",
    "defcontext", "rootcontext", "debug",      "ro",
    "rw",         "suid",        "nosuid",     "dev",
    "nodev",      "exec",        "noexec",     "sync",
    "async",      "dirsync",     "noatime",    NULL};

static const char usage_text[] =
    "Usage: mount.clusfs SOURCE DIR [-sfnv] [-N namespace] [-o options] [-t type]\n"
    "\n"
    "SOURCE is the path of a cluster file, `local` for this host's cluster, `none` for all\n"
    "configured clusters, or a section of clusters.conf. Normally run by mount(8):\n"
    "  mount -t clusfs SOURCE DIR\n"
    "\n"
    "  -f  check only, mount nothing     -n  ignored: there is no mtab\n"
    "  -s  leave out unknown options     -v  show the command that mounts\n"
    "  -N  mount in this namespace: a process id or the path of a namespace file\n"
    "  -o  options, separated by commas; see mount.clusfs(8) and clusfs(8)\n"
    "  -t  clusfs, fuse.clusfs or fuse3.clusfs\n";

static void G_GNUC_PRINTF(1, 2) complain(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "mount.clusfs: %s\n", message);
}

/* The whole option is @name, or @name=VALUE. */
static gboolean option_is(const char *option, const char *name)
{
    size_t length = strlen(name);

    return strncmp(option, name, length) == 0 && (option[length] == '\0' || option[length] == '=');
}

static gboolean option_among(const char *option, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (option_is(option, *names)) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean belongs_to_fstab(const char *option)
{
    return g_ascii_strncasecmp(option, "x-", 2) == 0 || option_among(option, fstab_options);
}

/* Takes one option off *@text. Commas inside double quotes belong to the value, as for mount(8);
 * libfuse wants those after a backslash. An empty option gives "". */
static char *next_option(const char **text)
{
    GString *option = g_string_new(NULL);
    gboolean quoted = FALSE;
    const char *c = *text;

    for (; *c != '\0' && (quoted || *c != ','); c++) {
        if (*c == '\\' && c[1] != '\0') {
            g_string_append_c(option, *c++);
        } else if (*c == ',') {
            g_string_append_c(option, '\\');
        } else if (*c == '"') {
            quoted = !quoted;
        }
        g_string_append_c(option, *c);
    }
    *text = *c == ',' ? c + 1 : c;
    return g_string_free(option, FALSE);
}

static void read_options(Request *request, const char *text)
{
    while (*text != '\0') {
        char *option = next_option(&text);

        if (option[0] == '\0' || belongs_to_fstab(option)) {
            g_free(option);
        } else {
            g_ptr_array_add(request->options, option);
        }
    }
}

static void drop_unknown_options(Request *request)
{
    for (guint i = 0; i < request->options->len;) {
        const char *option = g_ptr_array_index(request->options, i);

        if (option_among(option, daemon_options)) {
            i++;
            continue;
        }
        if (request->verbose) {
            complain("leaving out the unknown option %s", option);
        }
        g_ptr_array_remove_index(request->options, i);
    }
}

static gboolean known_type(const char *type)
{
    return strcmp(type, "clusfs") == 0 || strcmp(type, "fuse.clusfs") == 0 ||
           strcmp(type, "fuse3.clusfs") == 0;
}

/* mount.fuse3's way of writing a source is taken too. A path is made absolute, since the daemon
 * leaves the working directory. */
static char *source_of(const char *text)
{
    if (g_str_has_prefix(text, "clusfs#")) {
        text += strlen("clusfs#");
    }
    return strchr(text, '/') != NULL ? g_canonicalize_filename(text, NULL) : g_strdup(text);
}

/* Returns 0 or the exit status. */
static int read_switches(Request *request, int argc, char **argv)
{
    for (int c; (c = getopt(argc, argv, "sfnvN:o:t:")) != -1;) {
        switch (c) {
        case 's':
            request->sloppy = TRUE;
            break;
        case 'f':
            request->fake = TRUE;
            break;
        case 'v':
            request->verbose = TRUE;
            break;
        case 'n':
            break;
        case 'N':
            request->name_space = optarg;
            break;
        case 'o':
            read_options(request, optarg);
            break;
        case 't':
            if (!known_type(optarg)) {
                complain("%s is not a type of file system that this program mounts", optarg);
                return EXIT_USAGE;
            }
            break;
        default:
            fputs(usage_text, stderr);
            return EXIT_USAGE;
        }
    }
    return 0;
}

static int read_command_line(Request *request, int argc, char **argv)
{
    int status = read_switches(request, argc, argv);

    if (status != 0) {
        return status;
    }
    if (argc - optind != 2 || argv[optind][0] == '\0' || argv[optind + 1][0] == '\0') {
        fputs(usage_text, stderr);
        return EXIT_USAGE;
    }
    request->source = source_of(argv[optind]);
    request->directory = g_canonicalize_filename(argv[optind + 1], NULL);
    if (request->source[0] == '-' || request->source[0] == '\0') {
        complain("`%s` cannot be the name of a cluster", request->source);
        return EXIT_USAGE;
    }
    for (guint i = 0; i < request->options->len; i++) {
        if (option_is(g_ptr_array_index(request->options, i), "remount")) {
            complain("a mounted clusfs cannot take other options: unmount %s and mount it again",
                     request->directory);
            return EXIT_MOUNT;
        }
    }
    if (request->sloppy) {
        drop_unknown_options(request);
    }
    return 0;
}

static int enter_namespace(const char *name_space)
{
    gboolean is_process = name_space[strspn(name_space, "0123456789")] == '\0';
    g_autofree char *path =
        is_process ? g_strdup_printf("/proc/%s/ns/mnt", name_space) : g_strdup(name_space);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || setns(fd, CLONE_NEWNS) != 0) {
        complain("cannot enter the mount namespace %s: %s", path, g_strerror(errno));
        return EXIT_SYSTEM;
    }
    close(fd);
    return 0;
}

static int check_directory(const char *directory)
{
    struct stat status;

    if (stat(directory, &status) != 0) {
        int error = errno;

        complain("%s: %s%s", directory, g_strerror(error),
                 error == ENOTCONN ? " (a dead mount; remove it with `umount -l`)" : "");
        return EXIT_MOUNT;
    }
    if (!S_ISDIR(status.st_mode)) {
        complain("%s: %s", directory, g_strerror(ENOTDIR));
        return EXIT_MOUNT;
    }
    return 0;
}

/* The daemon's command line; the strings are the request's or new. */
static char **daemon_command(const Request *request, const char *program)
{
    GPtrArray *command = g_ptr_array_new();

    g_ptr_array_add(command, g_strdup(program));
    if (request->options->len > 0) {
        g_autofree char **options = g_new0(char *, request->options->len + 1);
        memcpy(options, request->options->pdata, request->options->len * sizeof(char *));
        g_ptr_array_add(command, g_strdup("-o"));
        g_ptr_array_add(command, g_strjoinv(",", options));
    }
    g_ptr_array_add(command, g_strdup(request->source));
    g_ptr_array_add(command, g_strdup(request->directory));
    g_ptr_array_add(command, NULL);
    return (char **)g_ptr_array_free(command, FALSE);
}

static void show_command(char **command)
{
    for (char **word = command; *word != NULL; word++) {
        g_autofree char *quoted = g_shell_quote(*word);
        printf("%s%s", word == command ? "mount.clusfs: " : " ", quoted);
    }
    printf("\n");
    fflush(stdout);
}

/* A daemon that was killed, or says no more than that it failed, is a mount that failed. */
static int mount_status(int status)
{
    if (WIFSIGNALED(status)) {
        complain("the daemon was ended by signal %d", WTERMSIG(status));
        return EXIT_MOUNT;
    }
    return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == EXIT_SYSTEM ? WEXITSTATUS(status)
                                                                          : EXIT_MOUNT;
}

static int run_daemon(char **command)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        execv(command[0], command);
        complain("cannot run %s: %s", command[0], g_strerror(errno));
        _exit(EXIT_SYSTEM);
    }
    if (child < 0) {
        complain("cannot start a process: %s", g_strerror(errno));
        return EXIT_SYSTEM;
    }
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            complain("cannot wait for the daemon: %s", g_strerror(errno));
            return EXIT_SYSTEM;
        }
    }
    return mount_status(status);
}

static int check_program(const char *program)
{
    if (access(program, X_OK) != 0) {
        complain("cannot run %s: %s", program, g_strerror(errno));
        return EXIT_SYSTEM;
    }
    return 0;
}

static int run(const Request *request)
{
    g_auto(GStrv) command = NULL;
    const char *program = secure_getenv("CLUSFS_PROGRAM");
    int status = request->name_space != NULL ? enter_namespace(request->name_space) : 0;

    if (program == NULL) {
        program = CLUSFS_PROGRAM;
    }
    if (status == 0) {
        status = check_directory(request->directory);
    }
    if (status == 0) {
        status = check_program(program);
    }
    if (status != 0) {
        return status;
    }
    command = daemon_command(request, program);
    if (request->verbose) {
        show_command(command);
    }
    return request->fake ? 0 : run_daemon(command);
}

int main(int argc, char **argv)
{
    Request request = {.options = NULL};
    int status;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage_text, stdout);
        return 0;
    }
    request.options = g_ptr_array_new_with_free_func(g_free);
    status = read_command_line(&request, argc, argv);
    if (status == 0) {
        status = run(&request);
    }
    g_ptr_array_unref(request.options);
    g_free(request.source);
    g_free(request.directory);
    return status;
}
