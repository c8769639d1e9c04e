/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compares api/backend-map.csv and api/backend-methods.csv, the proof that the few operations of a
 * back end carry every function, with the headers that they speak of. Nothing is built or run: it
 * reads text. The top of the source tree is the argument, or is found at or above G_TEST_SRCDIR.
 * The tables belong to main(); one thread.
 */
#include <glib.h>
#include <string.h>

/* 205 documented functions and OpenClusterNodeById, which is declared but not documented. */
#define MAP_ROWS   206
#define LAST_OPNUM 185

enum {
    MAP_FUNCTION,
    MAP_FAMILY,
    MAP_OPERATION,
    MAP_HOW,
    MAP_METHODS,
    MAP_FIELDS
};
enum {
    METHOD_NAME,
    METHOD_OPNUM,
    METHOD_OPERATION,
    METHOD_WHY,
    METHOD_FIELDS
};

typedef struct {
    GPtrArray *map;        /* char **, a row */
    GPtrArray *methods;    /* char **, a row */
    GHashTable *functions; /* declared in clusapi.h */
    GHashTable *operations;
    GHashTable *words; /* the CL_... of backend.h */
    GHashTable *by_method;
} Tables;

static char *read_file(const char *top, const char *name)
{
    g_autofree char *path = g_build_filename(top, name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error)) {
        g_error("%s", error->message);
    }
    return text;
}

/* Every first group of @pattern in @text, as a set. */
static GHashTable *find_all(const char *text, const char *pattern)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_assert_nonnull(regex);
    g_regex_match(regex, text, 0, &match);
    while (g_match_info_matches(match)) {
        g_hash_table_add(found, g_match_info_fetch(match, 1));
        g_match_info_next(match, NULL);
    }
    return found;
}

static char *without_comments(const char *text)
{
    g_autoptr(GRegex) regex = g_regex_new("/\\*.*?\\*/", G_REGEX_DOTALL, 0, NULL);
    return g_regex_replace_literal(regex, text, -1, 0, "", 0, NULL);
}

static GHashTable *declared_functions(const char *top)
{
    g_autofree char *text = read_file(top, "api/include/clusapi.h");
    g_autofree char *code = without_comments(text);
    return find_all(code, "^(?!typedef|static)[A-Za-z_][A-Za-z0-9_ ]*[ *]([A-Z][A-Za-z0-9]*)\\(");
}

static GHashTable *operations(const char *header)
{
    const char *begin = strstr(header, "struct ClBackend {");
    g_assert_nonnull(begin);
    const char *end = strstr(begin, "\n};");
    g_assert_nonnull(end);
    g_autofree char *members = g_strndup(begin, (gsize)(end - begin));
    return find_all(members, "\\(\\*([a-z_]+)\\)\\(");
}

/* The rows of a table whose first line is @head: no field holds a comma or a quote. */
static GPtrArray *read_table(const char *top, const char *name, const char *head)
{
    g_autofree char *text = read_file(top, name);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) heads = g_strsplit(head, ",", -1);
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_assert_cmpstr(lines[0], ==, head);
    for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_ptr_array_add(rows, g_strsplit(lines[i], ",", -1));
        if (g_strv_length(rows->pdata[i - 1]) != g_strv_length(heads) ||
            strchr(lines[i], '"') != NULL) {
            g_error("%s:%u: not %u fields: %s", name, i + 1, g_strv_length(heads), lines[i]);
        }
    }
    return rows;
}

static void read_tables(Tables *tables, const char *top)
{
    g_autofree char *backend = read_file(top, "api/backend.h");
    g_autofree char *code = without_comments(backend);
    tables->map = read_table(top, "api/backend-map.csv", "function,family,operation,how,methods");
    tables->methods = read_table(top, "api/backend-methods.csv", "method,opnum,operation,why");
    tables->functions = declared_functions(top);
    tables->operations = operations(code);
    tables->words = find_all(code, "\\b(CL_[A-Z0-9_]+)\\b");
    tables->by_method = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < tables->methods->len; i++) {
        char **row = tables->methods->pdata[i];
        g_hash_table_insert(tables->by_method, row[METHOD_NAME], row);
    }
}

