/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Windows Failover Cluster API for Linux. Names, types, values and structure layouts are those
 * of Windows' clusapi.h, so a program compiles against either header. Link with -lclusapi. Only
 * functions that this release implements are declared; types of later ones are complete. What
 * exists on Linux alone is in clusapi/linux.h, the readers of property lists are in resapi.h. This
 * file is the manual of the functions; what follows here holds for all of them.
 *
 * Returns. A function that returns a handle gives NULL when it fails; one that returns a state
 * gives the ...StateUnknown member, -1; one that returns BOOL gives FALSE; in these three cases the
 * error code is in GetLastError(), which each thread has for itself. A function that returns DWORD
 * gives the error code itself, 0 (ERROR_SUCCESS) when all went well, and leaves the last error
 * alone. A function that counts (...GetEnumCount) gives a number of entries, and 0 with the last
 * error set for a bad handle. Output parameters other than sizes are written only on success.
 *
 * Common codes. Any function can give these, which its own description does not repeat:
 *   5     ERROR_ACCESS_DENIED            the handle's access or the caller's rights do not suffice
 *   6     ERROR_INVALID_HANDLE           closed, invented, of another kind or another cluster, or
 *                                        inherited through fork
 *   8     ERROR_NOT_ENOUGH_MEMORY
 *   50    ERROR_NOT_SUPPORTED            this kind of cluster has no such thing
 *   70    ERROR_SHARING_PAUSED           the cluster takes no changes at present
 *   87    ERROR_INVALID_PARAMETER        a pointer is NULL that may not be, or a value is undefined
 *   120   ERROR_CALL_NOT_IMPLEMENTED     this kind of cluster has no such function
 *   995   ERROR_OPERATION_ABORTED        the call was cancelled from another thread
 *   1113  ERROR_NO_UNICODE_TRANSLATION   a string of the caller holds an unpaired surrogate
 *   1392  ERROR_FILE_CORRUPT             the cluster's file is damaged, or another is in its place
 *   1460  ERROR_TIMEOUT                  the deadline of the cluster handle passed
 *   5072  ERROR_CLUSTER_NODE_NOT_READY, 5073 ERROR_CLUSTER_NODE_SHUTTING_DOWN: the node that should
 *         answer is joining or leaving
 *   17xx, 18xx  RPC_S_...: the cluster cannot be reached, or the connection broke
 * Programs should test for the codes that are listed and treat every other one as a failure.
 *
 * Strings and their buffers. Strings are UTF-16, NUL-terminated; a string parameter belongs to the
 * caller and is only read during the call. A pair "LPWSTR buffer, LPDWORD size" works so: on entry
 * *size is the capacity in units (WCHARs) including the NUL; on return it is the length of the
 * text without the NUL, both on success and with ERROR_MORE_DATA 234, which says that the capacity
 * is less than length + 1; ask again with at least that much. With a NULL buffer and a size pointer
 * the call succeeds and gives the length. Where a pair is optional both may be NULL; a buffer
 * without a size pointer is ERROR_INVALID_PARAMETER. Of two texts, one that fits may be written
 * although the other gives ERROR_MORE_DATA.
 *
 * Byte buffers, of control functions, ...EnumEx and property lists: sizes are bytes, and the
 * strings inside count with their NULs. Too small is ERROR_MORE_DATA with the size needed. After
 * any other error a returned size means nothing.
 *
 * Control functions. They carry out a numbered operation on an object; the codes, and what the
 * common ones take and give, are in clusapi/control-codes.h. Buffers belong to the caller; input
 * that a code does not define is ignored; too small an output buffer is ERROR_MORE_DATA 234.
 * With a NULL output buffer of size 0 a control function may give ERROR_MORE_DATA or success, with
 * the size needed in both cases: accept either. Codes that modify need GENERIC_ALL on the object
 * and on the node, others any access; without it such a code is ERROR_ACCESS_DENIED 5, known or
 * not. All control functions can give ERROR_INVALID_FUNCTION 1, for
 * a code that the object does not know or that is for another kind of object;
 * ERROR_HOST_NODE_NOT_AVAILABLE 5005, for a hHostNode that is neither up nor paused;
 * ERROR_INVALID_DATA 13 or ERROR_INVALID_PARAMETER 87, for malformed input;
 * ERROR_NO_UNICODE_TRANSLATION 1113, for text with unpaired surrogates; and for properties
 * ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH 5895, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS 5913,
 * ERROR_RESOURCE_PROPERTY_UNCHANGEABLE 5089 and ERROR_INVALID_SECURITY_DESCR 1338.
 *
 * Enumerations. An enumeration handle holds the list as it was when it was opened; later changes do
 * not show, and an object it names may be gone. Indexes run from 0 to count - 1; beyond it is
 * ERROR_NO_MORE_ITEMS 259. ERROR_MORE_DATA does not use up the index. Several type bits give one
 * list, each entry with its own type. The order means something only where it is said.
 *
 * Names and ids. Both name an object and share one space, except where a function says otherwise.
 * They are compared without regard to case (simple Unicode folding) and shown as they were given.
 * A handle follows the id of its object, so renaming does not disturb it. After an object was
 * deleted its handles stay open and answer ERROR_GROUP_NOT_AVAILABLE 5012,
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, ERROR_NODE_NOT_AVAILABLE 5036 or ERROR_NETWORK_NOT_AVAILABLE
 * 5035; for a network interface it is ERROR_CLUSTER_NETINTERFACE_NOT_FOUND 5047.
 *
 * Access. A handle can read, or read and change; it is settled when it is opened. The functions
 * that open without Ex ask for everything (GENERIC_ALL) and fail with ERROR_ACCESS_DENIED where
 * only reading is granted. The Ex forms take dwDesiredAccess: GENERIC_READ, GENERIC_ALL,
 * MAXIMUM_ALLOWED or several of them. GENERIC_WRITE and GENERIC_EXECUTE mean GENERIC_ALL, so does
 * CLUSAPI_CHANGE_ACCESS with CLUSAPI_READ_ACCESS; CLUSAPI_READ_ACCESS alone means GENERIC_READ. 0,
 * other bits, and CLUSAPI_CHANGE_ACCESS alone are ERROR_INVALID_PARAMETER. They report GENERIC_READ
 * or GENERIC_ALL, exactly. No object handle has more access than the cluster handle it came from.
 * Functions that only read work with any handle.
 *
 * Handles. A handle is a value that the library checks, never an address: a bad one gives
 * ERROR_INVALID_HANDLE and nothing else happens. Each opening gives a handle of its own, which the
 * caller closes. CloseCluster makes all handles invalid that were obtained from that HCLUSTER
 * (objects, enumerations); closing one of those afterwards does no harm. Handles of different
 * clusters never go together in one call.
 *
 * Threads. Every function may be called from any thread at any time, also with one handle from
 * several; closing a handle while another thread uses it is safe, and that call may still finish.
 *
 * Waiting. A call may wait for the cluster, as long as the deadline of its cluster handle allows
 * (clusapi/linux.h: how to set it, and how to cancel a call from another thread).
 *
 * fork. In the child of a fork every inherited handle is invalid. If the parent ever had a handle,
 * the child cannot open an embedded cluster either (ERROR_NOT_SUPPORTED) until it runs another
 * program.
 */
#ifndef CLUSAPI_H
#define CLUSAPI_H

#include <clusapi/win32.h>
#include <clusapi/control-codes.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of Windows' header that this one follows, and the versions there have been. */
#define CLUSAPI_VERSION_SERVER2008   0x00000600
#define CLUSAPI_VERSION_SERVER2008R2 0x00000700
#define CLUSAPI_VERSION_WINDOWS8     0x00000701
#define CLUSAPI_VERSION_WINDOWSBLUE  0x00000702
#define CLUSAPI_VERSION_WINTHRESHOLD 0x00000703
#define CLUSAPI_VERSION_RS3          0x00000A00

#ifndef CLUSAPI_VERSION
#define CLUSAPI_VERSION 0x00000C07
#endif

#define CREATE_CLUSTER_VERSION            CLUSAPI_VERSION_SERVER2008
#define CREATE_CLUSTER_MAJOR_VERSION_MASK 0xFFFFFF00U

/* Generations of the cluster software, the upper half of a cluster version. */
#define NT4_MAJOR_VERSION                  1
#define NT4SP4_MAJOR_VERSION               2
#define NT5_MAJOR_VERSION                  3
#define NT51_MAJOR_VERSION                 4
#define NT6_MAJOR_VERSION                  5
#define NT7_MAJOR_VERSION                  6
#define NT8_MAJOR_VERSION                  7
#define NT9_MAJOR_VERSION                  8
#define NT10_MAJOR_VERSION                 9
#define NT11_MAJOR_VERSION                 10
#define NT12_MAJOR_VERSION                 11
#define NT13_MAJOR_VERSION                 12
#define NT14_MAJOR_VERSION                 14

#define CLUSTER_VERSION_UNKNOWN            0xFFFFFFFFU
#define CLUSTER_VERSION_FLAG_MIXED_MODE    0x00000001
#define CLUSTER_MAKE_VERSION(major, minor) (((major) << 16) | (minor))
#define CLUSTER_GET_MAJOR_VERSION(version) ((version) >> 16)
#define CLUSTER_GET_MINOR_VERSION(version) ((version)&0xFFFF)

/* Limits in WCHARs; the first does not count the NUL. */
#define MAX_CLUSTERNAME_LENGTH 63
#define MAX_OBJECTID           64

/* Handles. */
typedef struct _HCLUSTER *HCLUSTER;
typedef struct _HNODE *HNODE;
typedef struct _HRESOURCE *HRESOURCE;
typedef struct _HGROUP *HGROUP;
typedef struct _HGROUPSET *HGROUPSET;
typedef struct _HNETWORK *HNETWORK;
typedef struct _HNETINTERFACE *HNETINTERFACE;
typedef struct _HCHANGE *HCHANGE;
typedef struct _HCLUSENUM *HCLUSENUM;
typedef struct _HCLUSENUMEX *HCLUSENUMEX;
typedef struct _HNODEENUM *HNODEENUM;
typedef struct _HNODEENUMEX *HNODEENUMEX;
typedef struct _HGROUPENUM *HGROUPENUM;
typedef struct _HGROUPENUMEX *HGROUPENUMEX;
typedef struct _HRESENUM *HRESENUM;
typedef struct _HRESENUMEX *HRESENUMEX;
typedef struct _HNETWORKENUM *HNETWORKENUM;
typedef struct _HNETINTERFACEENUM *HNETINTERFACEENUM;
typedef struct _HRESTYPEENUM *HRESTYPEENUM;
typedef struct _HGROUPSETENUM *HGROUPSETENUM;
typedef struct _HREGBATCH *HREGBATCH;
typedef struct _HREGBATCHPORT *HREGBATCHPORT;
typedef struct _HREGBATCHNOTIFICATION *HREGBATCHNOTIFICATION;
typedef struct _HREGREADBATCH *HREGREADBATCH;
typedef struct _HREGREADBATCHREPLY *HREGREADBATCHREPLY;

/* Access rights of objects. */
#define CLUSAPI_READ_ACCESS   0x00000001
#define CLUSAPI_CHANGE_ACCESS 0x00000002
#define CLUSAPI_NO_ACCESS     0x00000004
#define CLUSAPI_ALL_ACCESS    (CLUSAPI_READ_ACCESS | CLUSAPI_CHANGE_ACCESS)

/* Whether a host has the cluster software, is part of a cluster, and runs its service. */
#define CLUSTER_INSTALLED  0x00000001
#define CLUSTER_CONFIGURED 0x00000002
#define CLUSTER_RUNNING    0x00000010

typedef enum NODE_CLUSTER_STATE {
    ClusterStateNotInstalled = 0x00000000,
    ClusterStateNotConfigured = CLUSTER_INSTALLED,
    ClusterStateNotRunning = CLUSTER_INSTALLED | CLUSTER_CONFIGURED,
    ClusterStateRunning = CLUSTER_INSTALLED | CLUSTER_CONFIGURED | CLUSTER_RUNNING
} NODE_CLUSTER_STATE;

/* States. */
typedef enum CLUSTER_NODE_STATE {
    ClusterNodeStateUnknown = -1,
    ClusterNodeUp = 0,
    ClusterNodeDown = 1,
    ClusterNodePaused = 2,
    ClusterNodeJoining = 3
} CLUSTER_NODE_STATE;

typedef enum CLUSTER_GROUP_STATE {
    ClusterGroupStateUnknown = -1,
    ClusterGroupOnline = 0,
    ClusterGroupOffline = 1,
    ClusterGroupFailed = 2,
    ClusterGroupPartialOnline = 3,
    ClusterGroupPending = 4
} CLUSTER_GROUP_STATE;

typedef enum CLUSTER_RESOURCE_STATE {
    ClusterResourceStateUnknown = -1,
    ClusterResourceInherited = 0,
    ClusterResourceInitializing = 1,
    ClusterResourceOnline = 2,
    ClusterResourceOffline = 3,
    ClusterResourceFailed = 4,
    ClusterResourcePending = 128,
    ClusterResourceOnlinePending = 129,
    ClusterResourceOfflinePending = 130
} CLUSTER_RESOURCE_STATE;

typedef enum CLUSTER_NETWORK_STATE {
    ClusterNetworkStateUnknown = -1,
    ClusterNetworkUnavailable = 0,
    ClusterNetworkDown = 1,
    ClusterNetworkPartitioned = 2,
    ClusterNetworkUp = 3
} CLUSTER_NETWORK_STATE;

typedef enum CLUSTER_NETINTERFACE_STATE {
    ClusterNetInterfaceStateUnknown = -1,
    ClusterNetInterfaceUnavailable = 0,
    ClusterNetInterfaceFailed = 1,
    ClusterNetInterfaceUnreachable = 2,
    ClusterNetInterfaceUp = 3
} CLUSTER_NETINTERFACE_STATE;

/* Values of properties. */
typedef enum CLUSTER_NETWORK_ROLE {
    ClusterNetworkRoleNone = 0,
    ClusterNetworkRoleInternalUse = 1,
    ClusterNetworkRoleClientAccess = 2,
    ClusterNetworkRoleInternalAndClient = 3
} CLUSTER_NETWORK_ROLE;

typedef enum CLUSTER_NODE_DRAIN_STATUS {
    NodeDrainStatusNotInitiated = 0,
    NodeDrainStatusInProgress = 1,
    NodeDrainStatusCompleted = 2,
    NodeDrainStatusFailed = 3,
    ClusterNodeDrainStatusCount = 4
} CLUSTER_NODE_DRAIN_STATUS;

typedef enum CLUSTER_NODE_FAILBACK_STATUS {
    NodeFailbackStatusNotInitiated = 0,
    NodeFailbackStatusInProgress = 1,
    NodeFailbackStatusCompleted = 2,
    NodeFailbackStatusFailed = 3,
    ClusterNodeFailbackStatusCount = 4
} CLUSTER_NODE_FAILBACK_STATUS;

/* Bits. */
typedef enum CLUSTER_NODE_STATUS {
    NodeStatusNormal = 0,
    NodeStatusIsolated = 1,
    NodeStatusQuarantined = 2,
    NodeStatusDrainInProgress = 4,
    NodeStatusDrainCompleted = 8,
    NodeStatusDrainFailed = 16,
    NodeStatusAvoidPlacement = 32,
    NodeStatusMax = 51
} CLUSTER_NODE_STATUS;

typedef enum CLUSTER_GROUP_AUTOFAILBACK_TYPE {
    ClusterGroupPreventFailback = 0,
    ClusterGroupAllowFailback = 1,
    ClusterGroupFailbackTypeCount = 2
} CLUSTER_GROUP_AUTOFAILBACK_TYPE, CGAFT;

typedef enum CLUSTER_GROUP_PRIORITY {
    PriorityDisabled = 0,
    PriorityLow = 1000,
    PriorityMedium = 2000,
    PriorityHigh = 3000
} CLUSTER_GROUP_PRIORITY;

typedef enum CLUSTER_RESOURCE_RESTART_ACTION {
    ClusterResourceDontRestart = 0,
    ClusterResourceRestartNoNotify = 1,
    ClusterResourceRestartNotify = 2,
    ClusterResourceRestartActionCount = 3
} CLUSTER_RESOURCE_RESTART_ACTION, CRRA;

typedef enum CLUSGROUP_TYPE {
    ClusGroupTypeCoreCluster = 1,
    ClusGroupTypeAvailableStorage = 2,
    ClusGroupTypeTemporary = 3,
    ClusGroupTypeSharedVolume = 4,
    ClusGroupTypeStoragePool = 5,
    ClusGroupTypeFileServer = 100,
    ClusGroupTypePrintServer = 101,
    ClusGroupTypeDhcpServer = 102,
    ClusGroupTypeDtc = 103,
    ClusGroupTypeMsmq = 104,
    ClusGroupTypeWins = 105,
    ClusGroupTypeStandAloneDfs = 106,
    ClusGroupTypeGenericApplication = 107,
    ClusGroupTypeGenericService = 108,
    ClusGroupTypeGenericScript = 109,
    ClusGroupTypeIScsiNameService = 110,
    ClusGroupTypeVirtualMachine = 111,
    ClusGroupTypeTsSessionBroker = 112,
    ClusGroupTypeIScsiTarget = 113,
    ClusGroupTypeScaleoutFileServer = 114,
    ClusGroupTypeVMReplicaBroker = 115,
    ClusGroupTypeTaskScheduler = 116,
    ClusGroupTypeClusterUpdateAgent = 117,
    ClusGroupTypeScaleoutCluster = 118,
    ClusGroupTypeStorageReplica = 119,
    ClusGroupTypeVMReplicaCoordinator = 120,
    ClusGroupTypeCrossClusterOrchestrator = 121,
    ClusGroupTypeInfrastructureFileServer = 122,
    ClusGroupTypeCoreSddc = 123,
    ClusGroupTypeUserManager = 124,
    ClusGroupTypeKeyValueStoreManager = 125,
    ClusGroupTypeHcsVirtualMachine = 126,
    ClusGroupTypeMetaVirtualMachine = 127,
    ClusGroupTypeUnknown = 9999
} CLUSGROUP_TYPE, *PCLUSGROUP_TYPE;

/* Bits of the StatusInformation property of a group. */
#define CLUSGRP_STATUS_LOCKED_MODE                          0x0000000000000001ULL
#define CLUSGRP_STATUS_PREEMPTED                            0x0000000000000002ULL
#define CLUSGRP_STATUS_WAITING_IN_QUEUE_FOR_MOVE            0x0000000000000004ULL
#define CLUSGRP_STATUS_PHYSICAL_RESOURCES_LACKING           0x0000000000000008ULL
#define CLUSGRP_STATUS_WAITING_TO_START                     0x0000000000000010ULL
#define CLUSGRP_STATUS_EMBEDDED_FAILURE                     0x0000000000000020ULL
#define CLUSGRP_STATUS_OFFLINE_DUE_TO_ANTIAFFINITY_CONFLICT 0x0000000000000040ULL
#define CLUSGRP_STATUS_NETWORK_FAILURE                      0x0000000000000080ULL
#define CLUSGRP_STATUS_UNMONITORED                          0x0000000000000100ULL
#define CLUSGRP_STATUS_OS_HEARTBEAT                         0x0000000000000200ULL
#define CLUSGRP_STATUS_APPLICATION_READY                    0x0000000000000400ULL
#define CLUSGRP_STATUS_OFFLINE_NOT_LOCAL_DISK_OWNER         0x0000000000000800ULL
#define CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES             0x0000000000001000ULL

/* Bits of the StatusInformation property of a resource. */
#define CLUSRES_STATUS_LOCKED_MODE                                  0x0000000000000001ULL
#define CLUSRES_STATUS_EMBEDDED_FAILURE                             0x0000000000000002ULL
#define CLUSRES_STATUS_FAILED_DUE_TO_INSUFFICIENT_CPU               0x0000000000000004ULL
#define CLUSRES_STATUS_FAILED_DUE_TO_INSUFFICIENT_MEMORY            0x0000000000000008ULL
#define CLUSRES_STATUS_FAILED_DUE_TO_INSUFFICIENT_GENERIC_RESOURCES 0x0000000000000010ULL
#define CLUSRES_STATUS_NETWORK_FAILURE                              0x0000000000000020ULL
#define CLUSRES_STATUS_UNMONITORED                                  0x0000000000000040ULL
#define CLUSRES_STATUS_OS_HEARTBEAT                                 0x0000000000000080ULL
#define CLUSRES_STATUS_APPLICATION_READY                            0x0000000000000100ULL
#define CLUSRES_STATUS_OFFLINE_NOT_LOCAL_DISK_OWNER                 0x0000000000000200ULL

/* What a resource (type) is: GET_CHARACTERISTICS, GET_FLAGS and GET_CLASS_INFO. */
typedef enum CLUS_CHARACTERISTICS {
    CLUS_CHAR_UNKNOWN = 0x00000000,
    CLUS_CHAR_QUORUM = 0x00000001,
    CLUS_CHAR_DELETE_REQUIRES_ALL_NODES = 0x00000002,
    CLUS_CHAR_LOCAL_QUORUM = 0x00000004,
    CLUS_CHAR_LOCAL_QUORUM_DEBUG = 0x00000008,
    CLUS_CHAR_REQUIRES_STATE_CHANGE_REASON = 0x00000010,
    CLUS_CHAR_BROADCAST_DELETE = 0x00000020,
    CLUS_CHAR_SINGLE_CLUSTER_INSTANCE = 0x00000040,
    CLUS_CHAR_SINGLE_GROUP_INSTANCE = 0x00000080,
    CLUS_CHAR_COEXIST_IN_SHARED_VOLUME_GROUP = 0x00000100,
    CLUS_CHAR_PLACEMENT_DATA = 0x00000200,
    CLUS_CHAR_MONITOR_DETACH = 0x00000400
} CLUS_CHARACTERISTICS;

typedef enum CLUS_FLAGS {
    CLUS_FLAG_CORE = 0x00000001
} CLUS_FLAGS;

typedef enum CLUSTER_RESOURCE_CLASS {
    CLUS_RESCLASS_UNKNOWN = 0,
    CLUS_RESCLASS_STORAGE = 1,
    CLUS_RESCLASS_NETWORK = 2,
    CLUS_RESCLASS_USER = 32768
} CLUSTER_RESOURCE_CLASS;

__extension__ typedef enum CLUS_RESSUBCLASS {
    CLUS_RESSUBCLASS_SHARED = 0x80000000
} CLUS_RESSUBCLASS;

__extension__ typedef enum CLUS_RESSUBCLASS_STORAGE {
    CLUS_RESSUBCLASS_STORAGE_SHARED_BUS = 0x80000000
} CLUS_RESSUBCLASS_STORAGE;

__extension__ typedef enum CLUS_RESSUBCLASS_NETWORK {
    CLUS_RESSUBCLASS_NETWORK_INTERNET_PROTOCOL = 0x80000000
} CLUS_RESSUBCLASS_NETWORK;

/* Quorum: the kind of configuration, and the answers of CHECK_VOTER_EVICT and CHECK_VOTER_DOWN. */
typedef enum CLUSTER_QUORUM_TYPE {
    OperationalQuorum = 0,
    ModifyQuorum = 1
} CLUSTER_QUORUM_TYPE;

typedef enum CLUSTER_QUORUM_VALUE {
    CLUSTER_QUORUM_MAINTAINED = 0,
    CLUSTER_QUORUM_LOST = 1
} CLUSTER_QUORUM_VALUE;

/* What an enumeration lists; the bits can be combined. */
__extension__ typedef enum CLUSTER_ENUM {
    CLUSTER_ENUM_NODE = 0x00000001,
    CLUSTER_ENUM_RESTYPE = 0x00000002,
    CLUSTER_ENUM_RESOURCE = 0x00000004,
    CLUSTER_ENUM_GROUP = 0x00000008,
    CLUSTER_ENUM_NETWORK = 0x00000010,
    CLUSTER_ENUM_NETINTERFACE = 0x00000020,
    CLUSTER_ENUM_ALL = CLUSTER_ENUM_NODE | CLUSTER_ENUM_RESTYPE | CLUSTER_ENUM_RESOURCE |
                       CLUSTER_ENUM_GROUP | CLUSTER_ENUM_NETWORK | CLUSTER_ENUM_NETINTERFACE,
    CLUSTER_ENUM_CAPACITY_NODE = 0x10000000,
    CLUSTER_ENUM_SHARED_VOLUME_GROUP = 0x20000000,
    CLUSTER_ENUM_SHARED_VOLUME_RESOURCE = 0x40000000,
    CLUSTER_ENUM_INTERNAL_NETWORK = 0x80000000
} CLUSTER_ENUM;

typedef enum CLUSTER_NODE_ENUM {
    CLUSTER_NODE_ENUM_NETINTERFACES = 0x00000001,
    CLUSTER_NODE_ENUM_GROUPS = 0x00000002,
    CLUSTER_NODE_ENUM_PREFERRED_GROUPS = 0x00000004,
    CLUSTER_NODE_ENUM_ALL = CLUSTER_NODE_ENUM_NETINTERFACES | CLUSTER_NODE_ENUM_GROUPS
} CLUSTER_NODE_ENUM;

typedef enum CLUSTER_GROUP_ENUM {
    CLUSTER_GROUP_ENUM_CONTAINS = 0x00000001,
    CLUSTER_GROUP_ENUM_NODES = 0x00000002,
    CLUSTER_GROUP_ENUM_ALL = CLUSTER_GROUP_ENUM_CONTAINS | CLUSTER_GROUP_ENUM_NODES
} CLUSTER_GROUP_ENUM;

typedef enum CLUSTER_RESOURCE_ENUM {
    CLUSTER_RESOURCE_ENUM_DEPENDS = 0x00000001,
    CLUSTER_RESOURCE_ENUM_PROVIDES = 0x00000002,
    CLUSTER_RESOURCE_ENUM_NODES = 0x00000004,
    CLUSTER_RESOURCE_ENUM_ALL =
        CLUSTER_RESOURCE_ENUM_DEPENDS | CLUSTER_RESOURCE_ENUM_PROVIDES | CLUSTER_RESOURCE_ENUM_NODES
} CLUSTER_RESOURCE_ENUM;

typedef enum CLUSTER_RESOURCE_TYPE_ENUM {
    CLUSTER_RESOURCE_TYPE_ENUM_NODES = 0x00000001,
    CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES = 0x00000002,
    CLUSTER_RESOURCE_TYPE_ENUM_ALL =
        CLUSTER_RESOURCE_TYPE_ENUM_NODES | CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES
} CLUSTER_RESOURCE_TYPE_ENUM;

typedef enum CLUSTER_NETWORK_ENUM {
    CLUSTER_NETWORK_ENUM_NETINTERFACES = 0x00000001,
    CLUSTER_NETWORK_ENUM_ALL = CLUSTER_NETWORK_ENUM_NETINTERFACES
} CLUSTER_NETWORK_ENUM;

/* Flags and options of functions that change something. */
typedef enum CLUSTER_RESOURCE_CREATE_FLAGS {
    CLUSTER_RESOURCE_DEFAULT_MONITOR = 0,
    CLUSTER_RESOURCE_SEPARATE_MONITOR = 1,
    CLUSTER_RESOURCE_VALID_FLAGS = CLUSTER_RESOURCE_SEPARATE_MONITOR
} CLUSTER_RESOURCE_CREATE_FLAGS;

typedef enum CLUSTER_NODE_RESUME_FAILBACK_TYPE {
    DoNotFailbackGroups = 0,
    FailbackGroupsImmediately = 1,
    FailbackGroupsPerPolicy = 2,
    ClusterNodeResumeFailbackTypeCount = 3
} CLUSTER_NODE_RESUME_FAILBACK_TYPE;

#define CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR  0x00000001
#define CLUSAPI_NODE_AVOID_PLACEMENT                            0x00000002
#define CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE               0x00000004

#define CLUSAPI_NODE_RESUME_FAILBACK_STORAGE                    0x00000001
#define CLUSAPI_NODE_RESUME_FAILBACK_VMS                        0x00000002
#define CLUSAPI_NODE_RESUME_FAILBACK_PINNED_VMS_ONLY            0x00000004

#define CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS             0x00000001
#define CLUSAPI_GROUP_ONLINE_SYNCHRONOUS                        0x00000002
#define CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE                 0x00000004
#define CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE               0x00000008

#define CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS            0x00000001

#define CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS               0x00000001
#define CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR       0x00000002
#define CLUSAPI_GROUP_MOVE_QUEUE_ENABLED                        0x00000004
#define CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START                  0x00000008
#define CLUSAPI_GROUP_MOVE_FAILBACK                             0x00000010
#define CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE                 0x00000020

#define CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS          0x00000001
#define CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE  0x00000002
#define CLUSAPI_RESOURCE_ONLINE_NECESSARY_FOR_QUORUM            0x00000004
#define CLUSAPI_RESOURCE_ONLINE_BEST_POSSIBLE_NODE              0x00000008
#define CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE            0x00000020

#define CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS         0x00000001
#define CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION         0x00000002
#define CLUSAPI_RESOURCE_OFFLINE_DO_NOT_UPDATE_PERSISTENT_STATE 0x00000004

/* Why a resource goes offline: bits of their own, not flags of a function above. */
#define CLUSAPI_RESOURCE_OFFLINE_REASON_NONE            0x00000000
#define CLUSAPI_RESOURCE_OFFLINE_REASON_UNKNOWN         0x00000001
#define CLUSAPI_RESOURCE_OFFLINE_REASON_MOVING          0x00000002
#define CLUSAPI_RESOURCE_OFFLINE_REASON_USER_REQUESTED  0x00000004
#define CLUSAPI_RESOURCE_OFFLINE_REASON_BEING_DELETED   0x00000008
#define CLUSAPI_RESOURCE_OFFLINE_REASON_BEING_RESTARTED 0x00000010
#define CLUSAPI_RESOURCE_OFFLINE_REASON_PREEMPTED       0x00000020
#define CLUSAPI_RESOURCE_OFFLINE_REASON_SHUTTING_DOWN   0x00000040

