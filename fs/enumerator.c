/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The enumerators: one row each in the tables below. No data but constants; an enumeration belongs
 * to its opener.
 */
#include "enumerator.h"

#include "errors.h"
#include "show.h"

#include <string.h>

/* How a family of enumeration functions is used. An item is written to @buffer, whose size is
 * counted in bytes; the result points into it. */
typedef struct {
    gpointer (*open)(const FsObject *object, DWORD bits);
    DWORD (*count)(gpointer handle);
    DWORD(*item)
    (gpointer handle, DWORD index, gpointer buffer, LPDWORD bytes, LPCWSTR *ret_name,
     LPCWSTR *ret_id);
    DWORD (*close)(gpointer handle);
} Family;

struct FsEnumerator {
    const Family *family;
    FsKind kind;
    DWORD bits;
    /* For lists that may be long: what the listed object says it belongs to, appended to @out. */
    DWORD (*belongs_to)(const FsObject *object, GString *out);
};

struct FsEnumeration {
    const Family *family;
    gpointer handle;
    guint count;
};

#define PLAIN_FAMILY(word, Prefix, Handle, open_call)                                              \
    static gpointer open_##word(const FsObject *object, DWORD bits)                                \
    {                                                                                              \
        return open_call;                                                                          \
    }                                                                                              \
    static DWORD count_##word(gpointer handle)                                                     \
    {                                                                                              \
        return Prefix##GetEnumCount((Handle)handle);                                               \
    }                                                                                              \
    static DWORD item_##word(gpointer handle, DWORD index, gpointer buffer, LPDWORD bytes,         \
                             LPCWSTR *ret_name, LPCWSTR *ret_id)                                   \
    {                                                                                              \
        DWORD type = 0;                                                                            \
        DWORD length = *bytes / sizeof(WCHAR);                                                     \
        DWORD status = Prefix##Enum((Handle)handle, index, &type, buffer, &length);                \
                                                                                                   \
        *bytes = (length + 1) * (DWORD)sizeof(WCHAR);                                              \
        *ret_name = buffer;                                                                        \
        *ret_id = NULL;                                                                            \
        return status;                                                                             \
    }                                                                                              \
    static DWORD close_##word(gpointer handle)                                                     \
    {                                                                                              \
        return Prefix##CloseEnum((Handle)handle);                                                  \
    }                                                                                              \
    static const Family family_##word = {open_##word, count_##word, item_##word, close_##word};

#define EX_FAMILY(word, Prefix, Handle, open_call)                                                 \
    static gpointer open_##word(const FsObject *object, DWORD bits)                                \
    {                                                                                              \
        return open_call;                                                                          \
    }                                                                                              \
    static DWORD count_##word(gpointer handle)                                                     \
    {                                                                                              \
        return Prefix##GetEnumCountEx((Handle)handle);                                             \
    }                                                                                              \
    static DWORD item_##word(gpointer handle, DWORD index, gpointer buffer, LPDWORD bytes,         \
                             LPCWSTR *ret_name, LPCWSTR *ret_id)                                   \
    {                                                                                              \
        PCLUSTER_ENUM_ITEM item = buffer;                                                          \
        DWORD status = Prefix##EnumEx((Handle)handle, index, item, bytes);                         \
                                                                                                   \
        if (status == ERROR_SUCCESS) {                                                             \
            *ret_name = item->lpszName;                                                            \
            *ret_id = item->lpszId;                                                                \
        }                                                                                          \
        return status;                                                                             \
    }                                                                                              \
    static DWORD close_##word(gpointer handle)                                                     \
    {                                                                                              \
        return Prefix##CloseEnumEx((Handle)handle);                                                \
    }                                                                                              \
    static const Family family_##word = {open_##word, count_##word, item_##word, close_##word};

EX_FAMILY(cluster, Cluster, HCLUSENUMEX, ClusterOpenEnumEx(object->cluster, bits, NULL))
EX_FAMILY(node, ClusterNode, HNODEENUMEX, ClusterNodeOpenEnumEx(object->handle, bits, NULL))
PLAIN_FAMILY(group, ClusterGroup, HGROUPENUM, ClusterGroupOpenEnum(object->handle, bits))
PLAIN_FAMILY(resource, ClusterResource, HRESENUM, ClusterResourceOpenEnum(object->handle, bits))
PLAIN_FAMILY(network, ClusterNetwork, HNETWORKENUM, ClusterNetworkOpenEnum(object->handle, bits))
PLAIN_FAMILY(type, ClusterResourceType, HRESTYPEENUM,
             ClusterResourceTypeOpenEnum(object->cluster, object->name, bits))

static gpointer open_groupset(const FsObject *object, DWORD bits)
{
    (void)bits;
    return ClusterGroupSetOpenEnum(object->cluster);
}

static DWORD count_groupset(gpointer handle)
{
    return ClusterGroupSetGetEnumCount((HGROUPSETENUM)handle);
}

