/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock guards all but the port. Replies and notices to the kernel are made without it: who is to
 * be answered is taken out of its list first, and so answered once.
 */
#include "watch.h"

#include "coherence.h"
#include "errors.h"
#include "event-text.h"
#include "place.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

/* So many lines are kept for readers who are slow. */
#define LINES_MAX 65536
#define TEXT_ROOM 4096

typedef struct {
    char *text;
    char *id, *group;
} Line;

/* A read that waits. */
typedef struct {
    guint64 number;
    fuse_req_t req;
    FsEventReader *reader;
    size_t size;
} Waiting;

/* A write whose mark has not come yet. */
typedef struct {
    fuse_req_t req;
    gboolean is_write;
    size_t size;
} Written;

struct FsWatch {
    FsCoherence *coherence; /* the cluster's */
    HCLUSTER handle;        /* likewise */
    HCHANGE port;
    pthread_t thread;
    GMutex lock;
    GQueue lines;       /* Line */
    guint64 first;      /* number of the first of them */
    GPtrArray *waiting; /* Waiting */
    FsPollers *pollers;
    GHashTable *written; /* number of the mark to Written */
    gsize last_mark;
    gboolean ended;
};

static guint64 last_number; /* of waiting reads; of the thread that reads requests */

static void line_free(gpointer data)
{
    Line *line = data;

    g_free(line->text);
    g_free(line->id);
    g_free(line->group);
    g_free(line);
}

/* --- Lines ------------------------------------------------------------------------------------ */

static gboolean concerns(const FsEventReader *reader, const Line *line)
{
    return reader->id == NULL || g_ascii_strcasecmp(reader->id, line->id) == 0 ||
           g_ascii_strcasecmp(reader->id, line->group) == 0;
}

void fs_event_reader_clear(FsEventReader *reader)
{
    if (reader->rest != NULL) {
        g_string_free(reader->rest, TRUE);
    }
    g_free(reader->id);
}

/* What is left of a line, as far as it fits. A shell reads byte by byte. */
static GString *take_rest(FsEventReader *reader, size_t size)
{
    GString *text = g_string_new_len(reader->rest->str, (gssize)MIN(size, reader->rest->len));

    g_string_erase(reader->rest, 0, (gssize)text->len);
    if (reader->rest->len == 0) {
        g_string_free(g_steal_pointer(&reader->rest), TRUE);
    }
    return text;
}

/* The whole lines that fit, and how far the reader is then; with the lock held. Of a line that does
 * not fit alone the rest is kept for the next read. */
static GString *take_lines(FsWatch *watch, FsEventReader *reader, size_t size)
{
    GString *text;

    if (reader->rest != NULL) {
        return take_rest(reader, size);
    }
    text = g_string_new(NULL);
    if (reader->next < watch->first) {
        g_string_append_printf(text, "-\tcluster\tlost\t\t%" G_GUINT64_FORMAT "\n",
                               watch->first - reader->next);
        reader->next = watch->first;
    }
    for (GList *at = g_queue_peek_nth_link(&watch->lines, (guint)(reader->next - watch->first));
         at != NULL; at = at->next) {
        const Line *line = at->data;

        if (concerns(reader, line)) {
            if (text->len > 0 && text->len + strlen(line->text) > size) {
                break;
            }
            g_string_append(text, line->text);
        }
        reader->next++;
    }
    if (text->len > size) {
        reader->rest = g_string_new(text->str + size);
        g_string_truncate(text, size);
    }
    return text;
}

static gboolean has_lines(FsWatch *watch, const FsEventReader *reader)
{
    guint64 end = watch->first + watch->lines.length;

    if (reader->rest != NULL || reader->next < watch->first) {
        return TRUE;
    }
    for (GList *at = reader->next < end ? g_queue_peek_nth_link(
                                              &watch->lines, (guint)(reader->next - watch->first))
                                        : NULL;
         at != NULL; at = at->next) {
        if (concerns(reader, at->data)) {
            return TRUE;
        }
    }
    return FALSE;
}

static Line *line_of(const FsEvent *event)
{
    Line *line = g_new0(Line, 1);

    line->text = fs_event_line(event);
    line->id = g_strdup(event->id);
    line->group = fs_event_group(event);
    return line;
}

