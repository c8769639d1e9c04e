/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clusapid itself under calls that nobody in his senses makes: random methods with random parameters,
 * on handles that it gave, beside streams of the same that are cut and altered. It serves on, keeps
 * nothing of who has gone, and ends in order, which with a sanitizer includes that nothing leaked.
 * $TRAFFIC_SECONDS says for how long, default 3.
 */
#include "rpc/association.h"
#include "rpc/wire.h"
#include "served.h"
#include "text.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define CALLERS     2
#define VANDALS     2
#define HANDLES     16
#define PATIENCE_MS 5000
#define HURRY_MS    20 /* for calls that may be held */
/* Descriptors of the store, of which each thread that used it keeps some. */
#define STORE_MAX 120

/* --- Random parameters -------------------------------------------------------------------------- */

typedef struct {
    GRand *chance;
    ClContextHandle handles[HANDLES];
    guint n_handles; /* that there were */
} Source;

static guint below(Source *source, guint n)
{
    return (guint)g_rand_int_range(source->chance, 0, (gint32)n);
}

static guint64 some_number(Source *source)
{
    static const guint64 numbers[] = {0,      1,           2,           3,
                                      4,      8,           64,          1000,
                                      65535,  0x2000000,   KEY_READ,    GENERIC_READ,
                                      0x1fff, GENERIC_ALL, G_MAXUINT32, G_MAXUINT64};
    switch (below(source, 4)) {
    case 0:
        return g_rand_int(source->chance);
    case 1:
        return (guint64)1 << below(source, 64);
    default:
        return numbers[below(source, G_N_ELEMENTS(numbers))];
    }
}

static LPWSTR some_text(Source *source)
{
    static const char *const texts[] = {"",           "web",
                                        "mail",       "node1",
                                        "n1",         "Cluster Group",
                                        "a",          "IP Address",
                                        "Groups",     "Generic Application",
                                        "a\\b\\c",    "\xc3\xa4\xf0\x9f\x98\x80",
                                        "Parameters", "Name",
                                        "0.0.0.0",    "Cluster Name"};
    if (below(source, 20) == 0) {
        g_autofree char *text = g_strnfill(below(source, 3000), 'x');
        return cl_ndr_text(text);
    }
    return cl_ndr_text(texts[below(source, G_N_ELEMENTS(texts))]);
}

static GBytes *some_bytes(Source *source)
{
    gsize size = below(source, 4) == 0 ? below(source, 4096) : 2 * below(source, 40);
    guint8 *data = g_malloc(MAX(size, 1));
    for (gsize i = 0; i < size; i++) {
        data[i] = below(source, 3) == 0 ? (guint8)g_rand_int(source->chance) : 0;
    }
    return g_bytes_new_take(data, size);
}

static void fill(Source *source, const ClNdrMember *members, guint n, ClNdrValue *values);

static void fill_rows(Source *source, const ClNdrStruct *of, guint n, ClNdrValue *value)
{
    value->rows = cl_ndr_rows_new(of);
    for (guint i = 0; i < n; i++) {
        fill(source, of->members, of->n_members, cl_ndr_row_add(value->rows, of));
    }
}

static void fill_texts(Source *source, guint n, ClNdrValue *value)
{
    value->rows = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++) {
        g_ptr_array_add(value->rows, some_text(source));
    }
}

static gboolean may_be_missing(ClNdrType type)
{
    return type == CL_NDR_TEXT_PTR || type == CL_NDR_UNITS_PTR || type == CL_NDR_BYTES_PTR ||
           type == CL_NDR_BYTES_VARYING_PTR || type == CL_NDR_STRUCT_PTR ||
           type == CL_NDR_LIST_PTR || type == CL_NDR_BLOB_PTR || type == CL_NDR_ARRAY_PTR;
}

static void fill_one(Source *source, const ClNdrMember *member, ClNdrValue *value)
{
    switch (member->type) {
    case CL_NDR_U16:
    case CL_NDR_U32:
    case CL_NDR_U64:
    case CL_NDR_TIME:
        value->number = some_number(source);
        break;
    case CL_NDR_HANDLE:
        if (source->n_handles > 0 && below(source, 10) != 0) {
            value->handle = source->handles[below(source, MIN(source->n_handles, HANDLES))];
        }
        break;
    case CL_NDR_TEXT:
    case CL_NDR_TEXT_PTR:
        value->text = some_text(source);
        break;
    case CL_NDR_TEXTS:
        fill_texts(source, below(source, 5), value);
        break;
    case CL_NDR_STRUCT:
    case CL_NDR_STRUCT_PTR:
        fill_rows(source, member->of, 1, value);
        break;
    case CL_NDR_LIST_PTR:
    case CL_NDR_ARRAY_PTR:
    case CL_NDR_ARRAY_VARYING:
        fill_rows(source, member->of, below(source, 5), value);
        break;
    default:
        value->bytes = some_bytes(source);
        break;
    }
}

