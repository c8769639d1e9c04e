/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "settle.h"

#include "change.h"

/* All that another boot began is due. */
static gboolean read_due(ClReader *reader, gint64 *ret_due, GError **error)
{
    ClRows rows =
        cl_rows_query(reader,
                      "SELECT (SELECT min(due) FROM transition WHERE due IS NOT NULL),"
                      " EXISTS (SELECT 1 FROM transition WHERE due IS NOT NULL AND boot_id <> ?)",
                      "s", cl_boot_id());
    gint64 due = G_MAXINT64;
    if (cl_rows_next(&rows) && !cl_rows_is_null(&rows, 0)) {
        due = cl_rows_number(&rows, 0, G_MININT64, G_MAXINT64);
        if (cl_rows_number(&rows, 1, 0, 1)) {
            due = 0;
        }
    }
    *ret_due = due;
    return cl_rows_end(&rows, error);
}

gboolean cl_settle_due(ClReader *reader, gint64 *ret_due, GError **error)
{
    ClRecent *recent = cl_reader_recent(reader);
    if (recent && cl_recent_due(recent, ret_due)) {
        return TRUE;
    }
    if (!read_due(reader, ret_due, error)) {
        return FALSE;
    }
    if (recent) {
        cl_recent_keep_due(recent, *ret_due);
    }
    return TRUE;
}

/* The file is looked at before, so that one which took its place is left alone, and after, since it
 * may have come in between. */
static ClConnection *open_settler(ClConnection *store, const ClCall *call, GError **error)
{
    ClConnection *settler;
    if (!cl_store_check(store, error) ||
        !cl_store_open(cl_store_path(store), CL_ACCESS_ALL, call, &settler, error)) {
        return NULL;
    }
    if (!cl_store_check(store, error)) {
        cl_store_close(settler);
        return NULL;
    }
    cl_store_set_settler(store, settler);
    return settler;
}

/* Through which the file is written (borrowed). */
static ClConnection *take_settler(ClConnection *store, const ClCall *call, GError **error)
{
    ClConnection *settler = cl_store_settler(store);
    if (settler || !cl_store_lock(store, call, error)) {
        return settler;
    }
    settler = cl_store_settler(store);
    if (!settler) {
        settler = open_settler(store, call, error);
    }
    cl_store_unlock(store);
    return settler;
}

gboolean cl_settle(ClConnection *store, const ClCall *call, GError **error)
{
    ClConnection *settler = take_settler(store, call, error);
    g_autoptr(ClChange) change = settler ? cl_change_begin(settler, call, error) : NULL;
    return change != NULL && cl_change_commit(change, error);
}

/* A disk that is full or read-only keeps nobody from reading, nor does a missing right. */
static gboolean settle_to_read(ClConnection *store, const ClCall *call, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (call->deadline == 0) {
        return cl_fail(error, ERROR_TIMEOUT, "something is due, and the call may not wait");
    }
    if (cl_settle(store, call, &failure)) {
        return TRUE;
    }
    if (g_error_matches(failure, CL_ERROR, ERROR_TIMEOUT) ||
        g_error_matches(failure, CL_ERROR, ERROR_OPERATION_ABORTED)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_debug("what is due could not be done: %s", failure->message);
    return TRUE;
}

ClReader *cl_settled_borrow(ClConnection *store, const ClCall *call, GError **error)
{
    g_autoptr(ClReader) reader = cl_store_borrow(store, call, error);
    gint64 due;
    if (!reader || !cl_store_settles(store)) {
        return g_steal_pointer(&reader);
    }
    if (!cl_settle_due(reader, &due, error)) {
        return NULL;
    }
    if (due == G_MAXINT64 || due > cl_boot_time()) {
        return g_steal_pointer(&reader);
    }
    cl_reader_return(g_steal_pointer(&reader));
    return settle_to_read(store, call, error) ? cl_store_borrow(store, call, error) : NULL;
}
