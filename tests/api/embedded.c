/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the embedded back end at backend.h: objects, states and facts of a file whose content
 * is known.
 */
#include "embedded-setup.h"

/* --- Opening ---------------------------------------------------------------------------------- */

static void test_names_and_ids(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    const char *same[] = {"Web", "wEB", "20000000-0000-4000-8000-000000000040"};
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++) {
        g_auto(ClFacts) facts = {0};
        g_assert_cmpuint(try_query(setup, CL_KIND_GROUP, same[i], CL_FACT_NAME, &facts), ==, 0);
        g_assert_cmpstr(facts.name, ==, "Web");
    }
    g_auto(ClFacts) node = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_NODE, "2", CL_FACT_NAME | CL_FACT_ID, &node), ==, 0);
    g_assert_cmpstr(node.name, ==, "N2");
    g_assert_cmpstr(node.id, ==, "2");
}

static void test_missing(void)
{
    static const struct {
        ClKind kind;
        guint code;
    } rows[] = {{CL_KIND_GROUP, 5013},        {CL_KIND_RESOURCE, 5007},
                {CL_KIND_NODE, 5042},         {CL_KIND_NETWORK, 5045},
                {CL_KIND_NETINTERFACE, 5047}, {CL_KIND_RESOURCE_TYPE, 5078}};
    g_autoptr(Setup) setup = setup_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ClObject *object;
        g_assert_cmpuint(try_open(setup, rows[i].kind, "nothing", &object), ==, rows[i].code);
    }
    ClObject *object;
    g_assert_cmpuint(try_open(setup, CL_KIND_KEY, "Software", &object), ==, ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(try_open(setup, CL_KIND_CLUSTER, "demo", &object), ==,
                     ERROR_CALL_NOT_IMPLEMENTED);
}

static void test_deleted(void)
{
    static const struct {
        ClKind kind;
        const char *name;
        guint code;
    } rows[] = {{CL_KIND_GROUP, "empty", 5012},
                {CL_KIND_RESOURCE, "app", 5006},
                {CL_KIND_NODE, "n3", 5036},
                {CL_KIND_NETWORK, "c", 5035},
                {CL_KIND_NETINTERFACE, "n1 - a", 5047}};
    g_autoptr(Setup) setup = setup_new(NULL);
    ClObject *objects[G_N_ELEMENTS(rows)];
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        objects[i] = open_object(setup, rows[i].kind, rows[i].name);
    }
    embedded_file_execute(setup->file, "PRAGMA foreign_keys = ON; DELETE FROM dependency;"
                                       "DELETE FROM netinterface WHERE node = 3;"
                                       "DELETE FROM object WHERE number IN (41, 52, 3, 22, 30)");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ClCall call = embedded_call(1000);
        g_auto(ClFacts) facts = {0};
        g_autoptr(GPtrArray) properties = NULL;
        g_autoptr(GError) state = NULL, name = NULL, other = NULL;
        g_assert_false(
            BACKEND->query(setup->connection, objects[i], CL_FACT_STATE, &call, &facts, &state));
        g_assert_cmpuint((guint)state->code, ==, rows[i].code);
        g_assert_false(
            BACKEND->query(setup->connection, objects[i], CL_FACT_NAME, &call, &facts, &name));
        g_assert_cmpuint((guint)name->code, ==, rows[i].code);
        g_assert_false(BACKEND->properties(setup->connection, objects[i], CL_PROPERTIES_RO_PRIVATE,
                                           &call, &properties, &other));
        g_assert_cmpuint((guint)other->code, ==, rows[i].code);
        BACKEND->close(setup->connection, objects[i]);
    }
}

/* --- States ----------------------------------------------------------------------------------- */

/* The states of ip, name, app and ip2; app is the only one on which none depends. */
static void test_group_states(void)
{
    static const struct {
        int ip, name, app, ip2;
        gint32 state;
    } rows[] = {
        {2, 2, 2, 2, ClusterGroupOnline},     {3, 3, 3, 3, ClusterGroupOffline},
        {1, 1, 1, 1, ClusterGroupOffline},    {2, 2, 2, 3, ClusterGroupOnline},
        {2, 2, 3, 2, ClusterGroupOffline},    {2, 2, 2, 4, ClusterGroupFailed},
        {129, 2, 2, 2, ClusterGroupPending},  {2, 130, 2, 2, ClusterGroupPending},
        {129, 130, 4, 2, ClusterGroupFailed},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sql = g_strdup_printf(
            "UPDATE resource SET state = CASE number WHEN 50 THEN %d WHEN 51 THEN %d"
            " WHEN 52 THEN %d ELSE %d END",
            rows[i].ip, rows[i].name, rows[i].app, rows[i].ip2);
        g_autoptr(Setup) setup = setup_new(sql);
        g_assert_cmpint(state_of(setup, CL_KIND_GROUP, "web"), ==, rows[i].state);
        g_assert_cmpint(state_of(setup, CL_KIND_GROUP, "empty"), ==, ClusterGroupOffline);
    }
}

