/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notifications of version 1 as those of version 2: which of the latter each bit stands for.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* The object types of version 2 that bits of version 1 speak of. */
#define CL_V1_TYPES 9
extern const guint32 cl_v1_types[CL_V1_TYPES];

/* The flags of one of them that @bits ask for; 0 for none. */
guint64 cl_v1_flags(guint32 bits, guint32 object_type);

/* The bits among @bits that an event brings about. */
guint32 cl_v1_bits_of(guint32 bits, const ClEvent *event);

/* The kind of handle that RegisterClusterNotify takes with @bits. */
ClKind cl_v1_kind(guint32 bits);

G_END_DECLS
