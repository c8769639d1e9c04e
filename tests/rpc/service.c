/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of the remote protocol do to a cluster, compared with what the library says of
 * it. Objects, notifications and the cluster database are in files of their own.
 */
#include "service-setup.h"

#include <string.h>

static char *names_of(const FakeCall *call, guint parameter)
{
    g_autoptr(GString) names = g_string_new(NULL);
    const GPtrArray *rows = call->values[parameter].rows;
    g_assert_nonnull(rows);
    for (guint i = 0; i < rows->len; i++) {
        const ClNdrValue *entry = rows->pdata[i];
        g_autofree char *name = narrow(entry[1].text);
        g_string_append_printf(names, "%s%u=%s", i > 0 ? ";" : "", (guint)entry[0].number, name);
    }
    return g_strdup(names->str);
}

/* --- All methods -------------------------------------------------------------------------------- */

/* The least that each parameter can be. */
static void fill_least(const ClMethod *method, ClNdrValue *values)
{
    for (guint i = 0; i < method->n_parameters; i++) {
        const ClNdrMember *member = &method->parameters[i];
        if (!member->in) {
            continue;
        }
        if (member->type == CL_NDR_TEXT) {
            values[i].text = wide("");
        } else if (member->type == CL_NDR_STRUCT) {
            values[i].rows = cl_ndr_rows_new(member->of);
            ClNdrValue *row = cl_ndr_row_add(values[i].rows, member->of);
            row[0].number = 0;
        } else if (member->type == CL_NDR_TEXTS) {
            values[i].rows = cl_ndr_rows_new(NULL);
        }
    }
}

static void answers_every_method(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    guint n = 0;
    for (guint opnum = 0; opnum < 256; opnum++) {
        const ClMethod *method = cl_method(opnum);
        ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
        if (method == NULL) {
            continue;
        }
        fill_least(method, values);
        gboolean has_handle = FALSE;
        for (guint i = 0; i < method->n_parameters; i++) {
            has_handle = has_handle ||
                         (method->parameters[i].in && method->parameters[i].type == CL_NDR_HANDLE);
        }
        g_test_message("%u %s", opnum, method->name);
        g_autoptr(FakeCall) call = fake_call_values(setup->client, method, values);
        g_assert_true(call->is_answered);
        g_assert_cmpuint(call->fault, ==, has_handle ? ERROR_INVALID_HANDLE : 0);
        n++;
    }
    g_assert_cmpuint(n, ==, 166);
}

static void refuses_what_version_3_has_not(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeCall) version = fake_call(setup->client, "GetClusterVersion", "");
    IS(version, ERROR_CALL_NOT_IMPLEMENTED);
    g_autoptr(FakeCall) backup = fake_call(setup->client, "BackupClusterDatabase", "s", "c:\\x");
    IS(backup, ERROR_CALL_NOT_IMPLEMENTED);
    /* A text after which the flags are not aligned to four. */
    g_autoptr(FakeCall) password = fake_call(setup->client, "SetServiceAccountPassword", "suu",
                                             "long", (guint64)0, (guint64)1024);
    IS(password, ERROR_CALL_NOT_IMPLEMENTED);
}

/* --- Clusters ----------------------------------------------------------------------------------- */

static void names_the_cluster_and_the_node(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeCall) name = fake_call(setup->client, "GetClusterName", "");
    IS(name, ERROR_SUCCESS);
    check_text(name, 0, "demo");
    check_text(name, 1, "node1");
    g_autoptr(FakeCall) renamed = fake_call(setup->client, "SetClusterName", "s", "other");
    IS(renamed, ERROR_RESOURCE_PROPERTIES_STORED);
    g_assert_true(renamed->had_to_wait);
}

