/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The control codes that change the cluster as a whole, codes that nothing carries out, what the
 * right to read alone permits, and random input, through the public API. One thread; each test has
 * a file of its own.
 */
#include "control-setup.h"

static DWORD send_cluster(HCLUSTER cluster, DWORD code, const char *text)
{
    g_autofree WCHAR *input = wide(text);
    return ClusterControl(cluster, NULL, code, input, ((DWORD)lstrlenW(input) + 1) * sizeof(WCHAR),
                          NULL, 0, NULL);
}

/* --- The cluster as a whole --------------------------------------------------------------------- */

static void assert_fqdn(const Cluster *c, const char *expected)
{
    WCHAR text[512];
    DWORD size = 0;
    IS(ClusterControl(c->handle, NULL, CLUSCTL_CLUSTER_GET_FQDN, NULL, 0, text, sizeof text, &size),
       ERROR_SUCCESS);
    g_autofree char *seen = narrow(text);
    g_assert_cmpstr(seen, ==, expected);
}

static void test_domain(void)
{
    static const char *const bad[] = {".", "a.", ".a", "a..b", "a b", "-a", "a-", "\xc3\xa4.de"};
    g_autoptr(Cluster) c = control_cluster_new();
    const DWORD code = CLUSCTL_CLUSTER_SET_DNS_DOMAIN;
    assert_fqdn(c, "test.example.com");
    IS(send_cluster(c->handle, code, "other.example.org"), ERROR_SUCCESS);
    assert_fqdn(c, "test.other.example.org");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        IS(send_cluster(c->handle, code, bad[i]), ERROR_INVALID_PARAMETER);
    }
    g_autofree char *label = g_strnfill(64, 'a');
    IS(send_cluster(c->handle, code, label), ERROR_INVALID_PARAMETER);
    IS(ClusterControl(c->handle, NULL, code, NULL, 0, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterControl(c->handle, NULL, code, (LPVOID)u"ab", 4, NULL, 0, NULL),
       ERROR_INVALID_PARAMETER);
    assert_fqdn(c, "test.other.example.org");
    IS(send_cluster(c->handle, code, ""), ERROR_SUCCESS);
    assert_fqdn(c, "test");
    control_check_file(c);
}

