/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keys of objects in the cluster database: their values are the common properties, those of
 * Parameters the private ones. One thread; each test has a file of its own.
 */
#include "registry-setup.h"

#include <resapi.h>
#include <string.h>

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\nprivate.Contact=us\n"                                                   \
    "[node n1]\ndescription=The first\n[node n2]\n"                                                \
    "[network lan]\nrole=internal-and-client\naddress=10.0.0.0/24\npriority=1\n"                   \
    "[interface n1 - lan]\nnode=n1\nnetwork=lan\naddress=10.0.0.1\n"                               \
    "[resource-type T]\nprivate.Size=dword:3\n"                                                    \
    "[group g]\nowner=n1\nprivate.Color=red\n"                                                     \
    "[resource r]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[group other]\nowner=n1\n"

/* --- Common properties -------------------------------------------------------------------------- */

/* Each value of the key is a property of one of the lists, and the other way round. */
static void compare(HKEY key, const BYTE *lists[2], const DWORD sizes[2])
{
    DWORD n = 0;
    g_assert_nonnull(key);
    for (gsize i = 0; i < 2; i++) {
        CLUSAPI_PROPERTY_CURSOR cursor = {0};
        CLUSAPI_PROPERTY property;
        while (ClusapiPropertyListNext(lists[i], sizes[i], &cursor, &property) == ERROR_SUCCESS) {
            if (property.dwIndex == 0) {
                DWORD type = 99, size = 0;
                IS(ClusterRegQueryValue(key, property.pszName, &type, NULL, &size), ERROR_SUCCESS);
                g_autofree BYTE *data = g_malloc0(size + 1);
                IS(ClusterRegQueryValue(key, property.pszName, &type, data, &size), ERROR_SUCCESS);
                g_assert_cmpmem(data, size, property.pbData, property.cbData);
                n++;
            }
        }
    }
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpuint(count_values(key), ==, n);
    IS(ClusterRegCloseKey(key), ERROR_SUCCESS);
}

#define COMPARE(key, NAME, control, ...)                                                           \
    do {                                                                                           \
        BYTE rw[4096], ro[4096];                                                                   \
        const BYTE *lists[2] = {rw, ro};                                                           \
        DWORD sizes[2];                                                                            \
        IS(control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_GET_COMMON_PROPERTIES, NULL, 0, rw,         \
                   sizeof rw, &sizes[0]),                                                          \
           ERROR_SUCCESS);                                                                         \
        IS(control(__VA_ARGS__, NULL, CLUSCTL_##NAME##_GET_RO_COMMON_PROPERTIES, NULL, 0, ro,      \
                   sizeof ro, &sizes[1]),                                                          \
           ERROR_SUCCESS);                                                                         \
        compare(key, lists, sizes);                                                                \
    } while (0)

static void test_common(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HRESOURCE resource = resource_of(c, "r");
    HNODE node = node_of(c, "n1");
    HNETWORK network = network_of(c, "lan");
    HNETINTERFACE interface = OpenClusterNetInterface(c->handle, u"n1 - lan");
    COMPARE(GetClusterGroupKey(group, KEY_READ), GROUP, ClusterGroupControl, group);
    COMPARE(GetClusterResourceKey(resource, KEY_READ), RESOURCE, ClusterResourceControl, resource);
    COMPARE(GetClusterNodeKey(node, KEY_READ), NODE, ClusterNodeControl, node);
    COMPARE(GetClusterNetworkKey(network, KEY_READ), NETWORK, ClusterNetworkControl, network);
    COMPARE(GetClusterNetInterfaceKey(interface, KEY_READ), NETINTERFACE,
            ClusterNetInterfaceControl, interface);
    COMPARE(GetClusterResourceTypeKey(c->handle, u"t", KEY_READ), RESOURCE_TYPE,
            ClusterResourceTypeControl, c->handle, u"T");
}

static void set_common_number(HGROUP group, LPCWSTR name, DWORD value)
{
    BYTE list[256];
    DWORD size = 0;
    IS(ClusapiPropertyListAdd(list, sizeof list, &size, name, CLUSPROP_SYNTAX_LIST_VALUE_DWORD,
                              &value, sizeof value),
       ERROR_SUCCESS);
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list, size, NULL, 0,
                           NULL),
       ERROR_SUCCESS);
}

