/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the methods of the remote protocol do to the objects of a cluster.
 */
#include "service-setup.h"

#include <string.h>

static guint of_pair(FakeClient *client, const char *method, const ClContextHandle *first,
                     const ClContextHandle *second)
{
    g_autoptr(FakeCall) call = fake_call(client, method, "hh", first, second);
    return fake_status(call);
}

static guint of_name(FakeClient *client, const char *method, const ClContextHandle *handle,
                     const char *name)
{
    g_autoptr(FakeCall) call = fake_call(client, method, "hs", handle, name);
    return fake_status(call);
}

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

/* --- Groups ------------------------------------------------------------------------------------- */

static void acts_on_groups(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) made = fake_call(client, "CreateGroup", "s", "new");
    IS(made, ERROR_SUCCESS);
    const ClContextHandle *group = fake_handle(made);
    ClContextHandle node = open_by(client, "OpenNode", "node2");
    g_assert_cmpuint(of_name(client, "SetGroupName", group, "newer"), ==, 0);
    g_assert_cmpuint(of_handle(client, "OnlineGroup", group), ==, 0);
    g_assert_cmpuint(of_handle(client, "OfflineGroup", group), ==, 0);
    g_assert_cmpuint(of_handle(client, "MoveGroup", group), ==, 0);
    g_assert_cmpuint(of_pair(client, "MoveGroupToNode", group, &node), ==, 0);
    g_autoptr(FakeCall) state = fake_call(client, "GetGroupState", "h", group);
    IS(state, ERROR_SUCCESS);
    g_assert_cmpuint(state->values[1].number, ==, ClusterGroupOffline);
    check_text(state, 2, "node2");
    g_autoptr(FakeCall) on =
        fake_call(client, "OnlineGroupEx", "hubu", group, (guint64)1, "", (gsize)0, (guint64)0);
    IS(on, ERROR_SUCCESS);
    g_autoptr(FakeCall) off =
        fake_call(client, "OfflineGroupEx", "hubu", group, (guint64)1, "", (gsize)0, (guint64)0);
    IS(off, ERROR_SUCCESS);
    g_autoptr(FakeCall) move =
        fake_call(client, "MoveGroupEx", "hubu", group, (guint64)5, "", (gsize)0, (guint64)0);
    IS(move, ERROR_INVALID_PARAMETER);
    g_autoptr(FakeCall) there = fake_call(client, "MoveGroupToNodeEx", "hhubu", group, &node,
                                          (guint64)1, "", (gsize)0, (guint64)0);
    IS(there, ERROR_SUCCESS);
    g_autoptr(FakeCall) cancel =
        fake_call(client, "CancelClusterGroupOperation", "hu", group, (guint64)0);
    IS(cancel, ERROR_INVALID_STATE);
    g_autoptr(FakeCall) gone = fake_call(client, "DeleteGroup", "hu", group, (guint64)0);
    IS(gone, ERROR_SUCCESS);
    g_autoptr(FakeCall) after = fake_call(client, "GetGroupState", "h", group);
    IS(after, ERROR_GROUP_NOT_AVAILABLE);
    ClContextHandle web = open_by(client, "OpenGroup", "web");
    g_autoptr(FakeCall) full = fake_call(client, "DeleteGroup", "hu", &web, (guint64)0);
    IS(full, ERROR_DIR_NOT_EMPTY);
    g_autoptr(FakeCall) forced = fake_call(client, "DeleteGroup", "hu", &web, (guint64)1);
    IS(forced, ERROR_SUCCESS);
}

static void makes_groups_of_a_type(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    GPtrArray *rows = cl_ndr_rows_new(&cl_ndr_group_info);
    ClNdrValue *info = cl_ndr_row_add(rows, &cl_ndr_group_info);
    info[0].number = CLUSTER_CREATE_GROUP_INFO_VERSION_1;
    info[1].number = ClusGroupTypeVirtualMachine;
    g_autoptr(FakeCall) typed = fake_call(setup->client, "CreateGroupEx", "sr", "typed", rows);
    IS(typed, ERROR_SUCCESS);
    g_autoptr(FakeCall) plain = fake_call(setup->client, "CreateGroupEx", "s0", "plain");
    IS(plain, ERROR_SUCCESS);
    g_autoptr(FakeCall) again = fake_call(setup->client, "CreateGroupEx", "s0", "plain");
    IS(again, ERROR_OBJECT_ALREADY_EXISTS);
}

