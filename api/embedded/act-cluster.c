/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of the cluster as a whole. Run within a change, on its thread.
 */
#include "act.h"
#include "events.h"
#include "schema.h"

static gboolean emit_properties(const ClAct *act, GError **error)
{
    g_autoptr(GBytes) data = cl_event_no_properties();
    return cl_event_of(act->change, CL_KIND_CLUSTER, CL_SCHEMA_CLUSTER,
                       CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2, data, error);
}

/* --- Quorum ----------------------------------------------------------------------------------- */

static gboolean check_quorum(const ClAct *act, GError **error)
{
    gint64 code;
    if (!cl_rows_one(act->reader, error, &code, 0,
                     "SELECT CASE WHEN NOT t.characteristics & 1 THEN 5021"
                     " WHEN r.state <> 2 THEN 5004"
                     " WHEN EXISTS (SELECT 1 FROM property WHERE object = r.number AND private = 0"
                     " AND key = 'maintenancesince' AND value = r.state_changed) THEN 5023"
                     " WHEN EXISTS (SELECT 1 FROM dependency WHERE provider = r.number) THEN 5069"
                     " ELSE 0 END FROM resource r JOIN resource_type t ON t.number = r.type"
                     " WHERE r.number = ?",
                     "i", act->number)) {
        return FALSE;
    }
    return code == 0 || cl_fail(error, (DWORD)code, "the resource cannot be the quorum");
}

static char *read_name(const ClAct *act, GError **error)
{
    ClRows rows =
        cl_rows_query(act->reader, "SELECT name FROM object WHERE number = ?", "i", act->number);
    g_autofree char *name = g_strdup(cl_rows_next(&rows) ? cl_rows_text(&rows, 0) : "");
    return cl_rows_end(&rows, error) ? g_steal_pointer(&name) : NULL;
}

gboolean cl_act_set_quorum(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 size = (gint64)act->action->number;
    (void)ret_result;
    /* A majority of nodes needs no resource; the one given only names the cluster. */
    if (size == 0) {
        return cl_rows_run(act->reader, error,
                           "UPDATE cluster SET quorum_resource = NULL, quorum_device = '',"
                           " quorum_max_log_size = 0",
                           "") &&
               emit_properties(act, error);
    }
    if (!check_quorum(act, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) state = cl_event_number(ClusterResourceOnline);
    g_autofree char *id = cl_event_id_of(act->change, act->number, error);
    g_autofree char *name = id ? read_name(act, error) : NULL;
    return name &&
           cl_rows_run(act->reader, error,
                       "UPDATE cluster SET quorum_device = CASE WHEN ?2 IS NOT NULL THEN ?2"
                       " WHEN quorum_resource IS ?1 THEN quorum_device ELSE '' END,"
                       " quorum_resource = ?1, quorum_max_log_size = ?3",
                       "isi", act->number, act->action->text, size) &&
           cl_event_emit(act->change, CLUSTER_OBJECT_TYPE_QUORUM, CLUSTER_CHANGE_QUORUM_STATE_V2,
                         id, NULL, name, NULL, state, error) &&
           emit_properties(act, error);
}

/* --- Networks --------------------------------------------------------------------------------- */

static gboolean is_internal(const ClAct *act, gint64 network, gboolean *ret_is, GError **error)
{
    gint64 is;
    if (!cl_rows_one(act->reader, error, &is, 0,
                     "SELECT role IN (1, 3) FROM network WHERE number = ?", "i", network)) {
        return FALSE;
    }
    *ret_is = is == 1;
    return TRUE;
}

gboolean cl_act_set_network_priority_order(const ClAct *act, guint32 *ret_result, GError **error)
{
    gint64 count;
    (void)ret_result;
    if (!cl_rows_one(act->reader, error, &count, 0,
                     "SELECT count(*) FROM network WHERE role IN (1, 3)", "")) {
        return FALSE;
    }
    if ((gsize)count != act->n_others) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "there are %d networks for internal use",
                       (int)count);
    }
    for (gsize i = 0; i < act->n_others; i++) {
        gboolean internal;
        for (gsize k = 0; k < i; k++) {
            if (act->others[k] == act->others[i]) {
                return cl_fail(error, ERROR_INVALID_PARAMETER, "a network is there twice");
            }
        }
        if (!is_internal(act, act->others[i], &internal, error)) {
            return FALSE;
        }
        if (!internal) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "a network is not for internal use");
        }
        if (!cl_rows_run(act->reader, error, "UPDATE network SET priority = ? WHERE number = ?",
                         "ii", (gint64)i + 1, act->others[i])) {
            return FALSE;
        }
    }
    return emit_properties(act, error);
}

/* --- What is always so ------------------------------------------------------------------------ */

/* One file has one level, the highest. */
gboolean cl_act_upgrade(const ClAct *act, guint32 *ret_result, GError **error)
{
    (void)act, (void)ret_result, (void)error;
    return TRUE;
}

/* What can be read is what was committed last. */
gboolean cl_act_sync_database(const ClAct *act, guint32 *ret_result, GError **error)
{
    (void)act, (void)ret_result, (void)error;
    return TRUE;
}