/* What counts something says how much there is, or how much there may be. */
static void count(Source *source, const ClNdrMember *member, const ClNdrValue *value,
                  ClNdrValue *values)
{
    gsize size = value->bytes ? g_bytes_get_size(value->bytes) : 0;
    if (member->size < 0) {
        return;
    }
    size = member->type == CL_NDR_UNITS_PTR ? size / sizeof(WCHAR) : size;
    size = value->rows ? value->rows->len : size;
    values[member->size].number =
        value->bytes || value->rows ? size : below(source, 3) * below(source, 10000);
}

static void fill(Source *source, const ClNdrMember *members, guint n, ClNdrValue *values)
{
    for (guint i = 0; i < n; i++) {
        if (!may_be_missing(members[i].type) || below(source, 4) != 0) {
            fill_one(source, &members[i], &values[i]);
        }
    }
    for (guint i = 0; i < n; i++) {
        count(source, &members[i], &values[i], values);
    }
}

/* What only comes back is set by the answer. */
static void fill_call(Source *source, const ClMethod *method, ClNdrValue *values)
{
    fill(source, method->parameters, method->n_parameters, values);
    for (guint i = 0; i < method->n_parameters; i++) {
        if (!method->parameters[i].in) {
            guint64 number = values[i].number;
            cl_ndr_clear(&values[i], 1);
            values[i].number = number;
        }
    }
}

/* --- Callers ------------------------------------------------------------------------------------ */

typedef struct {
    const char *path;
    guint32 seed;
    gint64 end;
    guint calls, good;
} Worker;

static ClCall within(guint ms)
{
    return (ClCall){g_get_monotonic_time() + ms * G_TIME_SPAN_MILLISECOND, NULL};
}

static ClAssociation *connect_to(const char *path)
{
    const ClEndpoint endpoint = {.path = path, .interface = &cl_interface_clusapi};
    const ClCall call = within(PATIENCE_MS);
    g_autoptr(GError) error = NULL;
    ClAssociation *association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    return association;
}

static void keep_handle(Source *source, const ClMethod *method, const ClNdrValue *values)
{
    static const ClContextHandle nothing;
    const ClNdrValue *last = &values[method->n_parameters - 1];
    if (method->parameters[method->n_parameters - 1].type == CL_NDR_HANDLE &&
        memcmp(&last->handle, &nothing, sizeof nothing) != 0) {
        source->handles[source->n_handles++ % HANDLES] = last->handle;
    }
}

static gboolean is_held(const ClMethod *method)
{
    return strncmp(method->name, "GetNotify", 9) == 0 ||
           strcmp(method->name, "GetBatchNotification") == 0;
}

/* One call; FALSE if the connection was lost, which no call may bring about. */
static gboolean call_once(ClAssociation *association, Source *source, const ClMethod *method,
                          Worker *worker)
{
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
    g_autoptr(GError) error = NULL;
    fill_call(source, method, values);
    const ClCall call = within(is_held(method) ? HURRY_MS : PATIENCE_MS);
    worker->calls++;
    if (cl_association_call(association, method, values, &call, &error)) {
        keep_handle(source, method, values);
        worker->good++;
    }
    cl_ndr_clear(values, method->n_parameters);
    if (cl_association_is_broken(association) ||
        (error && error->code == ERROR_TIMEOUT && !is_held(method))) {
        g_test_message("%s: %s", method->name, error ? error->message : "the connection is lost");
        return FALSE;
    }
    return TRUE;
}

static const ClMethod *some_method(Source *source)
{
    static const char *const openers[] = {"OpenCluster", "OpenGroup",   "OpenResource",  "OpenNode",
                                          "GetRootKey",  "OpenNetwork", "CreateNotifyV2"};
    const ClMethod *method = NULL;
    if (below(source, 5) == 0) {
        return cl_method_named(openers[below(source, G_N_ELEMENTS(openers))]);
    }
    while (!method) {
        method = cl_method(below(source, 256));
    }
    return method;
}

static gpointer call_on(gpointer data)
{
    Worker *worker = data;
    Source source = {.chance = g_rand_new_with_seed(worker->seed)};
    while (g_get_monotonic_time() < worker->end) {
        g_autoptr(ClAssociation) association = connect_to(worker->path);
        guint n = 1 + below(&source, 400);
        source.n_handles = 0;
        for (guint i = 0; i < n && g_get_monotonic_time() < worker->end; i++) {
            g_assert_true(call_once(association, &source, some_method(&source), worker));
        }
    }
    g_rand_free(source.chance);
    return NULL;
}

/* --- Vandals ------------------------------------------------------------------------------------ */

static void add_call(ClWire *wire, GByteArray *stream, guint32 number, Source *source)
{
    const ClMethod *method = some_method(source);
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
    const ClPdu pdu = {.header = {.type = CL_PDU_REQUEST, .call = number}, .opnum = method->opnum};
    g_autoptr(GByteArray) stub = g_byte_array_new();
    fill_call(source, method, values);
    if (cl_ndr_encode(method->parameters, method->n_parameters, FALSE, values, stub, NULL)) {
        (void)cl_wire_put(wire, &pdu, stub->data, stub->len, stream, NULL);
    }
    cl_ndr_clear(values, method->n_parameters);
}

