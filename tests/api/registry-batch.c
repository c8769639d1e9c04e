/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Batches of the cluster database: what each command does, that all of them are carried out or
 * none, and what a read batch reads. A second program, the test itself with --kill, dies within
 * one.
 */
#include "registry-setup.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char definition[] = "[cluster]\nname=c\n[node n]\n[group g]\n";
static const char *program;

static HREGBATCH begin(HKEY key)
{
    HREGBATCH batch = NULL;
    IS(ClusterRegCreateBatch(key, &batch), ERROR_SUCCESS);
    return batch;
}

/* @name NULL stays NULL. */
static DWORD add(HREGBATCH batch, CLUSTER_REG_COMMAND command, const char *name, DWORD type,
                 gconstpointer data, gsize size)
{
    g_autofree WCHAR *text = name != NULL ? wide(name) : NULL;
    return (DWORD)ClusterRegBatchAddCommand(batch, command, text, type, data, (DWORD)size);
}

static DWORD create(HREGBATCH batch, const char *path)
{
    return add(batch, CLUSREG_CREATE_KEY, path, 0, NULL, 0);
}

static DWORD set(HREGBATCH batch, const char *name, DWORD value)
{
    return add(batch, CLUSREG_SET_VALUE, name, REG_DWORD, &value, sizeof value);
}

/* Its code, which is of the command with that number. */
static void commit(HREGBATCH batch, DWORD code, INT expected)
{
    INT failed = 99;
    IS(ClusterRegCloseBatch(batch, TRUE, &failed), code);
    g_assert_cmpint(failed, ==, expected);
    IS(ClusterRegCloseBatch(batch, TRUE, &failed), ERROR_INVALID_HANDLE);
}

/* --- Commands ----------------------------------------------------------------------------------- */

