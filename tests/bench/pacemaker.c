/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is measured on a node of Pacemaker: programs as a whole, and changes by crm_resource until they
 * are told to who polls a file, and to a program on libcib.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 20000
/* After which nothing comes any more of one change. */
#define QUIET_MS 1500

/* --- Programs --------------------------------------------------------------------------------- */

static pid_t start(char *const *command, int output)
{
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(output, STDOUT_FILENO);
        (void)execvp(command[0], command);
        _exit(127);
    }
    return child;
}

static void run(char *const *command)
{
    int status;
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    pid_t child = start(command, nothing);
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        bench_die(command[0]);
    }
    close(nothing);
}

void bench_process(char *const *command, guint n)
{
    g_autofree double *times = g_new(double, n);
    for (guint i = 0; i < n; i++) {
        gint64 begin = bench_now();
        run(command);
        times[i] = (double)(bench_now() - begin);
    }
    printf("%.1f\n", bench_median(times, n));
}

/* --- Changes ---------------------------------------------------------------------------------- */

/* Reads what there is, and tells the time of each time that poll wakes. */
static void poll_file(const char *path, int output)
{
    char text[4096];
    gboolean of_events = g_str_has_suffix(path, "/events");
    int file = open(path, O_RDONLY | O_NONBLOCK);
    if (file < 0 || write(output, "", 1) != 1) {
        bench_die("the file cannot be polled");
    }
    for (;;) {
        struct pollfd polled = {file, of_events ? POLLIN : POLLPRI, 0};
        ssize_t got;
        while ((got = of_events ? read(file, text, sizeof text)
                                : pread(file, text, sizeof text, 0)) > 0 &&
               of_events) {
        }
        if (got < 0 && !(of_events && errno == EAGAIN)) {
            bench_die("the file cannot be read");
        }
        if (poll(&polled, 1, -1) == 1) {
            gint64 time = bench_now();
            (void)!write(output, &time, sizeof time);
        }
    }
}

static int expect(int input, gpointer data, gsize size, int wait_ms)
{
    struct pollfd polled = {input, POLLIN, 0};
    int ready = poll(&polled, 1, wait_ms);
    if (ready == 1 && read(input, data, size) != (ssize_t)size) {
        bench_die("who waits for changes has ended");
    }
    return ready;
}

/* The time of the first that came; all that follow are passed over. */
static gint64 first_time(int input)
{
    gint64 first, more;
    if (expect(input, &first, sizeof first, PATIENCE_MS) != 1) {
        bench_die("a change was not told");
    }
    while (expect(input, &more, sizeof more, QUIET_MS) == 1) {
    }
    return first;
}

static pid_t start_polling(const char *path, int output)
{
    pid_t child = fork();
    if (child == 0) {
        poll_file(path, output);
    }
    return child;
}

/* @names: of the resource, of the meta attribute, and its two values in turn. */
void bench_told(const char *path, char *const *watcher, char *const *names, guint n)
{
    g_autofree double *ours = g_new(double, n);
    g_autofree double *theirs = g_new(double, n);
    int polled[2], watched[2];
    char byte;
    if (pipe(polled) != 0 || pipe(watched) != 0) {
        bench_die("no pipe");
    }
    pid_t children[] = {start_polling(path, polled[1]), start(watcher, watched[1])};
    if (expect(polled[0], &byte, 1, PATIENCE_MS) != 1 ||
        expect(watched[0], &byte, 1, PATIENCE_MS) != 1) {
        bench_die("nobody waits for changes");
    }
    for (guint i = 0; i < n; i++) {
        char *const command[] = {
            "crm_resource", "--resource",        names[0],         "--meta", "--set-parameter",
            names[1],       "--parameter-value", names[2 + i % 2], NULL};
        gint64 begin = bench_now();
        run(command);
        theirs[i] = (double)(first_time(watched[0]) - begin);
        ours[i] = (double)(first_time(polled[0]) - begin);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(children); i++) {
        kill(children[i], SIGTERM);
        waitpid(children[i], NULL, 0);
    }
    printf("%.1f %.1f\n", bench_median(ours, n), bench_median(theirs, n));
}
