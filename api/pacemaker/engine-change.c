/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changes, one after the other. Each is a patch of the CIB that pacemaker-based applies if the CIB is
 * still of the epoch that was edited, else refuses; then it is edited again.
 *
 * Where no answer says what became of a patch (the connection broke, or the local node was just
 * getting another's CIB) the newer CIB is looked at: either all that the patch does is so in it, or
 * the change is made again. Until then it waits, to its deadline.
 *
 * What has nothing to change is looked at once more when all that others did has come.
 */
#include "engine-internal.h"

#include <errno.h>

#include "attributes.h"
#include "xml.h"

#define REFUSALS_MAX 5 /* of a patch that was made of the newest CIB */
#define LOOK_MS      200

struct ClPcmkChange {
    ClPcmkErrand errand;
    ClPcmkEngine *engine;
    ClPcmkEdit edit;
    gpointer data;
    char *user;

    xmlNode *patch;       /* as it was sent */
    ClPcmkVersion source; /* of what it was made */
    int call;
    gboolean is_uncertain; /* whether it was applied */
    guint n_refused;       /* although it was made of the newest */
    gboolean is_confirmed; /* nothing was on its way here that it would have to be seen with */
};

static void change_clear(gpointer data)
{
    ClPcmkChange *change = data;
    g_free(change->user);
}

static void forget_patch(ClPcmkChange *change)
{
    g_clear_pointer(&change->patch, cl_xml_free);
    change->is_uncertain = FALSE;
}

/* --- The end of one ---------------------------------------------------------------------------------- */

/* The first is none of the queue's any more; its reference is the caller's. */
static ClPcmkChange *take_first(ClPcmkEngine *engine)
{
    ClPcmkChange *change = g_queue_pop_head(&engine->changes);
    engine->in_flight = FALSE;
    forget_patch(change);
    return change;
}

static void fail(ClPcmkEngine *engine, GError *error)
{
    ClPcmkChange *change = take_first(engine);
    cl_pcmk_errand_end(&change->errand, error);
    cl_pcmk_errand_unref(change);
}

static void fail_with(ClPcmkEngine *engine, DWORD code, const char *message)
{
    GError *error = NULL;
    (void)cl_fail(&error, code, "%s", message);
    fail(engine, error);
}

static void succeed(ClPcmkEngine *engine)
{
    cl_pcmk_publish_for(engine, take_first(engine));
}

/* What else pacemaker-based may say. */
static DWORD code_of(int rc)
{
    switch (-rc) {
    case EACCES:
    case EPERM:
        return ERROR_ACCESS_DENIED;
    case pcmk_err_schema_validation:
    case pcmk_err_transform_failed:
        return ERROR_INVALID_DATA;
    case pcmk_err_no_quorum:
        return ERROR_CLUSTER_NO_QUORUM;
    case ENOSPC:
        return ERROR_DISK_FULL;
    case ENOTCONN:
    case ECOMM:
        return ERROR_CLUSTER_NODE_DOWN;
    case ETIME:
    case ETIMEDOUT:
        return ERROR_TIMEOUT;
    default:
        return ERROR_GEN_FAILURE;
    }
}

/* --- Making one ---------------------------------------------------------------------------------------- */

static gboolean is_newest(ClPcmkEngine *engine, const ClPcmkChange *change)
{
    return cl_pcmk_version_equal(change->source, cl_pcmk_version_of(engine->kept));
}

/* As if there always were one: then it acts, and so may who uses it. */
static gboolean ignores_quorum(const xmlNode *cib)
{
    g_autoptr(GArray) options =
        cl_pcmk_pairs(cl_xml_at(cib, "configuration/crm_config"), CL_PCMK_CONFIG);
    const char *policy = cl_pcmk_pairs_value(options, "no-quorum-policy");
    return policy && g_ascii_strcasecmp(policy, "ignore") == 0;
}

static gboolean may_change(ClPcmkEngine *engine, GError **error)
{
    if (engine->corosync == NULL) {
        return cl_fail(error, ERROR_WRITE_PROTECT, "a recorded CIB is only read");
    }
    if (engine->live == NULL) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "Pacemaker does not run");
    }
    if (!engine->ready) {
        return cl_fail(error, ERROR_CLUSTER_NODE_NOT_READY, "the node is joining its cluster");
    }
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts(engine->corosync);
    if (!facts->running) {
        return cl_fail(error, ERROR_CLUSTER_NODE_DOWN, "Corosync does not answer");
    }
    return facts->quorate || ignores_quorum(engine->kept) ||
           cl_fail(error, ERROR_CLUSTER_NO_QUORUM, "there is no quorum");
}

