/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of keys and values of the cluster database.
 */
#include "registry.h"

#include "acting.h"
#include "text.h"

#include <string.h>

/* --- Opening ---------------------------------------------------------------------------------- */

#define CHANGING                                                                                   \
    (KEY_SET_VALUE | KEY_CREATE_SUB_KEY | (DWORD)GENERIC_WRITE | (DWORD)GENERIC_ALL |              \
     CLUSAPI_CHANGE_ACCESS)

static ClAccess access_of(REGSAM wanted)
{
    if ((wanted & MAXIMUM_ALLOWED) != 0) {
        return CL_ACCESS_MAXIMUM;
    }
    return (wanted & CHANGING) != 0 ? CL_ACCESS_ALL : CL_ACCESS_READ;
}

static HKEY open_path(const ClUse *use, const char *path, REGSAM wanted, GError **error)
{
    ClObject *key;
    ClAccess granted;
    ClAccess access = access_of(wanted);
    if (access == CL_ACCESS_ALL && use->granted != CL_ACCESS_ALL) {
        cl_fail(error, ERROR_ACCESS_DENIED, "the handle was opened for reading only");
        return NULL;
    }
    if (access == CL_ACCESS_MAXIMUM) {
        access = use->granted;
    }
    if (!use->backend->open(use->connection, CL_KIND_KEY, path, access, &use->call, &key, &granted,
                            error)) {
        return NULL;
    }
    return cl_object_publish(use, CL_KIND_KEY, key, granted, error);
}

/* The key of an object, by its id. */
static HKEY open_object_key(ClKind kind, gconstpointer handle, const char *kind_key, REGSAM wanted)
{
    GError *error = NULL;
    HKEY key = NULL;
    g_auto(ClFacts) facts = {0};
    g_auto(ClUse) use = CL_USE_INIT;
    if (cl_use_begin(&use, kind, handle, CL_ACCESS_READ, &error) &&
        use.backend->query(use.connection, use.object, CL_FACT_ID, &use.call, &facts, &error)) {
        g_autofree char *path = g_strconcat(kind_key, "\\", facts.id, NULL);
        key = open_path(&use, path, wanted, &error);
    }
    if (key == NULL) {
        cl_error_raise(error);
    }
    return key;
}

HKEY GetClusterKey(HCLUSTER hCluster, REGSAM samDesired)
{
    GError *error = NULL;
    HKEY key = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_READ, &error)) {
        key = open_path(&use, "", samDesired, &error);
    }
    if (key == NULL) {
        cl_error_raise(error);
    }
    return key;
}

HKEY GetClusterGroupKey(HGROUP hGroup, REGSAM samDesired)
{
    return open_object_key(CL_KIND_GROUP, hGroup, "Groups", samDesired);
}

HKEY GetClusterNodeKey(HNODE hNode, REGSAM samDesired)
{
    return open_object_key(CL_KIND_NODE, hNode, "Nodes", samDesired);
}

HKEY GetClusterResourceKey(HRESOURCE hResource, REGSAM samDesired)
{
    return open_object_key(CL_KIND_RESOURCE, hResource, "Resources", samDesired);
}

HKEY GetClusterNetworkKey(HNETWORK hNetwork, REGSAM samDesired)
{
    return open_object_key(CL_KIND_NETWORK, hNetwork, "Networks", samDesired);
}

HKEY GetClusterNetInterfaceKey(HNETINTERFACE hNetInterface, REGSAM samDesired)
{
    return open_object_key(CL_KIND_NETINTERFACE, hNetInterface, "NetworkInterfaces", samDesired);
}

HKEY GetClusterResourceTypeKey(HCLUSTER hCluster, LPCWSTR lpszTypeName, REGSAM samDesired)
{
    GError *error = NULL;
    HKEY key = NULL;
    ClObject *type;
    ClAccess granted;
    g_autofree char *name = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_READ, &error) &&
        cl_text_from_wide(lpszTypeName, &name, &error) &&
        use.backend->open(use.connection, CL_KIND_RESOURCE_TYPE, name, CL_ACCESS_READ, &use.call,
                          &type, &granted, &error)) {
        g_autofree char *path = g_strconcat("ResourceTypes\\", name, NULL);
        use.backend->close(use.connection, type);
        key = open_path(&use, path, samDesired, &error);
    }
    if (key == NULL) {
        cl_error_raise(error);
    }
    return key;
}