static void tells_version_and_quorum(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    CLUSTERVERSIONINFO info = {.dwVersionInfoSize = sizeof info};
    DWORD size = 0;
    g_assert_cmpuint(GetClusterInformation(setup->cluster, NULL, &size, &info), ==, 0);
    g_autofree char *vendor = narrow(info.szVendorId);
    g_autoptr(FakeCall) version = fake_call(setup->client, "GetClusterVersion2", "");
    IS(version, ERROR_SUCCESS);
    g_assert_cmpuint(version->values[0].number, ==, info.MajorVersion);
    check_text(version, 3, vendor);
    const ClNdrValue *operational = version->values[5].rows->pdata[0];
    g_assert_cmpuint(operational[0].number, ==, 20);
    g_assert_cmpuint(operational[1].number, ==, info.dwClusterHighestVersion);

    g_autoptr(FakeCall) quorum = fake_call(setup->client, "GetQuorumResource", "");
    IS(quorum, ERROR_SUCCESS);
    check_text(quorum, 0, "File Share Witness");
    ClContextHandle resource = open_by(setup->client, "OpenResource", "File Share Witness");
    g_autoptr(FakeCall) set =
        fake_call(setup->client, "SetQuorumResource", "hsu", &resource, "", (guint64)0x400);
    IS(set, ERROR_SUCCESS);
}

static void grants_what_the_role_allows(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        ClusapidRole role;
        guint32 wanted, code, granted;
    } cases[] = {
        {CLUSAPID_ADMINISTRATOR, GENERIC_ALL, 0, GENERIC_ALL},
        {CLUSAPID_ADMINISTRATOR, GENERIC_READ, 0, GENERIC_READ},
        {CLUSAPID_ADMINISTRATOR, MAXIMUM_ALLOWED, 0, GENERIC_ALL},
        {CLUSAPID_ADMINISTRATOR, GENERIC_WRITE, 0, GENERIC_ALL},
        {CLUSAPID_ADMINISTRATOR, 3, 0, GENERIC_ALL},
        {CLUSAPID_ADMINISTRATOR, 2, ERROR_INVALID_PARAMETER, 0},
        {CLUSAPID_ADMINISTRATOR, 0, ERROR_INVALID_PARAMETER, 0},
        {CLUSAPID_ADMINISTRATOR, 0x100, ERROR_INVALID_PARAMETER, 0},
        {CLUSAPID_READER, GENERIC_READ, 0, GENERIC_READ},
        {CLUSAPID_READER, MAXIMUM_ALLOWED, 0, GENERIC_READ},
        {CLUSAPID_READER, GENERIC_ALL, ERROR_ACCESS_DENIED, 0},
        {CLUSAPID_READER, GENERIC_EXECUTE, ERROR_ACCESS_DENIED, 0},
    };
    g_autoptr(FakeClient) reader = fake_client_again(setup->client, CLUSAPID_READER);
    g_autoptr(FakeClient) nobody = fake_client_again(setup->client, CLUSAPID_NOBODY);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FakeCall) call =
            fake_call(cases[i].role == CLUSAPID_READER ? reader : setup->client, "OpenClusterEx",
                      "u", (guint64)cases[i].wanted);
        IS(call, cases[i].code);
        g_assert_cmpuint(call->values[1].number, ==, cases[i].granted);
        if (cases[i].code == 0) {
            g_assert_cmpuint(of_handle(cases[i].role == CLUSAPID_READER ? reader : setup->client,
                                       "CloseCluster", fake_handle(call)),
                             ==, 0);
        }
    }
    g_autoptr(FakeCall) all = fake_call(reader, "OpenCluster", "");
    IS(all, ERROR_ACCESS_DENIED);
    g_autoptr(FakeCall) opened = fake_call(setup->client, "OpenCluster", "");
    IS(opened, ERROR_SUCCESS);
}

