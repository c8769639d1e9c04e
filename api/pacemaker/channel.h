/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a daemon of Pacemaker's answers. Connecting to it waits without a limit for one that was
 * stopped, so whoever is to connect asks this first.
 */
#pragma once

#include "call.h"

G_BEGIN_DECLS

/* 0, or an errno: ETIMEDOUT if there was no answer until then (g_get_monotonic_time()), or as long as
 * the call (NULL: none) may wait. Any thread. */
int cl_pcmk_channel_ask(const char *channel, gint64 until, const ClCall *call);

G_END_DECLS
