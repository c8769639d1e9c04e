/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of the engine and of its thread, and what others have done on it. */
#include "engine-internal.h"
#include "status.h"

/* --- The thread ---------------------------------------------------------------------------------------- */

static guint count_members(const ClPcmkCorosyncFacts *facts)
{
    guint count = 0;
    for (guint i = 0; i < facts->members->len; i++) {
        const ClPcmkMember *member = facts->members->pdata[i];
        count += member->member ? 1 : 0;
    }
    return count;
}

static void on_corosync(gpointer data)
{
    ClPcmkEngine *engine = data;
    g_autoptr(ClPcmkCorosyncFacts) facts = cl_pcmk_corosync_facts(engine->corosync);
    gboolean has_quorum = facts->running && facts->quorate;
    guint n_members = count_members(facts);
    if (has_quorum && (!engine->had_quorum || n_members > engine->n_members)) {
        cl_pcmk_settle_begin(engine, !engine->had_quorum);
    }
    engine->had_quorum = has_quorum;
    engine->n_members = n_members;
    cl_pcmk_cib_check_ready(engine);
    cl_pcmk_publish_outdate(engine);
    if (engine->model != NULL) {
        cl_pcmk_publish_soon(engine);
    }
    cl_pcmk_changes_go_on(engine);
}

static void run(ClPcmkEngine *engine)
{
    cl_pcmk_status_prepare();
    if (engine->file == NULL) {
        engine->corosync = cl_pcmk_corosync_new(NULL, on_corosync, engine);
    }
    cl_pcmk_cib_start(engine);
    g_main_loop_run(engine->loop);
    cl_pcmk_cib_stop(engine);
    if (engine->corosync != NULL) {
        cl_pcmk_corosync_free(engine->corosync);
    }
    cl_pcmk_changes_clear(engine);
    cl_pcmk_publish_clear(engine);
    /* What was left behind, or was on its way to be freed. */
    while (g_main_context_iteration(NULL, FALSE)) {
    }
}

static gpointer on_thread(gpointer data)
{
    ClPcmkEngine *engine = data;
    if (g_main_context_acquire(NULL)) {
        run(engine);
        g_main_context_release(NULL);
    } else {
        GError *error = NULL;
        (void)cl_fail(&error, ERROR_NOT_SUPPORTED,
                      "another thread uses the default main context, which Pacemaker needs");
        cl_pcmk_publish_refusal(engine, error);
    }
    return NULL;
}

/* --- References ------------------------------------------------------------------------------------------ */

static struct {
    GMutex lock;
    GCond changed;
    ClPcmkEngine *engine; /* the one that runs, or ends */
    guint references;     /* 0: it ends */
} the_one;

static ClPcmkEngine *engine_new(const char *file)
{
    ClPcmkEngine *engine = g_new0(ClPcmkEngine, 1);
    engine->file = g_strdup(file);
    engine->loop = g_main_loop_new(NULL, FALSE);
    g_mutex_init(&engine->lock);
    g_cond_init(&engine->changed);
    engine->watchers = g_array_new(FALSE, FALSE, sizeof(ClPcmkWatcher));
    engine->finished = g_ptr_array_new_with_free_func(cl_pcmk_errand_unref);
    g_queue_init(&engine->changes);
    engine->settle_calls = g_hash_table_new(NULL, NULL);
    engine->fence_calls = g_hash_table_new(NULL, NULL);
    engine->thread = g_thread_new("pacemaker", on_thread, engine);
    return engine;
}

static gboolean on_quit(gpointer data)
{
    g_main_loop_quit(data);
    return G_SOURCE_REMOVE;
}

/* A loop that does not run yet would not be quit. */
static void engine_free(ClPcmkEngine *engine)
{
    g_autoptr(GSource) source = g_idle_source_new();
    g_source_set_callback(source, on_quit, g_main_loop_ref(engine->loop),
                          (GDestroyNotify)g_main_loop_unref);
    g_source_attach(source, NULL);
    g_thread_join(engine->thread);
    g_source_destroy(source);
    g_main_loop_unref(engine->loop);
    g_array_unref(engine->watchers);
    g_ptr_array_unref(engine->finished);
    g_hash_table_unref(engine->settle_calls);
    g_hash_table_unref(engine->fence_calls);
    g_clear_error(&engine->refused);
    g_strfreev(engine->agents);
    g_mutex_clear(&engine->lock);
    g_cond_clear(&engine->changed);
    g_free(engine->file);
    g_free(engine);
}