/* Notifications, version 1: one bit for each kind of event. */
__extension__ typedef enum CLUSTER_CHANGE {
    CLUSTER_CHANGE_NODE_STATE = 0x00000001,
    CLUSTER_CHANGE_NODE_DELETED = 0x00000002,
    CLUSTER_CHANGE_NODE_ADDED = 0x00000004,
    CLUSTER_CHANGE_NODE_PROPERTY = 0x00000008,
    CLUSTER_CHANGE_REGISTRY_NAME = 0x00000010,
    CLUSTER_CHANGE_REGISTRY_ATTRIBUTES = 0x00000020,
    CLUSTER_CHANGE_REGISTRY_VALUE = 0x00000040,
    CLUSTER_CHANGE_REGISTRY_SUBTREE = 0x00000080,
    CLUSTER_CHANGE_RESOURCE_STATE = 0x00000100,
    CLUSTER_CHANGE_RESOURCE_DELETED = 0x00000200,
    CLUSTER_CHANGE_RESOURCE_ADDED = 0x00000400,
    CLUSTER_CHANGE_RESOURCE_PROPERTY = 0x00000800,
    CLUSTER_CHANGE_GROUP_STATE = 0x00001000,
    CLUSTER_CHANGE_GROUP_DELETED = 0x00002000,
    CLUSTER_CHANGE_GROUP_ADDED = 0x00004000,
    CLUSTER_CHANGE_GROUP_PROPERTY = 0x00008000,
    CLUSTER_CHANGE_RESOURCE_TYPE_DELETED = 0x00010000,
    CLUSTER_CHANGE_RESOURCE_TYPE_ADDED = 0x00020000,
    CLUSTER_CHANGE_RESOURCE_TYPE_PROPERTY = 0x00040000,
    CLUSTER_CHANGE_CLUSTER_RECONNECT = 0x00080000,
    CLUSTER_CHANGE_NETWORK_STATE = 0x00100000,
    CLUSTER_CHANGE_NETWORK_DELETED = 0x00200000,
    CLUSTER_CHANGE_NETWORK_ADDED = 0x00400000,
    CLUSTER_CHANGE_NETWORK_PROPERTY = 0x00800000,
    CLUSTER_CHANGE_NETINTERFACE_STATE = 0x01000000,
    CLUSTER_CHANGE_NETINTERFACE_DELETED = 0x02000000,
    CLUSTER_CHANGE_NETINTERFACE_ADDED = 0x04000000,
    CLUSTER_CHANGE_NETINTERFACE_PROPERTY = 0x08000000,
    CLUSTER_CHANGE_QUORUM_STATE = 0x10000000,
    CLUSTER_CHANGE_CLUSTER_STATE = 0x20000000,
    CLUSTER_CHANGE_CLUSTER_PROPERTY = 0x40000000,
    CLUSTER_CHANGE_HANDLE_CLOSE = 0x80000000,
    CLUSTER_CHANGE_ALL = 0xFFFFFFFF
} CLUSTER_CHANGE;

/* Notifications, version 2: a kind of object, and bits of its own for each. */
typedef enum CLUSTER_OBJECT_TYPE {
    CLUSTER_OBJECT_TYPE_NONE = 0,
    CLUSTER_OBJECT_TYPE_CLUSTER = 1,
    CLUSTER_OBJECT_TYPE_GROUP = 2,
    CLUSTER_OBJECT_TYPE_RESOURCE = 3,
    CLUSTER_OBJECT_TYPE_RESOURCE_TYPE = 4,
    CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE = 5,
    CLUSTER_OBJECT_TYPE_NETWORK = 6,
    CLUSTER_OBJECT_TYPE_NODE = 7,
    CLUSTER_OBJECT_TYPE_REGISTRY = 8,
    CLUSTER_OBJECT_TYPE_QUORUM = 9,
    CLUSTER_OBJECT_TYPE_SHARED_VOLUME = 10,
    CLUSTER_OBJECT_TYPE_GROUPSET = 13,
    CLUSTER_OBJECT_TYPE_AFFINITYRULE = 16,
    CLUSTER_OBJECT_TYPE_FAULTDOMAIN = 17
} CLUSTER_OBJECT_TYPE;

typedef enum CLUSTER_CHANGE_CLUSTER_V2 {
    CLUSTER_CHANGE_CLUSTER_RECONNECT_V2 = 0x00000001,
    CLUSTER_CHANGE_CLUSTER_STATE_V2 = 0x00000002,
    CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2 = 0x00000004,
    CLUSTER_CHANGE_CLUSTER_HANDLE_CLOSE_V2 = 0x00000008,
    CLUSTER_CHANGE_CLUSTER_NETWORK_ADDED_V2 = 0x00000010,
    CLUSTER_CHANGE_CLUSTER_NODE_ADDED_V2 = 0x00000020,
    CLUSTER_CHANGE_CLUSTER_RESOURCE_TYPE_ADDED_V2 = 0x00000040,
    CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2 = 0x00000080,
    CLUSTER_CHANGE_CLUSTER_PRIVATE_PROPERTY_V2 = 0x00000100,
    CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2 = 0x00000200,
    CLUSTER_CHANGE_CLUSTER_RENAME_V2 = 0x00000400,
    CLUSTER_CHANGE_CLUSTER_MEMBERSHIP_V2 = 0x00000800,
    CLUSTER_CHANGE_CLUSTER_UPGRADED_V2 = 0x00001000,
    CLUSTER_CHANGE_CLUSTER_ALL_V2 = 0x00001FFF
} CLUSTER_CHANGE_CLUSTER_V2;

typedef enum CLUSTER_CHANGE_GROUP_V2 {
    CLUSTER_CHANGE_GROUP_DELETED_V2 = 0x00000001,
    CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_GROUP_STATE_V2 = 0x00000008,
    CLUSTER_CHANGE_GROUP_OWNER_NODE_V2 = 0x00000010,
    CLUSTER_CHANGE_GROUP_PREFERRED_OWNERS_V2 = 0x00000020,
    CLUSTER_CHANGE_GROUP_RESOURCE_ADDED_V2 = 0x00000040,
    CLUSTER_CHANGE_GROUP_RESOURCE_GAINED_V2 = 0x00000080,
    CLUSTER_CHANGE_GROUP_RESOURCE_LOST_V2 = 0x00000100,
    CLUSTER_CHANGE_GROUP_HANDLE_CLOSE_V2 = 0x00000200,
    CLUSTER_CHANGE_GROUP_ALL_V2 = 0x000003FF
} CLUSTER_CHANGE_GROUP_V2;

typedef enum CLUSTER_CHANGE_RESOURCE_V2 {
    CLUSTER_CHANGE_RESOURCE_COMMON_PROPERTY_V2 = 0x00000001,
    CLUSTER_CHANGE_RESOURCE_PRIVATE_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_RESOURCE_STATE_V2 = 0x00000004,
    CLUSTER_CHANGE_RESOURCE_OWNER_GROUP_V2 = 0x00000008,
    CLUSTER_CHANGE_RESOURCE_DEPENDENCIES_V2 = 0x00000010,
    CLUSTER_CHANGE_RESOURCE_DEPENDENTS_V2 = 0x00000020,
    CLUSTER_CHANGE_RESOURCE_POSSIBLE_OWNERS_V2 = 0x00000040,
    CLUSTER_CHANGE_RESOURCE_DELETED_V2 = 0x00000080,
    CLUSTER_CHANGE_RESOURCE_DLL_UPGRADED_V2 = 0x00000100,
    CLUSTER_CHANGE_RESOURCE_HANDLE_CLOSE_V2 = 0x00000200,
    CLUSTER_CHANGE_RESOURCE_TERMINAL_STATE_V2 = 0x00000400,
    CLUSTER_CHANGE_RESOURCE_ALL_V2 = 0x000007FF
} CLUSTER_CHANGE_RESOURCE_V2;

typedef enum CLUSTER_CHANGE_RESOURCE_TYPE_V2 {
    CLUSTER_CHANGE_RESOURCE_TYPE_DELETED_V2 = 0x00000001,
    CLUSTER_CHANGE_RESOURCE_TYPE_COMMON_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_RESOURCE_TYPE_PRIVATE_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_RESOURCE_TYPE_POSSIBLE_OWNERS_V2 = 0x00000008,
    CLUSTER_CHANGE_RESOURCE_TYPE_DLL_UPGRADED_V2 = 0x00000010,
    CLUSTER_RESOURCE_TYPE_SPECIFIC_V2 = 0x00000020,
    CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2 = 0x0000003F
} CLUSTER_CHANGE_RESOURCE_TYPE_V2;

typedef enum CLUSTER_CHANGE_NETINTERFACE_V2 {
    CLUSTER_CHANGE_NETINTERFACE_DELETED_V2 = 0x00000001,
    CLUSTER_CHANGE_NETINTERFACE_COMMON_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_NETINTERFACE_PRIVATE_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_NETINTERFACE_STATE_V2 = 0x00000008,
    CLUSTER_CHANGE_NETINTERFACE_HANDLE_CLOSE_V2 = 0x00000010,
    CLUSTER_CHANGE_NETINTERFACE_ALL_V2 = 0x0000001F
} CLUSTER_CHANGE_NETINTERFACE_V2;

typedef enum CLUSTER_CHANGE_NETWORK_V2 {
    CLUSTER_CHANGE_NETWORK_DELETED_V2 = 0x00000001,
    CLUSTER_CHANGE_NETWORK_COMMON_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_NETWORK_PRIVATE_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_NETWORK_STATE_V2 = 0x00000008,
    CLUSTER_CHANGE_NETWORK_HANDLE_CLOSE_V2 = 0x00000010,
    CLUSTER_CHANGE_NETWORK_ALL_V2 = 0x0000001F
} CLUSTER_CHANGE_NETWORK_V2;

typedef enum CLUSTER_CHANGE_NODE_V2 {
    CLUSTER_CHANGE_NODE_NETINTERFACE_ADDED_V2 = 0x00000001,
    CLUSTER_CHANGE_NODE_DELETED_V2 = 0x00000002,
    CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_NODE_PRIVATE_PROPERTY_V2 = 0x00000008,
    CLUSTER_CHANGE_NODE_STATE_V2 = 0x00000010,
    CLUSTER_CHANGE_NODE_GROUP_GAINED_V2 = 0x00000020,
    CLUSTER_CHANGE_NODE_GROUP_LOST_V2 = 0x00000040,
    CLUSTER_CHANGE_NODE_HANDLE_CLOSE_V2 = 0x00000080,
    CLUSTER_CHANGE_NODE_ALL_V2 = 0x000000FF
} CLUSTER_CHANGE_NODE_V2;

typedef enum CLUSTER_CHANGE_REGISTRY_V2 {
    CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2 = 0x00000001,
    CLUSTER_CHANGE_REGISTRY_NAME_V2 = 0x00000002,
    CLUSTER_CHANGE_REGISTRY_SUBTREE_V2 = 0x00000004,
    CLUSTER_CHANGE_REGISTRY_VALUE_V2 = 0x00000008,
    CLUSTER_CHANGE_REGISTRY_HANDLE_CLOSE_V2 = 0x00000010,
    CLUSTER_CHANGE_REGISTRY_ALL_V2 = 0x0000001F
} CLUSTER_CHANGE_REGISTRY_V2;

typedef enum CLUSTER_CHANGE_QUORUM_V2 {
    CLUSTER_CHANGE_QUORUM_STATE_V2 = 0x00000001,
    CLUSTER_CHANGE_QUORUM_ALL_V2 = 0x00000001
} CLUSTER_CHANGE_QUORUM_V2;

typedef enum CLUSTER_CHANGE_SHARED_VOLUME_V2 {
    CLUSTER_CHANGE_SHARED_VOLUME_STATE_V2 = 0x00000001,
    CLUSTER_CHANGE_SHARED_VOLUME_ADDED_V2 = 0x00000002,
    CLUSTER_CHANGE_SHARED_VOLUME_REMOVED_V2 = 0x00000004,
    CLUSTER_CHANGE_SHARED_VOLUME_ALL_V2 = 0x00000007
} CLUSTER_CHANGE_SHARED_VOLUME_V2;

typedef enum CLUSTER_CHANGE_SPACEPORT_V2 {
    CLUSTER_CHANGE_SPACEPORT_CUSTOM_PNP_V2 = 0x00000001
} CLUSTER_CHANGE_SPACEPORT_V2;

typedef enum CLUSTER_CHANGE_GROUPSET_V2 {
    CLUSTER_CHANGE_GROUPSET_DELETED_v2 = 0x00000001,
    CLUSTER_CHANGE_GROUPSET_COMMON_PROPERTY_V2 = 0x00000002,
    CLUSTER_CHANGE_GROUPSET_PRIVATE_PROPERTY_V2 = 0x00000004,
    CLUSTER_CHANGE_GROUPSET_STATE_V2 = 0x00000008,
    CLUSTER_CHANGE_GROUPSET_GROUP_ADDED = 0x00000010,
    CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED = 0x00000020,
    CLUSTER_CHANGE_GROUPSET_DEPENDENCIES_V2 = 0x00000040,
    CLUSTER_CHANGE_GROUPSET_DEPENDENTS_V2 = 0x00000080,
    CLUSTER_CHANGE_GROUPSET_HANDLE_CLOSE_v2 = 0x00000100,
    CLUSTER_CHANGE_GROUPSET_ALL_V2 = 0x000001FF
} CLUSTER_CHANGE_GROUPSET_V2;

typedef enum CLUSTER_CHANGE_NODE_UPGRADE_PHASE_V2 {
    CLUSTER_CHANGE_UPGRADE_NODE_PREPARE = 0x00000001,
    CLUSTER_CHANGE_UPGRADE_NODE_COMMIT = 0x00000002,
    CLUSTER_CHANGE_UPGRADE_NODE_POSTCOMMIT = 0x00000004,
    CLUSTER_CHANGE_UPGRADE_ALL = 0x00000007
} CLUSTER_CHANGE_NODE_UPGRADE_PHASE_V2;

/* Commands of registry batches. */
typedef enum _CLUSTER_REG_COMMAND {
    CLUSREG_COMMAND_NONE = 0,
    CLUSREG_SET_VALUE = 1,
    CLUSREG_CREATE_KEY = 2,
    CLUSREG_DELETE_KEY = 3,
    CLUSREG_DELETE_VALUE = 4,
    CLUSREG_SET_KEY_SECURITY = 5,
    CLUSREG_VALUE_DELETED = 6,
    CLUSREG_READ_KEY = 7,
    CLUSREG_READ_VALUE = 8,
    CLUSREG_READ_ERROR = 9,
    CLUSREG_CONTROL_COMMAND = 10,
    CLUSREG_CONDITION_EXISTS = 11,
    CLUSREG_CONDITION_NOT_EXISTS = 12,
    CLUSREG_CONDITION_IS_EQUAL = 13,
    CLUSREG_CONDITION_IS_NOT_EQUAL = 14,
    CLUSREG_CONDITION_IS_GREATER_THAN = 15,
    CLUSREG_CONDITION_IS_LESS_THAN = 16,
    CLUSREG_CONDITION_KEY_EXISTS = 17,
    CLUSREG_CONDITION_KEY_NOT_EXISTS = 18,
    CLUSREG_LAST_COMMAND = 19
} CLUSTER_REG_COMMAND;

/* What the callback of CreateCluster is told about. */
typedef enum _CLUSTER_SETUP_PHASE {
    ClusterSetupPhaseInitialize = 1,
    ClusterSetupPhaseValidateNodeState = 100,
    ClusterSetupPhaseValidateNetft = 102,
    ClusterSetupPhaseValidateClusDisk = 103,
    ClusterSetupPhaseConfigureClusSvc = 104,
    ClusterSetupPhaseStartingClusSvc = 105,
    ClusterSetupPhaseQueryClusterNameAccount = 106,
    ClusterSetupPhaseValidateClusterNameAccount = 107,
    ClusterSetupPhaseCreateClusterAccount = 108,
    ClusterSetupPhaseConfigureClusterAccount = 109,
    ClusterSetupPhaseFormingCluster = 200,
    ClusterSetupPhaseAddClusterProperties = 201,
    ClusterSetupPhaseCreateResourceTypes = 202,
    ClusterSetupPhaseCreateGroups = 203,
    ClusterSetupPhaseCreateIPAddressResources = 204,
    ClusterSetupPhaseCreateNetworkName = 205,
    ClusterSetupPhaseClusterGroupOnline = 206,
    ClusterSetupPhaseGettingCurrentMembership = 300,
    ClusterSetupPhaseAddNodeToCluster = 301,
    ClusterSetupPhaseNodeUp = 302,
    ClusterSetupPhaseMoveGroup = 400,
    ClusterSetupPhaseDeleteGroup = 401,
    ClusterSetupPhaseCleanupCOs = 402,
    ClusterSetupPhaseOfflineGroup = 403,
    ClusterSetupPhaseEvictNode = 404,
    ClusterSetupPhaseCleanupNode = 405,
    ClusterSetupPhaseCoreGroupCleanup = 406,
    ClusterSetupPhaseFailureCleanup = 999
} CLUSTER_SETUP_PHASE;

typedef enum _CLUSTER_SETUP_PHASE_TYPE {
    ClusterSetupPhaseStart = 1,
    ClusterSetupPhaseContinue = 2,
    ClusterSetupPhaseEnd = 3,
    ClusterSetupPhaseReport = 4
} CLUSTER_SETUP_PHASE_TYPE;

typedef enum _CLUSTER_SETUP_PHASE_SEVERITY {
    ClusterSetupPhaseInformational = 1,
    ClusterSetupPhaseWarning = 2,
    ClusterSetupPhaseFatal = 3
} CLUSTER_SETUP_PHASE_SEVERITY;

typedef enum _CLUSTER_UPGRADE_PHASE {
    ClusterUpgradePhaseInitialize = 1,
    ClusterUpgradePhaseValidatingUpgrade = 2,
    ClusterUpgradePhaseUpgradingComponents = 3,
    ClusterUpgradePhaseInstallingNewComponents = 4,
    ClusterUpgradePhaseUpgradeComplete = 5
} CLUSTER_UPGRADE_PHASE;

/* How the name of a cluster is kept in a directory service. Not used on Linux. */
typedef enum CLUSTER_MGMT_POINT_TYPE {
    CLUSTER_MGMT_POINT_TYPE_NONE = 0,
    CLUSTER_MGMT_POINT_TYPE_CNO = 1,
    CLUSTER_MGMT_POINT_TYPE_DNS_ONLY = 2,
    CLUSTER_MGMT_POINT_TYPE_CNO_ONLY = 3
} CLUSTER_MGMT_POINT_TYPE;

typedef enum CLUSTER_MGMT_POINT_RESTYPE {
    CLUSTER_MGMT_POINT_RESTYPE_AUTO = 0,
    CLUSTER_MGMT_POINT_RESTYPE_SNN = 1,
    CLUSTER_MGMT_POINT_RESTYPE_DNN = 2
} CLUSTER_MGMT_POINT_RESTYPE;

/* Version of a cluster (GetClusterInformation). dwVersionInfoSize is set by the caller. */
typedef struct CLUSTERVERSIONINFO_NT4 {
    DWORD dwVersionInfoSize;
    WORD MajorVersion;
    WORD MinorVersion;
    WORD BuildNumber;
    WCHAR szVendorId[64];
    WCHAR szCSDVersion[64];
} CLUSTERVERSIONINFO_NT4, *PCLUSTERVERSIONINFO_NT4;

typedef struct CLUSTERVERSIONINFO {
    DWORD dwVersionInfoSize;
    WORD MajorVersion;
    WORD MinorVersion;
    WORD BuildNumber;
    WCHAR szVendorId[64];
    WCHAR szCSDVersion[64];
    DWORD dwClusterHighestVersion;
    DWORD dwClusterLowestVersion;
    DWORD dwFlags;
    DWORD dwReserved;
} CLUSTERVERSIONINFO, *LPCLUSTERVERSIONINFO, *PCLUSTERVERSIONINFO;

/* The input of CreateCluster. */
typedef struct _CLUSTER_IP_ENTRY {
    PCWSTR lpszIpAddress;
    DWORD dwPrefixLength;
} CLUSTER_IP_ENTRY, *PCLUSTER_IP_ENTRY;

typedef struct _CREATE_CLUSTER_CONFIG {
    DWORD dwVersion;
    PCWSTR lpszClusterName;
    DWORD cNodes;
    PCWSTR *ppszNodeNames;
    DWORD cIpEntries;
    PCLUSTER_IP_ENTRY pIpEntries;
    BOOLEAN fEmptyCluster;
    CLUSTER_MGMT_POINT_TYPE managementPointType;
    CLUSTER_MGMT_POINT_RESTYPE managementPointResType;
    PCWSTR pszUserName;
    PCWSTR pszPassword;
    PCWSTR pszDomain;
} CREATE_CLUSTER_CONFIG, *PCREATE_CLUSTER_CONFIG;

/** How far a snapshot of a cluster shared volume is. */
typedef enum CLUSTER_SHARED_VOLUME_SNAPSHOT_STATE {
    ClusterSharedVolumeSnapshotStateUnknown = 0,
    ClusterSharedVolumePrepareForHWSnapshot = 1,
    ClusterSharedVolumeHWSnapshotCompleted = 2,
    ClusterSharedVolumePrepareForFreeze = 3
} CLUSTER_SHARED_VOLUME_SNAPSHOT_STATE;

/** What CreateClusterNameAccount takes. */
typedef struct CREATE_CLUSTER_NAME_ACCOUNT {
    DWORD dwVersion;
    PCWSTR lpszClusterName;
    DWORD dwFlags;
    PCWSTR pszUserName;
    PCWSTR pszPassword;
    PCWSTR pszDomain;
    CLUSTER_MGMT_POINT_TYPE managementPointType;
    CLUSTER_MGMT_POINT_RESTYPE managementPointResType;
    BOOLEAN bUpgradeVCOs;
} CREATE_CLUSTER_NAME_ACCOUNT, *PCREATE_CLUSTER_NAME_ACCOUNT;

#define CLUSTER_CREATE_GROUP_INFO_VERSION_1 0x00000001
#define CLUSTER_CREATE_GROUP_INFO_VERSION   CLUSTER_CREATE_GROUP_INFO_VERSION_1

typedef struct _CLUSTER_CREATE_GROUP_INFO {
    DWORD dwVersion;
    CLUSGROUP_TYPE groupType;
} CLUSTER_CREATE_GROUP_INFO, *PCLUSTER_CREATE_GROUP_INFO;

/* Entries of the Ex enumerations. cb... are bytes; the pointers lead into the same buffer. */
#define CLUSTER_ENUM_ITEM_VERSION_1 0x00000001
#define CLUSTER_ENUM_ITEM_VERSION   CLUSTER_ENUM_ITEM_VERSION_1

typedef struct _CLUSTER_ENUM_ITEM {
    DWORD dwVersion;
    DWORD dwType;
    DWORD cbId;
    LPWSTR lpszId;
    DWORD cbName;
    LPWSTR lpszName;
} CLUSTER_ENUM_ITEM, *PCLUSTER_ENUM_ITEM;

#define CLUSTER_GROUP_ENUM_ITEM_VERSION_1 0x00000001
#define CLUSTER_GROUP_ENUM_ITEM_VERSION   CLUSTER_GROUP_ENUM_ITEM_VERSION_1

typedef struct _CLUSTER_GROUP_ENUM_ITEM {
    DWORD dwVersion;
    DWORD cbId;
    LPWSTR lpszId;
    DWORD cbName;
    LPWSTR lpszName;
    CLUSTER_GROUP_STATE state;
    DWORD cbOwnerNode;
    LPWSTR lpszOwnerNode;
    DWORD dwFlags;
    DWORD cbProperties;
    PVOID pProperties;
    DWORD cbRoProperties;
    PVOID pRoProperties;
} CLUSTER_GROUP_ENUM_ITEM, *PCLUSTER_GROUP_ENUM_ITEM;

#define CLUSTER_RESOURCE_ENUM_ITEM_VERSION_1 0x00000001
#define CLUSTER_RESOURCE_ENUM_ITEM_VERSION   CLUSTER_RESOURCE_ENUM_ITEM_VERSION_1

typedef struct _CLUSTER_RESOURCE_ENUM_ITEM {
    DWORD dwVersion;
    DWORD cbId;
    LPWSTR lpszId;
    DWORD cbName;
    LPWSTR lpszName;
    DWORD cbOwnerGroupName;
    LPWSTR lpszOwnerGroupName;
    DWORD cbOwnerGroupId;
    LPWSTR lpszOwnerGroupId;
    DWORD cbProperties;
    PVOID pProperties;
    DWORD cbRoProperties;
    PVOID pRoProperties;
} CLUSTER_RESOURCE_ENUM_ITEM, *PCLUSTER_RESOURCE_ENUM_ITEM;

/* What to be notified of: a CLUSTER_OBJECT_TYPE, and bits of the enumeration for that type. */
typedef struct _NOTIFY_FILTER_AND_TYPE {
    DWORD dwObjectType;
    LONGLONG FilterFlags;
} NOTIFY_FILTER_AND_TYPE, *PNOTIFY_FILTER_AND_TYPE;

/* Entries of registry batches. */
typedef struct _CLUSTER_BATCH_COMMAND {
    CLUSTER_REG_COMMAND Command;
    DWORD dwOptions;
    LPCWSTR wzName;
    BYTE const *lpData;
    DWORD cbData;
} CLUSTER_BATCH_COMMAND;

typedef struct _CLUSTER_READ_BATCH_COMMAND {
    CLUSTER_REG_COMMAND Command;
    DWORD dwOptions;
    LPCWSTR wzSubkeyName;
    LPCWSTR wzValueName;
    BYTE const *lpData;
    DWORD cbData;
} CLUSTER_READ_BATCH_COMMAND;

typedef enum CLUSTER_SET_PASSWORD_FLAGS {
    CLUSTER_SET_PASSWORD_IGNORE_DOWN_NODES = 1
} CLUSTER_SET_PASSWORD_FLAGS;

typedef struct CLUSTER_SET_PASSWORD_STATUS {
    DWORD NodeId;
    BOOLEAN SetAttempted;
    DWORD ReturnStatus;
} CLUSTER_SET_PASSWORD_STATUS, *PCLUSTER_SET_PASSWORD_STATUS;

/*
 * Property lists: what control functions take and give. All is little-endian; each value starts at
 * a multiple of 4 bytes from the start of the list.
 *
 *   list      DWORD number of properties, then the properties
 *   property  a value of syntax NAME, one or more values, DWORD CLUSPROP_SYNTAX_ENDMARK
 *   value     DWORD syntax, DWORD cbLength, cbLength bytes, zeros up to a multiple of 4
 *
 * cbLength counts the NULs of strings and not the padding. A value list (GET_REQUIRED_DEPENDENCIES)
 * is a sequence of values and an end mark, without a count and without names. Readers: resapi.h.
 */
typedef enum CLUSTER_PROPERTY_TYPE {
    CLUSPROP_TYPE_UNKNOWN = -1,
    CLUSPROP_TYPE_ENDMARK = 0,
    CLUSPROP_TYPE_LIST_VALUE = 1,
    CLUSPROP_TYPE_RESCLASS = 2,
    CLUSPROP_TYPE_RESERVED1 = 3,
    CLUSPROP_TYPE_NAME = 4,
    CLUSPROP_TYPE_SIGNATURE = 5,
    CLUSPROP_TYPE_SCSI_ADDRESS = 6,
    CLUSPROP_TYPE_DISK_NUMBER = 7,
    CLUSPROP_TYPE_PARTITION_INFO = 8,
    CLUSPROP_TYPE_FTSET_INFO = 9,
    CLUSPROP_TYPE_DISK_SERIALNUMBER = 10,
    CLUSPROP_TYPE_DISK_GUID = 11,
    CLUSPROP_TYPE_DISK_SIZE = 12,
    CLUSPROP_TYPE_PARTITION_INFO_EX = 13,
    CLUSPROP_TYPE_PARTITION_INFO_EX2 = 14,
    CLUSPROP_TYPE_STORAGE_DEVICE_ID_DESCRIPTOR = 15,
    CLUSPROP_TYPE_USER = 32768
} CLUSTER_PROPERTY_TYPE;

typedef enum CLUSTER_PROPERTY_FORMAT {
    CLUSPROP_FORMAT_UNKNOWN = 0,
    CLUSPROP_FORMAT_BINARY = 1,
    CLUSPROP_FORMAT_DWORD = 2,
    CLUSPROP_FORMAT_SZ = 3,
    CLUSPROP_FORMAT_EXPAND_SZ = 4,
    CLUSPROP_FORMAT_MULTI_SZ = 5,
    CLUSPROP_FORMAT_ULARGE_INTEGER = 6,
    CLUSPROP_FORMAT_LONG = 7,
    CLUSPROP_FORMAT_EXPANDED_SZ = 8,
    CLUSPROP_FORMAT_SECURITY_DESCRIPTOR = 9,
    CLUSPROP_FORMAT_LARGE_INTEGER = 10,
    CLUSPROP_FORMAT_WORD = 11,
    CLUSPROP_FORMAT_FILETIME = 12,
    CLUSPROP_FORMAT_VALUE_LIST = 13,
    CLUSPROP_FORMAT_PROPERTY_LIST = 14,
    CLUSPROP_FORMAT_USER = 32768
} CLUSTER_PROPERTY_FORMAT;

/* A syntax is a type and a format. */
#define CLUSPROP_SYNTAX_VALUE(type, format) ((DWORD)(((DWORD)(type) << 16) | (DWORD)(format)))

