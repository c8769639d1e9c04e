/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Group sets, and groups that depend on groups, through the public API. One thread; each test has a
 * file of its own.
 */
#include "acting-setup.h"

#include <resapi.h>

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\n[node n1]\n[node n2]\n[resource-type T]\n"                              \
    "[group a]\nowner=n1\n[resource ra]\ngroup=a\ntype=T\nstate=offline\n"                         \
    "[group b]\nowner=n1\n[resource rb]\ngroup=b\ntype=T\nstate=offline\n"                         \
    "[group c]\nowner=n1\n[resource rc]\ngroup=c\ntype=T\nstate=offline\n"                         \
    "[group d]\nowner=n1\n[resource rd]\ngroup=d\ntype=T\nstate=offline\n"

/* The names that a control code gives as a MULTI_SZ, with semicolons between (transfer full). */
static char *join(const WCHAR *texts)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (; *texts != 0; texts += lstrlenW(texts) + 1) {
        g_autofree char *text = narrow(texts);
        g_string_append_printf(all, "%s%s", all->len > 0 ? ";" : "", text);
    }
    return g_strdup(all->str);
}

static void check_set(HGROUPSET set, DWORD code, const char *expected)
{
    WCHAR texts[512] = {0};
    DWORD size = 0;
    IS(ClusterGroupSetControl(set, NULL, code, NULL, 0, texts, sizeof texts, &size), ERROR_SUCCESS);
    g_autofree char *names = join(texts);
    g_assert_cmpstr(names, ==, expected);
}

static void check_group(HGROUP group, DWORD code, const char *expected)
{
    WCHAR texts[512] = {0};
    DWORD size = 0;
    IS(ClusterGroupControl(group, NULL, code, NULL, 0, texts, sizeof texts, &size), ERROR_SUCCESS);
    g_autofree char *names = join(texts);
    g_assert_cmpstr(names, ==, expected);
}

static HGROUPSET new_set(const Cluster *c, LPCWSTR name)
{
    HGROUPSET set = CreateClusterGroupSet(c->handle, name);
    g_assert_nonnull(set);
    return set;
}

static char *list_sets(HCLUSTER cluster)
{
    g_autoptr(GString) names = g_string_new(NULL);
    HGROUPSETENUM list = ClusterGroupSetOpenEnum(cluster);
    WCHAR text[64];
    DWORD length;
    g_assert_nonnull(list);
    for (DWORD i = 0; i < ClusterGroupSetGetEnumCount(list); i++) {
        length = G_N_ELEMENTS(text);
        IS(ClusterGroupSetEnum(list, i, text, &length), ERROR_SUCCESS);
        g_autofree char *name = narrow(text);
        g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", name);
    }
    length = G_N_ELEMENTS(text);
    IS(ClusterGroupSetEnum(list, ClusterGroupSetGetEnumCount(list), text, &length),
       ERROR_NO_MORE_ITEMS);
    IS(ClusterGroupSetCloseEnum(list), ERROR_SUCCESS);
    IS(ClusterGroupSetCloseEnum(list), ERROR_INVALID_HANDLE);
    return g_strdup(names->str);
}

