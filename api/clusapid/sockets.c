/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sockets.h"

#include "rpc/epm.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

/* Clients that the kernel lets wait until they are accepted. */
#define BACKLOG 128

static gboolean add(GPtrArray *sockets, GSocketAddress *address, GError **error)
{
    g_autoptr(GSocket) socket =
        g_socket_new(g_socket_address_get_family(address), G_SOCKET_TYPE_STREAM,
                     G_SOCKET_PROTOCOL_DEFAULT, error);
    if (socket) {
        g_socket_set_listen_backlog(socket, BACKLOG);
    }
    if (!socket || !g_socket_bind(socket, address, TRUE, error) ||
        !g_socket_listen(socket, error)) {
        return FALSE;
    }
    g_ptr_array_add(sockets, g_steal_pointer(&socket));
    return TRUE;
}

static guint16 port_of(GSocket *socket)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);
    return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
}

/* --- The Unix socket ---------------------------------------------------------------------------- */

/* Whoever holds the lock serves there; what another one left behind is removed. */
static gboolean take_path(ClusapidSockets *sockets, const char *path, GError **error)
{
    g_autofree char *lock = g_strconcat(path, ".lock", NULL);
    g_autofree char *directory = g_path_get_dirname(path);
    GStatBuf info;
    (void)g_mkdir_with_parents(directory, 0755);
    sockets->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (sockets->lock < 0 || flock(sockets->lock, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    errno == EWOULDBLOCK ? "another clusapid serves there" : g_strerror(errno));
        return FALSE;
    }
    if (g_lstat(path, &info) == 0 && S_ISSOCK(info.st_mode)) {
        (void)g_unlink(path);
    }
    return TRUE;
}

/* Everybody may connect: the kernel says who it is, and the configuration who may. */
static gboolean open_path(ClusapidSockets *sockets, const char *path, GError **error)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    if (!take_path(sockets, path, error)) {
        return FALSE;
    }
    if (!add(sockets->local, address, error)) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    sockets->path = g_strdup(path);
    if (g_chmod(path, 0666) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    return TRUE;
}

/* --- The network -------------------------------------------------------------------------------- */

/* With the port that the first got, if it was any, for all. */
static gboolean open_address(ClusapidSockets *sockets, GSocketAddress *address, GError **error)
{
    GInetAddress *host = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
    guint16 port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
    g_autofree char *text = g_inet_address_to_string(host);
    g_autoptr(GSocketAddress) bound =
        g_inet_socket_address_new(host, port != 0 ? port : sockets->port);
    if (!add(sockets->network, bound, error)) {
        g_prefix_error(error, "%s: ", text);
        return FALSE;
    }
    guint last = sockets->network->len - 1;
    if (sockets->port == 0) {
        sockets->port = port_of(sockets->network->pdata[last]);
    }
    return TRUE;
}

static gboolean open_mapper(ClusapidSockets *sockets, GSocketAddress *address, GError **error)
{
    GInetAddress *host = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address));
    g_autofree char *text = g_inet_address_to_string(host);
    g_autoptr(GSocketAddress) bound = g_inet_socket_address_new(host, CL_EPM_PORT);
    if (!add(sockets->mapper, bound, error)) {
        g_prefix_error(error, "the endpoint mapper at %s: ", text);
        return FALSE;
    }
    return TRUE;
}

static gboolean open_network(ClusapidSockets *sockets, const ClusapidConfig *config, GError **error)
{
    for (guint i = 0; i < config->addresses->len; i++) {
        if (!open_address(sockets, config->addresses->pdata[i], error) ||
            (config->endpoint_mapper &&
             !open_mapper(sockets, config->addresses->pdata[i], error))) {
            return FALSE;
        }
    }
    return TRUE;
}

/* --- Those that are handed down ----------------------------------------------------------------- */

/* A port 135 is that of the mapper. */
static gboolean take_handed_down(ClusapidSockets *sockets, int n, GError **error)
{
    for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++) {
        GSocket *socket = g_socket_new_from_fd(fd, error);
        if (!socket) {
            return FALSE;
        }
        if (g_socket_get_family(socket) == G_SOCKET_FAMILY_UNIX) {
            g_ptr_array_add(sockets->local, socket);
        } else if (port_of(socket) == CL_EPM_PORT) {
            g_ptr_array_add(sockets->mapper, socket);
        } else {
            sockets->port = sockets->port != 0 ? sockets->port : port_of(socket);
            g_ptr_array_add(sockets->network, socket);
        }
    }
    return TRUE;
}

ClusapidSockets *clusapid_sockets_open(const ClusapidConfig *config, GError **error)
{
    g_autoptr(ClusapidSockets) sockets = g_new0(ClusapidSockets, 1);
    sockets->local = g_ptr_array_new_with_free_func(g_object_unref);
    sockets->network = g_ptr_array_new_with_free_func(g_object_unref);
    sockets->mapper = g_ptr_array_new_with_free_func(g_object_unref);
    sockets->lock = -1;
    if (!take_handed_down(sockets, sd_listen_fds(TRUE), error) ||
        (sockets->local->len == 0 && !open_path(sockets, config->socket, error)) ||
        (sockets->network->len == 0 && !open_network(sockets, config, error))) {
        return NULL;
    }
    return g_steal_pointer(&sockets);
}

void clusapid_sockets_free(ClusapidSockets *sockets)
{
    g_ptr_array_unref(sockets->local);
    g_ptr_array_unref(sockets->network);
    g_ptr_array_unref(sockets->mapper);
    if (sockets->path) {
        (void)g_unlink(sockets->path);
    }
    g_free(sockets->path);
    if (sockets->lock >= 0) {
        close(sockets->lock);
    }
    g_free(sockets);
}
