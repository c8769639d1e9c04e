/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agents.h"

#include <crm/common/agents.h>
#include <crm/common/iso8601.h>
#include <crm/common/mainloop.h>
#include <crm/services.h>
#include <crm/stonith-ng.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "version.h"

/* Exported, though its header is not installed; of the public resources_action_create() nothing ever
 * comes but NULL (2.1.5). */
svc_action_t *services__create_resource_action(const char *name, const char *standard,
                                               const char *provider, const char *agent,
                                               const char *action, guint interval_ms, int timeout,
                                               GHashTable *params, enum svc_action_flags flags);

/* How long an agent may take, and for how long its metadata is kept, in milliseconds and microseconds;
 * what failed is tried again sooner. */
#define AGENT_MS  10000
#define KEEP_US   (10 * G_TIME_SPAN_MINUTE)
#define FAILED_US (30 * G_TIME_SPAN_SECOND)

#ifndef PACEMAKER_DAEMONS
#error "the build says where Pacemaker's daemons are"
#endif

/* The options of the cluster, and what agents that fence take besides their own. */
static const char *const cluster_daemons[] = {"pacemaker-schedulerd", "pacemaker-controld",
                                              "pacemaker-based", NULL};
static const char *const fence_daemons[] = {"pacemaker-fenced", NULL};

/* Where agents that fence are. */
#define FENCE_AGENTS "/usr/sbin/"

/* Names of agents are names of files, and lead nowhere else. */
static gboolean is_name(const char *text)
{
    return !text || (*text != '.' && !strchr(text, '/'));
}

/* --- Listing ------------------------------------------------------------------------------------ */

static void add_services(const char *standard, const char *provider, GPtrArray *types)
{
    GList *agents = resources_list_agents(standard, provider);
    for (GList *at = agents; at; at = at->next) {
        g_ptr_array_add(
            types, provider
                       ? g_strdup_printf("%s:%s:%s", standard, provider, (const char *)at->data)
                       : g_strdup_printf("%s:%s", standard, (const char *)at->data));
    }
    g_list_free_full(agents, free);
}

/* Those that are programs. (liblrmd would list plugins too, and leave the names of all behind.) */
static void add_fence_agents(GPtrArray *types)
{
    stonith_t *fencing = stonith_api_new();
    stonith_key_value_t *agents = NULL;
    if (fencing) {
        (void)fencing->cmds->list_agents(fencing, st_opt_sync_call, "redhat", &agents, 0);
        for (stonith_key_value_t *at = agents; at; at = at->next) {
            g_ptr_array_add(types, g_strdup_printf("stonith:%s", at->value));
        }
        stonith_key_value_freeall(agents, 1, 1);
        stonith_api_delete(fencing);
    }
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GStrv cl_pcmk_agents_list(void)
{
    GPtrArray *types = g_ptr_array_new();
    GList *providers = resources_list_providers(PCMK_RESOURCE_CLASS_OCF);
    for (GList *at = providers; at; at = at->next) {
        add_services(PCMK_RESOURCE_CLASS_OCF, at->data, types);
    }
    g_list_free_full(providers, free);
    add_services(PCMK_RESOURCE_CLASS_LSB, NULL, types);
    add_fence_agents(types);
    g_ptr_array_sort(types, by_text);
    g_ptr_array_add(types, NULL);
    return (GStrv)g_ptr_array_free(types, FALSE);
}

/* Where systemd looks for units. */
static const char *const unit_directories[] = {"/etc/systemd/system", "/run/systemd/system",
                                               "/usr/local/lib/systemd/system",
                                               "/usr/lib/systemd/system", "/lib/systemd/system"};

static gboolean has_unit(const char *unit)
{
    for (gsize i = 0; i < G_N_ELEMENTS(unit_directories); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.service", unit_directories[i], unit);
        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            return TRUE;
        }
    }
    return FALSE;
}