typedef enum CLUSTER_PROPERTY_SYNTAX {
    CLUSPROP_SYNTAX_ENDMARK = 0x00000000,
    CLUSPROP_SYNTAX_NAME = 0x00040003,
    CLUSPROP_SYNTAX_RESCLASS = 0x00020002,
    CLUSPROP_SYNTAX_LIST_VALUE_BINARY = 0x00010001,
    CLUSPROP_SYNTAX_LIST_VALUE_DWORD = 0x00010002,
    CLUSPROP_SYNTAX_LIST_VALUE_SZ = 0x00010003,
    CLUSPROP_SYNTAX_LIST_VALUE_EXPAND_SZ = 0x00010004,
    CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ = 0x00010005,
    CLUSPROP_SYNTAX_LIST_VALUE_ULARGE_INTEGER = 0x00010006,
    CLUSPROP_SYNTAX_LIST_VALUE_LONG = 0x00010007,
    CLUSPROP_SYNTAX_LIST_VALUE_EXPANDED_SZ = 0x00010008,
    CLUSPROP_SYNTAX_LIST_VALUE_SECURITY_DESCRIPTOR = 0x00010009,
    CLUSPROP_SYNTAX_LIST_VALUE_LARGE_INTEGER = 0x0001000A,
    CLUSPROP_SYNTAX_LIST_VALUE_WORD = 0x0001000B,
    CLUSPROP_SYNTAX_LIST_VALUE_FILETIME = 0x0001000C,
    CLUSPROP_SYNTAX_LIST_VALUE_PROPERTY_LIST = 0x0001000E,
    CLUSPROP_SYNTAX_DISK_SIGNATURE = 0x00050002,
    CLUSPROP_SYNTAX_SCSI_ADDRESS = 0x00060002,
    CLUSPROP_SYNTAX_DISK_NUMBER = 0x00070002,
    CLUSPROP_SYNTAX_PARTITION_INFO = 0x00080001,
    CLUSPROP_SYNTAX_FTSET_INFO = 0x00090001,
    CLUSPROP_SYNTAX_DISK_SERIALNUMBER = 0x000A0003,
    CLUSPROP_SYNTAX_DISK_GUID = 0x000B0003,
    CLUSPROP_SYNTAX_DISK_SIZE = 0x000C0006,
    CLUSPROP_SYNTAX_PARTITION_INFO_EX = 0x000D0001
} CLUSTER_PROPERTY_SYNTAX;

typedef union CLUSPROP_SYNTAX {
    DWORD dw;
    __extension__ struct {
        WORD wFormat;
        WORD wType;
    };
} CLUSPROP_SYNTAX, *PCLUSPROP_SYNTAX;

/* The head of every value. */
typedef struct CLUSPROP_VALUE {
    CLUSPROP_SYNTAX Syntax;
    DWORD cbLength;
} CLUSPROP_VALUE, *PCLUSPROP_VALUE;

/*
 * Declares the structure of a value: the head and one member. As on Windows the head's members are
 * reached directly (value.cbLength), and in C++ the structure is derived from CLUSPROP_VALUE.
 */
#ifdef __cplusplus
#define CLUSAPI_VALUE_STRUCT(name, member)                                                         \
    typedef struct name : public CLUSPROP_VALUE {                                                  \
        member;                                                                                    \
    } name, *P##name
#else
#define CLUSAPI_VALUE_STRUCT(name, member)                                                         \
    typedef struct name {                                                                          \
        CLUSPROP_SYNTAX Syntax;                                                                    \
        DWORD cbLength;                                                                            \
        member;                                                                                    \
    } name, *P##name
#endif

/* In rgb and sz the data begins and runs on for cbLength bytes. */
CLUSAPI_VALUE_STRUCT(CLUSPROP_BINARY, BYTE rgb[1]);
CLUSAPI_VALUE_STRUCT(CLUSPROP_WORD, WORD w);
CLUSAPI_VALUE_STRUCT(CLUSPROP_DWORD, DWORD dw);
CLUSAPI_VALUE_STRUCT(CLUSPROP_LONG, LONG l);
CLUSAPI_VALUE_STRUCT(CLUSPROP_SZ, WCHAR sz[1]);
CLUSAPI_VALUE_STRUCT(CLUSPROP_ULARGE_INTEGER, ULARGE_INTEGER li);
CLUSAPI_VALUE_STRUCT(CLUSPROP_LARGE_INTEGER, LARGE_INTEGER li);
CLUSAPI_VALUE_STRUCT(CLUSPROP_FILETIME, FILETIME ft);
CLUSAPI_VALUE_STRUCT(CLUSPROP_RESOURCE_CLASS, CLUSTER_RESOURCE_CLASS rc);

typedef CLUSPROP_SZ CLUSPROP_MULTI_SZ, *PCLUSPROP_MULTI_SZ;
typedef CLUSPROP_SZ CLUSPROP_PROPERTY_NAME, *PCLUSPROP_PROPERTY_NAME;
typedef CLUSPROP_DWORD CLUSPROP_DISK_NUMBER, *PCLUSPROP_DISK_NUMBER;
typedef CLUSPROP_DWORD CLUSPROP_DISK_SIGNATURE, *PCLUSPROP_DISK_SIGNATURE;

/* The output of GET_CLASS_INFO. */
#define CLUSAPI_RESOURCE_CLASS_INFO_MEMBERS                                                        \
    __extension__ union {                                                                          \
        __extension__ struct {                                                                     \
            __extension__ union {                                                                  \
                DWORD dw;                                                                          \
                CLUSTER_RESOURCE_CLASS rc;                                                         \
            };                                                                                     \
            DWORD SubClass;                                                                        \
        };                                                                                         \
        ULARGE_INTEGER li;                                                                         \
    }

typedef struct CLUS_RESOURCE_CLASS_INFO {
    CLUSAPI_RESOURCE_CLASS_INFO_MEMBERS;
} CLUS_RESOURCE_CLASS_INFO, *PCLUS_RESOURCE_CLASS_INFO;

typedef struct CLUS_FORCE_QUORUM_INFO {
    DWORD dwSize;
    DWORD dwNodeBitMask;
    DWORD dwMaxNumberofNodes;
    WCHAR multiszNodeList[1];
} CLUS_FORCE_QUORUM_INFO, *PCLUS_FORCE_QUORUM_INFO;

typedef struct CLUS_MAINTENANCE_MODE_INFO {
    BOOL InMaintenance;
} CLUS_MAINTENANCE_MODE_INFO, *PCLUS_MAINTENANCE_MODE_INFO;

/* Disks and partitions, as a Windows cluster describes them. */
typedef enum CLUSPROP_PIFLAGS {
    CLUSPROP_PIFLAG_STICKY = 0x00000001,
    CLUSPROP_PIFLAG_REMOVABLE = 0x00000002,
    CLUSPROP_PIFLAG_USABLE = 0x00000004,
    CLUSPROP_PIFLAG_DEFAULT_QUORUM = 0x00000008
} CLUSPROP_PIFLAGS;

#define CLUSAPI_SCSI_ADDRESS_MEMBERS                                                               \
    __extension__ union {                                                                          \
        __extension__ struct {                                                                     \
            UCHAR PortNumber;                                                                      \
            UCHAR PathId;                                                                          \
            UCHAR TargetId;                                                                        \
            UCHAR Lun;                                                                             \
        };                                                                                         \
        DWORD dw;                                                                                  \
    }

typedef struct CLUS_SCSI_ADDRESS {
    CLUSAPI_SCSI_ADDRESS_MEMBERS;
} CLUS_SCSI_ADDRESS, *PCLUS_SCSI_ADDRESS;

#define CLUSAPI_FTSET_INFO_MEMBERS                                                                 \
    DWORD dwRootSignature;                                                                         \
    DWORD dwFtType

typedef struct CLUS_FTSET_INFO {
    CLUSAPI_FTSET_INFO_MEMBERS;
} CLUS_FTSET_INFO, *PCLUS_FTSET_INFO;

#define CLUSAPI_PARTITION_INFO_MEMBERS                                                             \
    DWORD dwFlags;                                                                                 \
    WCHAR szDeviceName[MAX_PATH];                                                                  \
    WCHAR szVolumeLabel[MAX_PATH];                                                                 \
    DWORD dwSerialNumber;                                                                          \
    DWORD rgdwMaximumComponentLength;                                                              \
    DWORD dwFileSystemFlags;                                                                       \
    WCHAR szFileSystem[32]

typedef struct CLUS_PARTITION_INFO {
    CLUSAPI_PARTITION_INFO_MEMBERS;
} CLUS_PARTITION_INFO, *PCLUS_PARTITION_INFO;

#define CLUSAPI_PARTITION_INFO_EX_MEMBERS                                                          \
    CLUSAPI_PARTITION_INFO_MEMBERS;                                                                \
    ULARGE_INTEGER TotalSizeInBytes;                                                               \
    ULARGE_INTEGER FreeSizeInBytes;                                                                \
    DWORD DeviceNumber;                                                                            \
    DWORD PartitionNumber;                                                                         \
    GUID VolumeGuid

typedef struct CLUS_PARTITION_INFO_EX {
    CLUSAPI_PARTITION_INFO_EX_MEMBERS;
} CLUS_PARTITION_INFO_EX, *PCLUS_PARTITION_INFO_EX;

/* Values that hold one of the structures above, whose members are reached directly as well. */
#ifdef __cplusplus
#define CLUSAPI_VALUE_OF_STRUCT(what)                                                              \
    typedef struct CLUSPROP_##what : public CLUSPROP_VALUE, public CLUS_##what {                   \
    } CLUSPROP_##what, *PCLUSPROP_##what
#else
#define CLUSAPI_VALUE_OF_STRUCT(what)                                                              \
    CLUSAPI_VALUE_STRUCT(CLUSPROP_##what, CLUSAPI_##what##_MEMBERS)
#endif

CLUSAPI_VALUE_OF_STRUCT(RESOURCE_CLASS_INFO);
CLUSAPI_VALUE_OF_STRUCT(SCSI_ADDRESS);
CLUSAPI_VALUE_OF_STRUCT(FTSET_INFO);
CLUSAPI_VALUE_OF_STRUCT(PARTITION_INFO);
CLUSAPI_VALUE_OF_STRUCT(PARTITION_INFO_EX);

CLUSAPI_VALUE_STRUCT(
    CLUSPROP_SECURITY_DESCRIPTOR, __extension__ union {
        SECURITY_DESCRIPTOR_RELATIVE sd;
        BYTE rgbSecurityDescriptor[1];
    });

typedef union CLUSPROP_REQUIRED_DEPENDENCY {
    CLUSPROP_VALUE Value;
    CLUSPROP_RESOURCE_CLASS ResClass;
    CLUSPROP_SZ ResTypeName;
} CLUSPROP_REQUIRED_DEPENDENCY, *PCLUSPROP_REQUIRED_DEPENDENCY;

/* The start of a list: the count and the name of the first property. */
typedef struct CLUSPROP_LIST {
    DWORD nPropertyCount;
    CLUSPROP_PROPERTY_NAME PropertyName;
} CLUSPROP_LIST, *PCLUSPROP_LIST;

/* A position in a list, to be read as whatever is there. */
typedef union CLUSPROP_BUFFER_HELPER {
    BYTE *pb;
    WORD *pw;
    DWORD *pdw;
    LONG *pl;
    LPWSTR psz;
    PCLUSPROP_LIST pList;
    PCLUSPROP_SYNTAX pSyntax;
    PCLUSPROP_PROPERTY_NAME pName;
    PCLUSPROP_VALUE pValue;
    PCLUSPROP_BINARY pBinaryValue;
    PCLUSPROP_WORD pWordValue;
    PCLUSPROP_DWORD pDwordValue;
    PCLUSPROP_LONG pLongValue;
    PCLUSPROP_ULARGE_INTEGER pULargeIntegerValue;
    PCLUSPROP_LARGE_INTEGER pLargeIntegerValue;
    PCLUSPROP_SZ pStringValue;
    PCLUSPROP_MULTI_SZ pMultiSzValue;
    PCLUSPROP_SECURITY_DESCRIPTOR pSecurityDescriptor;
    PCLUSPROP_RESOURCE_CLASS pResourceClassValue;
    PCLUSPROP_RESOURCE_CLASS_INFO pResourceClassInfoValue;
    PCLUSPROP_DISK_SIGNATURE pDiskSignatureValue;
    PCLUSPROP_SCSI_ADDRESS pScsiAddressValue;
    PCLUSPROP_DISK_NUMBER pDiskNumberValue;
    PCLUSPROP_PARTITION_INFO pPartitionInfoValue;
    PCLUSPROP_REQUIRED_DEPENDENCY pRequiredDependencyValue;
    PCLUSPROP_PARTITION_INFO_EX pPartitionInfoValueEx;
    PCLUSPROP_FILETIME pFileTimeValue;
} CLUSPROP_BUFFER_HELPER, *PCLUSPROP_BUFFER_HELPER;

/* A size in bytes, rounded up to the next value. */
#define ALIGN_CLUSPROP(count) (((count) + 3) & ~3)

/* Declare a value with room for cb bytes or cch WCHARs. */
#define CLUSPROP_BINARY_DECLARE(name, cb)                                                          \
    struct {                                                                                       \
        CLUSPROP_SYNTAX Syntax;                                                                    \
        DWORD cbLength;                                                                            \
        BYTE rgb[((cb) + 3) & ~3];                                                                 \
    } name
#define CLUSPROP_SZ_DECLARE(name, cch)                                                             \
    struct {                                                                                       \
        CLUSPROP_SYNTAX Syntax;                                                                    \
        DWORD cbLength;                                                                            \
        WCHAR sz[((cch) + 1) & ~1];                                                                \
    } name
#define CLUSPROP_PROPERTY_NAME_DECLARE(name, cch) CLUSPROP_SZ_DECLARE(name, cch)

/**
 * Is told how CreateCluster proceeds. The caller of CreateCluster writes it.
 *
 * @pvCallbackArg      what was given to CreateCluster with the function
 * @eSetupPhase        what is being done
 * @ePhaseType         whether it begins, goes on or ends
 * @ePhaseSeverity     how serious this message is
 * @dwPercentComplete  0 to 100
 * @lpszObjectName     node or object of this step, or NULL; valid during the call only
 * @dwStatus           Win32 error code of this step, 0 when there is none
 *
 * Returns TRUE to go on, FALSE to ask that the work be given up. It runs on the thread that called
 * CreateCluster and must not call the API with the handle being created.
 */
typedef BOOL(WINAPI *PCLUSTER_SETUP_PROGRESS_CALLBACK)(PVOID pvCallbackArg,
                                                       CLUSTER_SETUP_PHASE eSetupPhase,
                                                       CLUSTER_SETUP_PHASE_TYPE ePhaseType,
                                                       CLUSTER_SETUP_PHASE_SEVERITY ePhaseSeverity,
                                                       DWORD dwPercentComplete,
                                                       PCWSTR lpszObjectName, DWORD dwStatus);

/** Is told how an upgrade of a cluster proceeds; no function of this release calls it. */
typedef BOOL(WINAPI *PCLUSTER_UPGRADE_PROGRESS_CALLBACK)(PVOID pvCallbackArg,
                                                         CLUSTER_UPGRADE_PHASE eUpgradePhase);

#pragma GCC visibility push(default)

/*
 * Clusters.
 */

/**
 * Opens a cluster for reading and changing.
 *
 * @lpszClusterName  which cluster, or NULL for the cluster of this host; the caller's
 *
 * NULL means: what $CLUSAPI_LOCAL names (a cluster file or a socket), else local= in clusters.conf,
 * else the cluster service of this host, else the default cluster file
 * /var/lib/clusapi/local.cluster. An absolute path is an embedded cluster file. Any other text is
 * first the name of a section in /etc/clusapi/clusters.conf ($CLUSAPI_CONF names another file),
 * then the NetBIOS name, DNS name or IP address of a cluster or of one of its nodes.
 * Returns a handle, to be closed with CloseCluster, or NULL and the last error:
 * EPT_S_NOT_REGISTERED 1753 for NULL on a host without a cluster, ERROR_FILE_NOT_FOUND 2 for a
 * file that is not there, ERROR_INVALID_DATA 13 for one that is no cluster, ERROR_FILE_CORRUPT 1392
 * for a damaged one, ERROR_REVISION_MISMATCH 1306 for one of a newer release,
 * ERROR_BAD_NETPATH 53, RPC_S_SERVER_UNAVAILABLE 1722 or ERROR_LOGON_FAILURE 1326 for a cluster
 * that cannot be reached or refuses the caller, ERROR_INVALID_NAME 123 for an empty name,
 * ERROR_INVALID_DATA 13 for a clusters.conf that cannot be read, ERROR_MOD_NOT_FOUND 126 when what
 * serves this kind of cluster is not installed, ERROR_ACCESS_DENIED where only reading is granted
 * (then use OpenClusterEx), and the common codes. It waits at most the default deadline. A path and
 * the section names are Linux' own. Mirrors Windows' OpenCluster.
 */
HCLUSTER WINAPI OpenCluster(LPCWSTR lpszClusterName);
typedef HCLUSTER(WINAPI *PCLUSAPI_OPEN_CLUSTER)(LPCWSTR lpszClusterName);

/**
 * Opens a cluster with a chosen access.
 *
 * @lpszClusterName    as for OpenCluster
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenCluster; also ERROR_INVALID_PARAMETER for a bad access mask, ERROR_ACCESS_DENIED
 * when more is asked than the caller may have (never with MAXIMUM_ALLOWED if he may read), and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterEx.
 */
HCLUSTER WINAPI OpenClusterEx(LPCWSTR lpszClusterName, DWORD dwDesiredAccess,
                              DWORD *lpdwGrantedAccess);
typedef HCLUSTER(WINAPI *PCLUSAPI_OPEN_CLUSTER_EX)(LPCWSTR lpszClusterName, DWORD dwDesiredAccess,
                                                   DWORD *lpdwGrantedAccess);

/**
 * Closes a cluster handle and invalidates every handle that was obtained from it.
 *
 * @hCluster  the handle; any value does no harm
 *
 * Returns TRUE, always. Other handles of the same cluster, also those from GetClusterFromGroup and
 * its siblings, stay valid; with the last one the connection ends and its memory is freed. Calls
 * that are in progress on other threads may finish. Mirrors Windows' CloseCluster.
 */
BOOL WINAPI CloseCluster(HCLUSTER hCluster);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER)(HCLUSTER hCluster);

/**
 * Creates an embedded cluster, which is one file, and opens it.
 *
 * @pConfig              what to create; the caller's. dwVersion is CREATE_CLUSTER_VERSION.
 *                       lpszClusterName is an absolute path, which is then the file, and its base
 *                       name without suffix is the cluster's name; or a name, and the file is the
 *                       one where OpenCluster(NULL) would look: $CLUSAPI_LOCAL, local= in
 *                       clusters.conf, or /var/lib/clusapi/local.cluster. ppszNodeNames names
 *                       cNodes nodes, at least one. pIpEntries lists the cIpEntries addresses of
 *                       the cluster; NULL with 0. With fEmptyCluster the cluster gets no name and
 *                       address resources. The members after it are not read
 * @pfnProgressCallback  is told what is done; may be NULL
 * @pvCallbackArg        passed to it; may be NULL
 *
 * Returns a handle with GENERIC_ALL, to be closed with CloseCluster, or NULL and the last error:
 * ERROR_ALREADY_EXISTS 183 (the file is there already), ERROR_INVALID_NAME 123 (a name that is no
 * DNS label of at most 63 characters, or the cluster named like a node), ERROR_CLUSTER_NODE_EXISTS
 * 5040 (two nodes alike), ERROR_NOT_SUPPORTED 50 (the cluster of this host is not a file),
 * ERROR_PATH_NOT_FOUND 3, ERROR_WRITE_PROTECT 19, ERROR_DISK_FULL 112, ERROR_OPERATION_ABORTED when
 * the callback returned FALSE, and the common codes. When it fails no file is left behind. Mirrors
 * Windows' CreateCluster.
 */
HCLUSTER WINAPI CreateCluster(PCREATE_CLUSTER_CONFIG pConfig,
                              PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                              PVOID pvCallbackArg);
typedef HCLUSTER(WINAPI *PCLUSAPI_CREATE_CLUSTER)(
    PCREATE_CLUSTER_CONFIG pConfig, PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
    PVOID pvCallbackArg);

/**
 * Destroys a cluster: its configuration and its database are gone from every node.
 *
 * @hCluster  the cluster; not NULL; the handle stays to be closed, and every call with it or with
 *            an object's handle fails from then on
 * @pfnProgressCallback  is told how it proceeds, on this thread; may be NULL; what it returns
 *                       counts until the destruction begins
 * @pvCallbackArg  is passed to it; may be NULL
 * @fdeleteVirtualComputerObjects  whether to delete the cluster's accounts in the directory too
 *
 * Returns 0, ERROR_OPERATION_ABORTED 995 when the callback asked to stop, ERROR_CALL_NOT_IMPLEMENTED
 * 120, or a common code. Mirrors Windows' DestroyCluster.
 */
DWORD WINAPI DestroyCluster(HCLUSTER hCluster, PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                            PVOID pvCallbackArg, BOOL fdeleteVirtualComputerObjects);
typedef DWORD(WINAPI *PCLUSAPI_DESTROY_CLUSTER)(
    HCLUSTER hCluster, PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback, PVOID pvCallbackArg,
    BOOL fdeleteVirtualComputerObjects);

/**
 * Would create the account of a cluster's name in Active Directory, which no cluster has that this
 * library reaches.
 *
 * @hCluster  the cluster; not NULL
 * @pConfig  the account; the caller's; not NULL
 * @pfnProgressCallback, @pvCallbackArg  are not used
 *
 * Returns ERROR_CALL_NOT_IMPLEMENTED 120, ERROR_INVALID_PARAMETER, or a common code. Mirrors
 * Windows' CreateClusterNameAccount.
 */
DWORD WINAPI CreateClusterNameAccount(HCLUSTER hCluster, PCREATE_CLUSTER_NAME_ACCOUNT pConfig,
                                      PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                                      PVOID pvCallbackArg);
typedef DWORD(WINAPI *PCLUSAPI_CREATE_CLUSTER_NAME_ACCOUNT)(
    HCLUSTER hCluster, PCREATE_CLUSTER_NAME_ACCOUNT pConfig,
    PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback, PVOID pvCallbackArg);

/**
 * Renames a cluster.
 *
 * @hCluster  the cluster; not NULL
 * @lpszNewClusterName  the new name, a DNS label of at most 63 characters; the caller's; not NULL
 *
 * Returns ERROR_RESOURCE_PROPERTIES_STORED 5024 where the name was stored and takes effect when the
 * core Network Name resource next comes online, which is the usual result; 0 where it took effect
 * at once; ERROR_INVALID_NAME 123 for a name that is none or is a node's, RPC_S_STRING_TOO_LONG
 * 1743, or a common code. Mirrors Windows' SetClusterName.
 */
DWORD WINAPI SetClusterName(HCLUSTER hCluster, LPCWSTR lpszNewClusterName);
typedef DWORD(WINAPI *PCLUSAPI_SetClusterName)(HCLUSTER hCluster, LPCWSTR lpszNewClusterName);

/**
 * Chooses the quorum resource and how the quorum is counted.
 *
 * @hResource  the resource, which must be online and able to be a quorum; not NULL
 * @lpszDeviceName  the device of the resource to use; NULL to keep it; the caller's
 * @dwMaxQuoLogSize  0: a majority of nodes; 0x400: of nodes and the resource; else the resource
 *                   alone
 *
 * Returns 0, ERROR_RESOURCE_NOT_ONLINE 5004, ERROR_NOT_QUORUM_CAPABLE 5021, ERROR_INVALID_STATE
 * 5023 for one in maintenance, ERROR_DEPENDENCY_NOT_ALLOWED 5069 for one that others depend on,
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows' SetClusterQuorumResource.
 */
DWORD WINAPI SetClusterQuorumResource(HRESOURCE hResource, LPCWSTR lpszDeviceName,
                                      DWORD dwMaxQuoLogSize);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_QUORUM_RESOURCE)(HRESOURCE hResource,
                                                            LPCWSTR lpszDeviceName,
                                                            DWORD dwMaxQuoLogSize);

/**
 * Copies a cluster's configuration and database as they are at one moment.
 *
 * @hCluster  the cluster; not NULL
 * @lpszPathName  a directory, in which the copy gets the name backup.cluster, or the name of the
 *                file that the copy shall be; the caller's; not NULL
 *
 * Returns 0 when the copy is on the disk, ERROR_ALREADY_EXISTS 183 when there is a file of that
 * name, ERROR_PATH_NOT_FOUND 3, ERROR_DISK_FULL 112, ERROR_CALL_NOT_IMPLEMENTED 120 from clusters
 * that are not embedded, as servers answer since Windows Server 2008, or a common code. Mirrors
 * Windows' BackupClusterDatabase.
 */
DWORD WINAPI BackupClusterDatabase(HCLUSTER hCluster, LPCWSTR lpszPathName);
typedef DWORD(WINAPI *PCLUSAPI_BACKUP_CLUSTER_DATABASE)(HCLUSTER hCluster, LPCWSTR lpszPathName);

/**
 * Makes the cluster of this host from what BackupClusterDatabase wrote.
 *
 * @lpszPathName  what that was given; the caller's; not NULL
 * @bForce  whether to do so in place of a cluster that is there; not while a process has it open
 * @lpszQuorumDriveLetter  is not used; may be NULL
 *
 * Returns 0, ERROR_FILE_NOT_FOUND 2, ERROR_INVALID_DATA 13 for a file that is no cluster,
 * ERROR_FILE_CORRUPT 1392 for a damaged one, ERROR_ALREADY_EXISTS 183 when there is a cluster,
 * ERROR_BUSY 170 when one of the two is in use, ERROR_ACCESS_DENIED, or a common code. Mirrors
 * Windows' RestoreClusterDatabase.
 */
DWORD WINAPI RestoreClusterDatabase(LPCWSTR lpszPathName, BOOL bForce,
                                    LPCWSTR lpszQuorumDriveLetter);
typedef DWORD(WINAPI *PCLUSAPI_RESTORE_CLUSTER_DATABASE)(LPCWSTR lpszPathName, BOOL bForce,
                                                         LPCWSTR lpszQuorumDriveLetter);

/**
 * Tells whether a file is on a cluster shared volume. There are none on Linux.
 *
 * @lpszPathName  the file's path, which is not looked at; the caller's; not NULL
 * @pbFileIsOnSharedVolume  receives FALSE; not NULL
 *
 * Returns 0 or ERROR_INVALID_PARAMETER. Mirrors Windows' IsFileOnClusterSharedVolume.
 */
DWORD WINAPI IsFileOnClusterSharedVolume(LPCWSTR lpszPathName, BOOL *pbFileIsOnSharedVolume);
typedef DWORD(WINAPI *PCLUSAPI_IS_FILE_ON_CLUSTER_SHARED_VOLUME)(LPCWSTR lpszPathName,
                                                                 BOOL *pbFileIsOnSharedVolume);

/**
 * Would tell the driver of a cluster shared volume of this host about a snapshot. There are none on
 * Linux.
 *
 * @guidSnapshotSet  the set of snapshots
 * @lpszVolumeName  the volume
 * @state  the state
 *
 * Returns ERROR_CALL_NOT_IMPLEMENTED 120. Mirrors Windows' ClusterSharedVolumeSetSnapshotState.
 */
DWORD WINAPI ClusterSharedVolumeSetSnapshotState(GUID guidSnapshotSet, LPCWSTR lpszVolumeName,
                                                 CLUSTER_SHARED_VOLUME_SNAPSHOT_STATE state);
typedef DWORD(WINAPI *PCLUSAPI_SHARED_VOLUME_SET_SNAPSHOT_STATE)(
    GUID guidSnapshotSet, LPCWSTR lpszVolumeName, CLUSTER_SHARED_VOLUME_SNAPSHOT_STATE state);

/**
 * Would set the password of the cluster service's account. Clusters have no such account since
 * Windows Server 2008.
 *
 * @lpszClusterName  the cluster's name
 * @lpszNewPassword  the password
 * @dwFlags  flags
 * @lpReturnStatusBuffer  not written
 * @lpcbReturnStatusBufferSize  not written
 *
 * Returns ERROR_CALL_NOT_IMPLEMENTED 120. Mirrors Windows' SetClusterServiceAccountPassword.
 */
DWORD WINAPI SetClusterServiceAccountPassword(LPCWSTR lpszClusterName, LPCWSTR lpszNewPassword,
                                              DWORD dwFlags,
                                              PCLUSTER_SET_PASSWORD_STATUS lpReturnStatusBuffer,
                                              LPDWORD lpcbReturnStatusBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_SERVICE_ACCOUNT_PASSWORD)(
    LPCWSTR lpszClusterName, LPCWSTR lpszNewPassword, DWORD dwFlags,
    PCLUSTER_SET_PASSWORD_STATUS lpReturnStatusBuffer, LPDWORD lpcbReturnStatusBufferSize);

/**
 * Gives an account rights on a cluster or takes them away, in the cluster's security descriptor.
 *
 * @hCluster  the cluster; not NULL
 * @szAccountSID  the account's SID as text, "S-1-..."; the caller's; not NULL
 * @dwAccess  CLUSAPI_READ_ACCESS, CLUSAPI_CHANGE_ACCESS, both, or CLUSAPI_NO_ACCESS
 * @dwControlType  0: allow; 1: deny; 2: delete all entries of the account, whatever dwAccess says
 *
 * An entry that allows, or one that denies, takes the place of the account's former one of that
 * sort. An embedded cluster keeps and shows the descriptor, as the common property "Security
 * Descriptor"; who may do what follows from the rights to its file.
 *
 * Returns 0, ERROR_INVALID_PARAMETER for text that is no SID or other values,
 * ERROR_INVALID_SECURITY_DESCR 1338 when the list of entries is full, ERROR_INVALID_FUNCTION 1 where
 * a cluster keeps no security descriptor, or a common code. Mirrors Windows' ClusterSetAccountAccess.
 */
