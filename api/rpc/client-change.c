/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * create(), remove() and rename().
 */
#include "client.h"

#include <string.h>

/* --- Creating ----------------------------------------------------------------------------------- */

static gboolean create_group(ClRemote *remote, const ClNewObject *what, ClContextHandle *ret_handle,
                             GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateGroupEx);
    g_auto(ClMethodCall) plain = CL_METHOD(CreateGroup);
    g_autoptr(GError) failed = NULL;
    cl_method_put_text(&method, 0, what->name);
    method.values[1].rows = cl_ndr_rows_new(&cl_ndr_group_info);
    ClNdrValue *info = cl_ndr_row_add(method.values[1].rows, &cl_ndr_group_info);
    info[0].number = CLUSTER_CREATE_GROUP_INFO_VERSION;
    info[1].number = what->group_type;
    if (cl_remote_call(remote, &method, &failed)) {
        *ret_handle = method.values[4].handle;
        return TRUE;
    }
    if (what->group_type != ClusGroupTypeUnknown || !cl_is_unknown_method(&failed)) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    cl_method_put_text(&plain, 0, what->name);
    if (!cl_remote_call(remote, &plain, error)) {
        return FALSE;
    }
    *ret_handle = plain.values[3].handle;
    return TRUE;
}

static gboolean create_resource(ClRemote *remote, const ClNewObject *what,
                                ClContextHandle *ret_handle, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateResource);
    cl_method_put_text(&method, 1, what->name);
    cl_method_put_text(&method, 2, what->type);
    method.values[3].number = what->flags;
    if (!cl_remote_call_on(remote, what->parent, &method, error)) {
        return FALSE;
    }
    *ret_handle = method.values[6].handle;
    return TRUE;
}

static gboolean create_set(ClRemote *remote, const ClNewObject *what, ClContextHandle *ret_handle,
                           GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateGroupSet);
    cl_method_put_text(&method, 0, what->name);
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    *ret_handle = method.values[3].handle;
    return TRUE;
}

static const ClProperty *find(const ClNewObject *what, const char *name,
                              CLUSTER_PROPERTY_FORMAT format)
{
    const ClProperty *property =
        what->properties ? cl_properties_find(what->properties, name) : NULL;
    return property && property->format == format ? property : NULL;
}

static void put_property(ClMethodCall *method, guint index, const ClNewObject *what,
                         const char *name)
{
    const ClProperty *text = find(what, name, CLUSPROP_FORMAT_SZ);
    const ClProperty *number = find(what, name, CLUSPROP_FORMAT_DWORD);
    if (text) {
        cl_method_put_text(method, index, text->text);
    }
    method->values[index].number = number ? number->number : 0;
}

static gboolean create_type(ClRemote *remote, const ClNewObject *what, ClContextHandle *ret_handle,
                            GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateResourceType);
    cl_method_put_text(&method, 0, what->name);
    put_property(&method, 1, what, "Name");
    put_property(&method, 2, what, "DllName");
    put_property(&method, 3, what, "LooksAlivePollInterval");
    put_property(&method, 4, what, "IsAlivePollInterval");
    memset(ret_handle, 0, sizeof *ret_handle);
    return cl_remote_call(remote, &method, error);
}

static void put_security(ClMethodCall *method, guint index, GBytes *security)
{
    if (!security) {
        return;
    }
    method->values[index].rows = cl_ndr_rows_new(&cl_ndr_attributes);
    ClNdrValue *attributes = cl_ndr_row_add(method->values[index].rows, &cl_ndr_attributes);
    attributes[1].rows = cl_ndr_rows_new(&cl_ndr_security);
    ClNdrValue *descriptor = cl_ndr_row_add(attributes[1].rows, &cl_ndr_security);
    gsize size = g_bytes_get_size(security);
    descriptor[0].bytes = g_bytes_ref(security);
    descriptor[1].number = size;
    descriptor[2].number = size;
    /* Of the structure on the wire: a size, a pointer and two sizes, and whether it is inherited. */
    attributes[0].number = 24;
}

/* The method opens what is there already. */
static gboolean create_key(ClRemote *remote, const ClNewObject *what, ClContextHandle *ret_handle,
                           GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(CreateKey);
    cl_method_put_text(&method, 1, what->name);
    method.values[2].number = REG_OPTION_NON_VOLATILE;
    method.values[3].number = KEY_ALL_ACCESS;
    put_security(&method, 4, what->security);
    if (!cl_remote_call_on(remote, what->parent, &method, error)) {
        return FALSE;
    }
    if (method.values[5].number == REG_OPENED_EXISTING_KEY) {
        cl_remote_close_handle(remote, CL_KIND_KEY, &method.values[8].handle);
        return cl_fail(error, ERROR_OBJECT_ALREADY_EXISTS, "the key is there");
    }
    *ret_handle = method.values[8].handle;
    return TRUE;
}

static gboolean create_handle(ClRemote *remote, const ClNewObject *what,
                              ClContextHandle *ret_handle, GError **error)
{
    switch (what->kind) {
    case CL_KIND_GROUP:
        return create_group(remote, what, ret_handle, error);
    case CL_KIND_RESOURCE:
        return create_resource(remote, what, ret_handle, error);
    case CL_KIND_RESOURCE_TYPE:
        return create_type(remote, what, ret_handle, error);
    case CL_KIND_GROUPSET:
        return create_set(remote, what, ret_handle, error);
    case CL_KIND_KEY:
        return create_key(remote, what, ret_handle, error);
    default:
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method creates that");
    }
}

