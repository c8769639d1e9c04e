/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * See transcript.h. One thread; a transcript grows in a string that transcript_of() owns.
 */
#include "transcript.h"

#include <string.h>

#include "families.h"

/* --- Values ------------------------------------------------------------------------------------- */

/* One value on a line of its own, whatever is in it. */
static void add_text(GString *out, const char *label, const WCHAR *text)
{
    g_autofree char *utf8 = to_utf8(text);
    g_autofree char *escaped = g_strescape(utf8, NULL);
    g_string_append_printf(out, "%s \"%s\"\n", label, escaped);
}

static void add_code(GString *out, const char *label, DWORD code)
{
    const char *name = ClusapiErrorName(code);
    g_string_append_printf(out, "%s: %s\n", label, name != NULL ? name : "unnamed");
}

static void add_names(GString *out, const char *label, GPtrArray *names)
{
    g_string_append(out, label);
    if (names == NULL) {
        add_code(out, "", GetLastError());
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *escaped = g_strescape(g_ptr_array_index(names, i), NULL);
        g_string_append_printf(out, " \"%s\"", escaped);
    }
    g_string_append_c(out, '\n');
    g_ptr_array_unref(names);
}

static void add_bytes(GString *out, const BYTE *data, DWORD size)
{
    for (DWORD i = 0; i < size; i++) {
        g_string_append_printf(out, "%s%02x", i == 0 ? " " : "", data[i]);
    }
    g_string_append_c(out, '\n');
}

static void add_number(GString *out, const BYTE *data, DWORD size)
{
    guint64 number = 0;
    memcpy(&number, data, MIN(size, sizeof number));
    g_string_append_printf(out, " %" G_GUINT64_FORMAT "\n", number);
}

static void add_multi(GString *out, const BYTE *data, DWORD size)
{
    g_autofree WCHAR *copy = g_malloc0(size + 2 * sizeof(WCHAR));
    memcpy(copy, data, size);
    for (const WCHAR *text = copy; *text != 0;) {
        add_text(out, "", text);
        g_string_truncate(out, out->len - 1);
        while (*text++ != 0) {
        }
    }
    g_string_append_c(out, '\n');
}

static void add_property_value(GString *out, const CLUSAPI_PROPERTY *value)
{
    g_autofree char *label =
        g_strdup_printf("      [%u] %08x", (unsigned)value->dwIndex, (unsigned)value->dwSyntax);
    add_text(out, label, value->pszName);
    g_string_truncate(out, out->len - 1);
    switch (value->dwSyntax & 0xffff) {
    case CLUSPROP_FORMAT_SZ:
    case CLUSPROP_FORMAT_EXPAND_SZ:
    case CLUSPROP_FORMAT_EXPANDED_SZ:
        add_text(out, " =", (const WCHAR *)(const void *)value->pbData);
        break;
    case CLUSPROP_FORMAT_MULTI_SZ:
        g_string_append(out, " =");
        add_multi(out, value->pbData, value->cbData);
        break;
    case CLUSPROP_FORMAT_FILETIME:
        g_string_append(out, " = a time\n");
        break;
    case CLUSPROP_FORMAT_BINARY:
    case CLUSPROP_FORMAT_SECURITY_DESCRIPTOR:
        g_string_append(out, " =");
        add_bytes(out, value->pbData, value->cbData);
        break;
    default:
        g_string_append(out, " =");
        add_number(out, value->pbData, value->cbData);
    }
}

static void add_property_list(GString *out, const BYTE *data, DWORD size)
{
    CLUSAPI_PROPERTY_CURSOR cursor = {{0}};
    CLUSAPI_PROPERTY value;
    DWORD code;
    g_string_append_c(out, '\n');
    while ((code = ClusapiPropertyListNext(data, size, &cursor, &value)) == ERROR_SUCCESS) {
        add_property_value(out, &value);
    }
    if (code != ERROR_NO_MORE_ITEMS) {
        add_code(out, "      malformed", code);
    }
}

