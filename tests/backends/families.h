/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions of the API's families behind one shape, for tests that do the same with every kind
 * of object; and API text as UTF-8. Public functions alone. Everything but returned text is static.
 */
#pragma once

#include <clusapi.h>
#include <clusapi/linux.h>
#include <glib.h>

/* A kind of object that has a handle. */
typedef struct {
    const char *word;
    DWORD enum_bit;  /* of ClusterOpenEnum */
    DWORD object;    /* CLUS_OBJECT_ */
    DWORD not_found; /* what opening a missing one fails with */
    gpointer (*open)(HCLUSTER cluster, LPCWSTR name);
    gpointer (*open_ex)(HCLUSTER cluster, LPCWSTR name, DWORD desired, DWORD *granted);
    BOOL (*close)(gpointer handle);
    HCLUSTER (*cluster)(gpointer handle);
    DWORD(*control)
    (gpointer handle, HNODE host, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size,
     LPDWORD returned);
} Family;

#define N_FAMILIES 5
extern const Family families[N_FAMILIES];

/* An enumerator of names; @name is a resource type's, else NULL. */
typedef struct {
    const char *word;
    DWORD bits[9];   /* every bit that it knows, ended by 0 */
    gboolean strict; /* unknown bits are ERROR_INVALID_PARAMETER */
    gpointer (*open)(gpointer parent, LPCWSTR name, DWORD type);
    DWORD (*count)(gpointer handle);
    DWORD (*item)(gpointer handle, DWORD index, LPDWORD type, LPWSTR name, LPDWORD cch);
    DWORD (*close)(gpointer handle);
} Enumerator;

/* Of the cluster, then of the families in their order (an interface has none), then of types. */
extern const Enumerator cluster_enumerator, type_enumerator;
const Enumerator *family_enumerator(const Family *family);

/* UTF-8 to API text and back (transfer full). */
WCHAR *to_wide(const char *text);
char *to_utf8(const WCHAR *text);

/* The names that an enumerator gives for @bits (transfer full, char *), NULL with the last error. */
GPtrArray *enumerator_names(const Enumerator *enumerator, gpointer parent, LPCWSTR name,
                            DWORD bits);
