/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lines of `events` files: what a notification says, as text.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* A notification, in UTF-8. */
typedef struct {
    DWORD object_type; /* CLUSTER_OBJECT_TYPE */
    guint64 flag;      /* one CLUSTER_CHANGE_..._V2 */
    const char *id, *parent, *name, *type;
    const BYTE *data;
    gsize size;
    HCLUSTER cluster; /* to ask for names */
} FsEvent;

/* TIME, kind, change, name, value, each after a tab, with a newline (transfer full). Names are
 * escaped as in file names. May ask the cluster, within a second. */
char *fs_event_line(const FsEvent *event);

/* The text that is the event's data, appended to @out; FALSE if it is none. */
gboolean fs_event_text(const FsEvent *event, GString *out);

/* What its object is known by: its id, but of a resource type the name. */
const char *fs_event_id(const FsEvent *event);

/* The id of the group whose events it belongs to besides its object's (transfer full); empty if there
 * is none. */
char *fs_event_group(const FsEvent *event);

/* The key of what the file @name of the object with that id says (transfer full), for pollers. */
char *fs_event_key(const char *id, const char *name);

/* The keys of what it changes (transfer full); NULL if that may be everything. May ask the cluster,
 * within a second. */
GPtrArray *fs_event_keys(const FsEvent *event);

/* Whether its object is gone; then also which kind it was of. */
gboolean fs_event_deletes(const FsEvent *event, FsKind *ret_kind);

G_END_DECLS
