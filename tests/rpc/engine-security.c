/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine over TCP, in each way to log on.
 */
#include "bench.h"
#include "security-setup.h"

#include <string.h>

static const Way ways[] = {
    {"ntlm-sign", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_INTEGRITY, TRUE},
    {"ntlm-seal", CL_AUTH_NTLM, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-ntlm-seal", CL_AUTH_SPNEGO, CL_AUTH_NTLM, CL_LEVEL_PRIVACY, TRUE},
    {"kerberos-sign", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_INTEGRITY, TRUE},
    {"kerberos-seal", CL_AUTH_KERBEROS, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
    {"spnego-kerberos-seal", CL_AUTH_SPNEGO, CL_AUTH_KERBEROS, CL_LEVEL_PRIVACY, TRUE},
};

static ClAssociation *log_on(const Bench *bench, const Way *way, const char *password,
                             GError **error)
{
    const ClCall call = within(10000);
    g_autoptr(ClCredentials) credentials = NULL;
    if (way->mechanism == CL_AUTH_NTLM) {
        credentials = cl_credentials_new(NTLM_USER, NTLM_DOMAIN, password, NULL);
    } else {
        kdc_log_on(setup_kdc, "alice");
    }
    const ClEndpoint endpoint = {.host = "127.0.0.1",
                                 .port = bench->port,
                                 .interface = &cl_interface_clusapi,
                                 .service_host = KDC_HOST,
                                 .auth = way->type,
                                 .level = way->level,
                                 .credentials = credentials};
    return cl_association_open(&endpoint, &call, error);
}

static void test_way(gconstpointer data)
{
    const Way *way = data;
    g_autoptr(GError) error = NULL;
    if (!setup_is_possible(way)) {
        return;
    }
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, way->level);
    g_autoptr(ClAssociation) association = log_on(bench, way, NTLM_PASSWORD, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 50; i++) {
        g_auto(Ask) ask = asking("GetClusterName");
        ASK(&ask);
    }
    /* Many fragments both ways. */
    g_auto(Ask) list = asking("CreateEnum");
    list.values[0].number = 3000;
    ASK(&list);
    g_assert_cmpuint(list.values[1].rows->len, ==, 3000);
    g_auto(Ask) set = asking("SetValue");
    set.values[1].text = wire_text(u"name");
    set.values[4].number = 100001;
    set.values[3].bytes = g_bytes_new_take(g_malloc0(100001), 100001);
    ASK(&set);
    g_assert_cmpuint(set.values[6].number, ==, 100001);
    g_assert_cmpint(bench->arrived, ==, 1);
}

static void test_wrong_password(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = log_on(bench, &ways[1], "not it", &error);
    /* What the last token was worth the server says with the first answer. */
    if (association) {
        g_auto(Ask) ask = asking("GetClusterName");
        g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    }
    g_assert_cmpint(bench->arrived, ==, 0);
    g_clear_pointer(&association, cl_association_close);
    association = log_on(bench, &ways[2], "not it", &error);
    g_assert_null(association);
    g_assert_nonnull(error);
    g_assert_cmpint(bench->arrived, ==, 0);
}

/* A level below what the server wants gets in, but calls nothing. */
static void test_weak(void)
{
    g_autoptr(Bench) bench = bench_new(&bench_limits, &setup_acceptor, CL_LEVEL_PRIVACY);
    g_autoptr(GError) error = NULL;
    g_autoptr(ClAssociation) association = log_on(bench, &ways[0], NTLM_PASSWORD, &error);
    g_auto(Ask) ask = asking("GetClusterName");
    g_assert_no_error(error);
    g_assert_cmpuint(answer_of(association, &ask, 5000), ==, ERROR_ACCESS_DENIED);
    g_assert_cmpint(bench->arrived, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    setup_begin();
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *path = g_strconcat("/engine-security/", ways[i].name, NULL);
        g_test_add_data_func(path, &ways[i], test_way);
    }
    g_test_add_func("/engine-security/a wrong password", test_wrong_password);
    g_test_add_func("/engine-security/too weak", test_weak);
    int status = g_test_run();
    setup_end();
    return status;
}
