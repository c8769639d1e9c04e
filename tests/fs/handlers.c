/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Drives the handlers of clusfs without a kernel: requests as the kernel would write them go into a
 * session of libfuse whose replies are caught here. Needs $MKFS and $DEMO_DEFINITION. One thread.
 */
#include "compat.h"
#include "mount.h"
#include "operations.h"
#include "pool.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse_opt.h>
#include <glib/gstdio.h>
#include <linux/fuse.h>
#include <poll.h>
#include <string.h>

typedef struct {
    char *directory;
    char *path;
    FsMount *mount;
    struct fuse_args args;
    guint64 unique;
    /* The reply to the request sent last. */
    gboolean replied;
    int error;
    GByteArray *body;
} Session;

/* libfuse hands the reply to a function that knows only the mount. */
static Session *current;

static ssize_t write_reply(int fd, struct iovec *parts, int count, void *data)
{
    struct fuse_out_header header;
    g_autoptr(GByteArray) all = g_byte_array_new();

    (void)fd;
    (void)data;
    for (int i = 0; i < count; i++) {
        g_byte_array_append(all, parts[i].iov_base, (guint)parts[i].iov_len);
    }
    g_assert_cmpuint(all->len, >=, sizeof header);
    memcpy(&header, all->data, sizeof header);
    g_assert_cmpuint(header.len, ==, all->len);
    /* A notice, which comes from another thread. */
    if (header.unique == 0) {
        return (ssize_t)all->len;
    }
    g_assert_cmpuint(header.unique, ==, current->unique);
    g_assert_false(current->replied);
    current->replied = TRUE;
    current->error = -header.error;
    g_byte_array_set_size(current->body, 0);
    g_byte_array_append(current->body, all->data + sizeof header, all->len - sizeof header);
    return (ssize_t)all->len;
}

static ssize_t read_nothing(int fd, void *buffer, size_t size, void *data)
{
    (void)fd;
    (void)buffer;
    (void)size;
    (void)data;
    errno = EAGAIN;
    return -1;
}

/* Sends a request; the reply is then in the session. Returns its errno. */
static int ask(Session *session, guint32 opcode, guint64 ino, const void *in, gsize size)
{
    struct fuse_in_header header = {
        .len = (guint32)(sizeof header + size), .opcode = opcode, .nodeid = ino};
    g_autofree char *bytes = g_malloc(header.len);
    struct fuse_buf buffer = {.mem = bytes, .size = header.len};

    header.unique = ++session->unique;
    memcpy(bytes, &header, sizeof header);
    if (size > 0) {
        memcpy(bytes + sizeof header, in, size);
    }
    session->replied = FALSE;
    session->error = -1;
    current = session;
    fuse_session_process_buf(session->mount->session, &buffer);
    return session->error;
}

static int ask_name(Session *session, guint32 opcode, guint64 parent, const char *name)
{
    return ask(session, opcode, parent, name, strlen(name) + 1);
}

static void make_cluster(const char *path)
{
    const char *argv[] = {g_getenv("MKFS"), "-d", g_getenv("DEMO_DEFINITION"), path, NULL};
    g_autoptr(GError) error = NULL;
    int state = -1;

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                 &state, &error);
    g_assert_no_error(error);
    g_assert_cmpint(state, ==, 0);
}

static void begin_session(Session *session)
{
    static const struct fuse_custom_io io = {.writev = write_reply, .read = read_nothing};
    struct fuse_init_in init = {.major = FUSE_KERNEL_VERSION, .minor = 36, .max_readahead = 4096};
    FsMount *mount = session->mount;

    init.flags = FUSE_DO_READDIRPLUS | FUSE_READDIRPLUS_AUTO | FUSE_ATOMIC_O_TRUNC;
    g_assert_cmpint(fuse_opt_add_arg(&session->args, "clusfs"), ==, 0);
    g_assert_cmpint(fuse_opt_add_arg(&session->args, "-omax_read=" G_STRINGIFY(FS_READ_MAX)), ==,
                    0);
    fs_mount_begin(mount,
                   fuse_session_new(&session->args, &fs_operations, sizeof fs_operations, mount));
    g_assert_nonnull(mount->session);
    g_assert_cmpint(fuse_session_custom_io(mount->session, &io, 0), ==, 0);
    g_assert_cmpint(ask(session, FUSE_INIT, 0, &init, sizeof init), ==, 0);
    g_assert_cmpuint(fs_clusters_open_source(mount->clusters), ==, ERROR_SUCCESS);
    ClusapiSetNoWait(TRUE);
}

