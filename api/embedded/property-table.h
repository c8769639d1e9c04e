/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The common properties that each kind of object has: format, range, default, and where the value
 * comes from. Constant; any thread may read it.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

typedef enum {
    CL_SOURCE_STORED,       /* the table "property", else the default */
    CL_SOURCE_COLUMN,       /* a column of the statement that properties.c runs for the kind */
    CL_SOURCE_FIXED,        /* always the default */
    CL_SOURCE_SECURITY,     /* a security descriptor: as stored, else that of a new cluster */
    CL_SOURCE_NODE_STATUS,  /* bits from the node's drain status */
    CL_SOURCE_DEPENDENCIES, /* of a group or group set: what it depends on, by id */
    /* of a network or network interface: its addresses */
    CL_SOURCE_FIRST_ADDRESS,
    CL_SOURCE_FIRST_MASK,
    CL_SOURCE_IPV4,
    CL_SOURCE_IPV4_PREFIXES,
    CL_SOURCE_IPV6,
    CL_SOURCE_IPV6_PREFIXES
} ClSource;

typedef struct {
    const char *name;
    CLUSTER_PROPERTY_FORMAT format;
    gboolean read_only;
    ClSource source;
    int column;       /* with CL_SOURCE_COLUMN */
    guint64 number;   /* the default of a number; the default of text is "" and of a list none */
    guint64 min, max; /* what a number may be set to; the default may lie outside */
} ClCommonProperty;

/* The properties of @kind in the order in which they are told; NULL and 0 for a kind without. */
const ClCommonProperty *cl_common_properties(ClKind kind, gsize *ret_n);

/* The one of that name without regard to case, or NULL. */
const ClCommonProperty *cl_common_property_find(ClKind kind, const char *name);

G_END_DECLS
