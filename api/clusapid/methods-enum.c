/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lists: names with their types, names with ids, groups and resources with properties.
 */
#include "call.h"

/* --- Names with types --------------------------------------------------------------------------- */

/* A list of the library, whose handles are all of different types. */
typedef struct {
    gpointer handle; /* NULL: it failed */
    DWORD (*item)(gpointer handle, DWORD index, LPDWORD type, LPWSTR name, LPDWORD size);
    DWORD (*close)(gpointer handle);
} List;

#define LIST(name, handle_type, item_function, close_function)                                     \
    static DWORD name##_item(gpointer handle, DWORD index, LPDWORD type, LPWSTR text,              \
                             LPDWORD size)                                                         \
    {                                                                                              \
        return item_function((handle_type)handle, index, type, text, size);                        \
    }                                                                                              \
    static DWORD name##_close(gpointer handle)                                                     \
    {                                                                                              \
        return close_function((handle_type)handle);                                                \
    }                                                                                              \
    static List name(gpointer handle)                                                              \
    {                                                                                              \
        return (List){handle, name##_item, name##_close};                                          \
    }

static DWORD interface_item(HNETINTERFACEENUM list, DWORD index, LPDWORD type, LPWSTR name,
                            LPDWORD size)
{
    *type = CLUSTER_ENUM_NETINTERFACE;
    return ClusterNetInterfaceEnum(list, index, name, size);
}

/* The protocol has no type for them. */
static DWORD set_item(HGROUPSETENUM list, DWORD index, LPDWORD type, LPWSTR name, LPDWORD size)
{
    *type = 0;
    return ClusterGroupSetEnum(list, index, name, size);
}

LIST(list_of_cluster, HCLUSENUM, ClusterEnum, ClusterCloseEnum)
LIST(list_of_node, HNODEENUM, ClusterNodeEnum, ClusterNodeCloseEnum)
LIST(list_of_group, HGROUPENUM, ClusterGroupEnum, ClusterGroupCloseEnum)
LIST(list_of_resource, HRESENUM, ClusterResourceEnum, ClusterResourceCloseEnum)
LIST(list_of_type, HRESTYPEENUM, ClusterResourceTypeEnum, ClusterResourceTypeCloseEnum)
LIST(list_of_network, HNETWORKENUM, ClusterNetworkEnum, ClusterNetworkCloseEnum)
LIST(list_of_interfaces, HNETINTERFACEENUM, interface_item, ClusterNetInterfaceCloseEnum)
LIST(list_of_sets, HGROUPSETENUM, set_item, ClusterGroupSetCloseEnum)

static void add_entry(GPtrArray *rows, DWORD type, LPWSTR name)
{
    ClNdrValue *entry = cl_ndr_row_add(rows, &cl_ndr_enum_entry);
    entry[0].number = type;
    entry[1].text = name;
}

static DWORD add_item(const List *list, DWORD index, GPtrArray *rows)
{
    g_auto(ClusapidText) name = CLUSAPID_TEXT;
    DWORD type = 0;
    DWORD code;
    do {
        code = list->item(list->handle, index, &type, name.text, &name.size);
    } while (clusapid_text_again(code, &name, 1));
    if (code == ERROR_SUCCESS) {
        add_entry(rows, type, clusapid_text_copy(name.text));
    }
    return code;
}

/* Closes the list. */
static DWORD give_list(List list, ClNdrValue *value)
{
    g_autoptr(GPtrArray) rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    DWORD code = list.handle ? ERROR_SUCCESS : GetLastError();
    for (DWORD i = 0; code == ERROR_SUCCESS; i++) {
        code = add_item(&list, i, rows);
    }
    if (list.handle != NULL) {
        (void)list.close(list.handle);
    }
    if (code != ERROR_NO_MORE_ITEMS) {
        return code;
    }
    value->rows = g_steal_pointer(&rows);
    return ERROR_SUCCESS;
}

static DWORD list_cluster(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    return code != ERROR_SUCCESS
               ? code
               : give_list(list_of_cluster(ClusterOpenEnum(cluster, (DWORD)call->values[0].number)),
                           &call->values[1]);
}

#define OF_OBJECT(method, kind, type, open, list)                                                  \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        return object ? give_list(list(open(object, (DWORD)call->values[1].number)),               \
                                  &call->values[2])                                                \
                      : ERROR_INVALID_HANDLE;                                                      \
    }

