/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Properties of recorded CIBs: what is told of each, and what is written, which Pacemaker's schema has to
 * take.
 */
#include <crm/common/util.h>
#include <string.h>

#include "pacemaker/attributes.h"
#include "pacemaker/properties.h"
#include "pacemaker/status.h"
#include "pacemaker/xml.h"
#include "recorded.h"

static const Parts lab = {
    .nodes = "<node id=\"1\" uname=\"n1\" description=\"the first\">"
             "<instance_attributes id=\"n1a\"><nvpair id=\"n1a1\" name=\"rack\" value=\"r7\"/>"
             "<nvpair id=\"n1a2\" name=\"standby\" value=\"on\"/></instance_attributes></node>"
             "<node id=\"2\" uname=\"n2\"/>",
    .resources =
        "<template id=\"tpl\" class=\"ocf\" provider=\"lab\" type=\"Ctl\">"
        "<instance_attributes id=\"tpli\"><nvpair id=\"tpli1\" name=\"from\" value=\"template\"/>"
        "</instance_attributes><operations><op id=\"tplo\" name=\"monitor\" interval=\"30s\""
        " timeout=\"7s\"/></operations></template>"
        "<group id=\"web\" description=\"the site\"><meta_attributes id=\"webm\">"
        "<nvpair id=\"webm1\" name=\"migration-threshold\" value=\"3\"/>"
        "<nvpair id=\"webm2\" name=\"failure-timeout\" value=\"90min\"/>"
        "<nvpair id=\"webm3\" name=\"allow-migrate\" value=\"true\"/></meta_attributes>"
        "<primitive id=\"ip\" class=\"ocf\" provider=\"heartbeat\" type=\"IPaddr2\">"
        "<instance_attributes id=\"ipa\"><nvpair id=\"ipa1\" name=\"ip\" value=\"10.0.0.1\"/>"
        "</instance_attributes><operations>"
        "<op id=\"ip-m\" name=\"monitor\" interval=\"10s\" on-fail=\"block\"/>"
        "<op id=\"ip-s\" name=\"start\" interval=\"0\" timeout=\"2min\"/></operations></primitive>"
        "<primitive id=\"site\" template=\"tpl\"/></group>"
        "<primitive id=\"db\" class=\"ocf\" provider=\"lab\" type=\"Ctl\"><meta_attributes "
        "id=\"dbm\">"
        "<nvpair id=\"dbm1\" name=\"target-role\" value=\"Stopped\"/>"
        "<nvpair id=\"dbm2\" name=\"migration-threshold\" value=\"INFINITY\"/></meta_attributes>"
        "</primitive>"
        "<clone id=\"cl\"><primitive id=\"cp\" class=\"ocf\" provider=\"lab\" "
        "type=\"Ctl\"/></clone>",
    .rest = "<op_defaults><meta_attributes id=\"opd\">"
            "<nvpair id=\"opd1\" name=\"timeout\" value=\"33s\"/></meta_attributes></op_defaults>"
            "<rsc_defaults><meta_attributes id=\"rd\">"
            "<nvpair id=\"rd1\" name=\"resource-stickiness\" value=\"INFINITY\"/></meta_attributes>"
            "</rsc_defaults>"};

/* --- Reading ------------------------------------------------------------------------------------ */

static void test_group(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "web", CL_PROPERTIES_COMMON,
        "Description=the site PersistentState=1 FailoverThreshold=3 FailoverPeriod=2"
        " AutoFailbackType=0 Priority=0 LockedFromMoving=0");
    recorded_check_common(&recorded, CL_KIND_GROUP, "web", CL_PROPERTIES_RO_COMMON,
                          "Name=web GroupType=9999 StatusInformation=0 DependencyExpression=");
    recorded_check_private(&recorded, CL_KIND_GROUP, "web", FALSE, "allow-migrate=true");
    recorded_check_private(&recorded, CL_KIND_GROUP, "web", TRUE, "");
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "db", CL_PROPERTIES_COMMON,
        "Description= PersistentState=0 FailoverThreshold=4294967295 FailoverPeriod=0"
        " AutoFailbackType=0 Priority=0 LockedFromMoving=0");
}

