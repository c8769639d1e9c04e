/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links: connecting to a server of the cluster, and to another one when it goes away ([MS-CMRP]
 * 3.2.4.6). Objects are opened again when they are used next; subscriptions at once.
 *
 * A link that was replaced is closed when nobody uses it any more, but never by its own thread, on
 * which events are told.
 */
#include "client.h"

#include "text.h"

#include <string.h>

/* The codes of version 3 of the protocol. */
static const DWORD codes[] = {
    RPC_S_INVALID_BINDING,
    RPC_S_UNKNOWN_IF,
    RPC_S_SERVER_UNAVAILABLE,
    RPC_S_SERVER_TOO_BUSY,
    RPC_S_CALL_FAILED,
    RPC_S_CALL_FAILED_DNE,
    RPC_S_UNKNOWN_AUTHN_SERVICE,
    EPT_S_NOT_REGISTERED,
    RPC_X_SS_IN_NULL_CONTEXT,
    RPC_S_SEC_PKG_ERROR,
    ERROR_CLUSTER_NODE_DOWN,
    ERROR_CLUSTER_NODE_NOT_READY,
    ERROR_CLUSTER_NODE_SHUTTING_DOWN,
};

/* Most that a cluster has, so that no answer makes the list of them long. */
#define CANDIDATES_MAX 256

/* --- Links -------------------------------------------------------------------------------------- */

void cl_link_free(ClLink *link)
{
    cl_association_close(link->association);
    g_clear_pointer(&link->memory, cl_memory_free);
    cl_link_clear_spares(link);
    g_free(link->server);
    g_free(link);
}

ClLink *cl_link_acquire(ClConnection *connection)
{
    g_mutex_lock(&connection->lock);
    ClLink *link = connection->link;
    link->users++;
    g_mutex_unlock(&connection->lock);
    return link;
}

/* With the lock held: those that nobody uses, to be closed without. */
static GPtrArray *links_unused(ClConnection *connection)
{
    GPtrArray *unused = g_ptr_array_new_with_free_func((GDestroyNotify)cl_link_free);
    for (guint i = 0; i < connection->retired->len;) {
        if (((ClLink *)connection->retired->pdata[i])->users == 0) {
            g_ptr_array_add(unused, g_ptr_array_steal_index(connection->retired, i));
        } else {
            i++;
        }
    }
    return unused;
}

void cl_link_release(ClConnection *connection, ClLink *link)
{
    g_autoptr(GPtrArray) unused = NULL;
    g_mutex_lock(&connection->lock);
    link->users--;
    if (connection->retired->len > 0 && !cl_notifier_is_telling(connection->notifier)) {
        unused = links_unused(connection);
    }
    g_mutex_unlock(&connection->lock);
}

static gboolean open_cluster_ex(ClRemote *remote, ClAccess wanted, ClAccess *ret_granted,
                                GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(OpenClusterEx);
    method.values[0].number = cl_remote_mask(wanted);
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    guint32 granted = (guint32)method.values[1].number;
    if (granted != GENERIC_ALL && granted != GENERIC_READ) {
        return cl_fail_stub(error, "an access that there is not");
    }
    remote->link->cluster = method.values[3].handle;
    *ret_granted = granted == GENERIC_ALL ? CL_ACCESS_ALL : CL_ACCESS_READ;
    return TRUE;
}

