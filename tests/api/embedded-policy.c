/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the properties that say what an embedded cluster does by itself, of groups that wait for
 * others, and of what the Ex functions' lists say. One thread; each test has a file of its own.
 */
#include "machine-setup.h"
#include "property-list.h"

#define NODES "[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n[resource-type T]\n"

/* One online resource r of the group g with further lines. */
#define ONE(lines) NODES "[group g]\nowner=n1\n[resource r]\ngroup=g\ntype=T\nstate=online\n" lines

/* b depends on a, which is offline as it is. */
#define TWO                                                                                        \
    NODES "[group a]\nowner=n1\n[resource ra]\ngroup=a\ntype=T\nstate=offline\n"                   \
          "[group b]\nowner=n1\n[resource rb]\ngroup=b\ntype=T\nstate=offline\n"

#define ONLINE  ClusterResourceOnline
#define OFFLINE ClusterResourceOffline
#define FAILED  ClusterResourceFailed

static guint fail(Acting *c)
{
    return act(c, CL_KIND_RESOURCE, "r", CL_ACT_FAIL);
}

static guint set(Acting *c, const char *property, guint number)
{
    ClKind kind = g_str_has_prefix(property, "Fail") ? CL_KIND_GROUP : CL_KIND_RESOURCE;
    return set_common(c, kind, kind == CL_KIND_GROUP ? "g" : "r", property, number);
}

/* --- Restart ---------------------------------------------------------------------------------- */

static void test_restart_action(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    set_number(c, "r", "RestartDelay", 20);
    g_assert_cmpuint(set(c, "RestartAction", 3), ==, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set(c, "RestartAction", ClusterResourceDontRestart), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    g_usleep(60000);
    check_group(c, "g", ClusterGroupFailed, "n1");
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
    g_assert_cmpuint(set(c, "RestartAction", ClusterResourceRestartNoNotify), ==, 0);
    g_assert_cmpuint(set(c, "RestartThreshold", 1), ==, 0);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    await_resource(c, "r", ONLINE);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupFailed, "n1");
    g_assert_cmpuint(set(c, "RestartAction", ClusterResourceRestartNotify), ==, 0);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
}

/* A restart is forgotten when its period is over. */
static void test_restart_period(void)
{
    g_autoptr(Acting) c = acting_new(ONE("property.RestartThreshold=1\n"
                                         "property.RestartPeriod=500\n"));
    set_number(c, "r", "RestartDelay", 5);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpuint(fail(c), ==, 0);
        await_group(c, "g", ClusterGroupOnline, "n1");
        g_usleep(550000);
    }
    g_assert_cmpint(look(c, "SELECT restarts FROM resource"), ==, 1);
    g_assert_cmpuint(fail(c), ==, 0);
    await_resource(c, "r", ONLINE);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
}

