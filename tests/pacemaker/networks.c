/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Networks and interfaces out of what Corosync says, the nodes that it alone knows, and its quorum
 * device. No cluster.
 */
#include <glib.h>
#include <libxml/parser.h>
#include <string.h>

#include "pacemaker/difference.h"
#include "pacemaker/model.h"
#include "pacemaker/xml.h"

/* --- A cluster ---------------------------------------------------------------------------------- */

/* Of three nodes, the first the local one, on two links; all is well. */
static ClPcmkCorosyncFacts *make_facts(void)
{
    ClPcmkCorosyncFacts *facts = cl_pcmk_corosync_facts_new();
    facts->running = TRUE;
    facts->quorate = TRUE;
    facts->cluster_name = g_strdup("ring");
    for (guint i = 1; i <= 3; i++) {
        ClPcmkMember *member = g_new0(ClPcmkMember, 1);
        member->nodeid = i;
        member->name = g_strdup_printf("n%u", i);
        member->member = TRUE;
        member->local = i == 1;
        member->votes = i;
        for (guint link = 0; link < 2; link++) {
            member->links[link] = (ClPcmkLink){
                .configured = TRUE,
                .enabled = TRUE,
                .connected = TRUE,
                .carrier = TRUE,
                .address = g_strdup_printf(link == 0 ? "192.0.2.%u" : "2001:db8::5:%u", 128 + i),
                .prefix = i > 1       ? 0
                          : link == 0 ? 25
                                      : 112};
        }
        g_ptr_array_add(facts->members, member);
    }
    return facts;
}

static ClPcmkMember *member(const ClPcmkCorosyncFacts *facts, guint nodeid)
{
    return facts->members->pdata[nodeid - 1];
}

static ClPcmkModel *make_model(ClPcmkCorosyncFacts *facts, gboolean connected)
{
    static const char cib[] = "<cib have-quorum='1'><configuration><nodes><node id='1' uname='n1'/>"
                              "<node id='2' uname='N-2'/></nodes></configuration><status/></cib>";
    static const char status[] =
        "<pacemaker-result><nodes><node name='n1' id='1' online='true' type='member'/>"
        "<node name='N-2' id='2' online='true' type='member'/></nodes></pacemaker-result>";
    xmlDoc *documents[] = {xmlReadMemory(cib, sizeof cib - 1, NULL, NULL, 0),
                           xmlReadMemory(status, sizeof status - 1, NULL, NULL, 0)};
    const ClPcmkSources sources = {.cib = xmlDocGetRootElement(documents[0]),
                                   .status = xmlDocGetRootElement(documents[1]),
                                   .corosync = facts,
                                   .connected = connected};
    ClPcmkModel *model = cl_pcmk_model_new(&sources);
    xmlFreeDoc(documents[0]);
    xmlFreeDoc(documents[1]);
    return model;
}

static gint32 state_of(const ClPcmkModel *model, ClKind kind, const char *name)
{
    const ClPcmkObject *object = cl_pcmk_model_find(model, kind, name);
    g_assert_nonnull(object);
    return object->state;
}

/* The states of both networks, then of the interfaces of each, in the order of the nodes. */
static void check_states(ClPcmkCorosyncFacts *facts, const gint32 networks[2],
                         const gint32 interfaces[2][3])
{
    static const char *const nodes[] = {"n1", "N-2", "n3"};
    g_autoptr(ClPcmkModel) model = make_model(facts, TRUE);
    for (guint link = 0; link < 2; link++) {
        g_autofree char *network = g_strdup_printf("link%u", link);
        g_assert_cmpint(state_of(model, CL_KIND_NETWORK, network), ==, networks[link]);
        for (guint i = 0; i < 3; i++) {
            g_autofree char *name = g_strdup_printf("%s - %s", nodes[i], network);
            g_assert_cmpint(state_of(model, CL_KIND_NETINTERFACE, name), ==, interfaces[link][i]);
        }
    }
}

#define N(state) ClusterNetwork##state
#define I(state) ClusterNetInterface##state

/* --- Tests -------------------------------------------------------------------------------------- */