static void sets_preferred_owners(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const WCHAR list[] = u"2\0"
                                u"1\0";
    static const WCHAR bad[] = u"2\0"
                               u"99\0";
    FakeClient *client = setup->client;
    ClContextHandle group = open_by(client, "OpenGroup", "empty");
    g_autoptr(FakeCall) set = fake_call(client, "SetGroupNodeList", "hbu", &group, list,
                                        sizeof list, (guint64)G_N_ELEMENTS(list));
    IS(set, ERROR_SUCCESS);
    g_autoptr(FakeCall) nodes =
        fake_call(client, "CreateGroupResourceEnum", "hu", &group, (guint64)2);
    IS(nodes, ERROR_SUCCESS);
    g_autofree char *names = names_of(nodes, 2);
    g_assert_cmpstr(names, ==, "2=node2;2=node1");
    g_autoptr(FakeCall) wrong = fake_call(client, "SetGroupNodeList", "hbu", &group, bad,
                                          sizeof bad, (guint64)G_N_ELEMENTS(bad));
    IS(wrong, ERROR_ASSERTION_FAILURE);
    g_autoptr(FakeCall) none = fake_call(client, "SetGroupNodeList", "h0u", &group, (guint64)0);
    IS(none, ERROR_SUCCESS);
}

static void acts_on_group_sets(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    g_autoptr(FakeCall) made = fake_call(client, "CreateGroupSet", "s", "one");
    g_autoptr(FakeCall) other = fake_call(client, "CreateGroupSet", "s", "two");
    IS(made, ERROR_SUCCESS);
    const ClContextHandle *set = fake_handle(made);
    const ClContextHandle *two = fake_handle(other);
    g_autoptr(FakeCall) group = fake_call(client, "CreateGroup", "s", "member");
    g_autoptr(FakeCall) third = fake_call(client, "CreateGroup", "s", "third");
    const ClContextHandle *member = fake_handle(group);
    g_assert_cmpuint(of_pair(client, "AddGroupToGroupSet", set, member), ==, 0);
    g_assert_cmpuint(of_pair(client, "MoveGroupToGroupSet", two, member), ==,
                     ERROR_CALL_NOT_IMPLEMENTED);
    g_assert_cmpuint(of_handle(client, "RemoveGroupFromGroupSet", member), ==, 0);
    g_autoptr(FakeCall) add = fake_call(client, "AddGroupToGroupSetEx", "hhuuuu", set, member,
                                        (guint64)0, (guint64)0, (guint64)0, (guint64)0);
    IS(add, ERROR_SUCCESS);
    g_autoptr(FakeCall) domain = fake_call(client, "AddGroupToGroupSetEx", "hhuuuu", set, member,
                                           (guint64)1, (guint64)1, (guint64)1, (guint64)0);
    IS(domain, ERROR_CALL_NOT_IMPLEMENTED);
    g_assert_cmpuint(of_pair(client, "AddGroupSetDependency", set, two), ==, 0);
    g_assert_cmpuint(of_pair(client, "RemoveGroupSetDependency", set, two), ==, 0);
    g_assert_cmpuint(of_name(client, "SetGroupSetDependencyExpression", set, "[two]"), ==, 0);
    g_assert_cmpuint(of_name(client, "SetGroupSetDependencyExpression", set, ""), ==, 0);
    g_assert_cmpuint(of_pair(client, "AddGroupToGroupSetDependency", fake_handle(third), two), ==,
                     0);
    g_assert_cmpuint(
        of_pair(client, "RemoveClusterGroupToGroupSetDependency", fake_handle(third), two), ==, 0);
    g_assert_cmpuint(
        of_name(client, "SetGroupDependencyExpression", fake_handle(third), "[archive]"), ==, 0);
    ClContextHandle archive = open_by(client, "OpenGroup", "archive");
    g_assert_cmpuint(of_pair(client, "RemoveClusterGroupDependency", fake_handle(third), &archive),
                     ==, 0);
    g_assert_cmpuint(of_handle(client, "DeleteGroupSet", two), ==, 0);
}

