/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A server that answers, but not what it was asked: another call's number, another context, too
 * little or too much. The call fails with a code that says so, at once, and the connection is given
 * up: what else comes of it may be another call's, too.
 */
#include "bench.h"

#include "rpc/wire.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

/* What it does with its first call, or the first two. */
typedef enum {
    NO_CALL,     /* answers one that there is not */
    OLD_CALL,    /* answers twice */
    SWAPPED,     /* answers each of two with the other's number */
    SAME_CALL,   /* answers both of two with the number of one */
    NO_CONTEXT,  /* answers in a context that nobody bound */
    TOO_LITTLE,  /* cuts the answer off */
    NOTHING,     /* answers with nothing */
    TOO_MUCH,    /* adds something */
    OTHER,       /* answers with what another method gives */
    A_REQUEST,   /* asks instead */
    A_BIND_ACK,  /* accepts a bind that was not asked for */
    FAULT_NOBODY /* a fault for a call that there is not */
} Lie;

typedef struct {
    Lie lie;
    guint32 code; /* of the call; 0: it is answered before */
    const char *name;
} Row;

static const Row rows[] = {
    {NO_CALL, RPC_S_CALL_FAILED, "no call's number"},
    {OLD_CALL, 0, "an old call's number"},
    {SWAPPED, RPC_X_BAD_STUB_DATA, "each other's numbers"},
    {SAME_CALL, RPC_X_BAD_STUB_DATA, "one number for two"},
    {NO_CONTEXT, RPC_S_CALL_FAILED, "another context"},
    {TOO_LITTLE, RPC_X_BAD_STUB_DATA, "too little"},
    {NOTHING, RPC_X_BAD_STUB_DATA, "nothing"},
    {TOO_MUCH, RPC_X_BAD_STUB_DATA, "too much"},
    {OTHER, RPC_X_BAD_STUB_DATA, "another method's answer"},
    {A_REQUEST, RPC_S_CALL_FAILED, "a request"},
    {A_BIND_ACK, RPC_S_CALL_FAILED, "a bind_ack"},
    {FAULT_NOBODY, RPC_S_CALL_FAILED, "a fault of no call"},
};

/* --- The server --------------------------------------------------------------------------------- */

typedef struct {
    Lie lie;
    char *directory, *path;
    GSocket *listener, *socket;
    ClWire *wire;
    GThread *thread;
    guint32 name_call, other_call; /* of GetClusterName, and not */
    guint n_calls;
} Liar;

/* The answer of GetClusterName, or of CreateResourceType. */
static GByteArray *stub_of(const char *name)
{
    g_auto(Ask) ask = asking(name);
    GByteArray *stub = g_byte_array_new();
    if (strcmp(name, "GetClusterName") == 0) {
        ask.values[0].text = cl_ndr_text("a cluster");
        ask.values[1].text = cl_ndr_text("a node");
    }
    gboolean ok = cl_ndr_encode(ask.method->parameters, ask.method->n_parameters, TRUE, ask.values,
                                stub, NULL);
    g_assert_true(ok);
    return stub;
}

static void answer_with(Liar *liar, const ClPdu *pdu, const GByteArray *stub)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    if (stub) {
        gboolean ok = cl_wire_put(liar->wire, pdu, stub->data, stub->len, out, NULL);
        g_assert_true(ok);
    } else {
        cl_pdu_append(out, pdu, NULL);
    }
    (void)g_socket_send(liar->socket, (const char *)out->data, out->len, NULL, NULL);
}

static void answer(Liar *liar, guint32 call, const char *method)
{
    const ClPdu pdu = {.header = {.type = CL_PDU_RESPONSE, .call = call}};
    g_autoptr(GByteArray) stub = stub_of(method);
    answer_with(liar, &pdu, stub);
}

static void answer_bind(Liar *liar, guint32 call)
{
    const ClPdu pdu = {
        .header = {.type = CL_PDU_BIND_ACK, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = call},
        .max_send = 5840,
        .max_receive = 5840,
        .group = 1,
        .n_results = 1,
        .results = {{CL_BIND_ACCEPTED, CL_BIND_REASON_NONE, cl_syntax_ndr}}};
    answer_with(liar, &pdu, NULL);
}

