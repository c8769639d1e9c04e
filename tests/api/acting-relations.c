/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owners, dependencies, the quorum and the order of networks, through the public API: each
 * documented code that an embedded cluster can give. One thread; each test has a file of its own.
 */
#include "acting-setup.h"

#include <string.h>

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\nquorum=witness\nquorum-type=node-and-witness-majority\n"                \
    "[node n1]\n[node n2]\n[node n3]\n"                                                            \
    "[network lan]\nrole=internal-and-client\naddress=10.0.0.0/24\npriority=1\n"                   \
    "[network san]\nrole=internal\naddress=10.1.0.0/24\npriority=2\n"                              \
    "[network wan]\nrole=client\naddress=10.2.0.0/24\npriority=3\n"                                \
    "[resource-type T]\n[resource-type Bound]\nnodes=n1;n2\n"                                      \
    "[group core]\nowner=n1\ntype=core-cluster\ncore=true\n"                                       \
    "[resource witness]\ngroup=core\ntype=File Share Witness\nstate=online\n"                      \
    "[resource near]\ngroup=core\ntype=T\nstate=offline\n"                                         \
    "[resource other-disk]\ngroup=core\ntype=Physical Disk\nstate=online\n"                        \
    "[resource down-disk]\ngroup=core\ntype=Physical Disk\nstate=offline\n"                        \
    "[group g]\nowner=n1\npreferred-owners=n1;n2\n"                                                \
    "[resource a]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[resource b]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[resource c]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[resource d]\ngroup=g\ntype=T\nstate=offline\n"                                               \
    "[resource on]\ngroup=g\ntype=T\nstate=online\n"                                               \
    "[resource slow]\ngroup=g\ntype=T\nstate=offline\nprivate.OnlineDelay=dword:5000\n"            \
    "[resource bound]\ngroup=g\ntype=Bound\nstate=offline\npossible-owners=n1\n"                   \
    "[group h]\nowner=n1\n"                                                                        \
    "[resource far]\ngroup=h\ntype=T\nstate=offline\n"

/* --- Owners ------------------------------------------------------------------------------------- */

static void check_preferred(HGROUP group, const char *expected)
{
    g_autofree char *owners = contents_of(group, CLUSTER_GROUP_ENUM_NODES);
    g_assert_cmpstr(owners, ==, expected);
}

static void test_preferred_owners(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HGROUP group = group_of(c, "g");
    HNODE nodes[] = {node_of(c, "n3"), node_of(c, "n1"), NULL};
    IS(SetClusterGroupNodeList(group, 2, nodes), ERROR_SUCCESS);
    check_preferred(group, "n3;n1");
    IS(SetClusterGroupNodeList(group, 3, nodes), ERROR_INVALID_HANDLE);
    nodes[2] = nodes[0];
    IS(SetClusterGroupNodeList(group, 3, nodes), ERROR_INVALID_PARAMETER);
    IS(SetClusterGroupNodeList(group, 1, NULL), ERROR_INVALID_PARAMETER);
    check_preferred(group, "n3;n1");
    /* They are only named: a handle for reading will do. */
    nodes[0] = read_node(c, "n2");
    IS(SetClusterGroupNodeList(group, 1, nodes), ERROR_SUCCESS);
    check_preferred(group, "n2");
    IS(SetClusterGroupNodeList(group, 0, NULL), ERROR_SUCCESS);
    check_preferred(group, "");
    IS(SetClusterGroupNodeList(group_of(c, "core"), 0, NULL), ERROR_SPECIAL_GROUP);
}

static void check_possible(HRESOURCE resource, const char *expected)
{
    g_autofree char *owners = relations_of(resource, CLUSTER_RESOURCE_ENUM_NODES);
    g_assert_cmpstr(owners, ==, expected);
}

