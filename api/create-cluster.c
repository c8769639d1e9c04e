/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CreateCluster: forms a cluster where its name leads, and opens it.
 */
#include <clusapi/linux.h>
#include <string.h>

#include "object.h"
#include "text.h"

/* What the caller's configuration says, in UTF-8. */
typedef struct {
    char *path; /* NULL: where the cluster of this host is looked for */
    char *name;
    char **nodes;
    char **addresses;
} Wanted;

static void wanted_clear(Wanted *wanted)
{
    g_free(wanted->path);
    g_free(wanted->name);
    g_strfreev(wanted->nodes);
    g_strfreev(wanted->addresses);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wanted, wanted_clear)

/* A path names the file and, by its last part, the cluster; a name only the cluster. */
static gboolean take_name(LPCWSTR wide, Wanted *wanted, GError **error)
{
    g_autofree char *name = NULL;
    if (!cl_text_from_wide(wide, &name, error)) {
        return FALSE;
    }
    if (!g_path_is_absolute(name)) {
        wanted->name = g_steal_pointer(&name);
        return TRUE;
    }
    wanted->name = g_path_get_basename(name);
    char *suffix = strrchr(wanted->name, '.');
    if (suffix != NULL && suffix != wanted->name) {
        *suffix = '\0';
    }
    wanted->path = g_steal_pointer(&name);
    return TRUE;
}

static gboolean take_nodes(const CREATE_CLUSTER_CONFIG *config, Wanted *wanted, GError **error)
{
    g_autoptr(GStrvBuilder) nodes = g_strv_builder_new();
    for (DWORD i = 0; i < config->cNodes; i++) {
        g_autofree char *node = NULL;
        if (!cl_text_from_wide(config->ppszNodeNames[i], &node, error)) {
            return FALSE;
        }
        g_strv_builder_add(nodes, node);
    }
    wanted->nodes = g_strv_builder_end(nodes);
    return TRUE;
}

static gboolean take_addresses(const CREATE_CLUSTER_CONFIG *config, Wanted *wanted, GError **error)
{
    g_autoptr(GStrvBuilder) addresses = g_strv_builder_new();
    for (DWORD i = 0; i < config->cIpEntries; i++) {
        g_autofree char *text = NULL;
        if (!cl_text_from_wide(config->pIpEntries[i].lpszIpAddress, &text, error)) {
            return FALSE;
        }
        g_autofree char *address =
            g_strdup_printf("%s/%u", text, config->pIpEntries[i].dwPrefixLength);
        g_strv_builder_add(addresses, address);
    }
    wanted->addresses = g_strv_builder_end(addresses);
    return TRUE;
}

static gboolean is_complete(const CREATE_CLUSTER_CONFIG *config)
{
    return config != NULL && config->dwVersion == CREATE_CLUSTER_VERSION && config->cNodes > 0 &&
           config->ppszNodeNames != NULL && (config->cIpEntries == 0 || config->pIpEntries != NULL);
}

typedef struct {
    PCLUSTER_SETUP_PROGRESS_CALLBACK function;
    PVOID argument;
} Progress;

static gboolean tell(const Progress *progress, CLUSTER_SETUP_PHASE phase,
                     CLUSTER_SETUP_PHASE_TYPE type, DWORD percent, DWORD status)
{
    CLUSTER_SETUP_PHASE_SEVERITY severity =
        status == ERROR_SUCCESS ? ClusterSetupPhaseInformational : ClusterSetupPhaseFatal;
    return progress->function == NULL ||
           progress->function(progress->argument, phase, type, severity, percent, NULL, status);
}

/* Tells that a phase begins; ERROR_OPERATION_ABORTED if the caller asks to stop. */
static gboolean begin_phase(const Progress *progress, CLUSTER_SETUP_PHASE phase, DWORD percent,
                            GError **error)
{
    return tell(progress, phase, ClusterSetupPhaseStart, percent, ERROR_SUCCESS) ||
           cl_fail(error, ERROR_OPERATION_ABORTED, "the caller asked to stop");
}

static gboolean form(const ClTarget *target, const ClNewCluster *what, GError **error)
{
    ClCall call = cl_call_now(CLUSAPI_DEFAULT_TIMEOUT);
    if (target->backend->form == NULL) {
        return cl_fail(error, ERROR_NOT_SUPPORTED, "the back end %s cannot form clusters",
                       target->backend->name);
    }
    /* Forming a cluster writes to a disk or asks a network: it always waits. */
    return cl_call_may_wait(&call, error) && target->backend->form(target, what, &call, error);
}

static gboolean create_and_open(const CREATE_CLUSTER_CONFIG *config, const Progress *progress,
                                HCLUSTER *ret_cluster, GError **error)
{
    g_auto(Wanted) wanted = {NULL, NULL, NULL, NULL};
    g_autoptr(ClTarget) target = NULL;
    ClAccess granted;
    if (!is_complete(config)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "the configuration is not complete");
    }
    if (!begin_phase(progress, ClusterSetupPhaseInitialize, 0, error) ||
        !take_name(config->lpszClusterName, &wanted, error) ||
        !take_nodes(config, &wanted, error) || !take_addresses(config, &wanted, error) ||
        !cl_backend_resolve_new(wanted.path, &target, error) ||
        !begin_phase(progress, ClusterSetupPhaseFormingCluster, 20, error)) {
        return FALSE;
    }
    ClNewCluster what = {.name = wanted.name,
                         .nodes = (const char *const *)wanted.nodes,
                         .addresses = (const char *const *)wanted.addresses,
                         .empty = config->fEmptyCluster != FALSE};
    return form(target, &what, error) &&
           cl_cluster_connect(target, CL_ACCESS_ALL, ret_cluster, &granted, error);
}

HCLUSTER CreateCluster(PCREATE_CLUSTER_CONFIG pConfig,
                       PCLUSTER_SETUP_PROGRESS_CALLBACK pfnProgressCallback, PVOID pvCallbackArg)
{
    GError *error = NULL;
    HCLUSTER cluster = NULL;
    Progress progress = {pfnProgressCallback, pvCallbackArg};
    gboolean made = create_and_open(pConfig, &progress, &cluster, &error);
    DWORD code = made ? ERROR_SUCCESS : cl_error_take(error);
    /* Too late to stop now, so the answer does not matter. */
    (void)tell(&progress, ClusterSetupPhaseClusterGroupOnline, ClusterSetupPhaseEnd, 100, code);
    if (!made) {
        SetLastError(code);
    }
    return cluster;
}
