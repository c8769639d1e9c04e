/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of the definition of a cluster: each rule has a definition that breaks it alone, and the
 * mistake is reported with its line. BASE is 4 lines, so the first line of a case is line 5.
 */
#include "embedded/definition-internal.h"
#include "expression.h"

#include <string.h>

#define BASE               "[cluster]\nname=c\n[node n]\n[node m]\n"
#define GROUP              BASE "[group g]\n"
#define APPLICATION(label) "[resource " label "]\ngroup=g\ntype=Generic Application\n"

typedef struct {
    const char *name;
    const char *text;
    guint line;
    const char *why; /* part of the message */
} Case;

static ClDefinition *parse(const char *text)
{
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(GError) error = NULL;
    ClDefinition *definition = NULL;

    if (!cl_definition_parse(text, strlen(text), &definition, &mistakes, &error)) {
        g_error("%s", error->message);
    }
    g_assert_null(mistakes);
    return definition;
}

static GPtrArray *parse_wrong(const char *text, gsize size)
{
    GPtrArray *mistakes = NULL;
    ClDefinition *definition = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(cl_definition_parse(text, size, &definition, &mistakes, &error));
    g_assert_error(error, CL_ERROR, ERROR_INVALID_DATA);
    g_assert_null(definition);
    g_assert_nonnull(mistakes);
    return mistakes;
}

