/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cluster database: keys and values. A key is known by its path from the root, with backslashes;
 * the root is "". Some keys are there without being stored: those of objects, KIND\ID, what holds
 * them, and their Parameters, whose values are the object's private properties. They are stored as
 * soon as something is to be kept at or below them, and go with the object.
 */
#pragma once

#include "change.h"
#include "embedded.h"
#include "registry-reply.h"

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

/* --- registry-place.c: where a path leads ------------------------------------------------------ */

typedef enum {
    CL_PLACE_PLAIN,
    CL_PLACE_ROOT,      /* its values include CL_REGISTRY_INSTANCE */
    CL_PLACE_KIND,      /* holds the keys of all objects of a kind, and nothing else */
    CL_PLACE_OBJECT,    /* its values include the common properties */
    CL_PLACE_PARAMETERS /* its values are the private properties; at the root the cluster's */
} ClPlaceType;

#define CL_REGISTRY_PARAMETERS "Parameters"
#define CL_REGISTRY_INSTANCE   "ClusterInstanceID"

/* The kind whose objects have their keys below that key of the root; @ret_name is its name as the
 * key has it, a constant. */
gboolean cl_registry_find_kind(const char *name, ClKind *ret_kind, const char **ret_name);

typedef struct {
    ClPlaceType type;
    ClKind kind;    /* but of the root and plain keys */
    gint64 object;  /* its number */
    gint64 stored;  /* the number of its row, 0 while it has none */
    gint64 nearest; /* that of the nearest key at or above that has one */
} ClPlace;

/* ERROR_FILE_NOT_FOUND if there is no such key. @ret_path is the path with the names as the keys
 * have them (transfer full); may be NULL. */
gboolean cl_registry_find(ClReader *reader, const char *path, ClPlace *ret_place, char **ret_path,
                          GError **error);

/* What the key at a place is told by from another that was there before. */
gint64 cl_registry_identity(const ClPlace *place);

/* The place of an open key, NULL being the root; ERROR_KEY_DELETED if it is gone. */
gboolean cl_registry_find_open(ClReader *reader, const ClObject *key, ClPlace *ret_place,
                               GError **error);

/* The same with a row, with all above it: makes keys that are missing and tells of them. */
gboolean cl_registry_make(ClChange *change, const char *path, ClPlace *ret_place, GError **error);

/* Adds, as replies, the keys below a place that are there without being stored. */
gboolean cl_registry_object_keys(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                 GError **error);

/* --- registry-key.c ---------------------------------------------------------------------------- */

/* Deletes a key with all below; one that is not there is no error. */
gboolean cl_registry_delete_tree(ClChange *change, const char *path, GError **error);

/* A change in the key at @path, for those who watch; @what is a value's name or NULL. */
gboolean cl_registry_emit(ClChange *change, const char *path, guint64 flag, const char *what,
                          GError **error);

/* --- registry-object.c: what an object's keys show of it --------------------------------------- */

/* Adds, as replies, the values that are there without being stored. */
gboolean cl_registry_object_values(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                   GError **error);

/* Sets or deletes the property that a value of Parameters is. */
gboolean cl_registry_set_property(ClChange *change, const ClPlace *place,
                                  const ClRegistryCommand *command, GError **error);
gboolean cl_registry_unset_property(ClChange *change, const ClPlace *place, const char *name,
                                    gboolean *ret_was_there, GError **error);

/* --- registry-value.c -------------------------------------------------------------------------- */

/* A value; @ret_data NULL if there is none (transfer full). */
gboolean cl_registry_read_value(ClReader *reader, const ClPlace *place, const char *name,
                                guint32 *ret_type, GBytes **ret_data, GError **error);
/* All of them, or all subkeys, in the order of their names, as replies. */
gboolean cl_registry_list_values(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                                 GError **error);
gboolean cl_registry_list_keys(ClReader *reader, const ClPlace *place, GPtrArray *replies,
                               GError **error);
/* They emit. The key must be there; a value that is not there is no error. */
gboolean cl_registry_set_value(ClChange *change, const char *path, const ClRegistryCommand *command,
                               GError **error);
gboolean cl_registry_delete_value(ClChange *change, const char *path, const char *name,
                                  GError **error);

/* --- registry-security.c ----------------------------------------------------------------------- */

/* The descriptor of a key, or else of the nearest above that has one (transfer full). */
gboolean cl_registry_get_security(ClReader *reader, const ClPlace *place, GBytes **ret_security,
                                  GError **error);
/* Sets the @parts of it, a SECURITY_INFORMATION. */
gboolean cl_registry_set_security(ClChange *change, const char *path, GBytes *security,
                                  guint32 parts, GError **error);

/* --- registry-command.c ------------------------------------------------------------------------ */

/* The commands of a batch as the data of an event, and back (transfer full); the latter trusts
 * nothing, and is NULL for what is none. */
GBytes *cl_registry_commands_encode(const GPtrArray *commands);
GPtrArray *cl_registry_commands_decode(GBytes *data);

G_END_DECLS
