/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * enumerate(): what the cluster or one object has, as a list. The list belongs to the caller; any
 * thread runs it, with a reader of its own, and each list shows one moment.
 */
#include "embedded.h"
#include "enum-request.h"
#include "settle.h"
#include "property-table.h"

/* One bit of a kind's ..._ENUM. */
typedef struct {
    ClKind kind;
    guint32 bit;
    ClSql sql; /* CL_SQL_N: always empty */
} List;

/* Of one kind in the order in which a list of several has them. */
static const List lists[] = {
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NODE, CL_SQL_ALL_NODES},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_RESTYPE, CL_SQL_ALL_RESOURCE_TYPES},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_RESOURCE, CL_SQL_ALL_RESOURCES},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_GROUP, CL_SQL_ALL_GROUPS},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NETWORK, CL_SQL_ALL_NETWORKS},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_NETINTERFACE, CL_SQL_ALL_NETINTERFACES},
    {CL_KIND_CLUSTER, CL_ENUM_GROUPSET, CL_SQL_ALL_GROUP_SETS},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_CAPACITY_NODE, CL_SQL_N},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_SHARED_VOLUME_GROUP, CL_SQL_N},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_SHARED_VOLUME_RESOURCE, CL_SQL_N},
    {CL_KIND_CLUSTER, CLUSTER_ENUM_INTERNAL_NETWORK, CL_SQL_INTERNAL_NETWORKS},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_NETINTERFACES, CL_SQL_NETINTERFACES_OF_NODE},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_GROUPS, CL_SQL_GROUPS_OF_NODE},
    {CL_KIND_NODE, CLUSTER_NODE_ENUM_PREFERRED_GROUPS, CL_SQL_PREFERRED_GROUPS_OF_NODE},
    {CL_KIND_GROUP, CLUSTER_GROUP_ENUM_CONTAINS, CL_SQL_RESOURCES_OF_GROUP},
    {CL_KIND_GROUP, CLUSTER_GROUP_ENUM_NODES, CL_SQL_NODES_OF_GROUP},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_DEPENDS, CL_SQL_PROVIDERS_OF_RESOURCE},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_PROVIDES, CL_SQL_DEPENDENTS_OF_RESOURCE},
    {CL_KIND_RESOURCE, CLUSTER_RESOURCE_ENUM_NODES, CL_SQL_NODES_OF_RESOURCE},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_RESOURCE_TYPE_ENUM_NODES, CL_SQL_NODES_OF_TYPE},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES, CL_SQL_RESOURCES_OF_TYPE},
    {CL_KIND_NETWORK, CLUSTER_NETWORK_ENUM_NETINTERFACES, CL_SQL_NETINTERFACES_OF_NETWORK},
};

/* --- Details of groups and resources ---------------------------------------------------------- */

static gboolean has_property(ClKind kind, const char *name, gboolean read_only)
{
    const ClCommonProperty *property = cl_common_property_find(kind, name);
    return property && property->read_only == read_only;
}

/* The properties of @set that @names wants; NULL when it wants none. */
static gboolean read_wanted(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                            const char *const *names, GPtrArray **ret_wanted, GError **error)
{
    if (!names || !names[0]) {
        *ret_wanted = NULL;
        return TRUE;
    }
    g_autoptr(GPtrArray) all = NULL;
    if (!cl_properties_read(reader, kind, number, set, &all, error)) {
        return FALSE;
    }
    *ret_wanted = cl_enum_request_take(all, names);
    return TRUE;
}