/* --- Resources ---------------------------------------------------------------------------------- */

static void tells_of_resources(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle resource = open_by(client, "OpenResource", "web-name");
    g_autoptr(FakeCall) state = fake_call(client, "GetResourceState", "h", &resource);
    IS(state, ERROR_SUCCESS);
    g_assert_cmpuint(state->values[1].number, ==, ClusterResourceOnline);
    check_text(state, 2, "node1");
    check_text(state, 3, "web");
    g_autoptr(FakeCall) type = fake_call(client, "GetResourceType", "h", &resource);
    IS(type, ERROR_SUCCESS);
    check_text(type, 1, "Network Name");
    g_autoptr(FakeCall) expression =
        fake_call(client, "GetResourceDependencyExpression", "h", &resource);
    IS(expression, ERROR_SUCCESS);
    g_autofree char *text = fake_text(expression, 1);
    g_assert_true(g_str_has_prefix(text, "[") || g_str_has_prefix(text, "("));
    ClContextHandle server = open_by(client, "OpenResource", "Web");
    g_autoptr(FakeCall) network = fake_call(client, "GetResourceNetworkName", "h", &server);
    IS(network, ERROR_SUCCESS);
    ClContextHandle disk = open_by(client, "OpenResource", "web-disk");
    g_autoptr(FakeCall) none = fake_call(client, "GetResourceNetworkName", "h", &disk);
    IS(none, ERROR_SUCCESS);
    g_assert_null(none->values[1].text);
    g_autoptr(FakeCall) list = fake_call(client, "CreateResEnum", "hu", &server, (guint64)1);
    IS(list, ERROR_SUCCESS);
    g_autofree char *names = names_of(list, 2);
    g_assert_nonnull(strstr(names, "1=web-name"));
}

