/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Batches of registry commands as bytes ([MS-CMRP] 2.2.3.17): a version, and commands each with a
 * type, a name and data. They come from anybody: reading stays within them.
 */
#pragma once

#include <clusapi.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct {
    const guint8 *data;
    gsize size, at;
} ClusapidBatch;

typedef struct {
    DWORD command; /* CLUSREG_ */
    DWORD type;    /* of the value, or a status */
    LPWSTR name;   /* owned */
    const guint8 *data;
    DWORD size;
} ClusapidBatchCommand;

void clusapid_batch_command_clear(ClusapidBatchCommand *command);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClusapidBatchCommand, clusapid_batch_command_clear)

/* Begins to read; FALSE for another version. */
gboolean clusapid_batch_begin(ClusapidBatch *batch, GBytes *bytes);

/* Reads the next: ERROR_NO_MORE_ITEMS after the last, ERROR_INVALID_PARAMETER for what is none. */
DWORD clusapid_batch_next(ClusapidBatch *batch, ClusapidBatchCommand *command);

/* Begins to write, and adds a command; a @name that is NULL is empty. */
GByteArray *clusapid_batch_new(void);
void clusapid_batch_add(GByteArray *bytes, DWORD command, DWORD type, LPCWSTR name,
                        gconstpointer data, DWORD size);

G_END_DECLS
