/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Security contexts: the exchange of tokens by GSSAPI, and which protection comes out of it. A
 * failure is for good; that nobody goes on after one is the first thing every function sees to.
 */
#include "rpc/security.h"

#include <string.h>

#include "error.h"
#include "security-internal.h"

#define STEPS_MAX 10 /* tokens one side may send: the longest real exchange has four */

struct ClSecurity {
    ClAuthType type;
    ClAuthLevel level;
    gboolean server;
    gboolean complete;
    gboolean broken;
    gboolean header_signing;
    guint steps;
    ClGssCredential *credential;
    gss_name_t service; /* client */
    gss_ctx_id_t context;
    gss_OID mechanism; /* static, of the mechanism */
    OM_uint32 flags;
    ClTokenView view;
    gboolean mic_sent;
    gboolean mic_received;
    ClAuthType vouched; /* NTLM or Kerberos, once complete */
    ClNtlm *ntlm;       /* of NTLM, at a level that protects */
    char *peer;
    gint64 expires;
};

/* --- Life --------------------------------------------------------------------------------------- */

static gboolean check_kind(ClAuthType type, ClAuthLevel level, GError **error)
{
    if (type != CL_AUTH_SPNEGO && type != CL_AUTH_NTLM && type != CL_AUTH_KERBEROS) {
        return cl_fail(error, RPC_S_UNKNOWN_AUTHN_SERVICE, "authentication type %d is unknown",
                       type);
    }
    if (level != CL_LEVEL_CONNECT && level != CL_LEVEL_INTEGRITY && level != CL_LEVEL_PRIVACY) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "authentication level %d is not supported",
                       level);
    }
    return TRUE;
}

static ClSecurity *new_security(ClAuthType type, ClAuthLevel level, gboolean server)
{
    ClSecurity *security = g_new0(ClSecurity, 1);

    security->type = type;
    security->level = level;
    security->server = server;
    security->context = GSS_C_NO_CONTEXT;
    security->service = GSS_C_NO_NAME;
    security->expires = G_MAXINT64;
    return security;
}

ClSecurity *cl_security_new_client(ClAuthType type, ClAuthLevel level, const char *host,
                                   const ClCredentials *credentials, GError **error)
{
    g_autoptr(ClSecurity) security = NULL;

    if (!check_kind(type, level, error)) {
        return NULL;
    }
    if (host == NULL || *host == '\0' || strchr(host, '@') != NULL) {
        cl_fail(error, ERROR_INVALID_PARAMETER, "not the name of a host");
        return NULL;
    }
    security = new_security(type, level, FALSE);
    security->credential = cl_gss_client_credential(type, credentials, error);
    if (security->credential == NULL || !cl_gss_service_name(host, &security->service, error)) {
        return NULL;
    }
    return g_steal_pointer(&security);
}

ClSecurity *cl_security_new_server(ClAuthType type, ClAuthLevel level, const ClAcceptor *acceptor,
                                   GError **error)
{
    g_autoptr(ClSecurity) security = NULL;

    g_return_val_if_fail(acceptor != NULL, NULL);
    if (!check_kind(type, level, error)) {
        return NULL;
    }
    security = new_security(type, level, TRUE);
    security->credential = cl_gss_server_credential(type, acceptor, error);
    if (security->credential == NULL) {
        return NULL;
    }
    return g_steal_pointer(&security);
}

void cl_security_free(ClSecurity *security)
{
    OM_uint32 ignored;

    if (security == NULL) {
        return;
    }
    cl_ntlm_free(security->ntlm);
    if (security->context != GSS_C_NO_CONTEXT) {
        gss_delete_sec_context(&ignored, &security->context, GSS_C_NO_BUFFER);
    }
    gss_release_name(&ignored, &security->service);
    g_clear_pointer(&security->credential, cl_gss_credential_unref);
    g_free(security->peer);
    g_free(security);
}

