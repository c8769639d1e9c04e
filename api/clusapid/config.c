/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "backend.h"

#include "access.h"

#include <stdarg.h>
#include <string.h>

#define DEFAULT_CLUSTER "/var/lib/clusapi/local.cluster"

static const ClServerLimits default_limits = {
    .peers = 1024,
    .handles = 16384,
    .calls = 256,
    .message_size = 16 * 1024 * 1024,
    .idle_seconds = 900,
    .bind_seconds = 30,
    .workers = 32,
};

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, message);
    return FALSE;
}

/* --- Values ------------------------------------------------------------------------------------- */

typedef gboolean (*Take)(ClusapidConfig *config, gsize offset, const char *value, GError **error);

static gboolean take_path(ClusapidConfig *config, gsize offset, const char *value, GError **error)
{
    char **path = &G_STRUCT_MEMBER(char *, config, offset);
    if (!g_path_is_absolute(value)) {
        return fail(error, "\"%s\" is no absolute path", value);
    }
    g_free(*path);
    *path = g_strdup(value);
    return TRUE;
}

static char **split(const char *value)
{
    char **parts = g_strsplit(value, ";", -1);
    guint n = 0;
    for (guint i = 0; parts[i]; i++) {
        g_strstrip(parts[i]);
        if (*parts[i] == '\0') {
            g_free(parts[i]);
        } else {
            parts[n++] = parts[i];
        }
    }
    parts[n] = NULL;
    return parts;
}

/* The path of a file, or the Pacemaker cluster of this host as the library names it. */
static gboolean take_cluster(ClusapidConfig *config, gsize offset, const char *value,
                             GError **error)
{
    if (strcmp(value, "pacemaker") != 0) {
        return take_path(config, offset, value, error);
    }
    g_free(config->cluster);
    config->cluster = g_strdup(CL_PACEMAKER_PREFIX);
    return TRUE;
}

static gboolean take_names(ClusapidConfig *config, gsize offset, const char *value, GError **error)
{
    GArray *names = G_STRUCT_MEMBER(GArray *, config, offset);
    g_auto(GStrv) parts = split(value);
    g_array_set_size(names, 0);
    for (guint i = 0; parts[i]; i++) {
        if (!clusapid_names_add(names, parts[i])) {
            return fail(error, "there is no user or group \"%s\"", parts[i]);
        }
    }
    return TRUE;
}

static gboolean take_number(ClusapidConfig *config, gsize offset, const char *value, GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(value, 10, 1, 1024 * 1024, &number, error)) {
        return FALSE;
    }
    G_STRUCT_MEMBER(guint, config, offset) = (guint)number;
    return TRUE;
}

static gboolean take_bytes(ClusapidConfig *config, gsize offset, const char *value, GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(value, 10, 65536, 64 * 1024 * 1024, &number, error)) {
        return FALSE;
    }
    G_STRUCT_MEMBER(gsize, config, offset) = number;
    return TRUE;
}

static gboolean take_level(ClusapidConfig *config, G_GNUC_UNUSED gsize offset, const char *value,
                           GError **error)
{
    if (strcmp(value, "privacy") == 0) {
        config->level = CL_LEVEL_PRIVACY;
    } else if (strcmp(value, "integrity") == 0) {
        config->level = CL_LEVEL_INTEGRITY;
    } else {
        return fail(error, "\"%s\" is neither privacy nor integrity", value);
    }
    return TRUE;
}

static gboolean take_switch(ClusapidConfig *config, gsize offset, const char *value, GError **error)
{
    gboolean yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0) {
        return fail(error, "\"%s\" is neither yes nor no", value);
    }
    G_STRUCT_MEMBER(gboolean, config, offset) = yes;
    return TRUE;
}

/* ADDRESS or ADDRESS:PORT, an IPv6 address with a port in brackets. Port 0: any. */
static GSocketAddress *parse_address(const char *text, GError **error)
{
    g_autoptr(GSocketConnectable) parsed = g_network_address_parse(text, 0, error);
    if (!parsed) {
        return NULL;
    }
    const char *host = g_network_address_get_hostname(G_NETWORK_ADDRESS(parsed));
    guint16 port = g_network_address_get_port(G_NETWORK_ADDRESS(parsed));
    GSocketAddress *address = g_inet_socket_address_new_from_string(host, port);
    if (!address) {
        fail(error, "\"%s\" is no IP address", text);
    }
    return address;
}

