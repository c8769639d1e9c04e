/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * States of network interfaces have other numbers in the protocol than in the API.
 */
#pragma once

#include <clusapi.h>

static inline DWORD clusapid_wire_state(DWORD state)
{
    switch (state) {
    case ClusterNetInterfaceFailed:
        return 0;
    case ClusterNetInterfaceUnreachable:
        return 1;
    case ClusterNetInterfaceUnavailable:
        return 2;
    default:
        return state;
    }
}
