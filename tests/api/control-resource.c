/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control codes that change a resource, properties apart, through the public API: checkpoints
 * and maintenance. One thread; each test has a file of its own.
 */
#include "control-setup.h"

#include <string.h>

/* --- Checkpoints -------------------------------------------------------------------------------- */

/* The two sorts of them. */
static const struct {
    DWORD add, delete, get;
    const char *key;
    const char *one, *same, *two, *none;
} sorts[] = {
    {CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT, CLUSCTL_RESOURCE_DELETE_REGISTRY_CHECKPOINT,
     CLUSCTL_RESOURCE_GET_REGISTRY_CHECKPOINTS, "RegSync", "Software\\Example", "sOFTWARE\\EXAMPLE",
     "System\\\xc3\x9c", "Software"},
    {CLUSCTL_RESOURCE_ADD_CRYPTO_CHECKPOINT, CLUSCTL_RESOURCE_DELETE_CRYPTO_CHECKPOINT,
     CLUSCTL_RESOURCE_GET_CRYPTO_CHECKPOINTS, "CryptoSync", "1\\Provider\\Box", "1\\provider\\BOX",
     "24\\A provider v1.0\\a\\b", "1\\Provider\\Other"},
};

static void test_checkpoints(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++) {
        g_autoptr(Cluster) c = control_cluster_new();
        HRESOURCE r = resource_of(c, "r");
        HRESOURCE disk = resource_of(c, "disk");
        g_autofree char *both = g_strconcat(sorts[i].one, ";", sorts[i].two, NULL);
        g_autofree char *turned = g_strconcat(sorts[i].same, ";", sorts[i].two, NULL);
        assert_texts(r, sorts[i].get, "");
        IS(resource_send_text(r, sorts[i].add, sorts[i].one), ERROR_SUCCESS);
        IS(resource_send_text(r, sorts[i].add, sorts[i].two), ERROR_SUCCESS);
        assert_texts(r, sorts[i].get, both);
        IS(resource_send_text(r, sorts[i].add, sorts[i].one), ERROR_ALREADY_EXISTS);
        IS(resource_send_text(r, sorts[i].add, sorts[i].same), ERROR_ALREADY_EXISTS);
        IS(resource_send_text(r, sorts[i].delete, sorts[i].none), ERROR_FILE_NOT_FOUND);
        assert_texts(r, sorts[i].get, both);
        /* Another resource has its own. */
        assert_texts(disk, sorts[i].get, "");
        IS(resource_send_text(disk, sorts[i].add, sorts[i].one), ERROR_SUCCESS);
        IS(resource_send_text(r, sorts[i].delete, sorts[i].same), ERROR_SUCCESS);
        assert_texts(r, sorts[i].get, sorts[i].two);
        IS(resource_send_text(r, sorts[i].delete, sorts[i].one), ERROR_FILE_NOT_FOUND);
        /* The place that has become free is used again. */
        IS(resource_send_text(r, sorts[i].add, sorts[i].same), ERROR_SUCCESS);
        assert_texts(r, sorts[i].get, turned);
        IS(resource_send_text(r, sorts[1 - i].add, sorts[1 - i].two), ERROR_SUCCESS);
        assert_texts(r, sorts[i].get, turned);
        control_check_file(c);
    }
}

/* Keys of one width and of another are the same here. */
static void test_widths(void)
{
    static const DWORD codes[] = {CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT,
                                  CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT_64BIT,
                                  CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT_32BIT};
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE r = resource_of(c, "r");
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        IS(resource_send_text(r, codes[i], "Software"), ERROR_SUCCESS);
        for (gsize k = 0; k < G_N_ELEMENTS(codes); k++) {
            IS(resource_send_text(r, codes[k], "Software"), ERROR_ALREADY_EXISTS);
        }
        assert_texts(r, CLUSCTL_RESOURCE_GET_REGISTRY_CHECKPOINTS, "Software");
        IS(resource_send_text(r, CLUSCTL_RESOURCE_DELETE_REGISTRY_CHECKPOINT, "Software"),
           ERROR_SUCCESS);
    }
}

