/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys of the cluster database as objects of the back end: opening, creating and deleting them. Any
 * thread runs it.
 */
#include "events.h"
#include "registry.h"
#include "security-descriptor.h"
#include "settle.h"

#include <string.h>

static ClObject *new_key(const char *path, const ClPlace *place)
{
    ClObject *object = g_new0(ClObject, 1);
    object->kind = CL_KIND_KEY;
    object->number = cl_registry_identity(place);
    object->path = g_strdup(path);
    return object;
}

gboolean cl_registry_open(ClConnection *store, const char *path, ClAccess wanted,
                          const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                          GError **error)
{
    ClPlace place;
    g_autofree char *checked = NULL;
    g_autofree char *proper = NULL;
    ClAccess granted = wanted == CL_ACCESS_MAXIMUM ? cl_store_access(store) : wanted;
    if (granted == CL_ACCESS_ALL && cl_store_access(store) != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
    }
    if (!cl_registry_join("", path, &checked, error)) {
        return FALSE;
    }
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    if (!reader || !cl_reader_begin(reader, error) ||
        !cl_registry_find(reader, checked, &place, &proper, error)) {
        return FALSE;
    }
    *ret_object = new_key(proper, &place);
    *ret_granted = granted;
    return TRUE;
}

/* --- Creating ----------------------------------------------------------------------------------- */

static gboolean must_be_new(ClReader *reader, const char *path, GError **error)
{
    ClPlace place;
    g_autoptr(GError) missing = NULL;
    if (cl_registry_find(reader, path, &place, NULL, &missing)) {
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "the key is there");
    }
    if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&missing));
    return FALSE;
}

/* The parts that a new key's descriptor leaves out are inherited. */
static gboolean secure(ClChange *change, const char *path, GBytes *security, GError **error)
{
    return !security ||
           cl_registry_set_security(change, path, security, cl_security_parts(security), error);
}

gboolean cl_registry_create_key(ClConnection *store, const ClNewObject *what, const ClCall *call,
                                ClObject **ret_object, GError **error)
{
    g_autofree char *path = NULL;
    ClPlace place;
    if (!cl_registry_join(what->parent ? what->parent->path : "", what->name, &path, error)) {
        return FALSE;
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_registry_find_open(cl_change_reader(change), what->parent, &place, error) ||
        !must_be_new(cl_change_reader(change), path, error) ||
        !cl_registry_make(change, path, &place, error) ||
        !secure(change, path, what->security, error) || !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_object = new_key(path, &place);
    return TRUE;
}

/* --- Deleting ----------------------------------------------------------------------------------- */

gboolean cl_registry_emit(ClChange *change, const char *path, guint64 flag, const char *what,
                          GError **error)
{
    return cl_event_emit(change, CLUSTER_OBJECT_TYPE_REGISTRY, flag, what, NULL, path, NULL, NULL,
                         error);
}

static const char *name_of(const char *path)
{
    const char *last = strrchr(path, '\\');
    return last ? last + 1 : path;
}

/* Who watches a key below learns of its end, too. */
static gboolean tell_deleted(ClChange *change, const char *path, gint64 number, GError **error)
{
    static const char sql[] =
        "WITH RECURSIVE down (number, path, depth) AS (SELECT ?1, '', 0 UNION ALL"
        " SELECT k.number, d.path || '\\' || k.name, d.depth + 1 FROM down d JOIN registry_key k"
        " ON k.parent = d.number AND k.number <> k.parent)"
        " SELECT path FROM down ORDER BY depth DESC, number";
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    ClRows rows = cl_rows_query(cl_change_reader(change), sql, "i", number);
    while (cl_rows_next(&rows)) {
        g_ptr_array_add(paths, g_strconcat(path, cl_rows_text(&rows, 0), NULL));
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    for (guint i = 0; i < paths->len; i++) {
        if (!cl_registry_emit(change, paths->pdata[i], CLUSTER_CHANGE_REGISTRY_NAME_V2,
                              name_of(paths->pdata[i]), error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean delete_stored(ClChange *change, const char *path, const ClPlace *place,
                              GError **error)
{
    ClReader *reader = cl_change_reader(change);
    if (place->type != CL_PLACE_PLAIN) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the key goes with the object that it is of");
    }
    return cl_rows_run(reader, error,
                       "UPDATE registry_key SET written = ?1 WHERE number = (SELECT parent FROM"
                       " registry_key WHERE number = ?2)",
                       "ii", cl_change_time(change), place->stored) &&
           tell_deleted(change, path, place->stored, error) &&
           cl_rows_run(reader, error, "DELETE FROM registry_key WHERE number = ?", "i",
                       place->stored);
}

gboolean cl_registry_delete_tree(ClChange *change, const char *path, GError **error)
{
    ClPlace place;
    g_autofree char *proper = NULL;
    g_autoptr(GError) missing = NULL;
    if (cl_registry_find(cl_change_reader(change), path, &place, &proper, &missing)) {
        return delete_stored(change, proper, &place, error);
    }
    if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&missing));
    return FALSE;
}

/* Only a key without others below it is deleted so. */
gboolean cl_registry_remove_key(ClConnection *store, const ClObject *key, const ClCall *call,
                                GError **error)
{
    ClPlace place;
    gint64 children;
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_registry_find_open(cl_change_reader(change), key, &place, error) ||
        !cl_rows_one(cl_change_reader(change), error, &children, 0,
                     "SELECT count(*) FROM registry_key WHERE parent = ?1 AND number <> ?1", "i",
                     place.stored)) {
        return FALSE;
    }
    if (children > 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the key holds others");
    }
    return delete_stored(change, key->path, &place, error) && cl_change_commit(change, error);
}