/* Gives the item that was added last what the request wants of it, from the row and beyond. */
static gboolean add_details(ClRows *rows, const ClEnumRequest *request, ClItems *items,
                            GError **error)
{
    ClKind kind = request->types == CLUSTER_ENUM_GROUP ? CL_KIND_GROUP : CL_KIND_RESOURCE;
    gint64 number = cl_rows_number(rows, 2, 1, G_MAXINT64);
    g_auto(ClItemDetails) details = {.flags = (guint32)cl_rows_number(rows, 3, 0, G_MAXUINT32)};
    if (kind == CL_KIND_RESOURCE) {
        details.owner_group_id = g_strdup(cl_rows_text(rows, 4));
    }
    if (!cl_state_read(rows->reader, kind, number, &details.state, &details.owner_node,
                       &details.owner_group, error) ||
        !read_wanted(rows->reader, kind, number, CL_PROPERTIES_COMMON, request->common,
                     &details.common, error) ||
        !read_wanted(rows->reader, kind, number, CL_PROPERTIES_RO_COMMON, request->ro_common,
                     &details.ro_common, error)) {
        return FALSE;
    }
    if (kind == CL_KIND_RESOURCE) {
        g_clear_pointer(&details.owner_node, g_free);
    }
    cl_items_add_details(items, &details);
    return TRUE;
}

/* --- Lists ------------------------------------------------------------------------------------ */

static gboolean add_rows(ClRows *rows, guint32 bit, const ClEnumRequest *request, ClItems *items,
                         GError **error)
{
    gboolean ok = TRUE;
    while (ok && cl_rows_next(rows)) {
        cl_items_add(items, bit, cl_rows_text(rows, 0), cl_rows_text(rows, 1));
        ok = !request->details || add_details(rows, request, items, error);
    }
    return cl_rows_end(rows, ok ? error : NULL) && ok;
}

/* The number of the node or network named, 0 for any. */
static gboolean find_place(ClReader *reader, ClKind kind, const char *name, gint64 *ret_number,
                           GError **error)
{
    *ret_number = 0;
    return !name || !name[0] || cl_embedded_find(reader, kind, name, ret_number, error);
}

static gboolean add_netinterfaces_at(ClReader *reader, const ClEnumRequest *request, ClItems *items,
                                     GError **error)
{
    gint64 node, network;
    if (!find_place(reader, CL_KIND_NODE, request->node, &node, error) ||
        !find_place(reader, CL_KIND_NETWORK, request->network, &network, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_of(reader, CL_SQL_NETINTERFACES_AT, node);
    cl_rows_bind_number(&rows, 2, network);
    return add_rows(&rows, CLUSTER_ENUM_NETINTERFACE, request, items, error);
}

static gboolean add_list(ClReader *reader, const List *list, gint64 number,
                         const ClEnumRequest *request, ClItems *items, GError **error)
{
    if (list->sql == CL_SQL_N) {
        return TRUE;
    }
    if (list->sql == CL_SQL_ALL_NETINTERFACES && (request->node || request->network)) {
        return add_netinterfaces_at(reader, request, items, error);
    }
    ClRows rows = list->kind == CL_KIND_CLUSTER ? cl_rows_begin(reader, list->sql)
                                                : cl_rows_of(reader, list->sql, number);
    return add_rows(&rows, list->bit, request, items, error);
}

static gboolean add_lists(ClReader *reader, const ClObject *object, const ClEnumRequest *request,
                          ClItems *items, GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    gint64 number = cl_embedded_number(object);
    if (!cl_reader_begin(reader, error) || !cl_embedded_check_exists(reader, kind, number, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (lists[i].kind == kind && lists[i].bit & request->types &&
            !add_list(reader, &lists[i], number, request, items, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean cl_embedded_enumerate(ClConnection *store, const ClObject *object,
                               const ClEnumRequest *request, const ClCall *call,
                               ClItems **ret_items, GError **error)
{
    if (!cl_enum_request_check(cl_embedded_kind(object), request, has_property, error)) {
        return FALSE;
    }
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    if (!reader) {
        return FALSE;
    }
    g_autoptr(ClItems) items = cl_items_new();
    if (!add_lists(reader, object, request, items, error)) {
        return FALSE;
    }
    *ret_items = g_steal_pointer(&items);
    return TRUE;
}
