/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database through the public functions, on an embedded cluster.
 */
#include "fixture.h"

#include <string.h>

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n";

static HCLUSTER open_as(const Fixture *fixture, DWORD access)
{
    HCLUSTER cluster = OpenClusterEx(fixture->wide, access, NULL);
    g_assert_nonnull(cluster);
    return cluster;
}

static void set_dword(HKEY key, const WCHAR *name, DWORD value)
{
    g_assert_cmpuint(ClusterRegSetValue(key, name, REG_DWORD, (const BYTE *)&value, sizeof value),
                     ==, ERROR_SUCCESS);
}

static void check_dword(HKEY key, const WCHAR *name, DWORD expected)
{
    DWORD value = 0, type = 0, size = sizeof value;
    g_assert_cmpint(ClusterRegQueryValue(key, name, &type, (LPBYTE)&value, &size), ==, 0);
    g_assert_cmpuint(type, ==, REG_DWORD);
    g_assert_cmpuint(size, ==, sizeof value);
    g_assert_cmpuint(value, ==, expected);
}

static void test_keys(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_ALL);
    HKEY root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    HKEY key, again;
    DWORD disposition = 0;
    g_assert_nonnull(root);
    g_assert_cmpint(ClusterRegOpenKey(root, u"Software\\Us", KEY_READ, &key), ==,
                    ERROR_FILE_NOT_FOUND);
    g_assert_cmpint(
        ClusterRegCreateKey(root, u"Software\\Us", 0, KEY_ALL_ACCESS, NULL, &key, &disposition), ==,
        0);
    g_assert_cmpuint(disposition, ==, REG_CREATED_NEW_KEY);
    g_assert_cmpint(
        ClusterRegCreateKey(root, u"SOFTWARE\\us", 0, KEY_READ, NULL, &again, &disposition), ==, 0);
    g_assert_cmpuint(disposition, ==, REG_OPENED_EXISTING_KEY);
    g_assert_cmpint(ClusterRegCreateKey(root, u"\\x", 0, KEY_READ, NULL, &again, NULL), ==,
                    ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegCreateKey(root, u"a\\\\b", 0, KEY_READ, NULL, &again, NULL), ==,
                    ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegCreateKey(root, u"x", 1, KEY_READ, NULL, &again, NULL), ==,
                    ERROR_INVALID_PARAMETER);
    /* The keys of the objects are there without being made. */
    static const char *const expected[] = {"Groups",        "NetworkInterfaces", "Networks",
                                           "Nodes",         "Parameters",        "Resources",
                                           "ResourceTypes", "Software"};
    WCHAR name[20];
    DWORD length;
    FILETIME time = {0, 0};
    for (DWORD i = 0; i < G_N_ELEMENTS(expected); i++) {
        length = G_N_ELEMENTS(name);
        g_assert_cmpint(ClusterRegEnumKey(root, i, name, &length, &time), ==, 0);
        g_autofree char *text = narrow(name);
        g_assert_cmpstr(text, ==, expected[i]);
    }
    g_assert_cmpuint(time.dwHighDateTime, >, 0);
    DWORD last = G_N_ELEMENTS(expected) - 1;
    length = 3;
    g_assert_cmpint(ClusterRegEnumKey(root, last, name, &length, NULL), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(length, ==, 8);
    length = G_N_ELEMENTS(name);
    g_assert_cmpint(ClusterRegEnumKey(root, last + 1, name, &length, NULL), ==,
                    ERROR_NO_MORE_ITEMS);
    g_assert_cmpint(ClusterRegDeleteKey(root, u"Software"), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(ClusterRegDeleteKey(root, u"Software\\Us"), ==, 0);
    g_assert_cmpuint(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0), ==, ERROR_KEY_DELETED);
    g_assert_cmpint(ClusterRegCloseKey(key), ==, 0);
    g_assert_cmpint(ClusterRegCloseKey(key), ==, ERROR_INVALID_HANDLE);
    CloseCluster(cluster);
    g_assert_cmpint(ClusterRegDeleteKey(root, u"Software"), ==, ERROR_INVALID_HANDLE);
}