/* Formats on one line, as NAME=FORMAT. */
static void add_formats(GString *out, const BYTE *data, DWORD size)
{
    CLUSAPI_PROPERTY_CURSOR cursor = {{0}};
    CLUSAPI_PROPERTY value;
    DWORD code;
    while ((code = ClusapiPropertyListNext(data, size, &cursor, &value)) == ERROR_SUCCESS) {
        guint16 format = 0;
        memcpy(&format, value.pbData, MIN(value.cbData, sizeof format));
        g_autofree char *name = to_utf8(value.pszName);
        g_autofree char *escaped = g_strescape(name, NULL);
        g_string_append_printf(out, " \"%s\"=%u", escaped, format);
    }
    g_string_append_c(out, '\n');
    if (code != ERROR_NO_MORE_ITEMS) {
        add_code(out, "      malformed", code);
    }
}

static void add_wide(GString *out, const BYTE *data, G_GNUC_UNUSED DWORD size)
{
    add_text(out, "", (const WCHAR *)(const void *)data);
}

static void add_time(GString *out, G_GNUC_UNUSED const BYTE *data, DWORD size)
{
    g_string_append_printf(out, " %u bytes\n", (unsigned)size);
}

/* --- Control codes ------------------------------------------------------------------------------ */

typedef void (*ShowOutput)(GString *out, const BYTE *data, DWORD size);

#define CODE(name, show)                                                                           \
    {                                                                                              \
#name, CLCTL_##name, show                                                                  \
    }

/* Every code that reads and needs no input. */
static const struct {
    const char *name;
    DWORD function;
    ShowOutput show;
} codes[] = {
    CODE(GET_CHARACTERISTICS, add_number),
    CODE(GET_FLAGS, add_number),
    CODE(GET_CLASS_INFO, add_bytes),
    CODE(GET_REQUIRED_DEPENDENCIES, add_bytes),
    CODE(GET_NAME, add_wide),
    CODE(GET_RESOURCE_TYPE, add_wide),
    CODE(GET_NODE, add_wide),
    CODE(GET_NETWORK, add_wide),
    CODE(GET_ID, add_wide),
    CODE(GET_FQDN, add_wide),
    CODE(GET_STATE_CHANGE_TIME, add_time),
    CODE(ENUM_COMMON_PROPERTIES, add_multi),
    CODE(GET_RO_COMMON_PROPERTIES, add_property_list),
    CODE(GET_COMMON_PROPERTIES, add_property_list),
    CODE(GET_COMMON_PROPERTY_FMTS, add_formats),
    CODE(GET_COMMON_RESOURCE_PROPERTY_FMTS, add_formats),
    CODE(ENUM_PRIVATE_PROPERTIES, add_multi),
    CODE(GET_RO_PRIVATE_PROPERTIES, add_property_list),
    CODE(GET_PRIVATE_PROPERTIES, add_property_list),
    CODE(GET_PRIVATE_PROPERTY_FMTS, add_formats),
    CODE(GET_PRIVATE_RESOURCE_PROPERTY_FMTS, add_formats),
    CODE(GET_DNS_NAME, add_wide),
    CODE(GET_NETWORK_NAME, add_wide),
    CODE(GET_FAILURE_INFO, add_bytes),
    CODE(GET_REGISTRY_CHECKPOINTS, add_multi),
    CODE(GET_CRYPTO_CHECKPOINTS, add_multi),
    CODE(QUERY_DELETE, add_bytes),
};

/* Whom to ask: a family's handle, a resource type of the cluster, or the cluster itself. */
typedef struct {
    const Family *family;
    gpointer handle;
    LPCWSTR type;
} Asked;

static DWORD ask(const Asked *asked, DWORD function, LPVOID out, DWORD size, LPDWORD returned)
{
    if (asked->family != NULL) {
        DWORD code = (asked->family->object << CLUSCTL_OBJECT_SHIFT) | function;
        return asked->family->control(asked->handle, NULL, code, NULL, 0, out, size, returned);
    }
    if (asked->type != NULL) {
        return ClusterResourceTypeControl(asked->handle, asked->type, NULL,
                                          CLUSCTL_RESOURCE_TYPE_CODE(function), NULL, 0, out, size,
                                          returned);
    }
    return ClusterControl(asked->handle, NULL, CLUSCTL_CLUSTER_CODE(function), NULL, 0, out, size,
                          returned);
}

