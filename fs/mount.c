/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Beginning and end of a mount, and the handles that the kernel has in between. Those are written
 * down because a daemon that ends before its files are closed is never told to release them. Any
 * thread may add and remove.
 */
#include "mount.h"

#include "file.h"
#include "listing.h"
#include "pool.h"

#include <time.h>

FsMount *fs_mount_new(const char *source, guint timeout_ms)
{
    FsMount *mount = g_new0(FsMount, 1);

    mount->timeout_ms = timeout_ms;
    mount->time = time(NULL);
    mount->clusters = fs_clusters_new(source, timeout_ms);
    fs_clusters_set_mount(mount->clusters, mount);
    mount->names = fs_ids_new();
    mount->pool = fs_pool_new(mount);
    g_mutex_init(&mount->lock);
    mount->files = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)fs_file_release, NULL);
    mount->listings = g_hash_table_new_full(NULL, NULL, (GDestroyNotify)fs_listing_unref, NULL);
    return mount;
}

void fs_mount_free(FsMount *mount)
{
    fs_pool_free(mount->pool);
    g_hash_table_unref(mount->files);
    g_hash_table_unref(mount->listings);
    g_mutex_clear(&mount->lock);
    fs_ids_free(mount->names);
    fs_clusters_free(mount->clusters);
    g_free(mount);
}

void fs_mount_add(FsMount *mount, GHashTable *handles, gpointer handle)
{
    g_mutex_lock(&mount->lock);
    g_hash_table_add(handles, handle);
    g_mutex_unlock(&mount->lock);
}

void fs_mount_remove(FsMount *mount, GHashTable *handles, gpointer handle)
{
    g_mutex_lock(&mount->lock);
    g_hash_table_steal(handles, handle);
    g_mutex_unlock(&mount->lock);
}
