/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events of back ends that make them on their own: the data that they carry, and whom they concern.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* The data of an event: a DWORD; a text with its NUL; a MULTI_SZ (all transfer full). */
GBytes *cl_event_number(guint32 number);
GBytes *cl_event_text(const char *text);
GBytes *cl_event_texts(const char *const *texts);

/* That of properties of which nothing is told: a property list without any. */
GBytes *cl_event_no_properties(void);

/* What a subscription asks for. */
typedef struct {
    char *id;        /* NULL: of all objects; of a resource type its name as names are compared */
    GBytes *as_data; /* the id as the data of an event */
    char *path;      /* of a registry key, as names are compared; NULL: of all keys */
    guint32 object_type;
    guint64 flags;
} ClEventFilter;

void cl_event_filter_set_id(ClEventFilter *filter, const char *id);
void cl_event_filter_clear(ClEventFilter *filter);

/* That events were lost concerns each. */
gboolean cl_event_filter_takes(const ClEventFilter *filter, const ClEvent *event);

G_END_DECLS
