/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * GSSAPI as the security layer needs it: credentials, names, errors, the session key of NTLM, and
 * Kerberos' protection of PDUs.
 */
#include "security-internal.h"

#include <gssapi/gssapi_krb5.h>
#include <krb5/krb5.h>
#include <string.h>

#include "error.h"

/* --- Mechanisms --------------------------------------------------------------------------------- */

#define OID(bytes)                                                                                 \
    {                                                                                              \
        sizeof(bytes) - 1, (void *)(bytes)                                                         \
    }

static gss_OID_desc kerberos_oid = OID("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
static gss_OID_desc spnego_oid = OID("\x2b\x06\x01\x05\x05\x02");
static gss_OID_desc ntlm_oid = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");
/* Windows' slip of the pen, with which SPNEGO may have negotiated Kerberos. */
static gss_OID_desc windows_kerberos_oid = OID("\x2a\x86\x48\x82\xf7\x12\x01\x02\x02");

static gboolean is_oid(gss_const_OID a, gss_const_OID b)
{
    return a->length == b->length && memcmp(a->elements, b->elements, a->length) == 0;
}

gss_OID cl_gss_mech(ClAuthType type)
{
    switch (type) {
    case CL_AUTH_SPNEGO:
        return &spnego_oid;
    case CL_AUTH_NTLM:
        return &ntlm_oid;
    case CL_AUTH_KERBEROS:
        return &kerberos_oid;
    case CL_AUTH_NONE:
    default:
        return GSS_C_NO_OID;
    }
}

ClAuthType cl_gss_type_of_mech(gss_OID mech)
{
    if (mech == GSS_C_NO_OID) {
        return CL_AUTH_NONE;
    }
    if (is_oid(mech, &ntlm_oid)) {
        return CL_AUTH_NTLM;
    }
    return is_oid(mech, &kerberos_oid) || is_oid(mech, &windows_kerberos_oid) ? CL_AUTH_KERBEROS
                                                                              : CL_AUTH_NONE;
}

/* --- Errors ------------------------------------------------------------------------------------- */

static void append_status(GString *text, OM_uint32 status, int type)
{
    OM_uint32 more = 0, minor;

    do {
        gss_buffer_desc message = GSS_C_EMPTY_BUFFER;

        if (gss_display_status(&minor, status, type, GSS_C_NO_OID, &more, &message) !=
            GSS_S_COMPLETE) {
            break;
        }
        g_string_append_printf(text, ": %.*s", (int)message.length, (const char *)message.value);
        gss_release_buffer(&minor, &message);
    } while (more != 0);
}

gboolean cl_gss_fail(GError **error, DWORD code, const char *what, OM_uint32 major, OM_uint32 minor)
{
    g_autoptr(GString) text = g_string_new(what);
    g_autofree char *valid = NULL;

    if (error == NULL) {
        return FALSE;
    }
    append_status(text, major, GSS_C_GSS_CODE);
    if (minor != 0) {
        append_status(text, minor, GSS_C_MECH_CODE);
    }
    valid = g_utf8_make_valid(text->str, (gssize)text->len);
    return cl_fail(error, code, "%s", valid);
}

gboolean cl_gss_is_logon_failure(OM_uint32 minor)
{
    static const krb5_error_code codes[] = {
        KRB5KDC_ERR_PREAUTH_FAILED,   KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN,
        KRB5KRB_AP_ERR_BAD_INTEGRITY, KRB5KDC_ERR_CLIENT_REVOKED,
        KRB5KDC_ERR_KEY_EXP,          KRB5KDC_ERR_NAME_EXP,
        KRB5_PREAUTH_FAILED,
    };

    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (minor == (OM_uint32)codes[i]) {
            return TRUE;
        }
    }
    return FALSE;
}

/* --- Credentials -------------------------------------------------------------------------------- */

static void credential_clear(gpointer data)
{
    ClGssCredential *credential = data;
    OM_uint32 ignored;

    gss_release_cred(&ignored, &credential->handle);
}

ClGssCredential *cl_gss_credential_ref(ClGssCredential *credential)
{
    return g_atomic_rc_box_acquire(credential);
}

void cl_gss_credential_unref(ClGssCredential *credential)
{
    g_atomic_rc_box_release_full(credential, credential_clear);
}

/* Takes over @handle. */
static ClGssCredential *credential_new(gss_cred_id_t handle)
{
    ClGssCredential *credential = g_atomic_rc_box_new0(ClGssCredential);

    credential->handle = handle;
    return credential;
}