gboolean cl_pcmk_agents_has_unit(const char *type)
{
    g_auto(GStrv) parts = g_strsplit(type, ":", 2);
    if ((g_strcmp0(parts[0], PCMK_RESOURCE_CLASS_SYSTEMD) != 0 &&
         g_strcmp0(parts[0], PCMK_RESOURCE_CLASS_SERVICE) != 0) ||
        !parts[1] || *parts[1] == '\0' || !is_name(parts[1])) {
        return FALSE;
    }
    /* An instance of a template: NAME@INSTANCE. */
    char *at = strchr(parts[1], '@');
    if (at) {
        at[1] = '\0';
    }
    return has_unit(parts[1]);
}

/* --- What is kept ------------------------------------------------------------------------------- */

typedef struct {
    ClPcmkAgent *agent; /* the last that was told; NULL: on its way, or failed */
    DWORD failure;      /* if it failed */
    gboolean asking;
    gint64 until; /* g_get_monotonic_time(); while it is asked: when there is no hope any more */
} Kept;

static struct {
    GMutex lock;
    GCond changed;
    GHashTable *types; /* char * to Kept; nothing is ever taken out */
} kept;

/* With the lock held. */
static Kept *kept_of(const char *type)
{
    if (!kept.types) {
        kept.types = g_hash_table_new(g_str_hash, g_str_equal);
    }
    Kept *one = g_hash_table_lookup(kept.types, type);
    if (!one) {
        one = g_new0(Kept, 1);
        g_hash_table_insert(kept.types, g_strdup(type), one);
    }
    return one;
}

/* @agent (transfer full) NULL: it failed with that code; then what it said before still counts. */
static void keep(const char *type, ClPcmkAgent *agent, DWORD failure)
{
    cl_pcmk_version_step();
    g_mutex_lock(&kept.lock);
    Kept *one = kept_of(type);
    if (agent) {
        g_clear_pointer(&one->agent, cl_pcmk_agent_unref);
        one->agent = agent;
    }
    one->failure = failure;
    one->asking = FALSE;
    one->until = g_get_monotonic_time() + (agent ? KEEP_US : FAILED_US);
    g_cond_broadcast(&kept.changed);
    g_mutex_unlock(&kept.lock);
    cl_pcmk_version_step();
}

/* Whether it is for the caller to ask; the lock is held. */
static gboolean is_due(Kept *one)
{
    gint64 now = g_get_monotonic_time();
    if (one->until > now) {
        return FALSE;
    }
    one->asking = TRUE;
    one->until = now + 2 * AGENT_MS * G_TIME_SPAN_MILLISECOND;
    return TRUE;
}

/* --- Asking an agent ---------------------------------------------------------------------------- */

/* On the engine's thread, when the agent has ended. */
static void on_answer(svc_action_t *action)
{
    g_autofree char *type = action->cb_data;
    const char *xml = action->stdout_data;
    action->cb_data = NULL;
    if (action->status == PCMK_EXEC_TIMEOUT) {
        keep(type, NULL, ERROR_TIMEOUT);
    } else {
        ClPcmkAgent *agent = xml ? cl_pcmk_agent_parse(xml, strlen(xml)) : NULL;
        keep(type, agent, ERROR_INVALID_DATA);
    }
}

static svc_action_t *program_action(const char *path, const char *name,
                                    const char *const *arguments)
{
    svc_action_t *action =
        g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)
            ? services_action_create_generic(path, (const char **)(gpointer)arguments)
            : NULL;
    if (action) {
        action->timeout = AGENT_MS;
        action->id = strdup(name);
    }
    return action;
}

/* An agent that fences tells what it takes when it is asked so, whatever it is to fence. */
static svc_action_t *fence_action(const char *agent)
{
    static const char *const arguments[] = {"-o", "metadata", NULL};
    g_autofree char *path = g_strconcat(FENCE_AGENTS, agent, NULL);
    return program_action(path, agent, arguments);
}

static svc_action_t *daemon_action(const char *daemon)
{
    static const char *const arguments[] = {"metadata", NULL};
    g_autofree char *path = g_strconcat(PACEMAKER_DAEMONS "/", daemon, NULL);
    return program_action(path, daemon, arguments);
}