static GByteArray *session(Source *source)
{
    const ClWireLimits limits = {1024 * 1024, 64};
    const ClPdu bind = {
        .header = {.type = CL_PDU_BIND, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = 1},
        .max_send = 5840,
        .max_receive = 5840,
        .n_contexts = 1,
        .contexts = {{0, cl_interface_clusapi.syntax, 1, {cl_syntax_ndr}}}};
    g_autoptr(ClWire) wire = cl_wire_new(&limits);
    GByteArray *stream = g_byte_array_new();
    guint n = 1 + below(source, 20);
    cl_pdu_append(stream, &bind, NULL);
    for (guint i = 0; i < n; i++) {
        add_call(wire, stream, 2 + i, source);
    }
    return stream;
}

/* The bind stays whole mostly, so that what comes after it is looked at. */
static void mutate(GByteArray *stream, Source *source)
{
    guint begin = below(source, 8) == 0 ? 0 : MIN(72, stream->len - 1);
    guint n = below(source, 8);
    for (guint i = 0; i < n; i++) {
        stream->data[begin + below(source, stream->len - begin)] ^=
            (guint8)(1 + below(source, 255));
    }
    if (below(source, 4) == 0) {
        g_byte_array_set_size(stream, 1 + below(source, stream->len));
    }
}

static void send_and_go(const char *path, const GByteArray *stream, gboolean reads)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    g_autoptr(GSocket) socket =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    char buffer[4096];
    g_socket_set_timeout(socket, 1);
    if (!g_socket_connect(socket, address, NULL, NULL)) {
        return;
    }
    (void)g_socket_send(socket, (const char *)stream->data, stream->len, NULL, NULL);
    if (reads && g_socket_shutdown(socket, FALSE, TRUE, NULL)) {
        while (g_socket_receive(socket, buffer, sizeof buffer, NULL, NULL) > 0) {
            continue;
        }
    }
}

static gpointer destroy(gpointer data)
{
    Worker *worker = data;
    Source source = {.chance = g_rand_new_with_seed(worker->seed)};
    while (g_get_monotonic_time() < worker->end) {
        g_autoptr(GByteArray) stream = session(&source);
        mutate(stream, &source);
        send_and_go(worker->path, stream, below(&source, 2) == 0);
        worker->calls++;
    }
    g_rand_free(source.chance);
    return NULL;
}

/* --- The test ----------------------------------------------------------------------------------- */

static guint descriptors_of(GPid pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/fd", pid);
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    guint n = 0;
    g_assert_nonnull(directory);
    while (g_dir_read_name(directory)) {
        n++;
    }
    return n;
}

static void check_served(const char *path)
{
    g_autoptr(ClAssociation) association = connect_to(path);
    const ClMethod *method = cl_method_named("GetClusterName");
    ClNdrValue values[CL_METHOD_PARAMETERS_MAX] = {0};
    const ClCall call = within(PATIENCE_MS);
    g_autoptr(GError) error = NULL;
    (void)cl_association_call(association, method, values, &call, &error);
    g_assert_no_error(error);
    g_assert_nonnull(values[0].text);
    cl_ndr_clear(values, method->n_parameters);
}

static gint64 seconds(void)
{
    const char *text = g_getenv("TRAFFIC_SECONDS");
    return text ? g_ascii_strtoll(text, NULL, 10) : 3;
}

static void test_onslaught(void)
{
    g_autoptr(Served) served = served_new(fixture_new_demo());
    guint32 seed = g_random_int();
    Worker workers[CALLERS + VANDALS];
    GThread *threads[G_N_ELEMENTS(workers)];
    g_test_message("seed %u", seed);
    check_served(served->socket);
    guint before = descriptors_of(served->pid);
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        gint64 end = g_get_monotonic_time() + seconds() * G_USEC_PER_SEC;
        workers[i] = (Worker){served->socket, seed + i, end, 0, 0};
        threads[i] = g_thread_new("worker", i < CALLERS ? call_on : destroy, &workers[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(workers); i++) {
        g_thread_join(threads[i]);
        g_test_message("%u, %u good", workers[i].calls, workers[i].good);
        g_assert_cmpuint(workers[i].calls, >, 20);
    }
    check_served(served->socket);
    for (guint i = 0; i < 500 && descriptors_of(served->pid) > before + STORE_MAX; i++) {
        g_usleep(10000);
    }
    g_test_message("%u descriptors, %u before", descriptors_of(served->pid), before);
    g_assert_cmpuint(descriptors_of(served->pid), <=, before + STORE_MAX);
    int status = served_stop(served, SIGTERM);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/onslaught/random calls and altered ones", test_onslaught);
    return g_test_run();
}
