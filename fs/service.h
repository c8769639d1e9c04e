/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The daemon as a process: going to the background, telling who started it how it went, logging.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Goes to the background. In the parent it does not return: the parent ends when the daemon is
 * ready, or with the daemon's own exit status if it ends before. FALSE if that is not possible. */
gboolean fs_service_detach(void);

/* The mount stands: lets the parent go if there is one, and tells the service manager. */
void fs_service_ready(void);

/* Tells the service manager that the end has begun. */
void fs_service_stopping(void);

/* Sends the log to stderr, and to syslog once a daemon that was detached is ready. */
void fs_service_log_start(void);

G_END_DECLS