/* A key is named by its path. */
static char *name_of(ClRemote *remote, const ClNewObject *what)
{
    if (what->kind != CL_KIND_KEY) {
        return g_strdup(what->name);
    }
    g_autofree char *parent = cl_remote_name(remote->connection, what->parent);
    return *parent == '\0'       ? g_strdup(what->name)
           : *what->name == '\0' ? g_steal_pointer(&parent)
                                 : g_strconcat(parent, "\\", what->name, NULL);
}

typedef struct {
    const ClNewObject *what;
    ClObject *object;
} Creation;

/* What was made is there also if its id is not told any more. */
static gboolean create_once(ClRemote *remote, gpointer data, GError **error)
{
    Creation *creation = data;
    ClContextHandle handle;
    if (!create_handle(remote, creation->what, &handle, error)) {
        return FALSE;
    }
    g_autofree char *name = name_of(remote, creation->what);
    creation->object =
        cl_remote_object_new(remote, creation->what->kind, name, CL_ACCESS_ALL, &handle);
    (void)cl_remote_ask_id(remote, creation->object, &creation->object->id, NULL);
    return TRUE;
}

gboolean cl_remote_create(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                          ClObject **ret_object, GError **error)
{
    Creation creation = {what, NULL};
    if (!cl_remote_run(connection, call, create_once, &creation, error)) {
        return FALSE;
    }
    *ret_object = creation.object;
    return TRUE;
}

/* --- Removing ----------------------------------------------------------------------------------- */

static gboolean remove_type(ClRemote *remote, const ClObject *object, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(DeleteResourceType);
    g_autofree char *name = cl_remote_name(remote->connection, object);
    cl_method_put_text(&method, 0, name);
    return cl_remote_call(remote, &method, error);
}

static gboolean remove_key(ClRemote *remote, const ClObject *object, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(DeleteKey);
    g_autofree char *path = cl_remote_name(remote->connection, object);
    if (*path == '\0') {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the root stays");
    }
    cl_method_put_text(&method, 1, path);
    return cl_remote_root(remote, &method.values[0].handle, error) &&
           cl_remote_call(remote, &method, error);
}

static gboolean remove_once(ClRemote *remote, gpointer data, GError **error)
{
    const ClObject *object = data;
    g_auto(ClMethodCall) method = {0};
    switch (cl_remote_kind(object)) {
    case CL_KIND_GROUP:
        method.opnum = CL_OP_DeleteGroup;
        break;
    case CL_KIND_RESOURCE:
        method.opnum = CL_OP_DeleteResource;
        break;
    case CL_KIND_GROUPSET:
        method.opnum = CL_OP_DeleteGroupSet;
        break;
    case CL_KIND_RESOURCE_TYPE:
        return remove_type(remote, object, error);
    case CL_KIND_KEY:
        return remove_key(remote, object, error);
    default:
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method removes that");
    }
    return cl_remote_call_on(remote, object, &method, error);
}

gboolean cl_remote_remove(ClConnection *connection, const ClObject *object, const ClCall *call,
                          GError **error)
{
    return cl_remote_run(connection, call, remove_once, (gpointer)object, error);
}

/* --- Renaming ----------------------------------------------------------------------------------- */

typedef struct {
    const ClObject *object;
    const char *name;
    guint32 result;
} Renaming;

static gboolean rename_cluster(ClRemote *remote, Renaming *renaming, GError **error)
{
    g_auto(ClMethodCall) method = CL_METHOD(SetClusterName);
    cl_method_put_text(&method, 0, renaming->name);
    if (!cl_remote_call(remote, &method, error)) {
        return FALSE;
    }
    renaming->result = method.result;
    return TRUE;
}

static gboolean rename_once(ClRemote *remote, gpointer data, GError **error)
{
    Renaming *renaming = data;
    g_auto(ClMethodCall) method = {0};
    switch (cl_remote_kind(renaming->object)) {
    case CL_KIND_CLUSTER:
        return rename_cluster(remote, renaming, error);
    case CL_KIND_GROUP:
        method.opnum = CL_OP_SetGroupName;
        break;
    case CL_KIND_RESOURCE:
        method.opnum = CL_OP_SetResourceName;
        break;
    case CL_KIND_NETWORK:
        method.opnum = CL_OP_SetNetworkName;
        break;
    default:
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no method renames that");
    }
    cl_method_put_text(&method, 1, renaming->name);
    if (!cl_remote_call_on(remote, renaming->object, &method, error)) {
        return FALSE;
    }
    cl_remote_set_name(remote->connection, renaming->object, renaming->name);
    renaming->result = method.result;
    return TRUE;
}

gboolean cl_remote_rename(ClConnection *connection, const ClObject *object, const char *name,
                          const ClCall *call, guint32 *ret_result, GError **error)
{
    Renaming renaming = {object, name, ERROR_SUCCESS};
    if (!cl_remote_run(connection, call, rename_once, &renaming, error)) {
        return FALSE;
    }
    *ret_result = renaming.result;
    return TRUE;
}
