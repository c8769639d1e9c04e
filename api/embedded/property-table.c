/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The common properties that each kind of object has. Constant; any thread may read it.
 *
 * A number whose range nobody documents takes every value of its format. Column numbers are those
 * of the statements CL_SQL_PROPERTIES_OF_... in statements.c.
 */
#include "property-table.h"
#include "text.h"

#define DWORD_MAX G_MAXUINT32
#define ANY       0, G_MAXUINT32

/* Rows: writable with a stored number, text or list; kept in a column; read-only from a column;
 * read-only with a constant. */
#define NUMBER(name, preset, min, max)                                                             \
    {                                                                                              \
        name, CLUSPROP_FORMAT_DWORD, FALSE, CL_SOURCE_STORED, 0, preset, min, max                  \
    }
#define STORED(name, format)                                                                       \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, FALSE, CL_SOURCE_STORED, 0, 0, ANY                         \
    }
#define COLUMN(name, column, min, max)                                                             \
    {                                                                                              \
        name, CLUSPROP_FORMAT_DWORD, FALSE, CL_SOURCE_COLUMN, column, 0, min, max                  \
    }
#define RO_COLUMN(name, format, column)                                                            \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, TRUE, CL_SOURCE_COLUMN, column, 0, ANY                     \
    }
#define RO_FIXED(name, format, value)                                                              \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, TRUE, CL_SOURCE_FIXED, 0, value, ANY                       \
    }
#define RO_FROM(name, format, source)                                                              \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, TRUE, CL_SOURCE_##source, 0, 0, ANY                        \
    }
#define RO_STORED(name, format, preset)                                                            \
    {                                                                                              \
        name, CLUSPROP_FORMAT_##format, TRUE, CL_SOURCE_STORED, 0, preset, ANY                     \
    }

/* NodeHighestVersion: the major version over the build. */
#define NODE_VERSION ((11u << 16) | 1u)

static const ClCommonProperty group_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    STORED("Description", SZ),
    COLUMN("PersistentState", 1, 0, 1),
    NUMBER("FailoverThreshold", DWORD_MAX, 0, DWORD_MAX),
    NUMBER("FailoverPeriod", 6, 0, 1193),
    NUMBER("AutoFailbackType", 0, 0, 1),
    NUMBER("FailbackWindowStart", DWORD_MAX, 0, 23),
    NUMBER("FailbackWindowEnd", DWORD_MAX, 0, 23),
    STORED("AntiAffinityClassNames", MULTI_SZ),
    NUMBER("Priority", 2000, 0, 3000),
    NUMBER("DefaultOwner", DWORD_MAX, 0, 512),
    NUMBER("ColdStartSetting", 0, 0, 2),
    NUMBER("LockedFromMoving", 0, 0, 1),
    RO_COLUMN("GroupType", DWORD, 2),
    RO_COLUMN("StatusInformation", ULARGE_INTEGER, 3),
    RO_FROM("DependencyExpression", SZ, DEPENDENCIES),
};

static const ClCommonProperty resource_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    RO_COLUMN("Type", SZ, 1),
    STORED("Description", SZ),
    COLUMN("PersistentState", 2, 0, 1),
    COLUMN("SeparateMonitor", 3, 0, 1),
    NUMBER("LooksAlivePollInterval", DWORD_MAX, 0, DWORD_MAX),
    NUMBER("IsAlivePollInterval", 60000, 10, DWORD_MAX),
    NUMBER("PendingTimeout", 180000, 10, DWORD_MAX),
    NUMBER("DeadlockTimeout", 300000, 1000, DWORD_MAX),
    NUMBER("RestartAction", 2, 0, 2),
    NUMBER("RestartThreshold", 3, 0, DWORD_MAX),
    NUMBER("RestartPeriod", 900000, 0, DWORD_MAX),
    NUMBER("RetryPeriodOnFailure", 3600000, 0, DWORD_MAX),
    NUMBER("EmbeddedFailureAction", 2, 0, 2),
    RO_STORED("RestartDelay", DWORD, 500),
    RO_FIXED("MonitorProcessId", DWORD, 0),
    RO_FIXED("StatusInformation", ULARGE_INTEGER, 0),
    RO_COLUMN("LastOperationStatusCode", ULARGE_INTEGER, 4),
    RO_FIXED("ResourceSpecificData1", ULARGE_INTEGER, 0),
    RO_FIXED("ResourceSpecificData2", ULARGE_INTEGER, 0),
    RO_FIXED("ResourceSpecificStatus", SZ, 0),
};

static const ClCommonProperty node_properties[] = {
    RO_COLUMN("NodeName", SZ, 0),
    STORED("Description", SZ),
    NUMBER("NodeWeight", 1, 0, 1),
    RO_FIXED("NodeHighestVersion", DWORD, NODE_VERSION),
    RO_FIXED("NodeLowestVersion", DWORD, NODE_VERSION),
    RO_FIXED("MajorVersion", DWORD, 10),
    RO_FIXED("MinorVersion", DWORD, 0),
    RO_FIXED("BuildNumber", DWORD, 1),
    RO_FIXED("CSDVersion", SZ, 0),
    RO_COLUMN("DynamicWeight", DWORD, 3),
    RO_COLUMN("NodeDrainStatus", DWORD, 1),
    RO_COLUMN("NodeDrainTarget", DWORD, 2),
    RO_FROM("StatusInformation", DWORD, NODE_STATUS),
    RO_STORED("FaultDomain", MULTI_SZ, 0),
    RO_STORED("Manufacturer", SZ, 0),
    RO_STORED("Model", SZ, 0),
    RO_STORED("SerialNumber", SZ, 0),
    RO_STORED("UniqueID", SZ, 0),
};

