/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See machine-setup.h.
 */
#include "machine-setup.h"

#include "property.h"

#include <sqlite3.h>

/* A slow machine under valgrind or a sanitizer is still in time. */
#define PATIENCE_US (5 * G_USEC_PER_SEC)
#define STEP_US     2000

Acting *acting_new(const char *definition)
{
    Acting *acting = g_new0(Acting, 1);
    acting->fixture = fixture_new(definition);
    g_assert_cmpuint(
        embedded_file_connect(acting->fixture->path, CL_ACCESS_ALL, &acting->connection), ==, 0);
    return acting;
}

Acting *acting_again(const Acting *first)
{
    Acting *acting = g_new0(Acting, 1);
    g_assert_cmpuint(
        embedded_file_connect(first->fixture->path, CL_ACCESS_ALL, &acting->connection), ==, 0);
    return acting;
}

void acting_free(Acting *acting)
{
    BACKEND->disconnect(acting->connection);
    g_clear_pointer(&acting->fixture, fixture_free);
    g_free(acting);
}

static ClObject *open_one(Acting *acting, ClKind kind, const char *name)
{
    ClCall call = embedded_call(5000);
    ClObject *object = NULL;
    ClAccess granted;
    g_autoptr(GError) error = NULL;
    BACKEND->open(acting->connection, kind, name, CL_ACCESS_ALL, &call, &object, &granted, &error);
    g_assert_no_error(error);
    return object;
}

guint act_with(Acting *acting, ClKind kind, const char *name, ClAction action, ClKind other_kind,
               const char *other)
{
    ClCall call = embedded_call(5000);
    ClObject *object = open_one(acting, kind, name);
    ClObject *second = other ? open_one(acting, other_kind, other) : NULL;
    const ClObject *others[] = {second};
    guint32 result = G_MAXUINT32;
    g_autoptr(GError) error = NULL;
    action.others = others;
    action.n_others = second ? 1 : 0;
    gboolean ok = BACKEND->act(acting->connection, object, &action, &call, &result, &error);
    BACKEND->close(acting->connection, object);
    if (second) {
        BACKEND->close(acting->connection, second);
    }
    if (!ok) {
        g_assert_cmpuint(error->domain, ==, CL_ERROR);
        g_assert_cmpint(error->code, !=, 0);
    }
    return ok ? result : (guint)error->code;
}

guint act(Acting *acting, ClKind kind, const char *name, ClVerb verb)
{
    return act_with(acting, kind, name, (ClAction){.verb = verb}, 0, NULL);
}

guint online_group(Acting *acting, const char *name)
{
    return act(acting, CL_KIND_GROUP, name, CL_ACT_ONLINE);
}

guint offline_group(Acting *acting, const char *name)
{
    return act(acting, CL_KIND_GROUP, name, CL_ACT_OFFLINE);
}

guint online(Acting *acting, const char *name)
{
    return act(acting, CL_KIND_RESOURCE, name, CL_ACT_ONLINE);
}

guint offline(Acting *acting, const char *name)
{
    return act(acting, CL_KIND_RESOURCE, name, CL_ACT_OFFLINE);
}

guint move(Acting *acting, const char *name, const char *node, guint32 flags)
{
    return act_with(acting, CL_KIND_GROUP, name, (ClAction){.verb = CL_ACT_MOVE, .flags = flags},
                    CL_KIND_NODE, node);
}

guint set_node(Acting *acting, const char *name, CLUSTER_NODE_STATE state)
{
    ClAction action = {.verb = CL_ACT_SET_NODE_STATE, .number = (guint64)state};
    return act_with(acting, CL_KIND_NODE, name, action, 0, NULL);
}

guint drain(Acting *acting, const char *name, const char *target, guint32 flags)
{
    ClAction action = {.verb = CL_ACT_PAUSE, .number = TRUE, .flags = flags};
    return act_with(acting, CL_KIND_NODE, name, action, CL_KIND_NODE, target);
}

guint resume(Acting *acting, const char *name, guint type)
{
    return act_with(acting, CL_KIND_NODE, name, (ClAction){.verb = CL_ACT_RESUME, .number = type},
                    0, NULL);
}

/* --- States ----------------------------------------------------------------------------------- */

static void read_state(Acting *acting, ClKind kind, const char *name, gint32 *ret_state,
                       char **ret_owner)
{
    ClCall call = embedded_call(5000);
    ClObject *object = open_one(acting, kind, name);
    g_auto(ClFacts) facts = {0};
    g_autoptr(GError) error = NULL;
    BACKEND->query(acting->connection, object, CL_FACT_STATE, &call, &facts, &error);
    g_assert_no_error(error);
    BACKEND->close(acting->connection, object);
    *ret_state = facts.state;
    *ret_owner = g_strdup(facts.owner_node);
}

