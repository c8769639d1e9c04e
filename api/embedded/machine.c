/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clock of the state machine: it goes from one due time to the next, as if somebody had looked
 * at each, and in between takes every step that can be taken. What it does in one change is
 * bounded, whatever the file says. Runs within a change, on its thread.
 */
#include "machine.h"

#include "machine-internal.h"

/* Of due times that are made up for one after the other. All later ones happen now. */
#define MADE_UP_MAX 1000

typedef struct {
    ClChange *change;
    GHashTable *attempted; /* gint64 *: resources begun since the clock was set */
} Machine;

/* --- Steps ------------------------------------------------------------------------------------ */

/* The groups in which something goes on or waits, or whose status may have to be taken back. Those
 * that were moved to be started first come first, and then those of high priority. */
static GArray *find_busy(ClChange *change, GError **error)
{
    ClRows rows = cl_rows_query(cl_change_reader(change),
                                "WITH busy (number) AS (SELECT group_number FROM resource WHERE"
                                " wanted IS NOT NULL UNION SELECT number FROM resource_group WHERE"
                                " move_to IS NOT NULL OR move_from IS NOT NULL UNION"
                                " SELECT number FROM resource_group WHERE status <> 0)"
                                " SELECT b.number FROM busy b JOIN resource_group g ON g.number ="
                                " b.number LEFT JOIN property p ON p.object = g.number AND"
                                " p.private = 0 AND p.key = 'priority' ORDER BY g.move_flags & 8"
                                " DESC, coalesce(p.value, 2000) DESC, g.number",
                                "");
    return cl_machine_numbers(&rows, error);
}

static gboolean step_group(Machine *machine, gint64 number, gboolean *progressed, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    if (!cl_machine_group_load(machine->change, number, &group, error)) {
        return FALSE;
    }
    group.attempted = machine->attempted;
    if (!cl_machine_step(&group, error)) {
        return FALSE;
    }
    *progressed = *progressed || group.progressed;
    return TRUE;
}

/* Groups wait for each other, and nodes for groups, so all are looked at until nothing happens. */
static gboolean step_all(Machine *machine, GError **error)
{
    gboolean progressed;
    guint rounds = 0, limit = 0;
    do {
        progressed = FALSE;
        g_autoptr(GArray) groups = find_busy(machine->change, error);
        if (!groups) {
            return FALSE;
        }
        limit = MAX(limit, 8 + 4 * groups->len);
        for (guint i = 0; i < groups->len; i++) {
            if (!step_group(machine, g_array_index(groups, gint64, i), &progressed, error)) {
                return FALSE;
            }
        }
        if (!cl_machine_step_drains(machine->change, &progressed, error)) {
            return FALSE;
        }
    } while (progressed && ++rounds < limit);
    return TRUE;
}

/* --- What is due ------------------------------------------------------------------------------ */

typedef struct {
    gint64 resource, group;
    gint64 due; /* of this boot; else now */
} Due;

static gboolean next_due(ClChange *change, gint64 until, Due *ret_due, gboolean *ret_found,
                         GError **error)
{
    static const char sql[] =
        "SELECT t.resource, r.group_number, CASE WHEN t.boot_id = ?1 THEN t.due ELSE ?2 END"
        " FROM transition t JOIN resource r ON r.number = t.resource WHERE t.due IS NOT NULL AND"
        " (t.due <= ?2 OR t.boot_id <> ?1) ORDER BY 3, t.due LIMIT 1";
    ClRows rows = cl_rows_query(cl_change_reader(change), sql, "si", cl_boot_id(), until);
    *ret_found = cl_rows_next(&rows);
    if (*ret_found) {
        *ret_due =
            (Due){cl_rows_number(&rows, 0, 0, G_MAXINT64), cl_rows_number(&rows, 1, 0, G_MAXINT64),
                  MAX(cl_rows_number(&rows, 2, G_MININT64, G_MAXINT64), 0)};
    }
    return cl_rows_end(&rows, error);
}

static gboolean complete(Machine *machine, const Due *due, GError **error)
{
    g_auto(ClMachineGroup) group = {0};
    guint index;
    if (!cl_machine_group_load(machine->change, due->group, &group, error)) {
        return FALSE;
    }
    group.attempted = machine->attempted;
    return !cl_machine_index(&group, due->resource, &index) ||
           cl_machine_complete(&group, cl_machine_at(&group, index), error);
}

static void set_clock(Machine *machine, gint64 clock)
{
    if (clock > cl_change_clock(machine->change)) {
        cl_change_set_clock(machine->change, clock);
        g_hash_table_remove_all(machine->attempted);
    }
}

/* All that is due at one time comes before what follows from it. */
static gboolean make_up(Machine *machine, gint64 now, GError **error)
{
    Due due;
    gboolean found;
    if (!next_due(machine->change, now, &due, &found, error)) {
        return FALSE;
    }
    if (!found) {
        return TRUE;
    }
    cl_change_set_clock(machine->change, MIN(due.due, now));
    for (guint n = 0; found; n++) {
        set_clock(machine, n < MADE_UP_MAX ? due.due : now);
        gint64 clock = cl_change_clock(machine->change);
        while (found && (due.due <= clock)) {
            if (!complete(machine, &due, error) ||
                !next_due(machine->change, now, &due, &found, error)) {
                return FALSE;
            }
        }
        if (!step_all(machine, error) || !next_due(machine->change, now, &due, &found, error)) {
            return FALSE;
        }
    }
    set_clock(machine, now);
    return TRUE;
}

gboolean cl_machine_advance(ClChange *change, GError **error)
{
    g_autoptr(GHashTable) attempted =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Machine machine = {change, attempted};
    return make_up(&machine, cl_change_boot_time(change), error) && step_all(&machine, error);
}
