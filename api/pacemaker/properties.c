/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * properties(): the common properties of property-table.c; as private ones what the CIB has set of
 * meta attributes, node attributes and options of the cluster, and of a resource all parameters of its
 * agent. Never waits, but for an agent that has not told yet what it takes.
 */
#include "properties.h"

#include <string.h>

#include "agents.h"
#include "attributes.h"
#include "xml.h"

/* --- Common properties -------------------------------------------------------------------------- */

/* What has no element of its own, as what a bundle brings. */
static gboolean is_wanted(const ClPcmkObject *object)
{
    return object->kind == CL_KIND_RESOURCE ? ((const ClPcmkResource *)object)->wanted
                                            : ((const ClPcmkGroup *)object)->wanted;
}

/* That of a group without resources. */
static gboolean is_bare(const xmlNode *element)
{
    return cl_xml_is(element, "group") && !cl_xml_first(element, "primitive");
}

static const char *text_at(const ClPcmkRow *row, const xmlNode *element)
{
    switch (row->place) {
    case CL_PCMK_ATTRIBUTE:
        return cl_xml_get(element, row->key);
    case CL_PCMK_META_ATTRIBUTE:
        return cl_pcmk_meta(element, row->key);
    case CL_PCMK_MONITOR:
        return cl_pcmk_operation(element, "monitor")
                   ? cl_pcmk_operation_value(element, "monitor", row->key)
                   : NULL;
    case CL_PCMK_START:
        return cl_pcmk_operation_value(element, "start", row->key);
    default:
        return NULL;
    }
}

ClProperty *cl_pcmk_property_read(const ClPcmkRow *row, const ClPcmkModel *model,
                                  const ClPcmkObject *object)
{
    if (row->tell) {
        return row->tell(row, model, object);
    }
    if (row->unit == CL_PCMK_ROLE && is_bare(object->element)) {
        return cl_property_new_number(row->name, row->format, 0);
    }
    if (row->unit == CL_PCMK_ROLE && !object->element) {
        return cl_property_new_number(row->name, row->format, is_wanted(object));
    }
    const char *text = text_at(row, object->element);
    return row->format == CLUSPROP_FORMAT_SZ
               ? cl_property_new_text(row->name, row->format, text)
               : cl_property_new_number(row->name, row->format, cl_pcmk_unit_number(row, text));
}

static ClKind kind_of(const ClPcmkObject *object)
{
    return object ? object->kind : CL_KIND_CLUSTER;
}

GPtrArray *cl_pcmk_common_properties(const ClPcmkModel *model, const ClPcmkObject *object,
                                     ClPropertySet set)
{
    GPtrArray *properties = cl_properties_new();
    gsize n;
    const ClPcmkRow *rows = cl_pcmk_rows(kind_of(object), &n);
    for (gsize i = 0; i < n; i++) {
        if ((rows[i].place == CL_PCMK_NOWHERE) == (set == CL_PROPERTIES_RO_COMMON)) {
            g_ptr_array_add(properties, cl_pcmk_property_read(&rows[i], model, object));
        }
    }
    return properties;
}

gboolean cl_pcmk_property_exists(ClKind kind, const char *name, gboolean read_only)
{
    const ClPcmkRow *row = cl_pcmk_row_find(kind, name);
    return row && (row->place == CL_PCMK_NOWHERE) == read_only;
}

/* --- Private properties ------------------------------------------------------------------------- */

gboolean cl_pcmk_private_place(const ClPcmkModel *model, const ClPcmkObject *object,
                               const xmlNode **ret_element, const char **ret_set)
{
    *ret_element = object ? object->element
                          : cl_xml_at(xmlDocGetRootElement(model->cib), "configuration/crm_config");
    switch (kind_of(object)) {
    case CL_KIND_CLUSTER:
        *ret_set = CL_PCMK_CONFIG;
        return TRUE;
    case CL_KIND_GROUP:
        *ret_set = CL_PCMK_META;
        return TRUE;
    case CL_KIND_RESOURCE:
    case CL_KIND_NODE:
        *ret_set = CL_PCMK_INSTANCE;
        return TRUE;
    default:
        return FALSE;
    }
}

/* What Pacemaker keeps there itself, and what is set by pausing a node. */
gboolean cl_pcmk_private_is_read_only(ClKind kind, const char *name)
{
    static const char *const of_cluster[] = {
        "cluster-infrastructure", "cluster-name",     "dc-version",
        "have-watchdog",          "last-lrm-refresh", NULL};
    static const char *const of_node[] = {"standby", NULL};
    return (kind == CL_KIND_CLUSTER && g_strv_contains(of_cluster, name)) ||
           (kind == CL_KIND_NODE && g_strv_contains(of_node, name));
}

