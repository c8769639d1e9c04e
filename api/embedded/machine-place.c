/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which node a group goes to, and what keeps it from being online there. Runs within a change, on
 * its thread.
 */
#include <string.h>

#include "embedded.h"
#include "machine-internal.h"
#include "text.h"

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

/* --- Anti-affinity ---------------------------------------------------------------------------- */

/* The folded class names of a row's MULTI_SZ, added to @names. */
static void take_names(ClRows *rows, int column, GHashTable *names)
{
    g_autoptr(GBytes) bytes = cl_rows_bytes(rows, column);
    gsize size = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    for (gsize at = 0; at < size;) {
        g_autofree char *name = g_strndup(data + at, size - at);
        at += strlen(name) + 1;
        if (*name && g_utf8_validate(name, -1, NULL)) {
            g_hash_table_add(names, cl_text_fold(name));
        }
    }
}

static gboolean read_names(ClChange *change, gint64 group, GHashTable *names, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT value FROM property WHERE object = ? AND private = 0 AND"
                                " key = 'antiaffinityclassnames'",
                                "i", group);
    if (cl_rows_next(&rows)) {
        take_names(&rows, 0, names);
    }
    return cl_rows_end(&rows, error);
}

static gboolean shares_name(GHashTable *names, GHashTable *others)
{
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, others);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (g_hash_table_contains(names, name)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_machine_has_conflict(ClChange *change, gint64 group, gint64 node,
                                 gboolean *ret_conflict, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_names(change, group, names, error)) {
        return FALSE;
    }
    if (g_hash_table_size(names) > 0) {
        ClRows rows = cl_rows_query(
            cl_change_reader(change),
            "SELECT p.value FROM resource_group g JOIN property p ON p.object = g.number AND"
            " p.private = 0 AND p.key = 'antiaffinityclassnames' WHERE g.number <> ?1 AND"
            " coalesce(g.move_to, g.owner) = ?2 AND EXISTS (SELECT 1 FROM resource r WHERE"
            " r.group_number = g.number AND (r.state IN (2, 129, 130) OR r.wanted = 2))",
            "ii", group, node);
        while (cl_rows_next(&rows)) {
            take_names(&rows, 0, others);
        }
        if (!cl_rows_end(&rows, error)) {
            return FALSE;
        }
    }
    *ret_conflict = shares_name(names, others);
    return TRUE;
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
        " ORDER BY n.state <> 0, n.state <> 2, CASE WHEN p.position IS NULL THEN 1"
        " WHEN ?3 = 1 AND p.position <= coalesce(c.position, -1) THEN 2 ELSE 0 END, p.position,"
        " CAST(o.id AS INTEGER) <= CAST(w.id AS INTEGER), CAST(o.id AS INTEGER)";
    ClRows rows = cl_rows_query(cl_change_reader(change), sql, "iii", group, owner, (gint64)place);
    return cl_machine_numbers(&rows, error);
}

gboolean cl_machine_find_node(ClChange *change, gint64 group, gint64 owner, ClMachinePlace place,
                              gint64 *ret_node, GError **error)
{
    g_autoptr(GArray) nodes = find_nodes(change, group, owner, place, error);
    if (!nodes) {
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
    /* Better with one that it avoids than nowhere. */
    if (nodes->len > 0) {
        *ret_node = g_array_index(nodes, gint64, 0);
    }
    return TRUE;
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
