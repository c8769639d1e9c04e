/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The property list that the Ex functions take: what resources of a type are to do, by the name of
 * the type. All types understand what virtual machines do. Runs within a change, on its thread.
 */
#include "act-machine.h"
#include "property-list.h"

/* The values that have a meaning, when something goes offline. */
enum {
    TURN_OFF = 0,
    SAVE = 1,
    SHUT_DOWN = 2,
    FORCE_SHUT_DOWN = 3,
    MIGRATE = 4
};

gboolean cl_act_read_input(const ClAct *act, GPtrArray **ret_properties, GError **error)
{
    gsize size = 0;
    gconstpointer data = act->action->in ? g_bytes_get_data(act->action->in, &size) : NULL;
    if (size == 0) {
        *ret_properties = cl_properties_new();
        return TRUE;
    }
    return cl_property_list_parse(data, size, ret_properties, error);
}

/* What is addressed to other types is for nobody. */
static gboolean find_value(const ClAct *act, const GPtrArray *properties, gint64 resource,
                           const ClProperty **ret_value, GError **error)
{
    ClRows rows = cl_rows_query(act->reader,
                                "SELECT t.name FROM resource r JOIN object t ON t.number = r.type"
                                " WHERE r.number = ?",
                                "i", resource);
    *ret_value =
        cl_rows_next(&rows) ? cl_properties_find(properties, cl_rows_text(&rows, 0)) : NULL;
    return cl_rows_end(&rows, error);
}

gboolean cl_act_take_input(const ClAct *act, const GPtrArray *properties, gint64 resource,
                           guint32 *ret_flags, GError **error)
{
    const ClProperty *value = NULL;
    *ret_flags = 0;
    if (properties->len > 0 && !find_value(act, properties, resource, &value, error)) {
        return FALSE;
    }
    if (!value || act->action->verb == CL_ACT_ONLINE) {
        return TRUE;
    }
    if (value->format != CLUSPROP_FORMAT_DWORD) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s is no DWORD",
                       value->name);
    }
    switch (value->number) {
    case TURN_OFF:
    case FORCE_SHUT_DOWN:
        *ret_flags = CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION;
        return TRUE;
    case SAVE:
    case SHUT_DOWN:
        return TRUE;
    case MIGRATE:
        return cl_fail(error, ERROR_NOT_SUPPORTED, "resources do not move while they are online");
    default:
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s cannot be %" G_GUINT64_FORMAT,
                       value->name, value->number);
    }
}
