/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The events of a change: rows of the table "event", written in its transaction, with what
 * GetClusterNotifyV2 tells of them. The last CL_EVENTS_KEPT stay for those who are to read them.
 */
#pragma once

#include "change.h"
#include "event.h"

G_BEGIN_DECLS

#define CL_EVENTS_KEPT 65536

/* Adds an event. Texts may be NULL for "", @data NULL for none. */
gboolean cl_event_emit(ClChange *change, guint32 object_type, guint64 flag, const char *id,
                       const char *parent_id, const char *name, const char *type, GBytes *data,
                       GError **error);

/* Adds one of an object, with id, parent, name and type as it has them now: a group's parent is its
 * owner, a resource's its group, an interface's its node. */
gboolean cl_event_of(ClChange *change, ClKind kind, gint64 number, guint64 flag, GBytes *data,
                     GError **error);

/* The id of an object, "" if it has none (transfer full); NULL on failure. */
char *cl_event_id_of(ClChange *change, gint64 number, GError **error);

/* Forgets the oldest. */
gboolean cl_events_trim(ClChange *change, GError **error);

G_END_DECLS
