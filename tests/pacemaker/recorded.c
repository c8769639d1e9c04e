/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorded.h"

#include <crm/common/xml.h>
#include <libxml/parser.h>
#include <string.h>

#include "pacemaker/edit.h"
#include "pacemaker/status.h"

static ClPcmkModel *model_of(xmlNode *cib)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClPcmkCorosyncFacts) corosync = cl_pcmk_corosync_facts_new();
    xmlNode *status = cl_pcmk_status_of(cib, &error);
    g_assert_no_error(error);
    const ClPcmkSources sources = {cib, status, corosync, TRUE, NULL};
    ClPcmkModel *model = cl_pcmk_model_new(&sources);
    xmlFreeDoc(status->doc);
    return model;
}

static gboolean is_valid(xmlNode *cib)
{
    return validate_xml(cib, NULL, FALSE);
}

Recorded recorded_new(const Parts *parts)
{
    cl_pcmk_status_prepare();
    g_autofree char *text = g_strdup_printf(
        "<cib crm_feature_set=\"3.16.1\" validate-with=\"pacemaker-3.9\" epoch=\"1\""
        " num_updates=\"0\" admin_epoch=\"0\" have-quorum=\"1\"><configuration><crm_config>"
        "<cluster_property_set id=\"cib-bootstrap-options\">"
        "<nvpair id=\"o1\" name=\"stonith-enabled\" value=\"false\"/>"
        "<nvpair id=\"o2\" name=\"cluster-name\" value=\"lab\"/>"
        "<nvpair id=\"o3\" name=\"dc-version\" value=\"2.1.5-a3f44794f94\"/>"
        "</cluster_property_set>%s</crm_config><nodes>%s</nodes><resources>%s</resources>"
        "<constraints/>%s</configuration><status/></cib>",
        parts->config ? parts->config : "",
        parts->nodes ? parts->nodes : "<node id=\"1\" uname=\"n1\"/><node id=\"2\" uname=\"n2\"/>",
        parts->resources ? parts->resources : "", parts->rest ? parts->rest : "");
    xmlDoc *document =
        xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NOBLANKS | XML_PARSE_NONET);
    g_assert_nonnull(document);
    xmlNode *cib = xmlDocGetRootElement(document);
    g_assert_true(is_valid(cib));
    return (Recorded){cib, model_of(cib)};
}

void recorded_clear(Recorded *recorded)
{
    g_clear_pointer(&recorded->model, cl_pcmk_model_unref);
    if (recorded->cib) {
        xmlFreeDoc(recorded->cib->doc);
        recorded->cib = NULL;
    }
}

DWORD recorded_edit(Recorded *recorded, ClPcmkEdit edit, gpointer data)
{
    GError *error = NULL;
    xmlNode *copy = xmlDocGetRootElement(xmlCopyDoc(recorded->cib->doc, 1));
    Recorded edited = {copy, NULL};
    if (edit(copy, recorded->model, data, &error)) {
        g_assert_no_error(error);
        g_assert_true(is_valid(copy));
        edited.model = model_of(copy);
        Recorded former = *recorded;
        *recorded = edited;
        edited = former;
    } else {
        g_assert_nonnull(error);
    }
    recorded_clear(&edited);
    return cl_error_take(error);
}

const ClPcmkObject *recorded_find(const Recorded *recorded, ClKind kind, const char *name)
{
    const ClPcmkObject *found = cl_pcmk_model_find(recorded->model, kind, name);
    g_assert_nonnull(found);
    return found;
}

const char *recorded_text(const Recorded *recorded, const char *id, const char *attribute)
{
    return cl_xml_get(cl_edit_find(recorded->cib, NULL, id), attribute);
}