DWORD WINAPI ClusterSetAccountAccess(HCLUSTER hCluster, LPCWSTR szAccountSID, DWORD dwAccess,
                                     DWORD dwControlType);
typedef DWORD(WINAPI *PCLUSTER_SET_ACCOUNT_ACCESS)(HCLUSTER hCluster, LPCWSTR szAccountSID,
                                                   DWORD dwAccess, DWORD dwControlType);

/**
 * Raises the functional level of a cluster to the highest that all nodes have.
 *
 * @hCluster  the cluster; not NULL
 * @perform  FALSE: only find out whether it could be done
 * @pfnProgressCallback  is told how it proceeds, on this thread; may be NULL
 * @pvCallbackArg  is passed to it; may be NULL
 *
 * Returns 0, also when there is nothing to raise, or a common code. Mirrors Windows'
 * ClusterUpgradeFunctionalLevel.
 */
DWORD WINAPI ClusterUpgradeFunctionalLevel(HCLUSTER hCluster, BOOL perform,
                                           PCLUSTER_UPGRADE_PROGRESS_CALLBACK pfnProgressCallback,
                                           PVOID pvCallbackArg);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_UPGRADE)(
    HCLUSTER hCluster, BOOL perform, PCLUSTER_UPGRADE_PROGRESS_CALLBACK pfnProgressCallback,
    PVOID pvCallbackArg);

/**
 * Gives the name of a cluster and the version of its software.
 *
 * @hCluster       the cluster; not NULL
 * @lpszClusterName, @lpcchClusterName
 *                 buffer and its size in WCHARs; the buffer may be NULL, the size not
 * @lpClusterInfo  receives the version; may be NULL. The caller sets dwVersionInfoSize: 284
 *                 (sizeof), or 268 for a structure that ends before dwClusterHighestVersion
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_INVALID_PARAMETER for another dwVersionInfoSize, or a
 * common code. Mirrors Windows' GetClusterInformation.
 */
DWORD WINAPI GetClusterInformation(HCLUSTER hCluster, LPWSTR lpszClusterName,
                                   LPDWORD lpcchClusterName, LPCLUSTERVERSIONINFO lpClusterInfo);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_INFORMATION)(HCLUSTER hCluster, LPWSTR lpszClusterName,
                                                        LPDWORD lpcchClusterName,
                                                        LPCLUSTERVERSIONINFO lpClusterInfo);

/**
 * Gives the quorum resource of a cluster and the kind of its quorum.
 *
 * @hCluster              the cluster; not NULL
 * @lpszResourceName, @lpcchResourceName
 *                        buffer for the resource's name and its size in WCHARs; not NULL
 * @lpszDeviceName, @lpcchDeviceName  buffer for its device and its size in WCHARs; not NULL
 * @lpdwMaxQuorumLogSize  receives 0 for a majority of nodes (both texts are empty), 0x400 for a
 *                        majority of nodes with a disk (both texts) or a witness (only the name),
 *                        another number for a disk alone; not NULL
 *
 * Returns 0, ERROR_MORE_DATA 234 (both sizes are then set), ERROR_INVALID_PARAMETER when any
 * pointer is NULL, unlike elsewhere, or a common code. Mirrors Windows' GetClusterQuorumResource.
 */
DWORD WINAPI GetClusterQuorumResource(HCLUSTER hCluster, LPWSTR lpszResourceName,
                                      LPDWORD lpcchResourceName, LPWSTR lpszDeviceName,
                                      LPDWORD lpcchDeviceName, LPDWORD lpdwMaxQuorumLogSize);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_QUORUM_RESOURCE)(
    HCLUSTER hCluster, LPWSTR lpszResourceName, LPDWORD lpcchResourceName, LPWSTR lpszDeviceName,
    LPDWORD lpcchDeviceName, LPDWORD lpdwMaxQuorumLogSize);

/**
 * Says whether a host is a node of a cluster and whether its cluster service runs. Needs no handle.
 *
 * @lpszNodeName     name of the host, or NULL for this one; the caller's
 * @pdwClusterState  receives a NODE_CLUSTER_STATE; not NULL
 *
 * Returns 0 or an error code: RPC_S_SERVER_UNAVAILABLE 1722 or ERROR_BAD_NETPATH 53 for a host that
 * cannot be asked, or a common code. A host is running when OpenCluster of it would find a cluster.
 * Mirrors Windows' GetNodeClusterState.
 */
DWORD WINAPI GetNodeClusterState(LPCWSTR lpszNodeName, DWORD *pdwClusterState);
typedef DWORD(WINAPI *PCLUSAPI_GET_NODE_CLUSTER_STATE)(LPCWSTR lpszNodeName,
                                                       DWORD *pdwClusterState);

/**
 * Opens an enumeration of the objects of a cluster by name.
 *
 * @hCluster  the cluster; not NULL
 * @dwType    bits of CLUSTER_ENUM: which kinds
 *
 * Returns an enumeration handle, to be closed with ClusterCloseEnum, or NULL and the last error:
 * ERROR_INVALID_PARAMETER for 0, for unknown bits, and for CLUSTER_ENUM_INTERNAL_NETWORK or
 * CLUSTER_ENUM_SHARED_VOLUME_RESOURCE together with any other bit; ERROR_NOT_ENOUGH_MEMORY; a
 * common code. Mirrors Windows' ClusterOpenEnum.
 */
HCLUSENUM WINAPI ClusterOpenEnum(HCLUSTER hCluster, DWORD dwType);
typedef HCLUSENUM(WINAPI *PCLUSAPI_CLUSTER_OPEN_ENUM)(HCLUSTER hCluster, DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hEnum  from ClusterOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterGetEnumCount.
 */
DWORD WINAPI ClusterGetEnumCount(HCLUSENUM hEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GET_ENUM_COUNT)(HCLUSENUM hEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hEnum     from ClusterOpenEnum
 * @dwIndex   0 to count - 1
 * @lpdwType  receives the one CLUSTER_ENUM bit of the entry; may be NULL
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Networks of CLUSTER_ENUM_INTERNAL_NETWORK come in descending priority. Mirrors Windows'
 * ClusterEnum.
 */
DWORD WINAPI ClusterEnum(HCLUSENUM hEnum, DWORD dwIndex, LPDWORD lpdwType, LPWSTR lpszName,
                         LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_ENUM)(HCLUSENUM hEnum, DWORD dwIndex, LPDWORD lpdwType,
                                             LPWSTR lpszName, LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hEnum  from ClusterOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterCloseEnum.
 */
DWORD WINAPI ClusterCloseEnum(HCLUSENUM hEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_CLOSE_ENUM)(HCLUSENUM hEnum);

/**
 * Opens an enumeration of the objects of a cluster by name and id.
 *
 * @hCluster  the cluster; not NULL
 * @dwType    bits of CLUSTER_ENUM: which kinds
 * @pOptions  NULL
 *
 * Returns an enumeration handle, to be closed with ClusterCloseEnumEx, or NULL and the last error:
 * ERROR_INVALID_PARAMETER for 0, for unknown bits, for CLUSTER_ENUM_SHARED_VOLUME_RESOURCE, for
 * CLUSTER_ENUM_INTERNAL_NETWORK together with another bit, and for options;
 * ERROR_NOT_ENOUGH_MEMORY; a common code. Mirrors Windows' ClusterOpenEnumEx.
 */
HCLUSENUMEX WINAPI ClusterOpenEnumEx(HCLUSTER hCluster, DWORD dwType, PVOID pOptions);
typedef HCLUSENUMEX(WINAPI *PCLUSAPI_CLUSTER_OPEN_ENUM_EX)(HCLUSTER hCluster, DWORD dwType,
                                                           PVOID pOptions);

/**
 * Counts the entries of an enumeration.
 *
 * @hClusterEnum  from ClusterOpenEnumEx
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterGetEnumCountEx.
 */
DWORD WINAPI ClusterGetEnumCountEx(HCLUSENUMEX hClusterEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GET_ENUM_COUNT_EX)(HCLUSENUMEX hClusterEnum);

/**
 * Gives one entry of an enumeration with type, id and name (the id of a resource type is an empty
 * string).
 *
 * @hClusterEnum  from ClusterOpenEnumEx
 * @dwIndex       0 to count - 1
 * @pItem         buffer, aligned as the structure; receives the structure and, behind it, all that
 *                its pointers lead to; may be NULL with a size of 0. dwVersion is filled in
 * @cbItem        size of the buffer in bytes; receives the size needed; not NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * The entry is a snapshot: the cluster is not asked again. Mirrors Windows' ClusterEnumEx.
 */
DWORD WINAPI ClusterEnumEx(HCLUSENUMEX hClusterEnum, DWORD dwIndex, PCLUSTER_ENUM_ITEM pItem,
                           LPDWORD cbItem);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_ENUM_EX)(HCLUSENUMEX hClusterEnum, DWORD dwIndex,
                                                PCLUSTER_ENUM_ITEM pItem, LPDWORD cbItem);

/**
 * Closes an enumeration.
 *
 * @hClusterEnum  from ClusterOpenEnumEx
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterCloseEnumEx.
 */
DWORD WINAPI ClusterCloseEnumEx(HCLUSENUMEX hClusterEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_CLOSE_ENUM_EX)(HCLUSENUMEX hClusterEnum);

/**
 * Carries out a control code on a cluster.
 *
 * @hCluster         the cluster; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that this handle is connected to
 * @dwControlCode    a CLUSCTL_CLUSTER_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_CLUSTER_NOT_SHARED_VOLUME 5945 from GET_SHARED_VOLUME_ID, or a code that every
 * control function can give (see "Control functions" above). CLUSCTL_CLUSTER_SHUTDOWN needs
 * GENERIC_ALL, although its code has no modify bit. Mirrors Windows' ClusterControl.
 */
DWORD WINAPI ClusterControl(HCLUSTER hCluster, HNODE hHostNode, DWORD dwControlCode,
                            LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer,
                            DWORD nOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_CONTROL)(HCLUSTER hCluster, HNODE hHostNode,
                                                DWORD dwControlCode, LPVOID lpInBuffer,
                                                DWORD nInBufferSize, LPVOID lpOutBuffer,
                                                DWORD nOutBufferSize, LPDWORD lpBytesReturned);

/*
 * Nodes.
 */

/**
 * Opens a node for reading and changing.
 *
 * @hCluster      the cluster; not NULL
 * @lpszNodeName  its NetBIOS name (host name without domain), not a DNS name; the caller's; not
 *                NULL
 *
 * Returns a handle, to be closed with CloseClusterNode, or NULL and the last error:
 * ERROR_CLUSTER_NODE_NOT_FOUND 5042, ERROR_ACCESS_DENIED when the cluster handle is only for
 * reading (then use OpenClusterNodeEx), or a common code. Mirrors Windows' OpenClusterNode.
 */
HNODE WINAPI OpenClusterNode(HCLUSTER hCluster, LPCWSTR lpszNodeName);
typedef HNODE(WINAPI *PCLUSAPI_OPEN_CLUSTER_NODE)(HCLUSTER hCluster, LPCWSTR lpszNodeName);

/**
 * Opens a node with a chosen access.
 *
 * @hCluster           the cluster; not NULL
 * @lpszNodeName       its NetBIOS name (host name without domain), not a DNS name; the caller's;
 *                     not NULL
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenClusterNode; also ERROR_INVALID_PARAMETER for a bad access mask,
 * ERROR_ACCESS_DENIED when more is asked than the cluster handle or the caller has, and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterNodeEx.
 */
HNODE WINAPI OpenClusterNodeEx(HCLUSTER hCluster, LPCWSTR lpszNodeName, DWORD dwDesiredAccess,
                               DWORD *lpdwGrantedAccess);
typedef HNODE(WINAPI *PCLUSAPI_OPEN_CLUSTER_NODE_EX)(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                                                     DWORD dwDesiredAccess,
                                                     DWORD *lpdwGrantedAccess);

/**
 * Opens a node by its number, for reading and changing.
 *
 * @hCluster  the cluster; not NULL
 * @nodeId    the number that GetClusterNodeId gives as text
 *
 * Returns as OpenClusterNode. Mirrors Windows' OpenClusterNodeById.
 */
HNODE WINAPI OpenClusterNodeById(HCLUSTER hCluster, UINT nodeId);
typedef HNODE(WINAPI *PCLUSAPI_OPEN_NODE_BY_ID)(HCLUSTER hCluster, UINT nodeId);

/**
 * Closes a handle of a node.
 *
 * @hNode  the handle
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE, also for a handle that
 * CloseCluster made invalid already. The object itself is not affected. Mirrors Windows'
 * CloseClusterNode.
 */
BOOL WINAPI CloseClusterNode(HNODE hNode);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_NODE)(HNODE hNode);

/**
 * Adds a node to a cluster.
 *
 * @hCluster  the cluster; not NULL
 * @lpszNodeName  the node's name; the caller's; not NULL
 * @pfnProgressCallback  is told how it proceeds, on this thread; may be NULL
 * @pvCallbackArg  is passed to it; may be NULL
 *
 * Returns a handle of the node, to be closed with CloseClusterNode, or NULL and the last error:
 * ERROR_CLUSTER_NODE_EXISTS 5040, ERROR_INVALID_NAME 123, ERROR_OPERATION_ABORTED 995 when the
 * callback asked to stop, or a common code. Mirrors Windows' AddClusterNode.
 */
HNODE WINAPI AddClusterNode(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                            PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                            PVOID pvCallbackArg);
typedef HNODE(WINAPI *PCLUSAPI_ADD_CLUSTER_NODE)(
    HCLUSTER hCluster, LPCWSTR lpszNodeName, PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
    PVOID pvCallbackArg);

/**
 * Pauses a node: it keeps its groups, but nothing comes online there and no group moves there.
 *
 * @hNode  the node; not NULL
 *
 * Returns 0, also for a paused node; ERROR_CLUSTER_NODE_DOWN 5050 when it is not up,
 * ERROR_NODE_NOT_AVAILABLE 5036, or a common code. Mirrors Windows' PauseClusterNode.
 */
DWORD WINAPI PauseClusterNode(HNODE hNode);
typedef DWORD(WINAPI *PCLUSAPI_PAUSE_CLUSTER_NODE)(HNODE hNode);

/**
 * Pauses a node and, if wanted, moves all its groups away.
 *
 * @hNode  the node; not NULL
 * @bDrainNode  whether to move its groups away; the property NodeDrainStatus tells how that goes
 * @dwPauseFlags  CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR 1 leaves groups that
 *                cannot run elsewhere; CLUSAPI_NODE_AVOID_PLACEMENT 2: until it is resumed, groups
 *                for which only paused nodes are left rather go to another one;
 *                CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE 4: what could not leave does so as soon
 *                as it can; ignored without drain
 * @hNodeDrainTarget  where to move them; NULL: each where it is best off
 *
 * Returns 0; ERROR_IO_PENDING 997 when the drain has begun; ERROR_CLUSTER_NODE_DOWN 5050 when it,
 * or with drain every other node, is not up; ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS 5962;
 * ERROR_HOST_NODE_NOT_AVAILABLE 5005 for a target that is not up; ERROR_INVALID_TARGET_HANDLE 114
 * when the target is the node itself; ERROR_INVALID_PARAMETER for other flags, or a common code.
 * Mirrors Windows' PauseClusterNodeEx.
 */
DWORD WINAPI PauseClusterNodeEx(HNODE hNode, BOOL bDrainNode, DWORD dwPauseFlags,
                                HNODE hNodeDrainTarget);
typedef DWORD(WINAPI *PCLUSAPI_PAUSE_CLUSTER_NODE_EX)(HNODE hNode, BOOL bDrainNode,
                                                      DWORD dwPauseFlags, HNODE hNodeDrainTarget);

/**
 * Ends the pause of a node.
 *
 * @hNode  the node; not NULL
 *
 * Returns 0, ERROR_CLUSTER_NODE_NOT_PAUSED 5058, ERROR_CLUSTER_NODE_DOWN 5050, or a common code.
 * Mirrors Windows' ResumeClusterNode.
 */
DWORD WINAPI ResumeClusterNode(HNODE hNode);
typedef DWORD(WINAPI *PCLUSAPI_RESUME_CLUSTER_NODE)(HNODE hNode);

/**
 * Ends the pause of a node and, if wanted, brings back the groups that its drain took away.
 *
 * @hNode  the node; not NULL
 * @eResumeFailbackType  DoNotFailbackGroups 0, FailbackGroupsImmediately 1,
 *                       FailbackGroupsPerPolicy 2
 * @dwResumeFlagsReserved  0
 *
 * Returns 0, ERROR_IO_PENDING 997 when groups are on their way, ERROR_CLUSTER_NODE_NOT_PAUSED 5058,
 * ERROR_CLUSTER_NODE_DOWN 5050, ERROR_INVALID_PARAMETER, or a common code. Mirrors Windows'
 * ResumeClusterNodeEx.
 */
DWORD WINAPI ResumeClusterNodeEx(HNODE hNode, CLUSTER_NODE_RESUME_FAILBACK_TYPE eResumeFailbackType,
                                 DWORD dwResumeFlagsReserved);
typedef DWORD(WINAPI *PCLUSAPI_RESUME_CLUSTER_NODE_EX)(
    HNODE hNode, CLUSTER_NODE_RESUME_FAILBACK_TYPE eResumeFailbackType,
    DWORD dwResumeFlagsReserved);

/**
 * Takes a node out of a cluster and out of every list of owners, for good.
 *
 * @hNode  the node; not NULL; the handle stays open and answers ERROR_NODE_NOT_AVAILABLE 5036
 *
 * Returns 0, ERROR_CLUSTER_EVICT_WITHOUT_CLEANUP 5896 when the node could not clean itself up,
 * ERROR_CANT_EVICT_ACTIVE_NODE 5009, ERROR_NODE_NOT_AVAILABLE 5036, or a common code. Mirrors
 * Windows' EvictClusterNode.
 */
DWORD WINAPI EvictClusterNode(HNODE hNode);
typedef DWORD(WINAPI *PCLUSAPI_EVICT_CLUSTER_NODE)(HNODE hNode);

/**
 * Takes a node out of a cluster and tells how its clean-up went.
 *
 * @hNode  the node; not NULL
 * @dwTimeOut  how long to wait for the clean-up, in milliseconds
 * @phrCleanupStatus  receives the clean-up's HRESULT, 0 when it went well; may be NULL
 *
 * Returns as EvictClusterNode. Mirrors Windows' EvictClusterNodeEx.
 */
DWORD WINAPI EvictClusterNodeEx(HNODE hNode, DWORD dwTimeOut, HRESULT *phrCleanupStatus);
typedef DWORD(WINAPI *PCLUSAPI_EVICT_CLUSTER_NODE_EX)(HNODE hNode, DWORD dwTimeOut,
                                                      HRESULT *phrCleanupStatus);

/**
 * Gives the state of a node.
 *
 * @hNode  the node; not NULL
 *
 * Returns ClusterNodeUp 0, ClusterNodeDown 1 (not a running member, for whatever reason),
 * ClusterNodePaused 2 (running, but takes no groups and brings none online), ClusterNodeJoining 3,
 * or ClusterNodeStateUnknown -1 and the last error: 0 when the cluster does not know it,
 * ERROR_NODE_NOT_AVAILABLE 5036 when it was evicted, or a common code. Mirrors Windows'
 * GetClusterNodeState.
 */
CLUSTER_NODE_STATE WINAPI GetClusterNodeState(HNODE hNode);
typedef CLUSTER_NODE_STATE(WINAPI *PCLUSAPI_GET_CLUSTER_NODE_STATE)(HNODE hNode);

/**
 * Gives the id of a node, a decimal number that never changes.
 *
 * @hNode  the node; NULL for the node this program runs on
 * @lpszNodeId, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NODE_NOT_AVAILABLE 5036, or a common code; with NULL on a
 * host that is in no cluster EPT_S_NOT_REGISTERED 1753 or ERROR_CLUSTER_LOCAL_NODE_NOT_FOUND 5043.
 * Mirrors Windows' GetClusterNodeId.
 */
DWORD WINAPI GetClusterNodeId(HNODE hNode, LPWSTR lpszNodeId, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_NODE_ID)(HNODE hNode, LPWSTR lpszNodeId,
                                                    LPDWORD lpcchName);
#define GetCurrentClusterNodeId(id, size) GetClusterNodeId(NULL, (id), (size))

/**
 * Gives another handle of the cluster that a node was opened from.
 *
 * @hNode  the object; not NULL
 *
 * Returns a new instance of that cluster handle, with the same access and connection, to be closed
 * with CloseCluster; or NULL and the last error. Closing it invalidates neither the object handle
 * nor the original cluster handle. It works for a deleted object too. Mirrors Windows'
 * GetClusterFromNode.
 */
HCLUSTER WINAPI GetClusterFromNode(HNODE hNode);
typedef HCLUSTER(WINAPI *PCLUSAPI_GET_CLUSTER_FROM_NODE)(HNODE hNode);

/**
 * Opens an enumeration of what belongs to a node.
 *
 * @hNode   the node; not NULL
 * @dwType  bits of CLUSTER_NODE_ENUM: its network interfaces, the groups it owns, the groups that
 *          prefer it (not in CLUSTER_NODE_ENUM_ALL); unknown bits are ignored
 *
 * Returns an enumeration handle, to be closed with ClusterNodeCloseEnum, or NULL and the last
 * error: ERROR_NODE_NOT_AVAILABLE 5036, or a common code. Mirrors Windows' ClusterNodeOpenEnum.
 */
HNODEENUM WINAPI ClusterNodeOpenEnum(HNODE hNode, DWORD dwType);
typedef HNODEENUM(WINAPI *PCLUSAPI_CLUSTER_NODE_OPEN_ENUM)(HNODE hNode, DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hNodeEnum  from ClusterNodeOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterNodeGetEnumCount.
 */
DWORD WINAPI ClusterNodeGetEnumCount(HNODEENUM hNodeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_GET_ENUM_COUNT)(HNODEENUM hNodeEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hNodeEnum  from ClusterNodeOpenEnum
 * @dwIndex    0 to count - 1
 * @lpdwType   receives the one CLUSTER_NODE_ENUM bit of the entry; may be NULL
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Mirrors Windows' ClusterNodeEnum.
 */
DWORD WINAPI ClusterNodeEnum(HNODEENUM hNodeEnum, DWORD dwIndex, LPDWORD lpdwType, LPWSTR lpszName,
                             LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_ENUM)(HNODEENUM hNodeEnum, DWORD dwIndex,
                                                  LPDWORD lpdwType, LPWSTR lpszName,
                                                  LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hNodeEnum  from ClusterNodeOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterNodeCloseEnum.
 */
DWORD WINAPI ClusterNodeCloseEnum(HNODEENUM hNodeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_CLOSE_ENUM)(HNODEENUM hNodeEnum);

/**
 * Opens an enumeration of what belongs to a node, by name and id.
 *
 * @hNode     the node; not NULL
 * @dwType    bits of CLUSTER_NODE_ENUM
 * @pOptions  NULL
 *
 * Returns an enumeration handle, to be closed with ClusterNodeCloseEnumEx, or NULL and the last
 * error: ERROR_INVALID_PARAMETER for unknown bits or options; ERROR_NODE_NOT_AVAILABLE 5036; a
 * common code. Mirrors Windows' ClusterNodeOpenEnumEx.
 */
HNODEENUMEX WINAPI ClusterNodeOpenEnumEx(HNODE hNode, DWORD dwType, PVOID pOptions);
typedef HNODEENUMEX(WINAPI *PCLUSAPI_CLUSTER_NODE_OPEN_ENUM_EX)(HNODE hNode, DWORD dwType,
                                                                PVOID pOptions);

/**
 * Counts the entries of an enumeration.
 *
 * @hNodeEnum  from ClusterNodeOpenEnumEx
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterNodeGetEnumCountEx.
 */
DWORD WINAPI ClusterNodeGetEnumCountEx(HNODEENUMEX hNodeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_GET_ENUM_COUNT_EX)(HNODEENUMEX hNodeEnum);

/**
 * Gives one entry of an enumeration with type, id and name.
 *
 * @hNodeEnum  from ClusterNodeOpenEnumEx
 * @dwIndex    0 to count - 1
 * @pItem      buffer, aligned as the structure; receives the structure and, behind it, all that its
 *             pointers lead to; may be NULL with a size of 0. dwVersion is filled in
 * @cbItem     size of the buffer in bytes; receives the size needed; not NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * The entry is a snapshot: the cluster is not asked again. Mirrors Windows' ClusterNodeEnumEx.
 */
DWORD WINAPI ClusterNodeEnumEx(HNODEENUMEX hNodeEnum, DWORD dwIndex, PCLUSTER_ENUM_ITEM pItem,
                               LPDWORD cbItem);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_ENUM_EX)(HNODEENUMEX hNodeEnum, DWORD dwIndex,
                                                     PCLUSTER_ENUM_ITEM pItem, LPDWORD cbItem);

/**
 * Closes an enumeration.
 *
 * @hNodeEnum  from ClusterNodeOpenEnumEx
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterNodeCloseEnumEx.
 */
DWORD WINAPI ClusterNodeCloseEnumEx(HNODEENUMEX hNodeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_CLOSE_ENUM_EX)(HNODEENUMEX hNodeEnum);

/**
 * Carries out a control code on a node.
 *
 * @hNode            the node; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that the cluster handle is
 *                   connected to
 * @dwControlCode    a CLUSCTL_NODE_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_NODE_NOT_AVAILABLE 5036, or a code that every control function can give (see
 * "Control functions" above). A set of properties is not set atomically. Mirrors Windows'
 * ClusterNodeControl.
 */
DWORD WINAPI ClusterNodeControl(HNODE hNode, HNODE hHostNode, DWORD dwControlCode,
                                LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer,
                                DWORD nOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NODE_CONTROL)(HNODE hNode, HNODE hHostNode,
                                                     DWORD dwControlCode, LPVOID lpInBuffer,
                                                     DWORD nInBufferSize, LPVOID lpOutBuffer,
                                                     DWORD nOutBufferSize, LPDWORD lpBytesReturned);

/**
 * Gives the name of the interface by which a node is on a network.
 *
 * @hCluster         the cluster; not NULL
 * @lpszNodeName     the node; the caller's; not NULL
 * @lpszNetworkName  the network; the caller's; not NULL
 * @lpszInterfaceName, @lpcchInterfaceName
 *                   buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_CLUSTER_NODE_NOT_FOUND 5042,
 * ERROR_CLUSTER_NETWORK_NOT_FOUND 5045, ERROR_CLUSTER_NETINTERFACE_NOT_FOUND 5047 when that node
 * has none there, or a common code. Mirrors Windows' GetClusterNetInterface.
 */
DWORD WINAPI GetClusterNetInterface(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                                    LPCWSTR lpszNetworkName, LPWSTR lpszInterfaceName,
                                    LPDWORD lpcchInterfaceName);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_NET_INTERFACE)(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                                                          LPCWSTR lpszNetworkName,
                                                          LPWSTR lpszInterfaceName,
                                                          LPDWORD lpcchInterfaceName);

/*
 * Groups.
 */

/**
 * Opens a group for reading and changing.
 *
 * @hCluster       the cluster; not NULL
 * @lpszGroupName  its name or id; the caller's; not NULL
 *
 * Returns a handle, to be closed with CloseClusterGroup, or NULL and the last error:
 * ERROR_GROUP_NOT_FOUND 5013, ERROR_ACCESS_DENIED when the cluster handle is only for reading (then
 * use OpenClusterGroupEx), or a common code. Mirrors Windows' OpenClusterGroup.
 */
HGROUP WINAPI OpenClusterGroup(HCLUSTER hCluster, LPCWSTR lpszGroupName);
typedef HGROUP(WINAPI *PCLUSAPI_OPEN_CLUSTER_GROUP)(HCLUSTER hCluster, LPCWSTR lpszGroupName);

/**
 * Opens a group with a chosen access.
 *
 * @hCluster           the cluster; not NULL
 * @lpszGroupName      its name or id; the caller's; not NULL
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenClusterGroup; also ERROR_INVALID_PARAMETER for a bad access mask,
 * ERROR_ACCESS_DENIED when more is asked than the cluster handle or the caller has, and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterGroupEx.
 */
HGROUP WINAPI OpenClusterGroupEx(HCLUSTER hCluster, LPCWSTR lpszGroupName, DWORD dwDesiredAccess,
                                 DWORD *lpdwGrantedAccess);
typedef HGROUP(WINAPI *PCLUSAPI_OPEN_CLUSTER_GROUP_EX)(HCLUSTER hCluster, LPCWSTR lpszGroupName,
                                                       DWORD dwDesiredAccess,
                                                       DWORD *lpdwGrantedAccess);

/**
 * Closes a handle of a group.
 *
 * @hGroup  the handle
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE, also for a handle that
 * CloseCluster made invalid already. The object itself is not affected. Mirrors Windows'
 * CloseClusterGroup.
 */
BOOL WINAPI CloseClusterGroup(HGROUP hGroup);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_GROUP)(HGROUP hGroup);

/**
 * Gives another handle of the cluster that a group was opened from.
 *
 * @hGroup  the object; not NULL
 *
 * Returns a new instance of that cluster handle, with the same access and connection, to be closed
 * with CloseCluster; or NULL and the last error. Closing it invalidates neither the object handle
 * nor the original cluster handle. It works for a deleted object too. Mirrors Windows'
 * GetClusterFromGroup.
 */
HCLUSTER WINAPI GetClusterFromGroup(HGROUP hGroup);
typedef HCLUSTER(WINAPI *PCLUSAPI_GET_CLUSTER_FROM_GROUP)(HGROUP hGroup);

/**
 * Creates an empty group, offline, owned by the node that answers.
 *
 * @hCluster  the cluster; not NULL
 * @lpszGroupName  its name: any text with at least one character that is not blank; the caller's;
 *                 not NULL
 *
 * Returns a handle with all access, to be closed with CloseClusterGroup, or NULL and the last
 * error: ERROR_OBJECT_ALREADY_EXISTS 5010 when a group has the name or the id, ERROR_INVALID_NAME
 * 123, or a common code. Mirrors Windows' CreateClusterGroup.
 */
HGROUP WINAPI CreateClusterGroup(HCLUSTER hCluster, LPCWSTR lpszGroupName);
typedef HGROUP(WINAPI *PCLUSAPI_CREATE_CLUSTER_GROUP)(HCLUSTER hCluster, LPCWSTR lpszGroupName);

/**
 * Creates an empty group of a type.
 *
 * @hCluster  the cluster; not NULL
 * @lpszGroupName  its name; the caller's; not NULL
 * @pGroupInfo  version 1 and the type; types 1, 2, 4 and 5 are the cluster's own; NULL for no
 *              type; the caller's
 *
 * Returns as CreateClusterGroup; ERROR_INVALID_PARAMETER for another version or a reserved type.
 * Mirrors Windows' CreateClusterGroupEx.
 */
HGROUP WINAPI CreateClusterGroupEx(HCLUSTER hCluster, LPCWSTR lpszGroupName,
                                   PCLUSTER_CREATE_GROUP_INFO pGroupInfo);
typedef HGROUP(WINAPI *PCLUSAPI_CREATE_CLUSTER_GROUPEX)(HCLUSTER hCluster, LPCWSTR lpszGroupName,
                                                        PCLUSTER_CREATE_GROUP_INFO pGroupInfo);

/**
 * Deletes an empty group. Its handles stay open and answer ERROR_GROUP_NOT_AVAILABLE 5012.
 *
 * @hGroup  the group; not NULL
 *
 * Returns 0, ERROR_DIR_NOT_EMPTY 145 when it holds resources, ERROR_CORE_RESOURCE 5026,
 * ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' DeleteClusterGroup.
 */
DWORD WINAPI DeleteClusterGroup(HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_DELETE_CLUSTER_GROUP)(HGROUP hGroup);

/**
 * Deletes a group with all its resources, which go offline.
 *
 * @hGroup  the group; not NULL
 *
 * Returns 0, ERROR_CORE_RESOURCE 5026, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors
 * Windows' DestroyClusterGroup.
 */
DWORD WINAPI DestroyClusterGroup(HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_DESTROY_CLUSTER_GROUP)(HGROUP hGroup);

/**
 * Renames a group.
 *
 * @hGroup  the group; not NULL
 * @lpszGroupName  the new name; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_NAME 123, ERROR_ALREADY_EXISTS 183 when another group has the name or
 * the id, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' SetClusterGroupName.
 */
DWORD WINAPI SetClusterGroupName(HGROUP hGroup, LPCWSTR lpszGroupName);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_GROUP_NAME)(HGROUP hGroup, LPCWSTR lpszGroupName);

