/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The thread that tells subscriptions; begun by the first of them.
 */
#pragma once

#include "pacemaker.h"

G_BEGIN_DECLS

/* Ends it, when there are no subscriptions and no connections any more. */
void cl_pcmk_watch_end(void);

G_END_DECLS
