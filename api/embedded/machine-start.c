/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bringing one resource online or offline: beginning it, and its end. Runs within a change, on its
 * thread.
 */
#include "events.h"
#include "machine-internal.h"

/* Setting the state tells of the end of a pending one, but not of an attempt that took no time. */
gboolean cl_machine_end(ClMachineGroup *group, ClMachineResource *resource, gint32 state,
                        guint32 status, GError **error)
{
    gboolean was_pending = cl_machine_is_pending(resource);
    g_autoptr(GBytes) data = cl_event_number((guint32)state);
    return cl_machine_put_state(group, resource, state, error) &&
           cl_machine_put_last_status(group, resource, status, error) &&
           (was_pending || cl_event_of(group->change, CL_KIND_RESOURCE, resource->number,
                                       CLUSTER_CHANGE_RESOURCE_TERMINAL_STATE_V2, data, error));
}

static gboolean begin(ClMachineGroup *group, ClMachineResource *resource, gint32 state,
                      gboolean well, guint64 delay, GError **error)
{
    return cl_machine_put_state(group, resource, state, error) &&
           cl_machine_put_row(group, resource, well ? CL_ROW_WELL : CL_ROW_FAILING, delay, error);
}

/* So that one change ends, no resource is begun twice at one time. */
static gboolean was_attempted(ClMachineGroup *group, gint64 resource)
{
    return group->attempted &&
           !g_hash_table_add(group->attempted, g_memdup2(&resource, sizeof resource));
}

gboolean cl_machine_begin_online(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    guint64 delay;
    gboolean well;
    if (was_attempted(group, resource->number)) {
        return cl_machine_restart_later(group, resource, error);
    }
    if (!cl_machine_drop_row(group, resource, error) ||
        !cl_machine_next_attempt(group->change, resource->number, TRUE, &delay, &well, error)) {
        return FALSE;
    }
    if (delay > 0) {
        return begin(group, resource, ClusterResourceOnlinePending, well, delay, error);
    }
    return well ? cl_machine_end(group, resource, ClusterResourceOnline, ERROR_SUCCESS, error)
                : cl_machine_fail(group, resource, ERROR_RESOURCE_FAILED, error);
}

gboolean cl_machine_begin_offline(ClMachineGroup *group, ClMachineResource *resource,
                                  GError **error)
{
    guint64 delay = 0;
    gboolean well = TRUE;
    gboolean forced = resource->wanted_flags & CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION;
    if (!cl_machine_drop_row(group, resource, error) ||
        (!forced &&
         !cl_machine_next_attempt(group->change, resource->number, FALSE, &delay, &well, error))) {
        return FALSE;
    }
    if (delay > 0) {
        return begin(group, resource, ClusterResourceOfflinePending, well, delay, error);
    }
    return well ? cl_machine_end(group, resource, ClusterResourceOffline, ERROR_SUCCESS, error)
                : cl_machine_end(group, resource, ClusterResourceFailed, ERROR_RESOURCE_FAILED,
                                 error);
}

/* --- What was due ----------------------------------------------------------------------------- */

/* Why an attempt failed: because it took too long, or otherwise. */
static gboolean read_failure(ClMachineGroup *group, gint64 resource, guint32 *ret_code,
                             GError **error)
{
    guint32 timeout;
    if (!cl_machine_pending_timeout(group->change, resource, &timeout, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_query(cl_change_reader(group->change),
                                "SELECT due - begun >= ? FROM transition WHERE resource = ?", "ii",
                                (gint64)timeout * 1000, resource);
    gboolean late = cl_rows_next(&rows) && cl_rows_number(&rows, 0, 0, 1) == 1;
    *ret_code = late ? ERROR_TIMEOUT : ERROR_RESOURCE_FAILED;
    return cl_rows_end(&rows, error);
}

/* After a long time the counting of restarts begins anew. */
static gboolean try_again(ClMachineGroup *group, ClMachineResource *resource, gboolean anew,
                          GError **error)
{
    return (!anew || cl_rows_run(cl_change_reader(group->change), error,
                                 "UPDATE resource SET restarts = 0 WHERE number = ?", "i",
                                 resource->number)) &&
           cl_machine_request_online(group, resource, CL_WANT_RECOVERY, error);
}

gboolean cl_machine_complete(ClMachineGroup *group, ClMachineResource *resource, GError **error)
{
    gboolean well = resource->row == CL_ROW_WELL;
    guint32 code = ERROR_SUCCESS;
    if ((!well && !read_failure(group, resource->number, &code, error)) ||
        !cl_machine_drop_row(group, resource, error)) {
        return FALSE;
    }
    switch (resource->state) {
    case ClusterResourceOnlinePending:
        return well ? cl_machine_end(group, resource, ClusterResourceOnline, ERROR_SUCCESS, error)
                    : cl_machine_fail(group, resource, code, error);
    case ClusterResourceOfflinePending:
        return well ? cl_machine_end(group, resource, ClusterResourceOffline, ERROR_SUCCESS, error)
                    : cl_machine_end(group, resource, ClusterResourceFailed, code, error);
    case ClusterResourceFailed:
        return try_again(group, resource, !well, error);
    default:
        return well || cl_machine_stop_waiting(group, error);
    }
}
