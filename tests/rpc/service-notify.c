/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notification ports of clients: what they are told, and calls that wait.
 */
#include "fake-server.h"

#include "../api/fixture.h"

#include <clusapi/linux.h>
#include <string.h>

#define IS(call, code) g_assert_cmpuint(fake_status(call), ==, code)

typedef struct {
    Fixture *fixture;
    FakeClient *client;
    HCLUSTER cluster;
    ClContextHandle opened; /* of the cluster */
} Setup;

static void set_up(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    setup->fixture = fixture_new_demo();
    setup->client = fake_client_new(setup->fixture->path, CLUSAPID_ADMINISTRATOR);
    setup->cluster = OpenCluster(setup->fixture->wide);
    g_autoptr(FakeCall) call = fake_call(setup->client, "OpenCluster", "");
    IS(call, ERROR_SUCCESS);
    setup->opened = *fake_handle(call);
}

static void tear_down(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    CloseCluster(setup->cluster);
    if (setup->client != NULL) {
        fake_client_free(setup->client);
    }
    fixture_free(setup->fixture);
}

static ClContextHandle open_by(FakeClient *client, const char *method, const char *name)
{
    g_autoptr(FakeCall) call = fake_call(client, method, "s", name);
    IS(call, ERROR_SUCCESS);
    return *fake_handle(call);
}

static ClContextHandle new_port(const Setup *setup, const char *method)
{
    g_autoptr(FakeCall) call = fake_call(setup->client, method, "");
    IS(call, ERROR_SUCCESS);
    return *fake_handle(call);
}

static GPtrArray *filter_of(guint object_type, guint64 flags)
{
    GPtrArray *rows = cl_ndr_rows_new(&cl_ndr_filter);
    ClNdrValue *filter = cl_ndr_row_add(rows, &cl_ndr_filter);
    filter[0].number = object_type;
    filter[1].number = flags;
    return rows;
}

static guint add_v2(const Setup *setup, const ClContextHandle *port, const ClContextHandle *object,
                    guint object_type, guint64 flags, guint key, gboolean targeted)
{
    g_autoptr(FakeCall) call =
        fake_call(setup->client, "AddNotifyV2", "hhruuu", port, object,
                  filter_of(object_type, flags), (guint64)key, (guint64)2, (guint64)targeted);
    return fake_status(call);
}

/* A port of version 2 that is told of all states of groups. */
static ClContextHandle group_port(const Setup *setup)
{
    ClContextHandle port = new_port(setup, "CreateNotifyV2");
    g_assert_cmpuint(add_v2(setup, &port, &setup->opened, CLUSTER_OBJECT_TYPE_GROUP,
                            CLUSTER_CHANGE_GROUP_STATE_V2, 7, FALSE),
                     ==, 0);
    return port;
}

static void change_state(const Setup *setup, const WCHAR *name)
{
    HGROUP group = OpenClusterGroup(setup->cluster, name);
    g_assert_nonnull(group);
    g_assert_cmpuint(OnlineClusterGroup(group, NULL), ==, 0);
    g_assert_cmpuint(OfflineClusterGroup(group), ==, 0);
    CloseClusterGroup(group);
}

static void make_group(const Setup *setup, const WCHAR *name)
{
    HGROUP group = CreateClusterGroup(setup->cluster, name);
    g_assert_nonnull(group);
    CloseClusterGroup(group);
}

static FakeCall *get(const Setup *setup, const char *method, const ClContextHandle *port)
{
    return fake_call(setup->client, method, "h", port);
}

static void close_port(const Setup *setup, const ClContextHandle *port)
{
    g_autoptr(FakeCall) call = get(setup, "CloseNotify", port);
    IS(call, ERROR_SUCCESS);
}

/* The port of a client that is told of new groups. */
static ClContextHandle added_port(const Setup *setup)
{
    ClContextHandle port = new_port(setup, "CreateNotifyV2");
    g_assert_cmpuint(add_v2(setup, &port, &setup->opened, CLUSTER_OBJECT_TYPE_CLUSTER,
                            CLUSTER_CHANGE_CLUSTER_ALL_V2, 7, FALSE),
                     ==, 0);
    return port;
}

