/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group sets, and what groups and sets depend on.
 */
#include "call.h"

static DWORD open_set(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : clusapid_opened(call, 3, CLUSAPID_GROUPSET,
                                 OpenClusterGroupSet(cluster, call->values[0].text));
}

static DWORD create_set(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : clusapid_opened(call, 3, CLUSAPID_GROUPSET,
                                 CreateClusterGroupSet(cluster, call->values[0].text));
}

CLUSAPID_CLOSE(close_set, CLUSAPID_GROUPSET)
CLUSAPID_SIMPLE(delete_set, CLUSAPID_GROUPSET, HGROUPSET, DeleteClusterGroupSet)
CLUSAPID_PAIR(add_group, CLUSAPID_GROUPSET, HGROUPSET, CLUSAPID_GROUP, HGROUP,
              ClusterAddGroupToGroupSet)
CLUSAPID_SIMPLE(remove_group, CLUSAPID_GROUP, HGROUP, ClusterRemoveGroupFromGroupSet)

/* Nothing in a cluster that is served has fault or update domains. */
static DWORD add_group_ex(ClusapidCall *call)
{
    if (call->values[4].number != 0) {
        return clusapid_object(call, 0, CLUSAPID_GROUPSET) &&
                       clusapid_object(call, 1, CLUSAPID_GROUP)
                   ? ERROR_CALL_NOT_IMPLEMENTED
                   : ERROR_INVALID_HANDLE;
    }
    return add_group(call);
}

/* The library cannot do it in one step, and in two a group might be left without a set. */
static DWORD refuse_move(ClusapidCall *call)
{
    return clusapid_object(call, 0, CLUSAPID_GROUPSET) && clusapid_object(call, 1, CLUSAPID_GROUP)
               ? ERROR_CALL_NOT_IMPLEMENTED
               : ERROR_INVALID_HANDLE;
}

CLUSAPID_PAIR(add_set_dependency, CLUSAPID_GROUPSET, HGROUPSET, CLUSAPID_GROUPSET, HGROUPSET,
              AddClusterGroupSetDependency)
CLUSAPID_PAIR(add_group_dependency, CLUSAPID_GROUP, HGROUP, CLUSAPID_GROUPSET, HGROUPSET,
              AddClusterGroupToGroupSetDependency)
CLUSAPID_WITH_TEXT(set_group_expression, CLUSAPID_GROUP, HGROUP, SetGroupDependencyExpression)
CLUSAPID_WITH_TEXT(set_set_expression, CLUSAPID_GROUPSET, HGROUPSET,
                   SetClusterGroupSetDependencyExpression)
CLUSAPID_PAIR(remove_dependency, CLUSAPID_GROUP, HGROUP, CLUSAPID_GROUP, HGROUP,
              RemoveClusterGroupDependency)
CLUSAPID_PAIR(remove_set_dependency, CLUSAPID_GROUPSET, HGROUPSET, CLUSAPID_GROUPSET, HGROUPSET,
              RemoveClusterGroupSetDependency)
CLUSAPID_PAIR(remove_group_dependency, CLUSAPID_GROUP, HGROUP, CLUSAPID_GROUPSET, HGROUPSET,
              RemoveClusterGroupToGroupSetDependency)

static const ClusapidRow rows[] = {
    {CL_OP_CreateGroupSet, create_set},
    {CL_OP_OpenGroupSet, open_set},
    {CL_OP_CloseGroupSet, close_set},
    {CL_OP_DeleteGroupSet, delete_set},
    {CL_OP_AddGroupToGroupSet, add_group},
    {CL_OP_RemoveGroupFromGroupSet, remove_group},
    {CL_OP_MoveGroupToGroupSet, refuse_move},
    {CL_OP_AddGroupSetDependency, add_set_dependency},
    {CL_OP_AddGroupToGroupSetDependency, add_group_dependency},
    {CL_OP_SetGroupDependencyExpression, set_group_expression},
    {CL_OP_RemoveClusterGroupDependency, remove_dependency},
    {CL_OP_SetGroupSetDependencyExpression, set_set_expression},
    {CL_OP_RemoveGroupSetDependency, remove_set_dependency},
    {CL_OP_RemoveClusterGroupToGroupSetDependency, remove_group_dependency},
    {CL_OP_AddGroupToGroupSetEx, add_group_ex},
};

CLUSAPID_FAMILY(clusapid_group_set_methods, rows);