static gboolean wait_until(GCond *cond, GMutex *lock, const ClCall *call, GError **error)
{
    gint64 look = g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND;
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    (void)g_cond_wait_until(cond, lock, MIN(look, call->deadline));
    return TRUE;
}

/* One reference more to the one that there is, or is now. */
static ClPcmkEngine *take(const char *file, const ClCall *call, GError **error)
{
    ClPcmkEngine *engine = NULL;
    gboolean may_wait = TRUE;
    g_mutex_lock(&the_one.lock);
    while (may_wait && the_one.engine != NULL && the_one.references == 0) {
        may_wait = wait_until(&the_one.changed, &the_one.lock, call, error);
    }
    if (may_wait && the_one.engine != NULL && g_strcmp0(the_one.engine->file, file) != 0) {
        (void)cl_fail(error, ERROR_NOT_SUPPORTED, "another cluster of Pacemaker is open");
    } else if (may_wait) {
        if (the_one.engine == NULL) {
            the_one.engine = engine_new(file);
        }
        the_one.references++;
        engine = the_one.engine;
    }
    g_mutex_unlock(&the_one.lock);
    return engine;
}

ClPcmkEngine *cl_pcmk_engine_ref(const char *file, const ClCall *call, GError **error)
{
    ClPcmkEngine *engine = take(file, call, error);
    if (engine == NULL) {
        return NULL;
    }
    GError *failure = NULL;
    g_mutex_lock(&engine->lock);
    while (engine->model == NULL && failure == NULL) {
        if (engine->refused != NULL) {
            failure = g_error_copy(engine->refused);
        } else {
            (void)wait_until(&engine->changed, &engine->lock, call, &failure);
        }
    }
    g_mutex_unlock(&engine->lock);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        cl_pcmk_engine_unref(engine);
        return NULL;
    }
    return engine;
}

void cl_pcmk_engine_unref(ClPcmkEngine *engine)
{
    g_mutex_lock(&the_one.lock);
    gboolean last = --the_one.references == 0;
    g_mutex_unlock(&the_one.lock);
    if (!last) {
        return;
    }
    engine_free(engine);
    g_mutex_lock(&the_one.lock);
    the_one.engine = NULL;
    g_cond_broadcast(&the_one.changed);
    g_mutex_unlock(&the_one.lock);
}

/* --- Jobs -------------------------------------------------------------------------------------------------- */

typedef struct {
    ClPcmkErrand errand;
    ClPcmkEngine *engine;
    ClPcmkJob function;
    gpointer data;
    GDestroyNotify free_data; /* NULL: it is the caller's */
} Job;

static void job_clear(gpointer data)
{
    Job *job = data;
    if (job->free_data != NULL) {
        job->free_data(job->data);
    }
}

static void on_job(gpointer data)
{
    Job *job = data;
    GError *error = NULL;
    if (cl_pcmk_errand_begin(&job->errand)) {
        gboolean done = job->function(job->engine, job->data, &error);
        if (!done && error == NULL) {
            (void)cl_fail(&error, ERROR_GEN_FAILURE, "a job failed");
        }
        cl_pcmk_errand_end(&job->errand, error);
    }
}

gboolean cl_pcmk_engine_run(ClPcmkEngine *engine, ClPcmkJob function, gpointer data,
                            GDestroyNotify free_data, const ClCall *call, GError **error)
{
    Job *job = g_new0(Job, 1);
    cl_pcmk_errand_init(&job->errand, job_clear);
    job->errand.may_leave = free_data != NULL;
    job->engine = engine;
    job->function = function;
    job->data = data;
    job->free_data = free_data;
    gboolean done;
    if (engine->thread == g_thread_self()) {
        done = function(engine, data, error);
    } else if ((done = cl_call_may_wait(call, error))) {
        cl_pcmk_errand_post(&job->errand, on_job);
        done = cl_pcmk_errand_wait(&job->errand, call, error);
    }
    cl_pcmk_errand_unref(job);
    return done;
}
