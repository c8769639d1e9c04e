/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The measurements that tests/bench/run puts side by side. Each subcommand prints nanoseconds a
 * step, the median of its rounds. One thread.
 */
#include "bench.h"

#include <clusapi.h>
#include <clusapi/linux.h>
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 15

typedef void (*Step)(gpointer data, guint number);

gint64 bench_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

double bench_median(double *values, guint count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static double measure(Step step, gpointer data, guint steps)
{
    double rounds[ROUNDS];
    for (guint i = 0; i < steps / 4 + 1; i++) {
        step(data, i);
    }
    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = bench_now();
        for (guint i = 0; i < steps; i++) {
            step(data, round * steps + i);
        }
        rounds[round] = (double)(bench_now() - begin) / steps;
    }
    return bench_median(rounds, ROUNDS);
}

void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* --- The library against SQLite and malloc --- */

typedef struct {
    HCLUSTER cluster;
    HGROUP group;
    sqlite3_stmt *select;
    guint groups;
} Library;

static void name_of(guint number, guint groups, char *name, gsize room)
{
    g_snprintf(name, room, "group-%06u", (number * 7919u) % groups + 1);
}

static void step_select(gpointer data, guint number)
{
    Library *library = data;
    char name[32];
    name_of(number, library->groups, name, sizeof name);
    sqlite3_bind_text(library->select, 1, name, -1, SQLITE_STATIC);
    if (sqlite3_step(library->select) != SQLITE_ROW) {
        bench_die("the SELECT found nothing");
    }
    sqlite3_reset(library->select);
}

static void step_open(gpointer data, guint number)
{
    Library *library = data;
    char name[32];
    WCHAR wide[32];
    name_of(number, library->groups, name, sizeof name);
    for (guint i = 0; i < sizeof name; i++) {
        wide[i] = (WCHAR)name[i];
    }
    HGROUP group = OpenClusterGroup(library->cluster, wide);
    if (group == NULL) {
        bench_die("OpenClusterGroup failed");
    }
    CloseClusterGroup(group);
}

static void step_from(gpointer data, G_GNUC_UNUSED guint number)
{
    CloseCluster(GetClusterFromGroup(((Library *)data)->group));
}

static void step_malloc(G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED guint number)
{
    /* Through volatile, so that the pair is not optimised away. */
    void *volatile block = malloc(64);
    free(block);
}

static void bench_library(const char *path, guint groups)
{
    Library library = {.groups = groups};
    WCHAR wide[4096];
    DWORD length = G_N_ELEMENTS(wide);
    sqlite3 *file;
    if (ClusapiUtf8ToWide(path, wide, &length) != ERROR_SUCCESS ||
        (library.cluster = OpenCluster(wide)) == NULL ||
        (library.group = OpenClusterGroup(library.cluster, u"group-000001")) == NULL) {
        bench_die("the cluster cannot be opened");
    }
    if (sqlite3_open_v2(path, &file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK ||
        sqlite3_prepare_v2(file, "SELECT number FROM object WHERE kind = 3 AND key = ?", -1,
                           &library.select, NULL) != SQLITE_OK) {
        bench_die(sqlite3_errmsg(file));
    }
    printf("select %.1f\n", measure(step_select, &library, 20000));
    printf("open %.1f\n", measure(step_open, &library, 20000));
    printf("from %.1f\n", measure(step_from, &library, 200000));
    printf("malloc %.1f\n", measure(step_malloc, &library, 1000000));
    sqlite3_finalize(library.select);
    sqlite3_close(file);
    CloseCluster(library.cluster);
}

/* --- Files of a mount --- */

static void step_read(gpointer data, G_GNUC_UNUSED guint number)
{
    char buffer[4096];
    int file = open(data, O_RDONLY);
    if (file < 0) {
        bench_die("the file cannot be opened");
    }
    while (read(file, buffer, sizeof buffer) > 0) {
    }
    close(file);
}

/* What `ls -l` asks of each entry of a directory; nanoseconds an entry. */
static double list_once(const char *path, guint *ret_count)
{
    guint count = 0;
    gint64 begin = bench_now();
    DIR *directory = opendir(path);
    if (directory == NULL) {
        bench_die("the directory cannot be opened");
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL; count++) {
        struct stat status;
        if (fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
            bench_die(entry->d_name);
        }
    }
    closedir(directory);
    *ret_count = count;
    return (double)(bench_now() - begin) / count;
}

/* The median of listings after the first, or with @first the first alone. */
static void bench_list(const char *path, gboolean first)
{
    double rounds[ROUNDS];
    guint count;
    rounds[0] = list_once(path, &count);
    if (first) {
        printf("%.1f %u\n", rounds[0], count);
        return;
    }
    for (guint round = 0; round < ROUNDS; round++) {
        rounds[round] = list_once(path, &count);
    }
    printf("%.1f %u\n", bench_median(rounds, ROUNDS), count);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "library") == 0) {
        bench_library(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "file") == 0) {
        printf("%.1f\n", measure(step_read, argv[2], (guint)strtoul(argv[3], NULL, 10)));
    } else if (argc == 3 && strcmp(argv[1], "list") == 0) {
        bench_list(argv[2], TRUE);
    } else if (argc == 3 && strcmp(argv[1], "list-again") == 0) {
        bench_list(argv[2], FALSE);
    } else if (argc == 4 && strcmp(argv[1], "commit") == 0) {
        bench_commit(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "bare-rate") == 0) {
        bench_bare_rate(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "wake") == 0) {
        bench_wake(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 6 && strcmp(argv[1], "rate") == 0) {
        bench_rate(argv[2], argv[3], argv[4], (guint)strtoul(argv[5], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "echo") == 0) {
        bench_echo(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 5 && strcmp(argv[1], "calls") == 0) {
        bench_calls(argv[2], argv[3], (guint)strtoul(argv[4], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "connect") == 0) {
        bench_connect(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "enumerate") == 0) {
        bench_enumerate(argv[2], (guint)strtoul(argv[3], NULL, 10));
    } else if (argc == 5 && strcmp(argv[1], "clients") == 0) {
        bench_clients(argv[2], argv[3], (guint)strtoul(argv[4], NULL, 10));
    } else if (argc > 3 && strcmp(argv[1], "process") == 0) {
        bench_process(argv + 3, (guint)strtoul(argv[2], NULL, 10));
    } else if (argc == 11 && strcmp(argv[1], "told") == 0) {
        char *const watcher[] = {argv[4], argv[5], argv[6], NULL};
        bench_told(argv[2], watcher, argv + 7, (guint)strtoul(argv[3], NULL, 10));
    } else {
        bench_die("usage: bench library FILE GROUPS | file PATH STEPS | list DIRECTORY |"
                  " list-again DIRECTORY | commit DIRECTORY N | bare-rate DIRECTORY N |"
                  " wake STATE N | rate FILE GROUP EVENTS N | echo unix|tcp N |"
                  " calls CLUSTER GROUP N | connect CLUSTER N | enumerate CLUSTER N |"
                  " clients CLUSTER GROUP N | process N COMMAND... |"
                  " told FILE N BENCH-CIB PATH ID RESOURCE ATTRIBUTE VALUE VALUE");
    }
    return 0;
}
