/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "notify-events.h"

#include "wire-states.h"

#include "rpc/opnums.h"

#include <string.h>

/* What one call gets at most. */
#define EVENTS_MAX 256
#define BYTES_MAX  (1024 * 1024)

/* --- Version 1 ---------------------------------------------------------------------------------- */

static ClusapidStateEvent *take_state(ClusapidNotifyPort *port)
{
    g_mutex_lock(&port->lock);
    ClusapidStateEvent *event = g_queue_pop_head(&port->states);
    g_mutex_unlock(&port->lock);
    return event;
}

static DWORD take_v1(ClusapidNotifyPort *port, DWORD *ret_key, DWORD *ret_filter, LPWSTR *ret_name)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    g_autofree ClusapidStateEvent *state = take_state(port);
    DWORD_PTR key;
    DWORD code;
    if (state != NULL) {
        *ret_key = state->key;
        *ret_filter = state->filter;
        *ret_name = state->name;
        return ERROR_SUCCESS;
    }
    do {
        code = GetClusterNotify(port->change, &key, ret_filter, name.text, &name.size, 0);
    } while (clusapid_text_again(code, &name, 1));
    if (code == ERROR_SUCCESS) {
        *ret_key = (DWORD)key;
        *ret_name = clusapid_text_copy(name.text);
    }
    return code;
}

/* The state sequence stays 0, which is that of no state: who gives it back is told the state. */
static DWORD take_one(ClusapidNotifyPort *port, ClNdrValue *values)
{
    DWORD key, filter;
    LPWSTR name;
    DWORD code = take_v1(port, &key, &filter, &name);
    if (code == ERROR_SUCCESS) {
        values[1].number = key;
        values[2].number = filter;
        values[4].text = name;
    }
    return code;
}

static DWORD take_all_v1(ClusapidNotifyPort *port, GPtrArray *rows)
{
    DWORD code = ERROR_SUCCESS;
    gsize bytes = 0;
    while (code == ERROR_SUCCESS && rows->len < EVENTS_MAX && bytes < BYTES_MAX) {
        DWORD key, filter;
        LPWSTR name;
        code = take_v1(port, &key, &filter, &name);
        if (code == ERROR_SUCCESS) {
            ClNdrValue *entry = cl_ndr_row_add(rows, &cl_ndr_notification_async);
            entry[0].number = key;
            entry[1].number = filter;
            entry[2].text = name;
            bytes += (gsize)lstrlenW(name) * sizeof *name;
        }
    }
    return code;
}

/* --- Version 2 ---------------------------------------------------------------------------------- */

enum {
    ID,
    PARENT,
    NAME,
    TYPE,
    TEXTS
};

typedef struct {
    DWORD_PTR key;
    NOTIFY_FILTER_AND_TYPE filter;
    LPBYTE data;
    DWORD room, size;
    ClusapidText texts[TEXTS];
} Event;

static gboolean grow(Event *event, DWORD code)
{
    gboolean grown = clusapid_text_again(code, event->texts, TEXTS);
    if (code == ERROR_MORE_DATA && event->size > event->room) {
        event->data = g_realloc(event->data, event->size);
        event->room = event->size;
        grown = TRUE;
    }
    if (grown) {
        event->size = event->room;
    }
    return grown;
}

static DWORD take_v2(ClusapidNotifyPort *port, Event *event)
{
    ClusapidText *texts = event->texts;
    DWORD code;
    for (guint i = 0; i < TEXTS; i++) {
        texts[i].size = texts[i].room;
    }
    event->size = event->room;
    do {
        code = GetClusterNotifyV2(port->change, &event->key, &event->filter, event->data,
                                  &event->size, texts[ID].text, &texts[ID].size, texts[PARENT].text,
                                  &texts[PARENT].size, texts[NAME].text, &texts[NAME].size,
                                  texts[TYPE].text, &texts[TYPE].size, 0);
    } while (grow(event, code));
    return code;
}

/* States of network interfaces have other numbers here. */
static GBytes *data_of(const Event *event)
{
    if (event->size == 0) {
        return NULL;
    }
    if (event->filter.dwObjectType == CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE &&
        event->filter.FilterFlags == CLUSTER_CHANGE_NETINTERFACE_STATE_V2 &&
        event->size == sizeof(DWORD)) {
        DWORD state;
        memcpy(&state, event->data, sizeof state);
        state = clusapid_wire_state(state);
        return g_bytes_new(&state, sizeof state);
    }
    return g_bytes_new(event->data, event->size);
}

static void add_event(const Event *event, GPtrArray *rows)
{
    DWORD object_type = event->filter.dwObjectType;
    gboolean has_parent = object_type != CLUSTER_OBJECT_TYPE_QUORUM &&
                          object_type != CLUSTER_OBJECT_TYPE_SHARED_VOLUME;
    ClNdrValue *entry = cl_ndr_row_add(rows, &cl_ndr_notification);
    entry[0].number = (DWORD)event->key;
    entry[1].rows = cl_ndr_rows_new(&cl_ndr_filter);
    ClNdrValue *filter = cl_ndr_row_add(entry[1].rows, &cl_ndr_filter);
    filter[0].number = object_type;
    filter[1].number = (guint64)event->filter.FilterFlags;
    entry[2].bytes = data_of(event);
    entry[3].number = event->size;
    entry[4].text = clusapid_text_copy(event->texts[ID].text);
    entry[5].text = has_parent ? clusapid_text_copy(event->texts[PARENT].text) : NULL;
    entry[6].text = clusapid_text_copy(event->texts[NAME].text);
    entry[7].text = has_parent ? clusapid_text_copy(event->texts[TYPE].text) : NULL;
}

static gsize size_of(const Event *event)
{
    gsize size = event->size;
    for (guint i = 0; i < TEXTS; i++) {
        size += event->texts[i].size * sizeof(WCHAR);
    }
    return size;
}

static DWORD take_all_v2(ClusapidNotifyPort *port, GPtrArray *rows)
{
    Event event = {.texts = {CLUSAPID_TEXT, CLUSAPID_TEXT, CLUSAPID_TEXT, CLUSAPID_TEXT},
                   .room = 1024};
    DWORD code = ERROR_SUCCESS;
    gsize bytes = 0;
    event.data = g_malloc(event.room);
    while (code == ERROR_SUCCESS && rows->len < EVENTS_MAX && bytes < BYTES_MAX) {
        code = take_v2(port, &event);
        if (code == ERROR_SUCCESS) {
            add_event(&event, rows);
            bytes += size_of(&event);
        }
    }
    for (guint i = 0; i < TEXTS; i++) {
        clusapid_text_clear(&event.texts[i]);
    }
    g_free(event.data);
    return code;
}

/* --- Calls -------------------------------------------------------------------------------------- */

DWORD clusapid_notify_events_take(ClusapidNotifyPort *port, ClRequest *request)
{
    guint opnum = cl_request_method(request)->opnum;
    ClNdrValue *values = cl_request_values(request);
    if (opnum == CL_OP_GetNotify) {
        return take_one(port, values);
    }
    gboolean is_v1 = opnum == CL_OP_GetNotifyAsync;
    g_autoptr(GPtrArray) rows =
        cl_ndr_rows_new(is_v1 ? &cl_ndr_notification_async : &cl_ndr_notification);
    DWORD code = is_v1 ? take_all_v1(port, rows) : take_all_v2(port, rows);
    if (rows->len == 0) {
        return code;
    }
    values[2].number = rows->len;
    values[1].rows = g_steal_pointer(&rows);
    return ERROR_SUCCESS;
}