/**
 * Sets the preferred owners of a group.
 *
 * @hGroup  the group; not NULL
 * @NodeCount  their number; 0 empties the list
 * @NodeList  handles of the nodes, the most preferred first, of the same cluster; the caller's;
 *            may be NULL with 0
 *
 * Returns 0, ERROR_INVALID_PARAMETER for a node twice, ERROR_SPECIAL_GROUP 1372,
 * ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' SetClusterGroupNodeList.
 */
DWORD WINAPI SetClusterGroupNodeList(HGROUP hGroup, DWORD NodeCount, HNODE NodeList[]);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_GROUP_NODE_LIST)(HGROUP hGroup, DWORD NodeCount,
                                                            HNODE NodeList[]);

/**
 * Brings a group online: its persistent state becomes online, and each of its resources comes
 * online in the order of dependencies.
 *
 * @hGroup  the group; not NULL
 * @hDestinationNode  the node to move it to first; NULL: where it is
 *
 * Returns 0 when it is online, ERROR_IO_PENDING 997 when that is under way, ERROR_SHARING_PAUSED 70
 * when its node is paused, ERROR_SPECIAL_GROUP 1372, ERROR_HOST_NODE_NOT_AVAILABLE 5005,
 * ERROR_INVALID_STATE 5023 while it is pending, ERROR_NODE_CANT_HOST_RESOURCE 5071 where another
 * group keeps it away or the node is no possible owner of all its resources,
 * ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code.
 * Mirrors Windows' OnlineClusterGroup.
 */
DWORD WINAPI OnlineClusterGroup(HGROUP hGroup, HNODE hDestinationNode);
typedef DWORD(WINAPI *PCLUSAPI_ONLINE_CLUSTER_GROUP)(HGROUP hGroup, HNODE hDestinationNode);

/**
 * Brings a group online with options.
 *
 * @hGroup  the group; not NULL
 * @hDestinationNode  the node to move it to first; NULL: where it is
 * @dwOnlineFlags  CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS 1: also if it is locked; _SYNCHRONOUS
 *                 2: waits until nothing goes on; _BEST_POSSIBLE_NODE 4: where it is best off, if
 *                 not where it is; _IGNORE_AFFINITY_RULE 8: also beside a group that it avoids
 * @lpInBuffer, @cbInBufferSize  a property list for the resources, by their types; may be NULL
 *                               with 0; the caller's
 *
 * Returns as OnlineClusterGroup; ERROR_INVALID_PARAMETER for other flags, ERROR_INVALID_DATA for a
 * malformed list. Mirrors Windows' OnlineClusterGroupEx.
 */
DWORD WINAPI OnlineClusterGroupEx(HGROUP hGroup, HNODE hDestinationNode, DWORD dwOnlineFlags,
                                  PBYTE lpInBuffer, DWORD cbInBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_ONLINE_CLUSTER_GROUP_EX)(HGROUP hGroup, HNODE hDestinationNode,
                                                        DWORD dwOnlineFlags, PBYTE lpInBuffer,
                                                        DWORD cbInBufferSize);

/**
 * Takes a group offline: its persistent state becomes offline, and each of its resources goes
 * offline, dependents first.
 *
 * @hGroup  the group; not NULL
 *
 * Returns 0 when it is offline, ERROR_IO_PENDING 997 when that is under way, ERROR_SPECIAL_GROUP
 * 1372, ERROR_INVALID_STATE 5023, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960,
 * ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' OfflineClusterGroup.
 */
DWORD WINAPI OfflineClusterGroup(HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_OFFLINE_CLUSTER_GROUP)(HGROUP hGroup);

/**
 * Takes a group offline with options.
 *
 * @hGroup  the group; not NULL
 * @dwOfflineFlags  CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS 1: also if it is locked
 * @lpInBuffer, @cbInBufferSize  a property list for the resources: the name of a type, and a DWORD,
 *                               0 and 3 to end at once, 1 and 2 as always; may be NULL with 0; the
 *                               caller's
 *
 * Returns as OfflineClusterGroup; ERROR_INVALID_PARAMETER for other flags or values,
 * ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH 5895 for a value that is no DWORD, ERROR_INVALID_DATA
 * for a malformed list. Mirrors Windows' OfflineClusterGroupEx.
 */
DWORD WINAPI OfflineClusterGroupEx(HGROUP hGroup, DWORD dwOfflineFlags, PBYTE lpInBuffer,
                                   DWORD cbInBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_OFFLINE_CLUSTER_GROUP_EX)(HGROUP hGroup, DWORD dwOfflineFlags,
                                                         PBYTE lpInBuffer, DWORD cbInBufferSize);

/**
 * Moves a group to another node: what is online goes offline, the node becomes the owner, and what
 * is persistently online comes online there.
 *
 * @hGroup  the group; not NULL
 * @hDestinationNode  the node; NULL: the best one
 *
 * Returns 0 when it is there, ERROR_IO_PENDING 997 when it is on its way, ERROR_SHARING_PAUSED 70
 * for a paused node, ERROR_HOST_NODE_NOT_AVAILABLE 5005 for one that is not up,
 * ERROR_CLUSTER_NODE_NOT_FOUND 5042 for one that is gone, ERROR_HOST_NODE_NOT_GROUP_OWNER 5016 for
 * one that is no possible owner of all its resources, ERROR_NODE_CANT_HOST_RESOURCE 5071 where
 * another group keeps it away, ERROR_INVALID_STATE 5023 while it is pending,
 * ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code.
 * Mirrors Windows' MoveClusterGroup.
 */
DWORD WINAPI MoveClusterGroup(HGROUP hGroup, HNODE hDestinationNode);
typedef DWORD(WINAPI *PCLUSAPI_MOVE_CLUSTER_GROUP)(HGROUP hGroup, HNODE hDestinationNode);

/**
 * Moves a group with options.
 *
 * @hGroup  the group; not NULL
 * @hDestinationNode  the node; NULL: the best one
 * @dwMoveFlags  CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS 1: also if it is locked;
 *               _RETURN_TO_SOURCE_NODE_ON_ERROR 2: back when something fails there;
 *               _QUEUE_ENABLED 4: as soon as it is not pending or locked any more, not with 1;
 *               _HIGH_PRIORITY_START 8: it starts before others; _FAILBACK 16: in the hours that
 *               its properties FailbackWindowStart and FailbackWindowEnd allow, and without a node
 *               only to one that it prefers; _IGNORE_AFFINITY_RULE 32: also beside a group that it
 *               avoids
 * @lpInBuffer, @cbInBufferSize  a property list for the resources, as OfflineClusterGroupEx takes
 *                               it; 4, to move without going offline, is ERROR_NOT_SUPPORTED 50 on
 *                               an embedded cluster; may be NULL with 0; the caller's
 *
 * Returns as MoveClusterGroup; as OfflineClusterGroupEx for other flags or a wrong list;
 * ERROR_NODE_CANT_HOST_RESOURCE 5071 for a node where a group runs that it avoids. Mirrors Windows'
 * MoveClusterGroupEx.
 */
DWORD WINAPI MoveClusterGroupEx(HGROUP hGroup, HNODE hDestinationNode, DWORD dwMoveFlags,
                                PBYTE lpInBuffer, DWORD cbInBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_MOVE_CLUSTER_GROUP_EX)(HGROUP hGroup, HNODE hDestinationNode,
                                                      DWORD dwMoveFlags, PBYTE lpInBuffer,
                                                      DWORD cbInBufferSize);

/**
 * Cancels a move that is under way or waits.
 *
 * @hGroup  the group; not NULL
 * @dwCancelFlags_RESERVED  0
 *
 * Returns 0, ERROR_IO_PENDING 997 when that is under way, ERROR_INVALID_PARAMETER for other flags,
 * ERROR_INVALID_STATE 5023 when there is nothing to cancel, ERROR_GROUP_NOT_AVAILABLE 5012, or a
 * common code. Mirrors Windows' CancelClusterGroupOperation.
 */
DWORD WINAPI CancelClusterGroupOperation(HGROUP hGroup, DWORD dwCancelFlags_RESERVED);
typedef DWORD(WINAPI *PCLUSAPI_CANCEL_CLUSTER_GROUP_OPERATION)(HGROUP hGroup,
                                                               DWORD dwCancelFlags_RESERVED);

/**
 * Gives the state of a group and the node that owns it.
 *
 * @hGroup  the group; not NULL
 * @lpszNodeName, @lpcchNodeName
 *          buffer for the node's name and its size in WCHARs; both may be NULL
 *
 * The state is computed from the resources when it is asked for: failed if any has failed; else
 * pending if any is pending; else, looking at those that no other resource of the group depends on,
 * online if all are, partly online if some are, offline if none is. A group without resources is
 * offline.
 * Returns ClusterGroupOnline 0, ClusterGroupOffline 1, ClusterGroupFailed 2,
 * ClusterGroupPartialOnline 3, ClusterGroupPending 4, or ClusterGroupStateUnknown -1 and the last
 * error: 0 when the cluster does not know it, ERROR_MORE_DATA 234, ERROR_GROUP_NOT_AVAILABLE 5012, or
 * a common code. Mirrors Windows' GetClusterGroupState.
 */
CLUSTER_GROUP_STATE WINAPI GetClusterGroupState(HGROUP hGroup, LPWSTR lpszNodeName,
                                                LPDWORD lpcchNodeName);
typedef CLUSTER_GROUP_STATE(WINAPI *PCLUSAPI_GET_CLUSTER_GROUP_STATE)(HGROUP hGroup,
                                                                      LPWSTR lpszNodeName,
                                                                      LPDWORD lpcchNodeName);

/**
 * Opens an enumeration of the resources in a group and of its preferred owners.
 *
 * @hGroup  the group; not NULL
 * @dwType  bits of CLUSTER_GROUP_ENUM: CONTAINS for resources, NODES for preferred owners; unknown
 *          bits are ignored
 *
 * Returns an enumeration handle, to be closed with ClusterGroupCloseEnum, or NULL and the last
 * error: ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' ClusterGroupOpenEnum.
 */
HGROUPENUM WINAPI ClusterGroupOpenEnum(HGROUP hGroup, DWORD dwType);
typedef HGROUPENUM(WINAPI *PCLUSAPI_CLUSTER_GROUP_OPEN_ENUM)(HGROUP hGroup, DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hGroupEnum  from ClusterGroupOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterGroupGetEnumCount.
 */
DWORD WINAPI ClusterGroupGetEnumCount(HGROUPENUM hGroupEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_GET_ENUM_COUNT)(HGROUPENUM hGroupEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hGroupEnum  from ClusterGroupOpenEnum
 * @dwIndex     0 to count - 1
 * @lpdwType    receives the one CLUSTER_GROUP_ENUM bit of the entry; may be NULL
 * @lpszResourceName, @lpcchName
 *              buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Nodes come in the order of preference, the most preferred first. Mirrors Windows'
 * ClusterGroupEnum.
 */
DWORD WINAPI ClusterGroupEnum(HGROUPENUM hGroupEnum, DWORD dwIndex, LPDWORD lpdwType,
                              LPWSTR lpszResourceName, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_ENUM)(HGROUPENUM hGroupEnum, DWORD dwIndex,
                                                   LPDWORD lpdwType, LPWSTR lpszResourceName,
                                                   LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hGroupEnum  from ClusterGroupOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterGroupCloseEnum.
 */
DWORD WINAPI ClusterGroupCloseEnum(HGROUPENUM hGroupEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_CLOSE_ENUM)(HGROUPENUM hGroupEnum);

/**
 * Opens an enumeration of all groups of a cluster with chosen properties.
 *
 * @hCluster  the cluster; not NULL
 * @lpszProperties, @cbProperties
 *            names of writable common properties wanted, each ending in NUL, and one more NUL; the
 *            size in bytes with all NULs; "*" for all; NULL and 0 for none; the caller's
 * @lpszRoProperties, @cbRoProperties  the same for read-only common properties
 * @dwFlags   0
 *
 * Returns an enumeration handle, to be closed with ClusterGroupCloseEnumEx, or NULL and the last
 * error: ERROR_INVALID_PARAMETER for an unknown property name, a malformed list or other flags, or
 * a common code. Mirrors Windows' ClusterGroupOpenEnumEx.
 */
HGROUPENUMEX WINAPI ClusterGroupOpenEnumEx(HCLUSTER hCluster, LPCWSTR lpszProperties,
                                           DWORD cbProperties, LPCWSTR lpszRoProperties,
                                           DWORD cbRoProperties, DWORD dwFlags);
typedef HGROUPENUMEX(WINAPI *PCLUSAPI_CLUSTER_GROUP_OPEN_ENUM_EX)(
    HCLUSTER hCluster, LPCWSTR lpszProperties, DWORD cbProperties, LPCWSTR lpszRoProperties,
    DWORD cbRoProperties, DWORD dwFlags);

/**
 * Counts the entries of an enumeration.
 *
 * @hGroupEnumEx  from ClusterGroupOpenEnumEx
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterGroupGetEnumCountEx.
 */
DWORD WINAPI ClusterGroupGetEnumCountEx(HGROUPENUMEX hGroupEnumEx);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_GET_ENUM_COUNT_EX)(HGROUPENUMEX hGroupEnumEx);

/**
 * Gives one entry of an enumeration with name, id, state, owner node, flags and the properties that
 * were asked for, as two property lists.
 *
 * @hGroupEnumEx  from ClusterGroupOpenEnumEx
 * @dwIndex       0 to count - 1
 * @pItem         buffer, aligned as the structure; receives the structure and, behind it, all that
 *                its pointers lead to; may be NULL with a size of 0. dwVersion is filled in
 * @cbItem        size of the buffer in bytes; receives the size needed; not NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * The entry is a snapshot: the cluster is not asked again. Mirrors Windows' ClusterGroupEnumEx.
 */
DWORD WINAPI ClusterGroupEnumEx(HGROUPENUMEX hGroupEnumEx, DWORD dwIndex,
                                PCLUSTER_GROUP_ENUM_ITEM pItem, LPDWORD cbItem);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_ENUM_EX)(HGROUPENUMEX hGroupEnumEx, DWORD dwIndex,
                                                      PCLUSTER_GROUP_ENUM_ITEM pItem,
                                                      LPDWORD cbItem);

/**
 * Closes an enumeration.
 *
 * @hGroupEnumEx  from ClusterGroupOpenEnumEx
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterGroupCloseEnumEx.
 */
DWORD WINAPI ClusterGroupCloseEnumEx(HGROUPENUMEX hGroupEnumEx);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_CLOSE_ENUM_EX)(HGROUPENUMEX hGroupEnumEx);

/**
 * Carries out a control code on a group.
 *
 * @hGroup           the group; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that owns the group
 * @dwControlCode    a CLUSCTL_GROUP_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_GROUP_NOT_AVAILABLE 5012, or a code that every control function can give (see
 * "Control functions" above). A set of properties is not set atomically. Mirrors Windows'
 * ClusterGroupControl.
 */
DWORD WINAPI ClusterGroupControl(HGROUP hGroup, HNODE hHostNode, DWORD dwControlCode,
                                 LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer,
                                 DWORD nOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_CONTROL)(HGROUP hGroup, HNODE hHostNode,
                                                      DWORD dwControlCode, LPVOID lpInBuffer,
                                                      DWORD nInBufferSize, LPVOID lpOutBuffer,
                                                      DWORD nOutBufferSize,
                                                      LPDWORD lpBytesReturned);

/*
 * Group sets, and what groups and group sets depend on. A set holds groups, each group is in one set
 * at most. A group comes online when, of each clause of what it and its set depend on, one provider
 * is online: a group, or a set all of whose groups are.
 */

/**
 * Creates an empty group set.
 *
 * @hCluster  the cluster; not NULL
 * @groupSetName  its name; the caller's; not NULL
 *
 * Returns a handle with all access, to be closed with CloseClusterGroupSet, or NULL and the last
 * error: ERROR_OBJECT_ALREADY_EXISTS 5010, ERROR_INVALID_NAME 123, or a common code. Mirrors
 * Windows' CreateClusterGroupSet.
 */
HGROUPSET WINAPI CreateClusterGroupSet(HCLUSTER hCluster, LPCWSTR groupSetName);
typedef HGROUPSET(WINAPI *PCLUSAPI_CREATE_CLUSTER_GROUP_GROUPSET)(HCLUSTER hCluster,
                                                                  LPCWSTR groupSetName);

/**
 * Opens a group set by name or id.
 *
 * @hCluster  the cluster; not NULL
 * @lpszGroupSetName  the name or id; the caller's; not NULL
 *
 * Returns a handle with all access, to be closed with CloseClusterGroupSet, or NULL and the last
 * error: ERROR_GROUPSET_NOT_FOUND 5995, or a common code. Mirrors Windows' OpenClusterGroupSet.
 */
HGROUPSET WINAPI OpenClusterGroupSet(HCLUSTER hCluster, LPCWSTR lpszGroupSetName);
typedef HGROUPSET(WINAPI *PCLUSAPI_OPEN_CLUSTER_GROUP_GROUPSET)(HCLUSTER hCluster,
                                                                LPCWSTR lpszGroupSetName);

/**
 * Closes a group set handle.
 *
 * @hGroupSet  the group set
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE. Mirrors Windows'
 * CloseClusterGroupSet.
 */
BOOL WINAPI CloseClusterGroupSet(HGROUPSET hGroupSet);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_GROUP_GROUPSET)(HGROUPSET hGroupSet);

/**
 * Deletes a group set. Its groups stay; what depended on it depends on it no more.
 *
 * @hGroupSet  the group set; not NULL; its handles stay open and answer
 *             ERROR_GROUPSET_NOT_AVAILABLE 5994
 *
 * Returns 0, ERROR_GROUPSET_NOT_AVAILABLE, or a common code. Mirrors Windows'
 * DeleteClusterGroupSet.
 */
DWORD WINAPI DeleteClusterGroupSet(HGROUPSET hGroupSet);
typedef DWORD(WINAPI *PCLUSAPI_DELETE_CLUSTER_GROUP_GROUPSET)(HGROUPSET hGroupSet);

/**
 * Puts a group into a group set.
 *
 * @hGroupSet  the set; not NULL
 * @hGroup  the group, of the same cluster; not NULL
 *
 * Returns 0, ERROR_OBJECT_ALREADY_EXISTS 5010 when the group is in a set, ERROR_CIRCULAR_DEPENDENCY
 * 1059 when it would then depend on itself, ERROR_GROUPSET_NOT_AVAILABLE 5994,
 * ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' ClusterAddGroupToGroupSet.
 */
DWORD WINAPI ClusterAddGroupToGroupSet(HGROUPSET hGroupSet, HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_ADD_GROUP_TO_GROUP_GROUPSET)(HGROUPSET hGroupSet,
                                                                    HGROUP hGroup);

/**
 * Takes a group out of its group set.
 *
 * @hGroup  the group; not NULL
 *
 * Returns 0, ERROR_GROUPSET_NOT_FOUND 5995 when it is in none, ERROR_GROUP_NOT_AVAILABLE 5012, or a
 * common code. Mirrors Windows' ClusterRemoveGroupFromGroupSet, whose pointer type has the wrong
 * parameter there.
 */
DWORD WINAPI ClusterRemoveGroupFromGroupSet(HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_REMOVE_GROUP_FROM_GROUPSET)(HGROUP hGroup);

/**
 * Makes a group depend on another.
 *
 * @hDependentGroup  the one that shall depend; not NULL
 * @hProviderGroup  the provider; not NULL
 *
 * Returns 0, ERROR_CIRCULAR_DEPENDENCY 1059, also for the dependent itself,
 * ERROR_DEPENDENCY_ALREADY_EXISTS 5003, ERROR_GROUP_NOT_AVAILABLE 5012, or a common
 * code. Mirrors Windows' AddClusterGroupDependency.
 */
DWORD WINAPI AddClusterGroupDependency(HGROUP hDependentGroup, HGROUP hProviderGroup);
typedef DWORD(WINAPI *PCLUSAPI_ADD_CLUSTER_GROUP_DEPENDENCY)(HGROUP hDependentGroup,
                                                             HGROUP hProviderGroup);

/**
 * Ends that a group depends on another.
 *
 * @hGroup  the one that depends; not NULL
 * @hDependsOn  the provider; not NULL
 *
 * Returns 0, ERROR_DEPENDENCY_NOT_FOUND 5002, ERROR_GROUP_NOT_AVAILABLE 5012, or a
 * common code. Mirrors Windows' RemoveClusterGroupDependency.
 */
DWORD WINAPI RemoveClusterGroupDependency(HGROUP hGroup, HGROUP hDependsOn);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_CLUSTER_GROUP_DEPENDENCY)(HGROUP hGroup, HGROUP hDependsOn);

/**
 * Replaces all that a group depends on, groups and group sets.
 *
 * @hGroup  the group; not NULL
 * @lpszDependencyExpression  as of SetClusterResourceDependencyExpression; a name is a group's, or
 *                            else a group set's; empty for none; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER for an expression that cannot be read or names what is not
 * there, ERROR_DEPENDENCY_ALREADY_EXISTS 5003 for a provider that it names twice,
 * ERROR_CIRCULAR_DEPENDENCY 1059, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code.
 * Mirrors Windows' SetGroupDependencyExpression.
 */
DWORD WINAPI SetGroupDependencyExpression(HGROUP hGroup, LPCWSTR lpszDependencyExpression);
typedef DWORD(WINAPI *PCLUSAPI_SET_GROUP_DEPENDENCY_EXPRESSION)(HGROUP hGroup,
                                                                LPCWSTR lpszDependencyExpression);

/**
 * Makes the groups of a set depend on another set.
 *
 * @hDependentGroupSet  the one that shall depend; not NULL
 * @hProviderGroupSet  the provider; not NULL
 *
 * Returns 0, ERROR_CIRCULAR_DEPENDENCY 1059, also for the dependent itself,
 * ERROR_DEPENDENCY_ALREADY_EXISTS 5003, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a common
 * code. Mirrors Windows' AddClusterGroupSetDependency.
 */
DWORD WINAPI AddClusterGroupSetDependency(HGROUPSET hDependentGroupSet,
                                          HGROUPSET hProviderGroupSet);
typedef DWORD(WINAPI *PCLUSAPI_ADD_CLUSTER_GROUP_GROUPSET_DEPENDENCY)(HGROUPSET hDependentGroupSet,
                                                                      HGROUPSET hProviderGroupSet);

/**
 * Ends that a group set depends on another.
 *
 * @hGroupSet  the one that depends; not NULL
 * @hDependsOn  the provider; not NULL
 *
 * Returns 0, ERROR_DEPENDENCY_NOT_FOUND 5002, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a
 * common code. Mirrors Windows' RemoveClusterGroupSetDependency.
 */
DWORD WINAPI RemoveClusterGroupSetDependency(HGROUPSET hGroupSet, HGROUPSET hDependsOn);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_CLUSTER_GROUP_GROUPSET_DEPENDENCY)(HGROUPSET hGroupSet,
                                                                         HGROUPSET hDependsOn);

/**
 * Replaces all that a group set depends on, group sets and groups.
 *
 * @hGroupSet  the group set; not NULL
 * @lpszDependencyExprssion  as of SetClusterResourceDependencyExpression; a name is a group set's,
 *                           or else a group's; empty for none; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER for an expression that cannot be read or names what is not
 * there, ERROR_DEPENDENCY_ALREADY_EXISTS 5003 for a provider that it names twice,
 * ERROR_CIRCULAR_DEPENDENCY 1059, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a common code.
 * Mirrors Windows' SetClusterGroupSetDependencyExpression.
 */
DWORD WINAPI SetClusterGroupSetDependencyExpression(HGROUPSET hGroupSet,
                                                    LPCWSTR lpszDependencyExprssion);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_GROUP_GROUPSET_DEPENDENCY_EXPRESSION)(
    HGROUPSET hGroupSet, LPCWSTR lpszDependencyExprssion);

/**
 * Makes a group depend on a group set.
 *
 * @hDependentGroup  the one that shall depend; not NULL; not of that set
 * @hProviderGroupSet  the provider; not NULL
 *
 * Returns 0, ERROR_CIRCULAR_DEPENDENCY 1059, also for the dependent itself,
 * ERROR_DEPENDENCY_ALREADY_EXISTS 5003, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a common
 * code. Mirrors Windows' AddClusterGroupToGroupSetDependency.
 */
DWORD WINAPI AddClusterGroupToGroupSetDependency(HGROUP hDependentGroup,
                                                 HGROUPSET hProviderGroupSet);
typedef DWORD(WINAPI *PCLUSAPI_ADD_CLUSTER_GROUP_TO_GROUP_GROUPSET_DEPENDENCY)(
    HGROUP hDependentGroup, HGROUPSET hProviderGroupSet);

/**
 * Ends that a group depends on a group set.
 *
 * @hGroup  the one that depends; not NULL
 * @hDependsOn  the provider; not NULL
 *
 * Returns 0, ERROR_DEPENDENCY_NOT_FOUND 5002, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a
 * common code. Mirrors Windows' RemoveClusterGroupToGroupSetDependency.
 */
DWORD WINAPI RemoveClusterGroupToGroupSetDependency(HGROUP hGroup, HGROUPSET hDependsOn);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_CLUSTER_GROUP_TO_GROUP_GROUPSET_DEPENDENCY)(
    HGROUP hGroup, HGROUPSET hDependsOn);

/**
 * Opens an enumeration of the group sets of a cluster.
 *
 * @hCluster  the cluster; not NULL
 *
 * Returns a handle, to be closed with ClusterGroupSetCloseEnum, or NULL and the last error. Mirrors
 * Windows' ClusterGroupSetOpenEnum.
 */
HGROUPSETENUM WINAPI ClusterGroupSetOpenEnum(HCLUSTER hCluster);
typedef HGROUPSETENUM(WINAPI *PCLUSAPI_CLUSTER_GROUPSET_OPEN_ENUM)(HCLUSTER hCluster);

/**
 * Counts the entries of an enumeration.
 *
 * @hGroupSetEnum  from ClusterGroupSetOpenEnum
 *
 * Returns the count, 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors Windows'
 * ClusterGroupSetGetEnumCount.
 */
DWORD WINAPI ClusterGroupSetGetEnumCount(HGROUPSETENUM hGroupSetEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUPSET_GET_ENUM_COUNT)(HGROUPSETENUM hGroupSetEnum);

/**
 * Gives the name of one entry of an enumeration.
 *
 * @hGroupSetEnum  from ClusterGroupSetOpenEnum
 * @dwIndex  0 to count - 1
 * @lpszName, @lpcchName  buffer and its room in characters; lpszName may be NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Mirrors Windows' ClusterGroupSetEnum.
 */
