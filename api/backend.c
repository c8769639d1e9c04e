/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Choosing the back end for a cluster's name: the one place that knows what a name can mean. The
 * embedded back end is always there; others are modules, loaded when they are first needed and
 * never unloaded.
 */
#include "backend.h"

#include <errno.h>
#include <gmodule.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEFAULT_FILE "/var/lib/clusapi/local.cluster"
#define GLOBAL       "global"

/* The back ends: this one in the library, any other as a module of its name. */
static const ClBackend *const built_in[] = {&cl_backend_embedded};

static GMutex modules_lock;
static GHashTable *modules; /* name to ClBackend, under modules_lock */

ClTarget *cl_target_new(const ClBackend *backend, const char *section, const char *address)
{
    ClTarget *target = g_new0(ClTarget, 1);
    target->backend = backend;
    target->section = g_strdup(section);
    target->address = g_strdup(address);
    target->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return target;
}

void cl_target_free(ClTarget *target)
{
    g_free(target->section);
    g_free(target->address);
    g_hash_table_unref(target->options);
    g_free(target);
}

/* The value of an environment variable, if it is set to something and the process is not one that
 * must not trust its environment. */
static const char *setting(const char *variable)
{
    const char *value = secure_getenv(variable);
    return value != NULL && *value != '\0' ? value : NULL;
}

static const ClBackend *load_module(const char *name)
{
    const char *directory = setting("CLUSAPI_MODULE_DIR");
    g_autofree char *file = g_strdup_printf(
        "%s/clusapi-%s.so", directory != NULL ? directory : CLUSAPI_MODULE_DIRECTORY, name);
    GModule *module = g_module_open(file, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
    gpointer symbol;
    if (module == NULL) {
        g_debug("the back end %s cannot be loaded: %s", name, g_module_error());
        return NULL;
    }
    g_module_make_resident(module);
    if (!g_module_symbol(module, CL_BACKEND_MODULE_SYMBOL, &symbol)) {
        g_debug("%s is not a back end", file);
        return NULL;
    }
    return ((ClBackendModule)symbol)();
}

static gboolean is_module_name(const char *name)
{
    return *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

static const ClBackend *find_backend(const char *name, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(built_in); i++) {
        if (strcmp(built_in[i]->name, name) == 0) {
            return built_in[i];
        }
    }
    g_mutex_lock(&modules_lock);
    if (modules == NULL) {
        modules = g_hash_table_new(g_str_hash, g_str_equal);
    }
    const ClBackend *backend = g_hash_table_lookup(modules, name);
    if (backend == NULL && is_module_name(name)) {
        backend = load_module(name);
        if (backend != NULL) {
            g_hash_table_insert(modules, (gpointer)g_intern_string(name), (gpointer)backend);
        }
    }
    g_mutex_unlock(&modules_lock);
    if (backend == NULL) {
        cl_fail(error, ERROR_MOD_NOT_FOUND, "there is no back end %s here", name);
    }
    return backend;
}

/* The parsed clusters.conf; an absent file is an empty one. */
static gboolean load_configuration(GKeyFile **ret_file, GError **error)
{
    const char *path = setting("CLUSAPI_CONF");
    if (path == NULL) {
        path = CLUSAPI_CONFIGURATION;
    }
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    struct stat status;
    /* Opening a FIFO would hang. */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        return cl_fail(error, ERROR_INVALID_DATA, "%s is not a regular file", path);
    }
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &cause)) {
        if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
            return cl_fail(error, ERROR_ACCESS_DENIED, "%s: %s", path, cause->message);
        }
        if (!g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
            !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOTDIR)) {
            return cl_fail(error, ERROR_INVALID_DATA, "%s: %s", path, cause->message);
        }
    }
    *ret_file = g_steal_pointer(&file);
    return TRUE;
}

gboolean cl_backend_configured(char ***ret_names, GError **error)
{
    g_autoptr(GKeyFile) file = NULL;
    if (!load_configuration(&file, error)) {
        return FALSE;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    for (char **group = groups; *group != NULL; group++) {
        if (strcmp(*group, GLOBAL) != 0) {
            g_strv_builder_add(names, *group);
        }
    }
    *ret_names = g_strv_builder_end(names);
    return TRUE;
}

/* The section of that name, without regard to ASCII case as host names are. */
static char *find_section(GKeyFile *file, const char *name)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group != NULL; group++) {
        if (strcmp(*group, GLOBAL) != 0 && g_ascii_strcasecmp(*group, name) == 0) {
            return g_strdup(*group);
        }
    }
    return NULL;
}

