/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What wakes a watcher when a writer touches the side file of its cluster: an inotify watch of that
 * file or, while it is not there, of its directory. A writer that dies before it does so has written
 * the log, which is watched too: what is written there may take a moment until readers see it. Used
 * by one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *path;
    char *cluster, *log; /* the paths of the cluster's own file, and of its log */
    int inotify;         /* to be polled; -1: there is none to be had */
    int file;            /* watch descriptors; -1: none */
    int directory;       /* only while there is none of the file */
    int name;            /* of the cluster's own file, that it keeps its name */
    int log_inotify;     /* likewise to be polled */
    int of_log;
} ClSignalWatch;

/* Takes @path, that of the side file. */
void cl_signal_watch_init(ClSignalWatch *watch, char *path, const char *cluster);
void cl_signal_watch_clear(ClSignalWatch *watch);

/* Watches what there is now; FALSE if nothing would tell of a change. What changed before must be
 * looked for afterwards. */
gboolean cl_signal_watch_arm(ClSignalWatch *watch);

/* Whether all that may happen would be told of, since it was armed. */
gboolean cl_signal_watch_sees_all(const ClSignalWatch *watch);

/* Takes note of what was told, so that it can be polled again. */
void cl_signal_watch_drain(ClSignalWatch *watch);

/* Likewise of the log; whether somebody has written there. */
gboolean cl_signal_watch_drain_log(ClSignalWatch *watch);

G_END_DECLS