/* --- The exchange ------------------------------------------------------------------------------- */

static OM_uint32 wanted_flags(const ClSecurity *security)
{
    OM_uint32 flags = GSS_C_MUTUAL_FLAG | GSS_C_DCE_STYLE;

    if (security->level >= CL_LEVEL_INTEGRITY) {
        flags |= GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
    }
    if (security->level == CL_LEVEL_PRIVACY) {
        flags |= GSS_C_CONF_FLAG;
    }
    return flags;
}

static OM_uint32 call_mechanism(ClSecurity *security, gss_buffer_t in, gss_buffer_t out,
                                OM_uint32 *ret_minor)
{
    if (!security->server) {
        return gss_init_sec_context(
            ret_minor, security->credential->handle, &security->context, security->service,
            cl_gss_mech(security->type), wanted_flags(security), GSS_C_INDEFINITE,
            GSS_C_NO_CHANNEL_BINDINGS, in, &security->mechanism, out, &security->flags, NULL);
    }
    return gss_accept_sec_context(ret_minor, &security->context, security->credential->handle, in,
                                  GSS_C_NO_CHANNEL_BINDINGS, NULL, &security->mechanism, out,
                                  &security->flags, NULL, NULL);
}

static DWORD code_of_failure(const ClSecurity *security, OM_uint32 minor)
{
    /* The mechanism does not tell a wrong password from other faults of an answer. */
    if (security->server && security->view.ntlm_answered) {
        return ERROR_LOGON_FAILURE;
    }
    return !security->server && cl_gss_is_logon_failure(minor) ? ERROR_LOGON_FAILURE
                                                               : RPC_S_SEC_PKG_ERROR;
}

static gboolean check_flags(ClSecurity *security, GError **error)
{
    OM_uint32 missing;

    if (security->vouched == CL_AUTH_NTLM) {
        return cl_ntlm_flags_suffice(security->view.ntlm_flags, security->level, error);
    }
    missing = wanted_flags(security) & ~security->flags;
    return missing == 0 ||
           cl_fail(error, RPC_S_SEC_PKG_ERROR,
                   "Kerberos: the peer has only weak protection to offer (lacks %x)", missing);
}

static gboolean start_ntlm(ClSecurity *security, GError **error)
{
    const ClNtlmStart start = {security->server, security->mic_sent, security->mic_received};
    guint8 key[CL_NTLM_KEY_SIZE];

    if (!cl_gss_session_key(security->context, key, error)) {
        return FALSE;
    }
    security->ntlm = cl_ntlm_new(key, &start);
    explicit_bzero(key, sizeof key);
    return TRUE;
}

/* Of NTLM only the exchange has a time limit. */
static void set_expiry(ClSecurity *security, OM_uint32 seconds)
{
    if (security->vouched == CL_AUTH_KERBEROS && seconds != GSS_C_INDEFINITE) {
        security->expires = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    }
}

static gboolean finish(ClSecurity *security, GError **error)
{
    OM_uint32 minor, seconds;
    OM_uint32 major = gss_inquire_context(&minor, security->context, NULL, NULL, &seconds,
                                          &security->mechanism, NULL, NULL, NULL);

    if (GSS_ERROR(major)) {
        return cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "the new context", major, minor);
    }
    security->vouched = cl_gss_type_of_mech(security->mechanism);
    if (security->vouched == CL_AUTH_NONE ||
        (security->type != CL_AUTH_SPNEGO && security->vouched != security->type)) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "not the mechanism that was agreed on");
    }
    if ((security->flags & GSS_C_ANON_FLAG) != 0) {
        return cl_fail(error, ERROR_LOGON_FAILURE, "nobody logs on without a name");
    }
    if (!check_flags(security, error)) {
        return FALSE;
    }
    if (security->server) {
        security->peer = cl_gss_source_name(security->context, error);
        if (security->peer == NULL) {
            return FALSE;
        }
        set_expiry(security, seconds);
    }
    if (security->vouched == CL_AUTH_NTLM && security->level >= CL_LEVEL_INTEGRITY &&
        !start_ntlm(security, error)) {
        return FALSE;
    }
    security->complete = TRUE;
    return TRUE;
}

