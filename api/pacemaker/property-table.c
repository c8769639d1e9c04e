/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "property-table.h"

#include <string.h>

#include "attributes.h"
#include "edit.h"
#include "pacemaker.h"
#include "text.h"

#define DWORD_MAX G_MAXUINT32

/* --- What follows from the model ---------------------------------------------------------------- */

static ClProperty *text(const ClPcmkRow *row, const char *value)
{
    return cl_property_new_text(row->name, row->format, value);
}

static ClProperty *number(const ClPcmkRow *row, guint64 value)
{
    return cl_property_new_number(row->name, row->format, value);
}

#define TELL(name)                                                                                 \
    static ClProperty *name(const ClPcmkRow *row, const ClPcmkModel *model,                        \
                            const ClPcmkObject *object)

TELL(tell_name)
{
    (void)model;
    return text(row, object->name);
}

TELL(tell_instance)
{
    (void)object;
    return text(row, model->id);
}

TELL(tell_witness_weight)
{
    (void)object;
    return number(row, model->corosync->device_votes);
}

TELL(tell_group_type)
{
    (void)model, (void)object;
    return number(row, ClusGroupTypeUnknown);
}

TELL(tell_group_status)
{
    (void)model;
    return number(row, ((const ClPcmkGroup *)object)->managed ? 0 : CLUSGRP_STATUS_LOCKED_MODE);
}

TELL(tell_group_dependencies)
{
    (void)model;
    g_autofree char *expression = cl_pcmk_expression(((const ClPcmkGroup *)object)->providers);
    return text(row, expression);
}

TELL(tell_type)
{
    (void)model;
    return text(row, ((const ClPcmkResource *)object)->type);
}

TELL(tell_resource_status)
{
    (void)model;
    return number(row, ((const ClPcmkResource *)object)->managed ? 0 : CLUSRES_STATUS_LOCKED_MODE);
}

TELL(tell_weight)
{
    (void)model;
    return number(row, ((const ClPcmkNode *)object)->votes);
}

/* The votes of those who are not there do not count. */
TELL(tell_dynamic_weight)
{
    const ClPcmkNode *node = (const ClPcmkNode *)object;
    const GPtrArray *members = model->corosync ? model->corosync->members : NULL;
    gboolean counts = FALSE;
    for (guint i = 0; members && i < members->len; i++) {
        const ClPcmkMember *member = members->pdata[i];
        counts = counts || (member->nodeid == node->nodeid && member->member);
    }
    return number(row, counts ? node->votes : 0);
}

/* "2.1.5-a3f44794f94": one of its numbers, which @key names. */
TELL(tell_version_part)
{
    (void)object;
    g_auto(GStrv) parts = g_strsplit_set(model->version ? model->version : "", ".-", 4);
    guint index = (guint)(*row->key - '0');
    return number(row, index < g_strv_length(parts) ? g_ascii_strtoull(parts[index], NULL, 10) : 0);
}

TELL(tell_version)
{
    (void)object;
    return text(row, model->version);
}

static CLUSTER_NODE_DRAIN_STATUS drain_of(const ClPcmkNode *node)
{
    if (!node->standby) {
        return NodeDrainStatusNotInitiated;
    }
    return node->n_running > 0 ? NodeDrainStatusInProgress : NodeDrainStatusCompleted;
}

TELL(tell_drain)
{
    (void)model;
    return number(row, drain_of((const ClPcmkNode *)object));
}

TELL(tell_node_status)
{
    static const guint32 status[] = {NodeStatusNormal, NodeStatusDrainInProgress,
                                     NodeStatusDrainCompleted};
    (void)model;
    return number(row, status[drain_of((const ClPcmkNode *)object)]);
}

TELL(tell_role)
{
    (void)model, (void)object;
    return number(row, ClusterNetworkRoleInternalUse);
}

TELL(tell_node_of_interface)
{
    (void)model;
    return text(row, ((const ClPcmkInterface *)object)->node->object.name);
}