OF_OBJECT(list_node, CLUSAPID_NODE, HNODE, ClusterNodeOpenEnum, list_of_node)
OF_OBJECT(list_group, CLUSAPID_GROUP, HGROUP, ClusterGroupOpenEnum, list_of_group)
OF_OBJECT(list_resource, CLUSAPID_RESOURCE, HRESOURCE, ClusterResourceOpenEnum, list_of_resource)
OF_OBJECT(list_network, CLUSAPID_NETWORK, HNETWORK, ClusterNetworkOpenEnum, list_of_network)

static DWORD list_type(ClusapidCall *call)
{
    HCLUSTER cluster;
    DWORD code = clusapid_cluster(call, &cluster);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    /* Of bits that mean nothing the list is empty, but the type must be there. */
    DWORD types = (DWORD)call->values[1].number & CLUSTER_RESOURCE_TYPE_ENUM_ALL;
    HRESTYPEENUM list = ClusterResourceTypeOpenEnum(
        cluster, call->values[0].text, types != 0 ? types : CLUSTER_RESOURCE_TYPE_ENUM_ALL);
    code = give_list(list_of_type(list), &call->values[2]);
    if (code == ERROR_SUCCESS && types == 0) {
        g_ptr_array_set_size(call->values[2].rows, 0);
    }
    return code;
}

static DWORD list_sets(ClusapidCall *call)
{
    HCLUSTER cluster;
    gpointer granted = clusapid_object(call, 0, CLUSAPID_CLUSTER);
    DWORD code = granted ? clusapid_cluster(call, &cluster) : ERROR_INVALID_HANDLE;
    return code != ERROR_SUCCESS
               ? code
               : give_list(list_of_sets(ClusterGroupSetOpenEnum(cluster)), &call->values[1]);
}

static DWORD list_interfaces(ClusapidCall *call)
{
    HCLUSTER cluster;
    gpointer granted = clusapid_object(call, 0, CLUSAPID_CLUSTER);
    DWORD code = granted ? clusapid_cluster(call, &cluster) : ERROR_INVALID_HANDLE;
    if (code != ERROR_SUCCESS) {
        return code;
    }
    HNETINTERFACEENUM list =
        ClusterNetInterfaceOpenEnum(cluster, call->values[1].text, call->values[2].text);
    return give_list(list_of_interfaces(list), &call->values[3]);
}

/* --- Names with ids ----------------------------------------------------------------------------- */

typedef DWORD (*ItemEx)(gpointer list, DWORD index, gpointer item, LPDWORD size);

static DWORD cluster_item_ex(gpointer list, DWORD index, gpointer item, LPDWORD size)
{
    return ClusterEnumEx((HCLUSENUMEX)list, index, item, size);
}

static DWORD node_item_ex(gpointer list, DWORD index, gpointer item, LPDWORD size)
{
    return ClusterNodeEnumEx((HNODEENUMEX)list, index, item, size);
}

static DWORD group_item_ex(gpointer list, DWORD index, gpointer item, LPDWORD size)
{
    return ClusterGroupEnumEx((HGROUPENUMEX)list, index, item, size);
}

static DWORD resource_item_ex(gpointer list, DWORD index, gpointer item, LPDWORD size)
{
    return ClusterResourceEnumEx((HRESENUMEX)list, index, item, size);
}

/* Reads an item into a buffer that grows. */
static DWORD read_item(gpointer list, DWORD index, ItemEx read, gpointer *item, DWORD *room)
{
    DWORD size = *room;
    DWORD code;
    while ((code = read(list, index, *item, &size)) == ERROR_MORE_DATA && size > *room) {
        *item = g_realloc(*item, size);
        *room = size;
    }
    return code;
}

static DWORD give_lists(gpointer list, ItemEx read, ClNdrValue *ids, ClNdrValue *names)
{
    g_autofree gpointer item = NULL;
    DWORD room = 0;
    DWORD code = list ? ERROR_SUCCESS : GetLastError();
    g_autoptr(GPtrArray) id_rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    g_autoptr(GPtrArray) name_rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    for (DWORD i = 0; code == ERROR_SUCCESS; i++) {
        code = read_item(list, i, read, &item, &room);
        if (code == ERROR_SUCCESS) {
            const CLUSTER_ENUM_ITEM *entry = item;
            add_entry(id_rows, entry->dwType, clusapid_text_copy(entry->lpszId));
            add_entry(name_rows, entry->dwType, clusapid_text_copy(entry->lpszName));
        }
    }
    if (code != ERROR_NO_MORE_ITEMS) {
        return code;
    }
    ids->rows = g_steal_pointer(&id_rows);
    names->rows = g_steal_pointer(&name_rows);
    return ERROR_SUCCESS;
}

