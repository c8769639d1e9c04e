/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "served.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static gboolean is_listening(const char *path)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    return g_socket_connect(socket, address, NULL, NULL);
}

/* In the child: a test that crashes leaves nobody behind. A warning is a bug. */
static void die_with_parent(G_GNUC_UNUSED gpointer data)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("G_DEBUG", "fatal-warnings", TRUE);
}

void served_start(Served *served)
{
    const char *argv[] = {g_getenv("CLUSAPID"), "--config", served->configuration, NULL};
    g_autoptr(GError) error = NULL;
    g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL,
                  &served->pid, &error);
    g_assert_no_error(error);
    for (guint i = 0; !is_listening(served->socket); i++) {
        g_assert_cmpuint(i, <, 2000);
        g_usleep(5000);
    }
}

int served_stop(Served *served, int how)
{
    int status;
    g_assert_cmpint(kill(served->pid, how), ==, 0);
    g_assert_cmpint(waitpid(served->pid, &status, 0), ==, served->pid);
    served->pid = 0;
    return status;
}

static void configure(Served *served)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_strdup_printf("[service]\ncluster=%s\nsocket=%s\n[access]\nadministrators=%s\n",
                        served->fixture->path, served->socket, g_get_user_name());
    g_file_set_contents(served->configuration, text, -1, &error);
    g_assert_no_error(error);
}

Served *served_new(Fixture *fixture)
{
    Served *served = g_new0(Served, 1);
    served->fixture = fixture;
    served->socket = g_build_filename(fixture->directory, "socket", NULL);
    served->configuration = g_build_filename(fixture->directory, "clusapid.conf", NULL);
    configure(served);
    served->wide_socket = wide(served->socket);
    served_start(served);
    return served;
}

void served_free(Served *served)
{
    if (served->pid != 0) {
        (void)served_stop(served, SIGKILL);
    }
    fixture_free(served->fixture);
    g_free(served->socket);
    g_free(served->configuration);
    g_free(served->wide_socket);
    g_free(served);
}