static void test_common_are_shown_only(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HKEY key = GetClusterGroupKey(group, KEY_ALL_ACCESS);
    DWORD number = 1000;
    set_common_number(group, u"Priority", 3000);
    check_dword(key, "Priority", 3000);
    check_dword(key, "pRIORITY", 3000);
    IS(ClusterRegSetValue(key, u"priority", REG_DWORD, (BYTE *)&number, 4), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteValue(key, u"Priority"), ERROR_ACCESS_DENIED);
    IS(ClusterRegSetValue(key, u"Name", REG_SZ, (const BYTE *)u"h", 4), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteValue(key, u"Name"), ERROR_ACCESS_DENIED);
    check_dword(key, "Priority", 3000);
    check_text(key, "Name", "g");
    /* Values of other names stand beside them. */
    DWORD before = count_values(key);
    set_dword(key, "Mine", 1);
    set_text(key, "", "default");
    g_assert_cmpuint(count_values(key), ==, before + 2);
    check_text(key, "", "default");
    IS(ClusterRegDeleteValue(key, u"mine"), ERROR_SUCCESS);
    IS(ClusterRegDeleteValue(key, u"mine"), ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(count_values(key), ==, before + 1);
}

static void test_rename(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HKEY key = GetClusterGroupKey(group, KEY_ALL_ACCESS);
    HKEY sub = new_key(key, "Sub");
    set_dword(sub, "v", 5);
    IS(SetClusterGroupName(group, u"h"), ERROR_SUCCESS);
    check_text(key, "Name", "h");
    check_dword(sub, "v", 5);
    g_autofree char *id = id_of_group(group);
    g_autofree char *path = g_strdup_printf("groups\\%s\\sub", id);
    HKEY again = open_key(root_of(c), path);
    check_dword(again, "v", 5);
}

/* --- Private properties ------------------------------------------------------------------------- */

static DWORD private_dword(HRESOURCE resource, LPCWSTR name, DWORD *value)
{
    BYTE list[2048];
    DWORD size = 0;
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_GET_PRIVATE_PROPERTIES, NULL, 0,
                              list, sizeof list, &size),
       ERROR_SUCCESS);
    return ResUtilFindDwordProperty(list, size, name, value);
}

static void set_private(HRESOURCE resource, LPCWSTR name, DWORD syntax, const void *data, DWORD n)
{
    BYTE list[256];
    DWORD size = 0;
    IS(ClusapiPropertyListAdd(list, sizeof list, &size, name, syntax, data, n), ERROR_SUCCESS);
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, list, size,
                              NULL, 0, NULL),
       ERROR_SUCCESS);
}

