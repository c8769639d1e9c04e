/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the client back end asks a server on its host, and what it remembers instead while the version
 * stays the same: each point is which methods the server is called by. The test has the version's file.
 */
#include "scripted.h"

#include "kinds.h"
#include "text.h"
#include "version-page.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>

typedef struct {
    Bench *bench;
    char *page;
    int file;
    guint64 *version;
} Setup;

/* --- The server --------------------------------------------------------------------------------- */

static GMutex lock; /* guards what follows */
static GString *called;
static struct {
    gint32 state;
    guint32 status; /* of asking for it */
    gboolean gone;  /* the group */
} cluster;

static char *text_of(const ClNdrValue *value)
{
    g_autofree char *text = NULL;
    return cl_ndr_take_text(value, &text, NULL) ? g_steal_pointer(&text) : g_strdup("");
}

static void add_row(ClNdrValue *list, const char *text)
{
    list->rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    ClNdrValue *row = cl_ndr_row_add(list->rows, &cl_ndr_enum_entry);
    row[0].number = CLUSTER_ENUM_GROUP;
    row[1].text = cl_ndr_text(text);
}

/* One group, "web". */
static guint32 script(const char *method, ClNdrValue *values)
{
    g_mutex_lock(&lock);
    if (strcmp(method, "OpenGroupEx") == 0) {
        g_autofree char *name = text_of(&values[0]);
        g_string_append_printf(called, "OpenGroupEx:%s ", name);
        values[2].number = values[1].number;
        values[3].number = cluster.gone ? ERROR_GROUP_NOT_FOUND : ERROR_SUCCESS;
    } else {
        g_string_append_printf(called, "%s ", method);
    }
    if (strcmp(method, "GetGroupState") == 0) {
        values[1].number = (guint32)cluster.state;
        values[2].text = cl_ndr_text("n1");
        values[4].number = cluster.status;
    } else if (strcmp(method, "CreateEnumEx") == 0) {
        add_row(&values[3], "an id");
        add_row(&values[4], "web");
    }
    g_mutex_unlock(&lock);
    return 0;
}

static void become(gint32 state, guint32 status, gboolean gone)
{
    g_mutex_lock(&lock);
    cluster.state = state;
    cluster.status = status;
    cluster.gone = gone;
    g_mutex_unlock(&lock);
}

/* By which methods it was called since. */
static void assert_called(const char *expected)
{
    g_mutex_lock(&lock);
    g_assert_cmpstr(called->str, ==, expected);
    g_string_truncate(called, 0);
    g_mutex_unlock(&lock);
}

/* --- The service's version ---------------------------------------------------------------------- */

static void make_page(Setup *setup)
{
    const guint64 version = 2;
    struct flock held = cl_version_lock(F_WRLCK);
    setup->page = g_strconcat(setup->bench->path, CL_VERSION_SUFFIX, NULL);
    g_assert_true(g_file_set_contents(setup->page, (const char *)&version, sizeof version, NULL));
    g_assert_cmpint(g_chmod(setup->page, 0644), ==, 0);
    setup->file = g_open(setup->page, O_RDWR | O_CLOEXEC);
    g_assert_cmpint(fcntl(setup->file, F_OFD_SETLK, &held), ==, 0);
    setup->version =
        mmap(NULL, CL_VERSION_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, setup->file, 0);
    g_assert_true(setup->version != MAP_FAILED);
}

static void change(const Setup *setup)
{
    cl_version_step(setup->version);
    cl_version_step(setup->version);
}

static void set_up(Setup *setup, gconstpointer without_page)
{
    g_autoptr(GError) error = NULL;
    called = g_string_new(NULL);
    become(ClusterGroupOnline, ERROR_SUCCESS, FALSE);
    setup->bench = bench_new_unconnected(script);
    setup->file = -1;
    if (!without_page) {
        make_page(setup);
    }
    try_connect(setup->bench, &error);
    g_assert_no_error(error);
    g_string_truncate(called, 0);
}

static void tear_down(Setup *setup, gconstpointer without_page)
{
    if (!without_page) {
        munmap(setup->version, CL_VERSION_SIZE);
        close(setup->file);
        g_unlink(setup->page);
        g_free(setup->page);
    }
    bench_free(setup->bench);
    g_string_free(called, TRUE);
}

/* --- The client --------------------------------------------------------------------------------- */

static DWORD try_open(const Setup *setup, const char *name, ClAccess access, ClObject **ret_object)
{
    const ClCall call = soon();
    ClAccess granted = CL_ACCESS_MAXIMUM;
    GError *error = NULL;
    gboolean opened = cl_backend_module()->open(setup->bench->connection, CL_KIND_GROUP, name,
                                                access, &call, ret_object, &granted, &error);
    g_assert_true(!opened || granted == access);
    return cl_error_take(error);
}

