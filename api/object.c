/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sessions, instances and open objects. References: a child owns one on its instance, an instance
 * one on its session; the handle table owns the children and instances themselves. An instance's
 * lock protects the list of its children alone and is never held across a back end's call.
 */
#include "object.h"

#include <clusapi/linux.h>

#include "notify-port.h"
#include "registry.h"
#include "text.h"

ClSession *cl_session_ref(ClSession *session)
{
    g_atomic_int_inc(&session->refs);
    return session;
}

void cl_session_unref(ClSession *session)
{
    if (g_atomic_int_dec_and_test(&session->refs)) {
        session->backend->disconnect(session->connection);
        g_free(session);
    }
}

static void unref_cluster(ClCluster *cluster)
{
    /* Where this is the only reference nobody can take another, and no atomic write is needed. */
    if (g_atomic_int_get(&cluster->refs) == 1 || g_atomic_int_dec_and_test(&cluster->refs)) {
        cl_session_unref(cluster->session);
        pthread_mutex_destroy(&cluster->lock);
        g_free(cluster);
    }
}

/* Runs when the instance's handle is closed and its last user is done. */
static void destroy_cluster(gpointer data)
{
    unref_cluster(data);
}

/* Makes an instance of @session, whose reference it takes. */
static HCLUSTER publish_instance(ClSession *session, guint timeout_ms, GError **error)
{
    ClCluster *cluster = g_new0(ClCluster, 1);
    cluster->refs = 1;
    cluster->session = session;
    cluster->timeout_ms = timeout_ms;
    cluster->lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    HCLUSTER handle = cl_handle_new(CL_HANDLE_CLUSTER, cluster, destroy_cluster);
    if (handle == NULL) {
        unref_cluster(cluster);
        cl_fail(error, ERROR_NOT_ENOUGH_MEMORY, "no more handles");
    }
    return handle;
}

/* Whether a call of that class may be made now: not if it may not wait on a back end whose calls of
 * the class can, and not after it was cancelled. */
static gboolean may_call(const ClBackend *backend, ClAccess class, const ClCall *call,
                         GError **error)
{
    gboolean waits = class == CL_ACCESS_READ ? backend->reads_wait : backend->writes_wait;
    if (waits && call->deadline == 0) {
        return cl_fail(error, ERROR_TIMEOUT, "the call may not wait and would have to");
    }
    if (call->cancellable != NULL && g_cancellable_is_cancelled(call->cancellable)) {
        return cl_fail(error, ERROR_OPERATION_ABORTED, "the call was cancelled");
    }
    return TRUE;
}

gboolean cl_cluster_connect(const ClTarget *target, ClAccess wanted, HCLUSTER *ret_handle,
                            ClAccess *ret_granted, GError **error)
{
    ClCall call = cl_call_now(CLUSAPI_DEFAULT_TIMEOUT);
    ClConnection *connection;
    ClAccess granted;
    if (!may_call(target->backend, CL_ACCESS_READ, &call, error) ||
        !target->backend->connect(target, wanted, &call, &connection, &granted, error)) {
        return FALSE;
    }
    ClSession *session = g_new0(ClSession, 1);
    session->refs = 1;
    session->backend = target->backend;
    session->connection = connection;
    session->granted = granted;
    HCLUSTER handle = publish_instance(session, CLUSAPI_DEFAULT_TIMEOUT, error);
    if (handle == NULL) {
        return FALSE;
    }
    *ret_handle = handle;
    *ret_granted = granted;
    return TRUE;
}