static const Case cases[] = {
    {"empty-file", "", 0, "no [cluster]"},
    {"no-cluster", "[node n]\n", 0, "no [cluster]"},
    {"no-node", "[cluster]\nname=c\n", 0, "needs a [node"},
    {"second-cluster", BASE "[cluster]\nname=d\n", 5, "stands already in line 1"},
    {"labelled-cluster", "[cluster c]\nname=c\n[node n]\n", 1, "the section is [cluster]"},
    {"cluster-without-name", "[cluster]\n[node n]\n", 1, "no name="},
    {"no-label", BASE "[group]\nname=g\n", 5, "needs a label"},
    {"unknown-section", BASE "[volume v]\nanything=1\n", 5, "no kind of section \"volume\""},
    {"unknown-key", BASE "[group g]\nstate=online\n", 6, "no key \"state\""},
    {"second-section", BASE "[group g]\n[group g]\n", 6, "stands already in line 5"},
    {"second-key", BASE "[group g]\nowner=n\nowner=m\n", 7, "stands already in line 6"},
    {"key-before-section", "name=c\n" BASE, 1, "before any section"},
    {"no-key", BASE "just words\n", 5, "neither a section"},
    {"empty-key", BASE "=value\n", 5, "neither a section"},
    {"open-section", BASE "[group g\nowner=n\n", 5, "[KIND LABEL]"},
    {"label-with-bracket", BASE "[group a]b]\n", 5, "a label cannot hold"},
    {"label-with-semicolon", BASE "[group a;b]\n", 5, "a label cannot hold"},
    {"bad-escape", BASE "[group g]\nname=a\\qb\n", 6, "backslash"},
    {"bad-escape-in-list", BASE "[group g]\npreferred-owners=n\\q\n", 6, "backslash"},
    {"not-utf8", BASE "[group g]\nname=\xff\n", 6, "not UTF-8"},
    {"surrogate", BASE "[group g]\nname=\xed\xa0\x80\n", 6, "not UTF-8"},

    {"cluster-name-dot", "[cluster]\nname=a.b\n[node n]\n", 2, "letters, digits and hyphens"},
    {"cluster-name-hyphen", "[cluster]\nname=-a\n[node n]\n", 2, "letters, digits"},
    {"cluster-name-long",
     "[cluster]\nname=a123456789b123456789c123456789d123456789e123456789f123456789g123\n[node n]\n",
     2, "1 to 63"},
    {"cluster-is-node", "[cluster]\nname=N\n[node n]\n", 3, "the cluster has this name"},
    {"node-name-digits", BASE "[node 12]\n", 5, "digits alone"},
    {"bad-domain", "[cluster]\nname=c\ndomain=a..b\n[node n]\n", 3, "no DNS domain"},
    {"blank-group-name", BASE "[group g]\nname=\\s\\n\n", 6, "blanks alone"},
    {"empty-resource-name", GROUP "[resource r]\nname=\ngroup=g\ntype=Generic Script\n", 7,
     "empty"},
    {"network-name-spaces", BASE "[network l]\nname=\\s\\s\n", 6, "spaces alone"},
    {"type-name-backslash", BASE "[resource-type t]\nname=\\\\t\n", 6, "backslash"},
    {"same-name-other-case", BASE "[group Web]\n[group wEB]\n", 6, "line 5 has this name"},
    {"same-name-folded", BASE "[group \xc3\x84]\n[group \xc3\xa4]\n", 6, "line 5 has this name"},
    {"name-is-id",
     BASE "[group g]\nid=3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10\n"
          "[group 3B0A6F52-6a53-4a1f-8f0e-2f7d5c1e0b10]\n",
     7, "line 5 has this name or id"},
    {"same-id",
     BASE "[group g]\nid=3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10\n"
          "[group h]\nid=3B0A6F52-6a53-4a1f-8f0e-2f7d5c1e0b10\n",
     8, "line 5 has this id"},
    {"bad-id", BASE "[group g]\nid=7\n", 6, "GUID"},
    {"id-of-node", BASE "[node o]\nid=3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10\n", 6, "no key \"id\""},

    {"bad-node-state", BASE "[node o]\nstate=online\n", 6, "up, down, paused, joining"},
    {"node-id-zero", BASE "[node o]\nnode-id=0\n", 6, "begins at 1"},
    {"node-id-twice", BASE "[node o]\nnode-id=7\n[node p]\nnode-id=7\n", 8, "line 6 has node-id 7"},
    {"node-id-large", BASE "[node o]\nnode-id=4294967296\n", 6, "up to 4294967295"},
    {"bad-boolean", BASE "[group g]\ncore=yes\n", 6, "true or false"},
    {"bad-group-type", BASE "[group g]\ntype=webby\n", 6, "one of core-cluster, available-storage"},
    {"second-core-group", BASE "[group g]\ntype=core-cluster\n[group h]\ntype=1\n", 8, "line 6"},
    {"unknown-owner", BASE "[group g]\nowner=o\n", 6, "no node \"o\""},
    {"owner-twice", BASE "[group g]\npreferred-owners=n;m;N\n", 6, "twice"},
    {"empty-owner", BASE "[group g]\npreferred-owners=n;;m\n", 6, "no node \"\""},

    {"bad-subnet", BASE "[network l]\naddress=10.0.0.0\n", 6, "ADDRESS/PREFIX"},
    {"host-bits", BASE "[network l]\naddress=10.0.0.1/24\n", 6, "host bits"},
    {"bad-role", BASE "[network l]\nrole=mixed\n", 6, "internal-and-client"},
    {"priority-zero", BASE "[network l]\npriority=0\n", 6, "begins at 1"},
    {"priority-twice", BASE "[network k]\npriority=2\n[network l]\npriority=2\n", 8, "line 6 has"},
    {"interface-without-node", BASE "[network l]\n[interface i]\nnetwork=l\n", 6, "no node="},
    {"interface-without-network", BASE "[interface i]\nnode=n\n", 5, "no network="},
    {"second-interface",
     BASE "[network l]\n[interface i]\nnode=n\nnetwork=l\n[interface j]\nnode=n\nnetwork=l\n", 9,
     "already, in line 6"},
    {"bad-address", BASE "[network l]\n[interface i]\nnode=n\nnetwork=l\naddress=1.2.3\n", 9,
     "no IP address"},
    {"address-outside",
     BASE "[network l]\naddress=10.0.0.0/8\n[interface i]\nnode=n\nnetwork=l\naddress=11.0.0.1\n",
     10, "outside of the network"},
    {"interface-of-down-node",
     BASE "[network l]\n[node o]\nstate=down\n[interface i]\nnode=o\nnetwork=l\nstate=up\n", 11,
     "is unavailable"},

    {"resource-without-group", BASE "[resource r]\ntype=Generic Script\n", 5, "no group="},
    {"resource-without-type", GROUP "[resource r]\ngroup=g\n", 6, "no type="},
    {"unknown-type", GROUP "[resource r]\ngroup=g\ntype=Nonsense\n", 8, "no resource-type"},
    {"no-built-in-types",
     "[cluster]\nname=c\nbuilt-in-types=false\n[node n]\n[group g]\n" APPLICATION("r"), 8,
     "no resource-type"},
    {"bad-resource-state", GROUP APPLICATION("r") "state=up\n", 9, "online-pending"},
    {"online-on-down-node",
     BASE "[node o]\nstate=down\n[group g]\nowner=o\n" APPLICATION("r") "state=online\n", 12,
     "node that is down"},
    {"online-on-impossible-node", GROUP APPLICATION("r") "possible-owners=m\nstate=online\n", 10,
     "no possible owner"},
    {"owner-without-type",
     GROUP "[resource-type t]\nnodes=n\n[resource r]\ngroup=g\ntype=t\npossible-owners=n;m\n", 11,
     "cannot run resources of this type"},
    {"single-group-instance",
     GROUP "[resource r]\ngroup=g\ntype=Print Spooler\n[resource s]\ngroup=g\ntype=Print Spooler\n",
     11, "a group has one"},
    {"single-cluster-instance",
     GROUP "[group h]\n[resource-type t]\ncharacteristics=single-cluster-instance\n"
           "[resource r]\ngroup=g\ntype=t\n[resource s]\ngroup=h\ntype=t\n",
     14, "a cluster has one"},
    {"bad-characteristics", BASE "[resource-type t]\ncharacteristics=quorum;x\n", 6, "\"x\""},

    {"self-dependency", GROUP APPLICATION("r") "depends-on=[r]\n", 9, "itself"},
    {"unknown-provider", GROUP APPLICATION("r") "depends-on=[s]\n", 9, "no resource \"s\""},
    {"provider-twice", GROUP APPLICATION("r") APPLICATION("s") "depends-on=[r] and [R]\n", 12,
     "twice"},
    {"provider-elsewhere",
     GROUP APPLICATION(
         "r") "[group h]\n[resource s]\ngroup=h\ntype=Generic Script\ndepends-on=[r]\n",
     13, "another group"},
    {"circle",
     GROUP APPLICATION("r") "depends-on=[s]\n" APPLICATION("s") "depends-on=[t]\n" APPLICATION(
         "t") "depends-on=[r]\n",
     17, "a circle"},
    {"expression-syntax", GROUP APPLICATION("r") "depends-on=r\n", 9, "a name in [brackets]"},
    {"online-without-provider",
     GROUP APPLICATION("r") APPLICATION("s") "state=online\ndepends-on=[r]\n", 12, "without one"},
    {"online-without-required-type",
     GROUP "[resource r]\ngroup=g\ntype=File Server\nstate=online\n", 6, "\"Network Name\""},

    {"unknown-quorum", "[cluster]\nname=c\nquorum=r\n[node n]\n", 3, "no resource \"r\""},
    {"no-quorum-type", "[cluster]\nname=c\nquorum=r\n[node n]\n[group g]\n" APPLICATION("r"), 3,
     "cannot be the quorum"},
    {"majority-with-resource",
     "[cluster]\nname=c\nquorum=r\nquorum-type=node-majority\n[node n]\n[group g]\n[resource r]\n"
     "group=g\ntype=Physical Disk\n",
     4, "node-majority has no"},
    {"disk-without-device",
     "[cluster]\nname=c\nquorum=r\nquorum-type=node-and-disk-majority\n[node n]\n[group g]\n"
     "[resource r]\ngroup=g\ntype=Physical Disk\n",
     4, "a device"},
    {"witness-missing", "[cluster]\nname=c\nquorum-type=node-and-witness-majority\n[node n]\n", 3,
     "has a quorum resource"},
    {"disk-only-log-size",
     "[cluster]\nname=c\nquorum=r\nquorum-type=disk-only\nquorum-max-log-size=1024\n[node n]\n"
     "[group g]\n[resource r]\ngroup=g\ntype=Physical Disk\n",
     4, "not 0 or 1024"},
    {"dependent-on-quorum",
     "[cluster]\nname=c\nquorum=q\n[node n]\n[group g]\n[resource q]\ngroup=g\ntype=Physical "
     "Disk\n" APPLICATION("r") "depends-on=[q]\n",
     12, "depend on the quorum"},

    {"group-in-two-sets", GROUP "[group-set s]\ngroups=g\n[group-set t]\ngroups=G\n", 9,
     "is in the group-set of line 6 already"},
    {"group-twice-in-a-set", GROUP "[group-set s]\ngroups=g;g\n", 7, "twice"},
    {"set-of-nothing", GROUP "[group-set s]\ngroups=h\n", 7, "no group \"h\""},
    {"set-in-a-set", GROUP "[group-set s]\n[group-set t]\ngroups=s\n", 8, "no group \"s\""},
    {"set-key", GROUP "[group-set s]\nowner=n\n", 7, "no key \"owner\""},
    {"set-property", GROUP "[group-set s]\nproperty.Priority=1\n", 7, "no such common property"},
    {"set-name", GROUP "[group-set s]\nname=\\s\n", 7, "blanks alone"},
    {"set-twice", GROUP "[group-set s]\n[group-set S]\n", 7, "line 6 has this name"},
    {"group-on-nothing", BASE "[group g]\ndepends-on=[h]\n", 6, "no group or group-set \"h\""},
    {"group-syntax", BASE "[group g]\ndepends-on=h\n", 6, "a name in [brackets]"},
    {"group-on-itself", BASE "[group g]\ndepends-on=[g]\n", 6, "depends on itself"},
    {"groups-in-a-circle", BASE "[group g]\ndepends-on=[h]\n[group h]\ndepends-on=[g]\n", 8,
     "a circle"},
    {"set-on-itself", BASE "[group-set s]\ndepends-on=[s]\n", 6, "depends on itself"},
    {"sets-in-a-circle", BASE "[group-set s]\ndepends-on=[t]\n[group-set t]\ndepends-on=[s]\n", 8,
     "a circle"},
    {"member-waits-for-its-set", BASE "[group g]\ndepends-on=[s]\n[group-set s]\ngroups=g\n", 8,
     "a circle"},
    {"set-waits-for-its-member", BASE "[group g]\n[group-set s]\ngroups=g\ndepends-on=[g]\n", 8,
     "itself"},
    {"circle-through-a-set",
     BASE "[group g]\n[group h]\ndepends-on=[s]\n[group-set s]\ngroups=g\ndepends-on=[h]\n", 9,
     "a circle"},

    {"key-of-nothing", BASE "[key k]\npath=Groups\\\\g\\\\x\n", 6, "no group \"g\""},
    {"key-with-an-empty-name", BASE "[key k]\npath=a\\\\\\\\b\n", 6, "is empty"},
    {"key-of-parameters", BASE "[key Parameters]\n", 5, "private.NAME= of [cluster]"},
    {"key-of-object-parameters", BASE "[key k]\npath=nodes\\\\n\\\\parameters\n", 6,
     "private.NAME= of its section"},
    {"key-twice", BASE "[key a]\n[key b]\npath=A\n", 7, "line 5 has this key"},
    {"key-of-an-object-twice", BASE "[key a]\npath=Nodes\\\\n\n[key b]\npath=nodes\\\\N\n", 8,
     "line 6 has this key"},
    {"key-escape", BASE "[key k]\npath=a\\qb\n", 6, "backslash"},
    {"key-property", BASE "[key k]\nprivate.A=1\n", 6, "no key \"private.A\""},
    {"value-elsewhere", BASE "[group g]\nvalue.A=1\n", 6, "no key \"value.A\""},
    {"value-twice", BASE "[key k]\nvalue.A=1\nvalue.a=2\n", 7, "in another case"},
    {"value-of-no-type", BASE "[key k]\nvalue.A=word:1\n", 6, "none of this type"},
    {"value-no-number", BASE "[key k]\nvalue.A=dword:4294967296\n", 6, "no dword number"},
    {"value-no-big-number", BASE "[key k]\nvalue.A=dword-big-endian:x\n", 6, "no dword number"},
    {"value-no-bytes", BASE "[key k]\nvalue.A=none:0\n", 6, "pairs of hexadecimal"},
    {"value-empty-in-list", BASE "[key k]\nvalue.A=multi-sz:a;;b\n", 6, "empty string"},
    {"value-is-a-property", BASE "[key k]\npath=Nodes\\\\n\nvalue.nodename=x\n", 7,
     "a common property of the object"},
    {"pending-without-provider",
     GROUP APPLICATION("r") APPLICATION("s") "state=online-pending\ndepends-on=[r]\n", 12,
     "without one"},

    {"property-without-name", BASE "[group g]\nprivate.=1\n", 6, "no name"},
    {"property-twice", BASE "[group g]\nprivate.A=1\nprivate.a=1\n", 7, "in another case"},
    {"unknown-common", BASE "[group g]\nproperty.Nonsense=1\n", 6, "no such common property"},
    {"common-as-private", BASE "[group g]\nprivate.priority=1\n", 6, "a common property"},
    {"common-out-of-range", BASE "[group g]\nproperty.Priority=3001\n", 6, "from 0 to 3000"},
    {"common-wrong-format", BASE "[group g]\nproperty.Priority=sz:1\n", 6, "is a dword"},
    {"retry-before-restart", GROUP APPLICATION("r") "property.RetryPeriodOnFailure=7\n", 9,
     "shorter than RestartPeriod"},
    {"restart-after-retry", GROUP APPLICATION("r") "property.RestartPeriod=3600001\n", 9,
     "shorter than RestartPeriod"},
    {"common-not-a-number", BASE "[group g]\nproperty.Priority=high\n", 6, "no dword"},
    {"common-from-key", BASE "[group g]\nproperty.PersistentState=1\n", 6, "other keys"},
    {"common-fixed", BASE "[group g]\nproperty.StatusInformation=1\n", 6, "cannot be set"},
    {"description-twice", BASE "[group g]\ndescription=a\nproperty.Description=b\n", 7, "too"},
    {"bad-dword", BASE "[group g]\nprivate.A=dword:4294967296\n", 6, "no dword number"},
    {"bad-word", BASE "[group g]\nprivate.A=word:65536\n", 6, "no word number"},
    {"bad-long", BASE "[group g]\nprivate.A=long:2147483648\n", 6, "no long number"},
    {"bad-qword", BASE "[group g]\nprivate.A=qword:-1\n", 6, "no qword number"},
    {"odd-binary", BASE "[group g]\nprivate.A=binary:abc\n", 6, "pairs of hexadecimal"},
    {"bad-binary", BASE "[group g]\nprivate.A=binary:zz\n", 6, "pairs of hexadecimal"},
    {"empty-in-multi-sz", BASE "[group g]\nprivate.A=multi-sz:a;;b\n", 6, "empty string"},
};

