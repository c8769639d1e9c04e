/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NEVER G_MAXINT
/* How often it is looked for what was changed meanwhile. */
#define LOOK_MS 10

struct Relay {
    GThread *thread;
    int listener;
    guint16 server, port;
    gint stop; /* atomic, as all that follows; ways as indexes */
    gint limit[2], pause_us[2], held[2], passed[2];
};

/* --- Sockets ------------------------------------------------------------------------------------ */

static struct sockaddr_in loopback(guint16 port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static int connect_to(guint16 port)
{
    struct sockaddr_in address = loopback(port);
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), ==, 0);
    return fd;
}

static void reset(int fd)
{
    const struct linger linger = {.l_onoff = 1, .l_linger = 0};
    g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
    close(fd);
}

/* --- Passing on --------------------------------------------------------------------------------- */

typedef struct {
    int from[2]; /* by way; the other one's is where it goes */
} Pair;

/* FALSE when there is no more to come, or nobody to take it. */
static gboolean pass(Relay *relay, const Pair *pair, RelayWay way)
{
    char buffer[4096];
    gint pause_us = g_atomic_int_get(&relay->pause_us[way]);
    gint rest = g_atomic_int_get(&relay->limit[way]) - g_atomic_int_get(&relay->passed[way]);
    gsize most = pause_us > 0 ? 1 : MIN((gsize)rest, sizeof buffer);
    ssize_t n = recv(pair->from[way], buffer, most, 0);
    ssize_t at = 0;
    while (at < n) {
        ssize_t sent = send(pair->from[!way], buffer + at, (size_t)(n - at), MSG_NOSIGNAL);
        if (sent < 0) {
            return FALSE;
        }
        at += sent;
    }
    g_atomic_int_add(&relay->passed[way], (gint)MAX(n, 0));
    if (pause_us > 0) {
        g_usleep((gulong)pause_us);
    }
    return n > 0;
}

static gboolean is_over(Relay *relay, RelayWay way)
{
    return g_atomic_int_get(&relay->passed[way]) >= g_atomic_int_get(&relay->limit[way]);
}

/* TRUE if it ended by what was agreed, FALSE if by one of the two. */
static gboolean relay_between(Relay *relay, const Pair *pair)
{
    while (!g_atomic_int_get(&relay->stop)) {
        struct pollfd fds[2];
        if (is_over(relay, RELAY_TO_SERVER) || is_over(relay, RELAY_TO_CLIENT)) {
            return TRUE;
        }
        for (guint way = 0; way < 2; way++) {
            gboolean held = g_atomic_int_get(&relay->held[way]);
            fds[way] = (struct pollfd){.fd = held ? -1 : pair->from[way], .events = POLLIN};
        }
        (void)poll(fds, 2, LOOK_MS);
        for (guint way = 0; way < 2; way++) {
            if (fds[way].revents != 0 && !pass(relay, pair, way)) {
                return FALSE;
            }
            if (is_over(relay, way)) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

static gpointer run(gpointer data)
{
    Relay *relay = data;
    while (!g_atomic_int_get(&relay->stop)) {
        struct pollfd ready = {.fd = relay->listener, .events = POLLIN};
        if (poll(&ready, 1, LOOK_MS) != 1) {
            continue;
        }
        Pair pair = {{accept(relay->listener, NULL, NULL), connect_to(relay->server)}};
        g_atomic_int_set(&relay->passed[RELAY_TO_SERVER], 0);
        g_atomic_int_set(&relay->passed[RELAY_TO_CLIENT], 0);
        gboolean resets = relay_between(relay, &pair);
        for (guint way = 0; way < 2; way++) {
            (resets ? reset : (void (*)(int))(gpointer)close)(pair.from[way]);
        }
    }
    return NULL;
}

/* --- Relays ------------------------------------------------------------------------------------- */

Relay *relay_new(guint16 port)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    Relay *relay = g_new0(Relay, 1);
    relay->server = port;
    relay->limit[0] = relay->limit[1] = NEVER;
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(relay->listener, (struct sockaddr *)&address, size), ==, 0);
    g_assert_cmpint(getsockname(relay->listener, (struct sockaddr *)&address, &size), ==, 0);
    g_assert_cmpint(listen(relay->listener, 16), ==, 0);
    relay->port = ntohs(address.sin_port);
    relay->thread = g_thread_new("relay", run, relay);
    return relay;
}

void relay_free(Relay *relay)
{
    g_atomic_int_set(&relay->stop, TRUE);
    g_thread_join(relay->thread);
    close(relay->listener);
    g_free(relay);
}

guint16 relay_port(const Relay *relay)
{
    return relay->port;
}

void relay_reset_after(Relay *relay, RelayWay way, guint bytes)
{
    g_atomic_int_set(&relay->limit[way], (gint)bytes);
    g_atomic_int_set(&relay->limit[!way], NEVER);
}

void relay_slow_down(Relay *relay, RelayWay way, guint us)
{
    g_atomic_int_set(&relay->pause_us[way], (gint)us);
}

void relay_hold(Relay *relay, RelayWay way, gboolean on)
{
    g_atomic_int_set(&relay->held[way], on);
}

guint relay_passed(Relay *relay, RelayWay way)
{
    return (guint)g_atomic_int_get(&relay->passed[way]);
}

/* --- Counting ----------------------------------------------------------------------------------- */

static guint count_entries(const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    guint n = 0;
    g_assert_nonnull(directory);
    while (g_dir_read_name(directory)) {
        n++;
    }
    return n;
}

guint count_descriptors(void)
{
    return count_entries("/proc/self/fd");
}

guint count_threads(void)
{
    return count_entries("/proc/self/task");
}
