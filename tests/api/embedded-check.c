/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tests of checking and repairing the file of an embedded cluster. Each runs in a directory of its
 * own.
 */
#include "place.h"

#include "embedded/check.h"

#include <string.h>

/* --- Checking --------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *damage;
    const char *finding; /* part of it */
    gboolean repairable;
} Damage;

/* What the tables themselves do not let pass. */
#define UNCHECKED    "PRAGMA ignore_check_constraints = ON; "

#define NUMBER(name) "(SELECT number FROM object WHERE name = '" name "')"

static const Damage damages[] = {
    {"stale-key", "UPDATE object SET key = 'other' WHERE name = 'g'", "'g' is not found", TRUE},
    {"stale-property", "UPDATE property SET key = 'x'", "'P' is not found", TRUE},
    {"stale-type", "UPDATE object SET id = 'x' WHERE name = 'IP Address'", "not its key", TRUE},
    {"key-taken",
     "UPDATE object SET key = 'g2' WHERE name = 'g'; UPDATE object SET key = 'g', name = 'G' WHERE"
     " name = 'h'",
     "'g' is not found", FALSE},
    {"journal", "PRAGMA journal_mode = DELETE", "journal mode delete", TRUE},
    {"index",
     "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'dependency_by_provider'",
     "tables are not those", FALSE},
    {"trigger", "CREATE TRIGGER t AFTER UPDATE ON object BEGIN DELETE FROM property; END",
     "tables are not those", FALSE},
    {"circle",
     "INSERT INTO dependency (resource, provider, clause) VALUES (" NUMBER("r") ", " NUMBER(
         "t") ", 0)",
     "3 resources depend on themselves", FALSE},
    {"other-group",
     "INSERT INTO dependency (resource, provider, clause) VALUES (" NUMBER("u") ", " NUMBER(
         "t") ", 0)",
     "'u' depends on 't'", FALSE},
    {"no-owner", "UPDATE resource_group SET owner = 99 WHERE number = " NUMBER("g"),
     "resource_group", FALSE},
    {"no-cluster", "DELETE FROM cluster", "the table cluster has 0 rows", FALSE},
    {"wrong-kind", "UPDATE object SET kind = 5 WHERE name = 'u'", "is no such object", FALSE},
    {"no-row", "DELETE FROM network", "'l' is not in the table network", FALSE},
    {"blank-name", "UPDATE object SET name = ' ', key = ' ' WHERE name = 'g'", "no possible name",
     FALSE},
    {"not-utf8", "UPDATE object SET name = CAST(x'ff' AS TEXT) WHERE name = 'g'", "is not UTF-8",
     FALSE},
    {"no-guid", "UPDATE object SET id = 'x' WHERE name = 'g'", "which is no GUID", FALSE},
    {"node-id", "UPDATE object SET id = '01' WHERE name = 'n'", "which is no number", FALSE},
    {"name-is-id",
     "UPDATE object SET name = "
     "'3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10'"
     ", key = '3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10' WHERE name = 'g';"
     "UPDATE object SET id = '3b0a6f52-6a53-4a1f-8f0e-2f7d5c1e0b10' WHERE name = 'h'",
     "is the id of 'h'", FALSE},
    {"node-is-cluster", "UPDATE object SET name = 'C', key = 'c' WHERE name = 'n'",
     "the cluster's name", FALSE},
    {"quorum", "UPDATE cluster SET quorum_resource = " NUMBER("r") ", quorum_max_log_size = 1024",
     "cannot be the quorum", FALSE},
    {"quorum-size", "UPDATE cluster SET quorum_max_log_size = 1024", "do not fit", FALSE},
    {"value", "UPDATE property SET value = 'text'", "value of another format", FALSE},
    {"list", "UPDATE property SET format = 5, value = x'61'", "no list of texts", FALSE},
    {"subnet", "UPDATE network_address SET prefix = 64", "impossible address", FALSE},
    {"address", "UPDATE netinterface_address SET address = 'x'", "impossible address", FALSE},
    {"state", "PRAGMA ignore_check_constraints = ON; UPDATE resource SET state = 17",
     "4 rows of the table resource hold impossible", FALSE},

    {"pause-flags",
     UNCHECKED "UPDATE node SET pause_flags = -1, state = 2 WHERE number = " NUMBER("n"),
     "1 rows of the table node hold", FALSE},
    {"group-status", UNCHECKED "UPDATE resource_group SET status = -1",
     "2 rows of the table resource_group hold", FALSE},
    {"move-flags", UNCHECKED "UPDATE resource_group SET move_flags = 4294967296",
     "2 rows of the table resource_group hold", FALSE},
    {"failovers", UNCHECKED "UPDATE resource_group SET failovers = -1",
     "2 rows of the table resource_group hold", FALSE},
    {"wanted", UNCHECKED "UPDATE resource SET wanted = 4 WHERE number = " NUMBER("r"),
     "1 rows of the table resource hold", FALSE},
    {"wanted-flags", UNCHECKED "UPDATE resource SET wanted_flags = -1",
     "4 rows of the table resource hold", FALSE},
    {"restarts", UNCHECKED "UPDATE resource SET restarts = -1", "4 rows of the table resource hold",
     FALSE},
    {"attempts", UNCHECKED "UPDATE resource SET attempts = -1", "4 rows of the table resource hold",
     FALSE},
    {"last-status", UNCHECKED "UPDATE resource SET last_status = -1",
     "4 rows of the table resource hold", FALSE},
    {"outcome", UNCHECKED "INSERT INTO transition VALUES (" NUMBER("r") ", 2, 0, 1, '')",
     "1 rows of the table transition hold", FALSE},
    {"boot", "INSERT INTO transition VALUES (" NUMBER("r") ", 0, 0, 1, CAST(x'ff' AS TEXT))",
     "has a boot that is not UTF-8", FALSE},
    {"transition-of-nothing", "INSERT INTO transition VALUES (99, 0, 0, 1, '')",
     "a row of transition", FALSE},
    {"pending", "UPDATE resource SET state = 129 WHERE number = " NUMBER("r"),
     "'r' is pending, and nothing ends that", TRUE},
    {"pending-for-ever",
     "UPDATE resource SET state = 130 WHERE number = " NUMBER("r") "; INSERT INTO transition"
                                                                   " VALUES (" NUMBER(
                                                                       "r") ", 0, 0, NULL, '')",
     "'r' is pending, and nothing ends that", TRUE},
    {"online-on-a-node-that-is-down",
     "UPDATE resource SET state = 2 WHERE number = " NUMBER("u") "; UPDATE node SET state = 1",
     "'u' is online or pending on 'n', which does not run", FALSE},
    {"online-where-it-cannot",
     "UPDATE resource SET state = 2 WHERE number = " NUMBER("u") "; DELETE FROM possible_owner",
     "which is none of its possible owners", FALSE},
    {"queue", "UPDATE resource_group SET status = 5 WHERE number = " NUMBER("g"),
     "'g' waits to move nowhere", TRUE},
    {"drain", "UPDATE node SET drain_status = 1 WHERE number = " NUMBER("n"),
     "'n' is not paused and has a drain", TRUE},
    {"event-flag", "INSERT INTO event VALUES (7, 1, 3, '', '', '', '', NULL)",
     "1 rows of the table event hold", FALSE},
    {"event-type", UNCHECKED "INSERT INTO event VALUES (7, -1, 1, '', '', '', '', NULL)",
     "1 rows of the table event hold", FALSE},
    {"event-number", "INSERT INTO event VALUES (0, 1, 1, '', '', '', '', NULL)",
     "1 rows of the table event hold", FALSE},
    {"event-text", "INSERT INTO event VALUES (7, 1, 1, '', '', CAST(x'ff' AS TEXT), '', NULL)",
     "1 events have a text", FALSE},
    {"numbers", "UPDATE sqlite_sequence SET seq = 3 WHERE name = 'object'",
     "in the table object numbers", TRUE},
    {"key-numbers", "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'registry_key'",
     "in the table registry_key numbers", TRUE},

    {"set-without-row", "DELETE FROM group_set", "'q' is not in the table group_set", FALSE},
    {"row-without-set", "UPDATE object SET kind = 3 WHERE name = 'q'",
     "of the table group_set is no such object", FALSE},
    {"member-of-nothing", "UPDATE group_set_member SET group_set = 99", "a row of group_set_member",
     FALSE},
    {"group-on-itself",
     UNCHECKED "INSERT INTO group_dependency VALUES (" NUMBER("g") ", " NUMBER("g") ", 1)",
     "1 rows of the table group_dependency hold", FALSE},
    {"group-on-resource",
     "INSERT INTO group_dependency VALUES (" NUMBER("g") ", " NUMBER("r") ", 1)",
     "'g' depends on 'r', which only groups", FALSE},
    {"groups-in-a-circle",
     "INSERT INTO group_dependency VALUES (" NUMBER("g") ", " NUMBER("h") ", 1), (" NUMBER(
         "h") ", " NUMBER("g") ", 1)",
     "groups and group sets wait for themselves", FALSE},
    {"circle-through-a-set",
     "INSERT INTO group_dependency VALUES (" NUMBER("h") ", " NUMBER("q") ", 1), (" NUMBER(
         "q") ", " NUMBER("h") ", 1)",
     "3 groups and group sets wait for themselves", FALSE},

    {"no-root", "PRAGMA foreign_keys = OFF; DELETE FROM registry_key WHERE number = 1",
     "the cluster database has 0 roots", FALSE},
    {"root-elsewhere", "UPDATE registry_key SET parent = 2 WHERE number = 1",
     "the cluster database has 0 roots", FALSE},
    {"keys-in-a-circle",
     "UPDATE registry_key SET parent = (SELECT number FROM registry_key WHERE name = 'below') WHERE"
     " name = 'top'",
     "the key 'below' (3) is not below the root", FALSE},
    {"key-below-nothing", "UPDATE registry_key SET parent = 99 WHERE name = 'top'",
     "the key 'top' (2) is not below the root", FALSE},
    {"value-of-nothing", "UPDATE registry_value SET registry_key = 99", "a row of registry_value",
     FALSE},
    {"key-without-key", UNCHECKED "UPDATE registry_key SET key = '' WHERE name = 'below'",
     "1 rows of the table registry_key hold", TRUE},
    {"stale-registry-key", "UPDATE registry_key SET key = 'x' WHERE name = 'top'",
     "the key 'top' is not found by its name", TRUE},
    {"stale-value", "UPDATE registry_value SET key = 'x'", "the value 'v' is not found", TRUE},
    {"key-not-utf8", "UPDATE registry_key SET name = CAST(x'ff' AS TEXT) WHERE name = 'below'",
     "the key 3 or a value of it has a name that is not UTF-8", FALSE},
    {"value-not-utf8", "UPDATE registry_value SET name = CAST(x'ff' AS TEXT)",
     "the key 2 or a value of it has a name that is not UTF-8", FALSE},
    {"key-name", "UPDATE registry_key SET name = 'a\\b', key = 'a\\b' WHERE name = 'top'",
     "has an impossible name", FALSE},
    {"value-type", UNCHECKED "UPDATE registry_value SET type = 6",
     "1 rows of the table registry_value hold", FALSE},
    {"key-security", "UPDATE registry_key SET security = x'0102' WHERE name = 'top'",
     "the security of the key 'top'", FALSE},
    {"key-of-another-object",
     "UPDATE registry_key SET object = " NUMBER("h") " WHERE object IS NOT NULL",
     "is not where that of 'h' is", FALSE},
    {"key-of-object-elsewhere",
     "UPDATE registry_key SET object = " NUMBER("h") " WHERE name = 'top'",
     "the key 'top' is not where that of 'h' is", FALSE},
    {"key-of-no-object", "UPDATE registry_key SET object = NULL", "is of no object", FALSE},
};