static void test_case(gconstpointer data)
{
    const Case *it = data;
    g_autoptr(GPtrArray) mistakes = parse_wrong(it->text, strlen(it->text));
    const ClMistake *mistake = mistakes->pdata[0];

    for (guint i = 0; i < mistakes->len; i++) {
        g_test_message("%u: %s", ((ClMistake *)mistakes->pdata[i])->line,
                       ((ClMistake *)mistakes->pdata[i])->text);
    }
    if (it->line != 0) {
        g_assert_cmpuint(mistakes->len, ==, 1);
    }
    g_assert_cmpuint(mistake->line, ==, it->line);
    g_assert_nonnull(strstr(mistake->text, it->why));
}

static void test_nul(void)
{
    static const char text[] = BASE "[group g]\nname=a\0b\n";
    g_autoptr(GPtrArray) mistakes = parse_wrong(text, sizeof text - 1);

    g_assert_cmpuint(mistakes->len, ==, 1);
    g_assert_cmpuint(((ClMistake *)mistakes->pdata[0])->line, ==, 6);
}

static void test_all_mistakes_in_order(void)
{
    static const char text[] = "nonsense\n[cluster]\nname=c!\n[node n]\nstate=asleep\n[group g]\n"
                               "owner=x\n[group g]\ncolour=red\n[resource r]\n";
    static const guint lines[] = {1, 3, 5, 7, 8, 9, 10, 10};
    g_autoptr(GPtrArray) mistakes = parse_wrong(text, strlen(text));

    g_assert_cmpuint(mistakes->len, ==, G_N_ELEMENTS(lines));
    for (guint i = 0; i < mistakes->len; i++) {
        g_assert_cmpuint(((ClMistake *)mistakes->pdata[i])->line, ==, lines[i]);
    }
}

