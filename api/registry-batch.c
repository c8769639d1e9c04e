/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of batches and read batches: commands are collected here and go to the back
 * end as one. A batch belongs to the instance of the cluster that its key came from.
 */
#include "registry.h"

#include "text.h"

/* A batch or a read batch. */
typedef struct {
    ClChild child;
    HKEY key;
    pthread_mutex_t lock;
    GArray *commands; /* ClRegistryCommand */
    gsize size;       /* of them all */
    char *cursor;     /* relative to the key; NULL: cleared */
} Batch;

static void clear_command(gpointer data)
{
    cl_key_command_clear(data);
}

static void batch_free(gpointer data)
{
    Batch *batch = data;
    cl_child_detach(&batch->child);
    g_array_unref(batch->commands);
    g_free(batch->cursor);
    pthread_mutex_destroy(&batch->lock);
    g_free(batch);
}

static gpointer new_batch(HKEY key, ClHandleType type, ClAccess needed, GError **error)
{
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, CL_KIND_KEY, key, needed, error)) {
        return NULL;
    }
    Batch *batch = g_new0(Batch, 1);
    batch->key = key;
    batch->commands = g_array_new(FALSE, TRUE, sizeof(ClRegistryCommand));
    g_array_set_clear_func(batch->commands, clear_command);
    batch->cursor = g_strdup("");
    pthread_mutex_init(&batch->lock, NULL);
    return cl_child_publish(use.cluster, type, &batch->child, batch_free, error);
}

LONG ClusterRegCreateBatch(HKEY hKey, HREGBATCH *pHREGBATCH)
{
    GError *error = NULL;
    if (pHREGBATCH == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    HREGBATCH batch = new_batch(hKey, CL_HANDLE_REG_BATCH, CL_ACCESS_ALL, &error);
    if (batch == NULL) {
        return (LONG)cl_error_take(error);
    }
    *pHREGBATCH = batch;
    return ERROR_SUCCESS;
}

/* Takes the command; what is too large for any batch is refused before it fills the memory. */
static gboolean append(Batch *batch, ClRegistryCommand *command, GError **error)
{
    batch->size += cl_registry_command_size(command);
    if (batch->size > CL_REGISTRY_BATCH_MAX) {
        batch->size -= cl_registry_command_size(command);
        cl_key_command_clear(command);
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the batch is too large");
    }
    g_array_append_vals(batch->commands, command, 1);
    return TRUE;
}

/* Keys are named from the key of the batch on; the last one created is where values are set. */
static gboolean add_key(Batch *batch, CLUSTER_REG_COMMAND what, LPCWSTR wide, GError **error)
{
    ClRegistryCommand command = {0};
    g_autofree char *name = NULL;
    if (!cl_text_from_wide(wide, &name, error) ||
        !cl_key_command(what, name, NULL, 0, NULL, 0, &command, error) ||
        !append(batch, &command, error)) {
        return FALSE;
    }
    g_free(batch->cursor);
    batch->cursor = what == CLUSREG_CREATE_KEY ? g_steal_pointer(&name) : NULL;
    return TRUE;
}

static gboolean add_value(Batch *batch, CLUSTER_REG_COMMAND what, LPCWSTR name, DWORD options,
                          const void *data, DWORD size, GError **error)
{
    ClRegistryCommand command = {0};
    if (batch->cursor == NULL) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "there is no key to act on");
    }
    return cl_key_command(what, batch->cursor, name, options, data, size, &command, error) &&
           append(batch, &command, error);
}

/* A condition on a key names it, one on a value is about the key at hand. */
static gboolean add_condition(Batch *batch, CLUSTER_REG_COMMAND what, LPCWSTR wide, DWORD options,
                              const void *data, DWORD size, GError **error)
{
    ClRegistryCommand command = {0};
    g_autofree char *name = NULL;
    if (what != CLUSREG_CONDITION_KEY_EXISTS && what != CLUSREG_CONDITION_KEY_NOT_EXISTS) {
        return add_value(batch, what, wide, options, data, size, error);
    }
    return cl_text_from_wide(wide, &name, error) &&
           cl_key_command(what, name, NULL, 0, NULL, 0, &command, error) &&
           append(batch, &command, error);
}

