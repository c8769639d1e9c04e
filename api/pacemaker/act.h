/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The verbs of act(), each a function that checks on the model and edits the CIB; act.c finds it, has
 * the engine carry it out as one change, and does what is to follow. On the engine's thread, but for
 * tests. The objects exist and are of the right kinds and numbers when a verb begins.
 */
#pragma once

#include "controller.h"
#include "pacemaker.h"

G_BEGIN_DECLS

typedef struct {
    const ClAction *action;
    ClKind kind;
    const char *id;   /* of the object that acts; NULL: the cluster */
    const char *user; /* in whose name; NULL: the service's */
    gint64 now;       /* real time, in microseconds */

    /* Of each attempt. */
    xmlNode *cib;
    const ClPcmkModel *model;
    ClPcmkObject *object;  /* NULL: the cluster */
    ClPcmkObject **others; /* of action->others; NULL where that is */
    guint32 result;
    GPtrArray *requests; /* ClPcmkRequest, for the daemons, afterwards */
    GPtrArray *begun;    /* ids of what is there only until something has happened (move.h) */
} ClPcmkAct;

/* Each attempt begins so: finds the object, and those of the action. */
gboolean cl_pcmk_act_begin(ClPcmkAct *act, xmlNode *cib, const ClPcmkModel *model, GError **error);
void cl_pcmk_act_clear(ClPcmkAct *act);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClPcmkAct, cl_pcmk_act_clear)

/* The edit of a ClPcmkAct. */
gboolean cl_pcmk_act_edit(xmlNode *cib, const ClPcmkModel *model, gpointer act, GError **error);

typedef gboolean (*ClPcmkActFunction)(ClPcmkAct *act, GError **error);

/* act-group.c */
gboolean cl_pcmk_online_group(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_offline_group(ClPcmkAct *act, GError **error);

/* act-move.c */
gboolean cl_pcmk_move_group(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_cancel_move(ClPcmkAct *act, GError **error);

/* act-resource.c */
gboolean cl_pcmk_online_resource(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_offline_resource(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_fail_resource(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_restart_resource(ClPcmkAct *act, GError **error);

/* act-change-group.c */
gboolean cl_pcmk_change_group(ClPcmkAct *act, GError **error);

/* act-node.c */
gboolean cl_pcmk_pause(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_resume(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_evict(ClPcmkAct *act, GError **error);

/* act-owners.c */
gboolean cl_pcmk_set_preferred_owners(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_add_possible_owner(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_remove_possible_owner(ClPcmkAct *act, GError **error);

/* act-dependency.c: of resources and of groups; without the verb to add it, adding only checks */
gboolean cl_pcmk_add_dependency(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_remove_dependency(ClPcmkAct *act, GError **error);
gboolean cl_pcmk_set_dependency_expression(ClPcmkAct *act, GError **error);

/* remove.c */
gboolean cl_pcmk_destroy_group(ClPcmkAct *act, GError **error);

/* --- What several of them need: act-common.c -------------------------------------------------- */

gboolean cl_pcmk_check_flags(const ClPcmkAct *act, guint32 known, guint32 meant, GError **error);
/* What Ex functions tell resources is for Windows' own types; a type of these cannot be told. */
gboolean cl_pcmk_check_input(const ClPcmkAct *act, const GPtrArray *resources, GError **error);
gboolean cl_pcmk_check_idle(const ClPcmkGroup *group, GError **error);
gboolean cl_pcmk_check_managed(const ClPcmkGroup *group, GError **error);
gboolean cl_pcmk_check_node(const ClPcmkNode *node, GError **error);

gboolean cl_pcmk_is_pending(const ClPcmkResource *resource);
gboolean cl_pcmk_has_active(const ClPcmkGroup *group);
/* Whether the group's resources may all be there, and have not failed there for good. */
gboolean cl_pcmk_can_host(const ClPcmkGroup *group, const ClPcmkNode *node);
gboolean cl_pcmk_is_possible(const ClPcmkResource *resource, const ClPcmkNode *node);

/* The element of a group or resource in the CIB that is edited; NULL and an error if there is none. */
xmlNode *cl_pcmk_group_element(const ClPcmkAct *act, const ClPcmkGroup *group, GError **error);
xmlNode *cl_pcmk_resource_element(const ClPcmkAct *act, const ClPcmkResource *resource,
                                  GError **error);
/* The target-role of a group or of what is one, over whatever its resources say. */
void cl_pcmk_set_role(ClPcmkAct *act, xmlNode *element, const char *role);
/* Whether the ACLs let who acts ask for the requests; an edit's last step. */
gboolean cl_pcmk_check_requests(const ClPcmkAct *act, GError **error);
/* Whether the group can be on @node (NULL: anywhere) when it is to go online. */
gboolean cl_pcmk_check_place(const ClPcmkAct *act, const ClPcmkGroup *group, const ClPcmkNode *node,
                             GError **error);
/* Only what is in a <group>, or alone: not in a clone or bundle. */
gboolean cl_pcmk_check_plain(const ClPcmkGroup *group, GError **error);

/* What the daemons are to be asked after the change. */
ClPcmkRequest *cl_pcmk_request_new(const ClPcmkAct *act, ClPcmkWhat what, const ClPcmkNode *node,
                                   const ClPcmkResource *resource);
/* The resource's failures are forgotten, wherever there are any. */
void cl_pcmk_request_clean(ClPcmkAct *act, const ClPcmkResource *resource);
/* All that nodes know of a resource that is deleted, or has another id, is forgotten. */
void cl_pcmk_request_forget(ClPcmkAct *act, const ClPcmkResource *resource);

/* The group stays where it is by itself, against what it prefers. */
void cl_pcmk_hold(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element,
                  const ClPcmkNode *node);
/* From now on the group is wanted on @node (NULL: somewhere else), until it is there. */
void cl_pcmk_begin_move(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element,
                        const ClPcmkNode *node);
/* What goes online does so where it was moved while it was offline, if it was and can. */
void cl_pcmk_go_to_owner(ClPcmkAct *act, const ClPcmkGroup *group, xmlNode *element);
/* No longer; whether it was. */
gboolean cl_pcmk_drop_moves(ClPcmkAct *act, const ClPcmkGroup *group);
/* A rule's last child, by which it ends. */
void cl_pcmk_add_until(ClPcmkAct *act, xmlNode *rule);
/* Takes a group or primitive offline for a while: meta attributes with such a rule. Their id begins
 * with @prefix. */
void cl_pcmk_stop_for_now(ClPcmkAct *act, xmlNode *element, const char *prefix);

G_END_DECLS