static void test_possible_owners(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE bound = resource_of(c, "bound");
    HRESOURCE on = resource_of(c, "on");
    HNODE n1 = node_of(c, "n1");
    HNODE n2 = node_of(c, "n2");
    IS(AddClusterResourceNode(bound, n1), ERROR_OBJECT_ALREADY_EXISTS);
    IS(AddClusterResourceNode(bound, node_of(c, "n3")), ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED);
    IS(AddClusterResourceNode(bound, NULL), ERROR_INVALID_HANDLE);
    IS(AddClusterResourceNode(bound, n2), ERROR_SUCCESS);
    check_possible(bound, "n1;n2");
    IS(RemoveClusterResourceNode(bound, n1), ERROR_SUCCESS);
    IS(RemoveClusterResourceNode(bound, n1), ERROR_CLUSTER_NODE_NOT_FOUND);
    check_possible(bound, "n2");
    IS(RemoveClusterResourceNode(on, n1), ERROR_INVALID_STATE);
    IS(RemoveClusterResourceNode(on, n2), ERROR_SUCCESS);
    check_possible(on, "n1;n3");
    /* No possible owner is up there: it stays offline. */
    IS(OnlineClusterResource(bound), ERROR_NODE_CANT_HOST_RESOURCE);
}

/* --- Dependencies ------------------------------------------------------------------------------- */

static void check_providers(HRESOURCE resource, const char *expected)
{
    g_autofree char *names = relations_of(resource, CLUSTER_RESOURCE_ENUM_DEPENDS);
    g_assert_cmpstr(names, ==, expected);
}

/* CanResourceBeDependent() tells the same as adding, when it is refused. */
static void check_refused(HRESOURCE dependent, HRESOURCE provider, DWORD code)
{
    g_assert_false(CanResourceBeDependent(dependent, provider));
    IS(GetLastError(), code);
    IS(AddClusterResourceDependency(dependent, provider), code);
}

static void test_dependencies(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE a = resource_of(c, "a");
    HRESOURCE b = resource_of(c, "b");
    HRESOURCE d = resource_of(c, "d");
    g_assert_true(CanResourceBeDependent(read_resource(c, "b"), read_resource(c, "a")));
    check_providers(b, "");
    IS(AddClusterResourceDependency(b, a), ERROR_SUCCESS);
    IS(AddClusterResourceDependency(d, b), ERROR_SUCCESS);
    check_providers(b, "a");
    check_refused(a, a, ERROR_CIRCULAR_DEPENDENCY);
    check_refused(a, b, ERROR_CIRCULAR_DEPENDENCY);
    check_refused(a, d, ERROR_CIRCULAR_DEPENDENCY);
    check_refused(b, a, ERROR_DEPENDENCY_ALREADY_EXISTS);
    check_refused(b, resource_of(c, "far"), ERROR_INVALID_PARAMETER);
    check_refused(resource_of(c, "witness"), resource_of(c, "near"), ERROR_DEPENDENCY_NOT_ALLOWED);
    check_refused(b, NULL, ERROR_INVALID_HANDLE);
    IS(RemoveClusterResourceDependency(b, a), ERROR_SUCCESS);
    IS(RemoveClusterResourceDependency(b, a), ERROR_DEPENDENCY_NOT_FOUND);
    check_providers(b, "");
}

static void test_dependencies_of_what_runs(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE on = resource_of(c, "on");
    HRESOURCE a = resource_of(c, "a");
    HRESOURCE b = resource_of(c, "b");
    HRESOURCE slow = resource_of(c, "slow");
    check_refused(on, a, ERROR_RESOURCE_ONLINE);
    IS(OnlineClusterResource(a), ERROR_SUCCESS);
    IS(AddClusterResourceDependency(on, a), ERROR_SUCCESS);
    IS(RemoveClusterResourceDependency(on, a), ERROR_SUCCESS);
    IS(OnlineClusterResource(b), ERROR_SUCCESS);
    IS(SetClusterResourceDependencyExpression(on, u"[a] or [b]"), ERROR_SUCCESS);
    IS(RemoveClusterResourceDependency(on, a), ERROR_RESOURCE_ONLINE);
    IS(OnlineClusterResource(slow), ERROR_IO_PENDING);
    check_refused(slow, a, ERROR_RESOURCE_ONLINE);
    IS(SetClusterResourceDependencyExpression(slow, u"[a]"), ERROR_RESOURCE_ONLINE);
    IS(SetClusterResourceDependencyExpression(on, u"[c]"), ERROR_RESOURCE_ONLINE);
    check_providers(on, "a;b");
}

