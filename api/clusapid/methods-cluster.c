/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"

#include <clusapi/linux.h>
#include <stdlib.h>

/* As sent: its own size, two versions, flags, and what is reserved. */
#define OPERATIONAL_VERSION_SIZE 20
/* More than there are nodes in any cluster. */
#define NODES_MAX 1024

/* --- Opening and closing ------------------------------------------------------------------------ */

static DWORD open_cluster(ClusapidCall *call)
{
    DWORD granted;
    DWORD code = clusapid_grant(call, GENERIC_ALL, &granted);
    return code != ERROR_SUCCESS
               ? code
               : clusapid_give(call, 1, CLUSAPID_CLUSTER, GUINT_TO_POINTER(granted));
}

static DWORD open_cluster_ex(ClusapidCall *call)
{
    DWORD granted;
    DWORD code = clusapid_grant(call, (DWORD)call->values[0].number, &granted);
    if (code == ERROR_SUCCESS) {
        code = clusapid_give(call, 3, CLUSAPID_CLUSTER, GUINT_TO_POINTER(granted));
    }
    call->values[1].number = code == ERROR_SUCCESS ? granted : 0;
    return code;
}

CLUSAPID_CLOSE(close_cluster, CLUSAPID_CLUSTER)

/* --- Names -------------------------------------------------------------------------------------- */

static DWORD set_name(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS ? code : SetClusterName(cluster, call->values[0].text);
}

/* The name of a node, if there is one of that name or id. */
static DWORD name_of_node(HCLUSTER cluster, LPCWSTR node, CLUSTER_NODE_STATE *ret_state,
                          ClNdrValue *value)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    HNODE handle = OpenClusterNodeEx(cluster, node, GENERIC_READ, NULL);
    DWORD code;
    if (handle == NULL) {
        return GetLastError();
    }
    do {
        DWORD bytes = name.room * (DWORD)sizeof(WCHAR);
        code = ClusterNodeControl(handle, NULL, CLUSCTL_NODE_GET_NAME, NULL, 0, name.text, bytes,
                                  &bytes);
        name.size = bytes / (DWORD)sizeof(WCHAR);
    } while (clusapid_text_again(code, &name, 1));
    *ret_state = GetClusterNodeState(handle);
    CloseClusterNode(handle);
    if (code == ERROR_SUCCESS) {
        clusapid_text_give(&name, value);
    }
    return code;
}

static DWORD name_of_utf8(HCLUSTER cluster, const char *node, ClNdrValue *value)
{
    WCHAR wide[MAX_CLUSTERNAME_LENGTH + 1];
    DWORD size = G_N_ELEMENTS(wide);
    CLUSTER_NODE_STATE state;
    if (node == NULL || ClusapiUtf8ToWide(node, wide, &size) != ERROR_SUCCESS) {
        return ERROR_CLUSTER_NODE_NOT_FOUND;
    }
    return name_of_node(cluster, wide, &state, value);
}

static guint number_of(LPCWSTR id)
{
    guint number = 0;
    for (; *id >= '0' && *id <= '9' && number < G_MAXUINT / 16; id++) {
        number = number * 10 + (*id - '0');
    }
    return number;
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
    guint first = number_of(*(const LPCWSTR *)a);
    guint second = number_of(*(const LPCWSTR *)b);
    return first < second ? -1 : first > second;
}

static DWORD ids_of_nodes(HCLUSTER cluster, GPtrArray *ids)
{
    HCLUSENUMEX list = ClusterOpenEnumEx(cluster, CLUSTER_ENUM_NODE, NULL);
    DWORD code = list ? ERROR_SUCCESS : GetLastError();
    for (DWORD i = 0; code == ERROR_SUCCESS && i < NODES_MAX; i++) {
        DWORD size = 0;
        g_autofree CLUSTER_ENUM_ITEM *item = NULL;
        while ((code = ClusterEnumEx(list, i, item, &size)) == ERROR_MORE_DATA) {
            item = g_realloc(item, size);
        }
        if (code == ERROR_SUCCESS && item != NULL) {
            g_ptr_array_add(ids, clusapid_text_copy(item->lpszId));
        }
    }
    if (list != NULL) {
        ClusterCloseEnumEx(list);
    }
    return code == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : code;
}

/* The first by number that is up. */
static DWORD name_of_first(HCLUSTER cluster, ClNdrValue *value)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    DWORD code = ids_of_nodes(cluster, ids);
    CLUSTER_NODE_STATE state = ClusterNodeDown;
    g_ptr_array_sort(ids, compare_ids);
    for (guint i = 0; code == ERROR_SUCCESS && i < ids->len && state != ClusterNodeUp; i++) {
        code = name_of_node(cluster, ids->pdata[i], &state, value);
    }
    return code;
}

