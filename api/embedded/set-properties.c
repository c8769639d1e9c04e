/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * set_properties(): validates a list of properties whole, and sets them all or none, as one change.
 * Any thread runs it.
 */
#include "embedded.h"
#include "events.h"
#include "property-list.h"
#include "property-table.h"
#include "schema.h"
#include "text.h"
#include <string.h>

/* The longest value, in bytes. */
#define VALUE_MAX (2 * 1024 * 1024)

/* Values that are columns of a table. */
static const struct {
    ClKind kind;
    const char *name;
    const char *sql;
} columns[] = {
    {CL_KIND_GROUP, "PersistentState",
     "UPDATE resource_group SET persistent_state = ? WHERE number = ?"},
    {CL_KIND_RESOURCE, "PersistentState",
     "UPDATE resource SET persistent_state = ? WHERE number = ?"},
    {CL_KIND_RESOURCE, "SeparateMonitor",
     "UPDATE resource SET separate_monitor = ? WHERE number = ?"},
    {CL_KIND_NETWORK, "Role", "UPDATE network SET role = ? WHERE number = ?"},
};

static const char *column_of(ClKind kind, const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        if (columns[i].kind == kind && cl_text_equal(columns[i].name, name)) {
            return columns[i].sql;
        }
    }
    return NULL;
}

/* --- Validating ------------------------------------------------------------------------------- */

static gboolean is_number(CLUSTER_PROPERTY_FORMAT format)
{
    switch (format) {
    case CLUSPROP_FORMAT_DWORD:
    case CLUSPROP_FORMAT_WORD:
    case CLUSPROP_FORMAT_LONG:
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
    case CLUSPROP_FORMAT_LARGE_INTEGER:
    case CLUSPROP_FORMAT_FILETIME:
        return TRUE;
    default:
        return FALSE;
    }
}

static gsize size_of(const ClProperty *property)
{
    gsize size = property->text ? strlen(property->text) : 0;
    for (char **text = property->texts; text && *text; text++) {
        size += strlen(*text) + 1;
    }
    return size + (property->bytes ? g_bytes_get_size(property->bytes) : 0);
}

/* A default that lies outside of the range may be set, too: it takes a setting back. */
static gboolean is_in_range(const ClCommonProperty *common, guint64 number)
{
    return (number >= common->min && number <= common->max) || number == common->number;
}

static gboolean check_common(ClKind kind, const ClProperty *property, GError **error)
{
    const ClCommonProperty *common = cl_common_property_find(kind, property->name);
    if (!common) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "there is no property %s", property->name);
    }
    if (common->read_only) {
        return cl_fail(error, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE, "%s cannot be set",
                       common->name);
    }
    if (common->format != property->format) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s has another format",
                       common->name);
    }
    if (is_number(common->format) && !is_in_range(common, property->number)) {
        return cl_fail(error, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS, "%s is out of range",
                       common->name);
    }
    return TRUE;
}

/* A name that is a common property's cannot be a private one's. */
static gboolean check_private(ClReader *reader, ClKind kind, gint64 number,
                              const ClProperty *property, GError **error)
{
    gint64 format;
    g_autofree char *key = cl_text_fold(property->name);
    if (cl_common_property_find(kind, property->name)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s is a common property", property->name);
    }
    if (!cl_rows_one(reader, error, &format, -1,
                     "SELECT p.format FROM property p WHERE p.private = 1 AND p.key = ?2 AND"
                     " (p.object = ?1 OR p.object = (SELECT type FROM resource WHERE number = ?1))"
                     " ORDER BY p.object <> ?1 LIMIT 1",
                     "is", number, key)) {
        return FALSE;
    }
    /* Only resources and their types have a schema of private ones; those of others are a bag. */
    if (format >= 0 && format != (gint64)property->format &&
        (kind == CL_KIND_RESOURCE || kind == CL_KIND_RESOURCE_TYPE)) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s has another format",
                       property->name);
    }
    return TRUE;
}

static gboolean check_one(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                          const ClProperty *property, GError **error)
{
    if (property->name[0] == '\0') {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a property without a name");
    }
    if (size_of(property) > VALUE_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the value of %s is too long",
                       property->name);
    }
    return set == CL_PROPERTIES_COMMON ? check_common(kind, property, error)
                                       : check_private(reader, kind, number, property, error);
}

/* --- What a value entails --------------------------------------------------------------------- */

