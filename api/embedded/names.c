/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "names.h"

#include "definition-internal.h"
#include "text.h"

static gboolean check_taken(ClReader *reader, ClKind kind, const char *key, gint64 but,
                            gboolean *ret_taken, GError **error)
{
    ClRows rows = cl_rows_query(reader,
                                "SELECT 1 FROM object WHERE kind = ?1 AND number <> ?2 AND key = ?3"
                                " UNION ALL SELECT 1 FROM object WHERE kind = ?1 AND number <> ?2"
                                " AND id = ?3",
                                "iis", (gint64)kind, but, key);
    *ret_taken = cl_rows_next(&rows);
    return cl_rows_end(&rows, error);
}

gboolean cl_names_check(ClChange *change, ClKind kind, const char *name, gint64 but, DWORD taken,
                        GError **error)
{
    const char *fault = cl_definition_name_fault(kind, name);
    g_autofree char *key = cl_text_fold(name);
    gboolean is_taken = FALSE;
    if (fault != NULL) {
        return cl_fail(error, ERROR_INVALID_NAME, "the name %s", fault);
    }
    if (!check_taken(cl_change_reader(change), kind, key, but, &is_taken, error)) {
        return FALSE;
    }
    /* A cluster and its nodes share one space. */
    if (!is_taken && (kind == CL_KIND_NODE || kind == CL_KIND_CLUSTER) &&
        !check_taken(cl_change_reader(change),
                     kind == CL_KIND_NODE ? CL_KIND_CLUSTER : CL_KIND_NODE, key, -1, &is_taken,
                     error)) {
        return FALSE;
    }
    return !is_taken || cl_fail(error, taken, "\"%s\" is in use", name);
}
