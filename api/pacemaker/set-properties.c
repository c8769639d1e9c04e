/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * set_properties(): a list of properties is checked and written into a copy of the CIB, all or none; the
 * engine makes it one change of the cluster. What is the same as before is not touched.
 */
#include "properties.h"

#include <string.h>

#include "attributes.h"
#include "embedded/property-table.h"
#include "empty-group.h"
#include "kinds.h"
#include "text.h"
#include "xml.h"

/* The longest value, in bytes: the CIB is a small document that every node has. */
#define VALUE_MAX (32 * 1024)

/* --- Common properties -------------------------------------------------------------------------- */

static gboolean is_text(const ClPcmkRow *row)
{
    return row->format == CLUSPROP_FORMAT_SZ;
}

/* What Windows knows and Pacemaker does not is another error than what nobody knows. */
static gboolean fail_unknown(ClKind kind, const char *name, GError **error)
{
    return cl_common_property_find(kind, name)
               ? cl_fail(error, ERROR_NOT_SUPPORTED, "Pacemaker has no %s", name)
               : cl_fail(error, ERROR_INVALID_PARAMETER, "there is no property %s", name);
}

static gboolean check_common(ClKind kind, const ClPcmkRow *row, const ClProperty *property,
                             GError **error)
{
    if (!row) {
        return fail_unknown(kind, property->name, error);
    }
    if (row->place == CL_PCMK_NOWHERE) {
        return cl_fail(error, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE, "%s cannot be set", row->name);
    }
    if (row->format != property->format) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s has another format",
                       row->name);
    }
    guint64 number = property->number;
    return is_text(row) || (number >= row->min && number <= row->max) || number == row->absent ||
           cl_fail(error, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS, "%s is out of range", row->name);
}

/* What one node has of a clone cannot be wanted without what the others have, and a group without
 * resources not at all. */
static gboolean check_alone(const ClPcmkRow *row, const ClPcmkObject *object, GError **error)
{
    if (row->unit == CL_PCMK_ROLE && cl_pcmk_is_empty_group(object)) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "the group has no resources");
    }
    const ClPcmkGroup *group = object->kind == CL_KIND_RESOURCE
                                   ? ((const ClPcmkResource *)object)->group
                                   : (const ClPcmkGroup *)object;
    return row->unit != CL_PCMK_ROLE || group->shape == CL_PCMK_GROUP ||
           group->shape == CL_PCMK_PRIMITIVE ||
           cl_fail(error, ERROR_NOT_SUPPORTED, "%s is shared by all instances", row->name);
}

static gboolean write_text(const ClPcmkRow *row, xmlNode *element, const char *text, GError **error)
{
    if (strlen(text) > VALUE_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s is too long", row->name);
    }
    if (!cl_pcmk_check_text(text, error)) {
        return FALSE;
    }
    if (*text == '\0') {
        xmlUnsetProp(element, (const xmlChar *)row->key);
    } else {
        xmlSetProp(element, (const xmlChar *)row->key, (const xmlChar *)text);
    }
    return TRUE;
}

/* What is the default is not set, unless something else would be inherited; but that a group may go back
 * has to be said, or it is held where it was moved to. */
static gboolean write_meta(const ClPcmkRow *row, xmlNode *element, guint64 number, const char *text,
                           GError **error)
{
    if (number == row->absent && row->unit != CL_PCMK_FAILBACK &&
        cl_pcmk_pair_write(element, CL_PCMK_META, row->key, NULL, NULL) &&
        cl_pcmk_unit_number(row, cl_pcmk_meta(element, row->key)) == number) {
        return TRUE;
    }
    return cl_pcmk_pair_write(element, CL_PCMK_META, row->key, text, error);
}

static gboolean write_monitor(const ClPcmkRow *row, xmlNode *element, guint64 number,
                              const char *text, GError **error)
{
    gboolean is_interval = strcmp(row->key, "interval") == 0;
    if (is_interval && number == 0) {
        return cl_pcmk_operation_remove(element, "monitor", error);
    }
    if (!is_interval && !cl_pcmk_operation(element, "monitor")) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "nothing watches the resource");
    }
    return cl_pcmk_operation_write(element, "monitor", row->key, text, error);
}

static gboolean write_number(const ClPcmkRow *row, xmlNode *element, guint64 number, GError **error)
{
    g_autofree char *text = cl_pcmk_unit_text(row, number);
    if (!text) {
        return row->unit == CL_PCMK_SECONDS
                   ? cl_fail(error, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS,
                             "%s has to be whole seconds", row->name)
                   : cl_fail(error, ERROR_NOT_SUPPORTED, "Pacemaker has no such %s", row->name);
    }
    switch (row->place) {
    case CL_PCMK_META_ATTRIBUTE:
        return write_meta(row, element, number, text, error);
    case CL_PCMK_MONITOR:
        return write_monitor(row, element, number, text, error);
    default:
        return cl_pcmk_operation_write(element, "start", row->key, text, error) &&
               cl_pcmk_operation_write(element, "stop", row->key, text, error);
    }
}

