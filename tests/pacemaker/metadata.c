/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What agents and Pacemaker's daemons say of what they take, and that properties are checked by it.
 */
#include <string.h>

#include "recorded.h"

#define IS(call, code) g_assert_cmpuint(call, ==, code)

static const Parts lab = {
    .resources = "<primitive id=\"ip\" class=\"ocf\" provider=\"heartbeat\" type=\"IPaddr2\">"
                 "<instance_attributes id=\"ipa\"><nvpair id=\"ipa1\" name=\"ip\""
                 " value=\"10.0.0.1\"/></instance_attributes></primitive>"};

/* --- The agent's word --------------------------------------------------------------------------- */

static const char metadata[] =
    "<?xml version=\"1.0\"?><resource-agent name=\"T\"><parameters>"
    "<parameter name=\"ip\" required=\"1\"><content type=\"string\"/></parameter>"
    "<parameter name=\"count\"><content type=\"integer\" default=\"auto\"/></parameter>"
    "<parameter name=\"Force\"><content type=\"boolean\" default=\"false\"/></parameter>"
    "<parameter name=\"mode\"><content type=\"select\"><option value=\"slow\"/>"
    "<option value=\"fast\"/></content></parameter>"
    "<parameter/><parameter name=\"ip\"/></parameters></resource-agent>";

static DWORD set_checked(Recorded *recorded, const ClPcmkAgent *agent, const char *property,
                         const char *value)
{
    return recorded_set(recorded, CL_KIND_RESOURCE, "ip", CL_PROPERTIES_PRIVATE,
                        cl_property_new_text(property, CLUSPROP_FORMAT_SZ, value), agent);
}

static void test_agent(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autoptr(ClPcmkAgent) agent = cl_pcmk_agent_parse(metadata, strlen(metadata));
    g_assert_nonnull(agent);
    g_assert_cmpuint(agent->parameters->len, ==, 4);
    IS(set_checked(&recorded, agent, "count", "12"), 0);
    IS(set_checked(&recorded, agent, "count", "auto"), 0);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE, "ip=10.0.0.1 count=auto");
    IS(set_checked(&recorded, agent, "count", ""), 0);
    /* What it takes anyway is not set. */
    IS(set_checked(&recorded, agent, "count", "auto"), 0);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE, "ip=10.0.0.1");
    IS(set_checked(&recorded, agent, "count", "twelve"), ERROR_INVALID_DATA);
    IS(set_checked(&recorded, agent, "force", "yes"), 0);
    IS(set_checked(&recorded, agent, "force", "perhaps"), ERROR_INVALID_DATA);
    IS(set_checked(&recorded, agent, "mode", "fast"), 0);
    IS(set_checked(&recorded, agent, "mode", "Fast"), ERROR_INVALID_DATA);
    IS(set_checked(&recorded, agent, "nic", "eth0"), ERROR_INVALID_PARAMETER);
    IS(set_checked(&recorded, agent, "ip", ""), ERROR_INVALID_PARAMETER);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE,
                           "ip=10.0.0.1 Force=yes mode=fast");
    g_autoptr(ClPcmkAgent) unknown = cl_pcmk_agent_new(FALSE);
    IS(set_checked(&recorded, unknown, "nic", "eth0"), 0);
    /* What the agent does not know may go. */
    IS(set_checked(&recorded, agent, "nic", ""), 0);
}

/* --- Options of the cluster --------------------------------------------------------------------- */

static const char options[] =
    "<resource-agent name=\"pacemaker-schedulerd\"><parameters>"
    "<parameter name=\"no-quorum-policy\"><content type=\"select\" default=\"stop\">"
    "<option value=\"stop\"/><option value=\"ignore\"/></content></parameter>"
    "<parameter name=\"maintenance-mode\"><content type=\"boolean\" default=\"false\"/></parameter>"
    "<parameter name=\"cluster-delay\"><content type=\"time\" default=\"60s\"/></parameter>"
    "<parameter name=\"stonith-watchdog-timeout\"><content type=\"time\" "
    "default=\"0\"/></parameter>"
    "<parameter name=\"load-threshold\"><content type=\"percentage\" default=\"80%\"/></parameter>"
    "<parameter name=\"migration-limit\"><content type=\"integer\" default=\"-1\"/></parameter>"
    "</parameters></resource-agent>";

