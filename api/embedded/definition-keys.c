/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables of a definition: the kinds of sections, the keys of each, and the words that values
 * are written with. Constant data.
 */
#include "definition-internal.h"

static const ClKeyWord node_states[] = {
    {"up", ClusterNodeUp},
    {"down", ClusterNodeDown},
    {"paused", ClusterNodePaused},
    {"joining", ClusterNodeJoining},
    {NULL, 0},
};

static const ClKeyWord roles[] = {
    {"none", ClusterNetworkRoleNone},
    {"internal", ClusterNetworkRoleInternalUse},
    {"client", ClusterNetworkRoleClientAccess},
    {"internal-and-client", ClusterNetworkRoleInternalAndClient},
    {NULL, 0},
};

static const ClKeyWord interface_states[] = {
    {"up", ClusterNetInterfaceUp},
    {"failed", ClusterNetInterfaceFailed},
    {"unreachable", ClusterNetInterfaceUnreachable},
    {"unavailable", ClusterNetInterfaceUnavailable},
    {NULL, 0},
};

static const ClKeyWord resource_states[] = {
    {"online", ClusterResourceOnline},
    {"offline", ClusterResourceOffline},
    {"failed", ClusterResourceFailed},
    {"initializing", ClusterResourceInitializing},
    {"online-pending", ClusterResourceOnlinePending},
    {"offline-pending", ClusterResourceOfflinePending},
    {NULL, 0},
};

static const ClKeyWord persistent_states[] = {{"online", 1}, {"offline", 0}, {NULL, 0}};

static const ClKeyWord quorum_types[] = {
    {"node-majority", CL_QUORUM_NODE_MAJORITY},
    {"node-and-disk-majority", CL_QUORUM_NODE_AND_DISK_MAJORITY},
    {"node-and-witness-majority", CL_QUORUM_NODE_AND_WITNESS_MAJORITY},
    {"disk-only", CL_QUORUM_DISK_ONLY},
    {NULL, 0},
};

static const ClKeyWord classes[] = {
    {"unknown", CLUS_RESCLASS_UNKNOWN},
    {"storage", CLUS_RESCLASS_STORAGE},
    {"network", CLUS_RESCLASS_NETWORK},
    {"user", CLUS_RESCLASS_USER},
    {NULL, 0},
};

static const ClKeyWord subclasses[] = {
    {"shared-bus", CLUS_RESSUBCLASS_STORAGE_SHARED_BUS},
    {"internet-protocol", CLUS_RESSUBCLASS_NETWORK_INTERNET_PROTOCOL},
    {NULL, 0},
};

static const ClKeyWord characteristics[] = {
    {"quorum", CLUS_CHAR_QUORUM},
    {"delete-requires-all-nodes", CLUS_CHAR_DELETE_REQUIRES_ALL_NODES},
    {"local-quorum", CLUS_CHAR_LOCAL_QUORUM},
    {"local-quorum-debug", CLUS_CHAR_LOCAL_QUORUM_DEBUG},
    {"requires-state-change-reason", CLUS_CHAR_REQUIRES_STATE_CHANGE_REASON},
    {"broadcast-delete", CLUS_CHAR_BROADCAST_DELETE},
    {"single-cluster-instance", CLUS_CHAR_SINGLE_CLUSTER_INSTANCE},
    {"single-group-instance", CLUS_CHAR_SINGLE_GROUP_INSTANCE},
    {"coexist-in-shared-volume-group", CLUS_CHAR_COEXIST_IN_SHARED_VOLUME_GROUP},
    {"placement-data", CLUS_CHAR_PLACEMENT_DATA},
    {"monitor-detach", CLUS_CHAR_MONITOR_DETACH},
    {NULL, 0},
};

static const ClKeyWord group_types[] = {
    {"core-cluster", ClusGroupTypeCoreCluster},
    {"available-storage", ClusGroupTypeAvailableStorage},
    {"temporary", ClusGroupTypeTemporary},
    {"shared-volume", ClusGroupTypeSharedVolume},
    {"storage-pool", ClusGroupTypeStoragePool},
    {"file-server", ClusGroupTypeFileServer},
    {"print-server", ClusGroupTypePrintServer},
    {"dhcp-server", ClusGroupTypeDhcpServer},
    {"dtc", ClusGroupTypeDtc},
    {"msmq", ClusGroupTypeMsmq},
    {"wins", ClusGroupTypeWins},
    {"stand-alone-dfs", ClusGroupTypeStandAloneDfs},
    {"generic-application", ClusGroupTypeGenericApplication},
    {"generic-service", ClusGroupTypeGenericService},
    {"generic-script", ClusGroupTypeGenericScript},
    {"iscsi-name-service", ClusGroupTypeIScsiNameService},
    {"virtual-machine", ClusGroupTypeVirtualMachine},
    {"ts-session-broker", ClusGroupTypeTsSessionBroker},
    {"iscsi-target", ClusGroupTypeIScsiTarget},
    {"scaleout-file-server", ClusGroupTypeScaleoutFileServer},
    {"vm-replica-broker", ClusGroupTypeVMReplicaBroker},
    {"task-scheduler", ClusGroupTypeTaskScheduler},
    {"cluster-update-agent", ClusGroupTypeClusterUpdateAgent},
    {"scaleout-cluster", ClusGroupTypeScaleoutCluster},
    {"storage-replica", ClusGroupTypeStorageReplica},
    {"vm-replica-coordinator", ClusGroupTypeVMReplicaCoordinator},
    {"cross-cluster-orchestrator", ClusGroupTypeCrossClusterOrchestrator},
    {"infrastructure-file-server", ClusGroupTypeInfrastructureFileServer},
    {"core-sddc", ClusGroupTypeCoreSddc},
    {"user-manager", ClusGroupTypeUserManager},
    {"key-value-store-manager", ClusGroupTypeKeyValueStoreManager},
    {"hcs-virtual-machine", ClusGroupTypeHcsVirtualMachine},
    {"meta-virtual-machine", ClusGroupTypeMetaVirtualMachine},
    {"unknown", ClusGroupTypeUnknown},
    {NULL, 0},
};

