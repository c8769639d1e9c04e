/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mkfs.clusfs: makes the file of an embedded cluster from a definition, or a small cluster from
 * the command line. One thread.
 */
#include "embedded/create.h"
#include "embedded/definition.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *definition, *name;
    char **nodes;
    char **files;
    gboolean force, check, version;
} Options;

static void options_clear(Options *options)
{
    g_free(options->definition);
    g_free(options->name);
    g_strfreev(options->nodes);
    g_strfreev(options->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static const char description[] =
    "Makes the embedded cluster FILE as DEFINITION describes it. Without -d it is a cluster of "
    "the\n"
    "given nodes, or of this host alone, with a cluster group. mkfs.clusfs(8) describes\n"
    "definitions.";

static gboolean refuse(const char *text)
{
    g_printerr("mkfs.clusfs: %s\nTry mkfs.clusfs --help.\n", text);
    return FALSE;
}

static gboolean read_options(int argc, char **argv, Options *options)
{
    const GOptionEntry entries[] = {
        {"definition", 'd', 0, G_OPTION_ARG_FILENAME, &options->definition,
         "Make the cluster from this file", "DEFINITION"},
        {"name", 'n', 0, G_OPTION_ARG_STRING, &options->name,
         "Without -d: the cluster's name (default: FILE's name)", "NAME"},
        {"node", 'N', 0, G_OPTION_ARG_STRING_ARRAY, &options->nodes,
         "Without -d: a node, once or more (default: this host)", "NAME"},
        {"force", 'f', 0, G_OPTION_ARG_NONE, &options->force, "Replace FILE if it exists", NULL},
        {"check", 0, 0, G_OPTION_ARG_NONE, &options->check, "Only check DEFINITION", NULL},
        {"version", 'V', 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "FILE"},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- make an embedded cluster");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, description);
    return g_option_context_parse(context, &argc, &argv, &error) || refuse(error->message);
}

static gboolean check_options(const Options *options)
{
    guint n_files = options->files != NULL ? g_strv_length(options->files) : 0;

    if (options->check && (options->definition == NULL || n_files > 0)) {
        return refuse("--check takes -d DEFINITION and no FILE");
    }
    if (!options->check && n_files != 1) {
        return refuse(n_files == 0 ? "which FILE?" : "one FILE at a time");
    }
    if (options->definition != NULL && (options->name != NULL || options->nodes != NULL)) {
        return refuse("a DEFINITION has name and nodes itself");
    }
    return TRUE;
}

static gboolean load(const char *path, ClDefinition **ret_definition)
{
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(GError) error = NULL;

    if (cl_definition_load(path, ret_definition, &mistakes, &error)) {
        return TRUE;
    }
    for (guint i = 0; i < mistakes->len; i++) {
        const ClMistake *mistake = mistakes->pdata[i];

        if (mistake->line == 0) {
            g_printerr("%s: %s\n", path, mistake->text);
        } else {
            g_printerr("%s:%u: %s\n", path, mistake->line, mistake->text);
        }
    }
    if (mistakes->len == 0) {
        g_printerr("mkfs.clusfs: %s\n", error->message);
    }
    return FALSE;
}

/* The part of @text before its first dot: a host's name without its domain, a file's without its
 * suffix. */
static char *first_part(const char *text)
{
    return g_strndup(text, strcspn(text, "."));
}

static gboolean make_small(const Options *options, ClDefinition **ret_definition)
{
    g_autofree char *base = g_path_get_basename(options->files[0]);
    g_autofree char *name = options->name != NULL ? g_strdup(options->name) : first_part(base);
    g_autofree char *host = first_part(g_get_host_name());
    const char *const this_host[] = {host, NULL};
    const char *const *nodes =
        options->nodes != NULL ? (const char *const *)options->nodes : this_host;
    g_autoptr(GError) error = NULL;

    if (!cl_definition_new_empty(name, nodes, NULL, 0, TRUE, ret_definition, &error)) {
        g_printerr("mkfs.clusfs: %s\n", error->message);
        return FALSE;
    }
    return TRUE;
}

static gboolean make(const Options *options)
{
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GError) error = NULL;

    if (options->definition != NULL ? !load(options->definition, &definition)
                                    : !make_small(options, &definition)) {
        return FALSE;
    }
    if (options->check) {
        return TRUE;
    }
    if (!cl_embedded_create(options->files[0], definition, options->force, &error)) {
        g_printerr("mkfs.clusfs: %s%s\n", error->message,
                   error->code == ERROR_ALREADY_EXISTS ? " (-f replaces it)" : "");
        return FALSE;
    }
    return TRUE;
}

int main(int argc, char **argv)
{
    g_auto(Options) options = {0};

    setlocale(LC_ALL, "");
    if (!read_options(argc, argv, &options)) {
        return EXIT_FAILURE;
    }
    if (options.version) {
        g_print("mkfs.clusfs " CLUSAPI_VERSION_TEXT "\n");
        return EXIT_SUCCESS;
    }
    return check_options(&options) && make(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}