static void test_commands(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCH batch = begin(root);
    /* It begins at its own key. */
    IS(set(batch, NULL, 1), ERROR_SUCCESS);
    IS(set(batch, "v", 2), ERROR_SUCCESS);
    IS(create(batch, "A\\B"), ERROR_SUCCESS);
    IS(set(batch, "v", 3), ERROR_SUCCESS);
    /* The next is from the batch's key on, too, not from the last. */
    IS(create(batch, "C"), ERROR_SUCCESS);
    IS(set(batch, "v", 4), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_SET_VALUE, "w", REG_SZ, u"x", 4), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_DELETE_VALUE, "v", 0, NULL, 0), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_DELETE_VALUE, "none", 0, NULL, 0), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_DELETE_KEY, "none\\below", 0, NULL, 0), ERROR_SUCCESS);
    IS(create(batch, "a\\b"), ERROR_SUCCESS);
    IS(set(batch, "u", 5), ERROR_SUCCESS);
    IS(create(batch, ""), ERROR_SUCCESS);
    IS(set(batch, "u", 6), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    check_dword(root, "", 1);
    check_dword(root, "v", 2);
    check_dword(root, "u", 6);
    check_dword(open_key(root, "A\\B"), "v", 3);
    check_dword(open_key(root, "A\\B"), "u", 5);
    check_text(open_key(root, "C"), "w", "x");
    IS(try_value(open_key(root, "C"), "v"), ERROR_FILE_NOT_FOUND);
    IS(try_key(root, "A\\C"), ERROR_FILE_NOT_FOUND);
    /* A key goes with all below. */
    batch = begin(root);
    IS(add(batch, CLUSREG_DELETE_KEY, "A", 0, NULL, 0), ERROR_SUCCESS);
    IS(create(batch, "A"), ERROR_SUCCESS);
    IS(set(batch, "new", 7), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    IS(try_key(root, "A\\B"), ERROR_FILE_NOT_FOUND);
    check_dword(open_key(root, "A"), "new", 7);
    /* Also the batch's own. */
    HKEY own = open_key(root, "A");
    batch = begin(own);
    IS(add(batch, CLUSREG_DELETE_KEY, "", 0, NULL, 0), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    IS(try_value(own, "new"), ERROR_KEY_DELETED);
    commit(begin(root), ERROR_SUCCESS, -1);
}

/* What cannot be added leaves the batch as it was. */
static void test_additions(void)
{
    static const CLUSTER_REG_COMMAND none[] = {CLUSREG_COMMAND_NONE,    CLUSREG_SET_KEY_SECURITY,
                                               CLUSREG_VALUE_DELETED,   CLUSREG_READ_KEY,
                                               CLUSREG_READ_VALUE,      CLUSREG_READ_ERROR,
                                               CLUSREG_LAST_COMMAND,    CLUSREG_CONTROL_COMMAND,
                                               (CLUSTER_REG_COMMAND)-1, (CLUSTER_REG_COMMAND)20};
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCH batch = begin(root);
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
        IS(add(batch, none[i], "x", 0, NULL, 0), ERROR_INVALID_PARAMETER);
    }
    IS(add(batch, CLUSREG_CREATE_KEY, NULL, 0, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_DELETE_KEY, NULL, 0, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_CONDITION_KEY_EXISTS, NULL, 0, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_SET_VALUE, "x", REG_BINARY, NULL, 1), ERROR_INVALID_PARAMETER);
    static const WCHAR lone[] = {0xd800, 0};
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, lone, 0, NULL, 0),
       ERROR_NO_UNICODE_TRANSLATION);
    IS(set(batch, "v", 1), ERROR_SUCCESS);
    /* With the key that it stood at. */
    IS(add(batch, CLUSREG_DELETE_KEY, "gone", 0, NULL, 0), ERROR_SUCCESS);
    IS(set(batch, "v", 2), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_DELETE_VALUE, "v", 0, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_CONDITION_EXISTS, "v", 0, NULL, 0), ERROR_INVALID_PARAMETER);
    IS(add(batch, CLUSREG_CONDITION_KEY_NOT_EXISTS, "gone", 0, NULL, 0), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    check_dword(root, "v", 1);
    IS(ClusterRegBatchAddCommand(batch, CLUSREG_CREATE_KEY, u"x", 0, NULL, 0),
       ERROR_INVALID_HANDLE);
    IS(ClusterRegBatchAddCommand(NULL, CLUSREG_CREATE_KEY, u"x", 0, NULL, 0), ERROR_INVALID_HANDLE);
    IS(ClusterRegCreateBatch(root, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegCreateBatch(NULL, &batch), ERROR_INVALID_HANDLE);
    IS(ClusterRegCloseBatch(NULL, FALSE, NULL), ERROR_INVALID_HANDLE);
    IS(ClusterRegCloseBatchEx(NULL, 1, NULL), ERROR_INVALID_HANDLE);
}

/* --- Conditions --------------------------------------------------------------------------------- */

static const DWORD five = 5, four = 4, large = 0x100;
static const guint64 wide_five = 5;

static const struct {
    CLUSTER_REG_COMMAND command;
    const char *name;
    DWORD type;
    gconstpointer data;
    DWORD size;
    gboolean holds;
} conditions[] = {
    {CLUSREG_CONDITION_EXISTS, "n", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_EXISTS, "N", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_EXISTS, "none", 0, NULL, 0, FALSE},
    {CLUSREG_CONDITION_NOT_EXISTS, "n", 0, NULL, 0, FALSE},
    {CLUSREG_CONDITION_NOT_EXISTS, "none", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_NOT_EXISTS, NULL, 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_IS_EQUAL, "n", REG_DWORD, &five, 4, TRUE},
    {CLUSREG_CONDITION_IS_EQUAL, "n", REG_DWORD, &four, 4, FALSE},
    {CLUSREG_CONDITION_IS_EQUAL, "n", REG_BINARY, &five, 4, FALSE},
    {CLUSREG_CONDITION_IS_EQUAL, "n", REG_QWORD, &wide_five, 8, FALSE},
    {CLUSREG_CONDITION_IS_EQUAL, "n", REG_DWORD, NULL, 0, FALSE},
    {CLUSREG_CONDITION_IS_EQUAL, "none", REG_DWORD, &five, 4, FALSE},
    {CLUSREG_CONDITION_IS_EQUAL, "empty", REG_BINARY, NULL, 0, TRUE},
    {CLUSREG_CONDITION_IS_NOT_EQUAL, "n", REG_DWORD, &five, 4, FALSE},
    {CLUSREG_CONDITION_IS_NOT_EQUAL, "n", REG_DWORD, &four, 4, TRUE},
    {CLUSREG_CONDITION_IS_NOT_EQUAL, "n", REG_BINARY, &five, 4, TRUE},
    {CLUSREG_CONDITION_IS_NOT_EQUAL, "none", REG_DWORD, &five, 4, FALSE},
    /* Numbers are compared as such, whatever the order of their bytes. */
    {CLUSREG_CONDITION_IS_GREATER_THAN, "large", REG_DWORD, &five, 4, TRUE},
    {CLUSREG_CONDITION_IS_LESS_THAN, "n", REG_DWORD, &large, 4, TRUE},
    {CLUSREG_CONDITION_IS_GREATER_THAN, "n", REG_DWORD, &five, 4, FALSE},
    {CLUSREG_CONDITION_IS_LESS_THAN, "n", REG_DWORD, &five, 4, FALSE},
    {CLUSREG_CONDITION_IS_GREATER_THAN, "n", REG_DWORD, &four, 4, TRUE},
    {CLUSREG_CONDITION_IS_GREATER_THAN, "n", REG_BINARY, &four, 4, FALSE},
    {CLUSREG_CONDITION_IS_LESS_THAN, "n", REG_BINARY, &large, 4, FALSE},
    {CLUSREG_CONDITION_IS_GREATER_THAN, "none", REG_DWORD, &four, 4, FALSE},
    {CLUSREG_CONDITION_IS_LESS_THAN, "none", REG_DWORD, &four, 4, FALSE},
    {CLUSREG_CONDITION_IS_GREATER_THAN, "s", REG_SZ, u"a", 4, TRUE},
    {CLUSREG_CONDITION_IS_LESS_THAN, "s", REG_SZ, u"c", 4, TRUE},
    {CLUSREG_CONDITION_KEY_EXISTS, "Sub", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_KEY_EXISTS, "sub", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_KEY_EXISTS, "", 0, NULL, 0, TRUE},
    {CLUSREG_CONDITION_KEY_EXISTS, "Other", 0, NULL, 0, FALSE},
    {CLUSREG_CONDITION_KEY_EXISTS, "Other\\Deep", 0, NULL, 0, FALSE},
    {CLUSREG_CONDITION_KEY_NOT_EXISTS, "Sub", 0, NULL, 0, FALSE},
    {CLUSREG_CONDITION_KEY_NOT_EXISTS, "Other", 0, NULL, 0, TRUE},
};

static void test_conditions(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY key = new_key(root_of(c), "K");
    IS(ClusterRegCloseKey(new_key(key, "Sub")), ERROR_SUCCESS);
    set_dword(key, "n", 5);
    set_dword(key, "large", 0x100);
    set_text(key, "s", "b");
    IS(ClusterRegSetValue(key, u"empty", REG_BINARY, NULL, 0), ERROR_SUCCESS);
    set_dword(key, "done", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(conditions); i++) {
        HREGBATCH batch = begin(key);
        g_test_message("condition %zu", i);
        IS(set(batch, "done", (DWORD)i + 1), ERROR_SUCCESS);
        IS(add(batch, conditions[i].command, conditions[i].name, conditions[i].type,
               conditions[i].data, conditions[i].size),
           ERROR_SUCCESS);
        if (conditions[i].holds) {
            commit(batch, ERROR_SUCCESS, -1);
            check_dword(key, "done", (DWORD)i + 1);
            set_dword(key, "done", 0);
        } else {
            commit(batch, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED, 1);
            check_dword(key, "done", 0);
        }
    }
}

/* A condition sees what the commands before it have done. */
static void test_conditions_in_order(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGBATCH batch = begin(root);
    IS(add(batch, CLUSREG_CONDITION_KEY_NOT_EXISTS, "K", 0, NULL, 0), ERROR_SUCCESS);
    IS(create(batch, "K"), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_CONDITION_KEY_EXISTS, "K", 0, NULL, 0), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_CONDITION_NOT_EXISTS, "v", 0, NULL, 0), ERROR_SUCCESS);
    IS(set(batch, "v", 5), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_CONDITION_IS_EQUAL, "v", REG_DWORD, &five, 4), ERROR_SUCCESS);
    /* One on a key leaves the place alone. */
    IS(set(batch, "w", 6), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    check_dword(open_key(root, "K"), "w", 6);
}

