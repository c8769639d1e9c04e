/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Setting and validating properties by control codes, of each kind of object, through the public
 * API: what is good, what is not, and that what was refused has changed nothing. One thread; each
 * test has a file of its own.
 */
#include "control-setup.h"

#include <resapi.h>
#include <sqlite3.h>
#include <string.h>

#define ROOM (64 * 1024)

typedef struct {
    BYTE bytes[ROOM];
    DWORD size;
} List;

static List *list_new(void)
{
    return g_new0(List, 1);
}

static void add_text(List *list, const char *name, const char *text)
{
    list_add_text(list->bytes, ROOM, &list->size, name, text);
}

static void add_number(List *list, const char *name, DWORD number)
{
    list_add_number(list->bytes, ROOM, &list->size, name, number);
}

static DWORD send(const ControlKind *kind, gpointer handle, DWORD function, const void *data,
                  DWORD size)
{
    return kind->control(handle, NULL, control_code(kind, function), (LPVOID)data, size, NULL, 0,
                         NULL);
}

static DWORD send_list(const ControlKind *kind, gpointer handle, DWORD function, const List *list)
{
    return send(kind, handle, function, list->bytes, list->size);
}

/* The properties of a set (transfer full). */
static GBytes *get(const ControlKind *kind, gpointer handle, DWORD function)
{
    DWORD size = 0;
    g_autofree BYTE *out = g_malloc(ROOM);
    IS(kind->control(handle, NULL, control_code(kind, function), NULL, 0, out, ROOM, &size),
       ERROR_SUCCESS);
    return g_bytes_new(out, size);
}

static void assert_text(const ControlKind *kind, gpointer handle, DWORD function, const char *name,
                        const char *expected)
{
    g_autoptr(GBytes) list = get(kind, handle, function);
    g_autofree WCHAR *wide_name = wide(name);
    gsize size;
    const void *data = g_bytes_get_data(list, &size);
    LPWSTR text = NULL;
    IS(ResUtilFindSzProperty((LPVOID)data, (DWORD)size, wide_name, &text), ERROR_SUCCESS);
    g_autofree char *seen = narrow(text);
    LocalFree(text);
    g_assert_cmpstr(seen, ==, expected);
}

/* --- Good ones ---------------------------------------------------------------------------------- */

/* The interface's Name, and so on, are what they were. */
static void test_set(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        const ControlKind *kind = &control_kinds[i];
        g_autofree List *common = list_new();
        g_autofree List *private = list_new();
        add_text(common, "Description", "what it is for");
        add_text(private, "Contact", "room 4");
        add_number(private, "Rack", 42);
        IS(send_list(kind, handles[i], CLCTL_SET_COMMON_PROPERTIES, common), ERROR_SUCCESS);
        DWORD stored =
            kind->object == CLUS_OBJECT_RESOURCE ? ERROR_RESOURCE_PROPERTIES_STORED : ERROR_SUCCESS;
        IS(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, private), stored);
        assert_text(kind, handles[i], CLCTL_GET_COMMON_PROPERTIES, "Description", "what it is for");
        assert_text(kind, handles[i], CLCTL_GET_PRIVATE_PROPERTIES, "Contact", "room 4");
    }
    control_check_file(c);
}

static void test_validate(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    HCLUSTER reader = control_reader(c);
    control_open(reader, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    for (gsize i = 0; i < N_CONTROL_KINDS && handles[i] != NULL; i++) {
        const ControlKind *kind = &control_kinds[i];
        g_autofree List *good = list_new();
        g_autofree List *other = list_new();
        g_autofree List *unknown = list_new();
        add_text(good, "Description", "what it is for");
        add_number(other, "Description", 1);
        add_text(unknown, "NoSuchProperty", "x");
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_COMMON_PROPERTIES, good), ERROR_SUCCESS);
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_COMMON_PROPERTIES, other),
           ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_COMMON_PROPERTIES, unknown),
           ERROR_INVALID_PARAMETER);
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_PRIVATE_PROPERTIES, unknown), ERROR_SUCCESS);
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_PRIVATE_PROPERTIES, good),
           ERROR_INVALID_PARAMETER);
        IS(send_list(kind, handles[i], CLCTL_SET_COMMON_PROPERTIES, good), ERROR_ACCESS_DENIED);
        IS(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, unknown), ERROR_ACCESS_DENIED);
    }
    control_assert_same(before, handles);
    CloseCluster(reader);
}

