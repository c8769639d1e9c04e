/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of where the embedded cluster's groups go: anti-affinity, soft and enforced, and the flags of
 * moves and drains. One thread; each test has a file of its own.
 */
#include "machine-setup.h"

#define NODES "[node n1]\n[node n2]\n[node n3]\n[resource-type T]\n"
#define SOFT  "[cluster]\nname=test\n" NODES
#define HARD  "[cluster]\nname=test\nproperty.ClusterEnforcedAntiAffinity=1\n" NODES

/* A group of a class, with one resource. */
#define GROUP(name, node, state)                                                                   \
    "[group " name "]\nowner=" node "\nproperty.AntiAffinityClassNames=x\n"                        \
    "[resource r" name "]\ngroup=" name "\ntype=T\nstate=" state "\n"

/* One group with a resource that has further lines. */
#define ONE(lines)                                                                                 \
    SOFT "[group g]\nowner=n1\npreferred-owners=n1;n2\n[resource r]\ngroup=g\ntype=T\n"            \
         "state=online\n" lines

#define ONLINE   ClusterGroupOnline
#define OFFLINE  ClusterGroupOffline
#define CONFLICT ((guint64)CLUSGRP_STATUS_OFFLINE_DUE_TO_ANTIAFFINITY_CONFLICT)

static guint64 status_of(Acting *c, const char *group)
{
    return number_of(c, CL_KIND_GROUP, group, CL_PROPERTIES_RO_COMMON, "StatusInformation");
}

static guint64 node_status(Acting *c, const char *node)
{
    return number_of(c, CL_KIND_NODE, node, CL_PROPERTIES_RO_COMMON, "StatusInformation");
}

static gint64 status_events(Acting *c, const char *group)
{
    return count_events(c, group, CLUSTER_OBJECT_TYPE_GROUP,
                        CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
}

/* --- Soft ------------------------------------------------------------------------------------- */

static void test_soft_shares(void)
{
    g_autoptr(Acting) c = acting_new(SOFT GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    check_group(c, "b", ONLINE, "n1");
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
}

static void test_soft_drain(void)
{
    g_autoptr(Acting) c = acting_new(SOFT GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(drain(c, "n1", NULL, 0), ==, 0);
    check_group(c, "a", ONLINE, "n3");
    g_assert_cmpuint(drain(c, "n3", NULL, 0), ==, 0);
    check_group(c, "a", ONLINE, "n2");
}

/* The move to where it is best off avoids, too. */
static void test_soft_move(void)
{
    g_autoptr(Acting) c = acting_new(SOFT GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(move(c, "a", NULL, 0), ==, 0);
    check_group(c, "a", ONLINE, "n3");
    g_assert_cmpuint(move(c, "a", "n2", 0), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    g_assert_cmpuint(offline_group(c, "b"), ==, 0);
    g_assert_cmpuint(move(c, "a", "n2", 0), ==, 0);
}

/* By policy it does not go back to where another one is now; if somebody says so, it does. */
static void test_failback_avoids(void)
{
    g_autoptr(Acting) c = acting_new(SOFT GROUP("a", "n1", "online") GROUP("b", "n3", "online"));
    set_number(c, "a", "AutoFailbackType", 1);
    g_assert_cmpuint(drain(c, "n1", "n2", 0), ==, 0);
    change(c, "UPDATE resource_group SET owner = (SELECT number FROM object WHERE name = 'n1')"
              " WHERE number = (SELECT number FROM object WHERE name = 'b')");
    g_assert_cmpuint(resume(c, "n1", FailbackGroupsPerPolicy), ==, 0);
    check_group(c, "a", ONLINE, "n2");
    change(c, "UPDATE resource_group SET drained_from = (SELECT number FROM object WHERE name ="
              " 'n1') WHERE owner <> (SELECT number FROM object WHERE name = 'n1')");
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n1", CL_ACT_PAUSE), ==, 0);
    g_assert_cmpuint(resume(c, "n1", FailbackGroupsImmediately), ==, 0);
    check_group(c, "a", ONLINE, "n1");
}

/* --- Enforced --------------------------------------------------------------------------------- */

static void test_hard_failover(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    check_group(c, "b", OFFLINE, "n1");
    g_assert_cmpuint(status_of(c, "b"), ==, CONFLICT);
    g_assert_cmpint(status_events(c, "b"), ==, 1);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeUp), ==, 0);
    check_group(c, "b", ONLINE, "n3");
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
    g_assert_cmpint(status_events(c, "b"), ==, 2);
}

/* The node is free when the other group has gone. */
static void test_hard_waits(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    change(c, "INSERT INTO property SELECT number, 1, 'offlinedelay', 'OfflineDelay', 2, 60"
              " FROM object WHERE name = 'ra'");
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    check_group(c, "b", OFFLINE, "n1");
    g_assert_cmpuint(offline_group(c, "a"), ==, ERROR_IO_PENDING);
    check_group(c, "b", OFFLINE, "n1");
    await_group(c, "a", OFFLINE, "n1");
    check_group(c, "b", ONLINE, "n1");
}

/* What fails stays failed rather than share. */
static void test_hard_failure(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP(
        "b", "n2", "online") "property.RestartThreshold=0\n" GROUP("d", "n3", "online"));
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "rb", CL_ACT_FAIL), ==, 0);
    check_group(c, "b", ClusterGroupFailed, "n2");
    g_assert_cmpint(look(c, "SELECT max(failovers) FROM resource_group"), ==, 0);
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "ClusterEnforcedAntiAffinity", 0), ==, 0);
    g_assert_cmpuint(online(c, "rb"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "rb", CL_ACT_FAIL), ==, 0);
    check_group(c, "b", ONLINE, "n3");
}

