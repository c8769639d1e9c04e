/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * query(): each fact by the method, or the control code, that tells it.
 */
#include "client.h"

#include "kinds.h"
#include "property-list.h"
#include "text.h"

#include <string.h>

gint32 cl_netinterface_state_from_wire(guint32 state)
{
    switch (state) {
    case 0:
        return ClusterNetInterfaceFailed;
    case 1:
        return ClusterNetInterfaceUnreachable;
    case 2:
        return ClusterNetInterfaceUnavailable;
    default:
        return (gint32)state;
    }
}

/* --- What a control code gives ------------------------------------------------------------------ */

gboolean cl_bytes_take_text(GBytes *bytes, char **ret_text, GError **error)
{
    gsize size = 0;
    const WCHAR *wide = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    gsize units = 0;
    WCHAR unit = 1;
    while (units < size / sizeof unit && unit != 0) {
        memcpy(&unit, (const guint8 *)wide + units * sizeof unit, sizeof unit);
        units += unit != 0;
    }
    if (unit != 0) {
        return cl_fail_stub(error, "a text without its NUL");
    }
    *ret_text = cl_text_from_units(wide, units);
    return TRUE;
}

static gboolean ask_text(ClRemote *remote, const ClObject *object, guint32 function,
                         char **ret_text, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    return cl_remote_ask(remote, object, function, &out, error) &&
           cl_bytes_take_text(out, ret_text, error);
}

static gboolean ask_numbers(ClRemote *remote, const ClObject *object, guint32 function,
                            gpointer numbers, gsize size, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    gsize given = 0;
    if (!cl_remote_ask(remote, object, function, &out, error)) {
        return FALSE;
    }
    const void *data = out ? g_bytes_get_data(out, &given) : NULL;
    if (given < size) {
        return cl_fail_stub(error, "too few bytes");
    }
    memcpy(numbers, data, size);
    return TRUE;
}

static gboolean ask_class(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    guint32 info[2];
    if (!ask_numbers(remote, object, CLCTL_GET_CLASS_INFO, info, sizeof info, error)) {
        return FALSE;
    }
    facts->resource_class = info[0];
    facts->resource_subclass = info[1];
    return TRUE;
}

/* One entry of a value list; FALSE at its end, @ret_ok tells whether that was a proper one. */
static gboolean next_value(const guint8 **at, gsize *left, guint32 head[2], const guint8 **ret_data,
                           gboolean *ret_ok)
{
    *ret_ok = FALSE;
    if (*left < sizeof *head) {
        return FALSE;
    }
    memcpy(head, *at, sizeof *head);
    if (head[0] == CLUSPROP_SYNTAX_ENDMARK) {
        *ret_ok = TRUE;
        return FALSE;
    }
    if (*left < 2 * sizeof *head) {
        return FALSE;
    }
    memcpy(head, *at, 2 * sizeof *head);
    *ret_data = *at + 2 * sizeof *head;
    gsize whole = 2 * sizeof *head + ALIGN_CLUSPROP((gsize)head[1]);
    if (whole > *left) {
        return FALSE;
    }
    *at += whole;
    *left -= whole;
    return TRUE;
}

static gboolean ask_required(ClRemote *remote, const ClObject *object, ClFacts *facts,
                             GError **error)
{
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GStrvBuilder) types = g_strv_builder_new();
    gsize left = 0;
    guint32 head[2];
    const guint8 *data;
    gboolean ok;
    if (!cl_remote_ask(remote, object, CLCTL_GET_REQUIRED_DEPENDENCIES, &out, error)) {
        return FALSE;
    }
    const guint8 *at = out ? g_bytes_get_data(out, &left) : NULL;
    facts->required_classes = g_array_new(FALSE, FALSE, sizeof(guint32));
    while (next_value(&at, &left, head, &data, &ok)) {
        if (head[0] == CLUSPROP_SYNTAX_RESCLASS && head[1] >= sizeof(guint32)) {
            guint32 class;
            memcpy(&class, data, sizeof class);
            g_array_append_val(facts->required_classes, class);
        } else if (head[0] == CLUSPROP_SYNTAX_NAME) {
            g_autoptr(GBytes) bytes = g_bytes_new(data, head[1]);
            g_autofree char *type = NULL;
            if (!cl_bytes_take_text(bytes, &type, error)) {
                return FALSE;
            }
            g_strv_builder_add(types, type);
        }
    }
    facts->required_types = g_strv_builder_end(types);
    return ok || cl_fail_stub(error, "a list without its end");
}

/* --- Of the cluster ----------------------------------------------------------------------------- */

