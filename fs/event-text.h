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
} FsEvent;

/* TIME, kind, change, name, value, each after a tab, with a newline (transfer full). Names are
 * escaped as in file names. */
char *fs_event_line(const FsEvent *event);

/* The text that is the event's data, appended to @out; FALSE if it is none. */
gboolean fs_event_text(const FsEvent *event, GString *out);

/* What its object is known by: its id, but of a resource type the name. */
const char *fs_event_id(const FsEvent *event);

/* Whether it changes what `state` or `owner` of its object say. */
gboolean fs_event_changes_state(const FsEvent *event);

/* Whether its object is gone; then also which kind it was of. */
gboolean fs_event_deletes(const FsEvent *event, FsKind *ret_kind);

G_END_DECLS