/* Whoever may only read gets ERROR_ACCESS_DENIED from all that changes something. */
static void readers_change_nothing(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeClient) reader = fake_client_again(setup->client, CLUSAPID_READER);
    g_autoptr(FakeCall) denied = fake_call(reader, "OpenGroup", "s", "web");
    IS(denied, ERROR_ACCESS_DENIED);
    g_autoptr(FakeCall) made = fake_call(reader, "CreateGroup", "s", "new");
    IS(made, ERROR_ACCESS_DENIED);
    g_autoptr(FakeCall) group =
        fake_call(reader, "OpenGroupEx", "su", "web", (guint64)MAXIMUM_ALLOWED);
    IS(group, ERROR_SUCCESS);
    g_assert_cmpuint(group->values[2].number, ==, GENERIC_READ);
    g_assert_cmpuint(of_handle(reader, "OfflineGroup", fake_handle(group)), ==,
                     ERROR_ACCESS_DENIED);
    g_autoptr(FakeCall) state = fake_call(reader, "GetGroupState", "h", fake_handle(group));
    IS(state, ERROR_SUCCESS);
    g_autoptr(FakeCall) renamed = fake_call(reader, "SetClusterName", "s", "x");
    IS(renamed, ERROR_ACCESS_DENIED);
    g_autoptr(FakeCall) cluster = fake_call(reader, "OpenClusterEx", "u", (guint64)GENERIC_READ);
    IS(cluster, ERROR_SUCCESS);
    g_autoptr(FakeCall) down = fake_call(reader, "ClusterControl", "hu0uu", fake_handle(cluster),
                                         (guint64)CLUSCTL_CLUSTER_SHUTDOWN, (guint64)0, (guint64)0);
    IS(down, ERROR_ACCESS_DENIED);
}

/* An administrator's handle that is for reading alone changes nothing, either. */
static void a_cluster_for_reading_is_not_changed(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeCall) cluster =
        fake_call(setup->client, "OpenClusterEx", "u", (guint64)GENERIC_READ);
    g_autoptr(FakeCall) set =
        fake_call(setup->client, "ClusterControl", "hu0uu", fake_handle(cluster),
                  (guint64)CLUSCTL_CLUSTER_SET_COMMON_PROPERTIES, (guint64)0, (guint64)0);
    IS(set, ERROR_ACCESS_DENIED);
}

/* --- Handles ------------------------------------------------------------------------------------ */

static void handles_are_of_their_kind(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle group = open_by(client, "OpenGroup", "web");
    g_autoptr(FakeCall) wrong = fake_call(client, "GetResourceState", "h", &group);
    g_assert_cmpuint(wrong->fault, ==, ERROR_INVALID_HANDLE);
    g_autoptr(FakeCall) other = fake_call(client, "MoveGroupToNode", "hh", &group, &group);
    g_assert_cmpuint(other->fault, ==, ERROR_INVALID_HANDLE);
    g_autoptr(FakeCall) closed = fake_call(client, "CloseGroup", "h", &group);
    IS(closed, ERROR_SUCCESS);
    const ClContextHandle none = {{0}};
    g_assert_cmpmem(fake_handle(closed), sizeof none, &none, sizeof none);
    g_autoptr(FakeCall) late = fake_call(client, "GetGroupState", "h", &group);
    g_assert_cmpuint(late->fault, ==, ERROR_INVALID_HANDLE);
    g_autoptr(FakeCall) again = fake_call(client, "CloseGroup", "h", &group);
    g_assert_cmpuint(again->fault, ==, ERROR_INVALID_HANDLE);
}

static void handles_have_a_limit(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    fake_client_limit(setup->client, 1);
    ClContextHandle group = open_by(setup->client, "OpenGroup", "web");
    g_autoptr(FakeCall) more = fake_call(setup->client, "OpenGroup", "s", "web");
    IS(more, ERROR_NO_SYSTEM_RESOURCES);
    g_assert_cmpuint(of_handle(setup->client, "CloseGroup", &group), ==, 0);
    g_assert_cmpuint(fake_client_handles(setup->client), ==, 0);
}

