/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * rename(): another name for a group, a resource, a network, a group set or the cluster, as one
 * change. Any thread runs it.
 */
#include "embedded.h"
#include "events.h"
#include "names.h"
#include "property-list.h"
#include "schema.h"
#include "text.h"

/* What cl_names_check() lets through, and how the change is told. */
static const struct {
    ClKind kind;
    DWORD taken;
    guint64 flag;
} kinds[] = {
    {CL_KIND_GROUP, ERROR_ALREADY_EXISTS, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2},
    {CL_KIND_RESOURCE, ERROR_ALREADY_EXISTS, CLUSTER_CHANGE_RESOURCE_COMMON_PROPERTY_V2},
    {CL_KIND_NETWORK, ERROR_OBJECT_ALREADY_EXISTS, CLUSTER_CHANGE_NETWORK_COMMON_PROPERTY_V2},
    {CL_KIND_GROUPSET, ERROR_ALREADY_EXISTS, CLUSTER_CHANGE_GROUPSET_COMMON_PROPERTY_V2},
    {CL_KIND_CLUSTER, ERROR_INVALID_NAME, CLUSTER_CHANGE_CLUSTER_RENAME_V2},
};

static gboolean set_name(ClChange *change, gint64 number, const char *name, GError **error)
{
    g_autofree char *key = cl_text_fold(name);
    return cl_rows_run(cl_change_reader(change), error,
                       "UPDATE object SET name = ?, key = ? WHERE number = ?", "ssi", name, key,
                       number);
}

static gboolean emit_name(ClChange *change, ClKind kind, gint64 number, guint64 flag,
                          const char *name, GError **error)
{
    if (kind == CL_KIND_CLUSTER) {
        return cl_event_emit(change, CLUSTER_OBJECT_TYPE_CLUSTER, flag, NULL, NULL, name, NULL,
                             NULL, error);
    }
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_ptr_array_add(properties, cl_property_new_text("Name", CLUSPROP_FORMAT_SZ, name));
    g_autoptr(GBytes) data = cl_property_list_build(properties);
    return cl_event_of(change, kind, number, flag, data, error);
}

/* The longest name of a cluster with its NUL. */
static gboolean check_length(ClKind kind, const char *name, GError **error)
{
    return kind != CL_KIND_CLUSTER || cl_text_wide_length(name) <= MAX_CLUSTERNAME_LENGTH ||
           cl_fail(error, RPC_S_STRING_TOO_LONG, "the name is longer than %d",
                   MAX_CLUSTERNAME_LENGTH);
}

/* The name takes effect at once; that it is stored is all that a caller may count on, as there the
 * core Network Name resource may have to be restarted. */
static gboolean rename_object(ClChange *change, ClKind kind, gint64 number, const char *name,
                              gsize row, guint32 *ret_result, GError **error)
{
    if (kind != CL_KIND_CLUSTER &&
        !cl_embedded_check_exists(cl_change_reader(change), kind, number, error)) {
        return FALSE;
    }
    *ret_result = kind == CL_KIND_CLUSTER ? ERROR_RESOURCE_PROPERTIES_STORED : ERROR_SUCCESS;
    return check_length(kind, name, error) &&
           cl_names_check(change, kind, name, number, kinds[row].taken, error) &&
           set_name(change, number, name, error) &&
           emit_name(change, kind, number, kinds[row].flag, name, error);
}

gboolean cl_embedded_rename(ClConnection *store, const ClObject *object, const char *name,
                            const ClCall *call, guint32 *ret_result, GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    guint32 result = ERROR_SUCCESS;
    gsize i = 0;
    while (i < G_N_ELEMENTS(kinds) && kinds[i].kind != kind) {
        i++;
    }
    if (i == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not renamed",
                       kind);
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change ||
        !rename_object(change, kind, cl_embedded_number(object), name, i, &result, error) ||
        !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_result = result;
    return TRUE;
}
