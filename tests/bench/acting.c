/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes and who waits for them, against bare commits of SQLite on the same disk. The one that
 * waits is a child process; clocks are the same in both.
 */
#include "bench.h"

#include <clusapi.h>
#include <clusapi/linux.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* So long a change that was lost is waited for. */
#define PATIENCE_MS 10000

/* --- Bare SQLite ------------------------------------------------------------------------------ */

static sqlite3 *open_bare(const char *directory, sqlite3_stmt **ret_update)
{
    g_autofree char *path = g_build_filename(directory, "bare.db", NULL);
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE IF NOT EXISTS t (k INTEGER PRIMARY KEY, v);"
                     "INSERT OR REPLACE INTO t VALUES (1, 0)",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "UPDATE t SET v = v + 1 WHERE k = 1", -1, ret_update, NULL) !=
            SQLITE_OK) {
        bench_die(sqlite3_errmsg(db));
    }
    return db;
}

static void commit_bare(sqlite3_stmt *update)
{
    if (sqlite3_step(update) != SQLITE_DONE) {
        bench_die("the commit failed");
    }
    sqlite3_reset(update);
}

static void write_all(int file, const void *data, gsize size)
{
    if (write(file, data, size) != (ssize_t)size) {
        bench_die("a pipe broke");
    }
}

static void read_all(int file, void *data, gsize size)
{
    if (read(file, data, size) != (ssize_t)size) {
        bench_die("a pipe broke");
    }
}

/* The child says over @woken when it woke. */
static void wait_on_pipe(int wake, int woken)
{
    char byte;
    while (read(wake, &byte, 1) == 1) {
        gint64 time = bench_now();
        write_all(woken, &time, sizeof time);
    }
}

void bench_commit(const char *directory, guint n)
{
    sqlite3_stmt *update;
    sqlite3 *db = open_bare(directory, &update);
    g_autofree double *times = g_new(double, n);
    int wake[2], woken[2];
    if (pipe(wake) != 0 || pipe(woken) != 0) {
        bench_die("no pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        close(wake[1]);
        wait_on_pipe(wake[0], woken[1]);
        _exit(0);
    }
    for (guint i = 0; i < n; i++) {
        gint64 time;
        g_usleep(2000);
        gint64 begin = bench_now();
        commit_bare(update);
        write_all(wake[1], "", 1);
        read_all(woken[0], &time, sizeof time);
        times[i] = (double)(time - begin);
    }
    close(wake[1]);
    waitpid(child, NULL, 0);
    printf("%.1f\n", bench_median(times, n));
    sqlite3_finalize(update);
    sqlite3_close(db);
}

void bench_bare_rate(const char *directory, guint n)
{
    sqlite3_stmt *update;
    sqlite3 *db = open_bare(directory, &update);
    gint64 begin = bench_now();
    for (guint i = 0; i < n; i++) {
        commit_bare(update);
    }
    printf("%.1f\n", n / ((double)(bench_now() - begin) / 1e9));
    sqlite3_finalize(update);
    sqlite3_close(db);
}

/* --- A write to state until a poll on it wakes ------------------------------------------------ */

static void read_state(int file)
{
    char text[64];
    if (pread(file, text, sizeof text, 0) <= 0) {
        bench_die("the state cannot be read");
    }
}

static void wait_on_state(const char *path, int ready, int woken)
{
    int file = open(path, O_RDONLY);
    if (file < 0) {
        bench_die("the state cannot be opened");
    }
    for (;;) {
        struct pollfd state = {file, POLLPRI, 0};
        read_state(file);
        write_all(ready, "", 1);
        if (poll(&state, 1, PATIENCE_MS) != 1) {
            bench_die("poll did not wake");
        }
        gint64 time = bench_now();
        write_all(woken, &time, sizeof time);
    }
}

static void write_state(const char *path, const char *word)
{
    int file = open(path, O_WRONLY);
    if (file < 0 || write(file, word, strlen(word)) != (ssize_t)strlen(word) || close(file) != 0) {
        bench_die("the state cannot be written");
    }
}

void bench_wake(const char *path, guint n)
{
    g_autofree double *times = g_new(double, n);
    int ready[2], woken[2];
    if (pipe(ready) != 0 || pipe(woken) != 0) {
        bench_die("no pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        wait_on_state(path, ready[1], woken[1]);
    }
    for (guint i = 0; i < n; i++) {
        char byte;
        gint64 time;
        read_all(ready[0], &byte, 1);
        g_usleep(2000);
        gint64 begin = bench_now();
        write_state(path, i % 2 == 0 ? "offline\n" : "online\n");
        read_all(woken[0], &time, sizeof time);
        times[i] = (double)(time - begin);
    }
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    printf("%.1f\n", bench_median(times, n));
}

/* --- Changes with a reader on events ---------------------------------------------------------- */

/* Reads lines until one says @last, and tells how many there were. */
static void count_events(const char *path, const char *last, int ready, int result)
{
    static char buffer[1 << 17];
    gsize held = 0;
    guint lines = 0;
    int file = open(path, O_RDONLY);
    if (file < 0) {
        bench_die("the events cannot be opened");
    }
    write_all(ready, "", 1);
    for (;;) {
        struct pollfd events = {file, POLLIN, 0};
        ssize_t got;
        if (poll(&events, 1, PATIENCE_MS) != 1 ||
            (got = read(file, buffer + held, sizeof buffer - held - 1)) <= 0) {
            bench_die("events were lost");
        }
        held += (gsize)got;
        buffer[held] = '\0';
        char *line = buffer;
        for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            *end = '\0';
            lines++;
            if (strstr(line, last) != NULL) {
                write_all(result, &lines, sizeof lines);
                _exit(0);
            }
        }
        held -= (gsize)(line - buffer);
        memmove(buffer, line, held);
    }
}

static WCHAR *to_wide(const char *text)
{
    return (WCHAR *)g_utf8_to_utf16(text, -1, NULL, NULL, NULL);
}

void bench_rate(const char *cluster_path, const char *group_name, const char *events, guint n)
{
    g_autofree WCHAR *path = to_wide(cluster_path);
    g_autofree WCHAR *name = to_wide(group_name);
    guint lines;
    char byte;
    int ready[2], result[2];
    if (pipe(ready) != 0 || pipe(result) != 0) {
        bench_die("no pipe");
    }
    pid_t child = fork();
    if (child == 0) {
        count_events(events, "the last one", ready[1], result[1]);
    }
    read_all(ready[0], &byte, 1);
    HCLUSTER cluster = OpenCluster(path);
    HGROUP group = OpenClusterGroup(cluster, name);
    if (group == NULL) {
        bench_die("the group cannot be opened");
    }
    gint64 begin = bench_now();
    for (guint i = 1; i <= n; i++) {
        g_autofree char *new_name =
            i < n ? g_strdup_printf("name %u", i) : g_strdup("the last one");
        g_autofree WCHAR *wide = to_wide(new_name);
        DWORD code = SetClusterGroupName(group, wide);
        if (code != ERROR_SUCCESS) {
            bench_die(ClusapiErrorName(code));
        }
    }
    double rate = n / ((double)(bench_now() - begin) / 1e9);
    read_all(result[0], &lines, sizeof lines);
    waitpid(child, NULL, 0);
    SetClusterGroupName(group, name);
    CloseClusterGroup(group);
    CloseCluster(cluster);
    if (lines < n) {
        bench_die("events were lost");
    }
    printf("%.1f %u\n", rate, lines);
}