static void opens_each_kind(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *kind, *name;
        guint missing;
    } kinds[] = {
        {"Node", "node2", ERROR_CLUSTER_NODE_NOT_FOUND},
        {"Group", "web", ERROR_GROUP_NOT_FOUND},
        {"Resource", "Cluster Name", ERROR_RESOURCE_NOT_FOUND},
        {"Network", "public", ERROR_CLUSTER_NETWORK_NOT_FOUND},
        {"NetInterface", "node1 - Ethernet", ERROR_CLUSTER_NETINTERFACE_NOT_FOUND},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *open = g_strconcat("Open", kinds[i].kind, NULL);
        g_autofree char *open_ex = g_strconcat(open, "Ex", NULL);
        g_autofree char *close = g_strconcat("Close", kinds[i].kind, NULL);
        g_autofree char *get_id = g_strconcat("Get", kinds[i].kind, "Id", NULL);
        ClContextHandle handle = open_by(setup->client, open, kinds[i].name);
        g_autoptr(FakeCall) id = fake_call(setup->client, get_id, "h", &handle);
        IS(id, ERROR_SUCCESS);
        g_autofree char *text = fake_text(id, 1);
        g_autoptr(FakeCall) by_id =
            fake_call(setup->client, open_ex, "su", text, (guint64)GENERIC_READ);
        IS(by_id, ERROR_SUCCESS);
        g_assert_cmpuint(by_id->values[2].number, ==, GENERIC_READ);
        g_autoptr(FakeCall) missing = fake_call(setup->client, open, "s", "jfUF38fjSNcfn");
        IS(missing, kinds[i].missing);
        g_autoptr(FakeCall) bad =
            fake_call(setup->client, open_ex, "su", kinds[i].name, (guint64)0);
        IS(bad, ERROR_INVALID_PARAMETER);
        g_assert_cmpuint(of_handle(setup->client, close, &handle), ==, 0);
        g_assert_cmpuint(of_handle(setup->client, close, fake_handle(by_id)), ==, 0);
    }
    ClContextHandle set = open_by(setup->client, "OpenGroupSet", "front");
    g_assert_cmpuint(of_handle(setup->client, "CloseGroupSet", &set), ==, 0);
    g_assert_cmpuint(fake_client_handles(setup->client), ==, 0);
}

/* --- Lists -------------------------------------------------------------------------------------- */

static void lists_the_cluster(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const guint32 types[] = {1, 2, 4, 8, 0x10, 0x20, 0x40000000, 0x80000000};
    static const guint32 bad[] = {0, 0x40, 0x80, 0x100};
    g_autoptr(FakeCall) cluster = fake_call(setup->client, "OpenCluster", "");
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(FakeCall) list = fake_call(setup->client, "CreateEnum", "u", (guint64)types[i]);
        IS(list, ERROR_SUCCESS);
        g_assert_false(list->had_to_wait && i > 0);
        g_autoptr(FakeCall) both = fake_call(setup->client, "CreateEnumEx", "huu",
                                             fake_handle(cluster), (guint64)types[i], (guint64)0);
        IS(both, ERROR_SUCCESS);
        g_autofree char *names = names_of(list, 1);
        g_autofree char *same = names_of(both, 4);
        g_assert_cmpstr(names, ==, same);
        g_assert_cmpuint(both->values[3].rows->len, ==, both->values[4].rows->len);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(FakeCall) list = fake_call(setup->client, "CreateEnum", "u", (guint64)bad[i]);
        IS(list, ERROR_INVALID_PARAMETER);
        g_autoptr(FakeCall) both = fake_call(setup->client, "CreateEnumEx", "huu",
                                             fake_handle(cluster), (guint64)bad[i], (guint64)0);
        IS(both, ERROR_INVALID_PARAMETER);
    }
    g_autoptr(FakeCall) options = fake_call(setup->client, "CreateEnumEx", "huu",
                                            fake_handle(cluster), (guint64)1, (guint64)1);
    IS(options, ERROR_INVALID_PARAMETER);
}

