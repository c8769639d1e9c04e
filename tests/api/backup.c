/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Copies of a cluster, clusters made from them, and the end of a cluster, through the public API.
 * $CLUSAPI_LOCAL, which says where the cluster of this host is, is changed by the main thread
 * alone; one test has a second thread that changes the cluster.
 */
#include "acting-setup.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "embedded/check.h"

#define DEFINITION                                                                                 \
    "[cluster]\nname=test\n[node n1]\n[resource-type T]\n[group g]\nowner=n1\n"                    \
    "[resource r]\ngroup=g\ntype=T\nstate=online\n"

static char *path_in(const Cluster *c, const char *name)
{
    return g_build_filename(c->fixture->directory, name, NULL);
}

static void check_sound(const char *path)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;
    cl_embedded_check(path, FALSE, &findings, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(findings->len, ==, 0);
}

static DWORD back_up(const Cluster *c, const char *path)
{
    g_autofree WCHAR *text = wide(path);
    return BackupClusterDatabase(c->handle, text);
}

static DWORD restore(const char *path, BOOL force)
{
    g_autofree WCHAR *text = wide(path);
    return RestoreClusterDatabase(text, force, NULL);
}

static void test_backup(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    g_autofree char *copy = path_in(c, "copy");
    g_autofree char *missing = path_in(c, "missing/copy");
    g_autofree char *fixed = path_in(c, "backup.cluster");
    g_autofree char *log = g_strconcat(copy, "-wal", NULL);
    IS(back_up(c, copy), ERROR_SUCCESS);
    /* All is in the one file, which may be carried elsewhere. */
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    check_sound(copy);
    IS(back_up(c, copy), ERROR_ALREADY_EXISTS);
    IS(back_up(c, missing), ERROR_PATH_NOT_FOUND);
    IS(back_up(c, ""), ERROR_INVALID_PARAMETER);
    IS(BackupClusterDatabase(c->handle, NULL), ERROR_INVALID_PARAMETER);
    IS(back_up(c, c->fixture->path), ERROR_ALREADY_EXISTS);
    IS(back_up(c, c->fixture->directory), ERROR_SUCCESS);
    check_sound(fixed);
    g_assert_false(ClusapiSetNoWait(TRUE));
    g_autofree char *other = path_in(c, "other");
    IS(back_up(c, other), ERROR_TIMEOUT);
    g_assert_true(ClusapiSetNoWait(FALSE));
    g_assert_false(g_file_test(other, G_FILE_TEST_EXISTS));
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    IS(BackupClusterDatabase(reading, u"/nowhere"), ERROR_ACCESS_DENIED);
    CloseCluster(reading);
}

static void test_restore(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    g_autofree char *copy = path_in(c, "copy");
    g_autofree char *local = path_in(c, "local");
    g_autofree char *garbage = path_in(c, "garbage");
    IS(back_up(c, copy), ERROR_SUCCESS);
    /* What happens after the backup is not in it. */
    g_assert_nonnull(CreateClusterGroup(c->handle, u"later"));
    g_setenv("CLUSAPI_LOCAL", local, TRUE);
    IS(restore(copy, FALSE), ERROR_SUCCESS);
    check_sound(local);
    HCLUSTER restored = OpenCluster(NULL);
    g_assert_nonnull(restored);
    HRESOURCE r = OpenClusterResource(restored, u"r");
    g_assert_cmpint(GetClusterResourceState(r, NULL, NULL, NULL, NULL), ==, ClusterResourceOnline);
    NONE(OpenClusterGroup(restored, u"later"), ERROR_GROUP_NOT_FOUND);
    IS(restore(copy, FALSE), ERROR_ALREADY_EXISTS);
    IS(restore(copy, TRUE), ERROR_BUSY);
    g_assert_nonnull(CreateClusterGroup(restored, u"another"));
    CloseCluster(restored);
    IS(restore(copy, TRUE), ERROR_SUCCESS);
    restored = OpenCluster(NULL);
    NONE(OpenClusterGroup(restored, u"another"), ERROR_GROUP_NOT_FOUND);
    CloseCluster(restored);
    IS(restore(garbage, TRUE), ERROR_FILE_NOT_FOUND);
    g_assert_true(g_file_set_contents(garbage, "no cluster at all", -1, NULL));
    IS(restore(garbage, TRUE), ERROR_INVALID_DATA);
    IS(RestoreClusterDatabase(NULL, TRUE, NULL), ERROR_INVALID_PARAMETER);
    check_sound(local);
    g_unsetenv("CLUSAPI_LOCAL");
}

