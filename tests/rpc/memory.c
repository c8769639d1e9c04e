/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the client remembers, and how long, by the number that a service shares. */
#include "rpc/client-memory.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "version-page.h"

typedef struct {
    char *directory;
    char *socket;
    char *page;
    int file; /* as the service has it */
    guint64 *version;
    ClMemory *memory;
} Setup;

static GBytes *bytes(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static void hold(const Setup *setup, short type)
{
    struct flock lock = cl_version_lock(type);
    g_assert_cmpint(fcntl(setup->file, F_OFD_SETLK, &lock), ==, 0);
}

static void set_up(Setup *setup, gconstpointer data)
{
    (void)data;
    const guint64 version = 2;
    setup->directory = g_dir_make_tmp("memory-XXXXXX", NULL);
    setup->socket = g_build_filename(setup->directory, "socket", NULL);
    setup->page = g_strconcat(setup->socket, CL_VERSION_SUFFIX, NULL);
    g_assert_true(g_file_set_contents(setup->socket, "", 0, NULL));
    g_assert_true(g_file_set_contents(setup->page, (const char *)&version, sizeof version, NULL));
    g_assert_cmpint(g_chmod(setup->page, 0644), ==, 0);
    setup->file = g_open(setup->page, O_RDWR | O_CLOEXEC);
    setup->version =
        mmap(NULL, CL_VERSION_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, setup->file, 0);
    g_assert_true(setup->version != MAP_FAILED);
    hold(setup, F_WRLCK);
    setup->memory = cl_memory_open(setup->socket);
    g_assert_nonnull(setup->memory);
}

static void tear_down(Setup *setup, gconstpointer data)
{
    (void)data;
    g_clear_pointer(&setup->memory, cl_memory_free);
    munmap(setup->version, CL_VERSION_SIZE);
    close(setup->file);
    g_unlink(setup->page);
    g_unlink(setup->socket);
    g_rmdir(setup->directory);
    g_free(setup->page);
    g_free(setup->socket);
    g_free(setup->directory);
}

static void keep(const Setup *setup, guint64 version, const char *key, const char *answer)
{
    g_autoptr(GBytes) name = bytes(key);
    g_autoptr(GBytes) text = bytes(answer);
    cl_memory_keep(setup->memory, version, name, text);
}

static void assert_finds(const Setup *setup, const char *key, const char *expected)
{
    g_autoptr(GBytes) name = bytes(key);
    g_autoptr(GBytes) answer =
        cl_memory_find(setup->memory, cl_memory_version(setup->memory), name);
    g_autoptr(GBytes) text = expected ? bytes(expected) : NULL;
    g_assert_true(answer == NULL ? text == NULL : text != NULL && g_bytes_equal(answer, text));
}

static void test_kept(Setup *setup, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(cl_memory_version(setup->memory), ==, 2);
    keep(setup, 2, "state", "online");
    assert_finds(setup, "state", "online");
    assert_finds(setup, "owner", NULL);
}

static void test_changed(Setup *setup, gconstpointer data)
{
    (void)data;
    keep(setup, 2, "state", "online");
    cl_version_step(setup->version);
    assert_finds(setup, "state", NULL);
    cl_version_step(setup->version);
    assert_finds(setup, "state", NULL);
    keep(setup, 4, "state", "offline");
    assert_finds(setup, "state", "offline");
}

static void test_changing(Setup *setup, gconstpointer data)
{
    (void)data;
    cl_version_step(setup->version);
    g_assert_cmpuint(cl_memory_version(setup->memory), ==, 0);
    keep(setup, 0, "state", "online");
    keep(setup, 3, "state", "online");
    cl_version_step(setup->version);
    assert_finds(setup, "state", NULL);
}

/* What was asked for before a change and answered after it may be of either side. */
static void test_overtaken(Setup *setup, gconstpointer data)
{
    (void)data;
    guint64 asked = cl_memory_version(setup->memory);
    cl_version_step(setup->version);
    cl_version_step(setup->version);
    keep(setup, asked, "state", "online");
    assert_finds(setup, "state", NULL);
}

static void test_no_version(Setup *setup, gconstpointer data)
{
    (void)data;
    *setup->version = 0;
    g_assert_cmpuint(cl_memory_version(setup->memory), ==, 0);
    keep(setup, 0, "state", "online");
    assert_finds(setup, "state", NULL);
}

static void test_aged(Setup *setup, gconstpointer data)
{
    (void)data;
    keep(setup, 2, "state", "online");
    g_usleep(5200000);
    assert_finds(setup, "state", NULL);
}

static void test_foreign(Setup *setup, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(g_chmod(setup->page, 0666), ==, 0);
    g_assert_null(cl_memory_open(setup->socket));
    g_assert_cmpint(g_chmod(setup->page, 0644), ==, 0);
    if (geteuid() == 0) {
        g_assert_cmpint(chown(setup->page, 65534, 65534), ==, 0);
        g_assert_null(cl_memory_open(setup->socket));
    }
    g_assert_cmpint(truncate(setup->page, 4), ==, 0);
    g_assert_null(cl_memory_open(setup->socket));
    g_unlink(setup->page);
    g_assert_null(cl_memory_open(setup->socket));
}

/* That of a service that was killed; others may read it, which is no sign that it lives. */
static void test_left_behind(Setup *setup, gconstpointer data)
{
    (void)data;
    hold(setup, F_UNLCK);
    g_assert_null(cl_memory_open(setup->socket));
    hold(setup, F_RDLCK);
    g_assert_null(cl_memory_open(setup->socket));
    hold(setup, F_WRLCK);
    g_autoptr(ClMemory) first = cl_memory_open(setup->socket);
    g_autoptr(ClMemory) second = cl_memory_open(setup->socket);
    g_assert_true(first && second);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(path, function) g_test_add(path, Setup, NULL, set_up, function, tear_down)
    TEST("/memory/keeps an answer", test_kept);
    TEST("/memory/a change forgets all", test_changed);
    TEST("/memory/nothing is remembered during a change", test_changing);
    TEST("/memory/an answer that a change overtook is not kept", test_overtaken);
    TEST("/memory/nothing is remembered without a version", test_no_version);
    TEST("/memory/nothing is remembered for long", test_aged);
    TEST("/memory/a file that is not the service's is not believed", test_foreign);
    TEST("/memory/a file that nobody holds is not believed", test_left_behind);
    return g_test_run();
}
