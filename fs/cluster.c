/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clusters of a mount. The table's lock guards the entries and is never held across a call of
 * the library; what an entry says of an open cluster is written once, before its handle is
 * published, and then only read. Any thread may call.
 */
#include "cluster-internal.h"

#include "coherence.h"
#include "errors.h"
#include "escape.h"
#include "object.h"
#include "properties.h"
#include "sections.h"
#include "watch.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <string.h>

/* When a watch that failed is tried again. */
#define WATCH_AGAIN_US (10 * G_USEC_PER_SEC)

FsClusters *fs_clusters_new(const char *source, guint timeout_ms)
{
    FsClusters *clusters = g_new0(FsClusters, 1);

    g_mutex_init(&clusters->lock);
    clusters->source = g_strdup(source);
    clusters->timeout_ms = timeout_ms;
    return clusters;
}

static void cluster_free(FsCluster *cluster)
{
    g_clear_pointer(&cluster->watch, fs_watch_free);
    g_clear_pointer(&cluster->coherence, fs_coherence_free);
    if (cluster->handle != NULL) {
        CloseCluster(cluster->handle);
    }
    fs_ids_free(cluster->ids);
    fs_counted_free(cluster->keys);
    fs_counted_free(cluster->values);
    g_free(cluster->key);
    g_free(cluster->own_name);
    g_free(cluster->directory);
    g_free(cluster->id);
    g_free(cluster);
}

void fs_clusters_free(FsClusters *clusters)
{
    for (guint i = 1; i <= clusters->count; i++) {
        cluster_free(clusters->entries[i]);
    }
    g_mutex_clear(&clusters->lock);
    g_free(clusters->source);
    g_free(clusters);
}

guint fs_clusters_count(FsClusters *clusters)
{
    guint count;

    g_mutex_lock(&clusters->lock);
    count = clusters->count;
    g_mutex_unlock(&clusters->lock);
    return count;
}

FsCluster *fs_clusters_get(FsClusters *clusters, guint number)
{
    return number >= 1 && number <= fs_clusters_count(clusters) ? clusters->entries[number] : NULL;
}

/* With the lock held. */
static FsCluster *find_key(FsClusters *clusters, const char *key)
{
    for (guint i = 1; i <= clusters->count; i++) {
        if (g_strcmp0(clusters->entries[i]->key, key) == 0) {
            return clusters->entries[i];
        }
    }
    return NULL;
}

FsCluster *fs_clusters_take_key(FsClusters *clusters, const char *key, gboolean is_section)
{
    FsCluster *cluster;

    g_mutex_lock(&clusters->lock);
    cluster = find_key(clusters, key);
    if (cluster == NULL && clusters->count < FS_CLUSTERS_MAX) {
        cluster = g_new0(FsCluster, 1);
        cluster->number = ++clusters->count;
        cluster->key = g_strdup(key);
        cluster->is_section = is_section;
        cluster->ids = fs_ids_new();
        cluster->keys = fs_counted_new();
        cluster->values = fs_counted_new();
        clusters->entries[cluster->number] = cluster;
    }
    g_mutex_unlock(&clusters->lock);
    return cluster;
}

FsCluster *fs_clusters_local(FsClusters *clusters)
{
    return fs_clusters_take_key(clusters, NULL, FALSE);
}

static DWORD fill_name(gconstpointer of, LPWSTR buffer, LPDWORD characters)
{
    return GetClusterInformation((HCLUSTER)(gpointer)of, buffer, characters, NULL);
}

DWORD fs_cluster_read_name(HCLUSTER handle, GString *out)
{
    return fs_utf8_append_filled(out, fill_name, handle);
}

/* A cluster has no control code for its id, but a property. */
DWORD fs_cluster_read_id(HCLUSTER handle, GString *out)
{
    FsObject object = {.kind = FS_CLUSTER, .cluster = handle};
    DWORD status = fs_property_read(&object, "ClusterInstanceID", out);

    return status == ERROR_NOT_FOUND ? ERROR_SUCCESS : status;
}

