/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <qb/qbipcc.h>
#include <sys/socket.h>

/* How often a caller looks whether it is cancelled. */
#define LOOK_MS 50

static gboolean await(struct pollfd *fd, gint64 until, const ClCall *call)
{
    do {
        gint64 left = MAX(0, until - g_get_monotonic_time());
        int wait = (int)MIN(LOOK_MS, (left + 999) / G_TIME_SPAN_MILLISECOND);
        if (poll(fd, 1, wait) > 0) {
            return TRUE;
        }
    } while (g_get_monotonic_time() < until && (call == NULL || cl_call_may_wait(call, NULL)));
    return FALSE;
}

int cl_pcmk_channel_ask(const char *channel, gint64 until, const ClCall *call)
{
    struct pollfd fd = {.events = POLLIN};
    qb_ipcc_connection_t *client = qb_ipcc_connect_async(channel, 0, &fd.fd);
    if (client == NULL) {
        /* So many have asked in vain that no more are let in. */
        return errno == EAGAIN ? ETIMEDOUT : errno != 0 ? errno : ENOTCONN;
    }
    gboolean answers = await(&fd, until, call);
    if (!answers) {
        /* So that what comes next fails at once: nothing else closes the socket. */
        (void)shutdown(fd.fd, SHUT_RDWR);
    }
    int rc = qb_ipcc_connect_continue(client);
    if (rc == 0) {
        qb_ipcc_disconnect(client);
    }
    return answers ? -rc : ETIMEDOUT;
}
