/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Evicting a node: its groups go to other nodes first, then it leaves every list and the cluster.
 */
#include "act.h"
#include "events.h"
#include "machine.h"

gboolean cl_act_evict(const ClAct *act, guint32 *ret_result, GError **error)
{
    ClReader *reader = act->reader;
    gint64 others, left;
    (void)ret_result;
    if (!cl_rows_one(reader, error, &others, 0, "SELECT count(*) FROM node WHERE number <> ?", "i",
                     act->number)) {
        return FALSE;
    }
    if (others == 0) {
        return cl_fail(error, ERROR_CANT_EVICT_ACTIVE_NODE, "the last node cannot be evicted");
    }
    if (!cl_machine_leave_node(act->change, act->number, TRUE, error) ||
        !cl_rows_one(reader, error, &left, 0, "SELECT count(*) FROM resource_group WHERE owner = ?",
                     "i", act->number)) {
        return FALSE;
    }
    if (left > 0) {
        return cl_fail(error, ERROR_CANT_EVICT_ACTIVE_NODE,
                       "groups of the node cannot go anywhere");
    }
    g_autoptr(GArray) interfaces = cl_rows_all(
        reader, error, "SELECT number FROM netinterface WHERE node = ?", "i", act->number);
    for (guint i = 0; interfaces && i < interfaces->len; i++) {
        gint64 interface = g_array_index(interfaces, gint64, i);
        if (!cl_event_of(act->change, CL_KIND_NETINTERFACE, interface,
                         CLUSTER_CHANGE_NETINTERFACE_DELETED_V2, NULL, error) ||
            !cl_rows_run(reader, error, "DELETE FROM object WHERE number = ?", "i", interface)) {
            return FALSE;
        }
    }
    g_autoptr(GBytes) down = cl_event_number(ClusterNodeDown);
    return interfaces &&
           cl_event_of(act->change, CL_KIND_NODE, act->number, CLUSTER_CHANGE_NODE_DELETED_V2, down,
                       error) &&
           cl_rows_run(reader, error, "DELETE FROM object WHERE number = ?", "i", act->number);
}