static void test_hard_drain(void)
{
    guint32 remain = CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR;
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online")
                                         GROUP("d", "n3", "online"));
    g_assert_cmpuint(drain(c, "n1", NULL, remain), ==, ERROR_IO_PENDING);
    check_group(c, "a", ONLINE, "n1");
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainFailed);
    g_assert_cmpuint(drain(c, "n1", "n2", remain), ==, ERROR_IO_PENDING);
    check_group(c, "a", ONLINE, "n1");
    g_assert_cmpuint(drain(c, "n1", "n2", 0), ==, 0);
    check_group(c, "a", OFFLINE, "n2");
    g_assert_cmpuint(status_of(c, "a"), ==, CONFLICT);
    g_assert_cmpuint(offline_group(c, "d"), ==, 0);
    check_group(c, "a", ONLINE, "n3");
}

static void test_hard_online(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n1", "offline"));
    ClAction best = {.verb = CL_ACT_ONLINE, .flags = CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE};
    ClAction ignore = {.verb = CL_ACT_ONLINE, .flags = CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE};
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    g_assert_cmpuint(online(c, "rb"), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    g_assert_cmpuint(move(c, "b", "n2", 0), ==, 0);
    g_assert_cmpuint(move(c, "b", "n1", 0), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "b", best, 0, NULL), ==, 0);
    check_group(c, "b", ONLINE, "n2");
    g_assert_cmpuint(offline_group(c, "b"), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "b", ignore, CL_KIND_NODE, "n1"), ==, 0);
    check_group(c, "b", ONLINE, "n1");
    g_assert_cmpuint(offline_group(c, "b"), ==, 0);
    ignore.flags = CLUSAPI_RESOURCE_ONLINE_IGNORE_AFFINITY_RULE;
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "rb", ignore, 0, NULL), ==, 0);
    check_group(c, "b", ONLINE, "n1");
}

static void test_hard_move(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online")
                                         GROUP("d", "n3", "online"));
    guint32 ignore = CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE;
    g_assert_cmpuint(move(c, "a", NULL, 0), ==, ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(move(c, "a", "n2", 0), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    g_assert_cmpuint(move(c, "a", NULL, ignore), ==, 0);
    check_group(c, "a", ONLINE, "n2");
    g_assert_cmpuint(status_of(c, "a"), ==, 0);
}

/* Of two that come back at once the one of higher priority stays, and the other one makes room. */
static void test_priority_decides(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online")
                                         GROUP("b", "n1", "online") "[group z]\nowner=n1\n");
    set_number(c, "b", "Priority", 3000);
    change(c, "UPDATE node SET state = 1; UPDATE resource SET state = 3");
    g_assert_cmpuint(set_node(c, "n1", ClusterNodeUp), ==, 0);
    check_group(c, "b", ONLINE, "n1");
    check_group(c, "a", OFFLINE, "n1");
    g_assert_cmpuint(status_of(c, "a"), ==, CONFLICT);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeUp), ==, 0);
    check_group(c, "a", ONLINE, "n2");
}

/* What is set is seen at once. */
static void test_enforcement_ends(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    check_group(c, "b", OFFLINE, "n1");
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "ClusterEnforcedAntiAffinity", 2), ==,
                     ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "ClusterEnforcedAntiAffinity", 0), ==, 0);
    check_group(c, "b", ONLINE, "n1");
}

