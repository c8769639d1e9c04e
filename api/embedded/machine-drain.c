/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Draining a node: where each of its groups goes, how it stands, and trying again what did not
 * work. Runs within a change, on its thread.
 */
#include "embedded.h"
#include "events.h"
#include "machine-internal.h"
#include "property-list.h"

/* The node's drain as its properties tell it. */
static gboolean emit_drain(ClChange *change, gint64 node, GError **error)
{
    static const char *const told[] = {"NodeDrainStatus", "NodeDrainTarget", "StatusInformation"};
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) properties = g_ptr_array_new();
    if (!cl_properties_read(cl_change_reader(change), CL_KIND_NODE, node, CL_PROPERTIES_RO_COMMON,
                            &all, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(told); i++) {
        g_ptr_array_add(properties, cl_properties_find(all, told[i]));
    }
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    return cl_event_of(change, CL_KIND_NODE, node, CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2, list,
                       error);
}

gboolean cl_machine_put_drain(ClChange *change, gint64 node, gint32 status, gint64 target,
                              guint32 flags, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    return cl_rows_run(reader, error,
                       "UPDATE node SET drain_status = ?1, drain_target = nullif(?2, 0),"
                       " pause_flags = ?3 WHERE number = ?4 AND (drain_status <> ?1 OR"
                       " coalesce(drain_target, 0) <> ?2 OR pause_flags <> ?3)",
                       "iiii", (gint64)status, target, (gint64)flags, node) &&
           (cl_reader_changes(reader) == 0 || emit_drain(change, node, error));
}

/* --- Groups ----------------------------------------------------------------------------------- */

/* The node to which a group goes; 0 if it is to stay. */
static gboolean find_target(ClMachineGroup *group, const ClMachineDrain *drain, gint64 *ret_node,
                            GError **error)
{
    gboolean remains = drain->flags & CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR;
    gboolean can = TRUE, conflict = FALSE;
    gint32 state;
    if (drain->target != 0) {
        if (!cl_machine_node_state(group->change, drain->target, &state, error) ||
            !cl_machine_can_host(group->change, group->number, drain->target, &can, error) ||
            !cl_machine_is_barred(group->change, group->number, drain->target, &conflict, error)) {
            return FALSE;
        }
        gboolean goes = state == ClusterNodeUp && ((can && !conflict) || !remains);
        *ret_node = goes ? drain->target : 0;
        return TRUE;
    }
    return cl_machine_find_node(group->change, group->number, drain->node, CL_PLACE_NEXT, ret_node,
                                error) &&
           (*ret_node != 0 || remains ||
            cl_machine_find_node(group->change, group->number, drain->node, CL_PLACE_LAND, ret_node,
                                 error));
}

static gboolean drain_group(ClChange *change, gint64 number, const ClMachineDrain *drain,
                            gboolean *ret_moves, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    gboolean locked;
    gint64 node = 0;
    *ret_moves = FALSE;
    if (!cl_machine_group_load(change, number, &group, error) ||
        !cl_machine_is_locked(&group, TRUE, &locked, error)) {
        return FALSE;
    }
    if (locked || cl_machine_is_moving(&group)) {
        return TRUE;
    }
    if (!find_target(&group, drain, &node, error)) {
        return FALSE;
    }
    *ret_moves = node != 0;
    return node == 0 || cl_machine_begin_move(&group, node, CL_MOVE_DRAIN, FALSE, error);
}

gboolean cl_machine_drain_groups(ClChange *change, const ClMachineDrain *drain, gboolean *ret_moves,
                                 GError **error)
{
    g_autoptr(GArray) groups = cl_machine_groups_of(change, drain->node, error);
    *ret_moves = FALSE;
    for (guint i = 0; groups && i < groups->len; i++) {
        gboolean moves;
        if (!drain_group(change, g_array_index(groups, gint64, i), drain, &moves, error)) {
            return FALSE;
        }
        *ret_moves = *ret_moves || moves;
    }
    return groups != NULL;
}

/* --- How it stands ---------------------------------------------------------------------------- */

typedef struct {
    ClMachineDrain drain;
    gboolean failed; /* with groups that may be tried again; else it goes on */
    gboolean moving, left;
} Progress;

static GArray *read_drains(ClChange *change, GError **error)
{
    g_autoptr(GArray) drains = g_array_new(FALSE, FALSE, sizeof(Progress));
    ClRows rows = cl_rows_query(
        cl_change_reader(change),
        "SELECT n.number, coalesce(n.drain_target, 0), n.pause_flags, n.drain_status = 3, EXISTS"
        " (SELECT 1 FROM resource_group g WHERE g.owner = n.number AND g.move_to IS NOT NULL AND"
        " NOT g.status & 4), EXISTS (SELECT 1 FROM resource_group g WHERE g.owner = n.number)"
        " FROM node n WHERE n.drain_status = 1 OR (n.drain_status = 3 AND n.pause_flags & 4 AND"
        " n.state = 2)",
        "");
    while (cl_rows_next(&rows)) {
        Progress progress = {{cl_rows_number(&rows, 0, 0, G_MAXINT64),
                              cl_rows_number(&rows, 1, 0, G_MAXINT64),
                              (guint32)cl_rows_number(&rows, 2, 0, G_MAXUINT32)},
                             cl_rows_number(&rows, 3, 0, 1) == 1,
                             cl_rows_number(&rows, 4, 0, 1) == 1,
                             cl_rows_number(&rows, 5, 0, 1) == 1};
        g_array_append_val(drains, progress);
    }
    return cl_rows_end(&rows, error) ? g_steal_pointer(&drains) : NULL;
}

/* What keeps a group is gone when something else has changed, so there is no need for a clock. */
static gboolean try_again(ClChange *change, const ClMachineDrain *drain, gboolean *progressed,
                          GError **error)
{
    gboolean moves;
    if (!cl_machine_drain_groups(change, drain, &moves, error)) {
        return FALSE;
    }
    *progressed = *progressed || moves;
    return !moves || cl_machine_put_drain(change, drain->node, NodeDrainStatusInProgress,
                                          drain->target, drain->flags, error);
}

static gboolean end_drain(ClChange *change, const Progress *progress, gboolean *progressed,
                          GError **error)
{
    const ClMachineDrain *drain = &progress->drain;
    gint32 status = progress->left ? NodeDrainStatusFailed : NodeDrainStatusCompleted;
    *progressed = TRUE;
    return cl_machine_put_drain(change, drain->node, status, drain->target, drain->flags, error);
}

gboolean cl_machine_step_drains(ClChange *change, gboolean *progressed, GError **error)
{
    g_autoptr(GArray) drains = read_drains(change, error);
    for (guint i = 0; drains && i < drains->len; i++) {
        const Progress *progress = &g_array_index(drains, Progress, i);
        gboolean again = progress->failed && progress->left;
        gboolean done =
            progress->moving || (again ? try_again(change, &progress->drain, progressed, error)
                                       : end_drain(change, progress, progressed, error));
        if (!done) {
            return FALSE;
        }
    }
    return drains != NULL;
}