static volatile gint stop;
static volatile gint changes;

static gpointer change_on(gpointer path)
{
    HCLUSTER cluster = OpenCluster(path);
    HGROUP group = OpenClusterGroup(cluster, u"g");
    while (!g_atomic_int_get(&stop)) {
        g_autofree char *name = g_strdup_printf("g%d", g_atomic_int_add(&changes, 1));
        g_autofree WCHAR *text = wide(name);
        IS(SetClusterGroupName(group, text), ERROR_SUCCESS);
    }
    CloseCluster(cluster);
    return NULL;
}

static void test_backup_under_load(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    g_atomic_int_set(&stop, 0);
    GThread *thread = g_thread_new("changer", change_on, c->fixture->wide);
    for (guint i = 0; i < 10 || g_atomic_int_get(&changes) < 10; i++) {
        g_autofree char *name = g_strdup_printf("copy%u", i);
        g_autofree char *copy = path_in(c, name);
        IS(back_up(c, copy), ERROR_SUCCESS);
        check_sound(copy);
    }
    g_atomic_int_set(&stop, 1);
    g_thread_join(thread);
}

static void test_destroy(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    HCLUSTER other = OpenCluster(c->fixture->wide);
    HGROUP group = OpenClusterGroup(other, u"g");
    WCHAR name[64];
    DWORD length = G_N_ELEMENTS(name);
    g_assert_nonnull(group);
    HCLUSTER reading = OpenClusterEx(c->fixture->wide, GENERIC_READ, NULL);
    IS(DestroyCluster(reading, NULL, NULL, FALSE), ERROR_ACCESS_DENIED);
    CloseCluster(reading);
    IS(DestroyCluster(c->handle, NULL, NULL, FALSE), ERROR_SUCCESS);
    g_assert_false(g_file_test(c->fixture->path, G_FILE_TEST_EXISTS));
    NONE(OpenCluster(c->fixture->wide), ERROR_FILE_NOT_FOUND);
    /* Those who had it open see nothing of it any more. */
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupStateUnknown);
    g_assert_cmpuint(GetClusterInformation(other, name, &length, NULL), !=, ERROR_SUCCESS);
    NONE(OpenClusterGroup(c->handle, u"g"), ERROR_GROUP_NOT_FOUND);
    /* What they change would be nowhere, so nothing is acknowledged, nor backed up. */
    g_autofree char *copy = path_in(c, "copy");
    IS(SetClusterName(other, u"other"), ERROR_FILE_NOT_FOUND);
    IS(OnlineClusterGroup(group, NULL), ERROR_FILE_NOT_FOUND);
    NONE(AddClusterNode(other, u"n2", NULL, NULL), ERROR_FILE_NOT_FOUND);
    NONE(CreateClusterGroup(other, u"new"), ERROR_FILE_NOT_FOUND);
    NONE(CreateClusterGroupSet(other, u"new"), ERROR_FILE_NOT_FOUND);
    IS(CreateClusterResourceType(other, u"new", u"", u"", 100, 100), ERROR_FILE_NOT_FOUND);
    IS(ClusterControl(other, NULL, (DWORD)CLUSCTL_CLUSTER_SHUTDOWN, NULL, 0, NULL, 0, NULL),
       ERROR_FILE_NOT_FOUND);
    g_autofree WCHAR *copy_text = wide(copy);
    IS(BackupClusterDatabase(other, copy_text), ERROR_FILE_CORRUPT);
    IS(DestroyCluster(other, NULL, NULL, FALSE), ERROR_FILE_NOT_FOUND);
    CloseCluster(other);
    g_autoptr(GDir) directory = g_dir_open(c->fixture->directory, 0, NULL);
    g_assert_null(g_dir_read_name(directory));
}

