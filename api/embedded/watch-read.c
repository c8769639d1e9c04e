/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "watch-read.h"

#include <string.h>

#include "registry.h"
#include "settle.h"

#define CHUNK       512
#define CHUNK_BYTES (1024 * 1024)

gboolean cl_event_row_complete(ClEventRow *row)
{
    if (row->event.filter_flag == CL_CHANGE_BATCH && !row->commands) {
        row->commands = row->data ? cl_registry_commands_decode(row->data) : NULL;
        row->event.commands = row->commands;
        return row->commands != NULL;
    }
    return TRUE;
}

static void row_clear(gpointer item)
{
    ClEventRow *row = item;
    for (gsize i = 0; i < G_N_ELEMENTS(row->texts); i++) {
        g_free(row->texts[i]);
    }
    g_clear_pointer(&row->data, g_bytes_unref);
    g_clear_pointer(&row->commands, g_ptr_array_unref);
}

ClEventChunk cl_event_chunk_new(void)
{
    ClEventChunk chunk = {.rows = g_array_new(FALSE, FALSE, sizeof(ClEventRow))};
    g_array_set_clear_func(chunk.rows, row_clear);
    return chunk;
}

void cl_event_chunk_clear(ClEventChunk *chunk)
{
    g_array_unref(chunk->rows);
}

/* Returns how much it takes. */
static gsize take_row(ClRows *rows, GArray *events)
{
    ClEventRow row = {0};
    gsize size = 0;
    row.event.sequence = (guint64)cl_rows_number(rows, 0, 1, G_MAXINT64);
    row.event.object_type = (guint32)cl_rows_number(rows, 1, 0, G_MAXUINT32);
    row.event.filter_flag = (guint64)cl_rows_number(rows, 2, G_MININT64, G_MAXINT64);
    for (int i = 0; i < 4; i++) {
        row.texts[i] = g_strdup(cl_rows_text(rows, 3 + i));
        size += strlen(row.texts[i]);
    }
    row.data = cl_rows_bytes(rows, 7);
    size += row.data ? g_bytes_get_size(row.data) : 0;
    row.event.id = row.texts[0];
    row.event.parent_id = row.texts[1];
    row.event.name = row.texts[2];
    row.event.type = row.texts[3];
    row.event.data = row.data;
    g_array_append_val(events, row);
    return size;
}

static gboolean read_rows(ClReader *reader, gint64 position, ClEventChunk *chunk, GError **error)
{
    gsize size = 0;
    ClRows rows = cl_rows_query(reader,
                                "SELECT sequence, object_type, flag, id, parent_id, name, type,"
                                " data FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
                                "ii", position, (gint64)CHUNK);
    while (size < CHUNK_BYTES && cl_rows_next(&rows)) {
        size += take_row(&rows, chunk->rows);
    }
    chunk->more = size >= CHUNK_BYTES || chunk->rows->len == CHUNK;
    return cl_rows_end(&rows, error);
}

/* The number is read first, so that each event up to it is among the rows or was forgotten. */
gboolean cl_event_chunk_read(ClReader *reader, gint64 position, ClEventChunk *chunk, GError **error)
{
    return cl_rows_one(reader, error, &chunk->last, 0, "SELECT max(sequence) FROM event", "") &&
           read_rows(reader, position, chunk, error) && cl_settle_due(reader, &chunk->due, error);
}
