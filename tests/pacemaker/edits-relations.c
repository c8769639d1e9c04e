/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the verbs of owners and dependencies, and creating, deleting and renaming, make of a recorded
 * CIB.
 */
#include <glib.h>
#include <string.h>

#include "edits-setup.h"
#include "pacemaker/edit.h"

#define TEST(name, file, function)                                                                 \
    g_test_add("/edits/" name, Cluster, file, set_up, function, tear_down)

#define expect(code, call) g_assert_cmpuint(call, ==, code)

static char *names_of(const GPtrArray *objects)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < objects->len; i++) {
        g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
                               ((const ClPcmkObject *)objects->pdata[i])->name);
    }
    return g_string_free(names, FALSE);
}

static void check_names(const GPtrArray *objects, const char *expected)
{
    g_autofree char *names = names_of(objects);
    g_assert_cmpstr(names, ==, expected);
}

/* --- Owners ------------------------------------------------------------------------------------- */

static guint32 prefer(Cluster *cluster, const char *name, const char *nodes)
{
    return on_group(cluster, CL_ACT_SET_PREFERRED_OWNERS, name, nodes);
}

static void test_preferred(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n3' score='100'/>");
    check_names(group(cluster, "web")->preferred, "n3");
    expect(ERROR_SUCCESS, prefer(cluster, "web", "n2 n1"));
    check_names(group(cluster, "web")->preferred, "n2 n1");
    expect(ERROR_SUCCESS, prefer(cluster, "web", "n1 n2 n3"));
    check_names(group(cluster, "web")->preferred, "n1 n2 n3");
    /* It does not go there for that. */
    g_assert_cmpint(count(cluster, "//group[@id='web']//nvpair[@name='resource-stickiness']"), ==,
                    1);
    expect(ERROR_INVALID_PARAMETER, prefer(cluster, "web", "n1 n1"));
    expect(ERROR_SUCCESS, prefer(cluster, "web", NULL));
    check_names(group(cluster, "web")->preferred, "");
    expect(ERROR_NOT_SUPPORTED, prefer(cluster, "cl@n1", "n1"));
}

static void test_possible(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_OBJECT_ALREADY_EXISTS, own(cluster, CL_ACT_ADD_POSSIBLE_OWNER, "web-srv", "n1"));
    expect(ERROR_INVALID_STATE, own(cluster, CL_ACT_REMOVE_POSSIBLE_OWNER, "web-srv", "n2"));
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_REMOVE_POSSIBLE_OWNER, "web-srv", "n1"));
    check_names(resource(cluster, "web-srv")->possible, "n2 n3");
    expect(ERROR_CLUSTER_NODE_NOT_FOUND,
           own(cluster, CL_ACT_REMOVE_POSSIBLE_OWNER, "web-srv", "n1"));
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_ADD_POSSIBLE_OWNER, "web-srv", "n1"));
    check_names(resource(cluster, "web-srv")->possible, "n1 n2 n3");
    g_assert_cmpint(count(cluster, "//rsc_location"), ==, 0);
}

/* What the whole group may not stays so for the others. */
static void test_possible_of_one(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n1' score='-INFINITY'/>");
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_ADD_POSSIBLE_OWNER, "web-srv", "n1"));
    check_names(resource(cluster, "web-srv")->possible, "n1 n2 n3");
    check_names(resource(cluster, "web-ip")->possible, "n2 n3");
}

static void test_possible_by_rule(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints",
        "<rsc_location id='l' rsc='web'><rule id='r' score='-INFINITY'><expression id='e'"
        " attribute='#uname' operation='eq' value='n1'/></rule></rsc_location>");
    expect(ERROR_NOT_SUPPORTED, own(cluster, CL_ACT_ADD_POSSIBLE_OWNER, "web-srv", "n1"));
}

static void test_opt_in(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//cluster_property_set[@id='cib-bootstrap-options']",
        "<nvpair id='sym' name='symmetric-cluster' value='false'/>");
    add(cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n2' score='100'/>");
    check_names(resource(cluster, "web-srv")->possible, "n2");
    expect(ERROR_SUCCESS, prefer(cluster, "web", NULL));
    check_names(resource(cluster, "web-srv")->possible, "n2");
    expect(ERROR_SUCCESS, own(cluster, CL_ACT_ADD_POSSIBLE_OWNER, "web-srv", "n3"));
    check_names(resource(cluster, "web-srv")->possible, "n2 n3");
}

