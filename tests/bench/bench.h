/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the measurements share, and those that are in files of their own.
 */
#pragma once

#include <glib.h>

/* Nanoseconds, the same clock in all processes. */
gint64 bench_now(void);
double bench_median(double *values, guint count);
void bench_die(const char *what) G_GNUC_NORETURN;

/* remote.c */
void bench_echo(const char *kind, guint n);
void bench_calls(const char *name, const char *group_name, guint n);
void bench_connect(const char *name, guint n);
void bench_enumerate(const char *name, guint n);
void bench_clients(const char *name, const char *group_name, guint n);

/* acting.c */
void bench_commit(const char *directory, guint n);
void bench_bare_rate(const char *directory, guint n);
void bench_wake(const char *path, guint n);
void bench_rate(const char *cluster_path, const char *group_name, const char *events, guint n);

/* pacemaker.c */
void bench_process(char *const *command, guint n);
void bench_told(const char *path, char *const *watcher, char *const *names, guint n);