static DWORD read_resource_id(HRESOURCE resource, LPWSTR text, LPDWORD size)
{
    DWORD bytes = 0;
    DWORD code = ClusterResourceControl(resource, NULL, CLUSCTL_RESOURCE_GET_ID, NULL, 0, text,
                                        *size * (DWORD)sizeof *text, &bytes);
    *size = bytes / (DWORD)sizeof *text;
    return code;
}

/* The name where there is no id. */
static LPWSTR id_of_resource(HCLUSTER cluster, LPCWSTR name)
{
    g_auto(ClusapidText) id = CLUSAPID_TEXT;
    HRESOURCE resource = OpenClusterResourceEx(cluster, name, GENERIC_READ, NULL);
    DWORD code = resource ? ERROR_SUCCESS : GetLastError();
    if (resource != NULL) {
        do {
            code = read_resource_id(resource, id.text, &id.size);
        } while (clusapid_text_again(code, &id, 1));
        (void)CloseClusterResource(resource);
    }
    return clusapid_text_copy(code == ERROR_SUCCESS ? id.text : name);
}

/* The library's Ex function does not take shared volumes, but the method does. */
static DWORD list_shared_volumes(HCLUSTER cluster, ClNdrValue *ids, ClNdrValue *names)
{
    HCLUSENUM list = ClusterOpenEnum(cluster, CLUSTER_ENUM_SHARED_VOLUME_RESOURCE);
    DWORD code = give_list(list_of_cluster(list), names);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    ids->rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    for (guint i = 0; i < names->rows->len; i++) {
        const ClNdrValue *name = names->rows->pdata[i];
        add_entry(ids->rows, (DWORD)name[0].number, id_of_resource(cluster, name[1].text));
    }
    return ERROR_SUCCESS;
}

static DWORD list_cluster_ex(ClusapidCall *call)
{
    ClNdrValue *values = call->values;
    HCLUSTER cluster;
    gpointer granted = clusapid_object(call, 0, CLUSAPID_CLUSTER);
    DWORD code = granted ? clusapid_cluster(call, &cluster) : ERROR_INVALID_HANDLE;
    if (code != ERROR_SUCCESS || values[2].number != 0) {
        return code != ERROR_SUCCESS ? code : ERROR_INVALID_PARAMETER;
    }
    if (values[1].number == CLUSTER_ENUM_SHARED_VOLUME_RESOURCE) {
        return list_shared_volumes(cluster, &values[3], &values[4]);
    }
    HCLUSENUMEX list = ClusterOpenEnumEx(cluster, (DWORD)values[1].number, NULL);
    code = give_lists(list, cluster_item_ex, &values[3], &values[4]);
    if (list != NULL) {
        (void)ClusterCloseEnumEx(list);
    }
    return code;
}

static DWORD list_node_ex(ClusapidCall *call)
{
    ClNdrValue *values = call->values;
    HNODE node = clusapid_object(call, 0, CLUSAPID_NODE);
    if (node == NULL || values[2].number != 0) {
        return node == NULL ? ERROR_INVALID_HANDLE : ERROR_INVALID_PARAMETER;
    }
    HNODEENUMEX list = ClusterNodeOpenEnumEx(node, (DWORD)values[1].number, NULL);
    DWORD code = give_lists(list, node_item_ex, &values[3], &values[4]);
    if (list != NULL) {
        (void)ClusterNodeCloseEnumEx(list);
    }
    return code;
}

/* --- Groups and resources with properties ------------------------------------------------------- */

static void give_properties(ClNdrValue *members, gconstpointer data, DWORD size)
{
    members[0].number = size;
    members[1].bytes = size > 0 ? g_bytes_new(data, size) : NULL;
}

static void add_group(gconstpointer data, GPtrArray *rows)
{
    const CLUSTER_GROUP_ENUM_ITEM *item = data;
    ClNdrValue *entry = cl_ndr_row_add(rows, &cl_ndr_group_entry);
    entry[0].text = clusapid_text_copy(item->lpszName);
    entry[1].text = clusapid_text_copy(item->lpszId);
    entry[2].number = (DWORD)item->state;
    entry[3].text = clusapid_text_copy(item->lpszOwnerNode);
    entry[4].number = item->dwFlags;
    give_properties(&entry[5], item->pProperties, item->cbProperties);
    give_properties(&entry[7], item->pRoProperties, item->cbRoProperties);
}

