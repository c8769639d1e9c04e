/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A table that is emptied when it is full: what is not known costs a request or two.
 */
#include "told.h"

/* About 8 MB. */
#define FILES_MAX 100000

typedef struct {
    guint64 ino;
    guint64 version;
    guint32 size;
    gboolean has_text;
} Entry;

struct FsTold {
    GMutex lock;
    GHashTable *files;
};

/* What distinguishes inode numbers is in all of their parts. */
static guint hash(gconstpointer ino)
{
    return (guint)((*(const guint64 *)ino * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32);
}

static void entry_free(gpointer entry)
{
    g_slice_free(Entry, entry);
}

FsTold *fs_told_new(void)
{
    FsTold *told = g_new0(FsTold, 1);

    g_mutex_init(&told->lock);
    told->files = g_hash_table_new_full(hash, g_int64_equal, NULL, entry_free);
    return told;
}

void fs_told_free(FsTold *told)
{
    g_hash_table_unref(told->files);
    g_mutex_clear(&told->lock);
    g_free(told);
}

gboolean fs_told_find(FsTold *told, guint64 ino, FsToldFile *ret_file)
{
    const Entry *entry;

    g_mutex_lock(&told->lock);
    entry = g_hash_table_lookup(told->files, &ino);
    if (entry != NULL) {
        *ret_file = (FsToldFile){entry->version, entry->size, entry->has_text};
    }
    g_mutex_unlock(&told->lock);
    return entry != NULL;
}

/* With the lock held. */
static Entry *entry_of(FsTold *told, guint64 ino)
{
    Entry *entry = g_hash_table_lookup(told->files, &ino);

    if (entry == NULL) {
        if (g_hash_table_size(told->files) >= FILES_MAX) {
            g_hash_table_remove_all(told->files);
        }
        entry = g_slice_new0(Entry);
        entry->ino = ino;
        g_hash_table_replace(told->files, &entry->ino, entry);
    }
    return entry;
}

void fs_told_size(FsTold *told, guint64 ino, gsize size, guint64 version)
{
    Entry *entry;

    if (version == 0 || size > G_MAXUINT32) {
        fs_told_forget(told, ino);
        return;
    }
    g_mutex_lock(&told->lock);
    entry = entry_of(told, ino);
    if (entry->version != version) {
        entry->version = version;
        /* Of an empty file there is nothing to be read. */
        entry->has_text = size == 0;
    }
    entry->size = (guint32)size;
    g_mutex_unlock(&told->lock);
}

void fs_told_text(FsTold *told, guint64 ino, guint64 version)
{
    Entry *entry;

    g_mutex_lock(&told->lock);
    entry = g_hash_table_lookup(told->files, &ino);
    if (entry != NULL) {
        entry->version = version;
        entry->has_text = TRUE;
    }
    g_mutex_unlock(&told->lock);
}

void fs_told_forget(FsTold *told, guint64 ino)
{
    g_mutex_lock(&told->lock);
    g_hash_table_remove(told->files, &ino);
    g_mutex_unlock(&told->lock);
}
