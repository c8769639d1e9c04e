/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to the cluster of embedded-file.h for one test.
 */
#include "embedded-setup.h"

Setup *setup_new(const char *sql)
{
    Setup *setup = g_new0(Setup, 1);
    setup->file = embedded_file_new();
    if (sql) {
        embedded_file_execute(setup->file, sql);
    }
    g_assert_cmpuint(
        embedded_file_connect(setup->file->path, CL_ACCESS_MAXIMUM, &setup->connection), ==, 0);
    return setup;
}

void setup_free(Setup *setup)
{
    BACKEND->disconnect(setup->connection);
    embedded_file_free(setup->file);
    g_free(setup);
}

guint try_open(Setup *setup, ClKind kind, const char *name, ClObject **ret_object)
{
    ClCall call = embedded_call(1000);
    ClAccess granted;
    g_autoptr(GError) error = NULL;
    if (BACKEND->open(setup->connection, kind, name, CL_ACCESS_MAXIMUM, &call, ret_object, &granted,
                      &error)) {
        g_assert_cmpuint(granted, ==, CL_ACCESS_ALL);
        return 0;
    }
    return (guint)error->code;
}

ClObject *open_object(Setup *setup, ClKind kind, const char *name)
{
    ClObject *object = NULL;
    if (kind != CL_KIND_CLUSTER) {
        g_assert_cmpuint(try_open(setup, kind, name, &object), ==, 0);
    }
    return object;
}

guint try_query(Setup *setup, ClKind kind, const char *name, guint32 facts, ClFacts *ret_facts)
{
    ClCall call = embedded_call(1000);
    ClObject *object = open_object(setup, kind, name);
    g_autoptr(GError) error = NULL;
    gboolean ok = BACKEND->query(setup->connection, object, facts, &call, ret_facts, &error);
    if (object) {
        BACKEND->close(setup->connection, object);
    }
    return ok ? 0 : (guint)error->code;
}

gint32 state_of(Setup *setup, ClKind kind, const char *name)
{
    g_auto(ClFacts) facts = {0};
    g_assert_cmpuint(try_query(setup, kind, name, CL_FACT_STATE, &facts), ==, 0);
    return facts.state;
}

guint try_enumerate(Setup *setup, ClKind kind, const char *name, const ClEnumRequest *request,
                    ClItems **ret_items)
{
    ClCall call = embedded_call(1000);
    ClObject *object = open_object(setup, kind, name);
    g_autoptr(GError) error = NULL;
    gboolean ok = BACKEND->enumerate(setup->connection, object, request, &call, ret_items, &error);
    if (object) {
        BACKEND->close(setup->connection, object);
    }
    return ok ? 0 : (guint)error->code;
}

/* The names of an enumeration as one text. */
static char *names_of(Setup *setup, ClKind kind, const char *name, guint32 types)
{
    g_autoptr(ClItems) items = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    ClEnumRequest request = {.types = types};
    g_assert_cmpuint(try_enumerate(setup, kind, name, &request, &items), ==, 0);
    for (guint i = 0; i < cl_items_count(items); i++) {
        g_string_append_printf(names, "%s%s", i ? ";" : "", cl_items_name(items, i));
    }
    return g_strdup(names->str);
}

void check_names(Setup *setup, ClKind kind, const char *name, guint32 types, const char *expected)
{
    g_autofree char *names = names_of(setup, kind, name, types);
    g_assert_cmpstr(names, ==, expected);
}

GPtrArray *properties_of(Setup *setup, ClKind kind, const char *name, ClPropertySet set)
{
    ClCall call = embedded_call(1000);
    ClObject *object = open_object(setup, kind, name);
    GPtrArray *properties = NULL;
    g_autoptr(GError) error = NULL;
    BACKEND->properties(setup->connection, object, set, &call, &properties, &error);
    g_assert_no_error(error);
    if (object) {
        BACKEND->close(setup->connection, object);
    }
    return properties;
}
