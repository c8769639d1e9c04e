/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the state machine share. A ClMachineGroup is one group in memory with what is
 * going on in it; whoever changes it changes the file with it, within the same change.
 */
#pragma once

#include "change.h"
#include "machine.h"

G_BEGIN_DECLS

/* Bits of resource.wanted_flags beside those of the API. */
#define CL_WANT_AGAIN    0x80000000u /* offline, and then what is persistent */
#define CL_WANT_RECOVERY 0x40000000u /* online, and then those who depend on it, too */
#define CL_WANT_ANYWHERE 0x20000000u /* online, beside groups that its own avoids, too */

/* Bits of resource_group.move_flags beside those of the API. */
#define CL_MOVE_DRAIN    0x80000000u /* its node is being drained */
#define CL_MOVE_FAILOVER 0x40000000u /* nobody asked for it */

/* What a row of "transition" means for a resource. On one that is neither pending nor failed it
 * only says when to look again. */
typedef enum {
    CL_ROW_NONE = -1,
    CL_ROW_WELL = 0,   /* pending: ends well; failed: restarts */
    CL_ROW_FAILING = 1 /* pending: fails; failed: is tried again much later; else: its group has
                          waited long enough for those that it depends on */
} ClMachineRow;

typedef struct {
    gint64 number;
    gint32 state;
    gint32 wanted; /* ClusterResourceOnline or -Offline, 0: nothing */
    guint32 wanted_flags;
    guint32 last_status;
    gboolean persistent;
    ClMachineRow row;
    gboolean possible;  /* its group's owner is one of its possible owners */
    gboolean is_quorum; /* may be online on a paused node */
} ClMachineResource;

/* One provider of a clause; indexes into the resources. */
typedef struct {
    guint dependent, provider;
    gint64 clause;
} ClMachineLink;

typedef struct {
    ClChange *change;
    GHashTable *attempted; /* numbers of resources begun in this advance; borrowed, may be NULL */
    gint64 number;
    gint64 owner;
    gint32 owner_state;
    guint32 flags;      /* CLUS_FLAGS */
    guint32 status;     /* CLUSGRP_STATUS_ */
    gint64 move_to;     /* 0: does not move */
    gint64 move_from;   /* 0: nowhere; kept until what arrived has settled */
    guint32 move_flags; /* of the move */
    GArray *resources;  /* ClMachineResource */
    GArray *links;      /* ClMachineLink, by dependent, clause */
    gboolean waits_for_groups;
    gboolean shut_out;   /* by a group that this one avoids */
    gboolean progressed; /* something was done; whoever loops resets it */
} ClMachineGroup;

/* --- machine-group.c: the group in memory ----------------------------------------------------- */

gboolean cl_machine_group_load(ClChange *change, gint64 number, ClMachineGroup *group,
                               GError **error);
/* Reads it again, after what changed more than one resource. */
gboolean cl_machine_group_reload(ClMachineGroup *group, GError **error);
void cl_machine_group_clear(ClMachineGroup *group);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ClMachineGroup, cl_machine_group_clear)

guint cl_machine_count(const ClMachineGroup *group);
ClMachineResource *cl_machine_at(const ClMachineGroup *group, guint index);
/* The index of a resource of the group; NULL-safe FALSE if it is none. */
gboolean cl_machine_index(const ClMachineGroup *group, gint64 resource, guint *ret_index);

gboolean cl_machine_is_pending(const ClMachineResource *resource);
/* Online or pending. */
gboolean cl_machine_is_active(const ClMachineResource *resource);
gboolean cl_machine_has_active(const ClMachineGroup *group);
/* Something is on its way by itself: pending, wanted, about to restart, moving. */
gboolean cl_machine_is_busy(const ClMachineGroup *group);
/* It moves, and does not only wait for its turn. */
gboolean cl_machine_is_moving(const ClMachineGroup *group);
gboolean cl_machine_is_queued(const ClMachineGroup *group);

/* @wanted 0: nothing any more. */
gboolean cl_machine_want(ClMachineGroup *group, ClMachineResource *resource, gint32 wanted,
                         guint32 flags, GError **error);
/* Ends its row in "transition", too. */
gboolean cl_machine_put_state(ClMachineGroup *group, ClMachineResource *resource, gint32 state,
                              GError **error);
gboolean cl_machine_put_last_status(ClMachineGroup *group, ClMachineResource *resource,
                                    guint32 status, GError **error);
/* In @delay_ms from now; in no case now. */
gboolean cl_machine_put_row(ClMachineGroup *group, ClMachineResource *resource, ClMachineRow row,
                            guint64 delay_ms, GError **error);