/* A chain of @n dependencies in one group. */
static char *chain(guint n)
{
    GString *text = g_string_new(GROUP APPLICATION("r0"));

    for (guint i = 1; i <= n; i++) {
        g_string_append_printf(
            text, "[resource r%u]\ngroup=g\ntype=Generic Application\ndepends-on=[r%u]\n", i,
            i - 1);
    }
    return g_string_free(text, FALSE);
}

static void test_depth(void)
{
    g_autofree char *deep = chain(100);
    g_autofree char *too_deep = chain(5000);
    g_autoptr(ClDefinition) definition = parse(deep);
    g_autoptr(GPtrArray) mistakes = parse_wrong(too_deep, strlen(too_deep));

    g_assert_cmpuint(definition->resources->len, ==, 101);
    g_assert_cmpuint(mistakes->len, ==, 1);
    g_assert_cmpuint(((ClMistake *)mistakes->pdata[0])->line, ==, 5 + 3 + 4 * 101);
}

static void test_names_that_hurt(void)
{
    static const char text[] = "\xef\xbb\xbf" BASE "[group a/b]\r\n[group .]\n[group ..]\n"
                               "  [group   -rf  ]  \n"
                               "[group x]\nname=\\s[a] = #\\n\\t\\\\ \xf0\x9d\x84\x9e\\s\n";
    g_autoptr(ClDefinition) definition = parse(text);
    static const char *const names[] = {"a/b", ".", "..", "-rf",
                                        " [a] = #\n\t\\ \xf0\x9d\x84\x9e "};

    g_assert_cmpuint(definition->groups->len, ==, G_N_ELEMENTS(names));
    for (guint i = 0; i < definition->groups->len; i++) {
        g_assert_cmpstr(((ClDefined *)definition->groups->pdata[i])->name, ==, names[i]);
    }
}

