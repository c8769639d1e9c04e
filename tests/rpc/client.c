/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client back end against a server that a test scripts: what a peer may answer and does not fit,
 * servers that lack methods, and calls that are not answered. The server is the engine's own, in a
 * thread; a script sets the values of a call, or fails it.
 */
#include "scripted.h"

#include "rpc/batch.h"

#include "property-list.h"
#include "text.h"

#include <string.h>

static ClObject *open_object(Bench *bench, ClKind kind)
{
    const ClCall call = soon();
    g_autoptr(GError) error = NULL;
    ClObject *object;
    ClAccess granted;
    cl_backend_module()->open(bench->connection, kind, "name", CL_ACCESS_ALL, &call, &object,
                              &granted, &error);
    g_assert_no_error(error);
    return object;
}

static void close_object(Bench *bench, ClObject *object)
{
    cl_backend_module()->close(bench->connection, object);
}

/* What a query comes to. */
static DWORD ask(Bench *bench, ClKind kind, guint32 facts, ClFacts *ret_facts)
{
    const ClCall call = soon();
    ClObject *object = kind == CL_KIND_CLUSTER ? NULL : open_object(bench, kind);
    GError *error = NULL;
    cl_backend_module()->query(bench->connection, object, facts, &call, ret_facts, &error);
    if (object) {
        close_object(bench, object);
    }
    return cl_error_take(error);
}

static void check_query(Script script, ClKind kind, guint32 facts, DWORD code)
{
    g_autoptr(Bench) bench = bench_new(NULL);
    g_auto(ClFacts) found = {0};
    g_atomic_pointer_set(&bench->script, script);
    g_assert_cmpuint(ask(bench, kind, facts, &found), ==, code);
}

/* --- What is missing ---------------------------------------------------------------------------- */

/* Every text that a method gives is NULL where nothing sets it. */
static void test_missing_texts(void)
{
    check_query(NULL, CL_KIND_GROUP, CL_FACT_STATE, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_STATE, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_TYPE, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_NETWORK_NAME, ERROR_DEPENDENCY_NOT_FOUND);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_DEPENDENCY_EXPRESSION, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_CLUSTER, CL_FACT_NAME, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_CLUSTER, CL_FACT_VERSION, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_CLUSTER, CL_FACT_QUORUM, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_CLUSTER, CL_FACT_FQDN, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_CLUSTER, CL_FACT_ID, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_GROUP, CL_FACT_FLAGS, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_CLASS, RPC_X_BAD_STUB_DATA);
    check_query(NULL, CL_KIND_RESOURCE, CL_FACT_REQUIRED_DEPENDENCIES, RPC_X_BAD_STUB_DATA);
}

static guint32 no_handle(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "OpenGroupEx") == 0) {
        memset(&values[5].handle, 0, sizeof values[5].handle);
    }
    return 0;
}

static guint32 odd_access(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "OpenGroupEx") == 0) {
        values[2].number = 7;
    }
    return 0;
}

static void test_opening(void)
{
    static const Script scripts[] = {no_handle, odd_access};
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autoptr(Bench) bench = bench_new(scripts[i]);
        const ClCall call = soon();
        GError *error = NULL;
        ClObject *object;
        ClAccess granted;
        g_assert_false(cl_backend_module()->open(bench->connection, CL_KIND_GROUP, "name",
                                                 CL_ACCESS_ALL, &call, &object, &granted, &error));
        g_assert_cmpuint(cl_error_take(error), ==, RPC_X_BAD_STUB_DATA);
    }
}

/* --- Control codes ------------------------------------------------------------------------------ */

static gint asked;

static gboolean is_control(const char *method)
{
    return strcmp(method, "GroupControl") == 0;
}

/* However much there is room for, it takes more. */
static guint32 never_enough(const char *method, ClNdrValue *values)
{
    if (is_control(method)) {
        g_atomic_int_inc(&asked);
        values[7].number = values[5].number + 1;
        values[9].number = ERROR_MORE_DATA;
    }
    return 0;
}

static guint32 endless_need(const char *method, ClNdrValue *values)
{
    if (is_control(method)) {
        values[7].number = G_MAXUINT32;
        values[9].number = ERROR_MORE_DATA;
    }
    return 0;
}

static guint32 two_sizes(const char *method, ClNdrValue *values)
{
    if (is_control(method)) {
        values[4].bytes = g_bytes_new("abcd", 4);
        values[6].number = 3;
    }
    return 0;
}

static guint32 no_end(const char *method, ClNdrValue *values)
{
    if (is_control(method)) {
        values[4].bytes = g_bytes_new("a\0b\0", 4);
        values[6].number = 4;
    }
    return 0;
}

