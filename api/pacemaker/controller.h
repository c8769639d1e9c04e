/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Pacemaker's daemons are asked beside the CIB: the controller to fail a resource or to forget
 * its history, the attribute manager to forget its failures, both to forget a node.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

typedef enum {
    CL_PCMK_FAIL,   /* as if a monitor had failed */
    CL_PCMK_CLEAN,  /* fail counts, and the history if @history */
    CL_PCMK_FORGET, /* a node that left the cluster */
    CL_PCMK_UNSET   /* the node's transient attribute of the name in @resource */
} ClPcmkWhat;

typedef struct {
    ClPcmkWhat what;
    char *node;   /* name */
    char *router; /* of a remote node: the node that its connection is on; else NULL */
    guint32 nodeid;
    gboolean remote;
    gboolean online;  /* else its history is only taken out of the CIB */
    gboolean history; /* CLEAN */
    char *resource;   /* as the history names it */
    char *standard, *provider, *agent;
} ClPcmkRequest;

void cl_pcmk_request_free(ClPcmkRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClPcmkRequest, cl_pcmk_request_free)

/* Sends them (ClPcmkRequest) and waits for the answers, as long as the call may and ten seconds at most;
 * what was sent is on its way also if it takes longer. FALSE: one could not be sent, or was refused;
 * ERROR_CLUSTER_NODE_DOWN: nothing was sent to a daemon that does not answer. */
gboolean cl_pcmk_controller_ask(ClPcmkEngine *engine, GPtrArray *requests, const ClCall *call,
                                GError **error);

G_END_DECLS
