/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * enumerate(): each list by the method that gives it whole.
 */
#include "client.h"

#include "property-list.h"
#include "text.h"

#include <string.h>

typedef struct {
    const ClObject *object;
    const ClEnumRequest *request;
    ClItems *items;
} Enumeration;

/* --- Lists of names ----------------------------------------------------------------------------- */

/* The rows of a list, which may be missing only when it is empty. */
static guint count(const ClNdrValue *list)
{
    return list->rows ? list->rows->len : 0;
}

static gboolean add_names(const ClNdrValue *list, ClItems *items, GError **error)
{
    for (guint i = 0; i < count(list); i++) {
        const ClNdrValue *row = list->rows->pdata[i];
        g_autofree char *name = NULL;
        if (!cl_ndr_take_text(&row[1], &name, error)) {
            return FALSE;
        }
        cl_items_add(items, (guint32)row[0].number, name, NULL);
    }
    return TRUE;
}

/* Two lists of equal length: of ids and of names. */
static gboolean add_pairs(const ClNdrValue *ids, const ClNdrValue *names, ClItems *items,
                          GError **error)
{
    if (count(ids) != count(names)) {
        return cl_fail_stub(error, "not as many ids as names");
    }
    for (guint i = 0; i < count(names); i++) {
        const ClNdrValue *id_row = ids->rows->pdata[i];
        const ClNdrValue *name_row = names->rows->pdata[i];
        g_autofree char *id = NULL;
        g_autofree char *name = NULL;
        if (id_row[0].number != name_row[0].number) {
            return cl_fail_stub(error, "an id of another sort than its name");
        }
        if (!cl_ndr_take_text(&id_row[1], &id, error) ||
            !cl_ndr_take_text(&name_row[1], &name, error)) {
            return FALSE;
        }
        cl_items_add(items, (guint32)name_row[0].number, name, id);
    }
    return TRUE;
}

static gboolean list_plain(ClRemote *remote, const ClObject *object, guint opnum, guint32 types,
                           ClItems *items, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    method.values[1].number = types;
    return cl_remote_read(remote, object, &method, error) &&
           add_names(&method.values[2], items, error);
}

static gboolean list_ex(ClRemote *remote, const ClObject *object, guint opnum, guint32 types,
                        ClItems *items, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    method.values[1].number = types;
    return cl_remote_read(remote, object, &method, error) &&
           add_pairs(&method.values[3], &method.values[4], items, error);
}

/* --- Of the cluster ----------------------------------------------------------------------------- */

static gboolean list_names(ClRemote *remote, guint32 types, ClItems *items, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateEnum);
    method.values[0].number = types;
    return cl_remote_read(remote, NULL, &method, error) &&
           add_names(&method.values[1], items, error);
}

/* What is listed is there, so that it need not be opened to find that out. */
static void remember_items(ClRemote *remote, guint64 version, const ClItems *items)
{
    static const struct {
        guint32 type;
        ClKind kind;
    } kinds[] = {{CLUSTER_ENUM_NODE, CL_KIND_NODE},
                 {CLUSTER_ENUM_GROUP, CL_KIND_GROUP},
                 {CLUSTER_ENUM_RESOURCE, CL_KIND_RESOURCE},
                 {CLUSTER_ENUM_NETWORK, CL_KIND_NETWORK},
                 {CLUSTER_ENUM_NETINTERFACE, CL_KIND_NETINTERFACE}};
    for (guint i = 0; version != 0 && i < cl_items_count(items); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
            if (cl_items_type(items, i) == kinds[k].type) {
                cl_remote_remember_listed(remote, version, kinds[k].kind, cl_items_name(items, i),
                                          cl_items_id(items, i));
            }
        }
    }
}

/* That of shared volumes is not known to the Ex form. */
static gboolean list_cluster(ClRemote *remote, guint32 types, ClItems *items, GError **error)
{
    g_autoptr(GError) failed = NULL;
    if (types == CLUSTER_ENUM_SHARED_VOLUME_RESOURCE) {
        return list_names(remote, types, items, error);
    }
    guint64 version = cl_remote_version(remote);
    if (list_ex(remote, NULL, CL_OP_CreateEnumEx, types, items, &failed)) {
        remember_items(remote, version, items);
        return TRUE;
    }
    if (cl_is_unknown_method(&failed)) {
        return list_names(remote, types, items, error);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

static gboolean list_sets(ClRemote *remote, ClItems *items, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateGroupSetEnum);
    if (!cl_remote_read(remote, NULL, &method, error)) {
        return FALSE;
    }
    for (guint i = 0; i < count(&method.values[1]); i++) {
        const ClNdrValue *row = method.values[1].rows->pdata[i];
        g_autofree char *name = NULL;
        if (!cl_ndr_take_text(&row[1], &name, error)) {
            return FALSE;
        }
        cl_items_add(items, CL_ENUM_GROUPSET, name, NULL);
    }
    return TRUE;
}

static gboolean get_interface(ClRemote *remote, const ClEnumRequest *request, ClItems *items,
                              GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetNetInterface);
    g_autofree char *name = NULL;
    cl_method_put_text(&method, 0, request->node);
    cl_method_put_text(&method, 1, request->network);
    if (!cl_remote_call(remote, &method, error) || !cl_method_take_text(&method, 2, &name, error)) {
        return FALSE;
    }
    cl_items_add(items, CLUSTER_ENUM_NETINTERFACE, name, NULL);
    return TRUE;
}