/* By what the edited CIB has by now: the last of several for one name counts. */
static gboolean write_common(const ClPcmkModel *model, const ClPcmkObject *object, xmlNode *element,
                             const ClProperty *property, GError **error)
{
    ClKind kind = object ? object->kind : CL_KIND_CLUSTER;
    const ClPcmkRow *row = cl_pcmk_row_find(kind, property->name);
    if (!check_common(kind, row, property, error)) {
        return FALSE;
    }
    if (!element) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "the CIB has no element for it");
    }
    ClPcmkObject edited = *object;
    edited.element = element;
    g_autoptr(ClProperty) former = cl_pcmk_property_read(row, model, &edited);
    if (is_text(row)) {
        return write_text(row, element, property->text ? property->text : "", error);
    }
    gboolean held = row->place == CL_PCMK_META_ATTRIBUTE &&
                    cl_pcmk_pair_is_ours(element, CL_PCMK_META, row->key);
    return (former->number == property->number && !held) ||
           (check_alone(row, object, error) && write_number(row, element, property->number, error));
}

/* --- Private properties ------------------------------------------------------------------------- */

/* As it is set already, else as the agent spells it, else as it is given. */
static const char *proper_name(const GArray *pairs, const ClPcmkParameter *parameter,
                               const char *name)
{
    const char *found = NULL;
    if (cl_pcmk_pairs_value(pairs, name)) {
        return name;
    }
    for (guint i = 0; i < pairs->len && !found; i++) {
        const char *other = g_array_index(pairs, ClPcmkPair, i).name;
        found = cl_text_equal(other, name) ? other : NULL;
    }
    return found ? found : parameter ? parameter->name : name;
}

static gboolean check_private_name(ClKind kind, const char *name, GError **error)
{
    if (*name == '\0') {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a property without a name");
    }
    if (cl_pcmk_row_find(kind, name) || cl_pcmk_private_is_common(kind, name)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s is a common property", name);
    }
    return !cl_pcmk_private_is_read_only(kind, name) ||
           cl_fail(error, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE, "%s cannot be set", name);
}

static gboolean check_private_value(const ClProperty *property, GError **error)
{
    const char *text = property->text ? property->text : "";
    if (property->format != CLUSPROP_FORMAT_SZ) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s has to be a text",
                       property->name);
    }
    if (strlen(text) > VALUE_MAX || strlen(property->name) > VALUE_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a property is too long");
    }
    return cl_pcmk_check_text(property->name, error) && cl_pcmk_check_text(text, error);
}

/* What is set already may be taken away, whatever the agent says. */
static gboolean check_parameter(const ClPcmkAgent *agent, const ClPcmkParameter *parameter,
                                const char *name, gboolean is_set, const char *value,
                                GError **error)
{
    if (parameter) {
        return cl_pcmk_parameter_check(parameter, value, error);
    }
    return !agent || !agent->is_known || (is_set && *value == '\0') ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "the agent has no parameter %s", name);
}

/* An empty text is none. */
static gboolean write_private(const ClPcmkPropertyChange *change, xmlNode *element, const char *set,
                              const ClProperty *property, GError **error)
{
    ClKind kind = cl_pcmk_kind(change->object);
    const char *value = property->text ? property->text : "";
    g_autoptr(GArray) pairs = cl_pcmk_pairs(element, set);
    const ClPcmkParameter *parameter =
        change->agent ? cl_pcmk_agent_parameter(change->agent, property->name) : NULL;
    g_autofree char *name = g_strdup(proper_name(pairs, parameter, property->name));
    const char *former = cl_pcmk_pairs_value(pairs, name);
    if (!check_private_value(property, error) || !check_private_name(kind, name, error)) {
        return FALSE;
    }
    /* To set what the agent takes anyway would only have Pacemaker restart the resource. */
    const char *preset = parameter && kind == CL_KIND_RESOURCE ? parameter->preset : "";
    if (former ? strcmp(former, value) == 0 : *value == '\0' || strcmp(preset, value) == 0) {
        return TRUE;
    }
    return check_parameter(change->agent, parameter, name, former != NULL, value, error) &&
           cl_pcmk_pair_write(element, set, name, *value != '\0' ? value : NULL, error);
}

/* --- The edit ----------------------------------------------------------------------------------- */