static void test_references(void)
{
    static const char text[] =
        BASE "[group g]\nname=Real\nid=3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10\nowner=M\n"
             "[resource a]\ngroup=g\ntype=generic script\n"
             "[resource b]\ngroup=rEAL\ntype=Generic Script\n"
             "[resource c]\ngroup=3B0A6F52-6a53-4a1f-8f0e-2f7d5c1e0b10\ntype=Generic Script\n"
             "depends-on=([A] OR [b])\n";
    g_autoptr(ClDefinition) definition = parse(text);
    const ClDefinedGroup *group = definition->groups->pdata[0];

    g_assert_cmpstr(group->owner->object.name, ==, "m");
    for (guint i = 0; i < 3; i++) {
        const ClDefinedResource *resource = definition->resources->pdata[i];

        g_assert_true(resource->group == group);
        g_assert_cmpstr(resource->type->object.name, ==, "Generic Script");
    }
    g_assert_cmpuint(((ClDefinedResource *)definition->resources->pdata[2])->clauses->len, ==, 1);
}

static void test_defaults(void)
{
    g_autoptr(ClDefinition) definition =
        parse("[cluster]\nname=c\n[node a]\nstate=down\n[node b]\nnode-id=1\n[node d]\n"
              "[network k]\n[network l]\npriority=1\n[interface i]\nnode=a\nnetwork=k\n[group g]\n"
              "[resource r]\ngroup=g\ntype=Generic Script\nstate=online\n");
    const ClDefinedNode *const *nodes = (gconstpointer)definition->nodes->pdata;
    const ClDefinedGroup *group = definition->groups->pdata[0];
    const ClDefinedInterface *interface = definition->interfaces->pdata[0];

    g_assert_cmpuint(nodes[0]->node_id, ==, 2);
    g_assert_cmpstr(nodes[1]->object.id, ==, "1");
    g_assert_cmpuint(nodes[2]->node_id, ==, 3);
    g_assert_cmpuint(((ClDefinedNetwork *)definition->networks->pdata[0])->priority, ==, 2);
    g_assert_true(group->owner == nodes[1]);
    g_assert_cmpuint(group->type, ==, ClusGroupTypeUnknown);
    g_assert_cmpuint(group->persistent_state, ==, 1);
    g_assert_cmpuint(interface->state, ==, ClusterNetInterfaceUnavailable);
    g_assert_true(g_uuid_string_is_valid(group->object.id));
    g_assert_cmpuint(cl_definition_cluster(definition)->quorum_max_log_size, ==, 0);
}

