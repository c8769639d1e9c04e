/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists of names and ids: one growing array of places, one growing block of text, and details only
 * where an enumeration has them. A back end fills a list on one thread; after that nothing changes
 * it and any thread may read it. What is read belongs to the list and lives until an item is added
 * or the list is freed.
 */
#include "items.h"

#include <string.h>

typedef struct {
    gsize name; /* offsets into the text, which may pass 4 GB */
    gsize id;
    guint32 type;
    gboolean has_details;
} Entry;

struct ClItems {
    GArray *entries; /* Entry */
    GString *text;   /* NUL-terminated strings, one after the other */
    GArray *details; /* ClItemDetails by index of the item, as far as there are any; NULL: none */
};

ClItems *cl_items_new(void)
{
    ClItems *items = g_new0(ClItems, 1);

    items->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    items->text = g_string_new(NULL);
    return items;
}

void cl_item_details_clear(ClItemDetails *details)
{
    g_free(details->owner_node);
    g_free(details->owner_group);
    g_free(details->owner_group_id);
    g_clear_pointer(&details->common, g_ptr_array_unref);
    g_clear_pointer(&details->ro_common, g_ptr_array_unref);
}

static void clear_details(gpointer details)
{
    cl_item_details_clear(details);
}

void cl_items_free(ClItems *items)
{
    if (items == NULL) {
        return;
    }
    g_array_unref(items->entries);
    g_string_free(items->text, TRUE);
    g_clear_pointer(&items->details, g_array_unref);
    g_free(items);
}

/* Returns the offset of the copy. */
static gsize add_text(ClItems *items, const char *text)
{
    gsize offset = items->text->len;

    g_string_append_len(items->text, text, (gssize)strlen(text) + 1);
    return offset;
}

void cl_items_add(ClItems *items, guint32 type, const char *name, const char *id)
{
    Entry entry = {.type = type};

    entry.name = add_text(items, name);
    entry.id = add_text(items, id != NULL ? id : "");
    g_array_append_val(items->entries, entry);
}

void cl_items_add_details(ClItems *items, ClItemDetails *details)
{
    guint count = items->entries->len;
    Entry *last;
    ClItemDetails *place;

    g_return_if_fail(count > 0);
    if (items->details == NULL) {
        items->details = g_array_new(FALSE, TRUE, sizeof(ClItemDetails));
        g_array_set_clear_func(items->details, clear_details);
    }
    if (items->details->len < count) {
        g_array_set_size(items->details, count);
    }
    last = &g_array_index(items->entries, Entry, count - 1);
    place = &g_array_index(items->details, ClItemDetails, count - 1);
    cl_item_details_clear(place);
    *place = *details;
    memset(details, 0, sizeof *details);
    last->has_details = TRUE;
}

guint cl_items_count(const ClItems *items)
{
    return items->entries->len;
}

guint32 cl_items_type(const ClItems *items, guint index)
{
    g_return_val_if_fail(index < items->entries->len, 0);
    return g_array_index(items->entries, Entry, index).type;
}

const char *cl_items_name(const ClItems *items, guint index)
{
    g_return_val_if_fail(index < items->entries->len, NULL);
    return items->text->str + g_array_index(items->entries, Entry, index).name;
}

const char *cl_items_id(const ClItems *items, guint index)
{
    g_return_val_if_fail(index < items->entries->len, NULL);
    return items->text->str + g_array_index(items->entries, Entry, index).id;
}

const ClItemDetails *cl_items_details(const ClItems *items, guint index)
{
    g_return_val_if_fail(index < items->entries->len, NULL);
    if (!g_array_index(items->entries, Entry, index).has_details) {
        return NULL;
    }
    return &g_array_index(items->details, ClItemDetails, index);
}
