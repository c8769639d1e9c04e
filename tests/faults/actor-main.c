/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The actor as a program:
 *   actor FILE NUMBER SEED STEPS JOURNAL   acts, STEPS times or (0) for ever
 *   actor --check FILE JOURNAL...          whether the cluster has what was acknowledged
 *   actor --describe FILE                  all that it sees, as text
 *   actor --definition                     a definition to act on
 */
#include "actor.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So long may what is under way take to end. */
#define SETTLE_SECONDS 10

static HCLUSTER open_cluster(const char *path)
{
    g_autofree gunichar2 *wide = g_utf8_to_utf16(path, -1, NULL, NULL, NULL);
    HCLUSTER cluster = OpenCluster((const WCHAR *)wide);
    if (cluster == NULL) {
        g_printerr("actor: could not open %s: %u\n", path, GetLastError());
        exit(2);
    }
    return cluster;
}

static int check(const char *path, char **journals)
{
    HCLUSTER cluster = open_cluster(path);
    int status = 0;
    if (!actor_wait_settled(cluster, SETTLE_SECONDS)) {
        g_print("a group is stuck pending\n");
        status = 1;
    }
    for (; *journals != NULL; journals++) {
        g_autofree char *journal = NULL;
        g_autofree char *why = NULL;
        if (!g_file_get_contents(*journals, &journal, NULL, NULL)) {
            continue;
        }
        why = actor_check(cluster, journal);
        if (why != NULL) {
            g_print("%s\n", why);
            status = 1;
        }
    }
    CloseCluster(cluster);
    return status;
}

static int describe(const char *path)
{
    HCLUSTER cluster = open_cluster(path);
    gboolean settled = actor_wait_settled(cluster, SETTLE_SECONDS);
    g_autofree char *text = actor_describe(cluster);
    g_print("%s\n", text);
    CloseCluster(cluster);
    return settled ? 0 : 1;
}

static int act(char **arguments)
{
    HCLUSTER cluster = open_cluster(arguments[0]);
    int journal = open(arguments[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (journal < 0) {
        return 2;
    }
    actor_run(cluster, (guint)atoi(arguments[1]), (guint32)atoi(arguments[2]),
              (guint)atoi(arguments[3]), journal);
    CloseCluster(cluster);
    close(journal);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--definition") == 0) {
        g_print("%s", actor_definition);
        return 0;
    }
    if (argc >= 3 && strcmp(argv[1], "--check") == 0) {
        return check(argv[2], argv + 3);
    }
    if (argc == 3 && strcmp(argv[1], "--describe") == 0) {
        return describe(argv[2]);
    }
    if (argc == 6) {
        return act(argv + 1);
    }
    g_printerr("usage: see actor-main.c\n");
    return 2;
}
