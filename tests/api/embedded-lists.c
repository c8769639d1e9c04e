/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the embedded back end at backend.h: enumerations, properties and controls of a file
 * whose content is known.
 */
#include "embedded-setup.h"

#include <string.h>

/* --- Enumerations ----------------------------------------------------------------------------- */

static void test_enumerations(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    check_names(setup, CL_KIND_CLUSTER, NULL, CLUSTER_ENUM_NODE, "n1;N2;n3");
    check_names(setup, CL_KIND_CLUSTER, NULL, CLUSTER_ENUM_NODE | CLUSTER_ENUM_GROUP,
                "n1;N2;n3;Web;empty");
    check_names(setup, CL_KIND_CLUSTER, NULL, CLUSTER_ENUM_INTERNAL_NETWORK, "b;a");
    check_names(setup, CL_KIND_CLUSTER, NULL, CLUSTER_ENUM_SHARED_VOLUME_RESOURCE, "");
    check_names(setup, CL_KIND_NODE, "n1", CLUSTER_NODE_ENUM_ALL, "n1 - a;n1 - b;Web");
    check_names(setup, CL_KIND_NODE, "n2", CLUSTER_NODE_ENUM_PREFERRED_GROUPS, "Web");
    check_names(setup, CL_KIND_GROUP, "web", CLUSTER_GROUP_ENUM_ALL, "ip;name;app;ip2;N2;n1");
    check_names(setup, CL_KIND_RESOURCE, "app", CLUSTER_RESOURCE_ENUM_DEPENDS, "ip;name;ip2");
    check_names(setup, CL_KIND_RESOURCE, "ip", CLUSTER_RESOURCE_ENUM_PROVIDES, "name;app");
    check_names(setup, CL_KIND_RESOURCE, "app", CLUSTER_RESOURCE_ENUM_NODES, "n1;N2");
    check_names(setup, CL_KIND_RESOURCE_TYPE, "GENERIC", CLUSTER_RESOURCE_TYPE_ENUM_ALL,
                "n1;n3;app");
    check_names(setup, CL_KIND_NETWORK, "a", CLUSTER_NETWORK_ENUM_ALL, "n1 - a;n2 - a;n3 - a");
}

static void test_interfaces_by_place(void)
{
    static const struct {
        const char *node, *network, *name;
        guint count, code;
    } rows[] = {{"n2", "b", "n2 - b", 1, 0}, {"n1", NULL, "n1 - a", 2, 0},
                {NULL, "a", "n1 - a", 3, 0}, {"n1", "c", NULL, 0, 0},
                {"n9", "a", NULL, 0, 5042},  {"n1", "z", NULL, 0, 5045}};
    g_autoptr(Setup) setup = setup_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(ClItems) items = NULL;
        ClEnumRequest request = {
            .types = CLUSTER_ENUM_NETINTERFACE, .node = rows[i].node, .network = rows[i].network};
        g_assert_cmpuint(try_enumerate(setup, CL_KIND_CLUSTER, NULL, &request, &items), ==,
                         rows[i].code);
        if (rows[i].code == 0) {
            g_assert_cmpuint(cl_items_count(items), ==, rows[i].count);
        }
        if (rows[i].name) {
            g_assert_cmpstr(cl_items_name(items, 0), ==, rows[i].name);
        }
    }
}

static void test_unknown_bits(void)
{
    static const struct {
        ClKind kind;
        const char *name;
        guint32 types;
        guint code;
    } rows[] = {
        {CL_KIND_CLUSTER, NULL, 0x80, 87},
        {CL_KIND_CLUSTER, NULL, CLUSTER_ENUM_INTERNAL_NETWORK | CLUSTER_ENUM_NODE, 87},
        {CL_KIND_NODE, "n1", 0x8, 0},
        {CL_KIND_RESOURCE, "ip", 0x8, 87},
        {CL_KIND_GROUP, "web", 0x8, 0},
        {CL_KIND_NETWORK, "a", 0x8, 0},
        {CL_KIND_RESOURCE_TYPE, "generic", 0x8, 0},
        {CL_KIND_NETINTERFACE, "n1 - a", 1, 1},
    };
    g_autoptr(Setup) setup = setup_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(ClItems) items = NULL;
        ClEnumRequest request = {.types = rows[i].types};
        g_assert_cmpuint(try_enumerate(setup, rows[i].kind, rows[i].name, &request, &items), ==,
                         rows[i].code);
    }
}

