/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files that write a definition share. A writer lives as long as the writing, on the thread
 * that has the connection.
 */
#pragma once

#include "definition-internal.h"
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct {
    sqlite3 *db;
    GHashTable *statements; /* constant SQL text, by address, to sqlite3_stmt */
    gint64 now;             /* FILETIME */
    GError **error;
} ClWriter;

/* Runs @sql, a constant, with a value for each letter of @types: i gint64, s text (NULL is ""), b
 * GBytes. */
gboolean cl_writer_insert(ClWriter *writer, const char *sql, const char *types, ...);

/* definition-pending.c: how a resource that is pending goes on. */
gboolean cl_definition_write_pending(ClWriter *writer, const ClDefinedResource *resource);

/* definition-registry.c: the keys, when all objects are written. */
gboolean cl_definition_write_keys(ClWriter *writer, const ClDefinition *definition);

G_END_DECLS