static void check_group(const FakeCall *call, guint row, guint key, const char *expected)
{
    const ClNdrValue *event = call->values[1].rows->pdata[row];
    const ClNdrValue *filter = event[1].rows->pdata[0];
    g_autofree char *name = narrow(event[6].text);
    g_assert_cmpuint(event[0].number, ==, key);
    g_assert_cmpuint(filter[0].number, ==, CLUSTER_OBJECT_TYPE_CLUSTER);
    g_assert_cmpuint(filter[1].number, ==, CLUSTER_CHANGE_CLUSTER_GROUP_ADDED_V2);
    g_assert_cmpstr(name, ==, expected);
    g_assert_cmpuint(event[3].number, ==, sizeof(DWORD));
    g_assert_cmpuint(g_bytes_get_size(event[2].bytes), ==, sizeof(DWORD));
}

/* --- Version 2 ---------------------------------------------------------------------------------- */

static void a_call_waits_for_an_event(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = added_port(setup);
    g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
    g_assert_false(call->is_answered);
    make_group(setup, u"new");
    fake_call_wait(call);
    IS(call, ERROR_SUCCESS);
    g_assert_cmpuint(call->values[2].number, ==, 1);
    check_group(call, 0, 7, "new");
    close_port(setup, &port);
}

static void events_come_together(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = added_port(setup);
    make_group(setup, u"one");
    make_group(setup, u"two");
    guint n = 0;
    while (n < 2) {
        g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
        fake_call_wait(call);
        IS(call, ERROR_SUCCESS);
        for (guint i = 0; i < call->values[2].number; i++) {
            check_group(call, i, 7, n++ == 0 ? "one" : "two");
        }
    }
}

static void two_calls_wait_in_turn(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = added_port(setup);
    g_autoptr(FakeCall) first = get(setup, "GetNotifyV2", &port);
    g_autoptr(FakeCall) second = get(setup, "GetNotifyV2", &port);
    make_group(setup, u"one");
    fake_call_wait(first);
    g_assert_false(second->is_answered);
    make_group(setup, u"two");
    fake_call_wait(second);
    check_group(first, 0, 7, "one");
    check_group(second, 0, 7, "two");
}

static void an_object_is_watched_alone(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup, "CreateNotifyV2");
    ClContextHandle group = open_by(setup->client, "OpenGroup", "formats");
    g_assert_cmpuint(add_v2(setup, &port, &group, CLUSTER_OBJECT_TYPE_GROUP,
                            CLUSTER_CHANGE_GROUP_ALL_V2, 8, TRUE),
                     ==, 0);
    make_group(setup, u"another");
    g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
    g_assert_false(call->is_answered);
    g_autoptr(FakeCall) renamed =
        fake_call(setup->client, "SetGroupName", "hs", &group, "formats2");
    IS(renamed, ERROR_SUCCESS);
    fake_call_wait(call);
    IS(call, ERROR_SUCCESS);
    const ClNdrValue *event = call->values[1].rows->pdata[0];
    g_assert_cmpuint(event[0].number, ==, 8);
}

