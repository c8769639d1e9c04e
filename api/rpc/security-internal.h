/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the security layer share: the parts of a PDU, NTLM's protection, the check of
 * tokens before a mechanism sees them, and GSSAPI's credentials and errors.
 */
#pragma once

#include <glib.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <clusapi/win32.h>

#include "rpc/security.h"

G_BEGIN_DECLS

/* A PDU in the parts that protection tells apart; they follow each other without a gap. */
typedef struct {
    guint8 *start;
    gsize header_size;
    gsize stub_size;
    gsize trailer_size;
    gsize token_size;
} ClPdu;

static inline guint8 *cl_pdu_stub(const ClPdu *pdu)
{
    return pdu->start + pdu->header_size;
}

static inline guint8 *cl_pdu_trailer(const ClPdu *pdu)
{
    return cl_pdu_stub(pdu) + pdu->stub_size;
}

static inline guint8 *cl_pdu_token(const ClPdu *pdu)
{
    return cl_pdu_trailer(pdu) + pdu->trailer_size;
}

/* --- NTLM (security-ntlm.c) -------------------------------------------------------------------- */

#define CL_NTLM_KEY_SIZE   16
#define CL_NTLM_TOKEN_SIZE 16

typedef struct ClNtlm ClNtlm;

/* The first sequence number is 1 in a direction in which SPNEGO's mechListMIC has used up 0. */
typedef struct {
    gboolean server;
    guint32 first_sent;
    guint32 first_received;
} ClNtlmStart;

ClNtlm *cl_ntlm_new(const guint8 key[CL_NTLM_KEY_SIZE], const ClNtlmStart *start);
void cl_ntlm_protect(ClNtlm *ntlm, const ClPdu *pdu, gboolean seal);
gboolean cl_ntlm_open(ClNtlm *ntlm, const ClPdu *pdu, gboolean seal, GError **error);
void cl_ntlm_free(ClNtlm *ntlm);

/* What NTLM knows of a password (md4.c). FALSE if it is not UTF-8. */
gboolean cl_nt_hash(const char *password, guint8 ret_hash[CL_NTLM_KEY_SIZE]);

/* --- Tokens (security-token.c) ----------------------------------------------------------------- */

/* What a token of the exchange shows; of what it lacks nothing is changed. */
typedef struct {
    guint32 ntlm_flags;      /* of the challenge, which is what counts; 0: none seen */
    gboolean ntlm_answered;  /* an authenticate message went by */
    gboolean has_mic;        /* this token: SPNEGO's mechListMIC */
    gboolean accepted;       /* this token: SPNEGO's accept-completed */
    gboolean has_mech_token; /* this token: there is something for the mechanism in it */
} ClTokenView;

/* Looks at a token of either side. @foreign: it is the peer's, and refused unless every length in it
 * is right and the logon in it is at least NTLMv2. */
gboolean cl_token_view(ClAuthType type, GBytes *token, gboolean foreign, ClTokenView *view,
                       GError **error);

/* A first message of NTLM without the version, which the mechanism insists on, gets an empty one.
 * Returns a new reference to @token or to what takes its place. */
GBytes *cl_ntlm_add_version(GBytes *token);

/* TRUE if NTLM as negotiated is good for @level. */
gboolean cl_ntlm_flags_suffice(guint32 flags, ClAuthLevel level, GError **error);

/* --- GSSAPI (security-gss.c) ------------------------------------------------------------------- */

/* Fails with @code and GSSAPI's own words on @major and @minor. */
gboolean cl_gss_fail(GError **error, DWORD code, const char *what, OM_uint32 major,
                     OM_uint32 minor);

/* TRUE if @minor says that the KDC knows no such user or took the password for wrong. */
gboolean cl_gss_is_logon_failure(OM_uint32 minor);

gss_OID cl_gss_mech(ClAuthType type);
/* CL_AUTH_NTLM, CL_AUTH_KERBEROS, or CL_AUTH_NONE for any other. */
ClAuthType cl_gss_type_of_mech(gss_OID mech);

/* A credential, shared by those who use it. */
typedef struct {
    gss_cred_id_t handle;
} ClGssCredential;

ClGssCredential *cl_gss_credential_ref(ClGssCredential *credential);
void cl_gss_credential_unref(ClGssCredential *credential);

ClGssCredential *cl_gss_client_credential(ClAuthType type, const ClCredentials *credentials,
                                          GError **error);
ClGssCredential *cl_gss_server_credential_new(ClAuthType type, const ClAcceptor *acceptor,
                                              GError **error);
/* The same, or one that another context has already (security-acceptor.c). */
ClGssCredential *cl_gss_server_credential(ClAuthType type, const ClAcceptor *acceptor,
                                          GError **error);
gboolean cl_gss_service_name(const char *host, gss_name_t *ret_name, GError **error);

gboolean cl_gss_session_key(gss_ctx_id_t context, guint8 ret_key[CL_NTLM_KEY_SIZE], GError **error);
char *cl_gss_source_name(gss_ctx_id_t context, GError **error);

/* Kerberos' protection. */
typedef struct {
    gss_ctx_id_t context;
    gboolean seal;
    gboolean header_signing;
} ClKerberos;

gsize cl_kerberos_token_size(const ClKerberos *kerberos, gsize stub_size);
gboolean cl_kerberos_protect(const ClKerberos *kerberos, const ClPdu *pdu, GError **error);
gboolean cl_kerberos_open(const ClKerberos *kerberos, const ClPdu *pdu, GError **error);

G_END_DECLS
