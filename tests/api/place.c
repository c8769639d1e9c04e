/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See place.h.
 */
#include "place.h"

#include "embedded/check.h"

#include <glib/gstdio.h>
#include <string.h>

void place_set_up(Place *place, gconstpointer unused)
{
    (void)unused;
    place->directory = g_dir_make_tmp("clusapi-XXXXXX", NULL);
    place->path = g_build_filename(place->directory, "cluster", NULL);
}

guint count_files(const Place *place)
{
    GDir *dir = g_dir_open(place->directory, 0, NULL);
    guint n = 0;

    while (g_dir_read_name(dir) != NULL) {
        n++;
    }
    g_dir_close(dir);
    return n;
}

void place_tear_down(Place *place, gconstpointer unused)
{
    g_autoptr(GDir) dir = g_dir_open(place->directory, 0, NULL);
    const char *name;

    (void)unused;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(place->directory, name, NULL);

        g_unlink(path);
    }
    g_rmdir(place->directory);
    g_free(place->directory);
    g_free(place->path);
}

ClDefinition *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    ClDefinition *definition = NULL;

    cl_definition_parse(text, strlen(text), &definition, NULL, &error);
    g_assert_no_error(error);
    return definition;
}

void create(const char *path, const char *text)
{
    g_autoptr(ClDefinition) definition = parse(text);
    g_autoptr(GError) error = NULL;

    cl_embedded_create(path, definition, FALSE, &error);
    g_assert_no_error(error);
}

void create_demo(const char *path)
{
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GError) error = NULL;

    cl_definition_load(g_getenv("DEMO_DEFINITION"), &definition, NULL, &error);
    g_assert_no_error(error);
    cl_embedded_create(path, definition, FALSE, &error);
    g_assert_no_error(error);
}

sqlite3 *open_file(const char *path)
{
    sqlite3 *db = NULL;
    int on = 1;

    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
    sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    return db;
}

/* The rows of a query, a line each, columns with a bar between (transfer full). */
static char *ask(const char *path, const char *sql)
{
    sqlite3 *db = open_file(path);
    sqlite3_stmt *statement = NULL;
    GString *text = g_string_new(NULL);

    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        g_string_append(text, text->len > 0 ? "\n" : "");
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *column = (const char *)sqlite3_column_text(statement, i);

            g_string_append_printf(text, "%s%s", i > 0 ? "|" : "", column != NULL ? column : "-");
        }
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return g_string_free(text, FALSE);
}

void assert_answer(const char *path, const char *sql, const char *wanted)
{
    g_autofree char *found = ask(path, sql);

    g_assert_cmpstr(found, ==, wanted);
}

void assert_clean(const char *path)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    cl_embedded_check(path, FALSE, &findings, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        g_test_message("%s", ((ClFinding *)findings->pdata[i])->text);
    }
    g_assert_cmpuint(findings->len, ==, 0);
}

void do_damage(const char *path, const char *sql)
{
    sqlite3 *db = open_file(path);

    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

const char small[] =
    "[cluster]\nname=c\n[node n]\n[node m]\n[group g]\n"
    "preferred-owners=m;n\nprivate.P=dword:7\n[network l]\n"
    "address=10.0.0.0/8\n[interface i]\nnode=n\nnetwork=l\n"
    "address=10.0.0.1\n[resource r]\ngroup=g\ntype=Generic Script\n"
    "[resource s]\ngroup=g\ntype=Generic Script\ndepends-on=[r]\n"
    "[resource t]\ngroup=g\ntype=Generic Script\ndepends-on=[s]\n"
    "[group h]\n[resource u]\ngroup=h\ntype=Generic Script\n"
    "[group-set q]\ngroups=g\n[key top]\nvalue.v=x\n[key below]\npath=top\\\\below\n"
    "[key object]\npath=Groups\\\\g\\\\x\n";
