/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Clusters that are served by clusapid, and an echo server over sockets of the same kind as the
 * yardstick.
 */
#include "bench.h"

#include <clusapi.h>
#include <clusapi/linux.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ROUNDS     15
#define MESSAGE    100
#define SECONDS_US (2 * G_USEC_PER_SEC)

static LPWSTR text_of(const char *name)
{
    DWORD size = 0;
    ClusapiUtf8ToWide(name, NULL, &size);
    LPWSTR text = g_new0(WCHAR, ++size);
    if (ClusapiUtf8ToWide(name, text, &size) != ERROR_SUCCESS) {
        bench_die("a name that is no text");
    }
    return text;
}

static HCLUSTER open_cluster(const char *name)
{
    g_autofree LPWSTR text = text_of(name);
    HCLUSTER cluster = OpenClusterEx(text, GENERIC_READ, NULL);
    if (cluster == NULL) {
        bench_die("the cluster does not open");
    }
    return cluster;
}

/* --- The yardstick ------------------------------------------------------------------------------ */

static void echo(int listening)
{
    char buffer[MESSAGE];
    int fd = accept(listening, NULL, NULL);
    int one = 1;
    ssize_t n;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        if (write(fd, buffer, (size_t)n) != n) {
            break;
        }
    }
    _exit(0);
}

static int start_echo(struct sockaddr *address, socklen_t size)
{
    int listening = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t room = sizeof(struct sockaddr_un);
    if (bind(listening, address, size) != 0 || listen(listening, 1) != 0 ||
        getsockname(listening, address, &room) != 0) {
        bench_die("no socket to listen at");
    }
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        echo(listening);
    }
    close(listening);
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;
    if (connect(fd, address, room) != 0) {
        bench_die("the echo server does not answer");
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void three_round_trips(int fd)
{
    char buffer[MESSAGE] = {0};
    for (guint i = 0; i < 3; i++) {
        if (write(fd, buffer, sizeof buffer) != sizeof buffer ||
            recv(fd, buffer, sizeof buffer, MSG_WAITALL) != sizeof buffer) {
            bench_die("the echo server is gone");
        }
    }
}

void bench_echo(const char *kind, guint n)
{
    union {
        struct sockaddr any;
        struct sockaddr_un path; /* an address that the kernel chooses */
        struct sockaddr_in loopback;
    } address = {.path = {.sun_family = AF_UNIX}};
    gboolean is_unix = strcmp(kind, "unix") == 0;
    double rounds[ROUNDS];
    if (!is_unix) {
        address.loopback =
            (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    }
    int fd = start_echo(&address.any, is_unix ? sizeof(sa_family_t) : sizeof address.loopback);
    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = bench_now();
        for (guint i = 0; i < n; i++) {
            three_round_trips(fd);
        }
        rounds[round] = (double)(bench_now() - begin) / n;
    }
    close(fd);
    printf("%.1f\n", bench_median(rounds, ROUNDS));
}

/* --- Calls -------------------------------------------------------------------------------------- */

static void look(HCLUSTER cluster, LPCWSTR group_name)
{
    HGROUP group = OpenClusterGroupEx(cluster, group_name, GENERIC_READ, NULL);
    if (group == NULL || GetClusterGroupState(group, NULL, NULL) == ClusterGroupStateUnknown) {
        bench_die("the group does not open");
    }
    CloseClusterGroup(group);
}

void bench_calls(const char *name, const char *group_name, guint n)
{
    HCLUSTER cluster = open_cluster(name);
    g_autofree LPWSTR group = text_of(group_name);
    double rounds[ROUNDS];
    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = bench_now();
        for (guint i = 0; i < n; i++) {
            look(cluster, group);
        }
        rounds[round] = (double)(bench_now() - begin) / n;
    }
    CloseCluster(cluster);
    printf("%.1f\n", bench_median(rounds, ROUNDS));
}

void bench_connect(const char *name, guint n)
{
    double rounds[ROUNDS];
    WCHAR text[256];
    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = bench_now();
        for (guint i = 0; i < n; i++) {
            HCLUSTER cluster = open_cluster(name);
            DWORD length = G_N_ELEMENTS(text);
            if (GetClusterInformation(cluster, text, &length, NULL) != ERROR_SUCCESS) {
                bench_die("the cluster has no name");
            }
            CloseCluster(cluster);
        }
        rounds[round] = (double)(bench_now() - begin) / n;
    }
    printf("%.1f\n", bench_median(rounds, ROUNDS));
}

/* One list of all groups with what is shown of each: one CreateGroupEnum. */
void bench_enumerate(const char *name, guint n)
{
    HCLUSTER cluster = open_cluster(name);
    double rounds[ROUNDS];
    for (guint round = 0; round < ROUNDS; round++) {
        gint64 begin = bench_now();
        for (guint i = 0; i < n; i++) {
            HGROUPENUMEX list = ClusterGroupOpenEnumEx(cluster, NULL, 0, NULL, 0, 0);
            if (list == NULL) {
                bench_die("the groups are not listed");
            }
            ClusterGroupCloseEnumEx(list);
        }
        rounds[round] = (double)(bench_now() - begin) / n;
    }
    CloseCluster(cluster);
    printf("%.1f\n", bench_median(rounds, ROUNDS));
}

/* --- Many clients ------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    LPCWSTR group;
    HCLUSTER cluster;
    gint *go;
    guint64 done;
} Client;

static gpointer run_client(gpointer data)
{
    Client *client = data;
    while (g_atomic_int_get(client->go) == 0) {
        g_usleep(1000);
    }
    while (g_atomic_int_get(client->go) == 1) {
        look(client->cluster, client->group);
        client->done++;
    }
    return NULL;
}

/* Nanoseconds for the three calls, of all clients together. */
void bench_clients(const char *name, const char *group_name, guint n)
{
    g_autofree Client *clients = g_new0(Client, n);
    g_autofree GThread **threads = g_new0(GThread *, n);
    g_autofree LPWSTR group = text_of(group_name);
    gint go = 0;
    guint64 done = 0;
    for (guint i = 0; i < n; i++) {
        clients[i] = (Client){name, group, open_cluster(name), &go, 0};
        threads[i] = g_thread_new("client", run_client, &clients[i]);
    }
    gint64 begin = bench_now();
    g_atomic_int_set(&go, 1);
    g_usleep(SECONDS_US);
    g_atomic_int_set(&go, 2);
    for (guint i = 0; i < n; i++) {
        g_thread_join(threads[i]);
        done += clients[i].done;
    }
    printf("%.1f\n", (double)(bench_now() - begin) / (double)done);
    for (guint i = 0; i < n; i++) {
        CloseCluster(clients[i].cluster);
    }
}