static void lists_what_belongs_to_objects(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle node = open_by(client, "OpenNode", "node1");
    g_autoptr(FakeCall) cluster = fake_call(client, "OpenCluster", "");
    g_autoptr(FakeCall) plain = fake_call(client, "CreateNodeEnum", "hu", &node, (guint64)3);
    g_autoptr(FakeCall) both =
        fake_call(client, "CreateNodeEnumEx", "huu", &node, (guint64)3, (guint64)0);
    IS(plain, ERROR_SUCCESS);
    IS(both, ERROR_SUCCESS);
    g_autofree char *names = names_of(plain, 2);
    g_autofree char *same = names_of(both, 4);
    g_assert_cmpstr(names, ==, same);
    g_autoptr(FakeCall) unknown =
        fake_call(client, "CreateNodeEnumEx", "huu", &node, (guint64)0x100, (guint64)0);
    IS(unknown, ERROR_INVALID_PARAMETER);
    ClContextHandle group = open_by(client, "OpenGroup", "web");
    g_autoptr(FakeCall) odd =
        fake_call(client, "CreateGroupResourceEnum", "hu", &group, (guint64)0x40);
    IS(odd, ERROR_SUCCESS);
    g_assert_cmpuint(odd->values[2].rows->len, ==, 0);
    g_autoptr(FakeCall) sets = fake_call(client, "CreateGroupSetEnum", "h", fake_handle(cluster));
    IS(sets, ERROR_SUCCESS);
    g_assert_cmpuint(sets->values[1].rows->len, ==, 4);
    g_autoptr(FakeCall) interfaces =
        fake_call(client, "CreateNetInterfaceEnum", "hss", fake_handle(cluster), "node1", "public");
    IS(interfaces, ERROR_SUCCESS);
    g_autofree char *interface = names_of(interfaces, 3);
    g_assert_cmpstr(interface, ==, "32=node1 - public");
    g_autoptr(FakeCall) all =
        fake_call(client, "CreateNetInterfaceEnum", "hss", fake_handle(cluster), "", "");
    IS(all, ERROR_SUCCESS);
    g_assert_cmpuint(all->values[3].rows->len, >, 10);
}

static void lists_with_properties(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const WCHAR wanted[] = u"Priority\0";
    static const WCHAR ro_wanted[] = u"GroupType\0";
    static const WCHAR unknown[] = u"Nonsense\0";
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) cluster = fake_call(client, "OpenCluster", "");
    const ClContextHandle *handle = fake_handle(cluster);
    g_autoptr(FakeCall) bare =
        fake_call(client, "CreateGroupEnum", "h0u0u", handle, (guint64)0, (guint64)0);
    IS(bare, ERROR_SUCCESS);
    g_autoptr(FakeCall) groups =
        fake_call(client, "CreateGroupEnum", "hbubu", handle, wanted, sizeof wanted,
                  (guint64)sizeof wanted, ro_wanted, sizeof ro_wanted, (guint64)sizeof ro_wanted);
    IS(groups, ERROR_SUCCESS);
    g_assert_cmpuint(groups->values[5].rows->len, ==, bare->values[5].rows->len);
    for (guint i = 0; i < groups->values[5].rows->len; i++) {
        const ClNdrValue *entry = groups->values[5].rows->pdata[i];
        HGROUP group = OpenClusterGroup(setup->cluster, entry[1].text);
        WCHAR node[64];
        DWORD size = G_N_ELEMENTS(node);
        g_assert_cmpuint(entry[2].number, ==, (guint32)GetClusterGroupState(group, node, &size));
        g_assert_cmpint(lstrcmpW(entry[3].text, node), ==, 0);
        g_assert_cmpuint(entry[5].number, >, 0);
        g_assert_cmpuint(entry[5].number, ==, g_bytes_get_size(entry[6].bytes));
        g_assert_cmpuint(entry[7].number, ==, g_bytes_get_size(entry[8].bytes));
        CloseClusterGroup(group);
    }
    g_autoptr(FakeCall) bad = fake_call(client, "CreateGroupEnum", "hbu0u", handle, unknown,
                                        sizeof unknown, (guint64)sizeof unknown, (guint64)0);
    IS(bad, ERROR_INVALID_PARAMETER);
    g_autoptr(FakeCall) resources =
        fake_call(client, "CreateResourceEnum", "h0u0u", handle, (guint64)0, (guint64)0);
    IS(resources, ERROR_SUCCESS);
    g_assert_cmpuint(resources->values[5].rows->len, >, 10);
}

