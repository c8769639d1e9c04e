/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Changing the tree: the handlers of mkdir, rmdir, symlink, unlink and rename, which create, delete,
 * relate and rename objects. Nothing is kept between calls; any thread may call.
 */
#include "errors.h"
#include "escape.h"
#include "place.h"
#include "registry-tree.h"
#include "request.h"

#include <errno.h>
#include <string.h>

/* What a request changes: the directory, and what can be done in it. */
typedef struct {
    FsPlace parent;
    FsStoreUse use;
    HCLUSTER cluster;
} Directory;

static DWORD find_directory(FsRequest *request, fuse_ino_t ino, Directory *directory)
{
    DWORD status = fs_place_find(request->mount, ino, &directory->parent);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = directory->parent.cluster;
    directory->use = directory->parent.row->use;
    if (directory->parent.cluster == NULL || directory->use == FS_STORE_NONE) {
        return FS_STATUS_ERRNO(EPERM);
    }
    return fs_cluster_open(request->mount->clusters, directory->parent.cluster,
                           &directory->cluster);
}

/* The row of what the directory holds. */
static const FsRow *entries_of(const Directory *directory)
{
    guint count;

    return fs_layout_entries(directory->parent.row->directory, &count);
}

/* Opens what a name in the directory stands for, to change it. */
static DWORD open_entry(const Directory *directory, const char *file, FsObject *ret_object)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;

    if (!fs_unescape(file, &name, &tag)) {
        return ERROR_NOT_FOUND;
    }
    return fs_object_open_as(directory->cluster, fs_enumerator_kind(entries_of(directory)->each),
                             name != NULL ? name : tag, GENERIC_ALL, ret_object);
}

/* The name that a new file name stands for (transfer full). */
static DWORD name_of_new(const char *file, char **ret_name)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;

    if (strlen(file) > FS_NAME_BYTES) {
        return FS_STATUS_ERRNO(ENAMETOOLONG);
    }
    if (!fs_unescape(file, &name, &tag) || name == NULL) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    *ret_name = g_steal_pointer(&name);
    return ERROR_SUCCESS;
}

/* --- mkdir, rmdir ----------------------------------------------------------------------------- */

static DWORD create_object(HCLUSTER cluster, FsKind kind, LPCWSTR name)
{
    FsObject object = {.kind = kind};

    if (kind == FS_GROUPSET) {
        object.handle = CreateClusterGroupSet(cluster, name);
    } else {
        object.handle = CreateClusterGroup(cluster, name);
    }
    if (object.handle == NULL) {
        return GetLastError();
    }
    fs_object_close(&object);
    return ERROR_SUCCESS;
}

DWORD fs_handle_mkdir(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    g_autofree char *name = NULL;
    g_autofree LPWSTR wide = NULL;
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (fs_registry_is_directory(directory.parent.row->directory)) {
        status = fs_registry_mkdir(request->mount, &directory.parent, request->name);
        return status == ERROR_SUCCESS ? fs_handle_lookup(request, answer) : status;
    }
    if (directory.use != FS_STORE_MAKE) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = name_of_new(request->name, &name);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (fs_wide_from_utf8(name, &wide) != ERROR_SUCCESS) {
        return FS_STATUS_ERRNO(EILSEQ);
    }
    status =
        create_object(directory.cluster, fs_enumerator_kind(entries_of(&directory)->each), wide);
    return status == ERROR_SUCCESS ? fs_handle_lookup(request, answer) : status;
}

static DWORD delete_object(const FsObject *object)
{
    switch (object->kind) {
    case FS_GROUP:
        return DeleteClusterGroup(object->handle);
    case FS_GROUPSET:
        return DeleteClusterGroupSet(object->handle);
    case FS_RESOURCE:
        return DeleteClusterResource(object->handle);
    default:
        return FS_STATUS_ERRNO(EPERM);
    }
}