static void test_controls(void)
{
    g_atomic_int_set(&asked, 0);
    check_query(never_enough, CL_KIND_GROUP, CL_FACT_NAME, RPC_X_BAD_STUB_DATA);
    g_assert_cmpint(g_atomic_int_get(&asked), <, 20);
    check_query(endless_need, CL_KIND_GROUP, CL_FACT_NAME, RPC_X_BAD_STUB_DATA);
    check_query(two_sizes, CL_KIND_GROUP, CL_FACT_FLAGS, RPC_X_BAD_STUB_DATA);
    check_query(no_end, CL_KIND_GROUP, CL_FACT_NAME, RPC_X_BAD_STUB_DATA);
}

/* Property lists of random bytes are refused, and nothing is read outside of them. */
static guint32 random_list(const char *method, ClNdrValue *values)
{
    guint8 bytes[64];
    if (is_control(method)) {
        for (gsize i = 0; i < sizeof bytes; i++) {
            bytes[i] = (guint8)(g_random_int() % 4);
        }
        values[4].bytes = g_bytes_new(bytes, sizeof bytes);
        values[6].number = sizeof bytes;
    }
    return 0;
}

static void test_property_lists(void)
{
    g_autoptr(Bench) bench = bench_new(random_list);
    ClObject *group = open_object(bench, CL_KIND_GROUP);
    for (guint i = 0; i < 2000; i++) {
        const ClCall call = soon();
        g_autoptr(GPtrArray) properties = NULL;
        GError *error = NULL;
        if (!cl_backend_module()->properties(bench->connection, group, CL_PROPERTIES_COMMON, &call,
                                             &properties, &error)) {
            g_assert_cmpuint(cl_error_take(error), ==, RPC_X_BAD_STUB_DATA);
        }
    }
    close_object(bench, group);
}

/* --- Lists -------------------------------------------------------------------------------------- */

static void add_row(ClNdrValue *list, guint32 type, const char *name)
{
    if (!list->rows) {
        list->rows = cl_ndr_rows_new(&cl_ndr_enum_entry);
    }
    ClNdrValue *row = cl_ndr_row_add(list->rows, &cl_ndr_enum_entry);
    row[0].number = type;
    row[1].text = name ? cl_ndr_text(name) : NULL;
}

static guint32 more_names(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "CreateEnumEx") == 0) {
        add_row(&values[3], CLUSTER_ENUM_GROUP, "id");
        add_row(&values[4], CLUSTER_ENUM_GROUP, "a");
        add_row(&values[4], CLUSTER_ENUM_GROUP, "b");
    }
    return 0;
}

static guint32 other_types(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "CreateEnumEx") == 0) {
        add_row(&values[3], CLUSTER_ENUM_NODE, "id");
        add_row(&values[4], CLUSTER_ENUM_GROUP, "a");
    }
    return 0;
}

static guint32 no_name(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "CreateEnumEx") == 0) {
        add_row(&values[3], CLUSTER_ENUM_GROUP, "id");
        add_row(&values[4], CLUSTER_ENUM_GROUP, NULL);
    }
    return 0;
}

static DWORD list_groups(Bench *bench, ClItems **ret_items)
{
    const ClCall call = soon();
    const ClEnumRequest request = {.types = CLUSTER_ENUM_GROUP};
    GError *error = NULL;
    cl_backend_module()->enumerate(bench->connection, NULL, &request, &call, ret_items, &error);
    return cl_error_take(error);
}

static void test_lists(void)
{
    static const Script scripts[] = {more_names, other_types, no_name};
    for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
        g_autoptr(Bench) bench = bench_new(scripts[i]);
        g_autoptr(ClItems) items = NULL;
        g_assert_cmpuint(list_groups(bench, &items), ==, RPC_X_BAD_STUB_DATA);
        g_assert_null(items);
    }
}

/* --- Servers that lack methods ------------------------------------------------------------------ */

static guint32 old(const char *method, ClNdrValue *values)
{
    if (g_str_has_suffix(method, "Ex")) {
        return RPC_S_PROCNUM_OUT_OF_RANGE;
    }
    if (strcmp(method, "CreateEnum") == 0) {
        add_row(&values[1], CLUSTER_ENUM_GROUP, "a");
    }
    return 0;
}

static void test_old_server(void)
{
    g_autoptr(Bench) bench = bench_new(old);
    g_autoptr(ClItems) items = NULL;
    ClObject *group = open_object(bench, CL_KIND_GROUP);
    g_assert_cmpuint(list_groups(bench, &items), ==, ERROR_SUCCESS);
    g_assert_cmpuint(cl_items_count(items), ==, 1);
    g_assert_cmpstr(cl_items_name(items, 0), ==, "a");
    close_object(bench, group);
}

/* --- Statuses ----------------------------------------------------------------------------------- */

static guint32 wire_state;

static guint32 interface_state(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "GetNetInterfaceState") == 0) {
        values[1].number = wire_state;
    }
    return 0;
}

