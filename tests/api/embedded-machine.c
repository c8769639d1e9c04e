/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the embedded cluster's state machine: resources and groups that go online and offline,
 * fail, restart and move. One thread; each test has a file of its own.
 */
#include "machine-setup.h"

#include <sys/wait.h>
#include <unistd.h>

#define NODES "[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n"

/* A service on a name on an address; the page needs the service and one of two disks. */
#define STACK                                                                                      \
    NODES "[group g]\nowner=n1\npreferred-owners=n1;n2\n"                                          \
          "[resource-type T]\n"                                                                    \
          "[resource ip]\ngroup=g\ntype=T\nstate=offline\n"                                        \
          "[resource name]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[ip]\n"                     \
          "[resource disk1]\ngroup=g\ntype=T\nstate=offline\n"                                     \
          "[resource disk2]\ngroup=g\ntype=T\nstate=offline\n"                                     \
          "[resource page]\ngroup=g\ntype=T\nstate=offline\n"                                      \
          "depends-on=[name] and ([disk1] or [disk2])\n"

/* One resource r of the group g with further lines. */
#define ONE(lines)                                                                                 \
    NODES "[group g]\nowner=n1\npreferred-owners=n1;n2\n[resource-type T]\n"                       \
          "[resource r]\ngroup=g\ntype=T\nstate=offline\n" lines

#define ONLINE  ClusterResourceOnline
#define OFFLINE ClusterResourceOffline
#define FAILED  ClusterResourceFailed

/* --- Dependencies ----------------------------------------------------------------------------- */

static void test_online_brings_providers(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    g_assert_cmpuint(online(c, "page"), ==, 0);
    check_resource(c, "page", ONLINE);
    check_resource(c, "name", ONLINE);
    check_resource(c, "ip", ONLINE);
    check_resource(c, "disk1", ONLINE);
    check_resource(c, "disk2", OFFLINE);
    g_assert_cmpint(look(c, "SELECT persistent_state FROM resource r JOIN object o USING (number)"
                            " WHERE o.name = 'page'"),
                    ==, 1);
    check_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpint(look(c, "SELECT (SELECT sequence FROM event WHERE name = 'ip' AND flag = 4) <"
                            " (SELECT sequence FROM event WHERE name = 'name' AND flag = 4)"),
                    ==, 1);
    g_assert_cmpuint(online(c, "page"), ==, 0);
}

static void test_offline_takes_dependents(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpuint(offline(c, "disk1"), ==, 0);
    check_resource(c, "page", ONLINE);
    g_assert_cmpuint(offline(c, "ip"), ==, 0);
    check_resource(c, "page", OFFLINE);
    check_resource(c, "name", OFFLINE);
    check_resource(c, "disk2", ONLINE);
    g_assert_cmpuint(offline(c, "ip"), ==, 0);
    g_assert_cmpuint(offline_group(c, "g"), ==, 0);
    check_group(c, "g", ClusterGroupOffline, "n1");
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE persistent_state = 1"), ==, 0);
}

/* Each is offline before what it depends on begins to go. */
static void test_order_down(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    change(c, "INSERT INTO property SELECT number, 1, 'offlinedelay', 'OfflineDelay', 2, 30"
              " FROM object WHERE name = 'T'");
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    g_assert_cmpuint(offline(c, "ip"), ==, ERROR_IO_PENDING);
    check_resource(c, "page", ClusterResourceOfflinePending);
    check_resource(c, "name", ONLINE);
    await_resource(c, "name", ClusterResourceOfflinePending);
    check_resource(c, "page", OFFLINE);
    check_resource(c, "ip", ONLINE);
    await_resource(c, "ip", OFFLINE);
    check_resource(c, "disk1", ONLINE);
}

static void test_last_alternative_takes_dependents(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    g_assert_cmpuint(offline(c, "disk1"), ==, 0);
    g_assert_cmpuint(offline(c, "disk2"), ==, 0);
    check_resource(c, "page", OFFLINE);
    check_resource(c, "name", ONLINE);
}

