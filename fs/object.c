/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seven families of functions behind one set. No data of its own; any thread may call, within
 * its call's scope.
 */
#include "object.h"

#include "escape.h"
#include "errors.h"
#include "properties.h"

#include <string.h>

/* What a kind needs; NULL for the cluster and for types, which have no handle of their own. */
typedef struct {
    const char *collection;
    DWORD control_object; /* CLUS_OBJECT_... */
    DWORD not_found;
    gpointer (*open)(HCLUSTER cluster, LPCWSTR name, DWORD access);
    BOOL (*close)(gpointer handle);
    HCLUSTER (*cluster)(gpointer handle);
    DWORD (*control)(const FsObject *object, DWORD code, gpointer out, DWORD room, LPDWORD size);
    DWORD (*set)(const FsObject *object, DWORD code, gpointer in, DWORD size);
} Family;

#define FAMILY(word, Word, Handle, Control)                                                        \
    static gpointer open_##word(HCLUSTER cluster, LPCWSTR name, DWORD access)                      \
    {                                                                                              \
        return OpenCluster##Word##Ex(cluster, name, access, NULL);                                 \
    }                                                                                              \
    static BOOL close_##word(gpointer handle)                                                      \
    {                                                                                              \
        return CloseCluster##Word((Handle)handle);                                                 \
    }                                                                                              \
    static HCLUSTER cluster_of_##word(gpointer handle)                                             \
    {                                                                                              \
        return GetClusterFrom##Word((Handle)handle);                                               \
    }                                                                                              \
    static DWORD control_##word(const FsObject *object, DWORD code, gpointer out, DWORD room,      \
                                LPDWORD size)                                                      \
    {                                                                                              \
        return Control((Handle)object->handle, NULL, code, NULL, 0, out, room, size);              \
    }                                                                                              \
    static DWORD set_##word(const FsObject *object, DWORD code, gpointer in, DWORD size)           \
    {                                                                                              \
        return Control((Handle)object->handle, NULL, code, in, size, NULL, 0, NULL);               \
    }

FAMILY(group, Group, HGROUP, ClusterGroupControl)
FAMILY(network, Network, HNETWORK, ClusterNetworkControl)
FAMILY(node, Node, HNODE, ClusterNodeControl)
FAMILY(resource, Resource, HRESOURCE, ClusterResourceControl)
FAMILY(interface, NetInterface, HNETINTERFACE, ClusterNetInterfaceControl)

/* Windows knows one way to open a group set, and no way from there to the cluster. */
static gpointer open_groupset(HCLUSTER cluster, LPCWSTR name, DWORD access)
{
    (void)access;
    return OpenClusterGroupSet(cluster, name);
}

static BOOL close_groupset(gpointer handle)
{
    return CloseClusterGroupSet((HGROUPSET)handle);
}

static DWORD control_groupset(const FsObject *object, DWORD code, gpointer out, DWORD room,
                              LPDWORD size)
{
    return ClusterGroupSetControl((HGROUPSET)object->handle, NULL, code, NULL, 0, out, room, size);
}

static DWORD set_groupset(const FsObject *object, DWORD code, gpointer in, DWORD size)
{
    return ClusterGroupSetControl((HGROUPSET)object->handle, NULL, code, in, size, NULL, 0, NULL);
}

/* A path from the root of the cluster database, which is empty for the root itself. */
static gpointer open_key(HCLUSTER cluster, LPCWSTR path, DWORD access)
{
    REGSAM rights = access == GENERIC_READ ? KEY_READ : KEY_ALL_ACCESS;
    HKEY root = GetClusterKey(cluster, rights);
    HKEY key = NULL;
    DWORD status;

    if (root == NULL || *path == 0) {
        return root;
    }
    status = (DWORD)ClusterRegOpenKey(root, path, rights, &key);
    ClusterRegCloseKey(root);
    if (status != ERROR_SUCCESS) {
        SetLastError(status);
        return NULL;
    }
    return key;
}

static BOOL close_key(gpointer handle)
{
    return ClusterRegCloseKey((HKEY)handle) == ERROR_SUCCESS;
}

