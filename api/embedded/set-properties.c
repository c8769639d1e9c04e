/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * set_properties(): validates a list of properties whole, and sets them all or none, as one change.
 * Any thread runs it.
 */
#include "embedded.h"
#include "events.h"
#include "machine.h"
#include "property-list.h"
#include "property-table.h"
#include "schema.h"
#include "security-descriptor.h"
#include "settle.h"
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

/* A list being checked. */
typedef struct {
    ClReader *reader;
    ClKind kind;
    gint64 number;
    ClPropertySet set;
    GHashTable *formats; /* of the private ones so far, by their folded names */
} Checking;

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

/* The descriptor that a property holds, in its plainest form; NULL if it holds none. */
static GBytes *descriptor_of(const ClProperty *property)
{
    gsize size = 0;
    const void *data = property->bytes ? g_bytes_get_data(property->bytes, &size) : NULL;
    return data ? cl_security_take(data, size) : NULL;
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
    if (common->source == CL_SOURCE_SECURITY) {
        g_autoptr(GBytes) taken = descriptor_of(property);
        return taken || cl_fail(error, ERROR_INVALID_SECURITY_DESCR,
                                "%s has to be a self-relative security descriptor", common->name);
    }
    return TRUE;
}

/* A name that is a common property's cannot be a private one's. */
static gboolean check_private(const Checking *checking, const ClProperty *property, GError **error)
{
    ClKind kind = checking->kind;
    gint64 format;
    gpointer before;
    g_autofree char *key = cl_text_fold(property->name);
    if (cl_common_property_find(kind, property->name)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "%s is a common property", property->name);
    }
    if (!cl_rows_one(checking->reader, error, &format, -1,
                     "SELECT p.format FROM property p WHERE p.private = 1 AND p.key = ?2 AND"
                     " (p.object = ?1 OR p.object = (SELECT type FROM resource WHERE number = ?1))"
                     " ORDER BY p.object <> ?1 LIMIT 1",
                     "is", checking->number, key)) {
        return FALSE;
    }
    /* The next of the name replaces it. */
    if (g_hash_table_lookup_extended(checking->formats, key, NULL, &before)) {
        format = GPOINTER_TO_UINT(before);
    }
    /* Only resources and their types have a schema of private ones; those of others are a bag. */
    if (format >= 0 && format != (gint64)property->format &&
        (kind == CL_KIND_RESOURCE || kind == CL_KIND_RESOURCE_TYPE)) {
        return cl_fail(error, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, "%s has another format",
                       property->name);
    }
    g_hash_table_replace(checking->formats, g_steal_pointer(&key),
                         GUINT_TO_POINTER((guint)property->format));
    return TRUE;
}

/* What the file cannot hold, and what only comes from it. */
static gboolean check_value(const ClProperty *property, GError **error)
{
    gboolean text = g_utf8_validate(property->name, -1, NULL) &&
                    (!property->text || g_utf8_validate(property->text, -1, NULL));
    for (char **one = property->texts; text && one && *one; one++) {
        text = g_utf8_validate(*one, -1, NULL);
    }
    if (!text) {
        return cl_fail(error, ERROR_NO_UNICODE_TRANSLATION, "an unpaired surrogate in a property");
    }
    if (property->name[0] == '\0') {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a property without a name");
    }
    if (size_of(property) > VALUE_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the value of %s is too long",
                       property->name);
    }
    return property->format != CLUSPROP_FORMAT_EXPANDED_SZ ||
           cl_fail(error, ERROR_INVALID_PARAMETER, "%s is given with its variables replaced",
                   property->name);
}

