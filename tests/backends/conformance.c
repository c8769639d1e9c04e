/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every back end must do alike, asked through the public API alone of a copy of the demo
 * cluster that $CONFORMANCE_CLUSTER names, or with --laboratory of the cluster of ../pacemaker. With
 * --transcript it prints what the API tells of that cluster, else it is a test (TAP) that compares it
 * with what $CONFORMANCE_EXPECTED has, a directory, else ../data; --acting, with or without it, is
 * about changing the cluster.
 * One thread; each test opens its own handles.
 */
#include <stdio.h>
#include <string.h>

#include "acting-transcript.h"
#include "conformance.h"
#include "transcript.h"

#define MISSING u"there is no such object"

HCLUSTER open_cluster(DWORD desired)
{
    const char *name = g_getenv("CONFORMANCE_CLUSTER");
    g_assert_nonnull(name);
    g_autofree WCHAR *wide = to_wide(name);
    DWORD granted = 0;
    HCLUSTER cluster = OpenClusterEx(wide, desired, &granted);
    if (cluster == NULL) {
        g_error("%s: %s", name, ClusapiErrorName(GetLastError()));
    }
    g_assert_cmphex(granted, ==, desired);
    return cluster;
}

void assert_failed(gconstpointer handle, DWORD code)
{
    g_assert_null(handle);
    g_assert_cmpuint(GetLastError(), ==, code);
}

WCHAR *first_name(HCLUSTER cluster, DWORD enum_bit)
{
    g_autoptr(GPtrArray) names = enumerator_names(&cluster_enumerator, cluster, NULL, enum_bit);
    g_assert_nonnull(names);
    g_assert_cmpuint(names->len, >, 0);
    return to_wide(g_ptr_array_index(names, 0));
}

static void each_object_of(HCLUSTER cluster, const Family *family, Check check)
{
    g_autoptr(GPtrArray) names =
        enumerator_names(&cluster_enumerator, cluster, NULL, family->enum_bit);
    g_assert_nonnull(names);
    g_assert_cmpuint(names->len, >, 0);
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree WCHAR *wide = to_wide(name);
        gpointer handle = family->open_ex(cluster, wide, GENERIC_READ, NULL);
        g_assert_nonnull(handle);
        check(cluster, family, handle, name);
        g_assert_true(family->close(handle));
    }
}

void each_object(Check check)
{
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    for (gsize i = 0; i < N_FAMILIES; i++) {
        each_object_of(cluster, &families[i], check);
    }
    CloseCluster(cluster);
}

/* --- The whole ---------------------------------------------------------------------------------- */

static void assert_same_lines(const char *expected, const char *seen)
{
    g_auto(GStrv) left = g_strsplit(expected, "\n", -1);
    g_auto(GStrv) right = g_strsplit(seen, "\n", -1);
    for (gsize i = 0; left[i] != NULL || right[i] != NULL; i++) {
        if (g_strcmp0(left[i], right[i]) != 0) {
            g_test_message("line %zu: expected %s", i + 1, left[i] != NULL ? left[i] : "the end");
            g_test_message("line %zu: it is    %s", i + 1, right[i] != NULL ? right[i] : "the end");
            g_test_fail();
            return;
        }
    }
}

static void assert_expected(const char *file, DWORD access, char *(*tell)(HCLUSTER cluster))
{
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = NULL;
    const char *directory = g_getenv("CONFORMANCE_EXPECTED");
    g_autofree char *path = directory
                                ? g_build_filename(directory, file, NULL)
                                : g_test_build_filename(G_TEST_DIST, "..", "data", file, NULL);
    HCLUSTER cluster = open_cluster(access);
    g_autofree char *seen = tell(cluster);
    CloseCluster(cluster);
    g_file_get_contents(path, &expected, NULL, &error);
    g_assert_no_error(error);
    assert_same_lines(expected, seen);
}

static void test_transcript(void)
{
    assert_expected("conformance.expected", GENERIC_READ, transcript_of);
}

static gboolean is_laboratory;

static char *acting_transcript(HCLUSTER cluster)
{
    return acting_transcript_of(cluster, is_laboratory);
}

static void test_acting_transcript(void)
{
    assert_expected("acting.expected", GENERIC_ALL, acting_transcript);
}

/* --- Opening ------------------------------------------------------------------------------------ */

