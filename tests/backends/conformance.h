/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the conformance suite share. Everything is for the one thread of its tests.
 */
#pragma once

#include "families.h"

/* The cluster that $CONFORMANCE_CLUSTER names. */
HCLUSTER open_cluster(DWORD desired);

/* @handle is NULL and the last error is @code. */
void assert_failed(gconstpointer handle, DWORD code);

/* That of the first object of a kind, of which there must be one (transfer full). */
WCHAR *first_name(HCLUSTER cluster, DWORD enum_bit);

/* Calls @check with a handle, for reading, of every object of every family. */
typedef void (*Check)(HCLUSTER cluster, const Family *family, gpointer handle, const char *name);
void each_object(Check check);

void add_enumerator_tests(void);