/* With the lock held; takes the line. */
static void add_line(FsWatch *watch, Line *line)
{
    g_queue_push_tail(&watch->lines, line);
    if (watch->lines.length > LINES_MAX) {
        line_free(g_queue_pop_head(&watch->lines));
        watch->first++;
    }
}

/* --- Waking ----------------------------------------------------------------------------------- */

/* Takes out one who waits and now has something to read, with what that is. Two may wait on one open
 * file: what one of them gets the other does not. */
static Waiting *take_ready(FsWatch *watch, GString **ret_text)
{
    Waiting *ready = NULL;

    g_mutex_lock(&watch->lock);
    for (guint i = 0; ready == NULL && i < watch->waiting->len; i++) {
        const Waiting *waiting = watch->waiting->pdata[i];

        if (has_lines(watch, waiting->reader)) {
            ready = g_ptr_array_steal_index(watch->waiting, i);
            *ret_text = take_lines(watch, ready->reader, ready->size);
        }
    }
    g_mutex_unlock(&watch->lock);
    return ready;
}

static void answer_waiting(FsWatch *watch)
{
    Waiting *ready;
    GString *text;

    while ((ready = take_ready(watch, &text)) != NULL) {
        fuse_reply_buf(ready->req, text->str, text->len);
        g_string_free(text, TRUE);
        g_free(ready);
    }
}

/* Names are asked for without the lock. */
static void take_event(FsWatch *watch, const FsEvent *event)
{
    g_autoptr(GPtrArray) keys = NULL;
    Line *line;

    fs_coherence_take(watch->coherence, event);
    keys = fs_event_keys(event);
    line = line_of(event);
    g_mutex_lock(&watch->lock);
    add_line(watch, line);
    g_mutex_unlock(&watch->lock);
    answer_waiting(watch);
    fs_pollers_wake(watch->pollers, keys);
}

static Written *take_written(FsWatch *watch, gsize mark)
{
    gpointer written = NULL;

    g_mutex_lock(&watch->lock);
    (void)g_hash_table_steal_extended(watch->written, GSIZE_TO_POINTER(mark), NULL, &written);
    g_mutex_unlock(&watch->lock);
    return written;
}

/* All that happened before the mark was taken. */
static void take_mark(FsWatch *watch, gsize mark)
{
    Written *written = take_written(watch, mark);

    if (written != NULL) {
        fs_coherence_reply(watch->coherence, written->req, written->is_write, written->size);
        g_free(written);
    }
}

void fs_watch_reply(FsWatch *watch, fuse_req_t req, gboolean is_write, size_t size)
{
    Written *written = g_new(Written, 1);
    gsize mark = 0;

    *written = (Written){req, is_write, size};
    g_mutex_lock(&watch->lock);
    if (!watch->ended) {
        mark = ++watch->last_mark;
        g_hash_table_insert(watch->written, GSIZE_TO_POINTER(mark), written);
    }
    g_mutex_unlock(&watch->lock);
    if (mark == 0) {
        fs_coherence_reply(watch->coherence, req, is_write, size);
        g_free(written);
    } else if (ClusapiMarkNotifyPort(watch->port, watch->handle, mark) != ERROR_SUCCESS) {
        take_mark(watch, mark);
    }
}

/* --- The thread ------------------------------------------------------------------------------- */

/* What a notification is read into; kept from one to the next, and grown when one is larger. */
typedef struct {
    BYTE *data;
    DWORD data_room;
    WCHAR *texts[4];
    DWORD rooms[4];
} Buffers;

