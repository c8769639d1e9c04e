/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions that change a cluster as a whole, its networks and its resource types.
 */
#include <clusapi/linux.h>

#include "acting.h"
#include "property-list.h"
#include "text.h"

DWORD SetClusterName(HCLUSTER hCluster, LPCWSTR lpszNewClusterName)
{
    return cl_acting_rename(CL_KIND_CLUSTER, hCluster, lpszNewClusterName);
}

static BOOL tell(PCLUSTER_SETUP_PROGRESS_CALLBACK progress, PVOID argument,
                 CLUSTER_SETUP_PHASE_TYPE type, DWORD percent, DWORD code)
{
    CLUSTER_SETUP_PHASE_SEVERITY severity =
        code == ERROR_SUCCESS ? ClusterSetupPhaseInformational : ClusterSetupPhaseFatal;
    return progress == NULL || progress(argument, ClusterSetupPhaseCoreGroupCleanup, type, severity,
                                        percent, NULL, code);
}

DWORD DestroyCluster(HCLUSTER hCluster, PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                     PVOID pvCallbackArg, BOOL fdeleteVirtualComputerObjects)
{
    if (!tell(pfnProgressCallback, pvCallbackArg, ClusterSetupPhaseStart, 0, ERROR_SUCCESS)) {
        return ERROR_OPERATION_ABORTED;
    }
    DWORD code = cl_acting_run(
        CL_KIND_CLUSTER, hCluster,
        &(ClActing){.verb = CL_ACT_DESTROY, .number = fdeleteVirtualComputerObjects != FALSE});
    (void)tell(pfnProgressCallback, pvCallbackArg, ClusterSetupPhaseEnd, 100, code);
    return code;
}

DWORD CreateClusterNameAccount(HCLUSTER hCluster, PCREATE_CLUSTER_NAME_ACCOUNT pConfig,
                               PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback,
                               PVOID pvCallbackArg)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    (void)pfnProgressCallback, (void)pvCallbackArg;
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_ALL, &error)) {
        return cl_error_take(error);
    }
    return pConfig != NULL ? ERROR_CALL_NOT_IMPLEMENTED : ERROR_INVALID_PARAMETER;
}

DWORD BackupClusterDatabase(HCLUSTER hCluster, LPCWSTR lpszPathName)
{
    return cl_acting_run(
        CL_KIND_CLUSTER, hCluster,
        &(ClActing){.verb = CL_ACT_BACK_UP, .has_text = TRUE, .text = lpszPathName});
}

static gboolean restore(LPCWSTR wide_path, gboolean force, GError **error)
{
    g_autofree char *path = NULL;
    g_autoptr(ClTarget) target = NULL;
    ClCall call = cl_call_now(CLUSAPI_DEFAULT_TIMEOUT);
    if (!cl_text_from_wide(wide_path, &path, error) ||
        !cl_backend_resolve_new(NULL, &target, error)) {
        return FALSE;
    }
    if (target->backend->form == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the back end %s restores no backups",
                       target->backend->name);
    }
    ClNewCluster what = {.backup = path, .force = force};
    return cl_call_may_wait(&call, error) && target->backend->form(target, &what, &call, error);
}

DWORD RestoreClusterDatabase(LPCWSTR lpszPathName, BOOL bForce, LPCWSTR lpszQuorumDriveLetter)
{
    GError *error = NULL;
    (void)lpszQuorumDriveLetter;
    return restore(lpszPathName, bForce != FALSE, &error) ? ERROR_SUCCESS : cl_error_take(error);
}

DWORD IsFileOnClusterSharedVolume(LPCWSTR lpszPathName, BOOL *pbFileIsOnSharedVolume)
{
    if (lpszPathName == NULL || pbFileIsOnSharedVolume == NULL) {
        return ERROR_INVALID_PARAMETER;
    }
    *pbFileIsOnSharedVolume = FALSE;
    return ERROR_SUCCESS;
}

DWORD ClusterSharedVolumeSetSnapshotState(GUID guidSnapshotSet, LPCWSTR lpszVolumeName,
                                          CLUSTER_SHARED_VOLUME_SNAPSHOT_STATE state)
{
    (void)guidSnapshotSet, (void)lpszVolumeName, (void)state;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD SetClusterServiceAccountPassword(LPCWSTR lpszClusterName, LPCWSTR lpszNewPassword,
                                       DWORD dwFlags,
                                       PCLUSTER_SET_PASSWORD_STATUS lpReturnStatusBuffer,
                                       LPDWORD lpcbReturnStatusBufferSize)
{
    (void)lpszClusterName, (void)lpszNewPassword, (void)dwFlags;
    (void)lpReturnStatusBuffer, (void)lpcbReturnStatusBufferSize;
    return ERROR_CALL_NOT_IMPLEMENTED;
}

/* The input of the control code that does it. */
static gboolean build_access(LPCWSTR sid, DWORD access, DWORD type, GBytes **ret_list,
                             GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) properties = cl_properties_new();
    if (!cl_text_from_wide(sid, &text, error)) {
        return FALSE;
    }
    g_ptr_array_add(properties, cl_property_new_text("AccountSID", CLUSPROP_FORMAT_SZ, text));
    g_ptr_array_add(properties,
                    cl_property_new_number("AccountAccessMask", CLUSPROP_FORMAT_DWORD, access));
    g_ptr_array_add(properties,
                    cl_property_new_number("AccountAccessType", CLUSPROP_FORMAT_DWORD, type));
    *ret_list = cl_property_list_build(properties);
    return TRUE;
}

