/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The resource agents of this host, by libcrmservice and libstonithd: which there are, and what their
 * metadata says of their parameters; and what Pacemaker's daemons say likewise of theirs. Listing reads directories, for a millisecond or two. Metadata is
 * what an agent says when it is run: it runs as a child while the engine's loop goes on, is bounded in
 * time, and what it says is kept for all.
 */
#pragma once

#include "engine.h"

G_BEGIN_DECLS

/* "ocf:heartbeat:IPaddr2", "stonith:fence_xvm", "lsb:cron"; units of systemd are too many, and need no
 * agent: they are not listed (transfer full). On the engine's thread. */
GStrv cl_pcmk_agents_list(void);

/* Whether a type that is not listed is "systemd:UNIT" or "service:UNIT", and the host has the unit. Any
 * thread. */
gboolean cl_pcmk_agents_has_unit(const char *type);

typedef struct {
    char *name;
    char *type;   /* "string", "integer", "boolean", "select", or what else the agent says */
    char *preset; /* "" without */
    gboolean required;
    gboolean is_option; /* Pacemaker's own, of types as it takes them */
    GStrv choices;      /* of "select", or NULL */
} ClPcmkParameter;

/* Immutable. */
typedef struct {
    gatomicrefcount references;
    gboolean
        is_known; /* FALSE: this host does not have the agent, and any parameter may be right */
    GPtrArray *parameters; /* ClPcmkParameter, in the order of the metadata */
    char *interval;        /* at which it wants to be monitored, or NULL */
} ClPcmkAgent;

/* The agent of a type by its name. Waits if its metadata is not at hand; ERROR_TIMEOUT if it does not
 * come, ERROR_INVALID_DATA if it is none. */
gboolean cl_pcmk_agent_get(ClPcmkEngine *engine, const char *type, const ClCall *call,
                           ClPcmkAgent **ret_agent, GError **error);

/* Likewise what is to check properties that are set: of resources of that type, with what Pacemaker adds
 * to agents that fence; NULL: of the cluster, of which others may be right, too. */
gboolean cl_pcmk_agent_for_changes(ClPcmkEngine *engine, const char *type, const ClCall *call,
                                   ClPcmkAgent **ret_agent, GError **error);

/* Asks those of the types that are in use, where it is time to. On the engine's thread; does not wait. */
void cl_pcmk_agents_prepare(ClPcmkEngine *engine, const ClPcmkModel *model);

void cl_pcmk_agent_unref(ClPcmkAgent *agent);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClPcmkAgent, cl_pcmk_agent_unref)

/* --- agent-metadata.c --------------------------------------------------------------------------- */

/* Of an agent's metadata, which may be anything; NULL if it is none. */
ClPcmkAgent *cl_pcmk_agent_parse(const char *xml, gsize size);

/* One without parameters. */
ClPcmkAgent *cl_pcmk_agent_new(gboolean is_known);

/* Gives it the parameters of another, too. */
void cl_pcmk_agent_add(ClPcmkAgent *agent, const ClPcmkAgent *other);

/* The parameter of that name; else the one that differs in case only; else NULL. */
const ClPcmkParameter *cl_pcmk_agent_parameter(const ClPcmkAgent *agent, const char *name);

/* ERROR_INVALID_DATA for what is no value of the parameter's type; ERROR_INVALID_PARAMETER for none ("")
 * where one is required. */
gboolean cl_pcmk_parameter_check(const ClPcmkParameter *parameter, const char *value,
                                 GError **error);

G_END_DECLS