static void test_alternative_is_tried(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    change(c, "INSERT INTO property SELECT number, 1, 'onlineoutcomes', 'OnlineOutcomes', 3, 'fail'"
              " FROM object WHERE name = 'disk1'");
    set_number(c, "disk1", "RestartAction", 0);
    g_assert_cmpuint(online(c, "page"), ==, 0);
    check_resource(c, "disk1", FAILED);
    check_resource(c, "disk2", ONLINE);
}

static void test_provider_that_fails(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    change(c, "INSERT INTO property SELECT number, 1, 'onlineoutcomes', 'OnlineOutcomes', 3,"
              " 'fail ok' FROM object WHERE name = 'ip'");
    set_number(c, "ip", "RestartAction", 0);
    g_assert_cmpuint(online(c, "page"), ==, ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED);
    check_resource(c, "ip", FAILED);
    check_resource(c, "name", OFFLINE);
    check_resource(c, "page", OFFLINE);
    check_group(c, "g", ClusterGroupFailed, "n1");
    g_assert_cmpuint(online(c, "page"), ==, 0);
    check_resource(c, "ip", ONLINE);
}

static void test_flags(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    ClAction action = {.verb = CL_ACT_ONLINE, .flags = 0x10};
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, 0, NULL), ==, 87);
    action.flags = CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE;
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, 0, NULL), ==, 0);
    check_resource(c, "ip", ONLINE);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE persistent_state = 1"), ==, 0);
    action = (ClAction){.verb = CL_ACT_OFFLINE, .flags = 8};
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, 0, NULL), ==, 87);
    action = (ClAction){.verb = CL_ACT_MOVE, .flags = 5};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", action, 0, NULL), ==, 87);
}

/* --- Time ------------------------------------------------------------------------------------- */

static void test_pending_lasts(void)
{
    g_autoptr(Acting) c =
        acting_new(ONE("private.OnlineDelay=dword:600\nprivate.OfflineDelay=dword:400\n"));
    gint64 begun = g_get_monotonic_time();
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOnlinePending);
    check_group(c, "g", ClusterGroupPending, "n1");
    g_assert_cmpuint(online(c, "r"), ==, ERROR_INVALID_STATE);
    g_assert_cmpuint(offline(c, "r"), ==, ERROR_INVALID_STATE);
    g_assert_cmpuint(offline_group(c, "g"), ==, ERROR_INVALID_STATE);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_INVALID_STATE);
    await_resource(c, "r", ONLINE);
    g_assert_cmpint(g_get_monotonic_time() - begun, >=, 600000);
    g_assert_cmpuint(offline(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOfflinePending);
    await_resource(c, "r", OFFLINE);
    g_assert_cmpint(
        count_events(c, "r", CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_STATE_V2), ==,
        4);
    g_assert_cmpint(count_events(c, "r", CLUSTER_OBJECT_TYPE_RESOURCE,
                                 CLUSTER_CHANGE_RESOURCE_TERMINAL_STATE_V2),
                    ==, 2);
    g_assert_cmpint(count_events(c, "g", CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_STATE_V2),
                    ==, 4);
}

static void test_synchronous(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineDelay=dword:50\n"
                                         "private.OnlineOutcomes=ok fail\n"
                                         "property.RestartAction=0\n"));
    ClAction action = {.verb = CL_ACT_ONLINE, .flags = CLUSAPI_GROUP_ONLINE_SYNCHRONOUS};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", action, 0, NULL), ==, 0);
    check_resource(c, "r", ONLINE);
    g_assert_cmpuint(offline_group(c, "g"), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", action, 0, NULL), ==, ERROR_RESOURCE_FAILED);
    check_resource(c, "r", FAILED);
}