/* What is learned of a cluster when it is opened. */
typedef struct {
    HCLUSTER handle;
    char *own_name;
    char *directory;
    char *id;
    guint same_as;
    DWORD access;
} Opened;

static void opened_clear(Opened *opened)
{
    if (opened->handle != NULL) {
        CloseCluster(opened->handle);
    }
    g_free(opened->own_name);
    g_free(opened->directory);
    g_free(opened->id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

static DWORD connect_cluster(const FsClusters *clusters, const FsCluster *cluster, Opened *opened)
{
    g_autofree LPWSTR key = NULL;
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GString) id = g_string_new(NULL);
    DWORD status = ERROR_SUCCESS;

    if (cluster->key != NULL) {
        status = fs_wide_from_utf8(cluster->key, &key);
        if (status != ERROR_SUCCESS) {
            return status;
        }
    }
    opened->handle = OpenClusterEx(key, MAXIMUM_ALLOWED, &opened->access);
    if (opened->handle == NULL) {
        return GetLastError();
    }
    status = ClusapiSetTimeout(opened->handle, clusters->timeout_ms);
    if (status == ERROR_SUCCESS) {
        status = fs_cluster_read_name(opened->handle, name);
    }
    if (status == ERROR_SUCCESS) {
        status = fs_cluster_read_id(opened->handle, id);
    }
    opened->own_name = g_string_free(g_steal_pointer(&name), FALSE);
    opened->id = g_string_free(g_steal_pointer(&id), FALSE);
    return status;
}

/* The number of another open entry that has the directory of the same cluster; 0 if none has. With
 * the lock held. */
static guint find_same(FsClusters *clusters, const FsCluster *but, const char *id)
{
    guint same = 0;

    for (guint i = 1; i <= clusters->count && same == 0 && *id != '\0'; i++) {
        const FsCluster *other = clusters->entries[i];

        if (other != but && other->handle != NULL && other->same_as == 0 &&
            strcmp(other->id, id) == 0) {
            same = i;
        }
    }
    return same;
}

static gboolean is_directory_taken(FsClusters *clusters, const FsCluster *but, const char *name)
{
    gboolean taken = FALSE;

    g_mutex_lock(&clusters->lock);
    for (guint i = 1; i <= clusters->count && !taken; i++) {
        const FsCluster *other = clusters->entries[i];

        taken = other != but && other->handle != NULL && g_strcmp0(other->directory, name) == 0;
    }
    g_mutex_unlock(&clusters->lock);
    return taken;
}

/* With the lock held. */
static gboolean may_begin_watch(FsClusters *clusters, FsCluster *cluster)
{
    gint64 now = g_get_monotonic_time();

    if (clusters->stopped || cluster->same_as != 0 || cluster->watch != NULL ||
        now < cluster->watch_after) {
        return FALSE;
    }
    if (cluster->coherence == NULL) {
        g_atomic_pointer_set(&cluster->coherence, fs_coherence_new(clusters->mount, cluster));
    }
    return cluster->coherence != NULL;
}

/* Publishes a watch unless another thread was faster, or the end has come. */
static void publish_watch(FsClusters *clusters, FsCluster *cluster, FsWatch *watch)
{
    gboolean taken;

    g_mutex_lock(&clusters->lock);
    taken = !clusters->stopped && cluster->watch == NULL;
    if (taken) {
        g_atomic_pointer_set(&cluster->watch, watch);
    }
    g_mutex_unlock(&clusters->lock);
    if (!taken) {
        fs_watch_stop(watch);
        fs_watch_free(watch);
    }
}

/* What is read of the cluster from now on the kernel may keep. That nothing can be watched keeps
 * nobody from reading; it is tried again later. */
static DWORD begin_watch(FsClusters *clusters, FsCluster *cluster, HCLUSTER handle)
{
    FsWatch *watch;
    gboolean begin;
    DWORD status;

    g_mutex_lock(&clusters->lock);
    begin = may_begin_watch(clusters, cluster);
    g_mutex_unlock(&clusters->lock);
    if (!begin) {
        return ERROR_SUCCESS;
    }
    status = fs_watch_new(cluster->coherence, handle, &watch);
    if (status == ERROR_SUCCESS) {
        publish_watch(clusters, cluster, watch);
    } else if (status != ERROR_TIMEOUT) {
        g_mutex_lock(&clusters->lock);
        cluster->watch_after = g_get_monotonic_time() + WATCH_AGAIN_US;
        g_mutex_unlock(&clusters->lock);
    }
    return status;
}

void fs_cluster_try_open(FsClusters *clusters, FsCluster *cluster)
{
    BOOL before = ClusapiSetNoWait(TRUE);
    HCLUSTER handle;

    if (fs_cluster_begin(clusters, cluster, &handle) == ERROR_SUCCESS) {
        (void)begin_watch(clusters, cluster, handle);
    }
    ClusapiSetNoWait(before);
}

/* Opens all sections that can be opened at once, so that the cluster of this host is found among
 * them. On the thread that reads requests only: in a scope a dead one would take all its time. */
static void try_sections(FsClusters *clusters)
{
    BOOL may_not_wait = ClusapiSetNoWait(TRUE);
    g_auto(GStrv) sections = fs_sections_read();

    ClusapiSetNoWait(may_not_wait);
    for (char **name = sections; may_not_wait && *name != NULL; name++) {
        FsCluster *section =
            fs_section_is_reserved(*name) ? NULL : fs_clusters_take_key(clusters, *name, TRUE);

        if (section != NULL) {
            fs_cluster_try_open(clusters, section);
        }
    }
}

/* The first name of a cluster that is opened names its directory; others are links to it. */
static void choose_directory(FsClusters *clusters, const FsCluster *cluster, Opened *opened)
{
    const char *name = cluster->is_section ? cluster->key : opened->own_name;

    if (cluster->key == NULL) {
        try_sections(clusters);
    }
    g_mutex_lock(&clusters->lock);
    opened->same_as = find_same(clusters, cluster, opened->id);
    g_mutex_unlock(&clusters->lock);
    if (opened->same_as != 0) {
        return;
    }
    opened->directory = fs_escape(name, cluster->is_section ? NULL : opened->id);
    if (cluster->is_section) {
        return;
    }
    if (fs_section_is_reserved(name) || is_directory_taken(clusters, cluster, opened->directory) ||
        (cluster->key == NULL && fs_section_exists(name))) {
        g_autofree char *longer = g_strdup_printf("%s.%s", name, opened->id);

        g_free(opened->directory);
        opened->directory = fs_escape(longer, opened->id);
    }
}

/* Publishes what was learned, unless another thread was faster, with this entry or with another one
 * of the same cluster. */
static HCLUSTER publish(FsClusters *clusters, FsCluster *cluster, Opened *opened)
{
    g_mutex_lock(&clusters->lock);
    if (cluster->handle == NULL) {
        opened->same_as = find_same(clusters, cluster, opened->id);
        if (opened->same_as != 0) {
            g_clear_pointer(&opened->directory, g_free);
        }
        cluster->own_name = g_steal_pointer(&opened->own_name);
        cluster->directory = g_steal_pointer(&opened->directory);
        cluster->id = g_steal_pointer(&opened->id);
        cluster->same_as = opened->same_as;
        g_atomic_int_set(&cluster->may_change, opened->access == GENERIC_ALL);
        g_atomic_pointer_set(&cluster->handle, g_steal_pointer(&opened->handle));
    }
    g_mutex_unlock(&clusters->lock);
    return cluster->handle;
}

DWORD fs_cluster_begin(FsClusters *clusters, FsCluster *cluster, HCLUSTER *ret_handle)
{
    HCLUSTER handle = g_atomic_pointer_get(&cluster->handle);
    g_auto(Opened) opened = {0};

    if (handle == NULL) {
        DWORD status = connect_cluster(clusters, cluster, &opened);

        if (status != ERROR_SUCCESS) {
            return status;
        }
        choose_directory(clusters, cluster, &opened);
        handle = publish(clusters, cluster, &opened);
    }
    *ret_handle = handle;
    return ERROR_SUCCESS;
}

/* That a cluster's file is missing must not look as if the name were, which is listed. */
DWORD fs_cluster_open(FsClusters *clusters, FsCluster *cluster, HCLUSTER *ret_handle)
{
    DWORD status = fs_cluster_begin(clusters, cluster, ret_handle);

    if (status == ERROR_SUCCESS && g_atomic_pointer_get(&cluster->watch) == NULL) {
        return begin_watch(clusters, cluster, *ret_handle) == ERROR_TIMEOUT ? ERROR_TIMEOUT
                                                                            : ERROR_SUCCESS;
    }
    if (fs_status_is_missing(status)) {
        fs_status_log_cluster(status, cluster->key != NULL ? cluster->key : FS_NAME_LOCAL);
        status = FS_STATUS_ERRNO(EHOSTUNREACH);
    }
    return status;
}

DWORD fs_clusters_open_source(FsClusters *clusters)
{
    const char *source = clusters->source;
    FsCluster *cluster;
    HCLUSTER handle;
    BOOL before;
    DWORD status;

    if (strcmp(source, FS_NAME_NONE) == 0) {
        return ERROR_SUCCESS;
    }
    if (strcmp(source, FS_NAME_LOCAL) == 0) {
        cluster = fs_clusters_local(clusters);
    } else if (*source == '/' || fs_section_exists(source)) {
        cluster = fs_clusters_take_key(clusters, source, *source != '/');
    } else {
        return ERROR_NOT_FOUND;
    }
    g_atomic_int_set(&cluster->is_asked_for, TRUE);
    before = ClusapiSetNoWait(TRUE);
    status = fs_cluster_begin(clusters, cluster, &handle);
    ClusapiSetNoWait(before);
    if (status == ERROR_TIMEOUT) {
        HCLUSCALL call = ClusapiBeginCall(clusters->timeout_ms);

        status = fs_cluster_begin(clusters, cluster, &handle);
        if (call != NULL) {
            ClusapiEndCall(call);
        }
    }
    if (status == ERROR_SUCCESS) {
        fs_cluster_try_open(clusters, cluster);
    }
    return status;
}

void fs_clusters_set_mount(FsClusters *clusters, struct FsMount *mount)
{
    clusters->mount = mount;
}

struct FsWatch *fs_clusters_watch_of(FsCluster *cluster)
{
    return g_atomic_pointer_get(&cluster->watch);
}

struct FsCoherence *fs_clusters_coherence_of(FsCluster *cluster)
{
    return g_atomic_pointer_get(&cluster->coherence);
}

DWORD fs_cluster_watch(FsClusters *clusters, FsCluster *cluster, struct FsWatch **ret_watch)
{
    HCLUSTER handle;
    DWORD status = fs_cluster_open(clusters, cluster, &handle);

    if (status == ERROR_SUCCESS) {
        status = begin_watch(clusters, cluster, handle);
    }
    *ret_watch = g_atomic_pointer_get(&cluster->watch);
    return status == ERROR_SUCCESS && *ret_watch == NULL ? ERROR_CALL_NOT_IMPLEMENTED : status;
}

void fs_clusters_stop_watches(FsClusters *clusters)
{
    gboolean stopped;

    g_mutex_lock(&clusters->lock);
    stopped = clusters->stopped;
    clusters->stopped = TRUE;
    g_mutex_unlock(&clusters->lock);
    for (guint i = 1; i <= fs_clusters_count(clusters) && !stopped; i++) {
        const FsCluster *cluster = fs_clusters_get(clusters, i);

        if (cluster->watch != NULL) {
            fs_watch_stop(cluster->watch);
        }
        if (cluster->coherence != NULL) {
            fs_coherence_stop(cluster->coherence);
        }
    }
}

gboolean fs_cluster_may_change(FsCluster *cluster)
{
    return g_atomic_int_get(&cluster->may_change);
}

char *fs_cluster_directory(FsClusters *clusters, FsCluster *cluster)
{
    const FsCluster *owner =
        cluster->same_as != 0 ? fs_clusters_get(clusters, cluster->same_as) : cluster;

    return owner->is_section ? fs_escape(owner->key, NULL) : g_strdup(owner->directory);
}