gpointer cl_cluster_from(ClKind kind, gconstpointer handle)
{
    ClOpenObject *object = cl_handle_acquire(cl_handle_type_of(kind), handle);
    if (object == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    ClCluster *cluster = object->child.cluster;
    g_atomic_int_inc(&cluster->session->refs);
    HCLUSTER instance = publish_instance(
        cluster->session, (guint)g_atomic_int_get((gint *)&cluster->timeout_ms), &error);
    cl_handle_release(handle);
    if (instance == NULL) {
        cl_error_raise(g_steal_pointer(&error));
    }
    return instance;
}

gpointer cl_child_publish(ClCluster *cluster, ClHandleType type, ClChild *child,
                          GDestroyNotify destroy, GError **error)
{
    g_atomic_int_inc(&cluster->refs);
    child->cluster = cluster;
    child->type = type;
    child->registered = FALSE;
    pthread_mutex_lock(&cluster->lock);
    /* An instance that was closed meanwhile must not gain a child that nobody would close. */
    gpointer handle = cluster->closed ? NULL : cl_handle_new(type, child, destroy);
    gboolean closed = cluster->closed;
    if (handle != NULL) {
        child->handle = handle;
        child->next = cluster->children;
        if (child->next != NULL) {
            child->next->previous = child;
        }
        cluster->children = child;
    }
    pthread_mutex_unlock(&cluster->lock);
    if (handle == NULL) {
        destroy(child);
        cl_fail(error, closed ? ERROR_INVALID_HANDLE : ERROR_NOT_ENOUGH_MEMORY,
                closed ? "the cluster handle was closed" : "no more handles");
    }
    return handle;
}

static void unlink_child(ClChild *child)
{
    if (child->previous != NULL) {
        child->previous->next = child->next;
    } else {
        child->cluster->children = child->next;
    }
    if (child->next != NULL) {
        child->next->previous = child->previous;
    }
    child->previous = NULL;
    child->next = NULL;
}

/* Between the taking of a handle and its release: what was registered for it ends. */
static void end_registrations(const gint *registered, gconstpointer handle)
{
    if (g_atomic_int_get(registered)) {
        cl_port_handle_closed(handle);
    }
}

/* The same of a child; and who waits for it waits no more. */
static void end_child(ClChild *child, gconstpointer handle)
{
    end_registrations(&child->registered, handle);
    if (child->type == CL_HANDLE_REG_BATCH_PORT) {
        cl_batch_port_closing(child);
    }
}

gboolean cl_child_close(ClHandleType type, gconstpointer handle)
{
    ClChild *child = cl_handle_take(type, handle);
    if (child == NULL) {
        return FALSE;
    }
    pthread_mutex_lock(&child->cluster->lock);
    /* CloseCluster may have unlinked the whole list already. */
    if (!child->cluster->closed) {
        unlink_child(child);
    }
    pthread_mutex_unlock(&child->cluster->lock);
    end_child(child, handle);
    cl_handle_release(handle);
    return TRUE;
}

void cl_child_detach(ClChild *child)
{
    unref_cluster(child->cluster);
}

typedef struct {
    ClHandleType type;
    gpointer handle;
} Opened;

/* Closes what was opened from @cluster. A child that another thread closes at the same moment is
 * taken by one of the two only; the list's lock keeps the child alive while its handle is read. */
static void close_children(ClCluster *cluster)
{
    pthread_mutex_lock(&cluster->lock);
    cluster->closed = TRUE;
    if (cluster->children == NULL) {
        pthread_mutex_unlock(&cluster->lock);
        return;
    }
    g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(Opened));
    for (ClChild *child = cluster->children; child != NULL; child = child->next) {
        Opened opened = {child->type, child->handle};
        g_array_append_val(children, opened);
    }
    cluster->children = NULL;
    pthread_mutex_unlock(&cluster->lock);
    for (guint i = 0; i < children->len; i++) {
        const Opened *opened = &g_array_index(children, Opened, i);
        ClChild *child = cl_handle_take(opened->type, opened->handle);
        if (child != NULL) {
            end_child(child, opened->handle);
            cl_handle_release(opened->handle);
        }
    }
}

BOOL CloseCluster(HCLUSTER hCluster)
{
    ClCluster *cluster = cl_handle_take(CL_HANDLE_CLUSTER, hCluster);
    if (cluster == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return TRUE;
    }
    end_registrations(&cluster->registered, hCluster);
    /* With no user left that could add a child and no child that refers to it, there is none. */
    if (!cl_handle_is_alone(hCluster) || g_atomic_int_get(&cluster->refs) != 1) {
        close_children(cluster);
    }
    cl_handle_release(hCluster);
    return TRUE;
}