/* Another process may be writing for as long as it likes. */
static void test_validate_does_not_wait(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    g_autofree List *list = list_new();
    sqlite3 *writer = NULL;
    HGROUP group = group_of(c, "g");
    add_text(list, "Description", "x");
    IS(ClusapiSetTimeout(c->handle, 100), ERROR_SUCCESS);
    g_assert_cmpint(sqlite3_open(c->fixture->path, &writer), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(writer, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_VALIDATE_COMMON_PROPERTIES, list->bytes,
                           list->size, NULL, 0, NULL),
       ERROR_SUCCESS);
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_COMMON_PROPERTIES, list->bytes,
                           list->size, NULL, 0, NULL),
       ERROR_TIMEOUT);
    sqlite3_close(writer);
}

/* --- Rules -------------------------------------------------------------------------------------- */

static void test_refused(void)
{
    static const struct {
        gsize kind;
        const char *name;
        gint64 number; /* -1: a text */
        DWORD code;
    } cases[] = {
        {0, "SameSubnetDelay", 249, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {0, "SameSubnetDelay", 250, ERROR_SUCCESS},
        {0, "ClusterInstanceID", -1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
        {0, "Security Descriptor", 7, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH},
        {1, "NodeWeight", 2, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {1, "NodeName", -1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
        {2, "Priority", 3001, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {2, "Priority", -1, ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH},
        {2, "priority", 3000, ERROR_SUCCESS},
        {2, "Name", -1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
        {3, "IsAlivePollInterval", 9, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {3, "RestartPeriod", 3600001, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {3, "RetryPeriodOnFailure", 899999, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {3, "RetryPeriodOnFailure", 0xffffffff, ERROR_SUCCESS},
        {3, "RestartPeriod", 3600001, ERROR_SUCCESS},
        {4, "DllName", -1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
        {5, "Role", 4, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS},
        {5, "Role", 2, ERROR_CLUSTER_LAST_INTERNAL_NETWORK},
        {6, "DhcpEnabled", 1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
        {7, "Name", -1, ERROR_RESOURCE_PROPERTY_UNCHANGEABLE},
    };
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ControlKind *kind = &control_kinds[cases[i].kind];
        g_autoptr(GBytes) before = control_snapshot(handles);
        g_autofree List *list = list_new();
        /* The good one before it is not set either. */
        add_text(list, "Description", "another");
        if (cases[i].number < 0) {
            add_text(list, cases[i].name, "text");
        } else {
            add_number(list, cases[i].name, (DWORD)cases[i].number);
        }
        IS(send_list(kind, handles[cases[i].kind], CLCTL_VALIDATE_COMMON_PROPERTIES, list),
           cases[i].code);
        control_assert_same(before, handles);
        IS(send_list(kind, handles[cases[i].kind], CLCTL_SET_COMMON_PROPERTIES, list),
           cases[i].code);
        if (cases[i].code != ERROR_SUCCESS) {
            control_assert_same(before, handles);
        }
    }
}

/* A resource's private properties keep their formats, others are a bag; also within one list. */
static void test_private_formats(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        const ControlKind *kind = &control_kinds[i];
        gboolean schema =
            kind->object == CLUS_OBJECT_RESOURCE || kind->object == CLUS_OBJECT_RESOURCE_TYPE;
        DWORD code = schema ? ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH : ERROR_SUCCESS;
        g_autofree List *both = list_new();
        g_autofree List *one = list_new();
        g_autofree List *again = list_new();
        add_text(both, "Thing", "1");
        add_number(both, "tHING", 1);
        add_text(one, "Thing", "1");
        add_number(again, "Thing", 1);
        IS(send_list(kind, handles[i], CLCTL_VALIDATE_PRIVATE_PROPERTIES, both), code);
        g_assert_true(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, both) == code);
        g_assert_true(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, one) !=
                      ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
        IS(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, again), code);
    }
}

static void test_periods_together(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE resource = resource_of(c, "r");
    g_autofree List *list = list_new();
    add_number(list, "RestartPeriod", 20);
    add_number(list, "RetryPeriodOnFailure", 20);
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, list->bytes,
                              list->size, NULL, 0, NULL),
       ERROR_SUCCESS);
    list->size = 0;
    add_number(list, "RetryPeriodOnFailure", 19);
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_SET_COMMON_PROPERTIES, list->bytes,
                              list->size, NULL, 0, NULL),
       ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
}

static DWORD set_number(HNETWORK network, const char *name, DWORD number)
{
    g_autofree List *list = list_new();
    add_number(list, name, number);
    return ClusterNetworkControl(network, NULL, CLUSCTL_NETWORK_SET_COMMON_PROPERTIES, list->bytes,
                                 list->size, NULL, 0, NULL);
}

static DWORD number_of(HNETWORK network, LPCWSTR name)
{
    BYTE list[4096];
    DWORD size = 0;
    DWORD number = 0;
    IS(ClusterNetworkControl(network, NULL, CLUSCTL_NETWORK_GET_COMMON_PROPERTIES, NULL, 0, list,
                             sizeof list, &size),
       ERROR_SUCCESS);
    IS(ResUtilFindDwordProperty(list, size, name, &number), ERROR_SUCCESS);
    return number;
}

/* A metric that was chosen is not made automatically; roles are lost under conditions. */
static void test_networks(void)
{
    g_autoptr(Cluster) c = cluster_new(
        "[cluster]\nname=test\n[node n1]\n[network lan]\nrole=internal-and-client\n"
        "[network san]\nrole=internal\n[network wan]\nrole=client\n[group g]\nowner=n1\n"
        "[resource ip]\ngroup=g\ntype=IP Address\nstate=offline\nprivate.Network=wan\n");
    HNETWORK lan = network_of(c, "lan");
    HNETWORK san = network_of(c, "san");
    HNETWORK wan = network_of(c, "wan");
    IS(number_of(lan, u"AutoMetric"), 1);
    IS(set_number(lan, "Metric", 7), ERROR_SUCCESS);
    IS(number_of(lan, u"Metric"), 7);
    IS(number_of(lan, u"AutoMetric"), 0);
    IS(set_number(lan, "Role", ClusterNetworkRoleClientAccess), ERROR_SUCCESS);
    IS(set_number(san, "Role", ClusterNetworkRoleNone), ERROR_CLUSTER_LAST_INTERNAL_NETWORK);
    IS(set_number(san, "Role", ClusterNetworkRoleInternalAndClient), ERROR_SUCCESS);
    IS(set_number(wan, "Role", ClusterNetworkRoleNone), ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS);
    IS(set_number(wan, "Role", ClusterNetworkRoleInternalUse),
       ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS);
    IS(set_number(wan, "Role", ClusterNetworkRoleInternalAndClient), ERROR_SUCCESS);
    IS(DeleteClusterResource(resource_of(c, "ip")), ERROR_SUCCESS);
    IS(set_number(wan, "Role", ClusterNetworkRoleNone), ERROR_SUCCESS);
}

/* What a network is not, it cannot lose. */
static void test_network_without_roles(void)
{
    g_autoptr(Cluster) c = cluster_new(
        "[cluster]\nname=test\n[node n1]\n[network lan]\nrole=client\n"
        "[network san]\nrole=none\n[group g]\nowner=n1\n"
        "[resource ip]\ngroup=g\ntype=IP Address\nstate=offline\nprivate.Network=san\n");
    HNETWORK lan = network_of(c, "lan");
    HNETWORK san = network_of(c, "san");
    IS(set_number(lan, "Role", ClusterNetworkRoleClientAccess), ERROR_SUCCESS);
    IS(set_number(lan, "Role", ClusterNetworkRoleNone), ERROR_SUCCESS);
    IS(set_number(san, "Role", ClusterNetworkRoleNone), ERROR_SUCCESS);
    IS(set_number(san, "Role", ClusterNetworkRoleInternalUse), ERROR_SUCCESS);
    IS(set_number(san, "Role", ClusterNetworkRoleNone), ERROR_CLUSTER_LAST_INTERNAL_NETWORK);
}

/* --- Bad ones ----------------------------------------------------------------------------------- */

/* Text that no file could give back. */
static void test_surrogates(void)
{
    static const WCHAR alone[] = {'x', 0xd800, 0};
    static const WCHAR among[] = {'x', 0, 0xdc00, 0, 0};
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        const ControlKind *kind = &control_kinds[i];
        List *lists[] = {list_new(), list_new(), list_new()};
        list_add(lists[0]->bytes, ROOM, &lists[0]->size, "Text", CLUSPROP_SYNTAX_LIST_VALUE_SZ,
                 alone, sizeof alone);
        list_add(lists[1]->bytes, ROOM, &lists[1]->size, "Texts",
                 CLUSPROP_SYNTAX_LIST_VALUE_MULTI_SZ, among, sizeof among);
        add_text(lists[2], "Name?", "x");
        /* Over the question mark: count, head, four letters. */
        memcpy(lists[2]->bytes + 4 + 8 + 8, &alone[1], sizeof(WCHAR));
        for (gsize k = 0; k < G_N_ELEMENTS(lists); k++) {
            IS(send_list(kind, handles[i], CLCTL_VALIDATE_PRIVATE_PROPERTIES, lists[k]),
               ERROR_NO_UNICODE_TRANSLATION);
            IS(send_list(kind, handles[i], CLCTL_SET_PRIVATE_PROPERTIES, lists[k]),
               ERROR_NO_UNICODE_TRANSLATION);
            g_free(lists[k]);
        }
    }
    control_assert_same(before, handles);
    control_check_file(c);
}

/* A text whose variables are replaced already comes beside the text itself, never instead. */
static void test_expanded(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HGROUP group = group_of(c, "g");
    g_autofree List *list = list_new();
    list_add(list->bytes, ROOM, &list->size, "Path", CLUSPROP_SYNTAX_LIST_VALUE_EXPANDED_SZ, u"/x",
             3 * sizeof(WCHAR));
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_PRIVATE_PROPERTIES, list->bytes,
                           list->size, NULL, 0, NULL),
       ERROR_INVALID_PARAMETER);
}

static void check_short(const ControlKind *kind, gpointer handle, const List *list)
{
    for (DWORD size = 0; size < list->size; size++) {
        DWORD validated = send(kind, handle, CLCTL_VALIDATE_PRIVATE_PROPERTIES, list->bytes, size);
        IS(validated, ERROR_INVALID_DATA);
        IS(send(kind, handle, CLCTL_SET_PRIVATE_PROPERTIES, list->bytes, size), ERROR_INVALID_DATA);
        IS(send(kind, handle, CLCTL_SET_COMMON_PROPERTIES, list->bytes, size), ERROR_INVALID_DATA);
    }
    IS(send(kind, handle, CLCTL_SET_COMMON_PROPERTIES, NULL, 0), ERROR_INVALID_DATA);
    IS(send(kind, handle, CLCTL_SET_COMMON_PROPERTIES, NULL, 4), ERROR_INVALID_PARAMETER);
}

static void test_short(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    g_autofree List *list = list_new();
    add_text(list, "Contact", "room");
    add_number(list, "Rack", 42);
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        check_short(&control_kinds[i], handles[i], list);
    }
    control_assert_same(before, handles);
}