/* The token that goes out, NULL if there is none; consumes @out. */
static gboolean take_output(ClSecurity *security, gss_buffer_t out, GBytes **ret_out,
                            GError **error)
{
    g_autoptr(GBytes) token = NULL;
    OM_uint32 ignored;

    if (out->length > 0) {
        token = g_bytes_new(out->value, out->length);
    }
    gss_release_buffer(&ignored, out);
    if (token != NULL) {
        if (!cl_token_view(security->type, token, FALSE, &security->view, error)) {
            return FALSE;
        }
        security->mic_sent |= security->view.has_mic;
    }
    *ret_out = g_steal_pointer(&token);
    return TRUE;
}

static gboolean advance(ClSecurity *security, GBytes *in, GBytes **ret_out, GError **error)
{
    g_autoptr(GBytes) whole = NULL;
    gss_buffer_desc input = GSS_C_EMPTY_BUFFER;
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor = 0;

    if (++security->steps > STEPS_MAX) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "the exchange of tokens has no end");
    }
    if (in != NULL) {
        if (!cl_token_view(security->type, in, TRUE, &security->view, error)) {
            return FALSE;
        }
        security->mic_received |= security->view.has_mic;
        whole = cl_ntlm_add_version(in);
        input.value = (void *)g_bytes_get_data(whole, &input.length);
    }
    major = call_mechanism(security, in != NULL ? &input : GSS_C_NO_BUFFER, &output, &minor);
    if (GSS_ERROR(major)) {
        OM_uint32 ignored;

        gss_release_buffer(&ignored, &output);
        return cl_gss_fail(error, code_of_failure(security, minor), "authentication", major, minor);
    }
    if (!take_output(security, &output, ret_out, error)) {
        return FALSE;
    }
    if ((major & GSS_S_CONTINUE_NEEDED) == 0) {
        return finish(security, error);
    }
    return *ret_out != NULL || cl_fail(error, RPC_S_SEC_PKG_ERROR, "the exchange goes nowhere");
}

/* The server's last word to a client that needs none. */
static gboolean hear_out(ClSecurity *security, GBytes *in, GError **error)
{
    if (security->server || security->type != CL_AUTH_SPNEGO || in == NULL) {
        return cl_fail(error, RPC_S_SEC_PKG_ERROR, "a token after the end of the exchange");
    }
    return cl_token_view(security->type, in, TRUE, &security->view, error) &&
           ((security->view.accepted && !security->view.has_mech_token) ||
            cl_fail(error, RPC_S_SEC_PKG_ERROR, "SPNEGO: the server does not accept"));
}

gboolean cl_security_step(ClSecurity *security, GBytes *in, GBytes **ret_out, GError **error)
{
    g_autoptr(GBytes) out = NULL;
    gboolean is_first = security->steps == 0;

    if (security->broken) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "this security context has failed before");
    }
    if (security->complete) {
        security->broken = !hear_out(security, in, error);
    } else if ((in == NULL) != (is_first && !security->server)) {
        security->broken = !cl_fail(error, RPC_S_SEC_PKG_ERROR, "a token is missing");
    } else {
        security->broken = !advance(security, in, &out, error);
    }
    if (security->broken) {
        return FALSE;
    }
    *ret_out = g_steal_pointer(&out);
    return TRUE;
}

/* --- What it is --------------------------------------------------------------------------------- */

gboolean cl_security_is_complete(const ClSecurity *security)
{
    return security->complete && !security->broken;
}

ClAuthType cl_security_type(const ClSecurity *security)
{
    return security->type;
}

ClAuthLevel cl_security_level(const ClSecurity *security)
{
    return security->level;
}

