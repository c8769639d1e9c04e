/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table from Win32 codes to errno, and the log of failures. The set of failures that were
 * logged is the only data, guarded by its lock; any thread may call.
 */
#include "errors.h"

#include <clusapi/linux.h>
#include <errno.h>

/* A missing object is ENOENT for a name and ENODEV for an open file. */
#define MISSING (-1)

typedef struct {
    DWORD code;
    int error;
} Translation;

/* Sorted by code. ENOSYS must never be here: the kernel would stop asking altogether. */
static const Translation translations[] = {
    {ERROR_INVALID_FUNCTION, EOPNOTSUPP},
    {ERROR_FILE_NOT_FOUND, MISSING},
    {ERROR_PATH_NOT_FOUND, MISSING},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_INVALID_HANDLE, ENODEV},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_INVALID_DATA, EINVAL},
    {ERROR_WRITE_PROTECT, EROFS},
    {ERROR_GEN_FAILURE, EIO},
    {ERROR_LOCK_VIOLATION, EAGAIN},
    {ERROR_NOT_SUPPORTED, EOPNOTSUPP},
    {ERROR_DUP_NAME, EEXIST},
    {ERROR_BAD_NETPATH, EHOSTUNREACH},
    {ERROR_SHARING_PAUSED, EAGAIN},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_INVALID_PARAMETER, EINVAL},
    {ERROR_OPEN_FAILED, EIO},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_INVALID_TARGET_HANDLE, EINVAL},
    {ERROR_CALL_NOT_IMPLEMENTED, EOPNOTSUPP},
    {ERROR_INVALID_NAME, EINVAL},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
    {ERROR_BUSY, EBUSY},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_ASSERTION_FAILURE, EINVAL},
    {ERROR_OPERATION_ABORTED, EINTR},
    {ERROR_KEY_DELETED, MISSING},
    {ERROR_CIRCULAR_DEPENDENCY, ELOOP},
    {ERROR_NO_UNICODE_TRANSLATION, ENOENT},
    {ERROR_SHUTDOWN_IN_PROGRESS, EAGAIN},
    {ERROR_IO_DEVICE, EIO},
    {ERROR_NOT_FOUND, MISSING},
    {ERROR_CONNECTION_REFUSED, ECONNREFUSED},
    {ERROR_NETWORK_UNREACHABLE, ENETUNREACH},
    {ERROR_HOST_UNREACHABLE, EHOSTUNREACH},
    {ERROR_SERVER_SHUTDOWN_IN_PROGRESS, EAGAIN},
    {ERROR_REVISION_MISMATCH, EIO},
    {ERROR_LOGON_FAILURE, EACCES},
    {ERROR_INVALID_SECURITY_DESCR, EINVAL},
    {ERROR_INTERNAL_ERROR, EIO},
    {ERROR_SPECIAL_GROUP, EPERM},
    {ERROR_FILE_CORRUPT, EIO},
    {ERROR_NO_SYSTEM_RESOURCES, ENOMEM},
    {ERROR_TIMEOUT, ETIMEDOUT},
    {RPC_S_SERVER_UNAVAILABLE, EHOSTUNREACH},
    {RPC_S_SERVER_TOO_BUSY, EAGAIN},
    {RPC_S_CALL_FAILED, ENOTCONN},
    {RPC_S_CALL_FAILED_DNE, ENOTCONN},
    {RPC_S_PROTOCOL_ERROR, EIO},
    {RPC_S_STRING_TOO_LONG, ENAMETOOLONG},
    {RPC_S_PROCNUM_OUT_OF_RANGE, EOPNOTSUPP},
    {EPT_S_NOT_REGISTERED, EHOSTUNREACH},
    {RPC_X_SS_IN_NULL_CONTEXT, ENOTCONN},
    {RPC_X_BAD_STUB_DATA, EIO},
    {RPC_S_SEC_PKG_ERROR, EACCES},
    {ERROR_DEPENDENT_RESOURCE_EXISTS, EBUSY},
    {ERROR_DEPENDENCY_NOT_FOUND, MISSING},
    {ERROR_DEPENDENCY_ALREADY_EXISTS, EEXIST},
    {ERROR_RESOURCE_NOT_ONLINE, EBUSY},
    {ERROR_HOST_NODE_NOT_AVAILABLE, EHOSTUNREACH},
    {ERROR_RESOURCE_NOT_AVAILABLE, MISSING},
    {ERROR_RESOURCE_NOT_FOUND, MISSING},
    {ERROR_SHUTDOWN_CLUSTER, EAGAIN},
    {ERROR_CANT_EVICT_ACTIVE_NODE, EBUSY},
    {ERROR_OBJECT_ALREADY_EXISTS, EEXIST},
    {ERROR_OBJECT_IN_LIST, EEXIST},
    {ERROR_GROUP_NOT_AVAILABLE, MISSING},
    {ERROR_GROUP_NOT_FOUND, MISSING},
    {ERROR_GROUP_NOT_ONLINE, EBUSY},
    {ERROR_HOST_NODE_NOT_RESOURCE_OWNER, EPERM},
    {ERROR_HOST_NODE_NOT_GROUP_OWNER, EPERM},
    {ERROR_RESOURCE_ONLINE, EBUSY},
    {ERROR_QUORUM_RESOURCE, EPERM},
    {ERROR_NOT_QUORUM_CAPABLE, EINVAL},
    {ERROR_CLUSTER_SHUTTING_DOWN, EAGAIN},
    {ERROR_INVALID_STATE, EBUSY},
    {ERROR_NOT_QUORUM_CLASS, EINVAL},
    {ERROR_CORE_RESOURCE, EPERM},
    {ERROR_QUORUM_RESOURCE_ONLINE_FAILED, EIO},
    {ERROR_NETWORK_NOT_AVAILABLE, MISSING},
    {ERROR_NODE_NOT_AVAILABLE, MISSING},
    {ERROR_ALL_NODES_NOT_AVAILABLE, EHOSTUNREACH},
    {ERROR_RESOURCE_FAILED, EIO},
    {ERROR_CLUSTER_INVALID_NODE, EINVAL},
    {ERROR_CLUSTER_NODE_EXISTS, EEXIST},
    {ERROR_CLUSTER_NODE_NOT_FOUND, MISSING},
    {ERROR_CLUSTER_LOCAL_NODE_NOT_FOUND, EHOSTUNREACH},
    {ERROR_CLUSTER_NETWORK_EXISTS, EEXIST},
    {ERROR_CLUSTER_NETWORK_NOT_FOUND, MISSING},
    {ERROR_CLUSTER_NETINTERFACE_NOT_FOUND, MISSING},
    {ERROR_CLUSTER_INVALID_REQUEST, EINVAL},
    {ERROR_CLUSTER_NODE_DOWN, EHOSTUNREACH},
    {ERROR_CLUSTER_INVALID_NETWORK, EINVAL},
    {ERROR_CLUSTER_NODE_UP, EBUSY},
    {ERROR_CLUSTER_NODE_NOT_PAUSED, EBUSY},
    {ERROR_CLUSTER_NETWORK_NOT_INTERNAL, EINVAL},
    {ERROR_CLUSTER_LAST_INTERNAL_NETWORK, EBUSY},
    {ERROR_CLUSTER_NETWORK_HAS_DEPENDENTS, EBUSY},
    {ERROR_INVALID_OPERATION_ON_QUORUM, EPERM},
    {ERROR_DEPENDENCY_NOT_ALLOWED, EPERM},
    {ERROR_CLUSTER_NODE_PAUSED, EAGAIN},
    {ERROR_NODE_CANT_HOST_RESOURCE, EBUSY},
    {ERROR_CLUSTER_NODE_NOT_READY, EAGAIN},
    {ERROR_CLUSTER_NODE_SHUTTING_DOWN, EAGAIN},
    {ERROR_CLUSTER_INCOMPATIBLE_VERSIONS, EOPNOTSUPP},
    {ERROR_CLUSTER_MAXNUM_OF_RESOURCES_EXCEEDED, ENOSPC},
    {ERROR_CLUSTER_RESOURCE_TYPE_NOT_FOUND, MISSING},
    {ERROR_CLUSTER_RESTYPE_NOT_SUPPORTED, EINVAL},
    {ERROR_CLUSTER_RESNAME_NOT_FOUND, MISSING},
    {ERROR_CLUSTER_OWNER_NOT_IN_PREFLIST, EINVAL},
    {ERROR_RESMON_INVALID_STATE, EBUSY},
    {ERROR_RESOURCE_PROPERTY_UNCHANGEABLE, EACCES},
    {ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH, EINVAL},
    {ERROR_CLUSTER_PARAMETER_MISMATCH, EINVAL},
    {ERROR_CLUSTER_CANT_CREATE_DUP_CLUSTER_NAME, EEXIST},
    {ERROR_CLUSTER_GROUP_MOVING, EBUSY},
    {ERROR_CLUSTER_RESOURCE_TYPE_BUSY, EBUSY},
    {ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS, ERANGE},
    {ERROR_CLUSTER_NO_QUORUM, EROFS},
    {ERROR_QUORUM_NOT_ALLOWED_IN_THIS_GROUP, EPERM},
    {ERROR_DEPENDENCY_TREE_TOO_COMPLEX, EMLINK},
    {ERROR_CLUSTER_NOT_INSTALLED, EHOSTUNREACH},
    {ERROR_CLUSTER_MAX_NODES_IN_CLUSTER, ENOSPC},
    {ERROR_CLUSTER_SINGLETON_RESOURCE, EEXIST},
    {ERROR_CLUSTER_GROUP_SINGLETON_RESOURCE, EEXIST},
    {ERROR_CLUSTER_RESOURCE_PROVIDER_FAILED, EIO},
    {ERROR_CLUSTER_GROUP_BUSY, EBUSY},
    {ERROR_CLUSTER_NOT_SHARED_VOLUME, EINVAL},
    {ERROR_CLUSTER_USE_SHARED_VOLUMES_API, EPERM},
    {ERROR_CLUSTER_INVALID_NODE_WEIGHT, ERANGE},
    {ERROR_CLUSTER_GROUP_QUEUED, EBUSY},
    {ERROR_CLUSTER_RESOURCE_LOCKED_STATUS, EBUSY},
    {ERROR_CLUSTER_NODE_DRAIN_IN_PROGRESS, EALREADY},
    {ERROR_CLUSTER_DATABASE_UPDATE_CONDITION_FAILED, EAGAIN},
    {ERROR_GROUPSET_NOT_AVAILABLE, MISSING},
    {ERROR_GROUPSET_NOT_FOUND, MISSING},
    {ERROR_GROUPSET_CANT_PROVIDE, EINVAL},
};

