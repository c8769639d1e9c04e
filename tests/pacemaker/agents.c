/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What agents say of their parameters, asked on the engine's thread of a recorded cluster: agents of the
 * test's own, which lie over the host's in a mount namespace. Each writes its process id into
 * PIDS/NAME.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "pacemaker/agents.h"
#include "pacemaker/pacemaker.h"

#define IS(call, code) g_assert_cmpuint(call, ==, code)

static char *directory; /* of the test */
static ClConnection connection = {.granted = CL_ACCESS_READ};

static ClCall call_of(guint milliseconds)
{
    return (ClCall){g_get_monotonic_time() + milliseconds * 1000, NULL};
}

/* --- Agents ------------------------------------------------------------------------------------- */

#define METADATA                                                                                   \
    "echo '<?xml version=\"1.0\"?><resource-agent name=\"T\"><parameters>"                         \
    "<parameter name=\"size\" required=\"1\"><content type=\"integer\" default=\"3\"/>"            \
    "</parameter><parameter name=\"mode\"><content type=\"string\"/></parameter>"                  \
    "</parameters></resource-agent>'\n"

static const struct {
    const char *place, *name, *script;
} agents[] = {
    {"ocf/test", "Good", "[ \"$1\" = meta-data ] || exit 3\n" METADATA},
    {"ocf/test", "Slow", "sleep 0.3\n" METADATA},
    {"ocf/test", "Hang", "exec sleep 60\n"},
    {"ocf/test", "Garbage", "echo usage: start or stop\n"},
    {"ocf/test", "Silent", "exit 0\n"},
    {"sbin", "fence_clusapi_test", "[ \"$1\" = -o ] && [ \"$2\" = metadata ] || exit 3\n" METADATA},
};

static void put_agents(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(agents); i++) {
        g_autofree char *place = g_build_filename(directory, agents[i].place, NULL);
        g_autofree char *path = g_build_filename(place, agents[i].name, NULL);
        g_autofree char *script = g_strdup_printf("#!/bin/sh\necho $$ >> %s/pids-%s\n%s", directory,
                                                  agents[i].name, agents[i].script);
        g_assert_cmpint(g_mkdir_with_parents(place, 0755), ==, 0);
        g_assert_true(g_file_set_contents(path, script, -1, NULL));
        g_assert_cmpint(g_chmod(path, 0755), ==, 0);
    }
}

static gboolean lay_over(const char *name, const char *path)
{
    g_autofree char *options = g_strdup_printf("lowerdir=%s/%s:%s", directory, name, path);
    return mount("overlay", path, "overlay", MS_RDONLY, options) == 0;
}

static gboolean prepare_namespace(void)
{
    directory = g_dir_make_tmp("clusapi-agents-XXXXXX", NULL);
    g_assert_nonnull(directory);
    put_agents();
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           lay_over("ocf", "/usr/lib/ocf/resource.d") && lay_over("sbin", "/usr/sbin");
}

/* Of those that ran, in order. */
static GStrv pids_of(const char *name)
{
    g_autofree char *path = g_strdup_printf("%s/pids-%s", directory, name);
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(g_strstrip(text), "\n", -1)
                                                        : g_new0(char *, 1);
}

/* --- Tests -------------------------------------------------------------------------------------- */

static DWORD get(const char *type, guint milliseconds, ClPcmkAgent **ret_agent)
{
    GError *error = NULL;
    ClCall call = call_of(milliseconds);
    return cl_pcmk_agent_get(connection.engine, type, &call, ret_agent, &error)
               ? 0
               : cl_error_take(error);
}

static void check_good(const char *type)
{
    g_autoptr(ClPcmkAgent) agent = NULL;
    IS(get(type, 5000, &agent), 0);
    g_assert_true(agent->is_known);
    g_assert_cmpuint(agent->parameters->len, ==, 2);
    const ClPcmkParameter *size = cl_pcmk_agent_parameter(agent, "SIZE");
    g_assert_cmpstr(size->name, ==, "size");
    g_assert_cmpstr(size->preset, ==, "3");
    g_assert_true(size->required);
}

