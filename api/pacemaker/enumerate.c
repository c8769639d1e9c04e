/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * enumerate(): what the cluster or one object has, as a list, from one model. Never waits.
 */
#include "pacemaker.h"

#include "enum-request.h"
#include "kinds.h"

/* Adds what one bit of a kind's ..._ENUM lists. */
typedef void (*Add)(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list);

static void add_all(GPtrArray *list, const GPtrArray *objects)
{
    for (guint i = 0; objects && i < objects->len; i++) {
        g_ptr_array_add(list, objects->pdata[i]);
    }
}

static void add_nodes(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->nodes);
}

static void add_types(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->types);
}

static void add_resources(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->resources);
}

static void add_groups(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->groups);
}

static void add_networks(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->networks);
}

static void add_interfaces(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->interfaces);
}

static void add_none(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)model, (void)object, (void)list;
}

static void add_interfaces_of_node(const ClPcmkModel *model, const ClPcmkObject *object,
                                   GPtrArray *list)
{
    for (guint i = 0; i < model->interfaces->len; i++) {
        ClPcmkInterface *interface = model->interfaces->pdata[i];
        if (&interface->node->object == object) {
            g_ptr_array_add(list, interface);
        }
    }
}

static void add_groups_of_node(const ClPcmkModel *model, const ClPcmkObject *object,
                               GPtrArray *list)
{
    for (guint i = 0; i < model->groups->len; i++) {
        ClPcmkGroup *group = model->groups->pdata[i];
        if (group->node && &group->node->object == object) {
            g_ptr_array_add(list, group);
        }
    }
}

static void add_preferring_groups(const ClPcmkModel *model, const ClPcmkObject *object,
                                  GPtrArray *list)
{
    for (guint i = 0; i < model->groups->len; i++) {
        ClPcmkGroup *group = model->groups->pdata[i];
        if (g_ptr_array_find(group->preferred, object, NULL)) {
            g_ptr_array_add(list, group);
        }
    }
}

static void add_resources_of_group(const ClPcmkModel *model, const ClPcmkObject *object,
                                   GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkGroup *)object)->resources);
}

static void add_preferred_owners(const ClPcmkModel *model, const ClPcmkObject *object,
                                 GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkGroup *)object)->preferred);
}

static void add_providers(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkResource *)object)->providers);
}

static void add_dependents(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    for (guint i = 0; i < model->resources->len; i++) {
        ClPcmkResource *resource = model->resources->pdata[i];
        if (g_ptr_array_find(resource->providers, object, NULL)) {
            g_ptr_array_add(list, resource);
        }
    }
}

static void add_possible_owners(const ClPcmkModel *model, const ClPcmkObject *object,
                                GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkResource *)object)->possible);
}

/* Which agents the other nodes have is told by nothing. */
static void add_nodes_of_type(const ClPcmkModel *model, const ClPcmkObject *object, GPtrArray *list)
{
    (void)object;
    add_all(list, model->nodes);
}

static void add_resources_of_type(const ClPcmkModel *model, const ClPcmkObject *object,
                                  GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkType *)object)->resources);
}

static void add_interfaces_of_network(const ClPcmkModel *model, const ClPcmkObject *object,
                                      GPtrArray *list)
{
    (void)model;
    add_all(list, ((const ClPcmkNetwork *)object)->interfaces);
}

typedef struct {
    ClKind kind;
    guint32 bit;
    Add add;
} List;

/* Of one kind in the order in which a list of several has them. */
static const List lists[] = {
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NODE, add_nodes},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_RESTYPE, add_types},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_RESOURCE, add_resources},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_GROUP, add_groups},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NETWORK, add_networks},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NETINTERFACE, add_interfaces},
    {CL_KIND_CLUSTER, CL_ENUM_GROUPSET, add_none},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_CAPACITY_NODE, add_none},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_SHARED_VOLUME_GROUP, add_none},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_SHARED_VOLUME_RESOURCE, add_none},
    /* Every link carries Corosync's own traffic. */
    {CL_KIND_CLUSTER, CLUSTER_ENUM_INTERNAL_NETWORK, add_networks},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_NETINTERFACES, add_interfaces_of_node},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_GROUPS, add_groups_of_node},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_PREFERRED_GROUPS, add_preferring_groups},
    {CL_KIND_GROUP, CLUSTER_GROUP_ENUM_CONTAINS, add_resources_of_group},
    {CL_KIND_GROUP, CLUSTER_GROUP_ENUM_NODES, add_preferred_owners},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_DEPENDS, add_providers},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_PROVIDES, add_dependents},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_NODES, add_possible_owners},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_RESOURCE_TYPE_ENUM_NODES, add_nodes_of_type},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES, add_resources_of_type},
    {CL_KIND_NETWORK, CLUSTER_NETWORK_ENUM_NETINTERFACES, add_interfaces_of_network},
};

