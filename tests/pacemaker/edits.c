/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs make of a recorded CIB: groups, resources and nodes online, offline, moved, paused.
 */
#include <glib.h>
#include <string.h>

#include "edits-setup.h"
#include "pacemaker/move.h"

#define TEST(name, file, function)                                                                 \
    g_test_add("/edits/" name, Cluster, file, set_up, function, tear_down)

/* Of that code, in words that say where. */
#define expect(code, call) g_assert_cmpuint(call, ==, code)

#define ROLE(element, id, value)                                                                   \
    "//" element "[@id='" id "']/meta_attributes/nvpair[@name='target-role' and @value='" value "']"

/* --- Online and offline ------------------------------------------------------------------------- */

static void test_offline(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "web", NULL));
    g_assert_cmpint(count(cluster, ROLE("group", "web", "Stopped")), ==, 1);
    g_assert_false(group(cluster, "web")->wanted);
    g_assert_false(resource(cluster, "web-srv")->wanted);
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_OFFLINE, "mail", NULL));
}

static void test_online(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_ONLINE, "web", NULL));
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_ONLINE, "mail", NULL));
    g_assert_true(resource(cluster, "mail-srv")->wanted);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

static void test_online_all(Cluster *cluster, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(count(cluster, ROLE("primitive", "part-b", "Stopped")), ==, 1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_ONLINE, "part", NULL));
    g_assert_cmpint(count(cluster, ROLE("primitive", "part-b", "Stopped")), ==, 0);
    g_assert_true(resource(cluster, "part-b")->wanted);
}

static void test_online_there(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_ONLINE, "mail", "n3"));
    g_assert_cmpstr(group(cluster, "mail")->moving_to->object.name, ==, "n3");
    g_assert_cmpint(count(cluster, "//date_expression[@end='2026-11-21 15:00:00Z']"), ==, 1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "web", NULL));
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_OFFLINE, "mail", NULL));
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

static void test_paused(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SHARING_PAUSED, on_group(cluster, CL_ACT_MOVE, "web", "n2"));
    expect(ERROR_SHARING_PAUSED, on_group(cluster, CL_ACT_ONLINE, "web", "n2"));
}

static void test_down(Cluster *cluster, gconstpointer data)
{
    const char *down = NULL;
    (void)data;
    for (guint i = 0; i < cluster->model->nodes->len; i++) {
        const ClPcmkObject *node = cluster->model->nodes->pdata[i];
        down = node->state == ClusterNodeDown ? node->name : down;
    }
    g_assert_nonnull(down);
    g_autofree char *name = g_strdup(down);
    expect(ERROR_HOST_NODE_NOT_AVAILABLE, on_group(cluster, CL_ACT_MOVE, "made", name));
    expect(ERROR_SUCCESS, on_node(cluster, CL_ACT_EVICT, name, 0));
    g_assert_cmpint(count(cluster, "//node[@uname='%s']", name), ==, 0);
    g_assert_cmpint(count(cluster, "//node_state[@uname='%s']", name), ==, 0);
    g_assert_cmpuint(cluster->requests->len, ==, 1);
    expect(ERROR_CANT_EVICT_ACTIVE_NODE,
           on_node(cluster, CL_ACT_EVICT, node_of(cluster, "made"), 0));
}

static void test_pending(Cluster *cluster, gconstpointer data)
{
    const char *name = NULL;
    (void)data;
    for (guint i = 0; i < cluster->model->groups->len; i++) {
        const ClPcmkObject *object = cluster->model->groups->pdata[i];
        name = object->state == ClusterGroupPending ? object->name : name;
    }
    g_assert_nonnull(name);
    g_autofree char *pending = g_strdup(name);
    expect(ERROR_INVALID_STATE, on_group(cluster, CL_ACT_OFFLINE, pending, NULL));
    expect(ERROR_INVALID_STATE, on_group(cluster, CL_ACT_ONLINE, pending, NULL));
    expect(ERROR_INVALID_STATE, on_group(cluster, CL_ACT_MOVE, pending, NULL));
    expect(ERROR_IO_PENDING,
           on_group_with(cluster, CL_ACT_MOVE, pending, CLUSAPI_GROUP_MOVE_QUEUE_ENABLED));
}

