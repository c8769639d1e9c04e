/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers of a service on this host that need not be asked for again, as long as the number that it
 * shares (version-page.h) is what it was when they were asked for. With it goes all that is remembered.
 * Any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct ClMemory ClMemory;

/* For a service that answers at @socket; NULL: it shares no number, or somebody else does. */
ClMemory *cl_memory_open(const char *socket);
void cl_memory_free(ClMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClMemory, cl_memory_free)

/* To be taken before asking; 0: nothing can be remembered just now. */
guint64 cl_memory_version(const ClMemory *memory);

/* What is remembered of @key and so at that version (transfer full); NULL for nothing. */
GBytes *cl_memory_find(ClMemory *memory, guint64 version, GBytes *key);

/* What was asked for when the version was that. */
void cl_memory_keep(ClMemory *memory, guint64 version, GBytes *key, GBytes *answer);

G_END_DECLS