/* The path of a subkey. */
static gboolean path_of(const ClUse *use, LPCWSTR sub, char **ret_path, GError **error)
{
    g_auto(ClFacts) facts = {0};
    g_autofree char *name = NULL;
    if (!cl_text_from_wide(sub, &name, error) ||
        !use->backend->query(use->connection, use->object, CL_FACT_NAME, &use->call, &facts,
                             error)) {
        return FALSE;
    }
    if (name[0] == '\\') {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "a path that begins with a backslash");
    }
    *ret_path = name[0] == '\0'         ? g_strdup(facts.name)
                : facts.name[0] == '\0' ? g_strdup(name)
                                        : g_strconcat(facts.name, "\\", name, NULL);
    return TRUE;
}

LONG ClusterRegOpenKey(HKEY hKey, LPCWSTR lpszSubKey, REGSAM samDesired, PHKEY phkResult)
{
    GError *error = NULL;
    HKEY key = NULL;
    g_autofree char *path = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (phkResult == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (cl_use_begin(&use, CL_KIND_KEY, hKey, CL_ACCESS_READ, &error) &&
        path_of(&use, lpszSubKey, &path, &error)) {
        key = open_path(&use, path, samDesired, &error);
    }
    if (key == NULL) {
        return (LONG)cl_error_take(error);
    }
    *phkResult = key;
    return ERROR_SUCCESS;
}

static gboolean take_security(const SECURITY_ATTRIBUTES *attributes, GBytes **ret_security,
                              GError **error);

/* Creates it, or finds that it is there. */
static gboolean create_key(const ClUse *use, LPCWSTR sub, GBytes *security, DWORD *ret_disposition,
                           GError **error)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) failure = NULL;
    ClObject *made;
    if (!cl_text_from_wide(sub, &name, error)) {
        return FALSE;
    }
    if (use->backend->create == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no keys can be created");
    }
    ClNewObject what = {
        .kind = CL_KIND_KEY, .parent = use->object, .name = name, .security = security};
    if (use->backend->create(use->connection, &what, &use->call, &made, &failure)) {
        use->backend->close(use->connection, made);
        *ret_disposition = REG_CREATED_NEW_KEY;
        return TRUE;
    }
    if (g_error_matches(failure, CL_ERROR, ERROR_OBJECT_ALREADY_EXISTS)) {
        *ret_disposition = REG_OPENED_EXISTING_KEY;
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

LONG ClusterRegCreateKey(HKEY hKey, LPCWSTR lpszSubKey, DWORD dwOptions, REGSAM samDesired,
                         LPSECURITY_ATTRIBUTES lpSecurityAttributes, PHKEY phkResult,
                         LPDWORD lpdwDisposition)
{
    GError *error = NULL;
    HKEY key = NULL;
    DWORD disposition = 0;
    g_autofree char *path = NULL;
    g_autoptr(GBytes) security = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (phkResult == NULL || dwOptions != REG_OPTION_NON_VOLATILE) {
        return ERROR_INVALID_PARAMETER;
    }
    if (cl_use_begin(&use, CL_KIND_KEY, hKey, CL_ACCESS_ALL, &error) &&
        take_security(lpSecurityAttributes, &security, &error) &&
        path_of(&use, lpszSubKey, &path, &error) &&
        create_key(&use, lpszSubKey, security, &disposition, &error)) {
        key = open_path(&use, path, samDesired, &error);
    }
    if (key == NULL) {
        return (LONG)cl_error_take(error);
    }
    *phkResult = key;
    if (lpdwDisposition != NULL) {
        *lpdwDisposition = disposition;
    }
    return ERROR_SUCCESS;
}

LONG ClusterRegCloseKey(HKEY hKey)
{
    return cl_child_close(CL_HANDLE_KEY, hKey) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

LONG ClusterRegDeleteKey(HKEY hKey, LPCWSTR lpszSubKey)
{
    GError *error = NULL;
    ClObject *key = NULL;
    ClAccess granted;
    g_autofree char *path = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, CL_KIND_KEY, hKey, CL_ACCESS_ALL, &error) ||
        !path_of(&use, lpszSubKey, &path, &error) ||
        !use.backend->open(use.connection, CL_KIND_KEY, path, CL_ACCESS_ALL, &use.call, &key,
                           &granted, &error)) {
        return (LONG)cl_error_take(error);
    }
    gboolean removed =
        use.backend->remove != NULL && use.backend->remove(use.connection, key, &use.call, &error);
    use.backend->close(use.connection, key);
    return removed ? ERROR_SUCCESS : (LONG)cl_error_take(error);
}

/* --- Work ------------------------------------------------------------------------------------- */