static void test_partial(void)
{
    g_autoptr(Setup) setup = setup_new("DELETE FROM dependency WHERE resource = 52;"
                                       "UPDATE resource SET state = 3 WHERE number = 52");
    g_auto(ClFacts) facts = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_GROUP, "web", CL_FACT_STATE, &facts), ==, 0);
    g_assert_cmpint(facts.state, ==, ClusterGroupPartialOnline);
    g_assert_cmpstr(facts.owner_node, ==, "n1");
}

static void test_resource_state(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_auto(ClFacts) facts = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, "app", CL_FACT_STATE, &facts), ==, 0);
    g_assert_cmpint(facts.state, ==, ClusterResourceOnline);
    g_assert_cmpstr(facts.owner_node, ==, "n1");
    g_assert_cmpstr(facts.owner_group, ==, "Web");
}

/* The stored states of the interfaces of n1, n2 and n3 on network a, with n3 up or down. */
static void test_network_states(void)
{
    static const struct {
        int n3, a, b, c;
        gint32 state;
    } rows[] = {
        {1, 3, 3, 3, ClusterNetworkUp},          {0, 3, 3, 3, ClusterNetworkUp},
        {0, 3, 3, 1, ClusterNetworkUp},          {0, 3, 3, 2, ClusterNetworkPartitioned},
        {0, 1, 2, 1, ClusterNetworkDown},        {0, 3, 2, 1, ClusterNetworkDown},
        {0, 0, 0, 0, ClusterNetworkUnavailable}, {1, 3, 0, 3, ClusterNetworkUp},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *sql = g_strdup_printf(
            "UPDATE node SET state = %d WHERE number = 3; UPDATE netinterface SET state ="
            " CASE node WHEN 1 THEN %d WHEN 2 THEN %d ELSE %d END",
            rows[i].n3, rows[i].a, rows[i].b, rows[i].c);
        g_autoptr(Setup) setup = setup_new(sql);
        g_assert_cmpint(state_of(setup, CL_KIND_NETWORK, "a"), ==, rows[i].state);
        g_assert_cmpint(state_of(setup, CL_KIND_NETWORK, "c"), ==, ClusterNetworkUnavailable);
    }
}

static void test_interface_of_dead_node(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_assert_cmpint(state_of(setup, CL_KIND_NETINTERFACE, "n1 - a"), ==, ClusterNetInterfaceUp);
    g_assert_cmpint(state_of(setup, CL_KIND_NETINTERFACE, "n3 - a"), ==,
                    ClusterNetInterfaceUnavailable);
    g_assert_cmpint(state_of(setup, CL_KIND_NODE, "n3"), ==, ClusterNodeDown);
}

/* --- Facts ------------------------------------------------------------------------------------ */

static void test_cluster_facts(void)
{
    g_autoptr(Setup) setup = setup_new("UPDATE cluster SET quorum_resource = 50,"
                                       " quorum_device = 'D:', quorum_max_log_size = 1024");
    g_auto(ClFacts) facts = {0};
    g_assert_cmpuint(
        try_query(setup, CL_KIND_CLUSTER, NULL,
                  CL_FACT_NAME | CL_FACT_ID | CL_FACT_FQDN | CL_FACT_VERSION | CL_FACT_QUORUM,
                  &facts),
        ==, 0);
    g_assert_cmpstr(facts.name, ==, "Demo");
    g_assert_cmpstr(facts.id, ==, "00000000-0000-4000-8000-000000000000");
    g_assert_cmpstr(facts.fqdn, ==, "Demo.example.org");
    g_assert_cmpuint(facts.version.major, ==, 10);
    g_assert_cmpuint(facts.version.build, ==, 2);
    g_assert_cmpstr(facts.quorum.resource, ==, "ip");
    g_assert_cmpstr(facts.quorum.device, ==, "D:");
    g_assert_cmpuint(facts.quorum.max_log_size, ==, 1024);
}

static void test_local_node(void)
{
    g_autoptr(Setup) setup = setup_new("UPDATE node SET state = 1 WHERE number = 1");
    static const struct {
        const char *environment, *node;
    } rows[] = {{"n3", "n3"}, {"N1", "n1"}, {"nobody", "N2"}, {NULL, "N2"}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(ClFacts) facts = {0};
        if (rows[i].environment) {
            g_setenv("CLUSAPI_NODE", rows[i].environment, TRUE);
        } else {
            g_unsetenv("CLUSAPI_NODE");
        }
        g_assert_cmpuint(try_query(setup, CL_KIND_CLUSTER, NULL, CL_FACT_LOCAL_NODE, &facts), ==,
                         0);
        g_assert_cmpstr(facts.node, ==, rows[i].node);
    }
}

