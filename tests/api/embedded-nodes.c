/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the embedded cluster's nodes: pausing, draining, resuming, crashing and starting, and
 * what becomes of the groups. One thread; each test has a file of its own.
 */
#include "machine-setup.h"

#define ONLINE  ClusterResourceOnline
#define OFFLINE ClusterResourceOffline

/* Group a may run anywhere, b on n1 and n2 only, c is empty; all at n1. */
#define GROUPS                                                                                     \
    "[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n[resource-type T]\n"                   \
    "[network net]\naddress=10.0.0.0/24\n"                                                         \
    "[interface i1]\nnode=n1\nnetwork=net\naddress=10.0.0.1\n"                                     \
    "[interface i2]\nnode=n2\nnetwork=net\naddress=10.0.0.2\n"                                     \
    "[group a]\nowner=n1\npreferred-owners=n1\n[group b]\nowner=n1\n[group c]\nowner=n1\n"         \
    "[resource ra]\ngroup=a\ntype=T\nstate=online\n"                                               \
    "[resource off]\ngroup=a\ntype=T\nstate=offline\n"                                             \
    "[resource rb]\ngroup=b\ntype=T\nstate=online\npossible-owners=n1;n2\n"

#define DRAIN_STATUS "SELECT drain_status FROM node JOIN object USING (number) WHERE name = 'n1'"

static guint pause_node(Acting *c, const char *name)
{
    return act(c, CL_KIND_NODE, name, CL_ACT_PAUSE);
}

static gint32 node_state(Acting *c, const char *name)
{
    return state_now(c, CL_KIND_NODE, name);
}

/* --- Pause ------------------------------------------------------------------------------------ */

static void test_pause(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(resume(c, "n1", 0), ==, ERROR_CLUSTER_NODE_NOT_PAUSED);
    g_assert_cmpuint(pause_node(c, "n1"), ==, 0);
    g_assert_cmpuint(pause_node(c, "n1"), ==, 0);
    g_assert_cmpint(node_state(c, "n1"), ==, ClusterNodePaused);
    check_group(c, "a", ClusterGroupPartialOnline, "n1");
    g_assert_cmpuint(online(c, "ra"), ==, 0);
    g_assert_cmpuint(online(c, "off"), ==, ERROR_SHARING_PAUSED);
    g_assert_cmpuint(online_group(c, "a"), ==, ERROR_SHARING_PAUSED);
    g_assert_cmpuint(offline(c, "ra"), ==, 0);
    g_assert_cmpuint(move(c, "b", "n2", 0), ==, 0);
    g_assert_cmpuint(move(c, "b", "n1", 0), ==, ERROR_SHARING_PAUSED);
    g_assert_cmpint(count_events(c, "n1", CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_STATE_V2),
                    ==, 1);
    g_assert_cmpuint(resume(c, "n1", 3), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(resume(c, "n1", 0), ==, 0);
    g_assert_cmpint(node_state(c, "n1"), ==, ClusterNodeUp);
    check_group(c, "b", ClusterGroupOnline, "n2");
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(pause_node(c, "n3"), ==, ERROR_CLUSTER_NODE_DOWN);
    g_assert_cmpuint(resume(c, "n3", 0), ==, ERROR_CLUSTER_NODE_DOWN);
}

static void test_failure_on_paused_node(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(pause_node(c, "n1"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "rb", CL_ACT_FAIL), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n2");
}

/* --- Drain ------------------------------------------------------------------------------------ */

static void test_drain_and_resume(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, 0);
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusCompleted);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    check_group(c, "b", ClusterGroupOnline, "n2");
    check_group(c, "c", ClusterGroupOffline, "n2");
    g_assert_cmpint(
        count_events(c, "n1", CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2), ==,
        2);
    g_assert_cmpuint(move(c, "c", "n3", 0), ==, 0);
    g_assert_cmpuint(resume(c, "n1", FailbackGroupsImmediately), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n1");
    check_group(c, "b", ClusterGroupOnline, "n1");
    check_group(c, "c", ClusterGroupOffline, "n3");
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusNotInitiated);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource_group WHERE drained_from IS NOT NULL"),
                    ==, 0);
}

