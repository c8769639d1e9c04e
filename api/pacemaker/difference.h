/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What happened between two models, as the events of the API: what came, what changed, what went.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

/* Tells each event in order; its strings are those of the models, its sequence is that of @after. */
void cl_pcmk_differences(const ClPcmkModel *before, const ClPcmkModel *after, ClNotify tell,
                         gpointer data);

G_END_DECLS
