/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "acl.h"

#include <crm/common/acl.h>
#include <crm/common/xml.h>

#include "attributes.h"
#include "engine-internal.h"
#include "xml.h"

/* Each version has another header for it. */
const char *crm_xml_add(xmlNode *node, const char *name, const char *value);

static gboolean are_on(const xmlNode *cib)
{
    g_autoptr(GArray) options =
        cl_pcmk_pairs(cl_xml_at(cib, "configuration/crm_config"), CL_PCMK_CONFIG);
    return cl_xml_text_is_true(cl_pcmk_pairs_value(options, "enable-acl"));
}

static gboolean count_for(const xmlNode *cib, const char *user)
{
    return pcmk_acl_required(user) && are_on(cib);
}

/* The mark is denied as any other change is. @cib is a copy that nobody keeps. */
static gboolean may_write(xmlNode *element)
{
    return crm_xml_add(element, "clusapi-acl", "1") != NULL;
}

/* A part that is not there is written below the next that is. */
static xmlNode *part_of(xmlNode *element, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        xmlNode *child = cl_xml_first(element, names[i]);
        if (child == NULL) {
            break;
        }
        element = child;
    }
    return element;
}

static gboolean may_ask(xmlNode *cib, const ClPcmkRequest *request)
{
    xmlNode *status = part_of(cib, "status");
    xmlNode *state = cl_xml_child_with(status, "node_state", "uname", request->node);
    if (state == NULL || request->what == CL_PCMK_FORGET) {
        return may_write(state ? state : status);
    }
    xmlNode *list = part_of(state, "lrm/lrm_resources");
    xmlNode *history = cl_xml_child_with(list, "lrm_resource", "id", request->resource);
    gboolean in_history =
        request->what == CL_PCMK_FAIL || (request->what == CL_PCMK_CLEAN && request->history);
    gboolean in_attributes = request->what != CL_PCMK_FAIL;
    return (!in_history || may_write(history ? history : list)) &&
           (!in_attributes || may_write(part_of(state, "transient_attributes")));
}

gboolean cl_pcmk_acl_check(xmlNode *cib, const GPtrArray *requests, const char *user,
                           GError **error)
{
    if (requests->len == 0 || !count_for(cib, user)) {
        return TRUE;
    }
    xmlNode *copy = cl_pcmk_cib_copy(cib);
    gboolean may = TRUE;
    xml_track_changes(copy, user, NULL, TRUE);
    for (guint i = 0; may && i < requests->len; i++) {
        may = may_ask(copy, requests->pdata[i]);
    }
    cl_pcmk_cib_free(copy);
    return may || cl_fail(error, ERROR_ACCESS_DENIED,
                          "the ACLs do not let \"%s\" change the status", user);
}

/* As pacemaker-based does with a patch. */
gboolean cl_pcmk_acl_check_change(xmlNode *cib, xmlNode *edited, const char *user, GError **error)
{
    if (!count_for(cib, user)) {
        return TRUE;
    }
    xmlNode *from = cl_pcmk_cib_copy(cib);
    xmlNode *to = cl_pcmk_cib_copy(edited);
    xml_track_changes(to, user, from, TRUE);
    xml_calculate_changes(from, to);
    gboolean may = !xml_acl_denied(to);
    cl_pcmk_cib_free(from);
    cl_pcmk_cib_free(to);
    return may || cl_fail(error, ERROR_ACCESS_DENIED,
                          "the ACLs do not let \"%s\" change all that is to change", user);
}