/* Of a stub that is not whole. */
static void answer_part(Liar *liar, guint32 call, gint more)
{
    const ClPdu pdu = {.header = {.type = CL_PDU_RESPONSE, .call = call}};
    g_autoptr(GByteArray) stub = stub_of("GetClusterName");
    guint size = stub->len;
    g_byte_array_set_size(stub, (guint)((gint)size + more));
    if (more > 0) {
        memset(stub->data + size, 0, (gsize)more);
    }
    answer_with(liar, &pdu, stub);
}

static void lie_once(Liar *liar, guint32 call)
{
    const ClPdu elsewhere = {.header = {.type = CL_PDU_RESPONSE, .call = call}, .context = 7};
    const ClPdu request = {.header = {.type = CL_PDU_REQUEST, .call = call}};
    const ClPdu fault = {
        .header = {.type = CL_PDU_FAULT, .flags = CL_PDU_FIRST | CL_PDU_LAST, .call = call + 100},
        .status = ERROR_ACCESS_DENIED};
    g_autoptr(GByteArray) stub = stub_of("GetClusterName");
    switch (liar->lie) {
    case NO_CALL:
        answer(liar, call + 100, "GetClusterName");
        break;
    case OLD_CALL:
        answer(liar, call, "GetClusterName");
        answer(liar, call, "GetClusterName");
        break;
    case NO_CONTEXT:
        answer_with(liar, &elsewhere, stub);
        break;
    case TOO_LITTLE:
        answer_part(liar, call, -6);
        break;
    case NOTHING:
        answer_part(liar, call, -(gint)stub->len);
        break;
    case TOO_MUCH:
        answer_part(liar, call, 40);
        break;
    case OTHER:
        answer(liar, call, "CreateResourceType");
        break;
    case A_REQUEST:
        answer_with(liar, &request, stub);
        break;
    case A_BIND_ACK:
        answer_bind(liar, call);
        break;
    default:
        answer_with(liar, &fault, NULL);
        break;
    }
}

static void lie_twice(Liar *liar)
{
    if (liar->lie == SWAPPED) {
        answer(liar, liar->other_call, "GetClusterName");
        answer(liar, liar->name_call, "CreateResourceType");
    } else {
        answer(liar, liar->name_call, "CreateResourceType");
        answer(liar, liar->name_call, "GetClusterName");
    }
}

static void take(Liar *liar, const ClMessage *message)
{
    guint32 call = message->pdu.header.call;
    if (message->pdu.header.type == CL_PDU_BIND) {
        answer_bind(liar, call);
    } else if (message->pdu.header.type == CL_PDU_REQUEST && liar->n_calls < 2) {
        gboolean of_name = message->pdu.opnum == cl_method_named("GetClusterName")->opnum;
        *(of_name ? &liar->name_call : &liar->other_call) = call;
        liar->n_calls++;
        if (liar->lie != SWAPPED && liar->lie != SAME_CALL) {
            lie_once(liar, call);
        } else if (liar->n_calls == 2) {
            lie_twice(liar);
        }
    }
}

/* Until the client goes. */
static gpointer serve(gpointer data)
{
    Liar *liar = data;
    liar->socket = g_socket_accept(liar->listener, NULL, NULL);
    for (;;) {
        char buffer[4096];
        ClMessage *message = NULL;
        gboolean ok = cl_wire_next(liar->wire, &message, NULL);
        g_assert_true(ok);
        if (message) {
            take(liar, message);
            cl_message_free(message);
            continue;
        }
        gssize n = g_socket_receive(liar->socket, buffer, sizeof buffer, NULL, NULL);
        if (n <= 0) {
            return NULL;
        }
        cl_wire_take(liar->wire, buffer, (gsize)n);
    }
}