static void test_type_gives_delay(void)
{
    g_autoptr(Acting) c =
        acting_new(NODES "[group g]\nowner=n1\n[resource-type T]\nprivate.OnlineDelay=dword:400\n"
                         "[resource a]\ngroup=g\ntype=T\nstate=offline\n"
                         "[resource b]\ngroup=g\ntype=T\nstate=offline\n"
                         "private.OnlineDelay=dword:0\n");
    g_assert_cmpuint(online(c, "a"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(online(c, "b"), ==, 0);
    await_resource(c, "a", ONLINE);
}

/* Nobody looks while the chain goes on, and still each link has the time that it takes. */
static void test_chain_is_made_up_for(void)
{
    g_autoptr(Acting) c =
        acting_new(NODES "[group g]\nowner=n1\n[resource-type T]\nprivate.OnlineDelay=dword:30\n"
                         "[resource a]\ngroup=g\ntype=T\nstate=offline\n"
                         "[resource b]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[a]\n"
                         "[resource c]\ngroup=g\ntype=T\nstate=offline\ndepends-on=[b]\n");
    g_assert_cmpuint(online_group(c, "g"), ==, ERROR_IO_PENDING);
    g_usleep(200000);
    check_group(c, "g", ClusterGroupOnline, "n1");
    gint64 apart = look(c, "SELECT max(state_changed) - min(state_changed) FROM resource");
    g_assert_cmpint(apart, ==, 2 * 30 * 10000);
}

static void test_another_connection_goes_on(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineDelay=dword:400\n"));
    g_autoptr(Acting) second = acting_again(c);
    g_assert_cmpuint(online(second, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOnlinePending);
    acting_free(g_steal_pointer(&second));
    await_resource(c, "r", ONLINE);
}

static void test_death_of_who_began(void)
{
    Fixture *fixture = fixture_new(ONE("private.OnlineDelay=dword:400\n"));
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        Acting acting = {.fixture = fixture};
        guint code = embedded_file_connect(fixture->path, CL_ACCESS_ALL, &acting.connection);
        _exit(code == 0 && online(&acting, "r") == ERROR_IO_PENDING ? 42 : 1);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(WEXITSTATUS(status), ==, 42);
    g_autoptr(Acting) c = g_new0(Acting, 1);
    c->fixture = fixture;
    g_assert_cmpuint(embedded_file_connect(fixture->path, CL_ACCESS_ALL, &c->connection), ==, 0);
    await_resource(c, "r", ONLINE);
}

static void test_after_another_boot(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineDelay=dword:3600000\n"
                                         "property.PendingTimeout=7200000\n"));
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOnlinePending);
    change(c, "UPDATE transition SET boot_id = 'another'");
    check_resource(c, "r", ONLINE);
}

static void test_hang(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineOutcomes=hang ok\n"
                                         "property.RestartAction=0\n"
                                         "property.PendingTimeout=60\n"));
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOnlinePending);
    await_resource(c, "r", FAILED);
    g_assert_cmpint(look(c, "SELECT last_status FROM resource"), ==, ERROR_TIMEOUT);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    check_resource(c, "r", ONLINE);
}

/* --- Failures --------------------------------------------------------------------------------- */

static void test_outcomes_in_turn(void)
{
    g_autoptr(Acting) c =
        acting_new(ONE("private.OnlineOutcomes=multi-sz:fail;ok;fail\nproperty.RestartAction=0\n"
                       "private.OfflineOutcomes=multi-sz:ok;fail\n"));
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", FAILED);
    check_group(c, "g", ClusterGroupFailed, "n1");
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    check_resource(c, "r", OFFLINE);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
        check_resource(c, "r", FAILED);
    }
}

static void test_failure_to_go_offline(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OfflineOutcomes=fail\n"));
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(offline(c, "r"), ==, ERROR_IO_PENDING);
    check_resource(c, "r", FAILED);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
    g_assert_cmpuint(offline(c, "r"), ==, 0);
    check_resource(c, "r", OFFLINE);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    ClAction force = {.verb = CL_ACT_OFFLINE,
                      .flags = CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION};
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "r", force, 0, NULL), ==, 0);
    check_resource(c, "r", OFFLINE);
}