/* The last network for internal use stays one, and clients keep those that addresses are on. */
static gboolean check_role(ClReader *reader, gint64 network, guint64 role, GError **error)
{
    gint64 before, others, used;
    if (!cl_rows_one(reader, error, &before, 0, "SELECT role FROM network WHERE number = ?", "i",
                     network)) {
        return FALSE;
    }
    guint64 lost = (guint64)before & ~role;
    if (!cl_rows_one(reader, error, &others, 0,
                     "SELECT count(*) FROM network WHERE role IN (1, 3) AND number <> ?", "i",
                     network)) {
        return FALSE;
    }
    if ((lost & ClusterNetworkRoleInternalUse) != 0 && others == 0) {
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
    return (lost & ClusterNetworkRoleClientAccess) == 0 || used == 0 ||
           cl_fail(error, ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS, "IP addresses are on the network");
}

/* The value that a number will have: of the list, else stored, else the default. */
static gboolean effective(ClReader *reader, gint64 resource, const char *name,
                          const GPtrArray *properties, guint64 *ret_number, GError **error)
{
    g_autofree char *key = cl_text_fold(name);
    gint64 stored;
    for (guint i = properties->len; i > 0; i--) {
        const ClProperty *property = properties->pdata[i - 1];
        if (cl_text_equal(property->name, name)) {
            *ret_number = property->number;
            return TRUE;
        }
    }
    if (!cl_rows_one(reader, error, &stored,
                     (gint64)cl_common_property_find(CL_KIND_RESOURCE, name)->number,
                     "SELECT value FROM property WHERE object = ? AND private = 0 AND key = ?",
                     "is", resource, key)) {
        return FALSE;
    }
    *ret_number = (guint64)stored;
    return TRUE;
}

/* What failed for good is not tried again while restarts are still counted. */
static gboolean check_periods(ClReader *reader, gint64 resource, const GPtrArray *properties,
                              GError **error)
{
    guint64 restart, retry;
    if (!cl_properties_find(properties, "RestartPeriod") &&
        !cl_properties_find(properties, "RetryPeriodOnFailure")) {
        return TRUE;
    }
    return effective(reader, resource, "RestartPeriod", properties, &restart, error) &&
           effective(reader, resource, "RetryPeriodOnFailure", properties, &retry, error) &&
           (retry >= restart || cl_fail(error, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS,
                                        "RetryPeriodOnFailure is shorter than RestartPeriod"));
}

static gboolean check_one(const Checking *checking, const ClProperty *property, GError **error)
{
    if (!check_value(property, error)) {
        return FALSE;
    }
    if (checking->set != CL_PROPERTIES_COMMON) {
        return check_private(checking, property, error);
    }
    return check_common(checking->kind, property, error) &&
           (checking->kind != CL_KIND_NETWORK || !cl_text_equal(property->name, "Role") ||
            check_role(checking->reader, checking->number, property->number, error));
}

/* All of the list, before any of it is stored; needs no right to change anything. */
static gboolean check_all(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                          const GPtrArray *properties, GError **error)
{
    g_autoptr(GHashTable) formats = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const Checking checking = {reader, kind, number, set, formats};
    if (kind != CL_KIND_CLUSTER && !cl_embedded_check_exists(reader, kind, number, error)) {
        return FALSE;
    }
    for (guint i = 0; i < properties->len; i++) {
        if (!check_one(&checking, properties->pdata[i], error)) {
            return FALSE;
        }
    }
    return kind != CL_KIND_RESOURCE || set != CL_PROPERTIES_COMMON ||
           check_periods(reader, number, properties, error);
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
    if (common->source == CL_SOURCE_SECURITY) {
        g_autoptr(GBytes) taken = descriptor_of(property);
        g_autoptr(ClProperty) plain = cl_property_new_bytes(common->name, common->format, taken);
        return store_value(reader, number, CL_PROPERTIES_COMMON, plain, error);
    }
    return store_value(reader, number, CL_PROPERTIES_COMMON, property, error);
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

/* What the private properties of resources and their types are is not told. */
static gboolean emit(ClChange *change, ClKind kind, gint64 number, ClPropertySet set,
                     const GPtrArray *properties, GError **error)
{
    gboolean is_told =
        set == CL_PROPERTIES_COMMON || (kind != CL_KIND_RESOURCE && kind != CL_KIND_RESOURCE_TYPE);
    gsize i = 0;
    while (flags[i].kind != kind) {
        i++;
    }
    g_autoptr(GBytes) data = is_told ? cl_property_list_build(properties) : NULL;
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
    if (!check_all(reader, kind, number, set, properties, error)) {
        return FALSE;
    }
    for (guint i = 0; i < properties->len; i++) {
        const ClProperty *property = properties->pdata[i];
        if (!(set == CL_PROPERTIES_COMMON ? store_common(reader, kind, number, property, error)
                                          : store_value(reader, number, set, property, error))) {
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

static gboolean validate(ClConnection *store, const ClObject *object, ClPropertySet set,
                         const GPtrArray *properties, const ClCall *call, GError **error)
{
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    return reader && cl_reader_begin(reader, error) &&
           check_all(reader, cl_embedded_kind(object), cl_embedded_number(object), set, properties,
                     error);
}

static gboolean set(ClConnection *store, const ClObject *object, ClPropertySet which,
                    const GPtrArray *properties, const ClCall *call, guint32 *ret_result,
                    GError **error)
{
    g_autoptr(ClChange) change = cl_change_begin(store, call, error);
    return change &&
           cl_properties_set(change, cl_embedded_kind(object), cl_embedded_number(object), which,
                             properties, ret_result, error) &&
           /* What was set may be what others waited for. */
           cl_machine_advance(change, error) && cl_change_commit(change, error);
}

gboolean cl_embedded_set_properties(ClConnection *store, const ClObject *object,
                                    ClPropertySet which, const GPtrArray *properties,
                                    gboolean only_validate, const ClCall *call, guint32 *ret_result,
                                    GError **error)
{
    guint32 result = ERROR_SUCCESS;
    if (which != CL_PROPERTIES_COMMON && which != CL_PROPERTIES_PRIVATE) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a set that cannot be written");
    }
    if (!(only_validate ? validate(store, object, which, properties, call, error)
                        : set(store, object, which, properties, call, &result, error))) {
        return FALSE;
    }
    *ret_result = result;
    return TRUE;
}