gboolean cl_key_work(HKEY key, ClAccess needed, const ClRegistryWork *work, GPtrArray **ret_replies,
                     gint *ret_failed, GError **error)
{
    g_autoptr(GPtrArray) replies = NULL;
    gint failed = -1;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, CL_KIND_KEY, key, needed, error)) {
        return FALSE;
    }
    if (use.backend->registry == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster has no database");
    }
    gboolean done = use.backend->registry(use.connection, use.object, work, &use.call, &replies,
                                          &failed, error);
    if (ret_failed != NULL) {
        *ret_failed = failed;
    }
    if (done && ret_replies != NULL) {
        *ret_replies = g_steal_pointer(&replies);
    }
    return done;
}

gboolean cl_key_command(CLUSTER_REG_COMMAND command, const char *key, LPCWSTR value, DWORD type,
                        const void *data, DWORD size, ClRegistryCommand *ret_command,
                        GError **error)
{
    g_autofree char *name = NULL;
    if (data == NULL && size > 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "data of a size is NULL");
    }
    if (value == NULL) {
        name = g_strdup("");
    } else if (!cl_text_from_wide(value, &name, error)) {
        return FALSE;
    }
    *ret_command = (ClRegistryCommand){.command = command,
                                       .key = g_strdup(key),
                                       .value = g_steal_pointer(&name),
                                       .type = type,
                                       .data = g_bytes_new(data, size)};
    return TRUE;
}

void cl_key_command_clear(ClRegistryCommand *command)
{
    g_free((gpointer)command->key);
    g_free((gpointer)command->value);
    g_clear_pointer(&command->data, g_bytes_unref);
}

static DWORD execute(HKEY key, ClRegistryCommand *commands, gsize n)
{
    GError *error = NULL;
    ClRegistryWork work = {.request = CL_REGISTRY_EXECUTE, .commands = commands, .n_commands = n};
    return cl_key_work(key, CL_ACCESS_ALL, &work, NULL, NULL, &error) ? ERROR_SUCCESS
                                                                      : cl_error_take(error);
}

/* --- Values ----------------------------------------------------------------------------------- */

DWORD ClusterRegSetValue(HKEY hKey, LPCWSTR lpszValueName, DWORD dwType, CONST BYTE *lpData,
                         DWORD cbData)
{
    GError *error = NULL;
    ClRegistryCommand command = {0};
    if (!cl_key_command(CLUSREG_SET_VALUE, "", lpszValueName, dwType, lpData, cbData, &command,
                        &error)) {
        return cl_error_take(error);
    }
    DWORD code = execute(hKey, &command, 1);
    cl_key_command_clear(&command);
    return code;
}

/* A missing value is an error here, though not in a batch. */
DWORD ClusterRegDeleteValue(HKEY hKey, LPCWSTR lpszValueName)
{
    GError *error = NULL;
    ClRegistryCommand commands[2] = {0};
    if (!cl_key_command(CLUSREG_CONDITION_EXISTS, "", lpszValueName, 0, NULL, 0, &commands[0],
                        &error) ||
        !cl_key_command(CLUSREG_DELETE_VALUE, "", lpszValueName, 0, NULL, 0, &commands[1],
                        &error)) {
        cl_key_command_clear(&commands[0]);
        return cl_error_take(error);
    }
    DWORD code = execute(hKey, commands, 2);
    cl_key_command_clear(&commands[0]);
    cl_key_command_clear(&commands[1]);
    return code == ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED ? ERROR_FILE_NOT_FOUND : code;
}

