/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * call NAME ARGUMENT...: one system call on a mount, and what came of it: ok, or the name of the errno.
 * Those of ../fs/change.py that the laboratory needs, for it makes hundreds of them while its nodes need
 * the processor.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All of it at once, as programs write that think of it; closing tells what came of it. */
static int write_at_once(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) {
        return -1;
    }
    ssize_t written = write(descriptor, text, strlen(text));
    int code = errno;
    if (close(descriptor) != 0 && written >= 0) {
        return -1;
    }
    errno = code;
    return written < 0 ? -1 : 0;
}

static int make_directory(const char *path, const char *none)
{
    (void)none;
    return mkdir(path, 0777);
}

static int remove_directory(const char *path, const char *none)
{
    (void)none;
    return rmdir(path);
}

static int remove_file(const char *path, const char *none)
{
    (void)none;
    return unlink(path);
}

static const struct {
    const char *name;
    int arguments;
    int (*call)(const char *one, const char *other);
} calls[] = {
    {"unbuffered", 2, write_at_once}, {"mkdir", 1, make_directory}, {"rmdir", 1, remove_directory},
    {"unlink", 1, remove_file},       {"rename", 2, rename},        {"symlink", 2, symlink},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 2 && i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(argv[1], calls[i].name) == 0 && argc == calls[i].arguments + 2) {
            int code = calls[i].call(argv[2], argv[3]);
            (void)puts(code == 0 ? "ok" : strerrorname_np(errno));
            return 0;
        }
    }
    (void)fprintf(stderr, "call: no such call\n");
    return 2;
}