static Session *session_new(void)
{
    Session *session = g_new0(Session, 1);
    FsMount *mount;
    g_autoptr(GError) error = NULL;

    session->directory = g_dir_make_tmp("clusfs-handlers-XXXXXX", &error);
    g_assert_no_error(error);
    session->path = g_build_filename(session->directory, "demo.cluster", NULL);
    make_cluster(session->path);
    session->body = g_byte_array_new();
    mount = fs_mount_new(session->path, 1000);
    session->mount = mount;
    mount->uid = 12;
    mount->gid = 34;
    mount->umask = 0007;
    begin_session(session);
    return session;
}

static void remove_files(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-signal"};

    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(path, ends[i], NULL);

        g_remove(file);
    }
}

static void session_free(Session *session)
{
    FsMount *mount = session->mount;

    ClusapiSetNoWait(FALSE);
    g_assert_true(fs_pool_stop(mount->pool));
    fs_mount_stop(mount);
    fuse_session_destroy(mount->session);
    fs_mount_free(mount);
    remove_files(session->path);
    g_rmdir(session->directory);
    fuse_opt_free_args(&session->args);
    g_byte_array_unref(session->body);
    g_free(session->path);
    g_free(session->directory);
    g_free(session);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)

/* Looks up a path from the root; the entry of its last part. */
static struct fuse_entry_out find(Session *session, const char *path)
{
    struct fuse_entry_out entry = {.nodeid = FUSE_ROOT_ID};
    g_auto(GStrv) names = g_strsplit(path, "/", -1);

    for (char **name = names; *name != NULL; name++) {
        g_assert_cmpint(ask_name(session, FUSE_LOOKUP, entry.nodeid, *name), ==, 0);
        g_assert_cmpuint(session->body->len, ==, sizeof entry);
        memcpy(&entry, session->body->data, sizeof entry);
    }
    return entry;
}

static int open_ino(Session *session, guint32 opcode, guint64 ino, guint32 flags,
                    struct fuse_open_out *ret_open)
{
    struct fuse_open_in in = {.flags = flags};
    int error = ask(session, opcode, ino, &in, sizeof in);

    if (error == 0) {
        g_assert_cmpuint(session->body->len, ==, sizeof *ret_open);
        memcpy(ret_open, session->body->data, sizeof *ret_open);
    }
    return error;
}

static char *read_at(Session *session, guint64 ino, guint64 fh, guint64 offset, guint32 size)
{
    struct fuse_read_in in = {.fh = fh, .offset = offset, .size = size};

    g_assert_cmpint(ask(session, FUSE_READ, ino, &in, sizeof in), ==, 0);
    return g_strndup((const char *)session->body->data, session->body->len);
}

static void release(Session *session, guint32 opcode, guint64 ino, guint64 fh)
{
    struct fuse_release_in in = {.fh = fh};

    g_assert_cmpint(ask(session, opcode, ino, &in, sizeof in), ==, 0);
}

static char *content(Session *session, const char *path)
{
    struct fuse_entry_out entry = find(session, path);
    struct fuse_open_out open;
    char *text;

    g_assert_cmpint(open_ino(session, FUSE_OPEN, entry.nodeid, 0, &open), ==, 0);
    text = read_at(session, entry.nodeid, open.fh, 0, 65536);
    g_assert_cmpuint(strlen(text), ==, entry.attr.size);
    release(session, FUSE_RELEASE, entry.nodeid, open.fh);
    return text;
}

static void assert_content(Session *session, const char *path, const char *expected)
{
    g_autofree char *text = content(session, path);

    g_assert_cmpstr(text, ==, expected);
}

static void test_files_say_what_they_should(void)
{
    g_autoptr(Session) session = session_new();

    assert_content(session, "demo/name", "demo\n");
    assert_content(session, "demo/backend", "embedded\n");
    assert_content(session, "demo/access", "all\n");
    assert_content(session, "demo/groups/web/cluster", "demo\n");
    assert_content(session, "demo/groups/web/state", "online\n");
    assert_content(session, "demo/groups/empty/preferred_order", "");
    assert_content(session, "demo/networks/public/cluster", "demo\n");
    assert_content(session, "demo/networks/public/role", "internal-and-client\n");
    assert_content(session, "demo/nodes/node3/state", "paused\n");
    assert_content(session, "demo/types/IP Address/name", "IP Address\n");
    assert_content(session, "demo/groups/two%0Alines/name", "two\nlines\n");
}

