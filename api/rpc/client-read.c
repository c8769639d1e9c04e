/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Methods that only read, and opening for reading: by what is remembered, where the service allows it. */
#include "client.h"

#include <string.h>

/* Answers that follow from what the cluster is, and not from how the service fares. */
static gboolean is_lasting(guint32 result)
{
    return result == ERROR_SUCCESS || result == ERROR_MORE_DATA || result == ERROR_NO_MORE_ITEMS ||
           result == ERROR_FILE_NOT_FOUND || result == ERROR_INVALID_FUNCTION ||
           result == ERROR_NOT_SUPPORTED || result == ERROR_CALL_NOT_IMPLEMENTED;
}

/* NULL: it cannot be remembered. What there is of a server that is gone is its last word no more. */
static ClMemory *memory_of(const ClRemote *remote, guint64 *ret_version)
{
    ClMemory *memory = remote->link->memory;
    *ret_version = memory ? cl_memory_version(memory) : 0;
    return *ret_version != 0 && cl_association_is_there(remote->link->association) ? memory : NULL;
}

/* --- Methods ------------------------------------------------------------------------------------ */

/* The parameters, whatever the handle, and whose it is. */
static GBytes *key_of(const ClMethod *of, const ClMethodCall *method, const char *id)
{
    GByteArray *key = g_byte_array_new();
    const guint32 opnum = method->opnum;
    g_byte_array_append(key, (const guint8 *)&opnum, sizeof opnum);
    g_byte_array_append(key, (const guint8 *)id, (guint)strlen(id) + 1);
    if (!cl_ndr_encode(of->parameters, of->n_parameters, FALSE, method->values, key, NULL)) {
        g_byte_array_unref(key);
        return NULL;
    }
    return g_byte_array_free_to_bytes(key);
}

static void keep(ClMemory *memory, guint64 version, GBytes *key, const ClMethod *of,
                 const ClMethodCall *method)
{
    GByteArray *stub = g_byte_array_new();
    gboolean encoded =
        cl_ndr_encode(of->parameters, of->n_parameters, TRUE, method->values, stub, NULL);
    g_autoptr(GBytes) answer = g_byte_array_free_to_bytes(stub);
    if (encoded) {
        cl_memory_keep(memory, version, key, answer);
    }
}

/* Keys go by their paths; NULL: it has nothing by which it would be known (transfer full). */
static char *identity_of(const ClRemote *remote, const ClObject *object)
{
    if (object && object->kind == CL_KIND_KEY) {
        g_autofree char *name = cl_remote_name(remote->connection, object);
        return g_strconcat("key ", name, NULL);
    }
    return g_strdup(object ? object->id : "");
}

gboolean cl_remote_read(ClRemote *remote, const ClObject *object, ClMethodCall *method,
                        GError **error)
{
    const ClMethod *of = cl_method(method->opnum);
    g_autofree char *id = remote->link->memory ? identity_of(remote, object) : NULL;
    guint64 version = 0;
    ClMemory *memory = id ? memory_of(remote, &version) : NULL;
    g_autoptr(GBytes) key = memory ? key_of(of, method, id) : NULL;
    g_autoptr(GBytes) known = key ? cl_memory_find(memory, version, key) : NULL;
    gsize size;
    if (known) {
        const guint8 *stub = g_bytes_get_data(known, &size);
        return cl_ndr_decode(of->parameters, of->n_parameters, TRUE, stub, size, method->values,
                             error) &&
               cl_remote_take_result(remote, method, error);
    }
    gboolean done = cl_remote_call_on(remote, object, method, error);
    if (key && method->is_answered && is_lasting(method->result)) {
        keep(memory, version, key, of, method);
    }
    return done;
}

/* --- Opening ------------------------------------------------------------------------------------ */

static GBytes *key_of_name(ClKind kind, const char *name)
{
    g_autofree char *text = g_strdup_printf("open %u %s", kind, name);
    return g_bytes_new(text, strlen(text));
}