static void registering_is_checked(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup, "CreateNotifyV2");
    ClContextHandle old = new_port(setup, "CreateNotify");
    ClContextHandle group = open_by(setup->client, "OpenGroup", "web");
    /* Not the whole cluster's */
    g_assert_cmpuint(add_v2(setup, &port, &group, CLUSTER_OBJECT_TYPE_GROUP, 1, 1, FALSE), ==,
                     ERROR_INVALID_HANDLE);
    /* of another kind, version, type, or flags */
    g_assert_cmpuint(add_v2(setup, &port, &group, CLUSTER_OBJECT_TYPE_NODE, 1, 1, TRUE), ==,
                     ERROR_INVALID_HANDLE);
    g_assert_cmpuint(add_v2(setup, &old, &group, CLUSTER_OBJECT_TYPE_GROUP, 1, 1, TRUE), ==,
                     ERROR_INVALID_HANDLE);
    g_assert_cmpuint(add_v2(setup, &port, &group, 99, 1, 1, TRUE), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(add_v2(setup, &port, &group, CLUSTER_OBJECT_TYPE_GROUP, 0x10000, 1, TRUE), ==,
                     ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(add_v2(setup, &port, &port, CLUSTER_OBJECT_TYPE_GROUP, 1, 1, TRUE), ==,
                     ERROR_INVALID_HANDLE);
    g_autoptr(FakeCall) version =
        fake_call(setup->client, "AddNotifyV2", "hhruuu", &port, &group,
                  filter_of(CLUSTER_OBJECT_TYPE_GROUP, 1), (guint64)1, (guint64)1, (guint64)1);
    IS(version, ERROR_INVALID_PARAMETER);
    g_autoptr(FakeCall) wrong = get(setup, "GetNotifyV2", &old);
    IS(wrong, ERROR_INVALID_HANDLE);
    g_autoptr(FakeCall) type = fake_call(setup->client, "AddNotifyResourceTypeV2", "huusu", &port,
                                         (guint64)1, (guint64)9, "Physical Disk", (guint64)2);
    IS(type, ERROR_SUCCESS);
    g_autoptr(FakeCall) missing = fake_call(setup->client, "AddNotifyResourceTypeV2", "huusu",
                                            &port, (guint64)1, (guint64)9, "Nonsense", (guint64)2);
    IS(missing, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
}

/* --- How calls end ------------------------------------------------------------------------------ */

static void closing_ends_the_calls(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = group_port(setup);
    g_autoptr(FakeCall) first = get(setup, "GetNotifyV2", &port);
    g_autoptr(FakeCall) second = get(setup, "GetNotifyV2", &port);
    close_port(setup, &port);
    IS(first, ERROR_NO_MORE_ITEMS);
    IS(second, ERROR_NO_MORE_ITEMS);
    g_autoptr(FakeCall) late = get(setup, "GetNotifyV2", &port);
    g_assert_cmpuint(late->fault, ==, ERROR_INVALID_HANDLE);
}

static void unblocking_ends_the_calls(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = added_port(setup);
    g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
    g_autoptr(FakeCall) unblock = get(setup, "UnblockGetNotifyCall", &port);
    IS(unblock, ERROR_SUCCESS);
    IS(call, ERROR_INVALID_FUNCTION);
    /* The port stays. */
    make_group(setup, u"new");
    g_autoptr(FakeCall) again = get(setup, "GetNotifyV2", &port);
    fake_call_wait(again);
    check_group(again, 0, 7, "new");
}

static void a_call_is_taken_back(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = added_port(setup);
    g_autoptr(FakeCall) first = get(setup, "GetNotifyV2", &port);
    g_autoptr(FakeCall) second = get(setup, "GetNotifyV2", &port);
    fake_call_cancel(first);
    g_assert_true(first->is_answered);
    g_assert_cmpuint(first->fault, ==, ERROR_OPERATION_ABORTED);
    make_group(setup, u"new");
    fake_call_wait(second);
    check_group(second, 0, 7, "new");
}

static void a_client_goes_while_its_calls_wait(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = group_port(setup);
    g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
    g_autoptr(FakeCall) other = get(setup, "GetNotifyV2", &port);
    fake_client_free(g_steal_pointer(&setup->client));
    g_assert_true(call->is_answered);
    g_assert_true(other->is_answered);
    change_state(setup, u"empty");
}

/* --- Version 1 ---------------------------------------------------------------------------------- */

static void version_1_waits_too(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup, "CreateNotify");
    g_autoptr(FakeCall) add =
        fake_call(setup->client, "AddNotifyCluster", "hhuu", &port, &setup->opened,
                  (guint64)CLUSTER_CHANGE_GROUP_ADDED, (guint64)5);
    IS(add, ERROR_SUCCESS);
    g_autoptr(FakeCall) one = get(setup, "GetNotify", &port);
    g_assert_false(one->is_answered);
    make_group(setup, u"new");
    fake_call_wait(one);
    IS(one, ERROR_SUCCESS);
    g_assert_cmpuint(one->values[1].number, ==, 5);
    g_assert_cmpuint(one->values[2].number, ==, CLUSTER_CHANGE_GROUP_ADDED);
    g_autofree char *name = fake_text(one, 4);
    g_assert_cmpstr(name, ==, "new");
    g_autoptr(FakeCall) more = get(setup, "GetNotifyAsync", &port);
    g_assert_false(more->is_answered);
    make_group(setup, u"newer");
    fake_call_wait(more);
    IS(more, ERROR_SUCCESS);
    const ClNdrValue *event = more->values[1].rows->pdata[0];
    g_assert_cmpuint(event[0].number, ==, 5);
    g_assert_cmpuint(event[1].number, ==, CLUSTER_CHANGE_GROUP_ADDED);
    g_autoptr(FakeCall) empty = fake_call(setup->client, "AddNotifyCluster", "hhuu", &port,
                                          &setup->opened, (guint64)0, (guint64)5);
    IS(empty, ERROR_INVALID_PARAMETER);
}

/* A state that is another than the client knew is told when it registers again. */
static void registers_each_kind_again(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *kind, *name;
        guint64 state;
    } kinds[] = {
        {"Node", "node2", CLUSTER_CHANGE_NODE_STATE},
        {"Group", "web", CLUSTER_CHANGE_GROUP_STATE},
        {"Resource", "Cluster Name", CLUSTER_CHANGE_RESOURCE_STATE},
        {"Network", "public", CLUSTER_CHANGE_NETWORK_STATE},
        {"NetInterface", "node1 - Ethernet", CLUSTER_CHANGE_NETINTERFACE_STATE},
    };
    ClContextHandle port = new_port(setup, "CreateNotify");
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *open = g_strconcat("Open", kinds[i].kind, NULL);
        g_autofree char *add = g_strconcat("AddNotify", kinds[i].kind, NULL);
        g_autofree char *again = g_strconcat("Re", add, NULL);
        ClContextHandle object = open_by(setup->client, open, kinds[i].name);
        g_autoptr(FakeCall) added =
            fake_call(setup->client, add, "hhuu", &port, &object, kinds[i].state, (guint64)i);
        IS(added, ERROR_SUCCESS);
        g_assert_cmpuint(added->values[4].number, !=, 0);
        g_autoptr(FakeCall) waiting = get(setup, "GetNotify", &port);
        g_autoptr(FakeCall) same = fake_call(setup->client, again, "hhuuu", &port, &object,
                                             kinds[i].state, (guint64)i, added->values[4].number);
        IS(same, ERROR_SUCCESS);
        for (guint j = 0; j < 20; j++) {
            (void)g_main_context_iteration(NULL, FALSE);
        }
        g_assert_false(waiting->is_answered);
        g_autoptr(FakeCall) other =
            fake_call(setup->client, again, "hhuuu", &port, &object, kinds[i].state,
                      (guint64)i + 100, added->values[4].number + 1);
        IS(other, ERROR_SUCCESS);
        fake_call_wait(waiting);
        g_assert_cmpuint(waiting->values[1].number, ==, i + 100);
        g_assert_cmpuint(waiting->values[2].number, ==, kinds[i].state);
        g_autofree char *name = fake_text(waiting, 4);
        g_assert_cmpstr(name, ==, kinds[i].name);
        g_autoptr(FakeCall) nothing =
            fake_call(setup->client, add, "hhuu", &port, &object, (guint64)0x80000000, (guint64)i);
        IS(nothing, ERROR_INVALID_PARAMETER);
    }
    close_port(setup, &port);
}