static void test_private(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE resource = resource_of(c, "r");
    HKEY key = GetClusterResourceKey(resource, KEY_ALL_ACCESS);
    HKEY parameters = open_key(key, "parameters");
    DWORD value = 0;
    /* What it has from its type is not set with it. */
    IS(private_dword(resource, u"Size", &value), ERROR_SUCCESS);
    g_assert_cmpuint(value, ==, 3);
    IS(try_value(parameters, "Size"), ERROR_FILE_NOT_FOUND);
    IS(ClusterRegDeleteValue(parameters, u"Size"), ERROR_FILE_NOT_FOUND);
    set_dword(parameters, "size", 7);
    IS(private_dword(resource, u"Size", &value), ERROR_SUCCESS);
    g_assert_cmpuint(value, ==, 7);
    check_dword(parameters, "SIZE", 7);
    IS(ClusterRegDeleteValue(parameters, u"Size"), ERROR_SUCCESS);
    IS(private_dword(resource, u"Size", &value), ERROR_SUCCESS);
    g_assert_cmpuint(value, ==, 3);
    IS(ClusterRegDeleteValue(parameters, u"Size"), ERROR_FILE_NOT_FOUND);
    /* One that the control function sets is shown. */
    value = 9;
    set_private(resource, u"Other", CLUSPROP_SYNTAX_LIST_VALUE_DWORD, &value, sizeof value);
    check_dword(parameters, "other", 9);
    g_autofree char *names = values_of(parameters);
    g_assert_cmpstr(names, ==, "Other");
    IS(ClusterRegDeleteValue(parameters, u"oTHER"), ERROR_SUCCESS);
    IS(private_dword(resource, u"Other", &value), ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(count_values(parameters), ==, 0);
}

/* A property that is set through the key has the format of the value's type, and the same bytes. */
static void test_private_formats(void)
{
    static const struct {
        DWORD type, syntax;
        const void *data;
        DWORD size;
    } formats[] = {
        {REG_DWORD, CLUSPROP_SYNTAX_LIST_VALUE_DWORD, "\x01\x02\x03\x84", 4},
        {REG_QWORD, CLUSPROP_SYNTAX_LIST_VALUE_ULARGE_INTEGER, "\1\2\3\4\5\6\7\xf8", 8},
        {REG_SZ, CLUSPROP_SYNTAX_LIST_VALUE_SZ, u"a b", 8},
        {REG_SZ, CLUSPROP_SYNTAX_LIST_VALUE_SZ, u"", 2},
        {REG_EXPAND_SZ, CLUSPROP_SYNTAX_LIST_VALUE_EXPAND_SZ, u"%A%", 8},
        {REG_MULTI_SZ, CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ, u"a\0b\0", 10},
        {REG_MULTI_SZ, CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ, u"", 2},
        {REG_BINARY, CLUSPROP_SYNTAX_LIST_VALUE_BINARY, "\0\xff\1", 3},
        {REG_BINARY, CLUSPROP_SYNTAX_LIST_VALUE_BINARY, "", 0},
    };
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE resource = resource_of(c, "r");
    HKEY parameters = open_key(GetClusterResourceKey(resource, KEY_ALL_ACCESS), "Parameters");
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        CLUSAPI_PROPERTY_CURSOR cursor = {0};
        CLUSAPI_PROPERTY property = {0};
        BYTE list[1024];
        DWORD size = 0;
        g_autofree char *name = g_strdup_printf("P%zu", i);
        g_autofree WCHAR *text = wide(name);
        IS(ClusterRegSetValue(parameters, text, formats[i].type, formats[i].data, formats[i].size),
           ERROR_SUCCESS);
        check_value(parameters, name, formats[i].type, formats[i].data, formats[i].size);
        IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_GET_PRIVATE_PROPERTIES, NULL, 0,
                                  list, sizeof list, &size),
           ERROR_SUCCESS);
        do {
            IS(ClusapiPropertyListNext(list, size, &cursor, &property), ERROR_SUCCESS);
        } while (memcmp(property.pszName, text, 3 * sizeof(WCHAR)) != 0);
        g_assert_cmphex(property.dwSyntax, ==, formats[i].syntax);
        g_assert_cmpmem(property.pbData, property.cbData, formats[i].data, formats[i].size);
    }
    /* A text without its NUL gets one. */
    IS(ClusterRegSetValue(parameters, u"P2", REG_SZ, (const BYTE *)u"ab", 4), ERROR_SUCCESS);
    check_text(parameters, "P2", "ab");
}

/* A number keeps the format that it has, of 16 bits or with a sign. */
static void test_private_numbers(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE resource = resource_of(c, "r");
    HKEY parameters = open_key(GetClusterResourceKey(resource, KEY_ALL_ACCESS), "Parameters");
    const WORD word = 65535;
    const LONG minus = -2;
    const DWORD large = 65536;
    set_private(resource, u"W", CLUSPROP_SYNTAX_LIST_VALUE_WORD, &word, sizeof word);
    set_private(resource, u"L", CLUSPROP_SYNTAX_LIST_VALUE_LONG, &minus, sizeof minus);
    check_dword(parameters, "W", 65535);
    check_dword(parameters, "L", 0xfffffffe);
    IS(ClusterRegSetValue(parameters, u"W", REG_DWORD, (const BYTE *)&large, 4),
       ERROR_INVALID_PARAMETER);
    set_dword(parameters, "W", 12);
    set_dword(parameters, "L", 0xfffffffd);
    BYTE list[1024];
    DWORD size = 0;
    LONG found = 0;
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_GET_PRIVATE_PROPERTIES, NULL, 0,
                              list, sizeof list, &size),
       ERROR_SUCCESS);
    IS(ResUtilFindLongProperty(list, size, u"L", &found), ERROR_SUCCESS);
    g_assert_cmpint(found, ==, -3);
    check_dword(parameters, "W", 12);
}