static void buffers_clear(Buffers *buffers)
{
    g_free(buffers->data);
    for (gsize i = 0; i < G_N_ELEMENTS(buffers->texts); i++) {
        g_free(buffers->texts[i]);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Buffers, buffers_clear)

static void grow(Buffers *buffers, DWORD data, const DWORD *sizes)
{
    buffers->data_room = MAX(buffers->data_room, MAX(data, TEXT_ROOM));
    buffers->data = g_realloc(buffers->data, buffers->data_room);
    for (gsize i = 0; i < G_N_ELEMENTS(buffers->texts); i++) {
        buffers->rooms[i] = MAX(buffers->rooms[i], MAX(sizes[i] + 1, TEXT_ROOM));
        buffers->texts[i] = g_realloc(buffers->texts[i], (gsize)buffers->rooms[i] * sizeof(WCHAR));
    }
}

static char *take_utf8(const WCHAR *wide)
{
    GString *text = g_string_new(NULL);

    (void)fs_utf8_append(text, wide, (DWORD)-1);
    return g_string_free(text, FALSE);
}

static DWORD get_event(FsWatch *watch, Buffers *buffers)
{
    NOTIFY_FILTER_AND_TYPE what = {0, 0};
    DWORD_PTR key;
    DWORD sizes[4];
    DWORD data = buffers->data_room;
    DWORD status;

    memcpy(sizes, buffers->rooms, sizeof sizes);
    status = GetClusterNotifyV2(watch->port, &key, &what, buffers->data, &data, buffers->texts[0],
                                &sizes[0], buffers->texts[1], &sizes[1], buffers->texts[2],
                                &sizes[2], buffers->texts[3], &sizes[3], INFINITE);
    if (status == ERROR_MORE_DATA) {
        grow(buffers, data, sizes);
    } else if (status == ERROR_SUCCESS && key != 0) {
        take_mark(watch, key);
    } else if (status == ERROR_SUCCESS) {
        g_autofree char *id = take_utf8(buffers->texts[0]);
        g_autofree char *parent = take_utf8(buffers->texts[1]);
        g_autofree char *name = take_utf8(buffers->texts[2]);
        g_autofree char *type = take_utf8(buffers->texts[3]);
        FsEvent event = {what.dwObjectType,
                         (guint64)what.FilterFlags,
                         id,
                         parent,
                         name,
                         type,
                         buffers->data,
                         data,
                         watch->handle};

        take_event(watch, &event);
    }
    return status;
}

static void *run(void *data)
{
    FsWatch *watch = data;
    g_auto(Buffers) buffers = {0};
    const DWORD none[4] = {0};
    DWORD status = ERROR_SUCCESS;

    grow(&buffers, 0, none);
    while (status == ERROR_SUCCESS || status == ERROR_MORE_DATA) {
        status = get_event(watch, &buffers);
    }
    return NULL;
}

DWORD fs_watch_new(FsCoherence *coherence, HCLUSTER handle, FsWatch **ret_watch)
{
    NOTIFY_FILTER_AND_TYPE filters[] = {
        {CLUSTER_OBJECT_TYPE_CLUSTER,
         CLUSTER_CHANGE_CLUSTER_ALL_V2 & ~CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_GROUP,
         CLUSTER_CHANGE_GROUP_ALL_V2 & ~CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_RESOURCE,
         CLUSTER_CHANGE_RESOURCE_ALL_V2 & ~(CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2 |
                                            CLUSTER_CHANGE_RESOURCE_TERMINAL_STATE_V2)},
        {CLUSTER_OBJECT_TYPE_RESOURCE_TYPE, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2},
        {CLUSTER_OBJECT_TYPE_NETWORK,
         CLUSTER_CHANGE_NETWORK_ALL_V2 & ~CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
         CLUSTER_CHANGE_NETINTERFACE_ALL_V2 & ~CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_NODE,
         CLUSTER_CHANGE_NODE_ALL_V2 & ~CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_QUORUM, CLUSTER_CHANGE_QUORUM_ALL_V2},
        {CLUSTER_OBJECT_TYPE_REGISTRY,
         CLUSTER_CHANGE_REGISTRY_ALL_V2 & ~CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2},
        {CLUSTER_OBJECT_TYPE_GROUPSET,
         CLUSTER_CHANGE_GROUPSET_ALL_V2 & ~CLUSTER_CHANGE_GROUPSET_HANDLE_CLOSE_v2},
    };
    HCHANGE port =
        CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, handle, filters, G_N_ELEMENTS(filters), 0);
    FsWatch *watch;

    if (port == NULL) {
        return GetLastError();
    }
    watch = g_new0(FsWatch, 1);
    watch->coherence = coherence;
    watch->handle = handle;
    watch->port = port;
    g_mutex_init(&watch->lock);
    watch->waiting = g_ptr_array_new();
    watch->pollers = fs_pollers_new();
    watch->written = g_hash_table_new(NULL, NULL);
    if (pthread_create(&watch->thread, NULL, run, watch) != 0) {
        CloseClusterNotifyPort(port);
        fs_watch_free(watch);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    *ret_watch = watch;
    return ERROR_SUCCESS;
}

/* Who waits for an event, and who waits for a mark. */
static void answer_all(FsWatch *watch)
{
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, watch->written);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Written *written = value;

        fs_coherence_reply(watch->coherence, written->req, written->is_write, written->size);
        g_free(value);
    }
    g_hash_table_remove_all(watch->written);
    for (guint i = 0; i < watch->waiting->len; i++) {
        Waiting *waiting = watch->waiting->pdata[i];

        fuse_reply_err(waiting->req, ENODEV);
        g_free(waiting);
    }
    g_ptr_array_set_size(watch->waiting, 0);
}

