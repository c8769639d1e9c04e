/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "counted.h"

#include "node.h"

typedef struct {
    char *text;
    guint number;
    guint64 count;
} Entry;

struct FsCounted {
    GMutex lock;
    GHashTable *by_text; /* Entry, owned by by_number */
    GHashTable *by_number;
    guint last;
};

static void entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->text);
    g_free(entry);
}

FsCounted *fs_counted_new(void)
{
    FsCounted *counted = g_new0(FsCounted, 1);

    g_mutex_init(&counted->lock);
    counted->by_text = g_hash_table_new(g_str_hash, g_str_equal);
    counted->by_number = g_hash_table_new_full(NULL, NULL, NULL, entry_free);
    return counted;
}

void fs_counted_free(FsCounted *counted)
{
    g_hash_table_unref(counted->by_text);
    g_hash_table_unref(counted->by_number);
    g_mutex_clear(&counted->lock);
    g_free(counted);
}

/* With the lock held; NULL when no number is left. */
static Entry *add(FsCounted *counted, const char *text)
{
    Entry *entry;

    if (counted->last >= FS_NUMBER_MAX) {
        return NULL;
    }
    entry = g_new0(Entry, 1);
    entry->text = g_strdup(text);
    entry->number = ++counted->last;
    g_hash_table_insert(counted->by_text, entry->text, entry);
    g_hash_table_insert(counted->by_number, GUINT_TO_POINTER(entry->number), entry);
    return entry;
}

guint fs_counted_take(FsCounted *counted, const char *text)
{
    Entry *entry;
    guint number = 0;

    g_mutex_lock(&counted->lock);
    entry = g_hash_table_lookup(counted->by_text, text);
    if (entry == NULL) {
        entry = add(counted, text);
    }
    if (entry != NULL) {
        entry->count++;
        number = entry->number;
    }
    g_mutex_unlock(&counted->lock);
    return number;
}

void fs_counted_drop(FsCounted *counted, guint number, guint64 count)
{
    Entry *entry;

    g_mutex_lock(&counted->lock);
    entry = g_hash_table_lookup(counted->by_number, GUINT_TO_POINTER(number));
    if (entry != NULL && entry->count > count) {
        entry->count -= count;
    } else if (entry != NULL) {
        g_hash_table_remove(counted->by_text, entry->text);
        g_hash_table_remove(counted->by_number, GUINT_TO_POINTER(number));
    }
    g_mutex_unlock(&counted->lock);
}

void fs_counted_hold(FsCounted *counted, guint number)
{
    Entry *entry;

    g_mutex_lock(&counted->lock);
    entry = g_hash_table_lookup(counted->by_number, GUINT_TO_POINTER(number));
    if (entry != NULL) {
        entry->count++;
    }
    g_mutex_unlock(&counted->lock);
}

guint fs_counted_find(FsCounted *counted, const char *text)
{
    const Entry *entry;
    guint number;

    g_mutex_lock(&counted->lock);
    entry = g_hash_table_lookup(counted->by_text, text);
    number = entry != NULL ? entry->number : 0;
    g_mutex_unlock(&counted->lock);
    return number;
}

char *fs_counted_text(FsCounted *counted, guint number)
{
    const Entry *entry;
    char *text;

    g_mutex_lock(&counted->lock);
    entry = g_hash_table_lookup(counted->by_number, GUINT_TO_POINTER(number));
    text = entry != NULL ? g_strdup(entry->text) : NULL;
    g_mutex_unlock(&counted->lock);
    return text;
}

GArray *fs_counted_numbers(FsCounted *counted)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    GHashTableIter iter;
    gpointer key;

    g_mutex_lock(&counted->lock);
    g_hash_table_iter_init(&iter, counted->by_number);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        guint number = GPOINTER_TO_UINT(key);

        g_array_append_val(numbers, number);
    }
    g_mutex_unlock(&counted->lock);
    return numbers;
}
