/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread of the least priority that spins for a short while after a request, unless something
 * else wants its processor. A processor that looks idle attracts whichever of the caller and the
 * loop is woken next, and being woken on another processor, out of its sleep, costs several times
 * what a small request does. While no processor looks idle both stay on one. The thread sleeps as
 * soon as no requests come.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct FsSpinner FsSpinner;

/* Spins for @usec microseconds after each request; 0 or a single processor: never. NULL if the
 * thread could not be started. */
FsSpinner *fs_spinner_new(guint usec);
void fs_spinner_free(FsSpinner *spinner);

/* A request came, at @now by g_get_monotonic_time(). For one thread. */
void fs_spinner_touch(FsSpinner *spinner, gint64 now);

G_END_DECLS