static const ClFinding *find(const GPtrArray *findings, const char *part)
{
    for (guint i = 0; i < findings->len; i++) {
        const ClFinding *finding = findings->pdata[i];

        g_test_message("%s", finding->text);
        if (strstr(finding->text, part) != NULL) {
            return finding;
        }
    }
    return NULL;
}

static void test_damage(Place *place, gconstpointer data)
{
    const Damage *damage = data;
    g_autoptr(GPtrArray) findings = NULL, repairs = NULL, left = NULL;
    g_autoptr(GError) error = NULL;
    const ClFinding *finding;

    create(place->path, small);
    do_damage(place->path, damage->damage);

    cl_embedded_check(place->path, FALSE, &findings, &error);
    g_assert_no_error(error);
    finding = find(findings, damage->finding);
    g_assert_nonnull(finding);
    g_assert_false(finding->repaired);

    cl_embedded_check(place->path, TRUE, &repairs, &error);
    g_assert_no_error(error);
    finding = find(repairs, damage->finding);
    g_assert_nonnull(finding);
    g_assert_cmpint(finding->repaired, ==, damage->repairable);

    cl_embedded_check(place->path, FALSE, &left, &error);
    g_assert_no_error(error);
    g_assert_true((find(left, damage->finding) == NULL) == damage->repairable);
    if (damage->repairable) {
        assert_clean(place->path);
    }
}

