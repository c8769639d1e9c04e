/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values and lists of the cluster database, at places that were found. Runs with a reader, or
 * within a change.
 */
#include "registry.h"

#include "property-table.h"
#include "text.h"

/* --- Reading ------------------------------------------------------------------------------------ */

static const char *text_of(const ClRegistryCommand *reply)
{
    return reply->command == CLUSREG_READ_KEY ? reply->key : reply->value;
}

static const ClRegistryCommand *find(const GPtrArray *replies, const char *name)
{
    for (guint i = 0; i < replies->len; i++) {
        if (cl_text_equal(text_of(replies->pdata[i]), name)) {
            return replies->pdata[i];
        }
    }
    return NULL;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    g_autofree char *x = cl_text_fold(text_of(*(const ClRegistryCommand *const *)a));
    g_autofree char *y = cl_text_fold(text_of(*(const ClRegistryCommand *const *)b));
    return g_strcmp0(x, y);
}

static gboolean shows_object(const ClPlace *place)
{
    return place->type != CL_PLACE_PLAIN && place->type != CL_PLACE_KIND;
}

gboolean cl_registry_read_value(ClReader *reader, const ClPlace *place, const char *name,
                                guint32 *ret_type, GBytes **ret_data, GError **error)
{
    g_autoptr(GPtrArray) shown = cl_registry_commands_new();
    g_autofree char *folded = cl_text_fold(name);
    *ret_data = NULL;
    if (!cl_registry_object_values(reader, place, shown, error)) {
        return FALSE;
    }
    const ClRegistryCommand *value = find(shown, name);
    if (value) {
        *ret_type = value->type;
        *ret_data = g_bytes_ref(value->data);
        return TRUE;
    }
    ClRows rows = cl_rows_query(reader,
                                "SELECT type, data FROM registry_value WHERE registry_key = ?"
                                " AND key = ?",
                                "is", place->stored, folded);
    if (cl_rows_next(&rows)) {
        *ret_type = (guint32)cl_rows_number(&rows, 0, 0, G_MAXUINT32);
        *ret_data = cl_rows_bytes(&rows, 1);
    }
    return cl_rows_end(&rows, error);
}