static void test_restart_after_failure(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    set_number(c, "ip", "RestartDelay", 60);
    g_assert_cmpuint(online(c, "page"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "ip", CL_ACT_FAIL), ==, 0);
    check_resource(c, "ip", FAILED);
    check_resource(c, "page", OFFLINE);
    check_resource(c, "name", OFFLINE);
    await_resource(c, "ip", ONLINE);
    check_resource(c, "page", ONLINE);
    g_assert_cmpint(look(c, "SELECT max(restarts) FROM resource"), ==, 1);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "disk2", CL_ACT_FAIL), ==, ERROR_INVALID_STATE);
}

static void test_restart_no_notify(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineOutcomes=fail\nproperty.RestartAction=1\n"
                                         "property.RestartThreshold=2\n"));
    set_number(c, "r", "RestartDelay", 20);
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    g_usleep(150000);
    check_group(c, "g", ClusterGroupFailed, "n1");
    g_assert_cmpint(look(c, "SELECT attempts FROM resource"), ==, 3);
    g_assert_cmpint(look(c, "SELECT due - begun FROM transition"), ==,
                    G_GINT64_CONSTANT(3600000000));
    g_assert_cmpint(look(c, "SELECT count(*) FROM event WHERE flag = 16 AND object_type = 2"), ==,
                    0);
}

/* Restarts on each node, then fails over, until each other node had its turn. */
static void test_thresholds(void)
{
    g_autoptr(Acting) c =
        acting_new(ONE("private.OnlineOutcomes=fail\nproperty.RestartThreshold=1\n"));
    set_number(c, "r", "RestartDelay", 20);
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    g_usleep(300000);
    check_group(c, "g", ClusterGroupFailed, "n3");
    g_assert_cmpint(look(c, "SELECT attempts FROM resource"), ==, 6);
    g_assert_cmpint(look(c, "SELECT failovers FROM resource_group"), ==, 2);
    g_assert_cmpint(
        count_events(c, "g", CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_OWNER_NODE_V2), ==, 2);
}

static void test_failover_succeeds(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineOutcomes=ok fail ok\n"
                                         "property.RestartThreshold=1\n"
                                         "[resource other]\ngroup=g\ntype=T\nstate=online\n"));
    set_number(c, "r", "RestartDelay", 20);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "r", CL_ACT_FAIL), ==, 0);
    await_group(c, "g", ClusterGroupOnline, "n2");
    check_resource(c, "other", ONLINE);
}

static void test_failover_threshold(void)
{
    g_autoptr(Acting) c = acting_new(ONE("property.RestartThreshold=0\n"));
    set_number(c, "g", "FailoverThreshold", 1);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "r", CL_ACT_FAIL), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "r", CL_ACT_FAIL), ==, 0);
    check_group(c, "g", ClusterGroupFailed, "n2");
    change(c, "UPDATE resource_group SET failovers_since = failovers_since - 7 * 36000000000");
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "r", CL_ACT_FAIL), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n3");
}

static void test_retry_much_later(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineOutcomes=fail fail ok\n"
                                         "property.RestartAction=1\nproperty.RestartThreshold=1\n"
                                         "property.RestartPeriod=50\n"
                                         "property.RetryPeriodOnFailure=120\n"));
    set_number(c, "r", "RestartDelay", 10);
    gint64 begun = g_get_monotonic_time();
    g_assert_cmpuint(online(c, "r"), ==, ERROR_IO_PENDING);
    await_resource(c, "r", ONLINE);
    g_assert_cmpint(g_get_monotonic_time() - begun, >=, 130000);
}

static void test_restart_verb(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    gint64 before =
        count_events(c, "page", CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_STATE_V2);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "ip", CL_ACT_RESTART), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpint(
        count_events(c, "page", CLUSTER_OBJECT_TYPE_RESOURCE, CLUSTER_CHANGE_RESOURCE_STATE_V2), ==,
        before + 2);
    g_assert_cmpuint(offline(c, "page"), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_RESOURCE, "page", CL_ACT_RESTART), ==, 0);
    check_resource(c, "page", OFFLINE);
}

