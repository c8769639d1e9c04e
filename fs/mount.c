/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Beginning and end of a mount, and the files that the kernel has open in between. Those are written
 * down because a daemon that ends before its files are closed is never told to release them. Any
 * thread may add and remove.
 */
#include "mount.h"

#include "coherence.h"
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
    mount->listings = fs_listings_new();
    return mount;
}

void fs_mount_begin(FsMount *mount, struct fuse_session *session)
{
    g_atomic_pointer_set(&mount->session, session);
    g_atomic_pointer_set(&mount->root, fs_coherence_new(mount, NULL));
}

void fs_mount_stop(FsMount *mount)
{
    fs_clusters_stop_watches(mount->clusters);
    if (mount->root != NULL && !mount->root_stopped) {
        mount->root_stopped = TRUE;
        fs_coherence_stop(mount->root);
    }
}

void fs_mount_free(FsMount *mount)
{
    fs_mount_stop(mount);
    fs_pool_free(mount->pool);
    g_hash_table_unref(mount->files);
    fs_listings_free(mount->listings);
    g_mutex_clear(&mount->lock);
    fs_ids_free(mount->names);
    fs_clusters_free(mount->clusters);
    g_clear_pointer(&mount->root, fs_coherence_free);
    g_free(mount);
}

void fs_mount_add_file(FsMount *mount, gpointer file)
{
    g_mutex_lock(&mount->lock);
    g_hash_table_add(mount->files, file);
    g_mutex_unlock(&mount->lock);
}

void fs_mount_remove_file(FsMount *mount, gpointer file)
{
    g_mutex_lock(&mount->lock);
    g_hash_table_steal(mount->files, file);
    g_mutex_unlock(&mount->lock);
}