static void test_resume_by_policy(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    set_number(c, "b", "AutoFailbackType", 1);
    g_assert_cmpuint(drain(c, "n1", "n2", 0), ==, 0);
    g_assert_cmpuint(resume(c, "n1", FailbackGroupsPerPolicy), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    check_group(c, "b", ClusterGroupOnline, "n1");
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, 0);
    g_assert_cmpuint(resume(c, "n1", DoNotFailbackGroups), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n2");
}

static void test_drain_takes_time(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    change(c, "INSERT INTO property SELECT number, 1, 'offlinedelay', 'OfflineDelay', 2, 500"
              " FROM object WHERE name = 'T'");
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, ERROR_IO_PENDING);
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusInProgress);
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS);
    check_group(c, "a", ClusterGroupPending, "n1");
    await_group(c, "a", ClusterGroupPartialOnline, "n2");
    await_group(c, "b", ClusterGroupOnline, "n2");
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusCompleted);
}

static void test_resume_ends_drain(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    change(c, "INSERT INTO property SELECT number, 1, 'offlinedelay', 'OfflineDelay', 2, 400"
              " FROM object WHERE name = 'T'");
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(resume(c, "n1", DoNotFailbackGroups), ==, 0);
    await_group(c, "a", ClusterGroupPartialOnline, "n1");
    await_group(c, "b", ClusterGroupOnline, "n1");
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusNotInitiated);
}

static void test_drain_that_fails(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    guint32 remain = CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR;
    g_assert_cmpuint(drain(c, "n1", "n3", remain), ==, ERROR_IO_PENDING);
    g_assert_cmpint(look(c, DRAIN_STATUS), ==, NodeDrainStatusFailed);
    check_group(c, "a", ClusterGroupPartialOnline, "n3");
    check_group(c, "b", ClusterGroupOnline, "n1");
    /* Without the flag it goes where it cannot run, and from there where it can. */
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(drain(c, "n1", "n3", 0), ==, 0);
    check_group(c, "b", ClusterGroupOffline, "n3");
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeUp), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n2");
}

static void test_drain_refused(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(drain(c, "n1", "n1", 0), ==, ERROR_INVALID_TARGET_HANDLE);
    g_assert_cmpuint(drain(c, "n1", NULL, 0x100), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(drain(c, "n1", "n2", 0), ==, ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(drain(c, "n2", NULL, 0), ==, ERROR_CLUSTER_NODE_DOWN);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, ERROR_CLUSTER_NODE_DOWN);
    g_assert_cmpint(node_state(c, "n1"), ==, ClusterNodeUp);
}

/* --- Crash and start -------------------------------------------------------------------------- */

static void test_crash(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodePaused), ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    g_assert_cmpint(node_state(c, "n1"), ==, ClusterNodeDown);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    check_resource(c, "off", OFFLINE);
    check_group(c, "b", ClusterGroupOnline, "n2");
    g_assert_cmpint(state_now(c, CL_KIND_NETINTERFACE, "i1"), ==, ClusterNetInterfaceUnavailable);
    g_assert_cmpint(count_events(c, "i1", CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
                                 CLUSTER_CHANGE_NETINTERFACE_STATE_V2),
                    ==, 1);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpint(
        count_events(c, "net", CLUSTER_OBJECT_TYPE_NETWORK, CLUSTER_CHANGE_NETWORK_STATE_V2), ==,
        1);
    check_group(c, "a", ClusterGroupPartialOnline, "n3");
    check_group(c, "b", ClusterGroupOffline, "n3");
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    check_group(c, "a", ClusterGroupOffline, "n3");
    g_assert_cmpuint(online_group(c, "a"), ==, ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeUp), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n1");
    check_group(c, "b", ClusterGroupOnline, "n1");
}

static void test_evicted(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS "[group d]\nowner=n1\n[resource rd]\ngroup=d\ntype=T\n"
                                            "state=online\npossible-owners=n1\n");
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n1", CL_ACT_EVICT), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    check_group(c, "d", ClusterGroupOffline, "n2");
    g_assert_cmpuint(move(c, "a", "n3", 0), ==, 0);
}

static void test_crash_ends_what_is_pending(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    change(c, "INSERT INTO property SELECT number, 1, 'onlinedelay', 'OnlineDelay', 2, 500"
              " FROM object WHERE name = 'off'");
    g_assert_cmpuint(online(c, "off"), ==, ERROR_IO_PENDING);
    check_resource(c, "off", ClusterResourceOnlinePending);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    check_group(c, "a", ClusterGroupPending, "n2");
    await_resource(c, "off", ONLINE);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
}

