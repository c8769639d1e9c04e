/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is due happens when somebody looks: nobody has to be running for a state to be right.
 */
#pragma once

#include "store.h"

G_BEGIN_DECLS

/* As cl_store_borrow(), after what is due has been committed. A call that may not wait gets
 * ERROR_TIMEOUT when something is due. Who may not write the file sees it as it is stored. */
ClReader *cl_settled_borrow(ClConnection *store, const ClCall *call, GError **error);

/* The boot-time clock at which something is due next, G_MAXINT64 for never. */
gboolean cl_settle_due(ClReader *reader, gint64 *ret_due, GError **error);

/* Commits what is due now, if anything is. */
gboolean cl_settle(ClConnection *store, const ClCall *call, GError **error);

G_END_DECLS