static DWORD item_groupset(gpointer handle, DWORD index, gpointer buffer, LPDWORD bytes,
                           LPCWSTR *ret_name, LPCWSTR *ret_id)
{
    DWORD length = *bytes / sizeof(WCHAR);
    DWORD status = ClusterGroupSetEnum((HGROUPSETENUM)handle, index, buffer, &length);

    *bytes = (length + 1) * (DWORD)sizeof(WCHAR);
    *ret_name = buffer;
    *ret_id = NULL;
    return status;
}

static DWORD close_groupset(gpointer handle)
{
    return ClusterGroupSetCloseEnum((HGROUPSETENUM)handle);
}

static const Family family_groupset = {open_groupset, count_groupset, item_groupset,
                                       close_groupset};

/* The members of a group set are no enumeration, but the output of a control: texts that end with
 * an empty one. */
static gpointer open_member(const FsObject *object, DWORD bits)
{
    GByteArray *names = NULL;
    DWORD status = fs_object_control(object, bits, &names);

    if (status != ERROR_SUCCESS) {
        SetLastError(status);
        return NULL;
    }
    return names;
}

/* The text with that number; NULL if there are not so many. @ret_end: where the next one begins. */
static const WCHAR *find_member(const GByteArray *names, DWORD index, DWORD *ret_count)
{
    const WCHAR *text = (const WCHAR *)(gconstpointer)names->data;
    guint length = names->len / (guint)sizeof(WCHAR);
    guint start = 0;

    *ret_count = 0;
    for (guint end = 0; end < length && (end > start || text[end] != 0); end++) {
        if (text[end] != 0) {
            continue;
        }
        if ((*ret_count)++ == index) {
            return &text[start];
        }
        start = end + 1;
    }
    return NULL;
}

static DWORD count_member(gpointer handle)
{
    DWORD count;

    (void)find_member(handle, G_MAXUINT32, &count);
    return count;
}

