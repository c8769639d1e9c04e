/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A group in memory: reading it, and changing a part of it together with the file. Runs within a
 * change, on its thread.
 */
#include "machine-internal.h"

GArray *cl_machine_numbers(ClRows *rows, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    while (cl_rows_next(rows)) {
        gint64 number = cl_rows_number(rows, 0, 0, G_MAXINT64);
        g_array_append_val(numbers, number);
    }
    return cl_rows_end(rows, error) ? g_steal_pointer(&numbers) : NULL;
}

/* --- Reading ---------------------------------------------------------------------------------- */

static gint64 number_or_0(ClRows *rows, int column)
{
    return cl_rows_is_null(rows, column) ? 0 : cl_rows_number(rows, column, 0, G_MAXINT64);
}

static gboolean load_row(ClMachineGroup *group, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(group->change),
                                "SELECT g.owner, n.state, g.flags, g.status, g.move_to,"
                                " g.move_from, g.move_flags FROM resource_group g"
                                " LEFT JOIN node n ON n.number = g.owner WHERE g.number = ?",
                                "i", group->number);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        group->owner = cl_rows_number(&rows, 0, 0, G_MAXINT64);
        group->owner_state = (gint32)cl_rows_number(&rows, 1, 0, ClusterNodeJoining);
        group->flags = (guint32)cl_rows_number(&rows, 2, 0, G_MAXUINT32);
        group->status = (guint32)cl_rows_number(&rows, 3, 0, G_MAXUINT32);
        group->move_to = number_or_0(&rows, 4);
        group->move_from = number_or_0(&rows, 5);
        group->move_flags = (guint32)cl_rows_number(&rows, 6, 0, G_MAXUINT32);
    }
    return cl_rows_end(&rows, error) &&
           (found || cl_fail(error, ERROR_GROUP_NOT_AVAILABLE, "the group is no longer there"));
}

static ClMachineResource resource_of(ClRows *rows)
{
    return (ClMachineResource){
        .number = cl_rows_number(rows, 0, 0, G_MAXINT64),
        .state = (gint32)cl_rows_number(rows, 1, 0, G_MAXINT32),
        .wanted = (gint32)number_or_0(rows, 2),
        .wanted_flags = (guint32)cl_rows_number(rows, 3, 0, G_MAXUINT32),
        .last_status = (guint32)cl_rows_number(rows, 4, 0, G_MAXUINT32),
        .persistent = cl_rows_number(rows, 5, 0, 1) == 1,
        .row = cl_rows_is_null(rows, 6)
                   ? CL_ROW_NONE
                   : (ClMachineRow)cl_rows_number(rows, 6, CL_ROW_WELL, CL_ROW_FAILING),
        .possible = cl_rows_number(rows, 7, 0, 1) == 1,
        .is_quorum = cl_rows_number(rows, 8, 0, 1) == 1};
}

static gboolean load_resources(ClMachineGroup *group, GError **error)
{
    ClRows rows = cl_rows_query(
        cl_change_reader(group->change),
        "SELECT r.number, r.state, r.wanted, r.wanted_flags, r.last_status, r.persistent_state,"
        " t.outcome, EXISTS (SELECT 1 FROM possible_owner o WHERE o.resource = r.number AND"
        " o.node = ?2), EXISTS (SELECT 1 FROM cluster c WHERE c.quorum_resource = r.number)"
        " FROM resource r LEFT JOIN transition t ON t.resource = r.number"
        " WHERE r.group_number = ?1 ORDER BY r.number",
        "ii", group->number, group->owner);
    while (cl_rows_next(&rows)) {
        ClMachineResource resource = resource_of(&rows);
        g_array_append_val(group->resources, resource);
    }
    return cl_rows_end(&rows, error);
}

/* A damaged file may have dependencies on resources of other groups, which do not count. */
static gboolean load_links(ClMachineGroup *group, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(group->change),
                                "SELECT d.resource, d.provider, d.clause FROM resource r"
                                " JOIN dependency d ON d.resource = r.number"
                                " WHERE r.group_number = ? ORDER BY d.resource, d.clause,"
                                " d.provider",
                                "i", group->number);
    while (cl_rows_next(&rows)) {
        ClMachineLink link = {.clause = cl_rows_number(&rows, 2, G_MININT64, G_MAXINT64)};
        if (cl_machine_index(group, cl_rows_number(&rows, 0, 0, G_MAXINT64), &link.dependent) &&
            cl_machine_index(group, cl_rows_number(&rows, 1, 0, G_MAXINT64), &link.provider)) {
            g_array_append_val(group->links, link);
        }
    }
    return cl_rows_end(&rows, error);
}

gboolean cl_machine_group_reload(ClMachineGroup *group, GError **error)
{
    g_array_set_size(group->resources, 0);
    g_array_set_size(group->links, 0);
    if (!load_row(group, error) || !load_resources(group, error) || !load_links(group, error)) {
        return FALSE;
    }
    group->waits_for_groups = FALSE;
    group->shut_out = FALSE;
    return cl_machine_has_active(group) ||
           (cl_machine_waits_for_groups(group->change, group->number, &group->waits_for_groups,
                                        error) &&
            cl_machine_is_shut_out(group->change, group->number, group->owner, &group->shut_out,
                                   error));
}

