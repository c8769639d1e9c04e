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

/* Gives a resource another state, at once and whatever it was doing, with the events of it. */
gboolean cl_machine_set_state(ClChange *change, gint64 resource, gint32 state, GError **error);

/* Offline at once, and nothing more is wanted: one resource, or all of a group. */
gboolean cl_machine_terminate(ClChange *change, gint64 resource, GError **error);
gboolean cl_machine_terminate_group(ClChange *change, gint64 group, GError **error);

/* What becomes of the groups of a node that goes down, or (@for_good) leaves the cluster: they move
 * at once to where they can, in the latter case anywhere, or stay there offline. */
gboolean cl_machine_leave_node(ClChange *change, gint64 node, gboolean for_good, GError **error);

G_END_DECLS
