/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A parameter comes first with what has its place there, then with what it points to. Of an array
 * of structures all elements come before anything that one of them points to.
 */
#include "ndr-internal.h"

#include <string.h>

/* As others count them. */
#define REFERENT_FIRST 0x00020000u
#define REFERENT_STEP  4u

typedef struct {
    GByteArray *stub;
    guint begin;
    guint32 referent;
    GError **error;
} Encoder;

static void put(Encoder *encoder, guint64 value, gsize size)
{
    guint8 bytes[8] = {0};
    for (gsize i = 0; i < size; i++) {
        bytes[i] = (guint8)(value >> (8 * i));
    }
    g_byte_array_append(encoder->stub, bytes, (guint)size);
}

static void put_zeros(Encoder *encoder, gsize size)
{
    guint end = encoder->stub->len;
    g_byte_array_set_size(encoder->stub, end + (guint)size);
    memset(encoder->stub->data + end, 0, size);
}

static void align(Encoder *encoder, gsize alignment)
{
    gsize over = (encoder->stub->len - encoder->begin) % alignment;
    put(encoder, 0, over ? alignment - over : 0);
}

static void put_aligned(Encoder *encoder, guint64 value, gsize size)
{
    align(encoder, size);
    put(encoder, value, size);
}

static void put_referent(Encoder *encoder, gboolean is_there)
{
    put_aligned(encoder, is_there ? encoder->referent : 0, 4);
    encoder->referent += is_there ? REFERENT_STEP : 0;
}

static gboolean check(Encoder *encoder, guint64 size)
{
    return size <= CL_NDR_ARRAY_MAX ||
           cl_fail(encoder->error, ERROR_INVALID_PARAMETER,
                   "%" G_GUINT64_FORMAT " bytes are too much for a call", size);
}

static gboolean put_text(Encoder *encoder, LPCWSTR text)
{
    gsize units = 1;
    while (text[units - 1] != 0) {
        units++;
    }
    put_aligned(encoder, units, 4);
    put(encoder, 0, 4);
    put(encoder, units, 4);
    if (!check(encoder, units * sizeof *text)) {
        return FALSE;
    }
    g_byte_array_append(encoder->stub, (const guint8 *)text, (guint)(units * sizeof *text));
    return TRUE;
}

/* --- Arrays ------------------------------------------------------------------------------------- */

static guint64 counted(const ClNdrMember *member, const ClNdrValue *siblings, guint64 otherwise)
{
    return member->size >= 0 ? siblings[member->size].number : otherwise;
}

static gboolean put_bytes(Encoder *encoder, GBytes *bytes, guint64 room)
{
    gsize size = 0;
    gconstpointer data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
    size = MIN(size, room);
    if (!check(encoder, room)) {
        return FALSE;
    }
    if (size > 0) {
        g_byte_array_append(encoder->stub, data, (guint)size);
    }
    put_zeros(encoder, room - size);
    return TRUE;
}

static gboolean put_varying(Encoder *encoder, GBytes *bytes, guint64 room)
{
    guint64 used = bytes ? MIN(g_bytes_get_size(bytes), room) : 0;
    put_aligned(encoder, room, 4);
    put(encoder, 0, 4);
    put(encoder, used, 4);
    return put_bytes(encoder, bytes, used);
}

static gboolean put_member(Encoder *encoder, const ClNdrMember *member, const ClNdrValue *value,
                           const ClNdrValue *siblings);
static gboolean put_target(Encoder *encoder, const ClNdrMember *member, const ClNdrValue *value,
                           const ClNdrValue *siblings);