static void test_resource(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    recorded_check_common(
        &recorded, CL_KIND_RESOURCE, "ip", CL_PROPERTIES_COMMON,
        "Description= PersistentState=1 IsAlivePollInterval=10000 PendingTimeout=120000"
        " RestartAction=0 RestartThreshold=2 RestartPeriod=5400000");
    recorded_check_common(&recorded, CL_KIND_RESOURCE, "ip", CL_PROPERTIES_RO_COMMON,
                          "Name=ip Type=ocf:heartbeat:IPaddr2 StatusInformation=0");
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE, "ip=10.0.0.1");
    /* From its template, and from the defaults of operations. */
    recorded_check_common(
        &recorded, CL_KIND_RESOURCE, "site", CL_PROPERTIES_COMMON,
        "Description= PersistentState=1 IsAlivePollInterval=30000 PendingTimeout=33000"
        " RestartAction=2 RestartThreshold=2 RestartPeriod=5400000");
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "site", FALSE, "from=template");
    recorded_check_common(
        &recorded, CL_KIND_RESOURCE, "db", CL_PROPERTIES_COMMON,
        "Description= PersistentState=0 IsAlivePollInterval=0 PendingTimeout=33000"
        " RestartAction=2 RestartThreshold=4294967295 RestartPeriod=0");
}

static void test_node(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    recorded_check_common(&recorded, CL_KIND_NODE, "n1", CL_PROPERTIES_COMMON,
                          "Description=the first");
    recorded_check_common(&recorded, CL_KIND_NODE, "n1", CL_PROPERTIES_RO_COMMON,
                          "NodeName=n1 NodeWeight=0 MajorVersion=2 MinorVersion=1 BuildNumber=5"
                          " CSDVersion=2.1.5-a3f44794f94 DynamicWeight=0 NodeDrainStatus=0"
                          " StatusInformation=0");
    recorded_check_private(&recorded, CL_KIND_NODE, "n1", FALSE, "rack=r7");
    recorded_check_private(&recorded, CL_KIND_NODE, "n1", TRUE, "standby=on");
}

/* How far a node has been drained. */
static void test_drain(void)
{
    static const struct {
        gboolean standby;
        guint n_running, drain, status;
    } rows[] = {{FALSE, 2, 0, 0}, {TRUE, 1, 1, 4}, {TRUE, 0, 2, 8}};
    g_auto(Recorded) recorded = recorded_new(&lab);
    ClPcmkNode *node = recorded.model->nodes->pdata[0];
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        node->standby = rows[i].standby;
        node->n_running = rows[i].n_running;
        g_autoptr(GPtrArray) properties =
            cl_pcmk_common_properties(recorded.model, &node->object, CL_PROPERTIES_RO_COMMON);
        g_assert_cmpuint(cl_properties_find(properties, "NodeDrainStatus")->number, ==,
                         rows[i].drain);
        g_assert_cmpuint(cl_properties_find(properties, "StatusInformation")->number, ==,
                         rows[i].status);
    }
}

static void test_cluster(void)
{
    static const Parts own = {
        .config = "<cluster_property_set id=\"clusapi-test\"><nvpair id=\"t\" name=\"ours\""
                  " value=\"1\"/></cluster_property_set>"};
    g_auto(Recorded) recorded = recorded_new(&own);
    g_autofree char *expected =
        g_strconcat("ClusterInstanceID=", recorded.model->id, " WitnessDynamicWeight=0", NULL);
    recorded_check_common(&recorded, CL_KIND_CLUSTER, NULL, CL_PROPERTIES_RO_COMMON, expected);
    recorded_check_common(&recorded, CL_KIND_CLUSTER, NULL, CL_PROPERTIES_COMMON, "");
    recorded_check_private(&recorded, CL_KIND_CLUSTER, NULL, FALSE, "stonith-enabled=false");
    recorded_check_private(&recorded, CL_KIND_CLUSTER, NULL, TRUE,
                           "cluster-name=lab dc-version=2.1.5-a3f44794f94");
}

