/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "recorded.h"

#include <libxml/parser.h>
#include <string.h>

#include "pacemaker/edit.h"
#include "pacemaker/properties.h"
#include "pacemaker/status.h"
#include "schema.h"

static ClPcmkModel *model_of(xmlNode *cib)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClPcmkCorosyncFacts) corosync = cl_pcmk_corosync_facts_new();
    xmlNode *status = cl_pcmk_status_of(cib, &error);
    g_assert_no_error(error);
    const ClPcmkSources sources = {cib, status, corosync, TRUE, NULL};
    ClPcmkModel *model = cl_pcmk_model_new(&sources);
    cl_pcmk_status_free(status);
    return model;
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
    g_assert_true(schema_allows(cib));
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
        g_assert_true(schema_allows(copy));
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

/* --- Properties --------------------------------------------------------------------------------- */

static char *value_of(const ClProperty *property)
{
    switch (property->format) {
    case CLUSPROP_FORMAT_SZ:
        return g_strdup(property->text);
    case CLUSPROP_FORMAT_MULTI_SZ:
        return property->texts ? g_strjoinv(",", property->texts) : g_strdup("");
    default:
        return g_strdup_printf("%" G_GUINT64_FORMAT, property->number);
    }
}

static char *told(const GPtrArray *properties)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < properties->len; i++) {
        const ClProperty *property = properties->pdata[i];
        g_autofree char *value = value_of(property);
        g_string_append_printf(text, "%s%s=%s", i > 0 ? " " : "", property->name, value);
    }
    return g_string_free(text, FALSE);
}

void recorded_check_common(const Recorded *recorded, ClKind kind, const char *name,
                           ClPropertySet set, const char *expected)
{
    g_autoptr(GPtrArray) properties = cl_pcmk_common_properties(
        recorded->model, name ? recorded_find(recorded, kind, name) : NULL, set);
    g_autofree char *text = told(properties);
    g_assert_cmpstr(text, ==, expected);
}

void recorded_check_private(const Recorded *recorded, ClKind kind, const char *name,
                            gboolean read_only, const char *expected)
{
    g_autoptr(GPtrArray) properties = cl_pcmk_private_properties(
        recorded->model, name ? recorded_find(recorded, kind, name) : NULL, read_only);
    g_autofree char *text = told(properties);
    g_assert_cmpstr(text, ==, expected);
}

DWORD recorded_set(Recorded *recorded, ClKind kind, const char *name, ClPropertySet set,
                   ClProperty *property, const ClPcmkAgent *agent)
{
    ClObject object = {.kind = kind};
    g_autoptr(GPtrArray) list = cl_properties_new();
    ClPcmkPropertyChange change = {.set = set, .properties = list, .agent = agent};
    g_ptr_array_add(list, property);
    if (name) {
        object.id = recorded_find(recorded, kind, name)->id;
        change.object = &object;
    }
    g_autofree char *id = g_strdup(object.id);
    object.id = id;
    return recorded_edit(recorded, cl_pcmk_properties_edit, &change);
}
