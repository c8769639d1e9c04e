/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * create(): new groups, resources, resource types, group sets and nodes, each as one change. Any
 * thread runs it.
 */
#include "act.h"
#include "events.h"
#include "machine.h"
#include "names.h"
#include "registry.h"
#include "schema.h"
#include "text.h"

typedef struct {
    ClChange *change;
    ClReader *reader;
    const ClNewObject *what;
    gint64 number; /* of the new object, once it has one */
} New;

/* The row that all objects have. @id NULL makes one at random. */
static gboolean insert_object(New *new, const char *id, GError **error)
{
    g_autofree char *key = cl_text_fold(new->what->name);
    g_autofree char *random = g_uuid_string_random();
    if (!cl_rows_run(new->reader, error,
                     "INSERT INTO object (kind, id, name, key) VALUES (?, ?, ?, ?)", "isss",
                     (gint64) new->what->kind, id ? id : random, new->what->name, key)) {
        return FALSE;
    }
    new->number = cl_reader_last_number(new->reader);
    return TRUE;
}

static gboolean create_group(New *new, GError **error)
{
    gint64 owner;
    g_autofree char *owner_id = NULL;
    g_autofree char *id = NULL;
    g_autoptr(GBytes) data = cl_event_number(new->what->group_type);
    if (!cl_embedded_local_node(new->reader, &owner, error) || !insert_object(new, NULL, error) ||
        !cl_rows_run(new->reader, error,
                     "INSERT INTO resource_group (number, owner, type, state_changed)"
                     " VALUES (?, ?, ?, ?)",
                     "iiii", new->number, owner, (gint64) new->what->group_type,
                     cl_change_time(new->change))) {
        return FALSE;
    }
    owner_id = cl_event_id_of(new->change, owner, error);
    id = owner_id ? cl_event_id_of(new->change, new->number, error) : NULL;
    return id && cl_event_emit(new->change, CLUSTER_OBJECT_TYPE_CLUSTER,
                               CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2, id, owner_id, new->what->name,
                               NULL, data, error);
}

/* Of a type that says so there may be one in the cluster, or one in each group. */
static gboolean check_singleton(New *new, gint64 type, gint64 group, GError **error)
{
    gint64 characteristics = 0, in_cluster = 0, in_group = 0;
    ClRows rows =
        cl_rows_query(new->reader,
                      "SELECT characteristics, (SELECT count(*) FROM resource WHERE type = ?1),"
                      " (SELECT count(*) FROM resource WHERE type = ?1 AND group_number = ?2)"
                      " FROM resource_type WHERE number = ?1",
                      "ii", type, group);
    if (cl_rows_next(&rows)) {
        characteristics = cl_rows_number(&rows, 0, 0, G_MAXUINT32);
        in_cluster = cl_rows_number(&rows, 1, 0, G_MAXINT64);
        in_group = cl_rows_number(&rows, 2, 0, G_MAXINT64);
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    if ((characteristics & CLUS_CHAR_SINGLE_CLUSTER_INSTANCE) && in_cluster > 0) {
        return cl_fail(error, ERROR_CLUSTER_SINGLETON_RESOURCE, "the cluster has one of the type");
    }
    if ((characteristics & CLUS_CHAR_SINGLE_GROUP_INSTANCE) && in_group > 0) {
        return cl_fail(error, ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE,
                       "the group has one of the type");
    }
    return TRUE;
}

static gboolean emit_resource(New *new, gint64 group, GError **error)
{
    g_autofree char *id = cl_event_id_of(new->change, new->number, error);
    g_autofree char *group_id = id ? cl_event_id_of(new->change, group, error) : NULL;
    if (!group_id) {
        return FALSE;
    }
    g_autofree char *owner_id = NULL;
    ClRows rows = cl_rows_query(new->reader,
                                "SELECT o.id FROM resource_group g JOIN object o"
                                " ON o.number = g.owner WHERE g.number = ?",
                                "i", group);
    if (cl_rows_next(&rows)) {
        owner_id = g_strdup(cl_rows_text(&rows, 0));
    }
    g_autoptr(GBytes) data = cl_event_text(group_id);
    g_autoptr(GBytes) which = cl_event_text(id);
    return cl_rows_end(&rows, error) &&
           cl_event_of(new->change, CL_KIND_GROUP, group, CLUSTER_CHANGE_GROUP_RESOURCE_GAINED_V2,
                       which, error) &&
           cl_event_emit(new->change, CLUSTER_OBJECT_TYPE_GROUP,
                         CLUSTER_CHANGE_GROUP_RESOURCE_ADDED_V2, id, owner_id, new->what->name,
                         NULL, data, error);
}

static gboolean create_resource(New *new, GError **error)
{
    gint64 type;
    gint64 group = cl_embedded_number(new->what->parent);
    if (!new->what->parent || cl_embedded_kind(new->what->parent) != CL_KIND_GROUP ||
        !new->what->type) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a resource needs a group and a type");
    }
    return cl_embedded_check_exists(new->reader, CL_KIND_GROUP, group, error) &&
           cl_embedded_find(new->reader, CL_KIND_RESOURCE_TYPE, new->what->type, &type, error) &&
           check_singleton(new, type, group, error) &&
           cl_change_touch_group(new->change, group, error) && insert_object(new, NULL, error) &&
           cl_rows_run(new->reader, error,
                       "INSERT INTO resource (number, group_number, type, state, separate_monitor,"
                       " state_changed) VALUES (?, ?, ?, ?, ?, ?)",
                       "iiiiii", new->number, group, type, (gint64)ClusterResourceOffline,
                       (gint64)(new->what->flags &CLUSTER_RESOURCE_SEPARATE_MONITOR),
                       cl_change_time(new->change)) &&
           cl_rows_run(new->reader, error,
                       "INSERT INTO possible_owner SELECT ?, node FROM resource_type_node"
                       " WHERE resource_type = ?",
                       "ii", new->number, type) &&
           emit_resource(new, group, error);
}