static void test_values(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_ALL);
    HKEY root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    static const DWORD types[] = {REG_NONE,  REG_SZ,    REG_EXPAND_SZ,        REG_BINARY,
                                  REG_DWORD, REG_QWORD, REG_DWORD_BIG_ENDIAN, REG_MULTI_SZ};
    static const BYTE bytes[] = {0, 1, 2, 0xff, 0, 0, 7, 0};
    BYTE buffer[16];
    DWORD size, type;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_assert_cmpuint(ClusterRegSetValue(root, u"Value", types[i], bytes, sizeof bytes), ==, 0);
        size = sizeof buffer;
        g_assert_cmpint(ClusterRegQueryValue(root, u"vALUE", &type, buffer, &size), ==, 0);
        g_assert_cmpuint(type, ==, types[i]);
        g_assert_cmpmem(buffer, size, bytes, sizeof bytes);
    }
    g_assert_cmpuint(ClusterRegSetValue(root, u"x", 6, bytes, 1), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(ClusterRegSetValue(root, u"x", REG_BINARY, NULL, 1), ==,
                     ERROR_INVALID_PARAMETER);
    static const WCHAR lone[] = {0xd800, 0};
    g_assert_cmpuint(ClusterRegSetValue(root, lone, REG_NONE, NULL, 0), ==,
                     ERROR_NO_UNICODE_TRANSLATION);
    /* The default value has no name. */
    set_dword(root, NULL, 42);
    check_dword(root, u"", 42);
    size = 2;
    g_assert_cmpint(ClusterRegQueryValue(root, NULL, NULL, buffer, &size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(size, ==, 4);
    g_assert_cmpint(ClusterRegQueryValue(root, NULL, &type, NULL, &size), ==, 0);
    g_assert_cmpint(ClusterRegQueryValue(root, u"none", NULL, NULL, &size), ==,
                    ERROR_FILE_NOT_FOUND);
    DWORD values = 0, longest = 0, largest = 0, keys = 9;
    g_assert_cmpint(
        ClusterRegQueryInfoKey(root, &keys, NULL, &values, &longest, &largest, NULL, NULL), ==, 0);
    g_assert_cmpuint(values, ==, 2);
    g_assert_cmpuint(keys, ==, 7);
    g_assert_cmpuint(longest, ==, 5);
    g_assert_cmpuint(largest, ==, sizeof bytes);
    WCHAR name[20];
    DWORD length = G_N_ELEMENTS(name);
    size = sizeof buffer;
    g_assert_cmpuint(ClusterRegEnumValue(root, 1, name, &length, &type, buffer, &size), ==, 0);
    g_assert_cmpuint(length, ==, 5);
    g_assert_cmpuint(ClusterRegEnumValue(root, 2, name, &length, &type, NULL, NULL), ==,
                     ERROR_NO_MORE_ITEMS);
    g_assert_cmpuint(ClusterRegDeleteValue(root, u"VALUE"), ==, 0);
    g_assert_cmpuint(ClusterRegDeleteValue(root, u"VALUE"), ==, ERROR_FILE_NOT_FOUND);
    CloseCluster(cluster);
}

static void test_access(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_READ);
    HGROUP group = OpenClusterGroupEx(cluster, u"g", GENERIC_READ, NULL);
    HKEY key, sub;
    g_assert_null(GetClusterKey(cluster, KEY_ALL_ACCESS));
    g_assert_cmpuint(GetLastError(), ==, ERROR_ACCESS_DENIED);
    key = GetClusterKey(cluster, MAXIMUM_ALLOWED);
    g_assert_nonnull(key);
    g_assert_cmpuint(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(ClusterRegCreateKey(key, u"k", 0, KEY_READ, NULL, &sub, NULL), ==,
                    ERROR_ACCESS_DENIED);
    HREGBATCH batch;
    g_assert_cmpint(ClusterRegCreateBatch(key, &batch), ==, ERROR_ACCESS_DENIED);
    /* Each object has its key, whose values are its common properties. */
    key = GetClusterGroupKey(group, KEY_READ);
    g_assert_nonnull(key);
    WCHAR name[4];
    DWORD size = sizeof name, type = 0;
    g_assert_cmpint(ClusterRegQueryValue(key, u"Name", &type, (LPBYTE)name, &size), ==, 0);
    g_assert_cmpuint(type, ==, REG_SZ);
    g_assert_cmpmem(name, size, u"g", 4);
    CloseCluster(cluster);
    cluster = open_as(fixture, GENERIC_ALL);
    group = OpenClusterGroup(cluster, u"g");
    key = GetClusterGroupKey(group, KEY_ALL_ACCESS);
    set_dword(key, u"Mine", 7);
    check_dword(key, u"mine", 7);
    CloseCluster(cluster);
}

static void test_batches(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_ALL);
    HKEY root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    HKEY key;
    HREGBATCH batch;
    DWORD one = 1, two = 2;
    INT failed = 99;
    g_assert_cmpint(ClusterRegCreateBatch(root, &batch), ==, 0);
    g_assert_cmpint(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"a\\b", 0, NULL, 0), ==,
                    0);
    g_assert_cmpint(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &one, 4),
                    ==, 0);
    g_assert_cmpint(ClusterRegBatchAddCommand(batch, CLUSREG_READ_VALUE, u"v", 0, NULL, 0), ==,
                    ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegCloseBatch(batch, TRUE, &failed), ==, 0);
    g_assert_cmpint(failed, ==, -1);
    g_assert_cmpint(ClusterRegCloseBatch(batch, TRUE, &failed), ==, ERROR_INVALID_HANDLE);
    g_assert_cmpint(ClusterRegOpenKey(root, u"A\\B", KEY_READ, &key), ==, 0);
    check_dword(key, u"v", 1);
    /* A condition that does not hold undoes all before it. */
    g_assert_cmpint(ClusterRegCreateBatch(root, &batch), ==, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"a\\b", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &two, 4);
    ClusterRegBatchAddCommand(batch, CLUSREG_CONDITION_IS_EQUAL, u"v", REG_DWORD, &one, 4);
    g_assert_cmpint(ClusterRegCloseBatch(batch, TRUE, &failed), ==,
                    ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED);
    g_assert_cmpint(failed, ==, 2);
    check_dword(key, u"v", 1);
    /* After a key was deleted there is none to act at. */
    g_assert_cmpint(ClusterRegCreateBatch(root, &batch), ==, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"a", 0, NULL, 0);
    g_assert_cmpint(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &two, 4),
                    ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegCloseBatch(batch, FALSE, NULL), ==, 0);
    check_dword(key, u"v", 1);
    CloseCluster(cluster);
    g_assert_cmpint(ClusterRegCloseBatch(NULL, TRUE, NULL), ==, ERROR_INVALID_HANDLE);
}

