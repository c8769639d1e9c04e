/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clusapid: the cluster service. Wires the configuration, the sockets and the service.
 */
#include "access.h"
#include "config.h"
#include "service.h"
#include "sockets.h"
#include "version.h"

#include "rpc/epm.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>

#ifndef CLUSAPID_CONFIGURATION
#error "the build says where the configuration is"
#endif

typedef struct {
    const char *path;
    ClusapidConfig *config;
    ClusapidService *service;
    ClServer *server;
    ClServer *mapper;
    ClEpmEntry entry;
    gboolean is_loading; /* the configuration, on another thread */
    gboolean load_again;
} Daemon;

static ClusapidRole role_of(ClPeer *peer, gpointer user_data)
{
    const Daemon *daemon = user_data;
    const ClusapidConfig *config = daemon->config;
    if (clusapid_names_have(config->administrators, peer)) {
        return CLUSAPID_ADMINISTRATOR;
    }
    return clusapid_names_have(config->readers, peer) ? CLUSAPID_READER : CLUSAPID_NOBODY;
}

static gboolean on_end(gpointer user_data)
{
    Daemon *daemon = user_data;
    (void)sd_notify(FALSE, "STOPPING=1");
    cl_server_stop(daemon->server);
    return G_SOURCE_CONTINUE;
}

/* GSSAPI's mechanisms have the paths from the environment, which must not change under threads. */
static gboolean may_follow(const ClusapidConfig *former, const ClusapidConfig *config,
                           GError **error)
{
    if (g_strcmp0(former->keytab, config->keytab) == 0 &&
        g_strcmp0(former->ntlm_users, config->ntlm_users) == 0) {
        return TRUE;
    }
    g_set_error_literal(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE,
                        "another keytab= or ntlm-users= takes a new start of the service");
    return FALSE;
}

/* Who is connected stays; who comes from now on is judged anew. What cannot be read changes nothing. */
static void take_configuration(Daemon *daemon, ClusapidConfig *loaded, GError *failed)
{
    g_autoptr(ClusapidConfig) config = loaded;
    g_autoptr(GError) error = failed;
    const ClAcceptor acceptor = {daemon->config->keytab, daemon->config->ntlm_users};
    if (!config || !may_follow(daemon->config, config, &error) ||
        !cl_acceptor_prepare(&acceptor, &error)) {
        g_warning("the configuration stays as it was: %s", error->message);
    } else {
        ClusapidConfig *former = daemon->config;
        daemon->config = g_steal_pointer(&config);
        cl_server_set_level(daemon->server, daemon->config->level);
        clusapid_config_free(former);
        g_message("the configuration has been read again");
    }
}

static void load_configuration(GTask *task, gpointer source, gpointer path,
                               GCancellable *cancellable)
{
    (void)source, (void)cancellable;
    GError *error = NULL;
    ClusapidConfig *config = clusapid_config_load(path, &error);
    if (config) {
        g_task_return_pointer(task, config, (GDestroyNotify)clusapid_config_free);
    } else {
        g_task_return_error(task, error);
    }
}

static void on_reload(Daemon *daemon);

static void on_loaded(GObject *source, GAsyncResult *result, gpointer user_data)
{
    (void)source;
    Daemon *daemon = user_data;
    GError *error = NULL;
    ClusapidConfig *config = g_task_propagate_pointer(G_TASK(result), &error);
    take_configuration(daemon, config, error);
    daemon->is_loading = FALSE;
    if (daemon->load_again) {
        on_reload(daemon);
    } else {
        (void)sd_notify(FALSE, "READY=1");
    }
}

/* Looking names up may take long, so another thread does it. */
static void on_reload(Daemon *daemon)
{
    g_autofree char *now =
        g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
    (void)sd_notify(FALSE, now);
    daemon->load_again = daemon->is_loading;
    if (!daemon->is_loading) {
        g_autoptr(GTask) task = g_task_new(NULL, NULL, on_loaded, daemon);
        daemon->is_loading = TRUE;
        g_task_set_task_data(task, (gpointer)daemon->path, NULL);
        g_task_run_in_thread(task, load_configuration);
    }
}

static gboolean on_hangup(gpointer user_data)
{
    on_reload(user_data);
    return G_SOURCE_CONTINUE;
}