gint32 state_now(Acting *acting, ClKind kind, const char *name)
{
    gint32 state;
    g_autofree char *owner = NULL;
    read_state(acting, kind, name, &state, &owner);
    return state;
}

void check_resource(Acting *acting, const char *name, gint32 state)
{
    g_test_message("resource %s", name);
    g_assert_cmpint(state_now(acting, CL_KIND_RESOURCE, name), ==, state);
}

void check_group(Acting *acting, const char *name, gint32 state, const char *owner)
{
    gint32 found;
    g_autofree char *found_owner = NULL;
    g_test_message("group %s", name);
    read_state(acting, CL_KIND_GROUP, name, &found, &found_owner);
    g_assert_cmpstr(found_owner, ==, owner);
    g_assert_cmpint(found, ==, state);
}

void await_resource(Acting *acting, const char *name, gint32 state)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (state_now(acting, CL_KIND_RESOURCE, name) != state && g_get_monotonic_time() < until) {
        g_usleep(STEP_US);
    }
    check_resource(acting, name, state);
}

static gboolean group_is(Acting *acting, const char *name, gint32 state, const char *owner)
{
    gint32 found;
    g_autofree char *found_owner = NULL;
    read_state(acting, CL_KIND_GROUP, name, &found, &found_owner);
    return found == state && g_str_equal(found_owner, owner);
}

void await_group(Acting *acting, const char *name, gint32 state, const char *owner)
{
    gint64 until = g_get_monotonic_time() + PATIENCE_US;
    while (!group_is(acting, name, state, owner) && g_get_monotonic_time() < until) {
        g_usleep(STEP_US);
    }
    check_group(acting, name, state, owner);
}

/* --- The file --------------------------------------------------------------------------------- */

static sqlite3 *open_file(Acting *acting)
{
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(acting->fixture->path, &db), ==, SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    return db;
}

gint64 look(Acting *acting, const char *sql)
{
    sqlite3 *db = open_file(acting);
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result != SQLITE_OK) {
        g_error("%s: %s", sql, sqlite3_errmsg(db));
    }
    gint64 number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

void change(Acting *acting, const char *sql)
{
    sqlite3 *db = open_file(acting);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        g_error("%s: %s", sql, sqlite3_errmsg(db));
    }
    sqlite3_close(db);
}

void set_number(Acting *acting, const char *object, const char *property, guint number)
{
    g_autofree char *key = g_ascii_strdown(property, -1);
    g_autofree char *sql = g_strdup_printf(
        "INSERT OR REPLACE INTO property SELECT number, 0, '%s', '%s', 2, %u FROM object"
        " WHERE name = '%s'",
        key, property, number, object);
    change(acting, sql);
}

guint set_common(Acting *acting, ClKind kind, const char *name, const char *property, guint number)
{
    ClCall call = embedded_call(5000);
    ClObject *object = name ? open_one(acting, kind, name) : NULL;
    g_autoptr(GPtrArray) properties = cl_properties_new();
    guint32 result = G_MAXUINT32;
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(properties, cl_property_new_number(property, CLUSPROP_FORMAT_DWORD, number));
    gboolean ok = BACKEND->set_properties(acting->connection, object, CL_PROPERTIES_COMMON,
                                          properties, FALSE, &call, &result, &error);
    if (object) {
        BACKEND->close(acting->connection, object);
    }
    return ok ? result : (guint)error->code;
}

guint64 number_of(Acting *acting, ClKind kind, const char *name, ClPropertySet set,
                  const char *property)
{
    ClCall call = embedded_call(5000);
    ClObject *object = name ? open_one(acting, kind, name) : NULL;
    g_autoptr(GPtrArray) properties = NULL;
    g_autoptr(GError) error = NULL;
    BACKEND->properties(acting->connection, object, set, &call, &properties, &error);
    g_assert_no_error(error);
    if (object) {
        BACKEND->close(acting->connection, object);
    }
    const ClProperty *found = cl_properties_find(properties, property);
    g_assert_nonnull(found);
    return found->number;
}

gint64 count_events(Acting *acting, const char *object, guint32 object_type, guint64 flag)
{
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM event WHERE name = '%s' AND "
                                           "object_type = %u AND flag = %" G_GUINT64_FORMAT,
                                           object, object_type, flag);
    return look(acting, sql);
}