DWORD WINAPI ClusterGroupSetEnum(HGROUPSETENUM hGroupSetEnum, DWORD dwIndex, LPWSTR lpszName,
                                 LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUPSET_ENUM)(HGROUPSETENUM hGroupSetEnum, DWORD dwIndex,
                                                      LPWSTR lpszName, LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hGroupSetEnum  from ClusterGroupSetOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterGroupSetCloseEnum.
 */
DWORD WINAPI ClusterGroupSetCloseEnum(HGROUPSETENUM hGroupSetEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUPSET_CLOSE_ENUM)(HGROUPSETENUM hGroupSetEnum);

/**
 * Carries out a control code on a group set.
 *
 * @hGroupSet        the group set; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that the cluster handle is connected
 *                   to
 * @dwControlCode    a CLUSCTL_GROUPSET_ code. GET_GROUPS, GET_PROVIDER_GROUPS and
 *                   GET_PROVIDER_GROUPSETS give names as a MULTI_SZ; the common property Name is
 *                   the set's own
 * @lpInBuffer, @cbInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @cbOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_GROUPSET_NOT_AVAILABLE 5994, or a code that every control function can give (see
 * "Control functions" above). Mirrors Windows' ClusterGroupSetControl.
 */
DWORD WINAPI ClusterGroupSetControl(HGROUPSET hGroupSet, HNODE hHostNode, DWORD dwControlCode,
                                    LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                    DWORD cbOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_GROUP_GROUPSET_CONTROL)(
    HGROUPSET hGroupSet, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
    DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize, LPDWORD lpBytesReturned);

/*
 * Resources.
 */

/**
 * Opens a resource for reading and changing.
 *
 * @hCluster          the cluster; not NULL
 * @lpszResourceName  its name or id; the caller's; not NULL
 *
 * Returns a handle, to be closed with CloseClusterResource, or NULL and the last error:
 * ERROR_RESOURCE_NOT_FOUND 5007, ERROR_ACCESS_DENIED when the cluster handle is only for reading
 * (then use OpenClusterResourceEx), or a common code. Mirrors Windows' OpenClusterResource.
 */
HRESOURCE WINAPI OpenClusterResource(HCLUSTER hCluster, LPCWSTR lpszResourceName);
typedef HRESOURCE(WINAPI *PCLUSAPI_OPEN_CLUSTER_RESOURCE)(HCLUSTER hCluster,
                                                          LPCWSTR lpszResourceName);

/**
 * Opens a resource with a chosen access.
 *
 * @hCluster           the cluster; not NULL
 * @lpszResourceName   its name or id; the caller's; not NULL
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenClusterResource; also ERROR_INVALID_PARAMETER for a bad access mask,
 * ERROR_ACCESS_DENIED when more is asked than the cluster handle or the caller has, and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterResourceEx.
 */
HRESOURCE WINAPI OpenClusterResourceEx(HCLUSTER hCluster, LPCWSTR lpszResourceName,
                                       DWORD dwDesiredAccess, DWORD *lpdwGrantedAccess);
typedef HRESOURCE(WINAPI *PCLUSAPI_OPEN_CLUSTER_RESOURCE_EX)(HCLUSTER hCluster,
                                                             LPCWSTR lpszResourceName,
                                                             DWORD dwDesiredAccess,
                                                             DWORD *lpdwGrantedAccess);

/**
 * Closes a handle of a resource.
 *
 * @hResource  the handle
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE, also for a handle that
 * CloseCluster made invalid already. The object itself is not affected. Mirrors Windows'
 * CloseClusterResource.
 */
BOOL WINAPI CloseClusterResource(HRESOURCE hResource);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_RESOURCE)(HRESOURCE hResource);

/**
 * Gives another handle of the cluster that a resource was opened from.
 *
 * @hResource  the object; not NULL
 *
 * Returns a new instance of that cluster handle, with the same access and connection, to be closed
 * with CloseCluster; or NULL and the last error. Closing it invalidates neither the object handle
 * nor the original cluster handle. It works for a deleted object too. Mirrors Windows'
 * GetClusterFromResource.
 */
HCLUSTER WINAPI GetClusterFromResource(HRESOURCE hResource);
typedef HCLUSTER(WINAPI *PCLUSAPI_GET_CLUSTER_FROM_RESOURCE)(HRESOURCE hResource);

/**
 * Creates a resource in a group, offline; all nodes that have its type can own it.
 *
 * @hGroup  the group; not NULL
 * @lpszResourceName  its name: any text with at least one character that is not blank; the
 *                    caller's; not NULL
 * @lpszResourceType  the name of its type; the caller's; not NULL
 * @dwFlags  CLUSTER_RESOURCE_DEFAULT_MONITOR 0 or CLUSTER_RESOURCE_SEPARATE_MONITOR 1
 *
 * Returns a handle with all access, to be closed with CloseClusterResource, or NULL and the last
 * error: ERROR_OBJECT_ALREADY_EXISTS 5010, ERROR_INVALID_NAME 123,
 * ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, ERROR_CLUSTER_SINGLETON_RESOURCE 5940 or
 * ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE 5941 where the cluster or the group has the only one of
 * its type, ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows'
 * CreateClusterResource.
 */
HRESOURCE WINAPI CreateClusterResource(HGROUP hGroup, LPCWSTR lpszResourceName,
                                       LPCWSTR lpszResourceType, DWORD dwFlags);
typedef HRESOURCE(WINAPI *PCLUSAPI_CREATE_CLUSTER_RESOURCE)(HGROUP hGroup, LPCWSTR lpszResourceName,
                                                            LPCWSTR lpszResourceType,
                                                            DWORD dwFlags);

/**
 * Deletes a resource that is offline or failed. Its handles stay open and answer
 * ERROR_RESOURCE_NOT_AVAILABLE 5006.
 *
 * @hResource  the resource; not NULL
 *
 * Returns 0, ERROR_DEPENDENT_RESOURCE_EXISTS 5001, ERROR_INVALID_STATE 5023 while it is online or
 * pending, ERROR_QUORUM_RESOURCE 5020, ERROR_CORE_RESOURCE 5026, ERROR_ALL_NODES_NOT_AVAILABLE 5037
 * when its type needs all nodes for that, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code.
 * Mirrors Windows' DeleteClusterResource.
 */
DWORD WINAPI DeleteClusterResource(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_DELETE_CLUSTER_RESOURCE)(HRESOURCE hResource);

/**
 * Renames a resource.
 *
 * @hResource  the resource; not NULL
 * @lpszResourceName  the new name; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_NAME 123, ERROR_ALREADY_EXISTS 183 when another resource has the name or
 * the id, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows'
 * SetClusterResourceName.
 */
DWORD WINAPI SetClusterResourceName(HRESOURCE hResource, LPCWSTR lpszResourceName);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_RESOURCE_NAME)(HRESOURCE hResource,
                                                          LPCWSTR lpszResourceName);

/**
 * Lets a resource fail, as if its health check had found it so; its restart policy decides what
 * follows.
 *
 * @hResource  the resource; not NULL
 *
 * Returns 0, ERROR_INVALID_STATE 5023 when it is neither online nor pending,
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows' FailClusterResource.
 */
DWORD WINAPI FailClusterResource(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_FAIL_CLUSTER_RESOURCE)(HRESOURCE hResource);

/**
 * Takes a resource offline and brings it back to its persistent state.
 *
 * @hResource  the resource; not NULL
 * @dwFlags  0
 *
 * Returns 0, ERROR_IO_PENDING 997 when that is under way, ERROR_INVALID_PARAMETER for other flags,
 * ERROR_INVALID_STATE 5023, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows'
 * RestartClusterResource.
 */
DWORD WINAPI RestartClusterResource(HRESOURCE hResource, DWORD dwFlags);
typedef DWORD(WINAPI *PCLUSAPI_RESTART_CLUSTER_RESOURCE)(HRESOURCE hResource, DWORD dwFlags);

/**
 * Brings a resource online, and before it what it depends on. Its persistent state becomes online.
 *
 * @hResource  the resource; not NULL
 *
 * Returns 0 when it is online, ERROR_IO_PENDING 997 when that is under way, ERROR_SHARING_PAUSED 70
 * when its node is paused, ERROR_HOST_NODE_NOT_AVAILABLE 5005 when that is not up,
 * ERROR_NODE_CANT_HOST_RESOURCE 5071 when that is no possible owner or another group keeps it away,
 * ERROR_INVALID_STATE 5023 while it is pending, ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED 5942,
 * ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code.
 * Mirrors Windows' OnlineClusterResource.
 */
DWORD WINAPI OnlineClusterResource(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_ONLINE_CLUSTER_RESOURCE)(HRESOURCE hResource);

/**
 * Brings a resource online with options.
 *
 * @hResource  the resource; not NULL
 * @dwOnlineFlags  CLUSAPI_RESOURCE_ONLINE_IGNORE_RESOURCE_STATUS 1: also if it is locked;
 *                 _DO_NOT_UPDATE_PERSISTENT_STATE 2; _NECESSARY_FOR_QUORUM 4: on a paused node that
 *                 helps the quorum resource alone, which may be online there in any case;
 *                 _BEST_POSSIBLE_NODE 8: a group of which nothing runs goes to where it can;
 *                 _IGNORE_AFFINITY_RULE 32: also beside a group that its own avoids
 * @lpInBuffer, @cbInBufferSize  a property list for the resource; may be NULL with 0; the caller's
 *
 * Returns as OnlineClusterResource; ERROR_INVALID_PARAMETER for other flags, ERROR_INVALID_DATA for
 * a malformed list. Mirrors Windows' OnlineClusterResourceEx.
 */
DWORD WINAPI OnlineClusterResourceEx(HRESOURCE hResource, DWORD dwOnlineFlags, PBYTE lpInBuffer,
                                     DWORD cbInBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_ONLINE_CLUSTER_RESOURCE_EX)(HRESOURCE hResource, DWORD dwOnlineFlags,
                                                           PBYTE lpInBuffer, DWORD cbInBufferSize);

/**
 * Takes a resource offline, and before it what depends on it. Its persistent state becomes offline;
 * one that has failed is simply offline then.
 *
 * @hResource  the resource; not NULL
 *
 * Returns 0 when it is offline, ERROR_IO_PENDING 997 when that is under way, ERROR_INVALID_STATE
 * 5023 while it is pending, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960, ERROR_RESOURCE_NOT_AVAILABLE
 * 5006, or a common code. Mirrors Windows' OfflineClusterResource.
 */
DWORD WINAPI OfflineClusterResource(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_OFFLINE_CLUSTER_RESOURCE)(HRESOURCE hResource);

/**
 * Takes a resource offline with options.
 *
 * @hResource  the resource; not NULL
 * @dwOfflineFlags  CLUSAPI_RESOURCE_OFFLINE_IGNORE_RESOURCE_STATUS 1: also if it is locked;
 *                  _FORCE_WITH_TERMINATION 2: at once; _DO_NOT_UPDATE_PERSISTENT_STATE 4
 * @lpInBuffer, @cbInBufferSize  a property list, as OfflineClusterGroupEx takes it; may be NULL with
 *                               0; the caller's
 *
 * Returns as OfflineClusterResource, and as OfflineClusterGroupEx for other flags or a wrong list.
 * Mirrors Windows' OfflineClusterResourceEx.
 */
DWORD WINAPI OfflineClusterResourceEx(HRESOURCE hResource, DWORD dwOfflineFlags, PBYTE lpInBuffer,
                                      DWORD cbInBufferSize);
typedef DWORD(WINAPI *PCLUSAPI_OFFLINE_CLUSTER_RESOURCE_EX)(HRESOURCE hResource,
                                                            DWORD dwOfflineFlags, PBYTE lpInBuffer,
                                                            DWORD cbInBufferSize);

/**
 * Moves a resource, with all that depends on it and all it depends on, to another group.
 *
 * @hResource  the resource; not NULL
 * @hGroup  the group, of the same cluster; not NULL
 *
 * Returns 0, ERROR_ALREADY_EXISTS 183 when it is there, ERROR_HOST_NODE_NOT_RESOURCE_OWNER 5015
 * when the group's node is no possible owner, ERROR_RESOURCE_ONLINE 5019 when the nodes differ and
 * something is online, ERROR_INVALID_STATE 5023 when something is pending or a group moves,
 * ERROR_CORE_RESOURCE 5026, ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP 5928,
 * ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE 5941, ERROR_CLUSTER_USE_SHARED_VOLUMES_API 5948,
 * ERROR_CLUSTER_RESOURCE_LOCKED_STATUS 5960, ERROR_RESOURCE_NOT_AVAILABLE 5006,
 * ERROR_GROUP_NOT_AVAILABLE 5012, or a common code. Mirrors Windows' ChangeClusterResourceGroup.
 */
DWORD WINAPI ChangeClusterResourceGroup(HRESOURCE hResource, HGROUP hGroup);
typedef DWORD(WINAPI *PCLUSAPI_CHANGE_CLUSTER_RESOURCE_GROUP)(HRESOURCE hResource, HGROUP hGroup);

/**
 * Adds a possible owner of a resource.
 *
 * @hResource  the resource; not NULL
 * @hNode  the node, of the same cluster; not NULL
 *
 * Returns 0, ERROR_OBJECT_ALREADY_EXISTS 5010 when it is one, ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED
 * 5079 when the node lacks the type, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors
 * Windows' AddClusterResourceNode.
 */
DWORD WINAPI AddClusterResourceNode(HRESOURCE hResource, HNODE hNode);
typedef DWORD(WINAPI *PCLUSAPI_ADD_CLUSTER_RESOURCE_NODE)(HRESOURCE hResource, HNODE hNode);

/**
 * Removes a possible owner of a resource.
 *
 * @hResource  the resource; not NULL
 * @hNode  the node, of the same cluster; not NULL
 *
 * Returns 0, ERROR_CLUSTER_NODE_NOT_FOUND 5042 when it is none, ERROR_INVALID_STATE 5023 when it
 * owns the resource and that is not offline, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code.
 * Mirrors Windows' RemoveClusterResourceNode.
 */
DWORD WINAPI RemoveClusterResourceNode(HRESOURCE hResource, HNODE hNode);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_CLUSTER_RESOURCE_NODE)(HRESOURCE hResource, HNODE hNode);

/**
 * Makes a resource depend on another.
 *
 * @hResource  the one that shall depend; not NULL
 * @hDependsOn  the provider, in the same group; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER when it is in another group, ERROR_CIRCULAR_DEPENDENCY 1059,
 * ERROR_DEPENDENCY_ALREADY_EXISTS 5003, ERROR_RESOURCE_ONLINE 5019 when the dependent is on its way
 * online, or online and the provider is not, ERROR_DEPENDENCY_NOT_ALLOWED 5069 for the quorum
 * resource, ERROR_DEPENDENCY_TREE_TOO_COMPLEX 5929, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common
 * code. Mirrors Windows' AddClusterResourceDependency.
 */
DWORD WINAPI AddClusterResourceDependency(HRESOURCE hResource, HRESOURCE hDependsOn);
typedef DWORD(WINAPI *PCLUSAPI_ADD_CLUSTER_RESOURCE_DEPENDENCY)(HRESOURCE hResource,
                                                                HRESOURCE hDependsOn);

/**
 * Ends that a resource depends on another.
 *
 * @hResource  the one that depends; not NULL
 * @hDependsOn  the provider; not NULL
 *
 * Returns 0, ERROR_DEPENDENCY_NOT_FOUND 5002, ERROR_RESOURCE_ONLINE 5019 when both are online and
 * the provider is one of several alternatives, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code.
 * Mirrors Windows' RemoveClusterResourceDependency.
 */
DWORD WINAPI RemoveClusterResourceDependency(HRESOURCE hResource, HRESOURCE hDependsOn);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_CLUSTER_RESOURCE_DEPENDENCY)(HRESOURCE hResource,
                                                                   HRESOURCE hDependsOn);

/**
 * Tells whether AddClusterResourceDependency would succeed, and changes nothing.
 *
 * @hResource  the one that should depend; not NULL
 * @hResourceDependent  the provider; not NULL
 *
 * Returns TRUE, or FALSE and the last error that AddClusterResourceDependency would return. Any
 * access suffices. Mirrors Windows' CanResourceBeDependent.
 */
BOOL WINAPI CanResourceBeDependent(HRESOURCE hResource, HRESOURCE hResourceDependent);
typedef BOOL(WINAPI *PCLUSAPI_CAN_RESOURCE_BE_DEPENDENT)(HRESOURCE hResource,
                                                         HRESOURCE hResourceDependent);

/**
 * Replaces all that a resource depends on.
 *
 * @hResource  the resource; not NULL
 * @lpszDependencyExpression  for example "([a] or [b]) and [c]", with names or ids; empty for
 *                            none; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER for an expression that cannot be read, names the resource
 * itself or one of another group, ERROR_DEPENDENCY_ALREADY_EXISTS 5003 for one that it names twice,
 * ERROR_CIRCULAR_DEPENDENCY 1059, ERROR_RESOURCE_ONLINE 5019, ERROR_DEPENDENCY_NOT_ALLOWED 5069,
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows'
 * SetClusterResourceDependencyExpression.
 */
DWORD WINAPI SetClusterResourceDependencyExpression(HRESOURCE hResource,
                                                    LPCWSTR lpszDependencyExpression);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_RESOURCE_DEPENDENCY_EXPRESSION)(
    HRESOURCE hResource, LPCWSTR lpszDependencyExpression);

/**
 * Makes a disk a cluster shared volume.
 *
 * @hResource  the resource of the disk; not NULL
 *
 * Returns 0, ERROR_CALL_NOT_IMPLEMENTED 120 where a cluster has no shared volumes,
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows'
 * AddResourceToClusterSharedVolumes.
 */
DWORD WINAPI AddResourceToClusterSharedVolumes(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_ADD_RESOURCE_TO_CLUSTER_SHARED_VOLUMES)(HRESOURCE hResource);

/**
 * Takes a disk out of the cluster shared volumes.
 *
 * @hResource  the resource of the disk; not NULL
 *
 * Returns as AddResourceToClusterSharedVolumes. Mirrors Windows'
 * RemoveResourceFromClusterSharedVolumes.
 */
DWORD WINAPI RemoveResourceFromClusterSharedVolumes(HRESOURCE hResource);
typedef DWORD(WINAPI *PCLUSAPI_REMOVE_RESOURCE_FROM_CLUSTER_SHARED_VOLUMES)(HRESOURCE hResource);

/**
 * Gives the state of a resource, the node that owns it, and its group.
 *
 * @hResource  the resource; not NULL
 * @lpszNodeName, @lpcchNodeName
 *             buffer for the node's name and its size in WCHARs; both may be NULL
 * @lpszGroupName, @lpcchGroupName
 *             buffer for the group's name and its size in WCHARs; both may be NULL
 *
 * Returns ClusterResourceInitializing 1, ClusterResourceOnline 2, ClusterResourceOffline 3,
 * ClusterResourceFailed 4, ClusterResourcePending 128, ClusterResourceOnlinePending 129,
 * ClusterResourceOfflinePending 130, or ClusterResourceStateUnknown -1 and the last error: 0 when the
 * cluster does not know it, ERROR_MORE_DATA 234 (every size given is then set),
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. ClusterResourceInherited is never reported.
 * Mirrors Windows' GetClusterResourceState.
 */
CLUSTER_RESOURCE_STATE WINAPI GetClusterResourceState(HRESOURCE hResource, LPWSTR lpszNodeName,
                                                      LPDWORD lpcchNodeName, LPWSTR lpszGroupName,
                                                      LPDWORD lpcchGroupName);
typedef CLUSTER_RESOURCE_STATE(WINAPI *PCLUSAPI_GET_CLUSTER_RESOURCE_STATE)(HRESOURCE hResource,
                                                                            LPWSTR lpszNodeName,
                                                                            LPDWORD lpcchNodeName,
                                                                            LPWSTR lpszGroupName,
                                                                            LPDWORD lpcchGroupName);

/**
 * Gives what a resource depends on as an expression, such as "([id-1] or [id-2]) and [id-3]".
 *
 * @hResource  the resource; not NULL
 * @lpszDependencyExpression, @lpcchDependencyExpression
 *             buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Resources
 * appear by id, in square brackets; the text is empty when there is no dependency. Mirrors Windows'
 * GetClusterResourceDependencyExpression.
 */
DWORD WINAPI GetClusterResourceDependencyExpression(HRESOURCE hResource,
                                                    LPWSTR lpszDependencyExpression,
                                                    LPDWORD lpcchDependencyExpression);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_RESOURCE_DEPENDENCY_EXPRESSION)(
    HRESOURCE hResource, LPWSTR lpszDependencyExpression, LPDWORD lpcchDependencyExpression);

/**
 * Gives the network name that a resource depends on, directly or through others.
 *
 * @hResource  the resource; not NULL
 * @lpBuffer, @nSize  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns TRUE, or FALSE and the last error: ERROR_MORE_DATA 234, ERROR_DEPENDENCY_NOT_FOUND 5002
 * when it depends on no resource of the type "Network Name", ERROR_RESOURCE_NOT_AVAILABLE 5006, or
 * a common code. Mirrors Windows' GetClusterResourceNetworkName.
 */
BOOL WINAPI GetClusterResourceNetworkName(HRESOURCE hResource, LPWSTR lpBuffer, LPDWORD nSize);
typedef BOOL(WINAPI *PCLUSAPI_GET_CLUSTER_RESOURCE_NETWORK_NAME)(HRESOURCE hResource,
                                                                 LPWSTR lpBuffer, LPDWORD nSize);

/**
 * Opens an enumeration of the dependencies and the possible owners of a resource.
 *
 * @hResource  the resource; not NULL
 * @dwType     bits of CLUSTER_RESOURCE_ENUM: DEPENDS for the resources it depends on, PROVIDES for
 *             those that depend on it (both direct only), NODES for possible owners
 *
 * Returns an enumeration handle, to be closed with ClusterResourceCloseEnum, or NULL and the last
 * error: ERROR_INVALID_PARAMETER for unknown bits (some clusters ignore them),
 * ERROR_RESOURCE_NOT_AVAILABLE 5006, or a common code. Mirrors Windows' ClusterResourceOpenEnum.
 */
HRESENUM WINAPI ClusterResourceOpenEnum(HRESOURCE hResource, DWORD dwType);
typedef HRESENUM(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_OPEN_ENUM)(HRESOURCE hResource, DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hResEnum  from ClusterResourceOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterResourceGetEnumCount.
 */
DWORD WINAPI ClusterResourceGetEnumCount(HRESENUM hResEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_GET_ENUM_COUNT)(HRESENUM hResEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hResEnum  from ClusterResourceOpenEnum
 * @dwIndex   0 to count - 1
 * @lpdwType  receives the one CLUSTER_RESOURCE_ENUM bit of the entry; may be NULL
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Mirrors Windows' ClusterResourceEnum.
 */
DWORD WINAPI ClusterResourceEnum(HRESENUM hResEnum, DWORD dwIndex, LPDWORD lpdwType,
                                 LPWSTR lpszName, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_ENUM)(HRESENUM hResEnum, DWORD dwIndex,
                                                      LPDWORD lpdwType, LPWSTR lpszName,
                                                      LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hResEnum  from ClusterResourceOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterResourceCloseEnum.
 */
DWORD WINAPI ClusterResourceCloseEnum(HRESENUM hResEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_CLOSE_ENUM)(HRESENUM hResEnum);

/**
 * Opens an enumeration of all resources of a cluster with chosen properties.
 *
 * @hCluster  the cluster; not NULL
 * @lpszProperties, @cbProperties
 *            names of writable common properties wanted, each ending in NUL, and one more NUL; the
 *            size in bytes with all NULs; "*" for all; NULL and 0 for none; the caller's
 * @lpszRoProperties, @cbRoProperties  the same for read-only common properties
 * @dwFlags   0
 *
 * Returns an enumeration handle, to be closed with ClusterResourceCloseEnumEx, or NULL and the last
 * error: ERROR_INVALID_PARAMETER for an unknown property name, a malformed list or other flags, or
 * a common code. Mirrors Windows' ClusterResourceOpenEnumEx.
 */
HRESENUMEX WINAPI ClusterResourceOpenEnumEx(HCLUSTER hCluster, LPCWSTR lpszProperties,
                                            DWORD cbProperties, LPCWSTR lpszRoProperties,
                                            DWORD cbRoProperties, DWORD dwFlags);
typedef HRESENUMEX(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_OPEN_ENUM_EX)(
    HCLUSTER hCluster, LPCWSTR lpszProperties, DWORD cbProperties, LPCWSTR lpszRoProperties,
    DWORD cbRoProperties, DWORD dwFlags);

/**
 * Counts the entries of an enumeration.
 *
 * @hResourceEnumEx  from ClusterResourceOpenEnumEx
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterResourceGetEnumCountEx.
 */
DWORD WINAPI ClusterResourceGetEnumCountEx(HRESENUMEX hResourceEnumEx);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_GET_ENUM_COUNT_EX)(HRESENUMEX hResourceEnumEx);

/**
 * Gives one entry of an enumeration with name, id, the owner group's name and id, and the
 * properties that were asked for, as two property lists.
 *
 * @hResourceEnumEx  from ClusterResourceOpenEnumEx
 * @dwIndex          0 to count - 1
 * @pItem            buffer, aligned as the structure; receives the structure and, behind it, all
 *                   that its pointers lead to; may be NULL with a size of 0. dwVersion is filled in
 * @cbItem           size of the buffer in bytes; receives the size needed; not NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * The entry is a snapshot: the cluster is not asked again. Mirrors Windows' ClusterResourceEnumEx.
 */
DWORD WINAPI ClusterResourceEnumEx(HRESENUMEX hResourceEnumEx, DWORD dwIndex,
                                   PCLUSTER_RESOURCE_ENUM_ITEM pItem, LPDWORD cbItem);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_ENUM_EX)(HRESENUMEX hResourceEnumEx, DWORD dwIndex,
                                                         PCLUSTER_RESOURCE_ENUM_ITEM pItem,
                                                         LPDWORD cbItem);

/**
 * Closes an enumeration.
 *
 * @hResourceEnumEx  from ClusterResourceOpenEnumEx
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterResourceCloseEnumEx.
 */
DWORD WINAPI ClusterResourceCloseEnumEx(HRESENUMEX hResourceEnumEx);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_CLOSE_ENUM_EX)(HRESENUMEX hResourceEnumEx);

/**
 * Carries out a control code on a resource.
 *
 * @hResource        the resource; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that owns the resource
 * @dwControlCode    a CLUSCTL_RESOURCE_ code
 * @lpInBuffer, @cbInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @cbOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_RESOURCE_NOT_AVAILABLE 5006; ERROR_RESOURCE_ONLINE 5019 when it must be offline
 * or failed; ERROR_RESOURCE_PROPERTIES_STORED 5024, which is a success: stored, in effect when the
 * resource next comes online, or a code that every control function can give (see "Control
 * functions" above). A set of properties is not set atomically. Mirrors Windows'
 * ClusterResourceControl.
 */
DWORD WINAPI ClusterResourceControl(HRESOURCE hResource, HNODE hHostNode, DWORD dwControlCode,
                                    LPVOID lpInBuffer, DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                    DWORD cbOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_CONTROL)(HRESOURCE hResource, HNODE hHostNode,
                                                         DWORD dwControlCode, LPVOID lpInBuffer,
                                                         DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                                         DWORD cbOutBufferSize,
                                                         LPDWORD lpBytesReturned);

/**
 * Carries out a control code on a resource in the name of the calling user, where the cluster
 * would do it in its own. A cluster that knows no users does the same as ClusterResourceControl.
 *
 * @hResource        the resource; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that owns the resource
 * @dwControlCode    a CLUSCTL_RESOURCE_ code
 * @lpInBuffer, @cbInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @cbOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns as ClusterResourceControl. Mirrors Windows' ClusterResourceControlAsUser, which has no
 * pointer type there.
 */
DWORD WINAPI ClusterResourceControlAsUser(HRESOURCE hResource, HNODE hHostNode, DWORD dwControlCode,
                                          LPVOID lpInBuffer, DWORD cbInBufferSize,
                                          LPVOID lpOutBuffer, DWORD cbOutBufferSize,
                                          LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_CONTROL_AS_USER)(
    HRESOURCE hResource, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
    DWORD cbInBufferSize, LPVOID lpOutBuffer, DWORD cbOutBufferSize, LPDWORD lpBytesReturned);

/*
 * Resource types. There is no handle for them: they are named by the cluster and the name.
 */

/**
 * Creates a resource type.
 *
 * @hCluster  the cluster; not NULL
 * @lpszResourceTypeName  its name, which does not begin with a backslash; the caller's; not NULL
 * @lpszDisplayName  the name to show; the caller's; not NULL
 * @lpszResourceTypeDll  the name of the library that runs it; kept, never loaded; the caller's;
 *                       not NULL
 * @dwLooksAlivePollInterval, @dwIsAlivePollInterval  in milliseconds; the latter at least 10
 *
 * Returns 0, ERROR_ALREADY_EXISTS 183, ERROR_INVALID_NAME 123, or a common code. Mirrors Windows'
 * CreateClusterResourceType.
 */
DWORD WINAPI CreateClusterResourceType(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                       LPCWSTR lpszDisplayName, LPCWSTR lpszResourceTypeDll,
                                       DWORD dwLooksAlivePollInterval, DWORD dwIsAlivePollInterval);
typedef DWORD(WINAPI *PCLUSAPI_CREATE_CLUSTER_RESOURCE_TYPE)(
    HCLUSTER hCluster, LPCWSTR lpszResourceTypeName, LPCWSTR lpszDisplayName,
    LPCWSTR lpszResourceTypeDll, DWORD dwLooksAlivePollInterval, DWORD dwIsAlivePollInterval);

/**
 * Deletes a resource type that no resource has.
 *
 * @hCluster  the cluster; not NULL
 * @lpszResourceTypeName  its name; the caller's; not NULL
 *
 * Returns 0, ERROR_DIR_NOT_EMPTY 145, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, or a common code.
 * Mirrors Windows' DeleteClusterResourceType.
 */
DWORD WINAPI DeleteClusterResourceType(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName);
typedef DWORD(WINAPI *PCLUSAPI_DELETE_CLUSTER_RESOURCE_TYPE)(HCLUSTER hCluster,
                                                             LPCWSTR lpszResourceTypeName);