static void test_metadata(void)
{
    check_good("ocf:test:Good");
    check_good("stonith:fence_clusapi_test");
    /* It is kept. */
    check_good("ocf:test:Good");
    g_auto(GStrv) pids = pids_of("Good");
    g_assert_cmpuint(g_strv_length(pids), ==, 1);
}

static void check_unknown(const char *type, gboolean known)
{
    g_autoptr(ClPcmkAgent) agent = NULL;
    IS(get(type, 5000, &agent), 0);
    g_assert_cmpint(agent->is_known, ==, known);
    g_assert_cmpuint(agent->parameters->len, ==, 0);
}

/* Of an agent that is elsewhere any parameter may be right; a standard without parameters has none. */
static void test_unknown(void)
{
    check_unknown("ocf:test:Missing", FALSE);
    check_unknown("ocf:..:Good", FALSE);
    check_unknown("ocf:test:../test/Good", FALSE);
    check_unknown("stonith:fence_missing", FALSE);
    check_unknown("no type at all", FALSE);
    check_unknown("lsb:any", TRUE);
    check_unknown("systemd:any", TRUE);
}

static void test_garbage(void)
{
    ClPcmkAgent *agent = NULL;
    IS(get("ocf:test:Garbage", 5000, &agent), ERROR_INVALID_DATA);
    IS(get("ocf:test:Silent", 5000, &agent), ERROR_INVALID_DATA);
    g_assert_null(agent);
}

static gpointer ask_slow(gpointer data)
{
    ClPcmkAgent *agent = NULL;
    (void)data;
    IS(get("ocf:test:Slow", 5000, &agent), 0);
    cl_pcmk_agent_unref(agent);
    return NULL;
}

/* Those who ask at once wait for one answer. */
static void test_together(void)
{
    GThread *threads[4];
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        threads[i] = g_thread_new("asks", ask_slow, NULL);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_thread_join(threads[i]);
    }
    g_auto(GStrv) pids = pids_of("Slow");
    g_assert_cmpuint(g_strv_length(pids), ==, 1);
}

static gboolean job(ClPcmkEngine *engine, gpointer data, GError **error)
{
    (void)engine, (void)data, (void)error;
    return TRUE;
}

/* Who waits for one that hangs is told in time, and the engine goes on meanwhile. */
static void test_hanging(void)
{
    ClPcmkAgent *agent = NULL;
    GError *error = NULL;
    ClCall none = {0, NULL};
    ClCall call = call_of(1000);
    g_assert_false(cl_pcmk_agent_get(connection.engine, "ocf:test:Hang", &none, &agent, &error));
    IS(cl_error_take(g_steal_pointer(&error)), ERROR_TIMEOUT);
    gint64 since;
    since = g_get_monotonic_time();
    IS(get("ocf:test:Hang", 300, &agent), ERROR_TIMEOUT);
    g_assert_cmpint(g_get_monotonic_time() - since, <, 600000);
    call = call_of(1000);
    since = g_get_monotonic_time();
    g_assert_true(cl_pcmk_engine_run(connection.engine, job, NULL, NULL, &call, &error));
    g_assert_cmpint(g_get_monotonic_time() - since, <, 300000);
    call = call_of(10000);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    call.cancellable = cancellable;
    g_cancellable_cancel(cancellable);
    g_assert_false(cl_pcmk_agent_get(connection.engine, "ocf:test:Hang", &call, &agent, &error));
    IS(cl_error_take(error), ERROR_OPERATION_ABORTED);
}

static gboolean list(ClPcmkEngine *engine, gpointer data, GError **error)
{
    (void)engine, (void)error;
    *(GStrv *)data = cl_pcmk_agents_list();
    return TRUE;
}