/* What a code gives that is for this object; FALSE if it is not. */
static gboolean add_control(GString *out, const Asked *asked, gsize index)
{
    DWORD size = 0;
    DWORD code = ask(asked, codes[index].function, NULL, 0, &size);
    if (code == ERROR_INVALID_FUNCTION) {
        return FALSE;
    }
    g_string_append_printf(out, "    %s", codes[index].name);
    if (code == ERROR_SUCCESS || code == ERROR_MORE_DATA) {
        /* Two NULs more, so that what is shown as text always ends. */
        g_autofree BYTE *data = g_malloc0(size + 2 * sizeof(WCHAR));
        code = ask(asked, codes[index].function, data, size, &size);
        if (code == ERROR_SUCCESS) {
            codes[index].show(out, data, size);
            return TRUE;
        }
    }
    add_code(out, "", code);
    return TRUE;
}

static void add_controls(GString *out, const Asked *asked)
{
    g_autoptr(GString) refused = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (!add_control(out, asked, i)) {
            g_string_append_printf(refused, " %s", codes[i].name);
        }
    }
    g_string_append_printf(out, "    refused%s\n", refused->str);
}

/* --- Objects ------------------------------------------------------------------------------------ */

typedef DWORD (*GetText)(gpointer handle, LPWSTR text, LPDWORD cch);

static void add_got(GString *out, const char *label, GetText get, gpointer handle)
{
    WCHAR text[512];
    DWORD length = G_N_ELEMENTS(text);
    DWORD code = get(handle, text, &length);
    if (code == ERROR_SUCCESS) {
        add_text(out, label, text);
    } else {
        add_code(out, label, code);
    }
}

static DWORD network_name(gpointer handle, LPWSTR text, LPDWORD cch)
{
    return GetClusterResourceNetworkName(handle, text, cch) ? ERROR_SUCCESS : GetLastError();
}

#define GETTER(function)                                                                           \
    static DWORD got_##function(gpointer handle, LPWSTR text, LPDWORD cch)                         \
    {                                                                                              \
        return function(handle, text, cch);                                                        \
    }
GETTER(GetClusterNodeId)
GETTER(GetClusterNetworkId)
GETTER(GetClusterResourceDependencyExpression)

static void add_group(GString *out, gpointer handle)
{
    WCHAR node[512] = {0};
    DWORD length = G_N_ELEMENTS(node);
    int state = GetClusterGroupState(handle, node, &length);
    g_string_append_printf(out, "    state %d\n", state);
    add_text(out, "    owner", node);
}

static void add_resource(GString *out, gpointer handle)
{
    WCHAR node[512] = {0};
    WCHAR group[512] = {0};
    DWORD node_length = G_N_ELEMENTS(node);
    DWORD group_length = G_N_ELEMENTS(group);
    int state = GetClusterResourceState(handle, node, &node_length, group, &group_length);
    g_string_append_printf(out, "    state %d\n", state);
    add_text(out, "    owner", node);
    add_text(out, "    group", group);
    add_got(out, "    expression", got_GetClusterResourceDependencyExpression, handle);
    add_got(out, "    network name", network_name, handle);
}

static void add_state(GString *out, const Family *family, gpointer handle)
{
    switch (family->object) {
    case CLUS_OBJECT_NODE:
        g_string_append_printf(out, "    state %d\n", (int)GetClusterNodeState(handle));
        add_got(out, "    id", got_GetClusterNodeId, handle);
        break;
    case CLUS_OBJECT_GROUP:
        add_group(out, handle);
        break;
    case CLUS_OBJECT_RESOURCE:
        add_resource(out, handle);
        break;
    case CLUS_OBJECT_NETWORK:
        g_string_append_printf(out, "    state %d\n", (int)GetClusterNetworkState(handle));
        add_got(out, "    id", got_GetClusterNetworkId, handle);
        break;
    default:
        g_string_append_printf(out, "    state %d\n", (int)GetClusterNetInterfaceState(handle));
    }
}

static void add_relations(GString *out, const Enumerator *enumerator, gpointer parent, LPCWSTR name)
{
    for (const DWORD *bit = enumerator->bits; *bit != 0; bit++) {
        g_autofree char *label = g_strdup_printf("    enum %08x", (unsigned)*bit);
        add_names(out, label, enumerator_names(enumerator, parent, name, *bit));
    }
}

static void add_object(GString *out, HCLUSTER cluster, const Family *family, const char *name)
{
    g_autofree WCHAR *wide = to_wide(name);
    g_autofree char *label = g_strdup_printf("  %s", family->word);
    Asked asked = {family, family->open_ex(cluster, wide, GENERIC_READ, NULL), NULL};
    add_text(out, label, wide);
    if (asked.handle == NULL) {
        add_code(out, "    open", GetLastError());
        return;
    }
    add_state(out, family, asked.handle);
    if (family_enumerator(family) != NULL) {
        add_relations(out, family_enumerator(family), asked.handle, NULL);
    }
    add_controls(out, &asked);
    family->close(asked.handle);
}

