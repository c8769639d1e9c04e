/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The texts of the files. No data but the tables of words; any thread may call.
 */
#include "show.h"

#include "cluster.h"
#include "enumerator.h"
#include "errors.h"
#include "properties.h"

#include <clusapi/linux.h>

typedef struct {
    gint32 value;
    const char *word;
} Word;

static const Word node_states[] = {{ClusterNodeUp, "up"},
                                   {ClusterNodeDown, "down"},
                                   {ClusterNodePaused, "paused"},
                                   {ClusterNodeJoining, "joining"}};

static const Word group_states[] = {{ClusterGroupOnline, "online"},
                                    {ClusterGroupOffline, "offline"},
                                    {ClusterGroupFailed, "failed"},
                                    {ClusterGroupPartialOnline, "partial-online"},
                                    {ClusterGroupPending, "pending"}};

static const Word resource_states[] = {{ClusterResourceInherited, "inherited"},
                                       {ClusterResourceInitializing, "initializing"},
                                       {ClusterResourceOnline, "online"},
                                       {ClusterResourceOffline, "offline"},
                                       {ClusterResourceFailed, "failed"},
                                       {ClusterResourcePending, "pending"},
                                       {ClusterResourceOnlinePending, "online-pending"},
                                       {ClusterResourceOfflinePending, "offline-pending"}};

static const Word network_states[] = {{ClusterNetworkUnavailable, "unavailable"},
                                      {ClusterNetworkDown, "down"},
                                      {ClusterNetworkPartitioned, "partitioned"},
                                      {ClusterNetworkUp, "up"}};

static const Word interface_states[] = {{ClusterNetInterfaceUnavailable, "unavailable"},
                                        {ClusterNetInterfaceFailed, "failed"},
                                        {ClusterNetInterfaceUnreachable, "unreachable"},
                                        {ClusterNetInterfaceUp, "up"}};

static const Word network_roles[] = {{ClusterNetworkRoleNone, "none"},
                                     {ClusterNetworkRoleInternalUse, "internal"},
                                     {ClusterNetworkRoleClientAccess, "client"},
                                     {ClusterNetworkRoleInternalAndClient, "internal-and-client"}};

static const Word group_types[] = {
    {ClusGroupTypeCoreCluster, "core-cluster"},
    {ClusGroupTypeAvailableStorage, "available-storage"},
    {ClusGroupTypeTemporary, "temporary"},
    {ClusGroupTypeSharedVolume, "shared-volume"},
    {ClusGroupTypeStoragePool, "storage-pool"},
    {ClusGroupTypeFileServer, "file-server"},
    {ClusGroupTypePrintServer, "print-server"},
    {ClusGroupTypeDhcpServer, "dhcp-server"},
    {ClusGroupTypeDtc, "dtc"},
    {ClusGroupTypeMsmq, "msmq"},
    {ClusGroupTypeWins, "wins"},
    {ClusGroupTypeStandAloneDfs, "stand-alone-dfs"},
    {ClusGroupTypeGenericApplication, "generic-application"},
    {ClusGroupTypeGenericService, "generic-service"},
    {ClusGroupTypeGenericScript, "generic-script"},
    {ClusGroupTypeIScsiNameService, "iscsi-name-service"},
    {ClusGroupTypeVirtualMachine, "virtual-machine"},
    {ClusGroupTypeTsSessionBroker, "ts-session-broker"},
    {ClusGroupTypeIScsiTarget, "iscsi-target"},
    {ClusGroupTypeScaleoutFileServer, "scaleout-file-server"},
    {ClusGroupTypeVMReplicaBroker, "vm-replica-broker"},
    {ClusGroupTypeTaskScheduler, "task-scheduler"},
    {ClusGroupTypeClusterUpdateAgent, "cluster-update-agent"},
    {ClusGroupTypeScaleoutCluster, "scaleout-cluster"},
    {ClusGroupTypeStorageReplica, "storage-replica"},
    {ClusGroupTypeVMReplicaCoordinator, "vm-replica-coordinator"},
    {ClusGroupTypeCrossClusterOrchestrator, "cross-cluster-orchestrator"},
    {ClusGroupTypeInfrastructureFileServer, "infrastructure-file-server"},
    {ClusGroupTypeCoreSddc, "core-sddc"},
    {ClusGroupTypeUserManager, "user-manager"},
    {ClusGroupTypeKeyValueStoreManager, "key-value-store-manager"},
    {ClusGroupTypeHcsVirtualMachine, "hcs-virtual-machine"},
    {ClusGroupTypeMetaVirtualMachine, "meta-virtual-machine"},
    {ClusGroupTypeUnknown, "unknown"},
};

