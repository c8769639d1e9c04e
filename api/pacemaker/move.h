/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in the CIB only until something has happened: the location by which a group moves, what
 * takes a resource offline that is to restart, and a group that goes as soon as it is offline. Each
 * has a rule by which it means nothing any more after an hour, also if no service is left to remove it.
 *
 *   <rsc_location id="clusapi-move-GROUP" rsc="GROUP">      one or both of these rules
 *     <rule score="..."> #uname eq TARGET, or ne SOURCE; until </rule>
 *     <rule score="-INFINITY"> #uname eq SOURCE; until </rule>
 *   <meta_attributes id="clusapi-restart-RESOURCE">         of the primitive; target-role Stopped
 *   <meta_attributes id="clusapi-destroy-GROUP">            of the group or primitive; likewise
 *
 * A group that is offline has no place of its own in Pacemaker. Where it was moved meanwhile is kept in
 * a property set, CL_PCMK_OWNERS, one nvpair CL_PCMK_OWNER_PREFIX "GROUP" with the node's id each: there
 * it goes when it is taken online, and as soon as it runs anywhere the property goes.
 *
 * The service that made it removes it at once; if that one is gone another does, that of the DC's node
 * first.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

#define CL_PCMK_MOVE_PREFIX    "clusapi-move-"
#define CL_PCMK_RESTART_PREFIX "clusapi-restart-"
#define CL_PCMK_DESTROY_PREFIX "clusapi-destroy-"

#define CL_PCMK_OWNERS         "clusapi-owners"
#define CL_PCMK_OWNER_PREFIX   "clusapi-owner."

/* By the id of the group in the CIB: the id of the node, or NULL. */
const char *cl_pcmk_owner(const xmlNode *cib, const char *group);
/* In a CIB that is being edited; NULL: none. */
void cl_pcmk_owner_keep(xmlNode *cib, const char *group, const char *node);

/* Whether a location is there only for a move: ours, or one of Pacemaker's own commands. */
gboolean cl_pcmk_move_is(const xmlNode *location);

/* Where it leads to (a node's name), or NULL: away from where the group is. */
const char *cl_pcmk_move_target(const xmlNode *location);

/* All that there is, as elements of the tree (transfer container). */
GPtrArray *cl_pcmk_move_collect(const xmlNode *cib);

typedef enum {
    CL_PCMK_GOES_ON,
    CL_PCMK_STUCK,  /* nothing happens: not yet, or not at all */
    CL_PCMK_FAILED, /* or has failed before, which is to be forgotten */
    CL_PCMK_OVER
} ClPcmkVerdict;

/* How far one has come; @now in microseconds of real time. */
ClPcmkVerdict cl_pcmk_move_judge(const ClPcmkModel *model, const xmlNode *element, gint64 now);

/* What one is, and the next of the same id is not (transfer full). */
char *cl_pcmk_move_key(const xmlNode *element);

/* Editing a CIB: what has happened by @now (microseconds of real time) as far as @model shows. What is
 * still to happen stays. */
typedef struct {
    gint64 now;
    gboolean patient;        /* what does not get on stays too */
    const char *const *keys; /* of those that it is for; NULL: all */
    GPtrArray *requests;     /* ClPcmkRequest, for the daemons, afterwards; the caller's to unref */
} ClPcmkTidying;
gboolean cl_pcmk_move_tidy(xmlNode *cib, const ClPcmkModel *model, gpointer tidying,
                           GError **error);

/* --- move-watch.c ----------------------------------------------------------------------------- */

/* Begins to watch, once for a process, with its first connection; ends, if it did, with the last. */
void cl_pcmk_move_begin(ClPcmkEngine *engine);
void cl_pcmk_move_end(ClPcmkEngine *engine);

/* What this process puts there, by its key, it looks after first; or it has not put it there after
 * all. Any thread. */
void cl_pcmk_move_own(const char *key, gboolean owns);

G_END_DECLS