static Liar *liar_new(Lie lie)
{
    const ClWireLimits limits = {65536, 8};
    Liar *liar = g_new0(Liar, 1);
    liar->lie = lie;
    liar->directory = g_dir_make_tmp("clusapi-rpc-XXXXXX", NULL);
    liar->path = g_build_filename(liar->directory, "socket", NULL);
    liar->wire = cl_wire_new(&limits);
    cl_wire_set_sizes(liar->wire, 5840, CL_PDU_SIZE_MAX);
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(liar->path);
    liar->listener =
        g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
    gboolean ok =
        g_socket_bind(liar->listener, address, TRUE, NULL) && g_socket_listen(liar->listener, NULL);
    g_assert_true(ok);
    liar->thread = g_thread_new("liar", serve, liar);
    return liar;
}

/* Its client has gone. */
static void liar_free(Liar *liar)
{
    g_thread_join(liar->thread);
    g_object_unref(liar->socket);
    g_object_unref(liar->listener);
    cl_wire_free(liar->wire);
    g_unlink(liar->path);
    g_rmdir(liar->directory);
    g_free(liar->directory);
    g_free(liar->path);
    g_free(liar);
}

/* --- Tests -------------------------------------------------------------------------------------- */

typedef struct {
    ClAssociation *association;
    const char *method;
    guint32 code;
} Asker;

static gpointer ask_for(gpointer data)
{
    Asker *asker = data;
    g_auto(Ask) ask = asking(asker->method);
    asker->code = answer_of(asker->association, &ask, 5000);
    return NULL;
}

static ClAssociation *connect_to(const Liar *liar)
{
    const ClEndpoint endpoint = {.path = liar->path, .interface = &cl_interface_clusapi};
    const ClCall call = within(5000);
    g_autoptr(GError) error = NULL;
    ClAssociation *association = cl_association_open(&endpoint, &call, &error);
    g_assert_no_error(error);
    return association;
}

/* Both fail, and what fails is one's answer, or the connection. */
static void check_two(ClAssociation *association)
{
    Asker askers[] = {{association, "GetClusterName", 0}, {association, "CreateResourceType", 0}};
    GThread *threads[G_N_ELEMENTS(askers)];
    for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
        threads[i] = g_thread_new("asker", ask_for, &askers[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(askers); i++) {
        g_thread_join(threads[i]);
        g_test_message("%s: %u", askers[i].method, askers[i].code);
        g_assert_true(askers[i].code == RPC_X_BAD_STUB_DATA || askers[i].code == RPC_S_CALL_FAILED);
    }
}

static void wait_until_broken(ClAssociation *association)
{
    for (guint i = 0; i < 500 && !cl_association_is_broken(association); i++) {
        g_usleep(10000);
    }
    g_assert_true(cl_association_is_broken(association));
}

/* With a call that stands somebody reads all the time. */
static void on_answered(const GError *error, gpointer user_data)
{
    g_atomic_int_set((gint *)user_data, error ? error->code : 1);
}

static void test_lie(gconstpointer data)
{
    const Row *row = data;
    Liar *liar = liar_new(row->lie);
    g_autoptr(ClAssociation) association = connect_to(liar);
    g_auto(Ask) ask = asking("GetClusterName");
    gint64 begin = g_get_monotonic_time();
    if (row->lie == SWAPPED || row->lie == SAME_CALL) {
        check_two(association);
    } else {
        g_assert_cmpuint(answer_of(association, &ask, 5000), ==, row->code);
    }
    if (row->code == 0) {
        const ClCall call = within(5000);
        gint code = 0;
        g_auto(Ask) held = asking("GetNotifyV2");
        (void)cl_association_begin(association, held.method, held.values, on_answered, &code, &call,
                                   NULL);
        wait_until_broken(association);
        g_assert_cmpuint(answer_of(association, &ask, 5000), ==, RPC_S_CALL_FAILED_DNE);
        g_clear_pointer(&association, cl_association_close);
        g_assert_true(code == 0 || code == RPC_S_CALL_FAILED);
    } else {
        g_assert_true(cl_association_is_broken(association));
        g_assert_cmpuint(answer_of(association, &ask, 5000), ==, RPC_S_CALL_FAILED_DNE);
    }
    g_assert_cmpint(g_get_monotonic_time() - begin, <, 2 * G_USEC_PER_SEC);
    g_clear_pointer(&association, cl_association_close);
    liar_free(liar);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/answers/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], test_lie);
    }
    return g_test_run();
}
