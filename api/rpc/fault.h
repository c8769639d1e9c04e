/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The status of a fault PDU: of DCE, or a Win32 code as it is.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

#define CL_FAULT_OP_RANGE         0x1C010002u
#define CL_FAULT_UNKNOWN_IF       0x1C010003u
#define CL_FAULT_PROTOCOL         0x1C01000Bu
#define CL_FAULT_TOO_BUSY         0x1C010014u
#define CL_FAULT_CONTEXT_MISMATCH 0x1C00001Au
#define CL_FAULT_CANCEL           0x1C00000Du

guint32 cl_win32_from_fault(guint32 status);
guint32 cl_fault_from_win32(guint32 code);

G_END_DECLS