/* --- Dependencies ------------------------------------------------------------------------------- */

static void test_within(Cluster *cluster, gconstpointer data)
{
    ClKind kind = CL_KIND_RESOURCE;
    (void)data;
    expect(ERROR_DEPENDENCY_ALREADY_EXISTS,
           depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web-srv", "web-ip"));
    expect(ERROR_CIRCULAR_DEPENDENCY,
           depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web-ip", "web-srv"));
    expect(ERROR_CIRCULAR_DEPENDENCY,
           depend(cluster, CL_ACT_TEST_DEPENDENCY, kind, "web-ip", "web-ip"));
    expect(ERROR_INVALID_PARAMETER, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web-ip", "db"));
    expect(ERROR_NOT_SUPPORTED,
           depend(cluster, CL_ACT_REMOVE_DEPENDENCY, kind, "web-srv", "web-ip"));
    expect(ERROR_DEPENDENCY_NOT_FOUND,
           depend(cluster, CL_ACT_REMOVE_DEPENDENCY, kind, "web-ip", "web-srv"));
    expect(ERROR_SUCCESS, express(cluster, kind, "web-srv", "[web-ip]"));
    expect(ERROR_NOT_SUPPORTED, express(cluster, kind, "web-srv", ""));
    expect(ERROR_INVALID_PARAMETER, express(cluster, kind, "web-srv", "[web-ip"));
    expect(ERROR_CIRCULAR_DEPENDENCY, express(cluster, kind, "web-srv", "[web-srv]"));
    expect(ERROR_INVALID_PARAMETER, express(cluster, kind, "web-srv", "[db]"));
    expect(ERROR_DEPENDENCY_ALREADY_EXISTS,
           express(cluster, kind, "web-srv", "([web-ip]) and [web-ip]"));
}

/* In a group without an order one of its resources can be after another. */
static void test_unordered(Cluster *cluster, gconstpointer data)
{
    ClKind kind = CL_KIND_RESOURCE;
    (void)data;
    add(cluster, "//group[@id='web']",
        "<meta_attributes id='m'><nvpair id='n' name='ordered' value='false'/></meta_attributes>");
    check_names(resource(cluster, "web-srv")->providers, "");
    expect(ERROR_SUCCESS, depend(cluster, CL_ACT_TEST_DEPENDENCY, kind, "web-ip", "web-srv"));
    g_assert_cmpint(count(cluster, "//rsc_order"), ==, 0);
    expect(ERROR_SUCCESS, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web-ip", "web-srv"));
    check_names(resource(cluster, "web-ip")->providers, "web-srv");
    expect(ERROR_SUCCESS, express(cluster, kind, "web-ip", ""));
    check_names(resource(cluster, "web-ip")->providers, "");
}

static void test_of_groups(Cluster *cluster, gconstpointer data)
{
    ClKind kind = CL_KIND_GROUP;
    (void)data;
    expect(ERROR_SUCCESS, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web", "db"));
    check_names(group(cluster, "web")->providers, "db");
    expect(ERROR_SUCCESS, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "db", "part"));
    expect(ERROR_CIRCULAR_DEPENDENCY, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "part", "web"));
    expect(ERROR_CIRCULAR_DEPENDENCY, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web", "web"));
    expect(ERROR_DEPENDENCY_ALREADY_EXISTS,
           depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web", "db"));
    expect(ERROR_NOT_SUPPORTED, depend(cluster, CL_ACT_ADD_DEPENDENCY, kind, "web", "cl@n1"));
    expect(ERROR_SUCCESS, depend(cluster, CL_ACT_REMOVE_DEPENDENCY, kind, "db", "part"));
    expect(ERROR_SUCCESS, express(cluster, kind, "web", "([made]) and [part]"));
    check_names(group(cluster, "web")->providers, "made part");
    expect(ERROR_NOT_SUPPORTED, express(cluster, kind, "web", "[made] or [part]"));
    expect(ERROR_INVALID_PARAMETER, express(cluster, kind, "web", "[nothing]"));
    expect(ERROR_SUCCESS, express(cluster, kind, "web", ""));
    g_assert_cmpint(count(cluster, "//rsc_order"), ==, 0);
}

/* --- Creating ----------------------------------------------------------------------------------- */

static void test_create_group(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, create_group(cluster, "new"));
    g_assert_cmpint(group(cluster, "new")->object.state, ==, ClusterGroupOffline);
    expect(ERROR_OBJECT_ALREADY_EXISTS, create_group(cluster, "new"));
    expect(ERROR_OBJECT_ALREADY_EXISTS, create_group(cluster, "NEW"));
    expect(ERROR_OBJECT_ALREADY_EXISTS, create_group(cluster, "web-srv"));
    expect(ERROR_OBJECT_ALREADY_EXISTS, create_group(cluster, "cib-bootstrap-options"));
    const char *const wrong[] = {"two words", "1st", "a:b", "a/b", "", "cl@n1", "x\ny"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        expect(ERROR_INVALID_NAME, create_group(cluster, wrong[i]));
    }
    expect(ERROR_SUCCESS, on_group(cluster, CL_ACT_ONLINE, "new", NULL));
    expect(ERROR_NOT_SUPPORTED, on_group(cluster, CL_ACT_SET_PREFERRED_OWNERS, "new", "n1"));
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_GROUP, "new"));
    g_assert_null(group(cluster, "new"));
    g_assert_cmpint(count(cluster, "//cluster_property_set"), ==, 1);
}

static void test_create_resource(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, create_group(cluster, "new"));
    expect(ERROR_SUCCESS, create_resource(cluster, "new", "new-a", "OCF:lab:ctl"));
    g_assert_cmpint(count(cluster, "//group[@id='new']/primitive[@id='new-a' and @class='ocf' and"
                                   " @provider='lab' and @type='Ctl']/operations/op"),
                    ==, 1);
    g_assert_false(group(cluster, "new")->wanted);
    expect(ERROR_SUCCESS, create_resource(cluster, "new", "new-b", "systemd:sshd"));
    expect(ERROR_SUCCESS, create_resource(cluster, "web", "web-b", "stonith:fence_lab"));
    g_assert_false(resource(cluster, "web-b")->wanted);
    g_assert_true(group(cluster, "web")->wanted);
    check_names(group(cluster, "new")->resources, "new-a new-b");
    expect(ERROR_OBJECT_ALREADY_EXISTS, create_resource(cluster, "new", "web-srv", "ocf:lab:Ctl"));
    expect(ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND,
           create_resource(cluster, "new", "x", "ocf:no:Such"));
    expect(ERROR_INVALID_NAME, create_resource(cluster, "new", "x y", "ocf:lab:Ctl"));
    expect(ERROR_NOT_SUPPORTED, create_resource(cluster, "db", "x", "ocf:lab:Ctl"));
    expect(ERROR_NOT_SUPPORTED, create_resource(cluster, "cl@n1", "x", "ocf:lab:Ctl"));
    expect(ERROR_GROUP_NOT_AVAILABLE, create_resource(cluster, "gone", "x", "ocf:lab:Ctl"));
    expect(ERROR_DIR_NOT_EMPTY, discard(cluster, CL_KIND_GROUP, "new"));
}

/* --- Deleting ----------------------------------------------------------------------------------- */

static void test_delete(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_INVALID_STATE, discard(cluster, CL_KIND_RESOURCE, "web-srv"));
    expect(ERROR_DIR_NOT_EMPTY, discard(cluster, CL_KIND_GROUP, "mail"));
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_RESOURCE, "mail-srv"));
    g_assert_null(resource(cluster, "mail-srv"));
    g_assert_nonnull(group(cluster, "mail"));
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_GROUP, "mail"));
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_RESOURCE, "part-b"));
    check_names(group(cluster, "part")->resources, "part-a");
    expect(ERROR_CALL_NOT_IMPLEMENTED, discard(cluster, CL_KIND_NODE, "n1"));
    expect(ERROR_NOT_SUPPORTED, discard(cluster, CL_KIND_RESOURCE, "cp@n1"));
}