/* A value that no word is known for is shown as its number. */
static DWORD append_word(const Word *words, gsize count, gint32 value, GString *out)
{
    for (gsize i = 0; i < count; i++) {
        if (words[i].value == value) {
            g_string_append(out, words[i].word);
            return ERROR_SUCCESS;
        }
    }
    g_string_append_printf(out, "%d", value);
    return ERROR_SUCCESS;
}

/* A state of -1 is a failure, unless the cluster itself does not know the state. */
static DWORD append_state(const Word *words, gsize count, gint32 state, GString *out)
{
    DWORD status = state == -1 ? GetLastError() : ERROR_SUCCESS;

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (state == -1) {
        g_string_append(out, "unknown");
        return ERROR_SUCCESS;
    }
    return append_word(words, count, state, out);
}

/* Asks for a state; the last error is cleared so that "unknown" can be told from a failure. */
#define APPEND_STATE(words, call, out)                                                             \
    (SetLastError(ERROR_SUCCESS), append_state(words, G_N_ELEMENTS(words), (gint32)(call), out))

DWORD fs_show_cluster_name(const FsObject *object, GString *out)
{
    return fs_cluster_read_name(object->cluster, out);
}

DWORD fs_show_cluster_id(const FsObject *object, GString *out)
{
    return fs_cluster_read_id(object->cluster, out);
}

DWORD fs_show_version(const FsObject *object, GString *out)
{
    CLUSTERVERSIONINFO info = {.dwVersionInfoSize = sizeof info};
    DWORD length = 0;
    DWORD status = GetClusterInformation(object->cluster, NULL, &length, &info);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    g_string_append_printf(out, "%u.%u.%u", info.MajorVersion, info.MinorVersion, info.BuildNumber);
    if (info.szVendorId[0] == 0) {
        return ERROR_SUCCESS;
    }
    g_string_append_c(out, ' ');
    return fs_utf8_append(out, info.szVendorId, (DWORD)-1);
}

static DWORD fill_backend(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    return ClusapiGetBackendName((HCLUSTER)(gpointer)of, buffer, characters);
}

DWORD fs_show_backend(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_backend, object->cluster);
}

DWORD fs_show_access(const FsObject *object, GString *out)
{
    DWORD access = 0;
    DWORD status = ClusapiGetGrantedAccess(object->cluster, &access);

    if (status == ERROR_SUCCESS) {
        g_string_append(out, access == GENERIC_ALL ? "all" : "read");
    }
    return status;
}

#define NODE_MAJORITY     0
#define MAJORITY_AND_MORE 0x400

static const char *quorum_type(DWORD log_size, gboolean has_device)
{
    if (log_size == NODE_MAJORITY) {
        return "node-majority";
    }
    if (log_size == MAJORITY_AND_MORE) {
        return has_device ? "node-and-disk-majority" : "node-and-witness-majority";
    }
    return "disk-only";
}

#define ATTEMPTS 8

DWORD fs_show_quorum(const FsObject *object, GString *out)
{
    g_autofree LPWSTR resource = NULL;
    g_autofree LPWSTR device = NULL;
    DWORD resource_room = 128;
    DWORD device_room = 128;
    DWORD log_size = 0;
    DWORD status = ERROR_MORE_DATA;

    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        resource_room++;
        device_room++;
        g_free(resource);
        g_free(device);
        resource = g_new0(WCHAR, resource_room);
        device = g_new0(WCHAR, device_room);
        status = GetClusterQuorumResource(object->cluster, resource, &resource_room, device,
                                          &device_room, &log_size);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    g_string_append_printf(out, "type %s", quorum_type(log_size, device[0] != 0));
    if (resource[0] != 0) {
        g_string_append(out, "\nresource ");
        status = fs_utf8_append(out, resource, (DWORD)-1);
    }
    if (status == ERROR_SUCCESS && device[0] != 0) {
        g_string_append(out, "\ndevice ");
        status = fs_utf8_append(out, device, (DWORD)-1);
    }
    return status;
}

/* File names of what is listed, one a line, so that a newline in a name does no harm. */
static DWORD append_list(const FsEnumerator *enumerator, const FsObject *object, GString *out)
{
    g_autoptr(FsEnumeration) enumeration = NULL;
    g_auto(FsItem) item;
    DWORD status;

    fs_item_init(&item);
    status = fs_enumeration_open(enumerator, object, &enumeration);
    for (guint i = 0; status == ERROR_SUCCESS && i < fs_enumeration_count(enumeration); i++) {
        g_autofree char *file = NULL;

        status = fs_enumeration_item(enumeration, i, &item);
        if (status == ERROR_SUCCESS) {
            status = fs_object_file_name(object->cluster, fs_enumerator_kind(enumerator),
                                         item.name->str, &file);
        }
        if (status == ERROR_SUCCESS) {
            g_string_append_printf(out, "%s%s", i > 0 ? "\n" : "", file);
        }
    }
    return status;
}

