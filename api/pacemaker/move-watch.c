/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Looks at each new model for what is over of all that is there only until something has happened, and
 * has it removed. The watcher belongs to the process; it looks on the engine's thread, and a thread of
 * its own makes the changes, since they wait. Its lock is held across neither.
 */
#include "act.h"
#include "move.h"

/* How long something may not get on; and how long a failure may be one of before. */
#define STUCK_US  (15 * G_USEC_PER_SEC)
#define FAILED_US (3 * G_USEC_PER_SEC)

/* How much later than its own a service looks after those of others. */
#define DC_US     G_USEC_PER_SEC
#define OTHERS_US (3 * G_USEC_PER_SEC)

/* When it is tried again, and how long it may take. */
#define AGAIN_US  (2 * G_USEC_PER_SEC)
#define CHANGE_US (10 * G_USEC_PER_SEC)

typedef struct {
    ClPcmkVerdict verdict;
    gint64 due; /* monotonic time at which it is removed; 0: it goes on */
} Tracked;

static GMutex lock; /* guards what follows */
static struct {
    ClPcmkEngine *engine; /* NULL: nobody watches */
    GHashTable *tracked;  /* key to Tracked */
    GHashTable *own;      /* keys */
    GThreadPool *worker;  /* its tasks are Task */
    GCancellable *ending; /* cancelled when the worker is to end */
    GSource *timer;
    guint64 number;         /* of the model that was looked at last */
    int epoch, admin_epoch; /* its own */
} watcher;

static void arm(void);

void cl_pcmk_move_own(const char *key, gboolean owns)
{
    g_mutex_lock(&lock);
    if (watcher.engine != NULL && owns) {
        g_hash_table_add(watcher.own, g_strdup(key));
    } else if (watcher.engine != NULL) {
        g_hash_table_remove(watcher.own, key);
    }
    g_mutex_unlock(&lock);
}

typedef struct {
    GStrv keys;          /* of what is over */
    GPtrArray *requests; /* or what the daemons are to be told */
} Task;

static void task_free(Task *task)
{
    g_strfreev(task->keys);
    g_clear_pointer(&task->requests, g_ptr_array_unref);
    g_free(task);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Task, task_free)

static gboolean remove_those(ClPcmkEngine *engine, GStrv keys, const ClCall *call, GError **error)
{
    ClPcmkTidying tidying = {.now = g_get_real_time(), .keys = (const char *const *)keys};
    gboolean done = cl_pcmk_engine_change(engine, cl_pcmk_move_tidy, &tidying, NULL, call, error) &&
                    cl_pcmk_controller_ask(engine, tidying.requests, call, error);
    g_clear_pointer(&tidying.requests, g_ptr_array_unref);
    return done;
}

/* The worker: what has failed is tried again when the timer comes to it. */
static void work(gpointer data, gpointer ending)
{
    g_autoptr(Task) task = data;
    g_autoptr(GError) failure = NULL;
    g_mutex_lock(&lock);
    ClPcmkEngine *engine = watcher.engine;
    g_mutex_unlock(&lock);
    ClCall call = {.deadline = g_get_monotonic_time() + CHANGE_US, .cancellable = ending};
    gboolean done =
        engine == NULL ||
        (task->keys != NULL ? remove_those(engine, task->keys, &call, &failure)
                            : cl_pcmk_controller_ask(engine, task->requests, &call, &failure));
    if (!done) {
        g_debug("what is over is still there: %s", failure->message);
    }
}

static void push(GStrv keys, GPtrArray *requests)
{
    Task *task = g_new0(Task, 1);
    task->keys = keys;
    task->requests = requests;
    g_thread_pool_push(watcher.worker, task, NULL);
}

/* On the engine's thread. */
static gboolean on_time(gpointer unused)
{
    g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
    GHashTableIter iterator;
    gpointer key, value;
    gint64 now = g_get_monotonic_time();
    gboolean any = FALSE;
    (void)unused;
    g_mutex_lock(&lock);
    g_clear_pointer(&watcher.timer, g_source_unref);
    if (watcher.engine != NULL) {
        g_hash_table_iter_init(&iterator, watcher.tracked);
        while (g_hash_table_iter_next(&iterator, &key, &value)) {
            Tracked *tracked = value;
            if (tracked->due != 0 && tracked->due <= now) {
                g_strv_builder_add(keys, key);
                tracked->due = now + AGAIN_US;
                any = TRUE;
            }
        }
        if (any) {
            push(g_strv_builder_end(keys), NULL);
        }
        arm();
    }
    g_mutex_unlock(&lock);
    return G_SOURCE_REMOVE;
}

/* The lock is held. On the engine's thread, whose context is the default one. */
static void arm(void)
{
    GHashTableIter iterator;
    gpointer value;
    gint64 first = G_MAXINT64;
    g_hash_table_iter_init(&iterator, watcher.tracked);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const Tracked *tracked = value;
        first = tracked->due != 0 ? MIN(first, tracked->due) : first;
    }
    if (watcher.timer != NULL) {
        g_source_destroy(watcher.timer);
        g_clear_pointer(&watcher.timer, g_source_unref);
    }
    if (first != G_MAXINT64) {
        gint64 wait = MAX(0, first - g_get_monotonic_time());
        watcher.timer = g_timeout_source_new((guint)(wait / 1000 + 1));
        g_source_set_callback(watcher.timer, on_time, NULL, NULL);
        g_source_attach(watcher.timer, NULL);
    }
}