static void test_failed(Cluster *cluster, gconstpointer data)
{
    const char *name = NULL;
    (void)data;
    for (guint i = 0; i < cluster->model->groups->len; i++) {
        const ClPcmkObject *object = cluster->model->groups->pdata[i];
        name = object->state == ClusterGroupFailed ? object->name : name;
    }
    g_assert_nonnull(name);
    g_autofree char *failed = g_strdup(name);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_ONLINE, failed, NULL));
    g_assert_cmpuint(cluster->requests->len, >, 0);
    for (guint i = 0; i < cluster->requests->len; i++) {
        const ClPcmkRequest *request = cluster->requests->pdata[i];
        g_assert_cmpint(request->what, ==, CL_PCMK_CLEAN);
        g_assert_cmpstr(request->standard, ==, "ocf");
        g_assert_cmpstr(request->agent, ==, "Ctl");
    }
}

static void test_unmanaged(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//group[@id='web']",
        "<meta_attributes id='m'><nvpair id='n' name='is-managed' "
        "value='false'/></meta_attributes>");
    expect(ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, on_group(cluster, CL_ACT_OFFLINE, "web", NULL));
    expect(ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    expect(ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, on_resource(cluster, CL_ACT_OFFLINE, "web-srv"));
    expect(ERROR_IO_PENDING, on_group_with(cluster, CL_ACT_OFFLINE, "web",
                                           CLUSAPI_GROUP_OFFLINE_IGNORE_RESOURCE_STATUS));
}

static void test_arguments(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_INVALID_PARAMETER, on_group_with(cluster, CL_ACT_ONLINE, "web", 0x1000));
    expect(ERROR_NOT_SUPPORTED,
           on_group_with(cluster, CL_ACT_MOVE, "web", CLUSAPI_GROUP_MOVE_HIGH_PRIORITY_START));
    expect(ERROR_INVALID_PARAMETER, on_group_with(cluster, CL_ACT_MOVE, "web",
                                                  CLUSAPI_GROUP_MOVE_IGNORE_RESOURCE_STATUS |
                                                      CLUSAPI_GROUP_MOVE_QUEUE_ENABLED));
    expect(ERROR_NOT_SUPPORTED,
           on_resource_with(cluster, CL_ACT_ONLINE, "web-srv",
                            CLUSAPI_RESOURCE_ONLINE_DO_NOT_UPDATE_PERSISTENT_STATE));
    expect(ERROR_INVALID_PARAMETER, on_group(cluster, CL_ACT_MOVE, "web", "n1 n3"));
    expect(ERROR_CLUSTER_NODE_NOT_FOUND, on_group(cluster, CL_ACT_MOVE, "web", "n9"));
    expect(ERROR_GROUP_NOT_AVAILABLE, on_group(cluster, CL_ACT_MOVE, "gone", "n1"));
    expect(ERROR_RESOURCE_NOT_AVAILABLE, on_resource(cluster, CL_ACT_FAIL, "gone"));
    expect(ERROR_CALL_NOT_IMPLEMENTED, on_node(cluster, CL_ACT_SET_NODE_STATE, "n1", 0));
    expect(ERROR_CALL_NOT_IMPLEMENTED, on_cluster(cluster, CL_ACT_DESTROY));
    expect(ERROR_NOT_SUPPORTED, on_cluster(cluster, CL_ACT_SET_NETWORK_PRIORITY_ORDER));
    expect(ERROR_SUCCESS, on_cluster(cluster, CL_ACT_SYNC_DATABASE));
}

/* --- Moves -------------------------------------------------------------------------------------- */

#define STICKINESS(id) "//*[@id='" id "']/meta_attributes/nvpair[@name='resource-stickiness']"

static void test_move(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_MOVE, "web", "n2"));
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    g_assert_cmpint(count(cluster, "//rsc_location[@id='clusapi-move-web' and @rsc='web']"), ==, 1);
    g_assert_cmpint(count(cluster, "//rule[@score='INFINITY']/expression[@value='n1']"), ==, 1);
    g_assert_cmpstr(group(cluster, "web")->moving_to->object.name, ==, "n1");
    g_assert_cmpuint(group(cluster, "web")->preferred->len, ==, 0);
    g_assert_cmpuint(cluster->begun->len, ==, 1);
    g_assert_cmpint(count(cluster, STICKINESS("web") "[@id='clusapi-hold-web' and @value='1']"), ==,
                    1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n3"));
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_CANCEL, "web", NULL));
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
    expect(ERROR_INVALID_STATE, on_group(cluster, CL_ACT_CANCEL, "web", NULL));
}

