/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "version.h"

#include "version-page.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <gmodule.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern G_MODULE_EXPORT guint64 *clusapid_version;
guint64 *clusapid_version;

static char *path;

static char *path_beside(GSocket *socket)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);
    if (!G_IS_UNIX_SOCKET_ADDRESS(address)) {
        return NULL;
    }
    const char *name = g_unix_socket_address_get_path(G_UNIX_SOCKET_ADDRESS(address));
    return g_path_is_absolute(name) ? g_strconcat(name, CL_VERSION_SUFFIX, NULL) : NULL;
}

/* Where there is no room for it that is to fail here, and not as a signal when it is written. */
static gboolean allocate(int file)
{
    int code = posix_fallocate(file, 0, CL_VERSION_SIZE);
    errno = code != 0 ? code : errno;
    return code == 0;
}

/* The lock lasts as long as the mapping, which has the file open: as long as the process. */
static gboolean map(int file)
{
    struct flock lock = cl_version_lock(F_WRLCK);
    void *mapped = MAP_FAILED;
    if (fchmod(file, 0644) == 0 && allocate(file) && fcntl(file, F_OFD_SETLK, &lock) == 0) {
        mapped = mmap(NULL, CL_VERSION_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    clusapid_version = mapped != MAP_FAILED ? mapped : NULL;
    return clusapid_version != NULL;
}

/* A new file each time: who still has the one of a service before sees that never change, but has lost
 * that service. */
void clusapid_version_begin(const GPtrArray *sockets)
{
    path = sockets->len > 0 ? path_beside(sockets->pdata[0]) : NULL;
    if (!path) {
        return;
    }
    g_autofree char *new_path = g_strconcat(path, ".XXXXXX", NULL);
    int file = g_mkstemp_full(new_path, O_RDWR | O_CLOEXEC, 0600);
    if (file < 0 || !map(file) || g_rename(new_path, path) != 0) {
        g_message("%s: %s: clients of this host ask each time", path, g_strerror(errno));
        if (file >= 0) {
            (void)g_unlink(new_path);
        }
        g_clear_pointer(&path, g_free);
    }
    if (file >= 0) {
        (void)close(file);
    }
}

void clusapid_version_end(void)
{
    if (path) {
        (void)g_unlink(path);
    }
    g_clear_pointer(&path, g_free);
}