static DWORD control_key(const FsObject *object, DWORD code, gpointer out, DWORD room, LPDWORD size)
{
    (void)object;
    (void)code;
    (void)out;
    (void)room;
    (void)size;
    return ERROR_INVALID_FUNCTION;
}

static DWORD set_key(const FsObject *object, DWORD code, gpointer in, DWORD size)
{
    (void)object;
    (void)code;
    (void)in;
    (void)size;
    return ERROR_INVALID_FUNCTION;
}

static DWORD control_cluster(const FsObject *object, DWORD code, gpointer out, DWORD room,
                             LPDWORD size)
{
    return ClusterControl(object->cluster, NULL, code, NULL, 0, out, room, size);
}

static DWORD control_type(const FsObject *object, DWORD code, gpointer out, DWORD room,
                          LPDWORD size)
{
    return ClusterResourceTypeControl(object->cluster, object->name, NULL, code, NULL, 0, out, room,
                                      size);
}

static DWORD set_cluster(const FsObject *object, DWORD code, gpointer in, DWORD size)
{
    return ClusterControl(object->cluster, NULL, code, in, size, NULL, 0, NULL);
}

static DWORD set_type(const FsObject *object, DWORD code, gpointer in, DWORD size)
{
    return ClusterResourceTypeControl(object->cluster, object->name, NULL, code, in, size, NULL, 0,
                                      NULL);
}

#define WITH_HANDLE(word) open_##word, close_##word, cluster_of_##word, control_##word, set_##word

static const Family families[] = {
    [FS_CLUSTER] = {NULL, CLUS_OBJECT_CLUSTER, 0, NULL, NULL, NULL, control_cluster, set_cluster},
    [FS_GROUP] = {"groups", CLUS_OBJECT_GROUP, ERROR_GROUP_NOT_FOUND, WITH_HANDLE(group)},
    [FS_NETWORK] = {"networks", CLUS_OBJECT_NETWORK, ERROR_CLUSTER_NETWORK_NOT_FOUND,
                    WITH_HANDLE(network)},
    [FS_NODE] = {"nodes", CLUS_OBJECT_NODE, ERROR_CLUSTER_NODE_NOT_FOUND, WITH_HANDLE(node)},
    [FS_RESOURCE] = {"resources", CLUS_OBJECT_RESOURCE, ERROR_RESOURCE_NOT_FOUND,
                     WITH_HANDLE(resource)},
    [FS_INTERFACE] = {"interfaces", CLUS_OBJECT_NETINTERFACE, ERROR_CLUSTER_NETINTERFACE_NOT_FOUND,
                      WITH_HANDLE(interface)},
    [FS_TYPE] = {"types", CLUS_OBJECT_RESOURCE_TYPE, ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND, NULL,
                 NULL, NULL, control_type, set_type},
    [FS_GROUPSET] = {"groupsets", CLUS_OBJECT_GROUPSET, ERROR_GROUPSET_NOT_FOUND, open_groupset,
                     close_groupset, NULL, control_groupset, set_groupset},
    [FS_KEY] = {"registry", 0, ERROR_FILE_NOT_FOUND, open_key, close_key, NULL, control_key,
                set_key},
};

/* The output of most controls fits. */
#define USUAL_BYTES 8192
#define ATTEMPTS    8

const char *fs_kind_collection(FsKind kind)
{
    return families[kind].collection;
}

DWORD fs_object_open(HCLUSTER cluster, FsKind kind, const char *name, FsObject *ret_object)
{
    return fs_object_open_as(cluster, kind, name, GENERIC_READ, ret_object);
}

DWORD fs_object_open_as(HCLUSTER cluster, FsKind kind, const char *name, DWORD access,
                        FsObject *ret_object)
{
    FsObject object = {.kind = kind, .cluster = cluster};
    g_autofree LPWSTR wide = NULL;
    DWORD status;

    if (kind == FS_CLUSTER) {
        *ret_object = object;
        return ERROR_SUCCESS;
    }
    status = fs_wide_from_utf8(name, &wide);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (kind == FS_TYPE) {
        object.name = g_steal_pointer(&wide);
    } else {
        object.handle = families[kind].open(cluster, wide, access);
        if (object.handle == NULL) {
            return GetLastError();
        }
    }
    *ret_object = object;
    return ERROR_SUCCESS;
}