static void free_tables(Tables *tables)
{
    g_hash_table_unref(tables->by_method);
    g_hash_table_unref(tables->words);
    g_hash_table_unref(tables->operations);
    g_hash_table_unref(tables->functions);
    g_ptr_array_unref(tables->methods);
    g_ptr_array_unref(tables->map);
}

static void fail(const char *row, const char *problem, const char *what)
{
    g_test_message("%s: %s: %s", row, problem, what);
    g_test_fail();
}

static void check_no_row_is_double(const GPtrArray *rows)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < rows->len; i++) {
        char **row = rows->pdata[i];
        if (!g_hash_table_add(seen, row[0])) {
            fail(row[0], "has two rows", "");
        }
    }
}

static void check_operations(const Tables *tables, const char *name, const char *field,
                             const char *other)
{
    g_auto(GStrv) names = g_strsplit(field, "/", -1);
    if (g_str_equal(field, other)) {
        return;
    }
    for (guint i = 0; names[i] != NULL; i++) {
        if (!g_hash_table_contains(tables->operations, names[i])) {
            fail(name, "no operation of struct ClBackend", names[i]);
        }
    }
}

static void check_words(const Tables *tables, const char *name, const char *text)
{
    g_autoptr(GHashTable) words = find_all(text, "\\b(CL_[A-Z0-9_]+)\\b");
    GHashTableIter iter;
    gpointer word = NULL;
    g_hash_table_iter_init(&iter, words);
    while (g_hash_table_iter_next(&iter, &word, NULL)) {
        if (!g_hash_table_contains(tables->words, word)) {
            fail(name, "not in backend.h", word);
        }
    }
}

static void test_every_declared_function_has_a_row(gconstpointer data)
{
    const Tables *tables = data;
    g_autoptr(GHashTable) rows = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer function = NULL;
    for (guint i = 0; i < tables->map->len; i++) {
        char **row = tables->map->pdata[i];
        g_hash_table_add(rows, row[MAP_FUNCTION]);
    }
    g_assert_cmpuint(g_hash_table_size(tables->functions), >=, 80);
    g_hash_table_iter_init(&iter, tables->functions);
    while (g_hash_table_iter_next(&iter, &function, NULL)) {
        if (!g_hash_table_contains(rows, function)) {
            fail(function, "declared in clusapi.h", "has no row");
        }
    }
}

static void test_every_row_is_declared(gconstpointer data)
{
    const Tables *tables = data;
    for (guint i = 0; i < tables->map->len; i++) {
        char **row = tables->map->pdata[i];
        if (!g_hash_table_contains(tables->functions, row[MAP_FUNCTION])) {
            fail(row[MAP_FUNCTION], "has a row", "is not declared in clusapi.h");
        }
    }
}

static void test_the_map_is_complete_and_no_row_double(gconstpointer data)
{
    const Tables *tables = data;
    g_assert_cmpuint(tables->map->len, ==, MAP_ROWS);
    check_no_row_is_double(tables->map);
    check_no_row_is_double(tables->methods);
}

static void test_every_row_of_the_map_names_what_backend_h_has(gconstpointer data)
{
    const Tables *tables = data;
    for (guint i = 0; i < tables->map->len; i++) {
        char **row = tables->map->pdata[i];
        check_operations(tables, row[MAP_FUNCTION], row[MAP_OPERATION], "none");
        check_words(tables, row[MAP_FUNCTION], row[MAP_HOW]);
        if (row[MAP_HOW][0] == '\0') {
            fail(row[MAP_FUNCTION], "does not say", "how");
        }
    }
}

static void test_every_method_names_what_backend_h_has(gconstpointer data)
{
    const Tables *tables = data;
    for (guint i = 0; i < tables->methods->len; i++) {
        char **row = tables->methods->pdata[i];
        check_operations(tables, row[METHOD_NAME], row[METHOD_OPERATION], "not used");
        check_words(tables, row[METHOD_NAME], row[METHOD_WHY]);
        if (row[METHOD_WHY][0] == '\0') {
            fail(row[METHOD_NAME], "does not say", "why");
        }
    }
}