static void test_addresses(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    g_autoptr(ClPcmkModel) model = make_model(facts, TRUE);
    const ClPcmkNetwork *first =
        (const ClPcmkNetwork *)cl_pcmk_model_find(model, CL_KIND_NETWORK, "LINK0");
    const ClPcmkNetwork *second =
        (const ClPcmkNetwork *)cl_pcmk_model_find(model, CL_KIND_NETWORK, "link1");
    g_assert_cmpuint(model->networks->len, ==, 2);
    g_assert_cmpuint(model->interfaces->len, ==, 6);
    g_assert_cmpstr(first->address, ==, "192.0.2.128");
    g_assert_cmpuint(first->prefix, ==, 25);
    g_assert_cmpstr(second->address, ==, "2001:db8::5:0");
    g_assert_cmpuint(second->prefix, ==, 112);
    const ClPcmkInterface *interface = second->interfaces->pdata[1];
    g_assert_cmpstr(interface->object.name, ==, "N-2 - link1");
    g_assert_cmpstr(interface->address, ==, "2001:db8::5:130");
    g_assert_true(interface->network == second);
    g_assert_cmpuint(interface->node->nodeid, ==, 2);
}

static void test_no_subnet(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    member(facts, 1)->links[0].prefix = 33;
    member(facts, 1)->links[1].prefix = 0;
    g_autoptr(ClPcmkModel) model = make_model(facts, TRUE);
    for (guint i = 0; i < 2; i++) {
        g_assert_cmpstr(((const ClPcmkNetwork *)model->networks->pdata[i])->address, ==, "");
    }
}

static void test_all_well(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    check_states(facts, (gint32[]){N(Up), N(Up)},
                 (gint32[][3]){{I(Up), I(Up), I(Up)}, {I(Up), I(Up), I(Up)}});
}

static void test_one_cable(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    member(facts, 3)->links[0].connected = FALSE;
    check_states(facts, (gint32[]){N(Partitioned), N(Up)},
                 (gint32[][3]){{I(Up), I(Up), I(Unreachable)}, {I(Up), I(Up), I(Up)}});
}

static void test_switch(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    member(facts, 2)->links[1].connected = FALSE;
    member(facts, 3)->links[1].connected = FALSE;
    check_states(facts, (gint32[]){N(Up), N(Down)},
                 (gint32[][3]){{I(Up), I(Up), I(Up)}, {I(Up), I(Unreachable), I(Unreachable)}});
}

static void test_own_cable(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    member(facts, 1)->links[0].carrier = FALSE;
    member(facts, 2)->links[0].connected = FALSE;
    member(facts, 3)->links[0].connected = FALSE;
    check_states(facts, (gint32[]){N(Down), N(Up)},
                 (gint32[][3]){{I(Failed), I(Unreachable), I(Unreachable)}, {I(Up), I(Up), I(Up)}});
}

/* Who is not there says nothing about a network. */
static void test_node_down(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    member(facts, 3)->member = FALSE;
    member(facts, 3)->links[0].connected = FALSE;
    member(facts, 3)->links[1].connected = FALSE;
    check_states(facts, (gint32[]){N(Up), N(Up)},
                 (gint32[][3]){{I(Up), I(Up), I(Unavailable)}, {I(Up), I(Up), I(Unavailable)}});
}

static void test_no_corosync(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    facts->running = FALSE;
    check_states(facts, (gint32[]){N(Unavailable), N(Unavailable)},
                 (gint32[][3]){{I(Unavailable), I(Unavailable), I(Unavailable)},
                               {I(Unavailable), I(Unavailable), I(Unavailable)}});
}

/* The CIB's name of a node counts; the third it does not have. */
static void test_nodes(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    g_autoptr(ClPcmkModel) model = make_model(facts, TRUE);
    g_assert_cmpuint(model->nodes->len, ==, 3);
    g_assert_cmpint(state_of(model, CL_KIND_NODE, "n-2"), ==, ClusterNodeUp);
    g_assert_cmpint(state_of(model, CL_KIND_NODE, "n3"), ==, ClusterNodeDown);
    g_assert_cmpstr(model->local->object.name, ==, "n1");
    g_assert_cmpuint(((const ClPcmkNode *)model->nodes->pdata[2])->votes, ==, 3);
    g_assert_cmpstr(model->name, ==, "ring");
    g_assert_true(model->quorate);
}