static int translate(DWORD code)
{
    gsize low = 0;
    gsize high = G_N_ELEMENTS(translations);

    while (low < high) {
        gsize middle = (low + high) / 2;

        if (translations[middle].code == code) {
            return translations[middle].error;
        }
        if (translations[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return EIO;
}

int fs_errno_from_status(DWORD status, gboolean open_file)
{
    int error;

    if (status == ERROR_SUCCESS) {
        return 0;
    }
    if ((status & FS_STATUS_APPLICATION) != 0) {
        error = (int)(status & ~FS_STATUS_APPLICATION);
    } else {
        error = translate(status);
    }
    if (error == MISSING) {
        return open_file ? ENODEV : ENOENT;
    }
    return error > 0 && error < 4096 && error != ENOSYS ? error : EIO;
}

gboolean fs_status_is_missing(DWORD status)
{
    return fs_errno_from_status(status, FALSE) == ENOENT;
}

/* What an application may provoke at will says nothing about the cluster. */
static gboolean is_ordinary(DWORD status)
{
    return status == ERROR_SUCCESS || (status & FS_STATUS_APPLICATION) != 0 ||
           status == ERROR_OPERATION_ABORTED || fs_status_is_missing(status);
}

/* Enough for every object of an ordinary cluster; what comes later is logged each time it is new
 * again, so that the set cannot grow without end. */
#define LOGGED_MAX 4096

static GMutex logged_lock;
static GHashTable *logged;

static gboolean is_new_failure(DWORD status, const char *object)
{
    gboolean is_new;

    g_mutex_lock(&logged_lock);
    if (logged != NULL && g_hash_table_size(logged) >= LOGGED_MAX) {
        g_clear_pointer(&logged, g_hash_table_unref);
    }
    if (logged == NULL) {
        logged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    is_new = g_hash_table_add(logged, g_strdup_printf("%u %s", status, object));
    g_mutex_unlock(&logged_lock);
    return is_new;
}

static const char *name_of(DWORD status)
{
    const char *name = ClusapiErrorName(status);

    return name != NULL ? name : "unknown";
}

void fs_status_log(DWORD status, const char *object, unsigned uid)
{
    if (!is_ordinary(status) && is_new_failure(status, object)) {
        g_warning("%s: error %u (%s), asked by uid %u", object, status, name_of(status), uid);
    }
}

void fs_status_log_cluster(DWORD status, const char *cluster)
{
    if (is_new_failure(status, cluster)) {
        g_warning("cannot open cluster %s: error %u (%s)", cluster, status, name_of(status));
    }
}

/* --- The last failure of each user ------------------------------------------------------------- */

#define USERS_MAX 512

static __thread unsigned user;
static GMutex last_lock;
static GHashTable *last; /* uid to text */

void fs_errors_set_user(unsigned uid)
{
    user = uid;
}

/* In one line, of UTF-8 (transfer full). */
static char *make_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    char others[129] = {0};

    for (guint i = 0; i < 128; i++) {
        others[i] = (char)(128 + i);
    }
    return g_strescape(valid, others);
}

void fs_errors_note(DWORD status, const char *object, unsigned uid)
{
    g_autofree char *escaped = make_line(object);
    char *text;

    if ((status & FS_STATUS_APPLICATION) != 0) {
        int error = (int)(status & ~FS_STATUS_APPLICATION);

        text = g_strdup_printf("0\t%s\t%s", g_strerror(error), escaped);
    } else {
        text = g_strdup_printf("%u\t%s\t%s", status, name_of(status), escaped);
    }
    g_mutex_lock(&last_lock);
    if (last != NULL && g_hash_table_size(last) >= USERS_MAX) {
        g_clear_pointer(&last, g_hash_table_unref);
    }
    if (last == NULL) {
        last = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    }
    g_hash_table_insert(last, GUINT_TO_POINTER(uid), text);
    g_mutex_unlock(&last_lock);
}

void fs_errors_show(GString *out)
{
    const char *text;

    g_mutex_lock(&last_lock);
    text = last != NULL ? g_hash_table_lookup(last, GUINT_TO_POINTER(user)) : NULL;
    if (text != NULL) {
        g_string_append(out, text);
    }
    g_mutex_unlock(&last_lock);
}
