/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts are checked twice: against what is left of the stub when they are read, and, since some
 * come later, against the parameter that tells them when all is read.
 */
#include "ndr-internal.h"

#include <string.h>

typedef struct {
    const guint8 *stub;
    gsize size;
    gsize at;
    GError **error;
} Decoder;

/* A response with as much behind its parameters is of another method. */
#define PADDING_MAX 16

static gboolean bad(Decoder *decoder, const char *what)
{
    return cl_fail(decoder->error, RPC_X_BAD_STUB_DATA, "%s at byte %" G_GSIZE_FORMAT, what,
                   decoder->at);
}

static gboolean align(Decoder *decoder, gsize alignment)
{
    gsize over = decoder->at % alignment;
    decoder->at += over ? alignment - over : 0;
    return decoder->at <= decoder->size || bad(decoder, "the end");
}

static gboolean take(Decoder *decoder, gsize size, guint64 *ret_value)
{
    if (size > decoder->size - decoder->at) {
        return bad(decoder, "the end");
    }
    *ret_value = 0;
    for (gsize i = 0; i < size; i++) {
        *ret_value |= (guint64)decoder->stub[decoder->at + i] << (8 * i);
    }
    decoder->at += size;
    return TRUE;
}

static gboolean take_aligned(Decoder *decoder, gsize size, guint64 *ret_value)
{
    return align(decoder, size) && take(decoder, size, ret_value);
}

/* A count of elements that take at least @each bytes. */
static gboolean take_count(Decoder *decoder, gsize each, guint64 *ret_count)
{
    return take_aligned(decoder, 4, ret_count) &&
           (*ret_count <= (decoder->size - decoder->at) / each ||
            bad(decoder, "too large a count"));
}

static gboolean take_bytes(Decoder *decoder, gsize size, GBytes **bytes)
{
    if (size > decoder->size - decoder->at) {
        return bad(decoder, "the end");
    }
    g_clear_pointer(bytes, g_bytes_unref);
    *bytes = g_bytes_new(decoder->stub + decoder->at, size);
    decoder->at += size;
    return TRUE;
}

/* The two counts of what varies: none is left out in front. */
static gboolean take_used(Decoder *decoder, gsize each, guint64 room, guint64 *ret_used)
{
    guint64 offset;
    return take_aligned(decoder, 4, &offset) && take_count(decoder, each, ret_used) &&
           ((offset == 0 && *ret_used <= room) || bad(decoder, "a range outside of its array"));
}

static gboolean take_text(Decoder *decoder, LPWSTR *text)
{
    guint64 room;
    guint64 units;
    if (!take_aligned(decoder, 4, &room) || !take_used(decoder, sizeof(WCHAR), room, &units)) {
        return FALSE;
    }
    g_autofree LPWSTR wide = g_new(WCHAR, units + 1);
    memcpy(wide, decoder->stub + decoder->at, units * sizeof *wide);
    decoder->at += units * sizeof *wide;
    for (guint64 i = 0; i + 1 < units; i++) {
        if (wide[i] == 0) {
            return bad(decoder, "a NUL within a text");
        }
    }
    if (units == 0 || wide[units - 1] != 0) {
        return bad(decoder, "a text without its NUL");
    }
    g_free(*text);
    *text = g_steal_pointer(&wide);
    return TRUE;
}

static gboolean take_handle(Decoder *decoder, ClContextHandle *handle)
{
    if (sizeof handle->bytes > decoder->size - decoder->at) {
        return bad(decoder, "the end");
    }
    memcpy(handle->bytes, decoder->stub + decoder->at, sizeof handle->bytes);
    decoder->at += sizeof handle->bytes;
    return TRUE;
}

/* --- Arrays ------------------------------------------------------------------------------------- */

static gboolean take_member(Decoder *decoder, const ClNdrMember *member, ClNdrValue *value);
static gboolean take_target(Decoder *decoder, const ClNdrMember *member, ClNdrValue *value);

