/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What lies between a client and a server on loopback, and fails: it passes bytes on slowly or not at
 * all, and resets both connections after so many bytes. One connection at a time, on a thread.
 */
#pragma once

#include <glib.h>

typedef enum {
    RELAY_TO_SERVER,
    RELAY_TO_CLIENT
} RelayWay;

typedef struct Relay Relay;

/* To a server's port. */
Relay *relay_new(guint16 port);
void relay_free(Relay *relay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Relay, relay_free)

guint16 relay_port(const Relay *relay);

/* Of the connections that come from now on: both ends are reset once as many bytes went that way. */
void relay_reset_after(Relay *relay, RelayWay way, guint bytes);

/* At once: one byte at a time, with so long a pause after each; 0: as they come. */
void relay_slow_down(Relay *relay, RelayWay way, guint us);

/* At once: nothing goes that way. */
void relay_hold(Relay *relay, RelayWay way, gboolean on);

/* How many bytes of the last connection went that way. */
guint relay_passed(Relay *relay, RelayWay way);

/* What this process has open, and how many threads. */
guint count_descriptors(void);
guint count_threads(void);
