/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one thread on which Pacemaker's libraries run: they use the default main context, and no two
 * threads at once. It keeps a connection to the CIB, applies the differences that arrive to a copy,
 * publishes a new model when they have settled, and carries out changes. It comes back by itself
 * after pacemaker-based or Corosync were gone; while they are, the model says so.
 * One for a process, started by the first cl_pcmk_engine_ref() and ended with the last reference.
 */
#pragma once

#include "model.h"

G_BEGIN_DECLS

typedef struct ClPcmkEngine ClPcmkEngine;

/* @file: NULL for the cluster of this host, else a recorded CIB that is only read. A process has one
 * engine; asking for another file meanwhile is ERROR_NOT_SUPPORTED. Waits until there is a model, or it
 * is known why not, for the call's deadline at most: EPT_S_NOT_REGISTERED without a Pacemaker. */
ClPcmkEngine *cl_pcmk_engine_ref(const char *file, const ClCall *call, GError **error);
void cl_pcmk_engine_unref(ClPcmkEngine *engine);

/* The newest. Never waits. Transfer full. */
ClPcmkModel *cl_pcmk_engine_model(ClPcmkEngine *engine);

/* Told on the engine's thread of each new model, with the one before (NULL at first), in order. What
 * is told must not wait. */
typedef void (*ClPcmkPublished)(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data);
void cl_pcmk_engine_watch(ClPcmkEngine *engine, ClPcmkPublished published, gpointer data);
void cl_pcmk_engine_unwatch(ClPcmkEngine *engine, gpointer data);

/* Runs @function on the engine's thread and waits for it. It must end soon by itself. FALSE with an
 * error if the call's time is over before it began; once begun it is waited for. */
typedef gboolean (*ClPcmkJob)(ClPcmkEngine *engine, gpointer data, GError **error);
gboolean cl_pcmk_engine_run(ClPcmkEngine *engine, ClPcmkJob function, gpointer data,
                            const ClCall *call, GError **error);

/* Edits a copy of the CIB; FALSE with an error refuses, and nothing was changed. It is run again, on the
 * newer CIB and model, if the CIB changed meanwhile. What it leaves unchanged is no operation at all. */
typedef gboolean (*ClPcmkEdit)(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                               GError **error);

/* One operation that carries the whole change, or nothing. It returns when a model with it has been
 * published. @user: in whose name (Pacemaker's ACLs), NULL: of the service. Without quorum
 * ERROR_NO_QUORUM..., without Pacemaker ERROR_CLUSTER_NODE_DOWN; what Pacemaker's schema refuses is
 * ERROR_INVALID_DATA, what its ACLs refuse ERROR_ACCESS_DENIED. */
gboolean cl_pcmk_engine_change(ClPcmkEngine *engine, ClPcmkEdit edit, gpointer data,
                               const char *user, const ClCall *call, GError **error);

G_END_DECLS