/* --- All or nothing ----------------------------------------------------------------------------- */

/* One command that fails, after others: its code, and that nothing has happened. */
static void fail_with(HKEY root, CLUSTER_REG_COMMAND command, const char *at, const char *name,
                      DWORD type, gconstpointer data, gsize size, DWORD code)
{
    HREGBATCH batch = begin(root);
    g_autofree char *keys = keys_of(root);
    g_autofree char *values = values_of(root);
    IS(set(batch, "new", 1), ERROR_SUCCESS);
    IS(create(batch, "New\\Deep"), ERROR_SUCCESS);
    IS(create(batch, at), ERROR_SUCCESS);
    IS(add(batch, command, name, type, data, size), ERROR_SUCCESS);
    IS(create(batch, "Later"), ERROR_SUCCESS);
    commit(batch, code, 3);
    g_autofree char *keys_after = keys_of(root);
    g_autofree char *values_after = values_of(root);
    g_assert_cmpstr(keys_after, ==, keys);
    g_assert_cmpstr(values_after, ==, values);
}

static void test_atomic(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HGROUP group = group_of(c, "g");
    g_autofree char *id = id_of_group(group);
    g_autofree char *path = g_strdup_printf("Groups\\%s", id);
    g_autofree char *parameters = g_strconcat(path, "\\Parameters", NULL);
    g_autofree char *long_name = g_strnfill(256, 'x');
    g_autofree char *very_long = g_strnfill(16384, 'x');
    set_dword(root, "v", 1);
    fail_with(root, CLUSREG_SET_VALUE, "", "v", 6, "x", 1, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_SET_VALUE, "", very_long, REG_NONE, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_CREATE_KEY, "", long_name, 0, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_CREATE_KEY, "", "\\a", 0, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_CREATE_KEY, "", "a\\", 0, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_CREATE_KEY, "", "a\\\\b", 0, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_DELETE_KEY, "", "a\\\\b", 0, NULL, 0, ERROR_INVALID_PARAMETER);
    fail_with(root, CLUSREG_CREATE_KEY, "", "Groups\\none", 0, NULL, 0, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_DELETE_KEY, "", path, 0, NULL, 0, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_DELETE_KEY, "", parameters, 0, NULL, 0, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_DELETE_KEY, "", "", 0, NULL, 0, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_SET_VALUE, path, "Name", REG_SZ, u"x", 4, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_DELETE_VALUE, path, "Name", 0, NULL, 0, ERROR_ACCESS_DENIED);
    fail_with(root, CLUSREG_SET_VALUE, parameters, "p", REG_NONE, NULL, 0, ERROR_INVALID_PARAMETER);
    check_dword(root, "v", 1);
    /* Properties are part of it. */
    HREGBATCH batch = begin(root);
    IS(create(batch, parameters), ERROR_SUCCESS);
    IS(set(batch, "p", 5), ERROR_SUCCESS);
    IS(add(batch, CLUSREG_CONDITION_EXISTS, "q", 0, NULL, 0), ERROR_SUCCESS);
    commit(batch, ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED, 2);
    IS(try_value(open_key(root, parameters), "p"), ERROR_FILE_NOT_FOUND);
}