static void add_family(GString *out, HCLUSTER cluster, const Family *family)
{
    g_autoptr(GPtrArray) names =
        enumerator_names(&cluster_enumerator, cluster, NULL, family->enum_bit);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        add_object(out, cluster, family, g_ptr_array_index(names, i));
    }
}

static void add_types(GString *out, HCLUSTER cluster)
{
    g_autoptr(GPtrArray) names =
        enumerator_names(&cluster_enumerator, cluster, NULL, CLUSTER_ENUM_RESTYPE);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autofree WCHAR *wide = to_wide(g_ptr_array_index(names, i));
        add_text(out, "  type", wide);
        add_relations(out, &type_enumerator, cluster, wide);
        add_controls(out, &(Asked){NULL, cluster, wide});
    }
}

/* --- The cluster -------------------------------------------------------------------------------- */

static void add_information(GString *out, HCLUSTER cluster)
{
    WCHAR name[512] = {0};
    DWORD length = G_N_ELEMENTS(name);
    CLUSTERVERSIONINFO version = {.dwVersionInfoSize = sizeof version};
    add_code(out, "information", GetClusterInformation(cluster, name, &length, &version));
    add_text(out, "  name", name);
    add_text(out, "  vendor", version.szVendorId);
    add_text(out, "  service pack", version.szCSDVersion);
    g_string_append_printf(out, "  version %u.%u.%u %08x %08x %08x\n", version.MajorVersion,
                           version.MinorVersion, version.BuildNumber,
                           (unsigned)version.dwClusterHighestVersion,
                           (unsigned)version.dwClusterLowestVersion, (unsigned)version.dwFlags);
}

static void add_quorum(GString *out, HCLUSTER cluster)
{
    WCHAR resource[512] = {0};
    WCHAR device[512] = {0};
    DWORD resource_length = G_N_ELEMENTS(resource);
    DWORD device_length = G_N_ELEMENTS(device);
    DWORD log_size = 0;
    add_code(out, "quorum",
             GetClusterQuorumResource(cluster, resource, &resource_length, device, &device_length,
                                      &log_size));
    add_text(out, "  resource", resource);
    add_text(out, "  device", device);
    g_string_append_printf(out, "  log size %u\n", (unsigned)log_size);
}

static void add_interfaces(GString *out, HCLUSTER cluster)
{
    g_autoptr(GPtrArray) nodes =
        enumerator_names(&cluster_enumerator, cluster, NULL, CLUSTER_ENUM_NODE);
    g_autoptr(GPtrArray) networks =
        enumerator_names(&cluster_enumerator, cluster, NULL, CLUSTER_ENUM_NETWORK);
    for (guint i = 0; i < nodes->len * networks->len; i++) {
        const char *node = g_ptr_array_index(nodes, i / networks->len);
        const char *network = g_ptr_array_index(networks, i % networks->len);
        g_autofree WCHAR *wide_node = to_wide(node);
        g_autofree WCHAR *wide_network = to_wide(network);
        g_autofree char *label = g_strdup_printf("interface of %s on %s", node, network);
        WCHAR name[512];
        DWORD length = G_N_ELEMENTS(name);
        DWORD code = GetClusterNetInterface(cluster, wide_node, wide_network, name, &length);
        if (code == ERROR_SUCCESS) {
            add_text(out, label, name);
        } else {
            add_code(out, label, code);
        }
    }
}

static void add_enumeration_ex(GString *out, HCLUSTER cluster)
{
    HCLUSENUMEX handle = ClusterOpenEnumEx(cluster, CLUSTER_ENUM_ALL, NULL);
    g_assert_nonnull(handle);
    for (DWORD i = 0; i < ClusterGetEnumCountEx(handle); i++) {
        DWORD size = 0;
        g_assert_cmpuint(ClusterEnumEx(handle, i, NULL, &size), ==, ERROR_MORE_DATA);
        g_autofree CLUSTER_ENUM_ITEM *item = g_malloc(size);
        g_assert_cmpuint(ClusterEnumEx(handle, i, item, &size), ==, ERROR_SUCCESS);
        g_string_append_printf(out, "entry %08x", (unsigned)item->dwType);
        add_text(out, "", item->lpszName);
        add_text(out, "  id", item->lpszId);
    }
    g_assert_cmpuint(ClusterCloseEnumEx(handle), ==, ERROR_SUCCESS);
}

