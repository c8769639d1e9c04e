/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys and values of the cluster database in memory. Whoever has the tree to itself may change it. */
#include "registry.h"

#include <string.h>

#include "text.h"

/* --- Sorted lists ------------------------------------------------------------------------------- */

/* What both sorts of entries begin with. */
typedef struct {
    char *name, *folded;
} Entry;

/* Where the folded name is, or would be put. */
static gboolean find(const GPtrArray *entries, const char *folded, guint *ret_index)
{
    guint low = 0, high = entries->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Entry *entry = entries->pdata[middle];
        int order = strcmp(entry->folded, folded);
        if (order == 0) {
            *ret_index = middle;
            return TRUE;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_index = low;
    return FALSE;
}

static gpointer find_entry(const GPtrArray *entries, const char *name)
{
    g_autofree char *folded = cl_text_fold(name);
    guint index;
    return find(entries, folded, &index) ? entries->pdata[index] : NULL;
}

static void insert(GPtrArray *entries, gpointer entry)
{
    guint index;
    (void)find(entries, ((Entry *)entry)->folded, &index);
    g_ptr_array_insert(entries, (gint)index, entry);
}

/* --- Entries ------------------------------------------------------------------------------------ */

static void value_free(gpointer data)
{
    ClPcmkValue *value = data;
    g_free(value->name);
    g_free(value->folded);
    g_bytes_unref(value->data);
    g_free(value);
}

static void free_key(gpointer key)
{
    cl_pcmk_key_free(key);
}

static ClPcmkKey *new_key(ClPcmkKey *parent, const char *name)
{
    ClPcmkKey *key = g_new0(ClPcmkKey, 1);
    key->name = g_strdup(name);
    key->folded = cl_text_fold(name);
    key->parent = parent;
    key->keys = g_ptr_array_new_with_free_func(free_key);
    key->values = g_ptr_array_new_with_free_func(value_free);
    return key;
}

ClPcmkKey *cl_pcmk_key_new(void)
{
    return new_key(NULL, "");
}

void cl_pcmk_key_free(ClPcmkKey *root)
{
    g_ptr_array_unref(root->keys);
    g_ptr_array_unref(root->values);
    g_clear_pointer(&root->security, g_bytes_unref);
    g_free(root->name);
    g_free(root->folded);
    g_free(root);
}

ClPcmkKey *cl_pcmk_key_child(const ClPcmkKey *key, const char *name)
{
    return find_entry(key->keys, name);
}

const ClPcmkValue *cl_pcmk_key_value(const ClPcmkKey *key, const char *name)
{
    return find_entry(key->values, name);
}

ClPcmkKey *cl_pcmk_key_add(ClPcmkKey *key, const char *name)
{
    ClPcmkKey *child = cl_pcmk_key_child(key, name);
    if (!child) {
        child = new_key(key, name);
        insert(key->keys, child);
    }
    return child;
}

void cl_pcmk_key_set(ClPcmkKey *key, const char *name, guint32 type, GBytes *data)
{
    ClPcmkValue *value = find_entry(key->values, name);
    if (!value) {
        value = g_new0(ClPcmkValue, 1);
        value->name = g_strdup(name);
        value->folded = cl_text_fold(name);
        insert(key->values, value);
    }
    g_clear_pointer(&value->data, g_bytes_unref);
    value->type = type;
    value->data = data ? g_bytes_ref(data) : g_bytes_new(NULL, 0);
}

gboolean cl_pcmk_key_unset(ClPcmkKey *key, const char *name)
{
    return g_ptr_array_remove(key->values, find_entry(key->values, name));
}

void cl_pcmk_key_remove(ClPcmkKey *key)
{
    g_ptr_array_remove(key->parent->keys, key);
}

char *cl_pcmk_key_path(const ClPcmkKey *key)
{
    g_autofree char *above = key->parent ? cl_pcmk_key_path(key->parent) : NULL;
    return above && *above != '\0' ? g_strconcat(above, "\\", key->name, NULL)
                                   : g_strdup(key->name);
}