static void keys_are_watched(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup, "CreateNotify");
    g_autoptr(FakeCall) root = fake_call(setup->client, "GetRootKey", "u", (guint64)KEY_ALL_ACCESS);
    IS(root, ERROR_SUCCESS);
    g_autoptr(FakeCall) add =
        fake_call(setup->client, "AddNotifyKey", "hhuuu", &port, fake_handle(root), (guint64)3,
                  (guint64)CLUSTER_CHANGE_REGISTRY_VALUE, (guint64)1);
    IS(add, ERROR_SUCCESS);
    g_autoptr(FakeCall) waiting = get(setup, "GetNotify", &port);
    const DWORD number = 1;
    g_autoptr(FakeCall) set =
        fake_call(setup->client, "SetValue", "hsubu", fake_handle(root), "x", (guint64)REG_DWORD,
                  &number, sizeof number, (guint64)sizeof number);
    IS(set, ERROR_SUCCESS);
    fake_call_wait(waiting);
    g_assert_cmpuint(waiting->values[1].number, ==, 3);
    g_assert_cmpuint(waiting->values[2].number, ==, CLUSTER_CHANGE_REGISTRY_VALUE);
}

/* States of network interfaces have the numbers of the protocol in events, too. */
static void interface_states_are_translated(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    ClContextHandle port = new_port(setup, "CreateNotifyV2");
    HNODE node = OpenClusterNode(setup->cluster, u"node2");
    guint32 state = 99;
    g_assert_cmpuint(add_v2(setup, &port, &setup->opened, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
                            CLUSTER_CHANGE_NETINTERFACE_STATE_V2, 7, FALSE),
                     ==, 0);
    g_autoptr(FakeCall) call = get(setup, "GetNotifyV2", &port);
    g_assert_cmpuint(ClusapiSetNodeState(node, ClusterNodeDown), ==, 0);
    CloseClusterNode(node);
    fake_call_wait(call);
    IS(call, ERROR_SUCCESS);
    const ClNdrValue *event = call->values[1].rows->pdata[0];
    g_assert_cmpuint(event[3].number, ==, sizeof state);
    memcpy(&state, g_bytes_get_data(event[2].bytes, NULL), sizeof state);
    /* Unavailable, which is 0 in the library. */
    g_assert_cmpuint(state, ==, 2);
}