static void test_checkpoint_inputs(void)
{
    static const WCHAR alone[] = {'x', 0xd800, 0};
    static const char *const keys[] = {"", "\\", "\\a", "a\\", "a\\\\b"};
    static const char *const containers[] = {
        "",        "1",        "1\\p",    "1\\p\\",   "1\\\\c",           "\\p\\c",
        "0\\p\\c", "-1\\p\\c", "x\\p\\c", "1x\\p\\c", "4294967296\\p\\c", " 1\\p\\c"};
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    HRESOURCE r = handles[3];
    for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++) {
        const DWORD codes[] = {sorts[i].add, sorts[i].delete};
        for (gsize k = 0; k < G_N_ELEMENTS(codes); k++) {
            IS(resource_send(r, codes[k], NULL, 0), ERROR_INVALID_PARAMETER);
            IS(resource_send(r, codes[k], NULL, 8), ERROR_INVALID_PARAMETER);
            IS(resource_send(r, codes[k], u"a", 1), ERROR_INVALID_PARAMETER);
            IS(resource_send(r, codes[k], u"a", 2), ERROR_INVALID_PARAMETER);
            IS(resource_send(r, codes[k], u"a", 3), ERROR_INVALID_PARAMETER);
            IS(resource_send(r, codes[k], alone, sizeof alone), ERROR_NO_UNICODE_TRANSLATION);
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        IS(resource_send_text(r, sorts[0].add, keys[i]), ERROR_INVALID_PARAMETER);
        IS(resource_send_text(r, sorts[0].delete, keys[i]), ERROR_FILE_NOT_FOUND);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(containers); i++) {
        IS(resource_send_text(r, sorts[1].add, containers[i]), ERROR_INVALID_PARAMETER);
    }
    control_assert_same(before, handles);
}

/* As long as keys can be; what follows the NUL is ignored. */
static void test_long_checkpoints(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE r = resource_of(c, "r");
    g_autofree char *part = g_strnfill(256, 'k');
    g_autoptr(GString) deep = g_string_new("k");
    for (guint i = 1; i < 512; i++) {
        g_string_append(deep, "\\k");
    }
    g_autofree char *deeper = g_strconcat(deep->str, "\\k", NULL);
    g_autofree char *huge = g_strnfill(4 * 1024 * 1024, 'k');
    memcpy(huge, "1\\p\\", 4);
    IS(resource_send_text(r, sorts[0].add, part), ERROR_INVALID_PARAMETER);
    IS(resource_send_text(r, sorts[0].add, part + 1), ERROR_SUCCESS);
    IS(resource_send_text(r, sorts[0].add, deeper), ERROR_INVALID_PARAMETER);
    IS(resource_send_text(r, sorts[0].add, deep->str), ERROR_SUCCESS);
    IS(resource_send_text(r, sorts[0].add, huge), ERROR_INVALID_PARAMETER);
    IS(resource_send_text(r, sorts[1].add, huge), ERROR_INVALID_PARAMETER);
    IS(resource_send(r, sorts[0].delete, u"nothing\0else", sizeof u"nothing\0else"),
       ERROR_FILE_NOT_FOUND);
    IS(resource_send(r, sorts[0].add, u"k\0else", sizeof u"k\0else"), ERROR_SUCCESS);
    IS(resource_send(r, sorts[0].delete, u"K\0\0", 3 * sizeof(WCHAR)), ERROR_SUCCESS);
    g_autofree char *all = g_strconcat(part + 1, ";", deep->str, NULL);
    assert_texts(r, sorts[0].get, all);
    control_check_file(c);
}

