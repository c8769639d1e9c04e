/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of group sets, and those of what groups and group sets depend on.
 */
#include <clusapi/linux.h>

#include "acting.h"
#include "enumeration.h"
#include "text.h"

HGROUPSET CreateClusterGroupSet(HCLUSTER hCluster, LPCWSTR groupSetName)
{
    return cl_acting_create(CL_KIND_CLUSTER, hCluster, groupSetName,
                            (ClNewObject){.kind = CL_KIND_GROUPSET});
}

HGROUPSET OpenClusterGroupSet(HCLUSTER hCluster, LPCWSTR lpszGroupSetName)
{
    return cl_object_open(CL_KIND_GROUPSET, hCluster, lpszGroupSetName, GENERIC_ALL, NULL);
}

BOOL CloseClusterGroupSet(HGROUPSET hGroupSet)
{
    return cl_object_close(CL_KIND_GROUPSET, hGroupSet);
}

DWORD DeleteClusterGroupSet(HGROUPSET hGroupSet)
{
    return cl_acting_remove(CL_KIND_GROUPSET, hGroupSet);
}

/* --- Members ---------------------------------------------------------------------------------- */

/* Verbs with one other object that must be there. */
static DWORD run_with(ClKind kind, gconstpointer handle, ClVerb verb, ClKind other_kind,
                      gconstpointer other)
{
    return cl_acting_run(
        kind, handle,
        &(ClActing){.verb = verb, .other_kind = other_kind, .others = &other, .n_others = 1});
}

/* To a back end it is the group that acts; to a caller the set comes first. */
DWORD ClusterAddGroupToGroupSet(HGROUPSET hGroupSet, HGROUP hGroup)
{
    return run_with(CL_KIND_GROUP, hGroup, CL_ACT_ADD_TO_GROUP_SET, CL_KIND_GROUPSET, hGroupSet);
}

DWORD ClusterRemoveGroupFromGroupSet(HGROUP hGroup)
{
    return cl_acting_run(CL_KIND_GROUP, hGroup, &(ClActing){.verb = CL_ACT_REMOVE_FROM_GROUP_SET});
}

/* --- Dependencies ----------------------------------------------------------------------------- */

static DWORD set_expression(ClKind kind, gconstpointer handle, LPCWSTR text)
{
    return cl_acting_run(
        kind, handle,
        &(ClActing){.verb = CL_ACT_SET_DEPENDENCY_EXPRESSION, .has_text = TRUE, .text = text});
}

static DWORD get_expression(ClKind kind, gconstpointer handle, LPWSTR text, LPDWORD length)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (length == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_object_query(kind, handle, CL_FACT_DEPENDENCY_EXPRESSION, &facts, &error)) {
        return cl_error_take(error);
    }
    return facts.dependency_expression != NULL
               ? cl_text_copy_out(facts.dependency_expression, text, length)
               : ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD ClusapiGetGroupDependencyExpression(HGROUP hGroup, LPWSTR lpszExpression,
                                          LPDWORD lpcchExpression)
{
    return get_expression(CL_KIND_GROUP, hGroup, lpszExpression, lpcchExpression);
}

DWORD ClusapiGetGroupSetDependencyExpression(HGROUPSET hGroupSet, LPWSTR lpszExpression,
                                             LPDWORD lpcchExpression)
{
    return get_expression(CL_KIND_GROUPSET, hGroupSet, lpszExpression, lpcchExpression);
}

DWORD AddClusterGroupDependency(HGROUP hDependentGroup, HGROUP hProviderGroup)
{
    return run_with(CL_KIND_GROUP, hDependentGroup, CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUP,
                    hProviderGroup);
}

DWORD RemoveClusterGroupDependency(HGROUP hGroup, HGROUP hDependsOn)
{
    return run_with(CL_KIND_GROUP, hGroup, CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUP, hDependsOn);
}

DWORD SetGroupDependencyExpression(HGROUP hGroup, LPCWSTR lpszDependencyExpression)
{
    return set_expression(CL_KIND_GROUP, hGroup, lpszDependencyExpression);
}

DWORD AddClusterGroupSetDependency(HGROUPSET hDependentGroupSet, HGROUPSET hProviderGroupSet)
{
    return run_with(CL_KIND_GROUPSET, hDependentGroupSet, CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUPSET,
                    hProviderGroupSet);
}

DWORD RemoveClusterGroupSetDependency(HGROUPSET hGroupSet, HGROUPSET hDependsOn)
{
    return run_with(CL_KIND_GROUPSET, hGroupSet, CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUPSET,
                    hDependsOn);
}

DWORD SetClusterGroupSetDependencyExpression(HGROUPSET hGroupSet, LPCWSTR lpszDependencyExprssion)
{
    return set_expression(CL_KIND_GROUPSET, hGroupSet, lpszDependencyExprssion);
}

DWORD AddClusterGroupToGroupSetDependency(HGROUP hDependentGroup, HGROUPSET hProviderGroupSet)
{
    return run_with(CL_KIND_GROUP, hDependentGroup, CL_ACT_ADD_DEPENDENCY, CL_KIND_GROUPSET,
                    hProviderGroupSet);
}

DWORD RemoveClusterGroupToGroupSetDependency(HGROUP hGroup, HGROUPSET hDependsOn)
{
    return run_with(CL_KIND_GROUP, hGroup, CL_ACT_REMOVE_DEPENDENCY, CL_KIND_GROUPSET, hDependsOn);
}

/* --- Enumeration ------------------------------------------------------------------------------ */

HGROUPSETENUM ClusterGroupSetOpenEnum(HCLUSTER hCluster)
{
    ClEnumRequest request = {.types = CL_ENUM_GROUPSET};
    return cl_enum_open(CL_KIND_CLUSTER, hCluster, CL_HANDLE_GROUPSET_ENUM, &request);
}

DWORD ClusterGroupSetGetEnumCount(HGROUPSETENUM hGroupSetEnum)
{
    return cl_enum_count(CL_HANDLE_GROUPSET_ENUM, hGroupSetEnum);
}

DWORD ClusterGroupSetEnum(HGROUPSETENUM hGroupSetEnum, DWORD dwIndex, LPWSTR lpszName,
                          LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_GROUPSET_ENUM, hGroupSetEnum, dwIndex, NULL, lpszName, lpcchName);
}

DWORD ClusterGroupSetCloseEnum(HGROUPSETENUM hGroupSetEnum)
{
    return cl_enum_close(CL_HANDLE_GROUPSET_ENUM, hGroupSetEnum);
}
