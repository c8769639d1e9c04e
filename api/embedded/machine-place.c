/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which node a group goes to, and what keeps it from being online there. Runs within a change, on
 * its thread.
 */
#include "embedded.h"
#include "machine-internal.h"

gboolean cl_machine_node_state(ClChange *change, gint64 node, gint32 *ret_state, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change), "SELECT state FROM node WHERE number = ?",
                                "i", node);
    gint32 state = ClusterNodeDown;
    if (cl_rows_next(&rows)) {
        state = (gint32)cl_rows_number(&rows, 0, 0, ClusterNodeJoining);
    }
    *ret_state = state;
    return cl_rows_end(&rows, error);
}

gboolean cl_machine_can_host(ClChange *change, gint64 group, gint64 node, gboolean *ret_can,
                             GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT 1 FROM resource r WHERE r.group_number = ? AND NOT EXISTS"
                                " (SELECT 1 FROM possible_owner o WHERE o.resource = r.number AND"
                                " o.node = ?)",
                                "ii", group, node);
    *ret_can = !cl_rows_next(&rows);
    return cl_rows_end(&rows, error);
}

/* --- Choosing --------------------------------------------------------------------------------- */

/* Those that the group can go to, best first. The next after the owner is the next of the preferred
 * ones, then one of the others, and then again the first of the preferred. */
static GArray *find_nodes(ClChange *change, gint64 group, gint64 owner, ClMachinePlace place,
                          GError **error)
{
    static const char sql[] =
        "SELECT n.number FROM node n JOIN object o ON o.number = n.number"
        " LEFT JOIN object w ON w.number = ?2"
        " LEFT JOIN preferred_owner p ON p.node = n.number AND p.group_number = ?1"
        " LEFT JOIN preferred_owner c ON c.node = ?2 AND c.group_number = ?1"
        " WHERE n.number <> ?2 AND (n.state = 0 OR n.state = 2 AND ?3 >= 2 OR ?3 = 3)"
        " AND (?3 >= 2 OR NOT EXISTS (SELECT 1 FROM resource r WHERE r.group_number = ?1 AND"
        " NOT EXISTS (SELECT 1 FROM possible_owner s WHERE s.resource = r.number AND"
        " s.node = n.number)))"
        " ORDER BY n.state <> 0, n.state <> 2, n.pause_flags & 2, CASE WHEN p.position IS NULL "
        "THEN 1"
        " WHEN ?3 = 1 AND p.position <= coalesce(c.position, -1) THEN 2 ELSE 0 END, p.position,"
        " CAST(o.id AS INTEGER) <= CAST(w.id AS INTEGER), CAST(o.id AS INTEGER)";
    ClRows rows = cl_rows_query(cl_change_reader(change), sql, "iii", group, owner, (gint64)place);
    return cl_machine_numbers(&rows, error);
}

gboolean cl_machine_find_node(ClChange *change, gint64 group, gint64 owner, ClMachinePlace place,
                              gint64 *ret_node, GError **error)
{
    gboolean enforced, beside_any = place == CL_PLACE_BEST_BESIDE_ANY;
    place = beside_any ? CL_PLACE_BEST : place;
    g_autoptr(GArray) nodes = find_nodes(change, group, owner, place, error);
    if (!nodes || !cl_machine_enforces_affinity(change, &enforced, error)) {
        return FALSE;
    }
    *ret_node = 0;
    for (guint i = 0; place < CL_PLACE_LAND && i < nodes->len; i++) {
        gint64 node = g_array_index(nodes, gint64, i);
        gboolean conflict;
        if (!cl_machine_has_conflict(change, group, node, &conflict, error)) {
            return FALSE;
        }
        if (!conflict) {
            *ret_node = node;
            return TRUE;
        }
    }
    /* Better with one that it avoids than nowhere, unless the cluster is strict. */
    if (nodes->len > 0 && (place >= CL_PLACE_LAND || beside_any || !enforced)) {
        *ret_node = g_array_index(nodes, gint64, 0);
    }
    return TRUE;
}

