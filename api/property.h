/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A property in memory: a name and one typed value. Back ends speak in these; property-list.c
 * turns them into the bytes of a property list and back.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    char *name;
    CLUSTER_PROPERTY_FORMAT format; /* says which of the members below holds the value */
    guint64 number;                 /* DWORD, WORD, LONG (sign-extended), ULARGE_INTEGER,
                                       LARGE_INTEGER (its bits), FILETIME */
    char *text;                     /* SZ, EXPAND_SZ, EXPANDED_SZ */
    char **texts;                   /* MULTI_SZ */
    GBytes *bytes;                  /* BINARY, SECURITY_DESCRIPTOR, anything unknown */
    char *expanded;                 /* EXPAND_SZ: with its variables replaced; NULL: the text */
} ClProperty;

/* All copy what they are given. @value NULL is an empty text, list or block of bytes. */
ClProperty *cl_property_new_number(const char *name, CLUSTER_PROPERTY_FORMAT format, guint64 value);
ClProperty *cl_property_new_text(const char *name, CLUSTER_PROPERTY_FORMAT format,
                                 const char *value);
ClProperty *cl_property_new_texts(const char *name, const char *const *values);
ClProperty *cl_property_new_bytes(const char *name, CLUSTER_PROPERTY_FORMAT format, GBytes *value);
void cl_property_free(ClProperty *property);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClProperty, cl_property_free)

/* An array of ClProperty that owns them. */
GPtrArray *cl_properties_new(void);

/* The property of that name without regard to case, or NULL. */
ClProperty *cl_properties_find(const GPtrArray *properties, const char *name);

/* Whether two properties hold the same format and value. */
gboolean cl_property_equal(const ClProperty *a, const ClProperty *b);

G_END_DECLS