static void test_list(void)
{
    g_auto(GStrv) types = NULL;
    ClCall call = call_of(5000);
    g_assert_true(cl_pcmk_engine_run(connection.engine, list, &types, NULL, &call, NULL));
    g_assert_true(g_strv_contains((const char *const *)types, "ocf:test:Good"));
    g_assert_true(g_strv_contains((const char *const *)types, "ocf:pacemaker:Dummy"));
    g_assert_true(g_strv_contains((const char *const *)types, "stonith:fence_clusapi_test"));
    for (char **type = types; *type; type++) {
        g_assert_false(g_str_has_prefix(*type, "systemd:"));
    }
    g_assert_false(cl_pcmk_agents_has_unit("systemd:no-such-unit"));
    g_assert_false(cl_pcmk_agents_has_unit("systemd:../system/cron"));
    g_assert_false(cl_pcmk_agents_has_unit("ocf:test:Good"));
}

static const ClPcmkParameter *parameter_for(const char *type, const char *name, gboolean *ret_known)
{
    static ClPcmkAgent *agent;
    GError *error = NULL;
    ClCall call = call_of(10000);
    g_clear_pointer(&agent, cl_pcmk_agent_unref);
    g_assert_true(cl_pcmk_agent_for_changes(connection.engine, type, &call, &agent, &error));
    g_assert_no_error(error);
    *ret_known = agent->is_known;
    return cl_pcmk_agent_parameter(agent, name);
}

/* Pacemaker's daemons on this host tell the options of the cluster, and more for agents that fence. */
static void test_options(void)
{
    static const char *const names[] = {"no-quorum-policy", "cluster-recheck-interval",
                                        "enable-acl"};
    gboolean is_known;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const ClPcmkParameter *option = parameter_for(NULL, names[i], &is_known);
        g_assert_nonnull(option);
        g_assert_true(option->is_option);
        g_assert_false(cl_pcmk_parameter_check(option, "perhaps", NULL));
        g_assert_false(is_known);
    }
    g_assert_nonnull(parameter_for("stonith:fence_clusapi_test", "pcmk_host_list", &is_known));
    g_assert_nonnull(parameter_for("stonith:fence_clusapi_test", "size", &is_known));
    g_assert_true(is_known);
    g_assert_null(parameter_for("ocf:test:Good", "pcmk_host_list", &is_known));
    g_assert_true(is_known);
}

/* The formats of a type's resources are the agent's parameters. */
static void test_formats(void)
{
    ClCall call = call_of(5000);
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection.engine);
    const ClPcmkObject *type = cl_pcmk_model_find(model, CL_KIND_RESOURCE_TYPE, "ocf:test:Good");
    g_assert_nonnull(type);
    ClObject object = {.kind = CL_KIND_RESOURCE_TYPE, .id = type->id};
    g_autoptr(GPtrArray) properties = NULL;
    g_assert_true(cl_pcmk_properties(&connection, &object, CL_PROPERTIES_PRIVATE_OF_RESOURCE, &call,
                                     &properties, NULL));
    g_assert_cmpuint(properties->len, ==, 2);
    const ClProperty *size = properties->pdata[0];
    g_assert_cmpstr(size->name, ==, "size");
    g_assert_cmpuint(size->format, ==, CLUSPROP_FORMAT_SZ);
    g_assert_cmpstr(size->text, ==, "3");
}

static GPtrArray *private_of(const char *name, guint milliseconds, DWORD *ret_code)
{
    GError *error = NULL;
    ClCall call = milliseconds > 0 ? call_of(milliseconds) : (ClCall){0, NULL};
    g_autoptr(ClPcmkModel) model = cl_pcmk_engine_model(connection.engine);
    const ClPcmkObject *resource = cl_pcmk_model_find(model, CL_KIND_RESOURCE, name);
    g_assert_nonnull(resource);
    ClObject object = {.kind = CL_KIND_RESOURCE, .id = resource->id};
    GPtrArray *properties = NULL;
    *ret_code =
        cl_pcmk_properties(&connection, &object, CL_PROPERTIES_PRIVATE, &call, &properties, &error)
            ? 0
            : cl_error_take(error);
    return properties;
}

