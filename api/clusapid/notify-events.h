/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events of a port as the values that a call gives back.
 */
#pragma once

#include "notify-port.h"

G_BEGIN_DECLS

/* Takes events of the port, as many as the call is to have at once; WAIT_TIMEOUT if there are none,
 * and then the values are as they were. */
DWORD clusapid_notify_events_take(ClusapidNotifyPort *port, ClRequest *request);

G_END_DECLS