/* The highest score, of equal ones the last; by reference; without rules and what is taken back. */
static void test_weights(void)
{
    static const Parts parts = {
        .resources =
            "<primitive id=\"a\" class=\"ocf\" provider=\"lab\" type=\"Ctl\">"
            "<instance_attributes id=\"s1\" score=\"1\"><nvpair id=\"p1\" name=\"x\" "
            "value=\"low\"/>"
            "<nvpair id=\"p2\" name=\"y\" value=\"y\"/></instance_attributes>"
            "<instance_attributes id=\"s2\" score=\"5\"><nvpair id=\"p3\" name=\"x\" "
            "value=\"high\"/>"
            "</instance_attributes>"
            "<instance_attributes id=\"s3\" score=\"9\"><rule id=\"r\" score=\"0\">"
            "<expression id=\"e\" attribute=\"#uname\" operation=\"eq\" value=\"n1\"/></rule>"
            "<nvpair id=\"p4\" name=\"x\" value=\"ruled\"/></instance_attributes>"
            "<instance_attributes id=\"s4\"><nvpair id=\"p5\" name=\"z\" value=\"first\"/>"
            "</instance_attributes>"
            "<instance_attributes id=\"s5\"><nvpair id=\"p6\" name=\"z\" value=\"last\"/>"
            "</instance_attributes></primitive>"
            "<primitive id=\"b\" class=\"ocf\" provider=\"lab\" type=\"Ctl\">"
            "<instance_attributes id-ref=\"s2\"/><instance_attributes id=\"s6\">"
            "<nvpair id-ref=\"p5\" name=\"w\"/></instance_attributes></primitive>"};
    g_auto(Recorded) recorded = recorded_new(&parts);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "a", FALSE, "x=high y=y z=last");
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "b", FALSE, "x=high w=first");
}

/* --- Writing ------------------------------------------------------------------------------------ */

static DWORD set_number(Recorded *recorded, ClKind kind, const char *name, const char *property,
                        guint64 value)
{
    return recorded_set(recorded, kind, name, CL_PROPERTIES_COMMON,
                        cl_property_new_number(property, CLUSPROP_FORMAT_DWORD, value), NULL);
}

static DWORD set_text(Recorded *recorded, ClKind kind, const char *name, const char *property,
                      const char *value)
{
    return recorded_set(recorded, kind, name, CL_PROPERTIES_COMMON,
                        cl_property_new_text(property, CLUSPROP_FORMAT_SZ, value), NULL);
}

static DWORD set_private(Recorded *recorded, ClKind kind, const char *name, const char *property,
                         const char *value)
{
    return recorded_set(recorded, kind, name, CL_PROPERTIES_PRIVATE,
                        cl_property_new_text(property, CLUSPROP_FORMAT_SZ, value), NULL);
}

#define IS(call, code) g_assert_cmpuint(call, ==, code)

/* Each is written and comes back; what it is in the CIB, as Pacemaker reads it. */
static void test_writing(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "description", "ein Platz für \xe2\x82\xac"), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "PersistentState", 0), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "FailoverThreshold", G_MAXUINT32), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "FailoverPeriod", 12), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "AutoFailbackType", 1), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "Priority", 3000), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "LockedFromMoving", 1), 0);
    recorded_check_common(&recorded, CL_KIND_GROUP, "web", CL_PROPERTIES_COMMON,
                          "Description=ein Platz für \xe2\x82\xac PersistentState=0"
                          " FailoverThreshold=4294967295 FailoverPeriod=12 AutoFailbackType=1"
                          " Priority=3000 LockedFromMoving=1");
    recorded_check_common(&recorded, CL_KIND_GROUP, "web", CL_PROPERTIES_RO_COMMON,
                          "Name=web GroupType=9999 StatusInformation=1 DependencyExpression=");
    g_assert_cmpstr(recorded_text(&recorded, "webm2", "value"), ==, "12h");
    /* What is the default anyway is not set. */
    g_assert_null(recorded_text(&recorded, "webm1", "value"));
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", ""), 0);
    g_assert_null(recorded_text(&recorded, "web", "description"));
    IS(set_text(&recorded, CL_KIND_NODE, "n2", "Description", "the second"), 0);
    recorded_check_common(&recorded, CL_KIND_NODE, "n2", CL_PROPERTIES_COMMON,
                          "Description=the second");
}

static void test_writing_resource(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "IsAlivePollInterval", 1500), 0);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "PendingTimeout", 5000), 0);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartAction", 2), 0);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartThreshold", 0), 0);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartPeriod", 60000), 0);
    recorded_check_common(
        &recorded, CL_KIND_RESOURCE, "ip", CL_PROPERTIES_COMMON,
        "Description= PersistentState=1 IsAlivePollInterval=1500 PendingTimeout=5000"
        " RestartAction=2 RestartThreshold=0 RestartPeriod=60000");
    g_assert_cmpstr(recorded_text(&recorded, "ip-m", "interval"), ==, "1500ms");
    g_assert_cmpstr(recorded_text(&recorded, "ip-m", "on-fail"), ==, "restart");
    g_assert_cmpstr(recorded_text(&recorded, "ip-s", "timeout"), ==, "5s");
    g_assert_cmpstr(recorded_text(&recorded, "ip-stop", "timeout"), ==, "5s");
    g_assert_cmpstr(recorded_text(&recorded, "ip-meta_attributes-migration-threshold", "value"), ==,
                    "1");
    /* One that its template watches gets a monitor of its own, alike but for what is set. */
    IS(set_number(&recorded, CL_KIND_RESOURCE, "site", "IsAlivePollInterval", 2000), 0);
    g_assert_cmpstr(recorded_text(&recorded, "site-monitor", "interval"), ==, "2s");
    g_assert_cmpstr(recorded_text(&recorded, "site-monitor", "timeout"), ==, "7s");
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "IsAlivePollInterval", 0), 0);
    g_assert_null(recorded_text(&recorded, "ip-m", "name"));
}

