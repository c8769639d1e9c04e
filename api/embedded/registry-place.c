/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the path of a key leads, one step after the other. Each step finds out two things: what the
 * key stands for, and whether something is stored for it. Runs with a reader, or within a change.
 */
#include "registry.h"

#include "schema.h"
#include "text.h"

#include <string.h>

/* Of the name of a resource type, in 16-bit units. */
#define TYPE_MAX_UNITS 256

/* --- One step ----------------------------------------------------------------------------------- */

typedef struct {
    ClPlace place;
    char *name;  /* as the key has it */
    guint parts; /* of the path that it took */
} Step;

static void step_clear(Step *step)
{
    g_free(step->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Step, step_clear)

static const struct {
    const char *name;
    ClKind kind;
} kinds[] = {
    {"Groups", CL_KIND_GROUP},       {"NetworkInterfaces", CL_KIND_NETINTERFACE},
    {"Networks", CL_KIND_NETWORK},   {"Nodes", CL_KIND_NODE},
    {"Resources", CL_KIND_RESOURCE}, {"ResourceTypes", CL_KIND_RESOURCE_TYPE},
};

static void become(Step *step, ClPlaceType type, ClKind kind, const char *name)
{
    step->place.type = type;
    step->place.kind = kind;
    g_free(step->name);
    step->name = g_strdup(name);
}

gboolean cl_registry_find_kind(const char *name, ClKind *ret_kind, const char **ret_name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (cl_text_equal(kinds[i].name, name)) {
            *ret_kind = kinds[i].kind;
            *ret_name = kinds[i].name;
            return TRUE;
        }
    }
    return FALSE;
}

static void step_from_root(Step *step, const char *part)
{
    ClKind kind;
    const char *name;
    if (cl_registry_find_kind(part, &kind, &name)) {
        become(step, CL_PLACE_KIND, kind, name);
    }
    if (cl_text_equal(CL_REGISTRY_PARAMETERS, part)) {
        become(step, CL_PLACE_PARAMETERS, CL_KIND_CLUSTER, CL_REGISTRY_PARAMETERS);
        step->place.object = CL_SCHEMA_CLUSTER;
    }
}

/* A resource type goes by its name. */
static gboolean find_object(ClReader *reader, ClKind kind, const char *id, Step *step,
                            GError **error)
{
    g_autofree char *key = cl_text_fold(id);
    ClRows rows = cl_rows_query(reader,
                                "SELECT number, CASE kind WHEN 2 THEN name ELSE id END FROM object"
                                " WHERE kind = ? AND id = ?",
                                "is", (gint64)kind, key);
    if (cl_rows_next(&rows)) {
        step->place.object = cl_rows_number(&rows, 0, 1, G_MAXINT64);
        become(step, CL_PLACE_OBJECT, kind, cl_rows_text(&rows, 1));
    }
    return cl_rows_end(&rows, error);
}

/* Where several resource types fit, the longest name: so the key of each can be reached. */
static gboolean step_to_object(ClReader *reader, ClKind kind, char **parts, Step *step,
                               GError **error)
{
    g_autoptr(GString) id = g_string_new(parts[0]);
    for (guint n = 1;; n++) {
        gint64 former = step->place.object;
        if (!find_object(reader, kind, id->str, step, error)) {
            return FALSE;
        }
        step->parts = step->place.object != former ? n : step->parts;
        if (kind != CL_KIND_RESOURCE_TYPE || !parts[n] ||
            cl_text_wide_length(id->str) > TYPE_MAX_UNITS) {
            return TRUE;
        }
        g_string_append_printf(id, "\\%s", parts[n]);
    }
}

static gboolean find_stored(ClReader *reader, gint64 parent, Step *step, GError **error)
{
    g_autofree char *key = cl_text_fold(step->name);
    ClRows rows = cl_rows_query(reader,
                                "SELECT number, name FROM registry_key WHERE parent = ? AND key = ?"
                                " AND number <> parent",
                                "is", parent, key);
    if (cl_rows_next(&rows)) {
        step->place.stored = cl_rows_number(&rows, 0, 1, G_MAXINT64);
        step->place.nearest = step->place.stored;
        if (step->place.type == CL_PLACE_PLAIN) {
            g_free(step->name);
            step->name = g_strdup(cl_rows_text(&rows, 1));
        }
    }
    return cl_rows_end(&rows, error);
}

