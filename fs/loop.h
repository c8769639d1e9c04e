/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The loop that reads requests, on the thread that calls it.
 */
#pragma once

#include "mount.h"

G_BEGIN_DECLS

/* Serves a mounted session until it is unmounted or one of the signals that fs_loop_block_signals
 * blocked arrives. Returns 0, or a negative errno. */
int fs_loop_run(FsMount *mount);

/* Keeps SIGHUP, SIGINT and SIGTERM for the loop; before any thread is made. */
void fs_loop_block_signals(void);

G_END_DECLS