/* --- Controls ----------------------------------------------------------------------------------- */

/* Asks with little room, then with what is needed; code 0 is none. */
static void check_control(FakeClient *client, const char *method, const ClContextHandle *handle,
                          guint32 control)
{
    g_autoptr(FakeCall) none =
        fake_call(client, method, "hu0uu", handle, (guint64)0, (guint64)0, (guint64)0);
    IS(none, ERROR_INVALID_FUNCTION);
    g_autoptr(FakeCall) small =
        fake_call(client, method, "hu0uu", handle, (guint64)control, (guint64)0, (guint64)0);
    guint needed = (guint)small->values[7].number;
    g_assert_true(fake_status(small) == ERROR_MORE_DATA || needed == 0);
    g_assert_cmpuint(small->values[6].number, ==, 0);
    g_autoptr(FakeCall) full = fake_call(client, method, "hu0uu", handle, (guint64)control,
                                         (guint64)0, (guint64)needed + 10);
    IS(full, ERROR_SUCCESS);
    g_assert_cmpuint(full->values[6].number, ==, needed);
    g_assert_cmpuint(g_bytes_get_size(full->values[4].bytes), ==, needed);
    g_autoptr(FakeCall) huge = fake_call(client, method, "hu0uu", handle, (guint64)control,
                                         (guint64)0, (guint64)0xFFFFFFFF);
    IS(huge, ERROR_SUCCESS);
    g_assert_true(g_bytes_equal(huge->values[4].bytes, full->values[4].bytes));
}

static void controls_each_kind(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) cluster = fake_call(client, "OpenCluster", "");
    ClContextHandle node = open_by(client, "OpenNode", "node1");
    ClContextHandle group = open_by(client, "OpenGroup", "web");
    ClContextHandle resource = open_by(client, "OpenResource", "web-ip");
    ClContextHandle network = open_by(client, "OpenNetwork", "public");
    ClContextHandle interface = open_by(client, "OpenNetInterface", "node1 - public");
    ClContextHandle set = open_by(client, "OpenGroupSet", "front");
    check_control(client, "ClusterControl", fake_handle(cluster), CLUSCTL_CLUSTER_GET_FQDN);
    check_control(client, "NodeControl", &node, CLUSCTL_NODE_GET_ID);
    check_control(client, "GroupControl", &group, CLUSCTL_GROUP_GET_RO_COMMON_PROPERTIES);
    check_control(client, "ResourceControl", &resource, CLUSCTL_RESOURCE_GET_PRIVATE_PROPERTIES);
    check_control(client, "NetworkControl", &network, CLUSCTL_NETWORK_GET_COMMON_PROPERTIES);
    check_control(client, "NetInterfaceControl", &interface, CLUSCTL_NETINTERFACE_GET_NAME);
    check_control(client, "GroupSetControl", &set, CLUSCTL_GROUPSET_GET_ID);
}

