/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See handles-table.h: the cluster database, notifications, group sets and backups.
 */
#include "handles-calls.h"

#include <clusapi/linux.h>

static WCHAR text[1000];
static DWORD length, number, size;
static BYTE bytes[4000];
static FILETIME written;
static HKEY key;
static HREGBATCH batch;
static HREGREADBATCH read_batch;
static HREGREADBATCHREPLY reply;
static INT failed;
static HREGBATCHPORT batch_port;
static HREGBATCHNOTIFICATION notification;

/* Second handles: of the same cluster as the first. */
static HGROUP group2;
static HGROUPSET set2;

/* --- Keys ------------------------------------------------------------------------------------- */

HANDLE_OF(GetClusterKey, KEY_READ)
HANDLE_OF(GetClusterGroupKey, KEY_READ)
HANDLE_OF(GetClusterNodeKey, KEY_READ)
HANDLE_OF(GetClusterResourceKey, KEY_READ)
HANDLE_OF(GetClusterNetworkKey, KEY_READ)
HANDLE_OF(GetClusterNetInterfaceKey, KEY_READ)
HANDLE_OF(GetClusterResourceTypeKey, u"IP Address", KEY_READ)
CODE(ClusterRegCreateKey, u"new", 0, KEY_ALL_ACCESS, NULL, &key, &number)
CODE(ClusterRegOpenKey, u"Groups", KEY_READ, &key)
CODE(ClusterRegDeleteKey, u"no such key")
CODE(ClusterRegEnumKey, 0, text, &length, &written)
CODE(ClusterRegSetValue, u"value", REG_BINARY, bytes, 4)
CODE(ClusterRegDeleteValue, u"value")
CODE(ClusterRegQueryValue, u"value", &number, bytes, &size)
CODE(ClusterRegEnumValue, 0, text, &length, &number, bytes, &size)
CODE(ClusterRegQueryInfoKey, &number, &number, &number, &number, &number, &number, &written)
CODE(ClusterRegGetKeySecurity, DACL_SECURITY_INFORMATION, (PSECURITY_DESCRIPTOR)bytes, &size)
/* Self-relative, with a DACL that lets everybody do everything. */
static BYTE descriptor[20] = {1, 0, 0x04, 0x80};
CODE(ClusterRegSetKeySecurity, DACL_SECURITY_INFORMATION, (PSECURITY_DESCRIPTOR)descriptor)
CODE(ClusterRegCreateBatch, &batch)
CODE(ClusterRegCreateReadBatch, &read_batch)
CODE(ClusterRegCreateBatchNotifyPort, &batch_port)
CODE(ClusterRegCloseKey)
CODE(ClusterRegSyncDatabase, 0)
CODE(ClusterRegBatchAddCommand, CLUSREG_SET_VALUE, u"value", REG_BINARY, bytes, 4)
CODE(ClusterRegCloseBatchEx, 0, &failed)
CODE(ClusterRegCloseBatch, FALSE, &failed)
CODE(ClusterRegReadBatchAddCommand, u"", u"value")
CODE(ClusterRegCloseReadBatchEx, 0, &reply)
CODE(ClusterRegCloseReadBatch, &reply)
static DWORD call_ClusterRegReadBatchReplyNextCommand(gpointer handle)
{
    CLUSTER_READ_BATCH_COMMAND command;
    return (DWORD)ClusterRegReadBatchReplyNextCommand(handle, &command);
}
CODE(ClusterRegCloseReadBatchReply)
CODE(ClusterRegGetBatchNotification, &notification)
CODE(ClusterRegCloseBatchNotifyPort)
static DWORD call_ClusterRegBatchReadCommand(gpointer handle)
{
    CLUSTER_BATCH_COMMAND command;
    return (DWORD)ClusterRegBatchReadCommand(handle, &command);
}
CODE(ClusterRegBatchCloseNotification)

/* --- Notifications ---------------------------------------------------------------------------- */

static const NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_GROUP,
                                              CLUSTER_CHANGE_GROUP_STATE_V2};
static DWORD_PTR notify_key;
static HCHANGE port;
static HCLUSTER cluster_of_port;
static HGROUP group_of_port;

/* -1 asks for a new port, and as a cluster for none yet. */
#define IS_NO_HANDLE(handle) ((gssize)(handle) == -1)