static char *control_text(const Family *family, gpointer handle, DWORD function)
{
    DWORD code = (family->object << CLUSCTL_OBJECT_SHIFT) | function;
    DWORD size = 0;
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, NULL, 0, &size), ==,
                     ERROR_SUCCESS);
    g_autofree WCHAR *text = g_malloc(size);
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, text, size, &size), ==,
                     ERROR_SUCCESS);
    g_assert_cmpuint(text[size / sizeof(WCHAR) - 1], ==, 0);
    return to_utf8(text);
}

static void assert_opens(HCLUSTER cluster, const Family *family, const char *as, const char *name)
{
    g_autofree WCHAR *wide = to_wide(as);
    gpointer handle = family->open_ex(cluster, wide, GENERIC_READ, NULL);
    g_assert_nonnull(handle);
    g_autofree char *found = control_text(family, handle, CLCTL_GET_NAME);
    g_assert_cmpstr(found, ==, name);
    g_assert_true(family->close(handle));
}

static void check_names(HCLUSTER cluster, const Family *family, gpointer handle, const char *name)
{
    g_autofree char *own = control_text(family, handle, CLCTL_GET_NAME);
    g_autofree char *id = control_text(family, handle, CLCTL_GET_ID);
    g_autofree char *upper = g_ascii_strup(name, -1);
    g_autofree char *lower = g_utf8_strdown(name, -1);
    g_assert_cmpstr(own, ==, name);
    g_assert_cmpstr(id, !=, "");
    assert_opens(cluster, family, upper, name);
    assert_opens(cluster, family, lower, name);
    assert_opens(cluster, family, id, name);
}

static void test_names(void)
{
    each_object(check_names);
}

static void check_missing(HCLUSTER cluster, const Family *family)
{
    DWORD granted = 77;
    assert_failed(family->open(cluster, MISSING), family->not_found);
    assert_failed(family->open(cluster, u"no\\such/one\n"), family->not_found);
    assert_failed(family->open_ex(cluster, MISSING, GENERIC_READ, &granted), family->not_found);
    g_assert_cmphex(granted, ==, 77);
    assert_failed(family->open(cluster, NULL), ERROR_INVALID_PARAMETER);
}