/* What names it loses it, and goes if nothing is left. */
static void test_references(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints",
        "<rsc_location id='l1' rsc='mail-srv' node='n1' score='5'/>"
        "<rsc_colocation id='c1' rsc='mail-srv' with-rsc='db' score='INFINITY'/>"
        "<rsc_order id='or1'><resource_set id='s1'><resource_ref id='db'/><resource_ref"
        " id='mail-srv'/><resource_ref id='made'/></resource_set></rsc_order>"
        "<rsc_order id='or2'><resource_set id='s2'><resource_ref id='db'/><resource_ref"
        " id='mail-srv'/></resource_set></rsc_order>"
        "<rsc_order id='or3'><resource_set id='s3'><resource_ref id='db'/></resource_set>"
        "<resource_set id='s4'><resource_ref id='mail-srv'/></resource_set></rsc_order>");
    add(cluster, "//configuration",
        "<tags><tag id='t1'><obj_ref id='mail-srv'/></tag><tag id='t2'><obj_ref id='mail-srv'/>"
        "<obj_ref id='db'/></tag></tags>");
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_RESOURCE, "mail-srv"));
    g_assert_cmpint(count(cluster, "//constraints/*"), ==, 1);
    g_assert_cmpint(count(cluster, "//rsc_order[@id='or1']//resource_ref"), ==, 2);
    g_assert_cmpint(count(cluster, "//tag"), ==, 1);
}