/* --- Details of groups and resources ------------------------------------------------------------ */

/* The properties of a set that are wanted; NULL when none are. */
static GPtrArray *wanted_of(const ClPcmkModel *model, const ClPcmkObject *object, ClPropertySet set,
                            const char *const *names)
{
    if (!names || !names[0]) {
        return NULL;
    }
    g_autoptr(GPtrArray) all = cl_pcmk_common_properties(model, object, set);
    return cl_enum_request_take(all, names);
}

static void add_details(const ClPcmkModel *model, const ClPcmkObject *object,
                        const ClEnumRequest *request, ClItems *items)
{
    g_auto(ClItemDetails) details = {.state = object->state};
    if (object->kind == CL_KIND_GROUP) {
        const ClPcmkGroup *group = (const ClPcmkGroup *)object;
        details.owner_node = g_strdup(group->node ? group->node->object.name : "");
    } else {
        const ClPcmkResource *resource = (const ClPcmkResource *)object;
        details.owner_group = g_strdup(resource->group->object.name);
        details.owner_group_id = g_strdup(resource->group->object.id);
    }
    details.common = wanted_of(model, object, CL_PROPERTIES_COMMON, request->common);
    details.ro_common = wanted_of(model, object, CL_PROPERTIES_RO_COMMON, request->ro_common);
    cl_items_add_details(items, &details);
}

/* --- Lists -------------------------------------------------------------------------------------- */

/* The node or network that the list of interfaces is cut down to. */
static gboolean find_place(const ClPcmkModel *model, ClKind kind, const char *name,
                           const ClPcmkObject **ret_place, GError **error)
{
    *ret_place = name && name[0] ? cl_pcmk_model_find(model, kind, name) : NULL;
    return !name || !name[0] || *ret_place || cl_kind_fail_missing(kind, name, error);
}

static gboolean is_at(const ClPcmkObject *object, const ClPcmkObject *node,
                      const ClPcmkObject *network)
{
    const ClPcmkInterface *interface = (const ClPcmkInterface *)object;
    return object->kind != CL_KIND_NETINTERFACE ||
           ((!node || &interface->node->object == node) &&
            (!network || &interface->network->object == network));
}

static gboolean add_list(const ClPcmkModel *model, const List *list, const ClPcmkObject *object,
                         const ClEnumRequest *request, ClItems *items, GError **error)
{
    g_autoptr(GPtrArray) objects = g_ptr_array_new();
    const ClPcmkObject *node, *network;
    if (!find_place(model, CL_KIND_NODE, request->node, &node, error) ||
        !find_place(model, CL_KIND_NETWORK, request->network, &network, error)) {
        return FALSE;
    }
    list->add(model, object, objects);
    for (guint i = 0; i < objects->len; i++) {
        const ClPcmkObject *item = objects->pdata[i];
        if (is_at(item, node, network)) {
            gboolean has_id = item->kind != CL_KIND_RESOURCE_TYPE;
            cl_items_add(items, list->bit, item->name, has_id ? item->id : "");
            if (request->details) {
                add_details(model, item, request, items);
            }
        }
    }
    return TRUE;
}

gboolean cl_pcmk_enumerate(ClConnection *connection, const ClObject *object,
                           const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                           GError **error)
{
    (void)call;
    ClKind kind = cl_pcmk_kind(object);
    const ClPcmkObject *found;
    if (!cl_enum_request_check(kind, request, cl_pcmk_property_exists, error)) {
        return FALSE;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_look(connection, object, &found, error);
    g_autoptr(ClItems) items = cl_items_new();
    for (gsize i = 0; model && i < G_N_ELEMENTS(lists); i++) {
        if (lists[i].kind == kind && lists[i].bit & request->types &&
            !add_list(model, &lists[i], found, request, items, error)) {
            return FALSE;
        }
    }
    if (model) {
        *ret_items = g_steal_pointer(&items);
    }
    return model != NULL;
}
