/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules of a cluster's file as statements that find what breaks them. Constant data, and the
 * SQL functions that they use.
 */
#pragma once

#include "error.h"
#include <sqlite3.h>

G_BEGIN_DECLS

typedef struct {
    const char *find;   /* a statement; each row is a finding, its columns the arguments */
    const char *format; /* %s for each of at most three columns */
    const char *repair; /* statements that undo the damage, or NULL */
} ClCheckRule;

extern const ClCheckRule cl_check_rules[];
extern const gsize cl_check_n_rules;

/* Adds cl_fold(text), cl_text(value), cl_texts(blob), cl_guid(text), cl_address(text),
 * cl_security(blob) and cl_name_fault(kind, name) to @db. */
gboolean cl_check_add_functions(sqlite3 *db, GError **error);

G_END_DECLS