/* In a group's expression a name is a group's first, in a set's a set's. */
static void test_groups_and_sets(void)
{
    g_autoptr(ClDefinition) definition =
        parse(GROUP "[group x]\n[group-set x]\n[group a]\ndepends-on=[x] or [s]\n"
                    "[group-set s]\ngroups=g\ndepends-on=[x] and [a2]\n[group a2]\n");
    const ClDefinedGroup *a = definition->groups->pdata[2];
    const ClDefinedGroupSet *s = definition->sets->pdata[1];
    const GPtrArray *first = a->clauses->pdata[0];

    g_assert_cmpuint(first->len, ==, 2);
    g_assert_true(first->pdata[0] == definition->groups->pdata[1]);
    g_assert_true(first->pdata[1] == s);
    g_assert_cmpuint(s->clauses->len, ==, 2);
    g_assert_true(((GPtrArray *)s->clauses->pdata[0])->pdata[0] == definition->sets->pdata[0]);
    g_assert_true(((ClDefinedGroup *)definition->groups->pdata[0])->set == s);
    g_assert_true(g_uuid_string_is_valid(s->object.id));
}

/* A chain of groups of any length is walked, and closed. */
static void test_long_chain_of_groups(void)
{
    g_autoptr(GString) text = g_string_new(BASE "[group g0]\n");

    for (guint i = 1; i < 5000; i++) {
        g_string_append_printf(text, "[group g%u]\ndepends-on=[g%u]\n", i, i - 1);
    }
    g_autoptr(ClDefinition) definition = parse(text->str);
    g_assert_cmpuint(definition->groups->len, ==, 5000);
    g_string_replace(text, "[group g0]\n", "[group g0]\ndepends-on=[g4999]\n", 1);
    g_autoptr(GPtrArray) mistakes = parse_wrong(text->str, text->len);
    g_assert_cmpuint(mistakes->len, ==, 1);
}