static void test_missing(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    g_autofree WCHAR *node = first_name(cluster, CLUSTER_ENUM_NODE);
    g_autofree WCHAR *network = first_name(cluster, CLUSTER_ENUM_NETWORK);
    DWORD length = 0;
    for (gsize i = 0; i < N_FAMILIES; i++) {
        check_missing(cluster, &families[i]);
    }
    assert_failed(OpenClusterNodeById(cluster, 4711), ERROR_CLUSTER_NODE_NOT_FOUND);
    assert_failed(ClusterResourceTypeOpenEnum(cluster, MISSING, CLUSTER_RESOURCE_TYPE_ENUM_ALL),
                  ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    g_assert_cmpuint(
        ClusterResourceTypeControl(cluster, MISSING, NULL,
                                   (DWORD)CLUSCTL_RESOURCE_TYPE_CODE(CLCTL_GET_CLASS_INFO), NULL, 0,
                                   NULL, 0, &length),
        ==, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND);
    g_assert_cmpuint(GetClusterNetInterface(cluster, MISSING, network, NULL, &length), ==,
                     ERROR_CLUSTER_NODE_NOT_FOUND);
    g_assert_cmpuint(GetClusterNetInterface(cluster, node, MISSING, NULL, &length), ==,
                     ERROR_CLUSTER_NETWORK_NOT_FOUND);
    CloseCluster(cluster);
}

static void test_node_by_id(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    g_autofree WCHAR *first = first_name(cluster, CLUSTER_ENUM_NODE);
    g_autofree char *expected = to_utf8(first);
    HNODE byname = OpenClusterNode(cluster, first);
    WCHAR id[16];
    DWORD length = G_N_ELEMENTS(id);
    g_assert_cmpuint(GetClusterNodeId(byname, id, &length), ==, ERROR_SUCCESS);
    g_autofree char *digits = to_utf8(id);
    HNODE node = OpenClusterNodeById(cluster, (UINT)g_ascii_strtoull(digits, NULL, 10));
    g_assert_nonnull(node);
    g_autofree char *name = control_text(&families[0], node, CLCTL_GET_NAME);
    g_assert_cmpstr(name, ==, expected);
    g_assert_true(CloseClusterNode(node));
    g_assert_true(CloseClusterNode(byname));
    CloseCluster(cluster);
}

/* --- Access ------------------------------------------------------------------------------------- */

static void check_access(HCLUSTER cluster, const Family *family, gpointer handle, const char *name)
{
    g_autofree WCHAR *wide = to_wide(name);
    DWORD granted = 0;
    BYTE list[8] = {0};
    DWORD set = (family->object << CLUSCTL_OBJECT_SHIFT) | CLCTL_SET_COMMON_PROPERTIES;
    gpointer other = family->open_ex(cluster, wide, MAXIMUM_ALLOWED, &granted);
    g_assert_nonnull(other);
    g_assert_cmphex(granted, ==, GENERIC_READ);
    g_assert_true(family->close(other));
    assert_failed(family->open_ex(cluster, wide, GENERIC_ALL, &granted), ERROR_ACCESS_DENIED);
    assert_failed(family->open(cluster, wide), ERROR_ACCESS_DENIED);
    assert_failed(family->open_ex(cluster, wide, 0, &granted), ERROR_INVALID_PARAMETER);
    assert_failed(family->open_ex(cluster, wide, 0x00000100, &granted), ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(family->control(handle, NULL, set, list, sizeof list, NULL, 0, NULL), ==,
                     ERROR_ACCESS_DENIED);
}

static void test_read_access(void)
{
    each_object(check_access);
}

static void test_full_access(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    g_autofree WCHAR *name = first_name(cluster, CLUSTER_ENUM_GROUP);
    DWORD granted = 0;
    HGROUP group = OpenClusterGroupEx(cluster, name, GENERIC_ALL, &granted);
    g_assert_nonnull(group);
    g_assert_cmphex(granted, ==, GENERIC_ALL);
    g_assert_true(CloseClusterGroup(group));
    group = OpenClusterGroupEx(cluster, name, GENERIC_READ, NULL);
    g_assert_nonnull(group);
    g_assert_true(CloseClusterGroup(group));
    g_assert_cmpuint(ClusapiGetGrantedAccess(cluster, &granted), ==, ERROR_SUCCESS);
    g_assert_cmphex(granted, ==, GENERIC_ALL);
    CloseCluster(cluster);
}

/* --- Buffers ------------------------------------------------------------------------------------ */

typedef DWORD (*GetText)(gpointer handle, LPWSTR text, LPDWORD cch);

/* The rule for every text: a NULL buffer gives the length, one character too few 234, just enough
 * succeeds, and nothing is written beyond. */
static void check_text_buffer(GetText get, gpointer handle)
{
    DWORD length = 12345;
    g_assert_cmpuint(get(handle, NULL, &length), ==, ERROR_SUCCESS);
    g_autofree WCHAR *text = g_new(WCHAR, length + 2);
    DWORD room = length;
    text[length] = 0xbeef;
    g_assert_cmpuint(get(handle, text, &room), ==, ERROR_MORE_DATA);
    g_assert_cmpuint(room, ==, length);
    g_assert_cmphex(text[length], ==, 0xbeef);
    room = length + 1;
    text[length + 1] = 0xbeef;
    g_assert_cmpuint(get(handle, text, &room), ==, ERROR_SUCCESS);
    g_assert_cmpuint(room, ==, length);
    g_assert_cmphex(text[length], ==, 0);
    g_assert_cmphex(text[length + 1], ==, 0xbeef);
    g_assert_cmpuint(get(handle, text, NULL), ==, ERROR_INVALID_PARAMETER);
}

static DWORD cluster_name(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return GetClusterInformation(handle, text, cch, NULL);
}

static DWORD node_id(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return GetClusterNodeId(handle, text, cch);
}

static DWORD network_id(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return GetClusterNetworkId(handle, text, cch);
}

static DWORD group_owner(gpointer handle, LPWSTR text, LPDWORD cch)
{
    CLUSTER_GROUP_STATE state = GetClusterGroupState(handle, text, cch);
    return state == ClusterGroupStateUnknown ? GetLastError() : ERROR_SUCCESS;
}

static DWORD resource_owner(gpointer handle, LPWSTR text, LPDWORD cch)
{
    CLUSTER_RESOURCE_STATE state = GetClusterResourceState(handle, text, cch, NULL, NULL);
    return state == ClusterResourceStateUnknown ? GetLastError() : ERROR_SUCCESS;
}

static DWORD resource_group(gpointer handle, LPWSTR text, LPDWORD cch)
{
    CLUSTER_RESOURCE_STATE state = GetClusterResourceState(handle, NULL, NULL, text, cch);
    return state == ClusterResourceStateUnknown ? GetLastError() : ERROR_SUCCESS;
}

static DWORD resource_expression(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return GetClusterResourceDependencyExpression(handle, text, cch);
}

static DWORD backend_name(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return ClusapiGetBackendName(handle, text, cch);
}

static void check_texts(G_GNUC_UNUSED HCLUSTER cluster, const Family *family, gpointer handle,
                        G_GNUC_UNUSED const char *name)
{
    switch (family->object) {
    case CLUS_OBJECT_NODE:
        check_text_buffer(node_id, handle);
        break;
    case CLUS_OBJECT_NETWORK:
        check_text_buffer(network_id, handle);
        break;
    case CLUS_OBJECT_GROUP:
        check_text_buffer(group_owner, handle);
        break;
    case CLUS_OBJECT_RESOURCE:
        check_text_buffer(resource_owner, handle);
        check_text_buffer(resource_group, handle);
        check_text_buffer(resource_expression, handle);
        break;
    }
}

static void test_text_buffers(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_READ);
    check_text_buffer(cluster_name, cluster);
    check_text_buffer(backend_name, cluster);
    CloseCluster(cluster);
    each_object(check_texts);
}

static void check_control_buffer(const Family *family, gpointer handle, DWORD function)
{
    DWORD code = (family->object << CLUSCTL_OBJECT_SHIFT) | function;
    DWORD size = 0;
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, NULL, 0, &size), ==,
                     ERROR_SUCCESS);
    g_assert_cmpuint(size, >, 0);
    g_autofree BYTE *out = g_malloc(size + 1);
    DWORD returned = 0;
    out[size] = 0xa5;
    out[size - 1] = 0x5a;
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, out, size - 1, &returned), ==,
                     ERROR_MORE_DATA);
    g_assert_cmpuint(returned, ==, size);
    g_assert_cmphex(out[size - 1], ==, 0x5a);
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, out, size, &returned), ==,
                     ERROR_SUCCESS);
    g_assert_cmpuint(returned, ==, size);
    g_assert_cmphex(out[size], ==, 0xa5);
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, out, size, NULL), ==,
                     ERROR_SUCCESS);
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 0, NULL, size, &returned), ==,
                     ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(family->control(handle, NULL, code, NULL, 4, out, size, &returned), ==,
                     ERROR_INVALID_PARAMETER);
}