static void controls_on_a_node(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) cluster = fake_call(client, "OpenClusterEx", "u", (guint64)GENERIC_READ);
    ClContextHandle node = open_by(client, "OpenNode", "node1");
    const struct {
        const char *method;
        ClContextHandle handle;
        guint32 control;
    } cases[] = {
        {"NodeClusterControl", *fake_handle(cluster), CLUSCTL_CLUSTER_GET_FQDN},
        {"NodeNodeControl", node, CLUSCTL_NODE_GET_NAME},
        {"NodeGroupControl", open_by(client, "OpenGroup", "web"), CLUSCTL_GROUP_GET_NAME},
        {"NodeResourceControl", open_by(client, "OpenResource", "web-ip"),
         CLUSCTL_RESOURCE_GET_NAME},
        {"NodeNetworkControl", open_by(client, "OpenNetwork", "public"), CLUSCTL_NETWORK_GET_NAME},
        {"NodeNetInterfaceControl", open_by(client, "OpenNetInterface", "node1 - public"),
         CLUSCTL_NETINTERFACE_GET_NAME},
        {"NodeGroupSetControl", open_by(client, "OpenGroupSet", "front"), CLUSCTL_GROUPSET_GET_ID},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].method);
        g_autoptr(FakeCall) call =
            fake_call(client, cases[i].method, "hhu0uu", &cases[i].handle, &node,
                      (guint64)cases[i].control, (guint64)0, (guint64)1024);
        IS(call, ERROR_SUCCESS);
        g_assert_cmpuint(call->values[7].number, >, 0);
        const ClContextHandle none = {{0}};
        g_autoptr(FakeCall) nowhere =
            fake_call(client, cases[i].method, "hhu0uu", &cases[i].handle, &none,
                      (guint64)cases[i].control, (guint64)0, (guint64)1024);
        g_assert_cmpuint(nowhere->fault, ==, ERROR_INVALID_HANDLE);
    }
}

static void controls_resource_types(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) cluster = fake_call(client, "OpenCluster", "");
    ClContextHandle node = open_by(client, "OpenNode", "node1");
    const guint64 control = CLUSCTL_RESOURCE_TYPE_GET_CLASS_INFO;
    g_autoptr(FakeCall) type =
        fake_call(client, "ResourceTypeControl", "hsu0uu", fake_handle(cluster), "Physical Disk",
                  control, (guint64)0, (guint64)64);
    IS(type, ERROR_SUCCESS);
    g_assert_cmpuint(type->values[7].number, ==, 8);
    g_autoptr(FakeCall) on_node =
        fake_call(client, "NodeResourceTypeControl", "hshu0uu", fake_handle(cluster),
                  "Physical Disk", &node, control, (guint64)0, (guint64)64);
    IS(on_node, ERROR_SUCCESS);
    g_autoptr(FakeCall) missing =
        fake_call(client, "ResourceTypeControl", "hsu0uu", fake_handle(cluster), "Nonsense",
                  control, (guint64)0, (guint64)64);
    IS(missing, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
}

static void refuses_a_cluster_that_is_not_there(void)
{
    g_autoptr(FakeClient) client =
        fake_client_new("/nonexistent/x.cluster", CLUSAPID_ADMINISTRATOR);
    g_autoptr(FakeCall) call = fake_call(client, "OpenGroup", "s", "web");
    g_assert_cmpuint(fake_status(call), !=, 0);
    g_assert_cmpuint(fake_status(call), !=, ERROR_TIMEOUT);
}

#define TEST(function) g_test_add("/service/" #function, Setup, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(answers_every_method);
    TEST(refuses_what_version_3_has_not);
    TEST(names_the_cluster_and_the_node);
    TEST(tells_version_and_quorum);
    TEST(grants_what_the_role_allows);
    TEST(readers_change_nothing);
    TEST(a_cluster_for_reading_is_not_changed);
    TEST(handles_are_of_their_kind);
    TEST(handles_have_a_limit);
    TEST(opens_each_kind);
    TEST(lists_the_cluster);
    TEST(lists_what_belongs_to_objects);
    TEST(lists_with_properties);
    TEST(controls_each_kind);
    TEST(controls_on_a_node);
    TEST(controls_resource_types);
    g_test_add_func("/service/refuses_a_cluster_that_is_not_there",
                    refuses_a_cluster_that_is_not_there);
    return g_test_run();
}
