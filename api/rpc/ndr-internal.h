/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What reading and writing share.
 */
#pragma once

#include "ndr.h"

G_BEGIN_DECLS

/* The alignment of a member, that of a structure being the largest of its members'. */
gsize cl_ndr_alignment(const ClNdrMember *member);
gsize cl_ndr_struct_alignment(const ClNdrStruct *of);

/* Whether it is an array that stands where the parameter stands. */
gboolean cl_ndr_is_pointer(ClNdrType type);

G_END_DECLS