static void test_move_away(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", NULL));
    g_assert_cmpint(count(cluster, "//expression[@operation='ne' and @value='n2']"), ==, 1);
    g_assert_null(group(cluster, "web")->moving_to);
    g_assert_nonnull(group(cluster, "web")->move);
    g_assert_cmpuint(resource(cluster, "web-srv")->possible->len, ==, 3);
    expect(ERROR_NOT_SUPPORTED, on_group(cluster, CL_ACT_MOVE, "cl@n1", "n3"));
}

/* It goes there when it is taken online. */
static void test_move_offline(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_MOVE, "mail", "n3"));
    g_assert_cmpstr(node_of(cluster, "mail"), ==, "n3");
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
    tidy(cluster, 1, FALSE);
    g_assert_cmpstr(node_of(cluster, "mail"), ==, "n3");
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_MOVE, "mail", NULL));
    g_assert_cmpstr(node_of(cluster, "mail"), !=, "n3");
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_MOVE, "mail", "n2"));
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "mail", "post"));
    g_assert_cmpstr(node_of(cluster, "post"), ==, "n2");
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_ONLINE, "post", NULL));
    g_assert_cmpstr(group(cluster, "post")->moving_to->object.name, ==, "n2");
    g_assert_cmpint(count(cluster, "//*[@id='clusapi-owners']"), ==, 0);
}

/* What is remembered of a group that runs is wrong. */
static void test_owner_is_over(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//crm_config",
        "<cluster_property_set id='clusapi-owners'><nvpair id='w' name='clusapi-owner.web'"
        " value='3'/><nvpair id='m' name='clusapi-owner.mail' value='3'/><nvpair id='g'"
        " name='clusapi-owner.gone' value='3'/></cluster_property_set>");
    g_assert_cmpstr(node_of(cluster, "web"), ==, "n2");
    g_assert_cmpstr(node_of(cluster, "mail"), ==, "n3");
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//*[@id='clusapi-owners']/nvpair"), ==, 1);
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_DESTROY, "mail", NULL));
    g_assert_cmpint(count(cluster, "//*[@id='clusapi-owners']"), ==, 0);
}

static void test_nowhere(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_REMOVE_POSSIBLE_OWNER, "web-srv", "n1"));
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_REMOVE_POSSIBLE_OWNER, "web-ip", "n3"));
    expect(ERROR_HOST_NODE_NOT_AVAILABLE, on_group(cluster, CL_ACT_MOVE, "web", NULL));
    expect(ERROR_HOST_NODE_NOT_GROUP_OWNER, on_group(cluster, CL_ACT_MOVE, "web", "n3"));
}

static void test_tied(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//group[@id='web']",
        "<meta_attributes id='m'><nvpair id='n' name='resource-stickiness' value='INFINITY'/>"
        "</meta_attributes>");
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    g_assert_cmpint(count(cluster, "//rule[@score='-INFINITY']/expression[@value='n2']"), ==, 1);
    g_assert_cmpint(count(cluster, STICKINESS("web") "[@value='INFINITY']"), ==, 1);
    g_assert_cmpstr(group(cluster, "web")->moving_to->object.name, ==, "n1");
    g_assert_cmpuint(resource(cluster, "web-srv")->possible->len, ==, 3);
}

static void test_hold(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n1' score='100'/>");
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n3"));
    g_assert_cmpint(count(cluster, STICKINESS("web") "[@value='101']"), ==, 1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "db", "n1"));
    g_assert_cmpint(count(cluster, STICKINESS("db") "[@value='1']"), ==, 1);
}

static void test_no_hold(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//configuration",
        "<rsc_defaults><meta_attributes id='d'><nvpair id='s' name='resource-stickiness'"
        " value='60'/></meta_attributes></rsc_defaults>");
    add(cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n1' score='100'/>");
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n3"));
    g_assert_cmpint(count(cluster, STICKINESS("web")), ==, 0);
    add(cluster, "//group[@id='part']",
        "<meta_attributes id='m'><nvpair id='n' name='resource-stickiness' value='0'/>"
        "</meta_attributes>");
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "part", "n3"));
    g_assert_cmpint(count(cluster, STICKINESS("part") "[@value='0']"), ==, 1);
}

/* --- What is over ------------------------------------------------------------------------------- */