/* Nothing of a batch that is closed otherwise has happened. */
static void test_discarded(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    INT failed = 99;
    HREGBATCH batch = begin(root);
    IS(create(batch, "K"), ERROR_SUCCESS);
    IS(ClusterRegCloseBatch(batch, FALSE, &failed), ERROR_SUCCESS);
    g_assert_cmpint(failed, ==, -1);
    IS(try_key(root, "K"), ERROR_FILE_NOT_FOUND);
    batch = begin(root);
    IS(create(batch, "K"), ERROR_SUCCESS);
    IS(ClusterRegCloseBatchEx(batch, 0, NULL), ERROR_SUCCESS);
    IS(try_key(root, "K"), ERROR_FILE_NOT_FOUND);
    /* The key must stay open. */
    HKEY key = new_key(root, "Own");
    batch = begin(key);
    IS(create(batch, "K"), ERROR_SUCCESS);
    IS(ClusterRegCloseKey(key), ERROR_SUCCESS);
    commit(batch, ERROR_INVALID_HANDLE, -1);
    IS(try_key(root, "Own\\K"), ERROR_FILE_NOT_FOUND);
    /* As must the cluster. */
    HCLUSTER other = OpenCluster(c->fixture->wide);
    batch = begin(GetClusterKey(other, KEY_ALL_ACCESS));
    IS(create(batch, "K"), ERROR_SUCCESS);
    CloseCluster(other);
    IS(create(batch, "L"), ERROR_INVALID_HANDLE);
    IS(ClusterRegCloseBatch(batch, TRUE, &failed), ERROR_INVALID_HANDLE);
    IS(try_key(root, "K"), ERROR_FILE_NOT_FOUND);
    batch = begin(root);
    IS(create(batch, "K"), ERROR_SUCCESS);
    IS(ClusterRegCloseBatchEx(batch, 1, &failed), ERROR_SUCCESS);
    IS(try_key(root, "K"), ERROR_SUCCESS);
}

