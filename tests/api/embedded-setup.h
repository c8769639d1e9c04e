/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A connection to the cluster of embedded-file.h for one test, and the operations of the back end
 * with less to say: codes in place of errors (0 for none), objects by name.
 */
#pragma once

#include "embedded-file.h"

#define BACKEND (&cl_backend_embedded)

typedef struct {
    EmbeddedFile *file;
    ClConnection *connection;
} Setup;

/* @sql changes the file first, unless it is NULL. */
Setup *setup_new(const char *sql);
void setup_free(Setup *setup);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Setup, setup_free)

guint try_open(Setup *setup, ClKind kind, const char *name, ClObject **ret_object);

/* NULL for the cluster. */
ClObject *open_object(Setup *setup, ClKind kind, const char *name);

guint try_query(Setup *setup, ClKind kind, const char *name, guint32 facts, ClFacts *ret_facts);
gint32 state_of(Setup *setup, ClKind kind, const char *name);
guint try_enumerate(Setup *setup, ClKind kind, const char *name, const ClEnumRequest *request,
                    ClItems **ret_items);

/* @expected has the names of the list with semicolons between. */
void check_names(Setup *setup, ClKind kind, const char *name, guint32 types, const char *expected);

GPtrArray *properties_of(Setup *setup, ClKind kind, const char *name, ClPropertySet set);
