/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making the file of an embedded cluster. Owns nothing; any thread.
 */
#pragma once

#include "definition.h"
#include <sqlite3.h>

G_BEGIN_DECLS

/* Makes the cluster's file @path, readable by the group, so that it is either there whole or not
 * at all. A file that is there is replaced only with @overwrite, and never while a process has it
 * open as a cluster (ERROR_BUSY); without it that is ERROR_ALREADY_EXISTS. */
gboolean cl_embedded_create(const char *path, const ClDefinition *definition, gboolean overwrite,
                            GError **error);

/* Fills the database of a new file. */
typedef gboolean (*ClFill)(sqlite3 *db, gconstpointer data, GError **error);

/* The same of a file that @fill writes whole, but for its log: what is so made is opened by nobody
 * yet. cl_embedded_make_log() gives it one. */
gboolean cl_embedded_make(const char *path, ClFill fill, gconstpointer data, gboolean overwrite,
                          GError **error);
gboolean cl_embedded_make_log(const char *path, GError **error);

/* Makes the cluster's file @path from what cl_embedded_back_up() wrote to @backup. */
gboolean cl_embedded_restore(const char *path, const char *backup, gboolean overwrite,
                             GError **error);

/* Writes all objects of @definition into the empty tables of @db and numbers them. */
gboolean cl_definition_write(const ClDefinition *definition, sqlite3 *db, GError **error);

G_END_DECLS