static void check_controls(G_GNUC_UNUSED HCLUSTER cluster, const Family *family, gpointer handle,
                           G_GNUC_UNUSED const char *name)
{
    static const DWORD functions[] = {
        CLCTL_GET_NAME,
        CLCTL_GET_ID,
        CLCTL_GET_FLAGS,
        CLCTL_GET_CHARACTERISTICS,
        CLCTL_ENUM_COMMON_PROPERTIES,
        CLCTL_GET_COMMON_PROPERTIES,
        CLCTL_GET_RO_COMMON_PROPERTIES,
        CLCTL_GET_PRIVATE_PROPERTIES,
        CLCTL_GET_RO_PRIVATE_PROPERTIES,
        CLCTL_GET_COMMON_PROPERTY_FMTS,
        CLCTL_GET_PRIVATE_PROPERTY_FMTS,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(functions); i++) {
        check_control_buffer(family, handle, functions[i]);
    }
}

static void test_control_buffers(void)
{
    each_object(check_controls);
}

static void check_wrong_codes(G_GNUC_UNUSED HCLUSTER cluster, const Family *family, gpointer handle,
                              G_GNUC_UNUSED const char *name)
{
    DWORD other = family->object == CLUS_OBJECT_GROUP ? CLUS_OBJECT_NODE : CLUS_OBJECT_GROUP;
    DWORD of_other = (other << CLUSCTL_OBJECT_SHIFT) | CLCTL_GET_NAME;
    DWORD unknown = (family->object << CLUSCTL_OBJECT_SHIFT) | 0x3ff9;
    g_assert_cmpuint(family->control(handle, NULL, of_other, NULL, 0, NULL, 0, NULL), ==,
                     ERROR_INVALID_FUNCTION);
    g_assert_cmpuint(family->control(handle, NULL, unknown, NULL, 0, NULL, 0, NULL), ==,
                     ERROR_INVALID_FUNCTION);
    g_assert_cmpuint(family->control(handle, NULL, 0, NULL, 0, NULL, 0, NULL), ==,
                     ERROR_INVALID_FUNCTION);
}

static void test_wrong_codes(void)
{
    each_object(check_wrong_codes);
}

/* --- Handles ------------------------------------------------------------------------------------ */