static void test_interface_states(void)
{
    static const gint32 states[] = {ClusterNetInterfaceFailed, ClusterNetInterfaceUnreachable,
                                    ClusterNetInterfaceUnavailable, ClusterNetInterfaceUp};
    g_autoptr(Bench) bench = bench_new(interface_state);
    for (wire_state = 0; wire_state < G_N_ELEMENTS(states); wire_state++) {
        g_auto(ClFacts) facts = {0};
        g_assert_cmpuint(ask(bench, CL_KIND_NETINTERFACE, CL_FACT_STATE, &facts), ==, 0);
        g_assert_cmpint(facts.state, ==, states[wire_state]);
    }
}

static guint32 not_ready(const char *method, ClNdrValue *values)
{
    if (strcmp(method, "GetNodeState") == 0) {
        g_atomic_int_inc(&asked);
        values[3].number = ERROR_CLUSTER_NODE_NOT_READY;
    }
    return 0;
}

/* There is no other server behind a socket. */
static void test_server_not_ready(void)
{
    g_atomic_int_set(&asked, 0);
    check_query(not_ready, CL_KIND_NODE, CL_FACT_STATE, ERROR_CLUSTER_NODE_NOT_READY);
    g_assert_cmpint(g_atomic_int_get(&asked), ==, 1);
}

/* --- Waiting ------------------------------------------------------------------------------------ */

static guint32 hold_states(const char *method, G_GNUC_UNUSED ClNdrValue *values)
{
    return strcmp(method, "GetNodeState") == 0 ? HELD : 0;
}

static gpointer cancel_later(gpointer cancellable)
{
    g_usleep(100 * 1000);
    g_cancellable_cancel(cancellable);
    return NULL;
}

static void test_waiting(void)
{
    g_autoptr(Bench) bench = bench_new(hold_states);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(ClFacts) facts = {0};
    ClObject *node = open_object(bench, CL_KIND_NODE);
    ClCall call = within(200);
    gint64 begin = g_get_monotonic_time();
    GError *error = NULL;
    g_assert_false(
        cl_backend_module()->query(bench->connection, node, CL_FACT_STATE, &call, &facts, &error));
    g_assert_cmpuint(cl_error_take(error), ==, ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, G_USEC_PER_SEC);
    GThread *thread = g_thread_new("cancel", cancel_later, cancellable);
    begin = g_get_monotonic_time();
    call = soon();
    call.cancellable = cancellable;
    error = NULL;
    g_assert_false(
        cl_backend_module()->query(bench->connection, node, CL_FACT_STATE, &call, &facts, &error));
    g_assert_cmpuint(cl_error_take(error), ==, ERROR_OPERATION_ABORTED);
    g_assert_cmpint(g_get_monotonic_time() - begin, <, G_USEC_PER_SEC);
    g_thread_join(thread);
    close_object(bench, node);
}

/* --- Events ------------------------------------------------------------------------------------- */

static gint given;

/* Three events, of which the second has two flags, in one answer. */
static guint32 odd_events(const char *method, ClNdrValue *values)
{
    static const guint64 flags[] = {CLUSTER_CHANGE_NETINTERFACE_STATE_V2, 3,
                                    CLUSTER_CHANGE_NETINTERFACE_DELETED_V2};
    const guint32 state = 0;
    if (strcmp(method, "GetNotifyV2") != 0) {
        return 0;
    }
    if (!g_atomic_int_compare_and_exchange(&given, 0, 1)) {
        return HELD;
    }
    values[1].rows = cl_ndr_rows_new(&cl_ndr_notification);
    values[2].number = G_N_ELEMENTS(flags);
    for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
        ClNdrValue *row = cl_ndr_row_add(values[1].rows, &cl_ndr_notification);
        row[0].number = 1;
        row[1].rows = cl_ndr_rows_new(&cl_ndr_filter);
        ClNdrValue *filter = cl_ndr_row_add(row[1].rows, &cl_ndr_filter);
        filter[0].number = CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE;
        filter[1].number = flags[i];
        row[2].bytes = g_bytes_new(&state, sizeof state);
        row[3].number = sizeof state;
        row[4].text = i == 0 ? cl_ndr_text("an id") : NULL;
    }
    return 0;
}

typedef struct {
    GMutex lock;
    GCond changed;
    GString *text;
    guint n;
} Heard;

static void hear(const ClEvent *event, gpointer user_data)
{
    Heard *heard = user_data;
    guint32 state = 9;
    if (event->data && g_bytes_get_size(event->data) == sizeof state) {
        memcpy(&state, g_bytes_get_data(event->data, NULL), sizeof state);
    }
    g_mutex_lock(&heard->lock);
    g_string_append_printf(heard->text, "%u/%x:%s:%u ", event->object_type,
                           (guint)event->filter_flag, event->id, state);
    heard->n++;
    g_cond_broadcast(&heard->changed);
    g_mutex_unlock(&heard->lock);
}

