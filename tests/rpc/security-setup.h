/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Two security contexts of one process that talk to each other, for each way there is to log on.
 */
#pragma once

#include <glib.h>

#include "kdc.h"
#include "rpc/security.h"

#define NTLM_USER     "bob"
#define NTLM_DOMAIN   "CLUSTER"
#define NTLM_PASSWORD "Baumeister 7 ä"

#define HEADER_SIZE   24
#define TRAILER_SIZE  8

/* How the two are to talk. */
typedef struct {
    const char *name;
    ClAuthType type;
    ClAuthType mechanism;
    ClAuthLevel level;
    gboolean header_signing;
} Way;

typedef struct {
    ClSecurity *client;
    ClSecurity *server;
} Pair;

typedef struct {
    guint8 *data;
    gsize size;
    gsize stub_size;
    gsize token_size;
} Pdu;

/* NULL where there is no KDC. */
extern Kdc *setup_kdc;
extern ClAcceptor setup_acceptor;

/* Once, before anything else; removes all in setup_end(). */
void setup_begin(void);
void setup_end(void);

/* FALSE after a skip of the test: it needs a KDC that is not there. */
gboolean setup_is_possible(const Way *way);

ClSecurity *setup_client(const Way *way, const char *password, GError **error);
ClSecurity *setup_server(const Way *way, GError **error);
/* Passes tokens until both are complete. */
gboolean setup_exchange(Pair *pair, GError **error);
/* Both of them, complete. */
Pair setup_pair(const Way *way);
void setup_pair_clear(Pair *pair);

/* A PDU from @from with a stub of @stub_size (a multiple of 16), protected. */
Pdu setup_pdu(ClSecurity *from, gsize stub_size, guint seed);
gboolean setup_open(ClSecurity *to, Pdu *pdu, GError **error);
/* Its stub is what setup_pdu() put in. */
gboolean setup_is_plain(const Pdu *pdu, guint seed);