static gboolean take_members(Decoder *decoder, const ClNdrStruct *of, ClNdrValue *values)
{
    if (!align(decoder, cl_ndr_struct_alignment(of))) {
        return FALSE;
    }
    for (guint i = 0; i < of->n_members; i++) {
        if (!take_member(decoder, &of->members[i], &values[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean is_counted_right(const ClNdrMember *member, const ClNdrValue *value,
                                 const ClNdrValue *siblings)
{
    guint64 count = member->size >= 0 ? siblings[member->size].number : 0;
    gsize size = value->bytes ? g_bytes_get_size(value->bytes) : 0;
    switch (member->type) {
    case CL_NDR_TEXTS:
        return value->rows->len == count;
    case CL_NDR_UNITS_PTR:
        return value->bytes == NULL || size == count * sizeof(WCHAR);
    case CL_NDR_BYTES:
        return size == count;
    case CL_NDR_BYTES_PTR:
        return value->bytes == NULL || member->size < 0 || size == count;
    case CL_NDR_BYTES_VARYING:
    case CL_NDR_BYTES_VARYING_PTR:
        return size <= count;
    case CL_NDR_ARRAY_PTR:
        return value->rows == NULL || value->rows->len == count;
    case CL_NDR_ARRAY_VARYING:
        return value->rows->len <= count;
    default:
        return TRUE;
    }
}

static gboolean take_targets(Decoder *decoder, const ClNdrStruct *of, ClNdrValue *values)
{
    for (guint i = 0; i < of->n_members; i++) {
        if (!take_target(decoder, &of->members[i], &values[i])) {
            return FALSE;
        }
    }
    for (guint i = 0; i < of->n_members; i++) {
        if (!is_counted_right(&of->members[i], &values[i], values)) {
            return bad(decoder, "a count that is not that of its array");
        }
    }
    return TRUE;
}

static void begin_rows(ClNdrValue *value, const ClNdrStruct *of)
{
    g_clear_pointer(&value->rows, g_ptr_array_unref);
    value->rows = cl_ndr_rows_new(of);
}

static gboolean take_rows(Decoder *decoder, const ClNdrStruct *of, guint64 count, ClNdrValue *value)
{
    begin_rows(value, of);
    for (guint64 i = 0; i < count; i++) {
        if (!take_members(decoder, of, cl_ndr_row_add(value->rows, of))) {
            return FALSE;
        }
    }
    for (guint64 i = 0; i < count; i++) {
        if (!take_targets(decoder, of, value->rows->pdata[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean take_texts(Decoder *decoder, ClNdrValue *value)
{
    guint64 count;
    guint64 referent;
    if (!take_count(decoder, 4, &count)) {
        return FALSE;
    }
    for (guint64 i = 0; i < count; i++) {
        if (!take(decoder, 4, &referent)) {
            return FALSE;
        }
        if (referent == 0) {
            return bad(decoder, "a text that is missing");
        }
    }
    begin_rows(value, NULL);
    for (guint64 i = 0; i < count; i++) {
        LPWSTR text = NULL;
        if (!take_text(decoder, &text)) {
            return FALSE;
        }
        g_ptr_array_add(value->rows, text);
    }
    return TRUE;
}

static gboolean take_varying(Decoder *decoder, ClNdrValue *value)
{
    guint64 room;
    guint64 used;
    return take_aligned(decoder, 4, &room) && take_used(decoder, 1, room, &used) &&
           take_bytes(decoder, used, &value->bytes);
}

/* --- Members ------------------------------------------------------------------------------------ */

/* Until what it points to is read, a pointer that is not NULL has the number 1. */
static gboolean take_referent(Decoder *decoder, ClNdrValue *value)
{
    guint64 referent;
    cl_ndr_clear(value, 1);
    if (!take_aligned(decoder, 4, &referent)) {
        return FALSE;
    }
    value->number = referent != 0;
    return TRUE;
}

static gboolean take_member(Decoder *decoder, const ClNdrMember *member, ClNdrValue *value)
{
    guint64 count;
    guint64 room;
    if (cl_ndr_is_pointer(member->type)) {
        return take_referent(decoder, value);
    }
    switch (member->type) {
    case CL_NDR_U16:
        return take_aligned(decoder, 2, &value->number);
    case CL_NDR_U32:
        return take_aligned(decoder, 4, &value->number);
    case CL_NDR_U64:
        return take_aligned(decoder, 8, &value->number);
    case CL_NDR_TIME:
        return align(decoder, 4) && take(decoder, 8, &value->number);
    case CL_NDR_HANDLE:
        return align(decoder, 4) && take_handle(decoder, &value->handle);
    case CL_NDR_TEXT:
        return take_text(decoder, &value->text);
    case CL_NDR_TEXTS:
        return take_texts(decoder, value);
    case CL_NDR_BYTES:
        return take_count(decoder, 1, &count) && take_bytes(decoder, count, &value->bytes);
    case CL_NDR_BYTES_VARYING:
        return take_varying(decoder, value);
    case CL_NDR_ARRAY_VARYING:
        return take_aligned(decoder, 4, &room) && take_used(decoder, 4, room, &count) &&
               take_rows(decoder, member->of, count, value);
    default:
        begin_rows(value, member->of);
        return take_members(decoder, member->of, cl_ndr_row_add(value->rows, member->of));
    }
}

static gboolean take_target(Decoder *decoder, const ClNdrMember *member, ClNdrValue *value)
{
    guint64 count;
    guint64 again;
    if (member->type == CL_NDR_STRUCT) {
        return take_targets(decoder, member->of, value->rows->pdata[0]);
    }
    if (!cl_ndr_is_pointer(member->type) || value->number == 0) {
        return TRUE;
    }
    value->number = 0;
    switch (member->type) {
    case CL_NDR_TEXT_PTR:
        return take_text(decoder, &value->text);
    case CL_NDR_UNITS_PTR:
        return take_count(decoder, sizeof(WCHAR), &count) &&
               take_bytes(decoder, count * sizeof(WCHAR), &value->bytes);
    case CL_NDR_BYTES_PTR:
        return take_count(decoder, 1, &count) && take_bytes(decoder, count, &value->bytes);
    case CL_NDR_BYTES_VARYING_PTR:
        return take_varying(decoder, value);
    case CL_NDR_BLOB_PTR:
        return take_count(decoder, 1, &count) && take_aligned(decoder, 4, &again) &&
               (again == count || bad(decoder, "two counts of one array")) &&
               take_bytes(decoder, count, &value->bytes);
    case CL_NDR_LIST_PTR:
        return take_count(decoder, 4, &count) && take_aligned(decoder, 4, &again) &&
               (again == count || bad(decoder, "two counts of one list")) &&
               take_rows(decoder, member->of, count, value);
    case CL_NDR_ARRAY_PTR:
        return take_count(decoder, 4, &count) && take_rows(decoder, member->of, count, value);
    default:
        return take_rows(decoder, member->of, 1, value);
    }
}

gboolean cl_ndr_decode(const ClNdrMember *members, guint n_members, gboolean out,
                       const guint8 *stub, gsize size, ClNdrValue *values, GError **error)
{
    Decoder decoder = {stub, size, 0, error};
    for (guint i = 0; i < n_members; i++) {
        if ((out ? members[i].out : members[i].in) &&
            (!take_member(&decoder, &members[i], &values[i]) ||
             !take_target(&decoder, &members[i], &values[i]))) {
            return FALSE;
        }
    }
    for (guint i = 0; i < n_members; i++) {
        if ((out ? members[i].out : members[i].in) &&
            !is_counted_right(&members[i], &values[i], values)) {
            return bad(&decoder, "a count that is not that of its array");
        }
    }
    return !out || size - decoder.at < PADDING_MAX || bad(&decoder, "more than its parameters");
}
