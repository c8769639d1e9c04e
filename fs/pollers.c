/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock guards all. The kernel is told without it: a handle is taken out first, and is so told
 * once.
 */
#include "pollers.h"

#include <string.h>

typedef struct {
    char *key; /* NULL: anything */
    struct fuse_pollhandle *handle;
} Poller;

struct FsPollers {
    GMutex lock;
    GHashTable *counts; /* key to guint64 * */
    guint64 all;        /* how often all keys changed */
    GHashTable *files;  /* open file to Poller */
};

static void poller_free(gpointer data)
{
    Poller *poller = data;

    fuse_pollhandle_destroy(poller->handle);
    g_free(poller->key);
    g_free(poller);
}

FsPollers *fs_pollers_new(void)
{
    FsPollers *pollers = g_new0(FsPollers, 1);

    g_mutex_init(&pollers->lock);
    pollers->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    pollers->files = g_hash_table_new_full(NULL, NULL, NULL, poller_free);
    return pollers;
}

void fs_pollers_free(FsPollers *pollers)
{
    g_hash_table_unref(pollers->counts);
    g_hash_table_unref(pollers->files);
    g_mutex_clear(&pollers->lock);
    g_free(pollers);
}

guint64 fs_pollers_count(FsPollers *pollers, const char *key)
{
    const guint64 *count;
    guint64 changes;

    g_mutex_lock(&pollers->lock);
    count = g_hash_table_lookup(pollers->counts, key);
    changes = pollers->all + (count != NULL ? *count : 0);
    g_mutex_unlock(&pollers->lock);
    return changes;
}

void fs_pollers_add(FsPollers *pollers, gconstpointer file, const char *key,
                    struct fuse_pollhandle *handle)
{
    Poller *poller = g_new(Poller, 1);

    poller->key = g_strdup(key);
    poller->handle = handle;
    g_mutex_lock(&pollers->lock);
    g_hash_table_replace(pollers->files, (gpointer)file, poller);
    g_mutex_unlock(&pollers->lock);
}

void fs_pollers_remove(FsPollers *pollers, gconstpointer file)
{
    g_mutex_lock(&pollers->lock);
    g_hash_table_remove(pollers->files, file);
    g_mutex_unlock(&pollers->lock);
}

/* With the lock held. */
static void count_one(FsPollers *pollers, const char *key)
{
    guint64 *count = g_hash_table_lookup(pollers->counts, key);

    if (count == NULL) {
        count = g_new0(guint64, 1);
        g_hash_table_insert(pollers->counts, g_strdup(key), count);
    }
    (*count)++;
}

static gboolean polls_one_of(const Poller *poller, const GPtrArray *keys)
{
    if (poller->key == NULL || keys == NULL) {
        return TRUE;
    }
    for (guint i = 0; i < keys->len; i++) {
        if (strcmp(poller->key, keys->pdata[i]) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Counts, and takes out whom to tell. */
static GPtrArray *take_woken(FsPollers *pollers, const GPtrArray *keys)
{
    GPtrArray *woken = g_ptr_array_new_with_free_func(poller_free);
    GHashTableIter iter;
    gpointer poller;

    g_mutex_lock(&pollers->lock);
    pollers->all += keys == NULL ? 1 : 0;
    for (guint i = 0; keys != NULL && i < keys->len; i++) {
        count_one(pollers, keys->pdata[i]);
    }
    g_hash_table_iter_init(&iter, pollers->files);
    while (g_hash_table_iter_next(&iter, NULL, &poller)) {
        if (polls_one_of(poller, keys)) {
            g_ptr_array_add(woken, poller);
            g_hash_table_iter_steal(&iter);
        }
    }
    g_mutex_unlock(&pollers->lock);
    return woken;
}

void fs_pollers_wake(FsPollers *pollers, const GPtrArray *keys)
{
    g_autoptr(GPtrArray) woken = take_woken(pollers, keys);

    for (guint i = 0; i < woken->len; i++) {
        fuse_lowlevel_notify_poll(((Poller *)woken->pdata[i])->handle);
    }
}