static void test_an_open_file_holds_one_handle(void)
{
    g_autoptr(Session) session = session_new();
    struct fuse_entry_out entry = find(session, "demo/groups/web/cluster");
    struct fuse_open_out open;
    g_autofree char *during = NULL;
    g_autofree char *after = NULL;

    g_assert_cmpint(open_ino(session, FUSE_OPEN, entry.nodeid, 0, &open), ==, 0);
    g_assert_cmpuint(open.open_flags & FOPEN_DIRECT_IO, !=, 0);
    for (int i = 0; i < 3; i++) {
        g_autofree char *text = read_at(session, entry.nodeid, open.fh, 0, 100);
        g_assert_cmpstr(text, ==, "demo\n");
    }
    during = content(session, "demo/handles");
    release(session, FUSE_RELEASE, entry.nodeid, open.fh);
    after = content(session, "demo/handles");
    g_assert_nonnull(strstr(during, "cluster 1\nnode 0\ngroup 1\nresource 0\n"));
    g_assert_nonnull(strstr(after, "cluster 1\nnode 0\ngroup 0\nresource 0\n"));
}

static void test_a_reader_goes_on_where_it_was(void)
{
    g_autoptr(Session) session = session_new();
    struct fuse_entry_out entry = find(session, "demo/groups/web/state");
    struct fuse_open_out open;
    g_autofree char *start = NULL;
    g_autofree char *rest = NULL;
    g_autofree char *end = NULL;

    g_assert_cmpint(open_ino(session, FUSE_OPEN, entry.nodeid, 0, &open), ==, 0);
    start = read_at(session, entry.nodeid, open.fh, 0, 2);
    rest = read_at(session, entry.nodeid, open.fh, 2, 100);
    end = read_at(session, entry.nodeid, open.fh, 7, 100);
    g_assert_cmpstr(start, ==, "on");
    g_assert_cmpstr(rest, ==, "line\n");
    g_assert_cmpstr(end, ==, "");
    release(session, FUSE_RELEASE, entry.nodeid, open.fh);
}

static void test_what_cannot_be_written(void)
{
    g_autoptr(Session) session = session_new();
    struct fuse_entry_out entry = find(session, "demo/groups/web/id");
    guint64 groups = find(session, "demo/groups").nodeid;
    guint64 nodes = find(session, "demo/nodes").nodeid;
    struct fuse_open_out open;
    struct fuse_setattr_in mode = {.valid = FATTR_MODE};
    struct fuse_setattr_in size = {.valid = FATTR_SIZE};
    const char mkdir[] = "\0\0\0\0\0\0\0\0new";

    g_assert_cmpint(open_ino(session, FUSE_OPEN, entry.nodeid, O_WRONLY, &open), ==, EACCES);
    g_assert_cmpint(open_ino(session, FUSE_OPEN, entry.nodeid, O_RDWR, &open), ==, EACCES);
    g_assert_cmpint(ask(session, FUSE_SETATTR, entry.nodeid, &mode, sizeof mode), ==, EPERM);
    g_assert_cmpint(ask(session, FUSE_SETATTR, entry.nodeid, &size, sizeof size), ==, EACCES);
    g_assert_cmpint(ask(session, FUSE_MKDIR, nodes, mkdir, sizeof mkdir), ==, EPERM);
    g_assert_cmpint(ask_name(session, FUSE_UNLINK, groups, "web"), ==, EPERM);
    g_assert_cmpint(ask_name(session, FUSE_RMDIR, nodes, "node1"), ==, EPERM);
}

