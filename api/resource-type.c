/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The public functions of resource types, which have no handles: each call names the type, opens
 * it, and closes it again.
 */
#include "control.h"
#include "enumeration.h"
#include "text.h"

/* Turns a use of the cluster into one of its resource type @wide_name, to be let go with
 * close_type(). */
static gboolean open_type(ClUse *use, LPCWSTR wide_name, ClObject **ret_type, GError **error)
{
    g_autofree char *name = NULL;
    ClAccess granted;
    ClObject *type;
    if (!cl_text_from_wide(wide_name, &name, error) ||
        !use->backend->open(use->connection, CL_KIND_RESOURCE_TYPE, name, use->granted, &use->call,
                            &type, &granted, error)) {
        return FALSE;
    }
    use->object = type;
    use->kind = CL_KIND_RESOURCE_TYPE;
    *ret_type = type;
    return TRUE;
}

static void close_type(ClUse *use, ClObject *type)
{
    use->object = NULL;
    use->backend->close(use->connection, type);
}

static gpointer open_enumeration(ClUse *use, LPCWSTR name, DWORD types, GError **error)
{
    ClObject *type;
    ClItems *items;
    ClEnumRequest request = {.types = types};
    if (!open_type(use, name, &type, error)) {
        return NULL;
    }
    gboolean done =
        use->backend->enumerate(use->connection, type, &request, &use->call, &items, error);
    close_type(use, type);
    return done ? cl_enum_publish(use, CL_HANDLE_RESOURCE_TYPE_ENUM, items, error) : NULL;
}

HRESTYPEENUM ClusterResourceTypeOpenEnum(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                         DWORD dwType)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    gpointer handle = NULL;
    if (cl_use_begin(&use, CL_KIND_CLUSTER, hCluster, CL_ACCESS_READ, &error)) {
        handle = open_enumeration(&use, lpszResourceTypeName, dwType, &error);
    }
    if (handle == NULL) {
        cl_error_raise(error);
    }
    return handle;
}

DWORD ClusterResourceTypeGetEnumCount(HRESTYPEENUM hResTypeEnum)
{
    return cl_enum_count(CL_HANDLE_RESOURCE_TYPE_ENUM, hResTypeEnum);
}

DWORD ClusterResourceTypeEnum(HRESTYPEENUM hResTypeEnum, DWORD dwIndex, LPDWORD lpdwType,
                              LPWSTR lpszName, LPDWORD lpcchName)
{
    return cl_enum_item(CL_HANDLE_RESOURCE_TYPE_ENUM, hResTypeEnum, dwIndex, lpdwType, lpszName,
                        lpcchName);
}

DWORD ClusterResourceTypeCloseEnum(HRESTYPEENUM hResTypeEnum)
{
    return cl_enum_close(CL_HANDLE_RESOURCE_TYPE_ENUM, hResTypeEnum);
}

static DWORD control(HCLUSTER cluster, LPCWSTR name, HNODE host, const ClControlBuffers *buffers)
{
    GError *error = NULL;
    g_auto(ClUse) use = CL_USE_INIT;
    ClAccess needed = CL_ACCESS_READ;
    ClObject *type;
    (void)cl_control_check(CL_KIND_RESOURCE_TYPE, buffers->code, &needed, NULL);
    if (!cl_use_begin(&use, CL_KIND_CLUSTER, cluster, needed, &error) ||
        !open_type(&use, name, &type, &error)) {
        return cl_error_take(error);
    }
    DWORD code = cl_control_run(&use, host, buffers);
    close_type(&use, type);
    return code;
}

DWORD ClusterResourceTypeControl(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName, HNODE hHostNode,
                                 DWORD dwControlCode, LPVOID lpInBuffer, DWORD cbInBufferSize,
                                 LPVOID lpOutBuffer, DWORD cbOutBufferSize,
                                 LPDWORD lpcbBytesReturned)
{
    return control(hCluster, lpszResourceTypeName, hHostNode,
                   &(ClControlBuffers){dwControlCode, lpInBuffer, cbInBufferSize, lpOutBuffer,
                                       cbOutBufferSize, lpcbBytesReturned, FALSE});
}

DWORD ClusterResourceTypeControlAsUser(HCLUSTER hCluster, LPCWSTR lpszResourceTypeName,
                                       HNODE hHostNode, DWORD dwControlCode, LPVOID lpInBuffer,
                                       DWORD cbInBufferSize, LPVOID lpOutBuffer,
                                       DWORD cbOutBufferSize, LPDWORD lpcbBytesReturned)
{
    return control(hCluster, lpszResourceTypeName, hHostNode,
                   &(ClControlBuffers){dwControlCode, lpInBuffer, cbInBufferSize, lpOutBuffer,
                                       cbOutBufferSize, lpcbBytesReturned, TRUE});
}