static void test_remove_node(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    const DWORD code = CLUSCTL_CLUSTER_REMOVE_NODE;
    HNODE n2 = node_of(c, "n2");
    IS(send_cluster(c->handle, code, "n4"), ERROR_CLUSTER_NODE_NOT_FOUND);
    IS(send_cluster(c->handle, code, ""), ERROR_CLUSTER_NODE_NOT_FOUND);
    IS(ClusterControl(c->handle, NULL, code, NULL, 0, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
    IS(send_cluster(c->handle, code, "N2"), ERROR_SUCCESS);
    IS(PauseClusterNode(n2), ERROR_NODE_NOT_AVAILABLE);
    /* By its id; the group goes to the one that is left. */
    IS(send_cluster(c->handle, code, "1"), ERROR_SUCCESS);
    await_owner(c, "g", "n3");
    IS(send_cluster(c->handle, code, "n3"), ERROR_CANT_EVICT_ACTIVE_NODE);
    control_check_file(c);
}

/* Every node is down and nothing runs; what was to be online is so when a node is back. */
static void test_shutdown(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    WCHAR owner[64];
    DWORD length = G_N_ELEMENTS(owner);
    const char *nodes[] = {"n1", "n2", "n3"};
    IS(OnlineClusterResource(resource_of(c, "r")), ERROR_SUCCESS);
    IS(PauseClusterNode(node_of(c, "n3")), ERROR_SUCCESS);
    /* What the code does not define is ignored. */
    IS(ClusterControl(c->handle, NULL, CLUSCTL_CLUSTER_SHUTDOWN, (LPVOID) "x", 1, NULL, 0, NULL),
       ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        g_assert_cmpint(GetClusterNodeState(node_of(c, nodes[i])), ==, ClusterNodeDown);
    }
    g_assert_cmpint(state_of(c, "r"), ==, ClusterResourceOffline);
    g_assert_cmpint(state_of(c, "disk"), ==, ClusterResourceOffline);
    g_assert_cmpint(GetClusterGroupState(group_of(c, "g"), owner, &length), ==,
                    ClusterGroupOffline);
    g_autofree char *name = narrow(owner);
    g_assert_cmpstr(name, ==, "n1");
    control_check_file(c);
    IS(ClusterControl(c->handle, NULL, CLUSCTL_CLUSTER_SHUTDOWN, NULL, 0, NULL, 0, NULL),
       ERROR_SUCCESS);
    IS(ClusapiSetNodeState(node_of(c, "n1"), ClusterNodeUp), ERROR_SUCCESS);
    IS(ClusapiSetNodeState(node_of(c, "n3"), ClusterNodeUp), ERROR_SUCCESS);
    await_state(c, "r", ClusterResourceOnline);
    await_owner(c, "g", "n1");
    g_assert_cmpint(GetClusterNodeState(node_of(c, "n3")), ==, ClusterNodePaused);
    control_check_file(c);
}

/* --- All codes ---------------------------------------------------------------------------------- */

/* Those that write, or that a resource DLL, a machine, a disk or a directory would carry out. */
static const DWORD unknown[] = {
    CLUSCTL_RESOURCE_UPGRADE_DLL,
    CLUSCTL_RESOURCE_NETNAME_REGISTER_DNS_RECORDS,
    CLUSCTL_RESOURCE_NETNAME_SET_PWD_INFO,
    CLUSCTL_RESOURCE_NETNAME_SET_PWD_INFOEX,
    CLUSCTL_RESOURCE_NETNAME_DELETE_CO,
    CLUSCTL_RESOURCE_NETNAME_VALIDATE_VCO,
    CLUSCTL_RESOURCE_NETNAME_RESET_VCO,
    CLUSCTL_RESOURCE_NETNAME_REPAIR_VCO,
    CLUSCTL_RESOURCE_IPADDRESS_RENEW_LEASE,
    CLUSCTL_RESOURCE_IPADDRESS_RELEASE_LEASE,
    CLUSCTL_RESOURCE_STORAGE_SET_DRIVELETTER,
    CLUSCTL_RESOURCE_FILESERVER_SHARE_ADD,
    CLUSCTL_RESOURCE_FILESERVER_SHARE_DEL,
    CLUSCTL_RESOURCE_FILESERVER_SHARE_MODIFY,
    CLUSCTL_RESOURCE_ENABLE_SHARED_VOLUME_DIRECTIO,
    CLUSCTL_RESOURCE_DISABLE_SHARED_VOLUME_DIRECTIO,
    CLUSCTL_RESOURCE_SET_CSV_MAINTENANCE_MODE,
    CLUSCTL_RESOURCE_SET_SHARED_VOLUME_BACKUP_MODE,
    CLUSCTL_CLOUD_WITNESS_RESOURCE_UPDATE_TOKEN,
    CLUSCTL_CLOUD_WITNESS_RESOURCE_UPDATE_KEY,
    CLUSCTL_RESOURCE_CODE(CLCTL_ADD_CRYPTO_CHECKPOINT_EX),
    CLUSCTL_RESOURCE_CODE(CLCTL_RESOURCE_PREPARE_UPGRADE),
    CLUSCTL_RESOURCE_CODE(CLCTL_RESOURCE_UPGRADE_COMPLETED),
    CLUSCTL_RESOURCE_CODE(CLCTL_INITIALIZE),
    CLUSCTL_RESOURCE_CODE(CLCTL_DELETE),
    CLUSCTL_RESOURCE_CODE(CLCTL_SET_NAME),
    CLUSCTL_RESOURCE_CODE(CLCTL_USER_BASE | CLCTL_MODIFY_MASK | 4),
    CLUSCTL_RESOURCE_TYPE_STORAGE_REMOVE_VM_OWNERSHIP,
    CLUSCTL_RESOURCE_TYPE_VALIDATE_PATH,
    CLUSCTL_RESOURCE_TYPE_VALIDATE_NETNAME,
    CLUSCTL_RESOURCE_TYPE_VALIDATE_DIRECTORY,
    CLUSCTL_GROUP_SET_CCF_FROM_MASTER,
    CLUSCTL_NODE_CLEAR_NODE_CONNECTION_INFO,
    CLUSCTL_CLUSTER_BATCH_BLOCK_KEY,
    CLUSCTL_CLUSTER_BATCH_UNBLOCK_KEY,
    CLUSCTL_CLUSTER_CLEAR_NODE_CONNECTION_INFO,
    CLUSCTL_CLUSTER_NOTIFY_INFRASTRUCTURE_SOFS_CHANGED,
    CLUSCTL_CLUSTER_CODE(CLCTL_FORCE_DB_FLUSH),
    CLUSCTL_CLUSTER_CODE(CLCTL_RW_MODIFY_NOOP),
    CLUSCTL_CLUSTER_CODE(CLCTL_STORAGE_SYNC_CLUSDISK_DB),
    CLUSCTL_CLUSTER_CODE(CLCTL_SET_CLUSTER_S2D_ENABLED),
    CLUSCTL_CLUSTER_CODE(CLCTL_SCALEOUT_COMMAND),
};

static gsize kind_of(DWORD code)
{
    gsize i = 0;
    while (control_kinds[i].object != (DWORD)CLUSCTL_GET_CONTROL_OBJECT(code)) {
        i++;
    }
    return i;
}

static void test_unknown(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    BYTE input[64] = {1, 0, 0, 0};
    for (gsize i = 0; i < G_N_ELEMENTS(unknown); i++) {
        gsize kind = kind_of(unknown[i]);
        IS(control_kinds[kind].control(handles[kind], NULL, unknown[i], NULL, 0, NULL, 0, NULL),
           ERROR_INVALID_FUNCTION);
        IS(control_kinds[kind].control(handles[kind], NULL, unknown[i], input, sizeof input, NULL,
                                       0, NULL),
           ERROR_INVALID_FUNCTION);
    }
    control_assert_same(before, handles);
}

/* Function numbers and the bits before them, as far as codes go. */
#define FUNCTIONS 0x2e00

static gboolean may_change(DWORD code)
{
    return (code & CLCTL_MODIFY_MASK) != 0 || code == (DWORD)CLUSCTL_CLUSTER_SHUTDOWN;
}

/* Whatever the code and the input, with a handle for reading nothing changes, and who may not gets
 * to know that first. */
static void test_read_only(void)
{
    static const DWORD bits[] = {0,
                                 CLCTL_MODIFY_MASK,
                                 CLCTL_INTERNAL_MASK | CLCTL_MODIFY_MASK,
                                 CLCTL_USER_MASK,
                                 CLCTL_USER_MASK | CLCTL_MODIFY_MASK,
                                 CLCTL_GLOBAL_MASK};
    g_autoptr(Cluster) c = control_cluster_new();
    HCLUSTER reader = control_reader(c);
    gpointer handles[N_CONTROL_KINDS];
    control_open(reader, handles);
    g_autoptr(GBytes) before = control_snapshot(handles);
    for (gsize i = 0; i < N_CONTROL_KINDS && handles[i] != NULL; i++) {
        for (DWORD k = 0; k < FUNCTIONS * G_N_ELEMENTS(bits); k++) {
            DWORD code = control_code(&control_kinds[i],
                                      k / G_N_ELEMENTS(bits) | bits[k % G_N_ELEMENTS(bits)]);
            DWORD result = control_kinds[i].control(handles[i], NULL, code, NULL, 0, NULL, 0, NULL);
            g_assert_true((result == ERROR_ACCESS_DENIED) == may_change(code));
        }
    }
    control_assert_same(before, handles);
    IS(ClusterSetAccountAccess(reader, u"S-1-5-11", 1, 0), ERROR_ACCESS_DENIED);
    CloseCluster(reader);
}

/* An object opened for reading from a cluster that may be changed, and a host of that sort. */
static void test_read_only_object(void)
{
    g_autoptr(Cluster) c = control_cluster_new();
    HRESOURCE reading = read_resource(c, "r");
    HRESOURCE r = resource_of(c, "r");
    const DWORD code = CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT;
    IS(resource_send_text(reading, code, "Software"), ERROR_ACCESS_DENIED);
    IS(set_maintenance(reading, TRUE), ERROR_ACCESS_DENIED);
    assert_texts(reading, CLUSCTL_RESOURCE_GET_REGISTRY_CHECKPOINTS, "");
    WCHAR key[] = u"Software";
    IS(ClusterResourceControl(r, read_node(c, "n2"), code, key, sizeof key, NULL, 0, NULL),
       ERROR_ACCESS_DENIED);
    IS(ClusterResourceControl(r, node_of(c, "n2"), code, key, sizeof key, NULL, 0, NULL),
       ERROR_SUCCESS);
    IS(ClusterResourceControlAsUser(r, NULL, CLUSCTL_RESOURCE_DELETE_REGISTRY_CHECKPOINT, key,
                                    sizeof key, NULL, 0, NULL),
       ERROR_SUCCESS);
}

/* No code with random input ends in anything but a code that control functions have; the file
 * stays one. */
static void test_garbage(void)
{
    static const DWORD codes[] = {
        CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT,
        CLUSCTL_RESOURCE_DELETE_REGISTRY_CHECKPOINT,
        CLUSCTL_RESOURCE_ADD_REGISTRY_CHECKPOINT_64BIT,
        CLUSCTL_RESOURCE_ADD_CRYPTO_CHECKPOINT,
        CLUSCTL_RESOURCE_DELETE_CRYPTO_CHECKPOINT,
        CLUSCTL_RESOURCE_SET_MAINTENANCE_MODE,
        CLUSCTL_CLUSTER_SET_ACCOUNT_ACCESS,
        CLUSCTL_CLUSTER_SET_DNS_DOMAIN,
        CLUSCTL_CLUSTER_REMOVE_NODE,
        CLUSCTL_CLUSTER_CHECK_VOTER_DOWN,
    };
    static const DWORD allowed[] = {
        ERROR_SUCCESS,       ERROR_INVALID_FUNCTION,       ERROR_FILE_NOT_FOUND,
        ERROR_INVALID_DATA,  ERROR_INVALID_PARAMETER,      ERROR_ALREADY_EXISTS,
        ERROR_NOT_SUPPORTED, ERROR_NO_UNICODE_TRANSLATION, ERROR_CLUSTER_NODE_NOT_FOUND,
    };
    static const WCHAR likely[] = {0, 'a', '1', '\\', '.', '-', 0xd800, 0x20ac, '\n', 'S'};
    g_autoptr(Cluster) c = control_cluster_new();
    gpointer handles[N_CONTROL_KINDS];
    control_open(c->handle, handles);
    for (gsize i = 0; i < 1500; i++) {
        WCHAR input[24];
        for (gsize k = 0; k < G_N_ELEMENTS(input); k++) {
            input[k] = likely[g_test_rand_int_range(0, G_N_ELEMENTS(likely))];
        }
        DWORD code = codes[i % G_N_ELEMENTS(codes)];
        DWORD size = (DWORD)g_test_rand_int_range(0, sizeof input + 1);
        gsize kind = kind_of(code), a = 0;
        DWORD result =
            control_kinds[kind].control(handles[kind], NULL, code, input, size, NULL, 0, NULL);
        while (a < G_N_ELEMENTS(allowed) && allowed[a] != result) {
            a++;
        }
        if (a == G_N_ELEMENTS(allowed)) {
            g_error("code 0x%08x gave %u", code, result);
        }
    }
    control_check_file(c);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cluster/its domain", test_domain);
    g_test_add_func("/cluster/a node is removed", test_remove_node);
    g_test_add_func("/cluster/is shut down", test_shutdown);
    g_test_add_func("/codes/unknown ones", test_unknown);
    g_test_add_func("/codes/with a handle for reading", test_read_only);
    g_test_add_func("/codes/with an object or host opened for reading", test_read_only_object);
    g_test_add_func("/codes/with random input", test_garbage);
    return g_test_run();
}