static gboolean resolve_section(GKeyFile *file, const char *section, ClTarget **ret_target,
                                GError **error)
{
    g_autofree char *name = g_key_file_get_string(file, section, "backend", NULL);
    g_autofree char *address = g_key_file_get_string(file, section, "address", NULL);
    const ClBackend *backend = find_backend(name != NULL ? name : "embedded", error);
    if (backend == NULL) {
        return FALSE;
    }
    if (backend == &cl_backend_embedded && (address == NULL || !g_path_is_absolute(address))) {
        return cl_fail(error, ERROR_INVALID_DATA, "[%s] needs address=, an absolute path", section);
    }
    ClTarget *target = cl_target_new(backend, section, address);
    g_auto(GStrv) keys = g_key_file_get_keys(file, section, NULL, NULL);
    for (char **key = keys; key != NULL && *key != NULL; key++) {
        char *value = g_key_file_get_string(file, section, *key, NULL);
        g_hash_table_insert(target->options, g_strdup(*key), value != NULL ? value : g_strdup(""));
    }
    *ret_target = target;
    return TRUE;
}

static gboolean is_socket(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

static gboolean resolve_path(const char *path, ClTarget **ret_target, GError **error)
{
    if (is_socket(path)) {
        const ClBackend *rpc = find_backend("rpc", error);
        if (rpc != NULL) {
            *ret_target = cl_target_new(rpc, NULL, path);
        }
        return rpc != NULL;
    }
    *ret_target = cl_target_new(&cl_backend_embedded, NULL, path);
    return TRUE;
}

static gboolean resolve_pacemaker(const char *file, ClTarget **ret_target, GError **error)
{
    const ClBackend *pacemaker = find_backend("pacemaker", error);
    if (pacemaker != NULL) {
        *ret_target = cl_target_new(pacemaker, NULL, *file != '\0' ? file : NULL);
    }
    return pacemaker != NULL;
}

static gboolean resolve_host(const char *host, ClTarget **ret_target, GError **error)
{
    g_autoptr(GError) cause = NULL;
    const ClBackend *rpc = find_backend("rpc", &cause);
    if (rpc == NULL) {
        return cl_fail(error, RPC_S_SERVER_UNAVAILABLE, "%s: not configured, and %s", host,
                       cause->message);
    }
    *ret_target = cl_target_new(rpc, NULL, host);
    return TRUE;
}

static gboolean resolve_name(GKeyFile *file, const char *name, ClTarget **ret_target,
                             GError **error)
{
    if (*name == '\0') {
        return cl_fail(error, ERROR_INVALID_NAME, "an empty name names no cluster");
    }
    if (g_path_is_absolute(name)) {
        return resolve_path(name, ret_target, error); /* which local= may give */
    }
    if (g_str_has_prefix(name, CL_PACEMAKER_PREFIX)) {
        return resolve_pacemaker(name + strlen(CL_PACEMAKER_PREFIX), ret_target, error);
    }
    g_autofree char *section = find_section(file, name);
    return section != NULL ? resolve_section(file, section, ret_target, error)
                           : resolve_host(name, ret_target, error);
}

/* What stands for the cluster of this host: a path, a section, or NULL for none. */
static char *local_setting(GKeyFile *file)
{
    const char *variable = setting("CLUSAPI_LOCAL");
    return variable != NULL ? g_strdup(variable)
                            : g_key_file_get_string(file, GLOBAL, "local", NULL);
}

/* The path that a name (NULL: of this host) is whatever the configuration holds; or NULL. */
static const char *as_path(const char *name)
{
    const char *text = name != NULL ? name : setting("CLUSAPI_LOCAL");
    return text != NULL && g_path_is_absolute(text) ? text : NULL;
}

gboolean cl_backend_resolve(const char *name, ClTarget **ret_target, GError **error)
{
    const char *path = as_path(name);
    if (path != NULL) {
        return resolve_path(path, ret_target, error);
    }
    g_autoptr(GKeyFile) file = NULL;
    if (!load_configuration(&file, error)) {
        return FALSE;
    }
    if (name != NULL) {
        return resolve_name(file, name, ret_target, error);
    }
    g_autofree char *local = local_setting(file);
    if (local != NULL && *local != '\0') {
        return resolve_name(file, local, ret_target, error);
    }
    if (is_socket(CLUSAPI_SERVICE_SOCKET)) {
        return resolve_path(CLUSAPI_SERVICE_SOCKET, ret_target, error);
    }
    if (g_file_test(DEFAULT_FILE, G_FILE_TEST_EXISTS)) {
        return resolve_path(DEFAULT_FILE, ret_target, error);
    }
    return cl_fail(error, EPT_S_NOT_REGISTERED, "this host is in no cluster");
}

gboolean cl_backend_resolve_new(const char *path, ClTarget **ret_target, GError **error)
{
    const char *known = as_path(path);
    if (known != NULL) {
        return resolve_path(known, ret_target, error);
    }
    g_autoptr(GKeyFile) file = NULL;
    if (!load_configuration(&file, error)) {
        return FALSE;
    }
    g_autofree char *local = local_setting(file);
    return local != NULL && *local != '\0' ? resolve_name(file, local, ret_target, error)
                                           : resolve_path(DEFAULT_FILE, ret_target, error);
}
