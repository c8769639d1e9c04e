/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * States: stored ones of nodes, resources and interfaces, and those of groups and networks, which
 * follow from their parts. Owns nothing; runs on the thread that has the reader.
 */
#include "embedded.h"

typedef struct {
    gint32 state;
    char *owner_node;
    char *owner_group;
    gboolean found;
} State;

static gboolean is_resource_state(gint64 state)
{
    return (state >= ClusterResourceInitializing && state <= ClusterResourceFailed) ||
           (state >= ClusterResourcePending && state <= ClusterResourceOfflinePending);
}

static gint32 resource_state(ClRows *rows, int column)
{
    gint64 state = cl_rows_number(rows, column, 0, G_MAXINT32);
    if (!is_resource_state(state)) {
        cl_rows_damaged(rows);
    }
    return (gint32)state;
}

typedef struct {
    guint failed, pending, online, others;
    guint top, top_online;
} Tally;

static void count_resource(Tally *tally, gint32 state, gboolean top)
{
    switch (state) {
    case ClusterResourceFailed:
        tally->failed++;
        break;
    case ClusterResourcePending:
    case ClusterResourceOnlinePending:
    case ClusterResourceOfflinePending:
        tally->pending++;
        break;
    case ClusterResourceOnline:
        tally->online++;
        break;
    default:
        tally->others++;
    }
    tally->top += top;
    tally->top_online += top && state == ClusterResourceOnline;
}

/* A failed resource outweighs a pending one, and that the rest. Of the rest only those count on
 * which no other depends; where dependencies go in a circle, which only a damaged file has, all. */
static gint32 group_state(const Tally *tally)
{
    guint all = tally->top ? tally->top : tally->online + tally->others;
    guint online = tally->top ? tally->top_online : tally->online;
    if (tally->failed) {
        return ClusterGroupFailed;
    }
    if (tally->pending) {
        return ClusterGroupPending;
    }
    if (online == 0) {
        return ClusterGroupOffline;
    }
    return online < all ? ClusterGroupPartialOnline : ClusterGroupOnline;
}

static void read_group(ClRows *rows, State *state)
{
    Tally tally = {0};
    while (cl_rows_next(rows)) {
        if (!state->found) {
            state->owner_node = g_strdup(cl_rows_text(rows, 0));
            state->found = TRUE;
        }
        if (!cl_rows_is_null(rows, 1)) {
            count_resource(&tally, resource_state(rows, 1), cl_rows_number(rows, 2, 0, 1) == 1);
        }
    }
    state->state = group_state(&tally);
}

static void read_resource(ClRows *rows, State *state)
{
    if (cl_rows_next(rows)) {
        state->found = TRUE;
        state->state = resource_state(rows, 0);
        state->owner_node = g_strdup(cl_rows_text(rows, 1));
        state->owner_group = g_strdup(cl_rows_text(rows, 2));
    }
}

/* An interface's own state holds only while its node runs. */
static gint32 interface_state(ClRows *rows)
{
    gint32 state = (gint32)cl_rows_number(rows, 0, 0, ClusterNetInterfaceUp);
    gint64 node = cl_rows_number(rows, 1, 0, ClusterNodeJoining);
    return node == ClusterNodeUp || node == ClusterNodePaused ? state
                                                              : ClusterNetInterfaceUnavailable;
}

static void read_node(ClRows *rows, State *state)
{
    if (cl_rows_next(rows)) {
        state->found = TRUE;
        state->state = (gint32)cl_rows_number(rows, 0, 0, ClusterNodeJoining);
    }
}

static void read_netinterface(ClRows *rows, State *state)
{
    if (cl_rows_next(rows)) {
        state->found = TRUE;
        state->state = interface_state(rows);
    }
}

/* @counts by interface state. Interfaces of nodes that do not run tell nothing about the network,
 * and a network on which just one of several interfaces is up connects nobody. */
static gint32 network_state(const guint counts[4])
{
    guint up = counts[ClusterNetInterfaceUp];
    guint unreachable = counts[ClusterNetInterfaceUnreachable];
    guint bad = unreachable + counts[ClusterNetInterfaceFailed];
    if (up + bad == 0) {
        return ClusterNetworkUnavailable;
    }
    if (up == 0 || (up == 1 && bad > 0)) {
        return ClusterNetworkDown;
    }
    return unreachable > 0 ? ClusterNetworkPartitioned : ClusterNetworkUp;
}

static void read_network(ClRows *rows, State *state)
{
    guint counts[4] = {0};
    while (cl_rows_next(rows)) {
        state->found = TRUE;
        if (!cl_rows_is_null(rows, 2)) {
            counts[interface_state(rows)]++;
        }
    }
    state->state = network_state(counts);
}

typedef struct {
    ClKind kind;
    ClSql sql;
    void (*read)(ClRows *rows, State *state);
} KindOfState;

static const KindOfState kinds[] = {
    {CL_KIND_GROUP, CL_SQL_STATE_OF_GROUP, read_group},
    {CL_KIND_RESOURCE, CL_SQL_STATE_OF_RESOURCE, read_resource},
    {CL_KIND_NODE, CL_SQL_STATE_OF_NODE, read_node},
    {CL_KIND_NETWORK, CL_SQL_STATE_OF_NETWORK, read_network},
    {CL_KIND_NETINTERFACE, CL_SQL_STATE_OF_NETINTERFACE, read_netinterface},
};

static void state_clear(State *state)
{
    g_clear_pointer(&state->owner_node, g_free);
    g_clear_pointer(&state->owner_group, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(State, state_clear)

static gboolean read_state(ClReader *reader, ClSql sql, const KindOfState *kind, gint64 number,
                           State *state, GError **error)
{
    ClRows rows = cl_rows_of(reader, sql, number);
    kind->read(&rows, state);
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    return state->found || cl_embedded_fail_gone(kind->kind, error);
}

/* Whether a group's resources depend on each other matters only where some are online and some
 * are not, so that is looked up in a second statement, which is right by itself. */
static gboolean read_state_of(ClReader *reader, const KindOfState *kind, gint64 number,
                              State *state, GError **error)
{
    if (!read_state(reader, kind->sql, kind, number, state, error)) {
        return FALSE;
    }
    if (kind->kind != CL_KIND_GROUP || state->state != ClusterGroupPartialOnline) {
        return TRUE;
    }
    state_clear(state);
    state->found = FALSE;
    return read_state(reader, CL_SQL_STATE_OF_MIXED_GROUP, kind, number, state, error);
}

gboolean cl_state_read(ClReader *reader, ClKind kind, gint64 number, gint32 *ret_state,
                       char **ret_owner_node, char **ret_owner_group, GError **error)
{
    gsize index = 0;
    while (index < G_N_ELEMENTS(kinds) && kinds[index].kind != kind) {
        index++;
    }
    if (index == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "objects of kind %u have no state", kind);
    }
    ClRecent *recent = cl_reader_recent(reader);
    if (recent &&
        cl_recent_state(recent, kind, number, ret_state, ret_owner_node, ret_owner_group)) {
        return TRUE;
    }
    g_auto(State) state = {0};
    if (!read_state_of(reader, &kinds[index], number, &state, error)) {
        return FALSE;
    }
    if (recent) {
        cl_recent_keep_state(recent, kind, number, state.state, state.owner_node,
                             state.owner_group);
    }
    *ret_state = state.state;
    *ret_owner_node = g_steal_pointer(&state.owner_node);
    *ret_owner_group = g_steal_pointer(&state.owner_group);
    return TRUE;
}
