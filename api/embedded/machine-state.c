/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing a resource's state, and ending by force what it does. Runs within a change, on its
 * thread.
 */
#include "events.h"
#include "machine.h"

typedef struct {
    gboolean found;
    gint32 state;
    gint64 group;
    char *quorum_id, *quorum_name; /* NULL: not the quorum */
} Before;

static void before_clear(Before *before)
{
    g_free(before->quorum_id);
    g_free(before->quorum_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Before, before_clear)

static gboolean read_before(ClChange *change, gint64 resource, Before *before, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT r.state, r.group_number, c.number, o.id, o.name"
                                " FROM resource r LEFT JOIN cluster c ON c.quorum_resource ="
                                " r.number LEFT JOIN object o ON o.number = c.quorum_resource"
                                " WHERE r.number = ?",
                                "i", resource);
    before->found = cl_rows_next(&rows);
    if (before->found) {
        before->state = (gint32)cl_rows_number(&rows, 0, 0, G_MAXINT32);
        before->group = cl_rows_number(&rows, 1, 0, G_MAXINT64);
        if (!cl_rows_is_null(&rows, 2)) {
            before->quorum_id = g_strdup(cl_rows_text(&rows, 3));
            before->quorum_name = g_strdup(cl_rows_text(&rows, 4));
        }
    }
    return cl_rows_end(&rows, error);
}

static gboolean is_pending(gint32 state)
{
    return state == ClusterResourceOnlinePending || state == ClusterResourceOfflinePending;
}

static gboolean emit_state(ClChange *change, gint64 resource, gint32 state, const Before *before,
                           GError **error)
{
    g_autoptr(GBytes) data = cl_event_number((guint32)state);
    return cl_event_of(change, CL_KIND_RESOURCE, resource, CLUSTER_CHANGE_RESOURCE_STATE_V2, data,
                       error) &&
           (is_pending(state) || !is_pending(before->state) ||
            cl_event_of(change, CL_KIND_RESOURCE, resource,
                        CLUSTER_CHANGE_RESOURCE_TERMINAL_STATE_V2, data, error)) &&
           (!before->quorum_id ||
            cl_event_emit(change, CLUSTER_OBJECT_TYPE_QUORUM, CLUSTER_CHANGE_QUORUM_STATE_V2,
                          before->quorum_id, NULL, before->quorum_name, NULL, data, error));
}

gboolean cl_machine_set_state(ClChange *change, gint64 resource, gint32 state, GError **error)
{
    g_auto(Before) before = {0};
    if (!read_before(change, resource, &before, error) ||
        !cl_rows_run(cl_change_reader(change), error, "DELETE FROM transition WHERE resource = ?",
                     "i", resource)) {
        return FALSE;
    }
    if (!before.found || before.state == state) {
        return TRUE;
    }
    return cl_change_touch_group(change, before.group, error) &&
           cl_rows_run(cl_change_reader(change), error,
                       "UPDATE resource SET state = ?, state_changed = ? WHERE number = ?", "iii",
                       (gint64)state, cl_change_time(change), resource) &&
           emit_state(change, resource, state, &before, error);
}

gboolean cl_machine_terminate(ClChange *change, gint64 resource, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    return cl_rows_run(reader, error,
                       "UPDATE resource SET wanted = NULL, wanted_flags = 0 WHERE number = ?", "i",
                       resource) &&
           cl_machine_set_state(change, resource, ClusterResourceOffline, error);
}

gboolean cl_machine_terminate_group(ClChange *change, gint64 group, GError **error)
{
    g_autoptr(GArray) resources = g_array_new(FALSE, FALSE, sizeof(gint64));
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "SELECT number FROM resource WHERE group_number = ?", "i", group);
    while (cl_rows_next(&rows)) {
        gint64 resource = cl_rows_number(&rows, 0, 0, G_MAXINT64);
        g_array_append_val(resources, resource);
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    for (guint i = 0; i < resources->len; i++) {
        if (!cl_machine_terminate(change, g_array_index(resources, gint64, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}
