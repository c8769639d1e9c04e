/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions of the methods share: the call, its handles, and texts of any length. A
 * function reads its parameters in the order of methods.c, sets what it gives back, and returns the
 * status. While it may not wait the library refuses with ERROR_TIMEOUT what would have to: then it
 * has to have changed nothing, and is called again.
 */
#pragma once

#include "service.h"

#include "rpc/opnums.h"

G_BEGIN_DECLS

/* Kinds of context handles. What each stands for is a handle of the library, but of a cluster the
 * access that was granted, and of ports a structure. */
typedef enum {
    CLUSAPID_CLUSTER = 1,
    CLUSAPID_NODE,
    CLUSAPID_GROUP,
    CLUSAPID_RESOURCE,
    CLUSAPID_NETWORK,
    CLUSAPID_NETINTERFACE,
    CLUSAPID_GROUPSET,
    CLUSAPID_KEY,
    CLUSAPID_NOTIFY_PORT,
    CLUSAPID_BATCH_PORT
} ClusapidKind;

typedef struct {
    ClusapidService *service;
    ClRequest *request;
    ClNdrValue *values;
    ClusapidRole role;
    gboolean may_wait;
    gboolean is_held; /* it is answered later */
    DWORD fault;      /* there is no answer but this code */
} ClusapidCall;

typedef DWORD (*ClusapidMethod)(ClusapidCall *call);

/* The methods of one family, a row each. */
typedef struct {
    guint opnum;
    ClusapidMethod function;
} ClusapidRow;

typedef struct {
    const ClusapidRow *rows;
    guint n_rows;
} ClusapidFamily;

#define CLUSAPID_FAMILY(name, rows) const ClusapidFamily name = {rows, G_N_ELEMENTS(rows)}

extern const ClusapidFamily clusapid_cluster_methods, clusapid_group_methods,
    clusapid_group_set_methods, clusapid_resource_methods, clusapid_resource_type_methods,
    clusapid_node_methods, clusapid_network_methods, clusapid_registry_methods,
    clusapid_batch_methods, clusapid_control_methods, clusapid_enum_methods,
    clusapid_notify_methods;

/* --- Handles ------------------------------------------------------------------------------------ */

/* The cluster with all that the client may do; ERROR_TIMEOUT while it has to be opened first and
 * the call may not wait. */
DWORD clusapid_cluster(ClusapidCall *call, HCLUSTER *ret_cluster);

/* What the cluster handle of a client was granted, of what it could be: GENERIC_READ or _ALL. */
DWORD clusapid_grant(ClusapidCall *call, DWORD wanted, DWORD *ret_granted);

/* What the handle in a parameter stands for, until the call is answered. NULL: it is none of the
 * @kind, and the call fails, whatever the function returns. */
gpointer clusapid_object(ClusapidCall *call, guint parameter, ClusapidKind kind);

/* Gives the client a handle, in a parameter; closes @object if it has too many. */
DWORD clusapid_give(ClusapidCall *call, guint parameter, ClusapidKind kind, gpointer object);

/* As clusapid_give() for what a function of the library opened, NULL being its last error. */
DWORD clusapid_opened(ClusapidCall *call, guint parameter, ClusapidKind kind, gpointer object);

/* Closes the handle in the first parameter. */
DWORD clusapid_close(ClusapidCall *call, ClusapidKind kind);

/* How a handle of that kind ends. */
GDestroyNotify clusapid_rundown(ClusapidKind kind);

/* --- Texts and bytes ---------------------------------------------------------------------------- */

/* A buffer for a text of any length. Begin with CLUSAPID_TEXT, which has room for most. */
typedef struct {
    LPWSTR text;
    DWORD room, size; /* in units; @size is for the library */
} ClusapidText;

#define CLUSAPID_TEXT clusapid_text_new()
ClusapidText clusapid_text_new(void);
void clusapid_text_clear(ClusapidText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClusapidText, clusapid_text_clear)

/* Whether @code is ERROR_MORE_DATA, for which those that were too small have more room now. */
gboolean clusapid_text_again(DWORD code, ClusapidText *texts, guint n_texts);

/* Its text goes into a value. */
void clusapid_text_give(ClusapidText *text, ClNdrValue *value);

LPWSTR clusapid_text_copy(LPCWSTR text);

/* The bytes of a value; NULL and 0 if it has none. Functions of the library that take what they do
 * not change do not always say so. */
gpointer clusapid_bytes(const ClNdrValue *value, DWORD *ret_size);

/* The texts of a MULTI_SZ of @size units, which need not end (transfer full). */
GPtrArray *clusapid_texts(LPCWSTR units, gsize size);

/* --- Methods without much to say ---------------------------------------------------------------- */

