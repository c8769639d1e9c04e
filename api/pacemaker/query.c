/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * query(): facts about the cluster or one object, from the newest model. Never waits.
 */
#include "pacemaker.h"

#include <string.h>

#include "kinds.h"

/* --- The cluster ---------------------------------------------------------------------------------- */

/* "2.1.5-a3f44794f94": the third number is the build, all of it is told too. */
static void tell_version(const ClPcmkModel *model, ClFacts *facts)
{
    g_auto(GStrv) parts = g_strsplit_set(model->version, ".-", 4);
    guint n = g_strv_length(parts);
    facts->version.major = n > 0 ? (guint16)g_ascii_strtoull(parts[0], NULL, 10) : 0;
    facts->version.minor = n > 1 ? (guint16)g_ascii_strtoull(parts[1], NULL, 10) : 0;
    facts->version.build = n > 2 ? (guint16)g_ascii_strtoull(parts[2], NULL, 10) : 0;
    facts->version.vendor = g_strdup("Pacemaker");
    facts->version.csd = g_strdup(model->version);
    facts->version.highest = CLUSTER_MAKE_VERSION(NT12_MAJOR_VERSION, 0);
    facts->version.lowest = CLUSTER_MAKE_VERSION(NT12_MAJOR_VERSION, 0);
}

/* How a majority of nodes with a disk or a witness is told. */
#define MAJORITY_AND_MORE 0x400

/* A quorum device is a witness, which has a name alone. */
static void tell_quorum(const ClPcmkModel *model, ClFacts *facts)
{
    facts->quorum.resource = g_strdup(model->witness);
    facts->quorum.device = g_strdup("");
    facts->quorum.max_log_size = *model->witness != '\0' ? MAJORITY_AND_MORE : 0;
}

static gboolean tell_cluster(const ClPcmkModel *model, guint32 wanted, ClFacts *facts,
                             GError **error)
{
    if (wanted & CL_FACT_LOCAL_NODE && !model->local) {
        return cl_fail(error, ERROR_CLUSTER_LOCAL_NODE_NOT_FOUND, "this host is no node");
    }
    if (wanted & CL_FACT_LOCAL_NODE) {
        facts->node = g_strdup(model->local->object.name);
    }
    if (wanted & CL_FACT_NAME) {
        facts->name = g_strdup(model->name);
    }
    if (wanted & CL_FACT_ID) {
        facts->id = g_strdup(model->id);
    }
    if (wanted & CL_FACT_FQDN) {
        facts->fqdn = g_strdup(model->name);
    }
    if (wanted & CL_FACT_VERSION) {
        tell_version(model, facts);
    }
    if (wanted & CL_FACT_QUORUM) {
        tell_quorum(model, facts);
    }
    return TRUE;
}

/* --- Objects ------------------------------------------------------------------------------------- */

/* As the grammar wants it: brackets around the first of several clauses. */
char *cl_pcmk_expression(const GPtrArray *providers)
{
    GString *expression = g_string_new(NULL);
    for (guint i = 0; i < providers->len; i++) {
        const ClPcmkObject *provider = providers->pdata[i];
        gboolean bracketed = i == 0 && providers->len > 1;
        g_string_append_printf(expression, "%s%s[%s]%s", i > 0 ? " and " : "", bracketed ? "(" : "",
                               provider->id, bracketed ? ")" : "");
    }
    return g_string_free(expression, FALSE);
}

static char *name_of_node(const ClPcmkNode *node)
{
    return g_strdup(node ? node->object.name : "");
}

static void tell_group(const ClPcmkGroup *group, guint32 wanted, ClFacts *facts)
{
    if (wanted & CL_FACT_STATE) {
        facts->owner_node = name_of_node(group->node);
    }
    if (wanted & CL_FACT_TYPE) {
        facts->group_type = ClusGroupTypeUnknown;
    }
    if (wanted & CL_FACT_DEPENDENCY_EXPRESSION) {
        facts->dependency_expression = cl_pcmk_expression(group->providers);
    }
    for (guint i = 0; wanted & CL_FACT_STATE_CHANGE_TIME && i < group->resources->len; i++) {
        const ClPcmkResource *resource = group->resources->pdata[i];
        facts->state_change_time = MAX(facts->state_change_time, resource->changed);
    }
}

static gboolean tell_resource(const ClPcmkResource *resource, guint32 wanted, ClFacts *facts,
                              GError **error)
{
    if (wanted & CL_FACT_NETWORK_NAME) {
        return cl_fail(error, ERROR_DEPENDENCY_NOT_FOUND, "Pacemaker has no network names");
    }
    if (wanted & CL_FACT_STATE) {
        facts->owner_node = name_of_node(resource->node);
        facts->owner_group = g_strdup(resource->group->object.name);
    }
    if (wanted & CL_FACT_TYPE) {
        facts->type = g_strdup(resource->type);
    }
    if (wanted & CL_FACT_DEPENDENCY_EXPRESSION) {
        facts->dependency_expression = cl_pcmk_expression(resource->providers);
    }
    if (wanted & CL_FACT_STATE_CHANGE_TIME) {
        facts->state_change_time = resource->changed;
    }
    return TRUE;
}

static gboolean tell_object(const ClPcmkObject *object, guint32 wanted, ClFacts *facts,
                            GError **error)
{
    if (wanted & CL_FACT_NAME) {
        facts->name = g_strdup(object->name);
    }
    if (wanted & CL_FACT_ID) {
        facts->id = g_strdup(object->id);
    }
    if (wanted & CL_FACT_STATE) {
        facts->state = object->state;
    }
    if (wanted & CL_FACT_PLACE) {
        const ClPcmkInterface *interface = (const ClPcmkInterface *)object;
        facts->node = g_strdup(interface->node->object.name);
        facts->network = g_strdup(interface->network->object.name);
    }
    if (object->kind == CL_KIND_GROUP) {
        tell_group((const ClPcmkGroup *)object, wanted, facts);
    }
    return object->kind != CL_KIND_RESOURCE ||
           tell_resource((const ClPcmkResource *)object, wanted, facts, error);
}

gboolean cl_pcmk_query(ClConnection *connection, const ClObject *object, guint32 facts,
                       const ClCall *call, ClFacts *ret_facts, GError **error)
{
    (void)call;
    ClKind kind = cl_pcmk_kind(object);
    const ClPcmkObject *found;
    if (kind == CL_KIND_KEY) {
        return cl_pcmk_registry_query(connection, object, facts, ret_facts, error);
    }
    if (!cl_kind_check_facts(kind, facts, error)) {
        return FALSE;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, object, &found, error);
    if (!model) {
        return FALSE;
    }
    ClFacts told = {0};
    if (!(kind == CL_KIND_CLUSTER ? tell_cluster(model, facts, &told, error)
                                  : tell_object(found, facts, &told, error))) {
        cl_facts_clear(&told);
        return FALSE;
    }
    *ret_facts = told;
    return TRUE;
}