static void test_dependents(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add(cluster, "//constraints", "<rsc_order id='or1' first='mail-srv' then='db'/>");
    expect(ERROR_DEPENDENT_RESOURCE_EXISTS, discard(cluster, CL_KIND_RESOURCE, "mail-srv"));
    add(cluster, "//primitive[@id='part-b']",
        "<instance_attributes id='shared'><nvpair id='sn' name='x' value='1'/>"
        "</instance_attributes>");
    add(cluster, "//primitive[@id='db']", "<instance_attributes id-ref='shared'/>");
    expect(ERROR_DEPENDENT_RESOURCE_EXISTS, discard(cluster, CL_KIND_RESOURCE, "part-b"));
}

/* --- Renaming ----------------------------------------------------------------------------------- */

static void test_rename(Cluster *cluster, gconstpointer data)
{
    (void)data;
    int named = count(cluster, "//constraints//@*[. = 'web']");
    g_assert_cmpint(named, >, 0);
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "web", "site"));
    g_assert_cmpint(count(cluster, "//constraints//@*[. = 'site']"), ==, named);
    g_assert_cmpint(count(cluster, "//constraints//@*[. = 'web']"), ==, 0);
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "site", "site"));
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "site", "Site"));
    expect(ERROR_ALREADY_EXISTS, rename_to(cluster, CL_KIND_GROUP, "Site", "mail"));
    expect(ERROR_ALREADY_EXISTS, rename_to(cluster, CL_KIND_GROUP, "Site", "MAIL-srv"));
    expect(ERROR_INVALID_NAME, rename_to(cluster, CL_KIND_GROUP, "Site", "my site"));
    expect(ERROR_NOT_SUPPORTED, rename_to(cluster, CL_KIND_GROUP, "cl@n1", "dl"));
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "Site", "web"));
    g_assert_cmpint(count(cluster, "//cluster_property_set[@id='clusapi-identities']"), ==, 0);
}

static void test_rename_resource(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_RESOURCE_ONLINE, rename_to(cluster, CL_KIND_RESOURCE, "web-srv", "srv"));
    expect(ERROR_RESOURCE_ONLINE, rename_to(cluster, CL_KIND_GROUP, "db", "base"));
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_RESOURCE, "mail-srv", "post"));
    g_assert_cmpuint(cluster->requests->len, >, 0);
    expect(ERROR_CALL_NOT_IMPLEMENTED, rename_to(cluster, CL_KIND_NODE, "n1", "n7"));
}

static void test_rename_empty(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, create_group(cluster, "new"));
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "new", "newer"));
    g_assert_cmpuint(group(cluster, "newer")->resources->len, ==, 0);
    /* Another one of the first name is another one. */
    expect(ERROR_SUCCESS, create_group(cluster, "new"));
    g_assert_cmpstr(group(cluster, "new")->object.id, !=, group(cluster, "newer")->object.id);
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_GROUP, "newer"));
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_GROUP, "new"));
    g_assert_cmpint(count(cluster, "//*[starts-with(@id, 'clusapi-')]"), ==, 0);
}

