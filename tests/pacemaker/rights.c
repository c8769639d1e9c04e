/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether Pacemaker's ACLs let somebody ask its daemons, of a recorded CIB: by Pacemaker's own library,
 * as they would let him change the status. And who may have the service delete something.
 */
#include "edits-setup.h"
#include "pacemaker/acl.h"

#define TEST(name, file, function)                                                                 \
    g_test_add("/rights/" name, Cluster, file, set_up, function, tear_down)

#define HISTORY "//node_state[@uname='n2']//lrm_resource[@id='web-ip']"

/* @permissions of alice; bob has none. */
static void add_acls(Cluster *cluster, const char *permissions)
{
    g_autofree char *acls =
        g_strdup_printf("<acls><acl_target id='alice'><role id='r'/></acl_target>"
                        "<acl_target id='LAB\\alice'><role id='r'/></acl_target><acl_role id='r'>"
                        "<acl_permission id='p0' kind='read' xpath='/cib'/>%s</acl_role></acls>",
                        permissions);
    add(cluster, "//configuration", acls);
    add(cluster, "//crm_config",
        "<cluster_property_set id='on'><nvpair id='on1' name='enable-acl' value='yes'/>"
        "</cluster_property_set>");
}

static DWORD ask(const Cluster *cluster, const char *user, ClPcmkRequest request)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) requests = g_ptr_array_new();
    request.node = (char *)"n2";
    request.resource = (char *)"web-ip";
    g_ptr_array_add(requests, &request);
    return cl_pcmk_acl_check(cluster->cib, requests, user, &error) ? ERROR_SUCCESS
                                                                   : cl_error_take(error);
}

#define FAILING            ((ClPcmkRequest){.what = CL_PCMK_FAIL})
#define CLEANING           ((ClPcmkRequest){.what = CL_PCMK_CLEAN, .history = TRUE})
#define COUNTS             ((ClPcmkRequest){.what = CL_PCMK_CLEAN})
#define UNSETS             ((ClPcmkRequest){.what = CL_PCMK_UNSET})
#define FORGETS            ((ClPcmkRequest){.what = CL_PCMK_FORGET})

#define MAY(user, request) g_assert_cmpuint(ask(cluster, user, request), ==, ERROR_SUCCESS)
#define MAY_NOT(user, request)                                                                     \
    g_assert_cmpuint(ask(cluster, user, request), ==, ERROR_ACCESS_DENIED)

static void test_none(Cluster *cluster, gconstpointer data)
{
    (void)data;
    MAY(NULL, FAILING);
    MAY("bob", FAILING);
    MAY("bob", FORGETS);
    add_acls(cluster, "");
    MAY(NULL, FORGETS);
    MAY("root", FAILING);
    MAY("hacluster", CLEANING);
    MAY_NOT("bob", FAILING);
    MAY_NOT("alice", FAILING);
    MAY_NOT("root@LAB", FAILING);
    MAY_NOT("#unprivileged", COUNTS);
    overwrite(cluster, "//nvpair[@id='on1']/@value", "no");
    MAY("bob", FAILING);
}

static void test_history(Cluster *cluster, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(count(cluster, HISTORY), ==, 1);
    add_acls(cluster, "<acl_permission id='p1' kind='write' xpath=\"" HISTORY "\"/>");
    MAY("alice", FAILING);
    MAY("LAB\\alice", FAILING);
    MAY_NOT("alice@LAB", FAILING);
    MAY_NOT("bob", FAILING);
    MAY_NOT("alice", CLEANING);
    MAY_NOT("alice", COUNTS);
    MAY_NOT("alice", UNSETS);
    MAY_NOT("alice", FORGETS);
}

static void test_attributes(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add_acls(cluster, "<acl_permission id='p1' kind='write' object-type='transient_attributes'/>");
    MAY("alice", COUNTS);
    MAY("alice", UNSETS);
    MAY_NOT("alice", CLEANING);
    MAY_NOT("alice", FAILING);
    MAY_NOT("alice", FORGETS);
}