static void test_under_way(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
    tidy(cluster, 1, FALSE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

static void test_next(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    g_autofree char *key = cl_pcmk_move_key(group(cluster, "web")->move);
    const char *const keys[] = {key, NULL};
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n3"));
    tidy_those(cluster, keys);
    g_assert_cmpint(count(cluster, "//rsc_location[@id='clusapi-move-web']"), ==, 1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    tidy_those(cluster, keys);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

static void test_expired(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    expect(ERROR_IO_PENDING, on_resource(cluster, CL_ACT_RESTART, "db"));
    tidy(cluster, 3599, TRUE);
    g_assert_cmpint(count(cluster, "//rule"), ==, 3);
    tidy(cluster, 3600, TRUE);
    g_assert_cmpint(count(cluster, "//rule"), ==, 0);
    g_assert_cmpint(count(cluster, "//meta_attributes[starts-with(@id, 'clusapi-restart-')]"), ==,
                    0);
}

static void test_arrived(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    overwrite(cluster, "//rsc_location//expression/@value", "n2");
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", NULL));
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
    overwrite(cluster, "//rsc_location//expression/@value", "n3");
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

static void test_target_gone(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_MOVE, "web", "n1"));
    overwrite(cluster, "//rsc_location//expression/@value", "n9");
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

/* The group stays where it is while nothing of it runs. */
static void test_restart(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_resource(cluster, CL_ACT_RESTART, "mail-srv"));
    expect(ERROR_IO_PENDING, on_resource(cluster, CL_ACT_RESTART, "web-ip"));
    g_assert_cmpint(count(cluster, "//primitive[@id='web-ip']/meta_attributes[@id='clusapi-restart-"
                                   "web-ip' and rule]/nvpair[@value='Stopped']"),
                    ==, 1);
    g_assert_cmpstr(group(cluster, "web")->moving_to->object.name, ==, "n2");
    g_assert_true(resource(cluster, "web-ip")->wanted);
    tidy(cluster, 1, TRUE);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "web", NULL));
    g_assert_cmpint(count(cluster, "//*[starts-with(@id, 'clusapi-restart-')]"), ==, 0);
    expect(ERROR_NOT_SUPPORTED, on_resource(cluster, CL_ACT_RESTART, "cp@n1"));
}

static void test_fail(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_resource(cluster, CL_ACT_FAIL, "web-srv"));
    g_assert_cmpuint(cluster->requests->len, ==, 1);
    const ClPcmkRequest *request = cluster->requests->pdata[0];
    g_assert_cmpint(request->what, ==, CL_PCMK_FAIL);
    g_assert_cmpstr(request->node, ==, "n2");
    g_assert_cmpstr(request->resource, ==, "web-srv");
    expect(ERROR_INVALID_STATE, on_resource(cluster, CL_ACT_FAIL, "mail-srv"));
}

static void test_destroy(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_DESTROY, "mail", NULL));
    g_assert_null(group(cluster, "mail"));
    g_assert_null(resource(cluster, "mail-srv"));
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_DESTROY, "web", NULL));
    tidy(cluster, 1, TRUE);
    g_assert_nonnull(group(cluster, "web"));
    expect(ERROR_NOT_SUPPORTED, on_group(cluster, CL_ACT_DESTROY, "cl@n1", NULL));
    overwrite(cluster, "//group[@id='web']/primitive[@id='web-srv']/@id", "a");
    overwrite(cluster, "//group[@id='web']/primitive[@id='web-ip']/@id", "b");
    tidy(cluster, 1, TRUE);
    g_assert_null(group(cluster, "web"));
    g_assert_cmpint(count(cluster, "//*[starts-with(@id, 'clusapi-destroy-')]"), ==, 0);
}

/* --- Resources ---------------------------------------------------------------------------------- */

static void test_resource(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_resource(cluster, CL_ACT_OFFLINE, "web-srv"));
    g_assert_cmpint(count(cluster, ROLE("primitive", "web-srv", "Stopped")), ==, 1);
    g_assert_true(group(cluster, "web")->wanted);
    g_assert_true(resource(cluster, "web-ip")->wanted);
    expect(ERROR_SUCCESS, on_resource(cluster, CL_ACT_ONLINE, "web-srv"));
    g_assert_true(resource(cluster, "web-srv")->wanted);
}

/* One that is before another in a group that is offline comes with it. */
static void test_with_providers(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "web", NULL));
    (void)on_resource(cluster, CL_ACT_ONLINE, "web-srv");
    g_assert_false(group(cluster, "web")->wanted);
    g_assert_true(resource(cluster, "web-ip")->wanted);
    g_assert_true(resource(cluster, "web-srv")->wanted);
    (void)on_resource(cluster, CL_ACT_ONLINE, "db");
    expect(ERROR_IO_PENDING, on_resource(cluster, CL_ACT_OFFLINE, "db"));
    g_assert_false(group(cluster, "db")->wanted);
}

