/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verb that puts a resource into another group, with all that it depends on and all that
 * depends on it. Runs within a change, on its thread.
 */
#include "act-machine.h"
#include "events.h"

/* The resource and what hangs together with it; UNION drops what was seen before. */
#define TREE                                                                                       \
    "WITH RECURSIVE tree (number) AS (SELECT ?1 UNION"                                             \
    " SELECT d.provider FROM tree t JOIN dependency d ON d.resource = t.number UNION"              \
    " SELECT d.resource FROM tree t JOIN dependency d ON d.provider = t.number) "

/* Fails with @code if @sql, of the resource and the other group, finds anything. */
typedef struct {
    guint32 code;
    const char *why;
    const char *sql;
} Rule;

static const Rule rules[] = {
    {ERROR_CLUSTER_USE_SHARED_VOLUMES_API, "one of the groups is for shared volumes",
     "SELECT 1 FROM resource_group g WHERE g.type = 4 AND (g.number = ?2 OR g.number ="
     " (SELECT r.group_number FROM resource r WHERE r.number = ?1))"},
    {ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP, "the quorum stays in the cluster's own group",
     TREE "SELECT 1 FROM tree t JOIN cluster c ON c.quorum_resource = t.number"
          " JOIN resource_group g ON g.number = ?2 WHERE g.type <> 1"},
    {ERROR_CORE_RESOURCE, "one of the resources is the cluster's own",
     TREE "SELECT 1 FROM tree t JOIN resource r ON r.number = t.number WHERE r.flags & 1 AND ?2"},
    {ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE, "the group has a resource of that type already",
     TREE "SELECT 1 FROM tree t JOIN resource r ON r.number = t.number JOIN resource_type y ON"
          " y.number = r.type JOIN resource s ON s.group_number = ?2 AND s.type = r.type"
          " WHERE y.characteristics & 128"},
    {ERROR_INVALID_STATE, "a resource is pending",
     TREE "SELECT 1 FROM tree t JOIN resource r ON r.number = t.number JOIN resource_group g ON"
          " g.number = r.group_number JOIN resource_group h ON h.number = ?2"
          " WHERE r.state IN (129, 130) AND g.owner = h.owner"},
    {ERROR_RESOURCE_ONLINE, "the groups are on different nodes, and a resource is online",
     TREE "SELECT 1 FROM tree t JOIN resource r ON r.number = t.number JOIN resource_group g ON"
          " g.number = r.group_number JOIN resource_group h ON h.number = ?2"
          " WHERE r.state IN (2, 129, 130) AND g.owner <> h.owner"},
    {ERROR_HOST_NODE_NOT_RESOURCE_OWNER, "the group's node is no possible owner of the resource",
     TREE "SELECT 1 FROM tree t JOIN resource_group h ON h.number = ?2 WHERE NOT EXISTS (SELECT 1"
          " FROM possible_owner o WHERE o.resource = t.number AND o.node = h.owner)"},
};

static gboolean check_rule(const ClAct *act, const Rule *rule, GError **error)
{
    ClRows rows = cl_rows_query(act->reader, rule->sql, "ii", act->number, act->others[0]);
    gboolean broken = cl_rows_next(&rows);
    return cl_rows_end(&rows, error) && (!broken || cl_fail(error, rule->code, "%s", rule->why));
}

static gboolean check_group(const ClAct *act, gint64 number, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    if (!cl_machine_group_load(act->change, number, &group, error)) {
        return FALSE;
    }
    if (cl_machine_is_moving(&group)) {
        return cl_fail(error, ERROR_INVALID_STATE, "the group moves");
    }
    return cl_act_check_unlocked(&group, FALSE, error);
}

static gboolean read_group(const ClAct *act, gint64 *ret_group, GError **error)
{
    ClRows rows = cl_rows_query(act->reader, "SELECT group_number FROM resource WHERE number = ?",
                                "i", act->number);
    *ret_group = cl_rows_next(&rows) ? cl_rows_number(&rows, 0, 0, G_MAXINT64) : 0;
    return cl_rows_end(&rows, error);
}

static gboolean change_one(const ClAct *act, gint64 resource, gint64 from, GError **error)
{
    gint64 to = act->others[0];
    g_autofree char *resource_id = cl_event_id_of(act->change, resource, error);
    g_autofree char *group_id = resource_id ? cl_event_id_of(act->change, to, error) : NULL;
    if (!group_id) {
        return FALSE;
    }
    g_autoptr(GBytes) resource_data = cl_event_text(resource_id);
    g_autoptr(GBytes) group_data = cl_event_text(group_id);
    return cl_rows_run(act->reader, error, "UPDATE resource SET group_number = ? WHERE number = ?",
                       "ii", to, resource) &&
           cl_event_of(act->change, CL_KIND_RESOURCE, resource,
                       CLUSTER_CHANGE_RESOURCE_OWNER_GROUP_V2, group_data, error) &&
           cl_event_of(act->change, CL_KIND_GROUP, from, CLUSTER_CHANGE_GROUP_RESOURCE_LOST_V2,
                       resource_data, error) &&
           cl_event_of(act->change, CL_KIND_GROUP, to, CLUSTER_CHANGE_GROUP_RESOURCE_GAINED_V2,
                       resource_data, error);
}

gboolean cl_act_change_group(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 from, to = act->others[0];
    (void)ret_result;
    if (!read_group(act, &from, error)) {
        return FALSE;
    }
    if (from == to) {
        return cl_fail(error, ERROR_ALREADY_EXISTS, "the resource is in that group already");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (!check_rule(act, &rules[i], error)) {
            return FALSE;
        }
    }
    ClRows rows = cl_rows_query(act->reader, TREE "SELECT number FROM tree ORDER BY number", "i",
                                act->number);
    g_autoptr(GArray) tree = cl_machine_numbers(&rows, error);
    if (!tree || !check_group(act, from, error) || !check_group(act, to, error) ||
        !cl_change_touch_group(act->change, from, error) ||
        !cl_change_touch_group(act->change, to, error)) {
        return FALSE;
    }
    for (guint i = 0; i < tree->len; i++) {
        if (!change_one(act, g_array_index(tree, gint64, i), from, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