static void test_destination_crashes(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    change(c, "INSERT INTO property SELECT number, 1, 'offlinedelay', 'OfflineDelay', 2, 400"
              " FROM object WHERE name = 'T'");
    g_assert_cmpuint(move(c, "b", "n2", 0), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    await_group(c, "b", ClusterGroupOnline, "n1");
}

static void test_only_paused_left(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(pause_node(c, "n2"), ==, 0);
    g_assert_cmpuint(pause_node(c, "n3"), ==, 0);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    check_group(c, "b", ClusterGroupOffline, "n2");
    g_assert_cmpuint(resume(c, "n2", 0), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n2");
}

static void test_pause_survives_crash(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(pause_node(c, "n3"), ==, 0);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeUp), ==, 0);
    g_assert_cmpint(node_state(c, "n3"), ==, ClusterNodePaused);
    g_assert_cmpuint(resume(c, "n3", 0), ==, 0);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeUp), ==, 0);
    g_assert_cmpint(node_state(c, "n3"), ==, ClusterNodeUp);
}

static void test_failback(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeUp), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    set_number(c, "a", "AutoFailbackType", 1);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeUp), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n1");
}

static void test_failback_window(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    guint hour = (guint)g_date_time_get_hour(now);
    set_number(c, "a", "AutoFailbackType", 1);
    set_number(c, "a", "FailbackWindowStart", (hour + 2) % 24);
    set_number(c, "a", "FailbackWindowEnd", (hour + 4) % 24);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeUp), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    gint64 wait = look(c, "SELECT (due - begun) / 1000000 FROM transition");
    g_assert_cmpint(wait, >, 3600 - 60);
    g_assert_cmpint(wait, <=, 7200);
    /* The hour comes; DST and the time that the test takes make no difference. */
    set_number(c, "a", "FailbackWindowStart", (hour + 22) % 24);
    change(c, "UPDATE transition SET due = 1");
    check_group(c, "a", ClusterGroupPartialOnline, "n1");
}

static void test_priority_0_stays_offline(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS);
    set_number(c, "b", "Priority", 0);
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
    check_group(c, "b", ClusterGroupOffline, "n2");
    g_assert_cmpuint(online_group(c, "b"), ==, 0);
}

static void test_anti_affinity_at_failover(void)
{
    g_autoptr(Acting) c = acting_new(GROUPS "[group d]\nowner=n2\n[resource rd]\ngroup=d\ntype=T\n"
                                            "state=online\n");
    change(c, "INSERT INTO property SELECT number, 0, 'antiaffinityclassnames',"
              " 'AntiAffinityClassNames', 5, x'7800' FROM object WHERE name IN ('a', 'd')");
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeDown), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n3");
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    check_group(c, "a", ClusterGroupPartialOnline, "n2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nodes/pause and resume", test_pause);
    g_test_add_func("/nodes/a failure on a paused node", test_failure_on_paused_node);
    g_test_add_func("/nodes/drain, and back at once", test_drain_and_resume);
    g_test_add_func("/nodes/back by policy", test_resume_by_policy);
    g_test_add_func("/nodes/draining takes its time", test_drain_takes_time);
    g_test_add_func("/nodes/resume ends draining", test_resume_ends_drain);
    g_test_add_func("/nodes/what cannot be drained", test_drain_that_fails);
    g_test_add_func("/nodes/drains that are refused", test_drain_refused);
    g_test_add_func("/nodes/crash", test_crash);
    g_test_add_func("/nodes/what an evicted node leaves", test_evicted);
    g_test_add_func("/nodes/a crash ends what is pending", test_crash_ends_what_is_pending);
    g_test_add_func("/nodes/the destination crashes", test_destination_crashes);
    g_test_add_func("/nodes/only paused nodes are left", test_only_paused_left);
    g_test_add_func("/nodes/pause survives a crash", test_pause_survives_crash);
    g_test_add_func("/nodes/failback", test_failback);
    g_test_add_func("/nodes/failback in its window", test_failback_window);
    g_test_add_func("/nodes/priority 0 stays offline", test_priority_0_stays_offline);
    g_test_add_func("/nodes/anti-affinity at failover", test_anti_affinity_at_failover);
    return g_test_run();
}
