/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nodes that go and come: their states and those of their interfaces, and what becomes of their
 * groups. Runs within a change, on its thread.
 */
#include "embedded.h"
#include "events.h"
#include "machine-internal.h"

/* --- States ----------------------------------------------------------------------------------- */

typedef struct {
    ClKind kind;
    gint64 number;
    gint32 state;
} Part;

/* The interfaces of a node and their networks, whose states follow from it. */
static GArray *find_parts(ClChange *change, gint64 node, GError **error)
{
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(Part));
    ClRows rows =
        cl_rows_query(cl_change_reader(change),
                      "SELECT number, network FROM netinterface WHERE node = ?", "i", node);
    while (cl_rows_next(&rows)) {
        Part interface = {CL_KIND_NETINTERFACE, cl_rows_number(&rows, 0, 0, G_MAXINT64), 0};
        Part network = {CL_KIND_NETWORK, cl_rows_number(&rows, 1, 0, G_MAXINT64), 0};
        g_array_append_val(parts, interface);
        g_array_append_val(parts, network);
    }
    return cl_rows_end(&rows, error) ? g_steal_pointer(&parts) : NULL;
}

static gboolean read_part(ClChange *change, const Part *part, gint32 *ret_state, GError **error)
{
    g_autofree char *unused = NULL, *unused_too = NULL;
    return cl_state_read(cl_change_reader(change), part->kind, part->number, ret_state, &unused,
                         &unused_too, error);
}

