/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enum-request.h"

/* Two lists of the cluster's that are only asked for alone. */
#define ALONE ((guint32)CLUSTER_ENUM_INTERNAL_NETWORK | CLUSTER_ENUM_SHARED_VOLUME_RESOURCE)

/* The bits of each kind's ..._ENUM; of strict kinds others are mistakes, else they list nothing. */
static const struct {
    ClKind kind;
    guint32 bits;
    gboolean is_strict;
} kinds[] = {
    {CL_KIND_CLUSTER,
     ALONE | CLUSTER_ENUM_NODE | CLUSTER_ENUM_RESTYPE | CLUSTER_ENUM_RESOURCE | CLUSTER_ENUM_GROUP |
         CLUSTER_ENUM_NETWORK | CLUSTER_ENUM_NETINTERFACE | CL_ENUM_GROUPSET |
         CLUSTER_ENUM_CAPACITY_NODE | CLUSTER_ENUM_SHARED_VOLUME_GROUP,
     TRUE},
    {CL_KIND_NODE,
     CLUSTER_NODE_ENUM_NETINTERFACES | CLUSTER_NODE_ENUM_GROUPS |
         CLUSTER_NODE_ENUM_PREFERRED_GROUPS,
     FALSE},
    {CL_KIND_GROUP, CLUSTER_GROUP_ENUM_CONTAINS | CLUSTER_GROUP_ENUM_NODES, FALSE},
    {CL_KIND_RESOURCE,
     CLUSTER_RESOURCE_ENUM_DEPENDS | CLUSTER_RESOURCE_ENUM_PROVIDES | CLUSTER_RESOURCE_ENUM_NODES,
     TRUE},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_RESOURCE_TYPE_ENUM_NODES | CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES,
     FALSE},
    {CL_KIND_NETWORK, CLUSTER_NETWORK_ENUM_NETINTERFACES, FALSE},
};

static gboolean check_types(ClKind kind, guint32 types, GError **error)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(kinds) && kinds[i].kind != kind) {
        i++;
    }
    if (i == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "objects of kind %u have no lists", kind);
    }
    if (kinds[i].is_strict && types & ~kinds[i].bits) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown bits in 0x%x", types);
    }
    if (kind == CL_KIND_CLUSTER && types & ALONE && types & (types - 1)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "0x%x asks for one more than is alone",
                       types);
    }
    return TRUE;
}

static gboolean wants_all(const char *const *names)
{
    return names && names[0] && g_str_equal(names[0], "*") && !names[1];
}

static gboolean check_names(ClKind kind, const char *const *names, gboolean read_only,
                            ClHasProperty has, GError **error)
{
    for (gsize i = 0; names && names[i] && !wants_all(names); i++) {
        if (!has(kind, names[i], read_only)) {
            return cl_fail(error, ERROR_INVALID_PARAMETER, "there is no property \"%s\"", names[i]);
        }
    }
    return TRUE;
}

gboolean cl_enum_request_check(ClKind kind, const ClEnumRequest *request, ClHasProperty has,
                               GError **error)
{
    ClKind listed = request->types == CLUSTER_ENUM_GROUP ? CL_KIND_GROUP : CL_KIND_RESOURCE;
    if (!check_types(kind, request->types, error)) {
        return FALSE;
    }
    if (!request->details) {
        return TRUE;
    }
    if (request->types != CLUSTER_ENUM_GROUP && request->types != CLUSTER_ENUM_RESOURCE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "only groups and resources have details");
    }
    return check_names(listed, request->common, FALSE, has, error) &&
           check_names(listed, request->ro_common, TRUE, has, error);
}

GPtrArray *cl_enum_request_take(GPtrArray *all, const char *const *names)
{
    if (wants_all(names)) {
        return g_ptr_array_ref(all);
    }
    GPtrArray *wanted = cl_properties_new();
    for (gsize i = 0; names[i]; i++) {
        guint index;
        ClProperty *property = cl_properties_find(all, names[i]);
        if (property && g_ptr_array_find(all, property, &index)) {
            g_ptr_array_add(wanted, g_ptr_array_steal_index(all, index));
        }
    }
    return wanted;
}