gboolean cl_registry_list_values(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                 GError **error)
{
    if (!cl_registry_object_values(reader, place, replies, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_query(reader,
                                "SELECT name, type, data FROM registry_value WHERE registry_key = ?"
                                " ORDER BY key",
                                "i", place->stored);
    while (cl_rows_next(&rows)) {
        g_autoptr(GBytes) data = cl_rows_bytes(&rows, 2);
        g_ptr_array_add(replies, cl_registry_reply_new(
                                     CLUSREG_READ_VALUE, "", cl_rows_text(&rows, 0),
                                     (guint32)cl_rows_number(&rows, 1, 0, G_MAXUINT32), data));
    }
    if (shows_object(place)) {
        g_ptr_array_sort(replies, by_name);
    }
    return cl_rows_end(&rows, error);
}

/* Of a key that is there in any case only the time comes from its row. */
static void add_stored(ClRows *rows, guint n_shown, GPtrArray *replies)
{
    const char *name = cl_rows_text(rows, 0);
    ClRegistryCommand *reply = NULL;
    for (guint i = 0; i < n_shown && !reply; i++) {
        reply = cl_text_equal(text_of(replies->pdata[i]), name) ? replies->pdata[i] : NULL;
    }
    if (!reply) {
        reply = cl_registry_reply_new(CLUSREG_READ_KEY, name, "", 0, NULL);
        g_ptr_array_add(replies, reply);
    }
    reply->write_time = (guint64)cl_rows_number(rows, 1, 0, G_MAXINT64);
}

gboolean cl_registry_list_keys(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                               GError **error)
{
    if (!cl_registry_object_keys(reader, place, replies, error)) {
        return FALSE;
    }
    guint n_shown = replies->len;
    if (place->type == CL_PLACE_KIND) {
        return TRUE;
    }
    ClRows rows = cl_rows_query(reader,
                                "SELECT name, written FROM registry_key WHERE parent = ?1 AND"
                                " number <> ?1 ORDER BY key",
                                "i", place->stored);
    while (cl_rows_next(&rows)) {
        add_stored(&rows, n_shown, replies);
    }
    if (n_shown > 0) {
        g_ptr_array_sort(replies, by_name);
    }
    return cl_rows_end(&rows, error);
}

/* --- Changing ----------------------------------------------------------------------------------- */

/* Common properties are set by the control functions alone. */
static gboolean check_shown(const ClPlace *place, const char *name, GError **error)
{
    gboolean is_shown =
        (place->type == CL_PLACE_OBJECT && cl_common_property_find(place->kind, name)) ||
        (place->type == CL_PLACE_ROOT && cl_text_equal(name, CL_REGISTRY_INSTANCE));
    return !is_shown ||
           cl_fail(error, ERROR_ACCESS_DENIED, "%s is a property, which is not set here", name);
}

/* As it was first given; @name itself where nothing is stored (transfer full). */
static gboolean proper_name(ClReader *reader, const ClPlace *place, const char *name,
                            char **ret_name, GError **error)
{
    g_autofree char *folded = cl_text_fold(name);
    ClRows rows = cl_rows_query(reader,
                                "SELECT name FROM registry_value WHERE registry_key = ?"
                                " AND key = ?",
                                "is", place->stored, folded);
    g_autofree char *found = g_strdup(cl_rows_next(&rows) ? cl_rows_text(&rows, 0) : name);
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    *ret_name = g_steal_pointer(&found);
    return TRUE;
}

static gboolean touch(ClChange *change, gint64 key, GError **error)
{
    return cl_rows_run(cl_change_reader(change), error,
                       "UPDATE registry_key SET written = ? WHERE number = ?", "ii",
                       cl_change_time(change), key);
}

static gboolean store_value(ClChange *change, const char *path, const ClRegistryCommand *command,
                            GError **error)
{
    g_autofree char *folded = cl_text_fold(command->value);
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    ClPlace place;
    return cl_registry_make(change, path, &place, error) &&
           cl_rows_run(cl_change_reader(change), error,
                       "INSERT INTO registry_value (registry_key, key, name, type, data)"
                       " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET type = excluded.type,"
                       " data = excluded.data",
                       "issib", place.stored, folded, command->value, (gint64)command->type,
                       command->data ? command->data : empty) &&
           touch(change, place.stored, error);
}

gboolean cl_registry_set_value(ClChange *change, const char *path, const ClRegistryCommand *command,
                               GError **error)
{
    ClPlace place;
    g_autofree char *proper = NULL;
    g_autofree char *name = NULL;
    if (!cl_registry_check_value(command, CL_REGISTRY_DATA_MAX, error) ||
        !cl_registry_find(cl_change_reader(change), path, &place, &proper, error) ||
        !check_shown(&place, command->value, error) ||
        !proper_name(cl_change_reader(change), &place, command->value, &name, error)) {
        return FALSE;
    }
    gboolean set = place.type == CL_PLACE_PARAMETERS
                       ? cl_registry_set_property(change, &place, command, error)
                       : store_value(change, path, command, error);
    return set && cl_registry_emit(change, proper, CLUSTER_CHANGE_REGISTRY_VALUE_V2, name, error);
}

static gboolean delete_stored(ClChange *change, const ClPlace *place, const char *name,
                              gboolean *ret_was_there, GError **error)
{
    g_autofree char *folded = cl_text_fold(name);
    ClReader *reader = cl_change_reader(change);
    if (!cl_rows_run(reader, error, "DELETE FROM registry_value WHERE registry_key = ? AND key = ?",
                     "is", place->stored, folded)) {
        return FALSE;
    }
    *ret_was_there = cl_reader_changes(reader) > 0;
    return !*ret_was_there || touch(change, place->stored, error);
}

gboolean cl_registry_delete_value(ClChange *change, const char *path, const char *name,
                                  GError **error)
{
    ClPlace place;
    gboolean was_there;
    g_autofree char *proper = NULL;
    g_autofree char *proper_value = NULL;
    if (!cl_registry_find(cl_change_reader(change), path, &place, &proper, error) ||
        !check_shown(&place, name, error) ||
        !proper_name(cl_change_reader(change), &place, name, &proper_value, error)) {
        return FALSE;
    }
    gboolean done = place.type == CL_PLACE_PARAMETERS
                        ? cl_registry_unset_property(change, &place, name, &was_there, error)
                        : delete_stored(change, &place, name, &was_there, error);
    return done && (!was_there || cl_registry_emit(change, proper, CLUSTER_CHANGE_REGISTRY_VALUE_V2,
                                                   proper_value, error));
}
