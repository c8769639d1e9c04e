/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fsck.clusfs: checks the file of an embedded cluster as fsck(8) calls it. One thread.
 */
#include "embedded/check.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Exit codes of fsck(8). */
enum {
    EXIT_CLEAN = 0,
    EXIT_CORRECTED = 1,
    EXIT_UNCORRECTED = 4,
    EXIT_OPERATIONAL = 8,
    EXIT_USAGE = 16,
    EXIT_CANCELLED = 32
};

typedef struct {
    gboolean repair, only_look, verbose;
    const char *file;
} Options;

static const char help[] =
    "Usage: fsck.clusfs [-a|-p|-y] [-n] [-f] [-v] FILE\n"
    "Checks the embedded cluster FILE.\n"
    "\n"
    "  -a, -p, -y     Repair what can be repaired without losing anything\n"
    "  -n             Change nothing (as without -a, -p or -y)\n"
    "  -f             Taken for fsck(8); the check is always made\n"
    "  -v             Say so when nothing is wrong\n"
    "  -C FD, -T, -M, -r, -s, -t TYPE   Taken for fsck(8), without effect\n"
    "      --help     Show this help\n"
    "  -V, --version  Show the version\n"
    "\n"
    "Exit status: 0 clean, 1 corrected, 4 errors left, 8 could not be checked, 16 usage,\n"
    "32 cancelled.\n";

/* Before the first change nothing is lost by stopping; SQLite undoes what is half done. */
static void cancel(int number)
{
    (void)number;
    _exit(EXIT_CANCELLED);
}

/* One word of options; TRUE unless a letter is unknown. @takes_next: the next argument belongs to
 * it. */
static gboolean read_letters(const char *letters, Options *options, gboolean *takes_next)
{
    for (; *letters != '\0'; letters++) {
        if (strchr("apy", *letters) != NULL) {
            options->repair = TRUE;
        } else if (*letters == 'n') {
            options->only_look = TRUE;
        } else if (*letters == 'v') {
            options->verbose = TRUE;
        } else if (*letters == 'C' || *letters == 't') {
            *takes_next = letters[1] == '\0';
            return TRUE;
        } else if (strchr("fTMrs", *letters) == NULL) {
            g_printerr("fsck.clusfs: there is no option -%c\n%s", *letters, help);
            return FALSE;
        }
    }
    return TRUE;
}

/* fsck(8) gives -C without a number when it has no progress bar of its own. */
static gboolean is_number(const char *text)
{
    return text != NULL && *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static gboolean read_options(char **argv, Options *options)
{
    gboolean only_files = FALSE;

    for (char **argument = argv + 1; *argument != NULL; argument++) {
        gboolean takes_next = FALSE;

        if (only_files || **argument != '-' || (*argument)[1] == '\0') {
            if (options->file != NULL) {
                g_printerr("fsck.clusfs: one FILE at a time\n");
                return FALSE;
            }
            options->file = *argument;
        } else if (strcmp(*argument, "--") == 0) {
            only_files = TRUE;
        } else if (!read_letters(*argument + 1, options, &takes_next)) {
            return FALSE;
        } else if (takes_next && argument[1] != NULL &&
                   (is_number(argument[1]) || (*argument)[strlen(*argument) - 1] == 't')) {
            argument++;
        }
    }
    if (options->file == NULL) {
        g_printerr("fsck.clusfs: which FILE?\n%s", help);
        return FALSE;
    }
    if (options->repair && options->only_look) {
        g_printerr("fsck.clusfs: -n goes with none of -a, -p, -y\n");
        return FALSE;
    }
    return TRUE;
}

static int report(const Options *options, const GPtrArray *findings)
{
    guint left = 0;

    for (guint i = 0; i < findings->len; i++) {
        const ClFinding *finding = findings->pdata[i];

        g_print("%s: %s%s\n", options->file, finding->text, finding->repaired ? " (repaired)" : "");
        left += !finding->repaired;
    }
    if (findings->len == 0 && options->verbose) {
        g_print("%s: clean\n", options->file);
    }
    if (left > 0) {
        return EXIT_UNCORRECTED;
    }
    return findings->len > 0 ? EXIT_CORRECTED : EXIT_CLEAN;
}

int main(int argc, char **argv)
{
    Options options = {FALSE, FALSE, FALSE, NULL};
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    setlocale(LC_ALL, "");
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        g_print("%s", help);
        return EXIT_CLEAN;
    }
    if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        g_print("fsck.clusfs " CLUSAPI_VERSION_TEXT "\n");
        return EXIT_CLEAN;
    }
    if (!read_options(argv, &options)) {
        return EXIT_USAGE;
    }
    signal(SIGINT, cancel);
    signal(SIGTERM, cancel);
    if (!cl_embedded_check(options.file, options.repair, &findings, &error)) {
        g_printerr("fsck.clusfs: %s\n", error->message);
        return EXIT_OPERATIONAL;
    }
    return report(&options, findings);
}