gboolean cl_machine_group_load(ClChange *change, gint64 number, ClMachineGroup *group,
                               GError **error)
{
    *group = (ClMachineGroup){.change = change,
                              .number = number,
                              .resources = g_array_new(FALSE, FALSE, sizeof(ClMachineResource)),
                              .links = g_array_new(FALSE, FALSE, sizeof(ClMachineLink))};
    return cl_machine_group_reload(group, error);
}

void cl_machine_group_clear(ClMachineGroup *group)
{
    g_clear_pointer(&group->resources, g_array_unref);
    g_clear_pointer(&group->links, g_array_unref);
}

/* --- Looking ---------------------------------------------------------------------------------- */

guint cl_machine_count(const ClMachineGroup *group)
{
    return group->resources->len;
}

ClMachineResource *cl_machine_at(const ClMachineGroup *group, guint index)
{
    return &g_array_index(group->resources, ClMachineResource, index);
}

/* They are in the order of their numbers. */
gboolean cl_machine_index(const ClMachineGroup *group, gint64 resource, guint *ret_index)
{
    guint low = 0, high = group->resources->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (cl_machine_at(group, middle)->number < resource) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_index = low;
    return low < group->resources->len && cl_machine_at(group, low)->number == resource;
}

gboolean cl_machine_is_pending(const ClMachineResource *resource)
{
    return resource->state == ClusterResourceOnlinePending ||
           resource->state == ClusterResourceOfflinePending;
}

gboolean cl_machine_is_active(const ClMachineResource *resource)
{
    return resource->state == ClusterResourceOnline || cl_machine_is_pending(resource);
}

gboolean cl_machine_has_active(const ClMachineGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        if (cl_machine_is_active(cl_machine_at(group, i))) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_machine_is_queued(const ClMachineGroup *group)
{
    return group->move_to != 0 && group->status & CLUSGRP_STATUS_WAITING_IN_QUEUE_FOR_MOVE;
}

gboolean cl_machine_is_moving(const ClMachineGroup *group)
{
    return group->move_to != 0 && !cl_machine_is_queued(group);
}

gboolean cl_machine_is_busy(const ClMachineGroup *group)
{
    for (guint i = 0; i < group->resources->len; i++) {
        const ClMachineResource *resource = cl_machine_at(group, i);
        gboolean restarts =
            resource->state == ClusterResourceFailed && resource->row == CL_ROW_WELL;
        if (cl_machine_is_pending(resource) || resource->wanted != 0 || restarts) {
            return TRUE;
        }
    }
    return group->move_to != 0;
}

/* --- Changing --------------------------------------------------------------------------------- */

gboolean cl_machine_want(ClMachineGroup *group, ClMachineResource *resource, gint32 wanted,
                         guint32 flags, GError **error)
{
    if (resource->wanted == wanted && resource->wanted_flags == flags) {
        return TRUE;
    }
    resource->wanted = wanted;
    resource->wanted_flags = flags;
    group->progressed = TRUE;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource SET wanted = nullif(?, 0), wanted_flags = ?"
                       " WHERE number = ?",
                       "iii", (gint64)wanted, (gint64)flags, resource->number);
}

gboolean cl_machine_put_state(ClMachineGroup *group, ClMachineResource *resource, gint32 state,
                              GError **error)
{
    resource->state = state;
    resource->row = CL_ROW_NONE;
    group->progressed = TRUE;
    return cl_machine_set_state(group->change, resource->number, state, error);
}

gboolean cl_machine_put_last_status(ClMachineGroup *group, ClMachineResource *resource,
                                    guint32 status, GError **error)
{
    if (resource->last_status == status) {
        return TRUE;
    }
    resource->last_status = status;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource SET last_status = ? WHERE number = ?", "ii", (gint64)status,
                       resource->number);
}

gboolean cl_machine_put_row(ClMachineGroup *group, ClMachineResource *resource, ClMachineRow row,
                            guint64 delay_ms, GError **error)
{
    gint64 now = cl_change_clock(group->change);
    gint64 delay = MAX((gint64)delay_ms * 1000, 1);
    resource->row = row;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "INSERT OR REPLACE INTO transition (resource, outcome, begun, due, boot_id)"
                       " VALUES (?, ?, ?, ?, ?)",
                       "iiiis", resource->number, (gint64)row, now, now + delay, cl_boot_id());
}

gboolean cl_machine_drop_row(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    if (resource->row == CL_ROW_NONE) {
        return TRUE;
    }
    resource->row = CL_ROW_NONE;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "DELETE FROM transition WHERE resource = ?", "i", resource->number);
}

gboolean cl_machine_put_status(ClMachineGroup *group, guint32 status, GError **error)
{
    if (group->status == status) {
        return TRUE;
    }
    cl_change_touch_status(group->change, group->number, group->status);
    group->status = status;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource_group SET status = ? WHERE number = ?", "ii",
                       (gint64)status, group->number);
}

gboolean cl_machine_put_persistent(ClMachineGroup *group, ClMachineResource *resource,
                                   gboolean persistent, GError **error)
{
    if (resource->persistent == persistent) {
        return TRUE;
    }
    resource->persistent = persistent;
    return cl_rows_run(cl_change_reader(group->change), error,
                       "UPDATE resource SET persistent_state = ? WHERE number = ?", "ii",
                       (gint64)persistent, resource->number);
}
