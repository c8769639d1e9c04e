/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * remove(), and destroying a group with all it holds, each as one change. Any thread runs it.
 */
#include "act.h"
#include "events.h"
#include "machine.h"
#include "registry.h"
#include "schema.h"

/* What stands in the way of deleting an object, as a statement that gives a Win32 code. */
static gboolean check_deletable(ClReader *reader, const char *sql, gint64 number, GError **error)
{
    gint64 code;
    if (!cl_rows_one(reader, error, &code, ERROR_SUCCESS, sql, "i", number)) {
        return FALSE;
    }
    return code == ERROR_SUCCESS || cl_fail(error, (DWORD)code, "it cannot be deleted");
}

static gboolean delete_object(ClChange *change, gint64 number, GError **error)
{
    return cl_rows_run(cl_change_reader(change), error, "DELETE FROM object WHERE number = ?", "i",
                       number);
}

static gboolean remove_group(ClChange *change, gint64 group, GError **error)
{
    static const char why_not[] =
        "SELECT CASE WHEN g.flags & 1 OR EXISTS (SELECT 1 FROM resource r WHERE r.group_number ="
        " g.number AND r.flags & 1) THEN 5026 WHEN EXISTS (SELECT 1 FROM resource r"
        " WHERE r.group_number = g.number) THEN 145 ELSE 0 END"
        " FROM resource_group g WHERE g.number = ?";
    return check_deletable(cl_change_reader(change), why_not, group, error) &&
           cl_group_relations_end(change, CL_KIND_GROUP, group, error) &&
           cl_event_of(change, CL_KIND_GROUP, group, CLUSTER_CHANGE_GROUP_DELETED_V2, NULL,
                       error) &&
           delete_object(change, group, error);
}

/* Those that depended on it or that it depended on depend no more. */
static gboolean delete_resource(ClChange *change, gint64 resource, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    gint64 group;
    if (!cl_rows_one(reader, error, &group, 0, "SELECT group_number FROM resource WHERE number = ?",
                     "i", resource) ||
        !cl_change_touch_group(change, group, error)) {
        return FALSE;
    }
    g_autofree char *group_id = cl_event_id_of(change, group, error);
    g_autofree char *id = group_id ? cl_event_id_of(change, resource, error) : NULL;
    if (!id) {
        return FALSE;
    }
    g_autoptr(GBytes) former = cl_event_text(group_id);
    g_autoptr(GBytes) which = cl_event_text(id);
    return cl_event_of(change, CL_KIND_RESOURCE, resource, CLUSTER_CHANGE_RESOURCE_DELETED_V2,
                       former, error) &&
           cl_event_of(change, CL_KIND_GROUP, group, CLUSTER_CHANGE_GROUP_RESOURCE_LOST_V2, which,
                       error) &&
           cl_rows_run(reader, error, "DELETE FROM dependency WHERE resource = ?1 OR provider = ?1",
                       "i", resource) &&
           delete_object(change, resource, error);
}

/* What it depended on has a dependent less. */
static gboolean delete_and_tell(ClChange *change, gint64 resource, GError **error)
{
    g_autoptr(GArray) providers =
        cl_rows_all(cl_change_reader(change), error,
                    "SELECT provider FROM dependency WHERE resource = ? ORDER BY clause, provider",
                    "i", resource);
    if (!providers || !delete_resource(change, resource, error)) {
        return FALSE;
    }
    for (guint i = 0; i < providers->len; i++) {
        if (!cl_dependents_emit(change, g_array_index(providers, gint64, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean remove_resource(ClChange *change, gint64 resource, GError **error)
{
    static const char why_not[] =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM cluster WHERE quorum_resource = r.number) THEN 5020"
        " WHEN r.flags & 1 THEN 5026"
        " WHEN EXISTS (SELECT 1 FROM dependency d WHERE d.provider = r.number) THEN 5001"
        " WHEN r.state NOT IN (1, 3, 4) THEN 5023"
        " WHEN t.characteristics & 2 AND EXISTS (SELECT 1 FROM node WHERE state NOT IN (0, 2))"
        " THEN 5037 ELSE 0 END FROM resource r"
        " JOIN resource_type t ON t.number = r.type WHERE r.number = ?";
    return check_deletable(cl_change_reader(change), why_not, resource, error) &&
           delete_and_tell(change, resource, error);
}

static gboolean remove_type(ClChange *change, gint64 type, GError **error)
{
    static const char why_not[] =
        "SELECT CASE WHEN t.flags & 1 THEN 5026"
        " WHEN EXISTS (SELECT 1 FROM resource r WHERE r.type = t.number) THEN 145 ELSE 0 END"
        " FROM resource_type t WHERE t.number = ?";
    return check_deletable(cl_change_reader(change), why_not, type, error) &&
           cl_event_of(change, CL_KIND_RESOURCE_TYPE, type, CLUSTER_CHANGE_RESOURCE_TYPE_DELETED_V2,
                       NULL, error) &&
           delete_object(change, type, error);
}

static gboolean remove_group_set(ClChange *change, gint64 set, GError **error)
{
    return cl_group_relations_end(change, CL_KIND_GROUPSET, set, error) &&
           cl_event_of(change, CL_KIND_GROUPSET, set, CLUSTER_CHANGE_GROUPSET_DELETED_v2, NULL,
                       error) &&
           delete_object(change, set, error);
}

static const struct {
    ClKind kind;
    gboolean (*remove)(ClChange *change, gint64 number, GError **error);
} kinds[] = {
    {CL_KIND_GROUP, remove_group},
    {CL_KIND_RESOURCE, remove_resource},
    {CL_KIND_RESOURCE_TYPE, remove_type},
    {CL_KIND_GROUPSET, remove_group_set},
};

gboolean cl_embedded_remove(ClConnection *store, const ClObject *object, const ClCall *call,
                            GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    gint64 number = cl_embedded_number(object);
    gsize i = 0;
    if (kind == CL_KIND_KEY) {
        return cl_registry_remove_key(store, object, call, error);
    }
    while (i < G_N_ELEMENTS(kinds) && kinds[i].kind != kind) {
        i++;
    }
    if (i == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not deleted",
                       kind);
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    return change && cl_embedded_check_exists(cl_change_reader(change), kind, number, error) &&
           kinds[i].remove(change, number, error) && cl_machine_advance(change, error) &&
           cl_change_commit(change, error);
}

gboolean cl_act_destroy_group(const ClAct *act, guint32 *ret_result, GError **error)
{
    static const char core[] =
        "SELECT 5026 FROM resource_group g WHERE g.number = ?1 AND (g.flags & 1 OR EXISTS"
        " (SELECT 1 FROM resource r WHERE r.group_number = g.number AND (r.flags & 1 OR r.number ="
        " (SELECT quorum_resource FROM cluster))))";
    (void)ret_result;
    if (!check_deletable(act->reader, core, act->number, error) ||
        !cl_machine_terminate_group(act->change, act->number, error)) {
        return FALSE;
    }
    g_autoptr(GArray) resources = cl_rows_all(
        act->reader, error, "SELECT number FROM resource WHERE group_number = ?", "i", act->number);
    for (guint i = 0; resources && i < resources->len; i++) {
        if (!delete_resource(act->change, g_array_index(resources, gint64, i), error)) {
            return FALSE;
        }
    }
    return resources && remove_group(act->change, act->number, error);
}