static void test_names_that_are_none(void)
{
    g_autoptr(Session) session = session_new();
    guint64 groups = find(session, "demo/groups").nodeid;
    struct fuse_entry_out missing = find(session, ".git");

    g_assert_cmpuint(missing.nodeid, ==, 0);
    missing = find(session, "www.example.com");
    g_assert_cmpuint(missing.nodeid, ==, 0);
    missing = find(session, "demo/nothing");
    g_assert_cmpuint(missing.nodeid, ==, 0);
    /* Where objects are, a name may come any time, so it is not remembered as missing. */
    g_assert_cmpint(ask_name(session, FUSE_LOOKUP, groups, "missing"), ==, ENOENT);
    g_assert_cmpint(ask_name(session, FUSE_LOOKUP, groups, "%77eb"), ==, ENOENT);
    g_assert_cmpint(ask_name(session, FUSE_LOOKUP, groups, "\xff"), ==, ENOENT);
    g_assert_cmpint(ask_name(session, FUSE_LOOKUP, groups, "3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10"),
                    ==, ENOENT);
}

static void test_another_case_is_found_but_not_kept(void)
{
    g_autoptr(Session) session = session_new();
    struct fuse_entry_out exact = find(session, "demo/groups/web");
    struct fuse_entry_out other = find(session, "demo/groups/WEB");

    g_assert_cmpuint(exact.nodeid, ==, other.nodeid);
    g_assert_cmpuint(exact.entry_valid, ==, 60);
    g_assert_cmpuint(other.entry_valid, ==, 0);
    g_assert_cmpuint(other.entry_valid_nsec, ==, 0);
}

static void test_attributes(void)
{
    g_autoptr(Session) session = session_new();
    struct fuse_entry_out file = find(session, "demo/groups/web/state");
    struct fuse_entry_out directory = find(session, "demo/groups/web");
    struct fuse_entry_out link = find(session, "demo/groups/web/node");
    struct fuse_getattr_in in = {0};
    struct fuse_attr_out out;

    g_assert_cmpuint(file.attr.mode, ==, S_IFREG | 0640);
    g_assert_cmpuint(directory.attr.mode, ==, S_IFDIR | 0550);
    g_assert_cmpuint(link.attr.mode, ==, S_IFLNK | 0777);
    g_assert_cmpuint(file.attr.uid, ==, 12);
    g_assert_cmpuint(file.attr.gid, ==, 34);
    g_assert_cmpuint(file.attr.ino, ==, file.nodeid);
    g_assert_cmpint(ask(session, FUSE_GETATTR, file.nodeid, &in, sizeof in), ==, 0);
    memcpy(&out, session->body->data, sizeof out);
    g_assert_cmpmem(&out.attr, sizeof out.attr, &file.attr, sizeof file.attr);
    g_assert_cmpint(ask(session, FUSE_READLINK, link.nodeid, NULL, 0), ==, 0);
    g_assert_cmpmem(session->body->data, session->body->len, "../../nodes/node1", 17);
    g_assert_cmpuint(link.attr.size, ==, 17);
}

/* Numbers that were never given out, as a broken or hostile kernel side could send them. */
static void test_invented_inodes_are_refused(void)
{
    g_autoptr(Session) session = session_new();
    guint64 web = find(session, "demo/groups/web/state").nodeid;
    struct fuse_getattr_in in = {0};
    struct fuse_open_out open;

    g_assert_cmpint(ask(session, FUSE_GETATTR, web | 0xff00000000000000, &in, sizeof in), ==,
                    ESTALE);
    g_assert_cmpint(ask(session, FUSE_GETATTR, web | 0x00ff000000000000, &in, sizeof in), ==,
                    ESTALE);
    g_assert_cmpint(ask(session, FUSE_GETATTR, web | 0x0000ffffff000000, &in, sizeof in), ==,
                    ESTALE);
    g_assert_cmpint(ask(session, FUSE_READLINK, web, NULL, 0), ==, EINVAL);
    g_assert_cmpint(open_ino(session, FUSE_OPENDIR, web, 0, &open), ==, ENOSYS);
    g_assert_cmpint(open_ino(session, FUSE_OPEN, FUSE_ROOT_ID, 0, &open), ==, EINVAL);
}

/* Takes the entries of a reply; returns the offset after the last. */
static guint64 take_entries(Session *session, GPtrArray *names)
{
    gsize at = 0;
    guint64 offset = 0;

    while (at < session->body->len) {
        const struct fuse_direntplus *entry = (gconstpointer)(session->body->data + at);

        g_assert_cmpuint(entry->dirent.ino, !=, 0);
        g_ptr_array_add(names, g_strndup(entry->dirent.name, entry->dirent.namelen));
        offset = entry->dirent.off;
        at += FUSE_DIRENTPLUS_SIZE(entry);
    }
    return offset;
}

