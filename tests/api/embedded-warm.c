/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that may not wait: they do not fetch a page from the disk. One thread.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

/* Another descriptor of the file may only be closed before a cluster opens it: closing it later
 * would drop SQLite's locks. */
typedef struct {
    Fixture *fixture;
    int descriptor;
    gsize size;
} File;

static File *file_new(void)
{
    struct stat status;
    File *file = g_new0(File, 1);
    file->fixture = fixture_new_demo();
    file->descriptor = open(file->fixture->path, O_RDONLY | O_CLOEXEC);
    g_assert_cmpint(file->descriptor, >=, 0);
    g_assert_cmpint(fstat(file->descriptor, &status), ==, 0);
    file->size = (gsize)status.st_size;
    return file;
}

static void file_free(File *file)
{
    close(file->descriptor);
    fixture_free(file->fixture);
    g_free(file);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(File, file_free)

/* Takes the file out of memory; FALSE where the file system lives in memory. */
static gboolean make_cold(const File *file)
{
    guint pages = (guint)((file->size + 4095) / 4096);
    g_autofree guchar *resident = g_malloc0(pages);
    g_assert_cmpint(fsync(file->descriptor), ==, 0);
    g_assert_cmpint(posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_DONTNEED), ==, 0);
    gpointer map = mmap(NULL, file->size, PROT_READ, MAP_SHARED, file->descriptor, 0);
    g_assert_true(map != MAP_FAILED);
    g_assert_cmpint(mincore(map, file->size, resident), ==, 0);
    munmap(map, file->size);
    guint warm = 0;
    for (guint i = 0; i < pages; i++) {
        warm += resident[i] & 1;
    }
    return warm == 0;
}

static void test_cold_page(void)
{
    g_autoptr(File) file = file_new();
    gboolean cold = make_cold(file);
    ClusapiSetNoWait(TRUE);
    HCLUSTER cluster = OpenCluster(file->fixture->wide);
    g_assert_true((cluster == NULL) == cold);
    g_assert_true(!cold || GetLastError() == ERROR_TIMEOUT);
    ClusapiSetNoWait(FALSE);
    CloseCluster(cluster);
}

static void test_warm_after_waiting(void)
{
    g_autoptr(File) file = file_new();
    make_cold(file);
    HCLUSTER cluster = OpenCluster(file->fixture->wide);
    HGROUP group = OpenClusterGroup(cluster, u"web");
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOnline);
    ClusapiSetNoWait(TRUE);
    g_assert_cmpint(GetClusterGroupState(group, NULL, NULL), ==, ClusterGroupOnline);
    ClusapiSetNoWait(FALSE);
    CloseCluster(cluster);
}

/* What one call needs may be in memory while what another needs is not. */
static void test_each_page_by_itself(void)
{
    g_autoptr(File) file = file_new();
    HCLUSTER cluster = OpenCluster(file->fixture->wide);
    gboolean cold = make_cold(file);
    ClusapiSetNoWait(TRUE);
    HCLUSENUM all = ClusterOpenEnum(cluster, CLUSTER_ENUM_ALL);
    g_assert_true((all == NULL) == cold);
    g_assert_true(!cold || GetLastError() == ERROR_TIMEOUT);
    ClusapiSetNoWait(FALSE);
    all = ClusterOpenEnum(cluster, CLUSTER_ENUM_ALL);
    g_assert_nonnull(all);
    CloseCluster(cluster);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/warm/opening does not wait for the disk if it may not", test_cold_page);
    g_test_add_func("/warm/what was read once is read again without waiting",
                    test_warm_after_waiting);
    g_test_add_func("/warm/a page that is not in memory is not waited for",
                    test_each_page_by_itself);
    return g_test_run();
}