/* A resource has all parameters of its agent; those that are not set with their defaults. */
static void test_parameters(void)
{
    DWORD code;
    g_autoptr(GPtrArray) properties = private_of("r", 5000, &code);
    IS(code, 0);
    g_assert_cmpuint(properties->len, ==, 2);
    g_assert_cmpstr(cl_properties_find(properties, "mode")->text, ==, "set");
    g_assert_cmpstr(cl_properties_find(properties, "size")->text, ==, "3");
}

/* Of one whose agent hangs what is set is told before long. */
static void test_parameters_hanging(void)
{
    DWORD code;
    gint64 since = g_get_monotonic_time();
    g_assert_null(private_of("h", 0, &code));
    IS(code, ERROR_TIMEOUT);
    g_autoptr(GPtrArray) properties = private_of("h", 8000, &code);
    IS(code, 0);
    g_assert_cmpuint(properties->len, ==, 1);
    g_assert_cmpint(g_get_monotonic_time() - since, <, 1500000);
}

/* --- The frame ---------------------------------------------------------------------------------- */

static void begin(void)
{
    GError *error = NULL;
    g_autofree char *path = g_build_filename(directory, "cib.xml", NULL);
    static const char cib[] =
        "<cib crm_feature_set=\"3.16.1\" validate-with=\"pacemaker-3.9\" epoch=\"1\""
        " num_updates=\"0\" admin_epoch=\"0\"><configuration><crm_config/><nodes/><resources>"
        "<primitive id=\"r\" class=\"ocf\" provider=\"test\" type=\"Good\">"
        "<instance_attributes id=\"a\"><nvpair id=\"b\" name=\"mode\" value=\"set\"/>"
        "</instance_attributes></primitive>"
        "<primitive id=\"h\" class=\"ocf\" provider=\"test\" type=\"Hang\">"
        "<instance_attributes id=\"c\"><nvpair id=\"d\" name=\"mode\" value=\"set\"/>"
        "</instance_attributes></primitive></resources>"
        "<constraints/></configuration><status/></cib>";
    ClCall call = call_of(10000);
    g_assert_true(g_file_set_contents(path, cib, -1, NULL));
    connection.engine = cl_pcmk_engine_ref(path, &call, &error);
    g_assert_no_error(error);
}

/* What hangs is not left behind. */
static void end(void)
{
    g_auto(GStrv) pids = pids_of("Hang");
    cl_pcmk_engine_unref(connection.engine);
    for (char **pid = pids; *pid; pid++) {
        if (atoi(*pid) > 1) {
            kill(atoi(*pid), SIGKILL);
        }
    }
    g_autofree char *command = g_strdup_printf("rm -r '%s'", directory);
    g_assert_cmpint(system(command), ==, 0);
    g_free(directory);
}

int main(int argc, char **argv)
{
    if (geteuid() != 0) {
        puts("1..0 # SKIP agents of its own need root");
        return 0;
    }
    if (!prepare_namespace()) {
        printf("1..0 # SKIP no mounts: %s\n", g_strerror(errno));
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    begin();
    g_test_add_func("/agents/what they say is kept", test_metadata);
    g_test_add_func("/agents/of one that is not here nothing is known", test_unknown);
    g_test_add_func("/agents/what says nonsense", test_garbage);
    g_test_add_func("/agents/several who ask wait for one answer", test_together);
    g_test_add_func("/agents/one that hangs holds nobody up", test_hanging);
    g_test_add_func("/agents/the host's", test_list);
    g_test_add_func("/agents/the options of the cluster", test_options);
    g_test_add_func("/agents/parameters are the formats of a type", test_formats);
    g_test_add_func("/agents/a resource has all parameters", test_parameters);
    g_test_add_func("/agents/of one that hangs what is set is told", test_parameters_hanging);
    int result = g_test_run();
    end();
    return result;
}
