/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of act(), each a function that checks, changes and emits events within @change; act.c
 * finds it, lets the state machine go on afterwards and commits. The objects that are to act and
 * those in @others exist and are of the right kinds and numbers when a verb begins.
 */
#pragma once

#include "change.h"
#include "embedded.h"

G_BEGIN_DECLS

/* What a verb is given. */
typedef struct {
    ClChange *change;
    ClReader *reader; /* the change's */
    ClKind kind;
    gint64 number; /* of the object that acts; CL_SCHEMA_CLUSTER for the cluster */
    const ClAction *action;
    const gint64 *others; /* numbers of action->others; 0 is a NULL one */
    gsize n_others;
} ClAct;

/* @ret_result is ERROR_SUCCESS before. */
typedef gboolean (*ClActFunction)(const ClAct *act, guint32 *ret_result, GError **error);

/* act-group.c */
gboolean cl_act_online_group(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_offline_group(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_move(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_cancel(const ClAct *act, guint32 *ret_result, GError **error);

/* After the change was committed: waits until nothing goes on in the group, as long as @call may.
 * @ret_result: ERROR_SUCCESS when it is online, ERROR_RESOURCE_FAILED when it is not,
 * ERROR_IO_PENDING when it takes longer. */
gboolean cl_act_await_group(ClConnection *store, gint64 group, const ClCall *call,
                            guint32 *ret_result, GError **error);

/* act-resource.c */
gboolean cl_act_online_resource(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_offline_resource(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_fail(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_restart(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_change_group(const ClAct *act, guint32 *ret_result, GError **error);

/* act-node.c */
gboolean cl_act_pause(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_resume(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_evict(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_set_node_state(const ClAct *act, guint32 *ret_result, GError **error);

/* All nodes go down at once, so that nothing moves; what was to be online is so when they are back. */
gboolean cl_act_shut_down(ClChange *change, GError **error);

/* act-owners.c */
gboolean cl_act_set_preferred_owners(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_add_possible_owner(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_remove_possible_owner(const ClAct *act, guint32 *ret_result, GError **error);

/* act-dependency.c: of resources; act-group-set.c: of groups and group sets */
gboolean cl_act_add_dependency(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_remove_dependency(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_test_dependency(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_set_dependency_expression(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_add_group_dependency(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_remove_group_dependency(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_set_group_dependency_expression(const ClAct *act, guint32 *ret_result,
                                                GError **error);
gboolean cl_act_add_to_group_set(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_remove_from_group_set(const ClAct *act, guint32 *ret_result, GError **error);

/* Puts a new node into the lists of what can run there, or takes one that leaves out of them, and
 * tells of each list. */
gboolean cl_owners_add_node(ClChange *change, gint64 node, GError **error);
gboolean cl_owners_remove_node(ClChange *change, gint64 node, GError **error);

/* Tells a resource what depends on it by now. */
gboolean cl_dependents_emit(ClChange *change, gint64 provider, GError **error);

/* Before a group or a group set is deleted: takes it out of its set and out of all dependencies, and
 * tells those that remain. */
gboolean cl_group_relations_end(ClChange *change, ClKind kind, gint64 number, GError **error);

/* act-cluster.c */
gboolean cl_act_set_quorum(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_set_network_priority_order(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_upgrade(const ClAct *act, guint32 *ret_result, GError **error);
gboolean cl_act_sync_database(const ClAct *act, guint32 *ret_result, GError **error);

/* remove.c */
gboolean cl_act_destroy_group(const ClAct *act, guint32 *ret_result, GError **error);

/* These two are no changes of the file from within: backup.c. */
gboolean cl_embedded_back_up(ClConnection *store, const char *path, const ClCall *call,
                             GError **error);
gboolean cl_embedded_destroy(ClConnection *store, const ClCall *call, GError **error);

gboolean cl_embedded_act(ClConnection *store, const ClObject *object, const ClAction *action,
                         const ClCall *call, guint32 *ret_result, GError **error);

G_END_DECLS