/* The last network for internal use stays one, and clients keep those that addresses are on. */
static gboolean check_role(ClReader *reader, gint64 network, guint64 role, GError **error)
{
    gint64 others, used;
    if (!cl_rows_one(reader, error, &others, 0,
                     "SELECT count(*) FROM network WHERE role IN (1, 3) AND number <> ?", "i",
                     network)) {
        return FALSE;
    }
    if ((role & ClusterNetworkRoleInternalUse) == 0 && others == 0) {
        return cl_fail(error, ERROR_CLUSTER_LAST_INTERNAL_NETWORK,
                       "it is the last network for internal use");
    }
    if (!cl_rows_one(reader, error, &used, 0,
                     "SELECT count(*) FROM resource r JOIN resource_type t ON t.number = r.type"
                     " AND t.class = 2 JOIN property p ON p.object = r.number AND p.private = 1"
                     " AND p.key = 'network' AND typeof(p.value) = 'text' JOIN object o"
                     " ON o.number = ? AND p.value IN (o.name, o.id)",
                     "i", network)) {
        return FALSE;
    }
    return (role & ClusterNetworkRoleClientAccess) != 0 || used == 0 ||
           cl_fail(error, ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS, "IP addresses are on the network");
}

/* --- Storing ---------------------------------------------------------------------------------- */

/* A MULTI_SZ as the file has it: a NUL after each string. */
static GBytes *pack_texts(const ClProperty *property)
{
    GByteArray *bytes = g_byte_array_new();
    for (char **text = property->texts; text && *text; text++) {
        g_byte_array_append(bytes, (const guint8 *)*text, (guint)strlen(*text) + 1);
    }
    return g_byte_array_free_to_bytes(bytes);
}

static gboolean store_value(ClReader *reader, gint64 number, ClPropertySet set,
                            const ClProperty *property, GError **error)
{
    g_autofree char *key = cl_text_fold(property->name);
    gint64 private = set == CL_PROPERTIES_PRIVATE;
    gint64 format = (gint64)property->format;
    static const char sql[] = "INSERT OR REPLACE INTO property (object, private, key, name, format,"
                              " value) VALUES (?, ?, ?, ?, ?, ?)";
    if (is_number(property->format)) {
        return cl_rows_run(reader, error, sql, "iissii", number, private, key, property->name,
                           format, (gint64)property->number);
    }
    if (property->format == CLUSPROP_FORMAT_SZ || property->format == CLUSPROP_FORMAT_EXPAND_SZ) {
        return cl_rows_run(reader, error, sql, "iissis", number, private, key, property->name,
                           format, property->text ? property->text : "");
    }
    g_autoptr(GBytes) empty = g_bytes_new(NULL, 0);
    g_autoptr(GBytes) packed =
        property->format == CLUSPROP_FORMAT_MULTI_SZ ? pack_texts(property) : NULL;
    GBytes *bytes = packed ? packed : property->bytes ? property->bytes : empty;
    return cl_rows_run(reader, error, sql, "iissib", number, private, key, property->name, format,
                       bytes);
}

/* A metric that was chosen is not made automatically. */
static gboolean store_common(ClReader *reader, ClKind kind, gint64 number,
                             const ClProperty *property, GError **error)
{
    const ClCommonProperty *common = cl_common_property_find(kind, property->name);
    const char *column = column_of(kind, common->name);
    if (column) {
        return cl_rows_run(reader, error, column, "ii", (gint64)property->number, number);
    }
    if (kind == CL_KIND_NETWORK && strcmp(common->name, "Metric") == 0) {
        g_autoptr(ClProperty) off = cl_property_new_number("AutoMetric", CLUSPROP_FORMAT_DWORD, 0);
        if (!store_value(reader, number, CL_PROPERTIES_COMMON, off, error)) {
            return FALSE;
        }
    }
    return store_value(reader, number, CL_PROPERTIES_COMMON, property, error);
}

static gboolean set_one(ClChange *change, ClKind kind, gint64 number, ClPropertySet set,
                        const ClProperty *property, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    if (!check_one(reader, kind, number, set, property, error)) {
        return FALSE;
    }
    if (kind == CL_KIND_NETWORK && set == CL_PROPERTIES_COMMON &&
        cl_text_equal(property->name, "Role") &&
        !check_role(reader, number, property->number, error)) {
        return FALSE;
    }
    return set == CL_PROPERTIES_COMMON ? store_common(reader, kind, number, property, error)
                                       : store_value(reader, number, set, property, error);
}