static void test_longest_chain(void)
{
    g_autoptr(GString) text = g_string_new("[cluster]\nname=test\n[node n1]\n[resource-type T]\n"
                                           "[group g]\nowner=n1\n");
    for (guint i = 0; i <= 101; i++) {
        g_string_append_printf(text, "[resource r%u]\ngroup=g\ntype=T\nstate=offline\n", i);
        if (i > 0 && i <= 100) {
            g_string_append_printf(text, "depends-on=[r%u]\n", i - 1);
        }
    }
    g_autoptr(Cluster) c = cluster_new(text->str);
    check_refused(resource_of(c, "r101"), resource_of(c, "r100"),
                  ERROR_DEPENDENCY_TREE_TOO_COMPLEX);
    IS(AddClusterResourceDependency(resource_of(c, "r101"), resource_of(c, "r99")), ERROR_SUCCESS);
}

/* On a file that cannot be written, what changes nothing can still be asked. */
static void test_test_of_read_only_file(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEFINITION);
    HCLUSTER cluster = OpenClusterEx(fixture->wide, GENERIC_READ, NULL);
    g_assert_nonnull(cluster);
    HRESOURCE a = OpenClusterResourceEx(cluster, u"a", GENERIC_READ, NULL);
    HRESOURCE b = OpenClusterResourceEx(cluster, u"b", GENERIC_READ, NULL);
    g_assert_true(CanResourceBeDependent(a, b));
    g_assert_false(CanResourceBeDependent(a, a));
    IS(GetLastError(), ERROR_CIRCULAR_DEPENDENCY);
    CloseCluster(cluster);
}

/* --- Expressions -------------------------------------------------------------------------------- */

static void check_expression(HRESOURCE resource, LPCWSTR text, DWORD code)
{
    g_autofree char *shown = narrow(text);
    g_test_message("%s", shown);
    IS(SetClusterResourceDependencyExpression(resource, text), code);
}

static void test_expressions(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE d = resource_of(c, "d");
    static const LPCWSTR good[] = {
        u"[a]",
        u"([a])",
        u"[a] or [b]",
        u"([a] or [b])",
        u"([a]) and [b]",
        u"([a] or [b]) and ([c])",
        u"([a]) and ([b] or [c])",
        u"  [A]OR[b]  ",
        u"([a])\tAND\n[b]",
        u"[a] and [b] and [c]",
        u"",
    };
    static const LPCWSTR bad[] = {
        u"a",
        u"[a",
        u"[a]]",
        u"[a] [b]",
        u"[a] xor [b]",
        u"([a]",
        u"[a])",
        u"[a] or",
        u"and [a]",
        u"[a] and [b] or [c]",
        u"([a]) or [b]",
        u"(([a]))",
        u"[]",
        u"()",
        u"[nothing]",
        u"[d]",
        u"[far]",
        u"[a] and [d]",
        u"([a]) and",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        check_expression(d, good[i], ERROR_SUCCESS);
    }
    check_providers(d, "");
    IS(SetClusterResourceDependencyExpression(d, u"[a]"), ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        check_expression(d, bad[i], ERROR_INVALID_PARAMETER);
    }
    IS(SetClusterResourceDependencyExpression(d, NULL), ERROR_INVALID_PARAMETER);
    check_expression(d, u"[a] or [A]", ERROR_DEPENDENCY_ALREADY_EXISTS);
    check_expression(d, u"([a]) and [a]", ERROR_DEPENDENCY_ALREADY_EXISTS);
    IS(AddClusterResourceDependency(resource_of(c, "b"), d), ERROR_SUCCESS);
    check_expression(d, u"[b]", ERROR_CIRCULAR_DEPENDENCY);
    check_expression(resource_of(c, "near"), u"[witness]", ERROR_DEPENDENCY_NOT_ALLOWED);
    check_expression(resource_of(c, "witness"), u"[near]", ERROR_DEPENDENCY_NOT_ALLOWED);
    check_providers(d, "a");
}