gboolean cl_pcmk_private_is_common(ClKind kind, const char *name)
{
    gsize n;
    const ClPcmkRow *rows = cl_pcmk_rows(kind, &n);
    for (gsize i = 0; kind == CL_KIND_GROUP && i < n; i++) {
        if (rows[i].place == CL_PCMK_META_ATTRIBUTE && strcmp(rows[i].key, name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

GPtrArray *cl_pcmk_private_properties(const ClPcmkModel *model, const ClPcmkObject *object,
                                      gboolean read_only)
{
    GPtrArray *properties = cl_properties_new();
    const xmlNode *element;
    const char *set;
    ClKind kind = kind_of(object);
    if (!cl_pcmk_private_place(model, object, &element, &set)) {
        return properties;
    }
    g_autoptr(GArray) pairs = cl_pcmk_pairs(element, set);
    for (guint i = 0; i < pairs->len; i++) {
        const ClPcmkPair *pair = &g_array_index(pairs, ClPcmkPair, i);
        if (!cl_pcmk_private_is_common(kind, pair->name) &&
            cl_pcmk_private_is_read_only(kind, pair->name) == read_only) {
            g_ptr_array_add(properties,
                            cl_property_new_text(pair->name, CLUSPROP_FORMAT_SZ, pair->value));
        }
    }
    return properties;
}

/* --- What agents say ---------------------------------------------------------------------------- */

static ClProperty *preset_property(const ClPcmkRow *row)
{
    return row->format == CLUSPROP_FORMAT_SZ
               ? cl_property_new_text(row->name, row->format, "")
               : cl_property_new_number(row->name, row->format, row->absent);
}

static GPtrArray *common_of_resources(void)
{
    GPtrArray *properties = cl_properties_new();
    gsize n;
    const ClPcmkRow *rows = cl_pcmk_rows(CL_KIND_RESOURCE, &n);
    for (gsize i = 0; i < n; i++) {
        if (rows[i].place != CL_PCMK_NOWHERE) {
            g_ptr_array_add(properties, preset_property(&rows[i]));
        }
    }
    return properties;
}

/* Those that are not there, each with its default. */
static void add_parameters(const ClPcmkAgent *agent, GPtrArray *properties)
{
    for (guint i = 0; i < agent->parameters->len; i++) {
        const ClPcmkParameter *parameter = agent->parameters->pdata[i];
        if (!cl_properties_find(properties, parameter->name)) {
            g_ptr_array_add(properties, cl_property_new_text(parameter->name, CLUSPROP_FORMAT_SZ,
                                                             parameter->preset));
        }
    }
}

static gboolean private_of_resources(ClConnection *connection, const ClPcmkObject *type,
                                     const ClCall *call, GPtrArray **ret_properties, GError **error)
{
    g_autoptr(ClPcmkAgent) agent = NULL;
    if (!cl_pcmk_agent_get(connection->engine, type->name, call, &agent, error)) {
        return FALSE;
    }
    *ret_properties = cl_properties_new();
    add_parameters(agent, *ret_properties);
    return TRUE;
}

/* How long who reads waits for an agent that has not told yet what it takes. */
#define PATIENCE_MS 1000

/* What is set, and the agent's other parameters, if it tells them. */
static gboolean private_of_resource(ClConnection *connection, const ClPcmkModel *model,
                                    const ClPcmkResource *resource, const ClCall *call,
                                    GPtrArray **ret_properties, GError **error)
{
    g_autoptr(ClPcmkAgent) agent = NULL;
    g_autoptr(GError) failure = NULL;
    gint64 patience = g_get_monotonic_time() + PATIENCE_MS * G_TIME_SPAN_MILLISECOND;
    const ClCall soon = {MIN(call->deadline, patience), call->cancellable};
    gboolean told = cl_pcmk_agent_get(connection->engine, resource->type, &soon, &agent, &failure);
    /* Who may not wait at all comes again with more time. */
    if (!told && (call->deadline == 0 || g_cancellable_is_cancelled(call->cancellable))) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *ret_properties = cl_pcmk_private_properties(model, &resource->object, FALSE);
    if (told) {
        add_parameters(agent, *ret_properties);
    }
    return TRUE;
}

/* --- All sets ----------------------------------------------------------------------------------- */

static gboolean of_resources(ClConnection *connection, const ClPcmkObject *object,
                             ClPropertySet set, const ClCall *call, GPtrArray **ret_properties,
                             GError **error)
{
    if (kind_of(object) != CL_KIND_RESOURCE_TYPE) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "only resource types have such properties");
    }
    if (set == CL_PROPERTIES_PRIVATE_OF_RESOURCE) {
        return private_of_resources(connection, object, call, ret_properties, error);
    }
    *ret_properties = common_of_resources();
    return TRUE;
}

gboolean cl_pcmk_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                            const ClCall *call, GPtrArray **ret_properties, GError **error)
{
    const ClPcmkObject *found;
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, object, &found, error);
    if (!model) {
        return FALSE;
    }
    switch (set) {
    case CL_PROPERTIES_COMMON:
    case CL_PROPERTIES_RO_COMMON:
        *ret_properties = cl_pcmk_common_properties(model, found, set);
        return TRUE;
    case CL_PROPERTIES_PRIVATE:
        if (found && found->kind == CL_KIND_RESOURCE) {
            return private_of_resource(connection, model, (const ClPcmkResource *)found, call,
                                       ret_properties, error);
        }
        *ret_properties = cl_pcmk_private_properties(model, found, FALSE);
        return TRUE;
    case CL_PROPERTIES_RO_PRIVATE:
        *ret_properties = cl_pcmk_private_properties(model, found, TRUE);
        return TRUE;
    default:
        return of_resources(connection, found, set, call, ret_properties, error);
    }
}