/* Who had the former cluster open does not take the new one of its name for it. */
static void test_replaced(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    g_autofree char *copy = path_in(c, "copy");
    HGROUP group = group_of(c, "g");
    HCLUSTER other = OpenCluster(c->fixture->wide);
    IS(back_up(c, copy), ERROR_SUCCESS);
    IS(DestroyCluster(other, NULL, NULL, FALSE), ERROR_SUCCESS);
    CloseCluster(other);
    g_setenv("CLUSAPI_LOCAL", c->fixture->path, TRUE);
    IS(restore(copy, FALSE), ERROR_SUCCESS);
    g_unsetenv("CLUSAPI_LOCAL");
    IS(SetClusterGroupName(group, u"lost"), ERROR_FILE_CORRUPT);
    NONE(CreateClusterGroup(c->handle, u"lost"), ERROR_FILE_CORRUPT);
    other = OpenCluster(c->fixture->wide);
    NONE(OpenClusterGroup(other, u"lost"), ERROR_GROUP_NOT_FOUND);
    g_assert_nonnull(CreateClusterGroup(other, u"new"));
    CloseCluster(other);
    check_sound(c->fixture->path);
}

static BOOL CALLBACK refuse(G_GNUC_UNUSED PVOID argument, G_GNUC_UNUSED CLUSTER_SETUP_PHASE phase,
                            G_GNUC_UNUSED CLUSTER_SETUP_PHASE_TYPE type,
                            G_GNUC_UNUSED CLUSTER_SETUP_PHASE_SEVERITY severity,
                            G_GNUC_UNUSED DWORD percent, G_GNUC_UNUSED PCWSTR name,
                            G_GNUC_UNUSED DWORD status)
{
    return FALSE;
}

static void test_destroy_refused(void)
{
    g_autoptr(Cluster) c = cluster_new(DEFINITION);
    IS(DestroyCluster(c->handle, refuse, NULL, FALSE), ERROR_OPERATION_ABORTED);
    if (geteuid() != 0) {
        g_assert_cmpint(g_chmod(c->fixture->directory, 0500), ==, 0);
        IS(DestroyCluster(c->handle, NULL, NULL, FALSE), ERROR_ACCESS_DENIED);
        g_assert_cmpint(g_chmod(c->fixture->directory, 0700), ==, 0);
    }
    g_assert_true(CloseClusterGroup(group_of(c, "g")));
}

static void test_shared_volumes(void)
{
    GUID set = {0};
    BOOL is = TRUE;
    IS(IsFileOnClusterSharedVolume(u"/etc/passwd", &is), ERROR_SUCCESS);
    g_assert_false(is);
    IS(IsFileOnClusterSharedVolume(NULL, &is), ERROR_INVALID_PARAMETER);
    IS(IsFileOnClusterSharedVolume(u"/", NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterSharedVolumeSetSnapshotState(set, u"v", ClusterSharedVolumePrepareForFreeze),
       ERROR_CALL_NOT_IMPLEMENTED);
}

static void drop_message(G_GNUC_UNUSED const char *domain, G_GNUC_UNUSED GLogLevelFlags level,
                         G_GNUC_UNUSED const char *message, G_GNUC_UNUSED gpointer data)
{
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_handler("clusapi", G_LOG_LEVEL_DEBUG, drop_message, NULL);
    g_test_add_func("/backup/a cluster in use is copied", test_backup);
    g_test_add_func("/backup/a cluster is made from a copy", test_restore);
    g_test_add_func("/backup/a copy is of one moment", test_backup_under_load);
    g_test_add_func("/backup/a cluster is destroyed", test_destroy);
    g_test_add_func("/backup/another cluster takes the name of one that was destroyed",
                    test_replaced);
    g_test_add_func("/backup/a cluster is not destroyed without right", test_destroy_refused);
    g_test_add_func("/backup/there are no shared volumes", test_shared_volumes);
    return g_test_run();
}