/* What is given back, with ids, can be set again and means the same. */
static void test_expression_comes_back(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE d = resource_of(c, "d");
    WCHAR first[512], second[512];
    DWORD length = G_N_ELEMENTS(first);
    IS(SetClusterResourceDependencyExpression(d, u"([a] or [b]) and [c]"), ERROR_SUCCESS);
    IS(GetClusterResourceDependencyExpression(d, first, &length), ERROR_SUCCESS);
    IS(SetClusterResourceDependencyExpression(d, u""), ERROR_SUCCESS);
    length = G_N_ELEMENTS(second);
    IS(GetClusterResourceDependencyExpression(d, second, &length), ERROR_SUCCESS);
    g_assert_cmpuint(length, ==, 0);
    IS(SetClusterResourceDependencyExpression(d, first), ERROR_SUCCESS);
    length = G_N_ELEMENTS(second);
    IS(GetClusterResourceDependencyExpression(d, second, &length), ERROR_SUCCESS);
    g_assert_cmpint(lstrcmpW(first, second), ==, 0);
    check_providers(d, "a;b;c");
}

/* --- The quorum --------------------------------------------------------------------------------- */

static void check_quorum(HCLUSTER cluster, const char *resource, const char *device, DWORD size)
{
    WCHAR name[64], path[64];
    DWORD name_length = G_N_ELEMENTS(name);
    DWORD path_length = G_N_ELEMENTS(path);
    DWORD found;
    IS(GetClusterQuorumResource(cluster, name, &name_length, path, &path_length, &found),
       ERROR_SUCCESS);
    g_autofree char *found_name = narrow(name);
    g_autofree char *found_path = narrow(path);
    g_assert_cmpstr(found_name, ==, resource);
    g_assert_cmpstr(found_path, ==, device);
    IS(found, size);
}

static void test_quorum(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HRESOURCE disk = resource_of(c, "other-disk");
    HRESOURCE near = resource_of(c, "near");
    IS(SetClusterQuorumResource(near, NULL, 0x400), ERROR_NOT_QUORUM_CAPABLE);
    IS(SetClusterQuorumResource(resource_of(c, "down-disk"), u"Q:\\", 0x400),
       ERROR_RESOURCE_NOT_ONLINE);
    IS(AddClusterResourceDependency(near, disk), ERROR_SUCCESS);
    IS(SetClusterQuorumResource(disk, u"Q:\\", 0x400), ERROR_DEPENDENCY_NOT_ALLOWED);
    IS(RemoveClusterResourceDependency(near, disk), ERROR_SUCCESS);
    check_quorum(c->handle, "witness", "", 0x400);
    IS(SetClusterQuorumResource(disk, u"Q:\\", 0x400), ERROR_SUCCESS);
    check_quorum(c->handle, "other-disk", "Q:\\", 0x400);
    IS(DeleteClusterResource(disk), ERROR_QUORUM_RESOURCE);
    IS(SetClusterQuorumResource(disk, NULL, 4096), ERROR_SUCCESS);
    check_quorum(c->handle, "other-disk", "Q:\\", 4096);
    IS(SetClusterQuorumResource(disk, NULL, 0), ERROR_SUCCESS);
    check_quorum(c->handle, "", "", 0);
    IS(SetClusterQuorumResource(resource_of(c, "witness"), NULL, 0x400), ERROR_SUCCESS);
    check_quorum(c->handle, "witness", "", 0x400);
}