static DWORD set_option(Recorded *recorded, const ClPcmkAgent *agent, const char *property,
                        const char *value)
{
    return recorded_set(recorded, CL_KIND_CLUSTER, NULL, CL_PROPERTIES_PRIVATE,
                        cl_property_new_text(property, CLUSPROP_FORMAT_SZ, value), agent);
}

static void test_options(void)
{
    static const struct {
        const char *name, *value;
        DWORD code;
    } cases[] = {
        {"no-quorum-policy", "ignore", 0},
        {"no-quorum-policy", "perhaps", ERROR_INVALID_DATA},
        {"maintenance-mode", "yes", 0},
        {"Maintenance-Mode", "false", 0},
        {"maintenance-mode", "ja", ERROR_INVALID_DATA},
        {"cluster-delay", "2min", 0},
        {"cluster-delay", "-2", ERROR_INVALID_DATA},
        {"cluster-delay", "soon", ERROR_INVALID_DATA},
        {"stonith-watchdog-timeout", "-1", 0},
        {"load-threshold", "70%", 0},
        {"load-threshold", "70", ERROR_INVALID_DATA},
        {"load-threshold", "%", ERROR_INVALID_DATA},
        {"migration-limit", "-1", 0},
        {"migration-limit", "INFINITY", 0},
        {"migration-limit", "many", ERROR_INVALID_DATA},
        /* Others than Pacemaker keep theirs there, too. */
        {"hana_lab_site", "SOK", 0},
    };
    g_auto(Recorded) recorded = recorded_new(&lab);
    g_autoptr(ClPcmkAgent) agent = cl_pcmk_agent_new(FALSE);
    g_autoptr(ClPcmkAgent) daemon = cl_pcmk_agent_parse(options, strlen(options));
    g_assert_nonnull(daemon);
    cl_pcmk_agent_add(agent, daemon);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        IS(set_option(&recorded, agent, cases[i].name, cases[i].value), cases[i].code);
    }
    /* What is the default is set, too. */
    IS(set_option(&recorded, agent, "migration-limit", ""), 0);
    IS(set_option(&recorded, agent, "cluster-delay", "60s"), 0);
    recorded_check_private(&recorded, CL_KIND_CLUSTER, NULL, FALSE,
                           "stonith-enabled=false no-quorum-policy=ignore maintenance-mode=false"
                           " cluster-delay=60s stonith-watchdog-timeout=-1 load-threshold=70%"
                           " hana_lab_site=SOK");
}

/* --- Others of the agent's words ---------------------------------------------------------------- */

static void check_interval(const char *actions, const char *expected)
{
    g_autofree char *text = g_strdup_printf("<resource-agent name=\"T\"><parameters/><actions>%s"
                                            "</actions></resource-agent>",
                                            actions);
    g_autoptr(ClPcmkAgent) agent = cl_pcmk_agent_parse(text, strlen(text));
    g_assert_nonnull(agent);
    g_assert_cmpstr(agent->interval, ==, expected);
}

static void test_interval(void)
{
    check_interval("", NULL);
    check_interval("<action name=\"start\" interval=\"7\"/><action name=\"monitor\"/>", NULL);
    check_interval("<action name=\"monitor\" interval=\"0\"/>", NULL);
    check_interval("<action name=\"monitor\" interval=\"30\" timeout=\"9\"/>", "30s");
    check_interval("<action name=\"monitor\" depth=\"10\" interval=\"5\"/>"
                   "<action name=\"monitor\" role=\"Promoted\" interval=\"9\"/>"
                   "<action name=\"monitor\" depth=\"0\" interval=\"1min\"/>",
                   "60s");
}

static void test_no_metadata(void)
{
    static const char *const none[] = {"", "<", "<resource-agent>", "usage: agent start|stop",
                                       "<longdesc/>"};
    for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
        g_assert_null(cl_pcmk_agent_parse(none[i], strlen(none[i])));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metadata/values are checked by the agent's metadata", test_agent);
    g_test_add_func("/metadata/options of the cluster are checked by Pacemaker's", test_options);
    g_test_add_func("/metadata/how often an agent wants to be monitored", test_interval);
    g_test_add_func("/metadata/what is no metadata", test_no_metadata);
    return g_test_run();
}
