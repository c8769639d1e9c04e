/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Batch notification ports of the cluster database: what comes, in which order, and how waiting
 * ends. A second program, the test itself with --batches, changes the file from outside.
 */
#include "registry-setup.h"

#include <poll.h>
#include <string.h>
#include <sys/wait.h>

/* More than any batch takes; and how long nothing must come. */
#define PATIENCE 10000
#define QUIET    50

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n";
static const char *program;

static HREGBATCHPORT port_of(HKEY key)
{
    HREGBATCHPORT port = NULL;
    IS(ClusterRegCreateBatchNotifyPort(key, &port), ERROR_SUCCESS);
    return port;
}

/* Carries out a batch from words: +PATH creates, -PATH deletes a key, NAME=NUMBER sets and NAME!
 * deletes a value. */
static void run(HKEY key, const char *words)
{
    HREGBATCH batch = NULL;
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
    for (char **part = parts; *part != NULL; part++) {
        char *number = strchr(*part, '=');
        gsize length = strlen(*part);
        DWORD value = number != NULL ? (DWORD)strtoul(number + 1, NULL, 10) : 0;
        CLUSTER_REG_COMMAND command = number != NULL      ? CLUSREG_SET_VALUE
                                      : (*part)[0] == '+' ? CLUSREG_CREATE_KEY
                                      : (*part)[0] == '-' ? CLUSREG_DELETE_KEY
                                                          : CLUSREG_DELETE_VALUE;
        if (number != NULL) {
            *number = '\0';
        } else if (command == CLUSREG_DELETE_VALUE) {
            (*part)[length - 1] = '\0';
        }
        gboolean of_key = command == CLUSREG_CREATE_KEY || command == CLUSREG_DELETE_KEY;
        g_autofree WCHAR *name = wide(*part + of_key);
        IS(ClusterRegBatchAddCommand(batch, command, name, number != NULL ? REG_DWORD : 0,
                                     number != NULL ? &value : NULL, number != NULL ? 4 : 0),
           ERROR_SUCCESS);
    }
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
}

static DWORD next(HREGBATCHPORT port, DWORD ms, HREGBATCHNOTIFICATION *ret_notification)
{
    HCLUSCALL call = ClusapiBeginCall(ms);
    DWORD code = (DWORD)ClusterRegGetBatchNotification(port, ret_notification);
    ClusapiEndCall(call);
    return code;
}

static DWORD number_of(const CLUSTER_BATCH_COMMAND *command)
{
    DWORD number;
    g_assert_cmpuint(command->dwOptions, ==, REG_DWORD);
    g_assert_cmpuint(command->cbData, ==, sizeof number);
    memcpy(&number, command->lpData, sizeof number);
    return number;
}

/* The commands in the words of run(), and NAME~NUMBER for what a value was. */
static char *describe(HREGBATCHNOTIFICATION notification)
{
    g_autoptr(GString) words = g_string_new(NULL);
    CLUSTER_BATCH_COMMAND command;
    DWORD code;
    while ((code = (DWORD)ClusterRegBatchReadCommand(notification, &command)) == 0) {
        g_autofree char *name = narrow(command.wzName);
        g_string_append(words, words->len > 0 ? " " : "");
        switch (command.Command) {
        case CLUSREG_CREATE_KEY:
            g_string_append_printf(words, "+%s", name);
            break;
        case CLUSREG_DELETE_KEY:
            g_string_append_printf(words, "-%s", name);
            break;
        case CLUSREG_SET_VALUE:
            g_string_append_printf(words, "%s=%u", name, number_of(&command));
            break;
        case CLUSREG_VALUE_DELETED:
            g_string_append_printf(words, "%s~%u", name, number_of(&command));
            break;
        default:
            g_assert_cmpint(command.Command, ==, CLUSREG_DELETE_VALUE);
            g_assert_cmpuint(command.cbData, ==, 0);
            g_string_append_printf(words, "%s!", name);
        }
    }
    IS(code, ERROR_NO_MORE_ITEMS);
    IS(ClusterRegBatchReadCommand(notification, &command), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegBatchCloseNotification(notification), ERROR_SUCCESS);
    IS(ClusterRegBatchCloseNotification(notification), ERROR_INVALID_HANDLE);
    IS(ClusterRegBatchReadCommand(notification, &command), ERROR_INVALID_HANDLE);
    return g_strdup(words->str);
}

