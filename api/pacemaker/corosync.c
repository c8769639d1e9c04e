/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread follows Corosync: its libraries wait without a limit for an answer, which one that was
 * stopped does not give, and the engine must not wait with them. The thread sleeps until a
 * descriptor of Corosync, or the kernel's of network interfaces, has something; then it asks for
 * all facts anew and puts them where cl_pcmk_corosync_facts() finds them.
 *
 * The lock guards what both sides use. If a call does not come back the thread is left behind: it
 * has its own reference, and ends when the call does.
 */
#include "corosync-internal.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define SETTLE_MS 20  /* what belongs together is told in several pieces */
#define AGAIN_MS  100 /* Corosync was busy */
/* What changed is asked for again then: of a link that goes down and up between two of Corosync's own
 * looks nobody tells. */
#define VERIFY_MS 2000
/* As often a quorum device is looked at: of its vote, while there is quorum without it, nobody tells. */
#define DEVICE_MS   500
#define RETRY_MS    100  /* until it is tried to connect again, the first time; */
#define RETRIES_MS  1000 /* and at most */
#define PATIENCE_MS 800  /* that an answer takes, before Corosync counts as gone */

struct ClPcmkCorosync {
    gatomicrefcount references; /* of the owner and of the thread */
    int wake;

    GMutex lock;
    GCond ended_condition;
    ClPcmkCorosyncFacts *facts;
    gint64 busy_since; /* of the call that the thread is in, 0: in none */
    gboolean stopping, ended;
    GMainContext *context;
    void (*changed)(gpointer);
    gpointer data;

    /* of the thread */
    ClPcmkSession *session;
    int links;
    guint retry_ms;
    gboolean dirty;
    gint64 verify_until; /* all is asked again until then */
    gboolean has_device; /* a quorum device */
};

static void corosync_unref(gpointer data)
{
    ClPcmkCorosync *corosync = data;
    if (!g_atomic_ref_count_dec(&corosync->references)) {
        return;
    }
    cl_pcmk_corosync_facts_unref(corosync->facts);
    g_main_context_unref(corosync->context);
    g_mutex_clear(&corosync->lock);
    g_cond_clear(&corosync->ended_condition);
    (void)close(corosync->wake);
    g_free(corosync);
}

static ClPcmkCorosync *corosync_ref(ClPcmkCorosync *corosync)
{
    g_atomic_ref_count_inc(&corosync->references);
    return corosync;
}

/* --- Telling ------------------------------------------------------------------------------------ */

/* On the engine's thread, as cl_pcmk_corosync_free() is: after that nothing is told. */
static gboolean tell(gpointer data)
{
    ClPcmkCorosync *corosync = data;
    g_mutex_lock(&corosync->lock);
    gboolean stopping = corosync->stopping;
    g_mutex_unlock(&corosync->lock);
    if (!stopping) {
        corosync->changed(corosync->data);
    }
    return G_SOURCE_REMOVE;
}

static GSource *tell_after(ClPcmkCorosync *corosync, guint milliseconds)
{
    GSource *source = milliseconds > 0 ? g_timeout_source_new(milliseconds) : g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(source, tell, corosync_ref(corosync), corosync_unref);
    g_source_attach(source, corosync->context);
    return source;
}

/* Whether they are others than before. */
static gboolean put(ClPcmkCorosync *corosync, ClPcmkCorosyncFacts *facts)
{
    g_mutex_lock(&corosync->lock);
    gboolean equal = cl_pcmk_corosync_facts_equal(corosync->facts, facts);
    ClPcmkCorosyncFacts *former = corosync->facts;
    corosync->facts = facts;
    g_mutex_unlock(&corosync->lock);
    cl_pcmk_corosync_facts_unref(former);
    if (!equal) {
        g_source_unref(tell_after(corosync, 0));
    }
    return !equal;
}

/* The last word, with the difference that Corosync is gone. */
static ClPcmkCorosyncFacts *without_corosync(const ClPcmkCorosyncFacts *former)
{
    ClPcmkCorosyncFacts *facts = cl_pcmk_corosync_facts_new();
    facts->cluster_name = g_strdup(former->cluster_name);
    facts->device_model = g_strdup(former->device_model);
    facts->device_host = g_strdup(former->device_host);
    facts->expected_votes = former->expected_votes;
    for (guint i = 0; i < former->members->len; i++) {
        const ClPcmkMember *member = former->members->pdata[i];
        ClPcmkMember *copy = g_memdup2(member, sizeof(*member));
        copy->name = g_strdup(member->name);
        copy->member = FALSE;
        for (guint link = 0; link < CL_PCMK_LINKS_MAX; link++) {
            copy->links[link].address = g_strdup(member->links[link].address);
            copy->links[link].connected = FALSE;
        }
        g_ptr_array_add(facts->members, copy);
    }
    return facts;
}

