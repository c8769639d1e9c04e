/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ndr-internal.h"

#include "text.h"

#include <string.h>

typedef struct {
    guint n_members;
    ClNdrValue values[];
} Row;

static void row_free(gpointer data)
{
    Row *row = (Row *)(gpointer)((char *)data - G_STRUCT_OFFSET(Row, values));
    cl_ndr_clear(row->values, row->n_members);
    g_free(row);
}

GPtrArray *cl_ndr_rows_new(const ClNdrStruct *of)
{
    return g_ptr_array_new_with_free_func(of ? row_free : g_free);
}

ClNdrValue *cl_ndr_row_add(GPtrArray *rows, const ClNdrStruct *of)
{
    Row *row = g_malloc0(sizeof *row + of->n_members * sizeof *row->values);
    row->n_members = of->n_members;
    g_ptr_array_add(rows, row->values);
    return row->values;
}

void cl_ndr_clear(ClNdrValue *values, guint n_values)
{
    for (guint i = 0; i < n_values; i++) {
        g_free(values[i].text);
        g_clear_pointer(&values[i].bytes, g_bytes_unref);
        g_clear_pointer(&values[i].rows, g_ptr_array_unref);
    }
    memset(values, 0, n_values * sizeof *values);
}

LPWSTR cl_ndr_text(const char *utf8)
{
    LPWSTR wide = g_new(WCHAR, cl_text_wide_length(utf8) + 1);
    *cl_text_put_wide(utf8, wide) = 0;
    return wide;
}

gsize cl_ndr_struct_alignment(const ClNdrStruct *of)
{
    gsize alignment = 1;
    for (guint i = 0; i < of->n_members; i++) {
        alignment = MAX(alignment, cl_ndr_alignment(&of->members[i]));
    }
    return alignment;
}

gsize cl_ndr_alignment(const ClNdrMember *member)
{
    switch (member->type) {
    case CL_NDR_U16:
        return 2;
    case CL_NDR_U64:
        return 8;
    case CL_NDR_STRUCT:
        return cl_ndr_struct_alignment(member->of);
    default:
        return 4;
    }
}

gboolean cl_ndr_is_pointer(ClNdrType type)
{
    switch (type) {
    case CL_NDR_TEXT_PTR:
    case CL_NDR_UNITS_PTR:
    case CL_NDR_BYTES_PTR:
    case CL_NDR_BYTES_VARYING_PTR:
    case CL_NDR_STRUCT_PTR:
    case CL_NDR_LIST_PTR:
    case CL_NDR_BLOB_PTR:
    case CL_NDR_ARRAY_PTR:
        return TRUE;
    default:
        return FALSE;
    }
}