/* An empty list sets nothing; bytes after the list are ignored. */
static void test_long(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    BYTE none[64] = {0};
    memset(none + 4, 0xff, sizeof none - 4);
    for (gsize i = 0; i < N_CONTROL_KINDS; i++) {
        const ControlKind *kind = &control_kinds[i];
        IS(send(kind, handles[i], CLCTL_SET_COMMON_PROPERTIES, none, 4), ERROR_SUCCESS);
        IS(send(kind, handles[i], CLCTL_SET_COMMON_PROPERTIES, none, sizeof none), ERROR_SUCCESS);
        none[0] = 0xff;
        IS(send(kind, handles[i], CLCTL_SET_COMMON_PROPERTIES, none, sizeof none),
           ERROR_INVALID_DATA);
        none[0] = 0;
    }
    control_assert_same(before, handles);
}

/* A value beyond what is stored, and a list of very many. */
static void test_large(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HGROUP group = group_of(c, "g");
    const DWORD room = 4 * 1024 * 1024;
    g_autofree BYTE *list = g_malloc0(room);
    g_autofree BYTE *value = g_malloc0(room / 2 + 4);
    DWORD size = 0;
    list_add(list, room, &size, "Big", CLUSPROP_SYNTAX_LIST_VALUE_BINARY, value, room / 2 + 4);
    IS(ClusterGroupControl(group, NULL, CLUSCTL_GROUP_SET_PRIVATE_PROPERTIES, list, size, NULL, 0,
                           NULL),
       ERROR_INVALID_PARAMETER);
    size = 0;
    for (guint i = 0; i < 5000; i++) {
        g_autofree char *name = g_strdup_printf("P%u", i);
        list_add_number(list, room, &size, name, i);
    }
    HRESOURCE resource = resource_of(c, "r");
    IS(ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_SET_PRIVATE_PROPERTIES, list, size,
                              NULL, 0, NULL),
       ERROR_RESOURCE_PROPERTIES_STORED);
    control_check_file(c);
}

