/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * properties(): the common properties of property-table.c and the private ones that were stored.
 * The list belongs to the caller; any thread runs it, with a reader of its own.
 */
#include "embedded.h"
#include "settle.h"
#include "property-table.h"
#include "schema.h"
#include "security-descriptor.h"
#include <string.h>

/* --- Stored values ---------------------------------------------------------------------------- */

/* A MULTI_SZ as the file has it: a NUL after each string. */
static char **unpack_texts(ClRows *rows, const char *packed, gsize size)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    const char *end = packed + size;
    if (size > 0 && end[-1] != '\0') {
        cl_rows_damaged(rows);
        return NULL;
    }
    for (const char *at = packed; at < end; at += strlen(at) + 1) {
        if (!g_utf8_validate(at, -1, NULL)) {
            cl_rows_damaged(rows);
            return NULL;
        }
        g_strv_builder_add(builder, at);
    }
    return g_strv_builder_end(builder);
}

static ClProperty *stored_blob(ClRows *rows, const char *name, CLUSTER_PROPERTY_FORMAT format)
{
    if (sqlite3_column_type(rows->statement, 2) != SQLITE_BLOB) {
        cl_rows_damaged(rows);
        return NULL;
    }
    const char *data = sqlite3_column_blob(rows->statement, 2);
    gsize size = (gsize)sqlite3_column_bytes(rows->statement, 2);
    if (format != CLUSPROP_FORMAT_MULTI_SZ) {
        g_autoptr(GBytes) bytes = g_bytes_new(data, size);
        return cl_property_new_bytes(name, format, bytes);
    }
    g_auto(GStrv) texts = unpack_texts(rows, data, size);
    return texts ? cl_property_new_texts(name, (const char *const *)texts) : NULL;
}

/* The property in a row of name, format, value; NULL if it is damaged. */
static ClProperty *stored_property(ClRows *rows)
{
    g_autofree char *name = g_strdup(cl_rows_text(rows, 0));
    CLUSTER_PROPERTY_FORMAT format =
        (CLUSTER_PROPERTY_FORMAT)cl_rows_number(rows, 1, 0, G_MAXUINT16);
    switch (format) {
    case CLUSPROP_FORMAT_DWORD:
        return cl_property_new_number(name, format,
                                      (guint64)cl_rows_number(rows, 2, 0, G_MAXUINT32));
    case CLUSPROP_FORMAT_WORD:
        return cl_property_new_number(name, format,
                                      (guint64)cl_rows_number(rows, 2, 0, G_MAXUINT16));
    case CLUSPROP_FORMAT_LONG:
        return cl_property_new_number(name, format,
                                      (guint64)cl_rows_number(rows, 2, G_MININT32, G_MAXINT32));
    case CLUSPROP_FORMAT_ULARGE_INTEGER:
    case CLUSPROP_FORMAT_LARGE_INTEGER:
    case CLUSPROP_FORMAT_FILETIME:
        return cl_property_new_number(name, format,
                                      (guint64)cl_rows_number(rows, 2, G_MININT64, G_MAXINT64));
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
        return cl_property_new_text(name, format, cl_rows_text(rows, 2));
    default:
        return stored_blob(rows, name, format);
    }
}

static gboolean read_stored(ClRows *rows, GPtrArray **ret_properties, GError **error)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    while (cl_rows_next(rows)) {
        ClProperty *property = stored_property(rows);
        if (property) {
            g_ptr_array_add(properties, property);
        }
    }
    if (!cl_rows_end(rows, error)) {
        return FALSE;
    }
    *ret_properties = g_steal_pointer(&properties);
    return TRUE;
}

/* --- Addresses -------------------------------------------------------------------------------- */

/* The addresses of a network or interface as its properties have them. */
typedef struct {
    GStrvBuilder *ipv4, *ipv4_prefixes, *ipv6, *ipv6_prefixes;
    char *first;
    char *mask; /* of the first IPv4 address */
} Addresses;

static void addresses_clear(Addresses *addresses)
{
    g_clear_pointer(&addresses->ipv4, g_strv_builder_unref);
    g_clear_pointer(&addresses->ipv4_prefixes, g_strv_builder_unref);
    g_clear_pointer(&addresses->ipv6, g_strv_builder_unref);
    g_clear_pointer(&addresses->ipv6_prefixes, g_strv_builder_unref);
    g_free(addresses->first);
    g_free(addresses->mask);
}