/* What is the same is left as it is, though it could not be said so exactly. */
static void test_same(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "FailoverPeriod", 2), 0);
    g_assert_cmpstr(recorded_text(&recorded, "webm2", "value"), ==, "90min");
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartPeriod", 5400000), 0);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "cp@n1", "PersistentState", 1), 0);
    g_autoptr(GError) error = NULL;
    xmlDoc *copy = xmlCopyDoc(recorded.cib->doc, 1);
    ClObject object = {.kind = CL_KIND_GROUP,
                       .id = recorded_find(&recorded, CL_KIND_GROUP, "web")->id};
    g_autoptr(GPtrArray) all = cl_pcmk_common_properties(
        recorded.model, recorded_find(&recorded, CL_KIND_GROUP, "web"), CL_PROPERTIES_COMMON);
    ClPcmkPropertyChange change = {&object, CL_PROPERTIES_COMMON, all, NULL, NULL};
    g_assert_true(
        cl_pcmk_properties_edit(xmlDocGetRootElement(copy), recorded.model, &change, &error));
    g_assert_true(cl_xml_equal(recorded.cib, xmlDocGetRootElement(copy), NULL));
    xmlFreeDoc(copy);
}

/* That the service holds a group where it was moved to is no setting, and gives way to one. */
static void test_held(void)
{
    static const Parts parts = {
        .resources = "<primitive id=\"a\" class=\"ocf\" provider=\"lab\" type=\"Ctl\">"
                     "<meta_attributes id=\"am\"><nvpair id=\"clusapi-hold-a\""
                     " name=\"resource-stickiness\" value=\"INFINITY\"/></meta_attributes>"
                     "</primitive>"};
    g_auto(Recorded) recorded = recorded_new(&parts);
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "a", CL_PROPERTIES_COMMON,
        "Description= PersistentState=1 FailoverThreshold=4294967295 FailoverPeriod=0"
        " AutoFailbackType=1 Priority=0 LockedFromMoving=0");
    IS(set_number(&recorded, CL_KIND_GROUP, "a", "AutoFailbackType", 1), 0);
    g_assert_null(recorded_text(&recorded, "clusapi-hold-a", "value"));
    g_assert_cmpstr(recorded_text(&recorded, "am-resource-stickiness", "value"), ==, "0");
}

static void test_refusals(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    xmlDoc *before = xmlCopyDoc(recorded.cib->doc, 1);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "NoSuchThing", 1), ERROR_INVALID_PARAMETER);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "FailbackWindowStart", 1), ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "Name", 1),
       ERROR_RESOURCE_PROPERTY_UNCHANGEABLE);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "Description", 1),
       ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Priority", "1"),
       ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
    IS(set_number(&recorded, CL_KIND_GROUP, "web", "FailoverPeriod", 1194),
       ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    IS(set_number(&recorded, CL_KIND_GROUP, "cl@n1", "PersistentState", 0), ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "cp@n1", "PersistentState", 0), ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartAction", 1), ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "db", "RestartAction", 0), ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "ip", "RestartPeriod", 1500),
       ERROR_CLUSTER_PARAMETER_OUT_OF_BOUNDS);
    IS(set_number(&recorded, CL_KIND_RESOURCE, "site", "IsAlivePollInterval", 0),
       ERROR_NOT_SUPPORTED);
    IS(set_number(&recorded, CL_KIND_NODE, "n1", "NodeWeight", 0),
       ERROR_RESOURCE_PROPERTY_UNCHANGEABLE);
    IS(set_number(&recorded, CL_KIND_CLUSTER, NULL, "SameSubnetDelay", 1000), ERROR_NOT_SUPPORTED);
    IS(set_private(&recorded, CL_KIND_NODE, "n1", "standby", "off"),
       ERROR_RESOURCE_PROPERTY_UNCHANGEABLE);
    IS(set_private(&recorded, CL_KIND_CLUSTER, NULL, "dc-version", "9"),
       ERROR_RESOURCE_PROPERTY_UNCHANGEABLE);
    IS(set_private(&recorded, CL_KIND_GROUP, "web", "target-role", "Stopped"),
       ERROR_INVALID_PARAMETER);
    IS(set_private(&recorded, CL_KIND_GROUP, "web", "priority", "1"), ERROR_INVALID_PARAMETER);
    IS(set_private(&recorded, CL_KIND_RESOURCE_TYPE, "ocf:lab:Ctl", "x", "1"), ERROR_NOT_SUPPORTED);
    IS(recorded_set(&recorded, CL_KIND_RESOURCE, "ip", CL_PROPERTIES_PRIVATE,
                    cl_property_new_number("nic", CLUSPROP_FORMAT_DWORD, 1), NULL),
       ERROR_CLUSTER_PROPERTY_DATA_TYPE_MISMATCH);
    g_assert_true(cl_xml_equal(xmlDocGetRootElement(before), recorded.cib, NULL));
    xmlFreeDoc(before);
}

