/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recorded CIB, and the operations as edits of its tree. What comes out is checked by Pacemaker's own
 * schema and for ids that are there twice or mean nothing, and a model is built from it. A refusal
 * changes nothing.
 */
#pragma once

#include "pacemaker/act.h"

/* 2026-11-21 14:00:00Z, the time of all operations. */
#define NOW (G_GINT64_CONSTANT(1795269600) * G_USEC_PER_SEC)

typedef struct {
    xmlDoc *document;
    xmlNode *cib;
    ClPcmkModel *model;
    const char *user;    /* in whose name; NULL: the service's */
    guint32 result;      /* of the last operation */
    GPtrArray *requests; /* likewise */
    GPtrArray *begun;
} Cluster;

/* A test of a recorded CIB begins and ends so. */
void set_up(Cluster *cluster, gconstpointer name);
void tear_down(Cluster *cluster, gconstpointer name);

/* After the tree was changed by hand. */
void look_again(Cluster *cluster);

/* How many nodes a path finds. */
int count(const Cluster *cluster, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Gives the first of them, an attribute, another value. */
void overwrite(Cluster *cluster, const char *path, const char *value);
/* Adds elements, as text, to what a path finds. */
void add(Cluster *cluster, const char *path, const char *text);

ClPcmkGroup *group(const Cluster *cluster, const char *name);
ClPcmkResource *resource(const Cluster *cluster, const char *name);
const char *node_of(const Cluster *cluster, const char *group);

/* Each gives the Win32 code: of the refusal, or the result. Names are the API's, several with blanks. */
guint32 on_group(Cluster *cluster, ClVerb verb, const char *name, const char *nodes);
guint32 on_group_with(Cluster *cluster, ClVerb verb, const char *name, guint32 flags);
guint32 on_resource(Cluster *cluster, ClVerb verb, const char *name);
guint32 on_resource_with(Cluster *cluster, ClVerb verb, const char *name, guint32 flags);
guint32 change_group(Cluster *cluster, const char *name, const char *to);
guint32 own(Cluster *cluster, ClVerb verb, const char *name, const char *node);
guint32 on_node(Cluster *cluster, ClVerb verb, const char *name, guint64 number);
guint32 drain_to(Cluster *cluster, const char *name, const char *target);
guint32 on_cluster(Cluster *cluster, ClVerb verb);
guint32 depend(Cluster *cluster, ClVerb verb, ClKind kind, const char *name, const char *provider);
guint32 express(Cluster *cluster, ClKind kind, const char *name, const char *text);
guint32 discard(Cluster *cluster, ClKind kind, const char *name);
guint32 rename_to(Cluster *cluster, ClKind kind, const char *name, const char *renamed);
guint32 create_group(Cluster *cluster, const char *name);
guint32 create_resource(Cluster *cluster, const char *parent, const char *name, const char *type);

/* What a service does that many seconds later. */
void tidy(Cluster *cluster, gint64 later, gboolean patient);
/* The same, of those that have been found before: their keys, and NULL. */
void tidy_those(Cluster *cluster, const char *const *keys);
