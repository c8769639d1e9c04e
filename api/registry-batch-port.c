/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of batch notification ports. The back end's notifier thread queues what each
 * committed batch did at and below the port's key; readers take one batch after the other. A port
 * belongs to the instance of the cluster that its key came from, and its lock guards its queue.
 */
#include "registry.h"

#include "text.h"

#include <clusapi/linux.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How much waits in a port: batches, and bytes of their data. */
#define QUEUE_MAX    1024
#define BYTES_MAX    (64 * 1024 * 1024)
#define WAIT_STEP_US 50000

typedef struct {
    ClChild child;
    char *path; /* of the key, folded */
    ClSubscription *subscription;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    GQueue queue; /* GPtrArray of ClRegistryCommand */
    gsize bytes;
    gboolean lost, closed;
    int descriptor; /* readable while there is something; -1 until it is asked for */
} Port;

/* --- What a batch is to a port ------------------------------------------------------------------ */

static void command_free(gpointer data)
{
    cl_key_command_clear(data);
    g_free(data);
}

/* The commands of one batch as seen from the port's key. */
typedef struct {
    const char *port; /* folded path */
    GPtrArray *commands;
    char *cursor; /* where those on values act, folded; NULL: nowhere */
} View;

static void view_clear(View *view)
{
    g_clear_pointer(&view->commands, g_ptr_array_unref);
    g_free(view->cursor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(View, view_clear)

/* Folding changes neither the number nor the places of the backslashes. */
static const char *below(const char *path, const char *port)
{
    g_autofree char *folded = cl_text_fold(path);
    gsize length = strlen(port);
    if (length == 0) {
        return path;
    }
    if (strncmp(folded, port, length) != 0 || (folded[length] != '\0' && folded[length] != '\\')) {
        return NULL;
    }
    for (const char *at = port; *at != '\0'; at++) {
        path = *at == '\\' ? strchr(path, '\\') + 1 : path;
    }
    const char *rest = strchr(path, '\\');
    return rest != NULL ? rest + 1 : "";
}

static gboolean is_above(const char *path, const char *port)
{
    g_autofree char *folded = cl_text_fold(path);
    gsize length = strlen(folded);
    return length == 0 || (strncmp(port, folded, length) == 0 && port[length] == '\\');
}

static void add(View *view, const ClRegistryCommand *from, CLUSTER_REG_COMMAND what,
                const char *key)
{
    ClRegistryCommand *command = g_new0(ClRegistryCommand, 1);
    gboolean of_value =
        what == CLUSREG_SET_VALUE || what == CLUSREG_DELETE_VALUE || what == CLUSREG_VALUE_DELETED;
    command->command = what;
    command->key = g_strdup(key);
    command->value = g_strdup(of_value ? from->value : "");
    if (of_value || what == CLUSREG_SET_KEY_SECURITY) {
        command->type = from->type;
        command->data = from->data != NULL ? g_bytes_ref(from->data) : NULL;
    }
    g_ptr_array_add(view->commands, command);
}

static void move_cursor(View *view, const char *key)
{
    g_free(view->cursor);
    view->cursor = key != NULL ? cl_text_fold(key) : NULL;
}

/* A command on a value does not name its key; one that creates the key, which is there, does. */
static void go_to(View *view, const ClRegistryCommand *from, const char *key)
{
    g_autofree char *folded = cl_text_fold(key);
    if (g_strcmp0(view->cursor, folded) != 0) {
        add(view, from, CLUSREG_CREATE_KEY, key);
        move_cursor(view, key);
    }
}

static void see(View *view, const char *batch, const ClRegistryCommand *command)
{
    g_autofree char *path = *command->key == '\0' ? g_strdup(batch)
                            : *batch == '\0'      ? g_strdup(command->key)
                                                  : g_strconcat(batch, "\\", command->key, NULL);
    const char *key = below(path, view->port);
    if (key == NULL) {
        /* With a key above it the port's own is deleted. */
        if (command->command == CLUSREG_DELETE_KEY && is_above(path, view->port)) {
            add(view, command, CLUSREG_DELETE_KEY, "");
            move_cursor(view, NULL);
        }
        return;
    }
    switch (command->command) {
    case CLUSREG_CREATE_KEY:
    case CLUSREG_DELETE_KEY:
    case CLUSREG_SET_KEY_SECURITY:
        add(view, command, command->command, key);
        break;
    default:
        go_to(view, command, key);
        add(view, command, command->command, key);
        return;
    }
    if (command->command != CLUSREG_SET_KEY_SECURITY) {
        move_cursor(view, command->command == CLUSREG_CREATE_KEY ? key : NULL);
    }
}

/* --- The queue ---------------------------------------------------------------------------------- */

static gsize size_of(const GPtrArray *commands)
{
    gsize size = 0;
    for (guint i = 0; i < commands->len; i++) {
        const ClRegistryCommand *command = commands->pdata[i];
        size += command->data != NULL ? g_bytes_get_size(command->data) : 0;
    }
    return size;
}

/* With the lock held: after each change. */
static void set_descriptor(const Port *port)
{
    guint64 value = 1;
    gboolean readable = port->queue.length > 0 || port->lost || port->closed;
    if (port->descriptor < 0) {
        return;
    }
    ssize_t done = readable ? write(port->descriptor, &value, sizeof value)
                            : read(port->descriptor, &value, sizeof value);
    if (done != sizeof value && errno != EAGAIN) {
        g_debug("the descriptor of a port could not be set");
    }
}

/* What finds no place is told as lost, once what is there has been taken. */
static void queue(Port *port, GPtrArray *commands)
{
    gsize size = commands != NULL ? size_of(commands) : 0;
    pthread_mutex_lock(&port->lock);
    if (commands == NULL || port->lost || port->queue.length >= QUEUE_MAX ||
        port->bytes + size > BYTES_MAX) {
        port->lost = TRUE;
        g_clear_pointer(&commands, g_ptr_array_unref);
    } else {
        g_queue_push_tail(&port->queue, commands);
        port->bytes += size;
    }
    set_descriptor(port);
    pthread_cond_broadcast(&port->filled);
    pthread_mutex_unlock(&port->lock);
}

/* On the back end's thread. All but a batch tells that some were lost. */
static void notify(const ClEvent *event, gpointer user_data)
{
    Port *port = user_data;
    if (event->filter_flag != CL_CHANGE_BATCH || event->commands == NULL) {
        queue(port, NULL);
        return;
    }
    g_auto(View) view = {.port = port->path,
                         .commands = g_ptr_array_new_with_free_func(command_free),
                         .cursor = g_strdup("")};
    for (guint i = 0; i < event->commands->len; i++) {
        see(&view, event->name, event->commands->pdata[i]);
    }
    if (view.commands->len > 0) {
        queue(port, g_steal_pointer(&view.commands));
    }
}

/* With the lock held. */
static DWORD wait_for_batch(Port *port, const ClCall *call)
{
    /* Only what the thread has bounded itself counts, not the time limit of a handle. */
    gboolean bounded = call->cancellable != NULL || call->deadline == 0;
    while (port->queue.length == 0 && !port->lost && !port->closed) {
        gint64 now = g_get_monotonic_time();
        gint64 next = bounded ? MIN(call->deadline, now + WAIT_STEP_US) : G_MAXINT64;
        struct timespec time = {next / G_USEC_PER_SEC, next % G_USEC_PER_SEC * 1000};
        if (call->cancellable != NULL && g_cancellable_is_cancelled(call->cancellable)) {
            return ERROR_OPERATION_ABORTED;
        }
        if (bounded && now >= call->deadline) {
            return ERROR_TIMEOUT;
        }
        if (bounded) {
            pthread_cond_timedwait(&port->filled, &port->lock, &time);
        } else {
            pthread_cond_wait(&port->filled, &port->lock);
        }
    }
    return port->closed ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

static DWORD take(Port *port, GPtrArray **ret_commands)
{
    ClCall call = cl_call_now(G_MAXINT);
    pthread_mutex_lock(&port->lock);
    DWORD code = wait_for_batch(port, &call);
    if (code == ERROR_SUCCESS && port->queue.length > 0) {
        *ret_commands = g_queue_pop_head(&port->queue);
        port->bytes -= size_of(*ret_commands);
    } else if (code == ERROR_SUCCESS) {
        port->lost = FALSE;
        code = ERROR_NOTIFY_ENUM_DIR;
    }
    set_descriptor(port);
    pthread_mutex_unlock(&port->lock);
    return code;
}

/* --- Ports -------------------------------------------------------------------------------------- */

static void free_commands(gpointer commands)
{
    g_ptr_array_unref(commands);
}

/* When its handle was closed and nobody waits any more. */
static void port_free(gpointer data)
{
    Port *port = data;
    const ClSession *session = port->child.cluster->session;
    if (port->subscription != NULL) {
        session->backend->unsubscribe(session->connection, port->subscription);
    }
    g_queue_clear_full(&port->queue, free_commands);
    pthread_cond_destroy(&port->filled);
    pthread_mutex_destroy(&port->lock);
    if (port->descriptor >= 0) {
        close(port->descriptor);
    }
    g_free(port->path);
    cl_child_detach(&port->child);
    g_free(port);
}

static Port *new_port(const char *path)
{
    pthread_condattr_t attributes;
    Port *port = g_new0(Port, 1);
    port->path = cl_text_fold(path);
    port->descriptor = -1;
    g_queue_init(&port->queue);
    pthread_mutex_init(&port->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&port->filled, &attributes);
    pthread_condattr_destroy(&attributes);
    return port;
}

/* The port is published first, so that closing it undoes all of it. */
static HREGBATCHPORT open_port(const ClUse *use, GError **error)
{
    g_auto(ClFacts) facts = {0};
    if (use->backend->subscribe == NULL) {
        cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster tells no changes");
        return NULL;
    }
    if (!use->backend->query(use->connection, use->object, CL_FACT_NAME, &use->call, &facts,
                             error)) {
        return NULL;
    }
    Port *port = new_port(facts.name);
    HREGBATCHPORT handle =
        cl_child_publish(use->cluster, CL_HANDLE_REG_BATCH_PORT, &port->child, port_free, error);
    if (handle == NULL || cl_handle_acquire(CL_HANDLE_REG_BATCH_PORT, handle) == NULL) {
        return NULL;
    }
    if (!use->backend->subscribe(use->connection, use->object, CLUSTER_OBJECT_TYPE_REGISTRY,
                                 CL_CHANGE_BATCH, notify, port, &use->call, &port->subscription,
                                 error)) {
        cl_child_close(CL_HANDLE_REG_BATCH_PORT, handle);
        cl_handle_release(handle);
        return NULL;
    }
    cl_handle_release(handle);
    return handle;
}

LONG ClusterRegCreateBatchNotifyPort(HKEY hKey, HREGBATCHPORT *phBatchNotifyPort)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (phBatchNotifyPort == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    HREGBATCHPORT port = cl_use_begin(&use, CL_KIND_KEY, hKey, CL_ACCESS_READ, &error)
                             ? open_port(&use, &error)
                             : NULL;
    if (port == NULL) {
        return error != NULL ? (LONG)cl_error_take(error) : ERROR_INVALID_HANDLE;
    }
    *phBatchNotifyPort = port;
    return ERROR_SUCCESS;
}

void cl_batch_port_closing(ClChild *child)
{
    Port *port = (Port *)child;
    pthread_mutex_lock(&port->lock);
    port->closed = TRUE;
    set_descriptor(port);
    pthread_cond_broadcast(&port->filled);
    pthread_mutex_unlock(&port->lock);
}

LONG ClusterRegCloseBatchNotifyPort(HREGBATCHPORT hBatchNotifyPort)
{
    return cl_child_close(CL_HANDLE_REG_BATCH_PORT, hBatchNotifyPort) ? ERROR_SUCCESS
                                                                      : ERROR_INVALID_HANDLE;
}

int ClusapiBatchPortDescriptor(HREGBATCHPORT hBatchNotify)
{
    Port *port = cl_handle_acquire(CL_HANDLE_REG_BATCH_PORT, hBatchNotify);
    if (port == NULL) {
        SetLastError(ERROR_INVALID_HANDLE);
        return -1;
    }
    pthread_mutex_lock(&port->lock);
    if (port->descriptor < 0) {
        port->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        set_descriptor(port);
    }
    int descriptor = port->descriptor;
    pthread_mutex_unlock(&port->lock);
    cl_handle_release(hBatchNotify);
    if (descriptor < 0) {
        SetLastError(ERROR_NO_SYSTEM_RESOURCES);
    }
    return descriptor;
}

/* --- Notifications ------------------------------------------------------------------------------ */

LONG ClusterRegGetBatchNotification(HREGBATCHPORT hBatchNotify,
                                    HREGBATCHNOTIFICATION *phBatchNotification)
{
    GError *error = NULL;
    GPtrArray *commands = NULL;
    HREGBATCHNOTIFICATION notification = NULL;
    if (phBatchNotification == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    Port *port = cl_handle_acquire(CL_HANDLE_REG_BATCH_PORT, hBatchNotify);
    if (port == NULL) {
        return ERROR_INVALID_HANDLE;
    }
    DWORD code = take(port, &commands);
    if (code == ERROR_SUCCESS) {
        notification = cl_commands_publish(port->child.cluster, CL_HANDLE_REG_BATCH_NOTIFICATION,
                                           commands, &error);
        code = notification != NULL ? ERROR_SUCCESS : cl_error_take(error);
    }
    cl_handle_release(hBatchNotify);
    if (code == ERROR_SUCCESS) {
        *phBatchNotification = notification;
    }
    return (LONG)code;
}

LONG ClusterRegBatchReadCommand(HREGBATCHNOTIFICATION hBatchNotification,
                                CLUSTER_BATCH_COMMAND *pBatchCommand)
{
    ClListed listed;
    if (pBatchCommand == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    DWORD code = cl_commands_next(CL_HANDLE_REG_BATCH_NOTIFICATION, hBatchNotification, &listed);
    if (code == ERROR_SUCCESS) {
        CLUSTER_REG_COMMAND command = listed.command->command;
        gboolean of_value = command == CLUSREG_SET_VALUE || command == CLUSREG_DELETE_VALUE ||
                            command == CLUSREG_VALUE_DELETED;
        *pBatchCommand = (CLUSTER_BATCH_COMMAND){.Command = command,
                                                 .dwOptions = listed.command->type,
                                                 .wzName = of_value ? listed.value : listed.key,
                                                 .lpData = listed.data,
                                                 .cbData = listed.size};
    }
    return (LONG)code;
}

LONG ClusterRegBatchCloseNotification(HREGBATCHNOTIFICATION hBatchNotification)
{
    return cl_child_close(CL_HANDLE_REG_BATCH_NOTIFICATION, hBatchNotification)
               ? ERROR_SUCCESS
               : ERROR_INVALID_HANDLE;
}