static void test_private(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_private(&recorded, CL_KIND_RESOURCE, "ip", "IP", "10.0.0.2"), 0);
    IS(set_private(&recorded, CL_KIND_RESOURCE, "ip", "nic", "eth0"), 0);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE, "ip=10.0.0.2 nic=eth0");
    IS(set_private(&recorded, CL_KIND_RESOURCE, "ip", "nic", ""), 0);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "ip", FALSE, "ip=10.0.0.2");
    IS(set_private(&recorded, CL_KIND_RESOURCE, "site", "from", "itself"), 0);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "site", FALSE, "from=itself");
    IS(set_private(&recorded, CL_KIND_GROUP, "cl@n2", "clone-max", "2"), 0);
    recorded_check_private(&recorded, CL_KIND_GROUP, "cl@n1", FALSE, "clone-max=2");
    IS(set_private(&recorded, CL_KIND_NODE, "n2", "rack", "r8"), 0);
    recorded_check_private(&recorded, CL_KIND_NODE, "n2", FALSE, "rack=r8");
    IS(set_private(&recorded, CL_KIND_CLUSTER, NULL, "stonith-timeout", "60s"), 0);
    recorded_check_private(&recorded, CL_KIND_CLUSTER, NULL, FALSE,
                           "stonith-enabled=false stonith-timeout=60s");
}

/* Of a group without resources the CIB has a name, and what is set for it. */
static void test_empty_group(void)
{
    const Parts parts = {
        .config = "<cluster_property_set id=\"clusapi-empty-groups\"><nvpair id=\"e\""
                  " name=\"clusapi-empty-group.new\" value=\"\"/><nvpair id=\"f\""
                  " name=\"clusapi-empty-group.newer\" value=\"\"/></cluster_property_set>"};
    g_auto(Recorded) recorded = recorded_new(&parts);
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "new", CL_PROPERTIES_COMMON,
        "Description= PersistentState=0 FailoverThreshold=4294967295 FailoverPeriod=0"
        " AutoFailbackType=1 Priority=0 LockedFromMoving=0");
    IS(set_text(&recorded, CL_KIND_GROUP, "new", "Description", "later"), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "new", "Priority", 5), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "new", "FailoverPeriod", 2), 0);
    IS(set_private(&recorded, CL_KIND_GROUP, "new", "allow-migrate", "true"), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "new", "PersistentState", 0), 0);
    IS(set_number(&recorded, CL_KIND_GROUP, "new", "PersistentState", 1), ERROR_NOT_SUPPORTED);
    IS(set_private(&recorded, CL_KIND_GROUP, "new", "priority", "1"), ERROR_INVALID_PARAMETER);
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "new", CL_PROPERTIES_COMMON,
        "Description=later PersistentState=0 FailoverThreshold=4294967295 FailoverPeriod=2"
        " AutoFailbackType=1 Priority=5 LockedFromMoving=0");
    recorded_check_private(&recorded, CL_KIND_GROUP, "new", FALSE, "allow-migrate=true");
    recorded_check_private(&recorded, CL_KIND_GROUP, "newer", FALSE, "");
    IS(set_number(&recorded, CL_KIND_GROUP, "new", "Priority", 0), 0);
    IS(set_text(&recorded, CL_KIND_GROUP, "new", "Description", ""), 0);
    recorded_check_common(
        &recorded, CL_KIND_GROUP, "new", CL_PROPERTIES_COMMON,
        "Description= PersistentState=0 FailoverThreshold=4294967295 FailoverPeriod=2"
        " AutoFailbackType=1 Priority=0 LockedFromMoving=0");
    g_assert_null(cl_xml_first(cl_xml_at(recorded.cib, "configuration/resources"), NULL));
    g_assert_cmpuint(recorded.model->groups->len, ==, 2);
}