/* An empty name means any. An older server tells that of a node on a network at least. */
static gboolean list_interfaces(ClRemote *remote, const ClEnumRequest *request, ClItems *items,
                                GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateNetInterfaceEnum);
    g_autoptr(GError) failed = NULL;
    const char *node = request->node ? request->node : "";
    const char *network = request->network ? request->network : "";
    cl_method_put_text(&method, 1, node);
    cl_method_put_text(&method, 2, network);
    if (cl_remote_read(remote, NULL, &method, &failed)) {
        return add_names(&method.values[3], items, error);
    }
    if (g_error_matches(failed, CL_ERROR, RPC_S_PROCNUM_OUT_OF_RANGE) && *node && *network) {
        return get_interface(remote, request, items, error);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

/* --- With details ------------------------------------------------------------------------------- */

/* The names as a MULTI_SZ, NULL for none. */
static GBytes *build_names(const char *const *names)
{
    gsize units = 1;
    for (gsize i = 0; names && names[i]; i++) {
        units += cl_text_wide_length(names[i]) + 1;
    }
    if (units == 1) {
        return NULL;
    }
    WCHAR *wide = g_new(WCHAR, units);
    WCHAR *at = wide;
    for (gsize i = 0; names[i]; i++) {
        at = cl_text_put_wide(names[i], at);
        *at++ = 0;
    }
    *at = 0;
    return g_bytes_new_take(wide, units * sizeof *wide);
}

static gboolean take_list(const ClNdrValue *value, const char *const *wanted,
                          GPtrArray **ret_properties, GError **error)
{
    gsize size = 0;
    if (!wanted || !wanted[0]) {
        return TRUE;
    }
    if (!value->bytes) {
        *ret_properties = cl_properties_new();
        return TRUE;
    }
    const void *data = g_bytes_get_data(value->bytes, &size);
    return cl_property_list_parse(data, size, ret_properties, NULL) ||
           cl_fail_stub(error, "a property list that is none");
}

static gboolean add_group(const ClNdrValue *row, const ClEnumRequest *request, ClItems *items,
                          GError **error)
{
    g_auto(ClItemDetails)
        details = {.state = (gint32)row[2].number, .flags = (guint32)row[4].number};
    g_autofree char *name = NULL;
    g_autofree char *id = NULL;
    if (!cl_ndr_take_text(&row[0], &name, error) || !cl_ndr_take_text(&row[1], &id, error) ||
        !cl_ndr_take_text(&row[3], &details.owner_node, error) ||
        !take_list(&row[6], request->common, &details.common, error) ||
        !take_list(&row[8], request->ro_common, &details.ro_common, error)) {
        return FALSE;
    }
    cl_items_add(items, CLUSTER_ENUM_GROUP, name, id);
    cl_items_add_details(items, &details);
    return TRUE;
}

static gboolean add_resource(const ClNdrValue *row, const ClEnumRequest *request, ClItems *items,
                             GError **error)
{
    g_auto(ClItemDetails) details = {0};
    g_autofree char *name = NULL;
    g_autofree char *id = NULL;
    if (!cl_ndr_take_text(&row[0], &name, error) || !cl_ndr_take_text(&row[1], &id, error) ||
        !cl_ndr_take_text(&row[2], &details.owner_group, error) ||
        !cl_ndr_take_text(&row[3], &details.owner_group_id, error) ||
        !take_list(&row[5], request->common, &details.common, error) ||
        !take_list(&row[7], request->ro_common, &details.ro_common, error)) {
        return FALSE;
    }
    cl_items_add(items, CLUSTER_ENUM_RESOURCE, name, id);
    cl_items_add_details(items, &details);
    return TRUE;
}

static gboolean list_details(ClRemote *remote, const ClEnumRequest *request, ClItems *items,
                             GError **error)
{
    gboolean of_groups = request->types == CLUSTER_ENUM_GROUP;
    g_auto(ClMethodCall)
        method = {.opnum = of_groups ? CL_OP_CreateGroupEnum : CL_OP_CreateResourceEnum};
    g_autoptr(GBytes) common = build_names(request->common);
    g_autoptr(GBytes) ro_common = build_names(request->ro_common);
    if (!of_groups && request->types != CLUSTER_ENUM_RESOURCE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "only groups and resources have details");
    }
    cl_method_put_bytes(&method, 1, common);
    cl_method_put_bytes(&method, 3, ro_common);
    if (!cl_remote_read(remote, NULL, &method, error)) {
        return FALSE;
    }
    for (guint i = 0; i < count(&method.values[5]); i++) {
        const ClNdrValue *row = method.values[5].rows->pdata[i];
        if (!(of_groups ? add_group : add_resource)(row, request, items, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- All ---------------------------------------------------------------------------------------- */

static gboolean enumerate_cluster(ClRemote *remote, const ClEnumRequest *request, ClItems *items,
                                  GError **error)
{
    guint32 others = request->types & ~(guint32)CL_ENUM_GROUPSET;
    if (request->details) {
        return list_details(remote, request, items, error);
    }
    if (others == CLUSTER_ENUM_NETINTERFACE && (request->node || request->network)) {
        return list_interfaces(remote, request, items, error);
    }
    return ((others == 0 && request->types != 0) || list_cluster(remote, others, items, error)) &&
           (request->types == others || list_sets(remote, items, error));
}

/* Bits that are unknown are ignored, but the Ex form is strict with them. */
#define NODE_ENUM_KNOWN                                                                            \
    (CLUSTER_NODE_ENUM_NETINTERFACES | CLUSTER_NODE_ENUM_GROUPS |                                  \
     CLUSTER_NODE_ENUM_PREFERRED_GROUPS)

static gboolean enumerate_node(ClRemote *remote, const ClObject *node, guint32 types,
                               ClItems *items, GError **error)
{
    g_autoptr(GError) failed = NULL;
    guint32 known = types & NODE_ENUM_KNOWN;
    if (known != 0 && list_ex(remote, node, CL_OP_CreateNodeEnumEx, known, items, &failed)) {
        return TRUE;
    }
    if (!failed || cl_is_unknown_method(&failed)) {
        return list_plain(remote, node, CL_OP_CreateNodeEnum, types, items, error);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

static gboolean enumerate_type(ClRemote *remote, const ClObject *type, guint32 types,
                               ClItems *items, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateResTypeEnum);
    g_autofree char *name = cl_remote_name(remote->connection, type);
    cl_method_put_text(&method, 0, name);
    method.values[1].number = types;
    return cl_remote_read(remote, NULL, &method, error) &&
           add_names(&method.values[2], items, error);
}

static gboolean enumerate(ClRemote *remote, const ClObject *object, const ClEnumRequest *request,
                          ClItems *items, GError **error)
{
    switch (cl_remote_kind(object)) {
    case CL_KIND_CLUSTER:
        return enumerate_cluster(remote, request, items, error);
    case CL_KIND_NODE:
        return enumerate_node(remote, object, request->types, items, error);
    case CL_KIND_GROUP:
        return list_plain(remote, object, CL_OP_CreateGroupResourceEnum, request->types, items,
                          error);
    case CL_KIND_RESOURCE:
        return list_plain(remote, object, CL_OP_CreateResEnum, request->types, items, error);
    case CL_KIND_NETWORK:
        return list_plain(remote, object, CL_OP_CreateNetworkEnum, request->types, items, error);
    case CL_KIND_RESOURCE_TYPE:
        return enumerate_type(remote, object, request->types, items, error);
    default:
        return cl_fail(error, ERROR_INVALID_FUNCTION, "objects of kind %u have no lists",
                       cl_remote_kind(object));
    }
}

static gboolean enumerate_once(ClRemote *remote, gpointer data, GError **error)
{
    Enumeration *enumeration = data;
    g_autoptr(ClItems) items = cl_items_new();
    if (!enumerate(remote, enumeration->object, enumeration->request, items, error)) {
        return FALSE;
    }
    enumeration->items = g_steal_pointer(&items);
    return TRUE;
}

gboolean cl_remote_enumerate(ClConnection *connection, const ClObject *object,
                             const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                             GError **error)
{
    Enumeration enumeration = {object, request, NULL};
    if (!cl_remote_run(connection, call, enumerate_once, &enumeration, error)) {
        return FALSE;
    }
    *ret_items = enumeration.items;
    return TRUE;
}
