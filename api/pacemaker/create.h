/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What creating, renaming and changing groups share, and the edits of create() and rename().
 */
#pragma once

#include "act.h"

G_BEGIN_DECLS

/* Whether an object of that kind can be called so, now; @taken is the code if the name is in use. @but
 * has it itself, or NULL. */
gboolean cl_pcmk_check_name(const xmlNode *cib, const ClPcmkModel *model, const char *name,
                            const ClPcmkObject *but, DWORD taken, GError **error);

/* The <group> that resources can be added to: that of a group, made if it has none yet. */
xmlNode *cl_pcmk_group_for_members(ClPcmkAct *act, const ClPcmkGroup *group, GError **error);

typedef struct {
    const ClNewObject *what;
    const char *interval; /* at which a resource is to be monitored; NULL: the usual */
    ClPcmkAct act;        /* of the group that a resource is for */
} ClPcmkCreation;

gboolean cl_pcmk_create_edit(xmlNode *cib, const ClPcmkModel *model, gpointer creation,
                             GError **error);

typedef struct {
    const char *name;
    ClPcmkAct act;
} ClPcmkRenaming;

gboolean cl_pcmk_rename_edit(xmlNode *cib, const ClPcmkModel *model, gpointer renaming,
                             GError **error);

G_END_DECLS
