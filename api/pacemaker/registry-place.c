/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the path of a key leads, one step after the other. Each step finds out two things: what the
 * key stands for in the model, and whether something is stored for it.
 */
#include "registry.h"

#include <string.h>

#include "text.h"

#define PARAMETERS "Parameters"

static const struct {
    const char *name;
    ClKind kind;
} kinds[] = {
    {"Groups", CL_KIND_GROUP},       {"NetworkInterfaces", CL_KIND_NETINTERFACE},
    {"Networks", CL_KIND_NETWORK},   {"Nodes", CL_KIND_NODE},
    {"Resources", CL_KIND_RESOURCE}, {"ResourceTypes", CL_KIND_RESOURCE_TYPE},
};

/* --- One step ----------------------------------------------------------------------------------- */

static ClPcmkKeyPlace root_of(const ClPcmkView *view)
{
    return (ClPcmkKeyPlace){
        .type = CL_PCMK_KEY_ROOT, .key = view->registry->root, .nearest = view->registry->root};
}

static void become(ClPcmkKeyPlace *place, ClPcmkKeyType type, ClKind kind,
                   const ClPcmkObject *object)
{
    place->type = type;
    place->kind = kind;
    place->object = object;
}

static const char *step_from_root(ClPcmkKeyPlace *place, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (cl_text_equal(kinds[i].name, name)) {
            become(place, CL_PCMK_KEY_KIND, kinds[i].kind, NULL);
            return kinds[i].name;
        }
    }
    if (cl_text_equal(PARAMETERS, name)) {
        become(place, CL_PCMK_KEY_PARAMETERS, CL_KIND_CLUSTER, NULL);
        return PARAMETERS;
    }
    return NULL;
}

/* A resource type goes by its name. */
static const ClPcmkObject *find_object(const ClPcmkModel *model, ClKind kind, const char *id)
{
    return kind == CL_KIND_RESOURCE_TYPE ? cl_pcmk_model_find(model, kind, id)
                                         : cl_pcmk_model_find_id(model, kind, id);
}

static const char *key_name(const ClPcmkObject *object)
{
    return object->kind == CL_KIND_RESOURCE_TYPE ? object->name : object->id;
}

/* The name that the key has, if it is there without being stored. */
static const char *step_to_shown(const ClPcmkView *view, const ClPcmkKeyPlace *from,
                                 const char *name, ClPcmkKeyPlace *place)
{
    const ClPcmkObject *object;
    switch (from->type) {
    case CL_PCMK_KEY_ROOT:
        return step_from_root(place, name);
    case CL_PCMK_KEY_KIND:
        object = find_object(view->model, from->kind, name);
        if (object) {
            become(place, CL_PCMK_KEY_OBJECT, from->kind, object);
        }
        return object ? key_name(object) : NULL;
    case CL_PCMK_KEY_OBJECT:
        if (!cl_text_equal(PARAMETERS, name)) {
            return NULL;
        }
        become(place, CL_PCMK_KEY_PARAMETERS, from->kind, from->object);
        return PARAMETERS;
    default:
        return NULL;
    }
}

/* One whose type is plain and that is not stored is not there. @ret_name: the tree's. */
static ClPcmkKeyPlace take_step(const ClPcmkView *view, const ClPcmkKeyPlace *from,
                                const char *name, const char **ret_name)
{
    ClPcmkKeyPlace place = {.type = CL_PCMK_KEY_PLAIN, .nearest = from->nearest};
    const char *shown = step_to_shown(view, from, name, &place);
    /* What was kept for an object that is no more is out of reach. */
    gboolean reachable = shown || from->type != CL_PCMK_KEY_KIND;
    place.key = from->key && reachable ? cl_pcmk_key_child(from->key, name) : NULL;
    place.nearest = place.key ? place.key : place.nearest;
    *ret_name = shown ? shown : place.key ? place.key->name : name;
    return place;
}

static gboolean is_there(const ClPcmkKeyPlace *place)
{
    return place->key || place->type != CL_PCMK_KEY_PLAIN;
}

/* --- Finding ------------------------------------------------------------------------------------ */

static GStrv split(const char *path)
{
    return *path == '\0' ? g_new0(char *, 1) : g_strsplit(path, "\\", -1);
}

gboolean cl_pcmk_registry_find(const ClPcmkView *view, const char *path, ClPcmkKeyPlace *ret_place,
                               char **ret_path, GError **error)
{
    g_auto(GStrv) parts = split(path);
    g_autoptr(GString) proper = g_string_new(NULL);
    ClPcmkKeyPlace place = root_of(view);
    for (guint i = 0; parts[i]; i++) {
        const char *name;
        place = take_step(view, &place, parts[i], &name);
        if (!is_there(&place)) {
            return cl_fail(error, ERROR_FILE_NOT_FOUND, "there is no key \"%s\"", path);
        }
        g_string_append_printf(proper, "%s%s", i > 0 ? "\\" : "", name);
    }
    *ret_place = place;
    if (ret_path) {
        *ret_path = g_string_free(g_steal_pointer(&proper), FALSE);
    }
    return TRUE;
}

