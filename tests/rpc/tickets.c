/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kerberos that is of no help: tickets that have expired before, on the way and meanwhile, and a KDC
 * that does not answer. Calls end in time, and whoever else is served notices nothing.
 */
#include "bench.h"
#include "relay.h"
#include "security-setup.h"

#include "rpc/log-on.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const Way kerberos = {"kerberos", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY,
                             TRUE};
static const ClServerLimits limits = {.peers = 100,
                                      .handles = 10,
                                      .calls = 8,
                                      .message_size = 1024 * 1024,
                                      .bind_seconds = 6,
                                      .workers = 2};

/* --- The silent KDC ----------------------------------------------------------------------------- */

#define SILENT_REALM "SILENT.TEST"

/* Takes what comes, and says nothing. */
static int silent_tcp = -1, silent_udp = -1;

static int silent_socket(int type, guint16 port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_true(type == SOCK_DGRAM || listen(fd, 128) == 0);
    return fd;
}

static void begin_silence(void)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    silent_tcp = silent_socket(SOCK_STREAM, 0);
    g_assert_cmpint(getsockname(silent_tcp, (struct sockaddr *)&address, &size), ==, 0);
    silent_udp = silent_socket(SOCK_DGRAM, ntohs(address.sin_port));
    g_autofree char *text =
        g_strdup_printf("[libdefaults]\n clockskew = 1\n[realms]\n " SILENT_REALM
                        " = {\n  kdc = 127.0.0.1:%u\n }\n",
                        ntohs(address.sin_port));
    kdc_configure(setup_kdc, text);
}

/* Whoever waits for it is told that it is gone. */
static void end_silence(guint threads)
{
    close(silent_tcp);
    close(silent_udp);
    for (guint i = 0; i < 3000 && count_threads() > threads; i++) {
        g_usleep(10000);
    }
    g_assert_cmpuint(count_threads(), <=, threads);
}

/* --- Logging on --------------------------------------------------------------------------------- */

typedef struct {
    guint16 port;
    const char *password_of; /* NULL: by ticket */
    ClAuthType auth;
    const char *domain;
} Caller;

static ClAssociation *log_on(const Caller *caller, const ClCall *call, GError **error)
{
    g_autoptr(ClCredentials) credentials = NULL;
    if (caller->password_of) {
        credentials = cl_credentials_new(caller->password_of, caller->domain, NTLM_PASSWORD, NULL);
    }
    const ClEndpoint endpoint = {.host = "127.0.0.1",
                                 .port = caller->port,
                                 .interface = &cl_interface_clusapi,
                                 .service_host = KDC_HOST,
                                 .auth = caller->auth,
                                 .level = CL_LEVEL_PRIVACY,
                                 .credentials = credentials};
    return cl_association_open(&endpoint, call, error);
}

static ClAssociation *log_on_by_ticket(guint16 port, GError **error)
{
    const Caller caller = {port, NULL, CL_AUTH_KERBEROS, NULL};
    const ClCall call = within(10000);
    return log_on(&caller, &call, error);
}

static gint64 ms_since(gint64 begin)
{
    return (g_get_monotonic_time() - begin) / G_TIME_SPAN_MILLISECOND;
}

/* --- Expired tickets ---------------------------------------------------------------------------- */