static void expect(HREGBATCHPORT port, const char *words)
{
    HREGBATCHNOTIFICATION notification = NULL;
    IS(next(port, PATIENCE, &notification), ERROR_SUCCESS);
    g_autofree char *got = describe(notification);
    g_assert_cmpstr(got, ==, words);
}

static void expect_none(HREGBATCHPORT port)
{
    HREGBATCHNOTIFICATION notification = NULL;
    IS(next(port, QUIET, &notification), ERROR_TIMEOUT);
    g_assert_null(notification);
}

/* --- What comes --------------------------------------------------------------------------------- */

static void test_order(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCHPORT port = port_of(root);
    run(root, "v=1 +A\\B v=2 w=3 +C");
    run(root, "v=4 +a\\b V=5 w! none! -C");
    /* Single calls do not come, nor what changes nothing. */
    set_dword(root, "single", 1);
    IS(ClusterRegCloseKey(new_key(root, "Single")), ERROR_SUCCESS);
    IS(ClusterRegDeleteKey(root, u"Single"), ERROR_SUCCESS);
    HREGBATCH batch = NULL;
    IS(ClusterRegCreateBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CONDITION_EXISTS, u"v", 0, NULL, 0), 0);
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_SUCCESS);
    /* Nor one that failed. */
    IS(ClusterRegCreateBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"x", 0, NULL, 0), 0);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CONDITION_NOT_EXISTS, u"none", 0, NULL, 0), 0);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CONDITION_EXISTS, u"none", 0, NULL, 0), 0);
    IS(ClusterRegCloseBatch(batch, TRUE, NULL), ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED);
    run(root, "last=1");
    expect(port, "v=1 +A\\B v=2 w=3 +C");
    expect(port, "v~1 v=4 +a\\b V~2 V=5 w~3 w! none! -C");
    expect(port, "last=1");
    expect_none(port);
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_SUCCESS);
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_INVALID_HANDLE);
}

/* A port sees what is at and below its key, from there. */
static void test_places(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HKEY key = new_key(root, "Top\\Mid");
    HKEY beside = new_key(root, "Top\\Middle");
    HKEY low = new_key(key, "Low");
    HREGBATCHPORT port = port_of(key);
    HREGBATCHPORT low_port = port_of(low);
    IS(ClusterRegCloseKey(key), ERROR_SUCCESS);
    run(root, "v=1 +Top v=2 +TOP\\mid v=3 +top\\MID\\Low v=4 +Top\\Middle v=5 +Other v=6");
    expect(port, "+ v=3 +Low v=4");
    expect(low_port, "+ v=4");
    run(beside, "v=7 +Mid v=8");
    run(low, "v=9 +New w=1");
    expect(port, "+Low v~4 v=9 +Low\\New w=1");
    expect(low_port, "v~4 v=9 +New w=1");
    /* Where the batch is at another key, those that values are set in are named. */
    run(root, "+Top\\Mid\\Low v=1 +Top\\Mid v=2 +Top\\Mid\\Low w=3");
    expect(port, "+Low v~9 v=1 + v~3 v=2 +Low w=3");
    expect(low_port, "+ v~9 v=1 + w=3");
    run(root, "-Top\\Mid\\Low\\New");
    expect(port, "-Low\\New");
    expect(low_port, "-New");
    expect_none(port);
    expect_none(low_port);
}

static void test_deleted_key(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HKEY key = new_key(root, "Top\\Mid");
    HREGBATCHPORT port = port_of(key);
    run(root, "-Top +Top\\Mid v=1");
    expect(port, "- + v=1");
    /* By a single call: that is not told, but the port stays. */
    IS(ClusterRegDeleteKey(root, u"Top\\Mid"), ERROR_SUCCESS);
    run(root, "+Top\\Mid v=2");
    expect(port, "+ v=2");
    run(root, "-top\\mid");
    expect(port, "-");
    run(root, "-top\\mid");
    expect(port, "-");
    expect_none(port);
}

