/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database through the public functions, on an embedded cluster.
 */
#include "registry-setup.h"

#include <string.h>

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n";

static HCLUSTER open_as(const Fixture *fixture, DWORD access)
{
    HCLUSTER cluster = OpenClusterEx(fixture->wide, access, NULL);
    g_assert_nonnull(cluster);
    return cluster;
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
    DWORD number = 42;
    IS(ClusterRegSetValue(root, NULL, REG_DWORD, (const BYTE *)&number, 4), ERROR_SUCCESS);
    check_dword(root, "", 42);
    size = 2;
    g_assert_cmpint(ClusterRegQueryValue(root, NULL, NULL, buffer, &size), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(size, ==, 4);
    g_assert_cmpint(ClusterRegQueryValue(root, NULL, &type, NULL, &size), ==, 0);
    g_assert_cmpint(ClusterRegQueryValue(root, u"none", NULL, NULL, &size), ==,
                    ERROR_FILE_NOT_FOUND);
    DWORD values = 0, longest = 0, largest = 0, keys = 9;
    g_assert_cmpint(
        ClusterRegQueryInfoKey(root, &keys, NULL, &values, &longest, &largest, NULL, NULL), ==, 0);
    g_assert_cmpuint(values, ==, 3); /* with that which every cluster has */
    g_assert_cmpuint(keys, ==, 7);
    g_assert_cmpuint(longest, ==, 17);
    g_assert_cmpuint(largest, ==, 37 * sizeof(WCHAR));
    WCHAR name[20];
    DWORD length = G_N_ELEMENTS(name);
    size = sizeof buffer;
    g_assert_cmpuint(ClusterRegEnumValue(root, 2, name, &length, &type, buffer, &size), ==, 0);
    g_assert_cmpuint(length, ==, 5);
    g_assert_cmpuint(ClusterRegEnumValue(root, 3, name, &length, &type, NULL, NULL), ==,
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
    set_dword(key, "Mine", 7);
    check_dword(key, "mine", 7);
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
    check_dword(key, "v", 1);
    /* A condition that does not hold undoes all before it. */
    g_assert_cmpint(ClusterRegCreateBatch(root, &batch), ==, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"a\\b", 0, NULL, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &two, 4);
    ClusterRegBatchAddCommand(batch, CLUSREG_CONDITION_IS_EQUAL, u"v", REG_DWORD, &one, 4);
    g_assert_cmpint(ClusterRegCloseBatch(batch, TRUE, &failed), ==,
                    ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED);
    g_assert_cmpint(failed, ==, 2);
    check_dword(key, "v", 1);
    /* After a key was deleted there is none to act at. */
    g_assert_cmpint(ClusterRegCreateBatch(root, &batch), ==, 0);
    ClusterRegBatchAddCommand(batch, CLUSREG_DELETE_KEY, u"a", 0, NULL, 0);
    g_assert_cmpint(ClusterRegBatchAddCommand(batch, CLUSREG_SET_VALUE, u"v", REG_DWORD, &two, 4),
                    ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpint(ClusterRegCloseBatch(batch, FALSE, NULL), ==, 0);
    check_dword(key, "v", 1);
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
    set_dword(root, "v", 5);
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

static void delete_value(HKEY key, const char *name)
{
    g_autofree WCHAR *text = wide(name);
    IS(ClusterRegDeleteValue(key, text), ERROR_SUCCESS);
}

/* --- Access ------------------------------------------------------------------------------------- */

static void test_masks(void)
{
    static const struct {
        REGSAM mask;
        gboolean changes;
    } masks[] = {
        {0, FALSE},
        {KEY_QUERY_VALUE, FALSE},
        {KEY_ENUMERATE_SUB_KEYS, FALSE},
        {KEY_NOTIFY, FALSE},
        {KEY_READ, FALSE},
        {GENERIC_READ, FALSE},
        {GENERIC_EXECUTE, FALSE},
        {0x00020000, FALSE}, /* READ_CONTROL */
        {KEY_SET_VALUE, TRUE},
        {KEY_CREATE_SUB_KEY, TRUE},
        {KEY_WRITE, TRUE},
        {KEY_ALL_ACCESS, TRUE},
        {GENERIC_WRITE, TRUE},
        {GENERIC_ALL, TRUE},
        {0x00010000, TRUE}, /* DELETE */
        {0x00040000, TRUE}, /* WRITE_DAC */
        {0x00080000, TRUE}, /* WRITE_OWNER */
        {MAXIMUM_ALLOWED | KEY_WRITE, TRUE},
    };
    g_autoptr(Cluster) c = cluster_new(definition);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    HKEY root = root_of(c);
    HKEY read_root = GetClusterKey(reading, KEY_READ);
    HKEY read_key = GetClusterKey(c->handle, KEY_READ);
    IS(ClusterRegCloseKey(new_key(root, "K")), ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(masks); i++) {
        DWORD denied = masks[i].changes ? ERROR_ACCESS_DENIED : ERROR_SUCCESS;
        HKEY key = NULL;
        g_test_message("mask %x", masks[i].mask);
        IS(ClusterRegOpenKey(read_root, u"K", masks[i].mask, &key), denied);
        IS(ClusterRegOpenKey(read_key, u"K", masks[i].mask, &key), denied);
        IS(ClusterRegOpenKey(root, u"K", masks[i].mask, &key), ERROR_SUCCESS);
        IS(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0),
           masks[i].changes ? ERROR_SUCCESS : ERROR_ACCESS_DENIED);
        IS(ClusterRegCreateKey(root, u"K", 0, masks[i].mask, NULL, &key, NULL), ERROR_SUCCESS);
        IS(ClusterRegDeleteValue(key, u"none"),
           masks[i].changes ? ERROR_FILE_NOT_FOUND : ERROR_ACCESS_DENIED);
    }
    CloseCluster(reading);
}

/* --- Facts, security ---------------------------------------------------------------------------- */

static guint64 written(HKEY key)
{
    FILETIME time = {0, 0};
    IS(ClusterRegQueryInfoKey(key, NULL, NULL, NULL, NULL, NULL, NULL, &time), ERROR_SUCCESS);
    return (guint64)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static void test_info(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY key = new_key(root_of(c), "K");
    DWORD keys = 9, longest_key = 9, values = 9, longest = 9, largest = 9, security = 0, whole = 0;
    guint64 now = ((guint64)g_get_real_time() + 11644473600000000) * 10;
    guint64 before = written(key);
    g_assert_cmpuint(before, >, now - 600000000);
    g_assert_cmpuint(before, <=, now);
    IS(ClusterRegQueryInfoKey(key, &keys, &longest_key, &values, &longest, &largest, &security,
                              NULL),
       ERROR_SUCCESS);
    g_assert_cmpuint(keys + longest_key + values + longest + largest, ==, 0);
    IS(ClusterRegGetKeySecurity(key, 7, NULL, &whole), ERROR_SUCCESS);
    g_assert_cmpuint(security, ==, whole);
    set_text(key, "four", "ab");
    set_dword(key, "", 1);
    g_assert_cmpuint(written(key), >, before);
    before = written(key);
    IS(ClusterRegCloseKey(new_key(key, "Sub\\Below")), ERROR_SUCCESS);
    IS(ClusterRegCloseKey(new_key(key, "\xf0\x9f\x8c\x8d")), ERROR_SUCCESS);
    g_assert_cmpuint(written(key), >, before);
    before = written(key);
    IS(ClusterRegQueryInfoKey(key, &keys, &longest_key, &values, &longest, &largest, NULL, NULL),
       ERROR_SUCCESS);
    g_assert_cmpuint(keys, ==, 2);
    g_assert_cmpuint(longest_key, ==, 3);
    g_assert_cmpuint(values, ==, 2);
    g_assert_cmpuint(longest, ==, 4);
    g_assert_cmpuint(largest, ==, 6);
    IS(ClusterRegDeleteKey(key, u"Sub\\Below"), ERROR_SUCCESS);
    g_assert_cmpuint(written(key), ==, before);
    IS(ClusterRegDeleteKey(key, u"Sub"), ERROR_SUCCESS);
    g_assert_cmpuint(written(key), >, before);
    before = written(key);
    delete_value(key, "four");
    g_assert_cmpuint(written(key), >, before);
    /* The same time as in the list of its parent. */
    FILETIME time;
    WCHAR name[40];
    DWORD length = 40;
    IS(ClusterRegEnumKey(root_of(c), 1, name, &length, &time), ERROR_SUCCESS);
    g_assert_cmpmem(name, 4, u"K", 4);
    g_assert_cmpuint((guint64)time.dwHighDateTime << 32 | time.dwLowDateTime, ==, written(key));
    IS(ClusterRegQueryInfoKey(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
       ERROR_INVALID_HANDLE);
}

/* Descriptors with an owner S-1-1-N alone, or as group, or with an empty DACL. */
static void make_descriptor(BYTE descriptor[32], SECURITY_INFORMATION part, BYTE n)
{
    static const BYTE sid[] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    static const BYTE acl[] = {2, 0, 8, 0, 0, 0, 0, 0};
    memset(descriptor, 0, 32);
    descriptor[0] = 1;
    descriptor[3] = 0x80;
    if (part == DACL_SECURITY_INFORMATION) {
        descriptor[2] = 4;
        descriptor[16] = 20;
        memcpy(descriptor + 20, acl, sizeof acl);
    } else {
        descriptor[part == OWNER_SECURITY_INFORMATION ? 4 : 8] = 20;
        memcpy(descriptor + 20, sid, sizeof sid);
        descriptor[28] = n;
    }
}

static void set_part(HKEY key, SECURITY_INFORMATION part, BYTE n)
{
    BYTE descriptor[32];
    make_descriptor(descriptor, part, n);
    IS(ClusterRegSetKeySecurity(key, part, descriptor), ERROR_SUCCESS);
}

static void check_part(HKEY key, SECURITY_INFORMATION part, BYTE n)
{
    BYTE expected[32], got[400];
    DWORD size = sizeof got;
    make_descriptor(expected, part, n);
    IS(ClusterRegGetKeySecurity(key, part, got, &size), ERROR_SUCCESS);
    g_assert_cmpmem(got, size, expected, part == DACL_SECURITY_INFORMATION ? 28 : 32);
}

static void test_security_inherited(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HKEY top = new_key(root, "Top");
    HKEY mid = new_key(root, "Top\\Mid");
    HKEY low = new_key(root, "Top\\Mid\\Low");
    set_part(top, OWNER_SECURITY_INFORMATION, 1);
    check_part(mid, OWNER_SECURITY_INFORMATION, 1);
    check_part(low, OWNER_SECURITY_INFORMATION, 1);
    /* One of its own takes the rest from above at that time, and is inherited in turn. */
    set_part(mid, GROUP_SECURITY_INFORMATION, 2);
    check_part(low, OWNER_SECURITY_INFORMATION, 1);
    check_part(low, GROUP_SECURITY_INFORMATION, 2);
    set_part(mid, DACL_SECURITY_INFORMATION, 0);
    check_part(low, DACL_SECURITY_INFORMATION, 0);
    check_part(low, GROUP_SECURITY_INFORMATION, 2);
    set_part(top, OWNER_SECURITY_INFORMATION, 3);
    check_part(low, OWNER_SECURITY_INFORMATION, 1);
    check_part(top, OWNER_SECURITY_INFORMATION, 3);
    /* Of a new key, what its own says; an existing one keeps what it has. */
    BYTE descriptor[32];
    HKEY key = NULL;
    DWORD disposition = 0;
    make_descriptor(descriptor, OWNER_SECURITY_INFORMATION, 4);
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, descriptor, FALSE};
    IS(ClusterRegCreateKey(top, u"New", 0, KEY_READ, &attributes, &key, &disposition),
       ERROR_SUCCESS);
    g_assert_cmpuint(disposition, ==, REG_CREATED_NEW_KEY);
    check_part(key, OWNER_SECURITY_INFORMATION, 4);
    make_descriptor(descriptor, OWNER_SECURITY_INFORMATION, 5);
    IS(ClusterRegCreateKey(top, u"New", 0, KEY_READ, &attributes, &key, &disposition),
       ERROR_SUCCESS);
    g_assert_cmpuint(disposition, ==, REG_OPENED_EXISTING_KEY);
    check_part(key, OWNER_SECURITY_INFORMATION, 4);
    descriptor[0] = 9;
    IS(ClusterRegCreateKey(top, u"Bad", 0, KEY_READ, &attributes, &key, &disposition),
       ERROR_INVALID_SECURITY_DESCR);
    IS(try_key(top, "Bad"), ERROR_FILE_NOT_FOUND);
    /* Unknown parts. */
    DWORD size = 0;
    IS(ClusterRegGetKeySecurity(key, 0x100, NULL, &size), ERROR_INVALID_PARAMETER);
    IS(ClusterRegGetKeySecurity(key, 1, NULL, NULL), ERROR_INVALID_PARAMETER);
    make_descriptor(descriptor, OWNER_SECURITY_INFORMATION, 5);
    IS(ClusterRegSetKeySecurity(top, 0x100, descriptor), ERROR_INVALID_PARAMETER);
    /* The key of an object that has no row inherits, and takes one. */
    set_part(root, OWNER_SECURITY_INFORMATION, 6);
    HKEY group = GetClusterGroupKey(group_of(c, "g"), KEY_ALL_ACCESS);
    check_part(group, OWNER_SECURITY_INFORMATION, 6);
    set_part(group, OWNER_SECURITY_INFORMATION, 7);
    check_part(open_key(group, "Parameters"), OWNER_SECURITY_INFORMATION, 7);
}

static void test_sync(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    set_dword(root_of(c), "v", 1);
    IS(ClusterRegSyncDatabase(c->handle, 0), ERROR_SUCCESS);
    IS(ClusterRegSyncDatabase(reading, 0xffffffff), ERROR_SUCCESS);
    check_dword(GetClusterKey(reading, KEY_READ), "v", 1);
    IS(ClusterRegSyncDatabase(NULL, 0), ERROR_INVALID_HANDLE);
    CloseCluster(reading);
    IS(ClusterRegSyncDatabase(reading, 0), ERROR_INVALID_HANDLE);
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
    g_test_add_func("/registry/access masks", test_masks);
    g_test_add_func("/registry/facts", test_info);
    g_test_add_func("/registry/security is inherited", test_security_inherited);
    g_test_add_func("/registry/sync", test_sync);
    return g_test_run();
}