/* The parts of a key's path. */
static void assert_path(const ClDefinition *definition, guint index, const char *wanted)
{
    g_auto(GStrv) path = cl_defined_key_path(definition->keys->pdata[index]);
    g_autofree char *joined = g_strjoinv("|", path);

    g_assert_cmpstr(joined, ==, wanted);
}

static void test_keys(void)
{
    g_autoptr(ClDefinition) definition =
        parse(BASE "[key Top]\n[key root]\npath=\nvalue.=x\n[key low]\npath=Top\\\\a/b\\\\ c\n"
                   "[key node]\npath=NODES\\\\N\\\\x\n[resource-type t]\nname=a\\\\B\n"
                   "[key type]\npath=resourcetypes\\\\A\\\\b\\\\y\n[key kind]\npath=groups\n");
    const ClDefinedKey *root = definition->keys->pdata[1];
    const ClDefinedValue *value = root->values->pdata[0];

    assert_path(definition, 0, "Top");
    assert_path(definition, 1, "");
    assert_path(definition, 2, "Top|a/b| c");
    assert_path(definition, 3, "Nodes|1|x");
    assert_path(definition, 4, "ResourceTypes|a\\B|y");
    assert_path(definition, 5, "Groups");
    g_assert_cmpstr(value->name, ==, "");
    g_assert_cmpuint(value->type, ==, REG_SZ);
    g_assert_cmpuint(g_bytes_get_size(value->data), ==, 4);
}

