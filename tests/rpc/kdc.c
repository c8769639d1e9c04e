/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kdc.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct Kdc {
    char *directory;
    char *keytab;
    char *cache;
    GSubprocess *process;
};

static void run(const char *input, const char *first, ...) G_GNUC_NULL_TERMINATED;

static void run(const char *input, const char *first, ...)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autoptr(GSubprocess) process = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *output = NULL;
    va_list list;

    va_start(list, first);
    for (const char *argument = first; argument != NULL; argument = va_arg(list, const char *)) {
        g_ptr_array_add(argv, (gpointer)argument);
    }
    va_end(list);
    g_ptr_array_add(argv, NULL);
    process = g_subprocess_newv((const char *const *)argv->pdata,
                                G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                    G_SUBPROCESS_FLAGS_STDERR_MERGE,
                                &error);
    g_assert_no_error(error);
    g_subprocess_communicate_utf8(process, input, NULL, &output, NULL, &error);
    g_assert_no_error(error);
    if (!g_subprocess_get_successful(process)) {
        g_error("%s: %s", first, output);
    }
}

static char *find(const char *program)
{
    g_autofree char *system = g_build_filename("/usr/sbin", program, NULL);

    return g_file_test(system, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer(&system)
                                                          : g_find_program_in_path(program);
}

static guint16 free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, size), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &size), ==, 0);
    close(fd);
    return ntohs(address.sin_port);
}

static gboolean answers(guint16 port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    gboolean connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return connected;
}

static void write_configuration(Kdc *kdc, guint16 port)
{
    g_autofree char *krb5 = g_build_filename(kdc->directory, "krb5.conf", NULL);
    g_autofree char *profile = g_build_filename(kdc->directory, "kdc.conf", NULL);
    g_autofree char *cache = g_strconcat("FILE:", kdc->cache, NULL);
    g_autofree char *krb5_text = g_strdup_printf(
        "[libdefaults]\n default_realm = " KDC_REALM "\n dns_lookup_kdc = false\n"
        " dns_lookup_realm = false\n dns_canonicalize_hostname = false\n rdns = false\n"
        " udp_preference_limit = 1\n"
        "[realms]\n " KDC_REALM " = {\n  kdc = 127.0.0.1:%u\n }\n"
        "[domain_realm]\n .cluster.test = " KDC_REALM "\n",
        port);
    g_autofree char *profile_text = g_strdup_printf(
        "[realms]\n " KDC_REALM " = {\n  database_name = %s/principal\n"
        "  key_stash_file = %s/stash\n  acl_file = %s/acl\n  kdc_listen = 127.0.0.1:%u\n"
        "  kdc_tcp_listen = 127.0.0.1:%u\n  supported_enctypes = aes256-cts:normal\n }\n"
        "[logging]\n kdc = FILE:%s/kdc.log\n",
        kdc->directory, kdc->directory, kdc->directory, port, port, kdc->directory);

    g_assert_true(g_file_set_contents(krb5, krb5_text, -1, NULL));
    g_assert_true(g_file_set_contents(profile, profile_text, -1, NULL));
    g_setenv("KRB5_CONFIG", krb5, TRUE);
    g_setenv("KRB5_KDC_PROFILE", profile, TRUE);
    g_setenv("KRB5CCNAME", cache, TRUE);
    g_setenv("KRB5RCACHEDIR", kdc->directory, TRUE);
}

static void make_realm(Kdc *kdc, const char *util, const char *admin)
{
    run("", util, "create", "-s", "-r", KDC_REALM, "-P", "master", NULL);
    run("", admin, "-q", "addprinc +requires_preauth -pw " KDC_PASSWORD " alice", NULL);
    run("", admin, "-q",
        "addprinc -maxlife \"" G_STRINGIFY(KDC_SHORT_LIFE) " seconds\" -pw " KDC_PASSWORD " carol",
        NULL);
    run("", admin, "-q", "addprinc -randkey host/" KDC_HOST, NULL);
    run("", admin, "-q", "addprinc -randkey host/elsewhere.cluster.test", NULL);
    {
        g_autofree char *query = g_strdup_printf("ktadd -k %s host/" KDC_HOST, kdc->keytab);

        run("", admin, "-q", query, NULL);
    }
}

/* In the child: a test that crashes leaves nobody behind. */
static void die_with_parent(gpointer unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *start(const char *server)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autoptr(GError) error = NULL;
    GSubprocess *process;

    g_subprocess_launcher_set_child_setup(launcher, die_with_parent, NULL, NULL);
    process = g_subprocess_launcher_spawn(launcher, &error, server, "-n", NULL);
    g_assert_no_error(error);
    return process;
}

Kdc *kdc_start(const char *directory)
{
    g_autofree char *util = find("kdb5_util");
    g_autofree char *admin = find("kadmin.local");
    g_autofree char *server = find("krb5kdc");
    g_autofree char *kinit = find("kinit");
    guint16 port = free_port();
    Kdc *kdc;

    if (util == NULL || admin == NULL || server == NULL || kinit == NULL) {
        return NULL;
    }
    kdc = g_new0(Kdc, 1);
    kdc->directory = g_strdup(directory);
    kdc->keytab = g_build_filename(directory, "keytab", NULL);
    kdc->cache = g_build_filename(directory, "ccache", NULL);
    write_configuration(kdc, port);
    make_realm(kdc, util, admin);
    kdc->process = start(server);
    for (guint tries = 0; !answers(port); tries++) {
        g_assert_cmpuint(tries, <, 500);
        g_usleep(20000);
    }
    return kdc;
}

void kdc_log_on(Kdc *kdc, const char *user)
{
    (void)kdc;
    run(KDC_PASSWORD "\n", "kinit", user, NULL);
}

void kdc_log_off(Kdc *kdc)
{
    g_unlink(kdc->cache);
}

void kdc_configure(Kdc *kdc, const char *text)
{
    g_autofree char *path = g_build_filename(kdc->directory, "krb5.conf", NULL);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    g_assert_true(g_file_get_contents(path, &before, NULL, NULL));
    after = g_strconcat(before, text, NULL);
    g_assert_true(g_file_set_contents(path, after, -1, NULL));
}

const char *kdc_keytab(const Kdc *kdc)
{
    return kdc->keytab;
}

void kdc_stop(Kdc *kdc)
{
    if (kdc == NULL) {
        return;
    }
    g_subprocess_send_signal(kdc->process, SIGTERM);
    g_subprocess_wait(kdc->process, NULL, NULL);
    g_object_unref(kdc->process);
    g_free(kdc->cache);
    g_free(kdc->keytab);
    g_free(kdc->directory);
    g_free(kdc);
}