/* Private properties that a batch sets come as values. */
static void test_properties(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY key = GetClusterGroupKey(group_of(c, "g"), KEY_ALL_ACCESS);
    HREGBATCHPORT port = port_of(key);
    run(key, "+Parameters P=1");
    run(key, "+Parameters P=2 P!");
    expect(port, "+Parameters P=1");
    expect(port, "+Parameters P~1 P=2 P~2 P!");
}

/* --- Two ports, many batches -------------------------------------------------------------------- */

static void test_two_ports(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCHPORT a = port_of(root);
    HREGBATCHPORT b = port_of(root);
    run(root, "v=1");
    expect(a, "v=1");
    run(root, "v=2");
    expect(a, "v~1 v=2");
    expect(b, "v=1");
    IS(ClusterRegCloseBatchNotifyPort(a), ERROR_SUCCESS);
    expect(b, "v~1 v=2");
    run(root, "v=3");
    expect(b, "v~2 v=3");
    expect_none(b);
    HREGBATCHNOTIFICATION notification;
    IS(ClusterRegGetBatchNotification(a, &notification), ERROR_INVALID_HANDLE);
    IS(ClusterRegGetBatchNotification(b, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegGetBatchNotification(NULL, &notification), ERROR_INVALID_HANDLE);
    IS(ClusterRegBatchReadCommand(NULL, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegCreateBatchNotifyPort(root, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegCreateBatchNotifyPort(NULL, &b), ERROR_INVALID_HANDLE);
}

#define DEPTH 1024

/* What finds no place is told once, after what did; then it goes on. */
static void test_lost(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCHPORT slow = port_of(root);
    HREGBATCHPORT quick = port_of(root);
    for (guint i = 0; i < DEPTH + 20; i++) {
        g_autofree char *words = g_strdup_printf("v%u=%u", i, i);
        run(root, words);
        expect(quick, words);
    }
    for (guint i = 0; i < DEPTH; i++) {
        g_autofree char *words = g_strdup_printf("v%u=%u", i, i);
        expect(slow, words);
    }
    HREGBATCHNOTIFICATION notification = NULL;
    IS(next(slow, PATIENCE, &notification), ERROR_NOTIFY_ENUM_DIR);
    g_assert_null(notification);
    expect_none(slow);
    run(root, "w=1");
    expect(slow, "w=1");
    expect(quick, "w=1");
}

static int make_batches(const char *path)
{
    g_autofree WCHAR *name = wide(path);
    HCLUSTER cluster = OpenCluster(name);
    HKEY key = open_key(GetClusterKey(cluster, KEY_ALL_ACCESS), "K");
    for (guint i = 0; i < 50; i++) {
        g_autofree char *words = g_strdup_printf("+Sub v%u=%u", i, i);
        run(key, words);
    }
    CloseCluster(cluster);
    return 0;
}

static void test_other_process(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HREGBATCHPORT port = port_of(new_key(root_of(c), "K"));
    const char *arguments[] = {program, "--batches", c->fixture->path, NULL};
    GPid child;
    g_assert_true(g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    for (guint i = 0; i < 50; i++) {
        g_autofree char *words = g_strdup_printf("+Sub v%u=%u", i, i);
        expect(port, words);
    }
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
    expect_none(port);
}

/* --- Waiting ------------------------------------------------------------------------------------ */

static gpointer wait_at(gpointer port)
{
    HREGBATCHNOTIFICATION notification;
    return GUINT_TO_POINTER((DWORD)ClusterRegGetBatchNotification(port, &notification));
}

static DWORD code_of(GThread *thread)
{
    return GPOINTER_TO_UINT(g_thread_join(thread));
}

static void test_closing(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HREGBATCHPORT port = port_of(root_of(c));
    GThread *threads[3];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("wait", wait_at, port);
    }
    g_usleep(50000);
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_SUCCESS);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        IS(code_of(threads[i]), ERROR_NO_MORE_ITEMS);
    }
    /* With its cluster. */
    HCLUSTER other = OpenCluster(c->fixture->wide);
    port = port_of(GetClusterKey(other, KEY_READ));
    GThread *thread = g_thread_new("wait", wait_at, port);
    g_usleep(50000);
    CloseCluster(other);
    IS(code_of(thread), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_INVALID_HANDLE);
}

static gpointer cancel_soon(gpointer call)
{
    g_usleep(50000);
    g_assert_true(ClusapiCancelCall(call));
    return NULL;
}

static void test_cancelling(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HREGBATCHPORT port = port_of(root_of(c));
    HREGBATCHNOTIFICATION notification;
    HCLUSCALL call = ClusapiBeginCall(INFINITE);
    GThread *thread = g_thread_new("cancel", cancel_soon, call);
    IS(ClusterRegGetBatchNotification(port, &notification), ERROR_OPERATION_ABORTED);
    g_thread_join(thread);
    g_assert_true(ClusapiEndCall(call));
    /* The handle's own limit does not count. */
    IS(ClusapiSetTimeout(c->handle, 1), ERROR_SUCCESS);
    thread = g_thread_new("wait", wait_at, port);
    g_usleep(50000);
    IS(ClusapiSetTimeout(c->handle, 30000), ERROR_SUCCESS);
    run(root_of(c), "v=1");
    IS(code_of(thread), ERROR_SUCCESS);
}

static gboolean is_readable(int descriptor)
{
    struct pollfd fd = {.fd = descriptor, .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

/* Once the notifier has told what was done. */
static void wait_until_readable(int descriptor)
{
    struct pollfd fd = {.fd = descriptor, .events = POLLIN};
    g_assert_cmpint(poll(&fd, 1, PATIENCE), ==, 1);
}

static void test_descriptor(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCHPORT port = port_of(root);
    int descriptor = ClusapiBatchPortDescriptor(port);
    g_assert_cmpint(descriptor, >=, 0);
    g_assert_cmpint(ClusapiBatchPortDescriptor(port), ==, descriptor);
    g_assert_false(is_readable(descriptor));
    run(root, "v=1");
    wait_until_readable(descriptor);
    run(root, "w=2");
    expect(port, "v=1");
    wait_until_readable(descriptor);
    expect(port, "w=2");
    g_assert_false(is_readable(descriptor));
    run(root, "x=3");
    wait_until_readable(descriptor);
    expect(port, "x=3");
    g_assert_false(is_readable(descriptor));
    /* Asked for when there is something already. */
    HREGBATCHPORT late = port_of(root);
    run(root, "y=4");
    wait_until_readable(descriptor);
    expect(port, "y=4");
    int other = ClusapiBatchPortDescriptor(late);
    wait_until_readable(other);
    expect(late, "y=4");
    g_assert_false(is_readable(other));
    /* Who waits for it in another way is woken by the end, too. */
    int copy = dup(other);
    IS(ClusterRegCloseBatchNotifyPort(late), ERROR_SUCCESS);
    g_assert_true(is_readable(copy));
    close(copy);
    IS(ClusterRegCloseBatchNotifyPort(port), ERROR_SUCCESS);
    g_assert_cmpint(ClusapiBatchPortDescriptor(port), ==, -1);
    IS(GetLastError(), ERROR_INVALID_HANDLE);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--batches") == 0) {
        return make_batches(argv[2]);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry-ports/order", test_order);
    g_test_add_func("/registry-ports/places", test_places);
    g_test_add_func("/registry-ports/a deleted key", test_deleted_key);
    g_test_add_func("/registry-ports/properties", test_properties);
    g_test_add_func("/registry-ports/two ports", test_two_ports);
    g_test_add_func("/registry-ports/lost", test_lost);
    g_test_add_func("/registry-ports/another process", test_other_process);
    g_test_add_func("/registry-ports/a descriptor", test_descriptor);
    g_test_add_func("/registry-ports/closing", test_closing);
    g_test_add_func("/registry-ports/cancelling", test_cancelling);
    return g_test_run();
}