static gboolean add_command(Batch *batch, CLUSTER_REG_COMMAND what, LPCWSTR name, DWORD options,
                            const void *data, DWORD size, GError **error)
{
    switch (what) {
    case CLUSREG_CREATE_KEY:
    case CLUSREG_DELETE_KEY:
        return add_key(batch, what, name, error);
    case CLUSREG_SET_VALUE:
    case CLUSREG_DELETE_VALUE:
        return add_value(batch, what, name, options, data, size, error);
    case CLUSREG_CONDITION_EXISTS:
    case CLUSREG_CONDITION_NOT_EXISTS:
    case CLUSREG_CONDITION_IS_EQUAL:
    case CLUSREG_CONDITION_IS_NOT_EQUAL:
    case CLUSREG_CONDITION_IS_GREATER_THAN:
    case CLUSREG_CONDITION_IS_LESS_THAN:
    case CLUSREG_CONDITION_KEY_EXISTS:
    case CLUSREG_CONDITION_KEY_NOT_EXISTS:
        return add_condition(batch, what, name, options, data, size, error);
    default:
        return cl_fail(error, ERROR_INVALID_PARAMETER, "command %d changes nothing", what);
    }
}

LONG ClusterRegBatchAddCommand(HREGBATCH hRegBatch, CLUSTER_REG_COMMAND dwCommand, LPCWSTR wzName,
                               DWORD dwOptions, VOID CONST *lpData, DWORD cbData)
{
    GError *error = NULL;
    Batch *batch = cl_handle_acquire(CL_HANDLE_REG_BATCH, hRegBatch);
    if (batch == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&batch->lock);
    gboolean added = add_command(batch, dwCommand, wzName, dwOptions, lpData, cbData, &error);
    pthread_mutex_unlock(&batch->lock);
    cl_handle_release(hRegBatch);
    return added ? ERROR_SUCCESS : (LONG)cl_error_take(error);
}

LONG ClusterRegCloseBatch(HREGBATCH hRegBatch, BOOL bCommit, INT *failedCommandNumber)
{
    return ClusterRegCloseBatchEx(hRegBatch, bCommit != FALSE, failedCommandNumber);
}