void fs_watch_stop(FsWatch *watch)
{
    CloseClusterNotifyPort(watch->port);
    pthread_join(watch->thread, NULL);
    g_mutex_lock(&watch->lock);
    watch->ended = TRUE;
    answer_all(watch);
    g_mutex_unlock(&watch->lock);
}

void fs_watch_free(FsWatch *watch)
{
    g_ptr_array_unref(watch->waiting);
    fs_pollers_free(watch->pollers);
    g_queue_clear_full(&watch->lines, line_free);
    g_hash_table_unref(watch->written);
    g_mutex_clear(&watch->lock);
    g_free(watch);
}

/* --- Readers ---------------------------------------------------------------------------------- */

void fs_watch_begin_reading(FsWatch *watch, FsEventReader *reader)
{
    g_mutex_lock(&watch->lock);
    reader->next = watch->first + watch->lines.length;
    g_mutex_unlock(&watch->lock);
}

/* Takes a waiting read out of the list; NULL if it is not there any more. With the lock held. */
static Waiting *take_waiting(FsWatch *watch, guint64 number)
{
    for (guint i = 0; i < watch->waiting->len; i++) {
        Waiting *waiting = watch->waiting->pdata[i];

        if (waiting->number == number) {
            return g_ptr_array_steal_index_fast(watch->waiting, i);
        }
    }
    return NULL;
}

/* Reads are named by their number, as the request may be gone. All clusters are looked through. */
static void on_interrupt(fuse_req_t req, void *data)
{
    FsMount *mount = fuse_req_userdata(req);

    for (guint i = 1; i <= fs_clusters_count(mount->clusters); i++) {
        FsWatch *watch = fs_clusters_watch_of(fs_clusters_get(mount->clusters, i));
        Waiting *waiting = NULL;

        if (watch == NULL) {
            continue;
        }
        g_mutex_lock(&watch->lock);
        waiting = take_waiting(watch, (guint64)(uintptr_t)data);
        g_mutex_unlock(&watch->lock);
        if (waiting != NULL) {
            fuse_reply_err(waiting->req, EINTR);
            g_free(waiting);
            return;
        }
    }
}

static void park(FsWatch *watch, fuse_req_t req, FsEventReader *reader, size_t size)
{
    Waiting *waiting = g_new0(Waiting, 1);
    guint64 number = ++last_number;
    gboolean ended;

    *waiting = (Waiting){number, req, reader, size};
    /* As in the pool: what comes with this very call finds nothing yet. */
    fuse_req_interrupt_func(req, on_interrupt, (void *)(uintptr_t)number);
    g_mutex_lock(&watch->lock);
    ended = watch->ended;
    g_ptr_array_add(watch->waiting, waiting);
    waiting = ended || fuse_req_interrupted(req) ? take_waiting(watch, number) : NULL;
    g_mutex_unlock(&watch->lock);
    if (waiting != NULL) {
        fuse_reply_err(req, ended ? ENODEV : EINTR);
        g_free(waiting);
        return;
    }
    /* What came before it was in the list. */
    answer_waiting(watch);
}

void fs_watch_read(FsWatch *watch, fuse_req_t req, FsEventReader *reader, size_t size,
                   gboolean nonblock)
{
    GString *text;

    g_mutex_lock(&watch->lock);
    text = take_lines(watch, reader, size);
    g_mutex_unlock(&watch->lock);
    if (text->len > 0) {
        fuse_reply_buf(req, text->str, text->len);
    } else if (nonblock) {
        fuse_reply_err(req, EAGAIN);
    } else {
        park(watch, req, reader, size);
    }
    g_string_free(text, TRUE);
}

gboolean fs_watch_is_readable(FsWatch *watch, const FsEventReader *reader)
{
    gboolean readable;

    g_mutex_lock(&watch->lock);
    readable = has_lines(watch, reader);
    g_mutex_unlock(&watch->lock);
    return readable;
}

FsPollers *fs_watch_pollers(FsWatch *watch)
{
    return watch->pollers;
}
