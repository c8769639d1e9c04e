/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A main() for fuzz targets in builds without libFuzzer: gives the target every file of the
 * directories named on the command line, in the order of their names, and prints TAP. An input that
 * breaks the target ends the process, after its name has been printed. One thread.
 */
#include "target.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

static int compare_names(const void *a, const void *b)
{
    return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

/* Adds the paths of a directory's files to @paths. */
static gboolean list_files(const char *directory, GPtrArray *paths)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(directory, 0, &error);
    const char *name;

    if (dir == NULL) {
        printf("Bail out! %s\n", error->message);
        return FALSE;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_ptr_array_add(paths, g_build_filename(directory, name, NULL));
    }
    return TRUE;
}

static gboolean replay(const char *path, guint number)
{
    g_autofree char *name = g_path_get_basename(path);
    g_autoptr(GError) error = NULL;
    g_autofree char *data = NULL;
    g_autofree guint8 *exact = NULL;
    gsize size;

    if (!g_file_get_contents(path, &data, &size, &error)) {
        printf("not ok %u %s # %s\n", number, name, error->message);
        return FALSE;
    }
    printf("# %s\n", name);
    fflush(stdout);
    /* GLib adds a NUL to what it reads, which would hide a look beyond the end. */
    exact = g_memdup2(data, size);
    LLVMFuzzerTestOneInput(exact, size);
    printf("ok %u %s\n", number, name);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = TRUE;

    if (argc < 2) {
        fprintf(stderr, "usage: %s DIRECTORY...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (!list_files(argv[i], paths)) {
            return EXIT_FAILURE;
        }
    }
    g_ptr_array_sort(paths, compare_names);
    printf("1..%u\n", paths->len);
    for (guint i = 0; i < paths->len; i++) {
        ok = replay(g_ptr_array_index(paths, i), i + 1) && ok;
    }
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
