/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database: keys and values. A key is known by its path from the root, with backslashes;
 * the root is "". Of each object of the cluster there is a key KIND\ID, also while nothing is stored
 * under it.
 */
#pragma once

#include "change.h"
#include "embedded.h"

G_BEGIN_DECLS

gboolean cl_registry_open(ClConnection *store, const char *path, ClAccess wanted,
                          const ClCall *call, ClObject **ret_object, ClAccess *ret_granted,
                          GError **error);
gboolean cl_registry_create_key(ClConnection *store, const ClNewObject *what, const ClCall *call,
                                ClObject **ret_object, GError **error);
gboolean cl_registry_remove_key(ClConnection *store, const ClObject *key, const ClCall *call,
                                GError **error);
gboolean cl_registry_query(ClReader *reader, const ClObject *key, guint32 facts, ClFacts *ret_facts,
                           GError **error);
gboolean cl_embedded_registry(ClConnection *store, const ClObject *key, const ClRegistryWork *work,
                              const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                              GError **error);

/* registry-key.c: finding and making keys by their paths. */

/* What no stored key has as its number. */
#define CL_REGISTRY_VIRTUAL 0

/* The number of a key; CL_REGISTRY_VIRTUAL for one that is there without being stored;
 * ERROR_FILE_NOT_FOUND if there is none. */
gboolean cl_registry_find(ClReader *reader, const char *path, gint64 *ret_number, GError **error);

/* That of an open key, NULL being the root; ERROR_KEY_DELETED if it is gone. */
gboolean cl_registry_find_open(ClReader *reader, const ClObject *key, gint64 *ret_number,
                               GError **error);

ClReader *cl_registry_borrow(ClConnection *store, const ClCall *call, GError **error);

/* The same, made with all above it if it is not stored; @ret_made tells whether it was not there at
 * all before. Tells of keys that are new. */
gboolean cl_registry_make(ClChange *change, const char *path, gint64 *ret_number,
                          gboolean *ret_made, GError **error);

/* Deletes a key with all below; one that is not there is no error. */
gboolean cl_registry_delete_tree(ClChange *change, const char *path, GError **error);

/* @path and what lies below it at @sub (transfer full). ERROR_INVALID_PARAMETER for what is no
 * path. */
gboolean cl_registry_join(const char *path, const char *sub, char **ret_path, GError **error);

/* A change in the key at @path, for those who watch; @what is a value's name or NULL. */
gboolean cl_registry_emit(ClChange *change, const char *path, guint64 flag, const char *what,
                          GError **error);

void cl_registry_command_free(gpointer command);

/* The commands of a batch as the data of an event, and back (transfer full); the latter trusts
 * nothing, and is NULL for what is none. */
GBytes *cl_registry_commands_encode(const ClRegistryCommand *commands, gsize n);
GPtrArray *cl_registry_commands_decode(GBytes *data);

G_END_DECLS
