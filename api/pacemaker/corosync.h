/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Corosync tells: the nodes and addresses that are configured, who is a member, which links are
 * connected as this node sees them, quorum and votes. Used on the engine's thread alone; a
 * ClPcmkCorosyncFacts is immutable once it was given and may then be read anywhere.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CL_PCMK_LINKS_MAX 8

typedef struct {
    gboolean configured; /* the node has an address on this link */
    gboolean enabled;    /* knet: the link is enabled and ... */
    gboolean connected; /* ... answers, as the local node sees it; of the local node itself: TRUE */
    gboolean carrier;   /* local node only: its own network interface is up; else TRUE */
    char *
        address; /* as configured, or the IP address that it stands for; never NULL if configured */
    guint prefix; /* of the subnet, where a local interface tells it; else 0 */
} ClPcmkLink;

typedef struct {
    guint32 nodeid;
    char *name; /* nodelist.node.N.name, else its first address */
    gboolean member;
    gboolean local;
    guint32 votes;
    ClPcmkLink links[CL_PCMK_LINKS_MAX];
} ClPcmkMember;

typedef struct {
    gatomicrefcount references;
    gboolean running; /* Corosync answers */
    char *cluster_name;
    GPtrArray *members; /* ClPcmkMember, by nodeid */
    gboolean quorate;
    guint32 expected_votes, total_votes;
    char *device_model;   /* quorum.device.model ("net", "disk"), or NULL: node majority */
    char *device_host;    /* quorum.device.net.host, or NULL */
    guint32 device_votes; /* that it gives the local node now; 0 also without one */
} ClPcmkCorosyncFacts;

ClPcmkCorosyncFacts *cl_pcmk_corosync_facts_new(void);
ClPcmkCorosyncFacts *cl_pcmk_corosync_facts_ref(ClPcmkCorosyncFacts *facts);
void cl_pcmk_corosync_facts_unref(ClPcmkCorosyncFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClPcmkCorosyncFacts, cl_pcmk_corosync_facts_unref)
gboolean cl_pcmk_corosync_facts_equal(const ClPcmkCorosyncFacts *a, const ClPcmkCorosyncFacts *b);

typedef struct ClPcmkCorosync ClPcmkCorosync;

/* Follows Corosync in @context; @changed is called there whenever facts may be others than before:
 * membership, links, quorum, configuration, or Corosync itself come or gone. It connects by itself
 * and again after a loss. */
ClPcmkCorosync *cl_pcmk_corosync_new(GMainContext *context, void (*changed)(gpointer),
                                     gpointer data);
void cl_pcmk_corosync_free(ClPcmkCorosync *corosync);

/* How it is now; ends within a second, also if Corosync does not answer. Transfer full. */
ClPcmkCorosyncFacts *cl_pcmk_corosync_facts(ClPcmkCorosync *corosync);

G_END_DECLS
