/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * clusapid.conf: what it says, and that a mistake is found and named.
 */
#include "clusapid/access.h"
#include "clusapid/config.h"

#include <glib/gstdio.h>
#include <string.h>

static ClusapidConfig *load(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("clusapid-XXXXXX.conf", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    ClusapidConfig *config = clusapid_config_load(path, error);
    g_unlink(path);
    close(fd);
    return config;
}

/* User and group are root's, with the id 0. */
static void check_name(const GArray *names, guint index, guint type, const char *text)
{
    const ClusapidName *name = &g_array_index(names, ClusapidName, index);
    g_assert_cmpuint(name->type, ==, type);
    g_assert_cmpuint(name->id, ==, 0);
    g_assert_cmpstr(name->name, ==, text);
}

static void test_none(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClusapidConfig) config = clusapid_config_load("/nonexistent/clusapid.conf", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(config->cluster, ==, "/var/lib/clusapi/local.cluster");
    g_assert_cmpstr(config->socket, ==, CLUSAPI_SERVICE_SOCKET);
    g_assert_cmpuint(config->addresses->len, ==, 0);
    g_assert_cmpuint(config->readers->len, ==, 0);
    g_assert_cmpuint(config->administrators->len, ==, 1);
    check_name(config->administrators, 0, CLUSAPID_USER, NULL);
    g_assert_cmpint(config->level, ==, CL_LEVEL_PRIVACY);
    g_assert_false(config->endpoint_mapper);
}

static void test_pacemaker(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClusapidConfig) config = load("[service]\ncluster=pacemaker\n", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(config->cluster, ==, "pacemaker:");
}

static void test_all(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ClusapidConfig) config =
        load("[service]\ncluster=/srv/lab.cluster\nsocket=/tmp/socket\n"
             "[access]\nreaders=@root; *;LAB\\\\monitor ;\nadministrators=alice@LAB.EXAMPLE\n"
             "[network]\nlisten=192.0.2.10;[2001:db8::1]:49200\nendpoint-mapper=yes\n"
             "keytab=/etc/keytab\nntlm-users=/etc/users\nlevel=integrity\n"
             "[limits]\nclients=10\nhandles=20\ncalls=5\nmessage-size=65536\nidle-seconds=60\n"
             "bind-seconds=3\nthreads=2\n",
             &error);
    g_assert_no_error(error);
    g_assert_cmpstr(config->cluster, ==, "/srv/lab.cluster");
    g_assert_cmpuint(config->readers->len, ==, 3);
    check_name(config->readers, 0, CLUSAPID_GROUP, NULL);
    check_name(config->readers, 1, CLUSAPID_EVERYBODY, NULL);
    check_name(config->readers, 2, CLUSAPID_OF_NETWORK, "LAB\\monitor");
    g_assert_cmpuint(config->administrators->len, ==, 1);
    check_name(config->administrators, 0, CLUSAPID_OF_NETWORK, "alice@LAB.EXAMPLE");
    g_assert_cmpuint(config->addresses->len, ==, 2);
    g_assert_cmpuint(g_inet_socket_address_get_port(config->addresses->pdata[0]), ==, 0);
    g_assert_cmpuint(g_inet_socket_address_get_port(config->addresses->pdata[1]), ==, 49200);
    g_assert_cmpint(g_socket_address_get_family(config->addresses->pdata[1]), ==,
                    G_SOCKET_FAMILY_IPV6);
    g_assert_true(config->endpoint_mapper);
    g_assert_cmpint(config->level, ==, CL_LEVEL_INTEGRITY);
    g_assert_cmpuint(config->limits.peers, ==, 10);
    g_assert_cmpuint(config->limits.message_size, ==, 65536);
    g_assert_cmpuint(config->limits.workers, ==, 2);
}

/* As the manual writes them, and as a key file would have them. */
static void test_backslash(void)
{
    static const char *const texts[] = {"[access]\nreaders=LAB\\robert;LAB\\sue\n",
                                        "[access]\nreaders=LAB\\\\robert;LAB\\\\sue\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(ClusapidConfig) config = load(texts[i], &error);
        g_assert_no_error(error);
        g_assert_cmpuint(config->readers->len, ==, 2);
        check_name(config->readers, 0, CLUSAPID_OF_NETWORK, "LAB\\robert");
        check_name(config->readers, 1, CLUSAPID_OF_NETWORK, "LAB\\sue");
    }
}

static void test_mistakes(void)
{
    static const struct {
        const char *text;
        const char *named;
    } mistakes[] = {
        {"[service]\ncluster=lab.cluster\n", "[service] cluster"},
        {"[service]\ncolour=blue\n", "colour"},
        {"[colours]\nblue=1\n", "blue"},
        {"[access]\nreaders=no such user here\n", "[access] readers"},
        {"[access]\nadministrators=@no-such-group\n", "[access] administrators"},
        {"[network]\nlisten=lab.example\nkeytab=/k\n", "lab.example"},
        {"[network]\nlisten=192.0.2.1:99999\nkeytab=/k\n", "[network] listen"},
        {"[network]\nlisten=192.0.2.1\n", "listen"},
        {"[network]\nlevel=none\n", "[network] level"},
        {"[network]\nendpoint-mapper=perhaps\n", "[network] endpoint-mapper"},
        {"[limits]\nclients=0\n", "[limits] clients"},
        {"[limits]\nclients=-1\n", "[limits] clients"},
        {"[limits]\nmessage-size=99999999999\n", "[limits] message-size"},
        {"cluster=/srv/lab.cluster\n", "group"},
        {"[service\n", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autoptr(GError) error = NULL;
        ClusapidConfig *config = load(mistakes[i].text, &error);
        g_test_message("%s: %s", mistakes[i].text, error ? error->message : "none");
        g_assert_null(config);
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, mistakes[i].named));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/configuration/none", test_none);
    g_test_add_func("/configuration/pacemaker", test_pacemaker);
    g_test_add_func("/configuration/everything", test_all);
    g_test_add_func("/configuration/names with a backslash", test_backslash);
    g_test_add_func("/configuration/mistakes", test_mistakes);
    return g_test_run();
}
