/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The events of the file's table, some at a time. What is read belongs to the caller.
 */
#pragma once

#include "embedded.h"

G_BEGIN_DECLS

/* One event, with what it points to. */
typedef struct {
    ClEvent event;
    char *texts[4];
    GBytes *data;
    GPtrArray *commands;
} ClEventRow;

/* Gives the event of a batch its commands; FALSE: of a file that is not whole they may be none. */
gboolean cl_event_row_complete(ClEventRow *row);

/* Some events, those after a position. */
typedef struct {
    GArray *rows;  /* ClEventRow */
    gint64 last;   /* the number of the newest */
    gboolean more; /* there are others */
    gint64 due;    /* when something happens next */
} ClEventChunk;

ClEventChunk cl_event_chunk_new(void);
void cl_event_chunk_clear(ClEventChunk *chunk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClEventChunk, cl_event_chunk_clear)

gboolean cl_event_chunk_read(ClReader *reader, gint64 position, ClEventChunk *chunk,
                             GError **error);

G_END_DECLS