/* What is to be changed is asked for. */
static gboolean is_remembered(ClKind kind, ClAccess access)
{
    return kind != CL_KIND_RESOURCE_TYPE && access == CL_ACCESS_READ;
}

gboolean cl_remote_recall_id(ClRemote *remote, ClKind kind, const char *name, ClAccess access,
                             char **ret_id)
{
    guint64 version;
    ClMemory *memory = is_remembered(kind, access) ? memory_of(remote, &version) : NULL;
    g_autoptr(GBytes) key = memory ? key_of_name(kind, name) : NULL;
    g_autoptr(GBytes) known = key ? cl_memory_find(memory, version, key) : NULL;
    gsize size;
    const char *id = known ? g_bytes_get_data(known, &size) : NULL;
    *ret_id = id && size > 0 ? g_strndup(id, size) : NULL;
    return known != NULL;
}

guint64 cl_remote_version(const ClRemote *remote)
{
    guint64 version;
    return memory_of(remote, &version) ? version : 0;
}

static void remember(ClRemote *remote, guint64 version, ClKind kind, const char *name,
                     const char *id)
{
    g_autoptr(GBytes) key = key_of_name(kind, name);
    g_autoptr(GBytes) value = g_bytes_new(id, strlen(id));
    cl_memory_keep(remote->link->memory, version, key, value);
}

void cl_remote_remember_listed(ClRemote *remote, guint64 version, ClKind kind, const char *name,
                               const char *id)
{
    if (version != 0 && *id) {
        remember(remote, version, kind, name, id);
        remember(remote, version, kind, id, id);
    }
}

void cl_remote_remember_id(ClRemote *remote, guint64 version, const ClObject *object)
{
    gboolean is_key = object->kind == CL_KIND_KEY;
    if (version != 0 && (object->id || is_key) && is_remembered(object->kind, object->access)) {
        remember(remote, version, object->kind, object->name, is_key ? "" : object->id);
    }
}

/* --- Handles that nobody has -------------------------------------------------------------------- */

/* Who walks through a tree opens the same object for each of its files. */
#define SPARES_MAX 32

typedef struct {
    ClKind kind;
    char *id;
    ClContextHandle handle;
} Spare;

static void spare_free(gpointer data)
{
    Spare *spare = data;
    g_free(spare->id);
    g_free(spare);
}

void cl_link_clear_spares(ClLink *link)
{
    g_queue_clear_full(&link->spares, spare_free);
}

void cl_remote_put_away(ClRemote *remote, const ClObject *object)
{
    if (!remote->link->memory || !object->id || !is_remembered(object->kind, object->access)) {
        cl_remote_close_handle(remote, object->kind, &object->handle);
        return;
    }
    Spare *spare = g_new(Spare, 1);
    Spare *oldest = NULL;
    *spare = (Spare){object->kind, g_strdup(object->id), object->handle};
    g_mutex_lock(&remote->connection->lock);
    g_queue_push_tail(&remote->link->spares, spare);
    if (g_queue_get_length(&remote->link->spares) > SPARES_MAX) {
        oldest = g_queue_pop_head(&remote->link->spares);
    }
    g_mutex_unlock(&remote->connection->lock);
    if (oldest) {
        cl_remote_close_handle(remote, oldest->kind, &oldest->handle);
        spare_free(oldest);
    }
}

gboolean cl_remote_take_spare(ClRemote *remote, const ClObject *object, ClContextHandle *ret_handle)
{
    Spare *found = NULL;
    if (!object->id || !is_remembered(object->kind, object->access)) {
        return FALSE;
    }
    g_mutex_lock(&remote->connection->lock);
    for (GList *at = remote->link->spares.tail; at; at = at->prev) {
        Spare *spare = at->data;
        if (spare->kind == object->kind && strcmp(spare->id, object->id) == 0) {
            found = spare;
            g_queue_delete_link(&remote->link->spares, at);
            break;
        }
    }
    g_mutex_unlock(&remote->connection->lock);
    if (found) {
        *ret_handle = found->handle;
        spare_free(found);
    }
    return found != NULL;
}