static gboolean take_addresses(ClusapidConfig *config, G_GNUC_UNUSED gsize offset,
                               const char *value, GError **error)
{
    g_auto(GStrv) parts = split(value);
    g_ptr_array_set_size(config->addresses, 0);
    for (guint i = 0; parts[i]; i++) {
        GSocketAddress *address = parse_address(parts[i], error);
        if (!address) {
            return FALSE;
        }
        g_ptr_array_add(config->addresses, address);
    }
    return TRUE;
}

/* --- The file ----------------------------------------------------------------------------------- */

#define AT(member) G_STRUCT_OFFSET(ClusapidConfig, member)

static const struct {
    const char *group;
    const char *key;
    Take take;
    gsize offset;
} keys[] = {
    {"service", "cluster", take_cluster, AT(cluster)},
    {"service", "socket", take_path, AT(socket)},
    {"access", "readers", take_names, AT(readers)},
    {"access", "administrators", take_names, AT(administrators)},
    {"network", "listen", take_addresses, 0},
    {"network", "endpoint-mapper", take_switch, AT(endpoint_mapper)},
    {"network", "keytab", take_path, AT(keytab)},
    {"network", "ntlm-users", take_path, AT(ntlm_users)},
    {"network", "level", take_level, 0},
    {"limits", "clients", take_number, AT(limits.peers)},
    {"limits", "handles", take_number, AT(limits.handles)},
    {"limits", "calls", take_number, AT(limits.calls)},
    {"limits", "message-size", take_bytes, AT(limits.message_size)},
    {"limits", "idle-seconds", take_number, AT(limits.idle_seconds)},
    {"limits", "bind-seconds", take_number, AT(limits.bind_seconds)},
    {"limits", "threads", take_number, AT(limits.workers)},
};

/* In a key file a backslash begins an escape, or is doubled; here one alone is what it is, so that
 * LAB\robert is no LAB, a carriage return and obert. */
static char *get_names(GKeyFile *file, const char *group, const char *key, GError **error)
{
    g_autofree char *raw = g_key_file_get_value(file, group, key, error);
    g_auto(GStrv) parts = raw ? g_strsplit(raw, "\\\\", -1) : NULL;
    return parts ? g_strjoinv("\\", parts) : NULL;
}

static gboolean take_key(ClusapidConfig *config, GKeyFile *file, const char *group, const char *key,
                         GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i].group, group) == 0 && strcmp(keys[i].key, key) == 0) {
            g_autofree char *value = keys[i].take == take_names
                                         ? get_names(file, group, key, error)
                                         : g_key_file_get_string(file, group, key, error);
            if (value && !keys[i].take(config, keys[i].offset, g_strstrip(value), error)) {
                g_prefix_error(error, "[%s] %s: ", group, key);
                return FALSE;
            }
            return value != NULL;
        }
    }
    return fail(error, "there is no key %s in [%s]", key, group);
}

static gboolean take_group(ClusapidConfig *config, GKeyFile *file, const char *group,
                           GError **error)
{
    g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, error);
    for (guint i = 0; names && names[i]; i++) {
        if (!take_key(config, file, group, names[i], error)) {
            return FALSE;
        }
    }
    return names != NULL;
}

static gboolean check(const ClusapidConfig *config, GError **error)
{
    return config->addresses->len == 0 || config->keytab || config->ntlm_users ||
           fail(error, "[network] listen needs a keytab or ntlm-users, else nobody could come in");
}

ClusapidConfig *clusapid_config_load(const char *path, GError **error)
{
    g_autoptr(ClusapidConfig) config = g_new0(ClusapidConfig, 1);
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) failed = NULL;
    config->cluster = g_strdup(DEFAULT_CLUSTER);
    config->socket = g_strdup(CLUSAPI_SERVICE_SOCKET);
    config->readers = clusapid_names_new();
    config->administrators = clusapid_names_new();
    (void)clusapid_names_add(config->administrators, "root");
    config->addresses = g_ptr_array_new_with_free_func(g_object_unref);
    config->level = CL_LEVEL_PRIVACY;
    config->limits = default_limits;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &failed)) {
        if (g_error_matches(failed, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
            return g_steal_pointer(&config);
        }
        g_propagate_prefixed_error(error, g_steal_pointer(&failed), "%s: ", path);
        return NULL;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (guint i = 0; groups[i]; i++) {
        if (!take_group(config, file, groups[i], error)) {
            g_prefix_error(error, "%s: ", path);
            return NULL;
        }
    }
    if (!check(config, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&config);
}

void clusapid_config_free(ClusapidConfig *config)
{
    g_free(config->cluster);
    g_free(config->socket);
    g_array_unref(config->readers);
    g_array_unref(config->administrators);
    g_ptr_array_unref(config->addresses);
    g_free(config->keytab);
    g_free(config->ntlm_users);
    g_free(config);
}