/* NULL if the host has no such agent. */
static svc_action_t *action_of(const char *standard, const char *provider, const char *agent)
{
    if (!is_name(provider) || !is_name(agent)) {
        return NULL;
    }
    if (strcmp(standard, PCMK_RESOURCE_CLASS_STONITH) == 0) {
        return fence_action(agent);
    }
    svc_action_t *action = services__create_resource_action(agent, standard, provider, agent,
                                                            "meta-data", 0, AGENT_MS, NULL, 0);
    if (action && action->rc != PCMK_OCF_UNKNOWN) {
        services_action_free(action);
        action = NULL;
    }
    return action;
}

/* --- The ends of agents --------------------------------------------------------------------------- */

/* So long after an agent was begun the handler of SIGCHLD is there, which takes a millisecond. */
#define HANDLER_MS 50

static gboolean on_rest(gpointer data)
{
    (void)data;
    (void)mainloop_destroy_signal(SIGCHLD);
    return G_SOURCE_REMOVE;
}

/* Killing what has ended already is how libcrmcommon is made to reap it, and to tell how it ended. */
static gboolean on_end(gint fd, GIOCondition condition, gpointer data)
{
    (void)condition;
    (void)mainloop_child_kill(GPOINTER_TO_INT(data));
    (void)close(fd);
    (void)g_timeout_add(HANDLER_MS, on_rest, NULL);
    return G_SOURCE_REMOVE;
}

/* Libcrmcommon looks for children that have ended twice a second, for good, once it had any: its handler of
 * SIGCHLD does not wake the loop. The kernel tells of this one, so that the handler can go again. */
static void await_end(svc_action_t *action)
{
    int fd = pidfd_open(action->pid, 0);
    if (fd >= 0) {
        (void)g_unix_fd_add(fd, G_IO_IN, on_end, GINT_TO_POINTER(action->pid));
    }
}

/* --- Asking them ---------------------------------------------------------------------------------- */

/* @action NULL: the host has nobody to ask. */
static void send(const char *type, svc_action_t *action)
{
    if (!action) {
        keep(type, cl_pcmk_agent_new(FALSE), ERROR_SUCCESS);
        return;
    }
    action->cb_data = g_strdup(type);
    if (!services_action_async_fork_notify(action, on_answer, await_end)) {
        g_free(action->cb_data);
        action->cb_data = NULL;
        services_action_free(action);
        keep(type, NULL, ERROR_INVALID_DATA);
    }
}

static gboolean is_daemon(const char *type)
{
    return g_strv_contains(cluster_daemons, type) || g_strv_contains(fence_daemons, type);
}

/* Standards without parameters have no metadata that would say more. */
static gboolean ask(ClPcmkEngine *engine, gpointer data, GError **error)
{
    const char *type = data;
    char *standard = NULL, *provider = NULL, *agent = NULL;
    (void)engine, (void)error;
    if (is_daemon(type)) {
        send(type, daemon_action(type));
        return TRUE;
    }
    if (crm_parse_agent_spec(type, &standard, &provider, &agent) != pcmk_ok) {
        keep(type, cl_pcmk_agent_new(FALSE), ERROR_SUCCESS);
        return TRUE;
    }
    if (!(pcmk_get_ra_caps(standard) & pcmk_ra_cap_params)) {
        keep(type, cl_pcmk_agent_new(TRUE), ERROR_SUCCESS);
    } else {
        send(type, action_of(standard, provider, agent));
    }
    free(standard);
    free(provider);
    free(agent);
    return TRUE;
}

/* --- Getting ------------------------------------------------------------------------------------ */

/* Waits for the answer to who asked; the lock is held. */
static gboolean wait_for(const Kept *one, const ClCall *call, GError **error)
{
    while (one->asking && one->until > g_get_monotonic_time()) {
        gint64 look = g_get_monotonic_time() + 50 * G_TIME_SPAN_MILLISECOND;
        if (!cl_call_may_wait(call, error)) {
            return FALSE;
        }
        (void)g_cond_wait_until(&kept.changed, &kept.lock, MIN(look, call->deadline));
    }
    return TRUE;
}

