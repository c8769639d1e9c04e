/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of making the file of an embedded cluster. Each runs in a directory of its own.
 */
#include "place.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- Making --------------------------------------------------------------------------------------- */

static void test_small(Place *place, gconstpointer unused)
{
    (void)unused;
    create(place->path, small);
    assert_clean(place->path);
    assert_answer(place->path, "PRAGMA journal_mode", "wal");
    assert_answer(place->path, "SELECT kind, name, key FROM object WHERE number < 5",
                  "7|c|c\n4|n|n\n4|m|m\n5|l|l\n6|i|i");
    assert_answer(place->path,
                  "SELECT o.name FROM preferred_owner p JOIN object o ON o.number = p.node"
                  " ORDER BY position",
                  "m\nn");
    assert_answer(place->path, "SELECT count(*) FROM possible_owner", "8");
    assert_answer(place->path, "SELECT name, format, value FROM property", "P|2|7");
    assert_answer(place->path, "SELECT address, prefix FROM network_address", "10.0.0.0|8");
}

static void test_demo(Place *place, gconstpointer unused)
{
    (void)unused;
    create_demo(place->path);
    assert_clean(place->path);
    assert_answer(place->path, "SELECT name FROM object WHERE kind = 7", "demo");
    assert_answer(place->path,
                  "SELECT o.name, n.state FROM node n JOIN object o USING (number) ORDER BY 1",
                  "node1|0\nnode2|0\nnode3|2\nnode4|1\nnode5|3");
    assert_answer(place->path, "SELECT DISTINCT state FROM resource ORDER BY 1",
                  "1\n2\n3\n4\n129\n130");
    assert_answer(place->path, "SELECT DISTINCT state FROM netinterface ORDER BY 1", "0\n1\n2\n3");
    assert_answer(place->path, "SELECT DISTINCT format FROM property ORDER BY 1",
                  "1\n2\n3\n4\n5\n6\n7\n9\n10\n11\n12");
    assert_answer(
        place->path,
        "SELECT clause, o.name FROM dependency d JOIN object o ON o.number = d.provider"
        " WHERE resource = (SELECT number FROM object WHERE kind = 1 AND name = 'web-name')"
        " ORDER BY o.name",
        "0|web-ip\n0|web-ip6");
    assert_answer(place->path, "SELECT max(length(name)) FROM object WHERE kind = 3", "300");
    assert_answer(place->path, "SELECT kind, name FROM object WHERE key = 'web' ORDER BY kind",
                  "1|Web\n3|web");
}

static void test_sets_and_keys(Place *place, gconstpointer unused)
{
    (void)unused;
    create(place->path,
           "[cluster]\nname=c\n[node n]\n[group a]\n[group b]\ndepends-on=[t] and [a]\n"
           "[group-set s]\ngroups=b\n[group-set t]\ndescription=d\nprivate.P=1\n"
           "[key Top]\nvalue.=x\nvalue.N=dword:258\nvalue.B=dword-big-endian:258\n"
           "value.L=multi-sz:a;b\nvalue.E=none:\n[key low]\npath=top\\\\low\\\\er\n"
           "[key node]\npath=nodes\\\\n\\\\x\n");
    assert_clean(place->path);
    assert_answer(place->path, "SELECT name FROM object WHERE kind = 8 ORDER BY number", "s\nt");
    assert_answer(place->path,
                  "SELECT g.name, s.name FROM group_set_member m JOIN object g ON g.number ="
                  " m.group_number JOIN object s ON s.number = m.group_set",
                  "b|s");
    assert_answer(place->path,
                  "SELECT d.name, p.name, clause FROM group_dependency JOIN object d ON d.number ="
                  " dependent JOIN object p ON p.number = provider ORDER BY clause",
                  "b|t|1\nb|a|2");
    assert_answer(place->path,
                  "SELECT name, value FROM property p WHERE object = (SELECT number"
                  " FROM object WHERE name = 't') ORDER BY name",
                  "Description|d\nP|1");
    assert_answer(place->path,
                  "SELECT p.name, k.key, k.name, k.object IS NOT NULL FROM registry_key k JOIN"
                  " registry_key p ON p.number = k.parent ORDER BY k.number",
                  "|||0\n|top|Top|0\nTop|low|low|0\nlow|er|er|0\n|nodes|Nodes|0\nNodes|1|1|1\n"
                  "1|x|x|0");
    assert_answer(place->path, "SELECT name, type, hex(data) FROM registry_value ORDER BY name",
                  "|1|78000000\nB|5|00000102\nE|0|\nL|7|6100000062000000"
                  "0000\nN|4|02010000");
}

