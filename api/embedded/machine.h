/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The state machine of groups and resources: what happens by itself. The verbs of act-*.c say what
 * is wanted (resource.wanted, resource_group.move_to); this brings it about step by step.
 */
#pragma once

#include "change.h"

G_BEGIN_DECLS

/* Completes what is due and begins what can begin, until nothing more can be done now. */
gboolean cl_machine_advance(ClChange *change, GError **error);

G_END_DECLS
