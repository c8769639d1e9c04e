/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations that libfuse calls on the thread that reads requests. The session's user data is
 * the FsMount.
 */
#pragma once

#include "compat.h"

extern const struct fuse_lowlevel_ops fs_operations;
