/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program on libcib, as crm_mon is one: the yardstick for how soon a change of the CIB is told. Writes
 * a byte when it listens, and then the time, 8 bytes, of each notification of a change below PATH that
 * has to do with ID.
 */
#include <crm/cib.h>
#include <crm/common/mainloop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pacemaker/xml.h"

static const char *path_wanted;
static const char *id_wanted;

static void write_all(const void *data, gsize size)
{
    if (write(STDOUT_FILENO, data, size) != (ssize_t)size) {
        exit(1);
    }
}

static gboolean is_wanted(xmlNode *change)
{
    const char *path = cl_xml_get(change, "path");
    return path != NULL && g_str_has_prefix(path, path_wanted) && strstr(path, id_wanted) != NULL;
}

static void on_difference(const char *event, xmlNode *message)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    gint64 time = (gint64)now.tv_sec * 1000000000 + now.tv_nsec;
    xmlNode *patch = cl_xml_first(cl_xml_first(message, "cib_update_result"), NULL);
    (void)event;
    for (xmlNode *at = cl_xml_first(patch, NULL); at != NULL; at = cl_xml_next(at, NULL)) {
        if (is_wanted(at)) {
            write_all(&time, sizeof time);
            return;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: bench-cib PATH ID\n", stderr);
        return 2;
    }
    path_wanted = argv[1];
    id_wanted = argv[2];
    crm_log_preinit("bench-cib", argc, argv);
    cib_t *cib = cib_new();
    if (cib->cmds->signon(cib, "bench-cib", cib_query) != pcmk_ok ||
        cib->cmds->add_notify_callback(cib, T_CIB_DIFF_NOTIFY, on_difference) != pcmk_ok) {
        fputs("bench-cib: no connection to pacemaker-based\n", stderr);
        return 1;
    }
    write_all("", 1);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
    return 0;
}
