/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See fixture.h. Used by one thread.
 */
#include "fixture.h"

#include <clusapi/linux.h>
#include <glib/gstdio.h>

#include "embedded/create.h"
#include "embedded/definition.h"

WCHAR *wide(const char *text)
{
    DWORD length = 0;
    g_assert_cmpuint(ClusapiUtf8ToWide(text, NULL, &length), ==, ERROR_SUCCESS);
    WCHAR *result = g_new(WCHAR, ++length);
    g_assert_cmpuint(ClusapiUtf8ToWide(text, result, &length), ==, ERROR_SUCCESS);
    return result;
}

char *narrow(const WCHAR *text)
{
    size_t length = 0;
    g_assert_cmpuint(ClusapiWideToUtf8(text, (DWORD)-1, NULL, &length), ==, ERROR_SUCCESS);
    char *result = g_malloc(++length);
    g_assert_cmpuint(ClusapiWideToUtf8(text, (DWORD)-1, result, &length), ==, ERROR_SUCCESS);
    return result;
}

static Fixture *make(ClDefinition *definition)
{
    g_autoptr(GError) error = NULL;
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->directory = g_dir_make_tmp("clusapi-test-XXXXXX", &error);
    g_assert_no_error(error);
    fixture->path = g_build_filename(fixture->directory, "test.cluster", NULL);
    fixture->wide = wide(fixture->path);
    gboolean made = cl_embedded_create(fixture->path, definition, FALSE, &error);
    g_assert_no_error(error);
    g_assert_true(made);
    return fixture;
}

static void show_mistakes(const GPtrArray *mistakes)
{
    for (guint i = 0; mistakes != NULL && i < mistakes->len; i++) {
        const ClMistake *mistake = g_ptr_array_index(mistakes, i);
        g_test_message("line %u: %s", mistake->line, mistake->text);
    }
}

Fixture *fixture_new_demo(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(ClDefinition) definition = NULL;
    cl_definition_load(g_getenv("DEMO_DEFINITION"), &definition, &mistakes, &error);
    show_mistakes(mistakes);
    g_assert_no_error(error);
    return make(definition);
}

Fixture *fixture_new(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(ClDefinition) definition = NULL;
    cl_definition_parse(text, strlen(text), &definition, &mistakes, &error);
    show_mistakes(mistakes);
    g_assert_no_error(error);
    return make(definition);
}

void fixture_free(Fixture *fixture)
{
    g_autoptr(GDir) directory = g_dir_open(fixture->directory, 0, NULL);
    const char *name;
    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
        g_unlink(path);
    }
    g_rmdir(fixture->directory);
    g_free(fixture->directory);
    g_free(fixture->path);
    g_free(fixture->wide);
    g_free(fixture);
}
