/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of buffers where a function has more than one or none may be missing, and the Ex
 * enumerators with lists of properties. One cluster for all tests of this file; one thread.
 */
#include <clusapi.h>
#include <resapi.h>

#include "fixture.h"

#define ROOM 200

static Fixture *fixture;
static HCLUSTER cluster;
static WCHAR first[ROOM], second[ROOM];

/* --- Two texts -------------------------------------------------------------------------------- */

static DWORD quorum(LPDWORD first_size, LPDWORD second_size, DWORD *size)
{
    return GetClusterQuorumResource(cluster, first, first_size, second, second_size, size);
}

static void test_quorum(void)
{
    DWORD size = 77;
    DWORD one = ROOM, two = ROOM;
    g_assert_cmpuint(quorum(&one, &two, &size), ==, ERROR_SUCCESS);
    g_autofree char *name = narrow(first);
    g_assert_cmpstr(name, ==, "File Share Witness");
    g_assert_cmpuint(one, ==, 18);
    g_assert_cmpuint(two, ==, 0);
    g_assert_cmphex(size, ==, 0x400);
    one = 18;
    two = 0;
    size = 77;
    g_assert_cmpuint(quorum(&one, &two, &size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(one, ==, 18);
    g_assert_cmpuint(two, ==, 0);
    g_assert_cmpuint(size, ==, 77);
    one = 19;
    two = 1;
    g_assert_cmpuint(quorum(&one, &two, &size), ==, ERROR_SUCCESS);
    g_assert_cmpuint(quorum(NULL, &two, &size), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(quorum(&one, NULL, &size), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(quorum(&one, &two, NULL), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(GetClusterQuorumResource(cluster, NULL, &one, second, &two, &size), ==,
                     ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(GetClusterQuorumResource(cluster, first, &one, NULL, &two, &size), ==,
                     ERROR_INVALID_PARAMETER);
}

static DWORD failure_of(CLUSTER_RESOURCE_STATE state)
{
    return state == ClusterResourceStateUnknown ? GetLastError() : ERROR_SUCCESS;
}

static void test_resource_state(void)
{
    HRESOURCE resource = OpenClusterResource(cluster, u"Web");
    DWORD one = 0, two = 0;
    g_assert_cmpuint(failure_of(GetClusterResourceState(resource, NULL, NULL, NULL, NULL)), ==, 0);
    g_assert_cmpuint(failure_of(GetClusterResourceState(resource, NULL, &one, NULL, &two)), ==, 0);
    const DWORD node = one, group = two;
    static const struct {
        int more_one, more_two;
        DWORD code;
    } rows[] = {{0, 0, ERROR_MORE_DATA},
                {1, 0, ERROR_MORE_DATA},
                {0, 1, ERROR_MORE_DATA},
                {1, 1, ERROR_SUCCESS}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        one = node + (DWORD)rows[i].more_one;
        two = group + (DWORD)rows[i].more_two;
        g_assert_cmpuint(failure_of(GetClusterResourceState(resource, first, &one, second, &two)),
                         ==, rows[i].code);
        g_assert_cmpuint(one, ==, node);
        g_assert_cmpuint(two, ==, group);
    }
    two = ROOM;
    g_assert_cmpuint(failure_of(GetClusterResourceState(resource, NULL, NULL, second, &two)), ==,
                     0);
    g_assert_cmpuint(failure_of(GetClusterResourceState(resource, first, NULL, NULL, NULL)), ==,
                     ERROR_INVALID_PARAMETER);
    g_assert_true(CloseClusterResource(resource));
}

/* --- One text --------------------------------------------------------------------------------- */

typedef DWORD (*GetText)(LPWSTR buffer, LPDWORD size);

static DWORD get_interface(LPWSTR buffer, LPDWORD size)
{
    return GetClusterNetInterface(cluster, u"node1", u"public", buffer, size);
}

static DWORD get_network_name(LPWSTR buffer, LPDWORD size)
{
    HRESOURCE resource = OpenClusterResource(cluster, u"Web");
    BOOL got = GetClusterResourceNetworkName(resource, buffer, size);
    DWORD code = got ? ERROR_SUCCESS : GetLastError();
    CloseClusterResource(resource);
    return code;
}

static DWORD get_first_interface(LPWSTR buffer, LPDWORD size)
{
    HNETINTERFACEENUM list = ClusterNetInterfaceOpenEnum(cluster, NULL, NULL);
    DWORD code = ClusterNetInterfaceEnum(list, 0, buffer, size);
    ClusterNetInterfaceCloseEnum(list);
    return code;
}

static void test_texts(void)
{
    static const GetText texts[] = {get_interface, get_network_name, get_first_interface};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        DWORD length = 0;
        g_assert_cmpuint(texts[i](NULL, &length), ==, ERROR_SUCCESS);
        g_assert_cmpuint(length, >, 0);
        DWORD room = length;
        first[length] = 0xbeef;
        g_assert_cmpuint(texts[i](first, &room), ==, ERROR_MORE_DATA);
        g_assert_cmpuint(room, ==, length);
        g_assert_cmphex(first[length], ==, 0xbeef);
        room = length + 1;
        g_assert_cmpuint(texts[i](first, &room), ==, ERROR_SUCCESS);
        g_assert_cmpuint(room, ==, length);
        g_assert_cmphex(first[length], ==, 0);
        g_assert_cmpuint(texts[i](first, NULL), ==, ERROR_INVALID_PARAMETER);
    }
}

static void test_no_network_name(void)
{
    DWORD length = ROOM;
    HRESOURCE resource = OpenClusterResource(cluster, u"web-ip");
    g_assert_false(GetClusterResourceNetworkName(resource, first, &length));
    g_assert_cmpuint(GetLastError(), ==, ERROR_DEPENDENCY_NOT_FOUND);
    g_assert_cmpuint(GetClusterResourceDependencyExpression(resource, first, &length), ==,
                     ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 0);
    g_assert_cmphex(first[0], ==, 0);
    CloseClusterResource(resource);
}

/* --- Lists of properties ---------------------------------------------------------------------- */

static void test_lists(void)
{
    static const WCHAR with_end[] = u"Description\0";
    static const WCHAR without_end[] = u"Description";
    static const WCHAR read_only[] = u"Name\0";
    static const WCHAR all_and_one[] = u"*\0Description\0";
    static const WCHAR text_behind[] = u"Description\0\0x\0";
    static const WCHAR surrogate[] = {0xd800, 0, 0};
    static const struct {
        LPCWSTR list;
        DWORD size, code;
    } rows[] = {
        {NULL, 0, ERROR_SUCCESS},
        {with_end, sizeof with_end, ERROR_SUCCESS},
        {u"\0", 2, ERROR_SUCCESS},
        {u"\0", 4, ERROR_SUCCESS},
        {NULL, 4, ERROR_INVALID_PARAMETER},
        {with_end, 0, ERROR_INVALID_PARAMETER},
        {with_end, sizeof with_end - 1, ERROR_INVALID_PARAMETER},
        {with_end, 6, ERROR_INVALID_PARAMETER},
        {without_end, sizeof without_end, ERROR_INVALID_PARAMETER},
        {read_only, sizeof read_only, ERROR_INVALID_PARAMETER},
        {all_and_one, sizeof all_and_one, ERROR_INVALID_PARAMETER},
        {text_behind, sizeof text_behind, ERROR_INVALID_PARAMETER},
        {surrogate, sizeof surrogate, ERROR_NO_UNICODE_TRANSLATION},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        HGROUPENUMEX groups =
            ClusterGroupOpenEnumEx(cluster, rows[i].list, rows[i].size, NULL, 0, 0);
        g_assert_cmpuint(groups != NULL ? 0 : GetLastError(), ==, rows[i].code);
        HRESENUMEX resources =
            ClusterResourceOpenEnumEx(cluster, rows[i].list, rows[i].size, NULL, 0, 0);
        g_assert_cmpuint(resources != NULL ? 0 : GetLastError(), ==, rows[i].code);
        ClusterGroupCloseEnumEx(groups);
        ClusterResourceCloseEnumEx(resources);
    }
}

static void check_resource(HRESENUMEX list, DWORD index)
{
    DWORD size = 0;
    g_assert_cmpuint(ClusterResourceEnumEx(list, index, NULL, &size), ==, ERROR_MORE_DATA);
    g_autofree CLUSTER_RESOURCE_ENUM_ITEM *item = g_malloc(size);
    DWORD room = size - 1;
    g_assert_cmpuint(ClusterResourceEnumEx(list, index, item, &room), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(room, ==, size);
    g_assert_cmpuint(ClusterResourceEnumEx(list, index, item, &room), ==, ERROR_SUCCESS);
    g_assert_cmpuint(ClusterResourceEnumEx(list, index, item, NULL), ==, ERROR_INVALID_PARAMETER);
    DWORD action;
    g_assert_cmpuint(
        ResUtilFindDwordProperty(item->pProperties, item->cbProperties, u"restartaction", &action),
        ==, ERROR_SUCCESS);
    LPWSTR name;
    g_assert_cmpuint(
        ResUtilFindSzProperty(item->pRoProperties, item->cbRoProperties, u"Name", &name), ==,
        ERROR_SUCCESS);
    g_autofree char *listed = narrow(item->lpszName);
    g_autofree char *property = narrow(name);
    g_assert_cmpstr(listed, ==, property);
    LocalFree(name);
    HGROUP by_name = OpenClusterGroup(cluster, item->lpszOwnerGroupName);
    HGROUP by_id = OpenClusterGroup(cluster, item->lpszOwnerGroupId);
    g_assert_nonnull(by_name);
    g_assert_nonnull(by_id);
    CloseClusterGroup(by_name);
    CloseClusterGroup(by_id);
}

static void test_resources(void)
{
    static const WCHAR wanted[] = u"RestartAction\0";
    static const WCHAR ro_wanted[] = u"Name\0Type\0";
    HRESENUMEX list =
        ClusterResourceOpenEnumEx(cluster, wanted, sizeof wanted, ro_wanted, sizeof ro_wanted, 0);
    DWORD count = ClusterResourceGetEnumCountEx(list);
    DWORD size = 0;
    g_assert_cmpuint(count, >, 20);
    for (DWORD i = 0; i < count; i++) {
        check_resource(list, i);
    }
    g_assert_cmpuint(ClusterResourceEnumEx(list, count, NULL, &size), ==, ERROR_NO_MORE_ITEMS);
    g_assert_cmpuint(ClusterResourceCloseEnumEx(list), ==, ERROR_SUCCESS);
    g_assert_null(ClusterResourceOpenEnumEx(cluster, NULL, 0, NULL, 0, 1));
    g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_PARAMETER);
}

static void test_ex_masks(void)
{
    static const DWORD bad[] = {CLUSTER_ENUM_SHARED_VOLUME_RESOURCE,
                                (DWORD)CLUSTER_ENUM_INTERNAL_NETWORK | CLUSTER_ENUM_NODE, 0x40, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(ClusterOpenEnumEx(cluster, bad[i], NULL));
        g_assert_cmpuint(GetLastError(), ==, ERROR_INVALID_PARAMETER);
    }
    HCLUSENUMEX list = ClusterOpenEnumEx(cluster, (DWORD)CLUSTER_ENUM_INTERNAL_NETWORK, NULL);
    g_assert_cmpuint(ClusterGetEnumCountEx(list), >, 1);
    g_assert_cmpuint(ClusterCloseEnumEx(list), ==, ERROR_SUCCESS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture = fixture_new_demo();
    cluster = OpenCluster(fixture->wide);
    g_test_add_func("/buffers/the quorum needs every pointer", test_quorum);
    g_test_add_func("/buffers/one call tells both lengths of a resource's state",
                    test_resource_state);
    g_test_add_func("/buffers/texts fit exactly or not at all", test_texts);
    g_test_add_func("/buffers/nothing depended on is an empty expression", test_no_network_name);
    g_test_add_func("/buffers/lists of properties must be whole and known", test_lists);
    g_test_add_func("/buffers/resources come with their group and properties", test_resources);
    g_test_add_func("/buffers/masks that Ex forms refuse", test_ex_masks);
    int result = g_test_run();
    CloseCluster(cluster);
    fixture_free(fixture);
    return result;
}