/* --- Moves ------------------------------------------------------------------------------------ */

static void test_move(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    g_assert_cmpuint(online(c, "page"), ==, 0);
    g_assert_cmpuint(move(c, "g", "n1", 0), ==, 0);
    g_assert_cmpuint(move(c, "g", "n3", 0), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n3");
    check_resource(c, "page", ONLINE);
    check_resource(c, "disk2", OFFLINE);
    g_assert_cmpint(look(c, "SELECT moved > 0 AND move_to IS NULL FROM resource_group"), ==, 1);
    g_assert_cmpint(
        count_events(c, "n1", CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_GROUP_LOST_V2), ==, 1);
    g_assert_cmpint(
        count_events(c, "n3", CLUSTER_OBJECT_TYPE_NODE, CLUSTER_CHANGE_NODE_GROUP_GAINED_V2), ==,
        1);
    g_assert_cmpuint(move(c, "g", NULL, 0), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpuint(move(c, "g", NULL, 0), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
}

static void test_move_takes_time(void)
{
    g_autoptr(Acting) c =
        acting_new(ONE("private.OfflineDelay=dword:400\nprivate.OnlineDelay=dword:400\n"));
    g_assert_cmpuint(online_group(c, "g"), ==, ERROR_IO_PENDING);
    await_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_IO_PENDING);
    check_group(c, "g", ClusterGroupPending, "n1");
    g_assert_cmpuint(move(c, "g", "n3", 0), ==, ERROR_INVALID_STATE);
    await_group(c, "g", ClusterGroupPending, "n2");
    await_group(c, "g", ClusterGroupOnline, "n2");
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, ERROR_INVALID_STATE);
}

static void test_cancel(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OfflineDelay=dword:400\n"));
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, ERROR_IO_PENDING);
    await_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, ERROR_INVALID_STATE);
}

static void test_move_refused(void)
{
    g_autoptr(Acting) c = acting_new(ONE("possible-owners=n1;n2\n"));
    g_assert_cmpuint(move(c, "g", "n3", 0), ==, ERROR_HOST_NODE_NOT_GROUP_OWNER);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeDown), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(move(c, "g", NULL, 0), ==, ERROR_HOST_NODE_NOT_AVAILABLE);
    g_assert_cmpuint(set_node(c, "n2", ClusterNodeUp), ==, 0);
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n2", CL_ACT_PAUSE), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_SHARING_PAUSED);
    change(c, "UPDATE resource_group SET status = 1");
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
    g_assert_cmpuint(online(c, "r"), ==, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
    g_assert_cmpuint(online_group(c, "g"), ==, ERROR_CLUSTER_RESOURCE_LOCKED_STATUS);
    ClAction action = {.verb = CL_ACT_ONLINE, .flags = CLUSAPI_GROUP_ONLINE_IGNORE_RESOURCE_STATUS};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", action, 0, NULL), ==, 0);
}

static void test_queue(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    g_assert_cmpuint(online(c, "r"), ==, 0);
    change(c, "UPDATE resource_group SET status = 1");
    g_assert_cmpuint(move(c, "g", "n2", CLUSAPI_GROUP_MOVE_QUEUE_ENABLED), ==, ERROR_IO_PENDING);
    check_group(c, "g", ClusterGroupOnline, "n1");
    g_assert_cmpint(look(c, "SELECT status FROM resource_group"), ==, 5);
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", CLUSAPI_GROUP_MOVE_QUEUE_ENABLED), ==, ERROR_IO_PENDING);
    change(c, "UPDATE resource_group SET status = status & ~1");
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n3", CL_ACT_PAUSE), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
}

static void test_return_to_source(void)
{
    g_autoptr(Acting) c = acting_new(ONE("private.OnlineOutcomes=ok fail ok\n"));
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(move(c, "g", "n2", CLUSAPI_GROUP_MOVE_RETURN_TO_SOURCE_NODE_ON_ERROR), ==,
                     ERROR_IO_PENDING);
    await_group(c, "g", ClusterGroupOnline, "n1");
}