static DWORD call_CreateClusterNotifyPort(gpointer handle)
{
    SetLastError(ERROR_SUCCESS);
    return IS_NO_HANDLE(handle) || CreateClusterNotifyPort(handle, cluster_of_port,
                                                           CLUSTER_CHANGE_GROUP_STATE, 0) == NULL
               ? (IS_NO_HANDLE(handle) ? ERROR_INVALID_HANDLE : GetLastError())
               : ERROR_SUCCESS;
}

static DWORD call_CreateClusterNotifyPortV2(gpointer handle)
{
    NOTIFY_FILTER_AND_TYPE copy = filter;
    SetLastError(ERROR_SUCCESS);
    return IS_NO_HANDLE(handle) ||
                   CreateClusterNotifyPortV2(handle, cluster_of_port, &copy, 1, 0) == NULL
               ? (IS_NO_HANDLE(handle) ? ERROR_INVALID_HANDLE : GetLastError())
               : ERROR_SUCCESS;
}

CODE(RegisterClusterNotify, CLUSTER_CHANGE_GROUP_STATE, group_of_port, 0)
CODE(RegisterClusterNotifyV2, filter, group_of_port, 0)
CODE(RegisterClusterResourceTypeNotifyV2, cluster_of_port, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2,
     u"IP Address", 0)
CODE(GetClusterNotify, &notify_key, &number, text, &length, 0)
CODE(GetClusterNotifyV2, &notify_key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, 0)
static DWORD call_GetNotifyEventHandle(gpointer handle)
{
    HANDLE event;
    return GetNotifyEventHandle(handle, &event);
}
STATE_OF(ClusapiEventDescriptor)
STATE_OF(ClusapiBatchPortDescriptor)
CODE(ClusapiMarkNotifyPort, cluster_of_port, 0)
static DWORD call_CloseClusterNotifyPort(gpointer handle)
{
    SetLastError(ERROR_SUCCESS);
    g_assert_true(CloseClusterNotifyPort(handle));
    return GetLastError();
}

/* The object that is watched, with a good port. */
static DWORD call_RegisterClusterNotify_object(gpointer handle)
{
    return RegisterClusterNotify(port, CLUSTER_CHANGE_GROUP_STATE, handle, 0);
}
static DWORD call_RegisterClusterResourceTypeNotifyV2_cluster(gpointer handle)
{
    return RegisterClusterResourceTypeNotifyV2(port, handle, CLUSTER_CHANGE_RESOURCE_TYPE_ALL_V2,
                                               u"IP Address", 0);
}

static DWORD call_ClusapiMarkNotifyPort_cluster(gpointer handle)
{
    return ClusapiMarkNotifyPort(port, handle, 0);
}

/* --- Group sets ------------------------------------------------------------------------------- */

CODE(ClusapiGetGroupDependencyExpression, text, &length)
CODE(ClusapiGetGroupSetDependencyExpression, text, &length)
HANDLE_OF(CreateClusterGroupSet, u"another set")
HANDLE_OF(OpenClusterGroupSet, u"set")
HANDLE_OF(ClusterGroupSetOpenEnum)
CODE(ClusterAddGroupToGroupSet, group2)
static DWORD call_ClusterAddGroupToGroupSet_group(gpointer handle)
{
    return ClusterAddGroupToGroupSet(set2, handle);
}
CODE(ClusterRemoveGroupFromGroupSet)
CODE(AddClusterGroupDependency, group2)
CODE(RemoveClusterGroupDependency, group2)
CODE(SetGroupDependencyExpression, u"")
CODE(AddClusterGroupToGroupSetDependency, set2)
CODE(RemoveClusterGroupToGroupSetDependency, set2)
CODE(AddClusterGroupSetDependency, set2)
CODE(RemoveClusterGroupSetDependency, set2)
CODE(SetClusterGroupSetDependencyExpression, u"")
CODE(DeleteClusterGroupSet)
CODE(ClusterGroupSetControl, NULL, CLUSCTL_GROUPSET_GET_GROUPS, NULL, 0, bytes, sizeof bytes,
     &number)
BOOL_OF(CloseClusterGroupSet)
CODE(ClusterGroupSetEnum, 0, text, &length)
COUNT_OF(ClusterGroupSetGetEnumCount)
CODE(ClusterGroupSetCloseEnum)

CODE(BackupClusterDatabase, u"/nowhere/at all")

