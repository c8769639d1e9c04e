/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Building models and publishing them. What is published is one pointer; the lock is held only for
 * as long as it takes to copy it and to count a reference, so no reader waits for anything that
 * waits itself. (A plain atomic pointer would not do: between reading it and counting, the model
 * might be freed.)
 *
 * Differences are gathered for a moment, since one event makes many: a new DC deletes and writes
 * again the history of each node, and what is healthy looks stopped for some milliseconds. After a quiet
 * time the first one is built meanwhile, since a lone one, as a setting, is told of sooner by that.
 */
#include "engine-internal.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "agents.h"
#include "status.h"
#include "version.h"

#define GATHER_MS     100
#define GATHER_MAX_MS 250
#define AHEAD_MS      10
#define QUIET_MS      1000
#define FIRST_MS      500 /* that Corosync takes to tell who the local node is, far more */
#define REST_MS       3000
#define AGENTS_S      60

/* --- Building ------------------------------------------------------------------------------------ */

/* The CIB to be told of: what is kept, while that is to be believed, else the last word. */
static xmlNode *cib_to_tell(ClPcmkEngine *engine)
{
    if (!engine->ready && engine->model != NULL) {
        return xmlDocGetRootElement(engine->model->cib);
    }
    return engine->stale ? NULL : engine->kept;
}

/* Looked up now and then. */
static void look_for_agents(ClPcmkEngine *engine)
{
    gint64 now = g_get_monotonic_time();
    if (engine->agents != NULL && now - engine->agents_time < AGENTS_S * G_TIME_SPAN_SECOND) {
        return;
    }
    g_strfreev(engine->agents);
    engine->agents = cl_pcmk_agents_list();
    engine->agents_time = now;
}

ClPcmkModel *cl_pcmk_publish_build(ClPcmkEngine *engine, GError **error)
{
    xmlNode *cib = cib_to_tell(engine);
    if (engine->fresh != NULL) {
        return engine->fresh;
    }
    if (cib == NULL) {
        (void)cl_fail(error, ERROR_CLUSTER_NODE_NOT_READY, "the CIB has not been read yet");
        return NULL;
    }
    gint64 begin = g_get_monotonic_time();
    look_for_agents(engine);
    xmlNode *status = cl_pcmk_status_of(cib, error);
    cl_pcmk_cib_await_again(engine);
    if (status == NULL) {
        /* Differences that fit need not have been those of this copy. */
        if (engine->patched) {
            cl_pcmk_cib_refresh(engine);
        }
        return NULL;
    }
    g_autoptr(ClPcmkCorosyncFacts) facts = engine->corosync != NULL
                                               ? cl_pcmk_corosync_facts(engine->corosync)
                                               : cl_pcmk_corosync_facts_new();
    const ClPcmkSources sources = {.cib = cib,
                                   .status = status,
                                   .corosync = facts,
                                   .connected = engine->ready,
                                   .agents = engine->agents};
    engine->fresh = cl_pcmk_model_new(&sources);
    cl_pcmk_status_free(status);
    engine->build_ms = (guint)((g_get_monotonic_time() - begin) / 1000);
    return engine->fresh;
}

void cl_pcmk_publish_outdate(ClPcmkEngine *engine)
{
    engine->is_behind = TRUE;
    g_clear_pointer(&engine->fresh, cl_pcmk_model_unref);
}

/* --- Telling ------------------------------------------------------------------------------------- */

static void tell(ClPcmkEngine *engine, const ClPcmkModel *before, const ClPcmkModel *model)
{
    g_mutex_lock(&engine->lock);
    for (engine->next_watcher = 0; engine->next_watcher < engine->watchers->len;) {
        ClPcmkWatcher watcher =
            g_array_index(engine->watchers, ClPcmkWatcher, engine->next_watcher++);
        if (model->number <= watcher.since) {
            continue;
        }
        engine->telling = watcher.data;
        g_mutex_unlock(&engine->lock);
        watcher.published(before, model, watcher.data);
        g_mutex_lock(&engine->lock);
        engine->telling = NULL;
        g_cond_broadcast(&engine->changed);
    }
    g_mutex_unlock(&engine->lock);
}

void cl_pcmk_engine_watch(ClPcmkEngine *engine, ClPcmkPublished published, gpointer data)
{
    g_mutex_lock(&engine->lock);
    const ClPcmkWatcher watcher = {published, data,
                                   engine->model != NULL ? engine->model->number : 0};
    g_array_append_val(engine->watchers, watcher);
    g_mutex_unlock(&engine->lock);
}

void cl_pcmk_engine_unwatch(ClPcmkEngine *engine, gpointer data)
{
    g_mutex_lock(&engine->lock);
    for (guint i = engine->watchers->len; i-- > 0;) {
        if (g_array_index(engine->watchers, ClPcmkWatcher, i).data == data) {
            g_array_remove_index(engine->watchers, i);
            engine->next_watcher -= i < engine->next_watcher ? 1 : 0;
        }
    }
    while (engine->telling == data && engine->thread != g_thread_self()) {
        g_cond_wait(&engine->changed, &engine->lock);
    }
    g_mutex_unlock(&engine->lock);
}

ClPcmkModel *cl_pcmk_engine_model(ClPcmkEngine *engine)
{
    g_mutex_lock(&engine->lock);
    ClPcmkModel *model = cl_pcmk_model_ref(engine->model);
    g_mutex_unlock(&engine->lock);
    return model;
}

/* --- Publishing ---------------------------------------------------------------------------------- */

