/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "difference.h"

#include "attributes.h"
#include "event.h"
#include "pacemaker.h"
#include "xml.h"

/* Telling in progress. */
typedef struct {
    const ClPcmkModel *before, *after;
    ClNotify notify;
    gpointer data;
} Teller;

#define EVENT(TYPE, flag) CLUSTER_OBJECT_TYPE_##TYPE, CLUSTER_CHANGE_##TYPE##_##flag##_V2

/* --- Telling -------------------------------------------------------------------------------------- */

static const char *id_of(const ClPcmkNode *node)
{
    return node ? node->object.id : "";
}

/* A group's parent is its owner, a resource's its group, an interface's its node. */
static const char *parent_of(const ClPcmkObject *object)
{
    switch (object->kind) {
    case CL_KIND_GROUP:
        return id_of(((const ClPcmkGroup *)object)->node);
    case CL_KIND_RESOURCE:
        return ((const ClPcmkResource *)object)->group->object.id;
    case CL_KIND_NETINTERFACE:
        return id_of(((const ClPcmkInterface *)object)->node);
    default:
        return "";
    }
}

static void tell_as(const Teller *teller, guint32 object_type, guint64 flag, const char *id,
                    const char *parent_id, const char *name, const char *type, GBytes *data)
{
    ClEvent event = {.object_type = object_type,
                     .filter_flag = flag,
                     .sequence = teller->after->number,
                     .id = id,
                     .parent_id = parent_id,
                     .name = name,
                     .type = type,
                     .data = data};
    teller->notify(&event, teller->data);
    g_clear_pointer(&data, g_bytes_unref);
}

/* Takes the data. Resource types have no id. */
static void tell(const Teller *teller, guint32 object_type, guint64 flag,
                 const ClPcmkObject *object, GBytes *data)
{
    tell_as(teller, object_type, flag, object->kind == CL_KIND_RESOURCE_TYPE ? "" : object->id,
            parent_of(object), object->name,
            object->kind == CL_KIND_RESOURCE ? ((const ClPcmkResource *)object)->type : "", data);
}

static void tell_cluster(const Teller *teller, guint64 flag, const char *name, GBytes *data)
{
    tell_as(teller, CLUSTER_OBJECT_TYPE_CLUSTER, flag, "", "", name, "", data);
}

static GBytes *ids(const GPtrArray *objects)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    for (guint i = 0; i < objects->len; i++) {
        g_ptr_array_add(texts, ((const ClPcmkObject *)objects->pdata[i])->id);
    }
    g_ptr_array_add(texts, NULL);
    return cl_event_texts((const char *const *)texts->pdata);
}

/* --- What changed ------------------------------------------------------------------------------- */

