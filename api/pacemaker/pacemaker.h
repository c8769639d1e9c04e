/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The back end's own objects, and its operations by file. All read one immutable model; what changes
 * goes through the engine. Any thread runs them.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

struct ClConnection {
    ClPcmkEngine *engine;
    ClAccess granted;
};

/* Follows its id; a key its path. */
struct ClObject {
    ClKind kind;
    char *id;   /* of a key what tells it from another of its path */
    char *path; /* of a key of the cluster database, else NULL */
};

/* The newest model, and in it what @object stands for (NULL for the cluster, whose kind @ret_found may
 * be asked for). Fails as gone. Transfer full. */
ClPcmkModel *cl_pcmk_look(ClConnection *connection, const ClObject *object,
                          const ClPcmkObject **ret_found, GError **error);
ClKind cl_pcmk_kind(const ClObject *object);

/* backend.c */
ClObject *cl_pcmk_object_new(const ClPcmkObject *found);
/* Whether the cluster was opened for changing it. */
gboolean cl_pcmk_check_access(const ClConnection *connection, GError **error);
/* In whose name the calling thread makes changes (transfer full); NULL: the service's. Looking a user up
 * may take long, so who may not wait is not told. */
gboolean cl_pcmk_caller(const ClCall *call, char **ret_user, GError **error);

/* query.c */
gboolean cl_pcmk_query(ClConnection *connection, const ClObject *object, guint32 facts,
                       const ClCall *call, ClFacts *ret_facts, GError **error);
/* What something depends on, by id: all of @providers (ClPcmkObject at the head of each). */
char *cl_pcmk_expression(const GPtrArray *providers);

/* enumerate.c */
gboolean cl_pcmk_enumerate(ClConnection *connection, const ClObject *object,
                           const ClEnumRequest *request, const ClCall *call, ClItems **ret_items,
                           GError **error);

/* properties.c, set-properties.c */
/* Whether objects of the kind have a common property of that name, read-only or not. */
gboolean cl_pcmk_property_exists(ClKind kind, const char *name, gboolean read_only);
/* One of the two common sets, of an object of @model (NULL: the cluster). Transfer full. */
GPtrArray *cl_pcmk_common_properties(const ClPcmkModel *model, const ClPcmkObject *object,
                                     ClPropertySet set);
gboolean cl_pcmk_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                            const ClCall *call, GPtrArray **ret_properties, GError **error);
gboolean cl_pcmk_set_properties(ClConnection *connection, const ClObject *object, ClPropertySet set,
                                const GPtrArray *properties, gboolean only_validate,
                                const ClCall *call, guint32 *ret_result, GError **error);

/* registry.c */
gboolean cl_pcmk_registry_open(ClConnection *connection, const char *path, ClAccess wanted,
                               const ClCall *call, ClObject **ret_key, ClAccess *ret_granted,
                               GError **error);
gboolean cl_pcmk_registry_query(ClConnection *connection, const ClObject *key, guint32 facts,
                                ClFacts *ret_facts, GError **error);
/* What changed in the cluster database, as events; as cl_pcmk_differences(). */
void cl_pcmk_registry_differences(const ClPcmkModel *before, const ClPcmkModel *after,
                                  ClNotify tell, gpointer data);
gboolean cl_pcmk_registry(ClConnection *connection, const ClObject *key, const ClRegistryWork *work,
                          const ClCall *call, GPtrArray **ret_replies, gint *ret_failed,
                          GError **error);
/* A key: create() and remove() of one. */
gboolean cl_pcmk_registry_create(ClConnection *connection, const ClNewObject *what,
                                 const ClCall *call, ClObject **ret_object, GError **error);
gboolean cl_pcmk_registry_remove(ClConnection *connection, const ClObject *key, const ClCall *call,
                                 GError **error);

/* act.c, create.c, remove.c, rename.c */
gboolean cl_pcmk_act(ClConnection *connection, const ClObject *object, const ClAction *action,
                     const ClCall *call, guint32 *ret_result, GError **error);
gboolean cl_pcmk_create(ClConnection *connection, const ClNewObject *what, const ClCall *call,
                        ClObject **ret_object, GError **error);
gboolean cl_pcmk_remove(ClConnection *connection, const ClObject *object, const ClCall *call,
                        GError **error);
gboolean cl_pcmk_rename(ClConnection *connection, const ClObject *object, const char *name,
                        const ClCall *call, guint32 *ret_result, GError **error);

/* watch.c */
gboolean cl_pcmk_subscribe(ClConnection *connection, const ClObject *object, guint32 object_type,
                           guint64 filter_flags, ClNotify notify, gpointer user_data,
                           const ClCall *call, ClSubscription **ret_subscription, GError **error);
void cl_pcmk_unsubscribe(ClConnection *connection, ClSubscription *subscription);

G_END_DECLS
