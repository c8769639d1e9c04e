/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfuse in the version that this program is written for. What later versions change belongs here,
 * not into the handlers.
 */
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>

/* Later versions do nothing else, and are not told to. */
static inline int fs_expire_entry(struct fuse_session *session, fuse_ino_t parent, const char *name,
                                  size_t length)
{
#ifdef FUSE_HAS_EXPIRE_FLAGS
    return fuse_lowlevel_notify_expire_entry(session, parent, name, length, FUSE_LL_EXPIRE_ONLY);
#else
    return fuse_lowlevel_notify_expire_entry(session, parent, name, length);
#endif
}
