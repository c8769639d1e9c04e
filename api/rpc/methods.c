/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the specification, in its order. Where another well-known description differs, a BOOL takes
 * four bytes, and the key of a notification is a number and no pointer.
 */
#include "methods.h"

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

#define METHOD(opnum, name, ...)                                                                   \
    static const ClNdrMember parameters_##opnum[] = {__VA_ARGS__};                                 \
    G_STATIC_ASSERT(G_N_ELEMENTS(parameters_##opnum) <= CL_METHOD_PARAMETERS_MAX)

METHOD(0, OpenCluster, OUT(U32), OUT(HANDLE));
METHOD(1, CloseCluster, IN_OUT(HANDLE), OUT(U32));
METHOD(2, SetClusterName, IN(TEXT), OUT(U32), OUT(U32));
METHOD(3, GetClusterName, OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32));
METHOD(4, GetClusterVersion, OUT(U16), OUT(U16), OUT(U16), OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32));
METHOD(5, GetQuorumResource, OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32), OUT(U32), OUT(U32));
METHOD(6, SetQuorumResource, IN(HANDLE), IN(TEXT), IN(U32), OUT(U32), OUT(U32));
METHOD(7, CreateEnum, IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(8, OpenResource, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(9, CreateResource, IN(HANDLE), IN(TEXT), IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(10, DeleteResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(11, CloseResource, IN_OUT(HANDLE), OUT(U32));
METHOD(12, GetResourceState, IN(HANDLE), OUT(U32), OUT(TEXT_PTR), OUT(TEXT_PTR), OUT(U32),
       OUT(U32));
METHOD(13, SetResourceName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(14, GetResourceId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(15, GetResourceType, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(16, FailResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(17, OnlineResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(18, OfflineResource, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(19, AddResourceDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(20, RemoveResourceDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(21, CanResourceBeDependent, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(22, CreateResEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(23, AddResourceNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(24, RemoveResourceNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(25, ChangeResourceGroup, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(26, CreateResourceType, IN(TEXT), IN(TEXT), IN(TEXT), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(27, DeleteResourceType, IN(TEXT), OUT(U32), OUT(U32));
METHOD(28, GetRootKey, IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(29, CreateKey, IN(HANDLE), IN(TEXT), IN(U32), IN(U32), IN_OF(STRUCT_PTR, cl_ndr_attributes),
       OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(30, OpenKey, IN(HANDLE), IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(31, EnumKey, IN(HANDLE), IN(U32), OUT(TEXT_PTR), OUT(TIME), OUT(U32), OUT(U32));
METHOD(32, SetValue, IN(HANDLE), IN(TEXT), IN(U32), IN_SIZED(BYTES, 4), IN(U32), OUT(U32),
       OUT(U32));
METHOD(33, DeleteValue, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(34, QueryValue, IN(HANDLE), IN(TEXT), OUT(U32), OUT_SIZED(BYTES, 4), IN(U32), OUT(U32),
       OUT(U32), OUT(U32));
METHOD(35, DeleteKey, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(36, EnumValue, IN(HANDLE), IN(U32), OUT(TEXT_PTR), OUT(U32), OUT_SIZED(BYTES, 5),
       IN_OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(37, CloseKey, IN_OUT(HANDLE), OUT(U32));
METHOD(38, QueryInfoKey, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32),
       OUT(TIME), OUT(U32), OUT(U32));
METHOD(39, SetKeySecurity, IN(HANDLE), IN(U32), IN_OF(STRUCT, cl_ndr_security), OUT(U32), OUT(U32));
METHOD(40, GetKeySecurity, IN(HANDLE), IN(U32), IN_OUT_OF(STRUCT, cl_ndr_security), OUT(U32),
       OUT(U32));
METHOD(41, OpenGroup, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(42, CreateGroup, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(43, DeleteGroup, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(44, CloseGroup, IN_OUT(HANDLE), OUT(U32));
METHOD(45, GetGroupState, IN(HANDLE), OUT(U32), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(46, SetGroupName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(47, GetGroupId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(48, GetNodeId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(49, OnlineGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(50, OfflineGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(51, MoveGroup, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(52, MoveGroupToNode, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(53, CreateGroupResourceEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT(U32), OUT(U32));
METHOD(54, SetGroupNodeList, IN(HANDLE), IN_SIZED(UNITS_PTR, 2), IN(U32), OUT(U32), OUT(U32));
METHOD(55, CreateNotify, OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(56, CloseNotify, IN_OUT(HANDLE), OUT(U32));
METHOD(57, AddNotifyCluster, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(58, AddNotifyNode, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(59, AddNotifyGroup, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(60, AddNotifyResource, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32),
       OUT(U32));
METHOD(61, AddNotifyKey, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(62, ReAddNotifyNode, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(63, ReAddNotifyGroup, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(64, ReAddNotifyResource, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32),
       OUT(U32));
METHOD(65, GetNotify, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(66, OpenNode, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(67, CloseNode, IN_OUT(HANDLE), OUT(U32));
METHOD(68, GetNodeState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(69, PauseNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(70, ResumeNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(71, EvictNode, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(72, NodeResourceControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(73, ResourceControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(74, NodeResourceTypeControl, IN(HANDLE), IN(TEXT), IN(HANDLE), IN(U32),
       IN_SIZED(BYTES_PTR, 5), IN(U32), OUT_SIZED(BYTES_VARYING, 7), IN(U32), OUT(U32), OUT(U32),
       OUT(U32), OUT(U32));
METHOD(75, ResourceTypeControl, IN(HANDLE), IN(TEXT), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(76, NodeGroupControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(77, GroupControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(78, NodeNodeControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(79, NodeControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(81, OpenNetwork, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(82, CloseNetwork, IN_OUT(HANDLE), OUT(U32));
METHOD(83, GetNetworkState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(84, SetNetworkName, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(85, CreateNetworkEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(86, GetNetworkId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(87, SetNetworkPriorityOrder, IN(U32), IN_SIZED(TEXTS, 0), OUT(U32), OUT(U32));
METHOD(88, NodeNetworkControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(89, NetworkControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(90, AddNotifyNetwork, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32),
       OUT(U32));
METHOD(91, ReAddNotifyNetwork, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32),
       OUT(U32));
METHOD(92, OpenNetInterface, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(93, CloseNetInterface, IN_OUT(HANDLE), OUT(U32));
METHOD(94, GetNetInterfaceState, IN(HANDLE), OUT(U32), OUT(U32), OUT(U32));
METHOD(95, GetNetInterface, IN(TEXT), IN(TEXT), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(96, GetNetInterfaceId, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(97, NodeNetInterfaceControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4),
       IN(U32), OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(98, NetInterfaceControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(99, AddNotifyNetInterface, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32),
       OUT(U32));
METHOD(100, ReAddNotifyNetInterface, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), OUT(U32),
       OUT(U32));
METHOD(101, CreateNodeEnum, IN(HANDLE), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(102, GetClusterVersion2, OUT(U16), OUT(U16), OUT(U16), OUT(TEXT_PTR), OUT(TEXT_PTR),
       OUT_OF(STRUCT_PTR, cl_ndr_version), OUT(U32), OUT(U32));
METHOD(103, CreateResTypeEnum, IN(TEXT), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(104, BackupClusterDatabase, IN(TEXT), OUT(U32), OUT(U32));
METHOD(105, NodeClusterControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(106, ClusterControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(107, UnblockGetNotifyCall, IN(HANDLE), OUT(U32));
METHOD(108, SetServiceAccountPassword, IN(TEXT), IN(U32),
       OUT_ARRAY(ARRAY_VARYING, 3, password_status), IN(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(109, SetResourceDependencyExpression, IN(HANDLE), IN(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(110, GetResourceDependencyExpression, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(112, GetResourceNetworkName, IN(HANDLE), OUT(TEXT_PTR), OUT(U32), OUT(U32));
METHOD(113, ExecuteBatch, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), OUT(U32), OUT(U32), OUT(U32));
METHOD(114, CreateBatchPort, IN(HANDLE), OUT(HANDLE), OUT(U32), OUT(U32));
METHOD(115, GetBatchNotification, IN(HANDLE), OUT(U32), OUT_SIZED(BYTES_PTR, 1), OUT(U32));
METHOD(116, CloseBatchPort, IN_OUT(HANDLE), OUT(U32));
METHOD(117, OpenClusterEx, IN(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(118, OpenNodeEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(119, OpenGroupEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(120, OpenResourceEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(121, OpenNetworkEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(122, OpenNetInterfaceEx, IN(TEXT), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(123, ChangeCsvState, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(124, CreateNodeEnumEx, IN(HANDLE), IN(U32), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(125, CreateEnumEx, IN(HANDLE), IN(U32), IN(U32), OUT_OF(LIST_PTR, cl_ndr_enum_entry),
       OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(126, PauseNodeEx, IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(127, PauseNodeWithDrainTarget, IN(HANDLE), IN(U32), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(128, ResumeNodeEx, IN(HANDLE), IN(U32), IN(U32), OUT(U32), OUT(U32));
METHOD(129, CreateGroupEx, IN(TEXT), IN_OF(STRUCT_PTR, cl_ndr_group_info), OUT(U32), OUT(U32),
       OUT(HANDLE));
METHOD(130, OnlineGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(131, OfflineGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(132, MoveGroupEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(133, MoveGroupToNodeEx, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES, 4), IN(U32),
       OUT(U32), OUT(U32));
METHOD(134, CancelClusterGroupOperation, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(135, OnlineResourceEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32), OUT(U32));
METHOD(136, OfflineResourceEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 3), IN(U32), OUT(U32),
       OUT(U32));
METHOD(137, CreateNotifyV2, OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(138, AddNotifyV2, IN(HANDLE), IN(HANDLE), IN_OF(STRUCT, cl_ndr_filter), IN(U32), IN(U32),
       IN(U32), OUT(U32), OUT(U32));
METHOD(139, GetNotifyV2, IN(HANDLE), OUT_ARRAY(ARRAY_PTR, 2, cl_ndr_notification), OUT(U32),
       OUT(U32));
METHOD(143, CreateGroupEnum, IN(HANDLE), IN_SIZED(BYTES_PTR, 2), IN(U32), IN_SIZED(BYTES_PTR, 4),
       IN(U32), OUT_OF(LIST_PTR, cl_ndr_group_entry), OUT(U32), OUT(U32));
METHOD(144, CreateResourceEnum, IN(HANDLE), IN_SIZED(BYTES_PTR, 2), IN(U32), IN_SIZED(BYTES_PTR, 4),
       IN(U32), OUT_OF(LIST_PTR, cl_ndr_resource_entry), OUT(U32), OUT(U32));
METHOD(145, ExecuteReadBatch, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), OUT(U32),
       OUT_SIZED(BYTES_PTR, 3), OUT(U32), OUT(U32));
METHOD(146, RestartResource, IN(HANDLE), IN(U32), OUT(U32), OUT(U32));
METHOD(147, GetNotifyAsync, IN(HANDLE), OUT_ARRAY(ARRAY_PTR, 2, cl_ndr_notification_async),
       OUT(U32), OUT(U32));
METHOD(155, AddNotifyResourceTypeV2, IN(HANDLE), IN(U64), IN(U32), IN(TEXT), IN(U32), OUT(U32),
       OUT(U32));
METHOD(157, ExecuteReadBatchEx, IN(HANDLE), IN(U32), IN_SIZED(BYTES, 1), IN(U32), OUT(U32),
       OUT_SIZED(BYTES_PTR, 4), OUT(U32), OUT(U32));
METHOD(163, CreateGroupSet, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(164, OpenGroupSet, IN(TEXT), OUT(U32), OUT(U32), OUT(HANDLE));
METHOD(165, CloseGroupSet, IN_OUT(HANDLE), OUT(U32));
METHOD(166, DeleteGroupSet, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(167, AddGroupToGroupSet, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(168, RemoveGroupFromGroupSet, IN(HANDLE), OUT(U32), OUT(U32));
METHOD(169, MoveGroupToGroupSet, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(171, AddGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(172, AddGroupToGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(173, NodeGroupSetControl, IN(HANDLE), IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 4), IN(U32),
       OUT_SIZED(BYTES_VARYING, 6), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(174, GroupSetControl, IN(HANDLE), IN(U32), IN_SIZED(BYTES_PTR, 3), IN(U32),
       OUT_SIZED(BYTES_VARYING, 5), IN(U32), OUT(U32), OUT(U32), OUT(U32), OUT(U32));
METHOD(175, SetGroupDependencyExpression, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(176, RemoveClusterGroupDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(177, SetGroupSetDependencyExpression, IN(HANDLE), IN(TEXT), OUT(U32), OUT(U32));
METHOD(178, RemoveGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(179, RemoveClusterGroupToGroupSetDependency, IN(HANDLE), IN(HANDLE), OUT(U32), OUT(U32));
METHOD(180, CreateGroupSetEnum, IN(HANDLE), OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32),
       OUT(U32));
METHOD(181, CreateNetInterfaceEnum, IN(HANDLE), IN(TEXT), IN(TEXT),
       OUT_OF(LIST_PTR, cl_ndr_enum_entry), OUT(U32), OUT(U32));
METHOD(182, ChangeCsvStateEx, IN(HANDLE), IN(U32), IN(TEXT), OUT(U32), OUT(U32));
METHOD(183, AddGroupToGroupSetEx, IN(HANDLE), IN(HANDLE), IN(U32), IN(U32), IN(U32), IN(U32),
       OUT(U32), OUT(U32));
METHOD(184, ChangeResourceGroupEx, IN(HANDLE), IN(HANDLE), IN(U64), OUT(U32), OUT(U32));

#undef METHOD
#define METHOD(opnum, name)                                                                        \
    {                                                                                              \
        opnum, #name, parameters_##opnum, G_N_ELEMENTS(parameters_##opnum)                         \
    }

static const ClMethod methods[] = {
    METHOD(0, OpenCluster),
    METHOD(1, CloseCluster),
    METHOD(2, SetClusterName),
    METHOD(3, GetClusterName),
    METHOD(4, GetClusterVersion),
    METHOD(5, GetQuorumResource),
    METHOD(6, SetQuorumResource),
    METHOD(7, CreateEnum),
    METHOD(8, OpenResource),
    METHOD(9, CreateResource),
    METHOD(10, DeleteResource),
    METHOD(11, CloseResource),
    METHOD(12, GetResourceState),
    METHOD(13, SetResourceName),
    METHOD(14, GetResourceId),
    METHOD(15, GetResourceType),
    METHOD(16, FailResource),
    METHOD(17, OnlineResource),
    METHOD(18, OfflineResource),
    METHOD(19, AddResourceDependency),
    METHOD(20, RemoveResourceDependency),
    METHOD(21, CanResourceBeDependent),
    METHOD(22, CreateResEnum),
    METHOD(23, AddResourceNode),
    METHOD(24, RemoveResourceNode),
    METHOD(25, ChangeResourceGroup),
    METHOD(26, CreateResourceType),
    METHOD(27, DeleteResourceType),
    METHOD(28, GetRootKey),
    METHOD(29, CreateKey),
    METHOD(30, OpenKey),
    METHOD(31, EnumKey),
    METHOD(32, SetValue),
    METHOD(33, DeleteValue),
    METHOD(34, QueryValue),
    METHOD(35, DeleteKey),
    METHOD(36, EnumValue),
    METHOD(37, CloseKey),
    METHOD(38, QueryInfoKey),
    METHOD(39, SetKeySecurity),
    METHOD(40, GetKeySecurity),
    METHOD(41, OpenGroup),
    METHOD(42, CreateGroup),
    METHOD(43, DeleteGroup),
    METHOD(44, CloseGroup),
    METHOD(45, GetGroupState),
    METHOD(46, SetGroupName),
    METHOD(47, GetGroupId),
    METHOD(48, GetNodeId),
    METHOD(49, OnlineGroup),
    METHOD(50, OfflineGroup),
    METHOD(51, MoveGroup),
    METHOD(52, MoveGroupToNode),
    METHOD(53, CreateGroupResourceEnum),
    METHOD(54, SetGroupNodeList),
    METHOD(55, CreateNotify),
    METHOD(56, CloseNotify),
    METHOD(57, AddNotifyCluster),
    METHOD(58, AddNotifyNode),
    METHOD(59, AddNotifyGroup),
    METHOD(60, AddNotifyResource),
    METHOD(61, AddNotifyKey),
    METHOD(62, ReAddNotifyNode),
    METHOD(63, ReAddNotifyGroup),
    METHOD(64, ReAddNotifyResource),
    METHOD(65, GetNotify),
    METHOD(66, OpenNode),
    METHOD(67, CloseNode),
    METHOD(68, GetNodeState),
    METHOD(69, PauseNode),
    METHOD(70, ResumeNode),
    METHOD(71, EvictNode),
    METHOD(72, NodeResourceControl),
    METHOD(73, ResourceControl),
    METHOD(74, NodeResourceTypeControl),
    METHOD(75, ResourceTypeControl),
    METHOD(76, NodeGroupControl),
    METHOD(77, GroupControl),
    METHOD(78, NodeNodeControl),
    METHOD(79, NodeControl),
    METHOD(81, OpenNetwork),
    METHOD(82, CloseNetwork),
    METHOD(83, GetNetworkState),
    METHOD(84, SetNetworkName),
    METHOD(85, CreateNetworkEnum),
    METHOD(86, GetNetworkId),
    METHOD(87, SetNetworkPriorityOrder),
    METHOD(88, NodeNetworkControl),
    METHOD(89, NetworkControl),
    METHOD(90, AddNotifyNetwork),
    METHOD(91, ReAddNotifyNetwork),
    METHOD(92, OpenNetInterface),
    METHOD(93, CloseNetInterface),
    METHOD(94, GetNetInterfaceState),
    METHOD(95, GetNetInterface),
    METHOD(96, GetNetInterfaceId),
    METHOD(97, NodeNetInterfaceControl),
    METHOD(98, NetInterfaceControl),
    METHOD(99, AddNotifyNetInterface),
    METHOD(100, ReAddNotifyNetInterface),
    METHOD(101, CreateNodeEnum),
    METHOD(102, GetClusterVersion2),
    METHOD(103, CreateResTypeEnum),
    METHOD(104, BackupClusterDatabase),
    METHOD(105, NodeClusterControl),
    METHOD(106, ClusterControl),
    METHOD(107, UnblockGetNotifyCall),
    METHOD(108, SetServiceAccountPassword),
    METHOD(109, SetResourceDependencyExpression),
    METHOD(110, GetResourceDependencyExpression),
    METHOD(112, GetResourceNetworkName),
    METHOD(113, ExecuteBatch),
    METHOD(114, CreateBatchPort),
    METHOD(115, GetBatchNotification),
    METHOD(116, CloseBatchPort),
    METHOD(117, OpenClusterEx),
    METHOD(118, OpenNodeEx),
    METHOD(119, OpenGroupEx),
    METHOD(120, OpenResourceEx),
    METHOD(121, OpenNetworkEx),
    METHOD(122, OpenNetInterfaceEx),
    METHOD(123, ChangeCsvState),
    METHOD(124, CreateNodeEnumEx),
    METHOD(125, CreateEnumEx),
    METHOD(126, PauseNodeEx),
    METHOD(127, PauseNodeWithDrainTarget),
    METHOD(128, ResumeNodeEx),
    METHOD(129, CreateGroupEx),
    METHOD(130, OnlineGroupEx),
    METHOD(131, OfflineGroupEx),
    METHOD(132, MoveGroupEx),
    METHOD(133, MoveGroupToNodeEx),
    METHOD(134, CancelClusterGroupOperation),
    METHOD(135, OnlineResourceEx),
    METHOD(136, OfflineResourceEx),
    METHOD(137, CreateNotifyV2),
    METHOD(138, AddNotifyV2),
    METHOD(139, GetNotifyV2),
    METHOD(143, CreateGroupEnum),
    METHOD(144, CreateResourceEnum),
    METHOD(145, ExecuteReadBatch),
    METHOD(146, RestartResource),
    METHOD(147, GetNotifyAsync),
    METHOD(155, AddNotifyResourceTypeV2),
    METHOD(157, ExecuteReadBatchEx),
    METHOD(163, CreateGroupSet),
    METHOD(164, OpenGroupSet),
    METHOD(165, CloseGroupSet),
    METHOD(166, DeleteGroupSet),
    METHOD(167, AddGroupToGroupSet),
    METHOD(168, RemoveGroupFromGroupSet),
    METHOD(169, MoveGroupToGroupSet),
    METHOD(171, AddGroupSetDependency),
    METHOD(172, AddGroupToGroupSetDependency),
    METHOD(173, NodeGroupSetControl),
    METHOD(174, GroupSetControl),
    METHOD(175, SetGroupDependencyExpression),
    METHOD(176, RemoveClusterGroupDependency),
    METHOD(177, SetGroupSetDependencyExpression),
    METHOD(178, RemoveGroupSetDependency),
    METHOD(179, RemoveClusterGroupToGroupSetDependency),
    METHOD(180, CreateGroupSetEnum),
    METHOD(181, CreateNetInterfaceEnum),
    METHOD(182, ChangeCsvStateEx),
    METHOD(183, AddGroupToGroupSetEx),
    METHOD(184, ChangeResourceGroupEx),
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