TELL(tell_network_of_interface)
{
    (void)model;
    return text(row, ((const ClPcmkInterface *)object)->network->object.name);
}

/* --- Addresses ---------------------------------------------------------------------------------- */

static const char *address_of(const ClPcmkObject *object)
{
    const char *address = object->kind == CL_KIND_NETWORK
                              ? ((const ClPcmkNetwork *)object)->address
                              : ((const ClPcmkInterface *)object)->address;
    return address ? address : "";
}

TELL(tell_address)
{
    (void)model;
    return text(row, address_of(object));
}

TELL(tell_mask)
{
    (void)model;
    guint prefix = MIN(((const ClPcmkNetwork *)object)->prefix, 32);
    guint32 mask = prefix == 0 ? 0 : G_MAXUINT32 << (32 - prefix);
    g_autofree char *value = strchr(address_of(object), '.')
                                 ? g_strdup_printf("%u.%u.%u.%u", mask >> 24, mask >> 16 & 255,
                                                   mask >> 8 & 255, mask & 255)
                                 : g_strdup("");
    return text(row, value);
}

/* The address if it is of the family that @key tells by its mark. */
TELL(tell_addresses)
{
    (void)model;
    const char *const texts[] = {address_of(object), NULL};
    return cl_property_new_texts(row->name, strchr(texts[0], *row->key) ? texts : NULL);
}

TELL(tell_prefixes)
{
    (void)model;
    g_autofree char *prefix = g_strdup_printf("%u", ((const ClPcmkNetwork *)object)->prefix);
    const char *const texts[] = {prefix, NULL};
    return cl_property_new_texts(row->name, strchr(address_of(object), *row->key) ? texts : NULL);
}

/* --- The rows ----------------------------------------------------------------------------------- */

#define TOLD(name, format, tell)                                                                   \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, CL_PCMK_NOWHERE, NULL, CL_PCMK_TEXT, 0, 0, 0, tell         \
    }
#define TOLD_OF(name, format, tell, key)                                                           \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, CL_PCMK_NOWHERE, key, CL_PCMK_TEXT, 0, 0, 0, tell          \
    }
#define DESCRIPTION                                                                                \
    {                                                                                              \
        "Description", CLUSPROP_FORMAT_SZ, CL_PCMK_ATTRIBUTE, "description", CL_PCMK_TEXT, 0, 0,   \
            0, NULL                                                                                \
    }
#define NUMBER(name, place, key, unit, absent, min, max)                                           \
    {                                                                                              \
        name, CLUSPROP_FORMAT_DWORD, CL_PCMK_##place, key, CL_PCMK_##unit, absent, min, max, NULL  \
    }
#define META(name, key, unit, absent, min, max)                                                    \
    NUMBER(name, META_ATTRIBUTE, key, unit, absent, min, max)

static const ClPcmkRow group_rows[] = {
    TOLD("Name", SZ, tell_name),
    DESCRIPTION,
    META("PersistentState", "target-role", ROLE, 1, 0, 1),
    META("FailoverThreshold", "migration-threshold", COUNT, DWORD_MAX, 0, DWORD_MAX),
    META("FailoverPeriod", "failure-timeout", HOURS, 0, 0, 1193),
    META("AutoFailbackType", "resource-stickiness", FAILBACK, 1, 0, 1),
    META("Priority", "priority", SCORE, 0, 0, CL_EDIT_INFINITY),
    META("LockedFromMoving", "is-managed", LOCKED, 0, 0, 1),
    TOLD("GroupType", DWORD, tell_group_type),
    TOLD("StatusInformation", ULARGE_INTEGER, tell_group_status),
    TOLD("DependencyExpression", SZ, tell_group_dependencies),
};

