/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * open-as CLUSTER UID [GID...]: opens a cluster to read and to change, as that user in those groups,
 * and prints 0 or the error of each.
 */
#include <clusapi.h>
#include <clusapi/linux.h>
#include <glib.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOGROUP 65534

static LPWSTR text_of(const char *name)
{
    DWORD size = 0;
    ClusapiUtf8ToWide(name, NULL, &size);
    LPWSTR text = g_new0(WCHAR, ++size);
    return ClusapiUtf8ToWide(name, text, &size) == ERROR_SUCCESS ? text : NULL;
}

static DWORD open_as(LPCWSTR name, DWORD access)
{
    HCLUSTER cluster = OpenClusterEx(name, access, NULL);
    if (cluster == NULL) {
        return GetLastError();
    }
    CloseCluster(cluster);
    return ERROR_SUCCESS;
}

int main(int argc, char **argv)
{
    gid_t groups[16];
    int n = argc - 3;
    g_autofree LPWSTR name = argc > 2 ? text_of(argv[1]) : NULL;
    if (name == NULL || n < 0 || n > (int)G_N_ELEMENTS(groups)) {
        return 2;
    }
    for (int i = 0; i < n; i++) {
        groups[i] = (gid_t)strtoul(argv[3 + i], NULL, 10);
    }
    /* The modules may lie where only root can look. */
    (void)open_as(name, GENERIC_READ);
    if (setgroups((size_t)n, groups) != 0 || setgid(NOGROUP) != 0 ||
        setuid((uid_t)strtoul(argv[2], NULL, 10)) != 0) {
        return 2;
    }
    DWORD to_read = open_as(name, GENERIC_READ);
    printf("%u %u\n", to_read, open_as(name, GENERIC_ALL));
    return 0;
}