/* A right that is denied below counts, too; and what is asked does not stay in the CIB. */
static void test_status(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add_acls(cluster, "<acl_permission id='p1' kind='write' xpath='/cib/status'/>");
    MAY("alice", FAILING);
    MAY("alice", CLEANING);
    MAY("alice", FORGETS);
    g_assert_cmpint(count(cluster, "//@clusapi-acl"), ==, 0);
    add(cluster, "//acl_role", "<acl_permission id='p2' kind='deny' xpath=\"" HISTORY "\"/>");
    MAY_NOT("alice", FAILING);
    MAY("alice", COUNTS);
}

#define WEB    "<acl_permission id='p1' kind='write' xpath=\"//group[@id='web']\"/>"
#define PLACES "<acl_permission id='p2' kind='write' xpath='//constraints'/>"
#define OWNERS                                                                                     \
    "<acl_permission id='p3' kind='write' "                                                        \
    "xpath=\"//cluster_property_set[@id='clusapi-owners']\"/>"
#define STATUS "<acl_permission id='p4' kind='write' xpath='/cib/status'/>"

/* In the name of alice, who has @permissions. */
static DWORD destroy(const char *permissions)
{
    Cluster cluster = {.user = "alice"};
    set_up(&cluster, "running.xml");
    add(&cluster, "//constraints", "<rsc_location id='l' rsc='web' node='n1' score='5'/>");
    add(&cluster, "//crm_config",
        "<cluster_property_set id='clusapi-owners'>"
        "<nvpair id='w' name='clusapi-owner.web' value='1'/></cluster_property_set>");
    add_acls(&cluster, permissions);
    DWORD code = on_group(&cluster, CL_ACT_DESTROY, "web", NULL);
    g_assert_cmpint(count(&cluster, "//meta_attributes[starts-with(@id, 'clusapi-destroy-')]"), ==,
                    code == ERROR_IO_PENDING);
    tear_down(&cluster, NULL);
    return code;
}

/* Offline at first, in his own name, the rest then by the service. */
static void test_destroying(void)
{
    g_assert_cmpuint(destroy(WEB PLACES OWNERS STATUS), ==, ERROR_IO_PENDING);
    g_assert_cmpuint(destroy(PLACES OWNERS STATUS), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(destroy(WEB OWNERS STATUS), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(destroy(WEB PLACES STATUS), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(destroy(WEB PLACES OWNERS), ==, ERROR_ACCESS_DENIED);
}

/* What else is deleted, or gets another name, nodes are told to forget. */
static void test_forgetting(Cluster *cluster, gconstpointer data)
{
    (void)data;
    add_acls(cluster, "<acl_permission id='p1' kind='write' xpath='/cib/configuration'/>");
    cluster->user = "alice";
    g_assert_cmpuint(discard(cluster, CL_KIND_RESOURCE, "part-b"), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(rename_to(cluster, CL_KIND_RESOURCE, "part-b", "other"), ==,
                     ERROR_ACCESS_DENIED);
    g_assert_cmpuint(on_group(cluster, CL_ACT_DESTROY, "mail", NULL), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpuint(on_group(cluster, CL_ACT_OFFLINE, "web", NULL), ==, ERROR_IO_PENDING);
    add(cluster, "//acl_role", STATUS);
    g_assert_cmpuint(rename_to(cluster, CL_KIND_RESOURCE, "part-b", "other"), ==, ERROR_SUCCESS);
    g_assert_cmpuint(discard(cluster, CL_KIND_RESOURCE, "other"), ==, ERROR_SUCCESS);
    g_assert_cmpuint(on_group(cluster, CL_ACT_DESTROY, "mail", NULL), ==, ERROR_SUCCESS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("without ACLs all may all, with them who has none nothing", "failed-start.xml", test_none);
    TEST("the history of a resource", "failed-start.xml", test_history);
    TEST("transient attributes", "failed-start.xml", test_attributes);
    TEST("all of the status, or all but something", "failed-start.xml", test_status);
    g_test_add_func("/rights/destroying what is online, all of it", test_destroying);
    TEST("deleting and renaming", "running.xml", test_forgetting);
    return g_test_run();
}