/* 20 seconds is what Pacemaker gives operations that nobody gave a timeout. */
static const ClPcmkRow resource_rows[] = {
    TOLD("Name", SZ, tell_name),
    TOLD("Type", SZ, tell_type),
    DESCRIPTION,
    META("PersistentState", "target-role", ROLE, 1, 0, 1),
    NUMBER("IsAlivePollInterval", MONITOR, "interval", MILLISECONDS, 0, 10, DWORD_MAX),
    NUMBER("PendingTimeout", START, "timeout", MILLISECONDS, 20000, 10, DWORD_MAX),
    NUMBER("RestartAction", MONITOR, "on-fail", ON_FAIL, 2, 0, 2),
    META("RestartThreshold", "migration-threshold", RESTARTS, DWORD_MAX, 0, DWORD_MAX),
    META("RestartPeriod", "failure-timeout", SECONDS, 0, 0, DWORD_MAX),
    TOLD("StatusInformation", ULARGE_INTEGER, tell_resource_status),
};

static const ClPcmkRow node_rows[] = {
    TOLD("NodeName", SZ, tell_name),
    DESCRIPTION,
    TOLD("NodeWeight", DWORD, tell_weight),
    TOLD_OF("MajorVersion", DWORD, tell_version_part, "0"),
    TOLD_OF("MinorVersion", DWORD, tell_version_part, "1"),
    TOLD_OF("BuildNumber", DWORD, tell_version_part, "2"),
    TOLD("CSDVersion", SZ, tell_version),
    TOLD("DynamicWeight", DWORD, tell_dynamic_weight),
    TOLD("NodeDrainStatus", DWORD, tell_drain),
    TOLD("StatusInformation", DWORD, tell_node_status),
};

static const ClPcmkRow network_rows[] = {
    TOLD("Name", SZ, tell_name),
    TOLD("Role", DWORD, tell_role),
    TOLD("Address", SZ, tell_address),
    TOLD("AddressMask", SZ, tell_mask),
    TOLD_OF("IPv4Addresses", MULTI_SZ, tell_addresses, "."),
    TOLD_OF("IPv4PrefixLengths", MULTI_SZ, tell_prefixes, "."),
    TOLD_OF("IPv6Addresses", MULTI_SZ, tell_addresses, ":"),
    TOLD_OF("IPv6PrefixLengths", MULTI_SZ, tell_prefixes, ":"),
};

static const ClPcmkRow netinterface_rows[] = {
    TOLD("Name", SZ, tell_name),
    TOLD("Node", SZ, tell_node_of_interface),
    TOLD("Network", SZ, tell_network_of_interface),
    TOLD("Address", SZ, tell_address),
    TOLD_OF("IPv4Addresses", MULTI_SZ, tell_addresses, "."),
    TOLD_OF("IPv6Addresses", MULTI_SZ, tell_addresses, ":"),
};

static const ClPcmkRow cluster_rows[] = {
    TOLD("ClusterInstanceID", SZ, tell_instance),
    TOLD("WitnessDynamicWeight", DWORD, tell_witness_weight),
};

static const ClPcmkRow type_rows[] = {
    TOLD("Name", SZ, tell_name),
};

