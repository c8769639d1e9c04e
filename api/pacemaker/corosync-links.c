/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The local node's own network interfaces, from the kernel. */
#include "corosync-internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The bytes of an IP address; NULL for one of another family. */
static const guint8 *bytes_of(const struct sockaddr *address, gsize *ret_length)
{
    if (address != NULL && address->sa_family == AF_INET) {
        *ret_length = sizeof(struct in_addr);
        return (const guint8 *)&((const struct sockaddr_in *)(gconstpointer)address)->sin_addr;
    }
    if (address != NULL && address->sa_family == AF_INET6) {
        *ret_length = sizeof(struct in6_addr);
        return (const guint8 *)&((const struct sockaddr_in6 *)(gconstpointer)address)->sin6_addr;
    }
    return NULL;
}

static guint prefix_of(const struct sockaddr *mask)
{
    gsize length = 0;
    const guint8 *bytes = bytes_of(mask, &length);
    guint prefix = 0;
    for (gsize i = 0; bytes != NULL && i < length; i++) {
        prefix += (guint)__builtin_popcount(bytes[i]);
    }
    return prefix;
}

static gboolean has_address(const struct ifaddrs *interface, const char *text)
{
    char own[INET6_ADDRSTRLEN];
    gsize length;
    const guint8 *bytes = bytes_of(interface->ifa_addr, &length);
    return bytes != NULL &&
           inet_ntop(interface->ifa_addr->sa_family, bytes, own, sizeof(own)) != NULL &&
           strcmp(own, text) == 0;
}

/* An address that no interface has any more has no carrier either. */
static void add_local(ClPcmkLink *link, const struct ifaddrs *interfaces)
{
    link->carrier = FALSE;
    for (const struct ifaddrs *at = interfaces; at != NULL; at = at->ifa_next) {
        if (has_address(at, link->address)) {
            link->prefix = prefix_of(at->ifa_netmask);
            link->carrier = (at->ifa_flags & IFF_RUNNING) != 0 && (at->ifa_flags & IFF_UP) != 0;
            return;
        }
    }
}

void cl_pcmk_links_add_local(ClPcmkCorosyncFacts *facts)
{
    struct ifaddrs *interfaces;
    if (getifaddrs(&interfaces) != 0) {
        return;
    }
    for (guint i = 0; i < facts->members->len; i++) {
        ClPcmkMember *member = facts->members->pdata[i];
        for (guint link = 0; member->local && link < CL_PCMK_LINKS_MAX; link++) {
            if (member->links[link].configured) {
                add_local(&member->links[link], interfaces);
            }
        }
    }
    freeifaddrs(interfaces);
}

int cl_pcmk_links_open(void)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK,
                                        .nl_groups =
                                            RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

/* What they say does not matter, also not that some were lost (ENOBUFS): all is read again. */
void cl_pcmk_links_drain(int fd)
{
    char buffer[8192];
    gssize length;
    do {
        length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
    } while (length > 0 || (length < 0 && (errno == EINTR || errno == ENOBUFS)));
}
