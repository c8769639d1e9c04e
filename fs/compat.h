/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libfuse in the version that this program is written for. What later versions change belongs here,
 * not into the handlers.
 */
#pragma once

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>