static void test_change_group(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_ALREADY_EXISTS, change_group(cluster, "web-srv", "web"));
    expect(ERROR_RESOURCE_ONLINE, change_group(cluster, "web-srv", "part"));
    expect(ERROR_NOT_SUPPORTED, change_group(cluster, "mail-srv", "db"));
    expect(ERROR_NOT_SUPPORTED, change_group(cluster, "cp@n1", "web"));
    expect(ERROR_SUCCESS, change_group(cluster, "mail-srv", "web"));
    g_assert_cmpuint(group(cluster, "web")->resources->len, ==, 3);
    g_assert_true(resource(cluster, "mail-srv")->group == group(cluster, "web"));
    g_assert_false(resource(cluster, "mail-srv")->wanted);
    g_assert_cmpuint(group(cluster, "mail")->resources->len, ==, 0);
    g_assert_cmpint(group(cluster, "mail")->object.state, ==, ClusterGroupOffline);
    expect(ERROR_SUCCESS, change_group(cluster, "mail-srv", "mail"));
    g_assert_cmpint(count(cluster, "//group[@id='mail']/primitive[@id='mail-srv']"), ==, 1);
    g_assert_cmpint(count(cluster, "//cluster_property_set[@id='clusapi-empty-groups']"), ==, 0);
}

/* One that is its own group leaves none behind. */
static void test_change_group_of_lone(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, change_group(cluster, "made", "part"));
    g_assert_null(group(cluster, "made"));
    g_assert_true(resource(cluster, "made")->wanted);
    g_assert_true(resource(cluster, "made")->group == group(cluster, "part"));
}

/* --- Clones and bundles ------------------------------------------------------------------------- */

static void test_clone(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "cl@n2", NULL));
    g_assert_false(group(cluster, "cl@n2")->wanted);
    g_assert_true(group(cluster, "cl@n1")->wanted);
    expect(ERROR_IO_PENDING, on_group(cluster, CL_ACT_OFFLINE, "cl@n2", NULL));
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
    (void)on_resource(cluster, CL_ACT_ONLINE, "cp@n2");
    g_assert_true(group(cluster, "cl@n2")->wanted);
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
    expect(ERROR_NODE_CANT_HOST_RESOURCE, on_group(cluster, CL_ACT_ONLINE, "cl@n2", "n1"));
}

static void test_clone_from_nothing(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//clone[@id='cl']",
        "<meta_attributes id='m'><nvpair id='n' name='target-role' value='Stopped'/>"
        "</meta_attributes>");
    (void)on_group(cluster, CL_ACT_ONLINE, "cl@n3", NULL);
    g_assert_true(group(cluster, "cl@n3")->wanted);
    g_assert_false(group(cluster, "cl@n1")->wanted);
    g_assert_false(group(cluster, "cl@n2")->wanted);
}

static void test_bundle(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_NOT_SUPPORTED, on_group(cluster, CL_ACT_OFFLINE, "box@0", NULL));
    expect(ERROR_NOT_SUPPORTED, on_resource(cluster, CL_ACT_OFFLINE, "inside@0"));
    expect(ERROR_NOT_SUPPORTED, discard(cluster, CL_KIND_RESOURCE, "inside@0"));
    expect(ERROR_NOT_SUPPORTED, rename_to(cluster, CL_KIND_GROUP, "box@0", "crate"));
    overwrite(cluster, "//bundle/docker/@replicas", "1");
    (void)on_group(cluster, CL_ACT_OFFLINE, "box@0", NULL);
    g_assert_cmpint(count(cluster, ROLE("bundle", "box", "Stopped")), ==, 1);
}

/* --- Nodes -------------------------------------------------------------------------------------- */

#define STANDBY "//nodes/node[@id='2']//nvpair[@name='standby']"