#define END_OF_KEYS                                                                                \
    {                                                                                              \
        NULL, CL_KEY_TEXT, 0, NULL, 0, FALSE                                                       \
    }
#define DESCRIPTION                                                                                \
    {                                                                                              \
        "description", CL_KEY_TEXT, G_STRUCT_OFFSET(ClDefined, description), NULL, 0, FALSE        \
    }
#define NAME                                                                                       \
    {                                                                                              \
        "name", CL_KEY_TEXT, G_STRUCT_OFFSET(ClDefined, name), NULL, 0, FALSE                      \
    }
#define ID                                                                                         \
    {                                                                                              \
        "id", CL_KEY_ID, G_STRUCT_OFFSET(ClDefined, id), NULL, 0, FALSE                            \
    }

#define OF(type, member) G_STRUCT_OFFSET(type, member)

static const ClKey cluster_keys[] = {
    {"name", CL_KEY_TEXT, OF(ClDefined, name), NULL, 0, TRUE},
    ID,
    DESCRIPTION,
    {"domain", CL_KEY_TEXT, OF(ClDefinedCluster, domain), NULL, 0, FALSE},
    {"quorum", CL_KEY_REFERENCE, OF(ClDefinedCluster, quorum), NULL, CL_KIND_RESOURCE, FALSE},
    {"quorum-device", CL_KEY_TEXT, OF(ClDefinedCluster, quorum_device), NULL, 0, FALSE},
    {"quorum-type", CL_KEY_WORD, OF(ClDefinedCluster, quorum_type), quorum_types, 0, FALSE},
    {"quorum-max-log-size", CL_KEY_NUMBER, OF(ClDefinedCluster, quorum_max_log_size), NULL, 0,
     FALSE},
    {"built-in-types", CL_KEY_BOOLEAN, OF(ClDefinedCluster, built_in_types), NULL, 0, FALSE},
    END_OF_KEYS,
};

static const ClKey node_keys[] = {
    NAME,
    DESCRIPTION,
    {"node-id", CL_KEY_NUMBER, OF(ClDefinedNode, node_id), NULL, 0, FALSE},
    {"state", CL_KEY_WORD, OF(ClDefinedNode, state), node_states, 0, FALSE},
    END_OF_KEYS,
};

static const ClKey network_keys[] = {
    NAME,
    ID,
    DESCRIPTION,
    {"role", CL_KEY_WORD, OF(ClDefinedNetwork, role), roles, 0, FALSE},
    {"address", CL_KEY_SUBNETS, OF(ClDefinedNetwork, addresses), NULL, 0, FALSE},
    {"priority", CL_KEY_NUMBER, OF(ClDefinedNetwork, priority), NULL, 0, FALSE},
    END_OF_KEYS,
};

static const ClKey interface_keys[] = {
    NAME,
    ID,
    DESCRIPTION,
    {"node", CL_KEY_REFERENCE, OF(ClDefinedInterface, node), NULL, CL_KIND_NODE, TRUE},
    {"network", CL_KEY_REFERENCE, OF(ClDefinedInterface, network), NULL, CL_KIND_NETWORK, TRUE},
    {"state", CL_KEY_WORD, OF(ClDefinedInterface, state), interface_states, 0, FALSE},
    {"address", CL_KEY_ADDRESSES, OF(ClDefinedInterface, addresses), NULL, 0, FALSE},
    {"adapter", CL_KEY_TEXT, OF(ClDefinedInterface, adapter), NULL, 0, FALSE},
    {"adapter-id", CL_KEY_TEXT, OF(ClDefinedInterface, adapter_id), NULL, 0, FALSE},
    {"dhcp", CL_KEY_BOOLEAN, OF(ClDefinedInterface, dhcp), NULL, 0, FALSE},
    END_OF_KEYS,
};

