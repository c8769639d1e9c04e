/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session CLUSTER [GROUP]: opens the cluster and prints its name, its vendor, how many groups it has,
 * and the state of GROUP with its owner, a line each. Where something fails its line has the name of
 * the function and its error; then nothing follows.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <glib.h>
#include <stdio.h>

#define NAME_MAX_UNITS 256

static LPWSTR wide(const char *text)
{
    DWORD size = 0;
    ClusapiUtf8ToWide(text, NULL, &size);
    LPWSTR units = g_new0(WCHAR, ++size);
    return ClusapiUtf8ToWide(text, units, &size) == ERROR_SUCCESS ? units : NULL;
}

static void print(const char *what, const WCHAR *units)
{
    char text[4 * NAME_MAX_UNITS];
    size_t size = sizeof text;
    DWORD code = ClusapiWideToUtf8(units, (DWORD)-1, text, &size);
    printf("%s: %s\n", what, code == ERROR_SUCCESS ? text : "no text");
}

static gboolean fail(const char *function, DWORD code)
{
    printf("%s: %u\n", function, code);
    return FALSE;
}

static gboolean show_cluster(HCLUSTER cluster)
{
    WCHAR name[NAME_MAX_UNITS];
    DWORD size = NAME_MAX_UNITS;
    CLUSTERVERSIONINFO info = {.dwVersionInfoSize = sizeof info};
    DWORD code = GetClusterInformation(cluster, name, &size, &info);
    if (code != ERROR_SUCCESS) {
        return fail("GetClusterInformation", code);
    }
    print("name", name);
    print("vendor", info.szVendorId);
    HCLUSENUM groups = ClusterOpenEnum(cluster, CLUSTER_ENUM_GROUP);
    if (groups == NULL) {
        return fail("ClusterOpenEnum", GetLastError());
    }
    printf("groups: %u\n", ClusterGetEnumCount(groups));
    ClusterCloseEnum(groups);
    return TRUE;
}

static gboolean show_group(HCLUSTER cluster, LPCWSTR name)
{
    WCHAR owner[NAME_MAX_UNITS];
    DWORD size = NAME_MAX_UNITS;
    HGROUP group = OpenClusterGroup(cluster, name);
    if (group == NULL) {
        return fail("OpenClusterGroup", GetLastError());
    }
    CLUSTER_GROUP_STATE state = GetClusterGroupState(group, owner, &size);
    DWORD code = GetLastError();
    CloseClusterGroup(group);
    if (state == ClusterGroupStateUnknown) {
        return fail("GetClusterGroupState", code);
    }
    printf("state: %d\n", state);
    print("owner", owner);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autofree LPWSTR name = argc > 1 ? wide(argv[1]) : NULL;
    g_autofree LPWSTR group = argc > 2 ? wide(argv[2]) : NULL;
    if (name == NULL || (argc > 2 && group == NULL)) {
        return 2;
    }
    HCLUSTER cluster = OpenCluster(name);
    if (cluster == NULL) {
        fail("OpenCluster", GetLastError());
        return 1;
    }
    gboolean done = show_cluster(cluster) && (group == NULL || show_group(cluster, group));
    CloseCluster(cluster);
    return done ? 0 : 1;
}