DWORD fs_handle_rmdir(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    g_auto(FsObject) object = {0};
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (fs_registry_is_directory(directory.parent.row->directory)) {
        answer->type = FS_ANSWER_DONE;
        return fs_registry_rmdir(request->mount, &directory.parent, request->name);
    }
    if (directory.use != FS_STORE_MAKE && directory.use != FS_STORE_REMOVE) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = open_entry(&directory, request->name, &object);
    answer->type = FS_ANSWER_DONE;
    return status == ERROR_SUCCESS ? delete_object(&object) : status;
}

/* --- symlink, unlink -------------------------------------------------------------------------- */

static DWORD relate(const Directory *directory, const FsObject *of, const FsObject *to)
{
    switch (directory->parent.row->directory) {
    case FS_DIR_RESOURCE_OWNERS:
        return AddClusterResourceNode(of->handle, to->handle);
    case FS_DIR_RESOURCE_DEPENDENCIES:
        return AddClusterResourceDependency(of->handle, to->handle);
    case FS_DIR_GROUPSET_GROUPS:
        return ClusterAddGroupToGroupSet(of->handle, to->handle);
    default:
        return FS_STATUS_ERRNO(EPERM);
    }
}

/* A group leaves the set that it is in, which may be another by now. */
static DWORD remove_member(const Directory *directory, const FsObject *set, const FsObject *group)
{
    g_autoptr(GString) name = g_string_new(NULL);
    DWORD status = fs_object_name(group, name);

    if (status == ERROR_SUCCESS) {
        status = fs_enumerator_check(entries_of(directory)->each, set, group, name->str);
    }
    return status == ERROR_SUCCESS ? ClusterRemoveGroupFromGroupSet(group->handle) : status;
}

static DWORD unrelate(const Directory *directory, const FsObject *of, const FsObject *to)
{
    switch (directory->parent.row->directory) {
    case FS_DIR_RESOURCE_OWNERS:
        return RemoveClusterResourceNode(of->handle, to->handle);
    case FS_DIR_RESOURCE_DEPENDENCIES:
        return RemoveClusterResourceDependency(of->handle, to->handle);
    case FS_DIR_GROUPSET_GROUPS:
        return remove_member(directory, of, to);
    default:
        return FS_STATUS_ERRNO(EPERM);
    }
}

/* Preferred owners are a list: the new one comes last, the old one leaves it. */
static DWORD change_preferred(const FsObject *of, const char *name, gboolean add)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GString) changed = g_string_new(NULL);
    DWORD status = fs_show_preferred_order(of, list);
    g_auto(GStrv) names = g_strsplit(list->str, "\n", -1);
    gboolean found = FALSE;

    if (status != ERROR_SUCCESS) {
        return status;
    }
    for (char **other = names; *other != NULL && list->len > 0; other++) {
        gboolean is_it = strcmp(*other, name) == 0;

        found = found || is_it;
        if (!is_it || add) {
            g_string_append_printf(changed, "%s%s", changed->len > 0 ? "\n" : "", *other);
        }
    }
    if (found == add) {
        return add ? FS_STATUS_ERRNO(EEXIST) : FS_STATUS_ERRNO(ENOENT);
    }
    if (add) {
        g_string_append_printf(changed, "%s%s", changed->len > 0 ? "\n" : "", name);
    }
    return fs_store_preferred_order(of, changed->str);
}

