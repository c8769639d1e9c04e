/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the specification, in its order. Where another well-known description differs, a BOOL takes
 * four bytes, and the key of a notification is a number and no pointer.
 */
#include "methods.h"

#include "opnums.h"

#include <stdlib.h>
#include <string.h>

/* --- Structures --------------------------------------------------------------------------------- */

#define PLAIN(type)                                                                                \
    {                                                                                              \
        CL_NDR_##type, -1, NULL, FALSE, FALSE                                                      \
    }
#define SIZED(type, size)                                                                          \
    {                                                                                              \
        CL_NDR_##type, size, NULL, FALSE, FALSE                                                    \
    }
#define WITHIN(type, of)                                                                           \
    {                                                                                              \
        CL_NDR_##type, -1, &(of), FALSE, FALSE                                                     \
    }
#define STRUCT(name, ...)                                                                          \
    static const ClNdrMember name##_members[] = {__VA_ARGS__};                                     \
    const ClNdrStruct name = {name##_members, G_N_ELEMENTS(name##_members)}

STRUCT(cl_ndr_enum_entry, PLAIN(U32), PLAIN(TEXT_PTR));
STRUCT(cl_ndr_group_entry, PLAIN(TEXT_PTR), PLAIN(TEXT_PTR), PLAIN(U32), PLAIN(TEXT_PTR),
       PLAIN(U32), PLAIN(U32), SIZED(BYTES_PTR, 5), PLAIN(U32), SIZED(BYTES_PTR, 7));
STRUCT(cl_ndr_resource_entry, PLAIN(TEXT_PTR), PLAIN(TEXT_PTR), PLAIN(TEXT_PTR), PLAIN(TEXT_PTR),
       PLAIN(U32), SIZED(BYTES_PTR, 4), PLAIN(U32), SIZED(BYTES_PTR, 6));
STRUCT(cl_ndr_filter, PLAIN(U32), PLAIN(U64));
STRUCT(cl_ndr_notification, PLAIN(U32), WITHIN(STRUCT, cl_ndr_filter), SIZED(BYTES_PTR, 3),
       PLAIN(U32), PLAIN(TEXT_PTR), PLAIN(TEXT_PTR), PLAIN(TEXT_PTR), PLAIN(TEXT_PTR));
STRUCT(cl_ndr_notification_async, PLAIN(U32), PLAIN(U32), PLAIN(TEXT_PTR));
STRUCT(cl_ndr_version, PLAIN(U32), PLAIN(U32), PLAIN(U32), PLAIN(U32), PLAIN(U32));
STRUCT(cl_ndr_group_info, PLAIN(U32), PLAIN(U32));
STRUCT(cl_ndr_security, SIZED(BYTES_VARYING_PTR, 1), PLAIN(U32), PLAIN(U32));
STRUCT(cl_ndr_attributes, PLAIN(U32), WITHIN(STRUCT, cl_ndr_security), PLAIN(U32));
static const ClNdrMember password_status_members[] = {PLAIN(U32), PLAIN(U32), PLAIN(U32)};
static const ClNdrStruct password_status = {password_status_members, 3};

/* --- Methods ------------------------------------------------------------------------------------ */

#define PARAMETER(type, size, of, in, out)                                                         \
    {                                                                                              \
        CL_NDR_##type, size, of, in, out                                                           \
    }
#define IN(type)                  PARAMETER(type, -1, NULL, TRUE, FALSE)
#define OUT(type)                 PARAMETER(type, -1, NULL, FALSE, TRUE)
#define IN_OUT(type)              PARAMETER(type, -1, NULL, TRUE, TRUE)
#define IN_SIZED(type, size)      PARAMETER(type, size, NULL, TRUE, FALSE)
#define OUT_SIZED(type, size)     PARAMETER(type, size, NULL, FALSE, TRUE)
#define IN_OF(type, of)           PARAMETER(type, -1, &(of), TRUE, FALSE)
#define OUT_OF(type, of)          PARAMETER(type, -1, &(of), FALSE, TRUE)
#define IN_OUT_OF(type, of)       PARAMETER(type, -1, &(of), TRUE, TRUE)
#define OUT_ARRAY(type, size, of) PARAMETER(type, size, &(of), FALSE, TRUE)

#define METHOD(name, ...)                                                                          \
    static const ClNdrMember parameters_##name[] = {__VA_ARGS__};                                  \
    G_STATIC_ASSERT(G_N_ELEMENTS(parameters_##name) <= CL_METHOD_PARAMETERS_MAX)

METHOD(OpenCluster, OUT(U32), OUT(HANDLE));
METHOD(CloseCluster, IN_OUT(HANDLE), OUT(U32));
METHOD(SetClusterName, IN(TEXT), OUT(U32), OUT(U32));
METHOD(GetClusterName, OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32));
METHOD(GetClusterVersion, OUT(U16), OUT(U16), OUT(U16), OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32));
METHOD(GetQuorumResource, OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32), OUT(U32), OUT(U32));
METHOD(SetQuorumResource, IN(HANDLE), IN(TEXT), IN(U32), OUT(U32), OUT(U32));
METHOD(CreateEnum, IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(OpenResource, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CreateResource, IN(HANDLE), IN(TEXT), IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(DeleteResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CloseResource, IN_OUT(HANDLE), OUT(U32));
METHOD(GetResourceState, IN(HANDLE), OUT(U32), OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(SetResourceName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(GetResourceId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(GetResourceType, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(FailResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(OnlineResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(OfflineResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(AddResourceDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(RemoveResourceDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CanResourceBeDependent, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CreateResEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(AddResourceNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(RemoveResourceNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(ChangeResourceGroup, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CreateResourceType, IN(TEXT), IN(TEXT), IN(TEXT), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(DeleteResourceType, IN(TEXT), OUT(U32), OUT(U32));
METHOD(GetRootKey, IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CreateKey, IN(HANDLE), IN(TEXT), IN(U32), IN(U32), IN_OF(STRUCT_PTR, cl_ndr_attributes),
       OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenKey, IN(HANDLE), IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(EnumKey, IN(HANDLE), IN(U32), OUT(TEXT_PTR), OUT(TIME), OUT(U32), OUT(U32));
METHOD(SetValue, IN(HANDLE), IN(TEXT), IN(U32), IN_SIZED(BYTES, 4), IN(U32), OUT(U32), OUT(U32));
METHOD(DeleteValue, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(QueryValue, IN(HANDLE), IN(TEXT), OUT(U32), OUT_SIZED(BYTES, 4), IN(U32), OUT(U32), OUT(U32),
       OUT(U32));
METHOD(DeleteKey, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(EnumValue, IN(HANDLE), IN(U32), OUT(TEXT_PTR), OUT(U32), OUT_SIZED(BYTES, 5), IN_OUT(U32),
       OUT(U32), OUT(U32), OUT(U32));
METHOD(CloseKey, IN_OUT(HANDLE), OUT(U32));
METHOD(QueryInfoKey, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32),
       OUT(TIME), OUT(U32), OUT(U32));
METHOD(SetKeySecurity, IN(HANDLE), IN(U32), IN_OF(STRUCT, cl_ndr_security), OUT(U32), OUT(U32));
METHOD(GetKeySecurity, IN(HANDLE), IN(U32), IN_OUT_OF(STRUCT, cl_ndr_security), OUT(U32), OUT(U32));
METHOD(OpenGroup, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CreateGroup, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(DeleteGroup, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(CloseGroup, IN_OUT(HANDLE), OUT(U32));
METHOD(GetGroupState, IN(HANDLE), OUT(U32), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(SetGroupName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(GetGroupId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(GetNodeId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(OnlineGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(OfflineGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(MoveGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(MoveGroupToNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CreateGroupResourceEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(SetGroupNodeList, IN(HANDLE), IN_SIZED(UNITS_PTR, 2), IN(U32), OUT(U32), OUT(U32));
METHOD(CreateNotify, OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CloseNotify, IN_OUT(HANDLE), OUT(U32));
METHOD(AddNotifyCluster, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyNode, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyGroup, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyResource, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyKey, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(ReAddNotifyNode, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(ReAddNotifyGroup, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(ReAddNotifyResource, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(GetNotify, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(OpenNode, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CloseNode, IN_OUT(HANDLE), OUT(U32));
METHOD(GetNodeState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(PauseNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(ResumeNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(EvictNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(NodeResourceControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(ResourceControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NodeResourceTypeControl, IN(HANDLE), IN(TEXT), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 5),
       IN(U32), OUT_SIZED(BYTES_VARYING, 7), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(ResourceTypeControl, IN(HANDLE), IN(TEXT), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NodeGroupControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(GroupControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NodeNodeControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NodeControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(OpenNetwork, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CloseNetwork, IN_OUT(HANDLE), OUT(U32));
METHOD(GetNetworkState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(SetNetworkName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(CreateNetworkEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(GetNetworkId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(SetNetworkPriorityOrder, IN(U32), IN_SIZED(TEXTS, 0), OUT(U32), OUT(U32));
METHOD(NodeNetworkControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NetworkControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyNetwork, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(ReAddNotifyNetwork, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(OpenNetInterface, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CloseNetInterface, IN_OUT(HANDLE), OUT(U32));
METHOD(GetNetInterfaceState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(GetNetInterface, IN(TEXT), IN(TEXT), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(GetNetInterfaceId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(NodeNetInterfaceControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(NetInterfaceControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(AddNotifyNetInterface, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32),
       OUT(U32));
METHOD(ReAddNotifyNetInterface, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32),
       OUT(U32));
METHOD(CreateNodeEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(GetClusterVersion2, OUT(U16), OUT(U16), OUT(U16), OUT(TEXT_PTR), OUT(TEXT_PTR),
       OUT_OF(STRUCT_PTR, cl_ndr_version), OUT(U32), OUT(U32));
METHOD(CreateResTypeEnum, IN(TEXT), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(BackupClusterDatabase, IN(TEXT), OUT(U32), OUT(U32));
METHOD(NodeClusterControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(ClusterControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(UnblockGetNotifyCall, IN(HANDLE), OUT(U32));
/* The flags are an enumeration as the language has it by default. */
METHOD(SetServiceAccountPassword, IN(TEXT), IN(U16), OUT_ARRAY(ARRAY_VARYING, 3, password_status),
       IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(SetResourceDependencyExpression, IN(HANDLE), IN(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(GetResourceDependencyExpression, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(GetResourceNetworkName, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(ExecuteBatch, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), OUT(U32), OUT(U32), OUT(U32));
METHOD(CreateBatchPort, IN(HANDLE), OUT(HANDLE), OUT(U32), OUT(U32));
METHOD(GetBatchNotification, IN(HANDLE), OUT(U32), OUT_SIZED(BYTES_PTR, 1), OUT(U32));
METHOD(CloseBatchPort, IN_OUT(HANDLE), OUT(U32));
METHOD(OpenClusterEx, IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenNodeEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenGroupEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenResourceEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenNetworkEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenNetInterfaceEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(ChangeCsvState, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(CreateNodeEnumEx, IN(HANDLE), IN(U32), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(CreateEnumEx, IN(HANDLE), IN(U32), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(PauseNodeEx, IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(PauseNodeWithDrainTarget, IN(HANDLE), IN(U32), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(ResumeNodeEx, IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(CreateGroupEx, IN(TEXT), IN_OF(STRUCT_PTR, cl_ndr_group_info), OUT(U32), OUT(U32),
       OUT(HANDLE));
METHOD(OnlineGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(OfflineGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(MoveGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(MoveGroupToNodeEx, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES, 4), IN(U32), OUT(U32),
       OUT(U32));
METHOD(CancelClusterGroupOperation, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(OnlineResourceEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(OfflineResourceEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(CreateNotifyV2, OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(AddNotifyV2, IN(HANDLE), IN(HANDLE), IN_OF(STRUCT, cl_ndr_filter), IN(U32), IN(U32), IN(U32),
       OUT(U32), OUT(U32));
METHOD(GetNotifyV2, IN(HANDLE), OUT_ARRAY(ARRAY_PTR, 2, cl_ndr_notification), OUT(U32), OUT(U32));
METHOD(CreateGroupEnum, IN(HANDLE), IN_SIZED(BYTES_PTR, 2), IN(U32), IN_SIZED(BYTES_PTR, 4),
       IN(U32), OUT_OF(LIST_PTR, cl_ndr_group_entry), OUT(U32), OUT(U32));
METHOD(CreateResourceEnum, IN(HANDLE), IN_SIZED(BYTES_PTR, 2), IN(U32), IN_SIZED(BYTES_PTR, 4),
       IN(U32), OUT_OF(LIST_PTR, cl_ndr_resource_entry), OUT(U32), OUT(U32));
METHOD(ExecuteReadBatch, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), OUT(U32), OUT_SIZED(BYTES_PTR, 3),
       OUT(U32), OUT(U32));
METHOD(RestartResource, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(GetNotifyAsync, IN(HANDLE), OUT_ARRAY(ARRAY_PTR, 2, cl_ndr_notification_async), OUT(U32),
       OUT(U32));
METHOD(AddNotifyResourceTypeV2, IN(HANDLE), IN(U64), IN(U32), IN(TEXT), IN(U32), OUT(U32),
       OUT(U32));
METHOD(ExecuteReadBatchEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), IN(U32), OUT(U32),
       OUT_SIZED(BYTES_PTR, 4), OUT(U32), OUT(U32));
METHOD(CreateGroupSet, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(OpenGroupSet, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(CloseGroupSet, IN_OUT(HANDLE), OUT(U32));
METHOD(DeleteGroupSet, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(AddGroupToGroupSet, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(RemoveGroupFromGroupSet, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(MoveGroupToGroupSet, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(AddGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(AddGroupToGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(NodeGroupSetControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(GroupSetControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(SetGroupDependencyExpression, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(RemoveClusterGroupDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(SetGroupSetDependencyExpression, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(RemoveGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(RemoveClusterGroupToGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(CreateGroupSetEnum, IN(HANDLE), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(CreateNetInterfaceEnum, IN(HANDLE), IN(TEXT), IN(TEXT), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT(U32), OUT(U32));
METHOD(ChangeCsvStateEx, IN(HANDLE), IN(U32), IN(TEXT), OUT(U32), OUT(U32));
METHOD(AddGroupToGroupSetEx, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), IN(U32), OUT(U32),
       OUT(U32));
METHOD(ChangeResourceGroupEx, IN(HANDLE), IN(HANDLE), IN(U64), OUT(U32), OUT(U32));

#undef METHOD
#define METHOD(name)                                                                               \
    {                                                                                              \
        CL_OP_##name, #name, parameters_##name, G_N_ELEMENTS(parameters_##name)                    \
    }

static const ClMethod methods[] = {
    METHOD(OpenCluster),
    METHOD(CloseCluster),
    METHOD(SetClusterName),
    METHOD(GetClusterName),
    METHOD(GetClusterVersion),
    METHOD(GetQuorumResource),
    METHOD(SetQuorumResource),
    METHOD(CreateEnum),
    METHOD(OpenResource),
    METHOD(CreateResource),
    METHOD(DeleteResource),
    METHOD(CloseResource),
    METHOD(GetResourceState),
    METHOD(SetResourceName),
    METHOD(GetResourceId),
    METHOD(GetResourceType),
    METHOD(FailResource),
    METHOD(OnlineResource),
    METHOD(OfflineResource),
    METHOD(AddResourceDependency),
    METHOD(RemoveResourceDependency),
    METHOD(CanResourceBeDependent),
    METHOD(CreateResEnum),
    METHOD(AddResourceNode),
    METHOD(RemoveResourceNode),
    METHOD(ChangeResourceGroup),
    METHOD(CreateResourceType),
    METHOD(DeleteResourceType),
    METHOD(GetRootKey),
    METHOD(CreateKey),
    METHOD(OpenKey),
    METHOD(EnumKey),
    METHOD(SetValue),
    METHOD(DeleteValue),
    METHOD(QueryValue),
    METHOD(DeleteKey),
    METHOD(EnumValue),
    METHOD(CloseKey),
    METHOD(QueryInfoKey),
    METHOD(SetKeySecurity),
    METHOD(GetKeySecurity),
    METHOD(OpenGroup),
    METHOD(CreateGroup),
    METHOD(DeleteGroup),
    METHOD(CloseGroup),
    METHOD(GetGroupState),
    METHOD(SetGroupName),
    METHOD(GetGroupId),
    METHOD(GetNodeId),
    METHOD(OnlineGroup),
    METHOD(OfflineGroup),
    METHOD(MoveGroup),
    METHOD(MoveGroupToNode),
    METHOD(CreateGroupResourceEnum),
    METHOD(SetGroupNodeList),
    METHOD(CreateNotify),
    METHOD(CloseNotify),
    METHOD(AddNotifyCluster),
    METHOD(AddNotifyNode),
    METHOD(AddNotifyGroup),
    METHOD(AddNotifyResource),
    METHOD(AddNotifyKey),
    METHOD(ReAddNotifyNode),
    METHOD(ReAddNotifyGroup),
    METHOD(ReAddNotifyResource),
    METHOD(GetNotify),
    METHOD(OpenNode),
    METHOD(CloseNode),
    METHOD(GetNodeState),
    METHOD(PauseNode),
    METHOD(ResumeNode),
    METHOD(EvictNode),
    METHOD(NodeResourceControl),
    METHOD(ResourceControl),
    METHOD(NodeResourceTypeControl),
    METHOD(ResourceTypeControl),
    METHOD(NodeGroupControl),
    METHOD(GroupControl),
    METHOD(NodeNodeControl),
    METHOD(NodeControl),
    METHOD(OpenNetwork),
    METHOD(CloseNetwork),
    METHOD(GetNetworkState),
    METHOD(SetNetworkName),
    METHOD(CreateNetworkEnum),
    METHOD(GetNetworkId),
    METHOD(SetNetworkPriorityOrder),
    METHOD(NodeNetworkControl),
    METHOD(NetworkControl),
    METHOD(AddNotifyNetwork),
    METHOD(ReAddNotifyNetwork),
    METHOD(OpenNetInterface),
    METHOD(CloseNetInterface),
    METHOD(GetNetInterfaceState),
    METHOD(GetNetInterface),
    METHOD(GetNetInterfaceId),
    METHOD(NodeNetInterfaceControl),
    METHOD(NetInterfaceControl),
    METHOD(AddNotifyNetInterface),
    METHOD(ReAddNotifyNetInterface),
    METHOD(CreateNodeEnum),
    METHOD(GetClusterVersion2),
    METHOD(CreateResTypeEnum),
    METHOD(BackupClusterDatabase),
    METHOD(NodeClusterControl),
    METHOD(ClusterControl),
    METHOD(UnblockGetNotifyCall),
    METHOD(SetServiceAccountPassword),
    METHOD(SetResourceDependencyExpression),
    METHOD(GetResourceDependencyExpression),
    METHOD(GetResourceNetworkName),
    METHOD(ExecuteBatch),
    METHOD(CreateBatchPort),
    METHOD(GetBatchNotification),
    METHOD(CloseBatchPort),
    METHOD(OpenClusterEx),
    METHOD(OpenNodeEx),
    METHOD(OpenGroupEx),
    METHOD(OpenResourceEx),
    METHOD(OpenNetworkEx),
    METHOD(OpenNetInterfaceEx),
    METHOD(ChangeCsvState),
    METHOD(CreateNodeEnumEx),
    METHOD(CreateEnumEx),
    METHOD(PauseNodeEx),
    METHOD(PauseNodeWithDrainTarget),
    METHOD(ResumeNodeEx),
    METHOD(CreateGroupEx),
    METHOD(OnlineGroupEx),
    METHOD(OfflineGroupEx),
    METHOD(MoveGroupEx),
    METHOD(MoveGroupToNodeEx),
    METHOD(CancelClusterGroupOperation),
    METHOD(OnlineResourceEx),
    METHOD(OfflineResourceEx),
    METHOD(CreateNotifyV2),
    METHOD(AddNotifyV2),
    METHOD(GetNotifyV2),
    METHOD(CreateGroupEnum),
    METHOD(CreateResourceEnum),
    METHOD(ExecuteReadBatch),
    METHOD(RestartResource),
    METHOD(GetNotifyAsync),
    METHOD(AddNotifyResourceTypeV2),
    METHOD(ExecuteReadBatchEx),
    METHOD(CreateGroupSet),
    METHOD(OpenGroupSet),
    METHOD(CloseGroupSet),
    METHOD(DeleteGroupSet),
    METHOD(AddGroupToGroupSet),
    METHOD(RemoveGroupFromGroupSet),
    METHOD(MoveGroupToGroupSet),
    METHOD(AddGroupSetDependency),
    METHOD(AddGroupToGroupSetDependency),
    METHOD(NodeGroupSetControl),
    METHOD(GroupSetControl),
    METHOD(SetGroupDependencyExpression),
    METHOD(RemoveClusterGroupDependency),
    METHOD(SetGroupSetDependencyExpression),
    METHOD(RemoveGroupSetDependency),
    METHOD(RemoveClusterGroupToGroupSetDependency),
    METHOD(CreateGroupSetEnum),
    METHOD(CreateNetInterfaceEnum),
    METHOD(ChangeCsvStateEx),
    METHOD(AddGroupToGroupSetEx),
    METHOD(ChangeResourceGroupEx),
};

static int compare(const void *a, const void *b)
{
    return (int)*(const guint *)a - (int)((const ClMethod *)b)->opnum;
}

const ClMethod *cl_method(guint opnum)
{
    return bsearch(&opnum, methods, G_N_ELEMENTS(methods), sizeof *methods, compare);
}

const ClMethod *cl_method_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (strcmp(methods[i].name, name) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}

const ClInterface cl_interface_clusapi = {{{0xb2, 0xb8, 0x7d, 0xb9, 0x63, 0x4c, 0xcf, 0x11, 0xbf,
                                            0xf6, 0x08, 0x00, 0x2b, 0xe2, 0x3f, 0x2f},
                                           3},
                                          cl_method};
