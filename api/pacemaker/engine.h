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
 * is known why not, for the call's deadline at most: EPT_S_NOT_REGISTERED without a Pacemaker,
 * ERROR_ACCESS_DENIED if it may not be asked, ERROR_CLUSTER_NODE_DOWN if it does not answer; of a file
 * ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED or ERROR_INVALID_DATA. References are not given back on the
 * engine's thread. */
ClPcmkEngine *cl_pcmk_engine_ref(const char *file, const ClCall *call, GError **error);
void cl_pcmk_engine_unref(ClPcmkEngine *engine);

/* The newest. Never waits: the engine holds the lock on it for no longer than it takes to exchange a
 * pointer. Transfer full. */
ClPcmkModel *cl_pcmk_engine_model(ClPcmkEngine *engine);

/* Told on the engine's thread of each model that is published from now on, with the one before (NULL of
 * the first), in order. What is told must not wait. After cl_pcmk_engine_unwatch() has returned nothing is
 * told any more; from within what is told too. */
typedef void (*ClPcmkPublished)(const ClPcmkModel *before, const ClPcmkModel *model, gpointer data);
void cl_pcmk_engine_watch(ClPcmkEngine *engine, ClPcmkPublished published, gpointer data);
void cl_pcmk_engine_unwatch(ClPcmkEngine *engine, gpointer data);

/* Runs @function on the engine's thread and waits for it. It must end soon by itself. FALSE with an
 * error if the call's time is over before it began, and then it never does, or before it ended. @data is
 * freed by @free_data, on whatever thread; with NULL it is the caller's, and a function that has begun
 * is waited for. */
typedef gboolean (*ClPcmkJob)(ClPcmkEngine *engine, gpointer data, GError **error);
gboolean cl_pcmk_engine_run(ClPcmkEngine *engine, ClPcmkJob function, gpointer data,
                            GDestroyNotify free_data, const ClCall *call, GError **error);

/* Edits a copy of the CIB; FALSE with an error refuses, and nothing was changed. It is run again, on the
 * newer CIB and model, if the CIB changed meanwhile. What it leaves unchanged is no operation at all. */
typedef gboolean (*ClPcmkEdit)(xmlNode *cib, const ClPcmkModel *model, gpointer data,
                               GError **error);

/* One operation that carries the whole change, or nothing. It returns when a model with it has been
 * published. Changes are made one after the other, in the order in which they were asked for. Not on the
 * engine's thread. @user: in whose name (Pacemaker's ACLs), NULL: of the service. Besides the edit's own
 * errors:
 *   ERROR_CLUSTER_NO_QUORUM      Corosync says that there is none, and it is not to be ignored
 *   ERROR_CLUSTER_NODE_DOWN      Pacemaker or Corosync does not run, or does not answer
 *   ERROR_CLUSTER_NODE_NOT_READY it runs, and the node has not joined its cluster yet
 *   ERROR_ACCESS_DENIED          Pacemaker's ACLs refuse it
 *   ERROR_INVALID_DATA           its schema refuses it
 *   ERROR_WRITE_PROTECT          a recorded CIB
 *   ERROR_DISK_FULL              it could not write the CIB
 *   ERROR_TIMEOUT                there was no answer by the call's deadline: it may have been made
 *   ERROR_OPERATION_ABORTED      likewise, when the call was cancelled
 *   ERROR_GEN_FAILURE            Pacemaker refuses it with another code of its own
 * A connection that breaks meanwhile is no error by itself: when there is one again the CIB shows whether
 * the change was made. */
gboolean cl_pcmk_engine_change(ClPcmkEngine *engine, ClPcmkEdit edit, gpointer data,
                               const char *user, const ClCall *call, GError **error);

G_END_DECLS
