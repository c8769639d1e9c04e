/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The operations of the embedded back end, one file each, and what they share. A ClObject belongs
 * to the layer above between open() and close() and never changes.
 */
#pragma once

#include "change.h"
#include "store.h"

G_BEGIN_DECLS

struct ClObject {
    ClKind kind;
    gint64
        number; /* object.number, never used for another object; of a key cl_registry_identity() */
    char *path; /* of a key, from the root */
};

/* The kind and number of @object, NULL being the cluster. */
ClKind cl_embedded_kind(const ClObject *object);
gint64 cl_embedded_number(const ClObject *object);

/* Sets the kind's ..._NOT_AVAILABLE; returns FALSE. */
gboolean cl_embedded_fail_gone(ClKind kind, GError **error);

/* Fails so if the object is no longer there. */
gboolean cl_embedded_check_exists(ClReader *reader, ClKind kind, gint64 number, GError **error);

/* Finds an object by name or id; the kind's ..._NOT_FOUND if there is none. */
gboolean cl_embedded_find(ClReader *reader, ClKind kind, const char *name, gint64 *ret_number,
                          GError **error);

/* The node that answers: the configured one, this host, or else one that is up. */
gboolean cl_embedded_local_node(ClReader *reader, gint64 *ret_number, GError **error);

/* A state as the header numbers it, with the owner's name (and of a resource its group's). */
gboolean cl_state_read(ClReader *reader, ClKind kind, gint64 number, gint32 *ret_state,
                       char **ret_owner_node, char **ret_owner_group, GError **error);

/* Of what a resource, group or group set depends on, its dependency_expression. */
gboolean cl_dependency_expression(ClReader *reader, gint64 number, ClFacts *facts, GError **error);

/* A set of properties of one object. */
gboolean cl_properties_read(ClReader *reader, ClKind kind, gint64 number, ClPropertySet set,
                            GPtrArray **ret_properties, GError **error);

/* The private properties that are stored with the object itself. */
gboolean cl_properties_read_own(ClReader *reader, gint64 number, GPtrArray **ret_properties,
                                GError **error);

/* Checks and sets a set of properties, and tells of it, within a change. */
gboolean cl_properties_set(ClChange *change, ClKind kind, gint64 number, ClPropertySet set,
                           const GPtrArray *properties, guint32 *ret_result, GError **error);

/* Deletes a private property, and tells of it if it was there. */
gboolean cl_properties_unset(ClChange *change, ClKind kind, gint64 number, const char *name,
                             gboolean *ret_was_there, GError **error);

gboolean cl_embedded_query(ClConnection *store, const ClObject *object, guint32 facts,
                           const ClCall *call, ClFacts *ret_facts, GError **error);
gboolean cl_embedded_properties(ClConnection *store, const ClObject *object, ClPropertySet set,
                                const ClCall *call, GPtrArray **ret_properties, GError **error);
gboolean cl_embedded_enumerate(ClConnection *store, const ClObject *object,
                               const ClEnumRequest *request, const ClCall *call,
                               ClItems **ret_items, GError **error);
gboolean cl_embedded_control(ClConnection *store, const ClObject *object, const ClControl *control,
                             const ClCall *call, GBytes **ret_out, gsize *ret_needed,
                             guint32 *ret_result, GError **error);
gboolean cl_embedded_create_object(ClConnection *store, const ClNewObject *what, const ClCall *call,
                                   ClObject **ret_object, GError **error);
gboolean cl_embedded_remove(ClConnection *store, const ClObject *object, const ClCall *call,
                            GError **error);
gboolean cl_embedded_rename(ClConnection *store, const ClObject *object, const char *name,
                            const ClCall *call, guint32 *ret_result, GError **error);
gboolean cl_embedded_set_properties(ClConnection *store, const ClObject *object, ClPropertySet set,
                                    const GPtrArray *properties, gboolean only_validate,
                                    const ClCall *call, guint32 *ret_result, GError **error);
gboolean cl_embedded_subscribe(ClConnection *store, const ClObject *object, guint32 object_type,
                               guint64 filter_flags, ClNotify notify, gpointer user_data,
                               const ClCall *call, ClSubscription **ret_subscription,
                               GError **error);
void cl_embedded_unsubscribe(ClConnection *store, ClSubscription *subscription);
gboolean cl_embedded_mark(ClConnection *store, ClMarked done, gpointer user_data,
                          const ClCall *call, GError **error);
gboolean cl_embedded_form(const ClTarget *target, const ClNewCluster *what, const ClCall *call,
                          GError **error);

G_END_DECLS