/**
 * Opens an enumeration of the nodes that support a resource type and of the resources of that type.
 *
 * @hCluster              the cluster; not NULL
 * @lpszResourceTypeName  the type; the caller's; not NULL
 * @dwType                bits of CLUSTER_RESOURCE_TYPE_ENUM; unknown bits are ignored
 *
 * Returns an enumeration handle, to be closed with ClusterResourceTypeCloseEnum, or NULL and the
 * last error: ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, or a common code. Mirrors Windows'
 * ClusterResourceTypeOpenEnum.
 */
HRESTYPEENUM WINAPI ClusterResourceTypeOpenEnum(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                                DWORD dwType);
typedef HRESTYPEENUM(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_OPEN_ENUM)(HCLUSTER hCluster,
                                                                       LPCWSTR lpszResourceTypeName,
                                                                       DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hResTypeEnum  from ClusterResourceTypeOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterResourceTypeGetEnumCount.
 */
DWORD WINAPI ClusterResourceTypeGetEnumCount(HRESTYPEENUM hResTypeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_GET_ENUM_COUNT)(HRESTYPEENUM hResTypeEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hResTypeEnum  from ClusterResourceTypeOpenEnum
 * @dwIndex       0 to count - 1
 * @lpdwType      receives the one CLUSTER_RESOURCE_TYPE_ENUM bit of the entry; may be NULL
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Mirrors Windows' ClusterResourceTypeEnum.
 */
DWORD WINAPI ClusterResourceTypeEnum(HRESTYPEENUM hResTypeEnum, DWORD dwIndex, LPDWORD lpdwType,
                                     LPWSTR lpszName, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_ENUM)(HRESTYPEENUM hResTypeEnum, DWORD dwIndex,
                                                           LPDWORD lpdwType, LPWSTR lpszName,
                                                           LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hResTypeEnum  from ClusterResourceTypeOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterResourceTypeCloseEnum.
 */
DWORD WINAPI ClusterResourceTypeCloseEnum(HRESTYPEENUM hResTypeEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_CLOSE_ENUM)(HRESTYPEENUM hResTypeEnum);

/**
 * Carries out a control code on a resource type.
 *
 * @hCluster              the cluster; not NULL
 * @lpszResourceTypeName  the type; the caller's; not NULL
 * @hHostNode             the node to carry it out; NULL for the node that the cluster handle is
 *                        connected to
 * @dwControlCode         a CLUSCTL_RESOURCE_TYPE_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned       receives its size; may be NULL
 *
 * Returns 0, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, or a code that every control function can
 * give (see "Control functions" above). A set of properties is not set atomically. Mirrors Windows'
 * ClusterResourceTypeControl.
 */
DWORD WINAPI ClusterResourceTypeControl(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                        HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
                                        DWORD nInBufferSize, LPVOID lpOutBuffer,
                                        DWORD nOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_CONTROL)(
    HCLUSTER hCluster, LPCWSTR lpszResourceTypeName, HNODE hHostNode, DWORD dwControlCode,
    LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer, DWORD nOutBufferSize,
    LPDWORD lpBytesReturned);

/**
 * Carries out a control code on a resource type in the name of the calling user, where the cluster
 * would do it in its own. A cluster that knows no users does the same as
 * ClusterResourceTypeControl.
 *
 * @hCluster              the cluster; not NULL
 * @lpszResourceTypeName  the type; the caller's; not NULL
 * @hHostNode             the node to carry it out; NULL for the node that the cluster handle is
 *                        connected to
 * @dwControlCode         a CLUSCTL_RESOURCE_TYPE_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned       receives its size; may be NULL
 *
 * Returns as ClusterResourceTypeControl. Mirrors Windows' ClusterResourceTypeControlAsUser, which
 * has no pointer type there.
 */
DWORD WINAPI ClusterResourceTypeControlAsUser(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                              HNODE hHostNode, DWORD dwControlCode,
                                              LPVOID lpInBuffer, DWORD nInBufferSize,
                                              LPVOID lpOutBuffer, DWORD nOutBufferSize,
                                              LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_RESOURCE_TYPE_CONTROL_AS_USER)(
    HCLUSTER hCluster, LPCWSTR lpszResourceTypeName, HNODE hHostNode, DWORD dwControlCode,
    LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer, DWORD nOutBufferSize,
    LPDWORD lpBytesReturned);

/*
 * Networks and network interfaces. They are found by the cluster; no function creates or deletes
 * one.
 */

/**
 * Opens a network for reading and changing.
 *
 * @hCluster         the cluster; not NULL
 * @lpszNetworkName  its name or id; the caller's; not NULL
 *
 * Returns a handle, to be closed with CloseClusterNetwork, or NULL and the last error:
 * ERROR_CLUSTER_NETWORK_NOT_FOUND 5045, ERROR_ACCESS_DENIED when the cluster handle is only for
 * reading (then use OpenClusterNetworkEx), or a common code. Mirrors Windows' OpenClusterNetwork.
 */
HNETWORK WINAPI OpenClusterNetwork(HCLUSTER hCluster, LPCWSTR lpszNetworkName);
typedef HNETWORK(WINAPI *PCLUSAPI_OPEN_CLUSTER_NETWORK)(HCLUSTER hCluster, LPCWSTR lpszNetworkName);

/**
 * Opens a network with a chosen access.
 *
 * @hCluster           the cluster; not NULL
 * @lpszNetworkName    its name or id; the caller's; not NULL
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenClusterNetwork; also ERROR_INVALID_PARAMETER for a bad access mask,
 * ERROR_ACCESS_DENIED when more is asked than the cluster handle or the caller has, and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterNetworkEx.
 */
HNETWORK WINAPI OpenClusterNetworkEx(HCLUSTER hCluster, LPCWSTR lpszNetworkName,
                                     DWORD dwDesiredAccess, DWORD *lpdwGrantedAccess);
typedef HNETWORK(WINAPI *PCLUSAPI_OPEN_CLUSTER_NETWORK_EX)(HCLUSTER hCluster,
                                                           LPCWSTR lpszNetworkName,
                                                           DWORD dwDesiredAccess,
                                                           DWORD *lpdwGrantedAccess);

/**
 * Closes a handle of a network.
 *
 * @hNetwork  the handle
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE, also for a handle that
 * CloseCluster made invalid already. The object itself is not affected. Mirrors Windows'
 * CloseClusterNetwork.
 */
BOOL WINAPI CloseClusterNetwork(HNETWORK hNetwork);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_NETWORK)(HNETWORK hNetwork);

/**
 * Gives another handle of the cluster that a network was opened from.
 *
 * @hNetwork  the object; not NULL
 *
 * Returns a new instance of that cluster handle, with the same access and connection, to be closed
 * with CloseCluster; or NULL and the last error. Closing it invalidates neither the object handle
 * nor the original cluster handle. It works for a deleted object too. Mirrors Windows'
 * GetClusterFromNetwork.
 */
HCLUSTER WINAPI GetClusterFromNetwork(HNETWORK hNetwork);
typedef HCLUSTER(WINAPI *PCLUSAPI_GET_CLUSTER_FROM_NETWORK)(HNETWORK hNetwork);

/**
 * Renames a network.
 *
 * @hNetwork  the network; not NULL
 * @lpszName  the new name; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_NAME 123, ERROR_OBJECT_ALREADY_EXISTS 5010 when another network has the
 * name or the id, ERROR_NETWORK_NOT_AVAILABLE 5035, or a common code. Mirrors Windows'
 * SetClusterNetworkName.
 */
DWORD WINAPI SetClusterNetworkName(HNETWORK hNetwork, LPCWSTR lpszName);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_NETWORK_NAME)(HNETWORK hNetwork, LPCWSTR lpszName);

/**
 * Sets the order in which networks carry the cluster's own traffic.
 *
 * @hCluster  the cluster; not NULL
 * @NetworkCount  how many; that of all networks for internal use
 * @NetworkList  their handles, the first choice first, of the same cluster; the caller's
 *
 * Returns 0, ERROR_INVALID_PARAMETER when they are not each network for internal use once, or a
 * common code. Mirrors Windows' SetClusterNetworkPriorityOrder.
 */
DWORD WINAPI SetClusterNetworkPriorityOrder(HCLUSTER hCluster, DWORD NetworkCount,
                                            HNETWORK NetworkList[]);
typedef DWORD(WINAPI *PCLUSAPI_SET_CLUSTER_NETWORK_PRIORITY_ORDER)(HCLUSTER hCluster,
                                                                   DWORD NetworkCount,
                                                                   HNETWORK NetworkList[]);

/**
 * Gives the state of a network.
 *
 * @hNetwork  the network; not NULL
 *
 * Returns ClusterNetworkUnavailable 0 (all its interfaces are unavailable), ClusterNetworkDown 1
 * (all have failed or are unreachable), ClusterNetworkPartitioned 2 (some are unreachable, two or
 * more are up), ClusterNetworkUp 3, or ClusterNetworkStateUnknown -1 and the last error: 0 when the
 * cluster does not know it, ERROR_NETWORK_NOT_AVAILABLE 5035 or a common code. Mirrors Windows'
 * GetClusterNetworkState.
 */
CLUSTER_NETWORK_STATE WINAPI GetClusterNetworkState(HNETWORK hNetwork);
typedef CLUSTER_NETWORK_STATE(WINAPI *PCLUSAPI_GET_CLUSTER_NETWORK_STATE)(HNETWORK hNetwork);

/**
 * Gives the id of a network, which never changes.
 *
 * @hNetwork  the network; not NULL
 * @lpszNetworkId, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NETWORK_NOT_AVAILABLE 5035, or a common code. Mirrors
 * Windows' GetClusterNetworkId.
 */
DWORD WINAPI GetClusterNetworkId(HNETWORK hNetwork, LPWSTR lpszNetworkId, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_NETWORK_ID)(HNETWORK hNetwork, LPWSTR lpszNetworkId,
                                                       LPDWORD lpcchName);

/**
 * Opens an enumeration of the interfaces on a network.
 *
 * @hNetwork  the network; not NULL
 * @dwType    bits of CLUSTER_NETWORK_ENUM; unknown bits are ignored
 *
 * Returns an enumeration handle, to be closed with ClusterNetworkCloseEnum, or NULL and the last
 * error: ERROR_NETWORK_NOT_AVAILABLE 5035, or a common code. Mirrors Windows'
 * ClusterNetworkOpenEnum.
 */
HNETWORKENUM WINAPI ClusterNetworkOpenEnum(HNETWORK hNetwork, DWORD dwType);
typedef HNETWORKENUM(WINAPI *PCLUSAPI_CLUSTER_NETWORK_OPEN_ENUM)(HNETWORK hNetwork, DWORD dwType);

/**
 * Counts the entries of an enumeration.
 *
 * @hNetworkEnum  from ClusterNetworkOpenEnum
 *
 * Returns their number; 0 with the last error ERROR_INVALID_HANDLE for a bad handle. Mirrors
 * Windows' ClusterNetworkGetEnumCount.
 */
DWORD WINAPI ClusterNetworkGetEnumCount(HNETWORKENUM hNetworkEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NETWORK_GET_ENUM_COUNT)(HNETWORKENUM hNetworkEnum);

/**
 * Gives one entry of an enumeration: its type and its name.
 *
 * @hNetworkEnum  from ClusterNetworkOpenEnum
 * @dwIndex       0 to count - 1
 * @lpdwType      receives the one CLUSTER_NETWORK_ENUM bit of the entry; may be NULL
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Mirrors Windows' ClusterNetworkEnum.
 */
DWORD WINAPI ClusterNetworkEnum(HNETWORKENUM hNetworkEnum, DWORD dwIndex, LPDWORD lpdwType,
                                LPWSTR lpszName, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NETWORK_ENUM)(HNETWORKENUM hNetworkEnum, DWORD dwIndex,
                                                     LPDWORD lpdwType, LPWSTR lpszName,
                                                     LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hNetworkEnum  from ClusterNetworkOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterNetworkCloseEnum.
 */
DWORD WINAPI ClusterNetworkCloseEnum(HNETWORKENUM hNetworkEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NETWORK_CLOSE_ENUM)(HNETWORKENUM hNetworkEnum);

/**
 * Carries out a control code on a network.
 *
 * @hNetwork         the network; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that the cluster handle is
 *                   connected to
 * @dwControlCode    a CLUSCTL_NETWORK_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_NETWORK_NOT_AVAILABLE 5035; ERROR_CLUSTER_LAST_INTERNAL_NETWORK 5066 or
 * ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS 5067 for a Role it cannot take, or a code that every control
 * function can give (see "Control functions" above). A set of properties is set wholly or not at
 * all. Mirrors Windows' ClusterNetworkControl.
 */
DWORD WINAPI ClusterNetworkControl(HNETWORK hNetwork, HNODE hHostNode, DWORD dwControlCode,
                                   LPVOID lpInBuffer, DWORD nInBufferSize, LPVOID lpOutBuffer,
                                   DWORD nOutBufferSize, LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NETWORK_CONTROL)(HNETWORK hNetwork, HNODE hHostNode,
                                                        DWORD dwControlCode, LPVOID lpInBuffer,
                                                        DWORD nInBufferSize, LPVOID lpOutBuffer,
                                                        DWORD nOutBufferSize,
                                                        LPDWORD lpBytesReturned);

/**
 * Opens a network interface for reading and changing.
 *
 * @hCluster           the cluster; not NULL
 * @lpszInterfaceName  its name or id; the caller's; not NULL
 *
 * Returns a handle, to be closed with CloseClusterNetInterface, or NULL and the last error:
 * ERROR_CLUSTER_NETINTERFACE_NOT_FOUND 5047, ERROR_ACCESS_DENIED when the cluster handle is only
 * for reading (then use OpenClusterNetInterfaceEx), or a common code. Mirrors Windows'
 * OpenClusterNetInterface.
 */
HNETINTERFACE WINAPI OpenClusterNetInterface(HCLUSTER hCluster, LPCWSTR lpszInterfaceName);
typedef HNETINTERFACE(WINAPI *PCLUSAPI_OPEN_CLUSTER_NET_INTERFACE)(HCLUSTER hCluster,
                                                                   LPCWSTR lpszInterfaceName);

/**
 * Opens a network interface with a chosen access.
 *
 * @hCluster           the cluster; not NULL
 * @lpszInterfaceName  its name or id; the caller's; not NULL
 * @dwDesiredAccess    the access wanted; see "Access" above
 * @lpdwGrantedAccess  receives GENERIC_READ or GENERIC_ALL; may be NULL
 *
 * Returns as OpenClusterNetInterface; also ERROR_INVALID_PARAMETER for a bad access mask,
 * ERROR_ACCESS_DENIED when more is asked than the cluster handle or the caller has, and
 * RPC_S_PROCNUM_OUT_OF_RANGE 1745 from a cluster too old to know access levels. Mirrors Windows'
 * OpenClusterNetInterfaceEx.
 */
HNETINTERFACE WINAPI OpenClusterNetInterfaceEx(HCLUSTER hCluster, LPCWSTR lpszInterfaceName,
                                               DWORD dwDesiredAccess, DWORD *lpdwGrantedAccess);
typedef HNETINTERFACE(WINAPI *PCLUSAPI_OPEN_CLUSTER_NETINTERFACE_EX)(HCLUSTER hCluster,
                                                                     LPCWSTR lpszInterfaceName,
                                                                     DWORD dwDesiredAccess,
                                                                     DWORD *lpdwGrantedAccess);

/**
 * Closes a handle of a network interface.
 *
 * @hNetInterface  the handle
 *
 * Returns TRUE, or FALSE and the last error ERROR_INVALID_HANDLE, also for a handle that
 * CloseCluster made invalid already. The object itself is not affected. Mirrors Windows'
 * CloseClusterNetInterface.
 */
BOOL WINAPI CloseClusterNetInterface(HNETINTERFACE hNetInterface);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_NET_INTERFACE)(HNETINTERFACE hNetInterface);

/**
 * Gives another handle of the cluster that a network interface was opened from.
 *
 * @hNetInterface  the object; not NULL
 *
 * Returns a new instance of that cluster handle, with the same access and connection, to be closed
 * with CloseCluster; or NULL and the last error. Closing it invalidates neither the object handle
 * nor the original cluster handle. It works for a deleted object too. Mirrors Windows'
 * GetClusterFromNetInterface.
 */
HCLUSTER WINAPI GetClusterFromNetInterface(HNETINTERFACE hNetInterface);
typedef HCLUSTER(WINAPI *PCLUSAPI_GET_CLUSTER_FROM_NET_INTERFACE)(HNETINTERFACE hNetInterface);

/**
 * Gives the state of a network interface.
 *
 * @hNetInterface  the network interface; not NULL
 *
 * Returns ClusterNetInterfaceUnavailable 0 (its node is neither up nor paused),
 * ClusterNetInterfaceFailed 1 (it reaches nobody), ClusterNetInterfaceUnreachable 2 (there is a
 * peer that it does not reach), ClusterNetInterfaceUp 3, or ClusterNetInterfaceStateUnknown -1 and
 * the last error. These are the numbers of the C API, on every kind of cluster; the network
 * protocol has others. Mirrors Windows' GetClusterNetInterfaceState.
 */
CLUSTER_NETINTERFACE_STATE WINAPI GetClusterNetInterfaceState(HNETINTERFACE hNetInterface);
typedef CLUSTER_NETINTERFACE_STATE(WINAPI *PCLUSAPI_GET_CLUSTER_NET_INTERFACE_STATE)(
    HNETINTERFACE hNetInterface);

/**
 * Opens an enumeration of network interfaces, limited to a node, a network or both.
 *
 * @hCluster         the cluster; not NULL
 * @lpszNodeName     only those of this node; NULL or empty for all nodes; the caller's
 * @lpszNetworkName  only those on this network; NULL or empty for all networks; the caller's
 *
 * Windows has no PCLUSAPI type for this function; ours follows the pattern.
 * Returns an enumeration handle, to be closed with ClusterNetInterfaceCloseEnum, or NULL and the
 * last error: ERROR_CLUSTER_NODE_NOT_FOUND 5042, ERROR_CLUSTER_NETWORK_NOT_FOUND 5045, or a common
 * code. Mirrors Windows' ClusterNetInterfaceOpenEnum.
 */
HNETINTERFACEENUM WINAPI ClusterNetInterfaceOpenEnum(HCLUSTER hCluster, LPCWSTR lpszNodeName,
                                                     LPCWSTR lpszNetworkName);
typedef HNETINTERFACEENUM(WINAPI *PCLUSAPI_CLUSTER_NET_INTERFACE_OPEN_ENUM)(
    HCLUSTER hCluster, LPCWSTR lpszNodeName, LPCWSTR lpszNetworkName);

/**
 * Gives one entry of an enumeration: the name of a network interface.
 *
 * @hNetInterfaceEnum  from ClusterNetInterfaceOpenEnum
 * @dwIndex            0 and up; there is no function that counts
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259 beyond the last entry, or a common code.
 * Windows has no PCLUSAPI type for this function; ours follows the pattern. Mirrors Windows'
 * ClusterNetInterfaceEnum.
 */
DWORD WINAPI ClusterNetInterfaceEnum(HNETINTERFACEENUM hNetInterfaceEnum, DWORD dwIndex,
                                     LPWSTR lpszName, LPDWORD lpcchName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NET_INTERFACE_ENUM)(HNETINTERFACEENUM hNetInterfaceEnum,
                                                           DWORD dwIndex, LPWSTR lpszName,
                                                           LPDWORD lpcchName);

/**
 * Closes an enumeration.
 *
 * @hNetInterfaceEnum  from ClusterNetInterfaceOpenEnum
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Windows has no PCLUSAPI type for this function; ours follows
 * the pattern. Mirrors Windows' ClusterNetInterfaceCloseEnum.
 */
DWORD WINAPI ClusterNetInterfaceCloseEnum(HNETINTERFACEENUM hNetInterfaceEnum);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NET_INTERFACE_CLOSE_ENUM)(
    HNETINTERFACEENUM hNetInterfaceEnum);

/**
 * Carries out a control code on a network interface.
 *
 * @hNetInterface    the interface; not NULL
 * @hHostNode        the node to carry it out; NULL for the node that the cluster handle is
 *                   connected to
 * @dwControlCode    a CLUSCTL_NETINTERFACE_ code
 * @lpInBuffer, @nInBufferSize  input; may be NULL with 0
 * @lpOutBuffer, @nOutBufferSize  receives the output; may be NULL with 0
 * @lpBytesReturned  receives its size; may be NULL
 *
 * Returns 0, ERROR_CLUSTER_NETINTERFACE_NOT_FOUND 5047, or a code that every control function can
 * give (see "Control functions" above). A set of properties is set wholly or not at all. Mirrors
 * Windows' ClusterNetInterfaceControl.
 */
DWORD WINAPI ClusterNetInterfaceControl(HNETINTERFACE hNetInterface, HNODE hHostNode,
                                        DWORD dwControlCode, LPVOID lpInBuffer, DWORD nInBufferSize,
                                        LPVOID lpOutBuffer, DWORD nOutBufferSize,
                                        LPDWORD lpBytesReturned);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_NET_INTERFACE_CONTROL)(
    HNETINTERFACE hNetInterface, HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
    DWORD nInBufferSize, LPVOID lpOutBuffer, DWORD nOutBufferSize, LPDWORD lpBytesReturned);

/*
 * The cluster database: keys and values as in a registry, the same on all nodes. Names are compared
 * without regard to case and kept as given; a backslash separates the names of a path. Of each
 * object there is a key: Groups\ID, Nodes\ID, Resources\ID, Networks\ID, NetworkInterfaces\ID and
 * ResourceTypes\NAME. A key that was deleted answers ERROR_KEY_DELETED 1018, also when there is
 * another of its name by now.
 *
 * A key is opened for reading, or for reading and changing: for the latter when samDesired has
 * KEY_SET_VALUE, KEY_CREATE_SUB_KEY, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE or GENERIC_ALL,
 * and with MAXIMUM_ALLOWED if the handle that it comes from may. What changes something needs the
 * latter, all else either.
 *
 * On an embedded cluster an object's key shows the common properties as values, which the control
 * functions alone set (ERROR_ACCESS_DENIED here). Its subkey Parameters shows the private ones that
 * are set; setting or deleting a value there sets or deletes the property. It has a name and is
 * REG_DWORD, REG_QWORD, REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ or REG_BINARY of the right size, else
 * ERROR_INVALID_PARAMETER; of resources and their types also the type that the property has, else
 * ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH. At the root Parameters are the cluster's. Objects' keys
 * come and go with the objects, and nothing else is in Groups, Nodes and so on. Other keys and
 * values may be added anywhere else; names of keys have at most 255 characters and paths 512 keys,
 * names of values 16383 characters and data 1 MiB. The name of a resource type may have backslashes:
 * where several types could be meant, a path leads to the longest name. Security descriptors are
 * kept and shown; what a caller may do follows from how the cluster was opened.
 */

/**
 * Opens the key of a cluster, the root of its database.
 *
 * @hCluster  a cluster, the root of its database; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterKey.
 */
HKEY WINAPI GetClusterKey(HCLUSTER hCluster, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_KEY)(HCLUSTER hCluster, REGSAM samDesired);

/**
 * Opens the key of a group.
 *
 * @hGroup  a group; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterGroupKey.
 */
HKEY WINAPI GetClusterGroupKey(HGROUP hGroup, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_GROUP_KEY)(HGROUP hGroup, REGSAM samDesired);

/**
 * Opens the key of a node.
 *
 * @hNode  a node; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterNodeKey.
 */
HKEY WINAPI GetClusterNodeKey(HNODE hNode, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_NODE_KEY)(HNODE hNode, REGSAM samDesired);

/**
 * Opens the key of a resource.
 *
 * @hResource  a resource; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterResourceKey.
 */
HKEY WINAPI GetClusterResourceKey(HRESOURCE hResource, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_RESOURCE_KEY)(HRESOURCE hResource, REGSAM samDesired);

/**
 * Opens the key of a network.
 *
 * @hNetwork  a network; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterNetworkKey.
 */
HKEY WINAPI GetClusterNetworkKey(HNETWORK hNetwork, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_NETWORK_KEY)(HNETWORK hNetwork, REGSAM samDesired);

/**
 * Opens the key of a network interface.
 *
 * @hNetInterface  a network interface; not NULL
 * @samDesired  what for: KEY_READ, KEY_ALL_ACCESS, MAXIMUM_ALLOWED or other KEY_ bits
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_ACCESS_DENIED when more is asked for than the handle was opened with, or a common code.
 * Mirrors Windows' GetClusterNetInterfaceKey.
 */
HKEY WINAPI GetClusterNetInterfaceKey(HNETINTERFACE hNetInterface, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_NET_INTERFACE_KEY)(HNETINTERFACE hNetInterface,
                                                             REGSAM samDesired);

/**
 * Opens the key of a resource type.
 *
 * @hCluster  the cluster; not NULL
 * @lpszTypeName  the name of the type; the caller's; not NULL
 * @samDesired  what for, as for GetClusterKey
 *
 * Returns a key, to be closed with ClusterRegCloseKey, or NULL and the last error:
 * ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, ERROR_ACCESS_DENIED, or a common code. Mirrors
 * Windows' GetClusterResourceTypeKey.
 */
HKEY WINAPI GetClusterResourceTypeKey(HCLUSTER hCluster, LPCWSTR lpszTypeName, REGSAM samDesired);
typedef HKEY(WINAPI *PCLUSAPI_GET_CLUSTER_RESOURCE_TYPE_KEY)(HCLUSTER hCluster,
                                                             LPCWSTR lpszTypeName,
                                                             REGSAM samDesired);

/**
 * Creates a key, with all above it, or opens it if it is there.
 *
 * @hKey  the key that the path begins at; not NULL
 * @lpszSubKey  the path, without a backslash at its beginning; empty for hKey itself; the
 *              caller's; not NULL
 * @dwOptions  REG_OPTION_NON_VOLATILE
 * @samDesired  what to open it for, as for GetClusterKey
 * @lpSecurityAttributes  a self-relative security descriptor for a new key; may be NULL
 * @phkResult  receives the key, to be closed with ClusterRegCloseKey; not NULL
 * @lpdwDisposition  receives REG_CREATED_NEW_KEY 1 or REG_OPENED_EXISTING_KEY 2; may be NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER for other options or what is no path,
 * ERROR_INVALID_SECURITY_DESCR 1338, ERROR_KEY_DELETED 1018, or a common code. Mirrors Windows'
 * ClusterRegCreateKey.
 */
LONG WINAPI ClusterRegCreateKey(HKEY hKey, LPCWSTR lpszSubKey, DWORD dwOptions, REGSAM samDesired,
                                LPSECURITY_ATTRIBUTES lpSecurityAttributes, PHKEY phkResult,
                                LPDWORD lpdwDisposition);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_CREATE_KEY)(HKEY hKey, LPCWSTR lpszSubKey,
                                                      DWORD dwOptions, REGSAM samDesired,
                                                      LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                                      PHKEY phkResult, LPDWORD lpdwDisposition);

/**
 * Opens a key.
 *
 * @hKey  the key that the path begins at; not NULL
 * @lpszSubKey  the path, without a backslash at its beginning; empty for hKey itself; the
 *              caller's; not NULL
 * @samDesired  what for, as for GetClusterKey
 * @phkResult  receives the key, to be closed with ClusterRegCloseKey; not NULL
 *
 * Returns 0, ERROR_FILE_NOT_FOUND 2, ERROR_KEY_DELETED 1018, or a common code. Mirrors Windows'
 * ClusterRegOpenKey.
 */
LONG WINAPI ClusterRegOpenKey(HKEY hKey, LPCWSTR lpszSubKey, REGSAM samDesired, PHKEY phkResult);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_OPEN_KEY)(HKEY hKey, LPCWSTR lpszSubKey,
                                                    REGSAM samDesired, PHKEY phkResult);

/**
 * Closes a key.
 *
 * @hKey  the key
 *
 * Returns 0 or ERROR_INVALID_HANDLE. CloseCluster closes the keys of its handle, too. Mirrors
 * Windows' ClusterRegCloseKey.
 */
LONG WINAPI ClusterRegCloseKey(HKEY hKey);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_CLOSE_KEY)(HKEY hKey);

/**
 * Deletes a key with its values.
 *
 * @hKey  the key that the path begins at; not NULL
 * @lpszSubKey  the path, empty for @hKey itself; the caller's; not NULL
 *
 * Returns 0, ERROR_ACCESS_DENIED when it has subkeys or is an object's, ERROR_FILE_NOT_FOUND 2, or
 * a common code. Mirrors Windows' ClusterRegDeleteKey.
 */
LONG WINAPI ClusterRegDeleteKey(HKEY hKey, LPCWSTR lpszSubKey);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_DELETE_KEY)(HKEY hKey, LPCWSTR lpszSubKey);

/**
 * Gives the name of a subkey.
 *
 * @hKey  the key; not NULL
 * @dwIndex  0 and up; 0 makes a list that lasts as long as the index grows, so that what comes or
 *           goes meanwhile shifts nothing; an index that was answered, or a smaller one, makes it
 *           anew
 * @lpszName, @lpcchName  buffer and its size in WCHARs; the buffer may be NULL, the size not
 * @lpftLastWriteTime  receives when it was last written; may be NULL
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259, ERROR_KEY_DELETED 1018, or a common
 * code. Mirrors Windows' ClusterRegEnumKey.
 */
LONG WINAPI ClusterRegEnumKey(HKEY hKey, DWORD dwIndex, LPWSTR lpszName, LPDWORD lpcchName,
                              PFILETIME lpftLastWriteTime);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_ENUM_KEY)(HKEY hKey, DWORD dwIndex, LPWSTR lpszName,
                                                    LPDWORD lpcchName, PFILETIME lpftLastWriteTime);