/* The node that answers, by the rule of the library: the environment names it, or the host is one,
 * or it is the first that is up. */
static DWORD name_of_local_node(HCLUSTER cluster, ClNdrValue *value)
{
    DWORD code = name_of_utf8(cluster, g_getenv("CLUSAPI_NODE"), value);
    if (code == ERROR_CLUSTER_NODE_NOT_FOUND) {
        code = name_of_utf8(cluster, g_get_host_name(), value);
    }
    return code == ERROR_CLUSTER_NODE_NOT_FOUND ? name_of_first(cluster, value) : code;
}

static DWORD get_information(HCLUSTER cluster, CLUSTERVERSIONINFO *info, ClNdrValue *name)
{
    g_auto(ClusapidText) text = CLUSAPID_TEXT;
    DWORD code;
    do {
        code = GetClusterInformation(cluster, text.text, &text.size, info);
    } while (clusapid_text_again(code, &text, 1));
    if (code == ERROR_SUCCESS && name != NULL) {
        clusapid_text_give(&text, name);
    }
    return code;
}

static DWORD get_name(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code == ERROR_SUCCESS) {
        code = get_information(cluster, NULL, &call->values[0]);
    }
    return code == ERROR_SUCCESS ? name_of_local_node(cluster, &call->values[1]) : code;
}

/* --- Version and quorum ------------------------------------------------------------------------- */

static DWORD get_version(ClusapidCall *call)
{
    CLUSTERVERSIONINFO info = {.dwVersionInfoSize = sizeof info};
    ClNdrValue *values = call->values;
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code == ERROR_SUCCESS) {
        code = get_information(cluster, &info, NULL);
    }
    if (code != ERROR_SUCCESS) {
        return code;
    }
    values[0].number = info.MajorVersion;
    values[1].number = info.MinorVersion;
    values[2].number = info.BuildNumber;
    values[3].text = clusapid_text_copy(info.szVendorId);
    values[4].text = clusapid_text_copy(info.szCSDVersion);
    values[5].rows = cl_ndr_rows_new(&cl_ndr_version);
    ClNdrValue *version = cl_ndr_row_add(values[5].rows, &cl_ndr_version);
    version[0].number = OPERATIONAL_VERSION_SIZE;
    version[1].number = info.dwClusterHighestVersion;
    version[2].number = info.dwClusterLowestVersion;
    version[3].number = info.dwFlags;
    return ERROR_SUCCESS;
}

static DWORD get_quorum(ClusapidCall *call)
{
    ClusapidText texts[] = {CLUSAPID_TEXT, CLUSAPID_TEXT};
    DWORD size = 0;
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code == ERROR_SUCCESS) {
        do {
            code = GetClusterQuorumResource(cluster, texts[0].text, &texts[0].size, texts[1].text,
                                            &texts[1].size, &size);
        } while (clusapid_text_again(code, texts, G_N_ELEMENTS(texts)));
    }
    if (code == ERROR_SUCCESS) {
        clusapid_text_give(&texts[0], &call->values[0]);
        clusapid_text_give(&texts[1], &call->values[1]);
        call->values[2].number = size;
    }
    clusapid_text_clear(&texts[0]);
    clusapid_text_clear(&texts[1]);
    return code;
}

static DWORD set_quorum(ClusapidCall *call)
{
    HRESOURCE resource = clusapid_object(call, 0, CLUSAPID_RESOURCE);
    return resource ? SetClusterQuorumResource(resource, call->values[1].text,
                                               (DWORD)call->values[2].number)
                    : ERROR_INVALID_HANDLE;
}

static const ClusapidRow rows[] = {
    {CL_OP_OpenCluster, open_cluster},
    {CL_OP_CloseCluster, close_cluster},
    {CL_OP_SetClusterName, set_name},
    {CL_OP_GetClusterName, get_name},
    {CL_OP_GetClusterVersion, clusapid_refuse}, /* GetClusterVersion: superseded */
    {CL_OP_GetQuorumResource, get_quorum},
    {CL_OP_SetQuorumResource, set_quorum},
    {CL_OP_GetClusterVersion2, get_version},
    {CL_OP_BackupClusterDatabase, clusapid_refuse},     /* BackupClusterDatabase */
    {CL_OP_SetServiceAccountPassword, clusapid_refuse}, /* SetServiceAccountPassword */
    {CL_OP_OpenClusterEx, open_cluster_ex},
};

CLUSAPID_FAMILY(clusapid_cluster_methods, rows);