DWORD ClusterSetAccountAccess(HCLUSTER hCluster, LPCWSTR szAccountSID, DWORD dwAccess,
                              DWORD dwControlType)
{
    GError *error = NULL;
    g_autoptr(GBytes) list = NULL;
    gsize size;
    if (!build_access(szAccountSID, dwAccess, dwControlType, &list, &error)) {
        return cl_error_take(error);
    }
    gpointer data = (gpointer)g_bytes_get_data(list, &size);
    return ClusterControl(hCluster, NULL, (DWORD)CLUSCTL_CLUSTER_SET_ACCOUNT_ACCESS, data,
                          (DWORD)size, NULL, 0, NULL);
}

DWORD ClusterUpgradeFunctionalLevel(HCLUSTER hCluster, BOOL perform,
                                    PCLUSTER_UPGRADE_PROGRESS_CALLBACK pfnProgressCallback,
                                    PVOID pvCallbackArg)
{
    if (pfnProgressCallback != NULL &&
        !pfnProgressCallback(pvCallbackArg, ClusterUpgradePhaseInitialize)) {
        return ERROR_OPERATION_ABORTED;
    }
    return cl_acting_run(CL_KIND_CLUSTER, hCluster,
                         &(ClActing){.verb = CL_ACT_UPGRADE, .number = perform != FALSE});
}

DWORD SetClusterNetworkName(HNETWORK hNetwork, LPCWSTR lpszName)
{
    return cl_acting_rename(CL_KIND_NETWORK, hNetwork, lpszName);
}

DWORD SetClusterNetworkPriorityOrder(HCLUSTER hCluster, DWORD NetworkCount, HNETWORK NetworkList[])
{
    if (NetworkList == NULL && NetworkCount > 0) {
        return ERROR_INVALID_PARAMETER;
    }
    return cl_acting_run(CL_KIND_CLUSTER, hCluster,
                         &(ClActing){.verb = CL_ACT_SET_NETWORK_PRIORITY_ORDER,
                                     .other_kind = CL_KIND_NETWORK,
                                     .others = (const gconstpointer *)NetworkList,
                                     .n_others = NetworkCount,
                                     .others_read = TRUE});
}

static gboolean add_text(GPtrArray *properties, const char *name, LPCWSTR wide, GError **error)
{
    g_autofree char *text = NULL;
    if (!cl_text_from_wide(wide, &text, error)) {
        return FALSE;
    }
    g_ptr_array_add(properties, cl_property_new_text(name, CLUSPROP_FORMAT_SZ, text));
    return TRUE;
}

static gboolean create_type(HCLUSTER cluster, const char *name, const GPtrArray *properties,
                            GError **error)
{
    ClNewObject what = {.kind = CL_KIND_RESOURCE_TYPE, .name = name, .properties = properties};
    ClObject *object = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, cluster, CL_ACCESS_ALL, error)) {
        return FALSE;
    }
    if (use.backend->create == NULL) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "the cluster cannot create types");
    }
    if (!use.backend->create(use.connection, &what, &use.call, &object, error)) {
        return FALSE;
    }
    use.backend->close(use.connection, object);
    return TRUE;
}

DWORD CreateClusterResourceType(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                LPCWSTR lpszDisplayName, LPCWSTR lpszResourceTypeDll,
                                DWORD dwLooksAlivePollInterval, DWORD dwIsAlivePollInterval)
{
    GError *error = NULL;
    g_autofree char *name = NULL;
    g_autoptr(GPtrArray) properties = cl_properties_new();
    if (!cl_text_from_wide(lpszResourceTypeName, &name, &error) ||
        !add_text(properties, "Name", lpszDisplayName, &error) ||
        !add_text(properties, "DllName", lpszResourceTypeDll, &error)) {
        return cl_error_take(error);
    }
    g_ptr_array_add(properties,
                    cl_property_new_number("LooksAlivePollInterval", CLUSPROP_FORMAT_DWORD,
                                           dwLooksAlivePollInterval));
    g_ptr_array_add(properties, cl_property_new_number("IsAlivePollInterval", CLUSPROP_FORMAT_DWORD,
                                                       dwIsAlivePollInterval));
    if (create_type(hCluster, name, properties, &error)) {
        return ERROR_SUCCESS;
    }
    DWORD code = cl_error_take(error);
    return code == ERROR_OBJECT_ALREADY_EXISTS ? ERROR_ALREADY_EXISTS : code;
}

DWORD DeleteClusterResourceType(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName)
{
    GError *error = NULL;
    g_autofree char *name = NULL;
    ClObject *type = NULL;
    ClAccess granted;
    g_auto(ClUse) use = CL_USE_INIT;
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_ALL, &error) ||
        !cl_text_from_wide(lpszResourceTypeName, &name, &error)) {
        return cl_error_take(error);
    }
    if (use.backend->remove == NULL) {
        return ERROR_CALL_NOT_IMPLEMENTED;
    }
    if (!use.backend->open(use.connection, CL_KIND_RESOURCE_TYPE, name, CL_ACCESS_ALL, &use.call,
                           &type, &granted, &error)) {
        return cl_error_take(error);
    }
    gboolean removed = use.backend->remove(use.connection, type, &use.call, &error);
    use.backend->close(use.connection, type);
    return removed ? ERROR_SUCCESS : cl_error_take(error);
}