/* Whatever is changed in a list: it can be set exactly when validating says so, else nothing has
 * changed, and what was set can be read. */
static void test_garbled(void)
{
    static const DWORD pairs[][2] = {
        {CLCTL_VALIDATE_COMMON_PROPERTIES, CLCTL_SET_COMMON_PROPERTIES},
        {CLCTL_VALIDATE_PRIVATE_PROPERTIES, CLCTL_SET_PRIVATE_PROPERTIES},
    };
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autofree List *list = list_new();
    guint refused = 0, set = 0;
    for (gsize i = 0; i < 800; i++) {
        gint which = g_test_rand_int_range(0, N_CONTROL_KINDS);
        const ControlKind *kind = &control_kinds[which];
        const DWORD *pair = pairs[g_test_rand_int_range(0, 2)];
        g_autoptr(GBytes) before = control_snapshot(handles);
        list->size = 0;
        add_text(list, pair == pairs[0] ? "Description" : "Contact", "room");
        add_text(list, pair == pairs[0] ? "Description" : "Other", "floor");
        for (gint n = g_test_rand_int_range(0, 4); n > 0; n--) {
            list->bytes[g_test_rand_int_range(0, (gint)list->size)] =
                (BYTE)(g_test_rand_bit() ? g_test_rand_int() : g_test_rand_int_range(0, 16));
        }
        DWORD valid = send_list(kind, handles[which], pair[0], list);
        DWORD result = send_list(kind, handles[which], pair[1], list);
        gboolean done = result == ERROR_SUCCESS || result == ERROR_RESOURCE_PROPERTIES_STORED;
        g_assert_cmpuint(valid, ==, done ? ERROR_SUCCESS : result);
        if (!done) {
            control_assert_same(before, handles);
        }
        set += done;
        refused += !done;
    }
    g_assert_cmpuint(set, >, 100);
    g_assert_cmpuint(refused, >, 100);
    control_check_file(c);
}