/* --- The thread --------------------------------------------------------------------------------- */

/* From here to leave() a call may hang, which is told when it lasts. */
static GSource *enter(ClPcmkCorosync *corosync)
{
    g_mutex_lock(&corosync->lock);
    corosync->busy_since = g_get_monotonic_time();
    g_mutex_unlock(&corosync->lock);
    return tell_after(corosync, PATIENCE_MS + 1);
}

static void leave(ClPcmkCorosync *corosync, GSource *watch)
{
    g_mutex_lock(&corosync->lock);
    gboolean was_late = g_get_monotonic_time() - corosync->busy_since > PATIENCE_MS * 1000;
    corosync->busy_since = 0;
    g_mutex_unlock(&corosync->lock);
    g_source_destroy(watch);
    g_source_unref(watch);
    if (was_late) {
        g_source_unref(tell_after(corosync, 0));
    }
}

static void lose(ClPcmkCorosync *corosync)
{
    g_clear_pointer(&corosync->session, cl_pcmk_session_free);
    corosync->retry_ms = RETRY_MS;
    corosync->dirty = FALSE;
    (void)put(corosync, without_corosync(corosync->facts));
}

/* How long until it is to be looked again, -1: until something is told. */
static int connect_again(ClPcmkCorosync *corosync)
{
    GSource *watch = enter(corosync);
    corosync->session = cl_pcmk_session_new();
    leave(corosync, watch);
    if (corosync->session != NULL) {
        corosync->dirty = TRUE;
        return 0;
    }
    int wait = (int)corosync->retry_ms;
    corosync->retry_ms = MIN(corosync->retry_ms * 2, RETRIES_MS);
    return wait;
}

static int after(ClPcmkCorosync *corosync, ClPcmkSessionResult result)
{
    if (result == CL_PCMK_SESSION_LOST) {
        lose(corosync);
        return RETRY_MS;
    }
    if (result == CL_PCMK_SESSION_AGAIN) {
        corosync->dirty = TRUE;
        return AGAIN_MS;
    }
    gint64 left = corosync->verify_until - g_get_monotonic_time();
    int verify = left > 0 ? (int)(left / 1000) + 1 : -1;
    return !corosync->has_device ? verify : verify < 0 ? DEVICE_MS : MIN(verify, DEVICE_MS);
}

static int ask_device(ClPcmkCorosync *corosync)
{
    GSource *watch = enter(corosync);
    ClPcmkSessionResult result = cl_pcmk_session_ask_device(corosync->session, &corosync->dirty);
    leave(corosync, watch);
    return result == CL_PCMK_SESSION_OK && corosync->dirty ? 0 : after(corosync, result);
}

static int ask(ClPcmkCorosync *corosync)
{
    gint64 now = g_get_monotonic_time();
    if (corosync->has_device && !corosync->dirty && now >= corosync->verify_until) {
        return ask_device(corosync);
    }
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts_new();
    GSource *watch = enter(corosync);
    corosync->dirty = FALSE;
    ClPcmkSessionResult result = cl_pcmk_session_ask(corosync->session, facts);
    if (result == CL_PCMK_SESSION_OK) {
        result = cl_pcmk_session_track_links(corosync->session, facts);
    }
    leave(corosync, watch);
    if (result == CL_PCMK_SESSION_OK) {
        cl_pcmk_links_add_local(facts);
        corosync->has_device = facts->device_model != NULL;
        if (put(corosync, g_steal_pointer(&facts))) {
            corosync->verify_until = now + VERIFY_MS * 1000;
        }
    }
    return after(corosync, result);
}

