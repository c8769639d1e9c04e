/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions that open, create, delete and close keys of the cluster database.
 */
#include "registry.h"

#include "security-descriptor.h"
#include "text.h"

/* --- Opening ---------------------------------------------------------------------------------- */

/* Rights that keys have beside those that win32.h names. */
#define RIGHT_CREATE_LINK 0x00000020U
#define RIGHT_DELETE      0x00010000U
#define RIGHT_WRITE_DAC   0x00040000U
#define RIGHT_WRITE_OWNER 0x00080000U

/* A key is opened for reading, or for everything. */
static ClAccess access_of(REGSAM wanted)
{
    const REGSAM changing = KEY_SET_VALUE | KEY_CREATE_SUB_KEY | RIGHT_CREATE_LINK | RIGHT_DELETE |
                            RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;
    if ((wanted & changing) != 0) {
        return CL_ACCESS_ALL;
    }
    return (wanted & MAXIMUM_ALLOWED) != 0 ? CL_ACCESS_MAXIMUM : CL_ACCESS_READ;
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

/* A caller's descriptor has no size of its own: it is followed as far as its parts say. */
static gboolean take_security(const SECURITY_ATTRIBUTES *attributes, GBytes **ret_security,
                              GError **error)
{
    if (attributes == NULL || attributes->lpSecurityDescriptor == NULL) {
        return TRUE;
    }
    *ret_security = cl_security_take(attributes->lpSecurityDescriptor, CL_SECURITY_MAX);
    return *ret_security != NULL ||
           cl_fail(error, ERROR_INVALID_SECURITY_DESCR, "no self-relative security descriptor");
}

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

static gboolean delete_key(const ClUse *use, const char *path, GError **error)
{
    ClObject *key;
    ClAccess granted;
    if (use->backend->remove == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "no keys can be deleted");
    }
    if (!use->backend->open(use->connection, CL_KIND_KEY, path, CL_ACCESS_ALL, &use->call, &key,
                            &granted, error)) {
        return FALSE;
    }
    gboolean removed = use->backend->remove(use->connection, key, &use->call, error);
    use->backend->close(use->connection, key);
    return removed;
}

LONG ClusterRegDeleteKey(HKEY hKey, LPCWSTR lpszSubKey)
{
    GError *error = NULL;
    g_autofree char *path = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    return cl_use_begin(&use, CL_KIND_KEY, hKey, CL_ACCESS_ALL, &error) &&
                   path_of(&use, lpszSubKey, &path, &error) && delete_key(&use, path, &error)
               ? ERROR_SUCCESS
               : (LONG)cl_error_take(error);
}
