/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ids of objects. Pacemaker's only id is the name; an id that stays over a rename is a GUID made from
 * the kind and the first name (version 5), which the CIB keeps for what was renamed: in a property
 * set of ours, CL_PCMK_IDENTITIES, one nvpair "KIND.NAME" each.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

#define CL_PCMK_IDENTITIES "clusapi-identities"

/* The GUID of what is called @name in the CIB. */
char *cl_pcmk_identity(const xmlNode *cib, ClKind kind, const char *name);

/* In a CIB that is being edited: @name, which has @id, is called @renamed from now on. */
void cl_pcmk_identity_keep(xmlNode *cib, ClKind kind, const char *name, const char *renamed,
                           const char *id);
void cl_pcmk_identity_forget(xmlNode *cib, ClKind kind, const char *name);

G_END_DECLS
