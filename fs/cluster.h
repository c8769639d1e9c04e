/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clusters of a mount: which names its root knows, and the open cluster behind each. Entries
 * are only added; all of them belong to the table and live as long as it.
 */
#pragma once

#include "counted.h"
#include "node.h"

#include <clusapi.h>

G_BEGIN_DECLS

typedef struct FsClusters FsClusters;

typedef struct {
    guint number;      /* 1 to FS_CLUSTERS_MAX, in inode numbers */
    FsIds *ids;        /* of its objects */
    FsCounted *keys;   /* of its database: paths */
    FsCounted *values; /* and names of values */
    GThreadPool *pool; /* of its requests that have to wait; of pool.c */
    /* The rest is cluster.c's. */
    char *key;           /* what opens it; NULL: the cluster of this host */
    gboolean is_section; /* @key is a section of clusters.conf, and so its directory's name */
    gint is_asked_for;   /* it was mounted, or looked up by name; atomic */
    HCLUSTER handle;     /* NULL until opened; atomic */
    struct FsCoherence *coherence; /* NULL until opened; atomic */
    struct FsWatch *watch;         /* NULL until begun; atomic */
    gint64 watch_after;            /* monotonic time; not before this */
    gint may_change;               /* it was granted GENERIC_ALL; atomic */
    char *own_name;                /* with the following valid once opened */
    char *directory; /* file name; NULL if another entry's directory is the cluster's */
    guint same_as;   /* that entry's number, else 0 */
    char *id;
} FsCluster;

/* A name in the root. */
typedef struct {
    char *name; /* file name */
    FsCluster *cluster;
    gboolean is_link; /* to the cluster's directory, else that directory */
} FsRootEntry;

void fs_root_entry_clear(FsRootEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FsRootEntry, fs_root_entry_clear)

/* @source: what is mounted: "local", "none", a section, or the path of an embedded file. */
FsClusters *fs_clusters_new(const char *source, guint timeout_ms);

/* Closes what is open. */
void fs_clusters_free(FsClusters *clusters);

/* Opens the cluster that is mounted, if it is a certain one. Not in a scope of calls. */
DWORD fs_clusters_open_source(FsClusters *clusters);

FsCluster *fs_clusters_get(FsClusters *clusters, guint number);
guint fs_clusters_count(FsClusters *clusters);

/* Whether the root may know such a name at all; needs no call. */
gboolean fs_clusters_may_know(const char *name);

/* The entry of the cluster of this host, without opening it; NULL when there are too many. */
FsCluster *fs_clusters_local(FsClusters *clusters);

/* A name in the root. Only "local" opens a cluster. ENOENT as status if there is none. */
DWORD fs_clusters_lookup(FsClusters *clusters, const char *name, FsRootEntry *ret_entry);

/* All that the root lists, as FsRootEntry (transfer full); waits for nothing. */
GArray *fs_clusters_list(FsClusters *clusters);

/* The cluster's handle, which is opened, and watched from then on, if it is not. */
DWORD fs_cluster_open(FsClusters *clusters, FsCluster *cluster, HCLUSTER *ret_handle);

/* Whether the cluster is open with the right to change it. */
gboolean fs_cluster_may_change(FsCluster *cluster);

struct FsCoherence;
struct FsMount;
struct FsWatch;

/* The mount whose clusters they are; before the first is opened. */
void fs_clusters_set_mount(FsClusters *clusters, struct FsMount *mount);

/* What watches a cluster, which is opened if it is not; a status. */
DWORD fs_cluster_watch(FsClusters *clusters, FsCluster *cluster, struct FsWatch **ret_watch);

/* The same if it has begun, else NULL; and what makes the kernel forget of it, likewise. */
struct FsWatch *fs_clusters_watch_of(FsCluster *cluster);
struct FsCoherence *fs_clusters_coherence_of(FsCluster *cluster);

/* Stops all watches, while requests are still read. */
void fs_clusters_stop_watches(FsClusters *clusters);

/* The name of the directory of a cluster that is open or a section (transfer full). */
char *fs_cluster_directory(FsClusters *clusters, FsCluster *cluster);

/* The name of an open cluster, and its id, which is empty if it tells none; appended to @out. */
DWORD fs_cluster_read_name(HCLUSTER handle, GString *out);
DWORD fs_cluster_read_id(HCLUSTER handle, GString *out);

G_END_DECLS
