/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "status.h"

#include <crm/common/logging.h>
#include <crm/common/results.h>
#include <crm/common/xml.h>
#include <errno.h>
#include <libxml/globals.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "error.h"
#include "xml.h"

/* Of libpacemaker; its header is installed by later versions only. */
int pcmk_status(xmlNodePtr *xml);

static int file = -1; /* the CIB that libpacemaker reads */

/* By these Pacemaker has data of its own with each node of its trees; it wants to find it there. Libxml2
 * keeps them for each thread apart, and Pacemaker sets them on the first one only. */
static xmlRegisterNodeFunc on_node;
static xmlDeregisterNodeFunc on_node_end;

/* A file in memory, so that no daemon is asked, and no disk. */
static void prepare_file(void)
{
    file = memfd_create("cib", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", file);
    (void)setenv("CIB_file", path, TRUE);
}

/* Each large block that is given back would have glibc go through all the small ones that it has set
 * aside, which trees leave by the thousand: a quarter of the time that a status takes. */
static void prepare_memory(void)
{
#ifdef __GLIBC__
    (void)mallopt(M_MXFAST, 0);
#endif
}

static void prepare_libraries(void)
{
    static char name[] = "clusapid";
    char *const arguments[] = {name, NULL};
    mode_t mask = umask(0);
    GLogLevelFlags fatal = g_log_set_always_fatal(G_LOG_FATAL_MASK);
    GLogFunc handler = g_log_set_default_handler(g_log_default_handler, NULL);
    crm_log_preinit(name, 1, arguments);
    (void)umask(mask);
    (void)g_log_set_always_fatal(fatal);
    (void)g_log_set_default_handler(handler, NULL);
}

void cl_pcmk_status_prepare(void)
{
    static gsize prepared;
    if (g_once_init_enter(&prepared)) {
        prepare_memory();
        prepare_libraries();
        prepare_file();
        on_node = xmlRegisterNodeDefault(NULL);
        on_node_end = xmlDeregisterNodeDefault(NULL);
        g_once_init_leave(&prepared, 1);
    }
    /* Their registering functions would set those of the main thread. */
    xmlRegisterNodeDefaultValue = on_node;
    xmlDeregisterNodeDefaultValue = on_node_end;
}

static gboolean write_all(const char *bytes, gsize size)
{
    if (lseek(file, 0, SEEK_SET) < 0 || ftruncate(file, 0) != 0) {
        return FALSE;
    }
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR) {
            return FALSE;
        }
        bytes += MAX(written, 0);
        size -= (gsize)MAX(written, 0);
    }
    return TRUE;
}

/* A node's record of no resource, or of one without any operation. */
static gboolean is_hollow(const xmlNode *record)
{
    return !cl_xml_get(record, "id") || !cl_xml_first(record, "lrm_rsc_op");
}

/* The first such record after @record, or with NULL the first at all. */
static xmlNode *next_hollow(const xmlNode *cib, xmlNode *record)
{
    xmlNode *state = record ? record->parent->parent->parent
                            : cl_xml_first(cl_xml_first(cib, "status"), "node_state");
    for (; state; state = cl_xml_next(state, "node_state")) {
        record = record ? cl_xml_next(record, "lrm_resource")
                        : cl_xml_first(cl_xml_at(state, "lrm/lrm_resources"), "lrm_resource");
        while (record && !is_hollow(record)) {
            record = cl_xml_next(record, "lrm_resource");
        }
        if (record) {
            return record;
        }
    }
    return NULL;
}

/* Whether a record of what is configured, by itself or in a group, says that it is locked to the node. */
static gboolean is_lock(const xmlNode *record, const xmlNode *resources)
{
    const char *id = cl_xml_get(record, "id");
    gboolean found = FALSE;
    for (xmlNode *at = cl_xml_first(resources, NULL); at && id && !found;
         at = cl_xml_next(at, NULL)) {
        found = cl_xml_child_with(cl_xml_is(at, "group") ? at : NULL, "primitive", "id", id) ||
                (cl_xml_is(at, "primitive") && g_strcmp0(cl_xml_get(at, "id"), id) == 0);
    }
    return found && cl_xml_get(record, "shutdown-lock");
}

static void remove_hollows(xmlNode *cib)
{
    const xmlNode *resources = cl_xml_at(cib, "configuration/resources");
    xmlNode *record = next_hollow(cib, NULL);
    while (record) {
        xmlNode *next = next_hollow(cib, record);
        if (!is_lock(record, resources)) {
            xmlUnlinkNode(record);
            xmlFreeNode(record);
        }
        record = next;
    }
}

static gboolean dump_cib(xmlNode *cib)
{
    xmlBuffer *text = xmlBufferCreate();
    gboolean written =
        xmlNodeDump(text, cib->doc, cib, 0, 0) > 0 &&
        write_all((const char *)xmlBufferContent(text), (gsize)xmlBufferLength(text));
    xmlBufferFree(text);
    return written;
}

/* Libpacemaker 2.1 crashes on such records of what is not configured any more, or cloned. */
static gboolean write_cib(xmlNode *cib, GError **error)
{
    gboolean written;
    if (next_hollow(cib, NULL)) {
        xmlNode *copy = cl_xml_copy(cib);
        remove_hollows(copy);
        written = dump_cib(copy);
        cl_xml_free(copy);
    } else {
        written = dump_cib(cib);
    }
    return written || cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "the CIB cannot be handed over");
}

/* libpacemaker 2.1 has lists with titles where crm_mon and later versions have elements. */
static void name_lists(xmlNode *status)
{
    static const char *const names[][2] = {{"cluster summary", "summary"},
                                           {"nodes", "nodes"},
                                           {"full list of resources", "resources"},
                                           {"operations", "node_history"},
                                           {"negative location constraints", "bans"}};
    for (xmlNode *at = cl_xml_first(status, "list"); at;) {
        xmlNode *next = cl_xml_next(at, "list");
        for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
            if (g_strcmp0(cl_xml_get(at, "name"), names[i][0]) == 0) {
                xmlNodeSetName(at, (const xmlChar *)names[i][1]);
                break;
            }
        }
        at = next;
    }
}

void cl_pcmk_status_free(xmlNode *status)
{
    free_xml(status);
}

xmlNode *cl_pcmk_status_of(xmlNode *cib, GError **error)
{
    xmlNode *status = NULL;
    cl_pcmk_status_prepare();
    if (!write_cib(cib, error)) {
        return NULL;
    }
    int rc = pcmk_status(&status);
    if (status) {
        name_lists(status);
    }
    /* Of a CIB that its schema does not allow there is no more than the fact, and no error. */
    if (rc == pcmk_rc_ok && cl_xml_first(status, "nodes")) {
        return status;
    }
    cl_pcmk_status_free(status);
    (void)cl_fail(error, ERROR_INVALID_DATA, "Pacemaker makes no sense of the CIB: %s",
                  pcmk_rc_str(rc != pcmk_rc_ok ? rc : pcmk_rc_schema_validation));
    return NULL;
}
