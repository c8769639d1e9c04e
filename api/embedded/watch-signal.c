/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch-signal.h"

#include <sys/inotify.h>
#include <unistd.h>

/* IN_ATTRIB comes when the file loses its name, while a writer still has it open. */
#define OF_FILE      (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_DONT_FOLLOW)
#define OF_DIRECTORY (IN_CREATE | IN_MOVED_TO | IN_ONLYDIR)

void cl_signal_watch_init(ClSignalWatch *watch, char *path)
{
    *watch = (ClSignalWatch){path, -1, -1, -1};
}

void cl_signal_watch_clear(ClSignalWatch *watch)
{
    if (watch->inotify >= 0) {
        close(watch->inotify);
    }
    g_free(watch->path);
}

/* The directory first: a file that is made in between wakes. */
static void watch_directory(ClSignalWatch *watch)
{
    g_autofree char *directory = g_path_get_dirname(watch->path);
    watch->directory = inotify_add_watch(watch->inotify, directory, OF_DIRECTORY);
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
    return watch->file >= 0 || watch->directory >= 0;
}

/* The file at the path may be another one by now. */
static void take_note(ClSignalWatch *watch, const struct inotify_event *event)
{
    if (event->wd == watch->file && (event->mask & ~(guint32)IN_MODIFY) != 0) {
        if (!(event->mask & IN_IGNORED)) {
            (void)inotify_rm_watch(watch->inotify, watch->file);
        }
        watch->file = -1;
    }
}

void cl_signal_watch_drain(ClSignalWatch *watch)
{
    char buffer[4096] __attribute__((aligned(8)));
    ssize_t size;
    while (watch->inotify >= 0 && (size = read(watch->inotify, buffer, sizeof buffer)) > 0) {
        for (const char *at = buffer; at < buffer + size;) {
            const struct inotify_event *event = (const struct inotify_event *)(gconstpointer)at;
            take_note(watch, event);
            at += sizeof *event + event->len;
        }
    }
}
