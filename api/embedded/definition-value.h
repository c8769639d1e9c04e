/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading the values of a definition's keys into its objects. The reader borrows all that it
 * points to; one thread at a time.
 */
#pragma once

#include "definition-internal.h"

G_BEGIN_DECLS

typedef struct {
    GHashTable *names; /* what references can say, to the object meant */
    GPtrArray *mistakes;
} ClValueReader;

/* All labels, names and ids of the definition's objects. */
GHashTable *cl_value_names_new(const ClDefinition *definition);

/* Reads @entry, which is @key, into its member of @object, or adds a mistake. */
void cl_value_read(const ClValueReader *reader, ClDefined *object, const ClKey *key,
                   const ClLineEntry *entry);

/* The object of that kind with that label, name or id; NULL: there is none. */
gpointer cl_value_find(const ClValueReader *reader, ClKind kind, const char *text);

/* Reads where the path of a key leads, or adds a mistake at @line. */
void cl_value_read_path(const ClValueReader *reader, ClDefinedKey *key, guint line);

/* A decimal number, or a hexadecimal one after 0x, not above @max. */
gboolean cl_value_parse_number(const char *text, guint64 max, guint64 *ret_number);

G_END_DECLS
