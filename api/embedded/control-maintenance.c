/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Maintenance of storage: a resource of that class is out of use for a while, though online. It
 * ends with the state in which it began, so what is stored is when that state was entered. Runs
 * with a reader, or within a change.
 */
#include "control.h"
#include "events.h"

#include <string.h>

typedef struct {
    gboolean storage, online, quorum;
    gboolean maintained;
} Condition;

static gboolean read_condition(ClReader *reader, gint64 number, Condition *condition,
                               GError **error)
{
    static const char sql[] =
        "SELECT t.class = 1, r.state = 2, c.quorum_resource IS r.number,"
        " r.state = 2 AND p.value IS r.state_changed FROM resource r"
        " JOIN resource_type t ON t.number = r.type JOIN cluster c LEFT JOIN property p"
        " ON p.object = r.number AND p.private = 0 AND p.key = 'maintenancesince'"
        " WHERE r.number = ?";
    ClRows rows = cl_rows_query(reader, sql, "i", number);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        *condition =
            (Condition){cl_rows_number(&rows, 0, 0, 1) == 1, cl_rows_number(&rows, 1, 0, 1) == 1,
                        cl_rows_number(&rows, 2, 0, 1) == 1, cl_rows_number(&rows, 3, 0, 1) == 1};
    }
    if (!cl_rows_end(&rows, error) || (!found && !cl_embedded_fail_gone(CL_KIND_RESOURCE, error))) {
        return FALSE;
    }
    return condition->storage ||
           cl_fail(error, ERROR_INVALID_FUNCTION, "only storage can be maintained");
}

gboolean cl_control_query_maintenance(ClReader *reader, const ClControl *control, gint64 number,
                                      GBytes **ret_out, GError **error)
{
    Condition condition;
    (void)control;
    if (!read_condition(reader, number, &condition, error)) {
        return FALSE;
    }
    CLUS_MAINTENANCE_MODE_INFO info = {condition.maintained};
    *ret_out = g_bytes_new(&info, sizeof info);
    return TRUE;
}

static gboolean store(ClChange *change, gint64 number, gboolean maintained, GError **error)
{
    static const char set[] = "INSERT OR REPLACE INTO property (object, private, key, name, format,"
                              " value) SELECT number, 0, 'maintenancesince', 'MaintenanceSince', 6,"
                              " state_changed FROM resource WHERE number = ?";
    static const char unset[] = "DELETE FROM property WHERE object = ? AND private = 0 AND"
                                " key = 'maintenancesince'";
    return cl_rows_run(cl_change_reader(change), error, maintained ? set : unset, "i", number) &&
           cl_event_of(change, CL_KIND_RESOURCE, number,
                       CLUSTER_CHANGE_RESOURCE_PRIVATE_PROPERTY_V2, NULL, error);
}

gboolean cl_control_set_maintenance(ClChange *change, const ClControl *control, gint64 number,
                                    GError **error)
{
    Condition condition;
    CLUS_MAINTENANCE_MODE_INFO info;
    gsize size = 0;
    const void *data = control->in ? g_bytes_get_data(control->in, &size) : NULL;
    if (!read_condition(cl_change_reader(change), number, &condition, error)) {
        return FALSE;
    }
    if (size != sizeof info) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the input is no maintenance mode");
    }
    memcpy(&info, data, sizeof info);
    gboolean wanted = info.InMaintenance != FALSE;
    if (wanted && condition.quorum) {
        return cl_fail(error, ERROR_INVALID_OPERATION_ON_QUORUM, "the quorum stays in use");
    }
    if (wanted && !condition.online) {
        return cl_fail(error, ERROR_RESOURCE_NOT_ONLINE, "the resource is not online");
    }
    return wanted == condition.maintained || store(change, number, wanted, error);
}
