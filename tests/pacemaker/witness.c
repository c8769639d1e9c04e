/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the Pacemaker of this node says, by Pacemaker's own libraries alone; referee.py is at the other end.
 * It asks by lines on the standard input, and each answer is XML, or empty where there is none, and a NUL:
 *
 *   status           what crm_mon --output-as=xml would show
 *   cib XPATH        that part of the CIB, as cibadmin --query --xpath would show it
 *   controller NODE  the state of that node's controller, as crmadmin --status would ask for it
 *
 * These three programs would each be started hundreds of times, and connect to the daemons anew.
 */
#include <crm/cib.h>
#include <crm/common/logging.h>
#include <crm/common/xml.h>
#include <libxml/xmlsave.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CONTROLLER_MS 5000

/* Of libpacemaker; its header is installed by later versions only. */
int pcmk_status(xmlNodePtr *xml);
int pcmk_controller_status(xmlNodePtr *xml, char *dest_node, unsigned int message_timeout_ms);

static cib_t *cib; /* or NULL; it may have been lost since */
static FILE *file; /* the CIB that the status is calculated of */

static void disconnect(void)
{
    if (cib) {
        (void)cib->cmds->signoff(cib);
        cib_delete(cib);
        cib = NULL;
    }
}

static gboolean connect_cib(void)
{
    if (!cib) {
        cib = cib_native_new();
        if (cib->cmds->signon(cib, "witness", cib_query) != pcmk_ok) {
            disconnect();
        }
    }
    return cib != NULL;
}

/* Of a connection that pacemaker-based has ended since it is told only now. */
static xmlNode *query(const char *xpath)
{
    int options = cib_sync_call | cib_scope_local | (xpath ? cib_xpath : 0);
    for (int i = 0; i < 2 && connect_cib(); i++) {
        xmlNode *found = NULL;
        int code = cib->cmds->query(cib, xpath, &found, options);
        if (code == pcmk_ok) {
            return found;
        }
        free_xml(found);
        if (code == -ENXIO) {
            return NULL; /* there is no such part */
        }
        disconnect();
    }
    return NULL;
}

static char *text_of(xmlNode *xml)
{
    if (!xml) {
        return NULL;
    }
    xmlBuffer *buffer = xmlBufferCreate();
    xmlSaveCtxt *save = xmlSaveToBuffer(buffer, "UTF-8", XML_SAVE_NO_DECL | XML_SAVE_FORMAT);
    (void)xmlSaveTree(save, xml);
    (void)xmlSaveClose(save);
    char *text = strdup((const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    free_xml(xml);
    return text;
}

/* A file in memory takes the CIB to the calculation, so that no daemon is asked again. */
static void make_file(void)
{
    int descriptor = memfd_create("cib", 0);
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    file = fdopen(descriptor, "w");
    if (!file || setenv("CIB_file", path, TRUE) != 0) {
        exit(1);
    }
}

static gboolean write_file(const char *text)
{
    rewind(file);
    return ftruncate(fileno(file), 0) == 0 && fputs(text, file) >= 0 && fflush(file) == 0;
}

static char *status(void)
{
    char *text = text_of(query(NULL));
    xmlNode *xml = NULL;
    if (text && write_file(text)) {
        (void)pcmk_status(&xml);
    }
    free(text);
    return text_of(xml);
}

static char *controller(char *node)
{
    xmlNode *xml = NULL;
    (void)pcmk_controller_status(&xml, node, CONTROLLER_MS);
    return text_of(xml);
}

static char *answer(char *line)
{
    char *argument = strchr(line, ' ');
    if (argument) {
        *argument++ = '\0';
    }
    if (strcmp(line, "status") == 0) {
        return status();
    }
    if (argument && strcmp(line, "cib") == 0) {
        return text_of(query(argument));
    }
    if (argument && strcmp(line, "controller") == 0) {
        return controller(argument);
    }
    (void)fprintf(stderr, "witness: what is %s?\n", line);
    exit(2);
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;
    crm_log_preinit("witness", argc, argv);
    make_file();
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0;) {
        line[length - 1] = '\0';
        char *text = answer(line);
        (void)fputs(text ? text : "", stdout);
        (void)putchar('\0');
        (void)fflush(stdout);
        free(text);
    }
    free(line);
    disconnect();
    return 0;
}
