/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Groups of which something is wanted online that cannot be now: where the node is the reason, the
 * group goes to another; where other groups are, it waits, is shown to wait, and does not wait for
 * ever. Runs within a change, on its thread.
 */
#include "machine-internal.h"
#include "schema.h"

/* --- For a node ------------------------------------------------------------------------------- */

static gboolean waits_for_node(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        const ClMachineResource *resource = cl_machine_at(group, i);
        if (resource->wanted == ClusterResourceOnline &&
            (group->owner_state != ClusterNodeUp || !resource->possible)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether it is shut out of its node, and that is in the way of something. */
static gboolean is_kept_offline(const ClMachineGroup *group)
{
    for (guint i = 0; group->shut_out && i < cl_machine_count(group); i++) {
        const ClMachineResource *resource = cl_machine_at(group, i);
        if (resource->wanted == ClusterResourceOnline &&
            !(resource->wanted_flags & CL_WANT_ANYWHERE)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* From one that is about to go away it need not flee. */
static gboolean must_leave(ClMachineGroup *group, gboolean *ret_must, GError **error)
{
    *ret_must = waits_for_node(group);
    return *ret_must || !is_kept_offline(group) ||
           cl_machine_is_barred(group->change, group->number, group->owner, ret_must, error);
}

gboolean cl_machine_step_waiting(ClMachineGroup *group, GError **error)
{
    gint64 node = 0;
    gboolean must;
    if (group->move_to != 0 || cl_machine_has_active(group)) {
        return TRUE;
    }
    if (!must_leave(group, &must, error) ||
        (must && !cl_machine_find_node(group->change, group->number, group->owner, CL_PLACE_NEXT,
                                       &node, error))) {
        return FALSE;
    }
    return node == 0 || cl_machine_arrive(group, node, CL_MOVE_FAILOVER, error);
}

/* --- For groups ------------------------------------------------------------------------------- */

static gboolean waits_in_vain(const ClMachineGroup *group)
{
    for (guint i = 0; group->waits_for_groups && i < cl_machine_count(group); i++) {
        if (cl_machine_at(group, i)->wanted == ClusterResourceOnline) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The one whose row says until when the group waits. */
static gboolean is_alarm(const ClMachineResource *resource)
{
    return resource->row == CL_ROW_FAILING && !cl_machine_is_pending(resource) &&
           resource->state != ClusterResourceFailed;
}

static ClMachineResource *find_alarm(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (is_alarm(cl_machine_at(group, i))) {
            return cl_machine_at(group, i);
        }
    }
    return NULL;
}

ClMachineResource *cl_machine_free_row(const ClMachineGroup *group)
{
    for (guint i = 0; i < cl_machine_count(group); i++) {
        if (cl_machine_at(group, i)->row == CL_ROW_NONE) {
            return cl_machine_at(group, i);
        }
    }
    return NULL;
}

/* GroupDependencyTimeout is in seconds; the largest number is for ever. */
static gboolean set_alarm(ClMachineGroup *group, GError **error)
{
    guint32 seconds;
    ClMachineResource *resource = cl_machine_free_row(group);
    if (!resource || find_alarm(group)) {
        return TRUE;
    }
    if (!cl_machine_number(group->change, CL_SCHEMA_CLUSTER, "groupdependencytimeout", 600,
                           &seconds, error)) {
        return FALSE;
    }
    return seconds == G_MAXUINT32 ||
           cl_machine_put_row(group, resource, CL_ROW_FAILING, (guint64)seconds * 1000, error);
}

static gboolean clear_alarm(ClMachineGroup *group, GError **error)
{
    ClMachineResource *resource = find_alarm(group);
    return !resource || cl_machine_drop_row(group, resource, error);
}

gboolean cl_machine_stop_waiting(ClMachineGroup *group, GError **error)
{
    for (guint i = 0; group->waits_for_groups && i < cl_machine_count(group); i++) {
        ClMachineResource *resource = cl_machine_at(group, i);
        if (resource->wanted == ClusterResourceOnline &&
            (!cl_machine_put_last_status(group, resource, ERROR_TIMEOUT, error) ||
             !cl_machine_want(group, resource, 0, 0, error))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Showing ---------------------------------------------------------------------------------- */

gboolean cl_machine_show_waiting(ClMachineGroup *group, GError **error)
{
    gboolean waits = waits_in_vain(group);
    guint32 for_groups = (guint32)CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES;
    guint32 for_node = (guint32)CLUSGRP_STATUS_OFFLINE_DUE_TO_ANTIAFFINITY_CONFLICT;
    guint32 status = group->status & ~(for_groups | for_node);
    status |= waits ? for_groups : 0;
    status |= is_kept_offline(group) ? for_node : 0;
    return (waits ? set_alarm(group, error) : clear_alarm(group, error)) &&
           cl_machine_put_status(group, status, error);
}
