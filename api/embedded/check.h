/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Checking the file of an embedded cluster. Keeps no state; runs on the caller's thread.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* Something that is wrong with a file. */
typedef struct {
    char *text; /* one line */
    gboolean repaired;
} ClFinding;

/* Checks the cluster in the file @path: SQLite's own checks, and what holds between its tables.
 * With @repair, damage that can be undone without losing anything is (stale keys, indexes, the
 * write-ahead log); everything else is left as it is. TRUE when the file could be checked;
 * @ret_findings (ClFinding, transfer full) is then empty for a sound one. FALSE when it is missing,
 * no cluster, of a newer version, in use too long, or cannot be read. */
gboolean cl_embedded_check(const char *path, gboolean repair, GPtrArray **ret_findings,
                           GError **error);

G_END_DECLS