static void test_private_that_cannot_be(void)
{
    static const struct {
        const char *name;
        DWORD type;
        const char *data;
        DWORD size, code;
    } wrong[] = {
        {"", REG_DWORD, "\1\0\0\0", 4, ERROR_INVALID_PARAMETER},
        {"Priority", REG_DWORD, "\1\0\0\0", 4, ERROR_SUCCESS}, /* is one of groups alone */
        {"RestartAction", REG_DWORD, "\1\0\0\0", 4, ERROR_INVALID_PARAMETER},
        {"a", REG_NONE, "", 0, ERROR_INVALID_PARAMETER},
        {"a", REG_DWORD_BIG_ENDIAN, "\1\0\0\0", 4, ERROR_INVALID_PARAMETER},
        {"a", REG_DWORD, "\1\0\0", 3, ERROR_INVALID_PARAMETER},
        {"a", REG_DWORD, "\1\0\0\0\0\0\0\0", 8, ERROR_INVALID_PARAMETER},
        {"a", REG_QWORD, "\1\0\0\0", 4, ERROR_INVALID_PARAMETER},
        {"a", REG_SZ, "a\0b", 3, ERROR_INVALID_PARAMETER},
        {"a", REG_SZ, "a\0\0\0b\0\0\0", 8, ERROR_INVALID_PARAMETER},
        {"a", REG_MULTI_SZ, "a\0\0", 3, ERROR_INVALID_PARAMETER},
        {"a", 6, "a", 1, ERROR_INVALID_PARAMETER},
        {"Size", REG_SZ, "a\0\0\0", 4, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH},
        {"Size", REG_QWORD, "a\0\0\0\0\0\0\0", 8, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH},
    };
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY parameters =
        open_key(GetClusterResourceKey(resource_of(c, "r"), KEY_ALL_ACCESS), "Parameters");
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree WCHAR *name = wide(wrong[i].name);
        g_test_message("%zu", i);
        IS(ClusterRegSetValue(parameters, name, wrong[i].type, (const BYTE *)wrong[i].data,
                              wrong[i].size),
           wrong[i].code);
    }
    g_autofree char *names = values_of(parameters);
    g_assert_cmpstr(names, ==, "Priority");
}

static void test_private_of_all_kinds(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNETINTERFACE interface = OpenClusterNetInterface(c->handle, u"n1 - lan");
    HKEY keys[] = {
        root_of(c),
        GetClusterGroupKey(group_of(c, "g"), KEY_ALL_ACCESS),
        GetClusterNodeKey(node_of(c, "n1"), KEY_ALL_ACCESS),
        GetClusterNetworkKey(network_of(c, "lan"), KEY_ALL_ACCESS),
        GetClusterNetInterfaceKey(interface, KEY_ALL_ACCESS),
        GetClusterResourceTypeKey(c->handle, u"T", KEY_ALL_ACCESS),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        HKEY parameters = open_key(keys[i], "Parameters");
        set_text(parameters, "New", "text");
        check_text(parameters, "new", "text");
    }
    check_text(open_key(keys[0], "Parameters"), "Contact", "us");
    check_text(open_key(keys[1], "Parameters"), "Color", "red");
    check_dword(open_key(keys[5], "Parameters"), "Size", 3);
    BYTE list[1024];
    DWORD size = 0;
    LPWSTR text = NULL;
    IS(ClusterControl(c->handle, NULL, CLUSCTL_CLUSTER_GET_PRIVATE_PROPERTIES, NULL, 0, list,
                      sizeof list, &size),
       ERROR_SUCCESS);
    IS(ResUtilFindSzProperty(list, size, u"New", &text), ERROR_SUCCESS);
    LocalFree(text);
}

