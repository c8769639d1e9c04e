/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster's file for tests of the embedded back end.
 */
#include "embedded-file.h"

#include "embedded/schema.h"

#include <glib/gstdio.h>

static const char content[] =
    "INSERT INTO object VALUES"
    " (0, 7, '00000000-0000-4000-8000-000000000000', 'Demo', 'demo'),"
    " (1, 4, '1', 'n1', 'n1'), (2, 4, '2', 'N2', 'n2'), (3, 4, '3', 'n3', 'n3'),"
    " (10, 2, 'network name', 'Network Name', 'network name'),"
    " (11, 2, 'ip address', 'IP Address', 'ip address'),"
    " (12, 2, 'generic', 'Generic', 'generic'),"
    " (20, 5, '20000000-0000-4000-8000-000000000020', 'a', 'a'),"
    " (21, 5, '20000000-0000-4000-8000-000000000021', 'b', 'b'),"
    " (22, 5, '20000000-0000-4000-8000-000000000022', 'c', 'c'),"
    " (30, 6, '20000000-0000-4000-8000-000000000030', 'n1 - a', 'n1 - a'),"
    " (31, 6, '20000000-0000-4000-8000-000000000031', 'n2 - a', 'n2 - a'),"
    " (32, 6, '20000000-0000-4000-8000-000000000032', 'n3 - a', 'n3 - a'),"
    " (33, 6, '20000000-0000-4000-8000-000000000033', 'n1 - b', 'n1 - b'),"
    " (34, 6, '20000000-0000-4000-8000-000000000034', 'n2 - b', 'n2 - b'),"
    " (40, 3, '20000000-0000-4000-8000-000000000040', 'Web', 'web'),"
    " (41, 3, '20000000-0000-4000-8000-000000000041', 'empty', 'empty'),"
    " (50, 1, '20000000-0000-4000-8000-000000000050', 'ip', 'ip'),"
    " (51, 1, '20000000-0000-4000-8000-000000000051', 'name', 'name'),"
    " (52, 1, '20000000-0000-4000-8000-000000000052', 'app', 'app'),"
    " (53, 1, '20000000-0000-4000-8000-000000000053', 'ip2', 'ip2');"
    "INSERT INTO cluster (number, domain, quorum_resource, quorum_device, quorum_max_log_size)"
    " VALUES (0, 'example.org', NULL, '', 0);"
    "INSERT INTO node VALUES (1, 0, 0, NULL, 0), (2, 0, 0, NULL, 0), (3, 1, 2, 1, 0);"
    "INSERT INTO resource_type (number, dll_name, class, subclass) VALUES"
    " (10, 'clusres.dll', 0, 0), (11, 'clusres.dll', 2, 2147483648), (12, '', 0, 0);"
    "INSERT INTO required_type VALUES (10, 11);"
    "INSERT INTO resource_type_node VALUES (12, 1), (12, 3);"
    "INSERT INTO network VALUES (20, 3, 2), (21, 1, 1), (22, 2, 3);"
    "INSERT INTO network_address VALUES (20, 0, '10.1.0.0', 16), (20, 1, 'fd00:1::', 64);"
    "INSERT INTO netinterface (number, node, network, state) VALUES"
    " (30, 1, 20, 3), (31, 2, 20, 3), (32, 3, 20, 3), (33, 1, 21, 3), (34, 2, 21, 3);"
    "INSERT INTO netinterface_address VALUES (30, 0, '10.1.0.1');"
    "INSERT INTO resource_group (number, owner, type, state_changed) VALUES"
    " (40, 1, 107, 133000000000000000), (41, 2, 9999, 0);"
    "INSERT INTO preferred_owner VALUES (40, 0, 2), (40, 1, 1);"
    "INSERT INTO resource (number, group_number, type, state) VALUES"
    " (50, 40, 11, 2), (51, 40, 10, 2), (52, 40, 12, 2), (53, 40, 11, 2);"
    "INSERT INTO possible_owner VALUES (52, 1), (52, 2);"
    "INSERT INTO dependency (resource, clause, provider) VALUES (51, 0, 50), (52, 0, 51), (52, 1, "
    "50), (52, 1, 53);"
    "INSERT INTO property VALUES"
    " (40, 0, 'description', 'Description', 3, 'the web'),"
    " (40, 0, 'antiaffinityclassnames', 'AntiAffinityClassNames', 5, X'610062006300'),"
    " (40, 1, 'big', 'Big', 6, -1), (40, 1, 'raw', 'Raw', 1, X'00ff'),"
    " (51, 1, 'name', 'Name', 3, 'WEBNAME'),"
    " (12, 1, 'colour', 'Colour', 3, 'red'), (12, 1, 'size', 'Size', 2, 7),"
    " (52, 1, 'size', 'Size', 2, 8);";

static void must(sqlite3 *db, int result)
{
    if (result != SQLITE_OK) {
        g_error("SQLite: %s", sqlite3_errmsg(db));
    }
}

static sqlite3 *open_file(const EmbeddedFile *file)
{
    sqlite3 *db = NULL;
    int on = 1;
    must(db, sqlite3_open(file->path, &db));
    sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
    return db;
}

EmbeddedFile *embedded_file_new(void)
{
    EmbeddedFile *file = g_new0(EmbeddedFile, 1);
    g_autoptr(GError) error = NULL;
    file->directory = g_dir_make_tmp("clusapi-embedded-XXXXXX", NULL);
    file->path = g_build_filename(file->directory, "test.cluster", NULL);
    sqlite3 *db = open_file(file);
    must(db,
         sqlite3_exec(
             db, "PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF", 0,
             0, NULL));
    must(db, sqlite3_exec(db, "BEGIN", 0, 0, NULL));
    g_assert_true(cl_schema_create(db, &error));
    g_assert_no_error(error);
    must(db, sqlite3_exec(db, content, 0, 0, NULL));
    must(db, sqlite3_exec(db, "COMMIT", 0, 0, NULL));
    sqlite3_close(db);
    return file;
}

void embedded_file_free(EmbeddedFile *file)
{
    g_autoptr(GDir) directory = g_dir_open(file->directory, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory))) {
        g_autofree char *path = g_build_filename(file->directory, name, NULL);
        g_remove(path);
    }
    g_rmdir(file->directory);
    g_free(file->directory);
    g_free(file->path);
    g_free(file);
}

void embedded_file_execute(const EmbeddedFile *file, const char *sql)
{
    sqlite3 *db = open_file(file);
    must(db, sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", 0,
                          0, NULL));
    must(db, sqlite3_exec(db, sql, 0, 0, NULL));
    sqlite3_close(db);
}

void embedded_file_checkpoint(const EmbeddedFile *file)
{
    embedded_file_execute(file, "PRAGMA wal_checkpoint(TRUNCATE)");
}

guint embedded_file_connect(const char *path, ClAccess wanted, ClConnection **ret_connection)
{
    ClTarget target = {.backend = &cl_backend_embedded, .address = (char *)path};
    ClCall call = embedded_call(1000);
    ClAccess granted;
    g_autoptr(GError) error = NULL;
    if (cl_backend_embedded.connect(&target, wanted, &call, ret_connection, &granted, &error)) {
        return 0;
    }
    g_assert_cmpuint(error->domain, ==, CL_ERROR);
    g_assert_cmpstr(error->message, !=, "");
    return (guint)error->code;
}

ClCall embedded_call(guint ms)
{
    return (ClCall){.deadline = ms ? g_get_monotonic_time() + ms * 1000 : 0};
}
