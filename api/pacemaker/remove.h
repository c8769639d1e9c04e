/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deleting a group with all that it holds, within an edit.
 */
#pragma once

#include "act.h"

G_BEGIN_DECLS

/* Nothing of it runs. Only act->cib, model and requests are used. */
void cl_pcmk_delete_group(ClPcmkAct *act, const ClPcmkGroup *group);

/* A primitive has left @parent: a <group> without any is none. */
void cl_pcmk_group_lost(ClPcmkAct *act, xmlNode *parent);

/* The edit of remove(). */
gboolean cl_pcmk_remove_edit(xmlNode *cib, const ClPcmkModel *model, gpointer act, GError **error);

G_END_DECLS