char *cl_pcmk_registry_identity(const ClPcmkKeyPlace *place)
{
    return place->type == CL_PCMK_KEY_PLAIN
               ? g_strdup_printf("%" G_GINT64_MODIFIER "x", place->key->created)
               : g_strdup("");
}

gboolean cl_pcmk_registry_find_open(const ClPcmkView *view, const ClObject *key,
                                    ClPcmkKeyPlace *ret_place, GError **error)
{
    ClPcmkKeyPlace place = root_of(view);
    if (key && !cl_pcmk_registry_find(view, key->path, &place, NULL, NULL)) {
        return cl_fail(error, ERROR_KEY_DELETED, "the key was deleted");
    }
    g_autofree char *identity = cl_pcmk_registry_identity(&place);
    if (key && g_strcmp0(identity, key->id) != 0) {
        return cl_fail(error, ERROR_KEY_DELETED, "the key was deleted");
    }
    *ret_place = place;
    return TRUE;
}

/* --- Making ------------------------------------------------------------------------------------- */

static gboolean check_new(const ClPcmkKeyPlace *from, const ClPcmkKeyPlace *place, const char *name,
                          GError **error)
{
    if (is_there(place)) {
        return TRUE;
    }
    if (from->type == CL_PCMK_KEY_KIND) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "there are only the keys of objects");
    }
    if (!cl_text_is_valid(name) || cl_text_wide_length(name) > CL_REGISTRY_NAME_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no name of a key");
    }
    return TRUE;
}

/* What is stored has all above it stored, too. */
static ClPcmkKey *store(const ClPcmkView *view, const ClPcmkKeyPlace *from, const char *name)
{
    ClPcmkKey *key = cl_pcmk_key_add(from->key, name);
    key->created = view->now;
    key->written = view->now;
    from->key->written = view->now;
    return key;
}

gboolean cl_pcmk_registry_make(const ClPcmkView *view, const char *path, ClPcmkKeyPlace *ret_place,
                               GError **error)
{
    g_auto(GStrv) parts = split(path);
    ClPcmkKeyPlace place = root_of(view);
    for (guint i = 0; parts[i]; i++) {
        const char *name;
        ClPcmkKeyPlace from = place;
        place = take_step(view, &from, parts[i], &name);
        if (!check_new(&from, &place, name, error)) {
            return FALSE;
        }
        if (!place.key) {
            place.key = store(view, &from, name);
            place.nearest = place.key;
        }
    }
    *ret_place = place;
    return TRUE;
}

/* --- What is there without being stored -------------------------------------------------------- */

static void add_reply(GPtrArray *replies, const char *name)
{
    g_ptr_array_add(replies, cl_registry_reply_new(CLUSREG_READ_KEY, name, "", 0, NULL));
}

static void add_shown(const ClPcmkView *view, const ClPcmkKeyPlace *place, GPtrArray *replies)
{
    const GPtrArray *objects =
        place->type == CL_PCMK_KEY_KIND ? cl_pcmk_model_all(view->model, place->kind) : NULL;
    for (guint i = 0; objects && i < objects->len; i++) {
        add_reply(replies, key_name(objects->pdata[i]));
    }
    for (gsize i = 0; place->type == CL_PCMK_KEY_ROOT && i < G_N_ELEMENTS(kinds); i++) {
        add_reply(replies, kinds[i].name);
    }
    if (place->type == CL_PCMK_KEY_ROOT || place->type == CL_PCMK_KEY_OBJECT) {
        add_reply(replies, PARAMETERS);
    }
}

static ClRegistryCommand *find_reply(const GPtrArray *replies, guint n, const char *name)
{
    for (guint i = 0; i < n; i++) {
        ClRegistryCommand *reply = replies->pdata[i];
        if (cl_text_equal(reply->key, name)) {
            return reply;
        }
    }
    return NULL;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    g_autofree char *x = cl_text_fold((*(const ClRegistryCommand *const *)a)->key);
    g_autofree char *y = cl_text_fold((*(const ClRegistryCommand *const *)b)->key);
    return strcmp(x, y);
}

GPtrArray *cl_pcmk_registry_keys(const ClPcmkView *view, const ClPcmkKeyPlace *place)
{
    GPtrArray *replies = cl_registry_commands_new();
    add_shown(view, place, replies);
    guint n_shown = replies->len;
    for (guint i = 0; place->key && i < place->key->keys->len; i++) {
        const ClPcmkKey *key = place->key->keys->pdata[i];
        ClRegistryCommand *reply = find_reply(replies, n_shown, key->name);
        if (!reply && place->type != CL_PCMK_KEY_KIND) {
            add_reply(replies, key->name);
            reply = replies->pdata[replies->len - 1];
        }
        if (reply) {
            reply->write_time = key->written;
        }
    }
    if (n_shown > 0) {
        g_ptr_array_sort(replies, by_name);
    }
    return replies;
}