/* The numbers that the protocol reserves or does not use on the wire. */
static gboolean is_no_method(guint64 opnum)
{
    return opnum == 80 || opnum == 111 || (opnum >= 148 && opnum <= 154) || opnum == 156 ||
           (opnum >= 158 && opnum <= 162) || opnum == 170;
}

static void test_every_method_number_has_one_row(gconstpointer data)
{
    const Tables *tables = data;
    guint rows[LAST_OPNUM + 1] = {0};
    for (guint i = 0; i < tables->methods->len; i++) {
        char **row = tables->methods->pdata[i];
        guint64 opnum = 0;
        g_assert_true(
            g_ascii_string_to_unsigned(row[METHOD_OPNUM], 10, 0, LAST_OPNUM, &opnum, NULL));
        rows[opnum]++;
    }
    for (guint i = 0; i <= LAST_OPNUM; i++) {
        g_assert_cmpuint(rows[i], ==, is_no_method(i) ? 0 : 1);
    }
}

static gboolean share_an_operation(const char *one, const char *other)
{
    g_auto(GStrv) names = g_strsplit(one, "/", -1);
    g_auto(GStrv) others = g_strsplit(other, "/", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        if (g_strv_contains((const char *const *)others, names[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_methods_of(const Tables *tables, char **row)
{
    g_auto(GStrv) methods = g_strsplit(row[MAP_METHODS], "/", -1);
    if (g_str_equal(row[MAP_METHODS], "-")) {
        return;
    }
    for (guint i = 0; methods[i] != NULL; i++) {
        char **method = g_hash_table_lookup(tables->by_method, methods[i]);
        if (method == NULL) {
            fail(row[MAP_FUNCTION], "not in backend-methods.csv", methods[i]);
        } else if (!share_an_operation(row[MAP_OPERATION], method[METHOD_OPERATION])) {
            fail(row[MAP_FUNCTION], "goes through other operations than", methods[i]);
        }
    }
}

static void test_functions_and_their_methods_share_an_operation(gconstpointer data)
{
    const Tables *tables = data;
    for (guint i = 0; i < tables->map->len; i++) {
        check_methods_of(tables, tables->map->pdata[i]);
    }
}

/* The nearest directory at or above @start that holds api/backend.h. */
static char *find_top(const char *start)
{
    g_autofree char *directory = g_canonicalize_filename(start, NULL);
    while (!g_str_equal(directory, "/")) {
        g_autofree char *header = g_build_filename(directory, "api", "backend.h", NULL);
        if (g_file_test(header, G_FILE_TEST_EXISTS)) {
            return g_steal_pointer(&directory);
        }
        g_autofree char *parent = g_path_get_dirname(directory);
        g_free(directory);
        directory = g_steal_pointer(&parent);
    }
    return NULL;
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    const char *start = argc > 1 ? argv[1] : g_getenv("G_TEST_SRCDIR");
    g_autofree char *top = find_top(start != NULL ? start : ".");
    if (top == NULL) {
        g_printerr("usage: %s SOURCE-DIRECTORY (or G_TEST_SRCDIR)\n", argv[0]);
        return 2;
    }
    Tables tables;
    read_tables(&tables, top);
    g_test_add_data_func("/backend-map/every declared function has a row", &tables,
                         test_every_declared_function_has_a_row);
    g_test_add_data_func("/backend-map/every row is of a declared function", &tables,
                         test_every_row_is_declared);
    g_test_add_data_func("/backend-map/the map is complete and no row double", &tables,
                         test_the_map_is_complete_and_no_row_double);
    g_test_add_data_func("/backend-map/every row names what backend.h has", &tables,
                         test_every_row_of_the_map_names_what_backend_h_has);
    g_test_add_data_func("/backend-map/every method names what backend.h has", &tables,
                         test_every_method_names_what_backend_h_has);
    g_test_add_data_func("/backend-map/every method number has one row", &tables,
                         test_every_method_number_has_one_row);
    g_test_add_data_func("/backend-map/functions and their methods share an operation", &tables,
                         test_functions_and_their_methods_share_an_operation);
    int status = g_test_run();
    free_tables(&tables);
    return status;
}
