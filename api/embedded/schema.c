/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables of an embedded cluster's file. Owns nothing; runs on the thread that has the
 * connection.
 *
 * Numbers that stand for states, kinds, types and formats are those of clusapi.h. The checks keep
 * a writer from storing what cannot be; a reader still trusts nothing, since the file may be
 * damaged.
 */
#include "schema.h"
#include "sqlite-error.h"
#include <string.h>

#define TEXT_OF(x)  TEXT_OF_(x)
#define TEXT_OF_(x) #x

static const char schema_text[] =
    /* All that has a name. number is never used again. id is a GUID in lower case, a node's
     * decimal number, or a resource type's key. key is the folded name. Number 0 is the
     * cluster. */
    "CREATE TABLE object ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 8 AND (kind = 7) = (number = 0)),"
    "  id TEXT NOT NULL CHECK (id <> ''),"
    "  name TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  UNIQUE (kind, key), UNIQUE (kind, id)"
    ") STRICT;"

    /* domain is the DNS suffix, empty for none. The quorum is what GetClusterQuorumResource
     * tells. */
    "CREATE TABLE cluster ("
    "  number INTEGER PRIMARY KEY CHECK (number = 0) REFERENCES object (number),"
    "  domain TEXT NOT NULL DEFAULT '',"
    "  quorum_resource INTEGER REFERENCES resource (number),"
    "  quorum_device TEXT NOT NULL DEFAULT '',"
    "  quorum_max_log_size INTEGER NOT NULL DEFAULT 0"
    "    CHECK (quorum_max_log_size BETWEEN 0 AND 4294967295)"
    ") STRICT;"

    /* pause_flags are those of the drain, CLUSAPI_NODE_..., while it is paused for it. */
    "CREATE TABLE node ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
    "  drain_status INTEGER NOT NULL DEFAULT 0 CHECK (drain_status BETWEEN 0 AND 3),"
    "  drain_target INTEGER REFERENCES node (number) ON DELETE SET NULL,"
    "  pause_flags INTEGER NOT NULL DEFAULT 0 CHECK (pause_flags BETWEEN 0 AND 4294967295)"
    ") STRICT;"

    /* state_changed is a FILETIME, here and below, as are moved (the last change of owner) and
     * failovers_since. status has CLUSGRP_STATUS_ bits. While a group moves, move_to is where to
     * and move_from the owner when it began; drained_from is the node whose draining took it
     * away. failovers counts those since failovers_since. */
    "CREATE TABLE resource_group ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  owner INTEGER NOT NULL REFERENCES node (number),"
    "  type INTEGER NOT NULL DEFAULT 9999 CHECK (type BETWEEN 0 AND 4294967295),"
    "  persistent_state INTEGER NOT NULL DEFAULT 0 CHECK (persistent_state IN (0, 1)),"
    "  flags INTEGER NOT NULL DEFAULT 0 CHECK (flags BETWEEN 0 AND 4294967295),"
    "  state_changed INTEGER NOT NULL DEFAULT 0,"
    "  moved INTEGER NOT NULL DEFAULT 0,"
    "  status INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 4294967295),"
    "  move_to INTEGER REFERENCES node (number) ON DELETE SET NULL,"
    "  move_from INTEGER REFERENCES node (number) ON DELETE SET NULL,"
    "  move_flags INTEGER NOT NULL DEFAULT 0 CHECK (move_flags BETWEEN 0 AND 4294967295),"
    "  drained_from INTEGER REFERENCES node (number) ON DELETE SET NULL,"
    "  failovers INTEGER NOT NULL DEFAULT 0 CHECK (failovers >= 0),"
    "  failovers_since INTEGER NOT NULL DEFAULT 0"
    ") STRICT;"
    "CREATE INDEX resource_group_by_owner ON resource_group (owner);"
    "CREATE INDEX resource_group_moving ON resource_group (move_to) WHERE move_to IS NOT NULL"
    " OR move_from IS NOT NULL;"
    "CREATE INDEX resource_group_with_status ON resource_group (status) WHERE status <> 0;"

    "CREATE TABLE preferred_owner ("
    "  group_number INTEGER NOT NULL REFERENCES resource_group (number) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  node INTEGER NOT NULL REFERENCES node (number) ON DELETE CASCADE,"
    "  PRIMARY KEY (group_number, position), UNIQUE (node, group_number)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE resource_type ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  display_name TEXT NOT NULL DEFAULT '',"
    "  dll_name TEXT NOT NULL DEFAULT '',"
    "  characteristics INTEGER NOT NULL DEFAULT 0"
    "    CHECK (characteristics BETWEEN 0 AND 4294967295),"
    "  flags INTEGER NOT NULL DEFAULT 0 CHECK (flags BETWEEN 0 AND 4294967295),"
    "  class INTEGER NOT NULL DEFAULT 0 CHECK (class BETWEEN 0 AND 4294967295),"
    "  subclass INTEGER NOT NULL DEFAULT 0 CHECK (subclass BETWEEN 0 AND 4294967295)"
    ") STRICT;"

    /* The nodes that can run resources of a type. */
    "CREATE TABLE resource_type_node ("
    "  resource_type INTEGER NOT NULL REFERENCES resource_type (number) ON DELETE CASCADE,"
    "  node INTEGER NOT NULL REFERENCES node (number) ON DELETE CASCADE,"
    "  PRIMARY KEY (resource_type, node)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX resource_type_node_by_node ON resource_type_node (node);"

    /* The types of which a resource of this type needs a provider each. */
    "CREATE TABLE required_type ("
    "  resource_type INTEGER NOT NULL REFERENCES resource_type (number) ON DELETE CASCADE,"
    "  required INTEGER NOT NULL REFERENCES resource_type (number) ON DELETE CASCADE,"
    "  PRIMARY KEY (resource_type, required)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX required_type_by_required ON required_type (required);"

    /* wanted is the state that work in progress leads to, 2 online or 3 offline, NULL when there
     * is none. restarts counts those since restarts_since (FILETIME); attempts says which of the
     * scripted outcomes comes next; last_status is a Win32 code. */
    "CREATE TABLE resource ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  group_number INTEGER NOT NULL REFERENCES resource_group (number),"
    "  type INTEGER NOT NULL REFERENCES resource_type (number),"
    "  state INTEGER NOT NULL CHECK (state IN (1, 2, 3, 4, 129, 130)),"
    "  persistent_state INTEGER NOT NULL DEFAULT 0 CHECK (persistent_state IN (0, 1)),"
    "  flags INTEGER NOT NULL DEFAULT 0 CHECK (flags BETWEEN 0 AND 4294967295),"
    "  separate_monitor INTEGER NOT NULL DEFAULT 0 CHECK (separate_monitor IN (0, 1)),"
    "  state_changed INTEGER NOT NULL DEFAULT 0,"
    "  wanted INTEGER CHECK (wanted IN (2, 3)),"
    "  wanted_flags INTEGER NOT NULL DEFAULT 0 CHECK (wanted_flags BETWEEN 0 AND 4294967295),"
    "  restarts INTEGER NOT NULL DEFAULT 0 CHECK (restarts >= 0),"
    "  restarts_since INTEGER NOT NULL DEFAULT 0,"
    "  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),"
    "  last_status INTEGER NOT NULL DEFAULT 0 CHECK (last_status BETWEEN 0 AND 4294967295)"
    ") STRICT;"
    /* With the state, so that a group's state needs no look at the table. */
    "CREATE INDEX resource_by_group ON resource (group_number, state);"
    "CREATE INDEX resource_by_type ON resource (type);"
    "CREATE INDEX resource_by_wanted ON resource (wanted) WHERE wanted IS NOT NULL;"

    /* What happens by itself later: a pending resource ends up as outcome says (0 well, 1 failed),
     * one that failed is tried again. due and begun are microseconds of CLOCK_BOOTTIME in the boot
     * with that id; after another boot all is due. due is NULL for what never ends by itself. */
    "CREATE TABLE transition ("
    "  resource INTEGER PRIMARY KEY REFERENCES resource (number) ON DELETE CASCADE,"
    "  outcome INTEGER NOT NULL CHECK (outcome IN (0, 1)),"
    "  begun INTEGER NOT NULL,"
    "  due INTEGER,"
    "  boot_id TEXT NOT NULL"
    ") STRICT;"
    "CREATE INDEX transition_by_due ON transition (due);"

    "CREATE TABLE possible_owner ("
    "  resource INTEGER NOT NULL REFERENCES resource (number) ON DELETE CASCADE,"
    "  node INTEGER NOT NULL REFERENCES node (number) ON DELETE CASCADE,"
    "  PRIMARY KEY (resource, node)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX possible_owner_by_node ON possible_owner (node);"

    /* Members of one clause are alternatives; a resource needs one member of each of its
     * clauses. The key's columns come first: integrity_check of SQLite 3.40 takes others for them
     * otherwise. */
    "CREATE TABLE dependency ("
    "  resource INTEGER NOT NULL REFERENCES resource (number) ON DELETE CASCADE,"
    "  provider INTEGER NOT NULL REFERENCES resource (number) CHECK (provider <> resource),"
    "  clause INTEGER NOT NULL,"
    "  PRIMARY KEY (resource, provider)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX dependency_by_provider ON dependency (provider);"

    /* Its state follows from its interfaces. priority orders the networks for internal use, 1
     * first. */
    "CREATE TABLE network ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  role INTEGER NOT NULL DEFAULT 3 CHECK (role BETWEEN 0 AND 3),"
    "  priority INTEGER NOT NULL DEFAULT 1 CHECK (priority >= 1)"
    ") STRICT;"

    /* IPv4 or IPv6, told apart by the colon. */
    "CREATE TABLE network_address ("
    "  network INTEGER NOT NULL REFERENCES network (number) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  address TEXT NOT NULL,"
    "  prefix INTEGER NOT NULL CHECK (prefix BETWEEN 0 AND 128),"
    "  PRIMARY KEY (network, position)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE netinterface ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE,"
    "  node INTEGER NOT NULL REFERENCES node (number),"
    "  network INTEGER NOT NULL REFERENCES network (number),"
    "  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),"
    "  adapter TEXT NOT NULL DEFAULT '',"
    "  adapter_id TEXT NOT NULL DEFAULT '',"
    "  dhcp_enabled INTEGER NOT NULL DEFAULT 0 CHECK (dhcp_enabled IN (0, 1)),"
    "  UNIQUE (node, network)"
    ") STRICT;"
    "CREATE INDEX netinterface_by_network ON netinterface (network);"

    "CREATE TABLE netinterface_address ("
    "  netinterface INTEGER NOT NULL REFERENCES netinterface (number) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  address TEXT NOT NULL,"
    "  PRIMARY KEY (netinterface, position)"
    ") STRICT, WITHOUT ROWID;"

    /* What was set: common properties that no column above holds, and private ones. key is the
     * folded name, format a CLUSTER_PROPERTY_FORMAT. value is INTEGER for numbers (64 bits as two's
     * complement), TEXT for SZ and EXPAND_SZ, else BLOB; a MULTI_SZ is UTF-8 with a NUL after each
     * string. */
    "CREATE TABLE property ("
    "  object INTEGER NOT NULL REFERENCES object (number) ON DELETE CASCADE,"
    "  private INTEGER NOT NULL CHECK (private IN (0, 1)),"
    "  key TEXT NOT NULL CHECK (key <> ''),"
    "  name TEXT NOT NULL,"
    "  format INTEGER NOT NULL CHECK (format BETWEEN 0 AND 65535),"
    "  value ANY NOT NULL,"
    "  PRIMARY KEY (object, private, key)"
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE group_set ("
    "  number INTEGER PRIMARY KEY REFERENCES object (number) ON DELETE CASCADE"
    ") STRICT;"

    /* A group is in one set at most. */
    "CREATE TABLE group_set_member ("
    "  group_number INTEGER PRIMARY KEY REFERENCES resource_group (number) ON DELETE CASCADE,"
    "  group_set INTEGER NOT NULL REFERENCES group_set (number) ON DELETE CASCADE"
    ") STRICT;"
    "CREATE INDEX group_set_member_by_set ON group_set_member (group_set);"

    /* Groups and group sets on groups and group sets; clauses as above. */
    "CREATE TABLE group_dependency ("
    "  dependent INTEGER NOT NULL REFERENCES object (number) ON DELETE CASCADE,"
    "  provider INTEGER NOT NULL REFERENCES object (number) CHECK (provider <> dependent),"
    "  clause INTEGER NOT NULL,"
    "  PRIMARY KEY (dependent, provider)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX group_dependency_by_provider ON group_dependency (provider);"

    /* The cluster database. Key 1 is the root, whose parent is itself and name empty. key is the
     * folded name, written a FILETIME, security a self-relative security descriptor or NULL.
     * object is set where the key is that of an object, with which it goes. */
    "CREATE TABLE registry_key ("
    "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  parent INTEGER NOT NULL REFERENCES registry_key (number) ON DELETE CASCADE,"
    "  key TEXT NOT NULL CHECK ((key = '') = (number = 1)),"
    "  name TEXT NOT NULL,"
    "  written INTEGER NOT NULL DEFAULT 0,"
    "  security BLOB,"
    "  object INTEGER REFERENCES object (number) ON DELETE CASCADE,"
    "  UNIQUE (parent, key)"
    ") STRICT;"
    "CREATE INDEX registry_key_by_object ON registry_key (object) WHERE object IS NOT NULL;"
    "INSERT INTO registry_key (number, parent, key, name) VALUES (1, 1, '', '');"
    "CREATE TABLE registry_value ("
    "  registry_key INTEGER NOT NULL REFERENCES registry_key (number) ON DELETE CASCADE,"
    "  key TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  type INTEGER NOT NULL CHECK (type BETWEEN 0 AND 4294967295),"
    "  data BLOB NOT NULL,"
    "  PRIMARY KEY (registry_key, key)"
    ") STRICT, WITHOUT ROWID;"

    /* What changed, the last of it: a CLUSTER_OBJECT_TYPE, one CLUSTER_CHANGE_..._V2 bit, and the
     * rest as GetClusterNotifyV2 tells it. The newest always stays, so that numbers only go up
     * without AUTOINCREMENT, which would write another page. */
    "CREATE TABLE event ("
    "  sequence INTEGER PRIMARY KEY,"
    "  object_type INTEGER NOT NULL CHECK (object_type BETWEEN 0 AND 4294967295),"
    "  flag INTEGER NOT NULL,"
    "  id TEXT NOT NULL,"
    "  parent_id TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  data BLOB"
    ") STRICT;"

    "PRAGMA application_id = " TEXT_OF(CL_SCHEMA_APPLICATION_ID) ";"
                                                                 "PRAGMA user_version = " TEXT_OF(
                                                                     CL_SCHEMA_VERSION) ";";

gboolean cl_schema_create(sqlite3 *db, GError **error)
{
    return cl_sqlite_execute(db, schema_text, error);
}

/* Whether @sql, as the file has it, is one of the statements above. */
static gboolean is_ours(const char *sql)
{
    const char *found = sql ? strstr(schema_text, sql) : NULL;
    return found && (found == schema_text || found[-1] == ';') && found[strlen(sql)] == ';';
}

static guint count_ours(void)
{
    guint n = 0;
    for (const char *at = schema_text; (at = strstr(at, "CREATE ")); at++) {
        n++;
    }
    return n;
}

/* A file made by hand could hold views, triggers or generated columns that never end. */
static gboolean check_tables(sqlite3 *db, GError **error)
{
    sqlite3_stmt *statement = NULL;
    guint n = 0;
    gboolean foreign = FALSE;
    int result = sqlite3_prepare_v2(
        db, "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", -1,
        &statement, NULL);
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW) {
            n++;
            foreign = foreign || !is_ours((const char *)sqlite3_column_text(statement, 0));
        }
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) {
        return cl_sqlite_fail(db, result, "read the file's tables", error);
    }
    if (foreign || n != count_ours()) {
        return cl_fail(error, ERROR_FILE_CORRUPT, "the file's tables are not those of a cluster");
    }
    return TRUE;
}

static gboolean read_number(sqlite3 *db, const char *sql, gint64 *ret_number, GError **error)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
    }
    gint64 number = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (result == SQLITE_NOTADB) {
        return cl_fail(error, ERROR_INVALID_DATA, "the file is not a database");
    }
    if (result != SQLITE_ROW) {
        return cl_sqlite_fail(db, result, "read the file's header", error);
    }
    *ret_number = number;
    return TRUE;
}

/* Files of an older version would need tables that they have not. */
gboolean cl_schema_check(sqlite3 *db, GError **error)
{
    gint64 application = 0;
    gint64 version = 0;

    if (!read_number(db, "PRAGMA application_id", &application, error) ||
        !read_number(db, "PRAGMA user_version", &version, error)) {
        return FALSE;
    }
    if (application != CL_SCHEMA_APPLICATION_ID || version < 1) {
        return cl_fail(error, ERROR_INVALID_DATA, "the database is not a cluster");
    }
    if (version != CL_SCHEMA_VERSION) {
        return cl_fail(error, ERROR_REVISION_MISMATCH,
                       "the cluster's file has version %" G_GINT64_FORMAT
                       "; this library knows version %d",
                       version, CL_SCHEMA_VERSION);
    }
    return check_tables(db, error);
}