/* SPNEGO may choose @inner only: what else this machine has is none of the peer's business. */
static ClGssCredential *restrict_spnego(gss_cred_id_t handle, const gss_OID_set_desc *inner,
                                        GError **error)
{
    OM_uint32 minor, ignored;
    OM_uint32 major = gss_set_neg_mechs(&minor, handle, (gss_OID_set)inner);

    if (GSS_ERROR(major)) {
        cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "SPNEGO", major, minor);
        gss_release_cred(&ignored, &handle);
        return NULL;
    }
    return credential_new(handle);
}

/* As the mechanism that will take it reads it: a user with an '@' in it is no user@REALM to NTLM if
 * there is a backslash before. */
static char *logon_name(ClAuthType type, const ClCredentials *credentials)
{
    if (type == CL_AUTH_KERBEROS) {
        g_autofree char *realm = g_utf8_strup(credentials->domain, -1);

        return *realm == '\0' ? g_strdup(credentials->user)
                              : g_strconcat(credentials->user, "@", realm, NULL);
    }
    if (*credentials->domain == '\0' && strchr(credentials->user, '@') == NULL) {
        return g_strdup(credentials->user);
    }
    return g_strconcat(credentials->domain, "\\", credentials->user, NULL);
}

/* NTLM gets the hash: see md4.c. */
static OM_uint32 acquire_by_hash(gss_name_t name, gss_OID_set mechs, const char *password,
                                 gss_cred_id_t *ret_handle, OM_uint32 *minor)
{
    guint8 hash[CL_NTLM_KEY_SIZE];
    char digits[2 * CL_NTLM_KEY_SIZE + 1];
    gss_key_value_element_desc element = {"ntlmssp_nthash", digits};
    gss_key_value_set_desc store = {1, &element};
    OM_uint32 major;

    if (!cl_nt_hash(password, hash)) {
        *minor = 0;
        return GSS_S_DEFECTIVE_CREDENTIAL;
    }
    for (guint i = 0; i < sizeof hash; i++) {
        g_snprintf(digits + 2 * i, 3, "%02x", hash[i]);
    }
    major = gss_acquire_cred_from(minor, name, GSS_C_INDEFINITE, mechs, GSS_C_INITIATE, &store,
                                  ret_handle, NULL, NULL);
    explicit_bzero(hash, sizeof hash);
    explicit_bzero(digits, sizeof digits);
    return major;
}

static gboolean acquire_by_password(ClAuthType type, const ClCredentials *credentials,
                                    gss_cred_id_t *ret_handle, GError **error)
{
    g_autofree char *text = logon_name(type, credentials);
    gss_buffer_desc name_buffer = {strlen(text), text};
    gss_buffer_desc password = {strlen(credentials->password), credentials->password};
    gss_OID_set_desc mechs = {1, cl_gss_mech(type)};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major, minor, ignored;

    major = gss_import_name(&minor, &name_buffer, GSS_C_NT_USER_NAME, &name);
    if (!GSS_ERROR(major)) {
        major = type == CL_AUTH_KERBEROS
                    ? gss_acquire_cred_with_password(&minor, name, &password, GSS_C_INDEFINITE,
                                                     &mechs, GSS_C_INITIATE, ret_handle, NULL, NULL)
                    : acquire_by_hash(name, &mechs, credentials->password, ret_handle, &minor);
        gss_release_name(&ignored, &name);
    }
    return !GSS_ERROR(major) ||
           cl_gss_fail(error,
                       cl_gss_is_logon_failure(minor) ? ERROR_LOGON_FAILURE : RPC_S_SEC_PKG_ERROR,
                       "cannot use the credentials", major, minor);
}

static gboolean acquire_from_cache(ClAuthType type, gss_cred_id_t *ret_handle, GError **error)
{
    gss_OID_set_desc mechs = {1, cl_gss_mech(type)};
    OM_uint32 major, minor;

    if (type == CL_AUTH_NTLM) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "NTLM needs a user and a password");
    }
    major = gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                             ret_handle, NULL, NULL);
    return !GSS_ERROR(major) ||
           cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "no usable Kerberos credentials", major, minor);
}

