/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keys of the cluster database by their paths. Runs with a reader of its own, or within a change.
 */
#include "events.h"
#include "registry.h"
#include "schema.h"
#include "settle.h"
#include "text.h"
#include <string.h>

/* In 16-bit units; and how many keys a path may go through. */
#define NAME_MAX_UNITS 255
#define DEPTH_MAX      512

gboolean cl_registry_join(const char *path, const char *sub, char **ret_path, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(sub, "\\", -1);
    for (char **part = parts; *sub != '\0' && *part != NULL; part++) {
        if (**part == '\0' || cl_text_wide_length(*part) > NAME_MAX_UNITS) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "\"%s\" is no path of keys", sub);
        }
    }
    g_autofree char *joined = *sub == '\0'    ? g_strdup(path)
                              : *path == '\0' ? g_strdup(sub)
                                              : g_strconcat(path, "\\", sub, NULL);
    g_auto(GStrv) all = g_strsplit(joined, "\\", -1);
    if (g_strv_length(all) > DEPTH_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the path is too deep");
    }
    *ret_path = g_steal_pointer(&joined);
    return TRUE;
}

static gboolean find_child(ClReader *reader, gint64 parent, const char *name, gint64 *ret_number,
                           GError **error)
{
    g_autofree char *key = cl_text_fold(name);
    return cl_rows_one(reader, error, ret_number, CL_REGISTRY_VIRTUAL,
                       "SELECT number FROM registry_key WHERE parent = ? AND key = ? AND number <>"
                       " parent",
                       "is", parent, key);
}

/* The stored key that a path leads to, or CL_REGISTRY_VIRTUAL. */
static gboolean find_stored(ClReader *reader, char **parts, gint64 *ret_number, GError **error)
{
    gint64 number = CL_SCHEMA_ROOT_KEY;
    for (; *parts != NULL && number != CL_REGISTRY_VIRTUAL; parts++) {
        if (!find_child(reader, number, *parts, &number, error)) {
            return FALSE;
        }
    }
    *ret_number = number;
    return TRUE;
}

static const struct {
    const char *name;
    ClKind kind;
} kinds[] = {
    {"Groups", CL_KIND_GROUP},
    {"Nodes", CL_KIND_NODE},
    {"Resources", CL_KIND_RESOURCE},
    {"Networks", CL_KIND_NETWORK},
    {"NetworkInterfaces", CL_KIND_NETINTERFACE},
    {"ResourceTypes", CL_KIND_RESOURCE_TYPE},
};

/* Whether a path is that of an object, or of all of a kind. */
static gboolean is_virtual(ClReader *reader, char **parts, gboolean *ret_is, GError **error)
{
    gint64 found = 0;
    gsize i = 0;
    *ret_is = FALSE;
    while (i < G_N_ELEMENTS(kinds) && !(parts[0] && cl_text_equal(kinds[i].name, parts[0]))) {
        i++;
    }
    if (i == G_N_ELEMENTS(kinds) || (parts[1] && parts[2])) {
        return TRUE;
    }
    if (!parts[1]) {
        *ret_is = TRUE;
        return TRUE;
    }
    g_autofree char *id = cl_text_fold(parts[1]);
    if (!cl_rows_one(reader, error, &found, 0, "SELECT 1 FROM object WHERE kind = ? AND id = ?",
                     "is", (gint64)kinds[i].kind, id)) {
        return FALSE;
    }
    *ret_is = found == 1;
    return TRUE;
}

static char **split(const char *path)
{
    return *path == '\0' ? g_new0(char *, 1) : g_strsplit(path, "\\", -1);
}

gboolean cl_registry_find(ClReader *reader, const char *path, gint64 *ret_number, GError **error)
{
    g_auto(GStrv) parts = split(path);
    gboolean virtual = FALSE;
    if (!find_stored(reader, parts, ret_number, error)) {
        return FALSE;
    }
    if (*ret_number != CL_REGISTRY_VIRTUAL) {
        return TRUE;
    }
    return is_virtual(reader, parts, &virtual, error) &&
           (virtual || cl_fail(error, ERROR_FILE_NOT_FOUND, "there is no key \"%s\"", path));
}

gboolean cl_registry_find_open(ClReader *reader, const ClObject *key, gint64 *ret_number,
                               GError **error)
{
    g_autoptr(GError) missing = NULL;
    if (cl_registry_find(reader, key ? key->path : "", ret_number, &missing)) {
        return TRUE;
    }
    if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        return cl_fail(error, ERROR_KEY_DELETED, "the key was deleted");
    }
    g_propagate_error(error, g_steal_pointer(&missing));
    return FALSE;
}

ClReader *cl_registry_borrow(ClConnection *store, const ClCall *call, GError **error)
{
    return cl_settled_borrow(store, call, error);
}

/* --- Changing --------------------------------------------------------------------------------- */

gboolean cl_registry_emit(ClChange *change, const char *path, guint64 flag, const char *what,
                          GError **error)
{
    return cl_event_emit(change, CLUSTER_OBJECT_TYPE_REGISTRY, flag, what, NULL, path, NULL, NULL,
                         error);
}

