/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parts of the engine. All that is not said to be guarded belongs to the engine's thread, and so
 * do all functions but those of errands.
 *
 * The models. `kept` is the CIB as the differences left it; `ready` says that it can be believed: the
 * connection is up and the local node has joined a cluster since. A model that is published while it
 * is not says so and has the last word: the CIB of the model before. A connection that is new gives a
 * CIB that may be as old as the disk's until the node has joined again.
 */
#pragma once

#include <crm/cib.h>

#include "engine.h"

G_BEGIN_DECLS

/* --- Errands: what another thread waits for ------------------------------------------------------ */

typedef enum {
    CL_PCMK_ERRAND_WAITING,
    CL_PCMK_ERRAND_BUSY, /* the caller's function is running: it cannot leave, unless may_leave */
    CL_PCMK_ERRAND_DONE,
    CL_PCMK_ERRAND_LEFT /* the caller is gone, and its data with it */
} ClPcmkErrandState;

typedef struct {
    gatomicrefcount references;
    void (*clear)(gpointer); /* of what it is the first member of */
    gboolean may_leave; /* the function works on nothing of the caller's; set before it is posted */
    GMutex lock;
    GCond changed;
    ClPcmkErrandState state; /* this and the next two are guarded */
    GError *error;
    void (*next)(gpointer); /* on the engine's thread */
} ClPcmkErrand;

void cl_pcmk_errand_init(ClPcmkErrand *errand, void (*clear)(gpointer));
gpointer cl_pcmk_errand_ref(gpointer errand);
void cl_pcmk_errand_unref(gpointer errand);

/* The engine's side. FALSE: the caller has left. */
gboolean cl_pcmk_errand_begin(ClPcmkErrand *errand);
void cl_pcmk_errand_pause(ClPcmkErrand *errand);
gboolean cl_pcmk_errand_has_left(ClPcmkErrand *errand);
/* @error (transfer full): NULL is success. */
void cl_pcmk_errand_end(ClPcmkErrand *errand, GError *error);

/* The caller's: until it has ended, or the call's time is over. */
gboolean cl_pcmk_errand_wait(ClPcmkErrand *errand, const ClCall *call, GError **error);

/* Has @next called on the engine's thread, with @errand. */
void cl_pcmk_errand_post(ClPcmkErrand *errand, void (*next)(gpointer));

/* --- The engine ---------------------------------------------------------------------------------- */

typedef struct {
    int admin_epoch, epoch, num_updates;
} ClPcmkVersion;

ClPcmkVersion cl_pcmk_version_of(const xmlNode *cib);
gboolean cl_pcmk_version_equal(ClPcmkVersion a, ClPcmkVersion b);

typedef struct {
    ClPcmkPublished published;
    gpointer data;
    guint64 since; /* the number of the model that was there when it began */
} ClPcmkWatcher;

typedef struct ClPcmkChange ClPcmkChange;

struct ClPcmkEngine {
    char *file; /* immutable */
    GThread *thread;
    GMainLoop *loop;

    GMutex lock; /* guards these */
    GCond changed;
    ClPcmkModel *model; /* the newest */
    GError *refused;    /* why there is none */
    GArray *watchers;   /* ClPcmkWatcher */
    guint next_watcher; /* while one is told: who comes after */
    gpointer telling;   /* its data */

    ClPcmkCorosync *corosync; /* NULL with a recorded CIB */

    /* engine-cib.c */
    cib_t *live;    /* the connection */
    xmlNode *kept;  /* NULL: nothing came yet over this connection */
    gboolean stale; /* a difference did not fit: all of it has been asked for, kept is of no use */
    gboolean patched; /* kept is not as it came, but differences were applied to it */
    gboolean ready;
    int query; /* number of the call that asks for all of it, 0: none */
    guint query_timer, retry_timer, lost_source;
    guint retry_ms;

    /* engine-settle.c */
    gboolean had_quorum;
    guint n_members;
    gboolean unsettled; /* others may have another CIB */
    gint64 settle_until;
    guint settle_timer;
    GHashTable *settle_calls; /* numbers of calls that have no answer yet */
    guint n_agreeing;         /* of those who were asked last */
    gboolean differs;
    GHashTable *fence_calls; /* likewise, of those who are asked whether nothing is on its way */
    guint fence_timer;       /* until when one of them has time to answer */

    /* engine-publish.c */
    ClPcmkModel *fresh; /* of all as it is now, if it was built yet; published or not */
    gboolean is_behind; /* what is published is not as it is now */
    gboolean hold;      /* history was deleted, and may be on its way again: gather to the end */
    guint gather_timer;
    gint64 gather_since; /* 0: nothing is being gathered */
    guint ahead_timer;   /* until what is gathered is built, in case that there is no more of it */
    gint64 published;    /* when the last model was */
    guint rest_timer;    /* until memory is given back */
    guint first_timer;   /* until when a first model waits to be one that can be believed */
    guint build_ms;      /* what the last model took */
    GPtrArray *finished; /* changes that wait for being published */
    GStrv agents;
    gint64 agents_time;