/* What is set through the key is told as both. */
static void expect(HCHANGE port, DWORD type, LONGLONG flag, const char *id, const char *name)
{
    NOTIFY_FILTER_AND_TYPE got = {0, 0};
    DWORD_PTR key;
    WCHAR id_text[100], name_text[200];
    DWORD id_size = 100, name_size = 200;
    IS(GetClusterNotifyV2(port, &key, &got, NULL, NULL, id_text, &id_size, NULL, NULL, name_text,
                          &name_size, NULL, NULL, 5000),
       ERROR_SUCCESS);
    g_autofree char *got_id = narrow(id_text);
    g_autofree char *got_name = narrow(name_text);
    g_assert_cmpuint(got.dwObjectType, ==, type);
    g_assert_cmphex((guint64)got.FilterFlags, ==, (guint64)flag);
    g_assert_cmpstr(got_id, ==, id);
    g_assert_cmpstr(got_name, ==, name);
}

static void test_events(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HKEY key = GetClusterGroupKey(group, KEY_ALL_ACCESS);
    HKEY parameters = open_key(key, "PARAMETERS");
    g_autofree char *id = id_of_group(group);
    g_autofree char *path = g_strdup_printf("Groups\\%s\\Parameters", id);
    g_autofree char *sub = g_strdup_printf("Groups\\%s\\Sub", id);
    NOTIFY_FILTER_AND_TYPE filters[] = {
        {CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_ALL_V2},
        {CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_ALL_V2},
    };
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, filters, 2, 1);
    set_text(parameters, "Color", "blue");
    expect(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2, id, "g");
    expect(port, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_VALUE_V2, "Color", path);
    IS(ClusterRegDeleteValue(parameters, u"Color"), ERROR_SUCCESS);
    expect(port, CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_PRIVATE_PROPERTY_V2, id, "g");
    expect(port, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_VALUE_V2, "Color", path);
    IS(ClusterRegDeleteValue(parameters, u"Color"), ERROR_FILE_NOT_FOUND);
    /* That the object's own key has a row from now on is no news. */
    IS(ClusterRegCloseKey(new_key(key, "Sub")), ERROR_SUCCESS);
    expect(port, CLUSTER_OBJECT_TYPE_REGISTRY, CLUSTER_CHANGE_REGISTRY_NAME_V2, "Sub", sub);
    DWORD_PTR token;
    IS(GetClusterNotifyV2(port, &token, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                          NULL, 50),
       WAIT_TIMEOUT);
    CloseClusterNotifyPort(port);
}

/* --- Keys and their objects --------------------------------------------------------------------- */

static void test_places(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY root = root_of(c);
    HKEY groups = open_key(root, "Groups");
    HKEY key = NULL;
    g_autofree char *g = id_of_group(group_of(c, "g"));
    g_autofree char *other = id_of_group(group_of(c, "other"));
    g_autofree char *ids = keys_of(groups);
    g_assert_nonnull(strstr(ids, g));
    g_assert_nonnull(strstr(ids, other));
    g_assert_cmpuint(strlen(ids), ==, strlen(g) + 1 + strlen(other));
    g_autofree char *nodes = keys_of(open_key(root, "Nodes"));
    g_assert_cmpstr(nodes, ==, "1;2");
    g_autofree char *in_group = keys_of(open_key(groups, g));
    g_assert_cmpstr(in_group, ==, "Parameters");
    /* Nothing else comes there, and what is there stays. */
    IS(ClusterRegCreateKey(groups, u"mine", 0, KEY_READ, NULL, &key, NULL), ERROR_ACCESS_DENIED);
    IS(ClusterRegCreateKey(root, u"Nodes\\9\\x", 0, KEY_READ, NULL, &key, NULL),
       ERROR_ACCESS_DENIED);
    IS(try_key(root, "Nodes\\9"), ERROR_FILE_NOT_FOUND);
    g_autofree WCHAR *id = wide(g);
    IS(ClusterRegDeleteKey(groups, id), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteKey(root, u"Groups"), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteKey(root, u"Parameters"), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteKey(root, u""), ERROR_ACCESS_DENIED);
    IS(ClusterRegDeleteKey(root, u"none"), ERROR_FILE_NOT_FOUND);
    set_dword(groups, "v", 1);
    check_dword(groups, "v", 1);
}

