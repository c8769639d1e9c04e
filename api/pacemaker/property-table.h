/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The common properties that Pacemaker has the notion of: where in the CIB each is, in which unit, or
 * how it follows from the model. Constant; any thread may read it.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Where a property is kept. */
typedef enum {
    CL_PCMK_NOWHERE,   /* it follows from the model */
    CL_PCMK_ATTRIBUTE, /* an attribute of the element */
    CL_PCMK_META_ATTRIBUTE,
    CL_PCMK_MONITOR, /* an attribute of the operation that watches the resource */
    CL_PCMK_START    /* an attribute of the operation that starts it, set for the stop, too */
} ClPcmkPlace;

/* What the text there means as a number. */
typedef enum {
    CL_PCMK_TEXT,         /* a text */
    CL_PCMK_ROLE,         /* target-role: 0 if it is Stopped, else 1 */
    CL_PCMK_COUNT,        /* INFINITY is G_MAXUINT32 */
    CL_PCMK_RESTARTS,     /* failures that are not yet the one that moves it */
    CL_PCMK_HOURS,        /* a duration; what is begun counts whole */
    CL_PCMK_SECONDS,      /* a duration that Pacemaker cuts to seconds, in milliseconds */
    CL_PCMK_MILLISECONDS, /* a duration */
    CL_PCMK_SCORE,        /* below 0 is 0 */
    CL_PCMK_FAILBACK,     /* 0 if it is INFINITY: what runs stays */
    CL_PCMK_LOCKED,       /* a boolean turned round */
    CL_PCMK_ON_FAIL       /* 2 for what restarts, 0 for what leaves the resource where it is */
} ClPcmkUnit;

typedef struct ClPcmkRow ClPcmkRow;
struct ClPcmkRow {
    const char *name;
    CLUSTER_PROPERTY_FORMAT format;
    ClPcmkPlace place;
    const char *key; /* the attribute's name */
    ClPcmkUnit unit;
    guint64 absent;   /* what it is where nothing is set */
    guint64 min, max; /* what may be set; @absent may, too */
    /* CL_PCMK_NOWHERE: the value; @object NULL is the cluster */
    ClProperty *(*tell)(const ClPcmkRow *row, const ClPcmkModel *model, const ClPcmkObject *object);
};

/* The rows of a kind in the order in which they are told. */
const ClPcmkRow *cl_pcmk_rows(ClKind kind, gsize *ret_n);

/* The one of that name without regard to case, or NULL. */
const ClPcmkRow *cl_pcmk_row_find(ClKind kind, const char *name);

/* Between the text of the CIB and the number of the property; the text is NULL for a number that
 * Pacemaker cannot mean (transfer full). */
guint64 cl_pcmk_unit_number(const ClPcmkRow *row, const char *text);
char *cl_pcmk_unit_text(const ClPcmkRow *row, guint64 number);

G_END_DECLS