static void end_finished(ClPcmkEngine *engine)
{
    GPtrArray *finished = engine->finished;
    engine->finished = g_ptr_array_new_with_free_func(cl_pcmk_errand_unref);
    for (guint i = 0; i < finished->len; i++) {
        cl_pcmk_errand_end(finished->pdata[i], NULL);
    }
    g_ptr_array_unref(finished);
}

void cl_pcmk_publish_refusal(ClPcmkEngine *engine, GError *error)
{
    g_debug("pacemaker: %s", error->message);
    g_mutex_lock(&engine->lock);
    if (engine->model == NULL) {
        g_clear_error(&engine->refused);
        engine->refused = g_steal_pointer(&error);
        g_cond_broadcast(&engine->changed);
    }
    g_mutex_unlock(&engine->lock);
    g_clear_error(&error);
}

/* What building took is many times what is kept, and the allocator would hold on to it. */
static gboolean on_rest(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->rest_timer = 0;
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
    return G_SOURCE_REMOVE;
}

static void rest_later(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->rest_timer, g_source_remove);
    engine->rest_timer = g_timeout_add(REST_MS, on_rest, engine);
}

/* How long the first of the differences had to wait for others. */
static gint64 end_gathering(ClPcmkEngine *engine)
{
    gint64 since = engine->gather_since;
    engine->gather_since = 0;
    return since != 0 ? g_get_monotonic_time() - since : 0;
}

void cl_pcmk_publish_now(ClPcmkEngine *engine)
{
    GError *error = NULL;
    gint64 gathered = end_gathering(engine);
    g_clear_handle_id(&engine->gather_timer, g_source_remove);
    g_clear_handle_id(&engine->ahead_timer, g_source_remove);
    g_clear_handle_id(&engine->first_timer, g_source_remove);
    if (cl_pcmk_publish_build(engine, &error) == NULL) {
        cl_pcmk_publish_refusal(engine, error);
        if (!engine->stale) {
            /* No other CIB was asked for: there will be no model of what they changed. */
            end_finished(engine);
        }
        return;
    }
    engine->hold = FALSE;
    engine->is_behind = FALSE;
    engine->published = g_get_monotonic_time();
    if (engine->model != engine->fresh) {
        cl_pcmk_version_step();
        g_mutex_lock(&engine->lock);
        g_autoptr(ClPcmkModel) before = engine->model;
        engine->model = cl_pcmk_model_ref(engine->fresh);
        g_clear_error(&engine->refused);
        g_cond_broadcast(&engine->changed);
        g_mutex_unlock(&engine->lock);
        cl_pcmk_version_step();
        g_debug("pacemaker: gathered for %" G_GINT64_FORMAT " us, built in %u ms", gathered,
                engine->build_ms);
        tell(engine, before, engine->model);
        if (engine->file == NULL) {
            cl_pcmk_agents_prepare(engine, engine->model);
        }
        rest_later(engine);
    }
    end_finished(engine);
}

static gboolean on_gathered(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->gather_timer = 0;
    cl_pcmk_publish_now(engine);
    return G_SOURCE_REMOVE;
}

static gboolean on_ahead(gpointer data)
{
    ClPcmkEngine *engine = data;
    g_autoptr(GError) error = NULL;
    engine->ahead_timer = 0;
    if (!engine->hold) {
        (void)cl_pcmk_publish_build(engine, &error);
    }
    return G_SOURCE_REMOVE;
}

static gboolean is_quiet(const ClPcmkEngine *engine)
{
    return g_get_monotonic_time() - engine->published > QUIET_MS * G_TIME_SPAN_MILLISECOND;
}

void cl_pcmk_publish_soon(ClPcmkEngine *engine)
{
    if (engine->gather_timer == 0) {
        guint wait = CLAMP(engine->build_ms * 2, GATHER_MS, GATHER_MAX_MS);
        engine->gather_timer = g_timeout_add(wait, on_gathered, engine);
        engine->gather_since = g_get_monotonic_time();
        engine->ahead_timer = is_quiet(engine) ? g_timeout_add(AHEAD_MS, on_ahead, engine) : 0;
    }
}

static gboolean on_first(gpointer data)
{
    ClPcmkEngine *engine = data;
    engine->first_timer = 0;
    cl_pcmk_publish_now(engine);
    return G_SOURCE_REMOVE;
}

void cl_pcmk_publish_first(ClPcmkEngine *engine)
{
    if (engine->first_timer == 0) {
        engine->first_timer = g_timeout_add(FIRST_MS, on_first, engine);
    }
}

void cl_pcmk_publish_for(ClPcmkEngine *engine, ClPcmkChange *change)
{
    g_ptr_array_add(engine->finished, change);
    if (engine->hold) {
        cl_pcmk_publish_soon(engine);
    } else {
        cl_pcmk_publish_now(engine);
    }
}

void cl_pcmk_publish_clear(ClPcmkEngine *engine)
{
    g_clear_handle_id(&engine->gather_timer, g_source_remove);
    g_clear_handle_id(&engine->ahead_timer, g_source_remove);
    g_clear_handle_id(&engine->first_timer, g_source_remove);
    g_clear_handle_id(&engine->rest_timer, g_source_remove);
    end_finished(engine);
    g_clear_pointer(&engine->fresh, cl_pcmk_model_unref);
    cl_pcmk_version_step();
    cl_pcmk_version_step();
    g_clear_pointer(&engine->model, cl_pcmk_model_unref);
}
