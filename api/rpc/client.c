/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client.h"

#include "kinds.h"

#include "text.h"

#include <string.h>

/* Closing has no deadline of its caller's. Who closes many handles at a server that hangs waits for
 * it once. */
#define CLOSE_US       (2 * G_USEC_PER_SEC)
#define CLOSE_AGAIN_US (10 * G_TIME_SPAN_MILLISECOND)

/* --- Running ------------------------------------------------------------------------------------ */

gboolean cl_remote_run(ClConnection *connection, const ClCall *call, ClAttempt attempt,
                       gpointer data, GError **error)
{
    guint left = 1;
    for (gboolean first = TRUE;; first = FALSE) {
        g_autoptr(GError) failed = NULL;
        g_autoptr(GError) refusal = NULL;
        ClRemote remote = {connection, cl_link_acquire(connection), call, FALSE, FALSE};
        if (first) {
            g_mutex_lock(&connection->lock);
            left = connection->candidates->len + 1;
            g_mutex_unlock(&connection->lock);
        }
        gboolean done = attempt(&remote, data, &failed);
        guint generation = remote.link->generation;
        gboolean again = !done && left-- > 0 && cl_reconnect_is_wanted(&remote, failed);
        cl_link_release(connection, remote.link);
        if (done) {
            return TRUE;
        }
        if (!again || !cl_reconnect(connection, generation, call, &refusal)) {
            if (again && !cl_call_may_wait(call, error)) {
                return FALSE;
            }
            g_propagate_error(error,
                              refusal ? g_steal_pointer(&refusal) : g_steal_pointer(&failed));
            return FALSE;
        }
    }
}

/* --- Methods ------------------------------------------------------------------------------------ */

gboolean cl_fail_stub(GError **error, const char *what)
{
    return cl_fail(error, RPC_X_BAD_STUB_DATA, "the answer has %s", what);
}

void cl_method_clear(ClMethodCall *method)
{
    cl_ndr_clear(method->values, G_N_ELEMENTS(method->values));
}

/* Which parameter is the status: the last one, or that before what a method that opens returns. */
static guint status_of(const ClMethod *method)
{
    guint last = method->n_parameters - 1;
    if (method->parameters[last].type != CL_NDR_HANDLE) {
        return last;
    }
    return method->opnum == CL_OP_OpenCluster || method->opnum == CL_OP_OpenClusterEx ? last - 1
                                                                                      : last - 2;
}

static gboolean is_nothing(const ClContextHandle *handle)
{
    static const ClContextHandle nothing;
    return memcmp(handle, &nothing, sizeof nothing) == 0;
}

gboolean cl_remote_call(ClRemote *remote, ClMethodCall *method, GError **error)
{
    const ClMethod *of = cl_method(method->opnum);
    remote->is_answer = FALSE;
    return cl_association_call(remote->link->association, of, method->values, remote->call,
                               error) &&
           cl_remote_take_result(remote, method, error);
}

gboolean cl_remote_take_result(ClRemote *remote, ClMethodCall *method, GError **error)
{
    const ClMethod *of = cl_method(method->opnum);
    guint last = of->n_parameters - 1;
    remote->is_answer = FALSE;
    method->is_answered = TRUE;
    method->result = (guint32)method->values[status_of(of)].number;
    if (method->result != ERROR_SUCCESS && method->result != ERROR_IO_PENDING &&
        method->result != ERROR_RESOURCE_PROPERTIES_STORED) {
        remote->is_answer = TRUE;
        return cl_fail(error, method->result, "%s: %u", of->name, method->result);
    }
    gboolean opens = of->parameters[last].type == CL_NDR_HANDLE;
    return !opens || !is_nothing(&method->values[last].handle) ||
           cl_fail_stub(error, "no handle of what was opened");
}

gboolean cl_remote_call_on(ClRemote *remote, const ClObject *object, ClMethodCall *method,
                           GError **error)
{
    return cl_remote_handle(remote, object, &method->values[0].handle, error) &&
           cl_remote_call(remote, method, error);
}

void cl_method_put_text(ClMethodCall *method, guint index, const char *text)
{
    method->values[index].text = cl_ndr_text(text);
}