/* Nothing more is wanted, so nothing is said to be kept away. */
static void test_status_is_taken_back(void)
{
    g_autoptr(Acting) c = acting_new(HARD GROUP("a", "n1", "online") GROUP("b", "n2", "online"));
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(status_of(c, "b"), ==, CONFLICT);
    g_assert_cmpuint(offline(c, "rb"), ==, 0);
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
}

/* --- Flags of drains -------------------------------------------------------------------------- */

static void test_avoid_placement(void)
{
    g_autoptr(Acting) c = acting_new(SOFT "[group g]\nowner=n3\n[resource r]\ngroup=g\ntype=T\n"
                                          "state=online\n");
    g_assert_cmpuint(drain(c, "n1", NULL, CLUSAPI_NODE_AVOID_PLACEMENT), ==, 0);
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainCompleted | NodeStatusAvoidPlacement);
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n2", CL_ACT_PAUSE), ==, 0);
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    check_group(c, "g", OFFLINE, "n2");
    g_assert_cmpuint(resume(c, "n1", 0), ==, 0);
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusNormal);
    check_group(c, "g", ONLINE, "n1");
}

static void test_retry_drain(void)
{
    guint32 flags = CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR |
                    CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE;
    g_autoptr(Acting) c = acting_new(ONE("possible-owners=n1;n2\n"));
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(drain(c, "n1", NULL, flags), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainFailed);
    check_group(c, "g", ONLINE, "n1");
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeUp), ==, 0);
    check_group(c, "g", ONLINE, "n2");
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainCompleted);
}

static void test_no_retry_without_flag(void)
{
    guint32 flags = CLUSAPI_NODE_PAUSE_REMAIN_ON_PAUSED_NODE_ON_MOVE_ERROR;
    g_autoptr(Acting) c = acting_new(ONE("possible-owners=n1;n2\n"));
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(drain(c, "n1", NULL, flags), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeUp), ==, 0);
    check_group(c, "g", ONLINE, "n1");
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainFailed);
}

/* A group that was locked goes when the lock does. */
static void test_retry_locked(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    g_assert_cmpuint(set_common(c, CL_KIND_GROUP, "g", "LockedFromMoving", 1), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
    g_assert_cmpuint(drain(c, "n1", "n3", CLUSAPI_NODE_PAUSE_RETRY_DRAIN_ON_FAILURE), ==,
                     ERROR_IO_PENDING);
    check_group(c, "g", ONLINE, "n1");
    g_assert_cmpuint(set_common(c, CL_KIND_GROUP, "g", "LockedFromMoving", 0), ==, 0);
    check_group(c, "g", ONLINE, "n3");
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainCompleted);
}

static void test_drain_is_told(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OfflineDelay=dword:400\n"));
    g_assert_cmpuint(drain(c, "n1", "n3", 0), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(node_status(c, "n1"), ==, NodeStatusDrainInProgress);
    g_assert_cmpuint(number_of(c, CL_KIND_NODE, "n1", CL_PROPERTIES_RO_COMMON, "NodeDrainTarget"),
                     ==, 3);
    await_group(c, "g", ONLINE, "n3");
    g_assert_cmpint(
        count_events(c, "n1", CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_COMMON_PROPERTY_V2), ==,
        2);
}

/* --- Flags of moves --------------------------------------------------------------------------- */

static void test_return_when_destination_goes(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OfflineDelay=dword:400\n"));
    guint32 returns = CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR;
    g_assert_cmpuint(move(c, "g", "n2", returns), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    await_group(c, "g", ONLINE, "n1");
    g_assert_cmpint(
        count_events(c, "g", CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_OWNER_NODE_V2), ==, 0);
}

static void test_return_while_arriving(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineDelay=dword:400\n"));
    guint32 returns = CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR;
    g_assert_cmpuint(move(c, "g", "n3", returns), ==, ERROR_IO_PENDING);
    check_group(c, "g", ClusterGroupPending, "n3");
    g_assert_cmpuint(set_node(c, "n3", ClusterNodeDown), ==, 0);
    await_group(c, "g", ONLINE, "n1");
}

static void test_failback_flag_waits_for_hour(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    guint hour = (guint)g_date_time_get_hour(now);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, 0);
    set_number(c, "g", "FailbackWindowStart", (hour + 2) % 24);
    set_number(c, "g", "FailbackWindowEnd", (hour + 4) % 24);
    g_assert_cmpuint(move(c, "g", NULL, CLUSAPI_GROUP_MOVE_FAILBACK), ==, ERROR_IO_PENDING);
    check_group(c, "g", ONLINE, "n2");
    g_assert_cmpuint(status_of(c, "g"), ==, CLUSGRP_STATUS_WAITING_IN_QUEUE_FOR_MOVE);
    g_assert_cmpint(status_events(c, "g"), ==, 1);
    /* The row that waits for the hour keeps nothing from being done. */
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, 0);
    g_assert_cmpuint(status_of(c, "g"), ==, 0);
    set_number(c, "g", "FailbackWindowStart", (hour + 22) % 24);
    g_assert_cmpuint(move(c, "g", NULL, CLUSAPI_GROUP_MOVE_FAILBACK), ==, 0);
    check_group(c, "g", ONLINE, "n1");
    /* It is where it belongs. */
    g_assert_cmpuint(move(c, "g", NULL, CLUSAPI_GROUP_MOVE_FAILBACK), ==, 0);
    check_group(c, "g", ONLINE, "n1");
}

