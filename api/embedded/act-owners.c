/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of preferred and possible owners. Run within a change, on its thread.
 */
#include "act.h"
#include "events.h"

/* The ids that a statement gives in its first column, as the data of an event. */
static gboolean read_ids(ClReader *reader, const char *sql, gint64 number, GBytes **ret_data,
                         GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    ClRows rows = cl_rows_query(reader, sql, "i", number);
    while (cl_rows_next(&rows)) {
        g_strv_builder_add(builder, cl_rows_text(&rows, 0));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    g_auto(GStrv) ids = g_strv_builder_end(builder);
    *ret_data = cl_event_texts((const char *const *)ids);
    return TRUE;
}

/* The lists of nodes, and how a change of one is told. */
static const struct {
    ClKind kind;
    guint64 flag;
    const char *ids;       /* of the nodes in one */
    const char *with;      /* all that a node is in */
    const char *delete_of; /* takes a node out of them */
} lists[] = {
    {CL_KIND_RESOURCE_TYPE, CLUSTER_CHANGE_RESOURCE_TYPE_POSSIBLE_OWNERS_V2,
     "SELECT o.id FROM resource_type_node t JOIN object o ON o.number = t.node"
     " WHERE t.resource_type = ? ORDER BY t.node",
     "SELECT resource_type FROM resource_type_node WHERE node = ? ORDER BY resource_type",
     "DELETE FROM resource_type_node WHERE node = ?"},
    {CL_KIND_GROUP, CLUSTER_CHANGE_GROUP_PREFERRED_OWNERS_V2,
     "SELECT o.id FROM preferred_owner p JOIN object o ON o.number = p.node"
     " WHERE p.group_number = ? ORDER BY p.position",
     "SELECT group_number FROM preferred_owner WHERE node = ? ORDER BY group_number",
     "DELETE FROM preferred_owner WHERE node = ?"},
    {CL_KIND_RESOURCE, CLUSTER_CHANGE_RESOURCE_POSSIBLE_OWNERS_V2,
     "SELECT o.id FROM possible_owner p JOIN object o ON o.number = p.node"
     " WHERE p.resource = ? ORDER BY p.node",
     "SELECT resource FROM possible_owner WHERE node = ? ORDER BY resource",
     "DELETE FROM possible_owner WHERE node = ?"},
};

static gboolean emit_list(ClChange *change, ClKind kind, gint64 number, GError **error)
{
    g_autoptr(GBytes) ids = NULL;
    gsize i = 0;
    while (lists[i].kind != kind) {
        i++;
    }
    return read_ids(cl_change_reader(change), lists[i].ids, number, &ids, error) &&
           cl_event_of(change, kind, number, lists[i].flag, ids, error);
}

/* --- Nodes that come and go --------------------------------------------------------------------- */

static gboolean emit_lists(ClChange *change, ClKind kind, const GArray *numbers, GError **error)
{
    for (guint i = 0; i < numbers->len; i++) {
        if (!emit_list(change, kind, g_array_index(numbers, gint64, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_owners_remove_node(ClChange *change, gint64 node, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GArray) numbers = cl_rows_all(reader, error, lists[i].with, "i", node);
        if (!numbers || !cl_rows_run(reader, error, lists[i].delete_of, "i", node) ||
            !emit_lists(change, lists[i].kind, numbers, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_owners_add_node(ClChange *change, gint64 node, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    if (!cl_rows_run(reader, error,
                     "INSERT INTO resource_type_node SELECT number, ? FROM resource_type", "i",
                     node) ||
        !cl_rows_run(reader, error, "INSERT INTO possible_owner SELECT number, ? FROM resource",
                     "i", node)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GArray) numbers = cl_rows_all(reader, error, lists[i].with, "i", node);
        if (!numbers || !emit_lists(change, lists[i].kind, numbers, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Preferred owners of a group -------------------------------------------------------------- */

static gboolean check_group(const ClAct *act, GError **error)
{
    gint64 core;
    if (!cl_rows_one(act->reader, error, &core, 0,
                     "SELECT flags & 1 FROM resource_group WHERE number = ?", "i", act->number)) {
        return FALSE;
    }
    if (core) {
        return cl_fail(error, ERROR_SPECIAL_GROUP, "the group belongs to the cluster itself");
    }
    for (gsize i = 0; i < act->n_others; i++) {
        for (gsize k = 0; k < i; k++) {
            if (act->others[k] == act->others[i]) {
                return cl_fail(error, ERROR_INVALID_PARAMETER, "a node is there twice");
            }
        }
    }
    return TRUE;
}

/* The list is what was given: nodes that it does not name are no preferred owners. */
gboolean cl_act_set_preferred_owners(const ClAct *act, guint32 *ret_result, GError **error)
{
    (void)ret_result;
    if (!check_group(act, error) ||
        !cl_rows_run(act->reader, error, "DELETE FROM preferred_owner WHERE group_number = ?", "i",
                     act->number)) {
        return FALSE;
    }
    for (gsize i = 0; i < act->n_others; i++) {
        if (!cl_rows_run(act->reader, error,
                         "INSERT INTO preferred_owner (group_number, position, node)"
                         " VALUES (?, ?, ?)",
                         "iii", act->number, (gint64)i, act->others[i])) {
            return FALSE;
        }
    }
    return emit_list(act->change, CL_KIND_GROUP, act->number, error);
}

/* --- Possible owners of a resource ------------------------------------------------------------ */

static gboolean is_owner(const ClAct *act, gboolean *ret_is, GError **error)
{
    gint64 found;
    if (!cl_rows_one(act->reader, error, &found, 0,
                     "SELECT 1 FROM possible_owner WHERE resource = ? AND node = ?", "ii",
                     act->number, act->others[0])) {
        return FALSE;
    }
    *ret_is = found != 0;
    return TRUE;
}

gboolean cl_act_add_possible_owner(const ClAct *act, guint32 *ret_result, GError **error)
{
    gboolean is;
    gint64 has_type;
    (void)ret_result;
    if (!is_owner(act, &is, error) ||
        !cl_rows_one(act->reader, error, &has_type, 0,
                     "SELECT 1 FROM resource r JOIN resource_type_node t ON t.resource_type ="
                     " r.type AND t.node = ?2 WHERE r.number = ?1",
                     "ii", act->number, act->others[0])) {
        return FALSE;
    }
    if (is) {
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "it is a possible owner");
    }
    if (!has_type) {
        return cl_fail(error, ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED,
                       "the node cannot run resources of the type");
    }
    return cl_rows_run(act->reader, error,
                       "INSERT INTO possible_owner (resource, node) VALUES (?, ?)", "ii",
                       act->number, act->others[0]) &&
           emit_list(act->change, CL_KIND_RESOURCE, act->number, error);
}

gboolean cl_act_remove_possible_owner(const ClAct *act, guint32 *ret_result, GError **error)
{
    gboolean is;
    gint64 busy;
    (void)ret_result;
    if (!is_owner(act, &is, error) ||
        !cl_rows_one(act->reader, error, &busy, 0,
                     "SELECT r.state IN (2, 129, 130) AND g.owner = ?2 FROM resource r"
                     " JOIN resource_group g ON g.number = r.group_number WHERE r.number = ?1",
                     "ii", act->number, act->others[0])) {
        return FALSE;
    }
    if (!is) {
        return cl_fail(error, ERROR_CLUSTER_NODE_NOT_FOUND, "it is no possible owner");
    }
    if (busy) {
        return cl_fail(error, ERROR_INVALID_STATE, "the resource is not offline there");
    }
    return cl_rows_run(act->reader, error,
                       "DELETE FROM possible_owner WHERE resource = ? AND node = ?", "ii",
                       act->number, act->others[0]) &&
           emit_list(act->change, CL_KIND_RESOURCE, act->number, error);
}