static gboolean check_step(const Step *step, GError **error)
{
    return step->place.type != CL_PLACE_PLAIN || step->name[0] != '\0' ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "a key without a name");
}

/* A plain key that is not stored is not there. */
static gboolean take_step(ClReader *reader, const ClPlace *from, char **parts, Step *step,
                          GError **error)
{
    *step = (Step){.name = g_strdup(parts[0]), .parts = 1};
    step->place.nearest = from->nearest;
    switch (from->type) {
    case CL_PLACE_ROOT:
        step_from_root(step, parts[0]);
        break;
    case CL_PLACE_KIND:
        if (!step_to_object(reader, from->kind, parts, step, error)) {
            return FALSE;
        }
        break;
    case CL_PLACE_OBJECT:
        if (cl_text_equal(CL_REGISTRY_PARAMETERS, parts[0])) {
            become(step, CL_PLACE_PARAMETERS, from->kind, CL_REGISTRY_PARAMETERS);
            step->place.object = from->object;
        }
        break;
    case CL_PLACE_PARAMETERS:
    case CL_PLACE_PLAIN:
    default:
        break;
    }
    return check_step(step, error) &&
           (from->stored == 0 || find_stored(reader, from->stored, step, error));
}

/* --- Finding ------------------------------------------------------------------------------------ */

static const ClPlace root = {
    .type = CL_PLACE_ROOT, .stored = CL_SCHEMA_ROOT_KEY, .nearest = CL_SCHEMA_ROOT_KEY};

static char **split(const char *path)
{
    return *path == '\0' ? g_new0(char *, 1) : g_strsplit(path, "\\", -1);
}

static void add_name(GString *path, const char *name)
{
    g_string_append_printf(path, "%s%s", path->len > 0 ? "\\" : "", name);
}

gboolean cl_registry_find(ClReader *reader, const char *path, ClPlace *ret_place, char **ret_path,
                          GError **error)
{
    g_auto(GStrv) parts = split(path);
    g_autoptr(GString) proper = g_string_new(NULL);
    ClPlace place = root;
    for (guint i = 0; parts[i];) {
        g_auto(Step) step = {0};
        if (!take_step(reader, &place, &parts[i], &step, error)) {
            return FALSE;
        }
        if (step.place.type == CL_PLACE_PLAIN && step.place.stored == 0) {
            return cl_fail(error, ERROR_FILE_NOT_FOUND, "there is no key \"%s\"", path);
        }
        add_name(proper, step.name);
        place = step.place;
        i += step.parts;
    }
    *ret_place = place;
    if (ret_path) {
        *ret_path = g_string_free(g_steal_pointer(&proper), FALSE);
    }
    return TRUE;
}

/* Keys and objects are numbered apart. */
gint64 cl_registry_identity(const ClPlace *place)
{
    return place->type == CL_PLACE_PLAIN ? place->stored : -1 - place->object;
}

/* One that was deleted and made anew is another key, as is that of another object with the id. */
gboolean cl_registry_find_open(ClReader *reader, const ClObject *key, ClPlace *ret_place,
                               GError **error)
{
    g_autoptr(GError) missing = NULL;
    if (!key) {
        *ret_place = root;
        return TRUE;
    }
    if (cl_registry_find(reader, key->path, ret_place, NULL, &missing)) {
        return cl_registry_identity(ret_place) == key->number ||
               cl_fail(error, ERROR_KEY_DELETED, "the key was deleted");
    }
    if (g_error_matches(missing, CL_ERROR, ERROR_FILE_NOT_FOUND)) {
        return cl_fail(error, ERROR_KEY_DELETED, "the key was deleted");
    }
    g_propagate_error(error, g_steal_pointer(&missing));
    return FALSE;
}