gboolean cl_machine_drop_row(ClMachineGroup *group, ClMachineResource *resource, GError **error);
gboolean cl_machine_put_status(ClMachineGroup *group, guint32 status, GError **error);
gboolean cl_machine_put_persistent(ClMachineGroup *group, ClMachineResource *resource,
                                   gboolean persistent, GError **error);

/* --- machine-start.c: beginning and ending what is pending ------------------------------------ */

gboolean cl_machine_begin_online(ClMachineGroup *group, ClMachineResource *resource,
                                 GError **error);
gboolean cl_machine_begin_offline(ClMachineGroup *group, ClMachineResource *resource,
                                  GError **error);
/* An attempt has ended so, with the code that it gave. */
gboolean cl_machine_end(ClMachineGroup *group, ClMachineResource *resource, gint32 state,
                        guint32 status, GError **error);
/* What its row in "transition" was waiting for has come. */
gboolean cl_machine_complete(ClMachineGroup *group, ClMachineResource *resource, GError **error);

/* --- machine-fail.c --------------------------------------------------------------------------- */

/* Makes it failed, and does what its restart policy says. */
gboolean cl_machine_fail(ClMachineGroup *group, ClMachineResource *resource, guint32 code,
                         GError **error);

/* After its RestartDelay it is begun again. */
gboolean cl_machine_restart_later(ClMachineGroup *group, ClMachineResource *resource,
                                  GError **error);

/* --- machine-step.c: what the dependencies demand --------------------------------------------- */

/* Wants a resource online, and of each of its clauses one. */
gboolean cl_machine_request_online(ClMachineGroup *group, ClMachineResource *resource,
                                   guint32 flags, GError **error);
/* Wants all online that are persistently so; @flags: CL_WANT_ANYWHERE or none. */
gboolean cl_machine_restore(ClMachineGroup *group, guint32 flags, GError **error);
/* Goes on with the group as far as it goes; group->progressed tells whether anything was done. */
gboolean cl_machine_step(ClMachineGroup *group, GError **error);

/* --- machine-move.c --------------------------------------------------------------------------- */

/* @queued: it begins as soon as it may. */
gboolean cl_machine_begin_move(ClMachineGroup *group, gint64 to, guint32 flags, gboolean queued,
                               GError **error);
gboolean cl_machine_cancel_move(ClMachineGroup *group, GError **error);
/* Its destination, which counts as down already, will be no more: it goes elsewhere, or stays. */
gboolean cl_machine_redirect_move(ClMachineGroup *group, GError **error);
/* @moves: from being moved, too. */
gboolean cl_machine_is_locked(ClMachineGroup *group, gboolean moves, gboolean *ret_locked,
                              GError **error);
/* What a move demands of the resources, and its end. */
gboolean cl_machine_step_move(ClMachineGroup *group, GError **error);
/* The group, of which nothing is active, is at @to from now on. */
gboolean cl_machine_arrive(ClMachineGroup *group, gint64 to, guint32 flags, GError **error);

/* --- machine-wait.c --------------------------------------------------------------------------- */

/* Where what waits cannot run, the group goes to where it can. */
gboolean cl_machine_step_waiting(ClMachineGroup *group, GError **error);
/* Nothing more is wanted of a group that waits for others. */
gboolean cl_machine_stop_waiting(ClMachineGroup *group, GError **error);
/* What it waits for, in its StatusInformation; and that somebody looks when that was long enough. */
gboolean cl_machine_show_waiting(ClMachineGroup *group, GError **error);
/* A resource without a row in "transition", or NULL. */
ClMachineResource *cl_machine_free_row(const ClMachineGroup *group);

/* --- machine-place.c: which node -------------------------------------------------------------- */

typedef enum {
    CL_PLACE_BEST, /* the first of the preferred owners, then the others */
    CL_PLACE_NEXT, /* the next after the owner */
    CL_PLACE_LAND, /* any that runs, even if nothing can be online there */
    CL_PLACE_ANYWHERE,
    CL_PLACE_BEST_BESIDE_ANY /* as the first, strictness about anti-affinity apart */
} ClMachinePlace;

/* The node that the group should go to from @owner; 0 if there is none. */
gboolean cl_machine_find_node(ClChange *change, gint64 group, gint64 owner, ClMachinePlace place,
                              gint64 *ret_node, GError **error);
/* Whether the node is one of the possible owners of every resource. */
gboolean cl_machine_can_host(ClChange *change, gint64 group, gint64 node, gboolean *ret_can,
                             GError **error);