#define KEPT "//cluster_property_set[@id='clusapi-empty-groups']/nvpair[@name='clusapi-empty-group."

/* What is set for a group stays when it gets its first resource, and when it loses its last. */
static void test_settings_of_empty(Cluster *cluster, gconstpointer data)
{
    (void)data;
    expect(ERROR_SUCCESS, create_group(cluster, "new"));
    add(cluster, "//cluster_property_set[@id='clusapi-empty-groups']",
        "<nvpair id='k1' name='clusapi-empty-group.new:priority' value='7'/>"
        "<nvpair id='k2' name='clusapi-empty-group.new:@description' value='mine'/>");
    look_again(cluster);
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_GROUP, "new", "newer"));
    g_assert_cmpint(count(cluster, KEPT "new:priority']"), ==, 0);
    g_assert_cmpint(count(cluster, KEPT "newer:priority' and @value='7']"), ==, 1);
    expect(ERROR_SUCCESS, create_resource(cluster, "newer", "first", "ocf:lab:Ctl"));
    g_assert_cmpint(count(cluster, "//cluster_property_set[@id='clusapi-empty-groups']"), ==, 0);
    g_assert_cmpint(count(cluster, "//group[@id='newer' and @description='mine']/meta_attributes/"
                                   "nvpair[@name='priority' and @value='7']"),
                    ==, 1);
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_RESOURCE, "first"));
    g_assert_cmpint(count(cluster, "//group[@id='newer']"), ==, 0);
    g_assert_cmpint(count(cluster, KEPT "newer:priority' and @value='7']"), ==, 1);
    g_assert_cmpint(count(cluster, KEPT "newer:@description' and @value='mine']"), ==, 1);
    g_assert_cmpint(count(cluster, KEPT "newer:target-role']"), ==, 0);
    expect(ERROR_SUCCESS, discard(cluster, CL_KIND_GROUP, "newer"));
    g_assert_cmpint(count(cluster, "//*[starts-with(@id, 'clusapi-')]"), ==, 0);
}

static void test_rename_cluster(Cluster *cluster, gconstpointer data)
{
    g_autofree char *id = g_strdup(cluster->model->id);
    (void)data;
    expect(ERROR_SUCCESS, rename_to(cluster, CL_KIND_CLUSTER, NULL, "prod"));
    g_assert_cmpuint(cluster->result, ==, ERROR_RESOURCE_PROPERTIES_STORED);
    g_assert_cmpstr(cluster->model->name, ==, "prod");
    g_assert_cmpstr(cluster->model->id, ==, id);
    expect(ERROR_INVALID_NAME, rename_to(cluster, CL_KIND_CLUSTER, NULL, "N1"));
    expect(ERROR_INVALID_NAME, rename_to(cluster, CL_KIND_CLUSTER, NULL, "a.b"));
    g_autofree char *longer = g_strnfill(64, 'x');
    expect(RPC_S_STRING_TOO_LONG, rename_to(cluster, CL_KIND_CLUSTER, NULL, longer));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("preferred owners are locations in their order", "running.xml", test_preferred);
    TEST("a node that is no possible owner has a location", "running.xml", test_possible);
    TEST("one of a group may what the group may not", "running.xml", test_possible_of_one);
    TEST("rules are left alone", "running.xml", test_possible_by_rule);
    TEST("where nodes must be named they stay named", "running.xml", test_opt_in);
    TEST("a group's order is what its resources depend on", "running.xml", test_within);
    TEST("without one an order constraint is", "running.xml", test_unordered);
    TEST("groups depend by order constraints", "running.xml", test_of_groups);
    TEST("a new group is a name", "running.xml", test_create_group);
    TEST("a new resource is offline and watched", "running.xml", test_create_resource);
    TEST("what is offline can be deleted", "running.xml", test_delete);
    TEST("what refers to it goes with it", "running.xml", test_references);
    TEST("what others need stays", "running.xml", test_dependents);
    TEST("a group has another name and the same id", "constraints.xml", test_rename);
    TEST("a resource only when it is offline", "running.xml", test_rename_resource);
    TEST("a group without resources too", "running.xml", test_rename_empty);
    TEST("what is set for a group without resources", "running.xml", test_settings_of_empty);
    TEST("and the cluster", "running.xml", test_rename_cluster);
    return g_test_run();
}
