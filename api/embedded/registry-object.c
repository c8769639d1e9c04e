/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the keys of an object show of it: its key the common properties, the key Parameters below
 * the private ones, which are set and deleted there, too. Runs with a reader, or within a change.
 */
#include "events.h"
#include "registry.h"
#include "schema.h"
#include "text.h"

#include <string.h>

static gboolean add_set(ClReader *reader, const ClPlace *place, ClPropertySet set,
                        GPtrArray *replies, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if (!cl_properties_read(reader, place->kind, place->object, set, &properties, error)) {
        return FALSE;
    }
    cl_registry_add_properties(properties, replies);
    return TRUE;
}

/* What the cluster is known by, whatever its name. */
static gboolean add_instance(ClReader *reader, GPtrArray *replies, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    if (!cl_properties_read(reader, CL_KIND_CLUSTER, CL_SCHEMA_CLUSTER, CL_PROPERTIES_RO_COMMON,
                            &properties, error)) {
        return FALSE;
    }
    g_ptr_array_add(one, (gpointer)cl_properties_find(properties, CL_REGISTRY_INSTANCE));
    cl_registry_add_properties(one, replies);
    return TRUE;
}

gboolean cl_registry_object_values(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                   GError **error)
{
    g_autoptr(GPtrArray) own = NULL;
    switch (place->type) {
    case CL_PLACE_OBJECT:
        return add_set(reader, place, CL_PROPERTIES_RO_COMMON, replies, error) &&
               add_set(reader, place, CL_PROPERTIES_COMMON, replies, error);
    case CL_PLACE_PARAMETERS:
        /* What a resource has from its type is not stored with it, and so not shown. */
        if (!cl_properties_read_own(reader, place->object, &own, error)) {
            return FALSE;
        }
        cl_registry_add_properties(own, replies);
        return TRUE;
    case CL_PLACE_ROOT:
        return add_instance(reader, replies, error);
    default:
        return TRUE;
    }
}

gboolean cl_registry_set_property(ClChange *change, const ClPlace *place,
                                  const ClRegistryCommand *command, GError **error)
{
    guint32 result;
    g_autoptr(GPtrArray) own = NULL;
    g_autoptr(GPtrArray) list = cl_properties_new();
    if (!cl_properties_read_own(cl_change_reader(change), place->object, &own, error)) {
        return FALSE;
    }
    ClProperty *property =
        cl_registry_property_of(command, cl_properties_find(own, command->value));
    if (!property) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no property can have this value");
    }
    g_ptr_array_add(list, property);
    return cl_properties_set(change, place->kind, place->object, CL_PROPERTIES_PRIVATE, list,
                             &result, error);
}

gboolean cl_registry_unset_property(ClChange *change, const ClPlace *place, const char *name,
                                    gboolean *ret_was_there, GError **error)
{
    return cl_properties_unset(change, place->kind, place->object, name, ret_was_there, error);
}
