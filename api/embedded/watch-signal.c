/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch-signal.h"

#include <sys/inotify.h>
#include <unistd.h>

/* IN_ATTRIB comes when the file loses its name, while a writer still has it open. */
#define OF_FILE      (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_DONT_FOLLOW)
#define OF_DIRECTORY (IN_CREATE | IN_MOVED_TO | IN_ONLYDIR)
/* Of the cluster's own file not what is written. */
#define OF_NAME (IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)

void cl_signal_watch_init(ClSignalWatch *watch, char *path, const char *cluster)
{
    *watch = (ClSignalWatch){.path = path,
                             .cluster = g_strdup(cluster),
                             .log = g_strconcat(cluster, "-wal", NULL),
                             .inotify = -1,
                             .file = -1,
                             .directory = -1,
                             .name = -1,
                             .log_inotify = -1,
                             .of_log = -1};
}

void cl_signal_watch_clear(ClSignalWatch *watch)
{
    if (watch->inotify >= 0) {
        close(watch->inotify);
    }
    if (watch->log_inotify >= 0) {
        close(watch->log_inotify);
    }
    g_free(watch->path);
    g_free(watch->cluster);
    g_free(watch->log);
}

/* The directory first: a file that is made in between wakes. */
static void watch_directory(ClSignalWatch *watch)
{
    g_autofree char *directory = g_path_get_dirname(watch->path);
    watch->directory = inotify_add_watch(watch->inotify, directory, OF_DIRECTORY);
}

static void watch_cluster(ClSignalWatch *watch)
{
    if (watch->name < 0) {
        watch->name = inotify_add_watch(watch->inotify, watch->cluster, OF_NAME);
    }
    if (watch->log_inotify < 0) {
        watch->log_inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    }
    if (watch->log_inotify >= 0 && watch->of_log < 0) {
        watch->of_log = inotify_add_watch(watch->log_inotify, watch->log, OF_FILE);
    }
}

gboolean cl_signal_watch_sees_all(const ClSignalWatch *watch)
{
    return (watch->file >= 0 || watch->directory >= 0) && watch->name >= 0 && watch->of_log >= 0;
}

gboolean cl_signal_watch_arm(ClSignalWatch *watch)
{
    if (watch->inotify < 0) {
        watch->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    }
    if (watch->inotify < 0) {
        return FALSE;
    }
    if (watch->file < 0) {
        watch->file = inotify_add_watch(watch->inotify, watch->path, OF_FILE);
    }
    if (watch->file < 0) {
        watch_directory(watch);
        watch->file = inotify_add_watch(watch->inotify, watch->path, OF_FILE);
    }
    if (watch->file >= 0 && watch->directory >= 0) {
        (void)inotify_rm_watch(watch->inotify, watch->directory);
        watch->directory = -1;
    }
    watch_cluster(watch);
    return watch->file >= 0 || watch->directory >= 0;
}

/* What is at the path of a watch may be another file by now. */
static void take_note(int inotify, int *watched, const struct inotify_event *event)
{
    if (event->wd == *watched && (event->mask & ~(guint32)IN_MODIFY) != 0) {
        if (!(event->mask & IN_IGNORED)) {
            (void)inotify_rm_watch(inotify, *watched);
        }
        *watched = -1;
    }
}

/* Takes note for both; whether there was any. */
static gboolean drain(int inotify, int *first, int *second)
{
    char buffer[4096] __attribute__((aligned(8)));
    ssize_t size;
    gboolean any = FALSE;
    while (inotify >= 0 && (size = read(inotify, buffer, sizeof buffer)) > 0) {
        any = TRUE;
        for (const char *at = buffer; at < buffer + size;) {
            const struct inotify_event *event = (const struct inotify_event *)(gconstpointer)at;
            take_note(inotify, first, event);
            take_note(inotify, second, event);
            at += sizeof *event + event->len;
        }
    }
    return any;
}

void cl_signal_watch_drain(ClSignalWatch *watch)
{
    (void)drain(watch->inotify, &watch->file, &watch->name);
}

gboolean cl_signal_watch_drain_log(ClSignalWatch *watch)
{
    return drain(watch->log_inotify, &watch->of_log, &watch->of_log);
}