static const struct {
    ClKind kind;
    guint64 common, private;
} flags[] = {
    {CL_KIND_CLUSTER, CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_CLUSTER_PRIVATE_PROPERTY_V2},
    {CL_KIND_GROUP, CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2},
    {CL_KIND_RESOURCE, CLUSTER_CHANGE_RESOURCE_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_RESOURCE_PRIVATE_PROPERTY_V2},
    {CL_KIND_RESOURCE_TYPE, CLUSTER_CHANGE_RESOURCE_TYPE_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_RESOURCE_TYPE_PRIVATE_PROPERTY_V2},
    {CL_KIND_NODE, CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2, CLUSTER_CHANGE_NODE_PRIVATE_PROPERTY_V2},
    {CL_KIND_NETWORK, CLUSTER_CHANGE_NETWORK_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_NETWORK_PRIVATE_PROPERTY_V2},
    {CL_KIND_NETINTERFACE, CLUSTER_CHANGE_NETINTERFACE_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_NETINTERFACE_PRIVATE_PROPERTY_V2},
    {CL_KIND_GROUPSET, CLUSTER_CHANGE_GROUPSET_COMMON_PROPERTY_V2,
     CLUSTER_CHANGE_GROUPSET_PRIVATE_PROPERTY_V2},
};

static gboolean emit(ClChange *change, ClKind kind, gint64 number, ClPropertySet set,
                     const GPtrArray *properties, GError **error)
{
    gsize i = 0;
    while (flags[i].kind != kind) {
        i++;
    }
    g_autoptr(GBytes) data = cl_property_list_build(properties);
    return cl_event_of(change, kind, number,
                       set == CL_PROPERTIES_COMMON ? flags[i].common : flags[i].private, data,
                       error);
}

/* Private properties of a resource that runs take effect when it is brought online again. */
static gboolean result_of(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                          guint32 *ret_result, GError **error)
{
    gint64 state = ClusterResourceOffline;
    if (kind == CL_KIND_RESOURCE && set == CL_PROPERTIES_PRIVATE &&
        !cl_rows_one(reader, error, &state, ClusterResourceOffline,
                     "SELECT state FROM resource WHERE number = ?", "i", number)) {
        return FALSE;
    }
    gboolean runs = state == ClusterResourceOnline || state == ClusterResourceOnlinePending;
    *ret_result = runs ? ERROR_RESOURCE_PROPERTIES_STORED : ERROR_SUCCESS;
    return TRUE;
}

gboolean cl_properties_set(ClChange *change, ClKind kind, gint64 number, ClPropertySet set,
                           const GPtrArray *properties, guint32 *ret_result, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    if (kind != CL_KIND_CLUSTER && !cl_embedded_check_exists(reader, kind, number, error)) {
        return FALSE;
    }
    for (guint i = 0; i < properties->len; i++) {
        if (!set_one(change, kind, number, set, properties->pdata[i], error)) {
            return FALSE;
        }
    }
    return result_of(reader, kind, number, set, ret_result, error) &&
           (properties->len == 0 || emit(change, kind, number, set, properties, error));
}

gboolean cl_properties_unset(ClChange *change, ClKind kind, gint64 number, const char *name,
                             gboolean *ret_was_there, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    g_autofree char *key = cl_text_fold(name);
    g_autoptr(GPtrArray) none = cl_properties_new();
    if (!cl_rows_run(reader, error,
                     "DELETE FROM property WHERE object = ? AND private = 1 AND key = ?", "is",
                     number, key)) {
        return FALSE;
    }
    *ret_was_there = cl_reader_changes(reader) > 0;
    return !*ret_was_there || emit(change, kind, number, CL_PROPERTIES_PRIVATE, none, error);
}

gboolean cl_embedded_set_properties(ClConnection *store, const ClObject *object, ClPropertySet set,
                                    const GPtrArray *properties, gboolean only_validate,
                                    const ClCall *call, guint32 *ret_result, GError **error)
{
    guint32 result = ERROR_SUCCESS;
    if (set != CL_PROPERTIES_COMMON && set != CL_PROPERTIES_PRIVATE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a set that cannot be written");
    }
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    if (!change || !cl_properties_set(change, cl_embedded_kind(object), cl_embedded_number(object),
                                      set, properties, &result, error)) {
        return FALSE;
    }
    /* What was only to be validated is undone. */
    if (!only_validate && !cl_change_commit(change, error)) {
        return FALSE;
    }
    *ret_result = only_validate ? ERROR_SUCCESS : result;
    return TRUE;
}