static void test_sets(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET one = new_set(c, u"one");
    HGROUPSET two = new_set(c, u"two");
    BYTE list[256];
    DWORD size = 0;
    LPWSTR name = NULL;
    WCHAR id[64];
    NONE(CreateClusterGroupSet(c->handle, u"ONE"), ERROR_OBJECT_ALREADY_EXISTS);
    NONE(CreateClusterGroupSet(c->handle, u""), ERROR_INVALID_NAME);
    NONE(CreateClusterGroupSet(c->handle, NULL), ERROR_INVALID_PARAMETER);
    NONE(OpenClusterGroupSet(c->handle, u"three"), ERROR_GROUPSET_NOT_FOUND);
    g_autofree char *names = list_sets(c->handle);
    g_assert_cmpstr(names, ==, "one;two");
    IS(ClusterGroupSetControl(one, NULL, CLUSCTL_GROUPSET_GET_RO_COMMON_PROPERTIES, NULL, 0, list,
                              sizeof list, &size),
       ERROR_SUCCESS);
    IS(ResUtilFindSzProperty(list, size, u"Name", &name), ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(name, u"one"), ==, 0);
    LocalFree(name);
    IS(ClusterGroupSetControl(one, NULL, CLUSCTL_GROUPSET_GET_ID, NULL, 0, id, sizeof id, &size),
       ERROR_SUCCESS);
    HGROUPSET again = OpenClusterGroupSet(c->handle, id);
    g_assert_nonnull(again);
    IS(DeleteClusterGroupSet(one), ERROR_SUCCESS);
    IS(DeleteClusterGroupSet(again), ERROR_GROUPSET_NOT_AVAILABLE);
    IS(SetClusterGroupSetDependencyExpression(one, u""), ERROR_GROUPSET_NOT_AVAILABLE);
    IS(ClusterGroupSetControl(one, NULL, CLUSCTL_GROUPSET_GET_GROUPS, NULL, 0, id, sizeof id,
                              &size),
       ERROR_GROUPSET_NOT_AVAILABLE);
    g_assert_true(CloseClusterGroupSet(one));
    g_assert_false(CloseClusterGroupSet(one));
    IS(GetLastError(), ERROR_INVALID_HANDLE);
    g_autofree char *rest = list_sets(c->handle);
    g_assert_cmpstr(rest, ==, "two");
    (void)two;
}

static void test_members(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET one = new_set(c, u"one");
    HGROUPSET two = new_set(c, u"two");
    HGROUP a = group_of(c, "a");
    check_set(one, CLUSCTL_GROUPSET_GET_GROUPS, "");
    IS(ClusterAddGroupToGroupSet(one, a), ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(one, group_of(c, "b")), ERROR_SUCCESS);
    check_set(one, CLUSCTL_GROUPSET_GET_GROUPS, "a;b");
    IS(ClusterAddGroupToGroupSet(one, a), ERROR_OBJECT_ALREADY_EXISTS);
    IS(ClusterAddGroupToGroupSet(two, a), ERROR_OBJECT_ALREADY_EXISTS);
    IS(ClusterRemoveGroupFromGroupSet(a), ERROR_SUCCESS);
    IS(ClusterRemoveGroupFromGroupSet(a), ERROR_GROUPSET_NOT_FOUND);
    IS(ClusterAddGroupToGroupSet(two, a), ERROR_SUCCESS);
    IS(DestroyClusterGroup(group_of(c, "b")), ERROR_SUCCESS);
    check_set(one, CLUSCTL_GROUPSET_GET_GROUPS, "");
    IS(ClusterAddGroupToGroupSet(NULL, a), ERROR_INVALID_HANDLE);
    IS(ClusterAddGroupToGroupSet(one, NULL), ERROR_INVALID_HANDLE);
    IS(ClusterAddGroupToGroupSet(one, read_group(c, "c")), ERROR_ACCESS_DENIED);
}

