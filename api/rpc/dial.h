/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Connecting a socket to where a server is.
 */
#pragma once

#include "association.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* RPC_S_SERVER_UNAVAILABLE, or EPT_S_NOT_REGISTERED (also for a socket that is not there). */
GSocket *cl_dial(const ClEndpoint *endpoint, const ClCall *call, GError **error);

/* What every connection over TCP has: small messages go at once, and of a host that is gone without
 * a word one hears within two minutes. */
void cl_dial_set_options(GSocket *socket);

/* How large PDUs over that transport are. */
guint16 cl_dial_pdu_size(const ClEndpoint *endpoint);

G_END_DECLS
