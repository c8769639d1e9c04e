/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of a CLUSPROP property list, written and read. The reader takes foreign bytes: it
 * checks every length against the buffer and never looks outside of it.
 */
#pragma once

#include "property.h"

G_BEGIN_DECLS

/* One value in a property list, as it stands in the buffer. */
typedef struct {
    const char16_t *name; /* NUL-terminated, in the buffer */
    guint32 syntax;       /* CLUSPROP_SYNTAX_* */
    const guint8 *data;   /* in the buffer, not aligned to more than the buffer is */
    guint32 size;
    guint32 index; /* which value of its property this is, from 0 */
} ClPropertyValue;

/* A property list of @properties (ClProperty). An empty string inside a MULTI_SZ, which the format
 * cannot hold, is left out. */
GBytes *cl_property_list_build(const GPtrArray *properties);

/* The list that GET_*_PROPERTY_FMTS gives: each property's value is its format. */
GBytes *cl_property_list_build_formats(const GPtrArray *properties);

/* The property of a name and one value, or one more value of the last property (@name NULL), at the
 * end of the list of *@size bytes in @list, where there is room for @room; *@size 0 begins a list.
 * @list NULL only adds to *@size. ERROR_SUCCESS; ERROR_MORE_DATA when there is not enough room,
 * ERROR_INVALID_PARAMETER when the value does not fit its syntax, there is no property to add it to,
 * or the list would be longer than 32 bits can tell: then nothing changes. */
DWORD cl_property_list_append(guint8 *list, gsize room, gsize *size, const char *name,
                              const ClPropertyValue *value);

/* A MULTI_SZ of the properties' names, as ENUM_*_PROPERTIES gives. */
GBytes *cl_property_list_build_names(const GPtrArray *properties);

typedef struct {
    const guint8 *list;
    gsize size;
    gsize offset;            /* of what is read next */
    guint32 properties_left; /* not yet begun */
    guint32 value_index;
    const char16_t *name; /* of the property being read, NULL between two */
} ClPropertyListReader;

/* Begins to read; FALSE if there is not even a count. */
gboolean cl_property_list_reader_init(ClPropertyListReader *reader, const void *list, gsize size);

/* The next value. ERROR_SUCCESS, ERROR_NO_MORE_ITEMS at the end, ERROR_INVALID_DATA when the list
 * is malformed. */
DWORD cl_property_list_reader_next(ClPropertyListReader *reader, ClPropertyValue *ret_value);

/* The whole list as ClProperty: one for each property, from its first value (transfer full).
 * ERROR_INVALID_DATA when it is malformed or a value does not fit its format. Bytes after the last
 * property are ignored; unpaired surrogates are kept. */
gboolean cl_property_list_parse(const void *list, gsize size, GPtrArray **ret_properties,
                                GError **error);

G_END_DECLS