/* --- Deleted objects ---------------------------------------------------------------------------- */

static void check_gone(gsize index, gpointer handle, DWORD code)
{
    static const DWORD functions[] = {CLCTL_SET_COMMON_PROPERTIES, CLCTL_VALIDATE_COMMON_PROPERTIES,
                                      CLCTL_SET_PRIVATE_PROPERTIES,
                                      CLCTL_VALIDATE_PRIVATE_PROPERTIES};
    BYTE empty[4] = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
        IS(send(&control_kinds[index], handle, functions[i], empty, sizeof empty), code);
    }
}

static void test_deleted(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    IS(SetClusterQuorumResource(resource_of(c, "disk"), NULL, 0), ERROR_SUCCESS);
    IS(DestroyClusterGroup(handles[2]), ERROR_SUCCESS);
    IS(EvictClusterNode(handles[1]), ERROR_SUCCESS);
    IS(EvictClusterNode(node_of(c, "n1")), ERROR_SUCCESS);
    IS(DeleteClusterResourceType(c->handle, CONTROL_TYPE), ERROR_SUCCESS);
    IS(DeleteClusterGroupSet(handles[7]), ERROR_SUCCESS);
    check_gone(1, handles[1], ERROR_NODE_NOT_AVAILABLE);
    check_gone(2, handles[2], ERROR_GROUP_NOT_AVAILABLE);
    check_gone(3, handles[3], ERROR_RESOURCE_NOT_AVAILABLE);
    check_gone(4, handles[4], ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    check_gone(6, handles[6], ERROR_CLUSTER_NETINTERFACE_NOT_FOUND);
    BYTE empty[4] = {0};
    g_assert_cmpuint(
        send(&control_kinds[7], handles[7], CLCTL_SET_COMMON_PROPERTIES, empty, sizeof empty), !=,
        ERROR_SUCCESS);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/properties/of each kind are set", test_set);
    g_test_add_func("/properties/are validated with a handle for reading", test_validate);
    g_test_add_func("/properties/are validated while another writes", test_validate_does_not_wait);
    g_test_add_func("/properties/what their rules refuse changes nothing", test_refused);
    g_test_add_func("/properties/private ones of a resource keep their formats",
                    test_private_formats);
    g_test_add_func("/properties/two periods are set together", test_periods_together);
    g_test_add_func("/properties/of networks", test_networks);
    g_test_add_func("/properties/a network loses no role that it has not",
                    test_network_without_roles);
    g_test_add_func("/properties/unpaired surrogates are refused", test_surrogates);
    g_test_add_func("/properties/an expanded text is refused", test_expanded);
    g_test_add_func("/properties/a list that was cut off is refused", test_short);
    g_test_add_func("/properties/what follows a list is ignored", test_long);
    g_test_add_func("/properties/large ones", test_large);
    g_test_add_func("/properties/a garbled list is refused or set as validated", test_garbled);
    g_test_add_func("/properties/of a deleted object are not set", test_deleted);
    return g_test_run();
}