/* What the file says is pending has an end. */
static void test_pending(Place *place, gconstpointer unused)
{
    (void)unused;
    create(
        place->path,
        "[cluster]\nname=c\n[node n]\n[group g]\n[resource-type t]\nprivate.OnlineDelay=dword:70\n"
        "[resource a]\ngroup=g\ntype=t\nstate=online-pending\n"
        "[resource b]\ngroup=g\ntype=t\nstate=offline-pending\nprivate.OfflineDelay=40\n"
        "private.OfflineOutcomes=multi-sz:fail;ok\n"
        "[resource c]\ngroup=g\ntype=t\nstate=online-pending\nprivate.OnlineOutcomes=hang\n"
        "property.PendingTimeout=90\n[resource d]\ngroup=g\ntype=t\nstate=online\n");
    assert_clean(place->path);
    assert_answer(
        place->path,
        "SELECT o.name, outcome, (due - begun) / 1000, wanted, attempts & 1, attempts >> 31"
        " FROM transition t JOIN resource r ON r.number = t.resource JOIN object o USING"
        " (number) ORDER BY 1",
        "a|0|70|2|1|0\nb|1|40|3|0|1\nc|1|90|2|1|0");
}

static void test_names_that_hurt(Place *place, gconstpointer unused)
{
    (void)unused;
    create(place->path,
           "[cluster]\nname=c\n[node n]\n[group .]\n[group ..]\n[group a/b]\n[group x]\n"
           "name=\\s-\\n[]=;'\"\\\\%41 \xf0\x9d\x84\x9e\\s\n");
    assert_clean(place->path);
    assert_answer(place->path, "SELECT name FROM object WHERE kind = 3 ORDER BY number",
                  ".\n..\na/b\n -\n[]=;'\"\\%41 \xf0\x9d\x84\x9e ");
}

static void test_modes(Place *place, gconstpointer unused)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    mode_t old = umask(0027);

    (void)unused;
    create(place->path, small);
    umask(old);
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *name = g_strconcat(place->path, suffixes[i], NULL);
        struct stat info;

        g_assert_cmpint(stat(name, &info), ==, 0);
        g_assert_cmpint(info.st_mode & 0777, ==, 0640);
    }
    g_assert_cmpuint(count_files(place), ==, 3);
}

static void assert_fails(const char *path, gboolean overwrite, DWORD code)
{
    g_autoptr(ClDefinition) definition = parse(small);
    g_autoptr(GError) error = NULL;

    g_assert_false(cl_embedded_create(path, definition, overwrite, &error));
    g_assert_error(error, CL_ERROR, (gint)code);
}

static void test_no_overwriting(Place *place, gconstpointer unused)
{
    (void)unused;
    g_assert_true(g_file_set_contents(place->path, "precious", -1, NULL));
    assert_fails(place->path, FALSE, ERROR_ALREADY_EXISTS);
    {
        g_autofree char *content = NULL;

        g_assert_true(g_file_get_contents(place->path, &content, NULL, NULL));
        g_assert_cmpstr(content, ==, "precious");
    }
    g_assert_cmpuint(count_files(place), ==, 1);
}

static void test_foreign_log(Place *place, gconstpointer unused)
{
    g_autofree char *log = g_strconcat(place->path, "-wal", NULL);

    (void)unused;
    g_assert_true(g_file_set_contents(log, "of another file", -1, NULL));
    assert_fails(place->path, FALSE, ERROR_ALREADY_EXISTS);
    g_assert_cmpuint(count_files(place), ==, 1);
}

static void test_overwriting(Place *place, gconstpointer unused)
{
    g_autoptr(ClDefinition) definition = parse("[cluster]\nname=other\n[node n]\n");
    g_autoptr(GError) error = NULL;
    sqlite3 *db;

    (void)unused;
    create(place->path, small);
    db = open_file(place->path);
    g_assert_cmpint(
        sqlite3_exec(db, "UPDATE object SET name = 'x' WHERE number = 0", NULL, NULL, NULL), ==,
        SQLITE_OK);
    g_assert_false(cl_embedded_create(place->path, definition, TRUE, &error));
    g_assert_error(error, CL_ERROR, ERROR_BUSY);
    g_clear_error(&error);
    sqlite3_close(db);
    assert_answer(place->path, "SELECT name FROM object WHERE number = 0", "x");

    cl_embedded_create(place->path, definition, TRUE, &error);
    g_assert_no_error(error);
    assert_answer(place->path, "SELECT name FROM object WHERE number = 0", "other");
    assert_clean(place->path);
    g_assert_cmpuint(count_files(place), ==, 3);

    g_assert_true(g_file_set_contents(place->path, "no database", -1, NULL));
    cl_embedded_create(place->path, definition, TRUE, &error);
    g_assert_no_error(error);
    assert_clean(place->path);
}

static void test_missing_directory(Place *place, gconstpointer unused)
{
    g_autofree char *path = g_build_filename(place->directory, "missing", "cluster", NULL);

    (void)unused;
    assert_fails(path, FALSE, ERROR_PATH_NOT_FOUND);
    assert_fails(place->directory, TRUE, ERROR_INVALID_PARAMETER);
    g_assert_cmpuint(count_files(place), ==, 0);
}

