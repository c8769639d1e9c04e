/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands on the cluster database as the bytes of a CLUSTER_REG_BATCH_UPDATE ([MS-CMRP] 2.2.3.17).
 * On the wire the commands on values act at a cursor, which the
 * others move; in memory each names its key.
 */
#pragma once

#include "backend.h"

G_BEGIN_DECLS

/* Commands that change something, or are conditions. ERROR_CALL_NOT_IMPLEMENTED for one that the
 * wire has not. */
gboolean cl_batch_encode(const ClRegistryCommand *commands, gsize n_commands, GBytes **ret_bytes,
                         GError **error);

/* The values that CLUSREG_READ_VALUE commands name. */
GBytes *cl_batch_encode_reads(const ClRegistryCommand *commands, gsize n_commands);

/* The ClRegistryCommand of a batch, or of replies, with their keys, but without the CLUSREG_READ_KEY that only
 * move the cursor (transfer full). Bytes of a peer: RPC_X_BAD_STUB_DATA for what is none, or holds
 * a command on a value where there is no key. */
gboolean cl_batch_decode(gconstpointer bytes, gsize size, GPtrArray **ret_commands, GError **error);

/* A new list of commands that owns them. */
GPtrArray *cl_batch_commands_new(void);

G_END_DECLS