static void test_limits(void)
{
    const gsize mega = 1024 * 1024;
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    g_autofree BYTE *data = g_malloc0(mega + 1);
    HREGBATCH batch = begin(root);
    IS(add(batch, CLUSREG_SET_VALUE, "v", REG_BINARY, data, mega + 1), ERROR_INVALID_PARAMETER);
    for (guint i = 0; i < 15; i++) {
        g_autofree char *name = g_strdup_printf("v%u", i);
        IS(add(batch, CLUSREG_SET_VALUE, name, REG_BINARY, data, mega), ERROR_SUCCESS);
    }
    /* Names count, too; and what does not fit leaves the rest as it is. */
    IS(add(batch, CLUSREG_SET_VALUE, "w", REG_BINARY, data, mega), ERROR_INVALID_PARAMETER);
    IS(set(batch, "last", 1), ERROR_SUCCESS);
    commit(batch, ERROR_SUCCESS, -1);
    check_value(root, "v14", REG_BINARY, data, mega);
    check_dword(root, "last", 1);
    IS(try_value(root, "w"), ERROR_FILE_NOT_FOUND);
    /* What it replaces counts when it is carried out. */
    batch = begin(root);
    for (guint i = 0; i < 10; i++) {
        g_autofree char *name = g_strdup_printf("v%u", i);
        IS(add(batch, CLUSREG_SET_VALUE, name, REG_BINARY, data, mega), ERROR_SUCCESS);
    }
    commit(batch, ERROR_INVALID_PARAMETER, 7);
    /* Many small ones. */
    batch = begin(root);
    for (guint i = 0; i < 20000; i++) {
        g_autofree char *name = g_strdup_printf("small %u", i);
        IS(set(batch, name, i), ERROR_SUCCESS);
    }
    commit(batch, ERROR_SUCCESS, -1);
    check_dword(root, "small 19999", 19999);
}