static void assert_unchecked(const char *path, DWORD code)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(cl_embedded_check(path, TRUE, &findings, &error));
    g_assert_error(error, CL_ERROR, (gint)code);
    g_assert_null(findings);
}

static void test_no_cluster_file(Place *place, gconstpointer unused)
{
    g_autofree char *junk = g_strnfill(100000, 'x');

    (void)unused;
    assert_unchecked(place->path, ERROR_FILE_NOT_FOUND);
    assert_unchecked(place->directory, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(place->path, junk, -1, NULL));
    assert_unchecked(place->path, ERROR_INVALID_DATA);
    g_assert_true(g_file_set_contents(place->path, "", 0, NULL));
    assert_unchecked(place->path, ERROR_INVALID_DATA);
}

static void test_newer_version(Place *place, gconstpointer unused)
{
    (void)unused;
    create(place->path, small);
    do_damage(place->path, "PRAGMA user_version = 1000");
    assert_unchecked(place->path, ERROR_REVISION_MISMATCH);
}

/* Every page in turn is overwritten, and the file cut after it: nothing may crash, and what is
 * found is said. */
static void test_damaged_pages(Place *place, gconstpointer unused)
{
    g_autofree char *whole = NULL;
    gsize size;

    (void)unused;
    create(place->path, small);
    g_assert_true(g_file_get_contents(place->path, &whole, &size, NULL));
    for (gsize page = 1; page * 4096 < size; page++) {
        g_autofree char *broken = g_memdup2(whole, size);

        memset(broken + page * 4096, 0xa5, 2048);
        for (int cut = 0; cut < 2; cut++) {
            g_autoptr(GPtrArray) findings = NULL;
            gsize length = cut ? page * 4096 + 100 : size;

            g_assert_true(g_file_set_contents(place->path, broken, (gssize)length, NULL));
            if (cl_embedded_check(place->path, TRUE, &findings, NULL)) {
                g_assert_true(findings->len > 0 || !cut);
            }
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add(name, Place, NULL, place_set_up, function, place_tear_down)
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autofree char *path = g_strdup_printf("/embedded-check/damage/%s", damages[i].name);

        g_test_add(path, Place, &damages[i], place_set_up, test_damage, place_tear_down);
    }
    ADD("/embedded-check/no-cluster-file", test_no_cluster_file);
    ADD("/embedded-check/newer-version", test_newer_version);
    ADD("/embedded-check/damaged-pages", test_damaged_pages);
    return g_test_run();
}
