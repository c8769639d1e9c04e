/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The Pacemaker back end: its table of operations, connections and objects. All connections of a
 * process share one engine.
 */
#include "pacemaker.h"

#include <dlfcn.h>
#include <gmodule.h>

#include "attributes.h"
#include "kinds.h"
#include "move.h"
#include "watch.h"

G_MODULE_EXPORT const ClBackend *cl_backend_module(void);

/* --- Objects ------------------------------------------------------------------------------------- */

ClKind cl_pcmk_kind(const ClObject *object)
{
    return object ? object->kind : CL_KIND_CLUSTER;
}

ClPcmkModel *cl_pcmk_look(ClConnection *connection, const ClObject *object,
                          const ClPcmkObject **ret_found, GError **error)
{
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    *ret_found = object ? cl_pcmk_model_find_id(model, object->kind, object->id) : NULL;
    if (object && !*ret_found) {
        (void)cl_kind_fail_gone(object->kind, error);
        return NULL;
    }
    return g_steal_pointer(&model);
}

ClObject *cl_pcmk_object_new(const ClPcmkObject *found)
{
    ClObject *object = g_new0(ClObject, 1);
    object->kind = found->kind;
    object->id = g_strdup(found->id);
    return object;
}

gboolean cl_pcmk_check_access(const ClConnection *connection, GError **error)
{
    return connection->granted == CL_ACCESS_ALL ||
           cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
}

static gboolean open_object(ClConnection *connection, ClKind kind, const char *name,
                            ClAccess wanted, const ClCall *call, ClObject **ret_object,
                            ClAccess *ret_granted, GError **error)
{
    if (kind == CL_KIND_KEY) {
        return cl_pcmk_registry_open(connection, name, wanted, call, ret_object, ret_granted,
                                     error);
    }
    if (!cl_kind_is_opened(kind)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not opened",
                       kind);
    }
    ClAccess granted = wanted == CL_ACCESS_MAXIMUM ? connection->granted : wanted;
    if (granted == CL_ACCESS_ALL && !cl_pcmk_check_access(connection, error)) {
        return FALSE;
    }
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection->engine);
    const ClPcmkObject *found = cl_pcmk_model_find(model, kind, name);
    if (!found) {
        return cl_kind_fail_missing(kind, name, error);
    }
    *ret_object = cl_pcmk_object_new(found);
    *ret_granted = granted;
    return TRUE;
}

static void close_object(ClConnection *connection, ClObject *object)
{
    (void)connection;
    g_free(object->id);
    g_free(object->path);
    g_free(object);
}

/* --- Connections -------------------------------------------------------------------------------- */

static GMutex connections_lock; /* guards n_connections */
static guint n_connections;

/* Pacemaker's libraries change the process that loads them, and use its default main context. */
static gboolean is_service(void)
{
    return dlsym(RTLD_DEFAULT, CL_SERVICE_SYMBOL) != NULL;
}

/* What the CIB could not keep is no name that its ACLs know. */
gboolean cl_pcmk_caller(const ClCall *call, char **ret_user, GError **error)
{
    /* So POSIX has functions taken from there. */
    union {
        gpointer symbol;
        ClServiceCaller function;
    } caller = {dlsym(RTLD_DEFAULT, CL_SERVICE_SYMBOL)};
    if (!cl_call_may_wait(call, error)) {
        return FALSE;
    }
    g_autofree char *name = caller.symbol ? caller.function() : NULL;
    gboolean is_nobody = name && !cl_pcmk_check_text(name, NULL);
    *ret_user = is_nobody ? g_strdup(CL_CALLER_NOBODY) : g_steal_pointer(&name);
    return TRUE;
}

/* A recorded CIB is only read. */
static gboolean connect_engine(const ClTarget *target, ClAccess wanted, const ClCall *call,
                               ClConnection **ret_connection, ClAccess *ret_granted, GError **error)
{
    const char *file = target->address && *target->address ? target->address : NULL;
    if (!is_service()) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "Pacemaker is reached through clusapid");
    }
    ClAccess most = file ? CL_ACCESS_READ : CL_ACCESS_ALL;
    if (wanted == CL_ACCESS_ALL && most != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "a recorded cluster is only read");
    }
    ClPcmkEngine *engine = cl_pcmk_engine_ref(file, call, error);
    if (!engine) {
        return FALSE;
    }
    g_mutex_lock(&connections_lock);
    if (n_connections++ == 0 && !file) {
        cl_pcmk_move_begin(engine);
    }
    g_mutex_unlock(&connections_lock);
    ClConnection *connection = g_new0(ClConnection, 1);
    connection->engine = engine;
    connection->granted = wanted == CL_ACCESS_MAXIMUM ? most : wanted;
    *ret_connection = connection;
    *ret_granted = connection->granted;
    return TRUE;
}

/* The watch has the engine of the connections. */
static void disconnect(ClConnection *connection)
{
    g_mutex_lock(&connections_lock);
    if (--n_connections == 0) {
        cl_pcmk_watch_end();
        cl_pcmk_move_end(connection->engine);
    }
    g_mutex_unlock(&connections_lock);
    cl_pcmk_engine_unref(connection->engine);
    g_free(connection);
}

/* What is read is in memory. */
static const ClBackend pacemaker = {
    .name = "pacemaker",
    .writes_wait = TRUE,
    .connect = connect_engine,
    .disconnect = disconnect,
    .open = open_object,
    .close = close_object,
    .query = cl_pcmk_query,
    .properties = cl_pcmk_properties,
    .enumerate = cl_pcmk_enumerate,
    .create = cl_pcmk_create,
    .remove = cl_pcmk_remove,
    .rename = cl_pcmk_rename,
    .act = cl_pcmk_act,
    .set_properties = cl_pcmk_set_properties,
    .registry = cl_pcmk_registry,
    .subscribe = cl_pcmk_subscribe,
    .unsubscribe = cl_pcmk_unsubscribe,
};

const ClBackend *cl_backend_module(void)
{
    return &pacemaker;
}
