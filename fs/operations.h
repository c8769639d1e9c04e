/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations that libfuse calls on the thread that reads requests. The session's user data is
 * the FsMount.
 */
#pragma once

#include "compat.h"

/* How much one request reads at most; also an option of the mount. The kernel prepares as much of the
 * reader's buffer, however large, for each text that it does not keep, and most are short. */
#define FS_READ_MAX 16384

extern const struct fuse_lowlevel_ops fs_operations;