static void acts_on_resources(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle group = open_by(client, "OpenGroup", "Cluster Group");
    ClContextHandle empty = open_by(client, "OpenGroup", "empty");
    ClContextHandle node = open_by(client, "OpenNode", "node2");
    g_autoptr(FakeCall) made =
        fake_call(client, "CreateResource", "hssu", &group, "wurst", "Generic Service", (guint64)0);
    IS(made, ERROR_SUCCESS);
    const ClContextHandle *wurst = fake_handle(made);
    g_autoptr(FakeCall) other =
        fake_call(client, "CreateResource", "hssu", &group, "senf", "Generic Service", (guint64)1);
    IS(other, ERROR_SUCCESS);
    const ClContextHandle *senf = fake_handle(other);
    g_assert_cmpuint(of_name(client, "SetResourceName", wurst, "wurst2"), ==, 0);
    g_assert_cmpuint(of_pair(client, "CanResourceBeDependent", wurst, senf), ==, 0);
    g_assert_cmpuint(of_pair(client, "AddResourceDependency", wurst, senf), ==, 0);
    g_assert_cmpuint(of_pair(client, "CanResourceBeDependent", senf, wurst), ==,
                     ERROR_CIRCULAR_DEPENDENCY);
    g_assert_cmpuint(of_pair(client, "RemoveResourceDependency", wurst, senf), ==, 0);
    g_assert_cmpuint(of_name(client, "SetResourceDependencyExpression", wurst, "[senf]"), ==, 0);
    g_autoptr(FakeCall) nothing = fake_call(client, "SetResourceDependencyExpression", "h0", wurst);
    g_assert_true(nothing->is_answered && nothing->fault == 0);
    g_assert_cmpuint(of_name(client, "SetResourceDependencyExpression", wurst, ""), ==, 0);
    g_assert_cmpuint(of_pair(client, "RemoveResourceNode", wurst, &node), ==, 0);
    g_assert_cmpuint(of_pair(client, "AddResourceNode", wurst, &node), ==, 0);
    guint on = of_handle(client, "OnlineResource", wurst);
    g_assert_true(on == 0 || on == ERROR_IO_PENDING);
    g_assert_cmpuint(of_handle(client, "FailResource", wurst), ==, 0);
    g_autoptr(FakeCall) again = fake_call(client, "RestartResource", "hu", wurst, (guint64)0);
    g_assert_true(again->is_answered && again->fault == 0);
    g_autoptr(FakeCall) off =
        fake_call(client, "OfflineResourceEx", "hubu", wurst, (guint64)1, "", (gsize)0, (guint64)0);
    g_assert_true(fake_status(off) == 0 || fake_status(off) == ERROR_IO_PENDING);
    g_autoptr(FakeCall) on_ex = fake_call(client, "OnlineResourceEx", "hubu", senf,
                                          (guint64)0x80000000, "", (gsize)0, (guint64)0);
    IS(on_ex, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(of_handle(client, "OfflineResource", senf), ==, 0);
    g_assert_cmpuint(of_pair(client, "ChangeResourceGroup", senf, &empty), ==, 0);
    g_autoptr(FakeCall) back =
        fake_call(client, "ChangeResourceGroupEx", "hhu", senf, &group, (guint64)0);
    IS(back, ERROR_SUCCESS);
    g_autoptr(FakeCall) flags =
        fake_call(client, "ChangeResourceGroupEx", "hhu", senf, &group, (guint64)1);
    IS(flags, ERROR_CALL_NOT_IMPLEMENTED);
    g_assert_cmpuint(of_handle(client, "DeleteResource", senf), ==, 0);
    g_assert_cmpuint(of_handle(client, "GetResourceId", senf), ==, ERROR_RESOURCE_NOT_AVAILABLE);
}

static void shares_volumes_as_the_library_does(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    HRESOURCE same = OpenClusterResource(setup->cluster, u"web-disk");
    DWORD code = RemoveResourceFromClusterSharedVolumes(same);
    ClContextHandle disk = open_by(client, "OpenResource", "web-disk");
    g_autoptr(FakeCall) off = fake_call(client, "ChangeCsvState", "hu", &disk, (guint64)0);
    IS(off, code);
    g_autoptr(FakeCall) odd = fake_call(client, "ChangeCsvState", "hu", &disk, (guint64)2);
    IS(odd, ERROR_INVALID_PARAMETER);
    g_autoptr(FakeCall) volume =
        fake_call(client, "ChangeCsvStateEx", "hus", &disk, (guint64)1, "volume");
    IS(volume, ERROR_CALL_NOT_IMPLEMENTED);
    CloseClusterResource(same);
}

static void makes_resource_types(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(FakeCall) made = fake_call(setup->client, "CreateResourceType", "sssuu", "Kind",
                                         "A kind", "kind.so", (guint64)5000, (guint64)60000);
    IS(made, ERROR_SUCCESS);
    g_autoptr(FakeCall) list =
        fake_call(setup->client, "CreateResTypeEnum", "su", "Kind", (guint64)1);
    IS(list, ERROR_SUCCESS);
    g_autoptr(FakeCall) odd =
        fake_call(setup->client, "CreateResTypeEnum", "su", "Kind", (guint64)0x40);
    IS(odd, ERROR_SUCCESS);
    g_autoptr(FakeCall) gone = fake_call(setup->client, "DeleteResourceType", "s", "Kind");
    IS(gone, ERROR_SUCCESS);
    g_autoptr(FakeCall) missing =
        fake_call(setup->client, "CreateResTypeEnum", "su", "Kind", (guint64)1);
    IS(missing, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
}

/* --- Nodes, networks and interfaces ------------------------------------------------------------- */

static void acts_on_nodes(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle node = open_by(client, "OpenNode", "node2");
    ClContextHandle target = open_by(client, "OpenNode", "node1");
    g_assert_cmpuint(of_handle(client, "ResumeNode", &node), ==, ERROR_CLUSTER_NODE_NOT_PAUSED);
    g_assert_cmpuint(of_handle(client, "PauseNode", &node), ==, 0);
    g_autoptr(FakeCall) state = fake_call(client, "GetNodeState", "h", &node);
    IS(state, ERROR_SUCCESS);
    g_assert_cmpuint(state->values[1].number, ==, ClusterNodePaused);
    g_autoptr(FakeCall) resume =
        fake_call(client, "ResumeNodeEx", "huu", &node, (guint64)0, (guint64)0);
    IS(resume, ERROR_SUCCESS);
    g_autoptr(FakeCall) pause =
        fake_call(client, "PauseNodeEx", "huu", &node, (guint64)0, (guint64)0);
    IS(pause, ERROR_SUCCESS);
    g_assert_cmpuint(of_handle(client, "ResumeNode", &node), ==, 0);
    g_autoptr(FakeCall) same =
        fake_call(client, "PauseNodeWithDrainTarget", "huh", &node, (guint64)0, &node);
    IS(same, ERROR_INVALID_TARGET_HANDLE);
    g_autoptr(FakeCall) drain =
        fake_call(client, "PauseNodeWithDrainTarget", "huh", &node, (guint64)0, &target);
    IS(drain, ERROR_IO_PENDING);
    ClContextHandle down = open_by(client, "OpenNode", "node4");
    g_assert_cmpuint(of_handle(client, "EvictNode", &down), ==, 0);
}

static void tells_of_networks(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    FakeClient *client = setup->client;
    ClContextHandle network = open_by(client, "OpenNetwork", "storage");
    g_autoptr(FakeCall) state = fake_call(client, "GetNetworkState", "h", &network);
    IS(state, ERROR_SUCCESS);
    g_assert_cmpuint(state->values[1].number, ==, ClusterNetworkPartitioned);
    g_autoptr(FakeCall) list = fake_call(client, "CreateNetworkEnum", "hu", &network, (guint64)1);
    IS(list, ERROR_SUCCESS);
    g_autofree char *names = names_of(list, 2);
    g_assert_nonnull(strstr(names, "1=node1 - storage"));
    g_assert_cmpuint(of_name(client, "SetNetworkName", &network, "disks"), ==, 0);
    g_autoptr(FakeCall) found =
        fake_call(client, "GetNetInterface", "ss", "node1", "Cluster Network 1");
    IS(found, ERROR_SUCCESS);
    check_text(found, 2, "node1 - Ethernet");
}

static void interface_states_have_other_numbers(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *name;
        guint state;
    } cases[] = {
        {"node1 - backup", 0},
        {"node2 - backup", 1},
        {"node4 - lab", 2},
        {"node1 - public", 3},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ClContextHandle interface = open_by(setup->client, "OpenNetInterface", cases[i].name);
        g_autoptr(FakeCall) state =
            fake_call(setup->client, "GetNetInterfaceState", "h", &interface);
        IS(state, ERROR_SUCCESS);
        g_assert_cmpuint(state->values[1].number, ==, cases[i].state);
    }
}

static void orders_networks(Setup *setup, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const order[] = {"public", "cluster", "storage", "backup"};
    GPtrArray *names = cl_ndr_rows_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        g_ptr_array_add(names, wide(order[i]));
    }
    g_autoptr(FakeCall) set =
        fake_call(setup->client, "SetNetworkPriorityOrder", "ur", (guint64)names->len, names);
    IS(set, ERROR_SUCCESS);
    g_autoptr(FakeCall) list =
        fake_call(setup->client, "CreateEnum", "u", (guint64)CLUSTER_ENUM_INTERNAL_NETWORK);
    IS(list, ERROR_SUCCESS);
    const ClNdrValue *first = list->values[1].rows->pdata[0];
    g_autofree char *name = narrow(first[1].text);
    g_assert_cmpstr(name, ==, "public");
    GPtrArray *wrong = cl_ndr_rows_new(NULL);
    g_ptr_array_add(wrong, wide("nowhere"));
    g_autoptr(FakeCall) bad =
        fake_call(setup->client, "SetNetworkPriorityOrder", "ur", (guint64)1, wrong);
    IS(bad, ERROR_CLUSTER_NETWORK_NOT_FOUND);
}

#define TEST(function)                                                                             \
    g_test_add("/service/objects/" #function, Setup, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(acts_on_groups);
    TEST(makes_groups_of_a_type);
    TEST(sets_preferred_owners);
    TEST(acts_on_group_sets);
    TEST(tells_of_resources);
    TEST(acts_on_resources);
    TEST(shares_volumes_as_the_library_does);
    TEST(makes_resource_types);
    TEST(acts_on_nodes);
    TEST(tells_of_networks);
    TEST(interface_states_have_other_numbers);
    TEST(orders_networks);
    return g_test_run();
}