const ClPcmkRow *cl_pcmk_rows(ClKind kind, gsize *ret_n)
{
    static const struct {
        ClKind kind;
        const ClPcmkRow *rows;
        gsize n;
    } tables[] = {
        {CL_KIND_GROUP, group_rows, G_N_ELEMENTS(group_rows)},
        {CL_KIND_RESOURCE, resource_rows, G_N_ELEMENTS(resource_rows)},
        {CL_KIND_NODE, node_rows, G_N_ELEMENTS(node_rows)},
        {CL_KIND_NETWORK, network_rows, G_N_ELEMENTS(network_rows)},
        {CL_KIND_NETINTERFACE, netinterface_rows, G_N_ELEMENTS(netinterface_rows)},
        {CL_KIND_CLUSTER, cluster_rows, G_N_ELEMENTS(cluster_rows)},
        {CL_KIND_RESOURCE_TYPE, type_rows, G_N_ELEMENTS(type_rows)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (tables[i].kind == kind) {
            *ret_n = tables[i].n;
            return tables[i].rows;
        }
    }
    *ret_n = 0;
    return NULL;
}

const ClPcmkRow *cl_pcmk_row_find(ClKind kind, const char *name)
{
    gsize n;
    const ClPcmkRow *rows = cl_pcmk_rows(kind, &n);
    for (gsize i = 0; i < n; i++) {
        if (cl_text_equal(rows[i].name, name)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* --- Units -------------------------------------------------------------------------------------- */

#define HOUR 3600000

/* Below 0 Pacemaker takes the first failure; 0 turns the limit off, as INFINITY does. */
static guint64 threshold_of(const char *text)
{
    gint64 score = cl_edit_score(text);
    return score < 0 ? 1 : score >= CL_EDIT_INFINITY ? DWORD_MAX : (guint64)score;
}

static guint64 duration_of(const ClPcmkRow *row, const char *text)
{
    guint64 milliseconds = 0;
    if (!cl_pcmk_duration(text, &milliseconds)) {
        return row->absent;
    }
    switch (row->unit) {
    case CL_PCMK_HOURS:
        return MIN(milliseconds / HOUR + (milliseconds % HOUR != 0), DWORD_MAX);
    case CL_PCMK_SECONDS:
        return MIN(milliseconds / 1000 * 1000, DWORD_MAX);
    default:
        return MIN(milliseconds, DWORD_MAX);
    }
}

static guint64 restarts_of(const char *text)
{
    guint64 threshold = threshold_of(text);
    return threshold == 0 || threshold == DWORD_MAX ? DWORD_MAX : threshold - 1;
}

guint64 cl_pcmk_unit_number(const ClPcmkRow *row, const char *text)
{
    static const char *const stays[] = {"ignore", "block", "stop", NULL};
    if (!text) {
        return row->absent;
    }
    switch (row->unit) {
    case CL_PCMK_ROLE:
        return g_ascii_strcasecmp(text, "Stopped") != 0;
    case CL_PCMK_COUNT:
        return threshold_of(text);
    case CL_PCMK_RESTARTS:
        return restarts_of(text);
    case CL_PCMK_SCORE:
        return (guint64)MAX(cl_edit_score(text), 0);
    case CL_PCMK_FAILBACK:
        return cl_edit_score(text) < CL_EDIT_INFINITY;
    case CL_PCMK_LOCKED:
        return !cl_xml_text_is_true(text);
    case CL_PCMK_ON_FAIL:
        return g_strv_contains(stays, text) ? 0 : 2;
    default:
        return duration_of(row, text);
    }
}

static char *count_text(guint64 number)
{
    return number >= CL_EDIT_INFINITY ? g_strdup("INFINITY")
                                      : g_strdup_printf("%" G_GUINT64_FORMAT, number);
}

char *cl_pcmk_unit_text(const ClPcmkRow *row, guint64 number)
{
    switch (row->unit) {
    case CL_PCMK_ROLE:
        return g_strdup(number ? "Started" : "Stopped");
    case CL_PCMK_COUNT:
    case CL_PCMK_SCORE:
        return count_text(number);
    case CL_PCMK_RESTARTS:
        return count_text(number + 1);
    case CL_PCMK_HOURS:
        return g_strdup_printf("%" G_GUINT64_FORMAT "h", number);
    case CL_PCMK_SECONDS:
        return number % 1000 == 0 ? cl_pcmk_duration_text(number) : NULL;
    case CL_PCMK_MILLISECONDS:
        return cl_pcmk_duration_text(number);
    case CL_PCMK_FAILBACK:
        return g_strdup(number ? "0" : "INFINITY");
    case CL_PCMK_LOCKED:
        return g_strdup(number ? "false" : "true");
    case CL_PCMK_ON_FAIL:
        return number == 1 ? NULL : g_strdup(number ? "restart" : "block");
    default:
        return NULL;
    }
}
