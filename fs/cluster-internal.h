/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of clusters, for cluster.c and cluster-names.c.
 */
#pragma once

#include "cluster.h"

struct FsClusters {
    struct FsMount *mount;
    GMutex lock;
    FsCluster *entries[FS_CLUSTERS_MAX + 1]; /* from 1 */
    guint count;
    char *source;
    guint timeout_ms;
    gboolean stopped; /* nothing is watched any more */
};

/* The entry of a key, made if there is none; NULL when there are too many. */
FsCluster *fs_clusters_take_key(FsClusters *clusters, const char *key, gboolean is_section);

/* Opens an entry if that needs no waiting. Not in a scope of calls, which would let it wait. */
void fs_cluster_try_open(FsClusters *clusters, FsCluster *cluster);

/* Opens an entry and gives its handle, which is open for as long as the mount is. It may wait. */
DWORD fs_cluster_begin(FsClusters *clusters, FsCluster *cluster, HCLUSTER *ret_handle);