static const ClCommonProperty network_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    STORED("Description", SZ),
    COLUMN("Role", 1, 0, 3),
    NUMBER("Metric", 100, 1, 0x0fffffff),
    NUMBER("AutoMetric", 1, 0, 1),
    RO_FROM("Address", SZ, FIRST_ADDRESS),
    RO_FROM("AddressMask", SZ, FIRST_MASK),
    RO_FROM("IPv4Addresses", MULTI_SZ, IPV4),
    RO_FROM("IPv4PrefixLengths", MULTI_SZ, IPV4_PREFIXES),
    RO_FROM("IPv6Addresses", MULTI_SZ, IPV6),
    RO_FROM("IPv6PrefixLengths", MULTI_SZ, IPV6_PREFIXES),
};

static const ClCommonProperty netinterface_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    RO_COLUMN("Node", SZ, 1),
    RO_COLUMN("Network", SZ, 2),
    RO_COLUMN("Adapter", SZ, 3),
    RO_COLUMN("AdapterId", SZ, 4),
    RO_FROM("Address", SZ, FIRST_ADDRESS),
    RO_FROM("IPv4Addresses", MULTI_SZ, IPV4),
    RO_FROM("IPv6Addresses", MULTI_SZ, IPV6),
    RO_COLUMN("DhcpEnabled", DWORD, 5),
    STORED("Description", SZ),
};

static const ClCommonProperty cluster_properties[] = {
    RO_COLUMN("ClusterInstanceID", SZ, 1),
    STORED("Description", SZ),
    NUMBER("DefaultNetworkRole", 3, 0, 3),
    NUMBER("SameSubnetDelay", 1000, 250, 2000),
    NUMBER("SameSubnetThreshold", 5, 3, 120),
    NUMBER("ResiliencyLevel", 1, 1, 2),
    NUMBER("ResiliencyDefaultPeriod", 240, 0, DWORD_MAX),
    {"Security Descriptor", CLUSPROP_FORMAT_BINARY, FALSE, CL_SOURCE_SECURITY, 0, 0, ANY},
    NUMBER("GroupDependencyTimeout", 600, 1, DWORD_MAX),
    NUMBER("ClusterEnforcedAntiAffinity", 0, 0, 1),
};

static const ClCommonProperty resource_type_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    RO_COLUMN("DllName", SZ, 1),
    STORED("Description", SZ),
    STORED("AdminExtensions", MULTI_SZ),
    NUMBER("LooksAlivePollInterval", 5000, 0, DWORD_MAX),
    NUMBER("IsAlivePollInterval", 60000, 10, DWORD_MAX),
    NUMBER("PendingTimeout", 180000, 10, DWORD_MAX),
    NUMBER("DeadlockTimeout", 300000, 1000, DWORD_MAX),
};

static const ClCommonProperty group_set_properties[] = {
    RO_COLUMN("Name", SZ, 0),
    STORED("Description", SZ),
    RO_FROM("DependencyExpression", SZ, DEPENDENCIES),
};

const ClCommonProperty *cl_common_properties(ClKind kind, gsize *ret_n)
{
    static const struct {
        ClKind kind;
        const ClCommonProperty *rows;
        gsize n;
    } tables[] = {
        {CL_KIND_GROUP, group_properties, G_N_ELEMENTS(group_properties)},
        {CL_KIND_RESOURCE, resource_properties, G_N_ELEMENTS(resource_properties)},
        {CL_KIND_NODE, node_properties, G_N_ELEMENTS(node_properties)},
        {CL_KIND_NETWORK, network_properties, G_N_ELEMENTS(network_properties)},
        {CL_KIND_NETINTERFACE, netinterface_properties, G_N_ELEMENTS(netinterface_properties)},
        {CL_KIND_CLUSTER, cluster_properties, G_N_ELEMENTS(cluster_properties)},
        {CL_KIND_RESOURCE_TYPE, resource_type_properties, G_N_ELEMENTS(resource_type_properties)},
        {CL_KIND_GROUPSET, group_set_properties, G_N_ELEMENTS(group_set_properties)},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (tables[i].kind == kind) {
            *ret_n = tables[i].n;
            return tables[i].rows;
        }
    }
    *ret_n = 0;
    return NULL;
}

const ClCommonProperty *cl_common_property_find(ClKind kind, const char *name)
{
    gsize n;
    const ClCommonProperty *rows = cl_common_properties(kind, &n);
    for (gsize i = 0; i < n; i++) {
        if (cl_text_equal(rows[i].name, name)) {
            return &rows[i];
        }
    }
    return NULL;
}