static void test_details(void)
{
    static const char *const wanted[] = {"description", NULL}, *const all[] = {"*", NULL};
    g_autoptr(Setup) setup = setup_new(NULL);
    g_autoptr(ClItems) groups = NULL, resources = NULL, none = NULL;
    ClEnumRequest request = {
        .types = CLUSTER_ENUM_GROUP, .details = TRUE, .common = wanted, .ro_common = all};
    g_assert_cmpuint(try_enumerate(setup, CL_KIND_CLUSTER, NULL, &request, &groups), ==, 0);
    const ClItemDetails *web = cl_items_details(groups, 0);
    g_assert_cmpint(web->state, ==, ClusterGroupOnline);
    g_assert_cmpstr(web->owner_node, ==, "n1");
    g_assert_cmpuint(web->common->len, ==, 1);
    g_assert_cmpstr(cl_properties_find(web->common, "Description")->text, ==, "the web");
    g_assert_cmpuint(cl_properties_find(web->ro_common, "GroupType")->number, ==, 107);

    ClEnumRequest bare = {.types = CLUSTER_ENUM_RESOURCE, .details = TRUE};
    g_assert_cmpuint(try_enumerate(setup, CL_KIND_CLUSTER, NULL, &bare, &resources), ==, 0);
    const ClItemDetails *ip = cl_items_details(resources, 0);
    g_assert_cmpstr(ip->owner_group, ==, "Web");
    g_assert_cmpstr(ip->owner_group_id, ==, "20000000-0000-4000-8000-000000000040");
    g_assert_null(ip->common);

    request.ro_common = wanted;
    g_assert_cmpuint(try_enumerate(setup, CL_KIND_CLUSTER, NULL, &request, &none), ==, 87);
}

/* --- Properties ------------------------------------------------------------------------------- */

static void test_common_properties(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_autoptr(GPtrArray) common = properties_of(setup, CL_KIND_GROUP, "web", CL_PROPERTIES_COMMON);
    g_autoptr(GPtrArray) read_only =
        properties_of(setup, CL_KIND_GROUP, "web", CL_PROPERTIES_RO_COMMON);
    g_assert_cmpstr(cl_properties_find(common, "Description")->text, ==, "the web");
    g_assert_cmpuint(cl_properties_find(common, "Priority")->number, ==, 2000);
    g_assert_cmpuint(cl_properties_find(common, "FailoverThreshold")->number, ==, G_MAXUINT32);
    ClProperty *classes = cl_properties_find(common, "AntiAffinityClassNames");
    g_assert_cmpuint(g_strv_length(classes->texts), ==, 3);
    g_assert_cmpstr(classes->texts[2], ==, "c");
    g_assert_null(cl_properties_find(common, "Name"));
    g_assert_cmpstr(cl_properties_find(read_only, "Name")->text, ==, "Web");
}

