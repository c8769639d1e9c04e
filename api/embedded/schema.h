/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables of an embedded cluster's file, and what marks a file as one. schema.c says what each
 * column means. Owns nothing; runs on the thread that has the connection.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* "CLUS" */
#define CL_SCHEMA_APPLICATION_ID 0x434c5553
#define CL_SCHEMA_VERSION        2

/* The number of the object that is the cluster itself. */
#define CL_SCHEMA_CLUSTER 0

/* The number of the key that is the root of the cluster database. */
#define CL_SCHEMA_ROOT_KEY 1

/* transition.outcome */
#define CL_SCHEMA_OUTCOME_OK   0
#define CL_SCHEMA_OUTCOME_FAIL 1

/* property.private */
#define CL_SCHEMA_COMMON  0
#define CL_SCHEMA_PRIVATE 1

/* Makes the tables in the empty database @db and marks it as a cluster of this version. May run
 * inside a transaction; leaves the journal mode alone. */
gboolean cl_schema_create(sqlite3 *db, GError **error);

/* Whether @db is a cluster of a version that this library knows: ERROR_INVALID_DATA if it is no
 * cluster, ERROR_REVISION_MISMATCH if it is of a newer version, ERROR_FILE_CORRUPT if its tables
 * are not exactly ours, or what reading it failed with. */
gboolean cl_schema_check(sqlite3 *db, GError **error);

G_END_DECLS