void cl_method_put_bytes(ClMethodCall *method, guint index, GBytes *bytes)
{
    method->values[index].bytes = bytes ? g_bytes_ref(bytes) : NULL;
    method->values[index + 1].number = bytes ? g_bytes_get_size(bytes) : 0;
}

gboolean cl_ndr_take_text(const ClNdrValue *value, char **ret_text, GError **error)
{
    gsize units = 0;
    if (!value->text) {
        return cl_fail_stub(error, "no text where one must be");
    }
    while (value->text[units]) {
        units++;
    }
    *ret_text = cl_text_from_units(value->text, units);
    return TRUE;
}

gboolean cl_method_take_text(const ClMethodCall *method, guint index, char **ret_text,
                             GError **error)
{
    return cl_ndr_take_text(&method->values[index], ret_text, error);
}

gboolean cl_is_unknown_method(GError **error)
{
    if (!g_error_matches(*error, CL_ERROR, RPC_S_PROCNUM_OUT_OF_RANGE)) {
        return FALSE;
    }
    g_clear_error(error);
    return TRUE;
}

/* --- Kinds -------------------------------------------------------------------------------------- */

/* 0 where there is no such method. */
static const struct {
    ClKind kind;
    guint16 open, open_ex, close, id;
} kinds[] = {
    {CL_KIND_NODE, CL_OP_OpenNode, CL_OP_OpenNodeEx, CL_OP_CloseNode, CL_OP_GetNodeId},
    {CL_KIND_GROUP, CL_OP_OpenGroup, CL_OP_OpenGroupEx, CL_OP_CloseGroup, CL_OP_GetGroupId},
    {CL_KIND_RESOURCE, CL_OP_OpenResource, CL_OP_OpenResourceEx, CL_OP_CloseResource,
     CL_OP_GetResourceId},
    {CL_KIND_NETWORK, CL_OP_OpenNetwork, CL_OP_OpenNetworkEx, CL_OP_CloseNetwork,
     CL_OP_GetNetworkId},
    {CL_KIND_NETINTERFACE, CL_OP_OpenNetInterface, CL_OP_OpenNetInterfaceEx,
     CL_OP_CloseNetInterface, CL_OP_GetNetInterfaceId},
    {CL_KIND_GROUPSET, CL_OP_OpenGroupSet, 0, CL_OP_CloseGroupSet, 0},
    {CL_KIND_KEY, 0, 0, CL_OP_CloseKey, 0},
    {CL_KIND_RESOURCE_TYPE, 0, 0, 0, 0},
};

static gsize index_of(ClKind kind)
{
    gsize i = 0;
    while (i < G_N_ELEMENTS(kinds) && kinds[i].kind != kind) {
        i++;
    }
    return i;
}

guint32 cl_remote_mask(ClAccess access)
{
    return access == CL_ACCESS_READ  ? GENERIC_READ
           : access == CL_ACCESS_ALL ? GENERIC_ALL
                                     : MAXIMUM_ALLOWED;
}

/* --- Opening ------------------------------------------------------------------------------------ */

static gboolean take_granted(const ClMethodCall *method, guint index, ClAccess *ret_granted,
                             GError **error)
{
    switch ((guint32)method->values[index].number) {
    case GENERIC_ALL:
        *ret_granted = CL_ACCESS_ALL;
        return TRUE;
    case GENERIC_READ:
        *ret_granted = CL_ACCESS_READ;
        return TRUE;
    default:
        return cl_fail_stub(error, "an access that there is not");
    }
}

static gboolean open_plain(ClRemote *remote, guint opnum, const char *name,
                           ClContextHandle *ret_handle, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    cl_method_put_text(&method, 0, name);
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    *ret_handle = method.values[3].handle;
    return TRUE;
}

static gboolean open_ex(ClRemote *remote, guint opnum, const char *name, ClAccess access,
                        ClContextHandle *ret_handle, ClAccess *ret_granted, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = opnum};
    cl_method_put_text(&method, 0, name);
    method.values[1].number = cl_remote_mask(access);
    if (!cl_remote_call(remote, &method, error) || !take_granted(&method, 2, ret_granted, error)) {
        return FALSE;
    }
    *ret_handle = method.values[5].handle;
    return TRUE;
}

