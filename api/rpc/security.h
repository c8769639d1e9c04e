/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Security of DCE/RPC connections: who the peer is, and the protection of PDUs (NTLM, Kerberos, or
 * either inside SPNEGO, as the bind's authentication type says). One ClSecurity is one security
 * context of one association. It may be used by any thread, but by one at a time.
 *
 * After a failure of any function a context refuses everything: the connection has to be closed. A
 * peer that could try again would have as many guesses as it likes.
 *
 * Codes: ERROR_LOGON_FAILURE for an unknown user or a wrong password; RPC_S_SEC_PKG_ERROR for all
 * else that goes wrong in the exchange (no or an expired ticket, an unknown service, tokens that are
 * garbage, protection weaker than asked for); ERROR_ACCESS_DENIED for a PDU that was altered,
 * repeated, left out or moved.
 */
#pragma once

#include <glib.h>

#include "rpc/credentials.h"

G_BEGIN_DECLS

/* Values on the wire. */
typedef enum {
    CL_AUTH_NONE = 0,
    CL_AUTH_SPNEGO = 9,
    CL_AUTH_NTLM = 10,
    CL_AUTH_KERBEROS = 16,
} ClAuthType;

typedef enum {
    CL_LEVEL_NONE = 1,
    CL_LEVEL_CONNECT = 2, /* the peer is known, PDUs are not protected and carry no token */
    CL_LEVEL_INTEGRITY = 5,
    CL_LEVEL_PRIVACY = 6,
} ClAuthLevel;

#define CL_SECURITY_TOKEN_MAX 65536 /* bytes of one token of the exchange */

typedef struct ClSecurity ClSecurity;

/* How a server knows its clients. A file of users has lines `DOMAIN:user:password`, or
 * `DOMAIN:user:{NT}` and 32 hexadecimal digits, the hash of the password; empty lines, and lines that
 * begin with '#'. The letters' case of a domain counts; names beyond ASCII are known only to
 * a process that has set a UTF-8 locale. Users without a domain do not get in. */
typedef struct {
    const char *keytab;     /* path: Kerberos is offered; NULL: it is not */
    const char *ntlm_users; /* path: NTLM is offered; NULL: it is not */
} ClAcceptor;

/* Reads @acceptor's files, both of which have to be private (cl_private_file_open()), and hands them
 * to the GSSAPI mechanisms by the environment: before the process has threads. May be called again,
 * also with threads, if the paths are the same: the files count as they are now. If it fails,
 * everything stays as it was. One acceptor a process. */
gboolean cl_acceptor_prepare(const ClAcceptor *acceptor, GError **error);

/* A client's context for the service on @host (a host name for Kerberos, which asks for a ticket of
 * host/@host). @credentials NULL: the Kerberos credential cache; else NTLM (also inside SPNEGO), or
 * Kerberos with user@DOMAIN and that password. They are not needed any longer afterwards. Kerberos
 * may go out to a KDC, here and in the first step: not for threads that must not wait (log-on.h). */
ClSecurity *cl_security_new_client(ClAuthType type, ClAuthLevel level, const char *host,
                                   const ClCredentials *credentials, GError **error);

/* A server's context for a client that asked for @type and @level. RPC_S_UNKNOWN_AUTHN_SERVICE if
 * @acceptor has nothing for @type. @acceptor must be what cl_acceptor_prepare() got. */
ClSecurity *cl_security_new_server(ClAuthType type, ClAuthLevel level, const ClAcceptor *acceptor,
                                   GError **error);

/* One step of the exchange: takes the peer's token @in (NULL on the client's first step) and gives
 * the one to send, or NULL. As long as it is not complete the peer's next token is needed. A client
 * that is complete may still be handed the server's last word on SPNEGO: it is checked and answered
 * with nothing. */
gboolean cl_security_step(ClSecurity *security, GBytes *in, GBytes **ret_out, GError **error);
gboolean cl_security_is_complete(const ClSecurity *security);

ClAuthType cl_security_type(const ClSecurity *security);
ClAuthLevel cl_security_level(const ClSecurity *security);

/* Server: the client's name once complete, "DOMAIN\user" by NTLM (the letters' case is the client's
 * choice) or "user@REALM" by Kerberos; NULL before, and in a client. Borrowed. */
const char *cl_security_peer(const ClSecurity *security);

/* Server: when, in monotonic time, what vouched for the client has expired, which is no matter of the
 * protection: that goes on. G_MAXINT64: never, and before completion. */
gint64 cl_security_expires(const ClSecurity *security);

/* What of the two vouched for the peer: CL_AUTH_NTLM or CL_AUTH_KERBEROS, CL_AUTH_NONE before
 * completion. */
ClAuthType cl_security_mechanism(const ClSecurity *security);

/* Whether PDUs are signed with their headers, as both said in the bind. NTLM always does. */
void cl_security_set_header_signing(ClSecurity *security, gboolean on);

/* Bytes of the token for a stub of that size, padding included: 0 at CL_LEVEL_CONNECT and before
 * completion. A constant for all that is in use today. */
gsize cl_security_token_size(ClSecurity *security, gsize stub_size);

/* Protects (opens) a whole PDU in place: header, stub with its padding (a multiple of 16), security
 * trailer, and @token_size bytes of token at the end, which is written (checked). At
 * CL_LEVEL_PRIVACY the stub is encrypted, at CL_LEVEL_INTEGRITY signed. A PDU whose parts do not fit
 * each other is refused. After a failed open the stub is not to be looked at. */
gboolean cl_security_protect(ClSecurity *security, guint8 *pdu, gsize pdu_size, gsize stub_offset,
                             gsize stub_size, gsize token_size, GError **error);
gboolean cl_security_open(ClSecurity *security, guint8 *pdu, gsize pdu_size, gsize stub_offset,
                          gsize stub_size, gsize token_size, GError **error);

void cl_security_free(ClSecurity *security);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClSecurity, cl_security_free)

G_END_DECLS