DWORD fs_show_network_priority(const FsObject *object, GString *out)
{
    return append_list(&fs_internal_networks, object, out);
}

DWORD fs_show_preferred_order(const FsObject *object, GString *out)
{
    return append_list(&fs_owners_of_group, object, out);
}

DWORD fs_show_handles(const FsObject *object, GString *out)
{
    CLUSAPI_HANDLE_COUNTS counts = {.dwVersion = 1};
    DWORD status = ClusapiGetHandleCounts(object->cluster, &counts);

    if (status == ERROR_SUCCESS) {
        g_string_append_printf(out,
                               "cluster %u\nnode %u\ngroup %u\nresource %u\nnetwork %u\n"
                               "interface %u\nenumeration %u",
                               counts.cCluster, counts.cNode, counts.cGroup, counts.cResource,
                               counts.cNetwork, counts.cNetInterface, counts.cEnum);
    }
    return status;
}

/* The name of the cluster that the object itself says it is of. */
DWORD fs_show_cluster(const FsObject *object, GString *out)
{
    HCLUSTER cluster = fs_object_cluster(object);
    DWORD status;

    if (cluster == NULL) {
        return GetLastError();
    }
    status = fs_cluster_read_name(cluster, out);
    CloseCluster(cluster);
    return status;
}

DWORD fs_show_name(const FsObject *object, GString *out)
{
    return fs_object_name(object, out);
}

DWORD fs_show_id(const FsObject *object, GString *out)
{
    return fs_object_id(object, out);
}

/* A type has no code for its name, but a property. */
DWORD fs_show_type_name(const FsObject *object, GString *out)
{
    DWORD status = fs_property_read(object, "Name", out);

    return status == ERROR_NOT_FOUND ? fs_utf8_append(out, object->name, (DWORD)-1) : status;
}

DWORD fs_show_group_state(const FsObject *object, GString *out)
{
    return APPEND_STATE(group_states, GetClusterGroupState(object->handle, NULL, NULL), out);
}

static DWORD fill_group_owner(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    SetLastError(ERROR_SUCCESS);
    if (GetClusterGroupState((HGROUP)(gpointer)of, buffer, characters) ==
        ClusterGroupStateUnknown) {
        return GetLastError();
    }
    return ERROR_SUCCESS;
}

DWORD fs_show_group_owner(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_group_owner, object->handle);
}

DWORD fs_show_group_type(const FsObject *object, GString *out)
{
    DWORD type = ClusGroupTypeUnknown;
    DWORD status = fs_property_read_dword(object, "GroupType", &type);

    if (status != ERROR_SUCCESS && status != ERROR_NOT_FOUND) {
        return status;
    }
    return append_word(group_types, G_N_ELEMENTS(group_types), (gint32)type, out);
}

DWORD fs_show_network_state(const FsObject *object, GString *out)
{
    return APPEND_STATE(network_states, GetClusterNetworkState(object->handle), out);
}

DWORD fs_show_network_role(const FsObject *object, GString *out)
{
    DWORD role = 0;
    DWORD status = fs_property_read_dword(object, "Role", &role);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    return append_word(network_roles, G_N_ELEMENTS(network_roles), (gint32)role, out);
}

DWORD fs_show_address(const FsObject *object, GString *out)
{
    DWORD status = fs_property_read(object, "Address", out);

    return status == ERROR_NOT_FOUND ? ERROR_SUCCESS : status;
}

DWORD fs_show_node_state(const FsObject *object, GString *out)
{
    return APPEND_STATE(node_states, GetClusterNodeState(object->handle), out);
}

DWORD fs_show_resource_state(const FsObject *object, GString *out)
{
    return APPEND_STATE(resource_states,
                        GetClusterResourceState(object->handle, NULL, NULL, NULL, NULL), out);
}

static DWORD fill_resource_owner(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    HRESOURCE resource = (HRESOURCE)(gpointer)of;

    SetLastError(ERROR_SUCCESS);
    if (GetClusterResourceState(resource, buffer, characters, NULL, NULL) ==
        ClusterResourceStateUnknown) {
        return GetLastError();
    }
    return ERROR_SUCCESS;
}

static DWORD fill_resource_group(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    HRESOURCE resource = (HRESOURCE)(gpointer)of;

    SetLastError(ERROR_SUCCESS);
    if (GetClusterResourceState(resource, NULL, NULL, buffer, characters) ==
        ClusterResourceStateUnknown) {
        return GetLastError();
    }
    return ERROR_SUCCESS;
}

DWORD fs_show_resource_owner(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_resource_owner, object->handle);
}

DWORD fs_show_resource_type(const FsObject *object, GString *out)
{
    return fs_object_control_text(object, CLCTL_GET_RESOURCE_TYPE, out);
}