static gboolean emit_part(ClChange *change, const Part *part, GError **error)
{
    gint32 state;
    if (!read_part(change, part, &state, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) data = cl_event_number((guint32)state);
    guint64 flag = part->kind == CL_KIND_NETWORK ? CLUSTER_CHANGE_NETWORK_STATE_V2
                                                 : CLUSTER_CHANGE_NETINTERFACE_STATE_V2;
    return state == part->state || cl_event_of(change, part->kind, part->number, flag, data, error);
}

gboolean cl_machine_put_node_state(ClChange *change, gint64 node, gint32 state, GError **error)
{
    g_autoptr(GArray) parts = find_parts(change, node, error);
    g_autoptr(GBytes) data = cl_event_number((guint32)state);
    for (guint i = 0; parts && i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        if (!read_part(change, part, &part->state, error)) {
            return FALSE;
        }
    }
    if (!parts ||
        !cl_rows_run(cl_change_reader(change), error, "UPDATE node SET state = ? WHERE number = ?",
                     "ii", (gint64)state, node) ||
        !cl_event_of(change, CL_KIND_NODE, node, CLUSTER_CHANGE_NODE_STATE_V2, data, error)) {
        return FALSE;
    }
    for (guint i = 0; i < parts->len; i++) {
        if (!emit_part(change, &g_array_index(parts, Part, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Going ------------------------------------------------------------------------------------ */

GArray *cl_machine_groups_of(ClChange *change, gint64 node, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT g.number FROM resource_group g LEFT JOIN property p ON"
                                " p.object = g.number AND p.private = 0 AND p.key = 'priority'"
                                " WHERE g.owner = ? ORDER BY coalesce(p.value, 2000) DESC,"
                                " g.number",
                                "i", node);
    return cl_machine_numbers(&rows, error);
}

/* The node that it came from, if whoever moved it said so and it is not there for good yet. */
static gboolean find_source(ClMachineGroup *group, gint64 *ret_node, GError **error)
{
    gint32 state = ClusterNodeDown;
    gboolean can = FALSE;
    *ret_node = 0;
    if (group->move_to != 0 || group->move_from == 0 || group->move_from == group->owner ||
        !(group->move_flags & CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR)) {
        return TRUE;
    }
    if (!cl_machine_node_state(group->change, group->move_from, &state, error) ||
        !cl_machine_can_host(group->change, group->number, group->move_from, &can, error)) {
        return FALSE;
    }
    *ret_node = state == ClusterNodeUp && can ? group->move_from : 0;
    return TRUE;
}

/* Where it can run; else where it may wait; else (0) it stays. */
static gboolean find_refuge(ClMachineGroup *group, gboolean for_good, gint64 *ret_node,
                            GError **error)
{
    static const ClMachinePlace places[] = {CL_PLACE_NEXT, CL_PLACE_LAND, CL_PLACE_ANYWHERE};
    gsize n = for_good ? G_N_ELEMENTS(places) : G_N_ELEMENTS(places) - 1;
    if (!find_source(group, ret_node, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < n && *ret_node == 0; i++) {
        if (!cl_machine_find_node(group->change, group->number, group->owner, places[i], ret_node,
                                  error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean leave(ClChange *change, gint64 number, gboolean for_good, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    gint64 to;
    if (!cl_machine_terminate_group(change, number, error) ||
        !cl_machine_group_load(change, number, &group, error) ||
        !find_refuge(&group, for_good, &to, error)) {
        return FALSE;
    }
    if (to != 0) {
        return cl_machine_arrive(&group, to, CL_MOVE_FAILOVER, error);
    }
    return cl_machine_cancel_move(&group, error) && cl_machine_restore(&group, 0, error);
}

/* What is on its way to a node that leaves for good. */
static gboolean redirect_all(ClChange *change, gint64 node, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT number FROM resource_group WHERE move_to = ? ORDER BY"
                                " number",
                                "i", node);
    g_autoptr(GArray) groups = cl_machine_numbers(&rows, error);
    for (guint i = 0; groups && i < groups->len; i++) {
        g_auto(ClMachineGroup) group = {0};
        if (!cl_machine_group_load(change, g_array_index(groups, gint64, i), &group, error) ||
            !cl_machine_redirect_move(&group, error)) {
            return FALSE;
        }
    }
    return groups != NULL;
}

/* One that leaves for good counts as down from now on, so that nothing comes back. */
gboolean cl_machine_leave_node(ClChange *change, gint64 node, gboolean for_good, GError **error)
{
    g_autoptr(GArray) groups = cl_machine_groups_of(change, node, error);
    if (for_good && !cl_rows_run(cl_change_reader(change), error,
                                 "UPDATE node SET state = 1 WHERE number = ?", "i", node)) {
        return FALSE;
    }
    for (guint i = 0; groups && i < groups->len; i++) {
        if (!leave(change, g_array_index(groups, gint64, i), for_good, error)) {
            return FALSE;
        }
    }
    return groups && (!for_good || redirect_all(change, node, error)) &&
           cl_machine_advance(change, error);
}

/* --- Coming ----------------------------------------------------------------------------------- */

GArray *cl_machine_prefer_node(ClChange *change, gint64 node, GError **error)
{
    ClRows rows = cl_rows_query(
        cl_change_reader(change),
        "SELECT g.number FROM preferred_owner p JOIN resource_group g ON g.number = p.group_number"
        " JOIN property a ON a.object = g.number AND a.private = 0 AND a.key = 'autofailbacktype'"
        " AND a.value = 1 LEFT JOIN preferred_owner c ON c.group_number = g.number AND"
        " c.node = g.owner WHERE p.node = ?1 AND g.owner <> ?1 AND (c.position IS NULL OR"
        " p.position < c.position) ORDER BY g.number",
        "i", node);
    return cl_machine_numbers(&rows, error);
}

gboolean cl_machine_fail_back(ClChange *change, gint64 number, gint64 node, ClMachineFailBack how,
                              GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    gboolean can, kept_away;
    if (!cl_machine_group_load(change, number, &group, error) ||
        !cl_machine_can_host(change, number, node, &can, error) ||
        !(how == CL_FAIL_BACK_ANYWAY
              ? cl_machine_is_barred(change, number, node, &kept_away, error)
              : cl_machine_has_conflict(change, number, node, &kept_away, error))) {
        return FALSE;
    }
    return !can || kept_away || group.owner == node || cl_machine_is_moving(&group) ||
           cl_machine_begin_move(&group, node,
                                 how == CL_FAIL_BACK_IN_HOURS ? CLUSAPI_GROUP_MOVE_FAILBACK : 0,
                                 TRUE, error);
}

static gboolean restore_group(ClChange *change, gint64 number, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    return cl_machine_group_load(change, number, &group, error) &&
           cl_machine_restore(&group, 0, error);
}

gboolean cl_machine_return_to_node(ClChange *change, gint64 node, GError **error)
{
    g_autoptr(GArray) own = cl_machine_groups_of(change, node, error);
    g_autoptr(GArray) others = own ? cl_machine_prefer_node(change, node, error) : NULL;
    if (!others) {
        return FALSE;
    }
    for (guint i = 0; i < own->len; i++) {
        if (!restore_group(change, g_array_index(own, gint64, i), error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < others->len; i++) {
        if (!cl_machine_fail_back(change, g_array_index(others, gint64, i), node,
                                  CL_FAIL_BACK_IN_HOURS, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
