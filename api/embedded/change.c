/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "change.h"

#include <string.h>
#include <time.h>

#include "embedded.h"
#include "events.h"
#include "machine.h"
#include "property-list.h"

/* 100 ns from 1601 to 1970. */
#define FILETIME_OF_1970 G_GINT64_CONSTANT(116444736000000000)

struct ClChange {
    ClConnection *store;
    ClReader *reader;
    gint64 time;
    gint64 boot_time;
    gint64 clock;
    gint64 rows_before;   /* how many rows the connection had changed when it began */
    GHashTable *groups;   /* gint64 * to the state before, as GINT_TO_POINTER */
    GHashTable *statuses; /* likewise to the status before, as GUINT_TO_POINTER */
};

gint64 cl_boot_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

const char *cl_boot_id(void)
{
    static char *id;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL)) {
            id = g_strdup("unknown");
        }
        g_strchomp(id);
        g_once_init_leave(&ready, 1);
    }
    return id;
}

static gint64 count_rows(const ClChange *change)
{
    return sqlite3_total_changes64(cl_reader_database(change->reader));
}

/* Under the lock of who writes, so that nothing is acknowledged that goes into a file which was
 * destroyed or replaced meanwhile. */
static gboolean begin(ClChange *change, const ClCall *call, GError **error)
{
    change->reader = cl_store_borrow(change->store, call, error);
    if (change->reader == NULL) {
        return FALSE;
    }
    change->rows_before = count_rows(change);
    return cl_reader_begin_change(change->reader, error) && cl_store_check(change->store, error) &&
           cl_machine_advance(change, error);
}

ClChange *cl_change_begin(ClConnection *store, const ClCall *call, GError **error)
{
    if (cl_store_access(store) != CL_ACCESS_ALL) {
        cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
        return NULL;
    }
    if (!cl_store_lock(store, call, error)) {
        return NULL;
    }
    g_autoptr(ClChange) change = g_new0(ClChange, 1);
    change->store = store;
    change->time = g_get_real_time() * 10 + FILETIME_OF_1970;
    change->boot_time = cl_boot_time();
    change->clock = change->boot_time;
    change->groups = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    change->statuses = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return begin(change, call, error) ? g_steal_pointer(&change) : NULL;
}

static gboolean group_state(ClChange *change, gint64 group, gint32 *ret_state, GError **error)
{
    g_autofree char *owner = NULL;
    g_autofree char *unused = NULL;
    return cl_state_read(change->reader, CL_KIND_GROUP, group, ret_state, &owner, &unused, error);
}

gboolean cl_change_touch_group(ClChange *change, gint64 group, GError **error)
{
    gint32 state;
    if (g_hash_table_contains(change->groups, &group)) {
        return TRUE;
    }
    if (!group_state(change, group, &state, error)) {
        return FALSE;
    }
    g_hash_table_insert(change->groups, g_memdup2(&group, sizeof group), GINT_TO_POINTER(state));
    return TRUE;
}

gboolean cl_change_touch_group_of(ClChange *change, gint64 resource, GError **error)
{
    gint64 group;
    return cl_rows_one(change->reader, error, &group, 0,
                       "SELECT group_number FROM resource WHERE number = ?", "i", resource) &&
           cl_change_touch_group(change, group, error);
}

static gboolean emit_group_state(ClChange *change, gint64 group, gint32 before, GError **error)
{
    gint32 after;
    g_autoptr(GError) failure = NULL;
    if (!group_state(change, group, &after, &failure)) {
        /* One that the change deleted has no state. */
        if (g_error_matches(failure, CL_ERROR, ERROR_GROUP_NOT_AVAILABLE)) {
            return TRUE;
        }
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (after == before) {
        return TRUE;
    }
    g_autoptr(GBytes) data = cl_event_number((guint32)after);
    return cl_rows_run(change->reader, error,
                       "UPDATE resource_group SET state_changed = ? WHERE number = ?", "ii",
                       change->time, group) &&
           cl_event_of(change, CL_KIND_GROUP, group, CLUSTER_CHANGE_GROUP_STATE_V2, data, error);
}

static gboolean emit_group_states(ClChange *change, GError **error)
{
    GHashTableIter iter;
    gpointer group, before;
    g_hash_table_iter_init(&iter, change->groups);
    while (g_hash_table_iter_next(&iter, &group, &before)) {
        if (!emit_group_state(change, *(gint64 *)group, GPOINTER_TO_INT(before), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- StatusInformation ------------------------------------------------------------------------ */

void cl_change_touch_status(ClChange *change, gint64 group, guint32 status)
{
    if (!g_hash_table_contains(change->statuses, &group)) {
        g_hash_table_insert(change->statuses, g_memdup2(&group, sizeof group),
                            GUINT_TO_POINTER(status));
    }
}

/* What was set and taken back within the change is no news, nor is a group that it deleted. */
static gboolean emit_status(ClChange *change, gint64 group, guint32 before, GError **error)
{
    gint64 after;
    if (!cl_rows_one(change->reader, error, &after, before,
                     "SELECT status FROM resource_group WHERE number = ?", "i", group)) {
        return FALSE;
    }
    if (after == before) {
        return TRUE;
    }
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_ptr_array_add(properties,
                    cl_property_new_number("StatusInformation", CLUSPROP_FORMAT_ULARGE_INTEGER,
                                           (guint64)after));
    g_autoptr(GBytes) list = cl_property_list_build(properties);
    return cl_event_of(change, CL_KIND_GROUP, group, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2, list,
                       error);
}

static gboolean emit_statuses(ClChange *change, GError **error)
{
    GHashTableIter iter;
    gpointer group, before;
    g_hash_table_iter_init(&iter, change->statuses);
    while (g_hash_table_iter_next(&iter, &group, &before)) {
        if (!emit_status(change, *(gint64 *)group, GPOINTER_TO_UINT(before), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- The end ---------------------------------------------------------------------------------- */

/* Nobody is woken for nothing, as by all those who found the same thing due, but the first. */
gboolean cl_change_commit(ClChange *change, GError **error)
{
    if (!emit_group_states(change, error) || !emit_statuses(change, error) ||
        !cl_events_trim(change, error) || !cl_reader_commit(change->reader, error)) {
        return FALSE;
    }
    if (count_rows(change) != change->rows_before) {
        cl_store_signal(change->store);
    }
    return TRUE;
}

void cl_change_free(ClChange *change)
{
    if (change->reader != NULL) {
        cl_reader_return(change->reader);
    }
    cl_store_unlock(change->store);
    g_hash_table_unref(change->groups);
    g_hash_table_unref(change->statuses);
    g_free(change);
}

ClReader *cl_change_reader(ClChange *change)
{
    return change->reader;
}

gint64 cl_change_time(const ClChange *change)
{
    return change->time - (change->boot_time - change->clock) * 10;
}

gint64 cl_change_clock(const ClChange *change)
{
    return change->clock;
}

void cl_change_set_clock(ClChange *change, gint64 clock)
{
    change->clock = clock;
}

gint64 cl_change_boot_time(const ClChange *change)
{
    return change->boot_time;
}