/* Of no version of a server that speaks 3.0, or without a meaning here. */
DWORD clusapid_refuse(ClusapidCall *call);

/* A function of one object. */
#define CLUSAPID_SIMPLE(method, kind, type, function)                                              \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        return object ? function(object) : ERROR_INVALID_HANDLE;                                   \
    }

/* Of one object and a text. */
#define CLUSAPID_WITH_TEXT(method, kind, type, function)                                           \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        return object ? function(object, call->values[1].text) : ERROR_INVALID_HANDLE;             \
    }

/* Of two objects. */
#define CLUSAPID_PAIR(method, kind, type, other_kind, other_type, function)                        \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        other_type other = object ? clusapid_object(call, 1, other_kind) : NULL;                   \
        return other ? function(object, other) : ERROR_INVALID_HANDLE;                             \
    }

/* Of one object, flags, and bytes. */
#define CLUSAPID_WITH_FLAGS(method, kind, type, function)                                          \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        DWORD size;                                                                                \
        PBYTE data = clusapid_bytes(&call->values[2], &size);                                      \
        return object ? function(object, (DWORD)call->values[1].number, data, size)                \
                      : ERROR_INVALID_HANDLE;                                                      \
    }

/* Opening for all access, and for that which is wanted. */
#define CLUSAPID_OPEN(method, method_ex, kind, type, function)                                     \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        HCLUSTER cluster;                                                                          \
        DWORD code = clusapid_cluster(call, &cluster);                                             \
        return code != ERROR_SUCCESS                                                               \
                   ? code                                                                          \
                   : clusapid_opened(call, 3, kind,                                                \
                                     function(cluster, call->values[0].text, GENERIC_ALL, NULL));  \
    }                                                                                              \
    static DWORD method_ex(ClusapidCall *call)                                                     \
    {                                                                                              \
        HCLUSTER cluster;                                                                          \
        DWORD granted = 0;                                                                         \
        DWORD code = clusapid_cluster(call, &cluster);                                             \
        if (code != ERROR_SUCCESS) {                                                               \
            return code;                                                                           \
        }                                                                                          \
        type object =                                                                              \
            function(cluster, call->values[0].text, (DWORD)call->values[1].number, &granted);      \
        code = clusapid_opened(call, 5, kind, object);                                             \
        call->values[2].number = code == ERROR_SUCCESS ? granted : 0;                              \
        return code;                                                                               \
    }

#define CLUSAPID_CLOSE(method, kind)                                                               \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        return clusapid_close(call, kind);                                                         \
    }

/* A state that is -1 for an error. */
#define CLUSAPID_STATE(method, kind, type, function)                                               \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        type object = clusapid_object(call, 0, kind);                                              \
        if (!object) {                                                                             \
            return ERROR_INVALID_HANDLE;                                                           \
        }                                                                                          \
        int state = (int)function(object);                                                         \
        if (state == -1 && GetLastError() != ERROR_SUCCESS) {                                      \
            return GetLastError();                                                                 \
        }                                                                                          \
        call->values[1].number = (DWORD)state;                                                     \
        return ERROR_SUCCESS;                                                                      \
    }

/* A text that a function gives. */
#define CLUSAPID_GET_TEXT(method, kind, type, function)                                            \
    static DWORD method(ClusapidCall *call)                                                        \
    {                                                                                              \
        g_auto(ClusapidText) text = CLUSAPID_TEXT;                                                 \
        type object = clusapid_object(call, 0, kind);                                              \
        DWORD code;                                                                                \
        if (object == NULL) {                                                                      \
            return ERROR_INVALID_HANDLE;                                                           \
        }                                                                                          \
        do {                                                                                       \
            code = function(object, text.text, &text.size);                                        \
        } while (clusapid_text_again(code, &text, 1));                                             \
        if (code == ERROR_SUCCESS) {                                                               \
            clusapid_text_give(&text, &call->values[1]);                                           \
        }                                                                                          \
        return code;                                                                               \
    }

/* A text that a control function gives. */
#define CLUSAPID_CONTROL_TEXT(method, kind, type, function, control)                               \
    static DWORD method##_text(type object, LPWSTR text, LPDWORD size)                             \
    {                                                                                              \
        DWORD bytes = 0;                                                                           \
        DWORD code =                                                                               \
            function(object, NULL, control, NULL, 0, text, *size * (DWORD)sizeof *text, &bytes);   \
        /* Without the NUL, as texts are measured elsewhere. */                                    \
        *size = bytes < sizeof *text ? 0 : bytes / (DWORD)sizeof *text - 1;                        \
        return code;                                                                               \
    }                                                                                              \
    CLUSAPID_GET_TEXT(method, kind, type, method##_text)

G_END_DECLS