LONG ClusterRegCloseBatchEx(HREGBATCH hRegBatch, DWORD flags, INT *failedCommandNumber)
{
    GError *error = NULL;
    gint failed = -1;
    LONG code = ERROR_SUCCESS;
    Batch *batch = cl_handle_acquire(CL_HANDLE_REG_BATCH, hRegBatch);
    if (batch == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    /* Of two threads that close it only one carries it out. */
    if (!cl_child_close(CL_HANDLE_REG_BATCH, hRegBatch)) {
        cl_handle_release(hRegBatch);
        return ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&batch->lock);
    if ((flags & 1) != 0) {
        ClRegistryWork work = {.request = CL_REGISTRY_EXECUTE,
                               .flags = CL_REGISTRY_BATCH,
                               .commands =
                                   (const ClRegistryCommand *)(gpointer)batch->commands->data,
                               .n_commands = batch->commands->len};
        if (!cl_key_work(batch->key, CL_ACCESS_ALL, &work, NULL, &failed, &error)) {
            code = (LONG)cl_error_take(error);
        }
    }
    pthread_mutex_unlock(&batch->lock);
    cl_handle_release(hRegBatch);
    if (failedCommandNumber != NULL) {
        *failedCommandNumber = failed;
    }
    return code;
}

/* --- Lists of commands ------------------------------------------------------------------------ */

typedef struct {
    ClChild child;
    pthread_mutex_t lock;
    GPtrArray *commands; /* ClRegistryCommand */
    guint next;
    GPtrArray *texts; /* that callers were given */
} List;

static void list_free(gpointer data)
{
    List *list = data;
    cl_child_detach(&list->child);
    g_ptr_array_unref(list->commands);
    g_ptr_array_unref(list->texts);
    pthread_mutex_destroy(&list->lock);
    g_free(list);
}

gpointer cl_commands_publish(ClCluster *cluster, ClHandleType type, GPtrArray *commands,
                             GError **error)
{
    List *list = g_new0(List, 1);
    list->commands = commands;
    list->texts = g_ptr_array_new_with_free_func(g_free);
    pthread_mutex_init(&list->lock, NULL);
    return cl_child_publish(cluster, type, &list->child, list_free, error);
}

static LPCWSTR keep_wide(List *list, const char *text)
{
    WCHAR *wide = g_new0(WCHAR, cl_text_wide_length(text) + 1);
    cl_text_put_wide(text, wide);
    g_ptr_array_add(list->texts, wide);
    return wide;
}

static void show(List *list, const ClRegistryCommand *command, ClListed *ret_listed)
{
    gsize size = 0;
    const void *data = command->data != NULL ? g_bytes_get_data(command->data, &size) : NULL;
    *ret_listed = (ClListed){.command = command,
                             .key = keep_wide(list, command->key),
                             .value = keep_wide(list, command->value),
                             .data = data,
                             .size = (DWORD)size};
}

DWORD cl_commands_next(ClHandleType type, gconstpointer handle, ClListed *ret_listed)
{
    DWORD code = ERROR_NO_MORE_ITEMS;
    List *list = cl_handle_acquire(type, handle);
    if (list == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&list->lock);
    if (list->next < list->commands->len) {
        show(list, list->commands->pdata[list->next++], ret_listed);
        code = ERROR_SUCCESS;
    }
    pthread_mutex_unlock(&list->lock);
    cl_handle_release(handle);
    return code;
}

/* --- Read batches ----------------------------------------------------------------------------- */

LONG ClusterRegCreateReadBatch(HKEY hKey, HREGREADBATCH *phRegReadBatch)
{
    GError *error = NULL;
    if (phRegReadBatch == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    HREGREADBATCH batch = new_batch(hKey, CL_HANDLE_REG_READ_BATCH, CL_ACCESS_READ, &error);
    if (batch == NULL) {
        return (LONG)cl_error_take(error);
    }
    *phRegReadBatch = batch;
    return ERROR_SUCCESS;
}

LONG ClusterRegReadBatchAddCommand(HREGREADBATCH hRegReadBatch, LPCWSTR wzSubkeyName,
                                   LPCWSTR wzValueName)
{
    GError *error = NULL;
    g_autofree char *key = NULL;
    ClRegistryCommand command = {0};
    Batch *batch = cl_handle_acquire(CL_HANDLE_REG_READ_BATCH, hRegReadBatch);
    if (batch == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    gboolean made =
        cl_text_from_wide(wzSubkeyName, &key, &error) &&
        cl_key_command(CLUSREG_READ_VALUE, key, wzValueName, 0, NULL, 0, &command, &error);
    if (made) {
        pthread_mutex_lock(&batch->lock);
        made = append(batch, &command, &error);
        pthread_mutex_unlock(&batch->lock);
    }
    cl_handle_release(hRegReadBatch);
    return made ? ERROR_SUCCESS : (LONG)cl_error_take(error);
}

static gboolean read_batch(Batch *batch, HREGREADBATCHREPLY *ret_reply, GError **error)
{
    g_autoptr(GPtrArray) replies = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClRegistryWork work = {.request = CL_REGISTRY_READ,
                           .commands = (const ClRegistryCommand *)(gpointer)batch->commands->data,
                           .n_commands = batch->commands->len};
    if (!cl_key_work(batch->key, CL_ACCESS_READ, &work, &replies, NULL, error) ||
        !cl_use_begin(&use, CL_KIND_KEY, batch->key, CL_ACCESS_READ, error)) {
        return FALSE;
    }
    *ret_reply = cl_commands_publish(use.cluster, CL_HANDLE_REG_READ_BATCH_REPLY,
                                     g_steal_pointer(&replies), error);
    return *ret_reply != NULL;
}

LONG ClusterRegCloseReadBatch(HREGREADBATCH hRegReadBatch, HREGREADBATCHREPLY *phRegReadBatchReply)
{
    return ClusterRegCloseReadBatchEx(hRegReadBatch, 0, phRegReadBatchReply);
}

LONG ClusterRegCloseReadBatchEx(HREGREADBATCH hRegReadBatch, DWORD flags,
                                HREGREADBATCHREPLY *phRegReadBatchReply)
{
    GError *error = NULL;
    LONG code = ERROR_SUCCESS;
    Batch *batch = cl_handle_acquire(CL_HANDLE_REG_READ_BATCH, hRegReadBatch);
    (void)flags;
    if (batch == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    if (!cl_child_close(CL_HANDLE_REG_READ_BATCH, hRegReadBatch)) {
        cl_handle_release(hRegReadBatch);
        return ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&batch->lock);
    if (phRegReadBatchReply != NULL && !read_batch(batch, phRegReadBatchReply, &error)) {
        code = (LONG)cl_error_take(error);
    }
    pthread_mutex_unlock(&batch->lock);
    cl_handle_release(hRegReadBatch);
    return code;
}

LONG ClusterRegReadBatchReplyNextCommand(HREGREADBATCHREPLY hRegReadBatchReply,
                                         CLUSTER_READ_BATCH_COMMAND *pBatchCommand)
{
    ClListed listed;
    if (pBatchCommand == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD code = cl_commands_next(CL_HANDLE_REG_READ_BATCH_REPLY, hRegReadBatchReply, &listed);
    if (code == ERROR_SUCCESS) {
        *pBatchCommand = (CLUSTER_READ_BATCH_COMMAND){.Command = listed.command->command,
                                                      .dwOptions = listed.command->type,
                                                      .wzSubkeyName = listed.key,
                                                      .wzValueName = listed.value,
                                                      .lpData = listed.data,
                                                      .cbData = listed.size};
    }
    return (LONG)code;
}

LONG ClusterRegCloseReadBatchReply(HREGREADBATCHREPLY hRegReadBatchReply)
{
    return cl_child_close(CL_HANDLE_REG_READ_BATCH_REPLY, hRegReadBatchReply)
               ? ERROR_SUCCESS
               : ERROR_INVALID_HANDLE;
}