/* They are values of the resource's keys, where others may have put something, too. */
static void test_checkpoints_in_database(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++) {
        g_autoptr(Cluster) c = control_cluster_new();
        HRESOURCE r = resource_of(c, "r");
        HKEY key = GetClusterResourceKey(r, KEY_ALL_ACCESS);
        HKEY list;
        WCHAR text[64];
        DWORD size = sizeof text, type = 0, number = 7;
        g_autofree WCHAR *name = wide(sorts[i].key);
        IS(ClusterRegOpenKey(key, name, KEY_READ, &list), ERROR_FILE_NOT_FOUND);
        IS(resource_send_text(r, sorts[i].add, sorts[i].one), ERROR_SUCCESS);
        IS(ClusterRegOpenKey(key, name, KEY_ALL_ACCESS, &list), ERROR_SUCCESS);
        IS(ClusterRegQueryValue(list, u"00000001", &type, (LPBYTE)text, &size), ERROR_SUCCESS);
        g_autofree char *seen = narrow(text);
        g_assert_cmpuint(type, ==, REG_SZ);
        g_assert_cmpstr(seen, ==, sorts[i].one);
        IS(ClusterRegSetValue(list, u"00000002", REG_DWORD, (BYTE *)&number, sizeof number), 0);
        IS(ClusterRegSetValue(list, u"00000003", REG_SZ, (const BYTE *)"x", 1), 0);
        IS(ClusterRegSetValue(list, u"00000004", REG_SZ, (const BYTE *)"\0\xd8\0", 4), 0);
        IS(ClusterRegSetValue(list, u"00000005", REG_SZ, NULL, 0), 0);
        assert_texts(r, sorts[i].get, sorts[i].one);
        IS(resource_send_text(r, sorts[i].add, sorts[i].two), ERROR_SUCCESS);
        size = sizeof text;
        IS(ClusterRegQueryValue(list, u"00000006", &type, (LPBYTE)text, &size), ERROR_SUCCESS);
        IS(ClusterRegDeleteKey(key, name), ERROR_SUCCESS);
        assert_texts(r, sorts[i].get, "");
    }
}

static void test_checkpoints_of_deleted(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE off = resource_of(c, "off");
    for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++) {
        IS(resource_send_text(off, sorts[i].add, sorts[i].one), ERROR_SUCCESS);
    }
    IS(DeleteClusterResource(off), ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(sorts); i++) {
        IS(resource_send_text(off, sorts[i].add, sorts[i].two), ERROR_RESOURCE_NOT_AVAILABLE);
        IS(resource_send_text(off, sorts[i].delete, sorts[i].one), ERROR_RESOURCE_NOT_AVAILABLE);
        IS(resource_send(off, sorts[i].get, NULL, 0), ERROR_RESOURCE_NOT_AVAILABLE);
    }
    control_check_file(c);
}

/* Types have no DLL that would want any. */
static void test_checkpoints_of_type(void)
{
    static const DWORD codes[] = {CLUSCTL_RESOURCE_TYPE_GET_REGISTRY_CHECKPOINTS,
                                  CLUSCTL_RESOURCE_TYPE_GET_CRYPTO_CHECKPOINTS};
    g_autoptr(Cluster) c = control_cluster_new();
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        WCHAR none[4] = {1, 1, 1, 1};
        DWORD size = 0;
        IS(ClusterResourceTypeControl(c->handle, CONTROL_TYPE, NULL, codes[i], NULL, 0, none,
                                      sizeof none, &size),
           ERROR_SUCCESS);
        g_assert_cmpuint(none[0], ==, 0);
        g_assert_cmpuint(size, <=, 4);
        IS(ClusterResourceTypeControl(c->handle, u"none", NULL, codes[i], NULL, 0, none,
                                      sizeof none, &size),
           ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    }
}

/* --- Maintenance -------------------------------------------------------------------------------- */

static void assert_maintenance(HRESOURCE resource, BOOL expected)
{
    CLUS_MAINTENANCE_MODE_INFO info = {77};
    DWORD size = 0;
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_QUERY_MAINTENANCE_MODE, NULL, 0,
                              &info, sizeof info, &size),
       ERROR_SUCCESS);
    g_assert_cmpuint(size, ==, sizeof info);
    g_assert_cmpint(info.InMaintenance, ==, expected);
}

