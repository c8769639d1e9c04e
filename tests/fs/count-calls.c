/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Preloaded into the daemon, writes the name of each call of the library that opens, resolves or
 * closes something to the file $COUNT_CALLS, one a line, and passes the call on. Any thread.
 */
#include <clusapi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note(const char *name)
{
    char line[64];
    size_t length = strlen(name);
    const char *path = getenv("COUNT_CALLS");
    int file = path != NULL ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file >= 0 && length < sizeof line) {
        memcpy(line, name, length);
        line[length] = '\n';
        if (write(file, line, length + 1) < 0) {
            abort();
        }
    }
    if (file >= 0) {
        close(file);
    }
}

/* The function that would have been called; the types are those of the header. */
#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

#define COUNT_OPEN(name, handle)                                                                   \
    handle name(HCLUSTER cluster, LPCWSTR text, DWORD access, DWORD *granted)                      \
    {                                                                                              \
        note(#name);                                                                               \
        return NEXT(name)(cluster, text, access, granted);                                         \
    }
#define COUNT_FROM(name, handle)                                                                   \
    HCLUSTER name(handle object)                                                                   \
    {                                                                                              \
        note(#name);                                                                               \
        return NEXT(name)(object);                                                                 \
    }
#define COUNT_CLOSE(name, handle)                                                                  \
    BOOL name(handle object)                                                                       \
    {                                                                                              \
        note(#name);                                                                               \
        return NEXT(name)(object);                                                                 \
    }

COUNT_OPEN(OpenClusterGroupEx, HGROUP)
COUNT_OPEN(OpenClusterNetworkEx, HNETWORK)
COUNT_OPEN(OpenClusterNodeEx, HNODE)
COUNT_OPEN(OpenClusterResourceEx, HRESOURCE)
COUNT_OPEN(OpenClusterNetInterfaceEx, HNETINTERFACE)
COUNT_FROM(GetClusterFromGroup, HGROUP)
COUNT_FROM(GetClusterFromNetwork, HNETWORK)
COUNT_FROM(GetClusterFromNode, HNODE)
COUNT_FROM(GetClusterFromResource, HRESOURCE)
COUNT_FROM(GetClusterFromNetInterface, HNETINTERFACE)
COUNT_CLOSE(CloseCluster, HCLUSTER)
COUNT_CLOSE(CloseClusterGroup, HGROUP)
COUNT_CLOSE(CloseClusterNetwork, HNETWORK)
COUNT_CLOSE(CloseClusterNode, HNODE)
COUNT_CLOSE(CloseClusterResource, HRESOURCE)
COUNT_CLOSE(CloseClusterNetInterface, HNETINTERFACE)
