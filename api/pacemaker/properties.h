/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties as they are in the CIB. Reading needs a model alone; writing is an edit of a CIB.
 */
#pragma once

#include "agents.h"
#include "pacemaker.h"
#include "property-table.h"

G_BEGIN_DECLS

/* What a common property is at @object; it may be compared before it is written. */
ClProperty *cl_pcmk_property_read(const ClPcmkRow *row, const ClPcmkModel *model,
                                  const ClPcmkObject *object);

/* The private ones, of which @read_only are those that nobody sets here (transfer full). */
GPtrArray *cl_pcmk_private_properties(const ClPcmkModel *model, const ClPcmkObject *object,
                                      gboolean read_only);

/* Where the private ones of an object are: the element and the name of its sets; FALSE: nowhere. */
gboolean cl_pcmk_private_place(const ClPcmkModel *model, const ClPcmkObject *object,
                               const xmlNode **ret_element, const char **ret_set);

/* Whether a private property is told only; and whether what is kept there under that name is told by a
 * common one instead. */
gboolean cl_pcmk_private_is_read_only(ClKind kind, const char *name);
gboolean cl_pcmk_private_is_common(ClKind kind, const char *name);

/* --- set-properties.c --------------------------------------------------------------------------- */

/* What is to be set. */
typedef struct {
    const ClObject *object;
    ClPropertySet set;
    const GPtrArray *properties;
    const ClPcmkAgent
        *agent;       /* private ones of the cluster; of a resource: that of its type, ... */
    const char *type; /* ... which is this */
} ClPcmkPropertyChange;

/* A ClPcmkEdit, whose data is that: all of it, or an error. */
gboolean cl_pcmk_properties_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                                 GError **error);

/* The agent that checks private properties which are to be set: fills @change (@ret_agent and
 * @ret_type: transfer full, which it borrows). */
gboolean cl_pcmk_property_change_prepare(ClConnection *connection, ClPcmkPropertyChange *change,
                                         const ClCall *call, ClPcmkAgent **ret_agent,
                                         char **ret_type, GError **error);

G_END_DECLS