static gboolean open_root(ClRemote *remote, ClAccess access, ClContextHandle *ret_handle,
                          GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(GetRootKey);
    method.values[0].number = access == CL_ACCESS_ALL ? KEY_ALL_ACCESS : KEY_READ;
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    *ret_handle = method.values[3].handle;
    return TRUE;
}

/* Each link keeps one, with the access of the connection: no more is given below it. */
gboolean cl_remote_root(ClRemote *remote, ClContextHandle *ret_handle, GError **error)
{
    ClLink *link = remote->link;
    ClContextHandle root;
    g_mutex_lock(&remote->connection->lock);
    *ret_handle = link->root;
    g_mutex_unlock(&remote->connection->lock);
    if (!is_nothing(ret_handle)) {
        return TRUE;
    }
    if (!open_root(remote, remote->connection->granted, &root, error)) {
        return FALSE;
    }
    g_mutex_lock(&remote->connection->lock);
    gboolean is_first = is_nothing(&link->root);
    if (is_first) {
        link->root = root;
    }
    *ret_handle = link->root;
    g_mutex_unlock(&remote->connection->lock);
    if (!is_first) {
        cl_remote_close_handle(remote, CL_KIND_KEY, &root);
    }
    return TRUE;
}

static gboolean open_key(ClRemote *remote, const char *path, ClAccess access,
                         ClContextHandle *ret_handle, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(OpenKey);
    if (*path == '\0') {
        return open_root(remote, access, ret_handle, error);
    }
    cl_method_put_text(&method, 1, path);
    method.values[2].number = access == CL_ACCESS_ALL ? KEY_ALL_ACCESS : KEY_READ;
    if (!cl_remote_root(remote, &method.values[0].handle, error) ||
        !cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    *ret_handle = method.values[5].handle;
    return TRUE;
}

/* Resource types have no handles; that there is one is found out. */
static gboolean check_type(ClRemote *remote, const char *name, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(ResourceTypeControl);
    cl_method_put_text(&method, 1, name);
    method.values[2].number = CLUSCTL_RESOURCE_TYPE_GET_CHARACTERISTICS;
    method.values[6].number = sizeof(guint32);
    return cl_remote_read(remote, NULL, &method, error);
}

static gboolean open_handle(ClRemote *remote, ClKind kind, const char *name, ClAccess access,
                            ClContextHandle *ret_handle, ClAccess *ret_granted, GError **error)
{
    gsize index = index_of(kind);
    g_autoptr(GError) failed = NULL;
    *ret_granted = access;
    if (kind == CL_KIND_KEY) {
        return open_key(remote, name, access, ret_handle, error);
    }
    if (kind == CL_KIND_RESOURCE_TYPE) {
        memset(ret_handle, 0, sizeof *ret_handle);
        return check_type(remote, name, error);
    }
    if (kinds[index].open_ex == 0) {
        return open_plain(remote, kinds[index].open, name, ret_handle, error);
    }
    if (open_ex(remote, kinds[index].open_ex, name, access, ret_handle, ret_granted, &failed)) {
        return TRUE;
    }
    if (cl_is_unknown_method(&failed)) {
        *ret_granted = access;
        return open_plain(remote, kinds[index].open, name, ret_handle, error);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

void cl_remote_close_handle(ClRemote *remote, ClKind kind, const ClContextHandle *handle)
{
    g_auto(ClMethodCall) method = {.opnum = kinds[index_of(kind)].close};
    g_autoptr(GError) error = NULL;
    gint64 patience = g_atomic_int_get(&remote->link->is_silent) ? CLOSE_AGAIN_US : CLOSE_US;
    const ClCall call = {g_get_monotonic_time() + patience, NULL};
    ClRemote closing = {remote->connection, remote->link, &call, FALSE, FALSE};
    method.values[0].handle = *handle;
    if (method.opnum != 0 && !is_nothing(handle)) {
        (void)cl_remote_call(&closing, &method, &error);
        g_atomic_int_set(&remote->link->is_silent, g_error_matches(error, CL_ERROR, ERROR_TIMEOUT));
    }
}

/* --- Objects ------------------------------------------------------------------------------------ */

ClKind cl_remote_kind(const ClObject *object)
{
    return object ? object->kind : CL_KIND_CLUSTER;
}

char *cl_remote_name(ClConnection *connection, const ClObject *object)
{
    g_mutex_lock(&connection->lock);
    char *name = g_strdup(object->name);
    g_mutex_unlock(&connection->lock);
    return name;
}

void cl_remote_set_name(ClConnection *connection, const ClObject *object, const char *name)
{
    ClObject *mine = (ClObject *)object;
    g_mutex_lock(&connection->lock);
    g_free(mine->name);
    mine->name = g_strdup(name);
    g_mutex_unlock(&connection->lock);
}

ClObject *cl_remote_object_new(ClRemote *remote, ClKind kind, const char *name, ClAccess access,
                               const ClContextHandle *handle)
{
    ClObject *object = g_new0(ClObject, 1);
    object->refs = 1;
    object->kind = kind;
    object->access = access;
    object->name = g_strdup(name);
    object->handle = *handle;
    object->generation = remote->link->generation;
    return object;
}

static gboolean ask_id_of_set(ClRemote *remote, const ClObject *object, char **ret_id,
                              GError **error)
{
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GError) failed = NULL;
    if (cl_remote_ask(remote, object, CLCTL_GET_ID, &out, &failed)) {
        return cl_bytes_take_text(out, ret_id, error);
    }
    /* Not every server knows the code: then a set goes by its name. */
    if (g_error_matches(failed, CL_ERROR, ERROR_INVALID_FUNCTION)) {
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

gboolean cl_remote_ask_id(ClRemote *remote, const ClObject *object, char **ret_id, GError **error)
{
    g_auto(ClMethodCall) method = {.opnum = kinds[index_of(object->kind)].id};
    *ret_id = NULL;
    if (object->kind == CL_KIND_GROUPSET) {
        return ask_id_of_set(remote, object, ret_id, error);
    }
    return method.opnum == 0 || (cl_remote_read(remote, object, &method, error) &&
                                 cl_method_take_text(&method, 1, ret_id, error));
}

gboolean cl_remote_id(ClRemote *remote, const ClObject *object, char **ret_id, GError **error)
{
    if (!object->id) {
        return cl_remote_ask_id(remote, object, ret_id, error) &&
               (*ret_id || cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the server tells no id"));
    }
    *ret_id = g_strdup(object->id);
    return TRUE;
}

ClObject *cl_remote_object_ref(const ClObject *object)
{
    ClObject *mine = (ClObject *)object;
    if (mine) {
        g_atomic_int_inc(&mine->refs);
    }
    return mine;
}

/* A handle of a link that is gone is gone with it. */
static void close_object(ClConnection *connection, ClObject *object)
{
    ClRemote remote = {connection, cl_link_acquire(connection), NULL, FALSE, FALSE};
    if (object->generation == remote.link->generation &&
        !cl_association_is_broken(remote.link->association)) {
        cl_remote_put_away(&remote, object);
    }
    cl_link_release(connection, remote.link);
}

void cl_remote_object_unref(ClConnection *connection, ClObject *object)
{
    if (object && g_atomic_int_dec_and_test(&object->refs)) {
        close_object(connection, object);
        g_free(object->id);
        g_free(object->name);
        g_free(object);
    }
}

static gboolean get_handle(ClRemote *remote, const ClObject *object, ClContextHandle *ret_handle)
{
    g_mutex_lock(&remote->connection->lock);
    gboolean is_of_link = object->generation == remote->link->generation;
    if (is_of_link) {
        *ret_handle = object->handle;
    }
    g_mutex_unlock(&remote->connection->lock);
    return is_of_link;
}

/* Of several threads that open it again one wins. */
static void keep_handle(ClRemote *remote, ClObject *object, ClContextHandle *handle)
{
    ClContextHandle mine = *handle;
    g_mutex_lock(&remote->connection->lock);
    gboolean is_first = object->generation < remote->link->generation;
    if (is_first) {
        object->handle = mine;
        object->generation = remote->link->generation;
    } else if (object->generation == remote->link->generation) {
        *handle = object->handle;
    }
    gboolean is_other = object->generation == remote->link->generation && !is_first;
    g_mutex_unlock(&remote->connection->lock);
    if (is_other) {
        cl_remote_close_handle(remote, object->kind, &mine);
    }
}

static gboolean open_again(ClRemote *remote, ClObject *object, ClContextHandle *ret_handle,
                           GError **error)
{
    gsize index = index_of(object->kind);
    ClAccess granted;
    if (cl_remote_take_spare(remote, object, ret_handle)) {
        keep_handle(remote, object, ret_handle);
        return TRUE;
    }
    g_autoptr(GError) failed = NULL;
    g_autofree char *name =
        object->id ? g_strdup(object->id) : cl_remote_name(remote->connection, object);
    if (open_handle(remote, object->kind, name, object->access, ret_handle, &granted, &failed)) {
        keep_handle(remote, object, ret_handle);
        return TRUE;
    }
    if (g_error_matches(failed, CL_ERROR, (int)cl_kind_missing(kinds[index].kind))) {
        return cl_kind_fail_gone(kinds[index].kind, error);
    }
    g_propagate_error(error, g_steal_pointer(&failed));
    return FALSE;
}

gboolean cl_remote_handle(ClRemote *remote, const ClObject *object, ClContextHandle *ret_handle,
                          GError **error)
{
    if (!object) {
        *ret_handle = remote->link->cluster;
        return TRUE;
    }
    return get_handle(remote, object, ret_handle) ||
           open_again(remote, (ClObject *)object, ret_handle, error);
}

/* --- Operations --------------------------------------------------------------------------------- */

typedef struct {
    ClKind kind;
    const char *name;
    ClAccess wanted;
    ClObject *object;
    ClAccess granted;
} Opening;

/* What is known to be there gets a handle when that is needed; takes @id. */
static ClObject *object_of_id(const Opening *opening, char *id)
{
    ClObject *object = g_new0(ClObject, 1);
    object->refs = 1;
    object->kind = opening->kind;
    object->access = opening->wanted;
    object->name = g_strdup(opening->name);
    object->id = id;
    return object;
}

static gboolean open_once(ClRemote *remote, gpointer data, GError **error)
{
    Opening *opening = data;
    ClContextHandle handle;
    ClAccess granted;
    char *id;
    if (cl_remote_recall_id(remote, opening->kind, opening->name, opening->wanted, &id)) {
        opening->object = object_of_id(opening, id);
        opening->granted = opening->wanted;
        return TRUE;
    }
    guint64 version = cl_remote_version(remote);
    if (!open_handle(remote, opening->kind, opening->name, opening->wanted, &handle, &granted,
                     error)) {
        return FALSE;
    }
    ClObject *object = cl_remote_object_new(remote, opening->kind, opening->name, granted, &handle);
    if (!cl_remote_ask_id(remote, object, &object->id, error)) {
        cl_remote_object_unref(remote->connection, object);
        return FALSE;
    }
    cl_remote_remember_id(remote, version, object);
    opening->object = object;
    opening->granted = granted;
    return TRUE;
}

gboolean cl_remote_open(ClConnection *connection, ClKind kind, const char *name, ClAccess wanted,
                        const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                        GError **error)
{
    Opening opening = {kind, name, wanted == CL_ACCESS_MAXIMUM ? connection->granted : wanted, NULL,
                       CL_ACCESS_READ};
    if (index_of(kind) == G_N_ELEMENTS(kinds)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not opened",
                       kind);
    }
    if (opening.wanted == CL_ACCESS_ALL && connection->granted != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
    }
    if (!cl_remote_run(connection, call, open_once, &opening, error)) {
        return FALSE;
    }
    *ret_object = opening.object;
    *ret_granted = opening.granted;
    return TRUE;
}

void cl_remote_close(ClConnection *connection, ClObject *object)
{
    cl_remote_object_unref(connection, object);
}
