/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fault.h"

static const struct {
    guint32 fault;
    guint32 code;
} faults[] = {
    {CL_FAULT_OP_RANGE, RPC_S_PROCNUM_OUT_OF_RANGE},   {CL_FAULT_UNKNOWN_IF, RPC_S_UNKNOWN_IF},
    {CL_FAULT_PROTOCOL, RPC_S_PROTOCOL_ERROR},         {CL_FAULT_TOO_BUSY, RPC_S_SERVER_TOO_BUSY},
    {CL_FAULT_CONTEXT_MISMATCH, ERROR_INVALID_HANDLE}, {CL_FAULT_CANCEL, ERROR_OPERATION_ABORTED},
};

guint32 cl_win32_from_fault(guint32 status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        if (faults[i].fault == status) {
            return faults[i].code;
        }
    }
    /* What is no Win32 code either says nothing more than that it failed. */
    return status > 0 && status <= G_MAXUINT16 ? status : RPC_S_CALL_FAILED;
}

guint32 cl_fault_from_win32(guint32 code)
{
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        if (faults[i].code == code) {
            return faults[i].fault;
        }
    }
    return code;
}