/* Both wait for the lock; the one of high priority starts first, in spite of its number. */
static void test_high_priority_start(void)
{
    g_autoptr(Acting) c = acting_new(SOFT "[group a]\nowner=n1\n[group b]\nowner=n1\n"
                                          "[resource ra]\ngroup=a\ntype=T\nstate=online\n"
                                          "[resource rb]\ngroup=b\ntype=T\nstate=online\n");
    guint32 queue = CLUSAPI_GROUP_MOVE_QUEUE_ENABLED;
    change(c, "UPDATE resource_group SET status = 1");
    g_assert_cmpuint(move(c, "a", "n2", queue), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(move(c, "b", "n2", queue | CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START), ==,
                     ERROR_IO_PENDING);
    change(c, "UPDATE resource_group SET status = status & ~1");
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n3", CL_ACT_PAUSE), ==, 0);
    check_group(c, "a", ONLINE, "n2");
    check_group(c, "b", ONLINE, "n2");
    g_assert_cmpint(look(c,
                         "SELECT (SELECT max(sequence) FROM event WHERE name = 'rb' AND flag = 4)"
                         " < (SELECT max(sequence) FROM event WHERE name = 'ra' AND flag = 4)"),
                    ==, 1);
}

/* What is the quorum goes online on a paused node; that something is needed for it is no help. */
static void test_necessary_for_quorum(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    ClAction action = {.verb = CL_ACT_ONLINE,
                       .flags = CLUSAPI_RESOURCE_ONLINE_NECESSARY_FOR_QUORUM};
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "r", action, 0, NULL), ==, 0);
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n1", CL_ACT_PAUSE), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "r", action, 0, NULL), ==, ERROR_SHARING_PAUSED);
    change(c, "UPDATE cluster SET quorum_resource = (SELECT number FROM object WHERE name = 'r')");
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "r", action, 0, NULL), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/placement/soft: better together than nowhere", test_soft_shares);
    g_test_add_func("/placement/soft: draining avoids", test_soft_drain);
    g_test_add_func("/placement/soft: moving avoids", test_soft_move);
    g_test_add_func("/placement/failing back avoids", test_failback_avoids);
    g_test_add_func("/placement/enforced: offline after a failover", test_hard_failover);
    g_test_add_func("/placement/enforced: until the other has gone", test_hard_waits);
    g_test_add_func("/placement/enforced: a failure", test_hard_failure);
    g_test_add_func("/placement/enforced: draining", test_hard_drain);
    g_test_add_func("/placement/enforced: online", test_hard_online);
    g_test_add_func("/placement/enforced: moving", test_hard_move);
    g_test_add_func("/placement/enforced: priority decides", test_priority_decides);
    g_test_add_func("/placement/enforced: no more", test_enforcement_ends);
    g_test_add_func("/placement/enforced: offline for good", test_status_is_taken_back);
    g_test_add_func("/placement/a node that is to be avoided", test_avoid_placement);
    g_test_add_func("/placement/a drain is tried again", test_retry_drain);
    g_test_add_func("/placement/a drain is not tried again", test_no_retry_without_flag);
    g_test_add_func("/placement/a lock ends a drain that was tried", test_retry_locked);
    g_test_add_func("/placement/drains are told", test_drain_is_told);
    g_test_add_func("/placement/back when the destination goes", test_return_when_destination_goes);
    g_test_add_func("/placement/back when it goes while they arrive", test_return_while_arriving);
    g_test_add_func("/placement/failing back in its hours", test_failback_flag_waits_for_hour);
    g_test_add_func("/placement/started first", test_high_priority_start);
    g_test_add_func("/placement/necessary for the quorum", test_necessary_for_quorum);
    return g_test_run();
}