static gboolean read_names(ClRemote *remote, guint32 wanted, ClFacts *facts, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetClusterName);
    return cl_remote_read(remote, NULL, &method, error) &&
           (!(wanted & CL_FACT_NAME) || cl_method_take_text(&method, 0, &facts->name, error)) &&
           (!(wanted & CL_FACT_LOCAL_NODE) || cl_method_take_text(&method, 1, &facts->node, error));
}

static gboolean read_version(ClRemote *remote, ClFacts *facts, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetClusterVersion2);
    if (!cl_remote_read(remote, NULL, &method, error) ||
        !cl_method_take_text(&method, 3, &facts->version.vendor, error) ||
        !cl_method_take_text(&method, 4, &facts->version.csd, error)) {
        return FALSE;
    }
    const GPtrArray *rows = method.values[5].rows;
    if (!rows || rows->len != 1) {
        return cl_fail_stub(error, "no operational version");
    }
    const ClNdrValue *operational = rows->pdata[0];
    facts->version.major = (guint16)method.values[0].number;
    facts->version.minor = (guint16)method.values[1].number;
    facts->version.build = (guint16)method.values[2].number;
    facts->version.highest = (guint32)operational[1].number;
    facts->version.lowest = (guint32)operational[2].number;
    facts->version.flags = (guint32)operational[3].number;
    return TRUE;
}

static gboolean read_quorum(ClRemote *remote, ClFacts *facts, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetQuorumResource);
    if (!cl_remote_read(remote, NULL, &method, error) ||
        !cl_method_take_text(&method, 0, &facts->quorum.resource, error) ||
        !cl_method_take_text(&method, 1, &facts->quorum.device, error)) {
        return FALSE;
    }
    facts->quorum.max_log_size = (guint32)method.values[2].number;
    return TRUE;
}

/* A property that both sets may have: which of them is the server's matter. */
static gboolean read_property(ClRemote *remote, const ClObject *object, const char *name,
                              CLUSTER_PROPERTY_FORMAT format, ClProperty **ret_property,
                              GError **error)
{
    static const ClPropertySet sets[] = {CL_PROPERTIES_RO_COMMON, CL_PROPERTIES_COMMON};
    for (gsize i = 0; i < G_N_ELEMENTS(sets); i++) {
        g_autoptr(GPtrArray) properties = NULL;
        guint at;
        if (!cl_remote_read_properties(remote, object, sets[i], &properties, error)) {
            return FALSE;
        }
        ClProperty *found = cl_properties_find(properties, name);
        if (found && found->format == format && g_ptr_array_find(properties, found, &at)) {
            *ret_property = g_ptr_array_steal_index(properties, at);
            return TRUE;
        }
    }
    return cl_fail_stub(error, "not the property that tells it");
}

static gboolean read_of_cluster(ClRemote *remote, guint32 wanted, ClFacts *facts, GError **error)
{
    if (wanted & CL_FACT_ID) {
        g_autoptr(ClProperty) id = NULL;
        if (!read_property(remote, NULL, "ClusterInstanceID", CLUSPROP_FORMAT_SZ, &id, error)) {
            return FALSE;
        }
        facts->id = g_steal_pointer(&id->text);
    }
    return (!(wanted & (CL_FACT_NAME | CL_FACT_LOCAL_NODE)) ||
            read_names(remote, wanted, facts, error)) &&
           (!(wanted & CL_FACT_VERSION) || read_version(remote, facts, error)) &&
           (!(wanted & CL_FACT_QUORUM) || read_quorum(remote, facts, error)) &&
           (!(wanted & CL_FACT_FQDN) ||
            ask_text(remote, NULL, CLCTL_GET_FQDN, &facts->fqdn, error));
}

/* --- Of objects --------------------------------------------------------------------------------- */

static gboolean read_group_state(ClRemote *remote, const ClObject *object, ClFacts *facts,
                                 GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetGroupState);
    if (!cl_remote_read(remote, object, &method, error) ||
        !cl_method_take_text(&method, 2, &facts->owner_node, error)) {
        return FALSE;
    }
    facts->state = (gint32)method.values[1].number;
    return TRUE;
}

static gboolean read_resource_state(ClRemote *remote, const ClObject *object, ClFacts *facts,
                                    GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetResourceState);
    if (!cl_remote_read(remote, object, &method, error) ||
        !cl_method_take_text(&method, 2, &facts->owner_node, error) ||
        !cl_method_take_text(&method, 3, &facts->owner_group, error)) {
        return FALSE;
    }
    facts->state = (gint32)method.values[1].number;
    return TRUE;
}

