/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names and attributes: the handlers of lookup, getattr and readlink. Nothing is kept between
 * calls; any thread may call.
 */
#include "request.h"

#include "errors.h"
#include "escape.h"
#include "file.h"
#include "place.h"
#include "properties.h"
#include "registry-tree.h"
#include "sections.h"

#include <errno.h>
#include <string.h>

/* What a lookup found: the place, and its size where finding it told that already. */
typedef struct {
    FsPlace place;
    gsize size;
    gboolean has_size;
    gboolean other_case; /* the name was written in another case than the object's */
} Found;

static DWORD lookup_root(FsRequest *request, Found *found)
{
    g_auto(FsRootEntry) entry = {0};
    FsMount *mount = request->mount;
    DWORD status;

    if (!fs_clusters_may_know(request->name)) {
        return FS_STATUS_ERRNO(ENOENT);
    }
    if (strcmp(request->name, FS_NAME_LOCAL) == 0) {
        request->cluster = fs_clusters_local(mount->clusters);
    }
    status = fs_clusters_lookup(mount->clusters, request->name, &entry);
    if (status == ERROR_SUCCESS) {
        request->cluster = entry.cluster;
        found->place = fs_place_root_entry(&entry);
    }
    return status;
}

/* How the object that a file name led to relates to that name. @name and @tag: as unescaped. */
static DWORD compare_names(const char *wanted, const char *name, const char *file, const char *id,
                           Found *found)
{
    if (strcmp(wanted, file) == 0) {
        return ERROR_SUCCESS;
    }
    if (name == NULL || g_ascii_strcasecmp(name, id) == 0) {
        return ERROR_NOT_FOUND;
    }
    found->other_case = TRUE;
    return ERROR_SUCCESS;
}

/* Types have no handle to ask, so the list of them is asked. */
static DWORD find_type(HCLUSTER cluster, const char *file, FsObject *ret_object, GString *name)
{
    FsObject whole = {.kind = FS_CLUSTER, .cluster = cluster};
    g_autoptr(FsEnumeration) enumeration = NULL;
    g_auto(FsItem) item;
    gboolean found = FALSE;
    DWORD status;

    fs_item_init(&item);
    status = fs_enumeration_open(&fs_all_types, &whole, &enumeration);
    for (guint i = 0; status == ERROR_SUCCESS && i < fs_enumeration_count(enumeration); i++) {
        g_autofree char *other = NULL;

        status = fs_enumeration_item(enumeration, i, &item);
        if (status != ERROR_SUCCESS) {
            break;
        }
        other = fs_escape(item.name->str, NULL);
        if (strcmp(other, file) == 0) {
            g_string_assign(name, item.name->str);
            return fs_object_open(cluster, FS_TYPE, name->str, ret_object);
        }
        if (!found && g_ascii_strcasecmp(other, file) == 0) {
            found = TRUE;
            g_string_assign(name, item.name->str);
        }
    }
    if (status == ERROR_SUCCESS) {
        status = found ? fs_object_open(cluster, FS_TYPE, name->str, ret_object) : ERROR_NOT_FOUND;
    }
    return status;
}

/* Opens the object of a file name, and tells its true name and its id. */
static DWORD find_object(HCLUSTER cluster, FsKind kind, const char *file, FsObject *ret_object,
                         GString *true_name, GString *id, Found *found)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;
    g_autofree char *true_file = NULL;
    DWORD status;

    if (!fs_unescape(file, &name, &tag)) {
        return ERROR_NOT_FOUND;
    }
    if (kind == FS_TYPE) {
        status = find_type(cluster, file, ret_object, true_name);
        g_string_assign(id, true_name->str);
        found->other_case = name != NULL && strcmp(name, true_name->str) != 0;
        return status;
    }
    status = fs_object_open(cluster, kind, name != NULL ? name : tag, ret_object);
    if (status == ERROR_SUCCESS) {
        status = fs_object_name(ret_object, true_name);
    }
    if (status == ERROR_SUCCESS) {
        status = fs_object_id(ret_object, id);
    }
    if (status == ERROR_SUCCESS) {
        true_file = fs_escape(true_name->str, id->str);
        status = compare_names(file, name, true_file, id->str, found);
    }
    return status;
}

static DWORD check_relation(FsRequest *request, const FsPlace *parent, const FsRow *row,
                            const FsObject *object, const char *name)
{
    g_auto(FsObject) of = {0};
    DWORD status = fs_place_open(request->mount, parent, &of);

    return status == ERROR_SUCCESS ? fs_enumerator_check(row->each, &of, object, name) : status;
}

/* A directory of an object, or a link to one. */
static DWORD lookup_object(FsRequest *request, const FsPlace *parent, const FsRow *row,
                           Found *found)
{
    FsKind kind = fs_enumerator_kind(row->each);
    g_auto(FsObject) object = {0};
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GString) id = g_string_new(NULL);
    HCLUSTER handle;
    guint number;
    DWORD status = fs_cluster_open(request->mount->clusters, parent->cluster, &handle);

    if (status == ERROR_SUCCESS) {
        status = find_object(handle, kind, request->name, &object, name, id, found);
    }
    if (status == ERROR_SUCCESS && row->type == FS_ROW_RELATION) {
        status = check_relation(request, parent, row, &object, name->str);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    number = fs_ids_number(parent->cluster->ids, id->str);
    if (number == 0) {
        return FS_STATUS_ERRNO(EOVERFLOW);
    }
    if (!found->other_case) {
        fs_ids_set_name(parent->cluster->ids, number, request->name);
    }
    found->place = fs_place_child(parent, row);
    if (row->type == FS_ROW_RELATION) {
        found->place.node.second = number;
    } else {
        found->place.node.object = number;
    }
    return ERROR_SUCCESS;
}

