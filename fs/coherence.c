/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The thread and its queue. Which entries a change touches is stale.c's.
 */
#include "coherence.h"

#include "stale.h"

#include <linux/fuse.h>
#include <pthread.h>
#include <string.h>

typedef enum {
    TASK_CHANGE,
    TASK_ENTRY,   /* a name and what is behind it */
    TASK_INODE,   /* attributes, the target of a link, or a listing */
    TASK_LISTING, /* all that came with a part of one */
    TASK_WRITTEN,
    TASK_CLOSED,
    TASK_END
} TaskType;

typedef struct {
    TaskType type;
    FsEvent event; /* with copies of all texts */
    guint64 parent;
    char *name;
    guint64 ino;
    GBytes *bytes;
    gsize size;
    gboolean plus;
    fuse_req_t req;
} Task;

struct FsCoherence {
    FsMount *mount;
    FsStale stale;
    GAsyncQueue *tasks;
    gboolean stopped; /* under the lock of the queue */
    pthread_t thread;
};

static void task_free(Task *task)
{
    g_free((gpointer)task->event.id);
    g_free((gpointer)task->event.parent);
    g_free((gpointer)task->event.name);
    g_free((gpointer)task->event.type);
    g_free((gpointer)task->event.data);
    g_free(task->name);
    g_clear_pointer(&task->bytes, g_bytes_unref);
    g_free(task);
}

static void reply(const Task *task)
{
    if (task->type == TASK_WRITTEN) {
        fuse_reply_write(task->req, task->size);
    } else {
        fuse_reply_err(task->req, 0);
    }
}

static gboolean is_reply(const Task *task)
{
    return task->type == TASK_WRITTEN || task->type == TASK_CLOSED;
}

/* What comes too late is of no use, but an answer is sent. */
static void push(FsCoherence *coherence, const Task *from)
{
    Task *task = g_memdup2(from, sizeof *from);
    gboolean taken;

    g_async_queue_lock(coherence->tasks);
    taken = !coherence->stopped;
    if (taken) {
        coherence->stopped = task->type == TASK_END;
        g_async_queue_push_unlocked(coherence->tasks, task);
    }
    g_async_queue_unlock(coherence->tasks);
    if (!taken && is_reply(task)) {
        reply(task);
    }
    if (!taken) {
        task_free(task);
    }
}

/* --- The thread ------------------------------------------------------------------------------- */

/* Drops each entry of a part of a listing, and the listing. */
static void drop_listing(const FsStale *stale, const Task *task)
{
    const char *at = g_bytes_get_data(task->bytes, NULL);
    const char *end = at + task->size;

    while (task->plus && at + FUSE_NAME_OFFSET_DIRENTPLUS < end) {
        struct fuse_direntplus entry;
        g_autofree char *name = NULL;

        memcpy(&entry, at, FUSE_NAME_OFFSET_DIRENTPLUS);
        name = g_strndup(at + FUSE_NAME_OFFSET_DIRENTPLUS, entry.dirent.namelen);
        if (entry.entry_out.nodeid != 0) {
            fs_stale_drop_entry(stale, task->parent, name);
            (void)fs_stale_drop_inode(stale, entry.entry_out.nodeid);
        }
        at += FUSE_DIRENTPLUS_SIZE(&entry);
    }
    (void)fs_stale_drop_inode(stale, task->parent);
}

static void run_task(const FsCoherence *coherence, Task *task)
{
    switch (task->type) {
    case TASK_CHANGE:
        fs_stale_drop_changed(&coherence->stale, &task->event);
        break;
    case TASK_ENTRY:
        fs_stale_drop_entry(&coherence->stale, task->parent, task->name);
        (void)fs_stale_drop_inode(&coherence->stale, task->ino);
        break;
    case TASK_INODE:
        (void)fs_stale_drop_inode(&coherence->stale, task->ino);
        break;
    case TASK_LISTING:
        drop_listing(&coherence->stale, task);
        break;
    case TASK_WRITTEN:
    case TASK_CLOSED:
        reply(task);
        break;
    default:
        break;
    }
}

static void *run(void *data)
{
    FsCoherence *coherence = data;
    gboolean ended = FALSE;

    while (!ended) {
        Task *task = g_async_queue_pop(coherence->tasks);

        run_task(coherence, task);
        ended = task->type == TASK_END;
        task_free(task);
    }
    return NULL;
}

FsCoherence *fs_coherence_new(FsMount *mount, FsCluster *cluster)
{
    FsCoherence *coherence = g_new0(FsCoherence, 1);

    coherence->mount = mount;
    coherence->stale = (FsStale){mount, cluster};
    coherence->tasks = g_async_queue_new();
    if (pthread_create(&coherence->thread, NULL, run, coherence) != 0) {
        g_async_queue_unref(coherence->tasks);
        g_free(coherence);
        return NULL;
    }
    return coherence;
}

void fs_coherence_stop(FsCoherence *coherence)
{
    const Task end = {.type = TASK_END};

    push(coherence, &end);
    pthread_join(coherence->thread, NULL);
}

void fs_coherence_free(FsCoherence *coherence)
{
    g_async_queue_unref(coherence->tasks);
    g_free(coherence);
}

/* --- Tasks ------------------------------------------------------------------------------------ */

guint fs_coherence_epoch(const FsMount *mount)
{
    return (guint)g_atomic_int_get(&mount->epoch);
}

void fs_coherence_take(FsCoherence *coherence, const FsEvent *event)
{
    Task task = {.type = TASK_CHANGE, .event = *event};

    /* First, so that an answer that is just being sent is doubted after the change, or is new. */
    g_atomic_int_inc(&coherence->mount->epoch);
    task.event.id = g_strdup(event->id);
    task.event.parent = g_strdup(event->parent);
    task.event.name = g_strdup(event->name);
    task.event.type = g_strdup(event->type);
    task.event.data = g_memdup2(event->data, event->size);
    push(coherence, &task);
}

void fs_coherence_doubt(FsCoherence *coherence, const FsRequest *request, const FsAnswer *answer)
{
    Task task = {.parent = request->ino};

    switch (answer->type) {
    case FS_ANSWER_ENTRY:
        task.type = TASK_ENTRY;
        task.name = g_strdup(request->name);
        task.ino = answer->entry.ino;
        break;
    case FS_ANSWER_ATTRIBUTES:
    case FS_ANSWER_LINK:
        task.type = TASK_INODE;
        task.ino = request->ino;
        break;
    case FS_ANSWER_ENTRIES:
        task.type = TASK_LISTING;
        task.bytes = g_bytes_ref(answer->bytes);
        task.size = answer->length;
        task.plus = request->plus;
        break;
    default:
        return;
    }
    push(coherence, &task);
}

void fs_coherence_reply(FsCoherence *coherence, fuse_req_t req, gboolean is_write, size_t size)
{
    const Task task = {.type = is_write ? TASK_WRITTEN : TASK_CLOSED, .req = req, .size = size};

    push(coherence, &task);
}