static void test_own_type_replaces_built_in(void)
{
    g_autoptr(ClDefinition) definition =
        parse(BASE "[resource-type ip address]\nclass=storage\n[resource-type other]\n");
    guint found = 0;

    for (guint i = 0; i < definition->types->len; i++) {
        const ClDefinedResourceType *type = definition->types->pdata[i];

        if (g_ascii_strcasecmp(type->object.name, "IP Address") == 0) {
            g_assert_cmpuint(type->resource_class, ==, CLUS_RESCLASS_STORAGE);
            found++;
        }
    }
    g_assert_cmpuint(found, ==, 1);
    g_assert_cmpuint(definition->types->len, ==, 13);
}

static void test_missing_file(void)
{
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GPtrArray) mistakes = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(cl_definition_load("/nonexistent", &definition, &mistakes, &error));
    g_assert_error(error, CL_ERROR, ERROR_FILE_NOT_FOUND);
    g_assert_cmpuint(mistakes->len, ==, 0);
}

/* Writes clauses as "a|b & c". */
static void assert_expression(const char *text, const char *wanted)
{
    g_autofree char *why = NULL;
    g_autoptr(GPtrArray) clauses = cl_expression_parse(text, &why);
    g_autoptr(GString) found = g_string_new(NULL);

    for (guint i = 0; clauses != NULL && i < clauses->len; i++) {
        const GPtrArray *clause = clauses->pdata[i];

        for (guint j = 0; j < clause->len; j++) {
            g_string_append_printf(found, "%s%s",
                                   j > 0   ? "|"
                                   : i > 0 ? " & "
                                           : "",
                                   (char *)clause->pdata[j]);
        }
    }
    g_assert_true((clauses != NULL) == (why == NULL));
    g_assert_cmpstr(clauses != NULL ? found->str : NULL, ==, wanted);
}

static void test_expressions(void)
{
    assert_expression("", "");
    assert_expression(" \t", "");
    assert_expression("[a]", "a");
    assert_expression("[a] or [b] OR [c d]", "a|b|c d");
    assert_expression("([a]or[b])and([c])and[d]", "a|b & c & d");
    assert_expression("[a] and [b]", "a & b");
    assert_expression("([a] or [b]) and [c]", "a|b & c");
    assert_expression("[a] or [b] and [c]", NULL);
    assert_expression("[c] and [a] or [b]", NULL);
    assert_expression("[a] [b]", NULL);
    assert_expression("[a] orx [b]", NULL);
    assert_expression("[a] or", NULL);
    assert_expression("and [a]", NULL);
    assert_expression("(([a]))", NULL);
    assert_expression("([a]", NULL);
    assert_expression("[a", NULL);
    assert_expression("[]", NULL);
    assert_expression("()", NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/definition/mistake/%s", cases[i].name);

        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/definition/mistake/nul", test_nul);
    g_test_add_func("/definition/all-mistakes-in-order", test_all_mistakes_in_order);
    g_test_add_func("/definition/depth", test_depth);
    g_test_add_func("/definition/names-that-hurt", test_names_that_hurt);
    g_test_add_func("/definition/references", test_references);
    g_test_add_func("/definition/defaults", test_defaults);
    g_test_add_func("/definition/groups-and-sets", test_groups_and_sets);
    g_test_add_func("/definition/long-chain-of-groups", test_long_chain_of_groups);
    g_test_add_func("/definition/keys", test_keys);
    g_test_add_func("/definition/own-type-replaces-built-in", test_own_type_replaces_built_in);
    g_test_add_func("/definition/missing-file", test_missing_file);
    g_test_add_func("/definition/expressions", test_expressions);
    return g_test_run();
}
