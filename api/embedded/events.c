/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "events.h"

#include "property-list.h"
#include "text.h"

/* Not at each event. */
#define TRIM_EVERY 1024

gboolean cl_event_emit(ClChange *change, guint32 object_type, guint64 flag, const char *id,
                       const char *parent_id, const char *name, const char *type, GBytes *data,
                       GError **error)
{
    return cl_rows_run(cl_change_reader(change), error,
                       "INSERT INTO event (object_type, flag, id, parent_id, name, type, data)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       "iissssb", (gint64)object_type, (gint64)flag, id ? id : "",
                       parent_id ? parent_id : "", name ? name : "", type ? type : "", data);
}

/* The columns: id, parent's id, name, type. */
static const struct {
    ClKind kind;
    guint32 object_type;
    const char *sql;
} kinds[] = {
    {CL_KIND_GROUP, CLUSTER_OBJECT_TYPE_GROUP,
     "SELECT o.id, n.id, o.name, '' FROM resource_group g JOIN object o ON o.number = g.number"
     " JOIN object n ON n.number = g.owner WHERE g.number = ?"},
    {CL_KIND_RESOURCE, CLUSTER_OBJECT_TYPE_RESOURCE,
     "SELECT o.id, g.id, o.name, t.name FROM resource r JOIN object o ON o.number = r.number"
     " JOIN object g ON g.number = r.group_number JOIN object t ON t.number = r.type"
     " WHERE r.number = ?"},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_OBJECT_TYPE_RESOURCE_TYPE,
     "SELECT '', '', name, '' FROM object WHERE number = ? AND kind = 2"},
    {CL_KIND_NODE, CLUSTER_OBJECT_TYPE_NODE,
     "SELECT id, '', name, '' FROM object WHERE number = ? AND kind = 4"},
    {CL_KIND_NETWORK, CLUSTER_OBJECT_TYPE_NETWORK,
     "SELECT id, '', name, '' FROM object WHERE number = ? AND kind = 5"},
    {CL_KIND_NETINTERFACE, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
     "SELECT o.id, n.id, o.name, '' FROM netinterface i JOIN object o ON o.number = i.number"
     " JOIN object n ON n.number = i.node WHERE i.number = ?"},
    {CL_KIND_GROUPSET, CLUSTER_OBJECT_TYPE_GROUPSET,
     "SELECT id, '', name, '' FROM object WHERE number = ? AND kind = 8"},
    {CL_KIND_CLUSTER, CLUSTER_OBJECT_TYPE_CLUSTER, "SELECT '', '', '', '' WHERE ? = 0"},
};

gboolean cl_event_of(ClChange *change, ClKind kind, gint64 number, guint64 flag, GBytes *data,
                     GError **error)
{
    g_autofree char *id = NULL;
    g_autofree char *parent = NULL;
    g_autofree char *name = NULL;
    g_autofree char *type = NULL;
    gsize i = 0;
    while (kinds[i].kind != kind) {
        i++;
    }
    ClRows rows = cl_rows_query(cl_change_reader(change), kinds[i].sql, "i", number);
    gboolean found = cl_rows_next(&rows);
    if (found) {
        id = g_strdup(cl_rows_text(&rows, 0));
        parent = g_strdup(cl_rows_text(&rows, 1));
        name = g_strdup(cl_rows_text(&rows, 2));
        type = g_strdup(cl_rows_text(&rows, 3));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if (!found) {
        return cl_fail(error, ERROR_FILE_CORRUPT, "object %" G_GINT64_FORMAT " is not whole",
                       number);
    }
    return cl_event_emit(change, kinds[i].object_type, flag, id, parent, name, type, data, error);
}

char *cl_event_id_of(ClChange *change, gint64 number, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change), "SELECT id FROM object WHERE number = ?",
                                "i", number);
    g_autofree char *id = cl_rows_next(&rows) ? g_strdup(cl_rows_text(&rows, 0)) : g_strdup("");
    return cl_rows_end(&rows, error) ? g_steal_pointer(&id) : NULL;
}

gboolean cl_events_trim(ClChange *change, GError **error)
{
    /* Apart, since SQLite looks through all rows for the two of them at once. */
    static const char ends[] =
        "SELECT (SELECT min(sequence) FROM event), (SELECT max(sequence) FROM event)";
    ClRows rows = cl_rows_query(cl_change_reader(change), ends, "");
    gint64 first = 0, last = 0;
    if (cl_rows_next(&rows) && !cl_rows_is_null(&rows, 0)) {
        first = cl_rows_number(&rows, 0, 1, G_MAXINT64);
        last = cl_rows_number(&rows, 1, 1, G_MAXINT64);
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    return last - first < CL_EVENTS_KEPT + TRIM_EVERY ||
           cl_rows_run(cl_change_reader(change), error, "DELETE FROM event WHERE sequence <= ?",
                       "i", last - CL_EVENTS_KEPT);
}