static void add_groups_ex(GString *out, HCLUSTER cluster)
{
    static const WCHAR all[] = {'*', 0, 0};
    HGROUPENUMEX handle = ClusterGroupOpenEnumEx(cluster, all, sizeof all, all, sizeof all, 0);
    g_assert_nonnull(handle);
    for (DWORD i = 0; i < ClusterGroupGetEnumCountEx(handle); i++) {
        DWORD size = 0;
        g_assert_cmpuint(ClusterGroupEnumEx(handle, i, NULL, &size), ==, ERROR_MORE_DATA);
        g_autofree CLUSTER_GROUP_ENUM_ITEM *item = g_malloc(size);
        g_assert_cmpuint(ClusterGroupEnumEx(handle, i, item, &size), ==, ERROR_SUCCESS);
        add_text(out, "group entry", item->lpszName);
        add_text(out, "  id", item->lpszId);
        add_text(out, "  owner", item->lpszOwnerNode);
        g_string_append_printf(out, "  state %d flags %u\n", (int)item->state,
                               (unsigned)item->dwFlags);
        add_property_list(out, item->pProperties, item->cbProperties);
        add_property_list(out, item->pRoProperties, item->cbRoProperties);
    }
    g_assert_cmpuint(ClusterGroupCloseEnumEx(handle), ==, ERROR_SUCCESS);
}

static void add_resources_ex(GString *out, HCLUSTER cluster)
{
    static const WCHAR all[] = {'*', 0, 0};
    HRESENUMEX handle = ClusterResourceOpenEnumEx(cluster, all, sizeof all, all, sizeof all, 0);
    g_assert_nonnull(handle);
    for (DWORD i = 0; i < ClusterResourceGetEnumCountEx(handle); i++) {
        DWORD size = 0;
        g_assert_cmpuint(ClusterResourceEnumEx(handle, i, NULL, &size), ==, ERROR_MORE_DATA);
        g_autofree CLUSTER_RESOURCE_ENUM_ITEM *item = g_malloc(size);
        g_assert_cmpuint(ClusterResourceEnumEx(handle, i, item, &size), ==, ERROR_SUCCESS);
        add_text(out, "resource entry", item->lpszName);
        add_text(out, "  id", item->lpszId);
        add_text(out, "  group", item->lpszOwnerGroupName);
        add_text(out, "  group's id", item->lpszOwnerGroupId);
        add_property_list(out, item->pProperties, item->cbProperties);
        add_property_list(out, item->pRoProperties, item->cbRoProperties);
    }
    g_assert_cmpuint(ClusterResourceCloseEnumEx(handle), ==, ERROR_SUCCESS);
}

/* --- The same for every copy of a cluster ---------------------------------------------------------- */

static gboolean number_id(const GMatchInfo *match, GString *result, gpointer data)
{
    GHashTable *numbers = data;
    char *id = g_match_info_fetch(match, 0);
    gpointer number = g_hash_table_lookup(numbers, id);
    if (number == NULL) {
        number = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
        g_hash_table_insert(numbers, g_strdup(id), number);
    }
    g_string_append_printf(result, "(id %u)", GPOINTER_TO_UINT(number));
    g_free(id);
    return FALSE;
}

static char *without_ids(const char *text)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GRegex) id =
        g_regex_new("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", G_REGEX_RAW, 0, NULL);
    return g_regex_replace_eval(id, text, -1, 0, 0, number_id, numbers, NULL);
}

char *transcript_of(HCLUSTER cluster)
{
    g_autoptr(GString) out = g_string_new(NULL);
    add_information(out, cluster);
    add_quorum(out, cluster);
    add_relations(out, &cluster_enumerator, cluster, NULL);
    add_controls(out, &(Asked){NULL, cluster, NULL});
    add_interfaces(out, cluster);
    add_enumeration_ex(out, cluster);
    add_groups_ex(out, cluster);
    add_resources_ex(out, cluster);
    for (gsize i = 0; i < N_FAMILIES; i++) {
        add_family(out, cluster, &families[i]);
    }
    add_types(out, cluster);
    return without_ids(out->str);
}
