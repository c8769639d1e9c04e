/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who may do what. A name in the configuration is a user of this host, `@` and a group of this host,
 * `*` for every user of this host, or of the network `DOMAIN\user` (NTLM) or `user@REALM` (Kerberos).
 */
#pragma once

#include "rpc/server.h"

G_BEGIN_DECLS

/* Whether it is such a name; users and groups of this host must exist. */
gboolean clusapid_access_is_name(const char *name);

/* Whether a client is one of those. */
gboolean clusapid_access_is_one_of(const ClPeer *peer, const char *const *names);

G_END_DECLS