/* The edit of a caller that is still there; FALSE: it refused, or there is no model to show it. */
static gboolean edit(ClPcmkEngine *engine, ClPcmkChange *change, GError **error)
{
    ClPcmkModel *model = cl_pcmk_publish_build(engine, error);
    if (model == NULL) {
        return FALSE;
    }
    xmlNode *copy = cl_xml_copy(engine->kept);
    gboolean done = change->edit(copy, model, change->data, error);
    if (done) {
        change->source = cl_pcmk_version_of(engine->kept);
        change->patch = cl_pcmk_patch_new(engine->kept, copy);
    }
    cl_xml_free(copy);
    if (done && change->patch != NULL && !cl_pcmk_patch_check(change->patch, error)) {
        forget_patch(change);
        done = FALSE;
    }
    return done;
}

static void send(ClPcmkEngine *engine, ClPcmkChange *change)
{
    change->call = cl_pcmk_cib_send(engine, change->patch, change->user);
    engine->in_flight = change->call > 0;
    if (!engine->in_flight) {
        int rc = change->call;
        fail_with(engine, code_of(rc), pcmk_strerror(rc));
        cl_pcmk_cib_suspect(engine);
    }
}

static void make(ClPcmkEngine *engine, ClPcmkChange *change)
{
    GError *error = NULL;
    if (!cl_pcmk_errand_begin(&change->errand)) {
        cl_pcmk_errand_unref(take_first(engine));
        return;
    }
    gboolean made = may_change(engine, &error) && edit(engine, change, &error);
    cl_pcmk_errand_pause(&change->errand);
    if (!made && engine->stale) {
        g_clear_error(&error); /* the copy was of no use: it is edited again */
    } else if (!made) {
        fail(engine, error);
    } else if (change->patch != NULL) {
        send(engine, change);
    } else if (change->is_confirmed || !cl_pcmk_fence_begin(engine)) {
        succeed(engine);
    } else {
        change->is_confirmed = TRUE;
    }
}

/* Whether the first is to wait for a CIB. */
static gboolean has_to_wait(const ClPcmkEngine *engine, const ClPcmkChange *first)
{
    return engine->lost_source != 0 || engine->stale || engine->fence_timer != 0 ||
           (engine->ready && engine->unsettled) || (first->is_uncertain && !engine->ready);
}

/* Of those that come after one that waits none has been sent. */
static void refuse_others(ClPcmkEngine *engine)
{
    GError *error = NULL;
    while (g_queue_get_length(&engine->changes) > 1 && !may_change(engine, &error)) {
        ClPcmkChange *change = g_queue_pop_tail(&engine->changes);
        cl_pcmk_errand_end(&change->errand, g_steal_pointer(&error));
        cl_pcmk_errand_unref(change);
    }
}

void cl_pcmk_changes_go_on(ClPcmkEngine *engine)
{
    ClPcmkChange *first;
    while (!engine->in_flight && (first = g_queue_peek_head(&engine->changes)) != NULL &&
           !has_to_wait(engine, first)) {
        if (first->is_uncertain && cl_pcmk_patch_is_in(first->patch, engine->kept)) {
            succeed(engine);
        } else {
            forget_patch(first);
            make(engine, first);
        }
    }
    refuse_others(engine);
}

/* --- What became of it ------------------------------------------------------------------------------------ */

static gboolean on_look(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->look_timer = 0;
    cl_pcmk_cib_refresh(engine);
    return G_SOURCE_REMOVE;
}

/* Another CIB is on its way: what is kept is not to be edited any more. */
static void look_later(ClPcmkEngine *engine, ClPcmkChange *change)
{
    change->is_uncertain = TRUE;
    engine->stale = TRUE;
    if (engine->look_timer == 0) {
        engine->look_timer = g_timeout_add(LOOK_MS, on_look, engine);
    }
}

