/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters of methods as bytes, by tables: NDR 2.0, little-endian ([C706] 14). A stub may come
 * from anybody: what is read is bounded by its size, and every count in it is checked.
 */
#pragma once

#include "error.h"

G_BEGIN_DECLS

/* The most that one array may hold, in bytes; what a peer asks to be given is refused above it. */
#define CL_NDR_ARRAY_MAX (16 * 1024 * 1024)

typedef enum {
    CL_NDR_U16,
    CL_NDR_U32, /* also BOOL, enumerations and status codes */
    CL_NDR_U64,
    CL_NDR_TIME, /* FILETIME: two halves */
    CL_NDR_HANDLE,
    CL_NDR_TEXT,
    CL_NDR_TEXT_PTR,          /* may be NULL */
    CL_NDR_TEXTS,             /* an array of texts; @size counts them */
    CL_NDR_UNITS_PTR,         /* code units, such as a MULTI_SZ; @size counts them; may be NULL */
    CL_NDR_BYTES,             /* @size counts them; what is missing is sent as zeros */
    CL_NDR_BYTES_PTR,         /* may be NULL */
    CL_NDR_BYTES_VARYING,     /* of a buffer of @size bytes those that are used */
    CL_NDR_BYTES_VARYING_PTR, /* may be NULL */
    CL_NDR_STRUCT,            /* the rest by @of */
    CL_NDR_STRUCT_PTR,        /* may be NULL */
    CL_NDR_LIST_PTR,          /* a structure of a count and an array; may be NULL */
    CL_NDR_BLOB_PTR,          /* bytes with their count, a structure; may be NULL */
    CL_NDR_ARRAY_PTR,         /* @size counts the elements; may be NULL */
    CL_NDR_ARRAY_VARYING      /* of an array of @size elements those that are used */
} ClNdrType;

typedef struct ClNdrStruct ClNdrStruct;

typedef struct {
    ClNdrType type;
    gint8 size; /* which parameter or member counts what is here; -1: none */
    const ClNdrStruct *of;
    gboolean in, out; /* parameters */
} ClNdrMember;

struct ClNdrStruct {
    const ClNdrMember *members;
    guint n_members;
};

/* A context handle, as on the wire. All zeros: none. */
typedef struct {
    guint8 bytes[20];
} ClContextHandle;

/* A parameter or member; which field is used follows from its type. Owns what it points to. */
typedef struct {
    guint64 number;
    LPWSTR text;     /* NUL-terminated; NULL where there is none */
    GBytes *bytes;   /* also of UNITS_PTR; NULL where there are none */
    GPtrArray *rows; /* of structures: one for each, an array of its members (ClNdrValue *); of
                        TEXTS: texts (LPWSTR) */
    ClContextHandle handle;
} ClNdrValue;

/* New rows of @of, to be filled with cl_ndr_row_add(). */
GPtrArray *cl_ndr_rows_new(const ClNdrStruct *of);

/* Adds a row with its members all zero (borrowed). */
ClNdrValue *cl_ndr_row_add(GPtrArray *rows, const ClNdrStruct *of);

void cl_ndr_clear(ClNdrValue *values, guint n_values);

/* The code units with a NUL (transfer full). */
LPWSTR cl_ndr_text(const char *utf8);

/* Appends the parameters of a request (@out FALSE) or a response. ERROR_INVALID_PARAMETER for what
 * is too much. */
gboolean cl_ndr_encode(const ClNdrMember *members, guint n_members, gboolean out,
                       const ClNdrValue *values, GByteArray *stub, GError **error);

/* Replaces the values that the stub has. RPC_X_BAD_STUB_DATA for what does not fit; then the values
 * are whatever was read until there. Of what follows the last parameter a request may have as much as
 * it likes, and a response some padding. */
gboolean cl_ndr_decode(const ClNdrMember *members, guint n_members, gboolean out,
                       const guint8 *stub, gsize size, ClNdrValue *values, GError **error);

G_END_DECLS