gboolean cl_machine_prefers(ClChange *change, gint64 group, gint64 node, gint64 other,
                            gboolean *ret_prefers, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT 1 FROM preferred_owner p LEFT JOIN preferred_owner c ON"
                                " c.group_number = p.group_number AND c.node = ?3 WHERE"
                                " p.group_number = ?1 AND p.node = ?2 AND (c.position IS NULL OR"
                                " p.position < c.position)",
                                "iii", group, node, other);
    *ret_prefers = cl_rows_next(&rows);
    return cl_rows_end(&rows, error);
}

/* --- Groups that depend on groups ------------------------------------------------------------- */

typedef struct {
    gint64 dependent, clause, provider;
} Dependency;

/* Those of the group, and of the set that it is in, clause by clause. */
static GArray *read_dependencies(ClChange *change, gint64 group, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Dependency));
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT dependent, clause, provider FROM group_dependency"
                                " WHERE dependent IN (SELECT ?1 UNION ALL SELECT group_set FROM"
                                " group_set_member WHERE group_number = ?1)"
                                " ORDER BY dependent, clause, provider",
                                "i", group);
    while (cl_rows_next(&rows)) {
        Dependency dependency = {cl_rows_number(&rows, 0, 0, G_MAXINT64),
                                 cl_rows_number(&rows, 1, G_MININT64, G_MAXINT64),
                                 cl_rows_number(&rows, 2, 0, G_MAXINT64)};
        g_array_append_val(found, dependency);
    }
    return cl_rows_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

/* A provider is a group, or a set all of whose groups are to be online. */
static gboolean is_online(ClChange *change, gint64 provider, gboolean *ret_online, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    ClRows rows = cl_rows_query(reader,
                                "SELECT number FROM resource_group WHERE number = ?1 UNION ALL"
                                " SELECT group_number FROM group_set_member WHERE group_set = ?1",
                                "i", provider);
    g_autoptr(GArray) groups = cl_machine_numbers(&rows, error);
    if (!groups) {
        return FALSE;
    }
    *ret_online = TRUE;
    for (guint i = 0; i < groups->len && *ret_online; i++) {
        g_autofree char *node = NULL, *unused = NULL;
        gint32 state;
        if (!cl_state_read(reader, CL_KIND_GROUP, g_array_index(groups, gint64, i), &state, &node,
                           &unused, error)) {
            return FALSE;
        }
        *ret_online = state == ClusterGroupOnline;
    }
    return TRUE;
}

gboolean cl_machine_waits_for_groups(ClChange *change, gint64 group, gboolean *ret_waits,
                                     GError **error)
{
    g_autoptr(GArray) all = read_dependencies(change, group, error);
    if (!all) {
        return FALSE;
    }
    gboolean satisfied = TRUE;
    for (guint i = 0; i < all->len && satisfied;) {
        Dependency first = g_array_index(all, Dependency, i);
        satisfied = FALSE;
        for (; i < all->len; i++) {
            Dependency next = g_array_index(all, Dependency, i);
            if (next.dependent != first.dependent || next.clause != first.clause) {
                break;
            }
            gboolean online = satisfied;
            if (!satisfied && !is_online(change, next.provider, &online, error)) {
                return FALSE;
            }
            satisfied = online;
        }
    }
    *ret_waits = !satisfied;
    return TRUE;
}

/* --- Failback --------------------------------------------------------------------------------- */

#define HOUR_MS G_GUINT64_CONSTANT(3600000)

gboolean cl_machine_failback_wait(ClChange *change, gint64 group, guint64 *ret_ms, GError **error)
{
    guint32 start, end;
    if (!cl_machine_number(change, group, "failbackwindowstart", G_MAXUINT32, &start, error) ||
        !cl_machine_number(change, group, "failbackwindowend", G_MAXUINT32, &end, error)) {
        return FALSE;
    }
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    guint32 hour = (guint32)g_date_time_get_hour(now);
    gboolean limited = start < 24 && end < 24 && start != end;
    if (!limited || (hour + 24 - start) % 24 < (end + 24 - start) % 24) {
        *ret_ms = 0;
        return TRUE;
    }
    guint64 past =
        ((guint64)g_date_time_get_minute(now) * 60 + (guint64)g_date_time_get_second(now)) * 1000;
    *ret_ms = (start + 24 - hour) % 24 * HOUR_MS - past;
    return TRUE;
}