const HandleFunction more_handle_functions[] = {
    ROW(GetClusterKey, TAKES_CLUSTER),
    ROW(GetClusterResourceTypeKey, TAKES_CLUSTER),
    ROW(ClusterRegSyncDatabase, TAKES_CLUSTER),
    ROW(GetClusterGroupKey, TAKES_GROUP),
    ROW(GetClusterNodeKey, TAKES_NODE),
    ROW(GetClusterResourceKey, TAKES_RESOURCE),
    ROW(GetClusterNetworkKey, TAKES_NETWORK),
    ROW(GetClusterNetInterfaceKey, TAKES_NETINTERFACE),
    CHANGES(ClusterRegCreateKey, TAKES_KEY),
    ROW(ClusterRegOpenKey, TAKES_KEY),
    CHANGES(ClusterRegDeleteKey, TAKES_KEY),
    ROW(ClusterRegEnumKey, TAKES_KEY),
    CHANGES(ClusterRegSetValue, TAKES_KEY),
    CHANGES(ClusterRegDeleteValue, TAKES_KEY),
    ROW(ClusterRegQueryValue, TAKES_KEY),
    ROW(ClusterRegEnumValue, TAKES_KEY),
    ROW(ClusterRegQueryInfoKey, TAKES_KEY),
    ROW(ClusterRegGetKeySecurity, TAKES_KEY),
    ROW(ClusterRegSetKeySecurity, TAKES_KEY),
    ROW(ClusterRegCreateBatch, TAKES_KEY),
    ROW(ClusterRegCreateReadBatch, TAKES_KEY),
    ROW(ClusterRegCreateBatchNotifyPort, TAKES_KEY),
    ROW(ClusterRegCloseKey, TAKES_KEY),
    ROW(ClusterRegBatchAddCommand, TAKES_BATCH),
    ROW(ClusterRegCloseBatchEx, TAKES_BATCH),
    ROW(ClusterRegCloseBatch, TAKES_BATCH),
    ROW(ClusterRegReadBatchAddCommand, TAKES_READ_BATCH),
    ROW(ClusterRegCloseReadBatchEx, TAKES_READ_BATCH),
    ROW(ClusterRegCloseReadBatch, TAKES_READ_BATCH),
    ROW(ClusterRegReadBatchReplyNextCommand, TAKES_READ_BATCH_REPLY),
    ROW(ClusterRegCloseReadBatchReply, TAKES_READ_BATCH_REPLY),
    ROW(ClusterRegGetBatchNotification, TAKES_BATCH_PORT),
    ROW(ClusapiBatchPortDescriptor, TAKES_BATCH_PORT),
    ROW(ClusterRegCloseBatchNotifyPort, TAKES_BATCH_PORT),
    ROW(ClusterRegBatchReadCommand, TAKES_NOTIFICATION),
    ROW(ClusterRegBatchCloseNotification, TAKES_NOTIFICATION),
    ROW(CreateClusterNotifyPort, TAKES_PORT),
    ROW(CreateClusterNotifyPortV2, TAKES_PORT),
    ROW(RegisterClusterNotify, TAKES_PORT),
    ROW(RegisterClusterNotifyV2, TAKES_PORT),
    ROW(RegisterClusterResourceTypeNotifyV2, TAKES_PORT),
    ROW(GetClusterNotify, TAKES_PORT),
    ROW(GetClusterNotifyV2, TAKES_PORT),
    ROW(GetNotifyEventHandle, TAKES_PORT),
    ROW(CloseClusterNotifyPort, TAKES_PORT),
    ROW(ClusapiEventDescriptor, TAKES_EVENT),
    ROW(ClusapiMarkNotifyPort, TAKES_PORT),
    ROW(ClusapiMarkNotifyPort_cluster, TAKES_CLUSTER),
    ROW(RegisterClusterNotify_object, TAKES_GROUP),
    ROW(RegisterClusterResourceTypeNotifyV2_cluster, TAKES_CLUSTER),
    ROW(ClusapiGetGroupDependencyExpression, TAKES_GROUP),
    ROW(ClusapiGetGroupSetDependencyExpression, TAKES_GROUPSET),
    CHANGES(CreateClusterGroupSet, TAKES_CLUSTER),
    ROW(OpenClusterGroupSet, TAKES_CLUSTER),
    ROW(ClusterGroupSetOpenEnum, TAKES_CLUSTER),
    ROW(ClusterAddGroupToGroupSet, TAKES_GROUPSET),
    CHANGES(ClusterAddGroupToGroupSet_group, TAKES_GROUP),
    CHANGES(ClusterRemoveGroupFromGroupSet, TAKES_GROUP),
    CHANGES(AddClusterGroupDependency, TAKES_GROUP),
    CHANGES(RemoveClusterGroupDependency, TAKES_GROUP),
    CHANGES(SetGroupDependencyExpression, TAKES_GROUP),
    CHANGES(AddClusterGroupToGroupSetDependency, TAKES_GROUP),
    CHANGES(RemoveClusterGroupToGroupSetDependency, TAKES_GROUP),
    ROW(AddClusterGroupSetDependency, TAKES_GROUPSET),
    ROW(RemoveClusterGroupSetDependency, TAKES_GROUPSET),
    ROW(SetClusterGroupSetDependencyExpression, TAKES_GROUPSET),
    ROW(DeleteClusterGroupSet, TAKES_GROUPSET),
    ROW(ClusterGroupSetControl, TAKES_GROUPSET),
    ROW(CloseClusterGroupSet, TAKES_GROUPSET),
    ROW(ClusterGroupSetEnum, TAKES_GROUPSET_ENUM),
    ROW(ClusterGroupSetGetEnumCount, TAKES_GROUPSET_ENUM),
    ROW(ClusterGroupSetCloseEnum, TAKES_GROUPSET_ENUM),
    CHANGES(BackupClusterDatabase, TAKES_CLUSTER),
};
const guint n_more_handle_functions = G_N_ELEMENTS(more_handle_functions);

