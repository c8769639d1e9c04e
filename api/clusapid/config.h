/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration of clusapid, a key file; clusapid.conf(5) is its manual.
 */
#pragma once

#include "rpc/server.h"

G_BEGIN_DECLS

typedef struct {
    char *cluster;   /* path of an embedded cluster, or CL_PACEMAKER_PREFIX */
    char *socket;    /* path */
    GArray *readers; /* ClusapidName */
    GArray *administrators;
    GPtrArray *addresses;     /* GSocketAddress, of the network; none: only this host is served */
    char *keytab;             /* path, or NULL */
    char *ntlm_users;         /* path, or NULL */
    gboolean endpoint_mapper; /* tell at port 135 where it is served */
    ClAuthLevel level;        /* the lowest that is taken from the network */
    ClServerLimits limits;
} ClusapidConfig;

/* Takes the file as a whole or not at all: what it does not know, and every value that cannot be, is
 * an error that names the key. An absent file is one with nothing in it. */
ClusapidConfig *clusapid_config_load(const char *path, GError **error);

void clusapid_config_free(ClusapidConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClusapidConfig, clusapid_config_free)

G_END_DECLS
