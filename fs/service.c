/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Background, readiness and log. The file's data is set before other threads are made and when the
 * daemon becomes ready; the log may be written by any thread.
 */
#include "service.h"

#include "compat.h"

#include <fuse_log.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

/* The exit status of a mount that failed, as that of mount(8). */
#define MOUNT_FAILED 32

/* To the parent that waits; -1 if there is none. */
static int parent_pipe = -1;

static gint log_to_syslog;

/* Waits for a byte, which says that the daemon is ready, or for its end. */
static void wait_for_daemon(pid_t daemon, int from_daemon)
{
    char byte;
    int state = 0;
    ssize_t got;

    do {
        got = read(from_daemon, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1) {
        _exit(EXIT_SUCCESS);
    }
    while (waitpid(daemon, &state, 0) < 0 && errno == EINTR) {
        continue;
    }
    _exit(WIFEXITED(state) && WEXITSTATUS(state) != 0 ? WEXITSTATUS(state) : MOUNT_FAILED);
}

gboolean fs_service_detach(void)
{
    int fds[2];
    pid_t child;

    if (pipe2(fds, O_CLOEXEC) < 0) {
        return FALSE;
    }
    child = fork();
    if (child < 0) {
        close(fds[0]);
        close(fds[1]);
        return FALSE;
    }
    if (child > 0) {
        close(fds[1]);
        wait_for_daemon(child, fds[0]);
    }
    close(fds[0]);
    parent_pipe = fds[1];
    (void)setsid();
    return TRUE;
}

/* The caller's directory and terminal are let go only now, so that it could see what went wrong. */
static void leave_caller(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (chdir("/") < 0) {
        g_warning("cannot change to /: %s", g_strerror(errno));
    }
    openlog("clusfs", LOG_PID, LOG_DAEMON);
    g_atomic_int_set(&log_to_syslog, TRUE);
    if (null >= 0) {
        for (int fd = 0; fd <= 2; fd++) {
            dup2(null, fd);
        }
        if (null > 2) {
            close(null);
        }
    }
}

/* One datagram to the socket that the service manager names; a leading @ stands for a NUL. */
static void notify_manager(const char *message)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gsize length = path != NULL ? strlen(path) : 0;
    int fd;

    if (length < 2 || length >= sizeof address.sun_path || (*path != '/' && *path != '@')) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (*path == '@') {
        address.sun_path[0] = '\0';
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    (void)sendto(fd, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
    close(fd);
}

void fs_service_ready(void)
{
    notify_manager("READY=1");
    if (parent_pipe >= 0) {
        leave_caller();
        (void)!write(parent_pipe, "", 1);
        close(parent_pipe);
        parent_pipe = -1;
    }
}

void fs_service_stopping(void)
{
    notify_manager("STOPPING=1");
}

static void write_line(int priority, const char *text)
{
    if (g_atomic_int_get(&log_to_syslog)) {
        syslog(priority, "%s", text);
    } else {
        fprintf(stderr, "clusfs: %s\n", text);
    }
}

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields, gsize count,
                                  gpointer data)
{
    (void)data;
    if ((level & G_LOG_LEVEL_MASK) > G_LOG_LEVEL_MESSAGE) {
        return G_LOG_WRITER_HANDLED;
    }
    for (gsize i = 0; i < count; i++) {
        if (strcmp(fields[i].key, "MESSAGE") == 0) {
            write_line((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0 ? LOG_ERR
                       : (level & G_LOG_LEVEL_WARNING) != 0                      ? LOG_WARNING
                                                                                 : LOG_NOTICE,
                       fields[i].value);
        }
    }
    return G_LOG_WRITER_HANDLED;
}

static void write_fuse_log(enum fuse_log_level level, const char *format, va_list arguments)
    G_GNUC_PRINTF(2, 0);

/* libfuse may give one line in several pieces, which syslog would make several of. */
static void write_fuse_log(enum fuse_log_level level, const char *format, va_list arguments)
{
    if (g_atomic_int_get(&log_to_syslog)) {
        vsyslog((int)level, format, arguments);
    } else {
        vfprintf(stderr, format, arguments);
    }
}

void fs_service_log_start(void)
{
    g_log_set_writer_func(write_log, NULL, NULL);
    fuse_set_log_func(write_fuse_log);
}