static gboolean read_state(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    guint opnum;
    switch (object->kind) {
    case CL_KIND_GROUP:
        return read_group_state(remote, object, facts, error);
    case CL_KIND_RESOURCE:
        return read_resource_state(remote, object, facts, error);
    case CL_KIND_NODE:
        opnum = CL_OP_GetNodeState;
        break;
    case CL_KIND_NETWORK:
        opnum = CL_OP_GetNetworkState;
        break;
    default:
        opnum = CL_OP_GetNetInterfaceState;
        break;
    }
    g_auto(ClMethodCall) method = {.opnum = opnum};
    if (!cl_remote_read(remote, object, &method, error)) {
        return FALSE;
    }
    facts->state = object->kind == CL_KIND_NETINTERFACE
                       ? cl_netinterface_state_from_wire((guint32)method.values[1].number)
                       : (gint32)method.values[1].number;
    return TRUE;
}

static gboolean read_type(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    g_autoptr(ClProperty) type = NULL;
    g_auto(ClMethodCall) method = CL_METHOD(GetResourceType);
    if (object->kind == CL_KIND_RESOURCE) {
        return cl_remote_read(remote, object, &method, error) &&
               cl_method_take_text(&method, 1, &facts->type, error);
    }
    if (!read_property(remote, object, "GroupType", CLUSPROP_FORMAT_DWORD, &type, error)) {
        return FALSE;
    }
    facts->group_type = (guint32)type->number;
    return TRUE;
}

/* That of a group set, which no code tells, is among its properties or as it was opened by. */
static gboolean read_name(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (object->kind == CL_KIND_RESOURCE_TYPE || object->kind == CL_KIND_KEY) {
        facts->name = cl_remote_name(remote->connection, object);
        return TRUE;
    }
    if (object->kind != CL_KIND_GROUPSET) {
        return ask_text(remote, object, CLCTL_GET_NAME, &facts->name, error);
    }
    if (!cl_remote_read_properties(remote, object, CL_PROPERTIES_RO_COMMON, &properties, error)) {
        return FALSE;
    }
    const ClProperty *name = cl_properties_find(properties, "Name");
    facts->name = name && name->format == CLUSPROP_FORMAT_SZ
                      ? g_strdup(name->text)
                      : cl_remote_name(remote->connection, object);
    return TRUE;
}

/* An id never changes, but whose it is may have been deleted. */
static gboolean read_id(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    if (object->kind == CL_KIND_RESOURCE_TYPE || object->kind == CL_KIND_KEY) {
        facts->id =
            object->kind == CL_KIND_KEY ? g_strdup("") : cl_remote_name(remote->connection, object);
        return TRUE;
    }
    if (!cl_remote_ask_id(remote, object, &facts->id, error)) {
        return FALSE;
    }
    return facts->id || cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the server tells no id");
}

static gboolean read_resource_expression(ClRemote *remote, const ClObject *object, ClFacts *facts,
                                         GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetResourceDependencyExpression);
    return cl_remote_read(remote, object, &method, error) &&
           cl_method_take_text(&method, 1, &facts->dependency_expression, error);
}

static gboolean has_providers(ClRemote *remote, const ClObject *object, guint32 function,
                              gboolean *ret_has, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    WCHAR first = 0;
    if (!cl_remote_ask(remote, object, function, &out, error)) {
        return FALSE;
    }
    if (out && g_bytes_get_size(out) >= sizeof first) {
        memcpy(&first, g_bytes_get_data(out, NULL), sizeof first);
    }
    *ret_has = *ret_has || first != 0;
    return TRUE;
}

gboolean cl_remote_ask_expression(ClRemote *remote, const ClObject *object, char **ret_expression,
                                  GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (!cl_remote_read_properties(remote, object, CL_PROPERTIES_RO_COMMON, &properties, error)) {
        return FALSE;
    }
    const ClProperty *expression = cl_properties_find(properties, "DependencyExpression");
    if (expression && expression->format == CLUSPROP_FORMAT_SZ) {
        *ret_expression = g_strdup(expression->text);
    }
    return TRUE;
}

/* No method tells that of a group or group set, and not all servers have the property. Without
 * providers it is empty; else who asks learns from there being none that it cannot be told. */
static gboolean read_group_expression(ClRemote *remote, const ClObject *object, ClFacts *facts,
                                      GError **error)
{
    gboolean of_set = object->kind == CL_KIND_GROUPSET;
    gboolean has = FALSE;
    if (!cl_remote_ask_expression(remote, object, &facts->dependency_expression, error)) {
        return FALSE;
    }
    if (facts->dependency_expression) {
        return TRUE;
    }
    if (!has_providers(remote, object,
                       of_set ? CLCTL_GROUPSET_GET_PROVIDER_GROUPS
                              : CLCTL_GROUP_GET_PROVIDER_GROUPS,
                       &has, error) ||
        !has_providers(remote, object,
                       of_set ? CLCTL_GROUPSET_GET_PROVIDER_GROUPSETS
                              : CLCTL_GROUP_GET_PROVIDER_GROUPSETS,
                       &has, error)) {
        return FALSE;
    }
    if (!has) {
        facts->dependency_expression = g_strdup("");
    }
    return TRUE;
}