/* A resource that was made anew may be of another type. */
static gboolean check_type(const ClPcmkPropertyChange *change, const ClPcmkObject *object,
                           GError **error)
{
    return !change->type || g_strcmp0(((const ClPcmkResource *)object)->type, change->type) == 0 ||
           cl_fail(error, ERROR_RESOURCE_NOT_AVAILABLE, "the resource is another one now");
}

static gboolean write_all(const ClPcmkPropertyChange *change, const ClPcmkModel *model,
                          const ClPcmkObject *object, xmlNode *cib, GError **error)
{
    const xmlNode *source;
    const char *set = NULL;
    gboolean is_private = change->set == CL_PROPERTIES_PRIVATE;
    if (!cl_pcmk_private_place(model, object, &source, &set) && is_private &&
        change->properties->len > 0) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "Pacemaker keeps no properties of such objects");
    }
    gboolean is_empty = change->properties->len > 0 && cl_pcmk_is_empty_group(object);
    xmlNode *element = is_empty ? cl_pcmk_empty_group_open(cib, object->name)
                       : source ? cl_pcmk_same_element(cib, source)
                                : NULL;
    if (is_private && !element) {
        return change->properties->len == 0 ||
               cl_fail(error, ERROR_NOT_SUPPORTED, "the CIB has no element for it");
    }
    for (guint i = 0; i < change->properties->len; i++) {
        const ClProperty *property = change->properties->pdata[i];
        if (!(is_private ? write_private(change, element, set, property, error)
                         : write_common(model, object, element, property, error))) {
            return FALSE;
        }
    }
    if (is_empty) {
        cl_pcmk_empty_group_close(cib, element);
    }
    return TRUE;
}

gboolean cl_pcmk_properties_edit(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                                 GError **error)
{
    const ClPcmkPropertyChange *change = data;
    const ClPcmkObject *object =
        change->object ? cl_pcmk_model_find_id(model, change->object->kind, change->object->id)
                       : NULL;
    if (change->object && !object) {
        return cl_kind_fail_gone(change->object->kind, error);
    }
    return check_type(change, object, error) && write_all(change, model, object, cib, error);
}

/* --- The operation ------------------------------------------------------------------------------ */

gboolean cl_pcmk_property_change_prepare(ClConnection *connection, ClPcmkPropertyChange *change,
                                         const ClCall *call, ClPcmkAgent **ret_agent,
                                         char **ret_type, GError **error)
{
    const ClPcmkObject *found;
    ClKind kind = cl_pcmk_kind(change->object);
    if ((kind != CL_KIND_RESOURCE && kind != CL_KIND_CLUSTER) ||
        change->set != CL_PROPERTIES_PRIVATE) {
        return TRUE;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, change->object, &found, error);
    if (!model) {
        return FALSE;
    }
    g_autofree char *type = found ? g_strdup(((const ClPcmkResource *)found)->type) : NULL;
    if (!cl_pcmk_agent_for_changes(connection->engine, type, call, ret_agent, error)) {
        return FALSE;
    }
    change->agent = *ret_agent;
    change->type = *ret_type = g_steal_pointer(&type);
    return TRUE;
}

/* On a copy that nobody gets to see. */
static gboolean validate(ClConnection *connection, ClPcmkPropertyChange *change, GError **error)
{
    const ClPcmkObject *found;
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, change->object, &found, error);
    if (!model) {
        return FALSE;
    }
    xmlDoc *copy = xmlCopyDoc(model->cib, 1);
    gboolean valid = cl_pcmk_properties_edit(xmlDocGetRootElement(copy), model, change, error);
    xmlFreeDoc(copy);
    return valid;
}

gboolean cl_pcmk_set_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                                const GPtrArray *properties, gboolean only_validate,
                                const ClCall *call, guint32 *ret_result, GError **error)
{
    ClPcmkPropertyChange change = {.object = object, .set = set, .properties = properties};
    g_autoptr(ClPcmkAgent) agent = NULL;
    g_autofree char *type = NULL;
    g_autofree char *user = NULL;
    if (set != CL_PROPERTIES_COMMON && set != CL_PROPERTIES_PRIVATE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a set that cannot be written");
    }
    if ((!only_validate && !cl_pcmk_caller(call, &user, error)) ||
        !cl_pcmk_property_change_prepare(connection, &change, call, &agent, &type, error) ||
        !(only_validate ? validate(connection, &change, error)
                        : cl_pcmk_engine_change(connection->engine, cl_pcmk_properties_edit,
                                                &change, user, call, error))) {
        return FALSE;
    }
    /* What runs is restarted with it at once. */
    *ret_result = ERROR_SUCCESS;
    return TRUE;
}
