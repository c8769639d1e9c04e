/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sockets that clusapid listens at: those that the service manager hands down, else its own.
 */
#pragma once

#include "config.h"

G_BEGIN_DECLS

typedef struct {
    GPtrArray *local;   /* GSocket: Unix */
    GPtrArray *network; /* TCP */
    GPtrArray *mapper;  /* TCP, of the endpoint mapper */
    guint16 port;       /* of the first of the network */
    char *path;         /* of the one that was made here; removed in the end */
    int lock;           /* that nobody else serves there */
} ClusapidSockets;

/* An error says which address it is about. */
ClusapidSockets *clusapid_sockets_open(const ClusapidConfig *config, GError **error);

void clusapid_sockets_free(ClusapidSockets *sockets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClusapidSockets, clusapid_sockets_free)

G_END_DECLS
