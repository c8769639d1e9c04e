/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of values of the cluster database, of what a key holds, and of its security.
 * What an enumeration found is kept with the open key under one lock, which is held for no longer
 * than it takes to look.
 */
#include "registry.h"

#include "acting.h"
#include "security-descriptor.h"
#include "text.h"

#include <string.h>

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
    /* Before it is copied. */
    if (size > CL_REGISTRY_DATA_MAX) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "more data than a value can have");
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

static pthread_mutex_t lists = PTHREAD_MUTEX_INITIALIZER;

/* What an enumeration found, while its index grows; else NULL (transfer full). */
static GPtrArray *take_kept(const ClKeyList *list, DWORD index)
{
    GPtrArray *found = NULL;
    pthread_mutex_lock(&lists);
    if (list->replies != NULL && index > 0 && index >= list->index) {
        found = g_ptr_array_ref(list->replies);
    }
    pthread_mutex_unlock(&lists);
    return found;
}

/* Beyond the end nothing is kept any more. */
static void keep(ClKeyList *list, DWORD index, GPtrArray *replies)
{
    GPtrArray *former;
    pthread_mutex_lock(&lists);
    former = list->replies;
    list->replies = index < replies->len ? g_ptr_array_ref(replies) : NULL;
    list->index = index;
    pthread_mutex_unlock(&lists);
    g_clear_pointer(&former, g_ptr_array_unref);
}

/* Who asks for an entry again that was given whole has deleted it perhaps, and must not see it
 * again. */
static void pass(HKEY key, ClRegistryRequest request, DWORD index, const GPtrArray *replies)
{
    ClOpenObject *opened = cl_handle_acquire(CL_HANDLE_KEY, key);
    if (opened == NULL) {
        return;
    }
    ClKeyList *list = &opened->lists[request == CL_REGISTRY_ENUM_VALUES];
    pthread_mutex_lock(&lists);
    if (list->replies == replies && list->index <= index) {
        list->index = index + 1;
    }
    pthread_mutex_unlock(&lists);
    cl_handle_release(key);
}

static gboolean list_anew(HKEY key, ClRegistryRequest request, GPtrArray **ret_replies,
                          GError **error)
{
    ClRegistryWork work = {.request = request};
    return cl_key_work(key, CL_ACCESS_READ, &work, ret_replies, NULL, error);
}

/* Entries are numbered in the list that there was when the first one was asked for. */
static DWORD list(HKEY key, ClRegistryRequest request, DWORD index, GPtrArray **ret_replies)
{
    GError *error = NULL;
    ClOpenObject *opened = cl_handle_acquire(CL_HANDLE_KEY, key);
    if (opened == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    ClKeyList *kept = &opened->lists[request == CL_REGISTRY_ENUM_VALUES];
    g_autoptr(GPtrArray) replies = take_kept(kept, index);
    gboolean found = replies != NULL || list_anew(key, request, &replies, &error);
    if (found) {
        keep(kept, index, replies);
    }
    cl_handle_release(key);
    if (!found) {
        return cl_error_take(error);
    }
    *ret_replies = g_steal_pointer(&replies);
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
    if (code == ERROR_SUCCESS && lpszName != NULL) {
        pass(hKey, CL_REGISTRY_ENUM_KEYS, dwIndex, replies);
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
    code = code != ERROR_SUCCESS ? code : of_data;
    if (code == ERROR_SUCCESS && lpszValueName != NULL && (lpData != NULL || lpcbData == NULL)) {
        pass(hKey, CL_REGISTRY_ENUM_VALUES, dwIndex, replies);
    }
    return code;
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
    return (LONG)cl_acting_run(CL_KIND_CLUSTER, hCluster,
                               &(ClActing){.verb = CL_ACT_SYNC_DATABASE,
                                           .reads = TRUE,
                                           .flags = flags,
                                           .known_flags = G_MAXUINT32});
}

/* --- Security --------------------------------------------------------------------------------- */

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
    const ClRegistryCommand *reply = replies->len == 1 ? replies->pdata[0] : NULL;
    if (reply == NULL || reply->data == NULL) {
        return ERROR_INVALID_DATA;
    }
    gsize size;
    const void *data = g_bytes_get_data(reply->data, &size);
    return (LONG)cl_bytes_copy_out(data, size, pSecurityDescriptor, *lpcbSecurityDescriptor,
                                   lpcbSecurityDescriptor);
}

/* A caller's descriptor has no size of its own: it is followed as far as its parts say. */
LONG ClusterRegSetKeySecurity(HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                              PSECURITY_DESCRIPTOR pSecurityDescriptor)
{
    g_autoptr(GBytes) security =
        pSecurityDescriptor != NULL ? cl_security_take(pSecurityDescriptor, CL_SECURITY_MAX) : NULL;
    if (security == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    ClRegistryCommand command = {.command = CLUSREG_SET_KEY_SECURITY,
                                 .key = "",
                                 .value = "",
                                 .type = SecurityInformation,
                                 .data = security};
    return (LONG)execute(hKey, &command, 1);
}