static void test_maintenance(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE spare = resource_of(c, "spare");
    assert_maintenance(spare, FALSE);
    IS(set_maintenance(spare, FALSE), ERROR_SUCCESS);
    IS(set_maintenance(spare, TRUE), ERROR_SUCCESS);
    IS(set_maintenance(spare, 17), ERROR_SUCCESS);
    assert_maintenance(spare, TRUE);
    assert_maintenance(resource_of(c, "off"), FALSE);
    g_assert_cmpint(state_of(c, "spare"), ==, ClusterResourceOnline);
    IS(SetClusterQuorumResource(spare, NULL, 1024), ERROR_INVALID_STATE);
    IS(set_maintenance(spare, FALSE), ERROR_SUCCESS);
    assert_maintenance(spare, FALSE);
    control_check_file(c);
}

/* It does not outlast what it is about. */
static void test_maintenance_ends(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE spare = resource_of(c, "spare");
    IS(set_maintenance(spare, TRUE), ERROR_SUCCESS);
    IS(OfflineClusterResource(spare), ERROR_SUCCESS);
    assert_maintenance(spare, FALSE);
    IS(set_maintenance(spare, FALSE), ERROR_SUCCESS);
    IS(OnlineClusterResource(spare), ERROR_SUCCESS);
    assert_maintenance(spare, FALSE);
    IS(set_maintenance(spare, TRUE), ERROR_SUCCESS);
    IS(MoveClusterGroup(group_of(c, "g"), node_of(c, "n2")), ERROR_SUCCESS);
    await_state(c, "spare", ClusterResourceOnline);
    assert_maintenance(spare, FALSE);
}

static void test_maintenance_refused(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    HRESOURCE spare = resource_of(c, "spare");
    BYTE input[8] = {1};
    for (gsize size = 0; size <= sizeof input; size++) {
        if (size != sizeof(CLUS_MAINTENANCE_MODE_INFO)) {
            IS(resource_send(spare, CLUSCTL_RESOURCE_SET_MAINTENANCE_MODE, input, size),
               ERROR_INVALID_PARAMETER);
        }
    }
    IS(resource_send(spare, CLUSCTL_RESOURCE_SET_MAINTENANCE_MODE, NULL, 4),
       ERROR_INVALID_PARAMETER);
    IS(set_maintenance(resource_of(c, "off"), TRUE), ERROR_RESOURCE_NOT_ONLINE);
    IS(set_maintenance(resource_of(c, "disk"), TRUE), ERROR_INVALID_OPERATION_ON_QUORUM);
    IS(set_maintenance(resource_of(c, "disk"), FALSE), ERROR_SUCCESS);
    IS(set_maintenance(resource_of(c, "r"), TRUE), ERROR_INVALID_FUNCTION);
    IS(resource_send(resource_of(c, "r"), CLUSCTL_RESOURCE_QUERY_MAINTENANCE_MODE, NULL, 0),
       ERROR_INVALID_FUNCTION);
    assert_maintenance(spare, FALSE);
    control_assert_same(before, handles);
    HRESOURCE off = resource_of(c, "off");
    IS(DeleteClusterResource(off), ERROR_SUCCESS);
    IS(set_maintenance(off, TRUE), ERROR_RESOURCE_NOT_AVAILABLE);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checkpoints/are added, told and deleted", test_checkpoints);
    g_test_add_func("/checkpoints/of both widths are one", test_widths);
    g_test_add_func("/checkpoints/bad ones are refused", test_checkpoint_inputs);
    g_test_add_func("/checkpoints/long ones", test_long_checkpoints);
    g_test_add_func("/checkpoints/are in the cluster database", test_checkpoints_in_database);
    g_test_add_func("/checkpoints/go with their resource", test_checkpoints_of_deleted);
    g_test_add_func("/checkpoints/types have none", test_checkpoints_of_type);
    g_test_add_func("/maintenance/begins and ends", test_maintenance);
    g_test_add_func("/maintenance/ends with the state", test_maintenance_ends);
    g_test_add_func("/maintenance/is refused", test_maintenance_refused);
    return g_test_run();
}