static const ClProperty *find_property(const New *new, const char *name)
{
    return new->what->properties ? cl_properties_find(new->what->properties, name) : NULL;
}

static const char *text_of(const New *new, const char *name)
{
    const ClProperty *property = find_property(new, name);
    return property && property->text ? property->text : "";
}

static gboolean set_interval(New *new, const char *name, GError **error)
{
    const ClProperty *property = find_property(new, name);
    g_autofree char *key = cl_text_fold(name);
    return !property ||
           cl_rows_run(new->reader, error,
                       "INSERT INTO property (object, private, key, name, format, value)"
                       " VALUES (?, 0, ?, ?, ?, ?)",
                       "issii", new->number, key, name, (gint64)CLUSPROP_FORMAT_DWORD,
                       (gint64)property->number);
}

static gboolean create_type(New *new, GError **error)
{
    const ClProperty *alive = find_property(new, "IsAlivePollInterval");
    g_autofree char *key = cl_text_fold(new->what->name);
    if (alive && alive->number < 10) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "IsAlivePollInterval is at least 10");
    }
    return insert_object(new, key, error) &&
           cl_rows_run(new->reader, error,
                       "INSERT INTO resource_type (number, display_name, dll_name)"
                       " VALUES (?, ?, ?)",
                       "iss", new->number, text_of(new, "Name"), text_of(new, "DllName")) &&
           cl_rows_run(new->reader, error,
                       "INSERT INTO resource_type_node SELECT ?, number FROM node", "i",
                       new->number) &&
           set_interval(new, "LooksAlivePollInterval", error) &&
           set_interval(new, "IsAlivePollInterval", error) &&
           cl_event_emit(new->change, CLUSTER_OBJECT_TYPE_CLUSTER,
                         CLUSTER_CHANGE_CLUSTER_RESOURCE_TYPE_ADDED_V2, NULL, NULL, new->what->name,
                         NULL, NULL, error);
}

/* There is no event for a set that was added; its watchers see that one has changed. */
static gboolean create_group_set(New *new, GError **error)
{
    g_autoptr(GBytes) data = cl_event_no_properties();
    return insert_object(new, NULL, error) &&
           cl_rows_run(new->reader, error, "INSERT INTO group_set (number) VALUES (?)", "i",
                       new->number) &&
           cl_event_of(new->change, CL_KIND_GROUPSET, new->number,
                       CLUSTER_CHANGE_GROUPSET_COMMON_PROPERTY_V2, data, error);
}

/* A new node can run all that the others can. */
static gboolean create_node(New *new, GError **error)
{
    gint64 id;
    g_autofree char *text = NULL;
    g_autoptr(GBytes) state = cl_event_number(ClusterNodeUp);
    if (!cl_rows_one(new->reader, error, &id, 1,
                     "SELECT max(CAST(id AS INTEGER)) + 1 FROM object WHERE kind = 4", "")) {
        return FALSE;
    }
    text = g_strdup_printf("%" G_GINT64_FORMAT, id);
    return insert_object(new, text, error) &&
           cl_rows_run(new->reader, error, "INSERT INTO node (number, state) VALUES (?, ?)", "ii",
                       new->number, (gint64)ClusterNodeUp) &&
           cl_event_emit(new->change, CLUSTER_OBJECT_TYPE_CLUSTER,
                         CLUSTER_CHANGE_CLUSTER_NODE_ADDED_V2, text, NULL, new->what->name, NULL,
                         state, error) &&
           cl_owners_add_node(new->change, new->number, error) &&
           cl_machine_advance(new->change, error);
}

static const struct {
    ClKind kind;
    DWORD taken;
    gboolean (*create)(New *new, GError **error);
} kinds[] = {
    {CL_KIND_GROUP, ERROR_OBJECT_ALREADY_EXISTS, create_group},
    {CL_KIND_RESOURCE, ERROR_OBJECT_ALREADY_EXISTS, create_resource},
    {CL_KIND_RESOURCE_TYPE, ERROR_OBJECT_ALREADY_EXISTS, create_type},
    {CL_KIND_GROUPSET, ERROR_OBJECT_ALREADY_EXISTS, create_group_set},
    {CL_KIND_NODE, ERROR_CLUSTER_NODE_EXISTS, create_node},
};

gboolean cl_embedded_create_object(ClConnection *store, const ClNewObject *what, const ClCall *call,
                                   ClObject **ret_object, GError **error)
{
    gsize i = 0;
    if (what->kind == CL_KIND_KEY) {
        return cl_registry_create_key(store, what, call, ret_object, error);
    }
    while (i < G_N_ELEMENTS(kinds) && kinds[i].kind != what->kind) {
        i++;
    }
    if (i == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not created",
                       what->kind);
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change) {
        return FALSE;
    }
    New new = {.change = change, .reader = cl_change_reader(change), .what = what};
    if (!cl_names_check(change, what->kind, what->name, -1, kinds[i].taken, error) ||
        !kinds[i].create(&new, error) || !cl_change_commit(change, error)) {
        return FALSE;
    }
    ClObject *object = g_new0(ClObject, 1);
    object->kind = what->kind;
    object->number = new.number;
    *ret_object = object;
    return TRUE;
}