static DWORD lookup_property(FsRequest *request, const FsPlace *parent, const FsRow *row,
                             Found *found)
{
    g_auto(FsObject) object = {0};
    g_autoptr(GString) text = g_string_new(NULL);
    DWORD status = fs_place_open(request->mount, parent, &object);

    if (status == ERROR_SUCCESS) {
        status = fs_property_read_file(&object, request->name, text);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    found->place = fs_place_child(parent, row);
    found->place.node.second = fs_ids_number(request->mount->names, request->name);
    found->size = text->len + 1;
    found->has_size = TRUE;
    return found->place.node.second != 0 ? ERROR_SUCCESS : FS_STATUS_ERRNO(EOVERFLOW);
}

static DWORD lookup_registry(FsRequest *request, const FsPlace *parent, Found *found)
{
    gboolean exact;
    DWORD status = fs_registry_lookup(request->mount, parent, request->name, &found->place, &exact);

    found->other_case = !exact;
    return status;
}

/* An entry of the layout. FALSE in @ret_cacheable: that it is missing may change any time. */
static DWORD lookup_in(FsRequest *request, const FsPlace *parent, Found *found,
                       gboolean *ret_cacheable)
{
    guint count;
    const FsRow *rows = fs_layout_entries(parent->row->directory, &count);
    const FsRow *row;

    *ret_cacheable = TRUE;
    if (parent->row->directory == FS_DIR_ROOT) {
        return lookup_root(request, found);
    }
    row = fs_layout_find(parent->row->directory, request->name);
    if (row != NULL) {
        found->place = fs_place_child(parent, row);
        fs_place_hold(&found->place);
        return ERROR_SUCCESS;
    }
    if (fs_registry_is_directory(parent->row->directory)) {
        *ret_cacheable = FALSE;
        return lookup_registry(request, parent, found);
    }
    if (count == 0 || rows->name != NULL) {
        return FS_STATUS_ERRNO(ENOENT);
    }
    *ret_cacheable = FALSE;
    return rows->type == FS_ROW_PROPERTIES ? lookup_property(request, parent, rows, found)
                                           : lookup_object(request, parent, rows, found);
}

static DWORD answer_missing(const FsPlace *parent, FsAnswer *answer)
{
    answer->type = FS_ANSWER_ENTRY;
    memset(&answer->entry, 0, sizeof answer->entry);
    answer->entry.entry_timeout = parent->cluster != NULL ? FS_TIMEOUT : FS_TIMEOUT_ROOT;
    return ERROR_SUCCESS;
}

DWORD fs_handle_lookup(FsRequest *request, FsAnswer *answer)
{
    FsPlace parent;
    Found found = {0};
    gboolean cacheable;
    DWORD status = fs_place_find(request->mount, request->ino, &parent);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = parent.cluster;
    status = lookup_in(request, &parent, &found, &cacheable);
    if (status == FS_STATUS_ERRNO(ENOENT) && cacheable) {
        return answer_missing(&parent, answer);
    }
    if (status == ERROR_SUCCESS && !found.has_size) {
        status = fs_place_size(request->mount, &found.place, &found.size);
        if (status != ERROR_SUCCESS) {
            fs_place_forget(request->mount, fs_node_pack(&found.place.node), 1);
        }
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    answer->type = FS_ANSWER_ENTRY;
    answer->holder = request->mount;
    memset(&answer->entry, 0, sizeof answer->entry);
    fs_place_stat(request->mount, &found.place, found.size, &answer->entry.attr);
    answer->entry.ino = answer->entry.attr.st_ino;
    answer->entry.attr_timeout = fs_place_timeout(&found.place);
    answer->entry.entry_timeout = found.other_case ? 0 : fs_place_name_timeout(&found.place);
    return ERROR_SUCCESS;
}

DWORD fs_handle_getattr(FsRequest *request, FsAnswer *answer)
{
    FsPlace place;
    gsize size;
    DWORD status = fs_place_find(request->mount, request->ino, &place);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = place.cluster;
    status = request->file != NULL ? fs_file_size(request->mount, request->file, &size)
                                   : fs_place_size(request->mount, &place, &size);
    if (status != ERROR_SUCCESS) {
        return status;
    }
    answer->type = FS_ANSWER_ATTRIBUTES;
    fs_place_stat(request->mount, &place, size, &answer->entry.attr);
    answer->entry.attr_timeout = fs_place_timeout(&place);
    return ERROR_SUCCESS;
}

DWORD fs_handle_readlink(FsRequest *request, FsAnswer *answer)
{
    FsPlace place;
    g_autoptr(GString) target = g_string_new(NULL);
    DWORD status = fs_place_find(request->mount, request->ino, &place);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    request->cluster = place.cluster;
    status = fs_place_follow(request->mount, &place, target);
    if (status == ERROR_SUCCESS) {
        answer->type = FS_ANSWER_LINK;
        answer->link = g_string_free(g_steal_pointer(&target), FALSE);
    }
    return status;
}
