/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Random acts on a cluster whose resources take time, fail and hang: whatever comes, what the file
 * says is possible, and in the end nothing is stuck. --seed repeats a run. One thread.
 */
#include "machine-setup.h"

#include "embedded/check.h"

#define ACTS 400
/* How many of them lie between two checks of the whole file. */
#define CHECK_EVERY 40

static const char definition[] =
    "[cluster]\nname=test\n[node n1]\n[node n2]\n[node n3]\n"
    "[resource-type T]\nprivate.OnlineDelay=dword:3\nprivate.OfflineDelay=dword:2\n"
    "property.PendingTimeout=20\n"
    "[resource-type Bad]\nprivate.OnlineDelay=dword:1\n"
    "private.OnlineOutcomes=ok fail ok ok hang fail ok ok ok fail fail fail fail ok fail ok hang\n"
    "private.OfflineOutcomes=ok ok fail hang ok fail ok\nproperty.PendingTimeout=20\n"
    "[group a]\nowner=n1\npreferred-owners=n1;n2\nproperty.AutoFailbackType=1\n"
    "property.FailoverThreshold=1000\n"
    "[group b]\nowner=n2\nproperty.AntiAffinityClassNames=x\n"
    "[group c]\nowner=n3\nproperty.AntiAffinityClassNames=x\n"
    "[resource a1]\ngroup=a\ntype=T\nstate=online\n"
    "[resource a2]\ngroup=a\ntype=Bad\nstate=offline\ndepends-on=[a1]\n"
    "[resource a3]\ngroup=a\ntype=T\nstate=offline\n"
    "[resource a4]\ngroup=a\ntype=T\nstate=offline\ndepends-on=[a2] and ([a1] or [a3])\n"
    "property.RestartThreshold=1\n"
    "[resource b1]\ngroup=b\ntype=Bad\nstate=offline\npossible-owners=n1;n2\n"
    "property.RestartAction=0\n"
    "[resource b2]\ngroup=b\ntype=T\nstate=offline\ndepends-on=[b1]\n"
    "[resource c1]\ngroup=c\ntype=Bad\nstate=offline\nproperty.RestartThreshold=2\n"
    "[resource c2]\ngroup=c\ntype=T\nstate=offline\ndepends-on=[c1]\n";

static const char *const nodes[] = {"n1", "n2", "n3"};
static const char *const groups[] = {"a", "b", "c"};
static const char *const resources[] = {"a1", "a2", "a3", "a4", "b1", "b2", "c1", "c2"};

#define ANY_OF(names) (names[g_test_rand_int_range(0, G_N_ELEMENTS(names))])

/* What must never be found. */
static const struct {
    const char *what, *sql;
} faults[] = {
    {"pending without an end", "SELECT r.number FROM resource r LEFT JOIN transition t ON"
                               " t.resource = r.number WHERE r.state IN (129, 130) AND t.due IS"
                               " NULL"},
    {"online without a provider",
     "SELECT r.number FROM resource r JOIN dependency d ON d.resource = r.number WHERE r.state = 2"
     " AND r.wanted IS NULL AND NOT EXISTS (SELECT 1 FROM dependency e JOIN resource p ON"
     " p.number = e.provider WHERE e.resource = d.resource AND e.clause = d.clause AND"
     " p.state = 2)"},
    {"a provider that went first",
     "SELECT r.number FROM resource r JOIN dependency d ON d.resource = r.number JOIN resource p ON"
     " p.number = d.provider WHERE r.state IN (2, 130) AND p.state = 130 AND NOT EXISTS (SELECT 1"
     " FROM dependency e WHERE e.resource = d.resource AND e.clause = d.clause AND e.provider <>"
     " d.provider)"},
    {"active on a node that is down",
     "SELECT r.number FROM resource r JOIN resource_group g ON g.number = r.group_number JOIN node"
     " n ON n.number = g.owner WHERE r.state IN (2, 129, 130) AND n.state NOT IN (0, 2)"},
    {"active where it may not be",
     "SELECT r.number FROM resource r JOIN resource_group g ON g.number = r.group_number WHERE"
     " r.state IN (2, 129, 130) AND NOT EXISTS (SELECT 1 FROM possible_owner o WHERE o.resource ="
     " r.number AND o.node = g.owner)"},
};

static void check_faults(Acting *c)
{
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        gint64 number = look(c, faults[i].sql);
        if (number != -1) {
            g_error("%s: %d", faults[i].what, (int)number);
        }
    }
}

static void check_file(Acting *c)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;
    cl_embedded_check(c->fixture->path, FALSE, &findings, &error);
    g_assert_no_error(error);
    if (findings->len > 0) {
        g_error("%s", ((ClFinding *)findings->pdata[0])->text);
    }
}

static guint act_on_resource(Acting *c)
{
    static const ClVerb verbs[] = {CL_ACT_ONLINE, CL_ACT_OFFLINE, CL_ACT_FAIL, CL_ACT_RESTART,
                                   CL_ACT_ONLINE};
    ClAction action = {.verb = ANY_OF(verbs)};
    if (action.verb == CL_ACT_ONLINE || action.verb == CL_ACT_OFFLINE) {
        action.flags = g_test_rand_int_range(0, 4) ? 0 : 2;
    }
    return act_with(c, CL_KIND_RESOURCE, ANY_OF(resources), action, 0, NULL);
}