static gboolean take(const char *type, const Kept *one, ClPcmkAgent **ret_agent, GError **error)
{
    if (!one->agent) {
        return cl_fail(error, one->failure, "the agent of %s does not tell what it takes", type);
    }
    g_atomic_ref_count_inc(&one->agent->references);
    *ret_agent = one->agent;
    return TRUE;
}

/* Whoever has no time for it leaves it to the next. */
static gboolean start(ClPcmkEngine *engine, const char *type, const ClCall *call, GError **error)
{
    if (cl_pcmk_engine_run(engine, ask, g_strdup(type), g_free, call, error)) {
        return TRUE;
    }
    g_mutex_lock(&kept.lock);
    Kept *one = kept_of(type);
    one->asking = FALSE;
    one->until = 0;
    g_cond_broadcast(&kept.changed);
    g_mutex_unlock(&kept.lock);
    return FALSE;
}

gboolean cl_pcmk_agent_get(ClPcmkEngine *engine, const char *type, const ClCall *call,
                           ClPcmkAgent **ret_agent, GError **error)
{
    gboolean goes_on = TRUE, is_known = FALSE, taken = FALSE;
    while (goes_on && !is_known) {
        g_mutex_lock(&kept.lock);
        Kept *one = kept_of(type);
        gboolean is_mine = !one->agent && is_due(one);
        is_known = one->agent || !one->asking;
        if (is_known) {
            taken = take(type, one, ret_agent, error);
        } else if (!is_mine) {
            goes_on = wait_for(one, call, error);
        }
        g_mutex_unlock(&kept.lock);
        goes_on = goes_on && (!is_mine || start(engine, type, call, error));
    }
    return taken;
}

/* Also those of Pacemaker's daemons, which are asked as agents are. */
static gboolean add_options(ClPcmkEngine *engine, const char *const *daemons, const ClCall *call,
                            ClPcmkAgent *agent, GError **error)
{
    for (gsize i = 0; daemons[i]; i++) {
        g_autoptr(ClPcmkAgent) one = NULL;
        if (!cl_pcmk_agent_get(engine, daemons[i], call, &one, error)) {
            return FALSE;
        }
        cl_pcmk_agent_add(agent, one);
    }
    return TRUE;
}

gboolean cl_pcmk_agent_for_changes(ClPcmkEngine *engine, const char *type, const ClCall *call,
                                   ClPcmkAgent **ret_agent, GError **error)
{
    g_autoptr(ClPcmkAgent) own = NULL;
    gboolean fences = type && g_str_has_prefix(type, PCMK_RESOURCE_CLASS_STONITH ":");
    if (type && !cl_pcmk_agent_get(engine, type, call, &own, error)) {
        return FALSE;
    }
    if (type && !fences) {
        *ret_agent = g_steal_pointer(&own);
        return TRUE;
    }
    g_autoptr(ClPcmkAgent) agent = cl_pcmk_agent_new(own && own->is_known);
    if (own) {
        cl_pcmk_agent_add(agent, own);
    }
    if (!add_options(engine, fences ? fence_daemons : cluster_daemons, call, agent, error)) {
        return FALSE;
    }
    *ret_agent = g_steal_pointer(&agent);
    return TRUE;
}

void cl_pcmk_agents_prepare(ClPcmkEngine *engine, const ClPcmkModel *model)
{
    for (guint i = 0; i < model->types->len; i++) {
        const ClPcmkType *type = model->types->pdata[i];
        g_mutex_lock(&kept.lock);
        gboolean due = type->resources->len > 0 && is_due(kept_of(type->object.name));
        g_mutex_unlock(&kept.lock);
        if (due) {
            (void)ask(engine, type->object.name, NULL);
        }
    }
}