static void test_online_elsewhere(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    ClAction action = {.verb = CL_ACT_ONLINE};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", action, CL_KIND_NODE, "n2"), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
}

static void test_anti_affinity(void)
{
    g_autoptr(Acting) c =
        acting_new(NODES "[group a]\nowner=n1\nproperty.AntiAffinityClassNames=web\n"
                         "[group b]\nowner=n1\nproperty.AntiAffinityClassNames=Web;x\n"
                         "[resource-type T]\n[resource ra]\ngroup=a\ntype=T\n"
                         "[resource rb]\ngroup=b\ntype=T\nstate=offline\n");
    g_assert_cmpuint(online_group(c, "a"), ==, 0);
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    ClAction best = {.verb = CL_ACT_ONLINE, .flags = CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "b", best, 0, NULL), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n2");
    g_assert_cmpuint(move(c, "b", "n1", 0), ==, ERROR_NODE_CANT_HOST_RESOURCE);
    g_assert_cmpuint(move(c, "b", "n1", CLUSAPI_GROUP_MOVE_IGNORE_AFFINITY_RULE), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n1");
}

static void test_core_group(void)
{
    g_autoptr(Acting) c = acting_new(NODES "[group g]\nowner=n1\ncore=true\n");
    g_assert_cmpuint(online_group(c, "g"), ==, ERROR_SPECIAL_GROUP);
    g_assert_cmpuint(offline_group(c, "g"), ==, ERROR_SPECIAL_GROUP);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, 0);
}

/* --- Groups of groups ------------------------------------------------------------------------- */

static void test_group_dependency(void)
{
    g_autoptr(Acting) c =
        acting_new(NODES "[group a]\nowner=n1\n[group b]\nowner=n2\n[resource-type T]\n"
                         "[resource ra]\ngroup=a\ntype=T\nstate=offline\n"
                         "[resource rb]\ngroup=b\ntype=T\nstate=offline\n");
    change(c, "INSERT INTO group_dependency SELECT a.number, b.number, 0 FROM object a, object b"
              " WHERE a.name = 'a' AND b.name = 'b'");
    g_assert_cmpuint(online_group(c, "a"), ==, ERROR_IO_PENDING);
    check_group(c, "a", ClusterGroupOffline, "n1");
    g_assert_cmpint(look(c, "SELECT max(status) FROM resource_group"), ==, 0x1000);
    g_assert_cmpuint(offline_group(c, "a"), ==, 0);
    g_assert_cmpint(look(c, "SELECT max(status) FROM resource_group"), ==, 0);
    g_assert_cmpuint(online_group(c, "a"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(online_group(c, "b"), ==, 0);
    check_group(c, "a", ClusterGroupOnline, "n1");
    g_assert_cmpint(look(c, "SELECT max(status) FROM resource_group"), ==, 0);
}

static void test_change_group(void)
{
    g_autoptr(Acting) c = acting_new(STACK "[group h]\nowner=n1\n[group far]\nowner=n2\n");
    ClAction action = {.verb = CL_ACT_CHANGE_GROUP};
    g_assert_cmpuint(online(c, "page"), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, CL_KIND_GROUP, "g"), ==,
                     ERROR_ALREADY_EXISTS);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, CL_KIND_GROUP, "far"), ==,
                     ERROR_RESOURCE_ONLINE);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, CL_KIND_GROUP, "h"), ==, 0);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource r JOIN object o ON o.number ="
                            " r.group_number WHERE o.name = 'h'"),
                    ==, 5);
    check_group(c, "h", ClusterGroupOnline, "n1");
    check_group(c, "g", ClusterGroupOffline, "n1");
    g_assert_cmpint(
        count_events(c, "h", CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_RESOURCE_GAINED_V2),
        ==, 5);
    g_assert_cmpint(count_events(c, "g", CLUSTER_OBJECT_TYPE_GROUP, CLUSTER_CHANGE_GROUP_STATE_V2),
                    ==, 2);
    g_assert_cmpuint(offline_group(c, "h"), ==, 0);
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, CL_KIND_GROUP, "far"), ==, 0);
    change(c, "DELETE FROM possible_owner WHERE node = (SELECT number FROM object WHERE name ="
              " 'n1')");
    g_assert_cmpuint(act_with(c, CL_KIND_RESOURCE, "ip", action, CL_KIND_GROUP, "h"), ==,
                     ERROR_HOST_NODE_NOT_RESOURCE_OWNER);
}

