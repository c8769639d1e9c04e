/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file with the number that the service shares, as the service makes it. */
#include "clusapid/version.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rpc/client-memory.h"
#include "version-page.h"

extern guint64 *clusapid_version;

typedef struct {
    char *directory;
    char *path; /* of the socket */
    char *page;
    GPtrArray *sockets;
} Setup;

static void bind_socket(Setup *setup)
{
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(setup->path);
    g_autoptr(GError) error = NULL;
    g_socket_bind(socket, address, TRUE, &error);
    g_assert_no_error(error);
    g_ptr_array_add(setup->sockets, socket);
}

static void set_up(Setup *setup, gconstpointer data)
{
    (void)data;
    setup->directory = g_dir_make_tmp("version-XXXXXX", NULL);
    setup->path = g_build_filename(setup->directory, "socket", NULL);
    setup->page = g_strconcat(setup->path, CL_VERSION_SUFFIX, NULL);
    setup->sockets = g_ptr_array_new_with_free_func(g_object_unref);
}

static guint count_files(const Setup *setup)
{
    GDir *directory = g_dir_open(setup->directory, 0, NULL);
    guint n = 0;
    while (g_dir_read_name(directory)) {
        n++;
    }
    g_dir_close(directory);
    return n;
}

static void tear_down(Setup *setup, gconstpointer data)
{
    (void)data;
    g_ptr_array_unref(setup->sockets);
    g_unlink(setup->page);
    g_unlink(setup->path);
    g_assert_cmpint(g_rmdir(setup->directory), ==, 0);
    g_free(setup->page);
    g_free(setup->path);
    g_free(setup->directory);
}

static void test_made(Setup *setup, gconstpointer data)
{
    (void)data;
    struct stat found;
    bind_socket(setup);
    clusapid_version_begin(setup->sockets);
    g_assert_nonnull(clusapid_version);
    g_assert_cmpint(stat(setup->page, &found), ==, 0);
    g_assert_cmpint(found.st_size, ==, CL_VERSION_SIZE);
    g_assert_cmpint(found.st_blocks, >, 0);
    g_assert_cmpuint(found.st_mode & 07777, ==, 0644);
    g_autoptr(ClMemory) memory = cl_memory_open(setup->path);
    g_assert_nonnull(memory);
    cl_version_step(clusapid_version);
    cl_version_step(clusapid_version);
    g_assert_cmpuint(cl_memory_version(memory), ==, 2);
    clusapid_version_end();
    g_assert_false(g_file_test(setup->page, G_FILE_TEST_EXISTS));
}

/* The next one makes it anew. */
static void test_killed(Setup *setup, gconstpointer data)
{
    (void)data;
    int status;
    bind_socket(setup);
    pid_t service = fork();
    g_assert_cmpint(service, >=, 0);
    if (service == 0) {
        clusapid_version_begin(setup->sockets);
        raise(SIGKILL);
    }
    g_assert_cmpint(waitpid(service, &status, 0), ==, service);
    g_assert_true(WIFSIGNALED(status));
    g_assert_true(g_file_test(setup->page, G_FILE_TEST_EXISTS));
    g_assert_null(cl_memory_open(setup->path));
    clusapid_version_begin(setup->sockets);
    g_autoptr(ClMemory) memory = cl_memory_open(setup->path);
    g_assert_nonnull(memory);
    clusapid_version_end();
}

static void fill(const Setup *setup)
{
    g_autofree char *path = g_build_filename(setup->directory, "filler", NULL);
    int file = g_open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    char bytes[4096] = {0};
    while (write(file, bytes, sizeof bytes) > 0) {
    }
    g_assert_cmpint(errno, ==, ENOSPC);
    close(file);
}

/* In a process of its own, whose mounts are its own. */
static void test_full(Setup *setup, gconstpointer data)
{
    (void)data;
    if (geteuid() != 0) {
        g_test_skip("only root may mount");
        return;
    }
    if (!g_test_subprocess()) {
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_passed();
        g_test_trap_assert_stderr("*clients of this host ask each time*");
        return;
    }
    g_assert_cmpint(unshare(CLONE_NEWNS), ==, 0);
    g_assert_cmpint(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
    g_assert_cmpint(mount("full", setup->directory, "tmpfs", 0, "size=4096"), ==, 0);
    bind_socket(setup);
    fill(setup);
    guint n = count_files(setup);
    clusapid_version_begin(setup->sockets);
    g_assert_null(clusapid_version);
    g_assert_cmpuint(count_files(setup), ==, n);
    clusapid_version_end();
    g_assert_cmpint(umount2(setup->directory, MNT_DETACH), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(path, function) g_test_add(path, Setup, NULL, set_up, function, tear_down)
    TEST("/version/the file is there, whole and for all to read", test_made);
    TEST("/version/what is left of a service that was killed is not believed", test_killed);
    TEST("/version/without room for it there is none", test_full);
    return g_test_run();
}