static void check_deleted(HKEY key)
{
    HKEY sub = NULL;
    HREGBATCH batch;
    HREGREADBATCH reading;
    HREGREADBATCHREPLY reply;
    HREGBATCHPORT port;
    WCHAR name[10];
    DWORD size = 10;
    INT failed = 7;
    BYTE owner[] = {1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    0, 0, 0, 0,    1,  1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    IS(ClusterRegQueryValue(key, u"Name", NULL, NULL, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0), ERROR_KEY_DELETED);
    IS(ClusterRegDeleteValue(key, u"v"), ERROR_KEY_DELETED);
    IS(ClusterRegEnumKey(key, 0, name, &size, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegEnumValue(key, 0, name, &size, NULL, NULL, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegQueryInfoKey(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegOpenKey(key, u"", KEY_READ, &sub), ERROR_KEY_DELETED);
    IS(ClusterRegOpenKey(key, u"Parameters", KEY_READ, &sub), ERROR_KEY_DELETED);
    IS(ClusterRegCreateKey(key, u"", 0, KEY_READ, NULL, &sub, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegCreateKey(key, u"x", 0, KEY_READ, NULL, &sub, NULL), ERROR_KEY_DELETED);
    IS(ClusterRegDeleteKey(key, u""), ERROR_KEY_DELETED);
    IS(ClusterRegDeleteKey(key, u"x"), ERROR_KEY_DELETED);
    IS(ClusterRegGetKeySecurity(key, 1, NULL, &size), ERROR_KEY_DELETED);
    IS(ClusterRegSetKeySecurity(key, 1, owner), ERROR_KEY_DELETED);
    IS(ClusterRegCreateBatchNotifyPort(key, &port), ERROR_KEY_DELETED);
    IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"x", 0, NULL, 0), ERROR_SUCCESS);
    IS(ClusterRegCloseBatch(batch, TRUE, &failed), ERROR_KEY_DELETED);
    g_assert_cmpint(failed, ==, -1);
    IS(ClusterRegCreateReadBatch(key, &reading), ERROR_SUCCESS);
    IS(ClusterRegCloseReadBatch(reading, &reply), ERROR_KEY_DELETED);
    g_assert_null(sub);
}

static void check_not_watched(const Cluster *c, HKEY key)
{
    NOTIFY_FILTER_AND_TYPE filter = {CLUSTER_OBJECT_TYPE_REGISTRY,
                                     CLUSTER_CHANGE_REGISTRY_VALUE_V2};
    HCHANGE port = CreateClusterNotifyPortV2(INVALID_HANDLE_VALUE, c->handle, NULL, 0, 0);
    IS(RegisterClusterNotifyV2(port, filter, key, 0), ERROR_KEY_DELETED);
    CloseClusterNotifyPort(port);
}

static void test_deleted(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "other");
    HKEY key = GetClusterGroupKey(group, KEY_ALL_ACCESS);
    HKEY parameters = open_key(key, "Parameters");
    HKEY sub = new_key(key, "Sub\\Deep");
    HKEY unstored = GetClusterNodeKey(node_of(c, "n2"), KEY_ALL_ACCESS);
    set_dword(sub, "v", 1);
    set_dword(parameters, "p", 1);
    g_autofree char *id = id_of_group(group);
    g_autofree char *path = g_strdup_printf("Groups\\%s", id);
    IS(DeleteClusterGroup(group), ERROR_SUCCESS);
    check_deleted(key);
    check_deleted(parameters);
    check_deleted(sub);
    check_not_watched(c, key);
    check_not_watched(c, sub);
    IS(try_key(root_of(c), path), ERROR_FILE_NOT_FOUND);
    NONE(GetClusterGroupKey(group, KEY_READ), ERROR_GROUP_NOT_AVAILABLE);
    /* Another of the name has another key. */
    HGROUP again = CreateClusterGroup(c->handle, u"other");
    g_assert_nonnull(again);
    check_deleted(key);
    IS(try_key(GetClusterGroupKey(again, KEY_READ), "Sub"), ERROR_FILE_NOT_FOUND);
    /* The same of a key that has no row, and goes with its node. */
    IS(EvictClusterNode(node_of(c, "n2")), ERROR_SUCCESS);
    check_deleted(unstored);
    for (HKEY *closed = (HKEY[]){key, parameters, sub, unstored, NULL}; *closed != NULL; closed++) {
        IS(ClusterRegCloseKey(*closed), ERROR_SUCCESS);
    }
}

/* A plain key that was deleted and made anew is another one, too. */
static void test_deleted_plain(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY root = root_of(c);
    HKEY key = new_key(root, "A\\B");
    IS(ClusterRegDeleteKey(root, u"a\\b"), ERROR_SUCCESS);
    check_deleted(key);
    HKEY again = new_key(root, "A\\B");
    check_deleted(key);
    set_dword(again, "v", 1);
    IS(ClusterRegDeleteKey(again, u""), ERROR_SUCCESS);
    check_deleted(again);
}

/* --- Resource types ----------------------------------------------------------------------------- */

static const char *const types[] = {"a", "a\\b", "a\\", "a\\\\b", "a\\b\\Parameters", "a\\ "};

static HKEY key_of_type(const Cluster *c, const char *name)
{
    g_autofree WCHAR *text = wide(name);
    HKEY key = GetClusterResourceTypeKey(c->handle, text, KEY_ALL_ACCESS);
    g_assert_nonnull(key);
    return key;
}

static void test_backslashes(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HKEY root = root_of(c);
    HKEY keys[G_N_ELEMENTS(types)];
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree WCHAR *name = wide(types[i]);
        IS(CreateClusterResourceType(c->handle, name, name, u"x.dll", 5000, 60000), ERROR_SUCCESS);
        HKEY key = key_of_type(c, types[i]);
        set_dword(key, "Which", (DWORD)i);
        set_dword(new_key(key, "Sub"), "Which", (DWORD)i);
        set_dword(open_key(key, "Parameters"), "Private", (DWORD)i);
        IS(ClusterRegCloseKey(key), ERROR_SUCCESS);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree char *path = g_strconcat("resourcetypes\\", types[i], NULL);
        keys[i] = open_key(root, path);
        check_text(keys[i], "Name", types[i]);
        check_dword(keys[i], "Which", (DWORD)i);
        check_dword(open_key(keys[i], "Sub"), "Which", (DWORD)i);
    }
    /* One is the Parameters of another by its path, and is the one with the longer name. */
    g_autofree char *all = keys_of(open_key(root, "ResourceTypes"));
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autofree char *sub = keys_of(keys[i]);
        g_assert_cmpstr(sub, ==, "Parameters;Sub");
        g_assert_nonnull(strstr(all, types[i]));
    }
    check_dword(open_key(keys[0], "Parameters"), "Private", 0);
    check_dword(open_key(keys[2], "Parameters"), "Private", 2);
    check_dword(open_key(keys[3], "Parameters"), "Private", 3);
    check_text(open_key(keys[1], "Parameters"), "Name", "a\\b\\Parameters");
    /* The shorter name comes back when the longer is gone. */
    IS(DeleteClusterResourceType(c->handle, u"A\\B\\PARAMETERS"), ERROR_SUCCESS);
    check_dword(open_key(keys[1], "Parameters"), "Private", 1);
    check_deleted(keys[4]);
    IS(try_key(root, "ResourceTypes\\\\a"), ERROR_INVALID_PARAMETER);
    IS(try_key(root, "ResourceTypes\\a\\\\Parameters"), ERROR_SUCCESS); /* of "a\" */
    IS(try_key(root, "ResourceTypes\\a\\Sub\\\\x"), ERROR_INVALID_PARAMETER);
    IS(try_key(root, "ResourceTypes\\a\\Sub\\"), ERROR_INVALID_PARAMETER);
    IS(try_key(root, "ResourceTypes\\"), ERROR_INVALID_PARAMETER);
}

