/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions of the cluster database share: an open key, and work on it.
 */
#pragma once

#include "object.h"

G_BEGIN_DECLS

/* Does @work on a key with that access; replies are ClRegistryCommand (transfer full, may be NULL
 * to drop them). @ret_failed may be NULL. */
gboolean cl_key_work(HKEY key, ClAccess needed, const ClRegistryWork *work, GPtrArray **ret_replies,
                     gint *ret_failed, GError **error);

/* One command of a caller. */
gboolean cl_key_command(CLUSTER_REG_COMMAND command, const char *key, LPCWSTR value, DWORD type,
                        const void *data, DWORD size, ClRegistryCommand *ret_command,
                        GError **error);
void cl_key_command_clear(ClRegistryCommand *command);

G_END_DECLS