static void check_cluster_of(HCLUSTER cluster, const Family *family, gpointer handle,
                             G_GNUC_UNUSED const char *name)
{
    WCHAR expected[128];
    WCHAR seen[128];
    DWORD expected_length = G_N_ELEMENTS(expected);
    DWORD seen_length = G_N_ELEMENTS(seen);
    HCLUSTER instance = family->cluster(handle);
    g_assert_nonnull(instance);
    g_assert_true(instance != cluster);
    GetClusterInformation(cluster, expected, &expected_length, NULL);
    g_assert_cmpuint(GetClusterInformation(instance, seen, &seen_length, NULL), ==, ERROR_SUCCESS);
    g_assert_cmpmem(seen, seen_length * sizeof(WCHAR), expected, expected_length * sizeof(WCHAR));
    g_assert_true(CloseCluster(instance));
    /* Neither the object nor the first instance is disturbed. */
    g_free(control_text(family, handle, CLCTL_GET_NAME));
    g_assert_cmpuint(GetClusterInformation(cluster, NULL, &seen_length, NULL), ==, ERROR_SUCCESS);
}

static void test_cluster_of(void)
{
    each_object(check_cluster_of);
}

static void test_counts(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    CLUSAPI_HANDLE_COUNTS before = {.dwVersion = 1};
    CLUSAPI_HANDLE_COUNTS after = {.dwVersion = 1};
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &before), ==, ERROR_SUCCESS);
    g_assert_cmpuint(before.cCluster, ==, 1);
    for (gsize i = 0; i < N_FAMILIES; i++) {
        each_object_of(cluster, &families[i], check_names);
        each_object_of(cluster, &families[i], check_cluster_of);
        check_missing(cluster, &families[i]);
    }
    g_assert_cmpuint(ClusapiGetHandleCounts(cluster, &after), ==, ERROR_SUCCESS);
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
    CloseCluster(cluster);
}

static void test_cancelled(void)
{
    HCLUSTER cluster = open_cluster(GENERIC_ALL);
    g_autofree WCHAR *name = first_name(cluster, CLUSTER_ENUM_GROUP);
    HCLUSCALL call = ClusapiBeginCall(5000);
    g_assert_nonnull(call);
    g_assert_true(ClusapiCancelCall(call));
    assert_failed(OpenClusterGroup(cluster, name), ERROR_OPERATION_ABORTED);
    assert_failed(ClusterOpenEnum(cluster, CLUSTER_ENUM_ALL), ERROR_OPERATION_ABORTED);
    g_assert_true(ClusapiEndCall(call));
    HGROUP group = OpenClusterGroup(cluster, name);
    g_assert_nonnull(group);
    CloseClusterGroup(group);
    CloseCluster(cluster);
}

static int print_transcript(DWORD access, char *(*tell)(HCLUSTER cluster))
{
    HCLUSTER cluster = open_cluster(access);
    g_autofree char *transcript = tell(cluster);
    CloseCluster(cluster);
    fputs(transcript, stdout);
    return 0;
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

static gboolean has_argument(int argc, char **argv, const char *argument)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], argument) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

int main(int argc, char **argv)
{
    gboolean acting = has_argument(argc, argv, "--acting");
    is_laboratory = has_argument(argc, argv, "--laboratory");
    if (has_argument(argc, argv, "--transcript")) {
        return acting ? print_transcript(GENERIC_ALL, acting_transcript)
                      : print_transcript(GENERIC_READ, transcript_of);
    }
    if (acting || is_laboratory) {
        argc = 1;
    }
    g_test_init(&argc, &argv, NULL);
    /* The library says at debug level why each call failed: here thousands are meant to. */
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    if (acting) {
        g_test_add_func("/conformance/changes come out as expected", test_acting_transcript);
        return g_test_run();
    }
    g_test_add_func("/conformance/everything is told as expected", test_transcript);
    g_test_add_func("/conformance/names in any case and ids open", test_names);
    g_test_add_func("/conformance/missing objects have their errors", test_missing);
    g_test_add_func("/conformance/nodes open by number", test_node_by_id);
    g_test_add_func("/conformance/a handle for reading cannot change", test_read_access);
    g_test_add_func("/conformance/a handle for all opens everything", test_full_access);
    g_test_add_func("/conformance/text follows the buffer rule", test_text_buffers);
    g_test_add_func("/conformance/controls follow the buffer rule", test_control_buffers);
    g_test_add_func("/conformance/wrong codes are refused", test_wrong_codes);
    add_enumerator_tests();
    g_test_add_func("/conformance/the cluster of an object", test_cluster_of);
    g_test_add_func("/conformance/no handle is left behind", test_counts);
    g_test_add_func("/conformance/a cancelled scope refuses calls", test_cancelled);
    return g_test_run();
}