static void test_private_properties(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_autoptr(GPtrArray) group = properties_of(setup, CL_KIND_GROUP, "web", CL_PROPERTIES_PRIVATE);
    g_autoptr(GPtrArray) app = properties_of(setup, CL_KIND_RESOURCE, "app", CL_PROPERTIES_PRIVATE);
    g_autoptr(GPtrArray) none =
        properties_of(setup, CL_KIND_RESOURCE, "app", CL_PROPERTIES_RO_PRIVATE);
    g_assert_cmpuint(group->len, ==, 2);
    g_assert_cmpuint(cl_properties_find(group, "Big")->number, ==, G_MAXUINT64);
    g_assert_cmpuint(g_bytes_get_size(cl_properties_find(group, "Raw")->bytes), ==, 2);
    g_assert_cmpuint(app->len, ==, 2);
    g_assert_cmpstr(cl_properties_find(app, "Colour")->text, ==, "red");
    g_assert_cmpuint(cl_properties_find(app, "Size")->number, ==, 8);
    g_assert_cmpuint(none->len, ==, 0);
}

static void test_computed_properties(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    g_autoptr(GPtrArray) network =
        properties_of(setup, CL_KIND_NETWORK, "a", CL_PROPERTIES_RO_COMMON);
    g_autoptr(GPtrArray) node = properties_of(setup, CL_KIND_NODE, "n3", CL_PROPERTIES_RO_COMMON);
    g_autoptr(GPtrArray) interface =
        properties_of(setup, CL_KIND_NETINTERFACE, "n1 - a", CL_PROPERTIES_RO_COMMON);
    g_assert_cmpstr(cl_properties_find(network, "Address")->text, ==, "10.1.0.0");
    g_assert_cmpstr(cl_properties_find(network, "AddressMask")->text, ==, "255.255.0.0");
    g_assert_cmpstr(cl_properties_find(network, "IPv6Addresses")->texts[0], ==, "fd00:1::");
    g_assert_cmpstr(cl_properties_find(network, "IPv6PrefixLengths")->texts[0], ==, "64");
    g_assert_cmpuint(cl_properties_find(node, "NodeDrainStatus")->number, ==, 2);
    g_assert_cmpuint(cl_properties_find(node, "NodeDrainTarget")->number, ==, 1);
    g_assert_cmpuint(cl_properties_find(node, "StatusInformation")->number, ==, 8);
    g_assert_cmpuint(cl_properties_find(node, "DynamicWeight")->number, ==, 0);
    g_assert_cmpstr(cl_properties_find(interface, "Node")->text, ==, "n1");
    g_assert_cmpstr(cl_properties_find(interface, "Address")->text, ==, "10.1.0.1");
}

static void test_every_set_of_every_kind(void)
{
    static const struct {
        ClKind kind;
        const char *name;
    } rows[] = {
        {CL_KIND_CLUSTER, NULL},           {CL_KIND_NODE, "n1"},   {CL_KIND_GROUP, "web"},
        {CL_KIND_RESOURCE, "ip"},          {CL_KIND_NETWORK, "a"}, {CL_KIND_NETINTERFACE, "n1 - a"},
        {CL_KIND_RESOURCE_TYPE, "generic"}};
    g_autoptr(Setup) setup = setup_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (ClPropertySet set = CL_PROPERTIES_COMMON; set <= CL_PROPERTIES_RO_PRIVATE; set++) {
            g_autoptr(GPtrArray) properties = properties_of(setup, rows[i].kind, rows[i].name, set);
            g_assert_nonnull(properties);
        }
    }
    g_autoptr(GPtrArray) formats =
        properties_of(setup, CL_KIND_RESOURCE_TYPE, "generic", CL_PROPERTIES_COMMON_OF_RESOURCE);
    g_assert_nonnull(cl_properties_find(formats, "RestartAction"));
}

/* --- Controls --------------------------------------------------------------------------------- */

static guint try_control(Setup *setup, ClKind kind, const char *name, guint32 code,
                         const char16_t *id, guint32 *ret_value)
{
    ClCall call = embedded_call(1000);
    ClObject *object = open_object(setup, kind, name);
    gsize units = 0;
    while (id && id[units]) {
        units++;
    }
    g_autoptr(GBytes) in = id ? g_bytes_new(id, (units + 1) * 2) : NULL;
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GError) error = NULL;
    ClControl control = {.code = code, .in = in};
    guint32 result = 1;
    gsize needed = 0;
    gboolean ok = BACKEND->control(setup->connection, object, &control, &call, &out, &needed,
                                   &result, &error);
    if (out) {
        memcpy(ret_value, g_bytes_get_data(out, NULL), sizeof *ret_value);
    }
    if (object) {
        BACKEND->close(setup->connection, object);
    }
    return ok ? result : (guint)error->code;
}

