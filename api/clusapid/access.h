/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may do what. A name in the configuration is a user of this host, `@` and a group of this host,
 * `*` for every user of this host, or of the network `DOMAIN\user` (NTLM) or `user@REALM` (Kerberos).
 * Names of this host are looked up when the configuration is read, which may take its time, and not
 * when somebody connects.
 */
#pragma once

#include "rpc/server.h"

G_BEGIN_DECLS

typedef struct {
    enum {
        CLUSAPID_EVERYBODY, /* of this host */
        CLUSAPID_USER,
        CLUSAPID_GROUP,
        CLUSAPID_OF_NETWORK
    } type;
    guint32 id; /* uid or gid */
    char *name; /* of the network */
} ClusapidName;

/* An empty list of ClusapidName. */
GArray *clusapid_names_new(void);

/* Adds one; FALSE if it is none: users and groups of this host must exist. */
gboolean clusapid_names_add(GArray *names, const char *text);

/* Whether a client is one of those. */
gboolean clusapid_names_have(const GArray *names, const ClPeer *peer);

G_END_DECLS
