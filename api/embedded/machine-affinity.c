/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Anti-affinity: groups that share one of their AntiAffinityClassNames avoid each other's nodes, and
 * where the cluster has ClusterEnforcedAntiAffinity they rather stay offline than share one. Runs
 * within a change, on its thread.
 */
#include <string.h>

#include "machine-internal.h"
#include "schema.h"
#include "text.h"

/* The names of other groups of which something is active, or is to be. */
#define OTHERS                                                                                     \
    "SELECT p.value FROM resource_group g JOIN property p ON p.object = g.number AND p.private = " \
    "0"                                                                                            \
    " AND p.key = 'antiaffinityclassnames' WHERE g.number <> ?1 AND "

/* A group that moves counts where it goes to; one that waits for its turn, where it is. */
static const char at_or_coming[] =
    OTHERS "?2 IN (g.move_to, CASE WHEN g.move_to IS NULL OR g.status & 4 THEN g.owner END) AND"
           " EXISTS (SELECT 1 FROM resource r WHERE r.group_number = g.number AND (r.state IN"
           " (2, 129, 130) OR r.wanted = 2))";
static const char active_at[] =
    OTHERS "g.owner = ?2 AND EXISTS (SELECT 1 FROM resource r WHERE r.group_number = g.number AND"
           " r.state IN (2, 129, 130))";

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

static gboolean meets_others(ClChange *change, gint64 group, gint64 node, const char *sql,
                             gboolean *ret_meets, GError **error)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_names(change, group, names, error)) {
        return FALSE;
    }
    if (g_hash_table_size(names) > 0) {
        ClRows rows = cl_rows_query(cl_change_reader(change), sql, "ii", group, node);
        while (cl_rows_next(&rows)) {
            take_names(&rows, 0, others);
        }
        if (!cl_rows_end(&rows, error)) {
            return FALSE;
        }
    }
    *ret_meets = shares_name(names, others);
    return TRUE;
}

gboolean cl_machine_has_conflict(ClChange *change, gint64 group, gint64 node,
                                 gboolean *ret_conflict, GError **error)
{
    return meets_others(change, group, node, at_or_coming, ret_conflict, error);
}

gboolean cl_machine_enforces_affinity(ClChange *change, gboolean *ret_enforces, GError **error)
{
    guint32 enforced;
    if (!cl_machine_number(change, CL_SCHEMA_CLUSTER, "clusterenforcedantiaffinity", 0, &enforced,
                           error)) {
        return FALSE;
    }
    *ret_enforces = enforced != 0;
    return TRUE;
}

static gboolean is_refused(ClChange *change, gint64 group, gint64 node, const char *sql,
                           gboolean *ret_refused, GError **error)
{
    gboolean enforced;
    *ret_refused = FALSE;
    return cl_machine_enforces_affinity(change, &enforced, error) &&
           (!enforced || meets_others(change, group, node, sql, ret_refused, error));
}

gboolean cl_machine_is_barred(ClChange *change, gint64 group, gint64 node, gboolean *ret_barred,
                              GError **error)
{
    return is_refused(change, group, node, at_or_coming, ret_barred, error);
}

gboolean cl_machine_is_shut_out(ClChange *change, gint64 group, gint64 node, gboolean *ret_shut_out,
                                GError **error)
{
    return is_refused(change, group, node, active_at, ret_shut_out, error);
}