void fs_object_close(FsObject *object)
{
    if (object->handle != NULL) {
        families[object->kind].close(g_steal_pointer(&object->handle));
    }
    g_clear_pointer(&object->name, g_free);
}

HCLUSTER fs_object_cluster(const FsObject *object)
{
    return families[object->kind].cluster(object->handle);
}

/* Calls the control with @usual and, if that is too small, with memory of its own. */
static DWORD control(const FsObject *object, DWORD code, gpointer usual, gpointer *ret_large,
                     DWORD *ret_size)
{
    const Family *family = &families[object->kind];
    g_autofree gpointer large = NULL;
    DWORD room = USUAL_BYTES;
    DWORD status = ERROR_MORE_DATA;

    code |= family->control_object << CLUSCTL_OBJECT_SHIFT;
    for (guint attempt = 0; attempt < ATTEMPTS && status == ERROR_MORE_DATA; attempt++) {
        DWORD size = 0;

        status = family->control(object, code, large != NULL ? large : usual, room, &size);
        if (status == ERROR_SUCCESS) {
            *ret_size = MIN(size, room);
        } else if (status == ERROR_MORE_DATA) {
            room = MAX(size, room + 1);
            g_free(large);
            large = g_malloc(room);
        }
    }
    *ret_large = g_steal_pointer(&large);
    return status;
}

DWORD fs_object_control(const FsObject *object, DWORD code, GByteArray **ret_out)
{
    guint8 usual[USUAL_BYTES] __attribute__((aligned(8)));
    g_autofree gpointer large = NULL;
    DWORD size = 0;
    DWORD status = control(object, code, usual, &large, &size);

    if (status == ERROR_SUCCESS) {
        *ret_out = g_byte_array_sized_new(size);
        g_byte_array_append(*ret_out, large != NULL ? large : usual, size);
    }
    return status;
}

DWORD fs_object_control_text(const FsObject *object, DWORD code, GString *out)
{
    WCHAR usual[USUAL_BYTES / sizeof(WCHAR)];
    g_autofree gpointer large = NULL;
    DWORD size = 0;
    DWORD status = control(object, code, usual, &large, &size);
    const WCHAR *text = large != NULL ? large : usual;
    DWORD length = 0;

    if (status != ERROR_SUCCESS) {
        return status;
    }
    while (length < size / sizeof(WCHAR) && text[length] != 0) {
        length++;
    }
    return fs_utf8_append(out, text, length);
}

/* A group set has no code for its name, but a property. */
DWORD fs_object_name(const FsObject *object, GString *out)
{
    if (object->kind == FS_GROUPSET) {
        return fs_property_read(object, "Name", out);
    }
    return fs_object_control_text(object, CLCTL_GET_NAME, out);
}

DWORD fs_object_id(const FsObject *object, GString *out)
{
    return fs_object_control_text(object, object->kind == FS_TYPE ? CLCTL_GET_NAME : CLCTL_GET_ID,
                                  out);
}

/* Only the file name of a long name has the id in it, so others need no call. */
DWORD fs_object_file_name(HCLUSTER cluster, FsKind kind, const char *name, char **ret_file)
{
    g_autofree char *file = fs_escape(name, NULL);
    g_auto(FsObject) object = {0};
    g_autoptr(GString) id = NULL;
    DWORD status;

    if (kind != FS_TYPE && strstr(file, "%~") != NULL) {
        status = fs_object_open(cluster, kind, name, &object);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        id = g_string_new(NULL);
        status = fs_object_id(&object, id);
        if (status != ERROR_SUCCESS) {
            return status;
        }
        g_free(file);
        file = fs_escape(name, id->str);
    }
    *ret_file = g_steal_pointer(&file);
    return ERROR_SUCCESS;
}

DWORD fs_object_set(const FsObject *object, DWORD code, gpointer in, gsize size)
{
    const Family *family = &families[object->kind];

    code |= family->control_object << CLUSCTL_OBJECT_SHIFT;
    return size <= G_MAXUINT32 ? family->set(object, code, in, (DWORD)size)
                               : ERROR_INVALID_PARAMETER;
}