static void test_expired_before(void)
{
    if (!setup_is_possible(&kerberos)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    kdc_log_on(setup_kdc, "carol");
    g_usleep(KDC_EXPIRED_US);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(ClAssociation) association = log_on_by_ticket(bench->port, &error);
    g_assert_null(association);
    g_assert_error(error, CL_ERROR, RPC_S_SEC_PKG_ERROR);
    g_test_message("%s", error->message);
    g_assert_cmpint(ms_since(begin), <, 2500);
    g_assert_cmpint(bench->arrived, ==, 0);
}

/* What the client says is held up on its way until its ticket has expired. */
static gpointer let_go_late(gpointer relay)
{
    g_usleep(KDC_EXPIRED_US);
    relay_hold(relay, RELAY_TO_SERVER, FALSE);
    return NULL;
}

static void test_expired_on_the_way(void)
{
    if (!setup_is_possible(&kerberos)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(Relay) relay = relay_new(bench->port);
    g_autoptr(GError) error = NULL;
    kdc_log_on(setup_kdc, "carol");
    relay_hold(relay, RELAY_TO_SERVER, TRUE);
    GThread *thread = g_thread_new("holder", let_go_late, relay);
    g_autoptr(ClAssociation) association = log_on_by_ticket(relay_port(relay), &error);
    g_thread_join(thread);
    g_assert_null(association);
    g_assert_error(error, CL_ERROR, RPC_S_SEC_PKG_ERROR);
    g_test_message("%s", error->message);
    g_assert_cmpint(bench->arrived, ==, 0);
    kdc_log_on(setup_kdc, "alice");
    g_clear_error(&error);
    association = log_on_by_ticket(bench->port, &error);
    g_assert_no_error(error);
}

static void on_answered(const GError *error, gpointer user_data)
{
    g_atomic_int_set((gint *)user_data, error ? error->code : 1);
}

static void wait_for(const gint *value)
{
    for (guint i = 0; i < 1000 && g_atomic_int_get(value) == 0; i++) {
        g_usleep(10000);
    }
}

/* As a service does when it is told so. */
static void end_held(Bench *bench)
{
    ClRequest *request = g_atomic_pointer_get(&bench->held);
    GCancellable *cancellable = cl_request_cancellable(request);
    for (guint i = 0; i < 300 && !g_cancellable_is_cancelled(cancellable); i++) {
        g_usleep(10000);
    }
    g_assert_true(g_cancellable_is_cancelled(cancellable));
    g_atomic_pointer_set(&bench->held, NULL);
    cl_request_fail(request, ERROR_OPERATION_ABORTED);
}

/* Calls, and those that stand, are refused from then on, and the client may come again. */
static void test_expired_meanwhile(void)
{
    if (!setup_is_possible(&kerberos)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    kdc_log_on(setup_kdc, "carol");
    g_autoptr(ClAssociation) association = log_on_by_ticket(bench->port, &error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_auto(Ask) open = asking("OpenGroup");
    g_auto(Ask) held = asking("GetNotifyV2");
    const ClCall call = within(15000);
    gint code = 0;
    g_assert_no_error(error);
    open.values[0].text = wire_text(u"g");
    ASK(&ask);
    ASK(&open);
    gboolean begun = cl_association_begin(association, held.method, held.values, on_answered, &code,
                                          &call, &error);
    g_assert_true(begun);
    g_usleep(KDC_EXPIRED_US);
    gint64 begin = g_get_monotonic_time();
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, RPC_S_SEC_PKG_ERROR);
    end_held(bench);
    wait_for(&code);
    g_assert_cmpint(code, ==, RPC_S_SEC_PKG_ERROR);
    g_assert_cmpint(ms_since(begin), <, 2500);
    kdc_log_on(setup_kdc, "alice");
    g_autoptr(ClAssociation) again = log_on_by_ticket(bench->port, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(answer_of(again, &ask, 5000), ==, ERROR_SUCCESS);
    wait_for(&bench->run_down);
    g_assert_cmpint(g_atomic_int_get(&bench->left), ==, 1);
    g_assert_cmpint(g_atomic_int_get(&bench->run_down), ==, 1);
    g_assert_cmpuint(answer_of(again, &ask, 5000), ==, ERROR_SUCCESS);
}

/* --- Silence ------------------------------------------------------------------------------------ */

static const Caller silent = {1, "u", CL_AUTH_KERBEROS, SILENT_REALM};

static gpointer cancel_soon(gpointer cancellable)
{
    g_usleep(200 * G_TIME_SPAN_MILLISECOND);
    g_cancellable_cancel(cancellable);
    return NULL;
}

typedef struct {
    Caller caller;
    guint ms;
    guint32 code;
    gint64 took_ms;
} Attempt;

static gpointer attempt(gpointer data)
{
    Attempt *attempt = data;
    const ClCall call = within(attempt->ms);
    g_autoptr(GError) error = NULL;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(ClAssociation) association = log_on(&attempt->caller, &call, &error);
    attempt->took_ms = ms_since(begin);
    attempt->code = error ? (guint32)error->code : ERROR_SUCCESS;
    g_test_message("%s after %d ms", error ? error->message : "logged on", (int)attempt->took_ms);
    return NULL;
}

static void test_cancelling(Caller caller)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    const ClCall call = {within(20000).deadline, cancellable};
    gint64 begin = g_get_monotonic_time();
    GThread *thread = g_thread_new("canceller", cancel_soon, cancellable);
    g_autoptr(ClAssociation) association = log_on(&caller, &call, &error);
    g_thread_join(thread);
    g_assert_error(error, CL_ERROR, ERROR_OPERATION_ABORTED);
    g_assert_cmpint(ms_since(begin), <, 1000);
}

/* However many there are who wait for it, others log on, by their KDC or without one. */
static void test_crowd(const Bench *bench, Caller caller, guint threads)
{
    Attempt attempts[60];
    GThread *callers[G_N_ELEMENTS(attempts)];
    Attempt by_ticket = {{bench->port, NULL, CL_AUTH_KERBEROS, NULL}, 5000, 0, 0};
    Attempt by_ntlm = {{bench->port, NTLM_USER, CL_AUTH_NTLM, NTLM_DOMAIN}, 5000, 0, 0};
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        attempts[i] = (Attempt){caller, 700, 0, 0};
        callers[i] = g_thread_new("caller", attempt, &attempts[i]);
    }
    g_usleep(200 * G_TIME_SPAN_MILLISECOND);
    g_assert_cmpuint(count_threads(), <=,
                     threads + G_N_ELEMENTS(attempts) + CL_LOG_ON_THREADS_SAME);
    (void)attempt(&by_ticket);
    (void)attempt(&by_ntlm);
    for (guint i = 0; i < G_N_ELEMENTS(attempts); i++) {
        g_thread_join(callers[i]);
        g_assert_cmpuint(attempts[i].code, ==, ERROR_TIMEOUT);
        g_assert_cmpint(attempts[i].took_ms, <, 2000);
    }
    g_assert_cmpuint(by_ticket.code, ==, ERROR_SUCCESS);
    g_assert_cmpint(by_ticket.took_ms, <, 1000);
    g_assert_cmpuint(by_ntlm.code, ==, ERROR_SUCCESS);
    g_assert_cmpint(by_ntlm.took_ms, <, 1000);
}

static void test_silent_kdc(void)
{
    if (!setup_is_possible(&kerberos)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    Caller caller = silent;
    kdc_log_on(setup_kdc, "alice");
    caller.port = bench->port;
    /* Those who log on at the server have threads there that stay for a while. */
    g_autoptr(ClAssociation) association = log_on_by_ticket(bench->port, NULL);
    g_assert_nonnull(association);
    guint threads = count_threads() + 4;
    Attempt once = {caller, 500, 0, 0};
    (void)attempt(&once);
    g_assert_cmpuint(once.code, ==, ERROR_TIMEOUT);
    g_assert_cmpint(once.took_ms, >=, 490);
    g_assert_cmpint(once.took_ms, <, 1000);
    test_cancelling(caller);
    test_crowd(bench, caller, threads);
    g_assert_cmpuint(count_threads(), <=, threads + CL_LOG_ON_THREADS_SAME);
    g_auto(Ask) ask = asking("GetClusterName");
    ASK(&ask);
    end_silence(threads);
    /* There is room again. */
    Attempt last = {caller, 10000, 0, 0};
    (void)attempt(&last);
    g_assert_cmpuint(last.code, ==, RPC_S_SEC_PKG_ERROR);
}

/* --- A keytab that hangs ------------------------------------------------------------------------ */

/* The server cannot read it; who needs nothing of it is served at once. */
static void test_hanging_keytab(void)
{
    if (!setup_is_possible(&kerberos)) {
        return;
    }
    g_autofree char *path = g_strconcat(kdc_keytab(setup_kdc), "-fifo", NULL);
    g_autoptr(Bench) bench = bench_new(&limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(ClAssociation) association = bench_connect(bench);
    kdc_log_on(setup_kdc, "alice");
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_true(cl_acceptor_prepare(&setup_acceptor, NULL));
    g_setenv("KRB5_KTNAME", path, TRUE);
    Attempt held = {{bench->port, NULL, CL_AUTH_KERBEROS, NULL}, 10000, 0, 0};
    GThread *thread = g_thread_new("held", attempt, &held);
    g_usleep(300 * G_TIME_SPAN_MILLISECOND);
    gint64 begin = g_get_monotonic_time();
    for (guint i = 0; i < 20; i++) {
        g_auto(Ask) ask = asking("GetClusterName");
        ASK(&ask);
    }
    g_assert_cmpint(ms_since(begin), <, 1000);
    g_assert_cmpint(g_atomic_int_get(&bench->arrived), ==, 1);
    int fd = open(path, O_WRONLY | O_NONBLOCK);
    g_assert_cmpint(fd, >=, 0);
    g_setenv("KRB5_KTNAME", kdc_keytab(setup_kdc), TRUE);
    close(fd);
    g_thread_join(thread);
    g_assert_cmpuint(held.code, !=, ERROR_SUCCESS);
    g_assert_cmpuint(held.code, !=, ERROR_TIMEOUT);
    g_unlink(path);
    g_assert_true(cl_acceptor_prepare(&setup_acceptor, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    setup_begin();
    if (setup_kdc) {
        begin_silence();
    }
    g_test_add_func("/tickets/expired before", test_expired_before);
    g_test_add_func("/tickets/expired on the way", test_expired_on_the_way);
    g_test_add_func("/tickets/expired meanwhile", test_expired_meanwhile);
    g_test_add_func("/tickets/a keytab that hangs", test_hanging_keytab);
    g_test_add_func("/tickets/a KDC that is silent", test_silent_kdc);
    int status = g_test_run();
    setup_end();
    return status;
}