/* --- The cluster -------------------------------------------------------------------------------- */

static char *internal_networks(HCLUSTER cluster)
{
    g_autoptr(GString) names = g_string_new(NULL);
    HCLUSENUM list = ClusterOpenEnum(cluster, (DWORD)CLUSTER_ENUM_INTERNAL_NETWORK);
    g_assert_nonnull(list);
    for (DWORD i = 0; i < ClusterGetEnumCount(list); i++) {
        WCHAR text[64];
        DWORD length = G_N_ELEMENTS(text);
        DWORD type;
        IS(ClusterEnum(list, i, &type, text, &length), ERROR_SUCCESS);
        g_autofree char *name = narrow(text);
        g_string_append_printf(names, "%s%s", i > 0 ? ";" : "", name);
    }
    IS(ClusterCloseEnum(list), ERROR_SUCCESS);
    return g_strdup(names->str);
}

static void test_network_order(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HNETWORK lan = network_of(c, "lan");
    HNETWORK san = network_of(c, "san");
    HNETWORK wan = network_of(c, "wan");
    HNETWORK lists[][3] = {{san, lan, wan}, {san, san, wan}, {san, wan, lan}, {san, NULL, lan}};
    IS(SetClusterNetworkPriorityOrder(c->handle, 3, lists[0]), ERROR_INVALID_PARAMETER);
    IS(SetClusterNetworkPriorityOrder(c->handle, 1, lists[0]), ERROR_INVALID_PARAMETER);
    IS(SetClusterNetworkPriorityOrder(c->handle, 2, lists[1]), ERROR_INVALID_PARAMETER);
    IS(SetClusterNetworkPriorityOrder(c->handle, 2, lists[2]), ERROR_INVALID_PARAMETER);
    IS(SetClusterNetworkPriorityOrder(c->handle, 2, lists[3]), ERROR_INVALID_HANDLE);
    IS(SetClusterNetworkPriorityOrder(c->handle, 2, NULL), ERROR_INVALID_PARAMETER);
    g_autofree char *before = internal_networks(c->handle);
    g_assert_cmpstr(before, ==, "lan;san");
    IS(SetClusterNetworkPriorityOrder(c->handle, 2, lists[0]), ERROR_SUCCESS);
    g_autofree char *after = internal_networks(c->handle);
    g_assert_cmpstr(after, ==, "san;lan");
}

static BOOL CALLBACK refuse(PVOID argument, CLUSTER_UPGRADE_PHASE phase)
{
    (void)argument, (void)phase;
    return FALSE;
}

static void test_upgrade(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    IS(ClusterUpgradeFunctionalLevel(c->handle, FALSE, NULL, NULL), ERROR_SUCCESS);
    IS(ClusterUpgradeFunctionalLevel(c->handle, TRUE, NULL, NULL), ERROR_SUCCESS);
    IS(ClusterUpgradeFunctionalLevel(c->handle, TRUE, refuse, NULL), ERROR_OPERATION_ABORTED);
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/relations/preferred owners", test_preferred_owners);
    g_test_add_func("/relations/possible owners", test_possible_owners);
    g_test_add_func("/relations/dependencies come and go", test_dependencies);
    g_test_add_func("/relations/dependencies of what runs", test_dependencies_of_what_runs);
    g_test_add_func("/relations/a chain has an end", test_longest_chain);
    g_test_add_func("/relations/asking needs no right to change", test_test_of_read_only_file);
    g_test_add_func("/relations/the grammar of expressions", test_expressions);
    g_test_add_func("/relations/an expression comes back", test_expression_comes_back);
    g_test_add_func("/relations/the quorum", test_quorum);
    g_test_add_func("/relations/the order of networks", test_network_order);
    g_test_add_func("/relations/the functional level", test_upgrade);
    return g_test_run();
}