/* --- Making ------------------------------------------------------------------------------------- */

static gboolean check_new(const ClPlace *from, const Step *step, GError **error)
{
    if (step->place.type != CL_PLACE_PLAIN) {
        return TRUE;
    }
    if (from->type == CL_PLACE_KIND) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "there are only the keys of objects");
    }
    return cl_text_wide_length(step->name) <= CL_REGISTRY_NAME_MAX ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "the name of a key is too long");
}

static gboolean insert_key(ClChange *change, gint64 parent, Step *step, GError **error)
{
    static const char sql[] = "INSERT INTO registry_key (parent, key, name, written, object)"
                              " VALUES (?, ?, ?, ?, nullif(?, 0))";
    ClReader *reader = cl_change_reader(change);
    g_autofree char *key = cl_text_fold(step->name);
    gint64 object = step->place.type == CL_PLACE_OBJECT ? step->place.object : 0;
    if (!cl_rows_run(reader, error, sql, "issii", parent, key, step->name, cl_change_time(change),
                     object)) {
        return FALSE;
    }
    step->place.stored = cl_reader_last_number(reader);
    step->place.nearest = step->place.stored;
    return cl_rows_run(reader, error, "UPDATE registry_key SET written = ? WHERE number = ?", "ii",
                       cl_change_time(change), parent);
}

/* Storing what was there already is no news. */
static gboolean add_key(ClChange *change, const ClPlace *from, Step *step, const char *path,
                        GError **error)
{
    return check_new(from, step, error) && insert_key(change, from->stored, step, error) &&
           (step->place.type != CL_PLACE_PLAIN ||
            cl_registry_emit(change, path, CLUSTER_CHANGE_REGISTRY_NAME_V2, step->name, error));
}

gboolean cl_registry_make(ClChange *change, const char *path, ClPlace *ret_place, GError **error)
{
    g_auto(GStrv) parts = split(path);
    g_autoptr(GString) proper = g_string_new(NULL);
    ClPlace place = root;
    for (guint i = 0; parts[i];) {
        g_auto(Step) step = {0};
        if (!take_step(cl_change_reader(change), &place, &parts[i], &step, error)) {
            return FALSE;
        }
        add_name(proper, step.name);
        if (step.place.stored == 0 && !add_key(change, &place, &step, proper->str, error)) {
            return FALSE;
        }
        place = step.place;
        i += step.parts;
    }
    *ret_place = place;
    return TRUE;
}

/* --- What is there without being stored -------------------------------------------------------- */

static void add_reply(GPtrArray *replies, const char *name)
{
    g_ptr_array_add(replies, cl_registry_reply_new(CLUSREG_READ_KEY, name, "", 0, NULL));
}

static gboolean list_objects(ClReader *reader, ClKind kind, GPtrArray *replies, GError **error)
{
    ClRows rows =
        cl_rows_query(reader,
                      "SELECT CASE o.kind WHEN 2 THEN o.name ELSE o.id END, coalesce(k.written, 0)"
                      " FROM object o LEFT JOIN registry_key k ON k.object = o.number"
                      " WHERE o.kind = ? ORDER BY o.id",
                      "i", (gint64)kind);
    while (cl_rows_next(&rows)) {
        add_reply(replies, cl_rows_text(&rows, 0));
        ClRegistryCommand *reply = replies->pdata[replies->len - 1];
        reply->write_time = (guint64)cl_rows_number(&rows, 1, 0, G_MAXINT64);
    }
    return cl_rows_end(&rows, error);
}

gboolean cl_registry_object_keys(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                 GError **error)
{
    if (place->type == CL_PLACE_KIND) {
        return list_objects(reader, place->kind, replies, error);
    }
    for (gsize i = 0; place->type == CL_PLACE_ROOT && i < G_N_ELEMENTS(kinds); i++) {
        add_reply(replies, kinds[i].name);
    }
    if (place->type == CL_PLACE_ROOT || place->type == CL_PLACE_OBJECT) {
        add_reply(replies, CL_REGISTRY_PARAMETERS);
    }
    return TRUE;
}
