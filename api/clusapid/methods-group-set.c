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
    {163, create_set},
    {164, open_set},
    {165, close_set},
    {166, delete_set},
    {167, add_group},
    {168, remove_group},
    {169, refuse_move},
    {171, add_set_dependency},
    {172, add_group_dependency},
    {175, set_group_expression},
    {176, remove_dependency},
    {177, set_set_expression},
    {178, remove_set_dependency},
    {179, remove_group_dependency},
    {183, add_group_ex},
};

CLUSAPID_FAMILY(clusapid_group_set_methods, rows);