static void test_lost(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    facts->quorate = FALSE;
    g_autoptr(ClPcmkModel) model = make_model(facts, FALSE);
    g_assert_cmpuint(model->nodes->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        const ClPcmkObject *node = model->nodes->pdata[i];
        g_assert_cmpint(node->state, ==, ClusterNodeStateUnknown);
    }
    g_assert_cmpint(state_of(model, CL_KIND_NETWORK, "link0"), ==, ClusterNetworkUp);
    g_assert_false(model->quorate);
}

/* --- The quorum device -------------------------------------------------------------------------- */

static void check_witness(const ClPcmkCorosyncFacts *facts, const char *name, gint32 state)
{
    g_autoptr(ClPcmkModel) model = make_model((ClPcmkCorosyncFacts *)facts, TRUE);
    g_assert_cmpstr(model->witness, ==, name);
    g_assert_cmpint(model->witness_state, ==, state);
}

static void test_witness(void)
{
    g_autoptr(ClPcmkCorosyncFacts) facts = make_facts();
    check_witness(facts, "", ClusterResourceOnline);
    facts->device_model = g_strdup("net");
    check_witness(facts, "net", ClusterResourceFailed);
    facts->device_host = g_strdup("192.0.2.1");
    facts->device_votes = 2;
    check_witness(facts, "net:192.0.2.1", ClusterResourceOnline);
    facts->quorate = FALSE;
    check_witness(facts, "net:192.0.2.1", ClusterResourceOffline);
    facts->running = FALSE;
    check_witness(facts, "net:192.0.2.1", ClusterResourceStateUnknown);
    g_clear_pointer(&facts->device_model, g_free);
    check_witness(facts, "", ClusterResourceOnline); /* the CIB has quorum */
}

static void note(const ClEvent *event, gpointer data)
{
    guint32 state = 0;
    if (event->object_type == CLUSTER_OBJECT_TYPE_QUORUM) {
        memcpy(&state, g_bytes_get_data(event->data, NULL), sizeof state);
    }
    g_string_append_printf(data, "%u:%" G_GINT64_MODIFIER "x:%s:%u ", event->object_type,
                           event->filter_flag, event->name, state);
}

/* Of a vote that goes a change of properties is told, and the new state. */
static void test_witness_events(void)
{
    g_autoptr(ClPcmkCorosyncFacts) former = make_facts(), facts = make_facts();
    g_autoptr(GString) told = g_string_new(NULL);
    former->device_model = g_strdup("net");
    facts->device_model = g_strdup("net");
    former->device_votes = 1;
    g_autoptr(ClPcmkModel) before = make_model(former, TRUE);
    g_autoptr(ClPcmkModel) after = make_model(facts, TRUE);
    cl_pcmk_differences(before, before, note, told);
    g_assert_cmpstr(told->str, ==, "");
    cl_pcmk_differences(before, after, note, told);
    g_autofree char *expected =
        g_strdup_printf("%u:%x::0 %u:%x:net:%u ", CLUSTER_OBJECT_TYPE_CLUSTER,
                        CLUSTER_CHANGE_CLUSTER_COMMON_PROPERTY_V2, CLUSTER_OBJECT_TYPE_QUORUM,
                        CLUSTER_CHANGE_QUORUM_STATE_V2, ClusterResourceFailed);
    g_assert_cmpstr(told->str, ==, expected);
    g_assert_false(cl_pcmk_corosync_facts_equal(former, facts));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/have the address of their subnet", test_addresses);
    g_test_add_func("/networks/without a mask have no subnet", test_no_subnet);
    g_test_add_func("/networks/all is well", test_all_well);
    g_test_add_func("/networks/a cable is out somewhere", test_one_cable);
    g_test_add_func("/networks/a switch is off", test_switch);
    g_test_add_func("/networks/the own cable is out", test_own_cable);
    g_test_add_func("/networks/a node is down", test_node_down);
    g_test_add_func("/networks/Corosync is down", test_no_corosync);
    g_test_add_func("/networks/nodes that Pacemaker has not", test_nodes);
    g_test_add_func("/networks/Pacemaker does not answer", test_lost);
    g_test_add_func("/witness/is the quorum device", test_witness);
    g_test_add_func("/witness/is told of", test_witness_events);
    return g_test_run();
}