/* Type and data of a reply to a caller's buffers. */
static DWORD copy_value(const ClRegistryCommand *reply, LPDWORD type, LPBYTE data, LPDWORD size)
{
    gsize length = 0;
    const void *bytes = reply->data != NULL ? g_bytes_get_data(reply->data, &length) : NULL;
    DWORD code = ERROR_SUCCESS;
    if (data != NULL && size == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (data == NULL && size != NULL) {
        *size = (DWORD)length;
    } else if (size != NULL) {
        code = cl_bytes_copy_out(bytes, length, data, *size, size);
    }
    if (type != NULL && (code == ERROR_SUCCESS || code == ERROR_MORE_DATA)) {
        *type = reply->type;
    }
    return code;
}

LONG ClusterRegQueryValue(HKEY hKey, LPCWSTR lpszValueName, LPDWORD lpdwValueType, LPBYTE lpData,
                          LPDWORD lpcbData)
{
    GError *error = NULL;
    ClRegistryCommand command = {0};
    g_autoptr(GPtrArray) replies = NULL;
    if (!cl_key_command(CLUSREG_READ_VALUE, "", lpszValueName, 0, NULL, 0, &command, &error)) {
        return (LONG)cl_error_take(error);
    }
    ClRegistryWork work = {.request = CL_REGISTRY_READ, .commands = &command, .n_commands = 1};
    gboolean done = cl_key_work(hKey, CL_ACCESS_READ, &work, &replies, NULL, &error);
    cl_key_command_clear(&command);
    if (!done) {
        return (LONG)cl_error_take(error);
    }
    if (replies->len != 1) {
        return ERROR_INVALID_DATA;
    }
    const ClRegistryCommand *reply = replies->pdata[0];
    return reply->command == CLUSREG_READ_ERROR
               ? (LONG)reply->type
               : (LONG)copy_value(reply, lpdwValueType, lpData, lpcbData);
}

static DWORD list(HKEY key, ClRegistryRequest request, DWORD index, GPtrArray **ret_replies)
{
    GError *error = NULL;
    ClRegistryWork work = {.request = request};
    if (!cl_key_work(key, CL_ACCESS_READ, &work, ret_replies, NULL, &error)) {
        return cl_error_take(error);
    }
    return index < (*ret_replies)->len ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static void put_time(guint64 time, PFILETIME filetime)
{
    if (filetime != NULL) {
        filetime->dwLowDateTime = (DWORD)time;
        filetime->dwHighDateTime = (DWORD)(time >> 32);
    }
}

LONG ClusterRegEnumKey(HKEY hKey, DWORD dwIndex, LPWSTR lpszName, LPDWORD lpcchName,
                       PFILETIME lpftLastWriteTime)
{
    g_autoptr(GPtrArray) replies = NULL;
    DWORD code = list(hKey, CL_REGISTRY_ENUM_KEYS, dwIndex, &replies);
    if (code != ERROR_SUCCESS) {
        return (LONG)code;
    }
    const ClRegistryCommand *reply = replies->pdata[dwIndex];
    if (lpcchName == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    code = cl_text_copy_out(reply->key, lpszName, lpcchName);
    if (code == ERROR_SUCCESS) {
        put_time(reply->write_time, lpftLastWriteTime);
    }
    return (LONG)code;
}

DWORD ClusterRegEnumValue(HKEY hKey, DWORD dwIndex, LPWSTR lpszValueName, LPDWORD lpcchValueName,
                          LPDWORD lpdwType, LPBYTE lpData, LPDWORD lpcbData)
{
    g_autoptr(GPtrArray) replies = NULL;
    DWORD code = list(hKey, CL_REGISTRY_ENUM_VALUES, dwIndex, &replies);
    if (code != ERROR_SUCCESS) {
        return code;
    }
    const ClRegistryCommand *reply = replies->pdata[dwIndex];
    if (lpcchValueName == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    code = cl_text_copy_out(reply->value, lpszValueName, lpcchValueName);
    DWORD of_data = copy_value(reply, lpdwType, lpData, lpcbData);
    return code != ERROR_SUCCESS ? code : of_data;
}

static void put(LPDWORD place, guint32 value)
{
    if (place != NULL) {
        *place = value;
    }
}

LONG ClusterRegQueryInfoKey(HKEY hKey, LPDWORD lpcSubKeys, LPDWORD lpcchMaxSubKeyLen,
                            LPDWORD lpcValues, LPDWORD lpcchMaxValueNameLen,
                            LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
                            PFILETIME lpftLastWriteTime)
{
    GError *error = NULL;
    g_auto(ClFacts) facts = {0};
    if (!cl_object_query(CL_KIND_KEY, hKey, CL_FACT_KEY, &facts, &error)) {
        return (LONG)cl_error_take(error);
    }
    put(lpcSubKeys, facts.key.n_subkeys);
    put(lpcchMaxSubKeyLen, facts.key.longest_subkey);
    put(lpcValues, facts.key.n_values);
    put(lpcchMaxValueNameLen, facts.key.longest_value);
    put(lpcbMaxValueLen, facts.key.largest_value);
    put(lpcbSecurityDescriptor, facts.key.security_size);
    put_time(facts.key.write_time, lpftLastWriteTime);
    return ERROR_SUCCESS;
}

LONG ClusterRegSyncDatabase(HCLUSTER hCluster, DWORD flags)
{
    return (LONG)cl_acting_run(
        CL_KIND_CLUSTER, hCluster,
        &(ClActing){.verb = CL_ACT_SYNC_DATABASE, .flags = flags, .known_flags = G_MAXUINT32});
}

/* --- Security --------------------------------------------------------------------------------- */

#define SECURITY_MAX      65536
#define SE_SELF_RELATIVE_ 0x8000

/* The size of a SID at @offset; 0 if it does not lie within. */
static gsize sid_size(const guint8 *data, gsize size, gsize offset)
{
    gsize needed;
    if (offset + 8 > size || data[offset] != 1 || data[offset + 1] > 15) {
        return 0;
    }
    needed = 8 + 4 * (gsize)data[offset + 1];
    return offset + needed <= size ? needed : 0;
}

static gboolean is_acl(const guint8 *data, gsize size, gsize offset)
{
    guint16 length, count;
    gsize at = offset + 8;
    if (offset + 8 > size) {
        return FALSE;
    }
    memcpy(&length, data + offset + 2, 2);
    memcpy(&count, data + offset + 4, 2);
    if (length < 8 || offset + length > size) {
        return FALSE;
    }
    for (guint16 i = 0; i < count; i++) {
        guint16 ace;
        if (at + 4 > offset + length) {
            return FALSE;
        }
        memcpy(&ace, data + at + 2, 2);
        if (ace < 8 || at + ace > offset + length) {
            return FALSE;
        }
        at += ace;
    }
    return TRUE;
}

/* The length of a self-relative security descriptor, from its parts; 0 if it is none. @size is what
 * may be looked at. */
static gsize descriptor_size(const guint8 *data, gsize size)
{
    guint16 control;
    guint32 offsets[4];
    gsize end = 20;
    if (size < 20 || data[0] != 1) {
        return 0;
    }
    memcpy(&control, data + 2, 2);
    memcpy(offsets, data + 4, sizeof offsets);
    if ((control & SE_SELF_RELATIVE_) == 0) {
        return 0;
    }
    for (gsize i = 0; i < 4; i++) {
        guint16 acl = 0;
        gsize part;
        if (offsets[i] == 0) {
            continue;
        }
        if (offsets[i] < 20 || offsets[i] > SECURITY_MAX || offsets[i] + 8 > size) {
            return 0;
        }
        if (i < 2) {
            part = sid_size(data, size, offsets[i]);
        } else {
            memcpy(&acl, data + offsets[i] + 2, 2);
            part = is_acl(data, size, offsets[i]) ? acl : 0;
        }
        if (part == 0) {
            return 0;
        }
        end = MAX(end, offsets[i] + part);
    }
    return end;
}

/* A caller's descriptor has no size of its own: it is followed as far as its parts say. */
static gboolean take_descriptor(const void *descriptor, GBytes **ret_security, GError **error)
{
    gsize size = descriptor != NULL ? descriptor_size(descriptor, SECURITY_MAX) : 0;
    if (size == 0) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no self-relative security descriptor");
    }
    *ret_security = g_bytes_new(descriptor, size);
    return TRUE;
}

static gboolean take_security(const SECURITY_ATTRIBUTES *attributes, GBytes **ret_security,
                              GError **error)
{
    if (attributes == NULL || attributes->lpSecurityDescriptor == NULL) {
        return TRUE;
    }
    if (!take_descriptor(attributes->lpSecurityDescriptor, ret_security, NULL)) {
        return cl_fail(error, ERROR_INVALID_SECURITY_DESCR, "no self-relative security descriptor");
    }
    return TRUE;
}

LONG ClusterRegGetKeySecurity(HKEY hKey, SECURITY_INFORMATION RequestedInformation,
                              PSECURITY_DESCRIPTOR pSecurityDescriptor,
                              LPDWORD lpcbSecurityDescriptor)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) replies = NULL;
    ClRegistryCommand command = {
        .command = CLUSREG_SET_KEY_SECURITY, .key = "", .value = "", .type = RequestedInformation};
    ClRegistryWork work = {
        .request = CL_REGISTRY_GET_SECURITY, .commands = &command, .n_commands = 1};
    if (lpcbSecurityDescriptor == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    if (!cl_key_work(hKey, CL_ACCESS_READ, &work, &replies, NULL, &error)) {
        return (LONG)cl_error_take(error);
    }
    const ClRegistryCommand *reply = replies->pdata[0];
    gsize size;
    const void *data = g_bytes_get_data(reply->data, &size);
    return (LONG)cl_bytes_copy_out(data, size, pSecurityDescriptor, *lpcbSecurityDescriptor,
                                   lpcbSecurityDescriptor);
}

LONG ClusterRegSetKeySecurity(HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                              PSECURITY_DESCRIPTOR pSecurityDescriptor)
{
    GError *error = NULL;
    g_autoptr(GBytes) security = NULL;
    if (!take_descriptor(pSecurityDescriptor, &security, &error)) {
        return (LONG)cl_error_take(error);
    }
    ClRegistryCommand command = {.command = CLUSREG_SET_KEY_SECURITY,
                                 .key = "",
                                 .value = "",
                                 .type = SecurityInformation,
                                 .data = security};
    return (LONG)execute(hKey, &command, 1);
}