static char *mask_of(guint prefix)
{
    guint32 mask = prefix == 0 ? 0 : G_MAXUINT32 << (32 - MIN(prefix, 32));
    return g_strdup_printf("%u.%u.%u.%u", mask >> 24, mask >> 16 & 255, mask >> 8 & 255,
                           mask & 255);
}

static void add_address(Addresses *addresses, const char *address, guint prefix)
{
    gboolean ipv6 = strchr(address, ':') != NULL;
    g_autofree char *length = g_strdup_printf("%u", prefix);
    g_strv_builder_add(ipv6 ? addresses->ipv6 : addresses->ipv4, address);
    g_strv_builder_add(ipv6 ? addresses->ipv6_prefixes : addresses->ipv4_prefixes, length);
    if (!ipv6 && !addresses->mask) {
        addresses->mask = mask_of(prefix);
        g_free(addresses->first);
        addresses->first = g_strdup(address);
    } else if (!addresses->first) {
        addresses->first = g_strdup(address);
    }
}

static gboolean read_addresses(ClReader *reader, ClKind kind, gint64 number, Addresses *addresses,
                               GError **error)
{
    addresses->ipv4 = g_strv_builder_new();
    addresses->ipv4_prefixes = g_strv_builder_new();
    addresses->ipv6 = g_strv_builder_new();
    addresses->ipv6_prefixes = g_strv_builder_new();
    if (kind != CL_KIND_NETWORK && kind != CL_KIND_NETINTERFACE) {
        return TRUE;
    }
    ClRows rows = cl_rows_of(reader,
                             kind == CL_KIND_NETWORK ? CL_SQL_ADDRESSES_OF_NETWORK
                                                     : CL_SQL_ADDRESSES_OF_NETINTERFACE,
                             number);
    while (cl_rows_next(&rows)) {
        const char *address = cl_rows_text(&rows, 0);
        add_address(addresses, address, (guint)cl_rows_number(&rows, 1, 0, 128));
    }
    return cl_rows_end(&rows, error);
}

static ClProperty *list_property(const char *name, GStrvBuilder *builder)
{
    g_auto(GStrv) texts = g_strv_builder_end(builder);
    return cl_property_new_texts(name, (const char *const *)texts);
}

/* --- Common properties ------------------------------------------------------------------------ */

static ClProperty *preset_property(const ClCommonProperty *common)
{
    g_autoptr(GBytes) bytes = NULL;
    switch (common->format) {
    case CLUSPROP_FORMAT_BINARY:
        bytes = cl_security_default_of_cluster();
        return cl_property_new_bytes(common->name, common->format, bytes);
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
        return cl_property_new_text(common->name, common->format, "");
    case CLUSPROP_FORMAT_MULTI_SZ:
        return cl_property_new_texts(common->name, NULL);
    default:
        return cl_property_new_number(common->name, common->format, common->number);
    }
}

static ClProperty *column_property(ClRows *rows, const ClCommonProperty *common)
{
    if (common->format == CLUSPROP_FORMAT_SZ) {
        return cl_property_new_text(common->name, common->format,
                                    cl_rows_text(rows, common->column));
    }
    return cl_property_new_number(common->name, common->format,
                                  (guint64)cl_rows_number(rows, common->column, 0, G_MAXUINT32));
}

/* A stored value of another format than it must have is damage. */
static ClProperty *known_property(ClRows *rows, const ClCommonProperty *common, GPtrArray *stored)
{
    guint index;
    ClProperty *property = cl_properties_find(stored, common->name);
    if (!property) {
        return preset_property(common);
    }
    if (property->format != common->format || !g_ptr_array_find(stored, property, &index)) {
        cl_rows_damaged(rows);
        return NULL;
    }
    return g_ptr_array_steal_index(stored, index);
}

/* StatusInformation of a node, from its NodeDrainStatus in column 1 and, in column 4, whether
 * nothing is to be placed there. */