static void test_events(void)
{
    g_autoptr(Bench) bench = bench_new(odd_events);
    g_autoptr(GError) error = NULL;
    Heard heard = {.text = g_string_new(NULL)};
    ClSubscription *subscription;
    const ClCall call = soon();
    g_atomic_int_set(&given, 0);
    g_mutex_init(&heard.lock);
    g_cond_init(&heard.changed);
    cl_backend_module()->subscribe(bench->connection, NULL, CLUSTER_OBJECT_TYPE_NETWORK_INTERFACE,
                                   CLUSTER_CHANGE_NETINTERFACE_ALL_V2, hear, &heard, &call,
                                   &subscription, &error);
    g_assert_no_error(error);
    g_mutex_lock(&heard.lock);
    while (heard.n < 3) {
        g_cond_wait(&heard.changed, &heard.lock);
    }
    g_mutex_unlock(&heard.lock);
    g_assert_cmpstr(heard.text->str, ==, "5/8:an id:1 1/200::9 5/1::0 ");
    cl_backend_module()->unsubscribe(bench->connection, subscription);
    g_string_free(heard.text, TRUE);
    g_mutex_clear(&heard.lock);
    g_cond_clear(&heard.changed);
}

/* --- Batches ------------------------------------------------------------------------------------ */

static GBytes *some_batch(void)
{
    g_autoptr(GBytes) data = g_bytes_new("abc", 3);
    const ClRegistryCommand commands[] = {
        {CLUSREG_SET_VALUE, "", "v", REG_BINARY, data, 0},
        {CLUSREG_CREATE_KEY, "a\\b", "", 0, NULL, 0},
        {CLUSREG_SET_VALUE, "a\\b", "", REG_SZ, NULL, 0},
        {CLUSREG_DELETE_KEY, "c", "", 0, NULL, 0},
        {CLUSREG_DELETE_VALUE, "d", "w", 0, NULL, 0},
    };
    GBytes *bytes;
    g_autoptr(GError) error = NULL;
    cl_batch_encode(commands, G_N_ELEMENTS(commands), &bytes, &error);
    g_assert_no_error(error);
    return bytes;
}

/* A command on a value somewhere else is preceded by one that goes there. */
static void test_batch(void)
{
    g_autoptr(GBytes) bytes = some_batch();
    g_autoptr(GPtrArray) commands = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    g_assert_true(cl_batch_decode(data, size, &commands, NULL));
    for (guint i = 0; i < commands->len; i++) {
        const ClRegistryCommand *command = commands->pdata[i];
        g_string_append_printf(text, "%d %s %s;", command->command, command->key, command->value);
    }
    g_assert_cmpstr(text->str, ==, "1  v;2 a\\b ;1 a\\b ;3 c ;2 d ;4 d w;");
}

static void test_bad_batches(void)
{
    g_autoptr(GBytes) bytes = some_batch();
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    for (gsize length = 0; length <= size; length++) {
        g_autofree guint8 *part = g_memdup2(data, length);
        GPtrArray *commands = NULL;
        (void)cl_batch_decode(part, length, &commands, NULL);
        g_clear_pointer(&commands, g_ptr_array_unref);
        for (guint i = 0; length == size && i < 20000; i++) {
            part[g_random_int() % size] ^= (guint8)(1u << g_random_int() % 8);
            (void)cl_batch_decode(part, length, &commands, NULL);
            g_clear_pointer(&commands, g_ptr_array_unref);
        }
    }
    /* After a key is deleted there is none to set a value of. */
    static const guint8 nowhere[] = {1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
                                     0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    GPtrArray *commands = NULL;
    g_assert_false(cl_batch_decode(nowhere, sizeof nowhere, &commands, NULL));
    g_assert_null(commands);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/client/texts that are missing are refused", test_missing_texts);
    g_test_add_func("/client/what is opened has a handle and an access", test_opening);
    g_test_add_func("/client/sizes of controls are checked", test_controls);
    g_test_add_func("/client/property lists may be anything", test_property_lists);
    g_test_add_func("/client/lists that do not fit each other are refused", test_lists);
    g_test_add_func("/client/a server without the newer methods will do", test_old_server);
    g_test_add_func("/client/interface states are translated", test_interface_states);
    g_test_add_func("/client/a lone server that is not ready says so", test_server_not_ready);
    g_test_add_func("/client/calls end when they have to", test_waiting);
    g_test_add_func("/client/events that are none tell of a loss", test_events);
    g_test_add_func("/client/a batch is told as it was", test_batch);
    g_test_add_func("/client/bad batches are refused", test_bad_batches);
    return g_test_run();
}