static GPtrArray *list(Session *session, const char *path, guint32 size)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    guint64 ino = find(session, path).nodeid;
    struct fuse_read_in in = {.size = size};

    do {
        g_assert_cmpint(ask(session, FUSE_READDIRPLUS, ino, &in, sizeof in), ==, 0);
        g_assert_cmpuint(session->body->len, <=, size);
        in.offset = take_entries(session, names);
    } while (session->body->len > 0);
    return names;
}

static void test_listings_do_not_depend_on_their_pieces(void)
{
    static const char *const paths[] = {"demo",
                                        "demo/groups",
                                        "demo/groups/web",
                                        "demo/groups/web/properties",
                                        "demo/types",
                                        "demo/nodes/node1/groups"};
    g_autoptr(Session) session = session_new();

    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GPtrArray) whole = list(session, paths[i], 1 << 20);
        g_autoptr(GPtrArray) pieces = list(session, paths[i], 512);

        g_assert_cmpuint(whole->len, >, 2);
        g_assert_cmpuint(whole->len, ==, pieces->len);
        for (guint j = 0; j < whole->len; j++) {
            g_assert_cmpstr(whole->pdata[j], ==, pieces->pdata[j]);
        }
    }
}

static void test_every_listed_name_is_found(void)
{
    g_autoptr(Session) session = session_new();
    g_autoptr(GPtrArray) names = list(session, "demo/groups", 4096);
    guint64 groups = find(session, "demo/groups").nodeid;

    for (guint i = 2; i < names->len; i++) {
        g_assert_cmpint(ask_name(session, FUSE_LOOKUP, groups, names->pdata[i]), ==, 0);
    }
}

/* ENOSYS switches an operation off for good: wanted of these, and of nothing else. */
static void test_what_is_not_there(void)
{
    g_autoptr(Session) session = session_new();
    guint64 ino = find(session, "demo/name").nodeid;
    struct fuse_poll_in poll_in = {.events = POLLIN};
    struct fuse_poll_out poll_out;
    struct fuse_getxattr_in xattr = {.size = 100};
    struct fuse_ioctl_in ioctl = {0};
    struct fuse_open_out open;
    g_autoptr(GByteArray) name = g_byte_array_new();

    g_byte_array_append(name, (const guint8 *)&xattr, sizeof xattr);
    g_byte_array_append(name, (const guint8 *)"user.x", 7);
    g_assert_cmpint(ask(session, FUSE_GETXATTR, ino, name->data, name->len), ==, ENOSYS);
    g_assert_cmpint(ask(session, FUSE_LISTXATTR, ino, &xattr, sizeof xattr), ==, ENOSYS);
    g_assert_cmpint(open_ino(session, FUSE_OPEN, ino, O_RDONLY, &open), ==, 0);
    poll_in.fh = open.fh;
    g_assert_cmpint(ask(session, FUSE_POLL, ino, &poll_in, sizeof poll_in), ==, 0);
    memcpy(&poll_out, session->body->data, sizeof poll_out);
    g_assert_cmpuint(poll_out.revents & POLLIN, !=, 0);
    release(session, FUSE_RELEASE, ino, open.fh);
    g_assert_cmpint(ask(session, FUSE_IOCTL, ino, &ioctl, sizeof ioctl), ==, ENOTTY);
    g_assert_cmpint(ask(session, FUSE_STATFS, ino, NULL, 0), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handlers/files say what they should", test_files_say_what_they_should);
    g_test_add_func("/handlers/an open file holds one handle", test_an_open_file_holds_one_handle);
    g_test_add_func("/handlers/a reader goes on where it was", test_a_reader_goes_on_where_it_was);
    g_test_add_func("/handlers/nothing can be written", test_what_cannot_be_written);
    g_test_add_func("/handlers/names that are none", test_names_that_are_none);
    g_test_add_func("/handlers/another case is found but not kept",
                    test_another_case_is_found_but_not_kept);
    g_test_add_func("/handlers/attributes", test_attributes);
    g_test_add_func("/handlers/invented inodes are refused", test_invented_inodes_are_refused);
    g_test_add_func("/handlers/listings do not depend on their pieces",
                    test_listings_do_not_depend_on_their_pieces);
    g_test_add_func("/handlers/every listed name is found", test_every_listed_name_is_found);
    g_test_add_func("/handlers/what is not there", test_what_is_not_there);
    return g_test_run();
}