ClHandleType cl_handle_type_of(ClKind kind)
{
    switch (kind) {
    case CL_KIND_CLUSTER:
        return CL_HANDLE_CLUSTER;
    case CL_KIND_NODE:
        return CL_HANDLE_NODE;
    case CL_KIND_GROUP:
        return CL_HANDLE_GROUP;
    case CL_KIND_RESOURCE:
        return CL_HANDLE_RESOURCE;
    case CL_KIND_NETWORK:
        return CL_HANDLE_NETWORK;
    case CL_KIND_NETINTERFACE:
        return CL_HANDLE_NETINTERFACE;
    case CL_KIND_GROUPSET:
        return CL_HANDLE_GROUPSET;
    case CL_KIND_KEY:
        return CL_HANDLE_KEY;
    default:
        return CL_HANDLE_NONE;
    }
}

static void fill_use(ClUse *use, ClKind kind, gconstpointer handle, gpointer data)
{
    use->handle = handle;
    use->kind = kind;
    if (kind == CL_KIND_CLUSTER) {
        use->cluster = data;
        use->granted = use->cluster->session->granted;
    } else {
        ClOpenObject *object = data;
        use->cluster = object->child.cluster;
        use->object = object->object;
        use->granted = object->granted;
    }
    use->backend = use->cluster->session->backend;
    use->connection = use->cluster->session->connection;
}

static gboolean acquire_use(ClUse *use, ClKind kind, gconstpointer handle, ClAccess needed,
                            GError **error)
{
    gpointer data = cl_handle_acquire(cl_handle_type_of(kind), handle);
    if (data == NULL) {
        return cl_fail(error, ERROR_INVALID_HANDLE, "%p is not an open handle of its kind", handle);
    }
    fill_use(use, kind, handle, data);
    if (needed == CL_ACCESS_ALL && use->granted != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the handle was opened for reading only");
    }
    return TRUE;
}

gboolean cl_use_begin(ClUse *use, ClKind kind, gconstpointer handle, ClAccess needed,
                      GError **error)
{
    if (!acquire_use(use, kind, handle, needed, error)) {
        return FALSE;
    }
    use->call = cl_call_now((guint)g_atomic_int_get((gint *)&use->cluster->timeout_ms));
    return may_call(use->backend, needed, &use->call, error);
}

gboolean cl_use_begin_other(ClUse *use, ClKind kind, gconstpointer handle, const ClUse *first,
                            ClAccess needed, GError **error)
{
    if (handle == NULL) {
        return TRUE;
    }
    if (!acquire_use(use, kind, handle, needed, error)) {
        return FALSE;
    }
    if (use->cluster->session != first->cluster->session) {
        return cl_fail(error, ERROR_INVALID_HANDLE, "the handles are of different clusters");
    }
    use->call = first->call;
    return TRUE;
}

void cl_use_end(ClUse *use)
{
    if (use->cluster != NULL) {
        cl_handle_release(use->handle);
        use->cluster = NULL;
    }
}

gboolean cl_access_from_mask(DWORD mask, ClAccess *ret_access, GError **error)
{
    const DWORD all = GENERIC_ALL | GENERIC_WRITE | GENERIC_EXECUTE | CLUSAPI_CHANGE_ACCESS;
    const DWORD known = all | GENERIC_READ | MAXIMUM_ALLOWED | CLUSAPI_READ_ACCESS;
    if (mask == 0 || (mask & ~known) != 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "bad access mask 0x%x", mask);
    }
    if ((mask & CLUSAPI_CHANGE_ACCESS) != 0 && (mask & CLUSAPI_READ_ACCESS) == 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "change access without read access");
    }
    if ((mask & all) != 0) {
        *ret_access = CL_ACCESS_ALL;
    } else {
        *ret_access = (mask & MAXIMUM_ALLOWED) != 0 ? CL_ACCESS_MAXIMUM : CL_ACCESS_READ;
    }
    return TRUE;
}