/* The limit on a file's size stands for a full disk: a write in the middle fails. */
static void test_nothing_left_when_full(Place *place, gconstpointer unused)
{
    struct rlimit old, limit;
    g_autoptr(ClDefinition) definition = parse(small);
    g_autoptr(GError) error = NULL;

    (void)unused;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 40000;
    setrlimit(RLIMIT_FSIZE, &limit);
    g_assert_false(cl_embedded_create(place->path, definition, FALSE, &error));
    setrlimit(RLIMIT_FSIZE, &old);
    g_assert_true(error->domain == CL_ERROR);
    g_assert_cmpuint(count_files(place), ==, 0);
}

static void test_reader_without_rights(Place *place, gconstpointer unused)
{
    pid_t child;
    int status = 0;

    (void)unused;
    if (geteuid() != 0) {
        g_test_skip("only root can become another user");
        return;
    }
    create(place->path, small);
    g_assert_cmpint(chmod(place->directory, 0755), ==, 0);
    for (const char *const *suffix = (const char *const[]){"", "-wal", "-shm", NULL};
         *suffix != NULL; suffix++) {
        g_autofree char *name = g_strconcat(place->path, *suffix, NULL);

        g_assert_cmpint(chmod(name, 0644), ==, 0);
    }
    child = fork();
    if (child == 0) {
        sqlite3 *db = NULL;

        _exit(setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0 ||
              sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
              sqlite3_exec(db, "SELECT * FROM object", NULL, NULL, NULL) != SQLITE_OK);
    }
    waitpid(child, &status, 0);
    g_assert_cmpint(status, ==, 0);
}

/* --- A new cluster -------------------------------------------------------------------------------- */

static void test_empty_cluster(Place *place, gconstpointer unused)
{
    static const char *const nodes[] = {"node1", "node2", NULL};
    static const ClDefinedAddress addresses[] = {{"192.0.2.10", 24}, {"2001:db8::10", 64}};
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GError) error = NULL;

    (void)unused;
    cl_definition_new_empty("new", nodes, addresses, 2, TRUE, &definition, &error);
    g_assert_no_error(error);
    cl_embedded_create(place->path, definition, FALSE, &error);
    g_assert_no_error(error);
    assert_clean(place->path);
    assert_answer(place->path, "SELECT name FROM object WHERE kind = 3 ORDER BY number",
                  "Cluster Group\nAvailable Storage");
    assert_answer(place->path,
                  "SELECT o.name, r.state, r.flags FROM resource r JOIN object o USING (number)"
                  " ORDER BY number",
                  "Cluster Name|2|1\nCluster IP Address|2|1\nCluster IP Address 2|2|1");
    assert_answer(place->path, "SELECT address, prefix FROM network_address ORDER BY network",
                  "192.0.2.0|24\n2001:db8::|64");
    assert_answer(place->path, "SELECT count(*) FROM netinterface", "4");
}

static void assert_no_cluster(const char *name, const char *const *nodes,
                              const ClDefinedAddress *address, DWORD code)
{
    g_autoptr(ClDefinition) definition = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(
        cl_definition_new_empty(name, nodes, address, address != NULL, TRUE, &definition, &error));
    g_assert_error(error, CL_ERROR, (gint)code);
}

static void test_impossible_cluster(void)
{
    static const char *const good[] = {"n", NULL}, *const none[] = {NULL},
                             *const twice[] = {"n", "m", "N", NULL}, *const bad[] = {"a_b", NULL};
    static const ClDefinedAddress text = {"10.0.0", 8}, prefix = {"10.0.0.1", 33};

    assert_no_cluster("a b", good, NULL, ERROR_INVALID_NAME);
    assert_no_cluster("", good, NULL, ERROR_INVALID_NAME);
    assert_no_cluster("N", good, NULL, ERROR_INVALID_NAME);
    assert_no_cluster("c", bad, NULL, ERROR_INVALID_NAME);
    assert_no_cluster("c", twice, NULL, ERROR_CLUSTER_NODE_EXISTS);
    assert_no_cluster("c", none, NULL, ERROR_INVALID_PARAMETER);
    assert_no_cluster("c", good, &text, ERROR_INVALID_PARAMETER);
    assert_no_cluster("c", good, &prefix, ERROR_INVALID_PARAMETER);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Place, NULL, place_set_up, function, place_tear_down)
    ADD("/embedded-create/small", test_small);
    ADD("/embedded-create/demo", test_demo);
    ADD("/embedded-create/sets-and-keys", test_sets_and_keys);
    ADD("/embedded-create/pending", test_pending);
    ADD("/embedded-create/names-that-hurt", test_names_that_hurt);
    ADD("/embedded-create/modes", test_modes);
    ADD("/embedded-create/no-overwriting", test_no_overwriting);
    ADD("/embedded-create/foreign-log", test_foreign_log);
    ADD("/embedded-create/overwriting", test_overwriting);
    ADD("/embedded-create/missing-directory", test_missing_directory);
    ADD("/embedded-create/nothing-left-when-full", test_nothing_left_when_full);
    ADD("/embedded-create/reader-without-rights", test_reader_without_rights);
    ADD("/embedded-create/empty-cluster", test_empty_cluster);
    g_test_add_func("/embedded-create/impossible-cluster", test_impossible_cluster);
    return g_test_run();
}