static ClProperty *node_status(ClRows *rows, const ClCommonProperty *common)
{
    static const guint32 status[] = {NodeStatusNormal, NodeStatusDrainInProgress,
                                     NodeStatusDrainCompleted, NodeStatusDrainFailed};
    gint64 drain = cl_rows_number(rows, 1, 0, G_N_ELEMENTS(status) - 1);
    guint32 avoid = cl_rows_number(rows, 4, 0, 2) != 0 ? NodeStatusAvoidPlacement : 0;
    return cl_property_new_number(common->name, common->format, status[drain] | avoid);
}

/* What common properties are made of besides the row of the object. */
typedef struct {
    GPtrArray *stored;
    Addresses addresses;
    ClFacts facts;
} Sources;

static void sources_clear(Sources *sources)
{
    g_clear_pointer(&sources->stored, g_ptr_array_unref);
    addresses_clear(&sources->addresses);
    cl_facts_clear(&sources->facts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sources, sources_clear)

static gboolean read_sources(ClReader *reader, ClKind kind, gint64 number, Sources *sources,
                             GError **error)
{
    ClRows rows = cl_rows_of(reader, CL_SQL_STORED, number);
    cl_rows_bind_number(&rows, 2, CL_SCHEMA_COMMON);
    gboolean depends = kind == CL_KIND_GROUP || kind == CL_KIND_GROUPSET;
    return read_stored(&rows, &sources->stored, error) &&
           read_addresses(reader, kind, number, &sources->addresses, error) &&
           (!depends || cl_dependency_expression(reader, number, &sources->facts, error));
}

static ClProperty *common_property(ClRows *rows, const ClCommonProperty *common,
                                   const Sources *sources)
{
    const Addresses *addresses = &sources->addresses;
    switch (common->source) {
    case CL_SOURCE_STORED:
    case CL_SOURCE_SECURITY:
        return known_property(rows, common, sources->stored);
    case CL_SOURCE_COLUMN:
        return column_property(rows, common);
    case CL_SOURCE_NODE_STATUS:
        return node_status(rows, common);
    case CL_SOURCE_DEPENDENCIES:
        return cl_property_new_text(common->name, common->format,
                                    sources->facts.dependency_expression);
    case CL_SOURCE_FIRST_ADDRESS:
        return cl_property_new_text(common->name, common->format, addresses->first);
    case CL_SOURCE_FIRST_MASK:
        return cl_property_new_text(common->name, common->format, addresses->mask);
    case CL_SOURCE_IPV4:
        return list_property(common->name, addresses->ipv4);
    case CL_SOURCE_IPV4_PREFIXES:
        return list_property(common->name, addresses->ipv4_prefixes);
    case CL_SOURCE_IPV6:
        return list_property(common->name, addresses->ipv6);
    case CL_SOURCE_IPV6_PREFIXES:
        return list_property(common->name, addresses->ipv6_prefixes);
    case CL_SOURCE_FIXED:
    default:
        return preset_property(common);
    }
}

static const struct {
    ClKind kind;
    ClSql sql;
} statements[] = {
    {CL_KIND_CLUSTER, CL_SQL_PROPERTIES_OF_CLUSTER},
    {CL_KIND_NODE, CL_SQL_PROPERTIES_OF_NODE},
    {CL_KIND_GROUP, CL_SQL_PROPERTIES_OF_GROUP},
    {CL_KIND_RESOURCE, CL_SQL_PROPERTIES_OF_RESOURCE},
    {CL_KIND_RESOURCE_TYPE, CL_SQL_PROPERTIES_OF_RESOURCE_TYPE},
    {CL_KIND_NETWORK, CL_SQL_PROPERTIES_OF_NETWORK},
    {CL_KIND_NETINTERFACE, CL_SQL_PROPERTIES_OF_NETINTERFACE},
    {CL_KIND_GROUPSET, CL_SQL_PROPERTIES_OF_GROUP_SET},
};

static ClRows rows_of_kind(ClReader *reader, ClKind kind, gint64 number)
{
    gsize i = 0;
    while (statements[i].kind != kind) {
        i++;
    }
    return cl_rows_of(reader, statements[i].sql, number);
}

static gboolean read_common(ClReader *reader, ClKind kind, gint64 number, gboolean read_only,
                            GPtrArray **ret_properties, GError **error)
{
    g_auto(Sources) sources = {0};
    if (!read_sources(reader, kind, number, &sources, error)) {
        return FALSE;
    }
    g_autoptr(GPtrArray) properties = cl_properties_new();
    gsize n;
    const ClCommonProperty *table = cl_common_properties(kind, &n);
    ClRows rows = rows_of_kind(reader, kind, number);
    gboolean found = cl_rows_next(&rows);
    for (gsize i = 0; found && i < n; i++) {
        ClProperty *property =
            table[i].read_only == read_only ? common_property(&rows, &table[i], &sources) : NULL;
        if (property) {
            g_ptr_array_add(properties, property);
        }
    }
    if (!cl_rows_end(&rows, error) || (!found && !cl_embedded_fail_gone(kind, error))) {
        return FALSE;
    }
    *ret_properties = g_steal_pointer(&properties);
    return TRUE;
}

/* --- All sets --------------------------------------------------------------------------------- */

static gboolean read_private(ClReader *reader, ClKind kind, gint64 number,
                             GPtrArray **ret_properties, GError **error)
{
    if (!cl_embedded_check_exists(reader, kind, number, error)) {
        return FALSE;
    }
    ClRows rows = cl_rows_of(
        reader, kind == CL_KIND_RESOURCE ? CL_SQL_PRIVATE_OF_RESOURCE : CL_SQL_STORED, number);
    if (kind != CL_KIND_RESOURCE) {
        cl_rows_bind_number(&rows, 2, CL_SCHEMA_PRIVATE);
    }
    return read_stored(&rows, ret_properties, error);
}

gboolean cl_properties_read_own(ClReader *reader, gint64 number, GPtrArray **ret_properties,
                                GError **error)
{
    ClRows rows = cl_rows_of(reader, CL_SQL_STORED, number);
    cl_rows_bind_number(&rows, 2, CL_SCHEMA_PRIVATE);
    return read_stored(&rows, ret_properties, error);
}

/* The writable common properties that resources of any type have. */
static GPtrArray *common_of_resources(void)
{
    GPtrArray *properties = cl_properties_new();
    gsize n;
    const ClCommonProperty *table = cl_common_properties(CL_KIND_RESOURCE, &n);
    for (gsize i = 0; i < n; i++) {
        if (!table[i].read_only) {
            g_ptr_array_add(properties, preset_property(&table[i]));
        }
    }
    return properties;
}

gboolean cl_properties_read(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                            GPtrArray **ret_properties, GError **error)
{
    switch (set) {
    case CL_PROPERTIES_COMMON:
    case CL_PROPERTIES_RO_COMMON:
        return read_common(reader, kind, number, set == CL_PROPERTIES_RO_COMMON, ret_properties,
                           error);
    case CL_PROPERTIES_PRIVATE:
    case CL_PROPERTIES_PRIVATE_OF_RESOURCE:
        return read_private(reader, kind, number, ret_properties, error);
    case CL_PROPERTIES_RO_PRIVATE:
    case CL_PROPERTIES_COMMON_OF_RESOURCE:
    default:
        if (!read_private(reader, kind, number, ret_properties, error)) {
            return FALSE;
        }
        g_ptr_array_unref(*ret_properties);
        *ret_properties =
            set == CL_PROPERTIES_RO_PRIVATE ? cl_properties_new() : common_of_resources();
        return TRUE;
    }
}

gboolean cl_embedded_properties(ClConnection *store, const ClObject *object, ClPropertySet set,
                                const ClCall *call, GPtrArray **ret_properties, GError **error)
{
    ClKind kind = cl_embedded_kind(object);
    gboolean of_resource =
        set == CL_PROPERTIES_COMMON_OF_RESOURCE || set == CL_PROPERTIES_PRIVATE_OF_RESOURCE;
    if (of_resource && kind != CL_KIND_RESOURCE_TYPE) {
        return cl_fail(error, ERROR_INVALID_FUNCTION, "only resource types have such properties");
    }
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    return reader && cl_reader_begin(reader, error) &&
           cl_properties_read(reader, kind, cl_embedded_number(object), set, ret_properties, error);
}