static guint act_on_group(Acting *c)
{
    static const ClVerb verbs[] = {CL_ACT_ONLINE, CL_ACT_OFFLINE, CL_ACT_MOVE, CL_ACT_MOVE,
                                   CL_ACT_CANCEL};
    static const guint32 flags[] = {0, 0, 2, 4, 8, 0x10, 0x14, 0x20};
    ClAction action = {.verb = ANY_OF(verbs)};
    gboolean takes_node = action.verb == CL_ACT_ONLINE || action.verb == CL_ACT_MOVE;
    if (action.verb == CL_ACT_MOVE) {
        action.flags = ANY_OF(flags);
    }
    const char *node = takes_node && g_test_rand_bit() ? ANY_OF(nodes) : NULL;
    return act_with(c, CL_KIND_GROUP, ANY_OF(groups), action, CL_KIND_NODE, node);
}

static guint act_on_node(Acting *c)
{
    const char *node = ANY_OF(nodes);
    switch (g_test_rand_int_range(0, 6)) {
    case 5:
        return set_common(c, CL_KIND_CLUSTER, NULL, "ClusterEnforcedAntiAffinity",
                          (guint)g_test_rand_int_range(0, 2));
    case 0:
        return drain(c, node, g_test_rand_bit() ? ANY_OF(nodes) : NULL,
                     (guint32)g_test_rand_int_range(0, 8));
    case 1:
        return act(c, CL_KIND_NODE, node, CL_ACT_PAUSE);
    case 2:
        return resume(c, node, (guint)g_test_rand_int_range(0, 3));
    case 3:
        return set_node(c, node, ClusterNodeDown);
    default:
        return set_node(c, node, ClusterNodeUp);
    }
}

static guint act_somehow(Acting *c)
{
    switch (g_test_rand_int_range(0, 8)) {
    case 0:
        return act_on_node(c);
    case 1:
    case 2:
    case 3:
        return act_on_group(c);
    default:
        return act_on_resource(c);
    }
}

static void check_code(guint code)
{
    static const guint known[] = {0, 70, 114, 997, 5005, 5016, 5023, 5050, 5058, 5071, 5942, 5962};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i] == code) {
            return;
        }
    }
    g_error("code %u", code);
}

/* What has failed is tried again by itself now and then, and nothing can be asked of it meanwhile. */
static void online_at_last(Acting *c, const char *group, gint64 until)
{
    const ClAction best = {.verb = CL_ACT_ONLINE,
                           .flags = CLUSAPI_GROUP_ONLINE_BEST_POSSIBLE_NODE |
                                    CLUSAPI_GROUP_ONLINE_SYNCHRONOUS |
                                    CLUSAPI_GROUP_ONLINE_IGNORE_AFFINITY_RULE};
    guint code = act_with(c, CL_KIND_GROUP, group, best, 0, NULL);
    while (code == ERROR_INVALID_STATE && g_get_monotonic_time() < until) {
        g_usleep(2000);
        code = act_with(c, CL_KIND_GROUP, group, best, 0, NULL);
    }
    g_assert_cmpuint(code, ==, 0);
    g_assert_cmpint(state_now(c, CL_KIND_GROUP, group), ==, ClusterGroupOnline);
}

/* All nodes run and all groups are wanted: in the end each is online or has failed for good. */
static void check_end(Acting *c)
{
    change(c, "DELETE FROM property WHERE key IN ('onlineoutcomes', 'offlineoutcomes')");
    set_common(c, CL_KIND_CLUSTER, NULL, "ClusterEnforcedAntiAffinity", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(nodes); i++) {
        set_node(c, nodes[i], ClusterNodeUp);
        resume(c, nodes[i], 0);
    }
    gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (look(c, "SELECT 1 FROM resource r LEFT JOIN transition t ON t.resource = r.number WHERE"
                   " r.state IN (129, 130) OR r.state = 4 AND t.outcome = 0 UNION SELECT 1 FROM"
                   " resource_group WHERE move_to IS NOT NULL") != -1) {
        g_assert_cmpint(g_get_monotonic_time(), <, until);
        state_now(c, CL_KIND_GROUP, "a");
        g_usleep(2000);
    }
    g_assert_cmpint(look(c, "SELECT count(*) FROM resource WHERE wanted IS NOT NULL"), ==, 0);
    g_assert_cmpint(look(c, "SELECT count(*) FROM node WHERE drain_status = 1"), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        online_at_last(c, groups[i], until);
    }
}

static void test_random(void)
{
    g_autoptr(Acting) c = acting_new(definition);
    g_autoptr(Acting) second = acting_again(c);
    for (gsize i = 0; i < G_N_ELEMENTS(resources); i++) {
        set_number(c, resources[i], "RestartDelay", 2);
        set_number(c, resources[i], "RetryPeriodOnFailure", 60);
    }
    for (int i = 0; i < ACTS; i++) {
        check_code(act_somehow(g_test_rand_bit() ? c : second));
        check_faults(c);
        if (i % CHECK_EVERY == 0) {
            check_file(c);
        }
        if (g_test_rand_bit()) {
            g_usleep((gulong)g_test_rand_int_range(0, 6000));
        }
    }
    check_end(c);
    check_file(c);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/whatever comes", test_random);
    return g_test_run();
}