DWORD cl_access_to_mask(ClAccess access)
{
    return access == CL_ACCESS_ALL ? GENERIC_ALL : GENERIC_READ;
}

static void destroy_object(gpointer data)
{
    ClOpenObject *object = data;
    ClSession *session = object->child.cluster->session;
    session->backend->close(session->connection, object->object);
    for (gsize i = 0; i < G_N_ELEMENTS(object->lists); i++) {
        g_clear_pointer(&object->lists[i].replies, g_ptr_array_unref);
    }
    cl_child_detach(&object->child);
    g_free(object);
}

gpointer cl_object_publish(const ClUse *use, ClKind kind, ClObject *object, ClAccess granted,
                           GError **error)
{
    ClOpenObject *opened = g_new0(ClOpenObject, 1);
    opened->kind = kind;
    opened->object = object;
    opened->granted = granted;
    return cl_child_publish(use->cluster, cl_handle_type_of(kind), &opened->child, destroy_object,
                            error);
}

static gpointer open_object(ClKind kind, HCLUSTER cluster, LPCWSTR wide_name, DWORD mask,
                            ClAccess *ret_granted, GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    g_autofree char *name = NULL;
    ClAccess wanted = CL_ACCESS_READ;
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, cluster, CL_ACCESS_READ, error) ||
        !cl_access_from_mask(mask, &wanted, error) || !cl_text_from_wide(wide_name, &name, error)) {
        return NULL;
    }
    if (wanted == CL_ACCESS_ALL && use.granted != CL_ACCESS_ALL) {
        cl_fail(error, ERROR_ACCESS_DENIED, "the cluster handle was opened for reading only");
        return NULL;
    }
    if (wanted == CL_ACCESS_MAXIMUM && use.granted != CL_ACCESS_ALL) {
        wanted = CL_ACCESS_READ;
    }
    ClObject *object;
    ClAccess granted;
    if (!use.backend->open(use.connection, kind, name, wanted, &use.call, &object, &granted,
                           error)) {
        return NULL;
    }
    *ret_granted = granted;
    return cl_object_publish(&use, kind, object, granted, error);
}

gpointer cl_object_open(ClKind kind, HCLUSTER cluster, LPCWSTR name, DWORD access, DWORD *granted)
{
    GError *error = NULL;
    ClAccess got;
    gpointer handle = open_object(kind, cluster, name, access, &got, &error);
    if (handle == NULL) {
        cl_error_raise(error);
        return NULL;
    }
    if (granted != NULL) {
        *granted = cl_access_to_mask(got);
    }
    return handle;
}

BOOL cl_object_close(ClKind kind, gconstpointer handle)
{
    if (!cl_child_close(cl_handle_type_of(kind), handle)) {
        SetLastError(ERROR_INVALID_HANDLE);
        return FALSE;
    }
    return TRUE;
}

gboolean cl_object_query(ClKind kind, gconstpointer handle, guint32 facts, ClFacts *ret_facts,
                         GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    return cl_use_begin(&use, kind, handle, CL_ACCESS_READ, error) &&
           use.backend->query(use.connection, use.object, facts, &use.call, ret_facts, error);
}

int cl_known_state(gint32 state)
{
    if (state < 0) {
        SetLastError(ERROR_SUCCESS);
    }
    return state;
}

int cl_object_state(ClKind kind, gconstpointer handle)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (!cl_object_query(kind, handle, CL_FACT_STATE, &facts, &error)) {
        cl_error_raise(error);
        return -1;
    }
    return cl_known_state(facts.state);
}

DWORD cl_object_id(ClKind kind, gconstpointer handle, LPWSTR id, LPDWORD cch)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (!cl_object_query(kind, handle, CL_FACT_ID, &facts, &error)) {
        return cl_error_take(error);
    }
    return cch == NULL ? ERROR_INVALID_PARAMETER : cl_text_copy_out(facts.id, id, cch);
}
