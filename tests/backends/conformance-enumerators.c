/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The part of the conformance suite that is about enumerators. One thread; each test opens its own
 * handles.
 */
#include "conformance.h"

static void check_entry_buffer(const Enumerator *enumerator, gpointer handle, DWORD index)
{
    DWORD type = 0;
    DWORD length = 0;
    g_assert_cmpuint(enumerator->item(handle, index, &type, NULL, &length), ==, ERROR_SUCCESS);
    g_autofree WCHAR *name = g_new(WCHAR, length + 1);
    DWORD room = length;
    g_assert_cmpuint(enumerator->item(handle, index, &type, name, &room), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(room, ==, length);
    room = length + 1;
    g_assert_cmpuint(enumerator->item(handle, index, &type, name, &room), ==, ERROR_SUCCESS);
    g_assert_cmpuint(room, ==, length);
    g_assert_cmpuint(enumerator->item(handle, index, &type, name, NULL), ==,
                     ERROR_INVALID_PARAMETER);
}

static void check_enumerator(const Enumerator *enumerator, gpointer parent, LPCWSTR name)
{
    for (const DWORD *bit = enumerator->bits; *bit != 0; bit++) {
        gpointer handle = enumerator->open(parent, name, *bit);
        DWORD type = 0;
        DWORD length = 0;
        g_assert_nonnull(handle);
        DWORD count = enumerator->count(handle);
        for (DWORD i = 0; i < count; i++) {
            check_entry_buffer(enumerator, handle, i);
        }
        g_assert_cmpuint(enumerator->item(handle, count, &type, NULL, &length), ==,
                         ERROR_NO_MORE_ITEMS);
        g_assert_cmpuint(enumerator->item(handle, 0xffffffff, &type, NULL, &length), ==,
                         ERROR_NO_MORE_ITEMS);
        g_assert_cmpuint(enumerator->close(handle), ==, ERROR_SUCCESS);
        g_assert_cmpuint(enumerator->close(handle), ==, ERROR_INVALID_HANDLE);
    }
}

static void check_unknown_bits(const Enumerator *enumerator, gpointer parent, LPCWSTR name)
{
    gpointer handle = enumerator->open(parent, name, enumerator->bits[0] | 0x00100000);
    if (enumerator->strict) {
        assert_failed(handle, ERROR_INVALID_PARAMETER);
        return;
    }
    g_assert_nonnull(handle);
    g_autoptr(GPtrArray) known = enumerator_names(enumerator, parent, name, enumerator->bits[0]);
    g_assert_cmpuint(enumerator->count(handle), ==, known->len);
    g_assert_cmpuint(enumerator->close(handle), ==, ERROR_SUCCESS);
}

static void check_object_enumerator(G_GNUC_UNUSED HCLUSTER cluster, const Family *family,
                                    gpointer handle, G_GNUC_UNUSED const char *name)
{
    const Enumerator *enumerator = family_enumerator(family);
    if (enumerator != NULL) {
        check_enumerator(enumerator, handle, NULL);
        check_unknown_bits(enumerator, handle, NULL);
    }
}

static void test_enumerators(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    g_autoptr(GPtrArray) types =
        enumerator_names(&cluster_enumerator, cluster, NULL, CLUSTER_ENUM_RESTYPE);
    check_enumerator(&cluster_enumerator, cluster, NULL);
    check_unknown_bits(&cluster_enumerator, cluster, NULL);
    for (guint i = 0; i < types->len; i++) {
        g_autofree WCHAR *type = to_wide(g_ptr_array_index(types, i));
        check_enumerator(&type_enumerator, cluster, type);
        check_unknown_bits(&type_enumerator, cluster, type);
    }
    CloseCluster(cluster);
    each_object(check_object_enumerator);
}

static void test_lonely_bits(void)
{
    static const DWORD lonely[] = {(DWORD)CLUSTER_ENUM_INTERNAL_NETWORK,
                                   CLUSTER_ENUM_SHARED_VOLUME_RESOURCE};
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    for (gsize i = 0; i < G_N_ELEMENTS(lonely); i++) {
        assert_failed(ClusterOpenEnum(cluster, lonely[i] | CLUSTER_ENUM_NODE),
                      ERROR_INVALID_PARAMETER);
    }
    assert_failed(ClusterOpenEnum(cluster, 0), ERROR_INVALID_PARAMETER);
    assert_failed(ClusterOpenEnumEx(cluster, 0, NULL), ERROR_INVALID_PARAMETER);
    assert_failed(ClusterOpenEnumEx(cluster, CLUSTER_ENUM_NODE, &cluster), ERROR_INVALID_PARAMETER);
    CloseCluster(cluster);
}

static void test_combined_bits(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    HCLUSENUM all = ClusterOpenEnum(cluster, CLUSTER_ENUM_ALL);
    DWORD count = 0;
    for (const DWORD *bit = cluster_enumerator.bits; *bit != 0; bit++) {
        if ((*bit & CLUSTER_ENUM_ALL) != 0) {
            g_autoptr(GPtrArray) names = enumerator_names(&cluster_enumerator, cluster, NULL, *bit);
            count += names->len;
        }
    }
    g_assert_cmpuint(ClusterGetEnumCount(all), ==, count);
    g_assert_cmpuint(ClusterCloseEnum(all), ==, ERROR_SUCCESS);
    CloseCluster(cluster);
}

/* The Ex enumeration of what can be wanted of groups; @names NULL wants nothing. */
static void test_group_entries(void)
{
    static const WCHAR priority[] = u"Priority\0";
    static const WCHAR unknown[] = u"NoSuchProperty\0";
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    HGROUPENUMEX plain = ClusterGroupOpenEnumEx(cluster, NULL, 0, NULL, 0, 0);
    HGROUPENUMEX wanted = ClusterGroupOpenEnumEx(cluster, priority, sizeof priority, NULL, 0, 0);
    DWORD plain_size = 0;
    DWORD size = 0;
    g_assert_nonnull(plain);
    g_assert_nonnull(wanted);
    g_assert_cmpuint(ClusterGroupEnumEx(plain, 0, NULL, &plain_size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(ClusterGroupEnumEx(wanted, 0, NULL, &size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(size, >, plain_size);
    g_autofree CLUSTER_GROUP_ENUM_ITEM *item = g_malloc(size);
    DWORD room = size - 1;
    g_assert_cmpuint(ClusterGroupEnumEx(wanted, 0, item, &room), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(room, ==, size);
    g_assert_cmpuint(ClusterGroupEnumEx(wanted, 0, item, &room), ==, ERROR_SUCCESS);
    g_assert_cmpuint(item->cbProperties, >, 0);
    g_assert_cmpuint(item->cbRoProperties, ==, 0);
    DWORD count = ClusterGroupGetEnumCountEx(wanted);
    g_assert_cmpuint(ClusterGroupEnumEx(wanted, count, item, &room), ==, ERROR_NO_MORE_ITEMS);
    assert_failed(ClusterGroupOpenEnumEx(cluster, unknown, sizeof unknown, NULL, 0, 0),
                  ERROR_INVALID_PARAMETER);
    assert_failed(ClusterGroupOpenEnumEx(cluster, NULL, 0, NULL, 0, 1), ERROR_INVALID_PARAMETER);
    assert_failed(ClusterGroupOpenEnumEx(cluster, priority, sizeof priority - 1, NULL, 0, 0),
                  ERROR_INVALID_PARAMETER);
    ClusterGroupCloseEnumEx(plain);
    ClusterGroupCloseEnumEx(wanted);
    CloseCluster(cluster);
}

static void test_node_entries(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    g_autofree WCHAR *name_of_node = first_name(cluster, CLUSTER_ENUM_NODE);
    HNODE node = OpenClusterNode(cluster, name_of_node);
    HNODEENUMEX handle = ClusterNodeOpenEnumEx(node, CLUSTER_NODE_ENUM_GROUPS, NULL);
    g_assert_nonnull(handle);
    DWORD count = ClusterNodeGetEnumCountEx(handle);
    g_autoptr(GPtrArray) names =
        enumerator_names(family_enumerator(&families[0]), node, NULL, CLUSTER_NODE_ENUM_GROUPS);
    g_assert_cmpuint(count, ==, names->len);
    for (DWORD i = 0; i < count; i++) {
        DWORD size = 0;
        g_assert_cmpuint(ClusterNodeEnumEx(handle, i, NULL, &size), ==, ERROR_MORE_DATA);
        g_autofree CLUSTER_ENUM_ITEM *item = g_malloc(size);
        g_assert_cmpuint(ClusterNodeEnumEx(handle, i, item, &size), ==, ERROR_SUCCESS);
        g_autofree char *name = to_utf8(item->lpszName);
        g_assert_cmpstr(name, ==, g_ptr_array_index(names, i));
    }
    g_assert_cmpuint(ClusterNodeCloseEnumEx(handle), ==, ERROR_SUCCESS);
    assert_failed(ClusterNodeOpenEnumEx(node, 0x00100000, NULL), ERROR_INVALID_PARAMETER);
    CloseClusterNode(node);
    CloseCluster(cluster);
}

void add_enumerator_tests(void)
{
    g_test_add_func("/conformance/enumerators keep their rules", test_enumerators);
    g_test_add_func("/conformance/some bits stand alone", test_lonely_bits);
    g_test_add_func("/conformance/bits can be combined", test_combined_bits);
    g_test_add_func("/conformance/groups come with wanted properties", test_group_entries);
    g_test_add_func("/conformance/entries of a node", test_node_entries);
}