gboolean cl_machine_node_state(ClChange *change, gint64 node, gint32 *ret_state, GError **error);
/* Whether the groups that this one depends on are not all online. */
gboolean cl_machine_waits_for_groups(ClChange *change, gint64 group, gboolean *ret_waits,
                                     GError **error);
/* Whether the group's list of preferred owners puts @node before @other. */
gboolean cl_machine_prefers(ClChange *change, gint64 group, gint64 node, gint64 other,
                            gboolean *ret_prefers, GError **error);
/* Milliseconds until the group may fail back; 0: now. */
gboolean cl_machine_failback_wait(ClChange *change, gint64 group, guint64 *ret_ms, GError **error);

/* --- machine-affinity.c ----------------------------------------------------------------------- */

/* Whether the node has, or is to have, another group running that shall not be where this one is. */
gboolean cl_machine_has_conflict(ClChange *change, gint64 group, gint64 node,
                                 gboolean *ret_conflict, GError **error);
/* Whether the cluster is strict about that. */
gboolean cl_machine_enforces_affinity(ClChange *change, gboolean *ret_enforces, GError **error);
/* Whether that keeps the group from going to the node for good, or from running there now. */
gboolean cl_machine_is_barred(ClChange *change, gint64 group, gint64 node, gboolean *ret_barred,
                              GError **error);
gboolean cl_machine_is_shut_out(ClChange *change, gint64 group, gint64 node, gboolean *ret_shut_out,
                                GError **error);

/* --- machine-property.c ----------------------------------------------------------------------- */

/* A common DWORD property of an object by its folded name. */
gboolean cl_machine_number(ClChange *change, gint64 object, const char *key, guint32 preset,
                           guint32 *ret_number, GError **error);

/* How an attempt goes that a script has: the @n-th word of @outcomes, from 0, after the number of
 * milliseconds in @delay, but not longer than @timeout. */
void cl_machine_follow_script(const char *delay, const char *outcomes, gint64 n, guint32 timeout,
                              guint64 *ret_delay_ms, gboolean *ret_well);
/* resource.attempts after the first attempt of that kind. */
gint64 cl_machine_first_attempt(gboolean online);

/* How the next attempt to bring a resource online or offline goes: in how many milliseconds, and
 * whether well. Counts the attempt. */
gboolean cl_machine_next_attempt(ClChange *change, gint64 resource, gboolean online,
                                 guint64 *ret_delay_ms, gboolean *ret_well, GError **error);
gboolean cl_machine_pending_timeout(ClChange *change, gint64 resource, guint32 *ret_ms,
                                    GError **error);

/* --- machine-node.c --------------------------------------------------------------------------- */

/* The state of a node, with its event and those of its interfaces and their networks. */
gboolean cl_machine_put_node_state(ClChange *change, gint64 node, gint32 state, GError **error);
/* What its groups, and those that prefer it, do when it runs again. */
gboolean cl_machine_return_to_node(ClChange *change, gint64 node, GError **error);
typedef enum {
    CL_FAIL_BACK_IN_HOURS,  /* of its failback window */
    CL_FAIL_BACK_BY_POLICY, /* the hour apart */
    CL_FAIL_BACK_ANYWAY     /* also to groups that it would rather avoid */
} ClMachineFailBack;

/* Queues a move back to @node. */
gboolean cl_machine_fail_back(ClChange *change, gint64 group, gint64 node, ClMachineFailBack how,
                              GError **error);
/* The groups that may fail back by themselves and prefer @node to where they are. */
GArray *cl_machine_prefer_node(ClChange *change, gint64 node, GError **error);
/* Its groups, those of high priority first. */
GArray *cl_machine_groups_of(ClChange *change, gint64 node, GError **error);

/* --- machine-drain.c -------------------------------------------------------------------------- */

typedef struct {
    gint64 node;
    gint64 target; /* 0: each group goes where it is best off */
    guint32 flags; /* CLUSAPI_NODE_ */
} ClMachineDrain;

/* NodeDrainStatus and what else there is to know of a drain, with the event. */
gboolean cl_machine_put_drain(ClChange *change, gint64 node, gint32 status, gint64 target,
                              guint32 flags, GError **error);
/* Begins to move all groups that can move. */
gboolean cl_machine_drain_groups(ClChange *change, const ClMachineDrain *drain, gboolean *ret_moves,
                                 GError **error);
/* Ends the draining of nodes from which nothing moves any more, and tries again where that is
 * wanted. */
gboolean cl_machine_step_drains(ClChange *change, gboolean *progressed, GError **error);

/* Numbers that a statement gives in its first column (transfer full). */
GArray *cl_machine_numbers(ClRows *rows, GError **error);

G_END_DECLS
