/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event.h"

#include <string.h>

#include "property-list.h"
#include "text.h"

/* --- Data --------------------------------------------------------------------------------------- */

GBytes *cl_event_number(guint32 number)
{
    return g_bytes_new(&number, sizeof number);
}

GBytes *cl_event_text(const char *text)
{
    gsize size = (cl_text_wide_length(text) + 1) * sizeof(WCHAR);
    WCHAR *wide = g_malloc0(size);
    cl_text_put_wide(text, wide);
    return g_bytes_new_take(wide, size);
}

GBytes *cl_event_texts(const char *const *texts)
{
    gsize units = 1;
    for (gsize i = 0; texts[i]; i++) {
        units += cl_text_wide_length(texts[i]) + 1;
    }
    WCHAR *wide = g_new0(WCHAR, units);
    WCHAR *end = wide;
    for (gsize i = 0; texts[i]; i++) {
        end = cl_text_put_wide(texts[i], end) + 1;
    }
    return g_bytes_new_take(wide, units * sizeof(WCHAR));
}

GBytes *cl_event_no_properties(void)
{
    g_autoptr(GPtrArray) none = cl_properties_new();
    return cl_property_list_build(none);
}

/* --- Whom an event concerns --------------------------------------------------------------------- */

void cl_event_filter_set_id(ClEventFilter *filter, const char *id)
{
    filter->id = g_strdup(id);
    filter->as_data = cl_event_text(id);
}

void cl_event_filter_clear(ClEventFilter *filter)
{
    g_free(filter->id);
    g_clear_pointer(&filter->as_data, g_bytes_unref);
    g_free(filter->path);
}

/* Whether @path is that of @key or lies below it; both are folded. */
static gboolean is_below(const char *path, const char *key)
{
    gsize length = strlen(key);
    return length == 0 ||
           (strncmp(path, key, length) == 0 && (path[length] == '\0' || path[length] == '\\'));
}

/* A batch is told to whoever watches a key above, at or below that of the batch. */
static gboolean is_at(const ClEventFilter *filter, const ClEvent *event)
{
    if (!filter->path) {
        return TRUE;
    }
    g_autofree char *path = cl_text_fold(event->name);
    if (event->filter_flag == CL_CHANGE_BATCH) {
        return is_below(path, filter->path) || is_below(filter->path, path);
    }
    return (filter->flags & CLUSTER_CHANGE_REGISTRY_SUBTREE_V2) != 0
               ? is_below(path, filter->path)
               : strcmp(path, filter->path) == 0;
}

/* The id of these is that of what was added; where to is their data. */
static gboolean is_addition(const ClEvent *event)
{
    return (event->object_type == CLUSTER_OBJECT_TYPE_GROUP &&
            event->filter_flag == CLUSTER_CHANGE_GROUP_RESOURCE_ADDED_V2) ||
           (event->object_type == CLUSTER_OBJECT_TYPE_NODE &&
            event->filter_flag == CLUSTER_CHANGE_NODE_NETINTERFACE_ADDED_V2);
}

static gboolean is_of(const ClEventFilter *filter, const ClEvent *event)
{
    if (!filter->id) {
        return TRUE;
    }
    if (is_addition(event)) {
        return event->data && g_bytes_equal(event->data, filter->as_data);
    }
    if (event->object_type == CLUSTER_OBJECT_TYPE_RESOURCE_TYPE) {
        g_autofree char *key = cl_text_fold(event->name);
        return g_str_equal(key, filter->id);
    }
    return g_ascii_strcasecmp(filter->id, event->id) == 0;
}

static gboolean is_lost(const ClEvent *event)
{
    return event->object_type == CLUSTER_OBJECT_TYPE_CLUSTER &&
           event->filter_flag == CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2;
}

gboolean cl_event_filter_takes(const ClEventFilter *filter, const ClEvent *event)
{
    if (is_lost(event)) {
        return TRUE;
    }
    return event->object_type == filter->object_type && (event->filter_flag & filter->flags) != 0 &&
           (event->object_type == CLUSTER_OBJECT_TYPE_REGISTRY ? is_at(filter, event)
                                                               : is_of(filter, event));
}