static void test_dependencies(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET one = new_set(c, u"one");
    HGROUPSET two = new_set(c, u"two");
    HGROUP a = group_of(c, "a");
    HGROUP b = group_of(c, "b");
    IS(AddClusterGroupDependency(b, a), ERROR_SUCCESS);
    IS(AddClusterGroupDependency(b, a), ERROR_DEPENDENCY_ALREADY_EXISTS);
    IS(AddClusterGroupDependency(a, a), ERROR_CIRCULAR_DEPENDENCY);
    IS(AddClusterGroupDependency(a, b), ERROR_CIRCULAR_DEPENDENCY);
    check_group(b, CLUSCTL_GROUP_GET_PROVIDER_GROUPS, "a");
    check_group(b, CLUSCTL_GROUP_GET_PROVIDER_GROUPSETS, "");
    IS(AddClusterGroupToGroupSetDependency(b, one), ERROR_SUCCESS);
    check_group(b, CLUSCTL_GROUP_GET_PROVIDER_GROUPSETS, "one");
    IS(AddClusterGroupSetDependency(one, two), ERROR_SUCCESS);
    IS(AddClusterGroupSetDependency(two, one), ERROR_CIRCULAR_DEPENDENCY);
    check_set(one, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPSETS, "two");
    /* b waits for one, and one for two: as a member of either it would wait for itself. */
    IS(ClusterAddGroupToGroupSet(one, b), ERROR_CIRCULAR_DEPENDENCY);
    IS(ClusterAddGroupToGroupSet(two, b), ERROR_CIRCULAR_DEPENDENCY);
    check_set(two, CLUSCTL_GROUPSET_GET_GROUPS, "");
    IS(RemoveClusterGroupToGroupSetDependency(b, one), ERROR_SUCCESS);
    IS(RemoveClusterGroupToGroupSetDependency(b, one), ERROR_DEPENDENCY_NOT_FOUND);
    IS(RemoveClusterGroupSetDependency(one, two), ERROR_SUCCESS);
    IS(RemoveClusterGroupSetDependency(one, two), ERROR_DEPENDENCY_NOT_FOUND);
    IS(RemoveClusterGroupDependency(b, a), ERROR_SUCCESS);
    IS(RemoveClusterGroupDependency(b, a), ERROR_DEPENDENCY_NOT_FOUND);
    check_group(b, CLUSCTL_GROUP_GET_PROVIDER_GROUPS, "");
}

static void test_member_waits_for_its_set(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET one = new_set(c, u"one");
    HGROUP a = group_of(c, "a");
    HGROUP b = group_of(c, "b");
    IS(ClusterAddGroupToGroupSet(one, a), ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(one, b), ERROR_SUCCESS);
    IS(AddClusterGroupToGroupSetDependency(a, one), ERROR_CIRCULAR_DEPENDENCY);
    /* Members may depend on each other. */
    IS(AddClusterGroupDependency(b, a), ERROR_SUCCESS);
    IS(SetClusterGroupSetDependencyExpression(one, u"[a]"), ERROR_CIRCULAR_DEPENDENCY);
    check_set(one, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPS, "");
}

static void test_expressions(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET one = new_set(c, u"one");
    HGROUPSET two = new_set(c, u"two");
    HGROUP d = group_of(c, "d");
    IS(SetGroupDependencyExpression(d, u"([a] or [b]) and [one]"), ERROR_SUCCESS);
    check_group(d, CLUSCTL_GROUP_GET_PROVIDER_GROUPS, "a;b");
    check_group(d, CLUSCTL_GROUP_GET_PROVIDER_GROUPSETS, "one");
    IS(SetGroupDependencyExpression(d, u"[nothing]"), ERROR_INVALID_PARAMETER);
    IS(SetGroupDependencyExpression(d, u"[a"), ERROR_INVALID_PARAMETER);
    IS(SetGroupDependencyExpression(d, NULL), ERROR_INVALID_PARAMETER);
    IS(SetGroupDependencyExpression(d, u"[a] or [A]"), ERROR_DEPENDENCY_ALREADY_EXISTS);
    IS(SetGroupDependencyExpression(d, u"[d]"), ERROR_CIRCULAR_DEPENDENCY);
    check_group(d, CLUSCTL_GROUP_GET_PROVIDER_GROUPS, "a;b");
    IS(SetClusterGroupSetDependencyExpression(two, u"[one] or [a]"), ERROR_SUCCESS);
    check_set(two, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPSETS, "one");
    check_set(two, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPS, "a");
    IS(SetGroupDependencyExpression(d, u""), ERROR_SUCCESS);
    check_group(d, CLUSCTL_GROUP_GET_PROVIDER_GROUPS, "");
    IS(DeleteClusterGroupSet(one), ERROR_SUCCESS);
    check_set(two, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPSETS, "");
    IS(DestroyClusterGroup(group_of(c, "a")), ERROR_SUCCESS);
    check_set(two, CLUSCTL_GROUPSET_GET_PROVIDER_GROUPS, "");
}