static void add_resource(gconstpointer data, GPtrArray *rows)
{
    const CLUSTER_RESOURCE_ENUM_ITEM *item = data;
    ClNdrValue *entry = cl_ndr_row_add(rows, &cl_ndr_resource_entry);
    entry[0].text = clusapid_text_copy(item->lpszName);
    entry[1].text = clusapid_text_copy(item->lpszId);
    entry[2].text = clusapid_text_copy(item->lpszOwnerGroupName);
    entry[3].text = clusapid_text_copy(item->lpszOwnerGroupId);
    give_properties(&entry[4], item->pProperties, item->cbProperties);
    give_properties(&entry[6], item->pRoProperties, item->cbRoProperties);
}

static DWORD give_items(gpointer list, ItemEx read, void (*add)(gconstpointer, GPtrArray *),
                        const ClNdrStruct *of, ClNdrValue *value)
{
    g_autofree gpointer item = NULL;
    DWORD room = 0;
    DWORD code = list ? ERROR_SUCCESS : GetLastError();
    g_autoptr(GPtrArray) rows = cl_ndr_rows_new(of);
    for (DWORD i = 0; code == ERROR_SUCCESS; i++) {
        code = read_item(list, i, read, &item, &room);
        if (code == ERROR_SUCCESS) {
            add(item, rows);
        }
    }
    if (code != ERROR_NO_MORE_ITEMS) {
        return code;
    }
    value->rows = g_steal_pointer(&rows);
    return ERROR_SUCCESS;
}

/* Of which cluster, and with which properties. */
typedef struct {
    HCLUSTER cluster;
    LPCWSTR common, read_only; /* NULL: none */
    DWORD common_size, read_only_size;
} Wanted;

static DWORD take_wanted(ClusapidCall *call, Wanted *wanted)
{
    LPCWSTR common = clusapid_bytes(&call->values[1], &wanted->common_size);
    LPCWSTR read_only = clusapid_bytes(&call->values[3], &wanted->read_only_size);
    gpointer granted = clusapid_object(call, 0, CLUSAPID_CLUSTER);
    wanted->common = wanted->common_size > 0 ? common : NULL;
    wanted->read_only = wanted->read_only_size > 0 ? read_only : NULL;
    return granted ? clusapid_cluster(call, &wanted->cluster) : ERROR_INVALID_HANDLE;
}

#define WITH_PROPERTIES(method, type, open, close, item, add, entry)                               \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        Wanted wanted;                                                                             \
        DWORD code = take_wanted(call, &wanted);                                                   \
        if (code != ERROR_SUCCESS) {                                                               \
            return code;                                                                           \
        }                                                                                          \
        type list = open(wanted.cluster, wanted.common, wanted.common_size, wanted.read_only,      \
                         wanted.read_only_size, 0);                                                \
        code = give_items(list, item, add, &(entry), &call->values[5]);                            \
        if (list != NULL) {                                                                        \
            (void)close(list);                                                                     \
        }                                                                                          \
        return code;                                                                               \
    }

WITH_PROPERTIES(list_groups, HGROUPENUMEX, ClusterGroupOpenEnumEx, ClusterGroupCloseEnumEx,
                group_item_ex, add_group, cl_ndr_group_entry)
WITH_PROPERTIES(list_resources, HRESENUMEX, ClusterResourceOpenEnumEx, ClusterResourceCloseEnumEx,
                resource_item_ex, add_resource, cl_ndr_resource_entry)

static const ClusapidRow rows[] = {
    {CL_OP_CreateEnum, list_cluster},
    {CL_OP_CreateResEnum, list_resource},
    {CL_OP_CreateGroupResourceEnum, list_group},
    {CL_OP_CreateNetworkEnum, list_network},
    {CL_OP_CreateNodeEnum, list_node},
    {CL_OP_CreateResTypeEnum, list_type},
    {CL_OP_CreateNodeEnumEx, list_node_ex},
    {CL_OP_CreateEnumEx, list_cluster_ex},
    {CL_OP_CreateGroupEnum, list_groups},
    {CL_OP_CreateResourceEnum, list_resources},
    {CL_OP_CreateGroupSetEnum, list_sets},
    {CL_OP_CreateNetInterfaceEnum, list_interfaces},
};

CLUSAPID_FAMILY(clusapid_enum_methods, rows);