/* A server without the Ex form gives all access or none. */
static gboolean open_cluster(ClRemote *remote, ClAccess wanted, ClAccess *ret_granted,
                             GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_auto(ClMethodCall) method = CL_METHOD(OpenCluster);
    if (open_cluster_ex(remote, wanted, ret_granted, &failed)) {
        return TRUE;
    }
    if (!cl_is_unknown_method(&failed)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    remote->link->cluster = method.values[1].handle;
    *ret_granted = wanted == CL_ACCESS_READ ? CL_ACCESS_READ : CL_ACCESS_ALL;
    return TRUE;
}

ClLink *cl_link_open(ClConnection *connection, const char *server, ClAccess wanted,
                     const ClCall *call, ClAccess *ret_granted, GError **error)
{
    const ClEndpoint endpoint = {.path = connection->path,
                                 .host = server,
                                 .port = connection->port,
                                 .interface = &cl_interface_clusapi,
                                 .auth = connection->auth,
                                 .level = connection->level,
                                 .credentials = connection->credentials};
    ClAssociation *association = cl_association_open(&endpoint, call, error);
    if (!association) {
        return NULL;
    }
    g_autoptr(ClLink) link = g_new0(ClLink, 1);
    link->association = association;
    link->server = g_strdup(server);
    g_mutex_lock(&connection->lock);
    link->generation = ++connection->last_generation;
    g_mutex_unlock(&connection->lock);
    ClRemote remote = {connection, link, call, FALSE, FALSE};
    if (!open_cluster(&remote, wanted, ret_granted, error)) {
        return NULL;
    }
    /* Not before there was an answer: only then is it that of the service that is there now. */
    link->memory = connection->path ? cl_memory_open(connection->path) : NULL;
    return g_steal_pointer(&link);
}

/* --- Candidates --------------------------------------------------------------------------------- */

static void add_candidate(GPtrArray *candidates, const char *name)
{
    for (guint i = 0; i < candidates->len; i++) {
        if (cl_text_equal(candidates->pdata[i], name)) {
            return;
        }
    }
    if (*name && candidates->len < CANDIDATES_MAX) {
        g_ptr_array_add(candidates, g_strdup(name));
    }
}

static void learn_names(ClRemote *remote, GPtrArray *names)
{
    g_auto(ClMethodCall) cluster = CL_METHOD(GetClusterName);
    g_auto(ClMethodCall) nodes = CL_METHOD(CreateEnum);
    g_autofree char *name = NULL;
    if (cl_remote_call(remote, &cluster, NULL) && cl_method_take_text(&cluster, 0, &name, NULL)) {
        add_candidate(names, name);
    }
    nodes.values[0].number = CLUSTER_ENUM_NODE;
    if (!cl_remote_call(remote, &nodes, NULL) || !nodes.values[1].rows) {
        return;
    }
    for (guint i = 0; i < nodes.values[1].rows->len; i++) {
        const ClNdrValue *row = nodes.values[1].rows->pdata[i];
        g_autofree char *node = NULL;
        if (cl_ndr_take_text(&row[1], &node, NULL)) {
            add_candidate(names, node);
        }
    }
}

void cl_link_learn_candidates(ClConnection *connection, ClLink *link, const ClCall *call)
{
    ClRemote remote = {connection, link, call, FALSE, FALSE};
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (connection->path) {
        return;
    }
    learn_names(&remote, names);
    g_mutex_lock(&connection->lock);
    for (guint i = 0; i < names->len; i++) {
        add_candidate(connection->candidates, names->pdata[i]);
    }
    g_mutex_unlock(&connection->lock);
}

/* --- Reconnecting ------------------------------------------------------------------------------- */

gboolean cl_reconnect_is_wanted(const ClRemote *remote, const GError *error)
{
    gboolean is_listed = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        is_listed = is_listed || g_error_matches(error, CL_ERROR, (int)codes[i]);
    }
    if (!is_listed || !remote->is_answer) {
        return is_listed;
    }
    /* The server speaks of itself, or of a node that it was asked about. It is there, at any rate:
     * to go back to it would help nobody. */
    g_mutex_lock(&remote->connection->lock);
    gboolean has_others = remote->connection->candidates->len > 1;
    g_mutex_unlock(&remote->connection->lock);
    return has_others &&
           !(remote->names_node && g_error_matches(error, CL_ERROR, ERROR_CLUSTER_NODE_DOWN));
}

/* Those to try, the one that failed last (transfer full). */
static GPtrArray *take_candidates(ClConnection *connection)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_mutex_lock(&connection->lock);
    const char *failed = connection->link->server;
    for (guint i = 0; i < connection->candidates->len; i++) {
        if (!cl_text_equal(connection->candidates->pdata[i], failed)) {
            g_ptr_array_add(names, g_strdup(connection->candidates->pdata[i]));
        }
    }
    g_ptr_array_add(names, g_strdup(failed));
    g_mutex_unlock(&connection->lock);
    return names;
}

