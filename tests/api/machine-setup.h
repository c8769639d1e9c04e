/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A cluster from a definition for tests of what changes it, at backend.h: verbs by name, codes in
 * place of errors, and a look into the file. One thread.
 */
#pragma once

#include "embedded-file.h"
#include "fixture.h"

#define BACKEND (&cl_backend_embedded)

typedef struct {
    Fixture *fixture;
    ClConnection *connection;
} Acting;

Acting *acting_new(const char *definition);
/* Another connection to the same file. */
Acting *acting_again(const Acting *acting);
void acting_free(Acting *acting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acting, acting_free)

/* The error's code, or else the operation's result. @other: the one in action.others, or NULL. */
guint act_with(Acting *acting, ClKind kind, const char *name, ClAction action, ClKind other_kind,
               const char *other);
guint act(Acting *acting, ClKind kind, const char *name, ClVerb verb);

guint online_group(Acting *acting, const char *name);
guint offline_group(Acting *acting, const char *name);
guint online(Acting *acting, const char *name);
guint offline(Acting *acting, const char *name);
/* @node NULL: the best. */
guint move(Acting *acting, const char *name, const char *node, guint32 flags);
guint set_node(Acting *acting, const char *name, CLUSTER_NODE_STATE state);
guint drain(Acting *acting, const char *name, const char *target, guint32 flags);
guint resume(Acting *acting, const char *name, guint type);

gint32 state_now(Acting *acting, ClKind kind, const char *name);
void check_resource(Acting *acting, const char *name, gint32 state);
void check_group(Acting *acting, const char *name, gint32 state, const char *owner);
/* Waits up to two seconds for the state. */
void await_resource(Acting *acting, const char *name, gint32 state);
void await_group(Acting *acting, const char *name, gint32 state, const char *owner);

/* The first column of the first row, -1 if there is none. */
gint64 look(Acting *acting, const char *sql);
void change(Acting *acting, const char *sql);
/* Sets a common number. */
void set_number(Acting *acting, const char *object, const char *property, guint number);
/* The same, as programs do it (@name NULL: of the cluster), and what it is (@set CL_PROPERTIES_...):
 * the code, and the number, which must be there. */
guint set_common(Acting *acting, ClKind kind, const char *name, const char *property, guint number);
guint64 number_of(Acting *acting, ClKind kind, const char *name, ClPropertySet set,
                  const char *property);
/* How many events of the object there are. */
gint64 count_events(Acting *acting, const char *object, guint32 object_type, guint64 flag);