/* Its own at once, those of others later, and one after the other. */
static gint64 delay_of(const ClPcmkModel *model, const char *key)
{
    guint place = 0;
    if (g_hash_table_contains(watcher.own, key)) {
        return 0;
    }
    if (model->local != NULL && g_strcmp0(model->dc, model->local->object.name) == 0) {
        return DC_US;
    }
    (void)g_ptr_array_find(model->nodes, model->local, &place);
    return OTHERS_US + place * DC_US;
}

static void track(const ClPcmkModel *model, const xmlNode *element, GHashTable *before)
{
    static const gint64 patience[] = {
        [CL_PCMK_STUCK] = STUCK_US, [CL_PCMK_FAILED] = FAILED_US, [CL_PCMK_OVER] = 0};
    char *key = cl_pcmk_move_key(element);
    Tracked *tracked = g_new0(Tracked, 1);
    const Tracked *known = g_hash_table_lookup(before, key);
    gint64 wait = delay_of(model, key);
    tracked->verdict = cl_pcmk_move_judge(model, element, g_get_real_time());
    if (known != NULL && known->verdict == tracked->verdict) {
        tracked->due = known->due;
    } else if (tracked->verdict != CL_PCMK_GOES_ON) {
        wait += patience[tracked->verdict];
        tracked->due = g_get_monotonic_time() + wait;
    }
    g_hash_table_insert(watcher.tracked, key, tracked);
}

static void track_all(const ClPcmkModel *model)
{
    g_autoptr(GPtrArray) found = cl_pcmk_move_collect(xmlDocGetRootElement(model->cib));
    g_autoptr(GHashTable) before = g_steal_pointer(&watcher.tracked);
    GHashTableIter iterator;
    gpointer key;
    watcher.tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < found->len; i++) {
        track(model, found->pdata[i], before);
    }
    g_hash_table_iter_init(&iterator, watcher.own);
    while (g_hash_table_iter_next(&iterator, &key, NULL)) {
        if (g_hash_table_contains(before, key) && !g_hash_table_contains(watcher.tracked, key)) {
            g_hash_table_iter_remove(&iterator);
        }
    }
    arm();
}

/* The daemons of this host would tell others of a node that has left, and it would be there again. */
static void forget_nodes(const ClPcmkModel *before, const ClPcmkModel *model)
{
    for (guint i = 0; before != NULL && i < before->nodes->len; i++) {
        const ClPcmkNode *node = before->nodes->pdata[i];
        if (!node->remote && cl_pcmk_model_node_of_uuid(model, node->uuid) == NULL) {
            ClPcmkAct act = {.model = model};
            GPtrArray *requests =
                g_ptr_array_new_with_free_func((GDestroyNotify)cl_pcmk_request_free);
            g_ptr_array_add(requests, cl_pcmk_request_new(&act, CL_PCMK_FORGET, node, NULL));
            push(NULL, requests);
        }
    }
}

/* Of a model that is only the last word nothing follows. */
static void on_published(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data)
{
    (void)data;
    g_mutex_lock(&lock);
    gboolean same = model->epoch == watcher.epoch && model->admin_epoch == watcher.admin_epoch;
    gboolean newer = watcher.engine != NULL && model->number > watcher.number;
    if (newer && model->connected && model->cib != NULL &&
        (!same || g_hash_table_size(watcher.tracked) > 0)) {
        watcher.epoch = model->epoch;
        watcher.admin_epoch = model->admin_epoch;
        track_all(model);
    }
    if (newer && model->connected && before != NULL && before->connected) {
        forget_nodes(before, model);
    }
    watcher.number = newer ? model->number : watcher.number;
    g_mutex_unlock(&lock);
}

void cl_pcmk_move_begin(ClPcmkEngine *engine)
{
    g_mutex_lock(&lock);
    watcher.engine = engine;
    watcher.epoch = watcher.admin_epoch = -1;
    watcher.number = 0;
    watcher.tracked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    watcher.own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    watcher.ending = g_cancellable_new();
    watcher.worker = g_thread_pool_new(work, watcher.ending, 1, FALSE, NULL);
    g_mutex_unlock(&lock);
    cl_pcmk_engine_watch(engine, on_published, &watcher);
    /* There may be no other one for long. */
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(engine);
    on_published(NULL, model, NULL);
}

void cl_pcmk_move_end(ClPcmkEngine *engine)
{
    g_mutex_lock(&lock);
    gboolean watches = watcher.engine != NULL;
    g_mutex_unlock(&lock);
    if (!watches) {
        return;
    }
    cl_pcmk_engine_unwatch(engine, &watcher);
    g_mutex_lock(&lock);
    GThreadPool *worker = g_steal_pointer(&watcher.worker);
    g_autoptr(GCancellable) ending = g_steal_pointer(&watcher.ending);
    if (watcher.timer != NULL) {
        g_source_destroy(watcher.timer);
        g_clear_pointer(&watcher.timer, g_source_unref);
    }
    g_clear_pointer(&watcher.tracked, g_hash_table_unref);
    g_clear_pointer(&watcher.own, g_hash_table_unref);
    watcher.engine = NULL;
    g_mutex_unlock(&lock);
    g_cancellable_cancel(ending);
    g_thread_pool_free(worker, FALSE, TRUE);
}
