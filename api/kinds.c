/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kinds.h"

#define OF_EVERY_OBJECT (CL_FACT_NAME | CL_FACT_ID | CL_FACT_FLAGS | CL_FACT_CHARACTERISTICS)

static const struct {
    ClKind kind;
    guint32 facts;
} known_facts[] = {
    {CL_KIND_CLUSTER, CL_FACT_NAME | CL_FACT_ID | CL_FACT_VERSION | CL_FACT_QUORUM | CL_FACT_FQDN |
                          CL_FACT_LOCAL_NODE},
    {CL_KIND_NODE, OF_EVERY_OBJECT | CL_FACT_STATE},
    {CL_KIND_GROUP, OF_EVERY_OBJECT | CL_FACT_STATE | CL_FACT_TYPE | CL_FACT_DEPENDENCY_EXPRESSION |
                        CL_FACT_STATE_CHANGE_TIME},
    {CL_KIND_RESOURCE, OF_EVERY_OBJECT | CL_FACT_STATE | CL_FACT_TYPE | CL_FACT_CLASS |
                           CL_FACT_DEPENDENCY_EXPRESSION | CL_FACT_NETWORK_NAME |
                           CL_FACT_REQUIRED_DEPENDENCIES | CL_FACT_STATE_CHANGE_TIME},
    {CL_KIND_RESOURCE_TYPE, OF_EVERY_OBJECT | CL_FACT_CLASS | CL_FACT_REQUIRED_DEPENDENCIES},
    {CL_KIND_NETWORK, OF_EVERY_OBJECT | CL_FACT_STATE},
    {CL_KIND_NETINTERFACE, OF_EVERY_OBJECT | CL_FACT_STATE | CL_FACT_PLACE},
    {CL_KIND_GROUPSET, OF_EVERY_OBJECT | CL_FACT_DEPENDENCY_EXPRESSION},
    {CL_KIND_KEY, CL_FACT_NAME | CL_FACT_KEY},
};

gboolean cl_kind_check_facts(ClKind kind, guint32 wanted, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(known_facts); i++) {
        if (known_facts[i].kind == kind && !(wanted & ~known_facts[i].facts)) {
            return TRUE;
        }
    }
    return cl_fail(error, ERROR_INVALID_FUNCTION, "objects of kind %u have no such fact", kind);
}

static const struct {
    ClKind kind;
    DWORD missing, gone;
} codes[] = {
    {CL_KIND_NODE, ERROR_CLUSTER_NODE_NOT_FOUND, ERROR_NODE_NOT_AVAILABLE},
    {CL_KIND_GROUP, ERROR_GROUP_NOT_FOUND, ERROR_GROUP_NOT_AVAILABLE},
    {CL_KIND_RESOURCE, ERROR_RESOURCE_NOT_FOUND, ERROR_RESOURCE_NOT_AVAILABLE},
    {CL_KIND_RESOURCE_TYPE, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND,
     ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND},
    {CL_KIND_NETWORK, ERROR_CLUSTER_NETWORK_NOT_FOUND, ERROR_NETWORK_NOT_AVAILABLE},
    {CL_KIND_NETINTERFACE, ERROR_CLUSTER_NETINTERFACE_NOT_FOUND,
     ERROR_CLUSTER_NETINTERFACE_NOT_FOUND},
    {CL_KIND_GROUPSET, ERROR_GROUPSET_NOT_FOUND, ERROR_GROUPSET_NOT_AVAILABLE},
    {CL_KIND_KEY, ERROR_FILE_NOT_FOUND, ERROR_KEY_DELETED},
};

static gsize index_of(ClKind kind)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(codes) && codes[i].kind != kind) {
        i++;
    }
    return i;
}

gboolean cl_kind_is_opened(ClKind kind)
{
    return index_of(kind) < G_N_ELEMENTS(codes) && kind != CL_KIND_KEY;
}

DWORD cl_kind_missing(ClKind kind)
{
    gsize i = index_of(kind);
    return i < G_N_ELEMENTS(codes) ? codes[i].missing : 0;
}

DWORD cl_kind_gone(ClKind kind)
{
    gsize i = index_of(kind);
    return i < G_N_ELEMENTS(codes) ? codes[i].gone : 0;
}

gboolean cl_kind_fail_missing(ClKind kind, const char *name, GError **error)
{
    return cl_fail(error, cl_kind_missing(kind), "there is no \"%s\"", name);
}

gboolean cl_kind_fail_gone(ClKind kind, GError **error)
{
    return cl_fail(error, cl_kind_gone(kind), "the object was deleted");
}