static DWORD fill_expression(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    return GetClusterResourceDependencyExpression((HRESOURCE)(gpointer)of, buffer, characters);
}

DWORD fs_show_dependency_expression(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_expression, object->handle);
}

static DWORD fill_group_dependencies(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    return ClusapiGetGroupDependencyExpression((HGROUP)(gpointer)of, buffer, characters);
}

DWORD fs_show_group_dependencies(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_group_dependencies, object->handle);
}

static DWORD fill_groupset_dependencies(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    return ClusapiGetGroupSetDependencyExpression((HGROUPSET)(gpointer)of, buffer, characters);
}

DWORD fs_show_groupset_dependencies(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_groupset_dependencies, object->handle);
}

/* How many groups of a set are in which state, from that of Offline, 1, on. */
typedef struct {
    guint all;
    guint in[ClusterGroupPending + 1];
} GroupStates;

static DWORD count_state(const FsObject *set, const char *name, GroupStates *states)
{
    g_auto(FsObject) group = {0};
    DWORD status = fs_object_open(set->cluster, FS_GROUP, name, &group);
    gint32 state;

    if (status != ERROR_SUCCESS) {
        return fs_status_is_missing(status) ? ERROR_SUCCESS : status;
    }
    SetLastError(ERROR_SUCCESS);
    state = GetClusterGroupState(group.handle, NULL, NULL);
    if (state == ClusterGroupStateUnknown && GetLastError() != ERROR_SUCCESS) {
        return GetLastError();
    }
    states->all++;
    if (state >= 0 && state <= ClusterGroupPending) {
        states->in[state]++;
    }
    return ERROR_SUCCESS;
}

/* With the precedence that states of resources have in that of a group. */
static gint32 state_of_set(const GroupStates *states)
{
    if (states->in[ClusterGroupFailed] > 0) {
        return ClusterGroupFailed;
    }
    if (states->in[ClusterGroupPending] > 0) {
        return ClusterGroupPending;
    }
    if (states->in[ClusterGroupOffline] == states->all) {
        return ClusterGroupOffline;
    }
    return states->in[ClusterGroupOnline] == states->all ? ClusterGroupOnline
                                                         : ClusterGroupPartialOnline;
}

DWORD fs_show_groupset_state(const FsObject *object, GString *out)
{
    g_autoptr(FsEnumeration) groups = NULL;
    g_auto(FsItem) item;
    GroupStates states = {0};
    DWORD status;

    fs_item_init(&item);
    status = fs_enumeration_open(&fs_groups_of_groupset, object, &groups);
    for (guint i = 0; status == ERROR_SUCCESS && i < fs_enumeration_count(groups); i++) {
        status = fs_enumeration_item(groups, i, &item);
        if (status == ERROR_SUCCESS) {
            status = count_state(object, item.name->str, &states);
        }
    }
    if (status == ERROR_SUCCESS) {
        fs_show_state_word(FS_GROUP, state_of_set(&states), out);
    }
    return status;
}

DWORD fs_show_interface_state(const FsObject *object, GString *out)
{
    return APPEND_STATE(interface_states, GetClusterNetInterfaceState(object->handle), out);
}

DWORD fs_follow_resource_group(const FsObject *object, GString *out)
{
    return fs_utf8_append_filled(out, fill_resource_group, object->handle);
}

DWORD fs_follow_interface_node(const FsObject *object, GString *out)
{
    return fs_object_control_text(object, CLCTL_GET_NODE, out);
}

DWORD fs_follow_interface_network(const FsObject *object, GString *out)
{
    return fs_object_control_text(object, CLCTL_GET_NETWORK, out);
}

DWORD fs_show_nothing(const FsObject *object, GString *out)
{
    (void)object;
    (void)out;
    return ERROR_SUCCESS;
}

DWORD fs_show_last_error(const FsObject *object, GString *out)
{
    (void)object;
    fs_errors_show(out);
    return ERROR_SUCCESS;
}

void fs_show_state_word(FsKind kind, gint32 state, GString *out)
{
    switch (kind) {
    case FS_GROUP:
        (void)append_word(group_states, G_N_ELEMENTS(group_states), state, out);
        break;
    case FS_RESOURCE:
        (void)append_word(resource_states, G_N_ELEMENTS(resource_states), state, out);
        break;
    case FS_NODE:
        (void)append_word(node_states, G_N_ELEMENTS(node_states), state, out);
        break;
    case FS_NETWORK:
        (void)append_word(network_states, G_N_ELEMENTS(network_states), state, out);
        break;
    case FS_INTERFACE:
        (void)append_word(interface_states, G_N_ELEMENTS(interface_states), state, out);
        break;
    default:
        break;
    }
}