ClGssCredential *cl_gss_client_credential(ClAuthType type, const ClCredentials *credentials,
                                          GError **error)
{
    gss_OID_set_desc inner = {1, credentials != NULL ? &ntlm_oid : &kerberos_oid};
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL;

    if (credentials != NULL ? !acquire_by_password(type, credentials, &handle, error)
                            : !acquire_from_cache(type, &handle, error)) {
        return NULL;
    }
    return type == CL_AUTH_SPNEGO ? restrict_spnego(handle, &inner, error) : credential_new(handle);
}

/* This host, to NTLM, which loses memory if it has to find that out itself. Kerberos would look for
 * that name in the keytab. */
static gss_name_t server_name(ClAuthType type)
{
    gss_buffer_desc buffer = {1, (void *)"@"};
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 ignored;

    if (type == CL_AUTH_NTLM) {
        gss_import_name(&ignored, &buffer, GSS_C_NT_HOSTBASED_SERVICE, &name);
    }
    return name;
}

ClGssCredential *cl_gss_server_credential_new(ClAuthType type, const ClAcceptor *acceptor,
                                              GError **error)
{
    gss_OID_desc offered[2];
    gss_OID_desc asked[2] = {*cl_gss_mech(type), ntlm_oid};
    gss_OID_set_desc inner = {0, offered};
    /* NTLM comes bare, too, from clients that chose it before they asked. */
    gss_OID_set_desc mechs = {type == CL_AUTH_SPNEGO && acceptor->ntlm_users != NULL ? 2 : 1,
                              asked};
    gss_cred_id_t handle = GSS_C_NO_CREDENTIAL;
    gss_name_t name = server_name(type);
    OM_uint32 major, minor, ignored;

    if (acceptor->keytab != NULL) {
        offered[inner.count++] = kerberos_oid;
    }
    if (acceptor->ntlm_users != NULL) {
        offered[inner.count++] = ntlm_oid;
    }
    major =
        gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_ACCEPT, &handle, NULL, NULL);
    gss_release_name(&ignored, &name);
    if (GSS_ERROR(major)) {
        cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "no service credentials", major, minor);
        return NULL;
    }
    return type == CL_AUTH_SPNEGO ? restrict_spnego(handle, &inner, error) : credential_new(handle);
}

/* --- Names and keys ----------------------------------------------------------------------------- */

gboolean cl_gss_service_name(const char *host, gss_name_t *ret_name, GError **error)
{
    g_autofree char *text = g_strconcat("host@", host, NULL);
    gss_buffer_desc buffer = {strlen(text), text};
    OM_uint32 minor;
    OM_uint32 major = gss_import_name(&minor, &buffer, GSS_C_NT_HOSTBASED_SERVICE, ret_name);

    return !GSS_ERROR(major) ||
           cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "the name of the service", major, minor);
}

gboolean cl_gss_session_key(gss_ctx_id_t context, guint8 ret_key[CL_NTLM_KEY_SIZE], GError **error)
{
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    gboolean found = FALSE;
    OM_uint32 minor;
    OM_uint32 major =
        gss_inquire_sec_context_by_oid(&minor, context, GSS_C_INQ_SSPI_SESSION_KEY, &set);

    if (GSS_ERROR(major)) {
        return cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "the session key", major, minor);
    }
    if (set != GSS_C_NO_BUFFER_SET && set->count > 0 &&
        set->elements[0].length == CL_NTLM_KEY_SIZE) {
        memcpy(ret_key, set->elements[0].value, CL_NTLM_KEY_SIZE);
        found = TRUE;
    }
    for (gsize i = 0; set != GSS_C_NO_BUFFER_SET && i < set->count; i++) {
        explicit_bzero(set->elements[i].value, set->elements[i].length);
    }
    gss_release_buffer_set(&minor, &set);
    return found || cl_fail(error, RPC_S_SEC_PKG_ERROR, "NTLM has no session key");
}

char *cl_gss_source_name(gss_ctx_id_t context, GError **error)
{
    gss_buffer_desc buffer = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    char *text = NULL;
    OM_uint32 minor, ignored;
    OM_uint32 major =
        gss_inquire_context(&minor, context, &name, NULL, NULL, NULL, NULL, NULL, NULL);

    if (!GSS_ERROR(major)) {
        major = gss_display_name(&minor, name, &buffer, NULL);
    }
    if (GSS_ERROR(major)) {
        cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "the peer's name", major, minor);
    } else {
        text = g_strndup(buffer.value, buffer.length); /* NTLM counts the NUL */
        if (*text == '\0' || !g_utf8_validate(text, -1, NULL)) {
            cl_fail(error, RPC_S_SEC_PKG_ERROR, "the peer's name is empty or no text");
            g_clear_pointer(&text, g_free);
        }
    }
    gss_release_buffer(&ignored, &buffer);
    gss_release_name(&ignored, &name);
    return text;
}