/* A file that says what cannot be still lets every change end. */
static void test_circle(void)
{
    g_autoptr(Acting) c = acting_new(STACK);
    change(c, "INSERT INTO dependency SELECT a.number, b.number, 7 FROM object a, object b"
              " WHERE a.name = 'ip' AND b.name = 'page'");
    g_assert_cmpuint(online_group(c, "g"), ==, ERROR_IO_PENDING);
    check_resource(c, "ip", OFFLINE);
    g_assert_cmpuint(offline_group(c, "g"), ==, 0);
    change(c, "UPDATE resource SET state = 2");
    g_assert_cmpuint(offline(c, "ip"), ==, ERROR_IO_PENDING);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/online brings its providers", test_online_brings_providers);
    g_test_add_func("/machine/offline takes its dependents", test_offline_takes_dependents);
    g_test_add_func("/machine/dependents go first", test_order_down);
    g_test_add_func("/machine/the last alternative takes its dependents",
                    test_last_alternative_takes_dependents);
    g_test_add_func("/machine/an alternative is tried", test_alternative_is_tried);
    g_test_add_func("/machine/a provider that fails", test_provider_that_fails);
    g_test_add_func("/machine/flags", test_flags);
    g_test_add_func("/machine/pending lasts as long as it says", test_pending_lasts);
    g_test_add_func("/machine/online and wait", test_synchronous);
    g_test_add_func("/machine/the type gives the delay", test_type_gives_delay);
    g_test_add_func("/machine/a chain is made up for", test_chain_is_made_up_for);
    g_test_add_func("/machine/another connection goes on", test_another_connection_goes_on);
    g_test_add_func("/machine/work survives who began it", test_death_of_who_began);
    g_test_add_func("/machine/after another boot all is due", test_after_another_boot);
    g_test_add_func("/machine/what hangs fails in time", test_hang);
    g_test_add_func("/machine/outcomes in turn", test_outcomes_in_turn);
    g_test_add_func("/machine/failing to go offline is not recovered", test_failure_to_go_offline);
    g_test_add_func("/machine/a failed resource restarts", test_restart_after_failure);
    g_test_add_func("/machine/restart without failover", test_restart_no_notify);
    g_test_add_func("/machine/restarts, failovers, and the end of them", test_thresholds);
    g_test_add_func("/machine/a failover that helps", test_failover_succeeds);
    g_test_add_func("/machine/the failover threshold and its period", test_failover_threshold);
    g_test_add_func("/machine/a retry much later", test_retry_much_later);
    g_test_add_func("/machine/restart", test_restart_verb);
    g_test_add_func("/machine/move", test_move);
    g_test_add_func("/machine/a move takes its time", test_move_takes_time);
    g_test_add_func("/machine/cancel", test_cancel);
    g_test_add_func("/machine/moves that are refused", test_move_refused);
    g_test_add_func("/machine/a move in the queue", test_queue);
    g_test_add_func("/machine/return to the source", test_return_to_source);
    g_test_add_func("/machine/online elsewhere", test_online_elsewhere);
    g_test_add_func("/machine/anti-affinity", test_anti_affinity);
    g_test_add_func("/machine/the core group", test_core_group);
    g_test_add_func("/machine/groups depend on groups", test_group_dependency);
    g_test_add_func("/machine/change of group", test_change_group);
    g_test_add_func("/machine/a circle ends", test_circle);
    return g_test_run();
}