/* Its names are learned anew, as step 6 has it, and what is registered is registered there. */
static ClLink *try_candidate(ClConnection *connection, const char *server, const ClCall *call,
                             GError **error)
{
    ClAccess granted;
    g_autoptr(ClLink) link =
        cl_link_open(connection, server, connection->granted, call, &granted, error);
    if (!link) {
        return NULL;
    }
    if (granted < connection->granted) {
        cl_fail(error, ERROR_ACCESS_DENIED, "%s grants less", server);
        return NULL;
    }
    cl_link_learn_candidates(connection, link, call);
    ClRemote remote = {connection, link, call, FALSE, FALSE};
    return cl_notifier_register_all(connection->notifier, &remote, error) ? g_steal_pointer(&link)
                                                                          : NULL;
}

/* That somebody is away passes; to be refused, with an expired ticket say, does not. */
static gboolean is_refusal(const GError *error)
{
    return g_error_matches(error, CL_ERROR, RPC_S_SEC_PKG_ERROR) ||
           g_error_matches(error, CL_ERROR, ERROR_LOGON_FAILURE) ||
           g_error_matches(error, CL_ERROR, ERROR_ACCESS_DENIED);
}

/* Each has its share of the time that is left. */
static ClLink *try_all(ClConnection *connection, const ClCall *call, GError **ret_refusal)
{
    g_autoptr(GPtrArray) names = take_candidates(connection);
    for (guint i = 0; i < names->len && cl_call_may_wait(call, NULL); i++) {
        g_autoptr(GError) error = NULL;
        gint64 now = g_get_monotonic_time();
        const ClCall share = {now + (call->deadline - now) / (names->len - i), call->cancellable};
        ClLink *link = try_candidate(connection, names->pdata[i], &share, &error);
        if (link) {
            return link;
        }
        g_debug("%s: %s", (const char *)names->pdata[i], error->message);
        if (ret_refusal && !*ret_refusal && is_refusal(error)) {
            *ret_refusal = g_steal_pointer(&error);
        }
    }
    return NULL;
}

/* With the lock held: waits for who reconnects. FALSE if the call may not wait any longer. */
static gboolean wait_for_other(ClConnection *connection, const ClCall *call)
{
    while (connection->reconnecting) {
        gint64 until = call->deadline;
        if (!cl_call_may_wait(call, NULL)) {
            return FALSE;
        }
        if (call->cancellable) {
            until = MIN(until, g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND);
        }
        g_cond_wait_until(&connection->changed, &connection->lock, until);
    }
    return TRUE;
}

/* TRUE if it is this thread's to reconnect; else @ret_done tells how another fared. */
static gboolean begin(ClConnection *connection, guint generation, const ClCall *call,
                      gboolean *ret_done)
{
    g_mutex_lock(&connection->lock);
    guint failures = connection->failures;
    gboolean waited = connection->reconnecting;
    gboolean may = wait_for_other(connection, call);
    gboolean is_other = connection->link->generation != generation;
    gboolean has_failed = waited && connection->failures != failures;
    gboolean is_mine = may && !is_other && !has_failed;
    connection->reconnecting = connection->reconnecting || is_mine;
    g_mutex_unlock(&connection->lock);
    *ret_done = is_other;
    return is_mine;
}

gboolean cl_reconnect(ClConnection *connection, guint generation, const ClCall *call,
                      GError **ret_refusal)
{
    gboolean done;
    if (!begin(connection, generation, call, &done)) {
        return done;
    }
    ClLink *link = try_all(connection, call, ret_refusal);
    g_mutex_lock(&connection->lock);
    if (link) {
        g_ptr_array_add(connection->retired, connection->link);
        connection->link = link;
    } else {
        connection->failures++;
    }
    connection->reconnecting = FALSE;
    g_cond_broadcast(&connection->changed);
    g_mutex_unlock(&connection->lock);
    cl_notifier_set_well(connection->notifier, link != NULL);
    return link != NULL;
}
