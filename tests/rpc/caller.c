/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In whose name a thread of the service acts: who comes over the Unix socket has the name of a user of
 * this host, who comes over the network never has.
 */
#include "clusapid/caller.h"

#include "backend.h"

struct ClPeer {
    gboolean is_local;
    uid_t uid;
    const char *name;
};

gboolean cl_peer_is_local(const ClPeer *peer)
{
    return peer->is_local;
}

uid_t cl_peer_uid(const ClPeer *peer)
{
    return peer->uid;
}

const char *cl_peer_name(const ClPeer *peer)
{
    return peer->name;
}

static void check(const ClPeer *peer, const char *expected)
{
    clusapid_caller_set(peer);
    g_autofree char *name = clusapid_caller();
    clusapid_caller_set(NULL);
    g_assert_cmpstr(name, ==, expected);
}

static void test_of_this_host(void)
{
    check(&(ClPeer){.is_local = TRUE, .uid = 0}, NULL);
    check(&(ClPeer){.is_local = TRUE, .uid = 1}, "daemon");
    check(&(ClPeer){.is_local = TRUE, .uid = 4294900000U}, CL_CALLER_NOBODY);
}

static void test_of_the_network(void)
{
    check(&(ClPeer){.name = "alice@LAB.EXAMPLE"}, "alice@LAB.EXAMPLE");
    check(&(ClPeer){.name = "root@LAB.EXAMPLE"}, "root@LAB.EXAMPLE");
    check(&(ClPeer){.name = "LAB\\hacluster"}, "LAB\\hacluster");
    check(&(ClPeer){.name = "root"}, CL_CALLER_NOBODY);
    check(&(ClPeer){.name = "hacluster"}, CL_CALLER_NOBODY);
    check(&(ClPeer){.name = "daemon"}, CL_CALLER_NOBODY);
    check(&(ClPeer){.name = ""}, CL_CALLER_NOBODY);
    check(&(ClPeer){.name = NULL}, CL_CALLER_NOBODY);
}

static gpointer ask(gpointer data)
{
    (void)data;
    return clusapid_caller();
}

static void test_threads(void)
{
    const ClPeer peer = {.name = "alice@LAB.EXAMPLE"};
    clusapid_caller_set(&peer);
    g_assert_null(g_thread_join(g_thread_new("other", ask, NULL)));
    clusapid_caller_set(NULL);
    check(NULL, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/caller/users of this host have their names, and root needs none",
                    test_of_this_host);
    g_test_add_func("/caller/users of the network are none of this host, whatever their names",
                    test_of_the_network);
    g_test_add_func("/caller/other threads act for the service itself", test_threads);
    return g_test_run();
}