static void test_dependency_expression(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    static const struct {
        const char *resource, *expression;
    } rows[] = {
        {"ip", ""},
        {"name", "[20000000-0000-4000-8000-000000000050]"},
        {"app", "([20000000-0000-4000-8000-000000000051]) and"
                " ([20000000-0000-4000-8000-000000000050] or"
                " [20000000-0000-4000-8000-000000000053])"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(ClFacts) facts = {0};
        g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, rows[i].resource,
                                   CL_FACT_DEPENDENCY_EXPRESSION, &facts),
                         ==, 0);
        g_assert_cmpstr(facts.dependency_expression, ==, rows[i].expression);
    }
}

static void test_network_name(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_auto(ClFacts) facts = {0}, none = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, "app", CL_FACT_NETWORK_NAME, &facts), ==,
                     0);
    g_assert_cmpstr(facts.network_name, ==, "WEBNAME");
    g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, "name", CL_FACT_NETWORK_NAME, &none), ==,
                     ERROR_DEPENDENCY_NOT_FOUND);
}

static void test_circle(void)
{
    g_autoptr(Setup) setup = setup_new(
        "DELETE FROM dependency WHERE resource = 52;"
        "INSERT INTO dependency (resource, clause, provider) VALUES (52, 0, 53), (53, 0, 52),"
        " (50, 0, 51)");
    g_auto(ClFacts) facts = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, "app", CL_FACT_NETWORK_NAME, &facts), ==,
                     ERROR_DEPENDENCY_NOT_FOUND);
    g_assert_cmpint(state_of(setup, CL_KIND_GROUP, "web"), ==, ClusterGroupOnline);
    embedded_file_execute(setup->file, "UPDATE resource SET state = 3 WHERE number = 50");
    g_assert_cmpint(state_of(setup, CL_KIND_GROUP, "web"), ==, ClusterGroupPartialOnline);
}

static void test_resource_facts(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_auto(ClFacts) facts = {0}, group = {0}, place = {0};
    g_assert_cmpuint(try_query(setup, CL_KIND_RESOURCE, "name",
                               CL_FACT_TYPE | CL_FACT_REQUIRED_DEPENDENCIES | CL_FACT_FLAGS,
                               &facts),
                     ==, 0);
    g_assert_cmpstr(facts.type, ==, "Network Name");
    g_assert_cmpuint(g_strv_length(facts.required_types), ==, 1);
    g_assert_cmpstr(facts.required_types[0], ==, "IP Address");
    g_assert_cmpuint(try_query(setup, CL_KIND_GROUP, "web",
                               CL_FACT_TYPE | CL_FACT_STATE_CHANGE_TIME | CL_FACT_CHARACTERISTICS,
                               &group),
                     ==, 0);
    g_assert_cmpuint(group.group_type, ==, 107);
    g_assert_cmpuint(group.state_change_time, ==, 133000000000000000u);
    g_assert_cmpuint(try_query(setup, CL_KIND_NETINTERFACE, "n2 - b", CL_FACT_PLACE, &place), ==,
                     0);
    g_assert_cmpstr(place.node, ==, "N2");
    g_assert_cmpstr(place.network, ==, "b");
}

static void test_foreign_facts(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    ClFacts facts;
    g_assert_cmpuint(try_query(setup, CL_KIND_CLUSTER, NULL, CL_FACT_STATE, &facts), ==, 1);
    g_assert_cmpuint(try_query(setup, CL_KIND_GROUP, "web", CL_FACT_CLASS, &facts), ==, 1);
    g_assert_cmpuint(try_query(setup, CL_KIND_NODE, "n1", CL_FACT_QUORUM, &facts), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_unsetenv("CLUSAPI_NODE");
#define TEST(name, function) g_test_add_func("/embedded/" name, function)
    TEST("a name in any case and an id open an object", test_names_and_ids);
    TEST("a missing object gives its kind's error", test_missing);
    TEST("a deleted object gives its kind's error", test_deleted);
    TEST("a group's state follows from its resources", test_group_states);
    TEST("a group is partially online", test_partial);
    TEST("a resource's state tells its owners", test_resource_state);
    TEST("a network's state follows from its interfaces", test_network_states);
    TEST("an interface of a dead node is unavailable", test_interface_of_dead_node);
    TEST("the cluster's facts are told", test_cluster_facts);
    TEST("the local node is chosen", test_local_node);
    TEST("dependencies are told as an expression", test_dependency_expression);
    TEST("a network name is found down the chain", test_network_name);
    TEST("dependencies in a circle end", test_circle);
    TEST("facts of resources, groups and interfaces are told", test_resource_facts);
    TEST("a fact of another kind is refused", test_foreign_facts);
    return g_test_run();
}