static const ClKey type_keys[] = {
    NAME,
    DESCRIPTION,
    {"display-name", CL_KEY_TEXT, OF(ClDefinedResourceType, display_name), NULL, 0, FALSE},
    {"dll", CL_KEY_TEXT, OF(ClDefinedResourceType, dll), NULL, 0, FALSE},
    {"class", CL_KEY_NUMBER, OF(ClDefinedResourceType, resource_class), classes, 0, FALSE},
    {"subclass", CL_KEY_NUMBER, OF(ClDefinedResourceType, subclass), subclasses, 0, FALSE},
    {"characteristics", CL_KEY_BITS, OF(ClDefinedResourceType, characteristics), characteristics, 0,
     FALSE},
    {"requires", CL_KEY_REFERENCES, OF(ClDefinedResourceType, requires), NULL,
     CL_KIND_RESOURCE_TYPE, FALSE},
    {"nodes", CL_KEY_REFERENCES, OF(ClDefinedResourceType, nodes), NULL, CL_KIND_NODE, FALSE},
    END_OF_KEYS,
};

static const ClKey group_keys[] = {
    NAME,
    ID,
    DESCRIPTION,
    {"owner", CL_KEY_REFERENCE, OF(ClDefinedGroup, owner), NULL, CL_KIND_NODE, FALSE},
    {"preferred-owners", CL_KEY_REFERENCES, OF(ClDefinedGroup, preferred_owners), NULL,
     CL_KIND_NODE, FALSE},
    {"type", CL_KEY_NUMBER, OF(ClDefinedGroup, type), group_types, 0, FALSE},
    {"persistent-state", CL_KEY_WORD, OF(ClDefinedGroup, persistent_state), persistent_states, 0,
     FALSE},
    {"core", CL_KEY_BOOLEAN, OF(ClDefinedGroup, core), NULL, 0, FALSE},
    {"depends-on", CL_KEY_GROUP_EXPRESSION, OF(ClDefinedGroup, clauses), NULL, CL_KIND_GROUP,
     FALSE},
    END_OF_KEYS,
};

static const ClKey resource_keys[] = {
    NAME,
    ID,
    DESCRIPTION,
    {"group", CL_KEY_REFERENCE, OF(ClDefinedResource, group), NULL, CL_KIND_GROUP, TRUE},
    {"type", CL_KEY_REFERENCE, OF(ClDefinedResource, type), NULL, CL_KIND_RESOURCE_TYPE, TRUE},
    {"state", CL_KEY_WORD, OF(ClDefinedResource, state), resource_states, 0, FALSE},
    {"persistent-state", CL_KEY_WORD, OF(ClDefinedResource, persistent_state), persistent_states, 0,
     FALSE},
    {"depends-on", CL_KEY_EXPRESSION, OF(ClDefinedResource, clauses), NULL, CL_KIND_RESOURCE,
     FALSE},
    {"possible-owners", CL_KEY_REFERENCES, OF(ClDefinedResource, possible_owners), NULL,
     CL_KIND_NODE, FALSE},
    {"core", CL_KEY_BOOLEAN, OF(ClDefinedResource, core), NULL, 0, FALSE},
    {"separate-monitor", CL_KEY_BOOLEAN, OF(ClDefinedResource, separate_monitor), NULL, 0, FALSE},
    END_OF_KEYS,
};

static const ClKey set_keys[] = {
    NAME,
    ID,
    DESCRIPTION,
    {"groups", CL_KEY_REFERENCES, OF(ClDefinedGroupSet, groups), NULL, CL_KIND_GROUP, FALSE},
    {"depends-on", CL_KEY_GROUP_EXPRESSION, OF(ClDefinedGroupSet, clauses), NULL, CL_KIND_GROUPSET,
     FALSE},
    END_OF_KEYS,
};

static const ClKey key_keys[] = {
    {"path", CL_KEY_PATH, OF(ClDefined, name), NULL, 0, FALSE},
    END_OF_KEYS,
};

#define SECTION(word, kind, type, array, keys)                                                     \
    {                                                                                              \
        word, kind, sizeof(type), OF(ClDefinition, array), keys                                    \
    }

const ClSectionKind cl_section_kinds[CL_SECTION_KINDS] = {
    SECTION("cluster", CL_KIND_CLUSTER, ClDefinedCluster, clusters, cluster_keys),
    SECTION("node", CL_KIND_NODE, ClDefinedNode, nodes, node_keys),
    SECTION("network", CL_KIND_NETWORK, ClDefinedNetwork, networks, network_keys),
    SECTION("interface", CL_KIND_NETINTERFACE, ClDefinedInterface, interfaces, interface_keys),
    SECTION("resource-type", CL_KIND_RESOURCE_TYPE, ClDefinedResourceType, types, type_keys),
    SECTION("group", CL_KIND_GROUP, ClDefinedGroup, groups, group_keys),
    SECTION("resource", CL_KIND_RESOURCE, ClDefinedResource, resources, resource_keys),
    SECTION("group-set", CL_KIND_GROUPSET, ClDefinedGroupSet, sets, set_keys),
    SECTION("key", CL_KIND_KEY, ClDefinedKey, keys, key_keys),
};

const ClSectionKind *cl_section_kind(ClKind kind)
{
    for (gsize i = 0; i < CL_SECTION_KINDS; i++) {
        if (cl_section_kinds[i].kind == kind) {
            return &cl_section_kinds[i];
        }
    }
    g_return_val_if_reached(NULL);
}