static void on_signal(const Daemon *daemon, int number, GSourceFunc function)
{
    GSource *source = g_unix_signal_source_new(number);
    g_source_set_callback(source, function, (gpointer)daemon, NULL);
    g_source_attach(source, g_main_context_get_thread_default());
    g_source_unref(source);
}

static void listen_all(ClServer *server, const GPtrArray *sockets, const ClListenOptions *options)
{
    for (guint i = 0; i < sockets->len; i++) {
        cl_server_listen(server, sockets->pdata[i], options);
    }
}

/* Who asks the mapper learns the port, which anybody may. */
static void start_mapper(Daemon *daemon, const ClusapidSockets *sockets)
{
    const ClServerLimits limits = {.peers = 64,
                                   .calls = 4,
                                   .message_size = 4096,
                                   .idle_seconds = 10,
                                   .bind_seconds = 10,
                                   .workers = 1};
    const ClListenOptions options = {.interface = &cl_interface_epm, .level_min = CL_LEVEL_NONE};
    daemon->entry = (ClEpmEntry){.interface = &cl_interface_clusapi, .port = sockets->port};
    daemon->mapper = cl_server_new(&limits, &cl_epm_service, &daemon->entry);
    listen_all(daemon->mapper, sockets->mapper, &options);
}

static int serve(Daemon *daemon, const ClusapidSockets *sockets)
{
    const ClusapidConfig *config = daemon->config;
    const ClusapidOptions options = {config->cluster, role_of, daemon};
    const ClListenOptions listening = {
        &cl_interface_clusapi, {config->keytab, config->ntlm_users}, config->level};
    clusapid_version_begin(sockets->local);
    daemon->service = clusapid_service_new(&options);
    if (!daemon->service) {
        g_warning("%s is no name of a cluster", config->cluster);
        return EX_CONFIG;
    }
    daemon->server = cl_server_new(&config->limits, &clusapid_calls, daemon->service);
    listen_all(daemon->server, sockets->local, &listening);
    listen_all(daemon->server, sockets->network, &listening);
    start_mapper(daemon, sockets);
    on_signal(daemon, SIGTERM, on_end);
    on_signal(daemon, SIGINT, on_end);
    on_signal(daemon, SIGHUP, on_hangup);
    (void)sd_notify(FALSE, "READY=1");
    cl_server_run(daemon->server);
    cl_server_free(daemon->mapper);
    cl_server_free(daemon->server);
    clusapid_service_free(daemon->service);
    clusapid_version_end();
    return EXIT_SUCCESS;
}

/* A client takes one descriptor, and each of its ports another. */
static void allow_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int run(Daemon *daemon)
{
    g_autoptr(GError) error = NULL;
    daemon->config = clusapid_config_load(daemon->path, &error);
    if (!daemon->config) {
        g_printerr("clusapid: %s\n", error->message);
        return EX_CONFIG;
    }
    const ClAcceptor acceptor = {daemon->config->keytab, daemon->config->ntlm_users};
    g_autoptr(ClusapidSockets) sockets = NULL;
    if (!cl_acceptor_prepare(&acceptor, &error) ||
        !(sockets = clusapid_sockets_open(daemon->config, &error))) {
        g_printerr("clusapid: %s\n", error->message);
        clusapid_config_free(daemon->config);
        return EX_UNAVAILABLE;
    }
    int status = serve(daemon, sockets);
    clusapid_config_free(daemon->config);
    return status;
}

int main(int argc, char **argv)
{
    Daemon daemon = {0};
    g_autofree char *path = NULL;
    gboolean version = FALSE;
    const GOptionEntry entries[] = {
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "The configuration", "FILE"},
        {"version", 'V', 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- the cluster service");
    g_autoptr(GError) error = NULL;
    (void)setlocale(LC_ALL, "");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
        g_printerr("clusapid: %s\n", error ? error->message : "too many arguments");
        return EX_USAGE;
    }
    if (version) {
        g_print("clusapid %s\n", CLUSAPI_VERSION);
        return EXIT_SUCCESS;
    }
    allow_descriptors();
    daemon.path = path ? path : CLUSAPID_CONFIGURATION;
    /* The default context is left to a cluster engine's libraries, which know no other. */
    g_autoptr(GMainContext) main_context = g_main_context_new();
    g_main_context_push_thread_default(main_context);
    int status = run(&daemon);
    g_main_context_pop_thread_default(main_context);
    return status;
}