static void refused(ClPcmkEngine *engine, ClPcmkChange *change)
{
    if (is_newest(engine, change) && !engine->stale) {
        if (++change->n_refused >= REFUSALS_MAX) {
            fail_with(engine, ERROR_GEN_FAILURE, "Pacemaker cannot apply the change");
        } else {
            cl_pcmk_cib_refresh(engine);
        }
    }
    cl_pcmk_changes_go_on(engine);
}

static void accepted(ClPcmkEngine *engine, ClPcmkChange *change)
{
    if (is_newest(engine, change) || engine->stale) {
        /* Its difference has not come, or did not fit. */
        change->is_uncertain = TRUE;
        cl_pcmk_cib_refresh(engine);
    } else {
        succeed(engine);
    }
    cl_pcmk_changes_go_on(engine);
}

void cl_pcmk_changes_answered(ClPcmkEngine *engine, int call, int rc)
{
    ClPcmkChange *first = g_queue_peek_head(&engine->changes);
    if (!engine->in_flight || call != first->call) {
        return; /* who asked has left */
    }
    engine->in_flight = FALSE;
    switch (rc) {
    case pcmk_ok:
        accepted(engine, first);
        break;
    case -pcmk_err_old_data:
    case -pcmk_err_diff_failed:
        refused(engine, first);
        break;
    case -pcmk_err_diff_resync:
        look_later(engine, first);
        break;
    default:
        fail_with(engine, code_of(rc), pcmk_strerror(rc));
        cl_pcmk_changes_go_on(engine);
    }
}

int cl_pcmk_changes_call(const ClPcmkEngine *engine)
{
    const ClPcmkChange *first = g_queue_peek_head((GQueue *)&engine->changes);
    return engine->in_flight ? first->call : 0;
}

void cl_pcmk_changes_lost(ClPcmkEngine *engine)
{
    ClPcmkChange *first = g_queue_peek_head(&engine->changes);
    g_clear_handle_id(&engine->look_timer, g_source_remove);
    if (engine->in_flight) {
        first->is_uncertain = TRUE;
        engine->in_flight = FALSE;
    }
    cl_pcmk_changes_go_on(engine);
}

void cl_pcmk_changes_clear(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->look_timer, g_source_remove);
    while (!g_queue_is_empty(&engine->changes)) {
        fail_with(engine, ERROR_CLUSTER_NODE_DOWN, "the engine ends");
    }
}

/* --- Asked for -------------------------------------------------------------------------------------------- */

static void on_asked(gpointer data)
{
    ClPcmkChange *change = data;
    g_queue_push_tail(&change->engine->changes, cl_pcmk_errand_ref(change));
    cl_pcmk_changes_go_on(change->engine);
}

/* The caller has left at its deadline. If it was for want of an answer there may be nobody to give
 * one. */
static void on_left(gpointer data)
{
    ClPcmkChange *change = data;
    ClPcmkEngine *engine = change->engine;
    if (g_queue_peek_head(&engine->changes) == change) {
        gboolean was_sent = engine->in_flight;
        cl_pcmk_errand_unref(take_first(engine));
        if (was_sent) {
            cl_pcmk_cib_suspect(engine);
        }
    } else if (g_queue_remove(&engine->changes, change)) {
        cl_pcmk_errand_unref(change);
    }
    cl_pcmk_changes_go_on(engine);
}

gboolean cl_pcmk_engine_change(ClPcmkEngine *engine, ClPcmkEdit edit_cib, gpointer data,
                               const char *user, const ClCall *call, GError **error)
{
    g_return_val_if_fail(engine->thread != g_thread_self(), FALSE);
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    ClPcmkChange *change = g_new0(ClPcmkChange, 1);
    cl_pcmk_errand_init(&change->errand, change_clear);
    change->engine = engine;
    change->edit = edit_cib;
    change->data = data;
    change->user = g_strdup(user);
    cl_pcmk_errand_post(&change->errand, on_asked);
    gboolean done = cl_pcmk_errand_wait(&change->errand, call, error);
    if (cl_pcmk_errand_has_left(&change->errand)) {
        cl_pcmk_errand_post(&change->errand, on_left);
    }
    cl_pcmk_errand_unref(change);
    return done;
}