static void test_retry_period(void)
{
    g_autoptr(Acting) c =
        acting_new(ONE("property.RestartAction=1\nproperty.RestartThreshold=0\n"));
    g_assert_cmpuint(set(c, "RetryPeriodOnFailure", 899999), ==,
                     ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set(c, "RestartPeriod", 3600001), ==, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set(c, "RetryPeriodOnFailure", G_MAXUINT32), ==, 0);
    g_assert_cmpuint(set(c, "RestartPeriod", 3600001), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
    g_assert_cmpuint(set(c, "RestartPeriod", 50), ==, 0);
    g_assert_cmpuint(set(c, "RetryPeriodOnFailure", 50), ==, 0);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    check_resource(c, "r", FAILED);
    await_resource(c, "r", ONLINE);
}

/* An embedded failure is what nothing in such a cluster reports. */
static void test_embedded_failure_action(void)
{
    g_autoptr(Acting) c = acting_new(ONE(""));
    g_assert_cmpuint(
        number_of(c, CL_KIND_RESOURCE, "r", CL_PROPERTIES_COMMON, "EmbeddedFailureAction"), ==, 2);
    g_assert_cmpuint(set(c, "EmbeddedFailureAction", 3), ==, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set(c, "EmbeddedFailureAction", 1), ==, 0);
    g_assert_cmpuint(
        number_of(c, CL_KIND_RESOURCE, "r", CL_PROPERTIES_COMMON, "EmbeddedFailureAction"), ==, 1);
}

static void test_last_status(void)
{
    g_autoptr(Acting) c = acting_new(ONE("property.RestartAction=0\n"));
    g_assert_cmpuint(
        number_of(c, CL_KIND_RESOURCE, "r", CL_PROPERTIES_RO_COMMON, "LastOperationStatusCode"), ==,
        0);
    g_assert_cmpuint(fail(c), ==, 0);
    g_assert_cmpuint(
        number_of(c, CL_KIND_RESOURCE, "r", CL_PROPERTIES_RO_COMMON, "LastOperationStatusCode"), ==,
        ERROR_RESOURCE_FAILED);
}

/* What is set there is what the group comes back to. */
static void test_persistent_state(void)
{
    g_autoptr(Acting) c = acting_new(ONE("[resource s]\ngroup=g\ntype=T\nstate=offline\n"));
    g_assert_cmpuint(set_common(c, CL_KIND_RESOURCE, "s", "PersistentState", 1), ==, 0);
    g_assert_cmpuint(set_common(c, CL_KIND_RESOURCE, "r", "PersistentState", 0), ==, 0);
    check_resource(c, "s", OFFLINE);
    check_resource(c, "r", ONLINE);
    g_assert_cmpuint(move(c, "g", "n2", 0), ==, 0);
    check_resource(c, "s", ONLINE);
    check_resource(c, "r", OFFLINE);
    g_assert_cmpuint(offline_group(c, "g"), ==, 0);
    g_assert_cmpuint(number_of(c, CL_KIND_GROUP, "g", CL_PROPERTIES_COMMON, "PersistentState"), ==,
                     0);
    g_assert_cmpuint(online_group(c, "g"), ==, 0);
    g_assert_cmpuint(number_of(c, CL_KIND_GROUP, "g", CL_PROPERTIES_COMMON, "PersistentState"), ==,
                     1);
}

/* --- Failover --------------------------------------------------------------------------------- */

static void test_failover_threshold(void)
{
    g_autoptr(Acting) c = acting_new(ONE("property.RestartThreshold=0\n"));
    g_assert_cmpuint(set(c, "FailoverThreshold", 0), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupFailed, "n1");
    /* By default each other node has its turn. */
    g_assert_cmpuint(set(c, "FailoverThreshold", G_MAXUINT32), ==, 0);
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(online(c, "r"), ==, 0);
        g_assert_cmpuint(fail(c), ==, 0);
        check_group(c, "g", ClusterGroupOnline, i == 0 ? "n2" : "n3");
    }
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupFailed, "n3");
}

static void test_failover_period(void)
{
    g_autoptr(Acting) c = acting_new(ONE("property.RestartThreshold=0\n"));
    g_assert_cmpuint(set(c, "FailoverPeriod", 1194), ==, ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set(c, "FailoverThreshold", 1), ==, 0);
    g_assert_cmpuint(set(c, "FailoverPeriod", 2), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
    change(c, "UPDATE resource_group SET failovers_since = failovers_since - 1 * 36000000000");
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupFailed, "n2");
    change(c, "UPDATE resource_group SET failovers_since = failovers_since - 2 * 36000000000");
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(fail(c), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n3");
}

/* --- Groups that wait for groups -------------------------------------------------------------- */

static void depend(Acting *c, const char *dependent, const char *provider)
{
    ClAction action = {.verb = CL_ACT_ADD_DEPENDENCY};
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, dependent, action, CL_KIND_GROUP, provider), ==, 0);
}

static guint64 status_of(Acting *c, const char *group)
{
    return number_of(c, CL_KIND_GROUP, group, CL_PROPERTIES_RO_COMMON, "StatusInformation");
}

static gint64 status_events(Acting *c, const char *group)
{
    return count_events(c, group, CLUSTER_OBJECT_TYPE_GROUP,
                        CLUSTER_CHANGE_GROUP_COMMON_PROPERTY_V2);
}

static void test_waiting_is_told(void)
{
    g_autoptr(Acting) c = acting_new(TWO);
    depend(c, "b", "a");
    gint64 before = status_events(c, "b");
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(status_of(c, "b"), ==, CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES);
    g_assert_cmpint(look(c, "SELECT (due - begun) / 1000000 FROM transition"), ==, 600);
    g_assert_cmpint(status_events(c, "b"), ==, before + 1);
    g_assert_cmpuint(online_group(c, "a"), ==, 0);
    check_group(c, "b", ClusterGroupOnline, "n1");
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
    g_assert_cmpint(status_events(c, "b"), ==, before + 2);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
}

static void test_waiting_times_out(void)
{
    g_autoptr(Acting) c = acting_new(TWO);
    depend(c, "b", "a");
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "GroupDependencyTimeout", 0), ==,
                     ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "GroupDependencyTimeout", 1), ==, 0);
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(status_of(c, "b"), ==, CLUSGRP_STATUS_WAITING_FOR_DEPENDENCIES);
    g_usleep(1100000);
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
    g_assert_cmpuint(
        number_of(c, CL_KIND_RESOURCE, "rb", CL_PROPERTIES_RO_COMMON, "LastOperationStatusCode"),
        ==, ERROR_TIMEOUT);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE wanted IS NOT NULL"), ==, 0);
    g_assert_cmpuint(online_group(c, "a"), ==, 0);
    check_group(c, "b", ClusterGroupOffline, "n1");
    g_assert_cmpuint(online_group(c, "b"), ==, 0);
}