/**
 * Sets a value.
 *
 * @hKey  the key; not NULL
 * @lpszValueName  its name; NULL or empty for the default value; the caller's
 * @dwType  REG_NONE to REG_DWORD_BIG_ENDIAN, REG_MULTI_SZ or REG_QWORD
 * @lpData, @cbData  its data, of strings with their NULs, of at most 1 MiB; may be NULL with 0;
 *                   the caller's
 *
 * Returns 0, ERROR_INVALID_PARAMETER, ERROR_KEY_DELETED 1018, or a common code. Mirrors Windows'
 * ClusterRegSetValue.
 */
DWORD WINAPI ClusterRegSetValue(HKEY hKey, LPCWSTR lpszValueName, DWORD dwType, CONST BYTE *lpData,
                                DWORD cbData);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_REG_SET_VALUE)(HKEY hKey, LPCWSTR lpszValueName,
                                                      DWORD dwType, CONST BYTE *lpData,
                                                      DWORD cbData);

/**
 * Deletes a value.
 *
 * @hKey  the key; not NULL
 * @lpszValueName  its name; NULL or empty for the default value; the caller's
 *
 * Returns 0, ERROR_FILE_NOT_FOUND 2, ERROR_KEY_DELETED 1018, or a common code. Mirrors Windows'
 * ClusterRegDeleteValue.
 */
DWORD WINAPI ClusterRegDeleteValue(HKEY hKey, LPCWSTR lpszValueName);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_REG_DELETE_VALUE)(HKEY hKey, LPCWSTR lpszValueName);

/**
 * Gives type and data of a value.
 *
 * @hKey  the key; not NULL
 * @lpszValueName  its name; NULL or empty for the default value; the caller's
 * @lpdwValueType  receives the type; may be NULL
 * @lpData, @lpcbData  buffer and its size in bytes; both may be NULL, or the buffer alone, which
 *                     asks for the size
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_FILE_NOT_FOUND 2, ERROR_KEY_DELETED 1018, or a common code.
 * Mirrors Windows' ClusterRegQueryValue.
 */
LONG WINAPI ClusterRegQueryValue(HKEY hKey, LPCWSTR lpszValueName, LPDWORD lpdwValueType,
                                 LPBYTE lpData, LPDWORD lpcbData);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_QUERY_VALUE)(HKEY hKey, LPCWSTR lpszValueName,
                                                       LPDWORD lpdwValueType, LPBYTE lpData,
                                                       LPDWORD lpcbData);

/**
 * Gives name, type and data of a value by its number.
 *
 * @hKey  the key; not NULL
 * @dwIndex  as for ClusterRegEnumKey
 * @lpszValueName, @lpcchValueName  buffer and its size in WCHARs; the buffer may be NULL, the size
 *                                  not
 * @lpdwType  receives the type; may be NULL
 * @lpData, @lpcbData  as for ClusterRegQueryValue
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_NO_MORE_ITEMS 259, ERROR_KEY_DELETED 1018, or a common
 * code. Mirrors Windows' ClusterRegEnumValue.
 */
DWORD WINAPI ClusterRegEnumValue(HKEY hKey, DWORD dwIndex, LPWSTR lpszValueName,
                                 LPDWORD lpcchValueName, LPDWORD lpdwType, LPBYTE lpData,
                                 LPDWORD lpcbData);
typedef DWORD(WINAPI *PCLUSAPI_CLUSTER_REG_ENUM_VALUE)(HKEY hKey, DWORD dwIndex,
                                                       LPWSTR lpszValueName, LPDWORD lpcchValueName,
                                                       LPDWORD lpdwType, LPBYTE lpData,
                                                       LPDWORD lpcbData);

/**
 * Counts and measures what a key holds. Each output may be NULL.
 *
 * @hKey  the key; not NULL
 * @lpcSubKeys, @lpcchMaxSubKeyLen  receive the number of subkeys and the length of the longest
 *                                  name
 * @lpcValues, @lpcchMaxValueNameLen  the same of values
 * @lpcbMaxValueLen  receives the size of the largest data in bytes
 * @lpcbSecurityDescriptor  receives the size of the security descriptor in bytes
 * @lpftLastWriteTime  receives when the key was last written
 *
 * Returns 0, ERROR_KEY_DELETED 1018, or a common code. Mirrors Windows' ClusterRegQueryInfoKey.
 */
LONG WINAPI ClusterRegQueryInfoKey(HKEY hKey, LPDWORD lpcSubKeys, LPDWORD lpcchMaxSubKeyLen,
                                   LPDWORD lpcValues, LPDWORD lpcchMaxValueNameLen,
                                   LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
                                   PFILETIME lpftLastWriteTime);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_QUERY_INFO_KEY)(
    HKEY hKey, LPDWORD lpcSubKeys, LPDWORD lpcchMaxSubKeyLen, LPDWORD lpcValues,
    LPDWORD lpcchMaxValueNameLen, LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
    PFILETIME lpftLastWriteTime);

/**
 * Gives the security descriptor of a key, self-relative: its own, or that of the nearest key above
 * which has one.
 *
 * @hKey  the key; not NULL
 * @RequestedInformation  which parts are wanted, OWNER_SECURITY_INFORMATION and so on
 * @pSecurityDescriptor, @lpcbSecurityDescriptor  buffer and its size in bytes; the buffer may be
 *                                                NULL with 0, the size not
 *
 * Returns 0, ERROR_MORE_DATA 234, ERROR_INVALID_PARAMETER for unknown parts, ERROR_KEY_DELETED
 * 1018, or a common code. Mirrors Windows' ClusterRegGetKeySecurity.
 */
LONG WINAPI ClusterRegGetKeySecurity(HKEY hKey, SECURITY_INFORMATION RequestedInformation,
                                     PSECURITY_DESCRIPTOR pSecurityDescriptor,
                                     LPDWORD lpcbSecurityDescriptor);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_GET_KEY_SECURITY)(
    HKEY hKey, SECURITY_INFORMATION RequestedInformation, PSECURITY_DESCRIPTOR pSecurityDescriptor,
    LPDWORD lpcbSecurityDescriptor);

/**
 * Sets parts of the security descriptor of a key; the others stay as they are, also when they were
 * inherited.
 *
 * @hKey  the key; not NULL
 * @SecurityInformation  which parts are set; one that the descriptor has not is taken away
 * @pSecurityDescriptor  self-relative, at most 128 KiB; the caller's; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER for what is none and for unknown parts, ERROR_KEY_DELETED
 * 1018, or a common code. Mirrors Windows' ClusterRegSetKeySecurity.
 */
LONG WINAPI ClusterRegSetKeySecurity(HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                     PSECURITY_DESCRIPTOR pSecurityDescriptor);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_SET_KEY_SECURITY)(
    HKEY hKey, SECURITY_INFORMATION SecurityInformation, PSECURITY_DESCRIPTOR pSecurityDescriptor);

/**
 * Waits until what this handle reads is what was changed last.
 *
 * @hCluster  the cluster; not NULL
 * @flags  ignored
 *
 * Returns 0, or a common code. Mirrors Windows' ClusterRegSyncDatabase.
 */
LONG WINAPI ClusterRegSyncDatabase(HCLUSTER hCluster, DWORD flags);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_SYNC_DATABASE)(HCLUSTER hCluster, DWORD flags);

/**
 * Begins a batch: commands that are carried out together, all or none.
 *
 * @hKey  the key where its paths begin, which must stay open until the batch is closed; not NULL
 * @pHREGBATCH  receives the batch, to be closed with ClusterRegCloseBatch; not NULL
 *
 * Returns 0, or a common code. Mirrors Windows' ClusterRegCreateBatch.
 */
LONG WINAPI ClusterRegCreateBatch(HKEY hKey, HREGBATCH *pHREGBATCH);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_CREATE_BATCH)(HKEY hKey, HREGBATCH *pHREGBATCH);

/**
 * Adds a command to a batch. CREATE_KEY makes a key, at a path from the batch's key on, that
 * following commands on values act at; DELETE_KEY deletes one with all below. What is there
 * already, or is missing, is no error. Conditions make the whole batch fail that does not find what
 * they say.
 *
 * @hRegBatch  the batch; not NULL
 * @dwCommand  CLUSREG_SET_VALUE, _CREATE_KEY, _DELETE_KEY, _DELETE_VALUE or a _CONDITION_
 * @wzName  the name of the value (NULL or empty for the default one), or the path of the key; the
 *          caller's
 * @dwOptions  the type of the value
 * @lpData, @cbData  its data; may be NULL with 0; the caller's
 *
 * Returns 0, ERROR_INVALID_PARAMETER for other commands, on values when no key is at hand, and for
 * more than 16 MiB in one batch, or a common code. Mirrors Windows' ClusterRegBatchAddCommand.
 */
LONG WINAPI ClusterRegBatchAddCommand(HREGBATCH hRegBatch, CLUSTER_REG_COMMAND dwCommand,
                                      LPCWSTR wzName, DWORD dwOptions, VOID CONST *lpData,
                                      DWORD cbData);
typedef LONG(WINAPI *PCLUSTER_REG_BATCH_ADD_COMMAND)(HREGBATCH hRegBatch,
                                                     CLUSTER_REG_COMMAND dwCommand, LPCWSTR wzName,
                                                     DWORD dwOptions, VOID CONST *lpData,
                                                     DWORD cbData);

/**
 * Ends a batch. Its handle is gone also when that fails.
 *
 * @hRegBatch  the batch; not NULL
 * @bCommit  whether its commands are carried out
 * @failedCommandNumber  receives the index of the command that failed, from 0, or -1; may be NULL
 *
 * Returns 0, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED 5989, ERROR_INVALID_PARAMETER for a
 * batch that comes to more than 16 MiB with the values that it replaces, what a command alone would
 * return, or a common code. Mirrors Windows' ClusterRegCloseBatch.
 */
LONG WINAPI ClusterRegCloseBatch(HREGBATCH hRegBatch, BOOL bCommit, INT *failedCommandNumber);
typedef LONG(WINAPI *PCLUSTER_REG_CLOSE_BATCH)(HREGBATCH hRegBatch, BOOL bCommit,
                                               INT *failedCommandNumber);

/**
 * Ends a batch.
 *
 * @hRegBatch  the batch; not NULL
 * @flags  1: its commands are carried out
 * @failedCommandNumber  as for ClusterRegCloseBatch
 *
 * Returns as ClusterRegCloseBatch. Mirrors Windows' ClusterRegCloseBatchEx.
 */
LONG WINAPI ClusterRegCloseBatchEx(HREGBATCH hRegBatch, DWORD flags, INT *failedCommandNumber);
typedef LONG(WINAPI *PCLUSAPI_CLUSTER_REG_CLOSE_BATCH_EX)(HREGBATCH hRegBatch, DWORD flags,
                                                          INT *failedCommandNumber);

/**
 * Opens a port in which the batches queue up that are committed at or below a key, or that reach
 * there from above. What is changed without a batch does not come.
 *
 * @hKey  the key, which may be closed afterwards; not NULL
 * @phBatchNotifyPort  receives the port, to be closed with ClusterRegCloseBatchNotifyPort; not NULL
 *
 * Returns 0, ERROR_KEY_DELETED 1018, or a common code. CloseCluster closes the port, too. Mirrors
 * Windows' ClusterRegCreateBatchNotifyPort.
 */
LONG WINAPI ClusterRegCreateBatchNotifyPort(HKEY hKey, HREGBATCHPORT *phBatchNotifyPort);
typedef LONG(WINAPI *PCLUSTER_REG_CREATE_BATCH_NOTIFY_PORT)(HKEY hKey,
                                                            HREGBATCHPORT *phBatchNotifyPort);

/**
 * Closes a port. Threads that wait at it return.
 *
 * @hBatchNotifyPort  the port
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterRegCloseBatchNotifyPort.
 */
LONG WINAPI ClusterRegCloseBatchNotifyPort(HREGBATCHPORT hBatchNotifyPort);
typedef LONG(WINAPI *PCLUSTER_REG_CLOSE_BATCH_NOTIFY_PORT)(HREGBATCHPORT hBatchNotifyPort);

/**
 * Waits for the next batch of a port. Only ClusapiBeginCall and ClusapiCancelCall limit how long.
 *
 * @hBatchNotify  the port; not NULL
 * @phBatchNotification  receives what the batch did, to be closed with
 *                       ClusterRegBatchCloseNotification; not NULL
 *
 * Returns 0; ERROR_NO_MORE_ITEMS 259 when the port is closed meanwhile; ERROR_NOTIFY_ENUM_DIR 1022
 * when batches were lost here, since too many waited: then the key should be read anew; or a common
 * code. Mirrors Windows' ClusterRegGetBatchNotification.
 */
LONG WINAPI ClusterRegGetBatchNotification(HREGBATCHPORT hBatchNotify,
                                           HREGBATCHNOTIFICATION *phBatchNotification);
typedef LONG(WINAPI *PCLUSTER_REG_GET_BATCH_NOTIFICATION)(
    HREGBATCHPORT hBatchNotify, HREGBATCHNOTIFICATION *phBatchNotification);

/**
 * Gives the next command of a batch, in their order, as from the port's key: CREATE_KEY and
 * DELETE_KEY with a path from there in wzName; and for the key created last, or the port's own as
 * long as there is none, SET_VALUE and DELETE_VALUE with the name of the value and its type in
 * dwOptions. Each is preceded by VALUE_DELETED with the type and data that the value had, if it was
 * there. A CREATE_KEY may be of a key that was there.
 *
 * @hBatchNotification  from ClusterRegGetBatchNotification; not NULL
 * @pBatchCommand  receives the command; its pointers live until the notification is closed; not
 *                 NULL
 *
 * Returns 0, ERROR_NO_MORE_ITEMS 259, or a common code. Mirrors Windows'
 * ClusterRegBatchReadCommand.
 */
LONG WINAPI ClusterRegBatchReadCommand(HREGBATCHNOTIFICATION hBatchNotification,
                                       CLUSTER_BATCH_COMMAND *pBatchCommand);
typedef LONG(WINAPI *PCLUSTER_REG_BATCH_READ_COMMAND)(HREGBATCHNOTIFICATION hBatchNotification,
                                                      CLUSTER_BATCH_COMMAND *pBatchCommand);

/**
 * Closes what ClusterRegGetBatchNotification gave.
 *
 * @hBatchNotification  the notification
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterRegBatchCloseNotification.
 */
LONG WINAPI ClusterRegBatchCloseNotification(HREGBATCHNOTIFICATION hBatchNotification);
typedef LONG(WINAPI *PCLUSTER_REG_BATCH_CLOSE_NOTIFICATION)(
    HREGBATCHNOTIFICATION hBatchNotification);

/**
 * Begins a read batch: values that are read together, from one state of the database.
 *
 * @hKey  the key where its paths begin, which must stay open until the batch is closed; not NULL
 * @phRegReadBatch  receives the batch, to be closed with ClusterRegCloseReadBatch; not NULL
 *
 * Returns 0, or a common code. Mirrors Windows' ClusterRegCreateReadBatch.
 */
LONG WINAPI ClusterRegCreateReadBatch(HKEY hKey, HREGREADBATCH *phRegReadBatch);
typedef LONG(WINAPI *PCLUSTER_REG_CREATE_READ_BATCH)(HKEY hKey, HREGREADBATCH *phRegReadBatch);

/**
 * Adds a value to a read batch.
 *
 * @hRegReadBatch  the batch; not NULL
 * @wzSubkeyName  the path of its key; empty for the batch's own; the caller's; not NULL
 * @wzValueName  its name; NULL or empty for the default value; the caller's
 *
 * Returns 0, or a common code. Mirrors Windows' ClusterRegReadBatchAddCommand.
 */
LONG WINAPI ClusterRegReadBatchAddCommand(HREGREADBATCH hRegReadBatch, LPCWSTR wzSubkeyName,
                                          LPCWSTR wzValueName);
typedef LONG(WINAPI *PCLUSTER_REG_READ_BATCH_ADD_COMMAND)(HREGREADBATCH hRegReadBatch,
                                                          LPCWSTR wzSubkeyName,
                                                          LPCWSTR wzValueName);

/**
 * Ends a read batch and reads its values.
 *
 * @hRegReadBatch  the batch, which is gone afterwards; not NULL
 * @phRegReadBatchReply  receives the reply, to be closed with ClusterRegCloseReadBatchReply; NULL
 *                       to read nothing
 *
 * Returns 0, ERROR_NOT_ENOUGH_MEMORY 8 for more than 64 MiB at once, or a common code. Mirrors
 * Windows' ClusterRegCloseReadBatch.
 */
LONG WINAPI ClusterRegCloseReadBatch(HREGREADBATCH hRegReadBatch,
                                     HREGREADBATCHREPLY *phRegReadBatchReply);
typedef LONG(WINAPI *PCLUSTER_REG_CLOSE_READ_BATCH)(HREGREADBATCH hRegReadBatch,
                                                    HREGREADBATCHREPLY *phRegReadBatchReply);

/**
 * Ends a read batch and reads its values.
 *
 * @hRegReadBatch  the batch, which is gone afterwards; not NULL
 * @flags  ignored
 * @phRegReadBatchReply  as for ClusterRegCloseReadBatch
 *
 * Returns 0, or a common code. Mirrors Windows' ClusterRegCloseReadBatchEx.
 */
LONG WINAPI ClusterRegCloseReadBatchEx(HREGREADBATCH hRegReadBatch, DWORD flags,
                                       HREGREADBATCHREPLY *phRegReadBatchReply);
typedef LONG(WINAPI *PCLUSTER_REG_CLOSE_READ_BATCH_EX)(HREGREADBATCH hRegReadBatch, DWORD flags,
                                                       HREGREADBATCHREPLY *phRegReadBatchReply);

/**
 * Gives the next value of a reply, in the order in which they were added.
 *
 * @hRegReadBatchReply  the reply; not NULL
 * @pBatchCommand  receives it: Command READ_VALUE with the type in dwOptions, or READ_ERROR with a
 *                 Win32 code; its pointers live as long as the reply; not NULL
 *
 * Returns 0, ERROR_NO_MORE_ITEMS 259, or a common code. Mirrors Windows'
 * ClusterRegReadBatchReplyNextCommand.
 */
LONG WINAPI ClusterRegReadBatchReplyNextCommand(HREGREADBATCHREPLY hRegReadBatchReply,
                                                CLUSTER_READ_BATCH_COMMAND *pBatchCommand);
typedef LONG(WINAPI *PCLUSTER_REG_READ_BATCH_REPLY_NEXT_COMMAND)(
    HREGREADBATCHREPLY hRegReadBatchReply, CLUSTER_READ_BATCH_COMMAND *pBatchCommand);

/**
 * Closes a reply.
 *
 * @hRegReadBatchReply  the reply
 *
 * Returns 0 or ERROR_INVALID_HANDLE. Mirrors Windows' ClusterRegCloseReadBatchReply.
 */
LONG WINAPI ClusterRegCloseReadBatchReply(HREGREADBATCHREPLY hRegReadBatchReply);
typedef LONG(WINAPI *PCLUSTER_REG_CLOSE_READ_BATCH_REPLY)(HREGREADBATCHREPLY hRegReadBatchReply);

/*
 * Notifications.
 */

/**
 * Makes a notification port, or adds a cluster to one. Events of the whole cluster that the filter
 * names queue up in it.
 *
 * @hChange  INVALID_HANDLE_VALUE for a new port, or a port of version 1
 * @hCluster  the cluster; INVALID_HANDLE_VALUE for a new port without one
 * @dwFilter  CLUSTER_CHANGE_ bits
 * @dwNotifyKey  comes back with each event; any value
 *
 * Returns the port, a new one to be closed with CloseClusterNotifyPort, or NULL and the last error:
 * ERROR_INVALID_PARAMETER for an empty filter or an existing port without a cluster, or a common
 * code. Each registration that names an event queues a copy of it. The port may be used by several
 * threads; a cluster's registrations end when its handle is closed. Mirrors Windows'
 * CreateClusterNotifyPort.
 */
HCHANGE WINAPI CreateClusterNotifyPort(HCHANGE hChange, HCLUSTER hCluster, DWORD dwFilter,
                                       DWORD_PTR dwNotifyKey);
typedef HCHANGE(WINAPI *PCLUSAPI_CREATE_CLUSTER_NOTIFY_PORT)(HCHANGE hChange, HCLUSTER hCluster,
                                                             DWORD dwFilter, DWORD_PTR dwNotifyKey);

/**
 * Adds events of one object to a port of version 1.
 *
 * @hChange  the port; not NULL
 * @dwFilterType  CLUSTER_CHANGE_ bits; they say what kind of handle hObject is: NODE_ an HNODE and
 *                so on, REGISTRY_ an HKEY, CLUSTER_ and RESOURCE_TYPE_ and HANDLE_CLOSE alone an
 *                HCLUSTER
 * @hObject  the object, which must stay open; not NULL
 * @dwNotifyKey  comes back with each event; any value
 *
 * Returns 0, ERROR_INVALID_PARAMETER for an empty filter, or a common code. Mirrors Windows'
 * RegisterClusterNotify.
 */
DWORD WINAPI RegisterClusterNotify(HCHANGE hChange, DWORD dwFilterType, HANDLE hObject,
                                   DWORD_PTR dwNotifyKey);
typedef DWORD(WINAPI *PCLUSAPI_REGISTER_CLUSTER_NOTIFY)(HCHANGE hChange, DWORD dwFilterType,
                                                        HANDLE hObject, DWORD_PTR dwNotifyKey);

/**
 * Takes the oldest event of a port of version 1, and waits for one.
 *
 * @hChange  the port; not NULL
 * @lpdwNotifyKey  receives the key of the registration; not NULL
 * @lpdwFilterType  receives the one CLUSTER_CHANGE_ bit of the event; not NULL
 * @lpszName, @lpcchName  buffer for the object's name at that time and its size in WCHARs; both
 *                        may be NULL
 * @dwMilliseconds  how long to wait: 0 not at all, INFINITE without end
 *
 * Returns 0, WAIT_TIMEOUT 258, ERROR_MORE_DATA 234 (the event stays), ERROR_INVALID_HANDLE also
 * when another thread closes the port meanwhile, ERROR_OPERATION_ABORTED 995 when the thread's call
 * is cancelled. CLUSTER_RECONNECT says that events may be missing. The thread's own time limit
 * (ClusapiBeginCall) holds too, the cluster handle's does not. Mirrors Windows' GetClusterNotify.
 */
DWORD WINAPI GetClusterNotify(HCHANGE hChange, DWORD_PTR *lpdwNotifyKey, LPDWORD lpdwFilterType,
                              LPWSTR lpszName, LPDWORD lpcchName, DWORD dwMilliseconds);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_NOTIFY)(HCHANGE hChange, DWORD_PTR *lpdwNotifyKey,
                                                   LPDWORD lpdwFilterType, LPWSTR lpszName,
                                                   LPDWORD lpcchName, DWORD dwMilliseconds);

/**
 * Closes a port of either version. Threads that wait for an event of it return
 * ERROR_INVALID_HANDLE.
 *
 * @hChange  the port
 *
 * Returns TRUE always, with the last error ERROR_INVALID_HANDLE for what is no open port. Mirrors
 * Windows' CloseClusterNotifyPort.
 */
BOOL WINAPI CloseClusterNotifyPort(HCHANGE hChange);
typedef BOOL(WINAPI *PCLUSAPI_CLOSE_CLUSTER_NOTIFY_PORT)(HCHANGE hChange);

/**
 * Makes a notification port of version 2, or adds a cluster to one.
 *
 * @hChange  INVALID_HANDLE_VALUE for a new port, or a port of version 2
 * @hCluster  the cluster; INVALID_HANDLE_VALUE for a new port without one
 * @Filters  object types, each with its CLUSTER_CHANGE_..._V2 flags; the caller's; may be NULL
 *           with 0
 * @dwFilterCount  how many
 * @dwNotifyKey  comes back with each event; any value
 *
 * Returns as CreateClusterNotifyPort; ERROR_INVALID_PARAMETER for an unknown type or flag. Mirrors
 * Windows' CreateClusterNotifyPortV2.
 */
HCHANGE WINAPI CreateClusterNotifyPortV2(HCHANGE hChange, HCLUSTER hCluster,
                                         PNOTIFY_FILTER_AND_TYPE Filters, DWORD dwFilterCount,
                                         DWORD_PTR dwNotifyKey);
typedef HCHANGE(WINAPI *PCLUSAPI_CREATE_CLUSTER_NOTIFY_PORT_V2)(HCHANGE hChange, HCLUSTER hCluster,
                                                                PNOTIFY_FILTER_AND_TYPE Filters,
                                                                DWORD dwFilterCount,
                                                                DWORD_PTR dwNotifyKey);

/**
 * Adds events of one object, or of all objects of a type, to a port of version 2.
 *
 * @hChange  the port; not NULL
 * @Filter  the object type and its CLUSTER_CHANGE_..._V2 flags
 * @hObject  an object of that type, or the cluster for all of the type; must stay open; not NULL
 * @dwNotifyKey  comes back with each event; any value
 *
 * A key of the cluster database is told of itself alone, with CLUSTER_CHANGE_REGISTRY_SUBTREE_V2
 * also of all below: that it was made or deleted (_NAME), that a value of it was set or deleted
 * (_VALUE), that its security was set (_ATTRIBUTES). The keys of objects come and go, and the values
 * that the control functions set change, with the events of the objects instead.
 *
 * Returns 0, ERROR_INVALID_PARAMETER for an unknown type or flag, or a common code. Mirrors
 * Windows' RegisterClusterNotifyV2.
 */
DWORD WINAPI RegisterClusterNotifyV2(HCHANGE hChange, NOTIFY_FILTER_AND_TYPE Filter, HANDLE hObject,
                                     DWORD_PTR dwNotifyKey);
typedef DWORD(WINAPI *PCLUSAPI_REGISTER_CLUSTER_NOTIFY_V2)(HCHANGE hChange,
                                                           NOTIFY_FILTER_AND_TYPE Filter,
                                                           HANDLE hObject, DWORD_PTR dwNotifyKey);

/**
 * Adds events of one resource type to a port of version 2.
 *
 * @hChange  the port; not NULL
 * @hCluster  the cluster; not NULL
 * @Flags  CLUSTER_CHANGE_RESOURCE_TYPE_..._V2 flags
 * @resTypeName  the name of the type; the caller's; not NULL
 * @dwNotifyKey  comes back with each event; any value
 *
 * Returns 0, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND 5078, ERROR_INVALID_PARAMETER, or a common code.
 * Mirrors Windows' RegisterClusterResourceTypeNotifyV2.
 */
DWORD WINAPI RegisterClusterResourceTypeNotifyV2(HCHANGE hChange, HCLUSTER hCluster, LONGLONG Flags,
                                                 LPCWSTR resTypeName, DWORD_PTR dwNotifyKey);
typedef DWORD(WINAPI *PCLUSAPI_REGISTER_CLUSTER_RESOURCE_TYPE_NOTIFY_V2)(
    HCHANGE hChange, HCLUSTER hCluster, LONGLONG Flags, LPCWSTR resTypeName, DWORD_PTR dwNotifyKey);

/**
 * Takes the oldest event of a port of version 2, and waits for one.
 *
 * @hChange  the port; not NULL
 * @lpdwNotifyKey  receives the key of the registration; not NULL
 * @pFilterAndType  receives the object type and the one flag of the event; may be NULL
 * @buffer, @lpbBufferSize  buffer for the data of the event and its size in bytes; both may be
 *                          NULL
 * @lpszObjectId, @lpcchObjectId  buffer for the object's id and its size in WCHARs; both may be
 *                                NULL
 * @lpszParentId, @lpcchParentId  the same for the id of its parent
 * @lpszName, @lpcchName  the same for its name
 * @lpszType, @lpcchType  the same for its type
 * @dwMilliseconds  how long to wait: 0 not at all, INFINITE without end
 *
 * Returns as GetClusterNotify. The data is a DWORD for states, a property list for properties, text
 * or a MULTI_SZ for ids. Mirrors Windows' GetClusterNotifyV2.
 */
DWORD WINAPI GetClusterNotifyV2(HCHANGE hChange, DWORD_PTR *lpdwNotifyKey,
                                PNOTIFY_FILTER_AND_TYPE pFilterAndType, BYTE *buffer,
                                LPDWORD lpbBufferSize, LPWSTR lpszObjectId, LPDWORD lpcchObjectId,
                                LPWSTR lpszParentId, LPDWORD lpcchParentId, LPWSTR lpszName,
                                LPDWORD lpcchName, LPWSTR lpszType, LPDWORD lpcchType,
                                DWORD dwMilliseconds);
typedef DWORD(WINAPI *PCLUSAPI_GET_CLUSTER_NOTIFY_V2)(
    HCHANGE hChange, DWORD_PTR *lpdwNotifyKey, PNOTIFY_FILTER_AND_TYPE pFilterAndType, BYTE *buffer,
    LPDWORD lpbBufferSize, LPWSTR lpszObjectId, LPDWORD lpcchObjectId, LPWSTR lpszParentId,
    LPDWORD lpcchParentId, LPWSTR lpszName, LPDWORD lpcchName, LPWSTR lpszType, LPDWORD lpcchType,
    DWORD dwMilliseconds);

/**
 * Gives an event that is signalled while a port has events.
 *
 * @hChange  the port; not NULL
 * @lphTargetEvent  receives the event, which ends with the port; not NULL
 *
 * Returns 0, ERROR_INVALID_PARAMETER, or a common code. ClusapiEventDescriptor (clusapi/linux.h)
 * gives a descriptor of it for poll. Mirrors Windows' GetNotifyEventHandle.
 */
DWORD WINAPI GetNotifyEventHandle(HCHANGE hChange, HANDLE *lphTargetEvent);
typedef DWORD(WINAPI *PCLUSAPI_GET_NOTIFY_EVENT_HANDLE_V2)(HCHANGE hChange, HANDLE *lphTargetEvent);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
