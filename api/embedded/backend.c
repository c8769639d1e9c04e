/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The embedded back end: a cluster in one SQLite file, without a server. Connections, objects and
 * the table of operations; query.c, properties.c, enumerate.c and control.c hold the others that
 * read. Any thread runs them, several at a time on one connection.
 */
#include "embedded.h"
#include "act.h"
#include "registry.h"
#include "settle.h"
#include <string.h>
#include "handle.h"
#include "kinds.h"
#include "schema.h"
#include "text.h"

/* --- Objects ---------------------------------------------------------------------------------- */

ClKind cl_embedded_kind(const ClObject *object)
{
    return object ? object->kind : CL_KIND_CLUSTER;
}

gint64 cl_embedded_number(const ClObject *object)
{
    return object ? object->number : CL_SCHEMA_CLUSTER;
}

gboolean cl_embedded_fail_gone(ClKind kind, GError **error)
{
    return cl_kind_is_opened(kind)
               ? cl_kind_fail_gone(kind, error)
               : cl_fail(error, ERROR_FILE_CORRUPT, "the file has no cluster in it");
}

gboolean cl_embedded_check_exists(ClReader *reader, ClKind kind, gint64 number, GError **error)
{
    ClRows rows = cl_rows_of(reader, CL_SQL_EXISTS, number);
    cl_rows_bind_number(&rows, 2, kind);
    gboolean found = cl_rows_next(&rows);
    return cl_rows_end(&rows, error) && (found || cl_embedded_fail_gone(kind, error));
}

static gboolean look_up(ClReader *reader, ClSql sql, ClKind kind, const char *text,
                        gint64 *ret_number, gboolean *ret_found, GError **error)
{
    ClRows rows = cl_rows_of(reader, sql, kind);
    cl_rows_bind_text(&rows, 2, text);
    *ret_found = cl_rows_next(&rows);
    if (*ret_found) {
        *ret_number = cl_rows_number(&rows, 0, 1, G_MAXINT64);
    }
    return cl_rows_end(&rows, error);
}

/* Whether @text looks like the id that this file gave an object of @kind. */
static gboolean looks_like_id(ClKind kind, const char *text)
{
    return kind == CL_KIND_NODE ? g_ascii_isdigit(text[0])
                                : strlen(text) == 36 && text[8] == '-' && text[23] == '-';
}

/* Names and ids share one space, so the order decides only how fast it is found. */
gboolean cl_embedded_find(ClReader *reader, ClKind kind, const char *name, gint64 *ret_number,
                          GError **error)
{
    static const ClSql orders[2][2] = {{CL_SQL_FIND_BY_KEY, CL_SQL_FIND_BY_ID},
                                       {CL_SQL_FIND_BY_ID, CL_SQL_FIND_BY_KEY}};
    g_autofree char *key = cl_text_fold(name);
    const ClSql *order = orders[looks_like_id(kind, key)];
    ClRecent *recent = cl_reader_recent(reader);
    gint64 number = 0;
    gboolean found;
    if (recent && cl_recent_number(recent, kind, key, ret_number)) {
        return TRUE;
    }
    if (!look_up(reader, order[0], kind, key, &number, &found, error) ||
        (!found && !look_up(reader, order[1], kind, key, &number, &found, error))) {
        return FALSE;
    }
    if (!found) {
        return cl_kind_fail_missing(kind, name, error);
    }
    if (recent) {
        cl_recent_keep_number(recent, kind, key, number);
    }
    *ret_number = number;
    return TRUE;
}

/* --- Operations ------------------------------------------------------------------------------- */

static gboolean connect_file(const ClTarget *target, ClAccess wanted, const ClCall *call,
                             ClConnection **ret_connection, ClAccess *ret_granted, GError **error)
{
    /* SQLite may not be used across a fork: the child would drop the parent's locks. */
    if (cl_handle_forked()) {
        return cl_fail(error, ERROR_NOT_SUPPORTED,
                       "the parent of this process had clusters open; run another program to open "
                       "an embedded one");
    }
    if (!target->address) {
        return cl_fail(error, ERROR_INVALID_PARAMETER, "an embedded cluster needs a file");
    }
    ClConnection *store;
    if (!cl_store_open(target->address, wanted, call, &store, error)) {
        return FALSE;
    }
    *ret_connection = store;
    *ret_granted = cl_store_access(store);
    return TRUE;
}

static gboolean open_object(ClConnection *store, ClKind kind, const char *name, ClAccess wanted,
                            const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                            GError **error)
{
    if (kind == CL_KIND_KEY) {
        return cl_registry_open(store, name, wanted, call, ret_object, ret_granted, error);
    }
    if (!cl_kind_is_opened(kind)) {
        return cl_fail(error, ERROR_CALL_NOT_IMPLEMENTED, "objects of kind %u are not opened",
                       kind);
    }
    ClAccess granted = wanted == CL_ACCESS_MAXIMUM ? cl_store_access(store) : wanted;
    if (granted == CL_ACCESS_ALL && cl_store_access(store) != CL_ACCESS_ALL) {
        return cl_fail(error, ERROR_ACCESS_DENIED, "the cluster was opened for reading");
    }
    g_autoptr(ClReader) reader = cl_settled_borrow(store, call, error);
    gint64 number;
    if (!reader || !cl_embedded_find(reader, kind, name, &number, error)) {
        return FALSE;
    }
    ClObject *object = g_new0(ClObject, 1);
    object->kind = kind;
    object->number = number;
    *ret_object = object;
    *ret_granted = granted;
    return TRUE;
}

static void close_object(ClConnection *store, ClObject *object)
{
    (void)store;
    g_free(object->path);
    g_free(object);
}

/* A local file is read without waiting, but for another process's lock; the call's deadline bounds
 * that. What is written waits for the disk. */
const ClBackend cl_backend_embedded = {
    .name = "embedded",
    .writes_wait = TRUE,
    .form = cl_embedded_form,
    .connect = connect_file,
    .disconnect = cl_store_close,
    .open = open_object,
    .close = close_object,
    .query = cl_embedded_query,
    .properties = cl_embedded_properties,
    .enumerate = cl_embedded_enumerate,
    .control = cl_embedded_control,
    .create = cl_embedded_create_object,
    .remove = cl_embedded_remove,
    .rename = cl_embedded_rename,
    .act = cl_embedded_act,
    .set_properties = cl_embedded_set_properties,
    .registry = cl_embedded_registry,
    .subscribe = cl_embedded_subscribe,
    .unsubscribe = cl_embedded_unsubscribe,
    .mark = cl_embedded_mark,
};
