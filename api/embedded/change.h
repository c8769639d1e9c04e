/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One change of a cluster's file: a transaction that writes, with the events that it brings about.
 * What is due by then happens first. Everything or nothing of it is there afterwards, and when it
 * was committed it stays. Belongs to one thread.
 *
 * Use: begin; check and write through cl_change_reader() and cl_rows_run(); emit events; commit.
 * Freeing a change that was not committed undoes it.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

typedef struct ClChange ClChange;

/* ERROR_ACCESS_DENIED on a file that was opened for reading; ERROR_TIMEOUT when another writer does
 * not end in time; ERROR_DISK_FULL and so on. */
ClChange *cl_change_begin(ClConnection *store, const ClCall *call, GError **error);
gboolean cl_change_commit(ClChange *change, GError **error);
void cl_change_free(ClChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClChange, cl_change_free)

ClReader *cl_change_reader(ClChange *change);

/* When the change began, in microseconds of the boot-time clock. */
gint64 cl_change_boot_time(const ClChange *change);

/* When what is being done now happens: the same, but while the machine makes up for what was due
 * earlier; and as a FILETIME. */
gint64 cl_change_clock(const ClChange *change);
void cl_change_set_clock(ClChange *change, gint64 clock);
gint64 cl_change_time(const ClChange *change);

/* Must be called before the first change to the resources of a group, or to its place: at the end
 * the group's computed state is compared, and a change of it is an event. */
gboolean cl_change_touch_group(ClChange *change, gint64 group, GError **error);

/* The same by a resource of it. */
gboolean cl_change_touch_group_of(ClChange *change, gint64 resource, GError **error);

/* The same before the group's StatusInformation changes, of which @status is the value so far. */
void cl_change_touch_status(ClChange *change, gint64 group, guint32 status);

/* The boot-time clock in microseconds, and the id of this boot. */
gint64 cl_boot_time(void);
const char *cl_boot_id(void);

G_END_DECLS