static DWORD change_relation(FsRequest *request, const Directory *directory, gboolean add)
{
    g_auto(FsObject) of = {0};
    g_auto(FsObject) to = {0};
    g_autoptr(GString) name = g_string_new(NULL);
    DWORD status = fs_place_open_as(request->mount, &directory->parent, GENERIC_ALL, &of);

    if (status == ERROR_SUCCESS) {
        status = open_entry(directory, request->name, &to);
        if (add && fs_status_is_missing(status)) {
            return FS_STATUS_ERRNO(EINVAL);
        }
    }
    if (status == ERROR_SUCCESS) {
        status = fs_object_name(&to, name);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (directory->parent.row->directory == FS_DIR_GROUP_OWNERS) {
        return change_preferred(&of, name->str, add);
    }
    return fs_store_status(add ? relate(directory, &of, &to) : unrelate(directory, &of, &to));
}

/* The target that a link to that name has, which the caller must have given. */
static gboolean is_target(const Directory *directory, const char *file, const char *target)
{
    const FsRow *row = entries_of(directory);
    g_autoptr(GString) wanted = g_string_new(NULL);

    fs_place_append_target(row, fs_enumerator_kind(row->each), file, wanted);
    return strcmp(wanted->str, target) == 0;
}

DWORD fs_handle_symlink(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (directory.use != FS_STORE_LINKS) {
        return FS_STATUS_ERRNO(EPERM);
    }
    if (!is_target(&directory, request->name, request->text)) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    status = change_relation(request, &directory, TRUE);
    return status == ERROR_SUCCESS ? fs_handle_lookup(request, answer) : status;
}

DWORD fs_handle_unlink(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    answer->type = FS_ANSWER_DONE;
    if (directory.use == FS_STORE_VALUES) {
        return fs_registry_unlink(request->mount, &directory.parent, request->name);
    }
    return directory.use == FS_STORE_LINKS ? change_relation(request, &directory, FALSE)
                                           : FS_STATUS_ERRNO(EPERM);
}

/* --- create ----------------------------------------------------------------------------------- */

/* Only values are files that can be made. */
DWORD fs_handle_create(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    FsRequest open = *request;
    FsAnswer opened = {0};
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (directory.use != FS_STORE_VALUES) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = fs_registry_create(request->mount, &directory.parent, request->name);
    if (status == ERROR_SUCCESS) {
        status = fs_handle_lookup(request, answer);
    }
    if (status == ERROR_SUCCESS) {
        open.ino = answer->entry.ino;
        open.creates = TRUE;
        status = fs_handle_open(&open, &opened);
    }
    if (status == ERROR_SUCCESS) {
        answer->type = FS_ANSWER_CREATED;
        answer->file = opened.file;
    }
    return status;
}

/* --- rename ----------------------------------------------------------------------------------- */

static DWORD rename_object(const FsObject *object, const char *name)
{
    switch (object->kind) {
    case FS_GROUP:
        return fs_store_group_name(object, name);
    case FS_RESOURCE:
        return fs_store_resource_name(object, name);
    case FS_NETWORK:
        return fs_store_network_name(object, name);
    default:
        return FS_STATUS_ERRNO(EPERM);
    }
}

static DWORD rename_in(FsRequest *request, const Directory *directory)
{
    g_auto(FsObject) object = {0};
    g_autofree char *name = NULL;
    DWORD status = open_entry(directory, request->name, &object);

    if (status == ERROR_SUCCESS) {
        status = name_of_new(request->new_name, &name);
    }
    return status == ERROR_SUCCESS ? rename_object(&object, name) : status;
}

/* A resource goes to another group under its own name. */
static DWORD change_group(FsRequest *request, const Directory *from)
{
    Directory to;
    g_auto(FsObject) resource = {0};
    g_auto(FsObject) group = {0};
    DWORD status = find_directory(request, request->new_ino, &to);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    if (from->use != FS_STORE_MEMBERS || to.use != FS_STORE_MEMBERS ||
        from->cluster != to.cluster || strcmp(request->name, request->new_name) != 0) {
        return FS_STATUS_ERRNO(EINVAL);
    }
    status = open_entry(from, request->name, &resource);
    if (status == ERROR_SUCCESS) {
        status = fs_place_open_as(request->mount, &to.parent, GENERIC_ALL, &group);
    }
    return status == ERROR_SUCCESS
               ? fs_store_status(ChangeClusterResourceGroup(resource.handle, group.handle))
               : status;
}

DWORD fs_handle_rename(FsRequest *request, FsAnswer *answer)
{
    Directory directory;
    DWORD status = find_directory(request, request->ino, &directory);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    answer->type = FS_ANSWER_DONE;
    if (request->new_ino != request->ino) {
        return change_group(request, &directory);
    }
    switch (directory.use) {
    case FS_STORE_MAKE:
    case FS_STORE_REMOVE:
    case FS_STORE_RENAME:
        return rename_in(request, &directory);
    default:
        return FS_STATUS_ERRNO(EPERM);
    }
}
