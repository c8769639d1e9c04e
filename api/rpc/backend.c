/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The client back end: a cluster that a server has, here or elsewhere. Its table of operations, and
 * connecting by what clusters.conf says: address= (a socket's path, a host, or HOST:PORT), auth=
 * (negotiate, kerberos or ntlm), level= (privacy or integrity) and credentials= (a file).
 */
#include "client.h"

#include <gmodule.h>
#include <string.h>

G_MODULE_EXPORT const ClBackend *cl_backend_module(void);

/* --- Where to ----------------------------------------------------------------------------------- */

static gboolean take_port(const char *text, guint16 *ret_port, GError **error)
{
    guint64 port;
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16, &port, NULL)) {
        return cl_fail(error, ERROR_INVALID_DATA, "\"%s\" is no port", text);
    }
    *ret_port = (guint16)port;
    return TRUE;
}

/* HOST, HOST:PORT, an address of either family, or [ADDRESS]:PORT. */
static gboolean take_host(const char *text, char **ret_host, guint16 *ret_port, GError **error)
{
    const char *bracket = *text == '[' ? strchr(text, ']') : NULL;
    const char *colon = strrchr(bracket ? bracket : text, ':');
    *ret_port = 0;
    if (!bracket && colon && strchr(text, ':') != colon) {
        colon = NULL; /* an address of the sixth version */
    }
    if (colon && !take_port(colon + 1, ret_port, error)) {
        return FALSE;
    }
    *ret_host = bracket ? g_strndup(text + 1, (gsize)(bracket - text - 1))
                        : g_strndup(text, colon ? (gsize)(colon - text) : strlen(text));
    if (**ret_host && (!bracket || bracket[1] == '\0' || bracket[1] == ':')) {
        return TRUE;
    }
    g_clear_pointer(ret_host, g_free);
    return cl_fail(error, ERROR_INVALID_NAME, "\"%s\" is no host", text);
}

typedef struct {
    const char *word;
    int value;
} Word;

static const Word auths[] = {{"negotiate", CL_AUTH_SPNEGO},
                             {"kerberos", CL_AUTH_KERBEROS},
                             {"ntlm", CL_AUTH_NTLM},
                             {NULL, 0}};
static const Word levels[] = {
    {"privacy", CL_LEVEL_PRIVACY}, {"integrity", CL_LEVEL_INTEGRITY}, {NULL, 0}};

/* The first word is what holds if there is none. */
static gboolean take_word(const ClTarget *target, const char *key, const Word *words, int *ret,
                          GError **error)
{
    const char *text = g_hash_table_lookup(target->options, key);
    for (const Word *word = words; word->word; word++) {
        if (!text || strcmp(text, word->word) == 0) {
            *ret = word->value;
            return TRUE;
        }
    }
    return cl_fail(error, ERROR_INVALID_DATA, "%s=%s is not known", key, text);
}

/* With credentials nothing but NTLM is negotiated, which can also come without asking. */
static ClAuthType auth_of(ClAuthType auth, gboolean with_credentials)
{
#ifdef SPNEGO_LOSES_MIC
    if (auth == CL_AUTH_SPNEGO && with_credentials) {
        return CL_AUTH_NTLM;
    }
#endif
    (void)with_credentials;
    return auth;
}

static gboolean take_security(ClConnection *connection, const ClTarget *target, GError **error)
{
    const char *file = g_hash_table_lookup(target->options, "credentials");
    int auth;
    int level;
    if (!take_word(target, "auth", auths, &auth, error) ||
        !take_word(target, "level", levels, &level, error)) {
        return FALSE;
    }
    connection->auth = auth_of((ClAuthType)auth, file != NULL);
    connection->level = (ClAuthLevel)level;
    connection->credentials = file ? cl_credentials_load(file, error) : NULL;
    return !file || connection->credentials;
}

/* Over a Unix socket the kernel says who calls, and nobody else hears it. */
static gboolean take_target(ClConnection *connection, const ClTarget *target, GError **error)
{
    const char *address = target->address ? target->address : CLUSAPI_SERVICE_SOCKET;
    char *host;
    if (g_path_is_absolute(address)) {
        connection->path = g_strdup(address);
        connection->auth = CL_AUTH_NONE;
        g_ptr_array_add(connection->candidates, g_strdup(address));
        return TRUE;
    }
    if (!take_host(address, &host, &connection->port, error)) {
        return FALSE;
    }
    g_ptr_array_add(connection->candidates, host);
    return take_security(connection, target, error);
}

/* --- Connecting --------------------------------------------------------------------------------- */

static void connection_free(ClConnection *connection)
{
    g_clear_pointer(&connection->credentials, cl_credentials_free);
    g_ptr_array_unref(connection->candidates);
    g_ptr_array_unref(connection->retired);
    g_cond_clear(&connection->changed);
    g_mutex_clear(&connection->lock);
    cl_notifier_free(connection->notifier);
    g_free(connection->path);
    g_free(connection);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClConnection, connection_free)

static ClConnection *connection_new(void)
{
    ClConnection *connection = g_new0(ClConnection, 1);
    g_mutex_init(&connection->lock);
    g_cond_init(&connection->changed);
    connection->candidates = g_ptr_array_new_with_free_func(g_free);
    connection->retired = g_ptr_array_new_with_free_func((GDestroyNotify)cl_link_free);
    connection->notifier = cl_notifier_new(connection);
    return connection;
}

static gboolean connect_to(const ClTarget *target, ClAccess wanted, const ClCall *call,
                           ClConnection **ret_connection, ClAccess *ret_granted, GError **error)
{
    g_autoptr(ClConnection) connection = connection_new();
    if (!take_target(connection, target, error)) {
        return FALSE;
    }
    connection->link = cl_link_open(connection, connection->candidates->pdata[0], wanted, call,
                                    &connection->granted, error);
    if (!connection->link) {
        return FALSE;
    }
    cl_link_learn_candidates(connection, connection->link, call);
    *ret_granted = connection->granted;
    *ret_connection = g_steal_pointer(&connection);
    return TRUE;
}

static void disconnect(ClConnection *connection)
{
    const ClCall call = {g_get_monotonic_time() + G_USEC_PER_SEC, NULL};
    ClRemote remote = {connection, connection->link, &call, FALSE, FALSE};
    g_auto(ClMethodCall) method = CL_METHOD(CloseCluster);
    cl_notifier_stop(connection->notifier);
    if (!cl_association_is_broken(connection->link->association)) {
        method.values[0].handle = connection->link->cluster;
        (void)cl_remote_call(&remote, &method, NULL);
    }
    cl_link_free(connection->link);
    connection_free(connection);
}

/* Reads may be answered by what is remembered; else they do not wait where they may not. */
static const ClBackend rpc = {
    .name = "rpc",
    .writes_wait = TRUE,
    .interprets_controls = TRUE,
    .connect = connect_to,
    .disconnect = disconnect,
    .open = cl_remote_open,
    .close = cl_remote_close,
    .query = cl_remote_query,
    .properties = cl_remote_properties,
    .enumerate = cl_remote_enumerate,
    .control = cl_remote_control,
    .create = cl_remote_create,
    .remove = cl_remote_remove,
    .rename = cl_remote_rename,
    .act = cl_remote_act,
    .set_properties = cl_remote_set_properties,
    .registry = cl_remote_registry,
    .subscribe = cl_remote_subscribe,
    .unsubscribe = cl_remote_unsubscribe,
};

const ClBackend *cl_backend_module(void)
{
    return &rpc;
}