static void test_query_delete(void)
{
    g_autoptr(Setup) setup = setup_new("UPDATE resource SET state = 3 WHERE number = 50");
    static const struct {
        ClKind kind;
        const char *name;
        guint32 code;
        guint result;
    } rows[] = {
        {CL_KIND_GROUP, "web", CLUSCTL_GROUP_QUERY_DELETE, ERROR_DIR_NOT_EMPTY},
        {CL_KIND_GROUP, "empty", CLUSCTL_GROUP_QUERY_DELETE, 0},
        {CL_KIND_RESOURCE, "ip", CLUSCTL_RESOURCE_QUERY_DELETE, ERROR_DEPENDENT_RESOURCE_EXISTS},
        {CL_KIND_RESOURCE, "app", CLUSCTL_RESOURCE_QUERY_DELETE, ERROR_INVALID_STATE},
        {CL_KIND_RESOURCE_TYPE, "generic", CLUSCTL_RESOURCE_TYPE_QUERY_DELETE, ERROR_DIR_NOT_EMPTY},
        {CL_KIND_GROUP, "web", CLUSCTL_RESOURCE_QUERY_DELETE, ERROR_INVALID_FUNCTION},
        {CL_KIND_RESOURCE, "ip", CLUSCTL_RESOURCE_STORAGE_GET_DISK_INFO, ERROR_INVALID_FUNCTION},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpuint(try_control(setup, rows[i].kind, rows[i].name, rows[i].code, NULL, NULL),
                         ==, rows[i].result);
    }
}

static void test_check_voter(void)
{
    g_autoptr(Setup) setup = setup_new(NULL);
    guint32 value = 9;
    g_assert_cmpuint(
        try_control(setup, CL_KIND_CLUSTER, NULL, CLUSCTL_CLUSTER_CHECK_VOTER_DOWN, u"1", &value),
        ==, 0);
    g_assert_cmpuint(value, ==, CLUSTER_QUORUM_LOST);
    g_assert_cmpuint(
        try_control(setup, CL_KIND_CLUSTER, NULL, CLUSCTL_CLUSTER_CHECK_VOTER_EVICT, u"3", &value),
        ==, 0);
    g_assert_cmpuint(value, ==, CLUSTER_QUORUM_MAINTAINED);
    g_assert_cmpuint(
        try_control(setup, CL_KIND_CLUSTER, NULL, CLUSCTL_CLUSTER_CHECK_VOTER_DOWN, u"9", &value),
        ==, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(
        try_control(setup, CL_KIND_CLUSTER, NULL, CLUSCTL_CLUSTER_CHECK_VOTER_DOWN, NULL, &value),
        ==, 0);
    g_assert_cmpuint(value, ==, CLUSTER_QUORUM_MAINTAINED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_unsetenv("CLUSAPI_NODE");
#define TEST(name, function) g_test_add_func("/embedded-lists/" name, function)
    TEST("enumerations have their order", test_enumerations);
    TEST("interfaces are found by node and network", test_interfaces_by_place);
    TEST("unknown bits are refused or ignored", test_unknown_bits);
    TEST("details come with wanted properties", test_details);
    TEST("common properties are stored or have defaults", test_common_properties);
    TEST("private properties come from the type too", test_private_properties);
    TEST("computed properties are right", test_computed_properties);
    TEST("every kind has every set of properties", test_every_set_of_every_kind);
    TEST("what may be deleted is known", test_query_delete);
    TEST("the quorum without a voter is known", test_check_voter);
    return g_test_run();
}