/* What they are for: a group waits for what it and its set depend on. */
static void test_groups_wait(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUPSET front = new_set(c, u"front");
    HGROUPSET back = new_set(c, u"back");
    IS(ClusterAddGroupToGroupSet(back, group_of(c, "a")), ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(back, group_of(c, "b")), ERROR_SUCCESS);
    IS(ClusterAddGroupToGroupSet(front, group_of(c, "c")), ERROR_SUCCESS);
    IS(AddClusterGroupSetDependency(front, back), ERROR_SUCCESS);
    IS(OnlineClusterGroup(group_of(c, "c"), NULL), ERROR_IO_PENDING);
    g_assert_cmpint(state_of(c, "rc"), !=, ClusterResourceOnline);
    IS(OnlineClusterGroup(group_of(c, "a"), NULL), ERROR_SUCCESS);
    g_assert_cmpint(state_of(c, "rc"), !=, ClusterResourceOnline);
    IS(OnlineClusterGroup(group_of(c, "b"), NULL), ERROR_SUCCESS);
    await_state(c, "rc", ClusterResourceOnline);
}

/* Nor for longer than there is something to wait for. */
static void test_waiting_ends(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP a = group_of(c, "a");
    HGROUP b = group_of(c, "b");
    IS(AddClusterGroupDependency(b, a), ERROR_SUCCESS);
    IS(OnlineClusterGroup(b, NULL), ERROR_IO_PENDING);
    IS(RemoveClusterGroupDependency(b, a), ERROR_SUCCESS);
    await_state(c, "rb", ClusterResourceOnline);
}

static void test_events(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    NOTIFY_FILTER_AND_TYPE filter = {
        CLUSTER_OBJECT_TYPE_GROUPSET,
        CLUSTER_CHANGE_GROUPSET_GROUP_ADDED | CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED |
            CLUSTER_CHANGE_GROUPSET_DEPENDENCIES_V2 | CLUSTER_CHANGE_GROUPSET_DELETED_v2};
    static const LONGLONG expected[] = {
        CLUSTER_CHANGE_GROUPSET_GROUP_ADDED, CLUSTER_CHANGE_GROUPSET_DEPENDENCIES_V2,
        CLUSTER_CHANGE_GROUPSET_GROUP_REMOVED, CLUSTER_CHANGE_GROUPSET_DELETED_v2};
    HGROUPSET one = new_set(c, u"one");
    HGROUPSET two = new_set(c, u"two");
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, &filter, 1, 0);
    g_assert_nonnull(port);
    IS(ClusterAddGroupToGroupSet(one, group_of(c, "a")), ERROR_SUCCESS);
    IS(AddClusterGroupSetDependency(one, two), ERROR_SUCCESS);
    IS(ClusterRemoveGroupFromGroupSet(group_of(c, "a")), ERROR_SUCCESS);
    IS(DeleteClusterGroupSet(one), ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        NOTIFY_FILTER_AND_TYPE found;
        DWORD_PTR key;
        WCHAR name[64];
        DWORD length = G_N_ELEMENTS(name);
        IS(GetClusterNotifyV2(port, &key, &found, NULL, NULL, NULL, NULL, NULL, NULL, name, &length,
                              NULL, NULL, 2000),
           ERROR_SUCCESS);
        g_assert_cmpint(found.FilterFlags, ==, expected[i]);
        g_assert_cmpint(lstrcmpW(name, u"one"), ==, 0);
    }
    CloseClusterNotifyPort(port);
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/group-sets/come and go", test_sets);
    g_test_add_func("/group-sets/have members", test_members);
    g_test_add_func("/group-sets/groups and sets depend on each other", test_dependencies);
    g_test_add_func("/group-sets/a member cannot wait for its set", test_member_waits_for_its_set);
    g_test_add_func("/group-sets/expressions", test_expressions);
    g_test_add_func("/group-sets/groups wait for what they depend on", test_groups_wait);
    g_test_add_func("/group-sets/waiting ends with the dependency", test_waiting_ends);
    g_test_add_func("/group-sets/their changes are events", test_events);
    return g_test_run();
}
