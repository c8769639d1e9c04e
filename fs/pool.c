/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The pool. A pending request is owned together by the table of what waits and by the task for its
 * thread; the pool's lock guards the table and each request's scope, and is never held across a
 * reply or a call that may wait. Interrupts name a request by its number, never by its address:
 * libfuse may deliver one while the request is being answered.
 */
#include "pool.h"

#include "coherence.h"
#include "errors.h"

#include <clusapi/linux.h>
#include <errno.h>

#define THREADS_PER_CLUSTER 64

/* How long stopping waits. The library promises that a cancelled call ends within 100 ms. */
#define STOP_MS 300

typedef struct {
    gatomicrefcount references;
    guint64 number;
    fuse_req_t req;
    gint answered; /* atomic: who sets it replies */
    gint64 deadline;
    HCLUSCALL call; /* while its thread works on it */
    FsRequest request;
} Pending;

struct FsPool {
    FsMount *mount;
    GMutex lock;
    GCond idle;
    GHashTable *pending; /* number to Pending, those without an answer */
    GQueue order;        /* of the same, by deadline: all have the same time */
    guint64 last_number;
    guint tasks; /* queued or running */
};

static void pending_unref(Pending *pending)
{
    if (g_atomic_ref_count_dec(&pending->references)) {
        fs_request_clear(&pending->request);
        g_free(pending);
    }
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_unref)

FsPool *fs_pool_new(FsMount *mount)
{
    FsPool *pool = g_new0(FsPool, 1);

    pool->mount = mount;
    g_mutex_init(&pool->lock);
    g_cond_init(&pool->idle);
    pool->pending = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_queue_init(&pool->order);
    return pool;
}

void fs_pool_free(FsPool *pool)
{
    for (guint i = 1; i <= fs_clusters_count(pool->mount->clusters); i++) {
        FsCluster *cluster = fs_clusters_get(pool->mount->clusters, i);

        if (cluster->pool != NULL) {
            g_thread_pool_free(g_steal_pointer(&cluster->pool), FALSE, TRUE);
        }
    }
    g_hash_table_unref(pool->pending);
    g_queue_clear(&pool->order);
    g_cond_clear(&pool->idle);
    g_mutex_clear(&pool->lock);
    g_free(pool);
}

/* Takes a request that is about to be answered out of the table, which gives up its reference. */
static void remove_pending(FsPool *pool, Pending *pending)
{
    gboolean removed;

    g_mutex_lock(&pool->lock);
    removed = g_hash_table_remove(pool->pending, &pending->number);
    if (removed) {
        g_queue_remove(&pool->order, pending);
    }
    g_mutex_unlock(&pool->lock);
    if (removed) {
        pending_unref(pending);
    }
}

/* Replies if nobody has; else what was found is given back. */
static void answer_once(FsPool *pool, Pending *pending, DWORD status, FsAnswer *answer)
{
    if (!g_atomic_int_compare_and_exchange(&pending->answered, FALSE, TRUE)) {
        fs_answer_clear(answer);
        return;
    }
    fs_answer_send(pending->req, &pending->request, status, answer);
    remove_pending(pool, pending);
}

static void cancel(FsPool *pool, Pending *pending)
{
    HCLUSCALL call;

    g_mutex_lock(&pool->lock);
    call = pending->call;
    g_mutex_unlock(&pool->lock);
    if (call != NULL) {
        ClusapiCancelCall(call);
    }
}

/* Answers a request whose thread is not done, and tells that thread to stop. */
static void give_up(FsPool *pool, Pending *pending, DWORD status)
{
    FsAnswer answer = {0};

    answer_once(pool, pending, status, &answer);
    cancel(pool, pending);
}

/* Begins the scope of a request's calls; NULL if it was answered already. */
static HCLUSCALL begin(FsPool *pool, Pending *pending)
{
    gint64 left = pending->deadline - g_get_monotonic_time();
    HCLUSCALL call = left > 0 ? ClusapiBeginCall((DWORD)MAX(left / 1000, 1)) : NULL;

    if (call == NULL) {
        return NULL;
    }
    g_mutex_lock(&pool->lock);
    if (!g_atomic_int_get(&pending->answered)) {
        pending->call = call;
    }
    g_mutex_unlock(&pool->lock);
    if (pending->call == NULL) {
        ClusapiEndCall(call);
        return NULL;
    }
    return call;
}

static void end(FsPool *pool, Pending *pending, HCLUSCALL call)
{
    g_mutex_lock(&pool->lock);
    pending->call = NULL;
    g_mutex_unlock(&pool->lock);
    ClusapiEndCall(call);
}

static void task_done(FsPool *pool)
{
    g_mutex_lock(&pool->lock);
    if (--pool->tasks == 0) {
        g_cond_broadcast(&pool->idle);
    }
    g_mutex_unlock(&pool->lock);
}

