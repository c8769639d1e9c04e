/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The endpoint mapper ([C706] appendix O): on which port of a host an interface is served.
 */
#pragma once

#include "association.h"
#include "server.h"

G_BEGIN_DECLS

#define CL_EPM_PORT 135

/* e1af8308-5d1f-11c9-91a4-08002b14a0fa, version 3.0 */
extern const ClInterface cl_interface_epm;

/* Asks the mapper of a host. EPT_S_NOT_REGISTERED if it knows none. */
gboolean cl_epm_map(const char *host, const ClInterface *interface, const ClCall *call,
                    guint16 *ret_port, GError **error);

/* What a mapper that knows one interface serves; its user data is a ClEpmEntry. */
extern const ClService cl_epm_service;

typedef struct {
    const ClInterface *interface;
    guint16 port;
    guint8 address[4]; /* in network order; IPv6 has none here */
} ClEpmEntry;

/* A tower, for tests. Interfaces and a port over TCP, or FALSE. */
GBytes *cl_epm_tower(const ClEpmEntry *entry);
gboolean cl_epm_read_tower(GBytes *tower, ClSyntax *ret_interface, guint16 *ret_port);

G_END_DECLS
