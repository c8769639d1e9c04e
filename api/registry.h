/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the functions of the cluster database share: work on an open key, commands of a caller, and
 * handles of lists of commands.
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

/* A handle from which @commands (transfer full) are read one after the other. */
gpointer cl_commands_publish(ClCluster *cluster, ClHandleType type, GPtrArray *commands,
                             GError **error);

/* A command as a caller sees it; all of it lives as long as the list. */
typedef struct {
    const ClRegistryCommand *command;
    LPCWSTR key, value;
    const BYTE *data;
    DWORD size;
} ClListed;

/* The next one. ERROR_SUCCESS, ERROR_NO_MORE_ITEMS or ERROR_INVALID_HANDLE. */
DWORD cl_commands_next(ClHandleType type, gconstpointer handle, ClListed *ret_listed);

/* A batch port is being closed: whoever waits at it stops waiting. */
void cl_batch_port_closing(ClChild *child);

G_END_DECLS
