/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Evicting a node: its groups go to other nodes first, then it leaves every list and the cluster.
 */
#include "act.h"
#include "events.h"
#include "machine.h"

static gboolean read_network(const ClAct *act, gint64 network, gint32 *ret_state, GError **error)
{
    g_autofree char *unused = NULL, *unused_too = NULL;
    return cl_state_read(act->reader, CL_KIND_NETWORK, network, ret_state, &unused, &unused_too,
                         error);
}

typedef struct {
    gint64 interface, network;
    gint32 state; /* of the network, as long as the node is there */
} Place;

static GArray *read_places(const ClAct *act, GError **error)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    ClRows rows = cl_rows_query(act->reader,
                                "SELECT number, network FROM netinterface WHERE node = ?"
                                " ORDER BY number",
                                "i", act->number);
    while (cl_rows_next(&rows)) {
        Place place = {cl_rows_number(&rows, 0, 0, G_MAXINT64),
                       cl_rows_number(&rows, 1, 0, G_MAXINT64), 0};
        g_array_append_val(places, place);
    }
    if (!cl_rows_end(&rows, error)) {
        return NULL;
    }
    for (guint i = 0; i < places->len; i++) {
        Place *place = &g_array_index(places, Place, i);
        if (!read_network(act, place->network, &place->state, error)) {
            return NULL;
        }
    }
    return g_steal_pointer(&places);
}

/* The state of the network follows from the interfaces that are left. */
static gboolean leave_place(const ClAct *act, const Place *place, GError **error)
{
    gint32 state;
    if (!cl_event_of(act->change, CL_KIND_NETINTERFACE, place->interface,
                     CLUSTER_CHANGE_NETINTERFACE_DELETED_V2, NULL, error) ||
        !cl_rows_run(act->reader, error, "DELETE FROM object WHERE number = ?", "i",
                     place->interface) ||
        !read_network(act, place->network, &state, error)) {
        return FALSE;
    }
    g_autoptr(GBytes) data = cl_event_number((guint32)state);
    return state == place->state || cl_event_of(act->change, CL_KIND_NETWORK, place->network,
                                                CLUSTER_CHANGE_NETWORK_STATE_V2, data, error);
}

static gboolean leave_places(const ClAct *act, const GArray *places, GError **error)
{
    for (guint i = 0; i < places->len; i++) {
        if (!leave_place(act, &g_array_index(places, Place, i), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

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
    g_autoptr(GArray) places = read_places(act, error);
    if (!places || !cl_machine_leave_node(act->change, act->number, TRUE, error) ||
        !cl_rows_one(reader, error, &left, 0, "SELECT count(*) FROM resource_group WHERE owner = ?",
                     "i", act->number)) {
        return FALSE;
    }
    if (left > 0) {
        return cl_fail(error, ERROR_CANT_EVICT_ACTIVE_NODE,
                       "groups of the node cannot go anywhere");
    }
    g_autoptr(GBytes) down = cl_event_number(ClusterNodeDown);
    return leave_places(act, places, error) &&
           cl_owners_remove_node(act->change, act->number, error) &&
           cl_event_of(act->change, CL_KIND_NODE, act->number, CLUSTER_CHANGE_NODE_DELETED_V2, down,
                       error) &&
           cl_rows_run(reader, error, "DELETE FROM object WHERE number = ?", "i", act->number);
}