/* The set is made once; later it is there. */
static HGROUPSET make_set(HCLUSTER cluster, LPCWSTR name)
{
    HGROUPSET set = CreateClusterGroupSet(cluster, name);
    return set != NULL ? set : OpenClusterGroupSet(cluster, name);
}

/* A batch on a key that a port watches is a notification. */
static void open_notification(gpointer *h)
{
    HREGBATCH change;
    static const BYTE data[] = {1, 2};
    g_assert_cmpint(
        ClusterRegCreateBatchNotifyPort(h[TAKES_KEY], (HREGBATCHPORT *)&h[TAKES_BATCH_PORT]), ==,
        0);
    g_assert_cmpint(ClusterRegCreateBatch(h[TAKES_KEY], &change), ==, 0);
    g_assert_cmpint(ClusterRegBatchAddCommand(change, CLUSREG_SET_VALUE, u"of a batch", REG_BINARY,
                                              data, sizeof data),
                    ==, 0);
    g_assert_cmpint(ClusterRegCloseBatch(change, TRUE, &failed), ==, 0);
    g_assert_cmpint(ClusterRegGetBatchNotification(h[TAKES_BATCH_PORT],
                                                   (HREGBATCHNOTIFICATION *)&h[TAKES_NOTIFICATION]),
                    ==, 0);
}

void more_handles_open(Handles *all)
{
    gpointer *h = all->handles;
    HCLUSTER cluster = h[TAKES_CLUSTER];
    NOTIFY_FILTER_AND_TYPE copy = filter;
    h[TAKES_KEY] = GetClusterKey(cluster, KEY_ALL_ACCESS);
    g_assert_cmpint(ClusterRegCreateBatch(h[TAKES_KEY], (HREGBATCH *)&h[TAKES_BATCH]), ==, 0);
    g_assert_cmpint(ClusterRegCreateReadBatch(h[TAKES_KEY], (HREGREADBATCH *)&h[TAKES_READ_BATCH]),
                    ==, 0);
    g_assert_cmpint(ClusterRegCreateReadBatch(h[TAKES_KEY], &read_batch), ==, 0);
    g_assert_cmpint(
        ClusterRegCloseReadBatch(read_batch, (HREGREADBATCHREPLY *)&h[TAKES_READ_BATCH_REPLY]), ==,
        0);
    open_notification(h);
    h[TAKES_PORT] = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, cluster, &copy, 1, 0);
    h[TAKES_GROUPSET] = make_set(cluster, u"set");
    h[TAKES_GROUPSET_ENUM] = ClusterGroupSetOpenEnum(cluster);
    port = h[TAKES_PORT];
    g_assert_cmpuint(GetNotifyEventHandle(port, &h[TAKES_EVENT]), ==, ERROR_SUCCESS);
    cluster_of_port = cluster;
    group_of_port = h[TAKES_GROUP];
    group2 = OpenClusterGroup(cluster, u"mail");
    set2 = make_set(cluster, u"another set of groups");
    length = G_N_ELEMENTS(text);
    size = sizeof bytes;
}