static void test_pause(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_NOT_SUPPORTED, on_node(cluster, CL_ACT_PAUSE, "n2", 0));
    expect(ERROR_IO_PENDING, on_node(cluster, CL_ACT_PAUSE, "n2", 1));
    g_assert_cmpint(count(cluster, STANDBY "[@value='on']"), ==, 1);
    g_assert_cmpint(count(cluster, "//nvpair[@name='clusapi-drained-2' and @value='web']"), ==, 1);
    expect(ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS, on_node(cluster, CL_ACT_PAUSE, "n2", 1));
    expect(ERROR_SUCCESS, on_node(cluster, CL_ACT_RESUME, "n2", FailbackGroupsPerPolicy));
    g_assert_cmpint(count(cluster, STANDBY), ==, 0);
    g_assert_cmpint(count(cluster, "//nvpair[starts-with(@name, 'clusapi-')]"), ==, 0);
    expect(ERROR_CLUSTER_NODE_NOT_PAUSED, on_node(cluster, CL_ACT_RESUME, "n2", 0));
    expect(ERROR_INVALID_PARAMETER, on_node(cluster, CL_ACT_RESUME, "n2", 3));
}

static void test_drain_there(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_INVALID_TARGET_HANDLE, drain_to(cluster, "n2", "n2"));
    expect(ERROR_IO_PENDING, drain_to(cluster, "n2", "n3"));
    g_assert_cmpstr(group(cluster, "web")->moving_to->object.name, ==, "n3");
    g_assert_cmpint(count(cluster, STANDBY), ==, 1);
}

static void test_fail_back(Cluster *cluster, gconstpointer data)
{
    (void)data;
    g_assert_cmpstr(node_of(cluster, "web"), ==, "n3");
    add(cluster, "//crm_config",
        "<cluster_property_set id='clusapi-drained'><nvpair id='w' name='clusapi-drained-2'"
        " value='web gone'/></cluster_property_set>");
    expect(ERROR_SUCCESS, on_node(cluster, CL_ACT_RESUME, "n2", FailbackGroupsImmediately));
    g_assert_cmpstr(group(cluster, "web")->moving_to->object.name, ==, "n2");
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 1);
}

/* --- All ---------------------------------------------------------------------------------------- */

static void add_group_tests(void)
{
    TEST("a group goes offline by its target-role", "running.xml", test_offline);
    TEST("a group goes online likewise", "running.xml", test_online);
    TEST("what its resources were told counts no more", "running.xml", test_online_all);
    TEST("online on a node is a move there", "running.xml", test_online_there);
    TEST("nothing goes to a paused node", "standby.xml", test_paused);
    TEST("what is down is no target, and can be evicted", "power-cut.xml", test_down);
    TEST("what is pending is left alone", "starting.xml", test_pending);
    TEST("online has failures forgotten", "failed-start.xml", test_failed);
    TEST("what is not managed is locked", "running.xml", test_unmanaged);
    TEST("what has no meaning is refused", "running.xml", test_arguments);
    TEST("a part of a clone is banned from its node", "running.xml", test_clone);
    TEST("of a stopped clone one part can run", "running.xml", test_clone_from_nothing);
    TEST("a bundle is one", "constraints.xml", test_bundle);
}

static void add_move_tests(void)
{
    TEST("a move is a location for an hour", "running.xml", test_move);
    TEST("a move to the best is one away", "running.xml", test_move_away);
    TEST("what is offline is moved by name", "running.xml", test_move_offline);
    TEST("and only as long as it is offline", "running.xml", test_owner_is_over);
    TEST("without another node there is none", "running.xml", test_nowhere);
    TEST("what is tied to its node is untied", "running.xml", test_tied);
    TEST("what was moved stays", "running.xml", test_hold);
    TEST("unless somebody has decided otherwise", "running.xml", test_no_hold);
    TEST("a move that does not get on is given up in the end", "running.xml", test_under_way);
    TEST("and is not taken for the next", "running.xml", test_next);
    TEST("after an hour all is over", "running.xml", test_expired);
    TEST("a move ends when the group has arrived", "running.xml", test_arrived);
    TEST("and when its target is gone", "running.xml", test_target_gone);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_group_tests();
    add_move_tests();
    TEST("a restart stops once, and keeps the place", "running.xml", test_restart);
    TEST("failing is asked of the controller", "running.xml", test_fail);
    TEST("destroying waits until all is offline", "running.xml", test_destroy);
    TEST("a resource goes offline and online by its own", "running.xml", test_resource);
    TEST("those before it come with it", "running.xml", test_with_providers);
    TEST("a resource changes its group", "running.xml", test_change_group);
    TEST("one that is alone too", "running.xml", test_change_group_of_lone);
    TEST("a paused node is in standby", "running.xml", test_pause);
    TEST("draining can have a target", "running.xml", test_drain_there);
    TEST("what was drained comes back", "standby.xml", test_fail_back);
    return g_test_run();
}