static void many_clients_wait(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    enum {
        CLIENTS = 20
    };
    FakeClient *clients[CLIENTS];
    FakeCall *calls[CLIENTS];
    for (guint i = 0; i < CLIENTS; i++) {
        Setup other = *setup;
        other.client = clients[i] = fake_client_again(setup->client, CLUSAPID_READER);
        g_autoptr(FakeCall) opened =
            fake_call(clients[i], "OpenClusterEx", "u", (guint64)GENERIC_READ);
        other.opened = *fake_handle(opened);
        ClContextHandle port = added_port(&other);
        calls[i] = get(&other, "GetNotifyV2", &port);
    }
    make_group(setup, u"new");
    for (guint i = 0; i < CLIENTS; i++) {
        if (i % 2 == 0) {
            fake_call_wait(calls[i]);
            check_group(calls[i], 0, 7, "new");
        }
    }
    for (guint i = 0; i < CLIENTS; i++) {
        fake_client_free(clients[i]);
        fake_call_free(calls[i]);
    }
}

#define TEST(function)                                                                             \
    g_test_add("/service/notify/" #function, Setup, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(a_call_waits_for_an_event);
    TEST(events_come_together);
    TEST(two_calls_wait_in_turn);
    TEST(an_object_is_watched_alone);
    TEST(registering_is_checked);
    TEST(closing_ends_the_calls);
    TEST(unblocking_ends_the_calls);
    TEST(a_call_is_taken_back);
    TEST(a_client_goes_while_its_calls_wait);
    TEST(version_1_waits_too);
    TEST(registers_each_kind_again);
    TEST(keys_are_watched);
    TEST(interface_states_are_translated);
    TEST(many_clients_wait);
    return g_test_run();
}