static ClObject *open_group(const Setup *setup, const char *name, ClAccess access)
{
    ClObject *group = NULL;
    g_assert_cmpuint(try_open(setup, name, access, &group), ==, ERROR_SUCCESS);
    return group;
}

static void close_group(const Setup *setup, ClObject *group)
{
    cl_backend_module()->close(setup->bench->connection, group);
}

static DWORD try_state(const Setup *setup, ClObject *group, gint32 *ret_state)
{
    const ClCall call = soon();
    g_auto(ClFacts) facts = {0};
    GError *error = NULL;
    if (cl_backend_module()->query(setup->bench->connection, group, CL_FACT_STATE, &call, &facts,
                                   &error)) {
        g_assert_cmpstr(facts.owner_node, ==, "n1");
        *ret_state = facts.state;
    }
    return cl_error_take(error);
}

static void assert_state(const Setup *setup, ClObject *group, gint32 expected)
{
    gint32 state = ClusterGroupStateUnknown;
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_SUCCESS);
    g_assert_cmpint(state, ==, expected);
}

static void list(const Setup *setup)
{
    const ClCall call = soon();
    const ClEnumRequest request = {.types = CLUSTER_ENUM_GROUP};
    g_autoptr(GError) error = NULL;
    g_autoptr(ClItems) items = NULL;
    cl_backend_module()->enumerate(setup->bench->connection, NULL, &request, &call, &items, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(cl_items_count(items), ==, 1);
    g_assert_cmpstr(cl_items_name(items, 0), ==, "web");
    g_assert_cmpstr(cl_items_id(items, 0), ==, "an id");
}

/* --- Answers ------------------------------------------------------------------------------------ */

static void test_answer(Setup *setup, gconstpointer data)
{
    (void)data;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_called("OpenGroupEx:web GetGroupId ");
    assert_state(setup, group, ClusterGroupOnline);
    assert_state(setup, group, ClusterGroupOnline);
    assert_called("GetGroupState ");
    become(ClusterGroupOffline, ERROR_SUCCESS, FALSE);
    change(setup);
    assert_state(setup, group, ClusterGroupOffline);
    assert_state(setup, group, ClusterGroupOffline);
    assert_called("GetGroupState ");
    close_group(setup, group);
}

static void test_changing(Setup *setup, gconstpointer data)
{
    (void)data;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_state(setup, group, ClusterGroupOnline);
    cl_version_step(setup->version);
    assert_called("OpenGroupEx:web GetGroupId GetGroupState ");
    assert_state(setup, group, ClusterGroupOnline);
    become(ClusterGroupOffline, ERROR_SUCCESS, FALSE);
    assert_state(setup, group, ClusterGroupOffline);
    assert_called("GetGroupState GetGroupState ");
    cl_version_step(setup->version);
    assert_state(setup, group, ClusterGroupOffline);
    assert_called("GetGroupState ");
    close_group(setup, group);
}

/* What the cluster is stays as it is; how the service fares does not. */
static void test_failure(Setup *setup, gconstpointer data)
{
    (void)data;
    gint32 state;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    become(0, ERROR_NOT_ENOUGH_MEMORY, FALSE);
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_NOT_ENOUGH_MEMORY);
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_NOT_ENOUGH_MEMORY);
    assert_called("OpenGroupEx:web GetGroupId GetGroupState GetGroupState ");
    become(0, ERROR_FILE_NOT_FOUND, FALSE);
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_FILE_NOT_FOUND);
    assert_called("GetGroupState ");
    close_group(setup, group);
}

static void test_no_page(Setup *setup, gconstpointer data)
{
    (void)data;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_state(setup, group, ClusterGroupOnline);
    assert_state(setup, group, ClusterGroupOnline);
    close_group(setup, group);
    group = open_group(setup, "web", CL_ACCESS_READ);
    close_group(setup, group);
    assert_called("OpenGroupEx:web GetGroupId GetGroupState GetGroupState CloseGroup "
                  "OpenGroupEx:web GetGroupId CloseGroup ");
}

/* Its last word is none any more. */
static void test_server_gone(Setup *setup, gconstpointer data)
{
    (void)data;
    gint32 state;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_state(setup, group, ClusterGroupOnline);
    bench_stop(setup->bench);
    g_assert_cmpuint(try_state(setup, group, &state), !=, ERROR_SUCCESS);
    close_group(setup, group);
}

/* --- Opening ------------------------------------------------------------------------------------ */