static DWORD item_member(gpointer handle, DWORD index, gpointer buffer, LPDWORD bytes,
                         LPCWSTR *ret_name, LPCWSTR *ret_id)
{
    DWORD count;

    (void)buffer;
    (void)bytes;
    *ret_id = NULL;
    *ret_name = find_member(handle, index, &count);
    return *ret_name != NULL ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static DWORD close_member(gpointer handle)
{
    g_byte_array_unref(handle);
    return ERROR_SUCCESS;
}

static const Family family_member = {open_member, count_member, item_member, close_member};

#define ENUMERATOR(name, family, kind, bits, belongs_to)                                           \
    const FsEnumerator name = {&family_##family, kind, bits, belongs_to}

ENUMERATOR(fs_all_groups, cluster, FS_GROUP, CLUSTER_ENUM_GROUP, NULL);
ENUMERATOR(fs_all_networks, cluster, FS_NETWORK, CLUSTER_ENUM_NETWORK, NULL);
ENUMERATOR(fs_all_nodes, cluster, FS_NODE, CLUSTER_ENUM_NODE, NULL);
ENUMERATOR(fs_all_resources, cluster, FS_RESOURCE, CLUSTER_ENUM_RESOURCE, NULL);
ENUMERATOR(fs_all_interfaces, cluster, FS_INTERFACE, CLUSTER_ENUM_NETINTERFACE, NULL);
ENUMERATOR(fs_all_types, cluster, FS_TYPE, CLUSTER_ENUM_RESTYPE, NULL);
ENUMERATOR(fs_all_groupsets, groupset, FS_GROUPSET, 0, NULL);
ENUMERATOR(fs_internal_networks, cluster, FS_NETWORK, CLUSTER_ENUM_INTERNAL_NETWORK, NULL);
ENUMERATOR(fs_resources_of_group, group, FS_RESOURCE, CLUSTER_GROUP_ENUM_CONTAINS,
           fs_follow_resource_group);
ENUMERATOR(fs_owners_of_group, group, FS_NODE, CLUSTER_GROUP_ENUM_NODES, NULL);
ENUMERATOR(fs_interfaces_of_network, network, FS_INTERFACE, CLUSTER_NETWORK_ENUM_NETINTERFACES,
           fs_follow_interface_network);
ENUMERATOR(fs_groups_of_node, node, FS_GROUP, CLUSTER_NODE_ENUM_GROUPS, fs_show_group_owner);
ENUMERATOR(fs_interfaces_of_node, node, FS_INTERFACE, CLUSTER_NODE_ENUM_NETINTERFACES,
           fs_follow_interface_node);
ENUMERATOR(fs_dependencies_of_resource, resource, FS_RESOURCE, CLUSTER_RESOURCE_ENUM_DEPENDS, NULL);
ENUMERATOR(fs_dependents_of_resource, resource, FS_RESOURCE, CLUSTER_RESOURCE_ENUM_PROVIDES, NULL);
ENUMERATOR(fs_owners_of_resource, resource, FS_NODE, CLUSTER_RESOURCE_ENUM_NODES, NULL);
ENUMERATOR(fs_nodes_of_type, type, FS_NODE, CLUSTER_RESOURCE_TYPE_ENUM_NODES, NULL);
ENUMERATOR(fs_resources_of_type, type, FS_RESOURCE, CLUSTER_RESOURCE_TYPE_ENUM_RESOURCES,
           fs_show_resource_type);
ENUMERATOR(fs_groups_of_groupset, member, FS_GROUP, CLCTL_GROUPSET_GET_GROUPS, NULL);

#define FIRST_ROOM 1024
#define ATTEMPTS   8

FsKind fs_enumerator_kind(const FsEnumerator *enumerator)
{
    return enumerator->kind;
}

DWORD fs_enumeration_open(const FsEnumerator *enumerator, const FsObject *object,
                          FsEnumeration **ret_enumeration)
{
    FsEnumeration *enumeration;
    gpointer handle = enumerator->family->open(object, enumerator->bits);

    if (handle == NULL) {
        return GetLastError();
    }
    enumeration = g_new0(FsEnumeration, 1);
    enumeration->family = enumerator->family;
    enumeration->handle = handle;
    enumeration->count = enumerator->family->count(handle);
    *ret_enumeration = enumeration;
    return ERROR_SUCCESS;
}

void fs_enumeration_close(FsEnumeration *enumeration)
{
    enumeration->family->close(enumeration->handle);
    g_free(enumeration);
}

guint fs_enumeration_count(const FsEnumeration *enumeration)
{
    return enumeration->count;
}

void fs_item_init(FsItem *item)
{
    item->name = g_string_new(NULL);
    item->id = g_string_new(NULL);
    item->room = FIRST_ROOM;
    item->buffer = g_malloc(item->room);
}

void fs_item_clear(FsItem *item)
{
    g_string_free(item->name, TRUE);
    g_string_free(item->id, TRUE);
    g_free(item->buffer);
}

static DWORD read_item(const FsEnumeration *enumeration, guint index, FsItem *item,
                       LPCWSTR *ret_name, LPCWSTR *ret_id)
{
    DWORD status = ERROR_MORE_DATA;

    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        DWORD bytes = item->room;

        status = enumeration->family->item(enumeration->handle, index, item->buffer, &bytes,
                                           ret_name, ret_id);
        if (status == ERROR_MORE_DATA) {
            g_free(item->buffer);
            item->room = MAX(bytes, item->room + 1);
            item->buffer = g_malloc(item->room);
        }
    }
    return status;
}

DWORD fs_enumeration_item(const FsEnumeration *enumeration, guint index, FsItem *item)
{
    LPCWSTR name = NULL;
    LPCWSTR id = NULL;
    DWORD status = read_item(enumeration, index, item, &name, &id);

    g_string_truncate(item->name, 0);
    g_string_truncate(item->id, 0);
    if (status == ERROR_SUCCESS) {
        status = fs_utf8_append(item->name, name, (DWORD)-1);
    }
    if (status == ERROR_SUCCESS && id != NULL) {
        status = fs_utf8_append(item->id, id, (DWORD)-1);
    }
    return status;
}

static DWORD check_in_list(const FsEnumerator *enumerator, const FsObject *of, const char *name)
{
    g_autoptr(FsEnumeration) enumeration = NULL;
    g_auto(FsItem) item;
    DWORD status;

    fs_item_init(&item);
    status = fs_enumeration_open(enumerator, of, &enumeration);
    for (guint i = 0; status == ERROR_SUCCESS && i < enumeration->count; i++) {
        status = fs_enumeration_item(enumeration, i, &item);
        if (status == ERROR_SUCCESS && strcmp(item.name->str, name) == 0) {
            return ERROR_SUCCESS;
        }
    }
    return status == ERROR_SUCCESS ? ERROR_NOT_FOUND : status;
}

DWORD fs_enumerator_check(const FsEnumerator *enumerator, const FsObject *of,
                          const FsObject *object, const char *name)
{
    g_autoptr(GString) wanted = NULL;
    g_autoptr(GString) found = NULL;
    DWORD status;

    if (enumerator->belongs_to == NULL) {
        return check_in_list(enumerator, of, name);
    }
    wanted = g_string_new(NULL);
    found = g_string_new(NULL);
    status = of->kind == FS_TYPE ? fs_utf8_append(wanted, of->name, (DWORD)-1)
                                 : fs_object_name(of, wanted);
    if (status == ERROR_SUCCESS) {
        status = enumerator->belongs_to(object, found);
    }
    if (status == ERROR_SUCCESS && !g_string_equal(wanted, found)) {
        status = ERROR_NOT_FOUND;
    }
    return status;
}