const char *cl_security_peer(const ClSecurity *security)
{
    return cl_security_is_complete(security) ? security->peer : NULL;
}

gint64 cl_security_expires(const ClSecurity *security)
{
    return security->expires;
}

ClAuthType cl_security_mechanism(const ClSecurity *security)
{
    return cl_security_is_complete(security) ? security->vouched : CL_AUTH_NONE;
}

void cl_security_set_header_signing(ClSecurity *security, gboolean on)
{
    security->header_signing = on;
}

/* --- Protection --------------------------------------------------------------------------------- */

static ClKerberos kerberos_of(const ClSecurity *security)
{
    return (ClKerberos){security->context, security->level == CL_LEVEL_PRIVACY,
                        security->header_signing};
}

gsize cl_security_token_size(ClSecurity *security, gsize stub_size)
{
    ClKerberos kerberos = kerberos_of(security);

    if (!cl_security_is_complete(security) || security->level == CL_LEVEL_CONNECT) {
        return 0;
    }
    return security->ntlm != NULL ? CL_NTLM_TOKEN_SIZE
                                  : cl_kerberos_token_size(&kerberos, stub_size);
}

/* The parts of a PDU, or a refusal: the numbers may come from the network. */
static gboolean divide(const ClSecurity *security, guint8 *start, gsize size, ClPdu *pdu,
                       GError **error)
{
    if (security->broken || !security->complete) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "there is no security context");
    }
    if (pdu->header_size > size || pdu->stub_size > size - pdu->header_size ||
        pdu->token_size > size - pdu->header_size - pdu->stub_size) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the parts of a PDU do not fit");
    }
    if (security->level == CL_LEVEL_CONNECT ? pdu->token_size != 0
        : security->ntlm != NULL            ? pdu->token_size != CL_NTLM_TOKEN_SIZE
                                            : pdu->token_size == 0) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "a PDU's token of %zu bytes", pdu->token_size);
    }
    pdu->start = start;
    pdu->trailer_size = size - pdu->header_size - pdu->stub_size - pdu->token_size;
    return TRUE;
}

static gboolean protect(ClSecurity *security, const ClPdu *pdu, GError **error)
{
    ClKerberos kerberos = kerberos_of(security);

    if (security->level == CL_LEVEL_CONNECT) {
        return TRUE;
    }
    if (security->ntlm != NULL) {
        cl_ntlm_protect(security->ntlm, pdu, kerberos.seal);
        return TRUE;
    }
    return cl_kerberos_protect(&kerberos, pdu, error);
}

gboolean cl_security_protect(ClSecurity *security, guint8 *pdu, gsize pdu_size, gsize stub_offset,
                             gsize stub_size, gsize token_size, GError **error)
{
    ClPdu parts = {.header_size = stub_offset, .stub_size = stub_size, .token_size = token_size};

    if (!divide(security, pdu, pdu_size, &parts, error) || !protect(security, &parts, error)) {
        security->broken = TRUE;
        return FALSE;
    }
    return TRUE;
}

static gboolean open_pdu(ClSecurity *security, const ClPdu *pdu, GError **error)
{
    ClKerberos kerberos = kerberos_of(security);

    if (security->level == CL_LEVEL_CONNECT) {
        return TRUE;
    }
    return security->ntlm != NULL ? cl_ntlm_open(security->ntlm, pdu, kerberos.seal, error)
                                  : cl_kerberos_open(&kerberos, pdu, error);
}

gboolean cl_security_open(ClSecurity *security, guint8 *pdu, gsize pdu_size, gsize stub_offset,
                          gsize stub_size, gsize token_size, GError **error)
{
    ClPdu parts = {.header_size = stub_offset, .stub_size = stub_size, .token_size = token_size};

    if (!divide(security, pdu, pdu_size, &parts, error) || !open_pdu(security, &parts, error)) {
        security->broken = TRUE;
        return FALSE;
    }
    return TRUE;
}