static gboolean read_relations(ClRemote *remote, const ClObject *object, guint32 wanted,
                               ClFacts *facts, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetResourceNetworkName);
    if (wanted & CL_FACT_DEPENDENCY_EXPRESSION &&
        !(object->kind == CL_KIND_RESOURCE ? read_resource_expression
                                           : read_group_expression)(remote, object, facts, error)) {
        return FALSE;
    }
    if (wanted & CL_FACT_NETWORK_NAME && !cl_remote_read(remote, object, &method, error)) {
        return FALSE;
    }
    if (wanted & CL_FACT_NETWORK_NAME && method.values[1].text == NULL) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND, "it depends on no network name");
    }
    if (wanted & CL_FACT_NETWORK_NAME &&
        !cl_method_take_text(&method, 1, &facts->network_name, error)) {
        return FALSE;
    }
    return !(wanted & CL_FACT_REQUIRED_DEPENDENCIES) || ask_required(remote, object, facts, error);
}

static gboolean read_bits(ClRemote *remote, const ClObject *object, guint32 wanted, ClFacts *facts,
                          GError **error)
{
    return (!(wanted & CL_FACT_FLAGS) || ask_numbers(remote, object, CLCTL_GET_FLAGS, &facts->flags,
                                                     sizeof facts->flags, error)) &&
           (!(wanted & CL_FACT_CHARACTERISTICS) ||
            ask_numbers(remote, object, CLCTL_GET_CHARACTERISTICS, &facts->characteristics,
                        sizeof facts->characteristics, error)) &&
           (!(wanted & CL_FACT_CLASS) || ask_class(remote, object, facts, error)) &&
           (!(wanted & CL_FACT_STATE_CHANGE_TIME) ||
            ask_numbers(remote, object, CLCTL_GET_STATE_CHANGE_TIME, &facts->state_change_time,
                        sizeof facts->state_change_time, error));
}

static gboolean read_of_object(ClRemote *remote, const ClObject *object, guint32 wanted,
                               ClFacts *facts, GError **error)
{
    return (!(wanted & CL_FACT_STATE) || read_state(remote, object, facts, error)) &&
           (!(wanted & CL_FACT_NAME) || read_name(remote, object, facts, error)) &&
           (!(wanted & CL_FACT_ID) || read_id(remote, object, facts, error)) &&
           (!(wanted & CL_FACT_TYPE) || read_type(remote, object, facts, error)) &&
           (!(wanted & CL_FACT_PLACE) ||
            (ask_text(remote, object, CLCTL_GET_NODE, &facts->node, error) &&
             ask_text(remote, object, CLCTL_GET_NETWORK, &facts->network, error))) &&
           read_bits(remote, object, wanted, facts, error) &&
           read_relations(remote, object, wanted, facts, error);
}

/* --- Of keys ------------------------------------------------------------------------------------ */

static gboolean read_key(ClRemote *remote, const ClObject *object, ClFacts *facts, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(QueryInfoKey);
    const ClNdrValue *values = method.values;
    if (!cl_remote_read(remote, object, &method, error)) {
        return FALSE;
    }
    facts->key.n_subkeys = (guint32)values[1].number;
    facts->key.longest_subkey = (guint32)values[2].number;
    facts->key.n_values = (guint32)values[3].number;
    facts->key.longest_value = (guint32)values[4].number;
    facts->key.largest_value = (guint32)values[5].number;
    facts->key.security_size = (guint32)values[6].number;
    facts->key.write_time = values[7].number;
    return TRUE;
}

/* --- All ---------------------------------------------------------------------------------------- */

typedef struct {
    const ClObject *object;
    guint32 wanted;
    ClFacts facts;
} Query;

static gboolean query_once(ClRemote *remote, gpointer data, GError **error)
{
    Query *query = data;
    cl_facts_clear(&query->facts);
    if (!query->object) {
        return read_of_cluster(remote, query->wanted, &query->facts, error);
    }
    if (query->object->kind == CL_KIND_KEY && query->wanted & CL_FACT_KEY &&
        !read_key(remote, query->object, &query->facts, error)) {
        return FALSE;
    }
    return read_of_object(remote, query->object, query->wanted, &query->facts, error);
}

gboolean cl_remote_query(ClConnection *connection, const ClObject *object, guint32 facts,
                         const ClCall *call, ClFacts *ret_facts, GError **error)
{
    Query query = {object, facts, {0}};
    if (!cl_kind_check_facts(cl_remote_kind(object), facts, error)) {
        return FALSE;
    }
    if (!cl_remote_run(connection, call, query_once, &query, error)) {
        cl_facts_clear(&query.facts);
        return FALSE;
    }
    *ret_facts = query.facts;
    return TRUE;
}
