/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors of ports that calls wait at, all in one epoll set, which is one source of the main
 * context. All but the nudge is on its thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct ClusapidWatch ClusapidWatch;

/* The first member of what is watched. */
typedef struct ClusapidWatched {
    /* The descriptor is readable, or there was a nudge. It may remove any. */
    void (*ready)(struct ClusapidWatched *watched);
} ClusapidWatched;

ClusapidWatch *clusapid_watch_new(GMainContext *context);
void clusapid_watch_free(ClusapidWatch *watch);

/* FALSE: the kernel has no room. */
gboolean clusapid_watch_add(ClusapidWatch *watch, ClusapidWatched *watched, int descriptor);

/* @descriptor -1: it is closed already. */
void clusapid_watch_remove(ClusapidWatch *watch, ClusapidWatched *watched, int descriptor);

/* Has everything be looked at; any thread. */
void clusapid_watch_nudge(ClusapidWatch *watch);

G_END_DECLS
