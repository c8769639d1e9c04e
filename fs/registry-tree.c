/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Nothing is kept between calls but the numbers of paths and names, in the tables of the cluster.
 */
#include "registry-tree.h"

#include "errors.h"

#include <errno.h>
#include <string.h>

gboolean fs_registry_is_directory(FsDirectory directory)
{
    return directory == FS_DIR_KEY || directory == FS_DIR_KEY_VALUES ||
           directory == FS_DIR_KEY_TYPES;
}

static gboolean is_of_keys(const FsPlace *directory)
{
    return directory->row->directory == FS_DIR_KEY;
}

static char *file_of(const FsPlace *directory, const char *name)
{
    return is_of_keys(directory) ? fs_key_file(name) : fs_value_file(name);
}

static DWORD list(const FsPlace *directory, const FsObject *key, GPtrArray **ret_names)
{
    return is_of_keys(directory) ? fs_keys_list(key, ret_names) : fs_values_list(key, ret_names);
}

DWORD fs_registry_names(FsMount *mount, const FsPlace *directory, GPtrArray **ret_names)
{
    g_auto(FsObject) key = {0};
    DWORD status = fs_place_open(mount, directory, &key);

    return status == ERROR_SUCCESS ? list(directory, &key, ret_names) : status;
}

/* --- Places ----------------------------------------------------------------------------------- */

static DWORD key_entry(const FsPlace *directory, const char *name, FsPlace *place)
{
    FsCounted *keys = directory->cluster->keys;
    g_autofree char *parent =
        directory->node.object != 0 ? fs_counted_text(keys, directory->node.object) : g_strdup("");
    g_autofree char *path = parent != NULL ? fs_key_path(parent, name) : NULL;

    if (path == NULL) {
        return FS_STATUS_ERRNO(ESTALE);
    }
    place->node.object = fs_counted_take(keys, path);
    return place->node.object != 0 ? ERROR_SUCCESS : FS_STATUS_ERRNO(EOVERFLOW);
}

static DWORD value_entry(const FsPlace *directory, const char *name, FsPlace *place)
{
    place->node.second = fs_counted_take(directory->cluster->values, name);
    if (place->node.second == 0) {
        return FS_STATUS_ERRNO(EOVERFLOW);
    }
    fs_counted_hold(directory->cluster->keys, place->node.object);
    return ERROR_SUCCESS;
}

DWORD fs_registry_entry(const FsPlace *directory, const char *name, FsPlace *ret_place,
                        char **ret_file)
{
    FsPlace place = fs_place_child(directory, fs_layout_last(directory->row->directory));
    DWORD status = is_of_keys(directory) ? key_entry(directory, name, &place)
                                         : value_entry(directory, name, &place);

    if (status == ERROR_SUCCESS) {
        *ret_place = place;
        *ret_file = file_of(directory, name);
    }
    return status;
}

/* The name that a file name leads to: the one that has it, or the first one but for its case. */
static const char *find_name(const FsPlace *directory, const GPtrArray *names, const char *file,
                             gboolean *ret_exact)
{
    const char *found = NULL;

    *ret_exact = FALSE;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *other = file_of(directory, names->pdata[i]);

        if (strcmp(other, file) == 0) {
            *ret_exact = TRUE;
            return names->pdata[i];
        }
        if (found == NULL && g_ascii_strcasecmp(other, file) == 0) {
            found = names->pdata[i];
        }
    }
    return found;
}

DWORD fs_registry_lookup(FsMount *mount, const FsPlace *directory, const char *file,
                         FsPlace *ret_place, gboolean *ret_exact)
{
    g_autoptr(GPtrArray) names = NULL;
    g_autofree char *same = NULL;
    const char *name;
    DWORD status = fs_registry_names(mount, directory, &names);

    if (status != ERROR_SUCCESS) {
        return status;
    }
    name = find_name(directory, names, file, ret_exact);
    return name != NULL ? fs_registry_entry(directory, name, ret_place, &same)
                        : FS_STATUS_ERRNO(ENOENT);
}

/* --- Changing --------------------------------------------------------------------------------- */

/* Opens the key of a directory to change it, and finds what a file name in it stands for. */
static DWORD open_for(FsMount *mount, const FsPlace *directory, const char *file, FsObject *key,
                      char **ret_name)
{
    g_autoptr(GPtrArray) names = NULL;
    DWORD status = fs_place_open_as(mount, directory, GENERIC_ALL, key);

    if (status == ERROR_SUCCESS) {
        status = list(directory, key, &names);
    }
    if (status != ERROR_SUCCESS) {
        return status;
    }
    *ret_name = is_of_keys(directory) ? fs_key_name(file, names) : fs_value_name(file, names);
    return *ret_name != NULL ? ERROR_SUCCESS : FS_STATUS_ERRNO(EINVAL);
}

static gboolean is_fixed(const FsPlace *directory, const char *file)
{
    return fs_layout_find(directory->row->directory, file) != NULL;
}

DWORD fs_registry_mkdir(FsMount *mount, const FsPlace *directory, const char *file)
{
    g_auto(FsObject) key = {0};
    g_autofree char *name = NULL;
    DWORD status;

    if (!is_of_keys(directory)) {
        return FS_STATUS_ERRNO(EPERM);
    }
    if (is_fixed(directory, file)) {
        return FS_STATUS_ERRNO(EEXIST);
    }
    status = open_for(mount, directory, file, &key, &name);
    return status == ERROR_SUCCESS ? fs_key_create(&key, name) : status;
}

DWORD fs_registry_rmdir(FsMount *mount, const FsPlace *directory, const char *file)
{
    g_auto(FsObject) key = {0};
    g_autofree char *name = NULL;
    DWORD status;

    if (!is_of_keys(directory) || is_fixed(directory, file)) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = open_for(mount, directory, file, &key, &name);
    return status == ERROR_SUCCESS ? fs_key_delete(&key, name) : status;
}

/* Another may have made it just now. */
static DWORD create_value(const FsObject *key, const char *name)
{
    g_autoptr(GString) type = g_string_new(NULL);

    return fs_value_show_type(key, name, type) == ERROR_SUCCESS ? ERROR_SUCCESS
                                                                : fs_value_create(key, name);
}

DWORD fs_registry_create(FsMount *mount, const FsPlace *directory, const char *file)
{
    g_auto(FsObject) key = {0};
    g_autofree char *name = NULL;
    DWORD status;

    if (is_of_keys(directory)) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = open_for(mount, directory, file, &key, &name);
    return status == ERROR_SUCCESS ? create_value(&key, name) : status;
}

/* A value goes with its type, not the other way round. */
DWORD fs_registry_unlink(FsMount *mount, const FsPlace *directory, const char *file)
{
    g_auto(FsObject) key = {0};
    g_autofree char *name = NULL;
    DWORD status;

    if (directory->row->directory != FS_DIR_KEY_VALUES) {
        return FS_STATUS_ERRNO(EPERM);
    }
    status = open_for(mount, directory, file, &key, &name);
    return status == ERROR_SUCCESS ? fs_value_delete(&key, name) : status;
}