/* --- Kerberos' protection ----------------------------------------------------------------------- */

typedef struct {
    gss_iov_buffer_desc parts[4];
    int count;
} Iov;

static void add_part(Iov *iov, OM_uint32 type, void *data, gsize size)
{
    iov->parts[iov->count++] = (gss_iov_buffer_desc){type, {size, data}};
}

/* In the order in which Windows signs them; the token stands last in either case. */
static Iov make_iov(const ClKerberos *kerberos, const ClPdu *pdu)
{
    Iov iov = {.count = 0};

    if (kerberos->header_signing) {
        add_part(&iov, GSS_IOV_BUFFER_TYPE_SIGN_ONLY, pdu->start, pdu->header_size);
    }
    add_part(&iov, GSS_IOV_BUFFER_TYPE_DATA, cl_pdu_stub(pdu), pdu->stub_size);
    if (kerberos->header_signing) {
        add_part(&iov, GSS_IOV_BUFFER_TYPE_SIGN_ONLY, cl_pdu_trailer(pdu), pdu->trailer_size);
    }
    add_part(&iov, kerberos->seal ? GSS_IOV_BUFFER_TYPE_HEADER : GSS_IOV_BUFFER_TYPE_MIC_TOKEN,
             cl_pdu_token(pdu), pdu->token_size);
    return iov;
}

gsize cl_kerberos_token_size(const ClKerberos *kerberos, gsize stub_size)
{
    Iov iov = {.count = 0};
    OM_uint32 major, minor;
    int sealed = 0;

    add_part(&iov, GSS_IOV_BUFFER_TYPE_DATA, NULL, stub_size);
    if (kerberos->seal) {
        add_part(&iov, GSS_IOV_BUFFER_TYPE_HEADER, NULL, 0);
        major = gss_wrap_iov_length(&minor, kerberos->context, 1, GSS_C_QOP_DEFAULT, &sealed,
                                    iov.parts, iov.count);
    } else {
        add_part(&iov, GSS_IOV_BUFFER_TYPE_MIC_TOKEN, NULL, 0);
        major = gss_get_mic_iov_length(&minor, kerberos->context, GSS_C_QOP_DEFAULT, iov.parts,
                                       iov.count);
    }
    return GSS_ERROR(major) ? 0 : iov.parts[1].buffer.length;
}

gboolean cl_kerberos_protect(const ClKerberos *kerberos, const ClPdu *pdu, GError **error)
{
    Iov iov = make_iov(kerberos, pdu);
    OM_uint32 major, minor;
    int sealed = kerberos->seal;

    if (kerberos->seal) {
        major = gss_wrap_iov(&minor, kerberos->context, 1, GSS_C_QOP_DEFAULT, &sealed, iov.parts,
                             iov.count);
    } else {
        major = gss_get_mic_iov(&minor, kerberos->context, GSS_C_QOP_DEFAULT, iov.parts, iov.count);
    }
    if (GSS_ERROR(major)) {
        return cl_gss_fail(error, RPC_S_SEC_PKG_ERROR, "cannot protect a PDU", major, minor);
    }
    return (sealed == kerberos->seal &&
            iov.parts[iov.count - 1].buffer.length == pdu->token_size) ||
           cl_fail(error, RPC_S_SEC_PKG_ERROR, "Kerberos has protected a PDU in another way");
}

gboolean cl_kerberos_open(const ClKerberos *kerberos, const ClPdu *pdu, GError **error)
{
    Iov iov = make_iov(kerberos, pdu);
    OM_uint32 major, minor;
    int sealed = kerberos->seal;

    if (kerberos->seal) {
        major = gss_unwrap_iov(&minor, kerberos->context, &sealed, NULL, iov.parts, iov.count);
    } else {
        major = gss_verify_mic_iov(&minor, kerberos->context, NULL, iov.parts, iov.count);
    }
    /* Repeated or missing PDUs are told in bits that do not count as an error. */
    if (major != GSS_S_COMPLETE) {
        return cl_gss_fail(error, ERROR_ACCESS_DENIED, "the signature of a PDU is wrong", major,
                           minor);
    }
    return sealed == kerberos->seal ||
           cl_fail(error, ERROR_ACCESS_DENIED, "a PDU that is not encrypted");
}