static void test_waiting_for_ever(void)
{
    g_autoptr(Acting) c = acting_new(TWO);
    depend(c, "b", "a");
    g_assert_cmpuint(set_common(c, CL_KIND_CLUSTER, NULL, "GroupDependencyTimeout", G_MAXUINT32),
                     ==, 0);
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_IO_PENDING);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
    g_assert_cmpuint(offline_group(c, "b"), ==, 0);
    g_assert_cmpuint(status_of(c, "b"), ==, 0);
}

/* The order of sets: the groups of one wait for all of the other, and start when the last is
 * online. */
static void test_sets_come_in_order(void)
{
    g_autoptr(Acting) c =
        acting_new(TWO "[group d]\nowner=n2\n[resource rd]\ngroup=d\ntype=T\nstate=offline\n"
                       "private.OnlineDelay=dword:400\n");
    change(c,
           "INSERT INTO object (kind, id, name, key) VALUES (8, 'f1', 'front', 'front'),"
           " (8, 'b1', 'back', 'back'); INSERT INTO group_set SELECT number FROM object WHERE"
           " kind = 8; INSERT INTO group_set_member SELECT g.number, s.number FROM object g,"
           " object s WHERE g.kind = 3 AND s.name = CASE g.name WHEN 'b' THEN 'front' ELSE"
           " 'back' END; INSERT INTO group_dependency SELECT f.number, b.number, 1 FROM object f,"
           " object b WHERE f.name = 'front' AND b.name = 'back'");
    g_assert_cmpuint(online_group(c, "b"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(online_group(c, "d"), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(online_group(c, "a"), ==, 0);
    check_group(c, "b", ClusterGroupOffline, "n1");
    await_group(c, "b", ClusterGroupOnline, "n1");
    g_assert_cmpint(look(c, "SELECT (SELECT state_changed FROM resource JOIN object USING (number)"
                            " WHERE name = 'rb') >= (SELECT state_changed FROM resource JOIN object"
                            " USING (number) WHERE name = 'rd')"),
                    ==, 1);
}

/* --- What the lists of the Ex functions say --------------------------------------------------- */

static GBytes *input(const char *type, guint32 value)
{
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_ptr_array_add(properties, cl_property_new_number(type, CLUSPROP_FORMAT_DWORD, value));
    return cl_property_list_build(properties);
}

static guint act_input(Acting *c, ClKind kind, const char *name, ClAction action, const char *type,
                       guint32 value)
{
    g_autoptr(GBytes) list = input(type, value);
    action.in = list;
    return act_with(c, kind, name, action, CL_KIND_NODE, action.verb == CL_ACT_MOVE ? "n2" : NULL);
}

#define SLOW ONE("private.OfflineDelay=dword:2000\n")

static void test_turn_off(void)
{
    g_autoptr(Acting) c = acting_new(SLOW);
    ClAction off = {.verb = CL_ACT_OFFLINE};
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", off, "t", 0), ==, 0);
    check_resource(c, "r", OFFLINE);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act_input(c, CL_KIND_RESOURCE, "r", off, "T", 3), ==, 0);
    check_resource(c, "r", OFFLINE);
    g_assert_cmpuint(online(c, "r"), ==, 0);
    g_assert_cmpuint(act_input(c, CL_KIND_RESOURCE, "r", off, "T", 2), ==, ERROR_IO_PENDING);
    check_resource(c, "r", ClusterResourceOfflinePending);
}

static void test_move_turned_off(void)
{
    g_autoptr(Acting) c = acting_new(SLOW);
    ClAction to = {.verb = CL_ACT_MOVE};
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", to, "T", 0), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
    g_assert_cmpuint(move(c, "g", "n1", 0), ==, ERROR_IO_PENDING);
    check_group(c, "g", ClusterGroupPending, "n2");
}

/* What it says stays with a move that waits, and goes with one that is cancelled. */
static void test_queued_and_turned_off(void)
{
    g_autoptr(Acting) c = acting_new(SLOW);
    ClAction to = {.verb = CL_ACT_MOVE, .flags = CLUSAPI_GROUP_MOVE_QUEUE_ENABLED};
    change(c, "UPDATE resource_group SET status = 1");
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", to, "T", 0), ==, ERROR_IO_PENDING);
    change(c, "UPDATE resource_group SET status = status & ~1");
    g_assert_cmpuint(act(c, CL_KIND_NODE, "n3", CL_ACT_PAUSE), ==, 0);
    check_group(c, "g", ClusterGroupOnline, "n2");
    change(c, "UPDATE resource_group SET status = 1");
    g_autoptr(GBytes) list = input("T", 0);
    to.in = list;
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", to, CL_KIND_NODE, "n1"), ==, ERROR_IO_PENDING);
    g_assert_cmpint(look(c, "SELECT wanted_flags FROM resource"), ==,
                    CLUSAPI_RESOURCE_OFFLINE_FORCE_WITH_TERMINATION);
    g_assert_cmpuint(act(c, CL_KIND_GROUP, "g", CL_ACT_CANCEL), ==, 0);
    g_assert_cmpint(look(c, "SELECT wanted_flags FROM resource"), ==, 0);
}

static void test_input_refused(void)
{
    g_autoptr(Acting) c = acting_new(SLOW);
    ClAction off = {.verb = CL_ACT_OFFLINE}, to = {.verb = CL_ACT_MOVE};
    g_autoptr(GPtrArray) properties = cl_properties_new();
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", to, "T", 4), ==, ERROR_NOT_SUPPORTED);
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", to, "T", 5), ==, ERROR_INVALID_PARAMETER);
    g_ptr_array_add(properties, cl_property_new_text("T", CLUSPROP_FORMAT_SZ, "0"));
    g_autoptr(GBytes) text = cl_property_list_build(properties);
    off.in = text;
    g_assert_cmpuint(act_with(c, CL_KIND_GROUP, "g", off, 0, NULL), ==,
                     ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
    check_resource(c, "r", ONLINE);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE wanted IS NOT NULL OR"
                            " wanted_flags <> 0 OR persistent_state = 0"),
                    ==, 0);
    /* What is for another type is for nobody here. */
    ClAction on = {.verb = CL_ACT_ONLINE};
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", on, "T", 7), ==, 0);
    g_assert_cmpuint(act_input(c, CL_KIND_GROUP, "g", to, "Virtual Machine", 4), ==,
                     ERROR_IO_PENDING);
}

/* --- Definitions ------------------------------------------------------------------------------- */

/* What is pending in a definition goes on as if somebody had begun it then. */
static void test_defined_pending(void)
{
    g_autoptr(Acting) c =
        acting_new(NODES "[group g]\nowner=n1\n[resource up]\ngroup=g\ntype=T\n"
                         "state=online-pending\nprivate.OnlineDelay=dword:600\n"
                         "[resource down]\ngroup=g\ntype=T\nstate=offline-pending\n"
                         "private.OfflineDelay=dword:600\n"
                         "[resource now]\ngroup=g\ntype=T\nstate=online-pending\n"
                         "[resource bad]\ngroup=g\ntype=T\nstate=online-pending\n"
                         "private.OnlineOutcomes=hang ok\nproperty.PendingTimeout=100\n");
    set_number(c, "bad", "RestartDelay", 10);
    check_resource(c, "now", ONLINE);
    check_resource(c, "up", ClusterResourceOnlinePending);
    check_group(c, "g", ClusterGroupPending, "n1");
    g_assert_cmpuint(offline(c, "up"), ==, ERROR_INVALID_STATE);
    await_resource(c, "up", ONLINE);
    await_resource(c, "down", OFFLINE);
    await_resource(c, "bad", ONLINE);
    g_assert_cmpint(look(c, "SELECT count(*) FROM transition"), ==, 0);
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE wanted IS NOT NULL"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/RestartAction", test_restart_action);
    g_test_add_func("/policy/RestartThreshold and RestartPeriod", test_restart_period);
    g_test_add_func("/policy/RetryPeriodOnFailure", test_retry_period);
    g_test_add_func("/policy/EmbeddedFailureAction", test_embedded_failure_action);
    g_test_add_func("/policy/LastOperationStatusCode", test_last_status);
    g_test_add_func("/policy/PersistentState", test_persistent_state);
    g_test_add_func("/policy/FailoverThreshold", test_failover_threshold);
    g_test_add_func("/policy/FailoverPeriod", test_failover_period);
    g_test_add_func("/policy/waiting is told", test_waiting_is_told);
    g_test_add_func("/policy/GroupDependencyTimeout", test_waiting_times_out);
    g_test_add_func("/policy/waiting for ever", test_waiting_for_ever);
    g_test_add_func("/policy/sets come in order", test_sets_come_in_order);
    g_test_add_func("/policy/turned off", test_turn_off);
    g_test_add_func("/policy/moved and turned off", test_move_turned_off);
    g_test_add_func("/policy/queued and turned off", test_queued_and_turned_off);
    g_test_add_func("/policy/lists that are refused", test_input_refused);
    g_test_add_func("/policy/pending from the beginning", test_defined_pending);
    return g_test_run();
}
