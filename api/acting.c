/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "acting.h"

#include "property-list.h"
#include "text.h"

static gboolean check_input(const ClActing *acting, GError **error)
{
    g_autoptr(GPtrArray) properties = NULL;
    if ((acting->flags & ~acting->known_flags) != 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown flags 0x%x", acting->flags);
    }
    if (acting->in == NULL && acting->in_size > 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a buffer of a size is NULL");
    }
    return acting->in_size == 0 ||
           cl_property_list_parse(acting->in, acting->in_size, &properties, error);
}

/* The second handles of a call, held until it is over. */
typedef struct {
    ClUse *uses;
    const ClObject **objects;
    gsize n;
} Others;

static void others_clear(Others *others)
{
    for (gsize i = 0; i < others->n; i++) {
        cl_use_end(&others->uses[i]);
    }
    g_free(others->uses);
    g_free(others->objects);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Others, others_clear)

static gboolean take_others(const ClActing *acting, const ClUse *first, Others *others,
                            GError **error)
{
    ClAccess needed = acting->reads || acting->others_read ? CL_ACCESS_READ : CL_ACCESS_ALL;
    others->uses = g_new0(ClUse, acting->n_others);
    others->objects = g_new0(const ClObject *, acting->n_others);
    for (gsize i = 0; i < acting->n_others; i++) {
        ClUse *use = &others->uses[others->n];
        if (acting->others[i] == NULL && acting->others_optional) {
            continue;
        }
        if (acting->others[i] == NULL) {
            return cl_fail(error, ERROR_INVALID_HANDLE, "a handle is NULL");
        }
        others->n++;
        if (!cl_use_begin_other(use, acting->other_kind, acting->others[i], first, needed, error)) {
            return FALSE;
        }
        others->objects[others->n - 1] = use->object;
    }
    return TRUE;
}

static gboolean act(const ClUse *use, const ClActing *acting, guint32 *ret_result, GError **error)
{
    g_auto(Others) others = {0};
    g_autofree char *text = NULL;
    g_autoptr(GBytes) in = NULL;
    if (!take_others(acting, use, &others, error) || !check_input(acting, error) ||
        (acting->has_text && !cl_text_from_wide(acting->text, &text, error))) {
        return FALSE;
    }
    if (acting->in_size > 0) {
        in = g_bytes_new(acting->in, acting->in_size);
    }
    if (use->backend->act == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster cannot act");
    }
    ClAction action = {.verb = acting->verb,
                       .flags = acting->flags,
                       .number = acting->number,
                       .text = text,
                       .in = in,
                       .others = others.objects,
                       .n_others = others.n};
    return use->backend->act(use->connection, use->object, &action, &use->call, ret_result, error);
}

DWORD cl_acting_run(ClKind kind, gconstpointer handle, const ClActing *acting)
{
    GError *error = NULL;
    guint32 result = ERROR_SUCCESS;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, kind, handle, acting->reads ? CL_ACCESS_READ : CL_ACCESS_ALL, &error) ||
        !act(&use, acting, &result, &error)) {
        return cl_error_take(error);
    }
    return result;
}

DWORD cl_acting_rename(ClKind kind, gconstpointer handle, LPCWSTR name)
{
    GError *error = NULL;
    guint32 result = ERROR_SUCCESS;
    g_autofree char *text = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, kind, handle, CL_ACCESS_ALL, &error) ||
        !cl_text_from_wide(name, &text, &error)) {
        return cl_error_take(error);
    }
    if (use.backend->rename == NULL) {
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
    return use.backend->rename(use.connection, use.object, text, &use.call, &result, &error)
               ? result
               : cl_error_take(error);
}

DWORD cl_acting_remove(ClKind kind, gconstpointer handle)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, kind, handle, CL_ACCESS_ALL, &error)) {
        return cl_error_take(error);
    }
    if (use.backend->remove == NULL) {
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
    return use.backend->remove(use.connection, use.object, &use.call, &error)
               ? ERROR_SUCCESS
               : cl_error_take(error);
}

static gpointer create(ClKind handle_kind, gconstpointer handle, LPCWSTR name, ClNewObject *what,
                       GError **error)
{
    g_autofree char *text = NULL;
    ClObject *object;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, handle_kind, handle, CL_ACCESS_ALL, error) ||
        !cl_text_from_wide(name, &text, error)) {
        return NULL;
    }
    if (use.backend->create == NULL) {
        cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster cannot create objects");
        return NULL;
    }
    what->parent = use.object;
    what->name = text;
    if (!use.backend->create(use.connection, what, &use.call, &object, error)) {
        return NULL;
    }
    return cl_object_publish(&use, what->kind, object, CL_ACCESS_ALL, error);
}

gpointer cl_acting_create(ClKind handle_kind, gconstpointer handle, LPCWSTR name, ClNewObject what)
{
    GError *error = NULL;
    gpointer made = create(handle_kind, handle, name, &what, &error);
    if (made == NULL) {
        cl_error_raise(error);
    }
    return made;
}