/* --- Reading only ------------------------------------------------------------------------------- */

static void test_read_only(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    set_dword(new_key(root_of(c), "Mine"), "v", 3);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    HRESOURCE resource = OpenClusterResourceEx(reading, u"r", GENERIC_READ, NULL);
    NONE(GetClusterResourceKey(resource, KEY_ALL_ACCESS), ERROR_ACCESS_DENIED);
    NONE(GetClusterResourceKey(resource, KEY_READ | KEY_SET_VALUE), ERROR_ACCESS_DENIED);
    NONE(GetClusterResourceKey(resource, MAXIMUM_ALLOWED | KEY_SET_VALUE), ERROR_ACCESS_DENIED);
    NONE(GetClusterResourceTypeKey(reading, u"T", KEY_WRITE), ERROR_ACCESS_DENIED);
    NONE(GetClusterResourceTypeKey(reading, u"none", KEY_READ),
         ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    HKEY key = GetClusterResourceKey(resource, MAXIMUM_ALLOWED);
    HKEY root = GetClusterKey(reading, KEY_READ);
    HKEY mine = NULL, parameters = NULL, none = NULL;
    HREGBATCH batch;
    BYTE descriptor[64] = {0};
    check_text(key, "Name", "r");
    IS(ClusterRegOpenKey(key, u"Parameters", KEY_ALL_ACCESS, &parameters), ERROR_ACCESS_DENIED);
    IS(ClusterRegOpenKey(key, u"Parameters", KEY_READ, &parameters), ERROR_SUCCESS);
    IS(ClusterRegOpenKey(root, u"Mine", KEY_READ, &mine), ERROR_SUCCESS);
    check_dword(mine, "v", 3);
    for (HKEY *each = (HKEY[]){key, root, mine, parameters, NULL}; *each != NULL; each++) {
        g_autofree char *keys = keys_of(*each);
        g_autofree char *values = values_of(*each);
        IS(ClusterRegSetValue(*each, u"v", REG_NONE, NULL, 0), ERROR_ACCESS_DENIED);
        IS(ClusterRegDeleteValue(*each, u"v"), ERROR_ACCESS_DENIED);
        IS(ClusterRegCreateKey(*each, u"x", 0, KEY_READ, NULL, &none, NULL), ERROR_ACCESS_DENIED);
        IS(ClusterRegDeleteKey(*each, u"x"), ERROR_ACCESS_DENIED);
        IS(ClusterRegCreateBatch(*each, &batch), ERROR_ACCESS_DENIED);
        memcpy(descriptor, "\1\0\0\200", 4);
        IS(ClusterRegSetKeySecurity(*each, 1, descriptor), ERROR_ACCESS_DENIED);
        g_autofree char *keys_after = keys_of(*each);
        g_autofree char *values_after = values_of(*each);
        g_assert_cmpstr(keys_after, ==, keys);
        g_assert_cmpstr(values_after, ==, values);
    }
    IS(ClusterRegSyncDatabase(reading, 0), ERROR_SUCCESS);
    CloseCluster(reading);
    IS(ClusterRegCloseKey(key), ERROR_INVALID_HANDLE);
    /* A key that was opened for reading alone is so on a cluster that may be changed, too. */
    key = GetClusterResourceKey(resource_of(c, "r"), KEY_READ);
    IS(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0), ERROR_ACCESS_DENIED);
    key = GetClusterResourceKey(resource_of(c, "r"), MAXIMUM_ALLOWED);
    IS(ClusterRegSetValue(key, u"v", REG_NONE, NULL, 0), ERROR_SUCCESS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry-objects/values are the common properties", test_common);
    g_test_add_func("/registry-objects/common ones are only shown", test_common_are_shown_only);
    g_test_add_func("/registry-objects/a renamed object keeps its key", test_rename);
    g_test_add_func("/registry-objects/Parameters are the private properties", test_private);
    g_test_add_func("/registry-objects/formats of private ones", test_private_formats);
    g_test_add_func("/registry-objects/numbers keep their format", test_private_numbers);
    g_test_add_func("/registry-objects/what no property can be", test_private_that_cannot_be);
    g_test_add_func("/registry-objects/Parameters of every kind", test_private_of_all_kinds);
    g_test_add_func("/registry-objects/both are told", test_events);
    g_test_add_func("/registry-objects/nothing else is there", test_places);
    g_test_add_func("/registry-objects/a deleted object's key", test_deleted);
    g_test_add_func("/registry-objects/a deleted key", test_deleted_plain);
    g_test_add_func("/registry-objects/types with backslashes", test_backslashes);
    g_test_add_func("/registry-objects/for reading", test_read_only);
    return g_test_run();
}