static gboolean same_ids(const GPtrArray *a, const GPtrArray *b)
{
    if (a->len != b->len) {
        return FALSE;
    }
    for (guint i = 0; i < a->len; i++) {
        const ClPcmkObject *left = a->pdata[i];
        const ClPcmkObject *right = b->pdata[i];
        if (!g_str_equal(left->id, right->id)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* What is in a group is told of by itself. */
static gboolean same_settings(const ClPcmkObject *a, const ClPcmkObject *b)
{
    static const char *const members[] = {"primitive", "group", NULL};
    return g_str_equal(a->name, b->name) && cl_xml_equal(a->element, b->element, members);
}

/* Two flags, since one element holds both sets of properties. */
static void tell_settings(const Teller *teller, guint32 object_type, guint64 common,
                          guint64 private, const ClPcmkObject *before, const ClPcmkObject *after)
{
    if (!same_settings(before, after)) {
        tell(teller, object_type, common, after, cl_event_no_properties());
        tell(teller, object_type, private, after, cl_event_no_properties());
    }
}

#define SETTINGS(TYPE, prefix, before, after)                                                      \
    tell_settings(teller, CLUSTER_OBJECT_TYPE_##TYPE,                                              \
                  CLUSTER_CHANGE_##prefix##_COMMON_PROPERTY_V2,                                    \
                  CLUSTER_CHANGE_##prefix##_PRIVATE_PROPERTY_V2, before, after)

static void compare_node(const Teller *teller, const ClPcmkObject *before,
                         const ClPcmkObject *after)
{
    if (before->state != after->state) {
        tell(teller, EVENT(NODE, STATE), after, cl_event_number((guint32)after->state));
    }
    SETTINGS(NODE, NODE, before, after);
}

static void tell_moved(const Teller *teller, const ClPcmkGroup *before, const ClPcmkGroup *after)
{
    const char *to = id_of(after->node);
    if (g_strcmp0(id_of(before->node), to) == 0) {
        return;
    }
    if (before->node) {
        tell(teller, EVENT(NODE, GROUP_LOST), &before->node->object,
             cl_event_text(after->object.id));
    }
    if (after->node) {
        tell(teller, EVENT(NODE, GROUP_GAINED), &after->node->object,
             cl_event_text(after->object.id));
    }
    tell(teller, EVENT(GROUP, OWNER_NODE), &after->object, cl_event_text(to));
}

static void compare_group(const Teller *teller, const ClPcmkObject *before,
                          const ClPcmkObject *after)
{
    const ClPcmkGroup *old = (const ClPcmkGroup *)before;
    const ClPcmkGroup *new = (const ClPcmkGroup *)after;
    tell_moved(teller, old, new);
    if (before->state != after->state) {
        tell(teller, EVENT(GROUP, STATE), after, cl_event_number((guint32)after->state));
    }
    if (!same_ids(old->preferred, new->preferred)) {
        tell(teller, EVENT(GROUP, PREFERRED_OWNERS), after, ids(new->preferred));
    }
    SETTINGS(GROUP, GROUP, before, after);
    if (!same_ids(old->providers, new->providers)) {
        tell(teller, EVENT(GROUP, COMMON_PROPERTY), after, cl_event_no_properties());
    }
}

static gboolean is_in(const GPtrArray *list, const ClPcmkObject *object)
{
    for (guint i = 0; i < list->len; i++) {
        if (g_str_equal(((const ClPcmkObject *)list->pdata[i])->id, object->id)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The other ends of the dependencies that came or went. */
static void tell_dependents(const Teller *teller, const ClPcmkResource *before,
                            const ClPcmkResource *after)
{
    for (guint i = 0; i < after->providers->len; i++) {
        const ClPcmkObject *provider = after->providers->pdata[i];
        if (!before || !is_in(before->providers, provider)) {
            tell(teller, EVENT(RESOURCE, DEPENDENTS), provider, NULL);
        }
    }
    for (guint i = 0; before && i < before->providers->len; i++) {
        const ClPcmkObject *provider = before->providers->pdata[i];
        const ClPcmkObject *left =
            cl_pcmk_model_find_id(teller->after, CL_KIND_RESOURCE, provider->id);
        if (left && !is_in(after->providers, provider)) {
            tell(teller, EVENT(RESOURCE, DEPENDENTS), left, NULL);
        }
    }
}

static void tell_dependencies(const Teller *teller, const ClPcmkResource *before,
                              const ClPcmkResource *after)
{
    if (!same_ids(before->providers, after->providers)) {
        g_autofree char *expression = cl_pcmk_expression(after->providers);
        tell(teller, EVENT(RESOURCE, DEPENDENCIES), &after->object, cl_event_text(expression));
        tell_dependents(teller, before, after);
    }
}

/* Not of a group that is gone, too. */
static void tell_lost(const Teller *teller, const ClPcmkObject *group, const ClPcmkObject *resource)
{
    const ClPcmkObject *left = cl_pcmk_model_find_id(teller->after, CL_KIND_GROUP, group->id);
    if (left) {
        tell(teller, EVENT(GROUP, RESOURCE_LOST), left, cl_event_text(resource->id));
    }
}

static void tell_regrouped(const Teller *teller, const ClPcmkResource *before,
                           const ClPcmkResource *after)
{
    const ClPcmkObject *from = &before->group->object;
    const ClPcmkObject *to = &after->group->object;
    if (g_str_equal(from->id, to->id)) {
        return;
    }
    tell_lost(teller, from, &after->object);
    tell(teller, EVENT(GROUP, RESOURCE_GAINED), to, cl_event_text(after->object.id));
    tell(teller, EVENT(RESOURCE, OWNER_GROUP), &after->object, cl_event_text(to->id));
}

/* What was pending in between may not have been seen. */
static gboolean is_terminal(gint state)
{
    return state == ClusterResourceOnline || state == ClusterResourceOffline ||
           state == ClusterResourceFailed;
}

static void tell_resource_state(const Teller *teller, const ClPcmkObject *resource)
{
    guint32 state = (guint32)resource->state;
    tell(teller, EVENT(RESOURCE, STATE), resource, cl_event_number(state));
    if (is_terminal(resource->state)) {
        tell(teller, EVENT(RESOURCE, TERMINAL_STATE), resource, cl_event_number(state));
    }
}

static void compare_resource(const Teller *teller, const ClPcmkObject *before,
                             const ClPcmkObject *after)
{
    const ClPcmkResource *old = (const ClPcmkResource *)before;
    const ClPcmkResource *new = (const ClPcmkResource *)after;
    tell_regrouped(teller, old, new);
    if (before->state != after->state) {
        tell_resource_state(teller, after);
    }
    tell_dependencies(teller, old, new);
    if (!same_ids(old->possible, new->possible)) {
        tell(teller, EVENT(RESOURCE, POSSIBLE_OWNERS), after, ids(new->possible));
    }
    SETTINGS(RESOURCE, RESOURCE, before, after);
}

static void compare_network(const Teller *teller, const ClPcmkObject *before,
                            const ClPcmkObject *after)
{
    const ClPcmkNetwork *old = (const ClPcmkNetwork *)before;
    const ClPcmkNetwork *new = (const ClPcmkNetwork *)after;
    if (before->state != after->state) {
        tell(teller, EVENT(NETWORK, STATE), after, cl_event_number((guint32)after->state));
    }
    if (g_strcmp0(old->address, new->address) != 0 || old->prefix != new->prefix) {
        tell(teller, EVENT(NETWORK, COMMON_PROPERTY), after, cl_event_no_properties());
    }
}

static void compare_interface(const Teller *teller, const ClPcmkObject *before,
                              const ClPcmkObject *after)
{
    const ClPcmkInterface *old = (const ClPcmkInterface *)before;
    const ClPcmkInterface *new = (const ClPcmkInterface *)after;
    if (before->state != after->state) {
        tell(teller, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_STATE_V2,
             after, cl_event_number((guint32)after->state));
    }
    if (g_strcmp0(old->address, new->address) != 0) {
        tell(teller, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
             CLUSTER_CHANGE_NETINTERFACE_COMMON_PROPERTY_V2, after, cl_event_no_properties());
    }
}

static void compare_type(const Teller *teller, const ClPcmkObject *before,
                         const ClPcmkObject *after)
{
    (void)teller, (void)before, (void)after;
}

/* --- What came and went ------------------------------------------------------------------------- */

static void tell_added(const Teller *teller, const ClPcmkObject *object)
{
    switch (object->kind) {
    case CL_KIND_NODE:
        tell(teller, EVENT(CLUSTER, NODE_ADDED), object, cl_event_number((guint32)object->state));
        break;
    case CL_KIND_GROUP:
        tell(teller, EVENT(CLUSTER, GROUP_ADDED), object, cl_event_number(ClusGroupTypeUnknown));
        break;
    case CL_KIND_RESOURCE:
        tell(teller, EVENT(GROUP, RESOURCE_GAINED),
             &((const ClPcmkResource *)object)->group->object, cl_event_text(object->id));
        tell_as(teller, EVENT(GROUP, RESOURCE_ADDED), object->id,
                id_of(((const ClPcmkResource *)object)->group->node), object->name, "",
                cl_event_text(parent_of(object)));
        tell_dependents(teller, NULL, (const ClPcmkResource *)object);
        break;
    case CL_KIND_RESOURCE_TYPE:
        tell(teller, EVENT(CLUSTER, RESOURCE_TYPE_ADDED), object, NULL);
        break;
    case CL_KIND_NETWORK:
        tell(teller, EVENT(CLUSTER, NETWORK_ADDED), object, NULL);
        break;
    default:
        tell(teller, EVENT(NODE, NETINTERFACE_ADDED), object, cl_event_text(parent_of(object)));
        break;
    }
}

static void tell_deleted(const Teller *teller, const ClPcmkObject *object)
{
    switch (object->kind) {
    case CL_KIND_NODE:
        tell(teller, EVENT(NODE, DELETED), object, cl_event_number((guint32)object->state));
        break;
    case CL_KIND_GROUP:
        tell(teller, EVENT(GROUP, DELETED), object, NULL);
        break;
    case CL_KIND_RESOURCE:
        tell(teller, EVENT(RESOURCE, DELETED), object, cl_event_text(parent_of(object)));
        tell_lost(teller, &((const ClPcmkResource *)object)->group->object, object);
        break;
    case CL_KIND_RESOURCE_TYPE:
        tell(teller, EVENT(RESOURCE_TYPE, DELETED), object, NULL);
        break;
    case CL_KIND_NETWORK:
        tell(teller, EVENT(NETWORK, DELETED), object, NULL);
        break;
    default:
        tell(teller, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE, CLUSTER_CHANGE_NETINTERFACE_DELETED_V2,
             object, NULL);
        break;
    }
}

/* Nodes before what is on them, groups before what is in them. */
static const struct {
    ClKind kind;
    void (*compare)(const Teller *teller, const ClPcmkObject *before, const ClPcmkObject *after);
} kinds[] = {
    {CL_KIND_NETWORK, compare_network},
    {CL_KIND_NODE, compare_node},
    {CL_KIND_NETINTERFACE, compare_interface},
    {CL_KIND_RESOURCE_TYPE, compare_type},
    {CL_KIND_GROUP, compare_group},
    {CL_KIND_RESOURCE, compare_resource},
};

static void compare_kind(const Teller *teller, gsize index)
{
    ClKind kind = kinds[index].kind;
    const GPtrArray *objects = cl_pcmk_model_all(teller->after, kind);
    for (guint i = 0; i < objects->len; i++) {
        const ClPcmkObject *object = objects->pdata[i];
        const ClPcmkObject *former = cl_pcmk_model_find_id(teller->before, kind, object->id);
        if (former) {
            kinds[index].compare(teller, former, object);
        } else {
            tell_added(teller, object);
        }
    }
}

static void tell_gone(const Teller *teller, ClKind kind)
{
    const GPtrArray *objects = cl_pcmk_model_all(teller->before, kind);
    for (guint i = 0; i < objects->len; i++) {
        const ClPcmkObject *object = objects->pdata[i];
        if (!cl_pcmk_model_find_id(teller->after, kind, object->id)) {
            tell_deleted(teller, object);
        }
    }
}

/* What sets of our own keep is none. */
static gboolean same_options(const ClPcmkModel *before, const ClPcmkModel *after)
{
    g_autoptr(GArray) a = cl_pcmk_pairs(
        cl_xml_at(xmlDocGetRootElement(before->cib), "configuration/crm_config"), CL_PCMK_CONFIG);
    g_autoptr(GArray) b = cl_pcmk_pairs(
        cl_xml_at(xmlDocGetRootElement(after->cib), "configuration/crm_config"), CL_PCMK_CONFIG);
    return cl_pcmk_pairs_equal(a, b);
}

/* Which it is, and its vote. */
static gboolean same_witness(const ClPcmkModel *before, const ClPcmkModel *after)
{
    return g_str_equal(before->witness, after->witness) &&
           before->corosync->device_votes == after->corosync->device_votes;
}

static void compare_cluster(const Teller *teller)
{
    const ClPcmkModel *before = teller->before;
    const ClPcmkModel *after = teller->after;
    if (before->connected != after->connected) {
        tell_cluster(teller,
                     after->connected ? CLUSTER_CHANGE_CLUSTER_RECONNECT_V2
                                      : CLUSTER_CHANGE_CLUSTER_STATE_V2,
                     "", NULL);
    }
    if (g_strcmp0(before->name, after->name) != 0) {
        tell_cluster(teller, CLUSTER_CHANGE_CLUSTER_RENAME_V2, after->name, NULL);
    }
    if (g_strcmp0(before->version, after->version) != 0) {
        tell_cluster(teller, CLUSTER_CHANGE_CLUSTER_UPGRADED_V2, "", NULL);
    }
    gboolean same = same_options(before, after);
    if (!same || !same_witness(before, after)) {
        tell_cluster(teller, CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2, "",
                     cl_event_no_properties());
    }
    if (!same) {
        tell_cluster(teller, CLUSTER_CHANGE_CLUSTER_PRIVATE_PROPERTY_V2, "",
                     cl_event_no_properties());
    }
    if (before->witness_state != after->witness_state) {
        tell_as(teller, EVENT(QUORUM, STATE), "", "", after->witness, "",
                cl_event_number((guint32)after->witness_state));
    }
}

void cl_pcmk_differences(const ClPcmkModel *before, const ClPcmkModel *after, ClNotify notify,
                         gpointer data)
{
    const Teller teller = {before, after, notify, data};
    compare_cluster(&teller);
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        compare_kind(&teller, i);
    }
    for (gsize i = G_N_ELEMENTS(kinds); i > 0; i--) {
        tell_gone(&teller, kinds[i - 1].kind);
    }
    cl_pcmk_registry_differences(before, after, notify, data);
}