    /* engine-change.c */
    GQueue changes;     /* ClPcmkChange; the first is the one that is being made */
    gboolean in_flight; /* it has been sent */
    guint look_timer;
};

/* --- engine-cib.c --------------------------------------------------------------------------------- */

/* A copy that Pacemaker's functions can work on, which have data of their own with each node of their
 * trees. What is taken out of such a tree by others leaves that behind: cl_xml_copy() is for that. */
xmlNode *cl_pcmk_cib_copy(xmlNode *cib);
void cl_pcmk_cib_free(xmlNode *cib);
void cl_pcmk_cib_start(ClPcmkEngine *engine);
void cl_pcmk_cib_stop(ClPcmkEngine *engine);
/* Asks for the whole CIB, instead of the one that is kept. */
void cl_pcmk_cib_refresh(ClPcmkEngine *engine);
/* Gives back a call that was made, whose answer is to come here; what is no call, as it is. */
int cl_pcmk_cib_await(ClPcmkEngine *engine, int call);
/* After a status was calculated. */
void cl_pcmk_cib_await_again(ClPcmkEngine *engine);
/* Sends a patch; the number of the call, or a negative error of Pacemaker's. */
int cl_pcmk_cib_send(ClPcmkEngine *engine, xmlNode *patch, const char *user);
/* An answer did not come: is pacemaker-based still there? */
void cl_pcmk_cib_suspect(ClPcmkEngine *engine);
/* Whether the CIB can be believed now; after Corosync changed too. */
void cl_pcmk_cib_check_ready(ClPcmkEngine *engine);

/* --- engine-settle.c ------------------------------------------------------------------------------ */

/* Quorum came, or the connection; or else just another member. */
void cl_pcmk_settle_begin(ClPcmkEngine *engine, gboolean was_apart);
/* Whether it was an answer to this. */
gboolean cl_pcmk_settle_answered(ClPcmkEngine *engine, int call, int rc, const xmlNode *cib);
void cl_pcmk_settle_stop(ClPcmkEngine *engine);

/* Lets changes wait until all that was changed before, on whatever node, has come here. FALSE: there is
 * nobody else who could have changed anything. */
gboolean cl_pcmk_fence_begin(ClPcmkEngine *engine);
void cl_pcmk_fence_stop(ClPcmkEngine *engine);

/* --- engine-publish.c ----------------------------------------------------------------------------- */

/* A model of all as it is now; borrowed, NULL: there is nothing to make one of. */
ClPcmkModel *cl_pcmk_publish_build(ClPcmkEngine *engine, GError **error);
/* It is not as it was: the next model has to be built. */
void cl_pcmk_publish_outdate(ClPcmkEngine *engine);
void cl_pcmk_publish_soon(ClPcmkEngine *engine);
/* The first one: soon, or when it can be believed. */
void cl_pcmk_publish_first(ClPcmkEngine *engine);
void cl_pcmk_publish_now(ClPcmkEngine *engine);
/* Ends @change when what is kept now is published: at once, unless history is being rewritten. */
void cl_pcmk_publish_for(ClPcmkEngine *engine, ClPcmkChange *change);
/* There is no model, and why (transfer full). */
void cl_pcmk_publish_refusal(ClPcmkEngine *engine, GError *error);
void cl_pcmk_publish_clear(ClPcmkEngine *engine);

/* --- engine-change.c ------------------------------------------------------------------------------ */

/* Goes on with the changes that wait: the CIB is newer, can be believed, or the connection is gone. */
void cl_pcmk_changes_go_on(ClPcmkEngine *engine);
/* @rc as pacemaker-based sent it. */
void cl_pcmk_changes_answered(ClPcmkEngine *engine, int call, int rc);
/* The one whose answer is to come; 0: none. */
int cl_pcmk_changes_call(const ClPcmkEngine *engine);
void cl_pcmk_changes_lost(ClPcmkEngine *engine);
void cl_pcmk_changes_clear(ClPcmkEngine *engine);

/* --- engine-patch.c ------------------------------------------------------------------------------- */

/* What makes @edited out of @cib, as Pacemaker's patches are (transfer full, cl_xml_free()); NULL: they
 * are equal. */
xmlNode *cl_pcmk_patch_new(xmlNode *cib, xmlNode *edited);
/* Whether Pacemaker can take it as it is: what would break its messages breaks the CIB of all nodes.
 * ERROR_INVALID_DATA. */
gboolean cl_pcmk_patch_check(const xmlNode *patch, GError **error);
/* Whether all that a patch does is so in @cib. */
gboolean cl_pcmk_patch_is_in(const xmlNode *patch, xmlNode *cib);
/* Whether what it makes has the version of what it was made of, as where another CIB replaced one. */
gboolean cl_pcmk_patch_keeps_version(const xmlNode *patch);
/* Whether it takes anything out of the status. */
gboolean cl_pcmk_patch_deletes_status(const xmlNode *patch);

G_END_DECLS