static void test_read_batch(void)
{
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_ALL);
    HKEY root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    HREGREADBATCH batch;
    HREGREADBATCHREPLY reply;
    CLUSTER_READ_BATCH_COMMAND command;
    set_dword(root, u"v", 5);
    g_assert_cmpint(ClusterRegCreateReadBatch(root, &batch), ==, 0);
    g_assert_cmpint(ClusterRegReadBatchAddCommand(batch, u"", u"none"), ==, 0);
    g_assert_cmpint(ClusterRegReadBatchAddCommand(batch, u"no\\key", u"v"), ==, 0);
    g_assert_cmpint(ClusterRegReadBatchAddCommand(batch, u"", u"V"), ==, 0);
    g_assert_cmpint(ClusterRegCloseReadBatch(batch, &reply), ==, 0);
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpint(ClusterRegReadBatchReplyNextCommand(reply, &command), ==, 0);
        g_assert_cmpint(command.Command, ==, CLUSREG_READ_ERROR);
        g_assert_cmpuint(command.dwOptions, ==, ERROR_FILE_NOT_FOUND);
    }
    g_assert_cmpint(ClusterRegReadBatchReplyNextCommand(reply, &command), ==, 0);
    g_assert_cmpint(command.Command, ==, CLUSREG_READ_VALUE);
    g_assert_cmpuint(command.dwOptions, ==, REG_DWORD);
    g_assert_cmpuint(command.cbData, ==, 4);
    g_assert_cmpuint(command.lpData[0], ==, 5);
    g_autofree char *name = narrow(command.wzValueName);
    g_assert_cmpstr(name, ==, "V");
    g_assert_cmpint(ClusterRegReadBatchReplyNextCommand(reply, &command), ==, ERROR_NO_MORE_ITEMS);
    g_assert_cmpint(ClusterRegCloseReadBatchReply(reply), ==, 0);
    g_assert_cmpint(ClusterRegCloseReadBatchReply(reply), ==, ERROR_INVALID_HANDLE);
    CloseCluster(cluster);
}

static void test_security(void)
{
    /* An owner S-1-1-0 alone. */
    static const BYTE good[] = {1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                0, 0, 0, 0,    1,  1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    g_autoptr(Fixture) fixture = fixture_new(definition);
    HCLUSTER cluster = open_as(fixture, GENERIC_ALL);
    HKEY root = GetClusterKey(cluster, KEY_ALL_ACCESS);
    g_autofree BYTE *copy = g_malloc0(65536);
    BYTE buffer[64];
    DWORD size = sizeof buffer;
    memcpy(copy, good, sizeof good);
    g_assert_cmpint(ClusterRegSetKeySecurity(root, 1, copy), ==, 0);
    g_assert_cmpint(ClusterRegGetKeySecurity(root, 1, buffer, &size), ==, 0);
    g_assert_cmpmem(buffer, size, good, sizeof good);
    size = 4;
    g_assert_cmpint(ClusterRegGetKeySecurity(root, 1, buffer, &size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(size, ==, sizeof good);
    copy[4] = 0xff;
    copy[5] = 0xff;
    g_assert_cmpint(ClusterRegSetKeySecurity(root, 1, copy), ==, ERROR_INVALID_PARAMETER);
    copy[0] = 2;
    g_assert_cmpint(ClusterRegSetKeySecurity(root, 1, copy), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegSetKeySecurity(root, 1, NULL), ==, ERROR_INVALID_PARAMETER);
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry/keys", test_keys);
    g_test_add_func("/registry/values", test_values);
    g_test_add_func("/registry/access", test_access);
    g_test_add_func("/registry/batches", test_batches);
    g_test_add_func("/registry/read-batch", test_read_batch);
    g_test_add_func("/registry/security", test_security);
    return g_test_run();
}