/* The task of one request, on a thread of its cluster's. */
static void work(gpointer data, gpointer user_data)
{
    FsPool *pool = user_data;
    Pending *pending = data;
    HCLUSCALL call = begin(pool, pending);
    FsAnswer answer = {0};
    DWORD status = ERROR_TIMEOUT;

    if (call != NULL) {
        pending->request.epoch = fs_coherence_epoch(pool->mount);
        fs_errors_set_user(pending->request.uid);
        status = pending->request.handler(&pending->request, &answer);
        end(pool, pending, call);
    }
    answer_once(pool, pending, status, &answer);
    pending_unref(pending);
    task_done(pool);
}

static Pending *find_pending(FsPool *pool, guint64 number)
{
    Pending *pending;

    g_mutex_lock(&pool->lock);
    pending = g_hash_table_lookup(pool->pending, &number);
    if (pending != NULL) {
        g_atomic_ref_count_inc(&pending->references);
    }
    g_mutex_unlock(&pool->lock);
    return pending;
}

static void on_interrupt(fuse_req_t req, void *data)
{
    FsMount *mount = fuse_req_userdata(req);
    g_autoptr(Pending) pending = find_pending(mount->pool, (guint64)(uintptr_t)data);

    if (pending != NULL) {
        give_up(mount->pool, pending, ERROR_OPERATION_ABORTED);
    }
}

static void add_pending(FsPool *pool, Pending *pending)
{
    g_mutex_lock(&pool->lock);
    g_hash_table_insert(pool->pending, &pending->number, pending);
    g_queue_push_tail(&pool->order, pending);
    pool->tasks++;
    g_mutex_unlock(&pool->lock);
}

/* Queues the task. Without memory for a thread it stays queued, and its deadline answers it. */
static void start(FsPool *pool, Pending *pending)
{
    FsCluster *cluster = pending->request.cluster;

    if (cluster->pool == NULL) {
        cluster->pool = g_thread_pool_new(work, pool, THREADS_PER_CLUSTER, FALSE, NULL);
    }
    g_thread_pool_push(cluster->pool, pending, NULL);
}

void fs_pool_take(FsPool *pool, fuse_req_t req, const FsRequest *request)
{
    Pending *pending;

    if (request->cluster == NULL) {
        fuse_reply_err(req, ETIMEDOUT);
        return;
    }
    pending = g_new0(Pending, 1);
    g_atomic_ref_count_init(&pending->references);
    g_atomic_ref_count_inc(&pending->references);
    fs_request_copy(request, &pending->request);
    pending->number = ++pool->last_number;
    pending->req = req;
    pending->deadline = g_get_monotonic_time() + (gint64)pool->mount->timeout_ms * 1000;
    /* The function may be called by this very call, when replying would free what libfuse still
     * holds. It finds nothing then, and the question after it finds the interrupt. */
    fuse_req_interrupt_func(req, on_interrupt, (void *)(uintptr_t)pending->number);
    add_pending(pool, pending);
    if (fuse_req_interrupted(req)) {
        give_up(pool, pending, ERROR_OPERATION_ABORTED);
    }
    start(pool, pending);
}

gint64 fs_pool_deadline(FsPool *pool)
{
    const Pending *first;
    gint64 deadline = G_MAXINT64;

    g_mutex_lock(&pool->lock);
    first = g_queue_peek_head(&pool->order);
    if (first != NULL) {
        deadline = first->deadline;
    }
    g_mutex_unlock(&pool->lock);
    return deadline;
}

static Pending *take_first(FsPool *pool, gint64 until)
{
    Pending *first;

    g_mutex_lock(&pool->lock);
    first = g_queue_peek_head(&pool->order);
    if (first != NULL && first->deadline <= until) {
        g_atomic_ref_count_inc(&first->references);
    } else {
        first = NULL;
    }
    g_mutex_unlock(&pool->lock);
    return first;
}

/* A request that its thread is answering right now is about to leave the table by itself. */
static void give_up_until(FsPool *pool, gint64 until, DWORD status)
{
    Pending *first;

    while ((first = take_first(pool, until)) != NULL) {
        give_up(pool, first, status);
        remove_pending(pool, first);
        pending_unref(first);
    }
}

void fs_pool_expire(FsPool *pool)
{
    give_up_until(pool, g_get_monotonic_time(), ERROR_TIMEOUT);
}

gboolean fs_pool_stop(FsPool *pool)
{
    gint64 until = g_get_monotonic_time() + STOP_MS * G_TIME_SPAN_MILLISECOND;
    gboolean done = TRUE;

    give_up_until(pool, G_MAXINT64, ERROR_OPERATION_ABORTED);
    g_mutex_lock(&pool->lock);
    while (pool->tasks > 0 && done) {
        done = g_cond_wait_until(&pool->idle, &pool->lock, until);
    }
    done = pool->tasks == 0;
    g_mutex_unlock(&pool->lock);
    return done;
}