/* What others share cannot be taken away, but be set apart. */
static void test_shared(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_private(&recorded, CL_KIND_RESOURCE, "site", "from", ""), ERROR_NOT_SUPPORTED);
    recorded_check_private(&recorded, CL_KIND_RESOURCE, "site", FALSE, "from=template");
}

/* --- Texts -------------------------------------------------------------------------------------- */

static void test_texts(void)
{
    g_auto(Recorded) recorded = recorded_new(&lab);
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", "<a & \"b\">"), 0);
    recorded_check_common(&recorded, CL_KIND_GROUP, "db", CL_PROPERTIES_RO_COMMON,
                          "Name=db GroupType=9999 StatusInformation=0 DependencyExpression=");
    g_assert_cmpstr(recorded_text(&recorded, "web", "description"), ==, "<a & \"b\">");
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", "two\nlines"), ERROR_INVALID_DATA);
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", "f\xc3\xbcr \"b\""),
       ERROR_INVALID_DATA);
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", "\xed\xa0\x80"),
       ERROR_NO_UNICODE_TRANSLATION);
    g_autofree char *large = g_strnfill(64 * 1024, 'x');
    IS(set_text(&recorded, CL_KIND_GROUP, "web", "Description", large), ERROR_INVALID_PARAMETER);
    IS(set_private(&recorded, CL_KIND_RESOURCE, "ip", "ip", large), ERROR_INVALID_PARAMETER);
}

static guint interval_of(const char *text)
{
#ifdef HAS_PCMK_PARSE_INTERVAL_SPEC
    guint interval = 0;
    g_assert_cmpint(pcmk_parse_interval_spec(text, &interval), ==, 0);
    return interval;
#else
    return crm_parse_interval_spec(text);
#endif
}

/* As Pacemaker itself reads them. */
static void test_durations(void)
{
    cl_pcmk_status_prepare();
    static const struct {
        const char *text;
        gint64 milliseconds; /* -1: none */
    } rows[] = {{"10", 10000},
                {"10s", 10000},
                {" 5 min", 300000},
                {"250ms", 250},
                {"1h", 3600000},
                {"2500us", 2},
                {"PT1H30M", 5400000},
                {"P2D", 86400000},
                {"P2DT1S", 86401000},
                {"P3W", 20 * 86400000LL},
                {"P1Y1M", 30 * 86400000LL},
                {"P", -1},
                {"soon", -1},
                {"", -1},
                {"-1", -1},
                {"10 parsecs", -1},
                {"P1X", -1}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint64 milliseconds = 0;
        g_assert_cmpint(cl_pcmk_duration(rows[i].text, &milliseconds), ==,
                        rows[i].milliseconds >= 0);
        if (rows[i].milliseconds >= 0) {
            g_assert_cmpuint(milliseconds, ==, (guint64)rows[i].milliseconds);
            g_assert_cmpuint(milliseconds, ==, interval_of(rows[i].text));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/properties/of a group", test_group);
    g_test_add_func("/properties/of a resource", test_resource);
    g_test_add_func("/properties/of a node", test_node);
    g_test_add_func("/properties/of a node that is drained", test_drain);
    g_test_add_func("/properties/of the cluster", test_cluster);
    g_test_add_func("/properties/of several sets the one that Pacemaker takes", test_weights);
    g_test_add_func("/properties/what is written comes back", test_writing);
    g_test_add_func("/properties/operations are written, with what a template says",
                    test_writing_resource);
    g_test_add_func("/properties/what is the same is not touched", test_same);
    g_test_add_func("/properties/what the service has set itself gives way", test_held);
    g_test_add_func("/properties/what cannot be is refused and changes nothing", test_refusals);
    g_test_add_func("/properties/private ones", test_private);
    g_test_add_func("/properties/a group without resources keeps its own", test_empty_group);
    g_test_add_func("/properties/what others share is not taken away", test_shared);
    g_test_add_func("/properties/texts that Pacemaker would alter are refused", test_texts);
    g_test_add_func("/properties/durations", test_durations);
    return g_test_run();
}