static gboolean put_members(Encoder *encoder, const ClNdrStruct *of, const ClNdrValue *values)
{
    align(encoder, cl_ndr_struct_alignment(of));
    for (guint i = 0; i < of->n_members; i++) {
        if (!put_member(encoder, &of->members[i], &values[i], values)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean put_targets(Encoder *encoder, const ClNdrStruct *of, const ClNdrValue *values)
{
    for (guint i = 0; i < of->n_members; i++) {
        if (!put_target(encoder, &of->members[i], &values[i], values)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean put_rows(Encoder *encoder, const ClNdrStruct *of, const GPtrArray *rows)
{
    for (guint i = 0; rows && i < rows->len; i++) {
        if (!put_members(encoder, of, rows->pdata[i])) {
            return FALSE;
        }
    }
    for (guint i = 0; rows && i < rows->len; i++) {
        if (!put_targets(encoder, of, rows->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean put_texts(Encoder *encoder, const GPtrArray *texts)
{
    guint n = texts ? texts->len : 0;
    put_aligned(encoder, n, 4);
    for (guint i = 0; i < n; i++) {
        put_referent(encoder, TRUE);
    }
    for (guint i = 0; i < n; i++) {
        if (!put_text(encoder, texts->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static guint count_rows(const ClNdrValue *value)
{
    return value->rows ? value->rows->len : 0;
}

/* --- Members ------------------------------------------------------------------------------------ */

static gboolean is_there(const ClNdrMember *member, const ClNdrValue *value)
{
    switch (member->type) {
    case CL_NDR_TEXT_PTR:
        return value->text != NULL;
    case CL_NDR_STRUCT_PTR:
    case CL_NDR_LIST_PTR:
    case CL_NDR_ARRAY_PTR:
        return value->rows != NULL;
    default:
        return value->bytes != NULL;
    }
}

/* What stands where the member stands. */
static gboolean put_member(Encoder *encoder, const ClNdrMember *member, const ClNdrValue *value,
                           const ClNdrValue *siblings)
{
    static const WCHAR empty[] = {0};
    if (cl_ndr_is_pointer(member->type)) {
        put_referent(encoder, is_there(member, value));
        return TRUE;
    }
    switch (member->type) {
    case CL_NDR_U16:
        put_aligned(encoder, value->number, 2);
        return TRUE;
    case CL_NDR_U32:
        put_aligned(encoder, value->number, 4);
        return TRUE;
    case CL_NDR_U64:
        put_aligned(encoder, value->number, 8);
        return TRUE;
    case CL_NDR_TIME:
        align(encoder, 4);
        put(encoder, value->number, 8);
        return TRUE;
    case CL_NDR_HANDLE:
        align(encoder, 4);
        g_byte_array_append(encoder->stub, value->handle.bytes, sizeof value->handle.bytes);
        return TRUE;
    case CL_NDR_TEXT:
        return put_text(encoder, value->text ? value->text : empty);
    case CL_NDR_TEXTS:
        return put_texts(encoder, value->rows);
    case CL_NDR_BYTES: {
        guint64 room = counted(member, siblings, value->bytes ? g_bytes_get_size(value->bytes) : 0);
        put_aligned(encoder, room, 4);
        return put_bytes(encoder, value->bytes, room);
    }
    case CL_NDR_BYTES_VARYING:
        return put_varying(encoder, value->bytes, counted(member, siblings, 0));
    case CL_NDR_ARRAY_VARYING:
        put_aligned(encoder, counted(member, siblings, 0), 4);
        put(encoder, 0, 4);
        put(encoder, count_rows(value), 4);
        return put_rows(encoder, member->of, value->rows);
    default:
        return value->rows && value->rows->len == 1
                   ? put_members(encoder, member->of, value->rows->pdata[0])
                   : cl_fail(encoder->error, ERROR_INVALID_PARAMETER, "a structure is missing");
    }
}

/* What a member points to, itself or within. */
static gboolean put_target(Encoder *encoder, const ClNdrMember *member, const ClNdrValue *value,
                           const ClNdrValue *siblings)
{
    gsize size = value->bytes ? g_bytes_get_size(value->bytes) : 0;
    if (member->type == CL_NDR_STRUCT) {
        return put_targets(encoder, member->of, value->rows->pdata[0]);
    }
    if (!cl_ndr_is_pointer(member->type) || !is_there(member, value)) {
        return TRUE;
    }
    switch (member->type) {
    case CL_NDR_TEXT_PTR:
        return put_text(encoder, value->text);
    case CL_NDR_UNITS_PTR:
        put_aligned(encoder, size / sizeof(WCHAR), 4);
        return put_bytes(encoder, value->bytes, size - size % sizeof(WCHAR));
    case CL_NDR_BYTES_PTR:
        put_aligned(encoder, counted(member, siblings, size), 4);
        return put_bytes(encoder, value->bytes, counted(member, siblings, size));
    case CL_NDR_BYTES_VARYING_PTR:
        return put_varying(encoder, value->bytes, counted(member, siblings, size));
    case CL_NDR_BLOB_PTR:
        put_aligned(encoder, size, 4);
        put(encoder, size, 4);
        return put_bytes(encoder, value->bytes, size);
    case CL_NDR_LIST_PTR:
        put_aligned(encoder, count_rows(value), 4);
        put(encoder, count_rows(value), 4);
        return put_rows(encoder, member->of, value->rows);
    case CL_NDR_ARRAY_PTR:
        put_aligned(encoder, count_rows(value), 4);
        return put_rows(encoder, member->of, value->rows);
    default:
        return put_rows(encoder, member->of, value->rows);
    }
}

gboolean cl_ndr_encode(const ClNdrMember *members, guint n_members, gboolean out,
                       const ClNdrValue *values, GByteArray *stub, GError **error)
{
    Encoder encoder = {stub, stub->len, REFERENT_FIRST, error};
    for (guint i = 0; i < n_members; i++) {
        if ((out ? members[i].out : members[i].in) &&
            (!put_member(&encoder, &members[i], &values[i], values) ||
             !put_target(&encoder, &members[i], &values[i], values))) {
            return FALSE;
        }
    }
    return TRUE;
}
