/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The security descriptors of keys. They are kept and shown; who may do what is decided by how the
 * cluster was opened, and by the rights to its file.
 */
#include "registry.h"

#include "security-descriptor.h"

gboolean cl_registry_get_security(ClReader *reader, const ClPlace *place, GBytes **ret_security,
                                  GError **error)
{
    static const char sql[] =
        "WITH RECURSIVE up (number, parent, security) AS"
        " (SELECT number, parent, security FROM registry_key WHERE number = ?"
        " UNION SELECT k.number, k.parent, k.security FROM registry_key k JOIN up"
        " ON k.number = up.parent WHERE up.security IS NULL)"
        " SELECT security FROM up WHERE security IS NOT NULL";
    g_autoptr(GBytes) security = NULL;
    ClRows rows = cl_rows_query(reader, sql, "i", place->nearest);
    if (cl_rows_next(&rows)) {
        g_autoptr(GBytes) stored = cl_rows_bytes(&rows, 0);
        security = cl_security_merge(NULL, stored, cl_security_parts(stored));
        if (!security) {
            cl_rows_damaged(&rows);
        }
    }
    if (!cl_rows_end(&rows, error)) {
        return FALSE;
    }
    *ret_security = security ? g_steal_pointer(&security) : cl_security_default();
    return TRUE;
}

/* What is not set stays as it was, also when it was inherited. */
gboolean cl_registry_set_security(ClChange *change, const char *path, GBytes *security,
                                  guint32 parts, GError **error)
{
    ClReader *reader = cl_change_reader(change);
    ClPlace place;
    g_autoptr(GBytes) former = NULL;
    g_autoptr(GBytes) merged = NULL;
    g_autofree char *proper = NULL;
    if (!security || !cl_security_are_parts(parts)) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "unknown parts of a descriptor");
    }
    if (!cl_registry_find(reader, path, &place, &proper, error) ||
        !cl_registry_get_security(reader, &place, &former, error)) {
        return FALSE;
    }
    merged = cl_security_merge(former, security, parts);
    if (!merged) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "no security descriptor");
    }
    return cl_registry_make(change, path, &place, error) &&
           cl_rows_run(reader, error, "UPDATE registry_key SET security = ? WHERE number = ?", "bi",
                       merged, place.stored) &&
           cl_registry_emit(change, proper, CLUSTER_CHANGE_REGISTRY_ATTRIBUTES_V2, NULL, error);
}