/* --- Dying -------------------------------------------------------------------------------------- */

#define COMMANDS 2000

/* Carries out batches until it is killed; with @at_once it kills itself before the first. */
static int run_batches(const char *path, gboolean at_once)
{
    g_autofree WCHAR *name = wide(path);
    HCLUSTER cluster = OpenCluster(name);
    HKEY key = GetClusterKey(cluster, KEY_ALL_ACCESS);
    for (DWORD round = 1;; round++) {
        HREGBATCH batch = begin(key);
        for (DWORD i = 0; i < COMMANDS; i++) {
            g_autofree char *value = g_strdup_printf("v%u", i);
            set(batch, value, round);
        }
        if (at_once) {
            raise(SIGKILL);
        }
        if (ClusterRegCloseBatch(batch, TRUE, NULL) != 0) {
            return 1;
        }
    }
}

static GPid start(const char *path, const char *how)
{
    const char *arguments[] = {program, "--kill", path, how, NULL};
    GPid child;
    g_assert_true(g_spawn_async(NULL, (char **)arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                NULL, &child, NULL));
    return child;
}

static void await_end(GPid child)
{
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static DWORD value_now(HKEY key, const char *name)
{
    g_autofree WCHAR *text = wide(name);
    DWORD value = 0, size = sizeof value;
    DWORD code = (DWORD)ClusterRegQueryValue(key, text, NULL, (LPBYTE)&value, &size);
    g_assert_true(code == ERROR_SUCCESS || code == ERROR_FILE_NOT_FOUND);
    return value;
}

static void test_killed(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    await_end(start(c->fixture->path, "before"));
    g_assert_cmpuint(count_values(root), ==, 1);
    for (guint i = 0; i < 4; i++) {
        GPid child = start(c->fixture->path, "within");
        DWORD before = value_now(root, "v0");
        gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
        while (value_now(root, "v0") == before && g_get_monotonic_time() < until) {
            g_usleep(500);
        }
        g_usleep((gulong)g_test_rand_int_range(0, 20000));
        kill(child, SIGKILL);
        await_end(child);
        DWORD round = value_now(root, "v0");
        g_assert_cmpuint(round, >, 0);
        for (guint k = 0; k < COMMANDS; k++) {
            g_autofree char *name = g_strdup_printf("v%u", k);
            check_dword(root, name, round);
        }
        /* The next one counts from 1 again. */
        set_dword(root, "v0", 0);
        HREGBATCH batch = begin(root);
        for (guint k = 0; k < COMMANDS; k++) {
            g_autofree char *name = g_strdup_printf("v%u", k);
            IS(add(batch, CLUSREG_DELETE_VALUE, name, 0, NULL, 0), ERROR_SUCCESS);
        }
        commit(batch, ERROR_SUCCESS, -1);
    }
}

/* --- Reading ------------------------------------------------------------------------------------ */

static void add_reading(HREGREADBATCH batch, const char *key, const char *name, DWORD code)
{
    g_autofree WCHAR *path = key != NULL ? wide(key) : NULL;
    g_autofree WCHAR *value = name != NULL ? wide(name) : NULL;
    IS(ClusterRegReadBatchAddCommand(batch, path, value), code);
}

/* The next of a reply is this value, or (data NULL) this error. */
static void expect(HREGREADBATCHREPLY reply, const char *key, const char *name, DWORD options,
                   gconstpointer data, gsize size)
{
    CLUSTER_READ_BATCH_COMMAND command;
    IS(ClusterRegReadBatchReplyNextCommand(reply, &command), ERROR_SUCCESS);
    g_autofree char *got_key = narrow(command.wzSubkeyName);
    g_autofree char *got_name = narrow(command.wzValueName);
    g_assert_cmpint(command.Command, ==, data != NULL ? CLUSREG_READ_VALUE : CLUSREG_READ_ERROR);
    g_assert_cmpuint(command.dwOptions, ==, options);
    g_assert_cmpstr(got_key, ==, key);
    g_assert_cmpstr(got_name, ==, name);
    g_assert_cmpuint(command.cbData, ==, size);
    g_assert_true(size == 0 || memcmp(command.lpData, data, size) == 0);
}

static void test_read_batch(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    HREGREADBATCH batch;
    HREGREADBATCHREPLY reply;
    CLUSTER_READ_BATCH_COMMAND command;
    g_autofree char *id = id_of_group(group_of(c, "g"));
    g_autofree char *path = g_strdup_printf("Groups\\%s", id);
    set_dword(new_key(root, "A\\B"), "v", 5);
    set_dword(root, "", 4);
    IS(ClusterRegSetValue(root, u"empty", REG_NONE, NULL, 0), ERROR_SUCCESS);
    IS(ClusterRegCreateReadBatch(GetClusterKey(c->handle, KEY_READ), &batch), ERROR_SUCCESS);
    add_reading(batch, "A\\B", "V", ERROR_SUCCESS);
    add_reading(batch, "A\\B", "v", ERROR_SUCCESS);
    add_reading(batch, "a\\none", "v", ERROR_SUCCESS);
    add_reading(batch, "A", "v", ERROR_SUCCESS);
    add_reading(batch, "a\\\\b", "v", ERROR_SUCCESS);
    add_reading(batch, "", NULL, ERROR_SUCCESS);
    add_reading(batch, path, "name", ERROR_SUCCESS);
    add_reading(batch, "", "empty", ERROR_SUCCESS);
    add_reading(batch, NULL, "v", ERROR_INVALID_PARAMETER);
    IS(ClusterRegCloseReadBatchEx(batch, 0, &reply), ERROR_SUCCESS);
    IS(ClusterRegCloseReadBatch(batch, &reply), ERROR_INVALID_HANDLE);
    IS(ClusterRegReadBatchAddCommand(batch, u"", u""), ERROR_INVALID_HANDLE);
    /* What is there now was not there then. */
    set_dword(root, "", 5);
    expect(reply, "A\\B", "V", REG_DWORD, &five, 4);
    expect(reply, "A\\B", "v", REG_DWORD, &five, 4);
    expect(reply, "a\\none", "v", ERROR_FILE_NOT_FOUND, NULL, 0);
    expect(reply, "A", "v", ERROR_FILE_NOT_FOUND, NULL, 0);
    expect(reply, "a\\\\b", "v", ERROR_INVALID_PARAMETER, NULL, 0);
    expect(reply, "", "", REG_DWORD, &four, 4);
    expect(reply, path, "name", REG_SZ, u"g", 4);
    expect(reply, "", "empty", REG_NONE, "", 0);
    IS(ClusterRegReadBatchReplyNextCommand(reply, &command), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegReadBatchReplyNextCommand(reply, &command), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegReadBatchReplyNextCommand(reply, NULL), ERROR_INVALID_PARAMETER);
    IS(ClusterRegCloseReadBatchReply(reply), ERROR_SUCCESS);
    IS(ClusterRegReadBatchReplyNextCommand(reply, &command), ERROR_INVALID_HANDLE);
    /* An empty one has an empty reply; without a place for the reply nothing is read. */
    IS(ClusterRegCreateReadBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegCloseReadBatch(batch, &reply), ERROR_SUCCESS);
    IS(ClusterRegReadBatchReplyNextCommand(reply, &command), ERROR_NO_MORE_ITEMS);
    IS(ClusterRegCreateReadBatch(root, &batch), ERROR_SUCCESS);
    IS(ClusterRegCloseReadBatch(batch, NULL), ERROR_SUCCESS);
    IS(ClusterRegCloseReadBatch(batch, NULL), ERROR_INVALID_HANDLE);
    IS(ClusterRegCreateReadBatch(NULL, &batch), ERROR_INVALID_HANDLE);
    IS(ClusterRegCreateReadBatch(root, NULL), ERROR_INVALID_PARAMETER);
}

static void test_read_limit(void)
{
    const gsize mega = 1024 * 1024;
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    g_autofree BYTE *data = g_malloc0(mega);
    HREGREADBATCH batch;
    HREGREADBATCHREPLY reply = NULL;
    IS(ClusterRegSetValue(root, u"v", REG_BINARY, data, (DWORD)mega), ERROR_SUCCESS);
    IS(ClusterRegCreateReadBatch(root, &batch), ERROR_SUCCESS);
    for (guint i = 0; i < 64; i++) {
        add_reading(batch, "", "v", ERROR_SUCCESS);
    }
    IS(ClusterRegCloseReadBatch(batch, &reply), ERROR_NOT_ENOUGH_MEMORY);
    g_assert_null(reply);
}

/* Two values that are always changed together are always read as equal. */
static gint stop;

static gpointer write_pairs(gpointer data)
{
    for (DWORD i = 1; !g_atomic_int_get(&stop); i++) {
        HREGBATCH batch = begin(data);
        IS(set(batch, "a", i), ERROR_SUCCESS);
        IS(create(batch, "Sub"), ERROR_SUCCESS);
        IS(set(batch, "b", i), ERROR_SUCCESS);
        commit(batch, ERROR_SUCCESS, -1);
    }
    return NULL;
}

static void test_read_together(void)
{
    g_autoptr(Cluster) c = cluster_new(definition);
    HKEY root = root_of(c);
    DWORD first = 0, last = 0;
    set_dword(root, "a", 0);
    set_dword(new_key(root, "Sub"), "b", 0);
    GThread *writer = g_thread_new("writer", write_pairs, root);
    gint64 until = g_get_monotonic_time() + G_USEC_PER_SEC / 2;
    for (guint i = 0; g_get_monotonic_time() < until || first == last; i++) {
        HREGREADBATCH batch;
        HREGREADBATCHREPLY reply;
        CLUSTER_READ_BATCH_COMMAND a, b;
        IS(ClusterRegCreateReadBatch(root, &batch), ERROR_SUCCESS);
        add_reading(batch, "", "a", ERROR_SUCCESS);
        add_reading(batch, "Sub", "b", ERROR_SUCCESS);
        IS(ClusterRegCloseReadBatch(batch, &reply), ERROR_SUCCESS);
        IS(ClusterRegReadBatchReplyNextCommand(reply, &a), ERROR_SUCCESS);
        IS(ClusterRegReadBatchReplyNextCommand(reply, &b), ERROR_SUCCESS);
        g_assert_cmpmem(a.lpData, a.cbData, b.lpData, b.cbData);
        memcpy(&last, a.lpData, sizeof last);
        first = i == 0 ? last : first;
        IS(ClusterRegCloseReadBatchReply(reply), ERROR_SUCCESS);
    }
    g_atomic_int_set(&stop, TRUE);
    g_thread_join(writer);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--kill") == 0) {
        return run_batches(argv[2], strcmp(argv[3], "before") == 0);
    }
    program = argv[0];
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry-batch/commands", test_commands);
    g_test_add_func("/registry-batch/what can be added", test_additions);
    g_test_add_func("/registry-batch/conditions", test_conditions);
    g_test_add_func("/registry-batch/conditions in order", test_conditions_in_order);
    g_test_add_func("/registry-batch/all or nothing", test_atomic);
    g_test_add_func("/registry-batch/discarded", test_discarded);
    g_test_add_func("/registry-batch/limits", test_limits);
    g_test_add_func("/registry-batch/killed", test_killed);
    g_test_add_func("/registry-batch/read batches", test_read_batch);
    g_test_add_func("/registry-batch/limit of reading", test_read_limit);
    g_test_add_func("/registry-batch/read together", test_read_together);
    return g_test_run();
}