/* Waits for at most @milliseconds. */
static void wait_for(ClPcmkCorosync *corosync, int milliseconds)
{
    struct pollfd fds[CL_PCMK_SESSION_FDS + 2];
    nfds_t n = 2;
    fds[0] = (struct pollfd){.fd = corosync->wake, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = corosync->links, .events = POLLIN};
    if (corosync->session != NULL) {
        cl_pcmk_session_poll(corosync->session, fds + 2);
        n += CL_PCMK_SESSION_FDS;
    }
    if (poll(fds, n, milliseconds) <= 0) {
        return;
    }
    if (fds[1].revents != 0) {
        cl_pcmk_links_drain(corosync->links);
        corosync->dirty = TRUE;
    }
    if (corosync->session != NULL) {
        gboolean told = FALSE;
        GSource *watch = enter(corosync);
        ClPcmkSessionResult result = cl_pcmk_session_dispatch(corosync->session, fds + 2, &told);
        leave(corosync, watch);
        corosync->dirty |= told;
        if (result == CL_PCMK_SESSION_LOST) {
            lose(corosync);
        }
    }
}

static gboolean is_stopping(ClPcmkCorosync *corosync)
{
    g_mutex_lock(&corosync->lock);
    gboolean stopping = corosync->stopping;
    g_mutex_unlock(&corosync->lock);
    return stopping;
}

static gpointer follow(gpointer data)
{
    ClPcmkCorosync *corosync = data;
    gint64 due = 0; /* when to connect or to ask; -1: not by itself */
    while (!is_stopping(corosync)) {
        gint64 now = g_get_monotonic_time();
        if (due >= 0 && now >= due) {
            int wait = corosync->session == NULL ? connect_again(corosync) : ask(corosync);
            due = wait < 0 ? -1 : g_get_monotonic_time() + wait * 1000;
            continue;
        }
        gboolean had_session = corosync->session != NULL;
        wait_for(corosync, due < 0 ? -1 : (int)((due - now) / 1000) + 1);
        if (had_session && corosync->session == NULL) {
            due = g_get_monotonic_time() + RETRY_MS * 1000;
        } else if (corosync->session != NULL && corosync->dirty) {
            gint64 soon = g_get_monotonic_time() + SETTLE_MS * 1000;
            due = due < 0 ? soon : MIN(due, soon);
        }
    }
    g_clear_pointer(&corosync->session, cl_pcmk_session_free);
    if (corosync->links >= 0) {
        (void)close(corosync->links);
    }
    g_mutex_lock(&corosync->lock);
    corosync->ended = TRUE;
    g_cond_broadcast(&corosync->ended_condition);
    g_mutex_unlock(&corosync->lock);
    corosync_unref(corosync);
    return NULL;
}

/* --- For the engine ----------------------------------------------------------------------------- */

ClPcmkCorosync *cl_pcmk_corosync_new(GMainContext *context, void (*changed)(gpointer),
                                     gpointer data)
{
    ClPcmkCorosync *corosync = g_new0(ClPcmkCorosync, 1);
    g_atomic_ref_count_init(&corosync->references);
    g_mutex_init(&corosync->lock);
    g_cond_init(&corosync->ended_condition);
    corosync->context = g_main_context_ref(context != NULL ? context : g_main_context_default());
    corosync->changed = changed;
    corosync->data = data;
    corosync->facts = cl_pcmk_corosync_facts_new();
    corosync->retry_ms = RETRY_MS;
    corosync->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    corosync->links = cl_pcmk_links_open();
    g_thread_unref(g_thread_new("corosync", follow, corosync_ref(corosync)));
    return corosync;
}

void cl_pcmk_corosync_free(ClPcmkCorosync *corosync)
{
    const guint64 one = 1;
    gint64 until = g_get_monotonic_time() + G_TIME_SPAN_SECOND;
    g_mutex_lock(&corosync->lock);
    corosync->stopping = TRUE;
    (void)!write(corosync->wake, &one, sizeof(one));
    while (!corosync->ended &&
           g_cond_wait_until(&corosync->ended_condition, &corosync->lock, until)) {
    }
    g_mutex_unlock(&corosync->lock);
    corosync_unref(corosync);
}

ClPcmkCorosyncFacts *cl_pcmk_corosync_facts(ClPcmkCorosync *corosync)
{
    g_mutex_lock(&corosync->lock);
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts_ref(corosync->facts);
    gboolean hangs = corosync->busy_since != 0 && g_get_monotonic_time() - corosync->busy_since >
                                                      PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    g_mutex_unlock(&corosync->lock);
    return hangs ? without_corosync(facts) : g_steal_pointer(&facts);
}
