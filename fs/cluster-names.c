/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a mount's root has: directories of clusters, and links to them by their other names. Any thread
 * may call.
 */
#include "cluster-internal.h"

#include "errors.h"
#include "escape.h"
#include "sections.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <string.h>

void fs_root_entry_clear(FsRootEntry *entry)
{
    g_clear_pointer(&entry->name, g_free);
}

gboolean fs_clusters_may_know(const char *name)
{
    return *name != '.' && strlen(name) <= FS_NAME_BYTES && g_utf8_validate(name, -1, NULL);
}

/* Whether an entry is open and another has the directory of its cluster. */
static gboolean is_other_name(FsCluster *cluster)
{
    return g_atomic_pointer_get(&cluster->handle) != NULL && cluster->same_as != 0;
}

/* The open entry whose directory has that name, or whose cluster has it, in any case. */
static FsCluster *find_name(FsClusters *clusters, const char *name, gboolean own_name)
{
    FsCluster *found = NULL;

    g_mutex_lock(&clusters->lock);
    for (guint i = 1; i <= clusters->count && found == NULL; i++) {
        FsCluster *cluster = clusters->entries[i];

        if (cluster->handle == NULL) {
            continue;
        }
        if (own_name ? g_ascii_strcasecmp(cluster->own_name, name) == 0
                     : g_strcmp0(cluster->directory, name) == 0) {
            found = cluster;
        }
    }
    g_mutex_unlock(&clusters->lock);
    return found;
}

/* Another case of a section's name is a link to its directory, as a cluster's own name is. */
static DWORD lookup_name(FsClusters *clusters, const char *file, FsRootEntry *ret_entry)
{
    g_autofree char *name = NULL;
    g_autofree char *tag = NULL;
    g_autofree char *section = NULL;
    FsCluster *cluster;
    gboolean is_link;

    if (!fs_unescape(file, &name, &tag) || name == NULL) {
        return FS_STATUS_ERRNO(ENOENT);
    }
    section = fs_section_find(name);
    cluster = section != NULL ? fs_clusters_take_key(clusters, section, TRUE)
                              : find_name(clusters, name, TRUE);
    if (cluster == NULL) {
        return FS_STATUS_ERRNO(section != NULL ? EOVERFLOW : ENOENT);
    }
    fs_cluster_try_open(clusters, cluster);
    is_link = g_strcmp0(section, name) != 0 || is_other_name(cluster);
    *ret_entry = (FsRootEntry){g_strdup(file), cluster, is_link};
    return ERROR_SUCCESS;
}

static DWORD lookup_local(FsClusters *clusters, FsRootEntry *ret_entry)
{
    FsCluster *cluster = fs_clusters_local(clusters);
    HCLUSTER handle;
    DWORD status;

    if (cluster == NULL) {
        return FS_STATUS_ERRNO(EOVERFLOW);
    }
    status = fs_cluster_begin(clusters, cluster, &handle);
    if (status == ERROR_SUCCESS) {
        *ret_entry = (FsRootEntry){g_strdup(FS_NAME_LOCAL), cluster, TRUE};
    } else if (status == EPT_S_NOT_REGISTERED) {
        status = FS_STATUS_ERRNO(ENOENT);
    }
    return status;
}

static DWORD find_entry(FsClusters *clusters, const char *name, FsRootEntry *ret_entry)
{
    FsCluster *cluster;

    if (strcmp(name, FS_NAME_LOCAL) == 0) {
        return lookup_local(clusters, ret_entry);
    }
    cluster = find_name(clusters, name, FALSE);
    if (cluster != NULL) {
        *ret_entry = (FsRootEntry){g_strdup(name), cluster, FALSE};
        return ERROR_SUCCESS;
    }
    return lookup_name(clusters, name, ret_entry);
}

DWORD fs_clusters_lookup(FsClusters *clusters, const char *name, FsRootEntry *ret_entry)
{
    DWORD status = find_entry(clusters, name, ret_entry);

    if (status == ERROR_SUCCESS) {
        g_atomic_int_set(&ret_entry->cluster->is_asked_for, TRUE);
    }
    return status;
}

static void add_entry(GArray *entries, const char *name, FsCluster *cluster, gboolean is_link)
{
    FsRootEntry entry = {g_strdup(name), cluster, is_link};

    g_array_append_val(entries, entry);
}

/* Whether a cluster was asked for, by this name or by one that leads here. With the lock held. */
static gboolean is_shown(const FsClusters *clusters, const FsCluster *cluster)
{
    gboolean shown = cluster->handle != NULL && g_atomic_int_get(&cluster->is_asked_for);

    for (guint i = 1; i <= clusters->count && !shown && cluster->handle != NULL; i++) {
        const FsCluster *other = clusters->entries[i];

        shown = other->handle != NULL && other->same_as == cluster->number &&
                g_atomic_int_get(&other->is_asked_for);
    }
    return shown;
}

/* With the lock held. */
static void list_opened(FsClusters *clusters, GArray *entries)
{
    for (guint i = 1; i <= clusters->count; i++) {
        FsCluster *cluster = clusters->entries[i];

        if (!is_shown(clusters, cluster)) {
            continue;
        }
        if (cluster->key == NULL) {
            add_entry(entries, FS_NAME_LOCAL, cluster, TRUE);
        }
        if (cluster->directory != NULL) {
            add_entry(entries, cluster->directory, cluster, FALSE);
        } else if (cluster->is_section) {
            g_autofree char *name = fs_escape(cluster->key, NULL);

            add_entry(entries, name, cluster, TRUE);
        }
    }
}

/* Asks for all sections, and lists those that are not open and cannot be without waiting. */
static void list_sections(FsClusters *clusters, GArray *entries)
{
    g_auto(GStrv) sections = fs_sections_read();

    for (char **section = sections; *section != NULL; section++) {
        FsCluster *cluster = fs_section_is_reserved(*section)
                                 ? NULL
                                 : fs_clusters_take_key(clusters, *section, TRUE);
        g_autofree char *name = fs_escape(*section, NULL);

        if (cluster == NULL) {
            continue;
        }
        g_atomic_int_set(&cluster->is_asked_for, TRUE);
        fs_cluster_try_open(clusters, cluster);
        if (g_atomic_pointer_get(&cluster->handle) == NULL) {
            add_entry(entries, name, cluster, FALSE);
        }
    }
}

/* Who mounts one cluster sees that one, and what was looked up beside it; who mounts none sees all:
 * the sections, and the cluster of this host if it can be opened at once. */
GArray *fs_clusters_list(FsClusters *clusters)
{
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(FsRootEntry));
    FsCluster *local;

    g_array_set_clear_func(entries, (GDestroyNotify)fs_root_entry_clear);
    if (strcmp(clusters->source, FS_NAME_NONE) == 0) {
        list_sections(clusters, entries);
        local = fs_clusters_local(clusters);
        if (local != NULL) {
            g_atomic_int_set(&local->is_asked_for, TRUE);
            fs_cluster_try_open(clusters, local);
        }
    }
    g_mutex_lock(&clusters->lock);
    list_opened(clusters, entries);
    g_mutex_unlock(&clusters->lock);
    return g_steal_pointer(&entries);
}
