/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct ClusapidWatch {
    int epoll;
    int nudge; /* readable: look at all */
    GSource *source;
    GHashTable *waiting; /* a set of ClusapidWatched */
};

static void look_at_all(const ClusapidWatch *watch)
{
    g_autoptr(GList) all = g_hash_table_get_keys(watch->waiting);
    for (const GList *each = all; each; each = each->next) {
        ClusapidWatched *watched = each->data;
        if (g_hash_table_contains(watch->waiting, watched)) {
            watched->ready(watched);
        }
    }
}

/* One at a time, as others may go with it. */
static gboolean on_ready(G_GNUC_UNUSED gint fd, G_GNUC_UNUSED GIOCondition condition,
                         gpointer user_data)
{
    const ClusapidWatch *watch = user_data;
    struct epoll_event event;
    guint64 nudges;
    if (epoll_wait(watch->epoll, &event, 1, 0) != 1) {
        return G_SOURCE_CONTINUE;
    }
    ClusapidWatched *watched = event.data.ptr;
    if (watched) {
        watched->ready(watched);
    } else if (read(watch->nudge, &nudges, sizeof nudges) == sizeof nudges) {
        look_at_all(watch);
    }
    return G_SOURCE_CONTINUE;
}

ClusapidWatch *clusapid_watch_new(GMainContext *context)
{
    ClusapidWatch *watch = g_new0(ClusapidWatch, 1);
    struct epoll_event event = {.events = EPOLLIN};
    watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch->nudge = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (watch->epoll < 0 || watch->nudge < 0 ||
        epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->nudge, &event) != 0) {
        g_error("no events can be waited for: %s", g_strerror(errno));
    }
    watch->waiting = g_hash_table_new(NULL, NULL);
    watch->source = g_unix_fd_source_new(watch->epoll, G_IO_IN);
    g_source_set_callback(watch->source, (GSourceFunc)(gpointer)on_ready, watch, NULL);
    g_source_attach(watch->source, context);
    return watch;
}

void clusapid_watch_free(ClusapidWatch *watch)
{
    g_source_destroy(watch->source);
    g_source_unref(watch->source);
    close(watch->nudge);
    close(watch->epoll);
    g_hash_table_unref(watch->waiting);
    g_free(watch);
}

gboolean clusapid_watch_add(ClusapidWatch *watch, ClusapidWatched *watched, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watched};
    if (epoll_ctl(watch->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
        return FALSE;
    }
    g_hash_table_add(watch->waiting, watched);
    return TRUE;
}

void clusapid_watch_remove(ClusapidWatch *watch, ClusapidWatched *watched, int descriptor)
{
    g_hash_table_remove(watch->waiting, watched);
    if (descriptor >= 0) {
        (void)epoll_ctl(watch->epoll, EPOLL_CTL_DEL, descriptor, NULL);
    }
}

void clusapid_watch_nudge(ClusapidWatch *watch)
{
    const guint64 nudge = 1;
    if (write(watch->nudge, &nudge, sizeof nudge) != sizeof nudge) {
        g_debug("no nudge");
    }
}