static void test_open_again(Setup *setup, gconstpointer data)
{
    (void)data;
    close_group(setup, open_group(setup, "web", CL_ACCESS_READ));
    assert_called("OpenGroupEx:web GetGroupId ");
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_called("");
    /* with the handle that was put away */
    assert_state(setup, group, ClusterGroupOnline);
    assert_called("GetGroupState ");
    close_group(setup, group);
    change(setup);
    close_group(setup, open_group(setup, "web", CL_ACCESS_READ));
    assert_called("OpenGroupEx:web GetGroupId ");
}

static void test_open_two(Setup *setup, gconstpointer data)
{
    (void)data;
    ClObject *first = open_group(setup, "web", CL_ACCESS_READ);
    ClObject *second = open_group(setup, "web", CL_ACCESS_READ);
    assert_called("OpenGroupEx:web GetGroupId ");
    assert_state(setup, first, ClusterGroupOnline);
    close_group(setup, first);
    assert_state(setup, second, ClusterGroupOnline);
    assert_called("GetGroupState ");
    close_group(setup, second);
}

/* For changing it the server is asked, each time. */
static void test_open_for_changes(Setup *setup, gconstpointer data)
{
    (void)data;
    close_group(setup, open_group(setup, "web", CL_ACCESS_ALL));
    close_group(setup, open_group(setup, "web", CL_ACCESS_ALL));
    assert_called("OpenGroupEx:web GetGroupId CloseGroup OpenGroupEx:web GetGroupId CloseGroup ");
}

static void test_put_away(Setup *setup, gconstpointer data)
{
    (void)data;
    ClObject *groups[34];
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        change(setup);
        groups[i] = open_group(setup, "web", CL_ACCESS_READ);
    }
    g_mutex_lock(&lock);
    g_string_truncate(called, 0);
    g_mutex_unlock(&lock);
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        close_group(setup, groups[i]);
    }
    assert_called("CloseGroup CloseGroup ");
}

static void test_listed(Setup *setup, gconstpointer data)
{
    (void)data;
    list(setup);
    list(setup);
    assert_called("CreateEnumEx ");
    ClObject *by_name = open_group(setup, "web", CL_ACCESS_READ);
    ClObject *by_id = open_group(setup, "an id", CL_ACCESS_READ);
    assert_called("");
    assert_state(setup, by_name, ClusterGroupOnline);
    assert_state(setup, by_id, ClusterGroupOnline);
    assert_called("OpenGroupEx:an id GetGroupState ");
    close_group(setup, by_name);
    close_group(setup, by_id);
}

static void test_listed_deleted(Setup *setup, gconstpointer data)
{
    (void)data;
    gint32 state;
    list(setup);
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    become(ClusterGroupOnline, ERROR_SUCCESS, TRUE);
    change(setup);
    assert_called("CreateEnumEx ");
    g_assert_cmpuint(try_state(setup, group, &state), ==, cl_kind_gone(CL_KIND_GROUP));
    assert_called("OpenGroupEx:an id ");
    close_group(setup, group);
    g_assert_cmpuint(try_open(setup, "web", CL_ACCESS_READ, &group), ==, ERROR_GROUP_NOT_FOUND);
    assert_called("OpenGroupEx:web ");
}

static void test_deleted(Setup *setup, gconstpointer data)
{
    (void)data;
    gint32 state;
    ClObject *group = open_group(setup, "web", CL_ACCESS_READ);
    assert_state(setup, group, ClusterGroupOnline);
    become(0, ERROR_GROUP_NOT_AVAILABLE, TRUE);
    change(setup);
    assert_called("OpenGroupEx:web GetGroupId GetGroupState ");
    g_assert_cmpuint(try_state(setup, group, &state), ==, ERROR_GROUP_NOT_AVAILABLE);
    assert_called("GetGroupState ");
    close_group(setup, group);
    g_assert_cmpuint(try_open(setup, "web", CL_ACCESS_READ, &group), ==, ERROR_GROUP_NOT_FOUND);
    assert_called("OpenGroupEx:web ");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST_OF(name, data, function)                                                              \
    g_test_add("/remember/" name, Setup, data, set_up, function, tear_down)
#define TEST(name, function) TEST_OF(name, NULL, function)
    TEST("an answer, until something changes", test_answer);
    TEST("nothing while something changes", test_changing);
    TEST("a failure only if it is one of the cluster", test_failure);
    TEST_OF("nothing of a server that shares no version", "no page", test_no_page);
    TEST("nothing of a server that is gone", test_server_gone);
    TEST("what was opened, and its handle", test_open_again);
    TEST("what was opened and is open still", test_open_two);
    TEST("nothing that is opened for changes", test_open_for_changes);
    TEST("so many handles at most", test_put_away);
    TEST("what was listed is there", test_listed);
    TEST("what was listed and deleted is not", test_listed_deleted);
    TEST("what was opened and deleted is not", test_deleted);
    return g_test_run();
}