static gboolean add_key(ClChange *change, gint64 parent, const char *name, gint64 *ret_number,
                        GError **error)
{
    ClReader *reader = cl_change_reader(change);
    g_autofree char *key = cl_text_fold(name);
    if (!cl_rows_run(reader, error,
                     "INSERT INTO registry_key (parent, key, name, written) VALUES (?, ?, ?, ?)",
                     "issi", parent, key, name, cl_change_time(change))) {
        return FALSE;
    }
    *ret_number = cl_reader_last_number(reader);
    return cl_rows_run(reader, error, "UPDATE registry_key SET written = ? WHERE number = ?", "ii",
                       cl_change_time(change), parent);
}

gboolean cl_registry_make(ClChange *change, const char *path, gint64 *ret_number,
                          gboolean *ret_made, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    g_auto(GStrv) parts = split(path);
    gint64 number = CL_SCHEMA_ROOT_KEY;
    gboolean virtual = FALSE, added = FALSE;
    if (!is_virtual(reader, parts, &virtual, error)) {
        return FALSE;
    }
    for (char **part = parts; *part != NULL; part++) {
        gint64 child;
        if (!find_child(reader, number, *part, &child, error)) {
            return FALSE;
        }
        if (child == CL_REGISTRY_VIRTUAL) {
            added = TRUE;
            if (!add_key(change, number, *part, &child, error)) {
                return FALSE;
            }
        }
        number = child;
    }
    *ret_number = number;
    *ret_made = added && !virtual;
    return !*ret_made || cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_NAME_V2,
                                          parts[g_strv_length(parts) - 1], error);
}

gboolean cl_registry_delete_tree(ClChange *change, const char *path, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    g_auto(GStrv) parts = split(path);
    gint64 number;
    if (!find_stored(reader, parts, &number, error)) {
        return FALSE;
    }
    if (number == CL_REGISTRY_VIRTUAL) {
        return TRUE;
    }
    if (number == CL_SCHEMA_ROOT_KEY) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the root cannot be deleted");
    }
    return cl_rows_run(reader, error,
                       "UPDATE registry_key SET written = ?1 WHERE number = (SELECT parent FROM"
                       " registry_key WHERE number = ?2)",
                       "ii", cl_change_time(change), number) &&
           cl_rows_run(reader, error, "DELETE FROM registry_key WHERE number = ?", "i", number) &&
           cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_NAME_V2,
                            parts[g_strv_length(parts) - 1], error);
}

/* --- As objects ------------------------------------------------------------------------------- */

static ClObject *new_key(const char *path)
{
    ClObject *object = g_new0(ClObject, 1);
    object->kind = CL_KIND_KEY;
    object->path = g_strdup(path);
    return object;
}

gboolean cl_registry_open(ClConnection *store, const char *path, ClAccess wanted,
                          const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                          GError **error)
{
    gint64 number;
    g_autofree char *checked = NULL;
    ClAccess granted = wanted == CL_ACCESS_MAXIMUM ? cl_store_access(store) : wanted;
    if (granted == CL_ACCESS_ALL && cl_store_access(store) != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
    }
    g_autoptr(ClReader) reader = cl_registry_borrow(store, call, error);
    if (!reader || !cl_registry_join("", path, &checked, error) ||
        !cl_registry_find(reader, checked, &number, error)) {
        return FALSE;
    }
    *ret_object = new_key(checked);
    *ret_granted = granted;
    return TRUE;
}

static gboolean set_security(ClChange *change, gint64 number, GBytes *security, GError **error)
{
    return !security || cl_rows_run(cl_change_reader(change), error,
                                    "UPDATE registry_key SET security = ? WHERE number = ?", "bi",
                                    security, number);
}

gboolean cl_registry_create_key(ClConnection *store, const ClNewObject *what, const ClCall *call,
                                ClObject **ret_object, GError **error)
{
    g_autofree char *path = NULL;
    gboolean made = FALSE;
    gint64 number, parent;
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change ||
        !cl_registry_join(what->parent ? what->parent->path : "", what->name, &path, error) ||
        !cl_registry_find_open(cl_change_reader(change), what->parent, &parent, error) ||
        !cl_registry_make(change, path, &number, &made, error)) {
        return FALSE;
    }
    if (!made) {
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "the key is there");
    }
    if (!set_security(change, number, what->security, error) || !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_object = new_key(path);
    return TRUE;
}

/* Only a key without others below it is deleted so; that of an object goes with the object. */
gboolean cl_registry_remove_key(ClConnection *store, const ClObject *key, const ClCall *call,
                                GError **error)
{
    gint64 number, children;
    g_auto(GStrv) parts = split(key->path);
    gboolean virtual = FALSE;
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_registry_find_open(cl_change_reader(change), key, &number, error) ||
        !is_virtual(cl_change_reader(change), parts, &virtual, error) ||
        !cl_rows_one(cl_change_reader(change), error, &children, 0,
                     "SELECT count(*) FROM registry_key WHERE parent = ?1 AND number <> ?1", "i",
                     number)) {
        return FALSE;
    }
    if (virtual || children > 0 || number == CL_SCHEMA_ROOT_KEY) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the key holds others, or is an object's");
    }
    return cl_registry_delete_tree(change, key->path, error) && cl_change_commit(change, error);
}
