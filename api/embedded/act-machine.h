/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs of groups, resources and nodes check before the state machine goes on.
 */
#pragma once

#include "act.h"
#include "machine-internal.h"

G_BEGIN_DECLS

/* ERROR_INVALID_PARAMETER if action->flags has others than @valid. */
gboolean cl_act_check_flags(const ClAct *act, guint32 valid, GError **error);

/* ERROR_INVALID_STATE while the group is pending or moves. */
gboolean cl_act_check_idle(ClMachineGroup *group, GError **error);

/* ERROR_CLUSTER_RESOURCE_LOCKED_STATUS. */
gboolean cl_act_check_unlocked(ClMachineGroup *group, gboolean moves, GError **error);

/* Whether something of the group may be online on @node: ERROR_SHARING_PAUSED,
 * ERROR_HOST_NODE_NOT_AVAILABLE. */
gboolean cl_act_check_node(const ClAct *act, gint64 node, GError **error);

/* ERROR_NODE_CANT_HOST_RESOURCE if a group that it avoids runs there. */
gboolean cl_act_check_conflict(const ClAct *act, gint64 group, gint64 node, GError **error);

gboolean cl_act_put_group_persistent(ClMachineGroup *group, gboolean persistent, GError **error);

/* Lets the machine go on, and reads the group again. */
gboolean cl_act_advance(ClMachineGroup *group, GError **error);

/* Whether all of its resources have @state. */
gboolean cl_act_all_have(const ClMachineGroup *group, gint32 state);

/* Wants a resource offline: what does not run is so at once. */
gboolean cl_act_request_offline(ClMachineGroup *group, ClMachineResource *resource, guint32 flags,
                                GError **error);

/* --- act-input.c ------------------------------------------------------------------------------ */

/* The properties of the Ex function's list (transfer full), none if there is no list. */
gboolean cl_act_read_input(const ClAct *act, GPtrArray **ret_properties, GError **error);
/* What they say to a resource, as flags of OfflineClusterResourceEx. */
gboolean cl_act_take_input(const ClAct *act, const GPtrArray *properties, gint64 resource,
                           guint32 *ret_flags, GError **error);

G_END_DECLS
